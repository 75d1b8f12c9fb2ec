import { choice } from "../commands/policy.ts";
import { InputError } from "../core/errors.ts";
import type { Policy } from "../core/report/report.ts";
import type { Job } from "./job.ts";

export type Inputs = ReturnType<typeof readInputs>;

/** @throws {InputError} for a value that is none of its input's choices. */
export function readInputs({ input }: Pick<Job, "input">) {
  return {
    mode: oneOf("mode", input("mode") || "gate", ["gate", "measure", "report", "shard", "merge"]),
    /** Paths, at least one; more than one only where several suites are judged at once. */
    suites: linesOf(input("suite") || "tailgate.yaml"),
    endpoint: input("endpoint"),
    baselineEndpoint: input("baseline-endpoint"),
    /** Tell apart the legs of a matrix that run one suite; empty where it runs once, several only where legs are merged. */
    variants: linesOf(input("variant")),
    /** `2/3`; empty outside mode shard. */
    shard: input("shard"),
    startAt: input("start-at"),
    baseline: oneOf("baseline", input("baseline") || "artifact", ["artifact", "branch", "directory", "none"]),
    baselineDirectory: input("baseline-directory") || "baselines",
    baselineBranch: input("baseline-branch"),
    baselineWorkflow: input("baseline-workflow"),
    baselineStoreBranch: input("baseline-store-branch") || "tailgate-baselines",
    token: input("github-token"),
    policy: {
      onInconclusive: choice("on-inconclusive", input("on-inconclusive")) ?? "warn",
      onNoBaseline: choice("on-no-baseline", input("on-no-baseline")) ?? "warn",
      onInvalid: choice("on-invalid", input("on-invalid")) ?? "fail",
    } satisfies Policy,
    comment: oneOf("comment", input("comment") || "always", ["always", "on-change", "never"]),
    checkRun: oneOf("check-run", input("check-run") || "never", ["never", "always"]),
    acceptLabel: input("accept-label"),
    out: input("out") || "tailgate-out",
  } as const;
}

/**
 * The one suite of a mode that measures.
 *
 * @throws {InputError} where several are named.
 */
export function onlySuite({ suites, mode }: Inputs): string {
  return only("suite", suites, mode) ?? "tailgate.yaml";
}

/**
 * The one leg of a matrix that a mode that measures is; empty for a suite that runs once.
 *
 * @throws {InputError} where several are named.
 */
export function onlyVariant({ variants, mode }: Inputs): string {
  return only("variant", variants, mode) ?? "";
}

function only(name: string, values: readonly string[], mode: string): string | undefined {
  if (values.length <= 1) return values[0];
  throw new InputError(`${name}: mode ${mode} takes one, and there are ${values.length}`, {
    hint: "measure each in a job of its own; mode merge judges them together",
  });
}

const linesOf = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

function oneOf<const T extends string>(name: string, value: string, choices: readonly T[]): T {
  const known = choices.find((word) => word === value);
  if (known === undefined)
    throw new InputError(`${name}: ${JSON.stringify(value)} is not a choice`, { hint: `write ${choices.join(", ")}` });
  return known;
}
