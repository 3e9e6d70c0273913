package org.bitgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.bitgrid.cli.ui.RecordingTerminal;
import org.junit.jupiter.api.Test;

class MainTest {
    private final RecordingTerminal recording = RecordingTerminal.plain();

    private ExitCode run(String... arguments) {
        return Main.run(recording.terminal(), arguments);
    }

    private void assertOneLine(String expected) {
        assertThat(recording.err()).isEqualTo("error: " + expected + "\n");
        assertThat(recording.out()).isEmpty();
    }

    @Test
    void versionGoesToStandardOutput() {
        assertThat(run("--version")).isEqualTo(ExitCode.DONE);
        assertThat(recording.out()).matches("bitgrid \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
        assertThat(recording.err()).isEmpty();
    }

    @Test
    void helpListsTheCommandsAndTheExitCodes() {
        assertThat(run("help")).isEqualTo(ExitCode.DONE);
        assertThat(recording.out()).contains("doctor", "help", "Exit codes: 0 done, 1 a check failed, 2 wrong use");
        assertThat(recording.err()).isEmpty();
    }

    @Test
    void helpShowsOneCommand() {
        assertThat(run("help", "doctor")).isEqualTo(ExitCode.DONE);
        assertThat(recording.out()).contains("Usage: bitgrid doctor", "--json");
    }

    @Test
    void helpOfAnUnknownCommandNamesNearOnes() {
        assertThat(run("help", "docter")).isEqualTo(ExitCode.WRONG_USE);
        assertOneLine("bitgrid: unknown command; got \"docter\"; expected perhaps doctor; do see bitgrid help");
    }

    @Test
    void noCommandIsWrongUse() {
        assertThat(run()).isEqualTo(ExitCode.WRONG_USE);
        assertOneLine("bitgrid: no command; expected quickstart, verify-export, bench, doctor or help; do see bitgrid help");
    }

    @Test
    void anUnknownCommandNamesNearOnes() {
        assertThat(run("dcotor")).isEqualTo(ExitCode.WRONG_USE);
        assertOneLine("bitgrid: unknown command; got \"dcotor\"; expected perhaps doctor; do see bitgrid help");
    }

    @Test
    void anUnknownOptionNamesNearOnes() {
        assertThat(run("doctor", "--jsno", "x")).isEqualTo(ExitCode.WRONG_USE);
        assertOneLine("doctor: unknown option; got \"--jsno\"; expected perhaps --json; do see bitgrid help doctor");
    }

    @Test
    void aWordTooManyIsWrongUse() {
        assertThat(run("doctor", "now")).isEqualTo(ExitCode.WRONG_USE);
        assertOneLine("doctor: takes no such argument; got \"now\"; expected only options; do see bitgrid help doctor");
    }

    @Test
    void anOptionWithoutItsValueIsWrongUse() {
        assertThat(run("doctor", "--json")).isEqualTo(ExitCode.WRONG_USE);
        assertOneLine("doctor: --json: no value; expected one after it; do see bitgrid help doctor");
    }

    @Test
    void debugShowsWhereAnErrorArose() {
        assertThat(run("doctor", "--frobnicate", "--debug")).isEqualTo(ExitCode.WRONG_USE);
        assertThat(recording.err()).contains("\tat ", "error: doctor: unknown option");
    }
}
