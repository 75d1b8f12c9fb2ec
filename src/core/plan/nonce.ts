import { createHash } from "node:crypto";
import { InputError } from "../errors.ts";
import type { NonceScope } from "../suite/prompt.ts";

/** Where a body holds a nonce, in bytes from its beginning, and what has a nonce of its own. */
export type NonceSlot = { readonly at: number; readonly per: NonceScope };

/** Whose nonces these are: `run` is equal for all who send one load together, `sender` is one of them. */
export type NonceKeys = { readonly run: string; readonly sender: string };

/** Letters, and so bytes, of a nonce: small ones only, which no encoding of a text changes. */
const NONCE_LENGTH = 16;
/** About how many tokens it is: 8.0 to 9.3 on average in six vocabularies. */
export const NONCE_TOKENS = 9;
/** Stands in a prepared body where a nonce is written when it is sent. */
export const NONCE_PLACEHOLDER = "noncetobewritten";

/**
 * Writes the nonces of one lane, in 16 letters from a to p. The first eight are the counter, mixed so that neighbours
 * begin with different letters, and the last eight name the lane.
 *
 * Within a lane the first 2³² nonces differ from one another. Those of two lanes are equal with a probability of 2⁻⁶⁴
 * each: less than one in a hundred million for a million nonces in all.
 *
 * @param lane who sends, and what for: any other list is another lane.
 * @returns writes the nonce of `counter`, an integer ≥ 0, at `at`.
 */
export function nonceWriter(lane: readonly string[]): (counter: number, into: Uint8Array, at: number) => void {
  const digest = createHash("sha256").update(JSON.stringify(lane)).digest();
  const [start, name] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
  return (counter, into, at) => {
    writeLetters(mix(start + counter), into, at);
    writeLetters(name, into, at + NONCE_LENGTH / 2);
  };
}

/**
 * Finds the place that a body has for a nonce.
 *
 * @throws {InputError} where it has none (the protocol does not send the text as it is), or the text itself holds the
 *   placeholder.
 */
export function nonceSlot(body: Uint8Array | undefined, per: NonceScope, payload: string): NonceSlot {
  const bytes = Buffer.from(body?.buffer ?? new ArrayBuffer(0), body?.byteOffset, body?.byteLength ?? 0);
  const at = bytes.indexOf(NONCE_PLACEHOLDER, 0, "latin1");
  if (at >= 0 && bytes.indexOf(NONCE_PLACEHOLDER, at + 1, "latin1") < 0) return { at, per };
  throw new InputError(`the requests of payload "${payload}" have no one place where their prompt could begin differently`, {
    hint: "leave unique out",
  });
}

function writeLetters(word: number, into: Uint8Array, at: number): void {
  for (let i = 0; i < NONCE_LENGTH / 2; i++) into[at + i] = 97 + ((word >>> (28 - 4 * i)) & 15);
}

/** A permutation of the 32-bit words in which each bit of the input moves about half of the output: MurmurHash3's finalizer (Appleby, public domain). */
function mix(word: number): number {
  let mixed = word >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
