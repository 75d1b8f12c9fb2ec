import { join } from "node:path";
import type { RunRecord } from "../core/record/run-record.ts";
import { type GateInput, gate, type Judgement } from "../gate.ts";
import { VARIANT_KEY } from "../io/baselines/variant.ts";
import { openProgress } from "../io/terminal/progress.ts";
import { type LoadedSuite, loadSuite } from "../load-suite.ts";
import { openJournal, RUN_FILE } from "../outputs.ts";
import { TOOL } from "../tool.ts";
import { clientEnvironment, filePorts, world } from "../world.ts";
import { onlyVariant } from "./inputs.ts";
import type { Ending } from "./job.ts";
import { type Place, provenanceOf } from "./place.ts";

/** A suite from a file, its secrets hidden from the log. */
export async function openSuite({ job }: Place, file: string): Promise<LoadedSuite> {
  const loaded = await loadSuite(file, [], process.env, filePorts);
  for (const secret of loaded.secrets) job.secret(secret);
  return loaded;
}

/** Measures in this step and judges what came out, in the light of what the caller found. */
export function measureSuite(
  { job, inputs, context }: Place,
  { loaded, ...judged }: Pick<GateInput, "loaded" | "policy" | "baselines"> & Partial<Pick<GateInput, "attempts" | "notes">>,
): Promise<Judgement & { readonly record: RunRecord }> {
  return gate(
    {
      loaded,
      endpoint: inputs.endpoint || undefined,
      baselineEndpoint: inputs.baselineEndpoint || undefined,
      scenarios: [],
      ...(inputs.baseline === "directory" ? { recordPath: join(inputs.out, RUN_FILE) } : {}),
      tool: TOOL,
      provenance: provenanceOf(context),
      environment: { ...clientEnvironment(loaded.suite), ...variantEnvironment(onlyVariant(inputs)) },
      signal: job.signal,
      ...judged,
      ...openJournal(inputs.out),
    },
    world(openProgress(process.stderr, { kind: "actions", now: performance.now.bind(performance) })),
  );
}

const variantEnvironment = (variant: string): Readonly<Record<string, string>> => (variant === "" ? {} : { [VARIANT_KEY]: variant });

export const cancelled = ({ inputs }: Place): Ending => ({
  kind: "cancelled",
  message: `cancelled; what was measured is in ${join(inputs.out, RUN_FILE)}`,
});
