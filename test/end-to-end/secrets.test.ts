import type { RequestListener } from "node:http";
import { describe, expect, test } from "vitest";
import { serve } from "../io/load/endpoint.ts";
import { suite } from "./suites.ts";
import { type Ended, type Workplace, workplace } from "./tailgate.ts";

const TOKEN = "planted-token-7f3a/+x9";
const KEY = "planted-key-0451bc";
const PASSWORD = "planted-password-88";

/** An endpoint that gives away whatever it is told. */
const echo: RequestListener = ({ url, headers }, response) =>
  void response.writeHead(500, { "content-type": "application/json" }).end(JSON.stringify([headers.authorization, url, headers]));

const SUITE = suite({
  target: 'protocol: raw, path: "/predict?k=${env:API_KEY}", headers: { authorization: "Bearer ${env:API_TOKEN}", x-literal: plain }',
});
const ENVIRONMENT = { API_TOKEN: TOKEN, API_KEY: KEY };

/** Neither in what was printed nor in any file, as it is or encoded. */
function expectNowhere(place: Workplace, ended: Ended, secret: string): void {
  const forms = [secret, encodeURIComponent(secret), btoa(secret), btoa(`me:${secret}`)];
  const places = [
    { name: "stdout", text: ended.stdout },
    { name: "stderr", text: ended.stderr },
    ...place.texts().filter(({ name }) => name !== "suite.yaml"),
  ];
  expect(places.length).toBeGreaterThanOrEqual(8);
  for (const { name, text } of places) {
    for (const form of forms) expect(text.includes(form), `${form} in ${name}`).toBe(false);
  }
}

describe("a secret is masked everywhere", () => {
  test("when the endpoint echoes headers and path in its errors", async () => {
    const place = await workplace({ "suite.yaml": SUITE });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", await serve(echo), "--save-baseline", "kept"], ENVIRONMENT);
    expect(ended.code).toBe(1);
    expect(ended.stdout).toContain("***");
    expect(JSON.stringify(place.record().scenarios[0]!.arms.head!.examples)).toContain("***");
    expectNowhere(place, ended, TOKEN);
    expectNowhere(place, ended, KEY);
  });

  test("when it is the password of --endpoint, and the endpoint echoes the authorization", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const url = (await serve(echo)).replace("http://", `http://me:${PASSWORD}@`);
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", url]);
    expect(ended.code).toBe(1);
    expectNowhere(place, ended, PASSWORD);
  });

  test("when it is the password of an --endpoint where nobody listens", async () => {
    const place = await workplace({ "suite.yaml": suite() });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", `http://me:${PASSWORD}@127.0.0.1:9/v1?token=${KEY}`]);
    expect(ended.code).toBe(3);
    expect(ended.stdout).toContain("http://127.0.0.1:9/v1 never became ready");
    expectNowhere(place, ended, PASSWORD);
    expectNowhere(place, ended, KEY);
  });

  test("when the identity page answers with it", async () => {
    const text = suite({
      target: 'protocol: raw, headers: { authorization: "Bearer ${env:API_TOKEN}" }, identity: { path: /version, equals: abc }',
    });
    const place = await workplace({ "suite.yaml": text });
    const ended = await place.tailgate(
      ["run", "suite.yaml", "--endpoint", await serve((request, response) => void response.end(request.headers.authorization))],
      ENVIRONMENT,
    );
    expect(ended.code).toBe(3);
    expect(place.record().identity!.observed).toContain("***");
    expectNowhere(place, ended, TOKEN);
  });

  test("when it cannot be sent, and the run is refused", async () => {
    const place = await workplace({ "suite.yaml": SUITE });
    const ended = await place.tailgate(["run", "suite.yaml", "--endpoint", "http://127.0.0.1:9"], {
      ...ENVIRONMENT,
      API_TOKEN: `${TOKEN}\n`,
    });
    expect(ended.code).toBe(2);
    expect(ended.stderr).toContain("API_TOKEN has a line break");
    expect(ended.stderr).not.toContain(TOKEN);
  });
});
