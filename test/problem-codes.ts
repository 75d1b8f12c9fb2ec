import { parseSync } from "rolldown/utils";

/** Codes of problems, notes and obstacles that a source file can give, and the places whose code is only known when it runs. */
export type FoundCodes = { readonly codes: readonly string[]; readonly computed: readonly string[] };

type Node = { readonly type: string; readonly [key: string]: unknown };
const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);
const nameOf = (node: Node | undefined): string => (node?.type === "Identifier" ? String(node["name"]) : "");

/** Ours are in lower case with dashes; `custom` is zod's, and errors of sockets are in upper case. */
const isCode = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text) && text !== "custom";

/**
 * Finds `code: "…"` in objects, in either branch of a condition too, and the arguments of functions of the same file that have a
 * parameter called `code`.
 */
export function codesIn(file: string, text: string): FoundCodes {
  const { program, errors } = parseSync(file, text, { lang: "ts" });
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join("; ")}`);
  const all = walk(nodesOf(program.body));
  const makers = new Map(all.flatMap((node) => maker(node)));
  const codes = new Set<string>();
  const computed = new Set<string>();
  const take = (value: Node | undefined) => {
    if (value === undefined) return;
    if (value.type === "ConditionalExpression") for (const branch of nodesOf([value["consequent"], value["alternate"]])) take(branch);
    else if (value.type === "Literal") {
      if (typeof value["value"] === "string" && isCode(value["value"])) codes.add(value["value"]);
    } else if (nameOf(value) !== "code") computed.add(`${file}: ${text.slice(Number(value["start"]), Number(value["end"]))}`);
  };
  for (const node of all) {
    if (node.type === "Property" && node["computed"] !== true && nameOf(nodesOf(node["key"])[0]) === "code")
      take(nodesOf(node["value"])[0]);
    for (const one of takenApart(node)) take(one);
    const at = node.type === "CallExpression" ? makers.get(nameOf(nodesOf(node["callee"])[0])) : undefined;
    if (at !== undefined) take(nodesOf(node["arguments"])[at]);
  }
  return { codes: [...codes], computed: [...computed] };
}

/** The name of a function that has a parameter `code`, and its place. */
function maker(node: Node): readonly (readonly [string, number])[] {
  const place = (fn: Node) => nodesOf(fn["params"]).findIndex((parameter) => nameOf(parameter) === "code");
  const found = (name: string, fn: Node) => (name !== "" && place(fn) >= 0 ? [[name, place(fn)] as const] : []);
  if (node.type === "FunctionDeclaration") return found(nameOf(nodesOf(node["id"])[0]), node);
  const value = node.type === "VariableDeclarator" ? nodesOf(node["init"])[0] : undefined;
  return value?.type === "ArrowFunctionExpression" ? found(nameOf(nodesOf(node["id"])[0]), value) : [];
}

/** `const [code, why] = … ["a", "b"] …`: what `code` can be. */
function takenApart(node: Node): readonly Node[] {
  const pattern = node.type === "VariableDeclarator" ? nodesOf(node["id"])[0] : undefined;
  if (pattern?.type !== "ArrayPattern") return [];
  const at = nodesOf(pattern["elements"]).findIndex((element) => nameOf(element) === "code");
  const lists = walk(nodesOf(node["init"])).filter(({ type }) => type === "ArrayExpression");
  return at < 0 ? [] : lists.flatMap((list) => nodesOf(nodesOf(list["elements"])[at]));
}

/** All nodes but types and patterns, which give no values. */
function walk(nodes: readonly Node[]): readonly Node[] {
  return nodes.flatMap((node) => {
    if (
      node.type === "ObjectPattern" ||
      (node.type.startsWith("TS") && !["TSAsExpression", "TSSatisfiesExpression", "TSNonNullExpression"].includes(node.type))
    )
      return [];
    return [node, ...walk(Object.values(node).flatMap(nodesOf))];
  });
}
