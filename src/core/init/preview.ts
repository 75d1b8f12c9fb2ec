import type { RepositoryFindings } from "./repository.ts";
import type { Preview } from "./workflow-text.ts";

/** How the workflow gets at a preview, and why: a sentence without its full stop. */
export function choosePreview({ workflows, dockerfile, servers }: RepositoryFindings): { readonly preview: Preview; readonly why: string } {
  const deploying = workflows.find(({ environment }) => environment !== undefined);
  if (deploying?.environment !== undefined) {
    const { path, environment } = deploying;
    return {
      preview: { kind: "deployment", environment },
      why: `${path} deploys to the environment ${environment}: the gate waits for that`,
    };
  }
  const script: Preview = { kind: "script" };
  const job = workflows.find(({ deploys }) => deploys !== undefined);
  if (job !== undefined) {
    return {
      preview: script,
      why: `${job.path} has the job ${job.deploys}, which seems to deploy: put its URL in the place of what ./deploy-preview prints`,
    };
  }
  const server = servers[0]?.server;
  if (dockerfile === undefined)
    return { preview: script, why: "nothing here deploys a preview: put what deploys yours in the place of ./deploy-preview" };
  const { path } = dockerfile;
  const port = dockerfile.port ?? server?.port;
  if (server?.needsGpu === true) {
    return {
      preview: script,
      why: `${server.name} wants a GPU, which a hosted runner does not have: put what deploys ${path} in the place of ./deploy-preview`,
    };
  }
  const folder = path.split("/").slice(0, -1).join("/");
  if (port === undefined || !/^[\w./-]*$/.test(folder)) {
    return { preview: script, why: `${path} exposes no port: put what deploys it in the place of ./deploy-preview` };
  }
  return { preview: { kind: "container", folder, port }, why: `${path} is built and started on the runner, with its port ${port}` };
}
