import { join, relative } from "node:path";
import { InputError } from "../core/errors.ts";
import { buildLegsReport } from "../core/report/legs.ts";
import { legsJson } from "../core/report/legs-json.ts";
import { renderLegsComment, renderLegsSummary } from "../core/report/legs-markdown.ts";
import { legsMarker } from "../core/report/marker.ts";
import type { Policy } from "../core/report/report.ts";
import { renderText } from "../core/report/text.ts";
import { writeFileAtomic } from "../io/files/write.ts";
import type { ArtifactListing } from "../io/github/api/artifacts.ts";
import { hasArtifacts, runUrl } from "../io/github/context.ts";
import { COMMENT_FILE, CONCLUSION_FILES, LATENCY_FILE, REPORT_FILE, RUN_FILE, writeOutputs } from "../outputs.ts";
import { underCheck } from "./check.ts";
import { DONE, type Ending } from "./job.ts";
import { type JudgedLeg, judgeLeg } from "./judged-leg.ts";
import { readLegRun } from "./leg-run.ts";
import { expectedLegs, type Leg, placeOfLeg } from "./legs.ts";
import type { Place } from "./place.ts";
import { policyOf } from "./policy.ts";
import { endingOf, writeComment } from "./publish.ts";
import { joinsBaseline, keepLegs, keepResults, noArtifactsFor } from "./results.ts";

/** Verdicts of all legs, beside their folders. */
const VERDICTS_FILE = "verdicts.json";

/** Judges what other jobs of this run measured, each suite and variant by itself, and tells of all in one comment. */
export async function mergeMode(place: Place): Promise<Ending> {
  const { job, inputs, context, api } = place;
  if (api === undefined) {
    throw new InputError("mode merge needs a token: it reads the artifacts of its own run", { hint: "leave github-token at its default" });
  }
  if (!hasArtifacts(context)) throw noArtifactsFor("merge");
  const legs = await expectedLegs(inputs);
  const listed = await api.listRunArtifacts(context.runId);
  const policy = policyOf(place);
  const judged: JudgedLeg[] = [];
  // One after another: each asks GitHub for its baselines, and its limits are for all of them.
  for (const leg of legs) {
    const one = await judgeUnderCheck(place, leg, listed, policy);
    await writeOutputs(leg.out, one.judgement, one.record);
    judged.push(one);
  }

  const report = buildLegsReport(judged.map(({ judgement }) => judgement.report));
  const worst = judged.find(({ judgement }) => judgement.report === report.legs[0]!.report)!;
  const self = `${context.workflowPath ?? ""}#${process.env["GITHUB_JOB"] ?? ""}`;
  const comment = renderLegsComment(report, self);
  await writeFileAtomic(join(inputs.out, COMMENT_FILE), comment);
  await writeFileAtomic(
    join(inputs.out, VERDICTS_FILE),
    legsJson(report, new Map(judged.map(({ leg, judgement }) => [judgement.report, leg.out]))),
  );
  job.print(report.legs.map((leg) => renderText(leg.report, { color: false })).join("\n\n"));
  job.output("verdict", report.verdict);
  job.output("report-json", join(inputs.out, VERDICTS_FILE));
  job.output("report-html", join(worst.leg.out, REPORT_FILE));
  job.output("summary", `${report.verdict}: ${report.headline}`);
  job.output("baseline-run-id", worst.baselineRunId);
  await job.summary(renderLegsSummary(report, self));
  job.output("comment-url", await writeComment(place, { marker: legsMarker(self), body: comment, isPass: report.verdict === "pass" }));
  for (const one of judged) await extendBaseline(place, one);
  await keepLegs(place, self, filesOf(judged, inputs.out));
  return endingOf(job, { verdict: report, report: { ...report, acceptance: undefined } }, policy);
}

/** With a check run of its own for each leg, where `check-run` asks for them. */
async function judgeUnderCheck(place: Place, leg: Leg, listed: readonly ArtifactListing[], policy: Policy): Promise<JudgedLeg> {
  const judged = Promise.withResolvers<JudgedLeg>();
  await underCheck(placeOfLeg(place, leg), { suiteName: leg.suiteName, page: runUrl(place.context) }, async (tell) => {
    const one = await judgeLeg(place, leg, await readLegRun(place, leg, listed), policy);
    const { report } = one.judgement;
    tell(one.judgement);
    judged.resolve(one);
    return report.blocks ? { kind: "failed", message: `${report.verdict}: ${report.headline}` } : DONE;
  });
  return judged.promise;
}

/** A leg that measured on the default branch by itself has stored its run already. */
async function extendBaseline(place: Place, { leg, record, judgement, isFolded }: JudgedLeg): Promise<void> {
  if (record === undefined || !isFolded) return;
  const joins = joinsBaseline(place, record, judgement.verdict.verdict === "invalid");
  if (joins) await keepResults(placeOfLeg(place, leg), { record, joins, concluded: true });
}

/** All that was written, below the folder of the results. */
function filesOf(judged: readonly JudgedLeg[], out: string): readonly string[] {
  const ofLeg = ({ leg, record }: JudgedLeg) =>
    [...CONCLUSION_FILES.filter((file) => file !== LATENCY_FILE || record !== undefined), ...(record === undefined ? [] : [RUN_FILE])].map(
      (file) => relative(out, join(leg.out, file)),
    );
  return [COMMENT_FILE, VERDICTS_FILE, ...judged.flatMap(ofLeg)];
}
