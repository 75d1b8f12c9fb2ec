import { InputError } from "../errors.ts";
import type { Malformation } from "../suite/input-content.ts";
import { joined } from "./joined.ts";
import type { PreparedRequest } from "./plan.ts";

type Request = Omit<PreparedRequest, "payloadClass">;

/**
 * A good request made bad in one way, which an endpoint should refuse with a 4xx:
 *
 * `truncated` the body stops in its middle · `empty` there is none · `not-json` plain words · `not-utf8` bytes in its middle
 * that no UTF-8 has · `missing-field` JSON without its main field · `wrong-type` the main field is of another type ·
 * `wrong-shape` the first tensor declares one row more than it has · `nested` ten thousand lists in one another ·
 * `wrong-content-type` the body of another type than it says.
 *
 * @throws {InputError} for a body that cannot be spoilt in this way.
 */
export function malform(request: Request, how: Malformation, payloadClass: string): Request {
  const encoder = new TextEncoder();
  const body = request.body ?? new Uint8Array();
  const refuse = (why: string, hint: string) => new InputError(`payload "${payloadClass}" cannot be ${how}: ${why}`, { hint });
  const whole = () => {
    if (body.length > 0) return body;
    throw refuse("its request has no body", "give it content to spoil");
  };
  switch (how) {
    case "truncated":
      return { ...request, body: whole().slice(0, Math.ceil(body.length / 2)) };
    case "empty":
      return { ...request, body: new Uint8Array() };
    case "not-json":
      return { ...request, body: encoder.encode("this is not what you expect") };
    case "not-utf8": {
      const middle = Math.floor(whole().length / 2);
      return { ...request, body: joined([body.subarray(0, middle), Uint8Array.of(0xff, 0xc3, 0x28, 0xfe), body.subarray(middle)]) };
    }
    case "wrong-content-type":
      return { ...request, headers: { ...request.headers, "content-type": "application/x-tailgate-unknown" } };
    case "nested":
      return { ...request, body: encoder.encode(`${"[".repeat(NESTING)}${"]".repeat(NESTING)}`) };
    case "missing-field":
    case "wrong-type":
    case "wrong-shape": {
      const value = objectIn(body);
      if (value === undefined) throw refuse("its body is no JSON object", "spoil it in another way, for example: malformed: truncated");
      const spoilt = how === "wrong-shape" ? withWrongShape(value) : withoutMain(value, how);
      if (spoilt === undefined) throw refuse("its body declares no shape of a tensor", "use tensors, or spoil it in another way");
      return { ...request, body: encoder.encode(JSON.stringify(spoilt)) };
    }
  }
}

const NESTING = 10_000;

type Fields = Readonly<Record<string, unknown>>;

function objectIn(body: Uint8Array): Fields | undefined {
  try {
    const value: unknown = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    return typeof value === "object" && value !== null && !Array.isArray(value) && Object.keys(value).length > 0
      ? (value as Fields)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What an inference is made from, by the name that the protocols give it. */
const MAIN = ["messages", "prompt", "input", "inputs", "instances", "examples", "text"];

function withoutMain(value: Fields, how: "missing-field" | "wrong-type"): Fields {
  const main = MAIN.find((key) => Object.hasOwn(value, key)) ?? Object.keys(value).find((key) => key !== "model") ?? Object.keys(value)[0]!;
  const { [main]: content, ...rest } = value;
  // A number where text, a list or a mapping belongs, and a mapping where a number or a truth value does.
  return how === "missing-field"
    ? rest
    : { ...value, [main]: typeof content === "object" || typeof content === "string" ? 42 : { not: "this" } };
}

function withWrongShape(value: Fields): Fields | undefined {
  const inputs = Array.isArray(value["inputs"]) ? (value["inputs"] as readonly unknown[]) : [];
  const [first, ...others] = inputs;
  const shape = (Object(first) as { readonly shape?: unknown }).shape;
  if (!Array.isArray(shape) || typeof shape[0] !== "number") return undefined;
  const [rows, ...sizes] = shape as readonly number[];
  return { ...value, inputs: [{ ...(first as Fields), shape: [rows! + 1, ...sizes] }, ...others] };
}
