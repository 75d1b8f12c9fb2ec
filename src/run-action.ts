import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import * as core from "@actions/core";
import { gateMode } from "./action/gate-mode.ts";
import { type Inputs, readInputs } from "./action/inputs.ts";
import type { Ending, Job } from "./action/job.ts";
import { measureMode } from "./action/measure-mode.ts";
import type { Place } from "./action/place.ts";
import { InputError, InputErrors } from "./core/errors.ts";
import { secretsOfUrl } from "./core/suite/secrets.ts";
import { connectGitHub } from "./io/github/api.ts";
import { readContext } from "./io/github/context.ts";

// Everything below is a function declaration, because a constant would get its value only after this line has ended.
const job = theJob();
try {
  end(await main());
} catch (error) {
  if (error instanceof InputError) {
    for (const one of error instanceof InputErrors ? error.errors : [error]) job.mistake(one);
    process.exitCode = 2;
  } else {
    core.setFailed(`tailgate: this is a bug, please report it: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 70;
  }
}

async function main(): Promise<Ending> {
  const inputs = readInputs(job);
  for (const secret of [inputs.token, ...[inputs.endpoint, inputs.baselineEndpoint].flatMap(secretsIn)]) job.secret(secret);
  const mode = modeOf(inputs);
  const context = readContext(process.env, (path) => readFileSync(path, "utf8"));
  const { repository, apiUrl } = context;
  const api = inputs.token === "" ? undefined : await connectGitHub({ token: inputs.token, repository, apiUrl });
  return mode({ job, inputs, context, api });
}

function modeOf({ mode }: Inputs): (place: Place) => Promise<Ending> {
  switch (mode) {
    case "gate":
      return gateMode;
    case "measure":
      return measureMode;
    default:
      throw new InputError(`mode: ${JSON.stringify(mode)} is not available`, { hint: "this version knows gate and measure" });
  }
}

function end(ending: Ending): void {
  if (ending.kind === "done") return;
  core.setFailed(ending.message);
  if (ending.kind === "cancelled") process.exitCode = 130;
}

function theJob(): Job {
  return {
    input: core.getInput,
    secret: (text) => {
      if (text !== "") core.setSecret(text);
    },
    output: core.setOutput,
    summary: async (markdown) => {
      await core.summary.addRaw(markdown, true).write();
    },
    info: core.info,
    notice: core.notice,
    warning: core.warning,
    mistake: (error) => core.error(error.sentence, annotationOf(error)),
    print: (text) => {
      const token = randomUUID();
      process.stdout.write(`::stop-commands::${token}\n${text}\n::${token}::\n`);
    },
    signal: cancelSignal(),
  };
}

function secretsIn(url: string): readonly string[] {
  return URL.canParse(url) ? secretsOfUrl(url) : [];
}

/** Puts the message beside the line of the suite, in the pull request's own diff. */
function annotationOf({ position }: InputError) {
  return position === undefined ? {} : { file: position.file, startLine: position.line, startColumn: position.column };
}

/** A cancelled job gets a signal and some seconds: enough to keep what was measured. */
function cancelSignal(): AbortSignal {
  const controller = new AbortController();
  process.once("SIGINT", () => controller.abort());
  process.once("SIGTERM", () => controller.abort());
  return controller.signal;
}
