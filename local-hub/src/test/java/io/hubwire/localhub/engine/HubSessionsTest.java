package io.hubwire.localhub.engine;

import static io.hubwire.localhub.engine.TestHub.json;
import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.engine.DeviceSession.CloseReason;
import io.hubwire.protocol.Identity;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class HubSessionsTest {
    private final TestHub hub = new TestHub();
    private final Sessions sessions = hub.engine.sessions();
    private final Identity device = hub.device("dev1");

    @AfterEach
    void close() {
        hub.close();
    }

    @Test
    void lets_the_newer_session_of_an_identity_displace_the_older() {
        FakeSession first = hub.connect(device);
        FakeSession second = hub.connect(device);
        FakeSession module = hub.connect(hub.module("dev1", "m1"));
        assertThat(first.closed).containsExactly(CloseReason.TAKEN_OVER);
        assertThat(second.closed).isEmpty();
        assertThat(sessions.current(device)).contains(second);
        assertThat(sessions.current(module.identity())).contains(module);
        assertThat(sessions.count()).isEqualTo(2);
    }

    @Test
    void ignores_the_end_of_a_session_that_is_no_longer_the_current_one() {
        FakeSession first = hub.connect(device);
        FakeSession second = hub.connect(device);
        hub.time.advance(Duration.ofSeconds(5));
        sessions.closed(first);
        assertThat(connection()).isEqualTo("Connected since 2026-01-01T00:00:00.0000000Z");
        sessions.closed(second);
        assertThat(connection()).isEqualTo("Disconnected since 2026-01-01T00:00:05.0000000Z");
        hub.time.advance(Duration.ofSeconds(5));
        sessions.closed(second);
        assertThat(connection()).isEqualTo("Disconnected since 2026-01-01T00:00:05.0000000Z");
        assertThat(sessions.count()).isZero();
    }

    @Test
    void turns_a_session_away_whose_device_was_deleted_or_disabled_since_it_was_let_in() {
        Identity module = hub.module("dev1", "m1");
        assertThat(hub.connect(Identity.device("none")).closed).containsExactly(CloseReason.DELETED);
        assertThat(hub.connect(Identity.module("dev1", "none")).closed).containsExactly(CloseReason.DELETED);
        hub.engine.registry().update(device, json("{'status':'disabled'}"), new ETagMatch.Any());
        assertThat(hub.connect(device).closed).containsExactly(CloseReason.DISABLED);
        assertThat(hub.connect(module).closed).containsExactly(CloseReason.DISABLED);
    }

    @Test
    void ends_all_sessions_with_the_hub() {
        FakeSession session = hub.connect(device);
        hub.engine.close();
        hub.engine.close();
        assertThat(session.closed).containsExactly(CloseReason.HUB_STOPPING);
    }

    private String connection() {
        var shown = hub.engine.registry().get(device);
        return shown.path("connectionState").asText() + " since "
                + shown.path("connectionStateUpdatedTime").asText();
    }
}
