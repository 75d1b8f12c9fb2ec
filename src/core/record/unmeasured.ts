import { type Problem, type Provenance, RUN_RECORD_SCHEMA, type RunRecord } from "./run-record.ts";

/**
 * The record of a run that measured nothing at all, so that it is judged (and found invalid) like any other: nothing
 * unseen passes, and a reader is told why.
 *
 * @param why a sentence each for the page and for its heading.
 * @param startedAt, finishedAt ISO 8601, UTC: of what was to measure.
 */
export const unmeasured = ({
  why: { code, message, headline },
  ...known
}: {
  readonly tool: string;
  readonly suite: RunRecord["suite"];
  readonly provenance: Provenance;
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly why: Required<Pick<Problem, "code" | "message" | "headline">>;
}): RunRecord => ({
  schema: RUN_RECORD_SCHEMA,
  ...known,
  environment: {},
  status: "aborted",
  problems: [{ severity: "invalid", code, message, headline }],
  identity: undefined,
  scenarios: [],
});
