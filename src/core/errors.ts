/** Where in a text file something stands. Lines and columns count from 1. */
export type Position = { readonly file: string; readonly line: number; readonly column: number };

/**
 * The user gave us something we cannot work with: a wrong suite, option, file or record. Always exit code 2.
 *
 * `message` says what happened, `hint` what to write or do instead, `position` where. An endpoint that does not answer
 * or a baseline that is missing is *not* an error: those are values that lead to a verdict.
 */
export class InputError extends Error {
  override readonly name = "InputError";
  readonly hint: string | undefined;
  readonly position: Position | undefined;

  constructor(message: string, details: { readonly hint?: string; readonly position?: Position; readonly cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.hint = details.hint;
    this.position = details.position;
  }

  /** `file:line:column: what, hint`, as an editor and a person can use it. One line. */
  get sentence(): string {
    const where = this.position ? `${this.position.file}:${this.position.line}:${this.position.column}: ` : "";
    return `${where}${this.message}${this.hint ? `; ${this.hint}` : ""}`;
  }
}

/** Several mistakes found in one pass over one input, so that a person mends them all at once. Never empty. */
export class InputErrors extends InputError {
  readonly errors: readonly InputError[];

  constructor(errors: readonly InputError[]) {
    const [first] = errors;
    if (first === undefined) throw new RangeError("InputErrors needs at least one error");
    super(first.message, {
      ...(first.hint === undefined ? {} : { hint: first.hint }),
      ...(first.position === undefined ? {} : { position: first.position }),
    });
    this.errors = errors;
  }

  override get sentence(): string {
    return this.errors.map((error) => error.sentence).join("\n");
  }
}
