package org.bitgrid.cli.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.Stream;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.cli.data.FaultyServer.Fault;
import org.bitgrid.cli.ui.Progress;
import org.bitgrid.cli.ui.RecordingTerminal;
import org.bitgrid.cli.ui.Terminal;
import org.bitgrid.tensor.Rng;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Downloads from a server on this machine that stalls, truncates and lies. */
@Timeout(60)
class DownloaderTest {
    private static final DownloadSettings IMPATIENT = new DownloadSettings(Duration.ofMillis(500), Duration.ofMillis(300),
            3, Duration.ofMillis(5), 1 << 20);
    private static final byte[] CONTENT = content();

    @TempDir
    private Path folder;
    private final RecordingTerminal recording = RecordingTerminal.plain();

    private static byte[] content() {
        byte[] bytes = new byte[100_000];
        Rng rng = new Rng(7);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) rng.nextInt(256);
        }
        return bytes;
    }

    static String sha256(byte[] bytes) throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private void fetch(URI server, Path target) throws Exception {
        // The real clock: a trickle is told from a slow line by the time it takes.
        Terminal fixed = recording.terminal();
        Terminal terminal = new Terminal(fixed.out(), fixed.err(), false, 80, fixed.clock(), System::nanoTime);
        new Downloader(IMPATIENT, terminal, Progress.of(terminal, false)).fetch(server.resolve("file.gz"), target,
                sha256(CONTENT));
    }

    @TestFactory
    Stream<DynamicTest> whatMayPassIsTriedAgain() {
        return Stream.of(Fault.NONE, Fault.BUSY, Fault.STALL_BEFORE, Fault.STALL_WITHIN, Fault.TRICKLE, Fault.CUT_SHORT,
                Fault.SHORTER, Fault.WRONG_BYTES).map(fault -> dynamicTest(fault.name(), () -> {
                    Path target = Files.createTempDirectory(folder, "cache").resolve("file.gz");
                    try (FaultyServer server = new FaultyServer().serve("file.gz", CONTENT).fail(fault)) {
                        fetch(server.address(), target);
                        assertThat(server.requests()).isEqualTo(fault == Fault.NONE ? 1 : 2);
                    }
                    assertThat(target).hasBinaryContent(CONTENT);
                    assertThat(target.getParent()).isDirectoryNotContaining(path -> !path.equals(target));
                    if (fault != Fault.NONE) {
                        assertThat(recording.err()).contains("trying again (2 of 3)");
                    }
                    assertThat(recording.err()).contains("file.gz: 100 %");
                }));
    }

    @TestFactory
    Stream<DynamicTest> whatStaysIsAnErrorAndLeavesNothing() {
        Map<Fault, String> messages = Map.of(
                Fault.STALL_WITHIN, "stalled; got Read timed out after",
                Fault.TRICKLE, "stalled; got ",
                Fault.CUT_SHORT, "broken off; got ",
                Fault.WRONG_BYTES, "wrong content; got SHA-256 ",
                Fault.BUSY, "the server refused; got HTTP status 503; expected 200");
        return messages.entrySet().stream().map(entry -> dynamicTest(entry.getKey().name(), () -> {
            Fault fault = entry.getKey();
            Path target = Files.createTempDirectory(folder, "cache").resolve("file.gz");
            try (FaultyServer server = new FaultyServer().serve("file.gz", CONTENT).fail(fault, fault, fault)) {
                assertThatThrownBy(() -> fetch(server.address(), target)).isInstanceOf(CheckFailedException.class)
                        .hasMessageStartingWith("download of " + server.address() + "file.gz: ")
                        .hasMessageContaining(entry.getValue())
                        .hasMessageContaining("; tried 3 times; do try again later, or pass a folder");
                assertThat(server.requests()).isEqualTo(3);
            }
            assertThat(target.getParent()).isEmptyDirectory();
        }));
    }

    @TestFactory
    Stream<DynamicTest> whatCannotPassIsNotTriedAgain() {
        return Map.of(Fault.REFUSED, "got HTTP status 403", Fault.ENDLESS, "too long; got ").entrySet().stream()
                .map(entry -> dynamicTest(entry.getKey().name(), () -> {
                    Path target = Files.createTempDirectory(folder, "cache").resolve("file.gz");
                    try (FaultyServer server = new FaultyServer().serve("file.gz", CONTENT).fail(entry.getKey())) {
                        assertThatThrownBy(() -> fetch(server.address(), target))
                                .isInstanceOf(CheckFailedException.class).hasMessageContaining(entry.getValue());
                        assertThat(server.requests()).isEqualTo(1);
                    }
                    assertThat(target.getParent()).isEmptyDirectory();
                }));
    }

    @Test
    void anUnknownHostOrAClosedPortIsNoNetwork() throws Exception {
        int closedPort;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            closedPort = socket.getLocalPort();
        }
        for (String server : new String[] {"http://nobody.invalid/", "http://127.0.0.1:" + closedPort + "/"}) {
            assertThatThrownBy(() -> fetch(URI.create(server), folder.resolve("file.gz")))
                    .isInstanceOf(NoNetworkException.class).hasMessageStartingWith("cannot reach ");
        }
        assertThat(folder).isEmptyDirectory();
    }
}
