package io.hubwire.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import io.hubwire.protocol.json.TwinRules;
import io.hubwire.protocol.json.TwinRules.Section;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a back end writes of a twin: tags, desired properties, or both. As a patch it is merged in, and null removes; as a
 * replacement it takes the place of what was there. Immutable. Source: service-rest 5.2.
 */
public final class TwinUpdate {
    private static final List<String> BOOKKEEPING = List.of("$metadata", "$version");

    private final @Nullable ObjectNode tags;
    private final @Nullable ObjectNode desired;

    private TwinUpdate(@Nullable ObjectNode tags, @Nullable ObjectNode desired) {
        this.tags = tags == null ? null : tags.deepCopy();
        this.desired = desired == null ? null : desired.deepCopy();
    }

    /** Changes nothing. */
    public static TwinUpdate nothing() {
        return new TwinUpdate(null, null);
    }

    /** @param json an object. @throws InvalidInputException when it is none */
    public static TwinUpdate desired(String json) {
        return nothing().withDesired(json);
    }

    /** @param json an object. @throws InvalidInputException when it is none */
    public static TwinUpdate tags(String json) {
        return nothing().withTags(json);
    }

    /**
     * Reads {@code {"tags":{…},"properties":{"desired":{…}}}}. A whole twin will do: what is not the back end's to write
     * (reported properties, {@code $version}, the identity's members) is passed over.
     *
     * @throws InvalidInputException when it is no JSON object, or has neither tags nor desired properties
     */
    public static TwinUpdate parse(String json) {
        ObjectNode document = Fields.givenObject("twin update", json);
        @Nullable ObjectNode tags = section(document, "tags");
        @Nullable ObjectNode desired = section(document.path("properties"), "desired");
        if (tags == null && desired == null) {
            throw new InvalidInputException(
                    "twin update has neither [tags] nor [properties.desired]; a back end can write nothing else");
        }
        if (desired != null) {
            desired.remove(BOOKKEEPING);
        }
        return new TwinUpdate(tags, desired);
    }

    /** A copy with these desired properties. @throws InvalidInputException when {@code json} is no object */
    public TwinUpdate withDesired(String json) {
        return withDesired(Fields.givenObject("desired properties", json));
    }

    /** A copy with these desired properties. */
    public TwinUpdate withDesired(ObjectNode value) {
        return new TwinUpdate(tags, value);
    }

    /** A copy with these tags. @throws InvalidInputException when {@code json} is no object */
    public TwinUpdate withTags(String json) {
        return withTags(Fields.givenObject("tags", json));
    }

    /** A copy with these tags. */
    public TwinUpdate withTags(ObjectNode value) {
        return new TwinUpdate(value, desired);
    }

    /** Whether there is nothing to write. */
    public boolean isEmpty() {
        return tags == null && desired == null;
    }

    /** The request body of PATCH. @throws InvalidInputException when it breaks a rule of twins */
    String patchBody() {
        check(tags == null ? Optional.empty() : TwinRules.checkPatch(Section.TAGS, tags));
        check(desired == null ? Optional.empty() : TwinRules.checkPatch(Section.DESIRED, desired));
        return Json.write(tree());
    }

    /** The request body of PUT. @throws InvalidInputException when it breaks a rule of twins */
    String replacementBody() {
        check(tags == null ? Optional.empty() : TwinRules.checkDocument(Section.TAGS, tags));
        check(desired == null ? Optional.empty() : TwinRules.checkDocument(Section.DESIRED, desired));
        return Json.write(tree());
    }

    /** As sent. */
    ObjectNode tree() {
        ObjectNode out = Json.object();
        if (tags != null) {
            out.set("tags", tags);
        }
        if (desired != null) {
            out.putObject("properties").set("desired", desired);
        }
        return out.deepCopy();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof TwinUpdate that && tree().equals(that.tree());
    }

    @Override
    public int hashCode() {
        return tree().hashCode();
    }

    /** Which sections; properties stay out of logs. */
    @Override
    public String toString() {
        return "TwinUpdate[" + (tags == null ? "" : "tags ") + (desired == null ? "" : "desired") + "]";
    }

    private static @Nullable ObjectNode section(JsonNode parent, String name) {
        JsonNode value = parent.path(name);
        if (value.isMissingNode()) {
            return null;
        }
        if (value instanceof ObjectNode object) {
            return object.deepCopy();
        }
        throw new InvalidInputException("twin update has [" + name + "] of kind " + value.getNodeType()
                + "; it must be an object (null does not empty a section, null members remove what they name)");
    }

    private static void check(Optional<TwinRules.Violation> violation) {
        violation.ifPresent(v -> {
            throw new InvalidInputException("twin update breaks a rule at [" + v.path() + "]: " + v.rule());
        });
    }
}
