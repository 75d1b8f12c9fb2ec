import { classify, generator, nextWord, openSequence, readTokens, rereadTokens, type Sequence, type Weights } from "./model.ts";

/** What the server is asked: to judge a text, or to continue it by up to `maxTokens` words. */
export type Job = {
  readonly id: number;
  readonly tokens: readonly number[];
  readonly task: { readonly kind: "classify" } | { readonly kind: "generate"; readonly maxTokens: number; readonly ignoreEnd: boolean };
};

export type JobEvent =
  | { readonly id: number; readonly kind: "classified"; readonly label: string; readonly score: number }
  | { readonly id: number; readonly kind: "word"; readonly word: string }
  | { readonly id: number; readonly kind: "generated"; readonly reason: "stop" | "length" };

export type BatcherOptions = {
  /** Sequences that are computed together; the others wait. */
  readonly maxBatch: number;
  /** How much more work an input of at least `LONG_TOKENS` tokens makes, ≥ 1. */
  readonly tailFactor: number;
  /** How much more work every step makes, ≥ 1. */
  readonly slowFactor: number;
};

/** Tokens of an input that one step reads. */
const CHUNK_TOKENS = 16;
/** From here an input belongs to the slow tail. */
const LONG_TOKENS = 128;

export type Batcher = {
  readonly submit: (job: Job) => void;
  /** Forgets a job whose caller has gone. */
  readonly cancel: (id: number) => void;
  readonly idle: () => boolean;
  /** Computes one step of every sequence in the batch; `batch` says how many those were, `joined` which jobs it was the first of. */
  readonly step: () => { readonly events: readonly JobEvent[]; readonly batch: number; readonly joined: readonly number[] };
};

/**
 * Batches like a modern inference server: at every step, finished sequences leave and waiting ones join, first come
 * first served, so that a short input never waits for a long one to end. A step reads the next 16 tokens of an input,
 * or writes one token of an answer.
 *
 * Source: Yu et al. (2022), Orca: A Distributed Serving System for Transformer-Based Generative Models, OSDI
 * (iteration-level scheduling).
 */
export function createBatcher(weights: Weights, { maxBatch, tailFactor, slowFactor }: BatcherOptions): Batcher {
  const again = Math.round(CHUNK_TOKENS * (slowFactor - 1));
  let waiting: Job[] = [];
  let active: Running[] = [];
  return {
    submit: (job) => {
      waiting.push(job);
    },
    cancel: (id) => {
      waiting = waiting.filter((job) => job.id !== id);
      active = active.filter(({ job }) => job.id !== id);
    },
    idle: () => active.length + waiting.length === 0,
    step: () => {
      const joining = waiting.splice(0, maxBatch - active.length);
      active.push(...joining.map((job) => start(job, tailFactor)));
      const batch = active.length;
      const events = active.flatMap((running) => {
        if (again > 0) rereadTokens(weights, running.sequence, 0, again);
        return advance(weights, running);
      });
      active = active.filter(({ done }) => !done);
      return { events, batch, joined: joining.map(({ id }) => id) };
    },
  };
}

type Running = {
  readonly job: Job;
  readonly sequence: Sequence;
  readonly random: () => number;
  /** Steps of second reading that are still to do, after the input was read once. */
  rereads: number;
  written: number;
  done: boolean;
};

function start(job: Job, tailFactor: number): Running {
  const steps = Math.ceil(job.tokens.length / CHUNK_TOKENS);
  return {
    job,
    sequence: openSequence(job.tokens, job.task.kind === "generate" ? job.task.maxTokens : 0),
    random: generator(job.tokens.reduce((hash, token) => Math.imul(hash, 31) + token, 7)),
    rereads: job.tokens.length >= LONG_TOKENS ? Math.round(steps * (tailFactor - 1)) : 0,
    written: 0,
    done: false,
  };
}

function advance(weights: Weights, running: Running): readonly JobEvent[] {
  const { job, sequence, random } = running;
  if (sequence.read < job.tokens.length) {
    readTokens(weights, sequence, CHUNK_TOKENS);
    if (sequence.read < job.tokens.length || running.rereads > 0) return [];
  } else if (running.rereads > 0) {
    running.rereads--;
    rereadTokens(weights, sequence, (running.rereads * CHUNK_TOKENS) % job.tokens.length, CHUNK_TOKENS);
    if (running.rereads > 0) return [];
  }
  if (job.task.kind === "classify") {
    running.done = true;
    return [{ id: job.id, kind: "classified", ...classify(sequence) }];
  }
  let word = nextWord(weights, sequence, random);
  while (word === undefined && job.task.ignoreEnd) word = nextWord(weights, sequence, random);
  if (word !== undefined) {
    readTokens(weights, sequence, 1);
    running.written++;
    if (running.written < job.task.maxTokens) return [{ id: job.id, kind: "word", word }];
  }
  running.done = true;
  const end = { id: job.id, kind: "generated", reason: word === undefined ? "stop" : "length" } as const;
  return word === undefined ? [end] : [{ id: job.id, kind: "word", word }, end];
}
