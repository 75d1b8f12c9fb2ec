import { createServer } from "node:http";
import { parseArgs } from "node:util";
import { MessageChannel, Worker, isMainThread, receiveMessageOnPort, workerData } from "node:worker_threads";

// src/io/demo/model.ts
/**
* A very small language model with weights from a seed: hashed words → embedding → causal attention over everything
* read so far → two-layer perceptron. It says whether a text sounds positive, and continues it. It knows nothing (only
* a dozen words carry a mood), but it computes like a real one: work grows with the number of tokens, every sequence
* keeps keys and values, and the same weights and text give the same answer anywhere.
*/
const DIMENSION = 16;
const HIDDEN = 32;
const HASHES = 1024;
/** Layers: one, and a second that only a slower build of the server runs. */
const LAYERS = 2;
function makeWeights(seed) {
	const next = generator(seed);
	const matrix = (rows, columns) => Float32Array.from({ length: rows * columns }, () => (next() - .5) * (3.4 / Math.sqrt(columns)));
	return {
		embedding: matrix(HASHES, DIMENSION),
		layers: Array.from({ length: LAYERS }, () => ({
			query: matrix(DIMENSION, DIMENSION),
			key: matrix(DIMENSION, DIMENSION),
			value: matrix(DIMENSION, DIMENSION),
			up: matrix(HIDDEN, DIMENSION),
			down: matrix(DIMENSION, HIDDEN)
		})),
		head: matrix(VOCABULARY.length, DIMENSION)
	};
}
/** How many numbers the weights are. */
const parameterCount = ({ embedding, layers, head }) => embedding.length + head.length + layers.reduce((sum, layer) => sum + Object.values(layer).reduce((all, part) => all + part.length, 0), 0);
/** Words, in lower case, each hashed to one of 1,024 tokens (FNV-1a). A text without a word is one token. */
function tokenize(text) {
	return (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [""]).map(hashWord);
}
/** @param room how many tokens may be added by generation. */
function openSequence(tokens, room) {
	const rows = (tokens.length + room) * DIMENSION;
	return {
		tokens: [...tokens],
		read: 0,
		keys: new Float32Array(rows),
		values: new Float32Array(rows),
		state: new Float32Array(DIMENSION),
		pooled: new Float32Array(DIMENSION),
		mood: 0
	};
}
/** Reads the next `count` tokens through the first layer; attention makes the cost of a token grow with its position. */
function readTokens(weights, sequence, count) {
	const end = Math.min(sequence.tokens.length, sequence.read + count);
	for (; sequence.read < end; sequence.read++) {
		const token = sequence.tokens[sequence.read];
		const embedded = weights.embedding.subarray(token * DIMENSION, (token + 1) * DIMENSION);
		sequence.state.set(through(weights.layers[0], embedded, sequence, sequence.read));
		for (let i = 0; i < DIMENSION; i++) sequence.pooled[i] += sequence.state[i];
		sequence.mood += MOODS.get(token) ?? 0;
	}
}
/** A second look at `count` tokens that were read, through the second layer: the work of a slower build. Changes no answer. */
function rereadTokens(weights, sequence, from, count) {
	let norm = 0;
	const end = Math.min(sequence.read, from + count);
	for (let position = from; position < end; position++) {
		const input = sequence.values.slice(position * DIMENSION, (position + 1) * DIMENSION);
		const output = through(weights.layers[1], input, sequence, position, false);
		norm += output[0] ** 2;
	}
	return norm;
}
/** After all tokens were read. `score` in (0, 1): how positive. */
function classify(sequence) {
	const length = Math.max(1, sequence.read);
	const leaning = sequence.pooled[0] / length * .5 + sequence.mood;
	const score = 1 / (1 + Math.exp(-leaning));
	return {
		label: score >= .5 ? "positive" : "negative",
		score
	};
}
/** Draws the next word and appends it; undefined says that the model ends its answer. Softmax at temperature 0.8. */
function nextWord(weights, sequence, random) {
	const logits = multiply(weights.head, sequence.state, VOCABULARY.length).map((logit) => logit / .8);
	const highest = Math.max(...logits);
	const chances = logits.map((logit) => Math.exp(logit - highest));
	let left = random() * chances.reduce((sum, chance) => sum + chance, 0);
	const drawn = chances.findIndex((chance) => {
		left -= chance;
		return left < 0;
	});
	const word = VOCABULARY[Math.max(0, drawn)];
	if (word === END) return void 0;
	sequence.tokens.push(hashWord(word));
	return word;
}
/** Mulberry32: uniform in [0, 1). */
function generator(seed) {
	let state = seed >>> 0;
	return () => {
		state = state + 1831565813 >>> 0;
		let mixed = Math.imul(state ^ state >>> 15, state | 1);
		mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61);
		return ((mixed ^ mixed >>> 14) >>> 0) / 2 ** 32;
	};
}
function through(layer, input, sequence, position, keep = true) {
	const { keys, values } = sequence;
	if (keep) {
		keys.set(multiply(layer.key, input, DIMENSION), position * DIMENSION);
		values.set(multiply(layer.value, input, DIMENSION), position * DIMENSION);
	}
	const query = multiply(layer.query, input, DIMENSION);
	const attended = new Float32Array(DIMENSION);
	let total = 0;
	for (let other = 0; other <= position; other++) {
		let similarity = 0;
		for (let i = 0; i < DIMENSION; i++) similarity += query[i] * keys[other * DIMENSION + i];
		const weight = Math.exp(Math.max(-20, Math.min(20, similarity / 4)));
		total += weight;
		for (let i = 0; i < DIMENSION; i++) attended[i] += weight * values[other * DIMENSION + i];
	}
	for (let i = 0; i < DIMENSION; i++) attended[i] = input[i] + attended[i] / total;
	const hidden = multiply(layer.up, attended, HIDDEN).map((value) => Math.max(0, value));
	const added = multiply(layer.down, hidden, DIMENSION);
	return attended.map((value, i) => Math.tanh(value + added[i]));
}
function multiply(matrix, vector, rows) {
	const columns = vector.length;
	const result = new Float32Array(rows);
	for (let row = 0; row < rows; row++) {
		let sum = 0;
		for (let column = 0; column < columns; column++) sum += matrix[row * columns + column] * vector[column];
		result[row] = sum;
	}
	return result;
}
function hashWord(word) {
	let hash = 2166136261;
	for (const character of word) hash = Math.imul(hash ^ character.codePointAt(0), 16777619);
	return (hash >>> 0) % HASHES;
}
const END = "";
const VOCABULARY = `the a and of to in it is was for on with as at by this that from model answer text word time day good well fast
late slow service support team order ticket help need can will would should think know see find make take give use work very more most
some many new last first next right small large real clear open please thanks yes no not but or so then now here there`.split(/\s+/).concat(END);
const MOODS = new Map([...[
	"good",
	"great",
	"friendly",
	"quick",
	"excellent",
	"love",
	"thanks",
	"helpful"
].map((word) => [hashWord(word), 1]), ...[
	"bad",
	"late",
	"slow",
	"broken",
	"terrible",
	"hate",
	"rude",
	"refund"
].map((word) => [hashWord(word), -1])]);

// src/io/demo/batcher.ts
/** Tokens of an input that one step reads. */
const CHUNK_TOKENS = 16;
/** From here an input belongs to the slow tail. */
const LONG_TOKENS = 128;
/**
* Batches like a modern inference server: at every step, finished sequences leave and waiting ones join, first come
* first served, so that a short input never waits for a long one to end. A step reads the next 16 tokens of an input,
* or writes one token of an answer.
*
* Source: Yu et al. (2022), Orca: A Distributed Serving System for Transformer-Based Generative Models, OSDI
* (iteration-level scheduling).
*/
function createBatcher(weights, { maxBatch, tailFactor, slowFactor }) {
	const again = Math.round(CHUNK_TOKENS * (slowFactor - 1));
	let waiting = [];
	let active = [];
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
			return {
				events,
				batch,
				joined: joining.map(({ id }) => id)
			};
		}
	};
}
function start(job, tailFactor) {
	const steps = Math.ceil(job.tokens.length / CHUNK_TOKENS);
	return {
		job,
		sequence: openSequence(job.tokens, job.task.kind === "generate" ? job.task.maxTokens : 0),
		random: generator(job.tokens.reduce((hash, token) => Math.imul(hash, 31) + token, 7)),
		rereads: job.tokens.length >= LONG_TOKENS ? Math.round(steps * (tailFactor - 1)) : 0,
		written: 0,
		done: false
	};
}
function advance(weights, running) {
	const { job, sequence, random } = running;
	if (sequence.read < job.tokens.length) {
		readTokens(weights, sequence, CHUNK_TOKENS);
		if (sequence.read < job.tokens.length || running.rereads > 0) return [];
	} else if (running.rereads > 0) {
		running.rereads--;
		rereadTokens(weights, sequence, running.rereads * CHUNK_TOKENS % job.tokens.length, CHUNK_TOKENS);
		if (running.rereads > 0) return [];
	}
	if (job.task.kind === "classify") {
		running.done = true;
		return [{
			id: job.id,
			kind: "classified",
			...classify(sequence)
		}];
	}
	let word = nextWord(weights, sequence, random);
	while (word === void 0 && job.task.ignoreEnd) word = nextWord(weights, sequence, random);
	if (word !== void 0) {
		readTokens(weights, sequence, 1);
		running.written++;
		if (running.written < job.task.maxTokens) return [{
			id: job.id,
			kind: "word",
			word
		}];
	}
	running.done = true;
	const end = {
		id: job.id,
		kind: "generated",
		reason: word === void 0 ? "stop" : "length"
	};
	return word === void 0 ? [end] : [{
		id: job.id,
		kind: "word",
		word
	}, end];
}

// src/io/demo/accelerator.ts
/**
* The demo's device: a thread that computes one batch step after the other and does nothing else, as a GPU would.
*
* Every step really computes, and is then held until `stepMs × slowFactor ÷ clockFactor` after its beginning: latency is a matter of steps, the
* same on any machine that computes a step in less than that (some tenths of a millisecond), and stolen processor time
* is absorbed by the hold. A step that takes longer counts as long as it takes.
*
* @param entry module that calls {@link runAccelerator} when it is not on the main thread.
*/
function startAccelerator(entry, options, onEvents) {
	const memory = new SharedArrayBuffer(8 * SLOTS);
	const counters = new BigInt64Array(memory);
	const { port1: here, port2: there } = new MessageChannel();
	const worker = new Worker(entry, {
		workerData: {
			options,
			port: there,
			memory
		},
		transferList: [there],
		stdin: false
	});
	here.on("message", onEvents);
	const send = (message) => {
		here.postMessage(message);
		Atomics.add(counters, MAIL, 1n);
		Atomics.notify(counters, MAIL);
	};
	worker.on("error", (error) => {
		throw error;
	});
	return {
		submit: (job) => send({
			kind: "job",
			job
		}),
		cancel: (id) => send({
			kind: "cancel",
			id
		}),
		counters: () => ({
			busyNs: Atomics.load(counters, BUSY_NS),
			active: Number(Atomics.load(counters, ACTIVE)),
			steps: Atomics.load(counters, STEPS),
			sequences: Atomics.load(counters, SEQUENCES)
		}),
		stop: async () => {
			here.close();
			await worker.terminate();
		}
	};
}
/** The thread itself. Never returns. */
function runAccelerator() {
	const { options, port, memory } = workerData;
	const counters = new BigInt64Array(memory);
	const batcher = createBatcher(makeWeights(options.seed), options);
	const stepNs = BigInt(Math.round(options.stepMs * options.slowFactor / options.clockFactor * 1e6));
	const startedNs = /* @__PURE__ */ new Map();
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
		if (events.length > 0) port.postMessage(events.map((event) => ({
			...event,
			startedNs: startedNs.get(event.id)
		})));
		for (const event of events) if (event.kind !== "word") startedNs.delete(event.id);
	}
}
const [MAIL, BUSY_NS, ACTIVE, STEPS, NEVER, SEQUENCES] = [
	0,
	1,
	2,
	3,
	4,
	5
];
const SLOTS = 6;
const MOST_LATE_NS = 500000000n;
function drain(port, take) {
	for (let received = receiveMessageOnPort(port); received !== void 0; received = receiveMessageOnPort(port)) take(received.message);
}

// src/io/demo/answer.ts
/** A request the server refuses; the message goes to the client. */
var Refusal = class extends Error {
	name = "Refusal";
	status;
	constructor(status, message) {
		super(message);
		this.status = status;
	}
};
const MAX_BODY_BYTES = 4194304;
function sendJson(response, status, value) {
	sendText(response, status, "application/json", JSON.stringify(value));
}
function sendText(response, status, type, text) {
	if (response.headersSent || response.destroyed) return;
	const body = Buffer.from(text);
	response.writeHead(status, {
		"content-type": type,
		"content-length": body.length
	}).end(body);
}
/** @throws {Refusal} if the body is too long or is not a JSON object. */
async function readObject(request) {
	const chunks = [];
	let size = 0;
	for await (const chunk of request) {
		size += chunk.length;
		if (size <= MAX_BODY_BYTES) chunks.push(chunk);
	}
	if (size > MAX_BODY_BYTES) throw new Refusal(413, `a body may have ${MAX_BODY_BYTES} bytes at most`);
	let value;
	try {
		value = JSON.parse(Buffer.concat(chunks).toString("utf8"));
	} catch {
		throw new Refusal(400, "the body is not JSON");
	}
	if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refusal(400, "the body must be a JSON object");
	return value;
}

// src/io/demo/chat.ts
const CHAT_MODEL = "tailgate-demo";
const DEFAULT_TOKENS = 32;
const MOST_TOKENS = 512;
/** `POST /v1/chat/completions` in the dialect of OpenAI, streamed or whole. `ignore_eos` is understood, as in vLLM. */
async function completeChat(request, response, inference) {
	const chat = chatRequest(await readObject(request));
	const words = [];
	const head = {
		id: "chatcmpl-demo",
		created: Math.floor(Date.now() / 1e3),
		model: CHAT_MODEL
	};
	const usage = () => ({
		prompt_tokens: chat.tokens.length,
		completion_tokens: words.length,
		total_tokens: chat.tokens.length + words.length
	});
	const chunk = (rest) => response.write(`data: ${JSON.stringify({
		...head,
		object: "chat.completion.chunk",
		...rest
	})}\n\n`);
	const choice = (delta, reason) => chunk({ choices: [{
		index: 0,
		delta,
		finish_reason: reason
	}] });
	const reason = await new Promise((resolve) => {
		const task = {
			kind: "generate",
			maxTokens: chat.maxTokens,
			ignoreEnd: chat.ignoreEnd
		};
		const onEvent = (event) => {
			if (event.kind === "word") {
				words.push(event.word);
				if (chat.stream) choice({ content: words.length === 1 ? event.word : ` ${event.word}` }, null);
			} else if (event.kind === "generated") resolve(event.reason);
		};
		const job = inference.run({
			tokens: chat.tokens,
			task
		}, onEvent);
		response.once("close", job.cancel);
		if (chat.stream) {
			response.writeHead(200, {
				"content-type": "text/event-stream",
				"cache-control": "no-cache"
			});
			choice({
				role: "assistant",
				content: ""
			}, null);
		}
	});
	if (!chat.stream) {
		const message = {
			role: "assistant",
			content: words.join(" ")
		};
		sendJson(response, 200, {
			...head,
			object: "chat.completion",
			choices: [{
				index: 0,
				message,
				finish_reason: reason
			}],
			usage: usage()
		});
		return;
	}
	choice({}, reason);
	if (chat.includeUsage) chunk({
		choices: [],
		usage: usage()
	});
	response.end("data: [DONE]\n\n");
}
function chatRequest(body) {
	const { model, messages, stream, stream_options: streamOptions, ignore_eos: ignoreEnd } = body;
	if (model !== void 0 && model !== "tailgate-demo") throw new Refusal(404, `the model ${JSON.stringify(model)} does not exist, ask for "${CHAT_MODEL}"`);
	if (!Array.isArray(messages) || messages.length === 0) throw new Refusal(400, "messages must be a list that is not empty");
	const contents = messages.map((message) => {
		const { content } = typeof message === "object" && message !== null ? message : {};
		if (typeof content !== "string") throw new Refusal(400, "every message needs a content that is a string");
		return content;
	});
	const maxTokens = body.max_completion_tokens ?? body.max_tokens ?? DEFAULT_TOKENS;
	if (typeof maxTokens !== "number" || !Number.isInteger(maxTokens) || maxTokens < 1) throw new Refusal(400, "max_tokens must be a whole number above 0");
	return {
		tokens: tokenize(contents.join("\n")),
		maxTokens: Math.min(maxTokens, MOST_TOKENS),
		ignoreEnd: ignoreEnd === true,
		stream: stream === true,
		includeUsage: typeof streamOptions === "object" && streamOptions !== null && "include_usage" in streamOptions && streamOptions.include_usage === true
	};
}

// src/io/demo/demo-options.ts
/** `base` and `equal` are the same server; `regressed` makes the slowest inputs 1.5 times the work. */
const PRESETS = [
	"base",
	"equal",
	"regressed"
];
const DEMO_USAGE = `usage: demo-server [--port 0] [--host 127.0.0.1] [--preset ${PRESETS.join("|")}] [--tail-factor 1.5] [--slow-factor 1.2]
  [--error-ratio 0.01] [--memory-extra 512] [--step-ms 4] [--max-batch 16] [--seed 7] [--commit SHA] [--with-parent]
  planted causes: [--preprocess-ms 3] [--clock-factor 0.7] [--throttled] [--leak-kib 32] [--cache 1000]`;
const text = { type: "string" };
const OPTIONS = {
	host: text,
	port: text,
	preset: text,
	seed: text,
	commit: text,
	"step-ms": text,
	"max-batch": text,
	"tail-factor": text,
	"slow-factor": text,
	"error-ratio": text,
	"memory-extra": text,
	"preprocess-ms": text,
	"clock-factor": text,
	throttled: { type: "boolean" },
	"leak-kib": text,
	cache: text,
	"with-parent": { type: "boolean" }
};
/** @throws {RangeError} with a sentence for people, if an argument is unknown or out of its range. */
function parseDemoOptions(args) {
	let values;
	try {
		({values} = parseArgs({
			args: [...args],
			options: OPTIONS
		}));
	} catch (cause) {
		throw new RangeError(cause instanceof Error ? cause.message : "unreadable arguments", { cause });
	}
	const preset = PRESETS.find((name) => name === (values.preset ?? "base"));
	if (preset === void 0) throw new RangeError(`--preset must be one of ${PRESETS.join(", ")}`);
	const number = (name, otherwise, least, most) => {
		const value = values[name] === void 0 ? otherwise : Number(values[name]);
		if (!(value >= least && value <= most)) throw new RangeError(`--${name} must be a number from ${least} to ${most}`);
		return value;
	};
	return {
		host: String(values.host ?? "127.0.0.1"),
		port: Math.trunc(number("port", 0, 0, 65535)),
		seed: number("seed", 7, 0, 2 ** 32),
		stepMs: number("step-ms", 4, .1, 1e3),
		maxBatch: Math.trunc(number("max-batch", 16, 1, 256)),
		tailFactor: number("tail-factor", preset === "regressed" ? 1.5 : 1, 1, 100),
		slowFactor: number("slow-factor", 1, 1, 100),
		errorRatio: number("error-ratio", 0, 0, 1),
		memoryExtraMiB: number("memory-extra", 0, 0, 1e5),
		preprocessMs: number("preprocess-ms", 0, 0, 1e3),
		clockFactor: number("clock-factor", 1, .01, 1),
		throttled: values.throttled === true,
		leakKiB: number("leak-kib", 0, 0, 1024),
		cache: Math.trunc(number("cache", 0, 0, 1e6)),
		commit: String(values.commit ?? `demo-${preset}`),
		withParent: values["with-parent"] === true
	};
}

// src/io/demo/inference.ts
var Overloaded = class extends Error {
	name = "Overloaded";
};
const MOST_PENDING = 1024;
/** @param times are told how long each job waited for the batch, and was in it. */
function openInference(accelerator, times) {
	const pending = /* @__PURE__ */ new Map();
	let nextId = 0;
	return {
		run: (work, onEvent) => {
			if (pending.size >= MOST_PENDING) throw new Overloaded("the queue is full");
			const id = nextId++;
			pending.set(id, {
				submittedNs: process.hrtime.bigint(),
				onEvent
			});
			accelerator().submit({
				id,
				...work
			});
			return { cancel: () => {
				if (pending.delete(id)) accelerator().cancel(id);
			} };
		},
		queueDepth: () => Math.max(0, pending.size - accelerator().counters().active),
		deliver: (events) => {
			for (const event of events) {
				const job = pending.get(event.id);
				if (job === void 0) continue;
				if (event.kind !== "word") {
					pending.delete(event.id);
					times.observe("queue", event.startedNs - job.submittedNs);
					times.observe("infer", process.hrtime.bigint() - event.startedNs);
				}
				job.onEvent(event);
			}
		}
	};
}

// src/io/demo/kserve.ts
const KSERVE_MODEL = "sentiment";
const KSERVE_METADATA = {
	name: KSERVE_MODEL,
	versions: ["1"],
	platform: "tailgate-demo",
	inputs: [{
		name: "text",
		datatype: "BYTES",
		shape: [-1]
	}],
	outputs: [{
		name: "label",
		datatype: "BYTES",
		shape: [-1]
	}, {
		name: "score",
		datatype: "FP32",
		shape: [-1]
	}]
};
const MOST_TEXTS = 64;
/**
* `POST /v2/models/sentiment/infer` of the Open Inference Protocol: a BYTES tensor of texts → a label and a score each. Says
* in `Server-Timing` how long tokenization, the queue (until the first of the texts joins the batch), the device and the
* writing of the answer took. Of texts that are all in the cache queue and device take nothing.
*/
async function inferKserve(request, response, served) {
	const body = await readObject(request);
	const texts = textsOf(body);
	const startedNs = process.hrtime.bigint();
	const inputs = preprocess(texts, served);
	const submittedNs = process.hrtime.bigint();
	const results = await Promise.all(inputs.map((tokens) => classifyText(tokens, served, response)));
	const joinedNs = results.reduce((first, { startedNs: own }) => first === void 0 || own !== void 0 && own < first ? own : first, void 0);
	const inferredNs = process.hrtime.bigint();
	const answer = JSON.stringify({
		model_name: KSERVE_MODEL,
		model_version: "1",
		...typeof body.id === "string" ? { id: body.id } : {},
		outputs: [{
			name: "label",
			datatype: "BYTES",
			shape: [results.length],
			data: results.map(({ label }) => label)
		}, {
			name: "score",
			datatype: "FP32",
			shape: [results.length],
			data: results.map(({ score }) => Math.fround(score))
		}]
	});
	const timing = {
		preprocess: submittedNs - startedNs,
		queue: joinedNs === void 0 ? 0n : joinedNs - submittedNs,
		infer: joinedNs === void 0 ? 0n : inferredNs - joinedNs,
		postprocess: process.hrtime.bigint() - inferredNs
	};
	served.times.observe("preprocess", timing.preprocess);
	served.times.observe("postprocess", timing.postprocess);
	response.setHeader("server-timing", Object.entries(timing).map(([name, ns]) => `${name};dur=${Number(ns) / 1e6}`).join(", "));
	sendText(response, 200, "application/json", answer);
}
function preprocess(texts, { log, preprocessMs }) {
	const untilNs = process.hrtime.bigint() + BigInt(Math.round(preprocessMs * 1e6));
	let inputs = texts.map(tokenize);
	while (process.hrtime.bigint() < untilNs) inputs = texts.map(tokenize);
	for (const tokens of inputs) log.seen(tokens);
	return inputs;
}
function textsOf({ inputs }) {
	const [tensor] = Array.isArray(inputs) ? inputs : [];
	if (typeof tensor !== "object" || tensor === null) throw new Refusal(400, "inputs must be a list that holds a tensor");
	const { datatype, data, shape } = tensor;
	if (datatype !== "BYTES" || !Array.isArray(data)) throw new Refusal(400, "the first input must be a tensor of datatype BYTES with data");
	const texts = data.flat(8);
	if ((Array.isArray(shape) ? shape.reduce((product, size) => product * Number(size), 1) : NaN) !== texts.length) throw new Refusal(400, `shape ${JSON.stringify(shape)} does not hold ${texts.length} elements`);
	if (texts.length === 0 || texts.length > MOST_TEXTS) throw new Refusal(400, `a request must hold 1 to ${MOST_TEXTS} texts`);
	if (!texts.every((text) => typeof text === "string")) throw new Refusal(400, "every element must be a string");
	return texts;
}
/** `startedNs`: when the device began with it; undefined for a text that was in the cache. */
function classifyText(tokens, { inference, cache }, response) {
	const known = cache.find(tokens);
	if (known !== void 0) return Promise.resolve({
		...known,
		startedNs: void 0
	});
	return new Promise((resolve) => {
		const job = inference.run({
			tokens,
			task: { kind: "classify" }
		}, (event) => {
			if (event.kind !== "classified") return;
			cache.keep(tokens, {
				label: event.label,
				score: event.score
			});
			resolve(event);
		});
		response.once("close", job.cancel);
	});
}

// src/io/demo/request-log.ts
/**
* A planted leak: every request leaves an entry behind, and every later one is compared with all of them, as with a list
* that somebody forgot to bound. The memory is really held and really read, so that both grow with the requests answered.
*
* @param kib size of an entry; 0: nothing is remembered.
*/
function openRequestLog(kib) {
	const entries = [];
	return { seen: (tokens) => {
		if (kib === 0) return false;
		const own = new Float64Array(kib * 128).fill(1);
		own[own.length - 1] = tokens.reduce((hash, token) => Math.imul(hash, 31) + token, 7);
		const found = entries.filter((entry) => isEqual(entry, own)).length > 0;
		entries.push(own);
		return found;
	} };
}
function isEqual(a, b) {
	for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
	return true;
}

// src/io/demo/result-cache.ts
/** @param room results that are kept; 0 for none. */
function openResultCache(room) {
	const kept = /* @__PURE__ */ new Map();
	let [queries, hits] = [0, 0];
	return {
		find: (tokens) => {
			queries++;
			const key = tokens.join(" ");
			const found = kept.get(key);
			if (found === void 0) return void 0;
			hits++;
			kept.delete(key);
			kept.set(key, found);
			return found;
		},
		keep: (tokens, result) => {
			if (room === 0) return;
			kept.set(tokens.join(" "), result);
			if (kept.size > room) kept.delete(kept.keys().next().value);
		},
		counts: () => ({
			queries,
			hits
		})
	};
}

// src/io/demo/server-times.ts
/** What this server tells of. A table of its own: the server starts in a process that loads nothing of the gate. */
const PHASES = [
	"preprocess",
	"queue",
	"infer",
	"postprocess"
];
function openServerTimes() {
	const totals = new Map(PHASES.map((phase) => [phase, {
		ns: 0n,
		count: 0
	}]));
	return {
		observe: (phase, ns) => {
			const total = totals.get(phase);
			total.ns += ns > 0n ? ns : 0n;
			total.count++;
		},
		total: (phase) => {
			const { ns, count } = totals.get(phase);
			return {
				seconds: Number(ns) / 1e9,
				count
			};
		}
	};
}

// src/io/demo/server-metrics.ts
/**
* What the demo server tells of itself in Prometheus's format: its queue, its batches, where its time goes, its cache, and
* of its process what every client library tells.
*/
function serverExposition(server) {
	const { counters, times, cache } = server;
	const { user, system } = process.cpuUsage();
	return [
		single("tailgate_demo_queue_depth", "gauge", "Requests waiting for a place in the batch.", server.queueDepth),
		single("tailgate_demo_running", "gauge", "Requests in the batch.", counters.active),
		single("tailgate_demo_steps_total", "counter", "Steps of the accelerator.", counters.steps),
		single("tailgate_demo_sequences_total", "counter", "Sequences in these steps.", counters.sequences),
		...PHASES.map((phase) => {
			const { seconds, count } = times.total(phase);
			const name = `tailgate_demo_${phase}_seconds`;
			return `${about(name, "summary", `Time in ${phase}.`)}\n${name}_sum ${seconds}\n${name}_count ${count}`;
		}),
		single("tailgate_demo_cache_queries_total", "counter", "Texts looked up in the cache.", cache.queries),
		single("tailgate_demo_cache_hits_total", "counter", "Texts found there.", cache.hits),
		single("process_cpu_seconds_total", "counter", "Total user and system CPU time spent in seconds.", (user + system) / 1e6),
		single("process_resident_memory_bytes", "gauge", "Resident memory size in bytes.", process.memoryUsage.rss()),
		""
	].join("\n");
}
const about = (name, type, help) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}`;
const single = (name, type, help, value) => `${about(name, type, help)}\n${name} ${value}`;

// src/io/demo/simulated-gpu.ts
const TOTAL_MIB = 16384;
/** As a stand-in for a large model, one parameter of the demo's small one stands for this many bytes. */
const BYTES_PER_PARAMETER = 131072;
/** Keys and values of a full batch are reserved at the start, as vLLM does; the activations of a batch come on top. */
const CACHE_MIB_PER_SLOT = 64;
const ACTIVATION_MIB_PER_SEQUENCE = 1;
const IDLE_W = 60;
const NOMINAL_MHZ = 1980;
/** Bits of the clock throttle reasons: nothing to do, a lower clock is set, heat holds it down. */
const REASONS = {
	idle: 1,
	applicationClocks: 2,
	swThermal: 32
};
const TICK_MS = 50;
/**
* Numbers that a GPU of the demo's kind would report, from what its accelerator really did: utilization is the share
* of time it was busy, memory follows weights, cache and batch, power and energy follow utilization. All series are
* labelled `modelName="simulated"`.
*/
function simulateGpu({ parameters, maxBatch, memoryExtraMiB, clockFactor, throttled }, counters) {
	const reading = () => ({
		atNs: process.hrtime.bigint(),
		...counters()
	});
	const start = reading();
	let recent = [start];
	const timer = setInterval(() => {
		recent = [...recent.slice(-500 / TICK_MS), reading()];
	}, TICK_MS).unref();
	const dynamicW = 240 * clockFactor;
	const held = throttled ? REASONS.swThermal : clockFactor < 1 ? REASONS.applicationClocks : 0;
	const fixedMiB = parameters * BYTES_PER_PARAMETER / 1024 ** 2 + maxBatch * CACHE_MIB_PER_SLOT + memoryExtraMiB;
	return {
		exposition: () => {
			const now = reading();
			const oldest = recent[0];
			const busy = Math.min(1, Number(now.busyNs - oldest.busyNs) / Math.max(1, Number(now.atNs - oldest.atNs)));
			const usedMiB = Math.round(fixedMiB + now.active * ACTIVATION_MIB_PER_SEQUENCE);
			const energyMj = (Number(now.atNs - start.atNs) * IDLE_W + Number(now.busyNs) * dynamicW) / 1e6;
			return [
				series("DCGM_FI_DEV_GPU_UTIL", "gauge", "GPU utilization (in %).", Math.round(busy * 100)),
				series("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "gauge", "Ratio of time the compute engine is active.", busy.toFixed(6)),
				series("DCGM_FI_PROF_SM_ACTIVE", "gauge", "Ratio of cycles an SM has work.", (busy * .8).toFixed(6)),
				series("DCGM_FI_PROF_DRAM_ACTIVE", "gauge", "Ratio of cycles the memory interface is active.", (busy * .4).toFixed(6)),
				series("DCGM_FI_DEV_FB_USED", "gauge", "Framebuffer memory used (in MiB).", usedMiB),
				series("DCGM_FI_DEV_FB_FREE", "gauge", "Framebuffer memory free (in MiB).", Math.max(0, TOTAL_MIB - usedMiB)),
				series("DCGM_FI_DEV_POWER_USAGE", "gauge", "Power draw (in W).", (IDLE_W + dynamicW * busy).toFixed(3)),
				series("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "Total energy consumption since boot (in mJ).", Math.round(energyMj)),
				series("DCGM_FI_DEV_GPU_TEMP", "gauge", "GPU temperature (in C).", Math.round(35 + 30 * busy)),
				series("DCGM_FI_DEV_SM_CLOCK", "gauge", "SM clock frequency (in MHz).", Math.round(NOMINAL_MHZ * clockFactor)),
				series("DCGM_FI_DEV_XID_ERRORS", "gauge", "Value of the last XID error encountered.", 0),
				series("DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "gauge", "Current clock throttle reasons (bitmask).", (busy === 0 ? REASONS.idle : 0) | held),
				""
			].join("\n");
		},
		stop: () => clearInterval(timer)
	};
}
const LABELS = `gpu="0",UUID="GPU-00000000-0000-4000-8000-000000000000",pci_bus_id="00000000:00:00.0",device="nvidia0",modelName="simulated",hostname="tailgate-demo",DCGM_FI_DRIVER_VERSION="simulated"`;
const series = (name, type, help, value) => `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}{${LABELS}} ${value}`;

// src/io/demo/demo-server.ts
if (isMainThread) main();
else runAccelerator();
function main() {
	let options;
	try {
		options = parseDemoOptions(process.argv.slice(2));
	} catch (error) {
		process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${DEMO_USAGE}\n`);
		process.exitCode = 2;
		return;
	}
	serve(options);
}
function serve(options) {
	const times = openServerTimes();
	const inference = openInference(() => accelerator, times);
	const accelerator = startAccelerator(new URL(import.meta.url), options, inference.deliver);
	const gpu = simulateGpu({
		...options,
		parameters: parameterCount(makeWeights(options.seed))
	}, accelerator.counters);
	const cache = openResultCache(options.cache);
	const exposition = () => gpu.exposition() + serverExposition({
		queueDepth: inference.queueDepth(),
		counters: accelerator.counters(),
		times,
		cache: cache.counts()
	});
	const served = {
		options,
		kserve: {
			inference,
			times,
			cache,
			log: openRequestLog(options.leakKiB),
			preprocessMs: options.preprocessMs
		},
		exposition,
		fails: everyNth(options.errorRatio)
	};
	const server = createServer((request, response) => {
		answer(request, response, served).catch((error) => refuse(request, response, error));
	});
	server.keepAliveTimeout = 6e4;
	const stop = () => {
		server.close();
		server.closeAllConnections();
		gpu.stop();
		accelerator.stop().finally(() => process.exit(0));
	};
	process.once("SIGTERM", stop).once("SIGINT", stop);
	if (options.withParent) process.stdin.on("error", stop).once("end", stop).once("close", stop).resume();
	server.once("error", (error) => {
		process.stderr.write(`cannot listen on ${options.host}:${options.port}: ${error.message}\n`);
		process.exit(2);
	});
	server.listen(options.port, options.host, () => {
		const { port } = server.address();
		const host = options.host.includes(":") ? `[${options.host}]` : options.host;
		process.stdout.write(`${JSON.stringify({ url: `http://${host}:${port}` })}\n`);
	});
}
async function answer(request, response, { options, kserve, exposition, fails }) {
	const { pathname } = new URL(request.url ?? "/", "http://demo");
	const route = `${request.method} ${pathname}`;
	switch (route) {
		case `POST /v2/models/${KSERVE_MODEL}/infer`:
		case `POST /v2/models/${KSERVE_MODEL}/versions/1/infer`:
			if (fails()) throw new Refusal(500, "a planted failure");
			return inferKserve(request, response, kserve);
		case "POST /v1/chat/completions":
			if (fails()) throw new Refusal(500, "a planted failure");
			return completeChat(request, response, kserve.inference);
		case "GET /v2": return sendJson(response, 200, {
			name: "tailgate-demo",
			version: options.commit,
			extensions: []
		});
		case "GET /v2/health/live":
		case "GET /v2/health/ready":
		case `GET /v2/models/${KSERVE_MODEL}/ready`:
		case "GET /health": return sendJson(response, 200, { ready: true });
		case `GET /v2/models/${KSERVE_MODEL}`: return sendJson(response, 200, KSERVE_METADATA);
		case "GET /v1/models": return sendJson(response, 200, {
			object: "list",
			data: [{
				id: CHAT_MODEL,
				object: "model",
				created: 0,
				owned_by: "tailgate"
			}]
		});
		case "GET /version": return sendJson(response, 200, { commit: options.commit });
		case "GET /metrics": return sendText(response, 200, "text/plain; version=0.0.4; charset=utf-8", exposition());
		default: throw new Refusal(404, `nothing answers ${route}`);
	}
}
function refuse(request, response, error) {
	const status = error instanceof Refusal ? error.status : error instanceof Overloaded ? 503 : 500;
	const message = error instanceof Error ? error.message : String(error);
	request.resume();
	if (response.headersSent) response.destroy();
	else sendJson(response, status, request.url?.startsWith("/v1/") ? { error: {
		message,
		type: "demo_error",
		code: status
	} } : { error: message });
}
/** True for the given share of the calls, evenly spread and the same in every run. */
function everyNth(ratio) {
	let due = 0;
	return () => {
		due += ratio;
		if (due < 1 - 1e-9) return false;
		due -= 1;
		return true;
	};
}

export {  };
//# sourceMappingURL=demo-server.js.map