import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import axe from "axe-core";
import { type Browser, launch, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { githubPage } from "../../.github/scripts/github-page.ts";
import { renderHtml } from "../../src/core/report/html.ts";
import { buildReport } from "../../src/core/report/report.ts";
import { judge } from "../../src/gate.ts";
import { makeRecord, makeSuite } from "../core/compare/records.ts";
import { CASES } from "../core/report/fixtures.ts";
import { chromium, useTool } from "./tools.ts";

/** The pictures of the pages as they were tested, for people. */
const SCREENSHOTS = ".cache/screenshots";

describe("what people see, in a real browser", () => {
  const program = useTool(chromium);
  let browser: Browser | undefined;
  const folder = mkdtempSync(join(tmpdir(), "tailgate-pages-"));
  beforeAll(async () => {
    if (program() === "") return;
    mkdirSync(SCREENSHOTS, { recursive: true });
    browser = await launch({ executablePath: program(), args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
  });
  afterAll(async () => {
    await browser?.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A page as a file, as people open it, and all that it asked for or complained about. */
  async function opened(
    name: string,
    html: string,
    scheme: "light" | "dark",
  ): Promise<{ readonly page: Page; readonly noise: readonly string[] }> {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, html);
    const page = await browser!.newPage();
    const noise: string[] = [];
    page.on("console", (message) => noise.push(`console: ${message.text()}`));
    page.on("pageerror", (error) => noise.push(`error: ${String(error)}`));
    page.on("request", (request) => {
      if (!request.isNavigationRequest()) noise.push(`request: ${request.url()}`);
    });
    await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: scheme }]);
    await page.setViewport({ width: 1240, height: 900 });
    await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
    return { page, noise };
  }

  const screenshot = async (page: Page, name: string): Promise<void> => {
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
  };

  /** By rule, with the elements that break it; empty for a page that everybody can read. */
  const barriers = async (page: Page): Promise<readonly string[]> => {
    await page.evaluate(axe.source);
    const found = (await page.evaluate("axe.run(document, { resultTypes: ['violations'] })")) as {
      readonly violations: readonly { readonly id: string; readonly nodes: readonly { readonly html: string }[] }[];
    };
    return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(" | ")}`);
  };

  const million = () => {
    const scale = { blocks: 25, requestsPerBlock: 20_000 };
    const gauges = { "gpu.utilization": 0.7, "gpu.power": 310, "gpu.memory.used": 3e10 };
    const record = makeRecord({ ...scale, base: { gauges }, head: { gauges, factor: 1.02, errorRatio: 0.001 } });
    const judgement = judge({
      suite: makeSuite(),
      suitePath: "suite.yaml",
      heads: [record],
      found: { candidates: [], refused: [], absence: "" },
      policy: {},
    });
    return renderHtml(judgement);
  };

  test.each(["pass", "fail", "inconclusive", "no-baseline", "invalid", "hostile"])(
    "the report of %s is quiet, drawn and readable by all",
    async (name) => {
      const input = CASES[name]!();
      const html = renderHtml({ ...input, report: buildReport(input) });
      for (const scheme of ["light", "dark"] as const) {
        const { page, noise } = await opened(name, html, scheme);
        expect(noise).toEqual([]);
        await page.$$eval("details", (all) => {
          for (const details of all) details.setAttribute("open", "");
        });
        const empty = await page.$$eval("svg", (pictures) =>
          pictures.flatMap((picture) => {
            const marks = [...picture.querySelectorAll("path, rect, circle, line")].map((mark) => mark.getBoundingClientRect());
            const { width, height } = picture.getBoundingClientRect();
            return width > 100 && height > 40 && marks.some((box) => box.width > 1 || box.height > 1) ? [] : [picture.id];
          }),
        );
        expect(empty).toEqual([]);
        expect(await barriers(page)).toEqual([]);
        await screenshot(page, `report-${name}-${scheme}`);
        await page.close();
      }
    },
  );

  test("a report of a million requests is a small file that opens at once", async () => {
    const html = million();
    expect(html.length).toBeLessThan(1.5e6);
    const started = performance.now();
    const { page, noise } = await opened("million", html, "light");
    console.log(
      `a report of 1,000,000 requests: ${Math.round(html.length / 1000)} kB, loaded in ${Math.round(performance.now() - started)} ms`,
    );
    expect(noise).toEqual([]);
    expect(await page.$$eval("svg", (pictures) => pictures.length)).toBeGreaterThanOrEqual(9);
    await screenshot(page, "report-million");
    await page.close();
  });

  test("everything in a report can be reached with the keyboard", async () => {
    const input = CASES["scenarios"]!();
    const { page } = await opened("keyboard", renderHtml({ ...input, report: buildReport(input) }), "light");
    const stops = await page.$$eval("summary, a[href], [tabindex]", (all) => all.length);
    const reached = new Set<string>();
    for (let press = 0; press < stops + 5; press++) {
      await page.keyboard.press("Tab");
      const at = await page.evaluate(
        "(() => { const e = document.activeElement; return e === null || e === document.body ? '' : `${e.tagName} ${e.textContent}`; })()",
      );
      if (at !== "") reached.add(String(at));
    }
    expect([...reached].filter((at) => at.startsWith("SUMMARY")).length).toBe(
      new Set(await page.$$eval("summary", (all) => all.map(({ textContent }) => textContent))).size,
    );
    await page.keyboard.press("Enter");
    await page.close();
  });

  test.each(["scenarios", "forty-scenarios"])("the report of %s fits a telephone and a sheet of paper", async (name) => {
    const input = CASES[name]!();
    const { page, noise } = await opened(`narrow-${name}`, renderHtml({ ...input, report: buildReport(input) }), "light");
    await page.setViewport({ width: 360, height: 740 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(360);
    if (name === "scenarios") expect(await barriers(page)).toEqual([]);
    await screenshot(page, `report-${name}-narrow`);
    await page.setViewport({ width: 794, height: 1123 });
    await page.emulateMediaType("print");
    // What is folded on a screen is printed: nobody can open it on paper.
    const hidden = await page.$$eval("details > :not(summary)", (all) => all.filter((part) => !part.checkVisibility()).length);
    expect(hidden).toBe(0);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBeLessThanOrEqual(794);
    if (name === "scenarios") await screenshot(page, `report-${name}-print`);
    expect(noise).toEqual([]);
    await page.close();
  });

  test("a report of forty scenarios is barred to nobody, and leads to each of them", async () => {
    const input = CASES["forty-scenarios"]!();
    const html = renderHtml({ ...input, report: buildReport(input) });
    expect(html.length).toBeLessThan(1.5e6);
    const { page, noise } = await opened("forty", html, "dark");
    expect(noise).toEqual([]);
    expect(await barriers(page)).toEqual([]);
    await page.$eval("a[href='#scenario-40']", (link) => (link as unknown as { readonly click: () => void }).click());
    expect(await page.$eval("#scenario-40", (target) => target.getBoundingClientRect().top)).toBeLessThan(900);
    await screenshot(page, "report-forty-scenarios-dark");
    await page.close();
  });

  const LOOKED_AT = new Set(["fail", "pass", "inconclusive", "forty-scenarios", "several-suites"]);
  const comments = globSync("test/golden/*.md").toSorted();
  test.each(comments)("the comment of %s is laid out by GitHub's Markdown as it was meant", async (file) => {
    const { page, noise } = await opened(`comment-${basename(file, ".md")}`, await githubPage(readFileSync(file, "utf8")), "light");
    expect(noise).toEqual([]);
    const shape = await page.evaluate(`({
      first: document.querySelector("h3")?.textContent,
      headings: [...document.querySelectorAll("h3")].length,
      ragged: [...document.querySelectorAll("table")].filter((table) => new Set([...table.rows].map((row) => row.cells.length)).size !== 1).length,
      open: [...document.querySelectorAll("details:not(:has(> summary))")].length,
      stray: [...document.querySelectorAll("p, li")].filter(({ textContent }) => /^\\s*\\|.*\\|\\s*$/m.test(textContent) || textContent.includes("<summary>")).length,
      foreign: [...document.querySelectorAll("script, iframe, img, a[href^='javascript']")].length,
    })`);
    expect(shape).toMatchObject({ headings: 1, ragged: 0, open: 0, stray: 0, foreign: 0 });
    // May I merge, and what got worse.
    expect((shape as { first: string }).first).toMatch(/^(✅|❌|⚪|🟡|⚠️|❓|🟠|💥|⛔).*: .{10}/u);
    if (LOOKED_AT.has(basename(file, ".md"))) await screenshot(page, `comment-${basename(file, ".md")}`);
    await page.close();
  });

  test("of forty scenarios the comment shows on its first screen what failed, and folds what passes into one table", async () => {
    const comment = readFileSync("test/golden/forty-scenarios.md", "utf8");
    const { page } = await opened("comment-forty", await githubPage(comment), "light");
    const headings = await page.$$eval("h4", (all) => all.map(({ textContent }) => textContent));
    expect(headings).toEqual(
      ["❌ rerank-07", "❌ chat-29", "⚠️ embed-12", "⚠️ rerank-35", "GPU and server", "Failures"].slice(0, headings.length),
    );
    const folded = await page.$$eval("details", (all) =>
      all.filter((part) => /36 scenarios pass/.test(part.textContent)).map((part) => part.querySelectorAll("tbody tr").length),
    );
    expect(folded).toEqual([36]);
    expect(await page.evaluate("document.documentElement.scrollHeight")).toBeLessThan(4000);
    await page.$$eval("details", (all) => {
      for (const details of all) details.setAttribute("open", "");
    });
    await screenshot(page, "comment-forty-scenarios-unfolded");
    await page.close();
  });
});
