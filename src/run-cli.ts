import { check } from "./commands/check.ts";
import { type Command, EXIT } from "./commands/command.ts";
import { compare } from "./commands/compare.ts";
import { demo } from "./commands/demo.ts";
import { doctor } from "./commands/doctor.ts";
import { importCommand } from "./commands/import.ts";
import { init } from "./commands/init.ts";
import { run } from "./commands/run.ts";
import { InputError } from "./core/errors.ts";
import { nearest } from "./core/suite/nearest.ts";
import { TOOL } from "./tool.ts";

const COMMANDS: readonly Command[] = [init, run, compare, importCommand, check, doctor, demo];

const HELP = `tailgate measures a preview model endpoint against its baseline and blocks the merge when the tail got worse.

Usage: tailgate <command> [options]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

tailgate <command> --help says more.
Exit codes: ${EXIT.pass} pass · ${EXIT.fail} a gate failed · ${EXIT.input} wrong input · ${EXIT.undecided} could not decide · ${EXIT.bug} our bug · ${EXIT.cancelled} cancelled
`;

// A reader that has seen enough (`tailgate run … | head`) closes the pipe: that is not our failure.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

process.exitCode = await main(process.argv.slice(2));

async function main(argv: readonly string[]): Promise<number> {
  // `tailgate help run` is what some try first.
  const [name, ...args] = argv[0] === "help" && argv[1] !== undefined ? [argv[1], "--help"] : argv;
  const stdout = (text: string) => void process.stdout.write(text);
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    stdout(HELP);
    return name === undefined ? EXIT.input : EXIT.pass;
  }
  if (name === "--version") {
    stdout(`${TOOL}\n`);
    return EXIT.pass;
  }
  const command = COMMANDS.find((known) => known.name === name);
  if (command === undefined) {
    const close = nearest(
      name,
      COMMANDS.map((known) => known.name),
    );
    process.stderr.write(
      `tailgate: unknown command ${JSON.stringify(name)}; ${close ? `did you mean ${close}?` : "see tailgate --help"}\n`,
    );
    return EXIT.input;
  }
  if (args.includes("--help") || args.includes("-h")) {
    stdout(`${command.name}: ${command.summary}\n\n${command.usage}\n`);
    return EXIT.pass;
  }
  try {
    return await command.run({ args, environment: process.env, signal: cancelSignal(), stdout, stderr: process.stderr });
  } catch (error) {
    // Anything else is a bug, and ends in cli.ts.
    if (!(error instanceof InputError)) throw error;
    process.stderr.write(`${error.sentence}\n`);
    return EXIT.input;
  }
}

/** The first signal ends the run and keeps what was measured; the second ends the program. */
function cancelSignal(): AbortSignal {
  const controller = new AbortController();
  const cancel = () => {
    if (controller.signal.aborted) process.exit(EXIT.cancelled);
    process.stderr.write("\ncancelled: keeping what was measured; once more to stop at once\n");
    controller.abort();
  };
  process.on("SIGINT", cancel);
  process.on("SIGTERM", cancel);
  return controller.signal;
}
