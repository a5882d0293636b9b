package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.json.ServiceErrorBody;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * Compares an answer with a vector's: the same members of the same kinds, and the same values, except those that a vector
 * cannot know. The vectors say so in {@code about}: tags, times, generated keys and tracking ids are shapes.
 */
final class AnswerShape {
    private static final Pattern TIME = Pattern.compile("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{3,7})?Z?");
    private static final Map<String, Pattern> SHAPES = Map.ofEntries(
            Map.entry("etag", Pattern.compile("\"?[A-Za-z0-9+/=-]+\"?")),
            Map.entry("deviceEtag", Pattern.compile("[A-Za-z0-9+/=]+")),
            Map.entry("generationId", Pattern.compile("\\d{18}")),
            Map.entry("deviceGenerationId", Pattern.compile("\\d{18}")),
            Map.entry("primaryKey", Pattern.compile("[A-Za-z0-9+/]{22,}={0,2}")),
            Map.entry("secondaryKey", Pattern.compile("[A-Za-z0-9+/]{22,}={0,2}")),
            Map.entry("deviceScope", Pattern.compile("ms-azure-iot-edge://[^/]+-\\d{18}")),
            Map.entry("jobId", Pattern.compile("job\\d|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")),
            Map.entry("operationId", Pattern.compile("\\d+\\.[0-9a-f]{16}\\.[0-9a-f-]{36}")),
            Map.entry("trackingId", Pattern.compile("[0-9a-f-]{32,36}(-TimeStamp:.*)?")),
            Map.entry("correlationId", Pattern.compile("[A-Za-z0-9+/]+={0,2}")),
            Map.entry("hostName", Pattern.compile("[a-z0-9.-]+(:\\d+)?")),
            Map.entry("sasToken", Pattern.compile("\\?sv=[\\d-]+&sr=b&sig=[^&]+&se=[^&]+&sp=rw")),
            Map.entry("errorStatus", Pattern.compile(".+")),
            Map.entry("description", Pattern.compile(".+")),
            Map.entry("message", Pattern.compile(".+")),
            Map.entry(
                    "ExceptionMessage",
                    Pattern.compile(
                            "(Tracking ID:[0-9a-f]{32}-G:\\d+-TimeStamp:\\d\\d/\\d\\d/\\d{4} \\d\\d:\\d\\d:\\d\\d)?")));
    /** Counters whose value depends on what happened before. */
    private static final Set<String> COUNTERS = Set.of("version", "$version", "$lastUpdatedVersion");

    private AnswerShape() {}

    /** What differs, by path; empty when nothing does. */
    static List<String> differences(JsonNode expected, JsonNode actual) {
        List<String> differences = new ArrayList<>();
        compare("", "", expected, actual, differences);
        return differences;
    }

    private static void compare(String path, String name, JsonNode expected, JsonNode actual, List<String> out) {
        if (expected.asText().equals("*")) {
            if (actual.asText().isEmpty()) {
                out.add(path + " is empty");
            }
        } else if (name.equals("Message") && expected.isTextual()) {
            compareErrors(path, expected.textValue(), actual.asText(), out);
        } else if (expected.isObject() && actual.isObject()) {
            Set<String> names = new TreeSet<>();
            expected.fieldNames().forEachRemaining(names::add);
            actual.fieldNames().forEachRemaining(names::add);
            for (String member : names) {
                if (!expected.has(member) || !actual.has(member)) {
                    out.add(path + "/" + member
                            + (expected.has(member) ? " is missing" : " is not expected: " + actual.get(member)));
                } else {
                    compare(path + "/" + member, member, expected.get(member), actual.get(member), out);
                }
            }
        } else if (expected.isArray() && actual.isArray()) {
            if (expected.size() != actual.size()) {
                out.add(path + " has " + actual.size() + " elements, not " + expected.size());
                return;
            }
            for (int i = 0; i < expected.size(); i++) {
                compare(path + "/" + i, name, expected.get(i), actual.get(i), out);
            }
        } else if (COUNTERS.contains(name)) {
            if (!actual.isIntegralNumber()) {
                out.add(path + " is no whole number: " + actual);
            }
        } else if (SHAPES.containsKey(name) && expected.isTextual() && actual.isTextual()) {
            if (!SHAPES.get(name).matcher(actual.textValue()).matches()) {
                out.add(path + " does not look like one: " + actual);
            }
        } else if (isMoment(expected)) {
            if (!isMoment(actual)) {
                out.add(path + " is no time that has been: " + actual);
            }
        } else if (!expected.equals(actual)) {
            out.add(path + " is " + actual + ", not " + expected);
        }
    }

    /** A time, and not the one that stands for "never", which is compared like any value. */
    private static boolean isMoment(JsonNode value) {
        return value.isTextual()
                && TIME.matcher(value.textValue()).matches()
                && !value.textValue().startsWith("0001-");
    }

    /** Of an error's text only the code is fixed, and for direct methods that it is JSON inside JSON. */
    private static void compareErrors(String path, String expected, String actual, List<String> out) {
        ServiceErrorBody want = body(expected);
        ServiceErrorBody got = body(actual);
        if (!want.error().equals(got.error()) || expected.startsWith("{") != actual.startsWith("{")) {
            out.add(path + " is " + actual + ", not like " + expected);
        }
    }

    private static ServiceErrorBody body(String message) {
        return ServiceErrorBody.parse(Json.write(Json.object().put("Message", message)), null);
    }
}
