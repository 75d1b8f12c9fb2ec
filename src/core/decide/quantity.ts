import type { Unit } from "../metric.ts";

/**
 * A value as a person reads it: three significant digits, the prefix that fits, trailing zeros dropped.
 * `0.0384 s` → `38.4 ms`, `17179869184 B` → `16 GiB`, `0.0012 ratio` → `0.12 %`.
 *
 * @param value in `unit`, the metric's base unit.
 * @returns never an empty string; a value that is not finite reads `n/a`.
 */
export function formatQuantity(value: number, unit: Unit): string {
  if (!Number.isFinite(value)) return "n/a";
  if (value < 0) return `${MINUS}${formatQuantity(-value, unit)}`;
  const scales = SCALES[unit];
  // Rounding first keeps 999.96 ms from becoming "1000 ms" where "1 s" is meant.
  const scale = scales.findLast(({ factor }) => significant(value / factor) >= 1) ?? scales[0]!;
  return `${digits(value / scale.factor)}${scale.suffix}`;
}

/** A share or a relative change without sign: `0.234` → `23 %`, `0.0052` → `0.52 %`. Negative values keep their minus. */
export function formatPercent(ratio: number): string {
  if (!Number.isFinite(ratio)) return "n/a";
  const percent = Math.abs(ratio) * 100;
  return `${ratio < 0 && percentDigits(percent) !== "0" ? MINUS : ""}${percentDigits(percent)} %`;
}

/** A relative change with its sign: `0.234` → `+23 %`, `-0.05` → `−5 %`, `0` → `±0 %`; from tenfold on as a factor, `446.4` → `×447`. */
export function formatChange(relative: number): string {
  if (relative >= 9 && Number.isFinite(relative)) return `×${digits(relative + 1)}`;
  return signed(relative, formatPercent(Math.abs(relative)));
}

/** A change in the metric's own unit, with its sign; ratios change by points: `0.004 ratio` → `+0.4 points`. */
export function formatDifference(difference: number, unit: Unit): string {
  const size = Math.abs(difference);
  if (unit !== "ratio") return signed(difference, formatQuantity(size, unit));
  return signed(difference, Number.isFinite(size) ? `${percentDigits(size * 100)} points` : "n/a");
}

const MINUS = "−";
type Scale = { readonly factor: number; readonly suffix: string };
const plain = (suffix: string): readonly Scale[] => [{ factor: 1, suffix }];
const GIBI = 1024 ** 3;

/** Ascending factors per unit. */
const SCALES: Readonly<Record<Unit, readonly Scale[]>> = {
  s: [
    { factor: 1e-6, suffix: " µs" },
    { factor: 1e-3, suffix: " ms" },
    { factor: 1, suffix: " s" },
  ],
  B: [
    { factor: 1, suffix: " B" },
    { factor: 1024, suffix: " KiB" },
    { factor: 1024 ** 2, suffix: " MiB" },
    { factor: GIBI, suffix: " GiB" },
  ],
  "B/s": [
    { factor: 1, suffix: " B/s" },
    { factor: 1e3, suffix: " kB/s" },
    { factor: 1e6, suffix: " MB/s" },
    { factor: 1e9, suffix: " GB/s" },
  ],
  Hz: [
    { factor: 1, suffix: " Hz" },
    { factor: 1e6, suffix: " MHz" },
    { factor: 1e9, suffix: " GHz" },
  ],
  J: [
    { factor: 1e-3, suffix: " mJ" },
    { factor: 1, suffix: " J" },
    { factor: 1e3, suffix: " kJ" },
  ],
  "1/s": plain("/s"),
  ratio: [{ factor: 0.01, suffix: " %" }],
  W: plain(" W"),
  "°C": plain(" °C"),
  "1": plain(""),
};

const significant = (value: number): number => Number(value.toPrecision(3));

/** Three significant digits, but never fewer than the whole number: 1234.5 reads 1,235. */
const digits = (value: number): string => (value >= 1000 ? Math.round(value).toLocaleString("en-US") : String(significant(value)));

/** Two significant digits below 10 %, whole percents above; less than a thousandth of a percent is nothing. */
const percentDigits = (percent: number): string =>
  percent < 5e-4
    ? "0"
    : percent >= 9.95
      ? digits(Math.round(percent))
      : percent >= 0.995
        ? String(Number(percent.toFixed(1)))
        : String(Number(percent.toPrecision(2)));

const signed = (value: number, size: string): string =>
  size === "n/a" ? size : /^0(?![.\d])/.test(size) ? `±${size}` : `${value < 0 ? MINUS : "+"}${size}`;
