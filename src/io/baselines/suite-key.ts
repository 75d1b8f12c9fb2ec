import { createHash } from "node:crypto";
import { slug } from "./slug.ts";

/**
 * What a suite is called wherever its runs are kept: `sentiment-1a2b3c4d`, the same for artifacts and for the folders of
 * a branch. The hash keeps apart suites whose names differ only in characters that such a name may not have.
 *
 * @param variant tells apart the legs of a matrix that run one suite, each of which has its own baseline: for example
 *   the GPU's name. Empty for a suite that runs once.
 */
export function suiteKey(suiteName: string, variant: string): string {
  const hash = createHash("sha256")
    .update(JSON.stringify([suiteName, variant]))
    .digest("hex")
    .slice(0, 8);
  return [slug(suiteName), ...(variant === "" ? [] : [slug(variant)]), hash].join("-");
}
