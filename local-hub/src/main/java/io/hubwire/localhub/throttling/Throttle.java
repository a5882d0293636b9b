package io.hubwire.localhub.throttling;

/** The operations whose rate a tier limits, by the names of the documentation. */
public enum Throttle {
    /** Create, retrieve, list, update, delete identities; a bulk call counts each of its identities. */
    IDENTITY_REGISTRY("identity registry operations"),
    /** New connections of devices, not how many there are. */
    CONNECTIONS("new device connections"),
    /** Messages over MQTT, requests over HTTPS. */
    D2C_SENDS("device-to-cloud sends"),
    C2D_SENDS("cloud-to-device sends"),
    /** Over HTTPS only. */
    C2D_RECEIVES("cloud-to-device receives"),
    FILE_UPLOADS("file upload initiations"),
    /** In steps of {@link #METHOD_METER_BYTES} of the request's payload, the first one included. */
    METHODS("direct methods"),
    QUERIES("queries"),
    TWIN_READS("twin reads"),
    TWIN_UPDATES("twin updates"),
    JOBS("job operations"),
    CONFIGURATIONS("configuration operations");

    /** The meter of direct methods. */
    public static final int METHOD_METER_BYTES = 4096;

    private final String words;

    Throttle(String words) {
        this.words = words;
    }

    /** What is limited, in plural, for texts. */
    String words() {
        return words;
    }
}
