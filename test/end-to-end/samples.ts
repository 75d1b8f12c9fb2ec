/**
 * Samples of a run as CSV: ten seconds of 100 requests a second, log-normal around 20 ms, always the same for the same
 * seed. `factor` slows every request; runs differ by about 1 % among themselves.
 */
export function samplesCsv({
  seed,
  factor = 1,
  count = 1000,
}: {
  readonly seed: number;
  readonly factor?: number;
  readonly count?: number;
}): string {
  const random = generator(seed);
  const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
  const ofRun = Math.exp(0.01 * normal());
  const rows = Array.from({ length: count }, (_, i) => `${i * 10},${(20 * factor * ofRun * Math.exp(0.2 * normal())).toFixed(3)},ok`);
  return ["at_ms,latency_ms,outcome", ...rows, ""].join("\n");
}

/** Park & Miller (1988): enough for a picture of noise. */
function generator(seed: number): () => number {
  let state = (seed * 7919) % 2147483647;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}
