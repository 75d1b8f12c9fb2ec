import type { Pull } from "../state.ts";
import { type Handlers, NOT_FOUND, page } from "./handler.ts";

export const PULLS: Handlers = {
  "repos/list-pull-requests-associated-with-commit": {
    needs: ["pull-requests", "read"],
    answer: ({ state, make, params, query }) => {
      const { commit_sha: sha } = params;
      const isOwn = ({ head, mergedAs }: Pull): boolean =>
        mergedAs === sha || (head.sha === sha && head.repositoryId === state.repository.id);
      const pulls = state.pulls.filter(isOwn);
      return { status: 200, body: page(pulls, query).map(make.pullSimple) };
    },
  },

  "pulls/get": {
    needs: ["pull-requests", "read"],
    answer: ({ state, make, params }) => {
      const pull = state.pulls.find(({ number }) => number === Number(params["pull_number"]));
      return pull === undefined ? NOT_FOUND : { status: 200, body: make.pull(pull) };
    },
  },
};
