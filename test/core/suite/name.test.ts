import { expect, test } from "vitest";
import { suiteNameIn } from "../../../src/core/suite/name.ts";

test.each([
  ["name: sentiment\ntarget: { protocol: soon }\n", "sentiment"],
  ["# a comment\nname: 'two words'\nscenarios: [{ rate: }]\n", "two words"],
  ["name: 7\n", undefined],
  ['name: ""\n', undefined],
  ["target: {}\n", undefined],
  ["- name: x\n", undefined],
  ["name: [\n", undefined],
  ["", undefined],
])("the name in %j is %j", (text, name) => {
  expect(suiteNameIn(text, "suite.yaml")).toBe(name);
});
