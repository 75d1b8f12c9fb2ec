import { InputError } from "./shared.js";
import { createInterface } from "node:readline/promises";

// src/io/init/questioner.ts
/**
* Questions on a terminal, one line each. The signal gives up with an error of its own, the end of the input (Ctrl-D) and
* Ctrl-C with an InputError.
*
* Three questions at most are asked, and none with a menu: Node's own readline does all of it.
*/
function openQuestioner(input, output, signal) {
	const lines = createInterface({
		input,
		output
	});
	const ended = new AbortController();
	let isCancelled = false;
	lines.once("SIGINT", () => {
		isCancelled = true;
		lines.close();
	});
	lines.once("close", () => ended.abort());
	return {
		ask: async (question, usual) => {
			const text = `${question}${usual === "" ? "" : ` [${usual}]`} `;
			const answer = await lines.question(text, { signal: AbortSignal.any([signal, ended.signal]) }).catch((error) => {
				if (!ended.signal.aborted || signal.aborted) throw error;
				throw new InputError("nobody answered, so that nothing was written", { hint: "--yes asks nothing" });
			});
			return answer.trim() === "" ? usual : answer.trim();
		},
		isCancelled: () => isCancelled,
		close: () => lines.close()
	};
}

export { openQuestioner };
//# sourceMappingURL=questioner.js.map