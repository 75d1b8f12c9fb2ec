import { readdir, readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { closest, distance } from "fastest-levenshtein";
import { InputError } from "../../core/errors.ts";

/** Largest file that is read when the caller names no limit of its own: beyond any suite, record or payload file we know. */
const MAX_BYTES = 256 * 1024 * 1024;

/**
 * A whole file as UTF-8 text, without a byte order mark.
 *
 * @param what what the file is to the user (`suite`, `baseline`), for the message.
 * @throws {InputError} if it is missing (naming the nearest file name beside it), a folder, unreadable or too large.
 */
export async function readTextFile(path: string, what: string, maxBytes: number = MAX_BYTES): Promise<string> {
  return new TextDecoder().decode(await readBytes(path, what, maxBytes));
}

/** As {@link readTextFile}, for files that need not be text. */
export async function readBytes(path: string, what: string, maxBytes: number = MAX_BYTES): Promise<Uint8Array> {
  try {
    const found = await stat(path);
    if (found.isDirectory()) throw new InputError(`the ${what} ${path} is a folder`, { hint: await fileInside(path) });
    if (found.size > maxBytes)
      throw new InputError(`the ${what} ${path} is ${mebibytes(found.size)}; at most ${mebibytes(maxBytes)} are read`);
    return await readFile(path);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw await readError(error, path, what);
  }
}

/** A file system error as a sentence; anything else as it is. */
export async function readError(cause: unknown, path: string, what: string): Promise<unknown> {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  if (code === "ENOENT" || code === "ENOTDIR") {
    const hint = await nearest(path);
    return new InputError(`there is no ${what} ${path}`, { ...(hint === undefined ? {} : { hint }), cause });
  }
  if (code === "EACCES" || code === "EPERM") return new InputError(`the ${what} ${path} may not be read: permission denied`, { cause });
  // What is left is the file system's own trouble; its message names the operation and the path.
  return code === undefined ? cause : new InputError(`the ${what} ${path} cannot be read: ${(cause as Error).message}`, { cause });
}

async function nearest(path: string): Promise<string | undefined> {
  const folder = dirname(path);
  const names = await readdir(folder).catch(() => undefined);
  if (names === undefined) return `the folder ${folder} does not exist either`;
  if (names.length === 0) return undefined;
  const wanted = basename(path);
  const candidate = closest(wanted, names);
  // Two names that share less than half of their characters are not a slip of the keyboard.
  return distance(wanted, candidate) <= Math.max(2, wanted.length / 2) ? `did you mean ${join(folder, candidate)}?` : undefined;
}

async function fileInside(folder: string): Promise<string> {
  const names = await readdir(folder).catch(() => []);
  const likely = names.find((name) => /\.(ya?ml|json)$/.test(name));
  return likely === undefined ? "give the path of a file" : `give the path of a file, perhaps ${join(folder, likely)}`;
}

const mebibytes = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MiB`;
