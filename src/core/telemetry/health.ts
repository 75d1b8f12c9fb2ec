import type { Problem } from "../record/run-record.ts";
import { discardProblems } from "./discards.ts";
import { armProblems } from "./gpu-arms.ts";
import { gpuProblems } from "./gpu-health.ts";
import { shareGpu } from "./same-gpu.ts";
import { type SampledSource, type Scrape, shownSource, shownUrl, type TimedScrape } from "./scrape.ts";
import { maxGapNs, scrapesInside, type TelemetryWindow, windowsOf } from "./timeline.ts";

/** Fewer than this share of the samples that a source should have given in the measured blocks, and it counts as lost. */
const ENOUGH = 0.8;

/**
 * What is wrong with the telemetry of a run: samples that are missing, too coarse or contradict one another
 * (warnings: the load was measured all the same), and GPUs that were not in the state a comparison needs (invalid).
 *
 * @param sources settled; `unsettled`: as they were sampled, which tells what was dropped.
 */
export function telemetryProblems(
  sources: readonly SampledSource[],
  windows: readonly TelemetryWindow[],
  unsettled: readonly SampledSource[] = sources,
): readonly Problem[] {
  const watched = sources.flatMap((source) => {
    const own = windowsOf(source, windows);
    return own.length === 0 ? [] : { source, windows: own };
  });
  const clocks = watched.flatMap(({ source }) => clockProblems(source));
  return [
    // One server may be several sources, and has one clock.
    ...new Map(clocks.map((each) => [each.message, each])).values(),
    ...watched.flatMap(({ source, windows: own }) => [...samplingProblems(source, own), ...gpuProblems(source, own)]),
    ...unsettled.flatMap((source) => discardProblems(source, windowsOf(source, windows))),
    ...overlaps(sources),
    ...armProblems(sources, windows),
  ];
}

const problem = (source: SampledSource, severity: Problem["severity"], code: string, message: string): Problem => ({
  severity,
  code,
  message,
  ...(source.arm === "both" ? {} : { arm: source.arm }),
});

function samplingProblems(source: SampledSource, windows: readonly TelemetryWindow[]): Problem[] {
  const where = shownSource(source);
  const measuredS = windows.reduce((total, { startNs, endNs }) => total + Number(endNs - startNs) / 1e9, 0);
  const inside = windows.map(({ startNs, endNs }) => scrapesInside(source.scrapes, startNs, endNs));
  const got = inside.reduce((total, scrapes) => total + scrapes.length, 0);
  const expected = Math.max(1, Math.floor(measuredS / source.source.intervalS));
  const because = source.firstFailure === undefined ? "" : `; first failure: ${source.firstFailure}`;
  if (got < ENOUGH * expected) {
    const message = `${where} gave ${got} of ${expected} expected samples in the measured blocks${because}`;
    return [problem(source, "warning", "telemetry-lost", message)];
  }
  const found: Problem[] = [];
  const empty = inside.filter((scrapes) => scrapes.length === 0).length;
  const gapS = longestGapS(source, windows);
  if (gapS > Number(maxGapNs(source.source.intervalS)) / 1e9) {
    const message = `${where} was silent for ${gapS.toFixed(1)} s during the measured blocks${because}`;
    found.push(problem(source, "warning", "telemetry-gap", message));
  } else if (empty > 0 && got >= 2 * windows.length) {
    const message = `${where} gave no sample in ${empty} of ${windows.length} blocks${because}`;
    found.push(problem(source, "warning", "telemetry-gap", message));
  }
  const slow = slowlyRenewed(source, windows);
  if (slow !== undefined) found.push(problem(source, "warning", "telemetry-coarse", `${where} ${slow}`));
  const fresh = inside.reduce((total, scrapes) => total + freshScrapes(scrapes), 0);
  if (Math.min(got, fresh) < 2 * windows.length) {
    const few = Math.min(got, fresh);
    const cause = fresh < got ? "its values change more slowly than it is asked" : rhythmOf(source);
    const message = `${where} gave ${few} different samples in ${windows.length} blocks, fewer than two per block: ${cause}; let it collect at least every second, or measure longer blocks`;
    found.push(problem(source, "warning", "telemetry-coarse", message));
    return found;
  }
  const repeatS = longestRepeatS(source, windows);
  if (repeatS > Number(maxGapNs(source.source.intervalS)) / 1e9) {
    const message = `${where} repeated itself for ${repeatS.toFixed(1)} s during the measured blocks: nothing was read in between`;
    found.push(problem(source, "warning", "telemetry-stale", message));
  }
  return found;
}

function rhythmOf({ source: { kind, intervalS } }: SampledSource): string {
  return kind === "promql" ? `Prometheus scrapes it every ${shortS(intervalS)} s` : `it is asked every ${intervalS} s`;
}

/** A clock that is further off than this is set by nobody, and may be set while the run goes on. */
const MOST_OFF_S = 1;

/** What is off by less than a second is corrected without a word: no two machines agree on the millisecond. */
function clockProblems({ clock, url, arm }: SampledSource): Problem[] {
  if (clock === undefined) return [];
  const { aheadS, movedS, uncertaintyS } = clock;
  const told = [
    ...(Math.abs(aheadS) > MOST_OFF_S ? [`is ${shortS(Math.abs(aheadS))} s ${aheadS > 0 ? "ahead of" : "behind"} this machine's`] : []),
    ...(movedS > MOST_OFF_S ? [`moved by ${shortS(movedS)} s during the run`] : []),
    ...(uncertaintyS > MOST_OFF_S ? [`is known to ± ${shortS(uncertaintyS)} s only: its answers were slow`] : []),
  ];
  if (told.length === 0) return [];
  const message = `the clock of ${shownUrl(url)} ${told.join(", and it ")}; the times of its samples were corrected by what it said itself`;
  return [{ severity: "warning", code: "telemetry-clock", message, ...(arm === "both" ? {} : { arm }) }];
}

const shortS = (seconds: number): string => String(Number(seconds.toFixed(1)));

/** The metrics that a server renews so slowly that a block has fewer than two values of them; a sentence's end. */
function slowlyRenewed({ scrapes }: SampledSource, windows: readonly TelemetryWindow[]): string | undefined {
  const shortestS = Math.min(...windows.map(({ startNs, endNs }) => Number(endNs - startNs) / 1e9));
  const renewed = Object.entries(Object.assign({}, ...scrapes.map(({ scrape }) => scrape.renewedS ?? {})) as Scrape["renewedS"] & object);
  const slow = renewed.filter(([, everyS]) => shortestS < 2 * everyS);
  if (slow.length === 0) return undefined;
  const everyS = Math.max(...slow.map(([, each]) => each));
  return `renews ${slow.map(([metric]) => metric).join(", ")} every ${everyS} s, so that a block has fewer than two values: measure longer blocks`;
}

/** How many scrapes hold something new, where the source shows it, see {@link mark}. DCGM's exporter collects every 30 s unless told otherwise. */
function freshScrapes(scrapes: readonly TimedScrape[]): number {
  const marks = scrapes.map(({ scrape }) => mark(scrape)).filter((each) => each !== undefined);
  return marks.length === 0 ? scrapes.length : new Set(marks).size;
}

/**
 * What changes with every collection of an exporter, because it never stands still: its own time, an energy counter.
 * A gauge that stays the same may just be steady; undefined where there are only gauges.
 */
function mark({ collectedAt, energyJ }: Scrape): string | undefined {
  if (collectedAt !== undefined) return collectedAt;
  return Object.keys(energyJ).length === 0 ? undefined : JSON.stringify(energyJ);
}

/** The longest time within one measured block over which a source repeated itself, in seconds. */
function longestRepeatS({ scrapes }: SampledSource, windows: readonly TelemetryWindow[]): number {
  let longest = 0;
  for (const { startNs, endNs } of windows) {
    let since: { readonly mark: string; readonly atNs: bigint } | undefined;
    for (const { atNs, scrape } of scrapesInside(scrapes, startNs, endNs)) {
      const now = mark(scrape);
      if (now === undefined || now !== since?.mark) since = now === undefined ? undefined : { mark: now, atNs };
      else longest = Math.max(longest, Number(atNs - since.atNs) / 1e9);
    }
  }
  return longest;
}

/** The longest time without a sample that overlaps a measured block. */
function longestGapS({ scrapes }: SampledSource, windows: readonly TelemetryWindow[]): number {
  let longest = 0n;
  for (const { startNs, endNs } of windows) {
    let last = startNs;
    for (const { atNs } of [...scrapesInside(scrapes, startNs, endNs), { atNs: endNs }]) {
      if (atNs - last > longest) longest = atNs - last;
      last = atNs;
    }
  }
  return Number(longest) / 1e9;
}

/**
 * Two sources with one metric for one arm: only the first is used, which is wrong for a model that spans hosts. A server
 * may tell of the same GPUs as an exporter does, and then it is right.
 */
function overlaps(sources: readonly SampledSource[]): Problem[] {
  const found = new Map<string, Problem>();
  sources.forEach((source, index) => {
    for (const earlier of sources.slice(0, index)) {
      if (earlier.arm !== "both" && source.arm !== "both" && earlier.arm !== source.arm) continue;
      const theirs = metricsOf(earlier);
      const isSame = shareGpu(earlier, source);
      const both = [...metricsOf(source)].filter((name) => theirs.has(name) && !(isSame && name.startsWith("gpu.")));
      if (both.length === 0) continue;
      const message = `${shownUrl(earlier.url)} and ${shownUrl(source.url)} both give ${both.join(", ")}; only the first is used`;
      found.set(message, problem(source, "warning", "telemetry-overlap", message));
    }
  });
  return [...found.values()];
}

const metricsOf = ({ scrapes }: SampledSource): ReadonlySet<string> =>
  new Set(
    scrapes.flatMap(({ scrape }) => [
      ...Object.keys(scrape.gauges),
      ...Object.keys(scrape.quotients ?? {}),
      ...Object.keys(scrape.totals ?? {}),
    ]),
  );
