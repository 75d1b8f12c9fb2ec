import type { ConcreteTensor, Payload } from "../plan/payload.ts";
import { mediumOf } from "./medium.ts";
import { notCarried } from "./not-carried.ts";
import { SAMPLE_TEXT } from "./sample.ts";
import { textOf } from "./text-value.ts";

/**
 * A payload as the tensors of one inference request; a text is one BYTES tensor called `text`, an image or a recording
 * one called `image` or `audio`, or as the payload names it. Undefined for JSON that is
 * a request already.
 *
 * @throws {InputError} for a payload that is neither.
 */
export function tensorsOf(payload: Payload, protocol: string): readonly ConcreteTensor[] | undefined {
  switch (payload.kind) {
    case "tensors":
      return payload.tensors;
    case "text":
      return [textTensor(payload.text)];
    case "empty":
      return [textTensor(SAMPLE_TEXT)];
    case "json": {
      const { value } = payload;
      if (typeof value === "object" && value !== null && "inputs" in value) return undefined;
      const text = textOf(value);
      if (text !== undefined) return [textTensor(text)];
      throw notCarried(protocol, payload, 'give an object with `inputs`, or a text as "…" or {"text": "…"}');
    }
    case "body": {
      const medium = mediumOf(payload);
      if (medium !== undefined) return [{ name: payload.input ?? medium.type, shape: [1], datatype: "BYTES", data: [payload.bytes] }];
      throw notCarried(protocol, payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
    }
    case "messages":
      throw notCarried(protocol, payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
  }
}

const textTensor = (text: string): ConcreteTensor => ({ name: "text", shape: [1], datatype: "BYTES", data: [text] });
