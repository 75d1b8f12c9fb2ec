import { join } from "node:path";
import { InputError } from "../core/errors.ts";
import { renderComment, renderSummary } from "../core/report/markdown.ts";
import { commentMarker } from "../core/report/marker.ts";
import type { Policy } from "../core/report/report.ts";
import { renderText } from "../core/report/text.ts";
import type { Judgement } from "../gate.ts";
import { upsertComment } from "../io/github/comment.ts";
import { REPORT_FILE } from "../outputs.ts";
import { DONE, type Ending } from "./job.ts";
import type { Place } from "./place.ts";
import type { StoredBaselines } from "./stored-baselines.ts";

/** Says a judgement everywhere: log, outputs, summary of the job, comment on the pull request. */
export async function publish(place: Place, judgement: Judgement, { runIds }: StoredBaselines): Promise<void> {
  const { job, inputs } = place;
  const { verdict, report, baseline } = judgement;
  job.print(renderText(report, { color: false }));
  job.output("verdict", verdict.verdict);
  job.output("report-html", join(inputs.out, REPORT_FILE));
  job.output("summary", sentenceOf(judgement));
  job.output("baseline-run-id", baseline.kind === "stored" ? (runIds.get(baseline.runs[0]!.origin) ?? "") : "");
  await job.summary(renderSummary(report));
  job.output("comment-url", await comment(place, judgement));
}

/** What a judgement does to the job, with the annotation that says so. */
export function endingOf(job: Place["job"], judgement: Judgement, policy: Policy): Ending {
  const {
    verdict: { verdict },
    report,
  } = judgement;
  const line = sentenceOf(judgement);
  if (verdict === "pass") return DONE;
  if (report.blocks) return { kind: "failed", message: line };
  if (verdict === "fail") job.warning(`${line}. ${report.consequence}`);
  else if (policy.tolerated?.verdicts.includes(verdict)) job.notice(line);
  else if ({ inconclusive: policy.onInconclusive, "no-baseline": policy.onNoBaseline, invalid: policy.onInvalid }[verdict] !== "pass")
    job.warning(line);
  return DONE;
}

const sentenceOf = ({ verdict: { verdict }, report }: Judgement): string =>
  `${verdict}${report.acceptance?.by ? `, accepted by ${report.acceptance.by}` : ""}: ${report.headline}`;

async function comment({ job, inputs, context, api }: Place, { report, verdict }: Judgement): Promise<string> {
  if (inputs.comment === "never" || context.pullRequest === undefined) return "";
  if (api === undefined || context.fromFork) {
    const why = context.fromFork ? "a pull request from a fork has a read-only token" : "there is no token";
    job.notice(`no comment: ${why}; the job summary says the same`);
    return "";
  }
  try {
    const { url } = await upsertComment(api, {
      number: context.pullRequest,
      marker: commentMarker(report.suiteName),
      body: renderComment(report),
      onlyUpdate: inputs.comment === "on-change" && verdict.verdict === "pass",
    });
    return url;
  } catch (error) {
    // The verdict stands without its comment; the job summary has it.
    if (!(error instanceof InputError)) throw error;
    job.warning(`no comment: ${error.sentence}`);
    return "";
  }
}
