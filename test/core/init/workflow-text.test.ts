import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { type Preview, type WorkflowChoices, workflowText } from "../../../src/core/init/workflow-text.ts";

const CHOICES: Omit<WorkflowChoices, "preview"> = { branch: "main", suite: "tailgate.yaml", secrets: { API_TOKEN: "PREVIEW_TOKEN" } };
const EXAMPLES: readonly (readonly [string, Preview])[] = [
  ["pull-request", { kind: "script" }],
  ["deployment", { kind: "deployment", environment: "preview" }],
  ["container", { kind: "container", folder: "", port: 8000 }],
];

test.each(EXAMPLES)("examples/workflows/%s.yml is what init writes, under a heading of its own", (name, preview) => {
  const example = readFileSync(`examples/workflows/${name}.yml`, "utf8");
  const lines = example.split("\n");
  const body = lines.slice(lines.findIndex((line) => !line.startsWith("#")));
  expect(body.join("\n")).toBe(workflowText({ ...CHOICES, preview }));
});

test("names from outside stay text", () => {
  const text = workflowText({
    preview: { kind: "deployment", environment: "it's" },
    branch: "a#b",
    suite: "x: y/tailgate.yaml",
    secrets: {},
  });
  const { jobs } = parse(text) as { jobs: { gate: { if: string; steps: { with?: Record<string, string>; env?: object }[] } } };
  expect(jobs.gate.if).toContain("== 'it''s' &&");
  expect(jobs.gate.steps.at(-1)).toEqual({ uses: "tailgate-ci/tailgate@v1", with: { suite: "x: y/tailgate.yaml", "check-run": "always" } });
  const onPush = parse(workflowText({ ...CHOICES, preview: { kind: "script" }, branch: "a#b" })) as {
    on: { push: { branches: string[] } };
  };
  expect(onPush.on.push.branches).toEqual(["a#b"]);
});
