import { PHASES } from "../metric.ts";
import type { Mistake } from "./mistake.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";

/** What in `trace`, `server-timing` and `response-header` contradicts itself or the rest of the target. */
export function correlationRules(target: Mapping): readonly Mistake[] {
  return [...traceRules(target), ...namesTwice(asMapping(target["server-timing"])), ...headerRules(asMapping(target["response-header"]))];
}

function traceRules(target: Mapping): readonly Mistake[] {
  const trace = asMapping(target["trace"]);
  const isSent = trace["traceparent"] === "yes" || trace["traceparent"] === true;
  if (!isSent) {
    return Object.hasOwn(trace, "sampled")
      ? [
          {
            path: ["target", "trace", "sampled"],
            at: "key",
            message: "without traceparent: yes there is no header that could ask for it",
            hint: "add traceparent: yes, or leave this out",
          },
        ]
      : [];
  }
  return Object.keys(asMapping(target["headers"]))
    .filter((name) => name.toLowerCase() === "traceparent")
    .map((name) => ({
      path: ["target", "headers", name],
      at: "key" as const,
      message: `with target.trace every request has a ${name} of its own`,
      hint: "leave it out here, or write trace: { traceparent: no }",
    }));
}

/** One metric cannot be two phases. */
function namesTwice(timing: Mapping): readonly Mistake[] {
  const seen = new Map<string, string>();
  return PHASES.flatMap((phase) => {
    const names = typeof timing[phase] === "string" ? [timing[phase]] : asList(timing[phase]);
    return names.flatMap((written): readonly Mistake[] => {
      if (typeof written !== "string") return [];
      const name = written.toLowerCase();
      const before = seen.get(name);
      seen.set(name, before ?? phase);
      if (before === undefined) return [];
      const message = before === phase ? `"${written}" is written twice` : `"${written}" is ${before} already`;
      return [{ path: ["target", "server-timing", phase], at: "value", message, hint: "give each phase names of its own" }];
    });
  });
}

function headerRules(headers: Mapping): readonly Mistake[] {
  return PHASES.filter((phase) => {
    const { [phase]: written } = headers;
    const name = typeof written === "string" ? written : asMapping(written)["name"];
    return typeof name === "string" && name.toLowerCase() === "server-timing";
  }).map((phase) => ({
    path: ["target", "response-header", phase],
    at: "value" as const,
    message: "Server-Timing holds more than a number",
    hint: `write server-timing: { ${phase}: NAME }`,
  }));
}
