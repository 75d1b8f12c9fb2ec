import { isAbsolute, relative, resolve } from "node:path";
import { InputError } from "../core/errors.ts";
import type { Problem } from "../core/record/run-record.ts";
import { parseSuite } from "../core/suite/parse.ts";
import type { Gate, Suite } from "../core/suite/suite.ts";
import type { GitHubApi } from "../io/github/api.ts";
import type { Context } from "../io/github/context.ts";

/** A suite as it will be judged, and what a reviewer has to know about that. */
export type Judged = { readonly suite: Suite; readonly notes: readonly Problem[] };

/**
 * A change is judged by the promises of the branch it goes into, not by those it brings along: else a pull request
 * that got slower could raise its own margin. Gates that differ take effect for the pull requests after this one.
 *
 * A suite that the base branch does not have, or has not below `workspace`, is judged as it is.
 */
export async function judgedByBase(
  api: Pick<GitHubApi, "readFile">,
  { suite, file, base, workspace }: { suite: Suite; file: string; base: NonNullable<Context["base"]>; workspace: string },
): Promise<Judged> {
  const path = relative(workspace, resolve(file)).replaceAll("\\", "/");
  if (path.startsWith("..") || isAbsolute(path)) return { suite, notes: [] };
  try {
    const text = await api.readFile(path, base.sha);
    return text === undefined ? { suite, notes: [] } : withGatesOf(parseSuite(text, `${path} on ${base.branch}`).suite, suite, base.branch);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return {
      suite,
      notes: [note(`the suite of ${base.branch} cannot be read, so this pull request's own gates decide: ${error.sentence}`)],
    };
  }
}

/** `head` with the gates that the scenarios and payload classes of the same names have in `base`, and with base's error rates. */
export function withGatesOf(base: Suite, head: Suite, branch: string): Judged {
  const notes: Problem[] = [];
  const scenarios = head.scenarios.map((scenario) => {
    const trusted = base.scenarios.find(({ name }) => name === scenario.name);
    if (trusted === undefined || canonical(trusted.gates) === canonical(scenario.gates)) return scenario;
    notes.push(note(`its gates differ from those of ${branch}, which decide until this is merged`, scenario.name));
    return { ...scenario, gates: trusted.gates };
  });
  for (const { name } of base.scenarios.filter(({ name }) => !head.scenarios.some((scenario) => scenario.name === name))) {
    notes.push(note(`${branch} measures this scenario; the suite of this pull request does not, so nothing judges it`, name));
  }
  const payloads = head.payloads.map((payload) => {
    const trusted = base.payloads.find(({ name }) => name === payload.name);
    if (trusted === undefined || canonical(trusted.gates ?? []) === canonical(payload.gates ?? [])) return payload;
    notes.push(note(`the gates of payload class ${payload.name} differ from those of ${branch}, which decide until this is merged`));
    return { ...payload, gates: trusted.gates ?? [] };
  });
  for (const { name } of base.payloads.filter(
    ({ name, gates }) => gates !== undefined && !head.payloads.some((own) => own.name === name),
  )) {
    notes.push(note(`${branch} gates payload class ${name}; the suite of this pull request does not send it, so nothing judges it`));
  }
  if (JSON.stringify(base.decision) !== JSON.stringify(head.decision)) {
    notes.push(note(`decision differs from that of ${branch}, which decides until this is merged`));
  }
  return { suite: { ...head, scenarios, payloads, decision: base.decision }, notes };
}

const canonical = (gates: readonly Gate[]): string =>
  JSON.stringify(
    [...gates]
      .sort((a, b) => (a.metric < b.metric ? -1 : 1))
      .map(({ metric, regression, floor, limit }) => [metric, regression, floor, limit]),
  );

const note = (message: string, scenario?: string): Problem => ({
  severity: "warning",
  code: "gates-of-base",
  message,
  ...(scenario === undefined ? {} : { scenario }),
});
