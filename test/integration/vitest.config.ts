import { defineConfig } from "vitest/config";

/** Real models and whole runs, minutes each: one file at a time, because they measure latency on this very machine. */
export default defineConfig({
  test: {
    root: new URL("../..", import.meta.url).pathname,
    include: ["test/integration/**/*.test.ts"],
    testTimeout: 600_000,
    hookTimeout: 300_000,
    fileParallelism: false,
    // As in test/vitest.config.ts: named by `.ci/run`.
    retry: 1,
  },
});
