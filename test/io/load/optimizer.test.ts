import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { openOptimizer, RUN_IN_REQUESTS } from "../../../src/io/load/optimizer.ts";

const PROCESS = fileURLToPath(new URL("./optimizer-process.ts", import.meta.url));

/** What V8 compiled with its compilers, of the functions that are named after what was driven while they became hot. */
async function compiled(chance: string) {
  const run = await promisify(execFile)(process.execPath, ["--trace-opt", PROCESS, chance], { maxBuffer: 2 ** 26 });
  const lines = [...run.stdout.matchAll(/completed (?:optimizing|compiling).*<JSFunction (\w+).*target (\w+)\)/g)];
  const by = (compiler: string) => new Set(lines.flatMap(([, name, target]) => (target === compiler && NAMES.test(name!) ? [name!] : [])));
  return { optimized: [...by("TURBOFAN_JS")].toSorted(), cheaply: by("MAGLEV") };
}
const NAMES = /^(?:runIn|warmUp|measured\w+)$/;

test("V8 optimizes nothing while an open loop is measured, once it had its chance, and compiles it cheaply", async () => {
  const { optimized, cheaply } = await compiled(String(RUN_IN_REQUESTS));
  expect(optimized).toEqual(["measuredClosed", "measuredTooEarly", "runIn", "warmUp"]);
  expect(cheaply).toContain("measuredOpen");
});

test("a calibration is its chance", async () => {
  expect((await compiled("calibration")).optimized).toEqual(["measuredClosed", "measuredTooEarly", "warmUp"]);
});

test("it goes on where too few requests were sent before", async () => {
  expect((await compiled("200")).optimized).toContain("measuredOpen");
});

/** Tells what is asked of V8 instead of asking it. */
const TOLD = `data:text/javascript,${encodeURIComponent(`
  import { syncBuiltinESMExports } from "node:module";
  import v8 from "node:v8";
  v8.setFlagsFromString = (flag) => console.log("asked for " + flag);
  syncBuiltinESMExports();
`)}`;

test.each([
  [[], ["--no-turbofan", "--turbofan"]],
  [["--no-turbofan"], []],
  [["--no-opt"], []],
])("of a Node that was started with %j it asks %j: what somebody has switched off is not switched on", async (flags, asked) => {
  const run = await promisify(execFile)(process.execPath, [...flags, "--import", TOLD, PROCESS, String(RUN_IN_REQUESTS)]);
  expect([...run.stdout.matchAll(/^asked for (.*)$/gm)].map(([, flag]) => flag)).toEqual(asked);
});

test("of several that rest at a time the last one ends it, and each end counts", () => {
  const flags: string[] = [];
  const optimizer = openOptimizer((flag) => flags.push(flag));
  optimizer.answered(RUN_IN_REQUESTS - 1);
  optimizer.rest()();
  expect(flags).toEqual([]);
  optimizer.answered(1);
  const [one, other] = [optimizer.rest(), optimizer.rest()];
  expect(flags).toEqual(["--no-turbofan"]);
  one();
  expect(flags).toEqual(["--no-turbofan"]);
  other();
  expect(flags).toEqual(["--no-turbofan", "--turbofan"]);
  optimizer.rest()();
  expect(flags).toHaveLength(4);
});
