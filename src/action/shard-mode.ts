import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import { readShard, shardText } from "../core/plan/shard.ts";
import { hasArtifacts } from "../io/github/context.ts";
import { RUN_FILE, writeRecord } from "../outputs.ts";
import { onlySuite } from "./inputs.ts";
import { DONE, type Ending } from "./job.ts";
import { cancelled, measureSuite, openSuite } from "./measure-suite.ts";
import type { Place } from "./place.ts";
import { keepShard, noArtifactsFor } from "./results.ts";
import { NO_BASELINES } from "./stored-baselines.ts";

/** Measures one part of a load, while other jobs measure the rest, and keeps the record for the job that merges them. */
export async function shardMode(place: Place): Promise<Ending> {
  const { job, inputs, context } = place;
  if (inputs.shard === "") throw new InputError("mode shard needs the input shard", { hint: "write shard: 2/3 for the second of three" });
  if (!hasArtifacts(context)) throw noArtifactsFor("shard");
  const shard = readShard(inputs.shard, inputs.startAt);
  const loaded = await openSuite(place, onlySuite(inputs));
  const { record } = await measureSuite(place, { loaded, shard, policy: inputs.policy, baselines: NO_BASELINES });
  await writeRecord(inputs.out, record);
  job.output("report-json", join(inputs.out, RUN_FILE));
  if (job.signal.aborted) return cancelled(place);
  job.output("summary", `measured ${shardText(shard.stripe)}; nothing was compared`);
  // Also where it was spoiled: the merged run then says why, instead of missing a part.
  await keepShard(place, record.suite.name, shard.stripe);
  const invalid = record.problems.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
  if (invalid.length === 0) return DONE;
  const message = `invalid: ${invalid.join("; ")}`;
  if (inputs.policy.onInvalid === "fail") return { kind: "failed", message };
  if (inputs.policy.onInvalid === "warn") job.warning(message);
  return DONE;
}
