/** What a careless build remembers of its requests. */
export type RequestLog = {
  /** Has this input been asked before? Remembers it, too. */
  readonly seen: (tokens: readonly number[]) => boolean;
};

/**
 * A planted leak: every request leaves an entry behind, and every later one is compared with all of them, as with a list
 * that somebody forgot to bound. The memory is really held and really read, so that both grow with the requests answered.
 *
 * @param kib size of an entry; 0: nothing is remembered.
 */
export function openRequestLog(kib: number): RequestLog {
  const entries: Float64Array[] = [];
  return {
    seen: (tokens) => {
      if (kib === 0) return false;
      const own = new Float64Array(kib * 128).fill(1);
      // Where entries differ is at their end: they are read as a whole.
      own[own.length - 1] = tokens.reduce((hash, token) => Math.imul(hash, 31) + token, 7);
      const found = entries.filter((entry) => isEqual(entry, own)).length > 0;
      entries.push(own);
      return found;
    },
  };
}

function isEqual(a: Float64Array, b: Float64Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
