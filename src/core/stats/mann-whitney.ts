import { mean, sampleStandardDeviation } from "simple-statistics";
import { type Bins, type Counts, cellsOf, mergeBins } from "./bins.ts";
import { normalCdf, studentCdf } from "./distributions.ts";
import { oncePerList } from "./remember.ts";

export type MannWhitney = {
  /** Pairs (head, base) with head > base, ties ½: 0 ≤ U ≤ n·m. */
  readonly u: number;
  /** U/(n·m): the chance that a random head value exceeds a random base value. ½ where the two do not differ. */
  readonly superiority: number;
  /** One-sided, head larger; normal with tie and continuity correction, as SciPy `mannwhitneyu(method="asymptotic")`. */
  readonly p: number;
};

/**
 * Mann–Whitney U from two histograms on one grid, exact for binned data.
 *
 * Assumes independent values. Requests of one run are not: over pooled requests two runs of the same build differ at
 * p < 0.05 in most cases. For a decision use {@link clusteredMannWhitney} or {@link runsMannWhitney}.
 *
 * @returns undefined where an arm is empty. All values in one bin: superiority ½ and p = 1.
 *
 * Sources: Mann & Whitney (1947), Ann. Math. Stat. 18(1); tie correction as in Lehmann (1975), Nonparametrics.
 */
export function mannWhitney(base: Bins, head: Bins): MannWhitney | undefined {
  const n = head.total;
  const m = base.total;
  if (n === 0 || m === 0) return undefined;
  const both = mergeBins([base, head]);
  const superiority = meanMidCdf(head, base);
  const u = superiority * n * m;
  const size = n + m;
  let ties = 0;
  for (const count of both.count) ties += count ** 3 - count;
  const variance = ((n * m) / 12) * (size + 1 - ties / (size * (size - 1)));
  const distance = u - (n * m) / 2;
  const p = variance > 0 ? 1 - normalCdf((distance - 0.5) / Math.sqrt(variance)) : 1;
  return { u, superiority, p };
}

export type DistributionShift = {
  /** One-sided, head larger. 1 where nothing varies. */
  readonly p: number;
  /** 2 · superiority − 1 in [−1, 1]: 0 no shift, 1 every head value above every base value. */
  readonly cliffsDelta: number;
};

/**
 * Mann–Whitney with a variance over clusters (block pairs) instead of requests: placements summed per cluster, in the
 * manner of Obuchowski (1997, Biometrics 53) and Brunner & Munzel (2000), with Student's t on clusters − 1.
 *
 * It sees a shift of the body and is blind to one of the tail alone, whatever the number of requests.
 *
 * @returns undefined for fewer than two clusters or an empty arm.
 */
export function clusteredMannWhitney(clusters: readonly { readonly base: Bins; readonly head: Bins }[]): DistributionShift | undefined {
  if (clusters.length < 2) return undefined;
  return clusteredOf(clusters.map(({ base }) => base))(clusters.map(({ head }) => head));
}

const clusteredOf = oncePerList((bases: readonly Bins[]) =>
  oncePerList((heads: readonly Bins[]): DistributionShift | undefined => {
    const base = mergeBins(bases);
    const head = mergeBins(heads);
    if (base.total === 0 || head.total === 0) return undefined;
    const superiority = meanMidCdf(head, base);
    const placements = bases.map(
      (own, i) =>
        (heads[i]!.total / head.total) * (meanMidCdf(heads[i]!, base) - superiority) -
        (own.total / base.total) * (meanMidCdf(own, head) - (1 - superiority)),
    );
    const standardError = sampleStandardDeviation(placements) * Math.sqrt(bases.length);
    return { p: oneSided(superiority - 0.5, standardError, bases.length - 1), cliffsDelta: 2 * superiority - 1 };
  }),
);

/**
 * Mann–Whitney with the run as the unit: how far the head stands from the base runs, measured in how far each base
 * run stands from the others (on the logit of superiority, Student's t on K − 1).
 *
 * @param bases K ≥ 3 runs; fewer give undefined, as does a run without values.
 */
export function runsMannWhitney(bases: readonly Bins[], heads: readonly Bins[]): DistributionShift | undefined {
  if (bases.length < 3 || heads.length === 0 || [...bases, ...heads].some((bins) => bins.total === 0)) return undefined;
  return runsOf(bases)(heads);
}

const runsOf = oncePerList((bases: readonly Bins[]) => {
  const runs = bases.length;
  const pooled = mergeBins(bases);
  const others = bases.map((run, k) => logitSuperiority(mergeBins(bases.filter((_, other) => other !== k)), run));
  const spread = Math.max(sampleStandardDeviation(others), LEAST_LOGIT_SPREAD);
  return oncePerList((heads: readonly Bins[]): DistributionShift => {
    const shift = mean(heads.map((run) => logitSuperiority(pooled, run))) - mean(others);
    const standardError = spread * Math.sqrt((1 / heads.length + 1 / runs) / (1 + 1 / (runs - 1)));
    return { p: oneSided(shift, standardError, runs - 1), cliffsDelta: 2 * meanMidCdf(mergeBins(heads), pooled) - 1 };
  });
});

/** Stored runs that agree to every digit would make any difference infinitely surprising; 0.01 is a superiority of 0.5025. */
const LEAST_LOGIT_SPREAD = 0.01;

function logitSuperiority(base: Bins, head: Bins): number {
  const pairs = base.total * head.total;
  const share = (meanMidCdf(head, base) * pairs + 0.5) / (pairs + 1);
  return Math.log(share / (1 - share));
}

const oneSided = (distance: number, standardError: number, df: number): number =>
  standardError > 0 ? 1 - studentCdf(distance / standardError, df) : distance > 0 ? 0 : 1;

/**
 * The mean, over the values of `bins`, of the share of `others` that lie below, ties ½: the chance that a random value of
 * `bins` exceeds a random one of `others`. ½ for no values. O(bins of both); on the grid O(bins) from the second on.
 */
function meanMidCdf(bins: Bins, others: Bins): number {
  if (bins.total === 0) return 0.5;
  const ranks = midRanksOf(others);
  const cells = ranks && cellsOf(bins);
  return cells === undefined ? meanMidCdfByEdges(bins, others) : sumOfRanks(cells, bins.count, ranks!) / bins.total;
}

function sumOfRanks(cells: Uint16Array, count: Counts, { first, share }: MidRanks): number {
  let sum = 0;
  for (let i = 0; i < cells.length; i++) {
    const at = cells[i]! - first;
    sum += count[i]! * (at < 0 ? 0 : at < share.length ? share[at]! : 1);
  }
  return sum;
}

function meanMidCdfByEdges(bins: Bins, others: Bins): number {
  const { low, count } = others;
  const own = bins.low;
  let sum = 0;
  for (let i = 0, k = 0, below = 0; i < own.length; i++) {
    while (k < low.length && low[k]! < own[i]!) below += count[k++]!;
    const inside = low[k] === own[i] ? count[k]! : 0;
    sum += bins.count[i]! * ((below + inside / 2) / others.total);
  }
  return sum / bins.total;
}

/** What makes a share of all values of a distribution: those below a cell and half of those in it, by cell. */
type MidRanks = { readonly first: number; readonly share: Float64Array };

/** Undefined for no bins, and for those that are not on the grid. Kept for as long as the bins are: many others are laid beside them. */
function midRanksOf(bins: Bins): MidRanks | undefined {
  const known = MID_RANKS.get(bins);
  const cells = known === undefined && bins.total > 0 ? cellsOf(bins) : undefined;
  if (cells === undefined) return known;
  const first = cells[0]!;
  const share = new Float64Array(cells.at(-1)! - first + 1);
  for (let cell = 0, i = 0, below = 0; cell < share.length; cell++) {
    const inside = cells[i]! - first === cell ? bins.count[i++]! : 0;
    share[cell] = (below + inside / 2) / bins.total;
    below += inside;
  }
  const ranks = { first, share };
  MID_RANKS.set(bins, ranks);
  return ranks;
}

const MID_RANKS = new WeakMap<Bins, MidRanks>();
