import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";

/** What a picture was made of, as it is written into it. */
export const digestOf = (...sources: readonly string[]): string =>
  createHash("sha256").update(sources.join("\0")).digest("hex").slice(0, 32);

const KEY = "Source";
/** Signature, and the whole of the first chunk, `IHDR`. */
const HEAD = 8 + 25;

/** The PNG with the digest of its source in a `tEXt` chunk, which no viewer shows. */
export function withSource(png: Uint8Array, digest: string): Uint8Array {
  const body = Buffer.from(`tEXt${KEY}\0${digest}`, "latin1");
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(body.length - 4);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([png.subarray(0, HEAD), length, body, check, png.subarray(HEAD)]);
}

/** @returns the digest that {@link withSource} wrote; undefined where there is none. */
export function sourceOf(png: Uint8Array): string | undefined {
  const bytes = Buffer.from(png.buffer, png.byteOffset, png.byteLength);
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = bytes.readUInt32BE(at);
    const chunk = bytes.subarray(at + 8, at + 8 + length).toString("latin1");
    if (bytes.subarray(at + 4, at + 8).toString("latin1") === "tEXt" && chunk.startsWith(`${KEY}\0`)) return chunk.slice(KEY.length + 1);
    at += 12 + length;
  }
  return undefined;
}
