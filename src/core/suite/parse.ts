import { InputError, InputErrors, type Position } from "../errors.ts";
import { buildSuite } from "./build.ts";
import { readDocument } from "./document.ts";
import { dotted, type Mistake, mistakesOf, type Path } from "./mistake.ts";
import { applyOverrides } from "./overrides.ts";
import { rules } from "./rules.ts";
import { suiteSchema } from "./schema.ts";
import type { Suite } from "./suite.ts";

export type ParsedSuite = {
  readonly suite: Suite;
  /**
   * Where the value at a path stands, with keys as they are written in YAML (`["target", "max-in-flight"]`). For a path
   * that leads nowhere (a default), the last step of it that exists.
   */
  readonly locate: (path: Path) => Position;
};

/**
 * Reads and checks a suite, all of it: whatever is wrong is said at once, by position.
 *
 * @param text YAML 1.2, one document.
 * @param file its name in messages.
 * @param overrides `path=value`, applied in order before anything is checked; see `applyOverrides`.
 * @throws {InputErrors} with file:line:column of every mistake and what to write instead.
 */
export function parseSuite(text: string, file: string, overrides: readonly string[] = []): ParsedSuite {
  const document = readDocument(text, file);
  applyOverrides(document, overrides);
  const root = document.value();
  const written = suiteSchema.safeParse(root, { reportInput: true });
  const mistakes = [...(written.success ? [] : mistakesOf(written.error.issues)), ...rules(root)];
  const errors = mistakes.map((mistake) => toError(mistake, root, document.locate(mistake.path, mistake.at)));
  if (errors.length > 0) throw new InputErrors(errors.sort(byPosition(file)));
  if (!written.success) throw written.error;
  return { suite: buildSuite(written.data), locate: document.locate };
}

function toError({ path, message, hint, at }: Mistake, root: unknown, position: Position): InputError {
  // The message names a wrong key itself: the path says where it stands.
  const where = dotted(at === "key" && message.includes(`"${String(path.at(-1))}"`) ? path.slice(0, -1) : path, root);
  return new InputError(where === "" ? message : `${where}: ${message}`, { hint, position });
}

/** The file from its top to its end, then what `--set` brought. */
const byPosition =
  (file: string) =>
  ({ position: a }: InputError, { position: b }: InputError): number =>
    a === undefined || b === undefined ? 0 : Number(a.file !== file) - Number(b.file !== file) || a.line - b.line || a.column - b.column;
