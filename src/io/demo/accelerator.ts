import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker, workerData } from "node:worker_threads";
import { type BatcherOptions, createBatcher, type Job, type JobEvent } from "./batcher.ts";
import { makeWeights } from "./model.ts";

export type AcceleratorOptions = BatcherOptions & { readonly seed: number; readonly stepMs: number; readonly clockFactor: number };

/** What the accelerator has done since it started: `sequences` are those of all steps. Read at any time, from another thread. */
export type Counters = { readonly busyNs: bigint; readonly active: number; readonly steps: bigint; readonly sequences: bigint };

/** `startedNs`: when the job's first step began, on the monotonic clock that all threads share. */
export type DeviceEvent = JobEvent & { readonly startedNs: bigint };

export type Accelerator = {
  readonly submit: (job: Job) => void;
  readonly cancel: (id: number) => void;
  readonly counters: () => Counters;
  readonly stop: () => Promise<void>;
};

/**
 * The demo's device: a thread that computes one batch step after the other and does nothing else, as a GPU would.
 *
 * Every step really computes, and is then held until `stepMs × slowFactor ÷ clockFactor` after its beginning: latency is a matter of steps, the
 * same on any machine that computes a step in less than that (some tenths of a millisecond), and stolen processor time
 * is absorbed by the hold. A step that takes longer counts as long as it takes.
 *
 * @param entry module that calls {@link runAccelerator} when it is not on the main thread.
 */
export function startAccelerator(entry: URL, options: AcceleratorOptions, onEvents: (events: readonly DeviceEvent[]) => void): Accelerator {
  const memory = new SharedArrayBuffer(8 * SLOTS);
  const counters = new BigInt64Array(memory);
  const { port1: here, port2: there } = new MessageChannel();
  const data: WorkerData = { options, port: there, memory };
  const worker = new Worker(entry, { workerData: data, transferList: [there], stdin: false });
  here.on("message", onEvents);
  const send = (message: Message) => {
    here.postMessage(message);
    Atomics.add(counters, MAIL, 1n);
    Atomics.notify(counters, MAIL);
  };
  worker.on("error", (error) => {
    throw error;
  });
  return {
    submit: (job) => send({ kind: "job", job }),
    cancel: (id) => send({ kind: "cancel", id }),
    counters: () => ({
      busyNs: Atomics.load(counters, BUSY_NS),
      active: Number(Atomics.load(counters, ACTIVE)),
      steps: Atomics.load(counters, STEPS),
      sequences: Atomics.load(counters, SEQUENCES),
    }),
    stop: async () => {
      here.close();
      await worker.terminate();
    },
  };
}

/** The thread itself. Never returns. */
export function runAccelerator(): never {
  const { options, port, memory } = workerData as WorkerData;
  const counters = new BigInt64Array(memory);
  const batcher = createBatcher(makeWeights(options.seed), options);
  const stepNs = BigInt(Math.round(((options.stepMs * options.slowFactor) / options.clockFactor) * 1e6));
  const startedNs = new Map<number, bigint>();
  let dueNs = 0n;
  let backToBack = false;
  for (;;) {
    const mail = Atomics.load(counters, MAIL);
    if (batcher.idle()) backToBack = false;
    drain(port, (message) => {
      if (message.kind === "job") return batcher.submit(message.job);
      startedNs.delete(message.id);
      return batcher.cancel(message.id);
    });
    if (batcher.idle()) {
      Atomics.store(counters, ACTIVE, 0n);
      Atomics.wait(counters, MAIL, mail);
      continue;
    }
    const startNs = process.hrtime.bigint();
    // Back to back, a step is due one step after the last was due, however late this thread was woken: the device that
    // it stands for would not have waited for the processor.
    dueNs = (backToBack && startNs - dueNs < MOST_LATE_NS ? dueNs : startNs) + stepNs;
    backToBack = true;
    const { events, batch, joined } = batcher.step();
    for (const id of joined) startedNs.set(id, startNs);
    const leftNs = dueNs - process.hrtime.bigint();
    Atomics.store(counters, ACTIVE, BigInt(batch));
    if (leftNs > 0n) Atomics.wait(counters, NEVER, 0n, Number(leftNs) / 1e6);
    Atomics.add(counters, BUSY_NS, process.hrtime.bigint() - startNs);
    Atomics.add(counters, STEPS, 1n);
    Atomics.add(counters, SEQUENCES, BigInt(batch));
    if (events.length > 0) port.postMessage(events.map((event): DeviceEvent => ({ ...event, startedNs: startedNs.get(event.id)! })));
    for (const event of events) if (event.kind !== "word") startedNs.delete(event.id);
  }
}

const [MAIL, BUSY_NS, ACTIVE, STEPS, NEVER, SEQUENCES] = [0, 1, 2, 3, 4, 5];
const SLOTS = 6;
const MOST_LATE_NS = 500_000_000n;

type Message = { readonly kind: "job"; readonly job: Job } | { readonly kind: "cancel"; readonly id: number };
type WorkerData = { readonly options: AcceleratorOptions; readonly port: MessagePort; readonly memory: SharedArrayBuffer };

function drain(port: MessagePort, take: (message: Message) => void): void {
  for (let received = receiveMessageOnPort(port); received !== undefined; received = receiveMessageOnPort(port))
    take(received.message as Message);
}
