import { spawnSync } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parse } from "yaml";

const read = (file: string) => readFileSync(file, "utf8");
const WORKFLOWS = globSync([".github/workflows/*.yml", "examples/workflows/*.yml"]);
const release = read(".github/workflows/release.yml");

type Component = { readonly name: string; readonly version: string; readonly hashes: readonly { readonly alg: string }[] };
type Step = { readonly uses?: string; readonly run?: string; readonly with?: Readonly<Record<string, string>> };
type Workflow = { readonly jobs: Readonly<Record<string, { readonly permissions?: object; readonly steps: readonly Step[] }>> };
const jobs = (parse(release) as Workflow).jobs;

test("the bill of materials of a release names exactly what dist/ is made of, with the hashes of the lockfile", { timeout: 60_000 }, () => {
  const script = ".github/scripts/bill-of-materials.ts";
  expect(release).toContain(`node ${script} > "files/tailgate-$VERSION.cdx.json"`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8" });
  expect(status, stderr).toBe(0);
  const bill = JSON.parse(stdout) as { bomFormat: string; specVersion: string; components: Component[] };
  expect(bill).toMatchObject({ bomFormat: "CycloneDX", specVersion: "1.5", metadata: { component: { name: "tailgate" } } });
  const bundled = [...read("dist/licenses.txt").matchAll(/^(\S+) (\d\S*) \([^)]+\)$/gm)].map(([, name, version]) => `${name} ${version}`);
  expect(bundled.length).toBeGreaterThan(20);
  expect(bill.components.map(({ name, version }) => `${name} ${version}`).toSorted()).toEqual(bundled.toSorted());
  expect(bill.components.filter(({ hashes }) => hashes[0]?.alg !== "SHA-512")).toEqual([]);
});

test("a release carries the archive, the bill of materials and the licences, and both attestations are made before it", () => {
  const { build, release: publish } = jobs;
  const attested = build!.steps.filter(({ uses }) => uses?.startsWith("actions/attest@")).map((step) => step.with!);
  expect(attested.map((inputs) => Object.keys(inputs))).toEqual([["subject-path"], ["subject-path", "sbom-path"]]);
  expect(attested[0]!["subject-path"]!.trim().split("\n")).toEqual(["files/*", "action.yml", "dist/*"]);
  expect(build!.permissions).toEqual({ contents: "read", "id-token": "write", attestations: "write" });
  expect(publish!.permissions).toEqual({ actions: "read", contents: "write" });
  expect(build!.steps.map(({ run }) => run ?? "").join("\n")).toContain("git diff --exit-code --text dist");
  expect(publish!.steps.map(({ run }) => run ?? "").join("\n")).toContain('gh release create "v$VERSION" files/* --draft');
});

test("every action that a workflow uses is a commit, with its release beside it", () => {
  const uses = WORKFLOWS.flatMap((file) =>
    [...read(file).matchAll(/^\s*(?:- )?uses: (.+)$/gm)].map(([, reference = ""]) => ({ file, reference })),
  );
  expect(uses.length).toBeGreaterThan(10);
  const own = /^(\.\/( #.*)?|tailgate-ci\/tailgate@v\d+)$/;
  const pinned = /^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/;
  expect(uses.filter(({ reference }) => !own.test(reference) && !pinned.test(reference))).toEqual([]);
});

test("one action is one commit everywhere", () => {
  const commits = new Map<string, Set<string>>();
  for (const [, name = "", commit = ""] of WORKFLOWS.flatMap((file) => [...read(file).matchAll(/uses: (\S+)@([0-9a-f]{40} # \S+)/g)])) {
    commits.set(name, (commits.get(name) ?? new Set()).add(commit));
  }
  expect([...commits].filter(([, all]) => all.size > 1)).toEqual([]);
});
