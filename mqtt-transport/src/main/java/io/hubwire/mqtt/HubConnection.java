package io.hubwire.mqtt;

import io.hubwire.mqtt.Circumstances.HubClock;
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
import java.util.ArrayDeque;
import java.util.EnumMap;
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
    private final HubTime time;
    private final Timer timer;
    private final ThreadFactory threads;
    private final User user;
    private final Consumer<ConnectionChange> listener;
    private final Map<Deadline, Armed> armed = new EnumMap<>(Deadline.class);
    private final Queue<ConnectionEvent> events = new ArrayDeque<>();
    private final Waiters waiters = new Waiters();
    private volatile ConnectionState state = ConnectionState.DISCONNECTED;
    private @Nullable Attempt attempt;
    /** Whether a token that had ended has already been replaced once since the hub last accepted one. */
    private boolean replacedExpired;

    private boolean feeding;
    private boolean stopped;

    HubConnection(
            Identity identity,
            ConnectionMachine machine,
            Serial serial,
            LinkFactory links,
            SettingsMaker settings,
            Credentials credentials,
            HubTime time,
            Timer timer,
            ThreadFactory threads,
            User user,
            Consumer<ConnectionChange> listener) {
        this.identity = identity;
        this.machine = machine;
        this.serial = serial;
        this.links = links;
        this.settings = settings;
        this.credentials = credentials;
        this.time = time;
        this.timer = timer;
        this.threads = threads;
        this.user = user;
        this.listener = listener;
    }

    /** The last state announced; from any thread. */
    ConnectionState state() {
        return state;
    }

    CompletableFuture<Void> open() {
        CompletableFuture<Void> opened = waiters.opened();
        feed(new ConnectionEvent.Open());
        return opened;
    }

    CompletableFuture<Void> close() {
        CompletableFuture<Void> closed = waiters.closed();
        feed(new ConnectionEvent.Close());
        return closed;
    }

    /** Completes when the hub serves this filter on the present link; without a link, on the next. */
    CompletableFuture<Void> subscribe(String filter) {
        CompletableFuture<Void> granted = waiters.granted(filter);
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
            waiters.tell(step);
        }
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
        next.scheduled = timer.schedule(
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
        private Credentials.@Nullable Proof shown;
        private @Nullable ChangeReason reason;
        /** How it ended, while the clocks are being compared to find out why. */
        private @Nullable LinkEnd beingJudged;

        /** Asks for the credential on a thread of its own, since the application may have to fetch it from somewhere. */
        void begin() {
            threads.newThread(() -> {
                        try {
                            Credentials.Proof proof = credentials.proof(time.now());
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
            shown = proof;
            MqttLink opened = links.create(settings.make(proof.password(), user.resend()), this);
            link = opened;
            opened.open();
        }

        void close() {
            if (beingJudged != null) {
                judged(beingJudged, new HubClock.NotAsked(), false);
            } else if (link == null) {
                ended(new LinkEnd.Closed());
            } else {
                link.close();
            }
        }

        void abort(TransportException cause) {
            if (beingJudged != null) {
                judged(beingJudged, new HubClock.Unknown("there was no time left"), false);
            } else if (link == null) {
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
                replacedExpired = false;
                feed(new ConnectionEvent.LinkUp(sessionPresent, shown == null ? null : shown.renewIn()));
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
            boolean another = credentials.blames(end) && credentials.refused();
            boolean token = shown != null && shown.expiry() != null;
            if (LinkVerdicts.isNotAuthorized(end) && token && !another && time.mayAsk()) {
                compareClocks(end);
            } else {
                judged(end, new HubClock.NotAsked(), another);
            }
        }

        /** Takes a moment, on a thread of its own; {@link #close} and {@link #abort} do not wait for it. */
        private void compareClocks(LinkEnd end) {
            beingJudged = end;
            threads.newThread(() -> {
                        HubClock told = time.compare();
                        hear(() -> judged(end, told, false));
                    })
                    .start();
        }

        private void judged(LinkEnd end, HubClock told, boolean anotherCredential) {
            attempt = null;
            Circumstances seen = new Circumstances(
                    identity,
                    shown == null ? null : shown.expiry(),
                    shown == null ? null : shown.certificateEnd(),
                    time.now(),
                    told,
                    anotherCredential);
            Failure failure = LinkVerdicts.of(
                    end,
                    LinkVerdicts.isNotAuthorized(end) && helpsToReplace(seen) ? seen.withAnotherCredential() : seen);
            if (failure != null && reason != null) {
                failure = new Failure(failure.cause(), reason, failure.verdict(), failure.byPeer());
            }
            user.linkLost(
                    failure != null
                            ? failure.cause()
                            : new TransportException(ErrorCode.CONNECTION_LOST, "connection closed"));
            feed(new ConnectionEvent.LinkDown(failure));
        }

        /** Once, if the token had ended and another can be had: one made for the hub's time where that is the trouble. */
        private boolean helpsToReplace(Circumstances seen) {
            boolean renewable = shown != null && shown.renewIn() != null;
            Duration skew = seen.skew();
            if (!renewable || replacedExpired || !seen.expiredAtHub()) {
                return false;
            }
            replacedExpired = true;
            return seen.expiredHere() || (skew != null && time.follow(skew));
        }
    }
}
