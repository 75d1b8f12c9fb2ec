import { join } from "node:path";
import { RUN_FILE, writeRecord } from "../outputs.ts";
import { onlySuite } from "./inputs.ts";
import { DONE, type Ending } from "./job.ts";
import { cancelled, measureSuite, openSuite } from "./measure-suite.ts";
import type { Place } from "./place.ts";
import { policyOf } from "./policy.ts";
import { joinsBaseline, keepResults } from "./results.ts";
import { NO_BASELINES } from "./stored-baselines.ts";

/** Measures and keeps the record; compares nothing, writes nothing to GitHub but the artifact. */
export async function measureMode(place: Place): Promise<Ending> {
  const { job, inputs } = place;
  const loaded = await openSuite(place, onlySuite(inputs));
  const policy = policyOf(place);
  const { record, verdict } = await measureSuite(place, { loaded, policy, baselines: NO_BASELINES });
  await writeRecord(inputs.out, record);
  job.output("report-json", join(inputs.out, RUN_FILE));
  if (job.signal.aborted) return cancelled(place);
  job.output("summary", `measured ${record.scenarios.map(({ name }) => name).join(", ") || "nothing"}; nothing was compared`);
  const joins = joinsBaseline(place, record, verdict.verdict === "invalid");
  await keepResults(place, { record, joins, concluded: false });

  const invalid = verdict.problems.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
  const message = `invalid: ${invalid.join("; ")}`;
  if (invalid.length > 0 && policy.onInvalid === "fail") return { kind: "failed", message };
  if (invalid.length > 0 && policy.onInvalid === "warn") job.warning(message);
  return DONE;
}
