import { InputError, InputErrors } from "../errors.ts";
import type { Path } from "./mistake.ts";
import type { ParsedSuite } from "./parse.ts";
import type { Suite, Target, TelemetrySource } from "./suite.ts";
import { namesIn, parseTemplate } from "./template.ts";

/** The environment variables a suite asks for, in alphabetical order. */
export function environmentNames(suite: Suite): readonly string[] {
  const names: string[] = [];
  mapStrings(suite, (text) => {
    names.push(...namesIn(text));
    return text;
  });
  return [...new Set(names)].sort();
}

/**
 * Replaces every `${env:NAME}` of the target and the telemetry. The result holds secrets: it may be sent, never shown.
 *
 * Secret are: every variable that goes into a header or into a path, and of a URL all but its host and port; what
 * stands literally in a header for credentials; and never GitHub's own public variables (`GITHUB_SHA`, `RUNNER_OS`, …):
 * masking the commit would spoil every report. `model`, `identity.equals` and labels of telemetry are printed, so they are public.
 *
 * @param env the process's environment.
 * @returns the filled suite, and the values to mask (see {@link redact}), longest first.
 * @throws {InputErrors} with a position for every variable that is unset or empty, or whose value cannot stand there.
 */
export function resolveEnvironment(
  { suite, locate }: ParsedSuite,
  env: Readonly<Record<string, string | undefined>>,
): { readonly suite: Suite; readonly secrets: readonly string[] } {
  const errors: InputError[] = [];
  const secrets = new Set<string>();
  const resolved = mapStrings(suite, (text, path, place) => {
    const values: string[] = [];
    const before = errors.length;
    const complain = ([problem, hint]: readonly [string, string]) =>
      errors.push(new InputError(`${path.join(".")}: ${problem}`, { hint, position: locate(path) }));
    const filled = (parseTemplate(text).parts ?? []).map((part) => {
      if ("text" in part) return part.text;
      const value = (Object.hasOwn(env, part.name) ? env[part.name] : undefined) ?? "";
      const problem = problemWith(value, part.name, place);
      if (problem !== undefined) complain(problem);
      if (!isPublic(part.name)) values.push(value);
      return value;
    });
    const result = filled.join("");
    if (errors.length > before) return result;
    const problem = problemWithWhole(result, place);
    if (problem !== undefined) {
      complain(problem);
      return result;
    }
    for (const secret of secretsIn(place, result, values, String(path.at(-1)))) secrets.add(secret);
    return result;
  });
  if (errors.length > 0) throw new InputErrors(errors.sort(byPosition));
  return { suite: resolved, secrets: [...secrets].filter((secret) => secret !== "").sort((a, b) => b.length - a.length) };
}

/**
 * A shorter value is not masked: it would blot out half of every text and give itself away by that. No credential
 * worth the name is so short.
 */
const SHORTEST_SECRET = 4;

/**
 * Masks every secret in a text as `***`, as it is and in the forms in which servers echo it: percent-encoded, escaped
 * as JSON, and base64 (also inside a longer base64 text, as in `Basic` credentials). Longest first, so that a secret
 * which holds another leaves no rest. The beginning of a secret before a `…` is masked too: the text was cut inside it.
 * Secrets and beginnings under 4 characters are left alone.
 */
export function redact(text: string, secrets: readonly string[]): string {
  if (secrets.length === 0 || text === "") return text;
  const forms = formsOf(secrets);
  const whole = forms.reduce((masked, form) => (masked.includes(form) ? masked.replaceAll(form, "***") : masked), text);
  const [last = "", ...before] = whole.split("…").reverse();
  return [...before.reverse().map((part) => withoutBeginning(part, forms)), last].join("…");
}

function withoutBeginning(text: string, forms: readonly string[]): string {
  const length = Math.max(...forms.map((form) => beginningAtEnd(text, form)), 0);
  return length === 0 ? text : `${text.slice(0, -length)}***`;
}

/** Length of the longest proper beginning of `form` that `text` ends with, at least that of a secret; else 0. */
function beginningAtEnd(text: string, form: string): number {
  for (let length = Math.min(form.length - 1, text.length); length >= SHORTEST_SECRET; length--) {
    if (text.endsWith(form.slice(0, length))) return length;
  }
  return 0;
}

/** Forms are made once per list of secrets: records are redacted string by string. */
const forms = new WeakMap<readonly string[], readonly string[]>();

function formsOf(secrets: readonly string[]): readonly string[] {
  const known = forms.get(secrets);
  if (known !== undefined) return known;
  const made = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => {
      const encoded = encodeURIComponent(secret.toWellFormed());
      const lowerCase = encoded.replaceAll(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());
      return [secret, encoded, lowerCase, encoded.replaceAll("%20", "+"), JSON.stringify(secret).slice(1, -1), ...base64Forms(secret)];
    });
  const sorted = [...new Set(made)].sort((a, b) => b.length - a.length);
  forms.set(secrets, sorted);
  return sorted;
}

/** Base64 as a whole, and the characters that stay the same wherever the secret begins inside a longer encoded text. */
function base64Forms(secret: string): readonly string[] {
  const bytes = new TextEncoder().encode(secret);
  const standard = [0, 1, 2].map((offset) => {
    const padded = btoa(String.fromCharCode(...new Uint8Array(offset), ...bytes));
    // The first characters hold bits of what stands before, the last ones bits of what follows.
    const whole = Math.floor(((offset + bytes.length) * 8) / 6);
    return padded.slice([0, 2, 3][offset], whole);
  });
  const all = [btoa(String.fromCharCode(...bytes)), ...standard];
  return [...all, ...all.map((form) => form.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, ""))].filter(
    (form) => form.length >= SHORTEST_SECRET,
  );
}

/** Where a string stands, which decides what may be in it and what of it is secret. */
type Place = "header" | "url" | "path" | "public";
type Change = (text: string, path: Path, place: Place) => string;

/** All strings of a suite that may ask for the environment, with their paths as written in YAML. */
function mapStrings(suite: Suite, change: Change): Suite {
  return { ...suite, target: mapTarget(suite.target, change), telemetry: suite.telemetry.map((source, i) => mapSource(source, i, change)) };
}

function mapTarget(target: Target, change: Change): Target {
  const at = (text: string, place: Place, ...path: string[]): string => change(text, ["target", ...path], place);
  const maybe = (text: string | undefined, place: Place, ...path: string[]) => (text === undefined ? undefined : at(text, place, ...path));
  const { ready, identity, headers, connection } = target;
  return {
    ...target,
    endpoint: maybe(target.endpoint, "url", "endpoint"),
    path: maybe(target.path, "path", "path"),
    model: maybe(target.model, "public", "model"),
    headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, at(value, "header", "headers", name)])),
    ready: { ...ready, path: maybe(ready.path, "path", "ready", "path") },
    identity:
      identity === undefined
        ? undefined
        : { ...identity, path: at(identity.path, "path", "identity", "path"), equals: at(identity.equals, "public", "identity", "equals") },
    connection: { ...connection, proxy: maybe(connection.proxy, "url", "connection", "proxy") },
  };
}

/** GPUs of this machine are no URL, and no variable stands in them. */
function mapSource(source: TelemetrySource, i: number, change: Change): TelemetrySource {
  if (source.kind === "nvidia-smi") return source;
  return {
    ...source,
    url: change(source.url, ["telemetry", i, source.kind === "auto" ? "url" : source.kind], "url"),
    baselineUrl: source.baselineUrl === undefined ? undefined : change(source.baselineUrl, ["telemetry", i, "baseline"], "url"),
    ...mapLabels("labels", source.labels, (text, label) => change(text, ["telemetry", i, "labels", label], "public")),
    ...mapLabels("baselineLabels", source.baselineLabels, (text, label) =>
      change(text, ["telemetry", i, "baseline-labels", label], "public"),
    ),
  };
}

/** Labels name a job or a pod, and are printed. */
const mapLabels = <K extends string>(
  key: K,
  labels: Readonly<Record<string, string>> | undefined,
  change: (text: string, label: string) => string,
): { readonly [L in K]?: Readonly<Record<string, string>> } =>
  labels === undefined
    ? {}
    : ({ [key]: Object.fromEntries(Object.entries(labels).map(([label, text]) => [label, change(text, label)])) } as Readonly<
        Record<K, Readonly<Record<string, string>>>
      >);

function problemWith(value: string, name: string, place: Place): readonly [string, string] | undefined {
  if (value === "")
    return [`the environment variable ${name} is not set or empty`, `set it in the workflow's env: or in the shell, ${name}=…`];
  const control = /\p{Cc}/u.test(value);
  if (control)
    return [
      `the value of ${name} has a line break or another control character`,
      "remove it: secrets are often pasted with one at their end",
    ];
  if (place !== "public" && place !== "header" && /\s/.test(value))
    return [`the value of ${name} has a space, and stands in a URL`, "write %20, or remove it"];
  return undefined;
}

const byPosition = ({ position: a }: InputError, { position: b }: InputError): number =>
  a === undefined || b === undefined ? 0 : a.line - b.line || a.column - b.column;

const isPublic = (name: string): boolean => /^(GITHUB|RUNNER)_/.test(name) && !/TOKEN|SECRET|PASSWORD|KEY/.test(name);

const CREDENTIAL_HEADERS = /^(authorization|proxy-authorization|cookie|(x-)?api-?key|x-auth-token)$/;

function secretsIn(place: Place, text: string, values: readonly string[], key: string): readonly string[] {
  if (place === "public") return [];
  if (place === "url") return secretsOfUrl(text, values);
  if (place === "path") return values.filter((value) => value.length > 1 && !value.startsWith("/"));
  // The scheme is no secret: masking "Bearer" would hide more than it protects.
  return CREDENTIAL_HEADERS.test(key) ? [...values, text.replace(/^(Bearer|Basic|Token)\s+/i, "")] : values;
}

/**
 * What of a URL is secret: its user and password, and the values of its parameters with telling names.
 *
 * @param text a valid URL.
 * @param values of variables that were filled in; those which are not the place that the URL names are secret too.
 */
export function secretsOfUrl(text: string, values: readonly string[] = []): readonly string[] {
  const { username, password, host, searchParams } = new URL(text);
  const query = [...searchParams].flatMap(([name, value]) => (/key|token|secret|sig|auth|pass|code/i.test(name) ? [value] : []));
  // A variable that is the whole URL, its beginning, or (part of) its host names a place. Any other is kept secret.
  const hidden = values.filter((value) => !text.startsWith(value) && !host.includes(value));
  return [password, decoded(password), password === "" ? "" : username, ...query, ...hidden];
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A lone percent sign is legal in a password and says that nothing was encoded.
    return text;
  }
}

/** What is wrong with a filled string as a whole. Its value may be secret and is not shown. */
function problemWithWhole(text: string, place: Place): readonly [string, string] | undefined {
  if (place === "url" && !(/^https?:/i.test(text) && URL.canParse(text))) {
    return ["with its variables filled in, this is not an http or https URL", "does the value begin with http:// or https://?"];
  }
  return place === "path" && !text.startsWith("/")
    ? ["with its variables filled in, this is not a path", "does the value begin with a slash?"]
    : undefined;
}
