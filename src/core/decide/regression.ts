import type { Comparison, Obstacle, ObstacleCode } from "../compare/comparison.ts";
import type { DecisionPolicy } from "../suite/suite.ts";
import { formatQuantity } from "./quantity.ts";
import type { Finding } from "./verdict.ts";
import { changeSentence, obstacleText, resolvableText, worseningText } from "./words.ts";

/**
 * Judges the `regression` part of a gate.
 *
 * Fail: worse by at least the margin, and worse beyond chance at the family-wise level. Pass: the upper bound lies
 * below the margin (or, by policy, below a resolvable margin under the ceiling), and nothing stands against saying so.
 * Everything else is undecided, and says what would decide it.
 */
export function judgeRegression(comparison: Comparison, policy: DecisionPolicy): Finding {
  const { margin, resolvableMargin, worse, worseLow, worseHigh, obstacles } = comparison;
  const missing = obstacles.find(({ code }) => MISSING.has(code));
  if (missing !== undefined) {
    return {
      verdict: missing.code === "not-measured" ? "inconclusive" : "no-baseline",
      sentence: `cannot be compared: ${obstacleText(missing)}`,
    };
  }
  const change = changeSentence(comparison);
  const blocks = margin === undefined ? "" : `the gate blocks at ${worseningText(comparison, margin)}`;
  const caution = obstacles.filter(({ code }) => CAUTIONS.has(code)).map((obstacle) => `; ${obstacleText(obstacle)}`);
  if (margin !== undefined && worse !== undefined && worse >= margin && worseLow !== undefined && worseLow > 0) {
    const doubt = obstacles.find((obstacle) => forbidsFail(obstacle, comparison));
    return doubt === undefined
      ? { verdict: "fail", sentence: `${change}; ${blocks}${caution.join("")}` }
      : {
          verdict: "inconclusive",
          sentence: `${change}, beyond the ${worseningText(comparison, margin)} at which the gate blocks, but ${obstacleText(doubt)}`,
        };
  }
  const doubts = obstacles.filter((obstacle) => forbidsPass(obstacle));
  if (doubts.length > 0 || margin === undefined || worseHigh === undefined || resolvableMargin === undefined)
    return undecided(comparison, doubts, `${change}; ${blocks}`);
  if (worseHigh < margin) return { verdict: "pass", sentence: `${change}; ${blocks}${caution.join("")}` };
  // A ceiling in percent says nothing about a share of failures or a temperature: those pass strictly or not at all.
  const mayBeCoarse = policy.pass === "resolvable" && comparison.delta?.scale === "relative";
  if (mayBeCoarse && worseHigh < resolvableMargin && resolvableMargin <= policy.ceiling) {
    const seen = resolvableText(comparison, resolvableMargin);
    return { verdict: "pass", sentence: `${change}; no change beyond ${seen}, the least this data can show; ${blocks}${caution.join("")}` };
  }
  return undecided(comparison, [], `${change}; ${blocks}`);
}

/** Without these there are no two numbers to compare. */
const MISSING: ReadonlySet<ObstacleCode> = new Set(["not-measured", "no-baseline", "base-not-measured"]);
/** Said with every verdict that they may have shaped. */
const CAUTIONS: ReadonlySet<ObstacleCode> = new Set(["token-count-differs", "different-hosts", "blocks-dropped", "censored"]);

/** A large change may be believed although little is known; it may not where its own evidence contradicts it. */
function forbidsFail({ code, detail }: Obstacle, { metric }: Comparison): boolean {
  switch (code) {
    case "shape-disagrees":
    case "phase-share-differs":
    case "runs-disagree":
    case "cache-differs":
    case "level-unsettled":
    case "like-an-outlier":
      return true;
    case "censored":
      return detail["base"] === 1;
    case "token-count-differs":
      return "headFrom" in detail && !/^(?:latency|service|session)\./.test(metric);
    default:
      return false;
  }
}

/** No claim that nothing moved may rest on less than the whole picture. */
function forbidsPass({ code, detail }: Obstacle): boolean {
  switch (code) {
    case "not-assessable":
    case "too-few-blocks":
    case "too-few-runs":
    case "single-start":
    case "cache-differs":
    case "level-unsettled":
    case "censored":
    case "phase-share-differs":
      return true;
    case "blocks-dropped":
      return Number(detail["dropped"]) > 0.1 * Number(detail["pairs"]);
    case "token-count-differs":
      // Longer answers that are no slower are a pass; shorter ones may hide that each token takes longer.
      return "headFrom" in detail || Number(detail["change"]) < 0;
    default:
      return false;
  }
}

function undecided(comparison: Comparison, doubts: readonly Obstacle[], sentence: string): Finding {
  const { moreData, resolvableMargin, margin, worse } = comparison;
  const why = doubts.map((doubt) => `; ${obstacleText(doubt)}`).join("");
  const resolves =
    doubts.length === 0 && resolvableMargin !== undefined && margin !== undefined && resolvableMargin > margin
      ? `; this data can show ${resolvableText(comparison, resolvableMargin)} at the least`
      : doubts.length === 0
        ? `; this data can ${resolvableMargin === undefined && worse !== undefined ? "show no change, however large" : "neither show nor rule that out"}`
        : "";
  const needs =
    moreData === undefined || moreData <= 1
      ? ""
      : `; it needs about ${formatQuantity(Math.ceil(moreData * 10) / 10, "1")}× the measured time`;
  return { verdict: "inconclusive", sentence: `${sentence}${why}${resolves}${needs}` };
}
