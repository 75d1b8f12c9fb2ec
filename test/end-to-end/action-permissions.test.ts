import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { type Repository, repository } from "./action-run.ts";
import { LIMITED, LIMITED_STRICTLY, QUICK } from "./action-suites.ts";

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

type Use = {
  readonly suite?: string;
  readonly inputs?: Readonly<Record<string, string>>;
  /** A pull request unless said otherwise. */
  readonly run?: (repo: Repository) => ReturnType<Repository["pull"]>;
  /** How the step ends without the right, and what its verdict is then. */
  readonly code: number;
  readonly verdict?: string;
  /** Has to be asked for by an input, so that the usual job does without its right. */
  readonly isExtra?: boolean;
};

/** How each feature is used alone, so that no other one is in the way of its refusal. */
const USES: Readonly<Record<string, Use>> = {
  "The stored runs of the default branch": { code: 2 },
  "The commits between them, and pinned runs": { code: 2 },
  "The gates of the base branch": { inputs: { baseline: "none" }, code: 0, verdict: "pass" },
  "Earlier attempts of the commit": { inputs: { baseline: "none" }, code: 0, verdict: "pass" },
  "The comment": { inputs: { baseline: "none" }, code: 0, verdict: "pass" },
  "The acceptance of a failed gate": {
    suite: LIMITED_STRICTLY,
    inputs: { baseline: "none", comment: "never" },
    run: (repo) => {
      repo.preview.failsEvery = 5;
      repo.state.roles.set("alice", "write");
      const run = repo.pull({ labels: ["tailgate-accepted"] });
      repo.state.addComment({ number: run.pull!, author: "alice", body: "/tailgate accept limit of errors.ratio up to 30%: see #12" });
      return run;
    },
    code: 1,
    verdict: "fail",
  },
  "The check run": { inputs: { baseline: "none", "check-run": "always" }, code: 0, verdict: "pass", isExtra: true },
  "The branch that stores runs": {
    inputs: { baseline: "branch" },
    run: (repo) => repo.push(),
    code: 2,
    verdict: "pass",
    isExtra: true,
  },
};
const useOf = ({ feature }: Row): Use => USES[feature] ?? { code: Number.NaN };
/** The rights of a job that asks for nothing extra. */
const USUAL = Object.fromEntries(
  ROWS.filter((row) => useOf(row).isExtra !== true)
    .toSorted((one, other) => one.access.localeCompare(other.access))
    .map(({ scope, access }) => [scope, access]),
);

const toldBy = (repo: Repository, { log, summary }: { log: string; summary: string }) =>
  [log, summary, ...repo.state.comments.map(({ body }) => body)].join("\n").replaceAll("\\", "");

test("the table of docs/permissions.md has a row for each of these features, and no other", () => {
  expect(ROWS.map(({ feature }) => feature)).toEqual(Object.keys(USES));
});

describe("what docs/permissions.md says of a right that is missing is what happens:", () => {
  test.each(ROWS)("$feature: without $scope: $access", async (row) => {
    const { suite = LIMITED, inputs, run, code, verdict } = useOf(row);
    const repo = await repository({ "tailgate.yaml": suite });
    repo.state.files.set(`${repo.state.branches.get("main")}:tailgate.yaml`, suite);
    repo.state.permissions[row.scope] = row.access === "write" ? "read" : "none";
    const step = await repo.step(run?.(repo) ?? repo.pull(), inputs);
    expect(quoted(row)).not.toEqual([]);
    for (const sentence of quoted(row)) expect(toldBy(repo, step)).toContain(sentence);
    expect(step.code, step.log).toBe(code);
    expect(step.outputs["verdict"]).toBe(verdict);
    expect(row.without.startsWith("The job ends before any load")).toBe(repo.preview.requests === 0);
    if (code === 2) expect(step.said("error").join("\n")).toContain(`add \`${row.scope}: ${row.access}\` to the job's permissions`);
  });
});

test("with the rights of the table, less those that have to be asked for, none of that is said", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  for (const scope of Object.keys(repo.state.permissions) as Scope[]) repo.state.permissions[scope] = "none";
  Object.assign(repo.state.permissions, USUAL);
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

test("the example of a pull request gives its job these rights, and no others", () => {
  type Workflow = { permissions: object; jobs: Record<string, { permissions: object }> };
  const example = parse(readFileSync("examples/workflows/pull-request.yml", "utf8")) as Workflow;
  expect(example.permissions).toEqual({});
  expect(example.jobs["gate"]!.permissions).toEqual(USUAL);
});
