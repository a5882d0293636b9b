package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.engine.DirectMethods.Call;
import io.hubwire.localhub.engine.DirectMethods.Result;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.Identity;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class HubMethodsTest {
    private final TestHub hub = new TestHub();
    private final DirectMethods methods = hub.engine.methods();
    private Identity device;

    @BeforeEach
    void register() {
        device = hub.device("dev1");
    }

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void passes_the_call_to_the_device_and_the_answer_back() {
        FakeSession session = listening();
        CompletableFuture<Result> call = invoke(call(30, 0));
        assertThat(session.methods).containsExactly(new FakeSession.Method("1", "blink", "{\"times\":3}"));
        methods.answer(session, "1", 418, bytes("{\"ok\":true}"));
        assertThat(call)
                .isCompletedWithValueMatching(result -> result.status() == 418
                        && new String(result.payload(), StandardCharsets.UTF_8).equals("{\"ok\":true}"));
        assertThat(hub.time.pendingTasks()).as("no time-out is left").isZero();
    }

    @Test
    void counts_request_ids_in_lower_case_hexadecimal_per_session() {
        FakeSession session = listening();
        for (int i = 0; i < 27; i++) {
            invoke(call(30, 0));
        }
        assertThat(session.methods)
                .extracting(FakeSession.Method::requestId)
                .startsWith("1", "2")
                .contains("9", "a", "f", "10")
                .endsWith("1b");
        FakeSession next = listening();
        invoke(call(30, 0));
        assertThat(next.methods).extracting(FakeSession.Method::requestId).containsExactly("1");
    }

    @ParameterizedTest
    @CsvSource({"no session", "no subscription"})
    void is_not_online_at_once_when_the_caller_does_not_wait(String why) {
        if (why.equals("no subscription")) {
            hub.connect(device);
        }
        assertThat(error(invoke(call(30, 0)))).isEqualTo(HubError.DEVICE_NOT_ONLINE);
        assertThat(hub.time.pendingTasks()).isZero();
    }

    @Test
    void waits_for_a_device_to_connect_and_subscribe_as_long_as_the_caller_does() {
        CompletableFuture<Result> patient = invoke(call(30, 20));
        CompletableFuture<Result> hasty = invoke(call(30, 10));
        hub.time.advance(Duration.ofSeconds(10));
        assertThat(error(hasty)).isEqualTo(HubError.DEVICE_NOT_ONLINE);
        FakeSession session = hub.connect(device);
        assertThat(session.methods).as("connected, not subscribed").isEmpty();
        session.acceptsMethods = true;
        hub.engine.sessions().subscriptionsChanged(session);
        assertThat(session.methods).hasSize(1);
        hub.time.advance(Duration.ofSeconds(29));
        assertThat(patient).isNotDone();
        methods.answer(session, "1", 200, bytes(""));
        assertThat(patient).isCompletedWithValueMatching(result -> result.payload().length == 0);
        assertThat(hub.time.pendingTasks()).isZero();
    }

    @Test
    void times_out_when_the_device_does_not_answer_and_ignores_it_when_it_does_later() {
        FakeSession session = listening();
        CompletableFuture<Result> call = invoke(call(5, 300));
        hub.time.advance(Duration.ofMillis(4_999));
        assertThat(call).isNotDone();
        hub.time.advance(Duration.ofMillis(1));
        assertThat(error(call)).isEqualTo(HubError.GATEWAY_TIMEOUT);
        methods.answer(session, "1", 200, bytes("{}"));
        methods.answer(session, "77", 200, bytes("{}"));
        methods.answer(hub.connect(hub.device("other")), "1", 200, bytes("{}"));
        assertThat(error(call)).isEqualTo(HubError.GATEWAY_TIMEOUT);
    }

    @Test
    void takes_no_answer_from_another_session() {
        FakeSession first = listening();
        CompletableFuture<Result> call = invoke(call(30, 0));
        FakeSession second = listening();
        methods.answer(second, "1", 200, bytes("{}"));
        methods.answer(first, "1", 200, bytes("{}"));
        assertThat(call).isNotDone();
        hub.time.advance(Duration.ofSeconds(30));
        assertThat(error(call)).isEqualTo(HubError.GATEWAY_TIMEOUT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"nope", "{", "{} {}", "{\"a\":1,\"a\":2}", "\u0000"})
    void is_a_bad_gateway_when_the_answer_is_not_json(String payload) {
        FakeSession session = listening();
        CompletableFuture<Result> call = invoke(call(30, 0));
        methods.answer(session, "1", 200, bytes(payload));
        assertThat(error(call)).isEqualTo(HubError.GENERIC_BAD_GATEWAY);
    }

    @ParameterizedTest
    @CsvSource({"4, 0", "301, 0", "30, 301", "30, -1"})
    void refuses_time_outs_beyond_the_limits(int response, int connect) {
        listening();
        assertThat(error(invoke(call(response, connect)))).isEqualTo(HubError.ARGUMENT_INVALID);
    }

    @Test
    void refuses_the_unknown_and_the_oversize() {
        assertThat(error(methods.invoke(Identity.device("none"), call(30, 0)))).isEqualTo(HubError.DEVICE_NOT_FOUND);
        assertThat(error(methods.invoke(Identity.module("dev1", "none"), call(30, 0))))
                .isEqualTo(HubError.MODULE_NOT_FOUND);
        Call big = new Call("blink", new byte[131_073], Duration.ofSeconds(30), Duration.ZERO);
        assertThat(error(methods.invoke(device, big))).isEqualTo(HubError.MESSAGE_TOO_LARGE);
        FakeSession session = listening();
        CompletableFuture<Result> call = invoke(call(30, 0));
        methods.answer(session, "1", 200, bytes("\"" + "x".repeat(131_072) + "\""));
        assertThat(error(call)).isEqualTo(HubError.GENERIC_BAD_GATEWAY);
    }

    @Test
    void bounds_what_is_in_flight_and_ends_all_of_it_with_the_hub() {
        listening();
        List<CompletableFuture<Result>> calls = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            calls.add(invoke(call(30, 0)));
        }
        assertThat(error(invoke(call(30, 0)))).isEqualTo(HubError.DEVICE_MAXIMUM_INFLIGHT_METHOD_EXCEEDED);
        Identity absent = hub.device("absent");
        for (int i = 0; i < 1_000; i++) {
            calls.add(methods.invoke(absent, call(30, 300)));
        }
        assertThat(error(methods.invoke(absent, call(30, 300))))
                .isEqualTo(HubError.DEVICE_MAXIMUM_INFLIGHT_METHOD_EXCEEDED);
        FakeSession gone = listening(hub.device("gone"));
        calls.add(methods.invoke(gone.identity(), call(30, 0)));
        hub.engine.sessions().closed(gone);
        hub.engine.close();
        assertThat(calls).allSatisfy(call -> assertThat(error(call)).isEqualTo(HubError.SERVICE_UNAVAILABLE));
        assertThat(hub.time.pendingTasks()).isZero();
    }

    private FakeSession listening() {
        return listening(device);
    }

    private FakeSession listening(Identity identity) {
        FakeSession session = new FakeSession(identity);
        session.acceptsMethods = true;
        hub.engine.sessions().opened(session);
        return session;
    }

    private CompletableFuture<Result> invoke(Call call) {
        return methods.invoke(device, call);
    }

    private static Call call(int response, int connect) {
        return new Call("blink", bytes("{\"times\":3}"), Duration.ofSeconds(response), Duration.ofSeconds(connect));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static HubError error(CompletableFuture<Result> call) {
        assertThat(call).isCompletedExceptionally();
        try {
            call.join();
            throw new AssertionError("completed normally");
        } catch (CompletionException e) {
            return ((HubException) e.getCause()).error();
        }
    }
}
