package io.hubwire.dps;

import io.hubwire.auth.SasToken;
import io.hubwire.dps.Registration.Answer;
import io.hubwire.dps.Registration.Step;
import io.hubwire.https.Await;
import io.hubwire.https.HttpsRequest;
import io.hubwire.https.HttpsResponse;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.HubwireException;
import io.hubwire.protocol.TransportException;
import io.hubwire.protocol.time.Timer;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out what {@link Registration} decides: turns steps into calls and timers, and what comes of them into events.
 * Events come from several threads, one at a time goes in.
 */
final class RegistrationRun {
    /**
     * What a run needs and does not own.
     *
     * @param body of the register request
     */
    record Surroundings(
            RegistrationCalls calls,
            String body,
            DeviceTokens tokens,
            @Nullable Tpm tpm,
            FrontEnds frontEnds,
            Timer timer) {}

    private final Registration machine;
    private final Surroundings with;
    private final CompletableFuture<Assignment> result = new CompletableFuture<>();
    private final Object lock = new Object();
    private final UnderWay underWay = new UnderWay(result);

    RegistrationRun(Registration machine, Surroundings surroundings) {
        this.machine = machine;
        this.with = surroundings;
    }

    CompletableFuture<Assignment> start(Duration limit) {
        Timer.Scheduled end = with.timer().schedule(limit, () -> feed(machine::onDeadline));
        result.whenComplete((assignment, failure) -> {
            end.cancel();
            if (result.isCancelled()) {
                abort("the caller cancelled");
            }
            underWay.release();
        });
        feed(machine::begin);
        return result;
    }

    void abort(String why) {
        feed(() -> machine.abort(
                new DpsException(ErrorCode.CANCELLED, with.calls().what() + ": " + why, null, null, null, null)));
    }

    private void feed(Supplier<Step> event) {
        Step step;
        synchronized (lock) {
            step = event.get();
        }
        try {
            perform(step);
        } catch (HubwireException refused) { // by the TPM
            feed(() -> machine.abort(refused));
        }
    }

    private void perform(Step step) {
        if (step instanceof Step.SendRegister send) {
            HttpsRequest.Builder request = with.calls().register(with.body());
            send(send.host(), request, send.signed() ? with.tokens().token(send.signAnew()) : Optional.empty());
        } else if (step instanceof Step.SendPoll send) {
            send(
                    send.host(),
                    with.calls().poll(send.operationId()),
                    with.tokens().token(send.signAnew()));
        } else if (step instanceof Step.RegisterAfter wait) {
            waitFor(wait.delay());
        } else if (step instanceof Step.PollAfter wait) {
            waitFor(wait.delay());
        } else if (step instanceof Step.ActivateTpm challenge) {
            activate(challenge.authenticationKey());
            feed(machine::onActivated);
        } else {
            end(step);
        }
    }

    private void send(String host, HttpsRequest.Builder request, Optional<SasToken> token) {
        token.ifPresent(t -> request.header("Authorization", t.text()));
        Instant expiry = token.map(SasToken::expiry).orElse(null);
        CompletableFuture<HttpsResponse> call;
        try {
            call = with.frontEnds().at(host).send(request.build());
        } catch (IllegalStateException closed) {
            abort("the client was closed");
            return;
        }
        underWay.set(() -> call.cancel(true));
        call.whenComplete((response, failure) -> {
            if (failure == null) {
                feed(() -> machine.onResponse(answer(response, expiry)));
            } else if (Await.cause(failure) instanceof HubwireException lost) {
                feed(() -> machine.onLost(lost));
            } else {
                feed(() -> machine.onLost(new TransportException(
                        ErrorCode.CANCELLED, with.calls().what() + ": the request was given up", failure)));
            }
        });
    }

    private void waitFor(Duration delay) {
        Timer.Scheduled wait = with.timer().schedule(delay, () -> feed(machine::onTimer));
        underWay.set(wait::cancel);
    }

    private void end(Step step) {
        if (step instanceof Step.Assigned assigned) {
            String key = assigned.assignment().state().tpmAuthenticationKey();
            try {
                if (key != null) {
                    activate(key); // from now on it signs for the hub
                }
                result.complete(assigned.assignment());
            } catch (HubwireException refused) {
                result.completeExceptionally(refused);
            }
        } else if (step instanceof Step.Failed failed) {
            result.completeExceptionally(failed.cause());
        } else {
            throw new IllegalStateException("no way to perform [" + step + "]");
        }
    }

    private void activate(String base64) {
        Tpm tpm = with.tpm();
        if (tpm == null) {
            return; // a key for a chip that nobody said we have
        }
        try {
            tpm.activate(Base64.getDecoder().decode(base64));
            with.tokens().invalidate();
        } catch (RuntimeException refused) {
            throw new DpsException(
                    ErrorCode.UNAUTHORIZED,
                    with.calls().what() + ": the TPM did not take the key that DPS sent for it",
                    null,
                    null,
                    null,
                    refused);
        }
    }

    private static Answer answer(HttpsResponse response, @Nullable Instant tokenExpiry) {
        return new Answer(
                response.status(),
                response.text(),
                response.retryAfter(),
                response.header("Location").orElse(null),
                response.header("Date").map(RegistrationRun::date).orElse(null),
                tokenExpiry);
    }

    private static @Nullable Instant date(String text) {
        try {
            return ZonedDateTime.parse(text.trim(), DateTimeFormatter.RFC_1123_DATE_TIME)
                    .toInstant();
        } catch (DateTimeException unreadable) {
            return null;
        }
    }
}
