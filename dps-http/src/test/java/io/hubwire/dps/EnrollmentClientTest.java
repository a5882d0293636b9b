package io.hubwire.dps;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.hubwire.auth.AudienceRule;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SasVerifier;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.https.loopback.LoopbackServer;
import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.ErrorCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.time.FakeTime;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import okhttp3.mockwebserver.MockResponse;
import okhttp3.mockwebserver.RecordedRequest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The service API against a scripted DPS on loopback. */
@Timeout(30)
class EnrollmentClientTest {
    private static final String HOST = "contoso-dps.test";
    private static final SymmetricKey KEY = SymmetricKey.ofBase64("MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
    private static final String SAVED = "{\"registrationId\":\"d1\",\"attestation\":{\"type\":\"symmetricKey\"},"
            + "\"etag\":\"\\\"13003fea\\\"\",\"provisioningStatus\":\"enabled\",\"futureMember\":{\"x\":1},"
            + "\"createdDateTimeUtc\":\"2026-01-01T00:00:00.1Z\",\"deviceId\":\"fridge\"}";

    private final FakeTime time = new FakeTime(Instant.parse("2026-01-01T00:00:00Z"));
    private final LoopbackServer dps = LoopbackServer.start(HOST);
    private final EnrollmentClient client = EnrollmentClient.open(
            EnrollmentOptions.of(ConnectionString.ofPolicy(HOST, "provisioningserviceowner", KEY))
                    .https(h -> h.port(dps.port()).connectHost("127.0.0.1").trust(dps.trust()))
                    .build(),
            time,
            time,
            new SplittableRandom(1));

    @AfterEach
    void stop() {
        client.close();
        dps.close();
    }

    @Test
    void creates_an_individual_enrollment_with_a_policys_token() {
        dps.answers(200, SAVED);
        IndividualEnrollment wanted = IndividualEnrollment.of(
                        "d1", new AttestationMechanism.SymmetricKeys(KEY, null), new DeviceId("fridge"))
                .enabled(false)
                .iotHubs("a.azure-devices.net", "b.azure-devices.net")
                .allocationPolicy(AllocationPolicy.GEO_LATENCY)
                .reprovisionPolicy(ReprovisionPolicy.RESET)
                .initialTwin("{\"tags\":{\"floor\":3}}")
                .edge(true)
                .build();
        IndividualEnrollment saved = client.individuals().blocking().create(wanted);
        assertThat(saved.etag()).contains("\"13003fea\"");
        assertThat(saved.created()).contains(Instant.parse("2026-01-01T00:00:00.100Z"));
        RecordedRequest request = dps.takeRequest();
        assertThat(request.getRequestLine()).isEqualTo("PUT /enrollments/d1?api-version=2021-10-01 HTTP/1.1");
        assertThat(request.getHeader("If-Match")).isNull();
        assertThat(new SasVerifier(Duration.ZERO)
                        .verify(
                                String.valueOf(request.getHeader("Authorization")),
                                AudienceRule.ofPolicy(HOST::equals, ""),
                                List.of(KEY),
                                time.instant())
                        .isOk())
                .isTrue();
        assertThat(request.getBody().readUtf8())
                .isEqualTo(
                        "{\"registrationId\":\"d1\",\"attestation\":{\"type\":\"symmetricKey\",\"symmetricKey\":{\"primaryKey\":\""
                                + KEY.base64() + "\"}},\"deviceId\":\"fridge\",\"provisioningStatus\":\"disabled\","
                                + "\"iotHubs\":[\"a.azure-devices.net\",\"b.azure-devices.net\"],\"allocationPolicy\":\"geoLatency\","
                                + "\"reprovisionPolicy\":{\"updateHubAssignment\":true,\"migrateDeviceData\":false},"
                                + "\"initialTwin\":{\"tags\":{\"floor\":3}},\"capabilities\":{\"iotEdge\":true}}");
    }

    @Test
    void an_update_replaces_the_version_that_was_read_and_loses_nothing() {
        dps.answers(200, SAVED).answers(200, SAVED).answers(200, SAVED);
        IndividualEnrollment read = client.individuals().blocking().get("d1");
        assertThat(dps.takeRequest().getRequestLine()).startsWith("GET /enrollments/d1?");
        assertThat(read.deviceId()).contains("fridge");
        IndividualEnrollment changed = read.toBuilder().enabled(false).build();
        client.individuals().blocking().update(changed);
        RecordedRequest update = dps.takeRequest();
        assertThat(update.getHeader("If-Match")).isEqualTo("\"13003fea\"");
        assertThat(update.getBody().readUtf8()).isEqualTo(SAVED.replace("enabled", "disabled"));
        client.individuals().blocking().overwrite(changed);
        assertThat(dps.takeRequest().getHeader("If-Match")).isEqualTo("*");
    }

    @Test
    void an_update_of_something_never_read_is_refused_before_it_is_sent() {
        IndividualEnrollment fresh = IndividualEnrollment.of("d1", AttestationMechanism.generatedKeys())
                .build();
        assertThatThrownBy(() -> client.individuals().update(fresh))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[d1] has no ETag");
        assertThatThrownBy(() -> client.individuals().delete(fresh)).isInstanceOf(InvalidInputException.class);
        assertThat(dps.requestCount()).isZero();
    }

    @Test
    void a_lost_race_tells_precondition_failed() {
        dps.answers(412, "{\"errorCode\":412000,\"trackingId\":\"t\",\"message\":\"etag\"}");
        assertThatThrownBy(() -> client.individuals().blocking().update(IndividualEnrollment.parse(SAVED)))
                .isInstanceOfSatisfying(DpsException.class, e -> {
                    assertThat(e.code()).isEqualTo(ErrorCode.PRECONDITION_FAILED);
                    assertThat(e.errorCode()).hasValue(412000);
                    assertThat(e.trackingId()).contains("t");
                })
                .hasMessageStartingWith("PUT /enrollments/d1?api-version=2021-10-01 refused with 412, 412000: etag");
    }

    @Test
    void deletes_any_version_or_the_one_that_was_read() {
        dps.answers(new MockResponse().setResponseCode(204)).answers(new MockResponse().setResponseCode(204));
        client.groups().blocking().delete("g1");
        RecordedRequest any = dps.takeRequest();
        assertThat(any.getRequestLine()).startsWith("DELETE /enrollmentGroups/g1?");
        assertThat(any.getHeader("If-Match")).isEqualTo("*");
        client.groups().blocking().delete(EnrollmentGroup.parse("{\"enrollmentGroupId\":\"g1\",\"etag\":\"AAAA\"}"));
        assertThat(dps.takeRequest().getHeader("If-Match")).isEqualTo("\"AAAA\"");
    }

    @Test
    void tells_the_keys_only_when_asked_for_them() {
        dps.answers(
                200,
                "{\"type\":\"symmetricKey\",\"symmetricKey\":{\"primaryKey\":\"" + KEY.base64()
                        + "\",\"secondaryKey\":\"" + KEY.base64() + "\"}}");
        assertThat(client.groups().blocking().attestation("g1"))
                .isEqualTo(new AttestationMechanism.SymmetricKeys(KEY, KEY))
                .asString()
                .doesNotContain(KEY.base64());
        assertThat(dps.takeRequest().getRequestLine()).startsWith("POST /enrollmentGroups/g1/attestationmechanism?");
        assertThat(IndividualEnrollment.parse(SAVED).attestation()).isEqualTo(AttestationMechanism.generatedKeys());
    }

    @Test
    void reads_a_query_page_by_page() {
        dps.answers(new MockResponse().setHeader("x-ms-continuation", "c1").setBody("[" + SAVED + "]"))
                .answers(new MockResponse().setHeader("x-ms-continuation", "c2").setBody("[]"))
                .answers(200, "[" + SAVED.replace("d1", "d2") + "]");
        List<IndividualEnrollment> all = client.individuals().blocking().list(Enrollments.ALL);
        assertThat(all).extracting(Enrollment::id).containsExactly("d1", "d2");
        RecordedRequest first = dps.takeRequest();
        assertThat(first.getRequestLine()).startsWith("POST /enrollments/query?");
        assertThat(first.getBody().readUtf8()).isEqualTo("{\"query\":\"SELECT * FROM enrollments\"}");
        assertThat(first.getHeader("x-ms-continuation")).isNull();
        assertThat(dps.takeRequest().getHeader("x-ms-continuation")).isEqualTo("c1");
        assertThat(dps.takeRequest().getHeader("x-ms-continuation")).isEqualTo("c2");
    }

    @Test
    void asks_for_pages_of_a_size_and_refuses_pages_without_end() {
        dps.answers(200, "[]");
        assertThat(client.groups().blocking().page(Enrollments.ALL, 7, null).continuation())
                .isEmpty();
        assertThat(dps.takeRequest().getHeader("x-ms-max-item-count")).isEqualTo("7");
        assertThatThrownBy(() -> client.groups().page(Enrollments.ALL, 1001, null))
                .isInstanceOf(InvalidInputException.class);
        dps.answers(new MockResponse().setHeader("x-ms-continuation", "c").setBody("[]"))
                .answers(new MockResponse().setHeader("x-ms-continuation", "c").setBody("[]"));
        assertThatThrownBy(() -> client.groups().blocking().list(Enrollments.ALL))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageContaining("same continuation twice");
    }

    @Test
    void a_bulk_operation_may_fail_in_part() {
        dps.answers(
                200,
                "{\"isSuccessful\":false,\"errors\":[{\"registrationId\":\"d2\",\"errorCode\":409000,"
                        + "\"errorStatus\":\"exists\"}]}");
        IndividualEnrollment one = IndividualEnrollment.of("d2", AttestationMechanism.generatedKeys())
                .build();
        BulkResult result = client.individuals().blocking().bulk(BulkMode.UPDATE_IF_MATCH_ETAG, List.of(one));
        assertThat(result).isEqualTo(new BulkResult(false, List.of(new BulkResult.Failure("d2", 409000, "exists"))));
        RecordedRequest request = dps.takeRequest();
        assertThat(request.getRequestLine()).startsWith("POST /enrollments?");
        assertThat(request.getBody().readUtf8())
                .isEqualTo("{\"mode\":\"updateIfMatchETag\",\"enrollments\":[" + one.json() + "]}");
        assertThatThrownBy(() -> client.individuals().bulk(BulkMode.CREATE, List.of()))
                .isInstanceOf(InvalidInputException.class);
        assertThatThrownBy(() -> client.individuals().bulk(BulkMode.CREATE, Collections.nCopies(11, one)))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[11]");
    }

    @Test
    void reads_lists_and_forgets_registrations() {
        String state =
                "{\"registrationId\":\"d1\",\"status\":\"assigned\",\"assignedHub\":\"h\",\"deviceId\":\"d1\",\"etag\":\"IjEi\"}";
        dps.answers(200, state)
                .answers(200, "[" + state + "]")
                .answers(new MockResponse().setResponseCode(204))
                .answers(new MockResponse().setResponseCode(204));
        RegistrationRecords.Blocking records = client.registrations().blocking();
        RegistrationState read = records.get("d1");
        assertThat(read.assignedHub()).isEqualTo("h");
        assertThat(records.list("g1")).containsExactly(read);
        records.delete(read);
        records.delete("d1");
        assertThat(dps.takeRequest().getRequestLine()).startsWith("GET /registrations/d1?");
        RecordedRequest query = dps.takeRequest();
        assertThat(query.getRequestLine()).startsWith("POST /registrations/g1/query?");
        assertThat(query.getBodySize()).isZero();
        assertThat(dps.takeRequest().getHeader("If-Match")).isEqualTo("\"IjEi\"");
        assertThat(dps.takeRequest().getHeader("If-Match")).isEqualTo("*");
    }

    @Test
    void every_kind_of_attestation_reads_back() {
        for (AttestationMechanism mechanism : List.of(
                new AttestationMechanism.SymmetricKeys(KEY, KEY),
                AttestationMechanism.generatedKeys(),
                new AttestationMechanism.TpmKeys("RUs=", "U1JL"),
                new AttestationMechanism.TpmKeys("RUs=", null),
                new AttestationMechanism.ClientCertificates("MIIB", "MIIC"),
                new AttestationMechanism.SigningCertificates("MIIB", null),
                new AttestationMechanism.CaReferences("root-1", null),
                new AttestationMechanism.Other("{\"type\":\"none\"}"))) {
            IndividualEnrollment enrollment =
                    IndividualEnrollment.of("d1", mechanism).build();
            assertThat(IndividualEnrollment.parse(enrollment.json()).attestation())
                    .isEqualTo(mechanism);
        }
    }

    @Test
    void a_damaged_key_in_an_answer_is_the_services_fault_and_does_not_show() {
        dps.answers(200, "{\"type\":\"symmetricKey\",\"symmetricKey\":{\"primaryKey\":\"c2VjcmV0\"}}");
        assertThatThrownBy(() -> client.individuals().blocking().attestation("d1"))
                .isInstanceOf(RemoteProtocolException.class)
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void a_key_that_a_refusal_quotes_does_not_show() {
        dps.answers(
                400,
                "{\"errorCode\":400004,\"trackingId\":\"t-1\",\"message\":\"Bad enrollment\\n"
                        + "{\\\"symmetricKey\\\":{\\\"primaryKey\\\":\\\"c2VjcmV0\\\"}}\"}");
        assertThatThrownBy(() -> client.individuals().blocking().get("d1"))
                .isInstanceOf(DpsException.class)
                .hasMessageContaining("refused with 400, 400004: Bad enrollment {")
                .hasMessageNotContaining("c2VjcmV0");
    }

    @Test
    void a_refused_token_is_made_anew_for_the_next_call() {
        dps.answers(401, "").answers(200, SAVED);
        assertThatThrownBy(() -> client.individuals().blocking().get("d1"))
                .isInstanceOfSatisfying(
                        DpsException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAUTHORIZED));
        time.advance(Duration.ofSeconds(1));
        client.individuals().blocking().get("d1");
        String refused = dps.takeRequest().getHeader("Authorization");
        assertThat(dps.takeRequest().getHeader("Authorization")).isNotEqualTo(refused);
    }

    @Test
    void a_devices_connection_string_is_refused() {
        assertThatThrownBy(() -> EnrollmentOptions.of(
                        ConnectionString.parse("HostName=h;DeviceId=d;SharedAccessKey=" + KEY.base64())))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[d]");
    }

    @Test
    void every_operation_of_the_published_description_is_offered_and_no_other() throws IOException {
        List<String> ours = new ArrayList<>();
        for (int i = 0; i < 15; i++) {
            dps.answers(new MockResponse().setBody("[]")); // the answers' content is other tests' business
        }
        IndividualEnrollment one = IndividualEnrollment.parse(SAVED);
        EnrollmentGroup group = EnrollmentGroup.parse("{\"enrollmentGroupId\":\"g1\"}");
        for (var call : List.of(
                client.individuals().get("d1"),
                client.individuals().create(one),
                client.individuals().delete("d1"),
                client.individuals().attestation("d1"),
                client.individuals().page(Enrollments.ALL, 0, null),
                client.individuals().bulk(BulkMode.CREATE, List.of(one)),
                client.groups().get("g1"),
                client.groups().create(group),
                client.groups().delete("g1"),
                client.groups().attestation("g1"),
                client.groups().page(Enrollments.ALL, 0, null),
                client.groups().bulk(BulkMode.CREATE, List.of(group)),
                client.registrations().get("d1"),
                client.registrations().delete("d1"),
                client.registrations().page("g1", 0, null))) {
            call.exceptionally(wrongContent -> null).join();
            RecordedRequest request = dps.takeRequest();
            ours.add(request.getMethod() + " "
                    + request.getPath().replaceFirst("\\?.*", "").replaceFirst("/(d1|g1)\\b", "/{id}"));
        }
        List<String> published = new ArrayList<>();
        for (Map.Entry<String, JsonNode> path : description().path("paths").properties()) {
            path.getValue()
                    .fieldNames()
                    .forEachRemaining(m -> published.add(m.toUpperCase(java.util.Locale.ROOT) + " " + path.getKey()));
        }
        assertThat(ours).containsExactlyInAnyOrderElementsOf(published).hasSize(15);
    }

    private static JsonNode description() throws IOException {
        try (InputStream in =
                EnrollmentClientTest.class.getResourceAsStream("/reference/dps-service.2021-10-01.json")) {
            return new ObjectMapper().readTree(in);
        }
    }
}
