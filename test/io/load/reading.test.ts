import { describe, expect, test } from "vitest";
import { InputError } from "../../../src/core/errors.ts";
import { block, closed, drive, GET, kinds, one, open, plainReader, steady } from "./drive.ts";
import { serve } from "./endpoint.ts";

describe("a reader", () => {
  test("gets each chunk of a stream when it arrives", async () => {
    // The next chunk leaves 15 ms after the reader has got the last one.
    let sendNext = () => {};
    const url = await serve((_, response) => {
      response.writeHead(200, { "content-type": "text/plain", "set-cookie": ["a=1", "b=2"] });
      let left = 4;
      sendNext = () => void setTimeout(() => (left === 0 ? response.end() : response.write(`${left--}`)), 15);
      sendNext();
    });
    const seen: { headers?: Readonly<Record<string, string>>; text: string; atMs: number[] }[] = [];
    const driver = open(url, {
      openResponse: () => {
        const mine: (typeof seen)[number] = { text: "", atMs: [] };
        seen.push(mine);
        return {
          start: (_, headers) => {
            mine.headers = headers;
          },
          data: (chunk, atNs) => {
            mine.text += Buffer.from(chunk).toString();
            mine.atMs.push(atNs / 1e6);
            sendNext();
          },
          end: (endNs) => ({ endNs, result: { kind: "ok", stream: undefined } }),
        };
      },
    });
    const { outcomes } = await drive(driver, one);
    expect(seen.map(({ text }) => text)).toEqual(["4321"]);
    expect(seen[0]!.headers).toMatchObject({ "content-type": "text/plain", "set-cookie": "a=1, b=2" });
    const { atMs } = seen[0]!;
    expect(atMs.length).toBe(4);
    for (const [i, at] of atMs.slice(1).entries()) expect(at - atMs[i]!).toBeGreaterThan(13);
    expect(outcomes[0]!.bytes).toBe(4);
    expect(outcomes[0]!.firstByteNs! / 1e6).toBeLessThanOrEqual(seen[0]!.atMs[0]!);
    expect(outcomes[0]!.endNs / 1e6).toBeGreaterThanOrEqual(seen[0]!.atMs[3]!);
  });

  test("decides when its answer was complete, unless that was after the deadline", async () => {
    const url = await serve((_, response) => void response.end("x"));
    const at = (endNs: number) =>
      open(url, {
        timeoutS: 1,
        openResponse: () => ({ ...plainReader(), end: () => ({ endNs, result: { kind: "ok", stream: undefined } }) }),
      });
    const early = await drive(at(7e6), one);
    expect(early.outcomes[0]).toMatchObject({ endNs: 7e6, result: { kind: "ok" } });
    const late = await drive(at(1e9 + 1), one);
    expect(late.outcomes[0]).toMatchObject({ endNs: 1e9, result: { why: "timeout" } });
  });

  test("whose answers are not timed leaves no first byte and no phase", async () => {
    const PHASES = { infer: 0.005 };
    const url = await serve((_, response) => void response.end("x"));
    const look = async (untimed: true | undefined) =>
      (await drive(open(url, { openResponse: () => ({ ...plainReader(), ...(untimed && { untimed }) }), readPhases: () => PHASES }), one))
        .outcomes[0]!;
    expect(await look(true)).toMatchObject({ untimed: true, firstByteNs: undefined, phases: undefined, result: { kind: "ok" } });
    expect(await look(undefined)).toMatchObject({ firstByteNs: expect.any(Number), phases: PHASES });
  });

  test.each(["start", "data", "end"] as const)("with a bug in %s ends the drive with that error", async (method) => {
    const url = await serve((_, response) => void response.end("x"));
    const bug = () => {
      throw new Error(`a bug in ${method}`);
    };
    const driver = open(url, { openResponse: () => ({ ...plainReader(), [method]: bug }) });
    await expect(drive(driver, steady(10, 5))).rejects.toThrow(`a bug in ${method}`);
    await expect(drive(driver, closed(2, 5))).rejects.toThrow(`a bug in ${method}`);
  });

  test("that cannot be opened ends the drive with that error", async () => {
    const url = await serve((_, response) => void response.end("x"));
    const driver = open(url, {
      openResponse: () => {
        throw new Error("no reader");
      },
    });
    await expect(drive(driver, steady(10, 5))).rejects.toThrow("no reader");
    await expect(drive(driver, closed(2, 5))).rejects.toThrow("no reader");
  });
});

test("a reader's bug that shows while arrivals are being released ends the drive too", async () => {
  const url = await serve((_, response) => void response.end("x"));
  const driver = open(url, { timeoutS: 0.05 });
  // Busy beyond the deadline: the next arrivals expire before they are sent, within the release itself.
  const busyThenFail = ({ index }: { readonly index: number }) => {
    if (index === 3) block(150);
    else if (index > 3) throw new Error("cannot record");
  };
  await expect(drive(driver, steady(100, 20), { onOutcome: busyThenFail })).rejects.toThrow("cannot record");
});

test("an error of whoever hears the outcomes ends the drive", async () => {
  const url = await serve((_, response) => void response.end("x"));
  const fail = () => {
    throw new Error("cannot record");
  };
  const { signal } = new AbortController();
  await expect(open(url).drive(steady(10, 5), [GET], { onOutcome: fail, signal })).rejects.toThrow("cannot record");
  await expect(open(url).drive(steady(10, 5), [GET], { onOutcome: () => {}, signal, onProgress: fail })).rejects.toThrow("cannot record");
});

describe("a request", () => {
  const asked = async (request: Partial<typeof GET>, headers: Record<string, string> = {}) => {
    const seen: { url?: string | undefined; method?: string | undefined; headers: NodeJS.Dict<string | string[]>; body: string }[] = [];
    const url = await serve((message, response) => {
      const seenOne = { url: message.url, method: message.method, headers: message.headers, body: "" };
      seen.push(seenOne);
      message.on("data", (chunk: Buffer) => (seenOne.body += chunk.toString()));
      message.on("end", () => response.end());
    });
    const { outcomes } = await drive(open(url, { headers }), steady(50, 0.04), { requests: [{ ...GET, ...request }] });
    expect(kinds(outcomes)).toEqual(["ok", "ok"]);
    return { ...seen[1]!, host: new URL(url).host };
  };

  test("carries its body, its length, its host and who we are", async () => {
    const body = new TextEncoder().encode("xx grüße");
    const seen = await asked({ method: "POST", body: body.subarray(3), headers: { "Content-Type": "text/plain" } });
    expect(seen).toMatchObject({ method: "POST", body: "grüße" });
    expect(seen.headers).toMatchObject({ "content-length": "7", "content-type": "text/plain", host: seen.host, "user-agent": "tailgate" });
  });

  test("carries the target's headers, which win over its own", async () => {
    const seen = await asked(
      { headers: { "Content-Type": "text/plain", "x-own": "1" } },
      { "content-type": "x/y", Authorization: "Bearer t", host: "model.example" },
    );
    expect(seen.headers).toMatchObject({ "content-type": "x/y", "x-own": "1", authorization: "Bearer t", host: "model.example" });
  });

  test("carries a user and password of the URL as basic authorization", async () => {
    const url = await serve(
      (request, response) => void response.writeHead(request.headers.authorization === "Basic bWU6cCBx" ? 200 : 401).end(),
    );
    const { outcomes } = await drive(open(url.replace("//", "//me:p%20q@")), one);
    expect(kinds(outcomes)).toEqual(["ok"]);
  });

  test.each([
    ["not a url", {}, /not a URL/],
    ["ftp://host", {}, /ftp:/],
    ["http://host", { "content-length": "3" }, /content-length/],
    ["http://host", { authorization: "Bearer secret\n" }, /"authorization" holds/],
    ["http://host", { "a b": "x" }, /name of a header/],
  ])("cannot be made of %j with %j", (url, headers, message) => {
    const make = () => open(url, { headers });
    expect(make).toThrow(InputError);
    expect(make).toThrow(message);
    expect(make).not.toThrow(/secret/);
  });

  test.each([{ method: "GE T" }, { method: "CONNECT" }, { headers: { "transfer-encoding": "chunked" } }])("cannot be %j", async (wrong) => {
    const driver = open("http://127.0.0.1:9");
    await expect(drive(driver, one, { requests: [{ ...GET, ...wrong }] })).rejects.toThrow(InputError);
  });
});
