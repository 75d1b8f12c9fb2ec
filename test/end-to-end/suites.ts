/** A short suite around its parts, as YAML. */
export function suite({
  name = "small",
  target = "protocol: raw",
  timeout = "10s",
  ready = "timeout: 1s",
  load = "rate: 100/s, duration: 1s",
  gates,
  more = "",
  calibration = "no",
}: {
  readonly name?: string;
  /** What stands in the braces of `target`, besides its short times. */
  readonly target?: string;
  /** Of a request. */
  readonly timeout?: string;
  readonly ready?: string;
  readonly load?: string;
  /** What stands in the braces of `gates`. Undefined: the default gates. */
  readonly gates?: string;
  /** Further lines. */
  readonly more?: string;
  /** Two seconds of each run, hence only where a test is about it. */
  readonly calibration?: "yes" | "no";
} = {}): string {
  return `name: ${name}
target: { timeout: ${timeout}, ready: { ${ready} }, ${target} }
scenarios:
  - name: steady
    load: { ${load} }
    warm-up: none
${gates === undefined ? "" : `    gates: { ${gates} }\n`}${more}generator: { calibration: ${calibration} }
`;
}

/** A gate that an endpoint which answers passes after a hundred requests: its bound is exact, however the blocks differ. */
export const EASY_LIMIT = "errors.ratio: { limit: 5% }";

/**
 * A closed loop: it is never late, however busy the machine is. For runs that must be valid.
 */
export const CALM_LOAD = "concurrency: 16, duration: 1s";

/** A further line: blocks of one second, the shortest. */
export const SHORT_BLOCKS = "    block: { duration: 1s, requests: 1 }\n";
