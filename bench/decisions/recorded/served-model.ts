/** A real server of a model, and true changes of it that a gate should see. */
export type ServedModel = {
  readonly name: string;
  /** One sentence: what computes, and what a request is. */
  readonly about: string;
  /** The suite that it is measured with, YAML. */
  readonly suite: string;
  readonly changes: readonly Change[];
  /** Installs what is missing. Returns why it cannot run here, in one sentence, or undefined. */
  readonly prepare: () => string | undefined;
  /** The command of a server that prints `{"url": …}` as its first line. */
  readonly command: (options: readonly string[]) => Command;
};

export type Change = { readonly name: string; readonly options: readonly string[] };

export type Command = {
  readonly program: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly environment?: Readonly<Record<string, string>>;
};

/**
 * What all suites of this bench share: twelve pairs of one-second blocks of 100 requests or more, and the
 * gates that a suite without any gets, without their floors. The length is fixed, unless the bench is given a budget.
 */
export const scenarioAt = (ratePerS: number): string => `decision: { budget: 1 }
scenarios:
  - name: steady
    load: { rate: ${ratePerS}/s, arrivals: poisson, duration: 12s }
    warm-up: 2s
    block: { duration: 1s, requests: 100 }
    gates:
      latency.p50: { regression: 5% }
      latency.p95: { regression: 10% }
      latency.p99: { regression: 10% }
      errors.ratio: { limit: 1% }
`;
