import { InputError } from "../errors.ts";
import type { Payload } from "../plan/payload.ts";
import { excerpt } from "./failure.ts";

/** A payload that a protocol has no request for: JSON is quoted, any other kind named. `hint` says what to give instead. */
export function notCarried(protocol: string, payload: Payload, hint: string): InputError {
  const { kind } = payload;
  const what = kind === "json" ? excerpt(JSON.stringify(payload.value)) : kind === "body" ? bodyInWords(payload) : kind;
  return new InputError(`protocol ${protocol} cannot carry ${what}`, { hint });
}

/** A medium is what its content type says; any other body is bytes that nobody knows. */
function bodyInWords({ contentType = "" }: Extract<Payload, { kind: "body" }>): string {
  const [type = "", subtype = ""] = contentType.split(/[/;]/);
  if (type === "image" || type === "audio" || type === "video") return `${type} (${subtype})`;
  return type === "multipart" ? "a form" : "a raw body";
}
