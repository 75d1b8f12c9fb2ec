import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as core from "@actions/core";
import { judgedByBase } from "./base-gates.ts";
import { choice } from "./commands/policy.ts";
import { InputError, InputErrors } from "./core/errors.ts";
import type { RunRecord } from "./core/record/run-record.ts";
import { renderComment, renderSummary } from "./core/report/markdown.ts";
import { commentMarker } from "./core/report/marker.ts";
import type { Policy } from "./core/report/report.ts";
import { renderText } from "./core/report/text.ts";
import { secretsOfUrl } from "./core/suite/secrets.ts";
import { gate, type Judgement } from "./gate.ts";
import { baselineArtifactName, runArtifactName } from "./io/baselines/artifact-name.ts";
import { connectGitHub, type GitHubApi } from "./io/github/api.ts";
import { upsertComment } from "./io/github/comment.ts";
import { type Context, readContext } from "./io/github/context.ts";
import { openProgress } from "./io/terminal/progress.ts";
import { loadSuite } from "./load-suite.ts";
import { CONCLUSION_FILES, openJournal, REPORT_FILE, RUN_FILE, VERDICT_FILE, writeOutputs, writeRecord } from "./outputs.ts";
import { NO_STORED_ATTEMPTS, storedAttempts } from "./stored-attempts.ts";
import { artifactBaselines, directoryBaselines, NO_BASELINES, type StoredBaselines } from "./stored-baselines.ts";
import { TOOL } from "./tool.ts";
import { clientEnvironment, filePorts, world } from "./world.ts";

type Inputs = ReturnType<typeof readInputs>;
type Place = { readonly inputs: Inputs; readonly context: Context; readonly api: GitHubApi | undefined };

// Everything below is a function declaration, because a constant would get its value only after this line has ended.
try {
  await main();
} catch (error) {
  if (error instanceof InputError) {
    for (const one of error instanceof InputErrors ? error.errors : [error]) core.error(one.sentence, annotationOf(one));
    process.exitCode = 2;
  } else {
    core.setFailed(`tailgate: this is a bug, please report it: ${error instanceof Error ? error.stack : String(error)}`);
    process.exitCode = 70;
  }
}

async function main(): Promise<void> {
  const inputs = readInputs();
  for (const secret of [inputs.token, ...[inputs.endpoint, inputs.baselineEndpoint].flatMap(secretsIn)]) {
    if (secret !== "") core.setSecret(secret);
  }
  const context = readContext(process.env, (path) => readFileSync(path, "utf8"));
  const loaded = await loadSuite(inputs.suite, [], process.env, filePorts);
  for (const secret of loaded.secrets) core.setSecret(secret);
  const api =
    inputs.token === "" ? undefined : await connectGitHub({ token: inputs.token, repository: context.repository, apiUrl: context.apiUrl });
  const place: Place = { inputs, context, api };
  const { name } = loaded.suite;
  const extendsBaseline = isDefaultBranch(context);

  const isGate = inputs.mode === "gate";
  const baselines = isGate ? await findBaselines(place, name, extendsBaseline) : NO_BASELINES;
  const judged = isGate ? await judgedSuite(place, loaded.suite) : { suite: loaded.suite, notes: [] };
  const earlier = isGate ? await storedAttempts(api, { context, suiteName: name, token: inputs.token }) : NO_STORED_ATTEMPTS;
  for (const { message } of earlier.notes) core.warning(message);
  const policy = await policyOf(place, extendsBaseline);
  const signal = cancelSignal();
  const judgement = await gate(
    {
      loaded: { ...loaded, suite: judged.suite },
      endpoint: inputs.endpoint || undefined,
      baselineEndpoint: inputs.baselineEndpoint || undefined,
      scenarios: [],
      ...(inputs.baseline === "directory" ? { recordPath: join(inputs.out, RUN_FILE) } : {}),
      policy,
      baselines,
      attempts: earlier.attempts,
      notes: [...judged.notes, ...earlier.notes],
      tool: TOOL,
      provenance: provenanceOf(context),
      environment: clientEnvironment(loaded.suite),
      signal,
      ...openJournal(inputs.out),
    },
    world(openProgress(process.stderr, { kind: "actions", now: performance.now.bind(performance) })),
  );
  const { record, verdict } = judgement;
  if (isGate) await writeOutputs(inputs.out, judgement, record);
  else await writeRecord(inputs.out, record);
  core.setOutput("report-json", join(inputs.out, isGate ? VERDICT_FILE : RUN_FILE));
  if (signal.aborted) {
    core.setFailed(`cancelled; what was measured is in ${join(inputs.out, RUN_FILE)}`);
    process.exitCode = 130;
    return;
  }
  if (isGate) await publish(place, judgement, baselines);
  else
    core.setOutput(
      "summary",
      `measured ${record.scenarios.map(({ name: scenario }) => scenario).join(", ") || "nothing"}; nothing was compared`,
    );
  // Stored before the job can fail: what is merged already is what later changes are compared with, slow or not.
  const stores = extendsBaseline && inputs.baseline === "artifact" && verdict.verdict !== "invalid" && hasAnswers(record);
  const artifact = stores ? baselineArtifactName(name) : runArtifactName(name, context.runAttempt);
  await upload(inputs.out, isGate ? [RUN_FILE, ...CONCLUSION_FILES] : [RUN_FILE], artifact, stores);
  if (isGate) conclude(judgement, policy);
  else failIfInvalid(judgement, policy);
}

function readInputs() {
  const mode = core.getInput("mode") || "gate";
  if (mode !== "gate" && mode !== "measure") {
    throw new InputError(`mode: ${JSON.stringify(mode)} is not available`, { hint: "this version knows gate and measure" });
  }
  return {
    suite: core.getInput("suite") || "tailgate.yaml",
    endpoint: core.getInput("endpoint"),
    baselineEndpoint: core.getInput("baseline-endpoint"),
    mode,
    baseline: oneOf("baseline", core.getInput("baseline") || "artifact", ["artifact", "directory", "none"]),
    baselineDirectory: core.getInput("baseline-directory") || "baselines",
    baselineBranch: core.getInput("baseline-branch"),
    token: core.getInput("github-token"),
    policy: {
      onInconclusive: choice("on-inconclusive", core.getInput("on-inconclusive")) ?? "warn",
      onNoBaseline: choice("on-no-baseline", core.getInput("on-no-baseline")) ?? "warn",
      onInvalid: choice("on-invalid", core.getInput("on-invalid")) ?? "fail",
    } satisfies Policy,
    comment: oneOf("comment", core.getInput("comment") || "always", ["always", "on-change", "never"]),
    acceptLabel: core.getInput("accept-label"),
    out: core.getInput("out") || "tailgate-out",
  } as const;
}

function oneOf<const T extends string>(name: string, value: string, choices: readonly T[]): T {
  const known = choices.find((word) => word === value);
  if (known === undefined)
    throw new InputError(`${name}: ${JSON.stringify(value)} is not a choice`, { hint: `write ${choices.join(", ")}` });
  return known;
}

async function findBaselines({ inputs, context, api }: Place, suiteName: string, extendsBaseline: boolean): Promise<StoredBaselines> {
  if (inputs.baselineEndpoint !== "" || inputs.baseline === "none") return NO_BASELINES;
  if (inputs.baseline === "directory") return directoryBaselines(inputs.baselineDirectory, suiteName);
  if (api === undefined)
    throw new InputError("baseline: artifact needs a token", { hint: "leave github-token at its default, or write baseline: directory" });
  const branch = inputs.baselineBranch || context.base?.branch || context.defaultBranch;
  if (branch === undefined)
    throw new InputError("the branch of the baseline is not known for this event", { hint: "write baseline-branch" });
  return artifactBaselines(api, { context, branch, suiteName, token: inputs.token, extendsBaseline });
}

async function judgedSuite({ inputs, context: { base }, api }: Place, suite: Awaited<ReturnType<typeof loadSuite>>["suite"]) {
  if (api === undefined || base === undefined) return { suite, notes: [] };
  const workspace = process.env["GITHUB_WORKSPACE"] ?? process.cwd();
  const judged = await judgedByBase(api, { suite, file: inputs.suite, base, workspace });
  for (const { scenario, message } of judged.notes) core.warning(scenario === undefined ? message : `${scenario}: ${message}`);
  return judged;
}

/** What a verdict does here: nothing stops a commit that is merged already, and a label may accept a failed gate. */
async function policyOf({ inputs: { policy, acceptLabel }, context, api }: Place, extendsBaseline: boolean): Promise<Policy> {
  if (extendsBaseline) {
    const sentence = `Blocks nothing: this commit is on ${context.branch} already.`;
    return { ...policy, tolerated: { verdicts: ["fail", "inconclusive", "no-baseline"], sentence } };
  }
  if (acceptLabel === "" || context.pullRequest === undefined) return policy;
  const labels = await api?.pullLabels(context.pullRequest).catch((error: unknown) => {
    // A token that may not read pull requests still has the labels of the event.
    if (!(error instanceof InputError)) throw error;
    return undefined;
  });
  if (!(labels ?? context.labels).includes(acceptLabel)) return policy;
  return { ...policy, tolerated: { verdicts: ["fail"], sentence: `Does not block the merge: accepted with the label ${acceptLabel}.` } };
}

async function publish(place: Place, judgement: Judgement, { runIds }: StoredBaselines): Promise<void> {
  const { verdict, report, baseline } = judgement;
  // What an endpoint answered is in this text, and the runner obeys commands on any line of a log.
  const token = randomUUID();
  process.stdout.write(`::stop-commands::${token}\n${renderText(report, { color: false })}\n::${token}::\n`);
  core.setOutput("verdict", verdict.verdict);
  core.setOutput("report-html", join(place.inputs.out, REPORT_FILE));
  core.setOutput("summary", `${verdict.verdict}: ${report.headline}`);
  core.setOutput("baseline-run-id", baseline.kind === "stored" ? (runIds.get(baseline.runs[0]!.origin) ?? "") : "");
  await core.summary.addRaw(renderSummary(report), true).write();
  core.setOutput("comment-url", await comment(place, judgement));
}

async function comment({ inputs, context, api }: Place, { report, verdict }: Judgement): Promise<string> {
  if (inputs.comment === "never" || context.pullRequest === undefined) return "";
  if (api === undefined || context.fromFork) {
    core.notice(
      `no comment: ${context.fromFork ? "a pull request from a fork has a read-only token" : "there is no token"}; the job summary says the same`,
    );
    return "";
  }
  try {
    const { url } = await upsertComment(api, {
      number: context.pullRequest,
      marker: commentMarker(report.suiteName),
      body: renderComment(report),
      onlyUpdate: inputs.comment === "on-change" && verdict.verdict === "pass",
    });
    return url;
  } catch (error) {
    // The verdict stands without its comment; the job summary has it.
    if (!(error instanceof InputError)) throw error;
    core.warning(`no comment: ${error.sentence}`);
    return "";
  }
}

/** A lost report is a pity; a baseline that was not stored leaves every later pull request without one. */
async function upload(out: string, files: readonly string[], name: string, isBaseline: boolean): Promise<void> {
  const { uploadRun } = await import("./io/baselines/artifact-store.ts");
  try {
    await uploadRun(
      files.map((file) => join(out, file)),
      name,
      out,
    );
    core.info(isBaseline ? `the baseline now includes this run (artifact ${name})` : `results kept as artifact ${name}`);
  } catch (error) {
    if (!(error instanceof InputError) || isBaseline) throw error;
    core.warning(error.sentence);
  }
}

function conclude({ verdict: { verdict }, report }: Judgement, policy: Policy): void {
  const line = `${verdict}: ${report.headline}`;
  if (verdict === "pass") return;
  if (report.blocks) return core.setFailed(line);
  if (verdict === "fail") return core.warning(`${line}. ${report.consequence}`);
  const consequence = { inconclusive: policy.onInconclusive, "no-baseline": policy.onNoBaseline, invalid: policy.onInvalid }[verdict];
  if (policy.tolerated?.verdicts.includes(verdict)) core.notice(line);
  else if (consequence !== "pass") core.warning(line);
}

function failIfInvalid({ verdict }: Judgement, policy: Policy): void {
  const invalid = verdict.problems.filter(({ severity }) => severity === "invalid").map(({ message }) => message);
  if (invalid.length === 0) return;
  if (policy.onInvalid === "fail") core.setFailed(`invalid: ${invalid.join("; ")}`);
  else if (policy.onInvalid === "warn") core.warning(`invalid: ${invalid.join("; ")}`);
}

/** A run in which a scenario had no answer at all would be compared with, and would make every later one undecidable. */
function hasAnswers({ scenarios }: RunRecord): boolean {
  const silent = scenarios.filter(({ arms }) => arms.head?.blocks.every(({ ok }) => ok === 0) ?? true);
  for (const { name } of silent) core.warning(`not stored as a baseline: no request of ${name} was answered`);
  return silent.length === 0 && scenarios.length > 0;
}

function isDefaultBranch({ pullRequest, branch, defaultBranch, event }: Context): boolean {
  return (
    pullRequest === undefined &&
    branch !== undefined &&
    branch === defaultBranch &&
    ["push", "schedule", "workflow_dispatch"].includes(event)
  );
}

function provenanceOf(context: Context) {
  return {
    repository: `${context.repository.owner}/${context.repository.name}`,
    repositoryId: String(context.repository.id),
    commit: context.sha,
    ...(context.base === undefined ? {} : { baseCommit: context.base.sha }),
    ...(context.branch === undefined ? {} : { ref: context.branch }),
    event: context.event,
    ...(context.workflowPath === undefined ? {} : { workflow: context.workflowPath }),
    runId: String(context.runId),
    runAttempt: String(context.runAttempt),
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
