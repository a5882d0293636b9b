package io.hubwire.localhub.https;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BlockXmlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<BlockList><Latest>QQ==</Latest><Uncommitted> B </Uncommitted></BlockList>",
                "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<BlockList>\n<Committed>QQ==</Committed><Latest>B</Latest></BlockList>\n",
                "\uFEFF<?xml version=\"1.0\"?><BlockList><Latest>QQ==</Latest><Latest>B</Latest></BlockList>"
            })
    void reads_the_ids_in_order_wherever_they_are_to_be_looked_for(String xml) {
        assertThat(BlockXml.parse(xml.getBytes(UTF_8))).containsExactly("QQ==", "B");
    }

    /** The last two made the JDK's parser fail in ways of its own; found by {@link RequestFuzzTest}. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<Other/>",
                "<BlockList><Elsewhere>QQ==</Elsewhere></BlockList>",
                "<BlockList><Latest>",
                "<!DOCTYPE x [<!ENTITY e SYSTEM \"file:///nowhere\">]><BlockList><Latest>&e;</Latest></BlockList>",
                "<!DOCTYPE x [<!E\0\0NTITY A SYSTE[<!ENTITY A>]><BlockList/>",
                "<BlockList>\u00e4</BlockList>"
            })
    void refuses_what_is_no_list_of_blocks(String xml) {
        assertThatThrownBy(() -> BlockXml.parse(xml.getBytes(ISO_8859_1)))
                .isInstanceOf(BlobApi.Refusal.class)
                .hasMessageStartingWith("the block list is not");
    }
}
