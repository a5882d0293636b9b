package io.hubwire.localhub.mqtt;

/** What a client leaves behind for the case that its connection ends without DISCONNECT. */
public record Will(String topic, byte[] payload, boolean retain) {
    public Will {
        payload = payload.clone();
    }

    @Override
    public byte[] payload() {
        return payload.clone();
    }
}
