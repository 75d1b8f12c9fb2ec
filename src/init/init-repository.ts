import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import { InputError } from "../core/errors.ts";
import { type ChosenTarget, chooseTarget, lacksModel, type Wishes } from "../core/init/choose-target.ts";
import { isName } from "../core/init/name.ts";
import { choosePreview } from "../core/init/preview.ts";
import { inspectRepository, type RepositoryFindings, WORTH_READING } from "../core/init/repository.ts";
import { chooseLoad, suiteText } from "../core/init/suite-text.ts";
import { type Preview, workflowText } from "../core/init/workflow-text.ts";
import { makePlan } from "../core/plan/make-plan.ts";
import { suiteDigest } from "../core/suite/digest.ts";
import { parseSuite } from "../core/suite/parse.ts";
import { resolveEnvironment } from "../core/suite/secrets.ts";
import { namesIn } from "../core/suite/template.ts";
import { writeFileAtomic } from "../io/files/write.ts";
import { readDefaultBranch, readTopFolder } from "../io/git.ts";
import type { Questioner } from "../io/init/questioner.ts";
import { readRepositoryFiles } from "../io/init/repository-files.ts";
import { type Looked, lookAtEndpoint } from "./look.ts";
import { type Tried, tryOnce } from "./try-once.ts";

export type InitOptions = Wishes & {
  /** Where the suite is written to and files are looked at. */
  readonly folder: string;
  readonly suite: string;
  /** `usual`: where GitHub looks for it, at the top of the checkout. */
  readonly workflow: { readonly path: string } | "usual" | "none";
  readonly endpoint: string | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** Whether one request of the suite is sent. */
  readonly tries: boolean;
  readonly force: boolean;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly signal: AbortSignal;
  /** Undefined: nobody is there to be asked. */
  readonly person: Questioner | undefined;
  readonly tell: (line: string) => void;
};

export type Initialised = {
  readonly target: ChosenTarget;
  readonly findings: RepositoryFindings;
  readonly endpoint: string | undefined;
  readonly requests: number;
  readonly tried: Tried | undefined;
  readonly preview: Preview | undefined;
  /** Sentences without full stops: what was found and why it was chosen so. */
  readonly reasons: readonly string[];
  /** Paths, as they were written; empty where the person said no. */
  readonly written: readonly string[];
};

const YES = /^y(es)?$/i;

/**
 * Looks at the repository and the endpoint, chooses, tries one request, writes.
 *
 * @throws {InputError} for files that are there already (without `force`), an endpoint that cannot be looked at, a header
 *   that cannot be sent. Nothing is written then.
 */
export async function initRepository(options: InitOptions): Promise<Initialised> {
  const { folder, suite, person, signal, tell, environment } = options;
  const top = (await readTopFolder(folder)) ?? folder;
  const findings = await inspect(folder, top);
  const workflow = workflowPlace(options, top, findings);
  for (const path of [suite, ...(workflow.path === undefined ? [] : [workflow.path])]) refuseOverwriting(path, options.force);
  const sent = sendable(options.headers, environment);
  const endpoint = options.endpoint ?? (await askForEndpoint(person));
  const { target, looked } = await chooseModel(options, sent, findings, endpoint);
  const write = (answerS: number | undefined) => {
    const load = chooseLoad(answerS, target.protocol);
    const metricsUrls = target.metrics.map(({ question }) => looked?.urlOf(question) ?? "");
    return { load, text: checked(suiteText({ name: suiteName(top), target, headers: options.headers, metricsUrls, load }), suite) };
  };
  const tried =
    endpoint !== undefined && options.tries ? await tryOnce(write(undefined).text, suite, endpoint, environment, signal) : undefined;
  const { load, text } = write(tried?.answered === true ? tried.tookS : undefined);
  const { preview, why } = choosePreview(findings);
  const branch = (await readDefaultBranch(folder)) ?? "main";
  const names = Object.values(options.headers).flatMap(namesIn);
  const secrets = Object.fromEntries([...new Set(names)].map((name) => [name, name]));
  const files = [
    { path: suite, text },
    ...(workflow.path === undefined
      ? []
      : [{ path: workflow.path, text: `${HEADING}${workflowText({ preview, branch, suite: slashed(relative(top, suite)), secrets })}` }]),
  ];
  const reasons = [
    ...target.reasons,
    `the load is ${load.why}`,
    ...(workflow.path === undefined ? [workflow.why] : [why, `pushes to ${branch} make the baseline`]),
  ];
  for (const reason of reasons) tell(reason);
  const goes =
    person === undefined || YES.test(await person.ask(`Write ${files.map(({ path }) => relative(folder, path)).join(" and ")}?`, "yes"));
  if (goes) for (const file of files) await writeFileAtomic(file.path, file.text);
  return {
    target,
    findings,
    endpoint,
    requests: (looked?.answers.size ?? 0) + (tried === undefined ? 0 : 1),
    tried,
    preview: workflow.path === undefined ? undefined : preview,
    reasons,
    written: goes ? files.map(({ path }) => relative(folder, path)) : [],
  };
}

const HEADING = `# Measures every pull request and blocks the merge when the tail got worse; runs of the default branch are what it compares
# with. Written by tailgate init; it is yours now.
`;

/** Manifests lie around the suite; workflows at the top of the checkout, wherever the suite is. */
async function inspect(folder: string, top: string): Promise<RepositoryFindings> {
  const isWorkflow = (path: string) => path.startsWith(".github/");
  const own = await readRepositoryFiles(folder, (path) => WORTH_READING.test(path) && !isWorkflow(path));
  const workflows = await readRepositoryFiles(top, (path) => WORTH_READING.test(path) && isWorkflow(path));
  return inspectRepository(new Map([...own, ...workflows]));
}

function workflowPlace({ workflow, force, folder }: InitOptions, top: string, { workflows }: RepositoryFindings) {
  if (workflow === "none") return { path: undefined, why: "no workflow is written, as --no-workflow says" };
  const using = workflows.find(({ usesTailgate }) => usesTailgate);
  if (using !== undefined && !force) return { path: undefined, why: `${using.path} uses tailgate already, so that no workflow is written` };
  // A path that somebody gives is meant from where they are.
  return { path: workflow === "usual" ? join(top, WORKFLOW_FILE) : join(folder, workflow.path), why: "" };
}

const WORKFLOW_FILE = ".github/workflows/tailgate.yml";

function refuseOverwriting(path: string, force: boolean): void {
  if (force || !existsSync(path)) return;
  throw new InputError(`${path} is there already`, {
    hint: "write over it with --force, or choose another place with --suite and --workflow",
  });
}

/** Headers with their variables filled in, checked as a suite would check them. */
function sendable(headers: InitOptions["headers"], environment: InitOptions["environment"]): Readonly<Record<string, string>> {
  const bare = JSON.stringify({ name: "init", target: { protocol: "raw", headers }, scenarios: [{ name: "a" }] });
  return resolveEnvironment(parseSuite(bare, "--header"), environment).suite.target.headers;
}

async function askForEndpoint(person: Questioner | undefined): Promise<string | undefined> {
  const answer = await person?.ask("URL of a running endpoint to look at (empty: go by the files alone)", "");
  return answer === "" ? undefined : answer;
}

/** @throws {InputError} where a model has to be named, and neither the endpoint nor a file nor a person does. */
async function chooseModel(
  { protocol, model, person, signal }: InitOptions,
  sent: Readonly<Record<string, string>>,
  findings: RepositoryFindings,
  endpoint: string | undefined,
): Promise<{ readonly target: ChosenTarget; readonly looked: Looked | undefined }> {
  const look = async (wishes: Wishes, before?: Looked) => {
    const looked = endpoint === undefined ? undefined : await lookAtEndpoint(endpoint, sent, wishes.model, signal, before?.answers);
    return { target: chooseTarget(wishes, findings, looked?.heard), looked };
  };
  const first = await look({ protocol, model });
  const { models, protocol: spoken, model: found } = first.target;
  const chosen = await askForModel(person, models, lacksModel(first.target));
  if (chosen !== undefined && isName(chosen)) return chosen === found ? first : look({ protocol: spoken, model: chosen }, first.looked);
  if (!lacksModel(first.target)) return first;
  throw new InputError(
    `${spoken} needs the name of a model, and ${endpoint === undefined ? "no file here gives" : "the endpoint does not give"} one`,
    {
      hint:
        endpoint === undefined ? "name it with --model, or let a running endpoint be looked at with --endpoint" : "name it with --model",
    },
  );
}

/** Undefined where there is nobody to be asked, or nothing to ask. */
function askForModel(person: Questioner | undefined, models: readonly string[], isNeeded: boolean): Promise<string> | undefined {
  if (models.length > 1) return person?.ask(`Which model (${models.slice(0, 10).join(", ")})?`, models[0]!);
  return isNeeded ? person?.ask("Name of the model?", "") : undefined;
}

/** What is written has to pass `tailgate check`: better our bug now than the user's puzzle later. */
function checked(text: string, file: string): string {
  const { suite } = parseSuite(text, file);
  makePlan({ suite, digest: suiteDigest(suite, new Map()), files: new Map(), design: "single" });
  return text;
}

const slashed = (path: string): string => path.replaceAll("\\", "/");

function suiteName(top: string): string {
  const name = slashed(top).split("/").at(-1) ?? "";
  return (
    name
      .replaceAll(/[^A-Za-z0-9._-]+/g, "-")
      .replace(/^[^A-Za-z0-9]+/, "")
      .slice(0, 60) || "model"
  );
}
