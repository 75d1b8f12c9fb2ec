import { error, getInput, info, notice, setFailed, setOutput, setSecret, summary, warning } from "./vendor.js";
import { connectGitHub, gateMode, measureMode, mergeMode, readContext, readInputs, reportMode, secretsOfUrl, shardMode } from "./tailgate.js";
import { InputError, InputErrors } from "./shared.js";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";

// src/run-action.ts
const job = theJob();
try {
	end(await main());
} catch (error) {
	if (error instanceof InputError) {
		for (const one of error instanceof InputErrors ? error.errors : [error]) job.mistake(one);
		process.exitCode = 2;
	} else {
		setFailed(`tailgate: this is a bug, please report it: ${error instanceof Error ? error.stack : String(error)}`);
		process.exitCode = 70;
	}
}
async function main() {
	const inputs = readInputs(job);
	for (const secret of [inputs.token, ...[inputs.endpoint, inputs.baselineEndpoint].flatMap(secretsIn)]) job.secret(secret);
	const mode = modeOf(inputs);
	const context = readContext(process.env, (path) => readFileSync(path, "utf8"));
	const { repository, apiUrl } = context;
	const api = inputs.token === "" ? void 0 : await connectGitHub({
		token: inputs.token,
		repository,
		apiUrl
	});
	return mode({
		job,
		inputs,
		context,
		api
	});
}
function modeOf({ mode }) {
	switch (mode) {
		case "gate": return gateMode;
		case "measure": return measureMode;
		case "report": return reportMode;
		case "shard": return shardMode;
		case "merge": return mergeMode;
	}
}
function end(ending) {
	if (ending.kind === "done") return;
	setFailed(ending.message);
	if (ending.kind === "cancelled") process.exitCode = 130;
}
function theJob() {
	return {
		input: getInput,
		secret: (text) => {
			if (text !== "") setSecret(text);
		},
		output: setOutput,
		summary: async (markdown) => {
			await summary.addRaw(markdown, true).write();
		},
		info,
		notice,
		warning,
		mistake: (error$1) => error(error$1.sentence, annotationOf(error$1)),
		print: (text) => {
			const token = randomUUID();
			process.stdout.write(`::stop-commands::${token}\n${text}\n::${token}::\n`);
		},
		signal: cancelSignal()
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