export type Classified = { readonly label: string; readonly score: number };

/** Results by input, the longest unused leaves first. Counts what was asked and what was found, also where nothing is kept. */
export type ResultCache = {
  readonly find: (tokens: readonly number[]) => Classified | undefined;
  readonly keep: (tokens: readonly number[], result: Classified) => void;
  readonly counts: () => { readonly queries: number; readonly hits: number };
};

/** @param room results that are kept; 0 for none. */
export function openResultCache(room: number): ResultCache {
  const kept = new Map<string, Classified>();
  let [queries, hits] = [0, 0];
  return {
    find: (tokens) => {
      queries++;
      const key = tokens.join(" ");
      const found = kept.get(key);
      if (found === undefined) return undefined;
      hits++;
      kept.delete(key);
      kept.set(key, found);
      return found;
    },
    keep: (tokens, result) => {
      if (room === 0) return;
      kept.set(tokens.join(" "), result);
      if (kept.size > room) kept.delete(kept.keys().next().value!);
    },
    counts: () => ({ queries, hits }),
  };
}
