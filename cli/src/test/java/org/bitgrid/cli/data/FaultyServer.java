package org.bitgrid.cli.data;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** An HTTP server on this machine that serves files, and misbehaves as told. */
final class FaultyServer implements AutoCloseable {
    /** What goes wrong with one answer. */
    enum Fault { NONE, BUSY, REFUSED, STALL_BEFORE, STALL_WITHIN, TRICKLE, CUT_SHORT, SHORTER, WRONG_BYTES, ENDLESS }

    private static final int OK = 200;

    private final HttpServer server;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final Map<String, byte[]> files = new LinkedHashMap<>();
    private final Deque<Fault> faults = new ArrayDeque<>();
    private final AtomicInteger requests = new AtomicInteger();

    FaultyServer() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(threads);
        server.createContext("/", this::answer);
        server.start();
    }

    URI address() {
        return URI.create("http://" + InetAddress.getLoopbackAddress().getHostAddress() + ":"
                + server.getAddress().getPort() + "/");
    }

    FaultyServer serve(String name, byte[] content) {
        files.put("/" + name, content);
        return this;
    }

    /** The next answers have these faults, one each; later ones none. */
    FaultyServer fail(Fault... next) {
        synchronized (faults) {
            faults.addAll(java.util.List.of(next));
        }
        return this;
    }

    int requests() {
        return requests.get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        requests.incrementAndGet();
        Fault fault;
        synchronized (faults) {
            fault = faults.isEmpty() ? Fault.NONE : faults.poll();
        }
        byte[] content = files.get(exchange.getRequestURI().getPath());
        try (exchange) {
            if (content == null) {
                exchange.sendResponseHeaders(404, -1);
                return;
            }
            switch (fault) {
                case NONE -> send(exchange, content.length, content, content.length);
                case BUSY -> exchange.sendResponseHeaders(503, -1);
                case REFUSED -> exchange.sendResponseHeaders(403, -1);
                case STALL_BEFORE -> waitForClose();
                case STALL_WITHIN -> {
                    exchange.sendResponseHeaders(OK, content.length);
                    exchange.getResponseBody().write(content, 0, content.length / 2);
                    exchange.getResponseBody().flush();
                    waitForClose();
                }
                case TRICKLE -> {
                    exchange.sendResponseHeaders(OK, content.length);
                    for (byte each : content) {
                        exchange.getResponseBody().write(each);
                        exchange.getResponseBody().flush();
                        if (closed.await(20, TimeUnit.MILLISECONDS)) {
                            return;
                        }
                    }
                }
                case CUT_SHORT -> send(exchange, content.length, content, content.length / 2);
                case SHORTER -> send(exchange, content.length / 2, content, content.length / 2);
                case WRONG_BYTES -> {
                    byte[] lie = content.clone();
                    lie[lie.length / 2] ^= 1;
                    send(exchange, lie.length, lie, lie.length);
                }
                case ENDLESS -> {
                    exchange.sendResponseHeaders(OK, 0);
                    OutputStream body = exchange.getResponseBody();
                    while (closed.getCount() > 0) {
                        body.write(content);
                    }
                }
                default -> throw new IllegalStateException("unknown fault " + fault);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private static void send(HttpExchange exchange, long announced, byte[] content, int count) throws IOException {
        exchange.sendResponseHeaders(OK, announced);
        exchange.getResponseBody().write(content, 0, count);
        exchange.getResponseBody().flush();
    }

    private void waitForClose() throws InterruptedException {
        closed.await();
    }

    @Override
    public void close() {
        closed.countDown();
        server.stop(0);
        threads.shutdownNow();
    }
}
