import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatForSuite, parseQuantity, patternOf, type Quantity } from "../../../src/core/suite/units.ts";

const QUANTITIES: readonly Quantity[] = [
  "duration",
  "rate",
  "percent",
  "points",
  "size",
  "power",
  "energy",
  "clock",
  "temperature",
  "count",
];
const complaint = (input: unknown, quantity: Quantity): string => {
  const parsed = parseQuantity(input, quantity);
  return parsed.problem === undefined ? `no complaint: ${parsed.value}` : `${parsed.problem}; ${parsed.hint}`;
};

describe("reading", () => {
  test.each([
    ["250us", "duration", 0.00025],
    ["250µs", "duration", 0.00025],
    ["2.3ms", "duration", 0.0023],
    ["10 s", "duration", 10],
    ["2m", "duration", 120],
    ["1h", "duration", 3600],
    ["1m30s", "duration", 90],
    ["1h 2m 3s 4ms", "duration", 3723.004],
    ["50/s", "rate", 50],
    ["600/m", "rate", 10],
    ["1800/h", "rate", 0.5],
    ["10%", "percent", 0.1],
    ["0.1 %", "percent", 0.001],
    ["0.5pp", "points", 0.005],
    ["1GiB", "size", 1024 ** 3],
    ["512MiB", "size", 512 * 1024 ** 2],
    ["2GB", "size", 2e9],
    ["10kB", "size", 10_000],
    ["300W", "power", 300],
    ["25J", "energy", 25],
    ["1410MHz", "clock", 1.41e9],
    ["80°C", "temperature", 80],
    [8, "count", 8],
  ] as const)("%s is a %s of %d in the base unit", (text, quantity, value) => {
    expect(parseQuantity(text, quantity)).toEqual({ value });
  });

  test("decimal units are exact: the number closest to what was written", () => {
    fc.assert(
      fc.property(fc.nat(99_999), fc.nat(999), (whole, thousandths) => {
        const digits = `${whole}.${String(thousandths).padStart(3, "0")}`;
        expect(parseQuantity(`${digits}ms`, "duration").value).toBe(Number(`${digits}e-3`));
        expect(parseQuantity(`${digits}%`, "percent").value).toBe(Number(`${digits}e-2`));
      }),
    );
  });

  test("a value is finite and not negative, or there is a problem and a hint: for any text at all", () => {
    const text = fc.oneof(fc.string({ maxLength: 12 }), fc.stringMatching(/^[-+]?[0-9.,_]{0,5} ?[a-zA-Z/%µ°]{0,4}$/));
    fc.assert(
      fc.property(text, fc.constantFrom(...QUANTITIES), (input, quantity) => {
        const parsed = parseQuantity(input, quantity);
        const isRead = parsed.problem === undefined && parsed.value >= 0 && Number.isFinite(parsed.value);
        const isExplained = parsed.problem !== undefined && parsed.problem !== "" && parsed.hint !== "";
        expect(isRead || isExplained).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  test("the published pattern accepts what is read", () => {
    fc.assert(
      fc.property(
        fc.stringMatching(/^[0-9]{1,4}(\.[0-9]{1,2})? ?(us|ms|s|m|h|\/s|\/m|%|pp|B|kB|KiB|GiB|W|J|MHz|°C)?$/),
        fc.constantFrom(...QUANTITIES.filter((quantity) => quantity !== "count")),
        (text, quantity) => {
          const isRead = parseQuantity(text, quantity).problem === undefined;
          expect(new RegExp(patternOf(quantity), "u").test(text)).toBe(isRead);
        },
      ),
      { numRuns: 1000 },
    );
  });
});

describe("writing", () => {
  test.each([
    [0.0025, "duration", "2.5ms"],
    [0.00025, "duration", "250us"],
    [90, "duration", "1m30s"],
    [120, "duration", "2m"],
    [3600, "duration", "1h"],
    [0, "duration", "0s"],
    [50, "rate", "50/s"],
    [0.5, "rate", "30/m"],
    [0.1, "percent", "10%"],
    [0.07, "percent", "7%"],
    [1024 ** 3, "size", "1GiB"],
    [2e9, "size", "2GB"],
    [1.41e9, "clock", "1410MHz"],
  ] as const)("%d as a %s is %s", (value, quantity, text) => {
    expect(formatForSuite(value, quantity)).toBe(text);
  });

  const close = (a: number, b: number, absolute: number) => Math.abs(a - b) <= Math.max(absolute, 1e-11 * Math.abs(a));

  test("what is written is read back", () => {
    const value = fc.double({ min: 1e-6, max: 1e6, noNaN: true });
    const scaled = (number: number, quantity: Quantity) => (quantity === "clock" ? number * 1e6 : number);
    fc.assert(
      fc.property(value, fc.constantFrom(...QUANTITIES.filter((quantity) => quantity !== "count")), (drawn, quantity) => {
        const number = scaled(drawn, quantity);
        const text = formatForSuite(number, quantity);
        const back = parseQuantity(text, quantity).value ?? Number.NaN;
        expect(close(number, back, quantity === "duration" ? 1e-9 : 0), `${number} → ${text} → ${back}`).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  test("whole bytes come back exactly", () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (bytes) => {
        expect(parseQuantity(formatForSuite(bytes, "size"), "size").value).toBe(bytes);
      }),
    );
  });
});

describe("explaining", () => {
  test.each([
    [10, "duration", "10 has no unit; write 10ms or 10s"],
    ["10", "rate", "10 has no unit; write 10/s"],
    [10, "percent", "10 has no unit; write 10%"],
    [0.1, "percent", "0.1 has no unit; write 10% (or 0.1%, if that is meant)"],
    [512, "size", "512 has no unit; write 512MiB or 512GiB"],
    ["10sec", "duration", '"10sec" has the unknown unit "sec"; write 10s'],
    ["5 minutes", "duration", '"5 minutes" has the unknown unit "minutes"; write 5m'],
    ["10S", "duration", '"10S" has the unknown unit "S"; write 10s'],
    ["1d", "duration", '"1d" has the unknown unit "d"; units are us, ms, s, m, h: write a duration, for example 10s'],
    ["30s1m", "duration", '"30s1m" has its parts out of order; write the largest unit first, each once: 1m30s'],
    ["1s1s", "duration", '"1s1s" has its parts out of order; write the largest unit first, each once: 1m30s'],
    ["-5s", "duration", "-5s is negative; write a duration, for example 10s"],
    ["soon", "duration", '"soon" is not a duration; write a duration, for example 10s'],
    [null, "duration", "nothing is not a duration; write a duration, for example 10s"],
    [{}, "duration", "a mapping is not a duration; write a duration, for example 10s"],
    [Number.NaN, "count", "NaN is not a number; write a number, for example 8"],
    ["50rps", "rate", '"50rps" has the unknown unit "rps"; write 50/s'],
    ["50/sec", "rate", '"50/sec" has the unknown unit "/sec"; write 50/s'],
    ["1,000/s", "rate", '"1,000/s" has a separator in its digits; write 1000/s'],
    ["1_000/s", "rate", '"1_000/s" has a separator in its digits; write 1000/s'],
    ["16G", "size", '"16G" has the unknown unit "G"; write 16GiB'],
    ["16gib", "size", '"16gib" has the unknown unit "gib"; write 16GiB'],
    ["8", "count", '"8" is text; write 8 without quotes'],
    [" 10s", "duration", '" 10s" is not a duration; write a duration, for example 10s'],
    ["16gb", "size", '"16gb" has the unknown unit "gb"; write 16GB'],
  ] as const)("%j as a %s", (input, quantity, message) => {
    expect(complaint(input, quantity)).toBe(message);
  });
});
