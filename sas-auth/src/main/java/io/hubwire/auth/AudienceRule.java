package io.hubwire.auth;

import io.hubwire.protocol.Identity;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;

/**
 * Which audiences open a resource. Host names are compared without case, and by a predicate, because a hub may answer to
 * several; ids with case. Source: sas-auth 3.
 */
public final class AudienceRule {
    private final Predicate<Audience> accepts;
    private final String wanted;

    private AudienceRule(String wanted, Predicate<Audience> accepts) {
        this.wanted = wanted;
        this.accepts = accepts;
    }

    /**
     * For a token signed with the key of a device or module: exactly its own resource. A device's token is not good for
     * its modules, which have keys of their own, and a token for the whole hub is not good at all.
     */
    public static AudienceRule ofIdentity(Predicate<String> hostIsOurs, Identity identity) {
        return ofIdentity(hostIsOurs, identity, "");
    }

    /**
     * As above, for a resource below the identity's own: a token for {@code devices/d/messages} opens
     * {@code devices/d/messages/events}, but neither {@code devices/d} nor {@code devices/d/twin}.
     *
     * @param below path under the identity without leading slash, empty for the identity itself
     */
    public static AudienceRule ofIdentity(Predicate<String> hostIsOurs, Identity identity, String below) {
        List<String> own = Audience.parse("/" + identity.resource()).path();
        List<String> resource = below.isEmpty()
                ? own
                : Audience.parse("/" + identity.resource() + "/" + below).path();
        return new AudienceRule(
                "host/" + identity.resource(),
                a -> a.isPlain() && isOurs(hostIsOurs, a) && a.path().size() >= own.size() && a.pathCovers(resource));
    }

    /**
     * For a token signed with a policy's key: the resource or anything above it, up to the host.
     *
     * @param resource path on the host without leading slash, empty for the host itself
     */
    public static AudienceRule ofPolicy(Predicate<String> hostIsOurs, String resource) {
        List<String> path = Audience.parse("/" + resource).path();
        return new AudienceRule(
                resource.isEmpty() ? "host" : "host/" + resource + " or above",
                a -> a.isPlain() && isOurs(hostIsOurs, a) && a.pathCovers(path));
    }

    /**
     * For the AMQP endpoints, where audiences come with and without scheme and port and may name an entity: anything on
     * the host. Whether the token covers the link's address is another question, asked with {@link Audience#path()}.
     */
    public static AudienceRule ofHost(Predicate<String> hostIsOurs) {
        return new AudienceRule("host", a -> isOurs(hostIsOurs, a));
    }

    /** For the device API of DPS. Registration ids are compared without case, as the service does. */
    public static AudienceRule ofRegistration(String idScope, RegistrationId registrationId) {
        return new AudienceRule(
                Audience.of(idScope, registrationId),
                a -> a.isPlain()
                        && a.host().equals(idScope)
                        && a.path().size() == 2
                        && a.path().get(0).equals("registrations")
                        && a.path().get(1).equalsIgnoreCase(registrationId.value()));
    }

    boolean accepts(Audience audience) {
        return accepts.test(audience);
    }

    /** What would have been accepted, for errors. */
    String wanted() {
        return wanted;
    }

    @Override
    public String toString() {
        return "AudienceRule[" + wanted + "]";
    }

    private static boolean isOurs(Predicate<String> hostIsOurs, Audience audience) {
        return hostIsOurs.test(audience.host().toLowerCase(Locale.ROOT));
    }
}
