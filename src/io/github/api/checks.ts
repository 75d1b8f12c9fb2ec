import { type Asking, PER_PAGE } from "./ask.ts";

/** What a check run says at its end. */
export type CheckEnd = {
  readonly conclusion: "success" | "neutral" | "failure" | "action_required" | "cancelled";
  readonly title: string;
  /** Markdown, at most 65,535 characters. */
  readonly summary: string;
  readonly annotations: readonly CheckAnnotation[];
};

/** A mistake beside its line. Lines and columns count from 1. */
export type CheckAnnotation = { readonly path: string; readonly line: number; readonly column: number; readonly message: string };

const WRITE = "checks: write";
/** GitHub takes so many at once; further requests add to them. */
const ANNOTATIONS_PER_REQUEST = 50;
/** More mistakes than these are one mistake. */
const MOST_ANNOTATIONS = 200;

/** Check runs on commits. They are found again by an id of our own: a job of a workflow may have any name, but not that. */
export function checksApi({ client: { rest }, repo, ask }: Asking) {
  return {
    /**
     * Begins a check run, or goes on with one of the same name that was never ended.
     *
     * @param sha the head commit itself: of a merge commit no branch protection asks anything.
     * @returns its id.
     */
    beginCheck: (check: {
      readonly name: string;
      readonly sha: string;
      readonly externalId: string;
      readonly detailsUrl: string;
      /** `queued` while there is nothing to be measured yet. */
      readonly status: "queued" | "in_progress";
      readonly title: string;
    }): Promise<number> =>
      ask("write check runs", WRITE, async () => {
        const { name, status, title } = check;
        const { data } = await rest.checks.listForRef({ ...repo, ref: check.sha, check_name: name, per_page: PER_PAGE });
        const begun = data.check_runs.find((run) => run.external_id === check.externalId && run.status !== "completed");
        const state = { ...repo, status, details_url: check.detailsUrl, output: { title, summary: title } };
        if (begun !== undefined) return (await rest.checks.update({ ...state, check_run_id: begun.id })).data.id;
        return (await rest.checks.create({ ...state, name, head_sha: check.sha, external_id: check.externalId })).data.id;
      }),

    endCheck: (id: number, { conclusion, title, summary, annotations }: CheckEnd): Promise<void> =>
      ask("write check runs", WRITE, async () => {
        const all = annotations.slice(0, MOST_ANNOTATIONS).map(annotationOf);
        for (let first = 0; first === 0 || first < all.length; first += ANNOTATIONS_PER_REQUEST) {
          const some = all.slice(first, first + ANNOTATIONS_PER_REQUEST);
          const output = { title, summary, ...(some.length === 0 ? {} : { annotations: some }) };
          await rest.checks.update({ ...repo, check_run_id: id, status: "completed", conclusion, output });
        }
      }),
  };
}

const annotationOf = ({ path, line, column, message }: CheckAnnotation) =>
  ({
    path,
    start_line: line,
    end_line: line,
    start_column: column,
    end_column: column,
    annotation_level: "failure",
    message,
  }) as const;
