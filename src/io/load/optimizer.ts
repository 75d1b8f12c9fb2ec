import { setFlagsFromString } from "node:v8";
import { isMainThread } from "node:worker_threads";

/**
 * V8 compiles hot code anew for as long as it becomes hotter, in threads that take turns with the sender on a machine of few
 * cores: at 50 requests/s for minutes, and one in a hundred requests leaves milliseconds late for it. So it is given its
 * chance before (calibration, warm-up), and none while a load is measured. What is hot by then has a cheaper compiler still.
 */
export type Optimizer = {
  /** So many requests were answered, by code that is the same for all. */
  readonly answered: (requests: number) => void;
  /** Keeps the optimizing compiler from starting anything, once it has had its chance. @returns ends that. */
  readonly rest: () => () => void;
};

/** After these, what sends a request is compiled for good. */
export const RUN_IN_REQUESTS = 5000;

/** @param set takes one V8 flag; it holds for the process, all of its threads. */
export function openOptimizer(set: (flag: string) => void): Optimizer {
  let answered = 0;
  let resting = 0;
  return {
    answered(requests) {
      answered += requests;
    },
    rest() {
      if (answered < RUN_IN_REQUESTS) return () => {};
      if (resting++ === 0) set("--no-turbofan");
      return () => {
        if (--resting === 0) set("--turbofan");
      };
    },
  };
}

/** What somebody has switched off is not switched on again. Several sending threads are for rates at which optimizing pays. */
const isOurs =
  isMainThread &&
  ![...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].some((flags) => /--(?:jitless|no-?opt|no-?turbofan|lite)/.test(flags));

/** That of this process. */
export const OPTIMIZER: Optimizer = openOptimizer(isOurs ? setFlagsFromString : () => {});
