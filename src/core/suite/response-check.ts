/**
 * What an answer must hold to count as correct. Text, JSON and schema are of the body, or of a generating endpoint of what
 * it generated.
 */
export type ResponseCheck = {
  readonly status: readonly number[] | undefined;
  readonly contains: string | undefined;
  /** Regular expression, flag u. */
  readonly matches?: string | undefined;
  /** Texts that the headers of these lower-case names hold. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  readonly json?: readonly JsonCheck[] | undefined;
  /** Where an answer is found that a labelled payload says beforehand. */
  readonly answer?: ExpectedAnswer | undefined;
  /** A JSON Schema. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** Whether the arms of a live run have to give the same answers to the same payloads (`gate`), or are only counted (`report`). */
  readonly sameAnswers?: "gate" | "report" | undefined;
};

/**
 * Without a path the text has to hold the label; with one, the value that it selects (or the list of several) has to equal
 * it, numbers to within `tolerance`.
 */
export type ExpectedAnswer = { readonly path: string | undefined; readonly tolerance: Tolerance };

/** How far a number may be from what is expected: so much, or so large a share of the expected number's size. */
export type Tolerance = number | { readonly relative: number };

/** What holds of every value that an RFC 9535 path selects; at least one, or exactly `count`. */
export type JsonCheck = {
  readonly path: string;
  readonly equals?: unknown;
  /** How far numbers may be from `equals`, wherever they stand in it. */
  readonly tolerance?: Tolerance | undefined;
  readonly between?: readonly [number, number] | undefined;
  readonly matches?: string | undefined;
  readonly count?: number | undefined;
};
