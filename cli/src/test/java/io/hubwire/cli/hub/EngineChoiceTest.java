package io.hubwire.cli.hub;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.localhub.engine.EngineOptions;
import io.hubwire.localhub.engine.HubNames;
import io.hubwire.localhub.throttling.Quota;
import io.hubwire.localhub.throttling.Tier;
import io.hubwire.protocol.InvalidInputException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;

class EngineChoiceTest {
    private static final EngineOptions DEFAULTS =
            EngineOptions.of(new HubNames(List.of("localhost"), "events", "0ne00000000"));

    @Test
    void limits_nothing_unless_asked_to() {
        assertThat(chosen().quota()).isNull();
        assertThat(chosen("--quota", "none").quota()).isNull();
    }

    @ParameterizedTest
    @EnumSource(Tier.class)
    void throttles_like_the_tier_asked_for(Tier tier) {
        assertThat(chosen("--quota", tier.name()).quota()).isEqualTo(Quota.of(tier));
    }

    @Test
    void names_the_tiers_there_are() {
        assertThatThrownBy(() -> chosen("--quota", "gold"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessage("--quota [gold] must be one of [none, F1, S1, S2, S3]");
    }

    private static EngineOptions chosen(String... arguments) {
        EngineChoice choice = new EngineChoice();
        new CommandLine(choice).parseArgs(arguments);
        return choice.applyTo(DEFAULTS);
    }
}
