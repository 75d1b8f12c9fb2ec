import { describe, expect, test } from "vitest";
import { deploymentStatusEvent } from "../github/events.ts";
import { type Repository, repository, type Step } from "./action-run.ts";
import { LIMITED, LIMITED_STRICTLY } from "./action-suites.ts";

type Status = Parameters<typeof deploymentStatusEvent>[2];

/** A repository with a pull request, and the step of a workflow that a deployment of its head starts. */
async function deployed(
  suite: string,
  status: Status,
  inputs: Parameters<Repository["step"]>[1] = {},
): Promise<{ readonly repo: Repository; readonly step: Step }> {
  const repo = await repository({ "tailgate.yaml": suite });
  repo.state.permissions.checks = "write";
  repo.pull();
  return { repo, step: await announce(repo, status, inputs) };
}

async function announce(
  { state, checkout, preview, step }: Repository,
  status: Status,
  inputs: Parameters<Repository["step"]>[1] = {},
): Promise<Step> {
  const { head } = state.pulls[0]!;
  const said = { ...status, ...(status["environment_url"] === "the preview" ? { environment_url: preview.url } : {}) };
  const event = await checkout.write("event.json", JSON.stringify(deploymentStatusEvent(state, head, said)));
  const run = state.addRun({
    event: "deployment_status",
    headSha: head.sha,
    headBranch: head.branch,
    path: ".github/workflows/deployed.yml",
  });
  return step(run, { endpoint: "", ...inputs }, { GITHUB_EVENT_PATH: event });
}

const UP: Status = { state: "success", environment_url: "the preview" };

test("a deployment that is up is measured where it says, and told on the pull request whose head it is", async () => {
  const { repo, step } = await deployed(LIMITED, UP);
  expect(step.code, step.log).toBe(0);
  expect(step.outputs["verdict"]).toBe("pass");
  expect(repo.preview.requests).toBeGreaterThan(20);
  expect(repo.state.comments.map(({ number }) => number)).toEqual([1]);
  expect(repo.state.comments[0]!.body).toContain(`commit ${repo.state.pulls[0]!.head.sha.slice(0, 10)}`);
});

test("the gates of the base branch judge it, as they judge the pull request itself", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  repo.pull();
  repo.preview.failsEvery = 5;
  repo.state.files.set(`${repo.state.pulls[0]!.base.sha}:tailgate.yaml`, LIMITED_STRICTLY);
  const step = await announce(repo, UP);
  expect(step.code, step.log).toBe(1);
  expect(step.outputs["verdict"]).toBe("fail");
});

test("also of a fork's pull request, which GitHub connects with no commit of ours", async () => {
  const repo = await repository({ "tailgate.yaml": LIMITED });
  repo.pull({ repositoryId: 666 });
  const step = await announce(repo, UP);
  expect(step.outputs["verdict"], step.log).toBe("pass");
  expect(repo.state.comments.map(({ number }) => number)).toEqual([1]);
});

describe("a deployment that is not up", () => {
  test.each(["pending", "queued", "in_progress", "waiting", "inactive"])("yet (%s) is not measured, and is no pass", async (state) => {
    const { repo, step } = await deployed(LIMITED, { state }, { "check-run": "always", endpoint: "http://127.0.0.1:9" });
    expect(step.code, step.log).toBe(0);
    expect(step.outputs["verdict"] ?? "").toBe("");
    expect(step.said("notice")).toEqual([
      expect.stringMatching(/^nothing was measured: the deployment to preview (is not up yet|was replaced)/),
    ]);
    expect(repo.state.comments).toEqual([]);
    // A merge that requires the check goes on waiting, and the run that measures ends this very one.
    expect(repo.state.checks).toMatchObject([{ status: "queued", conclusion: undefined }]);
  });

  test("at first, and then is, ends the check run that waited", async () => {
    const { repo } = await deployed(LIMITED, { state: "pending" }, { "check-run": "always" });
    await announce(repo, { state: "in_progress" }, { "check-run": "always" });
    await announce(repo, UP, { "check-run": "always" });
    expect(repo.state.checks).toMatchObject([{ conclusion: "success", statuses: ["queued", "queued", "in_progress", "completed"] }]);
  });

  test.each(["failure", "error"])("and never will be (%s) is invalid, and the pull request says whose fault that was", async (state) => {
    const status = { state, description: "image <b>not</b> found, ask @octocat", log_url: "https://deploy.example.com/log?id=7" };
    const { repo, step } = await deployed(LIMITED, status, { "check-run": "always" });
    expect(step.code, step.log).toBe(1);
    expect(step.outputs["verdict"]).toBe("invalid");
    const { body } = repo.state.comments[0]!;
    expect(body.split("\n")[1]).toBe(`### ⛔ Invalid: the preview never came up: its deployment ended with ${state}`);
    expect(body).toContain(
      `the deployment to preview ended with ${state}, so that nothing was measured; its own log says why. It says: image &lt;b&gt;not`,
    );
    expect(body).toContain("[The log of the deployment](https://deploy.example.com/log?id=7)");
    expect(body).not.toContain("@octocat");
    expect(repo.state.checks).toMatchObject([{ conclusion: "action_required" }]);
    expect(repo.preview.requests).toBe(0);
  });
});

test("a log that is no web page is no link", async () => {
  const { repo } = await deployed(LIMITED, { state: "failure", log_url: "javascript:alert(1)" });
  expect(repo.state.comments[0]!.body).not.toContain("](javascript");
});

test("a deployment that is up and says nowhere where is a mistake of the set-up; target_url is its log", async () => {
  const { repo, step } = await deployed(LIMITED, { state: "success", target_url: "https://deploy.example.com/log" });
  expect(step.code, step.log).toBe(2);
  expect(step.said("error")).toEqual([expect.stringContaining("set environment_url in the status of the deployment")]);
  expect(repo.preview.requests).toBe(0);
});

test("an endpoint that is given is measured instead, and what is in the address is masked", async () => {
  const { repo, step } = await deployed(LIMITED, { state: "success", environment_url: "http://u:hidden-1234@127.0.0.1:9" });
  expect(step.outputs["verdict"], step.log).toBe("invalid");
  expect(step.said("add-mask")).toContain("hidden-1234");
  expect(repo.state.comments[0]!.body).toMatch(
    /^### ⛔ Invalid: the preview could not be reached for \ds: connection refused at 127\.0\.0\.1:9$/m,
  );
  expect(JSON.stringify([repo.state.comments, step.outputs, step.summary])).not.toContain("hidden-1234");
  const given = await announce(repo, { state: "success", environment_url: "http://127.0.0.1:9" }, { endpoint: repo.preview.url });
  expect(repo.preview.requests, given.log).toBeGreaterThan(0);
});

test("a deployment of a commit that is nobody's head has no pull request, and is judged all the same", async () => {
  const { repo } = await deployed(LIMITED, UP);
  repo.state.comments.splice(0);
  const [pull] = repo.state.pulls.splice(0);
  repo.state.pulls.push({ ...pull!, isOpen: false });
  const step = await announce(repo, UP);
  expect(step.outputs["verdict"], step.log).toBe("pass");
  expect(repo.state.comments).toEqual([]);
});
