import { readFileSync } from "node:fs";
import { renderHtml } from "../../src/core/report/html.ts";
import { buildReport } from "../../src/core/report/report.ts";
import { CASES } from "../../test/core/report/fixtures.ts";
import { digestOf } from "./png-source.ts";

/** The pictures of the README: a page to be shown, and what of it can be seen, as a digest. */
export const PICTURES = {
  "docs/comment.png": () => {
    const comment = readFileSync("test/golden/fail.md", "utf8");
    return { comment, digest: digestOf(comment) };
  },
  "docs/report.png": () => {
    const input = CASES["fail"]!();
    const html = renderHtml({ ...input, report: buildReport(input) });
    // What lies below is not in the picture.
    const [above = ""] = html.split("<h2>GPU and server</h2>");
    return { html, digest: digestOf(above) };
  },
} as const;
