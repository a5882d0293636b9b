package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.InvalidInputException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The forms of amqp 4.6; there are no vectors for them. */
class EventHubConnectionStringTest {
    private static final String KEY = "U3J597WbZI6Au23ePqYyRP73V+1pcAiJYGhTMiC6HwU=";

    @Test
    void reads_the_portals_form_and_writes_it_back() {
        String text =
                "Endpoint=sb://ihsuprodblres055dednamespace.servicebus.windows.net/;SharedAccessKeyName=service;SharedAccessKey="
                        + KEY + ";EntityPath=iothub-ehub-contoso-1";
        EventHubConnectionString read = EventHubConnectionString.parse(text);
        assertThat(read.hostName()).isEqualTo("ihsuprodblres055dednamespace.servicebus.windows.net");
        assertThat(read.port()).isEmpty();
        assertThat(read.entityPath()).isEqualTo("iothub-ehub-contoso-1");
        assertThat(read.policyName()).contains("service");
        assertThat(read.key()).contains(SymmetricKey.ofBase64(KEY));
        assertThat(read.plainText()).isFalse();
        assertThat(read.audience())
                .isEqualTo("sb://ihsuprodblres055dednamespace.servicebus.windows.net/iothub-ehub-contoso-1");
        assertThat(read.text()).isEqualTo(text);
        assertThat(read.toString()).contains("SharedAccessKey=…;").doesNotContain("U3J5");
        assertThat(EventHubConnectionString.of(
                                read.hostName(), read.entityPath(), "service", SymmetricKey.ofBase64(KEY))
                        .text())
                .isEqualTo(text);
    }

    @Test
    void reads_a_port_the_emulators_switch_and_a_token() {
        SasToken token = SasToken.sign("sb://localhost/e", SymmetricKey.ofBase64(KEY), java.time.Instant.EPOCH, "p");
        EventHubConnectionString read =
                EventHubConnectionString.parse("endpoint=sb://localhost:15671;SharedAccessSignature=" + token.text()
                        + ";UseDevelopmentEmulator=true;EntityPath=e;");
        assertThat(read.port()).hasValue(15671);
        assertThat(read.plainText()).isTrue();
        assertThat(read.sasToken()).contains(token);
        assertThat(read.policyName()).contains("p");
        assertThat(EventHubConnectionString.parse(read.text()).text()).isEqualTo(read.text());
        assertThat(read.toString()).doesNotContain("sig=");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "HostName=h;SharedAccessKeyName=p;SharedAccessKey=" + KEY + "| it is an IoT Hub one",
                "EntityPath=e;SharedAccessKeyName=p;SharedAccessKey=" + KEY + "| has no Endpoint",
                "Endpoint=https://h/;EntityPath=e;SharedAccessKeyName=p;SharedAccessKey=" + KEY
                        + "| Endpoint at position 10: wanted is sb://",
                "Endpoint=sb://h:70000/;EntityPath=e;SharedAccessKeyName=p;SharedAccessKey=" + KEY + "| port [70000]",
                "Endpoint=sb://h/;SharedAccessKeyName=p;SharedAccessKey=" + KEY + "| has no EntityPath",
                "Endpoint=sb://h/;EntityPath=e;SharedAccessKey=" + KEY + "| has no SharedAccessKeyName",
                "Endpoint=sb://h/;EntityPath=e;SharedAccessKeyName=p| has no credential",
                "Endpoint=sb://h ost/;EntityPath=e;SharedAccessKeyName=p;SharedAccessKey=" + KEY
                        + "| position 15: host name [h ost]",
            })
    void refuses_and_says_why(String text, String why) {
        assertThatThrownBy(() -> EventHubConnectionString.parse(text))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(why.strip())
                .hasMessageNotContaining("U3J5");
    }
}
