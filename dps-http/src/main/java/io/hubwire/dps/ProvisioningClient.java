package io.hubwire.dps;

import io.hubwire.https.Await;
import io.hubwire.https.HttpsOptions;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.https.RetryPolicy;
import io.hubwire.https.ScheduledTimer;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.time.Timer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Asks DPS, as a device, which hub to use.
 *
 * <pre>{@code
 * Attestation attestation = Attestation.ofKey("thermostat-7", SymmetricKey.ofBase64(key));
 * try (ProvisioningClient client = ProvisioningClient.open(ProvisioningOptions.of("0ne00111111", attestation).build())) {
 *     Assignment assignment = client.blocking().register();
 *     connect(assignment.hubHostName(), assignment.deviceId());
 * }
 * }</pre>
 *
 * <p>Safe for any thread; two registrations of one device at once hinder each other at the service. Threads are daemons
 * named {@code hubwire-…}.
 */
public final class ProvisioningClient implements AutoCloseable {
    private final ProvisioningOptions options;
    private final Clock clock;
    private final Timer timer;
    private final RandomGenerator random;
    private final @Nullable ScheduledTimer ownTimer;
    private final RegistrationCalls calls;
    private final DeviceTokens tokens;
    private final FrontEnds frontEnds;
    private final boolean ownsFrontEnds;
    private final Set<RegistrationRun> runs = ConcurrentHashMap.newKeySet();
    private final RegistrationPace pace;
    private final Set<HubSearchRun<?>> searches = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private ProvisioningClient(
            ProvisioningOptions options,
            Clock clock,
            Timer timer,
            RandomGenerator random,
            @Nullable ScheduledTimer ownTimer,
            @Nullable FrontEnds shared) {
        this.options = options;
        this.clock = clock;
        this.timer = timer;
        this.random = random;
        this.ownTimer = ownTimer;
        this.pace = new RegistrationPace(random);
        Attestation attestation = options.attestation();
        this.calls = new RegistrationCalls(options.idScope(), attestation.registrationId(), options.apiVersion());
        this.tokens = new DeviceTokens(options.idScope(), attestation, clock, random);
        this.ownsFrontEnds = shared == null;
        this.frontEnds = shared == null ? frontEnds(options, clock, timer, random) : shared;
    }

    private static FrontEnds frontEnds(ProvisioningOptions options, Clock clock, Timer timer, RandomGenerator random) {
        HttpsOptions.Builder https = options.https().toBuilder().retry(RetryPolicy.NEVER);
        if (options.attestation() instanceof Attestation.Certificate certificate) {
            https.clientCertificate(certificate.identity());
        }
        return new FrontEnds(https.build(), clock, timer, random);
    }

    /** A client with the system's clock, a timer of its own and unpredictable jitter. Opens no connection yet. */
    public static ProvisioningClient open(ProvisioningOptions options) {
        ScheduledTimer timer = new ScheduledTimer("hubwire-dps-timer");
        return new ProvisioningClient(options, Clock.systemUTC(), timer, new SecureRandom(), timer, null);
    }

    /**
     * A client whose deadlines, waits and jitter come from the caller.
     *
     * @param timer stays the caller's, who closes it after this client
     * @param random used from several threads
     */
    public static ProvisioningClient open(
            ProvisioningOptions options, Clock clock, Timer timer, RandomGenerator random) {
        return new ProvisioningClient(options, clock, timer, random, null, null);
    }

    /**
     * A client for another device of the same DPS, over the connections, threads and timer of this one: for gateways and
     * fleets. It ends with this one at the latest; closing it ends its own registrations only. {@link
     * HttpsOptions.Builder#maxConcurrent} bounds the threads of all together, {@code maxPending} the calls.
     *
     * @throws IllegalArgumentException for a certificate, there or here, since that is shown once a connection
     * @throws IllegalStateException if this client is closed
     */
    public ProvisioningClient forAnother(Attestation attestation) {
        requireOpen();
        if (attestation instanceof Attestation.Certificate
                || options.attestation() instanceof Attestation.Certificate) {
            throw new IllegalArgumentException(
                    "a device with a certificate has connections of its own; open a client for it");
        }
        return new ProvisioningClient(options.withAttestation(attestation), clock, timer, random, null, frontEnds);
    }

    /** As {@link #register(String)}, without a payload. */
    public CompletableFuture<Assignment> register() {
        return register(null);
    }

    /**
     * Registers the device and waits until it is assigned. Doing so again is allowed and repeats the assignment, or changes
     * it when the enrollment says so.
     *
     * @param payload JSON text for the custom allocation, for example {@code {"modelId":"dtmi:com:example:Thermostat;1"}};
     *     null for none
     * @return a stage that completes
     *     <ul>
     *       <li>normally once the device is assigned; with a TPM, once that has taken its key for the hub;
     *       <li>with {@link DpsException}, code {@code UNAUTHORIZED}, {@code TOKEN_EXPIRED}, {@code NOT_FOUND},
     *           {@code DISABLED} and others when DPS refuses; {@code TIMED_OUT} when the limit is over, after which DPS may
     *           still assign the device; {@code CANCELLED} when the client is closed;
     *       <li>with {@link io.hubwire.protocol.TransportException} when the way there fails for good, such as
     *           {@code TLS_FAILED}. What may pass is tried again until the limit is over;
     *       <li>with {@link io.hubwire.protocol.RemoteProtocolException} when the answer makes no sense.
     *     </ul>
     *     Runs on a thread of this client: do not block in a dependent action. Cancelling it gives up the registration.
     * @throws io.hubwire.protocol.InvalidInputException when the payload is not JSON
     * @throws IllegalStateException if the client is closed
     */
    public CompletableFuture<Assignment> register(@Nullable String payload) {
        requireOpen();
        Attestation attestation = options.attestation();
        String body = calls.registerBody(
                attestation, payload, options.certificateRequest().orElse(null));
        Tpm tpm = attestation instanceof Attestation.TpmChip chip ? chip.tpm() : null;
        Registration machine =
                new Registration(frontEnds.firstHost(), calls.what(), tpm != null, options.limit(), clock, random);
        RegistrationRun run = new RegistrationRun(
                machine, new RegistrationRun.Surroundings(calls, body, tokens, tpm, frontEnds, timer));
        runs.add(run);
        CompletableFuture<Assignment> result = run.start(options.limit());
        result.whenComplete((assignment, failure) -> runs.remove(run));
        if (closed) {
            run.abort("the client was closed");
        }
        return result;
    }

    /** As {@link #provisionAndConnect(String, HubConnector)}, without a payload. */
    public <C> CompletableFuture<C> provisionAndConnect(HubConnector<C> connector) {
        return provisionAndConnect(null, connector);
    }

    /**
     * Brings the device to its hub: connects where it was assigned last, if {@link
     * ProvisioningOptions.Builder#assignmentFile} says so, and registers when it was never assigned, when the hub refuses
     * it for good, or when the hub cannot be reached for {@link ProvisioningOptions.Builder#hubPatience}.
     *
     * <p>Call it again, on this same client, when a connection that it gave is refused for good later on: registrations that
     * do not help are spaced, from seconds to an hour, so that neither a loop nor a fleet makes a storm.
     *
     * @param payload as for {@link #register(String)}
     * @return completes with what the connector gave; exceptionally as {@link #register(String)} does, with the connector's
     *     last failure when that is final or {@link ProvisioningOptions.Builder#connectLimit} is over. Cancelling it gives up
     * @throws IllegalStateException if the client is closed
     */
    public <C> CompletableFuture<C> provisionAndConnect(@Nullable String payload, HubConnector<C> connector) {
        requireOpen();
        AssignmentFile file = options.assignmentFile()
                .map(path -> new AssignmentFile(
                        path,
                        options.idScope(),
                        options.attestation().registrationId().value()))
                .orElse(null);
        AssignmentFile.Remembered known = file == null ? null : file.read().orElse(null);
        if (known != null) {
            synchronized (pace) {
                pace.registered(known.registeredAt());
            }
        }
        HubSearchRun<C> search = new HubSearchRun<>(
                new HubSearch(calls.what(), options.hubPatience(), pace, random),
                connector,
                new HubSearchRun.Surroundings(() -> register(payload), file, pace, clock, timer));
        searches.add(search);
        CompletableFuture<C> result = search.start(known == null ? null : known.assignment(), options.connectLimit());
        result.whenComplete((connection, failure) -> searches.remove(search));
        if (closed) {
            search.abort("the client was closed");
        }
        return result;
    }

    /**
     * Looks up the registration without changing it. Asks once.
     *
     * @return a stage that completes
     *     <ul>
     *       <li>normally with the state, {@code UNASSIGNED} when the device never registered;
     *       <li>with {@link DpsException} when DPS refuses, or the TPM does not sign;
     *       <li>with {@link io.hubwire.protocol.TransportException} when DPS was not reached or did not answer in time;
     *       <li>with {@link io.hubwire.protocol.RemoteProtocolException} when the answer makes no sense.
     *     </ul>
     * @throws IllegalStateException if the client is closed
     */
    public CompletableFuture<RegistrationState> lookUp() {
        requireOpen();
        HttpsRequest.Builder request = calls.lookUp(calls.lookUpBody(options.attestation()));
        try {
            tokens.token(null).ifPresent(token -> request.header("Authorization", token.text()));
        } catch (HubwireException noToken) {
            return CompletableFuture.failedFuture(noToken);
        }
        return frontEnds.at(frontEnds.firstHost()).send(request.build()).thenApply(this::state);
    }

    /** The same operations, waiting. */
    public Blocking blocking() {
        return new Blocking(this);
    }

    /** Ends registrations under way with {@code CANCELLED}. Returns within a second; harmless when repeated. */
    @Override
    public void close() {
        closed = true;
        searches.forEach(search -> search.abort("the client was closed"));
        runs.forEach(run -> run.abort("the client was closed"));
        if (ownsFrontEnds) {
            frontEnds.close();
        }
        if (ownTimer != null) {
            ownTimer.close();
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the client for " + options + " is closed");
        }
    }

    private RegistrationState state(HttpsResponse response) {
        if (!response.isSuccess()) {
            throw DpsErrors.refusal("look-up of the " + calls.what(), response.status(), response.text());
        }
        return RegistrationState.of(Json.parseObject("registration state", response.text()));
    }

    /** Waits for each operation; throws what its stage would have completed with. */
    public static final class Blocking {
        private final ProvisioningClient client;

        private Blocking(ProvisioningClient client) {
            this.client = client;
        }

        /** See {@link ProvisioningClient#register()}. */
        public Assignment register() {
            return Await.on(client.register());
        }

        /** See {@link ProvisioningClient#register(String)}. */
        public Assignment register(@Nullable String payload) {
            return Await.on(client.register(payload));
        }

        /** See {@link ProvisioningClient#provisionAndConnect(HubConnector)}. */
        public <C> C provisionAndConnect(HubConnector<C> connector) {
            return Await.on(client.provisionAndConnect(connector));
        }

        /** See {@link ProvisioningClient#provisionAndConnect(String, HubConnector)}. */
        public <C> C provisionAndConnect(@Nullable String payload, HubConnector<C> connector) {
            return Await.on(client.provisionAndConnect(payload, connector));
        }

        /** See {@link ProvisioningClient#lookUp()}. */
        public RegistrationState lookUp() {
            return Await.on(client.lookUp());
        }
    }
}
