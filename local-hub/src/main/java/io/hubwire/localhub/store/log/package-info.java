/**
 * An append-only log of records on disk, in files of bounded size. It knows nothing of what its records mean: events of
 * one partition are such a log, and so is the journal of the store.
 *
 * <p>A log is a folder. Its files, the segments, are called {@code {first sequence number, 20 digits}.log}. All numbers
 * are big-endian:
 *
 * <pre>
 * segment = header record*
 * header  = "HWIRELOG" version:int firstSequence:long baseOffset:long previousOffset:long previousMillis:long crc:int
 * record  = kind:int length:int crc:int sequence:long millis:long payload:byte[length]
 * </pre>
 *
 * {@code version} is 1. {@code crc} is CRC-32C: of the header's bytes before it; of the record's bytes after it and of its
 * length. {@code kind} is 0x48575245 for a record, 0x48574c53 for the place where damaged bytes have been. A record's
 * offset is {@code baseOffset} plus its position behind the header: it rises without gaps over the segments, and survives
 * the loss of records before it. {@code previousOffset} and {@code previousMillis} are those of the last record before the
 * segment, -1 and 0 when there was none; they outlive that record.
 */
@NullMarked
package io.hubwire.localhub.store.log;

import org.jspecify.annotations.NullMarked;
