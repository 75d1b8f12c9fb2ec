import { type Bins, binsOfCells, EMPTY_BINS } from "../stats/bins.ts";
import { EDGES_S } from "../stats/grid.ts";

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
  const cells = new Uint16Array(end - HEADER_BYTES);
  const counts = new Float64Array(end - HEADER_BYTES);
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
      if (cell >= EDGES_S.length - 1) throw new RangeError("beyond the grid");
      cells[size] = cell;
      counts[size++] = value / 2;
      total += value / 2;
    }
    cell++;
  }
  if (!Number.isSafeInteger(total)) throw new RangeError("too many values");
  return total === 0 ? EMPTY_BINS : binsOfCells(cells.slice(0, size), counts.slice(0, size));
}
