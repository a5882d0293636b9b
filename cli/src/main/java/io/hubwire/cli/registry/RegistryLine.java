package io.hubwire.cli.registry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.json.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What one line of the file is about. Which kind it is, its id member tells. */
sealed interface RegistryLine {
    /** In the messages of {@link Json}. */
    Pattern COLUMN = Pattern.compile("column (\\d+)");

    /** From 1. */
    int number();

    /**
     * A device or module, as bulk calls have it.
     *
     * @param mode what shall be done, in lower case
     * @param document never changed
     */
    record Entry(int number, Identity identity, String mode, ObjectNode document) implements RegistryLine {
        private static final String CREATE_OR_UPDATE = "createorupdate";
        private static final List<String> OF_IDENTITY = List.of(
                "authentication", "status", "statusReason", "capabilities", "deviceScope", "parentScopes", "managedBy");
        private static final List<String> MODES = List.of(
                "create",
                "update",
                "updateifmatchetag",
                CREATE_OR_UPDATE,
                "createorupdateifmatchetag",
                "delete",
                "deleteifmatchetag",
                "updatetwin",
                "updatetwinifmatchetag");

        /** The mode to send: bulk calls know no {@code createOrUpdate}, so creating comes first. */
        Entry first() {
            if (!mode.startsWith(CREATE_OR_UPDATE)) {
                return as(mode);
            }
            return isSystemModule() ? as("updateTwin") : as("create");
        }

        /** {@code $edgeAgent} and {@code $edgeHub} come and go with their device; only their twins are the back end's. */
        private boolean isSystemModule() {
            return identity.moduleId().filter(id -> id.startsWith("$")).isPresent();
        }

        /**
         * What to send after creating found that the identity is there already: only what the line speaks of, so that one
         * with tags alone touches no key. Empty when being there already is an error.
         */
        Optional<List<Entry>> whenThere() {
            if (!mode.startsWith(CREATE_OR_UPDATE)) {
                return Optional.empty();
            }
            List<Entry> entries = new ArrayList<>();
            if (OF_IDENTITY.stream().anyMatch(document::has)) {
                entries.add(as(mode.equals(CREATE_OR_UPDATE) ? "update" : "updateIfMatchETag"));
            }
            if (hasTwin()) {
                entries.add(as("updateTwin"));
            }
            return Optional.of(entries);
        }

        private boolean hasTwin() {
            return !document.path("tags").isEmpty()
                    || !document.at("/properties/desired").isEmpty();
        }

        private Entry as(String otherMode) {
            return new Entry(number, identity, mode, document.deepCopy().put("importMode", otherMode));
        }
    }

    /** An individual enrollment or a group, as the service API of DPS has it. */
    record Enrolled(int number, boolean group, String id, ObjectNode document) implements RegistryLine {}

    /**
     * Reads a line.
     *
     * @return empty for a blank one
     * @throws InvalidInputException when it is no JSON object, is about nothing known, or breaks the rule of an id
     */
    static Optional<RegistryLine> parse(int number, String text) {
        if (text.isBlank()) {
            return Optional.empty();
        }
        ObjectNode document = object(text);
        if (document.has("registrationId")) {
            return Optional.of(new Enrolled(number, false, text(document, "registrationId"), document));
        }
        if (document.has("enrollmentGroupId")) {
            return Optional.of(new Enrolled(number, true, text(document, "enrollmentGroupId"), document));
        }
        if (!document.has("id")) {
            throw new InvalidInputException(
                    "there is none of [id], [registrationId] and [enrollmentGroupId]; one of them says what it is about");
        }
        String id = text(document, "id");
        Identity identity =
                document.hasNonNull("moduleId") ? Identity.module(id, text(document, "moduleId")) : Identity.device(id);
        String mode = document.hasNonNull("importMode")
                ? text(document, "importMode").toLowerCase(Locale.ROOT)
                : Entry.CREATE_OR_UPDATE;
        if (!Entry.MODES.contains(mode)) {
            throw new InvalidInputException(
                    "importMode [" + document.path("importMode").asText()
                            + "] must be create, update, createOrUpdate, delete, updateTwin, or one of these with IfMatchETag");
        }
        return Optional.of(new Entry(number, identity, mode, document));
    }

    private static ObjectNode object(String text) {
        try {
            return Json.parseObject("line", text);
        } catch (RemoteProtocolException notJson) {
            // where, but not what: the line may hold a key, and parsers quote what they trip over
            Matcher column = COLUMN.matcher(String.valueOf(notJson.getMessage()));
            throw new InvalidInputException(
                    "not a JSON object" + (column.find() ? ", broken at column " + column.group(1) : ""));
        }
    }

    private static String text(ObjectNode document, String member) {
        if (!document.path(member).isTextual()) {
            throw new InvalidInputException("member [" + member + "] is of kind "
                    + document.path(member).getNodeType() + "; it must be a text");
        }
        return document.path(member).textValue();
    }
}
