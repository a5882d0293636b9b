package io.hubwire.localhub.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.jar.Attributes;
import java.util.jar.JarInputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.junit.jupiter.api.Test;

/** What is in the archive, and above all what is not. */
class ExtensionArchiveIT {
    /** Packages whose types the broker and the hub hand each other, or that hold the broker's only copy of something. */
    private static final List<String> BROKERS_OWN = List.of(
            "com/hivemq/",
            "io/netty/",
            "com/google/",
            "javax/inject/",
            "org/slf4j/",
            "ch/qos/logback/",
            "com/codahale/",
            "org/jctools/",
            "org/rocksdb/",
            "org/eclipse/collections/",
            "jakarta/",
            "kotlin/");

    private final Map<String, byte[]> files = read(StockBroker.archive());

    ExtensionArchiveIT() throws IOException {}

    @Test
    void has_the_layout_of_an_extension() {
        assertThat(files.keySet().stream().filter(name -> !name.startsWith("hubwire/lib/")))
                .containsExactlyInAnyOrder(
                        "hubwire/hivemq-extension.xml",
                        "hubwire/hubwire-extension.jar",
                        "hubwire/conf/hubwire.properties",
                        "hubwire/LICENSE",
                        "hubwire/NOTICE");
        assertThat(text("hubwire/hivemq-extension.xml"))
                .contains("<id>hubwire</id>")
                .containsPattern("<version>[0-9]");
    }

    /** HiveMQ sees the jars at the top only; the others are found by this one's manifest. */
    @Test
    void the_jar_at_the_top_names_all_the_others() throws IOException {
        try (JarInputStream entry =
                new JarInputStream(new ByteArrayInputStream(file("hubwire/hubwire-extension.jar")))) {
            String classPath = entry.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            assertThat(Stream.of(classPath.split(" ")).map(path -> "hubwire/" + path.replaceFirst("^\\./", "")))
                    .hasSizeGreaterThan(15)
                    .containsExactlyInAnyOrderElementsOf(files.keySet().stream()
                            .filter(name -> name.startsWith("hubwire/lib/"))
                            .toList());
        }
    }

    @Test
    void holds_nothing_that_is_the_brokers_own() throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            if (file.getKey().endsWith(".jar")) {
                assertThat(clashes(file.getValue())).as(file.getKey()).isEmpty();
            }
        }
    }

    @Test
    void the_check_for_what_is_the_brokers_own_finds_it_in_each_of_its_jars() throws IOException {
        for (String name :
                List.of("hivemq-community", "netty-common", "guice", "guava", "slf4j-api", "logback", "metrics")) {
            Path jar = Stream.of(StockBroker.classPath().split(File.pathSeparator))
                    .map(Path::of)
                    .filter(path -> path.getFileName().toString().startsWith(name))
                    .findFirst()
                    .orElseThrow();
            assertThat(clashes(Files.readAllBytes(jar))).as(name).isNotEmpty();
        }
    }

    private static List<String> clashes(byte[] jar) throws IOException {
        List<String> found = new ArrayList<>();
        try (ZipInputStream zip = new ZipInputStream(new ByteArrayInputStream(jar))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                String name = entry.getName();
                if (name.endsWith(".class") && BROKERS_OWN.stream().anyMatch(name::startsWith)) {
                    found.add(name);
                }
            }
        }
        return found;
    }

    private static Map<String, byte[]> read(Path archive) throws IOException {
        Map<String, byte[]> files = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(archive);
                ZipInputStream zip = new ZipInputStream(in)) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (!entry.isDirectory()) {
                    files.put(entry.getName(), zip.readAllBytes());
                }
            }
        }
        return files;
    }

    private byte[] file(String name) {
        return files.get(name);
    }

    private String text(String name) {
        return new String(file(name), StandardCharsets.UTF_8);
    }
}
