import { PassThrough } from "node:stream";
import { expect, test } from "vitest";
import { openQuestioner } from "../../../src/io/init/questioner.ts";

function terminal(signal = new AbortController().signal) {
  const [input, output] = [new PassThrough(), new PassThrough()];
  return { input, output, person: openQuestioner(input, output, signal) };
}

test("an answer is taken without the spaces around it, and an empty one is the usual", async () => {
  const { input, output, person } = terminal();
  const first = person.ask("Which model?", "a");
  input.write("  b \n");
  expect(await first).toBe("b");
  const second = person.ask("And now?", "a");
  input.write("\n");
  expect(await second).toBe("a");
  person.close();
  expect((output.read() as Buffer).toString("utf8")).toBe("Which model? [a] And now? [a] ");
});

test("the end of the input and a cancel give up", async () => {
  const ended = terminal();
  const unanswered = ended.person.ask("Which?", "");
  ended.input.end();
  await expect(unanswered).rejects.toThrow("nobody answered, so that nothing was written");
  const controller = new AbortController();
  const cancelled = terminal(controller.signal).person.ask("Which?", "");
  controller.abort();
  await expect(cancelled).rejects.toThrow("aborted");
});
