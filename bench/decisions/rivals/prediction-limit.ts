import { mean, sampleStandardDeviation } from "simple-statistics";
import { studentQuantile } from "../../../src/core/stats/distributions.ts";
import { type Rival, worstOf } from "./rival.ts";

const RUNS = 20;
/** The upper boundary of the example in its documentation. */
const CONFIDENCE = 0.99;

/** Bencher's t-test: a new value beyond mean + t · s · √(1 + 1/K) of the last K values, each metric for itself. */
export const bencher: Rival = {
  name: "Bencher t-test .99",
  about: `any percentile of one head run beyond the 99 % prediction limit of the last ${RUNS} runs`,
  score: ({ heads, bases }) => worstOf(heads.slice(0, 1), bases.slice(-RUNS), ([head], stored) => predictionScore(head!, stored)),
  threshold: studentQuantile(CONFIDENCE, RUNS - 1),
  runs: 1,
};

/** How many standard errors of a prediction a new value lies above K stored ones; Student's t on K − 1. */
export const predictionScore = (value: number, stored: readonly number[]): number =>
  (value - mean([...stored])) / (sampleStandardDeviation([...stored]) * Math.sqrt(1 + 1 / stored.length));
