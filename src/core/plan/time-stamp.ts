/** A moment of a trace. Of dates the fraction is apart, because a double that counts since 1970 holds no tenth of a microsecond. */
export type Stamp =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "date"; readonly second: number; readonly fraction: number };

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d+))?)?\s*(Z|UTC|[+-]\d\d:?\d\d)?$/i;

/**
 * Reads a number, or a date in ISO 8601 or with a space in place of the T: `2023-11-16 18:17:03.9799600`. Without a zone it
 * is UTC: only differences count.
 *
 * @returns undefined for anything else, and for a day that no calendar has.
 */
export function readStamp(value: unknown): Stamp | undefined {
  if (typeof value === "number") return Number.isFinite(value) ? { kind: "number", value } : undefined;
  if (typeof value !== "string") return undefined;
  const text = value.trim();
  if (NUMBER.test(text)) return { kind: "number", value: Number(text) };
  const parts = DATE.exec(text);
  if (parts === null) return undefined;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map((part) => Number(part ?? 0)) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const midnight = Date.UTC(year, month - 1, day);
  const isDay = new Date(midnight).getUTCMonth() === month - 1 && new Date(midnight).getUTCDate() === day;
  // A leap second is the first of the next minute.
  if (!isDay || hour > 23 || minute > 59 || second > 60) return undefined;
  return {
    kind: "date",
    second: midnight / 1000 + hour * 3600 + minute * 60 + second - offsetOf(parts[8] ?? "Z"),
    fraction: Number(`0.${parts[7] ?? "0"}`),
  };
}

/** Seconds from one stamp to another of the same kind; of numbers, in their unit. */
export function between(first: Stamp, other: Stamp): number {
  if (first.kind === "number" || other.kind === "number") {
    return first.kind === "number" && other.kind === "number" ? other.value - first.value : Number.NaN;
  }
  return other.second - first.second + (other.fraction - first.fraction);
}

/** Seconds east of Greenwich. */
function offsetOf(zone: string): number {
  const [, sign, hours, minutes] = /^([+-])(\d\d):?(\d\d)$/.exec(zone) ?? [];
  return sign === undefined ? 0 : (sign === "-" ? -1 : 1) * (Number(hours) * 3600 + Number(minutes) * 60);
}
