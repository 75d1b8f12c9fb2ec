import { openServer } from "./server-process.ts";

export type StreamOptions = {
  /** Token events of an answer. */
  readonly events: number;
  readonly gapMs: number;
  /** Whether all streams get their next event in one step, as of a server that batches. */
  readonly together: boolean;
};

/** When each token event was written, by the number in the request's path; ns of the clock of `process.hrtime`. */
export type StreamLog = Readonly<Record<string, readonly number[]>>;

export type StreamServer = {
  readonly url: string;
  /** What was written since the last call. */
  readonly takeLog: () => Promise<StreamLog>;
  readonly close: () => Promise<void>;
};

export async function openStreamServer(options: StreamOptions): Promise<StreamServer> {
  const server = await openServer(new URL("stream-server.ts", import.meta.url), options);
  return { ...server, takeLog: async () => (await (await fetch(`${server.url}log`)).json()) as StreamLog };
}
