package org.bitgrid.cli.ui;

import java.util.Locale;
import java.util.function.LongSupplier;

/** How much of a piece of work is done, how fast it goes, and how long the rest will take at that speed. */
final class Pace {
    private static final double NANOS_PER_SECOND = 1e9;

    private final LongSupplier nanoTime;
    private final long total;
    private final ProgressUnit unit;
    private final long start;
    private long done;

    Pace(LongSupplier nanoTime, long total, ProgressUnit unit) {
        this.nanoTime = nanoTime;
        this.total = total;
        this.unit = unit;
        this.start = nanoTime.getAsLong();
    }

    void advance(long amount) {
        done += amount;
    }

    boolean isComplete() {
        return total > 0 && done >= total;
    }

    /** Whole per cent done, 0 when the total is not known. */
    int percent() {
        return total <= 0 ? 0 : (int) Math.min(100, done * 100 / total);
    }

    double fraction() {
        return total <= 0 ? 0 : Math.min(1.0, (double) done / total);
    }

    private double seconds() {
        return (nanoTime.getAsLong() - start) / NANOS_PER_SECOND;
    }

    private double perSecond() {
        double seconds = seconds();
        return seconds > 0 ? done / seconds : 0;
    }

    /** For example {@code 5,432 images/s, 0:07 left}, or {@code 5,432 images/s, took 0:12} once complete. */
    String describe() {
        String speed = unit.speed(perSecond());
        if (isComplete()) {
            return speed + ", took " + minutes(seconds());
        }
        if (total <= 0 || done == 0) {
            return speed;
        }
        return speed + ", " + minutes((total - done) / perSecond()) + " left";
    }

    /** Minutes and seconds, with hours in front when there are any: {@code 0:07}, {@code 1:02:03}. */
    static String minutes(double seconds) {
        long whole = Double.isFinite(seconds) ? Math.round(seconds) : 0;
        long hours = whole / 3600;
        return hours > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", hours, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
