package org.bitgrid.cli.ui;

import java.util.Locale;

/** One moving line on a terminal, drawn at most ten times a second. */
final class ProgressBar implements Progress {
    private static final long NANOS_BETWEEN_DRAWINGS = 100_000_000L;
    private static final int WIDEST_BAR = 30;
    private static final int NARROWEST_BAR = 5;

    private final Terminal terminal;

    ProgressBar(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Task start(String title, long total, ProgressUnit unit) {
        return new Bar(title, new Pace(terminal.nanoTime(), total, unit));
    }

    private final class Bar implements Task {
        private final String title;
        private final Pace pace;
        private String detail = "";
        private long lastDrawing;
        private int drawnWidth;
        private boolean closed;

        Bar(String title, Pace pace) {
            this.title = title;
            this.pace = pace;
            draw();
        }

        @Override
        public void advance(long amount, String newDetail) {
            pace.advance(amount);
            detail = newDetail;
            if (terminal.nanoTime().getAsLong() - lastDrawing >= NANOS_BETWEEN_DRAWINGS) {
                draw();
            }
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                draw();
                terminal.err().print('\n');
                terminal.err().flush();
            }
        }

        private void draw() {
            lastDrawing = terminal.nanoTime().getAsLong();
            String text = line();
            // The rest of a longer earlier drawing is overwritten with blanks: works on terminals without escapes too.
            String blanks = " ".repeat(Math.max(0, drawnWidth - text.length()));
            terminal.err().print('\r' + text + blanks);
            terminal.err().flush();
            drawnWidth = text.length();
        }

        private String line() {
            String before = String.format(Locale.ROOT, "%s %3d %% ", title, pace.percent());
            String after = (detail.isEmpty() ? " " : " " + detail + ", ") + pace.describe();
            // The last column stays free: writing there makes many terminals begin a new line.
            int room = terminal.columns() - 1 - before.length() - after.length() - 2;
            int width = Math.min(WIDEST_BAR, room);
            String line = width < NARROWEST_BAR ? before.stripTrailing() + after : before + bar(width) + after;
            return line.length() < terminal.columns() ? line : line.substring(0, terminal.columns() - 1);
        }

        private String bar(int width) {
            int filled = (int) (pace.fraction() * width);
            return '[' + "#".repeat(filled) + "-".repeat(width - filled) + ']';
        }
    }
}
