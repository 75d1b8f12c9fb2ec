import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { InputErrors } from "../../../src/core/errors.ts";
import { parseSuite } from "../../../src/core/suite/parse.ts";
import { environmentNames, redact, resolveEnvironment } from "../../../src/core/suite/secrets.ts";
import { EXAMPLE, MINIMAL, withTarget } from "./suites.ts";

type Environment = Readonly<Record<string, string | undefined>>;
const resolve = (text: string, env: Environment) => resolveEnvironment(parseSuite(text, "suite.yaml"), env);
const target = (yaml: string, env: Environment) => resolve(withTarget(`{ protocol: raw, ${yaml} }`), env);
const complaint = (text: string, env: Environment): string => {
  try {
    resolve(text, env);
  } catch (error) {
    if (error instanceof InputErrors) return error.sentence;
    throw error;
  }
  return "no complaint";
};

describe("filling in the environment", () => {
  test("replaces variables in headers, URLs, paths, model, identity and telemetry", () => {
    const text = `name: a
target:
  protocol: openai-chat
  endpoint: http://\${env:HOST}:8000/\${env:STAGE}
  path: /v1/\${env:STAGE}/chat
  model: \${env:MODEL}
  headers: { authorization: "Bearer \${env:TOKEN}" }
  ready: { path: "/\${env:STAGE}/ready" }
  identity: { path: "/\${env:STAGE}/version", equals: "\${env:GITHUB_SHA}" }
scenarios: [{ name: s }]
telemetry: [{ dcgm: "http://\${env:HOST}:9400/metrics", baseline: "\${env:BASE}/metrics" }, { url: "\${env:BASE}/m" }, { nvidia-smi: all }]
`;
    const { suite, secrets } = resolve(text, {
      HOST: "preview",
      STAGE: "pr-17",
      MODEL: "llama",
      TOKEN: "t0psecret",
      GITHUB_SHA: "0123456789abcdef",
      BASE: "http://base:9400",
    });
    expect(suite.target).toMatchObject({
      endpoint: "http://preview:8000/pr-17",
      path: "/v1/pr-17/chat",
      model: "llama",
      headers: { authorization: "Bearer t0psecret" },
      ready: { path: "/pr-17/ready" },
      identity: { path: "/pr-17/version", equals: "0123456789abcdef" },
    });
    expect(suite.telemetry).toMatchObject([
      { url: "http://preview:9400/metrics", baselineUrl: "http://base:9400/metrics" },
      { url: "http://base:9400/m" },
      { url: "nvidia-smi:" },
    ]);
    expect(secrets).toEqual(["t0psecret", "pr-17"]);
  });

  test("leaves the parsed suite as it was: it is what is digested and printed", () => {
    const parsed = parseSuite(EXAMPLE, "suite.yaml");
    resolveEnvironment(parsed, { API_TOKEN: "t0psecret", GITHUB_SHA: "abcdef0123" });
    expect(JSON.stringify(parsed.suite)).not.toContain("t0psecret");
  });

  test("$${ stands for the text itself, and a value is not read again", () => {
    const { suite } = target('headers: { x-a: "$${env:B} ${env:A}" }', { A: "${env:B}", B: "no" });
    expect(suite.target.headers).toEqual({ "x-a": "${env:B} ${env:B}" });
  });

  test("names what is needed without needing it", () => {
    expect(environmentNames(parseSuite(EXAMPLE, "suite.yaml").suite)).toEqual(["API_TOKEN", "GITHUB_SHA"]);
    expect(environmentNames(parseSuite(MINIMAL, "suite.yaml").suite)).toEqual([]);
  });

  test("every variable that is unset or empty is named with its place", () => {
    expect(complaint(EXAMPLE, { API_TOKEN: "" })).toMatchInlineSnapshot(`
      "suite.yaml:7:39: target.identity.equals: the environment variable GITHUB_SHA is not set or empty; set it in the workflow's env: or in the shell, GITHUB_SHA=…
      suite.yaml:8:29: target.headers.authorization: the environment variable API_TOKEN is not set or empty; set it in the workflow's env: or in the shell, API_TOKEN=…"
    `);
  });

  test("a secret that was pasted with its line break is refused, not sent", () => {
    const sentence = complaint(EXAMPLE, { API_TOKEN: "t0psecret\n", GITHUB_SHA: "abcdef0" });
    expect(sentence).toMatchInlineSnapshot(
      `"suite.yaml:8:29: target.headers.authorization: the value of API_TOKEN has a line break or another control character; remove it: secrets are often pasted with one at their end"`,
    );
    expect(sentence).not.toContain("t0psecret");
  });

  test("a URL that is none after filling is refused without showing it", () => {
    const sentence = complaint(withTarget('{ protocol: raw, endpoint: "${env:URL}" }'), { URL: "preview.example:8000/t0psecret" });
    expect(sentence).toMatchInlineSnapshot(
      `"suite.yaml:2:36: target.endpoint: with its variables filled in, this is not an http or https URL; does the value begin with http:// or https://?"`,
    );
    expect(sentence).not.toContain("t0psecret");
  });

  test("a variable called like a property of every object is not set", () => {
    expect(complaint(withTarget('{ protocol: raw, headers: { x-a: "${env:constructor}" } }'), {})).toContain("constructor is not set");
  });
});

describe("what is secret", () => {
  test("a variable in a header", () => {
    expect(target('headers: { x-tenant-key: "${env:KEY}" }', { KEY: "abcd-1234" }).secrets).toEqual(["abcd-1234"]);
  });

  test("not the commit, which every report names", () => {
    expect(target('headers: { x-commit: "${env:GITHUB_SHA}" }', { GITHUB_SHA: "0123456789" }).secrets).toEqual([]);
  });

  test("GitHub's token, in spite of its name", () => {
    expect(target('headers: { x-a: "${env:GITHUB_TOKEN}" }', { GITHUB_TOKEN: "ghs_abc" }).secrets).toEqual(["ghs_abc"]);
  });

  test("credentials that were written into the suite", () => {
    expect(target('headers: { Authorization: "Basic dXNlcjpwYXNz", x-a: public }', {}).secrets).toEqual(["dXNlcjpwYXNz"]);
  });

  test("password and key of a URL, but not its host", () => {
    const url = "https://me:p%40ss-word@preview.example:8000/run?api_key=s3cr3t-key&format=json";
    expect(target('endpoint: "${env:URL}"', { URL: url }).secrets).toEqual(
      ["p%40ss-word", "s3cr3t-key", "p@ss-word", "me"].sort((a, b) => b.length - a.length),
    );
  });

  test("a variable in the path or the query of a URL", () => {
    expect(target('endpoint: "https://a.example/${env:HOOK}/x"', { HOOK: "hook-12345" }).secrets).toEqual(["hook-12345"]);
    expect(target('path: "/infer?sig=${env:SIG}"', { SIG: "sig-12345" }).secrets).toEqual(["sig-12345"]);
  });
});

describe("redacting", () => {
  test("masks a secret as it is, percent-encoded, escaped as JSON and in base64", () => {
    const secret = 'p@ss "wörd"/1';
    const bytes = (text: string) => Buffer.from(text).toString("base64");
    const text = [
      secret,
      encodeURIComponent(secret),
      JSON.stringify({ a: secret }),
      `Basic ${bytes(`user:${secret}`)}`,
      bytes(secret),
    ].join("\n");
    const masked = redact(text, [secret]);
    for (const line of masked.split("\n")) expect(line).toContain("***");
    expect(masked).not.toContain("rd");
    expect(Buffer.from(masked.split("\n")[3]!.replace("Basic ", "").replace("***", ""), "base64").toString()).not.toContain("ss");
  });

  test("masks the longest first, so that nothing of it is left", () => {
    expect(redact("token-extended and token", ["token", "token-extended"])).toBe("*** and ***");
  });

  test("masks the beginning of a secret where a text was cut inside it, and no other beginning", () => {
    expect(redact('got "Bearer correct-horse-batt…", expected 2xx', ["correct-horse-battery"])).toBe('got "Bearer ***…", expected 2xx');
    expect(redact("a cor… b", ["correct-horse-battery"])).toBe("a cor… b");
    expect(redact("correct-horse, and … more", ["correct-horse-battery"])).toBe("correct-horse, and … more");
  });

  test("leaves a value alone that is too short to be a secret", () => {
    expect(redact("eu-west: queue", ["eu"])).toBe("eu-west: queue");
  });

  test("leaves a text without secrets as it is", () => {
    expect(redact("nothing here", ["s3cr3t-key"])).toBe("nothing here");
    expect(redact("nothing here", [])).toBe("nothing here");
  });

  const printable = fc.string({ unit: "grapheme", minLength: 4, maxLength: 24 });

  test("no secret survives in any text, in any of its forms", () => {
    fc.assert(
      fc.property(fc.array(printable, { minLength: 1, maxLength: 3 }), fc.string(), fc.string(), (secrets, before, after) => {
        for (const secret of secrets) {
          const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
          // Three asterisks are what a mask looks like: a secret made of them cannot be told from it.
          for (const form of forms.filter((one) => !one.includes("*")))
            expect(redact(before + form + after, secrets).includes(form)).toBe(false);
        }
      }),
    );
  });

  test("no secret survives in base64, wherever it begins", () => {
    const token = fc.stringMatching(/^[A-Za-z0-9_~.-]{8,40}$/);
    fc.assert(
      fc.property(token, fc.stringMatching(/^[a-z]{0,6}:?$/), fc.stringMatching(/^[a-z]{0,6}$/), (secret, before, after) => {
        for (const encoding of ["base64", "base64url"] as const) {
          const masked = redact(Buffer.from(before + secret + after).toString(encoding), [secret]);
          expect(masked).toContain("***");
          // At most the characters that mix the secret's edges with their neighbours are left: under four at each side.
          const left = masked.length - 3 - Math.floor((before.length * 4) / 3) - Math.ceil((after.length * 4) / 3);
          expect(left).toBeLessThan(8);
        }
      }),
    );
  });
});
