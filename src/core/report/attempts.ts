import type { RunRecord } from "../record/run-record.ts";
import { minute } from "./provenance.ts";
import type { ReportInput } from "./report-input.ts";

/** The earlier attempts that count, as a table with a line above it. */
export type AttemptTable = {
  readonly summary: string;
  readonly rows: readonly { readonly origin: string; readonly date: string; readonly requests: string }[];
};

/** What the columns of the rows are called. */
export const ATTEMPT_HEADER = ["Earlier attempt", "Begun", "Requests"] as const;

/** Undefined where the run stands alone. */
export function collectAttempts({ attempts = [] }: ReportInput): AttemptTable | undefined {
  if (attempts.length === 0) return undefined;
  const of = attempts.some(({ record }) => record.provenance.commit !== undefined) ? "this commit" : "this code";
  return {
    summary: `${attempts.length} earlier ${attempts.length === 1 ? "attempt" : "attempts"} of ${of} ${attempts.length === 1 ? "counts" : "count"} into this verdict`,
    rows: attempts.map(({ origin, record }) => ({
      origin,
      date: minute(record.startedAt),
      requests: requestsOf(record).toLocaleString("en-US"),
    })),
  };
}

/** Offered to the head in measured blocks. */
export const requestsOf = ({ scenarios }: RunRecord): number =>
  scenarios.flatMap(({ arms }) => arms.head?.blocks ?? []).reduce((sum, { offered }) => sum + offered, 0);
