import { join } from "node:path";
import { freshFolder } from "../attempt.ts";
import type { Goal, Part, Place } from "../part.ts";
import { runProcess } from "../process-run.ts";
import type { ReadingJob, ReadingReport } from "../reading-process.ts";
import { median, quantile } from "../sample.ts";
import { type AnswerOptions, TOKENS } from "../servers/answers.ts";
import { openServer } from "../servers/server-process.ts";

const ROUNDS = 8;
/** Of one segment, in seconds; streams that have begun are read to their end. */
const [STREAMS_S, WHOLE_S] = [10, 2];
const STREAMS = 64;
const GAP_MS = 10;
/** Connections of answers that come at once. */
const USERS = 32;
/** Most of the engine's CPU per request that building and reading may cost. */
const GOAL = 0.15;

type Kind = {
  readonly name: string;
  readonly server: string;
  readonly answer: AnswerOptions | undefined;
  readonly target: ReadingJob["target"];
  readonly payload: ReadingJob["payload"];
  readonly goal: boolean;
};

const chat = (name: string, answer: Omit<AnswerOptions, "kind" | "gapMs">, goal: boolean): Kind => ({
  name,
  server: "answer-server.ts",
  answer: { kind: "chat", gapMs: GAP_MS, ...answer },
  target: { protocol: "openai-chat", model: "meta-llama/Llama-3.1-8B-Instruct", stream: true, "max-tokens": TOKENS },
  payload: { text: { words: [20, 60] } },
  goal,
});
const TENSORS = { tensors: [{ name: "features", shape: [1, 256], datatype: "FP32" }] };

const KINDS: readonly Kind[] = [
  chat("chat, each token alone, streams at phases of their own", { together: false, perSegment: 1 }, true),
  chat("chat, each token alone, all streams in one step", { together: true, perSegment: 1 }, true),
  chat("chat, four tokens in a segment", { together: true, perSegment: 4 }, false),
  {
    name: "kserve-v2, tensors as JSON",
    server: "answer-server.ts",
    answer: { kind: "json" },
    target: { protocol: "kserve-v2", model: "resnet" },
    payload: TENSORS,
    goal: false,
  },
  {
    name: "kserve-v2, binary tensors",
    server: "answer-server.ts",
    answer: { kind: "binary" },
    target: { protocol: "kserve-v2", model: "resnet", "tensor-encoding": "binary" },
    payload: TENSORS,
    goal: false,
  },
  {
    name: "kserve-v2-grpc",
    server: "grpc-answer-server.ts",
    answer: undefined,
    target: { protocol: "kserve-v2-grpc", model: "resnet" },
    payload: TENSORS,
    goal: false,
  },
];

type Row = { readonly kind: Kind; readonly report: ReadingReport; readonly shares: readonly number[] };

export const reading: Part = {
  name: "reading",
  about: `what building requests and reading answers cost of the engine's CPU: chats of ${TOKENS} tokens, tensors, gRPC`,
  async run(place) {
    const rows: Row[] = [];
    for (const kind of KINDS) rows.push(await runOne(kind, place));
    return {
      tables: [
        {
          title: `CPU per request in µs, ${ROUNDS} interleaved rounds`,
          head: [
            "answer",
            "engine",
            "its bytes only counted",
            "building",
            "reading",
            "recording",
            "building and reading",
            "middle half of the rounds",
            "reading, from memory",
            "held per stream",
          ],
          rows: rows.map(({ kind, report: { counted, read, recorded, buildingUs, replayedUs, heldB }, shares }) => [
            kind.name,
            us(median(recorded)),
            us(median(counted)),
            us(buildingUs),
            us(difference(read, counted)),
            us(difference(recorded, read)),
            percent(median(shares)),
            `${percent(quantile(shares, 0.25))} to ${percent(quantile(shares, 0.75))}`,
            replayedUs === undefined ? "" : us(replayedUs),
            heldB === undefined ? "" : `${(heldB / 1024).toFixed(1)} KiB`,
          ]),
        },
      ],
      goals: rows.filter(({ kind }) => kind.goal).map(goalOf),
      notes: [
        `The product's driver against a server in another process, ${STREAMS} streams with a token every ${GAP_MS} ms, or ${USERS} users whose answer of 1000 numbers comes at once; keep-alive connections, CPU of all threads of the engine's process. *Counted*: a reader that adds up bytes. *Reading*: what the protocol's reader costs beyond that. *Recording*: what the recorder adds, ${TOKENS - 1} gaps of a stream among it. *Building*: plan and body of a request, before the clock starts, as if no body were sent twice. The share is (reading + building) ∕ (engine + building), round by round. *From memory*: the same bytes through the same reader, stream by stream in turns, without sockets and with warm caches. *Held*: what is alive of a stream in its middle.`,
      ],
      data: rows.map(({ kind, report, shares }) => ({ answer: kind.name, ...report, shares })),
    };
  },
};

async function runOne(kind: Kind, { folder, say }: Place): Promise<Row> {
  say(kind.name);
  const server = await openServer(new URL(`../servers/${kind.server}`, import.meta.url), kind.answer ?? {});
  try {
    const isStream = kind.answer?.kind === "chat";
    const job: ReadingJob = {
      url: new URL(server.url).origin,
      target: kind.target,
      payload: kind.payload,
      concurrency: isStream ? STREAMS : USERS,
      durationS: isStream ? STREAMS_S : WHOLE_S,
      rounds: ROUNDS,
      perSegment: isStream ? kind.answer.perSegment : undefined,
    };
    const file = join(import.meta.dirname, "../reading-process.ts");
    const { stdout } = await runProcess([process.execPath, "--expose-gc", file, JSON.stringify(job)], freshFolder(folder), { limitS: 600 });
    const report = JSON.parse(stdout) as ReadingReport;
    const { buildingUs, counted, read, recorded } = report;
    const shares = recorded.map((us, i) => (read[i]! - counted[i]! + buildingUs) / (us + buildingUs));
    return { kind, report, shares };
  } finally {
    await server.close();
  }
}

const difference = (more: readonly number[], less: readonly number[]) => median(more.map((us, i) => us - less[i]!));
const us = (value: number | undefined) => (value === undefined ? "–" : value.toFixed(value < 10 ? 1 : 0));
const percent = (share: number | undefined) => (share === undefined ? "–" : `${(100 * share).toFixed(1)} %`);

function goalOf({ kind, shares }: Row): Goal {
  const share = median(shares);
  return {
    goal: `${kind.name}: at most ${100 * GOAL} % for building and reading`,
    measured: percent(share),
    met: share === undefined ? undefined : share <= GOAL,
  };
}
