/**
 * Mann–Whitney U of two small samples with its exact distribution given the ties, by counting the ways to distribute the
 * pooled values over the samples (Streitberg & Röhmel 1986).
 *
 * @returns u: pairs with head > base, ties ½; p: two-sided, twice the smaller tail, at most 1.
 */
export function exactMannWhitney(head: readonly number[], base: readonly number[]): { readonly u: number; readonly p: number } {
  const u2 = head.reduce((sum, h) => sum + base.reduce((inner, b) => inner + (h > b ? 2 : h === b ? 1 : 0), 0), 0);
  const ways = waysToReach(tiesOf([...head, ...base]), head.length);
  const all = ways.reduce((sum, n) => sum + n, 0);
  const below = ways.slice(0, u2 + 1).reduce((sum, n) => sum + n, 0);
  const above = ways.slice(u2).reduce((sum, n) => sum + n, 0);
  return { u: u2 / 2, p: Math.min(1, (2 * Math.min(below, above)) / all) };
}

/** How many values are equal, in ascending order of the values. */
function tiesOf(values: readonly number[]): readonly number[] {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([a], [b]) => a - b).map(([, count]) => count);
}

const known = new Map<string, readonly number[]>();

/** ways[2u]: in how many of the choices of `size` values as the head the statistic is u. */
function waysToReach(ties: readonly number[], size: number): readonly number[] {
  const key = `${size}:${ties.join()}`;
  const seen = known.get(key);
  if (seen !== undefined) return seen;
  const total = ties.reduce((sum, t) => sum + t, 0);
  const most = 2 * size * (total - size);
  let ways = Array.from({ length: size + 1 }, () => new Float64Array(most + 1));
  ways[0]![0] = 1;
  let before = 0;
  for (const tied of ties) {
    const next = ways.map(() => new Float64Array(most + 1));
    for (let taken = 0; taken <= size; taken++) {
      for (let more = 0; more <= Math.min(tied, size - taken); more++) {
        const bases = before - taken;
        const rest = tied - more;
        if (bases < 0 || bases + rest > total - size) continue;
        const gain = 2 * more * bases + more * rest;
        const factor = choose(tied, more);
        const [from, to] = [ways[taken]!, next[taken + more]!];
        for (let u2 = 0; u2 + gain <= most; u2++) to[u2 + gain]! += factor * from[u2]!;
      }
    }
    ways = next;
    before += tied;
  }
  const found = [...ways[size]!];
  known.set(key, found);
  return found;
}

function choose(n: number, k: number): number {
  let ways = 1;
  for (let i = 1; i <= k; i++) ways = (ways * (n - k + i)) / i;
  return Math.round(ways);
}
