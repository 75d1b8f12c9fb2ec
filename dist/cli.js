#!/usr/bin/env node
// src/cli.ts
const NEEDS = 24;
process.on("uncaughtException", (error) => {
	const lines = error instanceof Error ? error.stack : String(error);
	process.stderr.write(`tailgate: this is a bug, please report it with the lines below\n${lines}\n`);
	process.exit(70);
});
if (Number.parseInt(process.versions.node, 10) < NEEDS) {
	process.stderr.write(`tailgate needs Node ${NEEDS} or newer, and ${process.execPath} is Node ${process.versions.node}: put a newer one first on the PATH (\`nvm install ${NEEDS}\`, or actions/setup-node with \`node-version: ${NEEDS}\` in a workflow)\n`);
	process.exitCode = 2;
} else await import("./run-cli.js");

export {  };
//# sourceMappingURL=cli.js.map