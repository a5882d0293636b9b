package io.hubwire.cli;

import io.hubwire.cli.context.CliContext;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Completion of commands and options by the tabulator key. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a script that teaches a shell to complete hubwire's commands and options.",
        footer = {
            "",
            "Example: source <(hubwire completion bash)     in ~/.bashrc",
            "Example: source <(hubwire completion zsh)      in ~/.zshrc, after compinit"
        })
final class CompletionCommand implements Callable<Integer> {
    /** Shells that understand the script. */
    enum Shell {
        bash,
        zsh
    }

    private final CliContext context;

    @Parameters(paramLabel = "bash|zsh")
    private Shell shell = Shell.bash;

    @Spec
    private CommandSpec spec = CommandSpec.create();

    CompletionCommand(CliContext context) {
        this.context = context;
    }

    @Override
    public Integer call() {
        String script = AutoComplete.bash("hubwire", spec.root().commandLine());
        // zsh reads the same script by its own emulation, which the script itself would load too late for 'source <(…)'
        String before = shell == Shell.zsh ? "autoload -U +X bashcompinit && bashcompinit\n" : "";
        context.terminal().line(before + script.strip());
        return 0;
    }
}
