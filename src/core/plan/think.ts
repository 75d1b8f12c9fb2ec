import type { ThinkTime } from "../suite/suite.ts";
import { exponential, type Generator, uniform } from "./random.ts";

/** A pause, in seconds. */
export function drawThinkS(think: ThinkTime, next: Generator): number {
  switch (think.kind) {
    case "fixed":
      return think.seconds;
    case "uniform":
      return think.lowS + uniform(next) * (think.highS - think.lowS);
    case "exponential":
      return think.meanS * exponential(next);
  }
}
