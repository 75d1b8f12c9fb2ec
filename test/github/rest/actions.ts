import type { GitHubState } from "../state.ts";
import { type Answer, type Handlers, NOT_FOUND, page, type RestCall } from "./handler.ts";

const artifactList = ({ state, make, query }: RestCall, keep: (artifact: GitHubState["artifacts"][number]) => boolean): Answer => {
  const name = query.get("name");
  const all = state.artifacts.filter((artifact) => keep(artifact) && (name === null || artifact.name === name)).sort((a, b) => b.id - a.id);
  return { status: 200, body: { total_count: all.length, artifacts: page(all, query).map(make.artifact) } };
};

const artifactOf = ({ state, params }: RestCall) => state.artifacts.find(({ id }) => id === Number(params["artifact_id"]));

export const ACTIONS: Handlers = {
  "actions/list-artifacts-for-repo": {
    needs: ["actions", "read"],
    answer: (call) => artifactList(call, ({ isListed }) => isListed),
  },

  "actions/list-workflow-run-artifacts": {
    needs: ["actions", "read"],
    answer: (call) => artifactList(call, ({ runId }) => runId === Number(call.params["run_id"])),
  },

  "actions/download-artifact": {
    needs: ["actions", "read"],
    answer: (call) => {
      const artifact = artifactOf(call);
      if (artifact === undefined) return NOT_FOUND;
      if (artifact.expired)
        return { status: 410, body: { message: "Artifact has expired", documentation_url: "https://docs.github.com/rest", status: "410" } };
      return { status: 302, headers: { location: `${call.url}/storage/downloads/${artifact.id}.zip?sig=download` } };
    },
  },

  "actions/delete-artifact": {
    needs: ["actions", "write"],
    answer: (call) => {
      const artifact = artifactOf(call);
      if (artifact === undefined) return NOT_FOUND;
      call.state.artifacts.splice(call.state.artifacts.indexOf(artifact), 1);
      return { status: 204 };
    },
  },

  "actions/list-workflow-runs-for-repo": {
    needs: ["actions", "read"],
    answer: ({ state, make, query }) => {
      const matches = (name: string, value: string): boolean => (query.get(name) ?? value) === value;
      const isFresh = query.has("head_sha");
      const runs = state.runs.filter(
        (run) =>
          (isFresh || run.isIndexed) &&
          matches("head_sha", run.headSha) &&
          matches("event", run.event) &&
          matches("branch", run.headBranch),
      );
      const newestFirst = [...runs].sort((a, b) => b.id - a.id);
      return { status: 200, body: { total_count: runs.length, workflow_runs: page(newestFirst, query).map(make.run) } };
    },
  },

  "actions/get-workflow-run": {
    needs: ["actions", "read"],
    answer: ({ state, make, params }) => {
      const run = state.runs.find(({ id }) => id === Number(params["run_id"]));
      return run === undefined ? NOT_FOUND : { status: 200, body: make.run(run) };
    },
  },
};
