package io.hubwire.service;

import io.hubwire.auth.ConnectionString;
import io.hubwire.https.HttpsClient;
import io.hubwire.protocol.time.Timer;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * A hub as its back end sees it. Opens no connection before the first call; tokens are kept and renewed. Safe for any
 * thread.
 *
 * <pre>{@code
 * try (ServiceClient hub = ServiceClient.open(ConnectionString.parse(text))) {
 *     Device device = hub.registry().blocking().create(Device.of("thermostat-7"));
 *     hub.twins().blocking().patch(Identity.device("thermostat-7"), TwinUpdate.desired("{\"brightness\":7}"), IfMatch.ANY);
 *     MethodResult result = hub.methods().blocking().invoke(Identity.device("thermostat-7"), MethodCall.of("blink").build());
 * }
 * }</pre>
 *
 * <p>Operations return a stage. It fails with
 * <ul>
 *   <li>{@link io.hubwire.https.ServiceException} when the hub refused: HTTP status, error number, tracking id, and a code
 *       to act on;
 *   <li>{@link io.hubwire.protocol.TransportException} when the hub was not reached or did not answer in time; after
 *       {@code CONNECTION_LOST} and {@code TIMED_OUT} it may have done what was asked;
 *   <li>{@link io.hubwire.protocol.RemoteProtocolException} when the answer could not be read.
 * </ul>
 * What is wrong before anything is sent is thrown at once, as {@link io.hubwire.protocol.InvalidInputException}; a client that
 * is closed throws {@link IllegalStateException}. Stages run on threads of the client: do not block in a dependent action.
 */
public final class ServiceClient implements AutoCloseable {
    private final HttpsClient https;
    private final Registry registry;
    private final Twins twins;
    private final Methods methods;
    private final CloudToDevice c2d;
    private final Queries queries;
    private final Jobs jobs;
    private final Configurations configurations;
    private final DigitalTwins digitalTwins;
    private final Statistics statistics;

    private ServiceClient(ServiceOptions options, HttpsClient https, Clock clock, RandomGenerator random) {
        ServiceCalls calls = new ServiceCalls(https, options.tokens(), clock, options.apiVersion());
        this.https = https;
        this.registry = new Registry(calls);
        this.twins = new Twins(calls, new Pauses(https, random));
        this.methods = new Methods(calls);
        this.c2d = new CloudToDevice(calls);
        this.queries = new Queries(calls);
        this.jobs = new Jobs(calls);
        this.configurations = new Configurations(calls);
        this.digitalTwins = new DigitalTwins(calls);
        this.statistics = new Statistics(calls);
    }

    /** A client on port 443 with the platform's roots, by the right of a policy. */
    public static ServiceClient open(ConnectionString policy) {
        return open(ServiceOptions.of(policy).build());
    }

    /** A client with the system's clock. */
    public static ServiceClient open(ServiceOptions options) {
        return new ServiceClient(options, HttpsClient.open(options.https()), Clock.systemUTC(), new SecureRandom());
    }

    /**
     * A client whose time and chance come from the caller.
     *
     * @param timer stays the caller's, who closes it after this client
     * @param random used from several threads
     */
    public static ServiceClient open(ServiceOptions options, Clock clock, Timer timer, RandomGenerator random) {
        HttpsClient https = HttpsClient.open(options.https(), clock, timer, random);
        return new ServiceClient(options, https, clock, random);
    }

    /** Device and module identities. */
    public Registry registry() {
        return registry;
    }

    /** Device and module twins. */
    public Twins twins() {
        return twins;
    }

    /** Direct methods. */
    public Methods methods() {
        return methods;
    }

    /** Cloud-to-device messages and their feedback. */
    public CloudToDevice c2d() {
        return c2d;
    }

    /** The query language. */
    public Queries queries() {
        return queries;
    }

    /** Scheduled work on many devices; import and export. */
    public Jobs jobs() {
        return jobs;
    }

    /** Automatic device configurations and Edge deployments. */
    public Configurations configurations() {
        return configurations;
    }

    /** Plug and Play. */
    public DigitalTwins digitalTwins() {
        return digitalTwins;
    }

    /** Counts of the hub. */
    public Statistics statistics() {
        return statistics;
    }

    /** Ends calls under way with {@code CANCELLED}. Returns within a second; harmless when repeated. */
    @Override
    public void close() {
        https.close();
    }
}
