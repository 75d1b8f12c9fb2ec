import { NEVER, _enum, array, boolean, date, datetime, discriminatedUnion, gammaln, globalRegistry, int, literal, markdownTable, max, mean, median, number as number$2, object, partialRecord, record as record$2, require_dist as require_dist$1, require_dist$1 as require_dist, require_encoding, require_fastest_levenshtein, sampleStandardDeviation, sampleVariance, strictObject, string, sum as sum$5, toJSONSchema, tuple, union, unknown as unknown$1, url as url$1 } from "./vendor.js";
import { DEFAULT_CONNECTION, DEFAULT_LOAD, DEFAULT_MAX_IN_FLIGHT, DEFAULT_TLS, InputError, InputErrors, USUAL_ROUTE, clip, defaultGates, driverOptions, explain as explain$1, exponential, flatHeaders, getText, integerBetween, isTimeout, joinPath, openConnection, openConnector, openDriver as openDriver$1, openHttp2, protocols, readAddress, readJsonPath, readJsonSchema, stream, stripeOf, tooLong, undiciVersion, uniform, withAnswerGuard, withDeadline, withErrorGuard } from "./shared.js";
import { X509Certificate, createHash, createPrivateKey, randomBytes } from "node:crypto";
import { parseArgs, promisify } from "node:util";
import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { basename, dirname, extname, isAbsolute, join as join$1, posix, relative, resolve as resolve$1 } from "node:path";
import { appendFile, glob, lstat, mkdir, open, readFile, readdir, realpath, rename, rm, stat } from "node:fs/promises";
import { availableParallelism, cpus } from "node:os";
import { setTimeout as setTimeout$1 } from "node:timers/promises";
import { execFile, spawn } from "node:child_process";
import { createInterface } from "node:readline";

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
		...measured$2(env, payload),
		defaultBranch: payload.repository?.default_branch,
		pullRequest: pull?.number,
		queuedPull: queuedPull(payload.merge_group?.head_ref),
		labels: pull?.labels?.map((label) => label.name) ?? [],
		fromFork: pull !== void 0 && pull.head.repo?.id !== id,
		headRepositoryId: pull?.head.repo?.id,
		runId: integer(env, "GITHUB_RUN_ID"),
		runAttempt: env["GITHUB_RUN_ATTEMPT"] ? integer(env, "GITHUB_RUN_ATTEMPT") : 1,
		workflowPath: workflowPath(env["GITHUB_WORKFLOW_REF"]),
		apiUrl: env["GITHUB_API_URL"] || "https://api.github.com",
		serverUrl: env["GITHUB_SERVER_URL"] || "https://github.com",
		hasToken: Boolean(env["GITHUB_TOKEN"] || env["INPUT_GITHUB-TOKEN"]),
		endedRun: payload.workflow_run && endedRun(payload.workflow_run),
		deployment: payload.deployment_status && deploymentStatus(payload.deployment_status)
	};
}
/** The page of the run that we are in. */
const runUrl = ({ serverUrl, repository, runId, runAttempt }) => `${serverUrl}/${repository.owner}/${repository.name}/actions/runs/${runId}/attempts/${runAttempt}`;
const sha = string().regex(/^[0-9a-f]{7,64}$/i, "expected a commit");
const time = datetime({ offset: true });
const ENDED_RUN = object({
	id: int().positive(),
	run_attempt: int().positive(),
	event: string(),
	head_sha: sha,
	head_branch: string().nullish(),
	head_repository: object({
		id: int(),
		owner: object({ login: string() })
	}).nullish(),
	repository: object({ id: int() }),
	conclusion: string().nullish(),
	path: string(),
	html_url: url$1(),
	run_started_at: time,
	updated_at: time
});
const DEPLOYMENT_STATUS = object({
	state: string(),
	environment: string().nullish(),
	description: string().nullish(),
	environment_url: string().nullish(),
	log_url: string().nullish(),
	created_at: time
});
const side = object({
	sha,
	ref: string(),
	repo: object({ id: int() }).nullish()
});
const PAYLOAD = object({
	repository: object({
		id: int(),
		default_branch: string().optional()
	}).optional(),
	pull_request: object({
		number: int().positive(),
		head: side,
		base: side,
		labels: array(object({ name: string() })).optional()
	}).optional(),
	merge_group: object({
		head_sha: sha,
		base_sha: sha,
		base_ref: string(),
		head_ref: string().optional()
	}).optional(),
	deployment: object({
		sha,
		ref: string().optional()
	}).optional(),
	deployment_status: DEPLOYMENT_STATUS.optional(),
	workflow_run: ENDED_RUN.optional()
});
/**
* Whether there are workflow artifacts here that the artifact client can read and write: on github.com and ghe.com. On
* a GitHub Enterprise Server it refuses to work, by this very rule.
*/
function hasArtifacts({ serverUrl }) {
	const host = URL.parse(serverUrl)?.hostname.toLowerCase() ?? "";
	return host === "github.com" || host.endsWith(".ghe.com") || host.endsWith(".localhost");
}
function measured$2(env, payload) {
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
const endedRun = (run) => ({
	id: run.id,
	attempt: run.run_attempt,
	event: run.event,
	headSha: run.head_sha,
	headBranch: run.head_branch ?? void 0,
	headRepository: run.head_repository ? {
		id: run.head_repository.id,
		owner: run.head_repository.owner.login
	} : void 0,
	repositoryId: run.repository.id,
	conclusion: run.conclusion ?? void 0,
	path: run.path.replace(/@.*$/, ""),
	url: run.html_url,
	startedAt: utc(run.run_started_at),
	updatedAt: utc(run.updated_at)
});
const deploymentStatus = (status) => ({
	state: status.state,
	environment: status.environment ?? "",
	description: status.description ?? "",
	environmentUrl: status.environment_url ?? "",
	logUrl: status.log_url ?? "",
	createdAt: utc(status.created_at)
});
const utc = (time) => new Date(time).toISOString();
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
	const part = [
		"pull_request",
		"workflow_run",
		"deployment_status"
	].find((name) => event.startsWith(name));
	if (part !== void 0 && result.data[part] === void 0) throw new InputError(`the event file ${path} is not a ${event} event: it has no ${part}`);
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
/** The queue names its branches: `refs/heads/gh-readonly-queue/main/pr-17-0123abc…`. */
function queuedPull(ref) {
	const [, number] = /^refs\/heads\/gh-readonly-queue\/.+\/pr-(\d{1,9})-[0-9a-f]{7,64}$/i.exec(ref ?? "") ?? [];
	return number === void 0 ? void 0 : Number(number);
}

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
	"cold.first_request": start("latency of the very first request"),
	"cold.first_success": start("time from the first request to the first correct answer"),
	"cold.steady": start("time from the first request to the beginning of the steady state, as warm-up: auto sees it"),
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
/** Time that the last attempt waited in our HTTP client, connecting apart; undefined if it never reached the wire. */
const clientQueueNs = ({ wireNs, attemptNs, connectNs, awaitedNs }) => wireNs === void 0 ? void 0 : wireNs - attemptNs - (connectNs ?? 0) - (awaitedNs ?? 0);
/**
* All of a request's latency that is our fault: late release and client queue. Undefined for an arrival that was never
* sent, which says nothing about how well we send.
*/
const ownDelayNs = (outcome) => outcome.result.kind === "failed" && outcome.result.why === "overflow" ? void 0 : outcome.dispatchedNs - outcome.intendedNs + (clientQueueNs(outcome) ?? 0);

// src/core/record/run-record.ts
const STOP_REASONS = [
	"decided",
	"failed",
	"spoiled",
	"budget",
	"futile"
];

// src/core/record/stored-shape.ts
const text$2 = (max) => string().max(max);
const SHORT = 1e3;
const LONG = 1e4;
const HISTOGRAM = 4e5;
const count$2 = int().nonnegative();
const seconds$4 = number$2().nonnegative();
/** An object with free keys, of bounded size, always in the order of its keys: equal records give equal bytes. */
const bounded = (values, maxKeys) => record$2(text$2(SHORT), values).refine((object) => Object.keys(object).length <= maxKeys, `expected at most ${maxKeys} entries`);
const sorted = (object) => Object.fromEntries(Object.entries(object).sort(([a], [b]) => a < b ? -1 : 1));
/** Keeps the keys this version knows: a newer tailgate of the same schema may have recorded more. */
const known$2 = (object, isKnown) => sorted(Object.fromEntries(Object.entries(object).filter(([key]) => isKnown(key))));
const byFailureKind = (values) => partialRecord(_enum(FAILURE_KINDS), values).transform((object) => sorted(object));
/** Absent in JSON, present and undefined in our types. */
const absent$1 = (schema) => schema.optional().transform((value) => value);
const gauge = object({
	n: int().positive(),
	mean: number$2(),
	min: number$2(),
	max: number$2()
});
const isDistributionName = (name) => DISTRIBUTIONS.includes(name);
const generator = object({
	seconds: int().positive(),
	pausedSeconds: count$2,
	pausedArrivals: count$2,
	pauseMaxS: seconds$4,
	loopDelayMaxS: seconds$4,
	utilization: number$2(),
	gcS: seconds$4,
	gcMaxS: seconds$4,
	stealRatio: absent$1(number$2()),
	machineBusyRatio: absent$1(number$2())
});
const block = object({
	index: count$2,
	pair: absent$1(count$2),
	startS: seconds$4,
	durationS: seconds$4,
	offered: count$2,
	ok: count$2,
	failures: byFailureKind(count$2),
	attempts: object({
		sent: count$2,
		retried: count$2
	}).exactOptional(),
	labelled: object({
		answers: count$2,
		wrong: count$2
	}).exactOptional(),
	tokens: absent$1(object({
		output: count$2,
		from: _enum([
			"usage",
			"events",
			"mixed"
		])
	})),
	histograms: bounded(text$2(HISTOGRAM), 100).transform((histograms) => known$2(histograms, isDistributionName)).describe("By distribution: HdrHistogram V2, compressed, base64; values in microseconds."),
	gauges: bounded(gauge, 1e3).transform((gauges) => known$2(gauges, isMetricName)).describe("By metric: telemetry samples inside the block, in the metric's base unit."),
	generator: generator.exactOptional()
});
const arm = object({
	warmUp: object({
		durationS: seconds$4,
		offered: count$2,
		ok: count$2,
		firstRequestS: absent$1(seconds$4),
		firstSuccessS: absent$1(seconds$4),
		steadyS: absent$1(seconds$4),
		steady: absent$1(boolean())
	}),
	blocks: array(block).max(1e5).describe("Ascending in time."),
	examples: byFailureKind(text$2(SHORT)).describe("The first failure seen of each kind, redacted.")
});
const load = discriminatedUnion("kind", [object({
	kind: literal("open"),
	ratePerS: seconds$4,
	arrivals: text$2(SHORT),
	durationS: seconds$4,
	shape: text$2(SHORT).exactOptional()
}), object({
	kind: literal("closed"),
	concurrency: count$2,
	durationS: seconds$4,
	shape: text$2(SHORT).exactOptional()
})]);
const looks = object({
	passes: array(int().positive()).min(1).max(64).describe("Passes over the load at each look at the evidence, ascending."),
	most: int().positive().max(1e3).describe("Most passes that the budget allowed."),
	stopped: _enum(STOP_REASONS).exactOptional()
}).refine(({ passes, most }) => passes.every((pass, i) => pass > (passes[i - 1] ?? 0) && pass <= most), "expected ascending passes up to most");
const scenario = object({
	name: text$2(SHORT),
	load,
	arms: object({
		base: arm.exactOptional(),
		head: arm.exactOptional()
	}),
	looks: looks.exactOptional()
});
/** One line of a run's journal: see `journal.ts`. */
const JOURNAL_LINE = object({
	scenario: text$2(SHORT),
	load,
	arm: _enum(["base", "head"]),
	part: arm
});
const accepted$1 = object({
	metric: text$2(SHORT),
	scenario: text$2(SHORT).exactOptional(),
	of: literal("limit").exactOptional(),
	largest: number$2(),
	by: text$2(SHORT),
	reason: text$2(SHORT),
	pull: int().positive(),
	until: date().exactOptional()
});
const provenance = object({
	repository: text$2(SHORT).exactOptional(),
	repositoryId: text$2(SHORT).exactOptional(),
	commit: text$2(SHORT).exactOptional(),
	baseCommit: text$2(SHORT).exactOptional(),
	ref: text$2(SHORT).exactOptional(),
	event: text$2(SHORT).exactOptional(),
	workflow: text$2(SHORT).exactOptional(),
	runId: text$2(SHORT).exactOptional(),
	runAttempt: text$2(SHORT).exactOptional(),
	accepted: array(accepted$1).min(1).max(1e3).exactOptional()
});
const problem$1 = object({
	severity: _enum(["invalid", "warning"]),
	code: text$2(SHORT),
	message: text$2(LONG),
	headline: text$2(SHORT).exactOptional(),
	scenario: text$2(SHORT).exactOptional(),
	arm: _enum(["base", "head"]).exactOptional()
});
const calibration = object({
	ratePerS: seconds$4,
	requests: count$2,
	releaseP50S: number$2(),
	releaseP99S: number$2(),
	biasP50S: number$2(),
	biasP99S: number$2()
});
const shard = object({
	index: int().positive().max(100),
	of: int().positive().max(100),
	startAt: datetime().exactOptional(),
	endpoints: text$2(SHORT)
}).refine(({ index, of }) => index <= of, "expected an index up to of");
/** The stored shape of a {@link RunRecord}: what the reader accepts, and the order in which the writer writes it. */
const STORED_RECORD = object({
	schema: literal(1),
	tool: text$2(SHORT),
	suite: object({
		name: text$2(SHORT),
		digest: text$2(SHORT),
		seed: int()
	}),
	provenance,
	environment: bounded(text$2(LONG), 1e3).transform(sorted),
	startedAt: datetime(),
	finishedAt: datetime(),
	status: _enum([
		"complete",
		"cancelled",
		"aborted"
	]),
	problems: array(problem$1).max(1e4),
	identity: absent$1(object({
		path: text$2(SHORT),
		expected: text$2(SHORT),
		observed: text$2(LONG),
		matches: boolean()
	})),
	calibration: calibration.exactOptional(),
	shard: shard.exactOptional().describe("Which part of a load this is; absent in a record of the whole load."),
	scenarios: array(scenario).max(1e3)
}).meta({
	title: "tailgate run record",
	description: "The stored result of one run. Times in seconds, sizes in bytes, ratios in [0, 1]."
});

// src/core/record/journal.ts
/** First line of the journal of a run. */
const journalHead = ({ startedAt, suite }) => `${JSON.stringify({
	journal: 1,
	startedAt,
	digest: suite.digest
})}\n`;
/** @throws {RangeError} on an entry that is none, for example one with NaN in it: a bug in the caller. */
function journalLine(entry) {
	const result = JOURNAL_LINE.safeParse(entry);
	if (!result.success) throw new RangeError(`not a journal entry: ${result.error.message}`);
	return `${JSON.stringify(result.data)}\n`;
}
/**
* Reads a journal, whoever wrote it. A crash tears the last line, and what comes after a torn line is not trusted either:
* the entries before it count.
*
* @returns undefined for a text that is no journal.
*/
function readJournal(text) {
	const [first = "", ...lines] = text.split("\n");
	const head = parsed(first);
	if (head?.journal !== 1 || typeof head.startedAt !== "string" || typeof head.digest !== "string") return void 0;
	const entries = [];
	for (const line of lines) {
		const result = JOURNAL_LINE.safeParse(parsed(line));
		if (!result.success) break;
		entries.push(result.data);
	}
	return {
		startedAt: head.startedAt,
		digest: head.digest,
		entries
	};
}
/**
* The record with the blocks that its journal has and it has not. A record that is complete, or a journal of another
* run, is left as it is.
*/
function withJournal(record, journal) {
	if (!(journal !== void 0 && journal.startedAt === record.startedAt && journal.digest === record.suite.digest) || record.status === "complete") return record;
	const scenarios = new Map(record.scenarios.map((scenario) => [scenario.name, scenario]));
	for (const entry of journal.entries) scenarios.set(entry.scenario, withEntry(scenarios.get(entry.scenario), entry));
	return {
		...record,
		scenarios: [...scenarios.values()]
	};
}
function withEntry(scenario, { scenario: name, load, arm, part }) {
	const known = scenario?.arms[arm];
	const indices = new Set(known?.blocks.map(({ index }) => index));
	const blocks = [...known?.blocks ?? [], ...part.blocks.filter(({ index }) => !indices.has(index))].toSorted((a, b) => a.index - b.index);
	const merged = {
		warmUp: part.warmUp,
		blocks,
		examples: {
			...part.examples,
			...known?.examples
		}
	};
	return {
		name,
		load,
		arms: {
			...scenario?.arms,
			[arm]: merged
		}
	};
}
function parsed(line) {
	try {
		return JSON.parse(line);
	} catch {
		return;
	}
}

// src/core/stats/grid.ts
var import_encoding = require_encoding();
var import_dist$1 = require_dist();
const HALF = 1024;
/** How many cells there are. */
const CELLS$1 = 23 * HALF;
/**
* The grid of an HdrHistogram of microseconds with three significant digits: cells 1 µs wide up to 2.048 ms, from there
* on 1024 cells to each doubling, up to 2³² µs. Cell i reaches from `EDGES_S[i]` to `EDGES_S[i + 1]`, in seconds; bins that
* were recorded on it hold these very numbers, so that equal edges are equal bits.
*/
const EDGES_S = edgesS();
/** The cell that begins at `lowS` seconds and ends at `highS`; undefined where the grid has none such. */
function cellFrom(lowS, highS) {
	const us = Math.round(lowS * 1e6);
	const doubling = Math.max(0, 21 - Math.clz32(us));
	const cell = doubling * HALF + Math.floor(us / 2 ** doubling);
	return EDGES_S[cell] === lowS && EDGES_S[cell + 1] === highS ? cell : void 0;
}
function edgesS() {
	const edges = /* @__PURE__ */ new Float64Array(23553);
	for (let i = 0; i <= CELLS$1; i++) {
		const doubling = Math.max(0, Math.floor(i / HALF) - 1);
		edges[i] = (i - doubling * HALF) * 2 ** doubling / 1e6;
	}
	return edges;
}

// src/core/stats/remember.ts
/**
* A pure function of a list that works once for each list: the same objects in the same order get the same answer, for
* as long as the first of them is in use. The percentiles of a distribution all read the same merged histograms.
*/
function oncePerList(work) {
	const known = /* @__PURE__ */ new WeakMap();
	return (items) => {
		const [first] = items;
		if (first === void 0) return work(items);
		const lists = known.get(first) ?? [];
		const found = lists.find((list) => list.items.length === items.length && list.items.every((item, i) => item === items[i]));
		if (found !== void 0) return found.answer;
		const answer = work(items);
		known.set(first, [...lists, {
			items: [...items],
			answer
		}]);
		return answer;
	};
}

// src/core/stats/bins.ts
const EMPTY_BINS = {
	low: /* @__PURE__ */ new Float64Array(),
	high: /* @__PURE__ */ new Float64Array(),
	count: /* @__PURE__ */ new Float64Array(),
	total: 0
};
/**
* Adds distributions that share one grid. Cost: O(total number of bins) on the grid that tailgate records on, times the
* log of the number of parts on any other; nothing for parts that were added before.
*
* @returns empty bins for no input; the order of the parts does not matter.
*/
function mergeBins(parts) {
	const filled = parts.filter((part) => part.total > 0);
	return filled.length < 2 ? filled[0] ?? EMPTY_BINS : mergeFilled(filled);
}
const mergeFilled = oncePerList((parts) => {
	const scaled = commonScaling(parts);
	if (scaled !== void 0) return scaleBins(mergeBins(scaled.from), scaled.factor);
	const cells = parts.map(cellsOf);
	if (cells.every((own) => own !== void 0)) return mergeOnGrid(parts, cells);
	let layer = parts;
	while (layer.length > 1) layer = layer.flatMap((part, i) => i % 2 === 1 ? [] : i + 1 < layer.length ? [mergeTwo(part, layer[i + 1])] : [part]);
	return layer[0];
});
/** Every value times a factor > 0. The result is on a grid of its own; it costs nothing until somebody asks for its edges. */
function scaleBins(bins, factor) {
	if (bins.total === 0) return EMPTY_BINS;
	const known = SCALED_TO.get(bins);
	if (known?.factor === factor) return known.bins;
	const times = (edges) => {
		const values = new Float64Array(edges.length);
		for (let i = 0; i < edges.length; i++) values[i] = edges[i] * factor;
		return values;
	};
	const scaled = withEdges(bins.count, bins.total, (side) => times(bins[side]));
	SCALED_TO.set(bins, {
		bins: scaled,
		factor
	});
	SCALED_FROM.set(scaled, {
		bins,
		factor
	});
	return scaled;
}
/** What all of these were scaled from by one factor; undefined where they were not. */
function commonScaling(parts) {
	const scalings = parts.map((part) => SCALED_FROM.get(part));
	const factor = scalings[0]?.factor;
	return factor !== void 0 && scalings.every((scaling) => scaling?.factor === factor) ? {
		from: scalings.map((scaling) => scaling.bins),
		factor
	} : void 0;
}
const SCALED_TO = /* @__PURE__ */ new WeakMap();
const SCALED_FROM = /* @__PURE__ */ new WeakMap();
/** Bins whose edges are worked out when they are first read: those of a block that is only merged never are. */
function withEdges(count, total, edges) {
	let low;
	let high;
	return {
		get low() {
			return low ??= edges("low");
		},
		get high() {
			return high ??= edges("high");
		},
		count,
		total
	};
}
/**
* How many values lie in the bins before each: `before[i]` is the sum of `count[0 … i − 1]`, `before[bins]` the total.
* Kept with the counts, which scaled bins share.
*/
function cumulativeCounts({ count }) {
	const known = CUMULATIVE.get(count);
	if (known !== void 0) return known;
	const before = new Float64Array(count.length + 1);
	for (let i = 0, sum = 0; i < count.length; i++) before[i + 1] = sum += count[i];
	CUMULATIVE.set(count, before);
	return before;
}
/** The bins that begin at a value or above it. */
function binsAbove(bins, value) {
	const from = bins.low.findIndex((edge) => edge >= value);
	if (from === 0) return bins;
	if (from < 0) return EMPTY_BINS;
	const count = bins.count.slice(from);
	return {
		low: bins.low.slice(from),
		high: bins.high.slice(from),
		count,
		total: count.reduce((sum, n) => sum + n, 0)
	};
}
const CUMULATIVE = /* @__PURE__ */ new WeakMap();
/**
* Bins on the grid of `grid.ts`.
*
* @param cells ascending numbers of cells, `count` how many values each of them holds, > 0.
*/
function binsOfCells(cells, count) {
	let total = 0;
	for (let i = 0; i < count.length; i++) total += count[i];
	const edges = (offset) => {
		const values = new Float64Array(cells.length);
		for (let i = 0; i < cells.length; i++) values[i] = EDGES_S[cells[i] + offset];
		return values;
	};
	const bins = withEdges(count, total, (side) => edges(side === "low" ? 0 : 1));
	CELLS.set(bins, cells);
	return bins;
}
/** The cell of each bin; undefined where some bin is none. */
function cellsOf(bins) {
	const known = CELLS.get(bins);
	if (known !== void 0) return known;
	const { low, high } = bins;
	const cells = new Uint16Array(low.length);
	for (let i = 0; i < cells.length; i++) {
		const cell = cellFrom(low[i], high[i]);
		if (cell === void 0) return void 0;
		cells[i] = cell;
	}
	CELLS.set(bins, cells);
	return cells;
}
const CELLS = /* @__PURE__ */ new WeakMap();
function mergeOnGrid(parts, cells) {
	const first = cells.reduce((least, own) => Math.min(least, own[0]), Number.POSITIVE_INFINITY);
	const last = cells.reduce((most, own) => Math.max(most, own.at(-1)), 0);
	if (parts.length === 2 && cells[0].length + cells[1].length < (last - first) / 4) return mergeTwoOnGrid(parts, cells);
	const counts = new Float64Array(last - first + 1);
	parts.forEach(({ count }, part) => {
		const own = cells[part];
		for (let i = 0; i < own.length; i++) counts[own[i] - first] += count[i];
	});
	let size = 0;
	for (let i = 0; i < counts.length; i++) if (counts[i] > 0) size++;
	const filled = new Uint16Array(size);
	const count = new Float64Array(size);
	for (let i = 0, bin = 0; bin < size; i++) {
		if (counts[i] === 0) continue;
		filled[bin] = first + i;
		count[bin++] = counts[i];
	}
	return binsOfCells(filled, count);
}
function mergeTwoOnGrid([a, b], [cellsA, cellsB]) {
	const cells = new Uint16Array(cellsA.length + cellsB.length);
	const count = new Float64Array(cells.length);
	let size = 0;
	for (let i = 0, k = 0; i < cellsA.length || k < cellsB.length; size++) {
		const ofA = i < cellsA.length ? cellsA[i] : Number.POSITIVE_INFINITY;
		const ofB = k < cellsB.length ? cellsB[k] : Number.POSITIVE_INFINITY;
		cells[size] = Math.min(ofA, ofB);
		count[size] = (ofA <= ofB ? a.count[i++] : 0) + (ofB <= ofA ? b.count[k++] : 0);
	}
	return binsOfCells(cells.slice(0, size), count.slice(0, size));
}
function mergeTwo(a, b) {
	const [lowA, lowB] = [a.low, b.low];
	const most = lowA.length + lowB.length;
	const low = new Float64Array(most);
	const high = new Float64Array(most);
	const count = new Float64Array(most);
	let size = 0;
	for (let i = 0, k = 0; i < lowA.length || k < lowB.length; size++) {
		const fromA = k >= lowB.length || i < lowA.length && lowA[i] <= lowB[k];
		const fromB = i >= lowA.length || k < lowB.length && lowB[k] <= lowA[i];
		low[size] = fromA ? lowA[i] : lowB[k];
		high[size] = fromA ? a.high[i] : b.high[k];
		count[size] = (fromA ? a.count[i] : 0) + (fromB ? b.count[k] : 0);
		if (fromA) i++;
		if (fromB) k++;
	}
	return {
		low: low.slice(0, size),
		high: high.slice(0, size),
		count: count.slice(0, size),
		total: a.total + b.total
	};
}

// src/core/record/hdr-payload.ts
/** Version 2, counts as ZigZag LEB128 of up to nine bytes; the four bits that are masked say how long a word is. */
const COOKIE = 478450435;
const HEADER_BYTES = 40;
/**
* Bins of an HdrHistogram as it lies in memory after its base64 and its compression were undone: a header, then one
* number a cell, where −n stands for n empty cells. Reads the settings of {@link Distribution} without building the
* histogram, whose 23,000 counts are nearly all zero.
*
* @returns undefined for other settings, which are not ours to read.
* @throws {RangeError} if the bytes end too early or count what no cell of the grid can hold.
*/
function binsOfPayload(bytes) {
	const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (bytes.length < HEADER_BYTES || (view.getUint32(0) & -241) !== COOKIE) throw new RangeError("not a histogram");
	const end = HEADER_BYTES + view.getUint32(4);
	if (!(view.getUint32(12) === 3 && view.getBigUint64(16) === 1n && view.getBigUint64(24) < 2n ** 32n)) return void 0;
	if (end > bytes.length) throw new RangeError("cut short");
	const cells = new Uint16Array(end - HEADER_BYTES);
	const counts = new Float64Array(end - HEADER_BYTES);
	let size = 0;
	let total = 0;
	for (let at = HEADER_BYTES, cell = 0; at < end;) {
		let value = bytes[at++];
		if (value >= 128) {
			value &= 127;
			for (let unit = 128, byte = 128; byte >= 128; unit *= 128) {
				if (at === end) throw new RangeError("cut short");
				byte = bytes[at++];
				if (unit === 2 ** 56) {
					value += byte * unit;
					break;
				}
				value += (byte & 127) * unit;
			}
		}
		if (value % 2 === 1) {
			cell += (value + 1) / 2;
			continue;
		}
		if (value > 0) {
			if (cell >= 23552) throw new RangeError("beyond the grid");
			cells[size] = cell;
			counts[size++] = value / 2;
			total += value / 2;
		}
		cell++;
	}
	if (!Number.isSafeInteger(total)) throw new RangeError("too many values");
	return total === 0 ? EMPTY_BINS : binsOfCells(cells.slice(0, size), counts.slice(0, size));
}

// src/core/record/distribution.ts
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
		this.#histogram = (0, import_dist$1.build)({
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
	* @param times how often, a whole number ≥ 1.
	* @throws {RangeError} on NaN or a negative value: both are bugs in the caller, and the library would count NaN as 0.
	*/
	recordNs(ns, times = 1) {
		if (!(ns >= 0)) throw new RangeError(`a duration must be ≥ 0 ns, got ${ns}`);
		const us = Math.min(Math.floor(ns / 1e3), HIGHEST_US);
		if (times === 1) this.#histogram.recordValue(us);
		else this.#histogram.recordValueWithCount(us, times);
	}
	/**
	* Adds what another distribution's {@link encode} wrote.
	*
	* @throws {RangeError} if the text is not an encoded histogram.
	*/
	addEncoded(encoded) {
		this.#histogram.add(decode$2(encoded));
	}
	/** HdrHistogram V2, compressed, base64: the interchange format of all HdrHistogram libraries. */
	encode() {
		return (0, import_dist$1.encodeIntoCompressedBase64)(this.#histogram);
	}
	bins() {
		return binsOf$1(this.#histogram);
	}
};
/**
* Reads what {@link Distribution.encode} (or any HdrHistogram library, in µs) wrote.
*
* @throws {RangeError} if the text is not an encoded histogram.
*/
function decodeBins(encoded) {
	return orRefuse(() => binsOfPayload((0, import_encoding.decompress)(Buffer.from(encoded, "base64"))) ?? binsOf$1(decode$2(encoded)));
}
const decode$2 = (encoded) => orRefuse(() => (0, import_dist$1.decodeFromCompressedBase64)(encoded, 64, false));
function orRefuse(read) {
	try {
		return read();
	} catch (cause) {
		throw new RangeError("not an encoded HdrHistogram", { cause });
	}
}
/**
* The distribution of every value times `factor`, in the same encoding: values are placed anew, so each is known to 0.1 %
* once more, and under 1 ms to a microsecond.
*
* @param factor > 0.
* @throws {RangeError} if the text is not an encoded histogram.
*/
function scaleEncoded(encoded, factor) {
	const { low, high, count } = decodeBins(encoded);
	const scaled = new Distribution();
	for (let i = 0; i < count.length; i++) scaled.recordNs((low[i] + high[i]) / 2 * factor * 1e9, count[i]);
	return scaled.encode();
}
/**
* The distribution of all values of several, in the same encoding: exactly what one that had recorded them all would write.
*
* @param parts at least one.
* @throws {RangeError} if a text is not an encoded histogram.
*/
function mergeEncoded(parts) {
	if (parts.length === 1) return parts[0];
	const whole = new Distribution();
	for (const part of parts) whole.addEncoded(part);
	return whole.encode();
}
/** A standard HdrHistogram log (format 1.3, values in µs), readable by every HdrHistogram tool. */
function histogramLog(startedAtMs, intervals) {
	let text = "";
	const writer = new import_dist$1.HistogramLogWriter((line) => {
		text += line;
	});
	writer.outputComment("[Logged with tailgate; values in microseconds]");
	writer.outputLogFormatVersion();
	writer.outputStartTime(startedAtMs);
	writer.outputLegend();
	for (const { tag, startS, durationS, histogram } of intervals) {
		const decoded = (0, import_dist$1.decodeFromCompressedBase64)(histogram, 64, false);
		decoded.tag = tag.replace(/[\s,]+/g, "_");
		writer.outputIntervalHistogram(decoded, startS, startS + durationS, 1);
	}
	return text;
}
function binsOf$1(histogram) {
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
function suggest$1(written, candidates) {
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
	if (!readerOf(quantity).test(text)) return unreadable$1(text, form);
	return quantity === "duration" ? durationOf$1(text) : { value: partOf$1(text, form) };
}
/** The regular expression of everything {@link parseQuantity} accepts (a duration's parts must also fall). Unicode flag. */
function patternOf(quantity) {
	const units = Object.keys(FORMS[quantity].units).sort((a, b) => b.length - a.length);
	const part = `${NUMBER$1}\\s*(?:${units.join("|")})`;
	if (quantity === "count") return `^${NUMBER$1}$`;
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
const NUMBER$1 = "\\d+(?:\\.\\d+)?";
const BARE_NUMBER = new RegExp(`^${NUMBER$1}$`);
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
function durationOf$1(text) {
	const form = FORMS.duration;
	const parts = [...text.matchAll(new RegExp(`${NUMBER$1}\\s*[^\\d\\s.]+`, "gu"))].map(([part]) => part);
	const order = parts.map((part) => sizeOfUnit(form.units[unitOf$2(part)]));
	if (order.some((size, i) => i > 0 && size >= order[i - 1])) return {
		problem: `"${text}" has its parts out of order`,
		hint: "write the largest unit first, each once: 1m30s"
	};
	return { value: parts.reduce((sum, part) => sum + partOf$1(part, form), 0) };
}
function partOf$1(text, form) {
	const [digits] = text.match(new RegExp(NUMBER$1)) ?? [""];
	const scale = form.units[unitOf$2(text)];
	if ("exponent" in scale) return Number(`${digits}e${scale.exponent}`);
	return "times" in scale ? Number(digits) * scale.times : Number(digits) / scale.per;
}
const unitOf$2 = (text) => text.replace(new RegExp(`^${NUMBER$1}\\s*`), "");
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
function unreadable$1(text, form) {
	const separated = text.replaceAll(/(?<=\d)[,_' ](?=\d{3}(?!\d))/g, "");
	if (separated !== text) return {
		problem: `"${text}" has a separator in its digits`,
		hint: `write ${separated}`
	};
	const [, digits = "", unit = ""] = text.match(new RegExp(`^(${NUMBER$1})\\s*(\\D+)$`)) ?? [];
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
const quantity = (kind, description, { most, least, allowZero = false } = {}) => unknown$1().transform((input, context) => {
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
const choice$1 = (words, description, { notYet = {}, alsoKnownAs = {}, unquoted = [] } = {}) => unknown$1().transform((input, context) => {
	const word = words.find((candidate) => candidate === input) ?? unquoted.find(([value]) => value === input)?.[1];
	if (word !== void 0) return word;
	if (typeof input !== "string") return reject(context, input, `${inWords(input)} is none of ${words.join(", ")}`);
	if (Object.hasOwn(notYet, input)) return reject(context, input, `"${input}" is not supported yet`, notYet[input]);
	const alias = alsoKnownAs[input.toLowerCase()];
	return reject(context, input, `"${input}" is not known here`, alias === void 0 ? suggest$1(input, words) : `write ${alias}`);
}).meta({
	...unquoted.length === 0 ? { type: "string" } : {},
	enum: [...words, ...unquoted.map(([value]) => value)],
	description
});
/** A string that may ask for environment variables: `Bearer ${env:API_TOKEN}`. */
const template = (description, accept = () => void 0) => string().min(1).check((context) => {
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
const path$1 = (description) => template(description, (text) => {
	if (/^(\/|\$\{env:)/.test(text) && !/\s/.test(text)) return void 0;
	return {
		problem: `"${text}" is not a path`,
		hint: `write "/${text.replace(/^https?:\/\/[^/]*\/?/, "").replaceAll(/\s+/g, "%20")}"`
	};
});
/** Path of a file beside the suite: relative, with forward slashes. */
const filePath = string().min(1).check((context) => {
	const { value: input } = context;
	const portable = input.replaceAll("\\", "/").replace(/^([A-Za-z]:)?\/+/, "");
	if (portable === input) return;
	const hint = `write it relative to the suite file and with forward slashes: ${portable}`;
	context.issues.push({
		code: "custom",
		message: `"${input}" is not a relative path`,
		input,
		params: { hint }
	});
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
	return JSON.stringify(typeof value === "string" ? shorten(value) : value);
}
const shorten = (text) => text.length > 40 ? `${text.slice(0, 40)}…` : text;
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

// src/core/accept/largest.ts
/** The number alone: a change for the worse, > 0, on the scale on which the metric changes, or a value in its unit. */
const sizeOf$1 = (largest) => largest.of === "limit" ? largest.value : largest.size;
/** In what the change of a metric is told, judged and accepted. */
const changeUnit = (metric) => !comparedAsDifference(metric) ? "percent" : METRICS[metric].unit === "ratio" ? "points" : "degrees";
/** Reads what stands after `up to`. All targets must be told in the same unit. */
function readLargest(text, of, targets) {
	const metrics = targets.map(({ metric }) => metric);
	return of === "limit" ? readValue(text, metrics) : readChange(text, metrics);
}
function readValue(text, metrics) {
	const [first, ...others] = metrics;
	if (first === void 0 || first === "*" || others.includes("*")) return {
		problem: "a limit cannot be accepted with *",
		hint: "name the metric: a hard limit is there so that nobody passes it by accident"
	};
	const { unit } = METRICS[first];
	const odd = others.find((metric) => metric !== "*" && METRICS[metric].unit !== unit);
	if (odd !== void 0) return {
		problem: `${first} and ${odd} have different units`,
		hint: "accept them in two lines"
	};
	const read = inQuantity(text, QUANTITY_OF_UNIT[unit]);
	if (read.value === void 0) return {
		problem: read.problem,
		hint: read.hint
	};
	return {
		of: "limit",
		value: read.value
	};
}
function readChange(text, metrics) {
	const written = unitOf$1(text);
	if (written === void 0) return {
		problem: `"${text}" is no size of a change`,
		hint: "write a percentage, for example 30%"
	};
	const odd = metrics.find((metric) => metric !== "*" && changeUnit(metric) !== written);
	if (odd !== void 0 && odd !== "*") {
		const unit = changeUnit(odd);
		return {
			problem: `${odd} changes by ${NAMES$1[unit]}, not by ${NAMES$1[written]}`,
			hint: `write it like "up to ${EXAMPLES[unit]}"`
		};
	}
	const number = text.replace(/\s*(?:points?|pp)$/i, "%");
	const read = inQuantity(number, {
		percent: "percent",
		points: "points",
		degrees: "temperature difference"
	}[written]);
	if (read.value === void 0) return {
		problem: read.problem,
		hint: read.hint
	};
	if (read.value === 0) return {
		problem: "no change is no regression to accept",
		hint: "write how much worse it may be"
	};
	const falls = metrics.find((metric) => metric !== "*" && METRICS[metric].better === "higher");
	if (falls !== void 0 && written === "percent" && read.value >= 1) return {
		problem: `${falls} cannot lose more than all of itself`,
		hint: "write less than 100%"
	};
	return {
		of: "regression",
		in: written,
		size: read.value
	};
}
/** The unit is what a reader sees in the report: a share of requests changes by points, since a percentage of it would mislead. */
function unitOf$1(text) {
	if (/\d\s*%$/.test(text)) return "percent";
	if (/\d\s*(?:points?|pp)$/i.test(text)) return "points";
	return /\d\s*°?C$/.test(text) ? "degrees" : void 0;
}
const NAMES$1 = {
	percent: "a percentage",
	points: "points",
	degrees: "degrees"
};
const EXAMPLES = {
	percent: "30%",
	points: "2 points",
	degrees: "5°C"
};
const inQuantity = (text, quantity) => parseQuantity(quantity === "count" && /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : text, quantity);

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
	const scale = scales.findLast(({ factor }) => significant$1(value / factor) >= 1) ?? scales[0];
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
const significant$1 = (value) => Number(value.toPrecision(3));
/** Three significant digits, but never fewer than the whole number: 1234.5 reads 1,235. */
const digits = (value) => value >= 1e3 ? Math.round(value).toLocaleString("en-US") : String(significant$1(value));
/** Two significant digits below 10 %, whole percents above; less than a thousandth of a percent is nothing. */
const percentDigits = (percent) => percent < 5e-4 ? "0" : percent >= 9.95 ? digits(Math.round(percent)) : percent >= .995 ? String(Number(percent.toFixed(1))) : String(Number(percent.toPrecision(2)));
const signed$1 = (value, size) => size === "n/a" ? size : /^0(?![.\d])/.test(size) ? `±${size}` : `${value < 0 ? MINUS : "+"}${size}`;

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
function changeText$1({ metric, delta }) {
	if (delta === void 0) return "changed";
	return delta.scale === "relative" && delta.relative !== void 0 ? formatChange(delta.relative) : formatDifference(delta.absolute, METRICS[metric].unit);
}
/** `+10 %` or `+0.5 points`: a size of worsening, given in the direction that is worse for the metric. */
function worseningText({ metric, delta }, size) {
	const signed = METRICS[metric].better === "lower" ? size : -size;
	return delta?.scale === "difference" ? formatDifference(signed, METRICS[metric].unit) : formatChange(signed);
}
/** The smallest change that would be caught, as {@link worseningText}; from a hundredfold on it catches nothing that occurs. */
const resolvableText = (comparison, size) => comparison.delta?.scale === "relative" && size >= 99 ? "> ×100" : worseningText(comparison, size);
/** `stays below its limit of 500 ms (at most 41 ms)` and its relatives. */
function limitSentence({ metric, gate, limit }, word) {
	const { unit, better, measure } = METRICS[metric];
	const mark = formatQuantity(gate?.limit ?? NaN, unit);
	if (limit === void 0) return `was not measured, so its limit of ${mark} cannot be checked`;
	const [low, high] = [limit.low, limit.high].map((bound) => bound === void 0 ? void 0 : formatQuantity(bound, unit));
	const [inside, outside] = better === "lower" ? ["below", "over"] : ["above", "under"];
	const value = formatQuantity(limit.value, unit);
	if (measure.kind === "start") return `${word === "pass" ? `stays ${inside} its limit of ${mark} (${value})` : `is ${value}, ${outside} its limit of ${mark}`}: a fact of this run, which says little about the next start`;
	if (word === "pass") return `stays ${inside} its limit of ${mark} (${value}${(better === "lower" ? high && `, at most ${high}` : low && `, at least ${low}`) ?? ""})`;
	if (word === "fail") return `is ${value}, ${outside} its limit of ${mark} beyond chance (${((better === "lower" ? low && `, at least ${low}` : high && `, at most ${high}`) ?? "").replace(/^, /, "")})`;
	return `is ${value}${low !== void 0 && high !== void 0 ? `, somewhere in ${low} … ${high}` : ""}: too uncertain to say on which side of its limit of ${mark}`;
}
/** Why an obstacle keeps a conclusion from being drawn, as the end of a sentence. */
function obstacleText({ code, detail }) {
	const number = (key) => Number(detail[key]);
	const count = (key) => formatQuantity(number(key), "1");
	const stray = () => "unit" in detail ? formatDifference(number("by"), detail["unit"]) : formatChange(number("by"));
	switch (code) {
		case "not-measured": return "the head has no data for it";
		case "no-baseline": return "there is nothing to compare with";
		case "base-not-measured": return "the baseline has no data for it";
		case "too-few-blocks": return "there are fewer than two blocks to see the noise from; measure for longer or make blocks shorter";
		case "not-assessable": return "needed" in detail ? `only about ${count("exceedances")} requests lie beyond the percentile, and ${count("needed")} are needed to say that it did not move` : `its upper bound lies beyond the slowest request seen: the ${count("exceedances")} requests beyond the percentile come in bursts and are too few`;
		case "censored": return `it lies among the requests that ran into their deadline of ${formatQuantity(number("deadlineS"), "s")}${number("base") === 1 ? ", in the baseline too" : ""}, so it is only known to be at least that`;
		case "token-count-differs": return "headFrom" in detail ? `the arms count tokens in different ways (${detail["baseFrom"]} and ${detail["headFrom"]})` : `the answers have another length (${count("basePerRequest")} → ${count("headPerRequest")} tokens per request, ${formatChange(number("change"))})`;
		case "shape-disagrees": return `the distribution as a whole did not move with it (Mann–Whitney p = ${pText$1(number("p"))})`;
		case "blocks-dropped": return `${count("dropped")} blocks had no counterpart with data (${count("pairs")} pairs were compared)`;
		case "too-few-runs": return `${runs(number("runs"))} only, ${count("needed") === count("runs") ? "" : `${number("needed") - number("runs")} more to go`}`;
		case "runs-disagree": return `only ${count("beyond")} of ${count("runs")} runs of the head ${number("beyond") === 1 ? "is" : "are"} worse by that much`;
		case "single-start": return "one start each cannot be told from chance; three stored runs and more can judge it, or a limit";
		case "level-unsettled": return `the newest stored run lies ${stray()} off those before it (${detail["run"]}), and the verdict hangs on whether the branch has moved or that run is an outlier; the next stored run tells`;
		case "like-an-outlier": return `a stored run was ${stray()} off the others with nothing changed (${detail["run"]}), and one run of the head cannot be told from such a run; measure the head again`;
		case "different-hosts": return "base and head ran on different machines or GPUs as far as can be seen, and the difference between machines is part of the uncertainty; if they share one, say decision.same-host: yes";
	}
}
const pText$1 = (p) => p < .001 ? "< 0.001" : String(Number(p.toPrecision(2)));
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
	const [low, high] = boundsOf$1(delta);
	return low !== void 0 && high !== void 0 && low <= 0 && high >= 0;
}
const boundsOf$1 = (delta) => delta.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta.low, delta.high];
function intervalOf(delta, metric) {
	const [low, high] = boundsOf$1(delta);
	if (low === void 0 && high === void 0) return "";
	const text = (bound) => bound === void 0 ? "unbounded" : delta.scale === "difference" ? formatDifference(bound, METRICS[metric].unit) : formatChange(bound);
	return `${text(low)} … ${text(high)}`;
}

// src/core/decide/acceptance-words.ts
/** What is not accepted and why, what is and by whom, then the commands that could not be read. Empty where nobody tried. */
function acceptanceLines$1(acceptance) {
	const { failed, label, unread } = acceptance;
	if (!(label.isSet || unread.length > 0 || failed.some(({ outcome }) => outcome.kind !== "not-named" || outcome.elsewhere))) return [];
	return [...failed.toSorted((a, b) => Number(a.outcome.kind === "accepted") - Number(b.outcome.kind === "accepted")).map((failure) => lineOf(failure, acceptance)), ...unread.map(({ by, text, problem, hint, isWithdrawal }) => {
		return { text: `@${by} wrote “${text}”, which ${isWithdrawal ? "takes back all that was accepted before it" : "does nothing"}: ${problem}; ${hint}` };
	})];
}
/** `@alice`, `@alice and @bob`: everybody who accepted a part of what failed. */
function acceptedBy({ failed }) {
	const names = [...new Set(failed.flatMap(({ outcome }) => outcome.kind === "accepted" ? [`@${outcome.by}`] : []))];
	if (names.length > 3) return `${names[0]} and ${names.length - 1} others`;
	return names.length < 2 ? names.join("") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}
/** `latency.p99 in steady up to +30 % by @alice in #123: the new tokenizer needs it`, from any version's record. */
function recordedText({ metric, scenario, of, largest, by, reason, pull, until }) {
	const size = !isMetricName(metric) ? String(largest) : of === "limit" ? formatQuantity(largest, METRICS[metric].unit) : worseningText({
		metric,
		delta: { scale: changeUnit(metric) === "percent" ? "relative" : "difference" }
	}, largest);
	return `${`${of === "limit" ? "limit of " : ""}${metric}${scenario === void 0 ? "" : ` in ${scenario}`}`} ${isMetricName(metric) && METRICS[metric].better === "higher" ? "down" : "up"} to ${size} by @${by} in #${pull}${until === void 0 ? "" : `, until ${until}`}: ${reason}`;
}
function lineOf(failure, acceptance) {
	const { scenario, comparison, outcome } = failure;
	const place = `${comparison.metric} in ${scenario}`;
	if (outcome.kind === "accepted") return { text: `${place}: measured ${measured$1(failure)}, ${acceptedText(outcome, failure, acceptance)}` };
	const text = `${place} is not accepted: ${whyNot(outcome, failure, acceptance)}`;
	return [
		"too-large",
		"not-named",
		"expired"
	].includes(outcome.kind) ? {
		text,
		command: suggestion(failure)
	} : { text };
}
function acceptedText(accepted, { comparison }, { author }) {
	const { by, isEdited, largest, until, reason } = accepted;
	return [
		`accepted ${bound(largest, comparison)} by @${by}`,
		...by.toLowerCase() === author.toLowerCase() ? [", the author of this pull request"] : [],
		...isEdited ? [", in a comment that was edited"] : [],
		...until === void 0 ? [] : [`, until ${until}`],
		`: ${reason}`
	].join("");
}
function whyNot(outcome, failure, { label }) {
	const { comparison } = failure;
	switch (outcome.kind) {
		case "too-large": {
			const [value, most] = apart(failure, outcome.largest);
			return `measured ${value}, accepted ${most} by @${outcome.by}`;
		}
		case "expired": return `@${outcome.by} accepted it until ${outcome.until}, which has passed`;
		case "withdrawn": return outcome.unread ? `@${outcome.by} wrote a withdrawal that cannot be read` : `@${outcome.by} took it back`;
		case "no-permission": return `@${outcome.by} may not accept it: the role ${outcome.role} cannot push to this repository`;
		case "no-label": return `@${outcome.by} accepted it ${bound(outcome.largest, comparison)}, and the label ${label.name} is missing`;
		case "no-change": return `there is no change to compare with what @${outcome.by} accepted`;
		case "not-named": {
			const what = failure.of === "limit" ? "its broken limit" : "it";
			if (outcome.elsewhere !== void 0) return `what @${outcome.elsewhere} accepted is not about ${what}; someone who can push could write`;
			const [before, after] = label.isSet ? [`the label ${label.name} is set, and `, ""] : ["", `, and the label ${label.name} is missing`];
			return `${before}no comment says how much of ${what} is accepted${after}; someone who can push could write`;
		}
	}
}
/** `+41 %`, or `620 ms, over its limit of 500 ms`. */
function measured$1({ of, comparison }) {
	const { unit, better } = METRICS[comparison.metric];
	if (of === "regression") return changeText$1(comparison);
	const [value, mark] = [comparison.limit?.value, comparison.gate?.limit].map((number) => formatQuantity(number ?? NaN, unit));
	return `${value}, ${better === "lower" ? "over" : "under"} its limit of ${mark}`;
}
/** `up to +30 %`, `down to 40/s`. */
function bound(largest, comparison) {
	const { unit, better } = METRICS[comparison.metric];
	const size = largest.of === "limit" ? formatQuantity(largest.value, unit) : worseningText(comparison, largest.size);
	return `${better === "lower" ? "up" : "down"} to ${size}`;
}
/** What was measured and what was accepted, with as many digits as it takes to see that they differ. */
function apart(failure, largest) {
	const { comparison } = failure;
	const most = bound(largest, comparison);
	const value = measured$1(failure);
	if (!most.endsWith(` ${value.split(",")[0]}`)) return [value, most];
	const digits = (number) => exact(Number((number ?? 0).toPrecision(6)), failure);
	return [digits(badness(failure)), most.replace(/ to .*/, ` to ${digits(sizeOf$1(largest))}`)];
}
/** The number that is compared with the accepted one, > 0 for a regression. */
function badness({ of, comparison: { metric, delta, limit } }) {
	if (of === "limit") return limit?.value;
	const change = delta?.scale === "relative" ? delta.relative : delta?.absolute;
	return change === void 0 ? void 0 : change * (METRICS[metric].better === "lower" ? 1 : -1);
}
const exact = (number, { of, comparison: { metric } }) => {
	if (of === "limit") return formatForSuite(number, QUANTITY_OF_UNIT[METRICS[metric].unit]);
	const unit = changeUnit(metric);
	if (unit === "degrees") return formatForSuite(number, "temperature difference");
	return formatForSuite(number, "percent").replace("%", unit === "points" ? " points" : "%");
};
/** A command that would accept what was measured, and a tenth more: the next run will not measure the same. */
function suggestion(failure) {
	const { scenario, of, comparison } = failure;
	const { better } = METRICS[comparison.metric];
	const [what, direction] = of === "limit" ? ["limit of ", better === "higher" ? "down" : "up"] : ["", "up"];
	const value = badness(failure) ?? 0;
	const room = direction === "up" ? roundedUp(1.1 * value) : -roundedUp(-value / 1.1);
	const most = of === "regression" && better === "higher" ? Math.min(room, .99) : room;
	return `/tailgate accept ${what}${scenario}/${comparison.metric} ${direction} to ${exact(most, failure)}: REASON`;
}
/** To two digits, never below: 0.231 → 0.24, −0.231 → −0.23. */
function roundedUp(value) {
	if (!Number.isFinite(value) || value === 0) return 0;
	const step = 10 ** (Math.floor(Math.log10(Math.abs(value))) - 1);
	return Number((Math.ceil(value / step) * step).toPrecision(6));
}

// src/core/report/acceptance.ts
const ACCEPTANCE_TITLE = "Acceptance";
/** More than these are a discussion, and this part of the comment must always fit. */
const MOST_LINES$1 = 12;
/** Undefined where nobody said anything about it. */
function acceptanceReport(acceptance) {
	if (acceptance === void 0) return void 0;
	if ("unknown" in acceptance) return {
		by: "",
		lines: [{ text: `whether it is accepted is not known, so nothing is: ${acceptance.unknown}` }]
	};
	const lines = acceptanceLines$1(acceptance);
	if (lines.length === 0) return void 0;
	const more = lines.length - MOST_LINES$1;
	return {
		by: acceptance.remaining === "fail" ? "" : acceptedBy(acceptance),
		lines: more > 0 ? [...lines.slice(0, MOST_LINES$1), { text: `and ${more} more` }] : lines
	};
}

// src/core/decide/duration.ts
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

// src/core/decide/pool-words.ts
/**
* Warnings about the stored runs that gates stand on: the branch itself got worse, at once and unannounced, or little by
* little. They block nothing, since the pull request at hand is not to blame.
*/
function poolWarnings(comparisons) {
	const gated = comparisons.filter(isGated$1);
	const moves = movesOf(gated.filter(({ pool }) => pool?.moved?.isWorse === true && pool.moved.accepted === void 0 && !pool.creep));
	const crept = Map.groupBy(gated.filter(({ pool }) => pool?.creep !== void 0), ({ scenario }) => scenario);
	return [...moves.map((move) => warning("baseline-moved", move.scenario, `the stored runs got worse: ${moveText(move)}`)), ...[...crept].map(([scenario, of]) => warning("baseline-creep", scenario, creepText(of)))];
}
/** Metrics of a scenario move together: those that did so with one stored run are told together. */
function movesOf(comparisons) {
	const moved = comparisons.filter(isGated$1).flatMap(({ scenario, metric, pool }) => {
		const { moved } = pool ?? {};
		return pool === void 0 || moved === void 0 ? [] : [{
			scenario,
			metric,
			pool: {
				...pool,
				moved
			}
		}];
	});
	return [...Map.groupBy(moved, ({ scenario, pool }) => JSON.stringify([scenario, pool.moved.at.origin])).values()].map((metrics) => ({
		scenario: metrics[0].scenario,
		metrics
	}));
}
/** `latency.p99 moved by +24 % (+18 % … +31 %) at commit 1a2b3c4d5e (run 815); the head is compared with the 4 runs since`. */
function moveText({ metrics }) {
	const { at, runs, accepted } = metrics[0].pool.moved;
	const moved = metrics.map(({ metric, pool }, i) => `${metric} ${i === 0 ? "moved " : ""}by ${boundedText(metric, pool.scale, pool.moved)}`);
	const why = accepted === void 0 ? "" : `, accepted by ${accepted.by} in #${accepted.pull}`;
	const since = runs === 1 ? "that run alone, the only one since" : `the ${runs} runs since`;
	return `${moved.join(", ")} at ${nameText$1(at)}${why}; the head is compared with ${since}`;
}
/** `latency.p99 +62 %`, for every gated metric in which a stored run lies far off the others. */
const outlyingTexts = (comparisons, origin) => comparisons.filter(isGated$1).flatMap(({ metric, pool }) => {
	const found = pool?.outlying.find(({ run }) => run.origin === origin);
	return pool === void 0 || found === void 0 ? [] : [`${metric} ${sizeText$2(metric, pool.scale, found.by)}`];
});
function creepText(crept) {
	const [{ metric, pool }, ...others] = crept.toSorted((a, b) => Math.abs(b.pool?.creep?.by ?? 0) - Math.abs(a.pool?.creep?.by ?? 0));
	const { runs, from, to, ...size } = pool.creep;
	const verb = METRICS[metric].better === "lower" ? "rose" : "fell";
	const also = others.length === 0 ? "" : `; ${others.map((other) => other.metric).join(", ")} moved as well`;
	return `${metric} ${verb} by ${boundedText(metric, pool.scale, size).replace(/^[+−]/, "")} over the last ${runs} stored runs, from ${nameText$1(from)} to ${nameText$1(to)}, in steps too small to be seen one by one${also}`;
}
/** `commit 1a2b3c4d5e (run 815)`, or as much of it as is known. */
function nameText$1({ origin, commit, runId }) {
	if (commit === void 0) return runId === void 0 ? origin : `run ${runId}`;
	return `commit ${commit.slice(0, 10)}${runId === void 0 ? "" : ` (run ${runId})`}`;
}
const isGated$1 = ({ gate }) => gate?.regression !== void 0;
const warning = (code, scenario, message) => ({
	severity: "warning",
	code,
	message,
	scenario
});
const boundedText = (metric, scale, { by, low, high }) => `${sizeText$2(metric, scale, by)} (${sizeText$2(metric, scale, low)} … ${sizeText$2(metric, scale, high)})`;
const sizeText$2 = (metric, scale, by) => scale === "difference" ? formatDifference(by, METRICS[metric].unit) : formatChange(by);

// src/core/record/calibration.ts
/** @param samples at least one. */
function calibrationOf(ratePerS, samples) {
	const release = samples.map(({ releaseS }) => releaseS).sort((a, b) => a - b);
	const bias = samples.map(({ biasS }) => biasS).sort((a, b) => a - b);
	return {
		ratePerS,
		requests: samples.length,
		releaseP50S: smallestAtLeast(release, .5),
		releaseP99S: smallestAtLeast(release, .99),
		biasP50S: smallestAtLeast(bias, .5),
		biasP99S: smallestAtLeast(bias, .99)
	};
}
/** The smallest value that is at least as large as a share p of all. */
const smallestAtLeast = (sorted, p) => sorted[Math.ceil(p * sorted.length) - 1];
/** `release p99 0.8 ms, latency bias p50 0.3 ms, p99 1.1 ms (200 requests at 150/s)`. */
const calibrationText = ({ ratePerS, requests, releaseP99S, biasP50S, biasP99S }) => `release p99 ${seconds$3(releaseP99S)}, latency bias p50 ${seconds$3(biasP50S)}, p99 ${seconds$3(biasP99S)} (${requests} requests at ${formatQuantity(ratePerS, "1/s")})`;
/** A generator that adds this much to half of all latencies is worth a warning, seconds. */
const IMPRECISE_S = .001;
/** A warning where half of the known latencies came out more than a millisecond too high. */
const calibrationProblems = (calibration) => calibration.biasP50S <= IMPRECISE_S ? [] : [{
	severity: "warning",
	code: "generator-imprecise",
	message: `just before the run, the load generator measured latencies that it knew, and half of them came out more than ${seconds$3(calibration.biasP50S)} too high: ${calibrationText(calibration)}; latencies of that size say little about the endpoint here, and a runner with more free cores would measure more sharply`
}];
/** A calibration that could not be made. */
const uncalibrated = (reason) => ({
	severity: "warning",
	code: "generator-uncalibrated",
	message: `the load generator could not be calibrated before the run, so how far its numbers are off on this machine is not known: ${reason}`
});
const seconds$3 = (value) => formatQuantity(value, "s");

// src/core/stats/quantile.ts
/**
* The value below which a share p of a distribution lies: the smallest x with F(x) ≥ p, where F rises log-linearly
* inside a bin (so that quantiles of a scaled distribution scale with it).
*
* @param p any number; 0 and less gives the lower edge of the lowest bin, 1 and more the upper edge of the highest.
* @returns a value > 0 in the unit of the bins, or undefined for an empty distribution. O(log bins) from the second on.
*/
function quantileOf(bins, p) {
	const log = logQuantile(bins, p);
	return log === void 0 ? void 0 : Math.exp(log);
}
/** Natural logarithm of {@link quantileOf}: differences of it are log ratios. */
function logQuantile(bins, p) {
	const last = bins.count.length - 1;
	if (last < 0) return void 0;
	const rank = Math.min(Math.max(p, 0), 1) * bins.total;
	const before = cumulativeCounts(bins);
	const bin = firstWhere(last, (i) => before[i + 1] >= rank);
	const [low, high] = logEdges(bins, bin);
	return low + (high - low) * Math.min(Math.max((rank - before[bin]) / bins.count[bin], 0), 1);
}
/**
* Share of the distribution above `value`, by the same interpolation as {@link quantileOf}.
*
* @param logValue natural logarithm of the value; −Infinity is allowed.
* @returns a share in [0, 1]; 0 for an empty distribution. O(log bins) from the second on.
*/
function exceedance(bins, logValue) {
	const bin = firstBinAbove(bins, logValue);
	if (bin === bins.count.length) return 0;
	const [low, high] = logEdges(bins, bin);
	return (bins.total - cumulativeCounts(bins)[bin + 1] + bins.count[bin] * (logValue <= low ? 1 : (high - logValue) / (high - low))) / bins.total;
}
/** The first bin whose upper edge lies above a value, by the logarithms of both; the number of bins where there is none. */
function firstBinAbove({ high }, logValue) {
	const value = Math.exp(logValue);
	let bin = firstWhere(high.length, (i) => high[i] > value);
	while (bin > 0 && Math.log(high[bin - 1]) > logValue) bin--;
	while (bin < high.length && Math.log(high[bin]) <= logValue) bin++;
	return bin;
}
/** The least whole number in [0, end] from which on a condition holds, taking for granted that it does at `end`. */
function firstWhere(end, holds) {
	let [from, to] = [0, end];
	while (from < to) {
		const middle = from + to >> 1;
		if (holds(middle)) to = middle;
		else from = middle + 1;
	}
	return from;
}
/** A bin that starts at 0 has no logarithm there; it is read as its upper half, so a value under 1 µs counts as 0.5 to 1 µs. */
function logEdges(bins, i) {
	const high = bins.high[i];
	return [Math.log(bins.low[i] > 0 ? bins.low[i] : high / 2), Math.log(high)];
}

// src/core/report/generator-facts.ts
/** How much of the latency is our own, and how our own machine did: what a reader who doubts the numbers asks first. */
function generatorFacts(heads) {
	const blocks = heads.flatMap((run) => armBlocks(run).map(({ block }) => block));
	const measuredS = blocks.reduce((sum, { durationS }) => sum + durationS, 0);
	const bins = mergeBins(blocks.flatMap(({ histograms }) => histograms.generator === void 0 ? [] : [decodeBins(histograms.generator)]));
	const looks = blocks.flatMap(({ generator }) => generator ?? []);
	const uncalibrated = bins.total > 0 ? [{
		label: "Generator error",
		value: "not measured before this run"
	}] : [];
	return [
		...measuredS > 0 ? [{
			label: "Measured time",
			value: `${formatDuration(measuredS)} over all arms and scenarios`
		}] : [],
		...bins.total > 0 ? [{
			label: "Generator's own delay",
			value: `p50 ${seconds$2(quantileOf(bins, .5) ?? NaN)}, p99 ${seconds$2(quantileOf(bins, .99) ?? NaN)} (late release and client queue; part of every latency above)`
		}] : [],
		...looks.length > 0 ? [{
			label: "Generator's state",
			value: stateText(looks)
		}] : [],
		...heads.flatMap(({ calibration }, index) => calibration === void 0 ? uncalibrated : [{
			label: heads.length > 1 ? `Generator error ${index + 1}` : "Generator error",
			value: `${calibrationText(calibration)}, against a server of known times just before the run`
		}])
	];
}
/** Only blocks that had pauses, in the order of time within an arm. */
const pausedBlocks = (heads) => heads.flatMap(armBlocks).flatMap(({ scenario, arm, block: { index, startS, generator } }) => generator === void 0 || generator.pausedSeconds === 0 ? [] : [{
	scenario,
	arm,
	block: String(index + 1),
	start: formatDuration(startS),
	pausedSeconds: `${generator.pausedSeconds} of ${generator.seconds}`,
	arrivals: String(generator.pausedArrivals),
	longest: seconds$2(generator.pauseMaxS),
	loopDelay: seconds$2(generator.loopDelayMaxS),
	garbage: seconds$2(generator.gcS),
	steal: ratio$1(generator.stealRatio)
}]);
const armBlocks = (run) => run.scenarios.flatMap(({ name, arms }) => ["base", "head"].flatMap((arm) => (arms[arm]?.blocks ?? []).map((block) => ({
	scenario: name,
	arm,
	block
}))));
function stateText(looks) {
	const sum = (of) => looks.reduce((total, look) => total + of(look), 0);
	const most = (of) => Math.max(...looks.map(of));
	const looked = sum((look) => look.seconds);
	const mean = (of) => {
		const known = looks.flatMap((look) => of(look) ?? []);
		return known.length === 0 ? void 0 : known.reduce((total, value) => total + value, 0) / known.length;
	};
	return [
		`paused in ${sum((look) => look.pausedSeconds)} of ${looked} s`,
		`longest turn of the event loop ${seconds$2(most((look) => look.loopDelayMaxS))}`,
		`sender busy ${formatPercent(sum((look) => look.utilization * look.seconds) / looked)}`,
		`garbage collection ${formatPercent(sum((look) => look.gcS) / looked)}`,
		`machine busy ${ratio$1(mean((look) => look.machineBusyRatio))}`,
		`steal ${ratio$1(mean((look) => look.stealRatio))}`
	].join(", ");
}
const seconds$2 = (value) => formatQuantity(value, "s");
const ratio$1 = (value) => value === void 0 ? "not known" : formatPercent(value);

// src/core/decide/look-text.ts
/** `undecided after pass 1 of at most 4: measuring steady for another 1 pass`, or why nothing follows. One line. */
function lookText(next, { done, target, most }) {
	const open = [...next].flatMap(([name, { stopped }]) => stopped === void 0 ? [name] : []);
	const passes = (count) => count === 1 ? "1 pass" : `${count} passes`;
	if (open.length > 0) return `undecided after ${passes(done)} of at most ${most}: measuring ${open.join(", ")} for ${passes(target - done)} more`;
	const why = stopReasonOf([...next.values()].flatMap(({ stopped }) => stopped ?? []));
	return `stopped after ${passes(done)} of at most ${most}: ${stopText(why ?? "decided")}`;
}
/** Of the reasons of several scenarios the one that explains the end of the run. Undefined for none. */
const stopReasonOf = (reasons) => WORST_FIRST.find((reason) => reasons.includes(reason));
/** Why a scenario was not measured any longer, as the end of a sentence. */
function stopText(reason) {
	switch (reason) {
		case "decided": return "every gate was decided";
		case "failed": return "a gate had failed";
		case "spoiled": return "the run was spoiled, and more of it would not have helped";
		case "budget": return "the budget was used up";
		case "futile": return "what was left of the budget would not have decided it";
	}
}
const WORST_FIRST = [
	"failed",
	"spoiled",
	"futile",
	"budget",
	"decided"
];

// src/core/report/looks.ts
/** `2 of at most 4 passes, 9m: every gate was decided`; nothing of a run whose length was fixed. */
function looksText({ scenarios, startedAt, finishedAt }) {
	const looked = scenarios.flatMap(({ looks }) => looks ?? []);
	if (looked.length === 0) return void 0;
	const [done, most] = [Math.max(...looked.map(({ passes }) => passes.at(-1))), Math.max(...looked.map((looks) => looks.most))];
	const took = formatDuration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1e3);
	const reason = stopReasonOf(looked.flatMap(({ stopped }) => stopped ?? []));
	return `${done} of at most ${most} passes, ${took}${reason === void 0 ? "" : `: ${stopText(reason)}`}`;
}
/** How often each scenario was judged while it ran, and why it ended when it did. */
const looksFacts = (run) => run.scenarios.flatMap(({ name, looks }) => {
	if (looks === void 0) return [];
	const { passes, most, stopped } = looks;
	const judged = `judged after ${passes.join(", ")} of at most ${most} passes over its load`;
	return [{
		label: `Looks at ${name}`,
		value: stopped === void 0 ? judged : `${judged}; it ended because ${stopText(stopped)}`
	}];
});

// src/core/report/run-flags.ts
/** What is odd about a stored run. It is shown and counts all the same: a pool of good days alone would take every other one for a regression. */
function flagsOf({ origin, record: { problems, scenarios } }, verdict) {
	const outlying = verdict.scenarios.flatMap(({ name, metrics }) => {
		const texts = outlyingTexts(metrics.map(({ comparison }) => comparison), origin);
		return texts.length === 0 ? [] : [`${listed$1(texts)}${verdict.scenarios.length > 1 ? ` in ${name}` : ""}`];
	});
	const codes = [...new Set(problems.map(({ code }) => code))];
	const failed = scenarios.filter(({ looks }) => looks?.stopped === "failed").map(({ name }) => name);
	return [
		...outlying.length === 0 ? [] : [`outlying: ${listed$1(outlying)} against the others; it counts`],
		...failed.length === 0 ? [] : [`its own gates failed in ${listed$1(failed)}; it counts`],
		...codes.length === 0 ? [] : [`its own warnings: ${listed$1(codes)}`]
	];
}
/** A line names so many; the rest is a number. */
const MOST_NAMED$1 = 4;
const listed$1 = (names) => names.length <= MOST_NAMED$1 ? names.join(", ") : `${names.slice(0, MOST_NAMED$1).join(", ")} and ${names.length - MOST_NAMED$1} more`;

// src/core/decide/grounds.ts
/**
* Did the regression part of the gate fail: worse by at least the margin, and worse beyond chance? Asked of what was
* measured, and of what the self-test planted.
*/
const isRegression = ({ worse, worseLow, margin }) => worse !== void 0 && worseLow !== void 0 && margin !== void 0 && worse >= margin && worseLow > 0;
/** Could a change as large as the margin not be ruled out? A gate that passes all the same does so by the suite's policy. */
const isCoarse = ({ worseHigh, margin }) => margin !== void 0 && worseHigh !== void 0 && worseHigh >= margin;

// src/core/report/self-test.ts
/** Whether the regression gates would have seen their own margin; nothing where none could be tried. */
function selfTestFacts({ scenarios }) {
	const tried = scenarios.flatMap(({ name, metrics }) => metrics.flatMap(({ comparison }) => comparison.planted === void 0 ? [] : [{
		name,
		comparison,
		planted: comparison.planted
	}]));
	if (tried.length === 0) return [];
	const missed = tried.filter(({ planted }) => !isRegression(planted));
	const shown = missed.map(({ name, comparison, planted }) => `${comparison.metric} in ${name} (${worseningText(comparison, planted.size)})`);
	const caught = `${tried.length - missed.length} of ${tried.length} regression gates caught a head made worse by just their margin`;
	return [{
		label: "Self-test",
		value: missed.length === 0 ? caught : `${caught}; unseen would have gone ${shown.join(", ")}`
	}];
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
		...baselineFacts(baseline, verdict),
		...movesOf(comparisonsOf(verdict)).map((move) => ({
			label: "Level moved",
			value: `${move.scenario}: ${moveText(move)}`
		})),
		...baseline.refused.map(({ origin, reason }) => ({
			label: "Refused baseline",
			value: `${origin}: ${reason}`
		})),
		...heads.flatMap(looksFacts),
		...selfTestFacts(verdict),
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
function baselineFacts(baseline, verdict) {
	if (baseline.kind === "live") return [{
		label: "Baseline",
		value: "the base endpoint of this run"
	}];
	if (baseline.kind === "none") return [{
		label: "Baseline",
		value: baseline.reason
	}];
	return baseline.runs.flatMap(({ origin, record, expiresAt }, index) => {
		const { commit, accepted = [] } = record.provenance;
		const known = commit === void 0 || origin.includes(commit.slice(0, 7));
		const label = baseline.runs.length === 1 ? "Baseline" : `Baseline ${index + 1}`;
		return [{
			label,
			value: [
				origin,
				...known ? [] : [`commit ${shortId(commit)}`],
				minute(record.startedAt),
				...expiresAt === void 0 ? [] : [`kept until ${expiresAt.slice(0, 10)}`],
				...flagsOf({
					origin,
					record
				}, verdict)
			].join(" · ")
		}, ...accepted.map((change) => ({
			label: `${label}, accepted`,
			value: recordedText(change)
		}))];
	});
}
const comparisonsOf = ({ scenarios }) => scenarios.flatMap(({ metrics }) => metrics.map(({ comparison }) => comparison));
/** `2026-11-22T09:00:00.000Z` → `2026-11-22 09:00 UTC`. */
const minute = (iso) => `${iso.slice(0, 16).replace("T", " ")} UTC`;

// src/core/report/attempts.ts
/** What the columns of the rows are called. */
const ATTEMPT_HEADER = [
	"Earlier attempt",
	"Begun",
	"Requests"
];
/** Undefined where the run stands alone. */
function collectAttempts({ attempts = [] }) {
	if (attempts.length === 0) return void 0;
	const of = attempts.some(({ record }) => record.provenance.commit !== void 0) ? "this commit" : "this code";
	return {
		summary: `${attempts.length} earlier ${attempts.length === 1 ? "attempt" : "attempts"} of ${of} ${attempts.length === 1 ? "counts" : "count"} into this verdict`,
		rows: attempts.map(({ origin, record }) => ({
			origin,
			date: minute(record.startedAt),
			requests: requestsOf(record).toLocaleString("en-US")
		}))
	};
}
/** Offered to the head in measured blocks. */
const requestsOf = ({ scenarios }) => scenarios.flatMap(({ arms }) => arms.head?.blocks ?? []).reduce((sum, { offered }) => sum + offered, 0);

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
		change: delta === void 0 ? "–" : changeText(delta, definition),
		interval: delta === void 0 ? "" : intervalText(delta, definition) || noInterval(comparison),
		confidence: delta === void 0 ? "" : `${Number((delta.confidence * 100).toFixed(1))} %`,
		gate: gate === void 0 ? "–" : gateText(gate, definition),
		detects: gate?.regression === void 0 || comparison.resolvableMargin === void 0 ? "–" : resolvableText(comparison, comparison.resolvableMargin),
		word: gated ? WORDS$1[verdict] : flagged ? "worse, not gated" : side === "better" ? "better" : "–",
		reason,
		open: gated || flagged,
		tone: side === "worse" && verdict !== "fail" ? "same" : side,
		urgency: worse === void 0 || margin === void 0 || margin <= 0 ? 0 : worse / margin
	};
}
/** What {@link MetricRow.detects} means, for below the first table that has it. */
const DETECTS_NOTE = "Would catch: a change this large is blocked in four runs of five; smaller ones the gate allows, or this much data cannot tell them from chance.";
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
function changeText(delta, { unit }) {
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
	if (obstacles.some(({ code }) => code === "single-start")) return "no interval: one start each";
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
/** On which side of no change the whole interval lies. */
function sideOf(delta, better) {
	const [low, high] = delta?.scale === "difference" ? [delta.absoluteLow, delta.absoluteHigh] : [delta?.low, delta?.high];
	if (low === void 0 || high === void 0 || low <= 0 && high >= 0) return "same";
	return low > 0 === (better === "lower") ? "worse" : "better";
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
const WIDTH$1 = 920;
const PLOT$1 = {
	left: 230,
	right: 600
};
const ROW = 28;
const TOP = 34;
/** More lines are a list, not a picture; the worst are shown. */
const MOST_ROWS$1 = 40;
/**
* Every gated change with its interval, in units of its own gate: 0 is no change, 1 is where the gate blocks, and
* metrics of different kinds share one picture.
*
* @returns undefined if no gated metric was compared.
*/
function forestChart(id, verdict) {
	const rows = verdict.scenarios.flatMap(({ metrics }) => metrics).flatMap(toRow).toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || b.worse - a.worse).slice(0, MOST_ROWS$1);
	if (rows.length === 0) return void 0;
	const from = Math.max(-4, Math.min(-1, ...rows.map(({ low }) => low)) - .2);
	const to = Math.min(6, Math.max(2, ...rows.map(({ high }) => high)) + .2);
	const x = linear(from, to, PLOT$1.left, PLOT$1.right);
	const bottom = TOP + rows.length * ROW;
	const description = rows.map((row) => `${row.label}: ${row.text}, ${WORDS$1[row.verdict]}`).join("; ");
	return svgFigure(id, {
		width: WIDTH$1,
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
		text: `${changeText(delta, definition)} (${intervalText(delta, definition)})`,
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
	const description = arms.map(({ arm, bins }) => `${arm}: ${shown.slice(1).map((p) => `p${Number((p * 100).toFixed(3))} ${duration$2(bins, p)}`).join(", ")}`).join("; ");
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
const duration$2 = (bins, p) => formatQuantity(quantileOf(bins, p) ?? NaN, "s");
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
const TITLES$1 = {
	pass: "Pass",
	fail: "Fail",
	inconclusive: "Inconclusive",
	"no-baseline": "No baseline",
	invalid: "Invalid"
};
/** The verdict and, where all that failed is accepted, by whom: a failure stays one. */
const titleOf = ({ verdict, acceptance }) => `${TITLES$1[verdict]}${acceptance?.by ? `, accepted by ${acceptance.by}` : ""}`;

// src/core/report/phases.ts
const PHASES_TITLE = "Where the time goes";
const PHASES_NOTE = "p50 / p99 of each phase. Connecting is part of the latency of the request that opened the connection; others have no such phase.";
/** One table per scenario whose head recorded its phases: runs of an older tailgate did not. */
function collectPhases({ heads, baseline }) {
	const names = [...new Set(heads.flatMap((run) => run.scenarios.map(({ name }) => name)))];
	const bases = baseline.kind === "stored" ? baseline.runs.map(({ record }) => record) : heads;
	return names.flatMap((scenario) => {
		const head = sumUp(blocksOf$2(heads, scenario, "head"));
		if (head === void 0) return [];
		const base = sumUp(blocksOf$2(bases, scenario, baseline.kind === "stored" ? "head" : "base"));
		const row = (label, text) => ({
			label,
			base: base === void 0 ? "–" : text(base),
			head: text(head)
		});
		const retries = [base, head].some((arm) => arm?.attempts !== void 0);
		return [{
			scenario,
			rows: [
				row("connect", (arm) => rareText(arm, "connect")),
				row("of that DNS", (arm) => rareText(arm, "dns")),
				row("of that TLS", (arm) => rareText(arm, "tls")),
				row("first byte", ({ firstByte }) => timesText(firstByte)),
				row("transfer", ({ transfer }) => timesText(transfer)),
				row("connections opened", connectionsText),
				...retries ? [
					row("attempts", attemptsText$1),
					row("sent more than once", retriedText),
					row("goodput", goodputText)
				] : []
			]
		}];
	});
}
const blocksOf$2 = (runs, scenario, arm) => runs.flatMap((run) => run.scenarios.find(({ name }) => name === scenario)?.arms[arm]?.blocks ?? []);
function sumUp(blocks) {
	if (blocks.filter(({ histograms }) => histograms.transfer !== void 0).length === 0) return void 0;
	const total = (count) => blocks.reduce((sum, block) => sum + count(block), 0);
	const bins = (name) => mergeBins(blocks.flatMap(({ histograms }) => histograms[name] === void 0 ? [] : [decodeBins(histograms[name])]));
	const offered = total((block) => block.offered);
	return {
		connect: bins("connect"),
		dns: bins("dns"),
		tls: bins("tls"),
		firstByte: bins("firstByte"),
		transfer: bins("transfer"),
		offered,
		ok: total((block) => block.ok),
		sent: offered - total(({ failures }) => failures.overflow ?? 0),
		attempts: blocks.some(({ attempts }) => attempts !== void 0) ? {
			sent: total(({ attempts }) => attempts?.sent ?? 0),
			retried: total(({ attempts }) => attempts?.retried ?? 0)
		} : void 0
	};
}
const timesText = (bins) => {
	const [p50, p99] = [quantileOf(bins, .5), quantileOf(bins, .99)];
	return p50 === void 0 || p99 === void 0 ? "never" : `${formatQuantity(p50, "s")} / ${formatQuantity(p99, "s")}`;
};
/** A phase that few requests have: how few belongs to it. */
const rareText = ({ sent, ...arm }, name) => arm[name].total === 0 ? `never in ${requests(sent)}` : `${timesText(arm[name])}, in ${count$1(arm[name].total)} of ${requests(sent)}`;
function connectionsText({ connect, sent }) {
	if (connect.total === 0) return "none, those of before were kept";
	const each = sent / connect.total;
	return `${count$1(connect.total)}, one for ${each < 10 ? Number(each.toPrecision(2)) : count$1(Math.round(each))} ${each === 1 ? "request" : "requests"}`;
}
const attemptsText$1 = ({ attempts, offered }) => attempts === void 0 ? "–" : `${count$1(attempts.sent)} for ${requests(offered)}`;
const retriedText = ({ attempts, offered }) => attempts === void 0 ? "–" : `${count$1(attempts.retried)} (${formatPercent(attempts.retried / offered)})`;
const goodputText = ({ attempts, ok }) => attempts === void 0 || attempts.sent === 0 ? "–" : `${formatPercent(ok / attempts.sent)} of all attempts were answered correctly`;
const count$1 = (n) => n.toLocaleString("en-US");
const requests = (n) => `${count$1(n)} ${n === 1 ? "request" : "requests"}`;

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
		`<title>${escapeHtml(`${titleOf(report)}: ${report.headline}`, 200)} · tailgate</title>`,
		`<style>${STYLE}</style>`,
		`</head>`,
		`<body>`,
		`<main>`,
		header(report),
		...acceptance(report),
		...charts.forest === void 0 ? [] : [section("Changes against their gates", figure(charts.forest, "One line per gate: the square is the change, the line its interval. Right of the gate blocks."))],
		...report.scenarios.map((scenario) => scenarioSection(scenario, charts, {
			explains: scenario === explained,
			phases: report.phases.find((table) => table.scenario === scenario.name)
		})),
		...report.resources.length > 0 ? [section("GPU and server", metricTable$1(report.resources, several))] : [],
		...failures(report, several),
		...warnings(report),
		...attempts(report),
		...pauses(report, several),
		section("Where these numbers come from", factTable$1(report.provenance)),
		...report.environment.length > 0 ? [section("Environment", factTable$1(report.environment))] : [],
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
	`<h1>${mark(report.verdict)} ${escapeHtml(`${titleOf(report)}: ${report.headline}`)}</h1>`,
	`<p><strong>${escapeHtml(report.consequence)}</strong> ${escapeHtml(report.context)}</p>`,
	list(report.reasons),
	...report.steps.length > 0 ? [`<h2>What would decide it</h2>`, list(report.steps)] : [],
	...report.links.length > 0 ? [`<p class="quiet">${report.links.map(htmlLink).join(" · ")}</p>`] : [],
	`</header>`
].join("\n");
const htmlLink = ({ label, url }) => /^https?:/i.test(url) ? `<a href="${escapeHtml(url)}" rel="noreferrer">${escapeHtml(label)}</a>` : escapeHtml(`${label}: ${url}`);
const acceptance = ({ acceptance: said }) => {
	if (said === void 0) return [];
	const lines = said.lines.map(({ text, command }) => `<li>${escapeHtml(text, 900)}${command === void 0 ? "" : `:<br><code>${escapeHtml(command, 400)}</code>`}</li>`);
	return [section(ACCEPTANCE_TITLE, `<ul>\n${lines.join("\n")}\n</ul>`)];
};
const CAPTIONS = ["Latency over the share of requests: every further nine takes the same width. Where the curves part is where the change is.", "p99 (thick) and p50 (thin) of each block, where it lies in time. Drift or a disturbed stretch shows here."];
function scenarioSection(scenario, charts, { explains, phases }) {
	const open = scenario.rows.filter((row) => row.open);
	const closed = scenario.rows.filter((row) => !row.open);
	const rest = restText(closed);
	const drawn = charts.scenarios.get(scenario.name) ?? [];
	return [
		`<section>`,
		`<h2>${mark(scenario.verdict)} ${escapeHtml(scenario.name, 120)}</h2>`,
		`<p class="quiet">${escapeHtml(scenario.load)}</p>`,
		...open.length > 0 ? [metricTable$1(open, false)] : [],
		...explains ? [`<p class="quiet">${escapeHtml(DETECTS_NOTE)}</p>`] : [],
		...scenario.shift === void 0 ? [] : [`<p>${escapeHtml(scenario.shift)}</p>`],
		...closed.length > 0 ? [`<details>\n<summary>${rest.count}, ${rest.kind}</summary>\n${metricTable$1(closed, false)}\n</details>`] : [],
		...phases === void 0 ? [] : [phaseTable(phases)],
		...drawn.length > 0 ? [
			`<div class="pictures">`,
			...drawn.map((svg, index) => figure(svg, CAPTIONS[index] ?? "")),
			`</div>`
		] : [],
		`</section>`
	].join("\n");
}
function metricTable$1(rows, withScenario) {
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
function phaseTable({ rows }) {
	const head = [
		"Phase",
		"Base",
		"Head"
	].map((html) => ({ html }));
	const body = rows.map(({ label, base, head }) => [
		label,
		base,
		head
	].map((text) => ({ html: escapeHtml(text) })));
	return [
		`<h3>${PHASES_TITLE}</h3>`,
		table(head, body),
		`<p class="quiet">${escapeHtml(PHASES_NOTE)}</p>`
	].join("\n");
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
const factTable$1 = (facts) => [
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
function attempts({ attempts: found }) {
	if (found === void 0) return [];
	const body = found.rows.map(({ origin, date, requests }) => [
		{ html: escapeHtml(origin, 300) },
		{ html: escapeHtml(date) },
		{
			html: requests,
			className: "number"
		}
	]);
	const head = ATTEMPT_HEADER.map((html) => ({ html }));
	return [`<details>\n<summary>${escapeHtml(found.summary)}</summary>\n${table(head, body)}\n</details>`];
}
/** Where the load generator itself was disturbed. */
function pauses({ pauses: rows }, several) {
	if (rows.length === 0) return [];
	const number = (html) => ({
		html: escapeHtml(html),
		className: "number"
	});
	const head = [
		...several ? [{ html: "Scenario" }] : [],
		{ html: "Endpoint" },
		...[
			"Block",
			"Begins at",
			"Paused seconds",
			"Requests due in them",
			"Longest pause",
			"Event loop",
			"Garbage collection",
			"Steal"
		].map(number)
	];
	const body = rows.slice(0, MOST_PAUSES).map((row) => [
		...several ? [{ html: escapeHtml(row.scenario, 80) }] : [],
		{ html: row.arm },
		...[
			row.block,
			row.start,
			row.pausedSeconds,
			row.arrivals,
			row.longest,
			row.loopDelay,
			row.garbage,
			row.steal
		].map(number)
	]);
	const rest = rows.length - body.length;
	const note = `Seconds in which a pause of this machine, and not the endpoint, held requests up.${rest > 0 ? ` ${rest} more blocks are in run.json.` : ""}`;
	return [section("Pauses of the load generator", `${table(head, body)}\n<p class="quiet">${escapeHtml(note)}</p>`)];
}
/** A page stays readable; the record has all of them. */
const MOST_PAUSES = 100;
function warnings({ problems }) {
	const texts = problems.filter(({ severity }) => severity === "warning").map(({ text }) => text);
	return texts.length === 0 ? [] : [section("Warnings", list(texts))];
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
/** What several verdicts come to: the worst of them; undefined for none. */
const worstVerdict = (words) => VERDICTS.findLast((word) => words.includes(word));

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
const distributionShift = strictObject({
	p: number$2().min(0).max(1).describe("One-sided: head slower."),
	cliffs_delta: number$2().min(-1).max(1)
}).nullable();
const gate$1 = strictObject({
	regression: number$1.describe("Smallest change worth blocking, as the suite says it."),
	floor: number$1.describe("Smallest absolute change worth blocking, in the unit."),
	limit: number$1.describe("Hard limit, in the unit.")
}).nullable();
const accepted = strictObject({
	of: _enum(["regression", "limit"]).describe("Which half of the gate."),
	by: string().describe("Login of the person who accepted it."),
	reason: string(),
	up_to: number$2().describe("Of a regression: the largest change for the worse, > 0, on the delta's scale. Of a limit: the worst value, in the unit."),
	until: string().nullable().describe("The last day on which it holds, UTC; null: as long as the pull request is open."),
	pull: int().positive().describe("Number of the pull request.")
});
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
	mann_whitney: distributionShift,
	mann_whitney_tail: distributionShift.describe("The same among the slowest requests only; decides nothing."),
	gate: gate$1,
	margin: number$1.describe("Smallest change worth blocking, on the delta's scale."),
	resolvable_margin: number$1.describe("Smallest change that this much data blocks in four cases of five, on the delta's scale."),
	more_data: number$1.describe("Factor on the measured time that would make the gate decidable."),
	self_test: strictObject({
		planted: number$2().describe("By how much the head's own numbers were made worse than the base's: the margin, on the delta's scale."),
		caught: boolean().describe("Whether the gate failed then.")
	}).nullable(),
	accepted: array(accepted).describe("What is accepted of this failure; the verdict stays `fail`."),
	obstacles: array(string()).describe("Why no conclusion may be drawn, or only in one direction: stable, kebab-case codes."),
	reason: string()
});
/** The shape of verdict.json: times in seconds, sizes in bytes, rates per second, ratios in [0, 1]; unknown is null. */
const VERDICT_JSON = strictObject({
	$schema: string().optional(),
	schema: literal(1),
	verdict: word,
	evidence: _enum([
		"live",
		"stored",
		"single",
		"none"
	]),
	reasons: array(string()).describe("Sentences for people, worst first."),
	problems: array(strictObject({
		severity: _enum(["invalid", "warning"]),
		code: string(),
		message: string(),
		scenario: string().nullable(),
		arm: _enum(["base", "head"]).nullable()
	})),
	attempts: array(strictObject({
		origin: string(),
		startedAt: string().describe("ISO 8601, UTC."),
		requests: int().nonnegative().describe("Offered to the head while it was measured.")
	})).describe("Earlier runs of the same code that count into this verdict, oldest first."),
	accepted: boolean().describe("Whether all that failed is accepted, so that it does not block. Each metric says by whom."),
	scenarios: array(strictObject({
		name: string(),
		verdict: word,
		metrics: array(metric)
	}))
}).meta({
	title: "tailgate verdict",
	description: "The decision about one run, with every number it stands on. Times in seconds, sizes in bytes, rates per second, ratios in [0, 1]; unknown is null."
});

// src/core/report/json.ts
/** verdict.json: the decision for programs, as schema/verdict.schema.json describes it. Two spaces, one newline at the end. */
function verdictJson({ verdict, attempts = [], acceptance }) {
	const assessed = acceptance === void 0 || "unknown" in acceptance ? void 0 : acceptance;
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
		attempts: attempts.map(({ origin, record }) => ({
			origin,
			startedAt: record.startedAt,
			requests: requestsOf(record)
		})),
		accepted: verdict.verdict === "fail" && assessed !== void 0 && assessed.remaining !== "fail",
		scenarios: verdict.scenarios.map((scenario) => ({
			name: scenario.name,
			verdict: scenario.verdict,
			metrics: scenario.metrics.map((metric) => ({
				...metricJson(metric),
				accepted: acceptedJson(metric, assessed)
			}))
		}))
	};
	return `${JSON.stringify(json, void 0, 2)}\n`;
}
function acceptedJson({ comparison }, acceptance) {
	return (acceptance?.failed.filter((failure) => failure.comparison === comparison) ?? []).flatMap(({ of, outcome }) => {
		if (outcome.kind !== "accepted") return [];
		const { by, reason, largest, until } = outcome;
		return [{
			of,
			by,
			reason,
			up_to: sizeOf$1(largest),
			until: until ?? null,
			pull: acceptance.pull
		}];
	});
}
function metricJson({ metric, gated, verdict, reason, comparison }) {
	const { base, head, delta, gate, mannWhitney, margin, resolvableMargin, moreData, planted, obstacles } = comparison;
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
			relative: known$1(delta.relative),
			low: known$1(delta.low),
			high: known$1(delta.high),
			absolute: delta.absolute,
			absolute_low: known$1(delta.absoluteLow),
			absolute_high: known$1(delta.absoluteHigh),
			confidence: delta.confidence
		},
		mann_whitney: shiftJson(mannWhitney),
		mann_whitney_tail: shiftJson(comparison.tailMannWhitney),
		gate: gate === void 0 ? null : {
			regression: known$1(gate.regression),
			floor: known$1(gate.floor),
			limit: known$1(gate.limit)
		},
		margin: known$1(margin),
		resolvable_margin: known$1(resolvableMargin),
		more_data: known$1(moreData),
		self_test: planted === void 0 ? null : {
			planted: planted.size,
			caught: isRegression(planted)
		},
		obstacles: obstacles.map(({ code }) => code),
		reason
	};
}
const shiftJson = (shift) => shift === void 0 ? null : {
	p: shift.p,
	cliffs_delta: shift.cliffsDelta
};
const estimateJson = (estimate) => estimate === void 0 || !Number.isFinite(estimate.value) ? null : {
	value: estimate.value,
	low: known$1(estimate.low),
	high: known$1(estimate.high),
	n: estimate.n
};
/** JSON has no infinity: an open bound is an unknown one. */
const known$1 = (value) => value !== void 0 && Number.isFinite(value) ? value : null;

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
	message: `${titleOf(report)}: ${report.headline}`,
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
/** A sentence as {@link markdownText} for a raw HTML block (`<summary>`), where Markdown is not read. */
const summaryText = (text, limit) => entities(defuse(plainLine(text, limit)));
/**
* A link with a label of ours to a place that somebody else names: only http and https, without user and password. Any
* other address is shown as text.
*/
function markdownLink({ label, url }) {
	const target = URL.parse(url);
	if (target === null || !/^https?:$/.test(target.protocol) || target.username !== "" || target.password !== "") return `${markdownText(label)}: ${markdownText(url, 200)}`;
	return `[${markdownText(label)}](${target.href.replace(/[()<>[\]\\`*_|]/g, (character) => `%${character.codePointAt(0).toString(16).toUpperCase()}`)})`;
}
const entities = (line) => line.replace(/[^\p{L}\p{N} ]/gu, (character) => `&#${character.codePointAt(0)};`);
const defuse = (line) => line.replace(/[@#]/g, `$&${WORD_JOINER}`).replace(/(gh-|cve-|ghsa-)(?=\w)/gi, `$1${WORD_JOINER}`).replace(/:\/\//g, `:${WORD_JOINER}//`).replace(/(www)\./gi, `$1${WORD_JOINER}.`).replace(/(mailto|xmpp):/gi, `$1${WORD_JOINER}:`).replace(/:(?=(?:[\w+-]*[a-z][\w+-]*|100|1234):)/gi, `:${WORD_JOINER}`);

// src/core/report/fit.ts
/** GitHub's limit of a comment's body, in characters, and of one step's summary, in bytes. */
const COMMENT_LIMIT = 65536;
const SUMMARY_LIMIT$1 = 1048576;
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
/**
* As {@link fitSections} for folded parts below a head that always stays: the least important section of all parts goes
* first, among equals that of the last part.
*
* @throws {RangeError} if the head alone is over the limit.
*/
function fitFolds(head, folds, limit, unit) {
	const size = unit === "bytes" ? bytes : (text) => text.length;
	const frame = ({ open, close }) => size(open) + size(close) + 4;
	const left = new Map(folds.map((fold) => [fold, fold.sections.length]));
	const all = folds.flatMap((fold) => fold.sections.map((section) => ({
		fold,
		section
	})));
	const expendable = all.toSorted((a, b) => a.section.rank - b.section.rank);
	let total = size(head) + 1 + folds.reduce((sum, fold) => sum + frame(fold), 0);
	total += all.reduce((sum, { section }) => sum + size(section.text) + 2, 0);
	const gone = [];
	while (total + (gone.length > 0 ? size(noteOf(gone)) + 2 : 0) > limit) {
		const next = expendable.pop();
		if (next === void 0) throw new RangeError(`the sections that must stay are longer than ${limit} ${unit}`);
		gone.push(next.section);
		total -= size(next.section.text) + 2;
		left.set(next.fold, left.get(next.fold) - 1);
		if (left.get(next.fold) === 0) total -= frame(next.fold);
	}
	const dropped = new Set(gone);
	return `${[
		head,
		...folds.flatMap(({ open, sections, close }) => {
			const kept = sections.filter((section) => !dropped.has(section)).map(({ text }) => text);
			return kept.length === 0 ? [] : [
				open,
				...kept,
				close
			];
		}),
		...gone.length > 0 ? [noteOf(gone)] : []
	].join("\n\n")}\n`;
}
const noteOf = (left) => {
	return `> Left out for length: ${left.slice(0, 10).map(({ name }) => name).join(", ")}${left.length > 10 ? ` and ${left.length - 10} more` : ""}. The whole report is in \`report.html\` of this run.`;
};
const bytes = (text) => new TextEncoder().encode(text).length;

// src/core/report/marker.ts
/**
* The hidden line that marks a comment as ours, for one suite: `<!-- tailgate:suite=NAME -->`, with `&variant=NAME` where it
* is about one leg of a matrix. It is the first line of the comment, so that the search for the sticky comment need not
* read the rest.
*
* The name is percent-encoded (and the second of two dashes), which can be undone: nothing in it can end the HTML
* comment, and two suites never share a marker. A very long name ends in its digest instead. A marker alone proves
* nothing, since anybody can post one: match the author as well.
*/
const commentMarker = (suiteName, variant = "") => `<!-- tailgate:suite=${named$1(suiteName)}${variant === "" ? "" : `&variant=${named$1(variant)}`} -->`;
/** The marker of the one comment of a job that judges several suites: it keeps its comment when suites come and go. */
const legsMarker = (job) => `<!-- tailgate:legs=${named$1(job)} -->`;
function named$1(name) {
	const encoded = encodeURIComponent(name.toWellFormed()).replaceAll("--", "-%2D");
	return encoded.length <= LONGEST ? encoded : `sha256:${createHash("sha256").update(encoded).digest("hex")}`;
}
const LONGEST = 600;

// src/core/report/markdown.ts
/** The pull request comment, marker first, at most 65,536 characters: sections are left out whole, worst kept longest. */
const renderComment = (report) => fitSections(commentSections(report), COMMENT_LIMIT, "characters");
/** The same page for the job summary, at most 1 MiB. */
const renderSummary = (report) => fitSections(commentSections(report), SUMMARY_LIMIT$1, "bytes");
/** The parts of the comment in order, each whole in itself. */
function commentSections(report) {
	const [verdict, ...rest] = bodySections(report);
	const heading = `### ${MARKS[report.verdict]} ${markdownText(titleOf(report), 200)}: ${markdownText(report.headline, 300)}`;
	return [{
		...verdict,
		text: [
			commentMarker(report.suiteName, report.variant),
			heading,
			"",
			verdict.text
		].join("\n")
	}, ...rest];
}
/** The same without marker and heading, to be shown below a heading of its own. */
function bodySections(report) {
	const explained = report.scenarios.findIndex(({ rows }) => rows.some((row) => row.detects !== "–"));
	return [
		{
			name: "verdict",
			rank: 0,
			text: verdictText(report)
		},
		...optional("acceptance", 1, acceptanceText(report)),
		...report.scenarios.map((scenario, index) => ({
			name: `scenario ${markdownCode(scenario.name, 60)}`,
			rank: index === 0 ? 1 : 2,
			text: scenarioText(scenario, report.scenarios.length > 1, index === explained)
		})),
		...report.scenarios.flatMap(({ name, pictures }) => pictures.map((picture) => ({
			name: `where ${picture.of} moved in ${markdownCode(name, 60)}`,
			rank: 3,
			text: pictureText(picture, name, report.scenarios.length > 1)
		}))),
		...optional("resources", 3, resourcesText(report)),
		...optional("failures", 3, failuresText(report)),
		...optional("warnings", 2, warningsText(report)),
		...optional("earlier attempts", 3, attemptsText(report)),
		...report.scenarios.flatMap((scenario) => optional(`other metrics of ${markdownCode(scenario.name, 60)}`, 5, closedRowsText(scenario, report.scenarios.length > 1))),
		...report.phases.map((table) => ({
			name: `where the time of ${markdownCode(table.scenario, 60)} goes`,
			rank: 5,
			text: phasesText(table, report.scenarios.length > 1)
		})),
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
	const lines = [`**${markdownText(report.consequence)}** ${markdownText(report.context, 300)}`];
	const shown = report.reasons.slice(0, MOST_REASONS);
	if (shown.length > 0) lines.push("", ...shown.map((reason) => `- ${markdownText(reason, 600)}`));
	if (report.reasons.length > shown.length) lines.push(`- and ${report.reasons.length - shown.length} more, in the tables below`);
	const steps = report.steps.slice(0, MOST_REASONS);
	if (steps.length > 0) lines.push("", "**What would decide it**", "", ...steps.map((step) => `- ${markdownText(step, 600)}`));
	if (report.links.length > 0) lines.push("", report.links.map(markdownLink).join(" · "));
	return lines.join("\n");
}
function acceptanceText({ acceptance }) {
	if (acceptance === void 0) return void 0;
	const lines = acceptance.lines.map(({ text, command }) => `- ${markdownText(text, 900)}${command === void 0 ? "" : `:<br>${markdownCode(command, 400)}`}`);
	return [
		`#### ${ACCEPTANCE_TITLE}`,
		"",
		...lines
	].join("\n");
}
function scenarioText(scenario, several, explains) {
	const open = scenario.rows.filter((row) => row.open);
	return [
		several ? `#### ${MARKS[scenario.verdict]} ${markdownCode(scenario.name)}` : `#### ${markdownCode(scenario.name)}`,
		markdownText(scenario.load),
		...open.length > 0 ? [metricTable(open)] : [],
		...explains ? [markdownText(DETECTS_NOTE)] : [],
		...scenario.shift === void 0 ? [] : [markdownText(scenario.shift)]
	].join("\n\n");
}
function pictureText({ of, lines }, scenario, several) {
	const where = several ? ` in ${summaryCode(scenario)}` : "";
	return details(`Where ${of} moved${where}, base → head`, `\`\`\`text\n${lines.join("\n")}\n\`\`\``);
}
function closedRowsText(scenario, several) {
	const closed = scenario.rows.filter((row) => !row.open);
	if (closed.length === 0) return void 0;
	const of = several ? ` of ${summaryCode(scenario.name)}` : "";
	const { count, kind } = restText(closed);
	return details(`${count}${of}, ${kind}`, metricTable(closed));
}
function metricTable(rows, withScenario = false) {
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
		...[row.base, row.head].map(together$2),
		changeCell(row),
		...gated ? [
			withUnit(row.gate),
			together$2(row.detects),
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
	const change = row.open && row.verdict === "fail" && row.change !== "–" ? `**${together$2(row.change)}**` : together$2(row.change);
	return row.interval === "" ? change : `${change} (${together$2(row.interval)})`;
};
/** GitHub breaks narrow columns wherever it may: a number stays with its unit, and an interval in one piece. */
const together$2 = (cell) => cell.replaceAll(" ", "\xA0");
const withUnit = (cell) => cell.replace(/([\d≤≥]) (?=[\d%\p{L}])(?!and )/gu, "$1\xA0");
const verdictCell = (row) => row.gated ? `${MARKS[row.verdict]} ${row.word}` : row.word;
function resourcesText({ resources, scenarios }) {
	if (resources.length === 0) return void 0;
	const table = metricTable(resources, scenarios.length > 1);
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
function attemptsText({ attempts }) {
	if (attempts === void 0) return void 0;
	const body = attempts.rows.map(({ origin, date, requests }) => [
		markdownText(origin, 300),
		date,
		requests
	]);
	return details(attempts.summary, markdownTable([[...ATTEMPT_HEADER], ...body], {
		align: [
			"l",
			"l",
			"r"
		],
		alignDelimiters: false
	}));
}
function phasesText({ scenario, rows }, several) {
	const body = rows.map(({ label, base, head }) => [
		label,
		withUnit(base),
		withUnit(head)
	]);
	const of = several ? `: ${summaryCode(scenario)}` : "";
	return details(`${PHASES_TITLE}${of}`, `${markdownTable([[
		"Phase",
		"Base",
		"Head"
	], ...body], { alignDelimiters: false })}\n\n${PHASES_NOTE}`);
}
function provenanceText({ provenance, environment, reproduce }) {
	const fence = "`".repeat(Math.max(3, ...reproduce.flatMap((line) => [...line.matchAll(/`+/g)].map(([run]) => run.length + 1))));
	const commands = reproduce.map((line) => line.replace(/[\r\n]+/g, " "));
	return details("Where these numbers come from, and how to get them again", [
		...provenance.length > 0 ? [factTable(provenance)] : [],
		...environment.length > 0 ? [factTable(environment, "Environment")] : [],
		`${fence}sh\n${commands.join("\n")}\n${fence}`
	].join("\n\n"));
}
const factTable = (facts, title = "Provenance") => markdownTable([[title, ""], ...facts.slice(0, 60).map(({ label, value }) => [markdownText(label, 80), markdownText(value, 300)])], { alignDelimiters: false });
/** GitHub reads Markdown inside `<details>` only after an empty line. */
const details = (summaryHtml, body) => `<details><summary>${summaryHtml}</summary>\n\n${body}\n\n</details>`;

// src/io/files/read.ts
/** Largest file that is read when the caller names no limit of its own: beyond any suite, record or payload file we know. */
const MAX_BYTES$3 = 268435456;
/**
* A whole file as UTF-8 text, without a byte order mark.
*
* @param what what the file is to the user (`suite`, `baseline`), for the message.
* @throws {InputError} if it is missing (naming the nearest file name beside it), a folder, unreadable or too large.
*/
async function readTextFile(path, what, maxBytes = MAX_BYTES$3) {
	return new TextDecoder().decode(await readBytes(path, what, maxBytes));
}
/** As {@link readTextFile}, for files that need not be text. */
async function readBytes(path, what, maxBytes = MAX_BYTES$3) {
	try {
		const found = await stat(path);
		if (found.isDirectory()) throw new InputError(`the ${what} ${path} is a folder`, { hint: await fileInside(path) });
		if (found.size > maxBytes) throw new InputError(`the ${what} ${path} is ${mebibytes$1(found.size)}; at most ${mebibytes$1(maxBytes)} are read`);
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
	return (0, import_fastest_levenshtein.distance)(wanted, candidate) <= Math.max(2, wanted.length / 2) ? `did you mean ${join$1(folder, candidate)}?` : void 0;
}
async function fileInside(folder) {
	const likely = (await readdir(folder).catch(() => [])).find((name) => /\.(ya?ml|json)$/.test(name));
	return likely === void 0 ? "give the path of a file" : `give the path of a file, perhaps ${join$1(folder, likely)}`;
}
const mebibytes$1 = (bytes) => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;

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
/**
* Adds text at the end of a file, which is made if it is not there. A crash may tear what was added last.
*
* @throws {InputError} if the disk is full or the place may not be written.
*/
async function appendToFile(path, text) {
	try {
		await appendFile(path, text, "utf8");
	} catch (error) {
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
/** Blocks of a run that is under way, or of one that crashed; gone when the record is complete. */
const JOURNAL_FILE = "run.blocks.jsonl";
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
* The record as it is known before the first request and when all is over. What an earlier run left
* beside it is taken away: if this one ends in the middle, no verdict of yesterday may stand beside its record.
*/
async function writeRecord(out, record) {
	const remove = (name) => rm(join$1(out, name), { force: true }).catch(() => void 0);
	await Promise.all(CONCLUSION_FILES.map(remove));
	await writeFileAtomic(join$1(out, RUN_FILE), writeRunRecord(record));
	await remove(JOURNAL_FILE);
}
/** Where a run keeps itself while it is under way, for `checkpoint` and `keep` of a gate. */
function openJournal(out) {
	const file = join$1(out, JOURNAL_FILE);
	return {
		checkpoint: async (record) => {
			await writeRecord(out, record);
			await appendToFile(file, journalHead(record));
		},
		keep: (entry) => appendToFile(file, journalLine(entry))
	};
}
/**
* A record from a file, with the blocks of the journal beside it if its run crashed.
*
* @param what what the file is to the user, for the message.
* @throws {InputError} as reading the file and its shape do.
*/
async function readStoredRun(path, what) {
	const record = readRunRecord(await readTextFile(path, what), path);
	if (record.status === "complete") return record;
	const journal = await readTextFile(join$1(dirname(path), JOURNAL_FILE), "journal").catch(() => "");
	return withJournal(record, readJournal(journal));
}
/**
* Writes what a gate produced, the record first: whatever fails after it can be made again with `tailgate compare`.
*
* @param record undefined where stored records were judged: they have their own files already.
*/
async function writeOutputs(out, judgement, record) {
	if (record !== void 0) await writeRecord(out, record);
	const { report, heads } = judgement;
	await writeFileAtomic(join$1(out, VERDICT_FILE), verdictJson(judgement));
	await writeFileAtomic(join$1(out, COMMENT_FILE), renderComment(report));
	await writeFileAtomic(join$1(out, REPORT_FILE), renderHtml(judgement));
	await writeFileAtomic(join$1(out, JUNIT_FILE), junitXml(report));
	const newest = record ?? heads.at(-1);
	if (newest !== void 0) await writeFileAtomic(join$1(out, LATENCY_FILE), latencyLog(newest));
}

// src/core/decide/limit.ts
/**
* Judges the `limit` part of a gate, which needs no baseline: fail where the head lies beyond the limit at the
* family-wise level, pass where it lies inside at 1 − falsePass. A limit of zero failures cannot be proven by any
* finite run: it is kept when none was seen. How an endpoint started is what it is: a fact decides by itself.
*/
function judgeLimit(comparison) {
	const { metric, gate, limit } = comparison;
	const mark = gate?.limit;
	if (mark === void 0 || limit === void 0) return {
		verdict: "inconclusive",
		sentence: limitSentence(comparison, "inconclusive")
	};
	const [beyond, inside] = METRICS[metric].better === "lower" ? [limit.low !== void 0 && limit.low > mark, limit.high !== void 0 && limit.high < mark] : [limit.high !== void 0 && limit.high < mark, limit.low !== void 0 && limit.low > mark];
	const isFact = METRICS[metric].measure.kind === "start";
	const isKeptZero = (mark === 0 || isFact) && limit.value === mark;
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
	if (doubts.length > 0 || margin === void 0 || worseHigh === void 0 || resolvableMargin === void 0) return undecided$1(comparison, doubts, `${change}; ${blocks}`);
	if (worseHigh < margin) return {
		verdict: "pass",
		sentence: `${change}; ${blocks}${caution.join("")}`
	};
	if (policy.pass === "resolvable" && comparison.delta?.scale === "relative" && worseHigh < resolvableMargin && resolvableMargin <= policy.ceiling) return {
		verdict: "pass",
		sentence: `${change}; no change beyond ${resolvableText(comparison, resolvableMargin)}, the least this data can show; ${blocks}${caution.join("")}`
	};
	return undecided$1(comparison, [], `${change}; ${blocks}`);
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
		case "runs-disagree":
		case "level-unsettled":
		case "like-an-outlier": return true;
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
		case "too-few-runs":
		case "single-start":
		case "level-unsettled":
		case "censored": return true;
		case "blocks-dropped": return Number(detail["dropped"]) > .1 * Number(detail["pairs"]);
		case "token-count-differs": return "headFrom" in detail || Number(detail["change"]) < 0;
		default: return false;
	}
}
function undecided$1(comparison, doubts, sentence) {
	const { moreData, resolvableMargin, margin } = comparison;
	return {
		verdict: "inconclusive",
		sentence: `${sentence}${doubts.map((doubt) => `; ${obstacleText(doubt)}`).join("")}${doubts.length === 0 && resolvableMargin !== void 0 && margin !== void 0 && resolvableMargin > margin ? `; this data can show ${resolvableText(comparison, resolvableMargin)} at the least` : doubts.length === 0 ? "; this data can neither show nor rule that out" : ""}${moreData === void 0 || moreData <= 1 ? "" : `; it needs about ${formatQuantity(Math.ceil(moreData * 10) / 10, "1")}× the measured time`}`
	};
}

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
/** The two halves of a gate, each judged by itself; undefined where the gate has none. */
function judgeHalves(comparison, policy) {
	const { gate } = comparison;
	return {
		regression: gate?.regression === void 0 ? void 0 : judgeRegression(comparison, policy),
		limit: gate?.limit === void 0 ? void 0 : judgeLimit(comparison)
	};
}
function judgeGate(comparison, policy, spoiled) {
	const { metric } = comparison;
	const { regression, limit } = judgeHalves(comparison, policy);
	if (spoiled !== void 0) {
		if (metric === "errors.ratio" && limit?.verdict === "fail") return limit;
		return {
			verdict: "invalid",
			sentence: `cannot be judged: ${spoiled.message}`
		};
	}
	if (limit === void 0 || regression === void 0) return limit ?? regression;
	const [worse, other] = rank$1(limit.verdict) > rank$1(regression.verdict) ? [limit, regression] : [regression, limit];
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
const rank$1 = (word) => VERDICTS.indexOf(word);

// src/core/accept/target.ts
/** A metric's name has no slash, a scenario's may have some: the last one separates them. */
function readTarget(text) {
	const at = text.lastIndexOf("/");
	const metric = text.slice(at + 1).trim();
	const path = at === -1 ? void 0 : text.slice(0, at).trim();
	if (metric === "") return {
		problem: "a metric is missing",
		hint: "name the metrics, separated by commas"
	};
	if (metric !== "*" && !isMetricName(metric)) return {
		problem: `there is no metric "${metric}"`,
		hint: suggest$1(metric, METRIC_NAMES)
	};
	if (path === "") return {
		problem: `there is no scenario before the slash of "${text}"`,
		hint: "write SCENARIO/METRIC"
	};
	return {
		path,
		metric
	};
}
const covers = (target, { suite, scenario, metric }) => coversPath(target, {
	suite,
	scenario
}) && (target.metric === "*" || target.metric === metric);
function coversPath({ path }, { suite, scenario }) {
	return [
		void 0,
		"*",
		"*/*",
		scenario,
		`*/${scenario}`,
		`${suite}/*`,
		`${suite}/${scenario}`
	].includes(path);
}

// src/core/accept/assess.ts
/**
* Which of the gates that failed are accepted. For each failed half of a gate (its regression, its limit) the newest
* command about it, of a person who may accept, decides alone: it has to accept it, not be over, allow a change as large
* as the one that was measured, and the label has to be there.
*/
function assessAcceptance(verdict, suite, evidence) {
	const { pull, author, label, statements } = evidence;
	const failed = [];
	const words = verdict.scenarios.flatMap(({ name: scenario, metrics }) => metrics.filter(({ gated }) => gated).flatMap((metric) => halvesOf(metric, scenario, verdict, suite).map(({ of, word }) => {
		if (word !== "fail") return word;
		const failure = {
			scenario,
			of,
			comparison: metric.comparison
		};
		const outcome = assess(failure, suite.name, evidence);
		failed.push({
			...failure,
			outcome
		});
		return outcome.kind === "accepted" ? "pass" : word;
	})));
	return {
		pull,
		author,
		label,
		failed,
		remaining: VERDICTS.findLast((word) => words.includes(word)) ?? verdict.verdict,
		unread: statements.filter(({ mayAccept }) => mayAccept).flatMap(unreadOf)
	};
}
/** A metric's word is that of its worse half. Accepting that one brings the other to light. */
function halvesOf(metric, scenario, { problems }, { decision }) {
	const { comparison, verdict } = metric;
	if (verdict !== "fail") return [{
		of: "regression",
		word: verdict
	}];
	if (problems.some((problem) => problem.severity === "invalid" && [void 0, scenario].includes(problem.scenario))) return [{
		of: "limit",
		word: verdict
	}, {
		of: "regression",
		word: "invalid"
	}];
	const { regression, limit } = judgeHalves(comparison, decision);
	const halves = [...regression === void 0 ? [] : [{
		of: "regression",
		word: regression.verdict
	}], ...limit === void 0 ? [] : [{
		of: "limit",
		word: limit.verdict
	}]];
	return halves.some(({ word }) => word === "fail") ? halves : halves.map(({ of }) => ({
		of,
		word: verdict
	}));
}
const unreadOf = ({ by, commands }) => commands.flatMap((command) => command.kind === "unreadable" ? [{
	...command,
	by
}] : []);
function assess(failure, suite, { statements, label, today }) {
	const place = {
		suite,
		scenario: failure.scenario,
		metric: failure.comparison.metric
	};
	const said = statements.flatMap((by) => by.commands.map((command) => ({
		command,
		by
	})));
	const last = said.findLast(({ command, by }) => by.mayAccept && isAbout(command, place, failure.of));
	if (last === void 0) return nobodyNames(said, place, failure);
	const by = last.by.by;
	const { command } = last;
	if (command.kind !== "accept") return {
		kind: "withdrawn",
		by,
		unread: command.kind === "unreadable"
	};
	const { largest, until, reason } = command;
	if (until !== void 0 && until < today) return {
		kind: "expired",
		by,
		until
	};
	const isWithin = within(largest, failure);
	if (isWithin === void 0) return {
		kind: "no-change",
		by
	};
	if (!isWithin) return {
		kind: "too-large",
		by,
		largest
	};
	if (!label.isSet) return {
		kind: "no-label",
		by,
		largest
	};
	return {
		kind: "accepted",
		by,
		isEdited: last.by.isEdited,
		largest,
		until,
		reason
	};
}
/** Does a command decide about this half of the gate? One that may be a withdrawal and cannot be read is about everything. */
function isAbout(command, place, of) {
	if (command.kind === "unreadable") return command.isWithdrawal;
	if (!command.targets.some((target) => covers(target, place))) return false;
	if (command.kind === "withdraw") return command.of === "all" || of === "limit";
	const { largest } = command;
	return largest.of === of && (largest.of === "limit" || largest.in === changeUnit(place.metric));
}
/** Is it as bad as was accepted, at most? Undefined where nothing was measured that could be compared. */
function within(largest, { comparison }) {
	const { metric, delta, limit } = comparison;
	const sign = METRICS[metric].better === "lower" ? 1 : -1;
	if (largest.of === "limit") return limit === void 0 ? void 0 : sign * limit.value <= sign * largest.value;
	const change = delta?.scale === "relative" ? delta.relative : delta?.absolute;
	return change === void 0 ? void 0 : sign * change <= largest.size;
}
function nobodyNames(said, place, { of }) {
	const accepting = said.filter(({ command }) => command.kind === "accept");
	const stranger = accepting.findLast(({ command, by }) => !by.mayAccept && isAbout(command, place, of))?.by;
	if (stranger !== void 0) return {
		kind: "no-permission",
		by: stranger.by,
		role: stranger.role
	};
	return {
		kind: "not-named",
		elsewhere: accepting.findLast(({ command, by }) => by.mayAccept && command.kind === "accept" && command.targets.some(({ metric }) => metric === place.metric || metric === "*"))?.by.by
	};
}

// src/core/accept/recorded.ts
/**
* What the record of a merged commit says about its acceptance: of each gate that failed here and is accepted, by whom,
* how much and why. Undefined where there is none.
*/
function recordedAcceptance({ failed, pull }) {
	const accepted = failed.flatMap(({ scenario, of, comparison, outcome }) => {
		if (outcome.kind !== "accepted") return [];
		const { by, reason, largest, until } = outcome;
		return [{
			metric: comparison.metric,
			scenario,
			...of === "limit" ? { of } : {},
			largest: sizeOf$1(largest),
			by,
			reason,
			pull,
			...until === void 0 ? {} : { until }
		}];
	});
	return accepted.length === 0 ? void 0 : accepted;
}

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
	const shown = worse.slice(0, MOST_WARNINGS).map(({ metric, comparison }) => `${metric} (${changeText$1(comparison)})`);
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

// src/core/report/consequence.ts
/** What is accepted counts as if it had passed; what is left of the verdict does to the job what the policy says. */
function consequenceOf(verdict, policy, acceptance) {
	if (verdict === "pass") return {
		blocks: false,
		sentence: "May be merged."
	};
	if (policy.tolerated?.verdicts.includes(verdict)) return {
		blocks: false,
		sentence: policy.tolerated.sentence
	};
	if (verdict === "fail") return acceptance === void 0 ? BLOCKS : failedButAccepted(acceptance, policy);
	const { input, consequence } = undecided(verdict, policy);
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
const BLOCKS = {
	blocks: true,
	sentence: "Blocks the merge."
};
function failedButAccepted(acceptance, policy) {
	if ("unknown" in acceptance) return {
		blocks: true,
		sentence: "Blocks the merge: whether it is accepted is not known."
	};
	const { failed, remaining } = acceptance;
	if (remaining === "fail") {
		const refused = failed.filter(({ outcome }) => outcome.kind !== "accepted").length;
		if (refused === failed.length) return BLOCKS;
		const are = refused === 1 ? "is" : "are";
		return {
			blocks: true,
			sentence: `Blocks the merge: ${refused} of ${failed.length} failures ${are} not accepted.`
		};
	}
	if (remaining === "pass") return {
		blocks: false,
		sentence: "Does not block the merge: what failed is accepted."
	};
	const { input, consequence } = undecided(remaining, policy);
	const rest = `the rest is ${WORDS$1[remaining]} (${consequence === void 0 ? "exit code 3" : `${input}: ${consequence}`})`;
	return consequence === void 0 || consequence === "fail" ? {
		blocks: true,
		sentence: `Blocks the merge: what failed is accepted, and ${rest}.`
	} : {
		blocks: false,
		sentence: `Does not block the merge: what failed is accepted, and ${rest}.`
	};
}
const undecided = (verdict, { onInconclusive, onNoBaseline, onInvalid }) => ({
	inconclusive: {
		input: "on-inconclusive",
		consequence: onInconclusive
	},
	"no-baseline": {
		input: "on-no-baseline",
		consequence: onNoBaseline
	},
	invalid: {
		input: "on-invalid",
		consequence: onInvalid
	}
})[verdict];

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

// src/core/suite/load.ts
/** The same rate from beginning to end. */
const steadyRate = (ratePerS, arrivals, durationS) => ({
	kind: "open",
	ratePerS,
	stages: [level$2(ratePerS, durationS)],
	arrivals,
	durationS
});
/** The same number of users from beginning to end, without pauses. */
const steadyUsers = (concurrency, durationS) => ({
	kind: "closed",
	concurrency,
	stages: [level$2(concurrency, durationS)],
	thinkTime: void 0,
	pacingS: void 0,
	durationS
});
const level$2 = (value, durationS) => ({
	kind: "linear",
	durationS,
	from: value,
	to: value
});
/** Arrivals in words: `poisson`, `gamma (cv 2)`, `constant with 20 % jitter`. */
const arrivalsText = (arrivals) => typeof arrivals === "string" ? arrivals : "gamma" in arrivals ? `gamma (cv ${Number(arrivals.gamma.toPrecision(3))})` : `constant with ${Number((100 * arrivals.jitter).toPrecision(3))} % jitter`;

// src/core/suite/stages.ts
/**
* A written shape as the pieces that everything else works with: `steps`, `spike` and `ladder` become constant levels,
* and equal levels side by side become one, so that a shape which is steady in fact is a steady load.
*
* @param shape with everything that its kinds need; see `shape-rules.ts`.
* @returns durations add up to those of the shape, none is 0; empty for what the rules refuse.
*/
function stagesOf(shape) {
	const stages = [];
	for (const stage of shape.flatMap(piecesOf)) {
		const last = stages.at(-1);
		if (last !== void 0 && isLevel(last) && isLevel(stage) && last.from === stage.from) stages[stages.length - 1] = {
			...last,
			durationS: last.durationS + stage.durationS
		};
		else if (stage.durationS > 0) stages.push(stage);
	}
	return stages;
}
/** The value of a load that never changes; undefined for any other. */
function steadyLevel(stages) {
	const [only, ...others] = stages;
	return only !== void 0 && isLevel(only) && others.length === 0 ? only.from : void 0;
}
/** The largest value. */
const peakOf$1 = (stages) => Math.max(0, ...stages.map((stage) => stage.kind === "sine" ? stage.high : Math.max(stage.from, stage.to)));
/** The integral over time: of rates, the expected number of requests. */
const areaOf = (stages) => stages.reduce((sum, stage) => sum + areaOfStage(stage), 0);
const lengthOf = (stages) => stages.reduce((sum, { durationS }) => sum + durationS, 0);
/** A sine that ends within a wave has more than its mean behind it, because it rises first. */
function areaOfStage(stage) {
	if (stage.kind === "linear") return (stage.from + stage.to) / 2 * stage.durationS;
	const { low, high, durationS, periodS } = stage;
	return (low + high) / 2 * durationS + (high - low) * periodS / (2 * Math.PI) * Math.sin(Math.PI * durationS / periodS) ** 2;
}
const isLevel = (stage) => stage.kind === "linear" && stage.from === stage.to;
const level$1 = (value, durationS) => ({
	kind: "linear",
	durationS,
	from: value,
	to: value
});
function piecesOf(stage) {
	const { duration, rate, concurrency, ramp, steps, spike, from, at, for: length, sine, period, ladder, rungs } = stage;
	if (rate !== void 0) return [level$1(rate, duration)];
	if (concurrency !== void 0) return [level$1(concurrency, duration)];
	if (ramp !== void 0) return [{
		kind: "linear",
		durationS: duration,
		from: ramp[0].value,
		to: ramp[1].value
	}];
	if (steps !== void 0) return steps.map(({ value }) => level$1(value, duration / steps.length));
	if (sine !== void 0 && period !== void 0) return [{
		kind: "sine",
		durationS: duration,
		low: sine[0].value,
		high: sine[1].value,
		periodS: period
	}];
	if (spike !== void 0 && from !== void 0 && at !== void 0 && length !== void 0) return [
		level$1(from.value, at),
		level$1(spike.value, length),
		level$1(from.value, Math.max(0, duration - at - length))
	];
	if (ladder !== void 0 && rungs !== void 0) {
		const [first, last] = ladder;
		const at = (rung) => rung === 0 ? first.value : rung === rungs - 1 ? last.value : first.value * (last.value / first.value) ** (rung / (rungs - 1));
		const whole = first.of === "users" ? Math.round : (value) => value;
		return Array.from({ length: rungs }, (_, rung) => level$1(whole(at(rung)), duration / rungs));
	}
	return [];
}

// src/core/suite/load-text.ts
/** Pieces of a shape that a line tells; of a longer one it says how many more there are. */
const MOST_PIECES = 8;
/**
* What a load does over time, in words and in the units of a suite: `20/s → 100/s over 1m, 100/s for 2m`,
* `1 → 16 at a time over 1m, think time 500ms`, `the trace data/a.csv from 10m, at 2 times its speed, for 5m`.
*
* @returns undefined for a constant rate, and for users without pauses whose number never changes: their numbers say all.
*/
function loadText$1(load) {
	switch (load.kind) {
		case "open": return steadyLevel(load.stages) === void 0 ? shapeText(load) : void 0;
		case "closed": return steadyLevel(load.stages) === void 0 || load.thinkTime !== void 0 || load.pacingS !== void 0 ? usersText(load) : void 0;
		case "trace": return traceText(load);
	}
}
function usersText(load) {
	const think = load.thinkTime === void 0 ? [] : [`think time ${thinkText(load.thinkTime)}`];
	const pacing = load.pacingS === void 0 ? [] : [`each at most one request in ${duration$1(load.pacingS)}`];
	return [
		shapeText(load),
		...think,
		...pacing
	].join(", ");
}
function thinkText(think) {
	if (think.kind === "fixed") return duration$1(think.seconds);
	if (think.kind === "uniform") return `${duration$1(think.lowS)} to ${duration$1(think.highS)}`;
	return `${duration$1(think.meanS)} on average (exponential)`;
}
function traceText({ file, fromS, speed, sample, durationS }) {
	const how = [...speed === 1 ? [] : [`at ${significant(speed)} times its speed`], ...sample === 1 ? [] : [`${formatForSuite(sample, "percent")} of it`]];
	return `the trace ${file}${fromS === 0 ? "" : ` from ${duration$1(fromS)}`}${how.map((each) => `, ${each}`).join("")}${how.length > 0 ? "," : ""} for ${duration$1(durationS)}`;
}
function shapeText({ kind, stages }) {
	const told = stages.slice(0, MOST_PIECES).map((stage) => pieceText(stage, kind));
	const more = stages.length - told.length;
	return [...told, ...more > 0 ? [`${more} more`] : []].join(", ");
}
function pieceText(stage, kind) {
	const level = (value) => kind === "open" ? formatForSuite(significant(value), "rate") : String(value);
	const what = kind === "open" ? "" : " at a time";
	const length = duration$1(stage.durationS);
	if (stage.kind === "sine") return `${level(stage.low)} to ${level(stage.high)} and back${what} every ${duration$1(stage.periodS)} for ${length}`;
	if (stage.from !== stage.to) return `${level(stage.from)} → ${level(stage.to)}${what} over ${length}`;
	return stage.from === 0 ? `nothing for ${length}` : `${level(stage.from)}${what} for ${length}`;
}
const significant = (value) => Number(value.toPrecision(3));
/** To the millisecond: a third of ten seconds needs no more. */
const duration$1 = (seconds) => formatForSuite(seconds < 1 ? significant(seconds) : Number(seconds.toFixed(3)), "duration");

// src/core/plan/recorded-load.ts
/**
* A load as a run record tells it.
*
* @param traceRatePerS mean rate of a trace's replay, which only its arrivals tell. The other kinds know theirs.
*/
function recordedLoad(load, traceRatePerS) {
	const { durationS } = load;
	const text = loadText$1(load);
	const shape = text === void 0 ? {} : { shape: text };
	if (load.kind === "closed") return {
		kind: "closed",
		concurrency: load.concurrency,
		durationS,
		...shape
	};
	if (load.kind === "trace") return {
		kind: "open",
		ratePerS: traceRatePerS,
		arrivals: "trace",
		durationS,
		...shape
	};
	return {
		kind: "open",
		ratePerS: load.ratePerS,
		arrivals: arrivalsText(load.arrivals),
		durationS,
		...shape
	};
}

// src/core/report/shift-picture.ts
/** Characters of the longest bar. */
const WIDTH = 24;
const EIGHTHS = [
	"",
	"▏",
	"▎",
	"▍",
	"▌",
	"▋",
	"▊",
	"▉"
];
/**
* One picture for each distribution of which a gated percentile failed or could not be decided: the change of every
* percentile that was compared, as a bar. A shift of the whole is a stack of bars of one length, a tail that got longer a
* stair. Percentiles without a change to show are left out; with fewer than two of them there is nothing to see.
*/
function shiftPictures({ metrics }) {
	const doubtful = metrics.filter(({ gated, verdict }) => gated && ["fail", "inconclusive"].includes(verdict)).flatMap(distributionOf);
	return [...new Set(doubtful)].flatMap((of) => {
		const rows = metrics.filter((metric) => distributionOf(metric)[0] === of).flatMap(rowOf);
		return rows.length < 2 ? [] : [{
			of,
			lines: draw(rows)
		}];
	});
}
function distributionOf({ metric }) {
	const { measure } = METRICS[metric];
	return measure.kind === "quantile" ? [measure.of] : [];
}
function rowOf({ metric, comparison: { base, head, delta, gate } }) {
	const { measure, unit } = METRICS[metric];
	if (measure.kind !== "quantile" || base === void 0 || head === void 0 || delta?.relative === void 0) return [];
	const label = `p${Number((measure.p * 100).toFixed(1))}`;
	const [from, to] = [formatQuantity(base.value, unit), formatQuantity(head.value, unit)];
	return [{
		label,
		base: from,
		head: to,
		change: delta.relative,
		gate: gate?.regression ?? 0
	}];
}
function draw(rows) {
	const widest = Math.max(...rows.flatMap(({ change, gate }) => [Math.abs(change), gate]));
	const eighths = (change) => widest === 0 ? 0 : Math.round(Math.abs(change) / widest * WIDTH * 8);
	const left = rows.map(({ change }) => change < 0 ? faster(eighths(change)) : "");
	const margin = Math.max(...left.map((bar) => bar.length));
	const head = {
		label: "",
		base: "base",
		head: "head",
		change: "change",
		bar: `${"".padStart(margin)}│ slower →`
	};
	const cells = rows.map(({ label, base, head: value, change, gate }, i) => {
		const bar = `${left[i].padStart(margin)}│${change > 0 ? slower(eighths(change)) : ""}${gate === 0 ? "" : `  gate ${formatChange(gate)}`}`;
		return {
			label,
			base,
			head: value,
			change: formatChange(change),
			bar
		};
	});
	const width = (of) => Math.max(...[head, ...cells].map((cell) => of(cell).length));
	const [label, base, value, change] = [
		width((c) => c.label),
		width((c) => c.base),
		width((c) => c.head),
		width((c) => c.change)
	];
	return [head, ...cells].map((cell) => [
		cell.label.padEnd(label),
		cell.base.padStart(base),
		cell.head.padStart(value),
		cell.change.padStart(change),
		cell.bar
	].join("  "));
}
const slower = (eighths) => "█".repeat(Math.floor(eighths / 8)) + EIGHTHS[eighths % 8];
/** Fonts have the eighths for one direction only: half a character is the finest step in the other. */
const faster = (eighths) => (eighths % 8 >= 4 ? "▐" : "") + "█".repeat(Math.floor(eighths / 8));

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
		pictures: shiftPictures(scenario),
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
	return [`nearest to its gate: ${metric} in ${scenario}, ${change}${interval === "" ? "" : ` (${confidence} interval ${interval})`}; the gate is ${gate}, and a run like this catches ${detects} in four cases of five`];
}
/** Gates that passed although a change as large as their margin could not be ruled out: the suite's policy allows it. */
const coarsePasses = (run) => run.scenarios.flatMap(({ metrics }) => metrics).filter((metric) => metric.gated && metric.verdict === "pass" && isCoarse(metric.comparison));
const isResource = (metric) => METRICS[metric].measure.kind === "gauge";
function loadText(name, { suite, heads, baseline }) {
	const load = suite.scenarios.find((scenario) => scenario.name === name)?.load;
	const told = load === void 0 || load.kind === "trace" ? record$1(heads[0], name)?.load : recordedLoad(load, 0);
	const bases = baseline.kind === "stored" ? baseline.runs.map((run) => run.record) : heads;
	const baseArm = baseline.kind === "stored" ? "head" : "base";
	return [
		...told === void 0 ? [] : [describeLoad$1(told)],
		...baseline.kind === "none" ? [] : [amountText("base", bases.map((run) => record$1(run, name)?.arms[baseArm]))],
		amountText("head", heads.map((run) => record$1(run, name)?.arms.head))
	].join(" · ");
}
const record$1 = (run, name) => run?.scenarios.find((scenario) => scenario.name === name);
function describeLoad$1({ shape, durationS, ...load }) {
	const duration = formatDuration(durationS);
	if (load.kind === "closed") return shape ?? `${load.concurrency} at a time for ${duration}`;
	const rate = formatQuantity(load.ratePerS, "1/s");
	if (shape === void 0) return `${rate} ${load.arrivals} for ${duration}`;
	return `${shape}${load.arrivals === "trace" ? "" : `, ${load.arrivals}`}, ${rate} on average`;
}
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
	return `Whole ${found.metric.split(".")[0] ?? found.metric} distribution: a head request is slower than a base request in ${formatPercent((1 + cliffsDelta) / 2)} of pairs (50 % is no shift; Cliff's δ ${signed(cliffsDelta)}, ${effectSize(cliffsDelta)}; Mann–Whitney p ${pValue(p)}, one-sided, by block or run).` + tailText(metrics);
}
/** The same among the slowest requests, for the highest percentile that is gated. */
function tailText(metrics) {
	const found = metrics.findLast(({ comparison }) => comparison.tailMannWhitney !== void 0);
	const { measure } = found === void 0 ? {} : METRICS[found.metric];
	if (found === void 0 || measure?.kind !== "quantile") return "";
	const { cliffsDelta, p } = found.comparison.tailMannWhitney;
	return ` Among the slowest ${formatPercent(2 * (1 - measure.p))} of both arms: in ${formatPercent((1 + cliffsDelta) / 2)} of pairs (p ${pValue(p)}).`;
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
function writeHeadline$1(verdict, scenarios) {
	const gated = verdict.scenarios.flatMap(({ metrics }) => metrics).filter((metric) => metric.gated);
	const worst = scenarios.flatMap((scenario) => scenario.worst?.verdict === verdict.verdict ? [scenario.worst] : [])[0];
	const others = gated.filter((metric) => metric.verdict === verdict.verdict).length - 1;
	const more = others > 0 ? `, and ${others} more` : "";
	if (verdict.verdict === "no-baseline") return "nothing to compare with";
	if (verdict.verdict === "invalid") return faultOf(verdict) ?? "this run does not count";
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
/** Whose fault it was that nothing was measured, where that is known. */
const faultOf = ({ problems }) => problems.find(({ severity, scenario, headline }) => severity === "invalid" && scenario === void 0 && headline !== void 0)?.headline;
const place$1 = ({ metric, comparison }) => `${metric} in ${comparison.scenario}`;
function howItFailed(comparison) {
	const { metric, gate, head, delta, limit } = comparison;
	const definition = METRICS[metric];
	if (isRegression(comparison) && delta !== void 0) return `got worse by ${(delta.scale === "relative" && delta.relative !== void 0 ? formatPercent(Math.abs(delta.relative)) : changeText(delta, definition)).replace(/^[+−]/, "")}`;
	const value = limit?.value ?? head?.value;
	if (value === void 0 || gate?.limit === void 0) return "failed its gate";
	return `is ${formatQuantity(value, definition.unit)}, ${definition.better === "lower" ? "over" : "under"} its limit of ${formatQuantity(gate.limit, definition.unit)}`;
}

// src/core/report/next-steps.ts
/** A run beyond this is no step that a pull request can take. */
const LONGEST_S$1 = 7200;
/** One sentence per scenario that more time would decide; empty for a verdict that is decided. */
function stepsToDecide(verdict, suite, heads) {
	return verdict.scenarios.flatMap(({ name, metrics }) => {
		const open = metrics.filter(({ gated, verdict, comparison }) => gated && verdict === "inconclusive" && comparison.moreData !== void 0);
		const factor = Math.max(0, ...open.map(({ comparison }) => comparison.moreData ?? 0));
		const load = suite.scenarios.find((scenario) => scenario.name === name)?.load;
		if (!(factor > 1) || load === void 0) return [];
		const which = open.map(({ metric }) => metric).join(", ");
		const measuredS = load.durationS * passesOf(name, heads);
		const neededS = Math.ceil(measuredS * factor / 10) * 10;
		if (neededS > LONGEST_S$1) return [`${name}: measuring for longer will not decide ${which} (it would take ${formatDuration(neededS)} per arm); widen its regression, or quiet the noise`];
		return [`${name}: ${longer(load, neededS)} would decide ${which} in four runs of five, if the change stays what it is now; a wider regression needs less`];
	});
}
/** How often the planned load of a scenario was played, over all attempts. */
const passesOf = (name, heads) => heads.reduce((sum, { scenarios }) => sum + (scenarios.find((scenario) => scenario.name === name)?.looks?.passes.at(-1) ?? 1), 0);
/** What to write for more of the same load. A shape that is stretched is another one; it is repeated instead. */
function longer(load, neededS) {
	const now = formatDuration(load.durationS);
	if (load.kind === "trace") {
		const more = load.sample < 1 ? `, or more of it than a sample of ${formatForSuite(load.sample, "percent")},` : "";
		return `duration: ${formatDuration(neededS)} of the trace instead of ${now}${more}`;
	}
	if (steadyLevel(load.stages) !== void 0) return `duration: ${formatDuration(neededS)} instead of ${now}`;
	const times = Math.ceil(neededS / load.durationS);
	return `the pieces of its shape written ${times} times, ${formatDuration(times * load.durationS)} instead of ${now},`;
}

// src/core/report/stored.ts
/**
* Whether the head becomes a part of the baseline: it was measured where runs are stored, nothing spoiled it, and every
* scenario was answered at least once.
*/
function joinsBaseline$1({ verdict, heads, artifacts }) {
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
	const inBranch = branchPlaces(origins);
	if (inBranch !== void 0) return inBranch;
	const ids = origins.map((origin) => /^run (\d+) · .*\bartifact \d+$/.exec(origin)?.[1]);
	const known = [...new Set(ids.filter((id) => id !== void 0))];
	if (artifacts?.baseline === void 0 || known.length < runs.length) return void 0;
	const name = shellWord(artifacts.baseline);
	const download = known.length === 1 ? `gh run download ${known[0]} -n ${name} -D base/${known[0]}` : `for run in ${known.join(" ")}; do gh run download $run -n ${name} -D base/$run; done`;
	return {
		files: known.map((id) => `base/${id}/run.json`),
		commands: [download]
	};
}
/** Files of one folder of a branch: `tailgate-baselines:sentiment-1a2b3c4d/2026-11-22T091500Z-1a2b3c4d5e6f.json · …`. */
function branchPlaces(origins) {
	const parts = origins.map((origin) => /^([^\s:]+):([\w.-]+)\/([\w.-]+\.json) · /.exec(origin) ?? []);
	const [, branch, folder] = parts[0] ?? [];
	if (branch === void 0 || folder === void 0 || parts.some((part) => part[1] !== branch || part[2] !== folder)) return void 0;
	const names = parts.map(([, , , name = ""]) => name);
	const show = `git show FETCH_HEAD:${folder}/$file > base/$file`;
	return {
		files: names.map((name) => `base/${name}`),
		commands: [`git fetch origin ${shellWord(branch)} && mkdir -p base`, `for file in ${names.join(" ")}; do ${show}; done`]
	};
}
/** The attempts, then the run itself. */
function headPlaces(input) {
	const [before, own] = [attemptPlaces(input), ownPlaces(input)];
	if (before === void 0 || own === void 0) return void 0;
	return {
		files: [...before.files, ...own.files],
		commands: [...before.commands, ...own.commands]
	};
}
function attemptPlaces({ attempts = [], artifacts }) {
	const places = attempts.map(({ origin }) => {
		if (/^[^\s·]+\.json$/.test(origin)) return {
			files: [origin],
			commands: []
		};
		const [, run, attempt] = /^run (\d+) · attempt (\d+) · artifact \d+$/.exec(origin) ?? [];
		if (artifacts?.head === void 0 || run === void 0 || attempt === void 0) return void 0;
		const folder = `attempts/${run}-${attempt}`;
		const name = shellWord(artifacts.head.replace(/\d+$/, attempt));
		return {
			files: [`${folder}/run.json`],
			commands: [`gh run download ${run} -n ${name} -D ${folder}`]
		};
	});
	const known = places.filter((place) => place !== void 0);
	if (known.length < places.length) return void 0;
	return {
		files: known.flatMap(({ files }) => files),
		commands: known.flatMap(({ commands }) => commands)
	};
}
function ownPlaces(input) {
	const { heads, headPaths, artifacts, attempts = [] } = input;
	const own = heads.slice(attempts.length);
	if (own.length === 0 && attempts.length > 0) return {
		files: [],
		commands: []
	};
	if (headPaths !== void 0) return headPaths.length === 0 ? void 0 : {
		files: headPaths,
		commands: []
	};
	const id = own.length === 1 ? own[0]?.provenance.runId : void 0;
	if (artifacts === void 0 || id === void 0 || !/^\d+$/.test(id)) return void 0;
	const name = (joinsBaseline$1(input) ? artifacts.baseline : void 0) ?? artifacts.head;
	if (name === void 0) return void 0;
	return {
		files: ["head/run.json"],
		commands: [`gh run download ${id} -n ${shellWord(name)} -D head`]
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
	const { blocks, sentence } = consequenceOf(run.verdict, input.policy ?? STRICT_POLICY, input.acceptance);
	return {
		suiteName: suite.name,
		variant: input.variant ?? "",
		verdict: run.verdict,
		blocks,
		headline: writeHeadline$1(run, scenarios),
		consequence: sentence,
		acceptance: acceptanceReport(input.acceptance),
		context: contextOf$2(input),
		reasons: [
			...reasonsOf(run),
			...learningProgress(input),
			...closestCall(run)
		],
		steps: stepsToDecide(run, suite, heads),
		links: input.links ?? [],
		commit: commitOf(heads),
		requests: heads.reduce((sum, head) => sum + requestsOf(head), 0).toLocaleString("en-US"),
		scenarios: scenarios.map(({ name, verdict, load, rows, shift, pictures }) => ({
			name,
			verdict,
			load,
			rows,
			shift,
			pictures
		})),
		resources: byUrgency(scenarios.flatMap(({ resources }) => resources)),
		failures: collectFailures(input),
		attempts: collectAttempts(input),
		phases: collectPhases(input),
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
		pauses: pausedBlocks(heads),
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
	if (verdict.evidence !== "single" || baseline.kind !== "stored" || !joinsBaseline$1(input)) return [];
	return [`this run is stored as well: the next one is compared with ${baseline.runs.length + 1} runs`];
}
const EVIDENCE = {
	live: "live evidence (base and head in turn)",
	stored: "stored evidence (earlier runs)",
	single: "weak evidence (fewer than three earlier runs)",
	none: "no evidence to compare with"
};
function contextOf$2({ verdict, suite, variant = "", heads, attempts = [] }) {
	const gates = verdict.scenarios.flatMap(({ metrics }) => metrics).filter(({ gated }) => gated).length;
	const commit = commitOf(heads);
	return [
		`suite ${suite.name}`,
		...variant === "" ? [] : [`variant ${variant}`],
		...commit === void 0 ? [] : [`commit ${commit}`],
		`${gates} ${gates === 1 ? "gate" : "gates"}`,
		EVIDENCE[verdict.evidence],
		...attempts.length === 0 ? [] : [`with ${attempts.length} earlier ${attempts.length === 1 ? "attempt" : "attempts"}`],
		...heads.slice(-1).flatMap((run) => looksText(run) ?? [])
	].join(" · ");
}
function commitOf(heads) {
	const commit = heads[0]?.provenance.commit;
	return commit === void 0 ? void 0 : shortId(commit);
}

// src/core/accept/spoken-lines.ts
/**
* The lines of a Markdown comment that its writer says: none of a code block, a quote, an HTML comment or another block
* that is shown as it is or not at all. Where Markdown leaves doubt a line is left out. Linear in the length of `body`.
*/
function spokenLines(body) {
	const spoken = [];
	let closes;
	let isQuoted = false;
	for (const line of body.split(/\r\n|\r|\n/)) {
		if (closes !== void 0) {
			if (closes.test(line)) closes = void 0;
			continue;
		}
		if (line.trim() === "") isQuoted = false;
		else if (/^ {0,3}>/.test(line)) isQuoted = true;
		else {
			closes = endOfBlock(line);
			if (closes !== void 0 && /^ {0,3}[`~<]/.test(line)) isQuoted = false;
			else if (!/^ {0,3}\t| {4}/.test(line.slice(0, 4))) spoken.push({
				text: withoutHtmlComments(line),
				belowQuote: isQuoted
			});
		}
	}
	return spoken;
}
/** What ends the block of code or hidden text that a line opens and does not close. */
function endOfBlock(line) {
	const [, fence = ""] = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})/.exec(line) ?? [];
	if (fence !== "") return new RegExp(`^ {0,3}${fence[0]}{${fence.length},}\\s*$`);
	const [, tag] = /^ {0,3}<(pre|script|style|textarea)(?=[\s>]|$)/i.exec(line) ?? [];
	const end = /<\/(?:pre|script|style|textarea)>/i;
	if (tag !== void 0) return end.test(line) ? void 0 : end;
	const text = line.replace(/(`+)[^`]*\1/g, "");
	return text.lastIndexOf("<!--") > text.lastIndexOf("-->") ? /-->/ : void 0;
}
const withoutHtmlComments = (line) => line.replace(/<!--.*?-->/g, "").replace(/<!--.*$/, "");

// src/core/accept/command.ts
/** The form to write, for every message that needs one. */
const ACCEPT_FORM = "/tailgate accept METRIC up to 30%: REASON";
const LONGEST_REASON = 500;
/** One of a comment's lines; more than a target list, a date and a reason can need. */
const LONGEST_LINE = 2e3;
/** Commands that are read of one comment; the rest becomes one that cannot be read. */
const MOST_COMMANDS = 20;
/**
* The commands of a comment in their order. Only a line that its writer says is one ({@link spokenLines}); what is not
* understood is a value too, since a person who wrote `/tailgate` meant something by it.
*/
function readCommands(body) {
	const lines = spokenLines(body).map(({ text, belowQuote }) => ({
		text: plainLine(text, LONGEST_LINE).replace(/\s+/g, " "),
		belowQuote
	})).filter(({ text }) => /^\/tailgate(?!\w)/i.test(text));
	const commands = lines.slice(0, MOST_COMMANDS).map(({ text, belowQuote }) => belowQuote ? unreadable(text, "it stands right below a quoted line, which takes it into the quote", "leave an empty line above it") : readLine(text));
	const next = lines[MOST_COMMANDS];
	if (next === void 0) return commands;
	const rest = unreadable(next.text, `only ${MOST_COMMANDS} commands of a comment are read`, "write the others in another comment");
	return [...commands, {
		...rest,
		isWithdrawal: true
	}];
}
const unreadable = (text, problem, hint) => ({
	kind: "unreadable",
	text: plainLine(text, 120),
	problem,
	hint,
	isWithdrawal: /^\/tailgate withdraw/i.test(text)
});
function readLine(text) {
	const [, verb = "", rest = ""] = /^\/tailgate ?([^\s:]*) ?(.*)$/i.exec(text) ?? [];
	if (text.endsWith("…") && text.length >= LONGEST_LINE) return unreadable(text, `it is longer than ${LONGEST_LINE} characters`, "write a shorter reason");
	if (/^accept$/i.test(verb)) return readAccept(text, rest);
	if (/^withdraw$/i.test(verb)) return readWithdraw(text, rest);
	return unreadable(text, verb === "" ? "it says nothing to do" : `"${plainLine(verb, 40)}" is no command`, "known are accept and withdraw");
}
/**
* `[limit of] TARGET[, TARGET…] up to SIZE [until DATE]: REASON`. No name, size or date holds a colon, and the last
* `up to` is the one before the size, whatever a scenario is called.
*/
function readAccept(text, rest) {
	const fail = (problem, hint) => unreadable(text, problem, hint);
	const colon = rest.indexOf(":");
	const head = (colon === -1 ? rest : rest.slice(0, colon)).trim();
	const reason = colon === -1 ? "" : rest.slice(colon + 1).trim();
	const [, named, size = "", until] = /^(.+) (?:up|down) to (.+?)(?: until (.*))?$/i.exec(head) ?? [];
	if (named === void 0) return fail("it does not say how much", `write it like ${ACCEPT_FORM}`);
	const { of, targets, mistake } = readTargets(named);
	if (mistake !== void 0) return fail(mistake.problem, mistake.hint);
	const largest = readLargest(size, of, targets);
	if ("problem" in largest) return fail(largest.problem, largest.hint);
	if (until !== void 0 && !isDate(until)) return fail(`"${plainLine(until, 40)}" is no date`, "write it like until 2026-12-31");
	if (!/[\p{L}\p{N}]/u.test(reason)) return fail("it gives no reason", `write one after a colon, on the same line: ${ACCEPT_FORM}`);
	if (reason === "REASON") return fail("REASON is the place for a reason", "write yours there");
	const length = Array.from(reason).length;
	if (length > LONGEST_REASON) return fail(`its reason has ${length} characters`, `write at most ${LONGEST_REASON}`);
	return {
		kind: "accept",
		targets,
		largest,
		until,
		reason
	};
}
/** `[limit of] TARGET[, TARGET…]`, or nothing for everything; whatever follows a colon is a reason that nobody needs. */
function readWithdraw(text, rest) {
	const named = (rest.split(":")[0] ?? "").trim();
	if (named === "") return {
		kind: "withdraw",
		targets: [{
			path: void 0,
			metric: "*"
		}],
		of: "all"
	};
	const { of, targets, mistake } = readTargets(named);
	if (mistake !== void 0) return unreadable(text, mistake.problem, mistake.hint);
	return {
		kind: "withdraw",
		targets,
		of: of === "limit" ? "limit" : "all"
	};
}
function readTargets(text) {
	const [, limit, list = ""] = /^(limit of )?(.*)$/i.exec(text) ?? [];
	const read = list.split(",").map((part) => readTarget(part.trim()));
	const mistake = read.find((target) => isMistake(target));
	const targets = read.filter((target) => !isMistake(target));
	return {
		of: limit === void 0 ? "regression" : "limit",
		targets,
		mistake
	};
}
const isMistake = (target) => "problem" in target;
/** A day that exists. */
const isDate = (text) => {
	if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
	const time = Date.parse(`${text}T00:00:00.000Z`);
	return Number.isFinite(time) && new Date(time).toISOString().startsWith(text);
};

// src/io/github/acceptance.ts
/** People whose permission is asked for. Beyond them a comment section is a flood. */
const MOST_PEOPLE = 50;
/** A comment of ours quotes other people's reasons, under whatever account the token writes. */
const OURS = "<!-- tailgate:";
/**
* What a pull request says now about accepting a regression: its label, and the comments that hold commands, each with
* what its writer may do *now*. A comment that is hidden says nothing, nor does one of an app.
*
* @throws {InputError} if the token may not read it, or GitHub does not answer.
*/
async function readAcceptance(api, { pull, label, today }) {
	const { author, labels } = await api.pullStanding(pull);
	const speaking = (await api.listComments(pull)).filter(({ isMinimized, isBot, author: by, body }) => !isMinimized && !isBot && by !== "" && !body.startsWith(OURS)).map((comment) => ({
		comment,
		commands: readCommands(comment.body)
	})).filter(({ commands }) => commands.length > 0);
	const people = await permissionsOf(api, speaking.map(({ comment }) => comment));
	const statements = speaking.map(({ comment, commands }) => {
		const { role, mayPush } = people.get(comment.author) ?? {
			role: "that was not asked for",
			mayPush: false
		};
		return {
			by: comment.author,
			role,
			mayAccept: mayPush,
			isEdited: comment.isEdited,
			commands
		};
	});
	return {
		pull,
		author,
		label: {
			name: label,
			isSet: labels.includes(label)
		},
		statements,
		today
	};
}
/**
* Those first whom the platform calls people of the repository, then the newest: strangers can neither be let in by what
* they are called nor crowd a maintainer out.
*/
async function permissionsOf(api, comments) {
	const isOfRepository = ({ association }) => [
		"OWNER",
		"MEMBER",
		"COLLABORATOR"
	].includes(association);
	const newestFirst = comments.toReversed();
	const ordered = [...newestFirst.filter(isOfRepository), ...newestFirst.filter((comment) => !isOfRepository(comment))];
	const logins = [...new Set(ordered.map(({ author }) => author))].slice(0, MOST_PEOPLE);
	const found = /* @__PURE__ */ new Map();
	for (const login of logins) found.set(login, await api.permissionOf(login));
	return found;
}

// src/action/place.ts
/** Whether this run measures what is merged already, and so extends the baseline. Never true for a pull request. */
function isDefaultBranch({ pullRequest, branch, defaultBranch, event }) {
	return pullRequest === void 0 && branch !== void 0 && branch === defaultBranch && [
		"push",
		"schedule",
		"workflow_dispatch"
	].includes(event);
}
function provenanceOf(context) {
	return {
		repository: `${context.repository.owner}/${context.repository.name}`,
		repositoryId: String(context.repository.id),
		commit: context.sha,
		...context.base === void 0 ? {} : { baseCommit: context.base.sha },
		...context.branch === void 0 ? {} : { ref: context.branch },
		event: context.event,
		...context.workflowPath === void 0 ? {} : { workflow: context.workflowPath },
		runId: String(context.runId),
		runAttempt: String(context.runAttempt)
	};
}

// src/action/acceptance.ts
/**
* A judgement in the light of what people accept on the pull request now. Asked after measuring, so that a comment
* written meanwhile counts, and only where something failed. What cannot be read is not accepted, and the report says so.
*
* @param pull the pull request of the measured code; undefined where it has none.
*/
async function withAcceptance(place, judgement, pull = place.context.pullRequest ?? place.context.queuedPull) {
	if (!isAsked(place, judgement) || pull === void 0) return judgement;
	const acceptance = await acceptanceOn(place, judgement, pull);
	return acceptance === void 0 ? judgement : assessed(judgement, acceptance);
}
/**
* The same for a push to the default branch, of the pull request that it came from: what is still accepted of what failed
* here is written into the record, so that the next baseline knows that this level is meant. A schedule or a manual run
* of the same commit brings no change of its own.
*/
async function withRecordedAcceptance(place, judgement) {
	const { context } = place;
	if (!isAsked(place, judgement)) return judgement;
	if (context.event !== "push" || !isDefaultBranch(context)) return judgement;
	const pull = await mergedPull(place);
	const acceptance = pull === void 0 ? void 0 : await acceptanceOn(place, judgement, pull);
	if (acceptance === void 0) return judgement;
	const accepted = "unknown" in acceptance ? void 0 : recordedAcceptance(acceptance);
	if (accepted === void 0) return assessed(judgement, acceptance);
	const record = {
		...judgement.record,
		provenance: {
			...judgement.record.provenance,
			accepted
		}
	};
	const heads = judgement.heads.map((head) => head === judgement.record ? record : head);
	return assessed({
		...judgement,
		record,
		heads,
		reportInput: {
			...judgement.reportInput,
			heads
		}
	}, acceptance);
}
/** Only a failure can be accepted; and a cancelled job has some seconds, which belong to its record. */
const isAsked = ({ job, inputs }, { verdict }) => verdict.verdict === "fail" && inputs.acceptLabel !== "" && !job.signal.aborted;
async function acceptanceOn({ job, api, inputs, context }, judgement, pull) {
	const { acceptLabel: label } = inputs;
	const unknown = (reason) => {
		job.warning(`whether the failure is accepted is not known: ${reason}`);
		return {
			pull,
			unknown: reason
		};
	};
	if (api === void 0) return context.labels.includes(label) ? unknown("there is no token to read it with") : void 0;
	try {
		const today = (/* @__PURE__ */ new Date()).toISOString().slice(0, 10);
		return assessAcceptance(judgement.verdict, judgement.reportInput.suite, await readAcceptance(api, {
			pull,
			label,
			today
		}));
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return unknown(error.sentence);
	}
}
/** The pull request that the pushed commit came with: the one that it is the merge of, or else the newest. */
async function mergedPull({ job, api, context }) {
	try {
		const here = (await api?.mergedPulls(context.sha) ?? []).filter(({ base }) => base.branch === context.branch && base.repositoryId === context.repository.id);
		const merged = here.filter(({ mergeCommit }) => mergeCommit === context.sha);
		const numbers = (merged.length > 0 ? merged : here).map(({ number }) => number);
		return numbers.length === 0 ? void 0 : Math.max(...numbers);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		job.warning(`whether this change was accepted is not known, and the baseline does not say so: ${error.sentence}`);
		return;
	}
}
function assessed(judgement, acceptance) {
	const reportInput = {
		...judgement.reportInput,
		acceptance
	};
	return {
		...judgement,
		acceptance,
		reportInput,
		report: buildReport(reportInput)
	};
}

// src/core/report/check.ts
/** GitHub's limit, in characters: one less than that of a comment. */
const SUMMARY_LIMIT = 65535;
const TITLE_LENGTH = 200;
/**
* The check run of one judged suite. Only a pass is a success: what does not block without having passed is neutral,
* and what blocks because it could not be decided asks for somebody to act.
*/
const checkOf = (report) => ({
	conclusion: conclusionOf(report),
	title: plainLine(`${TITLES$1[report.verdict]}: ${report.headline}`, TITLE_LENGTH),
	summary: fitSections(commentSections(report), SUMMARY_LIMIT, "characters")
});
/** The name of a suite's check run, one per suite and leg: branch protection asks for it by this name. */
const checkName = (suiteName, variant = "") => plainLine(`tailgate / ${suiteName}${variant === "" ? "" : ` ${variant}`}`, TITLE_LENGTH);
function conclusionOf({ verdict, blocks }) {
	if (verdict === "pass") return "success";
	if (!blocks) return "neutral";
	return verdict === "fail" ? "failure" : "action_required";
}

// src/core/suite/document.ts
var import_dist = require_dist$1();
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
	const lines = new import_dist.LineCounter();
	const positionAt = (offset) => {
		const { line, col } = lines.linePos(offset);
		return {
			file,
			line: Math.max(line, 1),
			column: Math.max(col, 1)
		};
	};
	const document = parse$1(text, start, lines);
	const mistakes = [...document.errors, ...document.warnings].map((error) => new InputError(...explain(error, positionAt(error.pos[0]))));
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
/** @param text of a document that {@link readDocument} reads. */
function locateForEdit(text, file, path) {
	const lines = new import_dist.LineCounter();
	let node = parse$1(text, {
		file,
		line: 1,
		column: 1
	}, lines).contents;
	for (const [i, step] of path.entries()) {
		const pair = pairOf(node, step);
		if (pair === void 0) return placeInMapping(node, path.slice(i), lines);
		if ((0, import_dist.isAlias)(pair.value)) {
			const { line, col } = lines.linePos(pair.value.range[0]);
			return {
				kind: "shared",
				position: {
					file,
					line,
					column: col
				}
			};
		}
		node = pair.value;
	}
	const [from, to] = node.range;
	return {
		kind: "value",
		from,
		to
	};
}
function placeInMapping(map, missing, lines) {
	const last = map.items.at(-1);
	const end = (last?.value)?.range?.[1] ?? (last?.key)?.range?.[1];
	if (map.flow) return {
		kind: "in-braces",
		missing,
		at: end ?? map.range[0] + 1,
		isEmpty: last === void 0
	};
	const { col } = lines.linePos(map.items[0].key.range[0]);
	return {
		kind: "on-lines",
		missing,
		at: (0, import_dist.isMap)(last.value) || (0, import_dist.isSeq)(last.value) ? last.value.flow ? end : end - 1 : end,
		indent: col - 1
	};
}
function parse$1(text, start, lineCounter) {
	try {
		return (0, import_dist.parseDocument)(text, {
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
function explain({ code, message }, position) {
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
	(0, import_dist.visit)(document, {
		Alias: (_, alias) => {
			if (alias.resolve(document) === void 0) complain(alias, EXPLANATIONS.BAD_ALIAS);
		},
		Map: (_, map) => {
			const first = /* @__PURE__ */ new Map();
			for (const { key } of map.items) {
				if (!(0, import_dist.isScalar)(key)) continue;
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
		const value = i === last ? oneLine$1(yaml, position.value, placed) : document.createNode({});
		const pair = pairOf(parent, steps.at(-1));
		if (pair !== void 0 && i < last && ((0, import_dist.isMap)(resolved(document, pair.value)) || (0, import_dist.isSeq)(resolved(document, pair.value)))) continue;
		if (!placed.has(value)) placed.set(value, i === last ? position.value : position.key);
		if ((0, import_dist.isSeq)(parent)) parent.items[steps.at(-1)] = value;
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
		if ((0, import_dist.isAlias)(pair.value)) {
			const copy = pair.value.resolve(document)?.clone();
			if ((0, import_dist.isSeq)(node)) node.items[step] = copy;
			else pair.value = copy;
			node = copy;
		} else node = pair.value;
	}
	return node;
}
/** A value on one line. Flow collections and quotes are read as YAML; any other text is one scalar, even with a colon in it. */
function oneLine$1(yaml, position, placed) {
	const document = (0, import_dist.parseDocument)(yaml, OPTIONS);
	const isCollection = (0, import_dist.isMap)(document.contents) || (0, import_dist.isSeq)(document.contents);
	if (/^\s*[[{"']/.test(yaml)) {
		const [error] = document.errors;
		if (error !== void 0) throw new InputError(...explain(error, position));
	} else if (document.errors.length > 0 || isCollection || (0, import_dist.isAlias)(document.contents)) return document.createNode(yaml.trim());
	const node = document.contents ?? document.createNode(null);
	(0, import_dist.visit)(node, { Node: (_, inner) => {
		placed.set(inner, {
			...position,
			column: position.column + (inner.range?.[0] ?? 0)
		});
	} });
	return node;
}
/** @param plain how keys are compared: a header's name, for one, is found in any case. */
function pairOf(node, step, plain = (key) => key) {
	if ((0, import_dist.isSeq)(node)) return typeof step === "number" && node.items[step] !== void 0 ? {
		key: node.items[step],
		value: node.items[step]
	} : void 0;
	if (!(0, import_dist.isMap)(node)) return void 0;
	return node.items.find(({ key }) => (0, import_dist.isScalar)(key) && plain(String(key.value)) === plain(String(step)));
}
const resolved = (document, node) => (0, import_dist.isAlias)(node) ? node.resolve(document) : node;
const isNode = (value) => (0, import_dist.isScalar)(value) || (0, import_dist.isMap)(value) || (0, import_dist.isSeq)(value) || (0, import_dist.isAlias)(value);

// src/core/suite/name.ts
/** The name that a suite gives itself, also where the rest of it has mistakes; undefined if there is none to be read. */
function suiteNameIn(text, file) {
	try {
		const value = readDocument(text, file).value();
		const name = typeof value === "object" && value !== null && "name" in value ? value.name : void 0;
		return typeof name === "string" && name !== "" ? name : void 0;
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return;
	}
}

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
const policyOf$1 = (values) => ({
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

// src/action/inputs.ts
/** @throws {InputError} for a value that is none of its input's choices. */
function readInputs({ input }) {
	return {
		mode: oneOf("mode", input("mode") || "gate", [
			"gate",
			"measure",
			"report",
			"shard",
			"merge"
		]),
		/** Paths, at least one; more than one only where several suites are judged at once. */
		suites: linesOf$1(input("suite") || "tailgate.yaml"),
		endpoint: input("endpoint"),
		baselineEndpoint: input("baseline-endpoint"),
		/** Tell apart the legs of a matrix that run one suite; empty where it runs once, several only where legs are merged. */
		variants: linesOf$1(input("variant")),
		/** `2/3`; empty outside mode shard. */
		shard: input("shard"),
		startAt: input("start-at"),
		baseline: oneOf("baseline", input("baseline") || "artifact", [
			"artifact",
			"branch",
			"directory",
			"none"
		]),
		baselineDirectory: input("baseline-directory") || "baselines",
		baselineBranch: input("baseline-branch"),
		baselineWorkflow: input("baseline-workflow"),
		baselineStoreBranch: input("baseline-store-branch") || "tailgate-baselines",
		token: input("github-token"),
		policy: {
			onInconclusive: choice("on-inconclusive", input("on-inconclusive")) ?? "warn",
			onNoBaseline: choice("on-no-baseline", input("on-no-baseline")) ?? "warn",
			onInvalid: choice("on-invalid", input("on-invalid")) ?? "fail"
		},
		comment: oneOf("comment", input("comment") || "always", [
			"always",
			"on-change",
			"never"
		]),
		checkRun: oneOf("check-run", input("check-run") || "never", ["never", "always"]),
		acceptLabel: input("accept-label"),
		out: input("out") || "tailgate-out"
	};
}
/**
* The one suite of a mode that measures.
*
* @throws {InputError} where several are named.
*/
function onlySuite({ suites, mode }) {
	return only("suite", suites, mode) ?? "tailgate.yaml";
}
/**
* The one leg of a matrix that a mode that measures is; empty for a suite that runs once.
*
* @throws {InputError} where several are named.
*/
function onlyVariant({ variants, mode }) {
	return only("variant", variants, mode) ?? "";
}
function only(name, values, mode) {
	if (values.length <= 1) return values[0];
	throw new InputError(`${name}: mode ${mode} takes one, and there are ${values.length}`, { hint: "measure each in a job of its own; mode merge judges them together" });
}
const linesOf$1 = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
function oneOf(name, value, choices) {
	const known = choices.find((word) => word === value);
	if (known === void 0) throw new InputError(`${name}: ${JSON.stringify(value)} is not a choice`, { hint: `write ${choices.join(", ")}` });
	return known;
}

// src/action/check.ts
/**
* Does the work under a check run on the head commit, where `check-run` asks for one: begun before, ended whatever
* happens, so that a merge which requires it never waits for nothing. That it cannot be written costs a warning, never
* the verdict.
*
* @param work is given a function to hand its judgement to as soon as there is one.
*/
async function underCheck(place, check, work) {
	const id = await beginCheck(place, check, {
		status: "in_progress",
		title: "measuring"
	});
	let judgement;
	try {
		const ending = await work((told) => {
			judgement = told;
		});
		await endCheck(place, id, endOf$1(ending, judgement));
		return ending;
	} catch (error) {
		await endCheck(place, id, brokenOff(error), error instanceof InputError ? annotationsOf(error) : []);
		throw error;
	}
}
/** Says on the head commit that there is nothing to be measured yet: a merge that requires the check goes on waiting. */
async function checkWaits(place, check, why) {
	await beginCheck(place, check, {
		status: "queued",
		title: why
	});
}
/** The name of a suite for its check run, also of one with mistakes in it; its path where it has none that can be read. */
async function nameOfSuite(file) {
	const text = await readFile(file, "utf8").catch(() => "");
	return suiteNameIn(text, file) ?? file;
}
async function beginCheck({ job, inputs, context, api }, { suiteName, page }, state) {
	if (inputs.checkRun === "never") return void 0;
	if (api === void 0 || context.fromFork) {
		const why = context.fromFork ? "a pull request from a fork has a read-only token" : "there is no token";
		job.notice(`no check run: ${why}`);
		return;
	}
	const name = checkName(suiteName, onlyVariant(inputs));
	try {
		return await api.beginCheck({
			name,
			sha: context.sha,
			externalId: name,
			detailsUrl: page,
			...state
		});
	} catch (error) {
		warn(job, error);
		return;
	}
}
async function endCheck({ job, api }, id, text, annotations = []) {
	if (id === void 0) return;
	try {
		await api?.endCheck(id, {
			...text,
			annotations
		});
	} catch (error) {
		warn(job, error);
	}
}
function warn(job, error) {
	if (!(error instanceof InputError)) throw error;
	job.warning(`no check run: ${error.sentence}`);
}
function endOf$1(ending, judgement) {
	if (ending.kind === "cancelled") return {
		conclusion: "cancelled",
		title: "Cancelled",
		summary: "The run was cancelled before it was complete: nothing was decided."
	};
	return judgement === void 0 ? NOTHING_JUDGED : checkOf(judgement.report);
}
const NOTHING_JUDGED = {
	conclusion: "failure",
	title: "Nothing was judged",
	summary: "The log of the job says why."
};
const brokenOff = (error) => ({
	conclusion: "failure",
	title: error instanceof InputError ? "A mistake in the suite, an input or the set-up" : "tailgate broke off",
	summary: "Nothing was decided. The log of the job says what is to be mended."
});
const annotationsOf = (error) => (error instanceof InputErrors ? error.errors : [error]).flatMap(({ position, message, hint }) => position === void 0 ? [] : [{
	path: position.file,
	line: position.line,
	column: position.column,
	message: hint === void 0 ? message : `${message}; ${hint}`
}]);

// src/core/record/unmeasured.ts
/**
* The record of a run that measured nothing at all, so that it is judged (and found invalid) like any other: nothing
* unseen passes, and a reader is told why.
*
* @param why a sentence each for the page and for its heading.
* @param startedAt, finishedAt ISO 8601, UTC: of what was to measure.
*/
const unmeasured$1 = ({ why: { code, message, headline }, ...known }) => ({
	schema: 1,
	...known,
	environment: {},
	status: "aborted",
	problems: [{
		severity: "invalid",
		code,
		message,
		headline
	}],
	identity: void 0,
	scenarios: []
});

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
	if (errors.length > 0) throw new InputErrors(errors.sort(byPosition$1));
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
	const { ready, identity, headers, connection } = target;
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
		},
		connection: {
			...connection,
			proxy: maybe(connection.proxy, "url", "connection", "proxy")
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
const byPosition$1 = ({ position: a }, { position: b }) => a === void 0 || b === void 0 ? 0 : a.line - b.line || a.column - b.column;
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

// src/core/suite/digest.ts
/** Raised when the same suite would send other requests than before: old baselines are then not comparable. */
const WORKLOAD = "tailgate workload 1";
/**
* The identity of what a suite sends: sha256, 64 hexadecimal digits, over seed, target, payloads and scenarios without
* their gates, files by their contents. Runs with the same digest offered the same requests.
*
* Not part of it: gates, decision, telemetry, names of suite and files, endpoint, readiness, identity, the order of keys,
* comments. Give it the suite *before* its environment was filled in: a rotated token is not another workload.
*
* @param files contents of {@link referencedFiles}, by the path that the suite names.
* @throws {RangeError} if one of them is missing.
*/
function suiteDigest(suite, files) {
	const { protocol, method, path, model, stream, maxTokens, headers, timeoutS, maxInFlight, check, retry } = suite.target;
	const tensorEncoding = suite.target.tensorEncoding === "json" ? void 0 : suite.target.tensorEncoding;
	const connection = canonical$1(suite.target.connection) === canonical$1(DEFAULT_CONNECTION) ? void 0 : suite.target.connection;
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
			tensorEncoding,
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
			load: loadOf$1(load, files),
			mix,
			together,
			warmUp,
			block
		}))
	};
	return createHash("sha256").update(canonical$1(workload)).digest("hex");
}
/** Paths of payload files and traces, as the suite names them, each once, sorted. */
function referencedFiles(suite) {
	const payloads = suite.payloads.flatMap(({ content }) => content.kind === "file" ? [content.path] : []);
	const traces = suite.scenarios.flatMap(({ load }) => load.kind === "trace" ? [load.file] : []);
	return [.../* @__PURE__ */ new Set([...payloads, ...traces])].sort();
}
/** A steady load is what it was before loads had stages. */
function loadOf$1(load, files) {
	if (load.kind === "trace") return {
		...load,
		file: fingerprint(load.file, files)
	};
	const { stages, ...rest } = load;
	return steadyLevel(stages) === void 0 ? {
		...rest,
		stages
	} : rest;
}
const contentOf = (content, files) => content.kind === "file" ? {
	kind: "file",
	...fingerprint(content.path, files),
	label: content.label
} : content;
/** What a file holds, and not what it is called. How it is read follows from its extension. */
function fingerprint(path, files) {
	const bytes = files.get(path);
	if (bytes === void 0) throw new RangeError(`the contents of ${path} are missing`);
	return {
		extension: /\.[^./]*$/.exec(path)?.[0] ?? "",
		sha256: createHash("sha256").update(bytes).digest("hex")
	};
}
/** JSON with sorted keys and without undefined ones: equal data, equal text. */
function canonical$1(value) {
	if (Array.isArray(value)) return `[${value.map(canonical$1).join(",")}]`;
	if (typeof value !== "object" || value === null) return JSON.stringify(value);
	return `{${Object.entries(value).filter(([, item]) => item !== void 0).sort(([a], [b]) => a < b ? -1 : 1).map(([key, item]) => `${JSON.stringify(key)}:${canonical$1(item)}`).join(",")}}`;
}

// src/core/suite/build-connection.ts
const buildConnection = (written) => ({
	reuse: written.reuse,
	requestsEach: written["requests-each"],
	http: written.http,
	streams: written.streams ?? DEFAULT_CONNECTION.streams,
	dns: written.dns,
	proxy: written.proxy
});
const buildTls = (written) => ({
	ca: written.ca,
	cert: written.cert,
	key: written.key,
	serverName: written["server-name"],
	verify: written.verify === "yes"
});
const buildRetry = (written) => ({
	attempts: written.attempts,
	on: written.on,
	backoffS: written.backoff,
	maxBackoffS: written["max-backoff"],
	retryAfter: written["retry-after"]
});

// src/core/suite/stage-schema.ts
/** Most users of a closed loop. */
const MOST_USERS = 65536;
/** As a suite writes it, and in 1/s. */
const MOST_RATE = "100000/s";
const MOST_RATE_PER_S = 1e5;
const level = (description) => unknown$1().transform((input, context) => {
	const read = readLevel(input);
	if ("value" in read) return read;
	context.issues.push({
		code: "custom",
		message: read.problem,
		input,
		params: { hint: read.hint }
	});
	return NEVER;
}).meta({
	anyOf: [{
		type: "string",
		pattern: patternOf("rate")
	}, {
		type: "integer",
		minimum: 0,
		maximum: MOST_USERS
	}],
	description,
	examples: ["20/s", 4]
});
function readLevel(input) {
	if (typeof input === "number") {
		if (!Number.isInteger(input) || input < 0) return {
			problem: `${inWords(input)} is not a number of users`,
			hint: `write a whole number for users, or ${Math.abs(input)}/s for a rate`
		};
		if (input > 65536) return {
			problem: `${inWords(input)} is too much`,
			hint: `at most ${MOST_USERS} users`
		};
		return {
			of: "users",
			value: input
		};
	}
	const parsed = parseQuantity(input, "rate");
	if (parsed.problem !== void 0) {
		const isBare = typeof input === "string" && /^\d+$/.test(input);
		return {
			problem: parsed.problem,
			hint: isBare ? `write ${input} without quotes for users, ${input}/s for a rate` : parsed.hint
		};
	}
	const { value } = parsed;
	return value > MOST_RATE_PER_S ? {
		problem: `${inWords(input)} is too much`,
		hint: `at most ${MOST_RATE}`
	} : {
		of: "rate",
		value
	};
}
const between$1 = (description, examples) => tuple([level("From."), level("To.")]).describe(description).meta({ examples });
/** Keys that say what a piece of a shape is: each piece has exactly one. */
const STAGE_KINDS = [
	"rate",
	"concurrency",
	"ramp",
	"steps",
	"spike",
	"sine",
	"ladder"
];
/** Further keys that a kind needs, with an example each. No other kind has them. */
const STAGE_DETAILS = {
	spike: {
		from: "20/s",
		at: "10s",
		for: "5s"
	},
	sine: { period: "1m" },
	ladder: { rungs: "5" }
};
/** One piece of a shape. */
const stageSchema = strictObject({
	rate: quantity("rate", "Open loop: this rate all along; 0/s is a pause.", {
		most: MOST_RATE,
		allowZero: true
	}).optional(),
	concurrency: int().min(0).max(MOST_USERS).describe("Closed loop: this many users all along; 0 is a pause.").optional(),
	ramp: between$1("A straight line from one level to another.", [["20/s", "100/s"], [1, 16]]).optional(),
	steps: array(level("A level.")).min(2).max(1e3).describe("These levels, one after the other, each for an equal part of the duration.").meta({ examples: [[
		"20/s",
		"40/s",
		"80/s"
	]] }).optional(),
	spike: level("A burst to this level: out of `from`, `at` this time within the piece, `for` so long, and back.").optional(),
	from: level("`spike`: the level around the burst.").optional(),
	at: quantity("duration", "`spike`: when the burst begins, counted from the beginning of the piece.", {
		most: "24h",
		allowZero: true
	}).optional(),
	for: quantity("duration", "`spike`: how long the burst lasts.", { most: "24h" }).optional(),
	sine: between$1("A wave between a low and a high level that starts at their mean and rises.", [["20/s", "100/s"], [4, 16]]).optional(),
	period: quantity("duration", "`sine`: length of one wave.", { most: "48h" }).optional(),
	ladder: between$1("Levels from one to another that grow by the same factor: to find out what an endpoint can take.", [["10/s", "160/s"], [1, 16]]).optional(),
	rungs: int().min(2).max(100).describe("`ladder`: how many levels, both ends included.").meta({ examples: [5] }).optional(),
	duration: quantity("duration", "How long the piece lasts.", { most: "24h" })
}).describe("A piece of a shape: exactly one of rate, concurrency, ramp, steps, spike, sine, ladder.").meta({
	oneOf: STAGE_KINDS.map((kind) => ({ required: [kind] })),
	dependencies: Object.fromEntries(Object.entries(STAGE_DETAILS).map(([kind, details]) => [kind, Object.keys(details)])),
	examples: [{
		ramp: ["20/s", "100/s"],
		duration: "1m"
	}]
});
/** The levels of a piece in the order of their writing, at least one in a piece that keeps the rules, and where in it they stand. */
function levelsOf({ rate, concurrency, ramp, steps, spike, from, sine, ladder }) {
	const each = (key, levels = []) => levels.map((level, i) => ({
		level,
		at: [key, i]
	}));
	const one = (key, level) => level === void 0 ? [] : [{
		level,
		at: [key]
	}];
	return [
		...one("rate", rate === void 0 ? void 0 : {
			of: "rate",
			value: rate
		}),
		...one("concurrency", concurrency === void 0 ? void 0 : {
			of: "users",
			value: concurrency
		}),
		...each("ramp", ramp),
		...each("steps", steps),
		...one("spike", spike),
		...one("from", from),
		...each("sine", sine),
		...each("ladder", ladder)
	];
}

// src/core/suite/build-load.ts
/** A written load that keeps all rules, with no default left open. */
function buildLoad(load) {
	const { rate, concurrency, shape, trace, time, unit, from, speed, sample, duration } = load;
	if (trace !== void 0) return {
		kind: "trace",
		file: trace,
		time,
		unit,
		fromS: from ?? 0,
		speed: speed ?? 1,
		sample: sample ?? 1,
		durationS: duration
	};
	const pauses = {
		thinkTime: buildThinkTime(load["think-time"]),
		pacingS: load.pacing
	};
	const arrivals = buildArrivals(load.arrivals);
	if (concurrency !== void 0) return {
		...steadyUsers(concurrency, duration),
		...pauses
	};
	if (shape === void 0) return steadyRate(rate ?? DEFAULT_LOAD.ratePerS, arrivals, duration);
	const stages = stagesOf(shape);
	const durationS = lengthOf(stages);
	if (isOfUsers(shape)) return {
		kind: "closed",
		concurrency: peakOf$1(stages),
		stages,
		...pauses,
		durationS
	};
	return {
		kind: "open",
		ratePerS: steadyLevel(stages) ?? areaOf(stages) / durationS,
		stages,
		arrivals,
		durationS
	};
}
/** The rules let no shape mix rates and users, so that its first level speaks for all. */
const isOfUsers = (shape) => shape.flatMap(levelsOf)[0]?.level.of === "users";
function buildArrivals(written) {
	if (written === void 0) return DEFAULT_LOAD.arrivals;
	if (typeof written === "string") return written;
	return written.gamma === void 0 ? { jitter: written.jitter ?? 0 } : { gamma: written.gamma };
}
function buildThinkTime(written) {
	if (written === void 0) return void 0;
	if (typeof written === "number") return {
		kind: "fixed",
		seconds: written
	};
	if ("exponential" in written) return {
		kind: "exponential",
		meanS: written.exponential
	};
	return {
		kind: "uniform",
		lowS: written[0],
		highS: written[1]
	};
}

// src/core/suite/protocol-facts.ts
const GENERATING = {
	streams: "by-default",
	generates: true
};
const PROTOCOL_FACTS = {
	raw: facts([
		"body",
		"json",
		"text",
		"file"
	], { namesModel: false }),
	"kserve-v2": facts([
		"tensors",
		"text",
		"json",
		"file"
	], { binaryTensors: true }),
	"kserve-v2-grpc": facts([
		"tensors",
		"text",
		"json",
		"file"
	], {
		streams: "on-request",
		http: "2"
	}),
	"openai-chat": facts([
		"messages",
		"text",
		"json",
		"file"
	], GENERATING),
	"openai-completions": facts([
		"text",
		"json",
		"file"
	], GENERATING),
	"openai-embeddings": facts([
		"text",
		"json",
		"file"
	]),
	"tf-serving": facts([
		"tensors",
		"text",
		"json",
		"file"
	]),
	torchserve: facts([
		"body",
		"json",
		"text",
		"file"
	])
};
/** The protocols of which something is true, for a sentence: `openai-chat or openai-completions`. */
function protocolsWith(holds) {
	const names = Object.entries(PROTOCOL_FACTS).flatMap(([name, of]) => holds(of) ? [name] : []);
	return names.length < 2 ? names.join() : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
}
/** The facts of a protocol by its name as written; undefined for one that is unknown. */
const factsOf = (protocol) => typeof protocol === "string" && Object.hasOwn(PROTOCOL_FACTS, protocol) ? PROTOCOL_FACTS[protocol] : void 0;
function facts(carries, other = {}) {
	return {
		carries,
		namesModel: true,
		streams: "never",
		generates: false,
		http: void 0,
		binaryTensors: false,
		...other
	};
}

// src/core/suite/build.ts
/** From the written form, checked, to the form that everything else works with: our names, and no default left open. */
function buildSuite(written) {
	const target = buildTarget(written);
	const isStream = PROTOCOL_FACTS[target.protocol].streams !== "never" && target.stream;
	const hasLabels = Object.values(written.payloads ?? {}).some(({ label }) => label !== void 0);
	return {
		version: written.version,
		name: written.name,
		seed: written.seed,
		target,
		payloads: buildPayloads(written),
		scenarios: written.scenarios.map((scenario) => buildScenario(scenario, {
			isStream,
			hasLabels
		})),
		telemetry: written.telemetry.map(buildSource),
		decision: {
			falseAlarm: written.decision["false-alarm"],
			falsePass: written.decision["false-pass"],
			pass: written.decision.pass,
			ceiling: written.decision.ceiling,
			sameHost: written.decision["same-host"],
			budget: written.decision.budget,
			betweenRuns: written.decision["between-runs"],
			betweenDeployments: written.decision["between-deployments"]
		},
		generator: {
			threads: written.generator.threads,
			calibration: written.generator.calibration === "yes"
		}
	};
}
function buildTarget({ target, payloads }) {
	const facts = PROTOCOL_FACTS[target.protocol];
	return {
		protocol: target.protocol,
		endpoint: target.endpoint,
		method: target.method ?? (target.protocol === "raw" && payloads === void 0 ? "GET" : "POST"),
		path: target.path,
		model: target.model,
		stream: target.stream ?? facts.streams === "by-default",
		maxTokens: target["max-tokens"],
		tensorEncoding: target["tensor-encoding"] ?? "json",
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
		check: buildCheck(target.check),
		connection: {
			...buildConnection(target.connection),
			...facts.http === void 0 ? {} : { http: facts.http }
		},
		tls: buildTls(target.tls),
		retry: target.retry === void 0 ? void 0 : buildRetry(target.retry)
	};
}
function buildCheck({ status, contains, matches, headers, json, answer, schema }) {
	return {
		status: typeof status === "number" ? [status] : status,
		contains,
		...matches === void 0 ? {} : { matches },
		...headers === void 0 ? {} : { headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value])) },
		...json === void 0 ? {} : { json },
		...answer === void 0 ? {} : { answer: {
			path: answer.path,
			tolerance: answer.tolerance
		} },
		...schema === void 0 ? {} : { schema }
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
		path: file,
		...payload.label === void 0 ? {} : { label: payload.label }
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
function buildScenario(scenario, { isStream, hasLabels }) {
	return {
		name: scenario.name,
		load: buildLoad(scenario.load),
		mix: scenario.mix,
		together: scenario.together,
		warmUp: scenario["warm-up"],
		block: {
			durationS: scenario.block.duration,
			requests: scenario.block.requests
		},
		gates: withAnswerGuard(scenario.gates === void 0 ? defaultGates(isStream) : withErrorGuard(buildGates(scenario.gates)), hasLabels)
	};
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

// src/core/suite/load-schema.ts
const arrivalsSchema = union([strictObject({
	gamma: number$2().min(.05).max(10).describe("Random gaps with this coefficient of variation: 1 is poisson, more comes in bursts, less is smoother.").optional(),
	jitter: quantity("percent", "Equal gaps, each arrival moved by up to this share of a gap.", { most: "50%" }).optional()
}).check((context) => {
	const { value: input } = context;
	if (input.gamma === void 0 !== (input.jitter === void 0) || context.issues.length > 0) return;
	const [message, hint] = input.gamma === void 0 ? ["this says nothing about the arrivals", "write { gamma: 2 } or { jitter: 20% }"] : ["arrivals have gamma or jitter, not both", "keep one"];
	context.issues.push({
		code: "custom",
		message,
		input,
		params: { hint }
	});
}), choice$1(["poisson", "constant"], "Random gaps as of independent users, or equal ones.", { alsoKnownAs: {
	random: "poisson",
	exponential: "poisson",
	uniform: "constant",
	fixed: "constant",
	deterministic: "constant",
	gamma: "{ gamma: 2 }",
	jitter: "{ jitter: 20% }"
} })]).describe("Open loop: the gaps between requests, relative to the rate of the moment. Default: poisson.").meta({ examples: [
	"poisson",
	"constant",
	{ gamma: 2 },
	{ jitter: "20%" }
] });
const thinkTimeSchema = union([
	strictObject({ exponential: quantity("duration", "Mean of an exponential distribution.", { most: "1h" }) }),
	tuple([quantity("duration", "Shortest.", {
		most: "1h",
		allowZero: true
	}), quantity("duration", "Longest; uniform in between.", { most: "1h" })]),
	quantity("duration", "Always the same.", { most: "1h" })
]).describe("Closed loop: pause of a user between an answer and the next request. Default: none.").meta({ examples: [
	"500ms",
	["200ms", "800ms"],
	{ exponential: "500ms" }
] });
const traceSchema = filePath.max(500).check((context) => {
	const { value: input } = context;
	if (/\.(csv|jsonl|ndjson)$/i.test(input)) return;
	context.issues.push({
		code: "custom",
		message: `${inWords(input)} is not a kind of trace that can be read`,
		input,
		params: { hint: "write a .csv file with a header, or a .jsonl file with one object a line" }
	});
}).describe("Requests arrive when those of this recording did: `.csv` with a header, or `.jsonl`. Relative to the suite file.").meta({ examples: ["data/trace.csv"] });
/** Every form of a load in one mapping, so that an editor completes all keys; which go together is for `load-rules.ts`. */
const loadSchema = strictObject({
	rate: quantity("rate", "Open loop: requests start at this rate whether or not earlier ones were answered. Default: 30/s.", { most: "100000/s" }).optional(),
	arrivals: arrivalsSchema.optional(),
	concurrency: int().min(1).max(MOST_USERS).describe("Closed loop: this many users, each sends its next request when the last was answered.").optional(),
	"think-time": thinkTimeSchema.optional(),
	pacing: quantity("duration", "Closed loop: a user starts at most one request in this time.", { most: "1h" }).optional(),
	shape: array(stageSchema).min(1).max(1e3).describe("The load over time, one piece after the other: all in rates (`10/s`, open loop) or all in numbers of users (closed loop).").meta({ examples: [[{
		ramp: ["20/s", "100/s"],
		duration: "1m"
	}]] }).optional(),
	trace: traceSchema.optional(),
	time: string().min(1).describe("`trace`: column or key of the time stamps. Default: found by its name (timestamp, time, arrived_at, …).").meta({ examples: ["TIMESTAMP"] }).optional(),
	unit: choice$1([
		"s",
		"ms",
		"us",
		"ns"
	], "`trace`: unit of numeric time stamps. Default: what their column ends in (`at_ms`), else s.", { alsoKnownAs: {
		seconds: "s",
		milliseconds: "ms",
		microseconds: "us",
		µs: "us",
		nanoseconds: "ns"
	} }).optional(),
	from: quantity("duration", "`trace`: where the replay begins, counted from the first time stamp. Default: 0s.", {
		most: "10000h",
		allowZero: true
	}).optional(),
	speed: number$2().gt(0).max(1e5).describe("`trace`: seconds of the trace replayed in one second. Default: 1.").meta({ examples: [2] }).optional(),
	sample: quantity("percent", "`trace`: share of its requests that is replayed, drawn by the seed. Default: 100%.", { most: "100%" }).optional(),
	duration: quantity("duration", "How long to measure, on each endpoint. A shape has its own.", { most: "24h" }).prefault("2m")
}).describe("The load over time: a rate (open loop), a concurrency (closed loop), a shape of either, or a trace.").meta({ examples: [
	{
		rate: "50/s",
		arrivals: "poisson",
		duration: "2m"
	},
	{
		concurrency: 8,
		duration: "1m"
	},
	{ shape: [{
		ramp: ["20/s", "100/s"],
		duration: "1m"
	}, {
		rate: "100/s",
		duration: "2m"
	}] },
	{
		trace: "data/trace.csv",
		duration: "5m"
	}
] });

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
	name: string().min(1).describe("Name of the model's input."),
	shape: array(union([size, tuple([size, size])])).min(1).describe("Size of every dimension; `[low, high]` is drawn anew for each request.").meta({ examples: [[1, 512], [1, [16, 128]]] }),
	datatype: choice$1(DATATYPES$1, "Datatype of the Open Inference Protocol.", {
		notYet: { BF16: "use FP32" },
		alsoKnownAs: OTHER_NAMES
	}),
	range: tuple([number$2(), number$2()]).describe("Random values are uniform in [low, high). Default: [0, 1) for floats, [0, 100) for integers.").meta({ examples: [[-1, 1]] }).optional(),
	data: array(union([
		number$2(),
		string(),
		boolean()
	])).min(1).describe("Fixed values instead of random ones, in row-major order.").optional()
});
const payloadSchema = strictObject({
	weight: number$2().gt(0).describe("Share of the requests, relative to the other classes: 60, 30 and 10 make 60 %, 30 % and 10 %.").default(1),
	body: string().describe("`raw` and `torchserve`: sent as it stands.").optional(),
	"content-type": string().regex(/^[\w.+-]+\/[\w.+-]+(\s*;.*)?$/).describe("Content type of `body`.").meta({ examples: ["text/plain"] }).optional(),
	json: unknown$1().describe("Sent as JSON.").optional(),
	file: filePath.describe("One request per line (`.jsonl`, `.txt`) or one request (anything else). Relative to the suite file.").meta({ examples: ["data/tickets.jsonl"] }).optional(),
	label: string().min(1).describe("Field of each line of a `.jsonl` file that holds the right answer. It is not sent; `target.check.answer` says how it is compared.").meta({ examples: ["label"] }).optional(),
	text: strictObject({ words: union([words, tuple([words, words])]).describe("Number of words, or `[fewest, most]`, drawn uniformly for each request.").meta({ examples: [20, [5, 20]] }) }).describe("Synthetic text, the same for the same seed.").meta({ examples: [{ words: [5, 20] }] }).optional(),
	tensors: array(tensorSchema).min(1).describe("`kserve-v2` and `tf-serving`: the model's inputs.").optional(),
	messages: array(strictObject({
		role: choice$1([
			"system",
			"developer",
			"user",
			"assistant",
			"tool"
		], "Who says it."),
		content: string().describe("What is said.")
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

// src/core/suite/check-schema.ts
const status = int().min(100).max(599);
const pattern = string().min(1).check((context) => {
	const { value: input } = context;
	try {
		RegExp(input, "u");
	} catch (error) {
		const message = `"${input}" is no regular expression: ${error instanceof Error ? error.message.replace(/^.*: /, "") : "it cannot be read"}`;
		context.issues.push({
			code: "custom",
			message,
			input,
			params: { hint: "it is JavaScript's, with the flag u" }
		});
	}
});
const path = string().min(1).check((context) => {
	const { value: input } = context;
	const read = readJsonPath(input);
	if (!("problem" in read)) return;
	const message = `"${input}" is no JSON path: ${read.problem}`;
	context.issues.push({
		code: "custom",
		message,
		input,
		params: { hint: "write one of RFC 9535, such as $.outputs[0].data[*]" }
	});
});
const jsonCheckSchema = strictObject({
	path: path.describe("Which values of the answer, by RFC 9535. All of them have to fit.").meta({ examples: ["$.outputs[0].data[*]"] }),
	equals: unknown$1().describe("The value itself, of any JSON type.").optional(),
	tolerance: number$2().gt(0).describe("How far a number may be from `equals`.").meta({ examples: [.001] }).optional(),
	between: tuple([number$2(), number$2()]).describe("Least and greatest number.").meta({ examples: [[0, 1]] }).optional(),
	matches: pattern.describe("Regular expression that a text fits.").optional(),
	count: int().min(0).describe("How many values there are. Default: at least one.").optional()
}).meta({ examples: [{
	path: "$.outputs[0].shape[0]",
	equals: 1
}] });
const checkSchema = strictObject({
	status: union([status, array(status).min(1)]).describe("Status codes that count as answered. Default: any 2xx.").meta({ examples: [200, [200, 204]] }).optional(),
	contains: string().min(1).describe("Text that every correct answer holds.").optional(),
	matches: pattern.describe("Regular expression that every correct answer fits somewhere.").meta({ examples: ["\"label\":\\s*\"(positive|negative)\""] }).optional(),
	headers: record$2(string().min(1), string()).describe("Headers that every correct answer has, and a text that each of them holds. Names are not case-sensitive.").meta({ examples: [{ "content-type": "application/json" }] }).optional(),
	json: array(jsonCheckSchema).min(1).describe("What the answer holds as JSON.").optional(),
	answer: strictObject({
		path: path.describe("Which value is compared, by RFC 9535. Default: the text has to hold the label.").optional(),
		tolerance: number$2().min(0).describe("How far a number may be from the label. Default: 0.").default(0)
	}).describe("How the answers to labelled payloads are compared with their labels. What is wrong counts into `wrong.ratio`, and has not failed.").meta({ examples: [{ path: "$.outputs[0].data[0]" }] }).optional(),
	schema: record$2(string(), unknown$1()).check((context) => {
		const { value: input } = context;
		const read = readJsonSchema(input);
		if (!("problem" in read)) return;
		context.issues.push({
			code: "custom",
			message: `this is no JSON Schema: ${read.problem}`,
			input,
			params: { hint: "write one of draft 2020-12, without keywords that it does not know" }
		});
	}).describe("JSON Schema that the answer fits.").meta({ examples: [{
		type: "object",
		required: ["outputs"]
	}] }).optional()
}).describe("What an answer must hold to count as correct. Text and JSON are those of the body, or of what an OpenAI endpoint generated.").prefault({});

// src/core/suite/connection-schema.ts
const connectionSchema = strictObject({
	reuse: choice$1(["keep-alive", "new"], "`keep-alive`: a connection serves one request after another for as long as the endpoint lets it. `new`: every request opens its own connection and closes it. Default: keep-alive.", { alsoKnownAs: {
		keepalive: "keep-alive",
		keep: "keep-alive",
		none: "new",
		close: "new",
		never: "new"
	} }).prefault("keep-alive"),
	"requests-each": int().min(1).max(1e9).describe("Churn: a connection is closed after this many requests. Default: never by us.").meta({ examples: [100] }).optional(),
	http: choice$1(["1.1", "2"], "Version of HTTP. With 2 the endpoint has to speak it: over TLS by ALPN, without TLS by prior knowledge; nothing falls back. Default: 1.1.", {
		alsoKnownAs: {
			"http/1.1": "\"1.1\"",
			h1: "\"1.1\"",
			"http/2": "\"2\"",
			h2: "\"2\"",
			h2c: "\"2\"",
			"2.0": "\"2\""
		},
		notYet: {
			"3": "use http: \"2\"",
			h3: "use http: \"2\"",
			"http/3": "use http: \"2\""
		},
		unquoted: [[1.1, "1.1"], [2, "2"]]
	}).prefault("1.1"),
	streams: int().min(1).max(1e5).describe("HTTP/2: most requests under way on one connection; the endpoint may allow less. Default: 100.").meta({ examples: [100] }).optional(),
	dns: choice$1(["each", "once"], "`each`: the host's name is resolved for every new connection. `once`: when the run begins; its addresses then take turns. Default: each.", { alsoKnownAs: {
		always: "each",
		connection: "each",
		start: "once",
		cached: "once"
	} }).prefault("each"),
	proxy: url("HTTP proxy that connections are tunnelled through (CONNECT). `user:password@` in it is sent to the proxy and masked.").meta({ examples: ["${env:PROXY_URL}", "http://proxy.internal:3128"] }).optional()
}).describe("How connections are made and kept. It shapes what is measured, so runs with another policy are not comparable.").meta({ examples: [{ reuse: "new" }, {
	http: "2",
	streams: 50
}] });
const pem = (description, example) => string().min(1).describe(description).meta({ examples: [example] }).optional();
const tlsSchema = strictObject({
	ca: pem("PEM file of certificates that are trusted besides the machine's own. Path relative to the suite.", "certs/ca.pem"),
	cert: pem("PEM file of the client's certificate (mTLS). Path relative to the suite.", "certs/client.pem"),
	key: pem("PEM file of the key that belongs to `cert`, not encrypted. Path relative to the suite.", "certs/client.key"),
	"server-name": string().regex(/^[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$/).describe("Name that the endpoint's certificate must have and that is sent as SNI. Default: the URL's host.").meta({ examples: ["preview.internal"] }).optional(),
	verify: choice$1(["yes", "no"], "Whether the endpoint's certificate is verified. `no` is said in every report. Default: yes.", { unquoted: [[true, "yes"], [false, "no"]] }).prefault("yes")
}).describe("Certificates of an https endpoint.").meta({ examples: [{ ca: "certs/ca.pem" }, {
	cert: "certs/client.pem",
	key: "certs/client.key"
}] });
const CAUSES = [
	"connect",
	"stale",
	"reset"
];
const causeSchema = unknown$1().transform((input, context) => {
	const reject = (message, hint) => {
		context.issues.push({
			code: "custom",
			message,
			input,
			params: { hint }
		});
		return NEVER;
	};
	if (typeof input === "number") {
		if (Number.isInteger(input) && input >= 400 && input <= 599) return input;
		return reject(`${input} is not the status of a failed answer`, "write 400 to 599");
	}
	const word = CAUSES.find((cause) => cause === input);
	if (word !== void 0) return word;
	if (input === "timeout") return reject("a request that ran into its deadline has no time left to be sent again", "leave it out, or raise target.timeout");
	if (typeof input !== "string") return reject(`${inWords(input)} is no cause`, `write a status, or one of ${CAUSES.join(", ")}`);
	if (/^\d{3}$/.test(input)) return reject(`"${input}" is text`, `write ${input} without quotes`);
	return reject(`"${input}" is not known here`, suggest$1(input, CAUSES));
}).meta({
	anyOf: [{
		type: "integer",
		minimum: 400,
		maximum: 599
	}, {
		type: "string",
		enum: [...CAUSES]
	}],
	description: "A status from 400 to 599, or `connect`, `stale`, `reset`: a connection that failed before any answer.",
	examples: [503, "connect"]
});
const retrySchema = strictObject({
	attempts: int().min(2).max(100).describe("Most times that one request is sent, the first included.").default(3),
	on: array(causeSchema).min(1).describe("What is sent again. Default: 429 and 503, with which an endpoint itself asks to be tried later.").meta({ examples: [[
		429,
		503,
		"connect"
	]] }).default([429, 503]),
	backoff: quantity("duration", "Wait before the second attempt; doubles with each further one, and is drawn from its upper half.", { most: "10m" }).prefault("100ms"),
	"max-backoff": quantity("duration", "Longest wait that doubling leads to.", { most: "1h" }).prefault("5s"),
	"retry-after": choice$1(["respect", "ignore"], "`respect`: an answer's `Retry-After` is the wait, where it is longer. Default: respect.").prefault("respect")
}).describe("Retries, only on this wish: latency runs on from the first intended start, and each attempt is counted. Without this key: none.").meta({ examples: [{
	attempts: 3,
	on: [429, 503]
}] });

// src/core/suite/suite.ts
const PROTOCOLS = [
	"raw",
	"kserve-v2",
	"kserve-v2-grpc",
	"openai-chat",
	"openai-completions",
	"openai-embeddings",
	"tf-serving",
	"torchserve"
];

// src/core/suite/target-schema.ts
const PROTOCOLS_BY_OTHER_NAMES = {
	http: "raw",
	https: "raw",
	openai: "openai-chat",
	chat: "openai-chat",
	completions: "openai-completions",
	embeddings: "openai-embeddings",
	kserve: "kserve-v2",
	oip: "kserve-v2",
	triton: "kserve-v2",
	grpc: "kserve-v2-grpc",
	"triton-grpc": "kserve-v2-grpc",
	tensorflow: "tf-serving",
	"tensorflow-serving": "tf-serving"
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
const headerName = string().check((context) => {
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
const targetSchema = strictObject({
	protocol: choice$1(PROTOCOLS, "How the endpoint is asked and how its answers are read.", { alsoKnownAs: PROTOCOLS_BY_OTHER_NAMES }),
	endpoint: url("Base URL of the preview. `--endpoint` and the action's `endpoint` input win over it.").meta({ examples: ["http://127.0.0.1:8000", "${env:PREVIEW_URL}"] }).optional(),
	method: choice$1(METHODS, "HTTP method of `raw`. Default: POST, or GET for a suite without payloads.").optional(),
	path: path$1("Path of a request below the endpoint. Every protocol has its own default; `raw` asks `/`.").meta({ examples: ["/", "/v1/chat/completions"] }).optional(),
	model: template("Name of the model: part of the path of `kserve-v2`, `tf-serving` and `torchserve`, sent as `model` by the OpenAI protocols and as `model_name` by `kserve-v2-grpc`.").optional(),
	stream: boolean().describe("Ask for a stream: of tokens with `openai-chat` and `openai-completions` (default: true), of answers with `kserve-v2-grpc` (Triton's ModelStreamInfer, default: false).").optional(),
	"max-tokens": int().min(1).describe("`openai-chat` and `openai-completions`: sent as `max_tokens`. Set it: answers of different length cannot be compared.").optional(),
	"tensor-encoding": choice$1(["json", "binary"], "`kserve-v2`: how tensors travel. `binary` is the binary tensor data extension, which Triton speaks. Default: json.").optional(),
	headers: record$2(headerName, template("Value of the header; `${env:NAME}` reads an environment variable, which is masked everywhere.")).describe("Sent with every request. Names are not case-sensitive.").meta({ examples: [{ authorization: "Bearer ${env:API_TOKEN}" }] }).prefault({}),
	timeout: quantity("duration", "Deadline of one request, counted from its intended start.", { most: "1h" }).prefault("30s"),
	"max-in-flight": int().min(1).max(65536).describe("Most requests under way at once. In an open loop an arrival beyond it is counted as failed, never hidden; a closed loop has at most so many users.").default(DEFAULT_MAX_IN_FLIGHT),
	ready: strictObject({
		path: path$1("Polled until it answers with 2xx. Without it, any HTTP answer counts as ready.").optional(),
		timeout: quantity("duration", "How long to wait before the run gives up.", { most: "6h" }).prefault("1m")
	}).describe("When the endpoint is ready to be measured. Without this key: any HTTP answer within 30s.").meta({ examples: [{
		path: "/v2/health/ready",
		timeout: "5m"
	}] }).optional(),
	identity: strictObject({
		path: path$1("Where the endpoint says which build it is."),
		equals: template("What it must say: usually the commit. A prefix of at least 7 characters is enough.").meta({ examples: ["${env:GITHUB_SHA}"] }),
		field: string().min(1).describe("Dotted path into a JSON answer: `build.commit`. Default: the whole body.").optional()
	}).describe("Are we measuring the build we think? A mismatch makes the run invalid.").meta({ examples: [{
		path: "/version",
		equals: "${env:GITHUB_SHA}"
	}] }).optional(),
	check: checkSchema,
	connection: connectionSchema.prefault({}),
	tls: tlsSchema.prefault({}),
	retry: retrySchema.optional()
}).describe("The endpoint to measure.").meta({ examples: [{
	protocol: "raw",
	method: "POST",
	path: "/"
}] });

// src/core/suite/telemetry-schema.ts
const selectorSchema = union([string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*(\{\s*([a-zA-Z_]\w*\s*=\s*"[^"]*"\s*(,\s*|(?=\})))*\})?$/).describe("Name of the series, with labels if they matter: `queue_size{model=\"a\"}`."), strictObject({
	series: string().regex(/^[a-zA-Z_:][a-zA-Z0-9_:]*$/).describe("Name of the series."),
	labels: record$2(string().regex(/^[a-zA-Z_]\w*$/), string()).describe("Only series with these labels.").prefault({}),
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
const warmUpSchema = unknown$1().transform((input, context) => {
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
	name: string().regex(NAME_PATTERN).describe("Unique in the suite.").meta({ examples: ["steady"] }),
	load: loadSchema.prefault({}),
	mix: record$2(string(), number$2().gt(0)).describe("Weights of the payload classes in this scenario; classes not named are not sent. Default: the classes' own weights.").meta({ examples: [{
		short: 80,
		long: 20
	}] }).optional(),
	together: string().regex(NAME_PATTERN).describe("Scenarios that name the same group run at once. They follow one another in the list, with the same duration and warm-up.").meta({ examples: ["mixed"] }).optional(),
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
	budget: union([int().min(1).max(64).transform((passes) => ({ passes })), quantity("duration", "Time for all scenarios and both arms.", { most: "24h" }).transform((durationS) => ({ durationS }))]).describe("How long an undecided run may go on: so many times its planned load (1: its length is fixed), or so much time. It ends early when every gate is decided, and as soon as more time would not help.").meta({ examples: [4, "15m"] }).prefault(4),
	"between-runs": quantity("percent", "Standard deviation of the median latency between runs of one build, where it has been measured. Default: 3 % until stored runs show their own.", { most: "50%" }).optional(),
	"between-deployments": quantity("percent", "Standard deviation of the median latency between two deployments of one build driven in turn, where it has been measured. Default: 0.5 % on one machine, 3 % on different ones.", { most: "50%" }).optional(),
	"same-host": choice$1([
		"auto",
		"yes",
		"no"
	], "Whether a live base and its head run on one machine. If not, the difference between machines is part of the uncertainty. `auto`: unless the GPUs that telemetry names, or else the host names of the endpoints, differ.").prefault("auto")
});
const generatorSchema = strictObject({
	threads: union([literal("auto"), int().min(1).max(64)]).describe("Threads that send to each endpoint. `auto`: one, and more only where the rate asks for it and the machine has processors to spare.").meta({ examples: ["auto", 4] }).default("auto"),
	calibration: choice$1(["yes", "no"], "Whether the generator measures a server of known times first, for two seconds, so that the report can say how far its numbers are off. Default: yes.", { unquoted: [[true, "yes"], [false, "no"]] }).prefault("yes")
});
/**
* The suite as it is written, with a description on every field: the editor's JSON Schema is generated from it. Its
* output still has YAML's shape, with quantities in base units; `build.ts` turns that into a {@link Suite}.
*/
const suiteSchema = strictObject({
	version: literal(1).describe("Version of this format.").default(1),
	name: string().regex(SUITE_NAME_PATTERN).describe("Names the suite in comments and keeps its baselines apart from those of other suites.").meta({ examples: ["sentiment"] }),
	seed: int().min(0).describe("Drives arrivals, payload picks and payload contents: the same seed sends the same requests.").default(1),
	target: targetSchema,
	payloads: record$2(string().regex(NAME_PATTERN), payloadSchema).describe("Classes of inputs by name. Default: one class that the protocol makes.").meta({ examples: [{ short: {
		weight: 60,
		text: { words: [5, 20] }
	} }] }).optional(),
	scenarios: array(scenarioSchema).min(1).describe("What to measure, in this order.").meta({ examples: [[{ name: "steady" }]] }),
	telemetry: array(telemetrySchema).describe("Where GPU and queue numbers come from.").meta({ examples: [[{ dcgm: "http://preview:9400/metrics" }]] }).default([]),
	decision: decisionSchema.describe("How sure the gate must be.").prefault({}),
	generator: generatorSchema.describe("How the load is made. Changes who sends, and not what is sent.").prefault({})
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
			if (input === void 0) return [missing$1(path)];
			return [{
				path,
				at: "value",
				message: issue.message,
				hint: String(issue.params?.["hint"] ?? exampleHint(path))
			}];
		case "invalid_type": return [input === void 0 ? missing$1(path) : wrongType(path, schemaAt(path)?.["type"] === "integer" ? "int" : issue.expected, input)];
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
		case "too_big":
			if (Array.isArray(input)) return [{
				path,
				at: "value",
				message: "this list is too long",
				hint: listHint(path, `${issue.maximum} at most`)
			}];
			return [{
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
	"think-time": [
		"think",
		"sleep",
		"delay",
		"pause"
	],
	shape: [
		"stages",
		"phases",
		"profile"
	],
	ramp: ["linear"],
	spike: ["burst", "peak"],
	sine: ["wave", "diurnal"],
	rungs: ["levels"],
	dcgm: ["dcgm-exporter"]
};
function unknownKey(path, key) {
	const instead = notYet$1(path, key);
	const message = instead === void 0 ? `unknown key "${key}"` : `"${key}" is not supported yet`;
	return {
		path: [...path, key],
		at: "key",
		message,
		hint: instead ?? hintForKey(path, key)
	};
}
const notYet$1 = (path, key) => NOT_YET[`${path.findLast((step) => typeof step === "string")}.${key}`];
/** What to write instead of a key that may not stand at a path. */
function hintForKey(path, key) {
	const keys = keysAt(path) ?? [];
	const synonym = keys.find((known) => SYNONYMS[known]?.includes(key.toLowerCase().replaceAll("_", "-")));
	if (synonym !== void 0) return `did you mean "${synonym}"?`;
	const below = keys.find((known) => keysAt([...path, known])?.includes(key));
	if (below !== void 0) return `it belongs under "${below}"`;
	const above = path.map((_, i) => path.slice(0, i)).findLast((parent) => keysAt(parent)?.includes(key));
	if (above === void 0) return suggest$1(key, keys);
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
	if (Array.isArray(input)) return {
		message: "this list is too short",
		hint: listHint(path, `${minimum} at least`)
	};
	const dynamic = path.at(-2) === "shape" ? ", or a range such as [1, 512] for a dimension that varies" : "";
	const enough = inclusive ? `write ${minimum} or more${dynamic}` : `write a number above ${minimum}`;
	return {
		message: `${inWords(input)} is too small`,
		hint: enough
	};
}
const listHint = (path, entries) => {
	const example = exampleAt(path);
	return `it has ${entries}${example?.startsWith("[") ? `, for example ${example}` : ""}`;
};
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
function missing$1(path) {
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
	if (Array.isArray(value)) return value.flatMap((item, i) => [i, ...nameOf$3(item) ?? []]);
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
	const byName = list.findIndex((item) => nameOf$3(item)?.[0] === step);
	return byName === -1 ? Number(step) : byName;
};
const nameOf$3 = (item) => isMapping(item) && typeof item["name"] === "string" ? [item["name"]] : void 0;
function leadsNowhere(path, step, rest, value, root, position) {
	const where = path.length === 0 ? "the suite" : dotted(path, root);
	if (Array.isArray(value)) {
		const names = value.flatMap((item) => nameOf$3(item) ?? []);
		const hint = names.length > 0 ? suggest$1(step, names) : `write an index from 0 to ${value.length - 1}`;
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

// src/core/suite/connection-rules.ts
/** What in `connection`, `tls` and `retry` contradicts itself or the rest of the target. */
function connectionRules(target) {
	return [
		...reuseRules(asMapping(target["connection"]), target["protocol"]),
		...tlsRules(target),
		...retryRules(target)
	];
}
function reuseRules(connection, protocol) {
	const { reuse } = connection;
	const needed = factsOf(protocol)?.http;
	const written = connection["http"];
	const http = needed ?? written;
	if (needed !== void 0 && written !== void 0 && written !== needed && written !== Number(needed)) return [{
		path: [
			"target",
			"connection",
			"http"
		],
		at: "value",
		message: `protocol ${String(protocol)} needs HTTP/${needed}`,
		hint: "leave it out"
	}];
	const useless = (key, message, hint) => Object.hasOwn(connection, key) ? [{
		path: [
			"target",
			"connection",
			key
		],
		at: "key",
		message,
		hint
	}] : [];
	if (reuse === "new") {
		const once = "with reuse: new a connection serves one request";
		return [...useless("requests-each", once, "leave it out, or write reuse: keep-alive"), ...useless("streams", once, "leave it out")];
	}
	return http === void 0 || http === "1.1" || http === 1.1 ? useless("streams", "HTTP/1.1 has no streams", "leave it out, or add http: \"2\"") : [];
}
function tlsRules(target) {
	const tls = asMapping(target["tls"]);
	const has = (key) => Object.hasOwn(tls, key);
	const mistake = (key, message, hint) => ({
		path: [
			"target",
			"tls",
			key
		],
		at: "key",
		message,
		hint
	});
	const mistakes = [];
	if (has("key") && !has("cert")) mistakes.push(mistake("key", "a key without its certificate", "add cert: certs/client.pem"));
	if (has("cert") && !has("key")) mistakes.push(mistake("cert", "a certificate without its key", "add key: certs/client.key"));
	if (has("ca") && (tls["verify"] === "no" || tls["verify"] === false)) mistakes.push(mistake("ca", "with verify: no nobody looks at authorities", "remove verify: no, or leave ca out"));
	const { endpoint } = target;
	if (typeof endpoint === "string" && /^http:\/\//i.test(endpoint) && Object.keys(tls).length > 0) mistakes.push({
		path: ["target", "tls"],
		at: "key",
		message: "the endpoint is plain http, where there are no certificates",
		hint: "write https:// in target.endpoint, or leave tls out"
	});
	return mistakes;
}
function retryRules(target) {
	const retry = asMapping(target["retry"]);
	const mistakes = [];
	const [backoff, most] = [asQuantity(retry["backoff"], "duration", .1), asQuantity(retry["max-backoff"], "duration", 5)];
	if (backoff !== void 0 && most !== void 0 && backoff > most) {
		const key = Object.hasOwn(retry, "max-backoff") ? "max-backoff" : "backoff";
		mistakes.push({
			path: [
				"target",
				"retry",
				key
			],
			at: "value",
			message: "the longest wait (max-backoff) is shorter than the first (backoff)",
			hint: "raise max-backoff or lower backoff"
		});
	}
	const { status } = asMapping(target["check"]);
	const accepted = typeof status === "number" ? [status] : asList(status);
	for (const [i, cause] of asList(retry["on"]).entries()) {
		if (typeof cause !== "number" || !accepted.includes(cause)) continue;
		mistakes.push({
			path: [
				"target",
				"retry",
				"on",
				i
			],
			at: "value",
			message: `target.check accepts status ${cause}, so it is never sent again`,
			hint: "remove it here or there"
		});
	}
	return mistakes;
}

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
	const facts = factsOf(target["protocol"]);
	const isStream = facts !== void 0 && (facts.streams === "by-default" ? target["stream"] !== false : target["stream"] === true);
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile" && [
		"ttft",
		"itl",
		"tpot"
	].includes(measure.of) && !isStream) return mistake(`${metric} is measured on streams of tokens only`, streamingHint(facts));
	if (measure.kind === "rate" && measure.of === "tokens" && facts?.generates !== true) return mistake(`${metric} is measured with protocol ${protocolsWith(({ generates }) => generates)} only`, "gate throughput");
	if (measure.kind === "ratio" && measure.of === "retries" && target["retry"] === void 0) return mistake(`without target.retry nothing is sent again, and ${metric} is not measured`, "add target.retry, or leave the gate out");
	if (measure.kind === "ratio" && measure.of === "wrong" && !hasLabels(suite)) return mistake(`without labelled payloads ${metric} is not measured`, "write label: FIELD beside the file of a payload");
	if (measure.kind === "gauge" && !fillable(suite).has(metric)) {
		const source = metric === "queue.depth" ? "- prometheus: URL, with metrics: { queue.depth: SERIES }" : "- dcgm: URL of the exporter";
		return mistake(`no telemetry of this suite measures ${metric}`, `add under telemetry: ${source}`);
	}
	if (measure.kind === "start") {
		const [, position] = path;
		if (position !== 0) return mistake(`${metric} is seen in the first scenario only`, "move this gate to the first scenario: later ones meet an endpoint that has been driven already");
		const warmUp = asMapping(asList(suite["scenarios"])[0])["warm-up"] ?? "auto";
		if (metric === "cold.steady" && warmUp !== "auto") return mistake("only warm-up: auto looks for a steady state", "leave warm-up out, or gate cold.first_success");
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
const hasLabels = (suite) => Object.values(asMapping(suite["payloads"])).some((payload) => Object.hasOwn(asMapping(payload), "label"));
const streamingHint = (facts) => facts?.streams === "on-request" ? "add stream: true to the target, or gate latency" : `use protocol ${protocolsWith(({ streams }) => streams === "by-default")} without stream: false, or gate latency`;

// src/core/suite/shape-rules.ts
/** As long as a plain load may be. */
const LONGEST_S = 86400;
/** Changes of the number of users in one sine: beyond it, users come and go faster than they could ask for anything. */
const MOST_CHANGES = 1e5;
/** Each piece is one thing and complete, its numbers fit together, and all pieces speak of rates or all of users. */
function shapeRules(shape, path) {
	const structure = shape.flatMap((stage, i) => structureRules(asMapping(stage), [...path, i]));
	const pieces = shape.map((stage) => stageSchema.safeParse(stage)).flatMap(({ data }) => data === void 0 ? [] : [data]);
	if (structure.length > 0 || pieces.length < shape.length || pieces.length === 0) return { mistakes: structure };
	const mixed = mixedLevels(pieces, path);
	if (mixed !== void 0) return { mistakes: [mixed] };
	const mistakes = pieces.flatMap((piece, i) => numberRules(piece, [...path, i]));
	if (mistakes.length > 0) return { mistakes };
	const length = lengthOf(stagesOf(pieces));
	if (length > LONGEST_S) return { mistakes: [{
		path,
		at: "value",
		message: `this shape lasts ${formatForSuite(length, "duration")}`,
		hint: `at most ${formatForSuite(LONGEST_S, "duration")}`
	}] };
	return {
		mistakes: [],
		pieces,
		of: levelsOf(pieces[0])[0].level.of
	};
}
function structureRules(stage, path) {
	const has = (key) => Object.hasOwn(stage, key);
	const at = (key, message, hint) => ({
		path: [...path, key],
		at: "key",
		message,
		hint
	});
	const [kind, ...others] = STAGE_KINDS.filter(has);
	const strays = Object.entries(STAGE_DETAILS).flatMap(([owner, keys]) => owner === kind ? [] : Object.keys(keys).filter(has).map((key) => [key, owner]));
	if (kind === void 0) {
		const [stray] = strays;
		if (stray !== void 0) return [at(stray[0], `"${stray[0]}" is for ${stray[1]}, which this piece does not have`, `add ${stray[1]}, or leave it out`)];
		return Object.keys(stage).some((key) => key !== "duration") || !has("duration") ? [] : [{
			path,
			at: "value",
			message: "this piece of the shape sends nothing",
			hint: `write one of ${STAGE_KINDS.join(", ")}`
		}];
	}
	const needed = Object.entries(STAGE_DETAILS[kind] ?? {}).filter(([key]) => !has(key));
	return [
		...others.map((other) => at(other, `a piece of a shape is ${kind} or ${other}, not both`, "make it two pieces, each with a duration")),
		...strays.map(([key, owner]) => at(key, `"${key}" is for ${owner}, and this is a ${kind}`, "leave it out")),
		...needed.map(([key, example]) => at(kind, `a ${kind} needs "${key}"`, `add ${key}: ${example}`))
	];
}
function mixedLevels(pieces, path) {
	const all = pieces.flatMap((piece, i) => levelsOf(piece).map(({ level, at }) => ({
		level,
		path: [
			...path,
			i,
			...at
		]
	})));
	const other = all.find(({ level }) => level.of !== all[0].level.of);
	if (other === void 0) return void 0;
	const [is, was] = other.level.of === "users" ? ["a number of users", "rates"] : ["a rate", "numbers of users"];
	return {
		path: other.path,
		at: "value",
		message: `this is ${is}, and the shape began with ${was}`,
		hint: "write every level as a rate such as 10/s (open loop) or every level as a number of users such as 4 (closed loop)"
	};
}
function numberRules(piece, path) {
	const { spike, from, at, for: length, duration, sine, period, ladder, rungs } = piece;
	const mistake = (key, message, hint) => [{
		path: [...path, key],
		at: "value",
		message,
		hint
	}];
	if (spike !== void 0 && from !== void 0 && at !== void 0 && length !== void 0) {
		if (spike.value <= from.value) return mistake("spike", "the burst does not rise above the level around it", "write a spike that is higher than from");
		if (at + length > duration * (1 + 1e-12)) return mistake("for", `the burst ends after ${formatForSuite(at + length, "duration")}, and the piece lasts ${formatForSuite(duration, "duration")}`, "make it shorter or earlier, or the piece longer");
	}
	if (sine !== void 0 && period !== void 0) {
		const [low, high] = sine;
		if (low.value > high.value) return mistake("sine", "this runs backwards", "write the low level first");
		if (low.value === high.value) return mistake("sine", "this wave is flat", "write two different levels, or rate (or concurrency) for one");
		const changes = 2 * (high.value - low.value) * duration / period;
		if (low.of === "users" && changes > MOST_CHANGES) return mistake("period", `the number of users would change ${Math.round(changes).toLocaleString("en-US")} times`, "write a longer period");
	}
	if (ladder !== void 0 && rungs !== void 0) {
		const [first, last] = ladder;
		if (first.value === 0 || last.value === 0) return mistake("ladder", "a ladder cannot begin or end at nothing: its levels grow by a factor", "write a level above 0");
		if (first.value === last.value) return mistake("ladder", "all rungs of this ladder are the same", "write two different levels");
		const levels = new Set(stagesOf([piece]).map((stage) => stage.kind === "linear" ? stage.from : 0));
		if (levels.size < rungs) return mistake("rungs", `${rungs} rungs do not fit between ${first.value} and ${last.value} users: some would be the same`, `write ${levels.size} or less`);
	}
	return [];
}

// src/core/suite/load-rules.ts
/** More arrivals than this do not fit into memory before the run. */
const MOST_REQUESTS = 5e7;
/** Keys that only a trace has. */
const OF_TRACES = [
	"time",
	"unit",
	"from",
	"speed",
	"sample"
];
/** Keys that only a closed loop has. */
const OF_USERS = ["think-time", "pacing"];
/** A load is one of rate, concurrency, shape and trace, with what belongs to it, and small enough to be planned. */
function loadRules(load, path, maxInFlight) {
	const has = (key) => Object.hasOwn(load, key);
	const at = (key, message, hint) => ({
		path: [...path, key],
		at: "key",
		message,
		hint
	});
	const backwards = thinkTimeRules(load["think-time"], path);
	if (has("concurrency") && has("rate")) return [at("concurrency", "a load has a rate or a concurrency, not both", "keep rate for requests that arrive on their own (what users do), concurrency for a fixed number of callers"), ...backwards];
	const [kind = "rate", other] = [
		"trace",
		"shape",
		"rate",
		"concurrency"
	].filter(has);
	if (other !== void 0) {
		const hint = kind === "trace" ? "a trace has its own arrivals: keep one" : `write the ${other} as a piece of the shape, or keep one`;
		return [at(other, `a load has a ${kind} or a ${other}, not both`, hint), ...backwards];
	}
	const shape = kind === "shape" ? shapeRules(asList(load["shape"]), [...path, "shape"]) : void 0;
	const isClosed = kind === "concurrency" || shape?.pieces !== void 0 && shape.of === "users";
	const isOpen = kind === "rate" || shape?.pieces !== void 0 && shape.of === "rate";
	const strays = [
		...kind === "trace" ? [] : OF_TRACES.filter(has).map((key) => at(key, `"${key}" is for a trace`, hintForStray(key))),
		...isOpen || kind === "trace" ? OF_USERS.filter(has).map((key) => at(key, "an open loop has no users who could wait", "leave it out, or write concurrency (in a shape: numbers of users)")) : [],
		...isClosed && has("arrivals") ? [at("arrivals", "a closed loop has no arrivals", "leave it out, or write rate instead of concurrency")] : [],
		...kind === "trace" && has("arrivals") ? [at("arrivals", "a trace has its own arrivals", "leave it out")] : [],
		...kind === "shape" && has("duration") ? [at("duration", "a shape is as long as its pieces", "leave it out, and give each piece its duration")] : []
	];
	const sizes = shape === void 0 ? plainSize(load, kind, path, maxInFlight) : shapeSize(shape, [...path, "shape"], maxInFlight);
	return [
		...strays,
		...backwards,
		...shape?.mistakes ?? [],
		...sizes
	];
}
const hintForStray = (key) => key === "time" ? "leave it out; how long a load lasts is its duration" : "leave it out, or name a trace";
function thinkTimeRules(thinkTime, path) {
	const [low, high] = asList(thinkTime).map((each) => asQuantity(each, "duration", 0));
	if (low === void 0 || high === void 0 || low <= high) return [];
	return [{
		path: [...path, "think-time"],
		at: "value",
		message: "this runs backwards",
		hint: "write the shorter time first"
	}];
}
function plainSize(load, kind, path, maxInFlight) {
	const { concurrency } = load;
	if (kind === "concurrency") return typeof concurrency === "number" ? tooManyUsers(concurrency, [...path, "concurrency"], maxInFlight) : [];
	const rate = asQuantity(load["rate"], "rate", DEFAULT_LOAD.ratePerS);
	const duration = asQuantity(load["duration"], "duration", DEFAULT_LOAD.durationS);
	if (kind === "trace" || rate === void 0 || duration === void 0 || !(rate > 0 && duration > 0)) return [];
	return tooManyRequests(rate * duration, [...path, Object.hasOwn(load, "duration") ? "duration" : "rate"], "lower rate or duration");
}
function shapeSize(shape, path, maxInFlight) {
	if (shape.pieces === void 0) return [];
	const stages = stagesOf(shape.pieces);
	if (peakOf$1(stages) === 0) return [{
		path,
		at: "value",
		message: "this shape sends nothing from beginning to end",
		hint: "write a level above 0"
	}];
	if (shape.of === "rate") return tooManyRequests(areaOf(stages), path, "lower its rates or durations");
	const high = shape.pieces.findIndex((piece) => peakOf$1(stagesOf([piece])) > maxInFlight);
	return high < 0 ? [] : tooManyUsers(peakOf$1(stagesOf([shape.pieces[high]])), [...path, high], maxInFlight);
}
function tooManyUsers(users, path, maxInFlight) {
	if (users <= maxInFlight) return [];
	return [{
		path,
		at: "value",
		message: `${users} users can have ${users} requests under way, and target.max-in-flight is ${maxInFlight}`,
		hint: `lower it, or write max-in-flight: ${users}`
	}];
}
function tooManyRequests(expected, path, lower) {
	if (expected > MOST_REQUESTS) return [{
		path,
		at: "value",
		message: `this load is ${Math.round(expected).toLocaleString("en-US")} requests`,
		hint: `at most ${MOST_REQUESTS.toLocaleString("en-US")} can be planned: ${lower}`
	}];
	if (expected >= 1) return [];
	return [{
		path,
		at: "value",
		message: "this load is less than one request",
		hint: lower.replace("lower", "raise")
	}];
}

// src/core/suite/payload-rules.ts
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
		if (Object.keys(payload).some((key) => ![
			"weight",
			"content-type",
			"label"
		].includes(key))) return [];
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
	const carried = factsOf(protocol)?.carries;
	if (carried !== void 0 && !carried.includes(kind)) {
		const instead = `${carried.slice(0, -1).join(", ")} or ${carried.at(-1)}`;
		mistakes.push({
			path: [...path, kind],
			at: "key",
			message: `protocol ${String(protocol)} cannot carry ${kind}`,
			hint: `write ${instead}, or use protocol ${protocolsWith(({ carries }) => carries.includes(kind))}`
		});
	}
	if (kind !== "body" && Object.hasOwn(payload, "content-type")) mistakes.push({
		path: [...path, "content-type"],
		at: "key",
		message: `${kind} has its own content type`,
		hint: "leave it out; it is for body"
	});
	if (Object.hasOwn(payload, "label") && !/\.(?:jsonl|ndjson)$/i.test(typeof payload["file"] === "string" ? payload["file"] : "")) mistakes.push({
		path: [...path, "label"],
		at: "key",
		message: "a label is a field of the lines of a .jsonl file",
		hint: "leave it out, or put the payloads into such a file"
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

// src/core/suite/together-rules.ts
/** Scenarios of one group begin and end as one: side by side in the list, with the same duration and the same warm-up. */
function togetherRules(scenarios) {
	const members = scenarios.map((scenario, index) => ({
		index,
		scenario: asMapping(scenario)
	}));
	const groups = /* @__PURE__ */ new Map();
	for (const member of members) {
		const { together } = member.scenario;
		if (typeof together === "string") groups.set(together, [...groups.get(together) ?? [], member]);
	}
	return [...groups].flatMap(([group, all]) => groupRules(group, all));
}
function groupRules(group, [first, ...others]) {
	if (first === void 0) return [];
	const at = (index, key, message, hint) => ({
		path: [
			"scenarios",
			index,
			key
		],
		at: "value",
		message,
		hint
	});
	if (others.length === 0) return [at(first.index, "together", `no other scenario is together in "${group}"`, "name the same group in a second scenario, or leave it out")];
	const name = typeof first.scenario["name"] === "string" ? ` "${first.scenario["name"]}"` : "";
	return others.flatMap(({ index, scenario }, i) => {
		const mistakes = [];
		if (index !== first.index + i + 1) mistakes.push(at(index, "together", `another scenario stands between those of "${group}"`, "put scenarios that run at once one after the other"));
		const [duration, wanted] = [durationOf(scenario), durationOf(first.scenario)];
		if (duration !== void 0 && wanted !== void 0 && Math.abs(duration - wanted) > 1e-9 * wanted) {
			const [mine, its] = [duration, wanted].map((seconds) => formatForSuite(seconds, "duration"));
			mistakes.push(at(index, "load", `this lasts ${mine}, and${name}, which runs at the same time, lasts ${its}`, "give all of a group the same duration"));
		}
		if (warmUpOf$1(scenario) !== warmUpOf$1(first.scenario)) mistakes.push(at(index, "warm-up", `the warm-up is not that of${name}, which runs at the same time`, "give all of a group the same warm-up"));
		return mistakes;
	});
}
/** Undefined where it cannot be read: that has been told already. */
function durationOf(scenario) {
	const load = asMapping(scenario["load"]);
	if (!Object.hasOwn(load, "shape")) return asQuantity(load["duration"], "duration", DEFAULT_LOAD.durationS);
	const read = asList(load["shape"]).map((stage) => stageSchema.safeParse(stage));
	const pieces = read.flatMap(({ data }) => data === void 0 ? [] : [data]);
	return pieces.length < read.length ? void 0 : lengthOf(stagesOf(pieces));
}
/** `10s` and `10000ms` are the same. */
const warmUpOf$1 = (scenario) => {
	const written = scenario["warm-up"] ?? "auto";
	return parseQuantity(written, "duration").value ?? written;
};

// src/core/suite/rules.ts
/**
* What a schema cannot say, because it takes two places of the suite to see it. The rules read the raw data, so that
* they also speak about a suite that has mistakes of other kinds; whatever has the wrong type is left to the schema.
*/
function rules(root) {
	const suite = asMapping(root);
	const target = asMapping(suite["target"]);
	const maxInFlight = typeof target["max-in-flight"] === "number" ? target["max-in-flight"] : DEFAULT_MAX_IN_FLIGHT;
	return [
		...targetRules(target),
		...connectionRules(target),
		...payloadRules(suite),
		...labelRules(suite),
		...asList(suite["scenarios"]).flatMap((scenario, i) => [
			...loadRules(asMapping(asMapping(scenario)["load"]), [
				"scenarios",
				i,
				"load"
			], maxInFlight),
			...mixRules(asMapping(asMapping(scenario)["mix"]), suite, i),
			...gateRules(asMapping(asMapping(scenario)["gates"]), suite, [
				"scenarios",
				i,
				"gates"
			])
		]),
		...duplicateNames(asList(suite["scenarios"])),
		...togetherRules(asList(suite["scenarios"])),
		...asList(suite["telemetry"]).flatMap((source, i) => telemetryRules(asMapping(source), i))
	];
}
function targetRules(target) {
	const { protocol } = target;
	const mistakes = [];
	const facts = factsOf(protocol);
	const useless = (key, isUsed, hint) => {
		if (facts === void 0 || isUsed || !Object.hasOwn(target, key)) return;
		mistakes.push({
			path: ["target", key],
			at: "key",
			message: `protocol ${String(protocol)} has no use for this`,
			hint
		});
	};
	const streaming = protocolsWith(({ streams }) => streams !== "never");
	useless("stream", facts !== void 0 && facts.streams !== "never", `leave it out; it is for ${streaming}`);
	useless("max-tokens", facts?.generates === true, `leave it out; it is for ${protocolsWith(({ generates }) => generates)}`);
	useless("tensor-encoding", facts?.binaryTensors === true, `leave it out; it is for ${protocolsWith(({ binaryTensors }) => binaryTensors)}`);
	useless("method", protocol === "raw", "leave it out; it is for raw");
	useless("model", facts?.namesModel === true, "put it into the path or the payload");
	mistakes.push(...checkRules(asMapping(target["check"]), target));
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
/** Labels and the way in which they are compared go together. */
function labelRules(suite) {
	const isCompared = Object.hasOwn(asMapping(asMapping(suite["target"])["check"]), "answer");
	const labelled = Object.entries(asMapping(suite["payloads"])).filter(([, payload]) => Object.hasOwn(asMapping(payload), "label"));
	if (isCompared && labelled.length === 0) return [{
		path: [
			"target",
			"check",
			"answer"
		],
		at: "key",
		message: "no payload has a label to compare an answer with",
		hint: "write label: FIELD beside the file of a payload, or leave this out"
	}];
	if (isCompared) return [];
	return labelled.map(([name]) => ({
		path: [
			"payloads",
			name,
			"label"
		],
		at: "key",
		message: "nothing says how answers are compared with this label",
		hint: "add to the target: check: { answer: { path: \"$.outputs[0].data[0]\" } }"
	}));
}
/** JSON can be looked for where the answer is JSON. */
function checkRules(check, { protocol, stream, "tensor-encoding": encoding }) {
	if (protocol === "kserve-v2-grpc" && stream === true && Object.hasOwn(check, "answer")) return [{
		path: [
			"target",
			"check",
			"answer"
		],
		at: "key",
		message: "the answers of a gRPC stream are not compared with labels",
		hint: "leave stream out, or measure the labels in a suite of its own"
	}];
	const why = protocol === "kserve-v2-grpc" ? "a gRPC answer" : encoding === "binary" ? "an answer with binary tensors" : void 0;
	if (why === void 0) return [];
	return [
		"json",
		"schema",
		...Object.hasOwn(asMapping(check["answer"]), "path") ? ["answer"] : []
	].filter((key) => Object.hasOwn(check, key)).map((key) => ({
		path: [
			"target",
			"check",
			key
		],
		at: "key",
		message: `${why} is not JSON`,
		hint: "write contains or matches, or measure over JSON in a suite of its own"
	}));
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
		hint: suggest$1(name, classes)
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
	if (errors.length > 0) throw new InputErrors(errors.sort(byPosition(file)));
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
const byPosition = (file) => ({ position: a }, { position: b }) => a === void 0 || b === void 0 ? 0 : Number(a.file !== file) - Number(b.file !== file) || a.line - b.line || a.column - b.column;

// src/tls-material.ts
/** A certificate or a key is a few kilobytes, a bundle of every authority in the world less than one megabyte. */
const MOST_BYTES = 16777216;
/**
* Reads the files that `target.tls` names, relative to the suite's own folder, and checks them as far as it can be done
* without the endpoint: each holds what it should, and the key belongs to the certificate.
*
* @throws {InputErrors} with the position of each file's key in the suite. What a file holds is never part of it.
*/
async function readTlsMaterial(suiteFile, { suite, locate }, readText) {
	const { tls } = suite.target;
	const errors = [];
	const complain = (key, message, hint) => void errors.push(new InputError(`target.tls.${key}: ${message}`, {
		...hint === void 0 ? {} : { hint },
		position: locate([
			"target",
			"tls",
			key
		])
	}));
	const read = async (key, what, problemOf) => {
		const path = tls[key];
		if (path === void 0) return void 0;
		try {
			const pem = await readText(join$1(dirname(suiteFile), path), what, MOST_BYTES);
			const problem = problemOf(pem);
			if (problem === void 0) return pem;
			complain(key, `${path} ${problem[0]}`, problem[1]);
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			complain(key, error.message, error.hint);
		}
	};
	const ca = await read("ca", "certificate file", certificateProblem);
	const cert = await read("cert", "certificate file", certificateProblem);
	const key = await read("key", "key file", keyProblem);
	if (cert !== void 0 && key !== void 0 && !new X509Certificate(cert).checkPrivateKey(createPrivateKey(key))) complain("key", `${tls.key} is not the key of the certificate ${tls.cert}`, "give the two files that were made together");
	if (errors.length > 0) throw new InputErrors(errors);
	return {
		ca,
		cert,
		key
	};
}
const BLOCK = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----[\s\S]+?-----END \1-----/g;
function certificateProblem(text) {
	const blocks = text.match(BLOCK) ?? [];
	if (blocks.length === 0) return text.includes("PRIVATE KEY-----") ? ["holds a key and no certificate", "is it the file for tls.key?"] : ["holds no certificate in PEM", "it begins with -----BEGIN CERTIFICATE-----; openssl x509 -inform der turns DER into PEM"];
	return blocks.every(isCertificate) ? void 0 : ["holds a certificate that cannot be read", "is the file complete?"];
}
const isCertificate = (pem) => readable(() => new X509Certificate(pem));
function keyProblem(text) {
	if (!text.includes("PRIVATE KEY-----")) return text.includes("-----BEGIN CERTIFICATE-----") ? ["holds a certificate and no key", "is it the file for tls.cert?"] : ["holds no key in PEM", "it begins with -----BEGIN PRIVATE KEY----- or the like"];
	if (/ENCRYPTED/.test(text)) return ["holds an encrypted key", "decrypt it before the run: openssl pkey -in … -out …"];
	return readable(() => createPrivateKey(text)) ? void 0 : ["holds a key that cannot be read", "is the file complete?"];
}
function readable(read) {
	try {
		read();
		return true;
	} catch {
		return false;
	}
}

// src/load-suite.ts
/**
* Reads a suite, its payload files and traces, its TLS files and the environment it names; `not needed` leaves
* `${env:NAME}` as it is and TLS files unread, for a caller that sends nothing.
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
	const tls = environment === "not needed" ? NO_MATERIAL : await readTlsMaterial(file, parsed, ports.readText);
	return {
		file,
		suite,
		secrets,
		digest: suiteDigest(parsed.suite, files),
		files,
		tls
	};
}
const NO_MATERIAL = {
	ca: void 0,
	cert: void 0,
	key: void 0
};
/** The payload files and traces of a suite, read relative to the suite's own folder. */
async function readPayloadFiles(suiteFile, suite, ports) {
	const paths = referencedFiles(suite);
	const traces = new Set(suite.scenarios.flatMap(({ load }) => load.kind === "trace" ? [load.file] : []));
	const contents = await Promise.all(paths.map((path) => ports.readBytes(join$1(dirname(suiteFile), path), traces.has(path) ? "trace" : "payload file")));
	return new Map(paths.map((path, i) => [path, contents[i]]));
}

// package.json
var version = "0.1.0";

// src/tool.ts
/** How records and reports name the program that made them. */
const TOOL = `tailgate ${version}`;

// src/io/load/striped-driver.ts
const LEAD_NS = 100000000n;
/**
* A driver whose segments are shared between threads, each with its own event loop, pacer and connections: sender s of n
* takes the arrivals i ≡ s (mod n), so that the load is the same to the request. All of them begin at one moment, and
* what they see comes back as from one. The limit of requests under way is divided between them.
*
* @param threads ≥ 2 and at most `target.maxInFlight`, so that each has a part of it.
*/
function openStripedDriver(options, threads) {
	const senders = Array.from({ length: threads }, (_, index) => openSender(options, {
		index,
		of: threads
	}));
	const lists = /* @__PURE__ */ new Map();
	/** Sends a list of requests to all threads, once. */
	const listOf = (requests) => {
		const known = lists.get(requests);
		if (known !== void 0) return known;
		const list = lists.size;
		lists.set(requests, list);
		for (const sender of senders) sender.order({
			kind: "requests",
			list,
			requests
		});
		return list;
	};
	return {
		async drive(segment, requests, driveOptions) {
			const { signal, enough, onProgress } = driveOptions;
			const list = listOf(requests);
			await Promise.all(senders.map(({ ready }) => ready));
			const startAtNs = process.hrtime.bigint() + LEAD_NS;
			const progress = senders.map(() => void 0);
			const failing = new AbortController();
			const all = {
				cancel: AbortSignal.any([signal, failing.signal]),
				enough
			};
			const driving = senders.map(async (sender, index) => {
				const onOwnProgress = (own) => {
					progress[index] = own;
					if (index === 0) onProgress?.(together$1(progress));
				};
				const step = {
					segment: stripeOf(segment, {
						index,
						of: threads
					}),
					list,
					startAtNs
				};
				try {
					return await sender.drive(step, {
						...driveOptions,
						onProgress: onOwnProgress
					}, all);
				} catch (error) {
					failing.abort();
					throw error;
				}
			});
			const ended = await Promise.allSettled(driving);
			for (const end of ended) if (end.status === "rejected") throw end.reason;
			onProgress?.(together$1(progress));
			return joined(ended.flatMap((end) => end.status === "fulfilled" ? [end.value] : []));
		},
		async close() {
			await Promise.all(senders.map((sender) => sender.close()));
		}
	};
}
function openSender({ url, target, tls }, stripe) {
	const { index, of } = stripe;
	const maxInFlight = Math.floor((target.maxInFlight + of - 1 - index) / of);
	const file = import.meta.url.endsWith(".ts") ? "./sender-worker.ts" : "./sender-worker.js";
	const workerData = {
		url,
		target: {
			...target,
			maxInFlight
		},
		tls,
		stripe
	};
	const worker = new Worker(new URL(file, import.meta.url), {
		execArgv: [],
		name: `tailgate-sender-${index}`,
		workerData
	});
	let failure;
	let hear = () => {};
	let fail = () => {};
	const broke = (error) => {
		failure ??= error;
		fail(failure);
	};
	const ready = once(worker, "online");
	ready.catch(() => {});
	worker.on("message", (news) => {
		try {
			hear(news);
		} catch (error) {
			fail(error);
		}
	});
	worker.on("error", broke);
	worker.on("exit", (code) => broke(/* @__PURE__ */ new Error(`a sending thread ended with code ${code}`)));
	worker.unref();
	const order = (what) => worker.postMessage(what);
	return {
		ready,
		order,
		async drive(step, { onOutcome, onProgress, onReading }, { cancel, enough }) {
			if (failure !== void 0) throw failure;
			const ended = Promise.withResolvers();
			fail = ended.reject;
			hear = (news) => {
				if (news.kind === "outcomes") news.outcomes.forEach((outcome) => onOutcome(outcome));
				else if (news.kind === "progress") onProgress?.(news.tick);
				else if (news.kind === "reading") onReading?.(news.reading);
				else if (news.kind === "done") ended.resolve(news.result);
				else ended.reject(news.input ? new InputError(news.message, news.hint === void 0 ? {} : { hint: news.hint }) : new Error(news.message));
			};
			const onCancel = () => order({ kind: "cancel" });
			const onEnough = () => order({ kind: "enough" });
			worker.ref();
			try {
				order({
					kind: "drive",
					...step
				});
				if (cancel.aborted) onCancel();
				cancel.addEventListener("abort", onCancel);
				if (enough?.aborted === true) onEnough();
				enough?.addEventListener("abort", onEnough);
				return await ended.promise;
			} catch (error) {
				onCancel();
				throw error;
			} finally {
				[hear, fail] = [() => {}, () => {}];
				cancel.removeEventListener("abort", onCancel);
				enough?.removeEventListener("abort", onEnough);
				worker.unref();
			}
		},
		async close() {
			worker.ref();
			const exit = once(worker, "exit").catch(() => {});
			order({ kind: "close" });
			await (failure === void 0 ? exit : worker.terminate());
		}
	};
}
/** Counts of all senders, as far as they are known. */
function together$1(all) {
	const known = all.filter((each) => each !== void 0);
	const sum = (of) => known.reduce((total, progress) => total + of(progress), 0);
	return {
		...known[0],
		offered: sum(({ offered }) => offered),
		inFlight: sum(({ inFlight }) => inFlight),
		ok: sum(({ ok }) => ok),
		failed: sum(({ failed }) => failed)
	};
}
const joined = (results) => ({
	startedNs: results[0].startedNs,
	endedNs: results.reduce((latest, { endedNs }) => endedNs > latest ? endedNs : latest, 0n),
	offered: results.reduce((sum, { offered }) => sum + offered, 0),
	cancelled: results.some(({ cancelled }) => cancelled)
});

// src/io/load/open-driver.ts
/**
* A driver for a suite's target: in this thread, or with several threads that share each segment between them.
*
* @param options.threads ≥ 1.
* @throws {InputError} on an endpoint's URL, a header or a certificate that cannot be used.
*/
function openDriver({ threads, ...options }) {
	const driver = openDriver$1(driverOptions(options));
	if (threads === 1) return driver;
	driver.close();
	return openStripedDriver(options, threads);
}

// src/io/load/calibrate.ts
/** Slower than this, enough requests would take too long; faster, the server in this process would need its own share of a core. */
const RATE = {
	least: 100,
	most: 300
};
const LEAST_REQUESTS = 150;
const MEASURE_S = 1;
/** Until the code is compiled and the connections are open, it is not the load generator of the run that is measured. */
const WARM_UP_S = .8;
const TIMEOUT_MS$1 = 5e3;
/**
* Measures the load generator itself: drives a server in a thread of this process, which stamps on the same clock when
* each request came and when it was answered, and compares. Takes about two seconds.
*
* @param ratePerS of the run; calibrated at the nearest rate between 100/s and 300/s.
*/
async function calibrate$1(ratePerS, signal) {
	const rate = Math.min(Math.max(ratePerS, RATE.least), RATE.most);
	const requests = Math.max(LEAST_REQUESTS, Math.round(rate * MEASURE_S));
	const bounded = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS$1)]);
	try {
		const samples = await sample$1(rate, Math.round(rate * WARM_UP_S), requests, bounded);
		return {
			ok: true,
			calibration: calibrationOf(rate, samples)
		};
	} catch (error) {
		return {
			ok: false,
			reason: bounded.aborted && !signal.aborted ? `it did not end within ${TIMEOUT_MS$1 / 1e3} s` : error.message
		};
	}
}
async function sample$1(rate, warmUps, requests, bounded) {
	const count = warmUps + requests;
	const job = {
		originNs: process.hrtime.bigint(),
		serviceMs: serviceTimesMs(count),
		stampsNs: sharedArray(2 * count)
	};
	const worker = openServer(job);
	const broken = new AbortController();
	worker.on("error", (error) => broken.abort(error));
	const signal = AbortSignal.any([bounded, broken.signal]);
	let driver;
	try {
		const [port] = await once(worker, "message", { signal });
		driver = openDriver({
			url: `http://127.0.0.1:${port}`,
			target: TARGET,
			tls: NO_TLS,
			threads: 1
		});
		await driveRange(driver, {
			from: 0,
			to: warmUps,
			rate,
			signal
		});
		const { startedNs, outcomes } = await driveRange(driver, {
			from: warmUps,
			to: count,
			rate,
			signal
		});
		const failed = outcomes.flatMap(({ result }) => result.kind === "ok" ? [] : [result.detail]);
		if (failed.length > 0) throw new Error(`${failed.length} of ${requests} requests failed: ${failed[0]}`);
		const zeroNs = Number(startedNs - job.originNs);
		return outcomes.map(({ index, intendedNs, endNs }) => {
			const [arrivedNs, answeredNs] = job.stampsNs.subarray(2 * (warmUps + index));
			return {
				releaseS: (arrivedNs - zeroNs - intendedNs) / 1e9,
				biasS: (endNs - intendedNs - (answeredNs - arrivedNs)) / 1e9
			};
		});
	} finally {
		await driver?.close();
		await worker.terminate();
	}
}
function openServer(job) {
	const file = import.meta.url.endsWith(".ts") ? "./reference-server-worker.ts" : "./reference-server-worker.js";
	return new Worker(new URL(file, import.meta.url), {
		execArgv: [],
		name: "tailgate-reference-server",
		workerData: job
	});
}
async function driveRange(driver, { from, to, rate, signal }) {
	const outcomes = [];
	const arrivalsS = Float64Array.from({ length: to - from }, (_, i) => i / rate);
	const picks = Uint32Array.from(arrivalsS, (_, i) => i);
	const requests = Array.from(picks, (i) => ({
		...GET$1,
		path: `/${from + i}`
	}));
	const segment = {
		...SEGMENT,
		durationS: (to - from) / rate,
		load: {
			kind: "open",
			arrivalsS
		},
		picks
	};
	const { startedNs } = await driver.drive(segment, requests, {
		onOutcome: (outcome) => outcomes.push(outcome),
		signal
	});
	signal.throwIfAborted();
	return {
		startedNs,
		outcomes
	};
}
const GET$1 = {
	payloadClass: "calibration",
	method: "GET",
	headers: {},
	body: void 0
};
const SEGMENT = {
	arm: "head",
	phase: "measure",
	untilSteady: false,
	blocks: []
};
const NO_TLS = {
	ca: void 0,
	cert: void 0,
	key: void 0
};
const TARGET = {
	protocol: "raw",
	endpoint: void 0,
	method: "GET",
	path: "/",
	model: void 0,
	stream: false,
	maxTokens: void 0,
	tensorEncoding: "json",
	headers: {},
	timeoutS: TIMEOUT_MS$1 / 1e3,
	maxInFlight: 1e3,
	ready: {
		path: void 0,
		timeoutS: 0
	},
	identity: void 0,
	check: {
		status: void 0,
		contains: void 0
	},
	connection: DEFAULT_CONNECTION,
	tls: DEFAULT_TLS,
	retry: void 0
};
/** Log-normal around 5 ms, between 2 and 20 ms: like the answers of a small model. The same in every run. */
function serviceTimesMs(count) {
	const next = stream(1, "calibration");
	const uniform = () => (next() + .5) / 2 ** 32;
	const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
	const times = sharedArray(count);
	for (let i = 0; i < count; i++) times[i] = Math.min(Math.max(5 * Math.exp(.6 * normal()), 2), 20);
	return times;
}
const sharedArray = (length) => new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT));

// src/io/ask.ts
const LONGEST_ANSWER = 16777216;
const GET = {
	method: "GET",
	headers: {},
	body: void 0
};
/**
* One small request on a connection of its own, opened the way in which the load will be: same HTTP version, certificates,
* name and proxy. What it meets, the load would meet. Any HTTP status is an answer.
*
* @throws the error of the connection, the deadline's or the signal's reason, or an answer longer than 16 MiB.
*/
async function ask(url, route, options, { method, headers, body } = GET) {
	const { origin, pathname, search } = new URL(url);
	const wire = {
		method,
		path: pathname + search,
		headers: Object.entries({
			...options.headers,
			...headers
		}).flat(),
		body: body === void 0 ? null : Buffer.from(body)
	};
	const signal = withDeadline(options.timeoutS, options.signal);
	signal.throwIfAborted();
	const answered = Promise.withResolvers();
	const sent = send(origin, route, wire, collect$1(url, answered));
	const giveUp = () => answered.reject(signal.reason);
	signal.addEventListener("abort", giveUp);
	try {
		return await answered.promise;
	} finally {
		signal.removeEventListener("abort", giveUp);
		await sent.destroy();
	}
}
function send(origin, route, wire, handler) {
	const connector = openConnector(origin, route);
	if (route.connection.http === "1.1") {
		const connection = openConnection(origin, connector, {
			began: () => {},
			ended: () => {}
		});
		connection.dispatch(wire, handler, true);
		return connection;
	}
	const connection = openHttp2(origin, connector, {
		opened: () => void connection.send(wire, handler),
		closed: (error) => {
			if (error !== void 0) handler.onResponseError(void 0, error);
		}
	});
	connection.open();
	return connection;
}
function collect$1(url, { resolve, reject }) {
	const chunks = [];
	let [status, size] = [0, 0];
	let headers = {};
	return {
		onRequestStart: () => {},
		onResponseStarted: () => {},
		onResponseStart(_controller, code, received) {
			if (code < 200) return;
			status = code;
			headers = flatHeaders(received);
		},
		onResponseData(_controller, chunk) {
			size += chunk.length;
			if (size > LONGEST_ANSWER) reject(tooLong(url, LONGEST_ANSWER));
			else chunks.push(chunk);
		},
		onResponseEnd: () => {
			const bytes = Buffer.concat(chunks);
			resolve({
				status,
				headers,
				body: bytes.toString("utf8"),
				bytes
			});
		},
		onResponseError: (_controller, error) => reject(error)
	};
}

// src/io/load/identity.ts
const TIMEOUT_S$1 = 10;
/**
* Asks the endpoint which version it runs: the text at `path`, or its `field` (dotted, `build.commit` or `images.0.tag`)
* in a JSON answer. An endpoint that does not answer does not match; `observed` then says why, in parentheses.
*/
async function readIdentity(url, identity, headers, signal, route = USUAL_ROUTE) {
	const { path, equals: expected, field } = identity;
	const { base, headers: all } = readAddress(url, headers);
	const unknown = (why) => ({
		path,
		expected,
		observed: clip(`(${why})`),
		matches: false
	});
	try {
		const { status, body } = await ask(base.origin + joinPath(base, path), route, {
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
		return unknown(isTimeout(error) ? `no answer within ${TIMEOUT_S$1} s` : explain$1(error, base.origin).sentence);
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

// src/io/load/ready.ts
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1e3;
const ATTEMPT_S = 5;
/**
* Asks until the endpoint is ready: a 2xx at `ready.path`, or, without a path, what the protocol's own probe says, or any
* HTTP answer at all. What waiting
* cannot mend (a certificate, a wrong scheme, a URL that is none) ends it at once.
*
* @returns after at most `ready.timeoutS` seconds.
*/
async function awaitReady(url, ready, headers, signal, route = USUAL_ROUTE) {
	const startedMs = performance.now();
	const waitedS = () => (performance.now() - startedMs) / 1e3;
	const never = (reason, short) => ({
		ready: false,
		reason,
		short,
		waitedS: waitedS()
	});
	const cancelled = () => never("cancelled while waiting", "was not waited for");
	let address;
	try {
		address = readAddress(url, headers);
	} catch (error) {
		if (error instanceof InputError) return never(error.sentence, `cannot be reached: ${error.message}`);
		throw error;
	}
	for (let attempts = 1, pauseMs = FIRST_PAUSE_MS;; attempts++, pauseMs = Math.min(pauseMs * 1.5, LONGEST_PAUSE_MS)) {
		const leftS = ready.timeoutS - waitedS();
		const seen = await look$1(address, route, ready, Math.min(Math.max(leftS, .1), ATTEMPT_S), signal);
		if (signal.aborted) return cancelled();
		if (seen.kind === "ready") return {
			ready: true,
			waitedS: waitedS()
		};
		if (seen.kind === "hopeless") return never(seen.what, `cannot be reached: ${withoutHint(seen.what)}`);
		if (waitedS() + pauseMs / 1e3 >= ready.timeoutS) {
			const tries = `${attempts} ${attempts === 1 ? "attempt" : "attempts"} in ${Number(waitedS().toPrecision(2))} s`;
			return never(`${seen.what}, ${tries}; ${seen.check}`, `${seen.short} for ${formatDuration(waitedS())}: ${withoutHint(seen.what)}`);
		}
		await setTimeout$1(pauseMs, void 0, { signal }).catch(() => {});
		if (signal.aborted) return cancelled();
	}
}
/** A sentence about a connection without the advice and the code at its end. */
const withoutHint = (sentence) => sentence.replace(/;.*$/, "").replace(/ \([A-Z0-9_]+\).*$/, "");
async function look$1({ base, headers }, route, { path, probe }, timeoutS, signal) {
	const options = {
		timeoutS,
		headers,
		signal
	};
	const at = path === void 0 ? base.pathname + base.search : joinPath(base, path);
	try {
		if (path === void 0 && probe !== void 0) {
			const answer = await ask(base.origin + joinPath(base, probe.request.path), route, options, probe.request);
			if (saysReady(probe, answer)) return { kind: "ready" };
			return {
				kind: "not-yet",
				what: `${probe.what} did not say yes (status ${answer.status})`,
				short: "was not ready",
				check: LOADED
			};
		}
		const { status } = await ask(base.origin + at, route, options);
		if (path === void 0 || status >= 200 && status < 300) return { kind: "ready" };
		return {
			kind: "not-yet",
			what: `${at} answered ${status} instead of 2xx`,
			short: "was not ready",
			check: "check target.ready.path and the log of the endpoint, or raise target.ready.timeout"
		};
	} catch (error) {
		if (isTimeout(error)) return {
			kind: "not-yet",
			what: `no answer from ${base.host} in time`,
			short: "did not answer",
			check: DEPLOYED
		};
		const { sentence, heals } = explain$1(error, base.origin);
		const check = route.material.cert === void 0 ? DEPLOYED : `${DEPLOYED}${OF_A_CLIENT}`;
		return heals ? {
			kind: "not-yet",
			what: sentence,
			short: "could not be reached",
			check
		} : {
			kind: "hopeless",
			what: sentence
		};
	}
}
function saysReady({ isReady }, { status, bytes }) {
	try {
		return status >= 200 && status < 300 && isReady(bytes);
	} catch {
		return false;
	}
}
const LOADED = "check target.model and the log of the endpoint, or raise target.ready.timeout";
/** Many servers say nothing about a client's certificate that they do not accept. */
const OF_A_CLIENT = "; is it the endpoint that does not accept the certificate in target.tls.cert?";
const DEPLOYED = "check that the preview is deployed, that this machine can reach it and that the URL is right, or raise target.ready.timeout";

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
		const byGpu = values(field.names, field.level, (value) => usable$1(value * field.scale, field));
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
const usable$1 = (value, { valid: [low, high], cap }) => value >= low && value <= high ? Math.min(value, cap ?? value) : void 0;
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
		const read = parseLine$1(line, keep, timestampScale);
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
function parseLine$1(line, keep, timestampScale) {
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
	const sampled = sources.map((source) => ({
		...source,
		scrapes: [],
		failures: 0,
		firstFailure: void 0
	}));
	const running = sampled.map((source) => sample(source, now, stopping.signal));
	return {
		soFar: () => sampled,
		stop: async () => {
			stopping.abort();
			await Promise.all(running);
			return sampled;
		}
	};
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
	const { scrapes } = at;
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
			at.failures++;
			at.firstFailure ??= result.why;
		}
		dueNs += intervalNs * ((answeredNs - dueNs) / intervalNs + 1n);
		await setTimeout$1(Number(dueNs - now()) / 1e6, void 0, {
			signal,
			ref: false
		}).catch(() => void 0);
	}
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
	cores: availableParallelism,
	today: () => /* @__PURE__ */ new Date(),
	sleepUntil: async (atNs, signal) => {
		await setTimeout$1(Math.max(0, Number(atNs - process.hrtime.bigint()) / 1e6), void 0, { signal }).catch(() => void 0);
	},
	awaitReady,
	readIdentity,
	calibrate: calibrate$1,
	openDriver,
	probeTelemetry,
	startSampler,
	progress
});
const filePorts = {
	readText: readTextFile,
	readBytes
};
/** What about this machine and this program can change a measurement of a suite. */
function clientEnvironment({ target }) {
	const processors = cpus();
	return {
		"client.http": target.connection.http === "2" ? `node:http2 (nghttp2 ${process.versions["nghttp2"]}) http/2` : `undici ${undiciVersion} http/1.1`,
		"client.node": process.versions.node,
		"client.os": `${process.platform} ${process.arch}`,
		"client.cpu": `${processors.length} × ${processors[0]?.model.trim() ?? "unknown"}`,
		...process.env["RUNNER_NAME"] === void 0 ? {} : { "client.runner": process.env["RUNNER_ENVIRONMENT"] ?? "self-hosted" }
	};
}

// src/action/base-gates.ts
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
			notes: [note$2(`the suite of ${base.branch} cannot be read, so this pull request's own gates decide: ${error.sentence}`)]
		};
	}
}
/** `head` with the gates that the scenarios of the same names have in `base`, and with base's error rates. */
function withGatesOf(base, head, branch) {
	const notes = [];
	const scenarios = head.scenarios.map((scenario) => {
		const trusted = base.scenarios.find(({ name }) => name === scenario.name);
		if (trusted === void 0 || canonical(trusted.gates) === canonical(scenario.gates)) return scenario;
		notes.push(note$2(`its gates differ from those of ${branch}, which decide until this is merged`, scenario.name));
		return {
			...scenario,
			gates: trusted.gates
		};
	});
	for (const { name } of base.scenarios.filter(({ name }) => !head.scenarios.some((scenario) => scenario.name === name))) notes.push(note$2(`${branch} measures this scenario; the suite of this pull request does not, so nothing judges it`, name));
	if (JSON.stringify(base.decision) !== JSON.stringify(head.decision)) notes.push(note$2(`decision differs from that of ${branch}, which decides until this is merged`));
	return {
		suite: {
			...head,
			scenarios,
			decision: base.decision
		},
		notes
	};
}
const canonical = (gates) => JSON.stringify([...gates].sort((a, b) => a.metric < b.metric ? -1 : 1).map(({ metric, regression, floor, limit }) => [
	metric,
	regression,
	floor,
	limit
]));
const note$2 = (message, scenario) => ({
	severity: "warning",
	code: "gates-of-base",
	message,
	...scenario === void 0 ? {} : { scenario }
});

// src/io/baselines/slug.ts
/**
* A name as a part of file and artifact names on every platform: lower case letters, digits, `.`, `_` and `-`; other
* characters become `-`. At most 60 characters, never empty, never hidden, never `..`. Different names may meet in one slug.
*/
const slug = (name) => name.toLowerCase().replace(/[^a-z0-9._-]+/g, "-").replace(/\.{2,}/g, ".").slice(0, 60).replace(/^[.-]+|[.-]+$/g, "") || "suite";

// src/io/baselines/record-name.ts
/**
* A name for a record that none of `present` has: `2026-11-22T091500Z-1a2b3c4d5e6f.json`, from the start of the run and
* its commit, or `…-no-commit.json`. Names are in the order of the runs.
*/
function recordName({ startedAt, provenance: { commit } }, present) {
	const stem = `${new Date(startedAt).toISOString().replace(/\.\d+Z$/, "Z").replaceAll(":", "")}-${commit === void 0 ? "no-commit" : slug(commit).slice(0, COMMIT_LENGTH)}`;
	for (let copy = 1;; copy++) {
		const name = `${stem}${copy === 1 ? "" : `-${copy}`}.json`;
		if (!present.includes(name)) return name;
	}
}
const COMMIT_LENGTH = 12;
/** Whether a file has a name that {@link recordName} gave it, and the beginning of the commit in it. */
function parseRecordName(name) {
	const [, time, commit] = /^(\d{4}-\d\d-\d\dT\d{6}Z)-(?:([0-9a-f]{7,12})|[a-z0-9._-]+?)(?:-\d+)?\.json$/.exec(name) ?? [];
	return time === void 0 ? void 0 : {
		time,
		commit
	};
}
/** The names that go when only the newest `kept` records of a folder stay, `added` among them; files of other names stay. */
function surplusNames(present, added, kept) {
	const others = present.filter((name) => name !== added && parseRecordName(name) !== void 0).toSorted();
	return others.slice(0, Math.max(0, others.length - (kept - 1)));
}

// src/io/baselines/variant.ts
/** Under which key of a record's environment the leg of a matrix is noted that measured it. */
const VARIANT_KEY = "suite.variant";
/** The leg of a matrix that measured a record, if it says so. */
const variantOf = ({ environment }) => environment[VARIANT_KEY];

// src/io/baselines/directory.ts
/** How many runs of a suite a folder keeps: what the comparison can use, and no more in everyone's clone. */
const KEPT_RUNS = 20;
/** Of each folder the newest names are read. */
const MOST_FILES = 200;
/**
* The run records of one suite below a folder: `DIR/*.json` and `DIR/SUITE/*.json`, and of a variant `DIR/SUITE/VARIANT/*.json`
* as well, newest first.
*
* A damaged file is refused by name and the others still serve. A record of another suite or variant is passed over in
* silence, since one folder may serve several. A folder that does not exist is one refusal, never an error. Symbolic
* links below the folder are not followed.
*/
async function readBaselineDirectory(dir, suiteName, variant = "") {
	const found = await baselineFiles(dir, suiteName, variant);
	if (found === void 0) return {
		candidates: [],
		refused: [{
			origin: dir,
			reason: "the folder does not exist"
		}]
	};
	const { candidates, refused } = readBaselineFiles(found.files, suiteName, variant);
	return {
		candidates,
		refused: [...found.refused, ...refused]
	};
}
/** The files of which {@link readBaselineDirectory} reads the records; undefined if the folder does not exist. */
async function baselineFiles(dir, suiteName, variant) {
	const files = [];
	const refused = [];
	for (const [depth, folder] of foldersOf(dir, suiteName, variant).entries()) {
		if (depth > 0 && await isLink(folder)) {
			refused.push({
				origin: folder,
				reason: "it is a symbolic link, which is not followed"
			});
			break;
		}
		const names = await jsonFiles(folder);
		if (names === void 0 && depth === 0) return void 0;
		if (names === void 0) break;
		for (const name of names.slice(-200)) {
			const origin = join$1(folder, name);
			try {
				files.push({
					origin,
					bytes: await readBytes(origin, "baseline", MAX_RECORD_LENGTH),
					isOfVariant: depth === 2
				});
			} catch (error) {
				if (!(error instanceof InputError)) throw error;
				refused.push({
					origin,
					reason: error.sentence
				});
			}
		}
		const left = names.length - MOST_FILES;
		if (left > 0) refused.push({
			origin: folder,
			reason: `${left} older files: only the newest ${MOST_FILES} of a folder are read`
		});
	}
	return {
		files,
		refused
	};
}
/** The records in files, newest first. */
function readBaselineFiles(files, suiteName, variant) {
	const candidates = [];
	const refused = [];
	for (const { origin, bytes, isOfVariant } of files) try {
		const record = readRunRecord(new TextDecoder().decode(bytes), origin);
		const own = variantOf(record) ?? (isOfVariant ? variant : "");
		if (record.suite.name === suiteName && own === variant) candidates.push({
			origin,
			record
		});
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		refused.push({
			origin,
			reason: error.sentence
		});
	}
	candidates.sort((a, b) => Date.parse(b.record.startedAt) - Date.parse(a.record.startedAt) || (a.origin < b.origin ? -1 : 1));
	return {
		candidates,
		refused
	};
}
/** The folders in which records of a suite lie, outermost first: the folder itself, the suite's, the variant's. */
const foldersOf = (dir, suiteName, variant) => {
	const folder = join$1(dir, slug(suiteName));
	return [
		dir,
		folder,
		...variant === "" ? [] : [join$1(folder, slug(variant))]
	];
};
/**
* Keeps a run as `DIR/SUITE/TIME-COMMIT.json`, or of a variant as `DIR/SUITE/VARIANT/TIME-COMMIT.json`, and removes the
* oldest runs beside it beyond {@link KEPT_RUNS}.
*
* @returns the path of the new file.
* @throws {InputError} if it cannot be written.
*/
async function saveBaseline(dir, record) {
	const folder = foldersOf(dir, record.suite.name, variantOf(record) ?? "").at(-1);
	const present = await jsonFiles(folder) ?? [];
	const name = recordName(record, present);
	await writeFileAtomic(join$1(folder, name), writeRunRecord(record));
	for (const surplus of surplusNames(present, name, 20)) await rm(join$1(folder, surplus), { force: true });
	return join$1(folder, name);
}
async function isLink(path) {
	return (await lstat(path).catch(() => void 0))?.isSymbolicLink() === true;
}
/** Names of the JSON files directly in a folder, sorted; undefined for a folder that is not there. */
async function jsonFiles(folder) {
	try {
		return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile() && entry.name.endsWith(".json")).map(({ name }) => name).sort();
	} catch (cause) {
		const { code } = cause;
		if (code === "ENOENT") return void 0;
		if (code === "ENOTDIR") throw new InputError(`${folder} is a file, not a folder of baselines`, { cause });
		throw new InputError(`the folder ${folder} cannot be read: ${cause.message}`, { cause });
	}
}

// src/io/baselines/git-blob.ts
/**
* The names under which git may keep the content of a file: the SHA-1 of the blob as it is, and, where lines end as on
* Windows, of what git makes of it when it is told to convert them.
*/
function gitBlobShas(bytes) {
	const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
	if (!content.includes("\r\n")) return [blobSha(content)];
	return [blobSha(content), blobSha(Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1"))];
}
const blobSha = (content) => createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");

// src/action/pinned-baselines.ts
/**
* The run records of one suite in a folder of the checkout.
*
* On a pull request its author wrote the checkout. A record counts there only if the base branch has the same file with
* the same bytes; what the pull request adds or changes is refused by name, and what it removes or changes is read from
* the base branch. So the baseline of a pull request is the one that it would be without it. A folder outside the
* checkout is none that a pull request can write, and is read as it is.
*
* @param api undefined: there is no token, the folder is read as it is, and a note says so.
* @throws {InputError} if GitHub cannot be asked.
*/
async function pinnedBaselines(api, search) {
	const { folder, workspace, suiteName, variant, base } = search;
	const path = pathIn(workspace, resolve$1(folder));
	if (path !== void 0 && await leadsOutside(folder, workspace)) return {
		place: folder,
		isThere: true,
		candidates: [],
		refused: [{
			origin: folder,
			reason: "it is a symbolic link out of the checkout, which is not followed"
		}],
		notes: []
	};
	const local = await baselineFiles(folder, suiteName, variant);
	const asItIs = {
		files: local?.files ?? [],
		refused: [],
		notes: []
	};
	const checked = path === void 0 || base === void 0 ? asItIs : await againstBase(api, asItIs, {
		...search,
		base,
		path
	});
	const read = readBaselineFiles(checked.files, suiteName, variant);
	return {
		place: folder,
		isThere: local !== void 0 || checked.files.length > 0,
		candidates: read.candidates,
		refused: [
			...checked.refused,
			...local?.refused ?? [],
			...read.refused
		],
		notes: checked.notes
	};
}
/** Far above any record. */
const MAX_BYTES$2 = 16777216;
/** Files that are read from the base branch, newest names first: as many as a comparison uses. */
const MOST_READ = 20;
async function againstBase(api, asItIs, { folder, path, suiteName, variant, base }) {
	const { files: local } = asItIs;
	if (api === void 0) return local.length === 0 ? asItIs : {
		...asItIs,
		notes: [note$1("baseline-files-unchecked", unchecked(folder))]
	};
	const pathOf = ({ origin }) => slashed(join$1(path, relative(folder, origin)));
	const listing = (ref) => listedFiles(api, foldersOf(path, suiteName, variant).map(slashed), ref);
	const isSame = (file, listed) => gitBlobShas(file.bytes).includes(listed.get(pathOf(file))?.sha ?? "");
	const before = await listing(base.sha);
	if (local.length === before.size && local.every((file) => isSame(file, before))) return asItIs;
	const now = await listing(base.branch);
	const isOurs = (file) => {
		const { candidates, refused } = readBaselineFiles([file], suiteName, variant);
		return candidates.length + refused.length > 0;
	};
	const kept = local.filter((file) => isSame(file, before) || isSame(file, now));
	const keptPaths = new Set(kept.map(pathOf));
	const read = await readMissed(api, [...now].filter(([at]) => !keptPaths.has(at)), {
		folder,
		path,
		branch: base.branch
	});
	const strange = local.filter((file) => !keptPaths.has(pathOf(file)) && isOurs(file));
	const changed = strange.filter((file) => now.has(pathOf(file)));
	const localPaths = new Set(local.map(pathOf));
	const gone = new Set([...before.keys()].filter((at) => !localPaths.has(at)).map((at) => originOn(join$1(folder, relative(path, at)), base.branch)));
	const removed = read.files.filter((file) => gone.has(file.origin) && isOurs(file));
	const did = [
		["adds", strange.length - changed.length],
		["changes", changed.length],
		["removes", removed.length]
	].flatMap(([verb, count]) => count === 0 ? [] : [`${verb} ${count}`]).join(", ");
	const refusals = strange.map((file) => ({
		origin: file.origin,
		reason: changed.includes(file) ? `this pull request changes it; what ${base.branch} has counts` : `this pull request adds it; it counts once ${base.branch} has it`
	}));
	const told = `this pull request ${did} of the pinned files in ${folder}; the baseline is what ${base.branch} has`;
	return {
		files: [...kept, ...read.files],
		refused: [...refusals, ...read.refused],
		notes: did === "" ? [] : [note$1("baseline-files-changed", told)]
	};
}
/** The JSON files of some folders at a commit or on a branch, by path. The last of three folders is the variant's. */
async function listedFiles(api, folders, ref) {
	const listed = /* @__PURE__ */ new Map();
	for (const [depth, folder] of folders.entries()) for (const { name, sha, sizeBytes } of await api.listFolder(folder, ref)) if (name.endsWith(".json")) listed.set(`${folder}/${name}`, {
		sha,
		sizeBytes,
		isOfVariant: depth === 2
	});
	return listed;
}
async function readMissed(api, missed, { folder, path, branch }) {
	const files = [];
	const refused = [];
	for (const [at, { sha, sizeBytes, isOfVariant }] of missed.toSorted(([a], [b]) => a < b ? 1 : -1)) {
		const origin = originOn(join$1(folder, relative(path, at)), branch);
		if (sizeBytes > MAX_BYTES$2) refused.push({
			origin,
			reason: "it is too large for a record"
		});
		else if (files.length >= MOST_READ) refused.push({
			origin,
			reason: `only ${MOST_READ} files are read from ${branch}`
		});
		else files.push({
			origin,
			bytes: await api.readBlob(sha),
			isOfVariant
		});
	}
	return {
		files,
		refused
	};
}
const originOn = (file, branch) => `${slashed(file)} on ${branch}`;
const unchecked = (folder) => `whether this pull request changed the pinned files in ${folder} is not known: there is no token to compare them with the base branch`;
const note$1 = (code, message) => ({
	severity: "warning",
	code,
	message
});
/** Whether a folder that lies in the checkout by its path is really somewhere else. */
async function leadsOutside(folder, workspace) {
	const [really, root] = await Promise.all([folder, workspace].map((path) => realpath(path).catch(() => void 0)));
	return really !== void 0 && root !== void 0 && pathIn(root, really) === void 0;
}
/** The path of a file as the repository has it; undefined for one outside the checkout. */
function pathIn(workspace, path) {
	const below = slashed(relative(workspace, path));
	return below === ".." || below.startsWith("../") || isAbsolute(below) ? void 0 : below;
}
const slashed = (path) => path.replaceAll("\\", "/");

// src/io/baselines/suite-key.ts
/**
* What a suite is called wherever its runs are kept: `sentiment-1a2b3c4d`, the same for artifacts and for the folders of
* a branch. The hash keeps apart suites whose names differ only in characters that such a name may not have.
*
* @param variant tells apart the legs of a matrix that run one suite, each of which has its own baseline: for example
*   the GPU's name. Empty for a suite that runs once.
*/
function suiteKey(suiteName, variant) {
	const hash = createHash("sha256").update(JSON.stringify([suiteName, variant])).digest("hex").slice(0, 8);
	return [
		slug(suiteName),
		...variant === "" ? [] : [slug(variant)],
		hash
	].join("-");
}

// src/io/baselines/artifact-name.ts
/**
* Name of the artifacts that hold one suite's baselines: `tailgate-baseline-sentiment-1a2b3c4d`. GitHub can list
* artifacts by their exact name only, so that it must follow from what a pull request knows.
*
* @param variant see {@link suiteKey}.
*/
const baselineArtifactName = (suiteName, variant = "") => `tailgate-baseline-${suiteKey(suiteName, variant)}`;
/** Name of the artifact that holds the results of one attempt of a run that does not join the baseline: `tailgate-run-…-1`. */
const runArtifactName = (suiteName, runAttempt, variant = "") => `tailgate-run-${suiteKey(suiteName, variant)}-${runAttempt}`;
/** The attempt in a name that {@link runArtifactName} gave for this suite; undefined for any other name. */
function attemptOfArtifact(suiteName, artifactName, variant = "") {
	const attempt = Number(/-([1-9]\d{0,5})$/.exec(artifactName)?.[1]);
	return artifactName === runArtifactName(suiteName, attempt, variant) ? attempt : void 0;
}
/** Name of the artifact that holds what one attempt of one shard measured: `tailgate-shard-…-2of3-1`. `index` counts from 0. */
const shardArtifactName = (suiteName, { index, of }, runAttempt, variant = "") => `tailgate-shard-${suiteKey(suiteName, variant)}-${index + 1}of${of}-${runAttempt}`;
/** The attempt in a name that {@link shardArtifactName} gave for a shard of this suite and variant; undefined for any other name. */
function attemptOfShard(suiteName, artifactName, variant = "") {
	const [, place, of, attempt] = /-([1-9]\d{0,3})of([1-9]\d{0,3})-([1-9]\d{0,5})$/.exec(artifactName) ?? [];
	const shard = {
		index: Number(place) - 1,
		of: Number(of)
	};
	return artifactName === shardArtifactName(suiteName, shard, Number(attempt), variant) ? Number(attempt) : void 0;
}
/** Name of the artifact that holds what one attempt of a job concluded about several suites; it is nobody's record. */
const legsArtifactName = (job, runAttempt) => `tailgate-legs-${suiteKey(job, "")}-${runAttempt}`;
/** Name of the artifact that holds what was concluded about a run of another workflow; it holds no record. */
const reportArtifactName = (suiteName, runId, reportAttempt, variant = "") => `tailgate-report-${suiteKey(suiteName, variant)}-${runId}-${reportAttempt}`;

// src/io/baselines/branch-store.ts
/** How many runs of a suite a branch keeps at its tip; its history has the older ones. */
const KEPT_IN_BRANCH = 60;
/** Reads the run record in each file; the order is kept. One that is damaged or of another suite or variant is refused. */
async function readBranchRuns(files, suiteName, variant, readBlob) {
	const candidates = [];
	const refused = [];
	for (const { sha, distance, origin } of files) {
		const bytes = await readBlob(sha);
		try {
			const record = readRunRecord(bytes.toString("utf8"), "the file");
			if (record.suite.name !== suiteName) refused.push({
				origin,
				reason: "it holds a run of another suite"
			});
			else if ((variantOf(record) ?? variant) !== variant) refused.push({
				origin,
				reason: "it holds a run of another variant"
			});
			else candidates.push({
				origin,
				record,
				distance
			});
		} catch (error) {
			if (!(error instanceof InputError)) throw error;
			refused.push({
				origin,
				reason: error.sentence
			});
		}
	}
	return {
		candidates,
		refused
	};
}
/** What a branch of stored runs begins with, for whoever comes across it. */
const BRANCH_README = `# Stored runs

tailgate keeps the runs of the default branch here, one file each, in a folder for each suite. They are what pull requests
are compared with: whoever can write to this branch can change what counts as a regression.

Only runs on the default branch are added. The newest ${60} of a suite stay; older ones are in the history.
Deleting the branch is safe: the next push to the default branch begins it anew, and pull requests have no baseline until then.
`;

// src/io/github/branch-files.ts
/** What lies in a folder of a branch, at its tip. Two listings: one of the root, one of the folder, neither of all below. */
async function listBranchFolder(api, branch, folder) {
	const tip = await api.branchTip(branch);
	if (tip === void 0) return {
		tip,
		tree: void 0,
		files: [],
		truncated: false
	};
	const tree = await api.treeOf(tip);
	const root = await api.listTree(tree);
	const found = root.entries.find(({ name, kind }) => name === folder && kind === "tree");
	if (found === void 0) return {
		tip,
		tree,
		files: [],
		truncated: root.truncated
	};
	const { entries, truncated } = await api.listTree(found.sha);
	return {
		tip,
		tree,
		files: entries.filter(({ kind }) => kind === "blob"),
		truncated
	};
}
/** Legs of a matrix end within the same second: each round one of them is the quickest. */
const MOST_ROUNDS = 12;
const LONGEST_PAUSE_S = 8;
/**
* Adds one file to a folder of a branch that may not be there yet, and removes what is too much. Where somebody else
* writes to the branch in the meantime, it is tried again on top of theirs: nothing of theirs is lost.
*
* @param pause waits so many seconds.
* @returns the path of the file.
* @throws {InputError} if the token may not write, a rule of the repository forbids it, or others were always quicker.
*/
async function addToBranch(api, commit, pause) {
	const { branch, folder, message } = commit;
	const blob = await api.createBlob(commit.text);
	for (let round = 1;; round++) {
		const { tip, tree: base, files } = await listBranchFolder(api, branch, folder);
		const present = files.map(({ name }) => name);
		const path = `${folder}/${commit.nameBeside(present)}`;
		const changes = [
			{
				path,
				blob
			},
			...commit.surplus(present).map((name) => ({
				path: `${folder}/${name}`,
				blob: void 0
			})),
			...tip === void 0 ? await firstFiles(api, commit.beginning) : []
		];
		const tree = await api.createTree(changes, base);
		const next = await api.createCommit(message, tree, tip);
		const refusal = await api.moveBranch(branch, next, tip);
		if (refusal === void 0) return path;
		const now = await api.branchTip(branch);
		if (now === next) return path;
		if (now === tip) throw new InputError(`GitHub does not let this run write to the branch ${branch}: ${sentence(refusal)}`, { hint: "a ruleset lets no workflow's own token past: give github-token that of a GitHub App which may bypass it, or choose another branch" });
		if (round >= MOST_ROUNDS) throw new InputError(`others wrote to the branch ${branch} at the same time, ${MOST_ROUNDS} times in a row`, { hint: "run the job again" });
		await pause(Math.random() * Math.min(LONGEST_PAUSE_S, 2 ** (round - 2)));
	}
}
const firstFiles = (api, files) => Promise.all(Object.entries(files).map(async ([path, text]) => ({
	path,
	blob: await api.createBlob(text)
})));
/** GitHub's messages run over several lines, and end in a link to its documentation. */
const sentence = (message) => message.replace(/ - https:\/\/docs\.\S+$/, "").split(/\n+/).join(" ").slice(0, 300);

// src/action/results.ts
/**
* Keeps the results of this run: as a part of the baseline where `joins` says so, and as an artifact, if the platform
* has any.
*
* A lost report is a pity; a baseline that was not stored leaves every later pull request without one, and two jobs that
* cannot be told apart overwrite one another's comment.
*
* @throws {InputError} if the baseline could not be stored, or another job of the run measured the same.
*/
async function keepResults(place, { record, joins, concluded }) {
	const { job, inputs, context } = place;
	const isArtifact = joins && inputs.baseline === "artifact";
	if (joins && !isArtifact) await keepInBranch(place, record);
	if (!hasArtifacts(context) && isArtifact) throw noArtifacts();
	if (!hasArtifacts(context)) return job.info(`a GitHub Enterprise Server keeps no artifacts of ours: the results are in ${inputs.out}`);
	const [suiteName, variant] = [record.suite.name, onlyVariant(inputs)];
	const name = isArtifact ? baselineArtifactName(suiteName, variant) : runArtifactName(suiteName, context.runAttempt, variant);
	await keep(place, {
		name,
		files: concluded ? [RUN_FILE, ...CONCLUSION_FILES] : [RUN_FILE],
		failsOn: isArtifact ? "any loss" : "a name that is taken"
	});
	if (isArtifact) job.info(`the baseline now includes this run (artifact ${name})`);
}
/** Keeps what a shard measured, without which the others are worth nothing. */
function keepShard(place, suiteName, stripe) {
	return keep(place, {
		name: shardArtifactName(suiteName, stripe, place.context.runAttempt, onlyVariant(place.inputs)),
		files: [RUN_FILE],
		failsOn: "any loss"
	});
}
/** Keeps what was concluded of several legs. @param files below the folder of the results. */
const keepLegs = (place, self, files) => keep(place, {
	name: legsArtifactName(self, place.context.runAttempt),
	files,
	failsOn: "nothing"
});
async function keep({ job, inputs: { out } }, { name, files, failsOn }) {
	const { NameTaken, uploadRun } = await import("./artifact-store.js");
	const paths = files.map((file) => join$1(out, file));
	try {
		await uploadRun(paths, name, out);
		job.info(`results kept as artifact ${name}`);
	} catch (error) {
		const isLosable = failsOn === "nothing" || failsOn === "a name that is taken" && !(error instanceof NameTaken);
		if (!(error instanceof InputError) || !isLosable) throw error;
		job.warning(error.sentence);
	}
}
/** Keeps what was concluded from a record that is kept elsewhere. */
async function keepConclusions({ job, inputs: { out } }, name) {
	const { uploadRun } = await import("./artifact-store.js");
	try {
		await uploadRun(CONCLUSION_FILES.map((file) => join$1(out, file)), name, out);
		job.info(`results kept as artifact ${name}`);
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		job.warning(error.sentence);
	}
}
/** What a run with `baseline: artifact` is told on a GitHub Enterprise Server. */
const noArtifacts = () => new InputError("a GitHub Enterprise Server has no workflow artifacts of this kind", { hint: "write baseline: branch, which keeps the runs in a branch of the repository" });
/** What a mode is told there that hands records from job to job. */
const noArtifactsFor = (mode) => new InputError(`mode ${mode} needs workflow artifacts, and a GitHub Enterprise Server has none of this kind`, { hint: "measure in one job there, or carry the records between jobs yourself and judge them with tailgate compare" });
/** Whether a run becomes a part of the baseline. What is merged already is what later changes are compared with, slow or not. */
function joinsBaseline({ job, inputs, context }, record, isInvalid) {
	const isKept = inputs.baseline === "artifact" || inputs.baseline === "branch";
	return isDefaultBranch(context) && isKept && !isInvalid && hasAnswers(record, job);
}
async function keepInBranch({ job, inputs, api }, record) {
	if (api === void 0) throw new InputError("baseline: branch needs a token", { hint: "leave github-token at its default" });
	const { baselineStoreBranch: branch } = inputs;
	const nameBeside = (present) => recordName(record, present);
	const path = await addToBranch(api, {
		branch,
		folder: suiteKey(record.suite.name, onlyVariant(inputs)),
		message: messageOf$1(record),
		text: writeRunRecord(record),
		nameBeside,
		surplus: (present) => surplusNames(present, nameBeside(present), 60),
		beginning: { "README.md": BRANCH_README }
	}, (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1e3)));
	job.info(`the baseline now includes this run (${path} on the branch ${branch})`);
}
/** Of a commit that nobody reviews: which run it keeps. */
const messageOf$1 = ({ suite, provenance: { commit, runId } }) => `Keep a run of ${suite.name}${commit === void 0 ? "" : ` at ${commit.slice(0, 7)}`}${runId === void 0 ? "" : `\n\nWorkflow run ${runId}.`}\n`;
/** A run in which a scenario had no answer at all would be compared with, and would make every later one undecidable. */
function hasAnswers({ scenarios }, job) {
	const silent = scenarios.filter(({ arms }) => arms.head?.blocks.every(({ ok }) => ok === 0) ?? true);
	for (const { name } of silent) job.warning(`not stored as a baseline: no request of ${name} was answered`);
	return silent.length === 0 && scenarios.length > 0;
}

// src/io/github/artifact-flaw.ts
const MAX_BYTES$1 = 67108864;
/** Why an artifact cannot be had, or not be verified, whoever made it; undefined if nothing speaks against it. */
function flawOfStorage({ sizeBytes, digest, expired, expiresAt }) {
	if (expired) return `expired on ${expiresAt?.slice(0, 10) ?? "an unknown day"}`;
	if (!/^sha256:[0-9a-f]{64}$/.test(digest ?? "")) return "it has no SHA-256 digest to verify it by";
	if (sizeBytes > MAX_BYTES$1) return `it is ${Math.ceil(sizeBytes / 1024 / 1024)} MiB; at most ${MAX_BYTES$1 / 1024 / 1024} MiB are read`;
}

// src/io/github/trusted-run.ts
/** What only the repository's own writers can start. */
const TRUSTED_EVENTS = [
	"push",
	"schedule",
	"workflow_dispatch"
];
/** Why a run may not vouch for a baseline; undefined if nothing speaks against it. */
function untrustedRun(run, { repositoryId, branch, workflowPath }) {
	if (run.repositoryId !== repositoryId) return `from another repository (repository id ${run.repositoryId})`;
	if (run.headRepositoryId !== repositoryId) return fromFork(run.headRepositoryId);
	if (!TRUSTED_EVENTS.includes(run.event)) return untrustedEvent(run.event);
	if (run.headBranch !== branch) return `from branch ${run.headBranch}, not from ${branch}`;
	if (workflowPath !== void 0 && run.path !== workflowPath) return `from workflow ${run.path}, not from ${workflowPath}`;
}
/**
* The candidates that say of themselves what the place says where they were found, and the reason for every other one. A
* record proves nothing about itself: this finds what was put in the wrong place, by mistake or not.
*
* @param found what a search knows of each candidate, by its origin.
*/
function inTheirPlace(candidates, found, trust) {
	const commits = new Map(found.map(({ origin, commit }) => [origin, commit]));
	const reasonOf = ({ origin, record }) => misplacedRecord(record.provenance, commits.get(origin) ?? "", trust);
	return {
		candidates: candidates.filter((candidate) => reasonOf(candidate) === void 0),
		refused: candidates.flatMap((candidate) => {
			const reason = reasonOf(candidate);
			return reason === void 0 ? [] : [{
				origin: candidate.origin,
				reason
			}];
		})
	};
}
function misplacedRecord(record, commit, { repositoryId, branch, workflowPath }) {
	if (record.commit !== commit) return `its record is of ${record.commit === void 0 ? "no commit" : `commit ${record.commit.slice(0, 7)}`}`;
	if (record.repositoryId !== String(repositoryId)) return `its record is of another repository (repository id ${record.repositoryId})`;
	if (!TRUSTED_EVENTS.includes(record.event ?? "")) return untrustedEvent(record.event);
	if (record.ref !== branch) return `from branch ${record.ref}, not from ${branch}`;
	if (workflowPath !== void 0 && record.workflow !== workflowPath) return `from workflow ${record.workflow}, not from ${workflowPath}`;
}
const fromFork = (id) => id === void 0 ? "from a fork that is gone" : `from a fork (repository id ${id})`;
const untrustedEvent = (event) => `from event ${event}; only ${TRUSTED_EVENTS.join(", ")} make a baseline`;

// src/io/github/baseline-runs.ts
/** How far back the history is walked, in commits. */
const HISTORY = 500;
/** The nearest commits are also asked for their runs, because the repository's listing may lag behind by hours. */
const NEAREST = 10;
const RUNS_PER_COMMIT = 5;
const LIMIT = 20;
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
	const [listed, history] = await Promise.all([api.listArtifacts(search.artifactName), api.listCommits(search.from, 500)]);
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
		if (found.length >= (search.limit ?? 20)) break;
		const origin = originOf(artifact, distance, search.fromName);
		const reason = flaw(artifact, distance, search) ?? await flawOfRun(api, artifact, search);
		if (reason !== void 0) refused.push({
			origin,
			reason
		});
		else {
			const { id, sizeBytes, digest, expiresAt, run } = artifact;
			found.push({
				id,
				runId: run.id,
				commit: run.headSha,
				sizeBytes,
				digest,
				distance,
				expiresAt,
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
		const runs = (await api.listRunsForSha(sha)).filter((run) => run.id !== search.ownRunId && untrustedRun(run, search) === void 0);
		for (const run of runs.slice(0, RUNS_PER_COMMIT)) missed.push(...await api.listRunArtifacts(run.id, search.artifactName));
	}
	return missed;
}
/** Why an artifact may not be used, from the listing alone; undefined if nothing speaks against it. */
function flaw(artifact, distance, search) {
	const { run } = artifact;
	if (run === void 0) return "GitHub does not say which run made it";
	if (run.repositoryId !== search.repositoryId) return `from another repository (repository id ${run.repositoryId})`;
	if (run.headRepositoryId !== search.repositoryId) return fromFork(run.headRepositoryId);
	if (run.headBranch !== search.branch) return `from branch ${run.headBranch}, not from ${search.branch}`;
	if (distance === Number.POSITIVE_INFINITY) return `its commit is not among the ${500} commits up to ${search.fromName}`;
	return flawOfStorage(artifact);
}
async function flawOfRun(api, { run }, search) {
	const made = await api.getRun(run.id);
	if (made === void 0) return "its run was deleted, so that nothing vouches for it";
	return made.headSha === run.headSha ? untrustedRun(made, search) : "its run is on another commit than it says";
}
function originOf({ id, run }, distance, fromName) {
	const where = distance === Number.POSITIVE_INFINITY ? [] : [whereabouts(distance, fromName)];
	return [
		...run === void 0 ? [] : [`run ${run.id}`, ...run.headSha ? [`commit ${run.headSha.slice(0, 7)}`] : []],
		...where,
		`artifact ${id}`
	].join(" · ");
}
/** `at the merge base`, `3 commits before the merge base`. */
function whereabouts(distance, fromName) {
	if (distance === 0) return `at ${fromName}`;
	return `${distance === 1 ? "1 commit" : `${distance} commits`} before ${fromName}`;
}
/** As many refusals as a reader can use. */
function shortened(refused, what = "artifacts") {
	const others = refused.length - MAX_REFUSALS;
	if (others <= 0) return refused;
	return [...refused.slice(0, MAX_REFUSALS), {
		origin: `${others} more ${what}`,
		reason: "refused for reasons like those above"
	}];
}

// src/io/github/branch-records.ts
/** Far above any record; GitHub's own limit is 100 MB. */
const MAX_BYTES = 16777216;
/**
* Finds the records of a branch whose commit lies on the history of `from`, nearest first, at most {@link LIMIT}. What
* vouches for them is who may write to that branch: nothing in a file can prove where it comes from. Everything else in
* the folder is refused, with the reason.
*
* @returns `isThere`: whether there is such a branch at all.
*/
async function findBranchRecords(api, search) {
	const { storeBranch, folder, fromName } = search;
	const [{ tip, files, truncated }, history] = await Promise.all([listBranchFolder(api, storeBranch, folder), api.listCommits(search.from, 500)]);
	const refused = [];
	const known = [];
	for (const { name, sha, sizeBytes } of files.toReversed()) {
		const path = `${storeBranch}:${folder}/${name}`;
		const start = search.commitOf(name);
		const distance = start === void 0 ? -1 : history.findIndex((commit) => commit.startsWith(start));
		if (start === void 0) refused.push({
			origin: path,
			reason: "its name does not say of which commit it is"
		});
		else if (distance < 0) refused.push({
			origin: path,
			reason: `its commit is not among the ${500} commits up to ${fromName}`
		});
		else if (sizeBytes > MAX_BYTES) refused.push({
			origin: path,
			reason: `it is ${mebibytes(sizeBytes)} MiB; at most ${mebibytes(MAX_BYTES)} MiB are read`
		});
		else known.push({
			sha,
			commit: history[distance],
			distance,
			origin: `${path} · ${whereabouts(distance, fromName)}`
		});
	}
	if (truncated) refused.push({
		origin: storeBranch,
		reason: "GitHub does not list so many files completely: some may be missing"
	});
	const found = known.toSorted((a, b) => a.distance - b.distance).slice(0, 20);
	return {
		isThere: tip !== void 0,
		found,
		refused: shortened(refused, "files")
	};
}
const mebibytes = (bytes) => Math.ceil(bytes / 1024 / 1024);

// src/action/stored-baselines.ts
const NO_BASELINES = {
	candidates: [],
	refused: [],
	absence: "no baseline was asked for",
	runIds: /* @__PURE__ */ new Map()
};
/**
* The stored runs of a branch, as artifacts, nearest commit first.
*
* Runs of any workflow file count unless one is named. The usual set-up is two files, one for pushes and one for pull
* requests, and asking for the same file would leave it without a baseline for ever. Little would be won: what counts is
* a push, a schedule or a dispatch on the trusted branch, and whoever can make one of those can edit that one file as well.
*
* @throws {InputError} if GitHub cannot be asked: a gate must not take an outage for a missing baseline.
*/
async function artifactBaselines(api, search) {
	const { context, suiteName, variant, token, extendsBaseline } = search;
	const place = await beginning(api, search);
	const artifactName = baselineArtifactName(suiteName, variant);
	const { found, refused } = await findBaselineRuns(api, {
		...place,
		artifactName,
		ownRunId: context.runId
	});
	const { readArtifactRuns } = await import("./artifact-store.js");
	const runs = await readArtifactRuns(found, suiteName, {
		token,
		repository: context.repository
	});
	const placed = inTheirPlace(runs.candidates, found, place);
	return {
		...foundOf(search, place.fromName, placed.candidates, [
			...placed.refused,
			...refused,
			...runs.refused
		]),
		absence: absenceOf(search),
		artifacts: {
			baseline: artifactName,
			head: runArtifactName(suiteName, context.runAttempt, variant),
			extendsBaseline
		},
		runIds: new Map(found.map(({ origin, runId }) => [origin, String(runId)]))
	};
}
/**
* The stored runs of a branch, as files of another branch of the same repository, nearest commit first. Whoever may
* write to that other branch vouches for them.
*
* @throws {InputError} if GitHub cannot be asked.
*/
async function branchBaselines(api, search) {
	const { context, suiteName, variant, storeBranch, extendsBaseline } = search;
	const place = await beginning(api, search);
	const { isThere, found, refused } = await findBranchRecords(api, {
		...place,
		storeBranch,
		folder: suiteKey(suiteName, variant),
		commitOf: (name) => parseRecordName(name)?.commit
	});
	const runs = await readBranchRuns(found, suiteName, variant, api.readBlob);
	const placed = inTheirPlace(runs.candidates, found, place);
	const candidates = placed.candidates.filter(({ record }) => record.provenance.runId !== String(context.runId));
	const head = hasArtifacts(context) ? runArtifactName(suiteName, context.runAttempt, variant) : void 0;
	return {
		...foundOf(search, place.fromName, candidates, [
			...placed.refused,
			...refused,
			...runs.refused
		]),
		absence: isThere || extendsBaseline ? absenceOf(search) : `${absenceOf(search)} (there is no branch ${storeBranch})`,
		artifacts: {
			baseline: void 0,
			head,
			extendsBaseline
		},
		runIds: new Map(candidates.map(({ origin, record }) => [origin, record.provenance.runId ?? ""]))
	};
}
/** Where the search begins: as far back as the change's own history goes, which is where it left the branch. */
async function beginning(api, { context, branch, workflowPath }) {
	const mergeBase = context.base === void 0 ? void 0 : await api.mergeBase(context.base.sha, context.sha);
	return {
		repositoryId: context.repository.id,
		branch,
		workflowPath,
		from: mergeBase ?? context.base?.sha ?? context.sha,
		fromName: mergeBase !== void 0 ? "the merge base" : context.base !== void 0 ? "the base branch" : "this commit"
	};
}
const foundOf = ({ now, branch, extendsBaseline }, fromName, candidates, refused) => ({
	candidates,
	refused,
	store: {
		asOf: now,
		branch,
		fromName,
		extended: extendsBaseline
	}
});
function absenceOf({ branch, suiteName, variant, context: { defaultBranch }, extendsBaseline }) {
	const suite = `the suite ${suiteName}${variant === "" ? "" : ` (variant ${variant})`}`;
	if (extendsBaseline) return `this is the first run of ${suite} on ${branch}; later ones are compared with it`;
	const none = `${branch} has no stored run of ${suite}`;
	return defaultBranch === void 0 || branch === defaultBranch ? `${none} yet; the first push to ${branch} that runs tailgate makes one` : `${none}, because only runs on ${defaultBranch} are stored; write baseline-branch: ${defaultBranch} to compare with those`;
}

// src/action/grounds.ts
/**
* What a run of the suite may be compared with, found before the load starts: a broken baseline costs nobody the
* measuring time. Pinned files come along with a store, for where it turns out to have nothing usable.
*
* @throws {InputError} where they cannot be asked for.
*/
async function findBaselines(place, suiteName) {
	const { job, inputs } = place;
	if (inputs.baselineEndpoint !== "" || inputs.baseline === "none") return NO_BASELINES;
	const { isThere, notes, ...pinned } = await pinnedFiles(place, suiteName);
	for (const { message } of notes) job.warning(message);
	if (inputs.baseline !== "directory") return {
		...await storedBaselines(place, suiteName),
		pinned,
		notes
	};
	const absent = [{
		origin: inputs.baselineDirectory,
		reason: "the folder does not exist"
	}];
	return {
		candidates: pinned.candidates,
		refused: isThere ? pinned.refused : absent,
		absence: `${inputs.baselineDirectory} holds no run of the suite ${suiteName}`,
		notes,
		runIds: /* @__PURE__ */ new Map()
	};
}
const pinnedFiles = ({ inputs, context, api }, suiteName) => pinnedBaselines(api, {
	folder: inputs.baselineDirectory,
	workspace: workspace(),
	suiteName,
	variant: onlyVariant(inputs),
	base: context.base
});
function storedBaselines({ inputs, context, api }, suiteName) {
	const { baseline } = inputs;
	if (api === void 0) throw new InputError(`baseline: ${baseline} needs a token`, { hint: "leave github-token at its default, or write baseline: directory" });
	if (baseline === "artifact" && !hasArtifacts(context)) throw noArtifacts();
	const branch = inputs.baselineBranch || context.base?.branch || context.defaultBranch;
	if (branch === void 0) throw new InputError("the branch of the baseline is not known for this event", { hint: "write baseline-branch" });
	const search = {
		context,
		branch,
		suiteName,
		variant: onlyVariant(inputs),
		workflowPath: inputs.baselineWorkflow || void 0,
		extendsBaseline: isDefaultBranch(context),
		now: (/* @__PURE__ */ new Date()).toISOString()
	};
	return baseline === "branch" ? branchBaselines(api, {
		...search,
		storeBranch: inputs.baselineStoreBranch
	}) : artifactBaselines(api, {
		...search,
		token: inputs.token
	});
}
/** The suite of `file` with the gates that judge it here, and what a reviewer has to know about that. */
async function judgedSuite({ job, context: { base }, api }, suite, file) {
	if (api === void 0 || base === void 0) return {
		suite,
		notes: []
	};
	const judged = await judgedByBase(api, {
		suite,
		file,
		base,
		workspace: workspace()
	});
	for (const { scenario, message } of judged.notes) job.warning(scenario === void 0 ? message : `${scenario}: ${message}`);
	return judged;
}
const workspace = () => process.env["GITHUB_WORKSPACE"] ?? process.cwd();

// src/io/github/pull-of-commit.ts
/**
* The open pull requests into this repository whose head is this very commit of this very repository, found by the
* branch that it was measured on. A branch's name proves nothing: a fork may call its branch `main`.
*
* None: the head has moved on, or the pull request was closed. More than one: the branch is proposed to several branches.
*/
async function pullsOfBranch(api, { sha, repositoryId, from }) {
	return (await api.openPulls({
		owner: from.owner,
		branch: from.branch
	})).filter((pull) => isHead(pull, sha, repositoryId) && pull.head.repositoryId === from.repositoryId);
}
/** The same for a commit of which only its id is known, as a deployment names it; also for the head of a fork. */
async function pullsOfCommit(api, { sha, repositoryId }) {
	const own = (await api.pullsOfCommit(sha)).filter((pull) => isHead(pull, sha, repositoryId));
	return own.length > 0 ? own : (await api.openPulls()).filter((pull) => isHead(pull, sha, repositoryId));
}
const isHead = ({ isOpen, head, base }, sha, repositoryId) => isOpen && head.sha === sha && base.repositoryId === repositoryId;

// src/action/pull-place.ts
/**
* The same place, seen from a pull request that its event does not name: what is judged is the head of the pull request,
* by the branch that it goes into. The token is still that of the event, and may write.
*/
const placeOfPull = (place, { number, head, base, labels }, of = {}) => ({
	...place,
	context: {
		...place.context,
		sha: head.sha,
		branch: head.branch,
		base: {
			sha: base.sha,
			branch: base.branch
		},
		pullRequest: number,
		labels,
		fromFork: false,
		headRepositoryId: head.repositoryId,
		...of
	}
});
/** The place seen from the open pull request whose head is `sha`; as it is where there is none. */
async function placeOfCommit(place, sha) {
	const { api, context } = place;
	if (api === void 0) return place;
	const pull = chosenOf(await pullsOfCommit(api, {
		sha,
		repositoryId: context.repository.id
	}), place);
	return pull === void 0 ? place : placeOfPull(place, pull, { headRepositoryId: context.repository.id });
}
/** One head can be proposed to several branches. One comment cannot answer for all of them, and says for which it does. */
function chosenOf(pulls, { job, context: { defaultBranch } }) {
	const chosen = pulls.find(({ base }) => base.branch === defaultBranch) ?? pulls[0];
	const others = pulls.filter((pull) => pull !== chosen).map(({ number, base }) => `#${number} (into ${base.branch})`);
	if (chosen !== void 0 && others.length > 0) job.notice(`judged for #${chosen.number}, into ${chosen.base.branch}; the same head is proposed in ${others.join(", ")}`);
	return chosen;
}

// src/action/deployment.ts
/**
* Where to measure, if the event of this run is the status of a deployment: at its `environment_url`, once it succeeded.
* `target_url` is not looked at: it is an older name of the log. Any other event leaves the place as it is.
*
* @throws {InputError} for a deployment that is up and nowhere to be reached.
*/
async function deployed(place) {
	const { deployment: status } = place.context;
	if (status === void 0) return {
		kind: "up",
		place
	};
	const seen = await placeOfCommit(place, place.context.sha);
	if (status.state === "failure" || status.state === "error") return {
		kind: "never",
		place: seen,
		status
	};
	if (status.state !== "success") return {
		kind: "not-yet",
		place: seen,
		why: notYet(status)
	};
	return {
		kind: "up",
		place: measuredAt(seen, status)
	};
}
/** The record of a deployment that never came up, which measured nothing. */
async function undeployed(place, file, status) {
	const loaded = await loadSuite(file, [], "not needed", filePorts);
	const { suite, notes } = await judgedSuite(place, loaded.suite, file);
	const { createdAt, logUrl } = status;
	return {
		suite,
		suitePath: file,
		record: unmeasured$1({
			tool: TOOL,
			suite: {
				name: suite.name,
				digest: loaded.digest,
				seed: suite.seed
			},
			provenance: provenanceOf(place.context),
			startedAt: createdAt,
			finishedAt: createdAt,
			why: neverCameUp(status)
		}),
		notes,
		links: logUrl === "" ? [] : [{
			label: "The log of the deployment",
			url: logUrl
		}]
	};
}
function measuredAt(place, { environmentUrl, environment }) {
	const { job, inputs } = place;
	if (inputs.endpoint !== "") return place;
	if (environmentUrl === "") throw new InputError(`the deployment to ${nameOf$2(environment)} does not say where it can be reached`, { hint: "let whoever deploys set environment_url in the status of the deployment, or write endpoint" });
	if (URL.canParse(environmentUrl)) for (const secret of secretsOfUrl(environmentUrl)) job.secret(secret);
	return {
		...place,
		inputs: {
			...inputs,
			endpoint: environmentUrl
		}
	};
}
const notYet = ({ state, environment }) => state === "inactive" ? `the deployment to ${nameOf$2(environment)} was replaced by another one` : `the deployment to ${nameOf$2(environment)} is not up yet (${state})`;
function neverCameUp({ state, environment, description }) {
	const said = description === "" ? "" : ` It says: ${description}`;
	return {
		code: "deployment-failed",
		headline: `the preview never came up: its deployment ended with ${state}`,
		message: `the deployment to ${nameOf$2(environment)} ended with ${state}, so that nothing was measured; its own log says why.${said}`
	};
}
const nameOf$2 = (environment) => environment || "an environment without a name";

// src/action/job.ts
const DONE = { kind: "done" };

// src/core/compare/admit.ts
/**
* Keys of {@link RunRecord.environment} that must not differ between runs that are compared. Of GPUs the model and the
* number are one key (`2 × NVIDIA H100`), and the client's library carries its version (`undici 8.12.4 http/1.1`).
*
* A key that only one of the two records has is no difference and no equality either: the run counts, because a
* scrape that failed once must not leave a repository without a baseline, and the reader is told (see
* {@link UnknownEnvironment}). Node's own version and the processor are for the reader to weigh: hosted runners change
* both from one day to the next.
*/
const MUST_MATCH = [
	"suite.variant",
	"endpoint.class",
	"target.protocol",
	"protocol.engine",
	"gpu.models",
	"gpu.driver",
	"client.http",
	"client.os",
	"client.runner"
];
/** Runs that may be compared with `head`, in the given order, the reason for every other one, and what is not known of them. */
function admitBaselines(head, candidates) {
	const judged = candidates.map((candidate) => ({
		candidate,
		reason: whyNotComparable(head, candidate.record) ?? whyNothingShared(head, candidate.record)
	}));
	const runs = judged.flatMap(({ candidate, reason }) => reason === void 0 ? [candidate] : []);
	return {
		runs,
		refused: judged.flatMap(({ candidate: { origin }, reason }) => reason === void 0 ? [] : [{
			origin,
			reason
		}]),
		unknown: MUST_MATCH.flatMap((key) => unknownEnvironment(key, head, runs))
	};
}
/** Why a stored run says nothing about `head`: another workload, environment or schema, or it is spoiled itself. */
function whyNotComparable(head, base) {
	if (base.schema !== 1) return `it is stored in schema ${base.schema}, this tailgate compares schema ${1}: record it again`;
	if (base.shard !== void 0) return `it is shard ${base.shard.index} of ${base.shard.of}, a part of a load`;
	if (base.suite.digest !== head.suite.digest) return `it was measured with another workload (suite digest ${short(base.suite.digest)}, the head's is ${short(head.suite.digest)})`;
	if (base.status !== "complete") return `the run is not complete (${base.status})`;
	const spoiled = base.problems.find(({ severity }) => severity === "invalid");
	if (spoiled !== void 0) return `the run is invalid: ${spoiled.message}`;
	const differences = MUST_MATCH.flatMap((key) => {
		const [there, here] = [base.environment[key], head.environment[key]];
		return there === void 0 || here === void 0 || there === here ? [] : [`${key} is ${there}, the head's is ${here}`];
	});
	return differences.length === 0 ? void 0 : `it was measured in another environment (${differences.join("; ")})`;
}
function whyNothingShared(head, base) {
	const measured = new Set(scenariosWithData(head));
	return scenariosWithData(base).some((name) => measured.has(name)) ? void 0 : "it has no scenario in common with the head";
}
function unknownEnvironment(key, head, runs) {
	const here = head.environment[key];
	const there = runs.map(({ record }) => record.environment[key]);
	const silent = there.filter((value) => value === void 0 !== (here === void 0)).length;
	if (silent === 0) return [];
	return [{
		key,
		head: here,
		bases: [...new Set(there)].filter((value) => value !== void 0).sort(),
		runs: silent
	}];
}
const scenariosWithData = (record) => record.scenarios.filter(({ arms }) => (arms.head?.blocks.length ?? 0) > 0).map(({ name }) => name);
const short = (digest) => digest.slice(0, 12);

// src/core/compare/attempts.ts
const NO_ATTEMPTS = {
	candidates: [],
	refused: []
};
/**
* The earlier attempts that count into the verdict on `run`, oldest first, and a note for each one that does not. One
* counts if it is whole, of the same commit where both records know theirs, and measured in the same way; what it showed
* does not matter. Else measuring the same code until one likes the answer would be a new test each time.
*
* A run that was found twice counts once, and `run` itself not again: the same records give the same verdict.
*/
function admitAttempts(run, found) {
	const notes = found.refused.map(refusedNote);
	const attempts = [];
	for (const candidate of inOrderOfTime$1(found.candidates)) {
		const reason = [...attempts.map(({ record }) => record), run].some((known) => isSameRun(known, candidate.record)) ? "it is a copy of a run that counts already" : whyNotAnAttempt(run, candidate.record);
		if (reason !== void 0) notes.push(refusedNote({
			origin: candidate.origin,
			reason
		}));
		else {
			attempts.push({
				...candidate,
				record: withScenariosOf(run, candidate.record)
			});
			notes.push(...otherBase(run, candidate));
		}
	}
	return {
		attempts,
		notes
	};
}
/** By the start of each run; copies are told apart by where they come from, so that the order never depends on the search. */
const inOrderOfTime$1 = (runs) => runs.toSorted((a, b) => Date.parse(a.record.startedAt) - Date.parse(b.record.startedAt) || (a.origin < b.origin ? -1 : 1));
/** Whether two records are one run, or hold the very same measurements: no clock repeats a run to the microsecond. */
function isSameRun(a, b) {
	const [one, other] = [a.provenance, b.provenance];
	return one.runId !== void 0 && one.runId === other.runId && one.runAttempt === other.runAttempt && a.startedAt === b.startedAt || measurementsOf(a) === measurementsOf(b);
}
/** Whether something that is known about a run, or about one of its scenarios, keeps it from being evidence. */
const isSpoiled = ({ status, problems }) => status !== "complete" || problems.some(({ severity }) => severity === "invalid");
function whyNotAnAttempt(run, earlier) {
	const [here, there] = [run.provenance.commit, earlier.provenance.commit];
	if (here !== void 0 && there !== void 0 && here !== there) return `it is of another commit (${there.slice(0, 10)}, this run is of ${here.slice(0, 10)})`;
	const reason = whyNotComparable(run, earlier);
	if (reason !== void 0 || !hasBlocks(run)) return reason;
	if (isLive(earlier) !== isLive(run)) return isLive(earlier) ? "it was measured beside a live base, and this run was not" : "it was measured without the live base of this run";
	return whyNothingShared(run, earlier);
}
/** Each live attempt is compared with its own base; a reader has to know where that was not this run's. */
function otherBase(run, { origin, record }) {
	const [here, there] = [run.provenance.baseCommit, record.provenance.baseCommit];
	if (!isLive(record) || here === void 0 || there === void 0 || here === there) return [];
	return [{
		severity: "warning",
		code: "attempt-other-base",
		message: `an earlier attempt was measured beside another base: ${origin}: ${`the base branch was at ${there.slice(0, 10)} then and at ${here.slice(0, 10)} for this run`}; each attempt is compared with its own base`
	}];
}
const refusedNote = ({ origin, reason }) => ({
	severity: "warning",
	code: "attempt-refused",
	message: `an earlier attempt does not count: ${origin}: ${reason}`
});
/** What `run` left out is not judged: it keeps its place, because only the first scenario of a run tells of a start. */
function withScenariosOf(run, earlier) {
	if (!hasBlocks(run)) return earlier;
	const wanted = new Set(run.scenarios.map(({ name }) => name));
	return {
		...earlier,
		scenarios: earlier.scenarios.map((scenario) => wanted.has(scenario.name) ? scenario : {
			...scenario,
			arms: {}
		})
	};
}
const isLive = ({ scenarios }) => scenarios.some(({ arms }) => arms.base !== void 0);
const blocksOf$1 = ({ scenarios }) => scenarios.flatMap(({ arms }) => [...arms.base?.blocks ?? [], ...arms.head?.blocks ?? []]);
const hasBlocks = (record) => blocksOf$1(record).length > 0;
/** Text that is equal only for the same measurements; one of its own for a run without any. */
const measurementsOf = (record) => hasBlocks(record) ? JSON.stringify(record.scenarios.map(({ name, arms }) => [name, [arms.base, arms.head].map((arm) => arm?.blocks.map(({ index, startS, offered, ok, histograms }) => [
	index,
	startS,
	offered,
	ok,
	Object.entries(histograms).toSorted(([a], [b]) => a < b ? -1 : 1)
]))])) : `${record.provenance.runId} ${record.provenance.runAttempt} ${record.startedAt} ${record.finishedAt}`;

// src/core/compare/choose-baseline.ts
/**
* What the newest of `heads`, `head`, is compared with: its own live base arm if there is one, else the stored runs that
* may be compared, else the pinned files that may. A live base was driven in turn with the head, minutes ago, from the
* same place.
*/
function chooseBaseline(heads, head, found) {
	if (heads.every(({ scenarios }) => scenarios.some(({ arms }) => arms.base !== void 0))) {
		const unused = found.candidates.map(({ origin }) => ({
			origin,
			reason: "not used: the base endpoint was driven live"
		}));
		return {
			baseline: {
				kind: "live",
				refused: [...found.refused, ...unused]
			},
			unknown: [],
			pinnedBecause: void 0
		};
	}
	const admitted = admitBaselines(head, found.candidates);
	const refused = [...admitted.refused, ...found.refused];
	if (admitted.runs.length > 0) return stored$1(admitted, refused, void 0);
	const reason = refused.length === 0 ? found.absence : noneUsable(refused, "baseline", "baselines");
	const pinned = admitBaselines(head, found.pinned?.candidates ?? []);
	const refusedFiles = [...pinned.refused, ...found.pinned?.refused ?? []];
	if (pinned.runs.length > 0) return stored$1(pinned, [...refused, ...refusedFiles], reason);
	return {
		baseline: {
			kind: "none",
			reason: [reason, ...refusedFiles.length === 0 ? [] : [noneUsable(refusedFiles, "pinned file", "pinned files")]].join("; "),
			refused: [...refused, ...refusedFiles]
		},
		unknown: [],
		pinnedBecause: void 0
	};
}
const stored$1 = ({ runs, unknown }, refused, pinnedBecause) => ({
	baseline: {
		kind: "stored",
		runs,
		refused
	},
	unknown,
	pinnedBecause
});
/** Said of all only where it is true of all. */
function noneUsable(refused, one, many) {
	const { reason } = refused[0];
	if (refused.length === 1) return `the only ${one} found cannot be used: ${reason}`;
	const none = `none of the ${refused.length} ${many} found can be used`;
	return refused.every((other) => other.reason === reason) ? `${none}: ${reason}` : `${none}; the nearest: ${reason}`;
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
/** z with P(Z ≤ z) = p; ±Infinity at p = 1 and 0. To the last digits of {@link normalCdf}. */
function normalQuantile(p) {
	if (p > .5) return -normalQuantile(1 - p);
	if (p <= 0) return Number.NEGATIVE_INFINITY;
	return crossing((z) => normalCdf(z) - p, -40, 0);
}
/** P(T ≤ t) of Student's t with `df` > 0 degrees of freedom, not necessarily whole. */
function studentCdf(t, df) {
	const tail = studentTail(t, df);
	return t < 0 ? tail : 1 - tail;
}
/** t with P(T ≤ t) = p for 0 < p < 1 and df > 0; ±Infinity at p = 1 and 0. */
function studentQuantile(p, df) {
	if (p < .5) return -studentQuantile(1 - p, df);
	if (p >= 1) return Number.POSITIVE_INFINITY;
	if (p === .5) return 0;
	let high = 1;
	while (studentTail(high, df) > 1 - p) high *= 2;
	return crossing((t) => 1 - p - studentTail(t, df), high > 1 ? high / 2 : 0, high);
}
/** P(T > |t|). */
const studentTail = (t, df) => betaCdf(df / (df + t * t), df / 2, .5) / 2;
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
const betaQuantile = (p, a, b) => p <= 0 ? 0 : p >= 1 ? 1 : crossing((x) => betaCdf(x, a, b) - p, 0, 1);
/**
* Where a function that is negative at `low` and not at `high` reaches 0, to the last digit or two: bisection that goes
* by inverse quadratic interpolation where the function is smooth enough for it. Of several such points, any.
*
* @returns `low` where the function is not negative even there, `high` where it still is.
*
* Source: Chandrupatla (1997), Adv. Eng. Softw. 28(3).
*/
function crossing(f, low, high) {
	let [x1, x2, x3] = [
		high,
		low,
		high
	];
	let [f1, f2, f3] = [
		f(high),
		f(low),
		0
	];
	if (!(f2 < 0)) return low;
	if (f1 < 0) return high;
	const smallest = Number.EPSILON * (high - low);
	for (let share = .5;;) {
		const x = x1 + share * (x2 - x1);
		const value = f(x);
		if (value < 0 === f1 < 0) [x3, f3] = [x1, f1];
		else [x3, f3, x2, f2] = [
			x2,
			f2,
			x1,
			f1
		];
		[x1, f1] = [x, value];
		const best = Math.abs(f1) < Math.abs(f2) ? x1 : x2;
		const least = Number.EPSILON * Math.max(Math.abs(best), smallest) / Math.abs(x2 - x1);
		if (value === 0 || !(least < .5)) return best;
		const chi = (x1 - x2) / (x3 - x2);
		const phi = (f1 - f2) / (f3 - f2);
		const isSmooth = phi ** 2 < chi && (1 - phi) ** 2 < 1 - chi;
		const step = f1 / (f2 - f1) * (f3 / (f2 - f3)) + (x3 - x1) / (x2 - x1) * (f1 / (f3 - f1)) * (f2 / (f3 - f2));
		share = isSmooth ? Math.min(1 - least, Math.max(least, step)) : .5;
	}
}
const guard = (value) => Math.abs(value) < 1e-300 ? 1e-300 : value;
const logBeta = (a, b) => gammaln(a) + gammaln(b) - gammaln(a + b);

// src/core/stats/ratio-of-sums.ts
/** Σpart / Σwhole; NaN where nothing was measured. */
const ratioOf = (shares) => sum$4(shares, "part") / sum$4(shares, "whole");
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
	part: sum$4(shares, "part"),
	whole: sum$4(shares, "whole")
});
function contributions(clusters, scale) {
	const { part, whole } = addShares(clusters);
	return clusters.map((cluster) => scale === "log" ? cluster.part / part - cluster.whole / whole : (cluster.part - part / whole * cluster.whole) / whole);
}
const errorOfTotal = (parts) => parts.length < 2 ? void 0 : sampleStandardDeviation(parts) * Math.sqrt(parts.length);
const sum$4 = (shares, key) => shares.reduce((total, share) => total + share[key], 0);

// src/core/stats/paired-quantiles.ts
/**
* Log ratio of a quantile between two arms, with an interval that holds for dependent requests: the share of requests
* beyond the pooled quantile is compared pair by pair, its standard error over units is turned into values through
* both distribution functions (Woodruff 1952, JASA 47), and the arms' bounds are joined by MOVER (Zou & Donner 2008,
* Stat. Med. 27). No density is estimated and only histograms are needed.
*
* That alone believes too much where a few blocks hold all slow requests: beyond one's own percentile there is by
* definition hardly anything, so a burst that fills two blocks looks like a small one. A bound therefore keeps to its
* side of "no change" only if the score test says so as well, in which both arms are cut at one value, the percentile of
* all requests together, and one full block counts in full (Rao 1948; a t of √k for k such blocks, however slow they are).
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
	const seen = Math.max(clustered / Math.SQRT2, leastError$1(base, head, p));
	const s = isBetweenModes(base, head, p) ? Math.hypot(seen, MIX_DEVIATION) : seen;
	const linear = Math.SQRT2 * s * ((slope(base, p, s) + slope(head, p, s)) / 2);
	const distance = (up, down, t) => {
		const reach = Math.min(t, FURTHEST);
		const bound = Math.hypot(logQuantile(up, p + reach * s) - logQuantile(up, p), logQuantile(down, p) - logQuantile(down, p - reach * s));
		return t === 0 ? 0 : t * Math.max(bound / reach, linear);
	};
	const score = scoreOf$1(units, base, head, p);
	const toNoChange = (t, sign) => sign * score < t ? Math.max(0, sign * estimate) : 0;
	return {
		estimate,
		logBase,
		logHead,
		spread: {
			df: units.length - 1,
			below: (t) => Math.max(distance(base, head, t), toNoChange(t, 1)),
			above: (t) => p + t * s < 1 ? Math.max(distance(head, base, t), toNoChange(t, -1)) : Number.POSITIVE_INFINITY
		}
	};
}
/** Even if all units happen to agree, half the binomial error remains. */
const leastError$1 = (base, head, p) => .5 * Math.sqrt(p * (1 - p) / Math.min(base.total, head.total));
/**
* Student's t of "the head has more requests beyond the percentile of all requests together", over units; its sign is that
* of the difference.
*/
function scoreOf$1(units, base, head, p) {
	const cut = logQuantile(mergeBins([base, head]), p);
	const [beyondBase, beyondHead] = [exceedance(base, cut), exceedance(head, cut)];
	const contributions = units.map((unit) => unit.head.total / head.total * (exceedance(unit.head, cut) - beyondHead) - unit.base.total / base.total * (exceedance(unit.base, cut) - beyondBase));
	const error = Math.max(sampleStandardDeviation(contributions) * Math.sqrt(units.length), Math.SQRT2 * leastError$1(base, head, p));
	return (beyondHead - beyondBase) / error;
}
/**
* Standard deviation of the share of requests in one mode between two deployments of one build: a cache that is a little
* fuller, a batch that closes a little earlier. Where the distribution is dense it moves a percentile by less than
* anything else; between two modes it moves it from one to the other, and no length of measuring shows it.
*/
const MIX_DEVIATION = .01;
/** Whether that moves a percentile of the body, p10 to p90, by more than 2 %: it then lies in a gap. */
function isBetweenModes(base, head, p) {
	if (Math.min(p, 1 - p) < .0999) return false;
	return [base, head].map((bins) => logQuantile(bins, p + MIX_DEVIATION) - logQuantile(bins, p - MIX_DEVIATION)).some((distance) => distance / 2 > .02);
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
	const batches = batchesOf(blocks);
	const pooled = mergeBins(batches);
	const log = logQuantile(pooled, p);
	if (log === void 0) return void 0;
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
	const filled = blocks.filter((block) => block.total > 0);
	const scaled = commonScaling(filled);
	if (scaled === void 0) return boundsOf(filled)(p, alpha);
	const { low, high } = quantileBounds(scaled.from, p, alpha);
	const shift = Math.log(scaled.factor);
	return {
		low: low === void 0 ? void 0 : low + shift,
		high: high === void 0 ? void 0 : high + shift
	};
}
/** The self-test asks for the bounds of the base again. */
const boundsOf = oncePerList((blocks) => {
	const known = /* @__PURE__ */ new Map();
	return (p, alpha) => {
		const key = `${p} ${alpha.low} ${alpha.high}`;
		const bounds = known.get(key) ?? findBounds(batchesOf(blocks), p, alpha);
		known.set(key, bounds);
		return bounds;
	};
});
function findBounds(batches, p, alpha) {
	if (batches.length < 2) return {
		low: void 0,
		high: void 0
	};
	/** I_{1−p} of the share beyond x, with one request more on the side where the bound is the further one. */
	const chanceAt = (tail, more) => {
		const worth = studentised(batches.length - 1, tail);
		return (log) => {
			const { value, trials } = effectiveTrials(batches.map((batch) => ({
				part: exceedance(batch, log) * batch.total,
				whole: batch.total
			})), worth);
			return betaCdf(1 - p, value * trials + more, (1 - value) * trials + 1 - more);
		};
	};
	const [chanceBelow, chanceAbove] = [chanceAt(alpha.high, 1), chanceAt(alpha.low, 0)];
	const isBelow = (log) => ifNumber(chanceBelow(log) - (1 - alpha.high), -1);
	const isNotAbove = (log) => ifNumber(chanceAbove(log) - alpha.low, 1);
	const pooled = mergeBins(batches);
	const [least, middle, most] = [
		0,
		p,
		1
	].map((q) => logQuantile(pooled, q));
	return {
		low: isNotAbove(least) < 0 ? crossingInBins(isNotAbove, pooled, [least, middle]) : void 0,
		high: isBelow(most) >= 0 ? crossingInBins(isBelow, pooled, [middle, most]) : void 0
	};
}
/**
* As {@link crossing}, for a function of the logarithm of a value that bends at the edges of bins: halves the range until
* one bin, or one gap between two, is left.
*/
function crossingInBins(f, bins, [low, high]) {
	const placeOf = (log) => {
		const bin = firstBinAbove(bins, log);
		return 2 * bin + (bin < bins.count.length && log >= Math.log(bins.low[bin]) ? 1 : 0);
	};
	let [below, above] = [low, high];
	for (let [first, last] = [placeOf(low), placeOf(high)]; first < last;) {
		const middle = (below + above) / 2;
		if (middle <= below || middle >= above) return above;
		if (f(middle) >= 0) [above, last] = [middle, placeOf(middle)];
		else [below, first] = [middle, placeOf(middle)];
	}
	return crossing(f, below, above);
}
const ifNumber = (value, otherwise) => Number.isNaN(value) ? otherwise : value;
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
	const [{ value, trials: nLow }, { trials: nHigh }] = [alpha.low, alpha.high].map((tail) => effectiveTrials(groups, studentised(groups.length - 1, tail)));
	return {
		value,
		low: value === 0 ? 0 : betaQuantile(alpha.low, value * nLow, (1 - value) * nLow + 1),
		high: value === 1 ? 1 : betaQuantile(1 - alpha.high, value * nHigh + 1, (1 - value) * nHigh)
	};
}
const batchesOf = (blocks) => groupAdjacent(blocks.filter((block) => block.total > 0), 10).map(mergeBins);
/** @param worth what a trial is worth where the spread between batches is what is known, see {@link studentised}. */
function effectiveTrials(batches, worth) {
	const { part, whole } = addShares(batches);
	const value = part / whole;
	const error = ratioError(batches, "linear") ?? 0;
	const independent = value * (1 - value) / whole;
	return {
		value,
		trials: error * error > independent && independent > 0 ? Math.min(whole, value * (1 - value) / (error * error) * worth) : whole
	};
}
/** A standard error known from few clusters is worth fewer trials: the ratio of the normal to Student's quantile, squared. */
function studentised(df, tail) {
	return df < 1 || df > 1e6 || tail >= .5 ? 1 : (normalQuantile(tail) / studentQuantile(tail, df)) ** 2;
}

// src/core/compare/amount.ts
/**
* Every metric that is not a percentile, as a part of a whole in one block, so that blocks add up: requests of seconds,
* failures or retried requests of requests, joules of requests; a gauge's mean as its integral over time. A peak and a
* start have no sum: their whole is 1.
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
	const { durationS, offered, ok, attempts, labelled, tokens, gauges } = block;
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
		case "ratio":
			if (measure.of === "retries") return attempts === void 0 ? void 0 : {
				part: attempts.retried,
				whole: offered
			};
			if (measure.of === "wrong") return labelled === void 0 ? void 0 : {
				part: labelled.wrong,
				whole: labelled.answers
			};
			return {
				part: offered - ok,
				whole: offered
			};
		case "start": {
			const seen = gauges[metric];
			return seen === void 0 ? void 0 : {
				part: seen.max,
				whole: 1
			};
		}
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
* stored runs and more. A suite that knows the spread of its medians (`median`) moves those of times and rates with it.
*/
function betweenRunDeviation(metric, load, median = USUAL) {
	const { measure } = METRICS[metric];
	switch (measure.kind) {
		case "quantile": return median * (measure.p > .99 ? 3 : measure.p > .95 ? 1.5 : measure.p > .9 ? 1.17 : 1);
		case "rate": return load.kind === "open" && measure.of === "requests" ? .005 : median;
		case "ratio": return .001;
		case "start": return metric === "cold.steady" ? .7 : .3;
		case "gauge": return GAUGES[metric] ?? .03;
	}
}
/**
* How much two deployments driven in turn differ beyond what their blocks show. On one host little is left of the
* spread between runs; on different hosts or GPUs all of it, since driving them in turn cancels time and not place. A
* suite that knows it is believed. Failures are counted, not timed: place adds nothing.
*/
function betweenDeployments(metric, load, sameHost, { betweenRuns, betweenDeployments }) {
	if (METRICS[metric].measure.kind === "ratio") return 0;
	if (betweenDeployments !== void 0) return betweenRunDeviation(metric, load, betweenDeployments);
	return betweenRunDeviation(metric, load, betweenRuns) / (sameHost ? 6 : 1);
}
/** Standard deviation of the median between runs, log units, where nobody knows better. */
const USUAL = .03;
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
		const arm = armQuantile(bins, measure.p);
		const { low, high } = quantileBounds(bins, measure.p, levels);
		return {
			value: Math.exp(arm.log),
			low: exponent(low),
			high: exponent(high),
			n: countOf$1(metric, filled, read)
		};
	}
	const shares = filled.map((block) => amountOf(metric, block));
	if (measure.kind === "ratio") return {
		...shareBounds(shares, levels),
		n: countOf$1(metric, filled, read)
	};
	const isPeak = countsHighest(metric);
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
/** How many observations blocks hold: requests of a quantile or a share, blocks of a gauge or a rate. */
function countOf$1(metric, blocks, read) {
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") return blocks.reduce((sum, block) => sum + read(block, measure.of).total, 0);
	const shares = blocks.flatMap((block) => amountOf(metric, block) ?? []);
	return measure.kind === "ratio" ? addShares(shares).whole : shares.length;
}
/** Whether the natural change of a metric is a difference in its unit, not a ratio. */
function differs(metric) {
	const { measure } = METRICS[metric];
	return measure.kind === "ratio" || measure.kind === "gauge" && measure.scale === "difference";
}
/** Whether the highest of several values stands for all: a peak, or the slowest of several starts. */
function countsHighest(metric) {
	const { measure } = METRICS[metric];
	return measure.kind === "start" || measure.kind === "gauge" && measure.aggregate === "max";
}
/** The highest of the blocks' peaks. */
const peakOf = (shares) => max(shares.map(({ part }) => part));
/** A peak is as uncertain as the blocks' peaks differ: it is no mean, and more blocks do not make it surer. */
const peakError = (shares, scale) => shares.length < 2 ? void 0 : sampleStandardDeviation(shares.map(({ part }) => onScale(part, scale)));
const exponent = (log) => log === void 0 ? void 0 : Math.exp(log);

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

// src/core/compare/delta-scale.ts
/** @param base value from which a change is counted, in the metric's unit. Of 0 there is no percentage. */
function openDeltaScale(metric, scale, base) {
	const isDifference = differs(metric) || base === 0;
	const sign = METRICS[metric].better === "lower" ? 1 : -1;
	return {
		isDifference,
		sign,
		display: (x) => isDifference ? x : scale === "log" ? Math.expm1(x) : x / Math.abs(base),
		working(size) {
			if (isDifference) return size;
			if (scale === "linear") return size * Math.abs(base);
			return sign === 1 ? Math.log1p(size) : size < 1 ? -Math.log1p(-size) : Number.POSITIVE_INFINITY;
		}
	};
}

// src/core/compare/conclude.ts
/**
* Turns a measured shift into the numbers a decision needs: on the scale people speak in, with the metric's direction
* taken out, at the levels of this look. The only place that knows which direction is the better one.
*/
function concludeShift(metric, shift, gate, levels) {
	const { scale, estimate, base, head } = shift;
	const { isDifference, display, sign, working: workingMargin } = openDeltaScale(metric, scale, base.value);
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
	const tFail = studentQuantile(1 - levels.fail, df);
	const tPass = studentQuantile(1 - levels.pass, df);
	const tShown = studentQuantile((1 + CONFIDENCE) / 2, df);
	const noise = METRICS[metric].measure.kind === "ratio" ? Math.max(toBetter.below(tFail), toBetter.above(tFail)) : toBetter.below(tFail);
	const blocksFrom = Math.max(margin === void 0 ? 0 : workingMargin(margin), noise);
	return {
		delta: deltaOf(estimate - below(tShown), estimate + above(tShown)),
		margin,
		resolvableMargin: finite(worseThan(blocksFrom + FOUR_IN_FIVE * noise / tFail)),
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
		const t = studentQuantile(1 - (isBeyond ? levels.fail : levels.pass), Math.max(df, LATER_DF)) + FOUR_IN_FIVE;
		const reach = Math.min(tPass, FAR);
		const above = toBetter.above(reach);
		const error = isBeyond ? toBetter.below(NEAR) / NEAR : (Number.isFinite(above) ? above : toBetter.below(reach)) / reach;
		const room = distance ** 2 - (t * shift.lastingError) ** 2;
		const factor = t ** 2 * (error ** 2 - shift.lastingError ** 2) / room;
		return room > 0 ? factor : Number.POSITIVE_INFINITY;
	}
}
/** A bound close to the estimate, in standard errors. */
const NEAR = 1.5;
/** And one beyond which only single requests lie. */
const FAR = 3.2;
/** Degrees of freedom of the twelve pairs that a live run is planned with where it can be. */
const LATER_DF = 11;
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

// src/core/stats/sequential.ts
/**
* One-sided level at which the last of several looks may reject, so that all of them together reject a true hypothesis
* with probability `alpha` × `spent` of that look, and no more. With one look that spends everything it is `alpha`.
*
* Exact for estimates with independent increments: the boundaries are solved one after the other by integrating the
* density of what has not been rejected yet (Armitage, McPherson & Rowe 1969, J. R. Stat. Soc. A 132; alpha spending:
* Lan & DeMets 1983, Biometrika 70). Looks need not be planned in number or time, only their spending must not depend
* on what was seen.
*
* @param looks at least one. A look that brings no information rejects where the one before did.
* @param alpha in (0, 0.5).
*/
function nominalLevel(looks, alpha) {
	const [first, ...later] = looks;
	if (first === void 0) throw new RangeError("a test needs a look");
	let level = alpha * first.spent;
	let boundary = -normalQuantile(level);
	let open = standardNormal$1;
	let before = first;
	for (const look of later) {
		const correlation = Math.sqrt(before.information / look.information);
		const spread = Math.sqrt(1 - correlation ** 2);
		if (!(spread > LEAST_SPREAD)) continue;
		const points = weigh(open, boundary, spread);
		const may = alpha * (look.spent - before.spent);
		const passing = (z) => integrate(points, (x) => normalCdf((correlation * x - z) / spread));
		boundary = crossing((z) => may - passing(z), 0, HIGHEST);
		level = normalCdf(-boundary);
		open = (z) => integrate(points, (x) => standardNormal$1((z - correlation * x) / spread) / spread);
		before = look;
	}
	return level;
}
/**
* Share of the level that may be spent when a share `t` of the largest planned information has been seen: nearly the
* same hurdle at every look (Pocock's, as a spending function: Lan & DeMets 1983). 0 at 0, 1 at 1.
*/
const pocockSpending = (t) => Math.log1p((Math.E - 1) * Math.min(1, Math.max(0, t)));
const LOWEST = -8.5;
const HIGHEST = 40;
/** Evidence that grew by less than a millionth tells nothing new. */
const LEAST_SPREAD = .001;
/** Points of a Gauss–Legendre quadrature below the boundary, dense enough for a kernel as narrow as `spread`. */
function weigh(density, boundary, spread) {
	const half = (Math.min(boundary, 8.5) - LOWEST) / 2;
	const { nodes, weights } = gaussLegendre(Math.ceil(Math.max(64, 8 * half / spread)));
	const z = nodes.map((node) => LOWEST + half * (1 + node));
	return {
		z,
		mass: weights.map((weight, i) => half * weight * density(z[i]))
	};
}
function integrate({ z, mass }, value) {
	let sum = 0;
	for (let i = 0; i < z.length; i++) sum += mass[i] * value(z[i]);
	return sum;
}
/** Nodes in [−1, 1] and weights, by Newton's method on the Legendre polynomial (Abramowitz & Stegun 1964, 25.4.29). */
function gaussLegendre(count) {
	const nodes = new Float64Array(count);
	const weights = new Float64Array(count);
	for (let i = 0; i < count; i++) {
		let x = Math.cos(Math.PI * (i + .75) / (count + .5));
		let slope = 1;
		for (let step = 1; Math.abs(step) > 1e-15; x -= step) {
			let [previous, value] = [1, x];
			for (let k = 2; k <= count; k++) [previous, value] = [value, ((2 * k - 1) * x * value - (k - 1) * previous) / k];
			slope = count * (x * value - previous) / (x * x - 1);
			step = value / slope;
		}
		nodes[i] = x;
		weights[i] = 2 / ((1 - x * x) * slope * slope);
	}
	return {
		nodes,
		weights
	};
}
const standardNormal$1 = (z) => Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);

// src/core/compare/levels.ts
/**
* The levels at which a scenario is judged now, so that all looks at the evidence of one commit together keep the
* suite's error rates: passes over the load while it ran, and further attempts. The first attempt may spend
* {@link SHARE} of each rate, every later one as much of what is left: however often a job is run again, it is one test,
* and a re-run never starts from zero.
*
* @param tests promises of the suite that share the chance of a false alarm (Bonferroni: for the one question "is
*   anything worse?" Holm's procedure is no sharper).
*/
function openLevels(policy, tests) {
	const known = /* @__PURE__ */ new Map();
	return ({ attempts, against }) => {
		const looks = looksOf(attempts, against);
		const key = JSON.stringify(looks);
		const levels = known.get(key) ?? {
			fail: nominalLevel(looks, policy.falseAlarm / tests),
			pass: nominalLevel(looks, policy.falsePass)
		};
		known.set(key, levels);
		return levels;
	};
}
/**
* Share of an error rate that the first attempt at a commit may spend; later ones share the rest in the same way. A live
* run that is undecided goes on by itself, and a second attempt is the exception. Against stored runs a second run is
* the only way to know more, so more is left for it.
*/
const SHARE = {
	live: .9,
	runs: .6
};
/** All looks at the evidence of these attempts, in order of time. */
function looksOf(attempts, against) {
	const own = against.kind === "runs" ? SHARE.runs : SHARE.live;
	let earlierPasses = 0;
	return attempts.flatMap(({ passes, most }, attempt) => {
		const left = (1 - own) ** attempt;
		const looks = passes.map((pass) => {
			const share = pass / most;
			return {
				information: against.kind === "runs" ? 1 / (1 / (attempt + share) + 1 / against.bases.length) : earlierPasses + pass,
				spent: 1 - left + left * own * pocockSpending(share)
			};
		});
		earlierPasses += passes.at(-1) ?? 0;
		return looks;
	});
}

// src/core/stats/between-runs.ts
/**
* Compares new runs with K stored ones when runs of one build differ by more than their insides show: a prior variance
* worth {@link PRIOR_WEIGHT} runs is blended with the variance of the stored runs, so that three lucky runs do not make
* a narrow interval. sqrt(1/R + 1/K) is the prediction error of R new runs.
*
* A prior that is far too small would make the interval too narrow for ever, however many runs are stored. Where the
* stored runs spread by more than it allows in one case of twenty (χ² test of their variance), they alone are believed.
*
* @param bases K ≥ 1, heads R ≥ 1. With K = 1 and nothing earlier the prior stands alone.
* @param prior standard deviation expected between runs, in the unit of `value`.
* @param earlier stored runs of other levels, one list a level: they say nothing about where the bases lie, and how much
*   runs differ they tell like any others, each around the mean of its own list.
*
* Source: normal–inverse-χ² prior, Gelman et al. (2013), Bayesian Data Analysis, §3.3.
*/
function compareWithRuns(bases, heads, prior, earlier = []) {
	const runs = bases.length;
	const levels = [bases, ...earlier];
	const within = mean(levels.flat().map(({ standardError }) => standardError ** 2));
	const { seen, df: seenDf } = varianceAround(levels);
	const expected = prior ** 2 + within;
	const believed = isContradicted(seen, seenDf, expected) ? 0 : 6;
	const df = believed + seenDf;
	const variance = (believed * expected + seenDf * seen) / df;
	const excess = Math.max(0, mean(heads.map(({ standardError }) => standardError ** 2)) - within);
	return {
		estimate: mean(heads.map(({ value }) => value)) - mean(bases.map(({ value }) => value)),
		standardError: Math.sqrt((variance + excess) / heads.length + variance / runs),
		df,
		runDeviation: Math.sqrt(variance),
		betweenDeviation: Math.sqrt(Math.max(0, variance - within))
	};
}
/** How many runs the prior is worth. */
const PRIOR_WEIGHT = 6;
/** Variance of runs around the means of their levels; 0 where no level has two runs. */
function varianceAround(levels) {
	const several = levels.filter((level) => level.length > 1).map((level) => level.map(({ value }) => value));
	const df = several.reduce((sum, level) => sum + level.length - 1, 0);
	return {
		df,
		seen: df === 0 ? 0 : several.reduce((sum, level) => sum + (level.length - 1) * sampleVariance(level), 0) / df
	};
}
/** Whether a sample variance lies beyond the 95th percentile of what the expected one allows (χ², Wilson & Hilferty 1931). */
function isContradicted(seen, df, expected) {
	if (df < 2) return false;
	const spread = 2 / (9 * df);
	return seen / expected > (1 - spread + 1.6449 * Math.sqrt(spread)) ** 3;
}

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
	if (clusters.length < 2) return void 0;
	return clusteredOf(clusters.map(({ base }) => base))(clusters.map(({ head }) => head));
}
const clusteredOf = oncePerList((bases) => oncePerList((heads) => {
	const base = mergeBins(bases);
	const head = mergeBins(heads);
	if (base.total === 0 || head.total === 0) return void 0;
	const superiority = meanMidCdf(head, base);
	const placements = bases.map((own, i) => heads[i].total / head.total * (meanMidCdf(heads[i], base) - superiority) - own.total / base.total * (meanMidCdf(own, head) - (1 - superiority)));
	const standardError = sampleStandardDeviation(placements) * Math.sqrt(bases.length);
	return {
		p: oneSided(superiority - .5, standardError, bases.length - 1),
		cliffsDelta: 2 * superiority - 1
	};
}));
/**
* Mann–Whitney with the run as the unit: how far the head stands from the base runs, measured in how far each base
* run stands from the others (on the logit of superiority, Student's t on K − 1).
*
* @param bases K ≥ 3 runs; fewer give undefined, as does a run without values.
*/
function runsMannWhitney(bases, heads) {
	if (bases.length < 3 || heads.length === 0 || [...bases, ...heads].some((bins) => bins.total === 0)) return void 0;
	return runsOf$1(bases)(heads);
}
const runsOf$1 = oncePerList((bases) => {
	const runs = bases.length;
	const pooled = mergeBins(bases);
	const others = bases.map((run, k) => logitSuperiority(mergeBins(bases.filter((_, other) => other !== k)), run));
	const spread = Math.max(sampleStandardDeviation(others), LEAST_LOGIT_SPREAD);
	return oncePerList((heads) => {
		const shift = mean(heads.map((run) => logitSuperiority(pooled, run))) - mean(others);
		const standardError = spread * Math.sqrt((1 / heads.length + 1 / runs) / (1 + 1 / (runs - 1)));
		return {
			p: oneSided(shift, standardError, runs - 1),
			cliffsDelta: 2 * meanMidCdf(mergeBins(heads), pooled) - 1
		};
	});
});
/** Stored runs that agree to every digit would make any difference infinitely surprising; 0.01 is a superiority of 0.5025. */
const LEAST_LOGIT_SPREAD = .01;
function logitSuperiority(base, head) {
	const pairs = base.total * head.total;
	const share = (meanMidCdf(head, base) * pairs + .5) / (pairs + 1);
	return Math.log(share / (1 - share));
}
const oneSided = (distance, standardError, df) => standardError > 0 ? 1 - studentCdf(distance / standardError, df) : distance > 0 ? 0 : 1;
/**
* The mean, over the values of `bins`, of the share of `others` that lie below, ties ½: the chance that a random value of
* `bins` exceeds a random one of `others`. ½ for no values. O(bins of both).
*/
function meanMidCdf(bins, others) {
	if (bins.total === 0) return .5;
	const { low, count } = others;
	const own = bins.low;
	let sum = 0;
	for (let i = 0, k = 0, below = 0; i < own.length; i++) {
		while (k < low.length && low[k] < own[i]) below += count[k++];
		const inside = low[k] === own[i] ? count[k] : 0;
		sum += bins.count[i] * ((below + inside / 2) / others.total);
	}
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

// src/core/stats/change-points.ts
/**
* Cuts a short series into stretches that have a level each: those for which the stretches' costs and the cuts' penalties
* together are least. A value adds to the cost of its stretch the square of its distance from the level, in units of
* the noise, and never more than `cap`². That bound tells a stray value from a new level: leaving it where it is costs
* `cap`² at most, and a penalty above that forbids a cut for its sake.
*
* @param values in order of time. Adding a constant to all of them moves no cut.
* @returns the positions at which stretches begin, ascending, the first of them 0; empty for no values. Of cuts that are
*   equally good, the earlier.
*
* Source: Fearnhead & Rigaill (2019), Changepoint detection in the presence of outliers, J. Am. Stat. Assoc. 114(525);
* exact search: Jackson et al. (2005), IEEE Signal Process. Lett. 12(2). O(n⁴) at worst, for n of a few dozen.
*/
function cutIntoLevels(values, { noise, cap, penalty, mayBeSingle }) {
	const n = values.length;
	if (n > 0 && levelOf(values, noise, cap).cost <= Math.min(...values.slice(1).map((_, i) => penalty(i + 1)))) return [0];
	const best = [{
		cost: 0,
		from: 0
	}];
	for (let to = 1; to <= n; to++) {
		let found = {
			cost: Number.POSITIVE_INFINITY,
			from: 0
		};
		for (let from = 0; from < to; from++) {
			if (!(to - from > 1 || n === 1 || from > 0 && mayBeSingle(from) || to < n && mayBeSingle(to))) continue;
			const cost = best[from].cost + levelOf(values.slice(from, to), noise, cap).cost + (from === 0 ? 0 : penalty(from));
			if (cost < found.cost - 1e-9) found = {
				cost,
				from
			};
		}
		best.push(found);
	}
	const starts = [];
	for (let to = n; to > 0; to = best[to].from) starts.unshift(best[to].from);
	return starts;
}
/**
* The level that fits some values best when a distance counts squared, in units of the noise, and never more than
* `cap`², and what it costs. It is the mean of values that are neighbours in rank: all of them where none strays.
*
* @param values at least one, in any order.
*/
function levelOf(values, noise, cap) {
	const origin = values[0];
	const sorted = values.map((value) => (value - origin) / noise).sort((a, b) => a - b);
	const n = sorted.length;
	let found = {
		level: origin,
		cost: Number.POSITIVE_INFINITY
	};
	for (let from = 0; from < n; from++) {
		let [sum, squares] = [0, 0];
		for (let to = from; to < n; to++) {
			sum += sorted[to];
			squares += sorted[to] ** 2;
			const kept = to - from + 1;
			const cost = Math.max(0, squares - sum ** 2 / kept) + (n - kept) * cap ** 2;
			if (cost < found.cost) found = {
				level: origin + noise * sum / kept,
				cost
			};
		}
	}
	return found;
}
/**
* Standard deviation of values around levels that may move a few times, with some stray values among them: from the
* median distance between neighbours in time, which neither changes much. Exact for many normal values.
*
* @param apart positions at which the level is known to move: the distance to the value before is left out.
* @returns undefined where no distance is left; 0 where most neighbours are equal.
*
* Source: Von Neumann et al. (1941), Ann. Math. Stat. 12(2), with a median where they take the mean of squares.
*/
function noiseBetweenNeighbours(values, apart = /* @__PURE__ */ new Set()) {
	const distances = values.flatMap((value, i) => i === 0 || apart.has(i) ? [] : [Math.abs(value - values[i - 1])]);
	return distances.length === 0 ? void 0 : median(distances) / (NORMAL_QUARTILE * Math.SQRT2);
}
/** Normal quantile of 0.75. */
const NORMAL_QUARTILE = .6744897501960817;

// src/core/compare/run-value.ts
const isKnown = (run) => run.standardError !== void 0;
const assumeKnown = ({ value, standardError = 0 }) => ({
	value,
	standardError
});
/** The scale on which runs are compared: the logarithm where all of them are positive and a ratio means something. */
function scaleOf(metric, runs, read) {
	if (METRICS[metric].measure.kind === "quantile") return "log";
	return !differs(metric) && runs.every((run) => (estimateArm(metric, run, read)?.value ?? 0) > 0) ? "log" : "linear";
}
/** @param run blocks of one run, at least one of which has the metric. */
function runValue(metric, run, scale, read) {
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") {
		const blocks = run.map((block) => read(block, measure.of));
		const { log, standardError } = armQuantile(blocks, measure.p);
		if (standardError === void 0) return {
			value: log,
			standardError
		};
		const { low = Number.NEGATIVE_INFINITY } = quantileBounds(blocks, measure.p, {
			low: TWO_SIGMA,
			high: TWO_SIGMA
		});
		const least = logQuantile(mergeBins(blocks), 0);
		return {
			value: log,
			standardError: Math.max(standardError, (log - Math.max(low, least)) / 2)
		};
	}
	const shares = run.flatMap((block) => amountOf(metric, block) ?? []);
	const isPeak = countsHighest(metric);
	const value = isPeak ? peakOf(shares) : ratioOf(shares);
	const seen = isPeak ? 0 : ratioError(groupAdjacent(shares, 10).map(addShares), scale) ?? 0;
	const least = measure.kind === "ratio" ? Math.sqrt(binomialVariance(addShares(shares))) : leastError(metric, scale, value);
	return {
		value: onScale(value, scale),
		standardError: Math.max(seen, least)
	};
}
/** P(Z > 2): the bound that lies two standard errors away. Fewer than four full blocks do not reach it, as k of them give a t of √k. */
const TWO_SIGMA = .02275;

// src/core/compare/level-cuts.ts
/** Runs that lie further than this many standard deviations from their neighbours are outlying: Iglewicz & Hoaglin (1993). */
const OUTLYING = 3.5;
/** Chance of a cut in a pool whose level did not move, for noise as large as it is taken to be; split over the places of cuts. */
const FALSE_CUT = .01;
/**
* Where the levels of a series of runs begin: a new one is believed on strong evidence, or on less where its first run
* carries an acceptance. One that the numbers contradict announces nothing: the metric did not get worse with it, or by
* more than was accepted and chance explains.
*
* @param runs in order of time, on `scale`.
* @param input.announced positions of runs that announce a level.
*/
function believedCuts(metric, runs, { announced: given, ...input }) {
	const announced = new Map(given);
	for (;;) {
		const cuts = cutIntoLevels(runs.map(({ value }) => value), cutRules(runs.length, input.noise, announced)).map((from) => ({
			from,
			accepted: announced.get(from)
		}));
		const wrong = cuts.find((cut, i) => i > 0 && !agrees(metric, runs, [
			cuts[i - 1],
			cut,
			cuts[i + 1]
		], input));
		if (wrong === void 0) return cuts;
		announced.delete(wrong.from);
	}
}
/**
* Never less than what neighbours show, and blended with what was expected, so that a few lucky runs do not turn every
* wobble into a level. A median of distances tells about half as much as a variance would.
*
* @param expected variance.
*/
function noiseOf(values, expected, announced) {
	const seen = (noiseBetweenNeighbours(values, new Set(announced.keys())) ?? 0) ** 2;
	const df = (values.length - 1 - announced.size) / 2;
	const believed = isContradicted(seen, Math.max(2, df), expected) ? 0 : 6;
	const blend = (6 * expected + df * seen) / (6 + df);
	return {
		deviation: Math.sqrt(Math.max(seen, blend)),
		df: believed + df
	};
}
/**
* Positions of the runs that are the first to carry an acceptance. The oldest run has none before it to differ from.
*
* @param acceptedAt what each run carries, in order of time.
*/
function announcements(acceptedAt) {
	const pulls = /* @__PURE__ */ new Set();
	const found = /* @__PURE__ */ new Map();
	acceptedAt.forEach((acceptances, position) => {
		for (const acceptance of acceptances) {
			if (position > 0 && !pulls.has(acceptance.pull)) found.set(position, acceptance);
			pulls.add(acceptance.pull);
		}
	});
	return found;
}
function cutRules(runs, { deviation, df }, announced) {
	const places = Math.max(1, runs - 3);
	const strong = Math.max(studentQuantile(1 - FALSE_CUT / 2 / places, df) ** 2, STRAY ** 2);
	const weak = studentQuantile(.9, df) ** 2;
	return {
		noise: deviation,
		cap: OUTLYING,
		penalty: (position) => announced.has(position) ? weak : strong,
		mayBeSingle: (position) => announced.has(position)
	};
}
/** A penalty above what a single stray value can cost: see {@link cutIntoLevels}. */
const STRAY = 1.025 * OUTLYING;
function agrees(metric, runs, [before, { from, accepted }, after], { scale, prior }) {
	if (accepted === void 0) return true;
	const [old, fresh] = [runs.slice(before.from, from).map(assumeKnown), runs.slice(from, after?.from).map(assumeKnown)];
	const level = mean(old.map(({ value }) => value));
	const { sign, working } = openDeltaScale(metric, scale, scale === "log" ? Math.exp(level) : level);
	const { estimate, standardError, df } = compareWithRuns(old, fresh, prior);
	return sign * estimate > 0 && sign * estimate - working(accepted.largest) <= studentQuantile(.9, df) * standardError;
}

// src/core/compare/pool.ts
/**
* Finds the levels among the stored runs of a metric, in order of time, and the runs that lie off them.
*
* A run that lies far off counts, and for no more than one at the edge of what is usual: neither may a bad hour rule the
* pool, nor may the pool forget that there are bad hours. Where more than one run of five lies off, that is how runs vary
* here, and all count in full.
*
* @returns undefined where no stored run has the metric. Worked out once for each metric of a scenario's stored runs.
*/
function poolOf(metric, data, scale) {
	const pools = known.get(data.against) ?? /* @__PURE__ */ new Map();
	known.set(data.against, pools);
	const key = `${metric} ${scale}`;
	if (!pools.has(key)) pools.set(key, findPool(metric, data, scale));
	return pools.get(key);
}
/** The runs of the newest level, oldest first. */
const newestLevel = ({ levels }) => levels.at(-1).runs;
const known = /* @__PURE__ */ new WeakMap();
/** Share of the runs of a pool that may be outlying. */
const MOST_OUTLYING = .2;
function findPool(metric, { name, against, load, noise: given, read }, scale) {
	const blocksOf = new Map(against.stored.map((candidate, i) => [candidate, against.bases[i]]));
	const runs = inOrderOfTime$1(against.stored).map((candidate) => ({
		candidate,
		blocks: blocksOf.get(candidate)
	})).filter(({ blocks }) => blocks.some((block) => hasData(metric, block, read))).map((run) => ({
		...run,
		...runValue(metric, run.blocks, scale, read)
	}));
	if (runs.length === 0) return void 0;
	const values = runs.map(({ value }) => value);
	const size = scale === "log" || differs(metric) ? 1 : Math.abs(median(values));
	const prior = betweenRunDeviation(metric, load, given.betweenRuns) * size;
	const announced = announcements(runs.map(({ candidate }) => acceptedOf(metric, name, candidate)));
	const noise = noiseOf(values, prior ** 2 + mean(runs.map(({ standardError = 0 }) => standardError ** 2)), announced);
	if (!(noise.deviation > 0)) return {
		scale,
		prior,
		levels: [{
			runs: inFull(runs),
			accepted: void 0
		}]
	};
	const cuts = believedCuts(metric, runs, {
		scale,
		prior,
		noise,
		announced
	});
	const cut = cuts.map(({ from, accepted }, i) => ({
		accepted,
		runs: runs.slice(from, cuts[i + 1]?.from)
	}));
	const levels = cut.map((level) => ({
		...level,
		runs: withinReach(level.runs, noise.deviation)
	}));
	if (levels.flatMap((level) => level.runs).filter(({ isOutlying }) => isOutlying).length <= MOST_OUTLYING * runs.length) return {
		scale,
		prior,
		levels
	};
	return {
		scale,
		prior,
		levels: cut.map((level) => ({
			...level,
			runs: inFull(level.runs)
		}))
	};
}
/** Accepted changes of a metric from its baseline; a limit that was accepted to be broken announces no change. */
const acceptedOf = (metric, scenario, { record }) => (record.provenance.accepted ?? []).filter((change) => change.metric === metric && change.of === void 0 && (change.scenario ?? scenario) === scenario);
function withinReach(runs, noise) {
	const values = runs.map(({ value }) => value);
	const { level } = levelOf(values, noise, OUTLYING);
	const edge = OUTLYING * noise;
	return runs.map((run) => {
		const off = run.value - level;
		const isOutlying = Math.abs(off) > edge;
		return {
			...run,
			off,
			isOutlying,
			value: isOutlying ? level + Math.sign(off) * edge : run.value
		};
	});
}
const inFull = (runs) => runs.map((run) => ({
	...run,
	off: 0,
	isOutlying: false
}));

// src/core/compare/stored.ts
/** From this many stored runs on, their own spread weighs enough for a pass. */
const ENOUGH_RUNS$1 = 3;
/**
* Compares head runs with stored ones: with the newest level of the pool, as far as all its levels say that runs differ.
* The unit of evidence is the run: its requests only say how well it is known.
*/
function storedShift(metric, data) {
	const heads = headsWith(metric, data);
	const head = estimateArm(metric, heads.flat(), data.read);
	const pool = poolFor(metric, data);
	if (pool === void 0 || head === void 0) return {
		head,
		obstacles: []
	};
	const { scale } = pool;
	const level = newestLevel(pool);
	const bases = level.map(({ blocks }) => blocks);
	const earlier = pool.levels.slice(0, -1).map(({ runs }) => runs);
	const stored = [...earlier.flat(), ...level];
	const values = heads.map((run) => runValue(metric, run, scale, data.read));
	const obstacles = [];
	const needed = 3 + earlier.length;
	const isSingle = METRICS[metric].measure.kind === "start" && stored.length < needed;
	if (isSingle) obstacles.push({
		code: "single-start",
		detail: {}
	});
	else if (stored.length < needed) obstacles.push({
		code: "too-few-runs",
		detail: {
			runs: stored.length,
			needed
		}
	});
	const known = {
		stored: stored.filter(isKnown),
		heads: values.filter(isKnown)
	};
	const unknown = known.stored.length < stored.length || known.heads.length < heads.length;
	if (unknown) {
		const blocks = Math.min(...[...stored.map((run) => run.blocks), ...heads].map((run) => run.length));
		obstacles.push({
			code: "too-few-blocks",
			detail: {
				blocks,
				needed: 2
			}
		});
	}
	const center = mean(level.map(({ value }) => value));
	const shift = compareWithRuns(level.map(assumeKnown), values.map(assumeKnown), priorOn(metric, data, scale, center), earlier.map((runs) => runs.map(assumeKnown)));
	const spread = unknown || isSingle ? void 0 : spreadOf(shift);
	return {
		scale,
		base: armOf(shift, center, bases.length, bases),
		head: armOf(shift, center + shift.estimate, heads.length, heads),
		estimate: shift.estimate,
		spread,
		lastingError: void 0,
		obstacles
	};
	function spreadOf({ standardError, df }) {
		if (METRICS[metric].measure.kind !== "ratio") return symmetricSpread(standardError, df);
		return rareFailures(sharesOf$1(metric, bases), sharesOf$1(metric, heads), standardError, df);
	}
	function armOf({ runDeviation, df }, value, runs, of) {
		const distance = studentQuantile((1 + CONFIDENCE) / 2, df) * runDeviation / Math.sqrt(runs);
		const [low, middle, high] = [
			value - distance,
			value,
			value + distance
		].map((bound) => scale === "log" ? Math.exp(bound) : bound);
		const within = METRICS[metric].unit === "ratio" ? (x) => Math.min(1, Math.max(0, x)) : (x) => x;
		const n = countOf$1(metric, of.flat(), data.read);
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
/** The history of a metric in the stored runs; undefined where none of them, or no head, has it. */
function poolFor(metric, data) {
	const heads = headsWith(metric, data);
	if (heads.length === 0) return void 0;
	const bases = data.against.bases.filter((run) => run.some((block) => hasData(metric, block, data.read)));
	return poolOf(metric, data, scaleOf(metric, [...bases, ...heads], data.read));
}
/** The data with the runs of the newest level as the only stored ones. */
function onNewestLevel(data, pool) {
	const runs = newestLevel(pool);
	return {
		...data,
		against: {
			kind: "runs",
			bases: runs.map(({ blocks }) => blocks),
			stored: runs.map(({ candidate }) => candidate)
		}
	};
}
/**
* Standard deviation between runs that a longer run would not remove, on the log scale or in the metric's unit as
* {@link storedShift}; 0 where nothing stored measures the metric.
*/
function betweenRunsOf(metric, data) {
	const heads = headsWith(metric, data);
	const pool = poolFor(metric, data);
	const scale = pool?.scale ?? scaleOf(metric, heads, data.read);
	const known = heads.map((run) => runValue(metric, run, scale, data.read)).filter(isKnown);
	const levels = (pool?.levels ?? []).map(({ runs }) => runs.filter(isKnown)).filter((runs) => runs.length > 0);
	const newest = levels.at(-1);
	if (newest === void 0 || known.length === 0) return {
		deviation: 0,
		scale,
		df: 1
	};
	const prior = priorOn(metric, data, scale, mean(newest.map(({ value }) => value)));
	const { betweenDeviation, df } = compareWithRuns(newest, known, prior, levels.slice(0, -1));
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
	const bases = data.against.bases.filter((run) => run.some((block) => hasData(metric, block, data.read)));
	const bins = (run) => mergeBins(run.map((block) => data.read(block, measure.of)));
	return runsMannWhitney(bases.map(bins), headsWith(metric, data).map(bins));
}
function priorOn(metric, { load, noise }, scale, center) {
	const prior = betweenRunDeviation(metric, load, noise.betweenRuns);
	return scale === "log" || differs(metric) ? prior : prior * Math.abs(center);
}
const headsWith = (metric, { heads, read }) => heads.filter((run) => run.some((block) => hasData(metric, block, read)));
const sharesOf$1 = (metric, runs) => addShares(runs.flat().flatMap((block) => amountOf(metric, block) ?? []));

// src/core/compare/limit.ts
/**
* One-sided bounds of the head for a hard limit. They need no baseline: how the head varied from block to block. Where
* runs are stored, what they say about the spread between runs is added, since the limit is a promise about the next
* run too (not for the share of failures, whose bounds are exact).
*
* How an endpoint started is a fact of this run: the slowest start seen bounds itself.
*
* @param censored the percentile lies among requests that ran into the deadline: nothing bounds it from above.
* @returns undefined where the head does not measure the metric.
*/
function limitBounds(metric, data, test, censored) {
	const levels = METRICS[metric].better === "lower" ? {
		low: test.fail,
		high: test.pass
	} : {
		low: test.pass,
		high: test.fail
	};
	const arm = estimateArm(metric, data.heads.flat(), data.read, levels);
	if (arm === void 0) return void 0;
	const { value } = arm;
	if (METRICS[metric].measure.kind === "start") return {
		value,
		low: value,
		high: value
	};
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
	const all = data.heads.flat();
	const head = estimateArm(metric, all, data.read);
	const dropped = pairs.filter((pair) => !has(pair)).length + unpaired;
	if (used.length === 0 || head === void 0) return {
		head,
		obstacles: []
	};
	const [bases, heads] = [used.map((pair) => pair.base), used.map((pair) => pair.head)];
	const isAll = heads.length === all.length && heads.every((block, i) => block === all[i]);
	const arms = {
		base: estimateArm(metric, bases, data.read),
		head: isAll ? head : estimateArm(metric, heads, data.read)
	};
	const change = measureChange(metric, liveUnits(used), data);
	const place = Math.SQRT2 * betweenDeployments(metric, data.load, sameHost, data.noise);
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
	if (!sameHost && data.noise.betweenDeployments === void 0) obstacles.push({
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
	return clusteredMannWhitney(liveUnits(used).map((unit) => binsOf(unit, (block) => read(block, measure.of))));
}
/** From this many pairs on two of them make a unit: there are units enough, and a drift within them cancels. */
const MANY_PAIRS = 48;
/** The units of evidence: pairs, or two adjacent ones each. */
const liveUnits = (pairs) => pairs.length < 48 ? pairs.map((pair) => [pair]) : Array.from({ length: Math.ceil(pairs.length / 2) }, (_, quad) => pairs.slice(2 * quad, 2 * quad + 2));
function measureChange(metric, units, { read }) {
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") {
		const change = pairedQuantiles(units.map((unit) => binsOf(unit, (block) => read(block, measure.of))), measure.p);
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
	const isPeak = countsHighest(metric);
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
const binsOf = (unit, bins) => ({
	base: mergeBins(unit.map(({ base }) => bins(base))),
	head: mergeBins(unit.map(({ head }) => bins(head)))
});

// src/core/stats/ramp.ts
/**
* Whether a series moved little by little rather than at once: a level, then a straight slope, then a level fits it
* better than one step between two levels does. The slope spans {@link LEAST_SPAN} positions at least, or it would be a
* step; it may begin with the first value and end with the last. It has one parameter more than the step, for which it
* has to pay (BIC of normal errors).
*
* @returns false for fewer than {@link LEAST_SPAN} + 1 values. Adding a constant, or turning the sign, changes nothing.
*/
function movesGradually(values) {
	const n = values.length;
	if (n <= 4) return false;
	const step = Math.min(...Array.from({ length: n - 1 }, (_, i) => squares(values.slice(0, i + 1)) + squares(values.slice(i + 1))));
	let ramp = Number.POSITIVE_INFINITY;
	for (let from = 0; from + 4 < n; from++) for (let to = from + 4; to < n; to++) ramp = Math.min(ramp, rampSquares(values, from, to));
	return n ** (1 / n) * ramp < step;
}
/** Positions that a slope spans at least. */
const LEAST_SPAN = 4;
/** Squared distances from the best level. */
function squares(values) {
	const level = mean([...values]);
	return sum$5(values.map((value) => (value - level) ** 2));
}
/** Squared distances from the best ramp between two positions: a regression on a shape that runs from 0 to 1 between them. */
function rampSquares(values, from, to) {
	const shape = values.map((_, i) => Math.min(1, Math.max(0, (i - from) / (to - from))));
	const [x, y] = [mean(shape), mean([...values])];
	const power = sum$5(shape.map((each) => (each - x) ** 2));
	const slope = sum$5(shape.map((each, i) => (each - x) * (values[i] - y))) / power;
	return sum$5(values.map((value, i) => (value - y - slope * (shape[i] - x)) ** 2));
}

// src/core/stats/trend.ts
/**
* Whether a series rises or falls, and how fast, whatever its distribution: Mann–Kendall test and Theil–Sen slope.
*
* Values that depend on their neighbours wander, and a wandering series looks like a trend. Its variance is therefore
* enlarged by the significant autocorrelations of the ranks around the trend (never reduced: with few values a
* negative autocorrelation is mostly chance, and would make a test surer than it may be).
*
* @param at positions, ascending and different, as many as values.
* @returns undefined for fewer than four values. O(n²).
*
* Sources: Mann (1945), Econometrica 13(3); Kendall (1975), Rank Correlation Methods; Theil (1950), Proc. Kon. Ned. Akad.
* v. Wetensch. A 53; Sen (1968), J. Am. Stat. Assoc. 63(324); Hamed & Rao (1998), J. Hydrol. 204.
*/
function trendOf(at, values) {
	const n = values.length;
	if (n < 4) return void 0;
	let s = 0;
	for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) s += Math.sign(values[j] - values[i]);
	const slope = theilSenSlope(at, values);
	const variance = independentVariance(values) * dependence(values.map((value, i) => value - slope * (at[i] - at[0])));
	const z = s === 0 ? 0 : (Math.abs(s) - 1) / Math.sqrt(variance);
	return {
		s,
		variance,
		p: 2 * normalCdf(-z),
		slope
	};
}
/**
* The median of the slopes between all pairs of points: up to 29 % of the values may be arbitrary without moving it far.
*
* @param at positions, ascending and different, as many as values, at least two. O(n²).
*/
function theilSenSlope(at, values) {
	const slopes = values.flatMap((value, i) => values.slice(i + 1).map((later, k) => (later - value) / (at[i + 1 + k] - at[i])));
	return median(slopes);
}
/** Variance of S for independent values, with the correction for ties. */
function independentVariance(values) {
	const counts = /* @__PURE__ */ new Map();
	for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
	const term = (m) => m * (m - 1) * (2 * m + 5);
	return (term(values.length) - sum$5([...counts.values()].map(term))) / 18;
}
/** By how much the variance of S grows with the autocorrelation of the ranks, ≥ 1. */
function dependence(detrended) {
	const n = detrended.length;
	const centred = ranksOf(detrended).map((rank) => rank - (n + 1) / 2);
	const power = sum$5(centred.map((x) => x * x));
	if (power === 0) return 1;
	let excess = 0;
	for (let lag = 1; lag < n; lag++) {
		const correlation = sum$5(centred.slice(lag).map((x, i) => x * centred[i])) / power;
		if (Math.abs(correlation) > NORMAL_95 / Math.sqrt(n)) excess += (n - lag) * (n - lag - 1) * (n - lag - 2) * correlation;
	}
	return Math.max(1, 1 + 2 * excess / (n * (n - 1) * (n - 2)));
}
/** Normal quantile of 0.975: autocorrelations inside ± this / √n are taken for chance. */
const NORMAL_95 = 1.959963984540054;
/** 1 for the smallest; equal values share the mean of their ranks. */
function ranksOf(values) {
	const order = values.map((_, i) => i).sort((a, b) => values[a] - values[b]);
	const ranks = Array.from(values);
	for (let from = 0; from < order.length;) {
		let to = from;
		while (to < order.length && values[order[to]] === values[order[from]]) to++;
		for (let i = from; i < to; i++) ranks[order[i]] = (from + 1 + to) / 2;
		from = to;
	}
	return ranks;
}

// src/core/compare/creep.ts
/**
* Whether a metric got worse little by little over the stored runs, in steps that nobody could see: a monotonic trend
* beyond chance (Mann–Kendall, corrected for runs that depend on their neighbours) that adds up to the gate's margin.
* What was accepted is no creep, and neither is one visible step: only runs since then are looked at.
*
* @param sign 1 where lower is better, −1 where higher is.
* @param margin on the working scale, > 0.
* @param tests gates that share the chance of a false warning.
*/
function creepOf({ levels, prior }, { sign, margin, tests }) {
	const since = levels.slice(Math.max(0, levels.findLastIndex(({ accepted }) => accepted !== void 0)));
	const all = since.flatMap(({ runs }) => runs);
	const runs = since.length === 1 || movesGradually(all.map(({ value }) => value)) ? all : since.at(-1).runs;
	if (runs.length < LEAST_RUNS) return void 0;
	const values = runs.map(({ value }) => sign * value);
	const { p, slope } = trendOf([...values.keys()], values);
	if (!(slope > 0 && p / 2 <= SEEN)) return void 0;
	const flat = runs.map((run, i) => ({
		...assumeKnown(run),
		value: values[i] - slope * i
	}));
	const { runDeviation, df } = compareWithRuns(flat, [flat[0]], prior);
	const quarter = Math.ceil(runs.length / 4);
	const worse = mean(values.slice(-quarter)) - mean(values.slice(0, quarter));
	const error = runDeviation * Math.sqrt(2 / quarter);
	if (worse < margin || worse < studentQuantile(1 - FALSE_WARNING / tests, df) * error) return void 0;
	const distance = studentQuantile((1 + CONFIDENCE) / 2, df) * error;
	return {
		runs,
		worse,
		low: worse - distance,
		high: worse + distance
	};
}
/** Runs that a trend needs. */
const LEAST_RUNS = 8;
/** One-sided p of a trend over all runs: the ends must not differ by themselves. */
const SEEN = .05;
/** Chance of a warning about any gate of a suite where nothing moves. */
const FALSE_WARNING = .01;

// src/core/compare/pool-finding.ts
/**
* What a reader has to know about the stored runs of a metric, on the scale people speak in; undefined where they all lie
* around one level.
*
* @param margin of the gate, on the delta's scale; without one nothing is a creep.
* @param tests gates that share the chance of a false warning.
*/
function poolFinding(metric, pool, { margin, tests }) {
	const outlying = pool.levels.flatMap((level) => {
		const { display } = scaleAt(metric, pool, level);
		return level.runs.flatMap(({ candidate, isOutlying, off }) => isOutlying ? [{
			run: nameOf$1(candidate),
			by: display(off)
		}] : []);
	});
	const moved = pool.levels.length > 1 ? newestMove(metric, pool) : void 0;
	const creep = margin === void 0 || !(margin > 0) ? void 0 : creepFinding(metric, pool, margin, tests);
	if (outlying.length === 0 && moved === void 0 && creep === void 0) return void 0;
	return {
		scale: scaleAt(metric, pool, pool.levels[0]).isDifference ? "difference" : "relative",
		outlying,
		...moved === void 0 ? {} : { moved },
		...creep === void 0 ? {} : { creep }
	};
}
/**
* Where a stored run by itself stands against a conclusion. A head that is no worse than an outlying stored run by the
* margin may be another such run, unless a second head run says the same. If that run is the newest, nobody can tell yet
* whether it is outlying or the branch has moved; and if it is the newest and better, a head like the others may have
* given back what the branch has just won.
*/
function poolObstacles(metric, pool, { shift, conclusion, heads }) {
	const { worse, worseLow, margin } = conclusion;
	if (worse === void 0 || margin === void 0) return [];
	const { sign, working, display, isDifference } = openDeltaScale(metric, pool.scale, shift.base.value);
	const isWorse = worse >= margin && worseLow !== void 0 && worseLow > 0;
	const beyond = ({ off }) => sign * (shift.estimate - off);
	const detailOf = ({ off, candidate: { origin } }) => ({
		by: display(off),
		...isDifference ? { unit: METRICS[metric].unit } : {},
		run: origin
	});
	const newest = newestLevel(pool).at(-1);
	if (newest.isOutlying) {
		const isLikeIt = isWorse && sign * newest.off > 0 && beyond(newest) < working(margin);
		const givesBack = !isWorse && sign * newest.off < 0 && beyond(newest) >= working(margin);
		if (isLikeIt || givesBack) return [{
			code: "level-unsettled",
			detail: detailOf(newest)
		}];
	}
	if (!isWorse || heads > 1) return [];
	const furthest = pool.levels.flatMap(({ runs }) => runs.filter((run) => run.isOutlying && sign * run.off > 0 && beyond(run) < working(margin))).toSorted((a, b) => sign * (b.off - a.off))[0];
	return furthest === void 0 ? [] : [{
		code: "like-an-outlier",
		detail: detailOf(furthest)
	}];
}
function newestMove(metric, pool) {
	const { levels, prior } = pool;
	const [before, newest] = levels.slice(-2);
	const others = levels.slice(0, -2).map(({ runs }) => runs.map(assumeKnown));
	const { estimate, standardError, df } = compareWithRuns(before.runs.map(assumeKnown), newest.runs.map(assumeKnown), prior, others);
	const distance = studentQuantile((1 + CONFIDENCE) / 2, df) * standardError;
	const { display, sign } = scaleAt(metric, pool, before);
	return {
		by: display(estimate),
		low: display(estimate - distance),
		high: display(estimate + distance),
		isWorse: sign * estimate > 0,
		at: nameOf$1(newest.runs[0].candidate),
		runs: newest.runs.length,
		accepted: newest.accepted
	};
}
function creepFinding(metric, pool, margin, tests) {
	const { sign, working, display } = scaleAt(metric, pool, pool.levels[0]);
	const creep = creepOf(pool, {
		sign,
		margin: working(margin),
		tests
	});
	if (creep === void 0) return void 0;
	const [low, high] = [sign * creep.low, sign * creep.high].sort((a, b) => a - b);
	return {
		by: display(sign * creep.worse),
		low: display(low),
		high: display(high),
		runs: creep.runs.length,
		from: nameOf$1(creep.runs[0].candidate),
		to: nameOf$1(creep.runs.at(-1).candidate)
	};
}
/** How changes from a level are said: the same for all levels of a pool. */
function scaleAt(metric, { levels, scale }, level) {
	const valueOf = ({ runs }) => {
		const value = mean(runs.map((run) => run.value));
		return scale === "log" ? Math.exp(value) : value;
	};
	return openDeltaScale(metric, scale, levels.some((each) => valueOf(each) === 0) ? 0 : valueOf(level));
}
const nameOf$1 = ({ origin, record: { provenance } }) => ({
	origin,
	commit: provenance.commit,
	runId: provenance.runId
});

// src/core/compare/tail.ts
/** Percentiles up to here move with the body of the distribution, which Mann–Whitney over all requests sees. */
const BODY = .9;
/**
* Mann–Whitney among the slowest requests only: those beyond a cut that leaves twice as many as the percentile does (the
* slowest 2 % for p99), taken from both arms together. It sees that the slow ones got slower, where the test over all
* requests is blind, and neither how many slow ones there are nor a shift that moves the cut along. With few of them its
* level lies at two to three times the nominal one, so it is read and decides nothing.
*
* @returns undefined for percentiles of the body, without a baseline, for fewer than two pairs or three stored runs, and
*   where an arm has no request beyond the cut.
*/
function tailMannWhitney(metric, data) {
	const { measure } = METRICS[metric];
	const { against, heads } = data;
	if (measure.kind !== "quantile" || measure.p <= .9 || against.kind === "nothing") return void 0;
	const read = (block) => data.read(block, measure.of);
	const bases = against.kind === "pairs" ? [against.pairs.map(({ base }) => base)] : against.bases;
	const cut = logQuantile(mergeBins([...bases, ...heads].flat().map(read)), 1 - 2 * (1 - measure.p));
	if (cut === void 0) return void 0;
	const slowest = (blocks) => mergeBins(blocks.map((block) => binsAbove(read(block), Math.exp(cut))));
	if (against.kind === "runs") return runsMannWhitney(bases.map(slowest), heads.map(slowest));
	return clusteredMannWhitney(liveUnits(against.pairs.filter(({ base, head }) => read(base).total > 0 && read(head).total > 0)).map((unit) => ({
		base: slowest(unit.map(({ base }) => base)),
		head: slowest(unit.map(({ head }) => head))
	})));
}

// src/core/compare/tokens.ts
/**
* Whether the arms' answers can be compared token by token: counted in the same way, and of about the same length. A
* model that answers more briefly looks faster end to end without being so. A difference in length counts from 1 % on,
* and only beyond three standard errors over blocks, because sampled answers differ in length by chance.
*/
function tokenObstacle({ heads, against }) {
	const bases = against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
	const head = count(heads.flat());
	const base = count(bases);
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
function count(blocks) {
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
function obstaclesOf(metric, data, { shift, conclusion, mannWhitney, deadlineS, worseOf, pool }) {
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
	if (isWorse && measure.kind === "quantile" && measure.p <= .9 && mannWhitney !== void 0 && !(mannWhitney.p < .05)) found.push({
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
	return pool === void 0 ? found : [...found, ...poolObstacles(metric, pool, {
		shift,
		conclusion,
		heads: data.heads.length
	})];
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
function basesOf({ against }) {
	return against.kind === "pairs" ? against.pairs.map(({ base }) => base) : against.kind === "runs" ? against.bases.flat() : [];
}

// src/core/compare/start.ts
/** Blocks of which the first one also tells how the arm started, as far as that is known. */
function withStart(blocks, { firstRequestS, firstSuccessS, steadyS }) {
	const seen = [
		["cold.first_request", firstRequestS],
		["cold.first_success", firstSuccessS],
		["cold.steady", steadyS]
	].flatMap(([metric, value]) => value === void 0 ? [] : [[metric, {
		n: 1,
		mean: value,
		min: value,
		max: value
	}]]);
	return blocks.map((block, i) => i > 0 ? block : {
		...block,
		gauges: {
			...block.gauges,
			...Object.fromEntries(seen)
		}
	});
}
/** The starts of both arms of a live run. Each happened once, one after the other: there is no spread to judge a change by. */
function liveStart(metric, data) {
	const head = estimateArm(metric, data.heads.flat(), data.read);
	const bases = data.against.pairs.map((pair) => pair.base);
	const base = estimateArm(metric, bases, data.read);
	if (head === void 0 || base === void 0) return {
		head,
		obstacles: []
	};
	const isPositive = head.value > 0 && base.value > 0;
	return {
		scale: isPositive ? "log" : "linear",
		base,
		head,
		estimate: isPositive ? Math.log(head.value / base.value) : head.value - base.value,
		spread: void 0,
		lastingError: void 0,
		obstacles: [{
			code: "single-start",
			detail: {}
		}]
	};
}

// src/core/compare/scenario-data.ts
/** Undefined if no head run measured a block of the scenario. */
function scenarioData(name, { heads, baseline, policy }, read) {
	const measured = heads.flatMap((record) => {
		const scenario = record.scenarios.find((candidate) => candidate.name === name);
		const blocks = blocksOf(record, name, "head");
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
		attempts: measured.map(({ scenario: { looks } }) => looks ?? ONE_LOOK),
		against: against(),
		noise: policy,
		read
	};
	function against() {
		switch (baseline.kind) {
			case "live": {
				const paired = measured.map(({ record, blocks }) => pairBlocks(blocksOf(record, name, "base"), blocks));
				return {
					kind: "pairs",
					pairs: paired.flatMap(({ pairs }) => pairs),
					unpaired: paired.reduce((sum, { unpaired }) => sum + unpaired, 0),
					sameHost: policy.sameHost === "auto" ? measured.every(({ record }) => onSameHost(record)) : policy.sameHost === "yes"
				};
			}
			case "stored": {
				const filled = baseline.runs.map((stored) => ({
					stored,
					blocks: blocksOf(stored.record, name, "head")
				})).filter(({ blocks }) => blocks.length > 0);
				return {
					kind: "runs",
					bases: filled.map(({ blocks }) => blocks),
					stored: filled.map(({ stored }) => stored)
				};
			}
			case "none": return { kind: "nothing" };
		}
	}
}
/** Of a run whose length was fixed beforehand. */
const ONE_LOOK = {
	passes: [1],
	most: 1
};
/** Remembers what it decoded: every percentile of a distribution reads the same histograms. */
function openReader() {
	const known = /* @__PURE__ */ new Map();
	return ({ histograms }, of) => {
		const encoded = histograms[of];
		if (encoded === void 0) return EMPTY_BINS;
		const ofBlock = known.get(histograms) ?? /* @__PURE__ */ new Map();
		known.set(histograms, ofBlock);
		const bins = ofBlock.get(of) ?? decodeBins(encoded);
		ofBlock.set(of, bins);
		return bins;
	};
}
/**
* An arm to which no request was offered has measured nothing, whatever its blocks say. How it started is told by its
* first block, in the first scenario of the run: later ones meet an endpoint that has been driven already.
*/
function blocksOf({ scenarios }, name, arm) {
	const position = scenarios.findIndex((candidate) => candidate.name === name);
	const { blocks = [], warmUp } = scenarios[position]?.arms[arm] ?? {};
	if (!blocks.some(({ offered }) => offered > 0)) return [];
	return position === 0 && warmUp !== void 0 ? withStart(blocks, warmUp) : blocks;
}
/** Adjacent blocks of both arms in order of time, and how many blocks have no partner. */
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

// src/core/compare/planted-block.ts
/**
* The change that makes a head worse than its base by `target` (better, where that is negative), whatever it was before.
*
* What is worse in time, in failures and in answers is said here once more, beside the table of metrics, so that a wrong
* direction there shows: what was made worse on purpose then counts as an improvement.
*
* @param delta the change as it is, on whose scale `target` is meant.
* @returns undefined where no head can be that much worse: of nothing there is no percentage, and no more than all of a
*   throughput can be lost. A start is seen once, and not changed.
*/
function changeTo(metric, target, delta) {
	const { measure, better } = METRICS[metric];
	if (measure.kind === "start") return void 0;
	const direction = measure.kind === "quantile" || measure.kind === "ratio" || measure.kind === "gauge" && better === "lower" ? 1 : -1;
	if (differs(metric)) return {
		times: 1,
		plus: direction * target - delta.absolute
	};
	if (delta.scale !== "relative" || delta.relative === void 0) return void 0;
	const times = (1 + direction * target) / (1 + delta.relative);
	return Number.isFinite(times) && times > 0 ? {
		times,
		plus: 0
	} : void 0;
}
/**
* A block with a change of one metric that is no percentile; distributions stay as they are. Shares need not come out in
* whole requests: such a block is judged and never stored.
*/
function changedBlock(metric, block, change) {
	const { measure } = METRICS[metric];
	switch (measure.kind) {
		case "rate": return {
			...block,
			durationS: block.durationS / change.times
		};
		case "ratio":
			if (measure.of === "failures") return withFailures(block, change.plus);
			return measure.of === "retries" ? withRetries(block, change.plus) : withWrongAnswers(block, change.plus);
		case "gauge": {
			const name = metric === "gpu.energy_per_request" && block.gauges[metric] === void 0 ? "gpu.power" : metric;
			const gauge = block.gauges[name];
			return gauge === void 0 ? block : {
				...block,
				gauges: {
					...block.gauges,
					[name]: moved(gauge, change)
				}
			};
		}
		default: return block;
	}
}
function withFailures(block, plus) {
	const ok = Math.min(block.offered, Math.max(0, block.ok - plus * block.offered));
	return {
		...block,
		ok,
		failures: {
			...block.failures,
			status: Math.max(0, (block.failures.status ?? 0) + block.ok - ok)
		}
	};
}
function withRetries(block, plus) {
	if (block.attempts === void 0) return block;
	const retried = Math.min(block.offered, Math.max(0, block.attempts.retried + plus * block.offered));
	return {
		...block,
		attempts: {
			...block.attempts,
			retried
		}
	};
}
function withWrongAnswers(block, plus) {
	if (block.labelled === void 0) return block;
	const { answers, wrong } = block.labelled;
	return {
		...block,
		labelled: {
			answers,
			wrong: Math.min(answers, Math.max(0, wrong + plus * answers))
		}
	};
}
const moved = ({ n, mean, min, max }, { times, plus }) => ({
	n,
	mean: mean * times + plus,
	min: min * times + plus,
	max: max * times + plus
});

// src/core/compare/self-test.ts
/**
* Would the gate have seen its margin? The head's own numbers are made worse until the head is worse than the base by
* just the margin: its times are multiplied, answers taken away, gauges raised. Then they are compared like any others.
* Where the noise hides the margin, or something upstream takes worse for better, no fail comes out.
*
* @param conclusion of the head as it is.
* @returns undefined where nothing can be planted: no regression gate, a start, a percentage of nothing.
*/
function plantMargin(metric, data, { conclusion, gate, levels, shiftOf }) {
	const { margin, delta } = conclusion;
	if (margin === void 0 || delta === void 0) return void 0;
	const change = changeTo(metric, margin * (1 + 1e-6), delta);
	if (change === void 0) return void 0;
	const again = shiftOf(metric, changed$1(metric, data, change));
	if (again.estimate === void 0) return void 0;
	const planted = concludeShift(metric, again, gate, levels);
	return {
		size: margin,
		worse: planted.worse,
		worseLow: planted.worseLow,
		margin: planted.margin
	};
}
/** Times are scaled as they are read, which spares encoding them anew. */
function changed$1(metric, data, change) {
	const heads = data.heads.flat();
	if (METRICS[metric].measure.kind === "quantile") {
		const isHead = new Set(heads);
		return {
			...data,
			read: (block, of) => isHead.has(block) ? scaleBins(data.read(block, of), change.times) : data.read(block, of)
		};
	}
	const worse = new Map(heads.map((block) => [block, changedBlock(metric, block, change)]));
	const { against } = data;
	return {
		...data,
		heads: data.heads.map((blocks) => blocks.map((block) => worse.get(block))),
		against: against.kind === "pairs" ? {
			...against,
			pairs: against.pairs.map(({ base, head }) => ({
				base,
				head: worse.get(head) ?? head
			}))
		} : against
	};
}

// src/core/compare/compare.ts
/**
* Everything the numbers say: for each scenario of the suite (then those that only the records know), each metric that
* was measured or is gated. The order depends on nothing but suite and metric table; nothing in it is a verdict.
*
* @param input.only leaves out what no gate asks about.
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
		levelsOf: openLevels(suite.decision, promisesOf(suite))
	};
	const comparisons = [...names].flatMap((name) => {
		const data = scenarioData(name, {
			heads,
			baseline,
			policy: suite.decision
		}, read);
		const gates = new Map((gatesOf.get(name) ?? []).map((gate) => [gate.metric, gate]));
		return (input.only === "gated" ? METRIC_NAMES.filter((metric) => gates.has(metric)) : METRIC_NAMES).flatMap((metric) => compareMetric(metric, name, gates.get(metric), data, context) ?? []);
	});
	return {
		evidence: evidenceOf(baseline),
		comparisons
	};
}
/**
* Every regression and every limit of the suite is one chance of a false alarm, measured or not: the number is known
* before the run. A limit on a start compares a fact, and has none.
*/
function promisesOf({ scenarios }) {
	const gates = scenarios.flatMap((scenario) => scenario.gates);
	return Math.max(1, gates.filter(({ regression }) => regression !== void 0).length + gates.filter(({ limit, metric }) => limit !== void 0 && METRICS[metric].measure.kind !== "start").length);
}
function evidenceOf(baseline) {
	if (baseline.kind !== "stored") return baseline.kind;
	return baseline.runs.length >= 3 ? "stored" : "single";
}
function compareMetric(metric, scenario, gate, data, { suite, levelsOf }) {
	const shift = data === void 0 ? {
		head: void 0,
		obstacles: []
	} : shiftOf(metric, data);
	if (gate === void 0 && shift.head === void 0) return void 0;
	const censored = data !== void 0 && isCensored(metric, data.heads.flat(), data.read);
	const limit = gate?.limit === void 0 || data === void 0 ? void 0 : limitBounds(metric, data, levelsOf(data), censored);
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
	const levels = levelsOf(data);
	const conclusion = concludeShift(metric, shift, gate, levels);
	const pool = data.against.kind === "runs" ? poolFor(metric, {
		...data,
		against: data.against
	}) : void 0;
	const compared = pool === void 0 ? data : onNewestLevel(data, pool);
	const mannWhitney = mannWhitneyOf(metric, compared);
	const worseOf = (head) => {
		const alone = shiftOf(metric, {
			...data,
			heads: [head]
		});
		return alone.estimate === void 0 ? void 0 : concludeShift(metric, alone, gate, levels).worse;
	};
	const planted = shift.spread === void 0 ? void 0 : plantMargin(metric, data, {
		conclusion,
		gate,
		levels,
		shiftOf
	});
	const obstacles = obstaclesOf(metric, compared, {
		shift,
		conclusion,
		mannWhitney,
		deadlineS: suite.target.timeoutS,
		worseOf,
		pool
	});
	const moreData = moreDataFor(conclusion.moreData, obstacles);
	const tail = gate === void 0 ? void 0 : tailMannWhitney(metric, compared);
	const numbers = {
		base: shift.base,
		...conclusion,
		mannWhitney,
		tailMannWhitney: tail,
		planted,
		obstacles,
		moreData
	};
	return {
		...common,
		...numbers,
		pool: pool && poolFinding(metric, pool, {
			margin: conclusion.margin,
			tests: promisesOf(suite)
		})
	};
}
/** A wish for a hundred times the load is no advice. */
const MOST_TIME = 100;
function moreDataFor(toDecide, obstacles) {
	const { needed, exceedances } = obstacles.find(({ code }) => code === "not-assessable")?.detail ?? {};
	const toAssess = needed === void 0 ? 1 : Number(needed) / Number(exceedances);
	const factor = Math.max(toDecide ?? 0, toAssess);
	return toDecide === void 0 && toAssess === 1 || factor > MOST_TIME ? void 0 : factor;
}
function shiftOf(metric, data) {
	const { against } = data;
	switch (against.kind) {
		case "pairs": return METRICS[metric].measure.kind === "start" ? liveStart(metric, {
			...data,
			against
		}) : liveShift(metric, {
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

// src/core/compare/expiry.ts
/** A warning earlier than this would be forgotten before it matters. */
const NOTICE_DAYS = 14;
const DAY_MS = 864e5;
/**
* The next loss of a baseline, if a reader has to know of it: the day on which it falls below {@link ENOUGH_RUNS} runs,
* or of a smaller one the day on which its last run goes.
*
* That is so within {@link NOTICE_DAYS} days of the loss, unless runs come so often that two more are due before it; and
* at any time if the next run comes too late at the pace of the last ones. The pace is the median time between two runs,
* or the time since the newest one if that is longer by now.
*
* @param runs those that are compared with; one without `expiresAt` stays for ever.
* @param asOf now, ISO 8601.
* @returns undefined if nothing expires, or nothing that matters soon.
*/
function expiryOf(runs, asOf) {
	const now = Date.parse(asOf);
	const ends = runs.map(endOf).sort((a, b) => b - a);
	const loss = ends.length >= 3 ? ends[3 - 1] : ends[0];
	if (loss === void 0 || !Number.isFinite(loss)) return void 0;
	const leftMs = loss - now;
	const { gapMs, sinceMs } = paceOf(runs, now);
	const isSoon = leftMs < NOTICE_DAYS * DAY_MS && leftMs < 2 * Math.max(gapMs, sinceMs);
	const isTooSlow = leftMs < gapMs - sinceMs;
	if (!isSoon && !isTooSlow) return void 0;
	return {
		runs: runs.length,
		tooFewAt: ends.length >= 3 ? iso(loss) : void 0,
		noneAt: Number.isFinite(ends[0]) ? iso(ends[0]) : void 0
	};
}
const endOf = ({ expiresAt }) => {
	const end = Date.parse(expiresAt ?? "");
	return Number.isNaN(end) ? Number.POSITIVE_INFINITY : end;
};
/** Median time between two runs, 0 of a single one, and the time since the newest: milliseconds ≥ 0. */
function paceOf(runs, now) {
	const starts = runs.map(({ record }) => Date.parse(record.startedAt)).sort((a, b) => a - b);
	const gaps = starts.slice(1).map((start, i) => start - starts[i]);
	return {
		gapMs: gaps.length === 0 ? 0 : median(gaps),
		sinceMs: Math.max(0, now - starts.at(-1))
	};
}
const iso = (time) => new Date(time).toISOString();

// src/core/decide/baseline-notes.ts
/** From this many commits on, what lies between the baseline and the change is worth a warning. */
const FAR_COMMITS = 50;
/**
* What a reader has to know about the runs that were chosen, as warnings: that pinned files serve for a store that has
* none, that the nearest run is far away, what is not known of the environments, and when the baseline expires.
*/
function baselineNotes({ baseline, unknown, pinnedBecause }, found) {
	const notes = [...found.notes ?? []];
	if (baseline.kind !== "stored") return notes;
	const { runs } = baseline;
	if (pinnedBecause !== void 0) notes.push(note("baseline-pinned", pinnedSentence(runs, pinnedBecause, found)));
	if (found.store !== void 0) {
		const far = farSentence(runs, found.store);
		if (far !== void 0) notes.push(note("baseline-far", far));
		const expiry = found.store.extended ? void 0 : expirySentence(runs, found.store);
		if (expiry !== void 0) notes.push(note("baseline-expires", expiry));
	}
	if (unknown.length > 0) notes.push(note("baseline-environment-unknown", unknownSentence(unknown, runs.length)));
	return notes;
}
const note = (code, message) => ({
	severity: "warning",
	code,
	message
});
function pinnedSentence(runs, because, { pinned }) {
	const place = pinned?.place ?? "a folder";
	return `compared with ${runs.length === 1 ? `the pinned file in ${place}, as old as it is` : `the ${runs.length} pinned files in ${place}, as old as they are`}: ${because}`;
}
function farSentence(runs, { fromName, branch }) {
	const nearest = Math.min(...runs.map(({ distance }) => distance ?? 0));
	if (nearest <= FAR_COMMITS) return void 0;
	return `the nearest run of the baseline is ${nearest} commits before ${fromName}, and what those commits changed counts as this change's: run tailgate on every push to ${branch}, or on a schedule`;
}
function expirySentence(runs, { asOf, branch }) {
	const expiry = expiryOf(runs, asOf);
	if (expiry === void 0) return void 0;
	const { tooFewAt, noneAt } = expiry;
	const none = noneAt === void 0 || noneAt === tooFewAt ? [] : [`on ${day(noneAt)} none`];
	const loss = tooFewAt === void 0 ? `${none.join()} is left` : [`on ${day(tooFewAt)} fewer than ${3} are left`, ...none].join(", ");
	return `the baseline has ${counted(expiry.runs)}; ${loss}; a push to ${branch} or a scheduled run on it renews it`;
}
function unknownSentence(unknown, runs) {
	return `whether the baseline was measured in the same environment is not known: ${unknown.map(({ key, head, bases, runs: silent }) => head === void 0 ? `the head does not say its ${key} (of the baseline: ${bases.join(", ")})` : `${silent === runs ? "the baseline does" : `${silent} of ${counted(runs)} do`} not say ${key} (of the head: ${head})`).join("; ")}`;
}
const counted = (runs) => runs === 1 ? "1 run" : `${runs} runs`;
const day = (iso) => iso.slice(0, 10);

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
const NOTABLE$2 = .05;
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
	return (METRICS[metric].better === "lower" ? (low ?? 0) > 0 : (high ?? 0) < 0) && (delta?.scale === "difference" || (worse ?? 0) >= NOTABLE$2);
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
	const { suite, comparisons, evidence, baseline } = input;
	const problems = [...input.problems, ...poolWarnings(comparisons)];
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
	const verdict = worstVerdict(counted.map((scenario) => scenario.verdict)) ?? (isSpoiled ? "invalid" : "inconclusive");
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
	return worstVerdict(metrics.filter(({ gated }) => gated).map(({ verdict }) => verdict)) ?? (spoiled === void 0 ? "inconclusive" : "invalid");
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
/** @param ratePerS mean over the duration; undefined in a closed loop, where it follows from the endpoint. */
function extentOf(block, durationS, ratePerS) {
	if (ratePerS === void 0) return {
		durationS,
		blockS: block.durationS,
		shortestS: SHORTEST_S$1
	};
	return {
		durationS,
		blockS: Math.max(block.durationS, block.requests / ratePerS),
		shortestS: Math.max(SHORTEST_S$1, FEWEST_REQUESTS$1 / ratePerS)
	};
}
/** Blocks that suit all of several loads which run at once. @param extents at least one, with one duration. */
const commonExtent = (extents) => ({
	durationS: extents[0].durationS,
	blockS: Math.max(...extents.map(({ blockS }) => blockS)),
	shortestS: Math.max(...extents.map(({ shortestS }) => shortestS))
});
/**
* Number and length of the base/head pairs of a live comparison; the duration is the measured time *per arm*.
*
* A block is as long as the scenario asks (`block.durationS`, and on average long enough for `block.requests`). If that leaves
* fewer than 12 pairs, blocks shrink until there are 12, but not below 1 s and 100 requests: an interval over pairs has
* pairs − 1 degrees of freedom, so a handful of long blocks says less about the spread between blocks than a dozen of
* short ones, while a block of a few requests holds no percentile. The number is even, because blocks run in quads
* (ABBA or BAAB), and at least 2, whatever the length: with fewer no spread exists at all. The duration is divided
* evenly, so blocks are as long as asked or a little longer, and base and head get exactly the duration. From 240 pairs
* on blocks grow instead.
*/
function pairLayout({ durationS, blockS, shortestS }) {
	const wanted = even(durationS / blockS);
	const possible = even(durationS / shortestS);
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
function contiguousBlocks({ durationS, blockS }) {
	const wanted = wholes(durationS / blockS);
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
* The load before measuring. `auto` ends when the answers have come to a steady state, after half of the duration and a
* minute at the latest. Where that leaves the test less than {@link TEST_S} or {@link TEST_REQUESTS} requests, it is not
* asked: the warm-up is then a tenth of the duration and at least ten requests (lazy initialisation often happens per
* request, not per second), between 2 s and 30 s.
*
* @param ratePerS of the warm-up itself; undefined in a closed loop.
* @returns `durationS` 0 for none.
*/
function warmUpOf({ warmUp, load }, ratePerS) {
	if (warmUp === "none") return {
		durationS: 0,
		untilSteady: false
	};
	if (warmUp !== "auto") return {
		durationS: warmUp,
		untilSteady: false
	};
	const secondsFor = (requests) => ratePerS === void 0 ? 0 : requests / ratePerS;
	const longestS = Math.min(60, load.durationS / 2);
	if (longestS >= Math.max(TEST_S, secondsFor(TEST_REQUESTS))) return {
		durationS: longestS,
		untilSteady: true
	};
	return {
		durationS: Math.min(30, Math.max(2, load.durationS / 10, secondsFor(10))),
		untilSteady: false
	};
}
/** The steady-state test needs 2.4 s and 48 requests to speak; of an endpoint with some noise it asks for more. */
const TEST_S = 5;
const TEST_REQUESTS = 60;
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
* @param label field of each line that holds the right answer; it is taken out of what is sent.
* @returns 1 to {@link MOST_LINES} payloads.
* @throws {InputError} with file:line:column on a line that is not JSON, and on a file without content.
*/
function readPayloadFile(path, bytes, label) {
	const extension = /\.([^./\\]+)$/.exec(path)?.[1]?.toLowerCase() ?? "";
	switch (extension) {
		case "jsonl":
		case "ndjson": return linesOf(path, bytes).map(({ text, number }) => withLabel(jsonPayload(path, text, number), label, {
			path,
			line: number
		}));
		case "txt": return linesOf(path, bytes).map(({ text }) => ({
			kind: "text",
			text
		}));
		case "json": return [jsonPayload(path, decode$1(path, bytes), 1)];
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
	const lines = decode$1(path, bytes).split(/\r?\n/).map((text, i) => ({
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
/** What is sent no longer holds the answer, and so is written anew. */
function withLabel(payload, label, { path, line }) {
	if (label === void 0 || payload.kind !== "json") return payload;
	const { value } = payload;
	if (typeof value !== "object" || value === null || Array.isArray(value) || !Object.hasOwn(value, label)) throw new InputError(`this line has no field ${JSON.stringify(label)} with the right answer`, {
		hint: "give every line one, or leave label out of the suite",
		position: {
			file: path,
			line,
			column: 1
		}
	});
	const { [label]: answer, ...rest } = value;
	return {
		kind: "json",
		value: rest,
		label: answer
	};
}
function decode$1(path, bytes) {
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
	if (type === void 0) throw new InputError(`tensor "${name}" has an unknown datatype "${datatype}"`, { hint: suggest$1(datatype, Object.keys(DATATYPES)) });
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
			return readPayloadFile(content.path, bytes, content.label);
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

// src/core/plan/gamma.ts
/**
* Draws from the gamma distribution with this shape and scale 1 (mean and variance: `shape`).
*
* Rejection from a transformed normal; for a shape below 1, a draw of shape + 1 times a power of a uniform. About 1.05
* tries a draw.
*
* @param shape above 0. Of 1 it is the exponential distribution.
* @returns ≥ 0; for a small shape often so small that it is 0.
*
* Source: Marsaglia & Tsang (2000), A simple method for generating gamma variables, ACM TOMS 26(3).
*/
function gamma(shape, next) {
	if (shape < 1) return gamma(shape + 1, next) * (1 - uniform(next)) ** (1 / shape);
	const d = shape - 1 / 3;
	const c = 1 / Math.sqrt(9 * d);
	for (;;) {
		const x = standardNormal(next);
		const v = (1 + c * x) ** 3;
		if (v <= 0) continue;
		const u = 1 - uniform(next);
		if (Math.log(u) < x * x / 2 + d * (1 - v + Math.log(v))) return d * v;
	}
}
/** Box & Muller (1958); the second of the pair is not kept, so that a draw depends on nothing but its own words. */
function standardNormal(next) {
	return Math.sqrt(-2 * Math.log1p(-uniform(next))) * Math.cos(2 * Math.PI * uniform(next));
}

// src/core/plan/arrivals.ts
/** λ(t) = ratePerS. Equal windows of a constant rate offer equal numbers, so each is rounded by itself. */
function constantRate(ratePerS, durationS) {
	const expected = ratePerS * durationS;
	return {
		durationS,
		expected,
		count: Math.round(expected),
		secondOf: (events) => events / ratePerS
	};
}
/**
* Intended starts in seconds, ascending, in [0, durationS): exactly `shape.count` of them.
*
* - `constant`: evenly spaced on the event axis, at the middles of equal steps. With the first arrival half a step in,
*   no arrival ever falls on the border of two blocks, where rounding would decide whose it is.
* - `jitter`: the same, each moved by a uniform draw from ± that share of a step.
* - `poisson`: a Poisson process *given its number of arrivals*: n + 1 exponential gaps, scaled to fill the shape. They
*   are the order statistics of n uniform draws, so gaps and bursts are those of a Poisson process, but the count does
*   not wander by ±√n: a suite that asks for 50/s for 10 s offers 500 requests in every block, and neither throughput
*   nor utilization carries that noise.
* - `gamma`: n + 1 gamma gaps of shape 1/cv², scaled likewise. For many arrivals their coefficient of variation is cv,
*   and 1 is `poisson`; of n gaps that share a sum it is cv·√(n / (n + 1 + cv²)).
*
* @returns an empty array where fewer than half an arrival is expected. O(n).
*
* Sources: Kingman (1993), Poisson Processes, §2.4 (conditioning); Devroye (1986), Non-Uniform Random Variate
* Generation, §V.2.1 (uniform order statistics from exponential gaps); §VI.1.3 (inversion of the cumulative rate).
*/
function arrivals(kind, shape, next) {
	const times = sharesOf(kind, shape.count, next);
	const latest = shape.durationS * (1 - Number.EPSILON);
	let last = 0;
	for (let i = 0; i < times.length; i++) {
		last = Math.max(last, Math.min(shape.secondOf(times[i] * shape.expected), latest));
		times[i] = last;
	}
	return times;
}
/** Where on the axis of events the arrivals lie, as shares of the whole, ascending in [0, 1]. */
function sharesOf(kind, count, next) {
	if (kind === "poisson") return scaledGaps(count, () => exponential(next));
	if (kind === "constant") return steps(count, () => .5);
	if ("jitter" in kind) return steps(count, () => .5 + kind.jitter * (2 * uniform(next) - 1));
	const shape = 1 / kind.gamma ** 2;
	return scaledGaps(count, () => gamma(shape, next));
}
/** One arrival in each of `count` equal steps, at a place in [0, 1) of it. */
function steps(count, place) {
	const shares = new Float64Array(count);
	for (let i = 0; i < count; i++) shares[i] = (i + place()) / count;
	return shares;
}
/** Partial sums of gaps as shares of the sum of count + 1 of them. */
function scaledGaps(count, gap) {
	const sums = new Float64Array(count);
	let sum = 0;
	for (let i = 0; i < count; i++) {
		sum += gap();
		sums[i] = sum;
	}
	const total = sum + gap();
	for (let i = 0; i < count; i++) sums[i] = total > 0 ? sums[i] / total : .5;
	return sums;
}

// src/core/plan/shape.ts
/** @param stages rates in 1/s, at least one above 0; durations above 0. */
function curveOf(stages) {
	const pieces = stages.map(pieceOf);
	const startS = sums(pieces.map(({ durationS }) => durationS));
	const before = sums(pieces.map(({ expected }) => expected));
	const durationS = startS[pieces.length];
	const expected = before[pieces.length];
	return {
		durationS,
		expected,
		eventsBy(seconds) {
			if (seconds >= durationS) return expected;
			const i = lastAtMost(startS, Math.max(0, seconds));
			return Math.min(before[i] + pieces[i].eventsBy(Math.max(0, seconds) - startS[i]), before[i + 1]);
		},
		secondOf(events) {
			const x = Math.max(0, Math.min(events, below(expected)));
			const i = lastAtMost(before, x);
			return Math.min(startS[i] + pieces[i].secondOf(x - before[i]), below(startS[i + 1]));
		}
	};
}
/**
* The part of a curve from `fromS` to `toS`, on a clock of its own. Its number of arrivals is round(Λ(toS)) − round(Λ(fromS)):
* windows side by side hold together exactly as many arrivals as one window over all of them.
*
* @param durationS toS − fromS, as the caller's blocks have it to the last bit.
*/
function windowOf(curve, fromS, toS, durationS) {
	const [low, high] = [curve.eventsBy(fromS), curve.eventsBy(toS)];
	return {
		durationS,
		expected: high - low,
		count: Math.round(high) - Math.round(low),
		secondOf: (events) => Math.max(0, curve.secondOf(Math.min(low + events, below(high))) - fromS)
	};
}
const pieceOf = (stage) => stage.kind === "linear" ? line$2(stage) : wave(stage);
/** λ(t) = from + slope·t, so Λ(t) = from·t + slope·t²/2. */
function line$2({ durationS, from, to }) {
	const slope = (to - from) / durationS;
	const eventsBy = (t) => t * (from + slope * t / 2);
	return {
		durationS,
		expected: (from + to) / 2 * durationS,
		eventsBy,
		secondOf(x) {
			if (from === 0) return Math.sqrt(2 * x / slope);
			return 2 * x / (from + Math.sqrt(Math.max(0, from * from + 2 * slope * x)));
		}
	};
}
/** λ(t) = mean + swing·sin(2πt/T), so Λ(t) = mean·t + swing·(T/π)·sin²(πt/T): no cosine is subtracted from 1. */
function wave({ durationS, low, high, periodS }) {
	const mean = (low + high) / 2;
	const swing = (high - low) / 2;
	const eventsBy = (t) => mean * t + swing * periodS / Math.PI * Math.sin(Math.PI * t / periodS) ** 2;
	const rateAt = (t) => mean + swing * Math.sin(2 * Math.PI * t / periodS);
	const perPeriod = mean * periodS;
	return {
		durationS,
		expected: eventsBy(durationS),
		eventsBy,
		secondOf(x) {
			const whole = Math.floor(x / perPeriod);
			return whole * periodS + invert(eventsBy, rateAt, x - whole * perPeriod, periodS);
		}
	};
}
/** More than enough: bisection alone halves the widest bracket to two neighbouring doubles in fewer. */
const MOST_STEPS = 200;
/**
* The root of f(t) = x in [0, end] for an ascending f: Newton's steps, and a bisection wherever one would leave the
* bracket, as at the foot of a wave that touches zero. To the last bits of a double.
*/
function invert(f, slope, x, end) {
	let [low, high] = [0, end];
	let t = x / f(end) * end;
	for (let step = 0; step < MOST_STEPS; step++) {
		const excess = f(t) - x;
		if (excess === 0) return t;
		if (excess > 0) high = t;
		else low = t;
		const newton = t - excess / slope(t);
		const next = newton > low && newton < high ? newton : (low + high) / 2;
		if (Math.abs(next - t) <= Number.EPSILON * t || next === low || next === high) return next;
		t = next;
	}
	return t;
}
/** 0 and the partial sums. */
function sums(values) {
	const result = new Float64Array(values.length + 1);
	for (const [i, value] of values.entries()) result[i + 1] = result[i] + value;
	return result;
}
/** The last i below the end with border[i] ≤ value: of equal borders (a pause) the one behind it. */
function lastAtMost(borders, value) {
	let [low, high] = [0, borders.length - 1];
	while (high - low > 1) {
		const middle = low + high >>> 1;
		if (borders[middle] <= value) low = middle;
		else high = middle;
	}
	return low;
}
/** A number just below a positive one. */
const below = (value) => value * (1 - Number.EPSILON);

// src/core/plan/time-stamp.ts
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;
/**
* Reads a number, or a date in ISO 8601 or with a space in place of the T: `2023-11-16 18:17:03.9799600`. Without a zone it
* is UTC: only differences count.
*
* @returns undefined for anything else, and for a day that no calendar has.
*/
function readStamp(value) {
	if (typeof value === "number") return Number.isFinite(value) ? {
		kind: "number",
		value
	} : void 0;
	if (typeof value !== "string") return void 0;
	const text = value.trim();
	if (NUMBER.test(text)) return {
		kind: "number",
		value: Number(text)
	};
	const parts = DATE.exec(text);
	if (parts === null) return void 0;
	const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0));
	const midnight = Date.UTC(year, month - 1, day);
	if (!(new Date(midnight).getUTCMonth() === month - 1 && new Date(midnight).getUTCDate() === day) || hour > 23 || minute > 59 || second > 60) return void 0;
	return {
		kind: "date",
		second: midnight / 1e3 + hour * 3600 + minute * 60 + second - offsetOf(parts[8] ?? "Z"),
		fraction: Number(`0.${parts[7] ?? "0"}`)
	};
}
/** Seconds from one stamp to another of the same kind; of numbers, in their unit. */
function between(first, other) {
	if (first.kind === "number" || other.kind === "number") return first.kind === "number" && other.kind === "number" ? other.value - first.value : NaN;
	return other.second - first.second + (other.fraction - first.fraction);
}
/** Seconds east of Greenwich. */
function offsetOf(zone) {
	const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
	return sign === void 0 ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
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

// src/core/plan/trace-column.ts
/** Names of a column of time stamps, the surest first; the name may end in a unit. Case, dashes and underscores do not count. */
const NAMES = [
	"timestamp",
	"arrivaltimestamp",
	"arrivaltime",
	"arrivedat",
	"arrival",
	"requesttime",
	"requestedat",
	"starttime",
	"startedat",
	"datetime",
	"time",
	"ts",
	"at"
];
const UNITS = {
	"": void 0,
	s: "s",
	sec: "s",
	seconds: "s",
	ms: "ms",
	us: "us",
	ns: "ns"
};
/**
* The column of time stamps of a `.csv` file (with a header), or the key of the objects in a `.jsonl` file.
*
* @param wanted its name; undefined: the first of the usual names that is there.
* @throws {InputError} with file:line:column if there is none, and while it is read on a line that cannot be.
*/
function openColumn(file, text, wanted) {
	return /\.csv$/i.test(file) ? csvColumn(file, text, wanted) : jsonColumn(file, text, wanted);
}
function csvColumn(file, text, wanted) {
	const rows = readCsv(file, text);
	const header = rows.next();
	if (header.done === true) throw emptyTrace(file);
	const { fields, position } = header.value;
	const index = fields.indexOf(choose(fields, wanted, position(0), "column"));
	return {
		name: fields[index],
		entries: csvEntries(rows, index)
	};
}
function* csvEntries(rows, index) {
	for (const { line, fields, position } of rows) yield {
		value: fields[index] ?? "",
		line,
		position: () => position(index)
	};
}
function jsonColumn(file, text, wanted) {
	const lines = jsonLines(file, text);
	const first = lines.next();
	if (first.done === true) throw emptyTrace(file);
	const name = choose(Object.keys(first.value.object), wanted, {
		file,
		line: first.value.line,
		column: 1
	}, "key");
	return {
		name,
		entries: jsonEntries(file, first.value, lines, name)
	};
}
function* jsonEntries(file, first, others, name) {
	const entry = ({ line, object }) => ({
		value: object[name],
		line,
		position: () => ({
			file,
			line,
			column: 1
		})
	});
	yield entry(first);
	for (const other of others) yield entry(other);
}
/** One line after the other: a trace may hold a good deal more than its time stamps. */
function* jsonLines(file, text) {
	for (let [at, line] = [0, 1]; at < text.length; line++) {
		const found = text.indexOf("\n", at);
		const end = found < 0 ? text.length : found;
		const source = text.slice(at, end).trim();
		at = end + 1;
		if (source !== "") yield {
			line,
			object: parseLine(file, line, source)
		};
	}
}
function parseLine(file, line, source) {
	const position = {
		file,
		line,
		column: 1
	};
	let value;
	try {
		value = JSON.parse(source);
	} catch (cause) {
		throw new InputError("this line is not JSON", {
			position,
			hint: "a .jsonl trace has one object a line",
			cause
		});
	}
	if (typeof value === "object" && value !== null && !Array.isArray(value)) return value;
	throw new InputError("this line is not an object", {
		position,
		hint: "write for example { \"timestamp\": 0 }"
	});
}
function choose(names, wanted, position, what) {
	const missing = (message, hint) => new InputError(message, {
		position,
		hint
	});
	if (wanted !== void 0) {
		const found = names.find((name) => name === wanted) ?? names.find((name) => name.toLowerCase() === wanted.toLowerCase());
		if (found !== void 0) return found;
		throw missing(`the trace has no ${what} "${wanted}"`, suggest$1(wanted, names));
	}
	const plain = names.map(plainName);
	const index = NAMES.flatMap((known) => Object.keys(UNITS).map((unit) => plain.indexOf(known + unit))).find((found) => found >= 0);
	if (index !== void 0) return names[index];
	if (names.some((name) => readStamp(name) !== void 0)) throw missing("the first line of the trace holds a time stamp instead of names", "write the names of the columns above it");
	throw missing(`no ${what} of the trace is called timestamp, time, arrived_at or the like`, `name its ${what} in the load: time: ${names[0] ?? "NAME"}`);
}
/** The unit that a column's name ends in: `at_ms`, `arrivalTimeMs`, `sent (us)`. */
function unitOf(name) {
	const known = NAMES.find((usual) => plainName(name).startsWith(usual) && Object.hasOwn(UNITS, plainName(name).slice(usual.length)));
	const ending = known === void 0 ? /(?:[-_ (]|[a-z](?=[A-Z]))([A-Za-z]+)\)?$/.exec(name)?.[1]?.toLowerCase() : plainName(name).slice(known.length);
	if (ending === void 0 || ending === "s" && /[a-z]s$/.test(name)) return void 0;
	return Object.hasOwn(UNITS, ending) ? UNITS[ending] : void 0;
}
const plainName = (name) => name.toLowerCase().replaceAll(/[-_ ()]/g, "");
const emptyTrace = (file) => new InputError("the trace holds no arrival", {
	position: {
		file,
		line: 1,
		column: 1
	},
	hint: "a replay needs at least one"
});

// src/core/plan/trace.ts
/** The year 5138 in seconds, and 1973 in milliseconds. */
const NO_SECONDS = 1e11;
const SECONDS = {
	s: 1,
	ms: .001,
	us: 1e-6,
	ns: 1e-9
};
/**
* Reads the time stamps of a trace, in the order of the file. Dates are ISO 8601 or `2023-11-16 18:17:03.9799600`; numbers
* count in `unit`, else in what the column's name ends in (`at_ms`), else in seconds. Other columns are passed over.
*
* @throws {InputError} with file:line:column on a trace without arrivals or without the column, on a stamp that cannot be
*   read, and on one that lies before that of the line above it.
*/
function readTrace(bytes, { file, time, unit }) {
	const { name, entries } = openColumn(file, decode(file, bytes), time);
	const named = unit ?? unitOf(name);
	const seconds = [];
	const lines = [];
	let first;
	let last = 0;
	for (const entry of entries) {
		const stamp = stampOf(entry, name);
		if (stamp.kind === "date" && unit !== void 0) throw wrong(entry, "this is a date, and the load names a unit", "leave unit out: it is for numbers");
		first ??= stamp;
		if (named === void 0 && stamp.kind === "number" && stamp.value >= NO_SECONDS) throw wrong(entry, "these numbers are too large to be seconds since 1970", "write unit: ms (or us, or ns)");
		if (stamp.kind !== first.kind) throw wrong(entry, "this is a date among numbers, or a number among dates", "write all time stamps alike");
		const atS = between(first, stamp) * (stamp.kind === "number" ? SECONDS[named ?? "s"] : 1);
		if (atS < last) throw wrong(entry, "this time stamp lies before the one above it", "sort the trace by time");
		last = atS;
		seconds.push(atS);
		lines.push(entry.line);
	}
	if (first === void 0) throw emptyTrace(file);
	return {
		file,
		arrivalsS: Float64Array.from(seconds),
		lines: Float64Array.from(lines),
		unitAssumed: first.kind === "number" && named === void 0
	};
}
function stampOf(entry, name) {
	const { value } = entry;
	const stamp = readStamp(value);
	if (stamp !== void 0) return stamp;
	const shown = JSON.stringify(value)?.slice(0, 60);
	const message = value === void 0 || value === "" ? `"${name}" is missing here` : `${shown} is not a time stamp`;
	throw wrong(entry, message, "write a number, or a date such as 2026-11-26T09:30:00.125Z");
}
const wrong = (entry, message, hint) => new InputError(message, {
	position: entry.position(),
	hint
});
function decode(file, bytes) {
	try {
		return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
	} catch (cause) {
		throw new InputError("the trace is not UTF-8 text", {
			position: {
				file,
				line: 1,
				column: 1
			},
			hint: "save it as UTF-8, uncompressed",
			cause
		});
	}
}

// src/core/plan/trace-window.ts
/**
* The arrivals of a replay, in seconds since its begin: those of the trace from `fromS` on, `speed` times as fast, each
* kept with probability `sample` whatever becomes of the others.
*
* A trace lasts from its first arrival to one mean gap beyond its last: a window may end there, and no later.
*
* @param next draws once for each arrival of the trace from its beginning, so that moving the window keeps the choice.
* @returns ascending, in [0, durationS); never empty.
* @throws {InputError} if the window reaches beyond the trace or holds no arrival.
*/
function replay(trace, load, next) {
	const { arrivalsS, file, lines } = trace;
	const { fromS, speed, sample, durationS } = load;
	const count = arrivalsS.length;
	const lastS = arrivalsS[count - 1];
	const lengthS = count > 1 ? lastS * count / (count - 1) : 0;
	const endS = fromS + durationS * speed;
	if (endS > lengthS * (1 + 1e-9)) {
		const [whole, rest] = [lengthS, lengthS - fromS].map((seconds) => text$1(Math.max(0, seconds) / speed));
		const at = speed === 1 ? "" : ` at speed ${speed}`;
		const [asked, left] = fromS === 0 ? ["", ""] : [` from ${text$1(fromS)} on`, `, ${rest} of it from there on`];
		throw new InputError(`this trace ends before ${text$1(durationS)}${asked} are over: it lasts ${whole}${at}${left}`, {
			position: {
				file,
				line: lines[count - 1],
				column: 1
			},
			hint: "shorten duration, or lower from or speed"
		});
	}
	const kept = [];
	for (let i = 0; i < count && arrivalsS[i] < endS; i++) if (uniform(next) < sample && arrivalsS[i] >= fromS) kept.push((arrivalsS[i] - fromS) / speed);
	if (kept.length > 0) return Float64Array.from(kept);
	const after = arrivalsS.findIndex((atS) => atS >= endS);
	const line = lines[after < 0 ? count - 1 : after];
	const unit = trace.unitAssumed ? "; its numbers were read as seconds: if they are not, write unit: ms" : "";
	const why = sample < 1 ? ", or sample more of it" : "";
	throw new InputError(`no arrival is left in the ${text$1(durationS * speed)} of this trace from ${text$1(fromS)} on`, {
		position: {
			file,
			line,
			column: 1
		},
		hint: `choose another from or a longer duration${why}${unit}`
	});
}
const text$1 = (seconds) => formatForSuite(Number(seconds.toPrecision(6)), "duration");

// src/core/plan/user-steps.ts
/**
* The users of a closed loop over time. Users are whole: a ramp from 1 to 16 is 16 levels, each for a sixteenth of its
* duration, and a sine takes every whole number that lies nearest to it.
*
* @param stages levels are whole numbers.
* @returns ascending in time, the first at 0, neighbours differ.
*/
function userSteps(stages) {
	const steps = [];
	let startS = 0;
	for (const stage of stages) {
		for (const { atS, users } of stage.kind === "linear" ? rampSteps(stage) : waveSteps(stage)) {
			const step = {
				atS: startS + atS,
				users
			};
			if (steps.length > 0 && steps.at(-1).atS >= step.atS) steps.pop();
			if (steps.at(-1)?.users !== users) steps.push(step);
		}
		startS += stage.durationS;
	}
	return steps;
}
/** The steps between two moments, on a clock of their own. */
function stepsWithin(steps, fromS, toS) {
	const before = steps.findLast(({ atS }) => atS <= fromS);
	const within = steps.filter(({ atS }) => atS > fromS && atS < toS);
	return [{
		atS: 0,
		users: before?.users ?? 0
	}, ...within.map(({ atS, users }) => ({
		atS: atS - fromS,
		users
	}))];
}
function rampSteps({ durationS, from, to }) {
	const levels = Math.abs(to - from) + 1;
	return Array.from({ length: levels }, (_, i) => ({
		atS: i * durationS / levels,
		users: from + i * Math.sign(to - from)
	}));
}
/** Between two whole levels the wave changes hands half way: there it crosses each border twice a period. */
function waveSteps({ durationS, low, high, periodS }) {
	const mean = (low + high) / 2;
	const swing = (high - low) / 2;
	const crossings = Array.from({ length: high - low }, (_, i) => low + i + .5).flatMap((border) => {
		const angle = Math.asin((border - mean) / swing) / (2 * Math.PI);
		return [{
			phase: angle < 0 ? angle + 1 : angle,
			users: border + .5
		}, {
			phase: .5 - angle,
			users: border - .5
		}];
	});
	crossings.sort((a, b) => a.phase - b.phase);
	const steps = [{
		atS: 0,
		users: Math.ceil(mean)
	}];
	for (let period = 0; period * periodS < durationS; period++) for (const { phase, users } of crossings) steps.push({
		atS: (period + phase) * periodS,
		users
	});
	return steps.filter(({ atS }) => atS < durationS);
}

// src/core/plan/timeline.ts
/** @throws {InputError} on a trace that cannot be read or does not hold what the load asks for. */
function timelineOf({ name, load }, seed, files) {
	switch (load.kind) {
		case "open": return openTimeline(load, seed, name);
		case "closed": return closedTimeline(load, seed, name);
		case "trace": return traceTimeline(load, seed, name, files);
	}
}
function openTimeline({ stages, arrivals: kind, ratePerS }, seed, name) {
	const steady = steadyLevel(stages);
	const curve = curveOf(stages);
	const opening = openingLevel(stages);
	const draw = (purpose) => stream(seed, "arrivals", name, purpose);
	return {
		ratePerS,
		warmUpRatePerS: opening,
		measure: ({ fromS, toS, durationS }, purpose) => {
			const shape = steady === void 0 ? windowOf(curve, fromS, toS, durationS) : constantRate(steady, durationS);
			return {
				kind: "open",
				arrivalsS: arrivals(kind, shape, draw(purpose))
			};
		},
		warmUp: (durationS, purpose) => ({
			kind: "open",
			arrivalsS: arrivals(kind, constantRate(opening, durationS), draw(purpose))
		})
	};
}
/** Pauses of a closed-loop segment, which does not know how many it will need and goes round. */
const THINK_TIMES = 4096;
function closedTimeline({ stages, thinkTime, pacingS }, seed, name) {
	const steps = userSteps(stages);
	const opening = Math.max(1, Math.round(openingLevel(stages)));
	const thinkS = (purpose) => thinkTimes(thinkTime, seed, name, purpose);
	return {
		ratePerS: void 0,
		warmUpRatePerS: void 0,
		measure: ({ fromS, toS }, purpose) => ({
			kind: "closed",
			steps: stepsWithin(steps, fromS, toS),
			thinkS: thinkS(purpose),
			pacingS
		}),
		warmUp: (_, purpose) => ({
			kind: "closed",
			steps: [{
				atS: 0,
				users: opening
			}],
			thinkS: thinkS(purpose),
			pacingS
		})
	};
}
function thinkTimes(think, seed, name, purpose) {
	if (think === void 0) return /* @__PURE__ */ new Float64Array();
	if (think.kind === "fixed") return Float64Array.of(think.seconds);
	const next = stream(seed, "think", name, purpose);
	const draw = think.kind === "uniform" ? () => think.lowS + uniform(next) * (think.highS - think.lowS) : () => think.meanS * exponential(next);
	return Float64Array.from({ length: THINK_TIMES }, draw);
}
function traceTimeline(load, seed, name, files) {
	const bytes = files.get(load.file);
	if (bytes === void 0) throw new InputError(`scenario "${name}" replays a file that is not there: ${load.file}`, { hint: "paths are relative to the suite file" });
	const arrivalsS = replay(readTrace(bytes, load), load, stream(seed, "trace", name));
	const ratePerS = arrivalsS.length / load.durationS;
	return {
		ratePerS,
		warmUpRatePerS: ratePerS,
		measure: ({ fromS, toS, durationS }) => {
			const latest = durationS * (1 - Number.EPSILON);
			return {
				kind: "open",
				arrivalsS: arrivalsS.subarray(firstFrom(arrivalsS, fromS), firstFrom(arrivalsS, toS)).map((atS) => Math.min(atS - fromS, latest))
			};
		},
		warmUp: (durationS, purpose) => ({
			kind: "open",
			arrivalsS: arrivals("poisson", constantRate(ratePerS, durationS), stream(seed, "arrivals", name, purpose))
		})
	};
}
/** The level with which a shape begins, or the mean of its first piece where that is nothing. Above 0. */
function openingLevel(stages) {
	const first = stages.find((stage) => areaOf([stage]) > 0);
	if (first === void 0) throw new RangeError("a load has a level above 0");
	const begins = first.kind === "linear" ? first.from : (first.low + first.high) / 2;
	return begins > 0 ? begins : areaOf([first]) / first.durationS;
}
/** The index of the first value ≥ `bound` in an ascending list; its length where there is none. */
function firstFrom(values, bound) {
	let [low, high] = [0, values.length];
	while (low < high) {
		const middle = low + high >>> 1;
		if (values[middle] < bound) low = middle + 1;
		else high = middle;
	}
	return low;
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
*   blocks of a pair replay the same window of the load, with the same arrivals and picks (common random numbers), so
*   that what differs is the endpoint. A window that sends nothing (a pause) is played and is no block: there is
*   nothing to compare.
*
* Later passes play the same load again with arrivals, picks and an order of the arms of their own, and go on counting
* blocks and pairs. They have no warm-up: the endpoint was under this load minutes ago.
*
* Scenarios that run together have the same segments: one length of warm-up and blocks, one order of the arms.
*
* @throws {InputError} for an unknown scenario or a missing file, a payload its protocol cannot carry, a mix without
*   weight, a trace that does not hold the load, a scenario that would send nothing or that was chosen without those
*   it runs together with. All wrong scenarios are told at once.
*/
function makePlan(input) {
	const { suite, digest, design } = input;
	const bodies = lazyBodies(input);
	const prepared = collect(chosenScenarios(suite, input.scenarios), (scenario) => {
		const timeline = timelineOf(scenario, suite.seed, input.files);
		return {
			scenario,
			timeline,
			extent: extentOf(scenario.block, scenario.load.durationS, timeline.ratePerS),
			warmUp: warmUpOf(scenario, timeline.warmUpRatePerS),
			...mixRequests(suite, scenario, bodies)
		};
	});
	const scenarios = collect(prepared, (one) => planScenario(input, one, groupOf(one, prepared)));
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
		throw new InputError(`no scenario is called "${name}"`, { hint: suggest$1(name, known) });
	});
	const chosen = scenarios.filter(({ name }) => names.includes(name));
	collect(chosen, ({ name, together }) => {
		const left = scenarios.filter((other) => together !== void 0 && other.together === together && !chosen.includes(other));
		if (left.length === 0) return;
		const others = left.map((other) => `"${other.name}"`).join(" and ");
		throw new InputError(`scenario "${name}" runs together with ${others}, and alone it would be another load`, { hint: `choose all of "${together}"` });
	});
	return chosen;
}
function groupOf({ scenario: { name, together } }, all) {
	const members = all.filter(({ scenario }) => together === void 0 ? scenario.name === name : scenario.together === together);
	return {
		extent: commonExtent(members.map(({ extent }) => extent)),
		warmUp: {
			durationS: Math.max(...members.map(({ warmUp }) => warmUp.durationS)),
			untilSteady: members.every(({ warmUp }) => warmUp.untilSteady)
		},
		order: together === void 0 ? [name] : ["together", together]
	};
}
function planScenario({ suite, design, pass = 1 }, prepared, group) {
	const { scenario, timeline, requests, mix } = prepared;
	const { name, load } = scenario;
	const draw = (purpose, durationS, loadOf) => {
		const load = loadOf(purpose);
		const count = load.kind === "open" ? load.arrivalsS.length : CLOSED_PICKS;
		return {
			durationS,
			load,
			picks: drawPicks(count, mix, stream(suite.seed, "picks", name, purpose))
		};
	};
	const segments = measured({
		design,
		seed: suite.seed,
		pass
	}, timeline, group, draw);
	if (segments.every(({ load }) => isIdle$1(load))) {
		const rate = timeline.ratePerS ?? 0;
		throw new InputError(`scenario "${name}" sends no request: ${rate}/s for ${segments[0].durationS} s is less than one`, { hint: "raise its rate or its duration" });
	}
	return {
		scenario,
		load: recordedLoad(load, timeline.ratePerS ?? 0),
		requests,
		segments: [...pass === 1 ? warmUps(design, timeline, group, draw) : [], ...segments]
	};
}
function warmUps(design, timeline, { warmUp }, draw) {
	const { durationS, untilSteady } = warmUp;
	if (durationS === 0) return [];
	const segment = {
		phase: "warm-up",
		untilSteady,
		...draw("warm-up", durationS, (purpose) => timeline.warmUp(durationS, purpose)),
		blocks: []
	};
	return (design === "live" ? ["base", "head"] : ["head"]).map((arm) => ({
		arm,
		...segment
	}));
}
function measured({ design, seed, pass }, timeline, group, draw) {
	const { durationS } = group.extent;
	const common = {
		phase: "measure",
		untilSteady: false
	};
	const ofPass = pass === 1 ? [] : [`pass ${pass}`];
	if (design === "single") {
		const whole = {
			fromS: 0,
			toS: durationS,
			durationS
		};
		const segment = draw(["measure", ...ofPass].join(" "), durationS, (purpose) => timeline.measure(whole, purpose));
		const slots = contiguousBlocks(group.extent);
		const blocks = slots.map((slot) => ({
			...slot,
			index: slot.index + (pass - 1) * slots.length
		}));
		return [{
			arm: "head",
			...common,
			...segment,
			blocks
		}];
	}
	const { pairs, blockS } = pairLayout(group.extent);
	const border = (pair) => pair * durationS / pairs;
	const firstPair = (pass - 1) * pairs;
	const drawn = Array.from({ length: pairs }, (_, pair) => draw(`pair ${firstPair + pair}`, blockS, (purpose) => timeline.measure({
		fromS: border(pair),
		toS: border(pair + 1),
		durationS: blockS
	}, purpose)));
	return abbaOrder(pairs, stream(seed, "order", ...group.order, ...ofPass)).map((arm, place) => {
		const pair = Math.floor(place / 2);
		const segment = drawn[pair];
		const slot = {
			index: 2 * firstPair + place,
			pair: firstPair + pair,
			startS: 0,
			durationS: blockS
		};
		const blocks = isIdle$1(segment.load) ? [] : [slot];
		return {
			arm,
			...common,
			...segment,
			blocks
		};
	});
}
const isIdle$1 = (load) => load.kind === "open" ? load.arrivalsS.length === 0 : load.steps.every(({ users }) => users === 0);
/** Builds the requests of a class when the first scenario asks for them, and once: scenarios share them. */
function lazyBodies({ suite, files }) {
	const built = /* @__PURE__ */ new Map();
	const { buildRequest } = protocols[suite.target.protocol];
	return (payloadClass) => {
		const { name } = payloadClass;
		const requests = built.get(name) ?? payloadPool(payloadClass, files, suite.seed).map((payload) => ({
			payloadClass: name,
			...buildRequest(suite.target, payload),
			...payload.kind === "json" && payload.label !== void 0 ? { label: payload.label } : {}
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

// src/core/plan/remaining.ts
/**
* What a run that ended in the middle has still to do. Plans are made from the suite and its seed alone, so the rest of
* one sends the very requests that were never sent.
*
* Kept are whole pairs of base and head, and of a run on one arm the blocks up to the first one that is missing: half a
* pair would be completed minutes or days after its other half. Scenarios that run together are kept together. Whatever
* is not whole is measured again, after a warm-up.
*
* @param record of the same plan: same suite digest, seed and design.
*/
function remainingPlan(plan, record) {
	const recordOf = new Map(record.scenarios.map((scenario) => [scenario.name, scenario]));
	const isDone = doneBlocks(plan, recordOf);
	const scenarios = plan.scenarios.map((scenario) => rest(scenario, isDone));
	const kept = plan.scenarios.flatMap(({ scenario: { name, together } }) => {
		const known = recordOf.get(name);
		return known === void 0 ? [] : [trimmed(known, isDone.get(together ?? name))];
	});
	return {
		plan: {
			...plan,
			scenarios
		},
		kept: kept.filter(({ arms }) => Object.values(arms).some((arm) => arm.blocks.length > 0))
	};
}
/** Indices of blocks that stand, by group (or name, of a scenario that runs alone). */
function doneBlocks(plan, recordOf) {
	const groups = Map.groupBy(plan.scenarios, ({ scenario }) => scenario.together ?? scenario.name);
	return new Map([...groups].map(([group, members]) => [group, doneOfGroup(members, recordOf)]));
}
function doneOfGroup(members, recordOf) {
	const slots = new Map(members.flatMap(({ segments }) => segments.flatMap(({ arm, blocks }) => blocks.map((slot) => [slot.index, {
		...slot,
		arm
	}]))));
	const isWhole = (index) => members.every(({ scenario: { name }, segments }) => {
		const planned = segments.find(({ blocks }) => blocks.some((slot) => slot.index === index));
		return planned === void 0 || recordOf.get(name)?.arms[planned.arm]?.blocks.some((block) => block.index === index) === true;
	});
	const done = /* @__PURE__ */ new Set();
	for (const { index, pair } of [...slots.values()].toSorted((a, b) => a.index - b.index)) if ((pair === void 0 ? [index] : [...slots.values()].flatMap((slot) => slot.pair === pair ? [slot.index] : [])).every(isWhole)) done.add(index);
	else if (pair === void 0) break;
	return done;
}
function rest(scenario, isDone) {
	const done = isDone.get(scenario.scenario.together ?? scenario.scenario.name);
	const measured = scenario.segments.filter(({ phase }) => phase === "measure");
	const [only, ...more] = measured;
	const first = Math.min(...measured.flatMap(({ blocks }) => blocks.map(({ index }) => index - index % measured.length)));
	const left = more.length > 0 ? measured.filter((_, place) => !done.has(first + place)) : only === void 0 ? [] : after(only, done);
	const arms = new Set(left.map(({ arm }) => arm));
	const warmUps = scenario.segments.filter(({ phase, arm }) => phase === "warm-up" && arms.has(arm));
	return {
		...scenario,
		segments: [...warmUps, ...left]
	};
}
/** A segment from its first block on that is not done. Of blocks in one segment only the first ones can be done. */
function after(segment, done) {
	const blocks = segment.blocks.filter(({ index }) => !done.has(index));
	const [first] = blocks;
	if (first === void 0) return [];
	const { startS } = first;
	if (startS === 0) return [segment];
	const { load } = segment;
	const later = {
		...segment,
		durationS: segment.durationS - startS,
		blocks: blocks.map((slot) => ({
			...slot,
			startS: slot.startS - startS
		}))
	};
	if (load.kind === "open") {
		const from = load.arrivalsS.findIndex((atS) => atS >= startS);
		const at = from === -1 ? load.arrivalsS.length : from;
		const arrivalsS = load.arrivalsS.slice(at).map((atS) => atS - startS);
		return [{
			...later,
			load: {
				kind: "open",
				arrivalsS
			},
			picks: segment.picks.slice(at)
		}];
	}
	const current = load.steps.findLastIndex(({ atS }) => atS <= startS);
	const steps = load.steps.slice(Math.max(0, current)).map(({ atS, users }) => ({
		atS: Math.max(0, atS - startS),
		users
	}));
	return [{
		...later,
		load: {
			...load,
			steps
		}
	}];
}
function trimmed(scenario, done) {
	const trim = (arm) => ({
		...arm,
		blocks: arm.blocks.filter(({ index }) => done.has(index))
	});
	const { base, head } = scenario.arms;
	return {
		...scenario,
		arms: {
			...base && { base: trim(base) },
			...head && { head: trim(head) }
		}
	};
}

// src/core/plan/shard.ts
/** More machines than these on one endpoint are a mistake in the workflow. */
const MOST_SHARDS = 100;
/**
* Reads `2/3`, the second of three shards, and when they begin: ISO 8601 with a zone, or seconds since 1970.
*
* @throws {InputError} for anything else.
*/
function readShard(shard, startAt) {
	const [, place, count] = /^\s*(\d{1,4})\s*\/\s*(\d{1,4})\s*$/.exec(shard) ?? [];
	const [index, of] = [Number(place), Number(count)];
	if (place === void 0 || index < 1 || index > of || of > MOST_SHARDS) {
		const hint = `write PLACE/COUNT with a place from 1 and at most ${MOST_SHARDS} shards, such as 2/3`;
		throw new InputError(`shard: ${JSON.stringify(shard)} names no shard`, { hint });
	}
	return {
		stripe: {
			index: index - 1,
			of
		},
		startAtMs: startAt === void 0 || startAt === "" ? void 0 : readStartAt(startAt)
	};
}
/** The shard in words: `shard 2 of 3`. */
const shardText = ({ index, of }) => `shard ${index + 1} of ${of}`;
/**
* The part of a plan that one shard plays. Blocks and segments are those of the whole plan, of equal length in all shards, so
* that they can be laid over one another afterwards; a warm-up therefore lasts its full time and is not ended by what one
* machine sees of the answers.
*
* @throws {InputError} for a scenario of which this shard would send nothing.
*/
function shardOf$1(plan, stripe) {
	const scenarios = plan.scenarios.map((scenario) => {
		const segments = scenario.segments.map((segment) => ({
			...stripeOf(segment, stripe),
			untilSteady: false
		}));
		if (segments.filter(({ phase }) => phase === "measure").every(isIdle)) throw new InputError(`scenario "${scenario.scenario.name}" is too small for ${stripe.of} shards: ${shardText(stripe)} would send nothing`, { hint: "use fewer shards" });
		return {
			...scenario,
			segments
		};
	});
	return {
		...plan,
		scenarios
	};
}
/** A shard's part of a number that all of them share, such as the requests that may be under way: whole, at least 1. */
const shareOf$1 = (total, { index, of }) => Math.max(1, Math.floor((total + of - 1 - index) / of));
/** Equal for the same endpoints; the URLs themselves may hold what is secret. */
const endpointsDigest = ({ head, base }) => createHash("sha256").update(JSON.stringify([head, base ?? ""])).digest("hex").slice(0, 16);
const isIdle = ({ load }) => isIdleLoad(load);
const isIdleLoad = (load) => load.kind === "open" ? load.arrivalsS.length === 0 : load.steps.every(({ users }) => users === 0);
const EPOCH = readStamp("1970-01-01T00:00:00Z");
/** Seconds since 1970 lie below this until the year 5138; milliseconds lie above it since 1973. */
const MOST_SECONDS = 1e11;
function readStartAt(text) {
	const stamp = readStamp(text);
	const seconds = stamp?.kind === "number" ? stamp.value : stamp === void 0 ? NaN : between(EPOCH, stamp);
	if (!(seconds > 0 && seconds < MOST_SECONDS)) throw new InputError(`start-at: ${JSON.stringify(text)} is no time`, { hint: "write seconds since 1970 (`date +%s`) or ISO 8601 such as 2026-11-22T09:00:00Z" });
	return Math.round(seconds * 1e3);
}

// src/core/record/endpoint-class.ts
/**
* What lies between the load generator and an endpoint, as far as its URL tells: scheme, then `loopback` (this machine),
* `private` (an address or a name of an inner network) or `public`: `https public`. The host itself is left out, because
* every preview has a name of its own. A name is not resolved, so that a public name may still lead into an inner network.
*
* @param url of http or https.
*
* Sources: RFC 1918, RFC 4193 and RFC 6598 (private addresses), RFC 3927 and RFC 4291 (link-local), RFC 6761 and RFC 6762
* (`.localhost`, `.local`), RFC 8375 (`.home.arpa`); `.internal` is reserved for inner networks by ICANN (2024).
*/
function endpointClass(url) {
	const { protocol, hostname } = new URL(url);
	const host = hostname.toLowerCase().replace(/^\[|\]$|\.$/g, "");
	return `${protocol.slice(0, -1)} ${placeOf$1(host)}`;
}
function placeOf$1(host) {
	if (host === "localhost" || host.endsWith(".localhost") || /^127(?:\.\d+){3}$/.test(host) || host === "::1") return "loopback";
	return (host.includes(":") ? INNER_V6.test(host) : INNER_V4.test(host) || INNER_NAME.test(host) || !host.includes(".")) ? "private" : "public";
}
const INNER_V4 = /^(?:10|192\.168|169\.254|172\.(?:1[6-9]|2\d|3[01])|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))(?:\.\d+)+$/;
/** fc00::/7 and fe80::/10. */
const INNER_V6 = /^(?:f[cd][0-9a-f]{2}|fe[89ab][0-9a-f]):/;
/** A cluster's services end in `.svc` or in the cluster's own domain, which is `cluster.local` unless it was renamed. */
const INNER_NAME = /\.(?:local|internal|svc|lan|home\.arpa)$/;

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
	const maskArm = (arm) => redactArm(arm, secrets);
	const { identity } = record;
	const { accepted, ...provenance } = record.provenance;
	return {
		...record,
		provenance: {
			...maskValues(provenance),
			...accepted === void 0 ? {} : { accepted: accepted.map((change) => ({
				...change,
				reason: mask(change.reason)
			})) }
		},
		environment: maskValues(record.environment),
		problems: record.problems.map((problem) => ({
			...problem,
			message: mask(problem.message),
			...problem.headline === void 0 ? {} : { headline: mask(problem.headline) }
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
/** The same for what a run keeps of one arm while it is under way. */
const redactArm = (arm, secrets) => ({
	...arm,
	examples: Object.fromEntries(Object.entries(arm.examples).map(([kind, text]) => [kind, redact(text, secrets)]))
});

// src/core/suite/describe-connection.ts
/**
* What of a target's connection, TLS and retry policy is not the usual, in words: `connection`, `tls`, `retry`, each only
* where there is something to say. Holds no credential.
*/
function describeConnection({ connection, tls, retry }) {
	const [how, certificates] = [connectionText(connection), tlsText(tls)];
	return {
		...how === "" ? {} : { connection: how },
		...certificates === "" ? {} : { tls: certificates },
		...retry === void 0 ? {} : { retry: retryText(retry) }
	};
}
const connectionText = ({ reuse, requestsEach, http, streams, dns, proxy }) => [
	...http === "2" ? [`HTTP/2${reuse === "new" ? "" : `, up to ${streams} ${streams === 1 ? "stream" : "streams"} on a connection`}`] : [],
	...reuse === "new" ? ["a new connection for each request"] : [],
	...requestsEach === void 0 ? [] : [`a connection is closed after ${requestsEach} ${requestsEach === 1 ? "request" : "requests"}`],
	...dns === DEFAULT_CONNECTION.dns ? [] : ["the name is resolved once"],
	...proxy === void 0 ? [] : [`through the proxy ${URL.parse(proxy)?.host ?? proxy}`]
].join(", ");
const tlsText = ({ ca, cert, serverName, verify }) => [
	...verify ? [] : ["certificates are not verified"],
	...ca === void 0 ? [] : [`an authority of its own (${ca})`],
	...cert === void 0 ? [] : [`a client certificate (${cert})`],
	...serverName === void 0 ? [] : [`under the name ${serverName}`]
].join(", ");
const retryText = ({ attempts, on, backoffS, maxBackoffS, retryAfter }) => `up to ${attempts} attempts on ${on.join(", ")}, after ${formatForSuite(backoffS, "duration")} and up to ${formatForSuite(maxBackoffS, "duration")}${retryAfter === "respect" ? " or as Retry-After says" : ""}`;

// src/core/plan/threads.ts
/** Small requests per second that one thread sends on time with room to spare; see bench/README.md. */
const RATE_OF_ONE_THREAD = 2500;
/**
* How many threads send each arm of a scenario. `auto`: one, unless the rate of its busiest second asks for more, and
* then no more than leave a processor for the rest: the pacer, the recorder and, in CI, often the endpoint itself. A
* closed loop has no rate to keep, so it stays with one.
*
* @param cores processors of this machine, ≥ 1.
*/
function senderThreads({ segments }, { threads }, cores) {
	if (threads !== "auto") return threads;
	const wanted = Math.ceil(Math.max(0, ...segments.map(busiestSecond)) / RATE_OF_ONE_THREAD);
	return Math.max(1, Math.min(wanted, cores - 1));
}
/** Most arrivals in any stretch of one second. O(arrivals). */
function busiestSecond({ load }) {
	if (load.kind === "closed") return 0;
	const { arrivalsS } = load;
	let most = 0;
	for (let first = 0, last = 0; last < arrivalsS.length; last++) {
		while (arrivalsS[first] <= arrivalsS[last] - 1) first++;
		most = Math.max(most, last - first + 1);
	}
	return most;
}

// src/core/record/drift.ts
/** A drift over the measured time is material from here on: both parts of it. */
const MATERIAL = {
	share: .1,
	seconds: .001
};
/**
* Chance of so clear an order of blocks by accident, and share of the pairs of blocks that must go the same way, less
* those that go the other: about three standard deviations of that share where neighbours are correlated by 0.5. Fewer
* than 1 % of the stationary runs with such blocks meet both (decision 0005). The first cannot be met with fewer than
* ten blocks.
*/
const CHANCE = 25e-5;
const agreement = (blocks) => Math.min(.75, 3.5 / Math.sqrt(blocks));
/**
* Whether an endpoint became slower or faster while it was measured under a flat load: then its numbers are an average
* over states, and a longer run would give others. Looks at the blocks of each arm, at their medians and their 95th
* percentiles, by Mann–Kendall and Theil–Sen.
*
* @returns one warning `drift` per arm at most, of the stronger of its two series; none for a load that changes by itself.
*/
function driftProblems({ name, load, arms }) {
	if (load.shape !== void 0) return [];
	return ["base", "head"].flatMap((arm) => {
		const measured = (arms[arm]?.blocks ?? []).flatMap(({ startS, durationS, histograms }) => histograms.latency === void 0 ? [] : [{
			atS: startS + durationS / 2,
			latency: decodeBins(histograms.latency)
		}]);
		const [strongest] = SERIES.flatMap(({ metric, p }) => driftOf(measured, p, metric) ?? []).toSorted((a, b) => Math.abs(b.share) - Math.abs(a.share));
		return strongest === void 0 ? [] : [{
			severity: "warning",
			code: "drift",
			message: messageOf(arm, strongest),
			scenario: name,
			arm
		}];
	});
}
const SERIES = [{
	metric: "latency.p50",
	p: .5
}, {
	metric: "latency.p95",
	p: .95
}];
function driftOf(blocks, p, metric) {
	const points = blocks.flatMap(({ atS, latency }) => {
		const valueS = quantileOf(latency, p);
		return valueS === void 0 ? [] : [{
			atS,
			valueS
		}];
	});
	const [at, values] = [points.map(({ atS }) => atS), points.map(({ valueS }) => valueS)];
	const change = driftingChange(at, values);
	if (change === void 0) return void 0;
	const middle = median(values);
	return {
		metric,
		fromS: Math.max(0, middle - change / 2),
		toS: middle + change / 2,
		share: change / middle,
		overS: at.at(-1) - at[0]
	};
}
/**
* The change of a series of times from its first to its last value, where it is a drift: material, and in an order that
* is no accident.
*/
function driftingChange(at, values) {
	const trend = trendOf(at, values);
	if (trend === void 0) return void 0;
	const pairs = values.length * (values.length - 1) / 2;
	const change = trend.slope * (at.at(-1) - at[0]);
	return Math.abs(change) >= MATERIAL.share * median(values) && Math.abs(change) > MATERIAL.seconds && trend.p < CHANCE && Math.abs(trend.s) >= agreement(values.length) * pairs ? change : void 0;
}
function messageOf(arm, { metric, fromS, toS, share, overS }) {
	const size = `${formatPercent(Math.abs(share))} ${share > 0 ? "slower" : "faster"}`;
	const ends = `${formatQuantity(fromS, "s")} → ${formatQuantity(toS, "s")}`;
	const advice = share > 0 ? "look for what fills up or heats up (a queue, a cache, memory, a clock)" : "it was still warming up: give it a longer warm-up";
	return `the ${arm} endpoint became ${size} while it was measured: ${metric} went ${ends} within ${formatQuantity(Math.round(overS), "s")}, so its numbers are an average over different states; ${advice}`;
}

// src/core/record/pauses.ts
/** Arrivals in paused seconds: from this share on they can make the 99th percentile, */
const NOTABLE$1 = {
	share: .01,
	ofTail: .05,
	seconds: 1
};
/** and from here on no percentile is known to come from undisturbed time. A few marked seconds of a short run say too little. */
const SPOILING = {
	share: .5,
	ofTail: .5,
	seconds: 5
};
/** Share of the processors that other machines took, from which on it is named. */
const STEAL = .05;
const BUSY = .9;
/** A closed loop goes as fast as it is answered, or as fast as we can send: utilization of the sending thread. */
const SATURATING = .75;
const SATURATED = .9;
/**
* What pauses of our own did to an arm, by the seconds that they are marked in:
*
* - `generator-paused`: a warning where more than 1 % of the arrivals lie in paused seconds and the longest pause is more
*   than 5 % of the shortest of the 99th percentiles (latency, first token, gap between tokens); invalid where both are
*   more than one half, in at least five paused seconds.
* - `generator-saturated`, closed loop only: a warning where the sending thread was busy for more than 75 % of the time,
*   invalid above 90 %: the throughput is then ours.
*
* Nothing is known, and no problem, in records without readings.
*/
function pauseProblems(load, arm, { blocks }) {
	const watched = blocks.filter((block) => block.generator !== void 0);
	if (watched.length === 0) return [];
	return [...pausedProblems(arm, watched), ...load.kind === "closed" ? saturationProblems(arm, watched) : []];
}
/** What other machines took from this one meanwhile, to be added to a finding; empty where it was little or is not known. */
function stealText(blocks) {
	const known = blocks.flatMap(({ generator }) => generator?.stealRatio === void 0 ? [] : [generator.stealRatio]);
	const mean = sum$3(known) / known.length;
	return mean >= STEAL ? `; other machines took ${formatPercent(mean)} of this one's processor time meanwhile (steal)` : "";
}
function pausedProblems(arm, blocks) {
	const arrivals = sum$3(blocks.map(({ offered }) => offered));
	const [paused, looked] = [sum$3(blocks.map(({ generator }) => generator.pausedSeconds)), sum$3(blocks.map(({ generator }) => generator.seconds))];
	const share = sum$3(blocks.map(({ generator }) => generator.pausedArrivals)) / arrivals;
	const worst = blocks.reduce((most, block) => block.generator.pauseMaxS > most.generator.pauseMaxS ? block : most);
	const longestS = worst.generator.pauseMaxS;
	const tailS = shortestTailS(blocks);
	const beyond = (limit) => paused >= limit.seconds && share > limit.share && longestS > limit.ofTail * tailS;
	if (!beyond(NOTABLE$1)) return [];
	const finding = `this machine paused in ${paused} of ${looked} s, and ${formatPercent(share)} of the requests to the ${arm} endpoint were due in those seconds; the longest pause, ${seconds$1(longestS)}, was in block ${worst.index + 1}, which began ${Math.round(worst.startS)} s into the run: ${causeOf(worst.generator)}`;
	const spoiled = beyond(SPOILING);
	return [{
		severity: spoiled ? "invalid" : "warning",
		code: "generator-paused",
		message: `${finding}; ${spoiled ? "no percentile is known to come from undisturbed time; use a runner with more free cores, or move the load away from the endpoint's machine" : "what a pause holds up is sent at once afterwards, which the endpoint feels too"}`
	}];
}
/** The smallest of the percentiles that a pause can move, in seconds: what is short is moved first. */
function shortestTailS(blocks) {
	const tails = [
		"latency",
		"ttft",
		"itl"
	].flatMap((name) => {
		const bins = mergeBins(blocks.flatMap(({ histograms }) => histograms[name] === void 0 ? [] : [decodeBins(histograms[name])]));
		return quantileOf(bins, .99) ?? [];
	});
	return tails.length === 0 ? 0 : Math.min(...tails);
}
/** The likely cause of the longest pause of a block, by what was as long as half of it. */
function causeOf({ pauseMaxS, loopDelayMaxS, gcMaxS, stealRatio, machineBusyRatio }) {
	if (stealRatio !== void 0 && stealRatio >= STEAL) return `other machines took ${formatPercent(stealRatio)} of its processor time (steal)`;
	if (gcMaxS >= pauseMaxS / 2) return `the load generator collected garbage for ${seconds$1(gcMaxS)} within a second`;
	const busy = machineBusyRatio !== void 0 && machineBusyRatio >= BUSY ? `, with the processors ${formatPercent(machineBusyRatio)} busy` : "";
	return loopDelayMaxS >= pauseMaxS / 2 ? `one turn of the load generator's event loop took ${seconds$1(loopDelayMaxS)}${busy}` : `the load generator's threads were not given a processor in time${busy}`;
}
function saturationProblems(arm, blocks) {
	const looked = sum$3(blocks.map(({ generator }) => generator.seconds));
	const utilization = sum$3(blocks.map(({ generator }) => generator.utilization * generator.seconds)) / looked;
	if (utilization < SATURATING) return [];
	const achieved = sum$3(blocks.map(({ offered }) => offered)) / sum$3(blocks.map(({ durationS }) => durationS));
	const rate = (value) => formatQuantity(value, "1/s");
	const finding = `the load generator was busy for ${formatPercent(utilization)} of the time: it sent ${rate(achieved)} to the ${arm} endpoint and could send about ${rate(achieved / utilization)}`;
	return utilization >= SATURATED ? [{
		severity: "invalid",
		code: "generator-saturated",
		message: `${finding}, so the throughput is its own and not the endpoint's; use fewer users or a faster runner`
	}] : [{
		severity: "warning",
		code: "generator-saturated",
		message: `${finding}; with more users, or a faster endpoint, it would set the throughput itself`
	}];
}
const sum$3 = (values) => values.reduce((total, value) => total + value, 0);
const seconds$1 = (value) => formatQuantity(value, "s");

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
/** A delay of this length is a pause, whose requests arrive in one burst and make the endpoint queue: service time has it too. */
const BURST = {
	share: .5,
	seconds: .1
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
*   and 5 % of that percentile. Its part of the percentile is what latency's exceeds service time's, at most its own;
*   above 100 ms all of it is, because what a pause held up arrives in one burst and makes service times longer, too.
* - `generator-paused`, `generator-saturated`: see {@link pauseProblems}.
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
	return arms.flatMap(([arm, record]) => [
		...deliveryProblems(scenario, arm, record),
		...delayProblems(arm, record),
		...pauseProblems(scenario.load, arm, record)
	].map((problem) => ({
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
	const offered = sum$2(blocks.map((block) => block.offered));
	if (offered === 0) return [noRequests(`the ${arm} endpoint never`)];
	const problems = [];
	const sent = offered - sum$2(blocks.map(({ failures }) => failures.overflow ?? 0));
	if (scenario.load.kind === "open" && sent < SENT_SHARE * offered) {
		const message = `only ${sent} of ${offered} requests (${formatPercent(sent / offered)}) could be sent to the ${arm} endpoint, because target.max-in-flight was reached; the endpoint does not keep up with the rate: lower the rate, or raise max-in-flight if so many waiting requests are meant to be measured`;
		problems.push({
			severity: "invalid",
			code: "rate-not-reached",
			message
		});
	}
	if (blocks.every(({ ok }) => ok === 0)) {
		const [most] = FAILURE_KINDS.map((kind) => [kind, sum$2(blocks.map(({ failures }) => failures[kind] ?? 0))]).toSorted(([, a], [, b]) => b - a)[0];
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
		message: `${finding}${stealText(blocks)}; ${severity === "invalid" ? "use a runner with more free cores, lower the rate, or move the load away from the endpoint's machine" : "a runner with more free cores would measure the tail more sharply"}`
	}];
	const delayP50 = quantileOf(generator, .5);
	const latencyP50 = quantileOf(latency, .5);
	if (delayP50 !== void 0 && latencyP50 !== void 0 && exceeds(delayP50, latencyP50, MEDIAN)) return problem("invalid", `half of the requests to the ${arm} endpoint left this machine more than ${seconds(delayP50)} late, with a median latency of ${seconds(latencyP50)}: the load generator cannot keep up`);
	const [delayP99, latencyP99, serviceP99] = [
		generator,
		latency,
		service
	].map((bins) => quantileOf(bins, .99));
	if (delayP99 === void 0 || latencyP99 === void 0 || serviceP99 === void 0) return [];
	if (exceeds(delayP99, latencyP99, BURST)) return problem("invalid", `one in a hundred requests to the ${arm} endpoint left this machine more than ${seconds(delayP99)} late, with a 99th percentile of latency of ${seconds(latencyP99)}, and arrived there in one burst with others`);
	const ours = Math.min(delayP99, latencyP99 - serviceP99);
	if (!exceeds(ours, latencyP99, TAIL_NOTICE)) return [];
	const finding = `of the 99th percentile of the ${arm} endpoint's latency, ${seconds(latencyP99)}, about ${seconds(ours)} is this machine's own delay`;
	return problem(exceeds(ours, latencyP99, TAIL) ? "invalid" : "warning", finding);
}
const exceeds = (ours, latency, limit) => ours > Math.max(limit.seconds, limit.share * latency);
const sum$2 = (values) => values.reduce((total, value) => total + value, 0);
const seconds = (value) => formatQuantity(value, "s");

// src/core/record/block-at.ts
/**
* The last block that starts at or before `atNs`: what rounding leaves after the last block's end is the last block's.
*
* @param blocks ascending, at least one.
* @throws {RangeError} on a time before the first block, or NaN.
*/
function blockAt(blocks, atNs) {
	let [low, high] = [0, blocks.length];
	while (high - low > 1) {
		const middle = low + high >>> 1;
		if (blocks[middle].startNs <= atNs) low = middle;
		else high = middle;
	}
	const block = blocks[low];
	if (!(block.startNs <= atNs)) throw new RangeError(`${atNs} ns lies in no block`);
	return block;
}

// src/core/record/generator-record.ts
/**
* A pause of our own from this length on marks its second, seconds. Shorter ones are noise that every latency holds and
* that `generator-late` weighs; a longer one also changes the load, because what it held up leaves in one burst. Ten
* runs of a 10 ms endpoint on an idle machine had none, see decision 0002.
*/
const PAUSE_S = .02;
/** Takes 57 bytes for each second of the segment and nothing for a request. */
function openGeneratorWindows(slots) {
	const blocks = slots.map(openBlock$1);
	return {
		add(outcome) {
			if (blocks.length === 0) return;
			const block = blockAt(blocks, outcome.intendedNs);
			const window = windowAt(block, outcome.intendedNs);
			block.arrivals[window]++;
			raise(block.delayS, window, (ownDelayNs(outcome) ?? 0) / 1e9);
		},
		look(reading) {
			const last = blocks.at(-1);
			const middleNs = (reading.fromNs + reading.toNs) / 2;
			if (last === void 0 || middleNs < blocks[0].startNs || middleNs >= last.startNs + last.durationNs) return;
			const seen = secondsSeen(blocks, reading);
			if (seen.length === 0) return glimpse(blockAt(blocks, middleNs), middleNs, reading);
			for (const [block, window] of seen) lookAt(block, window, {
				...reading,
				gcS: reading.gcS / seen.length
			});
		},
		of(index) {
			const block = blocks.find((each) => each.index === index);
			return block === void 0 || !block.looked.includes(1) ? void 0 : recordOf$1(block);
		}
	};
}
const SECOND_NS = 1e9;
const UNKNOWN = -1;
function openBlock$1({ index, startS, durationS }) {
	const seconds = Math.max(1, Math.ceil(durationS));
	const [arrivals, delayS, loopS, utilization, gcS] = Array.from({ length: 5 }, () => new Float64Array(seconds));
	return {
		index,
		startNs: Math.round(startS * 1e9),
		durationNs: Math.round(durationS * 1e9),
		looked: new Uint8Array(seconds),
		arrivals,
		delayS,
		loopS,
		utilization,
		gcS,
		steal: new Float64Array(seconds).fill(UNKNOWN),
		busy: new Float64Array(seconds).fill(UNKNOWN)
	};
}
const windowAt = ({ startNs, looked }, atNs) => Math.min(Math.max(0, Math.floor((atNs - startNs) / SECOND_NS)), looked.length - 1);
const middleOf = ({ startNs, durationNs }, window) => startNs + (window * SECOND_NS + Math.min((window + 1) * SECOND_NS, durationNs)) / 2;
const raise = (values, window, value) => {
	if (value > values[window]) values[window] = value;
};
/** The seconds whose middle lies in the reading. */
function secondsSeen(blocks, { fromNs, toNs }) {
	return blocks.filter(({ startNs, durationNs }) => startNs < toNs && startNs + durationNs > fromNs).flatMap((block) => {
		const windows = Array.from({ length: windowAt(block, toNs) - windowAt(block, fromNs) + 1 }, (_, i) => windowAt(block, fromNs) + i);
		const isSeen = (window) => middleOf(block, window) >= fromNs && middleOf(block, window) < toNs;
		return windows.filter(isSeen).map((window) => [block, window]);
	});
}
/** What is left of a second tells of its pauses; its shares are those of the longer reading, if there was one. */
function glimpse(block, middleNs, reading) {
	const window = windowAt(block, middleNs);
	if (block.looked[window] === 0) lookAt(block, window, reading);
	else raise(block.loopS, window, reading.loopDelayMaxS);
}
function lookAt(block, window, reading) {
	block.looked[window] = 1;
	raise(block.loopS, window, reading.loopDelayMaxS);
	raise(block.utilization, window, reading.utilization);
	raise(block.gcS, window, reading.gcS);
	raise(block.steal, window, reading.stealRatio ?? UNKNOWN);
	raise(block.busy, window, reading.machineBusyRatio ?? UNKNOWN);
}
function recordOf$1(block) {
	const windows = [...block.looked.keys()].filter((window) => block.looked[window] === 1);
	const values = (of) => windows.map((window) => of[window]);
	const held = windows.map((window) => Math.max(block.delayS[window], block.loopS[window]));
	const paused = windows.filter((_, i) => held[i] >= PAUSE_S);
	return {
		seconds: windows.length,
		pausedSeconds: paused.length,
		pausedArrivals: sum$1(paused.map((window) => block.arrivals[window])),
		pauseMaxS: paused.length === 0 ? 0 : Math.max(...held),
		loopDelayMaxS: Math.max(...values(block.loopS)),
		utilization: sum$1(values(block.utilization)) / windows.length,
		gcS: sum$1(values(block.gcS)),
		gcMaxS: Math.max(...values(block.gcS)),
		stealRatio: meanOfKnown(values(block.steal)),
		machineBusyRatio: meanOfKnown(values(block.busy))
	};
}
const sum$1 = (values) => values.reduce((total, value) => total + value, 0);
function meanOfKnown(values) {
	const known = values.filter((value) => value !== UNKNOWN);
	return known.length === 0 ? void 0 : sum$1(known) / known.length;
}

// src/core/record/recorder.ts
const GRACE_NS = 6e10;
/** More than the time between a deadline and the moment at which its timer was heard. */
const SETTLING_NS = 1e9;
/**
* @param blocks ascending and gapless; empty for a segment of which only the examples matter.
* @param segmentStartS start of the segment, in seconds since the start of the run.
* @param options.timeoutS after this no request that was intended for a block is still under way.
* @param options.mayRetry whether there is a retry policy: attempts are then counted, also where all were the first.
*/
function openRecorder(blocks, segmentStartS, { timeoutS, mayRetry = false }) {
	const states = blocks.map((slot) => openBlock(slot, mayRetry));
	const windows = openGeneratorWindows(blocks);
	const examples = {};
	let oldest = 0;
	let unsettled = 0;
	return {
		examples,
		look: windows.look,
		add(outcome) {
			const { result } = outcome;
			if (result.kind === "failed") examples[result.why] ??= result.detail;
			if (states.length === 0) return;
			fold$1(blockAt(states, outcome.intendedNs), outcome);
			windows.add(outcome);
		},
		advance(nowNs) {
			const block = states[oldest];
			if (block !== void 0 && endNs(block) + GRACE_NS <= nowNs) {
				const name = DISTRIBUTIONS.find((each) => block.open[each] !== void 0);
				if (name === void 0) oldest++;
				else encode(block, name);
			}
			const next = states[unsettled];
			if (next === void 0 || unsettled >= oldest || endNs(next) + timeoutS * 1e9 + SETTLING_NS > nowNs) return void 0;
			unsettled++;
			return record(next, segmentStartS, windows.of(next.slot.index));
		},
		finish: () => states.map((block) => record(block, segmentStartS, windows.of(block.slot.index)))
	};
}
const endNs = ({ startNs, slot }) => startNs + slot.durationS * 1e9;
const openBlock = (slot, mayRetry) => ({
	slot,
	startNs: Math.round(slot.startS * 1e9),
	offered: 0,
	ok: 0,
	failures: {},
	attempts: mayRetry ? {
		sent: 0,
		retried: 0
	} : void 0,
	labelled: void 0,
	tokens: void 0,
	open: {},
	folded: /* @__PURE__ */ new Map()
});
/** Each distribution by its own name and not by a variable one: this runs for every request, between two of them. */
function fold$1(block, outcome) {
	const { open } = block;
	const { result, intendedNs, dispatchedNs, wireNs, connectNs, dnsNs, tlsNs, firstByteNs, endNs } = outcome;
	block.offered++;
	if (block.attempts !== void 0) {
		block.attempts.sent += outcome.attempts;
		if (outcome.attempts > 1) block.attempts.retried++;
	}
	const [latency, service, ownDelay] = [
		latencyNs(outcome),
		serviceNs(outcome),
		ownDelayNs(outcome)
	];
	if (latency !== void 0) (open.latency ??= new Distribution()).recordNs(latency);
	if (service !== void 0) (open.service ??= new Distribution()).recordNs(service);
	if (ownDelay !== void 0) {
		const queueNs = clientQueueNs(outcome);
		(open.lateness ??= new Distribution()).recordNs(dispatchedNs - intendedNs);
		if (queueNs !== void 0) (open.clientQueue ??= new Distribution()).recordNs(queueNs);
		(open.generator ??= new Distribution()).recordNs(ownDelay);
	}
	if (connectNs !== void 0) (open.connect ??= new Distribution()).recordNs(connectNs);
	if (dnsNs !== void 0) (open.dns ??= new Distribution()).recordNs(dnsNs);
	if (tlsNs !== void 0) (open.tls ??= new Distribution()).recordNs(tlsNs);
	if (firstByteNs !== void 0 && wireNs !== void 0) (open.firstByte ??= new Distribution()).recordNs(firstByteNs - wireNs);
	if (result.kind === "failed") {
		block.failures[result.why] = (block.failures[result.why] ?? 0) + 1;
		return;
	}
	if (firstByteNs !== void 0) (open.transfer ??= new Distribution()).recordNs(endNs - firstByteNs);
	block.ok++;
	const { stream, usageTokens, correct } = result;
	if (correct !== void 0) {
		const { answers, wrong } = block.labelled ?? {
			answers: 0,
			wrong: 0
		};
		block.labelled = {
			answers: answers + 1,
			wrong: wrong + (correct ? 0 : 1)
		};
	}
	if (usageTokens !== void 0) countTokens(block, usageTokens, "usage");
	if (stream !== void 0) foldStream(block, stream, intendedNs);
}
function foldStream(block, stream, intendedNs) {
	const { open } = block;
	countTokens(block, stream.tokens, stream.tokensFrom);
	(open.ttft ??= new Distribution()).recordNs(stream.firstTokenNs - intendedNs);
	for (const gapNs of stream.gapsNs) (open.itl ??= new Distribution()).recordNs(gapNs);
	if (stream.tokens > 1) (open.tpot ??= new Distribution()).recordNs((stream.lastTokenNs - stream.firstTokenNs) / (stream.tokens - 1));
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
	const distribution = block.open[name];
	if (distribution === void 0) return;
	const before = block.folded.get(name);
	if (before !== void 0) distribution.addEncoded(before);
	block.folded.set(name, distribution.encode());
	block.open[name] = void 0;
}
function record(block, segmentStartS, generator) {
	for (const name of DISTRIBUTIONS) encode(block, name);
	const { slot, offered, ok, failures, attempts, labelled, tokens, folded } = block;
	return {
		index: slot.index,
		pair: slot.pair,
		startS: segmentStartS + slot.startS,
		durationS: slot.durationS,
		offered,
		ok,
		failures: { ...failures },
		...attempts === void 0 ? {} : { attempts: { ...attempts } },
		...labelled === void 0 ? {} : { labelled },
		tokens,
		histograms: Object.fromEntries(DISTRIBUTIONS.flatMap((name) => folded.has(name) ? [[name, folded.get(name)]] : [])),
		gauges: {},
		...generator === void 0 ? {} : { generator }
	};
}

// src/core/record/so-far.ts
/** As for a warning about the whole run; see `generatorProblems`. */
const NOTABLE = {
	seconds: .001,
	share: .05
};
function openLatencySoFar() {
	const latency = new Distribution();
	const ownDelay = new Distribution();
	const put = (distribution, ns) => {
		if (ns !== void 0) distribution.recordNs(ns);
	};
	return {
		add(outcome) {
			put(latency, latencyNs(outcome));
			put(ownDelay, ownDelayNs(outcome));
		},
		read() {
			const bins = latency.bins();
			const [p50S, p99S] = [quantileOf(bins, .5), quantileOf(bins, .99)];
			const ownS = quantileOf(ownDelay.bins(), .99);
			return {
				p50S,
				p99S,
				ownDelayP99S: ownS !== void 0 && p99S !== void 0 && ownS > Math.max(NOTABLE.seconds, NOTABLE.share * p99S) ? ownS : void 0
			};
		}
	};
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
		if (share > 0) add("invalid", "gpu-throttled", `a GPU was throttled (${name}) in ${percent$1(share)} of the samples`);
	}
	const heat = /* @__PURE__ */ new Set();
	for (const window of windows) {
		const [start, ...later] = scrapesInside(source.scrapes, window.startNs, window.endNs);
		for (const [key, ns] of Object.entries(start?.scrape.thermalViolationNs ?? {})) if (later.some(({ scrape }) => (scrape.thermalViolationNs[key] ?? ns) > ns)) heat.add(key);
	}
	if (heat.size > 0) add("invalid", "gpu-throttled", `heat slowed ${[...heat].join(", ")} during the measured blocks`);
	const capped = shareOf(measured.map(({ throttleBits }) => Object.values(throttleBits).some((bits) => hasBit(bits, POWER_CAP))));
	if (capped > 0) add("warning", "gpu-power-capped", `a GPU ran at its power limit in ${percent$1(capped)} of the samples`);
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
const percent$1 = (share) => `${Math.max(1, Math.round(share * 100))} %`;
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
const problem = (source, severity, code, message) => ({
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
		return [problem(source, "warning", "telemetry-lost", message)];
	}
	const found = [];
	const empty = inside.filter((scrapes) => scrapes.length === 0).length;
	const gapS = longestGapS(source, windows);
	if (gapS > Number(maxGapNs(source.source.intervalS)) / 1e9) {
		const message = `${where} was silent for ${gapS.toFixed(1)} s during the measured blocks${because}`;
		found.push(problem(source, "warning", "telemetry-gap", message));
	} else if (empty > 0 && got >= 2 * windows.length) {
		const message = `${where} gave no sample in ${empty} of ${windows.length} blocks${because}`;
		found.push(problem(source, "warning", "telemetry-gap", message));
	}
	const fresh = inside.reduce((total, scrapes) => total + freshScrapes(scrapes), 0);
	if (Math.min(got, fresh) < 2 * windows.length) {
		const few = Math.min(got, fresh);
		const cause = fresh < got ? "its values change more slowly than it is asked" : `it is asked every ${source.source.intervalS} s`;
		const message = `${where} gave ${few} different samples in ${windows.length} blocks, fewer than two per block: ${cause}; let it collect at least every second, or measure longer blocks`;
		found.push(problem(source, "warning", "telemetry-coarse", message));
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
			found.set(message, problem(source, "warning", "telemetry-overlap", message));
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
function beginRun(input, now, startNs) {
	const { earlier } = input;
	const startedAt = earlier === void 0 ? now : new Date(Date.parse(earlier.startedAt));
	return {
		input,
		startedAt,
		startNs,
		startS: Math.max(0, now.getTime() - startedAt.getTime()) / 1e3,
		problems: earlier === void 0 ? [] : resumedProblems(earlier, now),
		identity: void 0,
		calibration: void 0,
		telemetry: /* @__PURE__ */ new Map(),
		environment: { ...input.environment },
		measured: input.plan.scenarios.map(({ scenario: { name }, load }) => ({
			name,
			load,
			arms: armsSoFar(earlier, name)
		}))
	};
}
/**
* What the earlier process saw of its blocks and nobody can see again: the state of GPUs and telemetry, and whether the
* warm-up had done its work. The rest is found anew, over all blocks, when they are complete.
*/
function resumedProblems(earlier, now) {
	const blocks = earlier.scenarios.flatMap(({ arms }) => Object.values(arms).flatMap((arm) => arm.blocks));
	const message = `${blocks.length} ${blocks.length === 1 ? "block was" : "blocks were"} measured by an earlier process that began at ${earlier.startedAt} and ended in the middle; this one went on at ${now.toISOString()}`;
	return [...earlier.problems.filter(({ code }) => /^(gpu-|telemetry-|not-steady$)/.test(code)), {
		severity: "warning",
		code: "resumed",
		message
	}];
}
function armsSoFar(earlier, name) {
	const arms = earlier?.scenarios.find((scenario) => scenario.name === name)?.arms ?? {};
	return new Map(["base", "head"].flatMap((arm) => {
		const known = arms[arm];
		if (known === void 0) return [];
		return [[arm, {
			...known,
			blocks: known.blocks.map((record) => ({
				record,
				window: void 0
			}))
		}]];
	}));
}
/** Takes over the blocks that an earlier process measured of a pass. */
function takeOver({ measured }, kept) {
	for (const { name, arms } of kept) {
		const into = measured.find((scenario) => scenario.name === name);
		if (into === void 0) continue;
		for (const arm of ["base", "head"]) {
			const blocks = arms[arm]?.blocks ?? [];
			if (blocks.length > 0) armOf(into, arm).blocks.push(...blocks.map((record) => ({
				record,
				window: void 0
			})));
		}
	}
}
/** The arm of a scenario, begun if this is its first segment. */
function armOf({ arms }, name) {
	const arm = arms.get(name) ?? {
		warmUp: {
			durationS: 0,
			offered: 0,
			ok: 0,
			firstRequestS: void 0
		},
		blocks: [],
		examples: {}
	};
	arms.set(name, arm);
	return arm;
}
/** Gives every measured block its telemetry, and the record what the telemetry says of the GPUs. */
function cutToBlocks(run, sampled) {
	if (sampled.length === 0) return;
	const windows = run.measured.flatMap((scenario) => [...scenario.arms].flatMap(([arm, { blocks }]) => blocks.flatMap(({ record, window }) => window === void 0 ? [] : [{
		key: windowKey(scenario.name, arm, record.index),
		arm,
		...window,
		ok: record.ok
	}])));
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
			gauges: run.telemetry.get(windowKey(scenario.name, name, record.index)) ?? record.gauges
		})),
		examples: arm.examples
	};
	return {
		name: scenario.name,
		load: scenario.load,
		arms,
		...scenario.looks === void 0 ? {} : { looks: scenario.looks }
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
	...run.calibration === void 0 ? {} : { calibration: run.calibration },
	...run.input.shard === void 0 ? {} : { shard: shardRecord(run.input.shard, run.input) },
	scenarios: run.measured.filter(({ arms }) => arms.size > 0).map((scenario) => scenarioRecord(scenario, run))
});
const shardRecord = ({ stripe, startAtMs }, { endpoints }) => ({
	index: stripe.index + 1,
	of: stripe.of,
	...startAtMs === void 0 ? {} : { startAt: new Date(startAtMs).toISOString() },
	endpoints: endpointsDigest(endpoints)
});

// src/core/stats/mser.ts
/**
* How many values at the start of a series belong to its initial transient: the number whose removal leaves a mean with
* the smallest marginal standard error, Σ (x − mean)² / (values left)². Dropping biased values lowers the sum, dropping
* good ones only the number left, so that the minimum stands where the bias has become as small as the noise.
*
* Values are averaged in batches first (MSER-5), which takes out most of the noise and the dependence between neighbours;
* what does not fill a batch at the end is left out. Of several equal minima the first counts.
*
* @param options.batch values a batch, ≥ 1; 5 unless said otherwise.
* @param options.leastDeviation noise that batches are taken to have besides their own, in the unit of the values: a bias
*   that is small against it is not worth dropping values for. 0 unless said otherwise, as published.
* @returns a whole number of batches, in values; undefined for "not enough data": fewer than {@link FEWEST_BATCHES}
*   batches, or a minimum in the second half, where the series has not been long enough in the state it ends in. O(n).
*
* Sources: White (1997), An effective truncation heuristic for bias reduction in simulation output, Simulation 69(6);
* White, Cobb & Spratt (2000), A comparison of five steady-state truncation heuristics for simulation, WSC. The last
* points are no candidates, because so few values agree by chance: Hoad, Robinson & Davies (2010), Automating warm-up
* length estimation, J. Oper. Res. Soc. 61(9).
*/
function mserTruncation(values, { batch = 5, leastDeviation = 0 } = {}) {
	const batches = Array.from({ length: Math.floor(values.length / batch) }, (_, i) => mean(values.slice(i * batch, (i + 1) * batch)));
	if (batches.length < FEWEST_BATCHES) return void 0;
	const candidates = marginalErrors(batches, leastDeviation).slice(0, batches.length - LAST_BATCHES + 1);
	const dropped = candidates.indexOf(Math.min(...candidates));
	return dropped > batches.length / 2 ? void 0 : dropped * batch;
}
/** With fewer, every truncation point of the first half would be a candidate anyway. */
const FEWEST_BATCHES = 10;
/** So many are left at least. */
const LAST_BATCHES = 5;
/**
* The squared marginal standard error of what is left after dropping the first 0, 1, … values. From the end, by Welford's
* recurrence: a tail of equal values has exactly 0.
*/
function marginalErrors(values, leastDeviation) {
	const errors = Array.from(values);
	let center = 0;
	let squares = 0;
	for (let dropped = values.length - 1; dropped >= 0; dropped--) {
		const left = values.length - dropped;
		const distance = values[dropped] - center;
		center += distance / left;
		squares += distance * (values[dropped] - center);
		errors[dropped] = squares / left ** 2 + leastDeviation ** 2 / left;
	}
	return errors;
}

// src/core/record/steady-state.ts
/** A window is at least this long and holds at least so many requests: 0.2 s at 20 requests/s and above, 4 s at one a second. */
const WINDOW_NS = 2e8;
const WINDOW_REQUESTS = 4;
/** The test cannot speak before so many windows are over: ten that MSER needs, and two more looks. */
const FEWEST_WINDOWS = 12;
const LEAST_KEPT = 8;
const MOST_CHANGE = .15;
const LOOKS = 3;
const MOST_WINDOWS = 96;
/** Medians that differ by less than this share say nothing about a transient. */
const NEGLIGIBLE = .02;
function openSteadyState() {
	let windows = [];
	let failing = 0;
	let looks = 0;
	let beganNs;
	/** The window that is open. */
	let [startNs, requests, joined] = [
		0,
		0,
		1
	];
	let latencies = [];
	const close = () => {
		if (2 * latencies.length <= requests) {
			failing++;
			windows = [];
		} else {
			latencies.sort((a, b) => a - b);
			windows.push({
				startNs,
				medianNs: rank(latencies, .5),
				tailNs: rank(latencies, .95)
			});
		}
		[requests, latencies] = [0, []];
		const transient = transientOf(windows);
		looks = transient === void 0 ? 0 : looks + 1;
		if (looks === LOOKS) beganNs = windows[transient].startNs;
		if (windows.length < MOST_WINDOWS) return;
		joined *= 2;
		windows = Array.from({ length: windows.length / 2 }, (_, i) => join(windows[2 * i], windows[2 * i + 1]));
	};
	return {
		add(outcome) {
			if (beganNs !== void 0) return true;
			if (requests >= WINDOW_REQUESTS * joined && outcome.endNs - startNs >= WINDOW_NS * joined) close();
			if (requests === 0) startNs = outcome.endNs;
			requests++;
			const latency = latencyNs(outcome);
			if (latency !== void 0) latencies.push(latency);
			return beganNs !== void 0;
		},
		beganNs: () => beganNs,
		seen() {
			const quarter = Math.floor(windows.length / 4);
			const medianS = (some) => median(some.map(({ medianNs }) => medianNs)) / 1e9;
			const medians = quarter === 0 ? void 0 : {
				firstS: medianS(windows.slice(0, quarter)),
				lastS: medianS(windows.slice(-quarter))
			};
			return {
				windows: windows.length,
				failing,
				medians
			};
		}
	};
}
/** What to say of a warm-up that ended without a steady state. */
function notSteady(scenario, arm, durationS, { windows, failing, medians }) {
	const [first, last] = [medians?.firstS ?? NaN, medians?.lastS ?? NaN].map((value) => formatQuantity(value, "s"));
	const moved = medians !== void 0 && Math.abs(medians.lastS - medians.firstS) > MOST_CHANGE * medians.lastS;
	const why = failing > 0 && windows < FEWEST_WINDOWS ? `at least half of the requests failed in ${failing} of ${failing + windows} stretches of it` : windows < FEWEST_WINDOWS ? `it gave too few answers to tell (${windows} stretches of ${WINDOW_REQUESTS} and more, and ${FEWEST_WINDOWS} are needed)` : moved ? `its median latency was ${first} in the first quarter and ${last} in the last` : `its latency varies too much to tell in this time (a median of ${first} in the first quarter and of ${last} in the last)`;
	return {
		severity: "warning",
		code: "not-steady",
		message: `the ${arm} endpoint was not seen to come to a steady state within ${formatQuantity(durationS, "s")} of warm-up: ${why}; what was measured may hold a part of its start, so give it a longer one, such as warm-up: 2m`,
		scenario,
		arm
	};
}
/** The number of windows before the steady state; undefined while there is none. */
function transientOf(windows) {
	if (windows.length < LEAST_KEPT) return void 0;
	const medians = windows.map(({ medianNs }) => medianNs);
	const [body, tail] = [medians, windows.map(({ tailNs }) => tailNs)].map((series) => mserTruncation(series, {
		batch: 1,
		leastDeviation: NEGLIGIBLE * median(series)
	}));
	if (body === void 0 || tail === void 0) return void 0;
	const transient = Math.max(body, tail);
	const kept = medians.slice(transient);
	if (kept.length < LEAST_KEPT) return void 0;
	const change = theilSenSlope([...kept.keys()], kept) * (kept.length - 1);
	return Math.abs(change) > MOST_CHANGE * mean(kept) ? void 0 : transient;
}
const join = (a, b) => ({
	startNs: a.startNs,
	medianNs: (a.medianNs + b.medianNs) / 2,
	tailNs: (a.tailNs + b.tailNs) / 2
});
/** The value below or at which a share p of sorted values lies. */
const rank = (sorted, p) => sorted[Math.ceil(p * sorted.length) - 1];

// src/warm-up.ts
/**
* Drives a warm-up: for its duration, or until its answers have come to a steady state where the plan asks for that.
* A steady state that did not come is a problem worth a warning, unless the run was cancelled.
*/
async function driveWarmUp(warmUp) {
	const { scenario, segment, requests, driver, signal, onProgress } = warmUp;
	const start = watchStart(segment);
	const test = segment.untilSteady ? openSteadyState() : void 0;
	const steady = new AbortController();
	let ok = 0;
	const onOutcome = (outcome) => {
		warmUp.onOutcome(outcome);
		start.add(outcome);
		if (outcome.result.kind === "ok") ok++;
		if (test?.add(outcome) === true) steady.abort();
	};
	const result = await driver.drive(segment, requests, {
		onOutcome,
		signal,
		onProgress,
		enough: steady.signal
	});
	const durationS = Math.max(0, Number(result.endedNs - result.startedNs) / 1e9);
	const seen = start.seen();
	const record = {
		durationS,
		offered: result.offered,
		ok,
		...seen
	};
	if (test === void 0) return {
		record,
		problems: []
	};
	const beganNs = test.beganNs();
	if (beganNs === void 0) {
		const problems = result.cancelled ? [] : [notSteady(scenario, segment.arm, segment.durationS, test.seen())];
		return {
			record: {
				...record,
				steady: false
			},
			problems
		};
	}
	const steadyS = Math.max((beganNs - firstStartNs(segment)) / 1e9, seen.firstSuccessS ?? 0);
	return {
		record: {
			...record,
			steadyS,
			steady: true
		},
		problems: []
	};
}
/** Sees how an endpoint starts, from the outcomes of the first segment that it is given. */
function watchStart(segment) {
	let firstRequestS;
	let firstSuccessNs;
	return {
		add({ index, intendedNs, endNs, result }) {
			if (result.kind !== "ok") return;
			if (index === 0) firstRequestS = (endNs - intendedNs) / 1e9;
			firstSuccessNs = Math.min(firstSuccessNs ?? endNs, endNs);
		},
		seen: () => ({
			firstRequestS,
			firstSuccessS: firstSuccessNs === void 0 ? void 0 : (firstSuccessNs - firstStartNs(segment)) / 1e9
		})
	};
}
/** The first intended start: a closed loop begins at once. */
const firstStartNs = ({ load }) => load.kind === "open" ? Math.round((load.arrivalsS[0] ?? 0) * 1e9) : 0;

// src/drive-segment.ts
/** Drives one segment into the run. */
async function driveSegment(run, ports, step) {
	const { scenario, segment, into } = step;
	const arm = armOf(into, segment.arm);
	ports.progress.phase(`${scenario.scenario.name} · ${segment.arm} · ${phaseOf(segment)}`);
	await (segment.phase === "warm-up" ? warmUp(run, ports, step, arm) : measureBlocks(run, ports, step, arm));
}
function phaseOf({ phase, untilSteady, blocks }) {
	if (phase === "warm-up") return untilSteady ? "warm-up until steady" : "warm-up";
	return blocks.length === 1 ? `block ${blocks[0].index + 1}` : "measuring";
}
async function warmUp(run, ports, step, arm) {
	const { scenario, segment, driver, signal } = step;
	const soFar = openLatencySoFar();
	const onOutcome = soFar.add;
	const onProgress = showing(ports, step, soFar);
	const driven = {
		scenario: scenario.scenario.name,
		segment,
		requests: scenario.requests,
		driver,
		signal,
		onOutcome,
		onProgress
	};
	const { record, problems } = await driveWarmUp(driven);
	if (arm.blocks.length === 0) arm.warmUp = record;
	run.problems.push(...problems);
}
/** Blocks are kept as soon as they are complete, so that a crash after an hour costs a minute. */
async function measureBlocks(run, ports, step, arm) {
	const { scenario, segment, driver, signal, live } = step;
	const { timeoutS, retry } = run.input.suite.target;
	const recorder = openRecorder(segment.blocks, secondsOf(run, ports.now()), {
		timeoutS,
		mayRetry: retry !== void 0
	});
	const kept = /* @__PURE__ */ new Set();
	const keep = (block, startedNs) => {
		kept.add(block.index);
		return keepBlock(run, step, {
			...arm,
			examples: {
				...recorder.examples,
				...arm.examples
			}
		}, placed(run, segment, block, startedNs));
	};
	const keeping = [];
	const start = arm.warmUp.offered === 0 && arm.blocks.length === 0 ? watchStart(segment) : void 0;
	const soFar = live.get(segment.arm) ?? openLatencySoFar();
	live.set(segment.arm, soFar);
	const show = showing(ports, step, soFar);
	const onOutcome = (outcome) => {
		recorder.add(outcome);
		soFar.add(outcome);
		start?.add(outcome);
	};
	const onProgress = (tick) => {
		const complete = recorder.advance(tick.elapsedS * 1e9);
		if (complete !== void 0) keeping.push(keep(complete, tick.startedNs));
		show(tick);
	};
	const result = await driver.drive(segment, scenario.requests, {
		onOutcome,
		signal,
		onProgress,
		onReading: recorder.look
	});
	if (start !== void 0) arm.warmUp = {
		...arm.warmUp,
		...start.seen()
	};
	arm.examples = {
		...recorder.examples,
		...arm.examples
	};
	const whole = recorder.finish().filter((block) => isWhole(segment, block, result));
	arm.blocks.push(...whole.map((block) => placed(run, segment, block, result.startedNs)));
	await Promise.all(keeping);
	for (const block of whole) if (!kept.has(block.index)) await keep(block, result.startedNs);
}
const showing = (ports, { afterS }, soFar) => (tick) => ports.progress.tick(tick, () => ({
	...soFar.read(),
	leftS: afterS + Math.max(0, tick.durationS - tick.elapsedS)
}));
/** A cancelled segment keeps the blocks that were over when it ended: half a block would be compared with a whole one. */
function isWhole(segment, { index }, result) {
	const slot = segment.blocks.find((candidate) => candidate.index === index);
	return !result.cancelled || slot.startS + slot.durationS <= Number(result.endedNs - result.startedNs) / 1e9;
}
/** A block with its place in time, as it really began. */
function placed(run, segment, block, startedNs) {
	const slot = segment.blocks.find(({ index }) => index === block.index);
	const startNs = startedNs + nanoseconds$1(slot.startS);
	const window = {
		startNs,
		endNs: startNs + nanoseconds$1(slot.durationS)
	};
	return {
		record: {
			...block,
			startS: secondsOf(run, startNs)
		},
		window
	};
}
async function keepBlock(run, { into, segment, sampler }, arm, { record, window }) {
	const near = sampler === void 0 ? [] : sampler.soFar().map((source) => ({
		...source,
		scrapes: around(source.scrapes, window)
	}));
	const { gauges } = cutTelemetry(near, [{
		key: "block",
		arm: segment.arm,
		...window,
		ok: record.ok
	}]);
	const part = {
		warmUp: arm.warmUp,
		blocks: [{
			...record,
			gauges: gauges.get("block") ?? {}
		}],
		examples: arm.examples
	};
	try {
		await run.input.keep({
			scenario: into.name,
			load: into.load,
			arm: segment.arm,
			part
		});
	} catch (error) {
		if (run.problems.some(({ code }) => code === "journal-lost")) return;
		const message = `blocks could not be kept while the run went on, and a crash would have lost them: ${error.message}`;
		run.problems.push({
			severity: "warning",
			code: "journal-lost",
			message
		});
	}
}
/** More than any gap that is bridged between two samples. */
const NEAR_NS = 60000000000n;
const around = (scrapes, { startNs, endNs }) => scrapes.filter(({ atNs }) => atNs >= startNs - NEAR_NS && atNs <= endNs + NEAR_NS);
const secondsOf = (run, ns) => run.startS + Number(ns - run.startNs) / 1e9;
const nanoseconds$1 = (seconds) => BigInt(Math.round(seconds * 1e9));

// src/shard-start.ts
/** Between the planned end of one segment and the next: its last answers are awaited, longer in one shard than in another. */
const GAP_S = 1;
/** Later than this a shard sends nothing: the others are under way, and its blocks would lie beside theirs. */
const MOST_LATE_S = 1;
/** No job waits this long. */
const MOST_AHEAD_S = 21600;
/** @throws {InputError} for a start that is so far ahead that it must be a mistake. */
function checkStart({ startAtMs }, now) {
	const aheadS = ((startAtMs ?? 0) - now.getTime()) / 1e3;
	if (aheadS <= MOST_AHEAD_S) return;
	throw new InputError(`start-at is ${formatDuration(aheadS)} from now, longer than a job may last`, { hint: "give a time a few minutes from now: when every shard's job has started and its endpoint is ready" });
}
/** @returns the problem instead, if the shards have begun without this one. */
function openAppointments({ startAtMs }, clock, signal) {
	const nowMs = clock.today().getTime();
	const lateS = (nowMs - (startAtMs ?? nowMs)) / 1e3;
	if (lateS > MOST_LATE_S) return {
		severity: "invalid",
		code: "shard-late",
		message: `ready ${formatQuantity(lateS, "s")} after start-at (${new Date(startAtMs).toISOString()}), when the other shards had begun, so that nothing was sent; let start-at lie further ahead, and run all jobs again`
	};
	let nextNs = clock.now() - BigInt(Math.round(lateS * 1e9));
	return { async keep(durationS) {
		const dueNs = nextNs;
		nextNs += BigInt(Math.round((durationS + GAP_S) * 1e9));
		if (clock.now() >= dueNs) return;
		clock.progress.phase("waiting for the time at which all shards begin");
		await clock.sleepUntil(dueNs, signal);
	} };
}

// src/measure.ts
/**
* Plays a plan against the endpoints and records what happened. Whatever the world does is in the record: an endpoint
* that never answers makes a record with a problem and without blocks, a cancel one with the blocks that were complete.
*/
async function measure(input, ports) {
	const run = beginRun(input, ports.today(), ports.now());
	run.problems.push(...trustProblems(input));
	await input.checkpoint(recordOf(run, "aborted", ports.today()));
	try {
		if (await endpointsAnswer(run, ports)) {
			await calibrate(run, ports);
			const appointments = input.shard && openAppointments(input.shard, ports, input.signal);
			if (appointments !== void 0 && "severity" in appointments) run.problems.push(appointments);
			else await drivePlan(run, ports, appointments);
		}
	} finally {
		ports.progress.done();
	}
	const cancelled = input.signal.aborted;
	const spoiled = run.problems.some((problem) => problem.severity === "invalid") && run.measured.every((scenario) => scenario.arms.size === 0);
	return recordOf(run, cancelled ? "cancelled" : spoiled ? "aborted" : "complete", ports.today());
}
async function endpointsAnswer(run, ports) {
	const { suite, endpoints, signal } = run.input;
	const { ready, headers, identity, connection, tls } = suite.target;
	const probe = protocols[suite.target.protocol].readiness?.(suite.target);
	const route = {
		connection,
		tls,
		material: run.input.tls
	};
	for (const [arm, url] of armsOf(run.input)) {
		ports.progress.phase(`waiting for the ${arm} endpoint`);
		const answer = await ports.awaitReady(url, {
			...ready,
			probe
		}, headers, signal, route);
		if (signal.aborted) return false;
		if (!answer.ready) {
			const message = `the ${arm} endpoint ${shown(url)} never became ready: ${answer.reason}`;
			const headline = `${arm === "head" ? "the preview" : "the base endpoint"} ${answer.short}`;
			run.problems.push({
				severity: "invalid",
				code: "endpoint-not-ready",
				arm,
				message,
				headline
			});
			return false;
		}
	}
	if (identity === void 0) return true;
	run.identity = await ports.readIdentity(endpoints.head, identity, headers, signal, route);
	if (!run.identity.matches && !signal.aborted) {
		run.problems.push({
			severity: "invalid",
			code: "wrong-deployment",
			arm: "head",
			headline: otherBuild(run.identity),
			message: `${identity.path} answers ${JSON.stringify(run.identity.observed)}, expected ${JSON.stringify(run.identity.expected)}: this is not the deployment to be measured; wait for the deployment to finish before this step`
		});
		return false;
	}
	return true;
}
/** In parentheses stands why an answer could not be had. */
const otherBuild = ({ path, expected, observed }) => observed.startsWith("(") ? `the preview does not say which build it is: ${path} ${observed}` : `the preview is another build: ${path} answers ${observed}, expected ${expected}`;
/** How far this machine's own numbers are off, before anything is made of them. */
async function calibrate(run, ports) {
	if (!run.input.suite.generator.calibration) return;
	ports.progress.phase("calibrating the load generator");
	const rates = run.input.plan.scenarios.map(({ load }) => load.kind === "open" ? load.ratePerS : 0);
	const answer = await ports.calibrate(Math.max(...rates) / (run.input.shard?.stripe.of ?? 1), run.input.signal);
	if (run.input.signal.aborted) return;
	if (answer.ok) {
		run.calibration = answer.calibration;
		ports.progress.note(`generator error: ${calibrationText(answer.calibration)}`);
	}
	const problems = answer.ok ? calibrationProblems(answer.calibration) : [uncalibrated(answer.reason)];
	for (const { message } of problems) ports.progress.note(`warning: ${message}`);
	run.problems.push(...problems);
}
async function drivePlan(run, ports, appointments) {
	const sampler = await openSampler(run, ports);
	const drivers = openDrivers(run, ports);
	try {
		let plans = [run.input.plan];
		while (plans.length > 0 && !run.input.signal.aborted) {
			for (const plan of plans) for (const group of groupsOf(run, plan)) await driveGroup(run, ports, {
				group,
				drivers,
				sampler,
				appointments
			});
			plans = run.input.signal.aborted ? [] : look(run, ports, sampler);
		}
	} finally {
		await drivers.close();
		conclude(run, await sampler?.stop() ?? []);
	}
}
/** Judges what was measured so far as if it were all, and returns what follows. */
function look(run, ports, sampler) {
	const step = run.input.look?.(soFar(run, sampler?.soFar() ?? [], ports.today()));
	if (step === void 0) return [];
	ports.progress.note(step.text);
	for (const scenario of run.measured) {
		const looks = step.looks.get(scenario.name);
		if (looks !== void 0) scenario.looks = looks;
	}
	for (const { kept } of step.plans) takeOver(run, kept);
	return step.plans.map(({ plan }) => plan);
}
function soFar(run, sampled, now) {
	const sketch = {
		...run,
		problems: [...run.problems],
		environment: { ...run.environment }
	};
	conclude(sketch, sampled);
	return recordOf(sketch, "complete", now);
}
/** Adds what is known only when the blocks are complete: their telemetry, and what stands against them. */
function conclude(run, sampled) {
	cutToBlocks(run, sampled);
	run.problems.push(...run.measured.flatMap((scenario) => problemsOf$1(scenarioRecord(scenario, run))));
}
const problemsOf$1 = (scenario) => [...generatorProblems(scenario), ...driftProblems(scenario)];
/** Scenarios in their order, those that run together as one group. */
function groupsOf({ measured }, { scenarios }) {
	const members = scenarios.map((scenario) => ({
		plan: scenario,
		into: measured.find(({ name }) => name === scenario.scenario.name)
	}));
	return [...Map.groupBy(members, ({ plan: { scenario } }) => scenario.together ?? scenario).values()];
}
/** Segments of a group match one by one: each step drives one segment of every member, and ends when all of them are over. */
async function driveGroup(run, ports, { group, drivers, sampler, appointments }) {
	const failing = new AbortController();
	const signal = AbortSignal.any([run.input.signal, failing.signal]);
	const live = group.map(() => /* @__PURE__ */ new Map());
	for (const [step, { durationS }] of group[0].plan.segments.entries()) {
		await appointments?.keep(durationS);
		if (signal.aborted) return;
		const driving = group.map(async ({ plan, into }, place) => {
			const segment = plan.segments[step];
			const common = {
				scenario: plan,
				segment,
				into,
				sampler,
				signal,
				live: live[place]
			};
			const afterS = plan.segments.slice(step + 1).reduce((sum, { durationS }) => sum + durationS, 0);
			try {
				await driveSegment(run, ports, {
					...common,
					afterS,
					driver: drivers.of(segment.arm, place)
				});
			} catch (error) {
				failing.abort();
				throw error;
			}
		});
		const ended = await Promise.allSettled(driving);
		for (const end of ended) if (end.status === "rejected") throw end.reason;
	}
}
function openDrivers(run, ports) {
	const { suite, shard, tls } = run.input;
	const target = shard === void 0 ? suite.target : {
		...suite.target,
		maxInFlight: shareOf$1(suite.target.maxInFlight, shard.stripe)
	};
	const urls = new Map(armsOf(run.input));
	const wanted = run.input.plan.scenarios.map((scenario) => senderThreads(scenario, suite.generator, ports.cores()));
	const threads = Math.min(Math.max(1, ...wanted), target.maxInFlight);
	const open = /* @__PURE__ */ new Map();
	return {
		of: (arm, place) => {
			const key = `${arm} ${place}`;
			const driver = open.get(key) ?? ports.openDriver({
				url: urls.get(arm),
				target,
				tls,
				threads
			});
			open.set(key, driver);
			return driver;
		},
		close: async () => void await Promise.all([...open.values()].map((driver) => driver.close()))
	};
}
async function openSampler(run, ports) {
	const { suite, plan, shard } = run.input;
	if (shard !== void 0 && shard.stripe.index > 0) return void 0;
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
/** Whoever answers without a verified certificate may be anybody. */
const trustProblems = ({ suite, endpoints }) => suite.target.tls.verify || ![endpoints.head, endpoints.base].some((url) => url !== void 0 && /^https:/i.test(url)) ? [] : [{
	severity: "warning",
	code: "tls-not-verified",
	message: "certificates were not verified (target.tls.verify: no): nobody knows who answered"
}];
const armsOf = ({ endpoints }) => endpoints.base === void 0 ? [["head", endpoints.head]] : [["base", endpoints.base], ["head", endpoints.head]];
/** A URL without what may be secret in it. */
const shown = (url) => {
	const { origin, pathname } = new URL(url);
	return pathname === "/" ? origin : origin + pathname;
};

// src/core/decide/extend.ts
/**
* Which scenarios need more evidence, and why the others need none. Passes double from look to look, up to the budget: of
* evidence that grows by less there is little to see, and every look costs some of the error rate.
*
* A run with a failed gate ends: it blocks, whatever else is found out. What needs more than the budget is not begun
* (within a factor of {@link HOPE}, since the need is an estimate).
*
* @param looks of the scenarios that were measured so far, by name.
*/
function nextLooks(verdict, looks) {
	const hasFailed = verdict.scenarios.some((scenario) => isGated(scenario) && scenario.verdict === "fail");
	const next = /* @__PURE__ */ new Map();
	for (const scenario of verdict.scenarios) {
		const known = looks.get(scenario.name);
		if (known !== void 0) next.set(scenario.name, nextLook(scenario, known, hasFailed));
	}
	return next;
}
/** An estimate of the need that is too high by this factor is no rarity, and a regression that is there shows before a pass would. */
const HOPE = 4;
function nextLook(scenario, { passes, most }, hasFailed) {
	if (hasFailed) return { stopped: "failed" };
	if (scenario.verdict === "invalid") return { stopped: "spoiled" };
	const undecided = scenario.metrics.filter(({ gated, verdict }) => gated && verdict === "inconclusive");
	if (undecided.length === 0) return { stopped: "decided" };
	const done = passes.at(-1);
	if (done >= most) return { stopped: "budget" };
	if (!undecided.some((metric) => done * needOf(metric) <= HOPE * most)) return { stopped: "futile" };
	return { passes: Math.min(2 * done, most) };
}
/** Factor on the measured time that would decide a metric; Infinity where none would. */
function needOf({ comparison: { gate, limit, moreData, margin, worse, obstacles } }) {
	const isLimitOnly = gate?.limit !== void 0 && gate.regression === void 0 && limit !== void 0;
	const lacksBlocks = obstacles.some(({ code }) => code === "too-few-blocks");
	if (worse !== void 0 && margin !== void 0 && worse >= margin && moreData !== void 0) return Math.min(moreData, 1);
	return moreData ?? (isLimitOnly || lacksBlocks && margin !== void 0 ? 1 : Number.POSITIVE_INFINITY);
}
const isGated = ({ metrics }) => metrics.some(({ gated }) => gated);

// src/core/plan/planned-time.ts
/** How long a plan takes, both arms: what is measured, and with warm-ups (at their longest). Scenarios that run together count once. */
function plannedTime({ scenarios }) {
	const groups = [...Map.groupBy(scenarios, ({ scenario }) => scenario.together ?? scenario).values()].map((group) => group[0]);
	const sum = (isCounted) => groups.reduce((total, { segments }) => total + segments.reduce((time, one) => time + (isCounted(one) ? one.durationS : 0), 0), 0);
	return {
		measuredS: sum(({ phase }) => phase === "measure"),
		wholeS: sum(() => true)
	};
}
/** How often a plan may be played within a budget, at least once. */
function mostPasses(budget, plan) {
	if ("passes" in budget) return budget.passes;
	return Math.max(1, Math.min(MOST_PASSES, Math.floor(budget.durationS / plannedTime(plan).measuredS)));
}
const MOST_PASSES = 64;

// src/passes.ts
/**
* A run that goes on while it is undecided: after one pass over the load, after two, four and so on its evidence is judged,
* at levels that keep the error rates of all looks together (`core/compare/levels.ts`).
*
* @returns undefined where the length of the run is fixed: the budget is one pass, or nothing is gated that more time
*   would decide. Stored runs differ from one another however long they are; only limits of a run on one arm gain.
*/
function openPasses({ suite, plan, planOf, judge, resume }) {
	const most = mostPasses(suite.decision.budget, plan);
	const gates = suite.scenarios.flatMap((scenario) => scenario.gates);
	const timeHelps = plan.design === "live" ? gates.length > 0 : gates.length > 0 && gates.every(({ regression }) => regression === void 0);
	if (most === 1 || !timeHelps) return void 0;
	const looks = /* @__PURE__ */ new Map();
	let open = plan.scenarios.map(({ scenario: { name } }) => name);
	let done = 0;
	let target = 1;
	return (soFar) => {
		done = target;
		for (const name of open) looks.set(name, {
			passes: [...looks.get(name)?.passes ?? [], done],
			most
		});
		const known = {
			...soFar,
			scenarios: soFar.scenarios.map((scenario) => withLooks(scenario, looks))
		};
		const next = together(nextLooks(judge(known), looks), plan);
		for (const name of open) {
			const stopped = next.get(name)?.stopped;
			if (stopped !== void 0) looks.set(name, {
				...looks.get(name),
				stopped
			});
		}
		open = open.filter((name) => next.has(name) && next.get(name).stopped === void 0);
		target = Math.min(2 * done, most);
		const plans = (open.length === 0 ? [] : Array.from({ length: target - done }, (_, i) => done + 1 + i)).map((pass) => {
			const whole = planOf(pass, open);
			return resume === void 0 ? {
				plan: whole,
				kept: []
			} : remainingPlan(whole, resume);
		});
		return {
			looks: new Map(looks),
			plans,
			text: lookText(next, {
				done,
				target,
				most
			})
		};
	};
}
const withLooks = (scenario, looks) => {
	const known = looks.get(scenario.name);
	return known === void 0 ? scenario : {
		...scenario,
		looks: known
	};
};
/** Scenarios that run at once go on at once. */
function together(next, plan) {
	const groups = Map.groupBy(plan.scenarios, ({ scenario }) => scenario.together ?? scenario.name);
	return new Map([...groups.values()].flatMap((members) => {
		const words = members.map(({ scenario: { name } }) => [name, next.get(name) ?? { stopped: "decided" }]);
		const further = words.find(([, { stopped }]) => stopped === void 0)?.[1];
		return words.map(([name, word]) => [name, further ?? word]);
	}));
}

// src/gate.ts
/** The main job, in order: plan, measure, judge. */
async function gate(input, ports) {
	const { loaded, baselineEndpoint } = input;
	const { suite, secrets } = loaded;
	const head = endpointOf(input.endpoint ?? suite.target.endpoint, "--endpoint");
	const base = baselineEndpoint === void 0 ? void 0 : endpointOf(baselineEndpoint, "--baseline-endpoint");
	const planned = {
		suite,
		digest: loaded.digest,
		files: loaded.files,
		design: base === void 0 ? "single" : "live"
	};
	if (input.shard !== void 0) checkStart(input.shard, ports.today());
	const plan = makePlan({
		...planned,
		scenarios: input.scenarios
	});
	const { rest, earlier } = input.shard === void 0 ? resumed(plan, input.resume) : partOf(plan, input.shard, input.resume);
	const judging = {
		suite: suiteOfScenarios(suite, input.scenarios),
		suitePath: loaded.file,
		...input.variant === void 0 ? {} : { variant: input.variant },
		...input.recordPath === void 0 ? {} : { headPaths: [input.recordPath] },
		found: input.baselines,
		...input.attempts === void 0 ? {} : { attempts: input.attempts },
		policy: input.policy,
		notes: input.notes ?? []
	};
	const hidden = [...secrets, ...[head, base].flatMap((url) => url === void 0 ? [] : secretsOfUrl(url))];
	const clean = (record) => redactRecord(record, hidden);
	const record = clean(await measure({
		suite,
		plan: rest,
		earlier,
		shard: input.shard,
		look: input.shard === void 0 ? openPasses({
			suite: judging.suite,
			plan,
			planOf: (pass, scenarios) => makePlan({
				...planned,
				pass,
				scenarios
			}),
			judge: (soFar) => judge({
				...judging,
				heads: [soFar]
			}).verdict,
			resume: input.resume
		}) : void 0,
		tls: loaded.tls,
		endpoints: {
			head,
			base
		},
		tool: input.tool,
		provenance: input.provenance,
		environment: {
			...input.environment,
			...workloadEnvironment(suite),
			"endpoint.class": endpointClass(head)
		},
		signal: input.signal,
		checkpoint: (partial) => input.checkpoint(clean(partial)),
		keep: (entry) => input.keep({
			...entry,
			part: redactArm(entry.part, hidden)
		})
	}, ports));
	return {
		record,
		...judge({
			...judging,
			heads: [record]
		})
	};
}
function partOf(plan, { stripe }, resume) {
	if (resume === void 0) return {
		rest: shardOf$1(plan, stripe),
		earlier: void 0
	};
	throw new InputError("a shard cannot be resumed: the others are over", { hint: "start all shards again" });
}
/** @throws {InputError} where the earlier run is not one of this plan, or has nothing left to do. */
function resumed(plan, record) {
	if (record === void 0) return {
		rest: plan,
		earlier: void 0
	};
	const start = "start without --resume to measure from the beginning";
	if (record.status === "complete") throw new InputError("the run to be resumed is complete", { hint: start });
	if (record.suite.digest !== plan.suiteDigest || record.suite.seed !== plan.seed) throw new InputError("the run to be resumed was measured with another suite", { hint: `restore the suite file, or ${start}` });
	const blocks = record.scenarios.flatMap(({ arms }) => Object.values(arms).flatMap((arm) => arm.blocks));
	const isLive = blocks.some(({ pair }) => pair !== void 0);
	if (blocks.length > 0 && isLive !== (plan.design === "live")) throw new InputError(`the run to be resumed had ${isLive ? "a" : "no"} live base endpoint`, { hint: isLive ? "pass --baseline-endpoint again" : "leave --baseline-endpoint out" });
	const { plan: rest, kept } = remainingPlan(plan, record);
	return {
		rest,
		earlier: {
			...record,
			scenarios: kept
		}
	};
}
/** Records in, verdict out: the part of the gate that touches nothing but numbers. */
function judge({ suite, suitePath, variant = "", heads: measured, headPaths, found, policy, notes = [], ...input }) {
	const { attempts, notes: told } = admitAttempts(newestOf(measured), input.attempts ?? NO_ATTEMPTS);
	const earlier = attempts.map(({ record }) => record);
	const conclusion = (heads, more) => {
		const choice = chooseBaseline(heads, newestOf(heads), found);
		const { baseline } = choice;
		return {
			heads,
			baseline,
			verdict: verdictOf({
				suite,
				heads,
				baseline,
				notes: [
					...notes,
					...baselineNotes(choice, found),
					...told,
					...more
				]
			})
		};
	};
	const all = conclusion([...earlier, ...measured], []);
	const before = all.verdict.verdict !== "fail" && earlier.length > 0 && measured.some(isSpoiled) && conclusion(earlier, spoiledNotes(measured));
	const { heads, baseline, verdict } = before !== false && before.verdict.verdict === "fail" ? before : all;
	const { artifacts } = found;
	const { links } = input;
	const reportInput = {
		verdict,
		suite,
		variant,
		heads,
		attempts,
		baseline,
		policy,
		suitePath,
		headPaths,
		artifacts,
		links
	};
	return {
		verdict,
		baseline,
		heads,
		attempts,
		report: buildReport(reportInput),
		reportInput
	};
}
function verdictOf({ suite, heads, baseline, notes }) {
	const { evidence, comparisons } = compareRuns({
		suite,
		heads,
		baseline
	});
	return decide({
		suite,
		comparisons,
		evidence,
		baseline,
		problems: [...problemsOf(heads), ...notes]
	});
}
const spoiledNotes = (heads) => problemsOf(heads).filter(({ severity }) => severity === "invalid").map(({ message, ...problem }) => ({
	...problem,
	severity: "warning",
	message: `this attempt was spoiled and does not count, so that the failure of earlier ones stands: ${message}`
}));
function newestOf(heads) {
	const newest = heads.at(-1);
	if (newest === void 0) throw new InputError("there is no head run to judge");
	return newest;
}
/** A run that did not come to its end is half a measurement, whatever its numbers are. */
const problemsOf = (heads) => heads.flatMap(({ status, problems, shard }) => {
	if (shard !== void 0) return [...problems, {
		severity: "invalid",
		code: "shard-alone",
		message: aloneText(shard)
	}];
	const isExplained = status === "aborted" && problems.some(({ severity, scenario }) => severity === "invalid" && scenario === void 0);
	return status === "complete" || isExplained ? problems : [...problems, {
		severity: "invalid",
		code: status,
		message: UNFINISHED[status]
	}];
});
const aloneText = ({ index, of }) => `this is ${shardText({
	index: index - 1,
	of
})}: a part of a load shows nothing by itself; judge all shards together (mode: merge, or tailgate compare with one --head per shard)`;
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
	...suite.target.model === void 0 ? {} : { "target.model": suite.target.model },
	...Object.fromEntries(Object.entries(describeConnection(suite.target)).map(([what, text]) => [`client.${what}`, text]))
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

// src/action/policy.ts
/** What a verdict does here: nothing stops a commit that is merged already. */
function policyOf({ inputs: { policy }, context }) {
	if (!isDefaultBranch(context)) return policy;
	const sentence = `Blocks nothing: this commit is on ${context.branch} already.`;
	return {
		...policy,
		tolerated: {
			verdicts: [
				"fail",
				"inconclusive",
				"no-baseline"
			],
			sentence
		}
	};
}

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
		`${paint(TITLES$1[report.verdict].toUpperCase(), VERDICT_STYLE[report.verdict])}  ${report.acceptance?.by ? `accepted by ${line$1(report.acceptance.by)}: ` : ""}${line$1(report.headline)}`,
		`${line$1(report.consequence)} ${line$1(report.context)}`,
		...report.reasons.map((reason) => `  - ${line$1(reason)}`),
		...acceptanceLines(report),
		...report.steps.length > 0 ? [
			"",
			"What would decide it",
			...report.steps.map((step) => `  - ${line$1(step)}`)
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
const acceptanceLines = ({ acceptance }) => acceptance === void 0 ? [] : [
	"",
	ACCEPTANCE_TITLE,
	...acceptance.lines.flatMap(({ text, command }) => [`  - ${line$1(text)}`, ...command === void 0 ? [] : [`    ${line$1(command)}`]])
];
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
const line$1 = (text) => plainLine(text, 600);
const scenarioLines = (scenario, paint) => [
	"",
	`${paint(plainLine(scenario.name, 80), "bold")}  ${paint(line$1(scenario.load), "dim")}`,
	...tableLines(scenario.rows, paint, false),
	...scenario.shift === void 0 ? [] : [paint(`  ${line$1(scenario.shift)}`, "dim")]
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
		...warnings.map(({ text }) => `  - ${line$1(text)}`)
	];
};

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

// src/action/publish.ts
/** Says a judgement everywhere: log, outputs, summary of the job, comment on the pull request. */
async function publish(place, judgement, { runIds }) {
	const { job, inputs } = place;
	const { verdict, report, baseline } = judgement;
	job.print(renderText(report, { color: false }));
	job.output("verdict", verdict.verdict);
	job.output("report-html", join$1(inputs.out, REPORT_FILE));
	job.output("summary", sentenceOf(judgement));
	job.output("baseline-run-id", baseline.kind === "stored" ? runIds.get(baseline.runs[0].origin) ?? "" : "");
	await job.summary(renderSummary(report));
	const marker = commentMarker(report.suiteName, report.variant);
	job.output("comment-url", await writeComment(place, {
		marker,
		body: renderComment(report),
		isPass: verdict.verdict === "pass"
	}));
}
/** What a judgement does to the job, with the annotation that says so. */
function endingOf(job, judged, policy) {
	const { verdict: { verdict }, report } = judged;
	const line = sentenceOf(judged);
	if (verdict === "pass") return DONE;
	if (report.blocks) return {
		kind: "failed",
		message: line
	};
	if (verdict === "fail") job.warning(`${line}. ${report.consequence}`);
	else if (policy.tolerated?.verdicts.includes(verdict)) job.notice(line);
	else if ({
		inconclusive: policy.onInconclusive,
		"no-baseline": policy.onNoBaseline,
		invalid: policy.onInvalid
	}[verdict] !== "pass") job.warning(line);
	return DONE;
}
const sentenceOf = ({ verdict: { verdict }, report }) => `${verdict}${report.acceptance?.by ? `, accepted by ${report.acceptance.by}` : ""}: ${report.headline}`;
/** @returns the comment's address; empty where none was written. */
async function writeComment({ job, inputs, context, api }, { marker, body, isPass }) {
	if (inputs.comment === "never" || context.pullRequest === void 0) return "";
	if (api === void 0 || context.fromFork) {
		const why = context.fromFork ? "a pull request from a fork has a read-only token" : "there is no token";
		job.notice(`no comment: ${why}; the job summary says the same`);
		return "";
	}
	try {
		const { url } = await upsertComment(api, {
			number: context.pullRequest,
			marker,
			body,
			onlyUpdate: inputs.comment === "on-change" && isPass
		});
		return url;
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		job.warning(`no comment: ${error.sentence}`);
		return "";
	}
}

// src/core/record/fold-blocks.ts
/**
* The arm as one machine would have recorded that had sent all of the shards' requests: counts added, histograms merged,
* so that every percentile is that of all requests.
*
* Telemetry is taken from the first shard that has any: the shards share the endpoint, and one of them samples it. Of what
* the load generators tell about themselves the worst counts.
*
* @param parts at least one, in the order of the shards.
*/
function foldArms(parts) {
	const placed = parts.flatMap(({ arm, offsetS }) => arm.blocks.map((block) => ({
		...block,
		startS: offsetS + block.startS
	})));
	const blocks = [...Map.groupBy(placed, ({ index }) => index).values()].map(foldBlocks);
	return {
		warmUp: foldWarmUps(parts.map(({ arm }) => arm.warmUp)),
		blocks: blocks.toSorted((a, b) => a.index - b.index),
		examples: Object.assign({}, ...parts.map(({ arm }) => arm.examples).toReversed())
	};
}
function foldBlocks(parts) {
	const [first] = parts;
	const { index, pair, durationS } = first;
	const ok = sum(parts, (part) => part.ok);
	const attempts = parts.flatMap((part) => part.attempts ?? []);
	const labelled = parts.flatMap((part) => part.labelled ?? []);
	const generators = parts.flatMap(({ generator }) => generator ?? []);
	const sampled = parts.find(({ gauges }) => Object.keys(gauges).length > 0);
	return {
		index,
		pair,
		startS: Math.min(...parts.map(({ startS }) => startS)),
		durationS,
		offered: sum(parts, ({ offered }) => offered),
		ok,
		failures: Object.fromEntries(FAILURE_KINDS.flatMap((kind) => {
			const count = sum(parts, ({ failures }) => failures[kind] ?? 0);
			return count === 0 ? [] : [[kind, count]];
		})),
		...attempts.length === 0 ? {} : { attempts: {
			sent: sum(attempts, ({ sent }) => sent),
			retried: sum(attempts, ({ retried }) => retried)
		} },
		...labelled.length === 0 ? {} : { labelled: {
			answers: sum(labelled, ({ answers }) => answers),
			wrong: sum(labelled, ({ wrong }) => wrong)
		} },
		tokens: foldTokens(parts.flatMap(({ tokens }) => tokens ?? [])),
		histograms: Object.fromEntries(DISTRIBUTIONS.flatMap((name) => {
			const encoded = parts.flatMap(({ histograms }) => histograms[name] ?? []);
			return encoded.length === 0 ? [] : [[name, mergeEncoded(encoded)]];
		})),
		gauges: sampled === void 0 ? {} : gaugesOfAll(sampled, ok),
		...generators.length === 0 ? {} : { generator: foldGenerators(generators) }
	};
}
function foldTokens(parts) {
	const [first] = parts;
	if (first === void 0) return void 0;
	return {
		output: sum(parts, ({ output }) => output),
		from: parts.every(({ from }) => from === first.from) ? first.from : "mixed"
	};
}
/** The energy of all GPUs was divided by the answers that the sampling shard had; it was drawn for those of all shards. */
function gaugesOfAll({ gauges, ok: own }, ok) {
	const name = "gpu.energy_per_request";
	const energy = gauges[name];
	if (energy === void 0) return gauges;
	const { [name]: _, ...others } = gauges;
	const share = own / ok;
	return ok === 0 ? others : {
		...others,
		[name]: scaled(energy, share)
	};
}
const scaled = ({ n, mean, min, max }, factor) => ({
	n,
	mean: mean * factor,
	min: min * factor,
	max: max * factor
});
/** Which second of which machine was bad is not stored: so many seconds were bad in which some machine may have been. */
function foldGenerators(parts) {
	const worst = (of) => Math.max(...parts.map(of));
	const worstKnown = (of) => {
		const known = parts.flatMap((part) => of(part) ?? []);
		return known.length === 0 ? void 0 : Math.max(...known);
	};
	const seconds = worst((part) => part.seconds);
	return {
		seconds,
		pausedSeconds: Math.min(seconds, sum(parts, ({ pausedSeconds }) => pausedSeconds)),
		pausedArrivals: sum(parts, ({ pausedArrivals }) => pausedArrivals),
		pauseMaxS: worst(({ pauseMaxS }) => pauseMaxS),
		loopDelayMaxS: worst(({ loopDelayMaxS }) => loopDelayMaxS),
		utilization: worst(({ utilization }) => utilization),
		gcS: worst(({ gcS }) => gcS),
		gcMaxS: worst(({ gcMaxS }) => gcMaxS),
		stealRatio: worstKnown(({ stealRatio }) => stealRatio),
		machineBusyRatio: worstKnown(({ machineBusyRatio }) => machineBusyRatio)
	};
}
/** The very first request is the first shard's: the stripes begin with it. */
function foldWarmUps(parts) {
	const [first] = parts;
	const successes = parts.flatMap(({ firstSuccessS }) => firstSuccessS ?? []);
	return {
		durationS: Math.max(...parts.map(({ durationS }) => durationS)),
		offered: sum(parts, ({ offered }) => offered),
		ok: sum(parts, ({ ok }) => ok),
		firstRequestS: first.firstRequestS,
		firstSuccessS: successes.length === 0 ? void 0 : Math.min(...successes),
		steadyS: void 0,
		steady: void 0
	};
}
const sum = (parts, of) => parts.reduce((total, part) => total + of(part), 0);

// src/core/record/fold-shards.ts
const isShard = (record) => record.shard !== void 0;
/** Blocks of one number may begin this far apart: whichever is more, of the block and in seconds. */
const APART = {
	share: .05,
	seconds: 1
};
/**
* The records of a load that several machines sent together, as the one record that a single machine would have written.
* Blocks of one number are laid over one another: counts are added and histograms merged.
*
* The whole is `invalid`, with the reason, where the endpoint did not see the whole load at once, or where it is not one
* load: a shard is missing, there twice or not complete, was measured with another suite, endpoint, commit or version, or
* its blocks began more than a second (and 5 % of a block) before or after those of another. Shards that do not fit are
* not folded in. What spoiled a shard spoils the whole.
*
* The order of the records does not matter.
*
* @param records at least one.
*/
function foldShards(records) {
	const { shards, problems } = fitting(records);
	const [first] = shards;
	const startedMs = Math.min(...shards.map(({ startedAt }) => Date.parse(startedAt)));
	const finishedMs = Math.max(...shards.map(({ finishedAt }) => Date.parse(finishedAt)));
	const { shard: _, calibration: __, ...common } = first;
	const scenarios = [...new Set(shards.flatMap(({ scenarios }) => scenarios.map(({ name }) => name)))].map((name) => foldScenario(name, shards, startedMs));
	const calibrations = shards.flatMap(({ calibration }) => calibration ?? []);
	const found = [
		...problems,
		...apartProblems(shards),
		...sharedProblems(shards)
	];
	return {
		...common,
		environment: foldEnvironments(shards),
		startedAt: new Date(startedMs).toISOString(),
		finishedAt: new Date(finishedMs).toISOString(),
		status: shards.every(({ status }) => status === "complete") ? "complete" : "aborted",
		problems: [...found, ...problemsOfAll(scenarios).filter((problem) => !found.some((known) => isSameFinding(known, problem)))],
		...calibrations.length === 0 ? {} : { calibration: worstOf(calibrations) },
		scenarios
	};
}
const placeOf = ({ shard }) => `shard ${shard.index}`;
const spoils = (code, message) => ({
	severity: "invalid",
	code,
	message
});
/** Those that are parts of one load, each once and in order, and what is said of the others. */
function fitting(records) {
	const sorted = records.toSorted((a, b) => a.shard.index - b.shard.index || Date.parse(a.startedAt) - Date.parse(b.startedAt));
	const [first] = sorted;
	if (first === void 0) throw new RangeError("there is no shard to fold");
	const { of } = first.shard;
	const problems = [];
	const shards = [];
	for (const record of sorted) {
		const difference = whyAnotherLoad(first, record);
		if (shards.at(-1)?.shard.index === record.shard.index) problems.push(spoils("shard-twice", `${placeOf(record)} of ${of} is there twice`));
		else if (difference !== void 0) problems.push(spoils("shard-mismatch", `${placeOf(record)} is no part of the same load as ${placeOf(first)}: ${difference}`));
		else shards.push(record);
	}
	const missing = Array.from({ length: of }, (_, i) => i + 1).filter((index) => !sorted.some(({ shard }) => shard.index === index));
	if (missing.length > 0) {
		const which = missing.length === 1 ? `shard ${missing[0]} of ${of} is` : `shards ${missing.join(", ")} of ${of} are`;
		problems.unshift(spoils("shard-missing", `${which} missing, so that nothing is known of that part of the load: look at its job, and run all jobs again`));
	}
	for (const record of shards) {
		const isExplained = record.problems.some(({ severity, scenario }) => severity === "invalid" && scenario === void 0);
		if (record.status !== "complete" && !isExplained) problems.push(spoils("shard-incomplete", `${placeOf(record)} of ${of} is not complete (${record.status})`));
	}
	return {
		shards,
		problems
	};
}
function whyAnotherLoad(one, other) {
	const short = (text) => text?.slice(0, 12) ?? "unknown";
	if (other.shard.of !== one.shard.of) return `it is one of ${other.shard.of}, not of ${one.shard.of}`;
	const different = [
		[
			"suite",
			one.suite.name,
			other.suite.name
		],
		[
			"suite digest",
			short(one.suite.digest),
			short(other.suite.digest)
		],
		[
			"seed",
			String(one.suite.seed),
			String(other.suite.seed)
		],
		[
			"commit",
			short(one.provenance.commit),
			short(other.provenance.commit)
		],
		[
			"digest of the endpoints",
			short(one.shard.endpoints),
			short(other.shard.endpoints)
		],
		[
			"version of the tool",
			one.tool,
			other.tool
		]
	].find(([, here, there]) => here !== there);
	return different === void 0 ? void 0 : `its ${different[0]} is ${different[2]}, not ${different[1]}`;
}
/** One problem per scenario at most, of the two shards that were furthest apart in any of its blocks. */
function apartProblems(shards) {
	const begun = shards.flatMap((record) => record.scenarios.flatMap(({ name, arms }) => ["base", "head"].flatMap((arm) => (arms[arm]?.blocks ?? []).map(({ index, startS, durationS }) => {
		return {
			record,
			scenario: name,
			key: `${arm} ${index}`,
			durationS,
			atS: Date.parse(record.startedAt) / 1e3 + startS
		};
	}))));
	return [...Map.groupBy(begun, ({ scenario }) => scenario)].flatMap(([scenario, blocks]) => {
		const [widest] = [...Map.groupBy(blocks, ({ key }) => key).values()].map((same) => {
			const inOrder = same.toSorted((a, b) => a.atS - b.atS);
			const [early, late] = [inOrder[0], inOrder.at(-1)];
			return {
				early,
				late,
				gapS: late.atS - early.atS
			};
		}).toSorted((a, b) => b.gapS - a.gapS);
		if (widest === void 0 || widest.gapS <= Math.max(APART.seconds, APART.share * widest.early.durationS)) return [];
		const gap = formatQuantity(widest.gapS, "s");
		const message = `${placeOf(widest.late.record)} began ${gap} after ${placeOf(widest.early.record)}, so that the endpoint never saw the whole load; give all shards one start-at that leaves each job time to be ready, and run all jobs again`;
		return [{
			...spoils("shard-apart", message),
			scenario
		}];
	});
}
/** What is found anew in the whole: of a part it says little. */
const OF_THE_WHOLE = [
	"no-requests",
	"all-failed",
	"drift"
];
/** What the shards say: once where all say the same, else with the shard that says it. */
function sharedProblems(shards) {
	const said = shards.flatMap((record) => record.problems.filter(({ code }) => !OF_THE_WHOLE.includes(code)).map((problem) => ({
		record,
		problem
	})));
	return [...Map.groupBy(said, ({ problem }) => JSON.stringify([
		problem.code,
		problem.scenario,
		problem.arm,
		problem.message
	])).values()].flatMap((same) => {
		const { problem } = same[0];
		if (same.length === shards.length || /^(gpu|telemetry)-/.test(problem.code)) return [problem];
		return same.map(({ record }) => ({
			...problem,
			message: `${placeOf(record)}: ${problem.message}`
		}));
	});
}
const problemsOfAll = (scenarios) => scenarios.flatMap((scenario) => [...generatorProblems(scenario), ...driftProblems(scenario)]);
const isSameFinding = (a, b) => a.code === b.code && a.scenario === b.scenario && a.arm === b.arm;
function foldScenario(name, shards, startedMs) {
	const parts = shards.flatMap((record) => {
		const scenario = record.scenarios.find((one) => one.name === name);
		return scenario === void 0 ? [] : [{
			scenario,
			offsetS: (Date.parse(record.startedAt) - startedMs) / 1e3
		}];
	});
	const folded = (arm) => {
		const of = parts.flatMap(({ scenario, offsetS }) => scenario.arms[arm] === void 0 ? [] : [{
			arm: scenario.arms[arm],
			offsetS
		}]);
		return of.length === 0 ? {} : { [arm]: foldArms(of) };
	};
	return {
		name,
		load: parts[0].scenario.load,
		arms: {
			...folded("base"),
			...folded("head")
		}
	};
}
/** What all know is said once; where machines differ, all are named. */
function foldEnvironments(shards) {
	const keys = [...new Set(shards.flatMap(({ environment }) => Object.keys(environment)))].sort();
	const values = (key) => [...new Set(shards.flatMap(({ environment }) => environment[key] ?? []))].join(" / ");
	return {
		...Object.fromEntries(keys.map((key) => [key, values(key)])),
		"client.shards": String(shards[0].shard.of)
	};
}
function worstOf(calibrations) {
	const most = (of) => Math.max(...calibrations.map(of));
	return {
		ratePerS: most(({ ratePerS }) => ratePerS),
		requests: Math.min(...calibrations.map(({ requests }) => requests)),
		releaseP50S: most(({ releaseP50S }) => releaseP50S),
		releaseP99S: most(({ releaseP99S }) => releaseP99S),
		biasP50S: most(({ biasP50S }) => biasP50S),
		biasP99S: most(({ biasP99S }) => biasP99S)
	};
}

// src/core/compare/whole-runs.ts
/** Between the origins of the shards of one run. */
const SHARDS_JOINED_BY = " + ";
/**
* Runs of whole loads: the shards of one load are folded into one run, which comes from all of their places. Shards are of
* one load if they were measured by one attempt of one workflow run and were to begin at one time, as far as that is known.
*
* The order is that of the first part of each.
*/
function wholeRuns(candidates) {
	return [...Map.groupBy(candidates, ({ origin, record }) => isShard(record) ? loadOf(record) : `whole ${origin}`).values()].flatMap((parts) => {
		const shards = parts.filter((part) => isShard(part.record));
		if (shards.length === 0) return parts;
		const inOrder = shards.toSorted((a, b) => a.record.shard.index - b.record.shard.index || (a.origin < b.origin ? -1 : 1));
		return [{
			origin: inOrder.map(({ origin }) => origin).join(" + "),
			record: foldShards(inOrder.map(({ record }) => record))
		}];
	});
}
const loadOf = ({ provenance: { runId, runAttempt }, shard }) => JSON.stringify([
	"shards",
	runId ?? "",
	runAttempt ?? "",
	shard?.startAt ?? ""
]);

// src/io/github/earlier-attempts.ts
/** Beyond these an attempt adds little, and each one costs a download. */
const MOST_ATTEMPTS = 5;
/** Other runs of the commit that are asked for their artifacts. */
const MOST_RUNS$1 = 10;
/**
* Finds what earlier attempts of the same head commit measured, newest first: earlier attempts of our own workflow run,
* and all attempts of other runs of the same workflow that the same event started for the same commit of the same
* repository. Runs of other workflows or events are no attempts and are passed over. Whoever can make such an artifact
* can change this very run, so that nothing is trusted here that was not trusted before.
*/
async function findEarlierAttempts(api, search) {
	const others = (await api.listRunsForSha(search.sha)).filter((run) => isSameGate(run, search)).toSorted((a, b) => b.id - a.id);
	const asked = others.slice(0, MOST_RUNS$1);
	const listed = [];
	for (const runId of [...search.ownAttempt > 1 ? [search.ownRunId] : [], ...asked.map(({ id }) => id)]) for (const artifact of await api.listRunArtifacts(runId)) {
		const attempt = search.attemptOf(artifact.name);
		if (attempt === void 0 || runId === search.ownRunId && attempt >= search.ownAttempt) continue;
		listed.push({
			artifact,
			runId,
			origin: `run ${runId} · attempt ${attempt} · artifact ${artifact.id}`
		});
	}
	const found = [];
	const refused = [];
	for (const { artifact, runId, origin } of listed.toSorted((a, b) => b.artifact.id - a.artifact.id)) {
		const reason = flawOfStorage(artifact) ?? (found.length < MOST_ATTEMPTS * (search.perAttempt ?? 1) ? void 0 : `only the newest ${MOST_ATTEMPTS} attempts count`);
		if (reason !== void 0) refused.push({
			origin,
			reason
		});
		else found.push({
			id: artifact.id,
			runId,
			sizeBytes: artifact.sizeBytes,
			digest: artifact.digest,
			origin
		});
	}
	const left = others.length - asked.length;
	if (left > 0) refused.push({
		origin: `${left} older runs`,
		reason: `only the newest ${MOST_RUNS$1} runs of a commit are looked at`
	});
	return {
		found,
		refused
	};
}
const isSameGate = (run, search) => run.id !== search.ownRunId && run.repositoryId === search.repositoryId && run.headRepositoryId !== void 0 && run.headRepositoryId === search.headRepositoryId && run.headSha === search.sha && run.event === search.event && search.workflowPath !== void 0 && run.path === search.workflowPath;

// src/action/stored-attempts.ts
/** Where a run is nobody's second try. */
const NO_STORED_ATTEMPTS = {
	attempts: NO_ATTEMPTS,
	notes: []
};
/**
* What earlier runs of the pull request's head commit measured, as artifacts of this repository. None are looked for
* outside pull requests: a commit that is merged has its place in the baseline.
*
* An outage costs no verdict here, as it does for the baseline: without its attempts a run stands on its own evidence,
* and the report says that they are missing.
*/
async function storedAttempts(api, { context, suiteName, variant, token, ownAttempt = context.runAttempt, perAttempt = 1 }) {
	if (context.pullRequest === void 0) return NO_STORED_ATTEMPTS;
	if (!hasArtifacts(context)) return context.runAttempt === 1 ? NO_STORED_ATTEMPTS : unknown("a GitHub Enterprise Server keeps none of them");
	if (api === void 0) return unknown("there is no token to look for them");
	try {
		const { found, refused } = await findEarlierAttempts(api, {
			attemptOf: (name) => attemptOfArtifact(suiteName, name, variant) ?? attemptOfShard(suiteName, name, variant),
			perAttempt,
			repositoryId: context.repository.id,
			headRepositoryId: context.headRepositoryId,
			sha: context.sha,
			event: context.event,
			workflowPath: context.workflowPath,
			ownRunId: context.runId,
			ownAttempt
		});
		if (found.length === 0) return {
			attempts: {
				candidates: [],
				refused
			},
			notes: []
		};
		const { readArtifactRuns } = await import("./artifact-store.js");
		const runs = await readArtifactRuns(found, suiteName, {
			token,
			repository: context.repository
		});
		return {
			attempts: {
				candidates: wholeRuns(runs.candidates),
				refused: [...refused, ...runs.refused]
			},
			notes: []
		};
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return unknown(error.sentence);
	}
}
function unknown(reason) {
	const message = `whether this commit was measured before is not known, and nothing of it counts: ${reason}`;
	return {
		attempts: NO_ATTEMPTS,
		notes: [{
			severity: "warning",
			code: "attempts-unknown",
			message
		}]
	};
}

// src/action/judge-record.ts
/** Judges a record as if it had been measured here, with the same baselines, attempts and policies, and tells it everywhere. */
async function judgeRecord(place, { suite, suitePath, record, notes, links }, tell) {
	const { job, inputs, context, api } = place;
	const baselines = await findBaselines(place, suite.name);
	const earlier = await storedAttempts(api, {
		context,
		suiteName: suite.name,
		variant: onlyVariant(inputs),
		token: inputs.token
	});
	for (const { message } of [...notes, ...earlier.notes]) job.warning(message);
	const policy = policyOf(place);
	const judged = judge({
		suite,
		suitePath,
		variant: onlyVariant(inputs),
		heads: [record],
		found: baselines,
		attempts: earlier.attempts,
		policy,
		notes: [...notes, ...earlier.notes],
		links
	});
	const judgement = await withAcceptance(place, judged);
	tell(judgement);
	await writeOutputs(inputs.out, judgement, record);
	job.output("report-json", join$1(inputs.out, VERDICT_FILE));
	await publish(place, judgement, baselines);
	return {
		ending: endingOf(job, judgement, policy),
		judgement
	};
}

// src/io/terminal/progress-line.ts
/** What a line says after its step, the most interesting first. */
function tickParts({ elapsedS, durationS, offered, inFlight, ok, failed }, soFar) {
	const { p50S, p99S, ownDelayP99S, leftS } = soFar;
	const seconds = (label, value) => value === void 0 ? [] : [`${label} ${formatQuantity(value, "s")}`];
	return [
		`${Math.min(elapsedS, durationS).toFixed(0)}/${durationS.toFixed(0)} s`,
		`${formatDuration(Math.ceil(leftS))} left`,
		elapsedS > 0 ? `${(offered / elapsedS).toFixed(1)}/s` : "–",
		...seconds("p50", p50S),
		...seconds("p99", p99S),
		`${failed} failed`,
		...seconds("own delay p99", ownDelayP99S),
		`${ok} ok`,
		`${inFlight} in flight`
	];
}
/** As many whole parts as fit: a line that wraps could not be erased again. A first part that is too long is cut. */
function fitLine(parts, width) {
	const [first = "", ...others] = parts;
	const characters = Array.from(first);
	if (characters.length > width) return `${characters.slice(0, Math.max(width - 1, 0)).join("")}…`;
	let line = first;
	for (const part of others) {
		if (Array.from(`${line}  ${part}`).length > width) break;
		line += `  ${part}`;
	}
	return line;
}

// src/io/terminal/progress.ts
/**
* Shows what the run is doing. In a terminal, one line that keeps changing. In a log, a plain line of what is going on at
* most every ten seconds (in GitHub Actions every five, each scenario in a group of its own), and one at the end of each
* scenario. A step that reports nothing, like waiting for an endpoint, is shown again with the time it has taken.
*
* @param options.now a monotonic clock in milliseconds.
*/
function openProgress(stream, options) {
	const { kind, now } = options;
	const intervalMs = INTERVAL_MS[kind];
	let text = "";
	let begunMs = 0;
	let ticked = false;
	let scenario;
	let inGroup = false;
	let beat;
	let shownMs = Number.NEGATIVE_INFINITY;
	let onScreen = false;
	const closeGroup = () => {
		if (inGroup) stream.write("::endgroup::\n");
		inGroup = false;
	};
	const show = (parts) => {
		shownMs = now();
		onScreen = true;
		if (kind === "live") return void stream.write(CLEAR + fitLine([text, ...parts], (stream.columns || 80) - 1));
		if (kind === "actions" && scenario !== void 0 && !inGroup) {
			stream.write(`::group::${scenario.name}\n`);
			inGroup = true;
		}
		stream.write(`${[text, ...parts].join("  ")}\n`);
	};
	/** A terminal shows what is next instead. */
	const endScenario = () => {
		closeGroup();
		if (kind !== "live" && scenario !== void 0) stream.write(`${scenario.name} · ended after ${elapsed(scenario.begunMs)}\n`);
		scenario = void 0;
	};
	const elapsed = (sinceMs) => formatDuration(Math.round((now() - sinceMs) / 1e3));
	const remind = () => {
		if (!ticked && now() - shownMs >= SILENCE_MS * .9) show([elapsed(begunMs)]);
	};
	return {
		phase: (next) => {
			text = plainLine(next, 200);
			begunMs = now();
			ticked = false;
			const name = nameOf(text);
			const isNew = name !== scenario?.name;
			if (isNew) endScenario();
			scenario ??= name === void 0 ? void 0 : {
				name,
				begunMs
			};
			beat ??= setInterval(remind, SILENCE_MS).unref();
			if (kind === "live" || now() - shownMs >= intervalMs || kind === "actions" && isNew) show([]);
		},
		tick: (tick, soFar) => {
			ticked = true;
			if (now() - shownMs >= intervalMs) show(tickParts(tick, soFar()));
		},
		note: (line) => {
			closeGroup();
			stream.write(`${kind === "live" ? CLEAR : ""}${plainLine(line, 1e3)}\n`);
			if (kind === "live" && text !== "") show([]);
		},
		done: () => {
			clearInterval(beat);
			beat = void 0;
			endScenario();
			if (kind === "live" && onScreen) stream.write(CLEAR);
			onScreen = false;
			shownMs = Number.NEGATIVE_INFINITY;
		}
	};
}
const INTERVAL_MS = {
	live: 100,
	actions: 5e3,
	log: 1e4
};
/** A step that has said nothing for so long is shown again. */
const SILENCE_MS = 1e4;
/** Undefined for a step that belongs to no scenario. */
const nameOf = (text) => text.includes(SEPARATOR) ? text.split(SEPARATOR)[0] : void 0;
const SEPARATOR = " · ";
/** Back to the first column, and erase the line. */
const CLEAR = "\r\x1B[2K";

// src/action/measure-suite.ts
/** A suite from a file, its secrets hidden from the log. */
async function openSuite({ job }, file) {
	const loaded = await loadSuite(file, [], process.env, filePorts);
	for (const secret of loaded.secrets) job.secret(secret);
	return loaded;
}
/** Measures in this step and judges what came out, in the light of what the caller found. */
function measureSuite({ job, inputs, context }, { loaded, ...judged }) {
	return gate({
		loaded,
		endpoint: inputs.endpoint || void 0,
		baselineEndpoint: inputs.baselineEndpoint || void 0,
		scenarios: [],
		...inputs.baseline === "directory" ? { recordPath: join$1(inputs.out, RUN_FILE) } : {},
		tool: TOOL,
		provenance: provenanceOf(context),
		environment: {
			...clientEnvironment(loaded.suite),
			...variantEnvironment(onlyVariant(inputs))
		},
		variant: onlyVariant(inputs),
		signal: job.signal,
		...judged,
		...openJournal(inputs.out)
	}, world(openProgress(process.stderr, {
		kind: "actions",
		now: performance.now.bind(performance)
	})));
}
const variantEnvironment = (variant) => variant === "" ? {} : { [VARIANT_KEY]: variant };
const cancelled = ({ inputs }) => ({
	kind: "cancelled",
	message: `cancelled; what was measured is in ${join$1(inputs.out, RUN_FILE)}`
});

// src/action/gate-mode.ts
/** Measures, compares and tells, once there is something to be measured. */
async function gateMode(here) {
	const file = onlySuite(here.inputs);
	const preview = await deployed(here);
	const { place } = preview;
	const check = {
		suiteName: await nameOfSuite(file),
		page: runUrl(here.context)
	};
	if (preview.kind === "not-yet") {
		place.job.notice(`nothing was measured: ${preview.why}`);
		await checkWaits(place, check, preview.why);
		return DONE;
	}
	return underCheck(place, check, async (tell) => {
		if (preview.kind === "up") return gateSuite(place, file, tell);
		return (await judgeRecord(place, await undeployed(place, file, preview.status), tell)).ending;
	});
}
/** Stores the run before the job can fail. */
async function gateSuite(place, file, tell) {
	const { job, inputs, context, api } = place;
	const loaded = await openSuite(place, file);
	const { name } = loaded.suite;
	const baselines = await findBaselines(place, name);
	const judged = await judgedSuite(place, loaded.suite, file);
	const earlier = await storedAttempts(api, {
		context,
		suiteName: name,
		variant: onlyVariant(inputs),
		token: inputs.token
	});
	for (const { message } of earlier.notes) job.warning(message);
	const policy = policyOf(place);
	const measured = await measureSuite(place, {
		loaded: {
			...loaded,
			suite: judged.suite
		},
		policy,
		baselines,
		attempts: earlier.attempts,
		notes: [...judged.notes, ...earlier.notes]
	});
	const judgement = await withRecordedAcceptance(place, await withAcceptance(place, measured));
	tell(judgement);
	const { record, verdict } = judgement;
	await writeOutputs(inputs.out, judgement, record);
	job.output("report-json", join$1(inputs.out, VERDICT_FILE));
	if (job.signal.aborted) return cancelled(place);
	await publish(place, judgement, baselines);
	const joins = joinsBaseline(place, record, verdict.verdict === "invalid");
	await keepResults(place, {
		record,
		joins,
		concluded: true
	});
	return endingOf(job, judgement, policy);
}

// src/action/measure-mode.ts
/** Measures and keeps the record; compares nothing, writes nothing to GitHub but the artifact. */
async function measureMode(place) {
	const { job, inputs } = place;
	const loaded = await openSuite(place, onlySuite(inputs));
	const policy = policyOf(place);
	const { record, verdict } = await measureSuite(place, {
		loaded,
		policy,
		baselines: NO_BASELINES
	});
	await writeRecord(inputs.out, record);
	job.output("report-json", join$1(inputs.out, RUN_FILE));
	if (job.signal.aborted) return cancelled(place);
	job.output("summary", `measured ${record.scenarios.map(({ name }) => name).join(", ") || "nothing"}; nothing was compared`);
	const joins = joinsBaseline(place, record, verdict.verdict === "invalid");
	await keepResults(place, {
		record,
		joins,
		concluded: false
	});
	const invalid = verdict.problems.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
	const message = `invalid: ${invalid.join("; ")}`;
	if (invalid.length > 0 && policy.onInvalid === "fail") return {
		kind: "failed",
		message
	};
	if (invalid.length > 0 && policy.onInvalid === "warn") job.warning(message);
	return DONE;
}

// src/core/report/legs.ts
/**
* The verdict on all of them is the worst of them, and one that stops the merge stops it for all.
*
* @param reports one per suite and variant, at least one; those of which nothing is known among them.
*/
function buildLegsReport(reports) {
	const legs = reports.map((report) => ({
		name: legName(report),
		report,
		worst: worstRow(report)
	})).toSorted((a, b) => ORDER[a.report.verdict] - ORDER[b.report.verdict] || Number(b.report.blocks) - Number(a.report.blocks));
	const verdict = worstVerdict(reports.map((report) => report.verdict));
	if (verdict === void 0) throw new RangeError("there is no suite to report on");
	const decisive = legs.find(({ report }) => report.blocks) ?? legs[0];
	const inVariants = reports.some(({ variant }) => variant !== "");
	return {
		verdict,
		blocks: decisive.report.blocks,
		headline: writeHeadline(verdict, legs, inVariants ? LEGS : SUITES),
		consequence: decisive.report.consequence,
		context: contextOf$1(reports, inVariants ? LEGS : SUITES),
		legs
	};
}
const legName = ({ suiteName, variant }) => variant === "" ? suiteName : `${suiteName} · ${variant}`;
const SUITES = {
	one: "suite",
	many: "suites"
};
/** A suite in one variant. */
const LEGS = {
	one: "leg",
	many: "legs"
};
function writeHeadline(verdict, legs, noun) {
	const same = legs.filter(({ report }) => report.verdict === verdict);
	const all = `${legs.length} ${legs.length === 1 ? noun.one : noun.many}`;
	if (verdict === "pass") return legs.length === 1 ? `${legs[0].name}: ${legs[0].report.headline}` : `all ${all} pass`;
	const [first] = same;
	return `${same.length} of ${all} ${WHAT[verdict]}: ${first.name}: ${first.report.headline}`;
}
const WHAT = {
	fail: "failed",
	inconclusive: "could not be decided",
	"no-baseline": "without a baseline",
	invalid: "invalid"
};
/** What the contexts of all of them have in common would be said as often as there are suites. */
function contextOf$1(reports, noun) {
	const counts = Object.keys(ORDER).flatMap((word) => {
		const count = reports.filter(({ verdict }) => verdict === word).length;
		return count === 0 ? [] : [`${count} ${WORDS$1[word]}`];
	});
	return [...[...new Set(reports.flatMap(({ commit }) => commit ?? []))].map((commit) => `commit ${commit}`), `${reports.length} ${reports.length === 1 ? noun.one : noun.many}: ${counts.join(", ")}`].join(" · ");
}
/** The first row of the first scenario, unless a resource decided. */
function worstRow({ verdict, scenarios, resources }) {
	if (verdict === "invalid") return void 0;
	return [...scenarios.flatMap((scenario) => scenario.rows), ...resources].filter(({ gated }) => gated).toSorted((a, b) => ORDER[a.verdict] - ORDER[b.verdict] || Number(b.change !== "–") - Number(a.change !== "–") || b.urgency - a.urgency)[0];
}

// src/core/report/legs-json.ts
/**
* verdicts.json: the verdict on each suite and variant, worst first, with the folder that holds its verdict.json.
*
* @param folders where the results of each of the reports are.
*/
function legsJson({ verdict, blocks, headline, legs }, folders) {
	const rows = legs.map(({ report }) => ({
		suite: report.suiteName,
		variant: report.variant,
		verdict: report.verdict,
		blocks: report.blocks,
		headline: report.headline,
		folder: folders.get(report) ?? null
	}));
	return `${JSON.stringify({
		schema: 1,
		verdict,
		blocks,
		headline,
		legs: rows
	}, void 0, 2)}\n`;
}

// src/core/report/legs-markdown.ts
/**
* One comment for several suites, marker first, at most 65,536 characters: a table of all of them, worst first, then the
* report of each, folded. Sections are left out whole, those of suites that pass first.
*
* @param job what keeps this comment apart from those of other jobs.
*/
const renderLegsComment = (legs, job) => fitFolds(`${legsMarker(job)}\n${headText(legs)}`, foldsOf(legs), COMMENT_LIMIT, "characters");
/** The same page for the job summary, at most 1 MiB. */
const renderLegsSummary = (legs, job) => fitFolds(`${legsMarker(job)}\n${headText(legs)}`, foldsOf(legs), SUMMARY_LIMIT$1, "bytes");
/** More rows than these would not leave room for what the worst of them have to say. */
const MOST_ROWS = 100;
function headText({ verdict, headline, consequence, context, legs }) {
	const quiet = legs.length > FEW ? legs.filter(({ report }) => report.verdict === "pass") : [];
	const loud = legs.filter((leg) => !quiet.includes(leg));
	return [
		`### ${MARKS[verdict]} ${TITLES$1[verdict]}: ${markdownText(headline, 300)}`,
		`**${markdownText(consequence)}** ${markdownText(context, 300)}`,
		...loud.length === 0 ? [] : [tableOf(loud)],
		...quiet.length === 0 ? [] : [
			`<details><summary>${quiet.length} that pass</summary>`,
			tableOf(quiet),
			"</details>"
		]
	].join("\n\n");
}
/** From more than these on, what passes is folded. */
const FEW = 12;
function tableOf(legs) {
	const inVariants = legs.some(({ report }) => report.variant !== "");
	const header = [
		"Suite",
		...inVariants ? ["Variant"] : [],
		"Verdict",
		"Nearest to its gate, or beyond it",
		"Change",
		"Requests"
	];
	const body = legs.slice(0, MOST_ROWS).map(({ report, worst }) => [
		markdownCode(report.suiteName, 60),
		...inVariants ? [report.variant === "" ? "–" : markdownCode(report.variant, 60)] : [],
		together$2(`${MARKS[report.verdict]} ${TITLES$1[report.verdict].toLowerCase()}${report.acceptance?.by ? ", accepted" : ""}`),
		worst === void 0 ? "–" : `${markdownCode(worst.metric)} in ${markdownCode(worst.scenario, 60)}`,
		worst === void 0 ? "–" : changeCell(worst),
		together$2(report.requests)
	]);
	const more = legs.length > MOST_ROWS ? [[`and ${legs.length - MOST_ROWS} more`, ...header.slice(1).map(() => "")]] : [];
	return markdownTable([
		header,
		...body,
		...more
	], {
		align: [
			"l",
			...inVariants ? ["l"] : [],
			"l",
			"l",
			"r",
			"r"
		],
		alignDelimiters: false
	});
}
const foldsOf = ({ legs }) => legs.map((leg) => ({
	open: `<details><summary>${MARKS[leg.report.verdict]} ${nameText(leg)}: ${summaryText(leg.report.headline, 200)}</summary>`,
	sections: bodySections(leg.report).map((section) => ({
		...section,
		name: `${nameInCode(leg)}: ${section.name}`,
		rank: 1 + section.rank + (leg.report.verdict === "pass" ? QUIET : 0)
	})),
	close: "</details>"
}));
/** Above every rank of a suite that does not pass. */
const QUIET = 10;
const nameText = ({ report }) => `${summaryCode(report.suiteName, 60)}${report.variant === "" ? "" : ` · ${summaryCode(report.variant, 60)}`}`;
const nameInCode = ({ report }) => `${markdownCode(report.suiteName, 60)}${report.variant === "" ? "" : ` · ${markdownCode(report.variant, 60)}`}`;

// src/action/legs.ts
/** A step that is about one leg alone, as if it were a job of its own. */
const placeOfLeg = (place, { variant, out }) => ({
	...place,
	inputs: {
		...place.inputs,
		variants: variant === "" ? [] : [variant],
		out
	}
});
/**
* The legs that are expected: every suite in every variant. A suite may be named by a pattern (`models/*\/tailgate.yaml`).
*
* @throws {InputError} for a suite that is missing or wrong, a pattern without a match, and for two suites of one name.
*/
async function expectedLegs({ suites, variants, out }) {
	const files = [...new Set((await Promise.all(suites.map(matching))).flat())];
	const legs = (await Promise.all(files.map((file) => loadSuite(file, [], "not needed", filePorts)))).flatMap((suite) => (variants.length === 0 ? [""] : [...new Set(variants)]).map((variant) => {
		const { name } = suite.suite;
		const folder = [slug(name), ...variant === "" ? [] : [slug(variant)]].join("-");
		return {
			file: suite.file,
			loaded: suite,
			suiteName: name,
			variant,
			out: join$1(out, folder)
		};
	}));
	for (const [index, { suiteName, file, variant, out: folder }] of legs.entries()) {
		const same = legs.slice(0, index).find((leg) => leg.out === folder);
		if (same === void 0) continue;
		const message = `${describe(same)} and ${describe({
			suiteName,
			file,
			variant
		})} cannot be told apart`;
		throw new InputError(message, { hint: "give each suite a name of its own, and each variant one that differs in letters or digits" });
	}
	return legs;
}
const describe = ({ suiteName, file, variant }) => `the suite ${suiteName} of ${file}${variant === "" ? "" : ` in variant ${variant}`}`;
async function matching(pattern) {
	if (!/[*?[\]{}]/.test(pattern)) return [pattern];
	const files = await Array.fromAsync(glob(pattern));
	if (files.length > 0) return files.map((file) => file.replaceAll("\\", "/")).sort();
	throw new InputError(`suite: no file matches ${JSON.stringify(pattern)}`, { hint: "patterns are relative to the checkout: check it out first" });
}

// src/action/judged-leg.ts
/** Judges a leg as the gate would have, from what its jobs measured: with its own baseline, and the gates of the base branch. */
async function judgeLeg(place, leg, run, policy) {
	const { suiteName, variant, file, loaded } = leg;
	const { suite, notes } = await judgedSuite(place, loaded.suite, file);
	if (run.kind === "missing") return {
		leg,
		judgement: unmeasured({
			leg,
			suite,
			policy,
			problems: [missing(run.reason), ...notes]
		}),
		record: void 0,
		isFolded: false,
		baselineRunId: ""
	};
	const { context, inputs, api, job } = place;
	const { record } = run.run;
	const { runIds, artifacts, ...found } = record.scenarios.some(({ arms }) => arms.base !== void 0) ? NO_BASELINES : await findBaselines(placeOfLeg(place, leg), suiteName);
	const earlier = await storedAttempts(api, {
		context,
		suiteName,
		variant,
		token: inputs.token,
		ownAttempt: run.attempt,
		perAttempt: run.parts
	});
	for (const { message } of earlier.notes) job.warning(`${suiteName}: ${message}`);
	const judged = judge({
		suite,
		suitePath: file,
		variant,
		heads: [record],
		...inputs.baseline === "directory" ? { headPaths: [join$1(leg.out, RUN_FILE)] } : {},
		found: artifacts === void 0 || run.artifactName === void 0 ? found : {
			...found,
			artifacts: {
				...artifacts,
				head: run.artifactName
			}
		},
		attempts: earlier.attempts,
		policy,
		notes: [
			...notes,
			...earlier.notes,
			...otherSuite(leg, record)
		]
	});
	const { record: kept, ...judgement } = await withRecordedAcceptance(place, await withAcceptance(place, {
		...judged,
		record
	}));
	const { baseline } = judgement;
	const baselineRunId = baseline.kind === "stored" ? runIds.get(baseline.runs[0].origin) ?? "" : "";
	return {
		leg,
		judgement,
		record: kept,
		isFolded: run.artifactName === void 0,
		baselineRunId
	};
}
const missing = (reason) => ({
	severity: "invalid",
	code: "leg-missing",
	message: `nothing was measured: ${reason}`
});
/** Gates were never meant for another workload than their own. */
function otherSuite({ file, loaded }, { suite }) {
	if (suite.digest === loaded.digest) return [];
	return [{
		severity: "invalid",
		code: "other-suite",
		message: `it was measured with another suite than the one that judges it (${`digest ${suite.digest.slice(0, 12)}, that of ${file} here is ${loaded.digest.slice(0, 12)}`})`
	}];
}
/** The verdict on a run that does not exist: every gate is there, and none of them was measured. */
function unmeasured({ leg, suite, policy, problems }) {
	const baseline = {
		kind: "none",
		reason: "nothing was measured that could be compared",
		refused: []
	};
	const { evidence, comparisons } = compareRuns({
		suite,
		heads: [],
		baseline
	});
	const verdict = decide({
		suite,
		comparisons,
		evidence,
		baseline,
		problems
	});
	const reportInput = {
		verdict,
		suite,
		variant: leg.variant,
		heads: [],
		baseline,
		policy,
		suitePath: leg.file
	};
	return {
		verdict,
		baseline,
		heads: [],
		attempts: [],
		report: buildReport(reportInput),
		reportInput
	};
}

// src/action/leg-run.ts
/**
* The newest run of a leg among the artifacts of our own workflow run: of one job, or of all shards of its newest attempt
* as one. A job that was not run again keeps what its earlier attempt measured.
*
* @param listed all artifacts of our own run.
*/
async function readLegRun({ context, inputs }, leg, listed) {
	const { suiteName, variant } = leg;
	const known = listed.flatMap((artifact) => named(artifact, leg)).toSorted((a, b) => b.artifact.id - a.artifact.id);
	const [newest] = known;
	if (newest === void 0) return {
		kind: "missing",
		reason: NOTHING_LEFT
	};
	const parts = newest.kind === "shard" ? newestOfEachName(known.filter(({ kind, attempt }) => kind === "shard" && attempt === newest.attempt)) : [newest];
	const { stored, refused } = usable(parts, context.runId);
	const { readArtifactRuns } = await import("./artifact-store.js");
	const read = await readArtifactRuns(stored, suiteName, {
		token: inputs.token,
		repository: context.repository
	});
	const judged = read.candidates.map((candidate) => ({
		candidate,
		reason: whyForeign(candidate.record, context.sha, variant)
	}));
	const own = judged.flatMap(({ candidate, reason }) => reason === void 0 ? [candidate] : []);
	const reasons = [...[...refused, ...read.refused].map(({ origin, reason }) => `${origin}: ${reason}`), ...judged.flatMap(({ candidate: { origin }, reason }) => reason === void 0 ? [] : [`${origin}: ${reason}`])];
	const [run] = wholeRuns(own);
	if (run === void 0) return {
		kind: "missing",
		reason: `what its job left cannot be used: ${reasons.join("; ")}`
	};
	return {
		kind: "measured",
		run,
		artifactName: newest.kind === "shard" ? void 0 : newest.artifact.name,
		parts: parts.length,
		attempt: newest.attempt ?? Number(run.record.provenance.runAttempt ?? context.runAttempt)
	};
}
const NOTHING_LEFT = "no job of this workflow run left a record of it: its job failed before it had measured, was cancelled, or never ran";
function named(artifact, { suiteName, variant }) {
	const { name } = artifact;
	const whole = attemptOfArtifact(suiteName, name, variant);
	if (whole !== void 0 || name === baselineArtifactName(suiteName, variant)) return [{
		artifact,
		kind: "whole",
		attempt: whole
	}];
	const shard = attemptOfShard(suiteName, name, variant);
	return shard === void 0 ? [] : [{
		artifact,
		kind: "shard",
		attempt: shard
	}];
}
const newestOfEachName = (newestFirst) => newestFirst.filter(({ artifact }, i) => newestFirst.findIndex((other) => other.artifact.name === artifact.name) === i);
function usable(parts, runId) {
	const judged = parts.map(({ artifact, attempt }) => {
		return {
			artifact,
			origin: [
				`run ${runId}`,
				...attempt === void 0 ? [] : [`attempt ${attempt}`],
				`artifact ${artifact.id}`
			].join(" · "),
			reason: flawOfStorage(artifact)
		};
	});
	return {
		stored: judged.flatMap(({ artifact: { id, sizeBytes, digest }, origin, reason }) => reason === void 0 ? [{
			id,
			runId,
			sizeBytes,
			digest,
			origin
		}] : []),
		refused: judged.flatMap(({ origin, reason }) => reason === void 0 ? [] : [{
			origin,
			reason
		}])
	};
}
function whyForeign(record, sha, variant) {
	const { commit } = record.provenance;
	if (commit !== void 0 && commit !== sha) return "its record is of another commit";
	return (variantOf(record) ?? "") === variant ? void 0 : "its record is of another variant";
}

// src/action/merge-mode.ts
/** Verdicts of all legs, beside their folders. */
const VERDICTS_FILE = "verdicts.json";
/** Judges what other jobs of this run measured, each suite and variant by itself, and tells of all in one comment. */
async function mergeMode(place) {
	const { job, inputs, context, api } = place;
	if (api === void 0) throw new InputError("mode merge needs a token: it reads the artifacts of its own run", { hint: "leave github-token at its default" });
	if (!hasArtifacts(context)) throw noArtifactsFor("merge");
	const legs = await expectedLegs(inputs);
	const listed = await api.listRunArtifacts(context.runId);
	const policy = policyOf(place);
	const judged = [];
	for (const leg of legs) {
		const one = await judgeUnderCheck(place, leg, listed, policy);
		await writeOutputs(leg.out, one.judgement, one.record);
		judged.push(one);
	}
	const report = buildLegsReport(judged.map(({ judgement }) => judgement.report));
	const worst = judged.find(({ judgement }) => judgement.report === report.legs[0].report);
	const self = `${context.workflowPath ?? ""}#${process.env["GITHUB_JOB"] ?? ""}`;
	const comment = renderLegsComment(report, self);
	await writeFileAtomic(join$1(inputs.out, COMMENT_FILE), comment);
	await writeFileAtomic(join$1(inputs.out, VERDICTS_FILE), legsJson(report, new Map(judged.map(({ leg, judgement }) => [judgement.report, leg.out]))));
	job.print(report.legs.map((leg) => renderText(leg.report, { color: false })).join("\n\n"));
	job.output("verdict", report.verdict);
	job.output("report-json", join$1(inputs.out, VERDICTS_FILE));
	job.output("report-html", join$1(worst.leg.out, REPORT_FILE));
	job.output("summary", `${report.verdict}: ${report.headline}`);
	job.output("baseline-run-id", worst.baselineRunId);
	await job.summary(renderLegsSummary(report, self));
	job.output("comment-url", await writeComment(place, {
		marker: legsMarker(self),
		body: comment,
		isPass: report.verdict === "pass"
	}));
	for (const one of judged) await extendBaseline(place, one);
	await keepLegs(place, self, filesOf(judged, inputs.out));
	return endingOf(job, {
		verdict: report,
		report: {
			...report,
			acceptance: void 0
		}
	}, policy);
}
/** With a check run of its own for each leg, where `check-run` asks for them. */
async function judgeUnderCheck(place, leg, listed, policy) {
	const judged = Promise.withResolvers();
	await underCheck(placeOfLeg(place, leg), {
		suiteName: leg.suiteName,
		page: runUrl(place.context)
	}, async (tell) => {
		const one = await judgeLeg(place, leg, await readLegRun(place, leg, listed), policy);
		const { report } = one.judgement;
		tell(one.judgement);
		judged.resolve(one);
		return report.blocks ? {
			kind: "failed",
			message: `${report.verdict}: ${report.headline}`
		} : DONE;
	});
	return judged.promise;
}
/** A leg that measured on the default branch by itself has stored its run already. */
async function extendBaseline(place, { leg, record, judgement, isFolded }) {
	if (record === void 0 || !isFolded) return;
	const joins = joinsBaseline(place, record, judgement.verdict.verdict === "invalid");
	if (joins) await keepResults(placeOfLeg(place, leg), {
		record,
		joins,
		concluded: true
	});
}
/** All that was written, below the folder of the results. */
function filesOf(judged, out) {
	const ofLeg = ({ leg, record }) => [...CONCLUSION_FILES.filter((file) => file !== "latency.hlog" || record !== void 0), ...record === void 0 ? [] : [RUN_FILE]].map((file) => relative(out, join$1(leg.out, file)));
	return [
		COMMENT_FILE,
		VERDICTS_FILE,
		...judged.flatMap(ofLeg)
	];
}

// src/action/files-at.ts
/**
* The files of a commit of this repository, without a checkout: a step that judges what strangers propose has nothing of
* theirs on its disk. Paths are those of the repository; what leads out of it is refused.
*/
function filesAt(api, { sha, branch }) {
	const readBytes = async (path, what) => {
		const clean = posix.normalize(path.replaceAll("\\", "/"));
		if (clean.startsWith("..") || posix.isAbsolute(clean)) throw new InputError(`the ${what} ${path} lies outside the repository`, { hint: "name it by its path in the repository" });
		const bytes = await api.readFileBytes(clean, sha);
		if (bytes === void 0) {
			const hint = `what a pull request is judged by is read from the branch that it goes into: merge it into ${branch} first, or mend the path`;
			throw new InputError(`the ${what} ${clean} is not on ${branch} (${sha.slice(0, 7)})`, { hint });
		}
		return bytes;
	};
	return {
		readBytes,
		readText: async (path, what) => Buffer.from(await readBytes(path, what)).toString("utf8")
	};
}

// src/io/github/measured-artifact.ts
/**
* Finds what a workflow run measured, among the artifacts of that run alone and by their very name. What GitHub says
* about an artifact must agree with what it says about the run: the repositories of both sides and the commit.
*
* Of several attempts the newest counts that measured: "Re-run failed jobs" leaves out a job that succeeded.
*/
async function findMeasuredArtifact(api, { attemptOf, run, repositoryId }) {
	const [newest] = (await api.listRunArtifacts(run.id)).map((artifact) => ({
		artifact,
		attempt: attemptOf(artifact.name) ?? Number.POSITIVE_INFINITY
	})).filter(({ attempt }) => attempt <= run.attempt).toSorted((a, b) => b.attempt - a.attempt || b.artifact.id - a.artifact.id);
	if (newest === void 0) return { kind: "absent" };
	const { artifact, attempt } = newest;
	const origin = `run ${run.id} · attempt ${attempt} · artifact ${artifact.id}`;
	const reason = flawOfOrigin(artifact, run, repositoryId) ?? flawOfStorage(artifact);
	if (reason !== void 0) return {
		kind: "refused",
		origin,
		reason
	};
	return {
		kind: "found",
		id: artifact.id,
		runId: run.id,
		attempt,
		sizeBytes: artifact.sizeBytes,
		digest: artifact.digest,
		origin
	};
}
function flawOfOrigin({ run }, ended, repositoryId) {
	if (run === void 0) return "GitHub does not say which run made it";
	if (run.id !== ended.id) return `it is of another run (${run.id})`;
	if (run.repositoryId !== repositoryId) return `from another repository (repository id ${run.repositoryId})`;
	if (run.headRepositoryId !== ended.headRepository?.id) return `of code from another repository (repository id ${run.headRepositoryId})`;
	if (run.headSha !== ended.headSha) return `of another commit (${run.headSha?.slice(0, 10)})`;
}

// src/action/measured-record.ts
/**
* The record that a run of a pull request left, as the hostile input it is: bounded, verified, read field by field, and
* refused if it does not say itself what GitHub says about its run. What it says beyond its numbers about where it comes
* from is replaced by what GitHub says.
*
* Where nothing can be had, a record that measured nothing, with the reason: it is judged like any other.
*
* @param place seen from the pull request.
*/
async function measuredRecord(place, run, { suite, digest }) {
	const { api, context, inputs } = place;
	const found = await findMeasuredArtifact(api, {
		attemptOf: (name) => attemptOfArtifact(suite.name, name, onlyVariant(inputs)),
		run,
		repositoryId: context.repository.id
	});
	const provenance = provenanceOf(context);
	const nothing = (why) => ({
		record: unmeasured$1({
			tool: TOOL,
			suite: {
				name: suite.name,
				digest,
				seed: suite.seed
			},
			provenance,
			startedAt: run.startedAt,
			finishedAt: run.updatedAt,
			why
		}),
		attempt: run.attempt,
		notes: []
	});
	if (found.kind === "absent") return nothing(absent(run, suite.name));
	if (found.kind === "refused") return nothing(refused(found));
	const { readArtifactRuns } = await import("./artifact-store.js");
	const read = await readArtifactRuns([found], suite.name, {
		token: inputs.token,
		repository: context.repository
	});
	const candidate = read.candidates[0];
	if (candidate === void 0) return nothing(refused(read.refused[0]));
	const { origin, record } = candidate;
	const reason = flawOfClaims(record, run, found, String(context.repository.id));
	if (reason !== void 0) return nothing(refused({
		origin,
		reason
	}));
	return {
		record: {
			...record,
			provenance: {
				...provenance,
				runAttempt: String(found.attempt)
			}
		},
		attempt: found.attempt,
		notes: [...otherWorkload(record, digest, context.base.branch), ...earlierAttempt(run, found)]
	};
}
/** Why a record is not what it must be, in the words of its own claims; a record that claims nothing is refused too. */
function flawOfClaims({ provenance }, run, { attempt }, repositoryId) {
	const short = (claim) => claim?.slice(0, 10) ?? "none at all";
	if (provenance.commit !== run.headSha) return `it claims another commit (${short(provenance.commit)}, its run measured ${short(run.headSha)})`;
	if (provenance.repositoryId !== repositoryId) return `it claims another repository (id ${short(provenance.repositoryId)})`;
	if (provenance.runId !== String(run.id) || provenance.runAttempt !== String(attempt)) return `it claims another run (${short(provenance.runId)}, attempt ${short(provenance.runAttempt)})`;
}
function otherWorkload(record, digest, branch) {
	if (record.suite.digest === digest) return [];
	return [{
		severity: "warning",
		code: "workload-changed",
		message: `this pull request measures another workload than the suite of ${branch}: its scenarios are new, and nothing that is stored says anything about them`
	}];
}
function earlierAttempt(run, { attempt }) {
	if (attempt === run.attempt) return [];
	return [{
		severity: "warning",
		code: "earlier-attempt-stands",
		message: `attempt ${run.attempt} of run ${run.id} left no record; that of attempt ${attempt} stands`
	}];
}
const refused = ({ origin, reason }) => ({
	code: "record-refused",
	headline: "what the pull request's own run measured cannot be used",
	message: `nothing was measured that can be judged: the record of ${origin} is refused: ${reason}`
});
function absent({ id, conclusion, attempt }, suiteName) {
	const [how, advice] = HOW_IT_ENDED[conclusion ?? ""] ?? ["left no record", ""];
	const which = attempt === 1 ? `run ${id}` : `run ${id}, attempt ${attempt},`;
	return {
		code: "not-measured",
		headline: `nothing was measured: the pull request's own run ${how}`,
		message: `${which} ${how} and holds no record of the suite ${suiteName}${advice === "" ? "" : `; ${advice}`}`
	};
}
const NOT_HANDED_OVER = "does a job of it run tailgate in mode: measure with this suite, and was its artifact deleted since?";
/** How a run without a record ended, by GitHub's word for it, and what to do. */
const HOW_IT_ENDED = {
	success: ["left no record", NOT_HANDED_OVER],
	neutral: ["left no record", NOT_HANDED_OVER],
	failure: ["failed", "its log says why: the preview may not have come up, or the suite has a mistake"],
	startup_failure: ["could not be started", "its workflow file has a mistake"],
	cancelled: ["was cancelled", "run it again"],
	timed_out: ["ran out of its time", "its log says where; run it again, or raise timeout-minutes"],
	action_required: ["waits for a maintainer's approval", "approve it at the end of the pull request's page"],
	skipped: ["was skipped", "its own conditions say when it runs"],
	stale: ["was given up by GitHub", "run it again"]
};

// src/action/report-mode.ts
/**
* Judges what a pull request's own run measured, in a run that the pull request has no part in: for forks, whose runs may
* read and nothing else. What is trusted is what GitHub says: the event, the pull request, the suite of the base branch,
* the stored runs. The record is a stranger's, and only its numbers count.
*/
async function reportMode(place) {
	const { context, api, inputs } = place;
	const run = context.endedRun;
	if (run === void 0) throw new InputError(`mode: report reports on a run that has ended, and ${context.event} is not the event of one`, { hint: "start it with on: workflow_run, as in examples/workflows/fork-report.yml" });
	if (api === void 0) throw new InputError("mode: report needs a token", { hint: "leave github-token at its default" });
	if (!hasArtifacts(context)) throw new InputError("mode: report needs workflow artifacts, and a GitHub Enterprise Server has none of this kind", { hint: "there the record of a fork's run cannot be handed over" });
	const pull = await pullOf$1(place, run);
	if (pull === void 0) return DONE;
	const base = {
		sha: pull.base.sha,
		branch: pull.base.branch
	};
	const suites = [];
	for (const file of inputs.suites) suites.push(await loadSuite(file, [], "not needed", filesAt(api, base)));
	const seen = placeOfPull(place, pull, {
		event: run.event,
		runId: run.id,
		runAttempt: run.attempt,
		workflowPath: run.path,
		headRepositoryId: run.headRepository?.id,
		...pull.head.repositoryId === context.repository.id ? {} : { branch: `${run.headRepository?.owner}:${pull.head.branch}` }
	});
	const told = [];
	for (const loaded of suites) told.push(await reportSuite(place, ofSuite(seen, loaded, suites.length > 1), run, loaded));
	if (told.length > 1) tellTogether(place, told);
	const failed = told.flatMap(({ ending }) => ending.kind === "done" ? [] : [ending.message]);
	return failed.length === 0 ? DONE : {
		kind: "failed",
		message: failed.join("; ")
	};
}
async function reportSuite(place, seen, run, loaded) {
	const outputs = /* @__PURE__ */ new Map();
	const { output } = seen.job;
	const job = {
		...seen.job,
		output: (name, value) => {
			outputs.set(name, value);
			output(name, value);
		}
	};
	const { suite, file } = loaded;
	let verdict = "invalid";
	const ending = await underCheck({
		...seen,
		job
	}, {
		suiteName: suite.name,
		page: runUrl(place.context)
	}, async (tell) => {
		const { record, attempt, notes } = await measuredRecord(seen, run, loaded);
		const links = [{
			label: "The run that measured",
			url: run.url
		}];
		const given = {
			suite,
			suitePath: file,
			record,
			notes: [...notes, whoMeasured(run, attempt, seen)],
			links
		};
		const concluded = await judgeRecord({
			...seen,
			job,
			context: {
				...seen.context,
				runAttempt: attempt
			}
		}, given, tell);
		verdict = concluded.judgement.verdict.verdict;
		return concluded.ending;
	});
	await keepConclusions({
		...seen,
		job
	}, reportArtifactName(suite.name, run.id, place.context.runAttempt, onlyVariant(place.inputs)));
	return {
		ending,
		name: suite.name,
		verdict,
		outputs
	};
}
/** The pull request of a run; undefined, with a notice, where there is nothing to report on. */
async function pullOf$1(place, run) {
	const { job, context, api } = place;
	const nothing = (why) => job.notice(`nothing to report: ${why}`);
	if (run.event !== "pull_request" || run.repositoryId !== context.repository.id) return nothing(`run ${run.id} was started by ${run.event}, and only pull requests into this repository are reported`);
	if (run.headRepository === void 0 || run.headBranch === void 0) return nothing(`the repository that run ${run.id} measured is gone`);
	const { id, owner } = run.headRepository;
	const pulls = await pullsOfBranch(api, {
		sha: run.headSha,
		repositoryId: context.repository.id,
		from: {
			owner,
			branch: run.headBranch,
			repositoryId: id
		}
	});
	return chosenOf(pulls, place) ?? nothing(`no open pull request has ${run.headSha.slice(0, 10)} as its head: it has moved on, or the pull request was closed`);
}
const whoMeasured = ({ id }, attempt, { context: { base } }) => ({
	severity: "warning",
	code: "measured-by-pull-request",
	message: `these numbers were measured by the pull request's own workflow (run ${id}, attempt ${attempt}): whoever can change that workflow can invent them. The verdict on them was made outside of it, with the suite and the gates of ${base.branch}`
});
/** Several suites write into folders of their own. */
const ofSuite = (place, { suite }, several) => several ? {
	...place,
	inputs: {
		...place.inputs,
		out: join$1(place.inputs.out, slug(suite.name))
	}
} : place;
/** The outputs of several suites: the worst verdict, a line for each of the rest. */
function tellTogether({ job }, told) {
	const lines = (name) => told.map(({ outputs }) => outputs.get(name) ?? "").join("\n");
	job.output("verdict", VERDICTS.findLast((word) => told.some(({ verdict }) => verdict === word)) ?? "");
	job.output("report-json", lines("report-json"));
	job.output("report-html", lines("report-html"));
	job.output("comment-url", lines("comment-url"));
	job.output("baseline-run-id", lines("baseline-run-id"));
	job.output("summary", told.map(({ name, outputs }) => `${name}: ${outputs.get("summary") ?? ""}`).join("\n"));
}

// src/action/shard-mode.ts
/** Measures one part of a load, while other jobs measure the rest, and keeps the record for the job that merges them. */
async function shardMode(place) {
	const { job, inputs, context } = place;
	if (inputs.shard === "") throw new InputError("mode shard needs the input shard", { hint: "write shard: 2/3 for the second of three" });
	if (!hasArtifacts(context)) throw noArtifactsFor("shard");
	const shard = readShard(inputs.shard, inputs.startAt);
	const loaded = await openSuite(place, onlySuite(inputs));
	const { record } = await measureSuite(place, {
		loaded,
		shard,
		policy: inputs.policy,
		baselines: NO_BASELINES
	});
	await writeRecord(inputs.out, record);
	job.output("report-json", join$1(inputs.out, RUN_FILE));
	if (job.signal.aborted) return cancelled(place);
	job.output("summary", `measured ${shardText(shard.stripe)}; nothing was compared`);
	await keepShard(place, record.suite.name, shard.stripe);
	const invalid = record.problems.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
	if (invalid.length === 0) return DONE;
	const message = `invalid: ${invalid.join("; ")}`;
	if (inputs.policy.onInvalid === "fail") return {
		kind: "failed",
		message
	};
	if (inputs.policy.onInvalid === "warn") job.warning(message);
	return DONE;
}

// src/io/github/retry.ts
/** Longest pause that is waited for; a rate limit that lasts longer is an answer, not a delay. */
const MAX_PAUSE_S = 60;
const MAX_RETRIES = 3;
/** What GitHub asks for where a limit does not say when it is lifted, doubled each time: so it is waited for once. */
const UNTOLD_PAUSE_S = 60;
/**
* How long to pause before a failed request is sent again.
*
* A request that met a rate limit (see {@link isRateLimit}) did nothing, so that anything may be sent again after the
* time that GitHub names, or after a minute where it names none. After a 5xx or a broken connection nobody knows whether
* a POST was carried out: sending it again could write a second comment, so only the other methods are repeated, after
* 1, 2 and 4 seconds.
*
* @param retries how often this request was already repeated, ≥ 0.
* @param nowS seconds since 1970, for the time at which a limit is lifted.
* @returns seconds ≥ 0, or undefined: do not repeat.
*/
function pauseBeforeRetryS(failed, retries, nowS) {
	if (retries >= MAX_RETRIES) return void 0;
	if (isRateLimit(failed)) {
		const pauseS = limitLiftedInS(failed, nowS) ?? UNTOLD_PAUSE_S * 2 ** retries;
		return pauseS <= MAX_PAUSE_S ? pauseS : void 0;
	}
	return failed.status >= 500 && failed.method !== "POST" ? 2 ** retries : void 0;
}
/**
* The primary limit leaves no requests; the secondary says when to come back, or says what it is in its message alone.
* Both use 403 as well as 429, and a 403 without any of these is a missing permission.
*
* Source: GitHub (2026), "Rate limits for the REST API", section "Exceeding the rate limit".
*/
const isRateLimit = ({ status, headers, message }) => status === 429 || status === 403 && (headers["retry-after"] !== void 0 || String(headers["x-ratelimit-remaining"]) === "0" || /\bsecondary rate\b/i.test(message));
/** Seconds until a rate limit is lifted, ≥ 0; undefined if GitHub does not say, or its header is damaged. */
function limitLiftedInS({ headers }, nowS) {
	const retryAfter = headers["retry-after"];
	if (retryAfter !== void 0) return nonNegative(Number(retryAfter));
	const reset = String(headers["x-ratelimit-remaining"]) === "0" ? headers["x-ratelimit-reset"] : void 0;
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
			if (pauseS === void 0) throw withoutToken(error, token);
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
	if (!failed.answered) return new InputError(`could not ${doing}: GitHub could not be reached`, {
		hint: "run the job again",
		cause: error
	});
	if (status >= 500) return new InputError(`could not ${doing}: GitHub answered ${status}`, {
		hint: "run the job again",
		cause: error
	});
	return new InputError(`could not ${doing}: GitHub answered ${status}: ${oneLine(failed.message)}`, { cause: error });
}
/** The HTTP status of a failed request; undefined for any other error. */
const statusOf = (error) => failureOf(error)?.status;
/** Whether the same question may be answered later: an outage, or a rate limit. */
function isTemporary(error) {
	const failed = failureOf(error);
	return failed !== void 0 && (failed.status >= 500 || isRateLimit(failed));
}
/** The library's errors by their shape: its class is not exported by the package that we use. */
function failureOf(error) {
	if (!(error instanceof Error) || !("status" in error) || typeof error.status !== "number") return void 0;
	const { request, response, message } = error;
	return {
		method: request?.url?.endsWith("/graphql") ?? false ? "GET" : request?.method ?? "GET",
		status: error.status,
		headers: response?.headers ?? {},
		message: response === void 0 ? "" : message,
		answered: response !== void 0
	};
}
/** Whatever answers at the address of the API may say back what it was sent, and its words are shown. */
function withoutToken(error, token) {
	if (error instanceof Error) error.message = redact(error.message, [token]);
	return error;
}
const MAX_MESSAGE_LENGTH = 200;
const oneLine = (message) => message.replaceAll(/\s+/g, " ").trim().slice(0, MAX_MESSAGE_LENGTH);
const sleep = (seconds) => new Promise((resolve) => setTimeout(resolve, seconds * 1e3));
const nothing = () => void 0;
/** The library would warn on the console, where a job's log is not its business. */
const SILENT = {
	debug: nothing,
	info: nothing,
	warn: nothing,
	error: nothing
};

// src/io/github/api/ask.ts
const askIn = async (doing, permission, request) => {
	try {
		return await request();
	} catch (error) {
		throw requestError(error, doing, permission);
	}
};
function undefinedFor404(error) {
	if (statusOf(error) !== 404) throw error;
}

// src/io/github/api/artifacts.ts
/** Pages of one listing that are read: 1000 artifacts of one name. */
const ARTIFACT_PAGES = 10;
const READ$6 = "actions: read";
/** The listings of artifacts; @actions/artifact moves their contents. */
function artifactsApi({ client: { rest }, repo, ask }) {
	async function artifactPages(page) {
		const found = [];
		for (let number = 1; number <= ARTIFACT_PAGES; number++) {
			const { data } = await page(number);
			found.push(...data.artifacts.map(artifactOf));
			if (data.artifacts.length < 100) break;
		}
		return found;
	}
	return {
		/** All artifacts of this very name in the repository, newest first, from whatever run made them. */
		listArtifacts: (name) => ask("list artifacts", READ$6, () => artifactPages((page) => rest.actions.listArtifactsForRepo({
			...repo,
			name,
			per_page: 100,
			page
		}))),
		/** The artifacts of one run, of all its attempts; those of this very name if one is given. */
		listRunArtifacts: (runId, name) => ask("list artifacts", READ$6, () => artifactPages((page) => rest.actions.listWorkflowRunArtifacts({
			...repo,
			run_id: runId,
			...name === void 0 ? {} : { name },
			per_page: 100,
			page
		})))
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

// src/io/github/api/checks.ts
const WRITE$2 = "checks: write";
/** GitHub takes so many at once; further requests add to them. */
const ANNOTATIONS_PER_REQUEST = 50;
/** More mistakes than these are one mistake. */
const MOST_ANNOTATIONS = 200;
/** Check runs on commits. They are found again by an id of our own: a job of a workflow may have any name, but not that. */
function checksApi({ client: { rest }, repo, ask }) {
	return {
		/**
		* Begins a check run, or goes on with one of the same name that was never ended.
		*
		* @param sha the head commit itself: of a merge commit no branch protection asks anything.
		* @returns its id.
		*/
		beginCheck: (check) => ask("write check runs", WRITE$2, async () => {
			const { name, status, title } = check;
			const { data } = await rest.checks.listForRef({
				...repo,
				ref: check.sha,
				check_name: name,
				per_page: 100
			});
			const begun = data.check_runs.find((run) => run.external_id === check.externalId && run.status !== "completed");
			const state = {
				...repo,
				status,
				details_url: check.detailsUrl,
				output: {
					title,
					summary: title
				}
			};
			if (begun !== void 0) return (await rest.checks.update({
				...state,
				check_run_id: begun.id
			})).data.id;
			return (await rest.checks.create({
				...state,
				name,
				head_sha: check.sha,
				external_id: check.externalId
			})).data.id;
		}),
		endCheck: (id, { conclusion, title, summary, annotations }) => ask("write check runs", WRITE$2, async () => {
			const all = annotations.slice(0, MOST_ANNOTATIONS).map(annotationOf);
			for (let first = 0; first === 0 || first < all.length; first += ANNOTATIONS_PER_REQUEST) {
				const some = all.slice(first, first + ANNOTATIONS_PER_REQUEST);
				const output = {
					title,
					summary,
					...some.length === 0 ? {} : { annotations: some }
				};
				await rest.checks.update({
					...repo,
					check_run_id: id,
					status: "completed",
					conclusion,
					output
				});
			}
		})
	};
}
const annotationOf = ({ path, line, column, message }) => ({
	path,
	start_line: line,
	end_line: line,
	start_column: column,
	end_column: column,
	annotation_level: "failure",
	message
});

// src/io/github/api/comments.ts
/** Pages of comments that are read: 10,000. */
const COMMENT_PAGES = 100;
const READ$5 = "pull-requests: read";
const WRITE$1 = "pull-requests: write";
/** Who writes for the workflow's own token, which may not ask who it is. */
const WORKFLOW_BOT = "github-actions[bot]";
/** The comments of a pull request. */
function commentsApi({ client, repo, ask }) {
	const { rest } = client;
	return {
		/** The login under which this token writes comments. Guessed only where GitHub will not say it, not where it cannot now. */
		ownLogin: () => ask("ask whose token this is", READ$5, async () => {
			return (await client.graphql("query { viewer { login } }").catch((error) => {
				if (isTemporary(error)) throw error;
			}))?.viewer?.login ?? WORKFLOW_BOT;
		}),
		findComment: (number, wanted) => ask("read comments", READ$5, async () => {
			for (let page = 1; page <= COMMENT_PAGES; page++) {
				const { data } = await rest.issues.listComments({
					...repo,
					issue_number: number,
					per_page: 100,
					page
				});
				const found = data.map(commentOf).find(wanted);
				if (found !== void 0 || data.length < 100) return found;
			}
		}),
		/**
		* All comments, oldest first.
		*
		* @throws {InputError} where there are more than anybody reads: the newest would be missing.
		*/
		listComments: (number) => ask("read comments", READ$5, async () => {
			const comments = [];
			for (let page = 1; page <= COMMENT_PAGES; page++) {
				const { data } = await rest.issues.listComments({
					...repo,
					issue_number: number,
					per_page: 100,
					page
				});
				comments.push(...data.map(commentOf));
				if (data.length < 100) return comments;
			}
			throw new InputError(`pull request ${number} has more than ${COMMENT_PAGES * 100} comments`, { hint: "open another one for the same branch" });
		}),
		createComment: (number, body) => ask("write comments", WRITE$1, async () => commentOf((await rest.issues.createComment({
			...repo,
			issue_number: number,
			body
		})).data)),
		updateComment: (id, body) => ask("write comments", WRITE$1, async () => commentOf((await rest.issues.updateComment({
			...repo,
			comment_id: id,
			body
		})).data))
	};
}
const commentOf = (comment) => ({
	id: comment.id,
	author: comment.user?.login ?? "",
	body: comment.body ?? "",
	url: comment.html_url,
	isMinimized: Boolean(comment.minimized),
	isBot: comment.user?.type === "Bot",
	isEdited: comment.updated_at !== comment.created_at,
	association: comment.author_association ?? "NONE"
});

// src/io/github/api/commits.ts
const READ$4 = "contents: read";
/** Commits, and the files in them. */
function commitsApi({ client: { rest }, repo, ask }) {
	return {
		/** The commit and those before it, in the order of the history, at most `max`. */
		listCommits: (sha, max) => ask("read commits", READ$4, async () => {
			const found = [];
			for (let page = 1; found.length < max; page++) {
				const { data } = await rest.repos.listCommits({
					...repo,
					sha,
					per_page: 100,
					page
				});
				found.push(...data.map((commit) => commit.sha));
				if (data.length < 100) break;
			}
			return found.slice(0, max);
		}),
		/** A small text file at a commit; undefined if there is none. */
		readFile: (path, ref) => ask(`read ${path}`, READ$4, async () => {
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
		/** Any file of at most 100 MiB at a commit; undefined if there is none. */
		readFileBytes: (path, ref) => ask(`read ${path}`, READ$4, async () => {
			const answer = await rest.repos.getContent({
				...repo,
				path,
				ref
			}).catch(undefinedFor404);
			if (answer === void 0) return void 0;
			const { data } = answer;
			if (Array.isArray(data) || data.type !== "file" || !("content" in data)) throw new InputError(`${path} at ${ref.slice(0, 7)} is not a file`);
			if (data.encoding === "base64") return Buffer.from(data.content, "base64");
			return Buffer.from((await rest.git.getBlob({
				...repo,
				file_sha: data.sha
			})).data.content, "base64");
		}),
		/** The files directly in a folder at a commit or on a branch, at most 1000; none if there is no such folder. */
		listFolder: (path, ref) => ask(`list ${path}`, READ$4, async () => {
			const answer = await rest.repos.getContent({
				...repo,
				path,
				ref
			}).catch(undefinedFor404);
			if (answer === void 0 || !Array.isArray(answer.data)) return [];
			return answer.data.flatMap(({ type, name, sha, size }) => type === "file" ? [{
				name,
				sha,
				sizeBytes: size
			}] : []);
		}),
		/** Where the history of `head` left that of `base`; undefined if they share none, or one is unknown. */
		mergeBase: (base, head) => ask("compare commits", READ$4, async () => {
			return (await rest.repos.compareCommitsWithBasehead({
				...repo,
				basehead: `${base}...${head}`,
				per_page: 1
			}).catch(undefinedFor404))?.data.merge_base_commit.sha;
		})
	};
}

// src/io/github/api/git-data.ts
const READ$3 = "contents: read";
const WRITE = "contents: write";
/** Git's own objects, through which a branch can be read and written without a checkout. */
function gitDataApi({ client: { rest }, repo, ask }) {
	return {
		/** The commit that a branch ends in; undefined if there is no such branch. */
		branchTip: (branch) => ask(`read the branch ${branch}`, READ$3, async () => {
			return (await rest.git.getRef({
				...repo,
				ref: `heads/${branch}`
			}).catch(undefinedFor404))?.data.object.sha;
		}),
		/** The tree of a commit. */
		treeOf: (commit) => ask("read a commit", READ$3, async () => (await rest.git.getCommit({
			...repo,
			commit_sha: commit
		})).data.tree.sha),
		/** What lies directly in a tree. `truncated`: GitHub left some of it out. */
		listTree: (tree) => ask("read a tree", READ$3, async () => {
			const { data } = await rest.git.getTree({
				...repo,
				tree_sha: tree
			});
			return {
				entries: data.tree.flatMap(({ path, type, sha, size }) => type === "blob" || type === "tree" || type === "commit" ? [{
					name: path,
					kind: type,
					sha,
					sizeBytes: size ?? 0
				}] : []),
				truncated: data.truncated
			};
		}),
		readBlob: (sha) => ask("read a blob", READ$3, async () => {
			const { data } = await rest.git.getBlob({
				...repo,
				file_sha: sha
			});
			if (data.encoding !== "base64") throw new InputError(`GitHub gave a blob in an encoding that is not read: ${data.encoding}`);
			return Buffer.from(data.content, "base64");
		}),
		createBlob: (text) => ask("write files", WRITE, async () => (await twice(() => rest.git.createBlob({
			...repo,
			content: text,
			encoding: "utf-8"
		}))).data.sha),
		/** @param base the tree that the changes are made to; undefined for a tree of its own. */
		createTree: (changes, base) => ask("write files", WRITE, async () => {
			const tree = changes.map(({ path, blob }) => ({
				path,
				mode: "100644",
				type: "blob",
				sha: blob ?? null
			}));
			return (await twice(() => rest.git.createTree({
				...repo,
				tree,
				...base === void 0 ? {} : { base_tree: base }
			}))).data.sha;
		}),
		createCommit: (message, tree, parent) => ask("write commits", WRITE, async () => {
			const parents = parent === void 0 ? [] : [parent];
			return (await twice(() => rest.git.createCommit({
				...repo,
				message,
				tree,
				parents
			}))).data.sha;
		}),
		/**
		* Lets a branch end in `commit`, which must follow `from`, its end so far; undefined begins the branch. Never by force.
		*
		* @returns why GitHub would not have it, in its own words: the branch has moved on, or a rule forbids it; undefined
		*   where it was done.
		*/
		moveBranch: (branch, commit, from) => ask(`write the branch ${branch}`, WRITE, async () => {
			try {
				if (from === void 0) await twice(() => rest.git.createRef({
					...repo,
					ref: `refs/heads/${branch}`,
					sha: commit
				}));
				else await rest.git.updateRef({
					...repo,
					ref: `heads/${branch}`,
					sha: commit,
					force: false
				});
				return;
			} catch (error) {
				const status = statusOf(error);
				if (status !== 409 && status !== 422) throw error;
				return error instanceof Error ? error.message : String(error);
			}
		})
	};
}
/**
* Once more after an outage, which the client does for no other POST: an object is named by its content, so that writing
* it twice writes it once, and a branch that was begun after all is refused and known again by its tip.
*/
async function twice(write) {
	try {
		return await write();
	} catch (error) {
		if ((statusOf(error) ?? 0) < 500) throw error;
		return write();
	}
}

// src/io/github/api/people.ts
const READ$2 = "metadata: read";
/** What people may do in the repository. */
function peopleApi({ client: { rest }, repo, ask }) {
	return { 
	/**
	* The role that a person has now, over all grants. A custom role counts as the base role it stands on, which is what
	* `permission` says; `maintain` is `write` there and `triage` is `read`.
	*/
permissionOf: (login) => ask(`read the permission of ${login}`, READ$2, async () => {
		const answer = await rest.repos.getCollaboratorPermissionLevel({
			...repo,
			username: login
		}).catch(undefinedFor404);
		if (answer === void 0) return {
			role: "none",
			mayPush: false
		};
		const { permission, role_name: role } = answer.data;
		const mayPush = [
			"admin",
			"maintain",
			"write"
		].includes(permission) && ![
			"triage",
			"read",
			"none"
		].includes(role);
		return {
			role: role || permission,
			mayPush
		};
	}) };
}

// src/io/github/api/pulls.ts
/** Pages of pull requests that are read: a thousand. */
const PULL_PAGES = 10;
const READ$1 = "pull-requests: read";
/** Pull requests. */
function pullsApi({ client: { rest }, repo, ask }) {
	return {
		pullStanding: (number) => ask("read the pull request", READ$1, async () => {
			const { data } = await rest.pulls.get({
				...repo,
				pull_number: number
			});
			return {
				author: data.user.login,
				labels: data.labels.map(({ name }) => name)
			};
		}),
		/** The merged pull requests that a commit came with; none for an unknown commit. */
		mergedPulls: (sha) => ask("read pull requests", READ$1, async () => {
			return ((await rest.repos.listPullRequestsAssociatedWithCommit({
				...repo,
				commit_sha: sha,
				per_page: 100
			}).catch(undefinedFor404))?.data ?? []).filter(({ merged_at: mergedAt }) => mergedAt !== null).map(({ number, merge_commit_sha: mergeCommit, base }) => ({
				number,
				mergeCommit: mergeCommit ?? void 0,
				base: {
					branch: base.ref,
					repositoryId: base.repo?.id
				}
			}));
		}),
		/** The open pull requests from one branch of one owner's repositories; without one, all of them, the last changed first. */
		openPulls: (from) => ask("list pull requests", READ$1, async () => {
			const only = from === void 0 ? {
				sort: "updated",
				direction: "desc"
			} : { head: `${from.owner}:${from.branch}` };
			const found = [];
			for (let page = 1; page <= PULL_PAGES; page++) {
				const { data } = await rest.pulls.list({
					...repo,
					state: "open",
					...only,
					per_page: 100,
					page
				});
				found.push(...data.map(pullOf));
				if (data.length < 100) break;
			}
			return found;
		}),
		/** The pull requests that GitHub connects with a commit of this repository, open or not. It knows none for a fork's. */
		pullsOfCommit: (sha) => ask("list pull requests", READ$1, async () => {
			const { data } = await rest.repos.listPullRequestsAssociatedWithCommit({
				...repo,
				commit_sha: sha,
				per_page: 100
			});
			return data.map(pullOf);
		})
	};
}
const pullOf = (pull) => ({
	number: pull.number,
	isOpen: pull.state === "open",
	head: {
		sha: pull.head.sha,
		branch: pull.head.ref,
		repositoryId: pull.head.repo?.id
	},
	base: {
		sha: pull.base.sha,
		branch: pull.base.ref,
		repositoryId: pull.base.repo.id
	},
	labels: pull.labels.map(({ name }) => name)
});

// src/io/github/api/runs.ts
const READ = "actions: read";
/** Workflow runs. They are never listed by branch: GitHub's index of that may be days behind. */
function runsApi({ client: { rest }, repo, ask }) {
	return {
		/** Undefined for a run that was deleted. */
		getRun: (runId) => ask("read workflow runs", READ, async () => {
			const answer = await rest.actions.getWorkflowRun({
				...repo,
				run_id: runId
			}).catch(undefinedFor404);
			return answer && runOf(answer.data);
		}),
		listRunsForSha: (sha) => ask("read workflow runs", READ, async () => {
			const { data } = await rest.actions.listWorkflowRunsForRepo({
				...repo,
				head_sha: sha,
				per_page: 100
			});
			return data.workflow_runs.map(runOf);
		})
	};
}
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

// src/io/github/api.ts
/**
* What tailgate asks of GitHub, and nothing else. Every function repeats what may be repeated, a few times, and throws
* an InputError that names the missing permission, the used-up limit or the outage.
*/
async function connectGitHub(connection) {
	const client = await openClient(connection);
	const { owner, name } = connection.repository;
	const asking = {
		client,
		repo: {
			owner,
			repo: name
		},
		ask: askIn
	};
	return {
		...commentsApi(asking),
		...pullsApi(asking),
		...peopleApi(asking),
		...artifactsApi(asking),
		...runsApi(asking),
		...commitsApi(asking),
		...checksApi(asking),
		...gitDataApi(asking)
	};
}

// src/core/suite/describe.ts
/**
* What a valid suite will do, for a person who checks it: the requests it sends, what it gates, what it needs. Lines of
* plain text without a final line break; holds no secret, since the suite's variables are named and not filled in.
*
* @param traceRates mean rates of the scenarios that replay a trace, 1/s by their names, where the trace was read.
*/
function describeSuite(suite, traceRates = /* @__PURE__ */ new Map()) {
	const { target } = suite;
	const what = target.protocol === "raw" ? `raw ${target.method} ${target.path ?? "/"}` : [target.protocol, target.model].filter(Boolean).join(" ");
	const names = environmentNames(suite);
	return [
		`${suite.name}: ${what}${target.endpoint === void 0 ? ", endpoint not named (give --endpoint)" : ` at ${target.endpoint}`}, seed ${suite.seed}`,
		...Object.entries(describeConnection(target)).map(([what, text]) => `${what}: ${text}`),
		`payloads: ${describePayloads(suite.payloads)}`,
		...suite.scenarios.flatMap((scenario) => describeScenario(scenario, traceRates.get(scenario.name))),
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
function describeScenario({ name, load, gates, warmUp, together }, traceRate) {
	const ratePerS = load.kind === "open" ? load.ratePerS : load.kind === "trace" ? traceRate : void 0;
	const requests = ratePerS === void 0 ? void 0 : Math.round(ratePerS * load.durationS);
	const before = typeof warmUp === "number" ? `, after a warm-up of ${formatForSuite(warmUp, "duration")}` : warmUp === "none" ? ", no warm-up" : "";
	const beside = together === void 0 ? "" : `, together with the others of ${together}`;
	const promises = gates.length === 0 ? ["  gates nothing: such a run never passes"] : gates.map((gate) => `  ${describeGate(gate)}`);
	return [
		`scenario ${name}: ${describeLoad(load, requests)}${before}${beside}`,
		...promises,
		...thinPercentiles(gates, requests)
	];
}
function describeLoad(load, requests) {
	const shape = loadText$1(load);
	const duration = formatForSuite(load.durationS, "duration");
	if (load.kind === "closed") return shape ?? `${load.concurrency} at a time for ${duration}`;
	if (load.kind === "trace") return `${shape ?? load.file}${requests === void 0 ? "" : `: ${requests} requests per endpoint`}`;
	const arrivals = arrivalsText(load.arrivals);
	return `${shape === void 0 ? `${formatForSuite(load.ratePerS, "rate")} ${arrivals} for ${duration}` : `${shape}, ${arrivals}`}: about ${requests} requests per endpoint`;
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
		} else {
			const traces = plan.scenarios.flatMap(({ scenario, load }) => scenario.load.kind === "trace" && load.kind === "open" ? [[scenario.name, load.ratePerS]] : []);
			stdout(`${describeSuite(suite, new Map(traces))}\ndigest ${digest}\n`);
		}
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
	const absence = paths.length === 0 ? `no baseline was given; ${howToGiveOne}` : `no run of this suite was found in ${paths.join(", ")}; run --save-baseline DIR keeps one`;
	return {
		...await readRuns(paths, suiteName, "baseline"),
		absence
	};
}
/**
* Earlier runs of the same code, named in the same way; a folder that a run wrote to stands for its run.json.
*
* @throws {InputError} as {@link readBaselines}.
*/
async function readAttempts(paths, suiteName) {
	return readRuns(await Promise.all(paths.map(async (path) => {
		const inside = join$1(path, RUN_FILE);
		return await isFolder(inside) === false ? inside : path;
	})), suiteName, "earlier run");
}
async function readRuns(paths, suiteName, what) {
	const candidates = [];
	const refused = [];
	for (const path of paths) if (await isFolder(path) === true) {
		const found = await readBaselineDirectory(path, suiteName);
		candidates.push(...found.candidates);
		refused.push(...found.refused);
	} else candidates.push({
		origin: path,
		record: await readStoredRun(path, what)
	});
	return {
		candidates,
		refused
	};
}
/** Undefined where there is nothing. */
const isFolder = (path) => stat(path).then((found) => found.isDirectory(), () => void 0);

// src/commands/print.ts
/** The result for a person, or for a program: with `json`, stdout holds nothing but verdict.json. */
function printJudgement(judgement, options) {
	const { json, out, stdout, stderr, environment } = options;
	if (json) {
		stdout(verdictJson(judgement));
		return;
	}
	stdout(`${renderText(judgement.report, { color: isInteractive(process.stdout, environment) })}\n`);
	stderr.write(`\nresults in ${out}, pictures in ${join$1(out, REPORT_FILE)}\n`);
}
/** How a run tells of its progress on `stream`. */
const progressKind = (stream, environment) => environment["GITHUB_ACTIONS"] === "true" ? "actions" : isInteractive(stream, environment) ? "live" : "log";
/** Whether a person is looking: a terminal, and nobody asked for plain text. */
const isInteractive = (stream, environment) => stream.isTTY === true && !environment["NO_COLOR"] && !environment["CI"];

// src/commands/compare.ts
const compare = {
	name: "compare",
	summary: "gate stored runs against stored runs, without any load",
	usage: `tailgate compare --suite SUITE --base RUN.json... --head RUN.json... [options]

  --suite SUITE      the suite whose gates judge
  --base RUN.json    a baseline run, or a folder of them; may be given several times: three and more can block
  --head RUN.json    the run to judge; several are attempts of the same code, of which the newest is the run itself;
                     the records of all shards of one load are one run
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
		const policy = policyOf$1(values);
		const out = values.out ?? "tailgate-out";
		const loaded = await loadSuite(values.suite, values.set ?? [], "not needed", filePorts);
		const heads = inOrderOfTime$1(wholeRuns(await Promise.all(values.head.map((path) => readHead(path, loaded.digest)))));
		const newest = heads.at(-1);
		const baselines = await readBaselines(values.base ?? [], loaded.suite.name, "pass --base RUN.json, three times or more for a gate that can block");
		const judgement = judge({
			suite: loaded.suite,
			suitePath: values.suite,
			heads: [newest.record],
			headPaths: newest.origin.split(" + "),
			attempts: {
				candidates: heads.slice(0, -1),
				refused: []
			},
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
	const record = await readStoredRun(path, "run record");
	if (record.suite.digest !== digest) throw new InputError(`${path} was measured with another suite (digest ${record.suite.digest.slice(0, 12)}, this one is ${digest.slice(0, 12)})`, { hint: "judge it with the suite file (and the --set) of that run, or measure again" });
	return {
		origin: path,
		record
	};
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
		const out = values.out ?? join$1("tailgate-out", "demo");
		const suite = join$1(out, "suite.yaml");
		await writeFileAtomic(suite, DEMO_SUITE);
		const equal = await gateHead("equal", {
			suite,
			out: join$1(out, "equal")
		}, invocation);
		if (invocation.signal.aborted) return EXIT.cancelled;
		const regressed = await gateHead("regressed", {
			suite,
			out: join$1(out, "regressed")
		}, invocation);
		if (invocation.signal.aborted) return EXIT.cancelled;
		const asExpected = equal.verdict.verdict === "pass" && regressed.verdict.verdict === "fail";
		invocation.stdout(`\nThe equal head: ${equal.verdict.verdict}. The head with a 1.5× slower tail: ${regressed.verdict.verdict}. ${asExpected ? "That is how it should be." : "Expected pass and fail: this machine was too noisy or too busy; the comments above say why."}\nReports with pictures: ${join$1(out, "equal", "report.html")} and ${join$1(out, "regressed", "report.html")}\n`);
		return asExpected ? EXIT.pass : EXIT.undecided;
	}
};
async function gateHead(preset, { suite, out }, { signal, stdout, stderr, environment }) {
	const [base, head] = await Promise.all([startDemo({ preset: "base" }), startDemo({ preset })]);
	const progress = openProgress(stderr, {
		kind: progressKind(stderr, environment),
		now: performance.now.bind(performance)
	});
	try {
		const telemetry = {
			[DEMO_VARIABLES.head]: head.metricsUrl,
			[DEMO_VARIABLES.base]: base.metricsUrl
		};
		const loaded = await loadSuite(suite, [], telemetry, filePorts);
		const judgement = await gate({
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
			environment: clientEnvironment(loaded.suite),
			signal,
			...openJournal(out)
		}, world(progress));
		await writeOutputs(out, judgement, judgement.record);
		stdout(`\n──────── comment for the ${preset} head ────────\n\n${renderComment(judgement.report)}\n`);
		return judgement;
	} finally {
		await Promise.all([base.stop(), head.stop()]);
	}
}

// src/core/doctor/gated.ts
const LIVE = {
	kind: "live",
	refused: []
};
/** The suite's regression gates in its order. */
const regressionGates = ({ scenarios }) => scenarios.flatMap(({ name, gates }) => gates.flatMap((gate) => gate.regression === void 0 ? [] : [{
	scenario: name,
	metric: gate.metric,
	gate: {
		...gate,
		regression: gate.regression
	}
}]));
/** The run with only the distributions that gates read, so that comparing it many times costs little. */
function withGatedDistributions(record, { scenarios }) {
	const wanted = new Set(scenarios.flatMap(({ gates }) => gates.flatMap(({ metric }) => {
		const { measure } = METRICS[metric];
		return measure.kind === "quantile" ? [measure.of] : [];
	})));
	const slim = (block) => ({
		...block,
		histograms: Object.fromEntries(Object.entries(block.histograms).filter(([name]) => wanted.has(name)))
	});
	return {
		...record,
		scenarios: record.scenarios.map((scenario) => ({
			...scenario,
			arms: Object.fromEntries(Object.entries(scenario.arms).map(([arm, of]) => [arm, {
				...of,
				blocks: of.blocks.map(slim)
			}]))
		}))
	};
}

// src/core/doctor/plant.ts
/** The run with a change of one metric in the head arm of one scenario. Histograms are encoded anew, as a slower endpoint would have left them. */
const plantChange = (record, scenario, metric, change) => ({
	...record,
	scenarios: record.scenarios.map((one) => one.name !== scenario || one.arms.head === void 0 ? one : {
		...one,
		arms: {
			...one.arms,
			head: {
				...one.arms.head,
				blocks: one.arms.head.blocks.map((block) => changed(metric, block, change))
			}
		}
	})
});
function changed(metric, block, change) {
	const { measure } = METRICS[metric];
	if (measure.kind !== "quantile") return changedBlock(metric, block, change);
	const encoded = block.histograms[measure.of];
	return encoded === void 0 ? block : {
		...block,
		histograms: {
			...block.histograms,
			[measure.of]: scaleEncoded(encoded, change.times)
		}
	};
}

// src/core/doctor/self-test.ts
const isCaught = ({ word, verdict }) => word === "fail" && verdict === "fail";
/**
* @param record a live run with one build on both arms.
* @returns undefined where nothing can be planted: the metric was not compared, or is seen only once a run.
*/
function selfTest(suite, gated, record) {
	const slim = withGatedDistributions(record, suite);
	const plain = judged(suite, gated, slim);
	if (plain?.margin === void 0) return void 0;
	const margin = plantJust(suite, gated, slim, plain.margin, plain.delta);
	if (margin === void 0) return void 0;
	const better = plantOnce(suite, gated, slim, -plain.margin, plain.delta);
	return {
		margin,
		caughtFrom: isCaught(margin) ? void 0 : smallestCaught(suite, gated, slim, plain),
		improvement: better === void 0 || !(better.worse < 0) ? void 0 : {
			size: plain.margin,
			word: better.word,
			verdict: better.verdict
		}
	};
}
/** Worse by the margin and not by less: what rounding takes away is added again. */
function plantJust(suite, gated, record, size, now) {
	let aim = size;
	for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
		const seen = plantOnce(suite, gated, record, aim, now);
		if (seen === void 0) return void 0;
		if (seen.worse >= size) return {
			size,
			word: seen.word,
			verdict: seen.verdict
		};
		aim += (size - seen.worse) * 1.2 + size * 1e-6;
	}
}
/** From where the noise should end, upwards. */
function smallestCaught(suite, gated, record, plain) {
	let size = Math.max(plain.margin ?? 0, plain.needed ?? 0);
	for (let attempt = 0; attempt < 4 * ATTEMPTS; attempt++, size *= 1.05) {
		const planted = plantJust(suite, gated, record, size, plain.delta);
		if (planted === void 0) return void 0;
		if (isCaught(planted)) return size;
	}
}
function plantOnce(suite, gated, record, target, now) {
	const change = changeTo(gated.metric, target, now);
	return change === void 0 ? void 0 : judged(suite, gated, plantChange(record, gated.scenario, gated.metric, change));
}
function judged(suite, { scenario, metric }, record) {
	const { comparisons, evidence } = compareRuns({
		suite,
		heads: [record],
		baseline: LIVE,
		only: "gated"
	});
	const comparison = comparisons.find((one) => one.scenario === scenario && one.metric === metric);
	if (comparison?.worse === void 0 || comparison.delta === void 0) return void 0;
	const { verdict } = decide({
		suite,
		comparisons,
		evidence,
		baseline: LIVE,
		problems: []
	});
	const { delta, worse, worseLow, margin } = comparison;
	const needed = worseLow === void 0 ? void 0 : worse - worseLow;
	return {
		word: judgeRegression(comparison, suite.decision).verdict,
		verdict,
		delta,
		worse,
		margin,
		needed
	};
}
const ATTEMPTS = 6;

// src/core/decide/diagnosis-words.ts
/** `latency.p99`, or `latency.p99 in steady` where several scenarios are gated. */
const gateName = ({ scenario, metric }, all) => new Set(all.map((gate) => gate.scenario)).size > 1 ? `${metric} in ${scenario}` : metric;
/** `+7 %`: a size of worsening in the direction that is worse for the metric. */
const sizeText$1 = ({ metric }, { scale }, size) => worseningText({
	metric,
	delta: { scale }
}, size);
/** `0 of 200 (at most 1.5 %)`; from the first one on both bounds are given. */
function chanceText({ count, of, low, high }) {
	const bounds = count === 0 ? `at most ${formatPercent(high)}` : `${formatPercent(low)} to ${formatPercent(high)}`;
	return `${formatQuantity(count, "1")} of ${formatQuantity(of, "1")} (${bounds})`;
}

// src/core/decide/diagnosis-tables.ts
function diagnosisTables(examination) {
	const gates = examination.gates.filter((gate) => gate.finding !== void 0);
	if (gates.length === 0) return [];
	const details = [
		aaTable,
		noiseTable,
		leverTable,
		selfTestTable
	].map((table) => ({
		...table(gates, examination),
		isDetail: true
	}));
	return [{
		...reachTable(gates, examination),
		isDetail: false
	}, ...details];
}
function reachTable(gates, { gates: all, plannedS, budget }) {
	const lengths = gates[0].finding.reach.map(({ times }) => formatDuration(times * plannedS));
	return {
		title: "What it can hold",
		columns: [
			"gate",
			"asks",
			...lengths.map((time) => `holds in ${time}`),
			`catches in ${lengths[0]}`,
			"A/A failed",
			"self-test"
		],
		rows: gates.map((gate) => {
			const size = (value) => value === void 0 ? NONE : sizeText$1(gate, gate.finding, value);
			const { reach, margin, fails } = gate.finding;
			return [
				gateName(gate, all),
				size(margin),
				...reach.map(({ holds }) => size(holds)),
				size(reach[0]?.catches),
				fails === void 0 ? NONE : `${fails.count} of ${fails.of}`,
				selfTestWord(gate.finding)
			];
		}),
		notes: [
			"holds: the tightest gate that an unchanged head passes in 4 of 5 runs, and that noise alone never decides.",
			"catches: the smallest worsening that is blocked in 4 of 5 runs, if the gate is no wider than that.",
			"A/A failed: comparisons of the build with itself that the gate would have blocked. Self-test: the head was made worse by what the gate asks, and judged again.",
			...budget.most > 1 ? ["A longer run looks at its evidence more often, and each look has to be surer: where noise does not shrink with time, longer holds no more."] : []
		]
	};
}
function aaTable(gates, { gates: all, trials, runs }) {
	const words = (tally) => tally === void 0 ? "none" : [
		tally.pass.count > 0 ? [`${tally.pass.count} passed`] : [],
		tally.undecided.count > 0 ? [`${tally.undecided.count} undecided`] : [],
		[`${chanceText(tally.fail)} failed`]
	].flat().join(", ");
	return {
		title: "The build against itself (A/A)",
		columns: [
			"gate",
			"as driven",
			"90 % interval",
			"failed",
			"interval holds 0",
			"spread ÷ claimed"
		],
		rows: gates.map((gate) => {
			const { driven, fails, coverage } = gate.finding;
			const first = driven[0];
			const change = changeOf(gate);
			return [
				gateName(gate, all),
				first === void 0 ? NONE : change(first.change),
				first === void 0 ? NONE : `${first.low === void 0 ? "unbounded" : change(first.low)} … ${first.high === void 0 ? "unbounded" : change(first.high)}`,
				fails === void 0 ? NONE : chanceText(fails),
				coverage === void 0 ? NONE : formatPercent(coverage.coverage.count / coverage.coverage.of),
				coverage?.errorRatio === void 0 ? NONE : ratio(coverage.errorRatio)
			];
		}),
		notes: [
			`As driven: ${words(trials?.driven)}. With the arms of its block pairs exchanged at random: ${words(trials?.exchanged)}.`,
			"Exchanging arms is allowed because both are one build. It shows how the rule treats the shape of this noise; it shows nothing that all of one run shares, such as a slow day, and its comparisons are no independent runs. The bounds are those of as many independent ones.",
			"Interval holds 0: 90 % is right, and more is cautious (the interval has room for a difference between deployments). Spread ÷ claimed: 1 is right; above 1 intervals would be too narrow.",
			...runs > 1 ? [`Over the ${runs} runs as driven, change ÷ its standard error was ${gates.flatMap((gate) => gate.finding.runErrorRatio === void 0 ? [] : [`${ratio(gate.finding.runErrorRatio)} for ${gateName(gate, all)}`]).join(", ")} (root mean square, 1 is right): real repetitions, and ${runs} of them only.`] : []
		]
	};
}
function noiseTable(gates, { gates: all, apart }) {
	const run = gates[0].finding.noise.run;
	return {
		title: "Where the noise comes from (standard deviation of one arm over one planned length)",
		columns: [
			"gate",
			"requests",
			"blocks",
			"drift",
			"runs",
			"deployments"
		],
		rows: gates.map((gate) => {
			const { request, block, drift, run, deployment } = gate.finding.noise;
			const size = (value) => value === void 0 ? NONE : deviationOf(gate, value);
			const known = (of) => `${size(of.deviation)}${of.seen === 0 ? " (assumed)" : ""}`;
			return [
				gateName(gate, all),
				size(request),
				size(block),
				size(drift),
				known(run),
				known(deployment)
			];
		}),
		notes: [
			"requests: sampling of so many independent requests. blocks: what neighbouring blocks of both arms differ by on top. Both shrink with time.",
			"drift: what both arms share; a live base cancels it, stored runs do not.",
			run.seen === 0 ? "runs: not seen here; the built-in value is used (or the suite's). Repeat with --runs 3, or pass stored runs with --baseline." : `runs: from ${run.seen} runs, blended with the assumed ${gates.map((gate) => deviationOf(gate, gate.finding.noise.run.assumed)).join(", ")} as if that were six. Runs of one deployment, minutes apart, differ by less than runs of weeks.`,
			apart ? "deployments: one difference between two deployments, blended with the built-in value as if that were six; one pair can show that they differ by more, and not that they differ by less." : "deployments: not seen here, because both arms are one endpoint; the built-in value is used (or the suite's). A second deployment of the same build shows it: --baseline-endpoint URL."
		]
	};
}
function leverTable(gates, { gates: all }) {
	const kinds = [...new Set(gates.flatMap(({ finding }) => finding.levers.map(({ kind }) => kind)))];
	return {
		title: "What would lower it (the tightest gate that could be held)",
		columns: ["set-up", ...gates.map((gate) => gateName(gate, all))],
		rows: kinds.map((kind) => [LEVERS[kind], ...gates.map((gate) => {
			const reach = gate.finding.levers.find((lever) => lever.kind === kind)?.reach;
			return reach?.holds === void 0 ? NONE : sizeText$1(gate, gate.finding, reach.holds);
		})]),
		notes: ["Computed from the noise above, one change at a time; none of these set-ups was measured."]
	};
}
const LEVERS = {
	now: "as it is, live base",
	"time-2": "twice the time",
	"time-4": "four times the time",
	"rate-2": "twice the rate",
	"pairs-2": "twice as many pairs in the same time",
	"one-host": "both arms on one host",
	"other-host": "arms on different hosts",
	"stored-3": "3 stored runs instead of a live base",
	"stored-8": "8 stored runs instead of a live base"
};
const selfTestTable = (gates, { gates: all }) => ({
	title: "Self-test (the head changed on purpose, then judged by the whole procedure)",
	columns: [
		"gate",
		"worse by",
		"result",
		"better by the same"
	],
	rows: gates.map((gate) => {
		const { selfTest, margin } = gate.finding;
		const name = gateName(gate, all);
		if (selfTest === void 0) return [
			name,
			sizeText$1(gate, gate.finding, margin),
			"could not be planted",
			NONE
		];
		const { margin: planted, caughtFrom, improvement } = selfTest;
		const missed = caughtFrom === void 0 ? "not caught, nor was anything tried above it" : `could not have been caught; ${sizeText$1(gate, gate.finding, caughtFrom)} is`;
		return [
			name,
			sizeText$1(gate, gate.finding, planted.size),
			isCaught(planted) ? "caught" : missed,
			improvement === void 0 ? "cannot get better" : improvement.word === "fail" ? "BLOCKED" : "not blocked"
		];
	}),
	notes: ["The head's recorded values are scaled so that the planted change is just the margin, whatever chance had made of it."]
});
function changeOf({ metric, finding }) {
	return (size) => finding.scale === "relative" ? formatChange(Math.expm1(size)) : formatDifference(size, METRICS[metric].unit);
}
function deviationOf({ metric, finding }, size) {
	const { unit } = METRICS[metric];
	if (finding.scale === "relative") return formatPercent(size);
	return unit === "ratio" ? `${formatPercent(size).replace(" %", "")} points` : formatQuantity(size, unit);
}
function selfTestWord({ selfTest }) {
	if (selfTest === void 0) return NONE;
	if (selfTest.improvement?.word === "fail") return "REVERSED";
	return isCaught(selfTest.margin) ? "caught" : "not caught";
}
const ratio = (value) => String(Number(value.toPrecision(2)));
const NONE = "–";

// src/core/decide/diagnosis.ts
function diagnose(examination) {
	const { hindrance, gates } = examination;
	const context = contextOf(examination);
	if (hindrance !== void 0) return {
		state: "unknown",
		headline: `Could not judge this set-up: ${hindranceText(hindrance)}`,
		context,
		findings: warningsOf(examination),
		tables: [],
		advice: []
	};
	const serious = gates.flatMap((gate) => seriousOf(gate, examination));
	const unheld = gates.filter(({ finding }) => finding !== void 0 && finding.suggestion.kind !== "keep");
	const unseen = gates.flatMap((gate) => gate.hindrance === void 0 ? [] : [`${gateName(gate, gates)} could not be examined: ${hindranceText(gate.hindrance)}`]);
	const blocked = falseBlocks(examination);
	const findings = [
		...blocked,
		...serious,
		...unheld.map((gate) => unheldText(gate, examination)),
		...unseen,
		...limitsText(examination),
		...warningsOf(examination)
	];
	return {
		state: findings.length > warningsOf(examination).length ? "poor" : "good",
		headline: headlineOf(examination, [...blocked, ...serious][0]),
		context,
		findings,
		tables: diagnosisTables(examination),
		advice: adviceOf(examination)
	};
}
/** Why nothing can be said, as the end of a sentence. */
function hindranceText(hindrance) {
	switch (hindrance.code) {
		case "spoiled": return hindrance.problem.message;
		case "too-few-pairs": return `only ${hindrance.pairs} ${hindrance.pairs === 1 ? "pair" : "pairs"} of blocks were measured, and ${hindrance.needed} are needed to see how they vary; measure for longer, or make blocks shorter`;
		case "not-measured": return "neither arm has data for it";
		case "seen-once": return "it is seen once a run, so that its spread within a run does not exist; three stored runs and more can judge it, or a limit";
		case "errors": return `${formatPercent(hindrance.share)} of the requests fail, and the limit is ${formatPercent(hindrance.limit)}; what is left says little about the endpoint`;
		case "nothing-gated": return "no scenario of the suite gates a change (`regression`), so there is no margin to examine";
		case "cancelled": return "it was cancelled before the measurement was complete";
	}
}
function headlineOf(examination, worst) {
	const { gates, trials } = examination;
	if (worst !== void 0) return `Do not trust this set-up yet: ${worst}`;
	const { gate, finding } = gates.flatMap((gate) => gate.finding === void 0 ? [] : [{
		gate,
		finding: gate.finding
	}]).toSorted((a, b) => strain(b.finding) - strain(a.finding))[0];
	const held = finding.reach[0]?.holds;
	const time = formatDuration(examination.plannedS);
	const fails = trials?.all?.fail;
	const blocks = fails === void 0 ? "" : `; ${chanceText(fails)} A/A comparisons failed`;
	if (finding.suggestion.kind === "keep") {
		const others = gates.length > 1 ? ", the hardest of its gates," : "";
		return `This set-up can hold ${gateName(gate, gates)}${others} at ${sizeText$1(gate, finding, held)} in ${time}${blocks}`;
	}
	return `${unheldText(gate, examination)}${blocks}`;
}
/** How hard a gate is to hold: above 1 it is not held in one planned length. */
const strain = ({ reach, margin }) => (reach[0]?.holds ?? Number.POSITIVE_INFINITY) / margin;
function unheldText(gate, { plannedS, gates }) {
	const finding = gate.finding;
	const { reach, margin, suggestion } = finding;
	const reached = reach.flatMap(({ times, holds }) => holds === void 0 ? [] : [`${sizeText$1(gate, finding, holds)} in ${formatDuration(times * plannedS)}`]);
	const what = `${gateName(gate, gates)} at ${sizeText$1(gate, finding, margin)}`;
	if (suggestion.kind === "longer") return `This set-up holds ${what} only after ${formatDuration(suggestion.times * plannedS)} (${reached.join(", ")})`;
	return `This set-up cannot hold ${what}: ${reached.length === 0 ? "too few requests lie beyond the percentile for any margin" : `it can hold ${reached.join(", ")}`}`;
}
/** A build that fails against itself. */
function falseBlocks({ trials, gates }) {
	const driven = trials?.driven;
	const exchanged = trials?.exchanged;
	const failed = gates.filter(({ finding }) => finding?.driven.some(({ word }) => word === "fail")).map((gate) => gateName(gate, gates));
	return [...driven !== void 0 && driven.fail.count > 0 ? [`${driven.fail.count} of ${driven.fail.of} ${driven.fail.of === 1 ? "comparison" : "comparisons"} of the build with itself, as driven, failed (${failed.join(", ")})`] : [], ...exchanged !== void 0 && exchanged.fail.low > PROMISED ? [`${chanceText(exchanged.fail)} A/A comparisons failed, more than the ${formatPercent(PROMISED)} that a gate promises`] : []];
}
function seriousOf(gate, { gates, apart }) {
	const { finding } = gate;
	if (finding === void 0) return [];
	const name = gateName(gate, gates);
	const { hidden, selfTest } = finding;
	const change = (size) => finding.scale === "relative" ? formatChange(Math.expm1(size)) : formatDifference(size, METRICS[gate.metric].unit);
	const found = [];
	if (hidden.arms.isReal) found.push(`${name} differs between the arms by ${change(hidden.arms.change)} beyond chance (p = ${pText(hidden.arms.p)}), although ${apart ? "both deployments are said to be one build" : "both arms are one endpoint"}`);
	if (hidden.order?.isReal === true) found.push(`${name} depends on the order of the arms: the second block of a pair is ${change(hidden.order.change)} beyond chance (p = ${pText(hidden.order.p)}), so the endpoint remembers what came before; the order is turned in every second pair, which cancels it from the change and leaves it in the noise`);
	if (hidden.neighbours?.isReal === true) found.push(`${name} changes in the same way in neighbouring pairs (correlation ${formatQuantity(hidden.neighbours.correlation, "1")}), so pairs are no independent evidence and intervals are too narrow; longer blocks help`);
	if (selfTest?.improvement?.word === "fail") found.push(`${name} fails when the head is made better: its direction is reversed, which is a bug of ours`);
	if (selfTest !== void 0 && !isCaught(selfTest.margin) && finding.suggestion.kind === "keep") found.push(`${name} was made worse by its margin of ${sizeText$1(gate, finding, finding.margin)}, and that was not caught`);
	return found;
}
const limitsText = ({ brokenLimits, gates }) => brokenLimits.map(({ scenario, metric, limit, value }) => {
	const { unit } = METRICS[metric];
	return `the limit on ${metric}${new Set(gates.map((gate) => gate.scenario)).size > 1 ? ` in ${scenario}` : ""} is broken already, by the build that nobody changed: ${formatQuantity(value, unit)} instead of ${formatQuantity(limit, unit)}`;
});
const warningsOf = ({ problems }) => [...new Set(problems.filter(({ severity }) => severity === "warning").map(({ message }) => `warning: ${message}`))];
function contextOf({ runs, pairs, plannedS, apart, calibration, hindrance }) {
	const endpoint = apart ? "two deployments of one build" : "one endpoint on both arms";
	const load = `${runs === 1 ? "One run" : `${runs} runs`} of ${formatDuration(plannedS)} with ${endpoint}, ${pairs} pairs of blocks${runs === 1 ? "" : " in all"}.`;
	return [...hindrance?.code === "nothing-gated" ? [] : [load], ...calibration === void 0 ? [] : [`Load generator on this machine: ${calibrationText(calibration)}.`]];
}
function adviceOf({ gates, plannedS, budget }) {
	return gates.flatMap((gate) => {
		const { finding } = gate;
		if (finding === void 0) return [];
		const name = gateName(gate, gates);
		const { suggestion, margin } = finding;
		switch (suggestion.kind) {
			case "keep": return suggestion.tightest === void 0 ? [] : [`${name}: keep ${sizeText$1(gate, finding, margin)}; it could be as tight as ${sizeText$1(gate, finding, suggestion.tightest)}`];
			case "longer": return [suggestion.times > budget.most ? `${name}: keep ${sizeText$1(gate, finding, margin)} and allow ${suggestion.times} planned lengths (decision.budget: ${suggestion.times}), ${formatDuration(suggestion.times * plannedS)} at the most` : `${name}: keep ${sizeText$1(gate, finding, margin)}; the budget of ${budget.most} planned lengths is enough, a run needs up to ${formatDuration(suggestion.times * plannedS)}`];
			case "widen": return [`${name}: widen ${sizeText$1(gate, finding, margin)} to ${sizeText$1(gate, finding, suggestion.margin)}, the tightest that ${formatDuration(budget.most * plannedS)} can hold, or lower the noise (see above)`];
			case "none": return [`${name}: nothing tried here holds ${sizeText$1(gate, finding, margin)}; it needs more requests, or a set-up with less noise`];
		}
	});
}
/** False alarms that every gate promises to stay below, whatever the suite asks for. */
const PROMISED = .01;
const pText = (p) => p < .001 ? "< 0.001" : String(Number(p.toPrecision(2)));

// src/core/doctor/exchange.ts
/**
* A live run in which the arms of some block pairs have changed places, as if they had been driven the other way round.
* Where both arms are one build on one endpoint, every such run is as likely as the one that was driven. Blocks without a
* partner, warm-ups and all else stay where they are.
*/
const exchangePairs = (record, isExchanged) => ({
	...record,
	scenarios: record.scenarios.map((scenario) => exchangeIn(scenario, isExchanged))
});
/** The run with the first block of every pair as base and the second as head: what changes then is what the turn brings. */
const inOrderOfTime = (record) => exchangePairs(record, ({ base, head }) => head.index < base.index);
/** How many pairs the scenario with the fewest has; 0 for a run without pairs. */
const fewestPairs = ({ scenarios }) => scenarios.length === 0 ? 0 : Math.min(...scenarios.map((scenario) => pairsOf(scenario).length));
function exchangeIn(scenario, isExchanged) {
	const { base, head } = scenario.arms;
	if (base === void 0 || head === void 0) return scenario;
	const turned = new Set(pairsOf(scenario).flatMap((pair) => isExchanged({
		...pair,
		scenario: scenario.name
	}) ? [pair.head.pair] : []));
	const isTurned = ({ pair }) => pair !== void 0 && turned.has(pair);
	const armOf = (own, other) => ({
		...own,
		blocks: [...own.blocks.filter((block) => !isTurned(block)), ...other.blocks.filter(isTurned)].toSorted((a, b) => a.index - b.index)
	});
	const arms = {
		base: armOf(base, head),
		head: armOf(head, base)
	};
	return {
		...scenario,
		arms
	};
}
const pairsOf = ({ arms: { base, head } }) => pairBlocks(base?.blocks ?? [], head?.blocks ?? []).pairs;

// src/core/doctor/trials.ts
/**
* Many comparisons of a build with itself through the product's own rule.
*
* @param records live runs with one build on both arms; at least one.
* @param count comparisons wanted in all. Of few pairs there are fewer different exchanges than that, and then no more are made.
*/
function runTrials({ suite, records, count, seed }) {
	const gates = regressionGates(suite);
	const slim = records.map((record) => withGatedDistributions(record, suite));
	const judged = (record) => judgeGates(suite, gates, record);
	const each = Math.max(0, Math.ceil((count - records.length) / records.length));
	return {
		driven: slim.map(judged),
		exchanged: slim.flatMap((record, run) => {
			const coin = stream(seed, "doctor", "exchange", run);
			const different = 2 ** Math.min(30, fewestPairs(record)) - 1;
			return Array.from({ length: Math.min(each, different) }, () => judged(exchangePairs(record, () => integerBetween(coin, 0, 1) === 1)));
		})
	};
}
/** The worst word of all gates of a comparison, as the product's verdict is; undefined where no gate has one. */
const worstWord = (trial) => VERDICTS.findLast((word) => trial.some((gate) => gate?.word === word));
/** @param of ≥ 1. */
function countOf(count, of) {
	const { low, high } = shareBounds([{
		part: count,
		whole: of
	}], {
		low: .05,
		high: .05
	});
	return {
		count,
		of,
		low,
		high
	};
}
/** Gates in the order given; undefined for one whose metric was not compared. */
function judgeGates(suite, gates, record) {
	const { comparisons } = compareRuns({
		suite,
		heads: [record],
		baseline: LIVE,
		only: "gated"
	});
	return gates.map(({ scenario, metric }) => {
		const comparison = comparisons.find((one) => one.scenario === scenario && one.metric === metric);
		return comparison === void 0 ? void 0 : {
			word: judgeRegression(comparison, suite.decision).verdict,
			comparison
		};
	});
}

// src/core/doctor/coverage.ts
/**
* @param trials of one gate, all with a true change of zero.
* @param lastingError what the interval holds on top for deployments, on the working scale, which one endpoint does not show.
* @param t quantile of Student's distribution behind the printed interval.
* @returns undefined where no comparison had an interval.
*/
function coverageOf(trials, lastingError, t) {
	const seen = trials.flatMap((trial) => trial?.comparison.delta === void 0 ? [] : [trial.comparison.delta]).flatMap((delta) => {
		const change = workingChange(delta);
		return change === void 0 ? [] : [change];
	});
	if (seen.length === 0) return void 0;
	const covered = seen.filter(({ low, high }) => (low ?? Number.NEGATIVE_INFINITY) <= 0 && (high ?? Number.POSITIVE_INFINITY) >= 0);
	const square = (values) => values.reduce((sum, value) => sum + value ** 2, 0) / values.length;
	const claimed = seen.flatMap(({ estimate, low, high }) => {
		const sides = [low === void 0 ? [] : [estimate - low], high === void 0 ? [] : [high - estimate]].flat();
		if (sides.length === 0) return [];
		const half = sides.reduce((sum, side) => sum + side, 0) / sides.length / t;
		return [Math.sqrt(Math.max(0, half ** 2 - lastingError ** 2))];
	});
	const [realised, predicted] = [square(seen.map(({ estimate }) => estimate)), square(claimed)];
	return {
		coverage: countOf(covered.length, seen.length),
		errorRatio: claimed.length > 0 && predicted > 0 ? Math.sqrt(realised / predicted) : void 0
	};
}
/** A change on the scale on which its errors are about symmetric. */
function workingChange({ scale, relative, low, high, absolute, absoluteLow, absoluteHigh }) {
	if (scale === "difference") return {
		estimate: absolute,
		low: absoluteLow,
		high: absoluteHigh
	};
	const log = (x) => x === void 0 || x <= -1 ? void 0 : Math.log1p(x);
	const estimate = log(relative);
	return estimate === void 0 ? void 0 : {
		estimate,
		low: log(low),
		high: log(high)
	};
}

// src/core/doctor/noise.ts
function splitNoise(input) {
	const { metric, data, shift, records, policy } = input;
	if (shift.spread === void 0) return void 0;
	const runs = records.length;
	const paired = seenError(shift) ** 2 / 2 * runs;
	const request = requestDeviation(metric, data, runs);
	const alone = aloneDeviation(metric, data);
	const assumed = betweenDeployments(metric, data.load, data.against.sameHost, policy);
	return {
		request,
		block: Math.sqrt(Math.max(0, paired - (request ?? 0) ** 2)),
		drift: alone === void 0 ? void 0 : Math.sqrt(Math.max(0, alone ** 2 - paired)),
		run: runDeviation(input),
		deployment: input.apart ? blend(assumed, Math.max(0, shift.estimate ** 2 - seenError(shift) ** 2) / 2) : {
			deviation: assumed,
			assumed,
			seen: 0
		}
	};
}
/** Standard error of the change without what is added for deployments, on the working scale. */
function seenError({ spread, lastingError = 0 }) {
	if (spread === void 0) return NaN;
	const sides = [spread.below(1), spread.above(1)].filter(Number.isFinite);
	const total = sides.reduce((sum, side) => sum + side, 0) / sides.length;
	return Math.sqrt(Math.max(0, total ** 2 - lastingError ** 2));
}
/** Standard deviation of a percentile of n independent requests (Woodruff 1952). */
function requestDeviation(metric, { against, read }, runs) {
	const { measure } = METRICS[metric];
	if (measure.kind !== "quantile") return void 0;
	const pooled = mergeBins(against.pairs.flatMap(({ base, head }) => [read(base, measure.of), read(head, measure.of)]));
	if (pooled.total === 0) return void 0;
	const s = Math.sqrt(measure.p * (1 - measure.p) / (pooled.total / 2 / runs));
	return s * slope(pooled, measure.p, s);
}
/** Standard error of one arm's percentile over a run as its own blocks show it, drift included; the root mean square over all arms. */
function aloneDeviation(metric, { heads, against, read }) {
	const { measure } = METRICS[metric];
	if (measure.kind !== "quantile") return void 0;
	const bases = heads.map((blocks) => {
		const own = new Set(blocks);
		return against.pairs.flatMap(({ base, head }) => own.has(head) ? [base] : []);
	});
	const errors = [...heads, ...bases].flatMap((blocks) => armQuantile(blocks.map((block) => read(block, measure.of)), measure.p)?.standardError ?? []);
	return errors.length === 0 ? void 0 : Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
}
function runDeviation({ metric, scenario, data, records, stored, policy }) {
	const assumed = betweenRunDeviation(metric, data.load, policy.betweenRuns);
	const runs = [...stored, ...records.map((record, run) => ({
		origin: `run ${run + 1}`,
		record
	}))];
	const none = {
		deviation: assumed,
		assumed,
		seen: 0
	};
	if (runs.length < 2) return none;
	const against = scenarioData(scenario, {
		heads: records.slice(0, 1),
		baseline: {
			kind: "stored",
			runs,
			refused: []
		},
		policy
	}, data.read);
	if (against?.against.kind !== "runs" || against.against.bases.length < 2) return none;
	const { deviation } = betweenRunsOf(metric, {
		...against,
		against: against.against
	});
	return {
		deviation,
		assumed,
		seen: against.against.bases.length
	};
}
/** One observed variance against the built-in one, which counts as six. */
const blend = (assumed, variance) => ({
	deviation: Math.sqrt((6 * assumed ** 2 + variance) / (6 + 1)),
	assumed,
	seen: 1
});
/** The live comparison over all runs; undefined where nothing was measured in pairs. */
function pairsData(scenario, records, policy, read) {
	const data = scenarioData(scenario, {
		heads: records,
		baseline: LIVE,
		policy
	}, read);
	return data?.against.kind === "pairs" ? {
		...data,
		against: data.against
	} : void 0;
}
/** The shift of a metric between the arms; undefined where it was not measured on both. */
function shiftBetweenArms(metric, data) {
	const shift = liveShift(metric, data);
	return shift.estimate === void 0 ? void 0 : shift;
}

// src/core/doctor/hidden-change.ts
function hiddenChanges(metric, { scenario, data, shift, records, policy, gates }) {
	const turned = pairsData(scenario, records.map(inOrderOfTime), policy, openReader());
	const order = turned && shiftBetweenArms(metric, turned);
	return {
		arms: testOf(shift, gates),
		order: order?.spread === void 0 ? void 0 : testOf(order, gates),
		neighbours: neighboursOf(metric, data)
	};
}
/** No built-in error is added: what is asked is whether these blocks differ, not whether two deployments may. */
function testOf(shift, gates) {
	const error = seenError(shift);
	const score = error > 0 ? Math.abs(shift.estimate) / error : shift.estimate === 0 ? 0 : Number.POSITIVE_INFINITY;
	const p = shift.spread === void 0 ? 1 : Math.min(1, 2 * (1 - studentCdf(score, shift.spread.df)));
	return {
		change: shift.estimate,
		p,
		isReal: p < LEVEL / gates
	};
}
function neighboursOf(metric, { against, read }) {
	const differences = differencesOf(metric, against.pairs, read);
	if (differences.length < LEAST_PAIRS$1) return void 0;
	const mean = differences.reduce((sum, value) => sum + value, 0) / differences.length;
	const own = differences.reduce((sum, value) => sum + (value - mean) ** 2, 0);
	if (!(own > 0)) return void 0;
	const next = differences.slice(1).reduce((sum, value, i) => sum + (value - mean) * (differences[i] - mean), 0);
	return {
		correlation: next / own,
		isReal: next / own > 1.645 / Math.sqrt(differences.length)
	};
}
/** One number a pair: for a percentile the change of the share of requests beyond the pooled one, else the change itself. */
function differencesOf(metric, pairs, read) {
	const { measure } = METRICS[metric];
	if (measure.kind === "quantile") {
		const { of, p } = measure;
		const log = logQuantile(mergeBins(pairs.flatMap(({ base, head }) => [read(base, of), read(head, of)])), p);
		if (log === void 0) return [];
		return pairs.map(({ base, head }) => exceedance(read(head, of), log) - exceedance(read(base, of), log));
	}
	return pairs.flatMap(({ base, head }) => {
		const [before, after] = [amountOf(metric, base), amountOf(metric, head)];
		return before === void 0 || after === void 0 ? [] : [after.part / after.whole - before.part / before.whole];
	});
}
const LEVEL = .01;
/** Of fewer the correlation says nothing. */
const LEAST_PAIRS$1 = 8;

// src/core/doctor/project.ts
/** The shift that another set-up would show: the same distributions, with another spread. */
function projectShift(shift, { pairs, variance, lastingError }) {
	const { spread, lastingError: lasting = 0 } = shift;
	if (spread === void 0 || pairs < 2) return {
		...shift,
		spread: void 0,
		lastingError
	};
	const seen = (distance, t) => {
		const nearer = t * Math.sqrt(variance);
		return Math.sqrt(Math.max(0, distance(nearer) ** 2 - (nearer * lasting) ** 2));
	};
	const projected = {
		df: (pairs < 48 ? pairs : Math.ceil(pairs / 2)) - 1,
		below: (t) => seen(spread.below, t),
		above: (t) => seen(spread.above, t)
	};
	const [base, head] = [shift.base, shift.head].map((arm) => ({
		...arm,
		n: arm.n / variance
	}));
	return {
		...shift,
		base,
		head,
		spread: widen(projected, lastingError),
		lastingError
	};
}
/** The shift of a set-up whose error has the same size on both sides. */
const shiftWithError = (shift, standardError, df) => ({
	...shift,
	spread: symmetricSpread(standardError, df),
	lastingError: void 0
});

// src/core/doctor/reach.ts
/** @param shift of one build with itself; only its spread is used, not the change that chance made of it. */
function reachOf(metric, shift, levels) {
	const { spread } = shift;
	if (spread === void 0) return {
		holds: void 0,
		catches: void 0
	};
	const worse = (METRICS[metric].better === "lower" ? 1 : -1) === 1 ? spread : mirror(spread);
	const at = (level) => studentQuantile(1 - level, spread.df);
	const [tFail, tPass] = [at(levels.fail), at(levels.pass)];
	const isShare = METRICS[metric].measure.kind === "ratio";
	const toFail = isShare ? shareFrom(shift, tFail) : worse.below(tFail);
	const caught = isShare ? shareFrom(shift, tFail + FOUR_IN_FIVE) : toFail * (1 + FOUR_IN_FIVE / tFail);
	const toPass = worse.above(tPass) * (1 + FOUR_IN_FIVE / tPass);
	return {
		holds: worseningOf(metric, shift, Math.max(toFail, toPass)),
		catches: worseningOf(metric, shift, caught)
	};
}
/** The smallest rise of a share that lies t standard errors above none, with the binomial errors of the arms as they would then be. */
function shareFrom({ base, head, spread }, t) {
	const share = Math.max(0, (base.value + head.value) / 2);
	const varianceOf = (value, n) => binomialVariance({
		part: value * n,
		whole: n
	});
	const seen = share === 0 ? 0 : (spread?.below(1) ?? 0) ** 2;
	const beyond = (rise) => rise - t * Math.sqrt(Math.max(seen, varianceOf(share, base.n) + varianceOf(Math.min(1, share + rise), head.n)));
	return beyond(1) > 0 ? crossing(beyond, 0, 1) : Number.POSITIVE_INFINITY;
}
/** A distance on the working scale as a worsening on the delta's scale; undefined where it is not finite. */
function worseningOf(metric, shift, distance) {
	const sign = METRICS[metric].better === "lower" ? 1 : -1;
	const { worse } = concludeShift(metric, {
		...shift,
		estimate: sign * distance,
		spread: void 0
	}, NO_GATE, NO_LEVELS);
	return worse !== void 0 && Number.isFinite(worse) ? worse : void 0;
}
/**
* The levels at which a set-up is judged after so many passes over its load: with a budget that allows them they are looks
* of one adaptive run, else a run of a fixed length.
*
* @param most passes that the budget allows, ≥ 1.
*/
function levelsAfter(passes, most, policy, tests) {
	const doubling = Array.from({ length: 8 }, (_, i) => 2 ** i).filter((pass) => pass < passes);
	const looks = passes <= most ? {
		passes: [...doubling, passes],
		most
	} : {
		passes: [1],
		most: 1
	};
	return openLevels(policy, tests)({
		attempts: [looks],
		against: PAIRS
	});
}
const NO_GATE = void 0;
const NO_LEVELS = {
	fail: .5,
	pass: .5
};
const PAIRS = {
	kind: "pairs",
	pairs: [],
	unpaired: 0,
	sameHost: true
};

// src/core/doctor/levers.ts
/** What this set-up could tell apart, and what each change of it would bring, one at a time. */
function leversOf(input) {
	const { metric, data, noise, policy, tests } = input;
	const { sameHost } = data.against;
	const lasting = (onOneHost) => Math.SQRT2 * betweenDeployments(metric, data.load, onOneHost, policy);
	const own = input.shift.lastingError;
	const requests = noise.request === void 0 ? void 0 : noise.request ** 2 / Math.max(noise.request ** 2 + noise.block ** 2, 1e-30);
	return [
		live(input, "now", {}),
		live(input, "time-2", { times: 2 }),
		live(input, "time-4", { times: 4 }),
		requests === void 0 || data.load.kind === "closed" ? void 0 : live(input, "rate-2", { variance: 1 - requests / 2 }),
		2 * data.against.pairs.length / input.runs < 48 ? live(input, "pairs-2", { pairs: 2 }) : void 0,
		policy.betweenDeployments !== void 0 || differs(metric) || lasting(!sameHost) === own ? void 0 : live(input, sameHost ? "other-host" : "one-host", { lasting: lasting(!sameHost) }),
		stored(input, "stored-3", 3, levelsAfter(1, 1, policy, tests)),
		stored(input, "stored-8", 8, levelsAfter(1, 1, policy, tests))
	].flatMap((lever) => lever ?? []);
}
/** A live comparison of one run with a change to it. */
function liveReach({ metric, shift, data, runs, policy, tests, most }, { times = 1, variance = 1, pairs = 1, lasting }) {
	const projected = projectShift(shift, {
		pairs: Math.max(2, Math.floor(data.against.pairs.length / runs * times * pairs)),
		variance: variance * runs / times,
		lastingError: lasting ?? shift.lastingError ?? 0
	});
	return reachOf(metric, projected, levelsAfter(times, most, policy, tests));
}
const live = (input, kind, change) => ({
	kind,
	reach: liveReach(input, change)
});
/** One head run against K stored ones: every part of the noise counts, and what runs differ by as well. */
function stored({ metric, shift, noise }, kind, runs, levels) {
	const { request = 0, block, drift = 0, run } = noise;
	const variance = request ** 2 + block ** 2 + drift ** 2 + run.deviation ** 2;
	return {
		kind,
		reach: reachOf(metric, shiftWithError(shift, Math.sqrt(variance * (1 + 1 / runs)), 6 + runs - 1), levels)
	};
}

// src/core/doctor/suggestion.ts
/** Lengths that are tried, in planned lengths. */
const LENGTHS = [
	1,
	2,
	4
];
/**
* @param margin of the gate as it counts, floor included.
* @param reach what the set-up can hold after each of {@link LENGTHS}.
* @param most planned lengths that the budget allows.
*/
function suggest(metric, margin, reach, most) {
	const enough = reach.find(({ holds }) => holds !== void 0 && holds <= margin);
	if (enough?.times === 1) {
		const tightest = roundUp(metric, enough.holds);
		return {
			kind: "keep",
			tightest: tightest < margin ? tightest : void 0
		};
	}
	if (enough !== void 0) return {
		kind: "longer",
		times: enough.times
	};
	const last = reach.findLast(({ times, holds }) => holds !== void 0 && times <= most);
	const wider = last?.holds === void 0 ? void 0 : roundUp(metric, last.holds);
	const widest = METRICS[metric].better === "higher" ? .99 : Number.POSITIVE_INFINITY;
	return wider === void 0 || wider > widest ? { kind: "none" } : {
		kind: "widen",
		margin: wider
	};
}
/** The next size that a person would write: 0.6 % → 0.8 %, 6.2 % → 7 %, 11 % → 12 %, 33 % → 35 %. */
function roundUp(metric, size) {
	const scale = comparedAsDifference(metric) && METRICS[metric].unit !== "ratio" ? 1 : .01;
	const written = size / scale;
	const power = 10 ** Math.floor(Math.log10(Math.max(written, .01)));
	const step = STEPS.find((one) => one * power >= written * (1 - 1e-9)) ?? 10;
	return Number((step * power * scale).toPrecision(6));
}
const STEPS = [
	1,
	1.2,
	1.5,
	2,
	2.5,
	3,
	3.5,
	4,
	5,
	6,
	7,
	8,
	9,
	10
];

// src/core/doctor/examination.ts
/** Everything that live runs of one build say about the set-up that drove them. Same records, same numbers. */
function examine(input) {
	const { suite, records, comparisons } = input;
	const problems = records.flatMap((record) => record.problems);
	const pairs = records.reduce((sum, record) => sum + fewestPairs(record), 0);
	const common = {
		suite: {
			name: suite.name,
			digest: records[0]?.suite.digest
		},
		tool: input.tool,
		runs: records.length,
		pairs,
		plannedS: input.plannedS,
		apart: input.apart,
		budget: { most: input.most },
		calibration: records.find(({ calibration }) => calibration !== void 0)?.calibration,
		problems
	};
	const hindrance = hindranceOf(input);
	if (hindrance !== void 0) return {
		...common,
		hindrance,
		trials: void 0,
		gates: [],
		brokenLimits: []
	};
	const gated = regressionGates(suite);
	const { driven, exchanged } = runTrials({
		suite,
		records,
		count: comparisons,
		seed: suite.seed
	});
	const gates = gated.map((one, i) => {
		const trialsOf = (trials) => trials.map((trial) => trial[i]);
		const found = examineGate(one, {
			driven: trialsOf(driven),
			exchanged: trialsOf(exchanged)
		}, input, gated.length);
		return "code" in found ? {
			...one,
			hindrance: found,
			finding: void 0
		} : {
			...one,
			hindrance: void 0,
			finding: found
		};
	});
	const brokenLimits = limitsBroken(suite, records);
	const errors = brokenLimits.find(({ metric }) => metric === "errors.ratio");
	return {
		...common,
		hindrance: errors === void 0 ? gates.length > 0 && gates.every(({ finding }) => finding === void 0) ? gates[0].hindrance : void 0 : {
			code: "errors",
			share: errors.value,
			limit: errors.limit
		},
		trials: {
			driven: tallyOf(driven),
			exchanged: tallyOf(exchanged),
			all: tallyOf([...driven, ...exchanged])
		},
		gates,
		brokenLimits
	};
}
function hindranceOf({ suite, records, cancelled }) {
	if (regressionGates(suite).length === 0) return { code: "nothing-gated" };
	if (cancelled || records.length === 0 || records.some(({ status }) => status === "cancelled")) return { code: "cancelled" };
	const spoiled = records.flatMap(({ problems }) => problems).find(({ severity }) => severity === "invalid");
	if (spoiled !== void 0) return {
		code: "spoiled",
		problem: spoiled
	};
	const pairs = Math.min(...records.map(fewestPairs));
	return pairs < LEAST_PAIRS ? {
		code: "too-few-pairs",
		pairs,
		needed: LEAST_PAIRS
	} : void 0;
}
/** With fewer pairs the spread between them is a guess. */
const LEAST_PAIRS = 4;
function examineGate(gated, trials, { suite, records, stored, apart, most }, gates) {
	const { scenario, metric } = gated;
	const policy = suite.decision;
	const data = pairsData(scenario, records, policy, openReader());
	const shift = data && shiftBetweenArms(metric, data);
	const comparison = trials.driven.find((trial) => trial !== void 0)?.comparison;
	if (data === void 0 || shift === void 0 || comparison?.delta === void 0) return { code: "not-measured" };
	if (shift.spread === void 0 || comparison.margin === void 0) return { code: "seen-once" };
	const noise = splitNoise({
		metric,
		scenario,
		data,
		shift,
		records,
		stored,
		policy,
		apart
	});
	if (noise === void 0) return { code: "seen-once" };
	const lever = {
		metric,
		shift,
		data,
		noise,
		runs: records.length,
		policy,
		tests: promisesOf(suite),
		most
	};
	const reach = LENGTHS.map((times) => ({
		times,
		...liveReach(lever, { times })
	}));
	const { margin } = comparison;
	const perRun = records.flatMap((record) => pairsData(scenario, [record], policy, data.read) ?? []).flatMap((one) => shiftBetweenArms(metric, one) ?? []);
	const t = studentQuantile(.95, (perRun[0] ?? shift).spread?.df ?? shift.spread.df);
	return {
		margin,
		scale: comparison.delta.scale,
		value: shift.base.value,
		driven: trials.driven.flatMap((trial) => trial === void 0 ? [] : drivenOf(trial)),
		fails: countFails(trials.exchanged),
		coverage: coverageOf(trials.exchanged, shift.lastingError ?? 0, t),
		runErrorRatio: perRun.length < 2 ? void 0 : rootMeanSquare(perRun.map((one) => one.estimate / seenError(one))),
		hidden: hiddenChanges(metric, {
			scenario,
			data,
			shift,
			records,
			policy,
			gates
		}),
		noise,
		reach,
		levers: leversOf(lever),
		selfTest: selfTest(suite, gated, records[0]),
		suggestion: suggest(metric, margin, reach, most)
	};
}
function drivenOf({ word, comparison }) {
	const change = comparison.delta && workingChange(comparison.delta);
	return change === void 0 ? [] : [{
		word,
		change: change.estimate,
		low: change.low,
		high: change.high
	}];
}
const countFails = (trials) => trials.length === 0 ? void 0 : countOf(trials.filter((trial) => trial?.word === "fail").length, trials.length);
function tallyOf(trials) {
	if (trials.length === 0) return void 0;
	const words = trials.map(worstWord);
	const count = (word) => words.filter((one) => one === word).length;
	const [fail, pass] = [count("fail"), count("pass")];
	const of = (n) => countOf(n, trials.length);
	return {
		fail: of(fail),
		pass: of(pass),
		undecided: of(trials.length - fail - pass)
	};
}
/** A limit that every arm of a run breaks beyond chance is the endpoint's own state, no false alarm. */
function limitsBroken(suite, records) {
	const { comparisons } = compareRuns({
		suite,
		heads: [withGatedDistributions(records[0], suite)],
		baseline: LIVE,
		only: "gated"
	});
	return comparisons.flatMap((comparison) => {
		const { scenario, metric, gate, limit } = comparison;
		if (gate?.limit === void 0 || limit === void 0 || judgeLimit(comparison).verdict !== "fail") return [];
		return [{
			scenario,
			metric,
			limit: gate.limit,
			value: limit.value
		}];
	});
}
const rootMeanSquare = (values) => Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

// src/core/doctor/measured-noise.ts
/**
* The spread between runs and between deployments that was really seen, in the suite's terms: for the median, from which
* the other percentiles follow. Of several gates the largest counts, because too small a number makes false alarms. One
* pair of deployments can show that they differ by more than was assumed, and not that they differ by less.
*/
function measuredNoise(gates) {
	const medians = (which, isMeasured) => {
		const values = gates.flatMap(({ metric, finding }) => {
			if (finding === void 0 || METRICS[metric].measure.kind !== "quantile" || !isMeasured(finding.noise[which])) return [];
			return [finding.noise[which].deviation / betweenRunDeviation(metric, ANY_LOAD, 1)];
		});
		return values.length === 0 ? void 0 : Math.max(LEAST, Math.ceil(Math.max(...values) * 1e3) / 1e3);
	};
	return {
		betweenRuns: medians("run", ({ seen }) => seen >= ENOUGH_RUNS),
		betweenDeployments: medians("deployment", ({ seen, deviation, assumed }) => seen > 0 && deviation > assumed)
	};
}
const ENOUGH_RUNS = 3;
const LEAST = .001;
/** Of percentiles, what the load is makes no difference. */
const ANY_LOAD = {
	kind: "closed",
	concurrency: 1,
	durationS: 1
};

// src/core/doctor/suite-edits.ts
/** What the doctor would write into the suite: wider margins, a longer budget, and spreads that were measured. Never a tighter gate. */
function suiteEdits({ gates, budget }, { scenarios, decision }) {
	const wider = gates.flatMap(({ scenario, metric, finding }) => {
		if (finding?.suggestion.kind !== "widen") return [];
		return [{
			path: [
				"scenarios",
				scenarios.findIndex(({ name }) => name === scenario),
				"gates",
				metric,
				"regression"
			],
			yaml: sizeText(metric, finding.suggestion.margin)
		}];
	});
	const times = Math.max(1, ...gates.map(({ finding }) => finding?.suggestion.kind === "longer" ? finding.suggestion.times : 1));
	const { betweenRuns, betweenDeployments } = measuredNoise(gates);
	const decisions = [
		times > budget.most ? ["budget", String(times)] : void 0,
		betweenRuns === void 0 || betweenRuns === decision.betweenRuns ? void 0 : ["between-runs", percent(betweenRuns)],
		betweenDeployments === void 0 || betweenDeployments === decision.betweenDeployments ? void 0 : ["between-deployments", percent(betweenDeployments)]
	];
	return [...wider, ...decisions.flatMap((one) => one === void 0 ? [] : [{
		path: ["decision", one[0]],
		yaml: one[1]
	}])];
}
/**
* Gates as YAML in one line, for a scenario that has none of its own and is judged by the default ones.
*
* @param wider regressions to be written instead, as YAML.
*/
const gatesYaml = (gates, wider) => `{ ${gates.map(({ metric, regression, floor, limit }) => {
	const { unit } = METRICS[metric];
	return `${metric}: { ${[
		regression === void 0 ? [] : [`regression: ${wider.get(metric) ?? sizeText(metric, regression)}`],
		floor === void 0 ? [] : [`floor: ${unit === "s" ? `${tidy(floor * 1e3)}ms` : sizeText(metric, floor)}`],
		limit === void 0 ? [] : [`limit: ${unit === "s" ? `${tidy(limit * 1e3)}ms` : sizeText(metric, limit)}`]
	].flat().join(", ")} }`;
}).join(", ")} }`;
/** A margin as a suite writes it: `7%`, or `3°C`. */
const sizeText = (metric, size) => comparedAsDifference(metric) && METRICS[metric].unit === "°C" ? `${tidy(size)}°C` : percent(size);
const percent = (ratio) => `${tidy(ratio * 100)}%`;
const tidy = (value) => String(Number(value.toPrecision(6)));

// src/core/suite/edit.ts
/**
* A suite's text with some values changed or added. Everything else stays byte for byte: comments, quotes, spaces, order.
*
* A value that exists is replaced where it stands. A key that is missing is added to its mapping, in that mapping's own
* style; mappings that are missing on the way are written in braces.
*
* @param text a suite that parses.
* @throws {InputError} for a value behind an alias, which others share.
*/
function editSuite(text, file, edits) {
	return edits.reduce((current, edit) => editOnce(current, file, edit), text);
}
function editOnce(text, file, { path, yaml }) {
	const place = locateForEdit(text, file, path);
	if (place.kind === "shared") throw new InputError(`${path.join(".")} is shared by an alias (*name), so it cannot be changed here alone`, {
		hint: `write it by hand: ${String(path.at(-1))}: ${yaml}`,
		position: place.position
	});
	const splice = (from, to, inserted) => text.slice(0, from) + inserted + text.slice(to);
	if (place.kind === "value") return splice(place.from, place.to, yaml);
	const [key = "", ...inner] = place.missing.map(String);
	const added = `${key}: ${inner.toReversed().reduce((value, step) => `{ ${step}: ${value} }`, yaml)}`;
	switch (place.kind) {
		case "in-braces": return splice(place.at, place.at, place.isEmpty ? ` ${added} ` : `, ${added}`);
		case "on-lines": {
			const line = `${" ".repeat(place.indent)}${added}`;
			const end = text.indexOf("\n", place.at);
			return end < 0 ? `${text}\n${line}\n` : splice(end + 1, end + 1, `${line}\n`);
		}
	}
}

// src/core/doctor/suite-text.ts
/**
* The text of a suite as the doctor would have it; the same text where there is nothing to change. Comments and formatting
* stay. What comes out is read again and must be the suite that was meant.
*
* @param text of the suite file, which parses.
* @throws {InputError} where the file shares what would have to change.
*/
function doctoredSuite(text, file, examination) {
	const { suite } = parseSuite(text, file);
	const edits = withWrittenGates(text, file, suiteEdits(examination, suite), suite);
	const doctored = editSuite(text, file, edits);
	const meant = parseSuite(text, file, edits.map(({ path, yaml }) => `${path.join(".")}=${yaml}`)).suite;
	const written = parseSuite(doctored, file).suite;
	if (suite.scenarios.some((scenario, i) => !edits.some(({ path }) => path[0] === "scenarios" && path[1] === i) && JSON.stringify(written.scenarios[i]) !== JSON.stringify(scenario)) || JSON.stringify(written) !== JSON.stringify(meant)) throw new InputError(`${file} cannot be changed without changing more than was meant`, { hint: `write it by hand: ${edits.map(({ path, yaml }) => `${path.join(".")}: ${yaml}`).join(", ")}` });
	return doctored;
}
/** A scenario without gates of its own gets all of the default ones, since a single one would stand for them all. */
function withWrittenGates(text, file, edits, { scenarios }) {
	const written = edits.map((edit) => {
		const gates = edit.path.slice(0, 3);
		if (gates[2] !== "gates") return edit;
		const place = locateForEdit(text, file, gates);
		if (place.kind === "value" || place.kind === "shared") return edit;
		const index = Number(gates[1]);
		const own = edits.filter(({ path }) => path[0] === "scenarios" && path[1] === index);
		const wide = new Map(own.map(({ path, yaml }) => [String(path[3]), yaml]));
		return {
			path: gates,
			yaml: gatesYaml(scenarios[index].gates, wide)
		};
	});
	return written.filter((edit, i) => written.findIndex(({ path }) => path.join("\n") === edit.path.join("\n")) === i);
}

// src/core/report/doctor-json.ts
/** Raised whenever a reader would misread what an older one wrote. */
const DOCTOR_SCHEMA = 1;
/** doctor.json: the examination's numbers and the sentences made of them. What is not known is left out; no number is not finite. */
function doctorJson(examination, { state, headline, findings, advice }, edits) {
	const json = {
		schema: DOCTOR_SCHEMA,
		state,
		headline,
		findings,
		advice,
		edits,
		...examination
	};
	const finite = (_, value) => typeof value === "number" && !Number.isFinite(value) ? void 0 : value;
	return `${JSON.stringify(json, finite, 2)}\n`;
}

// src/core/report/doctor-markdown.ts
/** doctor.md: the same as on the terminal, to be kept or pasted. One newline at the end. */
function doctorMarkdown({ headline, context, findings, tables, advice }, suiteName) {
	const text = (value) => markdownText(value, 900);
	const list = (items) => items.map((item) => `- ${text(item)}`).join("\n");
	return `${[
		`# tailgate doctor: ${text(suiteName)}`,
		`**${text(headline)}**`,
		...context.map(text),
		...findings.length === 0 ? [] : [list(findings)],
		...tables.flatMap(({ title, columns, rows, notes }) => [
			`## ${text(title)}`,
			markdownTable([columns.map(text), ...rows.map((row) => row.map(text))], { alignDelimiters: false }),
			list(notes)
		]),
		...advice.length === 0 ? [] : ["## What to do", list(advice)]
	].join("\n\n")}\n`;
}

// src/core/report/doctor-text.ts
const TITLES = {
	good: "OK",
	poor: "ATTENTION",
	unknown: "NOT JUDGED"
};
const COLORS = {
	good: 32,
	poor: 33,
	unknown: 33
};
/** What `tailgate doctor` prints: the first line says it all. Plain text of lines, no newline at the end. */
function doctorText({ state, headline, context, findings, tables, advice }, options) {
	const paint = (text, code) => options.color ? `\u001B[${code}m${text}\u001B[0m` : text;
	return [
		`${paint(TITLES[state], COLORS[state])}  ${line(headline)}`,
		...context.map(line),
		...findings.filter((finding) => !headline.endsWith(finding)).map((finding) => `  - ${line(finding)}`),
		...tables.filter(({ isDetail }) => !isDetail).flatMap((table) => [
			"",
			paint(table.title, 1),
			...rows(table),
			...table.notes.flatMap((note) => wrap(line(note)))
		]),
		...advice.length === 0 ? [] : [
			"",
			paint("What to do", 1),
			...advice.map((step) => `  - ${line(step)}`)
		]
	].join("\n");
}
function rows({ columns, rows: body }) {
	const all = [columns, ...body].map((row) => row.map((cell) => plainLine(cell, 80)));
	const widths = columns.map((_, column) => Math.max(...all.map((row) => width(row[column]))));
	return all.map((row) => `  ${row.map((cell, i) => cell + " ".repeat(widths[i] - width(cell))).join("  ")}`.trimEnd());
}
/** Lines of a hundred characters at the most, indented. */
function wrap(text) {
	const lines = [];
	for (const word of text.split(" ")) {
		const last = lines.at(-1);
		if (last !== void 0 && width(last) + width(word) < 100) lines[lines.length - 1] = `${last} ${word}`;
		else lines.push(`${lines.length === 0 ? "  · " : "    "}${word}`);
	}
	return lines;
}
const width = (text) => Array.from(text).length;
const line = (text) => plainLine(text, 900);

// src/core/report/line-diff.ts
/** The lines that differ between two texts, as `- old` and `+ new` under the number of the line in the old text. Empty for equal texts. */
function lineDiff(before, after) {
	const [a, b] = [before.split("\n"), after.split("\n")];
	const common = longestCommon(a, b);
	const shown = [];
	for (let i = 0, k = 0, block = -1; i < a.length || k < b.length;) {
		if (i < a.length && k < b.length && a[i] === b[k]) {
			i++;
			k++;
			block = -1;
			continue;
		}
		if (block < 0) {
			block = i;
			shown.push(`@@ line ${i + 1}`);
		}
		if (i < a.length && (k >= b.length || common[i + 1][k] >= common[i][k + 1])) shown.push(`- ${a[i++]}`);
		else shown.push(`+ ${b[k++]}`);
	}
	return shown;
}
/** Length of the longest common subsequence from each pair of lines on. O(n · m): for files that people write. */
function longestCommon(a, b) {
	const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
	for (let i = a.length - 1; i >= 0; i--) for (let k = b.length - 1; k >= 0; k--) length[i][k] = a[i] === b[k] ? length[i + 1][k + 1] + 1 : Math.max(length[i + 1][k], length[i][k + 1]);
	return length;
}

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

// src/commands/doctor.ts
const OUT$1 = join$1("tailgate-out", "doctor");
/** Comparisons of the build with itself, in all: with no failure among them its chance is below 1.5 %. */
const COMPARISONS = 200;
const MOST_RUNS = 50;
const doctor = {
	name: "doctor",
	summary: "measure an endpoint against itself: which gates this set-up can hold, and what would lower its noise",
	usage: `tailgate doctor SUITE [options]

  --endpoint URL            the endpoint to drive, as both arms (default: target.endpoint of the suite)
  --baseline-endpoint URL   a second deployment of the same build as the other arm: shows what deployments differ by
  --baseline PATH           stored runs of the suite, or a folder of them: show what runs differ by
  --runs N                  drive the suite N times (default: 1); from 3 on they show what runs differ by
  --out DIR                 where the results go (default: ${OUT$1})
  --scenario NAME           only this scenario; may be given several times
  --set path=value          change the suite for this run, like --set scenarios.steady.load.duration=30s
  --write                   write what it suggests into the suite file: wider margins, a longer budget, measured spreads
  --json                    print doctor.json on stdout

Drives the suite with one build on both arms, in turn, as a gate with a live base does. Nothing changed, so whatever the
gate then sees is noise. Writes doctor.json, doctor.md and the runs to DIR; without --write the suite file stays as it is.
Exit codes: ${EXIT.pass} done, whatever was found · ${EXIT.input} wrong input · ${EXIT.undecided} could not judge · ${EXIT.cancelled} cancelled`,
	run: async (invocation) => {
		const { args, environment, signal, stdout, stderr } = invocation;
		const { values, positionals } = parseArguments(args, {
			endpoint: { type: "string" },
			"baseline-endpoint": { type: "string" },
			baseline: {
				type: "string",
				multiple: true
			},
			runs: { type: "string" },
			out: { type: "string" },
			scenario: {
				type: "string",
				multiple: true
			},
			set: {
				type: "string",
				multiple: true
			},
			write: { type: "boolean" },
			json: { type: "boolean" }
		}, ["SUITE"]);
		const file = positionals[0];
		const out = values.out ?? OUT$1;
		const runs = runsOf(values.runs);
		if (values.write === true && values.set !== void 0) throw new InputError("--write and --set do not go together: what was measured is not what the file says", { hint: "change the suite file first, or leave --write out" });
		const loaded = await loadSuite(file, values.set ?? [], environment, filePorts);
		const scenarios = values.scenario ?? [];
		const plan = makePlan({
			suite: loaded.suite,
			digest: loaded.digest,
			files: loaded.files,
			design: "live",
			scenarios
		});
		const suite = {
			...loaded.suite,
			scenarios: plan.scenarios.map(({ scenario }) => scenario)
		};
		const baselines = await readBaselines(values.baseline ?? [], suite.name, "pass --baseline PATH");
		const { measuredS, wholeS } = plannedTime(plan);
		const common = {
			suite,
			tool: TOOL,
			apart: values["baseline-endpoint"] !== void 0,
			plannedS: measuredS,
			most: mostPasses(suite.decision.budget, plan),
			comparisons: COMPARISONS
		};
		const records = [];
		if (regressionGates(suite).length > 0) {
			stderr.write(`drives ${runs === 1 ? "the suite once" : `the suite ${runs} times`}, about ${formatDuration(runs * wholeS)}\n`);
			for (let run = 1; run <= runs && !signal.aborted; run++) {
				const record = await drive(invocation, {
					loaded,
					scenarios,
					out: join$1(out, `run-${run}`),
					...values
				});
				records.push(record);
				if (record.problems.some(({ severity }) => severity === "invalid")) break;
			}
		}
		const { runs: stored, refused } = records[0] === void 0 ? {
			runs: [],
			refused: []
		} : admitBaselines(records[0], baselines.candidates);
		for (const { origin, reason } of [...refused, ...baselines.refused]) stderr.write(`not used: ${origin}: ${reason}\n`);
		const examination = examine({
			...common,
			records,
			stored,
			cancelled: signal.aborted
		});
		const diagnosis = diagnose(examination);
		const edits = suiteEdits(examination, suite);
		await writeFileAtomic(join$1(out, "doctor.json"), doctorJson(examination, diagnosis, edits));
		await writeFileAtomic(join$1(out, "doctor.md"), doctorMarkdown(diagnosis, suite.name));
		if (values.json === true) stdout(doctorJson(examination, diagnosis, edits));
		else stdout(`${doctorText(diagnosis, { color: isInteractive(process.stdout, environment) })}\n`);
		stderr.write(`\nthe noise, what would lower it and every comparison: ${join$1(out, "doctor.md")}\n`);
		if (edits.length > 0) await offerEdits(file, examination, values.write === true, stderr);
		return signal.aborted ? EXIT.cancelled : examination.hindrance === void 0 ? EXIT.pass : EXIT.undecided;
	}
};
/** One run of fixed length with one build on both arms. */
async function drive({ environment, signal, stderr }, { loaded, endpoint, "baseline-endpoint": baselineEndpoint, scenarios, out }) {
	const progress = openProgress(stderr, {
		kind: progressKind(stderr, environment),
		now: performance.now.bind(performance)
	});
	const { suite } = loaded;
	const telemetry = baselineEndpoint === void 0 ? suite.telemetry.map((source) => ({
		...source,
		baselineUrl: void 0
	})) : suite.telemetry;
	const { record } = await gate({
		loaded: {
			...loaded,
			suite: {
				...suite,
				telemetry,
				decision: {
					...suite.decision,
					budget: { passes: 1 }
				}
			}
		},
		endpoint,
		baselineEndpoint: baselineEndpoint ?? endpoint ?? suite.target.endpoint,
		scenarios,
		policy: STRICT_POLICY,
		baselines: {
			candidates: [],
			refused: [],
			absence: "the doctor always has a live base"
		},
		tool: TOOL,
		provenance: await readProvenance(environment, process.cwd()),
		environment: clientEnvironment(suite),
		signal,
		...openJournal(out)
	}, world(progress));
	await writeRecord(out, record);
	return record;
}
/** Shows what would change in the suite file, and changes it where that is wished. */
async function offerEdits(file, examination, write, stderr) {
	const text = await readTextFile(file, "suite");
	const doctored = doctoredSuite(text, file, examination);
	const diff = lineDiff(text, doctored);
	if (diff.length === 0) return;
	if (write) await writeFileAtomic(file, doctored);
	stderr.write(`\n${write ? `changed ${file}` : `--write would change ${file}`}:\n${diff.join("\n")}\n`);
}
function runsOf(text) {
	const runs = text === void 0 ? 1 : Number(text);
	if (Number.isInteger(runs) && runs >= 1 && runs <= MOST_RUNS) return runs;
	throw new InputError(`--runs: ${JSON.stringify(text)} is not a number of runs`, { hint: `write a whole number from 1 to ${MOST_RUNS}` });
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
	const measuredS = blocks.reduce((sum, { durationS }) => sum + durationS, 0);
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
			load: recordedLoad(scenario.load, samples.length / measuredS),
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
	throw new InputError(`suite ${JSON.stringify(suite.name)} has no scenario ${JSON.stringify(scenario)}`, { hint: suggest$1(scenario, names) });
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
  --earlier PATH            an earlier run of the same code (run.json, or its folder): counts into the same test; several times
  --out DIR                 where the results go (default: ${OUT})
  --scenario NAME           only this scenario; may be given several times
  --set path=value          change the suite for this run, like --set scenarios.steady.load.duration=10s
  --save-baseline DIR       also keep the run as a baseline below DIR, unless it is invalid
  --shard 2/3               send only this part of the load, while other machines send the rest; judge all parts with
                            tailgate compare and one --head for each
  --start-at TIME           when all shards begin: seconds since 1970, or 2026-11-22T09:00:00Z
  --resume                  go on with the run in DIR that a crash or a cancel ended: whole blocks stand, the rest is measured
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
			earlier: {
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
			shard: { type: "string" },
			"start-at": { type: "string" },
			resume: { type: "boolean" },
			json: { type: "boolean" },
			...POLICY_OPTIONS
		}, ["SUITE"]);
		const policy = policyOf$1(values);
		const shard = shardOf(values);
		const out = values.out ?? OUT;
		const loaded = await loadSuite(positionals[0], values.set ?? [], environment, filePorts);
		const baselines = await readBaselines(values.baseline ?? [], loaded.suite.name, HOW_TO_GIVE_A_BASELINE);
		const attempts = await readAttempts(values.earlier ?? [], loaded.suite.name);
		const resume = values.resume === true ? await readStoredRun(join$1(out, RUN_FILE), "run to be resumed") : void 0;
		const progress = openProgress(stderr, {
			kind: progressKind(stderr, environment),
			now: performance.now.bind(performance)
		});
		const judgement = await gate({
			loaded,
			endpoint: values.endpoint,
			baselineEndpoint: values["baseline-endpoint"],
			scenarios: values.scenario ?? [],
			shard,
			recordPath: join$1(out, RUN_FILE),
			policy: reportPolicy(policy),
			baselines,
			attempts,
			tool: TOOL,
			provenance: await readProvenance(environment, process.cwd()),
			environment: clientEnvironment(loaded.suite),
			signal,
			...openJournal(out),
			resume
		}, world(progress));
		if (shard !== void 0) {
			await writeRecord(out, judgement.record);
			if (values.json === true) stdout(writeRunRecord(judgement.record));
			return signal.aborted ? EXIT.cancelled : tellOfShard(judgement.record, stderr, shardText(shard.stripe));
		}
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
function shardOf(values) {
	if (values.shard === void 0) {
		if (values["start-at"] === void 0) return void 0;
		throw new InputError("--start-at is for shards", { hint: "write --shard 1/2 as well, or leave --start-at out" });
	}
	if (values["save-baseline"] === void 0) return readShard(values.shard, values["start-at"]);
	throw new InputError("a shard is no baseline: it holds a part of the load", { hint: "leave --save-baseline out" });
}
/** A part has no verdict, only faults of its own. */
function tellOfShard({ problems }, stderr, which) {
	for (const { severity, message } of problems) stderr.write(`${severity}: ${message}\n`);
	stderr.write(`measured ${which}; judge it together with the others: tailgate compare, one --head for each\n`);
	return problems.some(({ severity }) => severity === "invalid") ? EXIT.undecided : EXIT.pass;
}

export { EXIT, MAX_RECORD_LENGTH, TOOL, check, compare, connectGitHub, demo, doctor, gateMode, importCommand, measureMode, mergeMode, nearest$1 as nearest, readContext, readInputs, readRunRecord, reportMode, run, secretsOfUrl, shardMode };
//# sourceMappingURL=tailgate.js.map