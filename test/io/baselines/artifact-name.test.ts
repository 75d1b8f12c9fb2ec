import fc from "fast-check";
import { expect, test } from "vitest";
import {
  attemptOfArtifact,
  attemptOfShard,
  baselineArtifactName,
  legsArtifactName,
  runArtifactName,
  shardArtifactName,
} from "../../../src/io/baselines/artifact-name.ts";

const SECOND_OF_THREE = { index: 1, of: 3 };

test("what is kept of a leg has a name that says what it is", () => {
  expect(baselineArtifactName("chat", "H100 SXM")).toMatch(/^tailgate-baseline-chat-h100-sxm-[0-9a-f]{8}$/);
  expect(runArtifactName("chat", 2, "H100 SXM")).toMatch(/^tailgate-run-chat-h100-sxm-[0-9a-f]{8}-2$/);
  expect(shardArtifactName("chat", SECOND_OF_THREE, 2)).toMatch(/^tailgate-shard-chat-[0-9a-f]{8}-2of3-2$/);
  expect(legsArtifactName(".github/workflows/perf.yml#gate", 1)).toMatch(/^tailgate-legs-github-workflows-perf\.yml-gate-[0-9a-f]{8}-1$/);
});

test("no two legs share a name, and none is taken for another's", () => {
  const name = fc.string({ unit: "grapheme", maxLength: 8 });
  fc.assert(
    fc.property(name, name, name, name, fc.integer({ min: 1, max: 999 }), (suite, variant, otherSuite, otherVariant, attempt) => {
      const same = suite === otherSuite && variant === otherVariant;
      const [run, shard] = [runArtifactName(suite, attempt, variant), shardArtifactName(suite, SECOND_OF_THREE, attempt, variant)];
      expect(attemptOfArtifact(otherSuite, run, otherVariant)).toBe(same ? attempt : undefined);
      expect(attemptOfShard(otherSuite, shard, otherVariant)).toBe(same ? attempt : undefined);
      expect([attemptOfShard(suite, run, variant), attemptOfArtifact(suite, shard, variant)]).toEqual([undefined, undefined]);
    }),
  );
});

test("a name holds nothing that an artifact's may not", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (suite, variant) => {
      expect(shardArtifactName(suite, SECOND_OF_THREE, 1, variant)).toMatch(/^[\w.-]+$/);
    }),
  );
});
