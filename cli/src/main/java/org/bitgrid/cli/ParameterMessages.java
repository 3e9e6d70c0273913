package org.bitgrid.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.OverwrittenOptionException;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.TypeConversionException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Says in one line what is wrong with a command line. */
final class ParameterMessages {
    private ParameterMessages() {
    }

    static String describe(ParameterException fault) {
        CommandSpec command = fault.getCommandLine().getCommandSpec();
        String operation = command.name();
        String help = "bitgrid".equals(operation) ? "bitgrid help" : "bitgrid help " + operation;
        if (fault instanceof UnmatchedArgumentException unmatched) {
            return unknown(operation, command, unmatched.getUnmatched().get(0), help);
        }
        ArgSpec argument = fault.getArgSpec();
        String name = argument == null ? "argument" : name(argument);
        if (fault instanceof MissingParameterException missing) {
            String option = argument == null && !missing.getMissing().isEmpty() ? name(missing.getMissing().get(0)) : name;
            return operation + ": " + option + ": no value; expected one after it; do see " + help;
        }
        if (fault instanceof OverwrittenOptionException) {
            return operation + ": " + name + ": given more than once; expected once; do remove all but one";
        }
        if (fault.getCause() instanceof TypeConversionException conversion) {
            return operation + ": " + name + ": unusable value; got \"" + fault.getValue() + "\"; "
                    + conversion.getMessage() + "; do see " + help;
        }
        return operation + ": " + firstLine(fault.getMessage()) + "; do see " + help;
    }

    private static String unknown(String operation, CommandSpec command, String word, String help) {
        boolean option = word.startsWith("-");
        List<String> known = new ArrayList<>();
        if (option) {
            for (OptionSpec each : command.options()) {
                known.add(each.longestName());
            }
        } else {
            for (CommandLine each : command.subcommands().values()) {
                known.add(each.getCommandName());
            }
        }
        String kind = option ? "unknown option" : known.isEmpty() ? "takes no such argument" : "unknown command";
        List<String> near = NearNames.of(word, known);
        String expected = known.isEmpty() ? "only options"
                : near.isEmpty() ? "one of " + String.join(", ", known)
                : "perhaps " + String.join(" or ", near);
        return operation + ": " + kind + "; got \"" + word + "\"; expected " + expected + "; do see " + help;
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
    }

    private static String firstLine(String message) {
        return message == null ? "wrong use" : message.lines().findFirst().orElse("wrong use");
    }
}
