import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { rolldown } from "rolldown";
import { beforeAll, describe, expect, test } from "vitest";
import config from "../rolldown.config.ts";

const DIST = "dist";
const REMEDY = "run `npm run build` and commit dist/ with your change";

/** File name → contents, as a build of these sources makes them now. Nothing is written. */
async function build(): Promise<ReadonlyMap<string, string>> {
  const { output, ...input } = config;
  await using bundle = await rolldown(input);
  const { output: files } = await bundle.generate(Array.isArray(output) ? output[0] : output);
  return new Map(files.map((file) => [file.fileName, file.type === "chunk" ? file.code : text(file.source)]));
}

const text = (source: string | Uint8Array) => (typeof source === "string" ? source : Buffer.from(source).toString("utf8"));

/** What is wrong with a committed dist, a sentence per file; empty when it is what a build makes. */
function differences(built: ReadonlyMap<string, string>, committed: ReadonlyMap<string, string>): string[] {
  const names = [...new Set([...built.keys(), ...committed.keys()])].sort();
  return names.flatMap((name) => {
    if (!built.has(name)) return [`dist/${name} is not made by a build any more; ${REMEDY}`];
    if (!committed.has(name)) return [`dist/${name} is missing; ${REMEDY}`];
    return built.get(name) === committed.get(name) ? [] : [`dist/${name} is older than its sources; ${REMEDY}`];
  });
}

function readTree(dir: string): ReadonlyMap<string, string> {
  const files = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    files.map(({ parentPath, name }) => {
      const path = join(parentPath, name);
      return [path.slice(dir.length + 1).replaceAll("\\", "/"), readFileSync(path, "utf8")];
    }),
  );
}

describe("dist", () => {
  let built: ReadonlyMap<string, string>;
  beforeAll(async () => {
    built = await build();
  }, 120_000);

  test("is byte for byte what the sources build", () => {
    expect(differences(built, readTree(DIST))).toEqual([]);
  });

  test("starts from the names that action.yml, package.json and the spawned children use", () => {
    expect([...built.keys()]).toEqual(expect.arrayContaining(["action.js", "cli.js", "pacer-worker.js", "demo-server.js", "licenses.txt"]));
    expect(built.get("cli.js")?.split("\n")[0]).toBe("#!/usr/bin/env node");
    expect(readFileSync("action.yml", "utf8")).toMatch(/^ {2}main: dist\/action\.js$/m);
  });

  /** The files that are loaded with `name` before its first line runs. */
  const loadedWith = (name: string, seen: ReadonlySet<string> = new Set()): ReadonlySet<string> => {
    if (seen.has(name)) return seen;
    const direct = [...(built.get(name) ?? "").matchAll(/^(?:import|export)\b[^;]*?"\.\/([\w-]+\.js)";$/gm)].map((match) => match[1] ?? "");
    return direct.reduce<ReadonlySet<string>>((all, next) => loadedWith(next, all), new Set([...seen, name]));
  };

  test("loads the artifact client only for those who use it", () => {
    expect(built.get("vendor-lazy.js")).toContain("@actions/artifact");
    for (const program of ["run-cli.js", "run-action.js"]) {
      expect(loadedWith(program)).toContain("vendor.js");
      expect(loadedWith(program)).not.toContain("vendor-lazy.js");
    }
  });

  test.each(["action.js", "cli.js"])("loads nothing with %s: it looks around first", (door) => {
    expect([...loadedWith(door)]).toEqual([door]);
  });

  test("starts the pacer and the demo server without the dependencies", () => {
    for (const child of ["pacer-worker.js", "demo-server.js"]) expect(loadedWith(child)).not.toContain("vendor.js");
  });

  test("names no folder of the machine that built it", () => {
    const leaks = [...built].filter(([, code]) => code.includes(process.cwd())).map(([name]) => name);
    expect(leaks).toEqual([]);
  });

  test("lists a licence for everything bundled", () => {
    const licences = built.get("licenses.txt") ?? "";
    for (const name of ["undici", "yaml", "zod", "hdr-histogram-js", "@actions/core"])
      expect(licences).toMatch(new RegExp(`^${name} \\d`, "m"));
  });
});

test("a changed, a missing and a left-over file in dist are each named", () => {
  const built = new Map(Object.entries({ "cli.js": "new", "vendor.js": "same", "new-chunk.js": "1" }));
  const committed = new Map(Object.entries({ "cli.js": "old", "vendor.js": "same", "gone.js": "1" }));
  expect(differences(built, committed)).toEqual([
    `dist/cli.js is older than its sources; ${REMEDY}`,
    `dist/gone.js is not made by a build any more; ${REMEDY}`,
    `dist/new-chunk.js is missing; ${REMEDY}`,
  ]);
});
