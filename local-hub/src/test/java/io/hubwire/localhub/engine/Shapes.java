package io.hubwire.localhub.engine;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * Compares an answer with a recorded one: the same members, equal values, but for values the service makes up, which must
 * be of the same form.
 */
final class Shapes {
    private static final Set<String> MADE_UP = Set.of(
            "etag",
            "deviceEtag",
            "generationId",
            "primaryKey",
            "secondaryKey",
            "deviceScope",
            "$lastUpdated",
            "statusUpdatedTime",
            "statusUpdateTime",
            "lastActivityTime",
            "connectionStateUpdatedTime",
            "$version",
            "$lastUpdatedVersion",
            "version");

    private Shapes() {}

    static void assertSameShape(JsonNode actual, JsonNode expected) {
        List<String> differences = new ArrayList<>();
        compare("$", actual, expected, differences);
        assertThat(differences).as("differences of %s", actual).isEmpty();
    }

    private static void compare(String path, JsonNode actual, JsonNode expected, List<String> differences) {
        if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>();
            actual.fieldNames().forEachRemaining(names::add);
            expected.fieldNames().forEachRemaining(names::add);
            for (String name : names) {
                JsonNode a = actual.path(name);
                JsonNode e = expected.path(name);
                if (a.isMissingNode() || e.isMissingNode()) {
                    differences.add(path + "." + name + (a.isMissingNode() ? " is missing" : " is too much"));
                } else if (MADE_UP.contains(name)) {
                    if (!form(a).equals(form(e))) {
                        differences.add(path + "." + name + " is " + a + ", not of the form of " + e);
                    }
                } else {
                    compare(path + "." + name, a, e, differences);
                }
            }
        } else if (expected.isArray() && actual.isArray() && expected.size() == actual.size()) {
            for (int i = 0; i < expected.size(); i++) {
                compare(path + "[" + i + "]", actual.get(i), expected.get(i), differences);
            }
        } else if (!actual.asText().equals(expected.asText()) || actual.getNodeType() != expected.getNodeType()) {
            differences.add(path + " is " + actual + ", not " + expected);
        }
    }

    private static String form(JsonNode value) {
        if (!value.isTextual()) {
            return value.getNodeType().name();
        }
        String text = value.asText();
        if (text.matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{7}Z")) {
            return "time";
        }
        if (text.equals(Times.NEVER)) {
            return "never";
        }
        if (text.matches("\\d{18}")) {
            return "generation";
        }
        if (text.startsWith("ms-azure-iot-edge://")) {
            return "scope";
        }
        return text.matches("[A-Za-z0-9+/]+=*") ? "base64 of " + text.length() : "text " + text;
    }
}
