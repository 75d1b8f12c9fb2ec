import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const PASSED_OVER = new Set([
  "node_modules",
  ".git",
  ".venv",
  "venv",
  "__pycache__",
  "dist",
  "build",
  "target",
  "vendor",
  "tailgate-out",
  "test",
  "tests",
]);
const DEEPEST = 4;
const MOST_ENTRIES = 20_000;
const MOST_FILES = 200;
const LARGEST_BYTES = 512 * 1024;

/**
 * Texts of the files below `folder` whose paths `isWanted`, by path with forward slashes. Folders of dependencies, of tests and
 * of results are passed over, and so is what is large, too deep or unreadable: this is a look, no inventory.
 */
export async function readRepositoryFiles(folder: string, isWanted: (path: string) => boolean): Promise<ReadonlyMap<string, string>> {
  const files = new Map<string, string>();
  let open: readonly string[] = [""];
  let entries = 0;
  for (let depth = 0; depth <= DEEPEST && open.length > 0; depth++) {
    const next: string[] = [];
    for (const below of open) {
      const found = await readdir(join(folder, below), { withFileTypes: true }).catch(() => []);
      for (const entry of found.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
        if (++entries > MOST_ENTRIES || files.size >= MOST_FILES) return files;
        const path = below === "" ? entry.name : `${below}/${entry.name}`;
        if (entry.isDirectory() && !PASSED_OVER.has(entry.name)) next.push(path);
        else if (entry.isFile() && isWanted(path)) {
          const text = await smallText(join(folder, path));
          if (text !== undefined) files.set(path, text);
        }
      }
    }
    open = next;
  }
  return files;
}

async function smallText(path: string): Promise<string | undefined> {
  try {
    return (await stat(path)).size > LARGEST_BYTES ? undefined : await readFile(path, "utf8");
  } catch {
    return undefined;
  }
}
