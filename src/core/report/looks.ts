import { formatDuration } from "../decide/duration.ts";
import { stopReasonOf, stopText } from "../decide/look-text.ts";
import type { RunRecord } from "../record/run-record.ts";
import type { Fact } from "./provenance.ts";

/** `2 of at most 4 passes, 9m: every gate was decided`; nothing of a run whose length was fixed. */
export function looksText({ scenarios, startedAt, finishedAt }: RunRecord): string | undefined {
  const looked = scenarios.flatMap(({ looks }) => looks ?? []);
  if (looked.length === 0) return undefined;
  const [done, most] = [Math.max(...looked.map(({ passes }) => passes.at(-1)!)), Math.max(...looked.map((looks) => looks.most))];
  const took = formatDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
  const reason = stopReasonOf(looked.flatMap(({ stopped }) => stopped ?? []));
  return `${done} of at most ${most} passes, ${took}${reason === undefined ? "" : `: ${stopText(reason)}`}`;
}

/** How often each scenario was judged while it ran, and why it ended when it did. */
export const looksFacts = (run: RunRecord): readonly Fact[] =>
  run.scenarios.flatMap(({ name, looks }) => {
    if (looks === undefined) return [];
    const { passes, most, stopped } = looks;
    const judged = `judged after ${passes.join(", ")} of at most ${most} passes over its load`;
    return [{ label: `Looks at ${name}`, value: stopped === undefined ? judged : `${judged}; it ended because ${stopText(stopped)}` }];
  });
