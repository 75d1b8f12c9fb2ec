/** A load that every tool is asked for. Plain JSON. */
export type Load = OpenLoad | ClosedLoad;
export type OpenLoad = {
  readonly kind: "open";
  readonly ratePerS: number;
  readonly durationS: number;
  readonly arrivals: "constant" | "poisson";
};
export type ClosedLoad = { readonly kind: "closed"; readonly concurrency: number; readonly durationS: number };

/** What is sent: a GET, or a POST of JSON. */
export type Request = {
  readonly url: string;
  readonly body: string | undefined;
  /** Whether our own engine puts the number of the request into its path, `?n=17`. */
  readonly numbered: boolean;
};
