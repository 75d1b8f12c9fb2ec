import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Command, readCommands } from "../../../src/core/accept/command.ts";
import { METRIC_NAMES } from "../../../src/core/metric.ts";

const only = (body: string): Command => {
  const commands = readCommands(body);
  expect(commands).toHaveLength(1);
  return commands[0]!;
};
const P99 = { path: undefined, metric: "latency.p99" } as const;
const percent = (size: number) => ({ of: "regression", in: "percent", size }) as const;

describe("a command that accepts", () => {
  test.each<[string, string, Partial<Extract<Command, { kind: "accept" }>>]>([
    [
      "a change",
      "latency.p99 up to 30%: agreed in #123",
      { targets: [P99], largest: percent(0.3), until: undefined, reason: "agreed in #123" },
    ],
    ["a change until a day", "latency.p99 up to 30 % until 2026-12-31: x", { largest: percent(0.3), until: "2026-12-31" }],
    ["half a percent", "latency.p99 up to 0.5%: x", { largest: percent(0.005) }],
    ["several metrics", "latency.p99, ttft.p95 up to 30%: x", { targets: [P99, { path: undefined, metric: "ttft.p95" }] }],
    ["a metric of a scenario", "steady/latency.p99 up to 30%: x", { targets: [{ path: "steady", metric: "latency.p99" }] }],
    [
      "a metric of a scenario whose name has spaces and slashes, and of a suite",
      "sentiment/eu up to speed/long prompts/latency.p99 up to 30%: x",
      { targets: [{ path: "sentiment/eu up to speed/long prompts", metric: "latency.p99" }] },
    ],
    ["all of a scenario", "steady/* up to 30%: x", { targets: [{ path: "steady", metric: "*" }] }],
    ["everything", "* up to 30%: x", { targets: [{ path: undefined, metric: "*" }] }],
    ["a share by points", "errors.ratio up to 2 points: x", { largest: { of: "regression", in: "points", size: 0.02 } }],
    ["a share by points, in short", "errors.ratio up to 0.5pp: x", { largest: { of: "regression", in: "points", size: 0.005 } }],
    ["a temperature by degrees", "gpu.temperature up to 5°C: x", { largest: { of: "regression", in: "degrees", size: 5 } }],
    ["a limit by the value", "limit of latency.p99 up to 650ms: x", { targets: [P99], largest: { of: "limit", value: 0.65 } }],
    ["a limit of a share", "limit of errors.ratio up to 20%: x", { largest: { of: "limit", value: 0.2 } }],
    ["a limit of a count", "limit of queue.depth up to 12: x", { largest: { of: "limit", value: 12 } }],
    ["a lower limit", "limit of throughput down to 40/s: x", { largest: { of: "limit", value: 40 } }],
    ["with colons in its reason", "latency.p99 up to 30%: see: https://example.com/a:b", { reason: "see: https://example.com/a:b" }],
    ["in words of any case", "latency.p99 UP TO 30% Until 2026-12-31: x", { largest: percent(0.3), until: "2026-12-31" }],
  ])("%s", (_, text, expected) => {
    expect(only(`/tailgate accept ${text}`)).toMatchObject({ kind: "accept", ...expected });
  });

  test("stands on a line of its own among others, and its keyword may be capitalised by a telephone", () => {
    expect(readCommands("Fine by me.\n/Tailgate Accept latency.p99 up to 30%: x\nThanks!").map(({ kind }) => kind)).toEqual(["accept"]);
  });

  test("may have spaces that a person cannot tell from others, and characters that nobody sees", () => {
    const odd = "\u200B/tailgate\u00A0accept  latency.p99\u2009up to\u00A030\u00A0%:\u202Ereason";
    expect(only(odd)).toMatchObject({ kind: "accept", largest: percent(0.3), reason: "reason" });
  });
});

describe("a command that withdraws", () => {
  test.each<[string, Command]>([
    ["", { kind: "withdraw", targets: [{ path: undefined, metric: "*" }], of: "all" }],
    [": it was a mistake", { kind: "withdraw", targets: [{ path: undefined, metric: "*" }], of: "all" }],
    [" latency.p99", { kind: "withdraw", targets: [P99], of: "all" }],
    [" limit of steady/latency.p99: no", { kind: "withdraw", targets: [{ path: "steady", metric: "latency.p99" }], of: "limit" }],
  ])("/tailgate withdraw%s", (rest, expected) => {
    expect(only(`/tailgate withdraw${rest}`)).toEqual(expected);
  });

  test("and cannot be read is known for what it is", () => {
    expect(only("/tailgate withdraw latncy.p99")).toMatchObject({
      kind: "unreadable",
      isWithdrawal: true,
      hint: 'did you mean "latency.p99"?',
    });
  });
});

describe("a command that is not understood says what is wrong:", () => {
  test.each<[string, string, string]>([
    ["/tailgate", "it says nothing to do", "known are accept and withdraw"],
    ["/tailgate acept latency.p99 up to 30%: x", '"acept" is no command', "known are accept and withdraw"],
    ["/tailgate accept", "it does not say how much", "write it like /tailgate accept METRIC up to 30%: REASON"],
    ["/tailgate accept latency.p99: x", "it does not say how much", "write it like /tailgate accept METRIC up to 30%: REASON"],
    ["/tailgate accept latncy.p99 up to 30%: x", 'there is no metric "latncy.p99"', 'did you mean "latency.p99"?'],
    ["/tailgate accept steady/ up to 30%: x", "a metric is missing", "name the metrics, separated by commas"],
    ["/tailgate accept latency.p99, up to 30%: x", "a metric is missing", "name the metrics, separated by commas"],
    ["/tailgate accept /latency.p99 up to 30%: x", 'there is no scenario before the slash of "/latency.p99"', "write SCENARIO/METRIC"],
    ["/tailgate accept latency.p99 up to 30: x", '"30" is no size of a change', "write a percentage, for example 30%"],
    ["/tailgate accept latency.p99 up to a lot: x", '"a lot" is no size of a change', "write a percentage, for example 30%"],
    ["/tailgate accept latency.p99 up to -3%: x", "-3% is negative", "write a percentage, for example 10%"],
    ["/tailgate accept latency.p99 up to 0%: x", "no change is no regression to accept", "write how much worse it may be"],
    ["/tailgate accept throughput up to 100%: x", "throughput cannot lose more than all of itself", "write less than 100%"],
    ["/tailgate accept errors.ratio up to 30%: x", "errors.ratio changes by points, not by a percentage", 'write it like "up to 2 points"'],
    ["/tailgate accept latency.p99 up to 3 points: x", "latency.p99 changes by a percentage, not by points", 'write it like "up to 30%"'],
    [
      "/tailgate accept limit of * up to 30%: x",
      "a limit cannot be accepted with *",
      "name the metric: a hard limit is there so that nobody passes it by accident",
    ],
    [
      "/tailgate accept limit of latency.p99 up to 30%: x",
      '"30%" has the unknown unit "%"',
      "units are us, ms, s, m, h: write a duration, for example 10s",
    ],
    [
      "/tailgate accept limit of latency.p99, throughput up to 1s: x",
      "latency.p99 and throughput have different units",
      "accept them in two lines",
    ],
    ["/tailgate accept latency.p99 up to 30% until tomorrow: x", '"tomorrow" is no date', "write it like until 2026-12-31"],
    ["/tailgate accept latency.p99 up to 30% until 2026-02-30: x", '"2026-02-30" is no date', "write it like until 2026-12-31"],
    [
      "/tailgate accept latency.p99 up to 30%",
      "it gives no reason",
      "write one after a colon, on the same line: /tailgate accept METRIC up to 30%: REASON",
    ],
    [
      "/tailgate accept latency.p99 up to 30%:\nbecause",
      "it gives no reason",
      "write one after a colon, on the same line: /tailgate accept METRIC up to 30%: REASON",
    ],
    [
      "/tailgate accept latency.p99 up to 30%: …",
      "it gives no reason",
      "write one after a colon, on the same line: /tailgate accept METRIC up to 30%: REASON",
    ],
    ["/tailgate accept latency.p99 up to 30%: REASON", "REASON is the place for a reason", "write yours there"],
    [`/tailgate accept latency.p99 up to 30%: ${"é".repeat(501)}`, "its reason has 501 characters", "write at most 500"],
    [`/tailgate accept latency.p99 up to 30%: ${"x".repeat(3000)}`, "it is longer than 2000 characters", "write a shorter reason"],
    [
      "> so?\n/tailgate accept latency.p99 up to 30%: x",
      "it stands right below a quoted line, which takes it into the quote",
      "leave an empty line above it",
    ],
  ])("%s", (body, problem, hint) => {
    expect(only(body)).toMatchObject({ kind: "unreadable", problem, hint });
  });
});

describe("no command is", () => {
  test.each([
    ["a quoted line", "> /tailgate accept latency.p99 up to 30%: x"],
    ["a line of code", "```\n/tailgate accept latency.p99 up to 30%: x\n```"],
    ["an indented line", "    /tailgate accept latency.p99 up to 30%: x"],
    ["code in a line", "`/tailgate accept latency.p99 up to 30%: x`"],
    ["a hidden line", "<!--\n/tailgate accept latency.p99 up to 30%: x\n-->"],
    ["a part of a sentence", "please write /tailgate accept latency.p99 up to 30%: x"],
    ["an item of a list", "- /tailgate accept latency.p99 up to 30%: x"],
    ["another word", "/tailgates accept latency.p99 up to 30%: x"],
  ])("%s", (_, body) => {
    expect(readCommands(body)).toEqual([]);
  });
});

describe("whatever a comment holds,", () => {
  const piece = fc.oneof(
    fc.constantFrom(
      "/tailgate",
      "accept",
      "withdraw",
      "limit of",
      "up to",
      "until",
      ":",
      ",",
      "/",
      "*",
      "\n",
      "%",
      "30%",
      "2 points",
      "2026-12-31",
      "> ",
      "```",
      "<!--",
      "-->",
      "@octocat",
      "|",
      "\u202E",
      "\u0000",
    ),
    fc.constantFrom(...METRIC_NAMES),
    fc.string({ unit: "binary", maxLength: 8 }),
    fc.string({ unit: "grapheme", maxLength: 8 }),
  );

  test("reading it ends in commands whose every part is bounded and on one line", () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
        const commands = readCommands(pieces.join(" "));
        expect(commands.length).toBeLessThanOrEqual(21);
        for (const command of commands) {
          const texts = command.kind === "accept" ? [command.reason] : command.kind === "unreadable" ? [command.text] : [];
          for (const text of texts) {
            expect(text).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
            expect(Array.from(text).length).toBeLessThanOrEqual(500);
          }
          if (command.kind === "accept") {
            expect(command.reason).toMatch(/[\p{L}\p{N}]/u);
            expect(command.targets.length).toBeGreaterThan(0);
            expect(command.largest.of === "limit" ? command.largest.value : command.largest.size).toBeGreaterThanOrEqual(0);
          }
        }
      }),
      { numRuns: 500 },
    );
  });

  test("what is written in the form is read as it is meant", () => {
    const metric = fc.constantFrom(...METRIC_NAMES.filter((name) => name.startsWith("latency")));
    const scenario = fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9 ._/-]{0,20}[A-Za-z0-9._-])?$/).map((name) => name.replace(/ +/g, " "));
    const reason = fc
      .string({ unit: "grapheme-ascii", minLength: 1, maxLength: 60 })
      .map((text) => text.replace(/\s+/g, " ").trim())
      .filter((text) => /[a-z0-9]/i.test(text) && text !== "REASON" && !text.includes("<!--"));
    const tenths = fc.integer({ min: 1, max: 100_000 });
    fc.assert(
      fc.property(metric, fc.option(scenario), tenths, reason, (name, path, size, why) => {
        const line = `/tailgate accept ${path === null ? "" : `${path}/`}${name} up to ${size / 10}%: ${why}`;
        const expected = {
          kind: "accept",
          targets: [{ path: path ?? undefined, metric: name }],
          largest: percent(Number(`${size / 10}e-2`)),
          reason: why,
        };
        expect(only(line), line).toMatchObject(expected);
      }),
    );
  });

  test("only twenty commands are read, and that the rest was not may be a withdrawal", () => {
    const commands = readCommands("/tailgate accept latency.p99 up to 30%: x\n".repeat(30));
    expect(commands.map(({ kind }) => kind)).toEqual([...Array<string>(20).fill("accept"), "unreadable"]);
    expect(commands.at(-1)).toMatchObject({ problem: "only 20 commands of a comment are read", isWithdrawal: true });
  });
});
