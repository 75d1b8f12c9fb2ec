import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import artifacts from "@actions/artifact";
import type { Candidate, Refusal } from "../../core/compare/baseline.ts";
import { InputError } from "../../core/errors.ts";
import { MAX_RECORD_LENGTH, readRunRecord } from "../../core/record/read.ts";
import type { RunRecord } from "../../core/record/run-record.ts";
import { readZipEntry } from "./zip-entry.ts";

// The client is 4 MB: import this file lazily, where artifacts are used.

/** The only file of an artifact that is ever read. */
export const RECORD_FILE = "run.json";

export type UploadedArtifact = { readonly id: number; readonly sizeBytes: number; readonly digest: string };

/** Two jobs of a run measured one suite and cannot be told apart. */
export class NameTaken extends InputError {
  constructor(name: string, cause: unknown) {
    super(`another job of this run has already stored results of this suite (artifact ${name})`, {
      hint: "give each leg of a matrix a variant of its own, such as `variant: ${{ matrix.gpu }}`",
      cause,
    });
  }
}

/** An artifact that was found and trusted, and where it came from in words. */
export type StoredArtifact = {
  readonly id: number;
  readonly runId: number;
  readonly sizeBytes: number;
  /** `sha256:…` */
  readonly digest: string;
  readonly origin: string;
  readonly distance?: number | undefined;
  readonly expiresAt?: string | undefined;
};

export type ArtifactSource = { readonly token: string; readonly repository: { readonly owner: string; readonly name: string } };

/**
 * Stores files of this run as one artifact.
 *
 * @param name without `" : < > | * ? / \` and line ends; once per workflow run.
 * @param retentionDays the repository's own limit if undefined or longer than it.
 * @throws {NameTaken} if another job of the run has used the name.
 * @throws {InputError} if the platform has no artifacts (GitHub Enterprise Server), or it fails.
 */
export async function uploadRun(
  files: readonly string[],
  name: string,
  rootDir: string,
  retentionDays?: number,
): Promise<UploadedArtifact> {
  try {
    const options = retentionDays === undefined ? {} : { retentionDays };
    const { id, size, digest } = await artifacts.uploadArtifact(name, [...files], rootDir, options);
    if (id === undefined || size === undefined || digest === undefined) throw new Error("the service did not confirm it");
    return { id, sizeBytes: size, digest: `sha256:${digest}` };
  } catch (cause) {
    if (/already exists|409|conflict/i.test(sentence(cause))) throw new NameTaken(name, cause);
    throw new InputError(`the artifact ${name} could not be uploaded: ${sentence(cause)}`, { hint: uploadHint(cause), cause });
  }
}

/**
 * Downloads artifacts and reads the run record in each; the order is kept. One that is gone, damaged, changed since its
 * upload, of another suite or of another schema is refused, and the others still serve.
 */
export async function readArtifactRuns(
  stored: readonly StoredArtifact[],
  suiteName: string,
  source: ArtifactSource,
): Promise<{ readonly candidates: readonly Candidate[]; readonly refused: readonly Refusal[] }> {
  const candidates: Candidate[] = [];
  const refused: Refusal[] = [];
  for (let first = 0; first < stored.length; first += CONCURRENT_DOWNLOADS) {
    const some = stored.slice(first, first + CONCURRENT_DOWNLOADS);
    for (const result of await Promise.all(some.map((artifact) => readArtifactRun(artifact, suiteName, source)))) {
      if ("record" in result) candidates.push(result);
      else refused.push(result);
    }
  }
  return { candidates, refused };
}

/**
 * The text of `run.json` in an artifact. The archive goes into a fresh temporary folder and is not unpacked: its
 * digest is verified first, then one entry is read, within bounds. The folder is removed again.
 *
 * @throws {InputError} with the reason why it cannot be used.
 */
export async function downloadRun(artifact: StoredArtifact, { token, repository }: ArtifactSource): Promise<string> {
  const folder = await mkdtemp(join(process.env["RUNNER_TEMP"] || tmpdir(), "tailgate-artifact-"));
  try {
    const { digestMismatch } = await artifacts
      .downloadArtifact(artifact.id, {
        path: folder,
        expectedHash: artifact.digest,
        skipDecompress: true,
        findBy: { token, workflowRunId: artifact.runId, repositoryOwner: repository.owner, repositoryName: repository.name },
      })
      .catch((cause: unknown) => {
        throw new InputError(`it could not be downloaded: ${sentence(cause)}`, { cause });
      });
    if (digestMismatch !== false) throw new InputError("digest mismatch: it is not what was uploaded");
    return recordText(await readFile(join(folder, await onlyFile(folder))));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const CONCURRENT_DOWNLOADS = 4;

async function readArtifactRun(artifact: StoredArtifact, suiteName: string, source: ArtifactSource): Promise<Candidate | Refusal> {
  const { origin, distance, expiresAt } = artifact;
  try {
    const record: RunRecord = readRunRecord(await downloadRun(artifact, source), RECORD_FILE);
    return record.suite.name === suiteName
      ? { origin, record, distance, expiresAt }
      : { origin, reason: "it holds a run of another suite" };
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    return { origin, reason: error.sentence };
  }
}

async function onlyFile(folder: string): Promise<string> {
  const [name, ...others] = await readdir(folder);
  if (name === undefined || others.length > 0) throw new InputError("the download is not one archive");
  return name;
}

function recordText(zip: Buffer): string {
  let entry: Buffer | undefined;
  try {
    entry = readZipEntry(zip, RECORD_FILE, MAX_RECORD_LENGTH);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new InputError(`damaged archive: ${cause.message}`, { cause });
  }
  if (entry === undefined) throw new InputError(`the archive holds no ${RECORD_FILE}`);
  return entry.toString("utf8");
}

/** The client's messages run over several lines; the first says what happened, and where there is none, the status of the answer. */
function sentence(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  const [first] = cause.message.split("\n").filter((line) => line.trim() !== "");
  if (first !== undefined) return first.replace(/\.+$/, "");
  return "statusCode" in cause ? `the storage answered ${String(cause.statusCode)}` : cause.name;
}

function uploadHint(cause: unknown): string {
  if (cause instanceof Error && cause.name === "GHESNotSupportedError") return "use `baseline: branch` on GitHub Enterprise Server";
  return "run the job again";
}
