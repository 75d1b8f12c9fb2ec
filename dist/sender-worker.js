import { InputError, driverOptions, indexInSegment, openDriver } from "./shared.js";
import { parentPort, workerData } from "node:worker_threads";

// src/io/load/sender-worker.ts
const FLUSH_MS = 50;
const { stripe, ...options } = workerData;
const port = parentPort;
const tell = (news) => port.postMessage(news);
const lists = /* @__PURE__ */ new Map();
const driver = openDriver(driverOptions(options));
let cancel = new AbortController();
let enough = new AbortController();
async function drive({ segment, list, startAtNs, trace }) {
	let outcomes = [];
	const flush = () => {
		if (outcomes.length > 0) tell({
			kind: "outcomes",
			outcomes
		});
		outcomes = [];
	};
	const flushing = setInterval(flush, FLUSH_MS);
	try {
		const result = await driver.drive(segment, lists.get(list), {
			onOutcome: (outcome) => outcomes.push({
				...outcome,
				index: indexInSegment(outcome.index, stripe)
			}),
			onProgress: (tick) => tell({
				kind: "progress",
				tick
			}),
			onReading: (reading) => tell({
				kind: "reading",
				reading
			}),
			signal: cancel.signal,
			enough: enough.signal,
			startAtNs,
			trace,
			stripe
		});
		flush();
		tell({
			kind: "done",
			result
		});
	} catch (error) {
		const { message, stack } = error;
		const isInput = error instanceof InputError;
		tell({
			kind: "failed",
			input: isInput,
			message: isInput ? message : stack ?? message,
			hint: isInput ? error.hint : void 0
		});
	} finally {
		clearInterval(flushing);
	}
}
port.on("message", (order) => {
	switch (order.kind) {
		case "requests":
			lists.set(order.list, order.requests);
			return;
		case "drive":
			[cancel, enough] = [new AbortController(), new AbortController()];
			drive(order);
			return;
		case "cancel":
			cancel.abort();
			return;
		case "enough":
			enough.abort();
			return;
		case "close": driver.close().then(() => port.close());
	}
});
tell({ kind: "ready" });

export {  };
//# sourceMappingURL=sender-worker.js.map