package org.bitgrid.cli.ui;

/** Shows on standard error how far a long piece of work has come. */
public interface Progress {

    /**
     * Begins a piece of work.
     *
     * @param title what is done, for example {@code Epoch 1/4}
     * @param total how much there is to do, in {@code unit}; 0 when that is not known
     * @param unit what is counted
     */
    Task start(String title, long total, ProgressUnit unit);

    /** One piece of work under way; closing it ends its line. */
    interface Task extends AutoCloseable {

        /**
         * Reports that more was done.
         *
         * @param amount how much since the last report
         * @param detail a short text to show beside it, such as {@code loss 1.6021}; may be empty
         */
        void advance(long amount, String detail);

        /** Ends the work, finished or not. */
        @Override
        void close();
    }

    /** The form that fits: nothing when quiet, a moving bar on a terminal, otherwise a line per tenth. */
    static Progress of(Terminal terminal, boolean quiet) {
        if (quiet) {
            return new SilentProgress();
        }
        return terminal.interactive() ? new ProgressBar(terminal) : new ProgressLines(terminal);
    }
}
