import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  visit,
  type YAMLError,
  type YAMLMap,
} from "yaml";
import { InputError, InputErrors, type Position } from "../errors.ts";
import type { Path } from "./mistake.ts";

/** A YAML document that still knows where everything stands. The only file that knows the YAML library. */
export type SuiteDocument = {
  /** Its plain data. */
  readonly value: () => unknown;
  /** Where the value (or the key) at a path stands; for a path that leads nowhere, the key of the last step that exists. */
  readonly locate: (path: Path, part?: "key" | "value") => Position;
  /** Puts the value of a one-line YAML text at a path, making mappings on the way. What it adds stands at `position`. */
  readonly set: (path: Path, yaml: string, position: { readonly key: Position; readonly value: Position }) => void;
};

/** A suite is written by people: more than this is data, which belongs into a payload file. */
const MOST_CHARACTERS = 1024 * 1024;
const MOST_ALIASES = 100;
const OPTIONS = { version: "1.2", schema: "core", prettyErrors: false, uniqueKeys: false, stringKeys: true } as const;

/**
 * Reads one YAML 1.2 document (core schema). Aliases are allowed, a hundred at most after expansion; tags, merge keys
 * and several documents are not.
 *
 * @throws {InputErrors} with every syntax error and every key that is written twice.
 */
export function readDocument(text: string, file: string): SuiteDocument {
  const start: Position = { file, line: 1, column: 1 };
  if (text.length > MOST_CHARACTERS) {
    throw new InputErrors([
      new InputError("the suite is longer than 1 MiB", { hint: "put payload data into a file and name it under file:", position: start }),
    ]);
  }
  const lines = new LineCounter();
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const document = parse(text, start, lines);
  const mistakes = [...document.errors, ...document.warnings].map((error) => new InputError(...explain(error, positionAt(error.pos[0]))));
  // The structure after a syntax error is a guess, and so would be complaints about it.
  const errors = mistakes.length > 0 ? mistakes : misuses(document, positionAt);
  if (errors.length > 0) throw new InputErrors(errors);
  if (document.contents === null) throw emptySuite(start);

  const placed = new WeakMap<Node, Position>();
  const positionOf = (node: unknown): Position | undefined => {
    if (!isNode(node)) return undefined;
    return placed.get(node) ?? (node.range ? positionAt(node.range[0]) : undefined);
  };
  return {
    value: () => dataOf(document, start),
    locate: (path, part = "value") => locate(document, path, part, positionOf) ?? start,
    set: (path, yaml, position) => put(document, path, yaml, position, placed),
  };
}

/** Where a value has to be written in the text. Offsets are in characters. */
export type EditPlace =
  | { readonly kind: "value"; readonly from: number; readonly to: number }
  /** A mapping in braces lacks the keys `missing`, of which the first belongs at `at`. */
  | { readonly kind: "in-braces"; readonly missing: Path; readonly at: number; readonly isEmpty: boolean }
  /** A mapping on lines of its own, which ends on the line of `at`. */
  | { readonly kind: "on-lines"; readonly missing: Path; readonly at: number; readonly indent: number }
  /** Behind an alias. */
  | { readonly kind: "shared"; readonly position: Position };

/** @param text of a document that {@link readDocument} reads. */
export function locateForEdit(text: string, file: string, path: Path): EditPlace {
  const lines = new LineCounter();
  const document = parse(text, { file, line: 1, column: 1 }, lines);
  let node: unknown = document.contents;
  for (const [i, step] of path.entries()) {
    const pair = pairOf(node, step);
    if (pair === undefined) return placeInMapping(node as YAMLMap, path.slice(i), lines);
    if (isAlias(pair.value)) {
      const { line, col } = lines.linePos(pair.value.range![0]);
      return { kind: "shared", position: { file, line, column: col } };
    }
    node = pair.value;
  }
  const [from, to] = (node as Node).range!;
  return { kind: "value", from, to };
}

function placeInMapping(map: YAMLMap, missing: Path, lines: LineCounter): EditPlace {
  const last = map.items.at(-1);
  const end = (last?.value as Node | null)?.range?.[1] ?? (last?.key as Node | undefined)?.range?.[1];
  if (map.flow) return { kind: "in-braces", missing, at: end ?? map.range![0] + 1, isEmpty: last === undefined };
  const { col } = lines.linePos((map.items[0]!.key as Node).range![0]);
  // What a value on lines of its own ends with is the line break itself.
  const at = isMap(last!.value) || isSeq(last!.value) ? (last!.value.flow ? end! : end! - 1) : end!;
  return { kind: "on-lines", missing, at, indent: col - 1 };
}

function parse(text: string, start: Position, lineCounter: LineCounter): Document {
  try {
    return parseDocument(text, { ...OPTIONS, lineCounter });
  } catch (cause) {
    // The parser is recursive: only nesting far beyond any suite brings it down.
    throw new InputErrors([
      new InputError("this is not readable as YAML", { hint: "is it nested thousands of levels deep?", position: start, cause }),
    ]);
  }
}

function dataOf(document: Document, position: Position): unknown {
  try {
    return document.toJS({ maxAliasCount: MOST_ALIASES });
  } catch (cause) {
    throw new InputErrors([
      new InputError("the aliases (*name) expand to too much", {
        hint: `write the values out; ${MOST_ALIASES} aliases are allowed`,
        position,
        cause,
      }),
    ]);
  }
}

const emptySuite = (position: Position) =>
  new InputErrors([
    new InputError("the suite is empty", { hint: "run `tailgate init`, or write at least name, target and one scenario", position }),
  ]);

function explain({ code, message }: YAMLError, position: Position): [string, { hint: string; position: Position }] {
  const [what, hint] = EXPLANATIONS[code] ?? [
    `not valid YAML: ${message.split("\n")[0]}`,
    "check quotes, colons and indentation around here",
  ];
  return [what, { hint, position }];
}

const EXPLANATIONS: Partial<Record<YAMLError["code"], readonly [string, string]>> = {
  MULTIPLE_DOCS: ["a second YAML document begins here", "one suite per file: remove the line ---, or split the file"],
  TAB_AS_INDENT: ["a tab is used for indentation", "YAML wants spaces"],
  TAG_RESOLVE_FAILED: ["a suite has no tags (!name)", "remove the tag, or put the text in quotes"],
  BLOCK_AS_IMPLICIT_KEY: ["this reads as a mapping inside a line", 'put text that holds ": " in quotes'],
  NON_STRING_KEY: ["a key is not plain text", "put it in quotes"],
  BAD_ALIAS: ["this alias (*name) names no anchor (&name) above it", "put text that begins with * in quotes"],
};

/** What the parser lets pass: keys that are written twice, and aliases of nothing. */
function misuses(document: Document, positionAt: (offset: number) => Position): readonly InputError[] {
  const errors: InputError[] = [];
  const complain = (node: Node, [message, hint]: readonly [string, string]) =>
    errors.push(new InputError(message, { hint, position: positionAt(node.range?.[0] ?? 0) }));
  visit(document, {
    Alias: (_, alias) => {
      if (alias.resolve(document) === undefined) complain(alias, EXPLANATIONS.BAD_ALIAS!);
    },
    Map: (_, map) => {
      const first = new Map<string, Node>();
      for (const { key } of map.items) {
        if (!isScalar(key)) continue;
        const earlier = first.get(String(key.value));
        if (earlier === undefined) first.set(String(key.value), key);
        else {
          const { line } = positionAt(earlier.range?.[0] ?? 0);
          complain(key, [`the key "${String(key.value)}" is written twice`, `remove one; the first is on line ${line}`]);
        }
      }
    },
  });
  return errors;
}

function locate(
  document: Document,
  path: Path,
  part: "key" | "value",
  positionOf: (node: unknown) => Position | undefined,
): Position | undefined {
  let node: unknown = document.contents;
  let known = positionOf(node);
  for (const [i, step] of path.entries()) {
    const pair = pairOf(resolved(document, node), step) ?? pairOf(resolved(document, node), step, (name) => name.toLowerCase());
    if (pair === undefined) return known;
    const key = positionOf(pair.key) ?? positionOf(pair.value) ?? known;
    if (i === path.length - 1 && part === "value") return positionOf(pair.value) ?? key;
    known = key;
    node = pair.value;
  }
  return known;
}

function put(
  document: Document,
  path: Path,
  yaml: string,
  position: { key: Position; value: Position },
  placed: WeakMap<Node, Position>,
): void {
  const at = path.map((_, i) => path.slice(0, i + 1));
  const last = at.length - 1;
  for (const [i, steps] of at.entries()) {
    const parent = ownNode(document, steps.slice(0, -1));
    const value = i === last ? oneLine(yaml, position.value, placed) : document.createNode({});
    const pair = pairOf(parent, steps.at(-1)!);
    if (pair !== undefined && i < last && (isMap(resolved(document, pair.value)) || isSeq(resolved(document, pair.value)))) continue;
    if (!placed.has(value)) placed.set(value, i === last ? position.value : position.key);
    if (isSeq(parent)) parent.items[steps.at(-1) as number] = value;
    else if (pair !== undefined) pair.value = value;
    else {
      const key = document.createNode(String(steps.at(-1)));
      placed.set(key, position.key);
      (parent as YAMLMap).items.push(document.createPair(key, value) as Pair);
    }
  }
}

/** The collection at a path, as a node of its own: an alias is replaced by a copy, so that its anchor keeps its value. */
function ownNode(document: Document, path: Path): unknown {
  let node: unknown = document.contents;
  for (const step of path) {
    const pair = pairOf(node, step);
    if (pair === undefined) return undefined;
    if (isAlias(pair.value)) {
      const copy = pair.value.resolve(document)?.clone() as Node;
      if (isSeq(node)) node.items[step as number] = copy;
      else pair.value = copy;
      node = copy;
    } else node = pair.value;
  }
  return node;
}

/** A value on one line. Flow collections and quotes are read as YAML; any other text is one scalar, even with a colon in it. */
function oneLine(yaml: string, position: Position, placed: WeakMap<Node, Position>): Node {
  const document = parseDocument(yaml, OPTIONS);
  const isCollection = isMap(document.contents) || isSeq(document.contents);
  if (/^\s*[[{"']/.test(yaml)) {
    const [error] = document.errors;
    if (error !== undefined) throw new InputError(...explain(error, position));
  } else if (document.errors.length > 0 || isCollection || isAlias(document.contents)) return document.createNode(yaml.trim()) as Node;
  const node = (document.contents ?? document.createNode(null)) as Node;
  visit(node, {
    Node: (_, inner) => {
      placed.set(inner, { ...position, column: position.column + (inner.range?.[0] ?? 0) });
    },
  });
  return node;
}

type AnyPair = { readonly key: unknown; value: unknown };

/** @param plain how keys are compared: a header's name, for one, is found in any case. */
function pairOf(node: unknown, step: string | number, plain: (key: string) => string = (key) => key): AnyPair | undefined {
  if (isSeq(node))
    return typeof step === "number" && node.items[step] !== undefined ? { key: node.items[step], value: node.items[step] } : undefined;
  if (!isMap(node)) return undefined;
  return node.items.find(({ key }) => isScalar(key) && plain(String(key.value)) === plain(String(step)));
}

const resolved = (document: Document, node: unknown): unknown => (isAlias(node) ? node.resolve(document) : node);

const isNode = (value: unknown): value is Node => isScalar(value) || isMap(value) || isSeq(value) || isAlias(value);
