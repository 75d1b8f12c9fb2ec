/**
 * A name as a part of file and artifact names on every platform: lower case letters, digits, `.`, `_` and `-`; other
 * characters become `-`. At most 60 characters, never empty, never hidden, never `..`. Different names may meet in one slug.
 */
export const slug = (name: string): string =>
  name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, "-")
    .replace(/\.{2,}/g, ".")
    .slice(0, 60)
    .replace(/^[.-]+|[.-]+$/g, "") || "suite";
