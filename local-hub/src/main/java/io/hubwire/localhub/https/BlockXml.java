package io.hubwire.localhub.https;

import io.hubwire.localhub.engine.BlobStore.Block;
import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.List;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/** Lists of blocks as XML. Source: Azure Storage, "Put Block List" and "Get Block List". Pure. */
final class BlockXml {
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
            XMLStreamReader in = factory.createXMLStreamReader(new ByteArrayInputStream(xml), "UTF-8");
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
