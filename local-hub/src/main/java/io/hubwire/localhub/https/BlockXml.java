package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.BlobStore.Block;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Lists of blocks as XML. Source: Azure Storage, "Put Block List" and "Get Block List". Pure. */
final class BlockXml {
    private static final String BYTE_ORDER_MARK = "\uFEFF";

    private BlockXml() {}

    /**
     * The ids of a block list in order, wherever each is to be looked for.
     *
     * @throws BlobApi.Refusal 400 InvalidXmlDocument
     */
    static List<String> parse(byte[] xml) {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        List<String> ids = new ArrayList<>();
        try {
            XMLStreamReader in = factory.createXMLStreamReader(new StringReader(text(xml)));
            int depth = 0;
            while (in.hasNext()) {
                int event = in.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    if (depth == 0) {
                        require(in.getLocalName().equals("BlockList"), "the root must be BlockList");
                        depth++;
                    } else {
                        require(
                                List.of("Latest", "Uncommitted", "Committed").contains(in.getLocalName()),
                                "[" + in.getLocalName() + "] is not Latest, Uncommitted or Committed");
                        ids.add(in.getElementText().strip()); // leaves the reader behind the end tag
                    }
                }
            }
        } catch (XMLStreamException broken) {
            throw new BlobApi.Refusal(
                    400, "InvalidXmlDocument", "the block list is not XML, line " + line(broken) + " on");
        }
        return ids;
    }

    /**
     * The text of a document without a document type. The JDK's parser, which skips one, stumbles over some of them with an
     * exception of another kind, and writes to the error stream when it meets bytes that are no UTF-8.
     */
    private static String text(byte[] xml) {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(xml))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new BlobApi.Refusal(400, "InvalidXmlDocument", "the block list is not in UTF-8");
        }
        require(!text.contains("<!DOCTYPE"), "it must not have a document type");
        return text.startsWith(BYTE_ORDER_MARK) ? text.substring(BYTE_ORDER_MARK.length()) : text;
    }

    private static int line(XMLStreamException broken) {
        return broken.getLocation() == null ? 1 : broken.getLocation().getLineNumber();
    }

    private static void require(boolean ok, String rule) {
        if (!ok) {
            throw new BlobApi.Refusal(400, "InvalidXmlDocument", "the block list is not one: " + rule);
        }
    }

    static String format(List<Block> committed, List<Block> uncommitted) {
        StringBuilder out = new StringBuilder("<?xml version=\"1.0\" encoding=\"utf-8\"?><BlockList>");
        list(out, "CommittedBlocks", committed);
        list(out, "UncommittedBlocks", uncommitted);
        return out.append("</BlockList>").toString();
    }

    private static void list(StringBuilder out, String name, List<Block> blocks) {
        out.append('<').append(name).append('>');
        for (Block block : blocks) {
            out.append("<Block><Name>").append(escape(block.id())).append("</Name><Size>");
            out.append(block.length()).append("</Size></Block>");
        }
        out.append("</").append(name).append('>');
    }

    static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
