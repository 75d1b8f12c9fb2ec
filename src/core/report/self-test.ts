import { isRegression } from "../decide/grounds.ts";
import type { Verdict } from "../decide/verdict.ts";
import { worseningText } from "../decide/words.ts";
import type { Fact } from "./provenance.ts";

/** Whether the regression gates would have seen their own margin; nothing where none could be tried. */
export function selfTestFacts({ scenarios }: Verdict): readonly Fact[] {
  const tried = scenarios.flatMap(({ name, metrics }) =>
    metrics.flatMap(({ comparison }) => (comparison.planted === undefined ? [] : [{ name, comparison, planted: comparison.planted }])),
  );
  if (tried.length === 0) return [];
  const missed = tried.filter(({ planted }) => !isRegression(planted));
  const shown = missed.map(
    ({ name, comparison, planted }) => `${comparison.metric} in ${name} (${worseningText(comparison, planted.size)})`,
  );
  const caught = `${tried.length - missed.length} of ${tried.length} regression gates caught a head made worse by just their margin`;
  return [{ label: "Self-test", value: missed.length === 0 ? caught : `${caught}; unseen would have gone ${shown.join(", ")}` }];
}
