package org.bitgrid.cli.data;

import java.time.Duration;

/**
 * How patient a download is.
 *
 * @param connectLimit longest wait for a connection
 * @param readLimit longest wait for the next bytes; also the span in which at least {@link #LEAST_BYTES} must come
 * @param attempts how often a file is tried in all
 * @param firstPause wait before the second attempt; doubled before each further one
 * @param mostBytes a longer file is refused
 */
record DownloadSettings(Duration connectLimit, Duration readLimit, int attempts, Duration firstPause, long mostBytes) {
    /** A server that sends less than this within the read limit has stalled, however regular its drops. */
    static final long LEAST_BYTES = 1024;

    /** For the real server. */
    static DownloadSettings usual() {
        return new DownloadSettings(Duration.ofSeconds(5), Duration.ofSeconds(15), 4, Duration.ofMillis(500), 64L << 20);
    }
}
