import { InputError } from "../../../core/errors.ts";
import { type Asking, PER_PAGE, undefinedFor404 } from "./ask.ts";

/** A file in a folder, and the name of its blob. */
export type FolderFile = { readonly name: string; readonly sha: string; readonly sizeBytes: number };

const READ = "contents: read";

/** Commits, and the files in them. */
export function commitsApi({ client: { rest }, repo, ask }: Asking) {
  return {
    /** The commit and those before it, in the order of the history, at most `max`. */
    listCommits: (sha: string, max: number): Promise<readonly string[]> =>
      ask("read commits", READ, async () => {
        const found: string[] = [];
        for (let page = 1; found.length < max; page++) {
          const { data } = await rest.repos.listCommits({ ...repo, sha, per_page: PER_PAGE, page });
          found.push(...data.map((commit) => commit.sha));
          if (data.length < PER_PAGE) break;
        }
        return found.slice(0, max);
      }),

    /** A small text file at a commit; undefined if there is none. */
    readFile: (path: string, ref: string): Promise<string | undefined> =>
      ask(`read ${path}`, READ, async () => {
        const answer = await rest.repos.getContent({ ...repo, path, ref }).catch(undefinedFor404);
        if (answer === undefined) return undefined;
        const { data } = answer;
        // Above 1 MiB the API leaves the content out.
        if (Array.isArray(data) || data.type !== "file" || !("content" in data) || data.encoding !== "base64") {
          throw new InputError(`${path} at ${ref.slice(0, 7)} is not a file of at most 1 MiB`);
        }
        return Buffer.from(data.content, "base64").toString("utf8");
      }),

    /** The files directly in a folder at a commit or on a branch, at most 1000; none if there is no such folder. */
    listFolder: (path: string, ref: string): Promise<readonly FolderFile[]> =>
      ask(`list ${path}`, READ, async () => {
        const answer = await rest.repos.getContent({ ...repo, path, ref }).catch(undefinedFor404);
        if (answer === undefined || !Array.isArray(answer.data)) return [];
        return answer.data.flatMap(({ type, name, sha, size }) => (type === "file" ? [{ name, sha, sizeBytes: size }] : []));
      }),

    /** Where the history of `head` left that of `base`; undefined if they share none, or one is unknown. */
    mergeBase: (base: string, head: string): Promise<string | undefined> =>
      ask("compare commits", READ, async () => {
        const answer = await rest.repos
          .compareCommitsWithBasehead({ ...repo, basehead: `${base}...${head}`, per_page: 1 })
          .catch(undefinedFor404);
        return answer?.data.merge_base_commit.sha;
      }),
  };
}
