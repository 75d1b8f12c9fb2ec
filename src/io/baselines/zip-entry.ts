import { crc32, inflateRawSync } from "node:zlib";

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
export function readZipEntry(zip: Buffer, name: string, maxBytes: number): Buffer | undefined {
  const entries = centralDirectory(zip).filter((entry) => entry.name === name);
  const [entry] = entries;
  if (entry === undefined) return undefined;
  if (entries.length > 1) throw new RangeError(`${name} is in the archive ${entries.length} times`);
  if (entry.size > maxBytes) throw new RangeError(`${name} is ${entry.size} bytes long, at most ${maxBytes} are read`);
  if (entry.isEncrypted) throw new RangeError(`${name} is encrypted`);
  const content = inflate(compressedBytes(zip, entry), entry, maxBytes);
  if (content.length !== entry.size || crc32(content) !== entry.crc) throw new RangeError(`${name} does not match its checksum`);
  return content;
}

type Entry = {
  readonly name: string;
  readonly isEncrypted: boolean;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  readonly localHeader: number;
};

const END_RECORD = 0x06054b50;
const CENTRAL_HEADER = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
/** The end record without its comment, and the longest comment. */
const END_LENGTH = 22;
const MAX_COMMENT = 0xffff;

/** The archive's own list, at its end. What stands between the entries is not looked at. */
function centralDirectory(zip: Buffer): readonly Entry[] {
  const end = endRecord(zip);
  const count = zip.readUInt16LE(end + 10);
  const entries: Entry[] = [];
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
      localHeader: zip.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + zip.readUInt16LE(at + 30) + zip.readUInt16LE(at + 32);
  }
  return entries;
}

function endRecord(zip: Buffer): number {
  const first = Math.max(0, zip.length - END_LENGTH - MAX_COMMENT);
  for (let at = zip.length - END_LENGTH; at >= first; at--) if (zip.readUInt32LE(at) === END_RECORD) return at;
  throw new RangeError("it is not a ZIP archive, or cut short");
}

function compressedBytes(zip: Buffer, { localHeader, compressedSize }: Entry): Buffer {
  expectSignature(zip, localHeader, LOCAL_HEADER);
  const start = localHeader + 30 + zip.readUInt16LE(localHeader + 26) + zip.readUInt16LE(localHeader + 28);
  if (start + compressedSize > zip.length) throw new RangeError("it is cut short");
  return zip.subarray(start, start + compressedSize);
}

function inflate(compressed: Buffer, { name, method }: Entry, maxBytes: number): Buffer {
  if (method === 0) return compressed;
  if (method !== 8) throw new RangeError(`${name} is compressed by method ${method}; deflate is read`);
  try {
    return inflateRawSync(compressed, { maxOutputLength: maxBytes });
  } catch (cause) {
    throw new RangeError(`${name} cannot be inflated, or is longer than ${maxBytes} bytes`, { cause });
  }
}

function expectSignature(zip: Buffer, at: number, signature: number): void {
  if (at + 4 > zip.length || zip.readUInt32LE(at) !== signature) throw new RangeError("its directory is damaged");
}
