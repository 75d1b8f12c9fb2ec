/** What an existing workflow has to do with previews. */
export type WorkflowFacts = {
  readonly path: string;
  readonly usesTailgate: boolean;
  /** Name of the GitHub environment that it deploys to on pull requests, which GitHub tells other workflows of. */
  readonly environment: string | undefined;
  /** A job that deploys on pull requests, by its own name. */
  readonly deploys: string | undefined;
};

/** @param workflow parsed YAML of a file in `.github/workflows`; anything else has no facts. */
export function workflowFacts(path: string, workflow: unknown): WorkflowFacts {
  const { on, jobs } = Object(workflow) as Readonly<Record<string, unknown>>;
  const forPulls = triggers(on).includes("pull_request");
  const all = Object.entries(Object(jobs) as object).map(([id, job]: [string, unknown]) => ({
    id,
    job: Object(job) as Readonly<Record<string, unknown>>,
  }));
  const uses = all.flatMap(({ job: { steps } }) =>
    Array.isArray(steps) ? steps.map((step: unknown) => (Object(step) as { readonly uses?: unknown }).uses) : [],
  );
  const deploying = forPulls
    ? all.find(({ id, job: { name, environment } }) => environment !== undefined || /preview|deploy/i.test(`${id} ${text(name)}`))
    : undefined;
  return {
    path,
    usesTailgate: uses.some((name) => typeof name === "string" && /^[\w.-]+\/tailgate@/.test(name)),
    environment: environmentOf(deploying?.job["environment"]),
    deploys: deploying?.id,
  };
}

function triggers(on: unknown): readonly string[] {
  if (typeof on === "string") return [on];
  return Array.isArray(on) ? on.map(String) : Object.keys(Object(on) as object);
}

/** A name that is computed cannot be waited for. */
function environmentOf(environment: unknown): string | undefined {
  const name = typeof environment === "string" ? environment : (Object(environment) as { readonly name?: unknown }).name;
  return typeof name === "string" && /^[\w ./-]{1,100}$/.test(name) ? name : undefined;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");
