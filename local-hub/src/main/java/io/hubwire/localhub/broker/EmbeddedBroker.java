package io.hubwire.localhub.broker;

import com.codahale.metrics.MetricRegistry;
import com.google.inject.Injector;
import com.hivemq.HiveMQServer;
import com.hivemq.bootstrap.netty.ChannelDependencies;
import com.hivemq.bootstrap.netty.NettyConfiguration;
import com.hivemq.common.shutdown.ShutdownHooks;
import com.hivemq.configuration.info.SystemInformationImpl;
import com.hivemq.embedded.EmbeddedExtension;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extensions.ExtensionBootstrap;
import com.hivemq.persistence.connection.ConnectionPersistence;
import com.hivemq.persistence.payload.PublishPayloadPersistence;
import io.netty.channel.Channel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One HiveMQ in this JVM, without listeners of its own. Does what the embedded edition's start does, step by step, on
 * public types; that way a failure is an exception here, not a future that never completes, and the parts we need are at
 * hand without reflection.
 */
final class EmbeddedBroker implements Broker {
    private static final Logger log = LoggerFactory.getLogger(EmbeddedBroker.class);
    private static final Duration STARTS_WITHIN = Duration.ofSeconds(60);
    private static final Duration STOPS_WITHIN = Duration.ofSeconds(10);

    private final HiveMQServer server;
    private final Injector parts;

    private EmbeddedBroker(HiveMQServer server, Injector parts) {
        this.server = server;
        this.parts = parts;
    }

    /**
     * @param home an empty folder for its working files, of which none outlives it
     * @throws IOException when it does not start, or not in time
     */
    static EmbeddedBroker start(ExtensionMain extension, Path home) throws IOException {
        CompletableFuture<EmbeddedBroker> starting = new CompletableFuture<>();
        Thread starter = new Thread(() -> completeWith(starting, extension, home), "hubwire-broker-start");
        starter.setDaemon(true);
        starter.start();
        try {
            return starting.get(STARTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw new IOException("the embedded broker did not start: " + e.getCause(), e.getCause());
        } catch (TimeoutException e) {
            starter.interrupt();
            throw new IOException("the embedded broker did not start within " + STARTS_WITHIN, e);
        } catch (InterruptedException e) {
            starter.interrupt();
            Thread.currentThread().interrupt();
            throw new IOException("interrupted while the embedded broker started", e);
        }
    }

    private static void completeWith(CompletableFuture<EmbeddedBroker> starting, ExtensionMain extension, Path home) {
        try {
            if (!starting.complete(boot(extension, home))) {
                log.warn("the embedded broker started too late");
            }
        } catch (Throwable e) { // an Error, too: a class that is missing must not leave the caller waiting
            starting.completeExceptionally(e);
        }
    }

    /** One at a time in a JVM: the extension finds its broker's services in static fields. */
    private static synchronized EmbeddedBroker boot(ExtensionMain extension, Path home) throws Exception {
        BrokerSettings.applyToJvm();
        SystemInformationImpl system = new SystemInformationImpl(
                true, true, folder(home, "conf"), folder(home, "data"), folder(home, "extensions"));
        system.init();
        HiveMQServer server =
                new HiveMQServer(system, new MetricRegistry(), BrokerSettings.configuration(), false, false);
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        try {
            server.bootstrap();
        } finally {
            // the broker's own would end the JVM
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        EmbeddedBroker broker = new EmbeddedBroker(server, server.getInjector());
        try {
            broker.part(ShutdownHooks.class)
                    .add(new QuickNettyShutdown(
                            broker.part(ConnectionPersistence.class), broker.part(NettyConfiguration.class)));
            broker.part(PublishPayloadPersistence.class).init();
            broker.part(ExtensionBootstrap.class)
                    .startExtensionSystem(packaged(extension))
                    .get(STARTS_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
            return broker;
        } catch (Exception | Error e) {
            broker.close();
            throw e;
        }
    }

    @Override
    public ChannelDependencies channelDependencies() {
        return part(ChannelDependencies.class);
    }

    @Override
    public NettyConfiguration netty() {
        return part(NettyConfiguration.class);
    }

    @Override
    public void opened(String name, Channel server) {
        part(ConnectionPersistence.class).addServerChannel(name, server);
    }

    @Override
    public void accepted(Channel connection) {
        // has the hub's settings, and is closed with the broker
    }

    private <T> T part(Class<T> type) {
        return parts.getInstance(type);
    }

    /** Closes all connections and ends all threads, in about 0.1 s. */
    @Override
    public void close() {
        Thread stopper = new Thread(server::stop, "hubwire-broker-stop");
        stopper.setDaemon(true);
        stopper.start();
        try {
            stopper.join(STOPS_WITHIN.toMillis());
            if (stopper.isAlive()) {
                log.error("the embedded broker did not stop within {}", STOPS_WITHIN);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static EmbeddedExtension packaged(ExtensionMain extension) {
        return EmbeddedExtension.builder()
                .withId("hubwire")
                .withName("Hubwire local hub")
                .withVersion("1")
                .withAuthor("Hubwire")
                .withExtensionMain(extension)
                .build();
    }

    private static java.io.File folder(Path home, String name) throws IOException {
        return Files.createDirectory(home.resolve(name)).toFile();
    }
}
