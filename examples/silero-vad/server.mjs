// Silero VAD (voice activity detection) behind the Open Inference Protocol v2, on ONNX Runtime: a small real model to
// try tailgate on. One input `audio`, FP32 [1, n × 512], 16 kHz; one output, the probability of speech in each chunk.
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { parseArgs } from "node:util";
import { InferenceSession, Tensor } from "onnxruntime-node";

const MODEL = "silero-vad";
const CHUNK = 512;
/** The model hears the end of the chunk before, so that a word that begins at the border is heard whole. */
const CONTEXT = 64;
/** Chunks in one request: a minute of audio. */
const MOST_CHUNKS = 1875;
/** From here, about two seconds of audio, `--slow` applies. */
const LONG_CHUNKS = 64;
const MOST_BODY_BYTES = 32 * 1024 * 1024;

const METADATA = {
  name: MODEL,
  versions: ["5"],
  platform: "onnxruntime_onnx",
  inputs: [{ name: "audio", datatype: "FP32", shape: [1, -1] }],
  outputs: [{ name: "speech", datatype: "FP32", shape: [1, -1] }],
};

class Refusal extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

const { port, host, slow } = options();
const model = createRequire(import.meta.url).resolve("@ricky0123/vad-web/dist/silero_vad_v5.onnx");
const session = await InferenceSession.create(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
let inFlight = 0;
let inferences = 0;

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    request.resume();
    const status = error instanceof Refusal ? error.status : 500;
    if (status === 500) console.error(error);
    send(response, status, "application/json", JSON.stringify({ error: error.message }));
  });
});
server.keepAliveTimeout = 60_000;
server.listen(port, host, () => console.log(JSON.stringify({ url: `http://${host}:${server.address().port}` })));
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => process.exit(0));

async function answer(request, response) {
  const { pathname } = new URL(request.url, "http://server");
  switch (`${request.method} ${pathname}`) {
    case "GET /v2/health/live":
    case "GET /v2/health/ready":
    case `GET /v2/models/${MODEL}/ready`:
      return send(response, 200, "application/json", '{"ready":true}');
    case `GET /v2/models/${MODEL}`:
      return send(response, 200, "application/json", JSON.stringify(METADATA));
    case `POST /v2/models/${MODEL}/infer`:
      inFlight++;
      try {
        const probabilities = await infer(audioOf(await readJson(request)));
        inferences++;
        const outputs = [{ name: "speech", datatype: "FP32", shape: [1, probabilities.length], data: probabilities }];
        return send(response, 200, "application/json", JSON.stringify({ model_name: MODEL, model_version: "5", outputs }));
      } finally {
        inFlight--;
      }
    case "GET /metrics":
      return send(response, 200, "text/plain; version=0.0.4", metrics());
    default:
      throw new Refusal(404, `nothing answers ${request.method} ${pathname}`);
  }
}

/** Chunk after chunk, the state of one going into the next: work grows with the length of the audio. */
async function infer(audio) {
  const rounds = audio.length >= LONG_CHUNKS * CHUNK ? slow : 1;
  const sr = new Tensor("int64", [16_000n], [1]);
  let state = new Tensor("float32", new Float32Array(2 * 128), [2, 1, 128]);
  const probabilities = [];
  for (let at = 0; at < audio.length; at += CHUNK) {
    const heard = new Float32Array(CONTEXT + CHUNK);
    heard.set(audio.subarray(Math.max(0, at - CONTEXT), at + CHUNK), at === 0 ? CONTEXT : 0);
    const feeds = { input: new Tensor("float32", heard, [1, heard.length]), state, sr };
    let result = await session.run(feeds);
    for (let round = 1; round < rounds; round++) result = await session.run(feeds);
    state = result.stateN;
    probabilities.push(result.output.data[0]);
  }
  return probabilities;
}

function audioOf(body) {
  const tensor = body?.inputs?.[0];
  if (tensor?.name !== "audio" || tensor.datatype !== "FP32" || !Array.isArray(tensor.data))
    throw new Refusal(400, "the input must be a tensor audio of datatype FP32 with data");
  const values = tensor.data.flat();
  const [rows, length] = tensor.shape ?? [];
  if (rows !== 1 || length !== values.length)
    throw new Refusal(400, `shape ${JSON.stringify(tensor.shape)} does not hold ${values.length} elements in one row`);
  if (length === 0 || length % CHUNK !== 0 || length / CHUNK > MOST_CHUNKS)
    throw new Refusal(400, `audio must have 1 to ${MOST_CHUNKS} chunks of ${CHUNK} samples`);
  if (!values.every(Number.isFinite)) throw new Refusal(400, "every sample must be a number");
  return Float32Array.from(values);
}

async function readJson(request) {
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    // What is too long is read to its end all the same: an answer before that would break the client's connection.
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  if (size > MOST_BODY_BYTES) throw new Refusal(413, `a body may have ${MOST_BODY_BYTES} bytes at most`);
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new Refusal(400, "the body is not JSON");
  }
}

const metrics = () => `# HELP silero_in_flight Requests that are being answered.
# TYPE silero_in_flight gauge
silero_in_flight ${inFlight}
# HELP silero_inferences_total Requests answered.
# TYPE silero_inferences_total counter
silero_inferences_total ${inferences}
`;

function send(response, status, type, text) {
  if (response.headersSent || response.destroyed) return;
  const body = Buffer.from(text);
  response.writeHead(status, { "content-type": type, "content-length": body.length }).end(body);
}

function options() {
  const { values } = parseArgs({
    options: {
      port: { type: "string", default: "8000" },
      host: { type: "string", default: "127.0.0.1" },
      slow: { type: "string", default: "1" },
    },
  });
  const whole = (name, least, most) => {
    const value = Number(values[name]);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    console.error(`--${name} must be a whole number from ${least} to ${most}`);
    process.exit(2);
  };
  return { host: values.host, port: whole("port", 0, 65_535), slow: whole("slow", 1, 100) };
}
