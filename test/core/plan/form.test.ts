import fc from "fast-check";
import { expect, test } from "vitest";
import { drawForm } from "../../../src/core/plan/form.ts";
import { payloadPool } from "../../../src/core/plan/payloads.ts";
import { stream } from "../../../src/core/plan/random.ts";
import type { FormPart } from "../../../src/core/suite/input-content.ts";
import { payloadClass } from "./fixtures.ts";

const part = (name: string, content: FormPart["content"], more: Partial<FormPart> = {}): FormPart => ({
  name,
  filename: undefined,
  contentType: undefined,
  content,
  ...more,
});

const files = new Map([["data/x.bin", Uint8Array.of(0, 13, 10, 255, 45, 45)]]);
const form = (parts: readonly FormPart[], seed = 1) =>
  drawForm(parts, (path) => files.get(path)!, { next: stream(seed, "form"), index: 0 });

/** As undici reads it, which knows nothing of how it was written. */
const parsed = ({ bytes, contentType }: ReturnType<typeof form>) =>
  new Response(new Uint8Array(bytes), { headers: { "content-type": contentType! } }).formData();

test("a form is read back by undici, part by part, byte by byte", async () => {
  const read = await parsed(
    form([
      part("model", { kind: "value", text: "whisper-1" }),
      part("options", { kind: "json", value: { a: [1] } }),
      part("file", { kind: "file", path: "data/x.bin" }, { filename: 'we"ird.bin', contentType: "application/x-thing" }),
      part("clip", { kind: "audio", seconds: [0.1, 0.1], rateHz: 8000 }),
      part("photo", { kind: "image", format: "jpeg", width: [8, 8], height: [8, 8], quality: 85 }),
    ]),
  );
  expect([...read.keys()]).toEqual(["model", "options", "file", "clip", "photo"]);
  expect(read.get("model")).toBe("whisper-1");
  expect(read.get("options")).toBe('{"a":[1]}');
  const [file, clip, photo] = ["file", "clip", "photo"].map((name) => read.get(name) as File);
  expect([file!.name, file!.type]).toEqual(['we"ird.bin', "application/x-thing"]);
  expect(new Uint8Array(await file!.arrayBuffer())).toEqual(files.get("data/x.bin"));
  expect([clip!.name, clip!.type, clip!.size]).toEqual(["audio.wav", "audio/wav", 44 + 1600]);
  expect([photo!.name, photo!.type]).toEqual(["image.jpeg", "image/jpeg"]);
});

test("whatever names and values there are come back", async () => {
  const name = fc.string({ minLength: 1, unit: "grapheme" }).map((text) => text.replaceAll(/[\p{Cc}"]/gu, "x").toWellFormed());
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(name, fc.string({ unit: "grapheme" })), { minLength: 1, maxLength: 5 }), async (fields) => {
      const read = await parsed(form(fields.map(([key, text]) => part(key, { kind: "value", text: text.toWellFormed() }))));
      expect([...read.entries()]).toEqual(fields.map(([key, text]) => [key, text.toWellFormed()]));
    }),
    { numRuns: 50 },
  );
});

test("the bytes are those of RFC 7578", () => {
  const { bytes, contentType } = form([part("a", { kind: "value", text: "1" }), part("b", { kind: "file", path: "data/x.bin" })]);
  const boundary = /boundary=(tailgate-[0-9a-f]{32})$/.exec(contentType!)![1]!;
  expect(Buffer.from(bytes).toString("latin1")).toBe(
    `--${boundary}\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n` +
      `--${boundary}\r\nContent-Disposition: form-data; name="b"; filename="x.bin"\r\nContent-Type: application/octet-stream\r\n\r\n` +
      `\0\r\n\xff--\r\n--${boundary}--\r\n`,
  );
});

test("the boundary follows the seed, and gives way to a part that holds it", () => {
  const boundaryOf = (parts: readonly FormPart[]) => /boundary=(.*)$/.exec(form(parts).contentType!)![1]!;
  const usual = boundaryOf([part("a", { kind: "value", text: "1" })]);
  expect(boundaryOf([part("a", { kind: "value", text: "2" })])).toBe(usual);
  expect(boundaryOf([part("a", { kind: "value", text: `x${usual}` })])).not.toBe(usual);
});

test("a form is one request where nothing is drawn, else as many as are useful", () => {
  const pool = (content: FormPart["content"]) => payloadPool(payloadClass("f", { kind: "form", parts: [part("a", content)] }), files, 1);
  expect(pool({ kind: "value", text: "1" })).toHaveLength(1);
  expect(pool({ kind: "value", text: "{{uuid}}", generated: true })).toHaveLength(64);
  expect(pool({ kind: "audio", seconds: [0.1, 0.1], rateHz: 8000 })).toHaveLength(64);
});
