import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { markdownTable } from "markdown-table";
import { expect, test } from "vitest";
import { METRIC_NAMES, METRICS, type Measure, type MetricName } from "../src/core/metric.ts";
import { comparedAsDifference } from "../src/core/suite/gate-schema.ts";
import { EXPOSITION_KINDS, metricsOf } from "../src/core/telemetry/kinds.ts";
import { withSection } from "./documents.ts";

const PAGE = "docs/metrics.md";

/** In which of the page's tables a metric stands. A new kind of measure has to be given a place here. */
const PLACES: Readonly<Record<Measure["kind"], string>> = {
  quantile: "times",
  rate: "amounts",
  mean: "amounts",
  ratio: "amounts",
  cost: "amounts",
  start: "starts",
  gauge: "gauges",
};

const BETTER = { lower: "lower", higher: "higher", neither: "no side" } as const;

/** Metrics of one table; percentiles of one distribution share a row. */
function rowsOf(place: string): readonly (readonly string[])[] {
  const names = METRIC_NAMES.filter((name) => PLACES[METRICS[name].measure.kind] === place);
  const rows = [...Map.groupBy(names, familyOf)].map(([family, members]) => {
    const { unit, better, description } = METRICS[members[0]!];
    return [
      `\`${family}\``,
      unit === "ratio" ? "share" : unit,
      BETTER[better],
      description.replace(/^[\d.]+th percentile of /, ""),
      sourceOf(members[0]!),
      compared(members[0]!),
    ];
  });
  return [["metric", "unit", "better", "what it is", "seen in", "compared in"], ...rows];
}

const familyOf = (name: MetricName): string => {
  const { measure } = METRICS[name];
  return measure.kind === "quantile" ? measure.of : name;
};

/** Where the numbers come from; every request where nothing else is said. */
function sourceOf(name: MetricName): string {
  const { measure } = METRICS[name];
  if (measure.kind === "start") return "the warm-up";
  if (measure.kind === "cost") return "closed loops, with `cost` in the suite";
  if (measure.kind !== "gauge") return SEEN_IN[measure.of] ?? "every request";
  if (name.startsWith("gpu.")) return "a GPU source";
  const kinds = EXPOSITION_KINDS.filter((kind) => metricsOf(kind).includes(name));
  return [...kinds, "prometheus"].map((kind) => `\`${kind}\``).join(", ");
}

const SEEN_IN: Readonly<Record<string, string>> = {
  ttft: "streams",
  ttfo: "streams",
  itl: "streams",
  tpot: "streams",
  session: "sessions",
  sessions: "sessions",
  tokens: "answers that tell or show tokens",
  bytes: "answers that tell no tokens",
  wrong: "labelled payloads",
  "phase.preprocess": "what answers say of themselves",
  "phase.queue": "what answers say of themselves",
  "phase.infer": "what answers say of themselves",
  "phase.postprocess": "what answers say of themselves",
};

const compared = (name: MetricName): string => {
  if (!comparedAsDifference(name)) return "percent";
  return METRICS[name].unit === "ratio" ? "points" : METRICS[name].unit;
};

test("docs/metrics.md has every metric of the code", async () => {
  const places = [...new Set(Object.values(PLACES))];
  const page = places.reduce(
    (text, place) => withSection(text, place, markdownTable([...rowsOf(place)], { alignDelimiters: false })),
    readFileSync(PAGE, "utf8"),
  );
  const told = new Set([...page.matchAll(/^\| `([a-z0-9_.]+)` \|/gm)].map(([, name]) => name));
  expect(METRIC_NAMES.filter((name) => !told.has(familyOf(name)))).toEqual([]);
  await expect(page).toMatchFileSnapshot(resolve(PAGE));
});
