import { posix } from "node:path";
import { InputError } from "../core/errors.ts";
import type { GitHubApi } from "../io/github/api.ts";
import type { FilePorts } from "../load-suite.ts";

/**
 * The files of a commit of this repository, without a checkout: a step that judges what strangers propose has nothing of
 * theirs on its disk. Paths are those of the repository; what leads out of it is refused.
 */
export function filesAt(
  api: Pick<GitHubApi, "readFileBytes">,
  { sha, branch }: { readonly sha: string; readonly branch: string },
): FilePorts {
  const readBytes = async (path: string, what: string): Promise<Uint8Array> => {
    const clean = posix.normalize(path.replaceAll("\\", "/"));
    if (clean.startsWith("..") || posix.isAbsolute(clean)) {
      throw new InputError(`the ${what} ${path} lies outside the repository`, { hint: "name it by its path in the repository" });
    }
    const bytes = await api.readFileBytes(clean, sha);
    if (bytes === undefined) {
      const hint = `what a pull request is judged by is read from the branch that it goes into: merge it into ${branch} first, or mend the path`;
      throw new InputError(`the ${what} ${clean} is not on ${branch} (${sha.slice(0, 7)})`, { hint });
    }
    return bytes;
  };
  return { readBytes, readText: async (path, what) => Buffer.from(await readBytes(path, what)).toString("utf8") };
}
