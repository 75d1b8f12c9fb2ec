import type { Gate, PayloadClass, PayloadContent, ThinkTime } from "./suite.ts";

/** One user's requests, one after the other, where later ones know what earlier ones were answered. */
export type Session = {
  readonly kind: "session";
  /** In order, never empty. */
  readonly steps: readonly SessionStep[];
  /** Fewest and most steps that one session has, drawn uniformly; undefined: all of them. */
  readonly turns: readonly [number, number] | undefined;
  /** `grow`: a chat, in which every turn holds the earlier ones with the assistant's real answers. */
  readonly history: "grow" | "none";
  /** The system message with which a chat begins. */
  readonly system?: string;
  /** `keep`: what the endpoint sets in a session is sent back in the same session. */
  readonly cookies: "keep" | "none";
  /** `session`: all steps go over one connection, which nobody else uses meanwhile. */
  readonly connection: "shared" | "session";
};

export type SessionStep = {
  /** The number of the step, from 1 on, where the suite gives it no name. */
  readonly name: string;
  readonly content: Exclude<PayloadContent, Session>;
  /** Pause between the answer before and this step. */
  readonly thinkTime: ThinkTime | undefined;
  readonly capture: readonly Capture[];
  readonly method: string | undefined;
  readonly path: string | undefined;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** As those of a payload class. */
  readonly gates?: readonly Gate[];
  readonly report?: boolean;
};

/** What is kept of an answer, under a name by which later steps ask for it. */
export type Capture = { readonly name: string } & (
  | { readonly from: "json"; readonly path: string }
  | { readonly from: "header"; readonly header: string }
);

export const isSession = (content: PayloadContent): content is Session => content.kind === "session";

/** What is counted by itself of a payload: the payload, or each step of a session. The report that its class asks for is of every step. */
export const classesIn = (payload: PayloadClass): readonly PayloadClass[] => {
  const { name, weight, content } = payload;
  if (!isSession(content)) return [payload];
  return content.steps.map((step) => {
    const { gates, report = payload.report } = step;
    return {
      name: stepClass(name, step),
      weight,
      content: step.content,
      ...(gates && { gates }),
      ...(report === undefined ? {} : { report }),
    };
  });
};

/** `chat/1`: the payload class of a step, under which its requests are counted. */
export const stepClass = (payloadClass: string, step: Pick<SessionStep, "name">): string => `${payloadClass}/${step.name}`;

/** `$.id` or `header:x-session`, read. Names of headers in lower case. */
export function readCapture(name: string, source: string): Capture {
  const [, header] = /^header:\s*(.*)$/i.exec(source) ?? [];
  return header === undefined ? { name, from: "json", path: source } : { name, from: "header", header: header.trim().toLowerCase() };
}
