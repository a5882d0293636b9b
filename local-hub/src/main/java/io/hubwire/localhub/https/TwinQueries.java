package io.hubwire.localhub.https;

import static io.hubwire.localhub.engine.AccessControl.Right.REGISTRY_READ;

import com.fasterxml.jackson.databind.JsonNode;
import io.hubwire.localhub.engine.HubException;
import io.hubwire.localhub.engine.search.Queries;
import io.hubwire.protocol.HubError;
import io.hubwire.protocol.json.Json;
import java.util.List;

/** Queries over twins and jobs, page by page. Source: service-rest 7; the right is open-questions 42. */
final class TwinQueries implements Resource {
    private final Queries queries;
    private final ServiceApi api;

    TwinQueries(Queries queries, ServiceApi api) {
        this.queries = queries;
        this.api = api;
    }

    @Override
    public List<Route> routes() {
        return List.of(api.route("POST", "/devices/query", REGISTRY_READ, this::query));
    }

    private HttpAnswer query(HttpCall call) {
        JsonNode text = call.jsonObject().path("query");
        if (!text.isTextual()) {
            throw new HubException(HubError.ARGUMENT_INVALID, "query must be a text, SELECT … FROM …");
        }
        Queries.Page page = queries.page(
                text.textValue(),
                Page.size(call),
                call.header(Page.CONTINUATION).filter(token -> !token.isBlank()).orElse(null));
        HttpAnswer answer =
                HttpAnswer.json(200, Json.array().addAll(page.rows())).with(Page.ITEM_TYPE, page.itemType());
        return page.continuation()
                .map(token -> answer.with(Page.CONTINUATION, token))
                .orElse(answer);
    }
}
