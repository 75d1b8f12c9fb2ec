import { describe, expect, test } from "vitest";
import { readZipEntry } from "../../src/io/baselines/zip-entry.ts";
import { CONCLUSION_FILES, RUN_FILE } from "../../src/outputs.ts";
import { serve } from "../io/load/endpoint.ts";
import { type Repository, repository, type Step } from "./action-run.ts";
import { LIMITED, WITH_SECRET } from "./action-suites.ts";

/** With characters that look different in a URL, in JSON and in HTML. */
const HEADER = 'hd-7f3a/+"x9d1f';
const QUERY = 'qy-0451/+"b77aa';
const PASSWORD = "pw-88c2/+e31";
const MAX_BYTES = 2 ** 26;

/** How a server may say what it was told: all that can be read back without a key. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret),
  JSON.stringify(secret).slice(1, -1),
  btoa(secret),
  Buffer.from(secret).toString("base64url"),
];

/** Everything that leaves the job: each place by its name, with its text. */
function leaving({ checkout, state }: Repository, { log, summary, outputs }: Step): readonly (readonly [string, string])[] {
  return [
    // The runner takes these lines out of what it shows.
    ["log", log.replaceAll(/^::add-mask::.*$/gm, "")],
    ["summary", summary],
    ["outputs", JSON.stringify(outputs)],
    ...state.comments.map(({ body }, i) => [`comment ${i}`, body] as const),
    ...checkout
      .texts()
      .filter(({ name }) => name !== "tailgate.yaml")
      .map(({ name, text }) => [name, text] as const),
    ...state.artifacts.flatMap(({ name, content }) => {
      // Its central directory says how many files there are; these are all.
      expect(content.readUInt16LE(content.length - 12)).toBe(CONCLUSION_FILES.length + 1);
      return [RUN_FILE, ...CONCLUSION_FILES].map((file) => {
        const entry = readZipEntry(content, file, MAX_BYTES);
        return [`${file} in ${name}`, entry?.toString("utf8") ?? ""] as const;
      });
    }),
  ];
}

const examplesOf = ({ checkout }: Repository) => JSON.stringify(checkout.record().scenarios[0]!.arms.head!.examples);

function expectNowhere(repo: Repository, step: Step, secrets: readonly string[]): void {
  const places = leaving(repo, step);
  // log, summary, outputs; six files in the folder, and the same six in the artifact
  expect(places.length).toBeGreaterThanOrEqual(15 + repo.state.comments.length);
  expect(places.filter(([, text]) => text === "").map(([name]) => name)).toEqual([]);
  const found = places.flatMap(([name, text]) => secrets.filter((secret) => text.includes(secret)).map((secret) => `${secret} in ${name}`));
  expect(found).toEqual([]);
}

describe("a secret is in no log, summary, output, comment, file or artifact", () => {
  test.each([
    ["a header", HEADER],
    ["the address", QUERY],
  ])("when the endpoint echoes that of %s in every form", async (_, secret) => {
    const repo = await repository({ "tailgate.yaml": WITH_SECRET });
    // What is kept of an answer ends after 120 characters: the forms of one secret fit.
    const url = await serve((__, response) => void response.writeHead(500).end(formsOf(secret).join("|")));
    const step = await repo.step(repo.pull(), { endpoint: `${url}/?api_key=${encodeURIComponent(QUERY)}` }, { API_TOKEN: HEADER });
    expect(step.outputs["verdict"], step.log).toBe("fail");
    expect(step.said("add-mask")).toEqual(expect.arrayContaining([HEADER, QUERY, repo.github.token]));
    expect(examplesOf(repo)).toContain(
      formsOf(secret)
        .map(() => "***")
        .join("|"),
    );
    expectNowhere(repo, step, [...formsOf(HEADER), ...formsOf(QUERY), secret.slice(0, 8), repo.github.token]);
  });

  test("when an answer is cut in the middle of one", async () => {
    const repo = await repository({ "tailgate.yaml": WITH_SECRET });
    const url = await serve(
      ({ headers }, response) => void response.writeHead(500).end(`${headers.authorization} `.padEnd(113, ".") + QUERY),
    );
    const step = await repo.step(repo.pull(), { endpoint: `${url}/?api_key=${encodeURIComponent(QUERY)}` }, { API_TOKEN: HEADER });
    expect(examplesOf(repo)).toMatch(/Bearer \*{3} \.+\*{3}…/);
    expectNowhere(repo, step, [...formsOf(HEADER), QUERY.slice(0, 5), repo.github.token]);
  });

  test("when it is the password of an address where nobody answers", async () => {
    const repo = await repository({ "tailgate.yaml": LIMITED.replace("ready: { timeout: 3s }", "ready: { timeout: 1s }") });
    const step = await repo.step(repo.pull(), {
      endpoint: `http://me:${encodeURIComponent(PASSWORD)}@127.0.0.1:9/?token=${QUERY.slice(0, 7)}`,
    });
    expect(step.outputs["verdict"], step.log).toBe("invalid");
    expectNowhere(repo, step, [...formsOf(PASSWORD), btoa(`me:${PASSWORD}`), QUERY.slice(0, 7), repo.github.token]);
  });

  test("when GitHub refuses with it in its words", async () => {
    const repo = await repository({ "tailgate.yaml": LIMITED });
    repo.state.fail({ method: "POST", path: /comments$/, status: 422, message: `token ${repo.github.token} is not valid here` });
    const step = await repo.step(repo.pull());
    expect(step.said("warning").join("\n")).toContain("GitHub answered 422");
    expectNowhere(repo, step, [repo.github.token]);
  });
});
