import { InputError } from "../errors.ts";
import { protocols } from "../protocol/protocols.ts";
import type { PayloadClass, Scenario, Suite } from "../suite/suite.ts";
import { malform } from "./malformed.ts";
import { nonceSlot } from "./nonce.ts";
import type { Payload } from "./payload.ts";
import { MOST_HELD, payloadPool, tooMuch } from "./payloads.ts";
import type { MixPart } from "./picks.ts";
import type { PreparedRequest } from "./plan.ts";
import type { Timeline } from "./timeline.ts";
import { tracePayloads } from "./trace-payloads.ts";

export type Bodies = (payloadClass: PayloadClass) => readonly PreparedRequest[];

/** Builds the requests of a class when the first scenario asks for them, and once: scenarios share them. */
export function lazyBodies({ suite, files }: { readonly suite: Suite; readonly files: ReadonlyMap<string, Uint8Array> }): Bodies {
  const built = new Map<string, readonly PreparedRequest[]>();
  return (payloadClass) => {
    const { name } = payloadClass;
    const requests = built.get(name) ?? prepareAll(suite, payloadClass, payloadPool(payloadClass, files, suite.seed));
    built.set(name, requests);
    return requests;
  };
}

/** @throws {InputError} where the bodies are more than a machine should hold. */
function prepareAll(suite: Suite, payloadClass: PayloadClass, pool: readonly Payload[]): readonly PreparedRequest[] {
  let held = 0;
  return pool.map((payload, i) => {
    const request = prepare(suite, payloadClass, payload);
    held += request.body?.length ?? 0;
    if (held > MOST_HELD && i > 0) throw tooMuch(payloadClass.name, i + 1, pool.length);
    return request;
  });
}

/**
 * The requests of all classes with weight in this scenario, one class after the other, and where each class lies. What
 * is made from a trace is the scenario's own: one request for each row that it replays.
 *
 * @param known the scenario's requests where they have been built before: then nothing is built.
 */
export function mixRequests(
  { suite, scenario, timeline, bodies }: MixInput,
  known: readonly PreparedRequest[] | undefined,
): { readonly requests: readonly PreparedRequest[]; readonly mix: readonly MixPart[] } {
  const requests: PreparedRequest[] = [];
  const mix: MixPart[] = [];
  let first = 0;
  for (const payloadClass of suite.payloads) {
    const { name, content } = payloadClass;
    const weight = scenario.mix === undefined ? payloadClass.weight : (scenario.mix[name] ?? 0);
    if (!(weight > 0)) continue;
    const ofTrace = content.kind === "from-trace";
    const built =
      known?.filter((request) => request.payloadClass === name) ??
      (ofTrace ? ofRows(suite, scenario, timeline, payloadClass) : bodies(payloadClass));
    mix.push({ weight, first, count: built.length, name, order: payloadClass.order, ...(ofTrace ? { ofTrace } : {}) });
    first += built.length;
    if (known === undefined) for (const request of built) requests.push(request);
  }
  if (mix.length > 0) return { requests: known ?? requests, mix };
  throw new InputError(`scenario "${scenario.name}" has no payload with a weight above 0`, {
    hint: `give a weight to one of ${suite.payloads.map(({ name }) => name).join(", ")}`,
  });
}

type MixInput = { readonly suite: Suite; readonly scenario: Scenario; readonly timeline: Timeline; readonly bodies: Bodies };

function ofRows(suite: Suite, { load }: Scenario, { trace }: Timeline, payloadClass: PayloadClass): readonly PreparedRequest[] {
  if (load.kind !== "trace" || load.requests === undefined || trace === undefined) {
    throw new RangeError("the rules let no scenario without a trace send what is made from one");
  }
  const { seed, target } = suite;
  const input = { payloadClass, columns: load.requests, protocol: target.protocol, file: load.file, seed };
  return tracePayloads(trace.requests, input).map((payload) => prepare(suite, payloadClass, payload));
}

function prepare({ target }: Suite, { name, unique, malformed, expect }: PayloadClass, payload: Payload): PreparedRequest {
  const good = protocols[target.protocol].buildRequest(target, payload);
  const request = malformed === undefined ? good : malform(good, malformed, name);
  return {
    payloadClass: name,
    ...request,
    ...("label" in payload && payload.label !== undefined ? { label: payload.label } : {}),
    ...(expect === undefined ? {} : { expect }),
    ...(unique === undefined ? {} : { nonce: nonceSlot(request.body, unique, name) }),
  };
}
