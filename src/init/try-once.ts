import { makePlan } from "../core/plan/make-plan.ts";
import { protocols } from "../core/protocol/protocols.ts";
import { suiteDigest } from "../core/suite/digest.ts";
import { parseSuite } from "../core/suite/parse.ts";
import { redact, resolveEnvironment } from "../core/suite/secrets.ts";
import { ask } from "../io/ask.ts";
import { USUAL_ROUTE } from "../io/connector.ts";
import { joinPath, readAddress } from "../io/load/address.ts";
import { explain, isTimeout } from "../io/load/failure.ts";

export type Tried =
  /** `tookS` holds the connection and, of a stream, all of it. */
  { readonly answered: true; readonly tookS: number } | { readonly answered: false; readonly reason: string };

const DEADLINE_S = 30;

/**
 * Sends the first request that a suite would send, once, and reads the answer as a run would.
 *
 * @param text a suite that parses and names no files.
 */
export async function tryOnce(
  text: string,
  file: string,
  endpoint: string,
  environment: Readonly<Record<string, string | undefined>>,
  signal: AbortSignal,
): Promise<Tried> {
  const { suite, secrets } = resolveEnvironment(parseSuite(text, file), environment);
  const plan = makePlan({ suite, digest: suiteDigest(suite, new Map()), files: new Map(), design: "single" });
  const request = plan.scenarios[0]!.requests[0]!;
  const { base, headers } = readAddress(endpoint, suite.target.headers);
  const failed = (reason: string): Tried => ({ answered: false, reason: redact(reason, secrets) });
  const startedMs = performance.now();
  try {
    const answer = await ask(base.origin + joinPath(base, request.path), USUAL_ROUTE, { timeoutS: DEADLINE_S, headers, signal }, request);
    const tookS = (performance.now() - startedMs) / 1000;
    const reader = protocols[suite.target.protocol].openResponse(suite.target);
    reader.start(answer.status, answer.headers, 0);
    if (answer.bytes.length > 0) reader.data(answer.bytes, 0);
    const { result } = reader.end(0);
    return result.kind === "ok" ? { answered: true, tookS } : failed(result.detail);
  } catch (error) {
    if (signal.aborted) throw error;
    return failed(isTimeout(error) ? `no answer within ${DEADLINE_S} s` : explain(error as Error, base.origin).sentence);
  }
}
