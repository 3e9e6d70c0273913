package org.bitgrid.cli.ui;

import java.util.Locale;

/** What a piece of work is counted in, and how a speed is written in it. */
public enum ProgressUnit {
    /** Pictures; speeds as {@code 5,432 images/s}. */
    IMAGES {
        @Override
        String speed(double perSecond) {
            return String.format(Locale.ROOT, "%,.0f images/s", perSecond);
        }
    },
    /** Bytes; speeds as {@code 3.4 MB/s}. */
    BYTES {
        @Override
        String speed(double perSecond) {
            return String.format(Locale.ROOT, "%.1f MB/s", perSecond / 1e6);
        }
    };

    abstract String speed(double perSecond);
}
