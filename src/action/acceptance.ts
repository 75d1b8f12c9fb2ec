import type { Acceptance, UnknownAcceptance } from "../core/accept/acceptance.ts";
import { assessAcceptance } from "../core/accept/assess.ts";
import { recordedAcceptance } from "../core/accept/recorded.ts";
import { InputError } from "../core/errors.ts";
import type { RunRecord } from "../core/record/run-record.ts";
import { buildReport } from "../core/report/report.ts";
import type { Judgement } from "../gate.ts";
import { readAcceptance } from "../io/github/acceptance.ts";
import { isDefaultBranch, type Place } from "./place.ts";

/**
 * A judgement in the light of what people accept on the pull request now. Asked after measuring, so that a comment
 * written meanwhile counts, and only where something failed. What cannot be read is not accepted, and the report says so.
 *
 * @param pull the pull request of the measured code; undefined where it has none.
 */
export async function withAcceptance<J extends Judgement>(
  place: Place,
  judgement: J,
  pull: number | undefined = place.context.pullRequest ?? place.context.queuedPull,
): Promise<J> {
  if (!isAsked(place, judgement) || pull === undefined) return judgement;
  const acceptance = await acceptanceOn(place, judgement, pull);
  return acceptance === undefined ? judgement : assessed(judgement, acceptance);
}

/**
 * The same for a push to the default branch, of the pull request that it came from: what is still accepted of what failed
 * here is written into the record, so that the next baseline knows that this level is meant. A schedule or a manual run
 * of the same commit brings no change of its own.
 */
export async function withRecordedAcceptance<J extends Judgement & { readonly record: RunRecord }>(place: Place, judgement: J): Promise<J> {
  const { context } = place;
  if (!isAsked(place, judgement)) return judgement;
  if (context.event !== "push" || !isDefaultBranch(context)) return judgement;
  const pull = await mergedPull(place);
  const acceptance = pull === undefined ? undefined : await acceptanceOn(place, judgement, pull);
  if (acceptance === undefined) return judgement;
  const accepted = "unknown" in acceptance ? undefined : recordedAcceptance(acceptance);
  if (accepted === undefined) return assessed(judgement, acceptance);
  const record = { ...judgement.record, provenance: { ...judgement.record.provenance, accepted } };
  const heads = judgement.heads.map((head) => (head === judgement.record ? record : head));
  return assessed({ ...judgement, record, heads, reportInput: { ...judgement.reportInput, heads } }, acceptance);
}

/** Only a failure can be accepted; and a cancelled job has some seconds, which belong to its record. */
const isAsked = ({ job, inputs }: Place, { verdict }: Judgement): boolean =>
  verdict.verdict === "fail" && inputs.acceptLabel !== "" && !job.signal.aborted;

async function acceptanceOn({ job, api, inputs, context }: Place, judgement: Judgement, pull: number) {
  const { acceptLabel: label } = inputs;
  const unknown = (reason: string): UnknownAcceptance => {
    job.warning(`whether the failure is accepted is not known: ${reason}`);
    return { pull, unknown: reason };
  };
  if (api === undefined) return context.labels.includes(label) ? unknown("there is no token to read it with") : undefined;
  try {
    const today = new Date().toISOString().slice(0, 10);
    return assessAcceptance(judgement.verdict, judgement.reportInput.suite, await readAcceptance(api, { pull, label, today }));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return unknown(error.sentence);
  }
}

/** The pull request that the pushed commit came with: the one that it is the merge of, or else the newest. */
async function mergedPull({ job, api, context }: Place): Promise<number | undefined> {
  try {
    const pulls = (await api?.mergedPulls(context.sha)) ?? [];
    const here = pulls.filter(({ base }) => base.branch === context.branch && base.repositoryId === context.repository.id);
    const merged = here.filter(({ mergeCommit }) => mergeCommit === context.sha);
    const numbers = (merged.length > 0 ? merged : here).map(({ number }) => number);
    return numbers.length === 0 ? undefined : Math.max(...numbers);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    job.warning(`whether this change was accepted is not known, and the baseline does not say so: ${error.sentence}`);
    return undefined;
  }
}

function assessed<J extends Judgement>(judgement: J, acceptance: Acceptance | UnknownAcceptance): J {
  const reportInput = { ...judgement.reportInput, acceptance };
  return { ...judgement, acceptance, reportInput, report: buildReport(reportInput) };
}
