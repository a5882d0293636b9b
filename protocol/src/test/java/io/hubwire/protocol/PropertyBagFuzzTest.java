package io.hubwire.protocol;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** How to fuzz for longer than the seeds: CONTRIBUTING.md. */
class PropertyBagFuzzTest {
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void a_device_reads_every_bag_and_reads_it_again_as_it_writes_it(byte[] utf8) {
        PropertyBag bag = PropertyBag.parseDelivered(new String(utf8, UTF_8));
        assertThat(PropertyBag.parseDelivered(bag.format())).isEqualTo(bag);
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "1m")
    void a_hub_reads_a_bag_or_complains_and_reads_it_again_as_it_writes_it(byte[] utf8) {
        PropertyBag bag;
        try {
            bag = PropertyBag.parsePublished(new String(utf8, UTF_8));
        } catch (RemoteProtocolException complaint) {
            assertThat(complaint).hasMessageContaining("position");
            return;
        }
        assertThat(PropertyBag.parsePublished(bag.format())).isEqualTo(bag);
    }

    static Stream<byte[]> seeds() {
        return Stream.of("", "%24.mid=1&k=v&k2=&k3", "a=b=c", "=v", "&&", "a%2Fb=%E6%97%A5/", "%FF=%zz")
                .map(text -> text.getBytes(UTF_8));
    }
}
