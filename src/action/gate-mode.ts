import { join } from "node:path";
import { VERDICT_FILE, writeOutputs } from "../outputs.ts";
import { withAcceptance, withRecordedAcceptance } from "./acceptance.ts";
import { findBaselines, judgedSuite } from "./grounds.ts";
import { onlySuite, onlyVariant } from "./inputs.ts";
import type { Ending } from "./job.ts";
import { cancelled, measureSuite, openSuite } from "./measure-suite.ts";
import type { Place } from "./place.ts";
import { policyOf } from "./policy.ts";
import { endingOf, publish } from "./publish.ts";
import { joinsBaseline, keepResults } from "./results.ts";
import { storedAttempts } from "./stored-attempts.ts";

/** Measures, compares, tells, and stores the run before the job can fail. */
export async function gateMode(place: Place): Promise<Ending> {
  const { job, inputs, context, api } = place;
  const file = onlySuite(inputs);
  const loaded = await openSuite(place, file);
  const { name } = loaded.suite;
  const baselines = await findBaselines(place, name);
  const judged = await judgedSuite(place, loaded.suite, file);
  const earlier = await storedAttempts(api, { context, suiteName: name, variant: onlyVariant(inputs), token: inputs.token });
  for (const { message } of earlier.notes) job.warning(message);
  const policy = policyOf(place);
  const measured = await measureSuite(place, {
    loaded: { ...loaded, suite: judged.suite },
    policy,
    baselines,
    attempts: earlier.attempts,
    notes: [...judged.notes, ...earlier.notes],
  });
  const judgement = await withRecordedAcceptance(place, await withAcceptance(place, measured));
  const { record, verdict } = judgement;
  await writeOutputs(inputs.out, judgement, record);
  job.output("report-json", join(inputs.out, VERDICT_FILE));
  if (job.signal.aborted) return cancelled(place);
  await publish(place, judgement, baselines);
  const joins = joinsBaseline(place, record, verdict.verdict === "invalid");
  await keepResults(place, { record, joins, concluded: true });
  return endingOf(job, judgement, policy);
}
