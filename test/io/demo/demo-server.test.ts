import { spawn } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openPhaseReader } from "../../../src/core/protocol/server-phases.ts";
import { isDcgmField, readDcgm } from "../../../src/core/telemetry/dcgm.ts";
import { parseExposition } from "../../../src/core/telemetry/exposition.ts";
import { type Demo, startDemo } from "../../../src/io/demo/start-demo.ts";

let base: Demo;
let regressed: Demo;
beforeAll(async () => {
  [base, regressed] = await Promise.all([
    startDemo({ preset: "base", commit: "abc123" }),
    startDemo({ preset: "regressed", args: ["--error-ratio", "0.5", "--memory-extra", "512"] }),
  ]);
});
afterAll(async () => {
  await Promise.all([base?.stop(), regressed?.stop()]);
});

const words = (count: number) => Array.from({ length: count }, (_, i) => ["order", "team", "ticket"][i % 3]).join(" ");
const texts = (...data: string[]) => ({ inputs: [{ name: "text", shape: [data.length], datatype: "BYTES", data }] });
const post = (url: string, body: unknown) => fetch(url, { method: "POST", body: typeof body === "string" ? body : JSON.stringify(body) });
const infer = (demo: Demo, body: unknown) => post(`${demo.url}/v2/models/sentiment/infer`, body);
const chat = (body: object) => post(`${base.url}/v1/chat/completions`, { messages: [{ role: "user", content: "hello" }], ...body });
const telemetry = async (demo: Demo) => readDcgm(parseExposition(await (await fetch(demo.metricsUrl)).text(), isDcgmField).samples);

describe("KServe v2", () => {
  test("is ready and describes its model", async () => {
    expect((await fetch(`${base.url}/v2/health/ready`)).status).toBe(200);
    expect(await (await fetch(`${base.url}/v2/models/sentiment`)).json()).toMatchObject({
      name: "sentiment",
      inputs: [{ name: "text", datatype: "BYTES" }],
    });
  });

  test("judges every text of a tensor, and says where the time went", async () => {
    const startedMs = performance.now();
    const response = await infer(base, { id: "q1", ...texts("great friendly support", "terrible and rude") });
    const tookMs = performance.now() - startedMs;
    const phases = openPhaseReader()({ "server-timing": response.headers.get("server-timing")! })!;
    expect(Object.keys(phases)).toEqual(["preprocess", "queue", "infer", "postprocess"]);
    expect(Object.values(phases).reduce((sum, ns) => sum + ns, 0)).toBeLessThanOrEqual(tookMs * 1e6);
    expect(phases.infer).toBeGreaterThan(3.5e6);
    const [label, score] = ((await response.json()) as { outputs: { data: unknown[] }[] }).outputs;
    expect(response.status).toBe(200);
    expect(label).toMatchObject({ name: "label", datatype: "BYTES", shape: [2], data: ["positive", "negative"] });
    expect(score).toMatchObject({ name: "score", datatype: "FP32", shape: [2] });
  });

  test.each([
    ["no JSON", "{", 400],
    ["no inputs", {}, 400],
    ["another datatype", { inputs: [{ name: "text", shape: [1], datatype: "FP32", data: [1] }] }, 400],
    ["a shape that does not fit", { inputs: [{ name: "text", shape: [3], datatype: "BYTES", data: ["a"] }] }, 400],
    ["elements that are no text", { inputs: [{ name: "text", shape: [1], datatype: "BYTES", data: [{}] }] }, 400],
    ["a body that is too long", `"${"x".repeat(5 * 1024 * 1024)}"`, 413],
  ])("answers %s with an error", async (_, body, status) => {
    const response = await infer(base, body);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual({ error: expect.any(String) });
  });

  test("takes its time for long texts: a step of 4 ms for 16 words, and half as much again in the regressed build", async () => {
    const quickest = async (demo: Demo) => {
      let best = Number.POSITIVE_INFINITY;
      for (let i = 0; i < 8; i++) {
        const start = performance.now();
        const response = await infer(demo, texts(words(320)));
        await response.text();
        if (response.status === 200) best = Math.min(best, performance.now() - start);
      }
      return best;
    };
    const [fast, slow] = [await quickest(base), await quickest(regressed)];
    expect(fast).toBeGreaterThan(79);
    expect(slow).toBeGreaterThan(119);
    expect(fast).toBeLessThan(slow);
  });
});

test("causes can be planted, each with its price and what tells of it", async () => {
  const args = ["--preprocess-ms", "5", "--clock-factor", "0.5", "--cache", "10", "--leak-kib", "64", "--throttled"];
  const planted = await startDemo({ preset: "equal", args });
  try {
    const phasesOf = async (text: string) => {
      const response = await infer(planted, texts(text));
      return openPhaseReader()({ "server-timing": response.headers.get("server-timing")! })!;
    };
    const [first, again] = [await phasesOf(words(32)), await phasesOf(words(32))];
    expect(first.preprocess).toBeGreaterThanOrEqual(5e6);
    // Two steps of 4 ms, at half the clock.
    expect(first.infer).toBeGreaterThan(15e6);
    expect([again.queue, again.infer]).toEqual([0, 0]);
    const page = await (await fetch(planted.metricsUrl)).text();
    const value = (name: string) => Number(new RegExp(`^${name}(?:\\{.*\\})? (.*)$`, "m").exec(page)?.[1]);
    expect([value("tailgate_demo_cache_queries_total"), value("tailgate_demo_cache_hits_total")]).toEqual([2, 1]);
    expect(value("tailgate_demo_preprocess_seconds_sum")).toBeGreaterThanOrEqual(0.01);
    expect(value("tailgate_demo_infer_seconds_count")).toBe(1);
    expect(value("tailgate_demo_sequences_total")).toBe(value("tailgate_demo_steps_total"));
    expect(value("DCGM_FI_DEV_SM_CLOCK")).toBe(990);
    expect(value("DCGM_FI_DEV_CLOCK_THROTTLE_REASONS") & 0x20).toBe(0x20);

    const before = value("process_resident_memory_bytes");
    for (let i = 0; i < 400; i++) await (await infer(planted, texts(words(32)))).text();
    const after = Number(/^process_resident_memory_bytes (.*)$/m.exec(await (await fetch(planted.metricsUrl)).text())?.[1]);
    expect(after - before).toBeGreaterThan(15 * 2 ** 20);
  } finally {
    await planted.stop();
  }
});

describe("chat completions", () => {
  test("answer whole, with usage", async () => {
    const body = (await (await chat({ max_tokens: 6, ignore_eos: true })).json()) as {
      choices: { message: { content: string }; finish_reason: string }[];
      usage: object;
    };
    expect(body.choices[0]!.message.content.split(" ")).toHaveLength(6);
    expect(body.choices[0]!.finish_reason).toBe("length");
    expect(body.usage).toEqual({ prompt_tokens: 1, completion_tokens: 6, total_tokens: 7 });
  });

  test("stream a role, a chunk per token, the reason, usage and [DONE]", async () => {
    const response = await chat({ max_tokens: 3, ignore_eos: true, stream: true, stream_options: { include_usage: true } });
    expect(response.headers.get("content-type")).toBe("text/event-stream");
    const events = (await response.text())
      .trim()
      .split("\n\n")
      .map((event) => event.slice("data: ".length));
    expect(events.pop()).toBe("[DONE]");
    const chunks = events.map(
      (event) => JSON.parse(event) as { choices: { delta: object; finish_reason: string | null }[]; usage?: object },
    );
    expect(chunks.map(({ choices }) => choices[0]?.delta ?? "usage")).toEqual([
      { role: "assistant", content: "" },
      ...Array.from({ length: 3 }, () => ({ content: expect.any(String) })),
      {},
      "usage",
    ]);
    expect(chunks.at(-2)!.choices[0]!.finish_reason).toBe("length");
    expect(chunks.at(-1)!.usage).toMatchObject({ completion_tokens: 3 });
  });

  test("say the same to the same prompt", async () => {
    const answers = await Promise.all([1, 2].map(async () => (await (await chat({ max_tokens: 20 })).json()) as { choices: unknown }));
    expect(answers[0]!.choices).toEqual(answers[1]!.choices);
  });

  test("refuse what they cannot do, in OpenAI's form", async () => {
    for (const [body, status] of [
      [{ messages: [] }, 400],
      [{ max_tokens: 0 }, 400],
      [{ model: "gpt" }, 404],
    ] as const) {
      const response = await chat(body);
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { message: expect.any(String) } });
    }
  });

  test("names its model and its commit", async () => {
    expect(await (await fetch(`${base.url}/v1/models`)).json()).toMatchObject({ data: [{ id: "tailgate-demo" }] });
    expect(await (await fetch(`${base.url}/version`)).json()).toEqual({ commit: "abc123" });
  });
});

test("callers that go away leave no work behind", async () => {
  const gone = new AbortController();
  const body = JSON.stringify({ messages: [{ role: "user", content: words(300) }], max_tokens: 512, ignore_eos: true });
  // Six full batches of 532 steps of 4 ms: more than twelve seconds of work.
  const requests = Array.from({ length: 96 }, () =>
    fetch(`${base.url}/v1/chat/completions`, { method: "POST", signal: gone.signal, body }),
  );
  const settled = Promise.allSettled(requests);
  await expect.poll(async () => (await telemetry(base)).gauges["gpu.utilization"], { timeout: 5000 }).toBeGreaterThan(0);
  gone.abort();
  expect((await settled).map(({ status }) => status)).toEqual(requests.map(() => "rejected"));
  await expect.poll(async () => (await telemetry(base)).gauges["gpu.utilization"], { timeout: 3000 }).toBe(0);
});

test("planted errors come evenly, and are not inferences", async () => {
  const statuses: number[] = [];
  for (let i = 0; i < 6; i++) statuses.push((await infer(regressed, texts("a"))).status);
  expect(statuses.filter((status) => status === 500)).toHaveLength(3);
});

describe("telemetry", () => {
  test("is read as DCGM's, marked as simulated, with the planted memory", async () => {
    const [of, more] = [await telemetry(base), await telemetry(regressed)];
    expect(of.gpus).toMatchObject([{ model: "simulated" }]);
    expect(of.gauges["gpu.memory.used"]).toBeGreaterThan(1024 ** 3);
    expect(more.gauges["gpu.memory.used"]! - of.gauges["gpu.memory.used"]!).toBe(512 * 1024 ** 2);
    expect(of.lastXid).toEqual({ "tailgate-demo/GPU-00000000-0000-4000-8000-000000000000": 0 });
  });

  test("follows the work: utilization, power and energy rise under load", async () => {
    const start = performance.now();
    const idle = await telemetry(base);
    await Promise.all(Array.from({ length: 80 }, () => infer(base, texts(words(320)))));
    const loaded = await telemetry(base);
    const elapsedS = (performance.now() - start) / 1000;
    expect(loaded.gauges["gpu.utilization"]).toBeGreaterThan(idle.gauges["gpu.utilization"]!);
    expect(loaded.gauges["gpu.power"]).toBeGreaterThan(idle.gauges["gpu.power"]!);
    const [before, after] = [idle, loaded].map(({ energyJ }) => Object.values(energyJ)[0]!);
    // Five batches of 80 ms at 240 W above the idle 60 W are 96 J.
    expect(after! - before! - 60 * elapsedS).toBeGreaterThan(30);
  });

  test("shows the server's queue", async () => {
    const busy = Promise.all(Array.from({ length: 60 }, () => infer(base, texts(words(320)))));
    const depth = async () =>
      parseExposition(await (await fetch(base.metricsUrl)).text(), (name) => name === "tailgate_demo_queue_depth").samples[0]!.value;
    await expect.poll(depth, { timeout: 5000, interval: 5 }).toBeGreaterThan(10);
    await busy;
    await expect.poll(depth, { timeout: 5000 }).toBe(0);
  });
});

describe("the process", () => {
  test("ends with stop(), more than once, and nothing answers any more", async () => {
    const demo = await startDemo({ preset: "equal" });
    await Promise.all([demo.stop(), demo.stop()]);
    await demo.stop();
    await expect(fetch(demo.url)).rejects.toThrow(/fetch failed/);
  });

  test("ends when its parent dies without a word", async () => {
    const file = new URL("../../../src/io/demo/start-demo.ts", import.meta.url).href;
    const script = `const { startDemo } = await import(${JSON.stringify(file)}); console.log((await startDemo({ preset: "base" })).url); setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
    const url = await new Promise<string>((resolve) => parent.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString().trim())));
    expect((await fetch(`${url}/version`)).status).toBe(200);
    parent.kill("SIGKILL");
    await expect
      .poll(
        () =>
          fetch(`${url}/version`).then(
            () => "alive",
            () => "gone",
          ),
        { timeout: 10_000 },
      )
      .toBe("gone");
  });

  test("says what is wrong with its arguments", async () => {
    await expect(startDemo({ preset: "base", args: ["--tail-factor", "0.5"] })).rejects.toThrow(
      /--tail-factor must be a number from 1 to 100/,
    );
    await expect(startDemo({ preset: "base", args: ["--nonsense"] })).rejects.toThrow(/nonsense/);
  });
});
