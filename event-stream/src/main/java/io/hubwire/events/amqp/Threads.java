package io.hubwire.events.amqp;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import org.jspecify.annotations.Nullable;

/** Starts threads: virtual where the JDK has them (21 and later), else daemons. */
public final class Threads {
    private static final @Nullable MethodHandle START_VIRTUAL = findStartVirtual();

    private Threads() {}

    /** Starts {@code task}. @param name shows in thread dumps */
    public static Thread start(String name, Runnable task) {
        if (START_VIRTUAL != null) {
            try {
                Thread thread = (Thread) START_VIRTUAL.invokeExact(task);
                thread.setName(name);
                return thread;
            } catch (Throwable unexpected) {
                throw new IllegalStateException("this JDK cannot start a virtual thread", unexpected);
            }
        }
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static @Nullable MethodHandle findStartVirtual() {
        try {
            return MethodHandles.publicLookup()
                    .findStatic(
                            Thread.class, "startVirtualThread", MethodType.methodType(Thread.class, Runnable.class));
        } catch (NoSuchMethodException | IllegalAccessException before21) {
            return null;
        }
    }
}
