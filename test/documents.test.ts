import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { markdownTable } from "markdown-table";
import { describe, expect, test } from "vitest";
import { parse, parseAllDocuments } from "yaml";
import { readInputs } from "../src/action/inputs.ts";
import type { Command } from "../src/commands/command.ts";
import { readCommands } from "../src/core/accept/command.ts";
import { InputError } from "../src/core/errors.ts";
import { GAUGE_NAMES, METRICS, type MetricName } from "../src/core/metric.ts";
import { parseSuite } from "../src/core/suite/parse.ts";
import { EXPOSITION_KINDS, metricsOf, type TelemetryKind } from "../src/core/telemetry/kinds.ts";
import { anchorsOf, type Block, blocksOf, commandsOf, linksOf, usesOf, withSection } from "./documents.ts";

type Parameter = { readonly description?: string; readonly default?: string };
type Action = {
  readonly inputs: Record<string, Parameter>;
  readonly outputs: Record<string, Parameter>;
  readonly runs: { readonly using: string };
};
type Step = { readonly uses?: string; readonly with?: Record<string, unknown>; readonly run?: string };
type Workflow = {
  readonly permissions?: unknown;
  readonly jobs?: Record<string, { readonly steps?: readonly Step[]; readonly uses?: string }>;
};

const read = (file: string) => readFileSync(file, "utf8");
const action = parse(read("action.yml")) as Action;
const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);

const documents = globSync(["*.md", "{docs,examples,baselines,src,bench,test,.github}/**/*.md"], {
  exclude: ["**/node_modules/**", "test/golden/**"],
});
const suites = globSync("examples/**/suite*.{yaml,yml}", { exclude: ["**/node_modules/**"] });
const workflows = globSync([".github/workflows/*.{yaml,yml}", "examples/workflows/*.{yaml,yml}"]);

/** Every command that the program knows, by name. */
async function loadCommands(): Promise<ReadonlyMap<string, Command>> {
  const modules = await Promise.all(
    globSync("src/commands/*.ts").map((file) => import(pathToFileURL(resolve(file)).href) as Promise<object>),
  );
  const commands = modules.flatMap((module) => Object.values(module)).filter(isCommand);
  return new Map(commands.map((command) => [command.name, command]));
}
const isCommand = (value: unknown): value is Command => typeof value === "object" && value !== null && "usage" in value && "run" in value;

describe("action.yml", () => {
  test("has the inputs and outputs of the contract, each with a description and a default", () => {
    const contract =
      "suite endpoint baseline-endpoint mode baseline baseline-directory baseline-branch github-token on-inconclusive on-no-baseline on-invalid comment accept-label out";
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(contract.split(" ")));
    expect(Object.keys(action.outputs).join(" ")).toBe("verdict report-json report-html comment-url baseline-run-id summary");
    for (const [name, { description, default: value }] of Object.entries(action.inputs)) {
      expect(description, name).toMatch(/\w.*\.$/s);
      expect(value, name).toBeTypeOf("string");
    }
    for (const [name, { description }] of Object.entries(action.outputs)) expect(description, name).toMatch(/\w.*\.$/s);
    expect(action.runs.using).toBe("node24");
  });

  describe("and the code", () => {
    const sources = ["src/run-action.ts", ...globSync("src/action/**/*.ts")].map((file) => ({ file, text: read(file) }));
    const named = (pattern: RegExp) => sources.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, name = ""]) => name));

    test("know the same inputs, each of which one line reads", () => {
      expect(named(/\binput\(\s*["'`]([\w-]+)["'`]\s*\)/g).toSorted()).toEqual(Object.keys(action.inputs).toSorted());
    });

    test("know the same outputs", () => {
      expect([...new Set(named(/\bjob\.output\(\s*["'`]([\w-]+)["'`]/g))].toSorted()).toEqual(Object.keys(action.outputs).toSorted());
    });

    test("have no other way to an input or an output than these", () => {
      const inputs = sources.filter(({ text }) => /\binput\(\s*[^"'`\s)]|\bINPUT_|get(Multiline|Boolean)Input/.test(text));
      expect(inputs.map(({ file }) => file)).toEqual([]);
      const outputs = sources.filter(({ text }) => /\bjob\.output\(\s*[^"'`\s]|GITHUB_OUTPUT/.test(text));
      expect(outputs.map(({ file }) => file)).toEqual([]);
      expect(sources.filter(({ text }) => /\b(getInput|setOutput)\b/.test(text)).map(({ file }) => file)).toEqual(["src/run-action.ts"]);
    });

    test("have the same defaults", () => {
      // Without a value from the runner every input has the one that action.yml documents, except the token.
      const bare = readInputs({ input: () => "" });
      const given = readInputs({ input: (name) => (name === "github-token" ? "" : (action.inputs[name]?.default ?? "")) });
      // Whoever leaves the label empty accepts nothing: here the two differ on purpose.
      expect({ ...bare, acceptLabel: given.acceptLabel }).toEqual(given);
    });
  });
});

test("the tables of inputs and outputs in the README are those of action.yml", async () => {
  const code = (value: string | undefined) => (value ? `\`${value}\`` : "");
  const prose = (text: string | undefined) => (text ?? "").trim().replaceAll("|", "\\|");
  const plain = { alignDelimiters: false };
  const inputs = markdownTable(
    [
      ["input", "default", "what it does"],
      ...Object.entries(action.inputs).map(([name, input]) => [code(name), code(input.default), prose(input.description)]),
    ],
    plain,
  );
  const outputs = markdownTable(
    [["output", "what it holds"], ...Object.entries(action.outputs).map(([name, output]) => [code(name), prose(output.description)])],
    plain,
  );
  // The README is its own golden file: `npm run test:update` writes the tables anew.
  await expect(withSection(withSection(read("README.md"), "inputs", inputs), "outputs", outputs)).toMatchFileSnapshot(resolve("README.md"));
});

describe("docs/telemetry.md", () => {
  const told = (name: MetricName, sources: readonly TelemetryKind[]) => sources.map((kind) => (metricsOf(kind).includes(name) ? "✓" : ""));
  const headed = (sources: readonly string[]) => sources.map((kind) => `\`${kind}\``);
  const fills = (kind: TelemetryKind, ofGpus: boolean) => metricsOf(kind).some((name) => name.startsWith("gpu.") === ofGpus);

  test("has the table of metrics and sources that the code has", async () => {
    const sources = [...EXPOSITION_KINDS, "nvidia-smi"].filter((kind) => fills(kind as TelemetryKind, true)) as TelemetryKind[];
    const rows = GAUGE_NAMES.filter((name) => name.startsWith("gpu.")).map((name) => [
      `\`${name}\``,
      METRICS[name].unit === "ratio" ? "share" : METRICS[name].unit,
      METRICS[name].description,
      ...told(name, sources),
    ]);
    const gpus = markdownTable([["metric", "unit", "what it is", ...headed(sources)], ...rows], { alignDelimiters: false });
    const others = EXPOSITION_KINDS.filter((kind) => fills(kind, false));
    const names = GAUGE_NAMES.filter((name) => !name.startsWith("gpu."));
    const servers = markdownTable(
      [
        ["metric", "unit", ...headed(others)],
        ...names.map((name) => [`\`${name}\``, METRICS[name].unit === "ratio" ? "share" : METRICS[name].unit, ...told(name, others)]),
      ],
      { alignDelimiters: false },
    );
    const page = withSection(withSection(read("docs/telemetry.md"), "telemetry", gpus), "servers", servers);
    await expect(page).toMatchFileSnapshot(resolve("docs/telemetry.md"));
  });

  test("tells how to reach every kind of source, and what to expect of it", () => {
    const page = read("docs/telemetry.md");
    const keys = [...page.matchAll(/^\| `([a-z.-]+)` \| .* \| .*\|$/gm)].map(([, key]) => key);
    expect(keys).toEqual(expect.arrayContaining([...EXPOSITION_KINDS, "nvidia-smi", "url", "prometheus"]));
  });

  test("explains every reason that telemetry can give, and no other", () => {
    const code = globSync(["src/core/telemetry/*.ts", "src/measure.ts"]).map(read).join("\n");
    const given = new Set([...code.matchAll(/"((?:gpu|telemetry)-[a-z-]+)"/g)].map(([, reason = ""]) => reason));
    const explained = [...read("docs/telemetry.md").matchAll(/^\| `((?:gpu|telemetry)-[a-z-]+)` \|/gm)].map(([, reason = ""]) => reason);
    expect(explained.toSorted()).toEqual([...given].toSorted());
  });
});

/** What is wrong with a YAML block or file, a sentence each. It has to be something that the project can check. */
function yamlMistakes(where: string, text: string): readonly string[] {
  const parsed = parseAllDocuments(text).map((document) => ({ errors: document.errors, value: document.toJS() as unknown }));
  const errors = parsed.flatMap((document) => document.errors).map(({ message }) => `${where}: ${message}`);
  if (errors.length > 0) return errors;
  return parsed.flatMap(({ value }) => {
    if (isSteps(value)) return stepMistakes(where, value);
    if (typeof value !== "object" || value === null) return [`${where}: neither a suite nor a workflow; mark it <!-- fragment -->`];
    if ("jobs" in value) return workflowMistakes(where, value as Workflow);
    if ("target" in value || "scenarios" in value) return suiteMistakes(where, text);
    return [`${where}: neither a suite nor a workflow; mark it <!-- fragment -->`];
  });
}

const isSteps = (value: unknown): value is readonly Step[] =>
  Array.isArray(value) && value.every((step) => typeof step === "object" && step !== null && ("uses" in step || "run" in step));

function suiteMistakes(where: string, text: string): readonly string[] {
  try {
    parseSuite(text, where);
    return [];
  } catch (error) {
    if (error instanceof InputError) return [error.sentence];
    throw error;
  }
}

function workflowMistakes(where: string, { permissions, jobs }: Workflow): readonly string[] {
  const steps = Object.values(jobs ?? {}).flatMap((job) => [...(job.steps ?? []), ...(job.uses === undefined ? [] : [{ uses: job.uses }])]);
  return [
    ...(permissions === undefined ? [`${where}: a workflow without \`permissions\` has more than it needs`] : []),
    ...(steps.length === 0 ? [`${where}: a workflow without steps`] : []),
    ...stepMistakes(where, steps),
  ];
}

const stepMistakes = (where: string, steps: readonly Step[]): readonly string[] =>
  steps.flatMap(({ uses, with: inputs, run }) => {
    const ours = uses === "./" || /^[\w.-]+\/tailgate@/.test(uses ?? "");
    const unknown = ours ? Object.keys(inputs ?? {}).filter((name) => !Object.hasOwn(action.inputs, name)) : [];
    const loose = uses !== undefined && !uses.startsWith("./") && !/^[\w.-]+\/[\w./-]+@([0-9a-f]{40}|v\d[\w.]*)$/.test(uses);
    const commands = run === undefined ? [] : commandsOf({ file: where, line: 1, language: "sh", marker: undefined, text: run });
    return [
      ...unknown.map((name) => `${where}: the action has no input ${name}`),
      ...(loose ? [`${where}: ${uses} needs a version or a commit`] : []),
      ...commands
        .flatMap(usesOf)
        .flatMap((use) => ("script" in use && !scripts.includes(use.script) ? [`${where}: no script ${use.script}`] : [])),
    ];
  });

describe("the documents", () => {
  const blocks = documents.flatMap((file) => blocksOf(file, read(file)));
  const at = ({ file, line }: Block) => `${file}:${line}`;

  test("are found", () => {
    expect(documents).toEqual(expect.arrayContaining(["README.md", ".github/CONTRIBUTING.md", "baselines/README.md"]));
    expect(blocks.filter(({ file }) => file === "README.md").length).toBeGreaterThan(3);
  });

  test("show only YAML that works", () => {
    const shown = blocks.filter(({ language, marker }) => /^ya?ml$/.test(language) && marker !== "fragment");
    for (const page of ["README.md", "docs/load.md"]) expect(shown.map(({ file }) => file.replaceAll("\\", "/"))).toContain(page);
    expect(shown.flatMap((block) => yamlMistakes(at(block), block.text))).toEqual([]);
  });

  test("name only scripts, commands and options that exist", async () => {
    const commands = await loadCommands();
    const mistakes = blocks
      .filter(({ language }) => ["", "sh", "bash", "shell", "console"].includes(language))
      .flatMap((block) =>
        commandsOf(block).flatMap((line) =>
          usesOf(line).flatMap((use) => {
            const where = `${block.file}:${line.line}`;
            if ("script" in use) return scripts.includes(use.script) ? [] : [`${where}: no script ${use.script} in package.json`];
            const command = commands.get(use.command);
            if (command === undefined) return [`${where}: no command ${use.command}`];
            const unknown = use.options.filter((option) => option !== "--help" && !command.usage.includes(option));
            return unknown.map((option) => `${where}: tailgate ${use.command} has no option ${option}`);
          }),
        ),
      );
    expect(commands.size).toBeGreaterThan(3);
    expect(mistakes).toEqual([]);
  });

  test("show comments that are commands, each of which is understood", () => {
    const shown = blocks.filter(({ marker }) => marker === "comment");
    expect(shown.map(({ file }) => file.replaceAll("\\", "/"))).toContain("docs/accepting.md");
    for (const block of shown) {
      const commands = readCommands(block.text);
      expect(commands.filter(({ kind }) => kind === "unreadable")).toEqual([]);
      expect(commands, at(block)).toHaveLength(block.text.trim().split("\n").length);
    }
  });

  test("link to files and headings that exist", () => {
    const broken = documents.flatMap((file) =>
      linksOf(read(file)).flatMap((target) => {
        const [path = "", anchor] = target.split("#");
        const linked = path === "" ? file : path.startsWith("/") ? path.slice(1) : join(dirname(file), path);
        if (!existsSync(linked)) return [`${file}: ${target} is not there`];
        const dangling = anchor !== undefined && linked.endsWith(".md") && !anchorsOf(read(linked)).has(anchor);
        return dangling ? [`${file}: ${target} has no such heading`] : [];
      }),
    );
    expect(broken).toEqual([]);
  });

  test("are all one step away from the README", () => {
    const linked = new Set(linksOf(read("README.md")).map((target) => target.replace(/#.*$/, "")));
    expect(globSync("docs/*.md").filter((page) => !linked.has(page.replaceAll("\\", "/")))).toEqual([]);
  });

  test("say what happens when their marked commands run", { timeout: 120_000 }, () => {
    const marked = blocks.filter(({ marker }) => marker === "runs").flatMap((block) => commandsOf(block).map((line) => ({ block, line })));
    for (const { block, line } of marked) {
      const start = line.words.indexOf(line.words[0] === "npm" ? "--" : "tailgate") + 1;
      const expected = Number(/\bexit(?:s| code)? (\d+)/.exec(line.comment)?.[1] ?? 0);
      const { status, stderr } = spawnSync(process.execPath, ["src/cli.ts", ...line.words.slice(start)], {
        encoding: "utf8",
        timeout: 60_000,
      });
      expect(status, `${block.file}:${line.line}: ${line.words.join(" ")}\n${stderr}`).toBe(expected);
    }
  });
});

describe("the examples", () => {
  test("are suites that parse, and editors find their schema", () => {
    expect(suites.length).toBeGreaterThan(0);
    const mistakes = suites.flatMap((file) => {
      const text = read(file);
      const schema = /^# yaml-language-server: \$schema=(\S+)$/m.exec(text)?.[1];
      const found = schema !== undefined && (/^https?:/.test(schema) || existsSync(join(dirname(file), schema)));
      return [
        ...suiteMistakes(file, text),
        ...(found ? [] : [`${file}: needs # yaml-language-server: $schema= with a schema that exists`]),
      ];
    });
    expect(mistakes).toEqual([]);
  });

  test("and the project's own workflows use inputs and scripts that exist", () => {
    expect(workflows.length).toBeGreaterThan(2);
    expect(workflows.flatMap((file) => yamlMistakes(file, read(file)))).toEqual([]);
  });
});

describe("a mistake in a document is found:", () => {
  test("an input that does not exist, a missing version, a missing script", () => {
    const steps = `- uses: someone/tailgate@v1\n  with: { sweet: x }\n- uses: actions/checkout\n- run: npm run nothing`;
    expect(yamlMistakes("x.md:1", steps)).toEqual([
      "x.md:1: the action has no input sweet",
      "x.md:1: actions/checkout needs a version or a commit",
      "x.md:1: no script nothing",
    ]);
  });
  test("a workflow without permissions", () => {
    expect(yamlMistakes("x.md:1", "jobs: { a: { steps: [{ run: ls }] } }")).toEqual([expect.stringContaining("permissions")]);
  });
  test("a suite that does not parse, and YAML that is nothing we know", () => {
    expect(yamlMistakes("x.md:1", "name: x\ntarget: { protocol: smoke-signals }\nscenarios: []")).not.toEqual([]);
    expect(yamlMistakes("x.md:1", "a: 1")).toEqual([expect.stringContaining("neither")]);
  });
  test("commands are read in all their spellings", () => {
    const text =
      'X=1 npm run -s tailgate -- check "a b.yaml" \\\n  --json\n$ tailgate run s.yaml --out=x # writes x\nnpx tailgate demo && npm test';
    const block = blocksOf("x.md", `<!-- runs -->\n\`\`\`sh\n${text}\n\`\`\``)[0];
    expect(block?.marker).toBe("runs");
    expect(commandsOf(block as Block).flatMap(usesOf)).toEqual([
      { script: "tailgate" },
      { command: "check", options: ["--json"] },
      { command: "run", options: ["--out"] },
      { command: "demo", options: [] },
      { script: "test" },
    ]);
  });
  test("links outside code, and anchors as GitHub makes them", () => {
    expect(linksOf("[a](b.md) `[c](d.md)` [e](https://f) [g](#h)\n```\n[i](j.md)\n```\n")).toEqual(["b.md", "#h"]);
    expect([...anchorsOf("# What it does, in 3 steps\n## `run`\n## `run`")]).toEqual(["what-it-does-in-3-steps", "run", "run-1"]);
  });
  test("a README without the place for a table", () => {
    expect(() => withSection("# x", "inputs", "")).toThrow("<!-- inputs -->");
  });
});
