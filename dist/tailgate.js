import { NEVER, _enum, array, boolean, createParser, datetime, discriminatedUnion, gammaln, globalRegistry, int, literal, markdownTable, max, mean, number as number$2, object, partialRecord, record as record$2, require_dist as require_dist$1, require_dist$1 as require_dist, require_fastest_levenshtein, require_undici, sampleStandardDeviation, sampleVariance, strictObject, string as string$1, toJSONSchema, tuple, union, unknown, version as version$1 } from "./vendor.js";
import { createHash, randomBytes } from "node:crypto";
import { basename, dirname, extname, isAbsolute, join, relative, resolve as resolve$1 } from "node:path";
import { parseArgs, promisify } from "node:util";
import { Worker } from "node:worker_threads";
import { mkdir, open, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { cpus } from "node:os";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";

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

// src/core/metric.ts
/** The distributions a block keeps. */
const DISTRIBUTIONS = [
	"latency",
	"service",
	"lateness",
	"clientQueue",
	"generator",
	"connect",
	"dns",
	"tls",
	"firstByte",
	"transfer",
	"ttft",
	"itl",
	"tpot"
];
const PERCENTILES$1 = {
	p50: .5,
	p90: .9,
	p95: .95,
	p99: .99,
	p999: .999
};
const quantiles = (of, what) => Object.fromEntries(Object.entries(PERCENTILES$1).map(([name, p]) => [`${of}.${name}`, {
	unit: "s",
	better: "lower",
	measure: {
		kind: "quantile",
		of,
		p
	},
	description: `${p * 100}th percentile of ${what}`
}]));
const gauge$1 = (unit, aggregate, description, scale = "relative") => ({
	unit,
	better: "lower",
	measure: {
		kind: "gauge",
		aggregate,
		scale
	},
	description
});
const TABLE = {
	...quantiles("latency", "latency, counted from the intended start of a request to its end"),
	...quantiles("service", "service time, counted from the request on the wire to its end"),
	...quantiles("ttft", "time to the first token, counted from the intended start"),
	...quantiles("itl", "the gap between successive token events of a stream"),
	...quantiles("tpot", "time per output token after the first"),
	throughput: {
		unit: "1/s",
		better: "higher",
		measure: {
			kind: "rate",
			of: "requests"
		},
		description: "requests answered correctly per second"
	},
	"throughput.tokens": {
		unit: "1/s",
		better: "higher",
		measure: {
			kind: "rate",
			of: "tokens"
		},
		description: "output tokens per second"
	},
	"errors.ratio": {
		unit: "ratio",
		better: "lower",
		measure: {
			kind: "ratio",
			of: "failures"
		},
		description: "share of the offered requests that failed"
	},
	"gpu.utilization": gauge$1("ratio", "mean", "share of time in which at least one kernel ran, mean over GPUs", "difference"),
	"gpu.sm_activity": gauge$1("ratio", "mean", "share of cycles in which a streaming multiprocessor had work, mean over GPUs", "difference"),
	"gpu.tensor_activity": gauge$1("ratio", "mean", "share of cycles in which the tensor pipe was active, mean over GPUs", "difference"),
	"gpu.dram_activity": gauge$1("ratio", "mean", "share of cycles in which GPU memory was read or written, mean over GPUs", "difference"),
	"gpu.memory.used": gauge$1("B", "mean", "GPU memory in use, summed over GPUs, mean over time"),
	"gpu.memory.peak": gauge$1("B", "max", "GPU memory in use, summed over GPUs, highest sample"),
	"gpu.power": gauge$1("W", "mean", "power draw, summed over GPUs"),
	"gpu.temperature": gauge$1("°C", "max", "temperature of the hottest GPU", "difference"),
	"gpu.sm_clock": {
		...gauge$1("Hz", "mean", "clock of the streaming multiprocessors, mean over GPUs"),
		better: "higher"
	},
	"gpu.energy_per_request": gauge$1("J", "mean", "energy drawn by all GPUs per request answered correctly"),
	"queue.depth": gauge$1("1", "mean", "requests waiting in the server's queue")
};
const METRICS = TABLE;
const METRIC_NAMES = Object.keys(METRICS);
const isMetricName = (name) => Object.hasOwn(METRICS, name);
/** The metrics that telemetry fills, by name. */
const GAUGE_NAMES = METRIC_NAMES.filter((name) => METRICS[name].measure.kind === "gauge");

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
const gate$2 = (metric, numbers) => ({
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
	const pace = isStream ? [gate$2("tpot.p50", {
		regression: .05,
		floor: 2e-4
	}), gate$2("tpot.p99", {
		regression: .1,
		floor: 5e-4
	})] : [];
	return [
		gate$2(`${waiting}.p50`, {
			regression: .05,
			floor: .001
		}),
		gate$2(`${waiting}.p95`, {
			regression: .1,
			floor: .001
		}),
		gate$2(`${waiting}.p99`, {
			regression: .1,
			floor: .001
		}),
		...pace,
		gate$2("throughput", { regression: .05 }),
		gate$2("errors.ratio", {
			regression: .005,
			limit: ERRORS_LIMIT
		})
	];
}
/**
* The gates of a scenario as they are judged: a scenario that gates anything but `errors.ratio` gets a limit on errors
* as well, because an endpoint that fails fast must not pass for a fast one. A scenario that gates nothing stays so.
*/
function withErrorGuard(gates) {
	if (gates.length === 0 || gates.some(({ metric }) => metric === "errors.ratio")) return gates;
	return [...gates, gate$2("errors.ratio", { limit: ERRORS_LIMIT })];
}

// src/core/suite/load.ts
/** The same rate from beginning to end. */
const steadyRate = (ratePerS, arrivals, durationS) => ({
	kind: "open",
	ratePerS,
	stages: [level(ratePerS, durationS)],
	arrivals,
	durationS
});
/** The same number of users from beginning to end, without pauses. */
const steadyUsers = (concurrency, durationS) => ({
	kind: "closed",
	concurrency,
	stages: [level(concurrency, durationS)],
	thinkTime: void 0,
	pacingS: void 0,
	durationS
});
const level = (value, durationS) => ({
	kind: "linear",
	durationS,
	from: value,
	to: value
});
/** Arrivals in words: `poisson`, `gamma (cv 2)`, `constant with 20 % jitter`. */
const arrivalsText = (arrivals) => typeof arrivals === "string" ? arrivals : "gamma" in arrivals ? `gamma (cv ${Number(arrivals.gamma.toPrecision(3))})` : `constant with ${Number((100 * arrivals.jitter).toPrecision(3))} % jitter`;

// src/core/suite/build.ts
/** From the written form, checked, to the form that everything else works with: our names, and no default left open. */
function buildSuite(written) {
	const target = buildTarget(written);
	const isStream = target.protocol === "openai-chat" && target.stream;
	return {
		version: written.version,
		name: written.name,
		seed: written.seed,
		target,
		payloads: buildPayloads(written),
		scenarios: written.scenarios.map((scenario) => buildScenario(scenario, isStream)),
		telemetry: written.telemetry.map(buildSource),
		decision: {
			falseAlarm: written.decision["false-alarm"],
			falsePass: written.decision["false-pass"],
			pass: written.decision.pass,
			ceiling: written.decision.ceiling,
			sameHost: written.decision["same-host"]
		},
		generator: { threads: "auto" }
	};
}
function buildTarget({ target, payloads }) {
	const { status, contains } = target.check;
	return {
		protocol: target.protocol,
		endpoint: target.endpoint,
		method: target.method ?? (target.protocol === "raw" && payloads === void 0 ? "GET" : "POST"),
		path: target.path,
		model: target.model,
		stream: target.stream ?? target.protocol === "openai-chat",
		maxTokens: target["max-tokens"],
		headers: Object.fromEntries(Object.entries(target.headers).map(([name, value]) => [name.toLowerCase(), value])),
		timeoutS: target.timeout,
		maxInFlight: target["max-in-flight"],
		ready: {
			path: target.ready?.path,
			timeoutS: target.ready?.timeout ?? 30
		},
		identity: target.identity === void 0 ? void 0 : {
			...target.identity,
			field: target.identity.field
		},
		check: {
			status: typeof status === "number" ? [status] : status,
			contains
		},
		connection: DEFAULT_CONNECTION,
		tls: DEFAULT_TLS,
		retry: void 0
	};
}
/** In order of their names, not of the file: the same suite with its keys in another order sends the same requests. */
function buildPayloads({ payloads }) {
	if (payloads === void 0) return [{
		name: "default",
		weight: 1,
		content: { kind: "empty" }
	}];
	return Object.entries(payloads).map(([name, payload]) => ({
		name,
		weight: payload.weight,
		content: buildContent(payload)
	})).sort((a, b) => a.name < b.name ? -1 : 1);
}
function buildContent(payload) {
	const { body, file, text, tensors, messages } = payload;
	if (body !== void 0) return {
		kind: "body",
		text: body,
		contentType: payload["content-type"]
	};
	if (file !== void 0) return {
		kind: "file",
		path: file
	};
	if (text !== void 0) return {
		kind: "text",
		words: typeof text.words === "number" ? [text.words, text.words] : text.words
	};
	if (tensors !== void 0) return {
		kind: "tensors",
		tensors: tensors.map((tensor) => ({
			...tensor,
			range: tensor.range,
			data: tensor.data
		}))
	};
	if (messages !== void 0) return {
		kind: "messages",
		messages
	};
	return {
		kind: "json",
		value: payload.json
	};
}
function buildScenario(scenario, isStream) {
	return {
		name: scenario.name,
		load: buildLoad(scenario.load),
		mix: scenario.mix,
		together: void 0,
		warmUp: scenario["warm-up"],
		block: {
			durationS: scenario.block.duration,
			requests: scenario.block.requests
		},
		gates: scenario.gates === void 0 ? defaultGates(isStream) : withErrorGuard(buildGates(scenario.gates))
	};
}
function buildLoad({ rate, arrivals, concurrency, duration }) {
	if (concurrency !== void 0) return steadyUsers(concurrency, duration);
	return steadyRate(rate ?? DEFAULT_LOAD.ratePerS, arrivals ?? DEFAULT_LOAD.arrivals, duration);
}
/** In the order of the metrics' own table, so that a report does not follow the order of keys. */
function buildGates(gates) {
	return METRIC_NAMES.flatMap((metric) => {
		const gate = gates[metric];
		return gate === void 0 ? [] : [{
			metric,
			regression: gate.regression,
			floor: gate.floor,
			limit: gate.limit
		}];
	});
}
function buildSource(source) {
	const metrics = Object.entries(source.metrics ?? {}).flatMap(([metric, selector]) => selector === void 0 ? [] : [[metric, buildSelector(metric, selector)]]);
	return {
		kind: source.dcgm === void 0 ? "prometheus" : "dcgm",
		url: source.dcgm ?? source.prometheus ?? "",
		baselineUrl: source.baseline,
		intervalS: source.interval,
		metrics: Object.fromEntries(metrics)
	};
}
function buildSelector(metric, selector) {
	const { series, labels, aggregate, scale } = typeof selector === "string" ? {
		series: selector.replace(/\{.*/, ""),
		labels: labelsIn(selector),
		aggregate: void 0,
		scale: 1
	} : selector;
	return {
		series,
		labels,
		aggregate: aggregate ?? usualAggregate(metric),
		scale
	};
}
const labelsIn = (selector) => Object.fromEntries([...selector.matchAll(/(\w+)\s*=\s*"([^"]*)"/g)].map(([, label = "", value = ""]) => [label, value]));
/** Amounts add up over GPUs or replicas; shares and clocks do not, and of temperatures the hottest counts. */
function usualAggregate(metric) {
	const { unit } = METRICS[metric];
	if (unit === "ratio" || unit === "Hz") return "mean";
	return unit === "°C" ? "max" : "sum";
}

// src/core/suite/document.ts
var import_dist$1 = require_dist();
/** A suite is written by people: more than this is data, which belongs into a payload file. */
const MOST_CHARACTERS = 1048576;
const MOST_ALIASES = 100;
const OPTIONS = {
	version: "1.2",
	schema: "core",
	prettyErrors: false,
	uniqueKeys: false,
	stringKeys: true
};
/**
* Reads one YAML 1.2 document (core schema). Aliases are allowed, a hundred at most after expansion; tags, merge keys
* and several documents are not.
*
* @throws {InputErrors} with every syntax error and every key that is written twice.
*/
function readDocument(text, file) {
	const start = {
		file,
		line: 1,
		column: 1
	};
	if (text.length > MOST_CHARACTERS) throw new InputErrors([new InputError("the suite is longer than 1 MiB", {
		hint: "put payload data into a file and name it under file:",
		position: start
	})]);
	const lines = new import_dist$1.LineCounter();
	const positionAt = (offset) => {
		const { line, col } = lines.linePos(offset);
		return {
			file,
			line: Math.max(line, 1),
			column: Math.max(col, 1)
		};
	};
	const document = parse$2(text, start, lines);
	const mistakes = [...document.errors, ...document.warnings].map((error) => new InputError(...explain$1(error, positionAt(error.pos[0]))));
	const errors = mistakes.length > 0 ? mistakes : misuses(document, positionAt);
	if (errors.length > 0) throw new InputErrors(errors);
	if (document.contents === null) throw emptySuite(start);
	const placed = /* @__PURE__ */ new WeakMap();
	const positionOf = (node) => {
		if (!isNode(node)) return void 0;
		return placed.get(node) ?? (node.range ? positionAt(node.range[0]) : void 0);
	};
	return {
		value: () => dataOf(document, start),
		locate: (path, part = "value") => locate(document, path, part, positionOf) ?? start,
		set: (path, yaml, position) => put(document, path, yaml, position, placed)
	};
}
function parse$2(text, start, lineCounter) {
	try {
		return (0, import_dist$1.parseDocument)(text, {
			...OPTIONS,
			lineCounter
		});
	} catch (cause) {
		throw new InputErrors([new InputError("this is not readable as YAML", {
			hint: "is it nested thousands of levels deep?",
			position: start,
			cause
		})]);
	}
}
function dataOf(document, position) {
	try {
		return document.toJS({ maxAliasCount: MOST_ALIASES });
	} catch (cause) {
		throw new InputErrors([new InputError("the aliases (*name) expand to too much", {
			hint: `write the values out; ${MOST_ALIASES} aliases are allowed`,
			position,
			cause
		})]);
	}
}
const emptySuite = (position) => new InputErrors([new InputError("the suite is empty", {
	hint: "run `tailgate init`, or write at least name, target and one scenario",
	position
})]);
function explain$1({ code, message }, position) {
	const [what, hint] = EXPLANATIONS[code] ?? [`not valid YAML: ${message.split("\n")[0]}`, "check quotes, colons and indentation around here"];
	return [what, {
		hint,
		position
	}];
}
const EXPLANATIONS = {
	MULTIPLE_DOCS: ["a second YAML document begins here", "one suite per file: remove the line ---, or split the file"],
	TAB_AS_INDENT: ["a tab is used for indentation", "YAML wants spaces"],
	TAG_RESOLVE_FAILED: ["a suite has no tags (!name)", "remove the tag, or put the text in quotes"],
	BLOCK_AS_IMPLICIT_KEY: ["this reads as a mapping inside a line", "put text that holds \": \" in quotes"],
	NON_STRING_KEY: ["a key is not plain text", "put it in quotes"],
	BAD_ALIAS: ["this alias (*name) names no anchor (&name) above it", "put text that begins with * in quotes"]
};
/** What the parser lets pass: keys that are written twice, and aliases of nothing. */
function misuses(document, positionAt) {
	const errors = [];
	const complain = (node, [message, hint]) => errors.push(new InputError(message, {
		hint,
		position: positionAt(node.range?.[0] ?? 0)
	}));
	(0, import_dist$1.visit)(document, {
		Alias: (_, alias) => {
			if (alias.resolve(document) === void 0) complain(alias, EXPLANATIONS.BAD_ALIAS);
		},
		Map: (_, map) => {
			const first = /* @__PURE__ */ new Map();
			for (const { key } of map.items) {
				if (!(0, import_dist$1.isScalar)(key)) continue;
				const earlier = first.get(String(key.value));
				if (earlier === void 0) first.set(String(key.value), key);
				else {
					const { line } = positionAt(earlier.range?.[0] ?? 0);
					complain(key, [`the key "${String(key.value)}" is written twice`, `remove one; the first is on line ${line}`]);
				}
			}
		}
	});
	return errors;
}
function locate(document, path, part, positionOf) {
	let node = document.contents;
	let known = positionOf(node);
	for (const [i, step] of path.entries()) {
		const pair = pairOf(resolved(document, node), step) ?? pairOf(resolved(document, node), step, (name) => name.toLowerCase());
		if (pair === void 0) return known;
		const key = positionOf(pair.key) ?? positionOf(pair.value) ?? known;
		if (i === path.length - 1 && part === "value") return positionOf(pair.value) ?? key;
		known = key;
		node = pair.value;
	}
	return known;
}
function put(document, path, yaml, position, placed) {
	const at = path.map((_, i) => path.slice(0, i + 1));
	const last = at.length - 1;
	for (const [i, steps] of at.entries()) {
		const parent = ownNode(document, steps.slice(0, -1));
		const value = i === last ? oneLine(yaml, position.value, placed) : document.createNode({});
		const pair = pairOf(parent, steps.at(-1));
		if (pair !== void 0 && i < last && ((0, import_dist$1.isMap)(resolved(document, pair.value)) || (0, import_dist$1.isSeq)(resolved(document, pair.value)))) continue;
		if (!placed.has(value)) placed.set(value, i === last ? position.value : position.key);
		if ((0, import_dist$1.isSeq)(parent)) parent.items[steps.at(-1)] = value;
		else if (pair !== void 0) pair.value = value;
		else {
			const key = document.createNode(String(steps.at(-1)));
			placed.set(key, position.key);
			parent.items.push(document.createPair(key, value));
		}
	}
}
/** The collection at a path, as a node of its own: an alias is replaced by a copy, so that its anchor keeps its value. */
function ownNode(document, path) {
	let node = document.contents;
	for (const step of path) {
		const pair = pairOf(node, step);
		if (pair === void 0) return void 0;
		if ((0, import_dist$1.isAlias)(pair.value)) {
			const copy = pair.value.resolve(document)?.clone();
			if ((0, import_dist$1.isSeq)(node)) node.items[step] = copy;
			else pair.value = copy;
			node = copy;
		} else node = pair.value;
	}
	return node;
}
/** A value on one line. Flow collections and quotes are read as YAML; any other text is one scalar, even with a colon in it. */
function oneLine(yaml, position, placed) {
	const document = (0, import_dist$1.parseDocument)(yaml, OPTIONS);
	const isCollection = (0, import_dist$1.isMap)(document.contents) || (0, import_dist$1.isSeq)(document.contents);
	if (/^\s*[[{"']/.test(yaml)) {
		const [error] = document.errors;
		if (error !== void 0) throw new InputError(...explain$1(error, position));
	} else if (document.errors.length > 0 || isCollection || (0, import_dist$1.isAlias)(document.contents)) return document.createNode(yaml.trim());
	const node = document.contents ?? document.createNode(null);
	(0, import_dist$1.visit)(node, { Node: (_, inner) => {
		placed.set(inner, {
			...position,
			column: position.column + (inner.range?.[0] ?? 0)
		});
	} });
	return node;
}
/** @param plain how keys are compared: a header's name, for one, is found in any case. */
function pairOf(node, step, plain = (key) => key) {
	if ((0, import_dist$1.isSeq)(node)) return typeof step === "number" && node.items[step] !== void 0 ? {
		key: node.items[step],
		value: node.items[step]
	} : void 0;
	if (!(0, import_dist$1.isMap)(node)) return void 0;
	return node.items.find(({ key }) => (0, import_dist$1.isScalar)(key) && plain(String(key.value)) === plain(String(step)));
}
const resolved = (document, node) => (0, import_dist$1.isAlias)(node) ? node.resolve(document) : node;
const isNode = (value) => (0, import_dist$1.isScalar)(value) || (0, import_dist$1.isMap)(value) || (0, import_dist$1.isSeq)(value) || (0, import_dist$1.isAlias)(value);

// src/core/suite/nearest.ts
var import_fastest_levenshtein = require_fastest_levenshtein();
/**
* The candidate a person most likely meant. Case, dashes, dots and underscores do not count: `maxInFlight` is
* `max-in-flight`.
*
* @returns undefined if none is near: more than a third of the letters (at least two) would have to change.
*/
function nearest$1(written, candidates) {
	if (candidates.length === 0) return void 0;
	const plain = letters(written);
	const best = (0, import_fastest_levenshtein.closest)(plain, candidates.map(letters));
	if ((0, import_fastest_levenshtein.distance)(plain, best) > Math.max(2, Math.floor(plain.length / 3)) || (0, import_fastest_levenshtein.distance)(plain, best) >= plain.length) return void 0;
	return candidates.find((candidate) => letters(candidate) === best);
}
/** The hint after a name that does not exist: the nearest one, or the names there are. */
function suggest(written, candidates) {
	const near = nearest$1(written, candidates);
	if (near !== void 0) return `did you mean "${near}"?`;
	if (candidates.length === 0) return "there are none";
	return `known are ${(candidates.length > MOST_SHOWN ? [...candidates.slice(0, MOST_SHOWN), "…"] : candidates).join(", ")}`;
}
const MOST_SHOWN = 16;
const letters = (name) => name.toLowerCase().replaceAll(/[-_. ]/g, "");

// src/core/suite/template.ts
/**
* Reads `${env:NAME}`; `$${` stands for `${` itself. Any other `${` is a mistake, so that a misspelled reference is never
* sent as text: `${NAME}`, GitHub's `${{ secrets.NAME }}` (nobody evaluates it in a suite), an unclosed brace.
*/
function parseTemplate(text) {
	const parts = [];
	let plain = "";
	for (let at = 0; at < text.length;) if (text.startsWith("$${", at)) {
		plain += "${";
		at += 3;
	} else if (text.startsWith("${", at)) {
		const reference = /^\$\{env:([A-Za-z_][A-Za-z0-9_]*)\}/.exec(text.slice(at));
		if (reference === null) return notAReference(text.slice(at));
		if (plain !== "") parts.push({ text: plain });
		parts.push({ name: reference[1] });
		plain = "";
		at += reference[0].length;
	} else {
		plain += text[at];
		at += 1;
	}
	return { parts: plain === "" ? parts : [...parts, { text: plain }] };
}
/** Names of the environment variables in a string, in order, each once. A string that cannot be read has none. */
function namesIn(text) {
	const names = parseTemplate(text).parts?.flatMap((part) => "name" in part ? [part.name] : []) ?? [];
	return [...new Set(names)];
}
function notAReference(rest) {
	const written = /^\$\{[^}]*\}*/.exec(rest)?.[0] ?? rest;
	const name = /[A-Za-z_][A-Za-z0-9_]*(?=\W*$)/.exec(written)?.[0] ?? "NAME";
	if (written.startsWith("${{")) return {
		problem: `"${written}" is a GitHub expression, and a suite evaluates none`,
		hint: `write \${env:${name}} and set ${name} in the workflow's env:`
	};
	if (!written.endsWith("}")) return {
		problem: `"${written}" is not closed`,
		hint: `write \${env:${name}}`
	};
	return {
		problem: `"${written}" is not a reference`,
		hint: `write \${env:${name}}, or $\${ for the text itself`
	};
}

// src/core/suite/units.ts
/**
* Reads a number with a unit: `250us`, `1m30s` (parts in falling order), `600/m`, `10%`, `512MiB`, `300W`, `1410MHz`.
* Units are case-sensitive, space between number and unit is allowed, digits are plain (`1000`, no separators).
*
* @param input what the YAML held; only strings have units, so any number but a count is a mistake.
* @returns seconds, events per second, a ratio (`10%` is 0.1), bytes, watts, joules, hertz, °C or a plain number; ≥ 0 and
*          finite. Decimal units are exact: `2.3ms` is the number closest to 0.0023.
*/
function parseQuantity(input, quantity) {
	const form = FORMS[quantity];
	if (typeof input === "number" && Number.isFinite(input)) {
		if (input < 0) return negative(String(input), form);
		if (quantity === "count") return { value: input };
		return unitless(String(input), quantity);
	}
	if (typeof input !== "string") return {
		problem: `${shown$1(input)} is not ${form.what}`,
		hint: example(form)
	};
	const text = input;
	if (/^[-−]\s*\d/.test(text)) return negative(text, form);
	if (BARE_NUMBER.test(text)) return quantity === "count" ? {
		problem: `"${text}" is text`,
		hint: `write ${text} without quotes`
	} : unitless(text, quantity);
	if (!readerOf(quantity).test(text)) return unreadable(text, form);
	return quantity === "duration" ? durationOf(text) : { value: partOf(text, form) };
}
/** The regular expression of everything {@link parseQuantity} accepts (a duration's parts must also fall). Unicode flag. */
function patternOf(quantity) {
	const units = Object.keys(FORMS[quantity].units).sort((a, b) => b.length - a.length);
	const part = `${NUMBER}\\s*(?:${units.join("|")})`;
	if (quantity === "count") return `^${NUMBER}$`;
	return quantity === "duration" ? `^${part}(?:\\s*${part})*$` : `^${part}$`;
}
const readers = /* @__PURE__ */ new Map();
function readerOf(quantity) {
	const reader = readers.get(quantity) ?? new RegExp(patternOf(quantity), "u");
	readers.set(quantity, reader);
	return reader;
}
const examplesOf = (quantity) => FORMS[quantity].examples;
/** The quantity in which a metric with this unit is written. */
const QUANTITY_OF_UNIT = {
	s: "duration",
	"1/s": "rate",
	B: "size",
	ratio: "percent",
	W: "power",
	J: "energy",
	"°C": "temperature",
	Hz: "clock",
	"1": "count"
};
/**
* A value as it would be written in a suite: {@link parseQuantity} reads it back, to 12 significant digits
* (durations: to the nanosecond). Whole bytes come back exactly.
*
* @param value in the base unit, finite, ≥ 0.
*/
function formatForSuite(value, quantity) {
	if (quantity === "duration") return formatDuration$1(value);
	const written = Object.entries(FORMS[quantity].units).filter(([unit]) => FORMS[quantity].write.includes(unit)).map(([unit, scale]) => `${plain$2(unscaled(value, scale))}${unit}`);
	const exact = written.filter((text) => parseQuantity(text, quantity).value === value);
	return (exact.length > 0 ? exact : written.slice(0, 1)).reduce((best, text) => text.length < best.length ? text : best);
}
const NUMBER = "\\d+(?:\\.\\d+)?";
const BARE_NUMBER = new RegExp(`^${NUMBER}$`);
const ten = (exponent) => ({ exponent });
const PERCENT = { "%": ten(-2) };
const CELSIUS = {
	"°C": ten(0),
	C: ten(0)
};
const FORMS = {
	duration: {
		what: "a duration",
		units: {
			us: ten(-6),
			µs: ten(-6),
			μs: ten(-6),
			ms: ten(-3),
			s: ten(0),
			m: { times: 60 },
			h: { times: 3600 }
		},
		write: [
			"us",
			"ms",
			"s",
			"m",
			"h"
		],
		examples: [
			"10s",
			"250ms",
			"1m30s"
		]
	},
	rate: {
		what: "a rate",
		units: {
			"/s": ten(0),
			"/m": { per: 60 },
			"/h": { per: 3600 }
		},
		write: [
			"/s",
			"/m",
			"/h"
		],
		examples: ["50/s", "600/m"]
	},
	percent: {
		what: "a percentage",
		units: PERCENT,
		write: ["%"],
		examples: ["10%", "0.5%"]
	},
	points: {
		what: "a difference in percentage points",
		units: {
			...PERCENT,
			pp: ten(-2)
		},
		write: ["%"],
		examples: ["0.5%", "2%"]
	},
	size: {
		what: "a size",
		units: {
			B: ten(0),
			kB: ten(3),
			MB: ten(6),
			GB: ten(9),
			TB: ten(12),
			KiB: { times: 1024 },
			MiB: { times: 1024 ** 2 },
			GiB: { times: 1024 ** 3 },
			TiB: { times: 1024 ** 4 }
		},
		write: [
			"B",
			"KiB",
			"MiB",
			"GiB",
			"TiB",
			"kB",
			"MB",
			"GB",
			"TB"
		],
		examples: ["512MiB", "2GB"]
	},
	power: {
		what: "a power",
		units: {
			W: ten(0),
			kW: ten(3)
		},
		write: ["W"],
		examples: ["300W"]
	},
	energy: {
		what: "an energy",
		units: {
			J: ten(0),
			mJ: ten(-3),
			kJ: ten(3)
		},
		write: ["J"],
		examples: ["25J"]
	},
	clock: {
		what: "a clock frequency",
		units: {
			MHz: ten(6),
			GHz: ten(9),
			kHz: ten(3),
			Hz: ten(0)
		},
		write: ["MHz", "GHz"],
		examples: ["1410MHz"]
	},
	temperature: {
		what: "a temperature",
		units: CELSIUS,
		write: ["°C"],
		examples: ["80°C"]
	},
	"temperature difference": {
		what: "a temperature difference",
		units: CELSIUS,
		write: ["°C"],
		examples: ["5°C"]
	},
	count: {
		what: "a number",
		units: { "": ten(0) },
		write: [""],
		examples: ["8"]
	}
};
/** How people write units of other tools, and what to write here. Compared without case. */
const OTHER_SPELLINGS = {
	usec: "us",
	msec: "ms",
	millis: "ms",
	milliseconds: "ms",
	sec: "s",
	secs: "s",
	second: "s",
	seconds: "s",
	min: "m",
	mins: "m",
	minute: "m",
	minutes: "m",
	hr: "h",
	hrs: "h",
	hour: "h",
	hours: "h",
	rps: "/s",
	qps: "/s",
	"req/s": "/s",
	"/sec": "/s",
	"/second": "/s",
	"/min": "/m",
	"/minute": "/m",
	"/hour": "/h",
	percent: "%",
	pct: "%",
	k: "KiB",
	m: "MiB",
	g: "GiB",
	t: "TiB",
	ki: "KiB",
	mi: "MiB",
	gi: "GiB",
	ti: "TiB",
	kb: "kB",
	bytes: "B",
	byte: "B",
	watt: "W",
	watts: "W",
	joule: "J",
	joules: "J",
	"°": "°C",
	celsius: "°C"
};
function durationOf(text) {
	const form = FORMS.duration;
	const parts = [...text.matchAll(new RegExp(`${NUMBER}\\s*[^\\d\\s.]+`, "gu"))].map(([part]) => part);
	const order = parts.map((part) => sizeOfUnit(form.units[unitOf(part)]));
	if (order.some((size, i) => i > 0 && size >= order[i - 1])) return {
		problem: `"${text}" has its parts out of order`,
		hint: "write the largest unit first, each once: 1m30s"
	};
	return { value: parts.reduce((sum, part) => sum + partOf(part, form), 0) };
}
function partOf(text, form) {
	const [digits] = text.match(new RegExp(NUMBER)) ?? [""];
	const scale = form.units[unitOf(text)];
	if ("exponent" in scale) return Number(`${digits}e${scale.exponent}`);
	return "times" in scale ? Number(digits) * scale.times : Number(digits) / scale.per;
}
const unitOf = (text) => text.replace(new RegExp(`^${NUMBER}\\s*`), "");
const sizeOfUnit = (scale) => "exponent" in scale ? 10 ** scale.exponent : "times" in scale ? scale.times : 1 / scale.per;
const unscaled = (value, scale) => "exponent" in scale ? value / 10 ** scale.exponent : "times" in scale ? value / scale.times : value * scale.per;
const negative = (text, form) => ({
	problem: `${text} is negative`,
	hint: example(form)
});
function unitless(digits, quantity) {
	const problem = `${digits} has no unit`;
	const value = Number(digits);
	if (quantity === "percent" || quantity === "points") return {
		problem,
		hint: `write ${value > 0 && value < 1 ? `${plain$2(value * 100)}% (or ${digits}%, if that is meant)` : `${digits}%`}`
	};
	return {
		problem,
		hint: `write ${(quantity === "duration" ? ["ms", "s"] : quantity === "size" ? ["MiB", "GiB"] : FORMS[quantity].write.slice(0, 1)).map((unit) => `${digits}${unit}`).join(" or ")}`
	};
}
function unreadable(text, form) {
	const separated = text.replaceAll(/(?<=\d)[,_' ](?=\d{3}(?!\d))/g, "");
	if (separated !== text) return {
		problem: `"${text}" has a separator in its digits`,
		hint: `write ${separated}`
	};
	const [, digits = "", unit = ""] = text.match(new RegExp(`^(${NUMBER})\\s*(\\D+)$`)) ?? [];
	if (unit === "") return {
		problem: `"${text}" is not ${form.what}`,
		hint: example(form)
	};
	const lower = unit.trim().toLowerCase();
	const known = Object.keys(form.units);
	const other = OTHER_SPELLINGS[lower];
	const meant = other !== void 0 && known.includes(other) ? other : known.find((name) => name.toLowerCase() === lower);
	return {
		problem: `"${text}" has the unknown unit "${unit.trim()}"`,
		hint: meant === void 0 ? `units are ${form.write.join(", ")}: ${example(form)}` : `write ${digits}${meant}`
	};
}
const example = (form) => `write ${form.what}, for example ${form.examples[0]}`;
function shown$1(input) {
	if (input === null || input === void 0) return "nothing";
	if (Array.isArray(input)) return "a list";
	if (typeof input === "object") return "a mapping";
	return typeof input === "number" ? String(input) : JSON.stringify(input);
}
function formatDuration$1(seconds) {
	if (seconds > 0 && seconds < 1) return seconds < .001 ? `${plain$2(seconds * 1e6)}us` : `${plain$2(seconds * 1e3)}ms`;
	const hours = Math.floor(seconds / 3600);
	const minutes = Math.floor((seconds - hours * 3600) / 60);
	const rest = Number((seconds - hours * 3600 - minutes * 60).toFixed(9));
	const parts = `${hours > 0 ? `${hours}h` : ""}${minutes > 0 ? `${minutes}m` : ""}${rest > 0 ? `${plain$2(rest)}s` : ""}`;
	return parts === "" ? "0s" : parts;
}
/** Digits without an exponent, 12 significant, no trailing zeros; whole numbers stay exact. For values below 1e21. */
function plain$2(value) {
	if (Number.isSafeInteger(value)) return String(value);
	const short = String(Number(value.toPrecision(12)));
	return short.includes("e") ? Number(short).toFixed(20).replace(/\.?0+$/, "") : short;
}

// src/core/suite/fields.ts
/** A number with a unit, read into its base unit. More than zero unless `allowZero`. */
const quantity = (kind, description, { most, least, allowZero = false } = {}) => unknown().transform((input, context) => {
	const parsed = parseQuantity(input, kind);
	if (parsed.problem !== void 0) return reject(context, input, parsed.problem, parsed.hint);
	const { value } = parsed;
	if (value === 0 && !allowZero) return reject(context, input, `${inWords(input)} must be more than zero`);
	if (most !== void 0 && value > base(most, kind)) return reject(context, input, `${inWords(input)} is too much`, `at most ${most}`);
	if (least !== void 0 && value < base(least, kind)) return reject(context, input, `${inWords(input)} is too little`, `at least ${least}`);
	return value;
}).meta({
	...kind === "count" ? {
		type: "number",
		minimum: 0
	} : {
		type: "string",
		pattern: patternOf(kind)
	},
	description,
	examples: kind === "count" ? examplesOf(kind).map(Number) : examplesOf(kind)
});
/** One word of a closed list. */
const choice$1 = (words, description, { notYet = {}, alsoKnownAs = {} } = {}) => unknown().transform((input, context) => {
	const word = words.find((candidate) => candidate === input);
	if (word !== void 0) return word;
	if (typeof input !== "string") return reject(context, input, `${inWords(input)} is none of ${words.join(", ")}`);
	if (Object.hasOwn(notYet, input)) return reject(context, input, `"${input}" is not supported yet`, notYet[input]);
	const alias = alsoKnownAs[input.toLowerCase()];
	return reject(context, input, `"${input}" is not known here`, alias === void 0 ? suggest(input, words) : `write ${alias}`);
}).meta({
	type: "string",
	enum: words,
	description
});
/** A string that may ask for environment variables: `Bearer ${env:API_TOKEN}`. */
const template = (description, accept = () => void 0) => string$1().min(1).check((context) => {
	const { value: input } = context;
	const read = parseTemplate(input);
	const mistake = read.problem === void 0 ? accept(input) : read;
	if (mistake !== void 0) context.issues.push({
		code: "custom",
		message: mistake.problem,
		input,
		params: { hint: mistake.hint }
	});
}).describe(description);
/** An absolute http(s) URL, or one that a variable begins. */
const url = (description) => template(description, (text) => {
	if (text.startsWith("${env:") || /^https?:\/\/[^/\s]/.test(text) && !/\s/.test(text)) return void 0;
	const hint = /^[\w.-]+(:\d+)?(\/|$)/.test(text) ? `write http://${text}` : "write a URL such as http://127.0.0.1:8000";
	return {
		problem: `"${text}" is not an http or https URL`,
		hint
	};
});
/** The path of a request: begins with a slash. */
const path = (description) => template(description, (text) => {
	if (/^(\/|\$\{env:)/.test(text) && !/\s/.test(text)) return void 0;
	return {
		problem: `"${text}" is not a path`,
		hint: `write "/${text.replace(/^https?:\/\/[^/]*\/?/, "").replaceAll(/\s+/g, "%20")}"`
	};
});
/** Names end up in artifacts, reports and on the command line: letters, digits, space and `. _ -`, at most 64. */
const NAME_PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._/-]{0,62}[\p{L}\p{N}._-])?$/u;
const SUITE_NAME_PATTERN = /^[\p{L}\p{N}](?:[\p{L}\p{N} ._-]{0,62}[\p{L}\p{N}._-])?$/u;
/** What a value is, in the words of YAML, for messages. */
function inWords(value) {
	if (value === null || value === void 0) return "nothing";
	if (Array.isArray(value)) return "a list";
	if (typeof value === "object") return "a mapping";
	if (typeof value === "number") return String(value);
	return JSON.stringify(typeof value === "string" ? shorten$1(value) : value);
}
const shorten$1 = (text) => text.length > 40 ? `${text.slice(0, 40)}…` : text;
const base = (text, kind) => parseQuantity(text, kind).value ?? NaN;
function reject(context, input, message, hint) {
	context.issues.push({
		code: "custom",
		message,
		input,
		params: { hint }
	});
	return NEVER;
}

// src/core/suite/gate-schema.ts
/** Is a change of this metric a difference in its own unit (points, degrees) and not a percentage of the base? */
function comparedAsDifference(metric) {
	const { measure } = METRICS[metric];
	return measure.kind === "ratio" || measure.kind === "gauge" && measure.scale === "difference";
}
/** One key per metric: an editor completes them, and every number is asked for in the metric's own unit. */
const gatesSchema = strictObject(Object.fromEntries(METRIC_NAMES.map((name) => [name, gateSchema(name).optional()]))).describe("What must hold, by metric. Default: latency p50 by 5%, p95 and p99 by 10%, throughput by 5%, errors. Gating anything limits errors to 5% as well; `{}` gates nothing.").meta({ examples: [{ "latency.p99": {
	regression: "10%",
	floor: "2ms",
	limit: "500ms"
} }] });
function gateSchema(name) {
	const { unit, better, description } = METRICS[name];
	const inUnit = QUANTITY_OF_UNIT[unit];
	const difference = comparedAsDifference(name);
	const change = !difference ? "percent" : unit === "ratio" ? "points" : "temperature difference";
	const what = difference ? "in its own unit (points, not percent of the base)" : "relative to the base";
	const most = better === "higher" ? { most: "99%" } : {};
	return strictObject({
		regression: quantity(change, `Smallest change for the worse that is worth blocking, ${what}.`, difference ? {} : most).optional(),
		floor: quantity(unit === "ratio" ? "points" : inUnit, "Smallest absolute change worth blocking; smaller ones pass whatever their percentage.", { allowZero: true }).optional(),
		limit: quantity(inUnit, `Hard ${better === "lower" ? "ceiling" : "bottom"}, decided without a baseline.`, {
			allowZero: unit === "ratio",
			...unit === "ratio" ? { most: "100%" } : {}
		}).optional()
	}).meta({
		description: `${description}.`,
		examples: [{ regression: change === "temperature difference" ? "5°C" : difference ? "1%" : "10%" }],
		anyOf: [{ required: ["regression"] }, { required: ["limit"] }]
	});
}

// src/core/suite/payload-schema.ts
/** Keys that say what a payload is made of: each class has exactly one. */
const PAYLOAD_KINDS = [
	"body",
	"json",
	"file",
	"text",
	"tensors",
	"messages"
];
/** Datatypes of the Open Inference Protocol, version 2. */
const DATATYPES$1 = [
	"BOOL",
	"UINT8",
	"UINT16",
	"UINT32",
	"UINT64",
	"INT8",
	"INT16",
	"INT32",
	"INT64",
	"FP16",
	"FP32",
	"FP64",
	"BYTES"
];
const OTHER_NAMES = {
	float16: "FP16",
	half: "FP16",
	float32: "FP32",
	float: "FP32",
	float64: "FP64",
	double: "FP64",
	string: "BYTES",
	str: "BYTES",
	int: "INT64",
	long: "INT64"
};
const words = int().min(1).max(1e5);
const size = int().min(1);
const tensorSchema = strictObject({
	name: string$1().min(1).describe("Name of the model's input."),
	shape: array(union([size, tuple([size, size])])).min(1).describe("Size of every dimension; `[low, high]` is drawn anew for each request.").meta({ examples: [[1, 512], [1, [16, 128]]] }),
	datatype: choice$1(DATATYPES$1, "Datatype of the Open Inference Protocol.", {
		notYet: { BF16: "use FP32" },
		alsoKnownAs: OTHER_NAMES
	}),
	range: tuple([number$2(), number$2()]).describe("Random values are uniform in [low, high). Default: [0, 1) for floats, [0, 100) for integers.").meta({ examples: [[-1, 1]] }).optional(),
	data: array(union([
		number$2(),
		string$1(),
		boolean()
	])).min(1).describe("Fixed values instead of random ones, in row-major order.").optional()
});
const filePath = string$1().min(1).check((context) => {
	const { value: input } = context;
	const portable = input.replaceAll("\\", "/").replace(/^([A-Za-z]:)?\/+/, "");
	if (portable === input) return;
	context.issues.push({
		code: "custom",
		message: `"${input}" is not a relative path`,
		input,
		params: { hint: `write it relative to the suite file and with forward slashes: ${portable}` }
	});
});
const payloadSchema = strictObject({
	weight: number$2().gt(0).describe("Share of the requests, relative to the other classes: 60, 30 and 10 make 60 %, 30 % and 10 %.").default(1),
	body: string$1().describe("`raw`: sent as it stands.").optional(),
	"content-type": string$1().regex(/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/).describe("Content type of `body`.").meta({ examples: ["text/plain"] }).optional(),
	json: unknown().describe("Sent as JSON.").optional(),
	file: filePath.describe("One request per line (`.jsonl`, `.txt`) or one request (anything else). Relative to the suite file.").meta({ examples: ["data/tickets.jsonl"] }).optional(),
	text: strictObject({ words: union([words, tuple([words, words])]).describe("Number of words, or `[fewest, most]`, drawn uniformly for each request.").meta({ examples: [20, [5, 20]] }) }).describe("Synthetic text, the same for the same seed.").meta({ examples: [{ words: [5, 20] }] }).optional(),
	tensors: array(tensorSchema).min(1).describe("`kserve-v2`: the model's inputs.").optional(),
	messages: array(strictObject({
		role: choice$1([
			"system",
			"developer",
			"user",
			"assistant",
			"tool"
		], "Who says it."),
		content: string$1().describe("What is said.")
	})).min(1).describe("`openai-chat`: the conversation so far.").meta({ examples: [[{
		role: "user",
		content: "What is a p99?"
	}]] }).optional()
}).describe("One class of inputs: exactly one of body, json, file, text, tensors, messages.").meta({
	oneOf: PAYLOAD_KINDS.map((kind) => ({ required: [kind] })),
	examples: [{
		weight: 60,
		text: { words: [5, 20] }
	}]
});

// src/core/suite/suite.ts
const PROTOCOLS = [
	"raw",
	"kserve-v2",
	"openai-chat"
];

// src/core/suite/target-schema.ts
/** Protocols of the contract that this version cannot speak yet, and what does the job until then. */
const PROTOCOLS_NOT_YET = {
	"openai-completions": "use protocol openai-chat, or raw with path: /v1/completions and a json payload",
	"openai-embeddings": "use protocol raw with path: /v1/embeddings and a json payload",
	"kserve-v2-grpc": "use protocol kserve-v2, the same server over HTTP",
	"tf-serving": "use protocol raw with path: /v1/models/NAME:predict and a json payload",
	torchserve: "use protocol raw with path: /predictions/NAME and a body, json or file payload"
};
const METHODS = [
	"GET",
	"POST",
	"PUT",
	"PATCH",
	"DELETE",
	"HEAD",
	"OPTIONS"
];
/** The HTTP client sets these itself: a second value would break the request or its measurement. */
const HEADERS_OF_THE_CLIENT = [
	"connection",
	"content-length",
	"expect",
	"keep-alive",
	"transfer-encoding",
	"upgrade"
];
const headerName = string$1().check((context) => {
	const { value: input } = context;
	const reject = (message, hint) => context.issues.push({
		code: "custom",
		message,
		input,
		params: { hint }
	});
	if (!/^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/.test(input)) reject(`"${input}" is not a header name`, "letters, digits and dashes: x-api-key");
	else if (HEADERS_OF_THE_CLIENT.includes(input.toLowerCase())) reject(`the header "${input}" is set by tailgate itself`, "leave it out");
});
const status = int().min(100).max(599);
const targetSchema = strictObject({
	protocol: choice$1(PROTOCOLS, "How the endpoint is asked and how its answers are read.", { notYet: PROTOCOLS_NOT_YET }),
	endpoint: url("Base URL of the preview. `--endpoint` and the action's `endpoint` input win over it.").meta({ examples: ["http://127.0.0.1:8000", "${env:PREVIEW_URL}"] }).optional(),
	method: choice$1(METHODS, "HTTP method of `raw`. Default: POST, or GET for a suite without payloads.").optional(),
	path: path("Path of a request below the endpoint. Every protocol has its own default; `raw` asks `/`.").meta({ examples: ["/", "/v1/chat/completions"] }).optional(),
	model: template("Name of the model: part of the path of `kserve-v2`, sent as `model` by `openai-chat`.").optional(),
	stream: boolean().describe("`openai-chat`: ask for a stream of tokens. Default: true.").optional(),
	"max-tokens": int().min(1).describe("`openai-chat`: sent as `max_tokens`. Set it: answers of different length cannot be compared.").optional(),
	headers: record$2(headerName, template("Value of the header; `${env:NAME}` reads an environment variable, which is masked everywhere.")).describe("Sent with every request. Names are not case-sensitive.").meta({ examples: [{ authorization: "Bearer ${env:API_TOKEN}" }] }).prefault({}),
	timeout: quantity("duration", "Deadline of one request, counted from its intended start.", { most: "1h" }).prefault("30s"),
	"max-in-flight": int().min(1).max(65536).describe("Most requests under way at once in an open loop; an arrival beyond it is counted as failed, never hidden.").default(1024),
	ready: strictObject({
		path: path("Polled until it answers with 2xx. Without it, any HTTP answer counts as ready.").optional(),
		timeout: quantity("duration", "How long to wait before the run gives up.", { most: "6h" }).prefault("1m")
	}).describe("When the endpoint is ready to be measured. Without this key: any HTTP answer within 30s.").meta({ examples: [{
		path: "/v2/health/ready",
		timeout: "5m"
	}] }).optional(),
	identity: strictObject({
		path: path("Where the endpoint says which build it is."),
		equals: template("What it must say: usually the commit. A prefix of at least 7 characters is enough.").meta({ examples: ["${env:GITHUB_SHA}"] }),
		field: string$1().min(1).describe("Dotted path into a JSON answer: `build.commit`. Default: the whole body.").optional()
	}).describe("Are we measuring the build we think? A mismatch makes the run invalid.").meta({ examples: [{
		path: "/version",
		equals: "${env:GITHUB_SHA}"
	}] }).optional(),
	check: strictObject({
		status: union([status, array(status).min(1)]).describe("Status codes that count as answered. Default: any 2xx.").meta({ examples: [200, [200, 204]] }).optional(),
		contains: string$1().min(1).describe("Text that the body of every correct answer holds.").optional()
	}).describe("What an answer must hold to count as correct.").prefault({})
}).describe("The endpoint to measure.").meta({ examples: [{
	protocol: "raw",
	method: "POST",
	path: "/"
}] });

// src/core/suite/telemetry-schema.ts
const selectorSchema = union([string$1().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*(\{\s*([a-zA-Z_]\w*\s*=\s*"[^"]*"\s*(,\s*|(?=\})))*\})?$/).describe("Name of the series, with labels if they matter: `queue_size{model=\"a\"}`."), strictObject({
	series: string$1().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/).describe("Name of the series."),
	labels: record$2(string$1().regex(/^[a-zA-Z_]\w*$/), string$1()).describe("Only series with these labels.").prefault({}),
	aggregate: choice$1([
		"sum",
		"mean",
		"max"
	], "What to do with several matching series. Default: as the metric is defined.").optional(),
	scale: number$2().gt(0).describe("Multiplied with the exposed value to reach the base unit: 0.01 for percent, 1048576 for MiB.").default(1)
})]);
const metricsShape = Object.fromEntries(GAUGE_NAMES.map((name) => [name, selectorSchema.optional()]));
const telemetrySchema = strictObject({
	dcgm: url("Exposition of NVIDIA's DCGM exporter.").meta({ examples: ["http://preview:9400/metrics"] }).optional(),
	prometheus: url("Any Prometheus exposition; `metrics` says what to read.").meta({ examples: ["http://preview:8000/metrics"] }).optional(),
	baseline: url("The same for the baseline endpoint. Without it, one exposition serves both.").optional(),
	interval: quantity("duration", "Time between two readings.", {
		least: "100ms",
		most: "1m"
	}).prefault("1s"),
	metrics: strictObject(metricsShape).describe("`prometheus`: metric → series it is read from.").meta({ examples: [{ "queue.depth": "vllm:num_requests_waiting" }] }).optional()
}).meta({
	description: "Where GPU and queue numbers come from.",
	oneOf: [{ required: ["dcgm"] }, { required: ["prometheus"] }]
});

// src/core/suite/schema.ts
const loadSchema = strictObject({
	rate: quantity("rate", "Open loop: requests start at this rate whether or not earlier ones were answered. Default: 30/s.", { most: "100000/s" }).optional(),
	arrivals: choice$1(["poisson", "constant"], "Open loop: random gaps as of independent users, or equal ones. Default: poisson.", {
		notYet: { gamma: "use arrivals: poisson" },
		alsoKnownAs: {
			random: "poisson",
			exponential: "poisson",
			uniform: "constant",
			fixed: "constant",
			deterministic: "constant"
		}
	}).optional(),
	concurrency: int().min(1).max(65536).describe("Closed loop: this many users, each sends its next request when the last was answered.").optional(),
	duration: quantity("duration", "How long to measure, on each endpoint.", { most: "24h" }).prefault("2m")
}).describe("Shape of the load: a rate (open loop) or a concurrency (closed loop).").meta({ examples: [{
	rate: "50/s",
	arrivals: "poisson",
	duration: "2m"
}, {
	concurrency: 8,
	duration: "1m"
}] });
const warmUpSchema = unknown().transform((input, context) => {
	if (input === "auto" || input === "none") return input;
	const { value, problem } = parseQuantity(input, "duration");
	if (value !== void 0 && value > 0) return value;
	const [message, hint] = value === 0 ? [`${inWords(input)} is no warm-up`, "write none"] : [problem ?? "", "write auto, none or a duration such as 10s"];
	context.issues.push({
		code: "custom",
		message,
		input,
		params: { hint }
	});
	return NEVER;
}).meta({
	anyOf: [{
		type: "string",
		enum: ["auto", "none"]
	}, {
		type: "string",
		pattern: patternOf("duration")
	}],
	description: "Load before measuring, not recorded. `auto` follows from the duration.",
	examples: [
		"auto",
		"none",
		"10s"
	]
});
const scenarioSchema = strictObject({
	name: string$1().regex(NAME_PATTERN).describe("Unique in the suite.").meta({ examples: ["steady"] }),
	load: loadSchema.prefault({}),
	mix: record$2(string$1(), number$2().gt(0)).describe("Weights of the payload classes in this scenario; classes not named are not sent. Default: the classes' own weights.").meta({ examples: [{
		short: 80,
		long: 20
	}] }).optional(),
	"warm-up": warmUpSchema.prefault("auto"),
	block: strictObject({
		duration: quantity("duration", "Shortest block.", {
			least: "1s",
			most: "1h"
		}).prefault("10s"),
		requests: int().min(1).describe("Fewest requests in a block.").default(100)
	}).describe("The unit of evidence: a stretch of load that is long enough for both.").prefault({}),
	gates: gatesSchema.optional()
}).describe("One load over one mix of payloads, with its gates.").meta({ examples: [{
	name: "steady",
	load: {
		rate: "50/s",
		duration: "2m"
	}
}] });
const decisionSchema = strictObject({
	"false-alarm": quantity("percent", "Chance that a change without any effect is blocked, over all gates together.", { most: "20%" }).prefault("1%"),
	"false-pass": quantity("percent", "Chance that a metric passes although it got worse by its whole margin.", { most: "20%" }).prefault("5%"),
	pass: choice$1(["strict", "resolvable"], "`strict`: passing needs evidence that the change is below the margin. `resolvable`: below the smallest change this run could see is enough, up to `ceiling`.").prefault("strict"),
	ceiling: quantity("percent", "`resolvable`: largest change that may stay unseen.", { most: "100%" }).prefault("30%"),
	"same-host": choice$1([
		"auto",
		"yes",
		"no"
	], "Whether a live base and its head run on one machine. If not, the difference between machines is part of the uncertainty. `auto`: unless the GPUs that telemetry names, or else the host names of the endpoints, differ.").prefault("auto")
});
/**
* The suite as it is written, with a description on every field: the editor's JSON Schema is generated from it. Its
* output still has YAML's shape, with quantities in base units; `build.ts` turns that into a {@link Suite}.
*/
const suiteSchema = strictObject({
	version: literal(1).describe("Version of this format.").default(1),
	name: string$1().regex(SUITE_NAME_PATTERN).describe("Names the suite in comments and keeps its baselines apart from those of other suites.").meta({ examples: ["sentiment"] }),
	seed: int().min(0).describe("Drives arrivals, payload picks and payload contents: the same seed sends the same requests.").default(1),
	target: targetSchema,
	payloads: record$2(string$1().regex(NAME_PATTERN), payloadSchema).describe("Classes of inputs by name. Default: one class that the protocol makes.").meta({ examples: [{ short: {
		weight: 60,
		text: { words: [5, 20] }
	} }] }).optional(),
	scenarios: array(scenarioSchema).min(1).describe("What to measure, in this order.").meta({ examples: [[{ name: "steady" }]] }),
	telemetry: array(telemetrySchema).describe("Where GPU and queue numbers come from.").meta({ examples: [[{ dcgm: "http://preview:9400/metrics" }]] }).default([]),
	decision: decisionSchema.describe("How sure the gate must be.").prefault({})
}).meta({
	title: "tailgate suite",
	description: "Measures a model endpoint and says what a pull request must not make worse.",
	examples: [{
		name: "sentiment",
		target: {
			protocol: "raw",
			path: "/predict"
		},
		scenarios: [{ name: "steady" }]
	}]
});

// src/core/suite/json-schema.ts
let generated;
/** The JSON Schema (draft 7, which editors know best) of a suite as it is written: `schema/suite.schema.json`. */
function suiteJsonSchema() {
	generated ??= {
		$id: "suite.schema.json",
		...toJSONSchema(suiteSchema, {
			io: "input",
			target: "draft-7",
			override: keepExamples
		})
	};
	return generated;
}
/** zod leaves out examples of fields with a transform, as they might be written in its output; ours are as in YAML. */
function keepExamples({ zodSchema, jsonSchema }) {
	const examples = globalRegistry.get(zodSchema)?.["examples"];
	if (examples !== void 0) jsonSchema["examples"] = examples;
}
/** The schema of what stands at a path, or undefined where nothing may stand. */
function schemaAt(path) {
	return path.reduce((schema, key) => schema === void 0 ? void 0 : child(schema, key), suiteJsonSchema());
}
/** Keys that a mapping at this path may have: undefined where it may have any, or where no mapping may stand. */
function keysAt(path) {
	const properties = objectForm(schemaAt(path))?.properties;
	return properties === void 0 ? void 0 : Object.keys(properties);
}
function child(schema, key) {
	if (typeof key === "number") return Array.isArray(schema.items) ? schema.items[key] : schema.items;
	const form = objectForm(schema);
	if (form?.properties !== void 0 && Object.hasOwn(form.properties, key)) return form.properties[key];
	return typeof form?.additionalProperties === "object" ? form.additionalProperties : void 0;
}
/** Where several forms are allowed, the mapping among them. */
const objectForm = (schema) => schema?.properties !== void 0 || schema?.anyOf === void 0 ? schema : schema.anyOf.find(({ properties }) => properties !== void 0);

// src/core/suite/mistake.ts
/** A path as `--set` takes it: scenarios by name, dots between keys. */
function dotted(path, root) {
	let value = root;
	return path.map((key) => {
		value = typeof value === "object" && value !== null ? value[key] : void 0;
		if (typeof key === "string") return key;
		const name = typeof value === "object" && value !== null && "name" in value ? value.name : void 0;
		return typeof name === "string" && name !== "" ? name : String(key);
	}).join(".");
}
/** What zod found, in the words of this format. */
function mistakesOf(issues) {
	return issues.flatMap((issue) => mistakesOfIssue(issue));
}
function mistakesOfIssue(issue) {
	const path = issue.path.filter((key) => typeof key !== "symbol");
	const { input } = issue;
	switch (issue.code) {
		case "unrecognized_keys": return issue.keys.map((key) => unknownKey(path, key));
		case "invalid_key": {
			const [inner] = issue.issues;
			const hint = inner?.code === "custom" ? String(inner.params?.["hint"]) : NAME_HINT;
			return [{
				path,
				at: "key",
				message: inner?.code === "custom" ? inner.message : `"${String(input)}" is not a usable name`,
				hint
			}];
		}
		case "custom":
			if (input === void 0) return [missing(path)];
			return [{
				path,
				at: "value",
				message: issue.message,
				hint: String(issue.params?.["hint"] ?? exampleHint(path))
			}];
		case "invalid_type": return [input === void 0 ? missing(path) : wrongType(path, schemaAt(path)?.["type"] === "integer" ? "int" : issue.expected, input)];
		case "invalid_value": return [{
			path,
			at: "value",
			message: `${inWords(input)} is not ${issue.values.join(" or ")}`,
			hint: valueHint(path, issue.values)
		}];
		case "invalid_format": return [{
			path,
			at: "value",
			...badFormat(path, input)
		}];
		case "too_small": return [{
			path,
			at: "value",
			...tooSmall(path, issue)
		}];
		case "too_big": return [{
			path,
			at: "value",
			message: `${inWords(input)} is too much`,
			hint: `write ${issue.maximum} or less`
		}];
		case "invalid_union": return mistakesOfUnion(issue, path);
		default: return [{
			path,
			at: "value",
			message: issue.message,
			hint: exampleHint(path)
		}];
	}
}
/** Of several forms, the mistakes of the one that was meant: the one whose type fits. */
function mistakesOfUnion(issue, path) {
	const meant = issue.errors.find((errors) => errors.every(({ code, path: inner }) => code !== "invalid_type" || inner.length > 0));
	if (meant !== void 0) return mistakesOf(meant.map((error) => ({
		...error,
		path: [...path, ...error.path]
	})));
	return [{
		path,
		at: "value",
		message: `${inWords(issue.input)} is not usable here`,
		hint: exampleHint(path)
	}];
}
const TYPES = {
	object: "a mapping",
	record: "a mapping",
	array: "a list",
	tuple: "a list of two",
	string: "text",
	number: "a number",
	int: "a whole number",
	boolean: "true or false"
};
const NAME_HINT = "use letters, digits, spaces and . _ - /, at most 64, beginning with a letter or digit";
/** Keys of the contract that this version does not know yet, by their place. */
const NOT_YET = {
	"load.shape": "use rate with a duration, one scenario per step",
	"telemetry.nvidia-smi": "use dcgm",
	...Object.fromEntries([
		"triton",
		"vllm",
		"sglang",
		"tensorrt-llm",
		"tgi",
		"torchserve",
		"tf-serving",
		"llama.cpp",
		"ray-serve",
		"amd"
	].map((kind) => [`telemetry.${kind}`, "use prometheus with metrics: { queue.depth: NAME_OF_THE_SERIES }"])),
	"telemetry.promql": "use prometheus, which reads an exposition"
};
/** What other tools call our keys. */
const SYNONYMS = {
	endpoint: [
		"url",
		"base-url",
		"host",
		"server"
	],
	rate: [
		"rps",
		"qps",
		"requests-per-second"
	],
	concurrency: [
		"users",
		"vus",
		"clients",
		"connections",
		"parallel"
	],
	duration: [
		"time",
		"length",
		"for"
	],
	regression: [
		"threshold",
		"tolerance",
		"margin",
		"max-regression"
	],
	limit: [
		"max",
		"slo",
		"ceiling",
		"maximum"
	],
	scenarios: ["tests", "benchmarks"],
	payloads: [
		"inputs",
		"requests",
		"data"
	],
	weight: ["share", "percentage"],
	"warm-up": ["warmup-duration"],
	dcgm: ["dcgm-exporter"]
};
function unknownKey(path, key) {
	const instead = notYet(path, key);
	const message = instead === void 0 ? `unknown key "${key}"` : `"${key}" is not supported yet`;
	return {
		path: [...path, key],
		at: "key",
		message,
		hint: instead ?? hintForKey(path, key)
	};
}
const notYet = (path, key) => NOT_YET[`${path.findLast((step) => typeof step === "string")}.${key}`];
/** What to write instead of a key that may not stand at a path. */
function hintForKey(path, key) {
	const keys = keysAt(path) ?? [];
	const synonym = keys.find((known) => SYNONYMS[known]?.includes(key.toLowerCase().replaceAll("_", "-")));
	if (synonym !== void 0) return `did you mean "${synonym}"?`;
	const below = keys.find((known) => keysAt([...path, known])?.includes(key));
	if (below !== void 0) return `it belongs under "${below}"`;
	const above = path.map((_, i) => path.slice(0, i)).findLast((parent) => keysAt(parent)?.includes(key));
	if (above === void 0) return suggest(key, keys);
	return `it belongs ${above.length === 0 ? "to the suite itself" : `under "${dotted(above, void 0)}"`}`;
}
function wrongType(path, expected, input) {
	return {
		path,
		at: "value",
		message: input === null ? "this key has no value" : `${inWords(input)} is not ${TYPES[expected] ?? expected}`,
		hint: typeHint(path, expected, input)
	};
}
function typeHint(path, expected, input) {
	if (input === null && path.at(-1) === "gates") return "write {} to gate nothing, or leave the key out for the usual gates";
	if (input === null) {
		const required = schemaAt(path.slice(0, -1))?.["required"];
		const orNot = Array.isArray(required) && required.includes(path.at(-1)) ? "" : ", or leave the key out";
		return `write ${exampleAt(path) ?? "a value"}${orNot}`;
	}
	if (expected === "string" && (typeof input === "number" || typeof input === "boolean")) return `write it in quotes: "${input}"`;
	if (expected === "boolean") return "write true or false";
	if (expected === "int" || expected === "number") return `write ${TYPES[expected]}`;
	if (expected === "array" && schemaAt(path)?.items !== void 0 && typeof input === "object") return "begin every entry with a dash: - …";
	return exampleHint(path);
}
function tooSmall(path, { input, inclusive, minimum }) {
	if (input === "" || Array.isArray(input) && input.length === 0) return {
		message: `this ${input === "" ? "text" : "list"} is empty`,
		hint: `write ${exampleAt(path) ?? "something, or leave the key out"}`
	};
	const dynamic = path.at(-2) === "shape" ? ", or a range such as [1, 512] for a dimension that varies" : "";
	const enough = inclusive ? `write ${minimum} or more${dynamic}` : `write a number above ${minimum}`;
	return {
		message: `${inWords(input)} is too small`,
		hint: enough
	};
}
function badFormat(path, input) {
	if (path.at(-1) === "name") return {
		message: `"${String(input)}" is not a usable name`,
		hint: path.length === 1 ? NAME_HINT.replace(" /,", ",") : NAME_HINT
	};
	return {
		message: `${inWords(input)} is not usable here`,
		hint: exampleHint(path)
	};
}
const valueHint = (path, values) => path.length === 1 && path[0] === "version" ? "write version: 1, or update tailgate if the suite was made for a newer one" : `write ${values.join(" or ")}`;
function missing(path) {
	const key = String(path.at(-1) ?? "suite");
	return {
		path: path.slice(0, -1),
		at: "key",
		message: `"${key}" is missing`,
		hint: `add ${key}: ${exampleAt(path) ?? "…"}`
	};
}
const exampleHint = (path) => {
	const example = exampleAt(path);
	return example === void 0 ? "leave it out or see schema/suite.schema.json" : `write for example ${example}`;
};
/** The schema's first example of a field, as YAML's one-line form. */
function exampleAt(path) {
	const schema = schemaAt(path);
	const example = schema?.examples?.[0] ?? (schema?.["enum"])?.[0];
	return example === void 0 ? void 0 : inline(example);
}
function inline(value) {
	if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
	if (typeof value === "object" && value !== null) return `{ ${Object.entries(value).map(([key, item]) => `${key}: ${inline(item)}`).join(", ")} }`;
	return typeof value === "string" && /[{}[\],]|^[*&!|>%@`"' ]|: /.test(value) ? JSON.stringify(value) : String(value);
}

// src/core/suite/overrides.ts
/**
* Applies `path=value` texts to a suite before it is validated. Paths are dotted; entries of a list go by their name or
* their index from 0: `seed=7`, `scenarios.steady.load.duration=10s`, `scenarios.0.gates.latency.p99.limit=80ms`. Values
* are YAML scalars, or YAML in braces or brackets: `target.ready={ path: /ready }`.
*
* What is set stands at `--set:N:column`, N counting the texts from 1.
*
* @throws {InputErrors} if a path leads nowhere, naming the nearest that does.
*/
function applyOverrides(document, overrides) {
	const errors = [];
	for (const [i, override] of overrides.entries()) try {
		applyOverride(document, override, (column) => ({
			file: "--set",
			line: i + 1,
			column
		}));
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		errors.push(error);
	}
	if (errors.length > 0) throw new InputErrors(errors);
}
function applyOverride(document, override, at) {
	const equals = override.indexOf("=");
	if (equals <= 0) throw new InputError(`"${override}" is not path=value`, {
		hint: "write for example --set seed=7",
		position: at(1)
	});
	const path = resolve(override.slice(0, equals).trim(), document.value(), at(1));
	const written = override.slice(equals + 1);
	const isText = schemaAt(path)?.["type"] === "string" && written.trim() !== "" && !/^\s*["'{[]/.test(written);
	document.set(path, isText ? JSON.stringify(written.trim()) : written, {
		key: at(1),
		value: at(equals + 2)
	});
}
function resolve(text, root, position) {
	let path = [];
	let value = root;
	for (let rest = text.split("."); rest.length > 0;) {
		const known = knownSteps(path, value);
		const length = rest.map((_, i) => rest.length - i).find((n) => known.some((step) => String(step) === rest.slice(0, n).join(".")));
		const step = length === void 0 ? rest[0] : rest.slice(0, length).join(".");
		if (length === void 0 && !isOpen(path, value)) throw leadsNowhere(path, step, rest.slice(1), value, root, position);
		const key = Array.isArray(value) ? indexOf(value, step) : step;
		path = [...path, key];
		value = value?.[key];
		rest = rest.slice(length ?? 1);
	}
	return path;
}
const isMapping = (value) => typeof value === "object" && value !== null && !Array.isArray(value);
function knownSteps(path, value) {
	if (Array.isArray(value)) return value.flatMap((item, i) => [i, ...nameOf$1(item) ?? []]);
	if (isMapping(value)) return [...keysAt(path) ?? [], ...Object.keys(value)];
	return value === void 0 || value === null ? keysAt(path) ?? [] : [];
}
/** May any key stand here? In a mapping of names (payload classes, headers), and inside a JSON payload. */
function isOpen(path, value) {
	if (value !== void 0 && value !== null && !isMapping(value)) return false;
	if (path[0] === "payloads" && path[2] === "json") return true;
	return typeof schemaAt(path)?.additionalProperties === "object";
}
const indexOf = (list, step) => {
	const byName = list.findIndex((item) => nameOf$1(item)?.[0] === step);
	return byName === -1 ? Number(step) : byName;
};
const nameOf$1 = (item) => isMapping(item) && typeof item["name"] === "string" ? [item["name"]] : void 0;
function leadsNowhere(path, step, rest, value, root, position) {
	const where = path.length === 0 ? "the suite" : dotted(path, root);
	if (Array.isArray(value)) {
		const names = value.flatMap((item) => nameOf$1(item) ?? []);
		const hint = names.length > 0 ? suggest(step, names) : `write an index from 0 to ${value.length - 1}`;
		return new InputError(`${where} has no entry "${step}"`, {
			hint,
			position
		});
	}
	const keys = keysAt(path);
	if (keys === void 0) return new InputError(`${where} is a single value, "${step}" cannot stand below it`, {
		hint: `write ${where}=…`,
		position
	});
	const steps = [step, ...rest];
	const length = steps.map((_, i) => steps.length - i).find((n) => nearest$1(steps.slice(0, n).join("."), keys.filter((key) => key.split(".").length === n)));
	const near = length === void 0 ? void 0 : nearest$1(steps.slice(0, length).join("."), keys);
	const meant = [
		...path.length === 0 ? [] : [where],
		near,
		...steps.slice(length)
	].join(".");
	return new InputError(`${where} has no key "${step}"`, {
		hint: near === void 0 ? hintForKey(path, step) : `did you mean ${meant}?`,
		position
	});
}

// src/core/suite/raw.ts
/** The value as a mapping; anything else is an empty one. */
const asMapping = (value) => typeof value === "object" && value !== null && !Array.isArray(value) ? value : {};
/** The value as a list; anything else is an empty one. */
const asList = (value) => Array.isArray(value) ? value : [];
/** The value in its base unit, `fallback` where nothing is written, undefined where it cannot be read. */
const asQuantity = (value, quantity, fallback) => value === void 0 ? fallback : parseQuantity(value, quantity).value;

// src/core/suite/gate-rules.ts
/** A gate must be able to say something: a number to compare with, and a metric that this suite measures. */
function gateRules(gates, suite, path) {
	return Object.entries(gates).flatMap(([metric, gate]) => {
		if (!isMetricName(metric) || typeof gate !== "object" || gate === null) return [];
		return [...formRules(asMapping(gate), [...path, metric]), ...measurable(metric, asMapping(gate), suite, [...path, metric])];
	});
}
function formRules(gate, path) {
	const has = (key) => Object.hasOwn(gate, key);
	if (has("floor") && !has("regression")) return [{
		path: [...path, "floor"],
		at: "key",
		message: "a floor needs a regression to soften",
		hint: "add regression: 10%, or write limit for a hard ceiling"
	}];
	const misspelled = Object.keys(gate).some((key) => ![
		"regression",
		"floor",
		"limit"
	].includes(key));
	if (has("regression") || has("limit") || misspelled) return [];
	return [{
		path,
		at: "key",
		message: "this gate has no number to compare with",
		hint: "add a regression or a limit"
	}];
}
function measurable(metric, gate, suite, path) {
	const target = asMapping(suite["target"]);
	const mistake = (message, hint, at = path) => [{
		path: at,
		at: "key",
		message,
		hint
	}];
	const isStream = target["protocol"] === "openai-chat" && target["stream"] !== false;
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile" && [
		"ttft",
		"itl",
		"tpot"
	].includes(measure.of) && !isStream) return mistake(`${metric} is measured on streams of tokens only`, "use protocol openai-chat without stream: false, or gate latency");
	if (measure.kind === "rate" && measure.of === "tokens" && target["protocol"] !== "openai-chat") return mistake(`${metric} is measured with protocol openai-chat only`, "gate throughput");
	if (measure.kind === "gauge" && !fillable(suite).has(metric)) {
		const source = metric === "queue.depth" ? "- prometheus: URL, with metrics: { queue.depth: SERIES }" : "- dcgm: URL of the exporter";
		return mistake(`no telemetry of this suite measures ${metric}`, `add under telemetry: ${source}`);
	}
	const timeoutS = asQuantity(target["timeout"], "duration", 30);
	const limitS = measure.kind === "quantile" ? asQuantity(gate["limit"], "duration", 0) : void 0;
	if (limitS !== void 0 && timeoutS !== void 0 && limitS > 0 && limitS >= timeoutS) return mistake("this limit cannot be exceeded: no request takes longer than target.timeout", "lower the limit or raise target.timeout", [...path, "limit"]);
	return [];
}
/** Gauges that the suite's telemetry can fill. */
function fillable(suite) {
	const names = asList(suite["telemetry"]).flatMap((source) => {
		const { dcgm, metrics } = asMapping(source);
		return dcgm === void 0 ? Object.keys(asMapping(metrics)) : GAUGE_NAMES.filter((name) => name.startsWith("gpu."));
	});
	return new Set(names);
}

// src/core/suite/load-rules.ts
/** More arrivals than this do not fit into memory before the run. */
const MOST_REQUESTS = 5e7;
/** A load is a rate or a concurrency, and small enough to be planned. */
function loadRules(load, path) {
	const has = (key) => Object.hasOwn(load, key);
	const mistakes = [];
	if (has("concurrency") && has("rate")) mistakes.push({
		path: [...path, "concurrency"],
		at: "key",
		message: "a load has a rate or a concurrency, not both",
		hint: "keep rate for requests that arrive on their own (what users do), concurrency for a fixed number of callers"
	});
	else if (has("concurrency") && has("arrivals")) mistakes.push({
		path: [...path, "arrivals"],
		at: "key",
		message: "a closed loop has no arrivals",
		hint: "leave it out, or write rate instead of concurrency"
	});
	const rate = asQuantity(load["rate"], "rate", DEFAULT_LOAD.ratePerS);
	const duration = asQuantity(load["duration"], "duration", DEFAULT_LOAD.durationS);
	if (has("concurrency") || rate === void 0 || duration === void 0 || !(rate > 0 && duration > 0)) return mistakes;
	const expected = rate * duration;
	const at = {
		path: has("duration") ? [...path, "duration"] : [...path, "rate"],
		at: "value"
	};
	if (expected > MOST_REQUESTS) mistakes.push({
		...at,
		message: `this load is ${Math.round(expected).toLocaleString("en-US")} requests`,
		hint: `at most ${MOST_REQUESTS.toLocaleString("en-US")} can be planned: lower rate or duration`
	});
	else if (expected < 1) mistakes.push({
		...at,
		message: "this load is less than one request",
		hint: "raise rate or duration"
	});
	return mistakes;
}

// src/core/suite/payload-rules.ts
/** Kinds that only one protocol can carry. */
const OWNER = {
	body: "raw",
	tensors: "kserve-v2",
	messages: "openai-chat"
};
/** Every class is made of one thing, and of one that the protocol can carry. */
function payloadRules(suite) {
	const payloads = suite["payloads"];
	if (typeof payloads === "object" && payloads !== null && Object.keys(payloads).length === 0) return [{
		path: ["payloads"],
		at: "key",
		message: "no class is named",
		hint: "leave it out, or write one: short: { text: { words: [5, 20] } }"
	}];
	const { protocol } = asMapping(suite["target"]);
	return Object.entries(asMapping(payloads)).flatMap(([name, payload]) => typeof payload === "object" && payload !== null ? classRules(asMapping(payload), protocol, ["payloads", name]) : []);
}
function classRules(payload, protocol, path) {
	const [kind, second] = PAYLOAD_KINDS.filter((kind) => Object.hasOwn(payload, kind));
	if (kind === void 0) {
		if (Object.keys(payload).some((key) => !["weight", "content-type"].includes(key))) return [];
		return [{
			path,
			at: "key",
			message: "this payload class is made of nothing",
			hint: `write one of ${PAYLOAD_KINDS.join(", ")}`
		}];
	}
	if (second !== void 0) return [{
		path: [...path, second],
		at: "key",
		message: `this payload class has both ${kind} and ${second}`,
		hint: "keep one, or make two classes"
	}];
	const mistakes = [];
	const owner = OWNER[kind];
	if (owner !== void 0 && typeof protocol === "string" && protocol !== owner && protocol in CARRIES) mistakes.push({
		path: [...path, kind],
		at: "key",
		message: `protocol ${protocol} cannot carry ${kind}`,
		hint: `write ${CARRIES[protocol]}, or use protocol ${owner}`
	});
	if (kind !== "body" && Object.hasOwn(payload, "content-type")) mistakes.push({
		path: [...path, "content-type"],
		at: "key",
		message: `${kind} has its own content type`,
		hint: "leave it out; it is for body"
	});
	if (kind === "json" && !isJson(payload["json"])) mistakes.push({
		path: [...path, "json"],
		at: "value",
		message: "JSON has no infinity and no NaN",
		hint: "write a finite number"
	});
	const text = asMapping(payload["text"])["words"];
	if (isFalling(text)) mistakes.push({
		path: [
			...path,
			"text",
			"words"
		],
		at: "value",
		message: `[${text.join(", ")}] runs backwards`,
		hint: FALLING
	});
	return [...mistakes, ...asList(payload["tensors"]).flatMap((tensor, i) => tensorRules(asMapping(tensor), [
		...path,
		"tensors",
		i
	]))];
}
const CARRIES = {
	raw: "body, json, text or file",
	"kserve-v2": "tensors, text, json or file",
	"openai-chat": "messages, text, json or file"
};
const FALLING = "write the smaller number first";
function tensorRules({ shape, range, data }, path) {
	const mistakes = asList(shape).flatMap((size, i) => isFalling(size) ? [{
		path: [
			...path,
			"shape",
			i
		],
		at: "value",
		message: `[${size.join(", ")}] runs backwards`,
		hint: FALLING
	}] : []);
	const [low, high] = asList(range);
	if (typeof low === "number" && typeof high === "number" && !(low < high)) mistakes.push({
		path: [...path, "range"],
		at: "value",
		message: `no value lies in [${low}, ${high})`,
		hint: FALLING
	});
	if (range !== void 0 && data !== void 0) mistakes.push({
		path: [...path, "range"],
		at: "key",
		message: "a tensor has a range or data, not both",
		hint: "keep data for fixed values, range for random ones"
	});
	const sizes = asList(shape);
	const values = asList(data).length;
	if (values > 1 && sizes.length > 0) {
		if (!sizes.every((size) => typeof size === "number")) mistakes.push({
			path: [...path, "data"],
			at: "key",
			message: "data needs a shape without ranges",
			hint: "write one size per dimension, or leave data out"
		});
		else {
			const count = sizes.reduce((product, size) => product * size, 1);
			if (count !== values) mistakes.push({
				path: [...path, "data"],
				at: "value",
				message: `${values} values do not fill a shape of ${count}`,
				hint: `write ${count} values, or one for all`
			});
		}
	}
	return mistakes;
}
const isFalling = (value) => Array.isArray(value) && value.length === 2 && typeof value[0] === "number" && typeof value[1] === "number" && value[0] > value[1];
function isJson(value) {
	if (typeof value === "number") return Number.isFinite(value);
	return typeof value === "object" && value !== null ? Object.values(value).every(isJson) : true;
}

// src/core/suite/rules.ts
/**
* What a schema cannot say, because it takes two places of the suite to see it. The rules read the raw data, so that
* they also speak about a suite that has mistakes of other kinds; whatever has the wrong type is left to the schema.
*/
function rules(root) {
	const suite = asMapping(root);
	return [
		...targetRules(asMapping(suite["target"])),
		...payloadRules(suite),
		...asList(suite["scenarios"]).flatMap((scenario, i) => [
			...loadRules(asMapping(asMapping(scenario)["load"]), [
				"scenarios",
				i,
				"load"
			]),
			...mixRules(asMapping(asMapping(scenario)["mix"]), suite, i),
			...gateRules(asMapping(asMapping(scenario)["gates"]), suite, [
				"scenarios",
				i,
				"gates"
			])
		]),
		...duplicateNames(asList(suite["scenarios"])),
		...asList(suite["telemetry"]).flatMap((source, i) => telemetryRules(asMapping(source), i))
	];
}
function targetRules(target) {
	const { protocol } = target;
	const mistakes = [];
	const only = (key, owner) => {
		if (!Object.hasOwn(target, key) || protocol === owner || !PROTOCOLS.some((known) => known === protocol)) return;
		mistakes.push({
			path: ["target", key],
			at: "key",
			message: `protocol ${String(protocol)} has no use for this`,
			hint: `leave it out; it is for ${owner}`
		});
	};
	only("stream", "openai-chat");
	only("max-tokens", "openai-chat");
	only("method", "raw");
	if (Object.hasOwn(target, "model") && protocol === "raw") mistakes.push({
		path: ["target", "model"],
		at: "key",
		message: "protocol raw has no use for this",
		hint: "put it into the path or the payload"
	});
	const seen = /* @__PURE__ */ new Set();
	for (const name of Object.keys(asMapping(target["headers"]))) {
		if (seen.has(name.toLowerCase())) mistakes.push({
			path: [
				"target",
				"headers",
				name
			],
			at: "key",
			message: `the header "${name}" is written twice`,
			hint: "case does not count: remove one"
		});
		seen.add(name.toLowerCase());
	}
	return mistakes;
}
function mixRules(mix, suite, scenario) {
	const classes = suite["payloads"] === void 0 ? ["default"] : Object.keys(asMapping(suite["payloads"]));
	return Object.keys(mix).filter((name) => !classes.includes(name)).map((name) => ({
		path: [
			"scenarios",
			scenario,
			"mix",
			name
		],
		at: "key",
		message: `no payload class is called "${name}"`,
		hint: suggest(name, classes)
	}));
}
function duplicateNames(scenarios) {
	const names = scenarios.map((scenario) => asMapping(scenario)["name"]);
	return names.flatMap((name, i) => typeof name === "string" && names.indexOf(name) < i ? [{
		path: [
			"scenarios",
			i,
			"name"
		],
		at: "value",
		message: `two scenarios are called "${name}"`,
		hint: "results are kept by name: give each its own"
	}] : []);
}
function telemetryRules(source, i) {
	const mistake = (key, message, hint) => ({
		path: [
			"telemetry",
			i,
			key
		],
		at: "key",
		message,
		hint
	});
	const { dcgm, prometheus, metrics } = source;
	if (dcgm !== void 0 && prometheus !== void 0) return [mistake("prometheus", "one entry has both dcgm and prometheus", "begin a second entry: - prometheus: …")];
	if (dcgm !== void 0 && metrics !== void 0) return [mistake("metrics", "metrics is for prometheus; dcgm knows its own", "leave it out, or write prometheus instead of dcgm")];
	const empty = metrics === void 0 || Object.keys(asMapping(metrics)).length === 0 && typeof metrics === "object";
	if (prometheus !== void 0 && empty) return [mistake("prometheus", "nothing says what to read from this exposition", "add metrics: { queue.depth: NAME_OF_THE_SERIES }")];
	const unsupported = Object.keys(source).some((key) => ![
		"dcgm",
		"prometheus",
		"baseline",
		"interval",
		"metrics"
	].includes(key));
	if (dcgm === void 0 && prometheus === void 0 && !unsupported) return [{
		path: ["telemetry", i],
		at: "value",
		message: "this entry names no source",
		hint: "write - dcgm: http://…/metrics or - prometheus: http://…/metrics"
	}];
	return [];
}

// src/core/suite/parse.ts
/**
* Reads and checks a suite, all of it: whatever is wrong is said at once, by position.
*
* @param text YAML 1.2, one document.
* @param file its name in messages.
* @param overrides `path=value`, applied in order before anything is checked; see `applyOverrides`.
* @throws {InputErrors} with file:line:column of every mistake and what to write instead.
*/
function parseSuite(text, file, overrides = []) {
	const document = readDocument(text, file);
	applyOverrides(document, overrides);
	const root = document.value();
	const written = suiteSchema.safeParse(root, { reportInput: true });
	const errors = [...written.success ? [] : mistakesOf(written.error.issues), ...rules(root)].map((mistake) => toError(mistake, root, document.locate(mistake.path, mistake.at)));
	if (errors.length > 0) throw new InputErrors(errors.sort(byPosition$1(file)));
	if (!written.success) throw written.error;
	return {
		suite: buildSuite(written.data),
		locate: document.locate
	};
}
function toError({ path, message, hint, at }, root, position) {
	const where = dotted(at === "key" && message.includes(`"${String(path.at(-1))}"`) ? path.slice(0, -1) : path, root);
	return new InputError(where === "" ? message : `${where}: ${message}`, {
		hint,
		position
	});
}
/** The file from its top to its end, then what `--set` brought. */
const byPosition$1 = (file) => ({ position: a }, { position: b }) => a === void 0 || b === void 0 ? 0 : Number(a.file !== file) - Number(b.file !== file) || a.line - b.line || a.column - b.column;

// src/base-gates.ts
/**
* A change is judged by the promises of the branch it goes into, not by those it brings along: else a pull request
* that got slower could raise its own margin. Gates that differ take effect for the pull requests after this one.
*
* A suite that the base branch does not have, or has not below `workspace`, is judged as it is.
*/
async function judgedByBase(api, { suite, file, base, workspace }) {
	const path = relative(workspace, resolve$1(file)).replaceAll("\\", "/");
	if (path.startsWith("..") || isAbsolute(path)) return {
		suite,
		notes: []
	};
	try {
		const text = await api.readFile(path, base.sha);
		return text === void 0 ? {
			suite,
			notes: []
		} : withGatesOf(parseSuite(text, `${path} on ${base.branch}`).suite, suite, base.branch);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return {
			suite,
			notes: [note(`the suite of ${base.branch} cannot be read, so this pull request's own gates decide: ${error.sentence}`)]
		};
	}
}
/** `head` with the gates that the scenarios of the same names have in `base`, and with base's error rates. */
function withGatesOf(base, head, branch) {
	const notes = [];
	const scenarios = head.scenarios.map((scenario) => {
		const trusted = base.scenarios.find(({ name }) => name === scenario.name);
		if (trusted === void 0 || canonical$1(trusted.gates) === canonical$1(scenario.gates)) return scenario;
		notes.push(note(`its gates differ from those of ${branch}, which decide until this is merged`, scenario.name));
		return {
			...scenario,
			gates: trusted.gates
		};
	});
	for (const { name } of base.scenarios.filter(({ name }) => !head.scenarios.some((scenario) => scenario.name === name))) notes.push(note(`${branch} measures this scenario; the suite of this pull request does not, so nothing judges it`, name));
	if (JSON.stringify(base.decision) !== JSON.stringify(head.decision)) notes.push(note(`decision differs from that of ${branch}, which decides until this is merged`));
	return {
		suite: {
			...head,
			scenarios,
			decision: base.decision
		},
		notes
	};
}
const canonical$1 = (gates) => JSON.stringify([...gates].sort((a, b) => a.metric < b.metric ? -1 : 1).map(({ metric, regression, floor, limit }) => [
	metric,
	regression,
	floor,
	limit
]));
const note = (message, scenario) => ({
	severity: "warning",
	code: "gates-of-base",
	message,
	...scenario === void 0 ? {} : { scenario }
});

// src/commands/command.ts
/** The exit codes are an API: see the README. */
const EXIT = {
	pass: 0,
	fail: 1,
	input: 2,
	undecided: 3,
	bug: 70,
	cancelled: 130
};
const HELP = "add --help to see what this command takes";
/**
* Parses a command's arguments with node:util's parser.
*
* @throws {InputError} naming the nearest option for one that does not exist.
*/
function parseArguments(args, options, positionals, last = "once") {
	let parsed;
	try {
		parsed = parseArgs({
			args: [...args],
			options,
			allowPositionals: true,
			strict: true
		});
	} catch (error) {
		const message = error instanceof Error ? error.message : String(error);
		const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1];
		if (unknown === void 0) throw new InputError(message.split(". ")[0] ?? message, { hint: HELP });
		const close = nearest$1(unknown.replace(/^-+/, ""), Object.keys(options));
		throw new InputError(`unknown option ${unknown}`, { hint: close === void 0 ? HELP : `did you mean --${close}?` });
	}
	if (last === "once" && parsed.positionals.length > positionals.length || parsed.positionals.length < positionals.length) {
		const extra = parsed.positionals[positionals.length];
		throw new InputError(extra === void 0 ? `missing ${positionals.slice(parsed.positionals.length).join(", ")}` : `unexpected argument ${JSON.stringify(extra)}`, { hint: HELP });
	}
	return parsed;
}

// src/commands/policy.ts
const CHOICES = [
	"fail",
	"warn",
	"pass"
];
const POLICY_OPTIONS = {
	"on-inconclusive": { type: "string" },
	"on-no-baseline": { type: "string" },
	"on-invalid": { type: "string" }
};
const policyOf = (values) => ({
	inconclusive: choice("on-inconclusive", values["on-inconclusive"]),
	"no-baseline": choice("on-no-baseline", values["on-no-baseline"]),
	invalid: choice("on-invalid", values["on-invalid"])
});
/** In the words of the report, which names a policy only where one was chosen. */
const reportPolicy = (policy) => ({
	onInconclusive: policy.inconclusive,
	onNoBaseline: policy["no-baseline"],
	onInvalid: policy.invalid
});
function exitCodeOf(verdict, policy) {
	if (verdict === "pass") return EXIT.pass;
	if (verdict === "fail") return EXIT.fail;
	const chosen = policy[verdict];
	return chosen === void 0 ? EXIT.undecided : chosen === "fail" ? EXIT.fail : EXIT.pass;
}
/** @throws {InputError} for a word that is no choice. */
function choice(name, value) {
	if (value === void 0 || value === "") return void 0;
	const known = CHOICES.find((word) => word === value);
	if (known === void 0) throw new InputError(`${name}: ${JSON.stringify(value)} is not a policy`, { hint: `write ${CHOICES.join(", ")}` });
	return known;
}

// src/core/report/plain.ts
/**
* One line of text from outside, made safe to show anywhere: control characters and line breaks become spaces,
* characters that reorder or hide text (bidirectional overrides, zero-width characters) go, and what is longer than
* `limit` characters ends in `…`. Escaping for a format comes after this.
*/
function plainLine(text, limit = 400) {
	const clean = text.toWellFormed().replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, " ").replace(/[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, "").trim();
	const characters = Array.from(clean.slice(0, 2 * limit + 2));
	return characters.length > limit ? `${characters.slice(0, limit - 1).join("")}…` : clean;
}

// src/core/report/escape-html.ts
const ENTITIES = {
	"&": "&amp;",
	"<": "&lt;",
	">": "&gt;",
	"\"": "&quot;",
	"'": "&#39;"
};
/**
* Text from outside as text in HTML, XML or SVG, also inside a quoted attribute: one line, what XML cannot hold removed.
*/
const escapeHtml = (text, limit) => plainLine(text, limit).replace(/[\uFFFE\uFFFF]/g, "").replace(/[&<>"']/g, (character) => ENTITIES[character]);

// src/core/report/escape-markdown.ts
/** Joins two characters without a break and shows nothing: what it stands in is no longer a mention or a link. */
const WORD_JOINER = "⁠";
/**
* A sentence that holds text from outside, as GitHub Markdown that shows exactly that text on one line, also in a table
* cell: no formatting, HTML, mention, issue or advisory reference, link, emoji or formula comes of it. GitHub looks for
* mentions and references after Markdown is done, so escaping does not stop them: a word joiner does.
*/
const markdownText = (text, limit) => defuse(plainLine(text, limit)).replace(/[\\`*_[\]|~^{}]/g, "\\$&").replace(/[&<>]/g, (character) => escapeHtml(character)).replaceAll("$", "&#36;").replace(/^(\s*)([-+=>#])/, "$1\\$2").replace(/^(\s*\d+)([.)])(?=\s|$)/, "$1\\$2");
/**
* A name from outside as code. GitHub turns nothing inside a code span into a mention, a reference or a link. A name
* that is more than letters, digits and a few signs is written as HTML in which every other character is an entity,
* since a backtick or a pipe cannot be escaped inside a code span; there, links have to be stopped as in text.
*/
function markdownCode(text, limit = 120) {
	const line = plainLine(text, limit);
	if (line === "") return "(empty)";
	return /^[\p{L}\p{N}_./:%=+,-]+( [\p{L}\p{N}_./:%=+,-]+)*$/u.test(line) ? `\`${line}\`` : `<code>${entities(defuse(line))}</code>`;
}
/** As {@link markdownCode} for a raw HTML block (`<summary>`), where Markdown is not read. */
const summaryCode = (text, limit = 120) => `<code>${entities(defuse(plainLine(text, limit)))}</code>`;
const entities = (line) => line.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
const defuse = (line) => line.replace(/[@#]/g, `$&${WORD_JOINER}`).replace(/(gh-|cve-|ghsa-)(?=\w)/gi, `$1${WORD_JOINER}`).replace(/:\/\//g, `:${WORD_JOINER}//`).replace(/(www)\./gi, `$1${WORD_JOINER}.`).replace(/(mailto|xmpp):/gi, `$1${WORD_JOINER}:`).replace(/:(?=(?:[\w+-]*[a-z][\w+-]*|100|1234):)/gi, `:${WORD_JOINER}`);

// src/core/report/fit.ts
/** GitHub's limit of a comment's body, in characters, and of one step's summary, in bytes. */
const COMMENT_LIMIT = 65536;
const SUMMARY_LIMIT = 1048576;
/**
* Joins sections with empty lines; while the page is over the limit, the least important section goes, and a last line
* says what was left out.
*
* @param limit in UTF-8 bytes or UTF-16 units, as `unit` says. UTF-16 units are never fewer than characters.
* @throws {RangeError} if the sections of rank 0 alone are over the limit; whoever builds them bounds them.
*/
function fitSections(sections, limit = COMMENT_LIMIT, unit = "characters") {
	const size = unit === "bytes" ? bytes : (text) => text.length;
	let total = sections.reduce((sum, { text }) => sum + size(text) + 2, -1);
	const expendable = sections.filter(({ rank }) => rank > 0).toSorted((a, b) => a.rank - b.rank);
	const gone = [];
	while (total + (gone.length > 0 ? size(noteOf(gone)) + 2 : 0) > limit) {
		const next = expendable.pop();
		if (next === void 0) throw new RangeError(`the sections that must stay are longer than ${limit} ${unit}`);
		gone.push(next);
		total -= size(next.text) + 2;
	}
	return `${[...sections.filter((section) => !gone.includes(section)).map(({ text }) => text), ...gone.length > 0 ? [noteOf(gone)] : []].join("\n\n")}\n`;
}
const noteOf = (left) => {
	return `> Left out for length: ${left.slice(0, 10).map(({ name }) => name).join(", ")}${left.length > 10 ? ` and ${left.length - 10} more` : ""}. The whole report is in \`report.html\` of this run.`;
};
const bytes = (text) => new TextEncoder().encode(text).length;

// src/core/report/mark.ts
/** One mark per verdict, and the only pictures in the comment. */
const MARKS = {
	pass: "✅",
	fail: "❌",
	inconclusive: "⚠️",
	"no-baseline": "⚪",
	invalid: "⛔"
};
/** The same without emoji, for pages and terminals whose fonts may have none. */
const GLYPHS = {
	pass: "✓",
	fail: "✗",
	inconclusive: "?",
	"no-baseline": "○",
	invalid: "!"
};
/** The verdict's word where it begins a sentence. */
const TITLES = {
	pass: "Pass",
	fail: "Fail",
	inconclusive: "Inconclusive",
	"no-baseline": "No baseline",
	invalid: "Invalid"
};

// src/core/report/marker.ts
/**
* The hidden line that marks a comment as ours, for one suite: `<!-- tailgate:suite=NAME -->`. It is the first line of
* the comment, so that the search for the sticky comment need not read the rest.
*
* The name is percent-encoded (and the second of two dashes), which can be undone: nothing in it can end the HTML
* comment, and two suites never share a marker. A very long name ends in its digest instead. A marker alone proves
* nothing, since anybody can post one: match the author as well.
*/
function commentMarker(suiteName) {
	const encoded = encodeURIComponent(suiteName.toWellFormed()).replaceAll("--", "-%2D");
	return `<!-- tailgate:suite=${encoded.length <= LONGEST ? encoded : `sha256:${createHash("sha256").update(encoded).digest("hex")}`} -->`;
}
const LONGEST = 600;

// src/core/decide/quantity.ts
/**
* A value as a person reads it: three significant digits, the prefix that fits, trailing zeros dropped.
* `0.0384 s` → `38.4 ms`, `17179869184 B` → `16 GiB`, `0.0012 ratio` → `0.12 %`.
*
* @param value in `unit`, the metric's base unit.
* @returns never an empty string; a value that is not finite reads `n/a`.
*/
function formatQuantity(value, unit) {
	if (!Number.isFinite(value)) return "n/a";
	if (value < 0) return `${MINUS}${formatQuantity(-value, unit)}`;
	const scales = SCALES[unit];
	const scale = scales.findLast(({ factor }) => significant(value / factor) >= 1) ?? scales[0];
	return `${digits(value / scale.factor)}${scale.suffix}`;
}
/** A share or a relative change without sign: `0.234` → `23 %`, `0.0052` → `0.52 %`. Negative values keep their minus. */
function formatPercent(ratio) {
	if (!Number.isFinite(ratio)) return "n/a";
	const percent = Math.abs(ratio) * 100;
	return `${ratio < 0 && percentDigits(percent) !== "0" ? MINUS : ""}${percentDigits(percent)} %`;
}
/** A relative change with its sign: `0.234` → `+23 %`, `-0.05` → `−5 %`, `0` → `±0 %`; from tenfold on as a factor, `446.4` → `×447`. */
function formatChange(relative) {
	if (relative >= 9 && Number.isFinite(relative)) return `×${digits(relative + 1)}`;
	return signed$1(relative, formatPercent(Math.abs(relative)));
}
/** A change in the metric's own unit, with its sign; ratios change by points: `0.004 ratio` → `+0.4 points`. */
function formatDifference(difference, unit) {
	const size = Math.abs(difference);
	if (unit !== "ratio") return signed$1(difference, formatQuantity(size, unit));
	return signed$1(difference, Number.isFinite(size) ? `${percentDigits(size * 100)} points` : "n/a");
}
const MINUS = "−";
const plain$1 = (suffix) => [{
	factor: 1,
	suffix
}];
/** Ascending factors per unit. */
const SCALES = {
	s: [
		{
			factor: 1e-6,
			suffix: " µs"
		},
		{
			factor: .001,
			suffix: " ms"
		},
		{
			factor: 1,
			suffix: " s"
		}
	],
	B: [
		{
			factor: 1,
			suffix: " B"
		},
		{
			factor: 1024,
			suffix: " KiB"
		},
		{
			factor: 1024 ** 2,
			suffix: " MiB"
		},
		{
			factor: 1024 ** 3,
			suffix: " GiB"
		}
	],
	Hz: [
		{
			factor: 1,
			suffix: " Hz"
		},
		{
			factor: 1e6,
			suffix: " MHz"
		},
		{
			factor: 1e9,
			suffix: " GHz"
		}
	],
	J: [
		{
			factor: .001,
			suffix: " mJ"
		},
		{
			factor: 1,
			suffix: " J"
		},
		{
			factor: 1e3,
			suffix: " kJ"
		}
	],
	"1/s": plain$1("/s"),
	ratio: [{
		factor: .01,
		suffix: " %"
	}],
	W: plain$1(" W"),
	"°C": plain$1(" °C"),
	"1": plain$1("")
};
const significant = (value) => Number(value.toPrecision(3));
/** Three significant digits, but never fewer than the whole number: 1234.5 reads 1,235. */
const digits = (value) => value >= 1e3 ? Math.round(value).toLocaleString("en-US") : String(significant(value));
/** Two significant digits below 10 %, whole percents above; less than a thousandth of a percent is nothing. */
const percentDigits = (percent) => percent < 5e-4 ? "0" : percent >= 9.95 ? digits(Math.round(percent)) : percent >= .995 ? String(Number(percent.toFixed(1))) : String(Number(percent.toPrecision(2)));
const signed$1 = (value, size) => size === "n/a" ? size : /^0(?![.\d])/.test(size) ? `±${size}` : `${value < 0 ? MINUS : "+"}${size}`;

// src/core/report/row.ts
const NOTHING = "–";
function metricRow(scenario, { metric, gated, verdict, reason, comparison }) {
	const definition = METRICS[metric];
	const { delta, gate, worse, margin } = comparison;
	const side = sideOf(delta, definition.better);
	const flagged = !gated && verdict === "fail";
	return {
		scenario,
		metric,
		gated,
		verdict,
		base: estimateText(comparison.base, definition),
		head: estimateText(comparison.head, definition),
		change: delta === void 0 ? "–" : changeText$1(delta, definition),
		interval: delta === void 0 ? "" : intervalText(delta, definition) || noInterval(comparison),
		confidence: delta === void 0 ? "" : `${Number((delta.confidence * 100).toFixed(1))} %`,
		gate: gate === void 0 ? "–" : gateText(gate, definition),
		detects: gate?.regression === void 0 ? "–" : resolvableText(comparison.resolvableMargin, definition),
		word: gated ? WORDS$1[verdict] : flagged ? "worse, not gated" : side === "better" ? "better" : "–",
		reason,
		open: gated || flagged,
		tone: side === "worse" && verdict !== "fail" ? "same" : side,
		urgency: worse === void 0 || margin === void 0 || margin <= 0 ? 0 : worse / margin
	};
}
/** What {@link MetricRow.detects} means, for below the first table that has it. */
const DETECTS_NOTE = "Would catch: had the measured change been this large, the gate would have blocked; smaller ones it allows, or this data cannot tell them from chance.";
/** How many metrics are left for the second look, and what is known of them: `4 more metrics`, `not gated and not flagged as worse`. */
function restText(rows) {
	const isCompared = rows.some(({ verdict }) => verdict === "pass");
	return {
		count: `${rows.length} more ${rows.length === 1 ? "metric" : "metrics"}`,
		kind: isCompared ? "not gated and not flagged as worse" : "not gated"
	};
}
const WORDS$1 = {
	pass: "pass",
	fail: "fail",
	inconclusive: "inconclusive",
	"no-baseline": "no baseline",
	invalid: "invalid"
};
/** What can stop the merge first, then worst first; among equals what is nearest to its gate, then the given order. */
const byUrgency = (rows) => rows.toSorted((a, b) => Number(b.open) - Number(a.open) || Number(b.gated) - Number(a.gated) || ORDER[a.verdict] - ORDER[b.verdict] || b.urgency - a.urgency);
/** Position of a verdict in a list that begins with what stops a merge. */
const ORDER = {
	fail: 0,
	invalid: 1,
	inconclusive: 2,
	"no-baseline": 3,
	pass: 4
};
const estimateText = (estimate, { unit }) => estimate === void 0 ? "–" : formatQuantity(estimate.value, unit);
function changeText$1(delta, { unit }) {
	return delta.scale === "relative" && delta.relative !== void 0 ? formatChange(delta.relative) : formatDifference(delta.absolute, unit);
}
/** Empty where the change has no bound at all; a bound that the data does not set reads `unbounded`. */
function intervalText(delta, { unit }) {
	const isRelative = delta.scale === "relative" && delta.relative !== void 0;
	const [low, high] = isRelative ? [delta.low, delta.high] : [delta.absoluteLow, delta.absoluteHigh];
	if (low === void 0 && high === void 0) return "";
	const text = (bound) => bound === void 0 ? "unbounded" : isRelative ? formatChange(bound) : formatDifference(bound, unit);
	return range(text(low), text(high));
}
const noInterval = ({ obstacles }) => {
	const few = obstacles.find(({ code }) => code === "too-few-blocks");
	return few === void 0 ? "no interval" : `no interval: too few ${"pairs" in few.detail ? "block pairs" : "blocks"}`;
};
/** `+19 … +26 %`: a unit that both ends share is said once. */
function range(low, high) {
	const unit = / \S+$/.exec(high)?.[0] ?? "";
	return unit !== "" && low.endsWith(unit) ? `${low.slice(0, -unit.length)} … ${high}` : `${low} … ${high}`;
}
/** `+10 % and +2 ms · ≤ 500 ms`: what blocks, then the hard limit. */
function gateText(gate, { unit, better, measure }) {
	const sign = better === "lower" ? 1 : -1;
	const difference = measure.kind === "ratio" || measure.kind === "gauge" && measure.scale === "difference";
	const relative = gate.regression === void 0 ? [] : [difference ? formatDifference(sign * gate.regression, unit) : formatChange(sign * gate.regression)];
	const floor = gate.regression === void 0 || gate.floor === void 0 ? [] : [formatDifference(sign * gate.floor, unit)];
	const limit = gate.limit === void 0 ? [] : [`${better === "lower" ? "≤" : "≥"} ${formatQuantity(gate.limit, unit)}`];
	return [[...relative, ...floor].join(" and "), ...limit].filter((part) => part !== "").join(" · ");
}
function resolvableText(margin, { unit, better, measure }) {
	if (margin === void 0) return "–";
	const signed = better === "lower" ? margin : -margin;
	return measure.kind === "ratio" || measure.kind === "gauge" && measure.scale === "difference" ? formatDifference(signed, unit) : formatChange(signed);
}
/** On which side of no change the whole interval lies. */
function sideOf(delta, better) {
	const [low, high] = delta?.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta?.low, delta?.high];
	if (low === void 0 || high === void 0 || low <= 0 && high >= 0) return "same";
	return low > 0 === (better === "lower") ? "worse" : "better";
}

// src/core/report/markdown.ts
/** The pull request comment, marker first, at most 65,536 characters: sections are left out whole, worst kept longest. */
const renderComment = (report) => fitSections(commentSections(report), COMMENT_LIMIT, "characters");
/** The same page for the job summary, at most 1 MiB. */
const renderSummary = (report) => fitSections(commentSections(report), SUMMARY_LIMIT, "bytes");
/** The parts of the comment in order, each whole in itself. */
function commentSections(report) {
	const explained = report.scenarios.findIndex(({ rows }) => rows.some((row) => row.detects !== "–"));
	return [
		{
			name: "verdict",
			rank: 0,
			text: verdictText(report)
		},
		...report.scenarios.map((scenario, index) => ({
			name: `scenario ${markdownCode(scenario.name, 60)}`,
			rank: index === 0 ? 1 : 2,
			text: scenarioText(scenario, report.scenarios.length > 1, index === explained)
		})),
		...optional("resources", 3, resourcesText(report)),
		...optional("failures", 3, failuresText(report)),
		...optional("warnings", 2, warningsText(report)),
		...report.scenarios.flatMap((scenario) => optional(`other metrics of ${markdownCode(scenario.name, 60)}`, 5, closedRowsText(scenario, report.scenarios.length > 1))),
		{
			name: "provenance",
			rank: 4,
			text: provenanceText(report)
		}
	];
}
const optional = (name, rank, text) => text === void 0 ? [] : [{
	name,
	rank,
	text
}];
/** More reasons than these do not make a decision clearer, and this section must always fit. */
const MOST_REASONS = 8;
function verdictText(report) {
	const lines = [
		commentMarker(report.suiteName),
		`### ${MARKS[report.verdict]} ${TITLES[report.verdict]}: ${markdownText(report.headline, 300)}`,
		"",
		`**${markdownText(report.consequence)}** ${markdownText(report.context, 300)}`
	];
	const shown = report.reasons.slice(0, MOST_REASONS);
	if (shown.length > 0) lines.push("", ...shown.map((reason) => `- ${markdownText(reason, 600)}`));
	if (report.reasons.length > shown.length) lines.push(`- and ${report.reasons.length - shown.length} more, in the tables below`);
	const steps = report.steps.slice(0, MOST_REASONS);
	if (steps.length > 0) lines.push("", "**What would decide it**", "", ...steps.map((step) => `- ${markdownText(step, 600)}`));
	return lines.join("\n");
}
function scenarioText(scenario, several, explains) {
	const open = scenario.rows.filter((row) => row.open);
	return [
		several ? `#### ${MARKS[scenario.verdict]} ${markdownCode(scenario.name)}` : `#### ${markdownCode(scenario.name)}`,
		markdownText(scenario.load),
		...open.length > 0 ? [metricTable$1(open)] : [],
		...explains ? [markdownText(DETECTS_NOTE)] : [],
		...scenario.shift === void 0 ? [] : [markdownText(scenario.shift)]
	].join("\n\n");
}
function closedRowsText(scenario, several) {
	const closed = scenario.rows.filter((row) => !row.open);
	if (closed.length === 0) return void 0;
	const of = several ? ` of ${summaryCode(scenario.name)}` : "";
	const { count, kind } = restText(closed);
	return details(`${count}${of}, ${kind}`, metricTable$1(closed));
}
function metricTable$1(rows, withScenario = false) {
	const gated = rows.some((row) => row.gated);
	const confidence = rows.find((row) => row.confidence !== "")?.confidence;
	const header = [
		...withScenario ? ["Scenario"] : [],
		"Metric",
		"Base",
		"Head",
		confidence === void 0 ? "Change" : `Change (${confidence} interval)`,
		...gated ? [
			"Gate",
			"Would catch",
			"Verdict"
		] : ["Note"]
	];
	const body = rows.map((row) => [
		...withScenario ? [markdownCode(row.scenario, 60)] : [],
		markdownCode(row.metric),
		...[row.base, row.head].map(together),
		changeCell(row),
		...gated ? [
			withUnit(row.gate),
			together(row.detects),
			verdictCell(row)
		] : [row.word]
	]);
	const align = [
		...withScenario ? ["l"] : [],
		"l",
		"r",
		"r",
		"r",
		...gated ? [
			"r",
			"r",
			"l"
		] : ["l"]
	];
	return markdownTable([header, ...body], { align });
}
const changeCell = (row) => {
	const change = row.open && row.verdict === "fail" && row.change !== "–" ? `**${together(row.change)}**` : together(row.change);
	return row.interval === "" ? change : `${change} (${together(row.interval)})`;
};
/** GitHub breaks narrow columns wherever it may: a number stays with its unit, and an interval in one piece. */
const together = (cell) => cell.replaceAll(" ", "\xA0");
const withUnit = (cell) => cell.replace(/([\d≤≥]) (?=[\d%\p{L}])(?!and )/gu, "$1\xA0");
const verdictCell = (row) => row.gated ? `${MARKS[row.verdict]} ${row.word}` : row.word;
function resourcesText({ resources, scenarios }) {
	if (resources.length === 0) return void 0;
	const table = metricTable$1(resources, scenarios.length > 1);
	return resources.some((row) => row.open) ? `#### GPU and server\n\n${table}` : details("GPU and server, base → head", table);
}
/** Rows beyond this say nothing new: every kind of failure of a dozen scenarios fits. */
const MOST_FAILURES = 40;
function failuresText({ failures, scenarios }) {
	if (failures.length === 0) return void 0;
	const several = scenarios.length > 1;
	const body = failures.slice(0, MOST_FAILURES).map((row) => [
		...several ? [markdownCode(row.scenario, 60)] : [],
		row.kind,
		row.base,
		row.head,
		row.example === "" ? "" : markdownCode(row.example, 200)
	]);
	const header = [
		...several ? ["Scenario"] : [],
		"Failed requests",
		"Base",
		"Head",
		"First example"
	];
	const align = [
		...several ? ["l"] : [],
		"l",
		"r",
		"r",
		"l"
	];
	return `#### Failures\n\n${markdownTable([header, ...body], {
		align,
		alignDelimiters: false
	})}`;
}
function warningsText({ problems }) {
	const warnings = problems.filter(({ severity }) => severity === "warning").slice(0, 20);
	return warnings.length === 0 ? void 0 : [
		"#### Warnings",
		"",
		...warnings.map(({ text }) => `- ${markdownText(text, 600)}`)
	].join("\n");
}
function provenanceText({ provenance, environment, reproduce }) {
	const fence = "`".repeat(Math.max(3, ...reproduce.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length + 1))));
	const commands = reproduce.map((line) => line.replace(/[\r\n]+/g, " "));
	return details("Where these numbers come from, and how to get them again", [
		...provenance.length > 0 ? [factTable$1(provenance)] : [],
		...environment.length > 0 ? [factTable$1(environment, "Environment")] : [],
		`${fence}sh\n${commands.join("\n")}\n${fence}`
	].join("\n\n"));
}
const factTable$1 = (facts, title = "Provenance") => markdownTable([[title, ""], ...facts.slice(0, 60).map(({ label, value }) => [markdownText(label, 80), markdownText(value, 300)])], { alignDelimiters: false });
/** GitHub reads Markdown inside `<details>` only after an empty line. */
const details = (summaryHtml, body) => `<details><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;

// src/core/report/text.ts
/**
* What the terminal shows at the end: the comment's first part and its open tables, as plain text. No newline at the end.
*
* @param options.color ANSI colours, for a terminal that a person looks at.
*/
function renderText(report, options) {
	const paint = options.color ? ansi : plain;
	const several = report.scenarios.length > 1;
	return [
		`${paint(TITLES[report.verdict].toUpperCase(), VERDICT_STYLE[report.verdict])}  ${line(report.headline)}`,
		`${line(report.consequence)} ${line(report.context)}`,
		...report.reasons.map((reason) => `  - ${line(reason)}`),
		...report.steps.length > 0 ? [
			"",
			"What would decide it",
			...report.steps.map((step) => `  - ${line(step)}`)
		] : [],
		...report.scenarios.flatMap((scenario) => scenarioLines(scenario, paint)),
		...report.resources.length > 0 ? [
			"",
			"GPU and server",
			...tableLines(report.resources, paint, several)
		] : [],
		...failureLines(report),
		...problemLines(report)
	].join("\n");
}
const CODES = {
	bold: 1,
	dim: 2,
	red: 31,
	green: 32,
	yellow: 33
};
const plain = (text) => text;
const ansi = (text, ...styles) => `\u001B[${styles.map((style) => CODES[style]).join(";")}m${text}\u001B[0m`;
const VERDICT_STYLE = {
	pass: "green",
	fail: "red",
	inconclusive: "yellow",
	"no-baseline": "yellow",
	invalid: "yellow"
};
const line = (text) => plainLine(text, 600);
const scenarioLines = (scenario, paint) => [
	"",
	`${paint(plainLine(scenario.name, 80), "bold")}  ${paint(line(scenario.load), "dim")}`,
	...tableLines(scenario.rows, paint, false),
	...scenario.shift === void 0 ? [] : [paint(`  ${line(scenario.shift)}`, "dim")]
];
function tableLines(rows, paint, withScenario) {
	if (rows.length === 0) return [];
	const confidence = rows.find((row) => row.confidence !== "")?.confidence;
	const gated = rows.some((row) => row.gated);
	const scenario = (text) => withScenario ? [{ text: plainLine(text, 40) }] : [];
	const header = [
		...scenario("scenario"),
		{ text: "metric" },
		{
			text: "base",
			right: true
		},
		{
			text: "head",
			right: true
		},
		{
			text: "change",
			right: true
		},
		{
			text: confidence === void 0 ? "" : `${confidence} interval`,
			right: true
		},
		...gated ? [
			{
				text: "gate",
				right: true
			},
			{
				text: "would catch",
				right: true
			},
			{ text: "verdict" }
		] : [{ text: "" }]
	];
	const body = rows.map((row) => [
		...scenario(row.scenario),
		{ text: row.metric },
		{
			text: row.base,
			right: true
		},
		{
			text: row.head,
			right: true
		},
		{
			text: row.change,
			right: true,
			...row.open && row.verdict === "fail" && row.change !== "–" ? { styles: ["red"] } : {}
		},
		{
			text: row.interval,
			right: true
		},
		...gated ? [{
			text: row.gate,
			right: true
		}, {
			text: row.detects,
			right: true
		}] : [],
		{
			text: row.word === "–" ? "" : row.word,
			...row.gated ? { styles: [VERDICT_STYLE[row.verdict]] } : {}
		}
	]);
	return layOut([header.map((cell) => ({
		...cell,
		styles: ["dim"]
	})), ...body], paint);
}
function layOut(table, paint) {
	const widths = (table[0] ?? []).map((_, column) => Math.max(...table.map((row) => Array.from(row[column]?.text ?? "").length)));
	return table.map((row) => {
		return `  ${row.map(({ text, right, styles }, column) => {
			const space = " ".repeat((widths[column] ?? 0) - Array.from(text).length);
			const painted = styles === void 0 || text === "" ? text : paint(text, ...styles);
			return right ? space + painted : painted + space;
		}).join("  ")}`.trimEnd();
	});
}
const failureLines = ({ failures }) => failures.length === 0 ? [] : [
	"",
	"Failed requests",
	...failures.map(({ scenario, kind, base, head, example }) => `  ${plainLine(scenario, 40)}  ${kind}: base ${base}, head ${head}${example === "" ? "" : `; ${plainLine(example, 200)}`}`)
];
const problemLines = ({ problems }) => {
	const warnings = problems.filter(({ severity }) => severity === "warning");
	return warnings.length === 0 ? [] : [
		"",
		"Warnings",
		...warnings.map(({ text }) => `  - ${line(text)}`)
	];
};

// src/core/suite/secrets.ts
/** The environment variables a suite asks for, in alphabetical order. */
function environmentNames(suite) {
	const names = [];
	mapStrings(suite, (text) => {
		names.push(...namesIn(text));
		return text;
	});
	return [...new Set(names)].sort();
}
/**
* Replaces every `${env:NAME}` of the target and the telemetry. The result holds secrets: it may be sent, never shown.
*
* Secret are: every variable that goes into a header or into a path, and of a URL all but its host and port; what
* stands literally in a header for credentials; and never GitHub's own public variables (`GITHUB_SHA`, `RUNNER_OS`, …):
* masking the commit would spoil every report. `model` and `identity.equals` are printed, so they are public.
*
* @param env the process's environment.
* @returns the filled suite, and the values to mask (see {@link redact}), longest first.
* @throws {InputErrors} with a position for every variable that is unset or empty, or whose value cannot stand there.
*/
function resolveEnvironment({ suite, locate }, env) {
	const errors = [];
	const secrets = /* @__PURE__ */ new Set();
	const resolved = mapStrings(suite, (text, path, place) => {
		const values = [];
		const before = errors.length;
		const complain = ([problem, hint]) => errors.push(new InputError(`${path.join(".")}: ${problem}`, {
			hint,
			position: locate(path)
		}));
		const result = (parseTemplate(text).parts ?? []).map((part) => {
			if ("text" in part) return part.text;
			const value = (Object.hasOwn(env, part.name) ? env[part.name] : void 0) ?? "";
			const problem = problemWith(value, part.name, place);
			if (problem !== void 0) complain(problem);
			if (!isPublic(part.name)) values.push(value);
			return value;
		}).join("");
		if (errors.length > before) return result;
		const problem = problemWithWhole(result, place);
		if (problem !== void 0) {
			complain(problem);
			return result;
		}
		for (const secret of secretsIn(place, result, values, String(path.at(-1)))) secrets.add(secret);
		return result;
	});
	if (errors.length > 0) throw new InputErrors(errors.sort(byPosition));
	return {
		suite: resolved,
		secrets: [...secrets].filter((secret) => secret !== "").sort((a, b) => b.length - a.length)
	};
}
/**
* A shorter value is not masked: it would blot out half of every text and give itself away by that. No credential
* worth the name is so short.
*/
const SHORTEST_SECRET = 4;
/**
* Masks every secret in a text as `***`, as it is and in the forms in which servers echo it: percent-encoded, escaped
* as JSON, and base64 (also inside a longer base64 text, as in `Basic` credentials). Longest first, so that a secret
* which holds another leaves no rest. The beginning of a secret before a `…` is masked too: the text was cut inside it.
* Secrets and beginnings under 4 characters are left alone.
*/
function redact(text, secrets) {
	if (secrets.length === 0 || text === "") return text;
	const forms = formsOf(secrets);
	const [last = "", ...before] = forms.reduce((masked, form) => masked.includes(form) ? masked.replaceAll(form, "***") : masked, text).split("…").reverse();
	return [...before.reverse().map((part) => withoutBeginning(part, forms)), last].join("…");
}
function withoutBeginning(text, forms) {
	const length = Math.max(...forms.map((form) => beginningAtEnd(text, form)), 0);
	return length === 0 ? text : `${text.slice(0, -length)}***`;
}
/** Length of the longest proper beginning of `form` that `text` ends with, at least that of a secret; else 0. */
function beginningAtEnd(text, form) {
	for (let length = Math.min(form.length - 1, text.length); length >= SHORTEST_SECRET; length--) if (text.endsWith(form.slice(0, length))) return length;
	return 0;
}
/** Forms are made once per list of secrets: records are redacted string by string. */
const forms = /* @__PURE__ */ new WeakMap();
function formsOf(secrets) {
	const known = forms.get(secrets);
	if (known !== void 0) return known;
	const made = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap((secret) => {
		const encoded = encodeURIComponent(secret.toWellFormed());
		return [
			secret,
			encoded,
			encoded.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
			encoded.replaceAll("%20", "+"),
			JSON.stringify(secret).slice(1, -1),
			...base64Forms(secret)
		];
	});
	const sorted = [...new Set(made)].sort((a, b) => b.length - a.length);
	forms.set(secrets, sorted);
	return sorted;
}
/** Base64 as a whole, and the characters that stay the same wherever the secret begins inside a longer encoded text. */
function base64Forms(secret) {
	const bytes = new TextEncoder().encode(secret);
	const standard = [
		0,
		1,
		2
	].map((offset) => {
		const padded = btoa(String.fromCharCode(...new Uint8Array(offset), ...bytes));
		const whole = Math.floor((offset + bytes.length) * 8 / 6);
		return padded.slice([
			0,
			2,
			3
		][offset], whole);
	});
	const all = [btoa(String.fromCharCode(...bytes)), ...standard];
	return [...all, ...all.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""))].filter((form) => form.length >= SHORTEST_SECRET);
}
/** All strings of a suite that may ask for the environment, with their paths as written in YAML. */
function mapStrings(suite, change) {
	return {
		...suite,
		target: mapTarget(suite.target, change),
		telemetry: suite.telemetry.map((source, i) => mapSource(source, i, change))
	};
}
function mapTarget(target, change) {
	const at = (text, place, ...path) => change(text, ["target", ...path], place);
	const maybe = (text, place, ...path) => text === void 0 ? void 0 : at(text, place, ...path);
	const { ready, identity, headers } = target;
	return {
		...target,
		endpoint: maybe(target.endpoint, "url", "endpoint"),
		path: maybe(target.path, "path", "path"),
		model: maybe(target.model, "public", "model"),
		headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, at(value, "header", "headers", name)])),
		ready: {
			...ready,
			path: maybe(ready.path, "path", "ready", "path")
		},
		identity: identity === void 0 ? void 0 : {
			...identity,
			path: at(identity.path, "path", "identity", "path"),
			equals: at(identity.equals, "public", "identity", "equals")
		}
	};
}
function mapSource(source, i, change) {
	return {
		...source,
		url: change(source.url, [
			"telemetry",
			i,
			source.kind
		], "url"),
		baselineUrl: source.baselineUrl === void 0 ? void 0 : change(source.baselineUrl, [
			"telemetry",
			i,
			"baseline"
		], "url")
	};
}
function problemWith(value, name, place) {
	if (value === "") return [`the environment variable ${name} is not set or empty`, `set it in the workflow's env: or in the shell, ${name}=…`];
	if (/\p{Cc}/u.test(value)) return [`the value of ${name} has a line break or another control character`, "remove it: secrets are often pasted with one at their end"];
	if (place !== "public" && place !== "header" && /\s/.test(value)) return [`the value of ${name} has a space, and stands in a URL`, "write %20, or remove it"];
}
const byPosition = ({ position: a }, { position: b }) => a === void 0 || b === void 0 ? 0 : a.line - b.line || a.column - b.column;
const isPublic = (name) => /^(GITHUB|RUNNER)_/.test(name) && !/TOKEN|SECRET|PASSWORD|KEY/.test(name);
const CREDENTIAL_HEADERS = /^(authorization|proxy-authorization|cookie|(x-)?api-?key|x-auth-token)$/;
function secretsIn(place, text, values, key) {
	if (place === "public") return [];
	if (place === "url") return secretsOfUrl(text, values);
	if (place === "path") return values.filter((value) => value.length > 1 && !value.startsWith("/"));
	return CREDENTIAL_HEADERS.test(key) ? [...values, text.replace(/^(Bearer|Basic|Token)\s+/i, "")] : values;
}
/**
* What of a URL is secret: its user and password, and the values of its parameters with telling names.
*
* @param text a valid URL.
* @param values of variables that were filled in; those which are not the place that the URL names are secret too.
*/
function secretsOfUrl(text, values = []) {
	const { username, password, host, searchParams } = new URL(text);
	const query = [...searchParams].flatMap(([name, value]) => /key|token|secret|sig|auth|pass|code/i.test(name) ? [value] : []);
	const hidden = values.filter((value) => !text.startsWith(value) && !host.includes(value));
	return [
		password,
		decoded(password),
		password === "" ? "" : username,
		...query,
		...hidden
	];
}
function decoded(text) {
	try {
		return decodeURIComponent(text);
	} catch {
		return text;
	}
}
/** What is wrong with a filled string as a whole. Its value may be secret and is not shown. */
function problemWithWhole(text, place) {
	if (place === "url" && !(/^https?:/i.test(text) && URL.canParse(text))) return ["with its variables filled in, this is not an http or https URL", "does the value begin with http:// or https://?"];
	return place === "path" && !text.startsWith("/") ? ["with its variables filled in, this is not a path", "does the value begin with a slash?"] : void 0;
}

// src/core/compare/admit.ts
/**
* Keys of {@link RunRecord.environment} that must not differ between runs that are compared. A key that only one of
* the two records knows says nothing; which client measured, and on which processor, is for the reader to weigh.
*/
const MUST_MATCH = [
	"endpoint.class",
	"target.protocol",
	"protocol.engine",
	"gpu.models",
	"gpu.driver",
	"client.os",
	"client.runner"
];
/** Runs that may be compared with `head`, in the given order, and the reason for every other one. */
function admitBaselines(head, candidates) {
	const judged = candidates.map((candidate) => ({
		candidate,
		reason: reasonToRefuse(head, candidate.record)
	}));
	return {
		runs: judged.filter(({ reason }) => reason === void 0).map(({ candidate }) => candidate),
		refused: judged.flatMap(({ candidate: { origin }, reason }) => reason === void 0 ? [] : [{
			origin,
			reason
		}])
	};
}
function reasonToRefuse(head, base) {
	if (base.schema !== 1) return `it is stored in schema ${base.schema}, this tailgate compares schema ${1}: record it again`;
	if (base.suite.digest !== head.suite.digest) return `it was measured with another workload (suite digest ${short(base.suite.digest)}, the head's is ${short(head.suite.digest)})`;
	if (base.status !== "complete") return `the run is not complete (${base.status})`;
	const spoiled = base.problems.find(({ severity }) => severity === "invalid");
	if (spoiled !== void 0) return `the run is invalid: ${spoiled.message}`;
	for (const key of MUST_MATCH) {
		const [there, here] = [base.environment[key], head.environment[key]];
		if (there !== void 0 && here !== void 0 && there !== here) return `it was measured in another environment (${key} is ${there}, the head's is ${here})`;
	}
	const measured = new Set(scenariosWithData(head));
	if (!scenariosWithData(base).some((name) => measured.has(name))) return "it has no scenario in common with the head";
}
const scenariosWithData = (record) => record.scenarios.filter(({ arms }) => (arms.head?.blocks.length ?? 0) > 0).map(({ name }) => name);
const short = (digest) => digest.slice(0, 12);

// src/core/stats/bins.ts
const EMPTY_BINS = {
	low: /* @__PURE__ */ new Float64Array(),
	high: /* @__PURE__ */ new Float64Array(),
	count: /* @__PURE__ */ new Float64Array(),
	total: 0
};
/**
* Adds distributions that share one grid. Cost: O(total number of bins × log of the number of parts).
*
* @returns empty bins for no input; the order of the parts does not matter.
*/
function mergeBins(parts) {
	let layer = parts.filter((part) => part.total > 0);
	while (layer.length > 1) layer = layer.flatMap((part, i) => i % 2 === 1 ? [] : i + 1 < layer.length ? [mergeTwo(part, layer[i + 1])] : [part]);
	return layer[0] ?? EMPTY_BINS;
}
function mergeTwo(a, b) {
	const most = a.low.length + b.low.length;
	const low = new Float64Array(most);
	const high = new Float64Array(most);
	const count = new Float64Array(most);
	let size = 0;
	for (let i = 0, k = 0; i < a.low.length || k < b.low.length; size++) {
		const fromA = k >= b.low.length || i < a.low.length && a.low[i] <= b.low[k];
		const fromB = i >= a.low.length || k < b.low.length && b.low[k] <= a.low[i];
		low[size] = fromA ? a.low[i] : b.low[k];
		high[size] = fromA ? a.high[i] : b.high[k];
		count[size] = (fromA ? a.count[i] : 0) + (fromB ? b.count[k] : 0);
		if (fromA) i++;
		if (fromB) k++;
	}
	return {
		low: low.subarray(0, size),
		high: high.subarray(0, size),
		count: count.subarray(0, size),
		total: a.total + b.total
	};
}

// src/core/stats/distributions.ts
/**
* P(Z ≤ z) of the standard normal distribution, with a small relative error in the tails as well.
*
* Sources: series Marsaglia (2004), J. Stat. Softw. 11(4); tail: continued fraction of Mills' ratio (Laplace, 1805).
*/
function normalCdf(z) {
	if (z > 0) return 1 - normalCdf(-z);
	const density = Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
	if (z < -4) {
		let fraction = -z;
		for (let k = 80; k >= 1; k--) fraction = -z + k / fraction;
		return density / fraction;
	}
	let sum = z;
	for (let term = z, k = 3; sum + term !== sum || k === 3; k += 2) {
		term *= z * z / k;
		sum += term;
	}
	return .5 + density * sum;
}
/** z with P(Z ≤ z) = p; ±Infinity at p = 1 and 0. By bisection, to the last digits of {@link normalCdf}. */
function normalQuantile(p) {
	if (p > .5) return -normalQuantile(1 - p);
	if (p <= 0) return Number.NEGATIVE_INFINITY;
	return bisect((z) => normalCdf(z) >= p, -40, 0);
}
/** P(T ≤ t) of Student's t with `df` > 0 degrees of freedom, not necessarily whole. */
function studentCdf(t, df) {
	const tail = betaCdf(df / (df + t * t), df / 2, .5) / 2;
	return t < 0 ? tail : 1 - tail;
}
/** t with P(T ≤ t) = p for 0 < p < 1 and df > 0; ±Infinity at p = 1 and 0. */
function studentQuantile(p, df) {
	if (p < .5) return -studentQuantile(1 - p, df);
	if (p >= 1) return Number.POSITIVE_INFINITY;
	if (p === .5) return 0;
	let high = 1;
	while (studentCdf(high, df) < p) high *= 2;
	return bisect((t) => studentCdf(t, df) >= p, 0, high);
}
/**
* Regularised incomplete beta function I_x(a, b): P(X ≤ x) of the beta distribution with a, b > 0. With it,
* P(at least k of n) at a chance x each is I_x(k, n − k + 1).
*
* Source: continued fraction of DLMF 8.17.22, evaluated by Lentz's method.
*/
function betaCdf(x, a, b) {
	if (x <= 0) return 0;
	if (x >= 1) return 1;
	if (x > (a + 1) / (a + b + 2)) return 1 - betaCdf(1 - x, b, a);
	const front = Math.exp(a * Math.log(x) + b * Math.log1p(-x) - logBeta(a, b)) / a;
	let c = 1;
	let d = 1 / guard(1 - (a + b) * x / (a + 1));
	let fraction = d;
	for (let m = 1; m <= 1e4; m++) {
		const even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
		d = 1 / guard(1 + even * d);
		c = guard(1 + even / c);
		fraction *= d * c;
		const odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
		d = 1 / guard(1 + odd * d);
		c = guard(1 + odd / c);
		fraction *= d * c;
		if (Math.abs(d * c - 1) < 1e-15) break;
	}
	return Math.min(1, front * fraction);
}
/** x with I_x(a, b) = p, for 0 ≤ p ≤ 1. */
const betaQuantile = (p, a, b) => p <= 0 ? 0 : p >= 1 ? 1 : bisect((x) => betaCdf(x, a, b) >= p, 0, 1);
/** The least x in [low, high] at which a condition that never turns false again is true, to the last bit. */
function bisect(holds, low, high) {
	let [below, above] = [low, high];
	for (;;) {
		const middle = (below + above) / 2;
		if (middle <= below || middle >= above) return above;
		if (holds(middle)) above = middle;
		else below = middle;
	}
}
const guard = (value) => Math.abs(value) < 1e-300 ? 1e-300 : value;
const logBeta = (a, b) => gammaln(a) + gammaln(b) - gammaln(a + b);

// src/core/stats/ratio-of-sums.ts
/** Σpart / Σwhole; NaN where nothing was measured. */
const ratioOf = (shares) => sum$1(shares, "part") / sum$1(shares, "whole");
const onScale = (value, scale) => scale === "log" ? Math.log(value) : value;
/**
* Standard error of Σpart/Σwhole over clusters of dependent events (linearised ratio estimator: Cochran 1977,
* Sampling Techniques, §6), on the given scale.
*
* @returns undefined for fewer than two clusters.
*/
function ratioError(clusters, scale) {
	return errorOfTotal(contributions(clusters, scale));
}
/** Standard error of the head's ratio minus the base's, over units that hold adjacent stretches of both. See {@link ratioError}. */
function pairedRatioError(units, scale) {
	const base = contributions(units.map((unit) => unit.base), scale);
	return errorOfTotal(contributions(units.map((unit) => unit.head), scale).map((head, i) => head - base[i]));
}
/** Adjacent items in at most `most` groups of nearly equal size, in order, so that dependence between neighbours stays inside a group. */
function groupAdjacent(items, most) {
	const groups = Math.min(most, items.length);
	return Array.from({ length: groups }, (_, g) => items.slice(Math.floor(g * items.length / groups), Math.floor((g + 1) * items.length / groups)));
}
const addShares = (shares) => ({
	part: sum$1(shares, "part"),
	whole: sum$1(shares, "whole")
});
function contributions(clusters, scale) {
	const { part, whole } = addShares(clusters);
	return clusters.map((cluster) => scale === "log" ? cluster.part / part - cluster.whole / whole : (cluster.part - part / whole * cluster.whole) / whole);
}
const errorOfTotal = (parts) => parts.length < 2 ? void 0 : sampleStandardDeviation([...parts]) * Math.sqrt(parts.length);
const sum$1 = (shares, key) => shares.reduce((total, share) => total + share[key], 0);

// src/core/stats/quantile.ts
/**
* The value below which a share p of a distribution lies: the smallest x with F(x) ≥ p, where F rises log-linearly
* inside a bin (so that quantiles of a scaled distribution scale with it).
*
* @param p any number; 0 and less gives the lower edge of the lowest bin, 1 and more the upper edge of the highest.
* @returns a value > 0 in the unit of the bins, or undefined for an empty distribution. O(bins).
*/
function quantileOf(bins, p) {
	const log = logQuantile(bins, p);
	return log === void 0 ? void 0 : Math.exp(log);
}
/** Natural logarithm of {@link quantileOf}: differences of it are log ratios. */
function logQuantile(bins, p) {
	const last = bins.low.length - 1;
	if (last < 0) return void 0;
	const rank = Math.min(Math.max(p, 0), 1) * bins.total;
	let below = 0;
	for (let i = 0; i <= last; i++) {
		const count = bins.count[i];
		if (below + count >= rank || i === last) {
			const [low, high] = logEdges(bins, i);
			return low + (high - low) * Math.min(Math.max((rank - below) / count, 0), 1);
		}
		below += count;
	}
}
/**
* Share of the distribution above `value`, by the same interpolation as {@link quantileOf}.
*
* @param logValue natural logarithm of the value; −Infinity is allowed.
* @returns a share in [0, 1]; 0 for an empty distribution. O(bins).
*/
function exceedance(bins, logValue) {
	let above = 0;
	for (let i = bins.low.length - 1; i >= 0; i--) {
		const [low, high] = logEdges(bins, i);
		if (logValue >= high) break;
		above += bins.count[i] * (logValue <= low ? 1 : (high - logValue) / (high - low));
	}
	return bins.total === 0 ? 0 : above / bins.total;
}
/** A bin that starts at 0 has no logarithm there; it is read as its upper half, so a value under 1 µs counts as 0.5 to 1 µs. */
function logEdges(bins, i) {
	const high = bins.high[i];
	return [Math.log(bins.low[i] > 0 ? bins.low[i] : high / 2), Math.log(high)];
}

// src/core/stats/paired-quantiles.ts
/**
* Log ratio of a quantile between two arms, with an interval that holds for dependent requests: the share of requests
* beyond the pooled quantile is compared pair by pair, its standard error over units is turned into values through
* both distribution functions (Woodruff 1952, JASA 47), and the arms' bounds are joined by MOVER (Zou & Donner 2008,
* Stat. Med. 27). No density is estimated and only histograms are needed.
*
* @param units pairs, or several adjacent pairs merged; every histogram holds at least one value.
* @param p in (0, 1).
* @returns undefined for no units. Bounds are Infinity where they lie beyond the largest value seen.
*/
function pairedQuantiles(units, p) {
	const base = mergeBins(units.map((unit) => unit.base));
	const head = mergeBins(units.map((unit) => unit.head));
	const logBase = logQuantile(base, p);
	const logHead = logQuantile(head, p);
	if (logBase === void 0 || logHead === void 0) return void 0;
	const estimate = logHead - logBase;
	if (units.length < 2) return {
		estimate,
		logBase,
		logHead,
		spread: void 0
	};
	const contributions = units.map((unit) => unit.head.total / head.total * (exceedance(unit.head, logHead) - (1 - p)) - unit.base.total / base.total * (exceedance(unit.base, logBase) - (1 - p)));
	const clustered = sampleStandardDeviation(contributions) * Math.sqrt(units.length);
	const s = Math.max(clustered / Math.SQRT2, .5 * Math.sqrt(p * (1 - p) / Math.min(base.total, head.total)));
	const linear = Math.SQRT2 * s * ((slope(base, p, s) + slope(head, p, s)) / 2);
	const distance = (up, down, t) => {
		const reach = Math.min(t, FURTHEST);
		const bound = Math.hypot(logQuantile(up, p + reach * s) - logQuantile(up, p), logQuantile(down, p) - logQuantile(down, p - reach * s));
		return t === 0 ? 0 : t * Math.max(bound / reach, linear);
	};
	return {
		estimate,
		logBase,
		logHead,
		spread: {
			df: units.length - 1,
			below: (t) => distance(base, head, t),
			above: (t) => p + t * s < 1 ? distance(head, base, t) : Number.POSITIVE_INFINITY
		}
	};
}
const FURTHEST = 3.2;
/** d(ln quantile)/dp around p, over a step wide enough to be seen and narrow enough to stay inside. */
function slope(bins, p, s) {
	const rest = Math.min(p, 1 - p);
	const step = Math.min(Math.max(s, .25 * rest), .9 * rest);
	return (logQuantile(bins, p + step) - logQuantile(bins, p - step)) / (2 * step);
}

// src/core/stats/woodruff.ts
/**
* Quantile of a run and its standard error by batch means: the share of requests beyond the pooled quantile varies
* from batch to batch; that variation, divided by the density, is the error of the quantile (Woodruff 1952).
*
* @param blocks in order of time; adjacent ones are merged to at most ten batches, so that dependence between
*   neighbours stays inside a batch.
* @returns undefined where no block holds a value.
*/
function armQuantile(blocks, p) {
	const filled = blocks.filter((block) => block.total > 0);
	const pooled = mergeBins(filled);
	const log = logQuantile(pooled, p);
	if (log === void 0) return void 0;
	const batches = groupAdjacent(filled, 10).map(mergeBins);
	const df = batches.length - 1;
	if (df < 1) return {
		log,
		standardError: void 0,
		df
	};
	const error = ratioError(batches.map((batch) => ({
		part: exceedance(batch, log) * batch.total,
		whole: batch.total
	})), "linear") ?? 0;
	const s = Math.max(error, Math.sqrt(p * (1 - p) / pooled.total));
	return {
		log,
		standardError: s * slope(pooled, p, s),
		df
	};
}
/**
* Bounds of a quantile at one-sided levels, by inverting at every value x the exact binomial test of the share of
* requests beyond x, with an effective number of requests in place of n (Woodruff 1952; Korn & Graubard 1998, Surv.
* Methodol. 24). The variation between batches is taken *at x*, not at the quantile: where a narrow distribution drifts
* by its own width, the share beyond its middle jumps from batch to batch, and that it lies far from x is certain all
* the same.
*
* @param blocks in order of time; adjacent ones are merged to at most ten batches.
* @returns natural logarithms; `high` is undefined where no value seen is high enough to be the bound (p99 with fewer
*   than 299 requests at 95 %), `low` likewise at the other end. Both are with fewer than two blocks.
*/
function quantileBounds(blocks, p, alpha) {
	const batches = groupAdjacent(blocks.filter((block) => block.total > 0), 10).map(mergeBins);
	if (batches.length < 2) return {
		low: void 0,
		high: void 0
	};
	const beyond = (log) => batches.map((batch) => ({
		part: exceedance(batch, log) * batch.total,
		whole: batch.total
	}));
	const isBelow = (log) => {
		const { value, trials } = effectiveTrials(beyond(log), alpha.high);
		return betaCdf(1 - p, value * trials + 1, (1 - value) * trials) >= 1 - alpha.high;
	};
	const isAbove = (log) => {
		const { value, trials } = effectiveTrials(beyond(log), alpha.low);
		return betaCdf(1 - p, value * trials, (1 - value) * trials + 1) <= alpha.low;
	};
	const pooled = mergeBins(batches);
	const [least, middle, most] = [
		0,
		p,
		1
	].map((q) => logQuantile(pooled, q));
	return {
		low: isAbove(least) ? bisect((log) => !isAbove(log), least, middle) : void 0,
		high: isBelow(most) ? bisect(isBelow, middle, most) : void 0
	};
}
/**
* Clopper–Pearson bounds of a share at one-sided levels, with an effective number of trials: exact for independent
* trials, and wider by the design effect where failures come in clusters (Korn & Graubard 1998).
*
* @param batches one entry per stretch of time: failed and offered. A single one is taken as independent trials.
* @returns value, low and high in [0, 1]; undefined for no trials. No failure among n gives high ≈ 3/n at 95 %.
*/
function shareBounds(batches, alpha) {
	if (addShares(batches).whole === 0) return void 0;
	const groups = groupAdjacent(batches.filter((batch) => batch.whole > 0), 10).map(addShares);
	const [{ value, trials: nLow }, { trials: nHigh }] = [effectiveTrials(groups, alpha.low), effectiveTrials(groups, alpha.high)];
	return {
		value,
		low: value === 0 ? 0 : betaQuantile(alpha.low, value * nLow, (1 - value) * nLow + 1),
		high: value === 1 ? 1 : betaQuantile(1 - alpha.high, value * nHigh + 1, (1 - value) * nHigh)
	};
}
/** A share, and the number of independent trials that would know it as well as these batches do at this level. */
function effectiveTrials(batches, tail) {
	const { part, whole } = addShares(batches);
	const value = part / whole;
	const error = ratioError(batches, "linear") ?? 0;
	const independent = value * (1 - value) / whole;
	return {
		value,
		trials: error * error > independent && independent > 0 ? Math.min(whole, studentised(value * (1 - value) / (error * error), batches.length - 1, tail)) : whole
	};
}
/** A standard error known from few clusters is worth fewer trials: the ratio of the normal to Student's quantile, squared. */
function studentised(n, df, tail) {
	return df > 1e6 || tail >= .5 ? n : n * (normalQuantile(tail) / studentQuantile(tail, df)) ** 2;
}

// src/core/compare/amount.ts
/**
* Every metric that is not a percentile, as a part of a whole in one block, so that blocks add up: requests of seconds,
* failures of requests, joules of requests; a gauge's mean as its integral over time. A peak has no sum: its whole is 1.
*
* @returns undefined where the block has no such data. Never a number that is not finite.
*/
function amountOf(metric, block) {
	const share = rawAmount(metric, block);
	return share !== void 0 && Number.isFinite(share.part) && Number.isFinite(share.whole) && share.whole > 0 ? share : void 0;
}
/** Whether a block has anything to say about a metric. */
function hasData(metric, block, read) {
	const { measure } = METRICS[metric];
	return measure.kind === "quantile" ? read(block, measure.of).total > 0 : amountOf(metric, block) !== void 0;
}
function rawAmount(metric, block) {
	const { measure } = METRICS[metric];
	const { durationS, offered, ok, tokens, gauges } = block;
	switch (measure.kind) {
		case "quantile": return;
		case "rate":
			if (measure.of === "requests") return {
				part: ok,
				whole: durationS
			};
			return tokens === void 0 ? void 0 : {
				part: tokens.output,
				whole: durationS
			};
		case "ratio": return {
			part: offered - ok,
			whole: offered
		};
		case "gauge": {
			const gauge = gauges[metric];
			if (metric === "gpu.energy_per_request") {
				const power = gauges["gpu.power"];
				if (gauge !== void 0) return {
					part: gauge.mean * ok,
					whole: ok
				};
				return power === void 0 ? void 0 : {
					part: power.mean * durationS,
					whole: ok
				};
			}
			if (gauge === void 0) return void 0;
			return measure.aggregate === "max" ? {
				part: gauge.max,
				whole: 1
			} : {
				part: gauge.mean * durationS,
				whole: durationS
			};
		}
	}
}

// src/core/compare/priors.ts
/**
* How much two runs of one build differ, as a standard deviation, before the stored runs themselves have shown it: on
* the log scale for relative metrics (0.03 = 3 %), in the metric's unit for differences. The values for percentiles
* are those of a simulation fitted to published run-to-run spreads; the others are cautious guesses, outweighed by six
* stored runs and more.
*/
function betweenRunDeviation(metric, load) {
	const { measure } = METRICS[metric];
	switch (measure.kind) {
		case "quantile": return measure.p > .99 ? .09 : measure.p > .95 ? .045 : measure.p > .9 ? .035 : .03;
		case "rate": return load.kind === "open" && measure.of === "requests" ? .005 : .03;
		case "ratio": return .001;
		case "gauge": return GAUGES[metric] ?? .03;
	}
}
/**
* How much two deployments driven in turn differ beyond what their blocks show. On one host little is left of the
* spread between runs; on different hosts or GPUs all of it, since driving them in turn cancels time and not place. Failures are counted, not timed: place adds nothing.
*/
const betweenDeployments = (metric, load, sameHost) => METRICS[metric].measure.kind === "ratio" ? 0 : betweenRunDeviation(metric, load) / (sameHost ? 6 : 1);
/** Smallest standard error believed, whatever the data says: gauges are rounded, and a rate counts whole requests. */
function leastError(metric, scale, size) {
	if (scale === "log") return .001;
	const { measure, unit } = METRICS[metric];
	if (measure.kind === "gauge" && measure.scale === "difference") return unit === "°C" ? .5 : .001;
	return measure.kind === "ratio" ? 0 : .001 * Math.abs(size);
}
const GAUGES = {
	"gpu.utilization": .03,
	"gpu.sm_activity": .03,
	"gpu.tensor_activity": .03,
	"gpu.dram_activity": .03,
	"gpu.memory.used": .01,
	"gpu.memory.peak": .005,
	"gpu.power": .03,
	"gpu.temperature": 3,
	"gpu.sm_clock": .02,
	"gpu.energy_per_request": .04,
	"queue.depth": .2
};

// src/core/compare/shift.ts
/** Intervals that are printed: two-sided, so that each of their ends is a 95 % bound. */
const CONFIDENCE = .9;

// src/core/compare/arm.ts
const PRINTED = {
	low: (1 - CONFIDENCE) / 2,
	high: (1 - CONFIDENCE) / 2
};
/**
* One metric of one arm from its own blocks, with bounds at the given levels that say how it varied during these
* blocks, not how the next run will be.
*
* @param blocks of one or several runs, in order of time; those without the metric are left out.
* @returns undefined where no block has the metric. A bound is undefined where the data sets none.
*/
function estimateArm(metric, blocks, read, levels = PRINTED) {
	const filled = blocks.filter((block) => hasData(metric, block, read));
	if (filled.length === 0) return void 0;
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") {
		const bins = filled.map((block) => read(block, measure.of));
		const pooled = mergeBins(bins);
		const arm = armQuantile(bins, measure.p);
		const { low, high } = quantileBounds(bins, measure.p, levels);
		return {
			value: Math.exp(arm.log),
			low: exponent(low),
			high: exponent(high),
			n: pooled.total
		};
	}
	const shares = filled.map((block) => amountOf(metric, block));
	if (measure.kind === "ratio") return {
		...shareBounds(shares, levels),
		n: addShares(shares).whole
	};
	const isPeak = measure.kind === "gauge" && measure.aggregate === "max";
	const value = isPeak ? peakOf(shares) : ratioOf(shares);
	const scale = value > 0 && !differs(metric) ? "log" : "linear";
	const batches = groupAdjacent(shares, 10).map(addShares);
	const seen = isPeak ? peakError(shares, scale) : ratioError(batches, scale);
	if (seen === void 0) return {
		value,
		low: void 0,
		high: void 0,
		n: filled.length
	};
	const error = Math.max(seen, leastError(metric, scale, value));
	const df = (isPeak ? shares.length : batches.length) - 1;
	const away = (tail, sign) => {
		const distance = sign * studentQuantile(1 - tail, df) * error;
		return scale === "log" ? value * Math.exp(distance) : value + distance;
	};
	return {
		value,
		low: away(levels.low, -1),
		high: away(levels.high, 1),
		n: filled.length
	};
}
/** Whether the natural change of a metric is a difference in its unit, not a ratio. */
function differs(metric) {
	const { measure } = METRICS[metric];
	return measure.kind === "ratio" || measure.kind === "gauge" && measure.scale === "difference";
}
/** The highest of the blocks' peaks. */
const peakOf = (shares) => max(shares.map(({ part }) => part));
/** A peak is as uncertain as the blocks' peaks differ: it is no mean, and more blocks do not make it surer. */
const peakError = (shares, scale) => shares.length < 2 ? void 0 : sampleStandardDeviation(shares.map(({ part }) => onScale(part, scale)));
const exponent = (log) => log === void 0 ? void 0 : Math.exp(log);

// src/core/stats/critical.ts
/**
* Critical value of a one-sided test at level `alpha`, shared by `tests` tests (Bonferroni; for the one question
* "is anything worse?" Holm's procedure is no sharper), for an estimate with `df` degrees of freedom.
*
* The one place that knows how often we look: with planned interim looks it will take the look's number and spend
* alpha over them (Lan & DeMets 1983).
*
* @param tests ≥ 1. @param df > 0.
*/
const criticalValue = (alpha, tests, df) => studentQuantile(1 - alpha / tests, df);

// src/core/stats/shift.ts
/** The same error on both sides. */
const symmetricSpread = (standardError, df) => ({
	df,
	below: (t) => t * standardError,
	above: (t) => t * standardError
});
/** Adds an independent, symmetric error to a spread. */
const widen = (spread, standardError) => ({
	df: spread.df,
	below: (t) => Math.hypot(spread.below(t), t * standardError),
	above: (t) => Math.hypot(spread.above(t), t * standardError)
});
/** The same quantity with its sign turned: what lay below lies above. */
const mirror = (spread) => ({
	df: spread.df,
	below: spread.above,
	above: spread.below
});

// src/core/compare/conclude.ts
/**
* Turns a measured shift into the numbers a decision needs: on the scale people speak in, with the metric's direction
* taken out, at the suite's error rates. The only place that knows which direction is the better one.
*
* @param tests number of promises that share the chance of a false alarm.
*/
function concludeShift(metric, shift, gate, policy, tests) {
	const { scale, estimate, base, head } = shift;
	const isDifference = differs(metric) || base.value === 0;
	const display = (x) => isDifference ? x : scale === "log" ? Math.expm1(x) : x / Math.abs(base.value);
	const sign = METRICS[metric].better === "lower" ? 1 : -1;
	const worseThan = (x) => sign * display(sign * x);
	const margin = marginOf(gate, base.value, isDifference);
	const worse = worseThan(sign * estimate);
	if (shift.spread === void 0) return {
		delta: deltaOf(void 0, void 0),
		margin,
		resolvableMargin: void 0,
		worse,
		worseHigh: void 0,
		worseLow: void 0,
		moreData: void 0
	};
	const { df, below, above } = shift.spread;
	const toBetter = sign === 1 ? shift.spread : mirror(shift.spread);
	const tFail = criticalValue(policy.falseAlarm, tests, df);
	const tPass = criticalValue(policy.falsePass, 1, df);
	const tShown = studentQuantile((1 + CONFIDENCE) / 2, df);
	const noise = worseThan(METRICS[metric].measure.kind === "ratio" ? Math.max(toBetter.below(tFail), toBetter.above(tFail)) : toBetter.below(tFail));
	return {
		delta: deltaOf(estimate - below(tShown), estimate + above(tShown)),
		margin,
		resolvableMargin: finite(Math.max(margin ?? 0, noise)),
		worse,
		worseHigh: finite(worseThan(sign * estimate + toBetter.above(tPass))),
		worseLow: finite(worseThan(sign * estimate - toBetter.below(tFail))),
		pWorse: 1 - studentCdf(scoreOf(sign * estimate, toBetter.below(2) / 2), df),
		moreData: margin === void 0 ? void 0 : timeFactor()
	};
	function deltaOf(low, high) {
		const [from, to] = [low, high].map((bound) => bound === void 0 ? void 0 : finite(display(bound)));
		const difference = head.value - base.value;
		if (isDifference) {
			const relative = base.value === 0 ? void 0 : difference / Math.abs(base.value);
			const over = (x) => x === void 0 || base.value === 0 ? void 0 : x / Math.abs(base.value);
			return {
				scale: "difference",
				relative,
				low: over(from),
				high: over(to),
				absolute: difference,
				absoluteLow: from,
				absoluteHigh: to,
				confidence: CONFIDENCE
			};
		}
		const times = (x) => x === void 0 ? void 0 : x * Math.abs(base.value);
		return {
			scale: "relative",
			relative: display(estimate),
			low: from,
			high: to,
			absolute: difference,
			absoluteLow: times(from),
			absoluteHigh: times(to),
			confidence: CONFIDENCE
		};
	}
	/** The factor on time that lets the undecided bound clear its mark with four chances in five; ≤ 1 where it does, Infinity where none would. */
	function timeFactor() {
		if (shift.lastingError === void 0 || margin === void 0) return void 0;
		const isBeyond = worse >= margin;
		const mark = workingMargin(margin);
		const distance = isBeyond ? sign * estimate : Math.max(mark - sign * estimate, mark * LIKELY_ROOM);
		const t = (isBeyond ? tFail : tPass) + FOUR_IN_FIVE;
		const above = toBetter.above(tPass);
		const error = isBeyond ? toBetter.below(tFail) / tFail : (Number.isFinite(above) ? above : toBetter.below(tPass)) / tPass;
		const room = distance ** 2 - (t * shift.lastingError) ** 2;
		const factor = t ** 2 * (error ** 2 - shift.lastingError ** 2) / room;
		return room > 0 ? factor : Number.POSITIVE_INFINITY;
	}
	/** The margin on the working scale, in the direction of worse. */
	function workingMargin(size) {
		if (isDifference) return size;
		if (scale === "linear") return size * Math.abs(base.value);
		return sign === 1 ? Math.log1p(size) : size < 1 ? -Math.log1p(-size) : Number.POSITIVE_INFINITY;
	}
}
/** Normal quantile of 0.8. */
const FOUR_IN_FIVE = .8416;
/** An estimate just under the margin is mostly noise: an unchanged head will have about this share of the margin left. */
const LIKELY_ROOM = .8;
/** Both the relative and the absolute part of a gate must be exceeded, so the larger one counts. Of nothing there is no percentage. */
function marginOf(gate, base, isDifference) {
	if (gate?.regression === void 0) return void 0;
	if (!isDifference) return Math.max(gate.regression, (gate.floor ?? 0) / Math.abs(base));
	return base === 0 && !differs(gate.metric) ? gate.floor ?? gate.regression : Math.max(gate.regression, gate.floor ?? 0);
}
const scoreOf = (estimate, error) => error > 0 ? estimate / error : estimate > 0 ? Number.POSITIVE_INFINITY : 0;
const finite = (value) => Number.isFinite(value) ? value : void 0;

// src/core/stats/between-runs.ts
/**
* Compares new runs with K stored ones when runs of one build differ by more than their insides show: a prior variance
* worth {@link PRIOR_WEIGHT} runs is blended with the variance of the stored runs, so that three lucky runs do not make
* a narrow interval. sqrt(1/R + 1/K) is the prediction error of R new runs.
*
* @param bases K ≥ 1, heads R ≥ 1. With K = 1 the prior stands alone.
* @param prior standard deviation expected between runs, in the unit of `value`.
*
* Source: normal–inverse-χ² prior, Gelman et al. (2013), Bayesian Data Analysis, §3.3.
*/
function compareWithRuns(bases, heads, prior) {
	const runs = bases.length;
	const within = mean(bases.map(({ standardError }) => standardError ** 2));
	const expected = prior ** 2 + within;
	const df = PRIOR_WEIGHT + runs - 1;
	const seen = runs < 2 ? 0 : sampleVariance(bases.map(({ value }) => value));
	const variance = (PRIOR_WEIGHT * expected + (runs - 1) * seen) / df;
	const excess = Math.max(0, mean(heads.map(({ standardError }) => standardError ** 2)) - within);
	return {
		estimate: mean(heads.map(({ value }) => value)) - mean(bases.map(({ value }) => value)),
		standardError: Math.sqrt((variance + excess) / heads.length + variance / runs),
		df,
		runDeviation: Math.sqrt(variance),
		betweenDeviation: Math.sqrt(Math.max(0, variance - within))
	};
}
const PRIOR_WEIGHT = 6;

// src/core/stats/mann-whitney.ts
/**
* Mann–Whitney with a variance over clusters (block pairs) instead of requests: placements summed per cluster, in the
* manner of Obuchowski (1997, Biometrics 53) and Brunner & Munzel (2000), with Student's t on clusters − 1.
*
* It sees a shift of the body and is blind to one of the tail alone, whatever the number of requests.
*
* @returns undefined for fewer than two clusters or an empty arm.
*/
function clusteredMannWhitney(clusters) {
	const base = mergeBins(clusters.map((cluster) => cluster.base));
	const head = mergeBins(clusters.map((cluster) => cluster.head));
	if (clusters.length < 2 || base.total === 0 || head.total === 0) return void 0;
	const belowBase = midCdf(base);
	const belowHead = midCdf(head);
	const superiority = meanMidCdf(head, belowBase);
	const placements = clusters.map((cluster) => cluster.head.total / head.total * (meanMidCdf(cluster.head, belowBase) - superiority) - cluster.base.total / base.total * (meanMidCdf(cluster.base, belowHead) - (1 - superiority)));
	const standardError = sampleStandardDeviation(placements) * Math.sqrt(clusters.length);
	return {
		p: oneSided(superiority - .5, standardError, clusters.length - 1),
		cliffsDelta: 2 * superiority - 1
	};
}
/**
* Mann–Whitney with the run as the unit: how far the head stands from the base runs, measured in how far each base
* run stands from the others (on the logit of superiority, Student's t on K − 1).
*
* @param bases K ≥ 3 runs; fewer give undefined, as does a run without values.
*/
function runsMannWhitney(bases, heads) {
	const runs = bases.length;
	if (runs < 3 || heads.length === 0 || [...bases, ...heads].some((bins) => bins.total === 0)) return void 0;
	const pooled = mergeBins(bases);
	const others = bases.map((run, k) => logitSuperiority(mergeBins(bases.filter((_, other) => other !== k)), run));
	const shift = mean(heads.map((run) => logitSuperiority(pooled, run))) - mean(others);
	const standardError = Math.max(sampleStandardDeviation(others), LEAST_LOGIT_SPREAD) * Math.sqrt((1 / heads.length + 1 / runs) / (1 + 1 / (runs - 1)));
	return {
		p: oneSided(shift, standardError, runs - 1),
		cliffsDelta: 2 * meanMidCdf(mergeBins(heads), midCdf(pooled)) - 1
	};
}
/** Stored runs that agree to every digit would make any difference infinitely surprising; 0.01 is a superiority of 0.5025. */
const LEAST_LOGIT_SPREAD = .01;
function logitSuperiority(base, head) {
	const pairs = base.total * head.total;
	const share = (meanMidCdf(head, midCdf(base)) * pairs + .5) / (pairs + 1);
	return Math.log(share / (1 - share));
}
const oneSided = (distance, standardError, df) => standardError > 0 ? 1 - studentCdf(distance / standardError, df) : distance > 0 ? 0 : 1;
function midCdf(bins) {
	const before = new Float64Array(bins.low.length + 1);
	for (let i = 0; i < bins.low.length; i++) before[i + 1] = before[i] + bins.count[i];
	return (low) => {
		let [from, to] = [0, bins.low.length];
		while (from < to) {
			const middle = from + to >> 1;
			if (bins.low[middle] < low) from = middle + 1;
			else to = middle;
		}
		const inside = bins.low[from] === low ? bins.count[from] : 0;
		return (before[from] + inside / 2) / bins.total;
	};
}
function meanMidCdf(bins, cdf) {
	if (bins.total === 0) return .5;
	let sum = 0;
	for (let i = 0; i < bins.low.length; i++) sum += bins.count[i] * cdf(bins.low[i]);
	return sum / bins.total;
}

// src/core/compare/failures.ts
/**
* Spread of a difference of failure shares. The error seen between units is too small where failures are rare (all
* units agree on zero), so it is at least the binomial one with one failure and one success added to each arm; and
* where both arms are without failures, each bound is the rule of three: no failure in n says less than −ln(α)/n.
*
* @param error standard error over units or runs, ≥ 0.
*
* Sources: Agresti & Caffo (2000), Am. Stat. 54(4); Hanley & Lippman-Hand (1983), JAMA 249(13).
*/
function rareFailures(base, head, error, df) {
	if (base.part === 0 && head.part === 0) {
		const ruleOfThree = (t, { whole }) => -Math.log(1 - studentCdf(t, df)) / whole;
		return {
			df,
			below: (t) => t > 0 ? ruleOfThree(t, base) : 0,
			above: (t) => t > 0 ? ruleOfThree(t, head) : 0
		};
	}
	const least = Math.sqrt(binomialVariance(base) + binomialVariance(head));
	const t1 = Math.max(error, least);
	return {
		df,
		below: (t) => t * t1,
		above: (t) => t * t1
	};
}
/** Squared standard error of a share, never 0. */
function binomialVariance({ part, whole }) {
	const share = (part + 1) / (whole + 2);
	return share * (1 - share) / (whole + 2);
}

// src/core/compare/stored.ts
/** From this many stored runs on, their own spread weighs enough for a pass. */
const ENOUGH_RUNS = 3;
/** Compares head runs with stored ones. The unit of evidence is the run: its requests only say how well it is known. */
function storedShift(metric, data) {
	const { heads, bases } = runsWith(metric, data);
	const head = estimateArm(metric, heads.flat(), data.read);
	if (bases.length === 0 || head === void 0) return {
		head,
		obstacles: []
	};
	const scale = scaleOf(metric, [...bases, ...heads], data.read);
	const values = {
		base: bases.map(valueOf),
		head: heads.map(valueOf)
	};
	const obstacles = [];
	if (bases.length < 3) obstacles.push({
		code: "too-few-runs",
		detail: {
			runs: bases.length,
			needed: 3
		}
	});
	const known = {
		base: values.base.filter(isKnown),
		head: values.head.filter(isKnown)
	};
	const unknown = known.base.length < bases.length || known.head.length < heads.length;
	if (unknown) {
		const blocks = Math.min(...[...bases, ...heads].map((run) => run.length));
		obstacles.push({
			code: "too-few-blocks",
			detail: {
				blocks,
				needed: 2
			}
		});
	}
	const center = mean(values.base.map(({ value }) => value));
	const shift = compareWithRuns(unknown ? values.base.map(assumeKnown) : known.base, unknown ? values.head.map(assumeKnown) : known.head, priorOn(scale, center));
	const spread = unknown ? void 0 : spreadOf(shift);
	return {
		scale,
		base: armOf(shift, center, bases.length, bases),
		head: armOf(shift, center + shift.estimate, heads.length, heads),
		estimate: shift.estimate,
		spread,
		lastingError: void 0,
		obstacles
	};
	function valueOf(run) {
		return runValue(metric, run, scale, data.read);
	}
	function priorOn(on, center) {
		const prior = betweenRunDeviation(metric, data.load);
		return on === "log" || differs(metric) ? prior : prior * Math.abs(center);
	}
	function spreadOf({ standardError, df }) {
		if (METRICS[metric].measure.kind !== "ratio") return symmetricSpread(standardError, df);
		return rareFailures(failuresOf(bases), failuresOf(heads), standardError, df);
	}
	function armOf({ runDeviation, df }, value, runs, of) {
		const distance = studentQuantile((1 + CONFIDENCE) / 2, df) * runDeviation / Math.sqrt(runs);
		const [low, middle, high] = [
			value - distance,
			value,
			value + distance
		].map((bound) => scale === "log" ? Math.exp(bound) : bound);
		const within = METRICS[metric].unit === "ratio" ? (x) => Math.min(1, Math.max(0, x)) : (x) => x;
		const n = estimateArm(metric, of.flat(), data.read).n;
		return unknown ? {
			value: middle,
			low: void 0,
			high: void 0,
			n
		} : {
			value: middle,
			low: within(low),
			high: within(high),
			n
		};
	}
}
/**
* Standard deviation between runs that a longer run would not remove, on the log scale or in the metric's unit as
* {@link storedShift}; 0 where nothing stored measures the metric.
*/
function betweenRunsOf(metric, data) {
	const { heads, bases } = runsWith(metric, data);
	const scale = scaleOf(metric, [...bases, ...heads], data.read);
	const known = (runs) => runs.map((run) => runValue(metric, run, scale, data.read)).filter(isKnown);
	const [base, head] = [known(bases), known(heads)];
	if (base.length === 0 || head.length === 0) return {
		deviation: 0,
		scale,
		df: 1
	};
	const center = mean(base.map(({ value }) => value));
	const prior = betweenRunDeviation(metric, data.load) * (scale === "log" || differs(metric) ? 1 : Math.abs(center));
	const { betweenDeviation, df } = compareWithRuns(base, head, prior);
	return {
		deviation: betweenDeviation,
		scale,
		df
	};
}
/** Body shift with the run as the unit; undefined for fewer than three stored runs. */
function storedMannWhitney(metric, data) {
	const { measure } = METRICS[metric];
	if (measure.kind !== "quantile") return void 0;
	const { heads, bases } = runsWith(metric, data);
	const bins = (run) => mergeBins(run.map((block) => data.read(block, measure.of)));
	return runsMannWhitney(bases.map(bins), heads.map(bins));
}
const isKnown = (run) => run.standardError !== void 0;
const assumeKnown = ({ value }) => ({
	value,
	standardError: 0
});
function runsWith(metric, { heads, against, read }) {
	const withData = (run) => run.some((block) => hasData(metric, block, read));
	return {
		heads: heads.filter(withData),
		bases: against.bases.filter(withData)
	};
}
function scaleOf(metric, runs, read) {
	if (METRICS[metric].measure.kind === "quantile") return "log";
	return !differs(metric) && runs.every((run) => (estimateArm(metric, run, read)?.value ?? 0) > 0) ? "log" : "linear";
}
function runValue(metric, run, scale, read) {
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") {
		const arm = armQuantile(run.map((block) => read(block, measure.of)), measure.p);
		return {
			value: arm.log,
			standardError: arm.standardError
		};
	}
	const shares = run.flatMap((block) => amountOf(metric, block) ?? []);
	const isPeak = measure.kind === "gauge" && measure.aggregate === "max";
	const value = isPeak ? peakOf(shares) : ratioOf(shares);
	const seen = isPeak ? 0 : ratioError(groupAdjacent(shares, 10).map(addShares), scale) ?? 0;
	const least = measure.kind === "ratio" ? Math.sqrt(binomialVariance(addShares(shares))) : leastError(metric, scale, value);
	return {
		value: onScale(value, scale),
		standardError: Math.max(seen, least)
	};
}
const failuresOf = (runs) => addShares(runs.flat().flatMap((block) => amountOf("errors.ratio", block) ?? []));

// src/core/compare/limit.ts
/**
* One-sided bounds of the head for a hard limit. They need no baseline: how the head varied from block to block. Where
* runs are stored, what they say about the spread between runs is added, since the limit is a promise about the next
* run too (not for the share of failures, whose bounds are exact).
*
* @param censored the percentile lies among requests that ran into the deadline: nothing bounds it from above.
* @returns undefined where the head does not measure the metric.
*/
function limitBounds(metric, data, policy, tests, censored) {
	const lowerIsBetter = METRICS[metric].better === "lower";
	const shown = policy.falseAlarm / tests;
	const levels = lowerIsBetter ? {
		low: shown,
		high: policy.falsePass
	} : {
		low: policy.falsePass,
		high: shown
	};
	const arm = estimateArm(metric, data.heads.flat(), data.read, levels);
	if (arm === void 0) return void 0;
	const { value } = arm;
	const high = censored ? void 0 : arm.high;
	const { against } = data;
	if (against.kind !== "runs" || METRICS[metric].measure.kind === "ratio") return {
		value,
		low: arm.low,
		high
	};
	const { deviation, scale, df } = betweenRunsOf(metric, {
		...data,
		against
	});
	const error = deviation / Math.sqrt(data.heads.length);
	const further = (bound, tail) => {
		if (bound === void 0) return void 0;
		const t = studentQuantile(1 - tail, df);
		const within = scale === "log" ? Math.log(bound / value) : bound - value;
		const distance = Math.sign(within) * Math.hypot(within, t * error);
		return scale === "log" ? value * Math.exp(distance) : value + distance;
	};
	return {
		value,
		low: further(arm.low, levels.low),
		high: further(high, levels.high)
	};
}

// src/core/compare/live.ts
/**
* Compares arms that were driven in turn. The unit of evidence is the pair of adjacent blocks, or two adjacent pairs
* (base, head, head, base) where there are {@link MANY_PAIRS} or more, so that dependence between neighbours and a
* slow drift stay inside a unit.
*/
function liveShift(metric, data) {
	const { pairs, unpaired, sameHost } = data.against;
	const has = ({ base, head }) => hasData(metric, base, data.read) && hasData(metric, head, data.read);
	const used = pairs.filter(has);
	const head = estimateArm(metric, data.heads.flat(), data.read);
	const dropped = pairs.filter((pair) => !has(pair)).length + unpaired;
	if (used.length === 0 || head === void 0) return {
		head,
		obstacles: []
	};
	const [bases, heads] = [used.map((pair) => pair.base), used.map((pair) => pair.head)];
	const arms = {
		base: estimateArm(metric, bases, data.read),
		head: estimateArm(metric, heads, data.read)
	};
	const change = measureChange(metric, unitsOf(used), data);
	const place = Math.SQRT2 * betweenDeployments(metric, data.load, sameHost);
	const lastingError = change.scale === "log" || differs(metric) ? place : place * Math.abs(arms.base.value);
	const obstacles = [];
	if (dropped > 0) obstacles.push({
		code: "blocks-dropped",
		detail: {
			dropped,
			pairs: used.length
		}
	});
	if (change.spread === void 0) obstacles.push({
		code: "too-few-blocks",
		detail: {
			pairs: used.length,
			needed: 2
		}
	});
	if (!sameHost) obstacles.push({
		code: "different-hosts",
		detail: {}
	});
	return {
		...arms,
		...change,
		spread: change.spread && widen(change.spread, lastingError),
		lastingError,
		obstacles
	};
}
/** Body shift over the units; undefined where a metric is no percentile or there are too few units. */
function liveMannWhitney(metric, { against, read }) {
	const { measure } = METRICS[metric];
	if (measure.kind !== "quantile" || against.kind !== "pairs") return void 0;
	const used = against.pairs.filter(({ base, head }) => read(base, measure.of).total > 0 && read(head, measure.of).total > 0);
	return clusteredMannWhitney(unitsOf(used).map((unit) => binsOf$1(unit, (block) => read(block, measure.of))));
}
const MANY_PAIRS = 24;
const unitsOf = (pairs) => pairs.length < MANY_PAIRS ? pairs.map((pair) => [pair]) : Array.from({ length: Math.ceil(pairs.length / 2) }, (_, quad) => pairs.slice(2 * quad, 2 * quad + 2));
function measureChange(metric, units, { read }) {
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") {
		const change = pairedQuantiles(units.map((unit) => binsOf$1(unit, (block) => read(block, measure.of))), measure.p);
		return {
			scale: "log",
			estimate: change.estimate,
			spread: change.spread
		};
	}
	const shares = units.map((unit) => ({
		base: unit.map(({ base }) => amountOf(metric, base)),
		head: unit.map(({ head }) => amountOf(metric, head))
	}));
	const isPeak = measure.kind === "gauge" && measure.aggregate === "max";
	const combine = isPeak ? (parts) => ({
		part: peakOf(parts),
		whole: 1
	}) : addShares;
	const summed = shares.map(({ base, head }) => ({
		base: combine(base),
		head: combine(head)
	}));
	const value = isPeak ? peakOf : ratioOf;
	const base = value(summed.map((unit) => unit.base));
	const head = value(summed.map((unit) => unit.head));
	const scale = base > 0 && head > 0 && !differs(metric) ? "log" : "linear";
	const estimate = onScale(head, scale) - onScale(base, scale);
	const seen = isPeak ? pairedPeakError(summed, scale) : pairedRatioError(summed, scale);
	if (seen === void 0) return {
		scale,
		estimate,
		spread: void 0
	};
	const error = Math.max(seen, leastError(metric, scale, Math.max(Math.abs(base), Math.abs(head))));
	const df = units.length - 1;
	return {
		scale,
		estimate,
		spread: measure.kind === "ratio" ? rareFailures(addShares(summed.map((unit) => unit.base)), addShares(summed.map((unit) => unit.head)), error, df) : symmetricSpread(error, df)
	};
}
const pairedPeakError = (units, scale) => units.length < 2 ? void 0 : sampleStandardDeviation(units.map(({ base, head }) => onScale(head.part, scale) - onScale(base.part, scale)));
const binsOf$1 = (unit, bins) => ({
	base: mergeBins(unit.map(({ base }) => bins(base))),
	head: mergeBins(unit.map(({ head }) => bins(head)))
});

// src/core/compare/tokens.ts
/**
* Whether the arms' answers can be compared token by token: counted in the same way, and of about the same length. A
* model that answers more briefly looks faster end to end without being so. A difference in length counts from 1 % on,
* and only beyond three standard errors over blocks, because sampled answers differ in length by chance.
*/
function tokenObstacle({ heads, against }) {
	const bases = against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
	const head = count$1(heads.flat());
	const base = count$1(bases);
	if (head === void 0 || base === void 0) return void 0;
	if (head.from !== base.from) return {
		code: "token-count-differs",
		detail: {
			baseFrom: base.from,
			headFrom: head.from
		}
	};
	const change = head.perRequest / base.perRequest - 1;
	const error = Math.hypot(head.relativeError, base.relativeError);
	if (!(Math.abs(change) > .01 && Math.abs(change) > 3 * error)) return void 0;
	return {
		code: "token-count-differs",
		detail: {
			basePerRequest: base.perRequest,
			headPerRequest: head.perRequest,
			change
		}
	};
}
/** Metrics that mean something else when answers have another length, or tokens another definition. */
function dependsOnTokens(metric, obstacle) {
	const { measure } = METRICS[metric];
	const countsTokens = measure.kind === "rate" && measure.of === "tokens" || measure.kind === "quantile" && measure.of === "tpot";
	return measure.kind === "quantile" && (measure.of === "latency" || measure.of === "service") || countsTokens && "headFrom" in obstacle.detail;
}
function count$1(blocks) {
	const counted = blocks.flatMap(({ tokens, ok }) => tokens === void 0 || ok === 0 ? [] : [{
		part: tokens.output,
		whole: ok,
		from: tokens.from
	}]);
	const { part, whole } = addShares(counted);
	if (!(part > 0) || counted.length < 2) return void 0;
	const ways = new Set(counted.map(({ from }) => from));
	return {
		from: ways.size === 1 ? [...ways][0] : "mixed",
		perRequest: part / whole,
		relativeError: relativeError(counted, part / whole, whole)
	};
}
const relativeError = (shares, ratio, whole) => Math.sqrt(shares.reduce((sum, share) => sum + (share.part - ratio * share.whole) ** 2, 0) * (shares.length / (shares.length - 1))) / (ratio * whole);

// src/core/compare/obstacles.ts
/** What stands between the numbers of a comparison and a conclusion, in the order of {@link OBSTACLES}. */
function obstaclesOf(metric, data, { shift, conclusion, mannWhitney, deadlineS, worseOf }) {
	const found = [...shift.obstacles];
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") {
		const rest = Math.min(measure.p, 1 - measure.p);
		const baseRuns = data.against.kind === "runs" ? Math.max(1, data.against.bases.length) : 1;
		const exceedances = Math.min(shift.head.n / (data.against.kind === "runs" ? data.heads.length : 1), shift.base.n / baseRuns) * rest;
		if (exceedances < 10) found.push({
			code: "not-assessable",
			detail: {
				exceedances,
				needed: 10
			}
		});
		else if (shift.spread !== void 0 && conclusion.worseHigh === void 0) found.push({
			code: "not-assessable",
			detail: { exceedances }
		});
		const head = isCensored(metric, data.heads.flat(), data.read);
		const base = isCensored(metric, basesOf(data), data.read);
		if (head) found.push({
			code: "censored",
			detail: {
				deadlineS,
				head: 1,
				base: Number(base)
			}
		});
	}
	const tokens = tokenObstacle(data);
	if (tokens !== void 0 && dependsOnTokens(metric, tokens)) found.push(tokens);
	const { worse, worseLow, margin } = conclusion;
	const isWorse = worse !== void 0 && margin !== void 0 && worse >= margin && worseLow !== void 0 && worseLow > 0;
	if (isWorse && measure.kind === "quantile" && measure.p <= BODY && mannWhitney !== void 0 && !(mannWhitney.p < .05)) found.push({
		code: "shape-disagrees",
		detail: { p: mannWhitney.p }
	});
	if (isWorse && data.against.kind === "runs" && data.heads.length > 1) {
		const beyond = data.heads.filter((head) => (worseOf(head) ?? 0) >= margin).length;
		if (beyond < 2) found.push({
			code: "runs-disagree",
			detail: {
				runs: data.heads.length,
				beyond
			}
		});
	}
	return found;
}
/**
* Whether a percentile of these blocks lies among requests that ran into the deadline: its value is then only known to
* be at least the deadline. Times that end with a deadline are those of whole requests, latency and service.
*/
function isCensored(metric, blocks, read) {
	const { measure } = METRICS[metric];
	if (measure.kind !== "quantile" || measure.of !== "latency" && measure.of !== "service") return false;
	const timeouts = blocks.reduce((sum, { failures }) => sum + (failures.timeout ?? 0), 0);
	if (timeouts === 0) return false;
	const total = blocks.reduce((sum, block) => sum + read(block, measure.of).total, 0);
	return timeouts >= (1 - measure.p) * total;
}
/** Percentiles up to here move with the body of the distribution, which Mann–Whitney sees. */
const BODY = .9;
function basesOf({ against }) {
	return against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
}

// src/core/record/distribution.ts
var import_dist = require_dist$1();
/** 1 µs to 1 hour: a longer value counts as one hour. */
const HIGHEST_US = 36e8;
/**
* A distribution of durations: an HdrHistogram of whole microseconds, three significant digits (a value is known to
* 0.1 %), 1 µs to 1 h. The only place that knows the library. Settings are the library's safe ones: the JavaScript
* build with 64-bit counts never wraps (8-bit counts do, silently) and `packed` is ten times slower.
*/
var Distribution = class {
	#histogram;
	constructor() {
		this.#histogram = (0, import_dist.build)({
			lowestDiscernibleValue: 1,
			highestTrackableValue: HIGHEST_US,
			numberOfSignificantValueDigits: 3,
			bitBucketSize: 64,
			autoResize: false,
			useWebAssembly: false
		});
	}
	get count() {
		return this.#histogram.totalCount;
	}
	/**
	* @param ns a duration in nanoseconds, ≥ 0. Under 1 µs counts as 0 µs, over an hour as an hour.
	* @throws {RangeError} on NaN or a negative value: both are bugs in the caller, and the library would count NaN as 0.
	*/
	recordNs(ns) {
		if (!(ns >= 0)) throw new RangeError(`a duration must be ≥ 0 ns, got ${ns}`);
		this.#histogram.recordValue(Math.min(Math.floor(ns / 1e3), HIGHEST_US));
	}
	/**
	* Adds what another distribution's {@link encode} wrote.
	*
	* @throws {RangeError} if the text is not an encoded histogram.
	*/
	addEncoded(encoded) {
		this.#histogram.add(decode$1(encoded));
	}
	/** HdrHistogram V2, compressed, base64: the interchange format of all HdrHistogram libraries. */
	encode() {
		return (0, import_dist.encodeIntoCompressedBase64)(this.#histogram);
	}
	bins() {
		return binsOf(this.#histogram);
	}
};
/**
* Reads what {@link Distribution.encode} (or any HdrHistogram library, in µs) wrote.
*
* @throws {RangeError} if the text is not an encoded histogram.
*/
const decodeBins = (encoded) => binsOf(decode$1(encoded));
function decode$1(encoded) {
	try {
		return (0, import_dist.decodeFromCompressedBase64)(encoded, 64, false);
	} catch (cause) {
		throw new RangeError("not an encoded HdrHistogram", { cause });
	}
}
/** A standard HdrHistogram log (format 1.3, values in µs), readable by every HdrHistogram tool. */
function histogramLog(startedAtMs, intervals) {
	let text = "";
	const writer = new import_dist.HistogramLogWriter((line) => {
		text += line;
	});
	writer.outputComment("[Logged with tailgate; values in microseconds]");
	writer.outputLogFormatVersion();
	writer.outputStartTime(startedAtMs);
	writer.outputLegend();
	for (const { tag, startS, durationS, histogram } of intervals) {
		const decoded = (0, import_dist.decodeFromCompressedBase64)(histogram, 64, false);
		decoded.tag = tag.replace(/[\s,]+/g, "_");
		writer.outputIntervalHistogram(decoded, startS, startS + durationS, 1);
	}
	return text;
}
function binsOf(histogram) {
	const { totalCount } = histogram;
	if (totalCount === 0) return EMPTY_BINS;
	const source = histogram;
	const low = [];
	const high = [];
	const count = [];
	for (let index = 0, seen = 0; seen < totalCount && index < source.countsArrayLength; index++) {
		const n = source.getCountAtIndex(index);
		if (n === 0) continue;
		const value = source.valueFromIndex(index);
		low.push(value / 1e6);
		high.push(source.nextNonEquivalentValue(value) / 1e6);
		count.push(n);
		seen += n;
	}
	return {
		low: Float64Array.from(low),
		high: Float64Array.from(high),
		count: Float64Array.from(count),
		total: totalCount
	};
}

// src/core/compare/scenario-data.ts
/** Undefined if no head run measured a block of the scenario. */
function scenarioData(name, { heads, baseline, sameHost }, read) {
	const measured = heads.flatMap((record) => {
		const scenario = record.scenarios.find((candidate) => candidate.name === name);
		const blocks = blocksOf(scenario, "head");
		return scenario === void 0 || blocks.length === 0 ? [] : [{
			record,
			scenario,
			blocks
		}];
	});
	const [first] = measured;
	if (first === void 0) return void 0;
	return {
		name,
		load: first.scenario.load,
		heads: measured.map(({ blocks }) => blocks),
		against: against(),
		read
	};
	function against() {
		switch (baseline.kind) {
			case "live": {
				const paired = measured.map(({ scenario, blocks }) => pairBlocks(blocksOf(scenario, "base"), blocks));
				return {
					kind: "pairs",
					pairs: paired.flatMap(({ pairs }) => pairs),
					unpaired: paired.reduce((sum, { unpaired }) => sum + unpaired, 0),
					sameHost: sameHost === "auto" ? measured.every(({ record }) => onSameHost(record)) : sameHost === "yes"
				};
			}
			case "stored": return {
				kind: "runs",
				bases: baseline.runs.map(({ record }) => blocksOf(record.scenarios.find((candidate) => candidate.name === name), "head")).filter((blocks) => blocks.length > 0)
			};
			case "none": return { kind: "nothing" };
		}
	}
}
/** Remembers what it decoded: every percentile of a distribution reads the same histograms. */
function openReader() {
	const known = /* @__PURE__ */ new Map();
	return (block, of) => {
		const encoded = block.histograms[of];
		if (encoded === void 0) return EMPTY_BINS;
		let bins = known.get(encoded);
		if (bins === void 0) {
			bins = decodeBins(encoded);
			known.set(encoded, bins);
		}
		return bins;
	};
}
/** An arm to which no request was offered has measured nothing, whatever its blocks say. */
function blocksOf(scenario, arm) {
	const blocks = scenario?.arms[arm]?.blocks ?? [];
	return blocks.some(({ offered }) => offered > 0) ? blocks : [];
}
function pairBlocks(base, head) {
	const byPair = new Map(base.flatMap((block) => block.pair === void 0 ? [] : [[block.pair, block]]));
	const pairs = head.flatMap((block) => {
		const partner = block.pair === void 0 ? void 0 : byPair.get(block.pair);
		return partner === void 0 ? [] : [{
			base: partner,
			head: block
		}];
	});
	return {
		pairs: pairs.toSorted((a, b) => a.head.pair - b.head.pair),
		unpaired: base.length + head.length - 2 * pairs.length
	};
}
/**
* Whether nothing says that the arms of a live run stood on different machines: a pair of keys `node.base` and
* `node.head`, or `gpu.uuids.base` and `gpu.uuids.head`, that differ says so.
*/
const onSameHost = ({ environment }) => ["node", "gpu.uuids"].every((key) => {
	const [base, head] = [environment[`${key}.base`], environment[`${key}.head`]];
	return base === void 0 || head === void 0 || base === head;
});

// src/core/compare/compare.ts
/**
* Everything the numbers say: for each scenario of the suite (then those that only the records know), each metric that
* was measured or is gated. The order depends on nothing but suite and metric table; nothing in it is a verdict.
*
* @param input.heads one run, or confirmation runs of one build; together they are the head.
* @throws {InputError} if the heads were measured with different workloads.
*/
function compareRuns(input) {
	const { suite, heads, baseline } = input;
	const digests = new Set(heads.map(({ suite: { digest } }) => digest));
	if (digests.size > 1) {
		const shown = [...digests].map((digest) => digest.slice(0, 12)).join(" and ");
		throw new InputError(`the head runs were measured with different workloads (suite digests ${shown})`, { hint: "pass runs of one suite" });
	}
	const read = openReader();
	const gatesOf = new Map(suite.scenarios.map(({ name, gates }) => [name, gates]));
	const names = /* @__PURE__ */ new Set([...gatesOf.keys(), ...heads.flatMap(({ scenarios }) => scenarios.map(({ name }) => name))]);
	const context = {
		suite,
		tests: promisesOf(suite)
	};
	const comparisons = [...names].flatMap((name) => {
		const data = scenarioData(name, {
			heads,
			baseline,
			sameHost: suite.decision.sameHost
		}, read);
		const gates = new Map((gatesOf.get(name) ?? []).map((gate) => [gate.metric, gate]));
		return METRIC_NAMES.flatMap((metric) => compareMetric(metric, name, gates.get(metric), data, context) ?? []);
	});
	return {
		evidence: evidenceOf(baseline),
		comparisons
	};
}
/** Every regression and every limit of the suite is one chance of a false alarm, measured or not: the number is known before the run. */
function promisesOf({ scenarios }) {
	const gates = scenarios.flatMap((scenario) => scenario.gates);
	return Math.max(1, gates.filter(({ regression }) => regression !== void 0).length + gates.filter(({ limit }) => limit !== void 0).length);
}
function evidenceOf(baseline) {
	if (baseline.kind !== "stored") return baseline.kind;
	return baseline.runs.length >= 3 ? "stored" : "single";
}
function compareMetric(metric, scenario, gate, data, { suite, tests }) {
	const shift = data === void 0 ? {
		head: void 0,
		obstacles: []
	} : shiftOf(metric, data);
	if (gate === void 0 && shift.head === void 0) return void 0;
	const policy = suite.decision;
	const censored = data !== void 0 && isCensored(metric, data.heads.flat(), data.read);
	const limit = gate?.limit === void 0 || data === void 0 ? void 0 : limitBounds(metric, data, policy, tests, censored);
	const common = {
		scenario,
		metric,
		gate,
		head: shift.head,
		limit
	};
	if (data === void 0 || shift.estimate === void 0) {
		const nothing = {
			base: void 0,
			delta: void 0,
			margin: void 0,
			resolvableMargin: void 0,
			worse: void 0,
			worseHigh: void 0
		};
		const obstacles = [{
			code: shift.head === void 0 ? "not-measured" : data?.against.kind === "nothing" ? "no-baseline" : "base-not-measured",
			detail: {}
		}, ...shift.obstacles];
		if (censored) obstacles.push({
			code: "censored",
			detail: {
				deadlineS: suite.target.timeoutS,
				head: 1,
				base: 0
			}
		});
		return {
			...common,
			...nothing,
			worseLow: void 0,
			mannWhitney: void 0,
			obstacles,
			moreData: void 0
		};
	}
	const conclusion = concludeShift(metric, shift, gate, policy, tests);
	const mannWhitney = mannWhitneyOf(metric, data);
	const worseOf = (head) => {
		const alone = shiftOf(metric, {
			...data,
			heads: [head]
		});
		return alone.estimate === void 0 ? void 0 : concludeShift(metric, alone, gate, policy, tests).worse;
	};
	const obstacles = obstaclesOf(metric, data, {
		shift,
		conclusion,
		mannWhitney,
		deadlineS: suite.target.timeoutS,
		worseOf
	});
	return {
		...common,
		base: shift.base,
		...conclusion,
		mannWhitney,
		obstacles,
		moreData: moreDataFor(conclusion.moreData, obstacles)
	};
}
/** A wish for a hundred times the load is no advice. */
const MOST_TIME = 100;
function moreDataFor(toDecide, obstacles) {
	const { needed, exceedances } = obstacles.find(({ code }) => code === "not-assessable")?.detail ?? {};
	const toAssess = needed === void 0 ? 1 : Number(needed) / Number(exceedances);
	const factor = Math.max(toDecide ?? 1, toAssess);
	return factor > 1 && factor <= MOST_TIME ? factor : void 0;
}
function shiftOf(metric, data) {
	const { against } = data;
	switch (against.kind) {
		case "pairs": return liveShift(metric, {
			...data,
			against
		});
		case "runs": return storedShift(metric, {
			...data,
			against
		});
		case "nothing": return {
			head: estimateArm(metric, data.heads.flat(), data.read),
			obstacles: []
		};
	}
}
function mannWhitneyOf(metric, data) {
	if (METRICS[metric].measure.kind !== "quantile") return void 0;
	const { against } = data;
	return against.kind === "pairs" ? liveMannWhitney(metric, data) : against.kind === "runs" ? storedMannWhitney(metric, {
		...data,
		against
	}) : void 0;
}

// src/core/decide/words.ts
/** `is 23 % slower (31.2 ms → 38.4 ms, 90 % interval +15 % … +31 %)`: what changed, without judging it. */
function changeSentence({ metric, base, head, delta }) {
	const { unit } = METRICS[metric];
	if (delta === void 0 || base === void 0 || head === void 0) return "has no change to show";
	const [from, to] = [formatQuantity(base.value, unit), formatQuantity(head.value, unit)];
	const size = from === to && mayBeNone(delta) ? "is unchanged" : sizeOf(delta, metric);
	const arms = from === to ? from : `${from} → ${to}`;
	const interval = intervalOf(delta, metric);
	return `${size} (${arms}${interval === "" ? ", no interval" : `, ${formatPercent(delta.confidence)} interval ${interval}`})`;
}
/** `+23 %` or `+12 points`: the change alone. */
function changeText({ metric, delta }) {
	if (delta === void 0) return "changed";
	return delta.scale === "relative" && delta.relative !== void 0 ? formatChange(delta.relative) : formatDifference(delta.absolute, METRICS[metric].unit);
}
/** `+10 %` or `+0.5 points`: a size of worsening, given in the direction that is worse for the metric. */
function worseningText({ metric, delta }, size) {
	const signed = METRICS[metric].better === "lower" ? size : -size;
	return delta?.scale === "difference" ? formatDifference(signed, METRICS[metric].unit) : formatChange(signed);
}
/** `stays below its limit of 500 ms (at most 41 ms)` and its relatives. */
function limitSentence({ metric, gate, limit }, word) {
	const { unit, better } = METRICS[metric];
	const mark = formatQuantity(gate?.limit ?? NaN, unit);
	if (limit === void 0) return `was not measured, so its limit of ${mark} cannot be checked`;
	const [low, high] = [limit.low, limit.high].map((bound) => bound === void 0 ? void 0 : formatQuantity(bound, unit));
	const [inside, outside] = better === "lower" ? ["below", "over"] : ["above", "under"];
	const value = formatQuantity(limit.value, unit);
	if (word === "pass") return `stays ${inside} its limit of ${mark} (${value}${(better === "lower" ? high && `, at most ${high}` : low && `, at least ${low}`) ?? ""})`;
	if (word === "fail") return `is ${value}, ${outside} its limit of ${mark} beyond chance (${((better === "lower" ? low && `, at least ${low}` : high && `, at most ${high}`) ?? "").replace(/^, /, "")})`;
	return `is ${value}${low !== void 0 && high !== void 0 ? `, somewhere in ${low} … ${high}` : ""}: too uncertain to say on which side of its limit of ${mark}`;
}
/** Why an obstacle keeps a conclusion from being drawn, as the end of a sentence. */
function obstacleText({ code, detail }) {
	const number = (key) => Number(detail[key]);
	const count = (key) => formatQuantity(number(key), "1");
	switch (code) {
		case "not-measured": return "the head has no data for it";
		case "no-baseline": return "there is nothing to compare with";
		case "base-not-measured": return "the baseline has no data for it";
		case "too-few-blocks": return "there are fewer than two blocks to see the noise from; measure for longer or make blocks shorter";
		case "not-assessable": return "needed" in detail ? `only about ${count("exceedances")} requests lie beyond the percentile, and ${count("needed")} are needed to say that it did not move` : `its upper bound lies beyond the slowest request seen: the ${count("exceedances")} requests beyond the percentile come in bursts and are too few`;
		case "censored": return `it lies among the requests that ran into their deadline of ${formatQuantity(number("deadlineS"), "s")}${number("base") === 1 ? ", in the baseline too" : ""}, so it is only known to be at least that`;
		case "token-count-differs": return "headFrom" in detail ? `the arms count tokens in different ways (${detail["baseFrom"]} and ${detail["headFrom"]})` : `the answers have another length (${count("basePerRequest")} → ${count("headPerRequest")} tokens per request, ${formatChange(number("change"))})`;
		case "shape-disagrees": return `the distribution as a whole did not move with it (Mann–Whitney p = ${pText(number("p"))})`;
		case "blocks-dropped": return `${count("dropped")} blocks had no counterpart with data (${count("pairs")} pairs were compared)`;
		case "too-few-runs": return `${runs(number("runs"))} only, ${count("needed") === count("runs") ? "" : `${number("needed") - number("runs")} more to go`}`;
		case "runs-disagree": return `only ${count("beyond")} of ${count("runs")} runs of the head ${number("beyond") === 1 ? "is" : "are"} worse by that much`;
		case "different-hosts": return "base and head ran on different machines or GPUs as far as can be seen, and the difference between machines is part of the uncertainty; if they share one, say decision.same-host: yes";
	}
}
const pText = (p) => p < .001 ? "< 0.001" : String(Number(p.toPrecision(2)));
const runs = (count) => count === 1 ? "one stored run" : `${count} stored runs`;
function sizeOf(delta, metric) {
	const { unit } = METRICS[metric];
	if (delta.scale === "difference" || delta.relative === void 0) {
		const size = formatDifference(delta.absolute, unit);
		return size.startsWith("±") ? "is unchanged" : `changed by ${size}`;
	}
	const size = formatPercent(Math.abs(delta.relative));
	if (size === "0 %") return "is unchanged";
	if (delta.relative >= 9) return `is ${formatQuantity(delta.relative + 1, "1")} times as ${unit === "s" ? "slow" : "high"}`;
	const [more, less] = unit === "s" ? ["slower", "faster"] : ["higher", "lower"];
	return `is ${size} ${delta.relative > 0 ? more : less}`;
}
/** Whether no change at all lies inside the interval. */
function mayBeNone(delta) {
	const [low, high] = boundsOf(delta);
	return low !== void 0 && high !== void 0 && low <= 0 && high >= 0;
}
const boundsOf = (delta) => delta.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta.low, delta.high];
function intervalOf(delta, metric) {
	const [low, high] = boundsOf(delta);
	if (low === void 0 && high === void 0) return "";
	const text = (bound) => bound === void 0 ? "unbounded" : delta.scale === "difference" ? formatDifference(bound, METRICS[metric].unit) : formatChange(bound);
	return `${text(low)} … ${text(high)}`;
}

// src/core/decide/limit.ts
/**
* Judges the `limit` part of a gate, which needs no baseline: fail where the head lies beyond the limit at the
* family-wise level, pass where it lies inside at 1 − falsePass. A limit of zero failures cannot be proven by any
* finite run: it is kept when none was seen.
*/
function judgeLimit(comparison) {
	const { metric, gate, limit } = comparison;
	const mark = gate?.limit;
	if (mark === void 0 || limit === void 0) return {
		verdict: "inconclusive",
		sentence: limitSentence(comparison, "inconclusive")
	};
	const [beyond, inside] = METRICS[metric].better === "lower" ? [limit.low !== void 0 && limit.low > mark, limit.high !== void 0 && limit.high < mark] : [limit.high !== void 0 && limit.high < mark, limit.low !== void 0 && limit.low > mark];
	const isKeptZero = mark === 0 && limit.value === 0;
	const verdict = beyond ? "fail" : inside || isKeptZero ? "pass" : "inconclusive";
	return {
		verdict,
		sentence: limitSentence(comparison, verdict)
	};
}

// src/core/decide/regression.ts
/**
* Judges the `regression` part of a gate.
*
* Fail: worse by at least the margin, and worse beyond chance at the family-wise level. Pass: the upper bound lies
* below the margin (or, by policy, below a resolvable margin under the ceiling), and nothing stands against saying so.
* Everything else is undecided, and says what would decide it.
*/
function judgeRegression(comparison, policy) {
	const { margin, resolvableMargin, worse, worseLow, worseHigh, obstacles } = comparison;
	const missing = obstacles.find(({ code }) => MISSING.has(code));
	if (missing !== void 0) return {
		verdict: missing.code === "not-measured" ? "inconclusive" : "no-baseline",
		sentence: `cannot be compared: ${obstacleText(missing)}`
	};
	const change = changeSentence(comparison);
	const blocks = margin === void 0 ? "" : `the gate blocks at ${worseningText(comparison, margin)}`;
	const caution = obstacles.filter(({ code }) => CAUTIONS.has(code)).map((obstacle) => `; ${obstacleText(obstacle)}`);
	if (margin !== void 0 && worse !== void 0 && worse >= margin && worseLow !== void 0 && worseLow > 0) {
		const doubt = obstacles.find((obstacle) => forbidsFail(obstacle, comparison));
		return doubt === void 0 ? {
			verdict: "fail",
			sentence: `${change}; ${blocks}${caution.join("")}`
		} : {
			verdict: "inconclusive",
			sentence: `${change}, beyond the ${worseningText(comparison, margin)} at which the gate blocks, but ${obstacleText(doubt)}`
		};
	}
	const doubts = obstacles.filter((obstacle) => forbidsPass(obstacle));
	if (doubts.length > 0 || margin === void 0 || worseHigh === void 0 || resolvableMargin === void 0) return undecided(comparison, doubts, `${change}; ${blocks}`);
	if (worseHigh < margin) return {
		verdict: "pass",
		sentence: `${change}; ${blocks}${caution.join("")}`
	};
	if (policy.pass === "resolvable" && comparison.delta?.scale === "relative" && worseHigh < resolvableMargin && resolvableMargin <= policy.ceiling) return {
		verdict: "pass",
		sentence: `${change}; no change beyond ${worseningText(comparison, resolvableMargin)}, the least this data can show; ${blocks}${caution.join("")}`
	};
	return undecided(comparison, [], `${change}; ${blocks}`);
}
/** Without these there are no two numbers to compare. */
const MISSING = /* @__PURE__ */ new Set([
	"not-measured",
	"no-baseline",
	"base-not-measured"
]);
/** Said with every verdict that they may have shaped. */
const CAUTIONS = /* @__PURE__ */ new Set([
	"token-count-differs",
	"different-hosts",
	"blocks-dropped",
	"censored"
]);
/** A large change may be believed although little is known; it may not where its own evidence contradicts it. */
function forbidsFail({ code, detail }, { metric }) {
	switch (code) {
		case "shape-disagrees":
		case "runs-disagree": return true;
		case "censored": return detail["base"] === 1;
		case "token-count-differs": return "headFrom" in detail && !metric.startsWith("latency") && !metric.startsWith("service");
		default: return false;
	}
}
/** No claim that nothing moved may rest on less than the whole picture. */
function forbidsPass({ code, detail }) {
	switch (code) {
		case "not-assessable":
		case "too-few-blocks":
		case "too-few-runs": return true;
		case "censored": return true;
		case "blocks-dropped": return Number(detail["dropped"]) > .1 * Number(detail["pairs"]);
		case "token-count-differs": return "headFrom" in detail || Number(detail["change"]) < 0;
		default: return false;
	}
}
function undecided(comparison, doubts, sentence) {
	const { moreData, resolvableMargin, margin } = comparison;
	return {
		verdict: "inconclusive",
		sentence: `${sentence}${doubts.map((doubt) => `; ${obstacleText(doubt)}`).join("")}${doubts.length === 0 && resolvableMargin !== void 0 && margin !== void 0 && resolvableMargin > margin ? `; this data can show ${worseningText(comparison, resolvableMargin)} at the least` : doubts.length === 0 ? "; this data can neither show nor rule that out" : ""}${moreData === void 0 ? "" : `; it needs about ${formatQuantity(Math.ceil(moreData * 10) / 10, "1")}× the measured time`}`
	};
}

// src/core/decide/verdict.ts
/** Ordered from the best news to the worst for a reader who wants to merge. */
const VERDICTS = [
	"pass",
	"no-baseline",
	"inconclusive",
	"invalid",
	"fail"
];

// src/core/decide/metric-verdict.ts
/** One metric's word and the sentence for it. `spoiled` is what makes its scenario invalid, `isFlagged` a warning found over all ungated metrics. */
function judgeMetric(comparison, policy, { spoiled, isFlagged }) {
	const { metric, gate } = comparison;
	const gated = gate?.regression !== void 0 || gate?.limit !== void 0;
	const { verdict, sentence } = gated ? judgeGate(comparison, policy, spoiled) : describe$2(comparison, spoiled, isFlagged);
	return {
		metric,
		gated,
		verdict,
		reason: `${metric} ${sentence}`,
		comparison
	};
}
function judgeGate(comparison, policy, spoiled) {
	const { gate, metric } = comparison;
	const limit = gate?.limit === void 0 ? void 0 : judgeLimit(comparison);
	if (spoiled !== void 0) {
		if (metric === "errors.ratio" && limit?.verdict === "fail") return limit;
		return {
			verdict: "invalid",
			sentence: `cannot be judged: ${spoiled.message}`
		};
	}
	const regression = gate?.regression === void 0 ? void 0 : judgeRegression(comparison, policy);
	if (limit === void 0 || regression === void 0) return limit ?? regression;
	const [worse, other] = rank(limit.verdict) > rank(regression.verdict) ? [limit, regression] : [regression, limit];
	return worse.verdict === other.verdict ? {
		verdict: worse.verdict,
		sentence: `${worse.sentence}; it ${other.sentence}`
	} : worse;
}
/** An ungated metric promises nothing: it is flagged when it got worse beyond chance, and otherwise only described. */
function describe$2(comparison, spoiled, isFlagged) {
	if (spoiled !== void 0) return {
		verdict: "invalid",
		sentence: `cannot be judged: ${spoiled.message}`
	};
	const missing = comparison.obstacles.find(({ code }) => code === "no-baseline" || code === "base-not-measured" || code === "not-measured");
	if (missing !== void 0) return {
		verdict: missing.code === "not-measured" ? "inconclusive" : "no-baseline",
		sentence: `is not gated; ${obstacleText(missing)}`
	};
	const sentence = `${changeSentence(comparison)}; it is not gated`;
	return {
		verdict: isFlagged ? "fail" : comparison.worseHigh === void 0 ? "inconclusive" : "pass",
		sentence
	};
}
const rank = (word) => VERDICTS.indexOf(word);

// src/core/decide/reasons.ts
/**
* The verdict in sentences, worst first: gated metrics that did not pass by how bad they are, what spoiled the run, what
* is missing, then warnings about metrics that nobody gates. What all metrics suffer from is said once.
*/
function writeReasons({ verdict, scenarios, evidence, baseline, problems }) {
	const gated = scenarios.flatMap(({ name, metrics }) => metrics.filter((metric) => metric.gated).map((metric) => ({
		name,
		metric
	})));
	const by = (word) => gated.filter(({ metric }) => metric.verdict === word).toSorted((a, b) => urgency(b.metric) - urgency(a.metric));
	const said = (word) => by(word).map(({ name, metric }) => `${name}: ${metric.reason}`);
	const spoiled = problems.filter(({ severity }) => severity === "invalid").map(({ scenario, message }) => scenario === void 0 ? message : `${scenario}: ${message}`);
	const ungatedOnly = scenarios.filter(({ metrics }) => !metrics.some((metric) => metric.gated)).map(({ name }) => `${name}: nothing is gated, so nothing was decided`);
	const reasons = [
		...said("fail"),
		...new Set(spoiled),
		...evidence === "single" && by("inconclusive").length > 0 ? [learning(baseline)] : [],
		...said("inconclusive"),
		...noBaseline(by("no-baseline"), baseline),
		...scenarios.length === 0 ? ["nothing was compared: there is no scenario"] : ungatedOnly,
		...ungatedWarnings(scenarios).map(({ scenario, text }) => `warning: ${scenario}: ${text}`)
	];
	return reasons.length > 0 || verdict === "pass" ? reasons : [`the run is ${verdict}`];
}
/** Metrics that nobody gates and that got worse all the same: one sentence a scenario, because they move together. */
const ungatedWarnings = (scenarios) => scenarios.flatMap(({ name, metrics }) => {
	const worse = metrics.filter((metric) => !metric.gated && metric.verdict === "fail");
	if (worse.length === 0) return [];
	const shown = worse.slice(0, MOST_WARNINGS).map(({ metric, comparison }) => `${metric} (${changeText(comparison)})`);
	const others = worse.length - shown.length;
	return [{
		scenario: name,
		text: `${listed([...shown, ...others > 0 ? [`${others} more`] : []])} got worse and ${worse.length === 1 ? "is" : "are"} not gated`
	}];
});
const MOST_WARNINGS = 4;
function learning(baseline) {
	const runs = baseline.kind === "stored" ? baseline.runs.length : 0;
	const more = 3 - runs;
	return `learning: ${runs === 1 ? "one stored run" : `${runs} stored runs`}, ${more} more to go before a regression gate can pass; until then only very large changes can be seen`;
}
function noBaseline(metrics, baseline) {
	if (metrics.length === 0) return [];
	if (baseline.kind !== "none") return metrics.map(({ name, metric }) => `${name}: ${metric.reason}`);
	const byScenario = Map.groupBy(metrics, ({ name }) => name);
	const which = metrics.length > MOST_NAMED ? `${metrics.length} gates in ${byScenario.size === 1 ? "one scenario" : `${byScenario.size} scenarios`}` : [...byScenario].map(([name, of]) => `${listed(of.map(({ metric }) => metric.metric))} in ${name}`).join("; ");
	return [baseline.reason, `undecided without a baseline: ${which}`];
}
/** More names than these are read in the table. */
const MOST_NAMED = 8;
/** `a`, `a and b`, `a, b and c`. */
const listed = (items) => items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items.at(-1)}`;
/** How far beyond its margin a metric is; only for order. */
const urgency = ({ comparison: { worse, margin } }) => worse === void 0 || margin === void 0 || margin === 0 ? 0 : worse / margin;

// src/core/stats/false-discovery.ts
/**
* Which of many p-values are discoveries when a share `q` of the discoveries may be false. For warnings: a gate needs
* the family-wise level of {@link criticalValue}.
*
* @returns one boolean per p-value, in their order; p-values must lie in [0, 1].
*
* Source: Benjamini & Hochberg (1995), J. R. Stat. Soc. B 57(1).
*/
function discoveries(ps, q) {
	const ascending = ps.toSorted((a, b) => a - b);
	const last = ascending.findLastIndex((p, i) => p <= q * (i + 1) / ps.length);
	const cut = last < 0 ? -1 : ascending[last];
	return ps.map((p) => p <= cut);
}

// src/core/decide/warnings.ts
/** Share of the warnings that may be false. */
const FALSE_SHARE = .1;
/** A relative change below this is not worth a reader's attention, however sure it is. */
const NOTABLE = .05;
/** The ungated comparisons that got notably worse beyond chance, with a bounded share of false ones among them (Benjamini–Hochberg). */
function flagWorse(comparisons) {
	const ungated = comparisons.flatMap((comparison) => comparison.gate === void 0 && comparison.pWorse !== void 0 ? [{
		comparison,
		p: comparison.pWorse
	}] : []);
	const found = discoveries(ungated.map(({ p }) => p), FALSE_SHARE);
	return new Set(ungated.filter(({ comparison }, i) => found[i] === true && isNotable(comparison)).map(({ comparison }) => comparison));
}
function isNotable({ metric, delta, worse }) {
	const [low, high] = delta?.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta?.low, delta?.high];
	return (METRICS[metric].better === "lower" ? (low ?? 0) > 0 : (high ?? 0) < 0) && (delta?.scale === "difference" || (worse ?? 0) >= NOTABLE);
}

// src/core/decide/decide.ts
/**
* Turns numbers into a verdict. The only place that does.
*
* A metric is as bad as the worse half of its gate, a scenario as its worst gated metric, the run as its worst scenario
* that gates anything: fail, then invalid, inconclusive, no-baseline, pass. Where nothing is gated or nothing was
* measured there is nothing to pass: inconclusive. Whatever spoiled a scenario outweighs what was measured in it, except
* a share of failures beyond its limit, which is a failure however it came about.
*/
function decide(input) {
	const { suite, comparisons, evidence, baseline, problems } = input;
	const flagged = flagWorse(comparisons);
	const scenarios = [.../* @__PURE__ */ new Set([...suite.scenarios.map(({ name }) => name), ...comparisons.map(({ scenario }) => scenario)])].map((name) => {
		const spoiled = problems.find(({ severity, scenario }) => severity === "invalid" && (scenario === void 0 || scenario === name));
		const metrics = comparisons.filter(({ scenario }) => scenario === name).map((comparison) => judgeMetric(comparison, suite.decision, {
			spoiled,
			isFlagged: flagged.has(comparison)
		}));
		return {
			name,
			verdict: scenarioVerdict(metrics, spoiled),
			metrics
		};
	});
	const counted = scenarios.filter(({ metrics }) => metrics.some(({ gated }) => gated));
	const isSpoiled = problems.some(({ severity, scenario }) => severity === "invalid" && scenario === void 0);
	const verdict = worstOf(counted.map((scenario) => scenario.verdict)) ?? (isSpoiled ? "invalid" : "inconclusive");
	return {
		verdict,
		evidence,
		reasons: writeReasons({
			verdict,
			scenarios,
			evidence,
			baseline,
			problems
		}),
		problems,
		scenarios
	};
}
function scenarioVerdict(metrics, spoiled) {
	return worstOf(metrics.filter(({ gated }) => gated).map(({ verdict }) => verdict)) ?? (spoiled === void 0 ? "inconclusive" : "invalid");
}
/** Undefined for no words. */
const worstOf = (words) => VERDICTS.findLast((word) => words.includes(word));

// src/core/protocol/body.ts
/** Kept of an answer that is searched or parsed. */
const READ_CAP = 8388608;
/** Kept of an answer that is only quoted if it fails. */
const QUOTE_CAP = 1024;
function openBody(cap) {
	const kept = [];
	let keptLength = 0;
	let length = 0;
	return {
		add: (chunk) => {
			length += chunk.length;
			if (keptLength === cap) return;
			const part = chunk.subarray(0, cap - keptLength);
			kept.push(part);
			keptLength += part.length;
		},
		length: () => length,
		whole: () => keptLength === length,
		text: () => {
			const decoder = new TextDecoder();
			let text = "";
			for (const part of kept) text += decoder.decode(part, { stream: true });
			return text + decoder.decode();
		}
	};
}

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
* The suite's own check of an accepted answer: undefined if it holds or there is none.
*
* @param whole false if `text` is only the beginning of what came: a text that is not in it may still be in the rest.
*/
function checkFailure({ contains }, text, whole) {
	if (contains === void 0 || text.includes(contains)) return void 0;
	if (!whole) return failed("body", `the answer is too long to be searched for ${excerpt(contains)}`);
	return failed("check", `expected ${excerpt(contains)} in the answer, got ${excerpt(text)}`);
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

// src/core/protocol/whole-answer.ts
/**
* Reads an answer that means something only as a whole: a status that the suite does not accept fails it, else `judge`
* says what it is. The judging happens when it has ended, and is no part of its time.
*
* @param cap bytes kept of the body.
*/
function openWholeAnswer(check, cap, judge) {
	const body = openBody(cap);
	let status = 0;
	return {
		start: (responseStatus) => {
			status = responseStatus;
		},
		data: body.add,
		end: (endNs) => ({
			result: statusAccepted(check, status) ? judge(body, status) : statusFailure(check, status, body.text()),
			endNs
		})
	};
}

// src/core/protocol/kserve-v2.ts
/**
* Open Inference Protocol v2 over REST, tensors as JSON: KServe, Triton, MLServer, TorchServe, OpenVINO.
*
* Source: kserve/open-inference-protocol, specification/protocol/inference_rest.md.
*/
const kserveV2 = {
	name: "kserve-v2",
	buildRequest: buildRequest$2,
	openResponse: openResponse$1
};
/** Parsing blocks the clock of all other requests (about 5 ms per MiB), so a longer answer is judged by how it looks. */
const PARSE_CAP = 1048576;
function buildRequest$2(target, payload) {
	return {
		method: "POST",
		path: target.path ?? `/v2/models/${encodeURIComponent(modelOf(target))}/infer`,
		headers: {
			"content-type": "application/json",
			accept: "application/json"
		},
		body: new TextEncoder().encode(inferBody(payload))
	};
}
function modelOf({ model }) {
	if (model !== void 0) return model;
	throw new InputError("protocol kserve-v2 needs the name of the model", { hint: "write it under target.model, or give target.path" });
}
function inferBody(payload) {
	switch (payload.kind) {
		case "tensors": return JSON.stringify({ inputs: payload.tensors });
		case "text": return JSON.stringify({ inputs: [textTensor(payload.text)] });
		case "empty": return JSON.stringify({ inputs: [textTensor("The delivery was late, but the support was friendly and quick.")] });
		case "json": {
			const { value, source } = payload;
			if (typeof value === "object" && value !== null && "inputs" in value) return source ?? JSON.stringify(value);
			const text = textOf$1(value);
			if (text !== void 0) return JSON.stringify({ inputs: [textTensor(text)] });
			throw new InputError(`protocol kserve-v2 cannot carry ${excerpt(JSON.stringify(value))}`, { hint: "give an object with `inputs`, or a text as \"…\" or {\"text\": \"…\"}" });
		}
		case "body":
		case "messages": throw new InputError(`protocol kserve-v2 cannot carry ${payload.kind === "body" ? "a raw body" : "messages"}`, { hint: "give `tensors:`, `text:` or `json:`, or use another protocol" });
	}
}
const textTensor = (text) => ({
	name: "text",
	shape: [1],
	datatype: "BYTES",
	data: [text]
});
function openResponse$1({ check }) {
	return openWholeAnswer(check, check.contains === void 0 ? PARSE_CAP : READ_CAP, (body) => {
		const text = body.text();
		return outputsFailure(body, text) ?? checkFailure(check, text, body.whole()) ?? {
			kind: "ok",
			stream: void 0
		};
	});
}
/** What keeps the answer from being an inference result; undefined if it is one. */
function outputsFailure(body, text) {
	if (body.length() > PARSE_CAP) return /^\s*\{(?!\s*"error")/.test(text) && /"outputs"\s*:\s*\[\s*\{/.test(text) ? void 0 : failed("body", `expected outputs in the first part of a long answer, got ${excerpt(text)}`);
	let answer;
	try {
		answer = JSON.parse(text);
	} catch {
		return failed("body", `expected JSON, got ${excerpt(text)}`);
	}
	const error = inBandError(answer);
	if (error !== void 0) return error;
	const outputs = answer?.outputs;
	if (Array.isArray(outputs) && outputs.length > 0) return void 0;
	return failed("body", `expected a list of outputs, got ${excerpt(text)}`);
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
const openAnswer = ({ check }) => openWholeAnswer(check, READ_CAP, (body) => judge$1(check, body));
function judge$1(check, body) {
	const source = body.text();
	if (!body.whole()) return failed("body", `the answer is longer than ${READ_CAP} bytes`);
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
	return checkFailure(check, text, true) ?? {
		kind: "ok",
		stream: void 0,
		...usageTokens === void 0 ? {} : { usageTokens }
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
function openTokenStream({ check }) {
	const beginning = openBody(QUOTE_CAP);
	const gapsNs = [];
	let status = 0;
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
		const value = parse$1(event);
		broken = value === void 0 ? failed("body", `expected an event with JSON, got ${excerpt(event.data)}`) : errorIn(event, value);
		if (broken !== void 0) return;
		const chunk = readChunk(value);
		complete ||= chunk.finished;
		usageTokens = chunk.usageTokens ?? usageTokens;
		if (chunk.hasToken) addToken(event.atNs);
		if (check.contains !== void 0) addText(chunk.text);
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
		const failure = checkFailure(check, text, wholeText);
		if (failure !== void 0) return failure;
		const tokensFrom = usageTokens === void 0 ? "events" : "usage";
		return {
			kind: "ok",
			stream: {
				firstTokenNs,
				lastTokenNs,
				tokens: usageTokens ?? gapsNs.length + 1,
				tokensFrom,
				gapsNs
			}
		};
	}
	return {
		start: (responseStatus) => {
			status = responseStatus;
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
function parse$1({ data }) {
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
	buildRequest: buildRequest$1,
	openResponse: (target) => target.stream ? openTokenStream(target) : openAnswer(target)
};
/**
* What a payload says itself wins over the target's `model` and `maxTokens`; only `stream` is always the target's,
* because the reader of the answer depends on it.
*/
function buildRequest$1(target, payload) {
	const { model, maxTokens, stream, path } = target;
	const asked = chatRequest(payload);
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
		path: path ?? "/v1/chat/completions",
		headers: {
			"content-type": "application/json",
			accept: stream ? "text/event-stream" : "application/json"
		},
		body: new TextEncoder().encode(JSON.stringify(body))
	};
}
function chatRequest(payload) {
	switch (payload.kind) {
		case "messages": return { messages: payload.messages };
		case "text": return fromUser(payload.text);
		case "empty": return fromUser("Write one sentence about the sea.");
		case "json": return fromJson(payload.value);
		case "body":
		case "tensors": throw new InputError(`protocol openai-chat cannot carry ${payload.kind === "body" ? "a raw body" : "tensors"}`, { hint: "give `messages:`, `text:` or `json:`, or use another protocol" });
	}
}
/** A whole request, a list of messages, or a text. */
function fromJson(value) {
	if (Array.isArray(value)) return { messages: value };
	if (typeof value === "object" && value !== null && "messages" in value) return { ...value };
	const text = textOf$1(value);
	if (text !== void 0) return fromUser(text);
	throw new InputError(`protocol openai-chat cannot carry ${excerpt(JSON.stringify(value))}`, { hint: "give an object with `messages`, a list of messages, or a text as \"…\" or {\"text\": \"…\"}" });
}
const fromUser = (content) => ({ messages: [{
	role: "user",
	content
}] });

// src/core/protocol/raw.ts
/** Any HTTP endpoint: the payload is the body, and an accepted status with a body is an answer. */
const raw = {
	name: "raw",
	buildRequest,
	openResponse
};
function buildRequest({ method, path = "/" }, payload) {
	const { bytes, contentType } = content(payload);
	return {
		method,
		path,
		headers: contentType === void 0 ? {} : { "content-type": contentType },
		body: bytes
	};
}
function content(payload) {
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
		case "tensors": throw new InputError("protocol raw cannot carry tensors", { hint: "use protocol kserve-v2, or write the body under `json:`" });
		case "messages": throw new InputError("protocol raw cannot carry messages", { hint: "use protocol openai-chat, or write the body under `json:`" });
	}
}
/**
* An empty body is an answer only where HTTP has none (HEAD, 204, 205) or the suite names the status itself: an
* endpoint that answers 200 with nothing is broken more often than fast.
*/
function openResponse({ check, method }) {
	return openWholeAnswer(check, check.contains === void 0 ? QUOTE_CAP : READ_CAP, (body, status) => {
		const mayBeEmpty = check.status !== void 0 || method.toUpperCase() === "HEAD" || status === 204 || status === 205;
		if (body.length() === 0 && !mayBeEmpty) return failed("body", `status ${status} with an empty body; name the status under check.status if that is right`);
		return checkFailure(check, body.text(), body.whole()) ?? {
			kind: "ok",
			stream: void 0
		};
	});
}

// src/core/protocol/protocols.ts
/** Every protocol tailgate speaks. */
const protocols = {
	raw,
	"kserve-v2": kserveV2,
	"openai-chat": openaiChat
};

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

// src/core/plan/arrivals.ts
/** λ(t) = ratePerS. */
function constantRate(ratePerS, durationS) {
	return {
		durationS,
		expected: ratePerS * durationS,
		secondOf: (events) => events / ratePerS
	};
}
/**
* Intended starts in seconds, ascending, in [0, durationS): exactly round(expected) of them.
*
* - `constant`: evenly spaced on the event axis, at the middles of equal steps. With the first arrival half a step in,
*   no arrival ever falls on the border of two blocks, where rounding would decide whose it is.
* - `poisson`: a Poisson process *given its number of arrivals*: n + 1 exponential gaps, scaled to fill the shape. They
*   are the order statistics of n uniform draws, so gaps and bursts are those of a Poisson process, but the count does
*   not wander by ±√n: a suite that asks for 50/s for 10 s offers 500 requests in every block, and neither throughput
*   nor utilization carries that noise.
*
* @returns an empty array where fewer than half an arrival is expected. O(n).
*
* Sources: Kingman (1993), Poisson Processes, §2.4 (conditioning); Devroye (1986), Non-Uniform Random Variate
* Generation, §V.2.1 (uniform order statistics from exponential gaps); §VI.1.3 (inversion of the cumulative rate).
*/
function arrivals(kind, shape, next) {
	const count = Math.round(shape.expected);
	const events = kind === "constant" ? middles(count) : scaledGaps(count, next);
	const latest = shape.durationS * (1 - Number.EPSILON);
	return events.map((share) => Math.min(shape.secondOf(share * shape.expected), latest));
}
/** (i + ½) / count: shares in (0, 1). */
const middles = (count) => Float64Array.from({ length: count }, (_, i) => (i + .5) / count);
/** Partial sums of exponential gaps as shares of the sum of count + 1 of them, ascending in [0, 1]. */
function scaledGaps(count, next) {
	const sums = new Float64Array(count);
	let sum = 0;
	for (let i = 0; i < count; i++) {
		sum += exponential(next);
		sums[i] = sum;
	}
	const total = sum + exponential(next);
	return sums.map((partial) => partial / total);
}

// src/core/plan/blocks.ts
/** Pairs a live comparison is planned with where its duration allows. */
const ENOUGH_PAIRS = 12;
/** Blocks a run on one arm is planned with where its duration allows. */
const FEW_BLOCKS = 4;
/** Blocks are never shrunk below this for the sake of their number. */
const SHORTEST_S$1 = 1;
/** With 40 to 80 requests a block, 90 % intervals of a median were seen to cover 85 to 88 % (decision 0003). */
const FEWEST_REQUESTS$1 = 100;
/** Blocks of one arm of one scenario. With more the interval gets no narrower, and every block is stored. */
const MOST_BLOCKS = 240;
/**
* Number and length of the base/head pairs of a live comparison; `durationS` is the measured time *per arm*.
*
* A block is as long as the scenario asks (`block.durationS`, and long enough for `block.requests`). If that leaves
* fewer than 12 pairs, blocks shrink until there are 12, but not below 1 s and 100 requests: an interval over pairs has
* pairs − 1 degrees of freedom, so a handful of long blocks says less about the spread between blocks than a dozen of
* short ones, while a block of a few requests holds no percentile. The number is even, because blocks run in quads
* (ABBA or BAAB), and at least 2, whatever the length: with fewer no spread exists at all. The duration is divided
* evenly, so blocks are as long as asked or a little longer, and base and head get exactly the duration. From 240 pairs
* on blocks grow instead.
*/
function pairLayout(scenario) {
	const { durationS } = scenario.load;
	const wanted = even(durationS / blockLengthS(scenario));
	const possible = even(durationS / shortestS(scenario));
	const pairs = wanted >= ENOUGH_PAIRS ? Math.min(wanted, MOST_BLOCKS) : Math.max(2, wanted, Math.min(ENOUGH_PAIRS, possible));
	return {
		pairs,
		blockS: durationS / pairs
	};
}
/**
* The order of arms of a live comparison, two entries per pair. Each quad of two pairs is ABBA or BAAB by a coin: what
* drifts linearly within a quad cancels, and nothing periodic in the environment can follow the order.
*
* @param pairs an even number.
*/
function abbaOrder(pairs, next) {
	return Array.from({ length: pairs / 2 }, () => next() >= 2 ** 31 ? QUADS[0] : QUADS[1]).flat();
}
const QUADS = [[
	"base",
	"head",
	"head",
	"base"
], [
	"head",
	"base",
	"base",
	"head"
]];
/**
* The blocks of a run on one arm: contiguous, of equal length, as long as the scenario asks or a little longer, so that
* they fill the duration. Where it holds fewer than four such blocks it is cut into four, or into as many as have 1 s,
* because the spread of two or three blocks says next to nothing; under 2 s it stays one. There are never more than 240.
*/
function contiguousBlocks(scenario) {
	const { durationS } = scenario.load;
	const wanted = wholes(durationS / blockLengthS(scenario));
	const count = wanted >= FEW_BLOCKS ? Math.min(wanted, MOST_BLOCKS) : Math.max(1, wanted, Math.min(FEW_BLOCKS, wholes(durationS / SHORTEST_S$1)));
	const startS = (index) => index * durationS / count;
	return Array.from({ length: count }, (_, index) => ({
		index,
		pair: void 0,
		startS: startS(index),
		durationS: startS(index + 1) - startS(index)
	}));
}
/**
* Seconds of unrecorded load before measuring; 0 for none. `auto` is a tenth of the duration and at least ten requests
* (lazy initialisation often happens per request, not per second), between 2 s and 30 s.
*/
function warmUpS({ warmUp, load }) {
	if (warmUp === "none") return 0;
	if (warmUp !== "auto") return warmUp;
	return Math.min(30, Math.max(2, load.durationS / 10, load.kind === "open" ? 10 / load.ratePerS : 0));
}
/**
* @throws {InputError} if an open load is so slow or short that a segment of `durationS` would offer no request.
*/
function assertRequests({ name, load }, durationS) {
	if (load.kind === "open" && Math.round(load.ratePerS * durationS) < 1) throw new InputError(`scenario "${name}" sends no request: ${load.ratePerS}/s for ${durationS} s is less than one`, { hint: "raise its rate or its duration" });
}
const blockLengthS = ({ block, load }) => load.kind === "open" ? Math.max(block.durationS, block.requests / load.ratePerS) : block.durationS;
const shortestS = ({ load }) => load.kind === "open" ? Math.max(SHORTEST_S$1, FEWEST_REQUESTS$1 / load.ratePerS) : SHORTEST_S$1;
/** Whole times, forgiving the last bits of a quotient such as 0.3 / 0.1. */
const wholes = (quotient) => Math.floor(quotient * (1 + 1e-12));
const even = (quotient) => 2 * Math.floor(wholes(quotient) / 2);

// src/core/plan/payload-file.ts
/** Most requests made of one file: of a longer one, this many evenly spaced lines are taken. */
const MOST_LINES = 1e4;
const CONTENT_TYPES = {
	csv: "text/csv",
	flac: "audio/flac",
	gif: "image/gif",
	html: "text/html",
	jpeg: "image/jpeg",
	jpg: "image/jpeg",
	mp3: "audio/mpeg",
	mp4: "video/mp4",
	ogg: "audio/ogg",
	pb: "application/x-protobuf",
	pdf: "application/pdf",
	png: "image/png",
	tif: "image/tiff",
	tiff: "image/tiff",
	wav: "audio/wav",
	webp: "image/webp",
	xml: "application/xml"
};
/**
* The requests of a payload file: `.jsonl` (or `.ndjson`) one JSON value per line, `.txt` one text per line, `.json`
* one JSON value, anything else one body with the content type of its extension. Blank lines are skipped.
*
* @param path as in the suite; it stands in error messages.
* @returns 1 to {@link MOST_LINES} payloads.
* @throws {InputError} with file:line:column on a line that is not JSON, and on a file without content.
*/
function readPayloadFile(path, bytes) {
	const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
	switch (extension) {
		case "jsonl":
		case "ndjson": return linesOf(path, bytes).map(({ text, number }) => jsonPayload(path, text, number));
		case "txt": return linesOf(path, bytes).map(({ text }) => ({
			kind: "text",
			text
		}));
		case "json": return [jsonPayload(path, decode(path, bytes), 1)];
		default:
			if (bytes.length === 0) throw emptyFile(path);
			return [{
				kind: "body",
				bytes,
				contentType: CONTENT_TYPES[extension] ?? "application/octet-stream"
			}];
	}
}
function linesOf(path, bytes) {
	const lines = decode(path, bytes).split(/\r?\n/).map((text, i) => ({
		text,
		number: i + 1
	})).filter(({ text }) => text.trim() !== "");
	if (lines.length === 0) throw emptyFile(path);
	if (lines.length <= 1e4) return lines;
	return Array.from({ length: MOST_LINES }, (_, i) => lines[Math.floor(i * lines.length / MOST_LINES)]);
}
function jsonPayload(path, source, line) {
	try {
		return {
			kind: "json",
			value: JSON.parse(source),
			source
		};
	} catch (cause) {
		const reason = cause instanceof Error ? cause.message : String(cause);
		const offset = Number(/position (\d+)/.exec(reason)?.[1] ?? (reason.includes("end of JSON") ? source.trimEnd().length : 0));
		const before = source.slice(0, offset).split("\n");
		throw new InputError(`not JSON: ${reason.replaceAll(/\s+/g, " ").slice(0, 120)}`, {
			hint: "mend the line, or name the file .txt to send each line as text",
			position: {
				file: path,
				line: line + before.length - 1,
				column: before.at(-1).length + 1
			},
			cause
		});
	}
}
function decode(path, bytes) {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (cause) {
		throw new InputError(`payload file ${path} is not UTF-8 text`, {
			hint: "save it as UTF-8",
			cause
		});
	}
}
const emptyFile = (path) => new InputError(`payload file ${path} is empty`, { hint: "a request needs content; put at least one line into it" });

// src/core/plan/text.ts
/** Ours, written for this purpose: short and long words of support tickets and reviews, one to three tokens each. */
const WORDS = `about above account across address after again agent ago all almost already also always amount answer any
anything app arrived as ask at available away back bad balance bank battery be because before began below best better
between big bill bought box brand bring broken browser but button buy by call came camera can cancel card care careful
case change charge cheap check clear clearly click close code cold color come compare complete computer confirm connect
could country credit customer daily damaged date day dead deal decide delay delivery desk device did different display
do does door down download early easy either email empty end enough error even evening every exactly expect expensive
explain extra fail fair far fast feel few file fine first fix for form found four free friend from full further gave
get give glad go good got great half hand happen happy hard has have hear heavy help her here high him his home hour
house how however if important in inside instead into invoice is issue it item its just keep keyboard kind know label
large last late later learn least leave left less let letter light like line list little log long look lost lot loud
love low machine made mail make many match may maybe me mean meeting message middle might minute missing model money
month more morning most move much must my name near need never new next nice night no noise nor not note nothing notice
now number of off offer office often old on once one online only open or order other our out outside over own package
page paid paper part password past pay people perhaps phone photo place plan please point poor possible power price
print problem product promise put question quick quickly quiet quite rather reach read ready real really reason receipt
received recommend refund remain remember repair reply report request reset return right room run safe said same save
say screen second see seem sell send service set several she ship shipping shop short should show side sign signal
simple since size slow small so some soon sorry sound speak stand start state station step still stop store story
street strong such suggest support sure system table take tell than thank that the their them then there they thing
think this those three through ticket time to today together tomorrow too took top total toward town tracking train
trust try turn twice two under unit until up update upgrade us use user usual value very video visit voice wait walk
want warm was water way we website week well went were what when where which while white who whole why will window
wish with within without word work world would write wrong year yes yesterday yet you your`.split(/\s+/);
/**
* English-looking sentences of a uniformly drawn number of words.
*
* @param words least and most words, both included, integers 1 ≤ min ≤ max.
*/
function syntheticText(next, [min, max]) {
	let left = integerBetween(next, min, max);
	const sentences = [];
	while (left > 0) {
		const length = Math.min(left, integerBetween(next, 6, 16));
		const words = Array.from({ length }, () => syntheticWord(next)).join(" ");
		sentences.push(`${words.charAt(0).toUpperCase()}${words.slice(1)}.`);
		left -= length;
	}
	return sentences.join(" ");
}
function syntheticWord(next) {
	return WORDS[integerBetween(next, 0, WORDS.length - 1)];
}

// src/core/plan/tensors.ts
/**
* The datatypes of the Open Inference Protocol v2 and, for integers, the values they hold. JSON numbers are exact up to
* 2⁵³, which bounds the 64-bit types.
*/
const DATATYPES = {
	BOOL: "bool",
	UINT8: [0, 255],
	UINT16: [0, 2 ** 16 - 1],
	UINT32: [0, 2 ** 32 - 1],
	UINT64: [0, Number.MAX_SAFE_INTEGER],
	INT8: [-128, 127],
	INT16: [-(2 ** 15), 2 ** 15 - 1],
	INT32: [-(2 ** 31), 2 ** 31 - 1],
	INT64: [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER],
	FP16: "float",
	FP32: "float",
	FP64: "float",
	BYTES: "bytes"
};
/**
* One request's worth of tensors. Dimensions that stand at the same position with the same range get the same length
* within a request, so that `input_ids` and `attention_mask` of shape [1, [16, 128]] agree.
*
* Fixed `data` needs as many values as the shape has elements; a single value fills the tensor. Random floats have at
* most six decimals where the range allows, which keeps bodies short; random BYTES elements are one word, or with a
* range that many words.
*
* @throws {InputError} on a datatype the protocol does not know, or data or a range that do not fit it.
*/
function drawTensors(tensors, next) {
	const drawn = /* @__PURE__ */ new Map();
	const lengthOf = (dimension, position) => {
		if (typeof dimension === "number") return dimension;
		const key = `${position}:${dimension.join("-")}`;
		const length = drawn.get(key) ?? integerBetween(next, ...dimension);
		drawn.set(key, length);
		return length;
	};
	return tensors.map((tensor) => {
		const shape = tensor.shape.map(lengthOf);
		const count = shape.reduce((product, length) => product * length, 1);
		return {
			name: tensor.name,
			shape,
			datatype: tensor.datatype,
			data: tensorData(tensor, count, next)
		};
	});
}
/** Most values one request may hold. */
const mostElements = (tensors) => tensors.reduce((sum, { shape }) => sum + shape.reduce((n, length) => n * (typeof length === "number" ? length : length[1]), 1), 0);
function tensorData(tensor, count, next) {
	const draw = drawing(tensor, next);
	const { data } = tensor;
	if (data === void 0) return Array.from({ length: count }, draw);
	const [only] = data;
	if (data.length === 1 && only !== void 0) return Array.from({ length: count }, () => only);
	if (data.length === count) return data;
	throw new InputError(`tensor "${tensor.name}" has ${data.length} values for a shape of ${count}`, { hint: "give as many values as the shape has elements, or one value to fill it" });
}
function drawing({ name, datatype, range }, next) {
	const type = DATATYPES[datatype];
	if (type === void 0) throw new InputError(`tensor "${name}" has an unknown datatype "${datatype}"`, { hint: suggest(datatype, Object.keys(DATATYPES)) });
	if (type === "bool") return () => next() >= 2 ** 31;
	if (type === "bytes") {
		if (range === void 0) return () => syntheticWord(next);
		const words = wholeRange(name, datatype, range, [1, 1e6]);
		return () => syntheticText(next, words);
	}
	if (type === "float") {
		const [low, high] = range ?? [0, 1];
		if (!(low < high)) throw outOfRange(name, datatype, [low, high], "a range [low, high) with low < high");
		return () => shortFloat(next, low, high);
	}
	const [low, last] = wholeRange(name, datatype, range ?? [0, 100], type);
	return () => integerBetween(next, low, last);
}
/** [low, high) as [low, last] of whole numbers. */
function wholeRange(name, datatype, range, [min, max]) {
	const [low, high] = range;
	if (!Number.isInteger(low) || !Number.isInteger(high) || low < min || high - 1 > max || low >= high) throw outOfRange(name, datatype, range, `whole numbers from ${min} up to ${max}, and low < high`);
	return [low, high - 1];
}
const outOfRange = (name, datatype, range, expected) => new InputError(`tensor "${name}": ${datatype} cannot be drawn from [${range.join(", ")})`, { hint: `give ${expected}` });
/** One of a million evenly spaced values in [low, high), written with six decimals if that stays inside. */
function shortFloat(next, low, high) {
	const exact = low + (high - low) * (Math.floor(uniform(next) * 1e6) / 1e6);
	const short = Math.round(exact * 1e6) / 1e6;
	if (short >= low && short < high) return short;
	return exact < high ? exact : low;
}

// src/core/plan/payloads.ts
/** Different bodies made of one generated class: enough that a response cache or a lucky length does not decide a run. */
const VARIANTS = 64;
/** Most tensor values over all variants of a class, about 20 MB of JSON. Large tensors get fewer variants, at least one. */
const MOST_VALUES = 2 ** 21;
/** Most tensor values of one request, about 150 MB of JSON: beyond it a shape is a slip of the pen. */
const MOST_VALUES_OF_ONE = 2 ** 24;
/**
* The concrete inputs of one payload class, built before the clock starts. The same seed gives the same inputs, whatever
* other classes the suite has.
*
* @param files content of every file the suite names, by the path written there.
* @returns at least one payload: one where nothing is random, 64 generated ones, or one per line of a file.
* @throws {InputError} if a file is missing, empty or broken, or a tensor cannot be made.
*/
function payloadPool(payloadClass, files, seed) {
	const { content, name } = payloadClass;
	const next = stream(seed, "payload", name);
	switch (content.kind) {
		case "empty":
		case "json":
		case "messages": return [content];
		case "body": return [{
			kind: "body",
			bytes: new TextEncoder().encode(content.text),
			contentType: content.contentType
		}];
		case "file": {
			const bytes = files.get(content.path);
			if (bytes === void 0) throw new InputError(`payload "${name}" names a file that is not there: ${content.path}`, { hint: "paths are relative to the suite file" });
			return readPayloadFile(content.path, bytes);
		}
		case "text": return Array.from({ length: VARIANTS }, () => ({
			kind: "text",
			text: syntheticText(next, content.words)
		}));
		case "tensors": {
			const { tensors } = content;
			const values = mostElements(tensors);
			if (values > MOST_VALUES_OF_ONE) throw new InputError(`payload "${name}" would hold up to ${values} values`, { hint: `${MOST_VALUES_OF_ONE} are the most; check its shapes` });
			const length = tensors.every(({ data, shape }) => data !== void 0 && shape.every((length) => typeof length === "number")) ? 1 : Math.min(VARIANTS, Math.max(1, Math.floor(MOST_VALUES / Math.max(1, values))));
			return Array.from({ length }, () => ({
				kind: "tensors",
				tensors: drawTensors(tensors, next)
			}));
		}
	}
}
/**
* Indices of `count` requests: a class by its weight, then one of its requests, all equally likely, each independent
* of the others.
*
* @param mix at least one part; weights > 0 and finite, counts ≥ 1.
*/
function drawPicks(count, mix, next) {
	let total = 0;
	const upTo = mix.map(({ weight }) => total += weight);
	return Uint32Array.from({ length: count }, () => {
		const at = uniform(next) * total;
		const part = mix[upTo.findIndex((bound) => at < bound)];
		return part.first + integerBetween(next, 0, part.count - 1);
	});
}

// src/core/plan/recorded-load.ts
/** A load as a run record tells it. */
function recordedLoad(load) {
	const { durationS } = load;
	if (load.kind === "closed") return {
		kind: "closed",
		concurrency: load.concurrency,
		durationS
	};
	if (load.kind === "trace") return {
		kind: "open",
		ratePerS: 0,
		arrivals: "trace",
		durationS
	};
	return {
		kind: "open",
		ratePerS: load.ratePerS,
		arrivals: arrivalsText(load.arrivals),
		durationS
	};
}

// src/core/plan/make-plan.ts
/** Picks of a closed-loop segment, which does not know how many requests it will send and goes round. */
const CLOSED_PICKS = 4096;
/**
* Decides everything before the first request: bodies, arrivals, picks, the order of the arms and the borders of the
* blocks. The same input gives the same plan, bit for bit; every purpose draws from its own stream of the suite's seed.
*
* - `single`: warm-up of the head, then one measured segment of the whole duration, cut into {@link contiguousBlocks}.
* - `live`: warm-up of base and head, then pairs of blocks in {@link abbaOrder}, each block a segment of its own. The two
*   blocks of a pair replay the same arrivals and picks (common random numbers), so that what differs is the endpoint.
*
* @throws {InputError} for an unknown scenario or a missing file, a payload its protocol cannot carry, a mix
*   without weight, or a scenario that would send nothing. All wrong scenarios are told at once.
*/
function makePlan(input) {
	const { suite, digest, design } = input;
	const bodies = lazyBodies(input);
	const scenarios = collect(chosenScenarios(suite, input.scenarios), (scenario) => planScenario(input, scenario, bodies));
	return {
		suiteName: suite.name,
		suiteDigest: digest,
		seed: suite.seed,
		design,
		scenarios
	};
}
function chosenScenarios({ scenarios }, names) {
	if (scenarios.length === 0) throw new InputError("the suite has no scenario", { hint: "add one under `scenarios:`" });
	if (names === void 0 || names.length === 0) return scenarios;
	const known = scenarios.map(({ name }) => name);
	collect(names, (name) => {
		if (known.includes(name)) return;
		throw new InputError(`no scenario is called "${name}"`, { hint: suggest(name, known) });
	});
	return scenarios.filter(({ name }) => names.includes(name));
}
function planScenario({ suite, design }, scenario, bodies) {
	const { requests, mix } = mixRequests(suite, scenario, bodies);
	const draw = (purpose, durationS) => {
		const { load, name } = scenario;
		const next = stream(suite.seed, "picks", name, purpose);
		if (load.kind === "closed") return {
			durationS,
			load: {
				kind: "closed",
				steps: [{
					atS: 0,
					users: load.concurrency
				}],
				thinkS: /* @__PURE__ */ new Float64Array(),
				pacingS: void 0
			},
			picks: drawPicks(CLOSED_PICKS, mix, next)
		};
		if (load.kind === "trace" || typeof load.arrivals !== "string") throw new InputError("this load is not supported yet");
		const shape = constantRate(load.ratePerS, durationS);
		const arrivalsS = arrivals(load.arrivals, shape, stream(suite.seed, "arrivals", name, purpose));
		return {
			durationS,
			load: {
				kind: "open",
				arrivalsS
			},
			picks: drawPicks(arrivalsS.length, mix, next)
		};
	};
	return {
		scenario,
		load: recordedLoad(scenario.load),
		requests,
		segments: [...warmUps(design, scenario, draw), ...measured$1(design, suite.seed, scenario, draw)]
	};
}
function warmUps(design, scenario, draw) {
	const durationS = warmUpS(scenario);
	if (durationS === 0) return [];
	const segment = {
		phase: "warm-up",
		untilSteady: false,
		...draw("warm-up", durationS),
		blocks: []
	};
	return (design === "live" ? ["base", "head"] : ["head"]).map((arm) => ({
		arm,
		...segment
	}));
}
function measured$1(design, seed, scenario, draw) {
	if (design === "single") {
		assertRequests(scenario, scenario.load.durationS);
		return [{
			arm: "head",
			phase: "measure",
			untilSteady: false,
			...draw("measure", scenario.load.durationS),
			blocks: contiguousBlocks(scenario)
		}];
	}
	const { pairs, blockS } = pairLayout(scenario);
	assertRequests(scenario, blockS);
	const drawn = Array.from({ length: pairs }, (_, pair) => draw(`pair ${pair}`, blockS));
	return abbaOrder(pairs, stream(seed, "order", scenario.name)).map((arm, index) => {
		const pair = Math.floor(index / 2);
		return {
			arm,
			phase: "measure",
			untilSteady: false,
			...drawn[pair],
			blocks: [{
				index,
				pair,
				startS: 0,
				durationS: blockS
			}]
		};
	});
}
/** Builds the requests of a class when the first scenario asks for them, and once: scenarios share them. */
function lazyBodies({ suite, files }) {
	const built = /* @__PURE__ */ new Map();
	const { buildRequest } = protocols[suite.target.protocol];
	return (payloadClass) => {
		const { name } = payloadClass;
		const requests = built.get(name) ?? payloadPool(payloadClass, files, suite.seed).map((payload) => ({
			payloadClass: name,
			...buildRequest(suite.target, payload)
		}));
		built.set(name, requests);
		return requests;
	};
}
/** The requests of all classes with weight in this scenario, one class after the other, and where each class lies. */
function mixRequests(suite, scenario, bodies) {
	const requests = [];
	const mix = [];
	for (const payloadClass of suite.payloads) {
		const weight = scenario.mix === void 0 ? payloadClass.weight : scenario.mix[payloadClass.name] ?? 0;
		if (!(weight > 0)) continue;
		const built = bodies(payloadClass);
		mix.push({
			weight,
			first: requests.length,
			count: built.length
		});
		requests.push(...built);
	}
	if (mix.length > 0) return {
		requests,
		mix
	};
	throw new InputError(`scenario "${scenario.name}" has no payload with a weight above 0`, { hint: `give a weight to one of ${suite.payloads.map(({ name }) => name).join(", ")}` });
}
/** Maps all, so that every mistake is found in one pass. */
function collect(items, map) {
	const errors = [];
	const results = items.flatMap((item) => {
		try {
			return [map(item)];
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			errors.push(...error instanceof InputErrors ? error.errors : [error]);
			return [];
		}
	});
	if (errors.length > 0) throw new InputErrors(errors);
	return results;
}

// src/core/record/redact.ts
/**
* The record with every secret masked in whatever the world wrote into it: messages, examples of failed answers, what the
* endpoint says that it is, descriptions of the environment. Numbers, histograms and digests are not text: a short secret
* could occur in them by chance, and masking it there would destroy the measurement.
*/
function redactRecord(record, secrets) {
	if (secrets.length === 0) return record;
	const mask = (text) => redact(text, secrets);
	const maskValues = (object) => Object.fromEntries(Object.entries(object).map(([key, text]) => [key, text === void 0 ? text : mask(text)]));
	const maskArm = (arm) => ({
		...arm,
		examples: maskValues(arm.examples)
	});
	const { identity } = record;
	return {
		...record,
		provenance: maskValues(record.provenance),
		environment: maskValues(record.environment),
		problems: record.problems.map((problem) => ({
			...problem,
			message: mask(problem.message)
		})),
		identity: identity === void 0 ? void 0 : {
			...identity,
			path: mask(identity.path),
			expected: mask(identity.expected),
			observed: mask(identity.observed)
		},
		scenarios: record.scenarios.map(({ arms, ...scenario }) => ({
			...scenario,
			arms: {
				...arms.base === void 0 ? {} : { base: maskArm(arms.base) },
				...arms.head === void 0 ? {} : { head: maskArm(arms.head) }
			}
		}))
	};
}

// src/core/record/outcome.ts
/**
* Why a request did not count as answered.
*
* `connect` no connection (DNS, TCP, TLS) · `stale` a kept-alive connection was closed under the request before any
* answer · `timeout` no complete answer by the deadline · `status` not a status the suite accepts · `body` an answer
* that its protocol cannot read, or an empty one · `truncated` the stream ended without saying that it is complete ·
* `in-band` an error inside a 2xx answer · `check` the suite's own check failed · `reset` the connection broke during
* the answer · `overflow` the arrival found `max-in-flight` requests under way and was not sent.
*/
const FAILURE_KINDS = [
	"connect",
	"stale",
	"timeout",
	"status",
	"body",
	"truncated",
	"in-band",
	"check",
	"reset",
	"overflow"
];
/**
* Latency as a user of the schedule sees it: from the intended start to the end. A request that ran into its deadline
* counts with the deadline (censored); any other failure has none.
*/
const latencyNs = (outcome) => outcome.result.kind === "ok" || outcome.result.why === "timeout" ? outcome.endNs - outcome.intendedNs : void 0;
/** Service time: from the request on the wire to its end. Same rule for failures. */
const serviceNs = (outcome) => outcome.wireNs !== void 0 && (outcome.result.kind === "ok" || outcome.result.why === "timeout") ? outcome.endNs - outcome.wireNs : void 0;

// src/core/report/failures.ts
/** All kinds that occurred, most frequent in the head first within a scenario. */
function collectFailures({ heads, baseline }) {
	return [...new Set(heads.flatMap((run) => run.scenarios.map((scenario) => scenario.name)))].flatMap((scenario) => {
		const head = tally(heads, scenario, "head");
		const base = baseline.kind === "stored" ? tally(baseline.runs.map((run) => run.record), scenario, "head") : tally(heads, scenario, "base");
		return FAILURE_KINDS.filter((kind) => head.count(kind) + base.count(kind) > 0).toSorted((a, b) => head.count(b) - head.count(a)).map((kind) => ({
			scenario,
			kind,
			base: base.text(kind),
			head: head.text(kind),
			example: head.example(kind) ?? base.example(kind) ?? ""
		}));
	});
}
function tally(runs, scenario, arm) {
	const arms = runs.flatMap((run) => run.scenarios.find(({ name }) => name === scenario)?.arms[arm] ?? []);
	const blocks = arms.flatMap((armRecord) => armRecord.blocks);
	const offered = blocks.reduce((sum, block) => sum + block.offered, 0);
	const count = (kind) => blocks.reduce((sum, block) => sum + (block.failures[kind] ?? 0), 0);
	return {
		count,
		text: (kind) => offered === 0 ? "–" : `${count(kind).toLocaleString("en-US")} of ${offered.toLocaleString("en-US")} (${formatPercent(count(kind) / offered)})`,
		example: (kind) => arms.map(({ examples }) => examples[kind]).find((text) => text !== void 0)
	};
}

// src/core/decide/grounds.ts
/** Did the regression part of the gate fail: worse by at least the margin, and worse beyond chance? */
const isRegression = ({ worse, worseLow, margin }) => worse !== void 0 && worseLow !== void 0 && margin !== void 0 && worse >= margin && worseLow > 0;
/** Could a change as large as the margin not be ruled out? A gate that passes all the same does so by the suite's policy. */
const isCoarse = ({ worseHigh, margin }) => margin !== void 0 && worseHigh !== void 0 && worseHigh >= margin;

// src/core/report/duration.ts
/** A duration as a suite writes it: `90` → `1m30s`, `7200` → `2h`, `0.25` → `250ms`. Whole seconds above one second. */
function formatDuration(seconds) {
	if (!Number.isFinite(seconds) || seconds < 0) return "n/a";
	if (seconds > 0 && seconds < 1) return `${Math.round(seconds * 1e3)}ms`;
	const whole = Math.round(seconds);
	const text = [
		[Math.floor(whole / 3600), "h"],
		[Math.floor(whole % 3600 / 60), "m"],
		[whole % 60, "s"]
	].filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
	return text.length === 0 ? "0s" : text.join("");
}

// src/core/report/scenario-report.ts
/** One description per scenario of the verdict, worst first. */
const describeScenarios = (input) => input.verdict.scenarios.map((scenario) => describe$1(scenario, input)).toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict]);
function describe$1(scenario, input) {
	const rows = byUrgency(scenario.metrics.map((metric) => metricRow(scenario.name, metric)));
	const first = rows.find(({ gated }) => gated);
	return {
		name: scenario.name,
		verdict: scenario.verdict,
		load: loadText(scenario.name, input),
		rows: rows.filter(({ metric }) => !isResource(metric)),
		resources: rows.filter(({ metric }) => isResource(metric)),
		shift: shiftText(scenario.metrics),
		worst: scenario.metrics.find(({ metric }) => metric === first?.metric)
	};
}
/** What a pass should say too: what it could not have seen, or how near the nearest gate was. */
function closestCall(verdict) {
	if (verdict.verdict !== "pass") return [];
	const coarse = coarsePasses(verdict);
	if (coarse.length > 0) return coarse.map(({ reason, comparison }) => `${comparison.scenario}: ${reason}`);
	const [nearest] = verdict.scenarios.flatMap(({ metrics }) => metrics).filter((metric) => metric.gated && metric.comparison.delta !== void 0 && metric.comparison.resolvableMargin !== void 0).filter((metric) => metric.comparison.margin !== void 0 && metric.comparison.worse !== void 0).map((metric) => metricRow(metric.comparison.scenario, metric)).toSorted((a, b) => b.urgency - a.urgency);
	if (nearest === void 0) return [];
	const { metric, scenario, change, interval, confidence, gate, detects } = nearest;
	return [`nearest to its gate: ${metric} in ${scenario}, ${change}${interval === "" ? "" : ` (${confidence} interval ${interval})`}; the gate is ${gate}, and this run would have caught ${detects}`];
}
/** Gates that passed although a change as large as their margin could not be ruled out: the suite's policy allows it. */
const coarsePasses = (run) => run.scenarios.flatMap(({ metrics }) => metrics).filter((metric) => metric.gated && metric.verdict === "pass" && isCoarse(metric.comparison));
const isResource = (metric) => METRICS[metric].measure.kind === "gauge";
function loadText(name, { suite, heads, baseline }) {
	const load = suite.scenarios.find((scenario) => scenario.name === name)?.load;
	const told = load === void 0 ? record$1(heads[0], name)?.load : recordedLoad(load);
	const bases = baseline.kind === "stored" ? baseline.runs.map((run) => run.record) : heads;
	const baseArm = baseline.kind === "stored" ? "head" : "base";
	return [
		...told === void 0 ? [] : [describeLoad(told)],
		...baseline.kind === "none" ? [] : [amountText("base", bases.map((run) => record$1(run, name)?.arms[baseArm]))],
		amountText("head", heads.map((run) => record$1(run, name)?.arms.head))
	].join(" · ");
}
const record$1 = (run, name) => run?.scenarios.find((scenario) => scenario.name === name);
const describeLoad = (load) => load.kind === "open" ? `${formatQuantity(load.ratePerS, "1/s")} ${load.arrivals} for ${formatDuration(load.durationS)}` : `${load.concurrency} at a time for ${formatDuration(load.durationS)}`;
/** A stored run is always measured as `head`: it was the head of its own day. */
function amountText(arm, records) {
	const measured = records.filter((armRecord) => armRecord !== void 0);
	const blocks = measured.flatMap((armRecord) => armRecord.blocks);
	const offered = blocks.reduce((sum, block) => sum + block.offered, 0);
	const runs = measured.length > 1 ? ` of ${measured.length} runs` : "";
	return `${arm} ${offered.toLocaleString("en-US")} requests in ${blocks.length} ${blocks.length === 1 ? "block" : "blocks"}${runs}`;
}
/** Mann–Whitney in words, from the metric nearest to the whole latency distribution. */
function shiftText(metrics) {
	const found = metrics.find(({ comparison }) => comparison.mannWhitney !== void 0);
	const test = found?.comparison.mannWhitney;
	if (found === void 0 || test === void 0) return void 0;
	const { cliffsDelta, p } = test;
	return `Whole ${found.metric.split(".")[0] ?? found.metric} distribution: a head request is slower than a base request in ${formatPercent((1 + cliffsDelta) / 2)} of pairs (50 % is no shift; Cliff's δ ${signed(cliffsDelta)}, ${effectSize(cliffsDelta)}; Mann–Whitney p ${pValue(p)}, one-sided, by block or run).`;
}
/** Romano et al. (2006), Appropriate statistics for ordinal level data: thresholds of |δ|. */
function effectSize(delta) {
	const size = Math.abs(delta);
	return size < .147 ? "negligible" : size < .33 ? "small" : size < .474 ? "medium" : "large";
}
const signed = (value) => `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(2)}`;
const pValue = (p) => p < .001 ? "< 0.001" : `= ${p.toPrecision(2)}`;

// src/core/report/headline.ts
/** What happened, in a line short enough for a heading; the sentences with all numbers follow it as reasons. */
function writeHeadline(verdict, scenarios) {
	const gated = verdict.scenarios.flatMap(({ metrics }) => metrics).filter((metric) => metric.gated);
	const worst = scenarios.flatMap((scenario) => scenario.worst?.verdict === verdict.verdict ? [scenario.worst] : [])[0];
	const others = gated.filter((metric) => metric.verdict === verdict.verdict).length - 1;
	const more = others > 0 ? `, and ${others} more` : "";
	if (verdict.verdict === "no-baseline") return "nothing to compare with";
	if (verdict.verdict === "invalid") return "this run does not count";
	if (verdict.verdict === "fail") return worst === void 0 ? "a gate failed" : `${place$1(worst)} ${howItFailed(worst.comparison)}${more}`;
	if (verdict.verdict === "inconclusive") {
		if (worst === void 0) return "nothing was compared";
		const isLimitOnly = worst.comparison.gate?.regression === void 0;
		return `cannot tell whether ${place$1(worst)} ${isLimitOnly ? "keeps its limit" : "got worse"}${more}`;
	}
	if (gated.every(({ comparison: { gate } }) => gate?.regression === void 0)) return gated.length === 1 ? "the gated metric keeps its limit" : `all ${gated.length} gated metrics keep their limits`;
	const how = coarsePasses(verdict).length > 0 ? "by more than this run can show" : "beyond its gate";
	return gated.length === 1 ? `the gated metric did not get worse ${how}` : `none of ${gated.length} gated metrics got worse ${how}`;
}
const place$1 = ({ metric, comparison }) => `${metric} in ${comparison.scenario}`;
function howItFailed(comparison) {
	const { metric, gate, head, delta, limit } = comparison;
	const definition = METRICS[metric];
	if (isRegression(comparison) && delta !== void 0) return `got worse by ${(delta.scale === "relative" && delta.relative !== void 0 ? formatPercent(Math.abs(delta.relative)) : changeText$1(delta, definition)).replace(/^[+−]/, "")}`;
	const value = limit?.value ?? head?.value;
	if (value === void 0 || gate?.limit === void 0) return "failed its gate";
	return `is ${formatQuantity(value, definition.unit)}, ${definition.better === "lower" ? "over" : "under"} its limit of ${formatQuantity(gate.limit, definition.unit)}`;
}

// src/core/report/next-steps.ts
/** A run beyond this is no step that a pull request can take. */
const LONGEST_S = 7200;
/** One sentence per scenario that more time would decide; empty for a verdict that is decided. */
function stepsToDecide(verdict, suite) {
	return verdict.scenarios.flatMap(({ name, metrics }) => {
		const open = metrics.filter(({ gated, verdict, comparison }) => gated && verdict === "inconclusive" && comparison.moreData !== void 0);
		const factor = Math.max(0, ...open.map(({ comparison }) => comparison.moreData ?? 0));
		const load = suite.scenarios.find((scenario) => scenario.name === name)?.load;
		if (!(factor > 1) || load === void 0) return [];
		const which = open.map(({ metric }) => metric).join(", ");
		const neededS = Math.ceil(load.durationS * factor / 10) * 10;
		return neededS > LONGEST_S ? [`${name}: measuring for longer will not decide ${which} (it would take ${formatDuration(neededS)} per arm); widen its regression, or quiet the noise`] : [`${name}: duration: ${formatDuration(neededS)} instead of ${formatDuration(load.durationS)} would decide ${which} in four runs of five, if the change stays what it is now; a wider regression needs less`];
	});
}

// src/core/report/provenance.ts
/** Where the numbers come from: commits, suite, baseline runs, what was refused and why, amount of data, our own delay. */
function collectFacts({ verdict, suite, heads, baseline }) {
	const digest = heads[0]?.suite.digest;
	return [
		{
			label: "Suite",
			value: digest === void 0 ? suite.name : `${suite.name}, digest ${shortId(digest)}`
		},
		{
			label: "Evidence",
			value: EVIDENCE$1[verdict.evidence]
		},
		...heads.flatMap((run, index) => headFacts(run, heads.length > 1 ? `Head run ${index + 1}` : "Head")),
		...baselineFacts(baseline),
		...baseline.refused.map(({ origin, reason }) => ({
			label: "Refused baseline",
			value: `${origin}: ${reason}`
		})),
		...generatorFacts(heads),
		...heads.slice(0, 1).map(({ tool }) => ({
			label: "Measured with",
			value: tool
		}))
	];
}
/** The first characters of a commit or digest, enough to find it. */
const shortId = (id) => id.slice(0, 10);
const EVIDENCE$1 = {
	live: "live: base and head were driven in turn, so what disturbs one disturbs the other",
	stored: "stored: earlier runs of the base; the spread between runs is in the intervals",
	single: "learning: fewer than three earlier runs, too few to know how much runs differ; a regression gate cannot pass yet",
	none: "none: only fixed limits could be judged"
};
/** What the first head run ran on. */
const environmentFacts = (heads) => Object.entries(heads[0]?.environment ?? {}).map(([label, value]) => ({
	label,
	value
}));
function headFacts(run, label) {
	const { commit, ref, runId, runAttempt } = run.provenance;
	const from = [
		...commit === void 0 ? [] : [`commit ${shortId(commit)}`],
		...ref === void 0 ? [] : [ref],
		...runId === void 0 ? [] : [`run ${runId}${runAttempt === void 0 || runAttempt === "1" ? "" : `, attempt ${runAttempt}`}`],
		`${minute(run.startedAt)}, ${formatDuration((Date.parse(run.finishedAt) - Date.parse(run.startedAt)) / 1e3)}`,
		...run.status === "complete" ? [] : [run.status]
	];
	const identity = run.identity;
	return [{
		label,
		value: from.join(" · ")
	}, ...identity === void 0 ? [] : [{
		label: "Identity",
		value: `${identity.path} answers ${identity.observed}${identity.matches ? ", as expected" : `, expected ${identity.expected}`}`
	}]];
}
function baselineFacts(baseline) {
	if (baseline.kind === "live") return [{
		label: "Baseline",
		value: "the base endpoint of this run"
	}];
	if (baseline.kind === "none") return [{
		label: "Baseline",
		value: baseline.reason
	}];
	return baseline.runs.map(({ origin, record }, index) => {
		const { commit } = record.provenance;
		const known = commit === void 0 || origin.includes(commit.slice(0, 7));
		return {
			label: baseline.runs.length === 1 ? "Baseline" : `Baseline ${index + 1}`,
			value: [
				origin,
				...known ? [] : [`commit ${shortId(commit)}`],
				minute(record.startedAt)
			].join(" · ")
		};
	});
}
/** `2026-11-22T09:00:00.000Z` → `2026-11-22 09:00 UTC`. */
const minute = (iso) => `${iso.slice(0, 16).replace("T", " ")} UTC`;
/** How much of the latency is our own: what a reader who doubts the numbers asks first. */
function generatorFacts(heads) {
	const blocks = heads.flatMap((run) => run.scenarios.flatMap(({ arms }) => ["base", "head"].flatMap((arm) => arms[arm]?.blocks ?? [])));
	const encoded = blocks.flatMap(({ histograms }) => histograms.generator ?? []);
	const measuredS = blocks.reduce((sum, { durationS }) => sum + durationS, 0);
	const bins = mergeBins(encoded.map(decodeBins));
	return [...measuredS > 0 ? [{
		label: "Measured time",
		value: `${formatDuration(measuredS)} over all arms and scenarios`
	}] : [], ...bins.total > 0 ? [{
		label: "Generator's own delay",
		value: `p50 ${formatQuantity(quantileOf(bins, .5) ?? NaN, "s")}, p99 ${formatQuantity(quantileOf(bins, .99) ?? NaN, "s")} (late release and client queue; part of every latency above)`
	}] : []];
}

// src/core/report/stored.ts
/**
* Whether the head becomes a part of the baseline: it was measured where runs are stored, nothing spoiled it, and every
* scenario was answered at least once.
*/
function joinsBaseline({ verdict, heads, artifacts }) {
	const scenarios = heads.flatMap((head) => head.scenarios);
	const isAnswered = scenarios.every(({ arms }) => arms.head?.blocks.some(({ ok }) => ok > 0) ?? false);
	return artifacts?.extendsBaseline === true && verdict.verdict !== "invalid" && scenarios.length > 0 && isAnswered;
}

// src/core/report/reproduce.ts
/**
* Shell commands, one a line: how to decide again from the stored numbers, where it is known where they are kept, and
* how to measure again. What the caller changed by hand (`--set`) is not known here and not in them.
*/
function reproductionCommands(input) {
	const { baseline, suitePath = "suite.yaml" } = input;
	const suite = shellWord(suitePath);
	const again = `tailgate run ${suite} --endpoint "$PREVIEW_URL"`;
	if (baseline.kind === "live") return [`${again} --baseline-endpoint "$BASE_URL"`];
	const [base, head] = [baseline.kind === "stored" ? placesOf$1(baseline.runs, input) : void 0, headPlaces(input)];
	if (base === void 0 || head === void 0) return [again];
	const options = [...base.files.map((file) => `--base ${shellWord(file)}`), ...head.files.map((file) => `--head ${shellWord(file)}`)];
	return [
		...base.commands,
		...head.commands,
		`tailgate compare --suite ${suite} ${options.join(" ")}`,
		again
	];
}
/** Undefined where not every run can be had again. */
function placesOf$1(runs, { artifacts }) {
	const origins = runs.map(({ origin }) => origin);
	if (origins.every((origin) => /^[^\s·]+\.json$/.test(origin))) return {
		files: origins,
		commands: []
	};
	const ids = origins.map((origin) => /^run (\d+) · .*\bartifact \d+$/.exec(origin)?.[1]);
	const known = [...new Set(ids.filter((id) => id !== void 0))];
	if (artifacts === void 0 || known.length < runs.length) return void 0;
	const name = shellWord(artifacts.baseline);
	const download = known.length === 1 ? `gh run download ${known[0]} -n ${name} -D base/${known[0]}` : `for run in ${known.join(" ")}; do gh run download $run -n ${name} -D base/$run; done`;
	return {
		files: known.map((id) => `base/${id}/run.json`),
		commands: [download]
	};
}
function headPlaces(input) {
	const { heads, headPaths, artifacts } = input;
	if (headPaths !== void 0) return headPaths.length === 0 ? void 0 : {
		files: headPaths,
		commands: []
	};
	const id = heads.length === 1 ? heads[0]?.provenance.runId : void 0;
	if (artifacts === void 0 || id === void 0 || !/^\d+$/.test(id)) return void 0;
	return {
		files: ["head/run.json"],
		commands: [`gh run download ${id} -n ${shellWord(joinsBaseline(input) ? artifacts.baseline : artifacts.head)} -D head`]
	};
}
/** A word for a POSIX shell, quoted only where it must be. */
const shellWord = (text) => /^[\w./@%+=:-]+$/.test(text) && !text.startsWith("-") ? text : `'${text.replaceAll("'", `'\\''`)}'`;

// src/core/report/report.ts
/** The default of the command line: nothing unseen ever passes. */
const STRICT_POLICY = {};
/** Same records in, same report out: it holds no date, random id or locale of its own. */
function buildReport(input) {
	const { verdict: run, suite, heads } = input;
	const scenarios = describeScenarios(input);
	const { blocks, sentence } = consequenceOf(run.verdict, input.policy ?? STRICT_POLICY);
	return {
		suiteName: suite.name,
		verdict: run.verdict,
		blocks,
		headline: writeHeadline(run, scenarios),
		consequence: sentence,
		context: contextOf(input),
		reasons: [
			...reasonsOf(run),
			...learningProgress(input),
			...closestCall(run)
		],
		steps: stepsToDecide(run, suite),
		scenarios: scenarios.map(({ name, verdict, load, rows, shift }) => ({
			name,
			verdict,
			load,
			rows,
			shift
		})),
		resources: byUrgency(scenarios.flatMap(({ resources }) => resources)),
		failures: collectFailures(input),
		problems: [...ungatedWarnings(run.scenarios).map(({ scenario, text }) => ({
			severity: "warning",
			text: `${scenario} · ${text}`
		})), ...run.problems.map((problem) => ({
			severity: problem.severity,
			text: [
				problem.scenario,
				problem.arm,
				problem.message
			].filter((part) => part !== void 0).join(" · ")
		}))],
		provenance: collectFacts(input),
		environment: environmentFacts(heads),
		reproduce: reproductionCommands(input)
	};
}
/** verdict.json has one list of sentences; a page has a place of its own for warnings. */
const reasonsOf = ({ reasons, scenarios }) => {
	const warnings = new Set(ungatedWarnings(scenarios).map(({ scenario, text }) => `warning: ${scenario}: ${text}`));
	return reasons.filter((reason) => !warnings.has(reason));
};
/** While too few runs are stored, whether this one is a step ahead. */
function learningProgress(input) {
	const { verdict, baseline } = input;
	if (verdict.evidence !== "single" || baseline.kind !== "stored" || !joinsBaseline(input)) return [];
	return [`this run is stored as well: the next one is compared with ${baseline.runs.length + 1} runs`];
}
function consequenceOf(verdict, policy) {
	if (verdict === "pass") return {
		blocks: false,
		sentence: "May be merged."
	};
	if (policy.tolerated?.verdicts.includes(verdict)) return {
		blocks: false,
		sentence: policy.tolerated.sentence
	};
	if (verdict === "fail") return {
		blocks: true,
		sentence: "Blocks the merge."
	};
	const [input, consequence] = {
		inconclusive: ["on-inconclusive", policy.onInconclusive],
		"no-baseline": ["on-no-baseline", policy.onNoBaseline],
		invalid: ["on-invalid", policy.onInvalid]
	}[verdict];
	if (consequence === void 0) return {
		blocks: true,
		sentence: "Not decided (exit code 3)."
	};
	return consequence === "fail" ? {
		blocks: true,
		sentence: `Not decided, and that blocks the merge (${input}: fail).`
	} : {
		blocks: false,
		sentence: `Not decided; does not block the merge (${input}: ${consequence}).`
	};
}
const EVIDENCE = {
	live: "live evidence (base and head in turn)",
	stored: "stored evidence (earlier runs)",
	single: "weak evidence (fewer than three earlier runs)",
	none: "no evidence to compare with"
};
function contextOf({ verdict, suite, heads }) {
	const gates = verdict.scenarios.flatMap(({ metrics }) => metrics).filter(({ gated }) => gated).length;
	const commit = heads[0]?.provenance.commit;
	return [
		`suite ${suite.name}`,
		...commit === void 0 ? [] : [`commit ${shortId(commit)}`],
		`${gates} ${gates === 1 ? "gate" : "gates"}`,
		EVIDENCE[verdict.evidence]
	].join(" · ");
}

// src/core/record/recorder.ts
const GRACE_NS = 6e10;
/**
* @param blocks ascending and gapless; empty for a segment of which only the examples matter.
* @param segmentStartS start of the segment, in seconds since the start of the run.
*/
function openRecorder(blocks, segmentStartS) {
	const states = blocks.map(openBlock);
	const examples = {};
	let oldest = 0;
	return {
		examples,
		add(outcome) {
			const { result } = outcome;
			if (result.kind === "failed") examples[result.why] ??= result.detail;
			if (states.length > 0) fold$1(blockOf(states, outcome.intendedNs), outcome);
		},
		advance(nowNs) {
			const block = states[oldest];
			if (block === void 0 || block.startNs + block.slot.durationS * 1e9 + GRACE_NS > nowNs) return;
			const name = block.open.keys().next().value;
			if (name === void 0) oldest++;
			else encode(block, name);
		},
		finish: () => states.map((block) => record(block, segmentStartS))
	};
}
const openBlock = (slot) => ({
	slot,
	startNs: Math.round(slot.startS * 1e9),
	offered: 0,
	ok: 0,
	failures: {},
	tokens: void 0,
	open: /* @__PURE__ */ new Map(),
	folded: /* @__PURE__ */ new Map()
});
/** The last block that starts at or before `intendedNs`: what rounding leaves after the last block's end is the last block's. */
function blockOf(blocks, intendedNs) {
	let [low, high] = [0, blocks.length];
	while (high - low > 1) {
		const middle = low + high >>> 1;
		if (blocks[middle].startNs <= intendedNs) low = middle;
		else high = middle;
	}
	const block = blocks[low];
	if (!(block.startNs <= intendedNs)) throw new RangeError(`an outcome intended for ${intendedNs} ns lies in no block`);
	return block;
}
function fold$1(block, outcome) {
	const { result, intendedNs, dispatchedNs, attemptNs, wireNs, connectNs, dnsNs, tlsNs, firstByteNs, endNs } = outcome;
	const put = (name, ns) => {
		if (ns === void 0) return;
		let distribution = block.open.get(name);
		if (distribution === void 0) block.open.set(name, distribution = new Distribution());
		distribution.recordNs(ns);
	};
	block.offered++;
	put("latency", latencyNs(outcome));
	put("service", serviceNs(outcome));
	if (result.kind === "ok" || result.why !== "overflow") {
		const latenessNs = dispatchedNs - intendedNs;
		const queueNs = wireNs === void 0 ? void 0 : wireNs - attemptNs - (connectNs ?? 0);
		put("lateness", latenessNs);
		put("clientQueue", queueNs);
		put("generator", latenessNs + (queueNs ?? 0));
	}
	put("connect", connectNs);
	put("dns", dnsNs);
	put("tls", tlsNs);
	if (wireNs !== void 0 && firstByteNs !== void 0) put("firstByte", firstByteNs - wireNs);
	if (firstByteNs !== void 0 && result.kind === "ok") put("transfer", endNs - firstByteNs);
	if (result.kind === "failed") {
		block.failures[result.why] = (block.failures[result.why] ?? 0) + 1;
		return;
	}
	block.ok++;
	const { stream, usageTokens } = result;
	if (usageTokens !== void 0) countTokens(block, usageTokens, "usage");
	if (stream === void 0) return;
	countTokens(block, stream.tokens, stream.tokensFrom);
	put("ttft", stream.firstTokenNs - intendedNs);
	for (const gapNs of stream.gapsNs) put("itl", gapNs);
	if (stream.tokens > 1) put("tpot", (stream.lastTokenNs - stream.firstTokenNs) / (stream.tokens - 1));
}
function countTokens(block, tokens, from) {
	const before = block.tokens ?? {
		output: 0,
		from
	};
	block.tokens = {
		output: before.output + tokens,
		from: before.from === from ? from : "mixed"
	};
}
function encode(block, name) {
	const distribution = block.open.get(name);
	if (distribution === void 0) return;
	const before = block.folded.get(name);
	if (before !== void 0) distribution.addEncoded(before);
	block.folded.set(name, distribution.encode());
	block.open.delete(name);
}
function record(block, segmentStartS) {
	for (const name of DISTRIBUTIONS) encode(block, name);
	const { slot, offered, ok, failures, tokens, folded } = block;
	return {
		index: slot.index,
		pair: slot.pair,
		startS: segmentStartS + slot.startS,
		durationS: slot.durationS,
		offered,
		ok,
		failures: { ...failures },
		tokens,
		histograms: Object.fromEntries(DISTRIBUTIONS.flatMap((name) => folded.has(name) ? [[name, folded.get(name)]] : [])),
		gauges: {}
	};
}

// src/core/record/validity.ts
/** Our own delay may be this much of the median, or this many seconds if that is more. */
const MEDIAN = {
	share: .02,
	seconds: .001
};
/** Our own delay's part of the 99th percentile: from here on it is worth a warning, */
const TAIL_NOTICE = {
	share: .05,
	seconds: .001
};
/** and from here on the percentile says more about the runner than about the endpoint. */
const TAIL = {
	share: .5,
	seconds: .005
};
const SENT_SHARE = .99;
/**
* Whether the load generator, rather than the endpoint, made the numbers of a scenario. Looks at each arm by itself,
* over all its blocks:
*
* - `no-requests` (invalid): nothing was offered, so nothing can be said.
* - `rate-not-reached` (invalid): an open loop sent less than 99 % of its arrivals.
* - `generator-late`: our own delay (release and HTTP client) is material. Invalid if its median exceeds 1 ms and 2 % of
*   the median latency, or if it makes up more than 5 ms and half of the 99th percentile of latency; a warning above 1 ms
*   and 5 % of that percentile. Its part of the percentile is what latency's exceeds service time's, at most its own.
* - `all-failed` (warning): latency has no data; `errors.ratio` has all.
*
* @returns in the order base, head; empty for a clean scenario.
*/
function generatorProblems(scenario) {
	const arms = ["base", "head"].flatMap((arm) => scenario.arms[arm] === void 0 ? [] : [[arm, scenario.arms[arm]]]);
	if (arms.length === 0) return [{
		...noRequests("no endpoint"),
		scenario: scenario.name
	}];
	return arms.flatMap(([arm, record]) => [...deliveryProblems(scenario, arm, record), ...delayProblems(arm, record)].map((problem) => ({
		...problem,
		scenario: scenario.name,
		arm
	})));
}
const noRequests = (whom) => ({
	severity: "invalid",
	code: "no-requests",
	message: `${whom} was offered a request; raise the rate or the duration of the load`
});
function deliveryProblems(scenario, arm, { blocks, examples }) {
	const offered = sum(blocks.map((block) => block.offered));
	if (offered === 0) return [noRequests(`the ${arm} endpoint never`)];
	const problems = [];
	const sent = offered - sum(blocks.map(({ failures }) => failures.overflow ?? 0));
	if (scenario.load.kind === "open" && sent < SENT_SHARE * offered) {
		const message = `only ${sent} of ${offered} requests (${formatPercent(sent / offered)}) could be sent to the ${arm} endpoint, because target.max-in-flight was reached; the endpoint does not keep up with the rate: lower the rate, or raise max-in-flight if so many waiting requests are meant to be measured`;
		problems.push({
			severity: "invalid",
			code: "rate-not-reached",
			message
		});
	}
	if (blocks.every(({ ok }) => ok === 0)) {
		const [most] = FAILURE_KINDS.map((kind) => [kind, sum(blocks.map(({ failures }) => failures[kind] ?? 0))]).toSorted(([, a], [, b]) => b - a)[0];
		const message = `all ${offered} requests to the ${arm} endpoint failed, most of them with "${most}"${examples[most] === void 0 ? "" : `: ${examples[most]}`}; latency has no data beyond timeouts`;
		problems.push({
			severity: "warning",
			code: "all-failed",
			message
		});
	}
	return problems;
}
function delayProblems(arm, { blocks }) {
	const merged = (name) => mergeBins(blocks.flatMap(({ histograms }) => histograms[name] === void 0 ? [] : [decodeBins(histograms[name])]));
	const [generator, latency, service] = [
		merged("generator"),
		merged("latency"),
		merged("service")
	];
	const problem = (severity, finding) => [{
		severity,
		code: "generator-late",
		message: `${finding}; ${severity === "invalid" ? "use a runner with more free cores, lower the rate, or move the load away from the endpoint's machine" : "a runner with more free cores would measure the tail more sharply"}`
	}];
	const delayP50 = quantileOf(generator, .5);
	const latencyP50 = quantileOf(latency, .5);
	if (delayP50 !== void 0 && latencyP50 !== void 0 && exceeds(delayP50, latencyP50, MEDIAN)) return problem("invalid", `half of the requests to the ${arm} endpoint left this machine more than ${seconds$1(delayP50)} late, with a median latency of ${seconds$1(latencyP50)}: the load generator cannot keep up`);
	const [delayP99, latencyP99, serviceP99] = [
		generator,
		latency,
		service
	].map((bins) => quantileOf(bins, .99));
	if (delayP99 === void 0 || latencyP99 === void 0 || serviceP99 === void 0) return [];
	const ours = Math.min(delayP99, latencyP99 - serviceP99);
	if (!exceeds(ours, latencyP99, TAIL_NOTICE)) return [];
	const finding = `of the 99th percentile of the ${arm} endpoint's latency, ${seconds$1(latencyP99)}, about ${seconds$1(ours)} is this machine's own delay`;
	return problem(exceeds(ours, latencyP99, TAIL) ? "invalid" : "warning", finding);
}
const exceeds = (ours, latency, limit) => ours > Math.max(limit.seconds, limit.share * latency);
const sum = (values) => values.reduce((total, value) => total + value, 0);
const seconds$1 = (value) => formatQuantity(value, "s");

// src/core/telemetry/dcgm.ts
/** Activity is measured, not counted: it overshoots 1 by a little. On MIG it can be far beyond (DCGM issue 152): dropped. */
const ACTIVITY = {
	level: "instance",
	over: "mean",
	scale: 1,
	valid: [0, 1.05],
	cap: 1
};
const FIELDS = [
	{
		names: ["DCGM_FI_PROF_SM_ACTIVE", "DCGM_FI_PROF_SM_UTIL_RATIO"],
		metrics: ["gpu.sm_activity"],
		...ACTIVITY
	},
	{
		names: ["DCGM_FI_PROF_PIPE_TENSOR_ACTIVE", "DCGM_FI_PROF_TENSOR_UTIL_RATIO"],
		metrics: ["gpu.tensor_activity"],
		...ACTIVITY
	},
	{
		names: ["DCGM_FI_PROF_DRAM_ACTIVE", "DCGM_FI_PROF_DRAM_UTIL_RATIO"],
		metrics: ["gpu.dram_activity"],
		...ACTIVITY
	},
	{
		names: ["DCGM_FI_DEV_FB_USED"],
		metrics: ["gpu.memory.used", "gpu.memory.peak"],
		level: "instance",
		over: "sum",
		scale: 1024 ** 2,
		valid: [0, 0x9184e72a000]
	},
	{
		names: ["DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_BOARD_POWER_WATTS"],
		metrics: ["gpu.power"],
		level: "gpu",
		over: "sum",
		scale: 1,
		valid: [0, 1e4]
	},
	{
		names: ["DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_GPU_TEMP_CELSIUS"],
		metrics: ["gpu.temperature"],
		level: "gpu",
		over: "max",
		scale: 1,
		valid: [-50, 200]
	},
	{
		names: ["DCGM_FI_DEV_SM_CLOCK"],
		metrics: ["gpu.sm_clock"],
		level: "gpu",
		over: "mean",
		scale: 1e6,
		valid: [0, 1e10]
	}
];
/**
* Utilization is 0 to 100 under the old name. Under the new one the name says ratio, and the field it aliases counts
* percent: which of them is sent shows only over many samples, see {@link settleScrapes}. On MIG it is absent or
* 0, and the graphics engine's activity tells the same.
*/
const UTILIZATION = {
	names: ["DCGM_FI_DEV_GPU_UTIL"],
	metrics: ["gpu.utilization"],
	...ACTIVITY,
	scale: .01
};
const UTILIZATION_RATIO = {
	...UTILIZATION,
	names: ["DCGM_FI_DEV_GPU_UTIL_RATIO"],
	scale: 1,
	valid: [0, 100],
	cap: 100
};
const ENGINE_ACTIVITY = {
	...UTILIZATION,
	names: ["DCGM_FI_PROF_GR_ENGINE_ACTIVE", "DCGM_FI_PROF_GR_ENGINE_UTIL_RATIO"],
	scale: 1
};
const ENERGY_MJ = ["DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"];
const XID = ["DCGM_FI_DEV_XID_ERRORS", "DCGM_FI_DEV_XID_ERROR"];
const THROTTLE = ["DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "DCGM_FI_DEV_CLOCKS_EVENT_REASONS"];
const THERMAL_NS = ["DCGM_FI_DEV_THERMAL_VIOLATION"];
const KNOWN = /* @__PURE__ */ new Set([...[
	...FIELDS,
	UTILIZATION,
	UTILIZATION_RATIO,
	ENGINE_ACTIVITY
].flatMap(({ names }) => names), ...[
	ENERGY_MJ,
	XID,
	THROTTLE,
	THERMAL_NS
].flat()]);
/** Collectors such as OpenTelemetry's append `_total` to counters. */
const bareName = (name) => name.endsWith("_total") ? name.slice(0, -6) : name;
const isDcgmField = (name) => KNOWN.has(bareName(name));
/**
* DCGM's exposition → our metrics over all GPUs it names.
*
* A GPU is (host, UUID, MIG instance): the index alone collides between hosts. A GPU listed more than once (one row
* per pod that shares it) counts once. A GPU without a usable value for a metric is left out of it, and `gpusCounted`
* says over how many the rest is taken, see {@link settleScrapes}.
*/
function readDcgm(samples) {
	const split = splitGpus(samples);
	const byName = Map.groupBy(samples, ({ name }) => bareName(name));
	const values = (names, level, read) => {
		const highest = /* @__PURE__ */ new Map();
		for (const { labels, value } of names.flatMap((name) => byName.get(name) ?? [])) {
			const key = keyOf(labels, level);
			const converted = read(value);
			if (converted === void 0 || level === "instance" && split.has(key)) continue;
			highest.set(key, Math.max(converted, highest.get(key) ?? Number.NEGATIVE_INFINITY));
		}
		return highest;
	};
	const gauges = {};
	const gpusCounted = {};
	const utilization = split.size > 0 ? [ENGINE_ACTIVITY] : [
		ENGINE_ACTIVITY,
		UTILIZATION_RATIO,
		UTILIZATION
	];
	for (const field of [...utilization, ...FIELDS]) {
		const byGpu = values(field.names, field.level, (value) => usable(value * field.scale, field));
		if (byGpu.size === 0) continue;
		const value = aggregate$1([...byGpu.values()], field.over);
		for (const metric of field.metrics) {
			gauges[metric] = value;
			gpusCounted[metric] = byGpu.size;
		}
	}
	const counter = (value) => isBlank(value) || value < 0 ? void 0 : value;
	return {
		gauges,
		gpusCounted,
		energyJ: Object.fromEntries([...values(ENERGY_MJ, "gpu", counter)].map(([key, mJ]) => [key, mJ / 1e3])),
		gpus: gpusOf(samples, split),
		lastXid: Object.fromEntries(values(XID, "gpu", counter)),
		throttleBits: Object.fromEntries(values(THROTTLE, "gpu", counter)),
		thermalViolationNs: Object.fromEntries(values(THERMAL_NS, "gpu", counter))
	};
}
/**
* What only all scrapes of one source together can tell.
*
* - A gauge that one scrape took over fewer GPUs than another did is dropped from it: exporters leave out a GPU whose
*   value is blank at the moment, and the sum over the others would look like an improvement.
* - Utilization above 1 anywhere says that this source counts to 100: no ratio is above 1. Deciding per scrape would
*   read one percent as fully busy.
*/
function settleScrapes(scrapes) {
	const most = {};
	for (const { scrape } of scrapes) for (const [metric, count] of entries(scrape.gpusCounted)) most[metric] = Math.max(count, most[metric] ?? 0);
	const percent = scrapes.some(({ scrape }) => (scrape.gauges["gpu.utilization"] ?? 0) > 1 && scrape.gpusCounted["gpu.utilization"]);
	return scrapes.map((timed) => {
		const { scrape } = timed;
		const gauges = entries(scrape.gauges).filter(([metric]) => scrape.gpusCounted[metric] === most[metric]).map(([metric, value]) => [metric, percent && metric === "gpu.utilization" ? value / 100 : value]);
		return {
			...timed,
			scrape: {
				...scrape,
				gauges: Object.fromEntries(gauges)
			}
		};
	});
}
const entries = (record) => Object.entries(record);
/** The GPUs that are split into MIG instances: their instances represent them, or their memory would count twice. */
const splitGpus = (samples) => new Set(samples.flatMap(({ labels }) => keyOf(labels, "instance") === keyOf(labels, "gpu") ? [] : keyOf(labels, "gpu")));
function gpusOf(samples, split) {
	const seen = /* @__PURE__ */ new Map();
	for (const { labels } of samples) {
		const key = keyOf(labels, "instance");
		const uuid = labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device;
		if (uuid === void 0 || split.has(key)) continue;
		const known = seen.get(key);
		const driver = known?.driver ?? labels.DCGM_FI_DRIVER_VERSION ?? labels.DCGM_FI_SYSTEM_DRIVER_VERSION;
		seen.set(key, {
			key,
			uuid,
			model: known?.model ?? labels.modelName,
			driver
		});
	}
	return [...seen.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}
function keyOf(labels, level) {
	const gpu = `${labels.hostname ?? labels.Hostname ?? ""}/${labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device ?? ""}`;
	return level === "instance" && labels.GPU_I_ID ? `${gpu}/${labels.GPU_I_ID}` : gpu;
}
/** DCGM's "no value": INT64 2^63 − 16 … −13, which all read as 2^63 here, and FP64 2^47 … 2^47 + 3. NaN is one, too. */
const isBlank = (value) => !Number.isFinite(value) || value >= 0x7facf7419d980000 || value >= 2 ** 47 && value <= 2 ** 47 + 3;
const usable = (value, { valid: [low, high], cap }) => value >= low && value <= high ? Math.min(value, cap ?? value) : void 0;
function aggregate$1(values, over) {
	if (over === "max") return Math.max(...values);
	const sum = values.reduce((total, value) => total + value, 0);
	return over === "sum" ? sum : sum / values.length;
}

// src/core/telemetry/exposition.ts
/**
* @param keep which metric names to read. The rest of a line whose name is not kept is not looked at, which makes a
*             large exposition cheap to read for the one or two series somebody needs.
*/
function parseExposition(text, keep = () => true) {
	const body = unquoted(text);
	const timestampScale = body.trimEnd().endsWith("# EOF") ? 1e3 : 1;
	const samples = [];
	let lines = 0;
	let first;
	for (let start = 0, number = 1; start < body.length; number++) {
		let end = body.indexOf("\n", start);
		if (end < 0) end = body.length;
		const line = body.slice(start, end).trim();
		start = end + 1;
		if (line === "" || line.startsWith("#")) continue;
		const read = parseLine(line, keep, timestampScale);
		if (read === "broken") {
			lines++;
			first ??= {
				line: number,
				text: line.slice(0, 120)
			};
		} else if (read !== "skipped") samples.push(read);
	}
	return {
		samples,
		broken: {
			lines,
			first
		}
	};
}
/** llama.cpp has answered with the exposition as one JSON string. */
function unquoted(text) {
	const trimmed = text.trim();
	if (!trimmed.startsWith("\"") || !trimmed.endsWith("\"")) return text;
	try {
		const parsed = JSON.parse(trimmed);
		return typeof parsed === "string" ? parsed : text;
	} catch {
		return text;
	}
}
function parseLine(line, keep, timestampScale) {
	let at = indexOfAny(line, "{ 	", 0);
	let name = line.slice(0, at);
	if (name !== "" && !NAME.test(name)) return "broken";
	if (name !== "" && !keep(name)) return "skipped";
	at = skipBlanks(line, at);
	let labels = {};
	if (line[at] === "{") {
		const set = parseLabels(line, at + 1);
		if (set === void 0) return "broken";
		labels = Object.fromEntries(set.labels);
		if (name === "" && set.name !== void 0) name = set.name;
		at = set.end;
	}
	if (name === "") return "broken";
	if (!keep(name)) return "skipped";
	const [valueText = "", timeText, ...rest] = line.slice(at).trim().split(/[ \t]+/);
	const value = numberOf(valueText);
	if (value === void 0) return "broken";
	if (timeText === void 0 || timeText.startsWith("#")) return {
		name,
		labels,
		value,
		timestampMs: void 0
	};
	const time = numberOf(timeText);
	if (time === void 0 || !Number.isFinite(time) || rest[0] !== void 0 && !rest[0].startsWith("#")) return "broken";
	return {
		name,
		labels,
		value,
		timestampMs: time * timestampScale
	};
}
/** A dot is not in the specification and is sent all the same. */
const NAME = /^[A-Za-z_:][\w:.]*$/;
/** Reads from behind `{` to behind `}`. A quoted string without a value is the metric's name (Prometheus 3). */
function parseLabels(line, start) {
	const labels = [];
	let name;
	let at = skipBlanks(line, start);
	while (line[at] !== "}") {
		const key = line[at] === "\"" ? parseQuoted(line, at) : bareWord(line, at);
		if (key === void 0 || key.text === "") return void 0;
		at = skipBlanks(line, key.end);
		if (line[at] === "=") {
			const value = parseQuoted(line, skipBlanks(line, at + 1));
			if (value === void 0) return void 0;
			labels.push([key.text, value.text]);
			at = skipBlanks(line, value.end);
		} else if (line[key.end - 1] === "\"" && name === void 0) name = key.text;
		else return void 0;
		if (line[at] === ",") at = skipBlanks(line, at + 1);
		else if (line[at] !== "}") return void 0;
	}
	return {
		labels,
		name,
		end: at + 1
	};
}
function bareWord(line, start) {
	const end = indexOfAny(line, "=,}\" 	", start);
	return {
		text: line.slice(start, end),
		end
	};
}
/** A string in double quotes with the escapes `\\`, `\"` and `\n`; any other backslash stands for itself. */
function parseQuoted(line, start) {
	if (line[start] !== "\"") return void 0;
	let text = "";
	let from = start + 1;
	for (let at = from; at < line.length; at++) {
		if (line[at] === "\"") return {
			text: text + line.slice(from, at),
			end: at + 1
		};
		if (line[at] !== "\\") continue;
		const escaped = line[at + 1];
		const meant = escaped === "n" ? "\n" : escaped === "\\" || escaped === "\"" ? escaped : void 0;
		if (meant !== void 0) {
			text += line.slice(from, at) + meant;
			from = at + 2;
		}
		at++;
	}
}
function numberOf(text) {
	if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
	if (/^[+-]?nan$/i.test(text)) return NaN;
	if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
function indexOfAny(line, characters, start) {
	let at = start;
	while (at < line.length && !characters.includes(line[at])) at++;
	return at;
}
function skipBlanks(line, start) {
	let at = start;
	while (line[at] === " " || line[at] === "	") at++;
	return at;
}

// src/core/telemetry/selector.ts
/** Is this series named by any selector? Names match exactly: `num_requests_waiting` is a prefix of another series. */
function selectsSeries(metrics) {
	const names = new Set(Object.values(metrics).map((selector) => selector.series));
	return (name) => names.has(name);
}
/**
* Reads our metrics out of any exposition. A metric is absent when no series matches, or when one that matches is NaN
* or infinite: a sum over the rest would be a different quantity.
*
* `gpu.energy_per_request` selects counters of energy (`scale` brings them to joules); the division by requests comes
* later, when the counters are cut to blocks.
*/
function readSelected(samples, metrics) {
	const gauges = {};
	const energyJ = {};
	for (const [metric, selector] of Object.entries(metrics)) {
		if (!isMetricName(metric)) continue;
		const matching = samples.filter((sample) => matches(sample, selector));
		if (matching.length === 0 || !matching.every((sample) => Number.isFinite(sample.value))) continue;
		if (metric === "gpu.energy_per_request") {
			for (const sample of matching) energyJ[seriesKey(sample)] = sample.value * selector.scale;
			continue;
		}
		gauges[metric] = aggregate(matching, selector.aggregate) * selector.scale;
	}
	return {
		gauges,
		gpusCounted: {},
		energyJ,
		gpus: [],
		lastXid: {},
		throttleBits: {},
		thermalViolationNs: {}
	};
}
const matches = (sample, selector) => sample.name === selector.series && Object.entries(selector.labels).every(([label, value]) => sample.labels[label] === value);
function aggregate(samples, how) {
	if (how === "max") return samples.reduce((highest, { value }) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
	const sum = samples.reduce((total, { value }) => total + value, 0);
	return how === "sum" ? sum : sum / samples.length;
}
const seriesKey = ({ name, labels }) => JSON.stringify([name, Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1)]);

// src/core/telemetry/scrape.ts
/** Reads the text a source answered with. Never throws. */
function readScrape(source, text) {
	const { samples, broken } = parseExposition(text, source.kind === "dcgm" ? isDcgmField : selectsSeries(source.metrics));
	const scrape = source.kind === "dcgm" ? readDcgm(samples) : readSelected(samples, source.metrics);
	if (Object.keys(scrape.gauges).length > 0 || Object.keys(scrape.energyJ).length > 0) return {
		kind: "scrape",
		scrape
	};
	if (samples.length > 0) return {
		kind: "useless",
		why: "the expected series are there and hold no usable value"
	};
	if (broken.first !== void 0) return {
		kind: "useless",
		why: `the answer is not a Prometheus exposition: line ${broken.first.line} reads "${broken.first.text}"`
	};
	return {
		kind: "useless",
		why: `the answer holds none of the expected series (${expectedSeries(source)})`
	};
}
/** A telemetry URL as it may be shown: no user, password or query. */
function shownUrl(url) {
	if (!URL.canParse(url)) return "(not a URL)";
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
}
function expectedSeries(source) {
	if (source.kind === "dcgm") return "names that begin with DCGM_FI_";
	return [...new Set(Object.values(source.metrics).map((selector) => selector.series))].join(", ");
}

// src/core/telemetry/energy.ts
/**
* How much a counter rose between two moments, interpolated linearly at both edges. A reading below the one before it
* means that the counter restarted from zero in between.
*
* @param maxGapNs the readings around an edge, and any two inside, may lie this far apart at most.
* @returns ≥ 0, in the counter's unit; undefined when the readings do not reach over both edges or have a larger gap:
*          then the increase is not known. O(number of readings).
*
* Source: the design of InferenceX, utils/aggregate_power.py (interpolation at the window's edges, limit on gaps).
*/
function counterIncrease(readings, startNs, endNs, maxGapNs) {
	let total = 0;
	let from;
	for (let i = 1; i < readings.length; i++) {
		const before = readings[i - 1];
		const after = readings[i];
		const step = after.value >= before.value ? after.value - before.value : after.value;
		if (after.atNs >= startNs && before.atNs <= endNs && after.atNs - before.atNs > maxGapNs) return void 0;
		const until = (edgeNs) => total + step * share(before.atNs, edgeNs, after.atNs);
		if (from === void 0 && before.atNs <= startNs && startNs <= after.atNs) from = until(startNs);
		if (from !== void 0 && endNs <= after.atNs) return until(endNs) - from;
		total += step;
	}
}
const share = (fromNs, atNs, toNs) => toNs === fromNs ? 1 : Math.min(1, Math.max(0, Number(atNs - fromNs) / Number(toNs - fromNs)));

// src/core/telemetry/timeline.ts
/** Readings further apart than this tell nothing about the time between them. */
const maxGapNs = (intervalS) => BigInt(Math.ceil(Math.max(3, 3 * intervalS) * 1e9));
/** The scrapes inside [startNs, endNs]. O(log of all scrapes + result). */
function scrapesInside(scrapes, startNs, endNs) {
	return scrapes.slice(firstIndex(scrapes, (atNs) => atNs >= startNs), firstIndex(scrapes, (atNs) => atNs > endNs));
}
/** The windows a source tells about, ascending in time. */
const windowsOf = ({ arm }, windows) => windows.filter((window) => arm === "both" || arm === window.arm).sort((a, b) => a.startNs < b.startNs ? -1 : 1);
function firstIndex(scrapes, reached) {
	let low = 0;
	let high = scrapes.length;
	while (low < high) {
		const middle = low + high >> 1;
		if (reached(scrapes[middle].atNs)) high = middle;
		else low = middle + 1;
	}
	return low;
}

// src/core/telemetry/gpu-health.ts
/** Bits of NVML's clocks event reasons that mean "the GPU was slowed down against its will". */
const SLOWDOWNS = [
	[8, "hardware slowdown"],
	[32, "software thermal slowdown"],
	[64, "hardware thermal slowdown"],
	[128, "power brake"]
];
/** Running at the power limit is how large GPUs work under full load: worth a line, not a reason to discard the run. */
const POWER_CAP = 4;
/**
* The state of one source's GPUs from its first measured block to its last. Invalid: the set of GPUs changed, a GPU was
* throttled, a new Xid (an error report of NVIDIA's driver) came. An Xid from before the run is a warning: exporters
* keep showing the last one for as long as they live.
*
* @param windows ascending in time, at least one.
*/
function gpuProblems(source, windows) {
	const { startNs } = windows[0];
	const { endNs } = windows.at(-1);
	const during = scrapesInside(source.scrapes, startNs, endNs).map(({ scrape }) => scrape);
	const before = source.scrapes.filter(({ atNs }) => atNs < startNs).map(({ scrape }) => scrape);
	const measured = windows.flatMap((window) => scrapesInside(source.scrapes, window.startNs, window.endNs)).map(({ scrape }) => scrape);
	const found = [];
	const add = (severity, code, message) => found.push({
		severity,
		code,
		message: `${message} (${shownUrl(source.url)})`,
		...source.arm === "both" ? {} : { arm: source.arm }
	});
	const first = during[0];
	const changed = during.find(({ gpus }) => keysOf(gpus) !== keysOf(first.gpus));
	if (first !== void 0 && changed !== void 0) add("invalid", "gpu-set-changed", `the GPUs changed during the run: ${shownGpus(first.gpus)}, then ${shownGpus(changed.gpus)}`);
	for (const [mask, name] of SLOWDOWNS) {
		const share = shareOf(measured.map(({ throttleBits }) => Object.values(throttleBits).some((bits) => hasBit(bits, mask))));
		if (share > 0) add("invalid", "gpu-throttled", `a GPU was throttled (${name}) in ${percent(share)} of the samples`);
	}
	const heat = /* @__PURE__ */ new Set();
	for (const window of windows) {
		const [start, ...later] = scrapesInside(source.scrapes, window.startNs, window.endNs);
		for (const [key, ns] of Object.entries(start?.scrape.thermalViolationNs ?? {})) if (later.some(({ scrape }) => (scrape.thermalViolationNs[key] ?? ns) > ns)) heat.add(key);
	}
	if (heat.size > 0) add("invalid", "gpu-throttled", `heat slowed ${[...heat].join(", ")} during the measured blocks`);
	const capped = shareOf(measured.map(({ throttleBits }) => Object.values(throttleBits).some((bits) => hasBit(bits, POWER_CAP))));
	if (capped > 0) add("warning", "gpu-power-capped", `a GPU ran at its power limit in ${percent(capped)} of the samples`);
	const known = before.at(-1)?.lastXid ?? first?.lastXid ?? {};
	const seen = /* @__PURE__ */ new Set();
	for (const { lastXid } of during) for (const [key, xid] of Object.entries(lastXid)) {
		const isNew = xid !== 0 && xid !== (known[key] ?? 0);
		const message = isNew ? `Xid ${xid} on ${key} during the run` : `${key} reports Xid ${xid} from before the run`;
		if (xid === 0 || seen.has(message)) continue;
		seen.add(message);
		add(isNew ? "invalid" : "warning", "gpu-xid", message);
	}
	return found;
}
/**
* For the record's environment, where the telemetry says so: `gpu.models` and `gpu.driver` of the head, and
* `gpu.uuids.base`/`gpu.uuids.head`, which tell whether both arms ran on the same GPUs.
*/
function gpuEnvironment(sources) {
	const gpusOf = (arm) => {
		const gpus = sources.filter((source) => source.arm === "both" || source.arm === arm).flatMap(({ scrapes }) => scrapes.find(({ scrape }) => scrape.gpus.length > 0)?.scrape.gpus ?? []);
		return [...new Map(gpus.map((gpu) => [gpu.key, gpu])).values()];
	};
	const [base, head] = [gpusOf("base"), gpusOf("head")];
	const listed = (key, values) => {
		const known = [...new Set(values)].filter((value) => value !== void 0).sort();
		return known.length === 0 ? {} : { [key]: known.join(", ") };
	};
	return {
		...listed("gpu.driver", head.map(({ driver }) => driver)),
		...head.length === 0 ? {} : { "gpu.models": shownModels(head) },
		...listed("gpu.uuids.base", base.map(({ key }) => key)),
		...listed("gpu.uuids.head", head.map(({ key }) => key))
	};
}
function shownModels(gpus) {
	const counts = /* @__PURE__ */ new Map();
	for (const { model } of gpus) counts.set(model ?? "unknown model", (counts.get(model ?? "unknown model") ?? 0) + 1);
	return [...counts].sort(([a], [b]) => a < b ? -1 : 1).map(([model, count]) => `${count} × ${model}`).join(", ");
}
const keysOf = (gpus) => gpus.map(({ key }) => key).join("\n");
const shownGpus = (gpus) => gpus.length === 0 ? "none" : gpus.map(({ key }) => key).join(", ");
const shareOf = (flags) => flags.length === 0 ? 0 : flags.filter(Boolean).length / flags.length;
const percent = (share) => `${Math.max(1, Math.round(share * 100))} %`;
/** Bit masks arrive as doubles and may lie above 2^31. */
const hasBit = (bits, mask) => (BigInt(Math.trunc(bits)) & BigInt(mask)) !== 0n;

// src/core/telemetry/health.ts
/** Fewer than this share of the samples that a source should have given in the measured blocks, and it counts as lost. */
const ENOUGH = .8;
/**
* What is wrong with the telemetry of a run: samples that are missing, too coarse or contradict one another
* (warnings: the load was measured all the same), and GPUs that were not in the state a comparison needs (invalid).
*/
function telemetryProblems(sources, windows) {
	return [
		...sources.flatMap((source) => {
			const own = windowsOf(source, windows);
			return own.length === 0 ? [] : {
				source,
				windows: own
			};
		}).flatMap(({ source, windows: own }) => [...samplingProblems(source, own), ...gpuProblems(source, own)]),
		...overlaps(sources),
		...differentGpus(sources)
	];
}
const problem$1 = (source, severity, code, message) => ({
	severity,
	code,
	message,
	...source.arm === "both" ? {} : { arm: source.arm }
});
function samplingProblems(source, windows) {
	const where = `${source.source.kind} ${shownUrl(source.url)}`;
	const measuredS = windows.reduce((total, { startNs, endNs }) => total + Number(endNs - startNs) / 1e9, 0);
	const inside = windows.map(({ startNs, endNs }) => scrapesInside(source.scrapes, startNs, endNs));
	const got = inside.reduce((total, scrapes) => total + scrapes.length, 0);
	const expected = Math.max(1, Math.floor(measuredS / source.source.intervalS));
	const because = source.firstFailure === void 0 ? "" : `; first failure: ${source.firstFailure}`;
	if (got < ENOUGH * expected) {
		const message = `${where} gave ${got} of ${expected} expected samples in the measured blocks${because}`;
		return [problem$1(source, "warning", "telemetry-lost", message)];
	}
	const found = [];
	const empty = inside.filter((scrapes) => scrapes.length === 0).length;
	const gapS = longestGapS(source, windows);
	if (gapS > Number(maxGapNs(source.source.intervalS)) / 1e9) {
		const message = `${where} was silent for ${gapS.toFixed(1)} s during the measured blocks${because}`;
		found.push(problem$1(source, "warning", "telemetry-gap", message));
	} else if (empty > 0 && got >= 2 * windows.length) {
		const message = `${where} gave no sample in ${empty} of ${windows.length} blocks${because}`;
		found.push(problem$1(source, "warning", "telemetry-gap", message));
	}
	const fresh = inside.reduce((total, scrapes) => total + freshScrapes(scrapes), 0);
	if (Math.min(got, fresh) < 2 * windows.length) {
		const few = Math.min(got, fresh);
		const cause = fresh < got ? "its values change more slowly than it is asked" : `it is asked every ${source.source.intervalS} s`;
		const message = `${where} gave ${few} different samples in ${windows.length} blocks, fewer than two per block: ${cause}; let it collect at least every second, or measure longer blocks`;
		found.push(problem$1(source, "warning", "telemetry-coarse", message));
	}
	return found;
}
/**
* How many scrapes hold something new. Only energy counters tell: they rise with every collection of the exporter,
* whereas a gauge that stays the same may just be steady. DCGM's exporter collects every 30 s unless told otherwise.
*/
function freshScrapes(scrapes) {
	if (!scrapes.some(({ scrape }) => Object.keys(scrape.energyJ).length > 0)) return scrapes.length;
	return new Set(scrapes.map(({ scrape }) => JSON.stringify(scrape.energyJ))).size;
}
/** The longest time without a sample that overlaps a measured block. */
function longestGapS({ scrapes }, windows) {
	let longest = 0n;
	for (const { startNs, endNs } of windows) {
		let last = startNs;
		for (const { atNs } of [...scrapesInside(scrapes, startNs, endNs), { atNs: endNs }]) {
			if (atNs - last > longest) longest = atNs - last;
			last = atNs;
		}
	}
	return Number(longest) / 1e9;
}
/** Two sources with one metric for one arm: only the first is used, which is wrong for a model that spans hosts. */
function overlaps(sources) {
	const found = /* @__PURE__ */ new Map();
	sources.forEach((source, index) => {
		for (const earlier of sources.slice(0, index)) {
			if (earlier.arm !== "both" && source.arm !== "both" && earlier.arm !== source.arm) continue;
			const theirs = new Set(earlier.scrapes.flatMap(({ scrape }) => Object.keys(scrape.gauges)));
			const both = [...new Set(source.scrapes.flatMap(({ scrape }) => Object.keys(scrape.gauges)))].filter((name) => theirs.has(name));
			if (both.length === 0) continue;
			const message = `${shownUrl(earlier.url)} and ${shownUrl(source.url)} both give ${both.join(", ")}; only the first is used`;
			found.set(message, problem$1(source, "warning", "telemetry-overlap", message));
		}
	});
	return [...found.values()];
}
/** Two arms with an exporter each, on other kinds or numbers of GPUs, measure the hardware and not the change. */
function differentGpus(sources) {
	const modelsOf = (arm) => {
		const own = sources.filter((source) => source.arm === arm && source.scrapes.some(({ scrape }) => scrape.gpus.length > 0));
		if (own.length === 0) return void 0;
		return own.flatMap(({ scrapes }) => scrapes.find(({ scrape }) => scrape.gpus.length > 0).scrape.gpus).map(({ model }) => model ?? "unknown model").sort();
	};
	const [base, head] = [modelsOf("base"), modelsOf("head")];
	if (base === void 0 || head === void 0 || base.join("\n") === head.join("\n")) return [];
	return [{
		severity: "invalid",
		code: "gpu-set-changed",
		message: `base and head ran on different GPUs: ${base.join(", ")} against ${head.join(", ")}`
	}];
}

// src/core/telemetry/cut.ts
/**
* Cuts what the sampler collected to the measured blocks. Only samples inside [start, end] of a block enter it; energy
* counters are interpolated at its edges. Where two sources give the same metric for an arm, the suite's first counts.
*/
function cutTelemetry(sources, windows) {
	const settled = sources.map((source) => ({
		...source,
		scrapes: settleScrapes(source.scrapes)
	}));
	const gauges = /* @__PURE__ */ new Map();
	for (const window of windows) {
		const parts = settled.filter(({ arm }) => arm === "both" || arm === window.arm).map((source) => cutSource(source, window));
		gauges.set(window.key, Object.assign({}, ...parts.toReversed()));
	}
	return {
		gauges,
		problems: windows.length === 0 ? [] : telemetryProblems(settled, windows)
	};
}
function cutSource(source, { startNs, endNs, ok }) {
	const inside = scrapesInside(source.scrapes, startNs, endNs);
	const gauges = {};
	for (const metric of GAUGE_NAMES) {
		const values = inside.flatMap(({ scrape }) => scrape.gauges[metric] ?? []);
		if (values.length > 0) gauges[metric] = summarize(values);
	}
	const energyJ = energyInside(source, startNs, endNs);
	if (energyJ !== void 0 && ok > 0) {
		const perRequest = energyJ / ok;
		gauges["gpu.energy_per_request"] = {
			n: Math.max(1, inside.length),
			mean: perRequest,
			min: perRequest,
			max: perRequest
		};
	}
	return gauges;
}
function summarize(values) {
	let sum = 0;
	let min = Number.POSITIVE_INFINITY;
	let max = Number.NEGATIVE_INFINITY;
	for (const value of values) {
		sum += value;
		min = Math.min(min, value);
		max = Math.max(max, value);
	}
	return {
		n: values.length,
		mean: Math.min(max, Math.max(min, sum / values.length)),
		min,
		max
	};
}
/** Over all GPUs of the source; undefined unless every one of them is known. */
function energyInside({ scrapes, source }, startNs, endNs) {
	const gapNs = maxGapNs(source.intervalS);
	const near = scrapesInside(scrapes, startNs - gapNs, endNs + gapNs);
	const keys = new Set(near.flatMap(({ scrape }) => Object.keys(scrape.energyJ)));
	if (keys.size === 0) return void 0;
	let total = 0;
	for (const key of keys) {
		const readings = near.flatMap(({ atNs, scrape }) => {
			const value = scrape.energyJ[key];
			return value === void 0 ? [] : {
				atNs,
				value
			};
		});
		const increase = counterIncrease(readings, startNs, endNs, gapNs);
		if (increase === void 0) return void 0;
		total += increase;
	}
	return total;
}

// src/run-in-progress.ts
const beginRun = (input, startedAt, startNs) => ({
	input,
	startedAt,
	startNs,
	problems: [],
	identity: void 0,
	telemetry: /* @__PURE__ */ new Map(),
	environment: { ...input.environment },
	measured: input.plan.scenarios.map(({ scenario, load }) => ({
		name: scenario.name,
		load,
		arms: /* @__PURE__ */ new Map()
	}))
});
/** Gives every measured block its telemetry, and the record what the telemetry says of the GPUs. */
function cutToBlocks(run, sampled) {
	if (sampled.length === 0) return;
	const windows = run.measured.flatMap((scenario) => [...scenario.arms].flatMap(([arm, { blocks }]) => blocks.map(({ record, startNs, endNs }) => ({
		key: windowKey(scenario.name, arm, record.index),
		arm,
		startNs,
		endNs,
		ok: record.ok
	}))));
	const cut = cutTelemetry(sampled, windows);
	run.telemetry = cut.gauges;
	run.problems.push(...cut.problems);
	Object.assign(run.environment, gpuEnvironment(sampled));
}
/** Which machines were measured, as far as it can be seen: the GPUs say it best, else the names of the hosts. */
function placesOf({ head, base }, environment) {
	const isKnown = environment["gpu.uuids.base"] !== void 0 && environment["gpu.uuids.head"] !== void 0;
	return base === void 0 || isKnown ? {} : {
		"node.base": new URL(base).hostname,
		"node.head": new URL(head).hostname
	};
}
const windowKey = (scenario, arm, index) => `${scenario}\n${arm}\n${index}`;
function scenarioRecord(scenario, run) {
	const arms = {};
	for (const [name, arm] of scenario.arms) arms[name] = {
		warmUp: arm.warmUp,
		blocks: arm.blocks.map(({ record }) => ({
			...record,
			gauges: run.telemetry.get(windowKey(scenario.name, name, record.index)) ?? {}
		})),
		examples: arm.examples
	};
	return {
		name: scenario.name,
		load: scenario.load,
		arms
	};
}
/** The record of what was measured until now. */
const recordOf = (run, status, finishedAt) => ({
	schema: 1,
	tool: run.input.tool,
	suite: {
		name: run.input.plan.suiteName,
		digest: run.input.plan.suiteDigest,
		seed: run.input.plan.seed
	},
	provenance: run.input.provenance,
	environment: {
		...run.environment,
		...placesOf(run.input.endpoints, run.environment)
	},
	startedAt: run.startedAt.toISOString(),
	finishedAt: finishedAt.toISOString(),
	status,
	problems: [...run.problems],
	identity: run.identity,
	scenarios: run.measured.filter(({ arms }) => arms.size > 0).map((scenario) => scenarioRecord(scenario, run))
});

// src/measure.ts
/**
* Plays a plan against the endpoints and records what happened. Whatever the world does is in the record: an endpoint
* that never answers makes a record with a problem and without blocks, a cancel one with the blocks that were complete.
*/
async function measure(input, ports) {
	const run = beginRun(input, ports.today(), ports.now());
	await input.checkpoint(recordOf(run, "aborted", ports.today()));
	try {
		if (await endpointsAnswer(run, ports)) await drivePlan(run, ports);
	} finally {
		ports.progress.done();
	}
	const cancelled = input.signal.aborted;
	const spoiled = run.problems.some((problem) => problem.severity === "invalid") && run.measured.every((scenario) => scenario.arms.size === 0);
	return recordOf(run, cancelled ? "cancelled" : spoiled ? "aborted" : "complete", ports.today());
}
async function endpointsAnswer(run, ports) {
	const { suite, endpoints, signal } = run.input;
	const { ready, headers, identity } = suite.target;
	for (const [arm, url] of armsOf(run.input)) {
		ports.progress.phase(`waiting for the ${arm} endpoint`);
		const answer = await ports.awaitReady(url, ready, headers, signal);
		if (signal.aborted) return false;
		if (!answer.ready) {
			const message = `the ${arm} endpoint ${shown(url)} never became ready: ${answer.reason}`;
			run.problems.push({
				severity: "invalid",
				code: "endpoint-not-ready",
				arm,
				message
			});
			return false;
		}
	}
	if (identity === void 0) return true;
	run.identity = await ports.readIdentity(endpoints.head, identity, headers, signal);
	if (!run.identity.matches && !signal.aborted) {
		run.problems.push({
			severity: "invalid",
			code: "wrong-deployment",
			arm: "head",
			message: `${identity.path} answers ${JSON.stringify(run.identity.observed)}, expected ${JSON.stringify(run.identity.expected)}: this is not the deployment to be measured; wait for the deployment to finish before this step`
		});
		return false;
	}
	return true;
}
async function drivePlan(run, ports) {
	const { suite, plan, signal, checkpoint } = run.input;
	const sampler = await openSampler(run, ports);
	const drivers = /* @__PURE__ */ new Map();
	for (const [arm, url] of armsOf(run.input)) drivers.set(arm, ports.openDriver({
		url,
		target: suite.target,
		tls: run.input.tls,
		threads: 1
	}));
	try {
		for (const [index, scenario] of plan.scenarios.entries()) for (const segment of scenario.segments) {
			if (signal.aborted) return;
			await driveSegment(run, ports, {
				scenario,
				segment,
				driver: drivers.get(segment.arm),
				into: run.measured[index]
			});
			await checkpoint(recordOf(run, "aborted", ports.today()));
		}
	} finally {
		await Promise.all([...drivers.values()].map((driver) => driver.close()));
		const sampled = await sampler?.stop() ?? [];
		cutToBlocks(run, sampled);
		run.problems.push(...run.measured.flatMap((scenario) => generatorProblems(scenarioRecord(scenario, run))));
	}
}
async function driveSegment(run, ports, step) {
	const { scenario, segment, driver, into } = step;
	const arm = into.arms.get(segment.arm) ?? {
		warmUp: {
			durationS: 0,
			offered: 0,
			ok: 0,
			firstRequestS: void 0
		},
		blocks: [],
		examples: {}
	};
	into.arms.set(segment.arm, arm);
	const what = segment.phase === "warm-up" ? "warm-up" : segment.blocks.length === 1 ? `block ${segment.blocks[0].index + 1}` : "measuring";
	ports.progress.phase(`${scenario.scenario.name} · ${segment.arm} · ${what}`);
	const segmentStartS = Number(ports.now() - run.startNs) / 1e9;
	const recorder = openRecorder(segment.blocks, segmentStartS);
	let warm = {
		ok: 0,
		firstRequestS: void 0
	};
	const result = await driver.drive(segment, scenario.requests, (outcome) => {
		if (segment.phase === "measure") recorder.add(outcome);
		else {
			const first = warm.firstRequestS ?? (outcome.index === 0 && outcome.result.kind === "ok" ? (outcome.endNs - outcome.intendedNs) / 1e9 : void 0);
			warm = {
				ok: warm.ok + (outcome.result.kind === "ok" ? 1 : 0),
				firstRequestS: first
			};
		}
	}, run.input.signal, (tick) => {
		if (segment.phase === "measure") recorder.advance(tick.elapsedS * 1e9);
		ports.progress.tick(tick);
	});
	if (segment.phase === "warm-up") {
		arm.warmUp = {
			durationS: arm.warmUp.durationS + segment.durationS,
			offered: arm.warmUp.offered + result.offered,
			ok: arm.warmUp.ok + warm.ok,
			firstRequestS: arm.warmUp.firstRequestS ?? warm.firstRequestS
		};
		return;
	}
	const elapsedS = Number(result.endedNs - result.startedNs) / 1e9;
	const slots = new Map(segment.blocks.map((slot) => [slot.index, slot]));
	for (const record of recorder.finish()) {
		const slot = slots.get(record.index);
		const end = slot.startS + slot.durationS;
		if (result.cancelled && end > elapsedS) continue;
		const startNs = result.startedNs + nanoseconds$1(slot.startS);
		arm.blocks.push({
			record: {
				...record,
				startS: Number(startNs - run.startNs) / 1e9
			},
			startNs,
			endNs: startNs + nanoseconds$1(slot.durationS)
		});
	}
	arm.examples = {
		...recorder.examples,
		...arm.examples
	};
}
async function openSampler(run, ports) {
	const { suite, plan } = run.input;
	const sources = [];
	for (const source of suite.telemetry) if (plan.design === "single" || source.baselineUrl === void 0) sources.push({
		source,
		arm: plan.design === "single" ? "head" : "both",
		url: source.url
	});
	else sources.push({
		source,
		arm: "head",
		url: source.url
	}, {
		source,
		arm: "base",
		url: source.baselineUrl
	});
	if (sources.length === 0) return void 0;
	for (const { source, url, arm } of sources) {
		const probe = await ports.probeTelemetry(source, url, run.input.signal);
		if (probe.ok) continue;
		run.problems.push({
			severity: "warning",
			code: "telemetry-unreachable",
			...arm === "both" ? {} : { arm },
			message: `telemetry ${source.kind} at ${shownUrl(url)}: ${probe.reason}`
		});
	}
	return ports.startSampler(sources, ports.now);
}
const armsOf = ({ endpoints }) => endpoints.base === void 0 ? [["head", endpoints.head]] : [["base", endpoints.base], ["head", endpoints.head]];
/** A URL without what may be secret in it. */
const shown = (url) => {
	const { origin, pathname } = new URL(url);
	return pathname === "/" ? origin : origin + pathname;
};
const nanoseconds$1 = (seconds) => BigInt(Math.round(seconds * 1e9));

// src/gate.ts
/** The main job, in order: plan, measure, judge. */
async function gate$1(input, ports) {
	const { loaded, baselineEndpoint } = input;
	const { suite, secrets } = loaded;
	const head = endpointOf(input.endpoint ?? suite.target.endpoint, "--endpoint");
	const base = baselineEndpoint === void 0 ? void 0 : endpointOf(baselineEndpoint, "--baseline-endpoint");
	const plan = makePlan({
		suite,
		digest: loaded.digest,
		files: loaded.files,
		design: base === void 0 ? "single" : "live",
		...input.scenarios.length === 0 ? {} : { scenarios: input.scenarios }
	});
	const hidden = [...secrets, ...[head, base].flatMap((url) => url === void 0 ? [] : secretsOfUrl(url))];
	const clean = (record) => redactRecord(record, hidden);
	const record = clean(await measure({
		suite,
		plan,
		tls: loaded.tls,
		endpoints: {
			head,
			base
		},
		tool: input.tool,
		provenance: input.provenance,
		environment: {
			...input.environment,
			...workloadEnvironment(suite)
		},
		signal: input.signal,
		checkpoint: (partial) => input.checkpoint(clean(partial))
	}, ports));
	return {
		record,
		...judge({
			suite: suiteOfScenarios(suite, input.scenarios),
			suitePath: loaded.file,
			heads: [record],
			...input.recordPath === void 0 ? {} : { headPaths: [input.recordPath] },
			found: input.baselines,
			policy: input.policy,
			notes: input.notes ?? []
		})
	};
}
/** Records in, verdict out: the part of the gate that touches nothing but numbers. */
function judge({ suite, suitePath, heads, headPaths, found, policy, notes = [] }) {
	const baseline = chooseBaseline(heads, found);
	const { evidence, comparisons } = compareRuns({
		suite,
		heads,
		baseline
	});
	const verdict = decide({
		suite,
		comparisons,
		evidence,
		baseline,
		problems: [...problemsOf(heads), ...notes]
	});
	const { artifacts } = found;
	return {
		verdict,
		baseline,
		heads,
		report: buildReport({
			verdict,
			suite,
			heads,
			baseline,
			policy,
			suitePath,
			headPaths,
			artifacts
		})
	};
}
/** A live base arm beats stored runs: it was driven in turn with the head, minutes ago, from the same place. */
function chooseBaseline(heads, found) {
	if (heads.every((head) => head.scenarios.some((scenario) => scenario.arms.base !== void 0))) {
		const unused = found.candidates.map(({ origin }) => ({
			origin,
			reason: "not used: the base endpoint was driven live"
		}));
		return {
			kind: "live",
			refused: [...found.refused, ...unused]
		};
	}
	const newest = heads.at(-1);
	if (newest === void 0) throw new InputError("there is no head run to judge");
	const admitted = admitBaselines(newest, found.candidates);
	const refused = [...admitted.refused, ...found.refused];
	if (admitted.runs.length > 0) return {
		kind: "stored",
		runs: admitted.runs,
		refused
	};
	return {
		kind: "none",
		reason: refused.length === 0 ? found.absence : noneUsable(refused),
		refused
	};
}
/** Said of all only where it is true of all. */
function noneUsable(refused) {
	const { reason } = refused[0];
	if (refused.length === 1) return `the only baseline found cannot be used: ${reason}`;
	const none = `none of the ${refused.length} baselines found can be used`;
	return refused.every((other) => other.reason === reason) ? `${none}: ${reason}` : `${none}; the nearest: ${reason}`;
}
/** A run that did not come to its end is half a measurement, whatever its numbers are. */
const problemsOf = (heads) => heads.flatMap(({ status, problems }) => {
	const isExplained = status === "aborted" && problems.some(({ severity, scenario }) => severity === "invalid" && scenario === void 0);
	return status === "complete" || isExplained ? problems : [...problems, {
		severity: "invalid",
		code: status,
		message: UNFINISHED[status]
	}];
});
const UNFINISHED = {
	cancelled: "the run was cancelled before it was complete",
	aborted: "the run ended before it was complete, and its record says nothing about why: measure again"
};
/** With `--scenario`, the others were left out on purpose: they are not missing. */
const suiteOfScenarios = (suite, names) => names.length === 0 ? suite : {
	...suite,
	scenarios: suite.scenarios.filter(({ name }) => names.includes(name))
};
const workloadEnvironment = (suite) => ({
	"target.protocol": suite.target.protocol,
	...suite.target.model === void 0 ? {} : { "target.model": suite.target.model }
});
function endpointOf(text, option) {
	if (text === void 0) throw new InputError("there is no endpoint to measure", { hint: `pass ${option} URL, or write target.endpoint in the suite` });
	if (text === "") throw new InputError(`${option} is empty`, { hint: "is the variable set that it was taken from?" });
	const url = URL.parse(text);
	if (url?.protocol === "http:" || url?.protocol === "https:") return text;
	const shown = text.replace(/[^/]*@/, "***@");
	const meant = !text.includes("://") && URL.canParse(`http://${text}`) ? `did you mean http://${shown}?` : "write it like https://preview.example.com";
	throw new InputError(`${option}: ${JSON.stringify(shown)} is not a http or https URL`, { hint: meant });
}

// src/io/baselines/slug.ts
/**
* A name as a part of file and artifact names on every platform: lower case letters, digits, `.`, `_` and `-`; other
* characters become `-`. At most 60 characters, never empty, never hidden, never `..`. Different names may meet in one slug.
*/
const slug = (name) => name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/\.{2,}/g, ".").slice(0, 60).replace(/^[.-]+|[.-]+$/g, "") || "suite";

// src/io/baselines/artifact-name.ts
/**
* Name of the artifacts that hold one suite's baselines: `tailgate-baseline-sentiment-1a2b3c4d`. GitHub can list
* artifacts by their exact name only, so that it must follow from what a pull request knows. The hash keeps apart
* suites whose names differ only in characters that an artifact name may not have.
*
* @param variant tells apart the legs of a matrix that run one suite, because a run cannot upload a name twice: for
*   example the GPU's name. Empty for a suite that runs once.
*/
function baselineArtifactName(suiteName, variant = "") {
	const hash = createHash("sha256").update(JSON.stringify([suiteName, variant])).digest("hex").slice(0, 8);
	return [
		"tailgate-baseline",
		slug(suiteName),
		...variant === "" ? [] : [slug(variant)],
		hash
	].join("-");
}
/** Name of the artifact that holds the results of one attempt of a run that does not join the baseline: `tailgate-run-…-1`. */
const runArtifactName = (suiteName, runAttempt) => `${baselineArtifactName(suiteName).replace("baseline", "run")}-${runAttempt}`;

// src/io/github/retry.ts
/** Longest pause that is waited for; a rate limit that lasts longer is an answer, not a delay. */
const MAX_PAUSE_S = 60;
const MAX_RETRIES = 3;
/**
* How long to pause before a failed request is sent again.
*
* A rate limit (429, or 403 with its headers) did nothing, so that anything may be sent again after the time that
* GitHub names. After a 5xx or a broken connection nobody knows whether a POST was carried out: sending it again could
* write a second comment, so only the other methods are repeated, after 1, 2 and 4 seconds.
*
* @param retries how often this request was already repeated, ≥ 0.
* @param nowS seconds since 1970, for the time at which a limit is lifted.
* @returns seconds ≥ 0, or undefined: do not repeat.
*/
function pauseBeforeRetryS(failed, retries, nowS) {
	if (retries >= MAX_RETRIES) return void 0;
	if (isRateLimit(failed)) {
		const pauseS = limitLiftedInS(failed, nowS) ?? 2 ** retries;
		return pauseS <= MAX_PAUSE_S ? pauseS : void 0;
	}
	return failed.status >= 500 && failed.method !== "POST" ? 2 ** retries : void 0;
}
/** The primary limit leaves no requests, the secondary says when to come back; both use 403 as well as 429. */
const isRateLimit = ({ status, headers }) => status === 429 || status === 403 && (headers["retry-after"] !== void 0 || String(headers["x-ratelimit-remaining"]) === "0");
/** Seconds until a rate limit is lifted, ≥ 0; undefined if GitHub does not say. */
function limitLiftedInS({ headers }, nowS) {
	const retryAfter = headers["retry-after"];
	if (retryAfter !== void 0) return nonNegative(Number(retryAfter));
	const reset = headers["x-ratelimit-reset"];
	return reset === void 0 ? void 0 : nonNegative(Number(reset) - nowS);
}
const nonNegative = (seconds) => Number.isFinite(seconds) ? Math.max(0, seconds) : void 0;

// src/io/github/connection.ts
/** One answer at most takes this long. */
const TIMEOUT_MS = 3e4;
/**
* A client of GitHub's REST API that repeats what may be repeated (see {@link pauseBeforeRetryS}).
*
* The library is loaded here and not at the top: on loading it reads the event file, and would fail on a damaged one
* before we can say so.
*/
async function openClient({ token, apiUrl, pause = sleep }) {
	const { getOctokit } = await import("./github.js");
	const client = getOctokit(token, {
		baseUrl: apiUrl,
		userAgent: "tailgate",
		log: SILENT
	});
	client.hook.wrap("request", async (send, options) => {
		for (let retries = 0;; retries++) try {
			return await send({
				...options,
				request: {
					...options.request,
					signal: AbortSignal.timeout(TIMEOUT_MS)
				}
			});
		} catch (error) {
			const failed = failureOf(error);
			const pauseS = failed && pauseBeforeRetryS(failed, retries, Date.now() / 1e3);
			if (pauseS === void 0) throw error;
			await pause(pauseS);
		}
	});
	return client;
}
/**
* What went wrong with a request, for people.
*
* @param doing completes "the token may not …": `write comments`.
* @param permission the line of the job's `permissions` that allows it.
*/
function requestError(error, doing, permission) {
	const failed = failureOf(error);
	if (failed === void 0) return error;
	const { status } = failed;
	if (isRateLimit(failed)) {
		const inS = limitLiftedInS(failed, Date.now() / 1e3);
		const when = inS === void 0 ? "later" : `in ${Math.ceil(inS / 60)} min`;
		return new InputError(`GitHub's rate limit for this token is used up: could not ${doing}`, {
			hint: `run the job again ${when}`,
			cause: error
		});
	}
	if (status === 401) return new InputError(`GitHub does not accept the token: could not ${doing}`, {
		hint: "check the input github-token",
		cause: error
	});
	if (status === 403 || status === 404) {
		const hint = `add \`${permission}\` to the job's permissions (a pull request from a fork has a read-only token whatever they say)`;
		return new InputError(`the token may not ${doing} (GitHub answered ${status})`, {
			hint,
			cause: error
		});
	}
	const answer = failed.answered ? `GitHub answered ${status}` : `GitHub could not be reached`;
	return new InputError(`could not ${doing}: ${answer}`, {
		hint: "run the job again",
		cause: error
	});
}
/** The HTTP status of a failed request; undefined for any other error. */
const statusOf = (error) => failureOf(error)?.status;
/** The library's errors by their shape: its class is not exported by the package that we use. */
function failureOf(error) {
	if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return void 0;
	const { request, response } = error;
	return {
		method: request?.method ?? "GET",
		status: error.status,
		headers: response?.headers ?? {},
		answered: response !== void 0
	};
}
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1e3));
const nothing = () => void 0;
/** The library would warn on the console, where a job's log is not its business. */
const SILENT = {
	debug: nothing,
	info: nothing,
	warn: nothing,
	error: nothing
};

// src/io/github/api.ts
const PER_PAGE = 100;
/** Pages of one listing that are read: 1000 artifacts of one name, 10,000 comments. */
const ARTIFACT_PAGES = 10;
const COMMENT_PAGES = 100;
/** Who writes for the workflow's own token, which may not ask who it is. */
const WORKFLOW_BOT = "github-actions[bot]";
/**
* What tailgate asks of GitHub, and nothing else. Every function repeats what may be repeated, a few times, and throws
* an InputError that names the missing permission, the used-up limit or the outage.
*/
async function connectGitHub(connection) {
	const client = await openClient(connection);
	const { rest } = client;
	const repo = {
		owner: connection.repository.owner,
		repo: connection.repository.name
	};
	async function ask(doing, permission, request) {
		try {
			return await request();
		} catch (error) {
			throw requestError(error, doing, permission);
		}
	}
	const readComments = "pull-requests: read";
	const writeComments = "pull-requests: write";
	const readActions = "actions: read";
	const readContents = "contents: read";
	async function artifactPages(page) {
		const found = [];
		for (let number = 1; number <= ARTIFACT_PAGES; number++) {
			const { data } = await page(number);
			found.push(...data.artifacts.map(artifactOf));
			if (data.artifacts.length < PER_PAGE) break;
		}
		return found;
	}
	return {
		/** The login under which this token writes comments. */
		ownLogin: async () => {
			return (await client.graphql("query { viewer { login } }").catch(() => void 0))?.viewer?.login ?? WORKFLOW_BOT;
		},
		findComment: (number, wanted) => ask("read comments", readComments, async () => {
			for (let page = 1; page <= COMMENT_PAGES; page++) {
				const { data } = await rest.issues.listComments({
					...repo,
					issue_number: number,
					per_page: PER_PAGE,
					page
				});
				const found = data.map(commentOf).find(wanted);
				if (found !== void 0 || data.length < PER_PAGE) return found;
			}
		}),
		createComment: (number, body) => ask("write comments", writeComments, async () => commentOf((await rest.issues.createComment({
			...repo,
			issue_number: number,
			body
		})).data)),
		updateComment: (id, body) => ask("write comments", writeComments, async () => commentOf((await rest.issues.updateComment({
			...repo,
			comment_id: id,
			body
		})).data)),
		/** The labels that a pull request has now: its event says which it had when the event was made, also in a re-run. */
		pullLabels: (number) => ask("read the pull request", readComments, async () => {
			const { data } = await rest.pulls.get({
				...repo,
				pull_number: number
			});
			return data.labels.map(({ name }) => name);
		}),
		/** All artifacts of this very name in the repository, newest first, from whatever run made them. */
		listArtifacts: (name) => ask("list artifacts", readActions, () => artifactPages((page) => rest.actions.listArtifactsForRepo({
			...repo,
			name,
			per_page: PER_PAGE,
			page
		}))),
		listRunArtifacts: (runId, name) => ask("list artifacts", readActions, () => artifactPages((page) => rest.actions.listWorkflowRunArtifacts({
			...repo,
			run_id: runId,
			name,
			per_page: PER_PAGE,
			page
		}))),
		/** Undefined for a run that was deleted. */
		getRun: (runId) => ask("read workflow runs", readActions, async () => {
			const answer = await rest.actions.getWorkflowRun({
				...repo,
				run_id: runId
			}).catch(undefinedFor404);
			return answer && runOf(answer.data);
		}),
		listRunsForSha: (sha) => ask("read workflow runs", readActions, async () => {
			const { data } = await rest.actions.listWorkflowRunsForRepo({
				...repo,
				head_sha: sha,
				per_page: PER_PAGE
			});
			return data.workflow_runs.map(runOf);
		}),
		/** The commit and those before it, in the order of the history, at most `max`. */
		listCommits: (sha, max) => ask("read commits", readContents, async () => {
			const found = [];
			for (let page = 1; found.length < max; page++) {
				const { data } = await rest.repos.listCommits({
					...repo,
					sha,
					per_page: PER_PAGE,
					page
				});
				found.push(...data.map((commit) => commit.sha));
				if (data.length < PER_PAGE) break;
			}
			return found.slice(0, max);
		}),
		/** A small text file at a commit; undefined if there is none. */
		readFile: (path, ref) => ask(`read ${path}`, readContents, async () => {
			const answer = await rest.repos.getContent({
				...repo,
				path,
				ref
			}).catch(undefinedFor404);
			if (answer === void 0) return void 0;
			const { data } = answer;
			if (Array.isArray(data) || data.type !== "file" || !("content" in data) || data.encoding !== "base64") throw new InputError(`${path} at ${ref.slice(0, 7)} is not a file of at most 1 MiB`);
			return Buffer.from(data.content, "base64").toString("utf8");
		}),
		/** Where the history of `head` left that of `base`; undefined if they share none, or one is unknown. */
		mergeBase: (base, head) => ask("compare commits", readContents, async () => {
			return (await rest.repos.compareCommitsWithBasehead({
				...repo,
				basehead: `${base}...${head}`,
				per_page: 1
			}).catch(undefinedFor404))?.data.merge_base_commit.sha;
		})
	};
}
const artifactOf = (artifact) => {
	const { workflow_run: run } = artifact;
	return {
		id: artifact.id,
		name: artifact.name,
		sizeBytes: artifact.size_in_bytes,
		digest: artifact.digest ?? void 0,
		expired: artifact.expired,
		createdAt: artifact.created_at ?? void 0,
		expiresAt: artifact.expires_at ?? void 0,
		run: run?.id === void 0 ? void 0 : {
			id: run.id,
			repositoryId: run.repository_id,
			headRepositoryId: run.head_repository_id,
			headBranch: run.head_branch,
			headSha: run.head_sha
		}
	};
};
const runOf = (run) => ({
	id: run.id,
	number: run.run_number,
	event: run.event,
	headBranch: run.head_branch ?? void 0,
	headSha: run.head_sha,
	path: run.path.replace(/@.*$/, ""),
	repositoryId: run.repository.id,
	headRepositoryId: run.head_repository?.id
});
const commentOf = (comment) => ({
	id: comment.id,
	author: comment.user?.login ?? "",
	body: comment.body ?? "",
	url: comment.html_url,
	isMinimized: Boolean(comment.minimized)
});
function undefinedFor404(error) {
	if (statusOf(error) !== 404) throw error;
}

// src/io/github/comment.ts
/** GitHub refuses a longer body, in characters. */
const MAX_COMMENT_LENGTH = 65536;
/**
* One comment per suite on one pull request: created once, rewritten after, left alone if it says the same. It is found
* by its marker *and* its author: a stranger's comment that carries our marker is not ours, and one that a person has
* minimised is theirs to keep.
*
* @throws {RangeError} if the body does not begin with the marker, or is longer than {@link MAX_COMMENT_LENGTH}.
* @throws {InputError} if the token may not read or write comments.
*/
async function upsertComment(api, { number, marker, body, onlyUpdate = false }) {
	if (!body.startsWith(marker)) throw new RangeError("a comment without its marker would never be found again");
	if (body.length > 65536) throw new RangeError(`a comment has at most ${MAX_COMMENT_LENGTH} characters, got ${body.length}`);
	const self = await api.ownLogin();
	const isOurs = (comment) => comment.author === self && !comment.isMinimized && comment.body.startsWith(marker);
	const old = await api.findComment(number, isOurs);
	if (old === void 0) return onlyUpdate ? {
		kind: "absent",
		url: ""
	} : {
		kind: "created",
		url: (await api.createComment(number, body)).url
	};
	if (normal(old.body) === normal(body)) return {
		kind: "unchanged",
		url: old.url
	};
	return {
		kind: "updated",
		url: (await api.updateComment(old.id, body)).url
	};
}
/** GitHub may hand a body back with other line ends and without the space at its end. */
const normal = (body) => body.replaceAll("\r\n", "\n").trimEnd();

// src/io/github/context.ts
/**
* Reads where we are. `readEvent` gives the text of the event file.
*
* @throws {InputError} outside GitHub Actions, and for an event file that is missing, damaged or of an unknown shape.
*/
function readContext(env, readEvent) {
	const event = need(env, "GITHUB_EVENT_NAME");
	const payload = parsePayload(event, need(env, "GITHUB_EVENT_PATH"), readEvent);
	const [owner = "", name = ""] = need(env, "GITHUB_REPOSITORY").split("/");
	if (owner === "" || name === "") throw new InputError(`GITHUB_REPOSITORY is "${env["GITHUB_REPOSITORY"]}", expected owner/name`);
	const id = payload.repository?.id ?? Number(need(env, "GITHUB_REPOSITORY_ID"));
	const pull = payload.pull_request;
	return {
		event,
		repository: {
			owner,
			name,
			id
		},
		...measured(env, payload),
		defaultBranch: payload.repository?.default_branch,
		pullRequest: pull?.number,
		labels: pull?.labels?.map((label) => label.name) ?? [],
		fromFork: pull !== void 0 && pull.head.repo?.id !== id,
		runId: integer(env, "GITHUB_RUN_ID"),
		runAttempt: env["GITHUB_RUN_ATTEMPT"] ? integer(env, "GITHUB_RUN_ATTEMPT") : 1,
		workflowPath: workflowPath(env["GITHUB_WORKFLOW_REF"]),
		apiUrl: env["GITHUB_API_URL"] || "https://api.github.com",
		serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
		hasToken: Boolean(env["GITHUB_TOKEN"] || env["INPUT_GITHUB-TOKEN"])
	};
}
const sha = string$1().regex(/^[0-9a-f]{7,64}$/i, "expected a commit");
const side = object({
	sha,
	ref: string$1(),
	repo: object({ id: int() }).nullish()
});
const PAYLOAD = object({
	repository: object({
		id: int(),
		default_branch: string$1().optional()
	}).optional(),
	pull_request: object({
		number: int().positive(),
		head: side,
		base: side,
		labels: array(object({ name: string$1() })).optional()
	}).optional(),
	merge_group: object({
		head_sha: sha,
		base_sha: sha,
		base_ref: string$1()
	}).optional(),
	deployment: object({
		sha,
		ref: string$1().optional()
	}).optional()
});
function measured(env, payload) {
	const { pull_request: pull, merge_group: group, deployment } = payload;
	if (pull) return {
		sha: pull.head.sha,
		base: {
			sha: pull.base.sha,
			branch: pull.base.ref
		},
		branch: pull.head.ref
	};
	if (group) return {
		sha: group.head_sha,
		base: {
			sha: group.base_sha,
			branch: branchOf(group.base_ref) ?? group.base_ref
		},
		branch: void 0
	};
	if (deployment) return {
		sha: deployment.sha,
		base: void 0,
		branch: deployment.ref === deployment.sha ? void 0 : deployment.ref
	};
	return {
		sha: need(env, "GITHUB_SHA"),
		base: void 0,
		branch: branchOf(env["GITHUB_REF"])
	};
}
function parsePayload(event, path, readEvent) {
	let text;
	try {
		text = readEvent(path);
	} catch (cause) {
		throw new InputError(`the event file ${path} cannot be read`, {
			hint: "GITHUB_EVENT_PATH must name the event of this run",
			cause
		});
	}
	let json;
	try {
		json = JSON.parse(text);
	} catch (cause) {
		throw new InputError(`the event file ${path} is not JSON`, {
			hint: "GITHUB_EVENT_PATH must name the event of this run",
			cause
		});
	}
	const result = PAYLOAD.safeParse(json);
	if (!result.success) {
		const { path: field, message } = result.error.issues[0];
		throw new InputError(`the event file ${path} is not a ${event} event: ${field.join(".") || "the event"}: ${message}`);
	}
	if (event.startsWith("pull_request") && result.data.pull_request === void 0) throw new InputError(`the event file ${path} is not a ${event} event: it has no pull_request`);
	return result.data;
}
function need(env, name) {
	const value = env[name];
	if (!value) throw new InputError(`${name} is not set`, { hint: "the action runs inside a GitHub workflow; use the tailgate command elsewhere" });
	return value;
}
function integer(env, name) {
	const value = Number(need(env, name));
	if (!Number.isSafeInteger(value)) throw new InputError(`${name} is "${env[name]}", expected a whole number`);
	return value;
}
const branchOf = (ref) => ref?.startsWith("refs/heads/") ? ref.slice(11) : void 0;
/** GITHUB_WORKFLOW_REF is `owner/name/.github/workflows/perf.yml@refs/heads/main`. */
const workflowPath = (reference) => /^[^/]+\/[^/]+\/(.+?)@/.exec(reference ?? "")?.[1];

// src/io/terminal/progress.ts
/**
* Shows what the run is doing: one line that keeps changing where a person watches a terminal, otherwise (a CI log, a
* pipe) a plain line at most every ten seconds, of what is going on then, and one at the end of each scenario. A step
* that reports nothing, like waiting for an endpoint, is shown again with the time it has taken.
*
* @param options.tty whether escape sequences may be written: the caller has looked at the stream, CI and NO_COLOR.
* @param options.now a monotonic clock in milliseconds.
*/
function openProgress(stream, options) {
	const { tty, now } = options;
	const intervalMs = tty ? LIVE_INTERVAL_MS : PLAIN_INTERVAL_MS;
	let text = "";
	let begunMs = 0;
	let scenario;
	let beat;
	let shownMs = Number.NEGATIVE_INFINITY;
	let onScreen = false;
	const show = (line) => {
		shownMs = now();
		onScreen = true;
		stream.write(tty ? `${CLEAR}${shorten(line, (stream.columns || 80) - 1)}` : `${line}\n`);
	};
	/** A terminal shows what is next instead. */
	const endScenario = () => {
		if (!tty && scenario !== void 0) stream.write(`${scenario.name} · ended after ${elapsed(scenario.begunMs)}\n`);
		scenario = void 0;
	};
	const elapsed = (sinceMs) => formatDuration(Math.round((now() - sinceMs) / 1e3));
	const remind = () => {
		if (now() - shownMs >= SILENCE_MS * .9) show(`${text}  ${elapsed(begunMs)}`);
	};
	return {
		phase: (next) => {
			text = plainLine(next, 200);
			begunMs = now();
			const name = nameOf(text);
			if (name !== scenario?.name) endScenario();
			scenario ??= name === void 0 ? void 0 : {
				name,
				begunMs
			};
			beat ??= setInterval(remind, SILENCE_MS).unref();
			if (tty || now() - shownMs >= intervalMs) show(text);
		},
		tick: (tick) => {
			if (now() - shownMs >= intervalMs) show(`${text}  ${describe(tick)}`);
		},
		done: () => {
			clearInterval(beat);
			beat = void 0;
			endScenario();
			if (tty && onScreen) stream.write(CLEAR);
			onScreen = false;
			shownMs = Number.NEGATIVE_INFINITY;
		}
	};
}
const LIVE_INTERVAL_MS = 100;
const PLAIN_INTERVAL_MS = 1e4;
/** A step that has said nothing for so long is shown again. */
const SILENCE_MS = 1e4;
/** Undefined for a step that belongs to no scenario. */
const nameOf = (text) => text.includes(SEPARATOR) ? text.split(SEPARATOR)[0] : void 0;
const SEPARATOR = " · ";
/** Back to the first column, and erase the line. */
const CLEAR = "\r\x1B[2K";
function describe({ elapsedS, durationS, offered, inFlight, ok, failed }) {
	const rate = elapsedS > 0 ? `${(offered / elapsedS).toFixed(1)}/s` : "–";
	return [
		`${Math.min(elapsedS, durationS).toFixed(0)}/${durationS.toFixed(0)} s`,
		rate,
		`${inFlight} in flight`,
		`${ok} ok`,
		`${failed} failed`
	].join("  ");
}
/** A line that wraps could not be erased again. */
function shorten(line, width) {
	const characters = Array.from(line);
	return characters.length <= width ? line : `${characters.slice(0, Math.max(width - 1, 0)).join("")}…`;
}

// src/core/suite/digest.ts
/** Raised when the same suite would send other requests than before: old baselines are then not comparable. */
const WORKLOAD = "tailgate workload 1";
/**
* The identity of what a suite sends: sha256, 64 hexadecimal digits, over seed, target, payloads (files by their
* contents) and scenarios without their gates. Runs with the same digest offered the same requests.
*
* Not part of it: gates, decision, telemetry, names of suite and files, endpoint, readiness, identity, the order of keys,
* comments. Give it the suite *before* its environment was filled in: a rotated token is not another workload.
*
* @param files contents of {@link referencedFiles}, by the path that the suite names.
* @throws {RangeError} if one of them is missing.
*/
function suiteDigest(suite, files) {
	const { protocol, method, path, model, stream, maxTokens, headers, timeoutS, maxInFlight, check, retry } = suite.target;
	const connection = canonical(suite.target.connection) === canonical(DEFAULT_CONNECTION) ? void 0 : suite.target.connection;
	const workload = {
		version: WORKLOAD,
		seed: suite.seed,
		target: {
			protocol,
			method,
			path,
			model,
			stream,
			maxTokens,
			headers,
			timeoutS,
			maxInFlight,
			check,
			connection,
			retry
		},
		payloads: Object.fromEntries(suite.payloads.map(({ name, weight, content }) => [name, {
			weight,
			content: contentOf(content, files)
		}])),
		scenarios: suite.scenarios.map(({ name, load, mix, together, warmUp, block }) => ({
			name,
			load: loadOf(load),
			mix,
			together,
			warmUp,
			block
		}))
	};
	return createHash("sha256").update(canonical(workload)).digest("hex");
}
/** Paths of the payload files, as the suite names them, each once, sorted. */
function referencedFiles(suite) {
	return [...new Set(suite.payloads.flatMap(({ content }) => content.kind === "file" ? [content.path] : []))].sort();
}
/** A steady load is what it was before loads had stages. */
function loadOf(load) {
	const { kind, stages, ...rest } = load.kind === "trace" ? {
		...load,
		stages: []
	} : load;
	const [only, ...others] = stages;
	return only?.kind === "linear" && only.from === only.to && others.length === 0 ? {
		kind,
		...rest
	} : {
		kind,
		...rest,
		stages
	};
}
function contentOf(content, files) {
	if (content.kind !== "file") return content;
	const bytes = files.get(content.path);
	if (bytes === void 0) throw new RangeError(`the contents of ${content.path} are missing`);
	return {
		kind: "file",
		extension: /\.[^./]*$/.exec(content.path)?.[0] ?? "",
		sha256: createHash("sha256").update(bytes).digest("hex")
	};
}
/** JSON with sorted keys and without undefined ones: equal data, equal text. */
function canonical(value) {
	if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	return `{${Object.entries(value).filter(([, item]) => item !== void 0).sort(([a], [b]) => a < b ? -1 : 1).map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`).join(",")}}`;
}

// src/load-suite.ts
/**
* Reads a suite, its payload files and the environment it names; `not needed` leaves `${env:NAME}` as it is, for a
* caller that sends nothing.
*
* @throws {InputError} with file:line:column for everything that a person has to mend.
*/
async function loadSuite(file, overrides, environment, ports) {
	const parsed = parseSuite(await ports.readText(file, "suite"), file, overrides);
	const { suite, secrets } = environment === "not needed" ? {
		suite: parsed.suite,
		secrets: []
	} : resolveEnvironment(parsed, environment);
	const files = await readPayloadFiles(file, parsed.suite, ports);
	return {
		file,
		suite,
		secrets,
		digest: suiteDigest(parsed.suite, files),
		files,
		tls: {
			ca: void 0,
			cert: void 0,
			key: void 0
		}
	};
}
/** The payload files of a suite, read relative to the suite's own folder. */
async function readPayloadFiles(suiteFile, suite, ports) {
	const paths = referencedFiles(suite);
	const contents = await Promise.all(paths.map((path) => ports.readBytes(join(dirname(suiteFile), path), "payload file")));
	return new Map(paths.map((path, i) => [path, contents[i]]));
}

// src/core/record/stored-shape.ts
const text$1 = (max) => string$1().max(max);
const SHORT = 1e3;
const LONG = 1e4;
const HISTOGRAM = 4e5;
const count = int().nonnegative();
const seconds = number$2().nonnegative();
/** An object with free keys, of bounded size, always in the order of its keys: equal records give equal bytes. */
const bounded = (values, maxKeys) => record$2(text$1(SHORT), values).refine((object) => Object.keys(object).length <= maxKeys, `expected at most ${maxKeys} entries`);
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1));
/** Keeps the keys this version knows: a newer tailgate of the same schema may have recorded more. */
const known$1 = (object, isKnown) => sorted(Object.fromEntries(Object.entries(object).filter(([key]) => isKnown(key))));
const byFailureKind = (values) => partialRecord(_enum(FAILURE_KINDS), values).transform((object) => sorted(object));
/** Absent in JSON, present and undefined in our types. */
const absent = (schema) => schema.optional().transform((value) => value);
const gauge = object({
	n: int().positive(),
	mean: number$2(),
	min: number$2(),
	max: number$2()
});
const isDistributionName = (name) => DISTRIBUTIONS.includes(name);
const generator = object({
	seconds: int().positive(),
	pausedSeconds: count,
	pausedArrivals: count,
	loopDelayMaxS: seconds,
	utilization: number$2(),
	gcS: seconds,
	stealRatio: absent(number$2()),
	machineBusyRatio: absent(number$2())
});
const block = object({
	index: count,
	pair: absent(count),
	startS: seconds,
	durationS: seconds,
	offered: count,
	ok: count,
	failures: byFailureKind(count),
	attempts: object({
		sent: count,
		retried: count
	}).exactOptional(),
	tokens: absent(object({
		output: count,
		from: _enum([
			"usage",
			"events",
			"mixed"
		])
	})),
	histograms: bounded(text$1(HISTOGRAM), 100).transform((histograms) => known$1(histograms, isDistributionName)).describe("By distribution: HdrHistogram V2, compressed, base64; values in microseconds."),
	gauges: bounded(gauge, 1e3).transform((gauges) => known$1(gauges, isMetricName)).describe("By metric: telemetry samples inside the block, in the metric's base unit."),
	generator: generator.exactOptional()
});
const arm = object({
	warmUp: object({
		durationS: seconds,
		offered: count,
		ok: count,
		firstRequestS: absent(seconds),
		firstSuccessS: absent(seconds),
		steadyS: absent(seconds),
		steady: absent(boolean())
	}),
	blocks: array(block).max(1e5).describe("Ascending in time."),
	examples: byFailureKind(text$1(SHORT)).describe("The first failure seen of each kind, redacted.")
});
const scenario = object({
	name: text$1(SHORT),
	load: discriminatedUnion("kind", [object({
		kind: literal("open"),
		ratePerS: seconds,
		arrivals: text$1(SHORT),
		durationS: seconds,
		shape: text$1(SHORT).exactOptional()
	}), object({
		kind: literal("closed"),
		concurrency: count,
		durationS: seconds,
		shape: text$1(SHORT).exactOptional()
	})]),
	arms: object({
		base: arm.exactOptional(),
		head: arm.exactOptional()
	})
});
const provenance = object({
	repository: text$1(SHORT).exactOptional(),
	repositoryId: text$1(SHORT).exactOptional(),
	commit: text$1(SHORT).exactOptional(),
	ref: text$1(SHORT).exactOptional(),
	event: text$1(SHORT).exactOptional(),
	workflow: text$1(SHORT).exactOptional(),
	runId: text$1(SHORT).exactOptional(),
	runAttempt: text$1(SHORT).exactOptional()
});
const problem = object({
	severity: _enum(["invalid", "warning"]),
	code: text$1(SHORT),
	message: text$1(LONG),
	scenario: text$1(SHORT).exactOptional(),
	arm: _enum(["base", "head"]).exactOptional()
});
const calibration = object({
	ratePerS: seconds,
	requests: count,
	releaseP50S: number$2(),
	releaseP99S: number$2(),
	biasP50S: number$2(),
	biasP99S: number$2()
});
/** The stored shape of a {@link RunRecord}: what the reader accepts, and the order in which the writer writes it. */
const STORED_RECORD = object({
	schema: literal(1),
	tool: text$1(SHORT),
	suite: object({
		name: text$1(SHORT),
		digest: text$1(SHORT),
		seed: int()
	}),
	provenance,
	environment: bounded(text$1(LONG), 1e3).transform(sorted),
	startedAt: datetime(),
	finishedAt: datetime(),
	status: _enum([
		"complete",
		"cancelled",
		"aborted"
	]),
	problems: array(problem).max(1e4),
	identity: absent(object({
		path: text$1(SHORT),
		expected: text$1(SHORT),
		observed: text$1(LONG),
		matches: boolean()
	})),
	calibration: calibration.exactOptional(),
	scenarios: array(scenario).max(1e3)
}).meta({
	title: "tailgate run record",
	description: "The stored result of one run. Times in seconds, sizes in bytes, ratios in [0, 1]."
});

// src/core/record/read.ts
/** Longest text that is read as a run record, in UTF-16 units: hours of load in hundreds of blocks stay below 10 MiB. */
const MAX_RECORD_LENGTH = 67108864;
/** How many wrong fields one message names. */
const NAMED_PATHS = 3;
/**
* Reads a stored run record, from anyone: every field is checked, lists and strings are bounded, histograms must
* decode, unknown fields are dropped, and no key of the text can reach a prototype.
*
* @param text JSON, as {@link writeRunRecord} or any importer wrote it.
* @param origin what to call it in a message: a file, or `run 812 · artifact 99`.
* @throws {InputError} with one sentence, on damaged JSON, another schema number, or a wrong shape (the first three
*   fields are named).
*/
function readRunRecord(text, origin) {
	if (text.length > 67108864) throw new InputError(`${origin} is not a run record: it is longer than ${MAX_RECORD_LENGTH / 1024 / 1024} MiB`);
	const stored = parseJson(text, origin);
	if (typeof stored === "object" && stored !== null && "verdict" in stored && "evidence" in stored) throw new InputError(`${origin} is a verdict, not a run record`, { hint: "give the run.json that lies beside it" });
	checkSchemaNumber(stored, origin);
	const result = STORED_RECORD.safeParse(stored);
	if (!result.success) throw new InputError(`${origin} is not a run record: ${firstMistakes(result.error)}`, { hint: RECORD_AGAIN });
	checkHistograms(result.data, origin);
	return result.data;
}
/**
* The stored form: JSON, two spaces, one newline at the end. Equal records give equal bytes, whatever the order of
* their keys.
*
* @throws {RangeError} if the record is not one, for example holds NaN: a bug in the caller, and JSON would hide it.
*/
function writeRunRecord(record) {
	const result = STORED_RECORD.safeParse(record);
	if (!result.success) throw new RangeError(`not a run record: ${firstMistakes(result.error)}`);
	return `${JSON.stringify(result.data, void 0, 2)}\n`;
}
const RECORD_AGAIN = "it was damaged or edited: record the run again";
function parseJson(text, origin) {
	try {
		return JSON.parse(text);
	} catch (cause) {
		const message = cause instanceof Error ? cause.message : "";
		const [, line, column] = /\(line (\d+) column (\d+)\)/.exec(message) ?? [];
		if (line !== void 0 && column !== void 0) {
			const position = {
				file: origin,
				line: Number(line),
				column: Number(column)
			};
			throw new InputError("this is not JSON", {
				hint: RECORD_AGAIN,
				position
			});
		}
		const cutShort = /end of JSON input/.test(message);
		throw new InputError(`${origin} is not JSON${cutShort ? ": it ends too early" : ""}`, { hint: RECORD_AGAIN });
	}
}
function checkSchemaNumber(stored, origin) {
	const schema = typeof stored === "object" && stored !== null && Object.hasOwn(stored, "schema") ? stored.schema : void 0;
	if (typeof schema !== "number" || !Number.isInteger(schema)) throw new InputError(`${origin} is not a run record: it has no schema number`, { hint: "give a run.json that tailgate wrote" });
	if (schema > 1) throw new InputError(`${origin} was written by a newer tailgate: it has schema ${schema}, this one reads ${1}`, { hint: "use the same version of tailgate on both sides" });
	if (schema < 1) throw new InputError(`${origin} was written by an older tailgate: it has schema ${schema}, this one reads ${1}`, { hint: "record the run again" });
}
/** Decoded here once, so that a damaged histogram is a refused record and never a crash in the middle of a comparison. */
function checkHistograms(record, origin) {
	for (const { name, arms } of record.scenarios) for (const [armName, arm] of Object.entries(arms)) for (const block of arm.blocks) for (const [distribution, encoded] of Object.entries(block.histograms)) if (!decodes(encoded)) {
		const where = `the ${distribution} histogram of block ${block.index}, ${armName}, scenario ${printable(name)}`;
		throw new InputError(`${origin} is not a run record: ${where}, cannot be decoded`, { hint: RECORD_AGAIN });
	}
}
function decodes(encoded) {
	try {
		decodeBins(encoded);
		return true;
	} catch (error) {
		if (error instanceof RangeError) return false;
		throw error;
	}
}
function firstMistakes({ issues }) {
	const named = issues.slice(0, NAMED_PATHS).map(({ path, message }) => `${pathText(path)}: ${printable(message.replace(/^Invalid input: /, ""))}`);
	const others = issues.length - named.length;
	return `${named.join("; ")}${others > 0 ? `; and ${others} more` : ""}`;
}
const pathText = (path) => path.length === 0 ? "the record" : printable(path.reduce((whole, key) => typeof key === "number" ? `${whole}[${key}]` : `${whole}${whole ? "." : ""}${String(key)}`, ""));
/** Text of a stranger's record in our own message: no control characters, no more than a line. */
const printable = (text) => {
	const clean = text.replace(/[^\p{L}\p{N}\p{P}\p{S} ]/gu, "?");
	return clean.length > 120 ? `${clean.slice(0, 117)}...` : clean;
};

// src/core/report/hlog.ts
/**
* All latency histograms of a run as a standard HdrHistogram log, in order of time, tagged `scenario.arm`: for the
* tools of the HdrHistogram family. Blocks without a latency (every request failed) have no line.
*/
function latencyLog(record) {
	const intervals = record.scenarios.flatMap(({ name, arms }) => ["base", "head"].flatMap((arm) => (arms[arm]?.blocks ?? []).flatMap(({ startS, durationS, histograms }) => histograms.latency === void 0 ? [] : [{
		tag: `${name}.${arm}`,
		startS,
		durationS,
		histogram: histograms.latency
	}])));
	return histogramLog(Date.parse(record.startedAt), intervals.toSorted((a, b) => a.startS - b.startS));
}

// src/core/report/svg.ts
/**
* A picture that can be read aloud: title and description belong to it by id. Colours come from the page's classes.
*
* @param id unique on the page, letters, digits and dashes.
*/
function svgFigure(id, size, title, description, body) {
	return [
		`<svg viewBox="0 0 ${size.width} ${size.height}" role="img" aria-labelledby="${id}-title ${id}-description" xmlns="http://www.w3.org/2000/svg">`,
		`<title id="${id}-title">${escapeHtml(title)}</title>`,
		`<desc id="${id}-description">${escapeHtml(description, 1e3)}</desc>`,
		...body,
		`</svg>`
	].join("\n");
}
const svgLine = (x1, y1, x2, y2, className) => `<line class="${className}" x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}"/>`;
const svgText = (x, y, text, className = "", anchor = "start") => `<text${className === "" ? "" : ` class="${className}"`} x="${at(x)}" y="${at(y)}" text-anchor="${anchor}">${escapeHtml(text, 60)}</text>`;
const svgPath = (points, className) => points.length === 0 ? "" : `<path class="${className}" d="M${points.map(([x, y]) => `${at(x)} ${at(y)}`).join("L")}"/>`;
/** Two decimals: less than a pixel, and the same bytes everywhere. */
const at = (position) => String(Number(position.toFixed(2)));
const linear = (from, to, start, end) => (value) => start + (end - start) * (value - from) / (to - from || 1);
/** A logarithmic axis of durations, with grid lines at 1, 2 and 5, and labels. Both bounds > 0. */
function durationAxis(plot, from, to) {
	const [low, high] = [from / 1.08, to * 1.08];
	const scale = linear(Math.log(low), Math.log(high), plot.bottom, plot.top);
	const y = (seconds) => scale(Math.log(Math.max(seconds, 1e-9)));
	return {
		y,
		body: logTicks(low, high).flatMap((tick) => [svgLine(plot.left, y(tick), plot.right, y(tick), "grid"), svgText(plot.left - 8, y(tick) + 4, formatQuantity(tick, "s"), "label", "end")])
	};
}
/** Round numbers in [low, high], thinned to what an axis can hold; finer steps where the range is small. */
function logTicks(low, high) {
	const steps = high / low < 3 ? [
		1,
		1.2,
		1.5,
		2,
		2.5,
		3,
		4,
		5,
		6,
		7,
		8,
		9
	] : high / low < 12 ? [
		1,
		1.5,
		2,
		3,
		5,
		7
	] : [
		1,
		2,
		5
	];
	const ticks = [];
	for (let decade = Math.floor(Math.log10(low)); decade <= Math.ceil(Math.log10(high)); decade++) for (const step of steps) {
		const tick = Number((step * 10 ** decade).toPrecision(3));
		if (tick >= low && tick <= high) ticks.push(tick);
	}
	const every = Math.ceil(ticks.length / 8);
	return ticks.filter((_, index) => index % every === 0);
}
/** What the lines mean, along the top. */
function legend(plot, entries) {
	const step = 128;
	return entries.flatMap(({ className, text }, index) => {
		const x = plot.left + index * step;
		return [svgLine(x, 14, x + 22, 14, className), svgText(x + 28, 18, text, "label")];
	});
}

// src/core/report/forest-chart.ts
const WIDTH = 920;
const PLOT$1 = {
	left: 230,
	right: 600
};
const ROW = 28;
const TOP = 34;
/** More lines are a list, not a picture; the worst are shown. */
const MOST_ROWS = 40;
/**
* Every gated change with its interval, in units of its own gate: 0 is no change, 1 is where the gate blocks, and
* metrics of different kinds share one picture.
*
* @returns undefined if no gated metric was compared.
*/
function forestChart(id, verdict) {
	const rows = verdict.scenarios.flatMap(({ metrics }) => metrics).flatMap(toRow).toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || b.worse - a.worse).slice(0, MOST_ROWS);
	if (rows.length === 0) return void 0;
	const from = Math.max(-4, Math.min(-1, ...rows.map(({ low }) => low)) - .2);
	const to = Math.min(6, Math.max(2, ...rows.map(({ high }) => high)) + .2);
	const x = linear(from, to, PLOT$1.left, PLOT$1.right);
	const bottom = TOP + rows.length * ROW;
	const description = rows.map((row) => `${row.label}: ${row.text}, ${WORDS$1[row.verdict]}`).join("; ");
	return svgFigure(id, {
		width: WIDTH,
		height: bottom + 30
	}, "Every gated change against its gate", `${description}.`, [
		`<rect class="beyond" x="${at(x(1))}" y="26" width="${at(PLOT$1.right - x(1))}" height="${bottom - TOP + 8}"/>`,
		svgLine(x(0), 26, x(0), bottom, "zero"),
		svgLine(x(1), 26, x(1), bottom, "gate"),
		svgText(x(0) + 3, 20, "no change", "label", "end"),
		svgText(x(1) - 3, 20, "gate", "label strong"),
		svgText(PLOT$1.left, bottom + 20, "← better", "label"),
		svgText(PLOT$1.right, bottom + 20, "worse →", "label", "end"),
		...rows.flatMap((row, index) => rowBody(row, TOP + index * ROW + ROW / 2, x, [from, to]))
	]);
}
function toRow({ metric, gated, verdict, comparison }) {
	const { delta, margin, scenario } = comparison;
	if (!gated || delta === void 0 || margin === void 0 || margin <= 0) return [];
	const [value, low, high] = delta.scale === "difference" ? [
		delta.absolute,
		delta.absoluteLow,
		delta.absoluteHigh
	] : [
		delta.relative,
		delta.low,
		delta.high
	];
	if (value === void 0 || low === void 0 || high === void 0) return [];
	const sign = METRICS[metric].better === "lower" ? 1 : -1;
	const [first, second] = [sign * low / margin, sign * high / margin];
	const definition = METRICS[metric];
	return [{
		label: `${metric} · ${scenario}`,
		text: `${changeText$1(delta, definition)} (${intervalText(delta, definition)})`,
		verdict,
		worse: sign * value / margin,
		low: Math.min(first, second),
		high: Math.max(first, second)
	}];
}
function rowBody({ label, text, verdict, worse, low, high }, y, x, [from, to]) {
	const inside = (value) => x(Math.min(Math.max(value, from), to));
	const mark = inside(worse);
	return [
		svgText(PLOT$1.left - 12, y + 4, plainLine(label, 31), "label", "end"),
		svgLine(inside(low), y, inside(high), y, `interval ${verdict}`),
		...low < from ? [arrow(x(from), y, -1, verdict)] : [svgLine(inside(low), y - 4, inside(low), y + 4, `interval ${verdict}`)],
		...high > to ? [arrow(x(to), y, 1, verdict)] : [svgLine(inside(high), y - 4, inside(high), y + 4, `interval ${verdict}`)],
		`<rect class="estimate ${verdict}" x="${at(mark - 4)}" y="${at(y - 4)}" width="8" height="8"/>`,
		svgText(PLOT$1.right + 12, y + 4, `${text} ${WORDS$1[verdict]}`, "label")
	];
}
/** The interval goes on beyond the picture. */
const arrow = (x, y, direction, verdict) => `<path class="estimate ${verdict}" d="M${at(x)} ${at(y)}l${-7 * direction} -5v10z"/>`;

// src/core/report/latency-charts.ts
const SIZE = {
	width: 560,
	height: 300
};
const PLOT = {
	left: 62,
	right: 544,
	top: 32,
	bottom: 258
};
const PERCENTILES = [
	0,
	.5,
	.9,
	.95,
	.99,
	.999,
	.9999,
	.99999
];
/**
* Latency of both arms over the percentile, on an axis on which every further nine takes the same width: where the
* curves part is where the change is. Drawn up to the percentile that one request stands for.
*
* @returns undefined if no latency was measured.
*/
function percentileChart(id, name, blocks) {
	const arms = [{
		arm: "base",
		bins: latencyOf(blocks.base)
	}, {
		arm: "head",
		bins: latencyOf(blocks.head)
	}].filter(({ bins }) => bins.total > 1);
	if (arms.length === 0) return void 0;
	const nines = Math.max(...arms.map(({ bins }) => Math.log10(bins.total)));
	const x = linear(0, nines, PLOT.left, PLOT.right);
	const curves = arms.map(({ arm, bins }) => ({
		arm,
		points: curve(bins, nines)
	}));
	const seconds = curves.flatMap(({ points }) => points.map(([, value]) => value));
	const { y, body } = durationAxis(PLOT, Math.min(...seconds), Math.max(...seconds));
	const shown = PERCENTILES.filter((p) => -Math.log10(1 - p) <= nines);
	const description = arms.map(({ arm, bins }) => `${arm}: ${shown.slice(1).map((p) => `p${Number((p * 100).toFixed(3))} ${duration$1(bins, p)}`).join(", ")}`).join("; ");
	return svgFigure(id, SIZE, `Latency percentiles of ${name}`, `${description}.`, [
		...body,
		...shown.flatMap((p) => {
			const position = x(-Math.log10(1 - p));
			return [svgLine(position, PLOT.top, position, PLOT.bottom, "grid"), svgText(position, PLOT.bottom + 18, p === 0 ? "min" : `p${Number((p * 100).toFixed(3))}`, "label", "middle")];
		}),
		...curves.map(({ arm, points }) => svgPath(points.map(([nine, value]) => [x(nine), y(value)]), `curve ${arm}`)),
		...legend(PLOT, arms.map(({ arm }) => ({
			className: `curve ${arm}`,
			text: arm
		}))),
		svgText((PLOT.left + PLOT.right) / 2, SIZE.height - 6, "share of requests faster than this", "label", "middle")
	]);
}
/**
* p50 and p99 of each block where it lies in time: shows drift, a disturbed stretch, and the order of base and head. A
* stored baseline is drawn as the level of all its runs.
*
* @returns undefined if no block of the head has a latency.
*/
function timelineChart(id, name, blocks) {
	const head = levels(blocks.head);
	if (head.length === 0) return void 0;
	const base = blocks.sameRun ? levels(blocks.base) : [];
	const stored = blocks.sameRun ? void 0 : latencyOf(blocks.base);
	const storedLevels = stored === void 0 || stored.total === 0 ? [] : [quantileOf(stored, .5), quantileOf(stored, .99)];
	const all = [...base, ...head];
	const start = Math.min(...all.map(({ startS }) => startS));
	const end = Math.max(...all.map(({ endS }) => endS));
	const x = linear(start, end, PLOT.left, PLOT.right);
	const seconds = [...all.flatMap(({ p50, p99 }) => [p50, p99]), ...storedLevels];
	const { y, body } = durationAxis(PLOT, Math.min(...seconds), Math.max(...seconds));
	const marks = (arm, list) => list.flatMap(({ startS, endS, p50, p99 }) => [svgLine(x(startS), y(p99), x(endS), y(p99), `tail ${arm}`), svgLine(x(startS), y(p50), x(endS), y(p50), `body ${arm}`)]);
	const hasBase = base.length > 0 || storedLevels.length > 0;
	const order = [...base.map((level) => ({
		...level,
		arm: "base"
	})), ...head.map((level) => ({
		...level,
		arm: "head"
	}))].toSorted((a, b) => a.startS - b.startS).slice(0, 8);
	return svgFigure(id, SIZE, `Latency of ${name} over time`, `p50 and p99 of ${base.length} base and ${head.length} head blocks over ${formatDuration(end - start)}; in the order ${order.map(({ arm }) => arm).join(", ")}${all.length > order.length ? ", and so on" : ""}.`, [
		...body,
		...timeTicks(end - start).map((tick) => svgText(x(start + tick), PLOT.bottom + 18, formatDuration(tick), "label", "middle")),
		...storedLevels.map((level, index) => svgLine(PLOT.left, y(level), PLOT.right, y(level), `${index === 0 ? "body" : "tail"} base stored`)),
		...marks("base", base),
		...marks("head", head),
		...legend(PLOT, [
			...hasBase ? [{
				className: "tail base",
				text: "base p99"
			}, {
				className: "body base",
				text: "base p50"
			}] : [],
			{
				className: "tail head",
				text: "head p99"
			},
			{
				className: "body head",
				text: "head p50"
			}
		]),
		svgText((PLOT.left + PLOT.right) / 2, SIZE.height - 6, "time, one mark per block", "label", "middle")
	]);
}
const levels = (blocks) => blocks.flatMap(({ startS, durationS, histograms }) => {
	const bins = histograms.latency === void 0 ? void 0 : decodeBins(histograms.latency);
	const [p50, p99] = bins === void 0 ? [] : [quantileOf(bins, .5), quantileOf(bins, .99)];
	return p50 === void 0 || p99 === void 0 ? [] : [{
		startS,
		endS: startS + durationS,
		p50,
		p99
	}];
});
const latencyOf = (blocks) => mergeBins(blocks.flatMap(({ histograms }) => histograms.latency === void 0 ? [] : [decodeBins(histograms.latency)]));
/** One point per two units of width: finer than the eye, and small. */
function curve(bins, nines) {
	const steps = Math.round((PLOT.right - PLOT.left) / 2);
	const last = Math.log10(bins.total);
	return Array.from({ length: steps + 1 }, (_, step) => nines * step / steps).filter((nine) => nine <= last).map((nine) => [nine, quantileOf(bins, 1 - 10 ** -nine) ?? 0]);
}
const duration$1 = (bins, p) => formatQuantity(quantileOf(bins, p) ?? NaN, "s");
/** Round times from 0, at most eight. */
function timeTicks(lengthS) {
	const step = [
		1,
		2,
		5,
		10,
		20,
		30,
		60,
		120,
		300,
		600,
		1200,
		1800,
		3600,
		7200,
		14400,
		43200
	].find((candidate) => lengthS / candidate <= 7) ?? 86400;
	return Array.from({ length: Math.floor(lengthS / step) + 1 }, (_, index) => index * step);
}

// src/core/report/charts.ts
/** Several head runs share a picture of percentiles; over time only the newest is drawn, since runs share no clock. */
function drawCharts({ verdict, heads, baseline }) {
	const scenarios = verdict.scenarios.map(({ name }, index) => {
		const of = (runs, arm) => runs.flatMap((run) => run.scenarios.find((scenario) => scenario.name === name)?.arms[arm]?.blocks ?? []);
		const newest = heads.slice(-1);
		const sameRun = baseline.kind !== "stored";
		const stored = baseline.kind === "stored" ? of(baseline.runs.map(({ record }) => record), "head") : [];
		const all = {
			base: sameRun ? of(heads, "base") : stored,
			head: of(heads, "head"),
			sameRun
		};
		const last = {
			base: sameRun ? of(newest, "base") : stored,
			head: of(newest, "head"),
			sameRun
		};
		return [name, [percentileChart(`percentiles-${index}`, name, all), timelineChart(`timeline-${index}`, name, last)].filter((chart) => chart !== void 0)];
	});
	return {
		forest: forestChart("forest", verdict),
		scenarios: new Map(scenarios)
	};
}

// src/core/report/style.ts
/** The style sheet of the report. Blue and orange are told apart by every kind of colour vision (Okabe and Ito, 2008). */
const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --base: #0072b2; --head: #c44f00; --pass: #1a7f37; --fail: #cf222e; --unsure: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d; --soft: #151b23; --base: #56b4e9; --head: #f0a040; --pass: #3fb950; --fail: #f85149; --unsure: #d29922; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 64px; }
header.verdict { border-left: 6px solid var(--unsure); background: var(--soft); padding: 14px 20px; border-radius: 6px; }
header.verdict.pass { border-color: var(--pass); }
header.verdict.fail { border-color: var(--fail); }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 6px; overflow-wrap: anywhere; }
h2 { font-size: 18px; margin: 34px 0 8px; overflow-wrap: anywhere; }
header h2 { font-size: 15px; margin: 12px 0 0; }
p { margin: 6px 0; }
ul { margin: 6px 0; padding-left: 22px; }
li { overflow-wrap: anywhere; }
.quiet, figcaption { color: var(--quiet); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0; font-size: 14px; }
th, td { border-bottom: 1px solid var(--line); padding: 5px 12px 5px 0; text-align: left; vertical-align: top; }
th { font-weight: 600; color: var(--quiet); }
td { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.mark { display: inline-block; min-width: 1.4em; height: 1.4em; line-height: 1.4em; text-align: center; border-radius: 50%; font-size: 0.8em; font-weight: 700; color: var(--ground); background: var(--unsure); }
.mark.pass { background: var(--pass); }
.mark.fail { background: var(--fail); }
td.worse { color: var(--fail); font-weight: 600; }
td.better { color: var(--pass); }
td code, td.word { white-space: nowrap; }
.facts th { white-space: nowrap; font-weight: 400; }
code, pre { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--soft); padding: 12px; border-radius: 6px; overflow-x: auto; }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--quiet); }
figure { margin: 12px 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 440px), 1fr)); gap: 20px; }
svg { display: block; width: 100%; height: auto; max-width: 940px; }
svg text { fill: var(--ink); font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg .label { fill: var(--quiet); }
svg .strong { fill: var(--ink); font-weight: 600; }
svg .grid { stroke: var(--line); stroke-width: 1; }
svg .curve, svg .body, svg .tail { fill: none; stroke-width: 2; }
svg .tail { stroke-width: 4; }
svg .body { stroke-width: 1.75; }
svg .base { stroke: var(--base); }
svg .head { stroke: var(--head); }
svg .curve.base { stroke-dasharray: 6 3; }
svg .stored { stroke-dasharray: 6 3; }
svg .tail.stored { stroke-width: 2.5; }
svg .zero { stroke: var(--quiet); stroke-width: 1; }
svg .gate { stroke: var(--fail); stroke-width: 1.5; stroke-dasharray: 4 3; }
svg .beyond { fill: var(--fail); opacity: 0.08; }
svg .interval { stroke: var(--unsure); stroke-width: 2; }
svg .estimate { fill: var(--unsure); }
svg .interval.pass { stroke: var(--pass); } svg .estimate.pass { fill: var(--pass); }
svg .interval.fail { stroke: var(--fail); } svg .estimate.fail { fill: var(--fail); }
@media print {
  .mark { print-color-adjust: exact; }
  :root { --ground: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #fff; --base: #0072b2; --head: #c44f00; --pass: #1a7f37; --fail: #cf222e; --unsure: #9a6700; }
  main { max-width: none; padding: 0; }
  body, table { font-size: 12px; }
  section, figure, tr { break-inside: avoid; }
  .scroll { overflow: visible; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;

// src/core/report/html.ts
/**
* The report as one HTML file that needs nothing else: no script, no network (its own policy forbids both), light and
* dark by the reader's setting, and fit to be printed.
*/
function renderHtml(input) {
	const { report } = input;
	const charts = drawCharts(input);
	const several = report.scenarios.length > 1;
	const explained = report.scenarios.find(({ rows }) => rows.some((row) => row.detects !== "–"));
	return [
		`<!doctype html>`,
		`<html lang="en">`,
		`<head>`,
		`<meta charset="utf-8">`,
		`<meta http-equiv="Content-Security-Policy" content="${`default-src 'none'; style-src 'sha256-${createHash("sha256").update(STYLE).digest("base64")}'; base-uri 'none'; form-action 'none'`}">`,
		`<meta name="viewport" content="width=device-width, initial-scale=1">`,
		`<meta name="color-scheme" content="light dark">`,
		`<title>${escapeHtml(`${TITLES[report.verdict]}: ${report.headline}`, 200)} · tailgate</title>`,
		`<style>${STYLE}</style>`,
		`</head>`,
		`<body>`,
		`<main>`,
		header(report),
		...charts.forest === void 0 ? [] : [section("Changes against their gates", figure(charts.forest, "One line per gate: the square is the change, the line its interval. Right of the gate blocks."))],
		...report.scenarios.map((scenario) => scenarioSection(scenario, charts, scenario === explained)),
		...report.resources.length > 0 ? [section("GPU and server", metricTable(report.resources, several))] : [],
		...failures(report, several),
		...warnings(report),
		section("Where these numbers come from", factTable(report.provenance)),
		...report.environment.length > 0 ? [section("Environment", factTable(report.environment))] : [],
		section("Get them again", `<pre><code>${report.reproduce.map((line) => escapeHtml(line, 4e3)).join("\n")}</code></pre>`),
		`</main>`,
		`</body>`,
		`</html>`,
		""
	].join("\n");
}
/** Drawn with the page's own font and colour; the word beside it says the same. */
const mark = (verdict) => `<span class="mark ${verdict}" aria-hidden="true">${GLYPHS[verdict]}</span>`;
const section = (title, body) => `<section>\n<h2>${escapeHtml(title)}</h2>\n${body}\n</section>`;
const figure = (svg, caption) => `<figure>\n${svg}\n<figcaption>${escapeHtml(caption)}</figcaption>\n</figure>`;
const list = (items) => items.length === 0 ? "" : `<ul>\n${items.map((item) => `<li>${escapeHtml(item, 600)}</li>`).join("\n")}\n</ul>`;
const header = (report) => [
	`<header class="verdict ${report.verdict}">`,
	`<h1>${mark(report.verdict)} ${TITLES[report.verdict]}: ${escapeHtml(report.headline)}</h1>`,
	`<p><strong>${escapeHtml(report.consequence)}</strong> ${escapeHtml(report.context)}</p>`,
	list(report.reasons),
	...report.steps.length > 0 ? [`<h2>What would decide it</h2>`, list(report.steps)] : [],
	`</header>`
].join("\n");
const CAPTIONS = ["Latency over the share of requests: every further nine takes the same width. Where the curves part is where the change is.", "p99 (thick) and p50 (thin) of each block, where it lies in time. Drift or a disturbed stretch shows here."];
function scenarioSection(scenario, charts, explains) {
	const open = scenario.rows.filter((row) => row.open);
	const closed = scenario.rows.filter((row) => !row.open);
	const rest = restText(closed);
	const drawn = charts.scenarios.get(scenario.name) ?? [];
	return [
		`<section>`,
		`<h2>${mark(scenario.verdict)} ${escapeHtml(scenario.name, 120)}</h2>`,
		`<p class="quiet">${escapeHtml(scenario.load)}</p>`,
		...open.length > 0 ? [metricTable(open, false)] : [],
		...explains ? [`<p class="quiet">${escapeHtml(DETECTS_NOTE)}</p>`] : [],
		...scenario.shift === void 0 ? [] : [`<p>${escapeHtml(scenario.shift)}</p>`],
		...closed.length > 0 ? [`<details>\n<summary>${rest.count}, ${rest.kind}</summary>\n${metricTable(closed, false)}\n</details>`] : [],
		...drawn.length > 0 ? [
			`<div class="pictures">`,
			...drawn.map((svg, index) => figure(svg, CAPTIONS[index] ?? "")),
			`</div>`
		] : [],
		`</section>`
	].join("\n");
}
function metricTable(rows, withScenario) {
	const gated = rows.some((row) => row.gated);
	const confidence = rows.find((row) => row.confidence !== "")?.confidence;
	const head = [
		...withScenario ? [{ html: "Scenario" }] : [],
		{ html: "Metric" },
		...[
			"Base",
			"Head",
			"Change",
			confidence === void 0 ? "Interval" : `${confidence} interval`
		].map((html) => ({
			html,
			className: "number"
		})),
		...gated ? [
			{
				html: "Gate",
				className: "number"
			},
			{
				html: "Would catch",
				className: "number"
			},
			{ html: "Verdict" }
		] : [{ html: "Note" }]
	];
	const body = rows.map((row) => [
		...withScenario ? [{ html: escapeHtml(row.scenario, 80) }] : [],
		{ html: `<code>${row.metric}</code>` },
		...[row.base, row.head].map((html) => ({
			html: escapeHtml(html),
			className: "number"
		})),
		{
			html: escapeHtml(row.change),
			className: `number ${row.tone}`
		},
		{
			html: escapeHtml(row.interval),
			className: "number"
		},
		...gated ? [row.gate, row.detects].map((html) => ({
			html: escapeHtml(html),
			className: "number"
		})) : [],
		{
			html: row.gated ? `${mark(row.verdict)} ${escapeHtml(row.word)}` : escapeHtml(row.word),
			className: "word"
		}
	]);
	return table(head, body);
}
const table = (head, body) => [
	`<div class="scroll"><table>`,
	`<thead><tr>${head.map((cell) => cellHtml("th", cell, ` scope="col"`)).join("")}</tr></thead>`,
	`<tbody>`,
	...body.map((row) => `<tr>${row.map((cell) => cellHtml("td", cell)).join("")}</tr>`),
	`</tbody>`,
	`</table></div>`
].join("\n");
const cellHtml = (tag, { html, className }, attributes = "") => `<${tag}${attributes}${className === void 0 ? "" : ` class="${className}"`}>${html}</${tag}>`;
const factTable = (facts) => [
	`<div class="scroll"><table class="facts"><tbody>`,
	...facts.map(({ label, value }) => `<tr><th scope="row">${escapeHtml(label)}</th><td>${escapeHtml(value, 1e3)}</td></tr>`),
	`</tbody></table></div>`
].join("\n");
function failures({ failures: rows }, several) {
	if (rows.length === 0) return [];
	const head = [
		...several ? ["Scenario"] : [],
		"Kind",
		"Base",
		"Head",
		"First example"
	].map((html) => ({ html }));
	const body = rows.map((row) => [
		...several ? [row.scenario] : [],
		row.kind,
		row.base,
		row.head,
		row.example
	].map((text) => ({ html: escapeHtml(text) })));
	return [section("Failed requests", table(head, body))];
}
function warnings({ problems }) {
	const texts = problems.filter(({ severity }) => severity === "warning").map(({ text }) => text);
	return texts.length === 0 ? [] : [section("Warnings", list(texts))];
}

// src/core/report/verdict-schema.ts
/** Raised whenever a reader of verdict.json would misread the new form. New fields do not raise it. */
const VERDICT_SCHEMA = 1;
const number$1 = number$2().nullable();
const word = _enum(VERDICTS);
const estimate = strictObject({
	value: number$2(),
	low: number$1,
	high: number$1,
	n: int().nonnegative().describe("Observations: requests of a percentile, blocks of a rate or a gauge.")
}).nullable();
const gate = strictObject({
	regression: number$1.describe("Smallest change worth blocking, as the suite says it."),
	floor: number$1.describe("Smallest absolute change worth blocking, in the unit."),
	limit: number$1.describe("Hard limit, in the unit.")
}).nullable();
const metric = strictObject({
	metric: _enum(METRIC_NAMES),
	unit: _enum([...new Set(Object.values(METRICS).map(({ unit }) => unit))]),
	better: _enum(["lower", "higher"]),
	gated: boolean(),
	verdict: word.describe("Of an ungated metric: for the reader only, it never enters the scenario's verdict."),
	base: estimate,
	head: estimate,
	delta: strictObject({
		scale: _enum(["relative", "difference"]).describe("Which change is judged: `relative`, or `absolute` in the metric's unit."),
		relative: number$1.describe("head / base − 1; null where base is 0."),
		low: number$1,
		high: number$1,
		absolute: number$2().describe("head − base, in the unit."),
		absolute_low: number$1,
		absolute_high: number$1,
		confidence: number$2().min(0).max(1).describe("Of all bounds of this metric, two-sided.")
	}).nullable(),
	mann_whitney: strictObject({
		p: number$2().min(0).max(1).describe("One-sided: head slower."),
		cliffs_delta: number$2().min(-1).max(1)
	}).nullable(),
	gate,
	margin: number$1.describe("Smallest change worth blocking, on the delta's scale."),
	resolvable_margin: number$1.describe("Smallest change this data could have blocked, on the delta's scale."),
	more_data: number$1.describe("Factor on the measured time that would make the gate decidable."),
	obstacles: array(string$1()).describe("Why no conclusion may be drawn, or only in one direction: stable, kebab-case codes."),
	reason: string$1()
});
/** The shape of verdict.json: times in seconds, sizes in bytes, rates per second, ratios in [0, 1]; unknown is null. */
const VERDICT_JSON = strictObject({
	$schema: string$1().optional(),
	schema: literal(1),
	verdict: word,
	evidence: _enum([
		"live",
		"stored",
		"single",
		"none"
	]),
	reasons: array(string$1()).describe("Sentences for people, worst first."),
	problems: array(strictObject({
		severity: _enum(["invalid", "warning"]),
		code: string$1(),
		message: string$1(),
		scenario: string$1().nullable(),
		arm: _enum(["base", "head"]).nullable()
	})),
	scenarios: array(strictObject({
		name: string$1(),
		verdict: word,
		metrics: array(metric)
	}))
}).meta({
	title: "tailgate verdict",
	description: "The decision about one run, with every number it stands on. Times in seconds, sizes in bytes, rates per second, ratios in [0, 1]; unknown is null."
});

// src/core/report/json.ts
/** verdict.json: the decision for programs, as schema/verdict.schema.json describes it. Two spaces, one newline at the end. */
function verdictJson(verdict) {
	const json = {
		schema: 1,
		verdict: verdict.verdict,
		evidence: verdict.evidence,
		reasons: [...verdict.reasons],
		problems: verdict.problems.map(({ severity, code, message, scenario, arm }) => ({
			severity,
			code,
			message,
			scenario: scenario ?? null,
			arm: arm ?? null
		})),
		scenarios: verdict.scenarios.map((scenario) => ({
			name: scenario.name,
			verdict: scenario.verdict,
			metrics: scenario.metrics.map(metricJson)
		}))
	};
	return `${JSON.stringify(json, void 0, 2)}\n`;
}
function metricJson({ metric, gated, verdict, reason, comparison }) {
	const { base, head, delta, gate, mannWhitney, margin, resolvableMargin, moreData, obstacles } = comparison;
	const { unit, better } = METRICS[metric];
	return {
		metric,
		unit,
		better,
		gated,
		verdict,
		base: estimateJson(base),
		head: estimateJson(head),
		delta: delta === void 0 || !Number.isFinite(delta.absolute) ? null : {
			scale: delta.scale,
			relative: known(delta.relative),
			low: known(delta.low),
			high: known(delta.high),
			absolute: delta.absolute,
			absolute_low: known(delta.absoluteLow),
			absolute_high: known(delta.absoluteHigh),
			confidence: delta.confidence
		},
		mann_whitney: mannWhitney === void 0 ? null : {
			p: mannWhitney.p,
			cliffs_delta: mannWhitney.cliffsDelta
		},
		gate: gate === void 0 ? null : {
			regression: known(gate.regression),
			floor: known(gate.floor),
			limit: known(gate.limit)
		},
		margin: known(margin),
		resolvable_margin: known(resolvableMargin),
		more_data: known(moreData),
		obstacles: obstacles.map(({ code }) => code),
		reason
	};
}
const estimateJson = (estimate) => estimate === void 0 || !Number.isFinite(estimate.value) ? null : {
	value: estimate.value,
	low: known(estimate.low),
	high: known(estimate.high),
	n: estimate.n
};
/** JSON has no infinity: an open bound is an unknown one. */
const known = (value) => value !== void 0 && Number.isFinite(value) ? value : null;

// src/core/report/junit.ts
/**
* JUnit XML, for the test views of CI systems: one suite per scenario with one test per gated metric, and one test
* `verdict` for the whole run. A failed gate is a `failure`, an invalid one an `error`. What is inconclusive or has no
* baseline is `skipped`, since nothing was shown about it; but the test `verdict` is an `error` whenever the run blocks
* without a failed gate, so that a view that ignores skipped tests never looks green because nothing was seen.
*/
function junitXml(report) {
	const scenarios = report.scenarios.map((scenario) => ({
		name: scenario.name,
		tests: [...scenario.rows, ...report.resources.filter((row) => row.scenario === scenario.name)].filter((row) => row.gated).map(gateTest)
	}));
	const suites = [{
		name: report.suiteName,
		tests: [runTest(report)]
	}, ...scenarios];
	const all = suites.flatMap(({ tests }) => tests);
	return [
		`<?xml version="1.0" encoding="UTF-8"?>`,
		`<testsuites name="tailgate ${escapeHtml(report.suiteName)}" ${counts(all)}>`,
		...suites.flatMap(({ name, tests }) => [
			`  <testsuite name="${escapeHtml(name)}" ${counts(tests)}>`,
			...tests.flatMap((test) => testLines(test, name)),
			`  </testsuite>`
		]),
		`</testsuites>`,
		""
	].join("\n");
}
const OUTCOMES = {
	pass: "passed",
	fail: "failure",
	invalid: "error",
	inconclusive: "skipped",
	"no-baseline": "skipped"
};
const gateTest = (row) => ({
	name: row.metric,
	outcome: OUTCOMES[row.verdict],
	type: row.verdict,
	message: row.reason,
	details: `base ${row.base}, head ${row.head}, change ${row.change}${row.interval === "" ? "" : ` (${row.interval})`}, gate ${row.gate}`
});
const runTest = (report) => ({
	name: "verdict",
	outcome: report.verdict === "pass" ? "passed" : report.verdict === "fail" ? "failure" : report.blocks ? "error" : "skipped",
	type: report.verdict,
	message: `${TITLES[report.verdict]}: ${report.headline}`,
	details: [report.consequence, ...report.reasons].join(" ")
});
function testLines({ name, outcome, type, message, details }, suite) {
	const open = `    <testcase classname="${escapeHtml(suite)}" name="${escapeHtml(name)}"`;
	if (outcome === "passed") return [`${open}/>`];
	if (outcome === "skipped") return [
		`${open}>`,
		`      <skipped message="${escapeHtml(message, 600)}"/>`,
		`    </testcase>`
	];
	return [
		`${open}>`,
		`      <${outcome} type="${escapeHtml(type)}" message="${escapeHtml(message, 600)}">${escapeHtml(details, 2e3)}</${outcome}>`,
		`    </testcase>`
	];
}
function counts(tests) {
	const count = (outcome) => tests.filter((test) => test.outcome === outcome).length;
	return `tests="${tests.length}" failures="${count("failure")}" errors="${count("error")}" skipped="${count("skipped")}"`;
}

// src/io/files/write.ts
/**
* Writes the whole file or leaves what was there: a reader never sees half of it, and a cancelled job no torn record.
* Folders on the way are made.
*
* @throws {InputError} if the disk is full or the place may not be written.
*/
async function writeFileAtomic(path, text) {
	const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
	try {
		await mkdir(dirname(path), { recursive: true });
		const file = await open(temporary, "wx");
		try {
			await file.writeFile(text, "utf8");
			await file.sync();
		} finally {
			await file.close();
		}
		await rename(temporary, path);
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => void 0);
		throw writeError(error, path);
	}
}
const REASONS = {
	ENOSPC: "the disk is full",
	EDQUOT: "the disk quota is used up",
	EACCES: "permission denied",
	EPERM: "permission denied",
	EROFS: "the file system is read-only",
	EISDIR: "it is a folder",
	ENOTDIR: "a part of its path is a file, not a folder",
	EEXIST: "a part of its path is a file, not a folder",
	ENAMETOOLONG: "its name is too long"
};
/** A file system error as a sentence; anything else as it is. */
function writeError(cause, path) {
	const code = cause instanceof Error ? cause.code : void 0;
	if (code === void 0) return cause;
	return new InputError(`cannot write ${path}: ${REASONS[code] ?? cause.message}`, {
		hint: code === "ENOSPC" || code === "EDQUOT" ? "free some space" : "choose another place with --out",
		cause
	});
}

// src/outputs.ts
/** Names in the output folder: part of the contract. */
const RUN_FILE = "run.json";
const VERDICT_FILE = "verdict.json";
const COMMENT_FILE = "comment.md";
const REPORT_FILE = "report.html";
const JUNIT_FILE = "junit.xml";
const LATENCY_FILE = "latency.hlog";
/** What is concluded from a record; all of it can be made again. */
const CONCLUSION_FILES = [
	VERDICT_FILE,
	COMMENT_FILE,
	REPORT_FILE,
	JUNIT_FILE,
	LATENCY_FILE
];
/**
* The record so far, as it is known before the first request and after every stretch of load. What an earlier run left
* beside it is taken away: if this one ends in the middle, no verdict of yesterday may stand beside its record.
*/
async function writeRecord(out, record) {
	const conclusions = CONCLUSION_FILES.map((name) => join(out, name));
	await Promise.all(conclusions.map((file) => rm(file, { force: true }).catch(() => void 0)));
	await writeFileAtomic(join(out, RUN_FILE), writeRunRecord(record));
}
/**
* Writes what a gate produced, the record first: whatever fails after it can be made again with `tailgate compare`.
*
* @param record undefined where stored records were judged: they have their own files already.
*/
async function writeOutputs(out, judgement, record) {
	if (record !== void 0) await writeRecord(out, record);
	const { verdict, report, heads } = judgement;
	await writeFileAtomic(join(out, VERDICT_FILE), verdictJson(verdict));
	await writeFileAtomic(join(out, COMMENT_FILE), renderComment(report));
	await writeFileAtomic(join(out, REPORT_FILE), renderHtml(judgement));
	await writeFileAtomic(join(out, JUNIT_FILE), junitXml(report));
	const newest = heads.at(-1);
	if (newest !== void 0) await writeFileAtomic(join(out, LATENCY_FILE), latencyLog(newest));
}

// src/io/files/read.ts
/** Largest file that is read when the caller names no limit of its own: beyond any suite, record or payload file we know. */
const MAX_BYTES$1 = 268435456;
/**
* A whole file as UTF-8 text, without a byte order mark.
*
* @param what what the file is to the user (`suite`, `baseline`), for the message.
* @throws {InputError} if it is missing (naming the nearest file name beside it), a folder, unreadable or too large.
*/
async function readTextFile(path, what, maxBytes = MAX_BYTES$1) {
	return new TextDecoder().decode(await readBytes(path, what, maxBytes));
}
/** As {@link readTextFile}, for files that need not be text. */
async function readBytes(path, what, maxBytes = MAX_BYTES$1) {
	try {
		const found = await stat(path);
		if (found.isDirectory()) throw new InputError(`the ${what} ${path} is a folder`, { hint: await fileInside(path) });
		if (found.size > maxBytes) throw new InputError(`the ${what} ${path} is ${mebibytes(found.size)}; at most ${mebibytes(maxBytes)} are read`);
		return await readFile(path);
	} catch (error) {
		if (error instanceof InputError) throw error;
		throw await readError(error, path, what);
	}
}
/** A file system error as a sentence; anything else as it is. */
async function readError(cause, path, what) {
	const code = cause instanceof Error ? cause.code : void 0;
	if (code === "ENOENT" || code === "ENOTDIR") {
		const hint = await nearest(path);
		return new InputError(`there is no ${what} ${path}`, {
			...hint === void 0 ? {} : { hint },
			cause
		});
	}
	if (code === "EACCES" || code === "EPERM") return new InputError(`the ${what} ${path} may not be read: permission denied`, { cause });
	return code === void 0 ? cause : new InputError(`the ${what} ${path} cannot be read: ${cause.message}`, { cause });
}
async function nearest(path) {
	const folder = dirname(path);
	const names = await readdir(folder).catch(() => void 0);
	if (names === void 0) return `the folder ${folder} does not exist either`;
	if (names.length === 0) return void 0;
	const wanted = basename(path);
	const candidate = (0, import_fastest_levenshtein.closest)(wanted, names);
	return (0, import_fastest_levenshtein.distance)(wanted, candidate) <= Math.max(2, wanted.length / 2) ? `did you mean ${join(folder, candidate)}?` : void 0;
}
async function fileInside(folder) {
	const likely = (await readdir(folder).catch(() => [])).find((name) => /\.(ya?ml|json)$/.test(name));
	return likely === void 0 ? "give the path of a file" : `give the path of a file, perhaps ${join(folder, likely)}`;
}
const mebibytes = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

// src/io/baselines/directory.ts
/**
* The run records of one suite below a folder: `DIR/*.json` and `DIR/SUITE/*.json`, newest first.
*
* A damaged file is refused by name and the others still serve. A record of another suite is passed over in silence,
* since one folder may serve several suites. A folder that does not exist is one refusal, never an error.
*/
async function readBaselineDirectory(dir, suiteName) {
	const listed = await jsonFiles(dir);
	if (listed === void 0) return {
		candidates: [],
		refused: [{
			origin: dir,
			reason: "the folder does not exist"
		}]
	};
	const candidates = [];
	const refused = [];
	for (const path of [...listed, ...await jsonFiles(suiteFolder(dir, suiteName)) ?? []]) try {
		const record = readRunRecord(await readTextFile(path, "baseline", MAX_RECORD_LENGTH), path);
		if (record.suite.name === suiteName) candidates.push({
			origin: path,
			record
		});
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		refused.push({
			origin: path,
			reason: error.sentence
		});
	}
	candidates.sort((a, b) => Date.parse(b.record.startedAt) - Date.parse(a.record.startedAt) || (a.origin < b.origin ? -1 : 1));
	return {
		candidates,
		refused
	};
}
/**
* Keeps a run as `DIR/SUITE/TIME-COMMIT.json` and removes the suite's oldest runs beyond {@link KEPT_RUNS}.
*
* @returns the path of the new file.
* @throws {InputError} if it cannot be written.
*/
async function saveBaseline(dir, record) {
	const folder = suiteFolder(dir, record.suite.name);
	const path = await unusedPath(folder, `${new Date(record.startedAt).toISOString().replace(/\.\d+Z$/, "Z").replaceAll(":", "")}-${record.provenance.commit === void 0 ? "no-commit" : slug(record.provenance.commit).slice(0, 12)}`);
	await writeFileAtomic(path, writeRunRecord(record));
	await prune(folder, path);
	return path;
}
const suiteFolder = (dir, suiteName) => join(dir, slug(suiteName));
async function unusedPath(folder, name) {
	const used = new Set(await jsonFiles(folder) ?? []);
	for (let copy = 1;; copy++) {
		const path = join(folder, `${name}${copy === 1 ? "" : `-${copy}`}.json`);
		if (!used.has(path)) return path;
	}
}
/** Our own file names begin with the time, so their order is the order of the runs; files of other names stay. */
async function prune(folder, newest) {
	const others = (await jsonFiles(folder) ?? []).filter((path) => path !== newest && /^\d{4}-\d\d-\d\dT\d{6}Z-/.test(basename(path)));
	for (const path of others.slice(0, Math.max(0, others.length - 19))) await rm(path, { force: true });
}
/** Paths of the JSON files directly in a folder, sorted; undefined for a folder that is not there. */
async function jsonFiles(folder) {
	try {
		return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile() && entry.name.endsWith(".json")).map((entry) => join(folder, entry.name)).sort();
	} catch (cause) {
		const { code } = cause;
		if (code === "ENOENT") return void 0;
		if (code === "ENOTDIR") throw new InputError(`${folder} is a file, not a folder of baselines`, { cause });
		throw new InputError(`the folder ${folder} cannot be read: ${cause.message}`, { cause });
	}
}

// src/io/github/baseline-runs.ts
/** How far back the history is walked, in commits. */
const HISTORY = 500;
/** The nearest commits are also asked for their runs, because the repository's listing may lag behind by hours. */
const NEAREST = 10;
const RUNS_PER_COMMIT = 5;
const LIMIT = 20;
const MAX_BYTES = 67108864;
/** What only the repository's own writers can start. */
const TRUSTED_EVENTS = [
	"push",
	"schedule",
	"workflow_dispatch"
];
/** More than these are of no use to a reader. */
const MAX_REFUSALS = 50;
/**
* Finds the baselines that may be trusted, nearest commit first.
*
* Candidates are found by commits: the history of `from` is walked, and an artifact counts only if its run's head lies
* on it. Accepted are those whose run belongs to this repository on both sides (a fork's branch may have the same
* name), was started by a push, a schedule or by hand on the trusted branch, and by the same workflow if one is given.
* A listing of runs by branch is never asked: GitHub's index of them may be days behind. Everything else found under
* the name is refused, with the reason.
*/
async function findBaselineRuns(api, search) {
	const [listed, history] = await Promise.all([api.listArtifacts(search.artifactName), api.listCommits(search.from, HISTORY)]);
	const distances = new Map(history.map((sha, distance) => [sha, distance]));
	const missed = await missedByTheListing(api, search, history.slice(0, NEAREST), listed);
	const distanceOf = ({ run }) => distances.get(run?.headSha ?? "") ?? Number.POSITIVE_INFINITY;
	const artifacts = [...listed, ...missed].filter(({ run }) => run === void 0 || run.id !== search.ownRunId).map((artifact) => ({
		artifact,
		distance: distanceOf(artifact)
	})).sort((a, b) => a.distance === b.distance ? b.artifact.id - a.artifact.id : a.distance - b.distance);
	const found = [];
	const refused = [];
	for (const { artifact, distance } of artifacts) {
		if (found.length >= (search.limit ?? LIMIT)) break;
		const origin = originOf(artifact, distance, search.fromName);
		const reason = flaw(artifact, distance, search) ?? await flawOfRun(api, artifact, search);
		if (reason !== void 0) refused.push({
			origin,
			reason
		});
		else {
			const { id, sizeBytes, digest, run } = artifact;
			found.push({
				id,
				runId: run.id,
				commit: run.headSha,
				sizeBytes,
				digest,
				origin
			});
		}
	}
	return {
		found,
		refused: shortened(refused)
	};
}
async function missedByTheListing(api, search, nearest, listed) {
	const commits = new Set(listed.map(({ run }) => run?.headSha));
	const missed = [];
	for (const sha of nearest.filter((commit) => !commits.has(commit))) {
		const runs = (await api.listRunsForSha(sha)).filter((run) => run.id !== search.ownRunId && untrusted(run, search) === void 0);
		for (const run of runs.slice(0, RUNS_PER_COMMIT)) missed.push(...await api.listRunArtifacts(run.id, search.artifactName));
	}
	return missed;
}
/** Why an artifact may not be used, from the listing alone; undefined if nothing speaks against it. */
function flaw({ run, expired, expiresAt, digest, sizeBytes }, distance, search) {
	if (run === void 0) return "GitHub does not say which run made it";
	if (run.repositoryId !== search.repositoryId) return `from another repository (repository id ${run.repositoryId})`;
	if (run.headRepositoryId !== search.repositoryId) return fromFork(run.headRepositoryId);
	if (run.headBranch !== search.branch) return `from branch ${run.headBranch}, not from ${search.branch}`;
	if (expired) return `expired on ${expiresAt?.slice(0, 10) ?? "an unknown day"}`;
	if (distance === Number.POSITIVE_INFINITY) return `its commit is not among the ${HISTORY} commits up to ${search.fromName}`;
	if (!/^sha256:[0-9a-f]{64}$/.test(digest ?? "")) return "it has no SHA-256 digest to verify it by";
	if (sizeBytes > MAX_BYTES) return `it is ${Math.ceil(sizeBytes / 1024 / 1024)} MiB; at most ${MAX_BYTES / 1024 / 1024} MiB are read`;
}
async function flawOfRun(api, { run }, search) {
	const made = await api.getRun(run.id);
	if (made === void 0) return "its run was deleted, so that nothing vouches for it";
	return made.headSha === run.headSha ? untrusted(made, search) : "its run is on another commit than it says";
}
/** Why a run may not vouch for a baseline. */
function untrusted(run, { repositoryId, branch, workflowPath }) {
	if (run.repositoryId !== repositoryId) return `from another repository (repository id ${run.repositoryId})`;
	if (run.headRepositoryId !== repositoryId) return fromFork(run.headRepositoryId);
	if (!TRUSTED_EVENTS.includes(run.event)) return `from event ${run.event}; only ${TRUSTED_EVENTS.join(", ")} make a baseline`;
	if (run.headBranch !== branch) return `from branch ${run.headBranch}, not from ${branch}`;
	if (workflowPath !== void 0 && run.path !== workflowPath) return `from workflow ${run.path}, not from ${workflowPath}`;
}
const fromFork = (id) => id === void 0 ? "from a fork that is gone" : `from a fork (repository id ${id})`;
function originOf({ id, run }, distance, fromName) {
	const commits = distance === 1 ? "1 commit" : `${distance} commits`;
	const where = distance === Number.POSITIVE_INFINITY ? [] : [distance === 0 ? `at ${fromName}` : `${commits} before ${fromName}`];
	return [
		...run === void 0 ? [] : [`run ${run.id}`, ...run.headSha ? [`commit ${run.headSha.slice(0, 7)}`] : []],
		...where,
		`artifact ${id}`
	].join(" · ");
}
function shortened(refused) {
	const others = refused.length - MAX_REFUSALS;
	if (others <= 0) return refused;
	return [...refused.slice(0, MAX_REFUSALS), {
		origin: `${others} more artifacts`,
		reason: "refused for reasons like those above"
	}];
}

// src/stored-baselines.ts
const NO_BASELINES = {
	candidates: [],
	refused: [],
	absence: "no baseline was asked for",
	runIds: /* @__PURE__ */ new Map()
};
async function directoryBaselines(folder, suiteName) {
	return {
		...await readBaselineDirectory(folder, suiteName),
		absence: `${folder} holds no run of the suite ${suiteName}`,
		runIds: /* @__PURE__ */ new Map()
	};
}
/**
* The stored runs of a branch, as artifacts, nearest commit first.
*
* Runs of any workflow file count. The usual set-up is two files, one for pushes and one for pull requests, and asking
* for the same file would leave it without a baseline for ever. Little would be won: what counts is a push, a schedule
* or a dispatch on the trusted branch, and whoever can make one of those can edit that one file as well.
*
* @param extendsBaseline this run will be stored too.
* @throws {InputError} if GitHub cannot be asked: a gate must not take an outage for a missing baseline.
*/
async function artifactBaselines(api, { context, branch, suiteName, token, extendsBaseline }) {
	const mergeBase = context.base === void 0 ? void 0 : await api.mergeBase(context.base.sha, context.sha);
	const { found, refused } = await findBaselineRuns(api, {
		artifactName: baselineArtifactName(suiteName),
		repositoryId: context.repository.id,
		branch,
		from: mergeBase ?? context.base?.sha ?? context.sha,
		fromName: mergeBase !== void 0 ? "the merge base" : context.base !== void 0 ? "the base branch" : "this commit",
		ownRunId: context.runId
	});
	const { readArtifactRuns } = await import("./artifact-store.js");
	const runs = await readArtifactRuns(found, suiteName, {
		token,
		repository: context.repository
	});
	return {
		candidates: runs.candidates,
		refused: [...refused, ...runs.refused],
		absence: absenceOf(branch, suiteName, context, extendsBaseline),
		artifacts: {
			baseline: baselineArtifactName(suiteName),
			head: runArtifactName(suiteName, context.runAttempt),
			extendsBaseline
		},
		runIds: new Map(found.map(({ origin, runId }) => [origin, String(runId)]))
	};
}
function absenceOf(branch, suiteName, { defaultBranch }, extendsBaseline) {
	if (extendsBaseline) return `this is the first run of the suite ${suiteName} on ${branch}; later ones are compared with it`;
	const none = `${branch} has no stored run of the suite ${suiteName}`;
	return defaultBranch === void 0 || branch === defaultBranch ? `${none} yet; the first push to ${branch} that runs tailgate makes one` : `${none}, because only runs on ${defaultBranch} are stored; write baseline-branch: ${defaultBranch} to compare with those`;
}

// package.json
var version = "0.1.0";

// src/tool.ts
/** How records and reports name the program that made them. */
const TOOL = `tailgate ${version}`;

// src/io/http.ts
var import_undici = require_undici();
/** Version of the HTTP client. It changes measured latency, hence belongs to a run's environment. */
const undiciVersion = version$1;
const connectSocket = (0, import_undici.buildConnector)({
	allowH2: false,
	timeout: 0,
	maxCachedSessions: 0
});
/** Opens no socket yet. `origin` is scheme, host and port. Certificates are verified; `NODE_EXTRA_CA_CERTS` adds authorities. */
function openConnection(origin, watch) {
	let connecting;
	const client = new import_undici.Client(origin, {
		allowH2: false,
		pipelining: 1,
		headersTimeout: 0,
		bodyTimeout: 0,
		keepAliveTimeout: 36e5,
		keepAliveMaxTimeout: 36e5,
		keepAliveTimeoutThreshold: 500,
		connect: (options, callback) => {
			watch.began();
			const answer = (...result) => {
				connecting = void 0;
				watch.ended(result[0] === null);
				callback(...result);
			};
			connecting = connectSocket(options, answer);
		}
	});
	return {
		dispatch: (wire, handler) => void client.dispatch(wire, handler),
		destroy: () => {
			connecting?.destroy();
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
/**
* One small GET beside the load: readiness, identity, telemetry. Any HTTP status is an answer.
*
* @throws the client's own error on a network failure, a deadline, or a body longer than `maxBytes` (16 MiB).
*/
async function getText(url, options) {
	const deadline = AbortSignal.timeout(Math.ceil(options.timeoutS * 1e3));
	const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
	const { statusCode, headers, body } = await (0, import_undici.request)(url, {
		dispatcher: agent,
		signal,
		headers: { ...options.headers }
	});
	const maxBytes = options.maxBytes ?? 16777216;
	const chunks = [];
	let size = 0;
	for await (const chunk of body) {
		size += chunk.length;
		if (size > maxBytes) {
			body.destroy();
			throw new Error(`the answer of ${url} is longer than ${maxBytes} bytes`);
		}
		chunks.push(chunk);
	}
	return {
		status: statusCode,
		headers: flatHeaders(headers),
		body: Buffer.concat(chunks).toString("utf8")
	};
}
/** Joins the values of a repeated header with a comma. */
function flatHeaders(headers) {
	const flat = {};
	for (const name in headers) {
		const value = headers[name];
		if (value !== void 0) flat[name] = typeof value === "string" ? value : value.join(", ");
	}
	return flat;
}

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

// src/io/load/failure.ts
const DETAIL_LENGTH = 200;
/** Why a request whose exchange broke off counts as failed, in one line for a person. */
function classify(error, stage, origin) {
	const { sentence } = explain(error, origin);
	if (isTlsRecord(error)) return {
		why: "connect",
		detail: sentence
	};
	if (isBadHttp(error) || error.code === "UND_ERR_HEADERS_OVERFLOW") return {
		why: "body",
		detail: sentence
	};
	if (stage.answered) return {
		why: "reset",
		detail: clip(`the connection broke during the answer: ${sentence}`)
	};
	if (stage.reused) return {
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
const TRUST = "; for an authority of your own, set NODE_EXTRA_CA_CERTS to its file";
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
	ERR_TLS_CERT_ALTNAME_INVALID: ["the TLS certificate is for another host", "never"],
	ERR_SSL_WRONG_VERSION_NUMBER: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
	ERR_SSL_PACKET_LENGTH_TOO_LONG: ["the endpoint does not speak TLS on this port; write http:// instead of https://", "never"],
	ERR_SSL_HTTP_REQUEST: ["the endpoint speaks plain HTTP on this port; write http:// instead of https://", "never"],
	ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: ["the endpoint asks for a client certificate, which is not supported", "never"],
	ERR_SSL_UNSUPPORTED_PROTOCOL: ["no common version of TLS", "never"],
	ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: ["no common version of TLS", "never"],
	ERR_INVALID_URL: ["this is not a URL", "never"]
};
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
	const { code, address, port } = one;
	const maybeTls = code === "UND_ERR_SOCKET" && origin.startsWith("http:") ? " (does this port speak TLS? then write https://)" : "";
	const words = code === void 0 ? void 0 : BY_CODE[code];
	if (words === void 0) return {
		sentence: clip(`${one.message} ${code === void 0 ? "" : `(${code})`}`),
		heals: !/^(CERT_|ERR_TLS_|ERR_SSL_)/.test(code ?? "")
	};
	const where = address === void 0 ? hostOf(origin) : `${address.includes(":") ? `[${address}]` : address}${port === void 0 ? "" : `:${port}`}`;
	return {
		sentence: clip(`${words[0].includes(";") ? words[0].replace(";", ` at ${where};`) : `${words[0]} at ${where}`} (${code})${maybeTls}`),
		heals: words[1] !== "never"
	};
}
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

// src/io/load/identity.ts
const TIMEOUT_S$1 = 10;
/**
* Asks the endpoint which version it runs: the text at `path`, or its `field` (dotted, `build.commit` or `images.0.tag`)
* in a JSON answer. An endpoint that does not answer does not match; `observed` then says why, in parentheses.
*/
async function readIdentity(url, identity, headers, signal) {
	const { path, equals: expected, field } = identity;
	const { base, headers: all } = readAddress(url, headers);
	const unknown = (why) => ({
		path,
		expected,
		observed: clip(`(${why})`),
		matches: false
	});
	try {
		const { status, body } = await getText(base.origin + joinPath(base, path), {
			timeoutS: TIMEOUT_S$1,
			headers: all,
			signal
		});
		if (status < 200 || status >= 300) return unknown(`answered ${status}`);
		const observed = field === void 0 ? textOf(body) : fieldOf(body, field);
		if (observed === void 0) return unknown(`no field ${field} in the answer`);
		return {
			path,
			expected,
			observed: clip(observed),
			matches: sameVersion(expected.trim(), observed)
		};
	} catch (error) {
		return unknown(isTimeout(error) ? `no answer within ${TIMEOUT_S$1} s` : explain(error, base.origin).sentence);
	}
}
/**
* Equal, or one a prefix of at least seven characters of the other where both are hexadecimal: an abbreviated commit. An
* empty expectation (a variable that was not set) matches nothing.
*/
function sameVersion(expected, observed) {
	if (expected === "") return false;
	if (expected === observed) return true;
	const [a, b] = [expected.toLowerCase(), observed.toLowerCase()];
	return [a, b].every((text) => /^[0-9a-f]{7,64}$/.test(text)) && (a.startsWith(b) || b.startsWith(a));
}
/** The body as text; a JSON string without its quotes. */
function textOf(body) {
	const value = parse(body);
	return (typeof value === "string" ? value : body).trim();
}
function fieldOf(body, field) {
	let value = parse(body);
	for (const key of field.split(".")) {
		if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return void 0;
		value = value[key];
	}
	if (value === void 0 || value === null) return void 0;
	return typeof value === "string" ? value.trim() : JSON.stringify(value);
}
function parse(body) {
	try {
		return JSON.parse(body);
	} catch {
		return;
	}
}

// src/io/load/loops.ts
const LEAD_NS = 20000000n;
const RECONNECT_PAUSE_MS = 10;
/**
* Releases every arrival at its time, whatever the endpoint does. Resolves when `durationNs` is over: what is observed
* during the segment, and the load on whatever comes next, must not depend on when its last arrival happened to be.
*/
async function openLoop(run, pacer, arrivalsNs, durationNs) {
	const start = () => {
		run.begin(process.hrtime.bigint() + LEAD_NS);
		return run.startedNs();
	};
	const release = (due) => {
		for (let i = run.counts().offered; i < due && !run.stopped.aborted; i++) run.send(arrivalsNs[i]);
	};
	await pacer.pace(start, arrivalsNs, release, run.stopped);
	const restMs = Math.max(0, (durationNs - run.now()) / 1e6);
	await setTimeout$1(restMs, void 0, { signal: run.stopped }).catch(() => {});
}
/** `concurrency` loops, each starting its next request when its last one ended. Resolves when none of them starts another. */
async function closedLoop(run, concurrency, durationNs) {
	const loop = async () => {
		while (run.now() < durationNs && !run.stopped.aborted) {
			const { result } = await new Promise((resolve) => run.send(void 0, resolve));
			if (result.kind === "failed" && result.why === "connect") await setTimeout$1(RECONNECT_PAUSE_MS);
		}
	};
	run.begin(process.hrtime.bigint());
	const stopped = new Promise((resolve) => run.stopped.addEventListener("abort", () => resolve()));
	await Promise.race([stopped, Promise.all(Array.from({ length: concurrency }, loop))]);
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

// src/io/load/exchange.ts
/**
* One request on its way: hears the HTTP client's events, stamps them, feeds the reader, and ends with one outcome.
* A class, because there is one per request and its methods are shared by all of them.
*/
var Exchange = class {
	index;
	intendedNs;
	deadlineNs;
	dispatchedNs;
	follow;
	slot;
	#owner;
	#reader;
	#wireNs;
	#firstByteNs;
	#connectBeganNs;
	#connectNs;
	#status;
	#over = false;
	constructor(owner, reader, start) {
		this.#owner = owner;
		this.#reader = reader;
		this.index = start.index;
		this.intendedNs = start.intendedNs;
		this.deadlineNs = start.deadlineNs;
		this.dispatchedNs = start.dispatchedNs;
		this.follow = start.follow;
	}
	/** Ends without an outcome: nothing can be said of a request that was given up in the middle. */
	abandon() {
		this.#over = true;
	}
	/** Ends as censored exactly at the deadline, whenever the timer came to notice. Later events did not happen. */
	expire() {
		const { deadlineNs } = this;
		const before = (ns) => ns !== void 0 && ns <= deadlineNs ? ns : void 0;
		const [wireNs, firstByteNs] = [before(this.#wireNs), before(this.#firstByteNs)];
		const where = wireNs === void 0 ? "the request was not sent yet" : firstByteNs === void 0 ? "no answer began" : "the answer was not complete";
		const detail = `no complete answer within ${(deadlineNs - this.intendedNs) / 1e9} s: ${where}`;
		this.#end({
			wireNs,
			firstByteNs,
			endNs: deadlineNs,
			result: {
				kind: "failed",
				why: "timeout",
				detail
			}
		}, "broken");
	}
	connectBegan() {
		this.#connectBeganNs = this.#owner.now();
	}
	connectEnded() {
		if (this.#connectBeganNs === void 0) return;
		this.#connectNs = (this.#connectNs ?? 0) + this.#owner.now() - this.#connectBeganNs;
		this.#connectBeganNs = void 0;
	}
	onRequestStart() {
		this.#wireNs = this.#owner.now();
	}
	onResponseStarted() {
		this.#firstByteNs ??= this.#owner.now();
	}
	onResponseStart(_controller, status, headers) {
		if (this.#over || status < 200) return;
		const atNs = this.#owner.now();
		this.#status = status;
		this.#guard(() => this.#reader.start(status, flatHeaders(headers), atNs));
	}
	onResponseData(_controller, chunk) {
		if (this.#over) return;
		const atNs = this.#owner.now();
		this.#guard(() => this.#reader.data(chunk, atNs));
	}
	onResponseEnd() {
		if (this.#over) return;
		const atNs = this.#owner.now();
		this.#guard(() => {
			const { result, endNs } = this.#reader.end(atNs);
			if (endNs > this.deadlineNs) this.expire();
			else this.#end({
				wireNs: this.#wireNs,
				firstByteNs: this.#firstByteNs,
				endNs,
				result
			}, "reusable");
		});
	}
	onResponseError(_controller, error) {
		if (this.#over) return;
		const endNs = this.#owner.now();
		this.#guard(() => {
			if (/^UND_ERR_(INVALID_ARG|NOT_SUPPORTED)$/.test(error.code ?? "")) throw error;
			if (endNs > this.deadlineNs) return this.expire();
			const stage = {
				reused: this.slot?.reused ?? false,
				onWire: this.#wireNs !== void 0,
				answered: this.#firstByteNs !== void 0
			};
			const { why, detail } = classify(error, stage, this.#owner.origin);
			this.#end({
				wireNs: this.#wireNs,
				firstByteNs: this.#firstByteNs,
				endNs,
				result: {
					kind: "failed",
					why,
					detail
				}
			}, "broken");
		});
	}
	#end(last, connection) {
		this.#over = true;
		const { index, intendedNs, dispatchedNs } = this;
		const outcome = {
			index,
			intendedNs,
			dispatchedNs,
			attempts: 1,
			attemptNs: dispatchedNs,
			connectNs: this.#connectNs,
			dnsNs: void 0,
			tlsNs: void 0,
			status: this.#status,
			...last
		};
		this.#owner.ended(this, outcome, connection);
	}
	#guard(step) {
		try {
			step();
		} catch (error) {
			this.#over = true;
			this.#owner.crashed(error);
		}
	}
};

// src/io/load/in-flight.ts
const LONGEST_MS = 2 ** 31 - 1;
function openInFlight(now) {
	const exchanges = /* @__PURE__ */ new Set();
	let timer;
	const oldest = () => exchanges.values().next().value;
	const arm = () => {
		const first = oldest();
		timer = void 0;
		if (first === void 0) return;
		const restMs = Math.ceil((first.deadlineNs - now()) / 1e6);
		timer = setTimeout(expireDue, Math.min(Math.max(restMs, 1), LONGEST_MS));
	};
	const expireDue = () => {
		const nowNs = now();
		for (const exchange of exchanges) {
			if (exchange.deadlineNs > nowNs) break;
			exchange.expire();
		}
		arm();
	};
	return {
		size: () => exchanges.size,
		add(exchange) {
			exchanges.add(exchange);
			if (timer === void 0) arm();
		},
		remove: (exchange) => void exchanges.delete(exchange),
		clear() {
			clearTimeout(timer);
			timer = void 0;
			const left = [...exchanges];
			exchanges.clear();
			return left;
		}
	};
}

// src/io/load/run.ts
function openRun(options) {
	const { slots } = options;
	const stopping = new AbortController();
	const stopped = stopping.signal;
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
			inFlight.remove(exchange);
			if (exchange.slot !== void 0) slots[connection === "reusable" ? "give" : "drop"](exchange.slot);
			attempt(() => {
				report(outcome);
				exchange.follow?.(outcome);
			});
			if (inFlight.size() === 0) onEmpty();
		}
	};
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
			const exchange = new Exchange(owner, options.openResponse(), {
				index,
				intendedNs,
				deadlineNs,
				dispatchedNs,
				follow
			});
			inFlight.add(exchange);
			if (dispatchedNs >= deadlineNs) return exchange.expire();
			exchange.slot = slots.take(exchange);
			exchange.slot.connection.dispatch(options.wireOf(index), exchange);
		},
		counts: () => ({
			offered,
			ok,
			failed,
			inFlight: inFlight.size()
		}),
		stop,
		stopped,
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

// src/io/load/slots.ts
function openSlots(origin) {
	const free = [];
	const all = /* @__PURE__ */ new Set();
	const open = (user) => {
		const slot = {
			user,
			reused: false,
			connection: openConnection(origin, {
				began: () => {
					slot.reused = false;
					slot.user?.connectBegan();
				},
				ended: (connected) => {
					if (connected) slot.user?.connectEnded();
				}
			})
		};
		all.add(slot);
		return slot;
	};
	const drop = async (slot) => {
		slot.user = void 0;
		await slot.connection.destroy();
		all.delete(slot);
	};
	return {
		take(user) {
			const slot = free.pop();
			if (slot === void 0) return open(user);
			slot.user = user;
			return slot;
		},
		give(slot) {
			slot.user = void 0;
			slot.reused = true;
			free.push(slot);
		},
		drop: (slot) => void drop(slot),
		async close() {
			free.length = 0;
			await Promise.all([...all].map(drop));
		}
	};
}

// src/io/load/driver.ts
const PROGRESS_MS = 250;
/** @throws {InputError} on an endpoint's URL or a header that cannot be used. */
function openDriver$1(options) {
	const address = readAddress(options.url, options.headers);
	const { origin } = address.base;
	const slots = openSlots(origin);
	const wiresOf = /* @__PURE__ */ new WeakMap();
	let pacer;
	return {
		async drive(segment, requests, onOutcome, signal, onProgress) {
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
				openResponse: options.openResponse,
				timeoutNs: Math.round(options.timeoutS * 1e9),
				maxInFlight: load.kind === "open" ? options.maxInFlight : Number.POSITIVE_INFINITY,
				onOutcome
			});
			let cancelled = signal.aborted;
			const cancel = () => {
				cancelled = true;
				run.stop();
			};
			const report = () => {
				const nowNs = Math.max(0, run.now());
				onProgress?.({
					elapsedS: nowNs / 1e9,
					durationS,
					...run.counts()
				});
			};
			signal.addEventListener("abort", cancel);
			const reporting = onProgress && setInterval(() => run.attempt(report), PROGRESS_MS);
			try {
				if (!cancelled) await (load.kind === "closed" ? closedLoop(run, load.steps[0].users, durationNs) : openLoop(run, pacer ??= openPacer(), arrivalsNs, durationNs));
				await run.drain();
				report();
			} catch (error) {
				run.stop();
				throw error;
			} finally {
				clearInterval(reporting);
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

// src/io/load/open-driver.ts
/** A driver for a suite's target. @throws {InputError} on an endpoint's URL, a header or a certificate that cannot be used. */
function openDriver({ url, target }) {
	return openDriver$1({
		url,
		headers: target.headers,
		timeoutS: target.timeoutS,
		maxInFlight: target.maxInFlight,
		openResponse: () => protocols[target.protocol].openResponse(target)
	});
}

// src/io/load/ready.ts
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1e3;
const ATTEMPT_S = 5;
/**
* Asks until the endpoint is ready: a 2xx at `ready.path`, or, without a path, any HTTP answer at all. What waiting
* cannot mend (a certificate, a wrong scheme, a URL that is none) ends it at once.
*
* @returns after at most `ready.timeoutS` seconds; `reason` is what was seen last, in one line, and what to check.
*/
async function awaitReady(url, ready, headers, signal) {
	const startedMs = performance.now();
	const waitedS = () => (performance.now() - startedMs) / 1e3;
	const never = (reason) => ({
		ready: false,
		reason,
		waitedS: waitedS()
	});
	let address;
	try {
		address = readAddress(url, headers);
	} catch (error) {
		if (error instanceof InputError) return never(error.sentence);
		throw error;
	}
	for (let attempts = 1, pauseMs = FIRST_PAUSE_MS;; attempts++, pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
		const leftS = ready.timeoutS - waitedS();
		const seen = await ask(address, ready.path, Math.min(Math.max(leftS, .1), ATTEMPT_S), signal);
		if (signal.aborted) return never("cancelled while waiting");
		if (seen.kind === "ready") return {
			ready: true,
			waitedS: waitedS()
		};
		if (seen.kind === "hopeless") return never(seen.what);
		if (waitedS() + pauseMs / 1e3 >= ready.timeoutS) {
			const tries = `${attempts} ${attempts === 1 ? "attempt" : "attempts"} in ${Number(waitedS().toPrecision(2))} s`;
			return never(`${seen.what}, ${tries}; ${seen.check}`);
		}
		await setTimeout$1(pauseMs, void 0, { signal }).catch(() => {});
		if (signal.aborted) return never("cancelled while waiting");
	}
}
async function ask({ base, headers }, path, timeoutS, signal) {
	const at = path === void 0 ? base.pathname + base.search : joinPath(base, path);
	try {
		const { status } = await getText(base.origin + at, {
			timeoutS,
			headers,
			signal
		});
		if (path === void 0 || status >= 200 && status < 300) return { kind: "ready" };
		return {
			kind: "not-yet",
			what: `${at} answered ${status} instead of 2xx`,
			check: "check target.ready.path and the log of the endpoint, or raise target.ready.timeout"
		};
	} catch (error) {
		if (isTimeout(error)) return {
			kind: "not-yet",
			what: `no answer from ${base.host} in time`,
			check: DEPLOYED
		};
		const { sentence, heals } = explain(error, base.origin);
		return heals ? {
			kind: "not-yet",
			what: sentence,
			check: DEPLOYED
		} : {
			kind: "hopeless",
			what: sentence
		};
	}
}
const DEPLOYED = "check that the preview is deployed, that this machine can reach it and that the URL is right, or raise target.ready.timeout";

// src/io/telemetry/sampler.ts
/** An exporter that takes longer than this is too slow to be asked beside a load. */
const TIMEOUT_S = 5;
/**
* Asks every source every `intervalS` seconds until stopped: never two requests to one source at once, and a slow
* answer makes it skip, not catch up. Only what the suite needs is kept of an answer (some hundred bytes).
*
* @param now the monotonic clock that also times the load, in ns.
*/
function startSampler(sources, now) {
	const stopping = new AbortController();
	const running = sources.map((source) => sample(source, now, stopping.signal));
	return { stop: () => {
		stopping.abort();
		return Promise.all(running);
	} };
}
/**
* One request to a source, before any load: is the URL right, and does it hold the expected series?
*
* @returns otherwise `reason`, a sentence's end for people: what came instead.
*/
async function probeTelemetry(source, url, signal) {
	const result = await scrapeOnce(source, url, signal);
	return result.kind === "scrape" ? { ok: true } : {
		ok: false,
		reason: result.why
	};
}
async function sample(at, now, signal) {
	const scrapes = [];
	let failures = 0;
	let firstFailure;
	const intervalNs = BigInt(Math.round(at.source.intervalS * 1e9));
	let dueNs = now();
	while (!signal.aborted) {
		const askedNs = now();
		const result = await scrapeOnce(at.source, at.url, signal);
		const answeredNs = now();
		if (signal.aborted) break;
		if (result.kind === "scrape") scrapes.push({
			atNs: askedNs + (answeredNs - askedNs) / 2n,
			scrape: sharing(scrapes.at(-1), result.scrape)
		});
		else {
			failures++;
			firstFailure ??= result.why;
		}
		dueNs += intervalNs * ((answeredNs - dueNs) / intervalNs + 1n);
		await setTimeout$1(Number(dueNs - now()) / 1e6, void 0, {
			signal,
			ref: false
		}).catch(() => void 0);
	}
	return {
		...at,
		scrapes,
		failures,
		firstFailure
	};
}
async function scrapeOnce(source, url, signal) {
	try {
		const { status, body } = await getText(url, {
			timeoutS: TIMEOUT_S,
			...signal === void 0 ? {} : { signal }
		});
		return status === 200 ? readScrape(source, body) : {
			kind: "useless",
			why: `HTTP status ${status}`
		};
	} catch (error) {
		return {
			kind: "useless",
			why: reasonOf(error)
		};
	}
}
/** The list of GPUs hardly ever changes: successive scrapes share one, so that an hour of samples stays small. */
function sharing(previous, scrape) {
	const known = previous?.scrape.gpus;
	return known !== void 0 && JSON.stringify(known) === JSON.stringify(scrape.gpus) ? {
		...scrape,
		gpus: known
	} : scrape;
}
function reasonOf(error) {
	if (!(error instanceof Error)) return "no answer";
	if (error.name === "TimeoutError") return `no answer within ${TIMEOUT_S} s`;
	const code = error.code;
	return typeof code === "string" && !error.message.includes(code) ? `${code}: ${error.message}` : error.message || error.name;
}

// src/world.ts
/** The real world, for the entries. This is where the compiler checks that `io/` fits the ports. */
const world = (progress) => ({
	now: () => process.hrtime.bigint(),
	today: () => /* @__PURE__ */ new Date(),
	awaitReady,
	readIdentity,
	openDriver,
	probeTelemetry,
	startSampler,
	progress
});
const filePorts = {
	readText: readTextFile,
	readBytes
};
/** What about this machine and this program can change a measurement. */
function clientEnvironment() {
	const processors = cpus();
	return {
		"client.http": `undici ${undiciVersion} http/1.1`,
		"client.node": process.versions.node,
		"client.os": `${process.platform} ${process.arch}`,
		"client.cpu": `${processors.length} × ${processors[0]?.model.trim() ?? "unknown"}`,
		...process.env["RUNNER_NAME"] === void 0 ? {} : { "client.runner": process.env["RUNNER_ENVIRONMENT"] ?? "self-hosted" }
	};
}

// src/core/suite/describe.ts
/**
* What a valid suite will do, for a person who checks it: the requests it sends, what it gates, what it needs. Lines of
* plain text without a final line break; holds no secret, since the suite's variables are named and not filled in.
*/
function describeSuite(suite) {
	const { target } = suite;
	const what = target.protocol === "raw" ? `raw ${target.method} ${target.path ?? "/"}` : [target.protocol, target.model].filter(Boolean).join(" ");
	const names = environmentNames(suite);
	return [
		`${suite.name}: ${what}${target.endpoint === void 0 ? ", endpoint not named (give --endpoint)" : ` at ${target.endpoint}`}, seed ${suite.seed}`,
		`payloads: ${describePayloads(suite.payloads)}`,
		...suite.scenarios.flatMap((scenario) => describeScenario(scenario)),
		...suite.telemetry.length === 0 ? [] : [`telemetry: ${suite.telemetry.map(describeSource).join(", ")}`],
		...names.length === 0 ? [] : [`environment variables needed: ${names.join(", ")}`]
	].join("\n");
}
function describePayloads(payloads) {
	const total = payloads.reduce((sum, { weight }) => sum + weight, 0);
	return payloads.map(({ name, weight, content }) => {
		const kind = content.kind === "empty" ? "made by the protocol" : content.kind === "file" ? content.path : content.kind;
		return `${name} ${Number((100 * weight / total).toPrecision(3))} % (${kind})`;
	}).join(", ");
}
function describeScenario({ name, load, gates, warmUp }) {
	const duration = formatForSuite(load.durationS, "duration");
	const requests = load.kind === "open" ? Math.round(load.ratePerS * load.durationS) : void 0;
	const shape = load.kind === "open" ? `${formatForSuite(load.ratePerS, "rate")} ${arrivalsText(load.arrivals)} for ${duration}: about ${requests} requests per endpoint` : load.kind === "closed" ? `${load.concurrency} at a time for ${duration}` : `the trace ${load.file} for ${duration}`;
	const before = typeof warmUp === "number" ? `, after a warm-up of ${formatForSuite(warmUp, "duration")}` : warmUp === "none" ? ", no warm-up" : "";
	const promises = gates.length === 0 ? ["  gates nothing: such a run never passes"] : gates.map((gate) => `  ${describeGate(gate)}`);
	return [
		`scenario ${name}: ${shape}${before}`,
		...promises,
		...thinPercentiles(gates, requests)
	];
}
function describeGate({ metric, regression, floor, limit }) {
	const { unit, better } = METRICS[metric];
	const inUnit = (value) => formatForSuite(value, QUANTITY_OF_UNIT[unit]);
	const parts = [];
	if (regression !== void 0) {
		const change = comparedAsDifference(metric) ? inUnit(regression).replace("%", " points") : formatForSuite(regression, "percent");
		parts.push(`blocks when ${change} worse${floor === void 0 || floor === 0 ? "" : ` and by at least ${inUnit(floor)}`}`);
	}
	if (limit !== void 0) parts.push(`${better === "lower" ? "at most" : "at least"} ${inUnit(limit)}`);
	return `${metric}: ${parts.join("; ")}`;
}
/** Too few requests beyond a percentile can show that it got worse, but not that it did not. */
function thinPercentiles(gates, requests) {
	if (requests === void 0) return [];
	return gates.flatMap(({ metric, regression }) => {
		const { measure } = METRICS[metric];
		if (regression === void 0 || measure.kind !== "quantile" || measure.of === "itl") return [];
		const beyond = Math.round(requests * (1 - measure.p) * 1e6) / 1e6;
		if (beyond >= 10) return [];
		const needed = Math.round(10 / (1 - measure.p));
		return [`  note: ${metric} rests on ${Math.floor(beyond)} requests; a pass needs about ${needed} requests in all`];
	});
}
const describeSource = ({ kind, url, baselineUrl }) => `${kind} ${url}${baselineUrl === void 0 ? "" : ` (baseline ${baselineUrl})`}`;

// src/commands/check.ts
const check = {
	name: "check",
	summary: "validate a suite; mistakes are shown as file:line:column",
	usage: `tailgate check SUITE [options]

  --set path=value   change the suite first
  --json             print the digest and the plan's size on stdout

Needs no endpoint and no secret: a suite that passes can be planned, with all its payloads.`,
	run: async ({ args, stdout }) => {
		const { values, positionals } = parseArguments(args, {
			set: {
				type: "string",
				multiple: true
			},
			json: { type: "boolean" }
		}, ["SUITE"]);
		const file = positionals[0];
		const { suite } = parseSuite(await readTextFile(file, "suite"), file, values.set ?? []);
		const files = await readPayloadFiles(file, suite, filePorts);
		const digest = suiteDigest(suite, files);
		const plan = makePlan({
			suite,
			digest,
			files,
			design: "single"
		});
		if (values.json === true) {
			const scenarios = plan.scenarios.map(({ scenario, requests, segments }) => ({
				name: scenario.name,
				bodies: requests.length,
				blocks: segments.reduce((sum, { blocks }) => sum + blocks.length, 0),
				gates: scenario.gates.map(({ metric }) => metric)
			}));
			stdout(`${JSON.stringify({
				schema: 1,
				name: suite.name,
				digest,
				scenarios
			}, null, 2)}\n`);
		} else stdout(`${describeSuite(suite)}\ndigest ${digest}\n`);
		return EXIT.pass;
	}
};

// src/commands/baselines.ts
/**
* The baselines that a person named, files or folders. A named file that is damaged is an error at once, before any
* load; in a folder, damaged files are refused by name and the others serve.
*
* @param howToGiveOne for a reader whose run had none.
* @throws {InputError} for a path that does not exist, or a file that is no run record.
*/
async function readBaselines(paths, suiteName, howToGiveOne) {
	const candidates = [];
	const refused = [];
	for (const path of paths) if (await stat(path).then((found) => found.isDirectory(), () => false)) {
		const found = await readBaselineDirectory(path, suiteName);
		candidates.push(...found.candidates);
		refused.push(...found.refused);
	} else candidates.push({
		origin: path,
		record: readRunRecord(await readTextFile(path, "baseline"), path)
	});
	return {
		candidates,
		refused,
		absence: paths.length === 0 ? `no baseline was given; ${howToGiveOne}` : `no run of this suite was found in ${paths.join(", ")}; run --save-baseline DIR keeps one`
	};
}

// src/commands/print.ts
/** The result for a person, or for a program: with `json`, stdout holds nothing but verdict.json. */
function printJudgement({ verdict, report }, options) {
	const { json, out, stdout, stderr, environment } = options;
	if (json) {
		stdout(verdictJson(verdict));
		return;
	}
	stdout(`${renderText(report, { color: isInteractive(process.stdout, environment) })}\n`);
	stderr.write(`\nresults in ${out}, pictures in ${join(out, REPORT_FILE)}\n`);
}
/** Whether a person is looking: a terminal, and nobody asked for plain text. */
const isInteractive = (stream, environment) => stream.isTTY === true && !environment["NO_COLOR"] && !environment["CI"];

// src/commands/compare.ts
const compare = {
	name: "compare",
	summary: "gate stored runs against stored runs, without any load",
	usage: `tailgate compare --suite SUITE --base RUN.json... --head RUN.json... [options]

  --suite SUITE      the suite whose gates judge
  --base RUN.json    a baseline run, or a folder of them; may be given several times: three and more can block
  --head RUN.json    the run to judge; several are confirmation runs of the same code
  --out DIR          where the results go (default: tailgate-out)
  --set path=value   change the suite, like --set scenarios.steady.gates.latency.p99.regression=5%
  --on-inconclusive, --on-no-baseline, --on-invalid P   fail, warn or pass
  --json             print verdict.json on stdout

A head that was measured with a live base needs no --base.`,
	run: async ({ args, environment, stdout, stderr }) => {
		const { values } = parseArguments(args, {
			suite: { type: "string" },
			base: {
				type: "string",
				multiple: true
			},
			head: {
				type: "string",
				multiple: true
			},
			out: { type: "string" },
			set: {
				type: "string",
				multiple: true
			},
			json: { type: "boolean" },
			...POLICY_OPTIONS
		}, []);
		if (values.suite === void 0) throw new InputError("--suite is missing", { hint: "the suite holds the gates: --suite suite.yaml" });
		if (values.head === void 0) throw new InputError("--head is missing", { hint: "name the run to judge: --head tailgate-out/run.json" });
		const policy = policyOf(values);
		const out = values.out ?? "tailgate-out";
		const loaded = await loadSuite(values.suite, values.set ?? [], "not needed", filePorts);
		const heads = await Promise.all(values.head.map((path) => readHead(path, loaded.digest)));
		const baselines = await readBaselines(values.base ?? [], loaded.suite.name, "pass --base RUN.json, three times or more for a gate that can block");
		const judgement = judge({
			suite: loaded.suite,
			suitePath: values.suite,
			heads,
			headPaths: values.head,
			found: baselines,
			policy: reportPolicy(policy)
		});
		await writeOutputs(out, judgement, void 0);
		printJudgement(judgement, {
			json: values.json === true,
			out,
			stdout,
			stderr,
			environment
		});
		return exitCodeOf(judgement.verdict.verdict, policy);
	}
};
/** A head of another suite would be judged by gates that were never meant for it. */
async function readHead(path, digest) {
	const record = readRunRecord(await readTextFile(path, "run record"), path);
	if (record.suite.digest !== digest) throw new InputError(`${path} was measured with another suite (digest ${record.suite.digest.slice(0, 12)}, this one is ${digest.slice(0, 12)})`, { hint: "judge it with the suite file (and the --set) of that run, or measure again" });
	return record;
}

// src/io/demo/demo-suite.ts
/** Names of the variables that {@link DEMO_SUITE} takes the two telemetry URLs from. */
const DEMO_VARIABLES = {
	head: "TAILGATE_DEMO_HEAD",
	base: "TAILGATE_DEMO_BASE"
};
/**
* The suite of `tailgate demo`. Three requests in a hundred are long and take about 150 ms, the others about 6 ms, so that
* p99 lies a third of the way into the long ones, where the regressed preset is 1.5 times slower. It lies that deep on
* both sides on purpose: a machine that is busy with other things holds up short requests by 100 ms (still no slow ones)
* and some of the long ones (still not a third of them), and neither moves p99. 3,300 requests per arm hold enough of
* the slowest hundredth to say that it did not move. Of the 16 places in a batch one is taken on average: nothing queues.
*/
const DEMO_SUITE = `version: 1
name: demo
seed: 42
target:
  protocol: kserve-v2
  model: sentiment
  ready: { path: /v2/health/ready, timeout: 15s }
  timeout: 5s
payloads:
  short: { weight: 97, text: { words: [4, 12] } }
  long: { weight: 3, text: { words: [596, 608] } }
scenarios:
  - name: steady
    load: { rate: 150/s, arrivals: poisson, duration: 22s }
    warm-up: 2s
    gates:
      latency.p50: { regression: 25%, floor: 2ms }
      latency.p99: { regression: 25%, floor: 5ms }
      throughput: { regression: 10% }
      errors.ratio: { limit: 1% }
      gpu.memory.peak: { regression: 5% }
telemetry:
  - dcgm: \${env:${DEMO_VARIABLES.head}}
    baseline: \${env:${DEMO_VARIABLES.base}}
    interval: 500ms
`;

// src/io/demo/start-demo.ts
const START_TIMEOUT_MS = 15e3;
const STOP_TIMEOUT_MS = 2e3;
/**
* Starts the demo endpoint in a process of its own, on a free port of 127.0.0.1. It ends with `stop()`, with this
* process, and when this process dies without a word (its standard input closes).
*
* @throws {Error} if it does not listen within 15 s, with what it wrote to standard error.
*/
async function startDemo({ preset, commit, args = [] }) {
	const file = new URL(import.meta.url.endsWith(".ts") ? "./demo-server.ts" : "./demo-server.js", import.meta.url);
	const given = [
		"--port",
		"0",
		"--preset",
		preset,
		"--with-parent",
		...commit === void 0 ? [] : ["--commit", commit],
		...args
	];
	const child = spawn(process.execPath, [file.pathname, ...given], { stdio: [
		"pipe",
		"pipe",
		"pipe"
	] });
	const exited = new Promise((resolve) => child.once("exit", () => resolve()).once("error", () => resolve()));
	const killNow = () => child.kill("SIGKILL");
	process.once("exit", killNow);
	const stop = async () => {
		if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
		const timer = setTimeout(killNow, STOP_TIMEOUT_MS);
		await exited;
		clearTimeout(timer);
		process.off("exit", killNow);
	};
	try {
		const url = await firstUrl(child);
		return {
			url,
			metricsUrl: `${url}/metrics`,
			stop
		};
	} catch (error) {
		await stop();
		throw error;
	}
}
function firstUrl(child) {
	return new Promise((resolve, reject) => {
		let complaint = "";
		const fail = (what) => reject(/* @__PURE__ */ new Error(`the demo endpoint ${what}${complaint === "" ? "" : `: ${complaint.trim().slice(0, 500)}`}`));
		const timer = setTimeout(() => fail(`did not start within ${START_TIMEOUT_MS / 1e3} s`), START_TIMEOUT_MS);
		child.stderr?.on("data", (chunk) => {
			complaint = (complaint + chunk.toString("utf8")).slice(0, 1e4);
		});
		child.once("error", (error) => {
			clearTimeout(timer);
			fail(`could not be started (${error.message})`);
		});
		child.once("close", (code) => {
			clearTimeout(timer);
			fail(`ended at once with code ${code}`);
		});
		createInterface({ input: child.stdout }).once("line", (line) => {
			clearTimeout(timer);
			try {
				resolve(JSON.parse(line).url);
			} catch {
				fail(`said ${JSON.stringify(line.slice(0, 100))} instead of where it listens`);
			}
		});
	});
}

// src/commands/demo.ts
const demo = {
	name: "demo",
	summary: "the main job end to end on an embedded inference endpoint: no network, no GPU",
	usage: `tailgate demo [--out DIR]

  --out DIR   where the results of both runs go (default: tailgate-out/demo)

Starts a base, an equal head and a head whose slowest requests got 1.5 times slower; gates both heads against the base,
driven in turn, and prints both comments. Takes under two minutes.
Exit code ${EXIT.pass} when the equal head passes and the slower one fails, ${EXIT.undecided} otherwise.`,
	run: async (invocation) => {
		const { values } = parseArguments(invocation.args, { out: { type: "string" } }, []);
		const out = values.out ?? join("tailgate-out", "demo");
		const suite = join(out, "suite.yaml");
		await writeFileAtomic(suite, DEMO_SUITE);
		const equal = await gateHead("equal", {
			suite,
			out: join(out, "equal")
		}, invocation);
		if (invocation.signal.aborted) return EXIT.cancelled;
		const regressed = await gateHead("regressed", {
			suite,
			out: join(out, "regressed")
		}, invocation);
		if (invocation.signal.aborted) return EXIT.cancelled;
		const asExpected = equal.verdict.verdict === "pass" && regressed.verdict.verdict === "fail";
		invocation.stdout(`\nThe equal head: ${equal.verdict.verdict}. The head with a 1.5× slower tail: ${regressed.verdict.verdict}. ${asExpected ? "That is how it should be." : "Expected pass and fail: this machine was too noisy or too busy; the comments above say why."}\nReports with pictures: ${join(out, "equal", "report.html")} and ${join(out, "regressed", "report.html")}\n`);
		return asExpected ? EXIT.pass : EXIT.undecided;
	}
};
async function gateHead(preset, { suite, out }, { signal, stdout, stderr, environment }) {
	const [base, head] = await Promise.all([startDemo({ preset: "base" }), startDemo({ preset })]);
	const progress = openProgress(stderr, {
		tty: isInteractive(stderr, environment),
		now: performance.now.bind(performance)
	});
	try {
		const telemetry = {
			[DEMO_VARIABLES.head]: head.metricsUrl,
			[DEMO_VARIABLES.base]: base.metricsUrl
		};
		const loaded = await loadSuite(suite, [], telemetry, filePorts);
		const judgement = await gate$1({
			loaded,
			endpoint: head.url,
			baselineEndpoint: base.url,
			scenarios: [],
			policy: STRICT_POLICY,
			baselines: {
				candidates: [],
				refused: [],
				absence: "the demo always has a live base"
			},
			tool: TOOL,
			provenance: {},
			environment: clientEnvironment(),
			signal,
			checkpoint: (record) => writeRecord(out, record)
		}, world(progress));
		await writeOutputs(out, judgement, judgement.record);
		stdout(`\n──────── comment for the ${preset} head ────────\n\n${renderComment(judgement.report)}\n`);
		return judgement;
	} finally {
		await Promise.all([base.stop(), head.stop()]);
	}
}

// src/core/import/cut-blocks.ts
/** As many blocks as a comparison needs to see a spread within the run; shorter blocks are the lesser evil. */
const WANTED_BLOCKS = 4;
const SHORTEST_S = 1;
const FEWEST_REQUESTS = 25;
/**
* Cuts one run into blocks of evidence. A block ends at the first start that finds it as long and as full as
* `least` demands; what is left over at the end joins the last block. If that makes fewer than four blocks, the run is
* cut into four (or three, or two) of equal length instead, if each is at least 1 s long and holds 25 requests.
*
* The run lasts from the first start to one mean gap beyond the last, so that requests per second are not overstated.
*
* @param samples ascending in time, at least one.
*/
function cutBlocks(samples, least) {
	const startMs = samples[0].atMs;
	const spanMs = samples.at(-1).atMs - startMs;
	const longestMs = samples.reduce((longest, { latencyMs = 0 }) => Math.max(longest, latencyMs), 1);
	const durationMs = spanMs > 0 ? spanMs * samples.length / (samples.length - 1) : longestMs;
	const cuts = chooseCuts(samples, durationMs, least);
	return {
		blocks: cuts.map((cut, index) => {
			const next = cuts[index + 1];
			return fold(samples.slice(cut.from, next?.from), index, (cut.atMs - startMs) / 1e3, ((next?.atMs ?? startMs + durationMs) - cut.atMs) / 1e3);
		}),
		examples: firstExamples(samples)
	};
}
function chooseCuts(samples, durationMs, least) {
	const full = fullBlocks(samples, least);
	for (let count = WANTED_BLOCKS; count > full.length; count--) {
		const equal = equalBlocks(samples, durationMs / count, count);
		const smallest = Math.min(...equal.map(({ from }, index) => (equal[index + 1]?.from ?? samples.length) - from));
		if (durationMs / count >= SHORTEST_S * 1e3 && smallest >= FEWEST_REQUESTS) return equal;
	}
	return full;
}
function fullBlocks(samples, { durationS, requests }) {
	const cuts = [{
		from: 0,
		atMs: samples[0].atMs
	}];
	samples.forEach(({ atMs }, index) => {
		const open = cuts.at(-1);
		if (atMs - open.atMs >= durationS * 1e3 && index - open.from >= requests) cuts.push({
			from: index,
			atMs
		});
	});
	const last = cuts.at(-1);
	const gapMs = (samples.at(-1).atMs - samples[0].atMs) / Math.max(samples.length - 1, 1);
	return samples.at(-1).atMs + gapMs - last.atMs >= durationS * 1e3 && samples.length - last.from >= requests || cuts.length === 1 ? cuts : cuts.slice(0, -1);
}
function equalBlocks(samples, lengthMs, count) {
	const startMs = samples[0].atMs;
	return Array.from({ length: count }, (_, index) => {
		const atMs = startMs + index * lengthMs;
		const from = samples.findIndex((sample) => sample.atMs >= atMs);
		return {
			from: from < 0 ? samples.length : from,
			atMs
		};
	});
}
function fold(samples, index, startS, durationS) {
	const distributions = {
		latency: new Distribution(),
		ttft: new Distribution(),
		tpot: new Distribution()
	};
	const failures = {};
	let ok = 0;
	let output = 0;
	let counted = false;
	for (const { latencyMs, failure, ttftMs, tokens } of samples) {
		if (latencyMs !== void 0) distributions.latency.recordNs(nanoseconds(latencyMs));
		if (failure !== void 0) {
			failures[failure.kind] = (failures[failure.kind] ?? 0) + 1;
			continue;
		}
		ok += 1;
		if (ttftMs !== void 0) distributions.ttft.recordNs(nanoseconds(ttftMs));
		if (tokens === void 0) continue;
		counted = true;
		output += tokens;
		if (tokens > 1 && ttftMs !== void 0 && latencyMs !== void 0) distributions.tpot.recordNs(nanoseconds((latencyMs - ttftMs) / (tokens - 1)));
	}
	const filled = Object.entries(distributions).filter(([, distribution]) => distribution.count > 0);
	return {
		index,
		pair: void 0,
		startS,
		durationS,
		offered: samples.length,
		ok,
		failures,
		tokens: counted ? {
			output,
			from: "usage"
		} : void 0,
		histograms: Object.fromEntries(filled.map(([name, distribution]) => [name, distribution.encode()])),
		gauges: {}
	};
}
/** Rounded, since 20.001 ms are 20000999.999… ns and the recorder keeps whole microseconds. */
const nanoseconds = (ms) => Math.round(ms * 1e6);
function firstExamples(samples) {
	const examples = {};
	for (const { failure } of samples) if (failure !== void 0) examples[failure.kind] ??= failure.word.slice(0, 200);
	return examples;
}

// src/core/import/csv.ts
/**
* Reads comma-separated values as RFC 4180 has them: fields may be quoted, a quote inside is doubled, a quoted field
* may span lines. Lines end in LF, CRLF or CR; a byte order mark is skipped; white space around a plain field is not
* part of it. Lazy: a file of a million rows is never held as rows.
*
* @throws {InputError} on a quote that never closes, and on text after a closing quote.
*/
function* readCsv(file, text) {
	let at = text.charCodeAt(0) === 65279 ? 1 : 0;
	for (let line = 1; at < text.length;) {
		const end = lineEnd(text, at);
		const plain = text.slice(at, end);
		if (!plain.includes("\"")) {
			if (plain.trim() !== "") yield plainRow(file, line, plain);
			at = nextLine(text, end);
			line += 1;
		} else {
			const row = quotedRow(file, line, text, at);
			yield row;
			at = row.next;
			line = row.nextLine;
		}
	}
}
function plainRow(file, line, text) {
	const raw = text.split(",");
	return {
		line,
		fields: raw.map((field) => field.trim()),
		position: (field) => {
			const before = raw.slice(0, field).reduce((sum, { length }) => sum + length + 1, 0);
			const indent = (raw[field] ?? "").search(/\S/);
			return {
				file,
				line,
				column: before + Math.max(indent, 0) + 1
			};
		}
	};
}
function quotedRow(file, firstLine, text, start) {
	const fields = [];
	const positions = [];
	let line = firstLine;
	let lineStart = start;
	let at = start;
	const place = () => ({
		file,
		line,
		column: at - lineStart + 1
	});
	for (;;) {
		while (text[at] === " " || text[at] === "	") at += 1;
		const opened = place();
		positions.push(opened);
		if (text[at] === "\"") {
			let value = "";
			at += 1;
			for (;;) {
				if (at >= text.length) throw new InputError("this quote is never closed", {
					position: opened,
					hint: "write a quote inside a field as \"\""
				});
				const character = text[at];
				if (character === "\"" && text[at + 1] === "\"") at += 1;
				else if (character === "\"") break;
				value += character;
				at += 1;
				if (character === "\n" || character === "\r" && text[at] !== "\n") {
					line += 1;
					lineStart = at;
				}
			}
			at += 1;
			while (text[at] === " " || text[at] === "	") at += 1;
			fields.push(value);
			if (at < text.length && !",\r\n".includes(text[at])) throw new InputError("there is text after a closing quote", {
				position: place(),
				hint: "write a quote inside a field as \"\""
			});
		} else {
			const end = fieldEnd(text, at);
			fields.push(text.slice(at, end).trim());
			at = end;
		}
		if (text[at] !== ",") break;
		at += 1;
	}
	const position = (field) => positions[field] ?? positions.at(-1);
	return {
		line: firstLine,
		fields,
		position,
		next: nextLine(text, at),
		nextLine: line + 1
	};
}
function lineEnd(text, from) {
	const breaks = /[\r\n]/g;
	breaks.lastIndex = from;
	return breaks.exec(text)?.index ?? text.length;
}
const nextLine = (text, end) => text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1;
function fieldEnd(text, from) {
	let at = from;
	while (at < text.length && !",\r\n".includes(text[at])) at += 1;
	return at;
}

// src/core/import/read-samples.ts
const REQUIRED = [
	"at_ms",
	"latency_ms",
	"outcome"
];
const OPTIONAL = ["ttft_ms", "tokens"];
/** More mistakes than these are one mistake made often. */
const MOST_ERRORS = 20;
/** The samples of a file in order of their start, or what is wrong with it: never both. */
function readSamples(file, text) {
	const errors = [];
	const samples = [];
	let columns;
	let width = 0;
	try {
		for (const row of readCsv(file, text)) {
			if (errors.length >= MOST_ERRORS) break;
			try {
				if (columns === void 0) {
					columns = readHeader(row, errors);
					width = row.fields.length;
					if (errors.length > 0) break;
				} else samples.push(readRow(row, columns, width));
			} catch (error) {
				if (!(error instanceof InputError)) throw error;
				errors.push(error);
			}
		}
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		errors.push(error);
	}
	if (columns === void 0 && errors.length === 0) errors.push(new InputError("the file is empty", {
		position: {
			file,
			line: 1,
			column: 1
		},
		hint: `the first line must be ${REQUIRED.join(",")}`
	}));
	return errors.length > 0 ? {
		samples: [],
		errors
	} : {
		samples: samples.toSorted((a, b) => a.atMs - b.atMs),
		errors
	};
}
function readHeader(row, errors) {
	const names = row.fields.map((field) => field.toLowerCase());
	const columns = /* @__PURE__ */ new Map();
	const known = [...REQUIRED, ...OPTIONAL];
	const others = names.filter((name) => !known.includes(name));
	names.forEach((name, index) => {
		if (!known.includes(name)) return;
		if (columns.has(name)) errors.push(new InputError(`column ${name} occurs twice`, { position: row.position(index) }));
		columns.set(name, index);
	});
	for (const name of REQUIRED) {
		if (columns.has(name)) continue;
		const close = nearest$1(name, others);
		errors.push(new InputError(`column ${name} is missing`, {
			position: row.position(close === void 0 ? 0 : names.indexOf(close)),
			hint: close !== void 0 ? `rename ${JSON.stringify(close)}` : names.length === 1 && /[;\t|]/.test(names[0]) ? "separate the columns with commas" : `the first line must be ${REQUIRED.join(",")}, and may add ${OPTIONAL.join(",")}`
		}));
	}
	for (const name of OPTIONAL) {
		const close = columns.has(name) ? void 0 : nearest$1(name, others);
		if (close === void 0 || REQUIRED.some((required) => !columns.has(required) && nearest$1(required, [close]) !== void 0)) continue;
		errors.push(new InputError(`unknown column ${JSON.stringify(close)}`, {
			position: row.position(names.indexOf(close)),
			hint: `did you mean ${name}?`
		}));
	}
	return columns;
}
function readRow(row, columns, width) {
	if (row.fields.length !== width) throw new InputError(`expected ${width} columns, found ${row.fields.length}`, {
		position: row.position(Math.min(row.fields.length, width) - 1),
		hint: row.fields.length > width ? "write decimals with a point, and quote fields that hold a comma" : "leave a field empty rather than out"
	});
	const outcome = text(row, columns, "outcome");
	if (outcome === "") throw new InputError("outcome is empty", {
		position: place(row, columns, "outcome"),
		hint: "write \"ok\" or what went wrong"
	});
	const failure = outcome.toLowerCase() === "ok" ? void 0 : {
		kind: failureKind(outcome),
		word: outcome
	};
	const atMs = number(row, columns, "at_ms");
	if (atMs === void 0) throw new InputError("at_ms is empty", {
		position: place(row, columns, "at_ms"),
		hint: "write when the request was meant to start"
	});
	if (failure !== void 0 && failure.kind !== "timeout") return {
		atMs,
		latencyMs: void 0,
		failure,
		ttftMs: void 0,
		tokens: void 0
	};
	const latencyMs = duration(row, columns, "latency_ms");
	if (latencyMs === void 0) throw new InputError(`latency_ms is empty, and the outcome is ${outcome}`, {
		position: place(row, columns, "latency_ms"),
		hint: failure === void 0 ? "a request that was answered has a latency" : "a timeout counts with the time that was waited"
	});
	if (failure !== void 0) return {
		atMs,
		latencyMs,
		failure,
		ttftMs: void 0,
		tokens: void 0
	};
	const ttftMs = duration(row, columns, "ttft_ms");
	if (ttftMs !== void 0 && ttftMs > latencyMs) throw new InputError(`ttft_ms ${ttftMs} is longer than latency_ms ${latencyMs}`, { position: place(row, columns, "ttft_ms") });
	const tokens = number(row, columns, "tokens");
	if (tokens !== void 0 && !(Number.isSafeInteger(tokens) && tokens >= 0)) throw new InputError(`tokens must be a whole number from 0, found ${tokens}`, { position: place(row, columns, "tokens") });
	return {
		atMs,
		latencyMs,
		failure,
		ttftMs,
		tokens
	};
}
/** A word that is no failure kind is kept as the example; a number is an HTTP status. */
function failureKind(word) {
	return FAILURE_KINDS.find((kind) => kind === word.toLowerCase()) ?? (/^(http[-_ ]?)?[1-5]\d\d$/i.test(word) ? "status" : "check");
}
function duration(row, columns, column) {
	const value = number(row, columns, column);
	if (value !== void 0 && value < 0) throw new InputError(`${column} must not be negative, found ${value}`, { position: place(row, columns, column) });
	return value;
}
function number(row, columns, column) {
	const written = text(row, columns, column);
	if (written === "") return void 0;
	const value = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) ? Number(written) : NaN;
	if (!Number.isFinite(value) || Math.abs(value) > Number.MAX_SAFE_INTEGER) throw new InputError(`${column} is not a number: ${JSON.stringify(written.slice(0, 40))}`, { position: place(row, columns, column) });
	return value;
}
const text = (row, columns, column) => row.fields[columns.get(column) ?? -1]?.trim() ?? "";
const place = (row, columns, column) => row.position(columns.get(column) ?? 0);

// src/core/import/samples.ts
/**
* One run measured by another tool, as a run record: a CSV file with the header `at_ms,latency_ms,outcome` and, if it
* likes, `ttft_ms,tokens`. Rows in any order; further columns are passed over.
*
* - `at_ms`: when the request was meant to start. Any zero; milliseconds since 1970 date the record too.
* - `latency_ms`: from there to its end. Required for `ok` and `timeout`, which counts with it (censored), and ignored
*   for other failures: they enter no latency, and always the error ratio.
* - `outcome`: `ok`, a failure kind of tailgate, or any other word for a failed request.
* - `ttft_ms`, `tokens`: of ok requests; may be empty.
*
* The file says nothing about the generator that made it: whether that was late cannot be checked, and the record says so.
*
* @throws {InputError} with file:line:column; all mistakes of a file at once, up to twenty.
*/
function importSamples(source, target) {
	const scenario = scenarioOf(target);
	const { samples, errors } = readSamples(source.name, source.text);
	if (errors.length > 0) throw errors.length === 1 ? errors[0] : new InputErrors(errors);
	const [first] = samples;
	const last = samples.at(-1);
	if (first === void 0 || last === void 0) throw new InputError("there is no sample below the header: a run without requests shows nothing", {
		position: {
			file: source.name,
			line: 1,
			column: 1
		},
		hint: "write one line per request"
	});
	const { blocks, examples } = cutBlocks(samples, scenario.block);
	const startedMs = first.atMs >= SINCE_1970_MS && last.atMs <= LATEST_MS ? first.atMs : 0;
	const endMs = samples.reduce((latest, sample) => Math.max(latest, sample.atMs + (sample.latencyMs ?? 0)), last.atMs) - first.atMs;
	return {
		schema: 1,
		tool: "tailgate import samples",
		suite: {
			name: target.suite.name,
			digest: target.digest,
			seed: target.suite.seed
		},
		provenance: {},
		environment: {},
		startedAt: new Date(startedMs).toISOString(),
		finishedAt: new Date(Math.min(startedMs + endMs, LATEST_MS)).toISOString(),
		status: "complete",
		problems: [{
			severity: "warning",
			code: "generator-unknown",
			message: `imported from ${source.name}: whether the load generator was on time cannot be checked`,
			scenario: scenario.name,
			arm: "head"
		}],
		identity: void 0,
		scenarios: [{
			name: scenario.name,
			load: recordedLoad(scenario.load),
			arms: { head: {
				warmUp: {
					durationS: 0,
					offered: 0,
					ok: 0,
					firstRequestS: void 0
				},
				blocks,
				examples
			} }
		}]
	};
}
/** Earlier than 1980 it is hardly a date, but an offset. */
const SINCE_1970_MS = Date.UTC(1980, 0, 1);
const LATEST_MS = Date.UTC(9999, 0, 1);
function scenarioOf({ suite, scenario }) {
	const found = suite.scenarios.find(({ name }) => name === scenario);
	if (found !== void 0) return found;
	const names = suite.scenarios.map(({ name }) => name);
	throw new InputError(`suite ${JSON.stringify(suite.name)} has no scenario ${JSON.stringify(scenario)}`, { hint: suggest(scenario, names) });
}

// src/commands/import.ts
const FORMATS = ["samples"];
const importCommand = {
	name: "import",
	summary: "turn measurements of another tool into a run record",
	usage: `tailgate import FORMAT FILE... --suite SUITE --scenario NAME --out RUN.json [--set path=value]

  FORMAT            samples: CSV with the header at_ms,latency_ms,outcome and optional ttft_ms,tokens
  FILE              one file is one run; several are written as RUN-1.json, RUN-2.json, ...
  --suite SUITE     the suite that the run belongs to
  --scenario NAME   the scenario that the samples measure
  --out RUN.json    where the record goes
  --set path=value  change the suite, as for the runs that it will be compared with`,
	run: async ({ args, stderr }) => {
		const { values, positionals } = parseArguments(args, {
			suite: { type: "string" },
			scenario: { type: "string" },
			out: { type: "string" },
			set: {
				type: "string",
				multiple: true
			}
		}, ["FORMAT", "FILE"], "more");
		const [format = "", ...paths] = positionals;
		if (!FORMATS.some((known) => known === format)) {
			const close = nearest$1(format, FORMATS);
			throw new InputError(`unknown format ${JSON.stringify(format)}`, { hint: close === void 0 ? `formats are: ${FORMATS.join(", ")}` : `did you mean ${close}?` });
		}
		const { suite: suiteFile, scenario, out } = values;
		if (suiteFile === void 0) throw new InputError("--suite is missing", { hint: "name the suite that the samples belong to: --suite suite.yaml" });
		if (scenario === void 0) throw new InputError("--scenario is missing", { hint: "name the scenario of the suite that the samples measure" });
		if (out === void 0) throw new InputError("--out is missing", { hint: "name the record to write: --out run.json" });
		const { suite, digest } = await loadSuite(suiteFile, values.set ?? [], "not needed", filePorts);
		for (const [index, path] of paths.entries()) {
			const text = await readTextFile(path, "samples");
			const record = importSamples({
				name: path,
				text
			}, {
				suite,
				digest,
				scenario
			});
			const extension = extname(out);
			const target = paths.length === 1 ? out : `${out.slice(0, out.length - extension.length)}-${index + 1}${extension}`;
			await writeFileAtomic(target, writeRunRecord(record));
			stderr.write(`${path} → ${target}\n`);
		}
		return EXIT.pass;
	}
};

// src/io/git.ts
/**
* Where the code under test comes from: a workflow's own variables, else the git checkout around `folder`, else
* nothing. Never fails: provenance is for the reader, not for the verdict.
*/
async function readProvenance(environment, folder) {
	const { GITHUB_REPOSITORY, GITHUB_REPOSITORY_ID, GITHUB_SHA, GITHUB_REF, GITHUB_EVENT_NAME, GITHUB_WORKFLOW_REF, GITHUB_RUN_ID, GITHUB_RUN_ATTEMPT } = environment;
	const found = {
		repository: GITHUB_REPOSITORY,
		repositoryId: GITHUB_REPOSITORY_ID,
		commit: GITHUB_SHA ?? await git(folder, "rev-parse", "HEAD"),
		ref: GITHUB_REF ?? await git(folder, "symbolic-ref", "--quiet", "HEAD"),
		event: GITHUB_EVENT_NAME,
		workflow: GITHUB_WORKFLOW_REF,
		runId: GITHUB_RUN_ID,
		runAttempt: GITHUB_RUN_ATTEMPT
	};
	return Object.fromEntries(Object.entries(found).filter(([, value]) => value !== void 0 && value !== ""));
}
const git = (folder, ...args) => promisify(execFile)("git", [
	"-C",
	folder,
	...args
], { timeout: 5e3 }).then(({ stdout }) => stdout.trim() || void 0, () => void 0);

// src/commands/run.ts
const OUT = "tailgate-out";
const HOW_TO_GIVE_A_BASELINE = "pass --baseline-endpoint URL, or --baseline PATH with stored runs of the base (run.json, or what --save-baseline DIR keeps)";
const run = {
	name: "run",
	summary: "drive an endpoint with a suite and gate it against a baseline",
	usage: `tailgate run SUITE [options]

  --endpoint URL            the preview to measure (default: target.endpoint of the suite)
  --baseline-endpoint URL   a live base, driven in turn with the preview: the strongest evidence
  --baseline PATH           a stored run, or a folder of them; may be given several times
  --out DIR                 where the results go (default: ${OUT})
  --scenario NAME           only this scenario; may be given several times
  --set path=value          change the suite for this run, like --set scenarios.steady.load.duration=10s
  --save-baseline DIR       also keep the run as a baseline below DIR, unless it is invalid
  --on-inconclusive P       fail, warn or pass when the data cannot tell (default: exit code ${EXIT.undecided})
  --on-no-baseline P        the same when there is nothing to compare with
  --on-invalid P            the same when the generator or the environment spoiled the run
  --json                    print verdict.json on stdout

Writes run.json, verdict.json, comment.md, report.html, junit.xml and latency.hlog to DIR.
Exit codes: ${EXIT.pass} pass · ${EXIT.fail} a gate failed · ${EXIT.input} wrong input · ${EXIT.undecided} could not decide · ${EXIT.cancelled} cancelled`,
	run: async ({ args, environment, signal, stdout, stderr }) => {
		const { values, positionals } = parseArguments(args, {
			endpoint: { type: "string" },
			"baseline-endpoint": { type: "string" },
			baseline: {
				type: "string",
				multiple: true
			},
			out: { type: "string" },
			scenario: {
				type: "string",
				multiple: true
			},
			set: {
				type: "string",
				multiple: true
			},
			"save-baseline": { type: "string" },
			json: { type: "boolean" },
			...POLICY_OPTIONS
		}, ["SUITE"]);
		const policy = policyOf(values);
		const out = values.out ?? OUT;
		const loaded = await loadSuite(positionals[0], values.set ?? [], environment, filePorts);
		const baselines = await readBaselines(values.baseline ?? [], loaded.suite.name, HOW_TO_GIVE_A_BASELINE);
		const progress = openProgress(stderr, {
			tty: isInteractive(stderr, environment),
			now: performance.now.bind(performance)
		});
		const judgement = await gate$1({
			loaded,
			endpoint: values.endpoint,
			baselineEndpoint: values["baseline-endpoint"],
			scenarios: values.scenario ?? [],
			recordPath: join(out, RUN_FILE),
			policy: reportPolicy(policy),
			baselines,
			tool: TOOL,
			provenance: await readProvenance(environment, process.cwd()),
			environment: clientEnvironment(),
			signal,
			checkpoint: (record) => writeRecord(out, record)
		}, world(progress));
		await writeOutputs(out, judgement, judgement.record);
		if (values["save-baseline"] !== void 0 && judgement.verdict.verdict !== "invalid") stderr.write(`kept as a baseline: ${await saveBaseline(values["save-baseline"], judgement.record)}\n`);
		printJudgement(judgement, {
			json: values.json === true,
			out,
			stdout,
			stderr,
			environment
		});
		return signal.aborted ? EXIT.cancelled : exitCodeOf(judgement.verdict.verdict, policy);
	}
};

export { CONCLUSION_FILES, EXIT, InputError, InputErrors, MAX_RECORD_LENGTH, NO_BASELINES, REPORT_FILE, RUN_FILE, TOOL, VERDICT_FILE, artifactBaselines, baselineArtifactName, check, choice, clientEnvironment, commentMarker, compare, connectGitHub, demo, directoryBaselines, filePorts, gate$1 as gate, importCommand, judgedByBase, loadSuite, nearest$1 as nearest, openProgress, readContext, readRunRecord, renderComment, renderSummary, renderText, run, runArtifactName, secretsOfUrl, upsertComment, world, writeOutputs, writeRecord };
//# sourceMappingURL=tailgate.js.map