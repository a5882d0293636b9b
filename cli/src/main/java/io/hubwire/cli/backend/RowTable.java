package io.hubwire.cli.backend;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.cli.output.Table;
import io.hubwire.cli.output.Terminal;
import io.hubwire.protocol.json.Json;
import io.hubwire.service.Page;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Rows of a query for people. The first page decides on the columns. */
final class RowTable {
    /** Of whole twins, what tells them apart; the rest is for {@code twin show} and {@code -o json}. */
    private static final List<String> OF_TWINS =
            List.of("deviceId", "moduleId", "status", "connectionState", "version", "tags", "desired", "reported");

    private static final Map<String, String> SHORTER =
            Map.of("deviceId", "DEVICE", "moduleId", "MODULE", "connectionState", "STATE");

    private final Terminal terminal;
    private @Nullable Table table;
    private List<String> columns = List.of();

    RowTable(Terminal terminal) {
        this.terminal = terminal;
    }

    void print(Page<ObjectNode> page) {
        if (page.items().isEmpty()) {
            return;
        }
        Table open = table;
        if (open == null) {
            columns = columns(page);
            open = new Table(columns.stream()
                    .map(name -> SHORTER.getOrDefault(name, name.toUpperCase(Locale.ROOT)))
                    .toArray(String[]::new));
            table = open;
        }
        for (ObjectNode row : page.items()) {
            open.row(columns.stream().map(name -> cell(row, name)).toArray());
        }
        terminal.table(open);
    }

    private static List<String> columns(Page<ObjectNode> page) {
        Set<String> names = new LinkedHashSet<>();
        page.items().forEach(row -> row.fieldNames().forEachRemaining(names::add));
        boolean twins = names.contains("deviceId") && names.contains("properties") && names.contains("etag");
        return twins
                ? OF_TWINS.stream()
                        .filter(name -> !name.equals("moduleId") || names.contains(name))
                        .toList()
                : List.copyOf(names);
    }

    private static @Nullable String cell(ObjectNode row, String name) {
        JsonNode value = row.has(name) ? row.path(name) : row.path("properties").path(name);
        if (value instanceof ObjectNode object) {
            ObjectNode shown = object.deepCopy();
            shown.remove(List.of("$metadata", "$version"));
            return Json.write(shown);
        }
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return value.isValueNode() ? value.asText() : Json.write(value);
    }
}
