import { error, getInput, info, notice, setFailed, setOutput, setSecret, summary, warning } from "./vendor.js";
import { CONCLUSION_FILES, NO_BASELINES, NO_STORED_ATTEMPTS, REPORT_FILE, RUN_FILE, TOOL, VERDICT_FILE, artifactBaselines, baselineArtifactName, choice, clientEnvironment, commentMarker, connectGitHub, directoryBaselines, filePorts, gate, judgedByBase, loadSuite, openJournal, openProgress, readContext, renderComment, renderSummary, renderText, runArtifactName, secretsOfUrl, storedAttempts, upsertComment, world, writeOutputs, writeRecord } from "./tailgate.js";
import { InputError, InputErrors } from "./shared.js";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";

// src/run-action.ts
try {
	await main();
} catch (error$1) {
	if (error$1 instanceof InputError) {
		for (const one of error$1 instanceof InputErrors ? error$1.errors : [error$1]) error(one.sentence, annotationOf(one));
		process.exitCode = 2;
	} else {
		setFailed(`tailgate: this is a bug, please report it: ${error$1 instanceof Error ? error$1.stack : String(error$1)}`);
		process.exitCode = 70;
	}
}
async function main() {
	const inputs = readInputs();
	for (const secret of [inputs.token, ...[inputs.endpoint, inputs.baselineEndpoint].flatMap(secretsIn)]) if (secret !== "") setSecret(secret);
	const context = readContext(process.env, (path) => readFileSync(path, "utf8"));
	const loaded = await loadSuite(inputs.suite, [], process.env, filePorts);
	for (const secret of loaded.secrets) setSecret(secret);
	const api = inputs.token === "" ? void 0 : await connectGitHub({
		token: inputs.token,
		repository: context.repository,
		apiUrl: context.apiUrl
	});
	const place = {
		inputs,
		context,
		api
	};
	const { name } = loaded.suite;
	const extendsBaseline = isDefaultBranch(context);
	const isGate = inputs.mode === "gate";
	const baselines = isGate ? await findBaselines(place, name, extendsBaseline) : NO_BASELINES;
	const judged = isGate ? await judgedSuite(place, loaded.suite) : {
		suite: loaded.suite,
		notes: []
	};
	const earlier = isGate ? await storedAttempts(api, {
		context,
		suiteName: name,
		token: inputs.token
	}) : NO_STORED_ATTEMPTS;
	for (const { message } of earlier.notes) warning(message);
	const policy = await policyOf(place, extendsBaseline);
	const signal = cancelSignal();
	const judgement = await gate({
		loaded: {
			...loaded,
			suite: judged.suite
		},
		endpoint: inputs.endpoint || void 0,
		baselineEndpoint: inputs.baselineEndpoint || void 0,
		scenarios: [],
		...inputs.baseline === "directory" ? { recordPath: join(inputs.out, RUN_FILE) } : {},
		policy,
		baselines,
		attempts: earlier.attempts,
		notes: [...judged.notes, ...earlier.notes],
		tool: TOOL,
		provenance: provenanceOf(context),
		environment: clientEnvironment(loaded.suite),
		signal,
		...openJournal(inputs.out)
	}, world(openProgress(process.stderr, {
		kind: "actions",
		now: performance.now.bind(performance)
	})));
	const { record, verdict } = judgement;
	if (isGate) await writeOutputs(inputs.out, judgement, record);
	else await writeRecord(inputs.out, record);
	setOutput("report-json", join(inputs.out, isGate ? VERDICT_FILE : RUN_FILE));
	if (signal.aborted) {
		setFailed(`cancelled; what was measured is in ${join(inputs.out, RUN_FILE)}`);
		process.exitCode = 130;
		return;
	}
	if (isGate) await publish(place, judgement, baselines);
	else setOutput("summary", `measured ${record.scenarios.map(({ name: scenario }) => scenario).join(", ") || "nothing"}; nothing was compared`);
	const stores = extendsBaseline && inputs.baseline === "artifact" && verdict.verdict !== "invalid" && hasAnswers(record);
	const artifact = stores ? baselineArtifactName(name) : runArtifactName(name, context.runAttempt);
	await upload(inputs.out, isGate ? [RUN_FILE, ...CONCLUSION_FILES] : [RUN_FILE], artifact, stores);
	if (isGate) conclude(judgement, policy);
	else failIfInvalid(judgement, policy);
}
function readInputs() {
	const mode = getInput("mode") || "gate";
	if (mode !== "gate" && mode !== "measure") throw new InputError(`mode: ${JSON.stringify(mode)} is not available`, { hint: "this version knows gate and measure" });
	return {
		suite: getInput("suite") || "tailgate.yaml",
		endpoint: getInput("endpoint"),
		baselineEndpoint: getInput("baseline-endpoint"),
		mode,
		baseline: oneOf("baseline", getInput("baseline") || "artifact", [
			"artifact",
			"directory",
			"none"
		]),
		baselineDirectory: getInput("baseline-directory") || "baselines",
		baselineBranch: getInput("baseline-branch"),
		token: getInput("github-token"),
		policy: {
			onInconclusive: choice("on-inconclusive", getInput("on-inconclusive")) ?? "warn",
			onNoBaseline: choice("on-no-baseline", getInput("on-no-baseline")) ?? "warn",
			onInvalid: choice("on-invalid", getInput("on-invalid")) ?? "fail"
		},
		comment: oneOf("comment", getInput("comment") || "always", [
			"always",
			"on-change",
			"never"
		]),
		acceptLabel: getInput("accept-label"),
		out: getInput("out") || "tailgate-out"
	};
}
function oneOf(name, value, choices) {
	const known = choices.find((word) => word === value);
	if (known === void 0) throw new InputError(`${name}: ${JSON.stringify(value)} is not a choice`, { hint: `write ${choices.join(", ")}` });
	return known;
}
async function findBaselines({ inputs, context, api }, suiteName, extendsBaseline) {
	if (inputs.baselineEndpoint !== "" || inputs.baseline === "none") return NO_BASELINES;
	if (inputs.baseline === "directory") return directoryBaselines(inputs.baselineDirectory, suiteName);
	if (api === void 0) throw new InputError("baseline: artifact needs a token", { hint: "leave github-token at its default, or write baseline: directory" });
	const branch = inputs.baselineBranch || context.base?.branch || context.defaultBranch;
	if (branch === void 0) throw new InputError("the branch of the baseline is not known for this event", { hint: "write baseline-branch" });
	return artifactBaselines(api, {
		context,
		branch,
		suiteName,
		token: inputs.token,
		extendsBaseline
	});
}
async function judgedSuite({ inputs, context: { base }, api }, suite) {
	if (api === void 0 || base === void 0) return {
		suite,
		notes: []
	};
	const workspace = process.env["GITHUB_WORKSPACE"] ?? process.cwd();
	const judged = await judgedByBase(api, {
		suite,
		file: inputs.suite,
		base,
		workspace
	});
	for (const { scenario, message } of judged.notes) warning(scenario === void 0 ? message : `${scenario}: ${message}`);
	return judged;
}
/** What a verdict does here: nothing stops a commit that is merged already, and a label may accept a failed gate. */
async function policyOf({ inputs: { policy, acceptLabel }, context, api }, extendsBaseline) {
	if (extendsBaseline) {
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
	if (acceptLabel === "" || context.pullRequest === void 0) return policy;
	if (!(await api?.pullLabels(context.pullRequest).catch((error) => {
		if (!(error instanceof InputError)) throw error;
	}) ?? context.labels).includes(acceptLabel)) return policy;
	return {
		...policy,
		tolerated: {
			verdicts: ["fail"],
			sentence: `Does not block the merge: accepted with the label ${acceptLabel}.`
		}
	};
}
async function publish(place, judgement, { runIds }) {
	const { verdict, report, baseline } = judgement;
	const token = randomUUID();
	process.stdout.write(`::stop-commands::${token}\n${renderText(report, { color: false })}\n::${token}::\n`);
	setOutput("verdict", verdict.verdict);
	setOutput("report-html", join(place.inputs.out, REPORT_FILE));
	setOutput("summary", `${verdict.verdict}: ${report.headline}`);
	setOutput("baseline-run-id", baseline.kind === "stored" ? runIds.get(baseline.runs[0].origin) ?? "" : "");
	await summary.addRaw(renderSummary(report), true).write();
	setOutput("comment-url", await comment(place, judgement));
}
async function comment({ inputs, context, api }, { report, verdict }) {
	if (inputs.comment === "never" || context.pullRequest === void 0) return "";
	if (api === void 0 || context.fromFork) {
		notice(`no comment: ${context.fromFork ? "a pull request from a fork has a read-only token" : "there is no token"}; the job summary says the same`);
		return "";
	}
	try {
		const { url } = await upsertComment(api, {
			number: context.pullRequest,
			marker: commentMarker(report.suiteName),
			body: renderComment(report),
			onlyUpdate: inputs.comment === "on-change" && verdict.verdict === "pass"
		});
		return url;
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		warning(`no comment: ${error.sentence}`);
		return "";
	}
}
/** A lost report is a pity; a baseline that was not stored leaves every later pull request without one. */
async function upload(out, files, name, isBaseline) {
	const { uploadRun } = await import("./artifact-store.js");
	try {
		await uploadRun(files.map((file) => join(out, file)), name, out);
		info(isBaseline ? `the baseline now includes this run (artifact ${name})` : `results kept as artifact ${name}`);
	} catch (error) {
		if (!(error instanceof InputError) || isBaseline) throw error;
		warning(error.sentence);
	}
}
function conclude({ verdict: { verdict }, report }, policy) {
	const line = `${verdict}: ${report.headline}`;
	if (verdict === "pass") return;
	if (report.blocks) return setFailed(line);
	if (verdict === "fail") return warning(`${line}. ${report.consequence}`);
	const consequence = {
		inconclusive: policy.onInconclusive,
		"no-baseline": policy.onNoBaseline,
		invalid: policy.onInvalid
	}[verdict];
	if (policy.tolerated?.verdicts.includes(verdict)) notice(line);
	else if (consequence !== "pass") warning(line);
}
function failIfInvalid({ verdict }, policy) {
	const invalid = verdict.problems.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
	if (invalid.length === 0) return;
	if (policy.onInvalid === "fail") setFailed(`invalid: ${invalid.join("; ")}`);
	else if (policy.onInvalid === "warn") warning(`invalid: ${invalid.join("; ")}`);
}
/** A run in which a scenario had no answer at all would be compared with, and would make every later one undecidable. */
function hasAnswers({ scenarios }) {
	const silent = scenarios.filter(({ arms }) => arms.head?.blocks.every(({ ok }) => ok === 0) ?? true);
	for (const { name } of silent) warning(`not stored as a baseline: no request of ${name} was answered`);
	return silent.length === 0 && scenarios.length > 0;
}
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
function secretsIn(url) {
	return URL.canParse(url) ? secretsOfUrl(url) : [];
}
/** Puts the message beside the line of the suite, in the pull request's own diff. */
function annotationOf({ position }) {
	return position === void 0 ? {} : {
		file: position.file,
		startLine: position.line,
		startColumn: position.column
	};
}
/** A cancelled job gets a signal and some seconds: enough to keep what was measured. */
function cancelSignal() {
	const controller = new AbortController();
	process.once("SIGINT", () => controller.abort());
	process.once("SIGTERM", () => controller.abort());
	return controller.signal;
}

export {  };
//# sourceMappingURL=run-action.js.map