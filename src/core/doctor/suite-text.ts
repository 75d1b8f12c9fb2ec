import { InputError } from "../errors.ts";
import { locateForEdit } from "../suite/document.ts";
import { type Edit, editSuite } from "../suite/edit.ts";
import { parseSuite } from "../suite/parse.ts";
import type { Suite } from "../suite/suite.ts";
import type { Examination } from "./examination.ts";
import { gatesYaml, suiteEdits } from "./suite-edits.ts";

/**
 * The text of a suite as the doctor would have it; the same text where there is nothing to change. Comments and formatting
 * stay. What comes out is read again and must be the suite that was meant.
 *
 * @param text of the suite file, which parses.
 * @throws {InputError} where the file shares what would have to change.
 */
export function doctoredSuite(text: string, file: string, examination: Examination): string {
  const { suite } = parseSuite(text, file);
  const edits = withWrittenGates(text, file, suiteEdits(examination, suite), suite);
  const doctored = editSuite(text, file, edits);
  const meant = parseSuite(
    text,
    file,
    edits.map(({ path, yaml }) => `${path.join(".")}=${yaml}`),
  ).suite;
  const written = parseSuite(doctored, file).suite;
  // An anchor that was written carries its change to where it is used.
  const spread = suite.scenarios.some(
    (scenario, i) =>
      !edits.some(({ path }) => path[0] === "scenarios" && path[1] === i) &&
      JSON.stringify(written.scenarios[i]) !== JSON.stringify(scenario),
  );
  if (spread || JSON.stringify(written) !== JSON.stringify(meant)) {
    throw new InputError(`${file} cannot be changed without changing more than was meant`, {
      hint: `write it by hand: ${edits.map(({ path, yaml }) => `${path.join(".")}: ${yaml}`).join(", ")}`,
    });
  }
  return doctored;
}

/** A scenario without gates of its own gets all of the default ones, since a single one would stand for them all. */
function withWrittenGates(text: string, file: string, edits: readonly Edit[], { scenarios }: Suite): readonly Edit[] {
  const written = edits.map((edit): Edit => {
    const gates = edit.path.slice(0, 3);
    if (gates[2] !== "gates") return edit;
    const place = locateForEdit(text, file, gates);
    if (place.kind === "value" || place.kind === "shared") return edit;
    const index = Number(gates[1]);
    const own = edits.filter(({ path }) => path[0] === "scenarios" && path[1] === index);
    const wide = new Map(own.map(({ path, yaml }) => [String(path[3]), yaml]));
    return { path: gates, yaml: gatesYaml(scenarios[index]!.gates, wide) };
  });
  return written.filter((edit, i) => written.findIndex(({ path }) => path.join("\n") === edit.path.join("\n")) === i);
}
