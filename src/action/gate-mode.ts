import { join } from "node:path";
import type { Judgement } from "../gate.ts";
import { runUrl } from "../io/github/context.ts";
import { VERDICT_FILE, writeOutputs } from "../outputs.ts";
import { withAcceptance, withRecordedAcceptance } from "./acceptance.ts";
import { checkWaits, nameOfSuite, underCheck } from "./check.ts";
import { deployed, undeployed } from "./deployment.ts";
import { findBaselines, judgedSuite } from "./grounds.ts";
import { onlySuite, onlyVariant } from "./inputs.ts";
import { DONE, type Ending } from "./job.ts";
import { judgeRecord } from "./judge-record.ts";
import { cancelled, measureSuite, openSuite } from "./measure-suite.ts";
import type { Place } from "./place.ts";
import { policyOf } from "./policy.ts";
import { endingOf, publish } from "./publish.ts";
import { joinsBaseline, keepResults } from "./results.ts";
import { storedAttempts } from "./stored-attempts.ts";

/** Measures, compares and tells, once there is something to be measured. */
export async function gateMode(here: Place): Promise<Ending> {
  const file = onlySuite(here.inputs);
  const preview = await deployed(here);
  const { place } = preview;
  const check = { suiteName: await nameOfSuite(file), page: runUrl(here.context) };
  if (preview.kind === "not-yet") {
    place.job.notice(`nothing was measured: ${preview.why}`);
    await checkWaits(place, check, preview.why);
    return DONE;
  }
  return underCheck(place, check, async (tell) => {
    if (preview.kind === "up") return gateSuite(place, file, tell);
    return (await judgeRecord(place, await undeployed(place, file, preview.status), tell)).ending;
  });
}

/** Stores the run before the job can fail. */
async function gateSuite(place: Place, file: string, tell: (judgement: Judgement) => void): Promise<Ending> {
  const { job, inputs, context, api } = place;
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
  tell(judgement);
  const { record, verdict } = judgement;
  await writeOutputs(inputs.out, judgement, record);
  job.output("report-json", join(inputs.out, VERDICT_FILE));
  if (job.signal.aborted) return cancelled(place);
  await publish(place, judgement, baselines);
  const joins = joinsBaseline(place, record, verdict.verdict === "invalid");
  await keepResults(place, { record, joins, concluded: true });
  return endingOf(job, judgement, policy);
}
