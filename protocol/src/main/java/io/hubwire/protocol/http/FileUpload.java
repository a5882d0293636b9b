package io.hubwire.protocol.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.Secrets;
import io.hubwire.protocol.json.Json;

/** The three JSON bodies of a file upload: what a device asks, what it gets, how it went. Source: device-http 6. */
public final class FileUpload {
    private FileUpload() {}

    /**
     * {@code {"blobName"}}: what the device asks for.
     *
     * @param blobName without the device's id, which the hub puts in front; never empty
     */
    public record Request(String blobName) {
        public String format() {
            return Json.write(Json.object().put("blobName", blobName));
        }

        /** @throws RemoteProtocolException when the body is not JSON or has no such text */
        public static Request parse(byte[] body) {
            return new Request(text(Json.parseObject("file upload request", body), "blobName"));
        }
    }

    /**
     * Where to put the file, and by which right. The token is a secret, and {@link #toString} hides it.
     *
     * @param correlationId names this upload; needed to say how it went
     * @param hostName of the blob service, with a port where that is not 443
     * @param containerName never empty
     * @param blobName starts with the device's id and a slash
     * @param sasToken a query string that starts with {@code ?}
     */
    public record Ticket(
            String correlationId, String hostName, String containerName, String blobName, String sasToken) {
        public ObjectNode json() {
            return Json.object()
                    .put("correlationId", correlationId)
                    .put("hostName", hostName)
                    .put("containerName", containerName)
                    .put("blobName", blobName)
                    .put("sasToken", sasToken);
        }

        /** @throws RemoteProtocolException when the body is not JSON or lacks one of the five texts */
        public static Ticket parse(byte[] body) {
            ObjectNode json = Json.parseObject("file upload ticket", body);
            return new Ticket(
                    text(json, "correlationId"),
                    text(json, "hostName"),
                    text(json, "containerName"),
                    text(json, "blobName"),
                    text(json, "sasToken"));
        }

        @Override
        public String toString() {
            return "Ticket[" + correlationId + ", https://" + hostName + "/" + containerName + "/" + blobName + ", "
                    + Secrets.MASK + "]";
        }
    }

    /**
     * {@code {"correlationId","isSuccess","statusCode","statusDescription"}}: how the upload went.
     *
     * @param correlationId from the ticket
     * @param statusCode the device's own; official SDKs write HTTP statuses, 0 or -1
     * @param statusDescription in words; possibly empty
     */
    public record Outcome(String correlationId, boolean isSuccess, int statusCode, String statusDescription) {
        public String format() {
            return Json.write(Json.object()
                    .put("correlationId", correlationId)
                    .put("isSuccess", isSuccess)
                    .put("statusCode", statusCode)
                    .put("statusDescription", statusDescription));
        }

        /**
         * Reads a notification. Only {@code isSuccess} is required here; a correlation id that is missing is empty, since
         * older SDKs have it in the path.
         *
         * @throws RemoteProtocolException names the member that is missing or of the wrong kind
         */
        public static Outcome parse(byte[] body) {
            ObjectNode json = Json.parseObject("file upload notification", body);
            JsonNode success = json.path("isSuccess");
            if (!success.isBoolean()) {
                throw new RemoteProtocolException("file upload notification: [isSuccess] must be true or false");
            }
            JsonNode status = json.path("statusCode");
            if (!status.isMissingNode() && !status.isNull() && !status.canConvertToInt()) {
                throw new RemoteProtocolException("file upload notification: [statusCode] must be a whole number");
            }
            return new Outcome(
                    json.path("correlationId").asText(""),
                    success.booleanValue(),
                    status.asInt(0),
                    json.path("statusDescription").asText(""));
        }
    }

    private static String text(ObjectNode json, String member) {
        JsonNode value = json.path(member);
        if (!value.isTextual() || value.textValue().isEmpty()) {
            throw new RemoteProtocolException("[" + member + "] must be a text that is not empty");
        }
        return value.textValue();
    }
}
