import { redact } from "../suite/secrets.ts";
import type { ArmRecord, RequestRecord, RunRecord } from "./run-record.ts";

/**
 * The record with every secret masked in whatever the world wrote into it: messages, examples of failed answers, what the
 * endpoint says that it is, descriptions of the environment. Numbers, histograms and digests are not text: a short secret
 * could occur in them by chance, and masking it there would destroy the measurement.
 */
export function redactRecord(record: RunRecord, secrets: readonly string[]): RunRecord {
  if (secrets.length === 0) return record;
  const mask = (text: string): string => redact(text, secrets);
  const maskValues = <T extends Readonly<Partial<Record<string, string>>>>(object: T): T =>
    Object.fromEntries(Object.entries(object).map(([key, text]) => [key, text === undefined ? text : mask(text)])) as T;
  const maskArm = (arm: ArmRecord): ArmRecord => redactArm(arm, secrets);
  const { identity } = record;
  const { accepted, ...provenance } = record.provenance;
  return {
    ...record,
    provenance: {
      ...maskValues(provenance),
      ...(accepted === undefined ? {} : { accepted: accepted.map((change) => ({ ...change, reason: mask(change.reason) })) }),
    },
    environment: maskValues(record.environment),
    problems: record.problems.map((problem) => ({
      ...problem,
      message: mask(problem.message),
      ...(problem.headline === undefined ? {} : { headline: mask(problem.headline) }),
    })),
    identity:
      identity === undefined
        ? undefined
        : { ...identity, path: mask(identity.path), expected: mask(identity.expected), observed: mask(identity.observed) },
    scenarios: record.scenarios.map(({ arms, ...scenario }) => ({
      ...scenario,
      arms: {
        ...(arms.base === undefined ? {} : { base: maskArm(arms.base) }),
        ...(arms.head === undefined ? {} : { head: maskArm(arms.head) }),
      },
    })),
  };
}

const redactRequest = (request: RequestRecord, secrets: readonly string[]): RequestRecord => ({
  ...request,
  payloadClass: redact(request.payloadClass, secrets),
  ...(request.detail === undefined ? {} : { detail: redact(request.detail, secrets) }),
});

/** The same for what a run keeps of one arm while it is under way. */
export const redactArm = (arm: ArmRecord, secrets: readonly string[]): ArmRecord => ({
  ...arm,
  examples: Object.fromEntries(Object.entries(arm.examples).map(([kind, text]) => [kind, redact(text, secrets)])),
  ...(arm.slowest === undefined ? {} : { slowest: arm.slowest.map((request) => redactRequest(request, secrets)) }),
  ...(arm.failed === undefined ? {} : { failed: arm.failed.map((request) => redactRequest(request, secrets)) }),
});
