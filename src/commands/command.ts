import { type ParseArgsConfig, parseArgs } from "node:util";
import { InputError } from "../core/errors.ts";
import { nearest } from "../core/suite/nearest.ts";

/** What a command gets from the entry; it writes nothing to the process by itself. */
export type Invocation = {
  readonly args: readonly string[];
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Aborted by SIGINT or SIGTERM. */
  readonly signal: AbortSignal;
  /** The machine form or the result asked for. */
  readonly stdout: (text: string) => void;
  /** Progress and prose. */
  readonly stderr: NodeJS.WriteStream;
};

/** The exit codes are an API: see the README. */
export const EXIT = { pass: 0, fail: 1, input: 2, undecided: 3, bug: 70, cancelled: 130 } as const;

export type Command = {
  readonly name: string;
  /** One line for the list of commands. */
  readonly summary: string;
  /** Printed by `--help`, after the summary. */
  readonly usage: string;
  /** @returns the exit code. @throws {InputError} for wrong usage and wrong input. */
  readonly run: (invocation: Invocation) => Promise<number>;
};

const HELP = "add --help to see what this command takes";

type Options = NonNullable<ParseArgsConfig["options"]>;

/**
 * Parses a command's arguments with node:util's parser.
 *
 * @throws {InputError} naming the nearest option for one that does not exist.
 */
export function parseArguments<const T extends Options>(
  args: readonly string[],
  options: T,
  positionals: readonly string[],
  /** `more`: the last positional may be given several times. */
  last: "once" | "more" = "once",
) {
  let parsed: ReturnType<typeof parseArgs<{ args: string[]; options: T; allowPositionals: true; strict: true }>>;
  try {
    parsed = parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    const unknown = /Unknown option '(-[^']*)'/.exec(message)?.[1];
    if (unknown === undefined) throw new InputError(message.split(". ")[0] ?? message, { hint: HELP });
    const close = nearest(unknown.replace(/^-+/, ""), Object.keys(options));
    throw new InputError(`unknown option ${unknown}`, { hint: close === undefined ? HELP : `did you mean --${close}?` });
  }
  const tooMany = last === "once" && parsed.positionals.length > positionals.length;
  if (tooMany || parsed.positionals.length < positionals.length) {
    const extra = parsed.positionals[positionals.length];
    throw new InputError(
      extra === undefined
        ? `missing ${positionals.slice(parsed.positionals.length).join(", ")}`
        : `unexpected argument ${JSON.stringify(extra)}`,
      { hint: HELP },
    );
  }
  return parsed;
}
