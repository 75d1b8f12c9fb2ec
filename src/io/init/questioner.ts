import { createInterface } from "node:readline/promises";
import { InputError } from "../../core/errors.ts";

/** Asks a person. An empty answer is the one in brackets. */
export type Questioner = {
  readonly ask: (question: string, usual: string) => Promise<string>;
  /** Whether the person pressed Ctrl-C. */
  readonly isCancelled: () => boolean;
  readonly close: () => void;
};

/**
 * Questions on a terminal, one line each. The signal gives up with an error of its own, the end of the input (Ctrl-D) and
 * Ctrl-C with an InputError.
 *
 * Three questions at most are asked, and none with a menu: Node's own readline does all of it.
 */
export function openQuestioner(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, signal: AbortSignal): Questioner {
  const lines = createInterface({ input, output });
  const ended = new AbortController();
  let isCancelled = false;
  // Readline keeps Ctrl-C to itself: the process gets no signal.
  lines.once("SIGINT", () => {
    isCancelled = true;
    lines.close();
  });
  lines.once("close", () => ended.abort());
  return {
    ask: async (question, usual) => {
      const text = `${question}${usual === "" ? "" : ` [${usual}]`} `;
      const answer = await lines.question(text, { signal: AbortSignal.any([signal, ended.signal]) }).catch((error: unknown) => {
        if (!ended.signal.aborted || signal.aborted) throw error;
        throw new InputError("nobody answered, so that nothing was written", { hint: "--yes asks nothing" });
      });
      return answer.trim() === "" ? usual : answer.trim();
    },
    isCancelled: () => isCancelled,
    close: () => lines.close(),
  };
}
