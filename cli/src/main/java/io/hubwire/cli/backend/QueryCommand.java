package io.hubwire.cli.backend;

import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.service.PageRequest;
import io.hubwire.service.ServiceClient;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The query language over twins, modules and jobs. */
@Command(
        name = "query",
        mixinStandardHelpOptions = true,
        description = "Query twins, module twins and jobs.",
        footer = {
            "",
            "Pages are fetched as they are printed, so 'hubwire query … | head' reads no more than it shows.",
            "Example: hubwire query \"SELECT deviceId, tags.building FROM devices WHERE status = 'enabled'\"",
            "Example: hubwire query \"SELECT * FROM devices.modules\" --page-size 100 -o json"
        })
public final class QueryCommand implements Callable<Integer> {
    private final CliContext context;

    @Parameters(paramLabel = "\"SELECT …\"|-", description = "- reads standard input.")
    private String query = "";

    @Option(
            names = "--page-size",
            paramLabel = "N",
            description = "Rows a request asks for, 1 to 1000. Default: the hub's choice.")
    private @Nullable Integer pageSize;

    public QueryCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String text = context.argumentText(query).strip();
        PageRequest first = pageSize == null ? PageRequest.first() : PageRequest.first(pageSize);
        try (ServiceClient service = context.clients().service()) {
            RowTable table = new RowTable(context.terminal());
            service.queries()
                    .blocking()
                    .pages(text, first)
                    .takeWhile(page -> !context.terminal().readerGone())
                    .forEach(page -> {
                        if (context.json()) {
                            page.items().forEach(context.terminal()::jsonLine);
                        } else {
                            table.print(page);
                        }
                    });
            return ExitCode.DONE.code();
        }
    }
}
