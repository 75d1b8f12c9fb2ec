import type { Problem } from "../record/run-record.ts";
import { gpuProblems } from "./gpu-health.ts";
import { type SampledSource, shownUrl, type TimedScrape } from "./scrape.ts";
import { maxGapNs, scrapesInside, type TelemetryWindow, windowsOf } from "./timeline.ts";

/** Fewer than this share of the samples that a source should have given in the measured blocks, and it counts as lost. */
const ENOUGH = 0.8;

/**
 * What is wrong with the telemetry of a run: samples that are missing, too coarse or contradict one another
 * (warnings: the load was measured all the same), and GPUs that were not in the state a comparison needs (invalid).
 */
export function telemetryProblems(sources: readonly SampledSource[], windows: readonly TelemetryWindow[]): readonly Problem[] {
  const watched = sources.flatMap((source) => {
    const own = windowsOf(source, windows);
    return own.length === 0 ? [] : { source, windows: own };
  });
  return [
    ...watched.flatMap(({ source, windows: own }) => [...samplingProblems(source, own), ...gpuProblems(source, own)]),
    ...overlaps(sources),
    ...differentGpus(sources),
  ];
}

const problem = (source: SampledSource, severity: Problem["severity"], code: string, message: string): Problem => ({
  severity,
  code,
  message,
  ...(source.arm === "both" ? {} : { arm: source.arm }),
});

function samplingProblems(source: SampledSource, windows: readonly TelemetryWindow[]): Problem[] {
  const where = `${source.source.kind} ${shownUrl(source.url)}`;
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
  const fresh = inside.reduce((total, scrapes) => total + freshScrapes(scrapes), 0);
  if (Math.min(got, fresh) < 2 * windows.length) {
    const few = Math.min(got, fresh);
    const cause = fresh < got ? "its values change more slowly than it is asked" : `it is asked every ${source.source.intervalS} s`;
    const message = `${where} gave ${few} different samples in ${windows.length} blocks, fewer than two per block: ${cause}; let it collect at least every second, or measure longer blocks`;
    found.push(problem(source, "warning", "telemetry-coarse", message));
  }
  return found;
}

/**
 * How many scrapes hold something new. Only energy counters tell: they rise with every collection of the exporter,
 * whereas a gauge that stays the same may just be steady. DCGM's exporter collects every 30 s unless told otherwise.
 */
function freshScrapes(scrapes: readonly TimedScrape[]): number {
  if (!scrapes.some(({ scrape }) => Object.keys(scrape.energyJ).length > 0)) return scrapes.length;
  return new Set(scrapes.map(({ scrape }) => JSON.stringify(scrape.energyJ))).size;
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

/** Two sources with one metric for one arm: only the first is used, which is wrong for a model that spans hosts. */
function overlaps(sources: readonly SampledSource[]): Problem[] {
  const found = new Map<string, Problem>();
  sources.forEach((source, index) => {
    for (const earlier of sources.slice(0, index)) {
      if (earlier.arm !== "both" && source.arm !== "both" && earlier.arm !== source.arm) continue;
      const theirs = metricsOf(earlier);
      const both = [...metricsOf(source)].filter((name) => theirs.has(name));
      if (both.length === 0) continue;
      const message = `${shownUrl(earlier.url)} and ${shownUrl(source.url)} both give ${both.join(", ")}; only the first is used`;
      found.set(message, problem(source, "warning", "telemetry-overlap", message));
    }
  });
  return [...found.values()];
}

const metricsOf = ({ scrapes }: SampledSource): ReadonlySet<string> =>
  new Set(scrapes.flatMap(({ scrape }) => [...Object.keys(scrape.gauges), ...Object.keys(scrape.shares ?? {})]));

/** Two arms with an exporter each, on other kinds or numbers of GPUs, measure the hardware and not the change. */
function differentGpus(sources: readonly SampledSource[]): Problem[] {
  const modelsOf = (arm: "base" | "head") => {
    const own = sources.filter((source) => source.arm === arm && source.scrapes.some(({ scrape }) => scrape.gpus.length > 0));
    if (own.length === 0) return undefined;
    const gpus = own.flatMap(({ scrapes }) => scrapes.find(({ scrape }) => scrape.gpus.length > 0)!.scrape.gpus);
    return gpus.map(({ model }) => model ?? "unknown model").sort();
  };
  const [base, head] = [modelsOf("base"), modelsOf("head")];
  if (base === undefined || head === undefined || base.join("\n") === head.join("\n")) return [];
  const message = `base and head ran on different GPUs: ${base.join(", ")} against ${head.join(", ")}`;
  return [{ severity: "invalid", code: "gpu-set-changed", message }];
}
