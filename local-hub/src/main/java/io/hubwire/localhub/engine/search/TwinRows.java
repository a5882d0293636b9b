package io.hubwire.localhub.engine.search;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.localhub.engine.Twins;
import io.hubwire.localhub.engine.Twins.Kind;
import io.hubwire.protocol.Identity;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code devices} or {@code devices.modules}. */
public final class TwinRows implements Rows {
    private final Twins twins;
    private final Kind kind;

    /** Reads what is there when it is asked. */
    public TwinRows(Twins twins, Kind kind) {
        this.twins = twins;
        this.kind = kind;
    }

    @Override
    public List<Row> page(@Nullable String after, int limit) {
        return twins.list(kind, after, limit).stream()
                .map(twin -> new Row(identity(twin).clientId(), twin))
                .toList();
    }

    /** Whose twin this is. */
    public static Identity identity(ObjectNode twin) {
        String device = twin.path("deviceId").asText();
        return twin.has("moduleId")
                ? Identity.module(device, twin.path("moduleId").asText())
                : Identity.device(device);
    }
}
