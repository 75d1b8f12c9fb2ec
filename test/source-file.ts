import { dirname, join } from "node:path";
import { parseSync } from "rolldown/utils";

/** One import of a source file, static or dynamic. `names` are what it takes, as the other file calls them. */
export type Import = {
  /** `src/…` for a file of ours, the package with its subpath otherwise; `?` when it is computed. */
  readonly target: string;
  /** Erased before the program runs. */
  readonly typeOnly: boolean;
  readonly names: readonly string[];
};

/** A `<`, `<=`, `>` or `>=`. `operands` are the names on both sides: `margin` for a variable, `.margin` for a property. */
export type Comparison = { readonly operator: string; readonly operands: readonly string[] };

/** What a source file says, without its comments, strings and types: the ground on which the rules are judged. */
export type SourceFile = {
  readonly file: string;
  readonly lines: number;
  readonly imports: readonly Import[];
  /** Names that are read as variables, sorted. */
  readonly variables: readonly string[];
  /** `object.property` for every property read off a plain name, sorted. */
  readonly members: readonly string[];
  /** `new Date()` and `Date()` without arguments: both read the clock. */
  readonly readsDate: boolean;
  readonly comparisons: readonly Comparison[];
  /** String literals that a conditional expression or `return` produces. */
  readonly choices: readonly string[];
};

type Node = { readonly type: string; readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);
const field = (node: Node, key: string): Node | undefined => nodesOf(node[key])[0];
const nameOf = (node: Node | undefined): string | undefined => (node?.type === "Identifier" ? String(node["name"]) : undefined);
const literalOf = (node: Node | undefined): string | undefined =>
  node?.type === "Literal" && typeof node["value"] === "string" ? node["value"] : undefined;

/** TypeScript nodes that hold expressions; all other `TS…` nodes are types and vanish. */
const TRANSPARENT = new Set(["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression", "TSInstantiationExpression"]);

/** @throws if the file cannot be parsed: a rule must never pass because it read nothing. */
export function readSource(file: string, text: string): SourceFile {
  const { program, errors } = parseSync(file, text, { lang: "ts" });
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join("; ")}`);

  const imports: Import[] = [];
  const variables = new Set<string>();
  const members = new Set<string>();
  const comparisons: Comparison[] = [];
  const choices = new Set<string>();
  let readsDate = false;

  const visit = (node: Node): void => {
    const { type } = node;
    if (type.startsWith("TS") && !TRANSPARENT.has(type)) return;
    if (type === "ImportDeclaration" || type === "ExportAllDeclaration" || (type === "ExportNamedDeclaration" && node["source"])) {
      imports.push(importOf(file, node));
      return;
    }
    if (type === "ImportExpression") {
      const target = literalOf(field(node, "source"));
      imports.push({ target: target === undefined ? "?" : resolve(file, target), typeOnly: false, names: ["*"] });
    }
    if (type === "Identifier") variables.add(String(node["name"]));
    if (type === "MemberExpression") {
      const object = nameOf(field(node, "object"));
      const property = propertyOf(node);
      if (object !== undefined && property !== undefined) members.add(`${object}.${property}`);
    }
    if ((type === "NewExpression" || type === "CallExpression") && nameOf(field(node, "callee")) === "Date") {
      readsDate ||= nodesOf(node["arguments"]).length === 0;
    }
    if (type === "BinaryExpression" && ["<", "<=", ">", ">="].includes(String(node["operator"]))) {
      comparisons.push({ operator: String(node["operator"]), operands: nodesOf([node["left"], node["right"]]).flatMap(operandsOf) });
    }
    const produced =
      type === "ConditionalExpression"
        ? nodesOf([node["consequent"], node["alternate"]])
        : type === "ReturnStatement"
          ? nodesOf(node["argument"])
          : [];
    for (const choice of produced.map(literalOf)) if (choice !== undefined) choices.add(choice);
    for (const child of childrenOf(node)) visit(child);
  };
  for (const node of nodesOf(program.body)) visit(node);

  return {
    file,
    lines: text.replace(/\n$/, "").split("\n").length,
    imports,
    variables: [...variables].sort(),
    members: [...members].sort(),
    readsDate,
    comparisons,
    choices: [...choices].sort(),
  };
}

function importOf(file: string, node: Node): Import {
  const specifiers = nodesOf(node["specifiers"]);
  const kindOf = (each: Node) => each["importKind"] ?? each["exportKind"];
  const names = specifiers.map((each) => nameOf(field(each, "imported")) ?? nameOf(field(each, "local")) ?? "default");
  return {
    target: resolve(file, literalOf(field(node, "source")) ?? "?"),
    typeOnly: kindOf(node) === "type" || (specifiers.length > 0 && specifiers.every((each) => kindOf(each) === "type")),
    names: node.type === "ExportAllDeclaration" ? ["*"] : names,
  };
}

const resolve = (file: string, specifier: string) =>
  specifier.startsWith(".") ? join(dirname(file), specifier).replaceAll("\\", "/") : specifier;

/** The child nodes that are read as expressions: names of properties and keys are not. */
function childrenOf(node: Node): readonly Node[] {
  const skipped =
    node["computed"] !== true && node.type === "MemberExpression"
      ? "property"
      : node["computed"] !== true && ["Property", "PropertyDefinition", "MethodDefinition", "AccessorProperty"].includes(node.type)
        ? "key"
        : undefined;
  return Object.entries(node).flatMap(([key, value]) => (key === skipped || key === "typeAnnotation" ? [] : nodesOf(value)));
}

function propertyOf(node: Node): string | undefined {
  const property = field(node, "property");
  return node["computed"] === true ? literalOf(property) : nameOf(property);
}

function operandsOf(node: Node): readonly string[] {
  const property = node.type === "MemberExpression" ? propertyOf(node) : undefined;
  const own = property === undefined ? nameOf(node) : `.${property}`;
  return [...(own === undefined ? [] : [own]), ...childrenOf(node).flatMap(operandsOf)];
}
