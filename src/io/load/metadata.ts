import { InputError } from "../../core/errors.ts";
import type { ModelInput } from "../../core/plan/model-tensors.ts";
import { excerpt } from "../../core/protocol/failure.ts";
import type { MetadataProbe } from "../../core/protocol/protocol.ts";
import { ask } from "../ask.ts";
import { type Route, USUAL_ROUTE } from "../connector.ts";
import { joinPath, readAddress } from "./address.ts";
import { explain, isTimeout } from "./failure.ts";

export type Metadata =
  | { readonly ok: true; readonly inputs: readonly ModelInput[] }
  /** One line. */
  | { readonly ok: false; readonly reason: string };

const TIMEOUT_S = 30;

/** Asks an endpoint which inputs its model takes, once. Whatever it says is a value. */
export async function readMetadata(
  url: string,
  { request, what, inputsIn }: MetadataProbe,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  route: Route = USUAL_ROUTE,
): Promise<Metadata> {
  const failed = (reason: string): Metadata => ({ ok: false, reason });
  let origin = url;
  try {
    const address = readAddress(url, headers);
    ({ origin } = address.base);
    const options = { timeoutS: TIMEOUT_S, headers: address.headers, signal };
    const answer = await ask(origin + joinPath(address.base, request.path), route, options, request);
    const { status } = answer;
    if (status < 200 || status >= 300) return failed(`${what} answered ${status}: ${excerpt(answer.body)}`);
    const call = answer.headers["grpc-status"] ?? "0";
    if (call !== "0") return failed(`${what} ended with gRPC status ${excerpt(call).slice(1, -1)}`);
    return inputsOf(answer.bytes, what, inputsIn);
  } catch (error) {
    if (error instanceof InputError) return failed(error.sentence);
    if (isTimeout(error)) return failed(`${what} was not answered within ${TIMEOUT_S} s`);
    return failed(explain(error as Error, origin).sentence);
  }
}

function inputsOf(bytes: Uint8Array, what: string, inputsIn: MetadataProbe["inputsIn"]): Metadata {
  try {
    return { ok: true, inputs: inputsIn(bytes) };
  } catch {
    return {
      ok: false,
      reason: `${what} answered something else than metadata: ${excerpt(new TextDecoder().decode(bytes.subarray(0, 200)))}`,
    };
  }
}
