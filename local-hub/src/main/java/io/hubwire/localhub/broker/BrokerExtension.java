package io.hubwire.localhub.broker;

import com.hivemq.common.shutdown.HiveMQShutdownHook;
import com.hivemq.common.shutdown.ShutdownHooks;
import com.hivemq.extension.sdk.api.ExtensionMain;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStartOutput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopInput;
import com.hivemq.extension.sdk.api.parameter.ExtensionStopOutput;
import java.nio.file.Path;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Something that starts and stops with a HiveMQ whose extension it is; only this package knows the broker. The broker makes
 * one object an extension start. Whatever fails ends in the broker's own refusal of an extension, with a reason.
 */
public abstract class BrokerExtension implements ExtensionMain {
    private static final Logger log = LoggerFactory.getLogger(BrokerExtension.class);

    private final AtomicReference<@Nullable AutoCloseable> running = new AtomicReference<>();
    private volatile @Nullable ShutdownHooks hooks;
    private final HiveMQShutdownHook hook = new BeforeTheBroker();

    protected BrokerExtension() {}

    /**
     * Starts. {@link MqttEndpoint#startInside} works on this thread and on no other.
     *
     * @param home the extension's folder
     * @return closed when the extension is disabled or the broker stops; must not throw then
     * @throws Exception whose message says to the broker's operator why it cannot start
     */
    protected abstract AutoCloseable start(Path home) throws Exception;

    @Override
    public final void extensionStart(ExtensionStartInput input, ExtensionStartOutput output) {
        Path home = input.getExtensionInformation().getExtensionHomeFolder().toPath();
        try {
            ShutdownHooks found = SurroundingBroker.shutdownHooks();
            running.set(start(home));
            found.add(hook);
            hooks = found;
        } catch (LinkageError e) {
            prevent(output, BrokerSelfTest.notAsExpected(e.toString()));
        } catch (Exception e) {
            prevent(output, e);
        }
    }

    @Override
    public final void extensionStop(ExtensionStopInput input, ExtensionStopOutput output) {
        ShutdownHooks known = hooks;
        if (known != null && !known.isShuttingDown()) {
            known.remove(hook);
        }
        close();
    }

    private static void prevent(ExtensionStartOutput output, Exception reason) {
        log.debug("the hub did not start", reason);
        output.preventExtensionStartup(Objects.requireNonNullElseGet(reason.getMessage(), reason::toString));
    }

    private void close() {
        AutoCloseable hub = running.getAndSet(null);
        if (hub != null) {
            try {
                hub.close();
            } catch (Exception e) {
                log.error("the hub did not close", e);
            }
        }
    }

    /** The broker stops its extensions last, when their connections are long lost. */
    private final class BeforeTheBroker implements HiveMQShutdownHook {
        @Override
        public String name() {
            return "Hubwire";
        }

        @Override
        public Priority priority() {
            return Priority.HIGH;
        }

        @Override
        public void run() {
            close();
        }
    }
}
