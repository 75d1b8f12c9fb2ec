import type { Asking } from "./ask.ts";

const READ = "pull-requests: read";

/** Pull requests. */
export function pullsApi({ client: { rest }, repo, ask }: Asking) {
  return {
    /** The labels that a pull request has now: its event says which it had when the event was made, also in a re-run. */
    pullLabels: (number: number): Promise<readonly string[]> =>
      ask("read the pull request", READ, async () => {
        const { data } = await rest.pulls.get({ ...repo, pull_number: number });
        return data.labels.map(({ name }) => name);
      }),
  };
}
