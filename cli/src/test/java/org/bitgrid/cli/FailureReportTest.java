package org.bitgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

class FailureReportTest {

    private record Case(Throwable thrown, ExitCode exitCode, String message) {
    }

    @TestFactory
    Stream<DynamicTest> everyKindOfFailureHasItsExitCode() {
        return Stream.of(
                new Case(new UsageException("a: b"), ExitCode.WRONG_USE, "a: b"),
                new Case(new CheckFailedException("a: b"), ExitCode.CHECK_FAILED, "a: b"),
                new Case(new NoSuchFileException("x"), ExitCode.WRONG_USE, "file: x: does not exist; "),
                new Case(new AccessDeniedException("x"), ExitCode.WRONG_USE, "file: x: access denied; "),
                new Case(new NotDirectoryException("x"), ExitCode.WRONG_USE, "file: x: is not a folder; "),
                new Case(new FileSystemException("x", null, "Disk quota exceeded"), ExitCode.WRONG_USE,
                        "file: x: Disk quota exceeded; "),
                new Case(new IOException("No space left"), ExitCode.INTERNAL_ERROR, "input/output: No space left"),
                new Case(new IllegalStateException("odd"), ExitCode.INTERNAL_ERROR,
                        "odd (IllegalStateException; an error inside Bitgrid: add --debug"),
                new Case(new NullPointerException(), ExitCode.INTERNAL_ERROR, "NullPointerException (Null"),
                new Case(new OutOfMemoryError("Java heap space"), ExitCode.INTERNAL_ERROR, "memory: the heap of "))
                .map(each -> dynamicTest(each.thrown().toString(), () -> {
                    FailureReport report = FailureReport.of(each.thrown());
                    assertThat(report.exitCode()).isEqualTo(each.exitCode());
                    assertThat(report.message()).startsWith(each.message());
                }));
    }

    @TestFactory
    Stream<DynamicTest> theMessageIsOneLine() {
        return Stream.of("two\nlines", "two\r\n   lines", "two  \n\n lines\n")
                .map(text -> dynamicTest(text.replaceAll("\\R", "|"), () ->
                        assertThat(FailureReport.of(new UsageException(text)).message()).isEqualTo("two | lines")));
    }
}
