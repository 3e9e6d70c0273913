package org.bitgrid.cli.ui;

/** Shows nothing. */
final class SilentProgress implements Progress {

    @Override
    public Task start(String title, long total, ProgressUnit unit) {
        return new Task() {
            @Override
            public void advance(long amount, String detail) {
                // Quiet means quiet.
            }

            @Override
            public void close() {
                // Nothing was written, nothing ends.
            }
        };
    }
}
