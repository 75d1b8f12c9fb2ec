import type { Baseline } from "../compare/baseline.ts";
import { recordedText } from "../decide/acceptance-words.ts";
import { formatDuration } from "../decide/duration.ts";
import type { RunRecord } from "../record/run-record.ts";
import { generatorFacts } from "./generator-facts.ts";
import { looksFacts } from "./looks.ts";
import type { ReportInput } from "./report-input.ts";
import { selfTestFacts } from "./self-test.ts";

/** A label and what is known about it, both plain text. */
export type Fact = { readonly label: string; readonly value: string };

/** Where the numbers come from: commits, suite, baseline runs, what was refused and why, amount of data, our own delay. */
export function collectFacts({ verdict, suite, heads, baseline }: ReportInput): readonly Fact[] {
  const digest = heads[0]?.suite.digest;
  return [
    { label: "Suite", value: digest === undefined ? suite.name : `${suite.name}, digest ${shortId(digest)}` },
    { label: "Evidence", value: EVIDENCE[verdict.evidence] },
    ...heads.flatMap((run, index) => headFacts(run, heads.length > 1 ? `Head run ${index + 1}` : "Head")),
    ...baselineFacts(baseline),
    ...baseline.refused.map(({ origin, reason }) => ({ label: "Refused baseline", value: `${origin}: ${reason}` })),
    ...heads.flatMap(looksFacts),
    ...selfTestFacts(verdict),
    ...generatorFacts(heads),
    ...heads.slice(0, 1).map(({ tool }) => ({ label: "Measured with", value: tool })),
  ];
}

/** The first characters of a commit or digest, enough to find it. */
export const shortId = (id: string): string => id.slice(0, 10);

const EVIDENCE = {
  live: "live: base and head were driven in turn, so what disturbs one disturbs the other",
  stored: "stored: earlier runs of the base; the spread between runs is in the intervals",
  single: "learning: fewer than three earlier runs, too few to know how much runs differ; a regression gate cannot pass yet",
  none: "none: only fixed limits could be judged",
} as const;

/** What the first head run ran on. */
export const environmentFacts = (heads: readonly RunRecord[]): readonly Fact[] =>
  Object.entries(heads[0]?.environment ?? {}).map(([label, value]) => ({ label, value }));

function headFacts(run: RunRecord, label: string): readonly Fact[] {
  const { commit, ref, runId, runAttempt } = run.provenance;
  const from = [
    ...(commit === undefined ? [] : [`commit ${shortId(commit)}`]),
    ...(ref === undefined ? [] : [ref]),
    ...(runId === undefined ? [] : [`run ${runId}${runAttempt === undefined || runAttempt === "1" ? "" : `, attempt ${runAttempt}`}`]),
    `${minute(run.startedAt)}, ${formatDuration((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1000)}`,
    ...(run.status === "complete" ? [] : [run.status]),
  ];
  const identity = run.identity;
  return [
    { label, value: from.join(" · ") },
    ...(identity === undefined
      ? []
      : [
          {
            label: "Identity",
            value: `${identity.path} answers ${identity.observed}${identity.matches ? ", as expected" : `, expected ${identity.expected}`}`,
          },
        ]),
  ];
}

function baselineFacts(baseline: Baseline): readonly Fact[] {
  if (baseline.kind === "live") return [{ label: "Baseline", value: "the base endpoint of this run" }];
  if (baseline.kind === "none") return [{ label: "Baseline", value: baseline.reason }];
  return baseline.runs.flatMap(({ origin, record, expiresAt }, index) => {
    const { commit, accepted = [] } = record.provenance;
    const known = commit === undefined || origin.includes(commit.slice(0, 7));
    const label = baseline.runs.length === 1 ? "Baseline" : `Baseline ${index + 1}`;
    const from = [
      origin,
      ...(known ? [] : [`commit ${shortId(commit)}`]),
      minute(record.startedAt),
      ...(expiresAt === undefined ? [] : [`kept until ${expiresAt.slice(0, 10)}`]),
    ];
    return [
      { label, value: from.join(" · ") },
      ...accepted.map((change) => ({ label: `${label}, accepted`, value: recordedText(change) })),
    ];
  });
}

/** `2026-11-22T09:00:00.000Z` → `2026-11-22 09:00 UTC`. */
export const minute = (iso: string): string => `${iso.slice(0, 16).replace("T", " ")} UTC`;
