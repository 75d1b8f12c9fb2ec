import { readTemplate, readTextTemplate } from "../plan/template-value.ts";
import { readExpressions } from "./expression.ts";
import { isFalling } from "./falling.ts";
import type { Mistake, Path } from "./mistake.ts";
import { factsOf, protocolsWith } from "./protocol-facts.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";

/** Most pixels of one image. */
const MOST_PIXELS = 2 ** 24;

/** What the schema cannot say of a class of inputs made of `kind`. */
export function inputRules(payload: Mapping, kind: string, protocol: unknown, path: Path): readonly Mistake[] {
  return [
    ...(typeof payload["text"] === "object" && payload["text"] !== null ? textRules(asMapping(payload["text"]), [...path, "text"]) : []),
    ...mediumRules(payload, path),
    ...formRules(asList(payload["multipart"]), [...path, "multipart"]),
    ...datasetRules(payload, kind, path),
    ...braceRules(payload, path),
    ...variantRules(payload, kind, path),
    ...contextRules(payload, kind, protocol, path),
    ...refusalRules(payload, protocol, path),
    ...modelRules(payload, protocol, path),
  ];
}

const UNITS = ["words", "characters", "tokens"];

function textRules(text: Mapping, path: Path): readonly Mistake[] {
  const [unit, second] = UNITS.filter((key) => Object.hasOwn(text, key));
  const edges = asList(text["edge"]).length > 0 ? asList(text["edge"]) : [text["edge"]];
  const misspelled = Object.keys(text).some((key) => ![...UNITS, "edge"].includes(key));
  if (unit === undefined) {
    if (misspelled || (Object.hasOwn(text, "edge") && !edges.includes("longest"))) return [];
    const message = Object.hasOwn(text, "edge") ? "nothing says how long the longest text is" : "nothing says how long this text is";
    return [{ path, at: "key", message, hint: "add words: [5, 20], or characters or tokens" }];
  }
  if (second !== undefined) {
    return [{ path: [...path, second], at: "key", message: `this text has both ${unit} and ${second}`, hint: "keep one" }];
  }
  const { median, p99 } = asMapping(text[unit]);
  const at = [...path, unit];
  if (typeof median === "number" && typeof p99 === "number" && !(median < p99)) {
    return [
      { path: at, at: "value", message: "the median is not below the 99th percentile", hint: "write for example { median: 50, p99: 400 }" },
    ];
  }
  return backwards(text[unit], at);
}

const FALLING = "write the smaller number first";

const backwards = (range: unknown, path: Path): readonly Mistake[] =>
  isFalling(range) ? [{ path, at: "value", message: `[${range.join(", ")}] runs backwards`, hint: FALLING }] : [];

function mediumRules(payload: Mapping, path: Path): readonly Mistake[] {
  const { width, height } = asMapping(payload["image"]);
  const most = (side: unknown) => Math.max(...[side].flat().map((one) => (typeof one === "number" ? one : 0)));
  const pixels = most(width) * most(height);
  return [
    ...backwards(width, [...path, "image", "width"]),
    ...backwards(height, [...path, "image", "height"]),
    ...backwards(asMapping(payload["audio"])["seconds"], [...path, "audio", "seconds"]),
    ...(pixels > MOST_PIXELS
      ? [
          {
            path: [...path, "image"],
            at: "key",
            message: `an image of ${pixels} pixels is too large`,
            hint: `${MOST_PIXELS} are the most`,
          } as const,
        ]
      : []),
  ];
}

const PART_KINDS = ["value", "json", "file", "image", "audio"];

function formRules(parts: readonly unknown[], path: Path): readonly Mistake[] {
  return parts.flatMap((part, i): readonly Mistake[] => {
    const at = [...path, i];
    const fields = asMapping(part);
    const [kind, second] = PART_KINDS.filter((key) => Object.hasOwn(fields, key));
    const misspelled = Object.keys(fields).some((key) => ![...PART_KINDS, "name", "filename", "content-type"].includes(key));
    if (kind === undefined) {
      return misspelled ? [] : [{ path: at, at: "key", message: "this part holds nothing", hint: `write one of ${PART_KINDS.join(", ")}` }];
    }
    if (second !== undefined) {
      return [
        { path: [...at, second], at: "key", message: `this part has both ${kind} and ${second}`, hint: "keep one, or write two parts" },
      ];
    }
    const controls = ["name", "filename", "content-type"].filter((key) => {
      const value = fields[key];
      return typeof value === "string" && /\p{Cc}/u.test(value);
    });
    return [
      ...mediumRules(fields, at),
      ...(typeof fields["value"] === "string" ? problemsIn(readTextTemplate(fields["value"]), [...at, "value"]) : []),
      ...(kind === "json" ? problemsIn(readTemplate(fields["json"]), [...at, "json"]) : []),
      ...controls.map((key) => ({ path: [...at, key], at: "value", message: "it has a control character", hint: "remove it" }) as const),
    ];
  });
}

const DATASETS = /\.(?:jsonl|ndjson|txt|csv)$/i;

function datasetRules(payload: Mapping, kind: string, path: Path): readonly Mistake[] {
  const isDataset = kind === "file" && typeof payload["file"] === "string" && DATASETS.test(payload["file"]);
  const others = ["template", "sample"].filter((key) => Object.hasOwn(payload, key));
  if (!isDataset && (kind !== "file" || typeof payload["file"] === "string")) {
    return others.map((key) => ({
      path: [...path, key],
      at: "key",
      message: `a ${key} is for the lines of a .jsonl, .csv or .txt file`,
      hint: kind === "file" ? "name the file so, or leave this out" : "leave it out, or put the payloads into such a file",
    }));
  }
  // Which columns there are is known when the file is read.
  return stringsIn(payload["template"], [...path, "template"]).flatMap(({ text, at }): readonly Mistake[] => {
    const { problem, hint = "" } = { hint: undefined, ...readExpressions(text) };
    return problem === undefined ? [] : [{ path: at, at: "value", message: problem, hint }];
  });
}

/** Expressions of what the suite itself holds. */
function braceRules(payload: Mapping, path: Path): readonly Mistake[] {
  const { body, json, prompt } = payload;
  return [
    ...(typeof body === "string" ? problemsIn(readTextTemplate(body), [...path, "body"]) : []),
    ...(typeof prompt === "string" ? problemsIn(readTextTemplate(prompt), [...path, "prompt"]) : []),
    ...problemsIn(readTemplate(json), [...path, "json"]),
    ...asList(payload["messages"]).flatMap((message, i) => {
      const { content } = asMapping(message);
      return typeof content === "string" ? problemsIn(readTextTemplate(content), [...path, "messages", i, "content"]) : [];
    }),
  ];
}

const problemsIn = (read: ReturnType<typeof readTemplate>, path: Path): readonly Mistake[] =>
  "fill" in read ? [] : read.problems.map((one) => ({ path: [...path, ...one.path], at: "value", message: one.problem, hint: one.hint }));

function stringsIn(value: unknown, at: Path): readonly { readonly text: string; readonly at: Path }[] {
  if (typeof value === "string") return [{ text: value, at }];
  if (Array.isArray(value)) return value.flatMap((item, i) => stringsIn(item, [...at, i]));
  return Object.entries(asMapping(value)).flatMap(([key, item]) => stringsIn(item, [...at, key]));
}

function variantRules(payload: Mapping, kind: string, path: Path): readonly Mistake[] {
  if (!Object.hasOwn(payload, "variants") || !["file", "files"].includes(kind)) return [];
  const hint = kind === "file" ? "write sample for fewer of them" : "leave it out";
  return [{ path: [...path, "variants"], at: "key", message: "files are not drawn: there are as many requests as they hold", hint }];
}

const MEDIA = ["image", "audio", "file", "files"];

function contextRules(payload: Mapping, kind: string, protocol: unknown, path: Path): readonly Mistake[] {
  const useless = (key: string, protocols: readonly string[], what: string): readonly Mistake[] => {
    if (!Object.hasOwn(payload, key)) return [];
    const message = MEDIA.includes(kind)
      ? protocols.includes(String(protocol)) || typeof protocol !== "string"
        ? undefined
        : `protocol ${protocol} has no place for this`
      : `${kind} has no use for this`;
    return message === undefined ? [] : [{ path: [...path, key], at: "key", message, hint: `leave it out; it is ${what}` }];
  };
  return [
    ...useless("prompt", ["openai-chat"], "what openai-chat says before an image or a recording"),
    ...useless("input", ["kserve-v2", "kserve-v2-grpc", "tf-serving"], "the name of the tensor that holds an image or a recording"),
  ];
}

/** A gRPC call has a status of its own, in an answer of HTTP's 200. */
function refusalRules(payload: Mapping, protocol: unknown, path: Path): readonly Mistake[] {
  if (protocol !== "kserve-v2-grpc") return [];
  return ["malformed", "expect"]
    .filter((key) => Object.hasOwn(payload, key))
    .map((key) => ({
      path: [...path, key],
      at: "key",
      message: "a gRPC call is not refused with a status of HTTP",
      hint: "use protocol kserve-v2 for it",
    }));
}

function modelRules(payload: Mapping, protocol: unknown, path: Path): readonly Mistake[] {
  if (payload["tensors"] !== "from-model") {
    return ["dimensions", "values"]
      .filter((key) => Object.hasOwn(payload, key))
      .map((key) => ({
        path: [...path, key],
        at: "key",
        message: "this is for tensors: from-model",
        hint: "leave it out, or write tensors: from-model",
      }));
  }
  if (factsOf(protocol)?.describesModel === false) {
    const hint = `write the tensors themselves, or use protocol ${protocolsWith(({ describesModel }) => describesModel)}`;
    return [
      { path: [...path, "tensors"], at: "value", message: `protocol ${String(protocol)} is not asked which inputs its model takes`, hint },
    ];
  }
  const dimensions = Object.entries(asMapping(payload["dimensions"])).flatMap(([name, size]) =>
    [...(name === "-1" ? [size] : []), ...asList(size)].flatMap((one) => backwards(one, [...path, "dimensions", name])),
  );
  const values = Object.entries(asMapping(payload["values"])).flatMap(([name, of]): readonly Mistake[] => {
    const { range, data } = asMapping(of);
    if (range === undefined || data === undefined) return [];
    return [
      {
        path: [...path, "values", name, "range"],
        at: "key",
        message: "an input has a range or data, not both",
        hint: "keep data for fixed values, range for random ones",
      },
    ];
  });
  return [...dimensions, ...values];
}
