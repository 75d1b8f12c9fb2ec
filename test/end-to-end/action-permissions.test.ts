import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Repository, repository } from "./action-run.ts";
import { LIMITED, QUICK } from "./action-suites.ts";

type Scope = keyof Repository["state"]["permissions"];
type Row = { readonly feature: string; readonly scope: Scope; readonly access: "read" | "write"; readonly without: string };

/** The table of docs/permissions.md. */
const ROWS = readFileSync("docs/permissions.md", "utf8")
  .split("\n")
  .flatMap((line): readonly Row[] => {
    const [, feature = "", scope, access, without = ""] = /^\| (.+?) \| `([\w-]+): (read|write)` \| .+? \| (.+) \|$/.exec(line) ?? [];
    return scope === undefined ? [] : [{ feature, scope: scope as Scope, access: access as Row["access"], without }];
  });

/** Sentences of the log that the table quotes. */
const quoted = ({ without }: Row): readonly string[] => [...without.matchAll(/`([^`]+)`/g)].map(([, sentence = ""]) => sentence);

/** How each feature is used alone, so that no other one is in the way of its refusal. */
const USES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  "The stored runs of the default branch": {},
  "The commits between them": {},
  "The gates of the base branch": { baseline: "none" },
  "Earlier attempts of the commit": { baseline: "none" },
  "The comment": { baseline: "none" },
};

const toldBy = (repo: Repository, { log, summary }: { log: string; summary: string }) =>
  [log, summary, ...repo.state.comments.map(({ body }) => body)].join("\n").replaceAll("\\", "");

test("the table of docs/permissions.md has a row for each of these features, and no other", () => {
  expect(ROWS.map(({ feature }) => feature)).toEqual(Object.keys(USES));
});

describe("what docs/permissions.md says of a right that is missing is what happens:", () => {
  test.each(ROWS)("$feature: without $scope: $access", async (row) => {
    const repo = await repository({ "tailgate.yaml": LIMITED });
    repo.state.files.set(`${repo.state.branches.get("main")}:tailgate.yaml`, LIMITED);
    repo.state.permissions[row.scope] = row.access === "write" ? "read" : "none";
    const step = await repo.step(repo.pull(), USES[row.feature]);
    expect(quoted(row)).not.toEqual([]);
    for (const sentence of quoted(row)) expect(toldBy(repo, step)).toContain(sentence);
    if (row.without.startsWith("The job ends before any load")) {
      expect(step.code, step.log).toBe(2);
      expect(step.said("error").join("\n")).toContain(`add \`${row.scope}: ${row.access}\` to the job's permissions`);
      expect(repo.preview.requests).toBe(0);
    } else {
      expect(step.code, step.log).toBe(0);
      expect(step.outputs["verdict"]).toBe("pass");
    }
  });
});

test("with the rights of the table, and no others, none of that is said", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  for (const scope of Object.keys(repo.state.permissions) as Scope[]) repo.state.permissions[scope] = "none";
  for (const { scope, access } of ROWS.toSorted((a, b) => a.access.localeCompare(b.access))) repo.state.permissions[scope] = access;
  const step = await repo.step(repo.pull());
  expect(step.code, step.log).toBe(0);
  for (const sentence of ROWS.flatMap(quoted)) expect(toldBy(repo, step)).not.toContain(sentence);
  expect(repo.github.requests.filter(({ status }) => status === 403)).toEqual([]);
  expect(repo.state.comments).toHaveLength(1);
});

test("mode measure works with a token that may do nothing", async () => {
  const repo = await repository({ "tailgate.yaml": QUICK });
  for (const scope of Object.keys(repo.state.permissions) as Scope[]) repo.state.permissions[scope] = "none";
  const step = await repo.step(repo.pull(), { mode: "measure" });
  expect(step.code, step.log).toBe(0);
  expect(step.said("warning")).toEqual([]);
  expect(repo.state.artifacts).toHaveLength(1);
});

test("the example of a pull request gives its job the rights of the table, and no others", () => {
  type Workflow = { permissions: object; jobs: Record<string, { permissions: object }> };
  const example = parse(readFileSync("examples/workflows/pull-request.yml", "utf8")) as Workflow;
  const needed = Object.fromEntries(ROWS.toSorted((a, b) => a.access.localeCompare(b.access)).map(({ scope, access }) => [scope, access]));
  expect(example.permissions).toEqual({});
  expect(example.jobs["gate"]!.permissions).toEqual(needed);
});
