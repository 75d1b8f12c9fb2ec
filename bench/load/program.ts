import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** Programs of this package's own npm peers. */
const OWN = join(import.meta.dirname, "peers/node_modules/.bin");

/** Where a program is: in the folders that `TAILGATE_PEERS` names, on the PATH, or among our npm peers. Undefined: nowhere. */
export function findProgram(name: string): string | undefined {
  const folders = [process.env["TAILGATE_PEERS"], process.env["PATH"], OWN].flatMap((list) => list?.split(delimiter) ?? []);
  // Debian keeps servers where only administrators look.
  return [...folders, "/usr/sbin", "/usr/local/sbin"].map((folder) => join(folder, name)).find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
