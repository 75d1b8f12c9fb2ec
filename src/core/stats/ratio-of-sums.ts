import { sampleStandardDeviation } from "simple-statistics";

/** A part of a whole in one stretch of time: requests of seconds, failures of requests, joules of requests. */
export type Share = { readonly part: number; readonly whole: number };

/** `log`: errors are about symmetric in ln(ratio); needs ratios > 0. `linear`: in the ratio itself. */
export type Scale = "log" | "linear";

/** Σpart / Σwhole; NaN where nothing was measured. */
export const ratioOf = (shares: readonly Share[]): number => sum(shares, "part") / sum(shares, "whole");

export const onScale = (value: number, scale: Scale): number => (scale === "log" ? Math.log(value) : value);

/**
 * Standard error of Σpart/Σwhole over clusters of dependent events (linearised ratio estimator: Cochran 1977,
 * Sampling Techniques, §6), on the given scale.
 *
 * @returns undefined for fewer than two clusters.
 */
export function ratioError(clusters: readonly Share[], scale: Scale): number | undefined {
  return errorOfTotal(contributions(clusters, scale));
}

/** Standard error of the head's ratio minus the base's, over units that hold adjacent stretches of both. See {@link ratioError}. */
export function pairedRatioError(units: readonly { readonly base: Share; readonly head: Share }[], scale: Scale): number | undefined {
  const base = contributions(
    units.map((unit) => unit.base),
    scale,
  );
  return errorOfTotal(
    contributions(
      units.map((unit) => unit.head),
      scale,
    ).map((head, i) => head - base[i]!),
  );
}

/** Adjacent items in at most `most` groups of nearly equal size, in order, so that dependence between neighbours stays inside a group. */
export function groupAdjacent<T>(items: readonly T[], most: number): readonly (readonly T[])[] {
  const groups = Math.min(most, items.length);
  return Array.from({ length: groups }, (_, g) =>
    items.slice(Math.floor((g * items.length) / groups), Math.floor(((g + 1) * items.length) / groups)),
  );
}

export const addShares = (shares: readonly Share[]): Share => ({ part: sum(shares, "part"), whole: sum(shares, "whole") });

function contributions(clusters: readonly Share[], scale: Scale): number[] {
  const { part, whole } = addShares(clusters);
  return clusters.map((cluster) =>
    scale === "log" ? cluster.part / part - cluster.whole / whole : (cluster.part - (part / whole) * cluster.whole) / whole,
  );
}

const errorOfTotal = (parts: number[]): number | undefined =>
  parts.length < 2 ? undefined : sampleStandardDeviation(parts) * Math.sqrt(parts.length);

const sum = (shares: readonly Share[], key: keyof Share): number => shares.reduce((total, share) => total + share[key], 0);
