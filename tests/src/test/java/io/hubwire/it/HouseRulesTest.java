package io.hubwire.it;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.util.concurrent.ThreadLocalRandom;

/** The directions of imports in architecture and CONTRIBUTING, and a few habits, as tests. */
@AnalyzeClasses(
        packages = "io.hubwire",
        importOptions = {ImportOption.DoNotIncludeTests.class, HouseRulesTest.NoTestJars.class})
class HouseRulesTest {
    /** Leaves out the test doubles that modules share, which in a whole build come in jars of their own. */
    public static final class NoTestJars implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }

    @ArchTest
    static final ArchRule arrows_point_one_way = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .layer("protocol")
            .definedBy("io.hubwire.protocol..")
            .layer("auth")
            .definedBy("io.hubwire.auth..")
            .layer("mqtt")
            .definedBy("io.hubwire.mqtt..")
            .layer("https")
            .definedBy("io.hubwire.https..")
            .optionalLayer("devicehttp")
            .definedBy("io.hubwire.devicehttp..")
            .layer("dps")
            .definedBy("io.hubwire.dps..")
            .layer("service")
            .definedBy("io.hubwire.service..")
            .layer("events")
            .definedBy("io.hubwire.events..")
            .layer("localhub")
            .definedBy("io.hubwire.localhub..")
            .layer("container")
            .definedBy("io.hubwire.container..")
            .layer("cli")
            .definedBy("io.hubwire.cli..")
            .whereLayer("protocol")
            .mayNotAccessAnyLayer()
            .whereLayer("auth")
            .mayOnlyAccessLayers("protocol")
            .whereLayer("mqtt")
            .mayOnlyAccessLayers("protocol", "auth")
            .whereLayer("events")
            .mayOnlyAccessLayers("protocol", "auth")
            .whereLayer("localhub")
            .mayOnlyAccessLayers("protocol", "auth")
            .whereLayer("container")
            .mayOnlyAccessLayers("protocol", "auth")
            .whereLayer("https")
            .mayOnlyAccessLayers("protocol", "auth")
            .whereLayer("devicehttp")
            .mayOnlyAccessLayers("protocol", "auth", "https")
            .whereLayer("dps")
            .mayOnlyAccessLayers("protocol", "auth", "https")
            .whereLayer("service")
            .mayOnlyAccessLayers("protocol", "auth", "https")
            .because("client modules do not know each other, and the hub must not share a client's I/O bug");

    @ArchTest
    static final ArchRule codecs_do_no_io = noClasses()
            .that()
            .resideInAPackage("io.hubwire.protocol..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(
                    "java.net..",
                    "java.nio.channels..",
                    "java.nio.file..",
                    "java.util.concurrent..",
                    "javax.net..",
                    "org.eclipse.paho..",
                    "okhttp3..",
                    "io.netty..",
                    "com.hivemq..")
            .because("codecs are pure; sockets and threads live in the transports");

    @ArchTest
    static final ArchRule broker_internals_stay_in_one_package = noClasses()
            .that()
            .resideInAPackage("io.hubwire.localhub..")
            .and()
            .resideOutsideOfPackage("io.hubwire.localhub.broker..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("com.hivemq..")
            .because("a new broker version may change one package, not the hub");

    @ArchTest
    static final ArchRule netty_stays_where_bytes_are_moved = noClasses()
            .that()
            .resideOutsideOfPackages("io.hubwire.localhub.broker..", "io.hubwire.localhub.https..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.netty..")
            .because("the door and the WebSocket pipe move bytes; everything else speaks of messages");

    @ArchTest
    static final ArchRule paho_stays_in_one_package = noClasses()
            .that()
            .resideOutsideOfPackages("io.hubwire.mqtt.paho..", "io.hubwire.cli.bench.peer..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("org.eclipse.paho..")
            .because("everything Paho lacks is built above it, and it can be replaced;"
                    + " only the benchmark knows it too, as the peer it measures against");

    @ArchTest
    static final ArchRule okhttp_stays_in_https = noClasses()
            .that()
            .resideOutsideOfPackage("io.hubwire.https..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("okhttp3..", "okio..")
            .because("3.14 gets no more fixes; java.net.http must be able to replace it");

    @ArchTest
    static final ArchRule nobody_sleeps = noClasses()
            .should()
            .callMethod(Thread.class, "sleep", long.class)
            .because("time is handed in; a day of renewals runs in a test in milliseconds");

    @ArchTest
    static final ArchRule nobody_reads_the_clock_aside = noClasses()
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(ThreadLocalRandom.class, "current")
            .because("clock and randomness come in through constructors; " + Clock.class.getSimpleName()
                    + " is a parameter");

    @ArchTest
    static final ArchRule no_cycles_between_packages = slices().matching("io.hubwire.(**)")
            .should()
            .beFreeOfCycles()
            .because("a package can be read, tested and replaced on its own");
}
