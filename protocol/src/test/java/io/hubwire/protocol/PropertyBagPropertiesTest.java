package io.hubwire.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.vectors.Torn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PropertyBagPropertiesTest {
    @Property
    void any_text_survives_percent_encoding(@ForAll("text") String text) {
        String encoded = PercentEncoding.encode(text);
        assertThat(encoded).matches("([A-Za-z0-9._~-]|%[0-9A-F]{2})*");
        assertThat(PercentEncoding.decode(encoded)).isEqualTo(text);
    }

    @Property
    void decoding_never_fails_and_leaves_alone_what_is_not_an_escape(@ForAll("tornBags") String text) {
        String decoded = PercentEncoding.decode(text);
        assertThat(decoded.length()).isLessThanOrEqualTo(text.length());
        if (!text.matches("(?s).*%[0-9A-Fa-f]{2}.*")) {
            assertThat(decoded).isEqualTo(text);
        }
    }

    @Property
    void a_device_reads_every_bag_as_it_was_written(@ForAll("bags") PropertyBag bag) {
        assertThat(PropertyBag.parseDelivered(bag.format())).isEqualTo(bag);
        assertThat(PropertyBag.parseDelivered(bag.format() + "/")).isEqualTo(bag);
    }

    @Property
    void a_hub_reads_every_bag_as_it_was_written_but_for_empty_values(@ForAll("bags") PropertyBag bag) {
        assertThat(PropertyBag.parsePublished(bag.format()).values()).isEqualTo(emptyIsNone(bag));
        assertThat(PropertyBag.parsePublished(bag.format() + "/").values()).isEqualTo(emptyIsNone(bag));
    }

    @Property
    void a_message_survives_the_bag(@ForAll("bags") PropertyBag bag) {
        Message message = bag.toMessage(new byte[] {1});
        assertThat(PropertyBag.of(message).toMessage(new byte[] {1})).isEqualTo(message);
        assertThat(PropertyBag.of(message).values()).containsExactlyInAnyOrderEntriesOf(bag.values());
    }

    @Property
    void the_hubs_parser_gives_a_bag_or_a_complaint_with_a_position(@ForAll("tornBags") String text) {
        try {
            assertThat(PropertyBag.parsePublished(text).values()).doesNotContainKey("");
        } catch (RemoteProtocolException e) {
            assertThat(e).hasMessageContaining("position");
        }
    }

    @Property
    void the_devices_parser_never_fails_and_agrees_where_the_hubs_parser_reads(@ForAll("tornBags") String text) {
        PropertyBag delivered = PropertyBag.parseDelivered(text);
        assertThat(delivered.values()).doesNotContainKey("");
        try {
            PropertyBag published = PropertyBag.parsePublished(text);
            if (text.indexOf('/') < 0) { // the hub stops at a slash, a device does not
                assertThat(published.values()).isEqualTo(emptyIsNone(delivered));
            }
        } catch (RemoteProtocolException e) {
            assertThat(text).containsAnyOf("=", "&"); // nothing else is against the hub's grammar
        }
    }

    private static Map<String, String> emptyIsNone(PropertyBag bag) {
        Map<String, String> values = new HashMap<>(bag.values());
        values.replaceAll((key, value) -> "".equals(value) ? null : value);
        return values;
    }

    @Example
    void half_a_surrogate_pair_is_refused_with_its_position() {
        assertThatThrownBy(() -> PercentEncoding.encode("ab\ud83d"))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("U+D83D at position 3");
    }

    @Example
    void an_application_property_must_not_pose_as_a_system_property() {
        Message message = Message.builder("x").property("$.mid", "1").build();
        assertThatThrownBy(() -> PropertyBag.of(message)).isInstanceOf(InvalidInputException.class);
    }

    @Example
    void escapes_that_are_no_utf_8_stay_as_they_are() {
        assertThat(PercentEncoding.decode("a%FFb%C3%28c%C3")).isEqualTo("a%FFb%C3(c%C3");
        assertThat(PercentEncoding.decode("%E6%97%A5%E6%9C")).isEqualTo("日%E6%9C");
        assertThat(PercentEncoding.decode("%zz%%41%4")).isEqualTo("%zz%A%4");
    }

    @Example
    void the_largest_bag_of_bare_keys_is_read() {
        String bag = IntStream.range(0, 10_000).mapToObj(i -> "k" + i).collect(Collectors.joining("&"));
        assertThat(PropertyBag.parsePublished(bag).values()).hasSize(10_000);
        assertThat(PropertyBag.parseDelivered(bag)).isEqualTo(PropertyBag.parsePublished(bag));
    }

    @Provide
    Arbitrary<String> text() {
        return Arbitraries.strings().ofMaxLength(20).filter(s -> s.codePoints()
                .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE));
    }

    @Provide
    Arbitrary<PropertyBag> bags() {
        Arbitrary<String> keys = Arbitraries.oneOf(
                text().filter(s -> !s.isEmpty()),
                Arbitraries.of(SystemProperty.values()).map(SystemProperty::mqttKey),
                Arbitraries.of("$.unknown", "a&b", "a=b", "a/b", "%24.mid"));
        return Arbitraries.maps(keys, text().injectNull(0.1)).ofMaxSize(8).map(PropertyBag::new);
    }

    @Provide
    Arbitrary<String> tornBags() {
        return Torn.from(List.of(
                "%24.mid=m1&%24.ct=application%2Fjson&k=v&bare&empty=",
                "%24.to=%2Fdevices%2Fdev1%2Fmessages%2FdeviceBound&p=%E6%97%A5%E6%9C%AC%E8%AA%9E/"));
    }
}
