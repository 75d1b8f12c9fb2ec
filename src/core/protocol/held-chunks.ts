/** Chunks of one answer, held until there are enough of them that reading is cheap. */
export type HeldChunks = {
  readonly add: (chunk: Uint8Array, atNs: number) => void;
  /** Hands on what is held. */
  readonly flush: () => void;
};

/** A stream of tokens holds some kilobytes at most, and reading them takes some tens of microseconds. */
export const MOST_HELD = { chunks: 32, bytes: 16 * 1024 };

/**
 * Hands chunks on some at a time, each with the time at which it came.
 *
 * Between two chunks of a stream come those of all others, and the HTTP client's work for them. What reads a token has left
 * the processor's caches by then, and costs a multiple of what it costs when it reads several in a row. Nothing of an
 * answer is asked for before its end, so nobody waits for what is held.
 *
 * @param onChunk hears every chunk once, in order.
 */
export function holdChunks(onChunk: (chunk: Uint8Array, atNs: number) => void): HeldChunks {
  const chunks: (Uint8Array | undefined)[] = [];
  const timesNs: number[] = [];
  let count = 0;
  let bytes = 0;
  let limit: number | undefined;
  function flush(): void {
    for (let i = 0; i < count; i++) {
      const chunk = chunks[i]!;
      chunks[i] = undefined;
      onChunk(chunk, timesNs[i]!);
    }
    count = 0;
    bytes = 0;
    limit = MOST_HELD.chunks;
  }
  return {
    add: (chunk, atNs) => {
      chunks[count] = chunk;
      timesNs[count] = atNs;
      count++;
      bytes += chunk.length;
      limit ??= firstLimit(atNs);
      if (count >= limit || bytes >= MOST_HELD.bytes) flush();
    },
    flush,
  };
}

/**
 * A batching server sends a token of every stream at once. Streams that also began together would all be read after the same
 * token, and hold up the clock of one another for milliseconds: each begins with a share of its own, by when it first came.
 */
const firstLimit = (atNs: number): number => 1 + (Math.floor(atNs / 1000) % MOST_HELD.chunks);
