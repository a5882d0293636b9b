/**
 * Messages kept on disk until the hub has acknowledged them, so that they survive the end of the process, {@code kill -9}
 * included. A folder holds numbered segment files and a lock file:
 *
 * <pre>
 * segment = "HWSP" version(1 byte: 1) *( record )
 * record  = length(4) crc(4) content          ; length and CRC-32 of the content; all numbers big-endian
 * content = 1 sequence(8) expiry(8) idLength(2) id topicLength(4) topic body     ; a message
 *         / 2 sequence(8)                                                        ; that message is done
 * </pre>
 *
 * {@code expiry} is in milliseconds since 1970, or the smallest number for none; {@code idLength} is -1 for no id; texts are
 * UTF-8. Records are only ever appended. A message is done when a later record says so, in the same segment or a later one;
 * so segments are deleted oldest first, and a segment that a few messages keep alive is emptied by writing those again,
 * under their old sequence numbers. A record that is cut off or damaged ends the reading of its segment.
 *
 * <p>What has been appended is with the operating system, not necessarily on the medium: a power cut may cost the last
 * seconds. Internal to this module, except for {@link io.hubwire.mqtt.spool.SpoolException}.
 */
@NullMarked
package io.hubwire.mqtt.spool;

import org.jspecify.annotations.NullMarked;
