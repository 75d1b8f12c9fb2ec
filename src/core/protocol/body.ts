/** Kept of an answer that is searched or parsed. */
export const READ_CAP = 8 * 1024 * 1024;
/** Kept of an answer that is only quoted if it fails. */
export const QUOTE_CAP = 1024;

/**
 * The bytes of one answer up to a cap; beyond it they are only counted. A class, because there is one per answer, and its
 * cost is part of what the load generator costs.
 */
export class Body {
  /** All bytes that came, kept or not. */
  length = 0;
  readonly #cap: number;
  #kept: Uint8Array[] | undefined;
  #keptLength = 0;

  /** @param cap most bytes that are kept. */
  constructor(cap: number) {
    this.#cap = cap;
  }

  add(chunk: Uint8Array): void {
    this.length += chunk.length;
    const room = this.#cap - this.#keptLength;
    if (room <= 0) return;
    const part = chunk.length <= room ? chunk : chunk.subarray(0, room);
    (this.#kept ??= []).push(part);
    this.#keptLength += part.length;
  }

  /** Whether every byte was kept. */
  get isWhole(): boolean {
    return this.#keptLength === this.length;
  }

  /** The first `length` bytes as UTF-8; undefined if not so many were kept. */
  head(length: number): string | undefined {
    if (length > this.#keptLength) return undefined;
    const decoder = new TextDecoder();
    let text = "";
    let left = length;
    for (const part of this.#kept ?? []) {
      text += decoder.decode(part.subarray(0, left), { stream: true });
      left -= Math.min(left, part.length);
    }
    return text + decoder.decode();
  }

  /** The kept bytes behind the first `length`. */
  after(length: number): readonly Uint8Array[] {
    let skip = length;
    return (this.#kept ?? []).map((part) => {
      const from = Math.min(skip, part.length);
      skip -= from;
      return part.subarray(from);
    });
  }

  /** The kept bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
  text(): string {
    const decoder = new TextDecoder();
    let text = "";
    for (const part of this.#kept ?? []) text += decoder.decode(part, { stream: true });
    return text + decoder.decode();
  }
}
