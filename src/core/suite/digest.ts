import { createHash } from "node:crypto";
import { DEFAULT_CONNECTION } from "./defaults.ts";
import type { FormPart } from "./input-content.ts";
import { steadyLevel } from "./stages.ts";
import type { Load, PayloadClass, PayloadContent, Scenario, Suite, Target } from "./suite.ts";

/** Raised when the same suite would send other requests than before: old baselines are then not comparable. */
const WORKLOAD = "tailgate workload 1";

/**
 * The identity of what a suite sends: sha256, 64 hexadecimal digits, over seed, target, payloads and scenarios without
 * their gates, files by their contents. Runs with the same digest offered the same requests.
 *
 * Not part of it: gates, decision, telemetry, names of suite and files, endpoint, readiness, identity, the order of keys,
 * comments. Give it the suite *before* its environment was filled in: a rotated token is not another workload.
 *
 * @param files contents of {@link referencedFiles}, by the path that the suite names.
 * @throws {RangeError} if one of them is missing.
 */
export function suiteDigest(suite: Suite, files: ReadonlyMap<string, Uint8Array>): string {
  return sha256({
    version: WORKLOAD,
    seed: suite.seed,
    target: targetOf(suite.target),
    payloads: payloadsOf(suite.payloads, files),
    scenarios: suite.scenarios.map((scenario) => scenarioOf(scenario, files)),
  });
}

/**
 * The identity of what each scenario sends, by its name: as {@link suiteDigest}, over seed, target, the scenario with the
 * payloads that it uses, and the scenarios that run together with it. Of two suites that differ in one scenario the others
 * keep theirs.
 */
export function scenarioDigests(suite: Suite, files: ReadonlyMap<string, Uint8Array>): ReadonlyMap<string, string> {
  const content = (scenario: Scenario) => {
    const used = suite.payloads.map((payload) => ({
      ...payload,
      weight: scenario.mix === undefined ? payload.weight : (scenario.mix[payload.name] ?? 0),
    }));
    const payloads = payloadsOf(
      used.filter(({ weight }) => weight > 0),
      files,
    );
    return { ...scenarioOf(scenario, files), payloads };
  };
  return new Map(
    suite.scenarios.map((scenario) => {
      const { name, together } = scenario;
      const beside = suite.scenarios.filter((other) => together !== undefined && other.together === together && other !== scenario);
      const common = { version: WORKLOAD, seed: suite.seed, target: targetOf(suite.target) };
      return [name, sha256({ ...common, scenario: content(scenario), beside: beside.map(content) })];
    }),
  );
}

const sha256 = (workload: unknown): string => createHash("sha256").update(canonical(workload)).digest("hex");

function targetOf(target: Target): unknown {
  const { protocol, method, path, model, stream, maxTokens, headers, timeoutS, maxInFlight, check, retry, trace, phases } = target;
  // What is new since the first stored baselines is part of the digest only where it is used: they stay comparable.
  const tensorEncoding = target.tensorEncoding === "json" ? undefined : target.tensorEncoding;
  const connection = canonical(target.connection) === canonical(DEFAULT_CONNECTION) ? undefined : target.connection;
  const asked = { protocol, method, path, model, stream, maxTokens, headers, timeoutS, maxInFlight, check, retry, trace, phases };
  return { ...asked, tensorEncoding, connection };
}

const payloadsOf = (payloads: readonly PayloadClass[], files: ReadonlyMap<string, Uint8Array>) =>
  Object.fromEntries(payloads.map((payloadClass) => [payloadClass.name, classOf(payloadClass, files)]));

const scenarioOf = ({ name, load, mix, together, warmUp, block }: Scenario, files: ReadonlyMap<string, Uint8Array>) => ({
  name,
  load: loadOf(load, files),
  mix,
  together,
  warmUp,
  block,
});

/** Paths of payload files and traces, as the suite names them, each once, sorted. */
export function referencedFiles(suite: Suite): readonly string[] {
  const payloads = suite.payloads.flatMap(({ content }) => filesOf(content));
  const traces = suite.scenarios.flatMap(({ load }) => (load.kind === "trace" ? [load.file] : []));
  return [...new Set([...payloads, ...traces])].sort();
}

/** A steady load is what it was before loads had stages. */
function loadOf(load: Load, files: ReadonlyMap<string, Uint8Array>): unknown {
  if (load.kind === "trace") return { ...load, file: fingerprint(load.file, files) };
  const { stages, ...rest } = load;
  return steadyLevel(stages) === undefined ? { ...rest, stages } : rest;
}

/** What is new in a class is undefined where it is not used, and then no part of the digest. */
function classOf(payloadClass: PayloadClass, files: ReadonlyMap<string, Uint8Array>): unknown {
  const { weight, content, prefix, unique, variants, order, malformed, expect } = payloadClass;
  return { weight, content: contentOf(content, files), prefix, unique, variants, order, malformed, expect };
}

function filesOf(content: PayloadContent): readonly string[] {
  if (content.kind === "file") return [content.path];
  if (content.kind === "files") return content.paths;
  return content.kind === "form" ? content.parts.flatMap(({ content: part }) => (part.kind === "file" ? [part.path] : [])) : [];
}

function contentOf(content: PayloadContent, files: ReadonlyMap<string, Uint8Array>): unknown {
  switch (content.kind) {
    case "file": {
      const { path, ...use } = content;
      return { ...use, ...fingerprint(path, files) };
    }
    case "files":
      return { ...content, paths: content.paths.map((path) => fingerprint(path, files)) };
    case "form":
      return { kind: "form", parts: content.parts.map((part) => partOf(part, files)) };
    default:
      return content;
  }
}

/** The name of a file in a form is sent with it. */
function partOf({ content, ...part }: FormPart, files: ReadonlyMap<string, Uint8Array>): unknown {
  if (content.kind !== "file") return { ...part, content };
  return {
    ...part,
    filename: part.filename ?? /[^/]*$/.exec(content.path)![0],
    content: { kind: "file", ...fingerprint(content.path, files) },
  };
}

/** What a file holds, and not what it is called. How it is read follows from its extension. */
function fingerprint(path: string, files: ReadonlyMap<string, Uint8Array>) {
  const bytes = files.get(path);
  if (bytes === undefined) throw new RangeError(`the contents of ${path} are missing`);
  return { extension: /\.[^./]*$/.exec(path)?.[0] ?? "", sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** JSON with sorted keys and without undefined ones: equal data, equal text. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, item]) => `${JSON.stringify(key)}:${canonical(item)}`)
    .join(",")}}`;
}
