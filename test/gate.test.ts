import { expect, test } from "vitest";
import { judge } from "../src/gate.ts";
import { makeRecord, makeSuite } from "./core/compare/records.ts";

const RUN = { design: "single", blocks: 4, requestsPerBlock: 50 } as const;
const other = { ...makeRecord(RUN), suite: { name: "other", digest: "f".repeat(64), seed: 1 } };
const refusal = (origin: string, reason: string) => ({ origin, reason });

const absenceOf = (found: { readonly refused?: readonly ReturnType<typeof refusal>[]; readonly others?: number }) => {
  const candidates = Array.from({ length: found.others ?? 0 }, (_, i) => ({ origin: `run ${i}`, record: other }));
  const { baseline } = judge({
    suite: makeSuite(),
    suitePath: "suite.yaml",
    heads: [makeRecord(RUN)],
    found: { candidates, refused: found.refused ?? [], absence: "nothing is stored" },
    policy: {},
  });
  return baseline.kind === "none" ? baseline.reason : baseline.kind;
};

test("where nothing was found, the search says so", () => {
  expect(absenceOf({})).toBe("nothing is stored");
});

test("a single baseline that cannot be used is refused with its reason", () => {
  expect(absenceOf({ refused: [refusal("a", "expired on 2026-11-01")] })).toBe(
    "the only baseline found cannot be used: expired on 2026-11-01",
  );
});

test("a reason is said of all baselines only where all share it", () => {
  const expired = refusal("a", "expired on 2026-11-01");
  expect(absenceOf({ refused: [expired, { ...expired, origin: "b" }] })).toBe(
    "none of the 2 baselines found can be used: expired on 2026-11-01",
  );
  expect(absenceOf({ refused: [expired, refusal("b", "from a fork that is gone")] })).toBe(
    "none of the 2 baselines found can be used; the nearest: expired on 2026-11-01",
  );
});

test("a run that could be read is nearer than one that could not", () => {
  expect(absenceOf({ refused: [refusal("a", "expired on 2026-11-01")], others: 1 })).toMatch(
    /^none of the 2 baselines found can be used; the nearest: it was measured with another workload \(suite digest f{12}/,
  );
});
