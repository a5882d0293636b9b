package io.hubwire.mqtt;

import java.util.ArrayList;
import java.util.List;

/**
 * Decides which desired properties are news, by {@code $version}. Pure; not thread-safe.
 *
 * <p>Patches get lost while the link is down, come twice, and race the answer to the get that follows each connect. So:
 * after a connect everything is fetched, and patches wait until it is there; then only the next version is applied, an
 * older one is ignored, and a gap means to fetch again. A complete document with a lower version than the last one comes
 * from a twin that was made anew, and counts.
 */
final class DesiredGate {
    /** More than these waiting for one answer means that it is simpler to fetch again. */
    private static final int MOST_HELD = 100;

    /** What to do: hand these to the application, in order; and fetch everything, if so. */
    record Outcome(List<DesiredUpdate> apply, boolean fetch) {}

    private static final Outcome NOTHING = new Outcome(List.of(), false);
    private static final Outcome FETCH = new Outcome(List.of(), true);

    private final List<DesiredUpdate> held = new ArrayList<>();
    private long version;
    private boolean fetching;

    /** The subscription is in place (again), or updates were left out: everything is wanted. */
    Outcome connected() {
        held.clear();
        fetching = true;
        return FETCH;
    }

    /** The hub published a patch. */
    Outcome patch(DesiredUpdate patch) {
        if (fetching) {
            if (held.size() < MOST_HELD) {
                held.add(patch);
            }
            return NOTHING;
        }
        if (patch.version() <= version) {
            return NOTHING;
        }
        if (patch.version() == version + 1) {
            version = patch.version();
            return new Outcome(List.of(patch), false);
        }
        held.add(patch);
        fetching = true;
        return FETCH;
    }

    /** A patch was lost on our side: it could not be read, or too many waited for the application. */
    Outcome patchLost() {
        if (fetching) {
            return NOTHING;
        }
        fetching = true;
        return FETCH;
    }

    /** Everything is there. */
    Outcome fetched(Twin.Section desired) {
        fetching = false;
        List<DesiredUpdate> apply = new ArrayList<>();
        if (desired.version() != version) {
            version = desired.version();
            apply.add(new DesiredUpdate(version, desired.json(), true));
        }
        boolean fetch = false;
        List<DesiredUpdate> waited = List.copyOf(held);
        held.clear();
        for (DesiredUpdate patch : waited) {
            Outcome one = patch(patch);
            apply.addAll(one.apply());
            fetch |= one.fetch();
        }
        return new Outcome(apply, fetch);
    }

    /** The link was lost while fetching; {@link #connected} will follow. */
    void disconnected() {
        fetching = true;
        held.clear();
    }
}
