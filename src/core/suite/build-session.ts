import { buildThinkTime } from "./build-load.ts";
import { PAYLOAD_KINDS } from "./payload-schema.ts";
import { readCapture, type Session, type SessionStep } from "./session.ts";
import type { WrittenClass, WrittenSession } from "./session-schema.ts";
import type { PayloadContent, ProtocolName } from "./suite.ts";

type WrittenStep = NonNullable<WrittenSession["steps"]>[number];
type StepContent = SessionStep["content"];

type Builders = {
  readonly protocol: ProtocolName;
  /** What a step is made of. */
  readonly contentOf: (payload: WrittenClass) => PayloadContent;
  /** What is promised of its requests alone. */
  readonly gatesOf: (payload: Pick<WrittenStep, "gates" | "report">) => Pick<SessionStep, "gates" | "report">;
};

/** A written session that keeps all rules, with no default left open: `turns` are steps of one kind. */
export function buildSession(written: WrittenSession, { protocol, contentOf, gatesOf }: Builders): Session {
  const { turns, cookies = "keep", connection = "shared" } = written;
  const history = written.history ?? (protocol === "openai-chat" ? "grow" : "none");
  const step = (payload: WrittenStep, i: number): SessionStep => ({
    name: payload.name ?? String(i + 1),
    ...gatesOf(payload),
    content: hasContent(payload) ? (contentOf({ ...payload, weight: 1 }) as StepContent) : { kind: "empty" },
    thinkTime: buildThinkTime(payload["think-time"]),
    capture: Object.entries(payload.capture ?? {}).map(([name, source]) => readCapture(name, source)),
    method: payload.method?.toUpperCase(),
    path: payload.path,
    headers: Object.fromEntries(Object.entries(payload.headers ?? {}).map(([name, value]) => [name.toLowerCase(), value])),
  });
  const common = { kind: "session", history, cookies, connection } as const;
  if (turns === undefined) return { ...common, steps: (written.steps ?? []).map(step), turns: undefined };
  const { text, file, system, "think-time": thinkTime } = written;
  const [fewest, most] = typeof turns === "number" ? [turns, turns] : turns;
  const steps = Array.from({ length: most }, (_, i) => step({ text, file, ...(i === 0 ? {} : { "think-time": thinkTime }) }, i));
  return { ...common, steps, turns: fewest === most ? undefined : [fewest, most], ...(system === undefined ? {} : { system }) };
}

/** A step of `raw` may be made of nothing, as most GET requests are. */
const hasContent = (payload: WrittenStep): boolean =>
  PAYLOAD_KINDS.some((kind) => kind in payload && payload[kind as keyof WrittenStep] !== undefined);
