/** The bytes of one answer up to a cap; beyond it they are only counted. */
export type Body = {
  readonly add: (chunk: Uint8Array) => void;
  /** All bytes that came, kept or not. */
  readonly length: () => number;
  /** Whether every byte was kept. */
  readonly whole: () => boolean;
  /** The kept bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
  readonly text: () => string;
};

/** Kept of an answer that is searched or parsed. */
export const READ_CAP = 8 * 1024 * 1024;
/** Kept of an answer that is only quoted if it fails. */
export const QUOTE_CAP = 1024;

export function openBody(cap: number): Body {
  const kept: Uint8Array[] = [];
  let keptLength = 0;
  let length = 0;
  return {
    add: (chunk) => {
      length += chunk.length;
      if (keptLength === cap) return;
      const part = chunk.subarray(0, cap - keptLength);
      kept.push(part);
      keptLength += part.length;
    },
    length: () => length,
    whole: () => keptLength === length,
    text: () => {
      const decoder = new TextDecoder();
      let text = "";
      for (const part of kept) text += decoder.decode(part, { stream: true });
      return text + decoder.decode();
    },
  };
}
