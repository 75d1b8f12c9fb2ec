import type { Outcome } from "../record/outcome.ts";
import { READ_CAP } from "./body.ts";
import { failed } from "./failure.ts";
import type { ChatChunk } from "./openai-chunk.ts";

/** Hears what the assistant answered, once it has answered. */
export type Said = (text: string) => void;

/** Collects what an assistant says, piece by piece, so that the next turn of the conversation can hold it. */
export class AssistantTurn {
  readonly #said: Said;
  #text = "";
  #isWhole = true;
  #callsTool = false;

  constructor(said: Said) {
    this.#said = said;
  }

  add({ said, callsTool }: Pick<ChatChunk, "said" | "callsTool">): void {
    if (this.#text.length + said.length > READ_CAP) this.#isWhole = false;
    if (this.#isWhole) this.#text += said;
    this.#callsTool ||= callsTool;
  }

  /**
   * The result of the answer, which is a failure where the conversation cannot go on from it. An assistant that said nothing
   * (it only reasoned) is quoted with nothing.
   */
  end(result: Outcome["result"]): Outcome["result"] {
    if (result.kind === "failed") return result;
    if (this.#callsTool) return failed("check", "the answer calls a tool, and a session has no tool whose result the next turn could hold");
    if (!this.#isWhole) return failed("body", `the answer is longer than ${READ_CAP} characters, too long for the next turn to hold it`);
    this.#said(this.#text);
    return result;
  }
}
