import { parentPort } from "node:worker_threads";

// src/io/load/pacer-worker.ts
const SPIN_NS = 1e5;
const SPIN_SHARE = .05;
function pace({ startNs, arrivalsNs, due, stop }) {
	const now = () => Number(process.hrtime.bigint() - startNs);
	const spinNs = Math.min(SPIN_NS, SPIN_SHARE * (arrivalsNs.at(-1) ?? 0) / Math.max(1, arrivalsNs.length));
	for (let i = 0; i < arrivalsNs.length;) {
		const restNs = arrivalsNs[i] - now();
		if (restNs > spinNs) {
			if (Atomics.wait(stop, 0, 0, (restNs - spinNs) / 1e6) !== "timed-out") return;
			continue;
		}
		if (restNs > 0) continue;
		for (const nowNs = now(); i < arrivalsNs.length && arrivalsNs[i] <= nowNs;) i++;
		Atomics.store(due, 0, i);
		Atomics.notify(due, 0);
		if (Atomics.load(stop, 0) !== 0) return;
	}
}
parentPort?.on("message", pace);
parentPort?.postMessage("ready");

export {  };
//# sourceMappingURL=pacer-worker.js.map