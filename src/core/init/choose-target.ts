import { PROTOCOL_FACTS } from "../suite/protocol-facts.ts";
import type { ProtocolName } from "../suite/suite.ts";
import { type FoundMetrics, foundMetrics, type Hearing, modelTensors, openapiOf, type Spoken, spokenProtocols } from "./endpoint.ts";
import { inferenceOperation, type Operation, readyPath } from "./openapi.ts";
import type { RepositoryFindings } from "./repository.ts";
import type { Server } from "./servers.ts";
import type { FoundTensor } from "./tensors.ts";

/** What a suite will ask, and why: each reason is a sentence without its full stop. */
export type ChosenTarget = {
  readonly protocol: ProtocolName;
  readonly model: string | undefined;
  /** Models to choose from, where nobody has chosen and there are several. */
  readonly models: readonly string[];
  readonly ready: string | undefined;
  readonly tensors: readonly FoundTensor[] | undefined;
  /** Of `raw`. */
  readonly operation: Operation | undefined;
  readonly metrics: readonly FoundMetrics[];
  readonly server: Server | undefined;
  readonly reasons: readonly string[];
};

export type Wishes = { readonly protocol: ProtocolName | undefined; readonly model: string | undefined };

/**
 * What the endpoint says weighs more than what the files say, and a wish more than both.
 *
 * @param heard undefined where no endpoint was given.
 */
export function chooseTarget(wishes: Wishes, repository: RepositoryFindings, heard: Hearing | undefined): ChosenTarget {
  const spoken = heard === undefined ? [] : spokenProtocols(heard, wishes.model);
  const metrics = heard === undefined ? [] : foundMetrics(heard);
  const named = repository.servers[0];
  const running = metrics.find(({ server }) => server !== undefined)?.server;
  const chosen = chooseProtocol(wishes.protocol, spoken, repository, running);
  const models = [...new Set([...(chosen.spoken?.models ?? []), ...modelsInFiles(chosen.protocol, repository)])];
  const model = chosen.protocol === "raw" ? undefined : (wishes.model ?? models[0]);
  const document = (heard === undefined ? undefined : openapiOf(heard)) ?? repository.openapi?.document;
  const operation = chosen.protocol === "raw" ? inferenceOperation(document) : undefined;
  const inFiles = repository.models.find(({ name }) => name === model)?.tensors;
  const tensors =
    model === undefined
      ? undefined
      : ((heard && modelTensors(chosen.protocol, model, heard)) ?? (TENSORS.includes(chosen.protocol) ? inFiles : undefined));
  const server = running ?? named?.server;
  return {
    protocol: chosen.protocol,
    model,
    models: wishes.model === undefined && chosen.protocol !== "raw" ? models : [],
    ready:
      chosen.spoken?.ready ??
      (chosen.protocol === "raw" ? readyPath(document) : undefined) ??
      (server?.protocol === chosen.protocol ? server.ready : undefined),
    tensors,
    operation,
    metrics,
    server,
    reasons: [
      chosen.why,
      ...(operation === undefined
        ? []
        : [`${operation.method} ${operation.path} is asked: ${openapiPlace(heard, repository)} describes it`]),
      ...(tensors === undefined
        ? []
        : [
            `the inputs of ${model} are ${tensors.map(({ name, datatype, shape }) => `${name} ${datatype} [${shape.join(", ")}]`).join(", ")}`,
          ]),
      ...spoken
        .filter((one) => one !== chosen.spoken)
        .map(({ protocol, why }) => `it also speaks ${protocol} (${why}): choose it with --protocol ${protocol}`),
    ],
  };
}

/** Whether a request needs the name of a model that nobody has given. */
export const lacksModel = ({ protocol, model }: Pick<ChosenTarget, "protocol" | "model">): boolean =>
  model === undefined && PROTOCOL_FACTS[protocol].namesModel;

const TENSORS: readonly ProtocolName[] = ["kserve-v2", "kserve-v2-grpc", "tf-serving"];

type Chosen = { readonly protocol: ProtocolName; readonly why: string; readonly spoken: Spoken | undefined };

function chooseProtocol(
  wish: ProtocolName | undefined,
  spoken: readonly Spoken[],
  repository: RepositoryFindings,
  running: Server | undefined,
): Chosen {
  if (wish !== undefined) {
    // Another kind of request to the same list of models.
    const same = spoken.find(({ protocol }) => protocol === wish) ?? spoken.find(({ protocol }) => family(protocol) === family(wish));
    return { protocol: wish, why: `protocol ${wish}, as --protocol says`, spoken: same };
  }
  const [first] = spoken;
  if (first !== undefined) {
    const who = running === undefined ? "" : `, and its metrics are those of ${running.name}`;
    return { protocol: first.protocol, why: `protocol ${first.protocol}: ${first.why}${who}`, spoken: first };
  }
  const named = repository.servers[0];
  if (named !== undefined)
    return {
      protocol: named.server.protocol,
      why: `protocol ${named.server.protocol}: ${named.where}, which is ${named.server.name}`,
      spoken: undefined,
    };
  return { protocol: "raw", why: "protocol raw: nothing here says how the endpoint is asked", spoken: undefined };
}

const family = (protocol: ProtocolName): string => protocol.split("-")[0]!;

const modelsInFiles = (protocol: ProtocolName, { models }: RepositoryFindings): readonly string[] =>
  protocol.startsWith("kserve") ? models.map(({ name }) => name) : [];

const openapiPlace = (heard: Hearing | undefined, { openapi }: RepositoryFindings): string =>
  heard !== undefined && openapiOf(heard) !== undefined ? "GET /openapi.json" : (openapi?.path ?? "the OpenAPI document");
