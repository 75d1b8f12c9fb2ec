/** One comparison of two demo servers, and what ought to be said of it. */
export type Planted = {
  readonly name: string;
  readonly base: readonly string[];
  readonly head: readonly string[];
  /** The kind of the first cause; undefined: none may be named. */
  readonly expected: string | undefined;
};

/** Each cause twice, in two strengths. */
export const PLANTED: readonly Planted[] = [
  { name: "preprocessing 4 ms longer", base: [], head: ["--preprocess-ms", "4"], expected: "preprocess" },
  { name: "preprocessing 8 ms longer", base: [], head: ["--preprocess-ms", "8"], expected: "preprocess" },
  { name: "batches of at most 1", base: [], head: ["--max-batch", "1"], expected: "batch-limit" },
  {
    name: "batches of at most 2, steps of 8 ms",
    base: ["--step-ms", "8"],
    head: ["--step-ms", "8", "--max-batch", "2"],
    expected: "batch-limit",
  },
  { name: "a leak of 48 KiB a request", base: [], head: ["--leak-kib", "48"], expected: "memory-growth" },
  { name: "a leak of 64 KiB a request", base: [], head: ["--leak-kib", "64"], expected: "memory-growth" },
  { name: "a clock at 60 %", base: [], head: ["--clock-factor", "0.6"], expected: "gpu-clock" },
  { name: "a clock that heat holds at 75 %", base: [], head: ["--clock-factor", "0.75", "--throttled"], expected: "gpu-clock" },
  { name: "no cache", base: ["--cache", "1000"], head: [], expected: "cache" },
  { name: "a cache of 4 results", base: ["--cache", "1000"], head: ["--cache", "4"], expected: "cache" },
];

/** Equal builds, with and without a cache, a queue and work before it. */
export const EQUAL: readonly Planted[] = [
  { name: "equal", base: [], head: [], expected: undefined },
  { name: "equal, with a cache", base: ["--cache", "1000"], head: ["--cache", "1000"], expected: undefined },
  { name: "equal, with queueing", base: ["--max-batch", "1"], head: ["--max-batch", "1"], expected: undefined },
  { name: "equal, slow preprocessing", base: ["--preprocess-ms", "6"], head: ["--preprocess-ms", "6"], expected: undefined },
];
