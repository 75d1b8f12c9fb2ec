import { GOODPUT_LIMITS } from "./goodput.ts";
import type { Mistake, Path } from "./mistake.ts";
import { factsOf, protocolsWith } from "./protocol-facts.ts";
import { asList, asMapping, asQuantity, type Mapping } from "./raw.ts";

/** Limits of goodput have to be there, be ones that this suite's answers have, and be ones that can be broken. */
export function goodputRules(suite: Mapping): readonly Mistake[] {
  const places: readonly (readonly [unknown, Path])[] = [
    [suite["goodput"], ["goodput"]],
    ...asList(suite["scenarios"]).map((scenario, i) => [asMapping(scenario)["goodput"], ["scenarios", i, "goodput"]] as const),
  ];
  return places.flatMap(([limits, path]) =>
    typeof limits === "object" && limits !== null ? limitRules(asMapping(limits), suite, path) : [],
  );
}

function limitRules(limits: Mapping, suite: Mapping, path: Path): readonly Mistake[] {
  const target = asMapping(suite["target"]);
  const facts = factsOf(target["protocol"]);
  const isStream = facts !== undefined && (facts.streams === "by-default" ? target["stream"] !== false : target["stream"] === true);
  const timeoutS = asQuantity(target["timeout"], "duration", 30);
  if (Object.keys(limits).length === 0) {
    return [{ path, at: "key", message: "no limit is named, and every answer would be good", hint: "write one: { latency: 2s }" }];
  }
  return GOODPUT_LIMITS.flatMap(({ written }): readonly Mistake[] => {
    if (!Object.hasOwn(limits, written)) return [];
    const at = [...path, written];
    if (written !== "latency" && facts !== undefined && !isStream) {
      const hint = `write latency, or use protocol ${protocolsWith(({ streams }) => streams !== "never")} with a stream`;
      return [{ path: at, at: "key", message: `${written} is measured on streams only`, hint }];
    }
    const limitS = asQuantity(limits[written], "duration", 0);
    return limitS !== undefined && timeoutS !== undefined && limitS > 0 && limitS >= timeoutS
      ? [{ path: at, at: "value", message: "no answer takes longer than target.timeout", hint: "lower the limit or raise target.timeout" }]
      : [];
  });
}
