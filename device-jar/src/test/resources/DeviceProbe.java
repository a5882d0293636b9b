import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.TlsTrust;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.MethodResponse;
import io.hubwire.protocol.Message;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * A device that has nothing but hubwire-device.jar: java -cp hubwire-device.jar DeviceProbe.java CONNECTION-STRING PORT
 * CA-FILE. Sends, reports, reads its twin; then waits for a message, a method and a desired property, and says what it saw.
 */
class DeviceProbe {
    public static void main(String[] args) throws Exception {
        CountDownLatch seen = new CountDownLatch(3);
        ClientOptions options = ClientOptions.builder()
                .port(Integer.parseInt(args[1]))
                .trust(TlsTrust.pem(Path.of(args[2])))
                .trace(event -> event.summary())
                .build();
        try (DeviceClient device = DeviceClient.of(ConnectionString.parse(args[0]), options)) {
            device.onMessage(received -> {
                System.out.println("message " + received.message().text());
                seen.countDown();
            });
            device.onMethod("blink", request -> {
                System.out.println("method " + request.payload());
                seen.countDown();
                return MethodResponse.ok("{\"blinked\":3}");
            });
            device.onDesired(update -> {
                System.out.println("desired " + update);
                if (update.toString().contains("brightness")) {
                    seen.countDown();
                }
            });
            device.connect().get(30, TimeUnit.SECONDS);
            device.send(Message.builder("{\"windSpeed\":12}").property("alert", "nö").build()).get(30, TimeUnit.SECONDS);
            System.out.println("reported " + device.report("{\"firmware\":\"1.0\",\"pi\":3.14159}").get(30, TimeUnit.SECONDS));
            System.out.println("twin " + device.twin().get(30, TimeUnit.SECONDS));
            System.out.println("ready");
            if (!seen.await(60, TimeUnit.SECONDS)) {
                System.out.println("missing " + seen.getCount());
            }
        }
        System.out.println("end");
    }
}
