package io.hubwire.cli.output;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Rows under headings, columns as wide as their widest cell; the last one is cut to fit the terminal. */
public final class Table {
    private static final int DEFAULT_WIDTH = 120;

    private final List<List<String>> rows = new ArrayList<>();
    private final int columns;

    public Table(String... headings) {
        this.columns = headings.length;
        rows.add(List.of(headings));
    }

    /** Absent cells show as a dash. @throws IllegalArgumentException when the number of cells differs from that of the headings */
    public Table row(@Nullable Object... cells) {
        if (cells.length != columns) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns + " columns");
        }
        List<String> row = new ArrayList<>();
        for (@Nullable Object cell : cells) {
            row.add((cell == null ? "-" : cell.toString()).replace('\n', ' '));
        }
        rows.add(row);
        return this;
    }

    /** One line a row. */
    public List<String> lines() {
        return lines(DEFAULT_WIDTH);
    }

    List<String> lines(int terminalWidth) {
        int[] widths = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                widths[c] = Math.max(widths[c], row.get(c).length());
            }
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String cell = row.get(c);
                boolean last = c == columns - 1;
                line.append(cell);
                if (!last) {
                    line.append(" ".repeat(widths[c] - cell.length() + 2));
                }
            }
            String text = line.toString().stripTrailing();
            lines.add(text.length() > terminalWidth ? text.substring(0, terminalWidth - 1) + "…" : text);
        }
        return lines;
    }
}
