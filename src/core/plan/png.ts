import { zlibSync } from "fflate";
import { joined } from "./joined.ts";

/**
 * A PNG file of 8 bits a channel, red, green and blue. Every row is filtered with Paeth's predictor, as encoders do for
 * photographs: unfiltered, they would be a quarter larger than real ones.
 *
 * @param rgb three bytes a pixel, row by row.
 *
 * Source: W3C, Portable Network Graphics (third edition), sections 5, 9 and 11.
 */
export function encodePng(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // 8 bits a channel, colour type 2 (red, green, blue); compression, filter method and interlacing are 0.
  header.set([8, 2], 8);
  const pixels = zlibSync(filtered(width, height, rgb), { level: 6 });
  return joined([SIGNATURE, chunk("IHDR", header), chunk("IDAT", pixels), chunk("IEND", new Uint8Array())]);
}

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);
const PAETH = 4;

function filtered(width: number, height: number, rgb: Uint8Array): Uint8Array {
  const stride = width * 3;
  const rows = new Uint8Array(height * (stride + 1));
  for (let y = 0, at = 0; y < height; y++) {
    rows[at++] = PAETH;
    for (let x = 0; x < stride; x++) {
      const here = y * stride + x;
      const left = x < 3 ? 0 : rgb[here - 3]!;
      const above = y === 0 ? 0 : rgb[here - stride]!;
      const aboveLeft = x < 3 || y === 0 ? 0 : rgb[here - stride - 3]!;
      rows[at++] = rgb[here]! - paeth(left, above, aboveLeft);
    }
  }
  return rows;
}

/** Of the three neighbours the one nearest to left + above − above left; ties in this order. */
function paeth(left: number, above: number, aboveLeft: number): number {
  const toLeft = Math.abs(above - aboveLeft);
  const toAbove = Math.abs(left - aboveLeft);
  const toBoth = Math.abs(left + above - 2 * aboveLeft);
  if (toLeft <= toAbove && toLeft <= toBoth) return left;
  return toAbove <= toBoth ? above : aboveLeft;
}

/** Length, type, data, and the checksum of type and data. */
function chunk(type: string, data: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, crc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

function crc32(bytes: Uint8Array): number {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = CRC_TABLE[(remainder ^ byte) & 0xff]! ^ (remainder >>> 8);
  return (remainder ^ 0xffffffff) >>> 0;
}
