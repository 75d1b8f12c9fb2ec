import { createHash } from "node:crypto";
import { DEFAULT_CONNECTION } from "./defaults.ts";
import { steadyLevel } from "./stages.ts";
import type { Load, PayloadContent, Suite } from "./suite.ts";

/** Raised when the same suite would send other requests than before: old baselines are then not comparable. */
const WORKLOAD = "tailgate workload 1";

/**
 * The identity of what a suite sends: sha256, 64 hexadecimal digits, over seed, target, payloads and scenarios without
 * their gates, files by their contents. Runs with the same digest offered the same requests.
 *
 * Not part of it: gates, the limits of goodput, decision, telemetry, names of suite and files, endpoint, readiness, identity, the order of keys,
 * comments. Give it the suite *before* its environment was filled in: a rotated token is not another workload.
 *
 * @param files contents of {@link referencedFiles}, by the path that the suite names.
 * @throws {RangeError} if one of them is missing.
 */
export function suiteDigest(suite: Suite, files: ReadonlyMap<string, Uint8Array>): string {
  const { protocol, method, path, model, stream, maxTokens, headers, timeoutS, maxInFlight, retry } = suite.target;
  // Comparing answers with one another changes neither what is sent nor what counts as answered.
  const { sameAnswers: _, ...check } = suite.target.check;
  // What is new since the first stored baselines is part of the digest only where it is used: they stay comparable.
  const tensorEncoding = suite.target.tensorEncoding === "json" ? undefined : suite.target.tensorEncoding;
  const connection = canonical(suite.target.connection) === canonical(DEFAULT_CONNECTION) ? undefined : suite.target.connection;
  const workload = {
    version: WORKLOAD,
    seed: suite.seed,
    target: { protocol, method, path, model, stream, maxTokens, tensorEncoding, headers, timeoutS, maxInFlight, check, connection, retry },
    payloads: Object.fromEntries(suite.payloads.map(({ name, weight, content }) => [name, { weight, content: contentOf(content, files) }])),
    scenarios: suite.scenarios.map(({ name, load, mix, together, warmUp, block }) => ({
      name,
      load: loadOf(load, files),
      mix,
      together,
      warmUp,
      block,
    })),
  };
  return createHash("sha256").update(canonical(workload)).digest("hex");
}

/** Paths of payload files and traces, as the suite names them, each once, sorted. */
export function referencedFiles(suite: Suite): readonly string[] {
  const payloads = suite.payloads.flatMap(({ content }) => (content.kind === "file" ? [content.path] : []));
  const traces = suite.scenarios.flatMap(({ load }) => (load.kind === "trace" ? [load.file] : []));
  return [...new Set([...payloads, ...traces])].sort();
}

/** A steady load is what it was before loads had stages. */
function loadOf(load: Load, files: ReadonlyMap<string, Uint8Array>): unknown {
  if (load.kind === "trace") return { ...load, file: fingerprint(load.file, files) };
  const { stages, ...rest } = load;
  return steadyLevel(stages) === undefined ? { ...rest, stages } : rest;
}

const contentOf = (content: PayloadContent, files: ReadonlyMap<string, Uint8Array>): unknown =>
  content.kind === "file" ? { kind: "file", ...fingerprint(content.path, files), label: content.label } : content;

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
