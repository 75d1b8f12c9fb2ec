import { startSampler } from "./shared.js";
import { parentPort, workerData } from "node:worker_threads";

// src/io/telemetry/sampler-worker.ts
/** Soon enough for a block that has just ended. Where there is nothing new, nothing is told. */
const TELL_MS = 100;
const port = parentPort;
const { sources, programs, aheadNs } = workerData;
const aborting = new AbortController();
const sampler = startSampler(sources, () => process.hrtime.bigint() + aheadNs, programs);
const told = /* @__PURE__ */ new Map();
function tell(kind) {
	let isNews = kind !== "more";
	const news = sampler.soFar().map((source) => {
		const known = told.get(source.scrapes) ?? {
			id: told.size,
			scrapes: 0,
			failures: 0
		};
		told.set(source.scrapes, known);
		const scrapes = source.scrapes.slice(known.scrapes);
		isNews ||= scrapes.length > 0 || source.failures > known.failures;
		known.scrapes = source.scrapes.length;
		known.failures = source.failures;
		return {
			...source,
			id: known.id,
			scrapes
		};
	});
	if (isNews) port.postMessage({
		kind,
		sources: news
	});
}
const telling = setInterval(() => tell("more"), TELL_MS);
port.on("message", (order) => {
	if (order === "abort") return aborting.abort();
	end();
});
async function end() {
	await sampler.stop(aborting.signal);
	clearInterval(telling);
	tell("last");
}
tell("begun");

export {  };
//# sourceMappingURL=sampler-worker.js.map