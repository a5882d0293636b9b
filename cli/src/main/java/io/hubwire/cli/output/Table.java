package io.hubwire.cli.output;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows under headings, columns as wide as their widest cell. Where that is more than the terminal has, the widest columns
 * give way first and their cells end in an ellipsis; the first column, which names the row, gives way last. May be printed in parts: columns keep the widths of the first one.
 */
public final class Table {
    private static final int GAP = 2;
    /** No column gets narrower, even if the line wraps. */
    private static final int LEAST = 4;

    private final List<List<String>> rows = new ArrayList<>();
    private final int columns;
    private int @Nullable [] widths;

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
            row.add((cell == null ? "-" : cell.toString()).replaceAll("\\R", " "));
        }
        rows.add(row);
        return this;
    }

    /** One line a row, of those added since the last call; before the very first one stand the headings. */
    List<String> lines(int terminalWidth) {
        int[] fitting = widths;
        if (fitting == null) {
            fitting = fit(natural(), terminalWidth);
            widths = fitting;
        }
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int c = 0; c < columns; c++) {
                String cell = terminalWidth == Integer.MAX_VALUE ? row.get(c) : cut(row.get(c), fitting[c]);
                line.append(cell).append(" ".repeat(Math.max(0, fitting[c] - cell.length()) + GAP));
            }
            lines.add(line.toString().stripTrailing());
        }
        rows.clear();
        return lines;
    }

    private int[] natural() {
        int[] natural = new int[columns];
        for (List<String> row : rows) {
            for (int c = 0; c < columns; c++) {
                natural[c] = Math.max(natural[c], row.get(c).length());
            }
        }
        return natural;
    }

    /** Takes from the widest column until all fit, or none can give more. */
    private static int[] fit(int[] natural, int terminalWidth) {
        int[] fitting = natural.clone();
        long excess = Arrays.stream(fitting).asLongStream().sum() + (long) GAP * (fitting.length - 1) - terminalWidth;
        for (; excess > 0; excess--) {
            int widest = widestOf(fitting, Math.min(1, fitting.length - 1));
            if (fitting[widest] <= LEAST) {
                widest = 0;
            }
            if (fitting[widest] <= LEAST) {
                break;
            }
            fitting[widest]--;
        }
        return fitting;
    }

    private static int widestOf(int[] widths, int first) {
        int widest = first;
        for (int c = first; c < widths.length; c++) {
            widest = widths[c] >= widths[widest] ? c : widest;
        }
        return widest;
    }

    private static String cut(String cell, int width) {
        return cell.length() <= width ? cell : cell.substring(0, Math.max(0, width - 1)) + "…";
    }
}
