import type { Problem, RunRecord } from "./run-record.ts";

/** The code of the problem that marks a quick run: it stays in its record, wherever that goes. */
export const QUICK_RUN = "quick-run";

/** Whether a record, or what is known of a judgement, is of a quick run. */
export const isQuick = ({ problems }: { readonly problems: RunRecord["problems"] }): boolean =>
  problems.some(({ code }: Problem) => code === QUICK_RUN);
