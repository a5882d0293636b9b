package io.hubwire.cli.learn;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** What a value of the wire means. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = "Take a value apart: topic, user name, SAS token, connection string, packet, answer, error code.",
        footer = {
            "",
            "Nothing is sent anywhere, and keys and signatures are masked. Exit 2 when the value is broken; what is",
            "sound of it is shown, and where it breaks.",
            "Example: hubwire explain 404103",
            "Example: hubwire explain 'devices/d1/messages/events/$.mid=7&alert=true'",
            "Example: echo \"$IOTHUB_DEVICE_CONNECTION_STRING\" | hubwire explain -"
        })
public final class ExplainCommand implements Callable<Integer> {
    private static final int GAP = 2;
    private static final int WIDEST = 44;

    private final CliContext context;

    @Parameters(paramLabel = "VALUE|-", description = "- reads standard input.")
    private String value = "";

    public ExplainCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        Explained explained = new Explainer(context.clock().instant()).explain(context.argumentText(value));
        context.answer(explained.json(), () -> print(explained));
        if (explained.error() != null) {
            context.terminal().note("hubwire: " + explained.error());
            return ExitCode.USAGE.code();
        }
        return ExitCode.DONE.code();
    }

    /** A long piece gets a line of its own, so that meanings stay below each other. */
    private void print(Explained explained) {
        context.terminal().line(explained.kind());
        int width = explained.parts().stream()
                .mapToInt(part -> part.text().length())
                .filter(length -> length <= WIDEST)
                .max()
                .orElse(WIDEST);
        for (Explained.Part part : explained.parts()) {
            if (part.text().length() > width) {
                context.terminal().line("  " + part.text());
                context.terminal().line("  " + " ".repeat(width + GAP) + part.meaning());
            } else {
                context.terminal()
                        .line("  " + part.text()
                                + " ".repeat(width - part.text().length() + GAP) + part.meaning());
            }
        }
    }
}
