import fc from "fast-check";
import { decode as decodeJpeg } from "jpeg-js";
import { PNG } from "pngjs";
import { expect, test } from "vitest";
import { payloadPool } from "../../../src/core/plan/payloads.ts";
import { drawPicture } from "../../../src/core/plan/picture.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { drawSpeech } from "../../../src/core/plan/speech.ts";
import { payloadClass } from "./fixtures.ts";

const none = new Map<string, Uint8Array>();
const sizes = fc.record({ width: fc.integer({ min: 1, max: 90 }), height: fc.integer({ min: 1, max: 90 }), seed: fc.integer() });
const exactly = (n: number) => [n, n] as const;

const picture = (format: "png" | "jpeg", width: number, height: number, seed: number) =>
  drawPicture({ format, width: exactly(width), height: exactly(height), quality: 85 }, stream(seed, "picture"));

/** Mean brightness of every channel of RGBA pixels, and how far the brightest lies from the darkest. */
function contrast(rgba: Uint8Array): number {
  const light = Array.from({ length: rgba.length / 4 }, (_, i) => rgba[4 * i]! + rgba[4 * i + 1]! + rgba[4 * i + 2]!);
  return light.reduce((most, one) => Math.max(most, one), 0) - light.reduce((least, one) => Math.min(least, one), 765);
}

test("a PNG of any size is read by another library, in that size", () => {
  fc.assert(
    fc.property(sizes, ({ width, height, seed }) => {
      const read = PNG.sync.read(Buffer.from(picture("png", width, height, seed)));
      expect([read.width, read.height]).toEqual([width, height]);
      expect(read.data).toHaveLength(4 * width * height);
    }),
    { numRuns: 25 },
  );
});

test("a JPEG of any size is read by a decoder, in that size", () => {
  fc.assert(
    fc.property(sizes, ({ width, height, seed }) => {
      const read = decodeJpeg(picture("jpeg", width, height, seed), { useTArray: true });
      expect([read.width, read.height]).toEqual([width, height]);
    }),
    { numRuns: 15 },
  );
});

test("PNG and JPEG of one seed show the same picture, and it is no flat surface", () => {
  const png = PNG.sync.read(Buffer.from(picture("png", 160, 120, 3)));
  const jpeg = decodeJpeg(picture("jpeg", 160, 120, 3), { useTArray: true });
  const difference = png.data.reduce((sum, value, i) => sum + Math.abs(value - jpeg.data[i]!), 0) / png.data.length;
  expect(difference).toBeLessThan(8);
  expect(contrast(png.data)).toBeGreaterThan(250);
});

test("pictures compress about as photographs do", () => {
  const [png, jpeg] = (["png", "jpeg"] as const).map((format) => picture(format, 320, 240, 1).length / (320 * 240)) as [number, number];
  expect(png).toBeGreaterThan(1.4);
  expect(png).toBeLessThan(2.4);
  expect(jpeg).toBeGreaterThan(0.12);
  expect(jpeg).toBeLessThan(0.4);
});

test("the same seed draws the same bytes, another one others", () => {
  for (const format of ["png", "jpeg"] as const) {
    expect(picture(format, 32, 32, 7)).toEqual(picture(format, 32, 32, 7));
    expect(picture(format, 32, 32, 7)).not.toEqual(picture(format, 32, 32, 8));
  }
  const clip = (seed: number) => drawSpeech({ seconds: [0.2, 0.4], rateHz: 8000 }, stream(seed, "speech"));
  expect(clip(7)).toEqual(clip(7));
  expect(clip(7)).not.toEqual(clip(8));
});

test("sides are drawn within their ranges, both ends occurring", () => {
  const image = { kind: "image", format: "png", width: [3, 5], height: [8, 8], quality: 85 } as const;
  const pool = payloadPool(payloadClass("photo", image), none, 1);
  const widths = pool.map((payload) => PNG.sync.read(Buffer.from(payload.kind === "body" ? payload.bytes : "")).width);
  expect(new Set(widths)).toEqual(new Set([3, 4, 5]));
  expect(pool).toHaveLength(64);
  expect(pool[0]).toMatchObject({ contentType: "image/png" });
});

test("large pictures come in fewer variants, unless the suite says how many", () => {
  const image = { kind: "image", format: "jpeg", width: [1200, 1200], height: [1200, 1200], quality: 60 } as const;
  expect(payloadPool(payloadClass("photo", image), none, 1)).toHaveLength(3);
  expect(
    payloadPool({ ...payloadClass("photo", { ...image, format: "png", width: [9, 9], height: [9, 9] }), variants: 70 }, none, 1),
  ).toHaveLength(70);
});

/** Walks the chunks of a RIFF file, as the format's description has them, knowing nothing of how it was written. */
function readWav(bytes: Uint8Array) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const text = (at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));
  expect([text(0), text(8), view.getUint32(4, true)]).toEqual(["RIFF", "WAVE", bytes.length - 8]);
  const chunks = new Map<string, DataView>();
  for (let at = 12; at + 8 <= bytes.length; ) {
    const size = view.getUint32(at + 4, true);
    chunks.set(text(at), new DataView(bytes.buffer, bytes.byteOffset + at + 8, size));
    at += 8 + size + (size % 2);
  }
  const [format, data] = [chunks.get("fmt ")!, chunks.get("data")!];
  return {
    format: format.getUint16(0, true),
    channels: format.getUint16(2, true),
    rateHz: format.getUint32(4, true),
    bytesPerS: format.getUint32(8, true),
    frame: format.getUint16(12, true),
    bits: format.getUint16(14, true),
    samples: Array.from({ length: data.byteLength / 2 }, (_, i) => data.getInt16(2 * i, true)),
  };
}

test("a recording of any length is a WAV file of one channel and 16 bits", () => {
  fc.assert(
    fc.property(
      fc.double({ min: 0.01, max: 0.6, noNaN: true }),
      fc.constantFrom(8000, 16_000, 44_100),
      fc.integer(),
      (seconds, rateHz, seed) => {
        const wav = readWav(drawSpeech({ seconds: [seconds, seconds], rateHz }, stream(seed)));
        expect(wav).toMatchObject({ format: 1, channels: 1, rateHz, bytesPerS: 2 * rateHz, frame: 2, bits: 16 });
        expect(Math.abs(wav.samples.length - seconds * rateHz)).toBeLessThanOrEqual(1);
      },
    ),
    { numRuns: 40 },
  );
});

test("a recording has the loudness and the pauses of speech, and does not clip", () => {
  const { samples, rateHz } = readWav(drawSpeech({ seconds: [20, 20], rateHz: 16_000 }, stream(5)));
  const windows = Array.from({ length: 400 }, (_, i) => samples.slice((i * rateHz) / 20, ((i + 1) * rateHz) / 20));
  const loudness = windows.map((window) => Math.sqrt(window.reduce((sum, sample) => sum + sample * sample, 0) / window.length) / 32_768);
  const loud = loudness.filter((level) => level > 0.03).length / windows.length;
  const quiet = loudness.filter((level) => level < 0.005).length / windows.length;
  expect(loud).toBeGreaterThan(0.4);
  expect(quiet).toBeGreaterThan(0.05);
  expect(samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0)).toBeLessThan(32_767);
});

test("lengths are drawn within their range", () => {
  const pool = payloadPool(payloadClass("clip", { kind: "audio", seconds: [0.1, 0.3], rateHz: 8000 }), none, 1);
  const seconds = pool.map((payload) => readWav(payload.kind === "body" ? payload.bytes : new Uint8Array()).samples.length / 8000);
  expect(Math.min(...seconds)).toBeGreaterThanOrEqual(0.1);
  expect(Math.max(...seconds)).toBeLessThanOrEqual(0.3);
  expect(Math.max(...seconds) - Math.min(...seconds)).toBeGreaterThan(0.15);
});
