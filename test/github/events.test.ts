import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { loadDescription } from "./description.ts";
import { deploymentStatusEvent, workflowRunEvent } from "./events.ts";
import { GitHubState } from "./state.ts";

type Schema = { $ref?: string; properties?: Record<string, Schema>; allOf?: Schema[]; anyOf?: Schema[]; oneOf?: Schema[] };

/** Names of fields that GitHub's description of an event does not know, with their path. */
function unknownFields(event: string, payload: object): readonly string[] {
  loadDescription();
  const file = new URL("node_modules/@octokit/openapi/generated/api.github.com.json", import.meta.url);
  const document = JSON.parse(readFileSync(file, "utf8")) as Record<string, unknown> & {
    "x-webhooks": Record<string, { post: { requestBody: { content: { "application/json": { schema: Schema } } } } }>;
  };
  const deref = (schema: Schema): Schema =>
    schema.$ref === undefined
      ? schema
      : deref(
          schema.$ref
            .split("/")
            .slice(1)
            .reduce<unknown>((node, key) => (node as Record<string, unknown>)[key], document) as Schema,
        );
  const variants = (schema: Schema): readonly Schema[] => {
    const of = deref(schema);
    return [of, ...[...(of.allOf ?? []), ...(of.anyOf ?? []), ...(of.oneOf ?? [])].flatMap(variants)];
  };
  const walk = (schema: Schema, value: unknown, path: string): readonly string[] => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return [];
    return Object.entries(value).flatMap(([key, inner]) => {
      const described = variants(schema).flatMap(({ properties }) => properties?.[key] ?? []);
      return described.length === 0 ? [`${path}${key}`] : walk({ anyOf: described }, inner, `${path}${key}.`);
    });
  };
  return walk(document["x-webhooks"][event]!.post.requestBody.content["application/json"].schema, payload, "");
}

test("the fields of the emulated events are those of GitHub's description", () => {
  const state = new GitHubState();
  const pull = state.addPull({ repositoryId: 666 });
  const run = state.addRun({ event: "pull_request", headSha: pull.head.sha, headRepositoryId: 666 });
  expect(unknownFields("workflow-run-completed", workflowRunEvent(state, run))).toEqual([]);
  expect(unknownFields("deployment-status-created", deploymentStatusEvent(state, pull.head, { state: "success" }))).toEqual([]);
  expect(unknownFields("deployment-status-created", { deployment_status: { url_of_environment: "" } })).toEqual([
    "deployment_status.url_of_environment",
  ]);
});
