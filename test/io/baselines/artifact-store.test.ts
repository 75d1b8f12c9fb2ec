import { randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateRawSync } from "node:zlib";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { writeRunRecord } from "../../../src/core/record/read.ts";
import { baselineArtifactName } from "../../../src/io/baselines/artifact-name.ts";
import type { StoredArtifact } from "../../../src/io/baselines/artifact-store.ts";
import { connectGitHub } from "../../../src/io/github/api.ts";
import { findBaselineRuns } from "../../../src/io/github/baseline-runs.ts";
import { someRecord } from "../../core/record/some-record.ts";
import { type GitHubEmulator, startGitHub } from "../../github/server.ts";
import type { Artifact, Run } from "../../github/state.ts";
import { zipOf } from "./zip-of.ts";

// The client reads its addresses from the environment when it is loaded: one server for the file, loaded after it.
let github: GitHubEmulator;
let store: typeof import("../../../src/io/baselines/artifact-store.ts");
let run: Run;
let folder: string;
const name = baselineArtifactName("sentiment");

beforeAll(async () => {
  github = await startGitHub();
  run = github.state.addRun();
  for (const [variable, value] of Object.entries(github.env(run))) vi.stubEnv(variable, value);
  store = await import("../../../src/io/baselines/artifact-store.ts");
});
afterAll(async () => {
  await github.closeClean();
  vi.unstubAllEnvs();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "tailgate-artifact-test-"));
  vi.stubEnv("RUNNER_TEMP", folder);
  vi.spyOn(process.stdout, "write").mockReturnValue(true);
  github.state.artifacts.length = 0;
});
afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true, force: true });
});

const source = () => ({ token: github.token, repository: github.state.repository });
const stored = (artifact: Artifact): StoredArtifact => ({
  id: artifact.id,
  runId: artifact.runId,
  sizeBytes: artifact.content.length,
  digest: artifact.digest!,
  origin: `artifact ${artifact.id}`,
});
const artifactWith = (content: Buffer, artifact: Partial<Artifact> = {}) =>
  stored(github.state.addArtifact({ name, runId: run.id, content, ...artifact }));
const zipWith = (text: string) => zipOf([{ name: "run.json", content: Buffer.from(text) }]);
const reasonsOf = async (...artifacts: readonly StoredArtifact[]): Promise<readonly string[]> => {
  const { candidates, refused } = await store.readArtifactRuns(artifacts, "sentiment", source());
  expect(candidates).toEqual([]);
  return refused.map(({ reason }) => reason);
};

describe("the artifact store, through the real client", () => {
  test("gives a run back that another run uploaded, found by its commit", async () => {
    const record = someRecord();
    writeFileSync(join(folder, "run.json"), writeRunRecord(record));
    const uploaded = await store.uploadRun([join(folder, "run.json")], name, folder, 30);
    expect(github.state.artifacts[0]).toMatchObject({ id: uploaded.id, name, digest: uploaded.digest, runId: run.id });

    const api = await connectGitHub({ ...source(), apiUrl: github.url });
    const { found } = await findBaselineRuns(api, {
      artifactName: name,
      repositoryId: github.state.repository.id,
      branch: "main",
      from: run.headSha,
      fromName: "the merge base",
    });
    const { candidates, refused } = await store.readArtifactRuns(found, "sentiment", source());
    expect(refused).toEqual([]);
    const origin = `run ${run.id} · commit ${run.headSha.slice(0, 7)} · at the merge base · artifact ${uploaded.id}`;
    expect(candidates).toEqual([{ origin, record, distance: 0, expiresAt: github.state.artifacts[0]!.expiresAt }]);
  });

  test("carries records of many megabytes, in blocks", async () => {
    // Text that hardly compresses, so that the upload needs more than one block of 8 MiB.
    const message = () => randomBytes(7_000).toString("base64");
    const problems = Array.from({ length: 1_500 }, () => ({ severity: "warning" as const, code: "noise", message: message() }));
    const record = someRecord({ problems });
    writeFileSync(join(folder, "run.json"), writeRunRecord(record));
    const { id } = await store.uploadRun([join(folder, "run.json")], name, folder);
    const artifact = github.state.artifacts.find((one) => one.id === id)!;
    const { candidates } = await store.readArtifactRuns([stored(artifact)], "sentiment", source());
    expect(candidates[0]?.record).toEqual(record);
    expect(github.requests.filter(({ query }) => query.includes("comp=block&")).length).toBeGreaterThan(2);
  });

  test("keeps the order it was asked in and leaves no file behind", async () => {
    const artifacts = Array.from({ length: 6 }, (_, i) => artifactWith(zipWith(writeRunRecord(someRecord({ tool: `tailgate ${i}` })))));
    const { candidates } = await store.readArtifactRuns(artifacts, "sentiment", source());
    expect(candidates.map(({ record }) => record.tool)).toEqual([0, 1, 2, 3, 4, 5].map((i) => `tailgate ${i}`));
    expect(readdirSync(folder)).toEqual([]);
  });

  test("says what to do when a name is taken in this run", async () => {
    writeFileSync(join(folder, "run.json"), "{}");
    await store.uploadRun([join(folder, "run.json")], name, folder);
    await expect(store.uploadRun([join(folder, "run.json")], name, folder)).rejects.toMatchObject({
      message: `another job of this run has already stored results of this suite (artifact ${name})`,
      hint: "give each leg of a matrix a variant of its own, such as `variant: ${{ matrix.gpu }}`",
    });
  });

  test("says what the storage answered where it says nothing itself", async () => {
    writeFileSync(join(folder, "run.json"), "{}");
    github.state.fail({ method: "PUT", path: /^\/storage\//, status: 401, message: "" });
    await expect(store.uploadRun([join(folder, "run.json")], name, folder)).rejects.toThrow(
      `the artifact ${name} could not be uploaded: the storage answered 401`,
    );
  });

  test("says what to do on GitHub Enterprise Server, which has no artifacts for this client", async () => {
    vi.stubEnv("GITHUB_SERVER_URL", "https://ghe.example");
    writeFileSync(join(folder, "run.json"), "{}");
    await expect(store.uploadRun([join(folder, "run.json")], name, folder)).rejects.toMatchObject({
      hint: "use `baseline: branch` on GitHub Enterprise Server",
    });
    vi.stubEnv("GITHUB_SERVER_URL", "https://github.com");
  });
});

describe("a downloaded artifact is refused", () => {
  test("if it is not what was uploaded, before it is opened", async () => {
    const good = zipWith(writeRunRecord(someRecord()));
    expect(await reasonsOf(artifactWith(good, { digest: `sha256:${"0".repeat(64)}` }))).toEqual([
      "digest mismatch: it is not what was uploaded",
    ]);
  });

  test("if its archive is damaged, or no archive", async () => {
    const good = zipWith(writeRunRecord(someRecord()));
    expect(await reasonsOf(artifactWith(good.subarray(0, -30)), artifactWith(Buffer.from("<html>")))).toEqual([
      "damaged archive: it is not a ZIP archive, or cut short",
      "damaged archive: it is not a ZIP archive, or cut short",
    ]);
  });

  test("if it would unpack to more than a record, without unpacking it", async () => {
    const bomb = zipOf([
      { name: "run.json", content: Buffer.alloc(0), compressed: deflateRawSync(Buffer.alloc(65 * 1024 * 1024)), size: 10 },
    ]);
    expect(await reasonsOf(artifactWith(bomb))).toEqual(["damaged archive: run.json cannot be inflated, or is longer than 67108864 bytes"]);
  });

  test("if it holds other files only, whatever their names", async () => {
    const zip = zipOf([
      { name: "../run.json", content: Buffer.from("{}") },
      { name: "comment.md", content: Buffer.from("pass") },
    ]);
    expect(await reasonsOf(artifactWith(zip))).toEqual(["the archive holds no run.json"]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test("if its record is of an older schema, damaged, or of another suite", async () => {
    const other = someRecord({ suite: { name: "chat", digest: "d", seed: 1 } });
    expect(
      await reasonsOf(artifactWith(zipWith('{"schema":0}')), artifactWith(zipWith("{")), artifactWith(zipWith(writeRunRecord(other)))),
    ).toEqual([
      "run.json was written by an older tailgate: it has schema 0, this one reads 1; record the run again",
      expect.stringMatching(/^run\.json.* JSON/),
      "it holds a run of another suite",
    ]);
  });

  test("if it expired or was deleted since it was listed", async () => {
    const gone = artifactWith(Buffer.from("x"), { expired: true });
    expect(await reasonsOf(gone, { ...gone, id: 1 })).toEqual([
      expect.stringContaining("it could not be downloaded: Artifact has expired"),
      expect.stringContaining("it could not be downloaded: Not Found"),
    ]);
  });
});

describe("the name of a suite's artifacts", () => {
  test("can be an artifact name, and is the same for the same suite", () => {
    expect(baselineArtifactName("Chat: 70B/fp8")).toMatch(/^tailgate-baseline-chat-70b-fp8-[0-9a-f]{8}$/);
    expect(baselineArtifactName("a")).toBe(baselineArtifactName("a"));
  });

  test("differs for suites that differ, if only in characters that a name may not have", () => {
    const names = ["a/b", "a:b", "a b", "A B", "a-b"].map((suite) => baselineArtifactName(suite));
    expect(new Set(names).size).toBe(5);
    expect(baselineArtifactName("a", "h100")).toMatch(/^tailgate-baseline-a-h100-[0-9a-f]{8}$/);
  });
});
