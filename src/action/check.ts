import { readFile } from "node:fs/promises";
import { InputError, InputErrors } from "../core/errors.ts";
import { type CheckText, checkName, checkOf } from "../core/report/check.ts";
import { suiteNameIn } from "../core/suite/name.ts";
import type { Judgement } from "../gate.ts";
import type { CheckAnnotation } from "../io/github/api.ts";
import { onlyVariant } from "./inputs.ts";
import type { Ending } from "./job.ts";
import type { Place } from "./place.ts";

/** The suite that a check run is of, and the page of the run in which its verdict is made. */
export type Check = { readonly suiteName: string; readonly page: string };

/**
 * Does the work under a check run on the head commit, where `check-run` asks for one: begun before, ended whatever
 * happens, so that a merge which requires it never waits for nothing. That it cannot be written costs a warning, never
 * the verdict.
 *
 * @param work is given a function to hand its judgement to as soon as there is one.
 */
export async function underCheck(
  place: Place,
  check: Check,
  work: (tell: (judgement: Judgement) => void) => Promise<Ending>,
): Promise<Ending> {
  const id = await beginCheck(place, check, { status: "in_progress", title: "measuring" });
  let judgement: Judgement | undefined;
  try {
    const ending = await work((told) => {
      judgement = told;
    });
    await endCheck(place, id, endOf(ending, judgement));
    return ending;
  } catch (error) {
    await endCheck(place, id, brokenOff(error), error instanceof InputError ? annotationsOf(error) : []);
    throw error;
  }
}

/** Says on the head commit that there is nothing to be measured yet: a merge that requires the check goes on waiting. */
export async function checkWaits(place: Place, check: Check, why: string): Promise<void> {
  await beginCheck(place, check, { status: "queued", title: why });
}

/** The name of a suite for its check run, also of one with mistakes in it; its path where it has none that can be read. */
export async function nameOfSuite(file: string): Promise<string> {
  const text = await readFile(file, "utf8").catch(() => "");
  return suiteNameIn(text, file) ?? file;
}

async function beginCheck(
  { job, inputs, context, api }: Place,
  { suiteName, page }: Check,
  state: { readonly status: "queued" | "in_progress"; readonly title: string },
): Promise<number | undefined> {
  if (inputs.checkRun === "never") return undefined;
  if (api === undefined || context.fromFork) {
    const why = context.fromFork ? "a pull request from a fork has a read-only token" : "there is no token";
    job.notice(`no check run: ${why}`);
    return undefined;
  }
  const name = checkName(suiteName, onlyVariant(inputs));
  try {
    return await api.beginCheck({ name, sha: context.sha, externalId: name, detailsUrl: page, ...state });
  } catch (error) {
    warn(job, error);
    return undefined;
  }
}

async function endCheck(
  { job, api }: Place,
  id: number | undefined,
  text: CheckText,
  annotations: readonly CheckAnnotation[] = [],
): Promise<void> {
  if (id === undefined) return;
  try {
    await api?.endCheck(id, { ...text, annotations });
  } catch (error) {
    warn(job, error);
  }
}

function warn(job: Place["job"], error: unknown): void {
  if (!(error instanceof InputError)) throw error;
  job.warning(`no check run: ${error.sentence}`);
}

function endOf(ending: Ending, judgement: Judgement | undefined): CheckText {
  if (ending.kind === "cancelled") {
    return { conclusion: "cancelled", title: "Cancelled", summary: "The run was cancelled before it was complete: nothing was decided." };
  }
  return judgement === undefined ? NOTHING_JUDGED : checkOf(judgement.report);
}

const NOTHING_JUDGED: CheckText = { conclusion: "failure", title: "Nothing was judged", summary: "The log of the job says why." };

const brokenOff = (error: unknown): CheckText => ({
  conclusion: "failure",
  title: error instanceof InputError ? "A mistake in the suite, an input or the set-up" : "tailgate broke off",
  summary: "Nothing was decided. The log of the job says what is to be mended.",
});

const annotationsOf = (error: InputError): readonly CheckAnnotation[] =>
  (error instanceof InputErrors ? error.errors : [error]).flatMap(({ position, message, hint }) =>
    position === undefined
      ? []
      : [
          {
            path: position.file,
            line: position.line,
            column: position.column,
            message: hint === undefined ? message : `${message}; ${hint}`,
          },
        ],
  );
