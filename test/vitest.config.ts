import { defineConfig } from "vitest/config";

/** These measure time on this very machine, so they run last, one after another. */
const MEASURING = [
  "test/end-to-end/**/*.test.ts",
  "test/io/load/**/*.test.ts",
  "test/io/demo/**/*.test.ts",
  "test/io/telemetry/**/*.test.ts",
];

/** The quick tests: what reads takes a minute and a half on two cores, what measures ten. */
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
          exclude: ["**/node_modules/**", "test/integration/**", ...MEASURING],
          sequence: { groupOrder: 0 },
        },
      },
      { extends: true, test: { name: "measuring", include: MEASURING, maxWorkers: 1, sequence: { groupOrder: 1 } } },
    ],
  },
});
