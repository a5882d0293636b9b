package io.hubwire.auth;

import io.hubwire.auth.KeywordList.Element;
import org.jspecify.annotations.Nullable;

/** What a policy's name may look like: {@code ^[a-zA-Z0-9_\-@.]+$}. Source: sas-auth 7. */
final class PolicyNames {
    private PolicyNames() {}

    static String check(Element element) {
        return check(element, element.value());
    }

    /** The policy that a token in a connection string names, or null: it is written out again as a keyword's value. */
    static @Nullable String ofToken(Element signature, SasToken token) {
        return token.policy().map(name -> check(signature, name)).orElse(null);
    }

    private static String check(Element element, String name) {
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            boolean ok = c < 0x80 && (Character.isLetterOrDigit(c) || "_-@.".indexOf(c) >= 0);
            if (!ok) {
                throw element.broken("policy name has an illegal character at its position " + (i + 1)
                        + "; allowed are ASCII letters, digits, _ - @ and .");
            }
        }
        return name;
    }
}
