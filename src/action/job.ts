import type { InputError } from "../core/errors.ts";

/** What a step of a workflow can say to its runner. The entry gives the real one. */
export type Job = {
  /** The value of an input of action.yml, trimmed; empty where it is not given. */
  readonly input: (name: string) => string;
  /** Hides a text in the log from here on. */
  readonly secret: (text: string) => void;
  readonly output: (name: string, value: string) => void;
  /** Adds Markdown to the job's summary. */
  readonly summary: (markdown: string) => Promise<void>;
  readonly info: (text: string) => void;
  readonly notice: (text: string) => void;
  readonly warning: (text: string) => void;
  /** An annotation, beside the line of the suite where the error knows one. */
  readonly mistake: (error: InputError) => void;
  /** Text from anywhere into the log: the runner obeys no command in it. */
  readonly print: (text: string) => void;
  /** Aborted when the job is cancelled: there are some seconds then to keep what was measured. */
  readonly signal: AbortSignal;
};

/** How a step ends. `failed` and `cancelled` carry the sentence of their annotation. */
export type Ending = { readonly kind: "done" } | { readonly kind: "failed" | "cancelled"; readonly message: string };

export const DONE: Ending = { kind: "done" };
