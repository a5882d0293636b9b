package io.hubwire.dps;

import io.hubwire.auth.ConnectionString;
import io.hubwire.https.HttpsClient;
import io.hubwire.protocol.time.Timer;
import java.time.Clock;
import java.util.random.RandomGenerator;

/**
 * Tells DPS, as a back end, which devices may register. Opens no connection before the first call; tokens are kept and
 * renewed. Safe for any thread.
 *
 * <pre>{@code
 * try (EnrollmentClient dps = EnrollmentClient.open(ConnectionString.parse(text))) {
 *     dps.individuals().blocking().create(
 *             IndividualEnrollment.of("thermostat-7", AttestationMechanism.generatedKeys()).build());
 *     AttestationMechanism keys = dps.individuals().blocking().attestation("thermostat-7");
 * }
 * }</pre>
 *
 * <p>Operations return a stage. It fails with
 * <ul>
 *   <li>{@link DpsException} when DPS refused: HTTP status, DPS's number, tracking id, and a code to act on;
 *   <li>{@link io.hubwire.protocol.TransportException} when DPS was not reached or did not answer in time; after
 *       {@code CONNECTION_LOST} and {@code TIMED_OUT} it may have done what was asked;
 *   <li>{@link io.hubwire.protocol.RemoteProtocolException} when the answer could not be read.
 * </ul>
 * What is wrong before anything is sent is thrown at once, as {@link io.hubwire.protocol.InvalidInputException}; a client that
 * is closed throws {@link IllegalStateException}. Reads are repeated after what may pass, writes are not. Stages run on threads of the client: do not block in a dependent action.
 */
public final class EnrollmentClient implements AutoCloseable {
    private final HttpsClient https;
    private final Enrollments<IndividualEnrollment> individuals;
    private final Enrollments<EnrollmentGroup> groups;
    private final RegistrationRecords registrations;

    private EnrollmentClient(EnrollmentOptions options, HttpsClient https, Clock clock) {
        EnrollmentCalls calls = new EnrollmentCalls(https, options.tokens(), clock, options.apiVersion());
        this.https = https;
        this.individuals = new Enrollments<>(Enrollments.Kind.INDIVIDUAL, calls);
        this.groups = new Enrollments<>(Enrollments.Kind.GROUP, calls);
        this.registrations = new RegistrationRecords(calls);
    }

    /** A client on port 443 with the platform's roots, by the right of a policy. */
    public static EnrollmentClient open(ConnectionString policy) {
        return open(EnrollmentOptions.of(policy).build());
    }

    /** A client with the system's clock. */
    public static EnrollmentClient open(EnrollmentOptions options) {
        return new EnrollmentClient(options, HttpsClient.open(options.https()), Clock.systemUTC());
    }

    /**
     * A client whose time and chance come from the caller.
     *
     * @param timer stays the caller's, who closes it after this client
     * @param random used from several threads
     */
    public static EnrollmentClient open(EnrollmentOptions options, Clock clock, Timer timer, RandomGenerator random) {
        return new EnrollmentClient(options, HttpsClient.open(options.https(), clock, timer, random), clock);
    }

    /** Enrollments of single devices. */
    public Enrollments<IndividualEnrollment> individuals() {
        return individuals;
    }

    /** Enrollments of many devices by one key or authority. */
    public Enrollments<EnrollmentGroup> groups() {
        return groups;
    }

    /** What came of them. */
    public RegistrationRecords registrations() {
        return registrations;
    }

    /** Ends all calls under way with {@code CANCELLED}. Returns within a second; harmless when repeated. */
    @Override
    public void close() {
        https.close();
    }
}
