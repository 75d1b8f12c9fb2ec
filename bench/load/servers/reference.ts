import { openServer } from "./server-process.ts";

export type ReferenceOptions = {
  readonly service:
    | { readonly kind: "constant"; readonly ms: number }
    /** Two lognormal modes. */
    | { readonly kind: "mixture"; readonly seed: number; readonly fast: Mode; readonly slow: Mode & { readonly share: number } };
  /** Whatever comes in this window of seconds since the first request waits for its end, and is then served. */
  readonly stall: { readonly fromS: number; readonly toS: number } | undefined;
};
export type Mode = { readonly medianMs: number; readonly sigma: number };

/** Columns with a row for each request, in the order of their arrival. ns of the clock of `process.hrtime`. */
export type ReferenceLog = {
  /** The `n` of its path, or −1. */
  readonly number: readonly number[];
  readonly arrivalNs: readonly number[];
  /** When its answer was to leave. */
  readonly dueNs: readonly number[];
  /** When it left; 0 if nobody was there any more. */
  readonly answeredNs: readonly number[];
};

export type Reference = {
  readonly url: string;
  /** What came since the last call. */
  readonly takeLog: () => Promise<ReferenceLog>;
  readonly close: () => Promise<void>;
};

export async function openReference(options: ReferenceOptions): Promise<Reference> {
  const server = await openServer(new URL("reference-server.ts", import.meta.url), options);
  return { ...server, takeLog: async () => (await (await fetch(`${server.url}log`)).json()) as ReferenceLog };
}
