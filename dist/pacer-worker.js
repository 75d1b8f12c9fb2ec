import { parentPort } from "node:worker_threads";

// src/io/load/pacer-worker.ts
function pace({ startNs, arrivalsNs, leadNs, near, stop }) {
	const now = () => Number(process.hrtime.bigint() - startNs);
	for (let i = 0; i < arrivalsNs.length;) {
		const restNs = arrivalsNs[i] - leadNs - now();
		if (restNs > 0) {
			if (Atomics.wait(stop, 0, 0, restNs / 1e6) !== "timed-out") return;
			continue;
		}
		for (const nearNs = now() + leadNs; i < arrivalsNs.length && arrivalsNs[i] <= nearNs;) i++;
		Atomics.store(near, 0, i);
		Atomics.notify(near, 0);
		if (Atomics.load(stop, 0) !== 0) return;
	}
}
parentPort?.on("message", pace);
parentPort?.postMessage("ready");

export {  };
//# sourceMappingURL=pacer-worker.js.map