import type { LegsReport } from "./legs.ts";
import type { Report } from "./report.ts";

/**
 * verdicts.json: the verdict on each suite and variant, worst first, with the folder that holds its verdict.json.
 *
 * @param folders where the results of each of the reports are.
 */
export function legsJson({ verdict, blocks, headline, legs }: LegsReport, folders: ReadonlyMap<Report, string>): string {
  const rows = legs.map(({ report }) => ({
    suite: report.suiteName,
    variant: report.variant,
    verdict: report.verdict,
    blocks: report.blocks,
    headline: report.headline,
    folder: folders.get(report) ?? null,
  }));
  return `${JSON.stringify({ schema: 1, verdict, blocks, headline, legs: rows }, undefined, 2)}\n`;
}
