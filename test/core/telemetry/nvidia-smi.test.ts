import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  knownFields,
  type NvidiaSmiRow,
  nvidiaSmiFields,
  readNvidiaSmi,
  readProcesses,
  readRow,
  readRows,
  refusedField,
} from "../../../src/core/telemetry/nvidia-smi.ts";

const fixture = (name: string) => readFileSync(new URL(`../../fixtures/telemetry/${name}`, import.meta.url), "utf8");
const [header, ...lines] = fixture("nvidia-smi-session.csv").trim().split("\n");
const FIELDS = header!.split(", ");
const row = (change: NvidiaSmiRow = {}, line = lines[2]!): NvidiaSmiRow => ({ ...readRow(FIELDS, line)!, ...change });

describe("a line of nvidia-smi", () => {
  test("is one GPU, by field", () => {
    expect(row()).toMatchObject({ index: "0", name: "NVIDIA H200", "power.draw": "627.40", "memory.used": "32362" });
  });

  test.each([
    ["the header", header!],
    ["an error", "Unable to determine the device handle for GPU 0000:83:00.0: Unknown Error"],
    ["half a line", lines[0]!.slice(0, 80)],
    ["an empty line", ""],
    ["too many cells", `${lines[0]}, 1`],
    ["a GPU that is lost", lines[0]!.replace(/GPU-[^,]*/, "[GPU is lost]")],
  ])("is none where it is %s", (_, line) => {
    expect(readRow(FIELDS, line)).toBeUndefined();
  });

  test.each(["[N/A]", "N/A", "[Not Supported]", "[Requested functionality has been deprecated]", "[Unknown Error]", "", "ERR!", "-nan"])(
    "has no value where it says %s",
    (blank) => {
      const { gauges, gpus } = readNvidiaSmi([
        row({ "utilization.gpu": blank, "power.draw": blank, "power.draw.instant": blank, "clocks.sm": blank }),
      ]);
      expect(Object.keys(gauges)).toEqual(["gpu.memory.utilization", "gpu.memory.used", "gpu.memory.peak", "gpu.temperature"]);
      expect(gpus).toHaveLength(1);
    },
  );

  test("may carry units all the same", () => {
    const units = { "utilization.gpu": "100 %", "power.draw": "627.40 W", "memory.used": "32362 MiB", "clocks.sm": "1980 MHz" };
    expect(readNvidiaSmi([row(units)]).gauges).toEqual(readNvidiaSmi([row()]).gauges);
  });

  test("tells power without its average where there is only the moment", () => {
    expect(readNvidiaSmi([row({ "power.draw": "[N/A]" })]).gauges["gpu.power"]).toBe(626.26);
  });

  test("says that its GPU is split, and has no utilization of its own then", () => {
    const { gauges, gpus } = readNvidiaSmi([row({ "mig.mode.current": "Enabled", "utilization.gpu": "[N/A]" })]);
    expect([gpus[0]!.mig, gauges["gpu.utilization"], gauges["gpu.memory.used"]]).toEqual(["enabled", undefined, 32_362 * 1024 ** 2]);
  });

  test("tells reasons by a mask, or by flags where there is none", () => {
    const flags = { "clocks_event_reasons.active": "[N/A]", "clocks_event_reasons.hw_thermal_slowdown": "Active" };
    expect(Object.values(readNvidiaSmi([row(flags)]).throttleBits)).toEqual([0x40]);
    expect(Object.values(readNvidiaSmi([row({ "clocks_event_reasons.active": "0x0000000000000048" })]).throttleBits)).toEqual([0x48]);
  });
});

describe("the fields that nvidia-smi is asked for", () => {
  test("are those that it lists, by the newest name of each", () => {
    expect(knownFields(fixture("nvidia-smi-help.txt"))).toEqual(
      FIELDS.filter((field) => field !== "timestamp").toSpliced(4, 0, "timestamp"),
    );
  });

  test("are the oldest names where it lists nothing", () => {
    expect(knownFields("NVIDIA-SMI has failed because it couldn't communicate with the NVIDIA driver.")).toBeUndefined();
    expect(nvidiaSmiFields.filter((field) => field.includes("event_reasons."))).toEqual([]);
  });

  test("are taken away one by one where it refuses them", () => {
    expect(refusedField('Field "clocks.applications.sm" is not a valid field to query.\n')).toBe("clocks.applications.sm");
    expect(refusedField("No devices were found")).toBeUndefined();
  });
});

describe("answers in a loop", () => {
  const at = (index: number): NvidiaSmiRow => ({ index: String(index) });
  const group = (gpus: number, indices: readonly number[]) => {
    const reader = readRows(gpus);
    return indices.map((index) => reader.push(at(index))?.map((each) => Number(each["index"])));
  };

  test("are complete with their last GPU", () => {
    expect(group(2, [0, 3, 0, 3])).toEqual([undefined, [0, 3], undefined, [0, 3]]);
    expect(group(1, [5, 5])).toEqual([[5], [5]]);
  });

  test("without one of the GPUs are complete when the next begins", () => {
    expect(group(2, [0, 1, 0, 0, 0])).toEqual([undefined, [0, 1], undefined, [0], [0]]);
  });

  test("with one more are counted with it from the next on", () => {
    expect(group(1, [0, 1, 0, 1])).toEqual([[0], undefined, undefined, [0, 1]]);
  });

  test("never mix two moments, whatever comes", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 4 }), fc.array(fc.integer({ min: 0, max: 5 }), { maxLength: 60 }), (gpus, indices) => {
        for (const moment of group(gpus, indices).filter((each) => each !== undefined))
          expect(moment).toEqual([...new Set(moment)].sort((a, b) => a - b));
      }),
    );
  });
});

test("processes are listed by GPU, also where their name holds a comma, and other GPUs have none", () => {
  const { gpus } = readNvidiaSmi([row(), row({ index: "1", uuid: "GPU-1111" })]);
  const text = `${row()["uuid"]}, 10309, python3 -c a, b\n${row()["uuid"]}, 7, [Not Found]\nGPU-elsewhere, 1, x\nNo running processes found`;
  expect(readProcesses(text, gpus)).toEqual({ [gpus[0]!.key]: ["10309 python3 -c a, b", "7 [Not Found]"], "/GPU-1111": [] });
});
