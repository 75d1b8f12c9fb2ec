import { Agent, request } from "undici";

/** A whole small answer. Header names are lower case. */
export type TextResponse = { readonly status: number; readonly headers: Readonly<Record<string, string>>; readonly body: string };

const agent = new Agent({ allowH2: false, connections: 4, pipelining: 1, keepAliveTimeout: 10_000 });

/**
 * One small GET beside the load: readiness, identity, telemetry. Any HTTP status is an answer.
 *
 * @throws the client's own error on a network failure, a deadline, or a body longer than `maxBytes` (16 MiB).
 */
export async function getText(
  url: string,
  options: {
    readonly timeoutS: number;
    readonly headers?: Readonly<Record<string, string>>;
    readonly signal?: AbortSignal;
    readonly maxBytes?: number;
  },
): Promise<TextResponse> {
  const deadline = AbortSignal.timeout(options.timeoutS * 1000);
  const signal = options.signal ? AbortSignal.any([options.signal, deadline]) : deadline;
  const { statusCode, headers, body } = await request(url, { dispatcher: agent, signal, headers: { ...options.headers } });
  const maxBytes = options.maxBytes ?? 16 * 1024 * 1024;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) {
      body.destroy();
      throw new Error(`the answer of ${url} is longer than ${maxBytes} bytes`);
    }
    chunks.push(chunk);
  }
  const flat = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(", ") : (value ?? "")]),
  );
  return { status: statusCode, headers: flat, body: Buffer.concat(chunks).toString("utf8") };
}
