import { describe, expect, test } from "vitest";
import { type BatcherOptions, createBatcher, type Job, type JobEvent } from "../../../src/io/demo/batcher.ts";
import { makeWeights } from "../../../src/io/demo/model.ts";

const weights = makeWeights(7);
const classifyJob = (id: number, length: number): Job => ({ id, tokens: Array.from({ length }, (_, i) => i), task: { kind: "classify" } });
const batcher = (options: Partial<BatcherOptions> = {}) =>
  createBatcher(weights, { maxBatch: 4, tailFactor: 1, slowFactor: 1, ...options });

/** Runs until idle: in which step (from 1) each event came. */
function run(subject: ReturnType<typeof createBatcher>) {
  const events: (JobEvent & { readonly step: number })[] = [];
  const batches: number[] = [];
  for (let step = 1; !subject.idle(); step++) {
    const { events: made, batch } = subject.step();
    events.push(...made.map((event) => ({ ...event, step })));
    batches.push(batch);
  }
  return { events, batches, stepOf: (id: number) => events.find((event) => event.id === id)?.step };
}

describe("the batcher", () => {
  test("needs a step for every 16 tokens of an input", () => {
    for (const [length, steps] of [
      [1, 1],
      [16, 1],
      [17, 2],
      [320, 20],
    ] as const) {
      const subject = batcher();
      subject.submit(classifyJob(1, length));
      expect(run(subject).stepOf(1)).toBe(steps);
    }
  });

  test("lets a short input pass a long one", () => {
    const subject = batcher();
    subject.submit(classifyJob(1, 160));
    subject.step();
    subject.submit(classifyJob(2, 8));
    const { stepOf } = run(subject);
    expect(stepOf(2)).toBe(1);
    expect(stepOf(1)).toBe(9);
  });

  test("computes at most a batch at once, first come first served", () => {
    const subject = batcher({ maxBatch: 2 });
    for (const id of [1, 2, 3, 4, 5]) subject.submit(classifyJob(id, 8));
    const { batches, events } = run(subject);
    expect(batches).toEqual([2, 2, 1]);
    expect(events.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  });

  test("makes long inputs, and only them, tailFactor times the work", () => {
    const subject = batcher({ tailFactor: 1.5 });
    subject.submit(classifyJob(1, 320));
    subject.submit(classifyJob(2, 32));
    const { stepOf } = run(subject);
    expect(stepOf(1)).toBe(30);
    expect(stepOf(2)).toBe(2);
  });

  test("gives the same answers whatever the factors", () => {
    const answers = [batcher(), batcher({ tailFactor: 2, slowFactor: 2 })].map((subject) => {
      subject.submit(classifyJob(1, 200));
      return run(subject).events.map(({ step: _, ...event }) => event);
    });
    expect(answers[0]).toEqual(answers[1]);
  });

  test("writes one word a step, up to the number asked for", () => {
    const subject = batcher();
    subject.submit({ id: 1, tokens: [1, 2, 3], task: { kind: "generate", maxTokens: 5, ignoreEnd: true } });
    const { events } = run(subject);
    expect(events.map(({ kind, step }) => `${kind} ${step}`)).toEqual(["word 1", "word 2", "word 3", "word 4", "word 5", "generated 5"]);
    expect(events.at(-1)).toMatchObject({ reason: "length" });
  });

  test("ends an answer early when the model says so", () => {
    const subject = batcher();
    for (let id = 0; id < 40; id++)
      subject.submit({ id, tokens: [id, 5, 9], task: { kind: "generate", maxTokens: 200, ignoreEnd: false } });
    const ends = run(subject).events.filter((event) => event.kind === "generated");
    expect(ends).toHaveLength(40);
    expect(ends.some((event) => event.reason === "stop")).toBe(true);
  });

  test("forgets a cancelled job, waiting or running", () => {
    const subject = batcher({ maxBatch: 1 });
    subject.submit(classifyJob(1, 160));
    subject.submit(classifyJob(2, 160));
    subject.step();
    subject.cancel(1);
    subject.cancel(2);
    expect(subject.idle()).toBe(true);
  });
});
