import type { Cause } from "../compare/causes.ts";
import { MECHANISM_KINDS } from "../compare/mechanisms.ts";
import { PARTS } from "../compare/time-parts.ts";

/** For the schema: where time may go, and what may be named. */
export const PART_NAMES = PARTS;
export const CAUSE_KINDS = ["memory-growth", ...MECHANISM_KINDS, ...PARTS] as const satisfies readonly Cause["kind"][];

/** What a cause is called after "consistent with", and what to look at next. */
export const CAUSE_WORDS: Readonly<Record<Cause["kind"], { readonly title: string; readonly next: string }>> = {
  network: {
    title: "more time on the network",
    next: "check connections, TLS, proxies and the size of the answers between here and the endpoint",
  },
  preprocess: { title: "slower preprocessing", next: "profile tokenization, decoding and validation before the queue" },
  queue: { title: "more queueing", next: "check the batch limit, the number of workers, and what holds them up" },
  prefill: { title: "slower prefill", next: "check prompt lengths, prefix caching and chunked prefill" },
  "first-token": {
    title: "more time before the first token, beyond the queue",
    next: "check prompt lengths, prefix caching and prefill; the server's own times of queue and prefill would tell them apart",
  },
  decode: { title: "slower decoding", next: "check batch composition, kernels and quantization of the decode step" },
  model: { title: "more time in the model", next: "compare model, kernels, precision and batch shapes with the base" },
  postprocess: { title: "slower postprocessing", next: "profile what happens after the model: detokenization, serialization" },
  elsewhere: {
    title: "time that the endpoint does not tell of",
    next: "check the accept queue, proxies, middleware before the handler, and the network",
  },
  "longer-answers": { title: "longer answers", next: "check stop conditions and sampling, or fix the length to compare speed alone" },
  cache: { title: "fewer cache hits", next: "check that the cache is on, how large it is, and what is part of its keys" },
  "gpu-clock": { title: "a slower GPU clock", next: "check clock settings, power limit and cooling of the head's GPUs" },
  "kv-cache": {
    title: "a full KV cache",
    next: "check the memory left to the KV cache, the number of sequences at once, and their lengths",
  },
  "batch-limit": { title: "smaller batches, so that requests wait", next: "check the batch limit and the waiting time of the batcher" },
  "host-cpu": { title: "a host short of processor time", next: "check what else runs there, its cores, and the threads of the server" },
  "gpu-saturated": { title: "a saturated GPU, so that requests wait", next: "check what a request costs the GPU, or send a lower rate" },
  "memory-growth": {
    title: "memory that grows with every request",
    next: "look for what is kept of each request: lists, caches without a bound, sessions",
  },
};
