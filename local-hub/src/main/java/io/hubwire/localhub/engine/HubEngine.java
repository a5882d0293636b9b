package io.hubwire.localhub.engine;

import io.hubwire.localhub.store.Store;
import io.hubwire.localhub.throttling.Throttles;
import io.hubwire.protocol.time.Timer;
import io.hubwire.protocol.trace.WireTrace;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * A hub without a network. Put together here and nowhere else.
 *
 * <p>It has no thread of its own: calls run on their callers' threads, what time brings on the timer's. Closing it cuts
 * the sessions and ends what waits; clock, timer and store belong to whoever handed them in.
 */
public final class HubEngine implements Hub, AutoCloseable {
    private final EngineOptions options;
    private final Clock clock;
    private final Timer timer;
    private final WireTrace trace;
    private final HubAccess access;
    private final HubSessions sessions;
    private final HubFeedback feedback;
    private final HubC2dQueues queues;
    private final HubTwins twins;
    private final HubRegistry registry;
    private final HubMethods methods;
    private final PartitionedEventLog events;
    private final HubFileUploads files;
    private final HubFeedback notices;
    private final Provisioning provisioning;
    private final CertificateAuthorities authorities;
    private final Throttles throttles;
    private final LinkedHubs linkedHubs = new LinkedHubs();
    private final int restoredC2d;
    private final AtomicBoolean stopped = new AtomicBoolean();

    /**
     * Starts a hub over what the store holds.
     *
     * @param timer on the same time as {@code clock}
     * @param random makes keys: a {@link java.security.SecureRandom} unless in tests; thread-safe
     */
    public HubEngine(
            EngineOptions options, Store store, Clock clock, Timer timer, RandomGenerator random, WireTrace trace) {
        this(options, store, clock, timer, random, trace, AllocationWebhook.NONE);
    }

    /** As the other one, with a way to the webhooks of custom allocation policies. */
    public HubEngine(
            EngineOptions options,
            Store store,
            Clock clock,
            Timer timer,
            RandomGenerator random,
            WireTrace trace,
            AllocationWebhook webhook) {
        this.options = options;
        this.clock = clock;
        this.timer = timer;
        this.trace = trace;
        Ids ids = new Ids(clock, random);
        DeviceLocks locks = new DeviceLocks();
        Identities identities = new Identities(store);
        this.throttles = Throttles.of(options.quota(), clock);
        this.authorities = new StoredAuthorities(store);
        this.access = new HubAccess(options, identities, authorities, clock);
        this.sessions = new HubSessions(identities, clock);
        this.feedback = new HubFeedback(options.feedback(), store, HubFeedback.FEEDBACK, clock, timer, ids);
        this.queues = new HubC2dQueues(
                options.c2d(), identities, locks, sessions, feedback, new C2dArchive(store), clock, timer, ids);
        this.twins = new HubTwins(store, identities, locks, sessions, queues, clock);
        this.registry =
                new HubRegistry(options, store, identities, locks, sessions, queues, feedback, twins, clock, ids);
        this.methods = new HubMethods(identities, sessions, timer);
        this.events = PartitionedEventLog.open(options.events(), clock);
        this.notices = new HubFeedback(options.files().notices(), store, HubFeedback.FILE_NOTICE, clock, timer, ids);
        this.files = new HubFileUploads(
                options.files(),
                identities,
                blobs(options.files(), clock, ids),
                notices,
                new UploadArchive(store),
                clock,
                ids);
        linkedHubs.add(asLinked(Duration.ZERO));
        Enrollments enrollments =
                new Enrollments(store, new EnrollmentBody(linkedHubs, authorities, twins, ids), clock);
        Registrations registrations = new Registrations(store, ids);
        this.provisioning = new HubProvisioning(
                options,
                enrollments,
                registrations,
                new Attestor(options, enrollments, authorities, new TpmKeys(store, ids, random), clock),
                new Assigner(linkedHubs, enrollments, registrations, twins, webhook, clock),
                clock);
        feedback.restore();
        notices.restore();
        files.restore();
        this.restoredC2d = queues.restore();
        sessions.addObserver(queues);
        sessions.addObserver(methods);
    }

    private static BlobStore blobs(EngineOptions.Files options, Clock clock, Ids ids) {
        Path folder = options.folder();
        return folder == null
                ? new MemoryBlobStore(options.maxBytes(), clock, ids)
                : new FolderBlobStore(folder, options.maxBytes(), clock, ids);
    }

    @Override
    public HubNames names() {
        return options.names();
    }

    @Override
    public AccessControl access() {
        return access;
    }

    @Override
    public Registry registry() {
        return registry;
    }

    @Override
    public Twins twins() {
        return twins;
    }

    @Override
    public C2dQueues c2d() {
        return queues;
    }

    @Override
    public DirectMethods methods() {
        return methods;
    }

    @Override
    public EventLog events() {
        return events;
    }

    @Override
    public FileUploads files() {
        return files;
    }

    @Override
    public FeedbackQueue feedback() {
        return feedback;
    }

    @Override
    public Sessions sessions() {
        return sessions;
    }

    @Override
    public Provisioning provisioning() {
        return provisioning;
    }

    @Override
    public Throttles throttles() {
        return throttles;
    }

    @Override
    public Clock clock() {
        return clock;
    }

    @Override
    public Timer timer() {
        return timer;
    }

    @Override
    public WireTrace trace() {
        return trace;
    }

    @Override
    public CertificateAuthorities authorities() {
        return authorities;
    }

    /**
     * Lets this hub's DPS assign devices to another hub too, until that one stops.
     *
     * @param latency how far it is from the devices, as the geo-latency policy is made to believe; this hub's is zero
     * @throws IllegalArgumentException when a hub of the same first name is linked already
     */
    public void link(HubEngine other, Duration latency) {
        linkedHubs.add(other.asLinked(latency));
    }

    /** Ends what {@link #link} began. Devices stay where they are until they register again. */
    public void unlink(HubEngine other) {
        if (other != this) {
            linkedHubs.remove(other.names().primaryHost());
        }
    }

    private LinkedHub asLinked(Duration latency) {
        return new LinkedHub(options.names(), registry, twins, latency, stopped::get);
    }

    /** How many cloud-to-device messages were in the store at the start. */
    public int restoredC2d() {
        return restoredC2d;
    }

    /** Cuts the sessions and ends what waits; what they still send is taken. Idempotent. */
    public void stop() {
        if (stopped.compareAndSet(false, true)) {
            sessions.cutAll(DeviceSession.CloseReason.HUB_STOPPING);
            methods.stop();
            queues.stop();
            feedback.stop();
            notices.stop();
        }
    }

    /** Stops, and closes the event log. Idempotent. */
    @Override
    public void close() {
        stop();
        events.close();
    }
}
