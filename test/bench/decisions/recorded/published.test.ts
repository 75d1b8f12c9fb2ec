import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { Result } from "../../../../bench/decisions/recorded/result.ts";

test("what the README says of real servers is what was recorded", () => {
  const { comparisons } = JSON.parse(readFileSync("docs/decisions/recorded.json", "utf8")) as { readonly comparisons: readonly Result[] };
  const judged = comparisons.filter(({ verdict, dependent }) => verdict !== "invalid" && dependent !== true);
  const [same, changed] = (["A/A", "A/B"] as const).map((kind) => judged.filter((each) => each.kind === kind)) as [Result[], Result[]];
  const count = (of: readonly Result[], word: Result["verdict"]) => of.filter(({ verdict }) => verdict === word).length;
  const byRule = same.filter(({ rivals }) => rivals?.["p99 > +10 %"] === "fail").length;
  expect(same.every(({ rivals }) => rivals?.["p99 > +10 %"] !== undefined)).toBe(true);
  expect(readFileSync("README.md", "utf8").replaceAll("\n", " ")).toContain(
    `themselves for half a minute, ${same.length} times: it blocked ${count(same, "fail")}, where a rule of "p99 up by more than 10 %"` +
      ` blocks ${byRule}. Real changes, ${changed.length} times: it blocked ${count(changed, "fail")} and passed ${count(changed, "pass")};`,
  );
});
