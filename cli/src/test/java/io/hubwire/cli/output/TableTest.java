package io.hubwire.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Rows under headings, in terminals wide and narrow. */
class TableTest {
    @Test
    void columns_are_as_wide_as_their_widest_cell() {
        Table table = new Table("ID", "N").row("long-name", 1).row("x", null);
        assertThat(table.lines(80)).containsExactly("ID         N", "long-name  1", "x          -");
    }

    @Test
    void the_widest_column_gives_way_and_the_first_one_last() {
        Table table = new Table("ID", "WHAT", "BODY").row("i".repeat(20), "w".repeat(10), "b".repeat(40));
        assertThat(table.lines(46)).allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(46));
        Table again = new Table("ID", "WHAT", "BODY").row("i".repeat(20), "w".repeat(10), "b".repeat(40));
        assertThat(again.lines(46).get(1))
                .isEqualTo("i".repeat(20) + "  " + "w".repeat(10) + "  " + "b".repeat(11) + "…");
        Table narrow = new Table("ID", "BODY").row("i".repeat(20), "b".repeat(40));
        assertThat(narrow.lines(16).get(1)).isEqualTo("i".repeat(9) + "…  bbb…");
    }

    @Test
    void nothing_is_cut_when_nobody_watches() {
        Table table = new Table("ID", "BODY").row("i", "b".repeat(500));
        assertThat(table.lines(Integer.MAX_VALUE).get(1)).endsWith("b".repeat(500));
    }

    @Test
    void a_table_in_parts_keeps_its_widths_and_shows_headings_once() {
        Table table = new Table("ID", "N").row("abc", 1);
        assertThat(table.lines(80)).hasSize(2);
        assertThat(table.row("longer than before", 2).lines(80)).containsExactly("lo…  2");
        assertThat(table.row("longer than before", 2).lines(Integer.MAX_VALUE))
                .containsExactly("longer than before  2");
        assertThat(table.lines(80)).isEmpty();
    }

    @Test
    void line_breaks_become_blanks_and_a_missing_cell_is_a_mistake() {
        assertThat(new Table("A").row("x\ny").lines(80)).containsExactly("A", "x y");
        assertThatThrownBy(() -> new Table("A", "B").row("x")).isInstanceOf(IllegalArgumentException.class);
    }
}
