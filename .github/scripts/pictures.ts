import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { launch } from "puppeteer-core";
import { githubPage } from "./github-page.ts";
import { PICTURES } from "./picture-sources.ts";
import { withSource } from "./png-source.ts";

// Makes the pictures of the README from the golden files: `npm run -s pictures`. Needs Chromium (Debian's package).
const program = ["chromium", "chromium-browser", "google-chrome"].flatMap(
  (name) => spawnSync("which", [name], { encoding: "utf8" }).stdout.trim() || [],
)[0];
if (program === undefined) throw new Error("there is no chromium; install Debian's packages chromium and fonts-noto-color-emoji");
const folder = mkdtempSync(join(tmpdir(), "tailgate-pictures-"));
const browser = await launch({ executablePath: program, args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking"] });
try {
  const { comment, digest } = PICTURES["docs/comment.png"]();
  await take("docs/comment.png", digest, await githubPage(comment), { width: 912, height: 1000, scale: 1.25 }, "main");
  const report = PICTURES["docs/report.png"]();
  await take("docs/report.png", report.digest, report.html, { width: 1180, height: 1400, scale: 1 }, undefined);
} finally {
  await browser.close();
  rmSync(folder, { recursive: true, force: true });
}

/** @param element what is shown of the page; the upper part of it if undefined. */
async function take(
  picture: string,
  digest: string,
  html: string,
  { scale, ...size }: { readonly width: number; readonly height: number; readonly scale: number },
  element: string | undefined,
): Promise<void> {
  const file = join(folder, "page.html");
  writeFileSync(file, html);
  const page = await browser.newPage();
  await page.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "light" }]);
  await page.setViewport({ ...size, deviceScaleFactor: scale });
  await page.goto(pathToFileURL(file).href, { waitUntil: "load" });
  const shown = element === undefined ? page : await page.$(element);
  if (shown === null) throw new Error(`${picture}: the page has no ${element}`);
  writeFileSync(picture, withSource(await shown.screenshot(), digest));
  await page.close();
}
