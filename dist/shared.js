import { BinaryReader, BinaryWriter, WireType, createParser, require__2020, require_json_p3_cjs, require_undici, version } from "./vendor.js";
import { createHash } from "node:crypto";
import { connect, isIP } from "node:net";
import { request as request$1 } from "node:http";
import { connect as connect$1, createSecureContext, getCACertificates } from "node:tls";
import { PerformanceObserver, monitorEventLoopDelay, performance } from "node:perf_hooks";
import { Worker } from "node:worker_threads";
import { connect as connect$2, constants } from "node:http2";
import { ADDRCONFIG } from "node:dns";
import { open } from "node:fs/promises";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { lookup } from "node:dns/promises";

// src/core/errors.ts
/**
* The user gave us something we cannot work with: a wrong suite, option, file or record. Always exit code 2.
*
* `message` says what happened, `hint` what to write or do instead, `position` where. An endpoint that does not answer
* or a baseline that is missing is *not* an error: those are values that lead to a verdict.
*/
var InputError = class extends Error {
	name = "InputError";
	hint;
	position;
	constructor(message, details = {}) {
		super(message, details.cause === void 0 ? void 0 : { cause: details.cause });
		this.hint = details.hint;
		this.position = details.position;
	}
	/** `file:line:column: what, hint`, as an editor and a person can use it. One line. */
	get sentence() {
		return `${this.position ? `${this.position.file}:${this.position.line}:${this.position.column}: ` : ""}${this.message}${this.hint ? `; ${this.hint}` : ""}`;
	}
};
/** Several mistakes found in one pass over one input, so that a person mends them all at once. Never empty. */
var InputErrors = class extends InputError {
	errors;
	constructor(errors) {
		const [first] = errors;
		if (first === void 0) throw new RangeError("InputErrors needs at least one error");
		super(first.message, {
			...first.hint === void 0 ? {} : { hint: first.hint },
			...first.position === void 0 ? {} : { position: first.position }
		});
		this.errors = errors;
	}
	get sentence() {
		return this.errors.map((error) => error.sentence).join("\n");
	}
};

// src/core/suite/defaults.ts
/**
* Load of a scenario that names none. Two minutes hold the twelve pairs of 10 s blocks that a live comparison needs, and
* 3,600 requests leave 36 beyond the 99th percentile: enough to say that it did not move.
*/
const DEFAULT_LOAD = {
	ratePerS: 30,
	arrivals: "poisson",
	durationS: 120
};
/** Most requests under way at once. */
const DEFAULT_MAX_IN_FLIGHT = 1024;
/** One HTTP/1.1 connection per request under way, kept for as long as the endpoint keeps it. */
const DEFAULT_CONNECTION = {
	reuse: "keep-alive",
	requestsEach: void 0,
	http: "1.1",
	streams: 100,
	dns: "each",
	proxy: void 0
};
/** The machine's own authorities, and certificates are verified. */
const DEFAULT_TLS = {
	ca: void 0,
	cert: void 0,
	key: void 0,
	serverName: void 0,
	verify: true
};
const gate = (metric, numbers) => ({
	metric,
	regression: void 0,
	floor: void 0,
	limit: void 0,
	...numbers
});
/** More failures than this are not a working endpoint, whatever the baseline does. */
const ERRORS_LIMIT = .05;
/**
* Gates of a scenario without `gates`: the body and the tail of the latency, errors, throughput. A stream of tokens is
* judged by its first token and its pace, because its whole latency follows the length of the answer.
*
* The floors keep changes out that nobody would notice, on endpoints so fast that a percentage of their latency lies
* below what a network adds.
*/
function defaultGates(isStream) {
	const waiting = isStream ? "ttft" : "latency";
	const pace = isStream ? [gate("tpot.p50", {
		regression: .05,
		floor: 2e-4
	}), gate("tpot.p99", {
		regression: .1,
		floor: 5e-4
	})] : [];
	return [
		gate(`${waiting}.p50`, {
			regression: .05,
			floor: .001
		}),
		gate(`${waiting}.p95`, {
			regression: .1,
			floor: .001
		}),
		gate(`${waiting}.p99`, {
			regression: .1,
			floor: .001
		}),
		...pace,
		gate("throughput", { regression: .05 }),
		gate("errors.ratio", {
			regression: .005,
			limit: ERRORS_LIMIT
		})
	];
}
/** Two points more of wrong answers are worth a look, whatever the speed. */
const WRONG_REGRESSION = .02;
/** With labelled payloads, a model that answers faster and worse must not pass for a better one. */
function withAnswerGuard(gates, hasLabels) {
	if (!hasLabels || gates.length === 0 || gates.some(({ metric }) => metric === "wrong.ratio")) return gates;
	return [...gates, gate("wrong.ratio", { regression: WRONG_REGRESSION })];
}
/**
* The gates of a scenario as they are judged: a scenario that gates anything but `errors.ratio` gets a limit on errors
* as well, because an endpoint that fails fast must not pass for a fast one. A scenario that gates nothing stays so.
*/
function withErrorGuard(gates) {
	if (gates.length === 0 || gates.some(({ metric }) => metric === "errors.ratio")) return gates;
	return [...gates, gate("errors.ratio", { limit: ERRORS_LIMIT })];
}

// src/core/json-path.ts
var import_json_p3_cjs = require_json_p3_cjs();
/** Undefined and the reason for a text that is no query. */
function readJsonPath(text) {
	let query;
	try {
		query = (0, import_json_p3_cjs.compile)(text);
	} catch (error) {
		return { problem: error instanceof Error ? error.message.replace(/ \('.*$/s, "") : "it cannot be read" };
	}
	return { select: (value) => query.query(value).values() };
}

// src/core/json-schema.ts
var import__2020 = require__2020();
/**
* Draft 2020-12, strictly: a keyword that is not known is a mistake, because it would check nothing. `format` is among
* them.
*
* @returns the reason for an object that is no schema.
*/
function readJsonSchema(schema) {
	let validate;
	try {
		validate = new import__2020.Ajv2020({
			strict: true,
			strictTypes: false,
			strictTuples: false,
			strictRequired: false
		}).compile(schema);
	} catch (error) {
		return { problem: error instanceof Error ? error.message : "it cannot be read" };
	}
	return { flawOf: (value) => {
		if (validate(value)) return void 0;
		const { instancePath = "", message = "does not fit" } = validate.errors?.[0] ?? {};
		return `${instancePath === "" ? "the answer" : instancePath.slice(1).replaceAll("/", ".")} ${message}`;
	} };
}

// src/io/http.ts
var import_undici = require_undici();
/** Version of the HTTP client. It changes measured latency, hence belongs to a run's environment. */
const undiciVersion = version;
/** Opens no socket yet. `origin` is scheme, host and port. */
function openConnection(origin, connector, watch) {
	let giveUp = () => {};
	const client = new import_undici.Client(origin, {
		allowH2: false,
		pipelining: 1,
		headersTimeout: 0,
		bodyTimeout: 0,
		keepAliveTimeout: 36e5,
		keepAliveMaxTimeout: 36e5,
		keepAliveTimeoutThreshold: 500,
		connect: ({ servername }, callback) => {
			watch.began();
			giveUp = connector.connect(servername ?? void 0, (error, socket, phases) => {
				giveUp = () => {};
				watch.ended(error === null ? phases : void 0);
				if (error === null) callback(null, socket);
				else callback(error, null);
			});
		}
	});
	return {
		dispatch: (wire, handler, last) => void client.dispatch(last ? {
			...wire,
			reset: true
		} : wire, handler),
		close: () => client.close(),
		destroy: () => {
			giveUp();
			return client.destroy();
		}
	};
}
const agent = new import_undici.Agent({
	allowH2: false,
	connections: 4,
	pipelining: 1,
	keepAliveTimeout: 1e4
});
const LONGEST_ANSWER = 16777216;
/**
* One small GET beside the load, of telemetry for instance. Any HTTP status is an answer.
*
* @throws the client's own error on a network failure, a deadline, or a body longer than `maxBytes` (16 MiB).
*/
async function getText(url, options) {
	const signal = withDeadline(options.timeoutS, options.signal);
	const { statusCode, headers, body } = await (0, import_undici.request)(url, {
		dispatcher: agent,
		signal,
		headers: { ...options.headers }
	});
	const maxBytes = options.maxBytes ?? LONGEST_ANSWER;
	const chunks = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > maxBytes) {
			body.destroy();
			throw tooLong$1(url, maxBytes);
		}
		chunks.push(chunk);
	}
	return {
		status: statusCode,
		headers: flatHeaders(headers),
		body: Buffer.concat(chunks).toString("utf8")
	};
}
const withDeadline = (timeoutS, signal) => {
	const deadline = AbortSignal.timeout(Math.ceil(timeoutS * 1e3));
	return signal === void 0 ? deadline : AbortSignal.any([signal, deadline]);
};
const tooLong$1 = (url, maxBytes) => /* @__PURE__ */ new Error(`the answer of ${url} is longer than ${maxBytes} bytes`);
/** Joins the values of a repeated header with a comma; headers of which none is repeated are returned as they are. */
function flatHeaders(headers) {
	for (const name in headers) if (typeof headers[name] !== "string") return joined(headers);
	return headers;
}
function joined(headers) {
	const flat = {};
	for (const name in headers) {
		const value = headers[name];
		if (value !== void 0) flat[name] = typeof value === "string" ? value : value.join(", ");
	}
	return flat;
}

// src/core/plan/random.ts
/**
* The generator of one purpose: the same seed and names give the same words on every machine, and any other seed or
* name gives an unrelated sequence. Whoever draws more from one stream never moves another: a new payload class leaves
* the arrivals where they were.
*
* The state is the first 128 bits of the SHA-256 of seed and names, written as JSON so that `("a", "bc")` and
* `("ab", "c")` differ.
*/
function stream(seed, ...names) {
	const digest = createHash("sha256").update(JSON.stringify([seed, ...names])).digest();
	return xoshiro128([
		digest.readUInt32LE(0),
		digest.readUInt32LE(4),
		digest.readUInt32LE(8),
		digest.readUInt32LE(12)
	]);
}
/**
* xoshiro128**: 32-bit arithmetic only, period 2¹²⁸ − 1, passes BigCrush.
*
* @param state four words, not all zero (zero is the one fixed point).
* @throws {RangeError} on the all-zero state.
*
* Source: Blackman & Vigna (2021), Scrambled Linear Pseudorandom Number Generators, ACM TOMS 47(4).
*/
function xoshiro128(state) {
	let [a, b, c, d] = state;
	if ((a | b | c | d) === 0) throw new RangeError("xoshiro128** needs a state that is not all zero");
	return () => {
		const result = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
		const t = b << 9;
		c ^= a;
		d ^= b;
		b ^= c;
		a ^= d;
		c ^= t;
		d = rotateLeft(d, 11);
		return result;
	};
}
/** Uniform in [0, 1), 53 random bits. */
function uniform(next) {
	return bits53(next) / 2 ** 53;
}
/** Exponential with mean 1, in [0, 36.8). By inversion. */
function exponential(next) {
	return -Math.log1p(-uniform(next));
}
/**
* A uniform integer in [low, high], both included. Without modulo bias: draws beyond the last whole multiple of the
* range are drawn again (on average less than once).
*
* @throws {RangeError} unless low ≤ high are safe integers less than 2⁵³ apart.
*/
function integerBetween(next, low, high) {
	const count = high - low + 1;
	if (!Number.isSafeInteger(low) || !Number.isSafeInteger(high) || count < 1 || count > 2 ** 53) throw new RangeError(`no integer between ${low} and ${high}`);
	const limit = 2 ** 53 - 2 ** 53 % count;
	let drawn = bits53(next);
	while (drawn >= limit) drawn = bits53(next);
	return low + drawn % count;
}
const rotateLeft = (word, by) => word << by | word >>> 32 - by;
const bits53 = (next) => (next() >>> 5) * 2 ** 26 + (next() >>> 6);

// src/io/load/address.ts
const OWN_HEADERS = /* @__PURE__ */ new Set([
	"content-length",
	"transfer-encoding",
	"keep-alive",
	"upgrade",
	"expect"
]);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
const FORBIDDEN_IN_VALUE = /[^\t\x20-\x7e\x80-\xff]/;
/**
* Reads an endpoint's URL and the target's headers. `user:password@` in the URL becomes basic authorization, unless a
* header says otherwise.
*
* @throws {InputError} on a URL that is not absolute http or https, or a header that cannot be sent. Values of headers
* may be secrets and are never part of the message.
*/
function readAddress(url, headers) {
	const base = URL.parse(url);
	if (base === null) throw new InputError(`the endpoint "${url}" is not a URL`, { hint: "write it as http://host:port or https://host/path" });
	if (base.protocol !== "http:" && base.protocol !== "https:") throw new InputError(`the endpoint's URL begins with "${base.protocol}//"`, { hint: "only http:// and https:// can be driven" });
	const lower = {};
	for (const [name, value] of Object.entries(headers)) lower[checkHeader(name, value)] = value;
	if (base.username !== "" && lower["authorization"] === void 0) {
		const pair = `${decodeURIComponent(base.username)}:${decodeURIComponent(base.password)}`;
		lower["authorization"] = `Basic ${Buffer.from(pair).toString("base64")}`;
	}
	base.username = "";
	base.password = "";
	base.hash = "";
	return {
		base,
		headers: lower
	};
}
/**
* `path` below the endpoint's URL: `/v1?key=a` and `/chat?stream=1` make `/v1/chat?key=a&stream=1`. The path `/` means the
* endpoint's URL as it stands. A version that both name counts once, because many servers are known by a URL that ends
* in it: `/v1` and `/v1/chat/completions` make `/v1/chat/completions`.
*/
function joinPath(base, path) {
	const below = new URL(`http://base${path.startsWith("/") ? "" : "/"}${path}`);
	const above = base.pathname.replace(/\/+$/, "");
	const version = /\/v\d+$/.exec(above)?.[0];
	const isNamedTwice = version !== void 0 && below.pathname.startsWith(`${version}/`);
	const pathname = below.pathname === "/" ? base.pathname : (isNamedTwice ? above.slice(0, -version.length) : above) + below.pathname;
	const query = [base.search.slice(1), below.search.slice(1)].filter((part) => part !== "").join("&");
	return query === "" ? pathname : `${pathname}?${query}`;
}
/** Everything of a request that can be done before the clock starts. The target's headers win over the request's own. */
function toWire(address, request) {
	const own = {};
	for (const [name, value] of Object.entries(request.headers)) own[checkHeader(name, value)] = value;
	const { body, method } = request;
	if (!TOKEN.test(method) || method.toUpperCase() === "CONNECT") throw new InputError(`"${method}" is not a method that a request can have`);
	return {
		method,
		path: joinPath(address.base, request.path),
		headers: Object.entries({
			"user-agent": "tailgate",
			accept: "*/*",
			...own,
			...address.headers
		}).flat(),
		body: body === void 0 || body.byteLength === 0 ? null : Buffer.from(body.buffer, body.byteOffset, body.byteLength)
	};
}
function checkHeader(name, value) {
	const lower = name.toLowerCase();
	if (!TOKEN.test(name)) throw new InputError(`"${name}" is not the name of a header`);
	if (OWN_HEADERS.has(lower)) throw new InputError(`the header "${name}" cannot be set`, { hint: "the HTTP client writes it itself; leave it out" });
	if (FORBIDDEN_IN_VALUE.test(value)) throw new InputError(`the value of the header "${name}" holds a character that HTTP forbids`, { hint: "look for a line break, often at the end of a secret" });
	return lower;
}

// src/io/load/loops.ts
const LEAD_NS = 20000000n;
const RECONNECT_PAUSE_MS = 10;
const LONGEST_MS$1 = 2 ** 31 - 1;
/**
* Releases every arrival at its time, whatever the endpoint does. Resolves when `durationNs` is over: what is observed
* during the segment, and the load on whatever comes next, must not depend on when its last arrival happened to be. A
* run that is over releases nothing more and ends at once.
*/
async function openLoop(run, pacer, arrivalsNs, durationNs, startAtNs) {
	const start = () => {
		run.begin(startAtNs ?? process.hrtime.bigint() + LEAD_NS);
		return run.startedNs();
	};
	const release = (due) => {
		for (let i = run.counts().offered; i < due && !run.over.aborted; i++) run.send(arrivalsNs[i]);
	};
	await pacer.pace(start, arrivalsNs, release, run.over);
	await sleepUntil(run, durationNs);
}
/**
* Users that each start their next request when their last one ended, after its think time and not before its pacing is
* over. They come and go by the steps: one that has to go finishes its request first, and those that came last go first.
* Resolves when `durationNs` is over and none of them starts another.
*/
async function closedLoop(run, load, durationNs, startAtNs) {
	const { thinkS, pacingS = 0 } = load;
	const rests = thinkS.length > 0 || pacingS > 0;
	const present = /* @__PURE__ */ new Set();
	let wanted = 0;
	let thought = 0;
	const stays = (user) => user < wanted && run.now() < durationNs && !run.over.aborted;
	/** How long a user rests after an answer. */
	const restNs = ({ result, intendedNs }) => {
		const pauseNs = result.kind === "failed" && result.why === "connect" ? RECONNECT_PAUSE_MS * 1e6 : 0;
		if (!rests) return pauseNs;
		const thinkNs = thinkS.length === 0 ? 0 : thinkS[thought++ % thinkS.length] * 1e9;
		return Math.max(thinkNs, pauseNs, intendedNs + pacingS * 1e9 - run.now());
	};
	/** Callbacks and not promises, because there is one round per request and this is most of what it costs. */
	const live = (user) => new Promise((leave) => {
		const next = () => {
			if (!stays(user)) {
				present.delete(user);
				return leave();
			}
			return run.attempt(() => run.send(void 0, answered));
		};
		const rest = async (ns) => {
			await sleepUntil(run, Math.min(durationNs, run.now() + ns));
			next();
		};
		const answered = (outcome) => {
			const ns = restNs(outcome);
			if (ns <= 0) queueMicrotask(next);
			else rest(ns);
		};
		present.add(user);
		next();
	});
	run.begin(startAtNs ?? process.hrtime.bigint());
	const stopped = new Promise((resolve) => run.stopped.addEventListener("abort", () => resolve()));
	const users = [];
	for (const { atS, users: now } of load.steps) {
		await sleepUntil(run, atS * 1e9);
		if (run.over.aborted) break;
		wanted = now;
		for (let user = 0; user < wanted; user++) if (!present.has(user)) users.push(live(user));
	}
	await sleepUntil(run, durationNs);
	await Promise.race([stopped, Promise.all(users)]);
}
/** Node's timers may fire up to a millisecond early: then the rest is waited for as well. */
async function sleepUntil(run, atNs) {
	for (let restNs = atNs - run.now(); restNs > 0 && !run.over.aborted; restNs = atNs - run.now()) await setTimeout$1(Math.min(Math.ceil(restNs / 1e6), LONGEST_MS$1), void 0, { signal: run.over }).catch(() => {});
}

// src/io/load/pacer.ts
function openPacer() {
	const file = import.meta.url.endsWith(".ts") ? "./pacer-worker.ts" : "./pacer-worker.js";
	const worker = new Worker(new URL(file, import.meta.url), {
		execArgv: [],
		name: "tailgate-pacer"
	});
	const ready = Promise.withResolvers();
	ready.promise.catch(() => {});
	let failure;
	let wake = () => {};
	const fail = (error) => {
		failure ??= error;
		ready.reject(failure);
		wake();
	};
	worker.once("message", () => ready.resolve());
	worker.once("error", fail);
	worker.once("exit", (code) => fail(/* @__PURE__ */ new Error(`the pacer thread ended with code ${code}`)));
	return {
		async pace(startTime, arrivalsNs, release, signal) {
			worker.ref();
			await ready.promise;
			const shared = new Float64Array(new SharedArrayBuffer(arrivalsNs.byteLength));
			shared.set(arrivalsNs);
			const due = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
			const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
			wake = () => {
				Atomics.store(stop, 0, 1);
				Atomics.notify(stop, 0);
				Atomics.notify(due, 0);
			};
			signal.addEventListener("abort", wake);
			try {
				worker.postMessage({
					startNs: startTime(),
					arrivalsNs: shared,
					due,
					stop
				});
				for (let released = 0; released < shared.length && !signal.aborted;) {
					const change = Atomics.waitAsync(due, 0, released);
					if (change.async) await change.value;
					if (failure !== void 0) throw failure;
					const now = Atomics.load(due, 0);
					if (now > released && !signal.aborted) release(now);
					released = now;
				}
			} finally {
				wake();
				signal.removeEventListener("abort", wake);
				worker.unref();
			}
		},
		async close() {
			await worker.terminate();
		}
	};
}

// src/io/http2.ts
/** Error codes of our own, for whoever explains them. */
const NO_HTTP2 = "ERR_NO_HTTP2";
const GOAWAY = "ERR_HTTP2_GOAWAY";
const CLOSED = "ERR_HTTP2_CLOSED";
const RESET = "ERR_HTTP2_RESET";
const STREAM_WINDOW = 1048576;
const CONNECTION_WINDOW = 16777216;
const SESSION_MEMORY_MB = 1024;
/** Opens no socket yet. `origin` is scheme, host and port; with http the endpoint has to know HTTP/2 in advance (h2c). */
function openHttp2(origin, connector, watch) {
	const isTls = origin.startsWith("https:");
	let giveUp = () => {};
	let session;
	let transport;
	let [isOpen, isClosed] = [false, false];
	let goaway;
	let broken;
	const closed = (error) => {
		if (isClosed) return;
		isClosed = true;
		watch.closed(isOpen ? void 0 : error ?? failure("ERR_HTTP2_CLOSED", "the endpoint closed the connection before it spoke HTTP/2"));
	};
	function begin(socket, phases) {
		if (isTls && socket.alpnProtocol !== "h2") {
			socket.destroy();
			return closed(failure(NO_HTTP2, "the endpoint does not offer HTTP/2 over TLS (ALPN)"));
		}
		transport = socket;
		session = connect$2(origin, {
			createConnection: () => socket,
			settings: {
				enablePush: false,
				initialWindowSize: STREAM_WINDOW
			},
			maxSessionMemory: SESSION_MEMORY_MB
		});
		session.once("connect", () => session?.setLocalWindowSize(CONNECTION_WINDOW));
		session.once("remoteSettings", ({ maxConcurrentStreams = Number.POSITIVE_INFINITY }) => {
			if (maxConcurrentStreams === 0) return closed(failure(NO_HTTP2, "the endpoint takes no request (SETTINGS_MAX_CONCURRENT_STREAMS is 0)"));
			isOpen = true;
			return watch.opened(maxConcurrentStreams, phases);
		});
		session.on("goaway", (code, lastId) => {
			goaway ??= {
				code,
				lastId
			};
			closed(failure(GOAWAY, `the endpoint closed the connection at once (GOAWAY, ${nameOfCode(code)})`));
		});
		session.on("error", (error) => {
			broken ??= error;
			closed(!isTls && error.code?.startsWith("ERR_HTTP2_") === true ? noPriorKnowledge() : error);
		});
		session.on("close", () => closed());
	}
	/** Why a stream ended without its whole answer. */
	function reasonOf(stream, error) {
		if (goaway !== void 0 && (stream.id ?? Number.POSITIVE_INFINITY) > goaway.lastId) return failure(GOAWAY, `the endpoint was closing the connection and did not take the request (GOAWAY, ${nameOfCode(goaway.code)})`);
		if (goaway !== void 0 && goaway.code !== constants.NGHTTP2_NO_ERROR) return failure(CLOSED, `the endpoint closed the connection (GOAWAY, ${nameOfCode(goaway.code)})`);
		const { code } = error ?? {};
		if (code !== void 0 && code !== "ERR_HTTP2_STREAM_ERROR") return error;
		if (broken !== void 0) return broken;
		const { rstCode } = stream;
		if (rstCode === constants.NGHTTP2_REFUSED_STREAM) return failure(RESET, "the endpoint refused the request (REFUSED_STREAM); if it takes fewer at once, lower target.connection.streams");
		if (rstCode === constants.NGHTTP2_CANCEL || rstCode === constants.NGHTTP2_NO_ERROR || rstCode === void 0) return session?.destroyed === true || session?.closed === true ? failure(CLOSED, "the endpoint closed the connection") : failure(RESET, "the endpoint ended the answer before it was complete");
		return failure(RESET, `the endpoint reset the request (${nameOfCode(rstCode)})`, error);
	}
	return {
		open() {
			giveUp = connector.connect(void 0, (error, socket, phases) => {
				if (error === null) begin(socket, phases);
				else closed(isNoAlpn(error) ? failure(NO_HTTP2, "the endpoint does not offer HTTP/2 over TLS (ALPN)", error) : error);
			});
		},
		send(wire, handler) {
			handler.onRequestStart();
			let stream;
			try {
				if (session === void 0) throw failure(CLOSED, "the connection is not open");
				stream = session.request(headersOf(wire, origin), { endStream: wire.body === null });
			} catch (error) {
				handler.onResponseError(void 0, error);
				return () => {};
			}
			let isOver = false;
			let [status, received] = [0, 0];
			let length;
			let trailers;
			let hasEnded = false;
			const expectsTrailers = wire.headers.includes("trailers");
			const end = () => {
				isOver = true;
				handler.onResponseEnd(void 0, trailers);
			};
			const fail = (error) => {
				if (isOver) return;
				isOver = true;
				handler.onResponseError(void 0, reasonOf(stream, error));
			};
			stream.on("response", (headers) => {
				if (isOver) return;
				status = headers[":status"] ?? 0;
				const { "content-length": declared } = headers;
				if (declared !== void 0 && wire.method !== "HEAD" && status !== 304) length = Number(declared);
				handler.onResponseStarted();
				handler.onResponseStart(void 0, status, regular(headers));
			});
			stream.on("data", (chunk) => {
				received += chunk.length;
				if (!isOver) handler.onResponseData(void 0, chunk);
			});
			stream.on("end", () => {
				if (isOver || status === 0 || (stream.rstCode ?? 0) !== constants.NGHTTP2_NO_ERROR) return;
				if (length !== void 0 && length !== received) return fail(void 0);
				hasEnded = true;
				if (trailers !== void 0 || !expectsTrailers) end();
			});
			stream.on("trailers", (headers) => {
				trailers = regular(headers);
				if (hasEnded && !isOver) end();
			});
			stream.on("error", fail);
			stream.on("close", () => {
				if (hasEnded && !isOver) end();
				else fail(void 0);
			});
			if (wire.body !== null) stream.end(wire.body);
			return () => {
				isOver = true;
				stream.close(constants.NGHTTP2_CANCEL);
			};
		},
		bytesRead: () => transport?.bytesRead ?? 0,
		async destroy() {
			isClosed = true;
			giveUp();
			if (session === void 0 || session.destroyed) return;
			await new Promise((resolve) => {
				session?.once("close", resolve);
				session?.destroy();
			});
		}
	};
}
const failure = (code, message, cause) => Object.assign(new Error(message, cause === void 0 ? void 0 : { cause }), { code });
const noPriorKnowledge = () => failure(NO_HTTP2, "the endpoint does not speak HTTP/2 without TLS (h2c by prior knowledge)");
const isNoAlpn = (error) => /NO_APPLICATION_PROTOCOL/.test(error.code ?? "");
/** RFC 9113 §7, by their number. */
const CODES = [
	"NO_ERROR",
	"PROTOCOL_ERROR",
	"INTERNAL_ERROR",
	"FLOW_CONTROL_ERROR",
	"SETTINGS_TIMEOUT",
	"STREAM_CLOSED",
	"FRAME_SIZE_ERROR",
	"REFUSED_STREAM",
	"CANCEL",
	"COMPRESSION_ERROR",
	"CONNECT_ERROR",
	"ENHANCE_YOUR_CALM",
	"INADEQUATE_SECURITY",
	"HTTP_1_1_REQUIRED"
];
const nameOfCode = (code) => CODES[code] ?? `code ${code}`;
/** Made once a request: it is sent again and again. */
const known$1 = /* @__PURE__ */ new WeakMap();
function headersOf(wire, origin) {
	const before = known$1.get(wire);
	if (before !== void 0) return before;
	const { protocol, host } = new URL(origin);
	const headers = {
		":method": wire.method,
		":scheme": protocol.slice(0, -1),
		":authority": host,
		":path": wire.path
	};
	for (let i = 0; i < wire.headers.length; i += 2) {
		const name = wire.headers[i].toLowerCase();
		if (name === "host") headers[":authority"] = wire.headers[i + 1];
		else if (name !== "connection") headers[name] = wire.headers[i + 1];
	}
	if (wire.body !== null) headers["content-length"] = wire.body.byteLength;
	known$1.set(wire, headers);
	return headers;
}
function regular(headers) {
	const rest = {};
	for (const name in headers) {
		const value = headers[name];
		if (!name.startsWith(":")) rest[name] = typeof value === "number" ? String(value) : value;
	}
	return rest;
}

// src/io/load/failure.ts
const DETAIL_LENGTH = 200;
/** Why a request whose exchange broke off counts as failed, in one line for a person. */
function classify(error, stage, origin) {
	const { sentence } = explain(error, origin);
	const code = codeOf(error);
	if (isTlsRecord(error) || code === "ERR_NO_HTTP2") return {
		why: "connect",
		detail: sentence
	};
	if (!stage.answered && /^ERR_SSL_.*_ALERT_/.test(code)) return {
		why: "connect",
		detail: sentence
	};
	if (isBadHttp(error) || code === "UND_ERR_HEADERS_OVERFLOW") return {
		why: "body",
		detail: sentence
	};
	if (stage.answered) return {
		why: "reset",
		detail: clip(`the connection broke during the answer: ${sentence}`)
	};
	if (code === "ERR_HTTP2_RESET") return {
		why: "reset",
		detail: sentence
	};
	if (stage.reused && (stage.wasIdle || code === "ERR_HTTP2_GOAWAY")) return {
		why: "stale",
		detail: clip(`a kept-alive connection was closed under the request: ${sentence}`)
	};
	if (stage.onWire) return {
		why: "reset",
		detail: clip(`the connection broke before any answer: ${sentence}`)
	};
	return {
		why: "connect",
		detail: sentence
	};
}
const TRUST = "; for an authority of your own, name its file in target.tls.ca";
const CLIENT = "; see target.tls.cert and key";
const HTTP_1 = "; write http: \"1.1\" in target.connection, or switch HTTP/2 on there";
const BY_CODE = {
	ECONNREFUSED: ["connection refused"],
	ECONNRESET: ["the endpoint reset the connection"],
	EPIPE: ["the endpoint closed the connection while the request was sent"],
	UND_ERR_SOCKET: ["the endpoint closed the connection"],
	UND_ERR_RES_CONTENT_LENGTH_MISMATCH: ["the answer is shorter or longer than its content-length says"],
	UND_ERR_HEADERS_OVERFLOW: ["the headers of the answer are too large"],
	ENOTFOUND: ["the name of the host does not resolve"],
	EAI_AGAIN: ["the name server does not answer"],
	ETIMEDOUT: ["the network gave up connecting"],
	EHOSTUNREACH: ["no route to the host"],
	ENETUNREACH: ["no route to the network"],
	EADDRNOTAVAIL: ["this machine has no free port left for another connection; lower the rate or max-in-flight"],
	EMFILE: ["this machine's limit of open files is reached; raise it (ulimit -n) or lower max-in-flight"],
	DEPTH_ZERO_SELF_SIGNED_CERT: [`the TLS certificate is self-signed${TRUST}`, "never"],
	SELF_SIGNED_CERT_IN_CHAIN: [`the TLS certificate was signed by an unknown authority${TRUST}`, "never"],
	UNABLE_TO_VERIFY_LEAF_SIGNATURE: [`the TLS certificate's chain is incomplete or its authority unknown${TRUST}`, "never"],
	UNABLE_TO_GET_ISSUER_CERT: [`the TLS certificate's authority is unknown${TRUST}`, "never"],
	UNABLE_TO_GET_ISSUER_CERT_LOCALLY: [`the TLS certificate's authority is unknown${TRUST}`, "never"],
	CERT_HAS_EXPIRED: ["the TLS certificate has expired", "never"],
	CERT_NOT_YET_VALID: ["the TLS certificate is not valid yet; compare the clocks of both machines", "never"],
	ERR_TLS_CERT_ALTNAME_INVALID: ["the TLS certificate is for another host; see target.tls.server-name", "never"],
	ERR_SSL_WRONG_VERSION_NUMBER: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
	ERR_SSL_PACKET_LENGTH_TOO_LONG: ["the endpoint does not speak TLS on this port; write http:// instead of https://", "never"],
	ERR_SSL_HTTP_REQUEST: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: [`the endpoint asks for a client certificate${CLIENT}`, "never"],
	ERR_SSL_UNSUPPORTED_PROTOCOL: ["no common version of TLS", "never"],
	ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ["no common version of TLS", "never"],
	ERR_INVALID_URL: ["this is not a URL", "never"]
};
/** OpenSSL's names of alerts differ between versions in what stands before them. */
const BY_ALERT = [[/_ALERT_(UNKNOWN_CA|BAD_CERTIFICATE|CERTIFICATE_\w+|UNSUPPORTED_CERTIFICATE|ACCESS_DENIED|DECRYPT_ERROR)$/, `the endpoint rejected the client's certificate${CLIENT}`], [/_ALERT_HANDSHAKE_FAILURE$/, "the endpoint refused the TLS handshake; if it asks for a client certificate, see target.tls.cert and key"]];
function wordsOf(error, code) {
	if (code === "ERR_TLS_CERT_ALTNAME_INVALID") return otherHost(error) ?? BY_CODE[code];
	if (code === "ERR_NO_HTTP2") return [error.message + HTTP_1, "never"];
	if (code === "ERR_HTTP2_GOAWAY" || code === "ERR_HTTP2_CLOSED" || code === "ERR_HTTP2_RESET") return [error.message];
	const alert = BY_ALERT.find(([pattern]) => pattern.test(code));
	return BY_CODE[code] ?? (alert === void 0 ? void 0 : [alert[1], "never"]);
}
/** Which host was asked for, and which names the certificate has. */
function otherHost(error) {
	const { host, cert } = error;
	const names = cert?.subjectaltname?.replaceAll(/(DNS|IP Address):/g, "") ?? cert?.subject?.CN;
	if (host === void 0 || names === void 0) return void 0;
	return [`the TLS certificate is for ${names.length > 80 ? `${names.slice(0, 79)}…` : names} and not for ${host}; if that is right, see target.tls.server-name`, "never"];
}
/** Puts an error of the network or of the HTTP client into words. One line, at most 200 characters, no header, no body. */
function explain(error, origin) {
	if (isTlsRecord(error)) return {
		sentence: "the endpoint speaks TLS on this port; write https:// instead of http://",
		heals: false
	};
	if (isBadHttp(error)) return {
		sentence: clip(`the answer is not HTTP/1.1: ${error.message}`),
		heals: false
	};
	const one = error instanceof AggregateError ? error.errors.at(-1) ?? error : error;
	const { address, port } = one;
	const code = codeOf(one);
	const words = wordsOf(one, code);
	const { proxy, heals } = error;
	if (proxy !== void 0) {
		if (heals !== void 0) return {
			sentence: clip(error.message),
			heals
		};
		return {
			sentence: clip(`the proxy ${proxy} cannot be used: ${words?.[0].split(";")[0]?.replace("the endpoint", "it") ?? one.message} (${code}); check target.connection.proxy`),
			heals: words?.[1] !== "never"
		};
	}
	const maybeTls = code === "UND_ERR_SOCKET" && origin.startsWith("http:") ? " (does this port speak TLS? then write https://)" : "";
	if (words === void 0) return {
		sentence: clip(`${one.message} ${code === "" ? "" : `(${code})`}`),
		heals: !/^(CERT_|ERR_TLS_|ERR_SSL_)/.test(code)
	};
	const where = address === void 0 ? hostOf(origin) : `${address.includes(":") ? `[${address}]` : address}${port === void 0 ? "" : `:${port}`}`;
	return {
		sentence: clip(`${words[0].includes(";") ? words[0].replace(";", ` at ${where};`) : `${words[0]} at ${where}`} (${code})${maybeTls}`),
		heals: words[1] !== "never"
	};
}
const codeOf = (error) => error.code ?? "";
/** A plain request was answered by a TLS record: alert (21) or handshake (22), version 3.x. */
function isTlsRecord(error) {
	const data = error.data;
	return isBadHttp(error) && typeof data === "string" && [21, 22].includes(data.charCodeAt(0)) && data.charCodeAt(1) === 3;
}
/** The client could not parse the answer. Its parser's errors have no stable code, but a name. */
const isBadHttp = (error) => error.name === "HTTPParserError";
const hostOf = (origin) => URL.parse(origin)?.host ?? origin;
/** One line of at most 200 characters. */
function clip(text) {
	const line = text.replace(/\s+/g, " ").trim();
	return line.length <= DETAIL_LENGTH ? line : `${line.slice(0, 199)}…`;
}
/** The deadline of `AbortSignal.timeout` was over. */
const isTimeout = (error) => error instanceof DOMException && error.name === "TimeoutError";

// src/io/load/exchange.ts
/**
* One request on its way: hears the HTTP client's events, stamps them, feeds the reader, and ends with one outcome. With
* a retry policy it may be sent several times, one attempt after another; times are then those of the last one.
* A class, because there is one per request and its methods are shared by all of them.
*/
var Exchange = class {
	index;
	intendedNs;
	deadlineNs;
	dispatchedNs;
	follow;
	slot;
	/** Neighbours among the requests under way; see `in-flight.ts`. */
	isListed = false;
	older;
	newer;
	attempts = 1;
	/** Headers of the last answer that was no success. */
	refusal;
	#owner;
	#reader;
	#attemptNs;
	#wireNs;
	#firstByteNs;
	#connectBeganNs;
	#connectNs;
	#phases;
	#waitBeganNs;
	#awaitedNs;
	#status;
	#over = false;
	#pause;
	constructor(owner, reader, start) {
		this.#owner = owner;
		this.#reader = reader;
		this.index = start.index;
		this.intendedNs = start.intendedNs;
		this.deadlineNs = start.deadlineNs;
		this.dispatchedNs = start.dispatchedNs;
		this.#attemptNs = start.dispatchedNs;
		this.follow = start.follow;
	}
	/** After an attempt ended: waits, then calls `again`, unless the deadline or an end of the load comes first. */
	pause(outcome, waitMs, again) {
		this.#pause = {
			timer: setTimeout(again, waitMs),
			outcome
		};
	}
	/** Begins another attempt. What the last one saw is forgotten. */
	restart(reader) {
		this.attempts++;
		this.#reader = reader;
		this.#attemptNs = this.#owner.now();
		this.#wireNs = this.#firstByteNs = this.#connectBeganNs = this.#connectNs = this.#waitBeganNs = this.#awaitedNs = void 0;
		this.#status = this.#phases = this.#pause = this.refusal = void 0;
		this.#over = false;
	}
	/** Ends without an outcome: nothing can be said of a request that was given up in the middle. */
	abandon() {
		this.#over = true;
		clearTimeout(this.#pause?.timer);
		this.#pause = void 0;
	}
	/** Ends as censored exactly at the deadline, whenever the timer came to notice. Later events did not happen. */
	expire() {
		if (this.#pause !== void 0) {
			const { timer, outcome } = this.#pause;
			clearTimeout(timer);
			this.#pause = void 0;
			return this.#owner.expiredInWait(this, outcome);
		}
		const { deadlineNs } = this;
		const before = (ns) => ns !== void 0 && ns <= deadlineNs ? ns : void 0;
		const [wireNs, firstByteNs] = [before(this.#wireNs), before(this.#firstByteNs)];
		const where = wireNs === void 0 ? "the request was not sent yet" : firstByteNs === void 0 ? "no answer began" : "the answer was not complete";
		const attempt = this.attempts === 1 ? "" : `, in attempt ${this.attempts}`;
		const detail = `no complete answer within ${(deadlineNs - this.intendedNs) / 1e9} s${attempt}: ${where}`;
		[this.#wireNs, this.#firstByteNs] = [wireNs, firstByteNs];
		this.#end(deadlineNs, {
			kind: "failed",
			why: "timeout",
			detail
		}, "broken");
	}
	connectBegan() {
		this.#connectBeganNs = this.#owner.now();
	}
	connectEnded(phases) {
		if (this.#connectBeganNs === void 0) return;
		this.#phases = phases;
		this.#connectNs = (this.#connectNs ?? 0) + this.#owner.now() - this.#connectBeganNs;
		this.#connectBeganNs = void 0;
	}
	waitBegan() {
		this.#waitBeganNs = this.#owner.now();
	}
	waitEnded() {
		if (this.#waitBeganNs === void 0) return;
		this.#awaitedNs = (this.#awaitedNs ?? 0) + this.#owner.now() - this.#waitBeganNs;
		this.#waitBeganNs = void 0;
	}
	onRequestStart() {
		if (this.#wireNs !== void 0) throw new Error("the connection was lost and the HTTP client wanted to send the request again");
		this.#wireNs = this.#owner.now();
	}
	onResponseStarted() {
		this.#firstByteNs ??= this.#owner.now();
	}
	onResponseStart(_controller, status, headers) {
		if (this.#over || status < 200) return;
		this.#status = status;
		const flat = flatHeaders(headers);
		if (status >= 400) this.refusal = flat;
		try {
			this.#reader.start(status, flat, this.#owner.now());
		} catch (error) {
			this.#crash(error);
		}
	}
	onResponseData(_controller, chunk) {
		if (this.#over) return;
		try {
			this.#reader.data(chunk, this.#owner.now());
		} catch (error) {
			this.#crash(error);
		}
	}
	onResponseEnd(_controller, trailers) {
		if (this.#over) return;
		try {
			const { result, endNs } = this.#reader.end(this.#owner.now(), trailers && flatHeaders(trailers));
			if (endNs > this.deadlineNs) this.expire();
			else this.#end(endNs, result, "reusable");
		} catch (error) {
			this.#crash(error);
		}
	}
	onResponseError(_controller, error) {
		if (this.#over) return;
		const endNs = this.#owner.now();
		try {
			if (/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED)$/.test(error.code ?? "")) throw error;
			if (endNs > this.deadlineNs) return this.expire();
			const { reused = false, wasIdle = true } = this.slot ?? {};
			const stage = {
				reused,
				wasIdle,
				onWire: this.#wireNs !== void 0,
				answered: this.#firstByteNs !== void 0
			};
			const { why, detail } = classify(error, stage, this.#owner.origin);
			this.#end(endNs, {
				kind: "failed",
				why,
				detail
			}, "broken");
		} catch (failure) {
			this.#crash(failure);
		}
	}
	#end(endNs, result, connection) {
		this.#over = true;
		const outcome = {
			index: this.index,
			intendedNs: this.intendedNs,
			dispatchedNs: this.dispatchedNs,
			attempts: this.attempts,
			attemptNs: this.#attemptNs,
			wireNs: this.#wireNs,
			firstByteNs: this.#firstByteNs,
			endNs,
			connectNs: this.#connectNs,
			dnsNs: this.#phases?.dnsNs,
			tlsNs: this.#phases?.tlsNs,
			awaitedNs: this.#awaitedNs,
			status: this.#status,
			result
		};
		this.#owner.ended(this, outcome, connection);
	}
	#crash(error) {
		this.#over = true;
		this.#owner.crashed(error);
	}
};

// src/io/load/in-flight.ts
const LONGEST_MS = 2 ** 31 - 1;
function openInFlight(now) {
	let [oldest, newest] = [void 0, void 0];
	let size = 0;
	let timer;
	const arm = () => {
		timer = void 0;
		if (oldest === void 0) return;
		const restMs = Math.ceil((oldest.deadlineNs - now()) / 1e6);
		timer = setTimeout(expireDue, Math.min(Math.max(restMs, 1), LONGEST_MS));
	};
	const expireDue = () => {
		const nowNs = now();
		while (oldest !== void 0 && oldest.deadlineNs <= nowNs) {
			const exchange = oldest;
			exchange.expire();
			remove(exchange);
		}
		arm();
	};
	const remove = (exchange) => {
		if (!exchange.isListed) return;
		const { older, newer } = exchange;
		if (older === void 0) oldest = newer;
		else older.newer = newer;
		if (newer === void 0) newest = older;
		else newer.older = older;
		exchange.older = exchange.newer = void 0;
		exchange.isListed = false;
		size--;
	};
	return {
		size: () => size,
		add(exchange) {
			exchange.isListed = true;
			exchange.older = newest;
			if (newest === void 0) oldest = exchange;
			else newest.newer = exchange;
			newest = exchange;
			size++;
			if (timer === void 0) arm();
		},
		remove,
		clear() {
			clearTimeout(timer);
			timer = void 0;
			const left = [];
			for (let exchange = oldest; exchange !== void 0; exchange = oldest) {
				left.push(exchange);
				remove(exchange);
			}
			return left;
		}
	};
}

// src/io/load/retry.ts
/**
* How long to wait before a request is sent again, in seconds; undefined where its outcome stands: it succeeded, failed
* for another cause, or was sent often enough.
*
* The backoff doubles with each attempt up to its most, and is drawn uniformly from its upper half, so that requests
* which failed together do not come back together. The draw follows from the request's index and attempt alone.
*
* @param refusal headers of the answer that was no success.
* @param nowMs wall clock, for a `Retry-After` with a date in an answer without a date of its own.
*/
function waitBeforeRetryS(policy, { result, status, attempts, index }, refusal, nowMs) {
	if (result.kind === "ok" || attempts >= policy.attempts) return void 0;
	const { on } = policy;
	if (!on.some((cause) => typeof cause === "number" ? cause === status : cause === result.why)) return void 0;
	const drawnS = Math.min(policy.backoffS * 2 ** (attempts - 1), policy.maxBackoffS) * (.5 + .5 * uniform(stream(index, "retry", attempts)));
	if (policy.retryAfter === "ignore" || refusal === void 0) return drawnS;
	return Math.max(drawnS, retryAfterS(refusal, nowMs) ?? 0);
}
/**
* `Retry-After` in seconds from now, ≥ 0 (RFC 9110 §10.2.3: whole seconds or a date). A date counts from the answer's
* own `Date`, so that clocks which differ do not matter. Undefined where there is none or it cannot be read.
*/
function retryAfterS(headers, nowMs) {
	const text = headers["retry-after"]?.trim();
	if (text === void 0 || text === "") return void 0;
	if (/^\d+$/.test(text)) return Number(text);
	const untilMs = dateMs(text);
	return untilMs === void 0 ? void 0 : Math.max(0, untilMs - (dateMs(headers["date"] ?? "") ?? nowMs)) / 1e3;
}
/** An HTTP date begins with the name of a day; anything else that Date would guess at is not one. */
function dateMs(text) {
	const ms = /^(Mon|Tue|Wed|Thu|Fri|Sat|Sun)/.test(text) ? Date.parse(text) : NaN;
	return Number.isNaN(ms) ? void 0 : ms;
}

// src/io/load/run.ts
function openRun(options) {
	const { slots } = options;
	const stopping = new AbortController();
	const stopped = stopping.signal;
	const over = options.enough === void 0 ? stopped : AbortSignal.any([stopped, options.enough]);
	let startedNs = process.hrtime.bigint();
	let [offered, ok, failed] = [
		0,
		0,
		0
	];
	let failure;
	let onEmpty = () => {};
	const now = () => Number(process.hrtime.bigint() - startedNs);
	const inFlight = openInFlight(now);
	const stop = () => {
		stopping.abort();
		for (const exchange of inFlight.clear()) {
			exchange.abandon();
			if (exchange.slot !== void 0) slots.drop(exchange.slot);
		}
		onEmpty();
	};
	const crash = (error) => {
		failure ??= { error };
		stop();
	};
	const attempt = (step) => {
		try {
			step();
		} catch (error) {
			crash(error);
		}
	};
	const report = (outcome) => {
		if (outcome.result.kind === "ok") ok++;
		else failed++;
		options.onOutcome(outcome);
	};
	const owner = {
		origin: options.origin,
		now,
		crashed: crash,
		ended(exchange, outcome, connection) {
			const { slot } = exchange;
			exchange.slot = void 0;
			if (slot !== void 0) slots[connection === "reusable" ? "give" : "drop"](slot);
			if (!retries(exchange, outcome)) finish(exchange, outcome);
		},
		expiredInWait: finish
	};
	function finish(exchange, outcome) {
		inFlight.remove(exchange);
		attempt(() => {
			report(outcome);
			exchange.follow?.(outcome);
		});
		if (inFlight.size() === 0) onEmpty();
	}
	/** Whether the request is sent again: it then stays under way, with its deadline, while it waits. */
	function retries(exchange, outcome) {
		if (options.retry === void 0) return false;
		const waitS = waitBeforeRetryS(options.retry, outcome, exchange.refusal, Date.now());
		if (waitS === void 0 || now() + waitS * 1e9 >= exchange.deadlineNs) return false;
		exchange.pause(outcome, Math.ceil(waitS * 1e3), () => {
			if (now() >= exchange.deadlineNs) return exchange.expire();
			return attempt(() => {
				exchange.restart(options.openResponse(exchange.index));
				transmit(exchange);
			});
		});
		return true;
	}
	function transmit(exchange) {
		exchange.slot = slots.take(exchange);
		exchange.slot.dispatch(options.wireOf(exchange.index));
	}
	return {
		begin: (atNs) => {
			startedNs = atNs;
		},
		startedNs: () => startedNs,
		now,
		send(scheduledNs, follow) {
			const index = offered++;
			const dispatchedNs = Math.max(now(), scheduledNs ?? 0);
			const intendedNs = scheduledNs ?? dispatchedNs;
			const deadlineNs = intendedNs + options.timeoutNs;
			if (inFlight.size() >= options.maxInFlight) {
				const detail = `${options.maxInFlight} requests were under way (max-in-flight), so this one was not sent`;
				return report({
					index,
					intendedNs,
					dispatchedNs,
					attempts: 0,
					attemptNs: dispatchedNs,
					wireNs: void 0,
					firstByteNs: void 0,
					connectNs: void 0,
					dnsNs: void 0,
					tlsNs: void 0,
					status: void 0,
					endNs: dispatchedNs,
					result: {
						kind: "failed",
						why: "overflow",
						detail
					}
				});
			}
			const exchange = new Exchange(owner, options.openResponse(index), {
				index,
				intendedNs,
				deadlineNs,
				dispatchedNs,
				follow
			});
			inFlight.add(exchange);
			if (dispatchedNs >= deadlineNs) return exchange.expire();
			transmit(exchange);
		},
		counts: () => ({
			offered,
			ok,
			failed,
			inFlight: inFlight.size()
		}),
		stop,
		stopped,
		over,
		attempt,
		async drain() {
			while (inFlight.size() > 0) await new Promise((resolve) => {
				onEmpty = resolve;
			});
			inFlight.clear();
			if (failure !== void 0) throw failure.error;
		}
	};
}

// src/io/addresses.ts
/** @param host a name or an IP address, which is its own and only address. */
function openAddresses(host, policy) {
	let known = [];
	let turn = 0;
	return {
		async prepare() {
			if (policy === "each" || known.length > 0 || isIP(host) !== 0) return;
			known = await lookup(host, {
				all: true,
				hints: ADDRCONFIG
			}).then((found) => found.map(({ address }) => address), () => []);
		},
		next: () => known.length === 0 ? host : known[turn++ % known.length]
	};
}

// src/io/proxy.ts
/** @throws {InputError} on what is no http or https URL; it may hold a password and is not shown. */
function readProxy(url) {
	const parsed = URL.parse(url);
	if (parsed === null || !["http:", "https:"].includes(parsed.protocol)) throw new InputError("target.connection.proxy is not an http or https URL", { hint: "write it like http://proxy.internal:3128" });
	const { username, password, hostname, port, protocol } = parsed;
	const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
	return {
		host: hostname.replace(/^\[|\]$/g, ""),
		port: Number(port || (protocol === "https:" ? 443 : 80)),
		isTls: protocol === "https:",
		authorization: username === "" && password === "" ? void 0 : `Basic ${Buffer.from(pair).toString("base64")}`
	};
}
const nameOf = ({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`;
/** Marks an error of the way to the proxy as the proxy's. */
const blameProxy = (error, proxy) => Object.assign(error, { proxy: nameOf(proxy) });
/**
* Asks the proxy at the other end of a socket for a tunnel.
*
* @param authority host and port of the endpoint.
* @param done called once: with the socket, which now leads to the endpoint, or with what the proxy said instead.
*/
function openTunnel(proxy, socket, authority, done) {
	const asking = request$1({
		method: "CONNECT",
		path: authority,
		headers: {
			host: authority,
			...proxy.authorization === void 0 ? {} : { "proxy-authorization": proxy.authorization }
		},
		createConnection: () => socket
	});
	asking.once("connect", ({ statusCode = 0 }, _socket, head) => {
		if (statusCode >= 200 && statusCode < 300) {
			if (head.length > 0) socket.unshift(head);
			return done(void 0);
		}
		socket.destroy();
		return done(refusal(proxy, authority, statusCode));
	});
	asking.once("response", ({ statusCode = 0 }) => {
		socket.destroy();
		done(refusal(proxy, authority, statusCode));
	});
	asking.once("error", (error) => done(blameProxy(error, proxy)));
	asking.end();
}
function refusal(proxy, authority, status) {
	const what = `the proxy ${nameOf(proxy)} answered ${status} to CONNECT ${authority}`;
	const [meaning, heals] = MEANINGS[status] ?? ["is it an HTTP proxy that allows tunnels to this port?", false];
	return Object.assign(/* @__PURE__ */ new Error(`${what}; ${meaning}`), {
		code: "ERR_PROXY_STATUS",
		proxy: nameOf(proxy),
		heals
	});
}
const UNREACHED = "it could not reach the endpoint";
const MEANINGS = {
	403: ["it does not allow this host or port", false],
	407: ["it wants other credentials: write user:password@ into target.connection.proxy", false],
	502: [UNREACHED, true],
	503: [UNREACHED, true],
	504: [UNREACHED, true]
};

// src/io/connector.ts
const USUAL_ROUTE = {
	connection: DEFAULT_CONNECTION,
	tls: DEFAULT_TLS,
	material: {
		ca: void 0,
		cert: void 0,
		key: void 0
	}
};
/**
* Opens connections to one endpoint: DNS, TCP, proxy and TLS as the suite wants them. Without deadlines of its own. TLS
* sessions are not resumed, so that every new connection does the same handshake and connect times are comparable.
*
* @throws {InputError} on a proxy that is no URL.
*/
function openConnector(origin, route) {
	const url = new URL(origin);
	const isTls = url.protocol === "https:";
	const endpoint = {
		host: url.hostname.replace(/^\[|\]$/g, ""),
		port: Number(url.port || (isTls ? 443 : 80))
	};
	const proxy = route.connection.proxy === void 0 ? void 0 : readProxy(route.connection.proxy);
	const addresses = openAddresses((proxy ?? endpoint).host, route.connection.dns);
	const context = isTls ? contextOf(route.material) : void 0;
	const tlsOptions = (serverName) => ({
		servername: route.tls.serverName ?? serverName ?? (isIP(endpoint.host) === 0 ? endpoint.host : ""),
		ALPNProtocols: [route.connection.http === "2" ? "h2" : "http/1.1"],
		rejectUnauthorized: route.tls.verify,
		highWaterMark: 16384,
		...context === void 0 ? {} : { secureContext: context }
	});
	return {
		prepare: addresses.prepare,
		connect(serverName, done) {
			const beganNs = process.hrtime.bigint();
			const sinceNs = (fromNs) => Number(process.hrtime.bigint() - fromNs);
			let [dnsNs, tlsBeganNs] = [void 0, beganNs];
			let isOver = false;
			let open;
			const answer = (error, socket) => {
				if (isOver) return;
				isOver = true;
				if (error !== null) open?.destroy();
				done(error, socket, {
					dnsNs,
					tlsNs: isTls && error === null ? sinceNs(tlsBeganNs) : void 0
				});
			};
			/** The socket counts from here on; its errors after the answer are for whoever has it then. */
			const hold = (socket, blame = (error) => error) => {
				open = socket;
				return socket.on("error", (error) => {
					answer(blame(error));
					socket.destroy(error);
				});
			};
			const dial = (to, tls, blame) => {
				const options = {
					host: addresses.next(),
					port: to.port,
					highWaterMark: 65536
				};
				const socket = hold(tls === void 0 ? connect(options) : connect$1({
					...options,
					...tls
				}), blame);
				socket.once("lookup", (error) => {
					if (error === null) dnsNs ??= sinceNs(beganNs);
				});
				socket.once("connect", () => {
					tlsBeganNs = process.hrtime.bigint();
				});
				return socket.setNoDelay(true).setKeepAlive(true, 6e4);
			};
			if (proxy === void 0) {
				const socket = dial(endpoint, isTls ? tlsOptions(serverName) : void 0);
				socket.once(isTls ? "secureConnect" : "connect", () => answer(null, socket));
			} else {
				const way = dial(proxy, proxy.isTls ? proxyTls(proxy, route.material) : void 0, (error) => blameProxy(error, proxy));
				way.once(proxy.isTls ? "secureConnect" : "connect", () => openTunnel(proxy, way, nameOf(endpoint), (error) => {
					if (error !== void 0 || !isTls) return answer(error ?? null, way);
					tlsBeganNs = process.hrtime.bigint();
					const socket = hold(connect$1({
						...tlsOptions(serverName),
						socket: way,
						host: endpoint.host
					}));
					return socket.once("secureConnect", () => answer(null, socket));
				}));
			}
			return () => {
				isOver = true;
				open?.destroy();
			};
		}
	};
}
/** Made once, because reading some hundred authorities takes longer than a handshake. Undefined: Node's own. */
function contextOf({ ca, cert, key }) {
	if (ca === void 0 && cert === void 0) return void 0;
	return createSecureContext({
		...ca === void 0 ? {} : { ca: [...getCACertificates("default"), ca] },
		...cert === void 0 ? {} : {
			cert,
			key
		}
	});
}
const proxyTls = ({ host }, { ca }) => ({
	servername: isIP(host) === 0 ? host : "",
	ALPNProtocols: ["http/1.1"],
	...ca === void 0 ? {} : { ca: [...getCACertificates("default"), ca] }
});

// src/io/load/streams.ts
/**
* Slots of HTTP/2 connections, each with up to `streams` requests under way. The connection that had room last is the
* next one used; when all are full, another is opened.
*
* A connection that is being opened has as much room as an open one. A burst of n requests on a cold start thus opens
* ⌈n / streams⌉ connections, as one user's client would, and not n; those that wait for another's handshake have the
* wait in their latency. An endpoint that allows fewer streams gets the rest on further connections.
*
* A connection that breaks fails each of its streams by itself. One that closes in order (GOAWAY) still answers what it
* took; what it did not take fails, because sending it again unasked would hide the failure.
*/
function openStreamSlots(origin, connector, { streams, requestsEach }) {
	/** Lines that may have room, the one to be used next at the end. A line that has none leaves when it is found. */
	const roomy = [];
	const all = /* @__PURE__ */ new Set();
	function openLine() {
		const line = {
			connection: openHttp2(origin, connector, {
				opened: (most, phases) => opened(line, most, phases),
				closed: (error) => closed(line, error)
			}),
			room: streams,
			busy: 0,
			requests: 0,
			state: "opening",
			retired: false,
			answered: false,
			isListed: true,
			waiting: []
		};
		all.add(line);
		roomy.push(line);
		return line;
	}
	const isUsedUp = (line) => line.retired || line.state === "closed" || line.requests >= requestsEach;
	const hasRoom = (line) => !isUsedUp(line) && line.busy < line.room;
	/** The line for the next request, which counts as its user from now on. */
	function join() {
		let line = roomy.at(-1);
		for (; line !== void 0 && !hasRoom(line); line = roomy.at(-1)) {
			line.isListed = false;
			roomy.pop();
		}
		line ??= openLine();
		line.busy++;
		line.requests++;
		return line;
	}
	function leave(line) {
		line.busy--;
		if (line.busy === 0 && isUsedUp(line)) end(line);
		else if (!line.isListed && hasRoom(line)) {
			line.isListed = true;
			roomy.push(line);
		}
	}
	async function end(line) {
		line.state = "closed";
		await line.connection.destroy();
		all.delete(line);
	}
	function opened(line, most, phases) {
		line.state = "open";
		line.room = Math.min(streams, most);
		const { waiting } = line;
		line.waiting = [];
		waiting[0]?.user.connectEnded(phases);
		for (const slot of waiting.slice(1)) slot.user.waitEnded();
		for (const slot of waiting.slice(0, line.room)) transmit(slot);
		for (const slot of waiting.slice(line.room)) {
			line.busy--;
			line.requests--;
			settle(slot, join());
			begin(slot);
		}
	}
	function closed(line, error) {
		const { waiting } = line;
		line.state = "closed";
		line.waiting = [];
		if (error !== void 0) for (const slot of waiting) slot.user.onResponseError(void 0, error);
		if (line.busy === 0) end(line);
	}
	function begin(slot) {
		const { line, user } = slot;
		if (line.state === "open") return transmit(slot);
		line.waiting.push(slot);
		if (line.waiting.length > 1) return user.waitBegan();
		user.connectBegan();
		return line.connection.open();
	}
	function transmit(slot) {
		const { line, user, wire } = slot;
		slot.bytesBefore = line.connection.bytesRead();
		slot.cancel = line.connection.send(wire, user);
	}
	return {
		prepare: connector.prepare,
		take(user) {
			const slot = {
				user,
				line: join(),
				reused: false,
				wasIdle: false,
				wire: void 0,
				cancel: () => {},
				bytesBefore: 0,
				dispatch: (wire) => {
					slot.wire = wire;
					begin(slot);
				}
			};
			settle(slot, slot.line);
			return slot;
		},
		give(given) {
			const { line } = given;
			line.answered = true;
			leave(line);
		},
		drop(given) {
			const slot = given;
			const { line } = slot;
			slot.cancel();
			line.waiting = line.waiting.filter((other) => other !== slot);
			if (line.connection.bytesRead() === slot.bytesBefore) line.retired = true;
			leave(line);
		},
		async close() {
			roomy.length = 0;
			await Promise.all([...all].map(end));
		}
	};
}
function settle(slot, line) {
	slot.line = line;
	slot.reused = line.answered;
	slot.wasIdle = line.busy === 1;
}

// src/io/load/slots.ts
/** @throws {InputError} on a proxy that is no URL. */
function openSlots(origin, route) {
	const connector = openConnector(origin, route);
	const { http, reuse, requestsEach = Number.POSITIVE_INFINITY, streams } = route.connection;
	const most = reuse === "new" ? {
		requestsEach: 1,
		streams: 1
	} : {
		requestsEach,
		streams
	};
	return http === "2" ? openStreamSlots(origin, connector, most) : openSocketSlots(origin, connector, most.requestsEach);
}
function openSocketSlots(origin, connector, requestsEach) {
	const free = [];
	const all = /* @__PURE__ */ new Set();
	const open = (user) => {
		const connection = openConnection(origin, connector, {
			began: () => {
				slot.reused = false;
				slot.requests = 0;
				slot.user?.connectBegan();
			},
			ended: (phases) => {
				if (phases !== void 0) slot.user?.connectEnded(phases);
			}
		});
		const slot = {
			user,
			reused: false,
			wasIdle: true,
			requests: 0,
			connection,
			dispatch: (wire) => connection.dispatch(wire, slot.user, slot.requests + 1 >= requestsEach)
		};
		all.add(slot);
		return slot;
	};
	const leave = async (slot, how) => {
		slot.user = void 0;
		await slot.connection[how]();
		all.delete(slot);
	};
	return {
		prepare: connector.prepare,
		take(user) {
			const slot = free.pop();
			if (slot === void 0) return open(user);
			slot.user = user;
			return slot;
		},
		give(given) {
			const slot = given;
			slot.user = void 0;
			slot.reused = true;
			if (++slot.requests >= requestsEach) leave(slot, "close");
			else free.push(slot);
		},
		drop: (slot) => void leave(slot, "destroy"),
		async close() {
			free.length = 0;
			await Promise.all([...all].map((slot) => leave(slot, "destroy")));
		}
	};
}

// src/io/load/machine-time.ts
/** Linux tells in /proc/stat; elsewhere nothing is known of steal, and so of nothing. */
function openMachineClock(path = "/proc/stat") {
	const opened = open(path).catch(() => void 0);
	const buffer = Buffer.alloc(256);
	return {
		async read() {
			const { bytesRead } = await (await opened)?.read(buffer, 0, buffer.length, 0).catch(() => void 0) ?? { bytesRead: 0 };
			return parseMachineTime(buffer.toString("latin1", 0, bytesRead));
		},
		async close() {
			await (await opened)?.close();
		}
	};
}
/** Reads `cpu  user nice system idle iowait irq softirq steal …`; guest time, which follows, is part of user time already. */
function parseMachineTime(text) {
	const ticks = /^cpu +((?:\d+ ){7}\d+)/.exec(text)?.[1]?.split(" ").map(Number);
	if (ticks === void 0) return void 0;
	const total = ticks.reduce((sum, each) => sum + each, 0);
	const [, , , idle, ioWait, , , steal] = ticks;
	return {
		total,
		busy: total - idle - ioWait - steal,
		steal
	};
}

// src/io/load/watch.ts
const SECOND_NS = 1e9;
/**
* Gives a reading at the end of every second of a segment (a little later if the thread was held up just then), and
* one when it is stopped.
*
* @param now nanoseconds since time zero of the segment; time zero may be set later and lie ahead.
*/
function openWatch(now, onReading) {
	const delay = monitorEventLoopDelay({ samplePerIteration: true });
	delay.enable();
	let gcMs = 0;
	const count = (entries) => {
		for (const { duration } of entries) gcMs += duration;
	};
	const collections = new PerformanceObserver((list) => count(list.getEntries()));
	collections.observe({ entryTypes: ["gc"] });
	const clock = openMachineClock();
	const stopping = new AbortController();
	const watch = async () => {
		let machine = await clock.read();
		let loop = performance.eventLoopUtilization();
		let fromNs = 0;
		do {
			await untilNextSecond(now, stopping.signal);
			count(collections.takeRecords());
			const toNs = now();
			const next = performance.eventLoopUtilization();
			const sample = {
				fromNs,
				toNs,
				loopDelayMaxS: delay.count === 0 ? 0 : delay.max / 1e9,
				utilization: performance.eventLoopUtilization(next, loop).utilization,
				gcS: gcMs / 1e3
			};
			delay.reset();
			[gcMs, loop, fromNs] = [
				0,
				next,
				toNs
			];
			const then = await clock.read();
			onReading({
				...sample,
				...shares(machine, then)
			});
			machine = then;
		} while (!stopping.signal.aborted);
	};
	const watching = watch();
	return { async stop() {
		stopping.abort();
		try {
			await watching;
		} finally {
			delay.disable();
			collections.disconnect();
			await clock.close();
		}
	} };
}
async function untilNextSecond(now, signal) {
	const atNs = now();
	const restNs = (Math.floor(Math.max(0, atNs) / SECOND_NS) + 1) * SECOND_NS - atNs;
	await setTimeout$1(Math.ceil(restNs / 1e6) + 1, void 0, {
		signal,
		ref: false
	}).catch(() => {});
}
function shares(before, after) {
	const total = before === void 0 || after === void 0 ? 0 : after.total - before.total;
	if (total <= 0) return {
		stealRatio: void 0,
		machineBusyRatio: void 0
	};
	return {
		stealRatio: (after.steal - before.steal) / total,
		machineBusyRatio: (after.busy - before.busy) / total
	};
}

// src/io/load/driver.ts
const PROGRESS_MS = 250;
/** @throws {InputError} on an endpoint's URL or a header that cannot be used. */
function openDriver(options) {
	const address = readAddress(options.url, options.headers);
	const { origin } = address.base;
	const slots = openSlots(origin, options);
	const wiresOf = /* @__PURE__ */ new WeakMap();
	let pacer;
	return {
		async drive(segment, requests, { onOutcome, signal, onProgress, enough, onReading, startAtNs }) {
			const { load, picks, durationS } = segment;
			const wires = wiresOf.get(requests) ?? requests.map((request) => toWire(address, request));
			wiresOf.set(requests, wires);
			if ((load.kind === "closed" || load.arrivalsS.length > 0) && (picks.length === 0 || picks.some((pick) => pick >= wires.length))) throw new RangeError("a segment picks requests that do not exist");
			const durationNs = Math.round(durationS * 1e9);
			const arrivalsNs = load.kind === "open" ? load.arrivalsS.map((atS) => Math.round(atS * 1e9)) : void 0;
			const run = openRun({
				origin,
				slots,
				wireOf: (index) => wires[picks[index % picks.length]],
				openResponse: (index) => options.openResponse(requests[picks[index % picks.length]]),
				timeoutNs: Math.round(options.timeoutS * 1e9),
				maxInFlight: load.kind === "open" ? options.maxInFlight : Number.POSITIVE_INFINITY,
				retry: options.retry,
				onOutcome,
				enough
			});
			let cancelled = signal.aborted;
			const cancel = () => {
				cancelled = true;
				run.stop();
			};
			const report = () => {
				const nowNs = Math.max(0, run.now());
				onProgress?.({
					startedNs: run.startedNs(),
					elapsedS: nowNs / 1e9,
					durationS,
					...run.counts()
				});
			};
			signal.addEventListener("abort", cancel);
			await slots.prepare();
			const watch = onReading && openWatch(run.now, (reading) => run.attempt(() => onReading(reading)));
			const reporting = onProgress && setInterval(() => run.attempt(report), PROGRESS_MS);
			try {
				if (!cancelled) await (load.kind === "closed" ? closedLoop(run, load, durationNs, startAtNs) : openLoop(run, pacer ??= openPacer(), arrivalsNs, durationNs, startAtNs));
				await run.drain();
				report();
			} catch (error) {
				run.stop();
				throw error;
			} finally {
				clearInterval(reporting);
				await watch?.stop();
				signal.removeEventListener("abort", cancel);
			}
			return {
				startedNs: run.startedNs(),
				endedNs: process.hrtime.bigint(),
				offered: run.counts().offered,
				cancelled
			};
		},
		async close() {
			await Promise.all([slots.close(), pacer?.close()]);
		}
	};
}

// src/core/plan/stripe.ts
/**
* What one of several senders takes of a segment: the arrivals (and with them the picks) i ≡ index (mod of), and of the
* users of a closed loop as near to an equal share as whole users allow. All stripes together are the segment, request
* by request; the i-th request of a stripe is {@link indexInSegment} of the whole.
*/
function stripeOf(segment, stripe) {
	const { load } = segment;
	const mine = (_, i) => i % stripe.of === stripe.index;
	if (load.kind === "open") return {
		...segment,
		picks: segment.picks.filter(mine),
		load: {
			kind: "open",
			arrivalsS: load.arrivalsS.filter(mine)
		}
	};
	const steps = load.steps.map(({ atS, users }) => ({
		atS,
		users: Math.floor((users + stripe.of - 1 - stripe.index) / stripe.of)
	}));
	const [picks, thinkS] = [segment.picks.filter(mine), load.thinkS.filter(mine)];
	return {
		...segment,
		picks: picks.length > 0 ? picks : segment.picks,
		load: {
			...load,
			steps,
			thinkS: thinkS.length > 0 ? thinkS : load.thinkS
		}
	};
}
/** The position in the whole segment of a stripe's i-th request. */
const indexInSegment = (index, stripe) => stripe.index + index * stripe.of;

// src/core/protocol/failure.ts
const LONGEST_DETAIL = 200;
const LONGEST_EXCERPT = 120;
/** A failed outcome with a detail of one line, at most 200 characters. */
function failed(why, detail) {
	const line = escapeControls(detail);
	return {
		kind: "failed",
		why,
		detail: (line.length <= LONGEST_DETAIL ? line : `${line.slice(0, 199)}…`).toWellFormed()
	};
}
/** The beginning of what came, quoted for a detail: `"…"`, or `an empty body`. */
function excerpt(text) {
	if (text === "") return "an empty body";
	return `"${escapeControls(text.slice(0, LONGEST_EXCERPT).toWellFormed())}${text.length > LONGEST_EXCERPT ? "…" : ""}"`;
}
/** Whether a status counts as an answer: the ones the suite names, or any 2xx. */
const statusAccepted = ({ status: accepted }, status) => accepted === void 0 ? status >= 200 && status < 300 : accepted.includes(status);
function statusFailure({ status: accepted }, status, body) {
	return failed("status", `status ${status}, expected ${accepted?.join(" or ") ?? "2xx"}: ${excerpt(body)}`);
}
/**
* The error inside an answer that claims success: `{"error": …}` as OpenAI, vLLM, Triton and KServe write it, or vLLM's
* older `{"object": "error", "message": …}`.
*/
function inBandError(answer) {
	if (typeof answer !== "object" || answer === null) return void 0;
	const { error, object, message } = answer;
	const cause = error ?? (object === "error" ? message ?? "no message" : void 0);
	if (cause === void 0 || cause === null || cause === "" || cause === false) return void 0;
	return failed("in-band", `the answer holds an error: ${excerpt(typeof cause === "string" ? cause : JSON.stringify(cause))}`);
}
/** Control, format and private characters as escapes, so that a detail stays one line and shows what it holds. */
const escapeControls = (text) => text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("	", "\\t").replaceAll(/[\p{Cc}\p{Cf}\p{Co}\u2028\u2029]/gu, escapeCharacter);
const escapeCharacter = (character) => `\\u{${character.codePointAt(0).toString(16)}}`;

// src/core/protocol/answer-checks.ts
/** Whether the text of an answer has to be kept, because the suite looks into it. */
const looksInside = ({ contains, matches, json, answer, schema }) => contains !== void 0 || answer !== void 0 || matches !== void 0 || json !== void 0 && json.length > 0 || schema !== void 0;
/**
* The suite's own check of an accepted answer: undefined if it holds or there is none.
*
* @param text the body, or of a generating endpoint what it generated.
* @param whole false if `text` is only the beginning of what came: a text that is not in it may still be in the rest.
*/
function checkFailure(check, text, whole) {
	if (!looksInside(check)) return void 0;
	const { contains } = check;
	const { pattern, queries, schema } = compiled(check);
	if (contains !== void 0 && !text.includes(contains)) return whole ? missing(contains, text) : tooLong(contains);
	if (pattern !== void 0 && !pattern.test(text)) return whole ? missing(check.matches, text) : tooLong(check.matches);
	if (queries.length === 0 && schema === void 0) return void 0;
	if (!whole) return failed("body", "the answer is too long to be parsed for target.check");
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		return failed("check", `expected JSON, got ${excerpt(text)}`);
	}
	for (const query of queries) {
		const failure = valueFailure$1(query, query.query.select(value));
		if (failure !== void 0) return failed("check", failure);
	}
	const flaw = schema?.flawOf(value);
	return flaw === void 0 ? void 0 : failed("check", `the answer does not fit target.check.schema: ${flaw}`);
}
/**
* What becomes of an answer that its protocol can read: the suite's checks, then whether it is right where the right
* answer is known. A wrong answer is an answer; one that cannot be looked at is wrong, since nobody saw it right.
*
* @param label as JSON; undefined where nobody knows it.
*/
function judged(check, { text, whole, label }, ok) {
	const failure = checkFailure(check, text, whole);
	if (failure !== void 0 || label === void 0 || check.answer === void 0) return failure ?? ok;
	return {
		...ok,
		correct: isRight(check, text, label)
	};
}
function isRight(check, text, label) {
	const { answer } = compiled(check);
	if (answer === void 0) return text.includes(typeof label === "string" ? label : JSON.stringify(label));
	try {
		const values = answer.select(JSON.parse(text));
		return values.length > 0 && isEqual(label, values.length === 1 ? values[0] : values, check.answer?.tolerance ?? 0);
	} catch {
		return false;
	}
}
/** The headers that the suite asks for, on an accepted answer: undefined if all are there. */
function headersFailure({ headers = {} }, received) {
	for (const [name, expected] of Object.entries(headers)) {
		const value = received[name];
		if (value === void 0) return failed("check", `expected the header ${name}, and there is none`);
		if (!value.includes(expected)) return failed("check", `expected ${excerpt(expected)} in the header ${name}, got ${excerpt(value)}`);
	}
}
const missing = (what, text) => failed("check", `expected ${excerpt(what)} in the answer, got ${excerpt(text)}`);
const tooLong = (what) => failed("body", `the answer is too long to be searched for ${excerpt(what)}`);
/** Made once a check: it is asked for every answer. */
const known = /* @__PURE__ */ new WeakMap();
/** @throws {RangeError} for a path or a schema that the suite's own rules should have refused. */
function compiled(check) {
	const before = known.get(check);
	if (before !== void 0) return before;
	const { matches, json = [], schema } = check;
	const made = {
		pattern: matches === void 0 ? void 0 : new RegExp(matches, "u"),
		queries: json.map((of) => {
			return {
				query: readable(readJsonPath(of.path), of.path),
				of,
				pattern: of.matches === void 0 ? void 0 : new RegExp(of.matches, "u")
			};
		}),
		answer: check.answer?.path === void 0 ? void 0 : readable(readJsonPath(check.answer.path), check.answer.path),
		schema: schema === void 0 ? void 0 : readable(readJsonSchema(schema), "target.check.schema")
	};
	known.set(check, made);
	return made;
}
function readable(read, what) {
	if ("problem" in read) throw new RangeError(`${what}: ${read.problem}`);
	return read;
}
/** Every selected value has to fit, and there has to be one. */
function valueFailure$1({ of, pattern }, values) {
	const { path, equals, tolerance = 0, between, count } = of;
	if (count !== void 0 && values.length !== count) return `expected ${count} values at ${path}, got ${values.length}`;
	if (count === void 0 && values.length === 0) return `expected ${path} in the answer, and it is not there`;
	for (const value of values) {
		const got = excerpt(JSON.stringify(value) ?? "nothing").slice(1, -1);
		if (equals !== void 0 && !isEqual(equals, value, tolerance)) return `expected ${excerpt(JSON.stringify(equals)).slice(1, -1)} at ${path}, got ${got}`;
		if (between !== void 0 && !(typeof value === "number" && value >= between[0] && value <= between[1])) return `expected a number from ${between[0]} to ${between[1]} at ${path}, got ${got}`;
		if (pattern !== void 0 && !(typeof value === "string" && pattern.test(value))) return `expected a text that matches ${excerpt(of.matches)} at ${path}, got ${got}`;
	}
}
/** Equal as JSON; numbers may differ by `tolerance`, wherever they stand. */
function isEqual(expected, value, tolerance) {
	if (typeof expected === "number" && typeof value === "number") return Math.abs(expected - value) <= tolerance;
	if (typeof expected !== "object" || expected === null || typeof value !== "object" || value === null) return expected === value;
	if (Array.isArray(expected) !== Array.isArray(value)) return false;
	const [keys, others] = [Object.keys(expected), Object.keys(value)];
	return keys.length === others.length && keys.every((key) => Object.hasOwn(value, key) && isEqual(expected[key], value[key], tolerance));
}

// src/core/protocol/body.ts
/** Kept of an answer that is searched or parsed. */
const READ_CAP = 8388608;
/** Kept of an answer that is only quoted if it fails. */
const QUOTE_CAP = 1024;
/**
* The bytes of one answer up to a cap; beyond it they are only counted. A class, because there is one per answer, and its
* cost is part of what the load generator costs.
*/
var Body = class {
	/** All bytes that came, kept or not. */
	length = 0;
	#cap;
	#kept;
	#keptLength = 0;
	/** @param cap most bytes that are kept. */
	constructor(cap) {
		this.#cap = cap;
	}
	add(chunk) {
		this.length += chunk.length;
		const room = this.#cap - this.#keptLength;
		if (room <= 0) return;
		const part = chunk.length <= room ? chunk : chunk.subarray(0, room);
		(this.#kept ??= []).push(part);
		this.#keptLength += part.length;
	}
	/** Whether every byte was kept. */
	get isWhole() {
		return this.#keptLength === this.length;
	}
	/** The first `length` bytes as UTF-8; undefined if not so many were kept. */
	head(length) {
		if (length > this.#keptLength) return void 0;
		const decoder = new TextDecoder();
		let text = "";
		let left = length;
		for (const part of this.#kept ?? []) {
			text += decoder.decode(part.subarray(0, left), { stream: true });
			left -= Math.min(left, part.length);
		}
		return text + decoder.decode();
	}
	/** The kept bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
	text() {
		const decoder = new TextDecoder();
		let text = "";
		for (const part of this.#kept ?? []) text += decoder.decode(part, { stream: true });
		return text + decoder.decode();
	}
};

// src/core/protocol/whole-answer.ts
const NO_HEADERS = {};
/**
* Reads an answer that means something only as a whole: a status that the suite does not accept fails it, else `judge`
* says what it is. The judging happens when it has ended, and is no part of its time. A class, because there is one per
* answer.
*/
var WholeAnswer = class {
	#check;
	#judge;
	#body;
	#status = 0;
	#headers = NO_HEADERS;
	/** @param cap bytes kept of the body. */
	constructor(check, cap, judge) {
		this.#check = check;
		this.#judge = judge;
		this.#body = new Body(cap);
	}
	start(status, headers) {
		this.#status = status;
		this.#headers = headers;
	}
	data(chunk) {
		this.#body.add(chunk);
	}
	end(endNs) {
		return {
			result: statusAccepted(this.#check, this.#status) ? headersFailure(this.#check, this.#headers) ?? this.#judge(this.#body, this.#status, this.#headers) : statusFailure(this.#check, this.#status, this.#body.text()),
			endNs
		};
	}
};

// src/core/protocol/json-answer.ts
/** Parsing blocks the clock of all other requests (about 5 ms per MiB), so a longer answer is judged by how it looks. */
const PARSE_CAP = 1048576;
/** Reads an answer that is one JSON value, comes whole and says nothing about tokens. */
const openJsonAnswer = ({ check }, label, expected) => new WholeAnswer(check, capOf(check), (body) => {
	const text = body.text();
	return jsonFailure(body, text, expected) ?? judged(check, {
		text,
		whole: body.isWhole,
		label
	}, {
		kind: "ok",
		stream: void 0
	});
});
/** Bytes that have to be kept of an answer, so that the suite's own check can search it. */
const capOf = (check) => looksInside(check) ? READ_CAP : PARSE_CAP;
/** What keeps a body from being the expected answer; undefined if it is one. */
function jsonFailure(body, text, expected) {
	if (body.length > PARSE_CAP) return /^\s*\{(?!\s*"error")/.test(text) && expected.looksRight.test(text) ? void 0 : failed("body", `expected ${expected.what} in the first part of a long answer, got ${excerpt(text)}`);
	return valueFailure(text, expected);
}
/** As {@link jsonFailure}, for a text that is all there is. */
function valueFailure(text, { what, holds }) {
	let answer;
	try {
		answer = JSON.parse(text);
	} catch {
		return failed("body", `expected JSON, got ${excerpt(text)}`);
	}
	return inBandError(answer) ?? (holds(answer) ? void 0 : failed("body", `expected ${what}, got ${excerpt(text)}`));
}

// src/core/protocol/kserve-binary.ts
/** Says how long the JSON is that stands before the bytes of the tensors, in both directions. */
const JSON_LENGTH_HEADER = "inference-header-content-length";
/**
* An inference request whose tensors are bytes, and which asks for bytes back.
*
* Sources: kserve/open-inference-protocol, specification/protocol/binary_data_extension.md; Triton's
* protocol/extension_binary_data.md.
*/
function binaryRequest(tensors) {
	const data = tensors.map(tensorBytes);
	const inputs = tensors.map(({ name, shape, datatype }, i) => ({
		name,
		shape,
		datatype,
		parameters: { binary_data_size: data[i].length }
	}));
	const json = new TextEncoder().encode(JSON.stringify({
		inputs,
		parameters: { binary_data_output: true }
	}));
	return {
		body: concatenated([json, ...data]),
		jsonLength: json.length
	};
}
/**
* What keeps an answer with binary tensors from being whole and proper; undefined if nothing does.
*
* @param jsonLength as the answer's header says, in bytes.
*/
function binaryFailure(body, jsonLength, expected) {
	if (jsonLength > body.length) return failed("truncated", `the answer says ${jsonLength} bytes of JSON and holds ${body.length} bytes`);
	const json = body.head(jsonLength);
	if (json === void 0) return failed("body", `the JSON before the tensors is ${jsonLength} bytes long, more than are read`);
	const failure = valueFailure(json, expected);
	if (failure !== void 0) return failure;
	const declared = jsonLength + binarySize(JSON.parse(json));
	if (declared === body.length) return void 0;
	const why = declared > body.length ? "truncated" : "body";
	return failed(why, `the answer declares ${declared} bytes with its tensors and holds ${body.length}`);
}
function binarySize(answer) {
	const { outputs } = answer;
	return outputs.reduce((sum, output) => {
		const { parameters } = Object(output);
		const size = parameters?.binary_data_size;
		return sum + (typeof size === "number" && size > 0 ? size : 0);
	}, 0);
}
/** Row-major, little-endian, without padding; BOOL is one byte, a BYTES element four bytes of length and its UTF-8. */
function tensorBytes({ name, datatype, data }) {
	if (datatype === "BYTES") {
		const encoder = new TextEncoder();
		return concatenated(data.flatMap((element) => {
			const bytes = encoder.encode(String(element));
			const length = /* @__PURE__ */ new Uint8Array(4);
			new DataView(length.buffer).setUint32(0, bytes.length, true);
			return [length, bytes];
		}));
	}
	const writer = WRITERS[datatype];
	if (writer === void 0) throw new InputError(`tensor "${name}": ${datatype} has no binary form here`, { hint: "leave tensor-encoding out" });
	const [size, write] = writer;
	const view = new DataView(new ArrayBuffer(data.length * size));
	for (let i = 0; i < data.length; i++) write(view, i * size, data[i]);
	return new Uint8Array(view.buffer);
}
const WRITERS = {
	BOOL: [1, (view, at, value) => view.setUint8(at, value === true || Number(value) !== 0 ? 1 : 0)],
	UINT8: [1, (view, at, value) => view.setUint8(at, Number(value))],
	UINT16: [2, (view, at, value) => view.setUint16(at, Number(value), true)],
	UINT32: [4, (view, at, value) => view.setUint32(at, Number(value), true)],
	UINT64: [8, (view, at, value) => view.setBigUint64(at, BigInt(Number(value)), true)],
	INT8: [1, (view, at, value) => view.setInt8(at, Number(value))],
	INT16: [2, (view, at, value) => view.setInt16(at, Number(value), true)],
	INT32: [4, (view, at, value) => view.setInt32(at, Number(value), true)],
	INT64: [8, (view, at, value) => view.setBigInt64(at, BigInt(Number(value)), true)],
	FP16: [2, (view, at, value) => view.setFloat16(at, Number(value), true)],
	FP32: [4, (view, at, value) => view.setFloat32(at, Number(value), true)],
	FP64: [8, (view, at, value) => view.setFloat64(at, Number(value), true)]
};
function concatenated(parts) {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}

// src/core/protocol/not-carried.ts
/** A payload that a protocol has no request for: JSON is quoted, any other kind named. `hint` says what to give instead. */
function notCarried(protocol, payload, hint) {
	const { kind } = payload;
	const what = kind === "json" ? excerpt(JSON.stringify(payload.value)) : kind === "body" ? "a raw body" : kind;
	return new InputError(`protocol ${protocol} cannot carry ${what}`, { hint });
}

// src/core/protocol/sample.ts
/** What is asked where a suite names no payload and the protocol needs a text: something any model can read. */
const SAMPLE_TEXT = "The delivery was late, but the support was friendly and quick.";

// src/core/protocol/text-value.ts
/**
* The text a JSON value stands for, where a protocol needs a text and a file holds JSON lines: a string, or an object
* with a string `text` or `prompt`. Undefined for anything else.
*/
function textOf$1(value) {
	if (typeof value === "string") return value;
	if (typeof value !== "object" || value === null) return void 0;
	const { text, prompt } = value;
	if (typeof text === "string") return text;
	return typeof prompt === "string" ? prompt : void 0;
}

// src/core/protocol/kserve-tensors.ts
/**
* A payload as the tensors of one inference request; a text is one BYTES tensor called `text`. Undefined for JSON that is
* a request already.
*
* @throws {InputError} for a payload that is neither.
*/
function tensorsOf(payload, protocol) {
	switch (payload.kind) {
		case "tensors": return payload.tensors;
		case "text": return [textTensor(payload.text)];
		case "empty": return [textTensor(SAMPLE_TEXT)];
		case "json": {
			const { value } = payload;
			if (typeof value === "object" && value !== null && "inputs" in value) return void 0;
			const text = textOf$1(value);
			if (text !== void 0) return [textTensor(text)];
			throw notCarried(protocol, payload, "give an object with `inputs`, or a text as \"…\" or {\"text\": \"…\"}");
		}
		case "body":
		case "messages": throw notCarried(protocol, payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
	}
}
const textTensor = (text) => ({
	name: "text",
	shape: [1],
	datatype: "BYTES",
	data: [text]
});

// src/core/protocol/model-path.ts
/** The target's own path, or the one that its model gives. @throws {InputError} where there is neither. */
function modelPath({ path, model, protocol }, pathOf) {
	if (path !== void 0) return path;
	if (model !== void 0) return pathOf(encodeURIComponent(model));
	throw new InputError(`protocol ${protocol} needs the name of the model`, { hint: "write it under target.model, or give target.path" });
}

// src/core/protocol/kserve-v2.ts
/**
* Open Inference Protocol v2 over REST: KServe, Triton, MLServer, TorchServe, OpenVINO. Tensors are JSON, or bytes where
* the target asks for it and the payload is made of tensors.
*
* Source: kserve/open-inference-protocol, specification/protocol/inference_rest.md.
*/
const kserveV2 = {
	name: "kserve-v2",
	buildRequest: buildRequest$4,
	openResponse
};
const OUTPUTS = {
	what: "a list of outputs",
	holds: (answer) => {
		const outputs = answer?.outputs;
		return Array.isArray(outputs) && outputs.length > 0;
	},
	looksRight: /"outputs"\s*:\s*\[\s*\{/
};
function buildRequest$4(target, payload) {
	const request = {
		method: "POST",
		path: modelPath(target, (model) => `/v2/models/${model}/infer`)
	};
	const tensors = tensorsOf(payload, "kserve-v2");
	if (target.tensorEncoding === "binary" && tensors !== void 0) {
		const { body, jsonLength } = binaryRequest(tensors);
		const headers = {
			"content-type": "application/octet-stream",
			[JSON_LENGTH_HEADER]: String(jsonLength)
		};
		return {
			...request,
			headers,
			body
		};
	}
	return {
		...request,
		headers: {
			"content-type": "application/json",
			accept: "application/json"
		},
		body: new TextEncoder().encode(tensors === void 0 ? asWritten(payload) : JSON.stringify({ inputs: tensors }))
	};
}
const asWritten = (payload) => payload.kind === "json" ? payload.source ?? JSON.stringify(payload.value) : JSON.stringify(payload);
function openResponse({ check }, label) {
	return new WholeAnswer(check, capOf(check), (body, _status, headers) => {
		const text = body.text();
		const jsonLength = lengthIn(headers[JSON_LENGTH_HEADER]);
		return (jsonLength === void 0 ? jsonFailure(body, text, OUTPUTS) : binaryFailure(body, jsonLength, OUTPUTS)) ?? judged(check, {
			text,
			whole: body.isWhole,
			label
		}, {
			kind: "ok",
			stream: void 0
		});
	});
}
const lengthIn = (header) => /^\d{1,15}$/.test(header ?? "") ? Number(header) : void 0;

// src/core/protocol/grpc-frames.ts
/**
* Cuts a response into its messages: each has a byte that says whether it is compressed, four bytes of length, and its
* bytes. A compressed message is a flaw, since none was asked for.
*
* @param keep most bytes of a message that are kept; of a longer one only the length and the times are known.
*
* Source: grpc/grpc, doc/PROTOCOL-HTTP2.md, Length-Prefixed-Message.
*/
function openFrames(keep, onFrame) {
	const prefix = new Uint8Array(PREFIX);
	let [prefixLength, atNs, length, received] = [
		0,
		0,
		0,
		0
	];
	let bytes;
	let flaw;
	function begin() {
		if (prefix[0] !== 0) {
			flaw = prefix[0] === 1 ? "a message is compressed, and none was asked for" : "the answer is no sequence of gRPC messages";
			return false;
		}
		length = new DataView(prefix.buffer).getUint32(1);
		bytes = length <= keep ? new Uint8Array(length) : void 0;
		received = 0;
		return true;
	}
	function endIfWhole(endNs) {
		if (prefixLength < PREFIX || received < length) return;
		onFrame({
			bytes,
			length,
			atNs,
			endNs
		});
		prefixLength = 0;
		bytes = void 0;
	}
	return {
		feed(chunk, now) {
			for (let from = 0; from < chunk.length;) {
				if (prefixLength < PREFIX) {
					if (prefixLength === 0) atNs = now;
					prefix[prefixLength++] = chunk[from++];
					if (prefixLength < PREFIX) continue;
					if (!begin()) return false;
				} else {
					const part = chunk.subarray(from, from + length - received);
					bytes?.set(part, received);
					received += part.length;
					from += part.length;
				}
				endIfWhole(now);
			}
			return true;
		},
		isInside: () => prefixLength > 0,
		flaw: () => flaw
	};
}
const PREFIX = 5;
/** One message with its prefix, as it is sent. */
function frame(message) {
	const framed = new Uint8Array(PREFIX + message.length);
	new DataView(framed.buffer).setUint32(1, message.length);
	framed.set(message, PREFIX);
	return framed;
}

// src/core/protocol/grpc-status.ts
/**
* What the status of a gRPC call says: undefined for OK. A call that ends without one was cut short by somebody in
* between, whatever came before.
*
* @param trailers of the response; where it has no message, the status stands in its headers.
*
* Source: grpc/grpc, doc/PROTOCOL-HTTP2.md (Trailers, percent-encoded message) and doc/statuscodes.md.
*/
function callFailure(headers, trailers) {
	const status = trailers["grpc-status"] ?? headers["grpc-status"];
	const message = trailers["grpc-message"] ?? headers["grpc-message"] ?? "";
	if (status === void 0) return failed("truncated", "the call ended without a gRPC status");
	if (status === "0") return void 0;
	const name = STATUSES[Number(status)];
	const said = message === "" ? "no message" : excerpt(decoded(message));
	return failed("status", `gRPC status ${excerpt(status).slice(1, -1)}${name === void 0 ? "" : ` (${name})`}: ${said}`);
}
const STATUSES = [
	"OK",
	"CANCELLED",
	"UNKNOWN",
	"INVALID_ARGUMENT",
	"DEADLINE_EXCEEDED",
	"NOT_FOUND",
	"ALREADY_EXISTS",
	"PERMISSION_DENIED",
	"RESOURCE_EXHAUSTED",
	"FAILED_PRECONDITION",
	"ABORTED",
	"OUT_OF_RANGE",
	"UNIMPLEMENTED",
	"INTERNAL",
	"UNAVAILABLE",
	"DATA_LOSS",
	"UNAUTHENTICATED"
];
/** What is wrongly encoded is shown as it came. */
function decoded(message) {
	try {
		return decodeURIComponent(message);
	} catch {
		return message;
	}
}

// src/core/protocol/kserve-messages.ts
/** A ModelInferRequest whose tensors are bytes (`raw_input_contents`), which every server reads and no other form is as short as. */
function modelInferRequest(model, tensors) {
	const writer = new BinaryWriter();
	writer.tag(1, WireType.LengthDelimited).string(model);
	for (const { name, datatype, shape } of tensors) {
		writer.tag(5, WireType.LengthDelimited).fork();
		writer.tag(1, WireType.LengthDelimited).string(name);
		writer.tag(2, WireType.LengthDelimited).string(datatype);
		writer.tag(3, WireType.LengthDelimited).fork();
		for (const size of shape) writer.int64(size);
		writer.join();
		writer.join();
	}
	for (const tensor of tensors) writer.tag(7, WireType.LengthDelimited).bytes(tensorBytes(tensor));
	return writer.finish();
}
/** Number of outputs in a ModelInferResponse. @throws for bytes that are none. */
function outputsIn(response) {
	return eachField(response, (field) => field === 5);
}
/**
* A ModelStreamInferResponse: an error, or one answer of the stream. An answer without outputs is empty, as Triton sends
* one where a model is through.
*
* @throws for bytes that are none.
*/
function streamedAnswer(response) {
	let error;
	let outputs = 0;
	eachField(response, (field, reader) => {
		if (field === 1) error = reader.string();
		else if (field === 2) outputs = outputsIn(reader.bytes());
		else return false;
		return "read";
	});
	return {
		error: error === "" ? void 0 : error,
		outputs
	};
}
/** A ModelReadyRequest. */
const modelReadyRequest = (model) => new BinaryWriter().tag(1, WireType.LengthDelimited).string(model).finish();
/** What a ModelReadyResponse says. @throws for bytes that are none. */
function readyIn(response) {
	let ready = false;
	eachField(response, (field, reader) => {
		if (field !== 1) return false;
		ready = reader.bool();
		return "read";
	});
	return ready;
}
/** Goes through the fields of a message and counts those that `visit` says yes to; one that it read itself is not skipped. */
function eachField(message, visit) {
	const reader = new BinaryReader(message);
	let count = 0;
	while (reader.pos < reader.len) {
		const [field, type] = reader.tag();
		const seen = visit(field, reader);
		if (seen !== "read") reader.skip(type, field);
		if (seen === true) count++;
	}
	return count;
}

// src/core/protocol/kserve-v2-grpc.ts
/**
* Open Inference Protocol v2 over gRPC: `ModelInfer`, or with `stream` Triton's `ModelStreamInfer`, one request a stream.
* A call is one request over HTTP/2, sent by the same client as any other: nothing sends it twice.
*
* Sources: kserve/open-inference-protocol, specification/protocol/inference_grpc.md; triton-inference-server/common,
* protobuf/grpc_service.proto.
*/
const kserveV2Grpc = {
	name: "kserve-v2-grpc",
	buildRequest: (target, payload) => ({
		...call(target.path ?? `${SERVICE}/${target.stream ? "ModelStreamInfer" : "ModelInfer"}`),
		body: frame(modelInferRequest(modelOf(target), inputsOf(payload)))
	}),
	openResponse: (target, label) => target.stream ? openStream(target) : openUnary(target, label),
	readiness: (target) => ({
		request: {
			...call(`${SERVICE}/ModelReady`),
			body: frame(modelReadyRequest(modelOf(target)))
		},
		what: `ModelReady of ${modelOf(target)}`,
		isReady
	})
};
const SERVICE = "/inference.GRPCInferenceService";
/** Most bytes of a message that are decoded; a longer one is taken for what its status says. */
const DECODE_CAP = 1048576;
const call = (path) => ({
	method: "POST",
	path,
	headers: {
		"content-type": "application/grpc",
		te: "trailers"
	}
});
function modelOf({ model }) {
	if (model !== void 0) return model;
	throw new InputError("protocol kserve-v2-grpc needs the name of the model", { hint: "write it under target.model" });
}
function inputsOf(payload) {
	const tensors = tensorsOf(payload, "kserve-v2-grpc");
	if (tensors !== void 0) return tensors;
	const { inputs, ...others } = payload.value;
	const [other] = Object.keys(others);
	if (other !== void 0) throw new InputError(`protocol kserve-v2-grpc does not send ${JSON.stringify(other)} of a request`, { hint: "give `inputs` alone" });
	return (Array.isArray(inputs) ? inputs : [inputs]).map(inputOf);
}
function inputOf(input) {
	const { name, shape, datatype, data } = Object(input);
	const isShape = Array.isArray(shape) && shape.every((size) => Number.isInteger(size) && size >= 0);
	if (typeof name !== "string" || typeof datatype !== "string" || !isShape || !Array.isArray(data)) throw new InputError(`protocol kserve-v2-grpc cannot carry the input ${excerpt(JSON.stringify(input) ?? "nothing")}`, { hint: "an input has a name, a shape, a datatype and data" });
	const values = data.flat(Number.POSITIVE_INFINITY);
	const count = shape.reduce((product, size) => product * size, 1);
	if (values.length !== count) throw new InputError(`the input ${JSON.stringify(name)} has ${values.length} values for a shape of ${count}`, { hint: "give as many values as the shape has elements" });
	return {
		name,
		shape,
		datatype,
		data: values
	};
}
/** One message, then the status. The answer is complete with its last byte; the trailers after it say whether it counts. */
function openUnary({ check }, label) {
	let message;
	let messages = 0;
	return openCall(check, (one) => {
		message = one;
		messages++;
	}, (endNs) => {
		if (message === void 0 || messages > 1) return {
			result: failed("body", `expected one message, got ${messages === 0 ? "none" : messages}`),
			endNs
		};
		const result = outputsFailure(message) ?? judged(check, {
			...textOf(check, message),
			label
		}, {
			kind: "ok",
			stream: void 0
		});
		return {
			result,
			endNs: result.kind === "ok" ? message.endNs : endNs
		};
	});
}
/** Any number of answers on one stream: each with outputs is a token event. */
function openStream({ check }) {
	const gapsNs = [];
	let [firstTokenNs, lastTokenNs] = [void 0, 0];
	let broken;
	let found = !looksInside(check);
	return openCall(check, (message) => {
		if (broken !== void 0) return;
		const answer = decode(message, streamedAnswer);
		if (answer === void 0) broken = failed("body", `expected a ModelStreamInferResponse, got ${message.length} bytes that are none`);
		else if (answer !== "long" && answer.error !== void 0) broken = failed("in-band", `the stream holds an error: ${excerpt(answer.error)}`);
		if (broken !== void 0 || answer !== "long" && answer?.outputs === 0) return;
		found ||= isFound(check, message);
		if (firstTokenNs === void 0) firstTokenNs = message.atNs;
		else gapsNs.push(message.atNs - lastTokenNs);
		lastTokenNs = message.atNs;
	}, (endNs) => {
		if (broken !== void 0) return {
			result: broken,
			endNs
		};
		if (firstTokenNs === void 0) return {
			result: failed("body", "the stream is complete and brought no output"),
			endNs
		};
		if (!found) return {
			result: failed("check", "no answer of the stream holds what target.check asks for"),
			endNs
		};
		return {
			result: {
				kind: "ok",
				stream: {
					firstTokenNs,
					lastTokenNs,
					tokens: gapsNs.length + 1,
					tokensFrom: "events",
					gapsNs
				}
			},
			endNs: lastTokenNs
		};
	});
}
/** What all calls have in common: HTTP's status, messages, and the status of the call, which outweighs the messages. */
function openCall(check, onMessage, judge) {
	const beginning = new Body(QUOTE_CAP);
	const frames = openFrames(DECODE_CAP, onMessage);
	let [status, accepted, isGrpc] = [
		0,
		false,
		false
	];
	let headers = {};
	let flaw;
	return {
		start: (code, received) => {
			[status, headers] = [code, received];
			accepted = statusAccepted(check, code);
			isGrpc = (received["content-type"] ?? "").startsWith("application/grpc");
		},
		data: (chunk, atNs) => {
			if (!accepted || !isGrpc) beginning.add(chunk);
			else if (flaw === void 0 && !frames.feed(chunk, atNs)) flaw = frames.flaw();
		},
		end: (endNs, trailers) => {
			const fails = (result) => ({
				result,
				endNs
			});
			if (!accepted) return fails(statusFailure(check, status, beginning.text()));
			if (!isGrpc) return fails(failed("body", `expected gRPC, got ${headers["content-type"] ?? "no content type"}: ${excerpt(beginning.text())}`));
			if (flaw !== void 0) return fails(failed("body", flaw));
			const failure = callFailure(headers, trailers ?? {});
			if (failure !== void 0) return fails(failure);
			const header = headersFailure(check, headers);
			if (header !== void 0) return fails(header);
			if (frames.isInside()) return fails(failed("truncated", "the call ended inside a message"));
			return judge(endNs);
		}
	};
}
/** A message as what it should be; undefined if it is not, `long` if it is too long to be looked at. */
function decode({ bytes }, as) {
	if (bytes === void 0) return "long";
	try {
		return as(bytes);
	} catch {
		return;
	}
}
function outputsFailure(message) {
	const outputs = decode(message, outputsIn);
	if (outputs === void 0) return failed("body", `expected a ModelInferResponse, got ${message.length} bytes that are none`);
	return outputs === 0 ? failed("body", "expected a list of outputs, got an answer without any") : void 0;
}
function isFound(check, message) {
	const { text, whole } = textOf(check, message);
	return checkFailure(check, text, whole) === void 0;
}
/** The bytes as text, where somebody looks for one. */
const textOf = (check, { bytes }) => ({
	text: bytes === void 0 || !looksInside(check) ? "" : new TextDecoder().decode(bytes),
	whole: bytes !== void 0
});
function isReady(body) {
	let ready = false;
	openFrames(QUOTE_CAP, ({ bytes }) => {
		if (bytes !== void 0) ready = readyIn(bytes);
	}).feed(body, 0);
	return ready;
}

// src/core/protocol/openai-chunk.ts
/**
* Role-only, empty and usage-only chunks have no token. Channels as in vLLM, SGLang and the OpenAI API: `text`,
* `content`, `reasoning_content`, `reasoning`, `tool_calls`, `refusal`, under `delta` (stream) or `message` (whole).
*
* @param value any parsed JSON; what does not look like a completion has no token and no text.
*/
function readChunk(value) {
	const { choices, usage } = fields(value);
	let hasToken = false;
	let finished = false;
	let text = "";
	for (const item of Array.isArray(choices) ? choices : []) {
		const choice = fields(item);
		const said = fields(choice["delta"] ?? choice["message"]);
		const visible = string(choice["text"]) + string(said["content"]) + string(said["refusal"]);
		const calls = Array.isArray(said["tool_calls"]) ? said["tool_calls"] : [];
		const reasons = string(said["reasoning_content"]) !== "" || string(said["reasoning"]) !== "";
		hasToken ||= visible !== "" || reasons || calls.length > 0;
		finished ||= typeof choice["finish_reason"] === "string";
		text += visible;
		for (const call of calls) text += string(fields(fields(call)["function"])["arguments"]);
	}
	const tokens = fields(usage)["completion_tokens"];
	return {
		hasToken,
		text,
		finished,
		usageTokens: typeof tokens === "number" && tokens >= 1 ? tokens : void 0
	};
}
const fields = (value) => typeof value === "object" && value !== null ? value : {};
const string = (value) => typeof value === "string" ? value : "";

// src/core/protocol/openai-answer.ts
/** Reads a chat completion that comes whole. It has no time to first token: the end is not the first token. */
const openAnswer = ({ check }, label) => new WholeAnswer(check, READ_CAP, (body) => judge(check, body, label));
function judge(check, body, label) {
	const source = body.text();
	if (!body.isWhole) return failed("body", `the answer is longer than ${READ_CAP} bytes`);
	let answer;
	try {
		answer = JSON.parse(source);
	} catch {
		return failed("body", `expected a chat completion as JSON, got ${excerpt(source)}`);
	}
	const error = inBandError(answer);
	if (error !== void 0) return error;
	const { hasToken, text, usageTokens } = readChunk(answer);
	if (!hasToken) return failed("body", `expected a chat completion with an answer, got ${excerpt(source)}`);
	const ok = {
		kind: "ok",
		stream: void 0,
		...usageTokens === void 0 ? {} : { usageTokens }
	};
	return judged(check, {
		text,
		whole: true,
		label
	}, ok);
}

// src/core/protocol/openai-request.ts
/**
* A request to a generating endpoint of the OpenAI API. What a payload says itself wins over the target's `model` and
* `maxTokens`; only `stream` is always the target's, because the reader of the answer depends on it.
*
* @param asked the payload as a request, without what the target adds.
*/
function generatingRequest({ model, maxTokens, stream, path }, standardPath, asked) {
	const saysLength = "max_tokens" in asked || "max_completion_tokens" in asked;
	const { stream_options: options, ...rest } = asked;
	const body = {
		...model === void 0 ? {} : { model },
		...maxTokens === void 0 || saysLength ? {} : { max_tokens: maxTokens },
		...rest,
		stream,
		...stream && options !== null ? { stream_options: {
			...typeof options === "object" ? options : {},
			include_usage: true
		} } : {}
	};
	return {
		method: "POST",
		path: path ?? standardPath,
		headers: {
			"content-type": "application/json",
			accept: stream ? "text/event-stream" : "application/json"
		},
		body: new TextEncoder().encode(JSON.stringify(body))
	};
}

// src/core/protocol/event-stream.ts
/** Most characters of one unfinished event: a stream without line ends must not fill the memory. */
const LONGEST_EVENT = 8388608;
/**
* Reads server-sent events as they arrive, with the time of each.
*
* An event that spans chunks has the time of the chunk that brought its first field; events that share a chunk share
* its time, since nothing earlier is known of them. Comments and blank lines before an event are not part of it. Lines
* end with LF, CR or CRLF, and a character may be split between chunks. What follows the last blank line is never
* handed on, as the standard says.
*
* Source: WHATWG HTML, §9.2.6 Interpreting an event stream.
*/
function openEventStream(onEvent) {
	const decoder = new TextDecoder();
	let eventAtNs;
	let overflown = false;
	const parser = createParser({
		maxBufferSize: LONGEST_EVENT,
		onEvent: ({ data, event }) => onEvent({
			data,
			event,
			atNs: eventAtNs ?? 0
		}),
		onError: ({ type }) => {
			overflown ||= type === "max-buffer-size-exceeded";
		}
	});
	const lines = openLines((line, atNs) => {
		if (overflown) return;
		if (line !== "" && !line.startsWith(":")) eventAtNs ??= atNs;
		parser.feed(`${line}\n`);
		if (line === "") eventAtNs = void 0;
	});
	return { feed: (chunk, atNs) => {
		if (!overflown) overflown = lines(decoder.decode(chunk, { stream: true }), atNs) > LONGEST_EVENT || overflown;
		return !overflown;
	} };
}
/** Hands on each line without its end and with the time of its first character; returns the length of the unfinished rest. */
function openLines(onLine) {
	let rest = "";
	let restAtNs = 0;
	let afterReturn = false;
	return (text, atNs) => {
		let from = 0;
		if (afterReturn && text !== "") {
			if (text.charCodeAt(0) === LF) from = 1;
			afterReturn = false;
		}
		let feedAt = text.indexOf("\n", from);
		let returnAt = text.indexOf("\r", from);
		while (feedAt !== -1 || returnAt !== -1) {
			const end = returnAt === -1 || feedAt !== -1 && feedAt < returnAt ? feedAt : returnAt;
			const line = text.slice(from, end);
			onLine(rest + line, rest === "" ? atNs : restAtNs);
			rest = "";
			from = end + 1;
			if (end === returnAt) {
				if (from === text.length) afterReturn = true;
				else if (text.charCodeAt(from) === LF) from++;
				returnAt = text.indexOf("\r", from);
			}
			if (feedAt !== -1 && feedAt < from) feedAt = text.indexOf("\n", from);
		}
		if (from < text.length) {
			if (rest === "") restAtNs = atNs;
			rest += text.slice(from);
		}
		return rest.length;
	};
}
const LF = 10;

// src/core/protocol/openai-stream.ts
/**
* Reads a streamed chat completion.
*
* - A *token event* brings a piece of the answer on any channel: content, reasoning, tool call, refusal. The role, an
*   empty delta, usage, comments and `[DONE]` are none.
* - The first token event is the time to first token, the last one the end: neither `[DONE]` nor the socket's close.
* - Tokens are counted by the server's usage report, or where it sends none (or says 0) by token events.
* - It failed if a chunk holds an error or is not JSON, if it ended with neither a finish reason nor `[DONE]`
*   (truncated), or without a single token.
*
* Events are parsed as they come, at a few microseconds each, where keeping them for the end would hold all streams' bytes in memory
* and then block the clock of the others for milliseconds.
*/
function openTokenStream({ check }, label) {
	const beginning = new Body(QUOTE_CAP);
	const gapsNs = [];
	let status = 0;
	let headers = {};
	let accepted = false;
	let firstTokenNs;
	let lastTokenNs = 0;
	let usageTokens;
	let complete = false;
	let done = false;
	let broken;
	let text = "";
	let wholeText = true;
	const events = openEventStream((event) => {
		if (done || broken !== void 0) return;
		if (event.data.trim() === "[DONE]") {
			done = complete = true;
			return;
		}
		const value = parse(event);
		broken = value === void 0 ? failed("body", `expected an event with JSON, got ${excerpt(event.data)}`) : errorIn(event, value);
		if (broken !== void 0) return;
		const chunk = readChunk(value);
		complete ||= chunk.finished;
		usageTokens = chunk.usageTokens ?? usageTokens;
		if (chunk.hasToken) addToken(event.atNs);
		if (looksInside(check)) addText(chunk.text);
	});
	function addToken(atNs) {
		if (firstTokenNs === void 0) firstTokenNs = atNs;
		else gapsNs.push(atNs - lastTokenNs);
		lastTokenNs = atNs;
	}
	function addText(piece) {
		if (text.length + piece.length > 8388608) wholeText = false;
		if (wholeText) text += piece;
	}
	function judge() {
		if (!accepted) return statusFailure(check, status, beginning.text());
		if (broken !== void 0) return broken;
		if (firstTokenNs === void 0 && !complete) return noStream(beginning.text());
		if (!complete) return failed("truncated", `the stream ended after ${gapsNs.length + 1} token events with neither finish_reason nor [DONE]`);
		if (firstTokenNs === void 0) return failed("body", "the stream is complete and brought no token");
		const failure = headersFailure(check, headers);
		if (failure !== void 0) return failure;
		const tokensFrom = usageTokens === void 0 ? "events" : "usage";
		const stream = {
			firstTokenNs,
			lastTokenNs,
			tokens: usageTokens ?? gapsNs.length + 1,
			tokensFrom,
			gapsNs
		};
		return judged(check, {
			text,
			whole: wholeText,
			label
		}, {
			kind: "ok",
			stream
		});
	}
	return {
		start: (responseStatus, received) => {
			[status, headers] = [responseStatus, received];
			accepted = statusAccepted(check, status);
		},
		data: (chunk, atNs) => {
			beginning.add(chunk);
			if (!accepted || broken !== void 0) return;
			if (!events.feed(chunk, atNs)) broken = failed("body", "an event of the stream is longer than 8 MiB");
		},
		end: (atNs) => {
			const result = judge();
			return {
				result,
				endNs: result.kind === "ok" ? lastTokenNs : atNs
			};
		}
	};
}
/** Undefined for what is not JSON (which never parses to undefined). */
function parse({ data }) {
	try {
		return JSON.parse(data);
	} catch {
		return;
	}
}
const errorIn = ({ event }, value) => inBandError(value) ?? (event === "error" ? failed("in-band", `the stream holds an error event: ${excerpt(JSON.stringify(value))}`) : void 0);
/** A proper answer that is not a stream of tokens: an error as plain JSON, something else, or a stream cut before the first. */
function noStream(beginning) {
	let value;
	try {
		value = JSON.parse(beginning);
	} catch {
		value = void 0;
	}
	const error = inBandError(value);
	if (error !== void 0) return error;
	if (/^\s*(?:data|event|id|retry)?:/.test(beginning)) return failed("truncated", `the stream ended before its first token: ${excerpt(beginning)}`);
	return failed("body", `expected a stream of events, got ${excerpt(beginning)}`);
}

// src/core/protocol/openai-chat.ts
/** OpenAI chat completions, streamed or whole: vLLM, SGLang, TensorRT-LLM, TGI, llama.cpp, Ollama and gateways before them. */
const openaiChat = {
	name: "openai-chat",
	buildRequest: (target, payload) => generatingRequest(target, "/v1/chat/completions", chatRequest(payload)),
	openResponse: (target, label) => target.stream ? openTokenStream(target, label) : openAnswer(target, label)
};
function chatRequest(payload) {
	switch (payload.kind) {
		case "messages": return { messages: payload.messages };
		case "text": return fromUser(payload.text);
		case "empty": return fromUser("Write one sentence about the sea.");
		case "json": return fromJson(payload);
		case "body":
		case "tensors": throw notCarried("openai-chat", payload, "give `messages:`, `text:` or `json:`, or use another protocol");
	}
}
/** A whole request, a list of messages, or a text. */
function fromJson(payload) {
	const { value } = payload;
	if (Array.isArray(value)) return { messages: value };
	if (typeof value === "object" && value !== null && "messages" in value) return { ...value };
	const text = textOf$1(value);
	if (text !== void 0) return fromUser(text);
	throw notCarried("openai-chat", payload, "give an object with `messages`, a list of messages, or a text as \"…\" or {\"text\": \"…\"}");
}
const fromUser = (content) => ({ messages: [{
	role: "user",
	content
}] });

// src/core/protocol/openai-completions.ts
/** OpenAI text completions, streamed or whole: base models on vLLM, SGLang, TensorRT-LLM, llama.cpp and their like. */
const openaiCompletions = {
	name: "openai-completions",
	buildRequest: (target, payload) => generatingRequest(target, "/v1/completions", completionRequest(payload)),
	openResponse: (target, label) => target.stream ? openTokenStream(target, label) : openAnswer(target, label)
};
function completionRequest(payload) {
	switch (payload.kind) {
		case "text": return { prompt: payload.text };
		case "empty": return { prompt: SAMPLE_TEXT };
		case "json": {
			const { value } = payload;
			if (typeof value === "object" && value !== null && "prompt" in value) return { ...value };
			const text = textOf$1(value);
			if (text !== void 0) return { prompt: text };
			throw notCarried("openai-completions", payload, "give an object with `prompt`, or a text as \"…\" or {\"text\": \"…\"}");
		}
		case "body":
		case "tensors":
		case "messages": throw notCarried("openai-completions", payload, payload.kind === "messages" ? "use protocol openai-chat" : "give `text:` or `json:`, or use another protocol");
	}
}

// src/core/protocol/openai-embeddings.ts
/** OpenAI embeddings: vLLM, TEI, Infinity, llama.cpp and gateways before them. Every item must hold a vector. */
const openaiEmbeddings = {
	name: "openai-embeddings",
	buildRequest: buildRequest$3,
	openResponse: (target, label) => openJsonAnswer(target, label, EMBEDDINGS)
};
const EMBEDDINGS = {
	what: "a list of embeddings",
	holds: (answer) => {
		const { data } = Object(answer);
		return Array.isArray(data) && data.length > 0 && data.every((item) => isVector(Object(item).embedding));
	},
	looksRight: /"embedding"\s*:\s*["[]/
};
/** Numbers, or with `encoding_format: base64` their bytes as text. */
const isVector = (value) => Array.isArray(value) ? value.length > 0 && value.every((item) => typeof item === "number") : typeof value === "string" && value !== "";
function buildRequest$3({ model, path }, payload) {
	const body = {
		...model === void 0 ? {} : { model },
		...embeddingRequest(payload)
	};
	return {
		method: "POST",
		path: path ?? "/v1/embeddings",
		headers: {
			"content-type": "application/json",
			accept: "application/json"
		},
		body: new TextEncoder().encode(JSON.stringify(body))
	};
}
function embeddingRequest(payload) {
	switch (payload.kind) {
		case "text": return { input: payload.text };
		case "empty": return { input: SAMPLE_TEXT };
		case "json": {
			const { value } = payload;
			if (Array.isArray(value)) return { input: value };
			if (typeof value === "object" && value !== null && "input" in value) return { ...value };
			const text = textOf$1(value);
			if (text !== void 0) return { input: text };
			throw notCarried("openai-embeddings", payload, "give an object with `input`, a list of texts, or a text as \"…\" or {\"text\": \"…\"}");
		}
		case "body":
		case "tensors":
		case "messages": throw notCarried("openai-embeddings", payload, "give `text:` or `json:`, or use another protocol");
	}
}

// src/core/protocol/plain-body.ts
/** A payload as the body itself, and its content type; neither for an empty payload. @throws {InputError} for other kinds. */
function plainBody(payload, protocol) {
	const encoder = new TextEncoder();
	switch (payload.kind) {
		case "empty": return {
			bytes: void 0,
			contentType: void 0
		};
		case "body": return payload;
		case "json": return {
			bytes: encoder.encode(payload.source ?? JSON.stringify(payload.value)),
			contentType: "application/json"
		};
		case "text": return {
			bytes: encoder.encode(payload.text),
			contentType: "text/plain; charset=utf-8"
		};
		case "tensors": throw notCarried(protocol, payload, "use protocol kserve-v2 or tf-serving, or write the body under `json:`");
		case "messages": throw notCarried(protocol, payload, "use protocol openai-chat, or write the body under `json:`");
	}
}

// src/core/protocol/raw.ts
/** Any HTTP endpoint: the payload is the body, and an accepted status with a body is an answer. */
const raw = {
	name: "raw",
	buildRequest: buildRequest$2,
	openResponse: openPlainAnswer
};
function buildRequest$2({ method, path = "/" }, payload) {
	const { bytes, contentType } = plainBody(payload, "raw");
	return {
		method,
		path,
		headers: contentType === void 0 ? {} : { "content-type": contentType },
		body: bytes
	};
}
/**
* Reads an answer of which nothing is known.
*
* An empty body is an answer only where HTTP has none (HEAD, 204, 205) or the suite names the status itself: an
* endpoint that answers 200 with nothing is broken more often than fast.
*/
function openPlainAnswer({ check, method }, label) {
	return new WholeAnswer(check, looksInside(check) ? READ_CAP : QUOTE_CAP, (body, status) => {
		const mayBeEmpty = check.status !== void 0 || method.toUpperCase() === "HEAD" || status === 204 || status === 205;
		if (body.length === 0 && !mayBeEmpty) return failed("body", `status ${status} with an empty body; name the status under check.status if that is right`);
		if (!looksInside(check)) return ANSWERED;
		return judged(check, {
			text: body.text(),
			whole: body.isWhole,
			label
		}, ANSWERED);
	});
}
const ANSWERED = {
	kind: "ok",
	stream: void 0
};

// src/core/protocol/tf-serving.ts
/**
* TensorFlow Serving over REST: predict, and with a path of its own classify and regress. Tensors go as named columns
* (`inputs`), a text as the only row (`instances`).
*
* Source: tensorflow/serving, tensorflow_serving/g3doc/api_rest.md.
*/
const tfServing = {
	name: "tf-serving",
	buildRequest: buildRequest$1,
	openResponse: (target, label) => openJsonAnswer(target, label, PREDICTION)
};
const PREDICTION = {
	what: "predictions or outputs",
	holds: (answer) => {
		const { predictions, outputs, results, result } = Object(answer);
		return [
			predictions,
			outputs,
			results,
			result
		].some(isFilled);
	},
	looksRight: /"(?:predictions|outputs|results?)"\s*:\s*[[{]/
};
/** A list of rows that is not empty; of named columns at least one; a single value as it is. */
const isFilled = (value) => typeof value === "object" && value !== null ? Object.keys(value).length > 0 : value !== void 0 && value !== null;
function buildRequest$1(target, payload) {
	return {
		method: "POST",
		path: modelPath(target, (model) => `/v1/models/${model}:predict`),
		headers: {
			"content-type": "application/json",
			accept: "application/json"
		},
		body: new TextEncoder().encode(predictBody(payload))
	};
}
function predictBody(payload) {
	switch (payload.kind) {
		case "tensors": return JSON.stringify({ inputs: Object.fromEntries(payload.tensors.map((tensor) => [tensor.name, nested(tensor)])) });
		case "text": return JSON.stringify({ instances: [payload.text] });
		case "empty": return JSON.stringify({ instances: [SAMPLE_TEXT] });
		case "json": {
			const { value, source } = payload;
			if (typeof value === "object" && value !== null && [
				"instances",
				"inputs",
				"examples"
			].some((key) => key in value)) return source ?? JSON.stringify(value);
			const text = textOf$1(value);
			if (text !== void 0) return JSON.stringify({ instances: [text] });
			throw notCarried("tf-serving", payload, "give an object with `instances` or `inputs`, or a text as \"…\" or {\"text\": \"…\"}");
		}
		case "body":
		case "messages": throw notCarried("tf-serving", payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
	}
}
/** Row-major data as lists in lists, as deep as the shape. */
function nested({ shape, data }) {
	let level = data;
	for (const length of shape.slice(1).toReversed()) level = Array.from({ length: level.length / length }, (_, i) => level.slice(i * length, (i + 1) * length));
	return level;
}

// src/core/protocol/torchserve.ts
/**
* TorchServe's inference API: the payload is the body, and what the model's handler returns is the answer, whatever it
* looks like. An answer that comes in chunks is over with the last one.
*
* Source: pytorch/serve, docs/inference_api.md.
*/
const torchserve = {
	name: "torchserve",
	buildRequest,
	openResponse: openPlainAnswer
};
function buildRequest(target, payload) {
	const { bytes, contentType } = plainBody(payload.kind === "empty" ? {
		kind: "text",
		text: SAMPLE_TEXT
	} : payload, "torchserve");
	return {
		method: "POST",
		path: modelPath(target, (model) => `/predictions/${model}`),
		headers: contentType === void 0 ? {} : { "content-type": contentType },
		body: bytes
	};
}

// src/core/protocol/protocols.ts
/** Every protocol tailgate speaks. What the suite has to know of each is in `core/suite/protocol-facts.ts`. */
const protocols = {
	raw,
	"kserve-v2": kserveV2,
	"kserve-v2-grpc": kserveV2Grpc,
	"openai-chat": openaiChat,
	"openai-completions": openaiCompletions,
	"openai-embeddings": openaiEmbeddings,
	"tf-serving": tfServing,
	torchserve
};

// src/io/load/target-options.ts
const driverOptions = ({ url, target, tls }) => ({
	url,
	headers: target.headers,
	timeoutS: target.timeoutS,
	maxInFlight: target.maxInFlight,
	connection: target.connection,
	tls: target.tls,
	material: tls,
	retry: target.retry,
	openResponse: ({ label }) => protocols[target.protocol].openResponse(target, label)
});

export { DEFAULT_CONNECTION, DEFAULT_LOAD, DEFAULT_MAX_IN_FLIGHT, DEFAULT_TLS, InputError, InputErrors, USUAL_ROUTE, clip, defaultGates, driverOptions, explain, exponential, flatHeaders, getText, indexInSegment, integerBetween, isTimeout, joinPath, openConnection, openConnector, openDriver, openHttp2, protocols, readAddress, readJsonPath, readJsonSchema, stream, stripeOf, tooLong$1 as tooLong, undiciVersion, uniform, withAnswerGuard, withDeadline, withErrorGuard };
//# sourceMappingURL=shared.js.map