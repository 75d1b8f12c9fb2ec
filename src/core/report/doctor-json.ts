import type { Diagnosis } from "../decide/diagnosis.ts";
import type { Examination } from "../doctor/examination.ts";

/** Raised whenever a reader would misread what an older one wrote. */
const DOCTOR_SCHEMA = 1;

/** doctor.json: the examination's numbers and the sentences made of them. What is not known is left out; no number is not finite. */
export function doctorJson(examination: Examination, { state, headline, findings, advice }: Diagnosis, edits: readonly unknown[]): string {
  const json = { schema: DOCTOR_SCHEMA, state, headline, findings, advice, edits, ...examination };
  // JSON has no Infinity: it would read as null, which is no number either.
  const finite = (_: string, value: unknown): unknown => (typeof value === "number" && !Number.isFinite(value) ? undefined : value);
  return `${JSON.stringify(json, finite, 2)}\n`;
}
