package org.bitgrid.cli.data;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.bitgrid.cli.CheckFailedException;
import org.bitgrid.cli.Version;
import org.bitgrid.cli.ui.Progress;
import org.bitgrid.cli.ui.ProgressUnit;
import org.bitgrid.cli.ui.Terminal;

/**
 * Fetches a file over HTTP. The file appears under its name only when it is complete and its SHA-256 sum is right.
 * Every wait has an end; what may pass (stalls, broken transfers, busy servers) is tried again after a growing pause.
 */
final class Downloader {
    private static final int BUFFER_BYTES = 1 << 16;
    private static final int OK = 200;
    private static final int REQUEST_TIMEOUT = 408;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FIRST_SERVER_ERROR = 500;
    /** Names are looked up outside the reach of the connect limit; this much longer may the two take together. */
    private static final long LOOKUP_FACTOR = 2;
    private static final int CONNECTION_ATTEMPTS = 2;

    private final DownloadSettings settings;
    private final Terminal terminal;
    private final Progress progress;

    Downloader(DownloadSettings settings, Terminal terminal, Progress progress) {
        this.settings = settings;
        this.terminal = terminal;
        this.progress = progress;
    }

    /**
     * Fetches {@code address} into {@code target}, whose folder must exist.
     *
     * @param sha256 the sum that the file must have, in hexadecimal
     * @throws NoNetworkException if no connection could be made
     * @throws CheckFailedException if the server answered, but no right file came of it in the attempts allowed
     * @throws IOException if the file cannot be written
     */
    void fetch(URI address, Path target, String sha256) throws IOException {
        Path part = target.resolveSibling(target.getFileName() + "." + ProcessHandle.current().pid() + ".part");
        part.toFile().deleteOnExit(); // For a run that the user breaks off.
        try {
            for (int attempt = 1; ; attempt++) {
                try {
                    attempt(address, part, sha256);
                    Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
                    return;
                } catch (TransferException failure) {
                    String message = "download of " + address + ": " + failure.getMessage();
                    if (!failure.mayPass || attempt == settings.attempts()) {
                        throw new CheckFailedException(message + (failure.mayPass ? "; tried " + attempt + " times" : "")
                                + "; do try again later, or pass a folder with the four files as --data DIR", failure);
                    }
                    terminal.warn(message + "; trying again (" + (attempt + 1) + " of " + settings.attempts() + ")");
                    pause(attempt);
                }
            }
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private void attempt(URI address, Path part, String sha256) throws IOException, TransferException {
        HttpURLConnection connection = connect(address);
        try {
            checkStatus(connection);
            MessageDigest digest = sha256Digest();
            receive(connection, part, digest, address);
            String found = HexFormat.of().formatHex(digest.digest());
            if (!found.equals(sha256)) {
                throw new TransferException("wrong content; got SHA-256 " + found + "; expected " + sha256, true);
            }
        } finally {
            connection.disconnect();
        }
    }

    private HttpURLConnection connect(URI address) throws IOException {
        for (int attempt = 1; ; attempt++) {
            HttpURLConnection connection = (HttpURLConnection) address.toURL().openConnection();
            connection.setConnectTimeout(Math.toIntExact(settings.connectLimit().toMillis()));
            connection.setReadTimeout(Math.toIntExact(settings.readLimit().toMillis()));
            connection.setUseCaches(false);
            connection.setRequestProperty("User-Agent", "bitgrid/" + Version.number());
            try {
                connectWithin(connection, settings.connectLimit().multipliedBy(LOOKUP_FACTOR));
                return connection;
            } catch (IOException failure) {
                if (attempt == CONNECTION_ATTEMPTS) {
                    throw new NoNetworkException("cannot reach " + address.getHost() + ": "
                            + failure.getClass().getSimpleName() + ": " + failure.getMessage(), failure);
                }
                pause(attempt);
            }
        }
    }

    /** Looking up a name knows no time limit of its own, so connecting is watched from outside. */
    private static void connectWithin(HttpURLConnection connection, Duration limit) throws IOException {
        FutureTask<Void> connecting = new FutureTask<>(() -> {
            connection.connect();
            return null;
        });
        Thread thread = new Thread(connecting, "bitgrid-connect");
        thread.setDaemon(true);
        thread.start();
        try {
            connecting.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new SocketTimeoutException("no connection within " + limit.toMillis() + " ms");
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof IOException cause) {
                throw cause;
            }
            throw new IOException(failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while connecting");
        }
    }

    private static void checkStatus(HttpURLConnection connection) throws TransferException {
        int status;
        try {
            status = connection.getResponseCode();
        } catch (IOException failure) {
            throw TransferException.broken(failure, 0);
        }
        if (status != OK) {
            boolean mayPass = status >= FIRST_SERVER_ERROR || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
            throw new TransferException("the server refused; got HTTP status " + status + "; expected " + OK, mayPass);
        }
    }

    private void receive(HttpURLConnection connection, Path part, MessageDigest digest, URI address)
            throws IOException, TransferException {
        long announced = connection.getContentLengthLong();
        if (announced > settings.mostBytes()) {
            throw tooLong(announced);
        }
        String name = address.getPath().substring(address.getPath().lastIndexOf('/') + 1);
        long received = 0;
        byte[] buffer = new byte[BUFFER_BYTES];
        try (OutputStream file = Files.newOutputStream(part);
                OutputStream out = new DigestOutputStream(file, digest);
                Progress.Task task = progress.start(name, Math.max(0, announced), ProgressUnit.BYTES);
                InputStream in = open(connection)) {
            Trickle trickle = new Trickle();
            while (true) {
                int count = read(in, buffer, received);
                if (count < 0) {
                    break;
                }
                received += count;
                if (received > settings.mostBytes()) {
                    throw tooLong(received);
                }
                trickle.check(count, received);
                out.write(buffer, 0, count);
                task.advance(count, "");
            }
        }
        if (announced >= 0 && received != announced) {
            throw new TransferException("broken off; got " + received + " bytes; expected " + announced, true);
        }
    }

    private static InputStream open(HttpURLConnection connection) throws TransferException {
        try {
            return connection.getInputStream();
        } catch (IOException failure) {
            throw TransferException.broken(failure, 0);
        }
    }

    private static int read(InputStream in, byte[] buffer, long received) throws TransferException {
        try {
            return in.read(buffer);
        } catch (IOException failure) {
            throw TransferException.broken(failure, received);
        }
    }

    private TransferException tooLong(long bytes) {
        return new TransferException("too long; got " + bytes + " bytes or more; expected at most "
                + settings.mostBytes(), false);
    }

    private void pause(int attempt) throws IOException {
        try {
            Thread.sleep(settings.firstPause().toMillis() << (attempt - 1));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting to download again");
        }
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    /** Notices a server that sends, but so little at a time that no read ever times out. */
    private final class Trickle {
        private long windowStart = terminal.nanoTime().getAsLong();
        private long windowBytes;

        void check(int count, long received) throws TransferException {
            windowBytes += count;
            if (terminal.nanoTime().getAsLong() - windowStart < settings.readLimit().toNanos()) {
                return;
            }
            if (windowBytes < DownloadSettings.LEAST_BYTES) {
                throw new TransferException("stalled; got " + windowBytes + " bytes in " + settings.readLimit().toMillis()
                        + " ms (" + received + " in all); expected " + DownloadSettings.LEAST_BYTES, true);
            }
            windowStart = terminal.nanoTime().getAsLong();
            windowBytes = 0;
        }
    }

    /** The server was reached, but what it sent is of no use. */
    private static final class TransferException extends Exception {
        private static final long serialVersionUID = 1L;

        private final boolean mayPass;

        TransferException(String message, boolean mayPass) {
            super(message);
            this.mayPass = mayPass;
        }

        static TransferException broken(IOException failure, long received) {
            String what = failure instanceof SocketTimeoutException ? "stalled" : "broken off";
            TransferException exception = new TransferException(what + "; got " + failure.getMessage() + " after "
                    + received + " bytes; expected the whole file", true);
            exception.initCause(failure);
            return exception;
        }
    }
}
