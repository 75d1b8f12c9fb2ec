import { LEAST_EXCEEDANCES } from "../compare/shift.ts";
import type { ProtocolName } from "../suite/suite.ts";
import type { ChosenTarget } from "./choose-target.ts";
import type { FoundTensor } from "./tensors.ts";

/** What a suite is written from. */
export type SuiteChoices = {
  readonly name: string;
  readonly target: ChosenTarget;
  /** Values may hold `${env:NAME}`. */
  readonly headers: Readonly<Record<string, string>>;
  /** URL of an exposition, by its place in `target.metrics`. */
  readonly metricsUrls: readonly string[];
  readonly load: ChosenLoad;
};

export type ChosenLoad = { readonly ratePerS: number; readonly durationMin: number; readonly why: string };

const SCHEMA = "https://raw.githubusercontent.com/tailgate-ci/tailgate/v1/schema/suite.schema.json";

/** Rates that a person would write. */
const RATES = [30, 20, 10, 5, 2, 1, 0.5, 0.2, 0.1];
/** Requests under way at once, on average: servers of token streams answer several together, others may answer one after another. */
const UNDER_WAY = { stream: 2, other: 0.5 } as const;

/**
 * A rate that an endpoint can surely take, from how long one answer took, its connection included. A slow one gets more
 * time, for its tail needs requests too.
 *
 * @param answerS undefined where no request was tried.
 */
export function chooseLoad(answerS: number | undefined, protocol: ProtocolName): ChosenLoad {
  const [most, underWay] = isStream(protocol) ? [5, UNDER_WAY.stream] : [30, UNDER_WAY.other];
  const rate = answerS === undefined ? most : RATES.find((one) => one <= most && one * answerS <= underWay);
  const ratePerS = rate ?? RATES.at(-1)!;
  const why =
    answerS === undefined
      ? "a usual rate, because no request was tried"
      : `with answers as slow as the first one, ${underWay} under way at once at most`;
  return { ratePerS, durationMin: ratePerS >= 20 ? 2 : 5, why: `${ratePerS}/s, ${why}` };
}

/** A suite in YAML that passes `tailgate check`. Whatever came from outside is quoted where YAML could read more into it. */
export function suiteText({ name, target, headers, metricsUrls, load }: SuiteChoices): string {
  const { protocol, model, ready, operation } = target;
  const requests = load.ratePerS * load.durationMin * 60;
  return [
    `# yaml-language-server: $schema=${SCHEMA}`,
    "# What to send, how fast, and which changes block the merge. Written by tailgate init; it is yours now.",
    "version: 1",
    `name: ${yaml(name)}`,
    "seed: 42",
    "target:",
    `  protocol: ${protocol}`,
    ...(model === undefined ? [] : [`  model: ${yaml(model)}`]),
    ...(operation === undefined
      ? []
      : [...(operation.method === "POST" ? [] : [`  method: ${operation.method}`]), `  path: ${yaml(operation.path)}`]),
    ...(isStream(protocol) ? ["  max-tokens: 64 # answers of different length cannot be compared"] : []),
    ...(ready === undefined ? [] : [`  ready: { path: ${yaml(ready)}, timeout: 5m }`]),
    ...(Object.keys(headers).length === 0
      ? []
      : ["  headers:", ...Object.entries(headers).map(([key, value]) => `    ${yaml(key)}: ${yaml(value)}`)]),
    ...payloadLines(target),
    "scenarios:",
    "  - name: steady",
    `    load: { rate: ${load.ratePerS}/s, arrivals: poisson, duration: ${load.durationMin}m }`,
    "    gates:",
    ...gateLines(protocol, requests).map((line) => `      ${line}`),
    ...telemetryLines(target, metricsUrls),
    "",
  ].join("\n");
}

const isStream = (protocol: ProtocolName): boolean => protocol === "openai-chat" || protocol === "openai-completions";

function payloadLines({ protocol, tensors, operation }: ChosenTarget): readonly string[] {
  if (operation !== undefined) {
    if (operation.method === "GET") return [];
    return [
      "# What the OpenAPI document allows. Put real inputs in its place, one a line, with file: data/requests.jsonl",
      "payloads:",
      `  sample: { json: ${JSON.stringify(operation.body)} }`,
    ];
  }
  // One text is what the protocol itself makes of a text.
  const isText =
    tensors?.length === 1 && tensors[0]!.name === "text" && tensors[0]!.datatype === "BYTES" && tensors[0]!.shape.join() === "1";
  if (tensors !== undefined && !isText) {
    const guessed = tensors.some((tensor) => tensor.guessed)
      ? ["# The model takes any size where it says -1: a size that is usual for you is better than 128."]
      : [];
    return [...guessed, "payloads:", "  sample:", "    tensors:", ...tensors.map((tensor) => `      - ${tensorText(tensor)}`)];
  }
  if (protocol === "raw") return [];
  const [usual, long] = isStream(protocol) ? ["[20, 60]", "[200, 400]"] : ["[5, 20]", "[100, 200]"];
  return [
    "# Two lengths of made-up text. Real inputs are better, one a line, with file: data/requests.jsonl",
    "payloads:",
    `  usual: { weight: 90, text: { words: ${usual} } }`,
    `  long: { weight: 10, text: { words: ${long} } }`,
  ];
}

const tensorText = ({ name, shape, datatype }: FoundTensor): string =>
  `{ name: ${yaml(name)}, shape: [${shape.join(", ")}], datatype: ${datatype} }`;

/** The highest percentile with enough requests beyond it, so that the gate can pass at all. */
function gateLines(protocol: ProtocolName, requests: number): readonly string[] {
  const tail = [0.99, 0.95, 0.9].find((p) => requests * (1 - p) >= LEAST_EXCEEDANCES) ?? 0.5;
  const name = `p${Math.round(100 * tail)}`;
  const body = tail === 0.5 ? [] : ["p50"];
  const waiting = isStream(protocol) ? "ttft" : "latency";
  return [
    ...body.map((percentile) => `${waiting}.${percentile}: { regression: 10%, floor: 2ms }`),
    `${waiting}.${name}: { regression: 15%, floor: 5ms }`,
    ...(isStream(protocol) ? ["tpot.p50: { regression: 5%, floor: 0.2ms }"] : []),
    "errors.ratio: { limit: 1% }",
  ];
}

/** Suggested, not switched on: the preview of a pull request is elsewhere than what was looked at. */
function telemetryLines({ metrics }: ChosenTarget, urls: readonly string[]): readonly string[] {
  const sources = metrics.flatMap(({ kind }, i) => {
    const url = urls[i];
    return url === undefined || kind === undefined ? [] : [`#   - ${kind}: ${yaml(url)}`];
  });
  if (sources.length === 0) return [];
  return [
    "# Found beside the endpoint. Remove the # in front when the preview has it at this address as well:",
    "# telemetry:",
    ...sources,
  ];
}

/** A plain scalar where that is surely the same text, else in double quotes: a JSON string is YAML. */
function yaml(text: string): string {
  const plain = /^[A-Za-z/][\w./-]*$/.test(text) && !/^(true|false|null|yes|no|on|off|y|n)$/i.test(text);
  return plain ? text : JSON.stringify(text);
}
