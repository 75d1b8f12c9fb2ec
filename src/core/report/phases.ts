import { formatPercent, formatQuantity } from "../decide/quantity.ts";
import { type DistributionName, PHASES, type PhaseName } from "../metric.ts";
import { mergedBins } from "../record/block-bins.ts";
import type { BlockRecord, RunRecord } from "../record/run-record.ts";
import type { Bins } from "../stats/bins.ts";
import { quantileOf } from "../stats/quantile.ts";
import type { ReportInput } from "./report-input.ts";
import { NOTHING } from "./row.ts";

/** Where the time of a scenario's requests goes, and over which connections they went. */
export type PhaseTable = { readonly scenario: string; readonly rows: readonly PhaseRow[] };

/** `base` and `head` are plain text: median and 99th percentile, or how often there was such a phase. */
export type PhaseRow = { readonly label: string; readonly base: string; readonly head: string };

export const PHASES_TITLE = "Where the time goes";
export const PHASES_NOTE =
  "p50 / p99 of each phase. Connecting is part of the latency of the request that opened the connection; others have no such phase.";

/** One table per scenario whose head recorded its phases: runs of an older tailgate did not. */
export function collectPhases({ heads, baseline }: Pick<ReportInput, "heads" | "baseline">): readonly PhaseTable[] {
  const names = [...new Set(heads.flatMap((run) => run.scenarios.map(({ name }) => name)))];
  const bases = baseline.kind === "stored" ? baseline.runs.map(({ record }) => record) : heads;
  return names.flatMap((scenario) => {
    const head = sumUp(blocksOf(heads, scenario, "head"));
    if (head === undefined) return [];
    const base = sumUp(blocksOf(bases, scenario, baseline.kind === "stored" ? "head" : "base"));
    const row = (label: string, text: (arm: Arm) => string): PhaseRow => ({
      label,
      base: base === undefined ? NOTHING : text(base),
      head: text(head),
    });
    const told = PHASES.filter((phase) => [base, head].some((arm) => (arm?.told[phase].total ?? 0) > 0));
    const retries = [base, head].some((arm) => arm?.attempts !== undefined);
    return [
      {
        scenario,
        rows: [
          row("connect", (arm) => rareText(arm, "connect")),
          row("of that DNS", (arm) => rareText(arm, "dns")),
          row("of that TLS", (arm) => rareText(arm, "tls")),
          row("first byte", ({ firstByte }) => timesText(firstByte)),
          row("transfer", ({ transfer }) => timesText(transfer)),
          ...told.map((phase) => row(`${phase}, says the endpoint`, (arm) => toldText(arm, phase))),
          row("connections opened", connectionsText),
          ...(retries
            ? [row("attempts", attemptsText), row("sent more than once", retriedText), row("answered attempts", answeredText)]
            : []),
        ],
      },
    ];
  });
}

type Arm = Readonly<Record<"connect" | "dns" | "tls" | "firstByte" | "transfer", Bins>> & {
  /** What the endpoint tells of its own time. */
  readonly told: Readonly<Record<PhaseName, Bins>>;
  readonly offered: number;
  readonly ok: number;
  /** Requests that were sent, each once. */
  readonly sent: number;
  readonly attempts: { readonly sent: number; readonly retried: number } | undefined;
};

const blocksOf = (runs: readonly RunRecord[], scenario: string, arm: "base" | "head"): readonly BlockRecord[] =>
  runs.flatMap((run) => run.scenarios.find(({ name }) => name === scenario)?.arms[arm]?.blocks ?? []);

function sumUp(blocks: readonly BlockRecord[]): Arm | undefined {
  const known = blocks.filter(({ histograms }) => histograms.transfer !== undefined);
  if (known.length === 0) return undefined;
  const total = (count: (block: BlockRecord) => number) => blocks.reduce((sum, block) => sum + count(block), 0);
  const bins = (name: DistributionName) => mergedBins(blocks, name);
  const offered = total((block) => block.offered);
  return {
    connect: bins("connect"),
    dns: bins("dns"),
    tls: bins("tls"),
    firstByte: bins("firstByte"),
    transfer: bins("transfer"),
    told: {
      preprocess: bins("phase.preprocess"),
      queue: bins("phase.queue"),
      infer: bins("phase.infer"),
      postprocess: bins("phase.postprocess"),
    },
    offered,
    ok: total((block) => block.ok),
    sent: offered - total(({ failures }) => failures.overflow ?? 0),
    attempts: blocks.some(({ attempts }) => attempts !== undefined)
      ? { sent: total(({ attempts }) => attempts?.sent ?? 0), retried: total(({ attempts }) => attempts?.retried ?? 0) }
      : undefined,
  };
}

const timesText = (bins: Bins): string => {
  const [p50, p99] = [quantileOf(bins, 0.5), quantileOf(bins, 0.99)];
  return p50 === undefined || p99 === undefined ? "never" : `${formatQuantity(p50, "s")} / ${formatQuantity(p99, "s")}`;
};

/** A phase that few requests have: how few belongs to it. */
const rareText = ({ sent, ...arm }: Arm, name: "connect" | "dns" | "tls"): string =>
  arm[name].total === 0 ? `never in ${requests(sent)}` : `${timesText(arm[name])}, in ${count(arm[name].total)} of ${requests(sent)}`;

/** A phase that is not told in every answer says in how many. */
function toldText({ ok, told }: Arm, phase: PhaseName): string {
  const { [phase]: bins } = told;
  const answers = `${count(ok)} ${ok === 1 ? "answer" : "answers"}`;
  if (bins.total === 0) return `not told in ${answers}`;
  return bins.total === ok ? timesText(bins) : `${timesText(bins)}, told in ${count(bins.total)} of ${answers}`;
}

function connectionsText({ connect, sent }: Arm): string {
  if (connect.total === 0) return "none, those of before were kept";
  const each = sent / connect.total;
  return `${count(connect.total)}, one for ${each < 10 ? Number(each.toPrecision(2)) : count(Math.round(each))} ${each === 1 ? "request" : "requests"}`;
}

const attemptsText = ({ attempts, offered }: Arm): string =>
  attempts === undefined ? NOTHING : `${count(attempts.sent)} for ${requests(offered)}`;

const retriedText = ({ attempts, offered }: Arm): string =>
  attempts === undefined ? NOTHING : `${count(attempts.retried)} (${formatPercent(attempts.retried / offered)})`;

const answeredText = ({ attempts, ok }: Arm): string =>
  attempts === undefined || attempts.sent === 0 ? NOTHING : `${formatPercent(ok / attempts.sent)} of all attempts were answered correctly`;

const count = (n: number): string => n.toLocaleString("en-US");
const requests = (n: number): string => `${count(n)} ${n === 1 ? "request" : "requests"}`;
