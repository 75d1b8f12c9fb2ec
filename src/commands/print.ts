import { join } from "node:path";
import { verdictJson } from "../core/report/json.ts";
import { renderText } from "../core/report/text.ts";
import type { Judgement } from "../gate.ts";
import type { ProgressKind } from "../io/terminal/progress.ts";
import { REPORT_FILE } from "../outputs.ts";
import type { Invocation } from "./command.ts";

/** The result for a person, or for a program: with `json`, stdout holds nothing but verdict.json. */
export function printJudgement(
  judgement: Judgement,
  options: { readonly json: boolean; readonly out: string } & Pick<Invocation, "stdout" | "stderr" | "environment">,
): void {
  const { json, out, stdout, stderr, environment } = options;
  if (json) {
    stdout(verdictJson(judgement));
    return;
  }
  stdout(`${renderText(judgement.report, { color: isInteractive(process.stdout, environment) })}\n`);
  stderr.write(`\nresults in ${out}, pictures in ${join(out, REPORT_FILE)}\n`);
}

/** How a run tells of its progress on `stream`. */
export const progressKind = (stream: { readonly isTTY?: boolean }, environment: Invocation["environment"]): ProgressKind =>
  environment["GITHUB_ACTIONS"] === "true" ? "actions" : isInteractive(stream, environment) ? "live" : "log";

/** Whether a person is looking: a terminal, and nobody asked for plain text. */
export const isInteractive = (stream: { readonly isTTY?: boolean }, environment: Invocation["environment"]): boolean =>
  stream.isTTY === true && !environment["NO_COLOR"] && !environment["CI"];
