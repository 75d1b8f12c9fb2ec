import { describe, expect, test } from "vitest";
import { judgedByBase, withGatesOf } from "../../src/action/base-gates.ts";
import { InputError } from "../../src/core/errors.ts";
import { parseSuite } from "../../src/core/suite/parse.ts";

const text = (scenarios: readonly (readonly [name: string, gates: string])[], more = "") =>
  `name: s\ntarget: { protocol: raw }\nscenarios:\n${scenarios.map(([name, gates]) => `  - { name: ${name}, gates: { ${gates} } }\n`).join("")}${more}`;
const suite = (...of: Parameters<typeof text>) => parseSuite(text(...of), "tailgate.yaml").suite;
const STRICT = "latency.p99: { regression: 5% }";
const LOOSE = "latency.p99: { regression: 50% }";
const messages = ({ notes }: { notes: readonly { message: string; scenario?: string }[] }) =>
  notes.map(({ scenario, message }) => [scenario, message.split(/[,;:]/)[0]]);

describe("a suite is judged by the base branch", () => {
  test("as it is, without a word, where the gates are the same in another order", () => {
    const head = suite([["a", `${STRICT}, throughput: { regression: 1% }`]]);
    expect(withGatesOf(suite([["a", `throughput: { regression: 1% }, ${STRICT}`]]), head, "main")).toEqual({ suite: head, notes: [] });
  });

  test("by its gates where they differ, scenario by scenario, and nothing else of it changes", () => {
    const [base, head] = [
      suite([
        ["a", STRICT],
        ["b", STRICT],
      ]),
      suite([
        ["a", LOOSE],
        ["b", STRICT],
      ]),
    ];
    const judged = withGatesOf(base, head, "main");
    expect(judged.suite).toEqual(base);
    expect(messages(judged)).toEqual([["a", "its gates differ from those of main"]]);
  });

  test("within its limits of goodput, which a pull request could else widen until everything is good", () => {
    const limited = (latency: string) => suite([["a", "goodput.ratio: { limit: 99% }"]], `goodput: { latency: ${latency} }\n`);
    const judged = withGatesOf(limited("1s"), limited("20s"), "main");
    expect(judged.suite).toEqual(limited("1s"));
    expect(messages(judged)).toEqual([["a", "its limits of goodput differ from those of main"]]);
    expect(
      withGatesOf(suite([["a", STRICT]]), suite([["a", STRICT]], "goodput: { latency: 1s }\n"), "main").suite.scenarios[0],
    ).not.toHaveProperty("goodput");
  });

  test("by its own gates in a scenario that is new", () => {
    const head = suite([
      ["a", STRICT],
      ["new", LOOSE],
    ]);
    expect(withGatesOf(suite([["a", STRICT]]), head, "main")).toEqual({ suite: head, notes: [] });
  });

  test("and a scenario that it leaves out is not left out in silence", () => {
    expect(
      messages(
        withGatesOf(
          suite([
            ["a", STRICT],
            ["b", STRICT],
          ]),
          suite([["a", STRICT]]),
          "main",
        ),
      ),
    ).toEqual([["b", "main measures this scenario"]]);
  });

  test("by its error rates", () => {
    const [base, head] = [suite([["a", STRICT]]), suite([["a", STRICT]], "decision: { false-alarm: 0.01% }\n")];
    expect(head.decision).not.toEqual(base.decision);
    const judged = withGatesOf(base, head, "main");
    expect(judged.suite.decision).toEqual(base.decision);
    expect(messages(judged)).toEqual([[undefined, "decision differs from that of main"]]);
  });
});

describe("the suite of the base branch", () => {
  const head = suite([["a", LOOSE]]);
  const base = { sha: "1a2b3c4", branch: "main" };
  const asked: string[] = [];
  const judge = (answer: () => Promise<string | undefined>, file = "/work/perf/tailgate.yaml") =>
    judgedByBase({ readFile: (path, ref) => (asked.push(`${ref}:${path}`), answer()) }, { suite: head, file, base, workspace: "/work" });

  test("is read at its tip, by its path in the repository", async () => {
    asked.length = 0;
    const judged = await judge(() => Promise.resolve(text([["a", STRICT]])));
    expect(asked).toEqual(["1a2b3c4:perf/tailgate.yaml"]);
    expect(judged.suite.scenarios[0]!.gates[0]!.regression).toBe(0.05);
  });

  test("need not exist", async () => {
    expect(await judge(() => Promise.resolve(undefined))).toEqual({ suite: head, notes: [] });
  });

  test("is not looked for outside of the repository", async () => {
    asked.length = 0;
    expect(await judge(() => Promise.resolve(text([["a", STRICT]])), "/elsewhere/tailgate.yaml")).toEqual({ suite: head, notes: [] });
    expect(asked).toEqual([]);
  });

  test.each([
    ["is broken", () => Promise.resolve("name: [")],
    ["cannot be read", () => Promise.reject(new InputError("the token may not read perf/tailgate.yaml"))],
  ])("is missed aloud when it %s", async (_, answer) => {
    const judged = await judge(answer);
    expect(judged.suite).toEqual(head);
    expect(messages(judged)).toEqual([[undefined, "the suite of main cannot be read"]]);
  });
});
