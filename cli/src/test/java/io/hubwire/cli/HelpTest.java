package io.hubwire.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.GlobalOptions;
import io.hubwire.cli.context.Surroundings;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;

/** Every verb's help, as picocli prints it. */
class HelpTest {
    @ParameterizedTest(name = "{0}")
    @MethodSource("verbs")
    void every_verb_has_a_description_and_an_example_of_itself(String name, CommandLine verb) {
        String help = verb.getUsageMessage();
        assertThat(verb.getCommandSpec().usageMessage().description()).as(name).isNotEmpty();
        assertThat(help).contains("Example: ").containsPattern("hubwire " + name + "\\b");
        assertThat(help.lines()).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(120));
    }

    /** Commands without members, under their whole names. */
    static Stream<Object[]> verbs() {
        Surroundings nothing = new Surroundings(
                InputStream.nullInputStream(),
                new PrintWriter(new StringWriter()),
                new PrintWriter(new StringWriter()),
                Map.of(),
                Path.of("none"),
                OptionalInt.empty());
        CommandLine root = new CommandLine(CommandSpec.create());
        Commands.addTo(root, new CliContext(nothing, new GlobalOptions(), Clock.systemUTC()));
        return members("", root).filter(verb -> !((String) verb[0]).startsWith("bench"));
    }

    private static Stream<Object[]> members(String prefix, CommandLine command) {
        return command.getSubcommands().entrySet().stream().flatMap(member -> {
            String name = prefix + member.getKey();
            return member.getValue().getSubcommands().isEmpty()
                    ? Stream.<Object[]>of(new Object[] {name, member.getValue()})
                    : members(name + " ", member.getValue());
        });
    }
}
