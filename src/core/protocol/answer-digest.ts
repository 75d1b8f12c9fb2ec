import { createHash } from "node:crypto";

/** Text and bytes of an answer that make it the same or another one: no ids, no times. */
export type AnswerContent = readonly (string | Uint8Array)[];

/** 16 hexadecimal digits, equal for equal content: of a million different answers two are alike with a chance of 3 in 100 million. */
export function answerDigest(content: AnswerContent): string {
  const hash = createHash("sha256");
  for (const part of content) hash.update(part);
  return hash.digest("hex").slice(0, 16);
}
