import { BinaryReader, BinaryWriter, WireType, array, createParser, number, object, require__2020, require_http_parser, require_json_p3_cjs, require_undici, string as string$1, version } from "./vendor.js";
import { createHash, randomUUID } from "node:crypto";
import net, { connect as connect$1, isIP } from "node:net";
import { request } from "node:http";
import tls, { connect as connect$2, createSecureContext, getCACertificates } from "node:tls";
import { PerformanceObserver, monitorEventLoopDelay, performance } from "node:perf_hooks";
import { Worker, isMainThread } from "node:worker_threads";
import { connect as connect$3, constants } from "node:http2";
import { ADDRCONFIG } from "node:dns";
import { open } from "node:fs/promises";
import { setImmediate, setTimeout as setTimeout$1 } from "node:timers/promises";
import { StringDecoder } from "node:string_decoder";
import { setFlagsFromString } from "node:v8";
import { lookup } from "node:dns/promises";
import { spawn } from "node:child_process";

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
	"ttfo",
	"itl",
	"tpot",
	"session",
	"phase.preprocess",
	"phase.queue",
	"phase.infer",
	"phase.postprocess"
];
/** Parts of a request's time inside the endpoint, as it tells them itself, in the order in which they follow one another. */
const PHASES = [
	"preprocess",
	"queue",
	"infer",
	"postprocess"
];
const PERCENTILES = {
	p50: .5,
	p90: .9,
	p95: .95,
	p99: .99,
	p999: .999
};
const quantiles = (of, what) => Object.fromEntries(Object.entries(PERCENTILES).map(([name, p]) => [`${of}.${name}`, {
	unit: "s",
	better: "lower",
	measure: {
		kind: "quantile",
		of,
		p
	},
	description: `${p * 100}th percentile of ${what}`
}]));
const gauge = (unit, aggregate, description, scale = "relative") => ({
	unit,
	better: "lower",
	measure: {
		kind: "gauge",
		aggregate,
		scale
	},
	description
});
/** By the server's own counters of time, mean over the requests that they count in a block. */
const serverTime = (what) => gauge("s", "mean", `what a request ${what}, as the server counts it, mean over requests`);
const start = (description) => ({
	unit: "s",
	better: "lower",
	measure: { kind: "start" },
	description
});
const TABLE = {
	...quantiles("latency", "latency, counted from the intended start of a request to its end"),
	...quantiles("service", "service time, counted from the request on the wire to its end"),
	...quantiles("ttft", "time to the first token, counted from the intended start"),
	...quantiles("ttfo", "time to the first token that is not reasoning, counted from the intended start"),
	...quantiles("itl", "the gap between successive token events of a stream"),
	...quantiles("tpot", "time per output token after the first"),
	...quantiles("session", "the latency of a whole session: that of all its steps, without think time"),
	...quantiles("phase.preprocess", "what the endpoint says that it spent before the queue: tokenization, decoding, resizing"),
	...quantiles("phase.queue", "what the endpoint says that the request waited in its queue"),
	...quantiles("phase.infer", "what the endpoint says that the model took"),
	...quantiles("phase.postprocess", "what the endpoint says that it spent after the model"),
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
	goodput: {
		unit: "1/s",
		better: "higher",
		measure: {
			kind: "rate",
			of: "good"
		},
		description: "requests per second that were answered correctly within all limits of the suite's goodput"
	},
	"goodput.ratio": {
		unit: "ratio",
		better: "higher",
		measure: {
			kind: "ratio",
			of: "good"
		},
		description: "share of the offered requests that were answered correctly within all limits of the suite's goodput"
	},
	cost_per_million: {
		unit: "1",
		better: "lower",
		measure: {
			kind: "cost",
			of: "requests"
		},
		description: "price of a million requests answered correctly, at the measured throughput and in the currency of cost.price-per-hour"
	},
	cost_per_million_tokens: {
		unit: "1",
		better: "lower",
		measure: {
			kind: "cost",
			of: "tokens"
		},
		description: "price of a million output tokens, at the measured throughput and in the currency of cost.price-per-hour"
	},
	"tokens.output.mean": {
		unit: "1",
		better: "neither",
		measure: {
			kind: "mean",
			of: "tokens"
		},
		description: "output tokens per answer; shorter and longer answers both count as a change for the worse"
	},
	"response.bytes.mean": {
		unit: "B",
		better: "neither",
		measure: {
			kind: "mean",
			of: "bytes"
		},
		description: "bytes of the body per answer that tells no tokens; shorter and longer answers both count as a change for the worse"
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
	"retried.ratio": {
		unit: "ratio",
		better: "lower",
		measure: {
			kind: "ratio",
			of: "retries"
		},
		description: "share of the offered requests that were sent more than once, with a retry policy"
	},
	"wrong.ratio": {
		unit: "ratio",
		better: "lower",
		measure: {
			kind: "ratio",
			of: "wrong"
		},
		description: "share of the answers to labelled payloads that are not what the label says"
	},
	"changed.ratio": {
		unit: "ratio",
		better: "lower",
		measure: {
			kind: "ratio",
			of: "changed"
		},
		description: "share of the answers that differ from the base's first answer to the same payload, with check.same-answers and a live base"
	},
	"sessions.failed.ratio": {
		unit: "ratio",
		better: "lower",
		measure: {
			kind: "ratio",
			of: "sessions"
		},
		description: "share of the sessions that a failed step ended"
	},
	"cold.first_request": start("latency of the very first request"),
	"cold.first_success": start("time from the first request to the first correct answer"),
	"cold.steady": start("time from the first request to the beginning of the steady state, as warm-up: auto sees it"),
	"gpu.utilization": gauge("ratio", "mean", "share of time in which at least one kernel ran, mean over GPUs", "difference"),
	"gpu.sm_activity": gauge("ratio", "mean", "share of cycles in which a streaming multiprocessor had work, mean over GPUs", "difference"),
	"gpu.tensor_activity": gauge("ratio", "mean", "share of cycles in which the tensor pipe was active, mean over GPUs", "difference"),
	"gpu.dram_activity": gauge("ratio", "mean", "share of cycles in which GPU memory was read or written, mean over GPUs", "difference"),
	"gpu.memory.used": gauge("B", "mean", "GPU memory in use, summed over GPUs, mean over time"),
	"gpu.memory.peak": gauge("B", "max", "GPU memory in use, summed over GPUs, highest sample"),
	"gpu.memory.utilization": gauge("ratio", "mean", "share of time in which GPU memory was read or written, mean over GPUs", "difference"),
	"gpu.power": gauge("W", "mean", "power draw, summed over GPUs"),
	"gpu.temperature": gauge("°C", "max", "temperature of the hottest GPU", "difference"),
	"gpu.sm_clock": {
		...gauge("Hz", "mean", "clock of the streaming multiprocessors, mean over GPUs"),
		better: "higher"
	},
	"gpu.throttled": gauge("ratio", "mean", "share of time slowed down by heat, power brake or fault, of the GPU slowed most", "difference"),
	"gpu.power_capped": gauge("ratio", "mean", "share of time held at the power limit, of the GPU held most", "difference"),
	"gpu.pcie.rx": gauge("B/s", "mean", "bytes that the GPUs received over PCIe per second, summed over GPUs"),
	"gpu.pcie.tx": gauge("B/s", "mean", "bytes that the GPUs sent over PCIe per second, summed over GPUs"),
	"gpu.nvlink": gauge("B/s", "mean", "bytes sent and received over NVLink or xGMI per second, summed over GPUs"),
	"gpu.energy_per_request": gauge("J", "mean", "energy drawn by all GPUs per request answered correctly"),
	"gpu.energy_per_1k_tokens": gauge("J", "mean", "energy drawn by all GPUs per 1000 output tokens"),
	"queue.depth": gauge("1", "mean", "requests waiting in the server's queue"),
	"request.time": serverTime("took from its receipt to the end of its answer"),
	"queue.time": serverTime("waited in its queue"),
	"preprocess.time": serverTime("spent before the model: validation, tokenization, copies to the device"),
	"prefill.time": serverTime("took from leaving the queue to the first token"),
	"decode.time": serverTime("took from the first token to the last"),
	"inference.time": serverTime("spent in the model, prefill and decode together where it tells them apart"),
	"postprocess.time": serverTime("spent after the model"),
	"prefill.time_per_token": gauge("s", "mean", "time in prefill per token of the prompt, as the server counts it, over all its tokens"),
	"decode.time_per_token": gauge("s", "mean", "time per output token after the first, as the server counts it, mean over tokens or requests"),
	"requests.running": gauge("1", "mean", "requests that the server works on at a moment"),
	"batch.size": {
		...gauge("1", "mean", "inferences per execution of the model, mean over executions"),
		better: "neither"
	},
	"kv_cache.utilization": gauge("ratio", "mean", "share of the KV cache in use, of the fullest engine", "difference"),
	"cache.hit_ratio": {
		...gauge("ratio", "mean", "share of the prompts' tokens that the endpoint's prefix cache knew", "difference"),
		better: "higher"
	},
	preemptions: gauge("1/s", "mean", "requests per second that the server put back for want of KV cache"),
	"cpu.cores": gauge("1", "mean", "processor cores that the server's process keeps busy"),
	"memory.resident": gauge("B", "mean", "memory that the server's process holds in RAM, mean over time"),
	"memory.resident.peak": gauge("B", "max", "memory that the server's process holds in RAM, highest sample"),
	"host.cpu.utilization": gauge("ratio", "mean", "share of the host's processor time that was not idle", "difference"),
	"host.memory.used": gauge("B", "mean", "memory of the host that is not available to new programs"),
	"network.rx": gauge("B/s", "mean", "bytes that the host received per second, over interfaces that are no part of others"),
	"network.tx": gauge("B/s", "mean", "bytes that the host sent per second, over interfaces that are no part of others"),
	"disk.read": gauge("B/s", "mean", "bytes that the host read from whole disks per second"),
	"disk.written": gauge("B/s", "mean", "bytes that the host wrote to whole disks per second")
};
const METRICS = TABLE;
const METRIC_NAMES = Object.keys(METRICS);
const isMetricName = (name) => Object.hasOwn(METRICS, name);
/** 1 where a change by `change` is for the worse if it is upwards, −1 if it is downwards. */
function worseSign(metric, change) {
	const { better } = METRICS[metric];
	return better === "lower" || better === "neither" && change > 0 ? 1 : -1;
}
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
/** Two points more of answers that changed than of those that the base itself gives otherwise the next time. */
const CHANGED_REGRESSION = .02;
/** With `same-answers: yes`, a head that answers otherwise must not pass for the same model. */
function withSameAnswerGuard(gates, mustAgree) {
	if (!mustAgree || gates.length === 0 || gates.some(({ metric }) => metric === "changed.ratio")) return gates;
	return [...gates, gate("changed.ratio", { regression: CHANGED_REGRESSION })];
}
/**
* The gates of a scenario as they are judged: a scenario that gates anything but `errors.ratio` gets a limit on errors
* as well, because an endpoint that fails fast must not pass for a fast one. A scenario that gates nothing stays so.
*/
function withErrorGuard(gates) {
	if (gates.length === 0 || gates.some(({ metric }) => metric === "errors.ratio")) return gates;
	return [...gates, gate("errors.ratio", { limit: ERRORS_LIMIT })];
}
/** A session that breaks off spares the endpoint its other steps: it must not pass for a fast one. */
function withSessionGuard(gates, hasSessions) {
	if (!hasSessions || gates.length === 0 || gates.some(({ metric }) => metric === "sessions.failed.ratio")) return gates;
	return [...gates, gate("sessions.failed.ratio", {
		regression: BROKEN_REGRESSION,
		limit: ERRORS_LIMIT
	})];
}
/** A session has several chances to break: four requests of which half a point more fail each. */
const BROKEN_REGRESSION = .02;

// src/core/telemetry/gpu-fields.ts
/** A share that is counted in percent, of GPUs that are not split. */
const PERCENT = {
	level: "gpu",
	over: "mean",
	scale: .01,
	valid: [0, 1.05],
	cap: 1
};
const WATTS = {
	metrics: ["gpu.power"],
	level: "gpu",
	over: "sum",
	scale: 1,
	valid: [0, 1e4]
};
const CELSIUS = {
	metrics: ["gpu.temperature"],
	level: "gpu",
	over: "max",
	scale: 1,
	valid: [-50, 200]
};
/** No link of one GPU carries a hundred terabytes per second. */
const BYTES_PER_SECOND = {
	level: "instance",
	over: "sum",
	scale: 1,
	valid: [0, 0x5af3107a4000]
};
const MEMORY = {
	metrics: ["gpu.memory.used", "gpu.memory.peak"],
	level: "instance",
	over: "sum",
	valid: [0, 0x9184e72a000]
};
/** The gauges that these readings tell, and over how many GPUs each was taken. Of several fields for one metric the last counts. */
function gaugesOf(fields, readings) {
	const gauges = {};
	const gpusCounted = {};
	for (const field of fields) {
		const byGpu = readings.highest(field.names, field.level, (value) => usable(value * field.scale, field));
		if (byGpu.size === 0) continue;
		const value = aggregate$2([...byGpu.values()], field.over);
		for (const metric of field.metrics) {
			gauges[metric] = value;
			gpusCounted[metric] = byGpu.size;
		}
	}
	return {
		gauges,
		gpusCounted
	};
}
/** A GPU that is listed more than once (one row per pod that shares it) counts once. */
function gpuReadings(readings) {
	const byName = Map.groupBy(readings, ({ name }) => name);
	const split = new Set(readings.flatMap(({ gpu, instance }) => gpu === instance ? [] : [gpu]));
	return {
		split,
		highest: (names, level, read) => {
			const highest = /* @__PURE__ */ new Map();
			for (const reading of names.flatMap((name) => byName.get(name) ?? [])) {
				const key = reading[level];
				const value = read(reading.value);
				if (value === void 0 || level === "instance" && split.has(key)) continue;
				highest.set(key, Math.max(value, highest.get(key) ?? Number.NEGATIVE_INFINITY));
			}
			return highest;
		}
	};
}
/** Counters by GPU key: what is finite and not negative. */
const countersOf$1 = (readings, names, scale = 1) => Object.fromEntries(readings.highest(names, "gpu", (value) => Number.isFinite(value) && value >= 0 ? value * scale : void 0));
/** The sum of several counters of each GPU that has all of them. */
function sumOfAll(parts) {
	const keys = Object.keys(parts[0] ?? {}).filter((key) => parts.every((part) => part[key] !== void 0));
	return Object.fromEntries(keys.map((key) => [key, sumOf(parts.map((part) => part[key]))]));
}
/** Counts of GPUs under a name that says what they count. */
const named = (what, counts) => Object.fromEntries(Object.entries(counts).map(([gpu, count]) => [`${what} on ${gpu}`, count]));
const sumOf = (values) => values.reduce((total, value) => total + value, 0);
const usable = (value, { valid: [low, high], cap }) => value >= low && value <= high ? Math.min(value, cap ?? value) : void 0;
function aggregate$2(values, over) {
	if (over === "max") return values.reduce((highest, value) => Math.max(highest, value));
	return over === "sum" ? sumOf(values) : sumOf(values) / values.length;
}

// src/core/telemetry/throttling.ts
/** NVML's bits of clocks event reasons that mean "the GPU was slowed down against its will". */
const SLOWDOWNS = [
	[8, "hardware slowdown"],
	[32, "software thermal slowdown"],
	[64, "hardware thermal slowdown"],
	[128, "power brake"]
];
/** Running at the power limit is how large GPUs work under full load: worth a line, not a reason to discard the run. */
const POWER_CAP = 4;
/** The flags that say the same one by one, as nvidia-smi names them behind `clocks_event_reasons.`. */
const REASON_FLAGS = [
	["sw_power_cap", 4],
	["hw_slowdown", 8],
	["sw_thermal_slowdown", 32],
	["hw_thermal_slowdown", 64],
	["hw_power_brake_slowdown", 128]
];
/** Bit masks arrive as doubles and may lie above 2^31. */
const hasBit = (bits, mask) => (BigInt(Math.trunc(bits)) & BigInt(mask)) !== 0n;
/** Both generations of names: drivers before 535 say throttle where later ones say event. */
const reasonNames = (suffix) => [`clocks_event_reasons_${suffix}`, `clocks_throttle_reasons_${suffix}`];
/** Flags one by one where the mask of all of them is not exposed. */
function bitsOf$1(readings) {
	const bits = { ...countersOf$1(readings, reasonNames("active")) };
	for (const [flag, bit] of REASON_FLAGS) for (const [gpu, isSet] of Object.entries(countersOf$1(readings, reasonNames(flag)))) bits[gpu] = Number(BigInt(Math.trunc(bits[gpu] ?? 0)) | BigInt(isSet > 0 ? bit : 0));
	return bits;
}
/** By GPU, the longest of several times, which may overlap: their sum could be longer than the time itself. */
function longest(parts) {
	const merged = {};
	for (const part of parts) for (const [gpu, time] of Object.entries(part)) merged[gpu] = Math.max(time, merged[gpu] ?? 0);
	return merged;
}

// src/core/telemetry/amd.ts
/**
* Fields of AMD's device metrics exporter. Which of the power fields exists depends on the chip. What the older names
* call MB are millions of bytes (a GPU of 64 GiB has 68,702 of them), the newer ones count MiB (192 GiB are 196,592).
*/
const FIELDS$14 = [
	{
		names: ["gpu_usage", "gpu_gfx_activity"],
		metrics: ["gpu.utilization"],
		...PERCENT
	},
	{
		names: ["gpu_prof_sm_active"],
		metrics: ["gpu.sm_activity"],
		...PERCENT,
		level: "instance"
	},
	{
		names: ["gpu_prof_tensor_active_percent"],
		metrics: ["gpu.tensor_activity"],
		...PERCENT,
		level: "instance"
	},
	{
		names: ["gpu_memory_activity", "gpu_umc_activity"],
		metrics: ["gpu.memory.utilization"],
		...PERCENT
	},
	{
		names: ["gpu_used_memory"],
		...MEMORY,
		scale: 1e6
	},
	{
		names: ["gpu_used_vram"],
		...MEMORY,
		scale: 1024 ** 2
	},
	{
		names: ["gpu_power_usage"],
		...WATTS
	},
	{
		names: ["gpu_average_package_power"],
		...WATTS
	},
	{
		names: ["gpu_package_power"],
		...WATTS
	},
	{
		names: ["gpu_edge_temperature"],
		...CELSIUS
	},
	{
		names: ["gpu_junction_temperature"],
		...CELSIUS
	},
	{
		names: ["gpu_clock"],
		metrics: ["gpu.sm_clock"],
		level: "gpu",
		over: "mean",
		scale: 1e6,
		valid: [0, 1e10]
	}
];
/** Shares of time, in percent, in which heat or the power limit held the clock down. */
const HEAT = [
	"processor_hot",
	"socket_thermal",
	"vr_thermal",
	"hbm_thermal"
].map((cause) => `gpu_violation_${cause}_residency_percentage`);
const AT_POWER_LIMIT = ["gpu_violation_ppt_residency_percentage"];
const HELD = [{
	names: HEAT,
	metrics: ["gpu.throttled"],
	...PERCENT,
	over: "max"
}, {
	names: AT_POWER_LIMIT,
	metrics: ["gpu.power_capped"],
	...PERCENT,
	over: "max"
}];
const ENERGY_UJ = ["gpu_energy_consumed"];
const ECC$3 = ["gpu_ecc_uncorrect_total"];
/** In KB, one series for each link of a GPU. */
const LINKS = ["gpu_xgmi_link_rx", "gpu_xgmi_link_tx"];
const KNOWN$2 = /* @__PURE__ */ new Set([
	...[...FIELDS$14, ...HELD].flatMap(({ names }) => names),
	...ENERGY_UJ,
	...ECC$3,
	...LINKS
]);
/** The exporter puts `amd_` before all names where it is told to. */
const bareName$3 = (name) => name.replace(/^amd_/, "");
const isAmdField = (name) => KNOWN$2.has(bareName$3(name));
const AMD_METRICS = [
	...new Set([...FIELDS$14, ...HELD].flatMap(({ metrics }) => metrics)),
	"gpu.nvlink",
	"gpu.energy_per_request",
	"gpu.energy_per_1k_tokens"
];
/** The exposition of AMD's exporter → our metrics over all GPUs it names; of the clocks, the one of the compute units (`system`). */
function readAmd(samples) {
	const own = samples.map((sample) => ({
		...sample,
		name: bareName$3(sample.name)
	})).filter(({ name, labels }) => name !== "gpu_clock" || labels.clock_type === "system");
	const readings = gpuReadings(own.map(readingOf$2));
	return {
		...gaugesOf([...FIELDS$14, ...HELD], readings),
		energyJ: countersOf$1(readings, ENERGY_UJ, 1e-6),
		gpus: gpusIn$2(own, readings),
		lastXid: {},
		throttleBits: bitsOf(readings),
		thermalViolationNs: {},
		linkBytes: linkBytesOf(own),
		errorCounts: named("uncorrected ECC errors", countersOf$1(readings, ECC$3))
	};
}
function readingOf$2({ name, labels, value }) {
	const gpu = gpuKey$1(labels);
	return {
		name,
		value,
		gpu,
		instance: partition(labels) === void 0 ? gpu : `${gpu}/${labels.gpu_partition_id}`
	};
}
const gpuKey$1 = (labels) => `${labels.hostname ?? ""}/${uuidOf(labels) ?? ""}`;
/** Serial number and index: partitions of one chip share the first, hosts share the second. */
function uuidOf(labels) {
	const parts = [labels.GPU_UUID ?? labels.serial_number ?? labels.SERIAL_NUMBER, labels.gpu_id].filter((part) => part !== void 0);
	return parts.length === 0 ? void 0 : parts.join("#");
}
/** How the chip is split (`cpx`), where it is; a whole one says `spx`. */
const partition = ({ gpu_compute_partition_type: type, gpu_partition_id: id }) => type === void 0 || type === "" || type.toLowerCase() === "spx" || !id ? void 0 : type;
function gpusIn$2(samples, { split }) {
	const seen = /* @__PURE__ */ new Map();
	for (const sample of samples) {
		const { instance: key } = readingOf$2(sample);
		const uuid = uuidOf(sample.labels);
		if (uuid === void 0 || split.has(key)) continue;
		const mig = partition(sample.labels);
		seen.set(key, {
			key,
			uuid,
			model: sample.labels.card_model,
			driver: void 0,
			...mig === void 0 ? {} : { mig }
		});
	}
	return [...seen.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}
/** The same causes as NVIDIA's bits: a residency of one percent and more is a GPU that was held. */
function bitsOf(readings) {
	const bits = {};
	for (const [names, bit] of [[HEAT, 64], [AT_POWER_LIMIT, 4]]) for (const [gpu, percent] of Object.entries(countersOf$1(readings, names))) bits[gpu] = (bits[gpu] ?? 0) + (percent >= 1 ? bit : 0);
	return bits;
}
function linkBytesOf(samples) {
	const bytes = {};
	for (const { name, labels, value } of samples) if (LINKS.includes(name) && value >= 0 && Number.isFinite(value)) bytes[gpuKey$1(labels)] = (bytes[gpuKey$1(labels)] ?? 0) + value * 1024;
	return bytes;
}

// src/core/telemetry/dcgm.ts
/** Activity is measured, not counted: it overshoots 1 by a little. On MIG it can be far beyond (DCGM issue 152): dropped. */
const ACTIVITY = {
	level: "instance",
	over: "mean",
	scale: 1,
	valid: [0, 1.05],
	cap: 1
};
/** Both generations of names are listed: DCGM 4.6 renamed them, and an exporter sends whichever its configuration holds. */
const FIELDS$13 = [
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
		names: ["DCGM_FI_DEV_MEM_COPY_UTIL"],
		metrics: ["gpu.memory.utilization"],
		...ACTIVITY,
		scale: .01
	},
	{
		names: ["DCGM_FI_DEV_FB_USED"],
		...MEMORY,
		scale: 1024 ** 2
	},
	{
		names: ["DCGM_FI_DEV_POWER_USAGE", "DCGM_FI_DEV_BOARD_POWER_WATTS"],
		...WATTS
	},
	{
		names: ["DCGM_FI_DEV_GPU_TEMP", "DCGM_FI_DEV_GPU_TEMP_CELSIUS"],
		...CELSIUS
	},
	{
		names: ["DCGM_FI_DEV_SM_CLOCK"],
		metrics: ["gpu.sm_clock"],
		level: "gpu",
		over: "mean",
		scale: 1e6,
		valid: [0, 1e10]
	},
	{
		names: ["DCGM_FI_PROF_PCIE_RX_BYTES"],
		metrics: ["gpu.pcie.rx"],
		...BYTES_PER_SECOND
	},
	{
		names: ["DCGM_FI_PROF_PCIE_TX_BYTES"],
		metrics: ["gpu.pcie.tx"],
		...BYTES_PER_SECOND
	}
];
/**
* Utilization is 0 to 100 under the old name. Under the new one the name says ratio, and the field it aliases counts
* percent: which of them is sent shows only over many samples, see {@link settleScrapes}. On MIG it is absent or
* 0, and the graphics engine's activity tells the same.
*/
const UTILIZATION$1 = {
	names: ["DCGM_FI_DEV_GPU_UTIL"],
	metrics: ["gpu.utilization"],
	...ACTIVITY,
	scale: .01
};
const UTILIZATION_RATIO = {
	...UTILIZATION$1,
	names: ["DCGM_FI_DEV_GPU_UTIL_RATIO"],
	scale: 1,
	valid: [0, 100],
	cap: 100
};
const ENGINE_ACTIVITY = {
	...UTILIZATION$1,
	names: ["DCGM_FI_PROF_GR_ENGINE_ACTIVE", "DCGM_FI_PROF_GR_ENGINE_UTIL_RATIO"],
	scale: 1
};
const ENERGY_MJ = ["DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION"];
const XID$1 = ["DCGM_FI_DEV_XID_ERRORS", "DCGM_FI_DEV_XID_ERROR"];
const THROTTLE = ["DCGM_FI_DEV_CLOCK_THROTTLE_REASONS", "DCGM_FI_DEV_CLOCKS_EVENT_REASONS"];
/** DCGM counts violations in nanoseconds, as NVML does; the exporter's help texts have said microseconds. */
const THERMAL_NS = ["DCGM_FI_DEV_THERMAL_VIOLATION"];
const POWER_NS = ["DCGM_FI_DEV_POWER_VIOLATION"];
const SLOWED_NS = ["DCGM_FI_DEV_BOARD_LIMIT_VIOLATION", "DCGM_FI_DEV_RELIABILITY_VIOLATION"];
const ECC$2 = ["DCGM_FI_DEV_ECC_DBE_VOL_TOTAL"];
/** Rates where a profiling module measures them, else counters. */
const NVLINK_RX = "DCGM_FI_PROF_NVLINK_RX_BYTES";
const NVLINK_TX = "DCGM_FI_PROF_NVLINK_TX_BYTES";
const NVLINK_BYTES = [["DCGM_FI_DEV_NVLINK_COUNT_RX_BYTES", "DCGM_FI_DEV_NVLINK_RX_BYTES_TOTAL"], ["DCGM_FI_DEV_NVLINK_COUNT_TX_BYTES", "DCGM_FI_DEV_NVLINK_TX_BYTES_TOTAL"]];
const KNOWN$1 = /* @__PURE__ */ new Set([...[
	...FIELDS$13,
	UTILIZATION$1,
	UTILIZATION_RATIO,
	ENGINE_ACTIVITY
].flatMap(({ names }) => names), ...[
	ENERGY_MJ,
	XID$1,
	THROTTLE,
	THERMAL_NS,
	POWER_NS,
	SLOWED_NS,
	ECC$2,
	[NVLINK_RX, NVLINK_TX],
	...NVLINK_BYTES
].flat()]);
const DCGM_METRICS = [
	...new Set([UTILIZATION$1, ...FIELDS$13].flatMap(({ metrics }) => metrics)),
	"gpu.throttled",
	"gpu.power_capped",
	"gpu.nvlink",
	"gpu.energy_per_request",
	"gpu.energy_per_1k_tokens"
];
const isDcgmField = (name) => KNOWN$1.has(bareName$2(name));
/**
* DCGM's exposition → our metrics over all GPUs it names.
*
* A GPU is (host, UUID, MIG instance): the index alone collides between hosts. A GPU listed more than once (one row
* per pod that shares it) counts once. A GPU without a usable value for a metric is left out of it, and `gpusCounted`
* says over how many the rest is taken, see {@link settleScrapes}.
*/
function readDcgm(samples) {
	const readings = gpuReadings(samples.map(readingOf$1));
	const { split } = readings;
	const utilization = split.size > 0 ? [ENGINE_ACTIVITY] : [
		ENGINE_ACTIVITY,
		UTILIZATION_RATIO,
		UTILIZATION$1
	];
	const { gauges, gpusCounted } = gaugesOf([...utilization, ...FIELDS$13], readings);
	const of = (names, scale = 1) => countersOf$1(readings, names, scale);
	const nvlink = sumOfAll([of([NVLINK_RX]), of([NVLINK_TX])]);
	return {
		gauges: Object.keys(nvlink).length === 0 ? gauges : {
			...gauges,
			"gpu.nvlink": sumOf(Object.values(nvlink))
		},
		gpusCounted: Object.keys(nvlink).length === 0 ? gpusCounted : {
			...gpusCounted,
			"gpu.nvlink": Object.keys(nvlink).length
		},
		energyJ: of(ENERGY_MJ, .001),
		gpus: gpusIn$1(samples, split),
		lastXid: of(XID$1),
		throttleBits: of(THROTTLE),
		thermalViolationNs: of(THERMAL_NS),
		slowedNs: of(SLOWED_NS),
		powerCappedNs: of(POWER_NS),
		linkBytes: sumOfAll(NVLINK_BYTES.map((names) => of(names))),
		errorCounts: named("uncorrected ECC errors", of(ECC$2))
	};
}
function gpusIn$1(samples, split) {
	const seen = /* @__PURE__ */ new Map();
	for (const labels of new Set(samples.map((sample) => sample.labels))) {
		const key = keyOf$1(labels, "instance");
		const uuid = labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device;
		if (uuid === void 0 || split.has(key)) continue;
		const known = seen.get(key);
		const driver = known?.driver ?? labels.DCGM_FI_DRIVER_VERSION ?? labels.DCGM_FI_SYSTEM_DRIVER_VERSION;
		const mig = labels.GPU_I_PROFILE || known?.mig;
		seen.set(key, {
			key,
			uuid,
			model: known?.model ?? labels.modelName,
			driver,
			...mig === void 0 ? {} : { mig }
		});
	}
	return [...seen.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}
const readingOf$1 = ({ name, labels, value }) => ({
	name: bareName$2(name),
	value: isBlank$2(value) ? NaN : value,
	gpu: keyOf$1(labels, "gpu"),
	instance: keyOf$1(labels, "instance")
});
/** Collectors such as OpenTelemetry's append `_total` to counters, and some names have it from the start. */
function bareName$2(name) {
	return name.endsWith("_total") ? name.slice(0, -6) : name;
}
function keyOf$1(labels, level) {
	const known = keys.get(labels);
	if (known !== void 0) return known[level];
	const gpu = `${labels.hostname ?? labels.Hostname ?? ""}/${labels.UUID ?? labels.uuid ?? labels.gpu ?? labels.device ?? ""}`;
	const both = {
		gpu,
		instance: labels.GPU_I_ID ? `${gpu}/${labels.GPU_I_ID}` : gpu
	};
	keys.set(labels, both);
	return both[level];
}
/** The fields of a GPU share their labels, and come back with every exposition. */
const keys = /* @__PURE__ */ new WeakMap();
/** DCGM's "no value": INT64 2^63 − 16 … −13, which all read as 2^63 here, and FP64 2^47 … 2^47 + 3. NaN is one, too. */
const isBlank$2 = (value) => !Number.isFinite(value) || value >= 0x7facf7419d980000 || value >= 2 ** 47 && value <= 2 ** 47 + 3;

// src/core/telemetry/exposition.ts
/** One text for one series, whatever the order of its labels. */
function seriesKey({ name, labels }) {
	const keys = keysByLabels.get(labels) ?? /* @__PURE__ */ new Map();
	if (keys.size === 0) keysByLabels.set(labels, keys);
	const known = keys.get(name);
	if (known !== void 0) return known;
	const key = name + JSON.stringify(Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1));
	keys.set(name, key);
	return key;
}
/** By name. The series of one thing share their labels, see {@link parseExposition}, and come back with every exposition. */
const keysByLabels = /* @__PURE__ */ new WeakMap();
/**
* @param keep which metric names to read. The rest of a line whose name is not kept is not looked at, which makes a
*             large exposition cheap to read for the one or two series somebody needs.
* @param memory what earlier expositions of the same endpoint had in common with this one: see {@link expositionMemory}.
*/
function parseExposition(text, keep = () => true, memory = expositionMemory()) {
	const body = unquoted(text);
	const timestampScale = body.trimEnd().endsWith("# EOF") ? 1e3 : 1;
	const samples = [];
	const skip = skipping(body, keep, memory.runs);
	let lines = 0;
	let first;
	for (let begin = 0, end = 0; begin < body.length; begin = end + 1) {
		end = skip(begin);
		if (end > begin) continue;
		end = endOfLine(body, begin);
		const line = body.slice(begin, end);
		const read = readAgain(line, memory.series) ?? parseLine(line.trim(), keep, timestampScale, memory);
		if (typeof read !== "string") samples.push(read);
		else if (read === "broken") {
			lines++;
			first ??= {
				line: body.slice(0, begin).split("\n").length,
				text: line.trim().slice(0, 120)
			};
		}
	}
	return {
		samples,
		broken: {
			lines,
			first
		}
	};
}
const expositionMemory = () => ({
	series: /* @__PURE__ */ new Map(),
	labels: /* @__PURE__ */ new Map(),
	runs: /* @__PURE__ */ new Map()
});
/**
* The end of the last line that can be skipped from a place on, without taking it out of the text: a comment, or lines of a
* name that is not kept. Nine of ten lines are one or the other. The buckets of a histogram are skipped all at once. Gives
* the place itself where a closer look is needed.
*/
function skipping(body, keep, runs) {
	return (start) => {
		if (body.charCodeAt(start) === HASH) return endOfLine(body, start);
		let at = start;
		for (let code = body.charCodeAt(at); code !== BRACE && code !== SPACE$2; code = body.charCodeAt(++at)) if (code === LF$1 || code === TAB || Number.isNaN(code)) return start;
		const text = body.slice(start, at);
		let run = runs.get(text);
		if (run === void 0) {
			if (runs.has(text) || text.length > LONGEST_REMEMBERED) return start;
			const name = copied(text);
			run = NAME$1.test(name) && !keep(name) ? new RegExp(`\\n(?!${name.replaceAll(".", "\\.")}[{ ])`, "g") : void 0;
			remember(runs, name, run);
			if (run === void 0) return start;
		}
		run.lastIndex = at;
		return run.test(body) ? run.lastIndex - 1 : body.length;
	};
}
function endOfLine(body, start) {
	const end = body.indexOf("\n", start);
	return end < 0 ? body.length : end;
}
/** More names and label sets than an exposition has, and what an endpoint that makes up new ones may cost. */
const MOST_REMEMBERED = 1e4;
/** Longer ones are read anew each time. */
const LONGEST_REMEMBERED = 4096;
function remember(memory, key, value) {
	if (key.length > LONGEST_REMEMBERED) return;
	if (memory.size >= MOST_REMEMBERED) memory.clear();
	memory.set(key, value);
}
/** A part of a string keeps the whole in memory: what outlives an exposition must not be a part of its text. */
const copied = (text) => ` ${text}`.slice(1);
const [HASH, BRACE, SPACE$2, TAB, LF$1] = [
	35,
	123,
	32,
	9,
	10
];
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
/** The common case: a series that was there before, with another number and nothing else. Undefined for any other line. */
function readAgain(line, memory) {
	const end = line.indexOf("}") + 1;
	const series = end === 0 ? void 0 : memory.get(line.slice(0, end));
	const value = series === void 0 || line.charCodeAt(end) !== SPACE$2 ? void 0 : numberOf$1(line.slice(end + 1));
	return value === void 0 ? void 0 : {
		name: series.name,
		labels: series.labels,
		value,
		timestampMs: void 0
	};
}
function parseLine(line, keep, timestampScale, memory) {
	if (line === "" || line.startsWith("#")) return "skipped";
	const text = line.slice(0, line.lastIndexOf("}") + 1);
	const known = text === "" ? void 0 : memory.series.get(text);
	const own = known === void 0 ? copied(line) : line;
	const series = known ?? parseSeries(own, keep, memory.labels);
	if (typeof series === "string") return series;
	if (known === void 0 && series.end === text.length) remember(memory.series, own.slice(0, series.end), series);
	const { name, labels } = series;
	const at = skipBlanks(line, series.end);
	const valueEnd = indexOfAny(line, " 	", at);
	const valueText = line.slice(at, valueEnd);
	const [timeText, ...rest] = valueEnd === line.length ? [] : line.slice(skipBlanks(line, valueEnd)).split(/[ \t]+/);
	const value = numberOf$1(valueText);
	if (value === void 0) return "broken";
	if (timeText === void 0 || timeText.startsWith("#")) return {
		name,
		labels,
		value,
		timestampMs: void 0
	};
	const time = numberOf$1(timeText);
	if (time === void 0 || !Number.isFinite(time) || rest[0] !== void 0 && !rest[0].startsWith("#")) return "broken";
	return {
		name,
		labels,
		value,
		timestampMs: time * timestampScale
	};
}
function parseSeries(line, keep, memory) {
	let at = indexOfAny(line, "{ 	", 0);
	let name = line.slice(0, at);
	if (name !== "" && !NAME$1.test(name)) return "broken";
	if (name !== "" && !keep(name)) return "skipped";
	at = skipBlanks(line, at);
	let labels = {};
	if (line[at] === "{") {
		const text = line.slice(at, line.lastIndexOf("}") + 1);
		const set = memory.get(text) ?? parseLabels(line, at + 1);
		if (set === void 0) return "broken";
		if (set.length === text.length) remember(memory, text, set);
		({labels} = set);
		if (name === "" && set.name !== void 0) name = set.name;
		at += set.length;
	}
	if (name === "") return "broken";
	return keep(name) ? {
		name,
		labels,
		end: at
	} : "skipped";
}
/** A dot is not in the specification and is sent all the same. */
const NAME$1 = /^[A-Za-z_:][\w:.]*$/;
/** Reads from behind `{`. A quoted string without a value is the metric's name (Prometheus 3). */
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
		labels: Object.fromEntries(labels),
		name,
		length: at + 2 - start
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
	const close = line.indexOf("\"", start + 1);
	const escape = line.indexOf("\\", start + 1);
	if (close > 0 && (escape < 0 || escape > close)) return {
		text: line.slice(start + 1, close),
		end: close + 1
	};
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
function numberOf$1(text) {
	if (/^[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?$/i.test(text)) return Number(text);
	if (/^[+-]?nan$/i.test(text)) return NaN;
	if (/^[+-]?inf(?:inity)?$/i.test(text)) return text.startsWith("-") ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}
function indexOfAny(line, characters, start) {
	let least = line.length;
	for (const character of characters) {
		const at = line.indexOf(character, start);
		if (at >= 0 && at < least) least = at;
	}
	return least;
}
function skipBlanks(line, start) {
	let at = start;
	while (line[at] === " " || line[at] === "	") at++;
	return at;
}

// src/core/telemetry/server-fields.ts
/** The mean of what a histogram or summary saw, over the requests of a block. */
const meanOf = (metric, names, rest = {}) => ({
	metrics: [metric],
	part: { names: names.map((name) => `${name}_sum`) },
	whole: { names: names.map((name) => `${name}_count`) },
	...rest
});
/** Every name that the fields read. */
const namesOf = (fields) => new Set(fields.flatMap((field) => seriesOf$1(field).flatMap((series) => spelled(series).names.flat())));
/** Every metric that the fields fill, in their order. */
const filledBy = (fields) => [...new Set(fields.flatMap(({ metrics }) => metrics))];
/**
* What an exposition tells by these fields. A metric is absent where none of its series is there, and where one of them
* is not finite, negative or outside what is `valid`: the sum over the rest would be another quantity. Of several fields
* for one metric the first that tells it counts; a quotient whose part was never counted gives way to one whose part was.
*/
function readServer(fields, samples) {
	const byName = Map.groupBy(samples, ({ name }) => name);
	const gauges = {};
	const quotients = {};
	const totals = {};
	const renewedS = {};
	const isTold = (metric) => gauges[metric] !== void 0 || totals[metric] !== void 0 || quotients[metric] !== void 0 && Object.keys(quotients[metric].part).length > 0;
	for (const field of fields) {
		const read = readField(field, byName);
		for (const metric of read === void 0 ? [] : field.metrics.filter((each) => !isTold(each))) {
			if (read.kind === "gauge") gauges[metric] = read.value;
			else if (read.kind === "total") totals[metric] = read.counters;
			else if (quotients[metric] === void 0 || Object.keys(read.quotient.part).length > 0) quotients[metric] = read.quotient;
			if (field.renewedS !== void 0) renewedS[metric] = field.renewedS;
		}
	}
	return {
		gauges,
		gpusCounted: {},
		energyJ: {},
		...Object.keys(quotients).length === 0 ? {} : { quotients },
		...Object.keys(totals).length === 0 ? {} : { totals },
		...Object.keys(renewedS).length === 0 ? {} : { renewedS },
		gpus: [],
		lastXid: {},
		throttleBits: {},
		thermalViolationNs: {}
	};
}
/** Undefined where the exposition does not tell it. */
function readField(field, byName) {
	if ("gauge" in field) {
		const value = gaugeOf(field, byName);
		return value === void 0 ? void 0 : {
			kind: "gauge",
			value
		};
	}
	const { scale = 1 } = field;
	const counters = (series) => countersOf(samplesOf(byName, series), field);
	if ("total" in field) {
		const total = counters(field.total);
		return isCounted(total) ? {
			kind: "total",
			counters: scaled(total, scale)
		} : void 0;
	}
	const [part, whole] = [counters(field.part), counters(field.whole)];
	const less = field.less === void 0 ? void 0 : counters(field.less);
	if (part === void 0 || !isCounted(whole) || field.less !== void 0 && less === void 0) return void 0;
	return {
		kind: "quotient",
		quotient: {
			part: scaled(part, scale),
			whole,
			...less === void 0 ? {} : { less: scaled(less, scale) }
		}
	};
}
/** Usable, and of one series at least. */
const isCounted = (counters) => counters !== void 0 && Object.keys(counters).length > 0;
const seriesOf$1 = (field) => {
	if ("total" in field) return [field.total];
	const less = field.less === void 0 ? [] : [field.less];
	return "gauge" in field ? [field.gauge, ...less] : [
		field.part,
		...less,
		field.whole
	];
};
const spelled = (series) => typeof series === "string" ? { names: [series] } : series;
function samplesOf(byName, series) {
	const { names, where = {}, unless = {} } = spelled(series);
	const present = names.map((each) => [each].flat().filter((name) => byName.has(name))).find((each) => each.length > 0) ?? [];
	const has = (labels, [label, value]) => value.test(labels[label] ?? "");
	return present.flatMap((name) => byName.get(name)).filter(({ labels }) => Object.entries(where).every((label) => has(labels, label)) && !Object.entries(unless).some((label) => has(labels, label)));
}
/** Undefined where there is none, or one is no number. */
function gaugeOf(field, byName) {
	const { over, scale = 1, valid: [least, most] = [0, Number.MAX_VALUE] } = field;
	const values = (series) => Object.values(countersOf(samplesOf(byName, series), field) ?? {}).map((value) => value * scale);
	const taken = values(field.gauge);
	const left = field.less === void 0 ? [0] : values(field.less);
	if (taken.length === 0 || left.length === 0 || taken.some((value) => value < least || value > most)) return void 0;
	const value = aggregate$1(taken, over) - aggregate$1(left, over);
	return value >= least && Number.isFinite(value) ? value : void 0;
}
function aggregate$1(values, over) {
	if (over === "max") return values.reduce((highest, value) => Math.max(highest, value));
	const sum = values.reduce((total, value) => total + value, 0);
	return over === "sum" ? sum : sum / values.length;
}
/** By series, without the labels that only repeat or are added up; undefined where one is not finite or negative. */
function countersOf(samples, { repeatedBy = [], addedUp = [] }) {
	const counters = {};
	const ignored = [...repeatedBy, ...addedUp];
	for (const { name, labels, value } of samples) {
		if (!Number.isFinite(value) || value < 0) return void 0;
		const own = ignored.length === 0 ? labels : Object.fromEntries(Object.entries(labels).filter(([label]) => !ignored.includes(label)));
		const key = seriesKey({
			name,
			labels: own
		});
		const known = counters[key];
		counters[key] = addedUp.length > 0 ? value + (known ?? 0) : Math.max(value, known ?? 0);
	}
	return counters;
}
const scaled = (counters, scale) => Object.fromEntries(Object.entries(counters).map(([key, value]) => [key, value * scale]));

// src/core/telemetry/llamacpp.ts
/**
* llama.cpp's server, started with `--metrics`. It counts seconds and tokens and no requests, so what it can tell is time
* per token. The tokens of a prompt that it processed are those that its cache did not know. `n_busy_slots_per_decode` is
* a mean since its start, whatever its type says, and its rates of tokens are those since somebody last asked: neither is
* read.
*
* Source: its server's answers (b11549), and its documentation.
*/
const FIELDS$12 = [
	{
		metrics: ["queue.depth"],
		gauge: "llamacpp:requests_deferred",
		over: "sum"
	},
	{
		metrics: ["requests.running"],
		gauge: "llamacpp:requests_processing",
		over: "sum"
	},
	{
		metrics: ["cache.hit_ratio"],
		part: "llamacpp:prompt_tokens_cached_total",
		whole: { names: [["llamacpp:prompt_tokens_cached_total", "llamacpp:prompt_tokens_total"]] }
	},
	{
		metrics: ["prefill.time_per_token"],
		part: "llamacpp:prompt_seconds_total",
		whole: "llamacpp:prompt_tokens_total"
	},
	{
		metrics: ["decode.time_per_token"],
		part: "llamacpp:tokens_predicted_seconds_total",
		whole: "llamacpp:tokens_predicted_total"
	}
];
const NAMES$10 = namesOf(FIELDS$12);
const LLAMACPP_METRICS = filledBy(FIELDS$12);
const isLlamacppField = (name) => NAMES$10.has(name);
const readLlamacpp = (samples) => readServer(FIELDS$12, samples);

// src/core/telemetry/node-exporter.ts
/**
* Interfaces through which nothing comes that another one does not count as well: the loopback, the inner ends of
* containers and virtual machines, bridges, tunnels, VLANs, and what bundles others.
*/
const VIRTUAL_INTERFACE = /^(lo|veth.*|docker\d*|docker_gwbridge|podman\d*|br-.*|br\d+|virbr.*|vnet\d+|cni.*|flannel.*|cali.*|cilium.*|lxc.*|kube-.*|nodelocaldns|vxlan.*|genev.*|gre.*|sit\d+|ip6tnl.*|tunl.*|tun\d+|tap.*|wg\d+|tailscale\d+|dummy\d+|ifb\d+|bond\d+|team\d+|.*\.\d+)$/;
/** Devices that are a part of another one, or that others carry: partitions, volumes and arrays over disks, memory. */
const NO_WHOLE_DISK = /^(dm-\d+|md.*|drbd\d+|zd\d+|(z?ram|loop|fd|sr)\d+|(h|s|v|xv)d[a-z]+\d+|(nvme\d+n\d+|mmcblk\d+|nbd\d+|rbd\d+)p\d+|mmcblk\d+boot\d+)$/;
const interfaces = (name) => ({
	names: [name],
	unless: { device: VIRTUAL_INTERFACE }
});
const disks = (name) => ({
	names: [name],
	unless: { device: NO_WHOLE_DISK }
});
const CPU = "node_cpu_seconds_total";
/**
* Prometheus's exporter of a host. All of its processors count together; waiting for a disk is idle time, and time that a
* hypervisor took is not. Of its own process nothing is read.
*
* Source: its collectors cpu, meminfo, netdev and diskstats, of version 1.
*/
const FIELDS$11 = [
	{
		metrics: ["host.cpu.utilization"],
		part: {
			names: [CPU],
			unless: { mode: /^(idle|iowait)$/ }
		},
		whole: { names: [CPU] },
		addedUp: ["cpu", "mode"]
	},
	{
		metrics: ["host.memory.used"],
		gauge: "node_memory_MemTotal_bytes",
		less: "node_memory_MemAvailable_bytes",
		over: "sum",
		valid: [0, 0x5af3107a4000]
	},
	{
		metrics: ["network.rx"],
		total: interfaces("node_network_receive_bytes_total")
	},
	{
		metrics: ["network.tx"],
		total: interfaces("node_network_transmit_bytes_total")
	},
	{
		metrics: ["disk.read"],
		total: disks("node_disk_read_bytes_total")
	},
	{
		metrics: ["disk.written"],
		total: disks("node_disk_written_bytes_total")
	}
];
const NAMES$9 = namesOf(FIELDS$11);
const NODE_EXPORTER_METRICS = filledBy(FIELDS$11);
const isNodeExporterField = (name) => NAMES$9.has(name);
const readNodeExporter = (samples) => readServer(FIELDS$11, samples);

// src/core/telemetry/nvidia-exporter.ts
const PREFIX$1 = "nvidia_smi_";
const SHARE = {
	...PERCENT,
	scale: 1
};
const SM_CLOCK = {
	metrics: ["gpu.sm_clock"],
	level: "gpu",
	over: "mean",
	scale: 1,
	valid: [0, 1e10]
};
/** A GPU instance has memory and activity of its own; its GPU has them too, and is left out then. */
const INSTANCE = {
	level: "instance",
	over: "mean",
	scale: 1,
	valid: [0, 1.05],
	cap: 1
};
/** Fields of nvidia_gpu_exporter, which names what nvidia-smi answers and brings it to base units. Of power, the average over a second comes last. */
const FIELDS$10 = [
	{
		names: ["utilization_gpu_ratio"],
		metrics: ["gpu.utilization"],
		...SHARE
	},
	{
		names: ["mig_graphics_activity_ratio"],
		metrics: ["gpu.utilization"],
		...INSTANCE
	},
	{
		names: ["mig_sm_activity_ratio"],
		metrics: ["gpu.sm_activity"],
		...INSTANCE
	},
	{
		names: ["mig_tensor_activity_ratio"],
		metrics: ["gpu.tensor_activity"],
		...INSTANCE
	},
	{
		names: ["utilization_memory_ratio"],
		metrics: ["gpu.memory.utilization"],
		...SHARE
	},
	{
		names: ["memory_used_bytes", "mig_memory_used_bytes"],
		...MEMORY,
		scale: 1
	},
	{
		names: ["power_draw_instant_watts"],
		...WATTS
	},
	{
		names: ["power_draw_watts", "power_draw_average_watts"],
		...WATTS
	},
	{
		names: ["temperature_gpu"],
		...CELSIUS
	},
	{
		names: ["clocks_current_sm_clock_hz", "clocks_sm_clock_hz"],
		...SM_CLOCK
	},
	{
		names: ["pcie_throughput_rx_bytes_per_second"],
		metrics: ["gpu.pcie.rx"],
		...BYTES_PER_SECOND,
		level: "gpu"
	},
	{
		names: ["pcie_throughput_tx_bytes_per_second"],
		metrics: ["gpu.pcie.tx"],
		...BYTES_PER_SECOND,
		level: "gpu"
	}
];
const slowed = (reason) => [`clocks_event_reasons_counters_${reason}_seconds`];
const ENERGY_J$1 = ["energy_joules_total"];
const ECC$1 = ["ecc_errors_uncorrected_volatile_total"];
const XID = "xid_errors_total";
const INFO = [
	"gpu_info",
	"mig_info",
	"mig_mode_current",
	"compute_app_info",
	"compute_apps",
	"compute_apps_last_collect_success"
];
const COLLECTED = "last_collect_success";
const KNOWN = /* @__PURE__ */ new Set([
	...FIELDS$10.flatMap(({ names }) => names),
	...["active", ...REASON_FLAGS.map(([flag]) => flag)].flatMap(reasonNames),
	...[
		"hw_thermal_slowdown",
		"sw_thermal_slowdown",
		"hw_power_brake_slowdown",
		"sw_power_cap"
	].flatMap(slowed),
	...[
		ENERGY_J$1,
		ECC$1,
		INFO,
		XID,
		COLLECTED
	].flat()
]);
const isExporterField = (name) => name.startsWith(PREFIX$1) && KNOWN.has(name.slice(11));
const EXPORTER_METRICS = [
	...new Set(FIELDS$10.flatMap(({ metrics }) => metrics)),
	"gpu.throttled",
	"gpu.power_capped",
	"gpu.energy_per_request",
	"gpu.energy_per_1k_tokens"
];
/** The exporter answers also when it could not ask the driver, with what it still knows. */
const collectionFailure = (samples) => samples.some(({ name, value }) => name === `${PREFIX$1}${COLLECTED}` && value === 0) ? "the exporter says that its last collection failed (nvidia_smi_last_collect_success is 0)" : void 0;
/** The exposition of nvidia_gpu_exporter → our metrics over all GPUs it names. Its own label of a GPU is `uuid` alone. */
function readNvidiaExporter(samples) {
	const own = samples.map((sample) => ({
		...sample,
		name: sample.name.slice(11)
	}));
	const readings = gpuReadings(own.filter(({ labels }) => labels.uuid !== void 0).map(readingOf));
	const of = (names, scale = 1) => countersOf$1(readings, names, scale);
	const errors = own.flatMap(({ name, labels, value }) => name === XID && value >= 0 ? [[`Xid ${labels.xid ?? "(unknown)"} on ${gpuKey(labels)}`, value]] : []);
	const processes = processesOf(own);
	return {
		...gaugesOf(FIELDS$10, readings),
		energyJ: of(ENERGY_J$1),
		gpus: gpusIn(own, readings),
		lastXid: {},
		throttleBits: bitsOf$1(readings),
		thermalViolationNs: longest([of(slowed("hw_thermal_slowdown"), 1e9), of(slowed("sw_thermal_slowdown"), 1e9)]),
		slowedNs: of(slowed("hw_power_brake_slowdown"), 1e9),
		powerCappedNs: of(slowed("sw_power_cap"), 1e9),
		errorCounts: {
			...named("uncorrected ECC errors", of(ECC$1)),
			...Object.fromEntries(errors)
		},
		...processes === void 0 ? {} : { processes }
	};
}
const gpuKey = (labels) => `${labels.hostname ?? labels.Hostname ?? labels.node ?? ""}/${labels.uuid ?? ""}`;
function readingOf({ name, labels, value }) {
	const gpu = gpuKey(labels);
	return {
		name,
		value,
		gpu,
		instance: labels.gpu_instance_id ? `${gpu}/${labels.gpu_instance_id}` : gpu
	};
}
function gpusIn(samples, { split }) {
	const named = (name) => samples.filter((sample) => sample.name === name);
	const infos = new Map(named("gpu_info").map(({ labels }) => [gpuKey(labels), labels]));
	const profiles = new Map(named("mig_info").map((sample) => [readingOf(sample).instance, sample.labels.profile]));
	const isSplit = new Set(named("mig_mode_current").flatMap(({ labels, value }) => value === 1 ? gpuKey(labels) : []));
	const seen = /* @__PURE__ */ new Map();
	for (const sample of samples) {
		const { gpu, instance: key } = readingOf(sample);
		if (sample.labels.uuid === void 0 || sample.name === "compute_app_info" || seen.has(key) || split.has(key)) continue;
		const mig = profiles.get(key) ?? (isSplit.has(gpu) ? "enabled" : void 0);
		const { name: model, driver_version: driver } = infos.get(gpu) ?? {};
		seen.set(key, {
			key,
			uuid: sample.labels.uuid,
			model,
			driver,
			...mig === void 0 ? {} : { mig }
		});
	}
	return [...seen.values()].sort((a, b) => a.key < b.key ? -1 : 1);
}
/** Absent where the exporter does not collect them, which is not the same as none. */
function processesOf(samples) {
	if (!samples.some(({ name, value }) => name === "compute_apps_last_collect_success" && value === 1)) return void 0;
	const byGpu = {};
	for (const { name, labels } of samples) {
		if (name === "compute_apps") byGpu[gpuKey(labels)] ??= [];
		if (name === "compute_app_info") (byGpu[gpuKey(labels)] ??= []).push(`${labels.pid ?? "?"} ${labels.process_name ?? "?"}`);
	}
	return Object.fromEntries(Object.entries(byGpu).map(([gpu, list]) => [gpu, [...new Set(list)].sort()]));
}

// src/core/telemetry/nvidia-smi.ts
/** Fields of nvidia-smi's own query. With MIG on, utilization is not available, and memory is that of the whole GPU. */
const FIELDS$9 = [
	{
		names: ["utilization.gpu"],
		metrics: ["gpu.utilization"],
		...PERCENT
	},
	{
		names: ["utilization.memory"],
		metrics: ["gpu.memory.utilization"],
		...PERCENT
	},
	{
		names: ["memory.used"],
		...MEMORY,
		scale: 1024 ** 2
	},
	{
		names: ["power.draw.instant"],
		...WATTS
	},
	{
		names: ["power.draw"],
		...WATTS
	},
	{
		names: ["temperature.gpu"],
		...CELSIUS
	},
	{
		names: ["clocks.sm"],
		metrics: ["gpu.sm_clock"],
		level: "gpu",
		over: "mean",
		scale: 1e6,
		valid: [0, 1e10]
	}
];
const REASONS = ["active", ...REASON_FLAGS.map(([flag]) => flag)];
const SLOWED = [
	"hw_thermal_slowdown",
	"sw_thermal_slowdown",
	"hw_power_brake_slowdown",
	"sw_power_cap"
];
const ECC = "ecc.errors.uncorrected.volatile.total";
/**
* What nvidia-smi is asked, in this order. Where a field has several names, the first that the driver knows is asked:
* drivers before 535 say throttle where later ones say event. The first four must be known; the others may be missing.
*/
const WANTED = [
	["index"],
	["uuid"],
	["name"],
	["driver_version"],
	["timestamp"],
	["mig.mode.current"],
	...FIELDS$9.flatMap(({ names }) => names).map((name) => [name]),
	...REASONS.map((reason) => [`clocks_event_reasons.${reason}`, `clocks_throttle_reasons.${reason}`]),
	...SLOWED.map((reason) => [`clocks_event_reasons_counters.${reason}`]),
	[ECC]
];
/** What nvidia-smi is asked when nobody knows which fields it knows: the names that the oldest drivers share. */
const nvidiaSmiFields = WANTED.flatMap((names) => names.at(-1) ?? []);
const NVIDIA_SMI_METRICS = [
	...new Set(FIELDS$9.flatMap(({ metrics }) => metrics)),
	"gpu.throttled",
	"gpu.power_capped",
	"gpu.energy_per_request",
	"gpu.energy_per_1k_tokens"
];
/**
* The fields to ask, of those that `nvidia-smi --help-query-gpu` lists (`"a" or "b"` at the beginning of a line). It
* refuses a whole query for one field that it does not know.
*
* @returns undefined if the text is no such list.
*/
function knownFields(help) {
	const known = new Set([...help.matchAll(/^"([^"\n]+)"(?: or "([^"\n]+)")?\s*$/gm)].flatMap(([, a, b]) => [a, b]));
	const fields = WANTED.flatMap((names) => names.find((name) => known.has(name)) ?? []);
	return fields.includes("index") && fields.includes("uuid") ? fields : void 0;
}
/** The field that nvidia-smi refuses a query for; undefined if that is not what it says. */
const refusedField = (output) => /Field "([^"\n]{1,100})" is not a valid field to query/.exec(output)?.[1];
/** A line of the answer; undefined if it is none: an error message, half a line, the header. */
function readRow(fields, line) {
	const cells = line.split(",").map((cell) => cell.trim());
	if (cells.length !== fields.length) return void 0;
	const row = Object.fromEntries(fields.map((field, i) => [field, cells[i]]));
	return /^\d{1,4}$/.test(row["index"] ?? "") && /^(GPU-|MIG-)?[\w-]{4,}$/.test(row["uuid"] ?? "") && row["uuid"] !== "uuid" ? row : void 0;
}
/**
* Groups rows into moments: nvidia-smi answers in a loop without a mark between one answer and the next. GPUs come in
* the order of their indices, so an index that does not rise begins the next answer. An answer is complete when it has
* as many rows as the last had; one that has fewer (a GPU fell off the bus) is complete when the next begins.
*/
function readRows(gpus) {
	let rows = [];
	let expected = gpus;
	let last = -1;
	return { push: (row) => {
		const index = Number(row["index"]);
		const isNext = index <= last;
		last = index;
		const short = isNext && rows.length < expected ? rows : void 0;
		rows = isNext ? [row] : [...rows, row];
		if (short !== void 0) {
			expected = short.length;
			return short;
		}
		if (rows.length === expected) return rows;
		if (rows.length > expected) expected = rows.length;
	} };
}
/** The rows of one moment → our metrics over the GPUs they name. */
function readNvidiaSmi(rows) {
	const readings = gpuReadings(rows.flatMap(readingsOf));
	const slowed = (reason) => countersOf$1(readings, [`clocks_event_reasons_counters.${reason}`], 1e3);
	const collectedAt = rows.map((row) => row["timestamp"] ?? "").join(" ");
	return {
		...gaugesOf(FIELDS$9, readings),
		energyJ: {},
		gpus: rows.map(gpuOf).sort((a, b) => a.key < b.key ? -1 : 1),
		lastXid: {},
		throttleBits: bitsOf$1(readings),
		thermalViolationNs: longest([slowed("hw_thermal_slowdown"), slowed("sw_thermal_slowdown")]),
		slowedNs: slowed("hw_power_brake_slowdown"),
		powerCappedNs: slowed("sw_power_cap"),
		errorCounts: named("uncorrected ECC errors", countersOf$1(readings, [ECC])),
		...collectedAt.trim() === "" ? {} : { collectedAt }
	};
}
const keyOf = (row) => `/${row["uuid"]}`;
function gpuOf(row) {
	const told = (field) => isBlank$1(row[field] ?? "") ? void 0 : row[field];
	const mig = row["mig.mode.current"] === "Enabled" ? "enabled" : void 0;
	return {
		key: keyOf(row),
		uuid: row["uuid"],
		model: told("name"),
		driver: told("driver_version"),
		...mig === void 0 ? {} : { mig }
	};
}
/** The names of reasons are those of the exporter, which spells them with underscores. */
const readingsOf = (row) => Object.entries(row).map(([name, cell]) => ({
	name: /^clocks_(event|throttle)_reasons\./.test(name) ? name.replace(".", "_") : name,
	value: numberIn$1(cell),
	gpu: keyOf(row),
	instance: keyOf(row)
}));
/** `[N/A]`, `N/A`, `[Not Supported]`, `[Requested functionality has been deprecated]`, `[Unknown Error]`, `[GPU is lost]`. */
const isBlank$1 = (cell) => cell === "" || /^\[.*\]$/.test(cell) || cell === "N/A";
/** A number with or without its unit, a mask, or a flag; NaN for what is none of them. */
function numberIn$1(cell) {
	if (/^0x[0-9a-f]{1,16}$/i.test(cell)) return Number(cell);
	if (/^(Active|Not Active)$/i.test(cell)) return /^active$/i.test(cell) ? 1 : 0;
	const [, number] = /^([+-]?\d+(?:\.\d+)?)(?: ?(?:%|W|MiB|MHz|C|us))?$/.exec(cell) ?? [];
	return number === void 0 ? NaN : Number(number);
}
/** Processes with a compute context, by GPU, from rows of `gpu_uuid, pid, process_name`; the name may hold a comma. */
function readProcesses(text, gpus) {
	const byGpu = new Map(gpus.map(({ key }) => [key, /* @__PURE__ */ new Set()]));
	for (const line of text.split("\n")) {
		const [, uuid, pid, name] = /^\s*([\w-]+), (\d+), (.{1,200})/.exec(line) ?? [];
		if (uuid !== void 0) byGpu.get(`/${uuid}`)?.add(`${pid} ${name?.trim()}`);
	}
	return Object.fromEntries([...byGpu].map(([gpu, list]) => [gpu, [...list].sort()]));
}

// src/core/telemetry/process.ts
/**
* What Prometheus's client libraries tell of the process that they are part of. Of a server that works in several
* processes it is the one that answers for metrics: with vLLM, that of the API and not of the engine.
*
* Where process-exporter tells of groups of processes, its own process is none of them, and the groups add up: its
* configuration should name the server's.
*/
const FIELDS$8 = [
	{
		metrics: ["cpu.cores"],
		total: "namedprocess_namegroup_cpu_seconds_total"
	},
	{
		metrics: ["memory.resident", "memory.resident.peak"],
		gauge: {
			names: ["namedprocess_namegroup_memory_bytes"],
			where: { memtype: /^resident$/ }
		},
		over: "sum",
		valid: [0, 0x5af3107a4000]
	},
	{
		metrics: ["cpu.cores"],
		total: "process_cpu_seconds_total"
	},
	{
		metrics: ["memory.resident", "memory.resident.peak"],
		gauge: "process_resident_memory_bytes",
		over: "sum",
		valid: [0, 0x5af3107a4000]
	}
];
const NAMES$8 = namesOf(FIELDS$8);
const PROCESS_METRICS = filledBy(FIELDS$8);
const isProcessField = (name) => NAMES$8.has(name);
const readProcess = (samples) => readServer(FIELDS$8, samples);

// src/core/telemetry/ray-serve.ts
/** Ray's agent of a node collects from the processes this often. */
const renewedS$1 = 10;
const MILLISECONDS = {
	scale: .001,
	renewedS: renewedS$1
};
/**
* Ray Serve, as a node's agent exposes it. A request that passes through several deployments counts in each of them: in
* queue and running as long as it is there, in the mean of the time as one call each, which covers the deployment's own
* code and nothing before it. What serves it within Ray (vLLM) tells of itself.
*
* Source: Ray's documentation of its metrics, 2.9 to 2.50.
*/
const FIELDS$7 = [
	{
		metrics: ["queue.depth"],
		gauge: "ray_serve_deployment_queued_queries",
		over: "sum",
		renewedS: renewedS$1
	},
	{
		metrics: ["requests.running"],
		gauge: "ray_serve_replica_processing_queries",
		over: "sum",
		renewedS: renewedS$1
	},
	meanOf("request.time", ["ray_serve_http_request_latency_ms"], MILLISECONDS),
	meanOf("inference.time", ["ray_serve_deployment_processing_latency_ms"], MILLISECONDS)
];
const NAMES$7 = namesOf(FIELDS$7);
const RAY_SERVE_METRICS = filledBy(FIELDS$7);
const isRayServeField = (name) => NAMES$7.has(name);
const readRayServe = (samples) => readServer(FIELDS$7, samples);

// src/core/telemetry/sglang.ts
/**
* The ranks of one engine, which work on the same requests and may each tell of them. Ranks of data parallelism
* (`dp_rank`) have requests of their own, and add up.
*/
const repeatedBy = [
	"tp_rank",
	"pp_rank",
	"moe_ep_rank"
];
/**
* SGLang's exposition, with the labels of its older and its newer versions. Its own `cache_hit_rate` is that of the last
* batch only, and not read: the tokens are counted. A long prompt is prefilled in chunks, which are a stage of their own.
*
* Source: its metrics collector of 0.5, and a capture of 0.4.
*/
const FIELDS$6 = [
	{
		metrics: ["queue.depth"],
		gauge: "sglang:num_queue_reqs",
		over: "sum",
		repeatedBy
	},
	{
		metrics: ["requests.running"],
		gauge: "sglang:num_running_reqs",
		over: "sum",
		repeatedBy
	},
	{
		metrics: ["kv_cache.utilization"],
		gauge: "sglang:token_usage",
		over: "max",
		valid: [0, 1]
	},
	{
		metrics: ["preemptions"],
		total: "sglang:num_retracted_requests_total",
		repeatedBy
	},
	{
		metrics: ["cache.hit_ratio"],
		part: "sglang:cached_tokens_total",
		whole: "sglang:prompt_tokens_total",
		repeatedBy
	},
	meanOf("request.time", ["sglang:e2e_request_latency_seconds"], { repeatedBy }),
	meanOf("queue.time", ["sglang:queue_time_seconds"], { repeatedBy }),
	{
		metrics: ["prefill.time"],
		part: {
			names: ["sglang:per_stage_req_latency_seconds_sum"],
			where: { stage: /^(prefill_forward|chunked_prefill)$/ }
		},
		whole: {
			names: ["sglang:per_stage_req_latency_seconds_count"],
			where: { stage: /^prefill_forward$/ }
		},
		repeatedBy
	},
	meanOf("decode.time_per_token", ["sglang:inter_token_latency_seconds", "sglang:time_per_output_token_seconds"], { repeatedBy })
];
const NAMES$6 = namesOf(FIELDS$6);
const SGLANG_METRICS = filledBy(FIELDS$6);
const isSglangField = (name) => NAMES$6.has(bareName$1(name));
const readSglang = (samples) => readServer(FIELDS$6, samples.map((sample) => ({
	...sample,
	name: bareName$1(sample.name)
})));
const bareName$1 = (name) => name.replace(/^ray_sglang[:_]/, "sglang:");

// src/core/telemetry/tensorrt-llm.ts
/**
* What trtllm-serve tells at `/prometheus/metrics`; its `/metrics` answers JSON. Times need `return_perf_metrics: true`
* in its configuration, queue and cache `enable_iter_perf_stats: true`. Its gauge `kv_cache_hit_rate` is a mean since
* the start and not read: tokens are counted, and in older versions blocks of them.
*
* Source: its metrics collector.
*/
const FIELDS$5 = [
	{
		metrics: ["queue.depth"],
		gauge: "trtllm_num_requests_waiting",
		over: "sum"
	},
	{
		metrics: ["requests.running"],
		gauge: "trtllm_num_requests_running",
		over: "sum"
	},
	{
		metrics: ["kv_cache.utilization"],
		gauge: "trtllm_kv_cache_utilization",
		over: "max",
		valid: [0, 1]
	},
	{
		metrics: ["cache.hit_ratio"],
		part: "trtllm_prompt_cached_tokens_total",
		whole: "trtllm_prompt_tokens_total"
	},
	{
		metrics: ["cache.hit_ratio"],
		part: "trtllm_kv_cache_reused_blocks_total",
		whole: { names: [["trtllm_kv_cache_reused_blocks_total", "trtllm_kv_cache_missed_blocks_total"]] }
	},
	meanOf("request.time", ["trtllm_e2e_request_latency_seconds"]),
	meanOf("queue.time", ["trtllm_request_queue_time_seconds"]),
	meanOf("prefill.time", ["trtllm_request_prefill_time_seconds"]),
	meanOf("decode.time", ["trtllm_request_decode_time_seconds"]),
	meanOf("inference.time", ["trtllm_request_inference_time_seconds"]),
	meanOf("decode.time_per_token", ["trtllm_time_per_output_token_seconds"])
];
const NAMES$5 = namesOf(FIELDS$5);
const TENSORRT_LLM_METRICS = filledBy(FIELDS$5);
const isTensorrtLlmField = (name) => NAMES$5.has(name);
const readTensorrtLlm = (samples) => readServer(FIELDS$5, samples);

// src/core/telemetry/tf-serving.ts
const MICROSECONDS = { scale: 1e-6 };
/**
* TensorFlow Serving, whose names begin with a colon and whose times are in microseconds. Queue and batch are told with
* batching only. It counts requests that were answered, of all models and over both of its doors (REST and gRPC).
*
* Source: its exporter's test, and dashboards of its users.
*/
const FIELDS$4 = [
	meanOf("request.time", [":tensorflow:serving:request_latency"], MICROSECONDS),
	meanOf("queue.time", [":tensorflow:serving:batching_session:queuing_latency"], MICROSECONDS),
	meanOf("inference.time", [":tensorflow:serving:runtime_latency"], MICROSECONDS),
	meanOf("batch.size", [":tensorflow:serving:batching_session:processed_batch_size"])
];
const NAMES$4 = namesOf(FIELDS$4);
const TF_SERVING_METRICS = filledBy(FIELDS$4);
const isTfServingField = (name) => NAMES$4.has(name);
const readTfServing = (samples) => readServer(FIELDS$4, samples);

// src/core/telemetry/tgi.ts
/**
* Hugging Face's Text Generation Inference. One process serves one model, and its series have no label for it.
*
* Source: its reference of metrics, of version 3.
*/
const FIELDS$3 = [
	{
		metrics: ["queue.depth"],
		gauge: "tgi_queue_size",
		over: "sum"
	},
	{
		metrics: ["requests.running"],
		gauge: "tgi_batch_current_size",
		over: "sum"
	},
	meanOf("request.time", ["tgi_request_duration"]),
	meanOf("queue.time", ["tgi_request_queue_duration"]),
	meanOf("preprocess.time", ["tgi_request_validation_duration"]),
	meanOf("inference.time", ["tgi_request_inference_duration"]),
	meanOf("decode.time_per_token", ["tgi_request_mean_time_per_token_duration"])
];
const NAMES$3 = namesOf(FIELDS$3);
const TGI_METRICS = filledBy(FIELDS$3);
const isTgiField = (name) => NAMES$3.has(name);
const readTgi = (samples) => readServer(FIELDS$3, samples);

// src/core/telemetry/torchserve.ts
const REQUESTS = "ts_inference_requests_total";
const HANDLED = "ts_inference_latency_microseconds";
const QUEUED = "ts_queue_latency_microseconds";
/** What it asks its host for once a minute. */
const ofHost = (name) => ({
	names: [name],
	where: { Level: /^Host$/ }
});
const renewedS = 60;
const MIB = 1024 ** 2;
/**
* TorchServe, with `metrics_mode=prometheus`. Its latency counts from when a request came, so the time in its queue is a
* part of it. Its gauges of times hold the last request's, and `CPUUtilization` is that of the moment in which a fresh
* process asks for it, mostly 0 or 100: they are not read.
*
* Source: its documentation of metrics, and its system_metrics.py and RestJob.java.
*/
const FIELDS$2 = [
	{
		metrics: ["request.time"],
		part: HANDLED,
		whole: REQUESTS,
		scale: 1e-6
	},
	{
		metrics: ["queue.time"],
		part: QUEUED,
		whole: REQUESTS,
		scale: 1e-6
	},
	{
		metrics: ["inference.time"],
		part: HANDLED,
		less: QUEUED,
		whole: REQUESTS,
		scale: 1e-6
	},
	{
		metrics: ["gpu.utilization"],
		gauge: ofHost("GPUUtilization"),
		over: "mean",
		scale: .01,
		valid: [0, 1],
		renewedS
	},
	{
		metrics: ["gpu.memory.used", "gpu.memory.peak"],
		gauge: ofHost("GPUMemoryUsed"),
		over: "sum",
		scale: MIB,
		valid: [0, 0x5af3107a4000],
		renewedS
	},
	{
		metrics: ["host.memory.used"],
		gauge: ofHost("MemoryUsed"),
		over: "sum",
		scale: MIB,
		valid: [0, 0x5af3107a4000],
		renewedS
	}
];
const NAMES$2 = namesOf(FIELDS$2);
const TORCHSERVE_METRICS = filledBy(FIELDS$2);
const isTorchserveField = (name) => NAMES$2.has(name);
const readTorchserve = (samples) => readServer(FIELDS$2, samples);

// src/core/telemetry/triton.ts
const SUCCESS = "nv_inference_request_success";
/** µs of all requests together, over how many succeeded. */
const perRequest = (metric, name) => ({
	metrics: [metric],
	part: name,
	whole: SUCCESS,
	scale: 1e-6
});
const ofTensorrtLlm = (name, label, value) => ({
	names: [name],
	where: { [label]: value }
});
/**
* Triton's models and versions: amounts add up, and times are means over the requests to any of them. An ensemble is a
* model beside those that it calls, and counts with each. An answer from the response cache is a request whose model
* took no time. With the TensorRT-LLM backend requests wait in there and not in Triton's own queue.
*
* Source: Triton's documentation of metrics, a capture, and the backend's custom metrics.
*/
const FIELDS$1 = [
	{
		metrics: ["queue.depth"],
		gauge: ofTensorrtLlm("nv_trt_llm_request_metrics", "request_type", /^waiting$/),
		over: "sum"
	},
	{
		metrics: ["queue.depth"],
		gauge: "nv_inference_pending_request_count",
		over: "sum"
	},
	{
		metrics: ["requests.running"],
		gauge: ofTensorrtLlm("nv_trt_llm_request_metrics", "request_type", /^scheduled$/),
		over: "sum"
	},
	{
		metrics: ["kv_cache.utilization"],
		gauge: ofTensorrtLlm("nv_trt_llm_kv_cache_block_metrics", "kv_cache_block_type", /^fraction$/),
		over: "max",
		valid: [0, 1]
	},
	{
		metrics: ["batch.size"],
		part: "nv_inference_count",
		whole: "nv_inference_exec_count"
	},
	perRequest("request.time", "nv_inference_request_duration_us"),
	perRequest("queue.time", "nv_inference_queue_duration_us"),
	perRequest("preprocess.time", "nv_inference_compute_input_duration_us"),
	perRequest("inference.time", "nv_inference_compute_infer_duration_us"),
	perRequest("postprocess.time", "nv_inference_compute_output_duration_us"),
	{
		metrics: ["host.cpu.utilization"],
		gauge: "nv_cpu_utilization",
		over: "max",
		valid: [0, 1]
	},
	{
		metrics: ["host.memory.used"],
		gauge: "nv_cpu_memory_used_bytes",
		over: "max",
		valid: [1, 0x5af3107a4000]
	}
];
const UTILIZATION = "nv_gpu_utilization";
const POWER = "nv_gpu_power_usage";
const ENERGY_J = "nv_energy_consumption";
/**
* What it tells of GPUs is 0 where it could not be read. No GPU draws 0 W, has drawn 0 J or, with Triton on it, has empty
* memory, so these are no values, and neither is a utilization of 0 beside a power of 0. Under a host engine of DCGM's own, utilization
* comes out as a number far above 1.
*/
const GPU_FIELDS = [
	{
		names: [UTILIZATION],
		metrics: ["gpu.utilization"],
		level: "gpu",
		over: "mean",
		scale: 1,
		valid: [0, 1]
	},
	{
		names: ["nv_gpu_memory_used_bytes"],
		...MEMORY,
		scale: 1,
		valid: [0, 0x9184e72a000]
	},
	{
		names: [POWER],
		...WATTS
	}
];
const NAMES$1 = /* @__PURE__ */ new Set([
	...namesOf(FIELDS$1),
	...GPU_FIELDS.flatMap(({ names }) => names),
	ENERGY_J
]);
const TRITON_METRICS = [
	...filledBy(FIELDS$1),
	...GPU_FIELDS.flatMap(({ metrics }) => metrics),
	"gpu.energy_per_request",
	"gpu.energy_per_1k_tokens"
];
const isTritonField = (name) => NAMES$1.has(name);
function readTriton(samples) {
	const server = readServer(FIELDS$1, samples);
	const ofGpus = samples.flatMap(({ name, labels: { gpu_uuid: uuid }, value }) => uuid === void 0 ? [] : [{
		name,
		value,
		uuid,
		gpu: `/${uuid}`,
		instance: `/${uuid}`
	}]);
	const unread = new Set(ofGpus.filter(({ name, value }) => name === POWER && value === 0).map(({ gpu }) => gpu));
	const readings = gpuReadings(ofGpus.filter(({ name, value, gpu }) => value !== 0 || name === UTILIZATION && !unread.has(gpu)));
	const { gauges, gpusCounted } = gaugesOf(GPU_FIELDS, readings);
	const gpus = new Map(ofGpus.map(({ gpu, uuid }) => [gpu, {
		key: gpu,
		uuid,
		model: void 0,
		driver: void 0
	}]));
	return {
		...server,
		gauges: {
			...server.gauges,
			...gauges
		},
		gpusCounted,
		energyJ: countersOf$1(readings, [ENERGY_J]),
		gpus: [...gpus.values()].sort((a, b) => a.key < b.key ? -1 : 1)
	};
}

// src/core/telemetry/vllm.ts
/**
* vLLM's exposition, of its first and its second engine. Several engines behind one port (data parallelism) are told
* apart by the label `engine`: amounts add up, and of shares the fullest counts. Of its caches only the prefix cache in
* GPU memory is read: what an external one or the one of images knows is another thing.
*
* Source: the families that vLLM 0.26 registers, and captures of 0.6 to 0.30.
*/
const FIELDS = [
	{
		metrics: ["queue.depth"],
		gauge: "vllm:num_requests_waiting",
		over: "sum"
	},
	{
		metrics: ["requests.running"],
		gauge: "vllm:num_requests_running",
		over: "sum"
	},
	{
		metrics: ["kv_cache.utilization"],
		gauge: { names: ["vllm:kv_cache_usage_perc", "vllm:gpu_cache_usage_perc"] },
		over: "max",
		valid: [0, 1]
	},
	{
		metrics: ["preemptions"],
		total: { names: ["vllm:num_preemptions_total", "vllm:num_preemptions"] }
	},
	{
		metrics: ["cache.hit_ratio"],
		part: { names: [
			"vllm:prefix_cache_hits_total",
			"vllm:prefix_cache_hits",
			"vllm:gpu_prefix_cache_hits_total"
		] },
		whole: { names: [
			"vllm:prefix_cache_queries_total",
			"vllm:prefix_cache_queries",
			"vllm:gpu_prefix_cache_queries_total"
		] }
	},
	meanOf("request.time", ["vllm:e2e_request_latency_seconds"]),
	meanOf("queue.time", ["vllm:request_queue_time_seconds"]),
	meanOf("prefill.time", ["vllm:request_prefill_time_seconds"]),
	meanOf("decode.time", ["vllm:request_decode_time_seconds"]),
	meanOf("inference.time", ["vllm:request_inference_time_seconds"]),
	meanOf("decode.time_per_token", ["vllm:inter_token_latency_seconds", "vllm:time_per_output_token_seconds"])
];
const NAMES = namesOf(FIELDS);
const VLLM_METRICS = filledBy(FIELDS);
const isVllmField = (name) => NAMES.has(bareName(name));
const readVllm = (samples) => readServer(FIELDS, samples.map((sample) => ({
	...sample,
	name: bareName(sample.name)
})));
/** Under Ray everything has a prefix, newer ones write it without a colon, and one process per replica tells of its own. */
const bareName = (name) => name.replace(/^ray_vllm[:_]/, "vllm:");

// src/core/telemetry/kinds.ts
const KINDS$1 = {
	dcgm: {
		title: "NVIDIA's DCGM exporter",
		of: "gpus",
		expects: "names that begin with DCGM_FI_",
		example: "http://preview:9400/metrics",
		keeps: isDcgmField,
		read: readDcgm,
		fills: DCGM_METRICS
	},
	"nvidia-gpu-exporter": {
		title: "nvidia_gpu_exporter",
		of: "gpus",
		expects: "names that begin with nvidia_smi_",
		example: "http://preview:9835/metrics",
		keeps: isExporterField,
		read: readNvidiaExporter,
		failure: collectionFailure,
		fills: EXPORTER_METRICS
	},
	amd: {
		title: "AMD's device metrics exporter",
		of: "gpus",
		expects: "names such as gpu_gfx_activity and gpu_used_vram",
		example: "http://preview:5000/metrics",
		keeps: isAmdField,
		read: readAmd,
		fills: AMD_METRICS
	},
	triton: {
		title: "Triton Inference Server",
		of: "server",
		expects: "names that begin with nv_inference_, nv_gpu_ or nv_trt_llm_",
		example: "http://preview:8002/metrics",
		keeps: isTritonField,
		read: readTriton,
		fills: TRITON_METRICS
	},
	vllm: {
		title: "vLLM, also under Ray",
		of: "server",
		expects: "names that begin with vllm:, ray_vllm: or ray_vllm_",
		example: "http://preview:8000/metrics",
		keeps: isVllmField,
		read: readVllm,
		fills: VLLM_METRICS
	},
	sglang: {
		title: "SGLang, started with --enable-metrics",
		of: "server",
		expects: "names that begin with sglang:",
		example: "http://preview:30000/metrics",
		keeps: isSglangField,
		read: readSglang,
		fills: SGLANG_METRICS
	},
	"tensorrt-llm": {
		title: "trtllm-serve",
		of: "server",
		expects: "names that begin with trtllm_, at /prometheus/metrics",
		example: "http://preview:8000/prometheus/metrics",
		keeps: isTensorrtLlmField,
		read: readTensorrtLlm,
		fills: TENSORRT_LLM_METRICS
	},
	tgi: {
		title: "Text Generation Inference",
		of: "server",
		expects: "names that begin with tgi_",
		example: "http://preview:80/metrics",
		keeps: isTgiField,
		read: readTgi,
		fills: TGI_METRICS
	},
	"llama.cpp": {
		title: "llama.cpp's server, started with --metrics",
		of: "server",
		expects: "names that begin with llamacpp:",
		example: "http://preview:8080/metrics",
		keeps: isLlamacppField,
		read: readLlamacpp,
		fills: LLAMACPP_METRICS
	},
	torchserve: {
		title: "TorchServe, with metrics_mode=prometheus",
		of: "server",
		expects: "names that begin with ts_",
		example: "http://preview:8082/metrics",
		keeps: isTorchserveField,
		read: readTorchserve,
		fills: TORCHSERVE_METRICS
	},
	"tf-serving": {
		title: "TensorFlow Serving, with a monitoring configuration",
		of: "server",
		expects: "names that begin with :tensorflow:serving:",
		example: "http://preview:8501/monitoring/prometheus/metrics",
		keeps: isTfServingField,
		read: readTfServing,
		fills: TF_SERVING_METRICS
	},
	"ray-serve": {
		title: "Ray Serve, by the agent of a node",
		of: "server",
		expects: "names that begin with ray_serve_",
		example: "http://preview:8080/metrics",
		keeps: isRayServeField,
		read: readRayServe,
		fills: RAY_SERVE_METRICS
	},
	"node-exporter": {
		title: "a host, by Prometheus's node_exporter",
		of: "host",
		expects: "node_cpu_seconds_total and node_memory_MemAvailable_bytes",
		example: "http://preview:9100/metrics",
		keeps: isNodeExporterField,
		read: readNodeExporter,
		fills: NODE_EXPORTER_METRICS
	},
	process: {
		title: "the process of a server, by Prometheus's client libraries or process-exporter",
		of: "process",
		expects: "process_cpu_seconds_total and process_resident_memory_bytes",
		example: "http://preview:8080/metrics",
		keeps: isProcessField,
		read: readProcess,
		fills: PROCESS_METRICS
	}
};
const EXPOSITIONS = KINDS$1;
const EXPOSITION_KINDS = Object.keys(KINDS$1);
/** The kinds that a source may turn out to be; none where the suite says what to read, or where there is no exposition. */
const expositionsOf = (kind) => kind === "auto" || kind === "promql" ? EXPOSITION_KINDS : kind === "prometheus" || kind === "nvidia-smi" ? [] : [kind];
/** What a source of this kind can tell, where the suite does not say it. */
const metricsOf = (kind) => kind === "nvidia-smi" ? NVIDIA_SMI_METRICS : [...new Set(expositionsOf(kind).flatMap((each) => EXPOSITIONS[each].fills))];
/**
* The kinds whose series an exposition holds, by the names of its series, in the order of the table. Beside the numbers
* of an exporter, those of a process are the exporter's own, and no kind.
*/
function detectKinds(names) {
	const present = /* @__PURE__ */ new Set();
	for (const name of names) {
		const kind = kindOf(name);
		if (kind !== void 0) present.add(kind);
	}
	const found = EXPOSITION_KINDS.filter((kind) => present.has(kind));
	const isExporter = found.some((kind) => ["gpus", "host"].includes(EXPOSITIONS[kind].of)) && !found.some((kind) => EXPOSITIONS[kind].of === "server");
	return found.filter((kind) => !isExporter || EXPOSITIONS[kind].of !== "process");
}
/** Is this a series that one of the kinds reads? */
const keptBy = (kinds) => (name) => {
	const kind = kindOf(name);
	return kind !== void 0 && kinds.includes(kind);
};
/** The kind that reads this series. Each name is looked at once: expositions come back every second. */
function kindOf(name) {
	const before = kindsByName.get(name);
	if (before !== void 0 || kindsByName.has(name)) return before;
	if (kindsByName.size >= MOST_NAMES) kindsByName.clear();
	const kind = EXPOSITION_KINDS.find((each) => EXPOSITIONS[each].keeps(name));
	kindsByName.set(name, kind);
	return kind;
}
const kindsByName = /* @__PURE__ */ new Map();
/** More names than any exposition has, and what an endpoint that makes up new ones may cost. */
const MOST_NAMES = 1e4;
/** What samples of several kinds tell together. Where two of them give one metric, the first in the table counts. */
function fusedScrapes(kinds, samples) {
	const byKind = Map.groupBy(samples, ({ name }) => kindOf(name));
	const [only, ...more] = kinds;
	const [first = EMPTY, ...others] = (more.length === 0 && only !== void 0 ? [only] : detectKinds(new Set(samples.map(({ name }) => name))).filter((kind) => kinds.includes(kind))).map((kind) => EXPOSITIONS[kind].read(byKind.get(kind) ?? []));
	return others.reduce((fused, scrape) => {
		const isNew = fused.gpus.length === 0;
		const renewedS = Object.fromEntries(Object.entries(scrape.renewedS ?? {}).filter(([metric]) => fused.gauges[metric] === void 0));
		return {
			...isNew ? {
				...fused,
				...scrape
			} : fused,
			gauges: {
				...scrape.gauges,
				...fused.gauges
			},
			gpusCounted: {
				...scrape.gpusCounted,
				...fused.gpusCounted
			},
			...both("quotients", scrape, fused),
			...both("totals", scrape, fused),
			...scrape.renewedS === void 0 ? {} : { renewedS: {
				...renewedS,
				...fused.renewedS
			} },
			energyJ: Object.keys(fused.energyJ).length > 0 ? fused.energyJ : scrape.energyJ
		};
	}, first);
}
function both(key, later, earlier) {
	return later[key] === void 0 && earlier[key] === void 0 ? {} : { [key]: {
		...later[key],
		...earlier[key]
	} };
}
const EMPTY = {
	gauges: {},
	gpusCounted: {},
	energyJ: {},
	gpus: [],
	lastXid: {},
	throttleBits: {},
	thermalViolationNs: {}
};

// src/core/telemetry/promql.ts
/** What a suite's series are chosen by: `{job="preview"}`. */
const braced = (labels = {}) => `{${matchers(labels)}}`;
/** Which series of a Prometheus server tell about the endpoint of a source. */
const selectionOf = (at) => braced(labelsOf(at));
const labelsOf = ({ source: { labels, baselineLabels }, arm }) => arm === "base" ? baselineLabels ?? labels : labels;
const matchers = (labels) => Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`).join(",");
/**
* The samples of series as Prometheus has them, with the times at which it scraped them: an instant query whose value is a
* range. `query_range` gives values at times that we choose, each as old as the scrape before it.
*
* @param names exact names of series, at least one.
*/
function samplesQuery(at, names, rangeMs) {
	const anyOf = names.map((name) => name.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)).join("|");
	const own = matchers(labelsOf(at) ?? {});
	return `{__name__=~${JSON.stringify(anyOf)}${own === "" ? "" : `,${own}`}}[${Math.max(1, Math.ceil(rangeMs))}ms]`;
}
/** The suite's expressions for one endpoint, by metric. */
const expressionsOf = (at) => Object.entries(at.source.queries ?? {}).map(([metric, written]) => [metric, written.replaceAll("$labels", () => matchers(labelsOf(at) ?? {}))]);
/** An instant or range query's answer as series. */
const readSeries = (status, text) => reading(status, text, (data) => {
	const { resultType, result } = mapping(data);
	if (resultType !== "matrix" && resultType !== "vector" || !Array.isArray(result)) return void 0;
	return result.map((entry) => {
		const { metric, values, value } = mapping(entry);
		const points = Array.isArray(values) ? values : value === void 0 ? [] : [value];
		return {
			labels: mapping(metric),
			points: points.flatMap(readPoint)
		};
	});
});
/** The answer to `time()`, ms since 1970. */
const readTime = (status, text) => reading(status, text, (data) => {
	const { resultType, result } = mapping(data);
	return resultType === "scalar" ? readPoint(result)[0]?.atMs : void 0;
});
/** A list of a label's values. */
const readNames = (status, text) => reading(status, text, (data) => Array.isArray(data) ? data.filter((each) => typeof each === "string") : void 0);
/**
* Prometheus's own reason, where it gives one. An answer with warnings is refused: they say that a part of the data was out
* of reach, and a sum over the rest would be another quantity.
*/
function reading(status, text, read) {
	const useless = (why) => ({
		kind: "useless",
		why
	});
	const { status: word, data, error, warnings } = mapping(parsed(text));
	if (word === "error" || status !== 200) return useless(`HTTP status ${status}${typeof error === "string" ? `: ${error.slice(0, 200)}` : ""}`);
	if (Array.isArray(warnings) && warnings.length > 0) return useless(`Prometheus warns: ${String(warnings[0]).slice(0, 200)}`);
	const value = word === "success" ? read(data) : void 0;
	return value === void 0 ? useless("the answer is none of Prometheus's API") : {
		kind: "answer",
		value
	};
}
function readPoint(point) {
	if (!Array.isArray(point)) return [];
	const [at, value] = point;
	if (typeof at !== "number" || typeof value !== "string") return [];
	return [{
		atMs: Math.round(at * 1e3),
		value: numberOf(value)
	}];
}
const numberOf = (text) => text === "+Inf" ? Number.POSITIVE_INFINITY : text === "-Inf" ? Number.NEGATIVE_INFINITY : Number(text);
/** The series of an answer as the samples of scrapes: those of one target and one moment belong together. */
function scrapesOf(series) {
	const targets = /* @__PURE__ */ new Map();
	for (const { labels: all, points } of series) {
		const { __name__: name = "", job = "", ...labels } = all;
		const target = JSON.stringify([job, labels["instance"] ?? ""]);
		const scrapes = targets.get(target) ?? /* @__PURE__ */ new Map();
		targets.set(target, scrapes);
		for (const { atMs, value } of points) {
			const samples = scrapes.get(atMs) ?? [];
			scrapes.set(atMs, samples);
			samples.push({
				name,
				labels,
				value,
				timestampMs: void 0
			});
		}
	}
	return targets;
}
const mapping = (value) => typeof value === "object" && value !== null ? value : {};
function parsed(text) {
	try {
		return JSON.parse(text);
	} catch {
		return;
	}
}

// src/core/telemetry/selector.ts
/** Is this series named by any selector? Names match exactly: `num_requests_waiting` is a prefix of another series. */
function selectsSeries(metrics) {
	const names = new Set(Object.values(metrics).flatMap(({ series, whole }) => [series, ...whole === void 0 ? [] : [whole.series]]));
	return (name) => names.has(name);
}
/**
* Reads our metrics out of any exposition. A metric is absent when no series matches, or when one that matches is NaN
* or infinite: a sum over the rest would be a different quantity.
*
* `gpu.energy_per_request` selects counters of energy (`scale` brings them to joules); the division by requests comes
* later, when the counters are cut to blocks. So do the division of counters by one another and by time; a part that was
* never counted has no series yet, and is none.
*/
function readSelected(samples, metrics) {
	const gauges = {};
	const energyJ = {};
	const quotients = {};
	const totals = {};
	for (const [metric, selector] of Object.entries(metrics)) {
		if (!isMetricName(metric)) continue;
		const matching = samples.filter((sample) => matches(sample, selector));
		if (selector.whole !== void 0) {
			const { whole } = selector;
			const all = samples.filter((sample) => matches(sample, whole));
			if (all.length > 0 && [...matching, ...all].every(({ value }) => Number.isFinite(value))) quotients[metric] = {
				part: bySeries(matching, selector.scale),
				whole: bySeries(all)
			};
			continue;
		}
		if (matching.length === 0 || !matching.every((sample) => Number.isFinite(sample.value))) continue;
		if (metric === "gpu.energy_per_request") {
			Object.assign(energyJ, bySeries(matching, selector.scale));
			continue;
		}
		if (selector.rate === true) {
			totals[metric] = bySeries(matching, selector.scale);
			continue;
		}
		gauges[metric] = aggregate(matching, selector.aggregate) * selector.scale;
	}
	return {
		gauges,
		gpusCounted: {},
		energyJ,
		...Object.keys(quotients).length === 0 ? {} : { quotients },
		...Object.keys(totals).length === 0 ? {} : { totals },
		gpus: [],
		lastXid: {},
		throttleBits: {},
		thermalViolationNs: {}
	};
}
const bySeries = (samples, scale = 1) => Object.fromEntries(samples.map((sample) => [seriesKey(sample), sample.value * scale]));
const matches = (sample, selector) => sample.name === selector.series && Object.entries(selector.labels).every(([label, value]) => sample.labels[label] === value);
function aggregate(samples, how) {
	if (how === "max") return samples.reduce((highest, { value }) => Math.max(highest, value), Number.NEGATIVE_INFINITY);
	const sum = samples.reduce((total, { value }) => total + value, 0);
	return how === "sum" ? sum : sum / samples.length;
}

// src/core/telemetry/scrape.ts
/** Reads the exposition that a source answered with. Never throws. */
function readScrape(source, text) {
	const { samples, broken } = parseExposition(text, seriesOf(source), memoryOf(source));
	if (samples.length > 0) return readSamples(source, samples);
	const useless = (why) => ({
		kind: "useless",
		why
	});
	if (broken.first !== void 0 && /^[[{]/.test(broken.first.text)) return useless(`the answer is JSON and not a Prometheus exposition${kindsOf(source).includes("tensorrt-llm") ? TRTLLM_SERVE : ""}`);
	if (broken.first !== void 0) return useless(`the answer is not a Prometheus exposition: line ${broken.first.line} reads "${broken.first.text}"`);
	return useless(`the answer holds none of the expected series (${expectedSeries(source)})`);
}
const TRTLLM_SERVE = "; trtllm-serve has one at /prometheus/metrics";
/** Which names of series a source is asked for, by what the suite says or else by the kinds that it may be. */
function seriesOf(source) {
	const known = wanted.get(source);
	if (known !== void 0) return known;
	const kinds = kindsOf(source);
	const isWanted = kinds.length === 0 ? selectsSeries(source.metrics) : keptBy(kinds);
	wanted.set(source, isWanted);
	return isWanted;
}
const wanted = /* @__PURE__ */ new WeakMap();
function memoryOf(source) {
	const known = memories.get(source) ?? expositionMemory();
	memories.set(source, known);
	return known;
}
const memories = /* @__PURE__ */ new WeakMap();
/** Reads samples of {@link seriesOf the series} of one moment, wherever they come from. Never throws. */
function readSamples(source, samples) {
	if (source.queries !== void 0) return readExpressions(samples);
	const kinds = kindsOf(source);
	const failure = kinds.flatMap((kind) => EXPOSITIONS[kind].failure?.(samples) ?? []);
	if (failure[0] !== void 0) return {
		kind: "useless",
		why: failure[0]
	};
	const scrape = kinds.length === 0 ? readSelected(samples, source.metrics) : fusedScrapes(kinds, samples);
	if ([
		scrape.gauges,
		scrape.energyJ,
		scrape.quotients ?? {},
		scrape.totals ?? {}
	].some((found) => Object.keys(found).length > 0)) return {
		kind: "scrape",
		scrape
	};
	return {
		kind: "useless",
		why: "the expected series are there and hold no usable value"
	};
}
/** Samples that are named by the metric that they are a value of. What is not finite is no value. */
function readExpressions(samples) {
	const told = samples.filter(({ name, value }) => isMetricName(name) && Number.isFinite(value));
	if (told.length === 0) return {
		kind: "useless",
		why: "the queries give no usable value"
	};
	return {
		kind: "scrape",
		scrape: {
			gauges: Object.fromEntries(told.map(({ name, value }) => [name, value])),
			gpusCounted: {},
			energyJ: {},
			gpus: [],
			lastXid: {},
			throttleBits: {},
			thermalViolationNs: {}
		}
	};
}
const kindsOf = ({ kind, metrics }) => kind === "promql" && Object.keys(metrics).length > 0 ? [] : expositionsOf(kind);
/** The URL of the GPUs of this machine that nvidia-smi shows: all, or those of a list as its option -i takes it. */
const localGpus = (gpus) => `nvidia-smi:${gpus === "all" ? "" : gpus}`;
/** The list of GPUs in such a URL, empty for all; undefined where it is another. */
const gpusOfUrl = (url) => url.startsWith("nvidia-smi:") ? url.slice(11) : void 0;
/** A telemetry URL as it may be shown: no user, password or query. */
function shownUrl(url) {
	const gpus = gpusOfUrl(url);
	if (gpus !== void 0) return gpus === "" ? "this machine" : `GPU ${gpus} of this machine`;
	if (!URL.canParse(url)) return "(not a URL)";
	const { origin, pathname } = new URL(url);
	return `${origin}${pathname}`;
}
/** A source in a sentence: `dcgm http://preview:9400/metrics`, `nvidia-smi (GPU 0,1)`, `promql http://prometheus:9090/ {job="preview"}`. */
function shownSource(at) {
	const { source: { kind }, url } = at;
	const gpus = gpusOfUrl(url);
	if (kind === "promql") return `${kind} ${shownUrl(url)} ${selectionOf(at)}`;
	if (gpus === void 0) return `${kind} ${shownUrl(url)}`;
	return gpus === "" ? kind : `${kind} (GPU ${gpus})`;
}
function expectedSeries(source) {
	const kinds = kindsOf(source);
	if (kinds.length > 1) return `of the kinds ${kinds.join(", ")}`;
	if (kinds[0] !== void 0) return EXPOSITIONS[kinds[0]].expects;
	return [...new Set(Object.values(source.metrics).flatMap(({ series, whole }) => [series, ...whole === void 0 ? [] : [whole.series]]))].join(", ");
}

// src/core/suite/placeholders.ts
/**
* A place in a step of a session that is filled when the step is sent: `{{capture.NAME}}`, what an earlier answer held, or
* `{{session.id}}`, which no other session has. References are named as they are written: `capture.NAME`.
*/
const PLACEHOLDER = /\{\{\s*(capture\.[A-Za-z_][\w-]*|session\.id)\s*\}\}/g;
/** What begins like a placeholder, whether or not it is one. */
const LIKE_PLACEHOLDER = /\{\{\s*(?:capture|session)\b[^}]{0,60}\}{0,2}/g;
const SESSION_ID = "session.id";
const captureReference = (name) => `capture.${name}`;
const CAPTURE_NAME = /^[A-Za-z_][\w-]{0,63}$/;
function splitPlaceholders(text) {
	const parts = [];
	let at = 0;
	for (const found of text.matchAll(PLACEHOLDER)) {
		if (found.index > at) parts.push({ text: text.slice(at, found.index) });
		parts.push({ reference: found[1] });
		at = found.index + found[0].length;
	}
	if (at < text.length) parts.push({ text: text.slice(at) });
	return parts;
}
/** References in a text, each once. */
const referencesIn = (text) => [...new Set([...text.matchAll(PLACEHOLDER)].map(([, name]) => name))];
/** What looks like a placeholder and is none: a slip of the pen that would be sent as text. */
const brokenPlaceholdersIn = (text) => [...text.matchAll(LIKE_PLACEHOLDER)].map(([written]) => written).filter((written) => referencesIn(written).length === 0);

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

// src/core/suite/correlation.ts
/** Milliseconds in each unit in which a header may tell a duration. */
const PHASE_UNITS = {
	s: 1e3,
	ms: 1,
	us: .001
};

// src/core/plan/base64.ts
/** Standard base64 with padding (RFC 4648, section 4). */
const base64 = (bytes) => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("base64");

// src/core/plan/joined.ts
/** One array of the bytes of all parts. */
function joined$1(parts) {
	const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
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
/** One of a million evenly spaced values in [low, high), written with six decimals if that stays inside. */
function shortFloat(next, low, high) {
	const exact = low + (high - low) * (Math.floor(uniform(next) * 1e6) / 1e6);
	const short = Math.round(exact * 1e6) / 1e6;
	if (short >= low && short < high) return short;
	return exact < high ? exact : low;
}
const rotateLeft = (word, by) => word << by | word >>> 32 - by;
const bits53 = (next) => (next() >>> 5) * 2 ** 26 + (next() >>> 6);

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
		dispatch: (wire, handler, last, traceparent) => {
			const traced = traceparent === void 0 ? wire : {
				...wire,
				headers: [
					...wire.headers,
					"traceparent",
					traceparent
				]
			};
			client.dispatch(last ? {
				...traced,
				reset: true
			} : traced, handler);
		},
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
* One small GET beside the load, of telemetry for instance. Any HTTP status is an answer. `user:password@` in the URL
* becomes basic authorization.
*
* @throws the client's own error on a network failure, a deadline, or a body longer than `maxBytes` (16 MiB).
*/
async function getText(url, options) {
	const { signal } = options;
	signal?.throwIfAborted();
	const maxBytes = options.maxBytes ?? LONGEST_ANSWER;
	const { origin, pathname, search } = new URL(url);
	const headers = {
		...basicAuthorization(url),
		...options.headers
	};
	return new Promise((resolve, reject) => {
		let [status, received, size] = [
			0,
			{},
			0
		];
		const decoder = new StringDecoder("utf8");
		let body = "";
		let over;
		let stop = reject;
		const give = (reason) => {
			over = reason;
			stop(reason);
		};
		const abort = () => give(signal?.reason);
		const deadline = setTimeout(() => give(new DOMException("no answer in time", "TimeoutError")), options.timeoutS * 1e3).unref();
		signal?.addEventListener("abort", abort, { once: true });
		const done = (end) => {
			clearTimeout(deadline);
			signal?.removeEventListener("abort", abort);
			end();
		};
		agent.dispatch({
			origin,
			path: pathname + search,
			method: "GET",
			headers
		}, {
			onRequestStart: (controller) => {
				stop = (reason) => controller.abort(reason);
				if (over !== void 0) stop(over);
			},
			onResponseStart: (_, statusCode, raw) => {
				status = statusCode;
				received = flatHeaders(raw);
			},
			onResponseData: (controller, chunk) => {
				size += chunk.length;
				if (size > maxBytes) controller.abort(tooLong$1(url, maxBytes));
				else body += decoder.write(chunk);
			},
			onResponseEnd: () => done(() => resolve({
				status,
				headers: received,
				body: body + decoder.end()
			})),
			onResponseError: (_, error) => done(() => reject(error))
		});
	});
}
/** The header that `user:password@` in a URL becomes; none without. */
function basicAuthorization(url) {
	if (!url.includes("@")) return {};
	const { username, password } = new URL(url);
	if (username === "") return {};
	return { authorization: `Basic ${Buffer.from(`${decodeURIComponent(username)}:${decodeURIComponent(password)}`).toString("base64")}` };
}
const withDeadline = (timeoutS, signal) => {
	const deadline = AbortSignal.timeout(Math.ceil(timeoutS * 1e3));
	return signal === void 0 ? deadline : AbortSignal.any([signal, deadline]);
};
/** Names the URL as it may be shown: without user, password and query. */
function tooLong$1(url, maxBytes) {
	const { origin, pathname } = new URL(url);
	return /* @__PURE__ */ new Error(`the answer of ${origin}${pathname} is longer than ${maxBytes} bytes`);
}
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
	const thinkS = load.thinkS.filter(mine);
	return {
		...segment,
		picks: everyTurn(segment.picks, stripe),
		load: {
			...load,
			steps,
			thinkS: thinkS.length > 0 ? thinkS : load.thinkS
		}
	};
}
/** The i-th pick of a stripe is that of {@link indexInSegment}, also where the whole list has been gone through and begins again. */
function everyTurn(picks, stripe) {
	const length = picks.length / commonDivisor(picks.length, stripe.of);
	return Uint32Array.from({ length }, (_, i) => picks[indexInSegment(i, stripe) % picks.length]);
}
const commonDivisor = (a, b) => b === 0 ? Math.max(1, a) : commonDivisor(b, a % b);
/** The position in the whole segment of a stripe's i-th request. */
const indexInSegment = (index, stripe) => stripe.index + index * stripe.of;

// src/core/protocol/traceparent.ts
/**
* Computes ids instead of keeping one per request: the run's id, then segment and index through a permutation of the
* 64-bit numbers that depends on the run. Ids of one run therefore never repeat, and those of different runs no sooner than
* 64 random bits do. The half that varies looks random, because samplers decide by it.
*
* Neither id is ever all zero.
*
* Source: W3C Trace Context, level 1 (2021), §3.2: version 00, trace-id, parent-id, trace-flags.
*
* @param stripe where `index` counts the requests of one of several senders.
*/
function openTraceIds({ run, segment, sampled }, stripe = WHOLE) {
	const next = stream(0, "traceparent", run);
	const keys = () => [
		next(),
		next(),
		next(),
		next()
	];
	const [traceKeys, parentKeys] = [keys(), keys()];
	const flags = sampled ? "-01" : "-00";
	const traceId = (index) => run + permuted(traceKeys, segment, index);
	return {
		traceId: (index) => traceId(indexInSegment(index, stripe)),
		traceparent: (index, attempt) => {
			const position = indexInSegment(index, stripe);
			return `00-${traceId(position)}-${permuted(parentKeys, segment << 7 | attempt, position)}${flags}`;
		}
	};
}
const WHOLE = {
	index: 0,
	of: 1
};
/** A Feistel network is a permutation whatever its rounds do: no two inputs have one output. 16 hexadecimal digits, not all zero. */
function permuted(keys, left, right) {
	let [a, b] = [left | 0, right | 0];
	for (let round = 0; round < 4; round++) [a, b] = [b, a ^ mixed(b ^ keys[round])];
	return a === 0 && b === 0 ? permuted(keys, -1, -1) : hex(a) + hex(b);
}
/** The finalizer of MurmurHash3, a bijection of 32-bit words in which every bit of the input moves half of the output. */
function mixed(word) {
	let hash = Math.imul(word ^ word >>> 16, 2246822507);
	hash = Math.imul(hash ^ hash >>> 13, 3266489909);
	return hash ^ hash >>> 16;
}
const PAIRS = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex = (word) => PAIRS[word >>> 24] + PAIRS[word >>> 16 & 255] + PAIRS[word >>> 8 & 255] + PAIRS[word & 255];

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
const LEAD_NS$1 = 20000000n;
const RECONNECT_PAUSE_MS = 10;
const LONGEST_MS$3 = 2 ** 31 - 1;
/**
* Releases every arrival at its time, whatever the endpoint does. Resolves when `durationNs` is over: what is observed
* during the segment, and the load on whatever comes next, must not depend on when its last arrival happened to be. A
* run that is over releases nothing more and ends at once.
*/
async function openLoop(run, pacer, arrivalsNs, durationNs, startAtNs) {
	const start = () => {
		run.begin(startAtNs ?? process.hrtime.bigint() + LEAD_NS$1);
		return run.startedNs();
	};
	const release = (due) => {
		for (let i = run.begun(); i < due && !run.over.aborted; i++) run.send(arrivalsNs[i]);
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
	for (let restNs = atNs - run.now(); restNs > 0 && !run.over.aborted; restNs = atNs - run.now()) await setTimeout$1(Math.min(Math.ceil(restNs / 1e6), LONGEST_MS$3), void 0, { signal: run.over }).catch(() => {});
}

// src/core/plan/nonce.ts
/** Letters, and so bytes, of a nonce: small ones only, which no encoding of a text changes. */
const NONCE_LENGTH = 16;
/** Stands in a prepared body where a nonce is written when it is sent. */
const NONCE_PLACEHOLDER = "noncetobewritten";
/**
* Writes the nonces of one lane, in 16 letters from a to p. The first eight are the counter, mixed so that neighbours
* begin with different letters, and the last eight name the lane.
*
* Within a lane the first 2³² nonces differ from one another. Those of two lanes are equal with a probability of 2⁻⁶⁴
* each: less than one in a hundred million for a million nonces in all.
*
* @param lane who sends, and what for: any other list is another lane.
* @returns writes the nonce of `counter`, an integer ≥ 0, at `at`.
*/
function nonceWriter(lane) {
	const digest = createHash("sha256").update(JSON.stringify(lane)).digest();
	const [start, name] = [digest.readUInt32LE(0), digest.readUInt32LE(4)];
	return (counter, into, at) => {
		writeLetters(mix(start + counter), into, at);
		writeLetters(name, into, at + NONCE_LENGTH / 2);
	};
}
/**
* Finds the place that a body has for a nonce.
*
* @throws {InputError} where it has none (the protocol does not send the text as it is), or the text itself holds the
*   placeholder.
*/
function nonceSlot(body, per, payload) {
	const bytes = Buffer.from(body?.buffer ?? /* @__PURE__ */ new ArrayBuffer(0), body?.byteOffset, body?.byteLength ?? 0);
	const at = bytes.indexOf(NONCE_PLACEHOLDER, 0, "latin1");
	if (at >= 0 && bytes.indexOf("noncetobewritten", at + 1, "latin1") < 0) return {
		at,
		per
	};
	throw new InputError(`the requests of payload "${payload}" have no one place where their prompt could begin differently`, { hint: "leave unique out" });
}
function writeLetters(word, into, at) {
	for (let i = 0; i < NONCE_LENGTH / 2; i++) into[at + i] = 97 + (word >>> 28 - 4 * i & 15);
}
/** A permutation of the 32-bit words in which each bit of the input moves about half of the output: MurmurHash3's finalizer (Appleby, public domain). */
function mix(word) {
	let mixed = word >>> 0;
	mixed = Math.imul(mixed ^ mixed >>> 16, 2246822507);
	mixed = Math.imul(mixed ^ mixed >>> 13, 3266489909);
	return (mixed ^ mixed >>> 16) >>> 0;
}

// src/io/load/nonces.ts
/**
* Nonces of one sender, for all of its segments. A body is copied for each time that it is sent, because the last one
* may still be on its way to the socket: about 2 µs for 4 KiB, 20 µs for 64 KiB.
*
* @returns the nonces of a segment, by its {@link Segment.nonceScope}.
*/
function openNonces(keys) {
	let sent = 0;
	return (scope) => {
		const ofRequest = nonceWriter([
			keys.run,
			scope,
			"request",
			keys.sender
		]);
		const ofPass = nonceWriter([
			keys.run,
			scope,
			"pass"
		]);
		return ({ nonce }, wire) => {
			if (nonce === void 0 || wire.body === null) return wire;
			const body = Buffer.allocUnsafe(wire.body.byteLength);
			wire.body.copy(body);
			if (nonce.per === "request") ofRequest(sent++, body, nonce.at);
			else ofPass(0, body, nonce.at);
			return {
				...wire,
				body
			};
		};
	};
}

// src/io/load/optimizer.ts
/** After these, what sends a request is compiled for good. */
const RUN_IN_REQUESTS = 5e3;
/** @param set takes one V8 flag; it holds for the process, all of its threads. */
function openOptimizer(set) {
	let answered = 0;
	let resting = 0;
	return {
		answered(requests) {
			answered += requests;
		},
		rest() {
			if (answered < 5e3) return () => {};
			if (resting++ === 0) set("--no-turbofan");
			return () => {
				if (--resting === 0) set("--turbofan");
			};
		}
	};
}
/** What somebody has switched off is not switched on again. Several sending threads are for rates at which optimizing pays. */
const isOurs = isMainThread && ![...process.execArgv, process.env["NODE_OPTIONS"] ?? ""].some((flags) => /--(?:jitless|no-?opt|no-?turbofan|lite)/.test(flags));
/** That of this process. */
const OPTIMIZER = openOptimizer(isOurs ? setFlagsFromString : () => {});

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
			const near = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
			const stop = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
			wake = () => {
				Atomics.store(stop, 0, 1);
				Atomics.notify(stop, 0);
				Atomics.notify(near, 0);
			};
			signal.addEventListener("abort", wake);
			try {
				const startNs = startTime();
				worker.postMessage({
					startNs,
					arrivalsNs: shared,
					leadNs: leadOf(arrivalsNs),
					near,
					stop
				});
				for (let released = 0; released < arrivalsNs.length && !signal.aborted;) {
					const due = dueBy(Number(process.hrtime.bigint() - startNs), arrivalsNs, released);
					if (due > released) release(due);
					else {
						const announced = Atomics.load(near, 0);
						if (announced > released) await setImmediate();
						else await Atomics.waitAsync(near, 0, announced).value;
					}
					released = due;
					if (failure !== void 0) throw failure;
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
/**
* A sleeping thread wakes 50 to 150 µs late, and two have to: the pacer, and the sender whose caches are cold by then. So
* the sender is woken before the time, and looks after its sockets and at the clock until it has come: for at most a
* twentieth of the mean time between two arrivals, so that no more than this share of a core is taken from the endpoint.
*/
const LEAD_NS = 5e5;
const LEAD_SHARE = .05;
const leadOf = (arrivalsNs) => Math.min(LEAD_NS, LEAD_SHARE * (arrivalsNs.at(-1) ?? 0) / Math.max(1, arrivalsNs.length));
/** How many arrivals are due, of which the first `from` are known to be. */
function dueBy(nowNs, arrivalsNs, from) {
	let due = from;
	while (due < arrivalsNs.length && arrivalsNs[due] <= nowNs) due++;
	return due;
}

// src/core/protocol/server-timing.ts
/**
* Reads a `Server-Timing` header as browsers do: what is no metric is passed over, of a parameter that is there twice the
* first one counts, quoted strings may hold anything, and a number ends where it stops being one. Never throws, in time
* that grows with the length of the text alone.
*
* @param text values of several headers are joined by commas.
*
* Source: W3C Server Timing, §2 (grammar) and §4.1 (parsing); a number as in HTML, "rules for parsing floating-point
*   number values".
*/
function readServerTiming(text) {
	const metrics = [];
	let at = 0;
	const skipBlanks = () => {
		while (at < text.length && isBlank(text.charCodeAt(at))) at++;
	};
	const token = () => {
		const from = at;
		while (at < text.length && isTokenChar(text.charCodeAt(at))) at++;
		return text.slice(from, at);
	};
	/** To what ends a parameter or a metric; what stands between is no part of either. */
	const skipTo = (ends) => {
		while (at < text.length && !ends.includes(text[at])) if (text[at] === "\"") quoted();
		else at++;
	};
	function quoted() {
		let value = "";
		for (at++; at < text.length && text[at] !== "\""; at++) {
			if (text[at] === "\\") at++;
			value += text[at] ?? "";
		}
		at++;
		return value;
	}
	function parameter() {
		at++;
		skipBlanks();
		const name = token().toLowerCase();
		skipBlanks();
		let value = "";
		if (text[at] === "=") {
			at++;
			skipBlanks();
			value = text[at] === "\"" ? quoted() : token();
		}
		skipTo(";,");
		return name === "" ? void 0 : {
			name,
			value
		};
	}
	while (at < text.length) {
		skipBlanks();
		const name = token();
		let duration;
		skipTo(";,");
		while (text[at] === ";") {
			const read = parameter();
			if (read?.name === "dur") duration ??= read.value;
		}
		at++;
		if (name !== "") metrics.push({
			name,
			durationMs: duration === void 0 ? void 0 : numberIn(duration)
		});
	}
	return metrics;
}
/** The number that a text begins with; undefined where it begins with none, or with one that is not finite. */
function numberIn(text) {
	const value = Number(/^[\t\n\f\r ]*([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)/.exec(text)?.[1] ?? NaN);
	return Number.isFinite(value) ? value : void 0;
}
const isBlank = (code) => code === 32 || code === 9;
/** RFC 9110 §5.6.2. */
const TOKEN_CHARS = Array.from({ length: 128 }, (_, code) => /[!#$%&'*+.^_`|~0-9A-Za-z-]/.test(String.fromCharCode(code)));
const isTokenChar = (code) => TOKEN_CHARS[code] === true;

// src/core/protocol/server-phases.ts
/** Usual names, the one that counts first: of several in one answer the others are parts of it, or the same under another name. */
const USUAL_NAMES = {
	preprocess: [
		"preprocess",
		"preprocessing",
		"pre-process",
		"pre",
		"tokenize",
		"tokenization"
	],
	queue: [
		"queue",
		"queueing",
		"queuing",
		"queued",
		"wait",
		"waiting"
	],
	infer: [
		"infer",
		"inference",
		"model",
		"predict",
		"forward",
		"compute"
	],
	postprocess: [
		"postprocess",
		"postprocessing",
		"post-process",
		"post",
		"detokenize",
		"detokenization"
	]
};
/** A longer time is none that a request of ours took: a broken clock, or another unit. */
const LONGEST_MS$2 = 36e5;
/**
* The reader for a target. Durations are taken from `Server-Timing` by name, case apart: of the usual names the first
* that has one counts, of names that the suite gives their sum. What it does not tell is looked for in the headers that the
* suite names. A duration that is negative, not a number or longer than an hour is none.
*/
function openPhaseReader({ serverTiming, headers } = {
	serverTiming: {},
	headers: []
}) {
	const meanings = meaningsOf(serverTiming);
	return (received) => {
		const { "server-timing": timing } = received;
		if (timing === void 0 && headers.length === 0) return void 0;
		const phases = {};
		if (timing !== void 0) readTiming(timing, meanings, phases);
		for (const { phase, name, unit } of headers) {
			const { [name]: text } = received;
			if (text === void 0 || phases[phase] !== void 0) continue;
			const ns = nanoseconds((numberIn(text) ?? NaN) * PHASE_UNITS[unit]);
			if (ns !== void 0) phases[phase] = ns;
		}
		for (const _ in phases) return phases;
	};
}
/** What the trailers of an answer tell, and its headers tell not. */
const joinPhases = (headers, trailers) => headers === void 0 || trailers === void 0 ? headers ?? trailers : {
	...trailers,
	...headers
};
function meaningsOf(given) {
	const usual = PHASES.filter((phase) => given[phase] === void 0).flatMap((phase) => USUAL_NAMES[phase].map((name, rank) => [name, {
		phase,
		rank
	}]));
	const own = PHASES.flatMap((phase) => (given[phase] ?? []).map((name) => [name.toLowerCase(), {
		phase,
		rank: 0
	}]));
	return new Map([...usual, ...own]);
}
function readTiming(text, meanings, phases) {
	const ranks = {};
	for (const { name, durationMs } of readServerTiming(text)) {
		const meaning = meanings.get(name.toLowerCase());
		const ns = durationMs === void 0 ? void 0 : nanoseconds(durationMs);
		if (meaning === void 0 || ns === void 0) continue;
		const { phase, rank } = meaning;
		const before = ranks[phase] ?? Number.POSITIVE_INFINITY;
		if (rank > before) continue;
		phases[phase] = rank === before ? phases[phase] + ns : ns;
		ranks[phase] = rank;
	}
}
const nanoseconds = (ms) => ms >= 0 && ms <= LONGEST_MS$2 ? ms * 1e6 : void 0;

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
		session = connect$3(origin, {
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
		send(wire, handler, traceparent) {
			handler.onRequestStart();
			let stream;
			try {
				if (session === void 0) throw failure(CLOSED, "the connection is not open");
				const headers = headersOf$1(wire, origin);
				stream = session.request(traceparent === void 0 ? headers : {
					...headers,
					traceparent
				}, { endStream: wire.body === null });
			} catch (error) {
				handler.onResponseError(void 0, error);
				return () => {};
			}
			let isOver = false;
			let [status, received] = [0, 0];
			let length;
			let trailers;
			let hasEnded = false;
			let expectsTrailers = wire.headers.includes("trailers");
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
				expectsTrailers ||= headers.trailer !== void 0;
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
/** Made once a request: it is sent again and again, perhaps with a body of the same length that begins differently. */
const known$2 = /* @__PURE__ */ new WeakMap();
function headersOf$1(wire, origin) {
	const before = known$2.get(wire.headers);
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
	known$2.set(wire.headers, headers);
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
	turn;
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
	#told;
	#bytes = 0;
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
		this.turn = start.turn;
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
		this.#status = this.#told = this.#phases = this.#pause = this.refusal = void 0;
		this.#bytes = 0;
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
		this.turn?.answered(headers["set-cookie"]);
		const flat = flatHeaders(headers);
		if (status >= 400) this.refusal = flat;
		try {
			this.#reader.start(status, flat, this.#owner.now());
			this.#told = this.#owner.readPhases?.(flat);
		} catch (error) {
			this.#crash(error);
		}
	}
	onResponseData(_controller, chunk) {
		if (this.#over) return;
		this.#bytes += chunk.length;
		try {
			this.#reader.data(chunk, this.#owner.now());
		} catch (error) {
			this.#crash(error);
		}
	}
	onResponseEnd(_controller, trailers) {
		if (this.#over) return;
		try {
			const flat = trailers && flatHeaders(trailers);
			const { result, endNs } = this.#reader.end(this.#owner.now(), flat);
			if (flat !== void 0) this.#told = joinPhases(this.#told, this.#owner.readPhases?.(flat));
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
		const { untimed } = this.#reader;
		const outcome = {
			index: this.index,
			intendedNs: this.intendedNs,
			dispatchedNs: this.dispatchedNs,
			attempts: this.attempts,
			attemptNs: this.#attemptNs,
			wireNs: this.#wireNs,
			firstByteNs: untimed === true ? void 0 : this.#firstByteNs,
			endNs,
			connectNs: this.#connectNs,
			dnsNs: this.#phases?.dnsNs,
			tlsNs: this.#phases?.tlsNs,
			awaitedNs: this.#awaitedNs,
			status: this.#status,
			untimed,
			phases: untimed === true ? void 0 : this.#told,
			bytes: this.#bytes,
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
const LONGEST_MS$1 = 2 ** 31 - 1;
function openInFlight(now) {
	let [oldest, newest] = [void 0, void 0];
	let size = 0;
	let timer;
	const arm = () => {
		timer = void 0;
		if (oldest === void 0) return;
		const restMs = Math.ceil((oldest.deadlineNs - now()) / 1e6);
		timer = setTimeout(expireDue, Math.min(Math.max(restMs, 1), LONGEST_MS$1));
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
	let [begun, offered, ok, failed] = [
		0,
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
		readPhases: options.readPhases,
		crashed: crash,
		ended(exchange, outcome, connection) {
			const { slot } = exchange;
			exchange.slot = void 0;
			if (slot !== void 0 && !(connection === "reusable" && keeps(exchange, slot))) slots[connection === "reusable" ? "give" : "drop"](slot);
			if (!retries(exchange, outcome)) finish(exchange, outcome);
		},
		expiredInWait: finish
	};
	function finish(exchange, outcome) {
		inFlight.remove(exchange);
		attempt(() => tell(outcome, exchange.turn, exchange.follow));
		if (inFlight.size() === 0) onEmpty();
	}
	function tell(outcome, turn, follow) {
		const told = turn === void 0 ? outcome : turn.settle(outcome);
		report(told);
		follow?.(told);
	}
	/** Whether its session keeps the connection for its next step. */
	function keeps({ turn }, slot) {
		if (turn?.kept === void 0 || slots.own?.keep(slot) !== true) return false;
		turn.kept.slot = slot;
		return true;
	}
	/** Whether the request is sent again: it then stays under way, with its deadline, while it waits. */
	function retries(exchange, outcome) {
		if (options.retry === void 0) return false;
		const waitS = waitBeforeRetryS(options.retry, outcome, exchange.refusal, Date.now());
		if (waitS === void 0 || now() + waitS * 1e9 >= exchange.deadlineNs) return false;
		exchange.pause(outcome, Math.ceil(waitS * 1e3), () => {
			if (now() >= exchange.deadlineNs) return exchange.expire();
			return attempt(() => {
				exchange.restart(exchange.turn === void 0 ? options.openResponse(exchange.index) : exchange.turn.openResponse());
				transmit(exchange);
			});
		});
		return true;
	}
	function transmit(exchange) {
		const { turn } = exchange;
		const kept = turn?.kept?.slot;
		if (turn?.kept !== void 0) turn.kept.slot = void 0;
		exchange.slot = kept === void 0 ? slots.take(exchange) : slots.own.resume(kept, exchange);
		const attempt = turn === void 0 ? exchange.attempts : turn.nextAttempt();
		exchange.slot.dispatch(turn?.wire ?? options.wireOf(exchange.index), options.traceparentOf?.(exchange.index, attempt));
	}
	return {
		begin: (atNs) => {
			startedNs = atNs;
		},
		startedNs: () => startedNs,
		now,
		send(scheduledNs, follow, turn) {
			const index = turn?.index ?? begun;
			if (turn === void 0 || turn.step === 0) begun++;
			offered++;
			const dispatchedNs = Math.max(now(), scheduledNs ?? 0);
			const intendedNs = scheduledNs ?? dispatchedNs;
			const deadlineNs = intendedNs + options.timeoutNs;
			const refused = inFlight.size() >= options.maxInFlight ? tooMany(options.maxInFlight) : turn?.problem && unsendable(turn.problem);
			if (refused) return tell(neverSent({
				index,
				intendedNs,
				dispatchedNs
			}, refused), turn, follow);
			const reader = turn === void 0 ? options.openResponse(index) : turn.openResponse();
			const exchange = new Exchange(owner, reader, {
				index,
				intendedNs,
				deadlineNs,
				dispatchedNs,
				turn,
				follow
			});
			inFlight.add(exchange);
			if (dispatchedNs >= deadlineNs) return exchange.expire();
			transmit(exchange);
		},
		begun: () => begun,
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
const tooMany = (most) => ({
	kind: "failed",
	why: "overflow",
	detail: `${most} requests were under way (max-in-flight), so this one was not sent`
});
const unsendable = (problem) => ({
	kind: "failed",
	why: "check",
	detail: problem
});
const neverSent = (at, result) => ({
	...at,
	attempts: 0,
	attemptNs: at.dispatchedNs,
	wireNs: void 0,
	firstByteNs: void 0,
	connectNs: void 0,
	dnsNs: void 0,
	tlsNs: void 0,
	status: void 0,
	endNs: at.dispatchedNs,
	result
});

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
	/** The kept bytes behind the first `length`. */
	after(length) {
		let skip = length;
		return (this.#kept ?? []).map((part) => {
			const from = Math.min(skip, part.length);
			skip -= from;
			return part.subarray(from);
		});
	}
	/** The kept bytes as UTF-8; what is not UTF-8 becomes U+FFFD. */
	text() {
		const decoder = new TextDecoder();
		let text = "";
		for (const part of this.#kept ?? []) text += decoder.decode(part, { stream: true });
		return text + decoder.decode();
	}
};

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

// src/core/protocol/captures.ts
/** Most characters of a captured value, written as JSON. */
const LONGEST_VALUE = 1048576;
const LONGEST_IN_HEADER = 8192;
const FORBIDDEN_IN_HEADER = /[^\t\x20-\x7e\x80-\xff]/;
/**
* Reads an answer as `inner` does, and hands over what is captured of it. A correct answer that lacks what is to be
* captured has failed as `check`: whatever comes next in its session would ask for nothing.
*/
function openCapturing(inner, captures, take) {
	const body = captures.some(({ from }) => from === "json") ? new Body(READ_CAP) : void 0;
	let headers = {};
	return {
		start: (status, received, atNs) => {
			headers = received;
			inner.start(status, received, atNs);
		},
		data: (chunk, atNs) => {
			body?.add(chunk);
			inner.data(chunk, atNs);
		},
		end: (atNs, trailers) => {
			const end = inner.end(atNs, trailers);
			if (end.result.kind === "failed") return end;
			const found = capture(captures, body, headers);
			if ("kind" in found) return {
				...end,
				result: found
			};
			take(found);
			return end;
		}
	};
}
function capture(captures, body, headers) {
	if (body?.isWhole === false) return failed("body", `the answer is longer than ${READ_CAP} bytes, too long to capture from it`);
	const text = body?.text() ?? "";
	let answer;
	try {
		answer = body && JSON.parse(text);
	} catch {
		return failed("check", `expected JSON to capture from, got ${excerpt(text)}`);
	}
	const values = /* @__PURE__ */ new Map();
	for (const each of captures) {
		const path = each.from === "header" ? void 0 : pathOf$1(each.path);
		try {
			const value = each.from === "header" ? headers[each.header] : path.select(answer)[0];
			const flaw = flawOf(value, each);
			if (flaw !== void 0) return failed("check", `capture "${each.name}": ${flaw}`);
			values.set(each.name, value);
		} catch {
			return failed("check", `capture "${each.name}": the answer is nested too deeply`);
		}
	}
	return values;
}
function flawOf(value, each) {
	const where = each.from === "header" ? `the header ${each.header}` : each.path;
	if (value === void 0) return `expected ${where} in the answer, and it is not there`;
	if (value === null) return `expected a value at ${where}, got null`;
	const written = typeof value === "string" ? value : JSON.stringify(value);
	const longest = each.inHeader ? LONGEST_IN_HEADER : LONGEST_VALUE;
	if (written.length > longest) return `what stands at ${where} is longer than ${longest} characters`;
	if (each.inHeader && FORBIDDEN_IN_HEADER.test(written)) return `what stands at ${where} cannot stand in a header: ${excerpt(written)}`;
}
/** Read once a path: it is asked of every answer. */
const known$1 = /* @__PURE__ */ new Map();
/** @throws {RangeError} for a path that the suite's own rules should have refused. */
function pathOf$1(path) {
	const before = known$1.get(path);
	if (before !== void 0) return before;
	const read = readJsonPath(path);
	if ("problem" in read) throw new RangeError(`${path}: ${read.problem}`);
	known$1.set(path, read);
	return read;
}

// src/core/protocol/cookie-jar.ts
/** Most cookies of one session, and most characters of each with its name: RFC 6265 §6.1 asks clients for 50 and 4096. */
const MOST_COOKIES = 100;
const LONGEST = 4096;
/**
* The cookies of one session with one host: what it sets comes back to it, by Path, Secure, Max-Age and Expires. A cookie
* for another domain, or that no header can hold, is left out. RFC 6265 §5.2 to §5.4 for a single host: SameSite and
* HttpOnly mean nothing to a client without pages.
*/
var CookieJar = class {
	#cookies = [];
	/** @param headers each value of `set-cookie` by itself. */
	store(headers, place) {
		for (const header of headers) {
			const cookie = readCookie(header, place);
			if (cookie === void 0) continue;
			const others = this.#cookies.filter(({ name, path }) => name !== cookie.name || path !== cookie.path);
			if (cookie.untilMs <= place.nowMs) this.#cookies = others;
			else if (others.length < this.#cookies.length) this.#cookies = this.#cookies.map((each) => others.includes(each) ? each : cookie);
			else if (others.length < MOST_COOKIES) this.#cookies = [...others, cookie];
		}
	}
	/** The value of `cookie` for a request; undefined for none. Longer paths first, then older cookies. */
	header({ path, secure, nowMs }) {
		if (this.#cookies.length === 0) return void 0;
		const at = pathname(path);
		const fitting = this.#cookies.filter((cookie) => cookie.untilMs > nowMs && (secure || !cookie.secure) && holds(cookie.path, at));
		if (fitting.length === 0) return void 0;
		return fitting.toSorted((a, b) => b.path.length - a.path.length).map(({ name, value }) => `${name}=${value}`).join("; ");
	}
};
function readCookie(header, { host, path, nowMs }) {
	const [pair = "", ...rest] = header.split(";");
	const equals = pair.indexOf("=");
	const [name, value] = [pair.slice(0, equals).trim(), pair.slice(equals + 1).trim()];
	if (equals < 0 || name === "" || name.length + value.length > LONGEST || /[^\x20-\x7e\x80-\xff]/.test(name + value)) return void 0;
	const attributes = new Map(rest.map((attribute) => {
		const [key = "", ...words] = attribute.split("=");
		return [key.trim().toLowerCase(), words.join("=").trim()];
	}));
	const domain = attributes.get("domain")?.replace(/^\./, "").toLowerCase() ?? "";
	if (domain !== "" && host !== domain && !host.endsWith(`.${domain}`)) return void 0;
	const own = attributes.get("path") ?? "";
	return {
		name,
		value,
		path: own.startsWith("/") ? own : defaultPath(path),
		secure: attributes.has("secure"),
		untilMs: endOf$1(attributes.get("max-age"), attributes.get("expires"), nowMs)
	};
}
/** Max-Age wins over Expires; what cannot be read is not there. */
function endOf$1(maxAge, expires, nowMs) {
	if (maxAge !== void 0 && /^-?\d+$/.test(maxAge)) return Number(maxAge) <= 0 ? Number.NEGATIVE_INFINITY : nowMs + Number(maxAge) * 1e3;
	const ms = expires === void 0 ? NaN : Date.parse(expires);
	return Number.isNaN(ms) ? Number.POSITIVE_INFINITY : ms;
}
const pathname = (path) => path.replace(/[?#].*$/s, "");
/** The folder of the request's path, without its last slash (RFC 6265 §5.1.4). */
function defaultPath(path) {
	const at = pathname(path);
	const slash = at.lastIndexOf("/");
	return slash <= 0 ? "/" : at.slice(0, slash);
}
const holds = (folder, path) => path === folder || path.startsWith(folder) && (folder.endsWith("/") || path[folder.length] === "/");

// src/io/load/step-wire.ts
/**
* A step as it is sent: what was prepared, with what earlier answers held. Only pieces are joined; nothing is parsed.
*
* @param prepared the step's wire request, in which that is still missing.
* @returns the reason where a captured value names no place of the endpoint.
*/
function stepWire(prepared, { session }, state, address) {
	if (session === void 0) return prepared;
	const path = session.path === void 0 ? prepared.path : pathOf(session.path, state, address);
	if (path === void 0) return { problem: `the path of this step is no address: ${JSON.stringify(plain(session.path, state)).slice(0, 120)}` };
	const cookie = session.cookies ? state.cookies(path) : void 0;
	const headers = session.headers === void 0 && cookie === void 0 ? prepared.headers : headersOf(prepared, session, state, cookie);
	return {
		method: prepared.method,
		path,
		headers,
		body: bodyOf(prepared, session, state)
	};
}
/** The step's own messages and what was answered, for the turns that follow. */
function withTurn(history, own, answer, state) {
	const said = `,{"role":"assistant","content":${JSON.stringify(answer)}},`;
	return [
		...history,
		...own.map((part) => rendered(part, state)),
		Buffer.from(said)
	];
}
function bodyOf(prepared, { body, turn }, state) {
	if (turn !== void 0) return Buffer.concat([
		turn.head,
		...state.history,
		...turn.own.map((part) => rendered(part, state)),
		turn.tail
	]);
	return body === void 0 ? prepared.body : Buffer.concat(body.map((part) => rendered(part, state)));
}
function rendered(part, { values }) {
	if (!("reference" in part)) return part;
	const value = values.get(part.reference);
	if (part.as === "json") return Buffer.from(JSON.stringify(value));
	return Buffer.from(part.as === "json-text" ? JSON.stringify(asText(value)).slice(1, -1) : asText(value));
}
function headersOf(prepared, { headers = {} }, state, cookie) {
	const filled = [...prepared.headers];
	for (let i = 0; i < filled.length; i += 2) {
		const text = headers[filled[i]];
		if (text !== void 0) filled[i + 1] = plain(text, state);
	}
	if (cookie === void 0) return filled;
	const at = filled.findIndex((name, i) => i % 2 === 0 && name === "cookie");
	if (at === -1) filled.push("cookie", cookie);
	else filled[at + 1] = `${filled[at + 1]}; ${cookie}`;
	return filled;
}
/**
* A value in a path is one segment of it, or of its query. A path that is one placeholder is an address as the endpoint
* gave it, a `Location` for instance: it counts from the endpoint's origin, and of a whole URL only the path counts.
*/
function pathOf(text, state, { base }) {
	const [only] = text;
	if (text.length === 1 && typeof only === "object") {
		const url = URL.parse(plain(text, state), base.origin);
		return url === null ? void 0 : url.pathname + url.search;
	}
	return joinPath(base, text.map((part) => typeof part === "string" ? part : encodeURIComponent(asText(state.values.get(part.reference)).toWellFormed())).join(""));
}
const plain = (text, { values }) => text.map((part) => typeof part === "string" ? part : asText(values.get(part.reference))).join("");
const asText = (value) => typeof value === "string" ? value : JSON.stringify(value);

// src/io/load/sessions.ts
/** A timer of Node is up to about this late: so much is thinking. What is beyond it is our delay, and counts. */
const TIMER_NS = 2e6;
const LONGEST_MS = 2 ** 31 - 1;
/**
* The run as its loops see it where some of its requests are sessions: what they send is then a whole session, of which
* `follow` hears once it is over. Each step starts when the one before has been answered and its user has thought; a step
* that fails ends the session. Sessions that the end of the load finds under way are driven to their end, so that long ones
* are not left out; those under way when there was `enough` end with the request that is under way, and count as none.
*/
function withSessions(run, options) {
	const active = /* @__PURE__ */ new Set();
	let onIdle = () => {};
	const leave = (session) => {
		active.delete(session);
		if (active.size === 0) onIdle();
	};
	run.over.addEventListener("abort", () => {
		for (const session of active) session.cut();
	});
	run.stopped.addEventListener("abort", () => {
		active.clear();
		onIdle();
	});
	return {
		...run,
		send(scheduledNs, follow) {
			const index = run.begun();
			const first = options.picks[index % options.picks.length];
			if (options.requests[first].session === void 0) return run.send(scheduledNs, follow);
			const session = new Session(run, options, {
				index,
				first,
				follow,
				leave
			});
			active.add(session);
			return session.send(scheduledNs);
		},
		async drain() {
			while (active.size > 0) await new Promise((resolve) => {
				onIdle = resolve;
			});
			await run.drain();
		}
	};
}
/** One session under way. A class, because there may be thousands that think. */
var Session = class {
	#run;
	#options;
	#begin;
	#jar;
	#kept;
	#values = /* @__PURE__ */ new Map();
	#history = [];
	#step = 0;
	#sent = 0;
	#intendedNs;
	#latencyNs = 0;
	#thinking;
	constructor(run, options, begin) {
		this.#run = run;
		this.#options = options;
		this.#begin = begin;
		const { cookies, ownConnection } = options.requests[begin.first].session;
		this.#jar = cookies ? new CookieJar() : void 0;
		this.#kept = ownConnection && options.slots.own !== void 0 ? { slot: void 0 } : void 0;
		this.#values.set(SESSION_ID, randomUUID());
	}
	get values() {
		return this.#values;
	}
	get history() {
		return this.#history;
	}
	cookies(path) {
		return this.#jar?.header(this.#place(path));
	}
	/** Sends the step that is due. */
	send(scheduledNs) {
		const { requests, wires, address } = this.#options;
		const place = this.#begin.first + this.#step;
		const request = requests[place];
		const step = request.session;
		const made = stepWire(wires[place], request, this, address);
		const wire = "problem" in made ? void 0 : made;
		const path = wire?.path ?? "/";
		this.#run.send(scheduledNs, (outcome) => this.#follow(step, outcome), {
			index: this.#begin.index,
			step: this.#step,
			wire,
			problem: "problem" in made ? made.problem : void 0,
			openResponse: () => this.#openResponse(request, step),
			nextAttempt: () => this.#sent = this.#sent % 127 + 1,
			kept: this.#kept,
			answered: (setCookie) => {
				if (setCookie !== void 0 && this.#jar !== void 0) this.#jar.store(typeof setCookie === "string" ? [setCookie] : setCookie, this.#place(path));
			},
			settle: (outcome) => this.#settle(step, outcome)
		});
	}
	/** Ends without another step. What is under way still has its outcome. */
	cut() {
		if (this.#thinking === void 0) return;
		clearTimeout(this.#thinking);
		this.#thinking = void 0;
		this.#end({
			result: {
				kind: "ok",
				stream: void 0
			},
			intendedNs: this.#intendedNs ?? 0
		});
	}
	#openResponse(request, step) {
		const { openResponse, openTurn } = this.#options;
		const { turn, capture } = step;
		const isLast = step.step + 1 === step.of;
		const said = (text) => {
			this.#history = withTurn(this.#history, turn.own, text, this);
		};
		const reader = turn !== void 0 && openTurn !== void 0 && !isLast ? openTurn(request, said) : openResponse(request);
		return capture.length === 0 ? reader : openCapturing(reader, capture, (values) => this.#take(values));
	}
	#take(values) {
		for (const [name, value] of values) this.#values.set(captureReference(name), value);
	}
	#settle({ step, of }, outcome) {
		this.#intendedNs ??= outcome.intendedNs;
		this.#latencyNs += outcome.endNs - outcome.intendedNs;
		const completed = outcome.result.kind === "ok";
		const isOver = !completed || step + 1 === of;
		return {
			...outcome,
			...step === 0 ? {} : { step },
			...isOver ? { session: {
				completed,
				latencyNs: this.#latencyNs
			} } : {}
		};
	}
	#follow({ step, of }, { result }) {
		if (result.kind === "failed" || step + 1 === of || this.#run.over.aborted) return this.#end({
			result,
			intendedNs: this.#intendedNs
		});
		this.#step++;
		const { thinkS } = this.#options.requests[this.#begin.first + this.#step].session;
		if (thinkS <= 0) return queueMicrotask(() => this.#proceed(void 0));
		return this.#think(this.#run.now() + thinkS * 1e9);
	}
	#think(dueNs) {
		const restNs = dueNs - this.#run.now();
		if (restNs <= 0) return this.#proceed(Math.min(this.#run.now(), dueNs + TIMER_NS));
		this.#thinking = setTimeout(() => this.#think(dueNs), Math.min(Math.ceil(restNs / 1e6), LONGEST_MS));
	}
	#proceed(scheduledNs) {
		this.#thinking = void 0;
		if (this.#run.over.aborted) return this.#end({
			result: {
				kind: "ok",
				stream: void 0
			},
			intendedNs: this.#intendedNs
		});
		return this.#run.attempt(() => this.send(scheduledNs));
	}
	#end(last) {
		const { follow, leave } = this.#begin;
		if (this.#kept?.slot !== void 0) {
			this.#options.slots.own.release(this.#kept.slot);
			this.#kept.slot = void 0;
		}
		leave(this);
		follow?.(last);
	}
	#place(path) {
		const { base } = this.#options.address;
		return {
			host: base.hostname,
			path,
			secure: base.protocol === "https:",
			nowMs: Date.now()
		};
	}
};

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
	const asking = request({
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
				const socket = hold(tls === void 0 ? connect$1(options) : connect$2({
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
					const socket = hold(connect$2({
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
		const { line, user, wire, traceparent } = slot;
		slot.bytesBefore = line.connection.bytesRead();
		slot.cancel = line.connection.send(wire, user, traceparent);
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
				traceparent: void 0,
				cancel: () => {},
				bytesBefore: 0,
				dispatch: (wire, traceparent) => {
					slot.wire = wire;
					slot.traceparent = traceparent;
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
			dispatch: (wire, traceparent) => connection.dispatch(wire, slot.user, slot.requests + 1 >= requestsEach, traceparent)
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
		own: {
			keep(given) {
				const slot = given;
				if (slot.requests + 1 >= requestsEach) return false;
				slot.requests++;
				slot.user = void 0;
				slot.reused = true;
				return true;
			},
			resume(given, user) {
				const slot = given;
				slot.user = user;
				return slot;
			},
			release: (slot) => void free.push(slot)
		},
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
	const noncesOf = options.nonces && openNonces(options.nonces);
	let pacer;
	return {
		async drive(segment, requests, { onOutcome, signal, onProgress, enough, onReading, startAtNs, trace, stripe }) {
			const { load, picks, durationS } = segment;
			const wires = wiresOf.get(requests) ?? requests.map((request) => toWire(address, request));
			wiresOf.set(requests, wires);
			if ((load.kind === "closed" || load.arrivalsS.length > 0) && (picks.length === 0 || picks.some((pick) => pick >= wires.length))) throw new RangeError("a segment picks requests that do not exist");
			const durationNs = Math.round(durationS * 1e9);
			const arrivalsNs = load.kind === "open" ? load.arrivalsS.map((atS) => Math.round(atS * 1e9)) : void 0;
			const nonces = segment.nonceScope === void 0 ? void 0 : noncesOf?.(segment.nonceScope);
			const wireOf = (index) => wires[picks[index % picks.length]];
			const single = openRun({
				origin,
				slots,
				wireOf: nonces === void 0 ? wireOf : (index) => nonces(requests[picks[index % picks.length]], wireOf(index)),
				openResponse: (index) => options.openResponse(requests[picks[index % picks.length]]),
				timeoutNs: Math.round(options.timeoutS * 1e9),
				maxInFlight: load.kind === "open" ? options.maxInFlight : Number.POSITIVE_INFINITY,
				retry: options.retry,
				readPhases: options.readPhases,
				traceparentOf: trace && openTraceIds(trace, stripe).traceparent,
				onOutcome,
				enough
			});
			const { openResponse, openTurn } = options;
			const run = requests.some(({ session }) => session !== void 0) ? withSessions(single, {
				requests,
				wires,
				picks,
				address,
				slots,
				openResponse,
				openTurn
			}) : single;
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
			const rested = segment.phase === "measure" && load.kind === "open" ? OPTIMIZER.rest() : void 0;
			try {
				if (!cancelled) await (load.kind === "closed" ? closedLoop(run, load, durationNs, startAtNs) : openLoop(run, pacer ??= openPacer(), arrivalsNs, durationNs, startAtNs));
				await run.drain();
				report();
			} catch (error) {
				run.stop();
				throw error;
			} finally {
				rested?.();
				OPTIMIZER.answered(run.counts().ok);
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

// src/core/protocol/expected-status.ts
/** Whether a status is one of those, or of their hundreds. */
const isExpected = (expected, status) => expected.some((one) => one === status || typeof one === "string" && one.startsWith(String(Math.floor(status / 100))));
/** Whether a class's right answer is a refusal, whose time says nothing about how fast the endpoint is at its work. */
const expectsRefusal = (expected) => expected.some((one) => !isExpected(["2xx"], typeof one === "number" ? one : Number(one.charAt(0)) * 100));
/**
* Opens a reader for the answer to a request: the protocol's own, with the statuses that the request's class names in the
* place of the target's; and where they are no success, one that looks at the status alone.
*/
function answerOpener(protocol, target) {
	const changed = /* @__PURE__ */ new Map();
	return ({ label, expect }) => {
		if (expect === void 0) return protocol.openResponse(target, label);
		if (expectsRefusal(expect)) return new Refusal(expect);
		const key = expect.join();
		const own = changed.get(key) ?? {
			...target,
			check: {
				...target.check,
				status: statusesIn(expect)
			}
		};
		changed.set(key, own);
		return protocol.openResponse(own, label);
	};
}
/** Every 2xx that is expected. */
const statusesIn = (expect) => Array.from({ length: 100 }, (_, i) => 200 + i).filter((status) => isExpected(expect, status));
/** An answer with an expected status is right, whatever it holds; any other is a failed check. */
var Refusal = class {
	untimed = true;
	#expect;
	#body = new Body(QUOTE_CAP);
	#status = 0;
	constructor(expect) {
		this.#expect = expect;
	}
	start(status) {
		this.#status = status;
	}
	data(chunk) {
		this.#body.add(chunk);
	}
	end(endNs) {
		if (isExpected(this.#expect, this.#status)) return {
			result: {
				kind: "ok",
				stream: void 0
			},
			endNs
		};
		const detail = `this request should be refused: status ${this.#status}, expected ${this.#expect.join(" or ")}: ${excerpt(this.#body.text())}`;
		return {
			result: failed("check", detail),
			endNs
		};
	}
};

// src/core/protocol/answer-digest.ts
/** 16 hexadecimal digits, equal for equal content: of a million different answers two are alike with a chance of 3 in 100 million. */
function answerDigest(content) {
	const hash = createHash("sha256");
	for (const part of content) hash.update(part);
	return hash.digest("hex").slice(0, 16);
}

// src/core/protocol/answer-checks.ts
/** Whether the text of an answer has to be kept, because the suite looks into it. */
const looksInside = ({ contains, matches, json, answer, schema, sameAnswers }) => contains !== void 0 || sameAnswers !== void 0 || answer !== void 0 || matches !== void 0 || json !== void 0 && json.length > 0 || schema !== void 0;
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
* Where the suite compares answers with one another, the result holds the digest of this one; none of an answer that was
* not kept as a whole.
*
* @param label as JSON; undefined where nobody knows it.
* @param content what makes the answer the same as another one; the text, where nothing else is said.
*/
function judged(check, { text, whole, label, content = () => [text] }, ok) {
	const failure = checkFailure(check, text, whole);
	if (failure !== void 0) return failure;
	const correct = label === void 0 || check.answer === void 0 ? void 0 : isRight(check, text, label);
	const compared = check.sameAnswers === void 0 || !whole ? void 0 : content();
	if (correct === void 0 && compared === void 0) return ok;
	return {
		...ok,
		...correct === void 0 ? {} : { correct },
		...compared === void 0 ? {} : { answer: answerDigest(compared) }
	};
}
function isRight(check, text, label) {
	const { answer } = compiled(check);
	if (answer === void 0) return text.includes(typeof label === "string" ? label : JSON.stringify(label));
	try {
		const values = answer.select(JSON.parse(text));
		if (values.length === 0) return false;
		return isEqual$1(label, values.length === 1 && !(Array.isArray(label) && !Array.isArray(values[0])) ? values[0] : values, check.answer?.tolerance ?? 0);
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
		if (equals !== void 0 && !isEqual$1(equals, value, tolerance)) return `expected ${excerpt(JSON.stringify(equals)).slice(1, -1)} at ${path}, got ${got}`;
		if (between !== void 0 && !(typeof value === "number" && value >= between[0] && value <= between[1])) return `expected a number from ${between[0]} to ${between[1]} at ${path}, got ${got}`;
		if (pattern !== void 0 && !(typeof value === "string" && pattern.test(value))) return `expected a text that matches ${excerpt(of.matches)} at ${path}, got ${got}`;
	}
}
/** Equal as JSON, element by element; numbers may differ by `tolerance`, wherever they stand. */
function isEqual$1(expected, value, tolerance) {
	if (typeof expected === "number" && typeof value === "number") {
		const most = typeof tolerance === "number" ? tolerance : tolerance.relative * Math.abs(expected);
		return Math.abs(expected - value) <= most;
	}
	if (typeof expected !== "object" || expected === null || typeof value !== "object" || value === null) return expected === value;
	if (Array.isArray(expected) !== Array.isArray(value)) return false;
	const [keys, others] = [Object.keys(expected), Object.keys(value)];
	return keys.length === others.length && keys.every((key) => Object.hasOwn(value, key) && isEqual$1(expected[key], value[key], tolerance));
}

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
	const content = () => !isShort(body) ? void 0 : [JSON.stringify(expected.content(JSON.parse(text)))];
	const answer = {
		text,
		whole: body.isWhole,
		label,
		content
	};
	return jsonFailure(body, text, expected) ?? judged(check, answer, {
		kind: "ok",
		stream: void 0
	});
});
/** Bytes that have to be kept of an answer, so that the suite's own check can search it. */
const capOf = (check) => looksInside(check) ? READ_CAP : PARSE_CAP;
/** Whether a body is short enough to be parsed while other requests wait. */
const isShort = (body) => body.length <= PARSE_CAP;
/** What keeps a body from being the expected answer; undefined if it is one. */
function jsonFailure(body, text, expected) {
	if (!isShort(body)) return /^\s*\{(?!\s*"error")/.test(text) && expected.looksRight.test(text) ? void 0 : failed("body", `expected ${expected.what} in the first part of a long answer, got ${excerpt(text)}`);
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
		body: joined$1([json, ...data]),
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
/** Row-major, little-endian, without padding; BOOL is one byte, a BYTES element four bytes of length and its bytes, of a text its UTF-8. */
function tensorBytes({ name, datatype, data }) {
	if (datatype === "BYTES") {
		const encoder = new TextEncoder();
		return joined$1(data.flatMap((element) => {
			const bytes = element instanceof Uint8Array ? element : encoder.encode(String(element));
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

// src/core/protocol/medium.ts
/** What a body is by its content type; undefined for what is neither an image nor a recording. */
function mediumOf({ contentType = "" }) {
	const [, type, subtype = ""] = /^(image|audio)\/([\w.+-]+)/.exec(contentType) ?? [];
	if (type !== "image" && type !== "audio") return void 0;
	return {
		type,
		format: /^(?:x-)?wave?$/.test(subtype) ? "wav" : /^(?:mpeg|mp3)$/.test(subtype) ? "mp3" : void 0
	};
}

// src/core/protocol/not-carried.ts
/** A payload that a protocol has no request for: JSON is quoted, any other kind named. `hint` says what to give instead. */
function notCarried(protocol, payload, hint) {
	const { kind } = payload;
	const what = kind === "json" ? excerpt(JSON.stringify(payload.value)) : kind === "body" ? bodyInWords(payload) : kind;
	return new InputError(`protocol ${protocol} cannot carry ${what}`, { hint });
}
/** A medium is what its content type says; any other body is bytes that nobody knows. */
function bodyInWords({ contentType = "" }) {
	const [type = "", subtype = ""] = contentType.split(/[/;]/);
	if (type === "image" || type === "audio" || type === "video") return `${type} (${subtype})`;
	return type === "multipart" ? "a form" : "a raw body";
}

// src/core/protocol/sample.ts
/** What is asked where a suite names no payload and the protocol needs a text: something any model can read. */
const SAMPLE_TEXT = "The delivery was late, but the support was friendly and quick.";

// src/core/protocol/text-value.ts
/**
* The text a JSON value stands for, where a protocol needs a text and a file holds JSON lines: a string, or an object
* with a string `text` or `prompt`. Undefined for anything else.
*/
function textOf$2(value) {
	if (typeof value === "string") return value;
	if (typeof value !== "object" || value === null) return void 0;
	const { text, prompt } = value;
	if (typeof text === "string") return text;
	return typeof prompt === "string" ? prompt : void 0;
}

// src/core/protocol/kserve-tensors.ts
/**
* A payload as the tensors of one inference request; a text is one BYTES tensor called `text`, an image or a recording
* one called `image` or `audio`, or as the payload names it. Undefined for JSON that is
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
			const text = textOf$2(value);
			if (text !== void 0) return [textTensor(text)];
			throw notCarried(protocol, payload, "give an object with `inputs`, or a text as \"…\" or {\"text\": \"…\"}");
		}
		case "body": {
			const medium = mediumOf(payload);
			if (medium !== void 0) return [{
				name: payload.input ?? medium.type,
				shape: [1],
				datatype: "BYTES",
				data: [payload.bytes]
			}];
			throw notCarried(protocol, payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
		}
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
	openResponse,
	metadata
};
const OUTPUTS = {
	what: "a list of outputs",
	holds: (answer) => {
		const outputs = answer?.outputs;
		return Array.isArray(outputs) && outputs.length > 0;
	},
	content: (answer) => answer.outputs.map(({ name, datatype, shape, data }) => [
		name,
		datatype,
		shape,
		data
	]),
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
		body: new TextEncoder().encode(tensors === void 0 ? asWritten(payload) : JSON.stringify({ inputs: tensors.map(asJson) }))
	};
}
/** Bytes that are no text travel as base64, and say so in the way that MLServer reads. */
function asJson(tensor) {
	if (!tensor.data.some((element) => element instanceof Uint8Array)) return tensor;
	const data = tensor.data.map((element) => element instanceof Uint8Array ? base64(element) : element);
	return {
		...tensor,
		parameters: { content_type: "base64" },
		data
	};
}
const asWritten = (payload) => payload.kind === "json" ? payload.source ?? JSON.stringify(payload.value) : JSON.stringify(payload);
function openResponse({ check }, label) {
	return new WholeAnswer(check, capOf(check), (body, _status, headers) => {
		const text = body.text();
		const jsonLength = lengthIn(headers[JSON_LENGTH_HEADER]);
		const failure = jsonLength === void 0 ? jsonFailure(body, text, OUTPUTS) : binaryFailure(body, jsonLength, OUTPUTS);
		const answer = {
			text,
			whole: body.isWhole,
			label,
			content: () => contentOf(body, jsonLength)
		};
		return failure ?? judged(check, answer, {
			kind: "ok",
			stream: void 0
		});
	});
}
/** Of the model that the target names; a path of its own may lead to any. */
function metadata({ model, path }) {
	if (model === void 0 || path !== void 0) return void 0;
	const at = `/v2/models/${encodeURIComponent(model)}`;
	return {
		request: {
			method: "GET",
			path: at,
			headers: { accept: "application/json" },
			body: void 0
		},
		what: `GET ${at}`,
		inputsIn: inputsIn$1
	};
}
function inputsIn$1(body) {
	return METADATA.parse(JSON.parse(new TextDecoder().decode(body))).inputs;
}
/** Some servers write 64-bit numbers as text. What the model leaves open is −1. */
const METADATA = object({ inputs: array(object({
	name: string$1().min(1).max(256),
	datatype: string$1().min(1).max(32),
	shape: array(number().int().min(-1)).max(32)
})).max(256) });
/** The outputs, and the bytes behind the JSON where there are some; undefined for an answer that is too long to be parsed. */
function contentOf(body, jsonLength) {
	const json = jsonLength === void 0 ? isShort(body) ? body.text() : void 0 : body.head(jsonLength);
	if (json === void 0) return void 0;
	const outputs = JSON.stringify(OUTPUTS.content(JSON.parse(json)));
	return jsonLength === void 0 ? [outputs] : [outputs, ...body.after(jsonLength)];
}
const lengthIn = (header) => /^\d{1,15}$/.test(header ?? "") ? Number(header) : void 0;

// src/core/protocol/gaps.ts
/** Gaps between token events that are kept of one stream, 8 MB: an endless one must not fill the memory before its deadline. */
const MOST_GAPS = 1e6;
/** Between each of the times of events and the next: one fewer, none where there is no event. */
function gapsBetween(timesNs) {
	const gapsNs = [];
	for (let i = 1; i < timesNs.length; i++) gapsNs.push(timesNs[i] - timesNs[i - 1]);
	return gapsNs;
}
/** What becomes of a stream with more, of which `kept` is what there is. It keeps nothing that was read of it. */
function endless(kept) {
	kept.length = 0;
	return failed("body", `the stream brought more than ${MOST_GAPS} token events`);
}

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
/** A ModelMetadataRequest. */
const modelMetadataRequest = (model) => new BinaryWriter().tag(1, WireType.LengthDelimited).string(model).finish();
/** The inputs in a ModelMetadataResponse. @throws for bytes that are none. */
function modelInputsIn(response) {
	const inputs = [];
	eachField(response, (field, reader) => {
		if (field !== 4) return false;
		inputs.push(tensorMetadata(reader.bytes()));
		return "read";
	});
	return inputs;
}
function tensorMetadata(message) {
	let [name, datatype] = ["", ""];
	const shape = [];
	const reader = new BinaryReader(message);
	while (reader.pos < reader.len) {
		const [field, type] = reader.tag();
		if (field === 1) name = reader.string();
		else if (field === 2) datatype = reader.string();
		else if (field === 3 && type === WireType.LengthDelimited) {
			const end = reader.uint32() + reader.pos;
			while (reader.pos < end) shape.push(Number(reader.int64()));
		} else if (field === 3) shape.push(Number(reader.int64()));
		else reader.skip(type, field);
	}
	return {
		name,
		datatype,
		shape
	};
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
	}),
	metadata: (target) => ({
		request: {
			...call(`${SERVICE}/ModelMetadata`),
			body: frame(modelMetadataRequest(modelOf(target)))
		},
		what: `ModelMetadata of ${modelOf(target)}`,
		inputsIn
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
		const { bytes } = message;
		const answer = {
			...textOf$1(check, message),
			label,
			content: () => bytes && [bytes]
		};
		const result = outputsFailure(message) ?? judged(check, answer, {
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
		if (gapsNs.length > 1e6) broken = endless(gapsNs);
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
	const { text, whole } = textOf$1(check, message);
	return checkFailure(check, text, whole) === void 0;
}
/** The bytes as text, where somebody looks for one. */
const textOf$1 = (check, { bytes }) => ({
	text: bytes === void 0 || !looksInside(check) ? "" : new TextDecoder().decode(bytes),
	whole: bytes !== void 0
});
function inputsIn(body) {
	let inputs;
	openFrames(DECODE_CAP, ({ bytes }) => {
		if (bytes !== void 0) inputs = modelInputsIn(bytes);
	}).feed(body, 0);
	if (inputs === void 0) throw new RangeError("the call brought no message");
	return inputs;
}
function isReady(body) {
	let ready = false;
	openFrames(QUOTE_CAP, ({ bytes }) => {
		if (bytes !== void 0) ready = readyIn(bytes);
	}).feed(body, 0);
	return ready;
}

// src/core/protocol/assistant-turn.ts
/** Collects what an assistant says, piece by piece, so that the next turn of the conversation can hold it. */
var AssistantTurn = class {
	#said;
	#text = "";
	#isWhole = true;
	#callsTool = false;
	constructor(said) {
		this.#said = said;
	}
	add({ said, callsTool }) {
		if (this.#text.length + said.length > 8388608) this.#isWhole = false;
		if (this.#isWhole) this.#text += said;
		this.#callsTool ||= callsTool;
	}
	/**
	* The result of the answer, which is a failure where the conversation cannot go on from it. An assistant that said nothing
	* (it only reasoned) is quoted with nothing.
	*/
	end(result) {
		if (result.kind === "failed") return result;
		if (this.#callsTool) return failed("check", "the answer calls a tool, and a session has no tool whose result the next turn could hold");
		if (!this.#isWhole) return failed("body", `the answer is longer than ${READ_CAP} characters, too long for the next turn to hold it`);
		this.#said(this.#text);
		return result;
	}
};

// src/core/protocol/openai-chunk.ts
/**
* `usage.prompt_tokens_details.cached_tokens` of the OpenAI API (vLLM with `--enable-prompt-tokens-details`, SGLang with
* `--enable-cache-report`), or llama.cpp's own `timings`, in which `prompt_n` counts only what no cache knew.
*/
function promptTokens(usage, timings) {
	const [tokens, cached] = [usage["prompt_tokens"], fields(usage["prompt_tokens_details"])["cached_tokens"]];
	if (isCount(tokens) && isCount(cached)) return tokens > 0 ? {
		tokens,
		cached: Math.min(tokens, cached)
	} : void 0;
	const [read, known] = [timings["prompt_n"], timings["cache_n"]];
	return isCount(read) && isCount(known) && read + known > 0 ? {
		tokens: read + known,
		cached: known
	} : void 0;
}
/** No prompt is longer, and the sum of all prompts of a run stays an exact number. */
const MOST_TOKENS = 1e8;
const isCount = (value) => Number.isSafeInteger(value) && value >= 0 && value <= MOST_TOKENS;
/**
* Role-only, empty and usage-only chunks have no token. Channels as in vLLM, SGLang and the OpenAI API: `text`,
* `content`, `reasoning_content`, `reasoning`, `tool_calls`, `refusal`, under `delta` (stream) or `message` (whole).
*
* @param value any parsed JSON; what does not look like a completion has no token and no text.
*/
function readChunk(value) {
	const { choices, usage, timings } = fields(value);
	let hasToken = false;
	let hasOutput = false;
	let finished = false;
	let text = "";
	let said = "";
	let callsTool = false;
	for (const item of Array.isArray(choices) ? choices : []) {
		const choice = fields(item);
		const message = fields(choice["delta"] ?? choice["message"]);
		const visible = string(choice["text"]) + string(message["content"]) + string(message["refusal"]);
		const calls = Array.isArray(message["tool_calls"]) ? message["tool_calls"] : [];
		const reasons = string(message["reasoning_content"]) !== "" || string(message["reasoning"]) !== "";
		hasOutput ||= visible !== "" || calls.length > 0;
		hasToken ||= hasOutput || reasons;
		finished ||= typeof choice["finish_reason"] === "string";
		text += visible;
		if ((choice["index"] ?? 0) === 0) {
			said += visible;
			callsTool ||= calls.length > 0;
		}
		for (const call of calls) text += string(fields(fields(call)["function"])["arguments"]);
	}
	const tokens = fields(usage)["completion_tokens"];
	const usageTokens = typeof tokens === "number" && tokens >= 1 ? tokens : void 0;
	const prompt = usage ?? timings ? promptTokens(fields(usage), fields(timings)) : void 0;
	return {
		hasToken,
		hasOutput,
		text,
		said,
		callsTool,
		finished,
		usageTokens,
		prompt
	};
}
const fields = (value) => typeof value === "object" && value !== null ? value : {};
const string = (value) => typeof value === "string" ? value : "";

// src/core/protocol/openai-answer.ts
/** Reads a chat completion that comes whole. It has no time to first token: the end is not the first token. */
const openAnswer = ({ check }, label, said) => new WholeAnswer(check, READ_CAP, (body) => judge(check, body, {
	label,
	said
}));
function judge(check, body, { label, said }) {
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
	const chunk = readChunk(answer);
	const { hasToken, text, usageTokens, prompt } = chunk;
	if (!hasToken) return failed("body", `expected a chat completion with an answer, got ${excerpt(source)}`);
	const ok = {
		kind: "ok",
		stream: void 0,
		...usageTokens === void 0 ? {} : { usageTokens },
		...prompt === void 0 ? {} : { prompt }
	};
	const result = judged(check, {
		text,
		whole: true,
		label
	}, ok);
	if (said === void 0) return result;
	const turn = new AssistantTurn(said);
	turn.add(chunk);
	return turn.end(result);
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
/** What a text says of its request besides itself. */
function besideText({ outputTokens, fields = {} }) {
	return outputTokens === void 0 || "max_completion_tokens" in fields ? fields : {
		max_tokens: outputTokens,
		...fields
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
	let hasBegun = false;
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
	return {
		feed: (chunk, atNs) => {
			if (overflown || chunk.length === 0) return !overflown;
			const restLength = lines(decoder.decode(chunk, { stream: true }), atNs);
			overflown ||= restLength > LONGEST_EVENT;
			hasBegun = restLength > 0 || eventAtNs !== void 0 || chunk[chunk.length - 1] !== LF;
			return !overflown;
		},
		isBetween: () => !hasBegun && !overflown
	};
}
/**
* The data of bytes that are one whole event of a single line of data and nothing else, between two others: so most servers
* send theirs, and no parser has to be opened for it. Undefined for all other bytes.
*/
function dataOfOne(bytes) {
	const end = bytes.length - 2;
	if (bytes.length > LONGEST_EVENT) return void 0;
	if (!NAME.every((byte, i) => bytes[i] === byte) || bytes.indexOf(LF) !== end || bytes[end + 1] !== LF || bytes.includes(CR)) return void 0;
	const from = bytes[NAME.length] === SPACE$1 ? NAME.length + 1 : NAME.length;
	return from < end ? ofLine.decode(bytes.subarray(from, end)) : void 0;
}
const NAME = Array.from("data:", (character) => character.charCodeAt(0));
const ofLine = new TextDecoder("utf-8", { ignoreBOM: true });
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
const CR = 13;
const SPACE$1 = 32;

// src/core/protocol/token-shape.ts
/** They stand in no event of which a shape is made. */
const MARKS = {
	name: "\0",
	number: "",
	piece: ""
};
const HOLES = Object.entries(MARKS);
/**
* Learns the shape of an event that brings a token. Nothing is taken on trust: the event is read again with another piece
* in that place and with none, and has to change as a token event changes, and in nothing else; and again with another name
* and time, at which it must not change.
*
* @param text the event as it came, blank line included.
* @param read reads a text that holds exactly one chunk; undefined for any other.
* @returns undefined where no single string, free of quotes, escapes and control characters, is the whole token.
*/
function tokenShapeOf(text, read) {
	if (HOLES.some(([, mark]) => text.includes(mark))) return void 0;
	for (const match of text.matchAll(PIECES)) {
		const [all, piece = ""] = match;
		const end = match.index + all.length - 1;
		const [before, after] = [text.slice(0, end - piece.length), text.slice(end)];
		const other = `${piece}.`;
		const [changed, emptied] = [read(before + other + after), read(before + after)];
		if (!isToken(changed) || emptied === void 0 || emptied.hasToken) continue;
		const isVisible = changed.text === other && emptied.text === "";
		const isSaid = changed.said === other && emptied.said === "";
		if (!((isVisible || changed.text === "") && (isSaid || changed.said === "") && changed.hasOutput === isVisible)) continue;
		const isSame = (event) => isEqual(read(event.replace(MARKS.piece, () => other)), changed);
		return {
			parts: partsOf(loosened(before + MARKS.piece + after, isSame)),
			isVisible,
			isSaid
		};
	}
}
/**
* Learns the shape of an event that is the same in each answer but for name and time: the role at the start, the reason at
* the end, the end itself. It has no piece.
*
* @param text an event that {@link isFixed}, as in {@link tokenShapeOf}.
* @param read reads a text that holds exactly one event; undefined for any other.
*/
function fixedShapeOf(text, read) {
	if (HOLES.some(([, mark]) => text.includes(mark))) return void 0;
	const event = read(text);
	if (event === void 0) return void 0;
	const isSame = (other) => {
		const changed = read(other);
		return changed === event || changed !== "done" && event !== "done" && isEqual(changed, event);
	};
	return {
		parts: partsOf(loosened(text, isSame)),
		isVisible: false,
		isSaid: false
	};
}
/** Where the piece may be, in what JSON holds inside a string as it is. */
const PIECES = /"(?:content|text|reasoning_content|reasoning)"\s*:\s*"([^"\\\u0000-\u001f]+)"/g;
const encoder = new TextEncoder();
/** Marks what differs from one answer to the next, where the event means the same with another one. */
function loosened(event, isSame) {
	const named = event.replace(/("id"\s*:\s*")[\w.:-]+(?=")/, `$1${MARKS.name}`);
	const fixed = named !== event && isSame(named.replace(MARKS.name, "other-1")) ? named : event;
	const timed = fixed.replace(/("created"\s*:\s*)(?:0|[1-9]\d*)(?=\s*[,}])/, `$1${MARKS.number}`);
	return timed !== fixed && isSame(timed.replace(MARKS.number, "17").replace(MARKS.name, "other-2")) ? timed : fixed;
}
function partsOf(event) {
	const parts = [];
	let from = 0;
	for (let at = 0; at <= event.length; at++) {
		const hole = HOLES.find(([, mark]) => mark === event[at])?.[0];
		if (hole === void 0 && at < event.length) continue;
		parts.push({
			...fixed(encoder.encode(event.slice(from, at))),
			hole
		});
		from = at + 1;
	}
	return parts;
}
function fixed(bytes) {
	const { length } = bytes;
	const view = new DataView(bytes.buffer, bytes.byteOffset, length);
	const words = Int32Array.from({ length: length >> 2 }, (_, i) => view.getInt32(4 * i, true));
	return {
		length,
		words,
		rest: bytes.slice(4 * words.length)
	};
}
const isToken = (chunk) => chunk !== void 0 && chunk.hasToken && !chunk.callsTool && !chunk.finished && chunk.usageTokens === void 0 && chunk.prompt === void 0;
/** Whether it may be the same in each answer: it brings no token, and no number that is another each time. */
const isFixed = (event) => event === "done" || !event.hasToken && !event.callsTool && event.usageTokens === void 0 && event.prompt === void 0;
const isEqual = (one, other) => one !== void 0 && Object.keys(other).every((key) => one[key] === other[key]);
/**
* Finds the piece in an event of this shape that begins at `from`.
*
* @param view the same bytes.
* @param piece is filled.
* @returns false if the event is another, or is not whole.
*/
function findPiece(bytes, view, from, { parts }, piece) {
	let at = from;
	for (const part of parts) {
		if (!isAt(bytes, view, at, part)) return false;
		at += part.length;
		const { hole } = part;
		if (hole === void 0) break;
		const start = at;
		if (hole === "piece") {
			piece.start = start;
			piece.isEscaped = false;
			while (at < bytes.length && bytes[at] !== QUOTE) {
				if (bytes[at] < SPACE) return false;
				if (bytes[at] === BACKSLASH) {
					at += lengthOfEscape(bytes, at);
					piece.isEscaped = true;
				} else at++;
			}
			piece.end = at;
		} else {
			const kind = hole === "name" ? IN_NAME : IN_NUMBER;
			while (at < bytes.length && (KINDS[bytes[at]] & kind) !== 0) at++;
			if (at === start || kind === IN_NUMBER && bytes[start] === ZERO && at > start + 1) return false;
		}
	}
	piece.behind = at;
	return true;
}
function isAt(bytes, view, from, { length, words, rest }) {
	if (bytes.length - from < length) return false;
	let at = from;
	for (let i = 0; i < words.length; i++, at += 4) if (view.getInt32(at, true) !== words[i]) return false;
	for (let i = 0; i < rest.length; i++) if (bytes[at + i] !== rest[i]) return false;
	return true;
}
/** Of an escape of JSON; what is none ends the text. */
function lengthOfEscape(bytes, at) {
	const code = bytes[at + 1];
	if (code !== LETTER_U) return code !== void 0 && (KINDS[code] & ESCAPED) !== 0 ? 2 : bytes.length;
	for (let i = at + 2; i < at + 6; i++) if ((KINDS[bytes[i] ?? 0] & HEXADECIMAL) === 0) return bytes.length;
	return 6;
}
const SPACE = 32;
const QUOTE = 34;
const ZERO = 48;
const BACKSLASH = 92;
const LETTER_U = 117;
const [IN_NAME, IN_NUMBER, ESCAPED, HEXADECIMAL] = [
	1,
	2,
	4,
	8
];
/** By byte, in what it may stand. */
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
	const character = String.fromCharCode(byte);
	return [
		[/[A-Za-z0-9_.:-]/, IN_NAME],
		[/[0-9]/, IN_NUMBER],
		[/["\\/bfnrt]/, ESCAPED],
		[/[0-9A-Fa-f]/, HEXADECIMAL]
	].reduce((sum, [of, kind]) => sum + (of.test(character) ? kind : 0), 0);
});

// src/core/protocol/openai-chunk-stream.ts
/**
* Reads a stream of completions event by event, each with the time of its first byte.
*
* Most events differ from others in nothing but the piece of the answer. Those are known by their bytes, and are
* not decoded, cut into lines and parsed, which is most of what reading a stream costs; see {@link TokenShape}.
*
* An object of few fields and no closures, here and in the sink: between two tokens of one stream come those of all others,
* so that each place in memory that only this stream uses is fetched anew, which takes longer than comparing the event.
*/
var ChunkStream = class {
	#sink;
	#keepsText;
	#shapes;
	#shape;
	#tries = MOST_TRIES;
	#isBetween = true;
	#first;
	#events;
	/**
	* @param keepsText whether anybody looks at the text of a chunk. Where nobody does it may be empty.
	* @param shapes what the streams of one endpoint learn from each other. It changes nothing of what is read.
	*/
	constructor(sink, keepsText, shapes) {
		this.#sink = sink;
		this.#keepsText = keepsText;
		this.#shapes = shapes;
	}
	/** Hands on the events that the bytes complete; false once the stream cannot be followed any more. */
	feed(bytes, atNs) {
		const read = this.#isBetween ? this.#skim(bytes, atNs) : 0;
		if (read === bytes.length) return true;
		const rest = read === 0 ? bytes : bytes.subarray(read);
		const data = this.#isBetween ? dataOfOne(rest) : void 0;
		if (data !== void 0) {
			const chunk = readEvent({
				data,
				event: void 0,
				atNs
			});
			this.#sink.take(chunk, atNs);
			this.#learn(rest, chunk);
			return true;
		}
		this.#first = void 0;
		this.#events ??= openEventStream((event) => {
			const chunk = readEvent(event);
			this.#first ??= chunk;
			this.#sink.take(chunk, event.atNs);
		});
		const goesOn = this.#events.feed(rest, atNs);
		if (this.#isBetween) this.#learn(rest, this.#first);
		this.#isBetween = this.#events.isBetween();
		return goesOn;
	}
	/** @returns where the first event begins that has no shape that is known. */
	#skim(bytes, atNs) {
		const shapes = this.#shapes;
		let from = 0;
		if (shapes.length === 0) return from;
		const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
		let shape = this.#shape;
		while (from < bytes.length) {
			if (shape === void 0 || !findPiece(bytes, view, from, shape, PIECE)) {
				const other = shapes.find((each) => each !== shape && findPiece(bytes, view, from, each, PIECE));
				if (other === void 0) break;
				if (!other.isFixed) this.#shape = shape = other;
				else {
					from = PIECE.behind;
					this.#sink.take(other.event, atNs);
					continue;
				}
			}
			from = PIECE.behind;
			this.#sink.take(this.#eventOf(shape, bytes), atNs);
			if (this.#tries !== MOST_TRIES) this.#tries = MOST_TRIES;
		}
		return from;
	}
	#eventOf(shape, bytes) {
		if (PIECE.end === PIECE.start) return NO_TOKEN;
		return this.#keepsText && shape.isVisible ? tokenOf(shape, textOf(bytes, PIECE)) : shape.event;
	}
	/** @param first of the events that the bytes hold; undefined where they complete none. */
	#learn(bytes, first) {
		const shapes = this.#shapes;
		if (this.#tries === 0 || first === void 0 || first !== "done" && !isChunk(first)) return;
		if (!hasToken(first) && (!isFixed(first) || shapes.filter((each) => each.isFixed).length >= MOST_FIXED)) return;
		this.#tries -= 1;
		const learned = shapeIn(bytes, first);
		if (learned === void 0) return;
		if (learned.isFixed) shapes.push(learned);
		else {
			shapes.unshift(learned);
			this.#shape = learned;
		}
		if (shapes.length > MOST_SHAPES) shapes.pop();
	}
};
const MOST_SHAPES = 8;
/** Of them those that have no piece. */
const MOST_FIXED = 4;
/** Where the last piece was found: one object for all, because there is a piece every few microseconds. */
const PIECE = {
	start: 0,
	end: 0,
	behind: 0,
	isEscaped: false
};
/** Events in a row whose shape is looked for in vain, before the stream is taken for one whose events have none. */
const MOST_TRIES = 6;
const tokenOf = ({ isVisible, isSaid }, piece) => ({
	hasToken: true,
	hasOutput: isVisible,
	text: piece,
	said: isSaid ? piece : "",
	callsTool: false,
	finished: false,
	usageTokens: void 0,
	prompt: void 0
});
const NO_TOKEN = {
	...tokenOf({
		isVisible: false,
		isSaid: false
	}, ""),
	hasToken: false
};
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
function textOf(bytes, { start, end, isEscaped }) {
	const text = decoder.decode(bytes.subarray(start, end));
	return isEscaped ? JSON.parse(`"${text}"`) : text;
}
const isChunk = (event) => event !== "done" && !("kind" in event);
const hasToken = (event) => event !== "done" && event.hasToken;
/** Of the first event in bytes that begin with it. */
function shapeIn(bytes, event) {
	const text = new TextDecoder().decode(bytes);
	const [blank] = /\r?\n\r?\n/.exec(text) ?? [];
	if (blank === void 0) return void 0;
	const whole = text.slice(0, text.indexOf(blank) + blank.length);
	if (!hasToken(event)) {
		const shape = fixedShapeOf(whole, readAlone);
		return shape && {
			...shape,
			isFixed: true,
			event
		};
	}
	const shape = tokenShapeOf(whole, (text) => {
		const read = readAlone(text);
		return read === "done" ? void 0 : read;
	});
	return shape && {
		...shape,
		isFixed: false,
		event: tokenOf(shape, "")
	};
}
/** What a whole stream of a single event holds that is no failure. */
function readAlone(text) {
	const read = [];
	openEventStream((event) => read.push(readEvent(event))).feed(new TextEncoder().encode(text), 0);
	const [event] = read;
	return event !== void 0 && read.length === 1 && (event === "done" || isChunk(event)) ? event : void 0;
}
function readEvent({ data, event }) {
	if (data.trim() === "[DONE]") return "done";
	let value;
	try {
		value = JSON.parse(data);
	} catch {
		return failed("body", `expected an event with JSON, got ${excerpt(data)}`);
	}
	const error = inBandError(value);
	if (error !== void 0) return error;
	if (event === "error") return failed("in-band", `the stream holds an error event: ${excerpt(JSON.stringify(value))}`);
	return readChunk(value);
}

// src/core/protocol/openai-stream.ts
/**
* Reads a streamed chat completion.
*
* - A *token event* brings a piece of the answer on any channel: content, reasoning, tool call, refusal. The role, an
*   empty delta, usage, comments and `[DONE]` are none.
* - The first token event is the time to first token, the last one the end: neither `[DONE]` nor the socket's close. The
*   first that is no reasoning is the time to first output.
* - Tokens are counted by the server's usage report, or where it sends none (or says 0) by token events.
* - It failed if a chunk holds an error or is not JSON, if it ended with neither a finish reason nor `[DONE]`
*   (truncated), or without a single token.
*
* Events are read as they come, at a microsecond each, where keeping them for the end would hold all streams' bytes in memory
* and then block the clock of the others for milliseconds.
*/
const openTokenStream = (target, label, said) => new TokenStream(target, label, said);
var TokenStream = class {
	#accepted = false;
	#done = false;
	#broken;
	#keepsText;
	#turn;
	#timesNs = [];
	#chunks;
	/** Of the first token that is no reasoning, among the times; -1 before it. */
	#firstOutput = -1;
	#check;
	#label;
	#beginning = new Body(QUOTE_CAP);
	#status = 0;
	#headers = {};
	#usageTokens;
	#prompt;
	#complete = false;
	#text = "";
	#wholeText = true;
	constructor(target, label, said) {
		this.#check = target.check;
		this.#label = label;
		this.#turn = said && new AssistantTurn(said);
		this.#keepsText = looksInside(target.check);
		this.#chunks = new ChunkStream(this, this.#keepsText || said !== void 0, shapesOf(target));
	}
	start(status, headers) {
		[this.#status, this.#headers] = [status, headers];
		this.#accepted = statusAccepted(this.#check, status);
	}
	data(chunk, atNs) {
		if (this.#timesNs.length === 0) this.#beginning.add(chunk);
		if (!this.#accepted || this.#broken !== void 0) return;
		if (!this.#chunks.feed(chunk, atNs)) this.#broken = failed("body", "an event of the stream is longer than 8 MiB");
	}
	end(atNs) {
		const lastTokenNs = this.#timesNs.at(-1);
		const answered = this.#judge();
		const result = this.#turn === void 0 ? answered : this.#turn.end(answered);
		return {
			result,
			endNs: result.kind === "ok" ? lastTokenNs : atNs
		};
	}
	take(event, atNs) {
		if (this.#done || this.#broken !== void 0) return;
		if (event === "done") this.#done = this.#complete = true;
		else if ("kind" in event) this.#broken = event;
		else {
			if (event.finished) this.#complete = true;
			if (event.usageTokens !== void 0) this.#usageTokens = event.usageTokens;
			if (event.prompt !== void 0) this.#prompt = event.prompt;
			if (event.hasToken) this.#addToken(atNs, event.hasOutput);
			if (this.#keepsText) this.#addText(event.text);
			this.#turn?.add(event);
		}
	}
	#addToken(atNs, isOutput) {
		const timesNs = this.#timesNs;
		if (isOutput && this.#firstOutput < 0) this.#firstOutput = timesNs.length;
		timesNs.push(atNs);
		if (timesNs.length > 1e6 + 1) this.#broken = endless(timesNs);
	}
	#addText(piece) {
		if (this.#text.length + piece.length > 8388608) this.#wholeText = false;
		if (this.#wholeText) this.#text += piece;
	}
	#judge() {
		if (!this.#accepted) return statusFailure(this.#check, this.#status, this.#beginning.text());
		if (this.#broken !== void 0) return this.#broken;
		const timesNs = this.#timesNs;
		const [firstTokenNs, lastTokenNs] = [timesNs[0], timesNs.at(-1)];
		const hasToken = firstTokenNs !== void 0 && lastTokenNs !== void 0;
		if (!hasToken && !this.#complete) return noStream(this.#beginning.text());
		if (!this.#complete) return failed("truncated", `the stream ended after ${timesNs.length} token events with neither finish_reason nor [DONE]`);
		if (!hasToken) return failed("body", "the stream is complete and brought no token");
		const failure = headersFailure(this.#check, this.#headers);
		if (failure !== void 0) return failure;
		const tokensFrom = this.#usageTokens === void 0 ? "events" : "usage";
		const firstOutputNs = timesNs[this.#firstOutput];
		const reasoning = firstOutputNs === firstTokenNs ? {} : { firstOutputNs: firstOutputNs ?? lastTokenNs };
		const tokens = this.#usageTokens ?? timesNs.length;
		const stream = {
			firstTokenNs,
			...reasoning,
			lastTokenNs,
			tokens,
			tokensFrom,
			gapsNs: gapsBetween(timesNs)
		};
		const prompt = this.#prompt === void 0 ? {} : { prompt: this.#prompt };
		return judged(this.#check, {
			text: this.#text,
			whole: this.#wholeText,
			label: this.#label
		}, {
			kind: "ok",
			stream,
			...prompt
		});
	}
};
/** What the streams of one target have learned: one that looked at each alone would spend half of its time on its first and last events. */
function shapesOf(target) {
	const known = learned.get(target) ?? [];
	learned.set(target, known);
	return known;
}
const learned = /* @__PURE__ */ new WeakMap();
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
	openResponse: (target, label) => target.stream ? openTokenStream(target, label) : openAnswer(target, label),
	openTurn: (target, said) => target.stream ? openTokenStream(target, void 0, said) : openAnswer(target, void 0, said)
};
function chatRequest(payload) {
	switch (payload.kind) {
		case "messages": return { messages: payload.messages };
		case "text": return {
			...fromUser(payload.text),
			...besideText(payload)
		};
		case "empty": return fromUser("Write one sentence about the sea.");
		case "json": return fromJson(payload);
		case "body": return fromMedium(payload);
		case "tensors": throw notCarried("openai-chat", payload, "give `messages:`, `text:` or `json:`, or use another protocol");
	}
}
/** A text, then the image as a data URL, or the recording with its format. */
function fromMedium(payload) {
	const medium = mediumOf(payload);
	const part = medium?.type === "image" ? {
		type: "image_url",
		image_url: { url: `data:${payload.contentType};base64,${base64(payload.bytes)}` }
	} : medium?.type === "audio" && medium.format !== void 0 ? {
		type: "input_audio",
		input_audio: {
			data: base64(payload.bytes),
			format: medium.format
		}
	} : void 0;
	if (part === void 0) throw notCarried("openai-chat", payload, "give `messages:`, `text:`, `image:`, `audio:` (wav or mp3) or `json:`, or use another protocol");
	return { messages: [{
		role: "user",
		content: [{
			type: "text",
			text: payload.prompt ?? (medium?.type === "image" ? "Describe this image." : "Write down what is said.")
		}, part]
	}] };
}
/** A whole request, a list of messages, or a text. */
function fromJson(payload) {
	const { value } = payload;
	if (Array.isArray(value)) return { messages: value };
	if (typeof value === "object" && value !== null && "messages" in value) return { ...value };
	const text = textOf$2(value);
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
		case "text": return {
			prompt: payload.text,
			...besideText(payload)
		};
		case "empty": return { prompt: SAMPLE_TEXT };
		case "json": {
			const { value } = payload;
			if (typeof value === "object" && value !== null && "prompt" in value) return { ...value };
			const text = textOf$2(value);
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
	content: (answer) => answer.data.map(({ embedding }) => embedding),
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
		case "text": return {
			input: payload.text,
			...payload.fields
		};
		case "empty": return { input: SAMPLE_TEXT };
		case "json": {
			const { value } = payload;
			if (Array.isArray(value)) return { input: value };
			if (typeof value === "object" && value !== null && "input" in value) return { ...value };
			const text = textOf$2(value);
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

// src/core/protocol/plain-stream.ts
/**
* Reads a stream of which nothing is known but that it comes in pieces. What a piece is, the answer's content type says:
*
* - `text/event-stream`: an event that has data, other than `[DONE]`. An event named `error`, or whose data is a JSON object
*   that holds an error as OpenAI-like and Open Inference servers write it, fails the answer.
* - `application/x-ndjson`, `application/jsonl` and the like: a line that is not empty, with the time of its first byte. A
*   line that holds an error fails the answer.
* - Anything else: what arrived at once. A server that flushes each piece is seen piece by piece; pieces that the network
*   put together are one.
*
* The first piece is the first token, and the answer ends with its last piece. How many tokens a piece holds nobody knows:
* each counts as one. Such a stream has no mark of its end, so that only HTTP can tell that it was cut off.
*/
function openPlainStream({ check }, label) {
	const body = new Body(looksInside(check) ? READ_CAP : QUOTE_CAP);
	const gapsNs = [];
	let status = 0;
	let headers = {};
	let accepted = false;
	let firstTokenNs;
	let lastTokenNs = 0;
	let broken;
	let pieces = CHUNKS(addPiece);
	function addPiece(atNs, text, isError) {
		if (broken !== void 0) return;
		broken = text === void 0 ? void 0 : errorIn(text, isError);
		if (broken !== void 0) return;
		if (firstTokenNs === void 0) firstTokenNs = atNs;
		else gapsNs.push(atNs - lastTokenNs);
		lastTokenNs = atNs;
		if (gapsNs.length > 1e6) broken = endless(gapsNs);
	}
	function judge(atNs) {
		if (!accepted) return statusFailure(check, status, body.text());
		pieces.end(atNs);
		if (broken !== void 0) return broken;
		if (firstTokenNs === void 0) return failed("body", "the stream ended without a single piece");
		const failure = headersFailure(check, headers);
		if (failure !== void 0) return failure;
		const stream = {
			firstTokenNs,
			lastTokenNs,
			tokens: gapsNs.length + 1,
			tokensFrom: "events",
			gapsNs
		};
		if (!looksInside(check)) return {
			kind: "ok",
			stream
		};
		return judged(check, {
			text: body.text(),
			whole: body.isWhole,
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
			pieces = piecesOf(headers["content-type"])(addPiece);
		},
		data: (chunk, atNs) => {
			body.add(chunk);
			if (!accepted || broken !== void 0) return;
			if (!pieces.feed(chunk, atNs)) broken = failed("body", "a piece of the stream is longer than 8 MiB");
		},
		end: (atNs) => {
			const result = judge(atNs);
			return {
				result,
				endNs: result.kind === "ok" ? lastTokenNs : atNs
			};
		}
	};
}
const CHUNKS = (onPiece) => ({
	feed: (chunk, atNs) => {
		if (chunk.length > 0) onPiece(atNs, void 0, false);
		return true;
	},
	end: () => {}
});
const EVENTS = (onPiece) => {
	return {
		feed: openEventStream(({ data, event, atNs }) => {
			if (data !== "" && data.trim() !== "[DONE]") onPiece(atNs, data, event === "error");
		}).feed,
		end: () => {}
	};
};
const LINES = (onPiece) => {
	const decoder = new TextDecoder();
	let rest = "";
	let restAtNs;
	const line = (text, atNs) => {
		if (text.trim() !== "") onPiece(atNs, text, false);
	};
	return {
		feed: (chunk, atNs) => {
			const parts = decoder.decode(chunk, { stream: true }).split("\n");
			for (const [i, part] of parts.entries()) {
				if (i > 0) {
					line(rest, restAtNs ?? atNs);
					[rest, restAtNs] = ["", void 0];
				}
				if (part !== "") restAtNs ??= atNs;
				rest += part;
			}
			return rest.length <= READ_CAP;
		},
		end: (atNs) => line(rest, restAtNs ?? atNs)
	};
};
/** Ollama and others send lines of JSON under these names. */
function piecesOf(contentType = "") {
	if (/^text\/event-stream\b/i.test(contentType)) return EVENTS;
	return /^application\/(?:x-)?(?:ndjson|jsonl|json-lines|jsonlines|json-seq|stream\+json)\b/i.test(contentType) ? LINES : CHUNKS;
}
function errorIn(text, isError) {
	if (!isError && !text.includes("\"error\"")) return void 0;
	let value;
	try {
		value = JSON.parse(text);
	} catch {
		value = void 0;
	}
	return inBandError(value) ?? (isError ? failed("in-band", `the stream holds an error event: ${text.slice(0, 150)}`) : void 0);
}

// src/core/protocol/raw.ts
/** Any HTTP endpoint: the payload is the body, and an accepted status with a body is an answer. */
const raw = {
	name: "raw",
	buildRequest: buildRequest$2,
	openResponse: openPlainResponse
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
/** An answer of any kind, read piece by piece where the suite says that it is a stream. */
function openPlainResponse(target, label) {
	return target.stream ? openPlainStream(target, label) : openPlainAnswer(target, label);
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
* (`inputs`), a text or the base64 of a medium as the only row (`instances`).
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
		return !isOfAnotherProtocol(outputs) && [
			predictions,
			outputs,
			results,
			result
		].some(isFilled);
	},
	content: (answer) => {
		const { predictions, outputs, results, result } = answer;
		return [
			predictions,
			outputs,
			results,
			result
		];
	},
	looksRight: /"(?:predictions|outputs|results?)"\s*:\s*[[{]/
};
/** KServe's tensors have the same name and another form: an endpoint of the other protocol has not predicted anything. */
const isOfAnotherProtocol = (outputs) => Array.isArray(outputs) && outputs.length > 0 && outputs.every((output) => [
	"name",
	"datatype",
	"shape"
].every((key) => Object.hasOwn(Object(output), key)));
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
			const text = textOf$2(value);
			if (text !== void 0) return JSON.stringify({ instances: [text] });
			throw notCarried("tf-serving", payload, "give an object with `instances` or `inputs`, or a text as \"…\" or {\"text\": \"…\"}");
		}
		case "body": {
			if (mediumOf(payload) === void 0) throw notCarried("tf-serving", payload, "give `tensors:`, `text:` or `json:`, or use another protocol");
			const bytes = { b64: base64(payload.bytes) };
			return JSON.stringify({ instances: [payload.input === void 0 ? bytes : { [payload.input]: bytes }] });
		}
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
* looks like. With `stream: true`, each chunk that a handler sends by `send_intermediate_predict_response` is a piece.
*
* Source: pytorch/serve, docs/inference_api.md.
*/
const torchserve = {
	name: "torchserve",
	buildRequest,
	openResponse: openPlainResponse
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
const driverOptions = ({ url, target, tls, nonces }) => {
	const protocol = protocols[target.protocol];
	const openResponse = answerOpener(protocol, target);
	const { openTurn } = protocol;
	return {
		url,
		headers: target.headers,
		timeoutS: target.timeoutS,
		maxInFlight: target.maxInFlight,
		connection: target.connection,
		tls: target.tls,
		material: tls,
		retry: target.retry,
		nonces,
		openResponse: (request) => request.session === void 0 ? openResponse(request) : protocol.openResponse({
			...target,
			method: request.method
		}, request.label),
		openTurn: openTurn && ((_, said) => openTurn(target, said)),
		readPhases: openPhaseReader(target.phases)
	};
};

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

// src/io/telemetry/kept-connection.ts
var import_http_parser = require_http_parser();
const LONGEST_PAGE = 16777216;
/** @param url `user:password@` in it becomes basic authorization. */
function keepConnection(url, maxBytes = LONGEST_PAGE) {
	const target = new URL(url);
	const request = requestOf(target);
	let idle;
	const ask = async (line, timeoutS, signal) => {
		const page = await line.ask(request, timeoutS, signal);
		if (line.isOpen()) idle = line;
		return page;
	};
	return {
		get: async (timeoutS, signal) => {
			signal?.throwIfAborted();
			const kept = idle;
			idle = void 0;
			if (kept?.isOpen() === true) {
				const page = await ask(kept, timeoutS, signal).catch((error) => {
					if (error instanceof StaleError) return void 0;
					throw error;
				});
				if (page !== void 0) return page;
			}
			return ask(openLine(target, maxBytes), timeoutS, signal);
		},
		close: () => idle?.close()
	};
}
/** The other side had ended a kept connection before it could answer: nothing is wrong with it. */
var StaleError = class extends Error {};
/** Whatever has come is read before the next thing comes: no two sockets need a buffer of their own. */
const BUFFER = Buffer.allocUnsafeSlow(65536);
function openLine(target, maxBytes) {
	const parser = new import_http_parser.HTTPParser(import_http_parser.HTTPParser.RESPONSE);
	let pending;
	let [answered, isReusable] = [0, true];
	let failure;
	const settle = (how) => {
		const settled = pending;
		pending = void 0;
		socket.unref();
		if (settled !== void 0) how(settled);
	};
	const fail = (error) => {
		isReusable = false;
		socket.destroy();
		settle(({ reject }) => reject(error));
	};
	const socket = connect(target, (bytes) => {
		if (pending === void 0) return fail(/* @__PURE__ */ new Error("the endpoint sent more than its answer"));
		pending.isBegun = true;
		const read = parser.execute(BUFFER, 0, bytes);
		if (read instanceof Error) fail(/* @__PURE__ */ new Error(`the answer is not HTTP (${read.message})`));
	});
	socket.on("error", (error) => failure = error);
	socket.on("close", () => {
		isReusable = false;
		if (failure === void 0) parser.finish();
		const isStale = answered > 0 && pending?.isBegun === false;
		settle(({ reject }) => reject(isStale ? new StaleError() : failure ?? /* @__PURE__ */ new Error("the connection ended before the answer did")));
	});
	parser[import_http_parser.HTTPParser.kOnHeadersComplete] = ({ statusCode, shouldKeepAlive }) => {
		if (pending !== void 0) pending.status = statusCode;
		if (!isInterim(statusCode)) isReusable &&= shouldKeepAlive;
	};
	parser[import_http_parser.HTTPParser.kOnBody] = (chunk) => {
		if (pending === void 0) return;
		pending.bytes += chunk.length;
		if (pending.bytes > maxBytes) fail(tooLong$1(target.href, maxBytes));
		else pending.body += pending.decoder.write(chunk);
	};
	parser[import_http_parser.HTTPParser.kOnMessageComplete] = () => {
		if (pending === void 0 || isInterim(pending.status)) return;
		answered++;
		if (!isReusable) socket.destroy();
		settle(({ status, body, decoder, resolve }) => resolve({
			status,
			body: body + decoder.end()
		}));
	};
	return {
		ask: (request, timeoutS, signal) => {
			const { promise, resolve, reject } = Promise.withResolvers();
			pending = {
				status: 0,
				body: "",
				bytes: 0,
				isBegun: false,
				decoder: new StringDecoder("utf8"),
				resolve,
				reject
			};
			const abort = () => fail(signal?.reason);
			const deadline = setTimeout(() => fail(new DOMException("no answer in time", "TimeoutError")), timeoutS * 1e3);
			signal?.addEventListener("abort", abort, { once: true });
			socket.ref();
			socket.write(request);
			return promise.finally(() => {
				clearTimeout(deadline);
				signal?.removeEventListener("abort", abort);
			});
		},
		isOpen: () => isReusable && !socket.destroyed,
		close: () => void socket.destroy()
	};
}
const isInterim = (status) => status < 200;
function connect({ protocol, hostname, port }, heard) {
	const host = hostname.replace(/^\[|\]$/g, "");
	const onread = {
		buffer: BUFFER,
		callback: (bytes) => {
			heard(bytes);
			return true;
		}
	};
	const isTls = protocol === "https:";
	const to = {
		host,
		port: Number(port) || (isTls ? 443 : 80),
		noDelay: true,
		onread
	};
	if (!isTls) return net.connect(to);
	return tls.connect({
		...to,
		...net.isIP(host) === 0 ? { servername: host } : {},
		ALPNProtocols: ["http/1.1"]
	});
}
function requestOf(target) {
	const headers = {
		host: target.host,
		...basicAuthorization(target.href)
	};
	const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
	return `GET ${target.pathname}${target.search} HTTP/1.1\r\n${lines.join("")}\r\n`;
}

// src/io/telemetry/program.ts
/** A line longer than this, or more lines at once than this, is no answer. */
const LONGEST_LINE = 16384;
const LONGEST_MESSAGE = 300;
/** Of the environment a local program gets what it needs to be found and to load: the rest may hold secrets. */
const PASSED_ON = /^(PATH|PATHEXT|LD_LIBRARY_PATH|HOME|TMPDIR|TEMP|TMP|SYSTEMROOT|SYSTEMDRIVE|WINDIR|PROGRAMFILES.*|NVIDIA_.*|CUDA_.*)$/i;
/**
* Runs a program and hands over its lines. It is not run by a shell, and this process lives as long as it does: whoever
* starts one that does not end by itself has to kill it.
*
* @param onLine without the line's end. Not called any more once the program was killed.
*/
function runProgram(program, args, { onLine, signal }) {
	let killed;
	const child = spawn(program, args, {
		stdio: [
			"ignore",
			"pipe",
			"pipe"
		],
		env: environment(),
		windowsHide: true
	});
	const kill = (why) => {
		killed ??= why;
		child.kill("SIGKILL");
		child.stdout.destroy();
		child.stderr.destroy();
	};
	const abort = () => kill("it was stopped");
	signal?.addEventListener("abort", abort, { once: true });
	if (signal?.aborted) abort();
	const errors = linesOf(child.stderr, () => killed !== void 0, kill);
	const output = linesOf(child.stdout, () => killed !== void 0, kill, onLine);
	return {
		ended: endOf(child, () => killed, () => errors() || output()).finally(() => signal?.removeEventListener("abort", abort)),
		kill
	};
}
async function endOf(child, killed, lastWords) {
	return new Promise((resolve) => {
		child.once("error", (error) => resolve(error.code === "ENOENT" ? "there is no such program on this machine" : `it cannot be run: ${error.code ?? error.message}`));
		child.once("close", (code, signal) => {
			const why = killed();
			if (why !== void 0) return resolve(why);
			if (code === 0) return resolve(void 0);
			const said = lastWords();
			resolve(`it ended with ${code === null ? `signal ${signal}` : `status ${code}`}${said === "" ? "" : ` and said "${said}"`}`);
		});
	});
}
/** Reads lines, and remembers the last one for a message. */
function linesOf(stream, isOver, kill, onLine = () => void 0) {
	let rest = "";
	let last = "";
	const give = (line) => {
		if (line.trim() !== "") last = line.trim();
		if (!isOver()) onLine(line.replace(/\r$/, ""));
	};
	stream.setEncoding("utf8");
	stream.on("data", (chunk) => {
		if (isOver()) return;
		const lines = (rest + chunk).split("\n");
		rest = lines.pop() ?? "";
		for (const line of lines) give(line);
		if (rest.length > LONGEST_LINE) kill(`it printed more than ${LONGEST_LINE} characters without a line's end`);
	});
	stream.on("end", () => {
		if (rest !== "") give(rest);
	});
	return () => last.slice(0, LONGEST_MESSAGE);
}
const environment = () => ({
	...Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => PASSED_ON.test(name) && value !== void 0 ? [[name, value]] : [])),
	LC_ALL: "C"
});

// src/io/telemetry/nvidia-smi.ts
/** Found by its name, as a shell would find it. */
const NVIDIA_SMI = "nvidia-smi";
/** Between two looks at who uses the GPUs: each is a process of its own. */
const LOOK_S = 10;
/** Lines in a row that are no answer: what prints them is not nvidia-smi, or it has nothing else to say. */
const MOST_GARBAGE = 200;
const LONGEST_PAUSE_S = 30;
/**
* Reads GPUs of this machine until aborted. One nvidia-smi answers in a loop (`-lms`): to start one for each sample
* costs tens of milliseconds of processor time, beside a load on the same machine, and initialises the driver anew where
* persistence mode is off. When it dies, hangs or prints something else it is started again, after a pause that doubles
* up to 30 s; every such end counts as a failure, with its reason.
*/
async function watchNvidiaSmi(watch) {
	const { program, at, now, signal, take } = watch;
	const gpus = gpusOfUrl(at.url) ?? "";
	let pauseS = at.source.intervalS;
	while (!signal.aborted) {
		const askedNs = now();
		const first = await ask(program, gpus, signal);
		if (signal.aborted) return;
		take(askedNs + (now() - askedNs) / 2n, first.kind === "answer" ? {
			kind: "scrape",
			scrape: readNvidiaSmi(first.rows)
		} : first);
		if (first.kind === "answer") {
			const { why, samples } = await loop(watch, gpus, first);
			if (signal.aborted) return;
			take(now(), {
				kind: "useless",
				why: `nvidia-smi stopped: ${why}`
			});
			if (samples > 5) pauseS = at.source.intervalS;
		}
		await setTimeout$1(pauseS * 1e3, void 0, {
			signal,
			ref: false
		}).catch(() => void 0);
		pauseS = Math.min(LONGEST_PAUSE_S, pauseS * 2);
	}
}
/** One answer, before any load. */
async function probeNvidiaSmi(program, url, signal) {
	const answer = await ask(program, gpusOfUrl(url) ?? "", signal);
	return answer.kind === "answer" ? {
		kind: "scrape",
		scrape: readNvidiaSmi(answer.rows)
	} : answer;
}
/**
* Asks once, for the fields that this nvidia-smi says it knows. A field that it refuses all the same is left out.
* Every refusal takes one field away, so this ends.
*/
async function ask(program, gpus, signal) {
	const help = await printed(program, ["--help-query-gpu"], signal);
	let fields = knownFields(help.text) ?? nvidiaSmiFields;
	for (;;) {
		const { text, why } = await printed(program, queryOf(fields, gpus), signal);
		const rows = text.split("\n").map((line) => readRow(fields, line)).filter((row) => row !== void 0);
		if (rows.length > 0) return {
			kind: "answer",
			fields,
			rows
		};
		const refused = refusedField(text);
		const fewer = fields.filter((field) => field !== refused);
		if (refused === void 0 || fewer.length === fields.length || refused === "uuid" || refused === "index") return {
			kind: "useless",
			why: `nvidia-smi: ${why ?? `it said "${text.trim().slice(0, 200)}", which is no answer`}`
		};
		fields = fewer;
	}
}
const only = (gpus) => gpus === "" ? [] : ["-i", gpus];
const queryOf = (fields, gpus) => [
	`--query-gpu=${fields.join(",")}`,
	"--format=csv,noheader,nounits",
	...only(gpus)
];
/** Until nvidia-smi ends, or is ended because it says nothing more or only garbage. */
async function loop({ program, at, now, signal, take }, gpus, { fields, rows }) {
	const { intervalS } = at.source;
	const reader = readRows(rows.length);
	let [samples, garbage] = [0, 0];
	let silence;
	const look = lookForProcesses(program, gpus, signal);
	const running = runProgram(program.path, [
		...queryOf(fields, gpus),
		"-lms",
		String(Math.round(intervalS * 1e3))
	], {
		signal,
		onLine: (line) => {
			if (line.trim() === "") return;
			const row = readRow(fields, line);
			if (row === void 0) {
				garbage++;
				take(now(), {
					kind: "useless",
					why: `nvidia-smi said "${line.trim().slice(0, 200)}"`
				});
				if (garbage > MOST_GARBAGE) running.kill(`it printed ${garbage} lines in a row that are no answer`);
				return;
			}
			garbage = 0;
			const complete = reader.push(row);
			if (complete === void 0) return;
			samples++;
			hear();
			const scrape = readNvidiaSmi(complete);
			const users = look.users();
			take(now(), {
				kind: "scrape",
				scrape: users === void 0 ? scrape : {
					...scrape,
					processes: readProcesses(users, scrape.gpus)
				}
			});
		}
	});
	const deadlineS = Math.max(program.patienceS, 3 * intervalS);
	const hear = () => {
		clearTimeout(silence);
		silence = setTimeout(() => running.kill(`it gave no sample for ${deadlineS} s`), deadlineS * 1e3).unref();
	};
	hear();
	const why = await running.ended ?? "it ended by itself";
	clearTimeout(silence);
	await look.stop();
	return {
		why,
		samples
	};
}
/** Asks now and then who has a compute context. Where that cannot be known, it is asked once. */
function lookForProcesses(program, gpus, signal) {
	const stopping = new AbortController();
	const both = AbortSignal.any([signal, stopping.signal]);
	let seen;
	const looking = (async () => {
		while (!both.aborted) {
			const { text, why } = await printed(program, [
				"--query-compute-apps=gpu_uuid,pid,process_name",
				"--format=csv,noheader,nounits",
				...only(gpus)
			], both);
			if (why !== void 0 || both.aborted) return;
			seen = text;
			await setTimeout$1(LOOK_S * 1e3, void 0, {
				signal: both,
				ref: false
			}).catch(() => void 0);
		}
	})();
	return {
		/** What the last look saw, once. */
		users: () => {
			const text = seen;
			seen = void 0;
			return text;
		},
		stop: async () => {
			stopping.abort();
			await looking;
		}
	};
}
/** Everything that one call prints, within a deadline. nvidia-smi complains on its standard output. */
async function printed({ path, patienceS }, args, signal) {
	const lines = [];
	const running = runProgram(path, args, {
		signal,
		onLine: (line) => lines.length < 5e3 && lines.push(line)
	});
	const deadline = setTimeout(() => running.kill(`it gave no answer within ${patienceS} s`), patienceS * 1e3).unref();
	const why = await running.ended;
	clearTimeout(deadline);
	return {
		text: lines.join("\n"),
		why
	};
}

// src/io/telemetry/prometheus-api.ts
/** @param url as people write it: with a path if the API lies below one, with or without `/api/v1`. */
function prometheusApi(url, timeoutS, signal) {
	const ask = async (path, parameters, read) => {
		try {
			const { status, body } = await getText(urlOf(url, path, parameters), {
				timeoutS,
				...signal === void 0 ? {} : { signal }
			});
			return read(status, body);
		} catch (error) {
			return {
				kind: "useless",
				why: reasonOf(error, timeoutS)
			};
		}
	};
	return {
		time: () => ask("query", { query: "time()" }, readTime),
		names: (selector, fromMs, toMs) => ask("label/__name__/values", {
			"match[]": selector,
			start: seconds(fromMs),
			end: seconds(toMs)
		}, readNames),
		instant: (query, atMs) => ask("query", {
			query,
			time: seconds(atMs)
		}, readSeries),
		range: (query, fromMs, toMs, stepS) => ask("query_range", {
			query,
			start: seconds(fromMs),
			end: seconds(toMs),
			step: String(stepS)
		}, readSeries)
	};
}
const seconds = (ms) => (Math.round(ms) / 1e3).toFixed(3);
function urlOf(base, path, parameters) {
	const url = new URL(base);
	url.hash = "";
	url.pathname = `${url.pathname.replace(/\/+$/, "").replace(/\/api\/v1$/, "")}/api/v1/${path}`;
	for (const [name, value] of Object.entries(parameters)) url.searchParams.append(name, value);
	return url.href;
}
/** Why a source did not answer, a sentence's end for people. */
function reasonOf(error, timeoutS) {
	if (!(error instanceof Error)) return "no answer";
	if (error.name === "TimeoutError") return `no answer within ${timeoutS} s`;
	const code = error.code;
	return typeof code === "string" && !error.message.includes(code) ? `${code}: ${error.message}` : error.message || error.name;
}

// src/core/telemetry/clock.ts
/** The answer to `time()` is cut to milliseconds. */
const RESOLUTION_NS = 1e6;
/**
* Compares a clock with ours by asking it for the time: it was read at some moment between question and answer, so the
* middle is right to half of that. The quickest of the last answers counts. One that contradicts it, beyond both errors,
* says that the clock was set: from then on only the newest count.
*
* Source: the offset of NTP (RFC 5905, section 8), with one time stamp of the server instead of two.
*/
function compareClocks() {
	let recent = [];
	let aheadS;
	let [least, most, worstNs] = [
		void 0,
		void 0,
		0
	];
	const best = () => recent.reduce((a, b) => a === void 0 || b.errorNs < a.errorNs ? b : a, void 0);
	return {
		hear: ({ serverMs, askedNs, answeredNs, wallMs }) => {
			const middleNs = askedNs + (answeredNs - askedNs) / 2n;
			const errorNs = Number(answeredNs - askedNs) / 2 + RESOLUTION_NS;
			const offsetNs = ms(serverMs) - middleNs;
			const known = best();
			recent = [...known !== void 0 && Math.abs(Number(offsetNs - known.offsetNs)) > known.errorNs + errorNs ? [] : recent.slice(-9), {
				offsetNs,
				errorNs
			}];
			aheadS ??= (serverMs - (wallMs - errorNs / 1e6)) / 1e3;
			const now = best();
			if (least === void 0 || now.offsetNs + BigInt(Math.ceil(now.errorNs)) < least.offsetNs + BigInt(Math.ceil(least.errorNs))) least = now;
			if (most === void 0 || now.offsetNs - BigInt(Math.ceil(now.errorNs)) > most.offsetNs - BigInt(Math.ceil(most.errorNs))) most = now;
			worstNs = Math.max(worstNs, now.errorNs);
		},
		toNs: (serverMs) => {
			const known = best();
			return known === void 0 ? void 0 : ms(serverMs) - known.offsetNs;
		},
		toMs: (atNs) => {
			const known = best();
			return known === void 0 ? void 0 : Number(atNs + known.offsetNs) / 1e6;
		},
		seen: () => {
			if (aheadS === void 0 || least === void 0 || most === void 0) return void 0;
			const movedNs = Number(most.offsetNs - least.offsetNs) - most.errorNs - least.errorNs;
			return {
				aheadS,
				movedS: Math.max(0, movedNs) / 1e9,
				uncertaintyS: worstNs / 1e9
			};
		}
	};
}
const ms = (value) => BigInt(Math.round(value)) * 1000000n;

// src/core/telemetry/rounds.ts
/** A target that was silent for this many intervals, and this long, is gone. */
const GONE_INTERVALS = 3;
const GONE_MS = 5e3;
const REMEMBERED_GAPS = 100;
/**
* A round has one scrape of every target within one interval, and stands at the mean of their times: so a sum of counters
* that rise alike is right at that time, although each was read at another. A round in which a target is missing is left
* out: the sum over the others would look like an improvement. With one target every scrape is a round.
*/
function openRounds() {
	const targets = /* @__PURE__ */ new Map();
	const gaps = [];
	const intervalMs = () => gaps.length === 0 ? void 0 : gaps.toSorted((a, b) => a - b)[gaps.length >> 1];
	const isGone = ({ queue, lastMs }, nowMs) => queue.length === 0 && nowMs - lastMs > Math.max(GONE_MS, GONE_INTERVALS * (intervalMs() ?? 0));
	const there = (nowMs) => [...targets.values()].filter((target) => !isGone(target, nowMs));
	return {
		push: (name, scrape) => {
			const target = targets.get(name);
			if (target === void 0) return void targets.set(name, {
				queue: [scrape],
				lastMs: scrape.atMs
			});
			gaps.push(scrape.atMs - target.lastMs);
			if (gaps.length > REMEMBERED_GAPS) gaps.shift();
			target.queue.push(scrape);
			target.lastMs = scrape.atMs;
		},
		take: (nowMs) => {
			const rounds = [];
			for (;;) {
				const awaited = there(nowMs);
				if (awaited.length === 0 || awaited.some(({ queue }) => queue.length === 0)) return rounds;
				const firstMs = Math.min(...awaited.map(({ queue }) => queue[0].atMs));
				const near = awaited.filter(({ queue }) => queue[0].atMs - firstMs < (intervalMs() ?? Number.POSITIVE_INFINITY));
				const scrapes = near.map(({ queue }) => queue.shift());
				if (near.length < awaited.length) continue;
				const atMs = scrapes.reduce((sum, scrape) => sum + scrape.atMs - firstMs, 0) / scrapes.length + firstMs;
				rounds.push({
					atMs,
					samples: scrapes.flatMap(({ samples }) => samples)
				});
			}
		},
		toldUntilMs: (nowMs) => {
			const times = there(nowMs).map(({ lastMs }) => lastMs);
			return times.length === 0 ? void 0 : Math.min(...times);
		},
		intervalMs
	};
}

// src/core/telemetry/prometheus-samples.ts
/** Before the first sample, so much of the past is asked for: the interval is seen from it, and counters begin before the load. */
const PAST_MS = 13e4;
/** After Prometheus was out of reach, at most so much is asked for at once. */
const MOST_MS = 6e5;
/** Series of one scrape may become visible one after the other, where they come by remote write. */
const SETTLES_MS = 2e3;
function openPrometheusSamples(at) {
	const groups = /* @__PURE__ */ new Map();
	const known = /* @__PURE__ */ new Map();
	const lastMs = /* @__PURE__ */ new Map();
	const groupOf = (target, samples) => {
		if (at.source.queries !== void 0 || Object.keys(at.source.metrics).length > 0) return "";
		const one = known.get(target) ?? {
			names: /* @__PURE__ */ new Set(),
			group: ""
		};
		known.set(target, one);
		const { size } = one.names;
		for (const { name } of samples) one.names.add(name);
		if (one.names.size > size) one.group = detectKinds(one.names).join();
		return one.group;
	};
	return {
		sinceMs: (nowMs) => {
			const open = [...groups.values()].map((rounds) => rounds.toldUntilMs(nowMs)).filter((each) => each !== void 0);
			if (lastMs.size === 0) return nowMs - PAST_MS;
			return Math.max(open.length === 0 ? Math.max(...lastMs.values()) : Math.min(...open), nowMs - MOST_MS);
		},
		take: (series, nowMs, isLast) => {
			for (const [target, scrapes] of scrapesOf(series)) for (const [atMs, samples] of [...scrapes].sort(([a], [b]) => a - b)) {
				if (atMs <= (lastMs.get(target) ?? Number.NEGATIVE_INFINITY) || !isLast && atMs > nowMs - SETTLES_MS) continue;
				lastMs.set(target, atMs);
				const group = groupOf(target, samples);
				const rounds = groups.get(group) ?? openRounds();
				groups.set(group, rounds);
				rounds.push(target, {
					atMs,
					samples
				});
			}
			return [...groups].flatMap(([group, rounds]) => rounds.take(nowMs).map(({ atMs, samples }) => ({
				group,
				atMs,
				result: readSamples(at.source, samples)
			})));
		},
		isToldUntil: (atMs, nowMs) => {
			const told = [...groups.values()].map((rounds) => rounds.toldUntilMs(nowMs)).filter((each) => each !== void 0);
			return told.length > 0 && Math.min(...told) >= atMs;
		},
		intervalMs: (group) => groups.get(group)?.intervalMs()
	};
}

// src/io/telemetry/promql.ts
/** A query that takes longer is too slow to be asked beside a load. */
const TIMEOUT_S$1 = 10;
/** Prometheus keeps its samples: it need not be asked as often as it scrapes. */
const POLL_S = 2;
/** A series may get its first sample at any time: which ones there are is asked anew in every so many polls. */
const POLLS_PER_LISTING = 5;
/** What the last blocks need comes with the next scrape. It is waited for, but not longer than this. */
const LONGEST_END_S = 20;
/** Asks a Prometheus server for what it scraped, until aborted. */
async function watchPrometheus({ at, now, ending, signal, take, hear }) {
	const api = prometheusApi(at.url, TIMEOUT_S$1, signal);
	const clock = compareClocks();
	const samples = openPrometheusSamples(at);
	const question = openQuestion(at, api);
	const poll = async (isLast) => {
		const askedNs = now();
		const time = await api.time();
		const failed = (why) => {
			if (!signal.aborted) take({
				group: "",
				atNs: now(),
				result: {
					kind: "useless",
					why
				},
				intervalS: void 0
			});
		};
		if (time.kind !== "answer") return failed(time.why);
		clock.hear({
			serverMs: time.value,
			askedNs,
			answeredNs: now(),
			wallMs: Date.now()
		});
		hear(clock);
		const answer = await question.ask(samples.sinceMs(time.value), time.value);
		if (answer.kind !== "answer") return failed(answer.why);
		for (const { group, atMs, result } of samples.take(answer.value, time.value, isLast)) {
			const intervalMs = samples.intervalMs(group);
			take({
				group,
				atNs: clock.toNs(atMs),
				result,
				intervalS: intervalMs === void 0 ? void 0 : intervalMs / 1e3
			});
		}
		return time.value;
	};
	while (!ending.aborted) {
		await poll(false);
		await setTimeout$1(POLL_S * 1e3, void 0, {
			signal: ending,
			ref: false
		}).catch(() => void 0);
	}
	const endNs = now();
	const deadlineNs = endNs + BigInt(LONGEST_END_S * 1e9);
	for (let isLast = false; !signal.aborted;) {
		const atMs = await poll(isLast);
		if (isLast || atMs === void 0 || !samples.isToldUntil(Number.NEGATIVE_INFINITY, atMs)) return;
		if (samples.isToldUntil(clock.toMs(endNs), atMs)) return;
		isLast = now() > deadlineNs;
		await setTimeout$1(500, void 0, { signal }).catch(() => void 0);
	}
}
/** One question, before any load: does Prometheus answer, and has it the series? */
async function probePrometheus(at, signal) {
	const api = prometheusApi(at.url, TIMEOUT_S$1, signal);
	const time = await api.time();
	if (time.kind !== "answer") return time;
	const answer = await openQuestion(at, api).ask(time.value - PAST_MS, time.value);
	if (answer.kind !== "answer") return answer;
	const newest = answer.value.flatMap(({ labels: { __name__: name = "", ...labels }, points }) => points.slice(-1).map(({ value }) => ({
		name,
		labels,
		value,
		timestampMs: void 0
	})));
	return readSamples(at.source, newest);
}
const openQuestion = (at, api) => at.source.queries === void 0 ? seriesQuestion(at, api) : expressionsQuestion(at, api);
/** Asks for Prometheus's own samples of the series that we can read. */
function seriesQuestion(at, api) {
	const wanted = seriesOf(at.source);
	const selector = selectionOf(at);
	let names = [];
	let asked = 0;
	return { ask: async (sinceMs, nowMs) => {
		if (names.length === 0 || asked++ % POLLS_PER_LISTING === 0) {
			const all = await api.names(selector, nowMs - PAST_MS, nowMs);
			if (all.kind !== "answer") return all;
			names = all.value.filter((name) => wanted(name));
			if (all.value.length === 0) return {
				kind: "useless",
				why: `Prometheus has no series ${selector}`
			};
			if (names.length === 0) return {
				kind: "useless",
				why: `none of the ${all.value.length} series ${selector} is one that can be read`
			};
		}
		return api.instant(samplesQuery(at, names, nowMs - sinceMs), nowMs);
	} };
}
/** Asks for the values of the suite's expressions, one for every step. A step is no shorter than the time between two scrapes. */
function expressionsQuestion(at, api) {
	const expressions = expressionsOf(at);
	let stepS;
	return { ask: async (sinceMs, nowMs) => {
		stepS ??= Math.max(at.source.intervalS, await scrapeIntervalS(at, api, nowMs));
		const stepMs = stepS * 1e3;
		const fromMs = (Math.floor(sinceMs / stepMs) + 1) * stepMs;
		const series = [];
		if (fromMs > nowMs) return {
			kind: "answer",
			value: series
		};
		for (const [metric, query] of expressions) {
			const answer = await api.range(query, fromMs, nowMs, stepS);
			if (answer.kind !== "answer") return {
				kind: "useless",
				why: `the query of ${metric}: ${answer.why}`
			};
			if (answer.value.length > 1) return {
				kind: "useless",
				why: `the query of ${metric} gives ${answer.value.length} series; write sum(…), max(…) or avg(…) around it`
			};
			series.push(...answer.value.map(({ points }) => ({
				labels: { __name__: metric },
				points
			})));
		}
		return {
			kind: "answer",
			value: series
		};
	} };
}
/** How far apart the scrapes of the targets are, by the series that Prometheus writes at every one; 0 where it has none. */
async function scrapeIntervalS(at, api, nowMs) {
	if (selectionOf(at) === braced()) return 0;
	const answer = await api.instant(samplesQuery(at, ["up"], PAST_MS), nowMs);
	const gaps = (answer.kind === "answer" ? answer.value : []).map(({ points }) => {
		const [first, last] = [points[0], points.at(-1)];
		return first === void 0 || last === void 0 || points.length < 2 ? 0 : (last.atMs - first.atMs) / (points.length - 1) / 1e3;
	});
	return Math.round(10 * Math.max(0, ...gaps)) / 10;
}

// src/io/telemetry/sampler.ts
const LOCAL_PROGRAMS = { nvidiaSmi: {
	path: NVIDIA_SMI,
	patienceS: 10
} };
/** An exporter that takes longer than this is too slow to be asked beside a load. */
const TIMEOUT_S = 5;
/** The last reading, when nothing is measured any more. */
const LAST_TIMEOUT_S = 1;
/**
* Asks every source every `intervalS` seconds until stopped: never two requests to one source at once, and a slow
* answer makes it skip, not catch up. Only what the suite needs is kept of an answer (some hundred bytes).
*
* @param now the monotonic clock that also times the load, in ns.
* @param heard called after every answer and every failure.
*/
function startSampler(sources, now, { nvidiaSmi } = LOCAL_PROGRAMS, heard = () => {}) {
	const keep = (own, atNs, result) => {
		add(own, atNs, result);
		heard();
	};
	const [ending, aborting] = [new AbortController(), new AbortController()];
	const until = {
		ending: ending.signal,
		signal: aborting.signal
	};
	const running = sources.map((at) => {
		if (at.source.kind === "promql") return samplePrometheus(at, now, until, keep);
		const own = opened(at);
		const take = (atNs, result) => keep(own, atNs, result);
		return {
			soFar: () => [own],
			ended: at.source.kind === "nvidia-smi" ? watchNvidiaSmi({
				program: nvidiaSmi,
				at,
				now,
				signal: until.ending,
				take
			}) : scrapeOften(at, now, until, take)
		};
	});
	const soFar = () => running.flatMap((each) => each.soFar());
	return {
		soFar,
		stop: async (signal) => {
			const abort = () => aborting.abort();
			if (signal?.aborted === true) abort();
			signal?.addEventListener("abort", abort, { once: true });
			ending.abort();
			await Promise.all(running.map(({ ended }) => ended));
			signal?.removeEventListener("abort", abort);
			return soFar();
		}
	};
}
/**
* One request to a source, before any load: is the URL right, and does it hold the expected series?
*
* @returns otherwise `reason`, a sentence's end for people: what came instead.
*/
async function probeTelemetry(at, signal, { nvidiaSmi } = LOCAL_PROGRAMS) {
	const result = await probed(at, signal, nvidiaSmi);
	return result.kind === "scrape" ? { ok: true } : {
		ok: false,
		reason: result.why
	};
}
async function probed(at, signal, nvidiaSmi) {
	if (at.source.kind === "nvidia-smi") return probeNvidiaSmi(nvidiaSmi, at.url, signal);
	if (at.source.kind === "promql") return probePrometheus(at, signal);
	const connection = keepConnection(at.url);
	const result = await scrapeOnce(at, connection, TIMEOUT_S, signal);
	connection.close();
	return result;
}
const opened = (at) => ({
	...at,
	scrapes: [],
	failures: 0,
	firstFailure: void 0
});
async function scrapeOften(at, now, { ending, signal }, take) {
	const intervalNs = BigInt(Math.round(at.source.intervalS * 1e9));
	const givingUp = new AbortController();
	const { signal: quiet } = givingUp;
	const giveUp = () => givingUp.abort();
	if (signal.aborted) giveUp();
	signal.addEventListener("abort", giveUp, { once: true });
	ending.addEventListener("abort", () => setTimeout(giveUp, LAST_TIMEOUT_S * 1e3).unref(), { once: true });
	const connection = keepConnection(at.url);
	const ask = async (timeoutS) => {
		const askedNs = now();
		const result = await scrapeOnce(at, connection, timeoutS, quiet);
		const answeredNs = now();
		if (!quiet.aborted && (result.kind === "scrape" || !ending.aborted)) take(askedNs + (answeredNs - askedNs) / 2n, result);
		return answeredNs;
	};
	let dueNs = now();
	while (!ending.aborted) {
		const answeredNs = await ask(TIMEOUT_S);
		dueNs += intervalNs * ((answeredNs - dueNs) / intervalNs + 1n);
		await setTimeout$1(Number(dueNs - now()) / 1e6, void 0, {
			signal: ending,
			ref: false
		}).catch(() => void 0);
	}
	if (!quiet.aborted) await ask(LAST_TIMEOUT_S);
	connection.close();
}
/** The groups of a Prometheus server's targets as sources of their own, each with the interval at which it is scraped. */
function samplePrometheus(at, now, { ending, signal }, keep) {
	const groups = /* @__PURE__ */ new Map();
	const none = opened(at);
	const startNs = now();
	let clock;
	const take = ({ group, atNs, result, intervalS }) => {
		if (result.kind === "useless") return keep(none, atNs, result);
		const known = groups.get(group) ?? {
			own: opened(at),
			intervalS
		};
		groups.set(group, known);
		known.intervalS = intervalS;
		if (atNs >= startNs - maxGapNs(intervalS ?? at.source.intervalS)) keep(known.own, atNs, result);
	};
	const soFar = () => {
		const seen = clock?.();
		return (groups.size === 0 ? [{
			own: none,
			intervalS: void 0
		}] : [...groups.values()]).map(({ own, intervalS }) => ({
			...own,
			source: {
				...own.source,
				intervalS: intervalS ?? own.source.intervalS
			},
			failures: none.failures,
			firstFailure: none.firstFailure,
			...seen === void 0 ? {} : { clock: seen }
		}));
	};
	return {
		soFar,
		ended: watchPrometheus({
			at,
			now,
			ending,
			signal,
			take,
			hear: (heard) => clock = heard.seen
		})
	};
}
function add(at, atNs, result) {
	if (result.kind === "scrape") at.scrapes.push({
		atNs,
		scrape: sharing(at.scrapes.at(-1), result.scrape)
	});
	else {
		at.failures++;
		at.firstFailure ??= result.why;
	}
}
async function scrapeOnce({ source }, connection, timeoutS, signal) {
	try {
		const { status, body } = await connection.get(timeoutS, signal);
		return status === 200 ? readScrape(source, body) : {
			kind: "useless",
			why: `HTTP status ${status}`
		};
	} catch (error) {
		return {
			kind: "useless",
			why: reasonOf(error, timeoutS)
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

export { CAPTURE_NAME, DEFAULT_CONNECTION, DEFAULT_LOAD, DEFAULT_MAX_IN_FLIGHT, DEFAULT_TLS, DISTRIBUTIONS, EXPOSITIONS, EXPOSITION_KINDS, GAUGE_NAMES, InputError, InputErrors, LOCAL_PROGRAMS, METRICS, METRIC_NAMES, NONCE_PLACEHOLDER, PHASES, PHASE_UNITS, RUN_IN_REQUESTS, SESSION_ID, SLOWDOWNS, USUAL_ROUTE, base64, braced, brokenPlaceholdersIn, captureReference, clip, defaultGates, driverOptions, excerpt, explain, exponential, flatHeaders, gpusOfUrl, hasBit, indexInSegment, integerBetween, isMetricName, isTimeout, joinPath, joined$1 as joined, localGpus, maxGapNs, metricsOf, nonceSlot, openConnection, openConnector, openDriver, openHttp2, openTraceIds, probeTelemetry, protocols, readAddress, readJsonPath, readJsonSchema, referencesIn, scrapesInside, sharing, shortFloat, shownSource, shownUrl, splitPlaceholders, startSampler, stream, stripeOf, tooLong$1 as tooLong, undiciVersion, uniform, windowsOf, withAnswerGuard, withDeadline, withErrorGuard, withSameAnswerGuard, withSessionGuard, worseSign };
//# sourceMappingURL=shared.js.map