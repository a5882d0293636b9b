package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.https.HubOverHttps.Answer;
import io.hubwire.protocol.openapi.OpenApi;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import okhttp3.Request;
import okio.Buffer;

/**
 * Holds every exchange of a test with the hub against Microsoft's own descriptions: a request that the hub takes must be
 * one of theirs, and so must the answer. What the hub refuses may be anything.
 */
final class AsDescribed {
    private static final OpenApi HUB = load("iothub-service.2021-04-12.json");
    private static final List<OpenApi> ALL =
            List.of(HUB, load("dps-service.2021-10-01.json"), load("dps-device.2021-10-01.json"));

    /** What no description has: the device's API, sending over HTTPS, notices, blobs, a version that is not public. */
    private static final Pattern NOT_DESCRIBED = Pattern.compile(
            "/devices/[^/]+(/modules/[^/]+)?/(messages/.*|files.*)|/messages/servicebound/filenotifications.*"
                    + "|/uploads/.*|/registry/.*|/devices/keys/regenerate|/health|/",
            Pattern.CASE_INSENSITIVE);

    /** Described as an object and without paging, which no client bears out. */
    private static final Pattern DESCRIBED_OTHERWISE = Pattern.compile("/jobs/v2/query");

    /** Path and complaint of what clients send and the service takes, though the descriptions do not have it. */
    private static final List<Pattern> KNOWN_TO_WORK = List.of(
            // a layer of a deployment has paths for members, and their values may be anything
            Pattern.compile("/configurations/\\S+ /content/modulesContent/\\S+ \\S+: \\w+ found, object expected"),
            // "object" stands for any JSON; a command may do without any
            Pattern.compile("/digitaltwins/\\S+/commands/\\S+ ( : \\w+ found, object expected|the body is missing)"),
            Pattern.compile("/twins/\\S+/methods /payload /payload: \\w+ found, object expected"),
            Pattern.compile("/\\S+/register /payload /payload: \\w+ found, object expected"),
            Pattern.compile("/\\S+/register query parameter forceRegistration is not described"),
            // the desktop tool's spelling of a bulk change
            Pattern.compile("/devices /0/importMode .*|/devices /0 /0: property 'etag' is not defined .*"));

    private AsDescribed() {}

    private static OpenApi load(String name) {
        try {
            return OpenApi.load(name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static void require(Request request, Answer answer) throws IOException {
        OpenApi.Sent sent = sent(request);
        String path = request.url().encodedPath();
        if (answer.status() / 100 != 2 || NOT_DESCRIBED.matcher(path).matches()) {
            return;
        }
        Optional<OpenApi> description =
                ALL.stream().filter(each -> each.describes(sent)).findFirst();
        assertThat(description)
                .as("a description of %s %s", request.method(), path)
                .isPresent();
        if (DESCRIBED_OTHERWISE.matcher(path).matches()) {
            return;
        }
        assertThat(description.get().complaintsAboutRequest(sent))
                .as("%s %s", request.method(), path)
                .filteredOn(complaint -> !isKnownToWork(path, complaint))
                .isEmpty();
        boolean rows = Optional.ofNullable(answer.headers().get("x-ms-item-type"))
                .filter(type -> !type.equalsIgnoreCase("twin"))
                .isPresent();
        if (answer.bytes().length > 0 && !rows) {
            assertThat(description.get().complaintsAboutAnswer(sent, answer.status(), answer.json()))
                    .as("answer to %s %s", request.method(), path)
                    .filteredOn(complaint -> !isKnownToWork(path, complaint))
                    .isEmpty();
        }
    }

    private static boolean isKnownToWork(String path, String complaint) {
        return KNOWN_TO_WORK.stream()
                .anyMatch(known -> known.matcher(path + " " + complaint).matches());
    }

    private static OpenApi.Sent sent(Request request) throws IOException {
        Map<String, String> headers = new LinkedHashMap<>();
        request.headers().names().forEach(name -> headers.put(name, request.header(name)));
        Buffer body = new Buffer();
        if (request.body() != null) {
            request.body().writeTo(body);
        }
        String query = request.url().encodedQuery();
        return new OpenApi.Sent(
                request.method(),
                request.url().encodedPath() + (query == null ? "" : "?" + query),
                headers,
                body.readByteArray());
    }
}
