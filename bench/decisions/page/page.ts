import { claimsOf } from "../claims.ts";
import { allowanceIn, passesOf } from "../judge.ts";
import type { Results } from "../results.ts";
import { STEADY_WORLD, suiteOf } from "../simulator/world.ts";
import { plotsOf } from "./plots.ts";
import { type Recorded, recordedSection, table } from "./recorded.ts";
import { efficiencyTable, powerTable, rivalList, rivalTable, ruleTable, timeTable } from "./tables.ts";

/** The page and its plots by file name. The same results give the same bytes. */
export function pageOf(results: Results, recorded: Recorded | undefined): Readonly<Record<string, string>> {
  const plots = plotsOf(results);
  const image = (name: string, alt: string): string => (plots[name] === undefined ? "" : `![${alt}](${name})`);
  const claims = claimsOf(results, recorded).map(({ claim, measured, answer }) => [claim, measured, ANSWERS[answer]]);
  const usual = suiteOf(STEADY_WORLD);
  const plans = passesOf(usual);
  const { most } = allowanceIn(usual, plans).parts[0]!;
  const sections = [
    "# The decision laboratory",
    "How often is tailgate right? This page is written by a program that judges thousands of pull requests whose truth is known, and counts. Nothing on it is typed by hand; one command makes it again.",
    results.full ? "" : "**This is a small run: its numbers show that the laboratory works, not how tailgate decides.**",
    "## What holds",
    "Each promise of the procedure against what came out. *Holds*: measured so, and the exact 95 % bound keeps the promise too. *Measured so*: the number keeps it, and this many pull requests cannot show more. *No*: it does not. Rows without an answer promise nothing.",
    table(["promise", "measured", "holds?"], claims),
    "## What was simulated",
    SIMULATED,
    "## Our rule, live",
    `Base and head in turn on one host, looked at after one pass, two, four and so on, and ended as soon as everything is decided, or ${plans} times the planned load was sent. A scenario may have up to ${most} passes where the others leave it the time. *Undecided* is an answer: it neither blocks nor passes. *Resolvable p99* is the change of p99 that the verdict said it would block in four cases of five (the median). *Ended*: why no further pass was played.`,
    ruleTable(results, "live"),
    image("coverage.svg", "Share of 90 % intervals that hold the truth"),
    "## Our rule, against stored runs",
    "One head run, up to three while undecided, against K runs of the default branch.",
    ruleTable(results, "stored"),
    "## Is the printed margin honest?",
    "A verdict prints the change that would be blocked in four cases of five. Here that very change was planted in a fresh pull request, in the tail alone for p99 and in everything otherwise, and the metric judged again.",
    powerTable(results),
    "## The rules of others, on the same pull requests",
    "Re-implemented from their sources and documentation; they judge the very requests that our rule judged. Any metric that fails blocks.",
    rivalList(),
    rivalTable(results),
    image("false-blocks.svg", "False blocks against detection of a 10 % regression, one point a rule"),
    image("power.svg", "How often each rule blocks, by the size of the regression"),
    "## What it costs to be as sure",
    "Each rule at several sizes, the others' thresholds set so that each blocks 1 % of the unchanged pull requests at that size (chosen on the same ones, in their favour). Each entry: +10 % in one of four scenarios blocked, requests that one pull request costs, and in brackets how many unchanged ones were blocked, and what one of those costs where it is not the same: a rule that shows that nothing changed needs more for it than one that merely sees nothing. Runs of the default branch cost nothing here.",
    efficiencyTable(results),
    "## What makes a comparison more precise",
    "A ratio of variances of 0.5 buys what twice the requests would; in brackets its 95 % interval.",
    ...results.studies.map(
      ({ name, about, replicates, table: { head, rows } }) => `### ${name}\n\n${about}; ${replicates} replicates.\n\n${table(head, rows)}`,
    ),
    "## Real servers",
    recordedSection(recorded),
    "## What this cannot show",
    LIMITS,
    "## Run it again",
    RERUN,
    `Made on ${results.date}, seed ${results.seed}, ${results.threads} threads, ${(results.wallS / 60).toFixed(1)} minutes, on ${results.machine}${renewedText(results)}. All numbers: [results.json](results.json).`,
    `<details><summary>Processor time</summary>\n\n${timeTable(results)}\n\n</details>`,
  ];
  return { "README.md": `${sections.filter((section) => section !== "").join("\n\n")}\n`, ...plots };
}

const renewedText = ({ renewed = [], cells }: Results): string =>
  renewed.length === 0
    ? ""
    : `; of ${cells.length} cells some were made again after a change of the procedure or of their number of pull requests: ${renewed
        .map((again) => `${again.cells} on ${again.date} on ${again.machine}`)
        .join("; ")}`;

const ANSWERS = { holds: "holds", measured: "measured so", no: "**no**", shown: "", "not run": "not run" } as const;

const SIMULATED = `A pull request is measured in four scenarios of 10,000 requests per endpoint; p50 may get 5 % slower, p95 and p99 10 %. It makes *one* scenario slower, or none. Requests become histograms and run records, and the product's own code compares and decides. Where a row says nothing else:

- **Requests** have a log-normal body (log sd 0.2), depend on their neighbours through a load that lasts some thirty requests, are half as slow again in one case of five, and stall for 2 % of the time with a heavy tail: p99 is about twice the median.
- **Blocks** are planned as the product plans them: forty pairs, or fewer where one would have less than a hundred requests.
- **The host** drifts by 2 % within a run. Two runs of one build differ by 3 %, their tails by hardly more; 70 % of that is common to all scenarios of the run. The built-in prior takes the p99 to differ by half as much again as the median, so that intervals of tails against stored runs are wider here than they need to be.
- **Two deployments** on one host differ by 0.5 %, in every run anew.
- *bursty*: stalls come in bursts of some hundred requests. *bimodal*: two narrow modes 60 % apart. *gap*: the median lies between the modes and their mixture differs from run to run by a point. *bad nodes*: 3 % of the runs meet a node that is 10 % slower. *two nodes*: the arms of a live run stand on different nodes, which differ as runs do; *unknown*: and nothing says so; *calibrated*: the suite says by how much runs or nodes differ.
- *queue*: not a formula but a mechanism. Poisson arrivals of three payload classes meet a server with dynamic batching (it waits 2 ms for company, at most eight together), whose answers vary in length, and which stalls now and then. A change is one of its service time; what that does to latency was measured on a million requests.`;

const LIMITS = `- A simulation shows what the procedure does in worlds like these. It is no proof for yours: \`tailgate doctor\` measures your own endpoint against itself.
- Changes multiply service times at once and for good. Caches that fill, leaks, and changes that come with load are not in it.
- Arms in turn do not disturb one another here.
- Noise between runs is normal, apart from bad nodes. Where nodes differ and nothing says so, no arithmetic on one run can find out: see *two nodes unknown*.
- The same worlds were looked at while the procedure was built.
- Other tools are judged by their decision rule alone, on metrics that we chose for them.
- "0 of n" bounds a rate; it does not make it nothing.`;

const RERUN = `\`\`\`sh
npm run bench:decisions -- --quick                  # every cell with a few pull requests
npm run bench:decisions -- --cells "live: steady"   # some cells in full, into .cache/bench-decisions/
npm run bench:decisions -- --write                  # everything, and this page
npm run bench:decisions -- --render                 # this page from results.json
\`\`\`

The same seed gives the same numbers on any machine and with any number of threads.`;
