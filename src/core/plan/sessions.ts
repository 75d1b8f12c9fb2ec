import { InputError } from "../errors.ts";
import { protocols } from "../protocol/protocols.ts";
import { captureReference, SESSION_ID } from "../suite/placeholders.ts";
import { type Session, type SessionStep, stepClass } from "../suite/session.ts";
import type { Target } from "../suite/suite.ts";
import { bodyParts, chatTurn, filledText } from "./body-parts.ts";
import { MOST_LINES } from "./dataset.ts";
import type { Payload } from "./payload.ts";
import { payloadPool, VARIANTS } from "./payloads.ts";
import type { PreparedRequest } from "./plan.ts";
import { type Generator, integerBetween, stream } from "./random.ts";
import type { BodyPart, ChatTurn, FilledText, PreparedStep } from "./session-step.ts";
import { drawThinkS } from "./think.ts";

type SessionInput = {
  readonly name: string;
  readonly session: Session;
  readonly target: Target;
  readonly files: ReadonlyMap<string, Uint8Array>;
  readonly seed: number;
};

/**
 * The sessions of a payload class, one after the other, each as its steps in order: one where nothing is random, else 64,
 * or as many as a file of theirs has lines, but no more than 10,000 requests in all. The same seed gives the same sessions.
 *
 * @throws {InputError} as {@link payloadPool}, and where a file asks for what no earlier step captures.
 */
export function sessionRequests(input: SessionInput): readonly PreparedRequest[] {
  const { name, session, seed } = input;
  const { steps, turns } = session;
  const pools = steps.map((step) => payloadPool({ name: stepClass(name, step), weight: 1, content: step.content }, input.files, seed));
  const isRandom = turns !== undefined || steps.some(({ thinkTime }) => thinkTime !== undefined && thinkTime.kind !== "fixed");
  const most = Math.max(1, Math.floor(MOST_LINES / steps.length));
  const count = Math.min(most, Math.max(isRandom ? VARIANTS : 1, ...pools.map(({ length }) => length)));
  const next = stream(seed, "session", name);
  // Steps that draw from one file begin at different lines of it.
  const offsets = pools.map(({ length }) => integerBetween(next, 0, length - 1));
  const build = openBuilder(input, pools);
  return Array.from({ length: count }, (_, variant) => {
    const length = turns === undefined ? steps.length : integerBetween(next, ...turns);
    return Array.from({ length }, (_, place) => build(place, (variant + offsets[place]!) % pools[place]!.length, length, next));
  }).flat();
}

/** Of what a payload makes everything but the pause is the same in every session: it is built once. */
function openBuilder(input: SessionInput, pools: readonly (readonly Payload[])[]) {
  const built = pools.map(() => new Map<number, Built>());
  const captured = inHeaders(input.session);
  return (place: number, payload: number, of: number, next: Generator): PreparedRequest => {
    const step = input.session.steps[place]!;
    const known = built[place]!.get(payload) ?? buildStep(input, { step, place, payload: pools[place]![payload]! });
    built[place]!.set(payload, known);
    const thinkS = place === 0 || step.thinkTime === undefined ? 0 : drawThinkS(step.thinkTime, next);
    const capture = step.capture.map((each) => ({ ...each, inHeader: captured.has(captureReference(each.name)) }));
    return { ...known.request, session: { step: place, of, thinkS, capture, ...known.filled } };
  };
}

type Built = {
  readonly request: Omit<PreparedRequest, "session">;
  readonly filled: Omit<PreparedStep, "step" | "of" | "thinkS" | "capture">;
};

function buildStep(
  { name, session, target }: SessionInput,
  { step, place, payload }: { readonly step: SessionStep; readonly place: number; readonly payload: Payload },
): Built {
  const own = { ...target, method: step.method ?? target.method, path: step.path ?? target.path };
  const { headers: usual, body, ...line } = protocols[target.protocol].buildRequest(own, payload);
  const headers = { ...usual, ...step.headers };
  const path = filledText(line.path);
  const filledHeaders = Object.entries(step.headers).flatMap(([header, value]) => {
    const parts = filledText(value);
    return parts === undefined ? [] : [[header, parts] as const];
  });
  const { turn, parts } = bodyOf(session, { place, body, isJson: /json/i.test(headers["content-type"] ?? "") });
  mayBeKnown({ name, session, place }, [...(path ?? []), ...filledHeaders.flatMap(([, text]) => text), ...(turn?.own ?? parts)]);
  const whole = parts.every((part) => part instanceof Uint8Array) ? joined(parts) : undefined;
  return {
    request: { payloadClass: stepClass(name, step), ...line, headers, body: whole },
    filled: {
      ...(path === undefined ? {} : { path }),
      ...(filledHeaders.length === 0 ? {} : { headers: Object.fromEntries(filledHeaders) }),
      ...(parts.length > 0 && whole === undefined ? { body: parts } : {}),
      ...(turn === undefined ? {} : { turn }),
      cookies: session.cookies === "keep",
      ownConnection: session.connection === "session",
    },
  };
}

type StepBody = { readonly turn: ChatTurn | undefined; readonly parts: readonly BodyPart[] };

/** A body whose history grows is put together when it is sent; any other is made of its parts. */
function bodyOf(
  { history, system }: Session,
  { place, body, isJson }: { readonly place: number; readonly body: Uint8Array | undefined; readonly isJson: boolean },
): StepBody {
  if (body === undefined) return { turn: undefined, parts: [] };
  const grows = history === "grow";
  if (!grows && system === undefined) return { turn: undefined, parts: bodyParts(body, isJson) };
  const turn = chatTurn(body, system === undefined || (grows && place > 0) ? [] : [{ role: "system", content: system }]);
  return grows ? { turn, parts: [] } : { turn: undefined, parts: [turn.head, ...turn.own, turn.tail] };
}

/** Undefined for a step without a body. */
function joined(parts: readonly Uint8Array[]): Uint8Array | undefined {
  const [only] = parts;
  return parts.length < 2 ? only : new Uint8Array(Buffer.concat(parts));
}

/** The suite's own rules read the suite; what stands in files is known only here. */
function mayBeKnown(
  { name, session, place }: { readonly name: string; readonly session: Session; readonly place: number },
  parts: readonly (BodyPart | FilledText)[],
): void {
  const earlier = session.steps.slice(0, place).flatMap(({ capture }) => capture.map((each) => captureReference(each.name)));
  for (const part of parts) {
    if (typeof part === "string" || !("reference" in part)) continue;
    if (part.reference === SESSION_ID || earlier.includes(part.reference)) continue;
    throw new InputError(
      `step "${session.steps[place]!.name}" of "${name}" asks for {{${part.reference}}}, which no earlier step captures`,
      {
        hint: "add it under capture: of an earlier step, or mend its name",
      },
    );
  }
}

/** References that stand in a header of some step. */
function inHeaders({ steps }: Session): ReadonlySet<string> {
  const parts = steps.flatMap(({ headers }) => Object.values(headers).flatMap((value) => filledText(value) ?? []));
  return new Set(parts.flatMap((part) => (typeof part === "string" ? [] : [part.reference])));
}
