/**
 * Who may speak: connection strings, shared access signatures, derived keys, X.509 identities and trust. Pure but for
 * reading PEM files; the only clock and the only randomness are the ones passed in. Keys and tokens never show in a
 * {@code toString} or in an error. Sources: "Control access to IoT Hub by using shared access signatures", "Symmetric key
 * attestation" of DPS, and sas-auth in the project's notes.
 */
@NullMarked
package io.hubwire.auth;

import org.jspecify.annotations.NullMarked;
