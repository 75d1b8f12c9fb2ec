/**
 * Which of many p-values are discoveries when a share `q` of the discoveries may be false. For warnings: a gate needs
 * the family-wise level of {@link criticalValue}.
 *
 * @returns one boolean per p-value, in their order; p-values must lie in [0, 1].
 *
 * Source: Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57(1).
 */
export function discoveries(ps: readonly number[], q: number): readonly boolean[] {
  const ascending = ps.toSorted((a, b) => a - b);
  const last = ascending.findLastIndex((p, i) => p <= (q * (i + 1)) / ps.length);
  const cut = last < 0 ? -1 : ascending[last]!;
  return ps.map((p) => p <= cut);
}
