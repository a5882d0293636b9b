package io.hubwire.protocol;

/**
 * A module's name on its device. Same rule as {@link DeviceId}.
 *
 * @param value 1 to 128 ASCII letters, digits and {@code - : . + % _ # * ? ! ( ) , = @ ; $ '}
 */
public record ModuleId(String value) {
    /** @throws InvalidInputException when the rule above is broken; the text names the position */
    public ModuleId {
        Identifiers.check("module id", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
