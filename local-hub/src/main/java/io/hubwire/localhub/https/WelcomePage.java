package io.hubwire.localhub.https;

import io.hubwire.localhub.https.Route.Limits;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** {@code GET /}: tells whoever opens the hub's address in a browser what it is and what to type. Shows no key. */
final class WelcomePage implements Resource {
    private static final String FILE = "welcome.html";

    private final Api api;
    private final byte[] page;

    WelcomePage(OpenToAll api) {
        this.api = api;
        this.page = read();
    }

    private static byte[] read() {
        try (InputStream file = WelcomePage.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("[" + FILE + "] is missing from the hub's jar");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public List<Route> routes() {
        return List.of(new Route("GET", new PathTemplate("/"), api, Limits.USUAL, Operation.of(call -> page())));
    }

    private HttpAnswer page() {
        return HttpAnswer.bytes(200, "text/html; charset=utf-8", page.clone())
                .with(
                        "Content-Security-Policy",
                        "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:")
                .with("Cache-Control", "no-store");
    }
}
