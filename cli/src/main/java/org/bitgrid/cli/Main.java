package org.bitgrid.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import org.bitgrid.cli.bench.BenchCommand;
import org.bitgrid.cli.doctor.DoctorCommand;
import org.bitgrid.cli.export.VerifyExportCommand;
import org.bitgrid.cli.quickstart.QuickstartCommand;
import org.bitgrid.cli.ui.Terminal;
import picocli.CommandLine;

/** Entry point of the {@code bitgrid} command. */
public final class Main {
    private Main() {
    }

    /** Carries out a command line and ends the process with its exit code. */
    public static void main(String[] arguments) {
        System.exit(run(Terminal.ofProcess(), arguments).code());
    }

    /** Carries out a command line; never throws. */
    static ExitCode run(Terminal terminal, String... arguments) {
        boolean debug = Arrays.asList(arguments).contains(BitgridCommand.DEBUG);
        try {
            int code = commandLine(terminal, debug).execute(arguments);
            return ExitCode.values()[code];
        } catch (Throwable thrown) { // Errors as well: the process must end with a line, not a trace.
            return report(terminal, debug, thrown);
        }
    }

    static CommandLine commandLine(Terminal terminal, boolean debug) {
        CommandLine commandLine = new CommandLine(new BitgridCommand())
                .addSubcommand(new QuickstartCommand(terminal))
                .addSubcommand(new VerifyExportCommand(terminal))
                .addSubcommand(new BenchCommand(terminal))
                .addSubcommand(new DoctorCommand(terminal))
                .addSubcommand(new HelpCommand());
        return commandLine
                .setOut(new PrintWriter(terminal.out(), true))
                .setErr(new PrintWriter(terminal.err(), true))
                .setUsageHelpWidth(Math.min(120, Math.max(80, terminal.columns())))
                .setParameterExceptionHandler((fault, words) -> report(terminal, debug, fault).code())
                .setExecutionExceptionHandler((thrown, command, parsed) -> report(terminal, debug, thrown).code());
    }

    private static ExitCode report(Terminal terminal, boolean debug, Throwable thrown) {
        FailureReport report = FailureReport.of(thrown);
        if (debug) {
            thrown.printStackTrace(terminal.err());
        }
        terminal.err().print("error: " + report.message() + '\n');
        terminal.err().flush();
        return report.exitCode();
    }
}
