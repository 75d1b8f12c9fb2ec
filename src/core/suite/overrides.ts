import { InputError, InputErrors, type Position } from "../errors.ts";
import type { SuiteDocument } from "./document.ts";
import { keysAt, schemaAt } from "./json-schema.ts";
import { dotted, hintForKey, type Path } from "./mistake.ts";
import { nearest, suggest } from "./nearest.ts";

/**
 * Applies `path=value` texts to a suite before it is validated. Paths are dotted; entries of a list go by their name or
 * their index from 0: `seed=7`, `scenarios.steady.load.duration=10s`, `scenarios.0.gates.latency.p99.limit=80ms`. Values
 * are YAML scalars, or YAML in braces or brackets: `target.ready={ path: /ready }`.
 *
 * What is set stands at `--set:N:column`, N counting the texts from 1.
 *
 * @throws {InputErrors} if a path leads nowhere, naming the nearest that does.
 */
export function applyOverrides(document: SuiteDocument, overrides: readonly string[]): void {
  const errors: InputError[] = [];
  for (const [i, override] of overrides.entries()) {
    try {
      applyOverride(document, override, (column) => ({ file: "--set", line: i + 1, column }));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      errors.push(error);
    }
  }
  if (errors.length > 0) throw new InputErrors(errors);
}

function applyOverride(document: SuiteDocument, override: string, at: (column: number) => Position): void {
  const equals = override.indexOf("=");
  if (equals <= 0) {
    throw new InputError(`"${override}" is not path=value`, { hint: "write for example --set seed=7", position: at(1) });
  }
  const path = resolve(override.slice(0, equals).trim(), document.value(), at(1));
  const written = override.slice(equals + 1);
  // A shell eats quotes, so text needs none here: `target.model=7` is the text "7".
  const isText = schemaAt(path)?.["type"] === "string" && written.trim() !== "" && !/^\s*["'{[]/.test(written);
  document.set(path, isText ? JSON.stringify(written.trim()) : written, { key: at(1), value: at(equals + 2) });
}

function resolve(text: string, root: unknown, position: Position): Path {
  let path: Path = [];
  let value = root;
  for (let rest = text.split("."); rest.length > 0; ) {
    const known = knownSteps(path, value);
    // Names and metrics hold dots themselves (`latency.p99`): the longest one that exists is meant.
    const length = rest.map((_, i) => rest.length - i).find((n) => known.some((step) => String(step) === rest.slice(0, n).join(".")));
    const step = length === undefined ? rest[0]! : rest.slice(0, length).join(".");
    if (length === undefined && !isOpen(path, value)) throw leadsNowhere(path, step, rest.slice(1), value, root, position);
    const key = Array.isArray(value) ? indexOf(value, step) : step;
    path = [...path, key];
    value = (value as Record<string | number, unknown> | null | undefined)?.[key];
    rest = rest.slice(length ?? 1);
  }
  return path;
}

const isMapping = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function knownSteps(path: Path, value: unknown): readonly (string | number)[] {
  if (Array.isArray(value)) return value.flatMap((item, i) => [i, ...(nameOf(item) ?? [])]);
  if (isMapping(value)) return [...(keysAt(path) ?? []), ...Object.keys(value)];
  return value === undefined || value === null ? (keysAt(path) ?? []) : [];
}

/** May any key stand here? In a mapping of names (payload classes, headers), and inside a JSON payload. */
function isOpen(path: Path, value: unknown): boolean {
  if (value !== undefined && value !== null && !isMapping(value)) return false;
  if (path[0] === "payloads" && (path[2] === "json" || path[2] === "template")) return true;
  return typeof schemaAt(path)?.additionalProperties === "object";
}

const indexOf = (list: readonly unknown[], step: string): number => {
  const byName = list.findIndex((item) => nameOf(item)?.[0] === step);
  return byName === -1 ? Number(step) : byName;
};

const nameOf = (item: unknown): readonly [string] | undefined =>
  isMapping(item) && typeof item["name"] === "string" ? [item["name"]] : undefined;

function leadsNowhere(path: Path, step: string, rest: readonly string[], value: unknown, root: unknown, position: Position): InputError {
  const where = path.length === 0 ? "the suite" : dotted(path, root);
  if (Array.isArray(value)) {
    const names = value.flatMap((item) => nameOf(item) ?? []);
    const hint = names.length > 0 ? suggest(step, names) : `write an index from 0 to ${value.length - 1}`;
    return new InputError(`${where} has no entry "${step}"`, { hint, position });
  }
  const keys = keysAt(path);
  if (keys === undefined)
    return new InputError(`${where} is a single value, "${step}" cannot stand below it`, { hint: `write ${where}=…`, position });
  // A metric holds dots itself, so the nearest key may answer to several steps.
  const steps = [step, ...rest];
  const length = steps
    .map((_, i) => steps.length - i)
    .find((n) =>
      nearest(
        steps.slice(0, n).join("."),
        keys.filter((key) => key.split(".").length === n),
      ),
    );
  const near = length === undefined ? undefined : nearest(steps.slice(0, length).join("."), keys);
  const meant = [...(path.length === 0 ? [] : [where]), near, ...steps.slice(length)].join(".");
  return new InputError(`${where} has no key "${step}"`, {
    hint: near === undefined ? hintForKey(path, step) : `did you mean ${meant}?`,
    position,
  });
}
