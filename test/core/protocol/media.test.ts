import { decode as decodeJpeg } from "jpeg-js";
import { expect, test } from "vitest";
import type { Payload } from "../../../src/core/plan/payload.ts";
import { drawPicture } from "../../../src/core/plan/picture.ts";
import { stream } from "../../../src/core/plan/random.ts";
import { drawSpeech } from "../../../src/core/plan/speech.ts";
import { protocols } from "../../../src/core/protocol/protocols.ts";
import type { ProtocolName, Target } from "../../../src/core/suite/suite.ts";
import { target } from "../plan/fixtures.ts";

type Body = Extract<Payload, { kind: "body" }>;

const JPEG = drawPicture({ format: "jpeg", width: [16, 16], height: [8, 8], quality: 85 }, stream(1));
const WAV = drawSpeech({ seconds: [0.05, 0.05], rateHz: 8000 }, stream(1));
const photo: Body = { kind: "body", bytes: JPEG, contentType: "image/jpeg" };
const clip: Body = { kind: "body", bytes: WAV, contentType: "audio/wav" };

const build = (protocol: ProtocolName, payload: Body, change: Partial<Target> = {}) =>
  protocols[protocol].buildRequest(target({ protocol, model: "m", stream: false, ...change }), payload);
const jsonOf = (body: Uint8Array | undefined): unknown => JSON.parse(new TextDecoder().decode(body));

test("raw and torchserve send the bytes with their type", () => {
  for (const protocol of ["raw", "torchserve"] as const) {
    expect(build(protocol, photo)).toMatchObject({ headers: { "content-type": "image/jpeg" }, body: JPEG });
  }
});

test("a chat sends a text and the image as a data URL, or the recording with its format", () => {
  const asked = jsonOf(build("openai-chat", { ...photo, prompt: "What is it?" }).body) as {
    messages: [{ content: [{ text: string }, { image_url: { url: string } }] }];
  };
  const [text, image] = asked.messages[0].content;
  expect(text).toEqual({ type: "text", text: "What is it?" });
  const [head, data] = image.image_url.url.split(",");
  expect(head).toBe("data:image/jpeg;base64");
  expect(decodeJpeg(Buffer.from(data!, "base64"))).toMatchObject({ width: 16, height: 8 });
  expect(jsonOf(build("openai-chat", clip).body)).toMatchObject({
    messages: [
      {
        role: "user",
        content: [{ type: "text" }, { type: "input_audio", input_audio: { data: Buffer.from(WAV).toString("base64"), format: "wav" } }],
      },
    ],
  });
  expect(jsonOf(build("openai-chat", { ...clip, contentType: "audio/mpeg" }).body)).toMatchObject({
    messages: [{ content: [{}, { input_audio: { format: "mp3" } }] }],
  });
});

test("KServe gets one BYTES tensor: base64 in JSON, the bytes themselves in binary", () => {
  expect(jsonOf(build("kserve-v2", photo).body)).toEqual({
    inputs: [
      {
        name: "image",
        shape: [1],
        datatype: "BYTES",
        parameters: { content_type: "base64" },
        data: [Buffer.from(JPEG).toString("base64")],
      },
    ],
  });
  const { body, headers } = build("kserve-v2", { ...clip, input: "WAVE" }, { tensorEncoding: "binary" });
  const jsonLength = Number(headers["inference-header-content-length"]);
  expect(jsonOf(body!.subarray(0, jsonLength))).toMatchObject({
    inputs: [{ name: "WAVE", parameters: { binary_data_size: WAV.length + 4 } }],
  });
  expect(body!.subarray(jsonLength + 4)).toEqual(WAV);
});

test("gRPC gets the bytes as they are", () => {
  const { body } = build("kserve-v2-grpc", photo);
  expect(Buffer.from(body!).includes(Buffer.from(JPEG))).toBe(true);
});

test("TensorFlow Serving gets base64 by its own convention", () => {
  const b64 = Buffer.from(JPEG).toString("base64");
  expect(jsonOf(build("tf-serving", photo).body)).toEqual({ instances: [{ b64 }] });
  expect(jsonOf(build("tf-serving", { ...photo, input: "image_bytes" }).body)).toEqual({ instances: [{ image_bytes: { b64 } }] });
});

test("where a protocol has no way, one sentence says so", () => {
  for (const protocol of ["openai-completions", "openai-embeddings"] as const)
    expect(() => build(protocol, photo)).toThrow(`protocol ${protocol} cannot carry image (jpeg)`);
  expect(() => build("openai-chat", { ...clip, contentType: "audio/flac" })).toThrow("protocol openai-chat cannot carry audio (flac)");
  const form: Body = { kind: "body", bytes: JPEG, contentType: "multipart/form-data; boundary=x" };
  for (const protocol of ["openai-chat", "kserve-v2", "kserve-v2-grpc", "tf-serving"] as const)
    expect(() => build(protocol, form)).toThrow(`protocol ${protocol} cannot carry a form`);
});
