import { createInterface } from "node:readline/promises";

/** Asks a person. An empty answer is the one in brackets. */
export type Questioner = {
  readonly ask: (question: string, usual: string) => Promise<string>;
  readonly close: () => void;
};

/**
 * Questions on a terminal, one line each. The signal, and the end of the input, give up: the question rejects.
 *
 * Three questions at most are asked, and none with a menu: Node's own readline does all of it.
 */
export function openQuestioner(input: NodeJS.ReadableStream, output: NodeJS.WritableStream, signal: AbortSignal): Questioner {
  const lines = createInterface({ input, output });
  const ended = new AbortController();
  lines.once("close", () => ended.abort(new Error("the input ended before the question was answered")));
  return {
    ask: async (question, usual) => {
      const answer = await lines.question(`${question}${usual === "" ? "" : ` [${usual}]`} `, {
        signal: AbortSignal.any([signal, ended.signal]),
      });
      return answer.trim() === "" ? usual : answer.trim();
    },
    close: () => lines.close(),
  };
}
