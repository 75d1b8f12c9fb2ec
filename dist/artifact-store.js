import { client } from "./vendor-lazy.js";
import { InputError } from "./shared.js";
import { MAX_RECORD_LENGTH, readRunRecord } from "./tailgate.js";
import { crc32, inflateRawSync } from "node:zlib";
import { join } from "node:path";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";

// src/io/baselines/zip-entry.ts
/**
* One file out of a ZIP archive that nobody trusts, in bounded memory: only the named entry is looked at, and it is
* never inflated beyond `maxBytes`, whatever its header claims. Nothing is written to disk, so no entry name matters.
*
* @returns undefined if the archive has no such entry.
* @throws {RangeError} for a damaged archive, an entry that is encrypted, compressed in a way other than deflate,
*   longer than `maxBytes` or there twice. ZIP64 is not read: it begins at 4 GiB.
*
* Source: PKWARE (2022), APPNOTE.TXT 6.3.10, sections 4.3.7, 4.3.12 and 4.3.16.
*/
function readZipEntry(zip, name, maxBytes) {
	const entries = centralDirectory(zip).filter((entry) => entry.name === name);
	const [entry] = entries;
	if (entry === void 0) return void 0;
	if (entries.length > 1) throw new RangeError(`${name} is in the archive ${entries.length} times`);
	if (entry.size > maxBytes) throw new RangeError(`${name} is ${entry.size} bytes long, at most ${maxBytes} are read`);
	if (entry.isEncrypted) throw new RangeError(`${name} is encrypted`);
	const content = inflate(compressedBytes(zip, entry), entry, maxBytes);
	if (content.length !== entry.size || crc32(content) !== entry.crc) throw new RangeError(`${name} does not match its checksum`);
	return content;
}
const END_RECORD = 101010256;
const CENTRAL_HEADER = 33639248;
const LOCAL_HEADER = 67324752;
/** The end record without its comment, and the longest comment. */
const END_LENGTH = 22;
const MAX_COMMENT = 65535;
/** The archive's own list, at its end. What stands between the entries is not looked at. */
function centralDirectory(zip) {
	const end = endRecord(zip);
	const count = zip.readUInt16LE(end + 10);
	const entries = [];
	let at = zip.readUInt32LE(end + 16);
	for (let i = 0; i < count; i++) {
		expectSignature(zip, at, CENTRAL_HEADER);
		const nameLength = zip.readUInt16LE(at + 28);
		entries.push({
			name: zip.toString("utf8", at + 46, at + 46 + nameLength),
			isEncrypted: (zip.readUInt16LE(at + 8) & 1) === 1,
			method: zip.readUInt16LE(at + 10),
			crc: zip.readUInt32LE(at + 16),
			compressedSize: zip.readUInt32LE(at + 20),
			size: zip.readUInt32LE(at + 24),
			localHeader: zip.readUInt32LE(at + 42)
		});
		at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
	}
	return entries;
}
function endRecord(zip) {
	const first = Math.max(0, zip.length - END_LENGTH - MAX_COMMENT);
	for (let at = zip.length - END_LENGTH; at >= first; at--) if (zip.readUInt32LE(at) === END_RECORD) return at;
	throw new RangeError("it is not a ZIP archive, or cut short");
}
function compressedBytes(zip, { localHeader, compressedSize }) {
	expectSignature(zip, localHeader, LOCAL_HEADER);
	const start = localHeader + 30 + zip.readUInt16LE(localHeader + 26) + zip.readUInt16LE(localHeader + 28);
	if (start + compressedSize > zip.length) throw new RangeError("it is cut short");
	return zip.subarray(start, start + compressedSize);
}
function inflate(compressed, { name, method }, maxBytes) {
	if (method === 0) return compressed;
	if (method !== 8) throw new RangeError(`${name} is compressed by method ${method}; deflate is read`);
	try {
		return inflateRawSync(compressed, { maxOutputLength: maxBytes });
	} catch (cause) {
		throw new RangeError(`${name} cannot be inflated, or is longer than ${maxBytes} bytes`, { cause });
	}
}
function expectSignature(zip, at, signature) {
	if (at + 4 > zip.length || zip.readUInt32LE(at) !== signature) throw new RangeError("its directory is damaged");
}

// src/io/baselines/artifact-store.ts
/** The only file of an artifact that is ever read. */
const RECORD_FILE = "run.json";
/** Two jobs of a run measured one suite and cannot be told apart. */
var NameTaken = class extends InputError {
	constructor(name, cause) {
		super(`another job of this run has already stored results of this suite (artifact ${name})`, {
			hint: "give each leg of a matrix a variant of its own, such as `variant: ${{ matrix.gpu }}`",
			cause
		});
	}
};
/**
* Stores files of this run as one artifact.
*
* @param name without `" : < > | * ? / \` and line ends; once per workflow run.
* @param retentionDays the repository's own limit if undefined or longer than it.
* @throws {NameTaken} if another job of the run has used the name.
* @throws {InputError} if the platform has no artifacts (GitHub Enterprise Server), or it fails.
*/
async function uploadRun(files, name, rootDir, retentionDays) {
	try {
		const options = retentionDays === void 0 ? {} : { retentionDays };
		const { id, size, digest } = await client.uploadArtifact(name, [...files], rootDir, options);
		if (id === void 0 || size === void 0 || digest === void 0) throw new Error("the service did not confirm it");
		return {
			id,
			sizeBytes: size,
			digest: `sha256:${digest}`
		};
	} catch (cause) {
		if (/already exists|409|conflict/i.test(sentence(cause))) throw new NameTaken(name, cause);
		throw new InputError(`the artifact ${name} could not be uploaded: ${sentence(cause)}`, {
			hint: uploadHint(cause),
			cause
		});
	}
}
/**
* Downloads artifacts and reads the run record in each; the order is kept. One that is gone, damaged, changed since its
* upload, of another suite or of another schema is refused, and the others still serve.
*/
async function readArtifactRuns(stored, suiteName, source) {
	const candidates = [];
	const refused = [];
	for (let first = 0; first < stored.length; first += CONCURRENT_DOWNLOADS) {
		const some = stored.slice(first, first + CONCURRENT_DOWNLOADS);
		for (const result of await Promise.all(some.map((artifact) => readArtifactRun(artifact, suiteName, source)))) if ("record" in result) candidates.push(result);
		else refused.push(result);
	}
	return {
		candidates,
		refused
	};
}
/**
* The text of `run.json` in an artifact. The archive goes into a fresh temporary folder and is not unpacked: its
* digest is verified first, then one entry is read, within bounds. The folder is removed again.
*
* @throws {InputError} with the reason why it cannot be used.
*/
async function downloadRun(artifact, { token, repository }) {
	const folder = await mkdtemp(join(process.env["RUNNER_TEMP"] || tmpdir(), "tailgate-artifact-"));
	try {
		const { digestMismatch } = await client.downloadArtifact(artifact.id, {
			path: folder,
			expectedHash: artifact.digest,
			skipDecompress: true,
			findBy: {
				token,
				workflowRunId: artifact.runId,
				repositoryOwner: repository.owner,
				repositoryName: repository.name
			}
		}).catch((cause) => {
			throw new InputError(`it could not be downloaded: ${sentence(cause)}`, { cause });
		});
		if (digestMismatch !== false) throw new InputError("digest mismatch: it is not what was uploaded");
		return recordText(await readFile(join(folder, await onlyFile(folder))));
	} finally {
		await rm(folder, {
			recursive: true,
			force: true
		});
	}
}
const CONCURRENT_DOWNLOADS = 4;
async function readArtifactRun(artifact, suiteName, source) {
	const { origin, distance, expiresAt } = artifact;
	try {
		const record = readRunRecord(await downloadRun(artifact, source), RECORD_FILE);
		return record.suite.name === suiteName ? {
			origin,
			record,
			distance,
			expiresAt
		} : {
			origin,
			reason: "it holds a run of another suite"
		};
	} catch (error) {
		if (!(error instanceof InputError)) throw error;
		return {
			origin,
			reason: error.sentence
		};
	}
}
async function onlyFile(folder) {
	const [name, ...others] = await readdir(folder);
	if (name === void 0 || others.length > 0) throw new InputError("the download is not one archive");
	return name;
}
function recordText(zip) {
	let entry;
	try {
		entry = readZipEntry(zip, RECORD_FILE, MAX_RECORD_LENGTH);
	} catch (cause) {
		if (!(cause instanceof RangeError)) throw cause;
		throw new InputError(`damaged archive: ${cause.message}`, { cause });
	}
	if (entry === void 0) throw new InputError(`the archive holds no ${RECORD_FILE}`);
	return entry.toString("utf8");
}
/** The client's messages run over several lines; the first says what happened, and where there is none, the status of the answer. */
function sentence(cause) {
	if (!(cause instanceof Error)) return String(cause);
	const [first] = cause.message.split("\n").filter((line) => line.trim() !== "");
	if (first !== void 0) return first.replace(/\.+$/, "");
	return "statusCode" in cause ? `the storage answered ${String(cause.statusCode)}` : cause.name;
}
function uploadHint(cause) {
	if (cause instanceof Error && cause.name === "GHESNotSupportedError") return "use `baseline: branch` on GitHub Enterprise Server";
	return "run the job again";
}

export { NameTaken, readArtifactRuns, uploadRun };
//# sourceMappingURL=artifact-store.js.map