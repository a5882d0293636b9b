package io.hubwire.localhub.https;

import static org.assertj.core.api.Assertions.assertThat;

import io.hubwire.localhub.https.Route.Limits;
import io.hubwire.localhub.https.RouteTable.Match;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RouteTableTest {
    private static final Api API = new DpsApi();

    private static final RouteTable TABLE = new RouteTable(Stream.of(
                    "GET /devices/{deviceId}",
                    "PUT /devices/{deviceId}",
                    "POST /devices/query",
                    "GET /devices",
                    "POST /registrations/{groupId}/query",
                    "POST /{idScope}/registrations/{registrationId}",
                    "PUT /{idScope}/registrations/{registrationId}/register",
                    "POST /devices/{deviceId}/messages/deviceBound")
            .map(text -> new Route(
                    text.split(" ")[0],
                    new PathTemplate(text.split(" ")[1]),
                    API,
                    Limits.USUAL,
                    Operation.of(call -> HttpAnswer.empty(204))))
            .toList());

    private static Match find(String method, String path) {
        return TABLE.find(method, RequestTarget.parse(path, null).segments());
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /devices, /devices",
        "GET, /DEVICES/, /devices",
        "GET, /devices/query, /devices/{deviceId}",
        "POST, /devices/query, /devices/query",
        "POST, /devices/d/messages/devicebound, /devices/{deviceId}/messages/deviceBound",
        "POST, /registrations/g/query, /registrations/{groupId}/query",
        "POST, /registrations/registrations/query, /registrations/{groupId}/query",
        "POST, /0ne1/registrations/r, /{idScope}/registrations/{registrationId}"
    })
    void finds_the_most_telling_template_that_has_the_method(String method, String path, String template) {
        assertThat(find(method, path)).isInstanceOfSatisfying(Match.Found.class, found -> assertThat(
                        found.route().path())
                .hasToString(template));
    }

    @Test
    void keeps_the_case_of_what_stands_in_the_holes() {
        assertThat(find("PUT", "/0NE1/Registrations/MyDevice/REGISTER"))
                .isInstanceOfSatisfying(Match.Found.class, found -> assertThat(found.parameters())
                        .isEqualTo(Map.of("idScope", "0NE1", "registrationId", "MyDevice")));
    }

    @Test
    void tells_which_methods_a_path_has() {
        assertThat(find("DELETE", "/devices/query"))
                .isInstanceOfSatisfying(Match.WrongMethod.class, wrong -> assertThat(wrong.allowed())
                        .containsExactly("GET", "POST", "PUT"));
    }

    @Test
    void does_not_know_other_paths() {
        assertThat(find("GET", "/")).isEqualTo(new Match.Unknown());
        assertThat(find("GET", "/devices/a/b")).isEqualTo(new Match.Unknown());
    }

    @Test
    void sorts_templates_of_any_length_without_contradiction() {
        List<PathTemplate> templates = Stream.of("/{a}", "/x", "/{a}/z", "/x/{b}", "/x/y", "/{a}/{b}", "/w/{b}")
                .map(PathTemplate::new)
                .toList();
        for (PathTemplate a : templates) {
            for (PathTemplate b : templates) {
                assertThat(Integer.signum(a.compareTo(b))).isEqualTo(-Integer.signum(b.compareTo(a)));
                for (PathTemplate c : templates) {
                    if (a.compareTo(b) < 0 && b.compareTo(c) < 0) {
                        assertThat(a).isLessThan(c);
                    }
                }
            }
        }
    }
}
