import { readJsonPath } from "../json-path.ts";
import type { Mistake, Path } from "./mistake.ts";
import { suggest } from "./nearest.ts";
import { contentRules, kindsOf } from "./payload-rules.ts";
import { brokenPlaceholdersIn, captureReference, referencesIn, SESSION_ID } from "./placeholders.ts";
import { factsOf } from "./protocol-facts.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";
import { readCapture } from "./session.ts";
import { parseQuantity } from "./units.ts";

/** Every session of the suite: what it is made of, who may ask for what, and whether the protocol can carry it. */
export function sessionRules(suite: Mapping): readonly Mistake[] {
  const target = asMapping(suite["target"]);
  return Object.entries(asMapping(suite["payloads"])).flatMap(([name, payload]) => {
    const { session } = asMapping(payload);
    if (session === undefined) return strayRules(payload, ["payloads", name]);
    if (typeof session !== "object" || session === null || Array.isArray(session)) return [];
    const at = { target, path: ["payloads", name, "session"] };
    return [...formRules(asMapping(session), at), ...nameRules(name, asMapping(session), suite), ...stepRules(asMapping(session), at)];
  });
}

/** Where there is no session, nobody fills in what only a session knows. */
const strayRules = (payload: unknown, path: Path): readonly Mistake[] =>
  stringsIn(payload, path).flatMap(({ text, at }) =>
    referencesIn(text).map((reference) => ({
      path: at,
      at: "value" as const,
      message: `only a step of a session knows {{${reference}}}`,
      hint: "put this payload into session: { steps: [...] }",
    })),
  );

type Place = { readonly target: Mapping; readonly path: Path };

const isChat = ({ protocol }: Mapping): boolean => protocol === undefined || protocol === "openai-chat";
const isMissing = (value: Mapping, key: string): boolean => !Object.hasOwn(value, key);

function formRules(session: Mapping, { target, path }: Place): readonly Mistake[] {
  const has = (key: string): boolean => !isMissing(session, key);
  const mistake = (key: string, message: string, hint: string): Mistake => ({ path: [...path, key], at: "key", message, hint });
  const connection = asMapping(target["connection"]);
  if (target["protocol"] === "kserve-v2-grpc")
    return [{ path, at: "key", message: "a session over gRPC is not supported", hint: "use protocol kserve-v2, which speaks HTTP" }];
  if (target["tensor-encoding"] === "binary")
    return [{ path, at: "key", message: "a session with binary tensors is not supported", hint: "leave target.tensor-encoding out" }];
  if (has("steps") && has("turns")) return [mistake("turns", "a session has steps or turns, not both", "keep one")];
  const found: Mistake[] = [];
  if (!has("steps") && !has("turns"))
    found.push({ path, at: "key", message: "this session has no steps", hint: "write steps: with a list, or for openai-chat turns: 4" });
  if (has("turns") && !isChat(target))
    found.push(mistake("turns", `protocol ${String(target["protocol"])} has no conversations`, "write steps, or use protocol openai-chat"));
  if (has("history") && !isChat(target))
    found.push(mistake("history", `protocol ${String(target["protocol"])} has no history`, "leave it out; it is for openai-chat"));
  for (const key of ["text", "file", "system", "think-time"])
    if (has("steps") && has(key)) found.push(mistake(key, `${key} here is for turns`, "write it in the steps themselves"));
  if (has("turns") && has("text") === has("file"))
    found.push(
      mistake(
        "turns",
        "nothing says what the user says in each turn, or two things do",
        "write text: { words: [5, 20] } or file: questions.txt",
      ),
    );
  if (has("turns") && typeof session["file"] === "string" && !/\.txt$/i.test(session["file"]))
    found.push(
      mistake("file", "the messages of turns are the lines of a .txt file", "put one message a line into a .txt file, or write steps"),
    );
  const { turns } = session;
  if (Array.isArray(turns) && Number(turns[0]) > Number(turns[1]))
    found.push({
      path: [...path, "turns"],
      at: "value",
      message: `[${turns.join(", ")}] runs backwards`,
      hint: "write the smaller number first",
    });
  if (session["connection"] === "session" && String(connection["http"]) === "2")
    found.push(
      mistake("connection", "an HTTP/2 connection carries the requests of many sessions", "leave it out, or use connection.http: 1.1"),
    );
  if (session["connection"] === "session" && connection["reuse"] === "new")
    found.push(mistake("connection", "with target.connection.reuse: new no connection serves two steps", "leave one of them out"));
  return [...found, ...thinkRules(session["think-time"], [...path, "think-time"]), ...patienceRules(session, path)];
}

/** Every block waits until the sessions that it began have ended. */
const MOST_THINKING_S = 600;

function patienceRules(session: Mapping, path: Path): readonly Mistake[] {
  const most = Math.max(0, ...[session["turns"]].flat().filter((turns) => typeof turns === "number"));
  const thinkS =
    asList(session["steps"]).reduce<number>((sum, step) => sum + longestThinkS(asMapping(step)["think-time"]), 0) +
    Math.max(0, most - 1) * longestThinkS(session["think-time"]);
  if (thinkS <= MOST_THINKING_S) return [];
  const message = `a session of this kind thinks for ${Math.round(thinkS)} s, and every block waits until its sessions have ended`;
  return [{ path, at: "key", message, hint: `write fewer steps or shorter think times, ${MOST_THINKING_S} s in all at most` }];
}

/** Of an exponential one the mean. */
function longestThinkS(think: unknown): number {
  const longest = Array.isArray(think) ? think[1] : (asMapping(think)["exponential"] ?? think);
  return parseQuantity(longest, "duration").value ?? 0;
}

/** The classes of its steps must not be those of others. */
function nameRules(name: string, session: Mapping, suite: Mapping): readonly Mistake[] {
  const names = asList(session["steps"]).map((step, i) => asMapping(step)["name"] ?? String(i + 1));
  const others = Object.keys(asMapping(suite["payloads"]));
  return names.flatMap((step, i) => {
    const path = ["payloads", name, "session", "steps", i];
    if (typeof step !== "string") return [];
    if (names.indexOf(step) < i)
      return [{ path, at: "key" as const, message: `two steps are called "${step}"`, hint: "results are kept by name: give each its own" }];
    if (others.includes(`${name}/${step}`))
      return [
        {
          path,
          at: "key" as const,
          message: `a payload class is called "${name}/${step}" as well`,
          hint: "give the step or the class another name",
        },
      ];
    return [];
  });
}

function stepRules(session: Mapping, { target, path }: Place): readonly Mistake[] {
  const earlier: string[] = [];
  const { protocol } = target;
  const streams = factsOf(protocol)?.streams ?? "never";
  const isStream = streams === "by-default" ? target["stream"] !== false : streams === "on-request" && target["stream"] === true;
  return asList(session["steps"]).flatMap((written, i) => {
    const step = asMapping(written);
    const at = [...path, "steps", i];
    const needsContent = protocol !== "raw" || kindsOf(step).length > 0;
    const own = ["method", "path"].filter((key) => protocol !== "raw" && Object.hasOwn(step, key));
    const useless = own.map((key) => ({
      path: [...at, key],
      at: "key" as const,
      message: `protocol ${String(protocol)} says itself where and how a step is sent`,
      hint: "leave it out; it is for raw",
    }));
    const found = [
      ...(needsContent ? contentRules(step, protocol, at, STEP_KEYS) : []),
      ...useless,
      ...headerRules(asMapping(step["headers"]), target, at),
      ...placeholderRules(step, earlier, at),
      ...captureRules(asMapping(step["capture"]), { isStream, path: [...at, "capture"] }),
      ...thinkRules(step["think-time"], [...at, "think-time"]),
      ...(i === 0 && Object.hasOwn(step, "think-time")
        ? [
            {
              path: [...at, "think-time"],
              at: "key" as const,
              message: "nothing comes before the first step to think about",
              hint: "leave it out",
            },
          ]
        : []),
    ];
    earlier.push(...Object.keys(asMapping(step["capture"])));
    return found;
  });
}

/** Keys of a step that say nothing of what it is made of. */
const STEP_KEYS = ["name", "gates", "report", "think-time", "capture", "method", "path", "headers"];

function headerRules(headers: Mapping, target: Mapping, path: Path): readonly Mistake[] {
  const usual = Object.keys(asMapping(target["headers"])).map((name) => name.toLowerCase());
  return Object.keys(headers)
    .filter((name) => usual.includes(name.toLowerCase()))
    .map((name) => ({
      path: [...path, "headers", name],
      at: "key" as const,
      message: `target.headers sets ${name} for every request, and wins`,
      hint: "keep it in one of the two places",
    }));
}

function captureRules(capture: Mapping, { isStream, path }: { readonly isStream: boolean; readonly path: Path }): readonly Mistake[] {
  return Object.entries(capture).flatMap(([name, source]) => {
    if (typeof source !== "string") return [];
    const mistake = (message: string, hint: string): readonly Mistake[] => [{ path: [...path, name], at: "value", message, hint }];
    const read = readCapture(name, source);
    if (read.from === "header") {
      return /^[\w!#$%&'*+.^`|~-]+$/.test(read.header) ? [] : mistake(`"${read.header}" is not the name of a header`, "write header:NAME");
    }
    if (isStream) return mistake("a streamed answer is not one JSON value", "capture a header, or write stream: false in the target");
    const parsed = readJsonPath(source);
    return "problem" in parsed ? mistake(`"${source}" is not a JSON path: ${parsed.problem}`, "write for example $.id or header:NAME") : [];
  });
}

/** Everything that a step asks for has been captured by an earlier one. */
function placeholderRules(step: Mapping, earlier: readonly string[], path: Path): readonly Mistake[] {
  const known = [SESSION_ID, ...earlier.map(captureReference)];
  const { capture: _, name: __, ...sent } = step;
  return stringsIn(sent, path).flatMap(({ text, at }) => [
    ...brokenPlaceholdersIn(text).map((written) => ({
      path: at,
      at: "value" as const,
      message: `"${written}" is no placeholder`,
      hint: "write {{capture.NAME}} or {{session.id}}",
    })),
    ...referencesIn(text)
      .filter((reference) => !known.includes(reference))
      .map((reference) => ({
        path: at,
        at: "value" as const,
        message: `no earlier step captures ${reference.slice("capture.".length)}`,
        hint: earlier.length === 0 ? "add capture: to an earlier step" : suggest(reference.slice("capture.".length), earlier),
      })),
  ]);
}

function stringsIn(value: unknown, at: Path): readonly { readonly text: string; readonly at: Path }[] {
  if (typeof value === "string") return [{ text: value, at }];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => stringsIn(item, [...at, Array.isArray(value) ? Number(key) : key]));
}

function thinkRules(think: unknown, path: Path): readonly Mistake[] {
  if (!Array.isArray(think) || think.length !== 2) return [];
  const [low, high] = think.map((bound) => parseQuantity(bound, "duration").value);
  if (low === undefined || high === undefined || low <= high) return [];
  return [{ path, at: "value", message: `[${think.join(", ")}] runs backwards`, hint: "write the shorter time first" }];
}
