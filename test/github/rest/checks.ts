import { type Handlers, NOT_FOUND, page } from "./handler.ts";

/** Of the fields that a request may set, those that a test looks at. */
const fieldsOf = (body: Readonly<Record<string, unknown>>) => {
  const output = body["output"] as { title?: string; summary?: string; annotations?: readonly object[] } | undefined;
  const conclusion = body["conclusion"] as string | undefined;
  return {
    ...(body["details_url"] === undefined ? {} : { detailsUrl: body["details_url"] as string }),
    // A conclusion ends a check run, whatever the status says.
    ...(conclusion === undefined ? { status: (body["status"] as string | undefined) ?? "queued" } : { status: "completed", conclusion }),
    ...(output === undefined ? {} : { title: output.title ?? "", summary: output.summary ?? "" }),
    annotations: output?.annotations ?? [],
  };
};

export const CHECKS: Handlers = {
  "checks/create": {
    needs: ["checks", "write"],
    answer: ({ state, make, body }) => {
      const { annotations, ...fields } = fieldsOf(body);
      const check = {
        id: state.nextId(),
        name: String(body["name"]),
        headSha: String(body["head_sha"]),
        externalId: (body["external_id"] as string | undefined) ?? "",
        detailsUrl: "",
        conclusion: undefined,
        title: "",
        summary: "",
        annotations: [...annotations],
        statuses: [fields.status],
        ...fields,
      };
      state.checks.push(check);
      return { status: 201, body: make.check(check) };
    },
  },

  "checks/update": {
    needs: ["checks", "write"],
    answer: ({ state, make, params, body }) => {
      const check = state.checks.find(({ id }) => id === Number(params["check_run_id"]));
      if (check === undefined) return NOT_FOUND;
      const { annotations, ...fields } = fieldsOf(body);
      Object.assign(check, fields);
      check.annotations.push(...annotations);
      check.statuses.push(check.status);
      return { status: 200, body: make.check(check) };
    },
  },

  "checks/list-for-ref": {
    needs: ["checks", "read"],
    answer: ({ state, make, params, query }) => {
      const sha = state.branches.get(params["ref"] ?? "") ?? params["ref"];
      const name = query.get("check_name");
      const checks = state.checks.filter((check) => check.headSha === sha && (name === null || check.name === name));
      const newestFirst = checks.toSorted((a, b) => b.id - a.id);
      return { status: 200, body: { total_count: checks.length, check_runs: page(newestFirst, query).map(make.check) } };
    },
  },
};
