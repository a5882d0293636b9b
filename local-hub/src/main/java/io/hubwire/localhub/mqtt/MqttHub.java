package io.hubwire.localhub.mqtt;

import io.hubwire.localhub.engine.AccessControl.Credentials;
import io.hubwire.localhub.engine.AccessControl.DeviceAccess;
import io.hubwire.localhub.engine.Hub;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.Provisioning.DpsRefusal;
import io.hubwire.localhub.mqtt.MqttSettings.Choice;
import io.hubwire.localhub.store.Store;
import io.hubwire.localhub.throttling.Admission;
import io.hubwire.localhub.throttling.Throttle;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.mqtt.DpsUserName;
import io.hubwire.protocol.mqtt.MqttUserName;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The hub over MQTT: reads who connects from the user name (a device, a module, or a registration with DPS), has the
 * engine judge the credentials, and begins the conversation. Source: mqtt-device 1.2 to 1.6 and open-questions 1 to 5.
 */
public final class MqttHub implements ConnectPolicy, AutoCloseable {
    private static final int MQTT_3_1_1 = 4;
    private static final int WORKERS = 4;
    private static final long WORKERS_IDLE_SECONDS = 5;
    private static final long FINISHES_WITHIN_MILLIS = 500;
    /** The first API version with models; an older client's is passed over. */
    private static final String FIRST_WITH_MODEL_ID = "2020-09-30";

    private final Hub hub;
    private final MqttSettings settings;
    private final RandomGenerator random;
    private final StoredSessions sessions;
    private final ExecutorService workers = workers();

    /**
     * A hub over what the store holds.
     *
     * @param store the engine's; keeps sessions
     * @param random makes tracking ids; thread-safe
     */
    public MqttHub(Hub hub, Store store, MqttSettings settings, RandomGenerator random) {
        this.sessions = new StoredSessions(store);
        this.hub = hub;
        this.settings = settings;
        this.random = random;
    }

    @Override
    public ConnectDecision decide(ConnectRequest request, Link link) {
        if (request.protocolLevel() != MQTT_3_1_1) {
            return refused(
                    ConnackCode.UNACCEPTABLE_PROTOCOL_VERSION,
                    "protocol level [" + request.protocolLevel() + "] must be " + MQTT_3_1_1);
        }
        if (request.clientId().isEmpty()) {
            return refused(ConnackCode.IDENTIFIER_REJECTED, "the client id is empty");
        }
        String userName = request.userName();
        if (userName == null) {
            return refused(ConnackCode.NOT_AUTHORIZED, "there is no user name");
        }
        try {
            Optional<DpsUserName> registration = DpsUserName.parse(userName);
            return registration.isPresent()
                    ? decideRegistration(registration.get(), request, link)
                    : decideDevice(MqttUserName.parse(userName), request, link);
        } catch (InvalidInputException | RemoteProtocolException e) {
            return refused(ConnackCode.SERVER_UNAVAILABLE, String.valueOf(e.getMessage()));
        }
    }

    private ConnectDecision decideDevice(MqttUserName name, ConnectRequest request, Link link) {
        if (!hub.names().answersTo(name.host())) {
            return refused(
                    ConnackCode.NOT_AUTHORIZED,
                    "host [" + name.host() + "] is none of " + hub.names().hosts());
        }
        if (!request.clientId().equals(name.identity().clientId())) {
            return refused(
                    ConnackCode.NOT_AUTHORIZED,
                    "client id [" + request.clientId() + "] is not that of user name, ["
                            + name.identity().clientId() + "]");
        }
        DeviceAccess access;
        try {
            access = hub.access().device(name.identity(), credentials(request));
        } catch (HubException e) {
            return refused(codeOf(e.error().httpStatus()), e.toString());
        }
        if (settings.has(Choice.REFUSE_ON_USED_UP_QUOTA) && hub.throttles().isDayUsedUp()) {
            return refused(ConnackCode.SERVER_UNAVAILABLE, "the messages of the day are used up");
        }
        Admission admission = hub.throttles().admit(Throttle.CONNECTIONS);
        if (admission instanceof Admission.Refused refusal) {
            return refused(ConnackCode.SERVER_UNAVAILABLE, refusal.error().number() + ": " + refusal.detail());
        }
        Duration heldBack = admission instanceof Admission.After shaped ? shaped.delay() : Duration.ZERO;
        if (request.cleanSession() && settings.has(Choice.PURGE_ON_CLEAN_SESSION)) {
            hub.c2d().purge(name.identity());
        }
        return new ConnectDecision.Accepted(new DeviceConversation(
                hub,
                settings,
                sessions,
                new Arrival(access, modelId(name), request.will(), heldBack),
                sessions.begin(name.identity(), access.generationId(), request.cleanSession()),
                new TwinRequests(hub, name.identity(), name.apiVersion() != null, this::trackingId),
                link,
                new SerialExecutor(workers)));
    }

    private ConnectDecision decideRegistration(DpsUserName name, ConnectRequest request, Link link) {
        if (!request.clientId().equals(name.registrationId())) {
            return refused(
                    ConnackCode.NOT_AUTHORIZED,
                    "client id [" + request.clientId() + "] is not the registration id [" + name.registrationId()
                            + "]");
        }
        Credentials credentials = credentials(request);
        try {
            hub.provisioning().authenticate(name.idScope(), name.registrationId(), credentials);
        } catch (DpsRefusal e) {
            return refused(codeOf(e.status()), e.errorCode() + ": " + e.detail());
        }
        return new ConnectDecision.Accepted(new RegistrationConversation(
                hub, name, credentials, request.facts().hostAsked(), link, this::trackingId));
    }

    private static Credentials credentials(ConnectRequest request) {
        String password = request.password();
        if (password != null && !password.isEmpty()) {
            return new Credentials.Sas(password);
        }
        return request.facts().clientChain().isEmpty()
                ? new Credentials.None()
                : new Credentials.Certificate(request.facts().clientChain());
    }

    /** A disabled device gets the code of a server in trouble, and so tries again; a real hub does just that. */
    private static ConnackCode codeOf(int status) {
        return switch (status) {
            case 401, 404 -> ConnackCode.NOT_AUTHORIZED;
            default -> ConnackCode.SERVER_UNAVAILABLE;
        };
    }

    private static @Nullable String modelId(MqttUserName name) {
        String version = name.apiVersion();
        return version != null && version.compareTo(FIRST_WITH_MODEL_ID) >= 0 ? name.modelId() : null;
    }

    private static ConnectDecision refused(ConnackCode code, String reason) {
        return new ConnectDecision.Refused(code, reason);
    }

    private String trackingId() {
        return String.format("%016x%016x", random.nextLong(), random.nextLong());
    }

    /** Lets its conversations finish what they began; their connections must be closed before. Idempotent. */
    @Override
    public void close() {
        workers.shutdown();
        try {
            if (!workers.awaitTermination(FINISHES_WITHIN_MILLIS, TimeUnit.MILLISECONDS)) {
                workers.shutdownNow();
            }
        } catch (InterruptedException e) {
            workers.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }

    private static ExecutorService workers() {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                WORKERS, WORKERS, WORKERS_IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(task, "hubwire-mqtt-" + number.incrementAndGet());
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
