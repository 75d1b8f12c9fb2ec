import type { Arm } from "./core/plan/plan.ts";
import { protocols } from "./core/protocol/protocols.ts";
import type { Problem } from "./core/record/run-record.ts";
import type { Suite, TlsMaterial } from "./core/suite/suite.ts";
import type { Ports } from "./ports.ts";

/** What there is to ask, and how. */
export type Endpoints = {
  readonly suite: Suite;
  readonly tls: TlsMaterial;
  readonly endpoints: { readonly head: string; readonly base: string | undefined };
  readonly signal: AbortSignal;
};

/** Waits until both are ready: undefined once they are, and where the signal was aborted; else what stands against it. */
export async function awaitEndpoints({ suite, tls, endpoints, signal }: Endpoints, ports: Ports): Promise<Problem | undefined> {
  const { target } = suite;
  const probe = protocols[target.protocol].readiness?.(target);
  const route = { connection: target.connection, tls: target.tls, material: tls };
  for (const [arm, url] of armsOf(endpoints)) {
    ports.progress.phase(`waiting for the ${arm} endpoint`);
    const answer = await ports.awaitReady(url, { ...target.ready, probe }, target.headers, signal, route);
    if (signal.aborted) return undefined;
    if (!answer.ready) {
      const message = `the ${arm} endpoint ${shown(url)} never became ready: ${answer.reason}`;
      const headline = `${arm === "head" ? "the preview" : "the base endpoint"} ${answer.short}`;
      return { severity: "invalid", code: "endpoint-not-ready", arm, message, headline };
    }
  }
  return undefined;
}

/** Base first, where there is one. */
export const armsOf = ({ head, base }: Endpoints["endpoints"]): readonly (readonly [Arm, string])[] =>
  base === undefined
    ? [["head", head]]
    : [
        ["base", base],
        ["head", head],
      ];

/** A URL without what may be secret in it. */
const shown = (url: string): string => {
  const { origin, pathname } = new URL(url);
  return pathname === "/" ? origin : origin + pathname;
};
