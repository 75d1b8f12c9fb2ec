import { join } from "node:path";
import { VERDICTS, type VerdictWord } from "../core/decide/verdict.ts";
import { InputError } from "../core/errors.ts";
import type { Problem } from "../core/record/run-record.ts";
import { reportArtifactName } from "../io/baselines/artifact-name.ts";
import { slug } from "../io/baselines/slug.ts";
import type { PullRequest } from "../io/github/api.ts";
import { type EndedRun, hasArtifacts, runUrl } from "../io/github/context.ts";
import { pullsOfBranch } from "../io/github/pull-of-commit.ts";
import { type LoadedSuite, loadSuite } from "../load-suite.ts";
import { underCheck } from "./check.ts";
import { filesAt } from "./files-at.ts";
import { onlyVariant } from "./inputs.ts";
import { DONE, type Ending } from "./job.ts";
import { judgeRecord } from "./judge-record.ts";
import { measuredRecord } from "./measured-record.ts";
import type { Place } from "./place.ts";
import { chosenOf, placeOfPull } from "./pull-place.ts";
import { keepConclusions } from "./results.ts";

/**
 * Judges what a pull request's own run measured, in a run that the pull request has no part in: for forks, whose runs may
 * read and nothing else. What is trusted is what GitHub says: the event, the pull request, the suite of the base branch,
 * the stored runs. The record is a stranger's, and only its numbers count.
 */
export async function reportMode(place: Place): Promise<Ending> {
  const { context, api, inputs } = place;
  const run = context.endedRun;
  if (run === undefined) {
    throw new InputError(`mode: report reports on a run that has ended, and ${context.event} is not the event of one`, {
      hint: "start it with on: workflow_run, as in examples/workflows/fork-report.yml",
    });
  }
  if (api === undefined) throw new InputError("mode: report needs a token", { hint: "leave github-token at its default" });
  if (!hasArtifacts(context)) {
    throw new InputError("mode: report needs workflow artifacts, and a GitHub Enterprise Server has none of this kind", {
      hint: "there the record of a fork's run cannot be handed over",
    });
  }
  const pull = await pullOf(place, run);
  if (pull === undefined) return DONE;
  const base = { sha: pull.base.sha, branch: pull.base.branch };
  // All before the first comment: a mistake in one of them is a mistake of the set-up.
  const suites: LoadedSuite[] = [];
  for (const file of inputs.suites) suites.push(await loadSuite(file, [], "not needed", filesAt(api, base)));

  const seen = placeOfPull(place, pull, {
    event: run.event,
    runId: run.id,
    runAttempt: run.attempt,
    workflowPath: run.path,
    headRepositoryId: run.headRepository?.id,
    ...(pull.head.repositoryId === context.repository.id ? {} : { branch: `${run.headRepository?.owner}:${pull.head.branch}` }),
  });
  const told: Told[] = [];
  for (const loaded of suites) told.push(await reportSuite(place, ofSuite(seen, loaded, suites.length > 1), run, loaded));
  if (told.length > 1) tellTogether(place, told);
  const failed = told.flatMap(({ ending }) => (ending.kind === "done" ? [] : [ending.message]));
  return failed.length === 0 ? DONE : { kind: "failed", message: failed.join("; ") };
}

type Told = {
  readonly ending: Ending;
  readonly name: string;
  readonly verdict: VerdictWord;
  readonly outputs: ReadonlyMap<string, string>;
};

async function reportSuite(place: Place, seen: Place, run: EndedRun, loaded: LoadedSuite): Promise<Told> {
  const outputs = new Map<string, string>();
  const { output } = seen.job;
  const job: Place["job"] = {
    ...seen.job,
    output: (name, value) => {
      outputs.set(name, value);
      output(name, value);
    },
  };
  const { suite, file } = loaded;
  let verdict: VerdictWord = "invalid";
  const ending = await underCheck({ ...seen, job }, { suiteName: suite.name, page: runUrl(place.context) }, async (tell) => {
    const { record, attempt, notes } = await measuredRecord(seen, run, loaded);
    const links = [{ label: "The run that measured", url: run.url }];
    const given = { suite, suitePath: file, record, notes: [...notes, whoMeasured(run, attempt, seen)], links };
    const concluded = await judgeRecord({ ...seen, job, context: { ...seen.context, runAttempt: attempt } }, given, tell);
    verdict = concluded.judgement.verdict.verdict;
    return concluded.ending;
  });
  await keepConclusions({ ...seen, job }, reportArtifactName(suite.name, run.id, place.context.runAttempt, onlyVariant(place.inputs)));
  return { ending, name: suite.name, verdict, outputs };
}

/** The pull request of a run; undefined, with a notice, where there is nothing to report on. */
async function pullOf(place: Place, run: EndedRun): Promise<PullRequest | undefined> {
  const { job, context, api } = place;
  const nothing = (why: string): undefined => job.notice(`nothing to report: ${why}`) as undefined;
  if (run.event !== "pull_request" || run.repositoryId !== context.repository.id) {
    return nothing(`run ${run.id} was started by ${run.event}, and only pull requests into this repository are reported`);
  }
  if (run.headRepository === undefined || run.headBranch === undefined) {
    return nothing(`the repository that run ${run.id} measured is gone`);
  }
  const { id, owner } = run.headRepository;
  const pulls = await pullsOfBranch(api!, {
    sha: run.headSha,
    repositoryId: context.repository.id,
    from: { owner, branch: run.headBranch, repositoryId: id },
  });
  return (
    chosenOf(pulls, place) ??
    nothing(`no open pull request has ${run.headSha.slice(0, 10)} as its head: it has moved on, or the pull request was closed`)
  );
}

const whoMeasured = ({ id }: EndedRun, attempt: number, { context: { base } }: Place): Problem => ({
  severity: "warning",
  code: "measured-by-pull-request",
  message: `these numbers were measured by the pull request's own workflow (run ${id}, attempt ${attempt}): whoever can change that workflow can invent them. The verdict on them was made outside of it, with the suite and the gates of ${base!.branch}`,
});

/** Several suites write into folders of their own. */
const ofSuite = (place: Place, { suite }: LoadedSuite, several: boolean): Place =>
  several ? { ...place, inputs: { ...place.inputs, out: join(place.inputs.out, slug(suite.name)) } } : place;

/** The outputs of several suites: the worst verdict, a line for each of the rest. */
function tellTogether({ job }: Place, told: readonly Told[]): void {
  const lines = (name: string): string => told.map(({ outputs }) => outputs.get(name) ?? "").join("\n");
  job.output("verdict", VERDICTS.findLast((word) => told.some(({ verdict }) => verdict === word)) ?? "");
  job.output("report-json", lines("report-json"));
  job.output("report-html", lines("report-html"));
  job.output("comment-url", lines("comment-url"));
  job.output("baseline-run-id", lines("baseline-run-id"));
  job.output("summary", told.map(({ name, outputs }) => `${name}: ${outputs.get("summary") ?? ""}`).join("\n"));
}
