package io.hubwire.mqtt.link;

/**
 * One PUBLISH that we send. The object is its own ticket: the link hands the same one back in {@link
 * LinkListener#delivered}. Thread-confined to its owner, except that the link sets the packet id.
 */
public interface Publication {
    /** At most 65,535 bytes of UTF-8, without wildcards; MQTT 3.1.1 section 3.3.2.1. */
    String topic();

    /** Not copied; nobody changes it. */
    byte[] body();

    /** 0 or 1. */
    int qos();

    /** The packet id it was sent under, 1 to 65,535, or 0 while it has none. */
    int packetId();

    /** Called by the link when it has chosen the id. */
    void packetId(int id);
}
