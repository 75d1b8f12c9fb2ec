import { classGateRules } from "./class-gate-rules.ts";
import { connectionRules } from "./connection-rules.ts";
import { correlationRules } from "./correlation-rules.ts";
import { DEFAULT_MAX_IN_FLIGHT } from "./defaults.ts";
import { gateRules } from "./gate-rules.ts";
import { goodputRules } from "./goodput-rules.ts";
import { loadRules } from "./load-rules.ts";
import type { Mistake } from "./mistake.ts";
import { suggest } from "./nearest.ts";
import { payloadRules } from "./payload-rules.ts";
import { fromTraceRules } from "./prompt-rules.ts";
import { factsOf, protocolsWith } from "./protocol-facts.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";
import { refusalGateRules } from "./refusal-rules.ts";
import { sessionRules } from "./session-rules.ts";
import { telemetryRules } from "./telemetry-rules.ts";
import { togetherRules } from "./together-rules.ts";

/**
 * What a schema cannot say, because it takes two places of the suite to see it. The rules read the raw data, so that
 * they also speak about a suite that has mistakes of other kinds; whatever has the wrong type is left to the schema.
 */
export function rules(root: unknown): readonly Mistake[] {
  const suite = asMapping(root);
  const target = asMapping(suite["target"]);
  const maxInFlight = typeof target["max-in-flight"] === "number" ? target["max-in-flight"] : DEFAULT_MAX_IN_FLIGHT;
  return [
    ...targetRules(target),
    ...connectionRules(target),
    ...correlationRules(target),
    ...payloadRules(suite),
    ...sessionRules(suite),
    ...labelRules(suite),
    ...refusalGateRules(suite),
    ...classGateRules(suite),
    ...fromTraceRules(suite),
    ...goodputRules(suite),
    ...asList(suite["scenarios"]).flatMap((scenario, i) => [
      ...loadRules(asMapping(asMapping(scenario)["load"]), ["scenarios", i, "load"], maxInFlight),
      ...mixRules(asMapping(asMapping(scenario)["mix"]), suite, i),
      ...gateRules(asMapping(asMapping(scenario)["gates"]), suite, ["scenarios", i, "gates"]),
    ]),
    ...duplicateNames(asList(suite["scenarios"])),
    ...togetherRules(asList(suite["scenarios"])),
    ...asList(suite["telemetry"]).flatMap((source, i) => telemetryRules(asMapping(source), i)),
  ];
}

function targetRules(target: Mapping): readonly Mistake[] {
  const { protocol } = target;
  const mistakes: Mistake[] = [];
  const facts = factsOf(protocol);
  const useless = (key: string, isUsed: boolean, hint: string) => {
    if (facts === undefined || isUsed || !Object.hasOwn(target, key)) return;
    mistakes.push({ path: ["target", key], at: "key", message: `protocol ${String(protocol)} has no use for this`, hint });
  };
  const streaming = protocolsWith(({ streams }) => streams !== "never");
  useless("stream", facts !== undefined && facts.streams !== "never", `leave it out; it is for ${streaming}`);
  useless("max-tokens", facts?.generates === true, `leave it out; it is for ${protocolsWith(({ generates }) => generates)}`);
  useless(
    "tensor-encoding",
    facts?.binaryTensors === true,
    `leave it out; it is for ${protocolsWith(({ binaryTensors }) => binaryTensors)}`,
  );
  const describing = protocolsWith(({ describesModel }) => describesModel);
  useless("metadata", facts?.describesModel === true, `leave it out; it is for ${describing}`);
  useless("method", protocol === "raw", "leave it out; it is for raw");
  useless("model", facts?.namesModel === true, "put it into the path or the payload");
  mistakes.push(...checkRules(asMapping(target["check"]), target));
  const seen = new Set<string>();
  for (const name of Object.keys(asMapping(target["headers"]))) {
    if (seen.has(name.toLowerCase())) {
      mistakes.push({
        path: ["target", "headers", name],
        at: "key",
        message: `the header "${name}" is written twice`,
        hint: "case does not count: remove one",
      });
    }
    seen.add(name.toLowerCase());
  }
  return mistakes;
}

/** Labels and the way in which they are compared go together. */
function labelRules(suite: Mapping): readonly Mistake[] {
  const isCompared = Object.hasOwn(asMapping(asMapping(suite["target"])["check"]), "answer");
  const labelled = Object.entries(asMapping(suite["payloads"])).filter(([, payload]) => Object.hasOwn(asMapping(payload), "label"));
  if (isCompared && labelled.length === 0) {
    return [
      {
        path: ["target", "check", "answer"],
        at: "key",
        message: "no payload has a label to compare an answer with",
        hint: "write label: FIELD beside the file of a payload, or leave this out",
      },
    ];
  }
  if (isCompared) return [];
  return labelled.map(([name]) => ({
    path: ["payloads", name, "label"],
    at: "key" as const,
    message: "nothing says how answers are compared with this label",
    hint: 'add to the target: check: { answer: { path: "$.outputs[0].data[0]" } }',
  }));
}

/** What is compared, and what to measure elsewhere. */
const UNCOMPARED = { answer: ["labels", "the labels"], "same-answers": ["one another", "this"] } as const;

/** JSON can be looked for where the answer is JSON. */
function checkRules(check: Mapping, { protocol, stream, "tensor-encoding": encoding }: Mapping): readonly Mistake[] {
  const uncompared = Object.entries(UNCOMPARED).filter(([key]) => Object.hasOwn(check, key));
  if (protocol === "kserve-v2-grpc" && stream === true && uncompared.length > 0) {
    return uncompared.map(([key, [against, what]]) => ({
      path: ["target", "check", key],
      at: "key" as const,
      message: `the answers of a gRPC stream are not compared with ${against}`,
      hint: `leave stream out, or measure ${what} in a suite of its own`,
    }));
  }
  const why = protocol === "kserve-v2-grpc" ? "a gRPC answer" : encoding === "binary" ? "an answer with binary tensors" : undefined;
  if (why === undefined) return [];
  return ["json", "schema", ...(Object.hasOwn(asMapping(check["answer"]), "path") ? ["answer"] : [])]
    .filter((key) => Object.hasOwn(check, key))
    .map((key) => ({
      path: ["target", "check", key],
      at: "key" as const,
      message: `${why} is not JSON`,
      hint: "write contains or matches, or measure over JSON in a suite of its own",
    }));
}

function mixRules(mix: Mapping, suite: Mapping, scenario: number): readonly Mistake[] {
  const classes = suite["payloads"] === undefined ? ["default"] : Object.keys(asMapping(suite["payloads"]));
  return Object.keys(mix)
    .filter((name) => !classes.includes(name))
    .map((name) => ({
      path: ["scenarios", scenario, "mix", name],
      at: "key" as const,
      message: `no payload class is called "${name}"`,
      hint: suggest(name, classes),
    }));
}

function duplicateNames(scenarios: readonly unknown[]): readonly Mistake[] {
  const names = scenarios.map((scenario) => asMapping(scenario)["name"]);
  return names.flatMap((name, i) =>
    typeof name === "string" && names.indexOf(name) < i
      ? [
          {
            path: ["scenarios", i, "name"],
            at: "value" as const,
            message: `two scenarios are called "${name}"`,
            hint: "results are kept by name: give each its own",
          },
        ]
      : [],
  );
}
