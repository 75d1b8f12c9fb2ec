import { formatDuration } from "../decide/duration.ts";
import { formatQuantity } from "../decide/quantity.ts";
import type { Arm } from "../plan/plan.ts";
import type { RequestRecord } from "../record/run-record.ts";
import { joined, seenOf, type WorthLookingAt } from "../record/slowest.ts";
import type { ReportInput } from "./report-input.ts";
import { NOTHING } from "./row.ts";

/** Requests of one scenario by themselves: the slowest of each arm, then the first failed ones. */
export type SlowestTable = {
  readonly scenario: string;
  readonly rows: readonly SlowRow[];
  /** Whether the requests can be found in the endpoint's traces. */
  readonly isTraced: boolean;
};

/** Plain text, each cell that has nothing to say {@link NOTHING}. */
export type SlowRow = {
  readonly arm: Arm;
  /** 32 hexadecimal digits, or nothing. */
  readonly traceId: string;
  readonly payloadClass: string;
  /** Its intended start within the run, and its block. */
  readonly at: string;
  readonly block: string;
  readonly latency: string;
  readonly service: string;
  readonly firstByte: string;
  readonly firstToken: string;
  readonly status: string;
  readonly result: string;
  readonly isFailed: boolean;
};

export const SLOWEST_TITLE = "The slowest requests";
export const SLOWEST_NOTE =
  "Latency counts from the intended start, service from the request on the wire. “At” is the intended start, since the start of the run.";

/** Of the newest run of the head and its live base: a stored run's requests are in its own report. */
export function collectSlowest(input: Pick<ReportInput, "heads" | "baseline">): readonly SlowestTable[] {
  const names = input.heads.at(-1)?.scenarios.map(({ name }) => name) ?? [];
  return names.flatMap((scenario) => {
    const arms = (["head", "base"] as const).map((arm) => ({ arm, seen: requestsKept(input, scenario, arm) }));
    const requests = arms.flatMap(({ arm, seen }) =>
      [seen.slowest, seen.failed].flatMap((list, place) => list.map((request) => ({ arm, request, isFailed: place === 1 }))),
    );
    if (requests.length === 0) return [];
    const rows = requests.toSorted((a, b) => Number(a.isFailed) - Number(b.isFailed)).map(rowOf);
    return [{ scenario, rows, isTraced: requests.some(({ request }) => request.traceId !== undefined) }];
  });
}

/** What the newest head run kept of one arm; a base only where it was driven in turn with the head. */
export function requestsKept({ heads, baseline }: Pick<ReportInput, "heads" | "baseline">, scenario: string, arm: Arm): WorthLookingAt {
  const arms = heads.at(-1)?.scenarios.find(({ name }) => name === scenario)?.arms;
  const isShown = arm === "head" || baseline.kind === "live";
  return joined([seenOf((isShown ? arms?.[arm] : undefined) ?? {})]);
}

function rowOf({ arm, request, isFailed }: { readonly arm: Arm; readonly request: RequestRecord; readonly isFailed: boolean }): SlowRow {
  const { traceId = NOTHING, payloadClass, atS, block, status, attempts, result, detail } = request;
  const time = (seconds: number | undefined) => (seconds === undefined ? NOTHING : formatQuantity(seconds, "s"));
  const sent = attempts === undefined ? "" : `, sent ${attempts} times`;
  return {
    arm,
    traceId,
    payloadClass,
    at: formatDuration(atS),
    block: String(block + 1),
    latency: time(request.latencyS),
    service: time(request.serviceS),
    firstByte: time(request.firstByteS),
    firstToken: time(request.ttftS),
    status: status === undefined ? NOTHING : String(status),
    result: `${result}${sent}${isFailed && detail !== undefined ? `: ${detail}` : ""}`,
    isFailed,
  };
}
