import { randomBytes } from "node:crypto";
import { appendFile, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { InputError } from "../../core/errors.ts";

/**
 * Writes the whole file or leaves what was there: a reader never sees half of it, and a cancelled job no torn record.
 * Folders on the way are made.
 *
 * @throws {InputError} if the disk is full or the place may not be written.
 */
export async function writeFileAtomic(path: string, text: string): Promise<void> {
  // Beside the target, because a rename is atomic only within one file system.
  const temporary = `${path}.${randomBytes(6).toString("hex")}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    const file = await open(temporary, "wx");
    try {
      await file.writeFile(text, "utf8");
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw writeError(error, path);
  }
}

/**
 * Adds text at the end of a file, which is made if it is not there. A crash may tear what was added last.
 *
 * @throws {InputError} if the disk is full or the place may not be written.
 */
export async function appendToFile(path: string, text: string): Promise<void> {
  try {
    await appendFile(path, text, "utf8");
  } catch (error) {
    throw writeError(error, path);
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  EISDIR: "it is a folder",
  ENOTDIR: "a part of its path is a file, not a folder",
  EEXIST: "a part of its path is a file, not a folder",
  ENAMETOOLONG: "its name is too long",
};

/** A file system error as a sentence; anything else as it is. */
export function writeError(cause: unknown, path: string): unknown {
  const code = cause instanceof Error ? (cause as NodeJS.ErrnoException).code : undefined;
  if (code === undefined) return cause;
  return new InputError(`cannot write ${path}: ${REASONS[code] ?? (cause as Error).message}`, {
    hint: code === "ENOSPC" || code === "EDQUOT" ? "free some space" : "choose another place with --out",
    cause,
  });
}
