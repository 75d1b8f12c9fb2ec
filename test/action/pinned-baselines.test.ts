import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { type PinnedApi, type PinnedSearch, pinnedBaselines } from "../../src/action/pinned-baselines.ts";
import { writeRunRecord } from "../../src/core/record/read.ts";
import { connectGitHub, type GitHubApi } from "../../src/io/github/api.ts";
import { someRecord } from "../core/record/some-record.ts";
import { type GitHubEmulator, startGitHub } from "../github/server.ts";

let github: GitHubEmulator;
let api: GitHubApi;
let workspace: string;

beforeEach(async () => {
  github = await startGitHub();
  api = await connectGitHub({ token: github.token, repository: github.state.repository, apiUrl: github.url });
  workspace = mkdtempSync(join(tmpdir(), "tailgate-workspace-"));
  github.state.addCommit();
});
afterEach(async () => {
  rmSync(workspace, { recursive: true, force: true });
  await github.closeClean();
});

const recordOf = (hour: number, suiteName = "sentiment") =>
  writeRunRecord(
    someRecord({ startedAt: new Date(Date.UTC(2026, 10, 1, hour)).toISOString(), suite: { name: suiteName, digest: "d", seed: 1 } }),
  );
const main = () => github.state.branches.get("main")!;
/** Into the checkout, the base branch, or both. */
function pin(name: string, text: string, where: "checkout" | "main" | "both" = "both"): void {
  const path = `baselines/${name}`;
  if (where !== "main") {
    mkdirSync(dirname(join(workspace, path)), { recursive: true });
    writeFileSync(join(workspace, path), text);
  }
  if (where !== "checkout") github.state.files.set(`${main()}:${path}`, text);
}
const find = async (search: Partial<PinnedSearch> = {}, from: PinnedApi | undefined = api) => {
  const found = await pinnedBaselines(from, {
    folder: join(workspace, "baselines"),
    workspace,
    suiteName: "sentiment",
    variant: "",
    base: { sha: main(), branch: "main" },
    ...search,
  });
  const short = (text: string) => text.replaceAll(workspace, "").replace(/^\//, "");
  return {
    hours: found.candidates.map(({ record }) => new Date(record.startedAt).getUTCHours()),
    origins: found.candidates.map(({ origin }) => short(origin)),
    refused: found.refused.map(({ origin, reason }) => `${short(origin)}: ${reason}`),
    notes: found.notes.map(({ code, message }) => `${code}: ${short(message).replaceAll(" /", " ")}`),
    isThere: found.isThere,
  };
};
const changed = (did: string) => [
  `baseline-files-changed: this pull request ${did} of the pinned files in baselines; the baseline is what main has`,
];

describe("the pinned files of a pull request", () => {
  test("count if the base branch has the same bytes, and nothing is downloaded for that", async () => {
    pin("a.json", recordOf(1));
    pin("sentiment/b.json", recordOf(2));
    expect(await find()).toEqual({
      hours: [2, 1],
      origins: ["baselines/sentiment/b.json", "baselines/a.json"],
      refused: [],
      notes: [],
      isThere: true,
    });
    expect(github.requests.map(({ operation }) => operation)).toEqual(["repos/get-content", "repos/get-content"]);
  });

  test("that it adds count once they are merged", async () => {
    pin("a.json", recordOf(1));
    pin("slow.json", recordOf(2), "checkout");
    const { hours, refused, notes } = await find();
    expect(hours).toEqual([1]);
    expect(refused).toEqual(["baselines/slow.json: this pull request adds it; it counts once main has it"]);
    expect(notes).toEqual(changed("adds 1"));
  });

  test("that it changes are read as the base branch has them", async () => {
    pin("a.json", recordOf(1), "main");
    pin("a.json", recordOf(9), "checkout");
    expect(await find()).toMatchObject({
      hours: [1],
      origins: ["baselines/a.json on main"],
      refused: ["baselines/a.json: this pull request changes it; what main has counts"],
      notes: changed("changes 1"),
    });
  });

  test("that it removes are read from the base branch, and the removal is said", async () => {
    pin("a.json", recordOf(1));
    pin("sentiment/fast.json", recordOf(2), "main");
    expect(await find()).toMatchObject({
      hours: [2, 1],
      origins: ["baselines/sentiment/fast.json on main", "baselines/a.json"],
      refused: [],
      notes: changed("removes 1"),
    });
  });

  test("are those of the base branch also if it removes the whole folder", async () => {
    pin("a.json", recordOf(1), "main");
    pin("b.json", recordOf(2), "main");
    expect(await find()).toMatchObject({ hours: [2, 1], isThere: true, notes: changed("removes 2") });
  });

  test("that it moves from one place to another are added and removed", async () => {
    pin("a.json", recordOf(1), "main");
    pin("sentiment/a.json", recordOf(1), "checkout");
    expect(await find()).toMatchObject({ origins: ["baselines/a.json on main"], notes: changed("adds 1, removes 1") });
  });

  test("of other suites are nobody's business here", async () => {
    pin("a.json", recordOf(1));
    pin("chat.json", recordOf(2, "chat"), "checkout");
    pin("chat-old.json", recordOf(3, "chat"), "main");
    expect(await find()).toMatchObject({ hours: [1], refused: [], notes: [] });
  });

  test("that the base branch got since the event count as well, and what it dropped since is not missed", async () => {
    const old = main();
    pin("a.json", recordOf(1));
    pin("dropped.json", recordOf(2), "main");
    github.state.addCommit();
    pin("a.json", recordOf(1), "main");
    pin("new.json", recordOf(3));
    expect(await find({ base: { sha: old, branch: "main" } })).toMatchObject({ hours: [3, 1], refused: [], notes: [] });
  });

  test("that were checked out with the line ends of Windows are the same", async () => {
    pin("a.json", recordOf(1), "main");
    pin("a.json", recordOf(1).replaceAll("\n", "\r\n"), "checkout");
    expect(await find()).toMatchObject({ hours: [1], refused: [], notes: [] });
  });

  test("that are damaged are refused by name, wherever they are from", async () => {
    pin("a.json", "{}");
    pin("b.json", "{}", "main");
    const { refused } = await find();
    expect(refused).toEqual([expect.stringMatching(/^baselines\/a\.json: /), expect.stringMatching(/^baselines\/b\.json on main: /)]);
  });

  test("are read from the base branch to the newest twenty", async () => {
    for (let hour = 0; hour < 22; hour++) pin(`${String(hour).padStart(2, "0")}.json`, recordOf(hour), "main");
    const { hours, refused } = await find();
    expect(hours).toEqual(Array.from({ length: 20 }, (_, i) => 21 - i));
    expect(refused).toEqual(["01", "00"].map((name) => `baselines/${name}.json on main: only 20 files are read from main`));
  });

  test("without a token are read as they are, and that is said", async () => {
    pin("a.json", recordOf(1), "checkout");
    const search = {
      folder: join(workspace, "baselines"),
      workspace,
      suiteName: "sentiment",
      variant: "",
      base: { sha: main(), branch: "main" },
    };
    const { candidates, notes } = await pinnedBaselines(undefined, search);
    expect(candidates).toHaveLength(1);
    expect(notes.map(({ severity, code }) => [severity, code])).toEqual([["warning", "baseline-files-unchecked"]]);
  });

  test("cannot be checked with a token that may not read contents: that is an error, not a pass", async () => {
    pin("a.json", recordOf(1), "checkout");
    github.state.permissions.contents = "none";
    await expect(find()).rejects.toThrow(/the token may not list baselines/);
  });
});

test("outside a pull request the checkout is the repository's own, and is read as it is", async () => {
  pin("a.json", recordOf(1), "checkout");
  expect(await find({ base: undefined })).toMatchObject({ hours: [1], refused: [], notes: [] });
  expect(github.requests).toEqual([]);
});

test("a folder outside the checkout is none that a pull request writes", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "tailgate-elsewhere-"));
  writeFileSync(join(elsewhere, "a.json"), recordOf(1));
  try {
    expect(await find({ folder: elsewhere })).toMatchObject({ hours: [1], refused: [], notes: [] });
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test("a link in the checkout that leads out of it is not followed", async () => {
  const elsewhere = mkdtempSync(join(tmpdir(), "tailgate-elsewhere-"));
  writeFileSync(join(elsewhere, "a.json"), recordOf(1));
  symlinkSync(elsewhere, join(workspace, "baselines"));
  try {
    const expected = { hours: [], refused: ["baselines: it is a symbolic link out of the checkout, which is not followed"] };
    expect(await find()).toMatchObject(expected);
    expect(await find({ base: undefined })).toMatchObject(expected);
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test("a link to another folder of the checkout gives nothing that the base branch does not have in that place", async () => {
  pin("../stash/a.json", recordOf(9), "checkout");
  mkdirSync(join(workspace, "baselines"));
  symlinkSync(join(workspace, "stash"), join(workspace, "baselines", "sentiment"));
  expect(await find()).toMatchObject({ hours: [], refused: ["baselines/sentiment: it is a symbolic link, which is not followed"] });
});

test("a folder that is nowhere is not there", async () => {
  expect(await find()).toEqual({ hours: [], origins: [], refused: [], notes: [], isThere: false });
});
