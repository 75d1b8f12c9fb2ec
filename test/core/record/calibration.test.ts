import { expect, test } from "vitest";
import { calibrationOf, calibrationProblems, calibrationText, uncalibrated } from "../../../src/core/record/calibration.ts";

const samples = Array.from({ length: 200 }, (_, i) => ({ releaseS: (i + 1) * 1e-5, biasS: (200 - i) * 2e-5 }));

test("a calibration is told by nearest-rank percentiles, whatever the order of its requests", () => {
  expect(calibrationOf(150, samples)).toEqual({
    ratePerS: 150,
    requests: 200,
    releaseP50S: 100 * 1e-5,
    releaseP99S: 198 * 1e-5,
    biasP50S: 100 * 2e-5,
    biasP99S: 198 * 2e-5,
  });
});

test("its line is one that a person can read", () => {
  const calibration = { ratePerS: 150, requests: 200, releaseP50S: 0.0001, releaseP99S: 0.0008, biasP50S: 0.0003, biasP99S: 0.0011 };
  expect(calibrationText(calibration)).toBe("release p99 800 µs, latency bias p50 300 µs, p99 1.1 ms (200 requests at 150/s)");
});

test("a median bias of more than a millisecond is a warning with the numbers in it", () => {
  const having = (biasP50S: number) => calibrationProblems({ ...calibrationOf(150, samples), biasP50S });
  expect(having(0.001)).toEqual([]);
  expect(having(0.0024)).toEqual([
    {
      severity: "warning",
      code: "generator-imprecise",
      message: expect.stringMatching(
        /more than 2\.4 ms too high: release p99 1\.98 ms, latency bias p50 2\.4 ms, p99 3\.96 ms \(200 requests/,
      ),
    },
  ]);
});

test("one that could not be made is a warning with its reason", () => {
  expect(uncalibrated("it did not end within 5 s")).toMatchObject({
    severity: "warning",
    code: "generator-uncalibrated",
    message: expect.stringContaining("it did not end within 5 s"),
  });
});
