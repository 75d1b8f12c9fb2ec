import { inflateSync } from "node:zlib";
import { type Bins, binsOfCells, countsOf, EMPTY_BINS } from "../stats/bins.ts";
import { CELLS } from "../stats/grid.ts";

/** Of the compressed form; as {@link COOKIE}. Then comes how many bytes the compressed ones are. */
const COMPRESSED_COOKIE = 0x1c849304;
const COMPRESSED_HEADER_BYTES = 8;
/** More than a histogram of five digits has, each of its two million counts in the longest form. */
const MOST_BYTES = 32 * 1024 * 1024;
/** Of one count. */
const MOST_COUNT_BYTES = 9;

/**
 * Undoes the compression of an HdrHistogram, version 2. A record may be anybody's, so what it unfolds to is bounded.
 *
 * @throws {RangeError} if the bytes are none, or unfold to more than any histogram is; zlib's own errors on damage.
 */
export function payloadOf(compressed: Uint8Array): Uint8Array {
  const view = new DataView(compressed.buffer, compressed.byteOffset, compressed.byteLength);
  if ((view.getUint32(0) & ~0xf0) !== COMPRESSED_COOKIE) throw new RangeError("not a compressed histogram");
  const end = COMPRESSED_HEADER_BYTES + view.getUint32(4);
  return inflateSync(compressed.subarray(COMPRESSED_HEADER_BYTES, end), { maxOutputLength: MOST_BYTES });
}

/** Version 2, counts as ZigZag LEB128 of up to nine bytes; the four bits that are masked say how long a word is. */
const COOKIE = 0x1c849303;
const HEADER_BYTES = 40;

/**
 * Bins of an HdrHistogram as it lies in memory after its base64 and its compression were undone: a header, then one
 * number a cell, where −n stands for n empty cells. Reads the settings of {@link Distribution} without building the
 * histogram, whose 23,000 counts are nearly all zero.
 *
 * @returns undefined for other settings, which are not ours to read.
 * @throws {RangeError} if the bytes end too early or count what no cell of the grid can hold.
 */
export function binsOfPayload(bytes: Uint8Array): Bins | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < HEADER_BYTES || (view.getUint32(0) & ~0xf0) !== COOKIE) throw new RangeError("not a histogram");
  const end = HEADER_BYTES + view.getUint32(4);
  const hasOurSettings = view.getUint32(12) === 3 && view.getBigUint64(16) === 1n && view.getBigUint64(24) < 2n ** 32n;
  if (!hasOurSettings) return undefined;
  if (end > bytes.length) throw new RangeError("cut short");
  if (end > HEADER_BYTES + MOST_COUNT_BYTES * CELLS) throw new RangeError("beyond the grid");
  let size = 0;
  let total = 0;
  for (let at = HEADER_BYTES, cell = 0; at < end; ) {
    let value = bytes[at++]!;
    if (value >= 0x80) {
      value &= 0x7f;
      for (let unit = 2 ** 7, byte = 0x80; byte >= 0x80; unit *= 2 ** 7) {
        if (at === end) throw new RangeError("cut short");
        byte = bytes[at++]!;
        // The ninth byte has no flag: all its bits count.
        if (unit === 2 ** 56) {
          value += byte * unit;
          break;
        }
        value += (byte & 0x7f) * unit;
      }
    }
    if (value % 2 === 1) {
      cell += (value + 1) / 2;
      continue;
    }
    if (value > 0) {
      if (cell >= CELLS) throw new RangeError("beyond the grid");
      READ_CELLS[size] = cell;
      READ_COUNTS[size++] = value / 2;
      total += value / 2;
    }
    cell++;
  }
  if (!Number.isSafeInteger(total)) throw new RangeError("too many values");
  return total === 0 ? EMPTY_BINS : binsOfCells(READ_CELLS.slice(0, size), countsOf(READ_COUNTS.subarray(0, size), total));
}

/** One place to read into, since a record holds thousands of histograms. */
const [READ_CELLS, READ_COUNTS] = [new Uint16Array(CELLS), new Float64Array(CELLS)];
