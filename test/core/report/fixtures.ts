import type { Baseline, Candidate } from "../../../src/core/compare/baseline.ts";
import type { Comparison, Delta, Estimate, Evidence } from "../../../src/core/compare/comparison.ts";
import { attributionVerdict } from "../../../src/core/decide/attribution-words.ts";
import type { MetricVerdict, ScenarioVerdict, Verdict, VerdictWord } from "../../../src/core/decide/verdict.ts";
import { METRICS, type MetricName } from "../../../src/core/metric.ts";
import { Distribution } from "../../../src/core/record/distribution.ts";
import type {
  ArmRecord,
  BlockRecord,
  GaugeSummary,
  LooksRecord,
  Problem,
  RunRecord,
  ScenarioRecord,
} from "../../../src/core/record/run-record.ts";
import type { Artifacts, ReportInput } from "../../../src/core/report/report.ts";
import { DEFAULT_CONNECTION, DEFAULT_TLS } from "../../../src/core/suite/defaults.ts";
import { steadyRate } from "../../../src/core/suite/load.ts";
import type { Gate, Scenario, Suite } from "../../../src/core/suite/suite.ts";
import { USUAL_DECISION } from "../decision.ts";

/** A suite like the one in the README, with `names` as scenarios. */
export const makeSuite = (names: readonly string[] = ["steady"], name = "sentiment", gates: readonly Gate[] = GATES): Suite => ({
  version: 1,
  name,
  seed: 42,
  target: {
    protocol: "kserve-v2",
    endpoint: undefined,
    method: "POST",
    path: undefined,
    model: "sentiment",
    stream: false,
    maxTokens: undefined,
    tensorEncoding: "json",
    headers: {},
    timeoutS: 30,
    maxInFlight: 1000,
    ready: { path: "/v2/health/ready", timeoutS: 300 },
    identity: undefined,
    check: { status: undefined, contains: undefined },
    connection: DEFAULT_CONNECTION,
    tls: DEFAULT_TLS,
    retry: undefined,
  },
  payloads: [{ name: "default", weight: 1, content: { kind: "text", words: [5, 20] } }],
  scenarios: names.map(
    (scenario): Scenario => ({
      name: scenario,
      load: steadyRate(50, "poisson", 120),
      mix: undefined,
      together: undefined,
      warmUp: "auto",
      block: { durationS: 10, requests: 100 },
      gates,
    }),
  ),
  telemetry: [],
  decision: {
    ...USUAL_DECISION,
    pass: "resolvable",
  },
  generator: { threads: "auto", calibration: true },
});

const GATES: readonly Gate[] = [
  { metric: "latency.p99", regression: 0.1, floor: 0.002, limit: 0.5 },
  { metric: "throughput", regression: 0.1, floor: undefined, limit: undefined },
  { metric: "errors.ratio", regression: undefined, floor: undefined, limit: 0.01 },
  { metric: "gpu.memory.peak", regression: 0.02, floor: undefined, limit: undefined },
];

type Shape = { readonly tail?: number; readonly failures?: BlockRecord["failures"]; readonly blocks?: number };

/** One record with realistic distributions: log-normal around 24 ms, whose slowest 2 % are `tail` times slower. */
export function makeRecord(
  scenarios: readonly string[],
  arms: { readonly base?: Shape; readonly head?: Shape },
  overrides: Partial<RunRecord> = {},
): RunRecord {
  return {
    schema: 1,
    tool: "tailgate 0.1.0",
    suite: { name: "sentiment", digest: "9f2c41d07be8135ac4410e6f7a90b1d25c3388ee0471c92d", seed: 42 },
    provenance: { commit: "1a2b3c4d5e6f708192a3b4c5d6e7f8091a2b3c4d", ref: "refs/pull/812/head", runId: "1290045512", runAttempt: "1" },
    environment: { "cpu.model": "AMD EPYC 7763", "gpu.models": "1 × NVIDIA L4", "node.version": "24.21.0", "undici.version": "8.12.4" },
    startedAt: "2026-11-22T09:00:00.000Z",
    finishedAt: "2026-11-22T09:04:32.000Z",
    status: "complete",
    problems: [],
    identity: undefined,
    calibration: { ratePerS: 100, requests: 150, releaseP50S: 0.00016, releaseP99S: 0.0008, biasP50S: 0.00031, biasP99S: 0.0011 },
    scenarios: scenarios.map(
      (name, index): ScenarioRecord => ({
        name,
        load: { kind: "open", ratePerS: 50, arrivals: "poisson", durationS: 120 },
        arms: {
          ...(arms.base === undefined ? {} : { base: makeArm(arms.base, index * 400, 0, arms.head !== undefined) }),
          ...(arms.head === undefined ? {} : { head: makeArm(arms.head, index * 400, 1, arms.base !== undefined) }),
        },
      }),
    ),
    ...overrides,
  };
}

const withLooks = (record: RunRecord, looks: LooksRecord): RunRecord => ({
  ...record,
  scenarios: record.scenarios.map((scenario) => ({ ...scenario, looks })),
});

function makeArm(shape: Shape, startS: number, parity: 0 | 1, paired: boolean): ArmRecord {
  const count = shape.blocks ?? 12;
  return {
    warmUp: { durationS: 12, offered: 600, ok: 600, firstRequestS: 0.31 },
    blocks: Array.from({ length: count }, (_, pair): BlockRecord => {
      // ABBA: base and head change places from pair to pair.
      const place = paired ? 2 * pair + (pair % 2 === 0 ? parity : 1 - parity) : pair;
      const failed = Object.values(shape.failures ?? {}).reduce((sum, n) => sum + n, 0);
      return {
        index: place,
        pair: paired ? pair : undefined,
        startS: startS + 12 + place * 10.5,
        durationS: 10,
        offered: 500,
        ok: 500 - failed,
        failures: shape.failures ?? {},
        tokens: undefined,
        histograms: {
          latency: histogram(500 - failed, 0.024, 0.35, shape.tail ?? 1, pair),
          generator: histogram(500, 0.00012, 0.4, 1, pair),
        },
        gauges: { "gpu.memory.peak": gauge(11.2 * 1024 ** 3), "gpu.utilization": gauge(0.61) },
        generator: {
          seconds: 10,
          ...(pair === 3
            ? { pausedSeconds: 1, pausedArrivals: 50, pauseMaxS: 0.034 }
            : { pausedSeconds: 0, pausedArrivals: 0, pauseMaxS: 0 }),
          loopDelayMaxS: pair === 3 ? 0.034 : 0.004,
          utilization: 0.08,
          gcS: 0.011,
          gcMaxS: 0.004,
          stealRatio: 0.002,
          machineBusyRatio: 0.35,
        },
      };
    }),
    examples: shape.failures === undefined ? {} : { status: '503 {"error":"queue full"}', timeout: "no complete answer within 30 s" },
  };
}

const gauge = (mean: number): GaugeSummary => ({ n: 10, mean, min: mean, max: mean });

/** Quantiles of the distribution instead of draws: the same in every run, and smooth with few values. */
function histogram(n: number, medianS: number, sigma: number, tail: number, salt: number): string {
  const distribution = new Distribution();
  for (let i = 0; i < n; i++) {
    const p = (i + 0.5) / n;
    const wobble = 1 + 0.02 * Math.sin(salt * 1.7);
    distribution.recordNs(
      medianS * wobble * Math.exp(sigma * probit(p)) * (1 + (tail - 1) * Math.min(Math.max((p - 0.965) / 0.02, 0), 1)) * 1e9,
    );
  }
  return distribution.encode();
}

/** Winitzki's (2008) approximation of the normal quantile, to 0.2 %: fixtures need no more. */
function probit(p: number): number {
  const a = 0.147;
  const x = 2 * p - 1;
  const l = Math.log(1 - x * x);
  const t = 2 / (Math.PI * a) + l / 2;
  return Math.SQRT2 * Math.sign(x) * Math.sqrt(Math.sqrt(t * t - l / a) - t);
}

type Change = { readonly base: number; readonly head: number; readonly spread: number; readonly n?: number };

const estimate = (value: number, spread: number, n: number): Estimate => ({
  value,
  low: value * (1 - spread / 2),
  high: value * (1 + spread / 2),
  n,
});

/** A comparison with a 90 % interval of ± `spread` around the change. */
export function makeComparison(
  scenario: string,
  metric: MetricName,
  change: Change,
  gate?: Gate,
  more: Partial<Comparison> = {},
): Comparison {
  const { better, measure } = METRICS[metric];
  const relative = change.base === 0 ? undefined : change.head / change.base - 1;
  const absolute = change.head - change.base;
  const difference = measure.kind === "ratio" || (measure.kind === "gauge" && measure.scale === "difference");
  const delta: Delta = {
    scale: difference ? "difference" : "relative",
    relative,
    low: relative === undefined ? undefined : relative - change.spread,
    high: relative === undefined ? undefined : relative + change.spread,
    absolute,
    absoluteLow: absolute - change.spread * (difference ? 1 : change.base),
    absoluteHigh: absolute + change.spread * (difference ? 1 : change.base),
    confidence: 0.9,
  };
  const signed = (difference ? absolute : (relative ?? 0)) * (better === "lower" ? 1 : -1);
  const margin = gate?.regression;
  return {
    scenario,
    metric,
    gate,
    base: estimate(change.base, change.spread, change.n ?? 6000),
    head: estimate(change.head, change.spread, change.n ?? 6000),
    delta,
    margin,
    resolvableMargin: margin === undefined ? undefined : Math.max(margin, 1.9 * change.spread),
    worse: signed,
    worseLow: signed - 1.9 * change.spread,
    worseHigh: signed + change.spread,
    mannWhitney: metric === "latency.p50" ? { p: 0.31, cliffsDelta: 0.012 } : undefined,
    tailMannWhitney: metric === "latency.p99" && gate !== undefined ? { p: 0.38, cliffsDelta: 0.06 } : undefined,
    limit: gate?.limit === undefined ? undefined : { value: change.head, low: change.head * 0.97, high: change.head * 1.04 },
    planted: margin === undefined ? undefined : { size: margin, worse: margin * 1.000001, worseLow: margin - 1.9 * change.spread, margin },
    obstacles: [],
    moreData: undefined,
    ...more,
  };
}

export const judge = (comparison: Comparison, verdict: VerdictWord, reason: string): MetricVerdict => ({
  metric: comparison.metric,
  gated: comparison.gate !== undefined,
  verdict,
  reason,
  comparison,
});

export const gateOf = (metric: MetricName): Gate => GATES.find((gate) => gate.metric === metric)!;

/** What a healthy scenario looks like; `p99` replaces the row that decides. */
export function makeScenario(name: string, p99?: MetricVerdict, word: VerdictWord = p99?.verdict ?? "pass"): ScenarioVerdict {
  const quiet = (metric: MetricName, change: Change) =>
    judge(makeComparison(name, metric, change), "pass", `${metric} did not change beyond chance`);
  const gated = (metric: MetricName, change: Change) =>
    judge(makeComparison(name, metric, change, gateOf(metric)), "pass", `${metric} stays within its gate`);
  return {
    name,
    verdict: word,
    metrics: [
      quiet("latency.p50", { base: 0.0241, head: 0.0243, spread: 0.012 }),
      quiet("latency.p95", { base: 0.0431, head: 0.0436, spread: 0.021 }),
      p99 ?? gated("latency.p99", { base: 0.0544, head: 0.0551, spread: 0.034 }),
      // What made the p99 slower made the p99.9 slower, and fewer requests say so.
      word === "fail"
        ? quiet("latency.p999", { base: 0.071, head: 0.0869, spread: 0.34 })
        : quiet("latency.p999", { base: 0.071, head: 0.069, spread: 0.11 }),
      gated("throughput", { base: 49.9, head: 49.8, spread: 0.004 }),
      gated("errors.ratio", { base: 0, head: 0.002, spread: 0.0012 }),
      quiet("gpu.utilization", { base: 0.61, head: 0.62, spread: 0.012, n: 12 }),
      gated("gpu.memory.peak", { base: 11.2 * 1024 ** 3, head: 11.25 * 1024 ** 3, spread: 0.004, n: 12 }),
      quiet("gpu.power", { base: 61.2, head: 61.9, spread: 0.02, n: 12 }),
    ],
  };
}

export const makeVerdict = (
  verdict: VerdictWord,
  scenarios: readonly ScenarioVerdict[],
  reasons: readonly string[],
  evidence: Evidence = "live",
  problems: readonly Problem[] = [],
): Verdict => ({ verdict, evidence, reasons, problems, scenarios });

/** Names as the action gives them on a pull request. */
export const ARTIFACTS: Artifacts = {
  baseline: "tailgate-baseline-sentiment-54a2822f",
  head: "tailgate-run-sentiment-54a2822f-1",
  extendsBaseline: false,
};

export const LIVE: Baseline = { kind: "live", refused: [] };

export const storedBaseline = (scenarios: readonly string[], count: number): StoredBaseline => ({
  kind: "stored",
  runs: Array.from(
    { length: count },
    (_, index): Candidate => ({
      origin: `run ${812 - index} · commit ${(0x1a2b3c4 + index).toString(16)} · ${index + 2} commits before the merge base · artifact ${4711 - index}`,
      record: makeRecord(
        scenarios,
        { head: {} },
        {
          startedAt: `2026-11-${21 - index}T03:00:00.000Z`,
          finishedAt: `2026-11-${21 - index}T03:02:20.000Z`,
          provenance: { commit: `${(0x1a2b3c4 + index).toString(16)}d5e6f708192a3b4c5d6e7f8091a2b3c4d` },
        },
      ),
    }),
  ),
  refused: [{ origin: "run 790 · artifact 99", reason: "expired on 2026-11-01" }],
});

type StoredBaseline = Extract<Baseline, { kind: "stored" }>;

/** A stored run as a folder of them names it. */
const inFolder = ({ record }: Candidate, index: number): Candidate => ({ origin: `baselines/sentiment/${index + 1}.json`, record });

const FAILED_REASON = "steady: latency.p99 is 23 % slower (54.4 ms → 66.9 ms, 90 % interval +20 % … +26 %); the gate blocks at +10 %";

const failedP99 = (scenario: string): MetricVerdict =>
  judge(
    makeComparison(scenario, "latency.p99", { base: 0.0544, head: 0.0669, spread: 0.034 }, gateOf("latency.p99"), {
      tailMannWhitney: { p: 0.0004, cliffsDelta: 0.62 },
    }),
    "fail",
    FAILED_REASON.replace("steady", scenario),
  );

/** The server tells why. */
function failedByBatches(): Verdict {
  const scenario = makeScenario("steady", failedP99("steady"));
  const told = [
    makeComparison("steady", "queue.depth", { base: 0.42, head: 1.63, spread: 0.31, n: 12 }),
    makeComparison("steady", "batch.size", { base: 6.11, head: 3.09, spread: 0.06, n: 12 }),
  ];
  const metrics = [...scenario.metrics, ...told.map((comparison) => judge(comparison, "pass", "not gated"))];
  const symptom = metrics.find(({ verdict }) => verdict === "fail")!.comparison;
  const causes = [{ kind: "batch-limit", places: [], evidence: told.toReversed() }] as const;
  const attribution = attributionVerdict({ scenario: "steady", symptom, time: undefined, causes }, metrics, undefined)!;
  return makeVerdict("fail", [{ ...scenario, metrics, attribution }], [FAILED_REASON, `steady: ${attribution.sentence}`]);
}

const openP99 = (scenario: string): MetricVerdict =>
  judge(
    makeComparison(scenario, "latency.p99", { base: 0.0544, head: 0.0572, spread: 0.09 }, gateOf("latency.p99"), { moreData: 2.6 }),
    "inconclusive",
    `${scenario}: latency.p99 may be up to 14 % slower (90 % interval −3.9 % … +14 %); the gate blocks at +10 %, and this much data can only show changes from +17 %`,
  );

/** One input per picture a reviewer can meet; names of the golden files. */
export const CASES: Readonly<Record<string, () => ReportInput>> = {
  pass: () => ({
    suite: makeSuite(),
    verdict: makeVerdict("pass", [makeScenario("steady")], []),
    heads: [withLooks(makeRecord(["steady"], { base: {}, head: {} }), { passes: [1, 2], most: 4, stopped: "decided" })],
    baseline: LIVE,
  }),
  fail: () => ({
    suite: makeSuite(),
    verdict: failedByBatches(),
    heads: [
      withLooks(makeRecord(["steady"], { base: {}, head: { tail: 1.23, failures: { status: 1 } } }), {
        passes: [1],
        most: 4,
        stopped: "failed",
      }),
    ],
    baseline: LIVE,
  }),
  inconclusive: () => {
    const p99 = openP99("steady");
    return {
      suite: makeSuite(),
      verdict: makeVerdict("inconclusive", [makeScenario("steady", p99)], [p99.reason], "stored"),
      heads: [makeRecord(["steady"], { head: { tail: 1.05 } })],
      baseline: storedBaseline(["steady"], 4),
      artifacts: ARTIFACTS,
      policy: { onInconclusive: "warn", onNoBaseline: "warn", onInvalid: "fail" },
    };
  },
  "no-baseline": () => noBaseline("the artifact of suite sentiment on main has expired (retention 90 days); run the suite on main once"),
  "first-run": () =>
    noBaseline("no run of suite sentiment was ever stored for main; the first run there becomes the baseline", {
      onInconclusive: "fail",
      onNoBaseline: "warn",
      onInvalid: "fail",
    }),
  invalid: () => {
    const problem: Problem = {
      severity: "invalid",
      code: "generator-late",
      message: "our own delay reached 14.2 ms at p99, 26 % of the measured latency; give the runner more cores or lower the rate",
      scenario: "steady",
      arm: "head",
    };
    const p99 = judge(failedP99("steady").comparison, "invalid", "steady: the run was spoiled, so latency.p99 says nothing");
    const warning: Problem = { severity: "warning", code: "telemetry-lost", message: "dcgm: 31 of 240 samples are missing" };
    return {
      suite: makeSuite(),
      verdict: makeVerdict("invalid", [makeScenario("steady", p99)], [`steady: ${problem.message}`], "live", [problem, warning]),
      heads: [makeRecord(["steady"], { base: {}, head: { tail: 1.6 } }, { problems: [problem, warning] })],
      baseline: LIVE,
    };
  },
  scenarios: () => {
    const names = ["steady", "burst", "long-prompts"];
    const p99 = failedP99("burst");
    const unsure = openP99("long-prompts");
    return {
      suite: makeSuite(names),
      verdict: makeVerdict(
        "fail",
        [makeScenario("steady"), makeScenario("burst", p99), makeScenario("long-prompts", unsure)],
        [p99.reason, unsure.reason],
      ),
      heads: [makeRecord(names, { base: {}, head: { tail: 1.23, failures: { status: 3, timeout: 1 } } })],
      baseline: LIVE,
    };
  },
  "forty-scenarios": () => {
    const names = Array.from({ length: 40 }, (_, i) => `${["chat", "search", "rerank", "embed"][i % 4]}-${String(i + 1).padStart(2, "0")}`);
    const news = new Map([
      [names[6]!, failedP99(names[6]!)],
      [names[28]!, failedP99(names[28]!)],
      [names[11]!, openP99(names[11]!)],
      [names[34]!, openP99(names[34]!)],
    ]);
    return {
      suite: makeSuite(names),
      verdict: makeVerdict(
        "fail",
        names.map((name) => makeScenario(name, news.get(name))),
        [...news.values()].toSorted((a, b) => a.verdict.localeCompare(b.verdict)).map(({ reason }) => reason),
      ),
      heads: [makeRecord(names, { base: { blocks: 4 }, head: { tail: 1.23, blocks: 4 } })],
      baseline: LIVE,
    };
  },
  "few-blocks": () => {
    const unbounded = { low: undefined, high: undefined, absoluteLow: undefined, absoluteHigh: undefined };
    const few = makeComparison("steady", "latency.p99", { base: 0.0544, head: 0.0321, spread: 0 }, gateOf("latency.p99"));
    const p99 = judge(
      {
        ...few,
        delta: { ...few.delta!, ...unbounded },
        resolvableMargin: undefined,
        worseLow: undefined,
        worseHigh: undefined,
        obstacles: [{ code: "too-few-blocks", detail: { blocks: 1, needed: 2 } }],
      },
      "inconclusive",
      "latency.p99 is 41 % faster (54.4 ms → 32.1 ms, no interval); the gate blocks at +10 %; there are fewer than two blocks to see the noise from",
    );
    const open = makeComparison("steady", "ttft.p99", { base: 0.02, head: 0.0214, spread: 0.09 });
    const worse = makeComparison("steady", "ttft.p50", { base: 0.011, head: 0.0142, spread: 0.05 });
    const scenario = makeScenario("steady", p99);
    const metrics = [
      ...scenario.metrics,
      judge(worse, "fail", "ttft.p50 is 29 % slower; it is not gated"),
      judge({ ...open, delta: { ...open.delta!, high: undefined } }, "pass", "ttft.p99 is 7 % slower; it is not gated"),
    ];
    const warning = "warning: steady: ttft.p50 (+29 %) got worse and is not gated";
    return {
      suite: makeSuite(),
      verdict: makeVerdict("inconclusive", [{ ...scenario, metrics }], [`steady: ${p99.reason}`, warning], "stored"),
      heads: [makeRecord(["steady"], { head: { blocks: 1 } })],
      headPaths: ["tailgate-out/run.json"],
      baseline: { ...storedBaseline(["steady"], 3), runs: storedBaseline(["steady"], 3).runs.map(inFolder) },
    };
  },
  "cold-start": () => {
    const unbounded = { low: undefined, high: undefined, absoluteLow: undefined, absoluteHigh: undefined };
    const started = (metric: MetricName, base: number, head: number, gate?: Gate): Comparison => {
      const start = makeComparison("steady", metric, { base, head, spread: 0, n: 1 }, gate, { worseLow: undefined, worseHigh: undefined });
      const limit = gate?.limit === undefined ? undefined : { value: head, low: head, high: head };
      return { ...start, limit, delta: { ...start.delta!, ...unbounded }, obstacles: [{ code: "single-start", detail: {} }] };
    };
    const gate: Gate = { metric: "cold.first_success", regression: undefined, floor: undefined, limit: 30 };
    const reason = "cold.first_success is 41 s, over its limit of 30 s: a fact of this run, which says little about the next start";
    const scenario = makeScenario("steady");
    const metrics = [
      ...scenario.metrics,
      judge(started("cold.first_request", 0.31, 0.35), "inconclusive", "cold.first_request is 13 % slower; it is not gated"),
      judge(started("cold.first_success", 12, 41, gate), "fail", reason),
      judge(started("cold.steady", 14.2, 43.1), "inconclusive", "cold.steady is 204 % slower; it is not gated"),
    ];
    const message =
      "the head endpoint became 26 % faster while it was measured: latency.p50 went 13 ms → 10 ms within 110 s, so its numbers are an average over different states; it was still warming up: give it a longer warm-up";
    const problem: Problem = { severity: "warning", code: "drift", message, scenario: "steady", arm: "head" };
    return {
      suite: makeSuite(),
      verdict: makeVerdict("fail", [{ ...scenario, verdict: "fail", metrics }], [`steady: ${reason}`], "live", [problem]),
      heads: [makeRecord(["steady"], { base: {}, head: {} }, { problems: [problem] })],
      baseline: LIVE,
    };
  },
  "limit-only": () => {
    const input = noBaseline("no baseline was given; pass --baseline-endpoint URL");
    const over = makeComparison("steady", "latency.p99", { base: 0.61, head: 0.62, spread: 0.03 }, gateOf("latency.p99"), {
      base: undefined,
      delta: undefined,
      resolvableMargin: undefined,
    });
    const reason = "latency.p99 is 620 ms, over its limit of 500 ms beyond chance (at least 601 ms)";
    const metrics = [judge(over, "fail", reason), ...input.verdict.scenarios[0]!.metrics.slice(1)];
    const missing = ["no baseline was given; pass --baseline-endpoint URL", "undecided without a baseline: throughput in steady"];
    return {
      ...input,
      verdict: makeVerdict("fail", [{ name: "steady", verdict: "fail", metrics }], [`steady: ${reason}`, ...missing], "none"),
    };
  },
  hostile: () => {
    const suite = makeSuite([HOSTILE], HOSTILE);
    const p99 = judge(
      makeComparison(HOSTILE, "latency.p99", { base: 0.0544, head: 0.0669, spread: 0.034 }, gateOf("latency.p99")),
      "fail",
      `${HOSTILE}: latency.p99 is 23 % slower`,
    );
    const record = makeRecord([HOSTILE], { base: {}, head: { tail: 1.23, failures: { status: 2 } } });
    const [scenario] = record.scenarios;
    const hostileArm: ArmRecord = { ...scenario!.arms.head!, examples: { status: `500 ${HOSTILE}` } };
    return {
      suite,
      suitePath: "my suites/it's $(touch pwned).yaml",
      verdict: makeVerdict("fail", [makeScenario(HOSTILE, p99)], [p99.reason], "live", [
        { severity: "warning", code: "telemetry-lost", message: HOSTILE },
      ]),
      heads: [
        {
          ...record,
          provenance: { ...record.provenance, ref: HOSTILE },
          environment: { [HOSTILE]: HOSTILE },
          scenarios: [{ ...scenario!, arms: { ...scenario!.arms, head: hostileArm } }],
        },
      ],
      baseline: { kind: "live", refused: [{ origin: HOSTILE, reason: HOSTILE }] },
    };
  },
};

/** Everything that has a meaning somewhere: Markdown, HTML, tables, mentions, references, links, math, bidi, control. */
export const HOSTILE =
  "a|b `c` **d** <img src=x onerror=alert(1)> --> @octocat #1 GH-2 o/r#3 https://evil.example [x](http://e.example) $x$ :tada: ]]> \u202Etxt\u0007\n## h & ' \"";

function noBaseline(reason: string, policy?: ReportInput["policy"]): ReportInput {
  const missing = (metric: MetricName, change: Change) =>
    judge(
      makeComparison("steady", metric, change, gateOf(metric), {
        base: undefined,
        delta: undefined,
        worse: undefined,
        worseLow: undefined,
        worseHigh: undefined,
        resolvableMargin: undefined,
        obstacles: [{ code: "no-baseline", detail: {} }],
      }),
      "no-baseline",
      `steady: ${metric} has nothing to be compared with`,
    );
  const errors = judge(
    makeComparison("steady", "errors.ratio", { base: 0, head: 0, spread: 0.0005 }, gateOf("errors.ratio"), {
      base: undefined,
      delta: undefined,
    }),
    "pass",
    "steady: errors.ratio stays below its limit",
  );
  const metrics = [
    missing("latency.p99", { base: 0.0544, head: 0.0547, spread: 0.03 }),
    missing("throughput", { base: 49.9, head: 49.8, spread: 0.004 }),
    errors,
  ];
  return {
    suite: makeSuite(),
    verdict: makeVerdict(
      "no-baseline",
      [{ name: "steady", verdict: "no-baseline", metrics }],
      [reason, "undecided without a baseline: latency.p99 and throughput in steady"],
      "none",
    ),
    heads: [makeRecord(["steady"], { head: {} })],
    baseline: { kind: "none", reason, refused: [] },
    ...(policy === undefined ? {} : { policy }),
  };
}
