import com.codahale.metrics.MetricRegistry;
import com.google.common.collect.ImmutableList;
import com.hivemq.HiveMQServer;
import com.hivemq.configuration.info.SystemInformationImpl;
import com.hivemq.extensions.HiveMQExtensionEvent;
import com.hivemq.extensions.HiveMQExtensionEvent.Change;
import com.hivemq.extensions.classloader.IsolatedExtensionClassloader;
import com.hivemq.extensions.loader.ExtensionLifecycleHandler;
import com.hivemq.extensions.loader.ExtensionLoader;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.util.List;

/**
 * HiveMQ as its own main starts it, with its home in the system property hivemq.home, but without its set-up of logging:
 * that needs a library which is not on this project's class path. Does on request what the community edition does at
 * its start and stop only: "disable" and "enable" the extension, and tells its "threads".
 */
class StockBroker {
    public static void main(String[] none) throws Exception {
        HiveMQServer server =
                new HiveMQServer(new SystemInformationImpl(true), new MetricRegistry(), null, false, false);
        // as in its own main, whose hook is not to be reached
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        server.start();
        Path extensions = Path.of(System.getProperty("hivemq.home"), "extensions");
        BufferedReader requests = new BufferedReader(new InputStreamReader(System.in));
        for (String request = requests.readLine(); request != null; request = requests.readLine()) {
            String answer = answer(server, extensions, request);
            System.out.println("done " + request + " " + answer);
        }
    }

    private static String answer(HiveMQServer server, Path extensions, String request) throws Exception {
        ExtensionLifecycleHandler life = server.getInjector().getInstance(ExtensionLifecycleHandler.class);
        switch (request) {
            case "disable":
                life.handleExtensionEvents(ImmutableList.of(new HiveMQExtensionEvent(
                                Change.DISABLE, "hubwire", 1, extensions.resolve("hubwire"), false)))
                        .get();
                return "";
            case "enable":
                life.handleExtensionEvents(server.getInjector()
                                .getInstance(ExtensionLoader.class)
                                .loadExtensions(extensions, false))
                        .get();
                return "";
            case "threads":
                return Thread.getAllStackTraces().keySet().stream()
                        .filter(t -> t.getName().contains("hubwire")
                                || t.getContextClassLoader() instanceof IsolatedExtensionClassloader)
                        .map(Thread::getName)
                        .toList()
                        .toString();
            default:
                throw new IllegalArgumentException(request);
        }
    }
}
