package io.hubwire.protocol;

/**
 * A device's name in its hub. Case-sensitive, never percent-encoded in client ids, user names and topics.
 *
 * @param value 1 to 128 ASCII letters, digits and {@code - : . + % _ # * ? ! ( ) , = @ ; $ '}
 */
public record DeviceId(String value) {
    /** @throws InvalidInputException when the rule above is broken; the text names the position */
    public DeviceId {
        Identifiers.check("device id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
