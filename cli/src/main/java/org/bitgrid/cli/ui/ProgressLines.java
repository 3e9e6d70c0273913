package org.bitgrid.cli.ui;

/** A line whenever another tenth is done: for log files and pipes. */
final class ProgressLines implements Progress {
    private static final int STEP_PERCENT = 10;

    private final Terminal terminal;

    ProgressLines(Terminal terminal) {
        this.terminal = terminal;
    }

    @Override
    public Task start(String title, long total, ProgressUnit unit) {
        Pace pace = new Pace(terminal.nanoTime(), total, unit);
        return new Task() {
            private int shownTenth;

            @Override
            public void advance(long amount, String detail) {
                pace.advance(amount);
                int tenth = pace.percent() / STEP_PERCENT;
                if (tenth > shownTenth) {
                    shownTenth = tenth;
                    terminal.err().print(title + ": " + tenth * STEP_PERCENT + " %, "
                            + (detail.isEmpty() ? "" : detail + ", ") + pace.describe() + '\n');
                    terminal.err().flush();
                }
            }

            @Override
            public void close() {
                // The line at 100 % was the last; work broken off is told by the error that follows.
            }
        };
    }
}
