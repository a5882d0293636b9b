package io.hubwire.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hubwire.protocol.InvalidInputException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class X509IdentityTest {
    @TempDir
    Path folder;

    @ParameterizedTest
    @CsvSource({
        "rsa-cert.pem, rsa-pkcs8.pem",
        "rsa-cert.pem, rsa-pkcs1.pem",
        "ec-cert.pem, ec-pkcs8.pem",
        "ec-cert.pem, ec-sec1.pem",
        "ec-cert.pem, ec-sec1-with-parameters.pem",
        "ed25519-cert.pem, ed25519-pkcs8.pem",
    })
    void loads_every_plain_form_of_a_key(String certificate, String key) {
        X509Identity identity = X509Identity.pem(Pem.file(certificate), Pem.file(key), null);
        assertThat(identity.chain()).hasSize(1);
        assertThat(identity.commonName().orElseThrow()).endsWith("-device");
    }

    @ParameterizedTest
    @CsvSource({
        "rsa-cert.pem, rsa-pkcs8-aes256.pem",
        "rsa-cert.pem, rsa-pkcs8-3des.pem",
        "rsa-cert.pem, rsa-legacy-aes128.pem",
        "rsa-cert.pem, rsa-legacy-aes192.pem",
        "rsa-cert.pem, rsa-legacy-aes256.pem",
        "rsa-cert.pem, rsa-legacy-des3.pem",
        "ec-cert.pem, ec-pkcs8-aes128.pem",
        "ec-cert.pem, ec-legacy-aes256.pem",
    })
    void loads_every_encrypted_form_with_the_right_passphrase_only(String certificate, String key) {
        Path cert = Pem.file(certificate);
        Path file = Pem.file(key);
        assertThat(X509Identity.pem(cert, file, Pem.PASSPHRASE.toCharArray()).chain())
                .hasSize(1);
        assertThatThrownBy(() -> X509Identity.pem(cert, file, "open barley".toCharArray()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("[" + file + "]")
                .hasMessageNotContaining("barley")
                .hasNoCause();
        assertThatThrownBy(() -> X509Identity.pem(cert, file, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("is encrypted, and no passphrase was given");
    }

    @ParameterizedTest
    @CsvSource({"rsa-legacy-camellia128.pem, [CAMELLIA-128-CBC]", "rsa-pkcs8-scrypt.pem, PRIVATE KEY"})
    void names_an_encryption_it_does_not_know(String key, String expected) {
        assertThatThrownBy(
                        () -> X509Identity.pem(Pem.file("rsa-cert.pem"), Pem.file(key), Pem.PASSPHRASE.toCharArray()))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining(expected);
    }

    @Test
    void keeps_the_chain_in_order_whatever_stands_around_the_blocks() {
        X509Identity two = X509Identity.pem(Pem.file("device-chain.pem"), Pem.file("device-key.pem"), null);
        X509Identity one = X509Identity.pem(Pem.file("device-all.pem"), null);
        assertThat(two.chain()).isEqualTo(one.chain()).hasSize(2);
        assertThat(two.commonName()).contains("ca-device");
        assertThat(X509Identity.commonName(two.chain().get(1))).contains("Hubwire test intermediate");
    }

    @Test
    void shows_subject_and_thumbprint_and_no_key() {
        X509Identity identity = X509Identity.pem(Pem.file("rsa-cert.pem"), Pem.file("rsa-pkcs8.pem"), null);
        assertThat(identity.thumbprint()).matches("[0-9A-F]{64}");
        assertThat(X509Identity.thumbprint(identity.certificate(), "SHA-1")).matches("[0-9A-F]{40}");
        assertThat(identity).hasToString("X509Identity[CN=rsa-device, O=Hubwire, " + identity.thumbprint() + "]");
    }

    @Test
    void tells_which_certificate_a_key_belongs_to() {
        assertThatThrownBy(() -> X509Identity.pem(Pem.file("rsa-cert.pem"), Pem.file("ec-pkcs8.pem"), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("belongs to none of the 1 certificates");
        assertThatThrownBy(() -> X509Identity.pem(Pem.file("chain-backwards.pem"), Pem.file("device-key.pem"), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("belongs to certificate number 2");
    }

    @Test
    void tells_where_a_chain_has_a_gap() {
        assertThatThrownBy(() -> X509Identity.pem(Pem.file("chain-with-gap.pem"), Pem.file("device-key.pem"), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("certificate number 2 [CN=Hubwire test root] did not issue the one before it")
                .hasMessageContaining("its issuer is [CN=Hubwire test intermediate]");
        assertThatThrownBy(() -> X509Identity.of(
                        List.<X509Certificate>of(), PrivateKeys.only(PemFile.read(Pem.file("ec-pkcs8.pem")), null)))
                .hasMessageContaining("is empty");
    }

    @Test
    void says_what_a_file_holds_in_place_of_what_was_wanted() throws IOException {
        assertThatThrownBy(() -> X509Identity.pem(Pem.file("rsa-pkcs8.pem"), null))
                .hasMessageContaining("has no block -----BEGIN CERTIFICATE-----; it has [PRIVATE KEY]");
        assertThatThrownBy(() -> X509Identity.pem(Pem.file("rsa-cert.pem"), null))
                .hasMessageContaining("has no private key; wanted is one, and it has [CERTIFICATE]");
        Path twoKeys = write(Files.readString(Pem.file("rsa-pkcs8.pem")) + Files.readString(Pem.file("ec-pkcs8.pem")));
        assertThatThrownBy(() -> X509Identity.pem(Pem.file("rsa-cert.pem"), twoKeys, null))
                .hasMessageContaining("has 2 private keys");
        assertThatThrownBy(() -> X509Identity.pem(write("hello"), null)).hasMessageContaining("no PEM block at all");
        assertThatThrownBy(() -> X509Identity.pem(folder.resolve("absent.pem"), null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("absent.pem] cannot be read: NoSuchFileException");
    }

    @ParameterizedTest
    @ValueSource(strings = {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY", "ENCRYPTED PRIVATE KEY", "CERTIFICATE"})
    void a_damaged_block_is_refused_without_being_quoted(String type) throws IOException {
        for (String content : List.of("c2VjcmV0IHNlY3JldCBzZWNyZXQ=", "MAA=", "BQA=", "", "%%%%", "MIIBVgIBADANBgkq")) {
            Path file = write("-----BEGIN " + type + "-----\n" + content + "\n-----END " + type + "-----\n");
            assertThatThrownBy(() -> {
                        if (type.equals("CERTIFICATE")) {
                            X509Identity.pem(file, null);
                        } else {
                            X509Identity.pem(Pem.file("rsa-cert.pem"), file, "x".toCharArray());
                        }
                    })
                    .as(content)
                    .isInstanceOf(InvalidInputException.class)
                    .hasMessageContaining("damaged.pem]")
                    .hasMessageNotContaining("secret")
                    .hasMessageNotContaining("c2Vj");
        }
        Path cutOff = write("-----BEGIN " + type + "-----\nc2VjcmV0IHNlY3JldCBzZWNyZXQ=\n");
        assertThatThrownBy(() -> X509Identity.pem(cutOff, null))
                .isInstanceOf(InvalidInputException.class)
                .hasMessageContaining("block number 1");
    }

    @Test
    void a_legacy_header_with_a_broken_iv_is_named() throws IOException {
        Path file =
                write("-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,ABCD\n\nAAAA\n"
                        + "-----END RSA PRIVATE KEY-----\n");
        assertThatThrownBy(() -> X509Identity.pem(Pem.file("rsa-cert.pem"), file, "x".toCharArray()))
                .hasMessageContaining("DEK-Info does not hold 16 bytes");
    }

    private Path write(String text) throws IOException {
        return Files.writeString(folder.resolve("damaged.pem"), text, StandardCharsets.US_ASCII);
    }
}
