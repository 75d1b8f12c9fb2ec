import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { renderComment } from "../../../src/core/report/markdown.ts";
import { MESSAGES_PAGE, messageLink, pagesOf } from "../../../src/core/report/message-page.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { anchorsOf } from "../../documents.ts";
import { CASES } from "./fixtures.ts";

test("every code of the catalogue has a link, which leads to its heading", () => {
  const catalogue = readFileSync("docs/messages.md", "utf8");
  const anchors = anchorsOf(catalogue);
  const codes = [...catalogue.matchAll(/^### `(.+)`$/gm)].map(([, code = ""]) => code);
  expect(codes.length).toBeGreaterThan(60);
  for (const code of codes) {
    const [page, anchor] = messageLink(code)?.url.split("#") ?? [];
    expect([page, anchors.has(anchor ?? "")], code).toEqual([MESSAGES_PAGE, true]);
  }
});

test("the page belongs to the version of the action that the README names", () => {
  const version = /tailgate-ci\/tailgate@(v\d+)/.exec(readFileSync("README.md", "utf8"))?.[1];
  expect(MESSAGES_PAGE).toContain(`/blob/${version}/docs/`);
});

test.each(["", "a b", "x](https://evil.example)", "#x", "@someone", "A", "x".repeat(41)])("%j from outside is no code", (code) => {
  expect(messageLink(code)).toBeUndefined();
});

describe("the pages about a verdict", () => {
  const verdictOf = (name: string) => CASES[name]!().verdict;
  const labels = (name: string) => pagesOf(verdictOf(name)).map(({ label }) => label);

  test("are those of what spoiled it, and of nothing else", () => {
    expect(labels("invalid")).toEqual(["generator-late"]);
  });

  test("are those of what stood in the way of a gate", () => {
    expect(labels("few-blocks")).toEqual(["too-few-blocks"]);
  });

  test("are none where a gate failed or all passed", () => {
    for (const name of ["pass", "fail", "limit-only"]) expect(labels(name), name).toEqual([]);
  });

  test("stand in the comment, and a warning's beside it", () => {
    const comment = renderComment(buildReport(CASES["invalid"]!()));
    expect(comment).toContain(`What this means: [generator-late](${MESSAGES_PAGE}#generator-late)`);
    expect(comment).toMatch(/- dcgm: .* \(\[telemetry-[a-z]+\]\(https/);
  });
});
