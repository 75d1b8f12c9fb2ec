import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { PICTURES } from "../.github/scripts/picture-sources.ts";
import { digestOf, sourceOf, withSource } from "../.github/scripts/png-source.ts";

const readme = readFileSync("README.md", "utf8");

describe.each(Object.keys(PICTURES) as readonly (keyof typeof PICTURES)[])("%s", (picture) => {
  test("shows what tailgate writes today; if not: npm run -s pictures", () => {
    expect(sourceOf(readFileSync(picture))).toBe(PICTURES[picture]().digest);
  });

  test("is small, and the README shows it to those who cannot see it, too", () => {
    expect(readFileSync(picture).length).toBeLessThan(250_000);
    expect(new RegExp(`!\\[([^\\]]{40,})\\]\\(${picture}\\)`).exec(readme)).not.toBeNull();
  });
});

test("a digest is read back from the picture that it was written into, and from no other", () => {
  const picture = readFileSync("docs/comment.png");
  const other = withSource(picture, digestOf("other"));
  expect(other.length).toBe(picture.length + 12 + "Source".length + 1 + 32);
  expect(sourceOf(other)).toBe(digestOf("other"));
  expect(sourceOf(picture.subarray(0, 33))).toBeUndefined();
  expect(digestOf("a", "b")).not.toBe(digestOf("ab"));
});
