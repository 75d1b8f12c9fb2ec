import { createHash } from "node:crypto";

/**
 * The names under which git may keep the content of a file: the SHA-1 of the blob as it is, and, where lines end as on
 * Windows, of what git makes of it when it is told to convert them.
 */
export function gitBlobShas(bytes: Uint8Array): readonly string[] {
  const content = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (!content.includes("\r\n")) return [blobSha(content)];
  // Byte for byte: a text in Latin 1 is its own bytes.
  return [blobSha(content), blobSha(Buffer.from(content.toString("latin1").replaceAll("\r\n", "\n"), "latin1"))];
}

const blobSha = (content: Buffer): string => createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
