package io.hubwire.protocol.mqtt;

import io.hubwire.protocol.Identity;
import java.util.EnumSet;
import java.util.Set;

/** What a hub serves to a subscriber. Source: mqtt-device 1.8, rows on SUBSCRIBE, and section 8. */
public enum HubSubscription {
    CLOUD_TO_DEVICE,
    MODULE_INPUTS,
    METHODS,
    TWIN_RESPONSES,
    DESIRED_PROPERTIES;

    /**
     * What a filter asks for. Only the documented filters count, with {@code +} allowed in place of the subscriber's own
     * ids (the embedded C SDK uses it); another identity's names are not served.
     *
     * @return empty when the hub serves nothing on this filter; two for a module's wide filter
     */
    public static Set<HubSubscription> of(Identity subscriber, String filter) {
        Set<HubSubscription> served = EnumSet.noneOf(HubSubscription.class);
        switch (filter) {
            case MethodTopic.FILTER -> served.add(METHODS);
            case TwinTopic.RESPONSE_FILTER -> served.add(TWIN_RESPONSES);
            case TwinTopic.DESIRED_FILTER -> served.add(DESIRED_PROPERTIES);
            default -> addOwn(subscriber, filter, served);
        }
        return served;
    }

    private static void addOwn(Identity subscriber, String filter, Set<HubSubscription> served) {
        if (names(filter, DeviceboundTopic.filter(subscriber))) {
            served.add(CLOUD_TO_DEVICE);
        }
        if (subscriber.isModule()) {
            boolean wide = names(filter, ModuleInputTopic.wideFilter(subscriber));
            if (wide || names(filter, ModuleInputTopic.filter(subscriber))) {
                served.add(MODULE_INPUTS);
            }
            if (wide) {
                served.add(CLOUD_TO_DEVICE);
            }
        }
    }

    /** Equal level by level, where ids (levels 1 and 3) may be {@code +}. */
    private static boolean names(String filter, String documented) {
        String[] given = filter.split("/", -1);
        String[] expected = documented.split("/", -1);
        if (given.length != expected.length) {
            return false;
        }
        boolean module = documented.contains("/modules/") && expected.length > 3;
        for (int i = 0; i < given.length; i++) {
            boolean id = i == 1 || (module && i == 3);
            if (!given[i].equals(expected[i]) && !(id && given[i].equals("+"))) {
                return false;
            }
        }
        return true;
    }
}
