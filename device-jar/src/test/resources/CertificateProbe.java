import io.hubwire.auth.TlsTrust;
import io.hubwire.auth.X509Identity;
import io.hubwire.mqtt.ClientCredentials;
import io.hubwire.mqtt.ClientOptions;
import io.hubwire.mqtt.DeviceClient;
import io.hubwire.mqtt.HubAddress;
import io.hubwire.mqtt.SpoolFolder;
import io.hubwire.protocol.Identity;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.Message;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;

/**
 * A device that has nothing but hubwire-device.jar and proves itself with a certificate: java -cp hubwire-device.jar
 * CertificateProbe.java DEVICE PORT CA-FILE PEM-FOLDER PASSPHRASE. Loads keys in every form, connects with an encrypted
 * one, and sends through a spool.
 */
class CertificateProbe {
    /** A typed view of desired properties, with members of most kinds. */
    public record Settings(
            Integer brightness,
            double level,
            boolean on,
            List<String> names,
            Map<String, Integer> times,
            Mode mode,
            Nested nested,
            long[] numbers,
            Object any) {
        @Override
        public String toString() {
            return brightness + " " + level + " " + on + " " + names + " " + mode + " " + nested + " "
                    + Arrays.toString(numbers) + " " + any;
        }
    }

    public record Nested(BigDecimal amount, UUID id) {}

    public enum Mode {
        ECO,
        FULL
    }

    /** A class with fields. */
    public static class Bean {
        public Map<String, List<Object>> a;
    }

    public static void main(String[] args) throws Exception {
        Path pem = Path.of(args[3]);
        char[] passphrase = args[4].toCharArray();
        for (String key : new String[] {"rsa-pkcs1", "rsa-pkcs8", "rsa-pkcs8-aes256", "rsa-pkcs8-3des", "rsa-legacy-aes128",
            "rsa-legacy-des3", "ec-sec1", "ec-sec1-with-parameters", "ec-pkcs8", "ec-pkcs8-aes128", "ec-legacy-aes256",
            "ed25519-pkcs8"}) {
            Path certificate = pem.resolve(key.substring(0, key.indexOf('-')) + "-cert.pem");
            X509Identity.pem(certificate, pem.resolve(key + ".pem"), key.contains("es") ? passphrase : null);
            System.out.println("loaded " + key);
        }
        X509Identity identity = X509Identity.pem(pem.resolve("ec-cert.pem"), pem.resolve("ec-pkcs8-aes128.pem"), passphrase);
        Path spool = Files.createTempDirectory("spool");
        ClientOptions options = ClientOptions.builder()
                .port(Integer.parseInt(args[1]))
                .trust(TlsTrust.pem(Path.of(args[2])))
                .spool(new SpoolFolder(spool, 1024 * 1024))
                .build();
        try (DeviceClient device = DeviceClient.of(
                HubAddress.of("localhost"), Identity.device(args[0]), ClientCredentials.certificates(identity), options)) {
            device.connect().get(30, TimeUnit.SECONDS);
            device.send(Message.of("by certificate")).get(30, TimeUnit.SECONDS);
            for (String broken : new String[] {"{\"a\":", "{\"a\":01}", "{\"a\":1,\"a\":2}", "[1]", "{\"a\":[null]}", "\ud800"}) {
                try {
                    device.report(broken).get(30, TimeUnit.SECONDS);
                    System.out.println("taken " + broken);
                } catch (java.util.concurrent.ExecutionException refused) {
                    System.out.println("refused " + refused.getCause().getClass().getSimpleName());
                }
            }
            System.out.println("reported " + device.report("{\"a\":{\"b\":[1,2.5,\"ü\",true,{}]},\"c\":null}").get(30, TimeUnit.SECONDS));
            Settings settings = device.twin().get(30, TimeUnit.SECONDS).desired().as(Settings.class);
            System.out.println("settings " + settings);
            Bean bean = device.twin().get(30, TimeUnit.SECONDS).reported().as(Bean.class);
            System.out.println("bean " + bean.a.get("b"));
        }
        System.out.println("end");
    }
}
