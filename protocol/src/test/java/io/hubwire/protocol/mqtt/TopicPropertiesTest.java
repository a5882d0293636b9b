package io.hubwire.protocol.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.DeviceId;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.ModuleId;
import io.hubwire.protocol.PropertyBag;
import io.hubwire.protocol.RemoteProtocolException;
import io.hubwire.protocol.vectors.Torn;
import io.hubwire.protocol.vectors.Vectors;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.PropertyDefaults;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.AlphaChars;
import net.jqwik.api.constraints.CharRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotBlank;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.StringLength;
import net.jqwik.api.constraints.WithNull;

@PropertyDefaults(edgeCases = EdgeCasesMode.NONE)
class TopicPropertiesTest {
    private static final List<Function<String, Object>> PARSERS = List.of(
            DeviceToHub::parse,
            HubToDevice::parse,
            TelemetryTopic::parse,
            DeviceboundTopic::parse,
            ModuleInputTopic::parse,
            MethodTopic::parseRequest,
            MethodTopic::parseResponse,
            TwinTopic::parseRequest,
            TwinTopic::parseResponse,
            TwinTopic::parseDesired,
            DpsTopic::parseRequest,
            DpsTopic::parseResponse,
            DpsUserName::parse,
            MqttUserName::parse);

    @Property(tries = 5000)
    void every_parser_gives_a_value_or_nothing_or_a_complaint(@ForAll("torn") String text) {
        for (Function<String, Object> parser : PARSERS) {
            try {
                assertThat(parser.apply(text)).isNotNull();
            } catch (RemoteProtocolException e) {
                assertThat(e.getMessage()).contains("[").doesNotContain("\n");
            }
        }
    }

    @Property(tries = 5000)
    void every_explanation_is_complete_and_on_one_line(@ForAll("torn") String text) {
        assertThat(joined(Explanation.topic(text))).isEqualTo(text);
        assertThat(joined(Explanation.userName(text))).isEqualTo(text);
        assertThat(Explanation.summary(text)).isNotEmpty();
    }

    @Property
    void a_hub_echoes_whatever_request_id_a_topic_can_carry(
            @ForAll @NotEmpty @CharRange(from = '\u0001', to = '\ud7ff') @StringLength(max = 20) String rid) {
        Assume.that(rid.chars().noneMatch(c -> c == '&' || c == '+' || c == '#'));
        DeviceToHub.TwinGet read = (DeviceToHub.TwinGet) DeviceToHub.parse("$iothub/twin/GET/?$rid=" + rid);
        assertThat(TwinTopic.formatResponse(200, read.requestId(), null))
                .isEqualTo("$iothub/twin/res/200/?$rid=" + rid);
    }

    @Property
    void telemetry_is_read_as_it_was_written(@ForAll("publishers") Identity sender, @ForAll("bags") PropertyBag bag) {
        assertThat(DeviceToHub.parse(TelemetryTopic.format(sender, bag)))
                .isEqualTo(new DeviceToHub.Telemetry(sender, bag));
    }

    @Property
    void c2d_is_read_as_it_was_written(@ForAll("publishers") Identity receiver, @ForAll("bags") PropertyBag bag) {
        assertThat(HubToDevice.parse(DeviceboundTopic.format(receiver, bag)))
                .isEqualTo(new HubToDevice.CloudToDevice(receiver, bag));
    }

    @Property
    void module_inputs_are_read_as_they_were_written(
            @ForAll("publishers") Identity receiver, @ForAll("names") String input, @ForAll("bags") PropertyBag bag) {
        if (receiver.isModule()) {
            assertThat(HubToDevice.parse(ModuleInputTopic.format(receiver, input, bag)))
                    .isEqualTo(new HubToDevice.ModuleInput(receiver, input, bag));
        } else {
            assertThatThrownBy(() -> ModuleInputTopic.format(receiver, input, bag))
                    .isInstanceOf(InvalidInputException.class);
        }
    }

    @Property
    void methods_are_read_as_they_were_written(
            @ForAll("names") String method, @ForAll("requestIds") String rid, @ForAll int status) {
        assertThat(HubToDevice.parse(MethodTopic.formatRequest(method, rid)))
                .isEqualTo(new HubToDevice.MethodRequest(method, rid));
        assertThat(DeviceToHub.parse(MethodTopic.formatResponse(status, rid)))
                .isEqualTo(new DeviceToHub.MethodResponse(status, rid));
    }

    @Property
    void twin_topics_are_read_as_they_were_written(
            @ForAll("requestIds") String rid, @ForAll int status, @ForAll @WithNull Long version) {
        assertThat(DeviceToHub.parse(TwinTopic.formatGet(rid))).isEqualTo(new DeviceToHub.TwinGet(rid));
        assertThat(DeviceToHub.parse(TwinTopic.formatReport(rid, version)))
                .isEqualTo(new DeviceToHub.TwinReport(rid, version));
        assertThat(HubToDevice.parse(TwinTopic.formatResponse(status, rid, version)))
                .isEqualTo(new HubToDevice.TwinResponse(status, rid, version));
        long desired = version == null ? 1 : version;
        assertThat(HubToDevice.parse(TwinTopic.formatDesired(desired)))
                .isEqualTo(new HubToDevice.DesiredChange(desired));
    }

    @Property
    void dps_topics_are_read_as_they_were_written(
            @ForAll("requestIds") String rid,
            @ForAll("names") String operation,
            @ForAll int status,
            @ForAll @WithNull @IntRange(max = 999_999_999) Integer seconds) {
        Duration retryAfter = seconds == null ? null : Duration.ofSeconds(seconds);
        assertThat(DpsTopic.parseRequest(DpsTopic.formatRegister(rid))).contains(new DpsTopic.Register(rid));
        assertThat(DpsTopic.parseRequest(DpsTopic.formatPoll(rid, operation)))
                .contains(new DpsTopic.Poll(rid, operation));
        assertThat(DpsTopic.parseResponse(DpsTopic.formatResponse(status, rid, retryAfter)))
                .contains(new DpsTopic.Response(status, rid, retryAfter));
    }

    @Property
    void user_names_are_read_as_they_were_written(
            @ForAll("identities") Identity identity,
            @ForAll @WithNull(0.3) @NotBlank @AlphaChars String software,
            @ForAll("models") String model) {
        MqttUserName name = MqttUserName.of("hub.example.net", identity)
                .withClientType(software)
                .withModelId(model);
        assertThat(MqttUserName.parse(name.format())).isEqualTo(name);
        assertThat(DpsUserName.parse(name.format())).isEmpty();

        DpsUserName dps = DpsUserName.of("0ne00000000", "reg-1").withClientVersion(software);
        assertThat(DpsUserName.parse(dps.format())).contains(dps);
    }

    @Example
    void order_and_case_of_parameters_do_not_matter() {
        assertThat(TwinTopic.parseResponse("$iothub/twin/res/204/?$version=16&x&$RID=4&$rid=5"))
                .contains(new HubToDevice.TwinResponse(204, "4", 16L));
        assertThat(DpsTopic.parseResponse("$dps/registrations/res/202/?Retry-After=soon&$rid=1"))
                .contains(new DpsTopic.Response(202, "1", null));
    }

    @Example
    void a_report_without_request_id_is_taken_and_wants_no_answer() {
        assertThat(TwinTopic.parseRequest("$iothub/twin/PATCH/properties/reported/"))
                .contains(new DeviceToHub.TwinReport(null, null));
    }

    private static String joined(List<Explanation.Part> parts) {
        assertThat(parts).noneMatch(part -> part.text().isEmpty());
        return parts.stream().map(Explanation.Part::text).collect(Collectors.joining());
    }

    @Provide
    Arbitrary<String> torn() {
        return Torn.from(Vectors.cases("mqtt-topics.json").stream()
                .map(c -> c.path("topic").asText())
                .toList());
    }

    @Provide
    Arbitrary<Identity> identities() {
        return ids("-:.+%_#*?!(),=@;$'");
    }

    /** Ids with a wildcard can connect, but cannot publish. */
    @Provide
    Arbitrary<Identity> publishers() {
        return ids("-:.%_*?!(),=@;$'");
    }

    private static Arbitrary<Identity> ids(String punctuation) {
        Arbitrary<String> id = Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars(punctuation)
                .ofMinLength(1)
                .ofMaxLength(128);
        return Combinators.combine(id, id.injectNull(0.5))
                .as((device, module) ->
                        new Identity(new DeviceId(device), module == null ? null : new ModuleId(module)));
    }

    /** No empty values, since a hub reads them as none. */
    @Provide
    Arbitrary<PropertyBag> bags() {
        return Arbitraries.maps(names(), names().injectNull(0.1)).ofMaxSize(4).map(PropertyBag::new);
    }

    @Provide
    Arbitrary<String> names() {
        return Arbitraries.strings()
                .withCharRange('\u0001', '\uD7FF')
                .withCharRange(' ', '~')
                .ofMinLength(1)
                .ofMaxLength(12);
    }

    @Provide
    Arbitrary<String> requestIds() {
        return Arbitraries.strings()
                .alpha()
                .numeric()
                .withChars("-%:.é /?=$")
                .ofMinLength(1)
                .ofMaxLength(40);
    }

    @Provide
    Arbitrary<String> models() {
        return Arbitraries.of("dtmi:com:example:Thermostat;1", "dtmi:x;2").injectNull(0.5);
    }
}
