import type { RunRecord } from "../../core/record/run-record.ts";

/** Under which key of a record's environment the leg of a matrix is noted that measured it. */
export const VARIANT_KEY = "suite.variant";

/** The leg of a matrix that measured a record, if it says so. */
export const variantOf = ({ environment }: RunRecord): string | undefined => environment[VARIANT_KEY];
