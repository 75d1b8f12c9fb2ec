import { createServer } from "node:net";
import { parentPort, workerData } from "node:worker_threads";

// src/io/load/reference-server-worker.ts
const ANSWER = Buffer.from("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
function serve({ originNs, body, serviceMs, stampsNs }, socket) {
	const end = `\r\n\r\n${body}`;
	const now = () => Number(process.hrtime.bigint() - originNs);
	let head = "";
	socket.setNoDelay(true);
	socket.on("error", () => socket.destroy());
	socket.on("data", (chunk) => {
		const atNs = now();
		head += chunk.toString("latin1");
		if (!head.endsWith(end)) return;
		const index = Number(/^POST \/(\d+) /.exec(head)?.[1]);
		head = "";
		if (!(index < serviceMs.length)) return void socket.destroy();
		stampsNs[2 * index] = atNs;
		setTimeout(() => {
			stampsNs[2 * index + 1] = now();
			socket.write(ANSWER);
		}, serviceMs[index]);
	});
}
const server = createServer((socket) => serve(workerData, socket));
server.listen(0, "127.0.0.1", () => parentPort?.postMessage(server.address().port));

export {  };
//# sourceMappingURL=reference-server-worker.js.map