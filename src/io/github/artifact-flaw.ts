import type { ArtifactListing } from "./api.ts";

const MAX_BYTES = 64 * 1024 * 1024;

/** Why an artifact cannot be had, or not be verified, whoever made it; undefined if nothing speaks against it. */
export function flawOfStorage({ sizeBytes, digest, expired, expiresAt }: ArtifactListing): string | undefined {
  if (expired) return `expired on ${expiresAt?.slice(0, 10) ?? "an unknown day"}`;
  if (!/^sha256:[0-9a-f]{64}$/.test(digest ?? "")) return "it has no SHA-256 digest to verify it by";
  if (sizeBytes > MAX_BYTES) return `it is ${Math.ceil(sizeBytes / 1024 / 1024)} MiB; at most ${MAX_BYTES / 1024 / 1024} MiB are read`;
  return undefined;
}
