import { closest, distance } from "fastest-levenshtein";

/**
 * The candidate a person most likely meant. Case, dashes, dots and underscores do not count: `maxInFlight` is
 * `max-in-flight`.
 *
 * @returns undefined if none is near: more than a third of the letters (at least two) would have to change.
 */
export function nearest(written: string, candidates: readonly string[]): string | undefined {
  if (candidates.length === 0) return undefined;
  const plain = letters(written);
  const best = closest(plain, candidates.map(letters));
  if (distance(plain, best) > Math.max(2, Math.floor(plain.length / 3)) || distance(plain, best) >= plain.length) return undefined;
  return candidates.find((candidate) => letters(candidate) === best);
}

/** The hint after a name that does not exist: the nearest one, or the names there are. */
export function suggest(written: string, candidates: readonly string[]): string {
  const near = nearest(written, candidates);
  if (near !== undefined) return `did you mean "${near}"?`;
  if (candidates.length === 0) return "there are none";
  const shown = candidates.length > MOST_SHOWN ? [...candidates.slice(0, MOST_SHOWN), "…"] : candidates;
  return `known are ${shown.join(", ")}`;
}

const MOST_SHOWN = 16;

const letters = (name: string): string => name.toLowerCase().replaceAll(/[-_. ]/g, "");
