import { parseSync } from "rolldown/utils";

type Node = { readonly type: string; readonly [key: string]: unknown };

const isNode = (value: unknown): value is Node => typeof value === "object" && value !== null && "type" in value;
const nodesOf = (value: unknown): readonly Node[] => (Array.isArray(value) ? value : [value]).filter(isNode);
const field = (node: Node | undefined, key: string): Node | undefined => (node === undefined ? undefined : nodesOf(node[key])[0]);
const literalOf = (node: Node | undefined): string | undefined =>
  node?.type === "Literal" && typeof node["value"] === "string" ? node["value"] : undefined;
const nameOf = (node: Node | undefined): string | undefined => (node?.type === "Identifier" ? String(node["name"]) : undefined);

/**
 * The titles of the tests in a file, from its text: `outer > inner`. A test that runs over a table has its title as it
 * is written, and one for each row that begins with a text, in the place of `%s`.
 *
 * @throws if the file cannot be parsed.
 */
export function testTitlesOf(file: string, text: string): ReadonlySet<string> {
  const { program, errors } = parseSync(file, text, { lang: "ts" });
  if (errors.length > 0) throw new Error(`${file}: ${errors.map(({ message }) => message).join("; ")}`);
  const tables = new Map<string, Node>();
  const titles = new Set<string>();

  const visit = (node: Node, above: string): void => {
    if (node.type === "VariableDeclarator") {
      const [name, table] = [nameOf(field(node, "id")), arrayIn(field(node, "init"))];
      if (name !== undefined && table !== undefined) tables.set(name, table);
    }
    const found = node.type === "CallExpression" ? titled(node, tables) : undefined;
    const here = found === undefined ? above : `${above}${found.title} > `;
    if (found?.isTest) for (const title of [found.title, ...found.rows]) titles.add(above + title);
    for (const value of Object.values(node)) for (const child of nodesOf(value)) visit(child, here);
  };
  for (const node of nodesOf(program.body)) visit(node, "");
  return titles;
}

type Titled = { readonly title: string; readonly rows: readonly string[]; readonly isTest: boolean };

/** `test("title", …)`, `describe("title", …)`, `test.each(table)("title", …)`. A skipped or a focused test is none. */
function titled(call: Node, tables: ReadonlyMap<string, Node>): Titled | undefined {
  const title = literalOf(nodesOf(call["arguments"])[0]);
  const callee = field(call, "callee");
  if (title === undefined || callee === undefined) return undefined;
  const direct = nameOf(callee);
  if (direct === "test" || direct === "describe") return { title, rows: [], isTest: direct === "test" };
  const each = callee.type === "CallExpression" ? field(callee, "callee") : undefined;
  const what = nameOf(field(each, "object"));
  if (each === undefined || nameOf(field(each, "property")) !== "each" || (what !== "test" && what !== "describe")) return undefined;
  const table = nodesOf(callee["arguments"])[0];
  const rows = nodesOf((arrayIn(table) ?? tables.get(nameOf(table) ?? ""))?.["elements"]);
  const firsts = rows.flatMap((row) => literalOf(row.type === "ArrayExpression" ? nodesOf(row["elements"])[0] : row) ?? []);
  return { title, rows: firsts.map((first) => title.replace("%s", first)), isTest: what === "test" };
}

/** An array literal, also behind `as const` and the like. */
function arrayIn(node: Node | undefined): Node | undefined {
  if (node === undefined || node.type === "ArrayExpression") return node;
  return node.type.startsWith("TS") ? arrayIn(field(node, "expression")) : undefined;
}
