package org.bitgrid.cli;

import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** {@code bitgrid help [COMMAND]}: shows how a command is used. */
@Command(name = "help", helpCommand = true, description = "Shows how a command is used.")
final class HelpCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Parameters(arity = "0..1", paramLabel = "COMMAND", description = "The command; without one, all are listed.")
    private String command;

    @Override
    public void run() {
        CommandLine bitgrid = spec.parent().commandLine();
        CommandLine shown = command == null ? bitgrid : bitgrid.getSubcommands().get(command);
        if (shown == null) {
            throw new UnmatchedArgumentException(bitgrid, List.of(command));
        }
        shown.usage(bitgrid.getOut());
    }
}
