/** How the workflow gets an endpoint that runs the commit of a pull request. */
export type Preview =
  /** A script of the repository deploys it and prints its URL; a placeholder until somebody writes it. */
  | { readonly kind: "script" }
  /** Another workflow deploys to a GitHub environment. */
  | { readonly kind: "deployment"; readonly environment: string }
  /** Its container runs on the runner itself. `port`: where it listens inside. */
  | { readonly kind: "container"; readonly folder: string; readonly port: number };

export type WorkflowChoices = {
  readonly preview: Preview;
  /** The default branch. */
  readonly branch: string;
  /** Path of the suite in the repository. */
  readonly suite: string;
  /** Variable of the suite → name of the repository's secret that fills it. */
  readonly secrets: Readonly<Record<string, string>>;
};

const CHECKOUT = "actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1";

/**
 * A workflow from its `name:` on. `examples/workflows/{pull-request,deployment,container}.yml` are what this writes, under a
 * heading of their own; a test holds them together.
 */
export function workflowText(choices: WorkflowChoices): string {
  switch (choices.preview.kind) {
    case "script":
      return onPulls(choices, DEPLOY_JOB, "${{ needs.deploy.outputs.url }}");
    case "container":
      return onPulls(choices, [], "http://127.0.0.1:8080", containerSteps(choices.preview));
    case "deployment":
      return onDeployment(choices, choices.preview.environment);
  }
}

function onPulls(
  { branch, suite, secrets }: WorkflowChoices,
  before: readonly string[],
  endpoint: string,
  steps: readonly string[] = [],
): string {
  return lines([
    "name: performance",
    "",
    "on:",
    "  pull_request:",
    "  push:",
    `    branches: [${scalar(branch)}]`,
    "",
    "permissions: {}",
    "",
    "# Two loads on one preview would measure each other.",
    "concurrency:",
    "  group: performance-${{ github.ref }}",
    "  cancel-in-progress: ${{ github.event_name == 'pull_request' }}",
    "",
    "jobs:",
    ...before,
    "  gate:",
    "    name: gate",
    ...(before.length === 0 ? [] : ["    needs: deploy"]),
    "    runs-on: ubuntu-24.04",
    "    timeout-minutes: 30",
    "    permissions:",
    "      contents: read # to read the suite, and the suite of the base branch",
    "      actions: read # to read the stored runs of the default branch",
    "      pull-requests: write # to write the comment",
    "    steps:",
    `      - uses: ${CHECKOUT}`,
    "        with:",
    "          persist-credentials: false",
    ...steps,
    ...gateStep([`suite: ${scalar(suite)}`, `endpoint: ${endpoint}`], secrets),
  ]);
}

const DEPLOY_JOB = [
  "  deploy:",
  "    name: deploy",
  "    runs-on: ubuntu-24.04",
  "    timeout-minutes: 30",
  "    permissions:",
  "      contents: read # to check out the sources",
  "    outputs:",
  "      url: ${{ steps.preview.outputs.url }}",
  "    steps:",
  `      - uses: ${CHECKOUT}`,
  "        with:",
  "          persist-credentials: false",
  "      - id: preview",
  "        # Prints the URL of an endpoint that runs this commit. tailgate itself deploys nothing.",
  `        run: echo "url=$(./deploy-preview)" >> "$GITHUB_OUTPUT"`,
  "",
];

const containerSteps = ({ folder, port }: Extract<Preview, { kind: "container" }>): readonly string[] => [
  "      # An endpoint that runs this commit, on this very machine. tailgate waits until it is ready.",
  `      - run: docker build --tag preview ${folder === "" ? "." : `./${folder}`}`,
  `      - run: docker run --detach --name preview --publish 127.0.0.1:8080:${port} preview`,
];

function onDeployment({ suite, secrets }: WorkflowChoices, environment: string): string {
  return lines([
    "name: deployed",
    "",
    "on: deployment_status",
    "",
    "permissions: {}",
    "",
    "# Two loads on one preview would measure each other.",
    "concurrency:",
    "  group: deployed-${{ github.event.deployment.sha }}",
    "  cancel-in-progress: false",
    "",
    "jobs:",
    "  gate:",
    "    name: gate",
    "    if: >-",
    `      github.event.deployment_status.environment == '${environment.replaceAll("'", "''")}' &&`,
    `      contains(fromJSON('["success", "failure", "error"]'), github.event.deployment_status.state)`,
    "    runs-on: ubuntu-24.04",
    "    timeout-minutes: 30",
    "    permissions:",
    "      contents: read # to check out the suite, and to read that of the base branch",
    "      actions: read # to read the stored runs of the default branch",
    "      pull-requests: write # to find the pull request of the commit, and to write the comment",
    "      checks: write # to write the check run on its head",
    "    steps:",
    "      # The commit that was deployed.",
    `      - uses: ${CHECKOUT}`,
    "        with:",
    "          persist-credentials: false",
    ...gateStep([`suite: ${scalar(suite)}`, "check-run: always"], secrets),
  ]);
}

const gateStep = (inputs: readonly string[], secrets: Readonly<Record<string, string>>): readonly string[] => [
  "      - uses: tailgate-ci/tailgate@v1",
  "        with:",
  ...inputs.map((input) => `          ${input}`),
  ...(Object.keys(secrets).length === 0
    ? []
    : ["        env:", ...Object.entries(secrets).map(([name, secret]) => `          ${name}: \${{ secrets.${secret} }}`)]),
];

const lines = (all: readonly string[]): string => `${all.join("\n")}\n`;

/** Of a branch or a path: in quotes where YAML, or GitHub's filter of branches, could read more into it. */
const scalar = (text: string): string => (/^[A-Za-z][\w./-]*$/.test(text) ? text : JSON.stringify(text));
