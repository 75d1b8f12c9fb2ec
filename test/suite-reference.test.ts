import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { markdownTable } from "markdown-table";
import { describe, expect, test } from "vitest";
import { METRIC_NAMES } from "../src/core/metric.ts";
import { type JsonSchema, suiteJsonSchema } from "../src/core/suite/json-schema.ts";
import { examplesOf } from "../src/core/suite/units.ts";
import { anchorsOf, withSection } from "./documents.ts";
import { type KeyRow, mappingAt, rowsOf, SUITE_QUANTITIES, unitsOf, valueWords } from "./suite-reference.ts";

/** Mappings of the suite that have a section of their own: where they stand, and the heading's anchor. */
const SECTIONS: ReadonlyMap<string, string> = new Map([
  ["", "the-whole-file"],
  ["target", "target"],
  ["target.check", "target-check"],
  ["target.connection", "target-connection"],
  ["target.tls", "target-tls"],
  ["target.retry", "target-retry"],
  ["target.trace", "target-trace"],
  ["target.server-timing", "target-server-timing"],
  ["target.response-header", "target-response-header"],
  ["payloads.NAME", "payloads"],
  ["payloads.NAME.text", "text"],
  ["payloads.NAME.image", "image"],
  ["payloads.NAME.audio", "audio"],
  ["payloads.NAME.session", "session"],
  ["payloads.NAME.session.steps[]", "session-steps"],
  ["scenarios[]", "scenarios"],
  ["scenarios[].load", "load"],
  ["scenarios[].load.shape[]", "shape"],
  ["scenarios[].gates", "gates"],
  ["goodput", "goodput"],
  ["telemetry[]", "telemetry"],
  ["telemetry[].metrics", "telemetry-metrics"],
  ["telemetry[].queries", "telemetry-queries"],
  ["decision", "decision"],
  ["generator", "generator"],
]);

/** The same mapping in another place, or one with a key for each metric: told once. */
const SAME: ReadonlyMap<string, string> = new Map([
  ["scenarios[].goodput", "goodput"],
  ["payloads.NAME.session.text", "text"],
  ["payloads.NAME.multipart[].image", "image"],
  ["payloads.NAME.multipart[].audio", "audio"],
  ...["text", "image", "audio", "multipart[].image", "multipart[].audio"].map(
    (key) => [`payloads.NAME.session.steps[].${key}`, key.replace("multipart[].", "")] as const,
  ),
  ["payloads.NAME.gates", "gates"],
  ["payloads.NAME.session.steps[].gates", "gates"],
]);

/** Of a mapping that has a key for each metric, one stands for all. */
const ONE_OF_ALL: ReadonlyMap<string, string> = new Map([
  ["scenarios[].gates", "latency.p99"],
  ["telemetry[].metrics", "queue.depth"],
  ["telemetry[].queries", "queue.depth"],
]);

const PAGE = "docs/suite.md";
const schema = suiteJsonSchema();
const elsewhere = new Map([...SECTIONS, ...SAME]);

function sectionRows(path: string): readonly KeyRow[] {
  const mapping = mappingAt(schema, path);
  const one = ONE_OF_ALL.get(path);
  if (one !== undefined) return rowsOf({ properties: { METRIC: mapping.properties![one]! } }, path, elsewhere);
  const rows = rowsOf(mapping, path, elsewhere);
  if (path !== "payloads.NAME.session.steps[]") return rows;
  // A step is made of what a payload is made of.
  const known = new Set(rowsOf(mappingAt(schema, "payloads.NAME"), "payloads.NAME", elsewhere).map(({ key }) => key));
  return rows.filter(({ key }) => !known.has(key));
}

const cell = (text: string): string => text.replaceAll("|", "\\|").replaceAll("\n", " ");
const tableOf = (rows: readonly KeyRow[]): string =>
  markdownTable(
    [
      ["key", "value", "default", "example", "what it is"],
      ...rows.map(({ key, value, default: given, example, text }) => [key, value, given, example, text].map(cell)),
    ],
    { alignDelimiters: false },
  );

const unitTable = (): string =>
  markdownTable(
    [
      ["quantity", "units", "examples"],
      ...SUITE_QUANTITIES.map((quantity) =>
        [quantity, unitsOf(quantity), examplesOf(quantity)].map((cell) =>
          typeof cell === "string" ? cell : cell.map((word) => `\`${word}\``).join(", "),
        ),
      ),
    ],
    { alignDelimiters: false },
  );

/** What the keys of a gate are written in, one row for all metrics that are written alike. */
function gateTable(): string {
  const gates = mappingAt(schema, "scenarios[].gates").properties!;
  const alike = Map.groupBy(METRIC_NAMES, (name) =>
    ["regression", "floor", "limit"].map((key) => valueWords(gates[name]!.properties![key]!)).join("|"),
  );
  const named = (names: readonly string[]) => [...new Set(names.map((name) => `\`${name.replace(/\.p\d+$/, ".p*")}\``))].join(", ");
  return markdownTable(
    [["regression", "floor", "limit", "metrics"], ...[...alike].map(([words, names]) => [...words.split("|"), named(names)])],
    { alignDelimiters: false },
  );
}

test("the reference of the suite is what the schema says", async () => {
  const keys = [...SECTIONS].map(([path, anchor]) => [`keys ${anchor}`, tableOf(sectionRows(path))] as const);
  const page = [...keys, ["units", unitTable()] as const, ["gate units", gateTable()] as const].reduce(
    (text, [place, table]) => withSection(text, place, table),
    readFileSync(PAGE, "utf8"),
  );
  await expect(page).toMatchFileSnapshot(resolve(PAGE));
});

test("every section that a key leads to has its heading", () => {
  const anchors = anchorsOf(readFileSync(PAGE, "utf8"));
  expect([...elsewhere.values()].filter((anchor) => !anchors.has(anchor))).toEqual([]);
});

test("every key of the schema stands in a section", () => {
  const told = new Set(
    [...SECTIONS.keys()].flatMap((path) => {
      const rows = ONE_OF_ALL.has(path) ? [] : rowsOf(mappingAt(schema, path), path, elsewhere);
      return rows.map(({ key }) => `${path}${path === "" ? "" : "."}${key.slice(1, -1)}`);
    }),
  );
  const missing: string[] = [];
  const walk = (inner: JsonSchema, path: string): void => {
    const [withoutOwn, sameAs] = [ONE_OF_ALL.has(path), SAME.has(path)];
    if (withoutOwn || sameAs) return;
    for (const [name, child] of Object.entries(inner.properties ?? {})) {
      const place = path === "" ? name : `${path}.${name}`;
      if (!told.has(place)) missing.push(place);
      walk(child, place);
    }
    for (const form of inner.anyOf ?? []) walk(form, path);
    if (typeof inner.additionalProperties === "object") walk(inner.additionalProperties, `${path}.NAME`);
    if (inner.items !== undefined && !Array.isArray(inner.items)) walk(inner.items as JsonSchema, `${path}[]`);
  };
  walk(schema, "");
  expect(missing).toEqual([]);
  expect(told.size).toBeGreaterThan(150);
});

test("every key has an example, a default, words to choose from, or keys of its own", () => {
  const bare = [...SECTIONS.keys()]
    .flatMap(sectionRows)
    .filter(({ value, default: given, example }) => example === "" && !/^mapping|`|\]\(/.test(`${value}${given}`));
  expect(bare.map(({ key }) => key)).toEqual([]);
});

describe("what a key may hold is said in words:", () => {
  test.each<[JsonSchema, string]>([
    [{ type: "integer", minimum: 1, maximum: 64 }, "whole number from 1 to 64"],
    [{ type: "integer", minimum: 0, maximum: Number.MAX_SAFE_INTEGER }, "whole number 0 or more"],
    [{ type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 }, "number above 0 below 1"],
    [{ enum: ["yes", "no", true, false] }, "`yes`, `no`"],
    [{ anyOf: [{ type: "boolean" }, { type: "array", items: { type: "string" } }] }, "`true`, `false`, or list, each a text"],
    [{ anyOf: [{ type: "array", items: { type: "string" } }, { type: "string" }] }, "text, or a list of them"],
    [{ type: "object", additionalProperties: { type: "number" } }, "mapping of names, each to a number"],
    [{}, "any value"],
  ])("%j", (given, words) => {
    expect(valueWords(given)).toBe(words);
  });

  test("and a place that the schema does not have is a mistake", () => {
    expect(() => mappingAt(schema, "target.nothing")).toThrow("no mapping at target.nothing");
    expect(() => mappingAt(schema, "seed")).toThrow("no mapping at seed");
  });
});
