import { defineConfig } from "vitest/config";

/** These measure time on this very machine, so they run last, one after another. */
const MEASURING = [
  "test/end-to-end/**/*.test.ts",
  "test/io/load/**/*.test.ts",
  "test/io/demo/**/*.test.ts",
  "test/io/telemetry/**/*.test.ts",
];

/** These play whole runs and jobs, whose verdicts have wide margins: three at a time, since most of a run is waiting. */
const ACTING = [
  "test/end-to-end/action*.test.ts",
  "test/end-to-end/{bad-answers,cancel,compare,loads,newcomer,passes,resume,run,secrets,terminal,unreachable,wrong-input}.test.ts",
];

/** GitHub's own client keeps what the environment said when it was loaded: this is the first to load it, always. */
const ALONE = ["test/io/baselines/artifact-store.test.ts"];

/**
 * A machine that does something else makes a run invalid, and rightly. Such a test is tried once more, and `.ci/run`
 * names it: one that is named again and again is broken.
 */
const RETRY = 1;

/** The quick tests: what reads takes two minutes on two cores, what acts and what measures several each. */
export default defineConfig({
  test: {
    root: new URL("..", import.meta.url).pathname,
    testTimeout: 30_000,
    setupFiles: ["test/properties.ts"],
    projects: [
      {
        extends: true,
        test: {
          name: "reading",
          include: ["test/**/*.test.ts"],
          exclude: ["**/node_modules/**", "test/integration/**", ...MEASURING, ...ALONE],
          // Nothing here replaces a module or keeps state in one, so that each is loaded once per worker and not once per file.
          isolate: false,
          maxWorkers: "100%",
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: "acting", include: [...ACTING, ...ALONE], maxWorkers: 3, retry: RETRY, sequence: { groupOrder: 1 } } },
      {
        extends: true,
        test: { name: "measuring", include: MEASURING, exclude: ACTING, maxWorkers: 1, retry: RETRY, sequence: { groupOrder: 2 } },
      },
    ],
  },
});
