package io.hubwire.auth;

import io.hubwire.protocol.Identity;
import io.hubwire.protocol.PercentEncoding;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a token is for, taken apart: {@code host/devices/id}, {@code scope/registrations/id}, {@code sb://host:port/entity}.
 *
 * <p>{@link #text()} and the static methods write it; {@link #readings} lists what a raw {@code sr} may mean, since clients
 * encode it once, twice or not at all. Source: sas-auth 2.1 and 3.
 *
 * @param scheme such as {@code sb}, lower case; null in almost every token
 * @param host as written, or the ID scope in a token for the device API of DPS; compare without case
 * @param port null when absent
 * @param path the segments after the host; compare with case
 */
public record Audience(
        @Nullable String scheme, String host, @Nullable Integer port, List<String> path) {
    private static final Pattern FORM =
            Pattern.compile("(?:([A-Za-z][A-Za-z0-9+.-]*)://)?([^/:]*)(?::(\\d{1,5}))?((?:/.*)?)");

    public Audience {
        path = List.copyOf(path);
    }

    /** The audience of a device or module: {@code host/devices/d[/modules/m]}, unencoded. */
    public static String of(String hostName, Identity identity) {
        return hostName + "/" + identity.resource();
    }

    /** The audience of a device at DPS: {@code scope/registrations/id}, unencoded. It names no host. */
    public static String of(String idScope, RegistrationId registrationId) {
        return idScope + "/registrations/" + registrationId.value();
    }

    /** Takes decoded text apart. Trailing slashes do not count. Total: odd text gives an audience nobody owns. */
    static Audience parse(String text) {
        int end = text.length();
        while (end > 0 && text.charAt(end - 1) == '/') {
            end--;
        }
        String trimmed = text.substring(0, end);
        Matcher form = FORM.matcher(trimmed);
        if (!form.matches()) {
            return new Audience(null, trimmed, null, List.of()); // a colon where none belongs, a line break
        }
        String scheme = form.group(1);
        String port = form.group(3);
        String path = form.group(4);
        return new Audience(
                scheme == null ? null : scheme.toLowerCase(Locale.ROOT),
                form.group(2),
                port == null ? null : Integer.valueOf(port),
                path.isEmpty() ? List.of() : Arrays.asList(path.substring(1).split("/", -1)));
    }

    /**
     * What a raw {@code sr} may mean, likeliest first: decoded once, as almost everybody encodes once; decoded twice, as
     * the .NET SDK encodes ids with punctuation twice; not decoded, as the C SDK does not encode. A plus sign is a blank to
     * some and itself to others.
     */
    static Set<Audience> readings(String sr) {
        Set<Audience> readings = new LinkedHashSet<>();
        String once = SasTokenFields.formDecode(sr);
        String oncePlusKept = PercentEncoding.decode(sr);
        for (String text : List.of(
                once, oncePlusKept, SasTokenFields.formDecode(once), PercentEncoding.decode(oncePlusKept), sr)) {
            readings.add(parse(text));
        }
        return readings;
    }

    /** Whether neither scheme nor port is given, as the devices' endpoints demand. */
    boolean isPlain() {
        return scheme == null && port == null;
    }

    /** Whether {@code resource} is this path or lies below it, segment by segment. */
    boolean pathCovers(List<String> resource) {
        return path.size() <= resource.size() && path.equals(resource.subList(0, path.size()));
    }

    /** The text again, unencoded, without trailing slash. */
    public String text() {
        StringBuilder out = new StringBuilder();
        if (scheme != null) {
            out.append(scheme).append("://");
        }
        out.append(host);
        if (port != null) {
            out.append(':').append(port);
        }
        path.forEach(segment -> out.append('/').append(segment));
        return out.toString();
    }

    @Override
    public String toString() {
        return text();
    }
}
