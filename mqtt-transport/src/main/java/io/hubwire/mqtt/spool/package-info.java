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
 * under their old sequence numbers.
 *
 * <p>A damaged record costs itself and no other: reading goes on with the next sound one. The log names file, position and
 * length; nothing more is written to such a segment, and instead of being deleted it ends as {@code *.damaged}. A file
 * that is no segment is kept as {@code *.unreadable}; one of another version keeps the spool from being opened. These
 * files do not count towards the limit and are nobody's business but the operator's.
 *
 * <p>What has been appended is with the operating system: it survives the process, not the machine. A synced spool asks
 * the system to put each message on the medium before it counts as kept; that a message is done is never waited for, so a
 * power cut may send some twice. Internal to this module, except for {@link io.hubwire.mqtt.spool.SpoolException}.
 */
@NullMarked
package io.hubwire.mqtt.spool;

import org.jspecify.annotations.NullMarked;
