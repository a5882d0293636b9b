package io.hubwire.mqtt.link;

import java.lang.reflect.InvocationTargetException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/**
 * Threads for a client: daemons with a name. Virtual ones where they are fit for the purpose, which is from JDK 24 on:
 * Paho waits on monitors, and before JEP 491 such a wait holds a carrier thread, so that some hundred clients would
 * block all others.
 */
public final class ClientThreads {
    private static final int FIRST_FIT = 24;

    private ClientThreads() {}

    /** A factory whose threads all carry this name; Paho gives those it runs on a name of its own. */
    public static ThreadFactory named(String name) {
        ThreadFactory virtual = Runtime.version().feature() >= FIRST_FIT ? virtual(name) : null;
        return virtual != null
                ? virtual
                : task -> {
                    Thread thread = new Thread(task, name);
                    thread.setDaemon(true);
                    return thread;
                };
    }

    /** {@code Thread.ofVirtual().name(name).factory()}, by reflection because we compile for Java 17. */
    private static @Nullable ThreadFactory virtual(String name) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder");
            type.getMethod("name", String.class).invoke(builder, name);
            return (ThreadFactory) type.getMethod("factory").invoke(builder);
        } catch (NoSuchMethodException
                | ClassNotFoundException
                | IllegalAccessException
                | InvocationTargetException unavailable) {
            return null;
        }
    }
}
