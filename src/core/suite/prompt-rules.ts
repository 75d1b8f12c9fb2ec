import type { Mistake, Path } from "./mistake.ts";
import { asList, asMapping, type Mapping } from "./raw.ts";

/** What a prompt begins with needs a prompt to stand in; the rest is for the plan, which sees the texts themselves. */
export function promptRules(payload: Mapping, kind: string, path: Path): readonly Mistake[] {
  const mistakes: Mistake[] = [];
  const has = (key: string) => Object.hasOwn(payload, key);
  const at = (key: string, message: string, hint: string) => mistakes.push({ path: [...path, key], at: "key", message, hint });
  for (const key of ["prefix", "unique"].filter(has)) {
    if (kind === "body" || kind === "tensors") at(key, `${kind} has no prompt that could begin with it`, "leave it out; it is for texts");
  }
  if (kind === "from-trace" && has("prefix")) at("prefix", "a trace says itself what its prompts share", "leave it out");
  const prefix = asMapping(payload["prefix"]);
  const lengths = ["words", "tokens"].filter((unit) => Object.hasOwn(prefix, unit));
  if (has("prefix") && lengths.length !== 1) {
    const message = lengths.length === 0 ? "this prefix has no length" : "a prefix has words or tokens, not both";
    at("prefix", message, "write tokens: 1000, or words: 800");
  }
  return mistakes;
}

/** Payloads made from a trace go with loads that replay one, and columns that say what was asked with such payloads. */
export function fromTraceRules(suite: Mapping): readonly Mistake[] {
  const payloads = asMapping(suite["payloads"]);
  return asList(suite["scenarios"]).flatMap((written, i): readonly Mistake[] => {
    const scenario = asMapping(written);
    const { trace } = asMapping(scenario["load"]);
    const builds = buildsFromTrace(scenario, payloads);
    const name = Object.keys(payloads).find((each) => Object.hasOwn(asMapping(payloads[each]), "from-trace"));
    if (builds && trace === undefined) {
      const message = `the load of this scenario is no trace, and payload "${name}" is made from one`;
      const others = Object.keys(payloads).filter((each) => !Object.hasOwn(asMapping(payloads[each]), "from-trace"));
      const hint = others.length === 0 ? "write load: { trace: FILE }" : `write load: { trace: FILE }, or mix: { ${others[0]}: 1 }`;
      return [{ path: ["scenarios", i], at: "value", message, hint }];
    }
    const columns = Object.keys(asMapping(trace)).filter((key) => key !== "file");
    if (builds || columns.length === 0) return [];
    const hint = name === undefined ? "add payloads: { traffic: { from-trace: {} } }" : `add mix: { ${name}: 1 }`;
    return [
      {
        path: ["scenarios", i, "load", "trace", columns[0]!],
        at: "key",
        message: "no payload of this scenario is made from the trace, so that only its arrivals are replayed",
        hint,
      },
    ];
  });
}

/** Whether a scenario sends payloads that are made from its trace. */
export function buildsFromTrace(scenario: { readonly mix?: unknown }, payloads: unknown): boolean {
  const isSent = (name: string) => scenario.mix === undefined || Object.hasOwn(asMapping(scenario.mix), name);
  return Object.entries(asMapping(payloads)).some(([name, payload]) => isSent(name) && asMapping(payload)["from-trace"] !== undefined);
}
