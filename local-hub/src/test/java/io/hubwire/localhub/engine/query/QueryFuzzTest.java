package io.hubwire.localhub.engine.query;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.json.Json;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class QueryFuzzTest {
    private static final ObjectNode TWIN = Json.parseObject(
            "twin",
            "{\"deviceId\":\"dev1\",\"status\":\"enabled\",\"version\":3,\"tags\":{\"floor\":2,\"list\":[1,\"a\",null],"
                    + "\"odd name\":true},\"properties\":{\"desired\":{\"a\":{\"b\":1.5}},\"reported\":{}}}");

    @MethodSource("queries")
    @FuzzTest(maxDuration = "1m")
    void any_query_is_answered_or_refused_with_its_place(byte[] utf8) {
        HubQuery query;
        try {
            query = HubQuery.parse(new String(utf8, UTF_8));
        } catch (QueryException refused) {
            assertThat(refused.line()).isPositive();
            assertThat(refused.column()).isPositive();
            return;
        }
        if (query.isAggregate()) {
            Aggregation all = query.aggregation();
            all.add(TWIN.deepCopy());
            all.add(Json.object());
            assertThat(all.rows()).isNotEmpty();
        } else {
            assertThat(query.row(TWIN.deepCopy())).isNotNull();
            assertThat(query.row(Json.object())).isNotNull();
        }
        assertThat(query.matches(TWIN)).isEqualTo(query.matches(TWIN));
        assertThat(query.itemType()).isNotEmpty();
    }

    @MethodSource("conditions")
    @FuzzTest(maxDuration = "1m")
    void any_condition_is_met_or_not_or_refused_with_its_place(byte[] utf8) {
        try {
            TargetCondition condition = TargetCondition.parse(new String(utf8, UTF_8));
            assertThat(condition.matches(TWIN)).isEqualTo(condition.matches(TWIN));
            condition.matches(Json.object());
            assertThat(condition.source()).isNotEqualTo(Source.JOBS);
        } catch (QueryException refused) {
            assertThat(refused.line()).isPositive();
            assertThat(refused.column()).isPositive();
        }
    }

    static Stream<byte[]> queries() {
        return texts(
                "SELECT * FROM devices",
                "SELECT TOP 2 deviceId, tags.floor AS f FROM devices WHERE tags.floor >= 1.5e0 AND NOT (status != 'enabled')",
                "SELECT COUNT() AS n, MIN(version), AVG(tags.floor) FROM devices GROUP BY tags.floor",
                "select * from devices.modules where tags['odd name'] = true or is_defined(properties.desired.a.b)",
                "SELECT * FROM devices.jobs WHERE devices.jobs.status IN ['completed', 'failed', null, 1]",
                "SELECT * FROM devices WHERE STARTSWITH(deviceId, 'd') AND tags.list[0] = 1 AND IS_OF_TYPE(tags.floor, 'number')",
                "SELECT * FROM devices WHERE (((((1 + 2) * 3) / 0) % 4) - -5) > 1",
                "SELECT * FROM devices WHERE deviceId = 'it''s' AND tags.x = {\"a\":[1]}",
                "SELECT",
                "");
    }

    static Stream<byte[]> conditions() {
        return texts(
                "*",
                "tags.floor = 2",
                "FROM devices.modules WHERE moduleId = 'm'",
                "tags.floor IN [1,2]",
                "FROM devices.jobs WHERE 1");
    }

    private static Stream<byte[]> texts(String... texts) {
        return Stream.of(texts).map(text -> text.getBytes(UTF_8));
    }
}
