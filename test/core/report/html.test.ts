import { createHash } from "node:crypto";
import { parseHTML } from "linkedom";
import { expect, test } from "vitest";
import { renderHtml } from "../../../src/core/report/html.ts";
import { MESSAGES_PAGE } from "../../../src/core/report/message-page.ts";
import { buildReport } from "../../../src/core/report/report.ts";
import { CASES, makeRecord, makeScenario, makeSuite, makeVerdict } from "./fixtures.ts";

const rendered = (name: string): string => {
  const input = CASES[name]!();
  return renderHtml({ ...input, report: buildReport(input) });
};
const pages = new Map<string, string>();
const page = (name: string): string => {
  const html = pages.get(name) ?? rendered(name);
  pages.set(name, html);
  return html;
};

test("the verdict is the first thing on the page", () => {
  const text = page("fail")
    .replace(/<style>[\s\S]*?<\/style>/, "")
    .replace(/<title>[\s\S]*?<\/title>/, "")
    .replace(/<[^>]+>/g, " ")
    .trim();
  expect(text).toMatch(/^✗\s+Fail: latency\.p99 in steady got worse by 23&nbsp;%/);
});

test.each(Object.keys(CASES))("the page of %s asks for nothing from outside and runs nothing", (name) => {
  // A link to the page of a message is followed by a person, or by nobody.
  const html = page(name).replaceAll(/<a href="([^"]+)#[a-z-]+" rel="noreferrer">/g, (link, url: string) =>
    url === MESSAGES_PAGE ? "<a>" : link,
  );
  expect(html).not.toMatch(/<(script|link|img|iframe|object|embed|base|form)\b/);
  // From one place of the page to another a link may lead.
  expect(html.replaceAll(/ href="#scenario-\d+"/g, "")).not.toMatch(/<[^>]*\s(src|href|style|on\w+)=/);
  expect(html).not.toMatch(/url\(|@import/);
});

test("the page's policy forbids everything but its own style sheet", () => {
  const html = page("pass");
  const style = /<style>([\s\S]*?)<\/style>/.exec(html)![1]!;
  const hash = createHash("sha256").update(style).digest("base64");
  expect(html).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`);
});

test("every picture has a title and a description, and no id occurs twice", () => {
  const html = page("scenarios");
  const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
  expect(new Set(ids).size).toBe(ids.length);
  const { document } = parseHTML(html);
  const pictures = [...document.querySelectorAll("svg")] as unknown as readonly Svg[];
  // The forest, and of each scenario six of latency and load and one of each telemetry metric.
  expect(pictures.length).toBeGreaterThanOrEqual(1 + 6 * 3);
  for (const picture of pictures) {
    const [title, description] = ["title", "desc"].map((tag) => picture.querySelector(tag)!);
    expect(picture.getAttribute("role")).toBe("img");
    expect(picture.getAttribute("aria-labelledby")).toBe(`${title!.getAttribute("id")} ${description!.getAttribute("id")}`);
    for (const { textContent } of [title!, description!]) expect(textContent.length).toBeGreaterThan(5);
  }
});

type Svg = {
  readonly getAttribute: (name: string) => string | null;
  readonly querySelector: (selector: string) => (Svg & { readonly textContent: string }) | null;
};

test("of many scenarios all are listed with a link to each, and those that pass are folded", () => {
  const { document } = parseHTML(page("forty-scenarios"));
  const links = [...document.querySelectorAll("a[href^='#scenario-']")] as unknown as readonly (Svg & { readonly textContent: string })[];
  expect(links).toHaveLength(40);
  expect(links.slice(0, 2).map(({ textContent }) => textContent)).toEqual(["rerank-07", "chat-29"]);
  for (const link of links) {
    const target = document.querySelector(link.getAttribute("href")!) as unknown as Svg & { readonly textContent: string };
    expect(target.querySelector("h2, summary")!.textContent).toContain(link.textContent);
  }
  expect([...document.querySelectorAll("details.scenario")]).toHaveLength(36);
});

test("open and closed tags balance, also with hostile names", () => {
  for (const name of Object.keys(CASES)) {
    const stack: string[] = [];
    for (const [, close, tag, self] of page(name).matchAll(/<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/g)) {
      if (self === "/" || tag === "meta") continue;
      if (close === "") stack.push(tag!);
      else if (stack.pop() !== tag) stack.push(`unexpected </${tag}>`);
    }
    expect(stack).toEqual([]);
  }
});

test("no position in a picture is NaN", () => {
  for (const name of Object.keys(CASES)) expect(page(name)).not.toMatch(/NaN|Infinity|undefined/);
});

test("the same records give the same bytes", () => {
  expect(rendered("scenarios")).toBe(page("scenarios"));
});

test("a run without any block still has its page", () => {
  const input = {
    suite: makeSuite(),
    verdict: makeVerdict("invalid", [], ["the endpoint never became ready"], "none"),
    heads: [makeRecord([], { head: {} })],
    baseline: { kind: "none", reason: "nothing was looked for", refused: [] },
  } as const;
  expect(renderHtml({ ...input, report: buildReport(input) })).toContain("the endpoint never became ready");
});

test("a scenario of one request is drawn or left out, never broken", () => {
  const input = {
    suite: makeSuite(),
    verdict: makeVerdict("inconclusive", [makeScenario("steady")], ["too few"]),
    heads: [makeRecord(["steady"], { head: { blocks: 1, failures: { status: 499 } } })],
    baseline: { kind: "none", reason: "nothing was looked for", refused: [] },
  } as const;
  expect(renderHtml({ ...input, report: buildReport(input) })).not.toMatch(/NaN|Infinity/);
});

test("pauses of the load generator have a table of their own, and only where there were any", () => {
  const html = page("pass");
  const table = html.slice(html.indexOf("<h2>Pauses of the load generator</h2>"));
  expect(html.match(/<h2>Pauses of the load generator<\/h2>/g)).toHaveLength(1);
  expect(
    [...table.slice(0, table.indexOf("</section>")).matchAll(/<tr>(.*?)<\/tr>/g)].map(([, row]) => row!.replace(/<[^>]+>/g, "|")),
  ).toEqual([
    expect.stringContaining("Paused seconds"),
    "|base||8||1m26s||1 of 10||50||34 ms||34 ms||11 ms||0.2 %|",
    "|head||7||1m15s||1 of 10||50||34 ms||34 ms||11 ms||0.2 %|",
  ]);
  const record = makeRecord(["steady"], { head: { blocks: 3 } });
  const input = { ...CASES["pass"]!(), heads: [record] };
  expect(renderHtml({ ...input, report: buildReport(input) })).not.toContain("Pauses of the load generator");
});
