import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { freePort, serve, serveBytes, serveSelfSigned } from "../io/load/endpoint.ts";
import { expectNothingPassed } from "./expectations.ts";
import { SHORT_BLOCKS, suite } from "./suites.ts";
import { type Ended, type Workplace, workplace } from "./tailgate.ts";

/** Runs against an endpoint that never becomes ready: an invalid run, with these words in whatever a person reads. */
async function runInvalid(
  url: string,
  words: readonly string[],
  files = { "suite.yaml": suite({ ready: "timeout: 300ms" }) },
): Promise<void> {
  const place = await workplace(files);
  const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
  expectNothingPassed(place, ended, 3, "invalid");
  expectSaid(place, ended, words);
  const record = place.record();
  expect(record.status).toBe("aborted");
  expect(record.scenarios).toEqual([]);
  expect(record.problems).toMatchObject([{ severity: "invalid", code: "endpoint-not-ready", arm: "head" }]);
}

function expectSaid(place: Workplace, ended: Ended, words: readonly string[]): void {
  for (const word of words) {
    expect(ended.stdout).toContain(word);
    expect(place.verdict().reasons.join("\n")).toContain(word);
    expect(
      place
        .record()
        .problems.map(({ message }) => message)
        .join("\n"),
    ).toContain(word);
  }
}

describe("a run is invalid and exits 3", () => {
  test("when nobody listens, and says where and what to check", async () => {
    const port = await freePort();
    await runInvalid(`http://127.0.0.1:${port}`, [
      `connection refused at 127.0.0.1:${port} (ECONNREFUSED)`,
      "check that the preview is deployed",
      "raise target.ready.timeout",
    ]);
  });

  test("when nobody listens, and the first line of the comment says so", async () => {
    const port = await freePort();
    const place = await workplace({ "suite.yaml": suite({ ready: "timeout: 300ms" }) });
    await place.tailgate(["run", "suite.yaml", "--endpoint", `http://127.0.0.1:${port}`]);
    expect(place.read("tailgate-out/comment.md")).toMatch(
      new RegExp(`^### ⛔ Invalid: the preview could not be reached for \\d+ms: connection refused at 127\\.0\\.0\\.1:${port}$`, "m"),
    );
  });

  test("when another build answers, and the first line of the comment says so", async () => {
    const url = await serve((_, response) => void response.end("build-7"));
    const place = await workplace({ "suite.yaml": suite({ target: "protocol: raw, identity: { path: /version, equals: build-8 }" }) });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expectNothingPassed(place, ended, 3, "invalid");
    expect(place.read("tailgate-out/comment.md")).toContain(
      "### ⛔ Invalid: the preview is another build: /version answers build-7, expected build-8\n",
    );
  });

  test("when something answers that does not speak HTTP", async () => {
    const url = await serveBytes((socket) => socket.end("SSH-2.0-OpenSSH_9.9\r\n"));
    await runInvalid(url, ["the answer is not HTTP/1.1", `the head endpoint ${url} never became ready`]);
  });

  test("when the certificate is self-signed, and says how to trust it", async () => {
    const url = await serveSelfSigned((_, response) => void response.end("ok"));
    await runInvalid(url, ["certificate", new URL(url).host, "target.tls.ca"]);
  });

  test("when http is spoken to a port of https", async () => {
    const url = await serveSelfSigned((_, response) => void response.end("ok"));
    await runInvalid(url.replace("https:", "http:"), ["closed the connection", "that the URL is right"]);
  });

  test("when https is spoken to a port of http", async () => {
    const url = await serve((_, response) => void response.end("ok"));
    await runInvalid(url.replace("http:", "https:"), ["write http:// instead of https://"]);
  });

  test("when the endpoint accepts and never answers", async () => {
    const url = await serveBytes(() => {});
    await runInvalid(url, [`no answer from ${new URL(url).host} in time`, "raise target.ready.timeout"]);
  });

  test("when its ready path never answers", async () => {
    const url = await serve((request, response) => void (request.url === "/ready" ? undefined : response.end("ok")));
    await runInvalid(url, ["no answer from"], { "suite.yaml": suite({ ready: "path: /ready, timeout: 300ms" }) });
  });

  test("when its ready path answers 503 all the time", async () => {
    const url = await serve((_, response) => void response.writeHead(503).end());
    await runInvalid(url, ["/ready answered 503 instead of 2xx", "check target.ready.path"], {
      "suite.yaml": suite({ ready: "path: /ready, timeout: 300ms" }),
    });
  });

  test("when the base endpoint is the dead one, and says so", async () => {
    const url = await serve((_, response) => void response.end("ok"));
    const place = await workplace({ "suite.yaml": suite() });
    const base = `http://127.0.0.1:${await freePort()}`;
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url, "--baseline-endpoint", base]);
    expectNothingPassed(place, ended, 3, "invalid");
    expectSaid(place, ended, [`the base endpoint ${base} never became ready: connection refused`]);
  });
});

describe("telemetry", () => {
  /** As TensorFlow Serving does it: no series before the first request. */
  function counted(): RequestListener {
    let answered = 0;
    return (request, response) => {
      request.resume();
      if (request.url === "/metrics") {
        const series = ":tensorflow:serving:request_latency";
        response.end(
          answered === 0 ? "" : `${series}_sum{API="predict"} ${answered * 20_000}\n${series}_count{API="predict"} ${answered}\n`,
        );
      } else
        setTimeout(() => {
          answered++;
          response.end("ok");
        }, 20);
    };
  }

  test("that tells nothing before the first request was never unreachable; one that never answers was", async () => {
    const url = await serve(counted());
    const sources = [`url: "${url}/metrics"`, `vllm: "${url}/none"`].map((source) => `  - { ${source}, interval: 100ms }\n`).join("");
    const place = await workplace({
      "suite.yaml": `${suite({ load: "concurrency: 2, duration: 2s", gates: "errors.ratio: { limit: 5% }", more: SHORT_BLOCKS })}telemetry:\n${sources}`,
    });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expect(ended.code, ended.stdout + ended.stderr).toBe(0);
    const { problems, scenarios } = place.record();
    const unreachable = problems.filter(({ code }) => code === "telemetry-unreachable");
    expect(unreachable.map(({ message }) => message)).toEqual([expect.stringContaining("telemetry vllm at")]);
    const times = scenarios[0]!.arms.head!.blocks.flatMap(({ gauges }) => gauges["request.time"]?.mean ?? []);
    expect(times.length).toBeGreaterThan(0);
    for (const time of times) expect(time).toBeCloseTo(0.02, 6);
  });
});
