import { glob } from "node:fs/promises";
import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import { slug } from "../io/baselines/slug.ts";
import { type LoadedSuite, loadSuite } from "../load-suite.ts";
import { filePorts } from "../world.ts";
import type { Inputs } from "./inputs.ts";
import type { Place } from "./place.ts";

/** A step that is about one leg alone, as if it were a job of its own. */
export const placeOfLeg = (place: Place, { variant, out }: Leg): Place => ({
  ...place,
  inputs: { ...place.inputs, variants: variant === "" ? [] : [variant], out },
});

/** One suite in one variant, measured by other jobs of this run and judged here. */
export type Leg = {
  readonly file: string;
  readonly loaded: LoadedSuite;
  readonly suiteName: string;
  /** Empty for a suite that runs once. */
  readonly variant: string;
  /** Where its results go. */
  readonly out: string;
};

/**
 * The legs that are expected: every suite in every variant. A suite may be named by a pattern (`models/*\/tailgate.yaml`).
 *
 * @throws {InputError} for a suite that is missing or wrong, a pattern without a match, and for two suites of one name.
 */
export async function expectedLegs({ suites, variants, out }: Pick<Inputs, "suites" | "variants" | "out">): Promise<readonly Leg[]> {
  const files = [...new Set((await Promise.all(suites.map(matching))).flat())];
  // Nothing is sent here, so that a suite's secrets need not be set.
  const loaded = await Promise.all(files.map((file) => loadSuite(file, [], "not needed", filePorts)));
  const legs = loaded.flatMap((suite) =>
    (variants.length === 0 ? [""] : [...new Set(variants)]).map((variant): Leg => {
      const { name } = suite.suite;
      const folder = [slug(name), ...(variant === "" ? [] : [slug(variant)])].join("-");
      return { file: suite.file, loaded: suite, suiteName: name, variant, out: join(out, folder) };
    }),
  );
  for (const [index, { suiteName, file, variant, out: folder }] of legs.entries()) {
    const same = legs.slice(0, index).find((leg) => leg.out === folder);
    if (same === undefined) continue;
    const message = `${describe(same)} and ${describe({ suiteName, file, variant })} cannot be told apart`;
    throw new InputError(message, { hint: "give each suite a name of its own, and each variant one that differs in letters or digits" });
  }
  return legs;
}

const describe = ({ suiteName, file, variant }: Pick<Leg, "suiteName" | "file" | "variant">): string =>
  `the suite ${suiteName} of ${file}${variant === "" ? "" : ` in variant ${variant}`}`;

async function matching(pattern: string): Promise<readonly string[]> {
  if (!/[*?[\]{}]/.test(pattern)) return [pattern];
  const files = await Array.fromAsync(glob(pattern));
  if (files.length > 0) return files.map((file) => file.replaceAll("\\", "/")).sort();
  throw new InputError(`suite: no file matches ${JSON.stringify(pattern)}`, {
    hint: "patterns are relative to the checkout: check it out first",
  });
}
