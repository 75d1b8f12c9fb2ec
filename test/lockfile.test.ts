import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

type Entry = { readonly version?: string; readonly resolved?: string; readonly optionalDependencies?: Readonly<Record<string, string>> };
type Packages = Readonly<Record<string, Entry>>;

/**
 * The platform packages that a lockfile forgot: npm writes only those that the registry gave it on that day, and `npm ci`
 * then stops on every other platform (npm/cli#4828).
 */
function forgotten(packages: Packages): readonly string[] {
  return Object.entries(packages).flatMap(([at, { optionalDependencies = {} }]) =>
    Object.entries(optionalDependencies).flatMap(([name, range]) => {
      const found = resolutionsFrom(at, name).find((path) => Object.hasOwn(packages, path));
      const exact = /^\d+\.\d+\.\d+$/.test(range);
      return found === undefined || (exact && packages[found]?.version !== range) ? [`${at} needs ${name} ${range}`] : [];
    }),
  );
}

/** Where Node looks for a package from inside another one: innermost first. */
function resolutionsFrom(at: string, name: string): readonly string[] {
  const parts = at.split(/\/?node_modules\//).filter((part) => part !== "");
  return Array.from({ length: parts.length + 1 }, (_, up) =>
    [...parts.slice(0, parts.length - up), name].map((part) => `node_modules/${part}`).join("/"),
  );
}

const { packages } = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Packages };

test("the lockfile holds the packages of every platform, not only of the one that wrote it", () => {
  expect(Object.keys(packages).length).toBeGreaterThan(100);
  expect(forgotten(packages)).toEqual([]);
});

test("the lockfile names no registry: everybody's own is used", () => {
  const named = Object.entries(packages).filter(([, { resolved }]) => resolved !== undefined);
  expect(named.map(([at]) => at)).toEqual([]);
});

test("a forgotten and an outdated platform package are found, a nested one counts", () => {
  const complete: Packages = {
    "node_modules/a": { optionalDependencies: { "a-linux": "1.0.0" } },
    "node_modules/a-linux": { version: "1.0.0" },
    "node_modules/b/node_modules/a": { optionalDependencies: { "a-linux": "2.0.0" } },
    "node_modules/b/node_modules/a-linux": { version: "2.0.0" },
  };
  expect(forgotten(complete)).toEqual([]);
  const { "node_modules/b/node_modules/a-linux": _, ...outdated } = complete;
  expect(forgotten(outdated)).toEqual(["node_modules/b/node_modules/a needs a-linux 2.0.0"]);
  const { "node_modules/a-linux": __, ...missing } = complete;
  expect(forgotten(missing)).toEqual(["node_modules/a needs a-linux 1.0.0"]);
});
