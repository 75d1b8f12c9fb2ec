import { globSync, readFileSync } from "node:fs";
import { basename, dirname } from "node:path";
import { describe, expect, test } from "vitest";
import { type Import, readSource, type SourceFile } from "./source-file.ts";

/** A rule looks at one file and says what is wrong, a sentence each. */
type Rule = (source: SourceFile) => readonly string[];

type Layer = "core" | "io" | "pipeline" | "program" | "entry";

/** Processes and threads start here; nothing imports them, and only they may end a process. */
const ENTRIES = [
  "src/action.ts",
  "src/run-action.ts",
  "src/cli.ts",
  "src/run-cli.ts",
  "src/io/demo/demo-server.ts",
  "src/io/load/pacer-worker.ts",
  "src/io/load/sender-worker.ts",
  "src/io/load/reference-server-worker.ts",
  "src/io/telemetry/sampler-worker.ts",
];
/** What is run, which may import nothing but the program behind it, and that only once it has looked around. */
const DOORS: Readonly<Record<string, string>> = { "src/action.ts": "src/run-action.ts", "src/cli.ts": "src/run-cli.ts" };
/** The steps in their order; they see the world only as the functions that `ports.ts` describes. */
const PIPELINE = [
  "src/drive-segment.ts",
  "src/endpoints-ready.ts",
  "src/gate.ts",
  "src/measure.ts",
  "src/model-inputs.ts",
  "src/passes.ts",
  "src/ports.ts",
  "src/run-in-progress.ts",
  "src/shard-start.ts",
  "src/warm-up.ts",
];

const layerOf = (file: string): Layer =>
  ENTRIES.includes(file)
    ? "entry"
    : PIPELINE.includes(file)
      ? "pipeline"
      : file.startsWith("src/core/")
        ? "core"
        : file.startsWith("src/io/")
          ? "io"
          : "program";

/** What each layer may import: layers below it, and packages by name. */
const MAY_IMPORT: Readonly<Record<Layer, { readonly layers: readonly Layer[]; readonly packages: readonly string[] }>> = {
  core: {
    layers: ["core"],
    packages: [
      "zod",
      "yaml",
      "hdr-histogram-js",
      "simple-statistics",
      "markdown-table",
      "@bufbuild/protobuf",
      "eventsource-parser",
      "ajv",
      "fastest-levenshtein",
      "json-p3",
      "fflate",
      "jpeg-js",
      "@observablehq/plot",
      "linkedom",
    ],
  },
  io: {
    layers: ["core", "io"],
    packages: ["undici", "http-parser-js", "@actions/artifact", "@actions/github", "zod", "fastest-levenshtein", "node:"],
  },
  pipeline: { layers: ["core", "pipeline"], packages: [] },
  program: { layers: ["core", "io", "pipeline", "program"], packages: ["node:"] },
  entry: { layers: ["core", "io", "pipeline", "program"], packages: ["@actions/core", "node:"] },
};

/** All that core takes from Node: what depends on nothing but its input. */
const PURE_IN_NODE: Readonly<Record<string, string>> = { "node:crypto": "createHash", "node:zlib": "inflateSync" };

const isOurs = (target: string) => target.startsWith("src/");
const isOf = (target: string, name: string) => target === name || target.startsWith(name.endsWith(":") ? name : `${name}/`);

const layers: Rule = ({ file, imports }) => {
  const layer = layerOf(file);
  const allowed = ({ target, names, typeOnly }: Import) => {
    if (file in DOORS) return target === DOORS[file];
    if (target === "package.json" || target.endsWith("/package.json")) return layer !== "core" && layer !== "pipeline";
    if (!isOurs(target)) {
      const pure = layer === "core" ? PURE_IN_NODE[target] : undefined;
      if (pure !== undefined) return names.every((name) => name === pure);
      return MAY_IMPORT[layer].packages.some((name) => isOf(target, name));
    }
    // The type of a loaded suite is all that the pipeline knows of the programs around it.
    if (layer === "pipeline" && typeOnly) return layerOf(target) === "program" || MAY_IMPORT.pipeline.layers.includes(layerOf(target));
    // A thread's messages are typed where the thread is written.
    if (layerOf(target) === "entry" && typeOnly) return dirname(file) === dirname(target);
    return MAY_IMPORT[layer].layers.includes(layerOf(target));
  };
  return imports.filter((each) => !allowed(each)).map(({ target }) => `${file} (${layer}) must not import ${target}`);
};

const siblings: Rule = ({ file, imports }) => {
  if (!file.startsWith("src/io/")) return [];
  const folder = ioFolder(file);
  const foreign = imports.filter(({ target }) => target.startsWith("src/io/") && ![undefined, folder].includes(ioFolder(target)));
  return foreign.map(({ target }) => `${file} must not know its sibling ${target}: let the caller join them`);
};

/** The folder of src/io a file lies in; undefined for src/io/*.ts and src/io/files, the ground that all folders share. */
const ioFolder = (file: string) => /^src\/io\/(?!files\/)([^/]+)\//.exec(file)?.[1];

/** A package that only one file may name, so that it can be replaced there. */
const ONE_IMPORTER: Readonly<Record<string, RegExp>> = {
  undici: /^src\/io\/http\.ts$/,
  "http-parser-js": /^src\/io\/telemetry\/kept-connection\.ts$/,
  "hdr-histogram-js": /^src\/core\/record\/distribution\.ts$/,
  "jpeg-js": /^src\/core\/plan\/picture\.ts$/,
  fflate: /^src\/core\/plan\/png\.ts$/,
  yaml: /^src\/core\/suite\/[\w-]+\.ts$/,
  "@actions/artifact": /^src\/io\/baselines\/[\w-]+\.ts$/,
  "@actions/github": /^src\/io\/github\/[\w-]+\.ts$/,
  "@actions/core": /^src\/run-action\.ts$/,
};

function importersOf(sources: readonly SourceFile[]): readonly string[] {
  return Object.entries(ONE_IMPORTER).flatMap(([name, place]) => {
    const importers = sources.filter(({ imports }) => imports.some(({ target }) => isOf(target, name))).map(({ file }) => file);
    if (importers.length === 1 && place.test(importers[0] ?? "")) return [];
    return [`${name} needs exactly one importing file at ${place.source}, not [${importers.join(", ")}]`];
  });
}

const BANNED_NAMES = ["process", "console", "fetch", "performance", "globalThis", "crypto", "navigator", "require", "eval", "Function"];
const BANNED_TIMERS = ["setTimeout", "setInterval", "setImmediate"];
const BANNED_MEMBERS = ["Date.now", "Math.random", "import.meta"];

const purity: Rule = ({ file, variables, members, readsDate }) => {
  if (!["core", "pipeline"].includes(layerOf(file))) return [];
  const found = [
    ...[...BANNED_NAMES, ...BANNED_TIMERS].filter((name) => variables.includes(name)),
    ...BANNED_MEMBERS.filter((member) => members.includes(member)),
    ...(readsDate ? ["new Date()"] : []),
  ];
  return found.map((what) => `${file} must not use ${what}: take it as an argument`);
};

const exits: Rule = ({ file, members, imports }) => {
  if (layerOf(file) === "entry") return [];
  const found = [
    ...["process.exit", "process.exitCode", "process.abort", "process.kill"].filter((member) => members.includes(member)),
    ...(imports.some(({ names }) => names.includes("setFailed")) || members.some((member) => member.endsWith(".setFailed"))
      ? ["setFailed"]
      : []),
  ];
  return found.map((what) => `${file} must not use ${what}: return a value, only the entries end the process`);
};

const nothingImportsEntries: Rule = ({ file, imports }) =>
  imports
    .filter(({ target, typeOnly }) => ENTRIES.includes(target) && !typeOnly && DOORS[file] !== target)
    .map(({ target }) => `${file} must not import the entry ${target}`);

/** What a decision is made from. A renderer prints these; comparing them is the business of core/decide. */
const DECIDING = ["margin", "resolvableMargin", "worse", "worseLow", "worseHigh", ".p", ".limit", ".regression", ".floor"];
/** `margin <= 0` guards a division; it weighs nothing. */
const isGuard = (operands: readonly string[]) => operands.length === 1 && /^\.?(resolvableM|m)argin$/.test(operands[0] ?? "");
const VERDICT_WORDS = ["pass", "fail", "inconclusive", "no-baseline", "invalid"];
/** Reading a value off a histogram for a picture is not a test of anything. */
const DRAWING = ["src/core/stats/bins.ts", "src/core/stats/quantile.ts"];

const renderers: Rule = ({ file, imports, comparisons, choices }) => {
  if (!file.startsWith("src/core/report/")) return [];
  const judging = imports.filter(
    ({ target, typeOnly }) =>
      !typeOnly &&
      ((target.startsWith("src/core/compare/") && target !== "src/core/compare/comparison.ts") ||
        (target.startsWith("src/core/stats/") && !DRAWING.includes(target)) ||
        target === "src/core/decide/decide.ts"),
  );
  const compared = comparisons.filter(
    ({ operands }) => !isGuard(operands) && operands.some((name) => DECIDING.includes(name) || DECIDING.includes(name.slice(1))),
  );
  return [
    ...judging.map(({ target }) => `${file} must not call ${target}: a renderer receives what was decided`),
    ...compared.map(({ operator, operands }) => `${file} must not compare with ${operator} (${operands.join(", ")}): core/decide does`),
    ...choices
      .filter((word) => VERDICT_WORDS.includes(word))
      .map((word) => `${file} must not choose the verdict "${word}": core/decide does`),
  ];
};

const sizes: Rule = ({ file, lines }) => (lines > 300 ? [`${file} has ${lines} lines; 300 are the limit: split it by noun`] : []);

const names: Rule = ({ file }) =>
  /^(utils?|helpers?|common|misc|index)$/.test(basename(file, ".ts")) || /\/(utils?|helpers?|common|misc)$/.test(dirname(file))
    ? [`${file} is named after nothing: name it after the noun it holds`]
    : [];

const RULES = { layers, siblings, purity, exits, nothingImportsEntries, renderers, sizes, names } as const;

const check = (rule: Rule, sources: readonly SourceFile[]) => sources.flatMap(rule);
const planted = (rule: Rule, file: string, text: string) => rule(readSource(file, text));

const sources = globSync("src/**/*.ts").map((file) => {
  const name = file.replaceAll("\\", "/");
  return readSource(name, readFileSync(file, "utf8"));
});

test("the walk sees the sources", () => {
  expect(sources.length).toBeGreaterThan(40);
  expect(new Set(sources.map(({ file }) => layerOf(file)))).toEqual(new Set(["core", "io", "pipeline", "program", "entry"]));
  expect(ENTRIES.filter((entry) => !sources.some(({ file }) => file === entry))).toEqual([]);
});

describe("the sources", () => {
  for (const [name, rule] of Object.entries(RULES)) {
    test(`keep the rule: ${name}`, () => {
      expect(check(rule, sources)).toEqual([]);
    });
  }

  test("name each replaceable package in one file", () => {
    expect(importersOf(sources)).toEqual([]);
  });
});

describe("a planted violation is found:", () => {
  const cases: readonly (readonly [string, Rule, string, string])[] = [
    ["core imports io", layers, "src/core/x.ts", `import { getText } from "../io/http.ts";`],
    ["core imports only a type of io", layers, "src/core/x.ts", `import type { TextResponse } from "../io/http.ts";`],
    ["core imports Node", layers, "src/core/x.ts", `import fs from "node:fs";`],
    ["core imports Node later", layers, "src/core/x.ts", `const fs = await import("node:fs");`],
    ["core imports what it computes", layers, "src/core/x.ts", "const fs = await import(`node:${name}`);"],
    ["core re-exports Node", layers, "src/core/x.ts", `export { readFileSync } from "node:fs";`],
    ["core takes randomness from node:crypto", layers, "src/core/x.ts", `import { createHash, randomBytes } from "node:crypto";`],
    ["core opens a stream of node:zlib", layers, "src/core/x.ts", `import { createInflate, inflateSync } from "node:zlib";`],
    ["core imports a package nobody allowed", layers, "src/core/x.ts", `import { z } from "zod-to-something";`],
    ["io imports the pipeline", layers, "src/io/load/x.ts", `import { measure } from "../../measure.ts";`],
    ["io imports a type of the pipeline", layers, "src/io/load/x.ts", `import type { Ports } from "../../ports.ts";`],
    ["io imports a command", layers, "src/io/load/x.ts", `import { run } from "../../commands/run.ts";`],
    ["the pipeline imports io", layers, "src/gate.ts", `import { getText } from "./io/http.ts";`],
    ["the pipeline imports Node", layers, "src/measure.ts", `import { join } from "node:path";`],
    ["a program imports a package", layers, "src/commands/run.ts", `import { request } from "undici";`],
    ["the action's entry imports more than its program", layers, "src/action.ts", `import { gate } from "./gate.ts";`],
    ["the command's entry imports a package", layers, "src/cli.ts", `import { styleText } from "node:util";`],
    ["the shared ground of io imports a folder", siblings, "src/io/files/x.ts", `import { pace } from "../load/pacer.ts";`],
    ["one io folder imports another", siblings, "src/io/load/x.ts", `import { upsertComment } from "../github/comment.ts";`],
    ["core reads the wall clock", purity, "src/core/x.ts", "export const now = () => Date.now();"],
    ["core reads the date", purity, "src/core/x.ts", "export const now = () => new Date();"],
    ["core reads the monotonic clock", purity, "src/core/x.ts", "export const now = () => performance.now();"],
    ["core draws lots", purity, "src/core/x.ts", "export const dice = () => Math.random();"],
    ["core draws lots in brackets", purity, "src/core/x.ts", `export const dice = () => Math["random"]();`],
    ["core reads the environment", purity, "src/core/x.ts", "export const { HOME } = process.env;"],
    ["core prints", purity, "src/core/x.ts", `export const say = () => console.log("x");`],
    ["core reaches around", purity, "src/core/x.ts", "export const f = globalThis.fetch;"],
    ["core waits", purity, "src/core/x.ts", "export const later = (f: () => void) => setTimeout(f, 1);"],
    ["the pipeline reads a clock", purity, "src/measure.ts", "export const now = () => Date.now();"],
    ["io ends the process", exits, "src/io/x.ts", "export const stop = () => process.exit(1);"],
    ["a command sets the exit code", exits, "src/commands/x.ts", "process.exitCode = 1;"],
    ["io fails the action", exits, "src/io/github/x.ts", `import { setFailed } from "@actions/core"; setFailed("x");`],
    ["io fails the action by its namespace", exits, "src/io/github/x.ts", `import * as core from "@actions/core"; core.setFailed("x");`],
    ["a command imports an entry", nothingImportsEntries, "src/commands/x.ts", `import "../cli.ts";`],
    ["a renderer tests", renderers, "src/core/report/x.ts", `import { mannWhitney } from "../stats/mann-whitney.ts";`],
    ["a renderer compares", renderers, "src/core/report/x.ts", `import { compareRuns } from "../compare/compare.ts";`],
    ["a renderer decides", renderers, "src/core/report/x.ts", `import { decide } from "../decide/decide.ts";`],
    ["a renderer weighs a change", renderers, "src/core/report/x.ts", "export const bad = (c: C) => c.worse! > (c.margin ?? 0);"],
    [
      "a renderer weighs what it took apart",
      renderers,
      "src/core/report/x.ts",
      "export const bad = ({ worse, margin }: C) => worse > margin;",
    ],
    ["a renderer weighs a limit", renderers, "src/core/report/x.ts", "export const bad = (c: C) => c.head.value > c.gate.limit;"],
    ["a renderer weighs a p-value", renderers, "src/core/report/x.ts", "export const bad = (c: C) => c.mannWhitney!.p < 0.05;"],
    ["a renderer picks a verdict", renderers, "src/core/report/x.ts", `export const word = (bad: boolean) => (bad ? "fail" : "pass");`],
    ["a file is too long", sizes, "src/core/x.ts", "export {};\n".repeat(301)],
    ["a file is a drawer", names, "src/core/utils.ts", ""],
    ["a file is a barrel", names, "src/core/stats/index.ts", ""],
    ["a folder is a drawer", names, "src/io/helpers/x.ts", ""],
  ];
  test.each(cases)("%s", (_, rule, file, text) => {
    expect(planted(rule, file, text)).not.toEqual([]);
  });

  test("two files name undici, none names yaml", () => {
    const uses = (file: string) => readSource(file, `import { request } from "undici";`);
    const found = importersOf([uses("src/io/http.ts"), uses("src/io/load/x.ts")]);
    expect(found).toContainEqual(expect.stringContaining("undici needs exactly one importing file"));
    expect(found).toContainEqual(expect.stringContaining("yaml needs exactly one importing file"));
  });
});

describe("what only looks like a violation is let be:", () => {
  const cases: readonly (readonly [string, Rule, string, string])[] = [
    ["a word in a comment or a string", purity, "src/core/x.ts", `// Date.now()\nexport const hint = "never call process.exit()";`],
    ["a property of the same name", purity, "src/core/x.ts", "export const f = (plan: Plan) => plan.process.console;"],
    ["a type of the same name", purity, "src/core/x.ts", "export type T = typeof performance | Date;"],
    ["a date made from a number", purity, "src/core/x.ts", "export const iso = (ms: number) => new Date(ms).toISOString();"],
    ["a hash", layers, "src/core/x.ts", `import { createHash } from "node:crypto";`],
    ["a decompression", layers, "src/core/x.ts", `import { inflateSync } from "node:zlib";`],
    ["the disk", siblings, "src/io/baselines/x.ts", `import { writeFileAtomic } from "../files/write.ts";`],
    ["the shared file of io", siblings, "src/io/load/x.ts", `import { getText } from "../http.ts";`],
    ["a neighbour in the same io folder", siblings, "src/io/load/x.ts", `import { pace } from "./pacer.ts";`],
    ["a renderer that reads a type", renderers, "src/core/report/x.ts", `import type { Comparison } from "../compare/comparison.ts";`],
    ["a type of a worker's messages", nothingImportsEntries, "src/io/load/pacer.ts", `import type { Tick } from "./pacer-worker.ts";`],
    [
      "a limit of characters",
      renderers,
      "src/core/report/x.ts",
      "export const fits = (text: string, limit: number) => text.length <= limit;",
    ],
    ["a renderer that counts its rows", renderers, "src/core/report/x.ts", "export const many = (rows: R[]) => rows.length > 3;"],
  ];
  test.each(cases)("%s", (_, rule, file, text) => {
    expect(planted(rule, file, text)).toEqual([]);
  });
});

test("a file that does not parse is an error, not an empty file", () => {
  expect(() => readSource("src/core/x.ts", "export const = ;")).toThrow("src/core/x.ts");
});
