import { expect, test } from "vitest";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { CASES } from "./fixtures.ts";

test.each(Object.keys(CASES))("the comment of %s reads as in its golden file", async (name) => {
  await expect(renderComment(buildReport(CASES[name]!()))).toMatchFileSnapshot(`../../golden/${name}.md`);
});
