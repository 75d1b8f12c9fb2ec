import { InputError } from "../errors.ts";
import type { PayloadClass } from "../suite/suite.ts";
import type { Payload } from "./payload.ts";
import { readPayloadFile } from "./payload-file.ts";
import { begunPayloads } from "./prompt-start.ts";
import { type Generator, integerBetween, stream, uniform } from "./random.ts";
import { drawTensors, mostElements } from "./tensors.ts";
import { syntheticText } from "./text.ts";

/** Different bodies made of one generated class: enough that a response cache or a lucky length does not decide a run. */
export const VARIANTS = 64;
/** Most tensor values over all variants of a class, about 20 MB of JSON. Large tensors get fewer variants, at least one. */
const MOST_VALUES = 2 ** 21;
/** Most tensor values of one request, about 150 MB of JSON: beyond it a shape is a slip of the pen. */
const MOST_VALUES_OF_ONE = 2 ** 24;

/**
 * The concrete inputs of one payload class, built before the clock starts. The same seed gives the same inputs, whatever
 * other classes the suite has.
 *
 * @param files content of every file the suite names, by the path written there.
 * @returns at least one payload: one where nothing is random, 64 generated ones, or one per line of a file; more where
 *   there are more prefixes.
 * @throws {InputError} if a file is missing, empty or broken, a tensor cannot be made, or a prompt cannot begin as the
 *   class says.
 */
export function payloadPool(payloadClass: PayloadClass, files: ReadonlyMap<string, Uint8Array>, seed: number): readonly Payload[] {
  return begunPayloads(plainPool(payloadClass, files, seed), payloadClass, seed);
}

function plainPool(payloadClass: PayloadClass, files: ReadonlyMap<string, Uint8Array>, seed: number): readonly Payload[] {
  const { content, name } = payloadClass;
  const next = stream(seed, "payload", name);
  switch (content.kind) {
    case "empty":
    case "json":
    case "messages":
      return [content];
    case "body":
      return [{ kind: "body", bytes: new TextEncoder().encode(content.text), contentType: content.contentType }];
    case "file": {
      const bytes = files.get(content.path);
      if (bytes === undefined) {
        throw new InputError(`payload "${name}" names a file that is not there: ${content.path}`, {
          hint: "paths are relative to the suite file",
        });
      }
      return readPayloadFile(content.path, bytes, content.label);
    }
    case "from-trace":
      throw new RangeError("payloads of a trace are made from its rows");
    case "text":
      return Array.from({ length: VARIANTS }, () => ({ kind: "text", text: syntheticText(next, content.words) }));
    case "session":
      throw new RangeError("a session is made of several payloads");
    case "tensors": {
      const { tensors } = content;
      const values = mostElements(tensors);
      if (values > MOST_VALUES_OF_ONE) {
        throw new InputError(`payload "${name}" would hold up to ${values} values`, {
          hint: `${MOST_VALUES_OF_ONE} are the most; check its shapes`,
        });
      }
      const fixed = tensors.every(({ data, shape }) => data !== undefined && shape.every((length) => typeof length === "number"));
      const length = fixed ? 1 : Math.min(VARIANTS, Math.max(1, Math.floor(MOST_VALUES / Math.max(1, values))));
      return Array.from({ length }, () => ({ kind: "tensors", tensors: drawTensors(tensors, next) }));
    }
  }
}

/** One class of a scenario's mix: where its requests lie in the scenario's list. */
export type MixPart = {
  readonly weight: number;
  readonly first: number;
  readonly count: number;
  /** One for each row of a trace that is replayed. */
  readonly ofTrace?: boolean;
  /** Of sessions: where each of them begins in the list. */
  readonly starts?: readonly number[];
};

/** Requests that one arrival is on average: more than 1 where it begins a session, if no step fails. */
export function requestsPerArrival(mix: readonly MixPart[]): number {
  if (mix.every(({ starts }) => starts === undefined)) return 1;
  const total = mix.reduce((sum, { weight }) => sum + weight, 0);
  return mix.reduce((sum, { weight, count, starts }) => sum + (weight / total) * (count / (starts?.length ?? count)), 0);
}

/**
 * Indices of `count` requests, or first requests of sessions: a class by its weight, then one of its requests, all equally likely, each independent
 * of the others.
 *
 * @param mix at least one part; weights > 0 and finite, counts ≥ 1.
 * @param firstRow the row of the trace that arrives first: the i-th request is then that of the i-th row from there on.
 *   Undefined: no row arrives, and all rows are equally likely.
 */
export function drawPicks(count: number, mix: readonly MixPart[], next: Generator, firstRow?: number): Uint32Array {
  let total = 0;
  const upTo = mix.map(({ weight }) => (total += weight));
  return Uint32Array.from({ length: count }, (_, i) => {
    const at = uniform(next) * total;
    // The last bound is the total, and a number below 1 times the total rounds to less than it: some bound lies above.
    const part = mix[upTo.findIndex((bound) => at < bound)]!;
    if (part.ofTrace === true && firstRow !== undefined) return part.first + firstRow + i;
    return part.starts === undefined
      ? part.first + integerBetween(next, 0, part.count - 1)
      : part.starts[integerBetween(next, 0, part.starts.length - 1)]!;
  });
}
