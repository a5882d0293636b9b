package io.hubwire.cli.learn;

import io.hubwire.auth.SasToken;
import io.hubwire.cli.learn.Explained.Part;
import io.hubwire.protocol.InvalidInputException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** SAS tokens, signature masked. Source: sas-auth 2. */
final class TokenText {
    private final Instant now;

    TokenText(Instant now) {
        this.now = now;
    }

    Explained explain(String text) {
        SasToken token;
        try {
            token = SasToken.parse(text);
        } catch (InvalidInputException broken) {
            return new Explained("SAS token", List.of(), broken.getMessage());
        }
        return Explained.sound("SAS token", parts(token));
    }

    List<Part> parts(SasToken token) {
        List<Part> parts = new ArrayList<>();
        parts.add(new Part("sr=" + token.rawAudience(), "what it is for: " + token.audience()));
        parts.add(new Part("sig=…", "HMAC-SHA-256 of sr and se by the key; masked here"));
        parts.add(
                new Part("se=" + token.expiry().getEpochSecond(), "good until " + token.expiry() + ", " + left(token)));
        parts.add(token.policy()
                .map(policy -> new Part("skn=" + policy, "signed by a key of the policy " + policy))
                .orElseGet(() -> new Part("skn", "absent: signed by a device's or module's own key")));
        return parts;
    }

    private String left(SasToken token) {
        Duration left = Duration.between(now, token.expiry());
        return left.isNegative() ? "expired " + words(left.negated()) + " ago" : words(left) + " from now";
    }

    /** Rounded down to the largest unit that fits. */
    static String words(Duration time) {
        if (time.toDays() > 1) {
            return time.toDays() + " days";
        }
        if (time.toHours() > 1) {
            return time.toHours() + " hours";
        }
        return time.toMinutes() > 1 ? time.toMinutes() + " minutes" : time.toSeconds() + " seconds";
    }
}
