import { setTimeout } from "node:timers/promises";
import { InputError } from "../../core/errors.ts";
import type { ReadinessProbe } from "../../core/protocol/protocol.ts";
import type { Target } from "../../core/suite/suite.ts";
import { type Answer, ask } from "../ask.ts";
import { type Route, USUAL_ROUTE } from "../connector.ts";
import { type Address, joinPath, readAddress } from "./address.ts";
import { explain, isTimeout } from "./failure.ts";

/** A path to be asked, or the protocol's own question; without both any answer will do. */
export type ReadyWhen = Target["ready"] & { readonly probe?: ReadinessProbe | undefined };

export type Readiness =
  | { readonly ready: true; readonly waitedS: number }
  | { readonly ready: false; readonly reason: string; readonly waitedS: number };

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1000;
// A server that is loading a model may accept a connection and be silent. It is asked again after this.
const ATTEMPT_S = 5;

/**
 * Asks until the endpoint is ready: a 2xx at `ready.path`, or, without a path, what the protocol's own probe says, or any
 * HTTP answer at all. What waiting
 * cannot mend (a certificate, a wrong scheme, a URL that is none) ends it at once.
 *
 * @returns after at most `ready.timeoutS` seconds; `reason` is what was seen last, in one line, and what to check.
 */
export async function awaitReady(
  url: string,
  ready: ReadyWhen,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  route: Route = USUAL_ROUTE,
): Promise<Readiness> {
  const startedMs = performance.now();
  const waitedS = () => (performance.now() - startedMs) / 1000;
  const never = (reason: string): Readiness => ({ ready: false, reason, waitedS: waitedS() });
  let address: Address;
  try {
    address = readAddress(url, headers);
  } catch (error) {
    if (error instanceof InputError) return never(error.sentence);
    throw error;
  }
  for (let attempts = 1, pauseMs = FIRST_PAUSE_MS; ; attempts++, pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
    const leftS = ready.timeoutS - waitedS();
    const seen = await look(address, route, ready, Math.min(Math.max(leftS, 0.1), ATTEMPT_S), signal);
    if (signal.aborted) return never("cancelled while waiting");
    if (seen.kind === "ready") return { ready: true, waitedS: waitedS() };
    if (seen.kind === "hopeless") return never(seen.what);
    if (waitedS() + pauseMs / 1000 >= ready.timeoutS) {
      const tries = `${attempts} ${attempts === 1 ? "attempt" : "attempts"} in ${Number(waitedS().toPrecision(2))} s`;
      return never(`${seen.what}, ${tries}; ${seen.check}`);
    }
    await setTimeout(pauseMs, undefined, { signal }).catch(() => {});
    if (signal.aborted) return never("cancelled while waiting");
  }
}

type Seen =
  | { readonly kind: "ready" }
  | { readonly kind: "hopeless"; readonly what: string }
  | { readonly kind: "not-yet"; readonly what: string; readonly check: string };

async function look(
  { base, headers }: Address,
  route: Route,
  { path, probe }: ReadyWhen,
  timeoutS: number,
  signal: AbortSignal,
): Promise<Seen> {
  const options = { timeoutS, headers, signal };
  const at = path === undefined ? base.pathname + base.search : joinPath(base, path);
  try {
    if (path === undefined && probe !== undefined) {
      const answer = await ask(base.origin + joinPath(base, probe.request.path), route, options, probe.request);
      if (saysReady(probe, answer)) return { kind: "ready" };
      return { kind: "not-yet", what: `${probe.what} did not say yes (status ${answer.status})`, check: LOADED };
    }
    const { status } = await ask(base.origin + at, route, options);
    if (path === undefined || (status >= 200 && status < 300)) return { kind: "ready" };
    const check = "check target.ready.path and the log of the endpoint, or raise target.ready.timeout";
    return { kind: "not-yet", what: `${at} answered ${status} instead of 2xx`, check };
  } catch (error) {
    if (isTimeout(error)) return { kind: "not-yet", what: `no answer from ${base.host} in time`, check: DEPLOYED };
    const { sentence, heals } = explain(error as Error, base.origin);
    const check = route.material.cert === undefined ? DEPLOYED : `${DEPLOYED}${OF_A_CLIENT}`;
    return heals ? { kind: "not-yet", what: sentence, check } : { kind: "hopeless", what: sentence };
  }
}

function saysReady({ isReady }: ReadinessProbe, { status, bytes }: Answer): boolean {
  try {
    return status >= 200 && status < 300 && isReady(bytes);
  } catch {
    // It answers, and not what was asked.
    return false;
  }
}

const LOADED = "check target.model and the log of the endpoint, or raise target.ready.timeout";

/** Many servers say nothing about a client's certificate that they do not accept. */
const OF_A_CLIENT = "; is it the endpoint that does not accept the certificate in target.tls.cert?";

const DEPLOYED =
  "check that the preview is deployed, that this machine can reach it and that the URL is right, or raise target.ready.timeout";
