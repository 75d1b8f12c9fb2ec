import { startSampler } from "./shared.js";
import { parentPort, workerData } from "node:worker_threads";

// src/io/telemetry/sampler-worker.ts
/** Soon enough for a block that has just ended, and long enough for what several sources answer at once. */
const TELL_MS = 100;
const port = parentPort;
const { sources, programs, aheadNs } = workerData;
const aborting = new AbortController();
let telling;
const sampler = startSampler(sources, () => process.hrtime.bigint() + aheadNs, programs, () => telling ??= setTimeout(tell, TELL_MS, "more"));
const told = /* @__PURE__ */ new Map();
function tell(kind) {
	clearTimeout(telling);
	telling = void 0;
	const news = sampler.soFar().map((source) => {
		const known = told.get(source.scrapes) ?? {
			id: told.size,
			scrapes: 0
		};
		told.set(source.scrapes, known);
		const scrapes = source.scrapes.slice(known.scrapes);
		known.scrapes = source.scrapes.length;
		return {
			...source,
			id: known.id,
			scrapes
		};
	});
	port.postMessage({
		kind,
		sources: news
	});
}
port.on("message", (order) => {
	if (order === "abort") return aborting.abort();
	end();
});
async function end() {
	await sampler.stop(aborting.signal);
	tell("last");
}
tell("begun");

export {  };
//# sourceMappingURL=sampler-worker.js.map