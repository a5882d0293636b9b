package io.hubwire.cli.output;

import me.tongfei.progressbar.DelegatingProgressBarConsumer;
import me.tongfei.progressbar.ProgressBar;
import me.tongfei.progressbar.ProgressBarBuilder;

/** How far long work is, for whoever watches. Closing it leaves the cursor on a line of its own. */
public interface Progress extends AutoCloseable {
    /** For output that nobody watches. */
    Progress NONE = (done, total) -> {};

    /** So much of it is done. Any thread. */
    void at(long done, long total);

    @Override
    default void close() {}

    /** @see Terminal#progress */
    static Progress bar(Terminal terminal, String what, long total, String unit) {
        ProgressBar bar = new ProgressBarBuilder()
                .setTaskName(what)
                .setInitialMax(total)
                .setUnit(" " + unit, 1)
                .setUpdateIntervalMillis(200)
                // one column stays free: a line that fills the terminal would wrap
                .setConsumer(new DelegatingProgressBarConsumer(terminal::redraw, Math.min(terminal.width(), 100) - 2))
                .build();
        return new Progress() {
            @Override
            public void at(long done, long newTotal) {
                bar.maxHint(newTotal);
                bar.stepTo(done);
            }

            @Override
            public void close() {
                bar.close();
                terminal.note("");
            }
        };
    }
}
