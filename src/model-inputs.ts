import { asksModel, inputsText, type ModelInput, misfitOf, withModelTensors, withStandIns } from "./core/plan/model-tensors.ts";
import type { Arm } from "./core/plan/plan.ts";
import { protocols } from "./core/protocol/protocols.ts";
import type { Problem } from "./core/record/run-record.ts";
import type { Suite } from "./core/suite/suite.ts";
import { armsOf, awaitEndpoints, type Endpoints } from "./endpoints-ready.ts";
import type { Ports } from "./ports.ts";

/** A suite that can be planned. */
export type ResolvedSuite = {
  readonly suite: Suite;
  /** What runs must have in common beside their suite: the inputs that the model named. */
  readonly environment: Readonly<Record<string, string>>;
  /** Why nothing can be sent; the suite then holds stand-ins. */
  readonly obstacle?: Problem;
};

/**
 * Asks the endpoints which inputs their model takes, where the suite's payloads are made from that, once they are ready. Both
 * arms have to name the same ones, because both are sent the same requests. A suite that asks for nothing is handed back.
 */
export async function resolveInputs(input: Endpoints, ports: Ports): Promise<ResolvedSuite> {
  const { suite, signal } = input;
  if (!asksModel(suite)) return { suite, environment: {} };
  const unresolved = { suite: withStandIns(suite), environment: {} };
  try {
    const problem = await awaitEndpoints(input, ports);
    if (signal.aborted) return unresolved;
    if (problem !== undefined) return { ...unresolved, obstacle: problem };
    const told = await askEach(input, ports);
    if (signal.aborted) return unresolved;
    const silent = told.find(({ metadata }) => !metadata.ok);
    if (silent !== undefined && !silent.metadata.ok) {
      const message = `the ${silent.arm} endpoint does not tell which inputs its model takes: ${silent.metadata.reason}; write the tensors into the suite`;
      return { ...unresolved, obstacle: invalid("no-metadata", message, silent.arm) };
    }
    const [first, second] = told.map(({ metadata }) => (metadata.ok ? metadata.inputs : []));
    const [one, other] = [inputsText(first ?? []), second === undefined ? undefined : inputsText(second)];
    if (other !== undefined && one !== other) {
      const message = `the models take different inputs, so that they cannot be sent the same: base ${one}; head ${other}`;
      return { ...unresolved, obstacle: invalid("metadata-differs", message) };
    }
    const resolved = withModelTensors(suite, first ?? []);
    if ("message" in resolved) {
      return { ...unresolved, obstacle: invalid("metadata-mismatch", `${resolved.message}; ${resolved.hint}`) };
    }
    return { suite: resolved, environment: { "model.inputs": one } };
  } finally {
    ports.progress.done();
  }
}

/**
 * Whether the tensors of a suite contradict what a model says of its inputs: found before the load, where every request would
 * fail. A model that says nothing contradicts nothing.
 */
export async function metadataProblem(input: Endpoints, ports: Ports): Promise<Problem | undefined> {
  const { suite } = input;
  const declared = suite.payloads.flatMap(({ name, content, malformed, expect }) =>
    content.kind === "tensors" && malformed === undefined && expect === undefined ? [{ name, tensors: content.tensors }] : [],
  );
  if (declared.length === 0 || suite.target.metadata === "ignore") return undefined;
  for (const { arm, metadata } of await askEach(input, ports)) {
    const inputs: readonly ModelInput[] = metadata.ok ? metadata.inputs : [];
    if (inputs.length === 0) continue;
    for (const { name, tensors } of declared) {
      const misfit = misfitOf(tensors, inputs);
      if (misfit === undefined) continue;
      const message = `payload "${name}" does not fit the model of the ${arm} endpoint: ${misfit.message}; ${misfit.hint} (where the metadata is wrong: target.metadata: ignore)`;
      return invalid("metadata-mismatch", message, arm);
    }
  }
  return undefined;
}

type Told = { readonly arm: Arm; readonly metadata: Awaited<ReturnType<Ports["readMetadata"]>> };

/** Base first; none where the protocol has no such question. */
async function askEach({ suite, tls, endpoints, signal }: Endpoints, ports: Ports): Promise<readonly Told[]> {
  const { target } = suite;
  const probe = protocols[target.protocol].metadata?.(target);
  const told: Told[] = [];
  for (const [arm, url] of armsOf(endpoints)) {
    if (signal.aborted) break;
    const route = { connection: target.connection, tls: target.tls, material: tls };
    const metadata =
      probe === undefined
        ? ({ ok: false, reason: "the suite does not say which model: write target.model, without a path" } as const)
        : await ports.readMetadata(url, probe, target.headers, signal, route);
    told.push({ arm, metadata });
  }
  return told;
}

const invalid = (code: string, message: string, arm?: Arm): Problem => ({
  severity: "invalid",
  code,
  ...(arm === undefined ? {} : { arm }),
  message,
});
