import { markdownTable } from "markdown-table";
import { type Count, countOf, upperBound } from "../tally.ts";
import { percent } from "./format.ts";

/** Comparisons of real servers, recorded on the spot: docs/decisions/recorded.json. */
export type Recorded = {
  readonly generatedOn: string;
  readonly machine: string;
  readonly comparisons: readonly RecordedComparison[];
};

export type RecordedComparison = {
  /** Of an arm against stored runs: that of its live comparison, `-stored-` and the arm. */
  readonly id: string;
  readonly server: string;
  readonly kind: "A/A" | "A/B";
  readonly change: string;
  readonly verdict: string;
  readonly evidence: string;
  readonly requests: number;
  readonly rivals?: Readonly<Record<string, "fail" | "pass">>;
  /** Where and when it was measured; that of the whole where it does not say. */
  readonly machine?: string;
};

/** Since when pull requests are judged as they are now (decisions 0027 and 0028). */
const AS_NOW_SINCE = "2026-11-28";

/** The section on real servers; says what is missing where nothing was recorded. */
export function recordedSection(recorded: Recorded | undefined): string {
  if (recorded === undefined || recorded.comparisons.length === 0) {
    return "Nothing is recorded yet: there is no `docs/decisions/recorded.json`.";
  }
  const { comparisons } = recorded;
  const machines = [...new Set(comparisons.map(({ machine = recorded.machine }) => machine))];
  const groups = Map.groupBy(comparisons, ({ server, kind, change, evidence }) => JSON.stringify([server, kind, change, evidence]));
  const rows = [...groups.values()].map((group) => {
    const [{ server, kind, change, evidence }] = group as [RecordedComparison];
    const words = Object.entries(Object.groupBy(group, ({ verdict }) => verdict)).map(([word, of]) => `${word} ${of!.length}`);
    const requests = group.reduce((sum, each) => sum + each.requests, 0) / group.length;
    return [server, kind, change, evidence, words.toSorted().join(", "), String(Math.round(requests))];
  });
  const judged = comparisons.filter(({ verdict }) => verdict !== "invalid");
  const of = (kind: RecordedComparison["kind"], evidence: string) =>
    judged.filter((each) => each.kind === kind && each.evidence === evidence);
  const [same, changed, sameStored, changedStored] = [of("A/A", "live"), of("A/B", "live"), of("A/A", "stored"), of("A/B", "stored")];
  const failed = (of: readonly RecordedComparison[]): Count => countOf(of, ({ verdict }) => verdict === "fail");
  const falseBlocks = failed(same);
  const names = [...new Set(comparisons.flatMap(({ rivals }) => Object.keys(rivals ?? {})))].toSorted();
  const rivals = names.map((name) => {
    const fails = (of: readonly RecordedComparison[]): string => {
      const judged = of.filter(({ rivals }) => rivals?.[name] !== undefined);
      const { k, n } = countOf(judged, ({ rivals }) => rivals?.[name] === "fail");
      return n === 0 ? "–" : `${k} of ${n}`;
    };
    return [name, fails(same), fails(changed)];
  });
  const before =
    recorded.generatedOn < AS_NOW_SINCE
      ? [
          `These verdicts are those of ${recorded.generatedOn}. Since ${AS_NOW_SINCE} intervals are made in another way and what looks like a regression is measured first; the records are not kept, so that they cannot be judged again without being made again.`,
        ]
      : [];
  return [
    ...before,
    `Recorded on ${machines.join("; and on ")}. **${falseBlocks.k} of ${falseBlocks.n}** comparisons of a server with itself were blocked` +
      ` (95 % bound: below ${percent(falseBlocks.n === 0 ? 1 : upperBound(falseBlocks))}); ${failed(changed).k} of ${changed.length} real changes were.` +
      ` One run of them against eight stored ones, in comparisons that share runs: ${failed(sameStored).k} of ${sameStored.length} and ${failed(changedStored).k} of ${changedStored.length}; of the real changes ${countOf(changedStored, ({ verdict }) => verdict === "pass").k} passed so.`,
    ...slowTimes(same, sameStored),
    table(["server", "kind", "change", "evidence", "verdicts", "requests, mean"], rows),
    ...(rivals.length === 0 ? [] : ["What other rules said of the same runs:", table(["rule", "blocks A/A", "blocks A/B"], rivals)]),
  ].join("\n\n");
}

/**
 * Unchanged servers that were blocked against stored runs, both arms of a comparison alike, while nothing was found between
 * these arms: it was the time at which they ran that differed.
 */
function slowTimes(live: readonly RecordedComparison[], stored: readonly RecordedComparison[]): readonly string[] {
  const blocked = stored.filter(({ verdict }) => verdict === "fail");
  const alike = live.filter(
    ({ id, verdict }) => verdict !== "fail" && ["base", "head"].every((arm) => blocked.some((each) => each.id === `${id}-stored-${arm}`)),
  );
  if (alike.length === 0) return [];
  return [
    `Of the ${blocked.length} unchanged ones that were blocked against stored runs, ${2 * alike.length} are both arms of ${alike.length === 1 ? "one comparison" : `${alike.length} comparisons`}` +
      ` (${alike.map(({ id }) => `\`${id}\``).join(", ")}): each arm differs from the runs before, and not from the other: it was the time at` +
      " which they ran, not the build. A base that is driven in turn has its share in that; a stored run has none.",
  ];
}

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  markdownTable([[...head], ...rows.map((row) => [...row])], { align: head.map((_, i) => (i === 0 ? "l" : "r")) });
