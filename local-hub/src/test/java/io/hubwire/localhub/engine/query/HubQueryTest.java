package io.hubwire.localhub.engine.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The query language, asked of single documents. */
class HubQueryTest {
    private static final ObjectNode TWIN =
            json("{'deviceId':'d1','status':'enabled','connectionState':'Connected','capabilities':{'iotEdge':true},"
                    + "'tags':{'building':'43','floor':2,'group':'a','my key':1,'none':null,'list':[1,2]},"
                    + "'properties':{'desired':{'$version':7},"
                    + "'reported':{'battery':19.5,'big':4503599627370495,'on':true,'nested':{'from':{'x':0}}}}}");

    private static ObjectNode json(String text) {
        return Json.parseObject("test", text.replace('\'', '"'));
    }

    /** t: passes. f: does not. u: does not, and neither does its negation: it is undefined. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "deviceId = 'd1' | t",
                "deviceId = \"d1\" | t",
                "DEVICEID = 'd1' | t",
                "deviceId = 'D1' | f",
                "tags.Building = '43' | u",
                "tags.building = '43' | t",
                "tags.building = 43 | f",
                "tags.building != 43 | t",
                "tags.building <> '43' | f",
                "tags.floor = 2.0 | t",
                "tags.floor = 0x2 | t",
                "tags.floor > 1 | t",
                "tags.floor >= 2 and tags.floor <= 2 | t",
                "tags.floor < 2 | f",
                "tags.floor < '3' | u",
                "tags.building < '5' | t",
                "tags.missing = 1 | u",
                "tags.missing != 1 | u",
                "tags.missing = undefined | u",
                "tags.none = null | t",
                "tags.none != null | f",
                "tags.building != null | t",
                "tags.list = 1 | u",
                "tags.list | u",
                "tags.building | u",
                "properties.reported.on | t",
                "NOT properties.reported.on | f",
                "properties.reported.on = true | t",
                "properties.reported.battery < 20 | t",
                "properties.reported.battery + 0.5 = 20 | t",
                "properties.reported.big + 1 = 4503599627370496 | t",
                "0.1 + 0.2 = 0.3 | t",
                "2 + 3 * 4 = 14 | t",
                "(2 + 3) * 4 = 20 | t",
                "10 - 3 - 2 = 5 | t",
                "100 / 10 / 2 = 5 | t",
                "7 % 4 = 3 | t",
                "-tags.floor = -2 | t",
                "- -2 = 2 | t",
                "1 / 0 = 1 | u",
                "'a' + 'b' = 'ab' | u",
                "1e3 = 1000 | t",
                "capabilities.iotEdge = true | t",
                "connectionState = 'Connected' | t",
                "properties.desired.$version = 7 | t",
                "properties.reported.nested.from.x = 0 | t",
                "tags.group = 'a' | t",
                "tags.[[my key]] = 1 | t",
                "devices.deviceId = 'd1' | t",
                "deviceId IN ['d0', 'd1'] | t",
                "deviceId NIN ['d0', 'd1'] | f",
                "deviceId IN [] | f",
                "tags.floor in [1, 2.0, -3] | t",
                "tags.missing IN ['x'] | u",
                "tags.missing NIN ['x'] | u",
                "NOT deviceId = 'd1' | f",
                "NOT NOT deviceId = 'd1' | t",
                "false AND tags.missing = 1 | f",
                "true AND tags.missing = 1 | u",
                "true OR tags.missing = 1 | t",
                "false OR tags.missing = 1 | u",
                "false OR false OR true | t",
                "true OR true AND false | t",
                "(true OR true) AND false | f",
                "NOT false AND false | f",
                "IS_DEFINED(tags.building) | t",
                "is_defined(tags.none) | t",
                "IS_DEFINED(tags.missing) | f",
                "NOT IS_DEFINED(tags.building.deeper) | t",
                "deviceId = '\\u0064\\x31' | E",
                "deviceId = '\\u0064' OR deviceId = 'd\\u0031' | t",
                "'it\\'s' = \"it's\" | t"
            })
    void conditions_of_a_twin(String condition, String outcome) {
        if (outcome.equals("E")) {
            assertThatThrownBy(() -> TargetCondition.parse(condition)).isInstanceOf(QueryException.class);
            return;
        }
        assertThat(TargetCondition.parse(condition).matches(TWIN)).isEqualTo(outcome.equals("t"));
        assertThat(TargetCondition.parse("NOT (" + condition + ")").matches(TWIN))
                .isEqualTo(outcome.equals("f"));
        HubQuery query = HubQuery.parse("SELECT * FROM devices WHERE " + condition);
        assertThat(query.matches(TWIN)).isEqualTo(outcome.equals("t"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELECT DeviceId, ConnectionState FROM devices | {'deviceId':'d1','connectionState':'Connected'} | Raw",
                "select deviceId as id, tags.building from devices | {'id':'d1','building':'43'} | Raw",
                "SELECT tags.floor AS top FROM devices | {'top':2} | Raw",
                "SELECT tags.missing, deviceId FROM devices | {'deviceId':'d1'} | Raw",
                "SELECT tags.none FROM devices | {'none':null} | Raw",
                "SELECT tags.[[my key]] AS [[a b]] FROM devices | {'a b':1} | Raw",
                "SELECT capabilities FROM devices.modules | {'capabilities':{'iotEdge':true}} | Raw"
            })
    void rows_of_chosen_columns(String text, String row, String itemType) {
        HubQuery query = HubQuery.parse(text);

        assertThat(query.row(TWIN)).isEqualTo(json(row));
        assertThat(query.itemType()).isEqualTo(itemType);
    }

    @ParameterizedTest
    @CsvSource({
        "SELECT * FROM devices, DEVICES, Twin",
        "SELECT * FROM devices.modules, MODULES, Twin",
        "SELECT * FROM devices.jobs, JOBS, DeviceJob"
    })
    void everything_is_the_document_itself(String text, Source source, String itemType) {
        HubQuery query = HubQuery.parse(text);

        assertThat(query.row(TWIN)).isEqualTo(TWIN);
        assertThat(query.source()).isEqualTo(source);
        assertThat(query.itemType()).isEqualTo(itemType);
        assertThat(query.top()).isEmpty();
    }

    @Test
    void top_is_how_many_rows_at_most() {
        assertThat(HubQuery.parse("SELECT TOP 10 * FROM devices").top()).hasValue(10);
        assertThat(HubQuery.parse("SELECT top 0 deviceId FROM devices").top()).hasValue(0);
    }

    private static List<ObjectNode> aggregate(String text, String... documents) {
        HubQuery query = HubQuery.parse(text);
        assertThat(query.isAggregate()).isTrue();
        Aggregation aggregation = query.aggregation();
        Stream.of(documents).map(HubQueryTest::json).filter(query::matches).forEach(aggregation::add);
        return aggregation.rows().stream().map(row -> json(Json.write(row))).toList();
    }

    @Test
    void counts_each_group_in_the_order_of_its_first_member() {
        assertThat(aggregate(
                        "SELECT tags.s AS status, COUNT() AS numberOfDevices FROM devices GROUP BY tags.s",
                        "{'tags':{'s':'ok'}}",
                        "{'tags':{'s':'bad'}}",
                        "{'tags':{}}",
                        "{'tags':{'s':'ok'}}"))
                .containsExactly(
                        json("{'status':'ok','numberOfDevices':2}"),
                        json("{'status':'bad','numberOfDevices':1}"),
                        json("{'numberOfDevices':1}"));
    }

    @Test
    void one_and_one_point_zero_are_one_group() {
        assertThat(aggregate("SELECT COUNT() AS n FROM devices GROUP BY v", "{'v':1}", "{'v':1.0}", "{'v':'1'}"))
                .containsExactly(json("{'n':2}"), json("{'n':1}"));
    }

    @Test
    void sums_of_numbers_leave_out_what_is_none() {
        assertThat(aggregate(
                        "SELECT SUM(v) AS s, AVG(v) AS a, MIN(v) AS lo, MAX(v) AS hi, COUNT() FROM devices",
                        "{'v':1}",
                        "{'v':2.5}",
                        "{'v':'7'}",
                        "{}"))
                .containsExactly(json("{'s':3.5,'a':1.75,'lo':1,'hi':2.5,'count':4}"));
    }

    @Test
    void an_aggregate_over_nothing_is_one_row_without_group_by_and_none_with_it() {
        assertThat(aggregate("SELECT COUNT() AS n, MAX(v) AS hi FROM devices")).containsExactly(json("{'n':0}"));
        assertThat(aggregate("SELECT COUNT() AS n FROM devices GROUP BY v")).isEmpty();
    }

    /** Column and words of the complaint. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "SELEKT * FROM devices | 1 | found [SELEKT]; expected SELECT",
                "SELECT | 7 | found the end; expected",
                "SELECT * | 9 | found the end; expected FROM",
                "SELECT * FROM twins | 15 | found [twins]; expected DEVICES",
                "SELECT * FROM devices.things | 23 | found [things]; expected JOBS or MODULES",
                "SELECT * FROM devices WHERE | 28 | found the end; expected a property or a constant",
                "SELECT * FROM devices WHERE a = | 32 | expected a property or a constant",
                "SELECT * FROM devices WHERE a = 1 1 | 35 | found [1]",
                "SELECT * FROM devices WHERE a IN 'x' | 34 | found ['x']; expected '['",
                "SELECT * FROM devices WHERE a IN ['x' | 38 | found the end; expected ',' or ']'",
                "SELECT * FROM devices WHERE a. = 1 | 32 | found [=]; expected a name",
                "SELECT * FROM devices WHERE a = 'x | 33 | found ['",
                "SELECT * FROM devices WHERE a = 1; | 34 | found [;]",
                "SELECT * FROM devices WHERE a == 1 | 32 | found [=]",
                "SELECT * FROM devices WHERE STARTS_WITH(a, 'x') | 29 | function of message routes",
                "SELECT * FROM devices WHERE ABS(a) = 1 | 29 | function of message routes",
                "SELECT * FROM devices WHERE COUNT() = 1 | 29 | between SELECT and FROM only",
                "SELECT * FROM devices WHERE FOO(a) | 29 | is no function",
                "SELECT * FROM devices WHERE IS_DEFINED(1) | 29 | takes one property",
                "SELECT * FROM devices WHERE IS_DEFINED(a, b) | 29 | takes one property",
                "SELECT deviceId, COUNT() FROM devices | 8 | beside an aggregate",
                "SELECT deviceId, COUNT() FROM devices GROUP BY status | 8 | not what is grouped by",
                "SELECT deviceId FROM devices GROUP BY deviceId | 30 | GROUP BY needs COUNT",
                "SELECT SUM() FROM devices | 12 | SUM needs a property",
                "SELECT COUNT(a) FROM devices | 14 | COUNT() takes nothing",
                "SELECT FOO(a) FROM devices | 8 | is none of COUNT",
                "SELECT tags.a.x, tags.b.x FROM devices | 18 | there is a column [x] already",
                "SELECT deviceId FROM devices.jobs | 8 | devices.jobs knows SELECT * only",
                "SELECT COUNT() FROM devices.jobs | 8 | devices.jobs knows SELECT * only",
                "SELECT * FROM devices.jobs WHERE tags.a = 1 | 34 | no property of devices.jobs",
                "SELECT TOP 99999999999 * FROM devices | 12 | must be at most",
                "SELECT * FROM devices WHERE a = 1e99999999999 | 33 | too large"
            })
    void what_is_wrong_is_told_with_its_place(String text, int column, String words) {
        assertThatThrownBy(() -> HubQuery.parse(text)).isInstanceOfSatisfying(QueryException.class, e -> {
            assertThat(e).hasMessageContaining(words);
            assertThat(e.line()).isEqualTo(1);
            assertThat(e.column()).isEqualTo(column);
        });
    }

    @Test
    void lines_are_counted() {
        assertThatThrownBy(() -> HubQuery.parse("SELECT *\nFROM devices\n  WHERE ="))
                .hasMessageStartingWith("Invalid query at line 3, column 9: found [=]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "NOT ", "-", "["})
    void nesting_without_end_is_refused_and_not_a_stack_overflow(String opening) {
        String condition = opening.repeat(3_000 / opening.length());

        assertThatThrownBy(() -> TargetCondition.parse(condition + "1"))
                .isInstanceOf(QueryException.class)
                .hasMessageContaining("nested too deeply");
    }

    @Test
    void long_chains_are_no_nesting() {
        String condition = "deviceId = 'x'" + " OR deviceId = 'd1'".repeat(400);
        assertThat(TargetCondition.parse(condition).matches(TWIN)).isTrue();
        assertThat(TargetCondition.parse("1" + "+1".repeat(4_000) + " = 4001").matches(TWIN))
                .isTrue();
        assertThatThrownBy(() -> TargetCondition.parse("x".repeat(8_193))).hasMessageContaining("at most 8192");
    }

    @Test
    void a_target_is_a_condition_or_everything_or_names_its_collection() {
        assertThat(TargetCondition.parse("*").matches(TWIN)).isTrue();
        assertThat(TargetCondition.parse("*").source()).isEqualTo(Source.DEVICES);
        assertThat(TargetCondition.parse("FROM devices.modules").source()).isEqualTo(Source.MODULES);
        TargetCondition modules = TargetCondition.parse("from devices.modules where devices.modules.moduleId = 'm'");
        assertThat(modules.source()).isEqualTo(Source.MODULES);
        assertThat(modules.matches(json("{'moduleId':'m'}"))).isTrue();
        assertThatThrownBy(() -> TargetCondition.parse("FROM devices.jobs")).isInstanceOf(QueryException.class);
        assertThatThrownBy(() -> TargetCondition.parse(" ")).isInstanceOf(QueryException.class);
    }

    @Test
    void rows_of_jobs_are_found_by_the_names_of_the_documentation() {
        JsonNode row = json(
                "{'jobId':'j','createdDateTimeUtc':'2024-01-01','outcome':{'deviceMethodResponse':{'status':200}}}");

        assertThat(HubQuery.parse("SELECT * FROM devices.jobs WHERE devices.jobs.jobId = 'j'")
                        .matches(row))
                .isTrue();
        assertThat(HubQuery.parse("SELECT * FROM devices.jobs WHERE devices.jobs.createdTimeUtc > '2023'")
                        .matches(row))
                .isTrue();
        assertThat(HubQuery.parse("SELECT * FROM devices.jobs WHERE outcome.deviceMethodResponse.status = 200")
                        .matches(row))
                .isTrue();
    }
}
