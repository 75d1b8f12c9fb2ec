/**
 * Suites for the action: short, with margins far wider than what a busy machine can add to the 300 ms of the preview.
 * `gates` stands in the braces of the scenario's `gates`.
 */
const suiteOf = (load: string, gates: string, headers = ""): string => `name: sentiment
target: { protocol: raw, timeout: 10s, ready: { timeout: 3s }${headers} }
scenarios:
  - name: steady
    load: { rate: 30/s, ${load} }
    warm-up: none
    gates: { ${gates} }
generator: { calibration: no }
`;

/** Needs a baseline. Two seconds hold two blocks, the fewest that show a spread. */
export const COMPARED = suiteOf("duration: 2s", "latency.p50: { regression: 100% }, errors.ratio: { limit: 50% }");

/** The same in half the time: never decided, for tests that no number decides. */
export const QUICK = suiteOf("duration: 1s", "latency.p50: { regression: 100% }, errors.ratio: { limit: 50% }");

/** Is decided without a baseline: passes a preview that answers, and one that fails one request in five. */
export const LIMITED = suiteOf("duration: 1s", "errors.ratio: { limit: 50% }");

/** The same load, with a promise that one failure in five breaks. */
export const LIMITED_STRICTLY = suiteOf("duration: 1s", "errors.ratio: { limit: 1% }");

/** Of no failure among 30 requests it is not decided, of none among 60 it passes; of 15 among 30 it fails. */
export const DECIDED_BY_TWO = `${suiteOf("duration: 1s", "errors.ratio: { limit: 9.2% }")}decision: { budget: 1 }\n`;

/** A suite of another name. */
export const called = (name: string, suite: string): string => suite.replace("name: sentiment", `name: ${name}`);

export const LONG = suiteOf("duration: 60s", "errors.ratio: { limit: 50% }");

/** Sends a credential from the environment. */
export const WITH_SECRET = suiteOf(
  "duration: 1s",
  "errors.ratio: { limit: 50% }",
  ', headers: { authorization: "Bearer ${env:API_TOKEN}" }',
);
