/**
 * A comment as a golden file can hold it: what a reader sees, less what differs from run to run.
 *
 * - Numbers are `#`, signs `±`, measured times `# t`, because their unit moves with them; names of metrics stay.
 * - Hashes of commits and suites are `@`, dates `DATE`, the size of an effect `SIZE`.
 * - Cells of tables lose their padding and their emphasis; rows of one verdict stand in alphabetical order.
 * - Bars of a text picture are `█`, and its columns lose their padding.
 * - Metrics that nothing gates are left out, with the table and the warning that they stand in: which of them moved is chance.
 * - What is said of the machine that measured is left out: that it paused, the generator's state, the environment.
 */
export function shapeOf(comment: string): string {
  const lines = withoutUngated(comment.split("\n").filter((line) => !MACHINE.test(line))).map(shapeOfLine);
  return withoutEmptySections(sortedRows(lines)).join("\n");
}

const MACHINE =
  /^\| (Generator's own delay|Generator's state|Generator error|Measured time|Self-test|(client|target|endpoint|gpu)\.\S+|Environment) \||this machine|the load generator|got worse and are not gated/;

/** Folded tables of metrics begin with their number; an ungated metric in sight has no gate. */
function withoutUngated(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  let isFolded = false;
  for (const line of lines) {
    if (/^<details><summary>\d+ more metrics?, not gated/.test(line)) isFolded = true;
    if (!isFolded && !/^\| `[\w.]+` .*\| +– \| +\S+ +\| [^|]* \|$/.test(line)) kept.push(line);
    if (line === "</details>") isFolded = false;
  }
  return kept;
}

function shapeOfLine(line: string): string {
  const masked = line
    .replaceAll(/\b(?=[0-9a-f]*\d)(?=[0-9a-f]*[a-f])[0-9a-f]{7,}\b/g, "@")
    .replaceAll(/\d{4}-\d\d-\d\d( \d\d:\d\d UTC)?/g, "DATE")
    .replaceAll(/\d+m\d+s/g, "1s")
    .replaceAll(/(?<![a-z\d.,])\d[\d,]*(\.\d+)*/g, "#")
    .replaceAll(/#\s?(µs|ms|s|m)\b/g, "# t")
    .replaceAll(/[+−](?=#)/g, "±")
    .replaceAll(/δ ±?#, \w+/g, "δ ±#, SIZE")
    .replaceAll(/p (=|&lt;) #/g, "p = #")
    .replaceAll(/ · its own warnings: [a-z, -]+/g, "");
  if (/^p[\d.]+ .*│|^ +base +head/.test(masked)) return masked.replaceAll(/[█▉▊▋▌▍▎▏]+/g, "█").replaceAll(/ +/g, " ");
  if (!masked.startsWith("|")) return masked;
  const cells = masked.split("|").map((cell) =>
    cell
      .trim()
      .replaceAll("**", "")
      .replaceAll(/^:?-+:?$/g, "-"),
  );
  return cells.join(" | ").trim();
}

const verdictOf = (row: string): string | undefined => /^\| `.*\| (\S+ \S+) \|$/.exec(row)?.[1];

function sortedRows(lines: readonly string[]): readonly string[] {
  const sorted: string[] = [];
  for (const line of lines) {
    const verdict = verdictOf(line);
    let at = sorted.length;
    while (verdict !== undefined && verdictOf(sorted[at - 1] ?? "") === verdict && sorted[at - 1]! > line) at--;
    sorted.splice(at, 0, line);
  }
  return sorted;
}

/** Without headings of which every line was left out, tables of a delimiter alone, and second empty lines. */
function withoutEmptySections(lines: readonly string[]): readonly string[] {
  const kept: string[] = [];
  for (const line of lines.toReversed()) {
    const next = kept.findLast((other) => other !== "") ?? "";
    const isEmptyHeading = line === "#### Warnings" && !next.startsWith("- ");
    const isAlone = line === "| - | - |" && !kept.at(-1)?.startsWith("|");
    const isSecondEmpty = line === "" && kept.at(-1) === "";
    if (!isEmptyHeading && !isAlone && !isSecondEmpty) kept.push(line);
  }
  return kept.toReversed();
}
