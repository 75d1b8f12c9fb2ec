import { isFalling } from "./falling.ts";
import { inputRules } from "./input-rules.ts";
import type { Mistake, Path } from "./mistake.ts";
import { PAYLOAD_KINDS } from "./payload-schema.ts";
import { promptRules } from "./prompt-rules.ts";
import { factsOf, protocolsWith } from "./protocol-facts.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";

/** Every class is made of one thing, and of one that the protocol can carry. */
export function payloadRules(suite: Mapping): readonly Mistake[] {
  const payloads = suite["payloads"];
  if (typeof payloads === "object" && payloads !== null && Object.keys(payloads).length === 0) {
    return [
      {
        path: ["payloads"],
        at: "key",
        message: "no class is named",
        hint: "leave it out, or write one: short: { text: { words: [5, 20] } }",
      },
    ];
  }
  const { protocol } = asMapping(suite["target"]);
  return Object.entries(asMapping(payloads)).flatMap(([name, payload]) =>
    typeof payload === "object" && payload !== null ? classRules(asMapping(payload), protocol, ["payloads", name]) : [],
  );
}

/** Keys that say nothing about what a class is made of. */
// biome-ignore format: a list reads best in rows
const OF_ANY_KIND = [
  "weight", "gates", "report", "content-type", "label", "prefix", "unique", "template", "sample", "order", "variants", "prompt",
  "input", "malformed", "expect", "dimensions", "values",
];

function classRules(payload: Mapping, protocol: unknown, path: Path): readonly Mistake[] {
  const kinds = PAYLOAD_KINDS.filter((kind) => Object.hasOwn(payload, kind));
  const [kind, second] = kinds;
  if (kind === undefined) {
    // A misspelled kind has been complained about already.
    if (Object.keys(payload).some((key) => !OF_ANY_KIND.includes(key))) return [];
    return [{ path, at: "key", message: "this payload class is made of nothing", hint: `write one of ${PAYLOAD_KINDS.join(", ")}` }];
  }
  if (second !== undefined) {
    return [
      {
        path: [...path, second],
        at: "key",
        message: `this payload class has both ${kind} and ${second}`,
        hint: "keep one, or make two classes",
      },
    ];
  }
  const mistakes: Mistake[] = [];
  const carried = factsOf(protocol)?.carries;
  if (carried !== undefined && !carried.includes(kind)) {
    const instead = `${carried.slice(0, -1).join(", ")} or ${carried.at(-1)}`;
    mistakes.push({
      path: [...path, kind],
      at: "key",
      message: `protocol ${String(protocol)} cannot carry ${kind}`,
      hint: `write ${instead}, or use protocol ${protocolsWith(({ carries }) => carries.includes(kind))}`,
    });
  }
  if (kind !== "body" && Object.hasOwn(payload, "content-type")) {
    mistakes.push({
      path: [...path, "content-type"],
      at: "key",
      message: `${kind} has its own content type`,
      hint: "leave it out; it is for body",
    });
  }
  if (Object.hasOwn(payload, "label") && !/\.(?:jsonl|ndjson|csv)$/i.test(typeof payload["file"] === "string" ? payload["file"] : "")) {
    mistakes.push({
      path: [...path, "label"],
      at: "key",
      message: "a label is a field of the lines of a .jsonl or .csv file",
      hint: "leave it out, or put the payloads into such a file",
    });
  }
  if (kind === "json" && !isJson(payload["json"])) {
    mistakes.push({ path: [...path, "json"], at: "value", message: "JSON has no infinity and no NaN", hint: "write a finite number" });
  }
  return [
    ...mistakes,
    ...promptRules(payload, kind, path),
    ...inputRules(payload, kind, protocol, path),
    ...asList(payload["tensors"]).flatMap((tensor, i) => tensorRules(asMapping(tensor), [...path, "tensors", i])),
  ];
}

const FALLING = "write the smaller number first";

function tensorRules({ shape, range, data }: Mapping, path: Path): readonly Mistake[] {
  const mistakes = asList(shape).flatMap((size, i): Mistake[] =>
    isFalling(size) ? [{ path: [...path, "shape", i], at: "value", message: `[${size.join(", ")}] runs backwards`, hint: FALLING }] : [],
  );
  const [low, high] = asList(range);
  if (typeof low === "number" && typeof high === "number" && !(low < high)) {
    mistakes.push({ path: [...path, "range"], at: "value", message: `no value lies in [${low}, ${high})`, hint: FALLING });
  }
  if (range !== undefined && data !== undefined) {
    mistakes.push({
      path: [...path, "range"],
      at: "key",
      message: "a tensor has a range or data, not both",
      hint: "keep data for fixed values, range for random ones",
    });
  }
  const sizes = asList(shape);
  const values = asList(data).length;
  if (values > 1 && sizes.length > 0) {
    if (!sizes.every((size) => typeof size === "number")) {
      mistakes.push({
        path: [...path, "data"],
        at: "key",
        message: "data needs a shape without ranges",
        hint: "write one size per dimension, or leave data out",
      });
    } else {
      const count = sizes.reduce((product, size) => product * size, 1);
      if (count !== values)
        mistakes.push({
          path: [...path, "data"],
          at: "value",
          message: `${values} values do not fill a shape of ${count}`,
          hint: `write ${count} values, or one for all`,
        });
    }
  }
  return mistakes;
}

function isJson(value: unknown): boolean {
  if (typeof value === "number") return Number.isFinite(value);
  return typeof value === "object" && value !== null ? Object.values(value).every(isJson) : true;
}
