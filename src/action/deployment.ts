import { InputError } from "../core/errors.ts";
import type { Problem } from "../core/record/run-record.ts";
import { unmeasured } from "../core/record/unmeasured.ts";
import type { Link } from "../core/report/report.ts";
import { secretsOfUrl } from "../core/suite/secrets.ts";
import type { DeploymentStatus } from "../io/github/context.ts";
import { loadSuite } from "../load-suite.ts";
import { TOOL } from "../tool.ts";
import { filePorts } from "../world.ts";
import { judgedSuite } from "./grounds.ts";
import type { Given } from "./judge-record.ts";
import { type Place, provenanceOf } from "./place.ts";
import { placeOfCommit } from "./pull-place.ts";

/** What a deployment means for the measuring. `place` is seen from the pull request whose head was deployed, if there is one. */
export type Deployed =
  | { readonly kind: "up"; readonly place: Place }
  /** It may still come up, or something newer is up instead. `why` is one sentence. */
  | { readonly kind: "not-yet"; readonly place: Place; readonly why: string }
  | { readonly kind: "never"; readonly place: Place; readonly status: DeploymentStatus };

/**
 * Where to measure, if the event of this run is the status of a deployment: at its `environment_url`, once it succeeded.
 * `target_url` is not looked at: it is an older name of the log. Any other event leaves the place as it is.
 *
 * @throws {InputError} for a deployment that is up and nowhere to be reached.
 */
export async function deployed(place: Place): Promise<Deployed> {
  const { deployment: status } = place.context;
  if (status === undefined) return { kind: "up", place };
  const seen = await placeOfCommit(place, place.context.sha);
  if (status.state === "failure" || status.state === "error") return { kind: "never", place: seen, status };
  if (status.state !== "success") return { kind: "not-yet", place: seen, why: notYet(status) };
  return { kind: "up", place: measuredAt(seen, status) };
}

/** The record of a deployment that never came up, which measured nothing. */
export async function undeployed(place: Place, file: string, status: DeploymentStatus): Promise<Given> {
  const loaded = await loadSuite(file, [], "not needed", filePorts);
  const { suite, notes } = await judgedSuite(place, loaded.suite, file);
  const { createdAt, logUrl } = status;
  const record = unmeasured({
    tool: TOOL,
    suite: { name: suite.name, digest: loaded.digest, seed: suite.seed },
    provenance: provenanceOf(place.context),
    startedAt: createdAt,
    finishedAt: createdAt,
    why: neverCameUp(status),
  });
  const links: readonly Link[] = logUrl === "" ? [] : [{ label: "The log of the deployment", url: logUrl }];
  return { suite, suitePath: file, record, notes, links };
}

function measuredAt(place: Place, { environmentUrl, environment }: DeploymentStatus): Place {
  const { job, inputs } = place;
  if (inputs.endpoint !== "") return place;
  if (environmentUrl === "") {
    throw new InputError(`the deployment to ${nameOf(environment)} does not say where it can be reached`, {
      hint: "let whoever deploys set environment_url in the status of the deployment, or write endpoint",
    });
  }
  if (URL.canParse(environmentUrl)) for (const secret of secretsOfUrl(environmentUrl)) job.secret(secret);
  return { ...place, inputs: { ...inputs, endpoint: environmentUrl } };
}

const notYet = ({ state, environment }: DeploymentStatus): string =>
  state === "inactive"
    ? `the deployment to ${nameOf(environment)} was replaced by another one`
    : `the deployment to ${nameOf(environment)} is not up yet (${state})`;

function neverCameUp({ state, environment, description }: DeploymentStatus): Required<Pick<Problem, "code" | "message" | "headline">> {
  const said = description === "" ? "" : ` It says: ${description}`;
  return {
    code: "deployment-failed",
    headline: `the preview never came up: its deployment ended with ${state}`,
    message: `the deployment to ${nameOf(environment)} ended with ${state}, so that nothing was measured; its own log says why.${said}`,
  };
}

const nameOf = (environment: string): string => environment || "an environment without a name";
