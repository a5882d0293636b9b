package io.hubwire.localhub.broker;

import com.google.inject.Injector;
import com.hivemq.common.shutdown.HiveMQShutdownHook;
import com.hivemq.common.shutdown.ShutdownHooks;
import com.hivemq.extension.sdk.api.services.ManagedExtensionExecutorService;
import com.hivemq.extensions.ExtensionBootstrap;
import com.hivemq.extensions.loader.ExtensionBuilderDependencies;
import com.hivemq.extensions.loader.ExtensionLoader;
import com.hivemq.extensions.loader.ExtensionStaticInitializer;
import com.hivemq.extensions.services.executor.GlobalManagedExtensionExecutorService;
import java.io.IOException;
import java.lang.reflect.Field;
import java.util.Collection;
import java.util.Optional;
import javax.inject.Provider;

/**
 * The way from what the SDK gives an extension to the injector of the broker around it, which has all parts. The SDK shows
 * none, so this goes from object to object by the types of private fields: the only reflection in the project beside
 * virtual threads, tied to one version of the broker ({@link BrokerSelfTest#VERSION}).
 */
final class BrokerParts {
    private BrokerParts() {}

    /**
     * The injector of the broker with this executor.
     *
     * @throws IOException naming the field that is not there
     */
    static Injector of(ManagedExtensionExecutorService executor) throws IOException {
        GlobalManagedExtensionExecutorService shared = held(executor, GlobalManagedExtensionExecutorService.class);
        ExtensionBootstrap extensions = extensions(held(shared, ShutdownHooks.class));
        ExtensionLoader loader = held(extensions, ExtensionLoader.class);
        ExtensionStaticInitializer initializer = held(loader, ExtensionStaticInitializer.class);
        ExtensionBuilderDependencies builders = held(initializer, ExtensionBuilderDependencies.class);
        return held(held(builders, Provider.class), Injector.class);
    }

    /** The extension system stops by a hook that knows it. */
    private static ExtensionBootstrap extensions(ShutdownHooks hooks) throws IOException {
        Collection<HiveMQShutdownHook> all = hooks.getShutdownHooks().values();
        for (HiveMQShutdownHook hook : all) {
            Optional<ExtensionBootstrap> found = find(hook, ExtensionBootstrap.class);
            if (found.isPresent()) {
                return found.get();
            }
        }
        throw BrokerSelfTest.notAsExpected("none of its shutdown hooks "
                + all.stream().map(HiveMQShutdownHook::name).toList() + " knows its extensions");
    }

    private static <T> T held(Object holder, Class<T> type) throws IOException {
        return find(holder, type)
                .orElseThrow(() -> BrokerSelfTest.notAsExpected("["
                        + holder.getClass().getName() + "] has no field of type [" + type.getName() + "] that is set"));
    }

    /** The value of the first field of an object whose value is of a type. */
    static <T> Optional<T> find(Object holder, Class<T> type) throws IOException {
        for (Field field : holder.getClass().getDeclaredFields()) {
            // javac calls the object around an anonymous one by a class, the others are declared by their interface
            if (!field.getType().isPrimitive() && type.isAssignableFrom(field.getType())) {
                try {
                    field.setAccessible(true);
                    Object value = field.get(holder);
                    if (value != null) {
                        return Optional.of(type.cast(value));
                    }
                } catch (IllegalAccessException | RuntimeException e) {
                    throw new IOException(
                            BrokerSelfTest.notAsExpected("[" + field + "] cannot be read")
                                    .getMessage(),
                            e);
                }
            }
        }
        return Optional.empty();
    }
}
