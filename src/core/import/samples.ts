import { InputError, InputErrors } from "../errors.ts";
import { recordedLoad } from "../plan/recorded-load.ts";
import { RUN_RECORD_SCHEMA, type RunRecord } from "../record/run-record.ts";
import { suggest } from "../suite/nearest.ts";
import type { Scenario, Suite } from "../suite/suite.ts";
import { cutBlocks } from "./cut-blocks.ts";
import { readSamples } from "./read-samples.ts";

export type ImportTarget = {
  readonly suite: Suite;
  readonly digest: string;
  /** By name; absent where nobody compares scenario by scenario. */
  readonly scenarioDigests?: ReadonlyMap<string, string>;
  /** The scenario of the suite that the samples measure. */
  readonly scenario: string;
};

/**
 * One run measured by another tool, as a run record: a CSV file with the header `at_ms,latency_ms,outcome` and, if it
 * likes, `ttft_ms,tokens`. Rows in any order; further columns are passed over.
 *
 * - `at_ms`: when the request was meant to start. Any zero; milliseconds since 1970 date the record too.
 * - `latency_ms`: from there to its end. Required for `ok` and `timeout`, which counts with it (censored), and ignored
 *   for other failures: they enter no latency, and always the error ratio.
 * - `outcome`: `ok`, a failure kind of tailgate, or any other word for a failed request.
 * - `ttft_ms`, `tokens`: of ok requests; may be empty.
 *
 * The file says nothing about the generator that made it: whether that was late cannot be checked, and the record says so.
 *
 * @throws {InputError} with file:line:column; all mistakes of a file at once, up to twenty.
 */
export function importSamples(source: { readonly name: string; readonly text: string }, target: ImportTarget): RunRecord {
  const scenario = scenarioOf(target);
  const { samples, errors } = readSamples(source.name, source.text);
  if (errors.length > 0) throw errors.length === 1 ? errors[0]! : new InputErrors(errors);
  const [first] = samples;
  const last = samples.at(-1);
  if (first === undefined || last === undefined) {
    throw new InputError("there is no sample below the header: a run without requests shows nothing", {
      position: { file: source.name, line: 1, column: 1 },
      hint: "write one line per request",
    });
  }
  const { blocks, examples } = cutBlocks(samples, scenario.block);
  const measuredS = blocks.reduce((sum, { durationS }) => sum + durationS, 0);
  const startedMs = first.atMs >= SINCE_1970_MS && last.atMs <= LATEST_MS ? first.atMs : 0;
  const endMs = samples.reduce((latest, sample) => Math.max(latest, sample.atMs + (sample.latencyMs ?? 0)), last.atMs) - first.atMs;
  const digest = target.scenarioDigests?.get(scenario.name);
  return {
    schema: RUN_RECORD_SCHEMA,
    tool: "tailgate import samples",
    suite: { name: target.suite.name, digest: target.digest, seed: target.suite.seed },
    provenance: {},
    environment: {},
    startedAt: new Date(startedMs).toISOString(),
    finishedAt: new Date(Math.min(startedMs + endMs, LATEST_MS)).toISOString(),
    status: "complete",
    problems: [
      {
        severity: "warning",
        code: "generator-unknown",
        message: `imported from ${source.name}: whether the load generator was on time cannot be checked`,
        scenario: scenario.name,
        arm: "head",
      },
    ],
    identity: undefined,
    scenarios: [
      {
        name: scenario.name,
        ...(digest === undefined ? {} : { digest }),
        load: recordedLoad(scenario.load, samples.length / measuredS),
        arms: { head: { warmUp: { durationS: 0, offered: 0, ok: 0, firstRequestS: undefined }, blocks, examples } },
      },
    ],
  };
}

/** Earlier than 1980 it is hardly a date, but an offset. */
const SINCE_1970_MS = Date.UTC(1980, 0, 1);
const LATEST_MS = Date.UTC(9999, 0, 1);

function scenarioOf({ suite, scenario }: ImportTarget): Scenario {
  const found = suite.scenarios.find(({ name }) => name === scenario);
  if (found !== undefined) return found;
  const names = suite.scenarios.map(({ name }) => name);
  throw new InputError(`suite ${JSON.stringify(suite.name)} has no scenario ${JSON.stringify(scenario)}`, {
    hint: suggest(scenario, names),
  });
}
