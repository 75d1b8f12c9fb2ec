import type { Counters } from "./accelerator.ts";
import type { DemoOptions } from "./demo-options.ts";

export type SimulatedGpu = {
  /** DCGM's exposition of the simulated device. */
  readonly exposition: () => string;
  readonly stop: () => void;
};

const TOTAL_MIB = 16_384;
/** As a stand-in for a large model, one parameter of the demo's small one stands for this many bytes. */
const BYTES_PER_PARAMETER = 128 * 1024;
/** Keys and values of a full batch are reserved at the start, as vLLM does; the activations of a batch come on top. */
const CACHE_MIB_PER_SLOT = 64;
const ACTIVATION_MIB_PER_SEQUENCE = 1;
const IDLE_W = 60;
const FULL_W = 300;
const NOMINAL_MHZ = 1980;
/** Bits of the clock throttle reasons: nothing to do, a lower clock is set, heat holds it down. */
const REASONS = { idle: 1, applicationClocks: 2, swThermal: 0x20 };
/** Utilization is the busy share of about this much time. */
const WINDOW_MS = 500;
const TICK_MS = 50;

/**
 * Numbers that a GPU of the demo's kind would report, from what its accelerator really did: utilization is the share
 * of time it was busy, memory follows weights, cache and batch, power and energy follow utilization. All series are
 * labelled `modelName="simulated"`.
 */
export function simulateGpu(
  {
    parameters,
    maxBatch,
    memoryExtraMiB,
    clockFactor,
    throttled,
  }: { readonly parameters: number } & Pick<DemoOptions, "maxBatch" | "memoryExtraMiB" | "clockFactor" | "throttled">,
  counters: () => Counters,
): SimulatedGpu {
  const reading = () => ({ atNs: process.hrtime.bigint(), ...counters() });
  const start = reading();
  let recent = [start];
  const timer = setInterval(() => {
    recent = [...recent.slice(-WINDOW_MS / TICK_MS), reading()];
  }, TICK_MS).unref();
  // About in proportion to the clock: the voltage stays what it is.
  const dynamicW = (FULL_W - IDLE_W) * clockFactor;
  const held = throttled ? REASONS.swThermal : clockFactor < 1 ? REASONS.applicationClocks : 0;
  const fixedMiB = (parameters * BYTES_PER_PARAMETER) / 1024 ** 2 + maxBatch * CACHE_MIB_PER_SLOT + memoryExtraMiB;
  return {
    exposition: () => {
      const now = reading();
      const oldest = recent[0]!;
      const busy = Math.min(1, Number(now.busyNs - oldest.busyNs) / Math.max(1, Number(now.atNs - oldest.atNs)));
      const usedMiB = Math.round(fixedMiB + now.active * ACTIVATION_MIB_PER_SEQUENCE);
      const energyMj = (Number(now.atNs - start.atNs) * IDLE_W + Number(now.busyNs) * dynamicW) / 1e6;
      return [
        series("DCGM_FI_DEV_GPU_UTIL", "gauge", "GPU utilization (in %).", Math.round(busy * 100)),
        series("DCGM_FI_PROF_GR_ENGINE_ACTIVE", "gauge", "Ratio of time the compute engine is active.", busy.toFixed(6)),
        series("DCGM_FI_PROF_SM_ACTIVE", "gauge", "Ratio of cycles an SM has work.", (busy * 0.8).toFixed(6)),
        series("DCGM_FI_PROF_DRAM_ACTIVE", "gauge", "Ratio of cycles the memory interface is active.", (busy * 0.4).toFixed(6)),
        series("DCGM_FI_DEV_FB_USED", "gauge", "Framebuffer memory used (in MiB).", usedMiB),
        series("DCGM_FI_DEV_FB_FREE", "gauge", "Framebuffer memory free (in MiB).", Math.max(0, TOTAL_MIB - usedMiB)),
        series("DCGM_FI_DEV_POWER_USAGE", "gauge", "Power draw (in W).", (IDLE_W + dynamicW * busy).toFixed(3)),
        series("DCGM_FI_DEV_TOTAL_ENERGY_CONSUMPTION", "counter", "Total energy consumption since boot (in mJ).", Math.round(energyMj)),
        series("DCGM_FI_DEV_GPU_TEMP", "gauge", "GPU temperature (in C).", Math.round(35 + 30 * busy)),
        series("DCGM_FI_DEV_SM_CLOCK", "gauge", "SM clock frequency (in MHz).", Math.round(NOMINAL_MHZ * clockFactor)),
        series("DCGM_FI_DEV_XID_ERRORS", "gauge", "Value of the last XID error encountered.", 0),
        series(
          "DCGM_FI_DEV_CLOCK_THROTTLE_REASONS",
          "gauge",
          "Current clock throttle reasons (bitmask).",
          (busy === 0 ? REASONS.idle : 0) | held,
        ),
        "",
      ].join("\n");
    },
    stop: () => clearInterval(timer),
  };
}

const LABELS = `gpu="0",UUID="GPU-00000000-0000-4000-8000-000000000000",pci_bus_id="00000000:00:00.0",device="nvidia0",modelName="simulated",hostname="tailgate-demo",DCGM_FI_DRIVER_VERSION="simulated"`;

const series = (name: string, type: string, help: string, value: number | string): string =>
  `# HELP ${name} ${help}\n# TYPE ${name} ${type}\n${name}{${LABELS}} ${value}`;
