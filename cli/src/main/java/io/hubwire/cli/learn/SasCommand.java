package io.hubwire.cli.learn;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.hubwire.auth.Audience;
import io.hubwire.auth.ConnectionString;
import io.hubwire.auth.SasToken;
import io.hubwire.auth.SymmetricKey;
import io.hubwire.cli.context.CliContext;
import io.hubwire.cli.context.CommandFamily;
import io.hubwire.cli.output.ExitCode;
import io.hubwire.protocol.InvalidInputException;
import io.hubwire.protocol.json.Json;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Tokens by hand, for curl and for other people's programs. */
@Command(name = "sas", mixinStandardHelpOptions = true, description = "Make and check shared access signatures.")
public final class SasCommand extends CommandFamily {
    private final CliContext context;

    private SasCommand(CliContext context) {
        this.context = context;
    }

    /** This family with its members. */
    public static CommandLine with(CliContext context) {
        return new CommandLine(new SasCommand(context));
    }

    @Command(
            name = "generate",
            mixinStandardHelpOptions = true,
            description = "Make a token for the hub's back end, for a device, or for any resource with a given key.",
            footer = {
                "",
                "Example: curl --cacert \"$HUBWIRE_CA_FILE\" -H \"Authorization: $(hubwire sas generate)\" \\",
                "           \"${HUBWIRE_WEB_URL}devices/device1?api-version=2021-04-12\"",
                "Example: hubwire sas generate -d device1 --ttl 10m",
                "Example: hubwire sas generate --resource h.example/devices/d1 --key K"
            })
    int generate(
            @Mixin Signer signer,
            @Option(names = "--ttl", paramLabel = "D", defaultValue = "1h", description = "Its life. Default 1h.")
                    Duration ttl) {
        Signer.Signature by = signer.signature(context);
        Instant expiry = context.clock().instant().plus(ttl);
        SasToken token = SasToken.sign(by.audience(), by.key(), expiry, by.policy());
        context.answer(
                Json.object()
                        .put("token", token.text())
                        .put("audience", token.audience())
                        .put("expiry", token.expiry().toString())
                        .put("policy", by.policy()),
                () -> context.terminal().line(token.text()));
        return ExitCode.DONE.code();
    }

    @Command(
            name = "verify",
            mixinStandardHelpOptions = true,
            description = "Check a token's form, end and signature; exit 4 when it would be refused.",
            footer = {
                "",
                "The key is that of --key, or of the device or hub the other options name.",
                "Example: hubwire sas verify \"$TOKEN\" -d device1"
            })
    int verify(
            @Parameters(paramLabel = "TOKEN|-", description = "- reads standard input.") String text,
            @Mixin Signer signer) {
        SasToken token = SasToken.parse(context.argumentText(text).strip());
        boolean signed = token.isSignedBy(signer.key(context));
        boolean expired = !context.clock().instant().isBefore(token.expiry());
        ObjectNode document = Json.object()
                .put("audience", token.audience())
                .put("expiry", token.expiry().toString())
                .put("policy", token.policy().orElse(null))
                .put("signed", signed)
                .put("expired", expired)
                .put("ok", signed && !expired);
        context.answer(document, () -> {
            new TokenText(context.clock().instant()).parts(token).forEach(part -> context.terminal()
                    .line(part.text() + "   " + part.meaning()));
            context.terminal()
                    .line(signed ? "the signature is right" : "the signature is not by this key for this resource");
        });
        return signed && !expired ? ExitCode.DONE.code() : ExitCode.REFUSED.code();
    }

    /** Whose key signs, and for what. */
    static final class Signer {
        /** What a token is made of, before its end. */
        record Signature(
                String audience, SymmetricKey key, @Nullable String policy) {}

        @Option(
                names = {"-d", "--device"},
                paramLabel = "DEVICE",
                description = "As this device; its key is looked up in the registry.")
        private @Nullable String device;

        @Option(
                names = {"-m", "--module"},
                paramLabel = "MODULE",
                description = "A module of the device.")
        private @Nullable String module;

        @Option(names = "--device-connection-string", paramLabel = "CONNSTR", description = "As the device it names.")
        private @Nullable String connection;

        @Option(names = "--key", paramLabel = "BASE64", description = "Sign with this key; with --resource.")
        private @Nullable String key;

        @Option(names = "--resource", paramLabel = "URI", description = "What it is for, not encoded; with --key.")
        private @Nullable String resource;

        @Option(names = "--policy", paramLabel = "NAME", description = "Policy the key belongs to; with --key.")
        private @Nullable String policy;

        Signature signature(CliContext context) {
            if (key != null) {
                if (resource == null) {
                    throw new InvalidInputException("--key needs --resource, which says what the token is for");
                }
                return new Signature(resource, SymmetricKey.ofBase64(key), policy);
            }
            if (resource != null || policy != null) {
                throw new InvalidInputException("--resource and --policy go with --key; else both come from the hub");
            }
            ConnectionString from = connectionString(context);
            String audience = from.identity()
                    .map(identity -> Audience.of(from.hostName(), identity))
                    .orElse(from.hostName());
            return new Signature(audience, keyOf(from), from.policyName().orElse(null));
        }

        SymmetricKey key(CliContext context) {
            return key != null ? SymmetricKey.ofBase64(key) : keyOf(connectionString(context));
        }

        private ConnectionString connectionString(CliContext context) {
            boolean asDevice = device != null || connection != null;
            return asDevice
                    ? context.clients().device(connection, device, module).connection()
                    : context.hub().connection();
        }

        private static SymmetricKey keyOf(ConnectionString from) {
            Optional<SymmetricKey> known = from.key();
            return known.orElseThrow(() -> new InvalidInputException(
                    "connection string has no SharedAccessKey; only a key makes or checks tokens"));
        }
    }
}
