import { describe, expect, test } from "vitest";
import { parseExposition } from "../../../src/core/telemetry/exposition.ts";
import { filledBy, meanOf, namesOf, readServer, type ServerField } from "../../../src/core/telemetry/server-fields.ts";
import { toldBy } from "./sampled.ts";

const scrapeOf = (fields: readonly ServerField[], text: string) => readServer(fields, parseExposition(text).samples);
const told = (fields: readonly ServerField[], text: string) => toldBy(scrapeOf(fields, text));
const DEPTH = { metrics: ["queue.depth"], gauge: "q", over: "sum" } as const satisfies ServerField;

describe("a gauge", () => {
  test.each([
    ["sum", 9],
    ["mean", 4.5],
    ["max", 6],
  ] as const)("is taken over engines by %s", (over, value) => {
    expect(told([{ ...DEPTH, over }], 'q{engine="0"} 3\nq{engine="1"} 6\n')).toEqual({ "queue.depth": value });
  });

  test("is the highest of ranks that tell of the same thing, and exact duplicates count once", () => {
    const text = 'q{tp="0",dp="0"} 3\nq{tp="1",dp="0"} 5\nq{tp="0",dp="1"} 2\nq{tp="0",dp="1"} 2\n';
    expect(told([{ ...DEPTH, repeatedBy: ["tp"] }], text)).toEqual({ "queue.depth": 7 });
    expect(told([DEPTH], text)).toEqual({ "queue.depth": 10 });
  });

  test.each([
    ["NaN", 'q{a="1"} NaN\nq{a="2"} 5'],
    ["infinite", 'q{a="1"} +Inf\nq{a="2"} 5'],
    ["negative", 'q{a="1"} -1\nq{a="2"} 5'],
    ["above what it can be", 'q{a="1"} 101\nq{a="2"} 5'],
    ["a sum that is no number", 'q{a="1"} 1e308\nq{a="2"} 1e308'],
    ["not there", "r 1"],
  ])("is absent where one of its series is %s", (what, text) => {
    const most = what.startsWith("a sum") ? Number.MAX_VALUE : 100;
    expect(told([{ ...DEPTH, valid: [0, most] }], text)).toEqual({});
  });

  test("is what is left of another, where both are there and it is not below 0", () => {
    const used: ServerField = { metrics: ["host.memory.used"], gauge: "total", less: "free", over: "sum", scale: 1024 };
    expect(told([used], "total 10\nfree 4\n")).toEqual({ "host.memory.used": 6144 });
    expect(told([used], "total 10\n")).toEqual({});
    expect(told([used], "total 4\nfree 10\n")).toEqual({});
  });

  test("fills several metrics, and scales", () => {
    const memory: ServerField = {
      metrics: ["memory.resident", "memory.resident.peak"],
      gauge: "rss_kib",
      over: "sum",
      scale: 1024,
    };
    expect(told([memory], "rss_kib 2\n")).toEqual({ "memory.resident": 2048, "memory.resident.peak": 2048 });
  });
});

describe("the names of a series", () => {
  const newest: ServerField = { metrics: ["queue.depth"], gauge: { names: ["new", "old"] }, over: "sum" };

  test("are tried in their order, and only the first that is there counts", () => {
    expect(told([newest], "old 1\nnew 2\n")).toEqual({ "queue.depth": 2 });
    expect(told([newest], "old 1\n")).toEqual({ "queue.depth": 1 });
    expect(told([newest], "new NaN\nold 1\n")).toEqual({});
  });

  test("in a list of their own count together, as far as they are there", () => {
    const hits: ServerField = { metrics: ["cache.hit_ratio"], part: "hits", whole: { names: [["hits", "misses"]] } };
    expect(told([hits], "hits 1\nmisses 3\n")).toEqual({ "cache.hit_ratio": 0.25 });
    expect(told([hits], "misses 3\n")).toEqual({});
    expect(told([hits], "hits 3\n")).toEqual({ "cache.hit_ratio": 1 });
  });

  test("may want labels, or others than these", () => {
    const text = 'x{kind="a",device="eth0"} 1\nx{kind="b",device="lo"} 2\nx{device="lo"} 4\n';
    const of = (series: ServerField & { readonly gauge: unknown }) => told([series], text)["queue.depth"];
    expect(of({ ...DEPTH, gauge: { names: ["x"], where: { kind: /^(a|b)$/ } } })).toBe(3);
    expect(of({ ...DEPTH, gauge: { names: ["x"], unless: { device: /^lo$/ } } })).toBe(1);
    expect(of({ ...DEPTH, gauge: { names: ["x"], where: { kind: /^$/ } } })).toBe(4);
    expect(of({ ...DEPTH, gauge: { names: ["x"], where: { kind: /^c$/ } } })).toBeUndefined();
  });

  test("are all that is read", () => {
    const fields = [newest, meanOf("queue.time", ["wait"]), { metrics: ["cpu.cores"], total: { names: [["a", "b"]] } }] as const;
    expect([...namesOf(fields)]).toEqual(["new", "old", "wait_sum", "wait_count", "a", "b"]);
    expect(filledBy([...fields, newest])).toEqual(["queue.depth", "queue.time", "cpu.cores"]);
  });
});

describe("counters", () => {
  test("are divided, less what is no part of them", () => {
    const fields: readonly ServerField[] = [
      { metrics: ["inference.time"], part: "all_us", less: "queue_us", whole: "n", scale: 1e-6 },
      { metrics: ["queue.time"], part: "queue_us", whole: "n", scale: 1e-6 },
    ];
    expect(told(fields, "all_us 9e6\nqueue_us 1e6\nn 4\n")).toEqual({ "inference.time": 2, "queue.time": 0.25 });
    // Read one after the other, a part may be ahead of the whole: never a negative time.
    expect(told(fields, "all_us 1e6\nqueue_us 9e6\nn 4\n")).toMatchObject({ "inference.time": 0 });
    expect(told(fields, "all_us 9e6\nqueue_us NaN\nn 4\n")).toEqual({});
    expect(told(fields, "all_us 9e6\nqueue_us 1e6\n")).toEqual({});
  });

  test("per second are kept by series, so that each may begin anew on its own", () => {
    const field: ServerField = { metrics: ["preemptions"], total: "p", scale: 2 };
    expect(Object.values(scrapeOf([field], 'p{e="0"} 1\np{e="1"} 3\n').totals!["preemptions"]!)).toEqual([2, 6]);
    expect(told([field], 'p{e="0"} 1\np{e="1"} 3\n')).toEqual({ preemptions: 4 });
  });

  test("of one host are kept as their sum, where that is said", () => {
    const field: ServerField = {
      metrics: ["host.cpu.utilization"],
      part: { names: ["cpu"], unless: { mode: /^idle$/ } },
      whole: "cpu",
      addedUp: ["cpu", "mode"],
    };
    const text = 'cpu{cpu="0",mode="idle"} 6\ncpu{cpu="0",mode="user"} 2\ncpu{cpu="1",mode="user"} 2\n';
    const { part, whole } = scrapeOf([field], text).quotients!["host.cpu.utilization"]!;
    expect([Object.values(part), Object.values(whole)]).toEqual([[4], [10]]);
  });

  test("that are negative or no numbers are not used at all", () => {
    const field: ServerField = { metrics: ["cache.hit_ratio"], part: "h", whole: "q" };
    for (const text of ["h NaN\nq 5", "h 1\nq -5", 'h 1\nq{a="1"} 5\nq{a="2"} +Inf'])
      expect(scrapeOf([field], text).quotients).toBeUndefined();
  });
});

describe("several fields for one metric", () => {
  test("give way to the first that tells it", () => {
    const fields: readonly ServerField[] = [
      { ...DEPTH, gauge: "inner" },
      { ...DEPTH, gauge: "outer" },
    ];
    expect(told(fields, "outer 5\ninner 2\n")).toEqual({ "queue.depth": 2 });
    expect(told(fields, "outer 5\ninner NaN\n")).toEqual({ "queue.depth": 5 });
  });

  test("a share whose part was never counted gives way to one whose part was", () => {
    const fields: readonly ServerField[] = [
      { metrics: ["cache.hit_ratio"], part: "cached_tokens", whole: "tokens" },
      { metrics: ["cache.hit_ratio"], part: "reused_blocks", whole: "blocks" },
    ];
    expect(told(fields, "tokens 10\nreused_blocks 1\nblocks 4\n")).toEqual({ "cache.hit_ratio": 0.25 });
    expect(told(fields, "tokens 10\ncached_tokens 5\nreused_blocks 1\nblocks 4\n")).toEqual({ "cache.hit_ratio": 0.5 });
    expect(scrapeOf(fields, "tokens 10\nblocks 4\n").quotients).toMatchObject({ "cache.hit_ratio": { part: {} } });
  });
});
