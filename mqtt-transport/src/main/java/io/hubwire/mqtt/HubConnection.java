package io.hubwire.mqtt;

import io.hubwire.mqtt.ConnectionEvent.Deadline;
import io.hubwire.mqtt.link.Inbound;
import io.hubwire.mqtt.link.LinkEnd;
import io.hubwire.mqtt.link.LinkFactory;
import io.hubwire.mqtt.link.LinkListener;
import io.hubwire.mqtt.link.LinkSettings;
import io.hubwire.mqtt.link.MqttLink;
import io.hubwire.mqtt.link.Publication;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.time.Timer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Drives a {@link ConnectionMachine}: turns links, timers and the application's wishes into its events, and its steps
 * into calls. Every method runs in the client's {@link Serial}; so do the dependents of the stages it returns.
 */
final class HubConnection {
    /** The rest of the client, as the connection sees it. Called in the {@link Serial}. */
    interface User {
        /** Publications that earlier links left unacknowledged, oldest first. */
        List<? extends Publication> resend();

        /** Messages may go out on this link. */
        void sendingStarted(MqttLink link);

        /** No new messages; {@link HubConnection#checkDrained} as things end. */
        void sendingStopped();

        /** Whether nothing is under way, out or in. */
        boolean isDrained();

        void delivered(Publication publication);

        void received(Inbound message, MqttLink link);

        /** The link is gone, and with it every request that had no answer. */
        void linkLost(HubwireException cause);
    }

    /** Makes the settings of one link from what changes with each. */
    interface SettingsMaker {
        LinkSettings make(@Nullable String password, List<? extends Publication> resend);
    }

    private final Identity identity;
    private final ConnectionMachine machine;
    private final Serial serial;
    private final LinkFactory links;
    private final SettingsMaker settings;
    private final Credentials credentials;
    private final ClientEnvironment environment;
    private final ThreadFactory threads;
    private final User user;
    private final Consumer<ConnectionChange> listener;
    private final Map<Deadline, Armed> armed = new EnumMap<>(Deadline.class);
    private final Queue<ConnectionEvent> events = new ArrayDeque<>();
    private final List<CompletableFuture<Void>> opening = new ArrayList<>();
    private final List<CompletableFuture<Void>> closing = new ArrayList<>();
    private final Map<String, List<CompletableFuture<Void>>> subscribing = new HashMap<>();
    private volatile ConnectionState state = ConnectionState.DISCONNECTED;
    private @Nullable Attempt attempt;
    private boolean feeding;
    private boolean stopped;

    HubConnection(
            Identity identity,
            ConnectionMachine machine,
            Serial serial,
            LinkFactory links,
            SettingsMaker settings,
            Credentials credentials,
            ClientEnvironment environment,
            ThreadFactory threads,
            User user,
            Consumer<ConnectionChange> listener) {
        this.identity = identity;
        this.machine = machine;
        this.serial = serial;
        this.links = links;
        this.settings = settings;
        this.credentials = credentials;
        this.environment = environment;
        this.threads = threads;
        this.user = user;
        this.listener = listener;
    }

    /** The last state announced; from any thread. */
    ConnectionState state() {
        return state;
    }

    CompletableFuture<Void> open() {
        CompletableFuture<Void> opened = new CompletableFuture<>();
        opening.add(opened);
        feed(new ConnectionEvent.Open());
        return opened;
    }

    CompletableFuture<Void> close() {
        CompletableFuture<Void> closed = new CompletableFuture<>();
        closing.add(closed);
        feed(new ConnectionEvent.Close());
        return closed;
    }

    /** Completes when the hub serves this filter on the present link; without a link, on the next. */
    CompletableFuture<Void> subscribe(String filter) {
        CompletableFuture<Void> granted = new CompletableFuture<>();
        subscribing.computeIfAbsent(filter, f -> new ArrayList<>()).add(granted);
        feed(new ConnectionEvent.Want(filter));
        return granted;
    }

    /** Cuts the present link, if any; a new one follows by the rules. */
    void abort(ErrorCode code, String why, ChangeReason reason) {
        Attempt current = attempt;
        if (current != null) {
            current.reason = reason;
            current.abort(new TransportException(code, why));
        }
    }

    /** Something ended; perhaps it was the last that a planned end of the link waits for. */
    void checkDrained() {
        if (stopped && user.isDrained()) {
            feed(new ConnectionEvent.Drained());
        }
    }

    private void feed(ConnectionEvent event) {
        events.add(event);
        if (feeding) {
            return; // a step has caused an event: it waits until all steps are done
        }
        feeding = true;
        try {
            for (ConnectionEvent next = events.poll(); next != null; next = events.poll()) {
                machine.on(next).forEach(this::carryOut);
            }
        } finally {
            feeding = false;
        }
    }

    private void carryOut(ConnectionStep step) {
        if (step instanceof ConnectionStep.OpenLink) {
            attempt = new Attempt();
            attempt.begin();
        } else if (step instanceof ConnectionStep.Subscribe s) {
            onLink(link -> link.subscribe(s.filters()));
        } else if (step instanceof ConnectionStep.CloseLink) {
            if (attempt != null) {
                attempt.close();
            }
        } else if (step instanceof ConnectionStep.AbortLink abort) {
            if (attempt != null) {
                attempt.abort(abort.cause());
            }
        } else if (step instanceof ConnectionStep.StartSending) {
            stopped = false;
            onLink(user::sendingStarted);
        } else if (step instanceof ConnectionStep.StopSending) {
            stopped = true;
            user.sendingStopped();
            checkDrained();
        } else if (step instanceof ConnectionStep.Arm arm) {
            arm(arm.which(), arm.delay());
        } else if (step instanceof ConnectionStep.Disarm disarm) {
            disarm(disarm.which());
        } else if (step instanceof ConnectionStep.Announce announce) {
            state = announce.change().state();
            listener.accept(announce.change());
        } else {
            answer(step);
        }
    }

    /** Steps that somebody waits for. */
    private void answer(ConnectionStep step) {
        if (step instanceof ConnectionStep.Opened) {
            drain(opening).forEach(f -> f.complete(null));
        } else if (step instanceof ConnectionStep.OpenFailed failed) {
            drain(opening).forEach(f -> f.completeExceptionally(failed.cause()));
        } else if (step instanceof ConnectionStep.Granted granted) {
            for (String filter : granted.filters()) {
                waitersFor(filter).forEach(f -> f.complete(null));
            }
        } else if (step instanceof ConnectionStep.NotGranted refused) {
            waitersFor(refused.filter()).forEach(f -> f.completeExceptionally(refused.cause()));
        } else if (step instanceof ConnectionStep.Finished) {
            HubwireException closed = new TransportException(ErrorCode.CANCELLED, "client closed");
            drain(opening).forEach(f -> f.completeExceptionally(closed));
            List.copyOf(subscribing.keySet())
                    .forEach(filter -> waitersFor(filter).forEach(f -> f.completeExceptionally(closed)));
            drain(closing).forEach(f -> f.complete(null));
        }
    }

    private List<CompletableFuture<Void>> waitersFor(String filter) {
        List<CompletableFuture<Void>> waiters = subscribing.remove(filter);
        return waiters == null ? List.of() : waiters;
    }

    private static <T> List<T> drain(List<T> list) {
        List<T> all = List.copyOf(list);
        list.clear();
        return all;
    }

    private void onLink(Consumer<MqttLink> action) {
        MqttLink link = attempt == null ? null : attempt.link;
        if (link != null) {
            action.accept(link);
        }
    }

    private void arm(Deadline which, Duration delay) {
        disarm(which);
        Armed next = new Armed();
        armed.put(which, next);
        next.scheduled = environment
                .timer()
                .schedule(
                        delay,
                        () -> serial.execute(() -> {
                            if (armed.remove(which, next)) { // else it was disarmed while it came
                                feed(new ConnectionEvent.Expired(which));
                            }
                        }));
    }

    private void disarm(Deadline which) {
        Armed old = armed.remove(which);
        if (old != null && old.scheduled != null) {
            old.scheduled.cancel();
        }
    }

    private static final class Armed {
        private Timer.@Nullable Scheduled scheduled;
    }

    /** One link and the credential it shows. What a link tells after it is no longer the present one is not heard. */
    private final class Attempt implements LinkListener {
        private @Nullable MqttLink link;
        private @Nullable Instant tokenExpiry;
        private @Nullable Duration renewIn;
        private @Nullable ChangeReason reason;

        /** Asks for the credential on a thread of its own, since the application may have to fetch it from somewhere. */
        void begin() {
            threads.newThread(() -> {
                        try {
                            Credentials.Proof proof =
                                    credentials.proof(environment.clock().instant());
                            hear(() -> open(proof));
                        } catch (RuntimeException noToken) {
                            hear(() -> ended(new LinkEnd.Broken(
                                    new TransportException(
                                            ErrorCode.UNREACHABLE, "whoever makes the tokens failed", noToken),
                                    false)));
                        }
                    })
                    .start();
        }

        private void open(Credentials.Proof proof) {
            tokenExpiry = proof.expiry();
            renewIn = proof.renewIn();
            MqttLink opened = links.create(settings.make(proof.password(), user.resend()), this);
            link = opened;
            opened.open();
        }

        void close() {
            if (link == null) {
                ended(new LinkEnd.Closed());
            } else {
                link.close();
            }
        }

        void abort(TransportException cause) {
            if (link == null) {
                ended(new LinkEnd.Broken(cause, false));
            } else {
                link.abort(cause);
            }
        }

        private void hear(Runnable news) {
            serial.execute(() -> {
                if (attempt == this) {
                    news.run();
                }
            });
        }

        @Override
        public void up(boolean sessionPresent) {
            hear(() -> {
                credentials.accepted();
                feed(new ConnectionEvent.LinkUp(sessionPresent, renewIn));
            });
        }

        @Override
        public void subscribed(List<String> filters, List<Integer> granted) {
            hear(() -> feed(new ConnectionEvent.Subscribed(filters, granted)));
        }

        @Override
        public void delivered(Publication publication) {
            hear(() -> {
                user.delivered(publication);
                checkDrained();
            });
        }

        @Override
        public void received(Inbound message) {
            hear(() -> {
                MqttLink from = link;
                if (from != null) {
                    user.received(message, from);
                }
            });
        }

        @Override
        public void down(LinkEnd end) {
            hear(() -> ended(end));
        }

        private void ended(LinkEnd end) {
            attempt = null;
            boolean anotherKey = credentials.blames(end) && credentials.refused();
            Failure failure = LinkVerdicts.of(
                    end, identity, tokenExpiry, environment.clock().instant(), anotherKey);
            if (failure != null && reason != null) {
                failure = new Failure(failure.cause(), reason, failure.verdict(), failure.byPeer());
            }
            user.linkLost(
                    failure != null
                            ? failure.cause()
                            : new TransportException(ErrorCode.CONNECTION_LOST, "connection closed"));
            feed(new ConnectionEvent.LinkDown(failure));
        }
    }
}
