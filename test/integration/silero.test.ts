import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { parseExposition } from "../../src/core/telemetry/exposition.ts";
import { installExample, type SileroServer, startSilero } from "./silero-server.ts";

const CHUNK = 512;

let server: SileroServer;
const started: SileroServer[] = [];
async function start(...args: readonly string[]): Promise<SileroServer> {
  const one = await startSilero(...args);
  started.push(one);
  return one;
}

beforeAll(async () => {
  installExample();
  server = await start();
});
afterAll(() => {
  for (const one of started) one.stop();
});

const send = (body: unknown, at = server) => fetch(`${at.url}/v2/models/silero-vad/infer`, { method: "POST", body: JSON.stringify(body) });
const request = (audio: Float32Array) => ({
  inputs: [{ name: "audio", datatype: "FP32", shape: [1, audio.length], data: Array.from(audio) }],
});

async function speechIn(audio: Float32Array, at = server): Promise<readonly number[]> {
  const response = await send(request(audio), at);
  expect(response.status).toBe(200);
  const { outputs } = (await response.json()) as { outputs: { name: string; shape: number[]; data: number[] }[] };
  expect(outputs).toMatchObject([{ name: "speech", datatype: "FP32", shape: [1, audio.length / CHUNK] }]);
  return outputs[0]!.data;
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Two vowels in turn, from pulses of 100 to 140 Hz through the resonances of a throat (Peterson & Barney 1952): no
 * recording is needed to hear a voice.
 */
function voice(chunks: number): Float32Array {
  const rate = 16_000;
  const vowels = [
    [730, 1090, 2440],
    [300, 2300, 3000],
  ].map((formants) => formants.map((hertz) => ({ hertz, one: 0, two: 0 })));
  let phase = 0;
  return Float32Array.from({ length: chunks * CHUNK }, (_, i) => {
    const seconds = i / rate;
    phase += (120 + 20 * Math.sin(2 * Math.PI * 2.5 * seconds)) / rate;
    const pulse = phase >= 1 ? 1 : 0;
    phase -= pulse;
    const sounds = vowels.map((formants) =>
      formants.reduce((sum, formant) => {
        const radius = Math.exp((-Math.PI * 110) / rate);
        const value = pulse + 2 * radius * Math.cos((2 * Math.PI * formant.hertz) / rate) * formant.one - radius ** 2 * formant.two;
        formant.two = formant.one;
        formant.one = value;
        return sum + value * (1 - radius);
      }, 0),
    );
    return sounds[Math.floor(seconds * 4) % 2]! * (0.3 + 0.2 * Math.sin(2 * Math.PI * 4 * seconds));
  });
}

function hiss(chunks: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: chunks * CHUNK }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return (state / 2 ** 32 - 0.5) * 0.02;
  });
}

describe("the Silero example", () => {
  test("is ready and describes its input", async () => {
    expect((await fetch(`${server.url}/v2/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${server.url}/v2/models/silero-vad`)).json()).toMatchObject({
      name: "silero-vad",
      inputs: [{ name: "audio", datatype: "FP32", shape: [1, -1] }],
    });
  });

  test("hears a voice, and none in noise or silence", async () => {
    expect(mean((await speechIn(voice(62))).slice(10))).toBeGreaterThan(0.8);
    expect(Math.max(...(await speechIn(hiss(31))))).toBeLessThan(0.3);
    expect(Math.max(...(await speechIn(new Float32Array(31 * CHUNK))))).toBeLessThan(0.3);
  });

  test("carries its state from chunk to chunk, and none from one request to the next", async () => {
    const audio = voice(20);
    const whole = await speechIn(audio);
    expect(await speechIn(audio)).toEqual(whole);
    const second = await speechIn(audio.slice(10 * CHUNK));
    expect(second).not.toEqual(whole.slice(10));
  });

  test("answers the same with more work for long audio", async () => {
    const slow = await start("--slow", "20");
    const [short, long] = [voice(15), voice(94)];
    expect(await speechIn(long, slow)).toEqual(await speechIn(long));
    expect(await speechIn(short, slow)).toEqual(await speechIn(short));
    const quickest = async (audio: Float32Array, at: SileroServer) => {
      const times: number[] = [];
      for (let i = 0; i < 5; i++) {
        const start = performance.now();
        await speechIn(audio, at);
        times.push(performance.now() - start);
      }
      return Math.min(...times);
    };
    // Twenty times the model, of which transport and parsing are no part: no noise of the machine hides that.
    expect(await quickest(long, slow)).toBeGreaterThan(1.3 * (await quickest(long, server)));
  });

  test.each([
    ["a shape that does not fit", { inputs: [{ name: "audio", datatype: "FP32", shape: [1, 1024], data: [0] }] }],
    ["half a chunk", request(new Float32Array(256))],
    ["samples that are no numbers", { inputs: [{ name: "audio", datatype: "FP32", shape: [1, CHUNK], data: Array(CHUNK).fill("x") }] }],
    ["another tensor", { inputs: [{ name: "text", datatype: "BYTES", shape: [1], data: ["x"] }] }],
    ["nothing", {}],
  ])("refuses %s", async (_, body) => {
    const response = await send(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  test("tells how many requests are in flight", async () => {
    const { samples } = parseExposition(await (await fetch(`${server.url}/metrics`)).text());
    expect(samples.map(({ name }) => name)).toEqual(["silero_in_flight", "silero_inferences_total"]);
    expect(samples[0]!.value).toBe(0);
    expect(samples[1]!.value).toBeGreaterThan(0);
  });
});
