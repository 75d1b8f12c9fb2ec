import { expect, test } from "vitest";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import type { ProtocolName } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";
import { respond } from "./drive.ts";

const json = (value: unknown): string => JSON.stringify(value);

/** Proper answers of endpoints that somebody may point a suite of another protocol at. */
const ANSWERS = {
  "a chat completion": json({ object: "chat.completion", choices: [{ message: { content: "Bern" }, finish_reason: "stop" }] }),
  "a stream of tokens": `data: ${json({ choices: [{ delta: { content: "Bern" } }] })}\n\ndata: [DONE]\n\n`,
  embeddings: json({ data: [{ embedding: [0.5] }] }),
  "tensors of KServe": json({ model_name: "m", outputs: [{ name: "y", datatype: "FP32", shape: [1], data: [0.5] }] }),
  "predictions of TensorFlow": json({ predictions: [[0.5]] }),
  "a page to sign in": "<!doctype html><title>Sign in</title>",
  "a list of labels": json([{ label: "positive", score: 0.9 }]),
  "an error inside a 200": json({ error: "model is loading" }),
  "nothing at all": "",
} as const;

/** Which of them each protocol may take for an answer. `raw` and `torchserve` know nothing of what a body means. */
const OWN: Readonly<Partial<Record<ProtocolName, readonly (keyof typeof ANSWERS)[]>>> = {
  "openai-chat": ["a chat completion"],
  "openai-completions": ["a chat completion"],
  "openai-embeddings": ["embeddings"],
  "kserve-v2": ["tensors of KServe"],
  "kserve-v2-grpc": [],
  "tf-serving": ["predictions of TensorFlow"],
};

test.each(Object.entries(OWN))("%s takes no other endpoint's answer for one of its own, and says what came", (name, own) => {
  for (const [what, body] of Object.entries(ANSWERS)) {
    const reader = protocols[name as ProtocolName].openResponse(target({ protocol: name as ProtocolName, stream: false }));
    const { result } = respond(reader, [[10, body]], { headers: { "content-type": "application/json" } });
    if (own.includes(what as keyof typeof ANSWERS)) expect(result, what).toMatchObject({ kind: "ok" });
    else {
      expect(result, `${name} reads ${what}`).toMatchObject({
        kind: "failed",
        why: what === "an error inside a 200" && name !== "kserve-v2-grpc" ? "in-band" : "body",
      });
      // An example that people can recognise their endpoint by.
      expect(result.kind === "failed" && result.detail).toMatch(
        body === "" ? /./ : /[Bb]ern|embedding|outputs|predictions|Sign in|label|loading/,
      );
    }
  }
});

test.each(["openai-chat", "openai-completions"] as const)("%s that asked for a stream takes nothing else for one", (name) => {
  for (const [what, body] of Object.entries(ANSWERS)) {
    const { result } = respond(protocols[name].openResponse(target({ protocol: name, stream: true })), [[10, body]]);
    expect(result.kind, what).toBe(what === "a stream of tokens" ? "ok" : "failed");
  }
});
