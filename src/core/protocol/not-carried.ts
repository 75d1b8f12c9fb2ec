import { InputError } from "../errors.ts";
import type { Payload } from "../plan/payload.ts";
import { excerpt } from "./failure.ts";

/** A payload that a protocol has no request for: JSON is quoted, any other kind named. `hint` says what to give instead. */
export function notCarried(protocol: string, payload: Payload, hint: string): InputError {
  const { kind } = payload;
  const what = kind === "json" ? excerpt(JSON.stringify(payload.value)) : kind === "body" ? "a raw body" : kind;
  return new InputError(`protocol ${protocol} cannot carry ${what}`, { hint });
}
