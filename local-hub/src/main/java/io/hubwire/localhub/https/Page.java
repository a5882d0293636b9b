package io.hubwire.localhub.https;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list, in the order of the items' ids. The continuation names the last id sent, so that items which come
 * or go between two pages neither shift nor double the others. Sources: dps 6, service-rest 7.
 *
 * @param continuation for the next page; empty on the last
 */
record Page(List<ObjectNode> items, Optional<String> continuation) {
    private static final String MAX_ITEMS = "x-ms-max-item-count";
    static final String CONTINUATION = "x-ms-continuation";
    static final String ITEM_TYPE = "x-ms-item-type";
    private static final String TOKEN_PREFIX = "after:";
    private static final int DEFAULT_ITEMS = 100;
    private static final int LARGEST = 1000;

    /** @throws HubException 400004 for a page size that is no number from 1 on, or a continuation not made here */
    static Page of(List<ObjectNode> all, String idMember, HttpCall call) {
        String after = call.header(CONTINUATION)
                .filter(t -> !t.isBlank())
                .map(Page::read)
                .orElse("");
        int size = size(call);
        List<ObjectNode> rest = all.stream()
                .filter(item -> id(item, idMember).compareTo(after) > 0)
                .sorted(Comparator.comparing(item -> id(item, idMember)))
                .toList();
        if (rest.size() <= size) {
            return new Page(rest, Optional.empty());
        }
        List<ObjectNode> items = rest.subList(0, size);
        return new Page(items, Optional.of(token(id(items.get(size - 1), idMember))));
    }

    /**
     * How many items a page may have; more than {@value #LARGEST} means as many.
     *
     * @throws HubException 400004 for what is no number from 1 on
     */
    static int size(HttpCall call) {
        return call.header(MAX_ITEMS).filter(t -> !t.isBlank()).map(Page::size).orElse(DEFAULT_ITEMS);
    }

    HttpAnswer answer(String itemType) {
        HttpAnswer answer = HttpAnswer.json(200, Json.array().addAll(items))
                .with(ITEM_TYPE, itemType)
                .with(MAX_ITEMS, Integer.toString(items.size()));
        return continuation.map(token -> answer.with(CONTINUATION, token)).orElse(answer);
    }

    private static String id(ObjectNode item, String member) {
        return item.path(member).asText();
    }

    private static int size(String text) {
        try {
            int size = Integer.parseInt(text.trim());
            if (size >= 1) {
                return Math.min(size, LARGEST);
            }
        } catch (NumberFormatException noNumber) {
            throw badSize(text);
        }
        throw badSize(text);
    }

    private static HubException badSize(String text) {
        return new HubException(
                HubError.ARGUMENT_INVALID, MAX_ITEMS + " [" + text + "] must be a whole number from 1 on");
    }

    private static String token(String lastId) {
        return Base64.getUrlEncoder()
                .withoutPadding()
                .encodeToString((TOKEN_PREFIX + lastId).getBytes(StandardCharsets.UTF_8));
    }

    private static String read(String token) {
        try {
            String text = new String(Base64.getUrlDecoder().decode(token.trim()), StandardCharsets.UTF_8);
            if (text.startsWith(TOKEN_PREFIX)) {
                return text.substring(TOKEN_PREFIX.length());
            }
        } catch (IllegalArgumentException notBase64) {
            throw badToken(token);
        }
        throw badToken(token);
    }

    private static HubException badToken(String token) {
        return new HubException(
                HubError.ARGUMENT_INVALID, CONTINUATION + " [" + token + "] is not one that this hub has given");
    }
}
