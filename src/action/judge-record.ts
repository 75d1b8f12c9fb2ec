import { join } from "node:path";
import type { Problem, RunRecord } from "../core/record/run-record.ts";
import type { Link } from "../core/report/report.ts";
import type { Suite } from "../core/suite/suite.ts";
import { type Judgement, judge } from "../gate.ts";
import { VERDICT_FILE, writeOutputs } from "../outputs.ts";
import { withAcceptance } from "./acceptance.ts";
import { findBaselines } from "./grounds.ts";
import { onlyVariant } from "./inputs.ts";
import type { Ending } from "./job.ts";
import type { Place } from "./place.ts";
import { policyOf } from "./policy.ts";
import { endingOf, publish } from "./publish.ts";
import { storedAttempts } from "./stored-attempts.ts";

/** A record that this step did not measure, and the suite by whose gates it is judged. */
export type Given = {
  readonly suite: Suite;
  readonly suitePath: string;
  readonly record: RunRecord;
  readonly notes: readonly Problem[];
  readonly links: readonly Link[];
};

/** Judges a record as if it had been measured here, with the same baselines, attempts and policies, and tells it everywhere. */
export async function judgeRecord(
  place: Place,
  { suite, suitePath, record, notes, links }: Given,
  tell: (judgement: Judgement) => void,
): Promise<{ readonly ending: Ending; readonly judgement: Judgement }> {
  const { job, inputs, context, api } = place;
  const baselines = await findBaselines(place, suite.name);
  const earlier = await storedAttempts(api, { context, suiteName: suite.name, variant: onlyVariant(inputs), token: inputs.token });
  for (const { message } of [...notes, ...earlier.notes]) job.warning(message);
  const policy = policyOf(place);
  const judged = judge({
    suite,
    suitePath,
    variant: onlyVariant(inputs),
    heads: [record],
    found: baselines,
    attempts: earlier.attempts,
    policy,
    notes: [...notes, ...earlier.notes],
    links,
  });
  const judgement = await withAcceptance(place, judged);
  tell(judgement);
  await writeOutputs(inputs.out, judgement, record);
  job.output("report-json", join(inputs.out, VERDICT_FILE));
  await publish(place, judgement, baselines);
  return { ending: endingOf(job, judgement, policy), judgement };
}
