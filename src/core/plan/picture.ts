import { encode as encodeJpeg } from "jpeg-js";
import type { ImageContent } from "../suite/input-content.ts";
import { encodePng } from "./png.ts";
import { type Generator, integerBetween, uniform } from "./random.ts";

/**
 * An image file of a drawn size: soft gradients, a dozen sharp-edged shapes, and the noise of a sensor, so that it
 * compresses about as a photograph does (docs/inputs.md says how well). What it shows means nothing.
 */
export function drawPicture({ format, width, height, quality }: ImageContent, next: Generator): Uint8Array {
  const [columns, rows] = [integerBetween(next, ...width), integerBetween(next, ...height)];
  const rgb = paint(columns, rows, next);
  if (format === "png") return encodePng(columns, rows, rgb);
  const { data } = encodeJpeg({ width: columns, height: rows, data: withAlpha(rgb) }, quality);
  return new Uint8Array(data);
}

/** Most pixels of one picture. */
export const mostPixels = ({ width, height }: ImageContent): number => width[1] * height[1];

const WAVES = 4;
const SHAPES = 12;

function paint(width: number, height: number, next: Generator): Uint8Array {
  const light = gradients(width, height, next);
  const tint = [0, 1, 2].map(() => 0.6 + 0.8 * uniform(next));
  const shapes = Array.from({ length: SHAPES }, () => drawShape(width, height, next));
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0, at = 0; y < height; y++) {
    const crossing = shapes.filter((shape) => Math.abs(y - shape.y) <= shape.halfHeight);
    for (let x = 0; x < width; x++) {
      const base = light[y * width + x]!;
      const shape = crossing.findLast((one) => covers(one, x, y));
      // Small numbers of one draw: grain in brightness, and less of it in each channel, both as sums of two uniform ones.
      let word = next();
      const grain = (word & 15) + ((word >>> 4) & 15) - 15;
      word >>>= 8;
      for (let channel = 0; channel < 3; channel++, at++) {
        const noise = grain + (word & 1) + ((word >>> 1) & 1) - 1;
        word >>>= 2;
        const value = shape === undefined ? base * tint[channel]! : 0.35 * base * tint[channel]! + 0.65 * shape.colour[channel]!;
        rgb[at] = Math.min(255, Math.max(0, Math.round(value) + noise));
      }
    }
  }
  return rgb;
}

/** Brightness from about 30 to 200: a few waves, each a product of one over the columns and one over the rows. */
function gradients(width: number, height: number, next: Generator): Float64Array {
  const waves = Array.from({ length: WAVES }, () => ({ across: wave(width, next), down: wave(height, next) }));
  const light = new Float64Array(width * height);
  for (let y = 0, at = 0; y < height; y++) {
    for (let x = 0; x < width; x++, at++) {
      let sum = 0;
      for (const { across, down } of waves) sum += across[x]! * down[y]!;
      light[at] = 115 + (85 * sum) / WAVES;
    }
  }
  return light;
}

/** A cosine of up to three periods over a length. */
function wave(length: number, next: Generator): Float64Array {
  const [periods, phase] = [3 * uniform(next), 2 * Math.PI * uniform(next)];
  return Float64Array.from({ length }, (_, i) => Math.cos((2 * Math.PI * periods * i) / length + phase));
}

type Shape = {
  readonly x: number;
  readonly y: number;
  readonly halfWidth: number;
  readonly halfHeight: number;
  readonly isRound: boolean;
  readonly colour: readonly number[];
};

const drawShape = (width: number, height: number, next: Generator): Shape => ({
  x: uniform(next) * width,
  y: uniform(next) * height,
  halfWidth: (0.03 + 0.15 * uniform(next)) * width,
  halfHeight: (0.03 + 0.15 * uniform(next)) * height,
  isRound: next() >= 2 ** 31,
  colour: [0, 1, 2].map(() => 255 * uniform(next)),
});

function covers({ x, y, halfWidth, halfHeight, isRound }: Shape, column: number, row: number): boolean {
  const [across, down] = [(column - x) / halfWidth, (row - y) / halfHeight];
  return isRound ? across * across + down * down <= 1 : Math.abs(across) <= 1 && Math.abs(down) <= 1;
}

function withAlpha(rgb: Uint8Array): Uint8Array {
  const rgba = new Uint8Array((rgb.length / 3) * 4).fill(255);
  for (let from = 0, to = 0; from < rgb.length; from += 3, to += 4) {
    rgba[to] = rgb[from]!;
    rgba[to + 1] = rgb[from + 1]!;
    rgba[to + 2] = rgb[from + 2]!;
  }
  return rgba;
}
