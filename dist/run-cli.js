import { EXIT, TOOL, check, compare, demo, doctor, importCommand, init, nearest, run } from "./tailgate.js";
import { InputError } from "./shared.js";

// src/run-cli.ts
const COMMANDS = [
	init,
	run,
	compare,
	importCommand,
	check,
	doctor,
	demo
];
const HELP = `tailgate measures a preview model endpoint against its baseline and blocks the merge when the tail got worse.

Usage: tailgate <command> [options]

${COMMANDS.map(({ name, summary }) => `  ${name.padEnd(10)}${summary}`).join("\n")}

tailgate <command> --help says more.
Exit codes: ${EXIT.pass} pass · ${EXIT.fail} a gate failed · ${EXIT.input} wrong input · ${EXIT.undecided} could not decide · ${EXIT.bug} our bug · ${EXIT.cancelled} cancelled
`;
for (const stream of [process.stdout, process.stderr]) stream.on("error", (error) => {
	if (error.code !== "EPIPE") throw error;
});
process.exitCode = await main(process.argv.slice(2));
async function main(argv) {
	const [name, ...args] = argv[0] === "help" && argv[1] !== void 0 ? [argv[1], "--help"] : argv;
	const stdout = (text) => void process.stdout.write(text);
	if (name === void 0 || name === "--help" || name === "-h" || name === "help") {
		stdout(HELP);
		return name === void 0 ? EXIT.input : EXIT.pass;
	}
	if (name === "--version") {
		stdout(`${TOOL}\n`);
		return EXIT.pass;
	}
	const command = COMMANDS.find((known) => known.name === name);
	if (command === void 0) {
		const close = nearest(name, COMMANDS.map((known) => known.name));
		process.stderr.write(`tailgate: unknown command ${JSON.stringify(name)}; ${close ? `did you mean ${close}?` : "see tailgate --help"}\n`);
		return EXIT.input;
	}
	if (args.includes("--help") || args.includes("-h")) {
		stdout(`${command.name}: ${command.summary}\n\n${command.usage}\n`);
		return EXIT.pass;
	}
	try {
		return await command.run({
			args,
			environment: process.env,
			signal: cancelSignal(),
			stdout,
			stderr: process.stderr
		});
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		process.stderr.write(`${error.sentence}\n`);
		return EXIT.input;
	}
}
/** The first signal ends the run and keeps what was measured; the second ends the program. */
function cancelSignal() {
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

export {  };
//# sourceMappingURL=run-cli.js.map