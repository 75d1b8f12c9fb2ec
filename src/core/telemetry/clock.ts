/** One question for the time, on our clocks before and after it. */
export type ClockReading = {
  readonly serverMs: number;
  readonly askedNs: bigint;
  readonly answeredNs: bigint;
  /** Our wall clock when it was answered, ms since 1970. */
  readonly wallMs: number;
};

/** How the clock of a source was, seen from here. */
export type ClockSeen = {
  /** How far it was ahead of our wall clock at the first question, in seconds. */
  readonly aheadS: number;
  /** How far it moved against our monotonic clock, beyond what the questions' own duration explains, in seconds; ≥ 0. */
  readonly movedS: number;
  /** Its times are known on our clock to ± this many seconds. */
  readonly uncertaintyS: number;
};

/** A clock elsewhere, on ours. */
export type ForeignClock = {
  readonly hear: (reading: ClockReading) => void;
  /** Undefined before the first reading. */
  readonly toNs: (serverMs: number) => bigint | undefined;
  readonly toMs: (atNs: bigint) => number | undefined;
  readonly seen: () => ClockSeen | undefined;
};

/** The answer to `time()` is cut to milliseconds. */
const RESOLUTION_NS = 1_000_000;
/** Of this many readings the best counts: over the half minute that they take, two clocks drift by some milliseconds at most. */
const REMEMBERED = 10;

type Estimate = { readonly offsetNs: bigint; readonly errorNs: number };

/**
 * Compares a clock with ours by asking it for the time: it was read at some moment between question and answer, so the
 * middle is right to half of that. The quickest of the last answers counts. One that contradicts it, beyond both errors,
 * says that the clock was set: from then on only the newest count.
 *
 * Source: the offset of NTP (RFC 5905, section 8), with one time stamp of the server instead of two.
 */
export function compareClocks(): ForeignClock {
  let recent: Estimate[] = [];
  let aheadS: number | undefined;
  let [least, most, worstNs] = [undefined, undefined, 0] as [Estimate | undefined, Estimate | undefined, number];
  const best = () => recent.reduce<Estimate | undefined>((a, b) => (a === undefined || b.errorNs < a.errorNs ? b : a), undefined);
  return {
    hear: ({ serverMs, askedNs, answeredNs, wallMs }) => {
      const middleNs = askedNs + (answeredNs - askedNs) / 2n;
      const errorNs = Number(answeredNs - askedNs) / 2 + RESOLUTION_NS;
      const offsetNs = ms(serverMs) - middleNs;
      const known = best();
      const isSet = known !== undefined && Math.abs(Number(offsetNs - known.offsetNs)) > known.errorNs + errorNs;
      recent = [...(isSet ? [] : recent.slice(1 - REMEMBERED)), { offsetNs, errorNs }];
      aheadS ??= (serverMs - (wallMs - errorNs / 1e6)) / 1000;
      const now = best()!;
      if (least === undefined || now.offsetNs + BigInt(Math.ceil(now.errorNs)) < least.offsetNs + BigInt(Math.ceil(least.errorNs)))
        least = now;
      if (most === undefined || now.offsetNs - BigInt(Math.ceil(now.errorNs)) > most.offsetNs - BigInt(Math.ceil(most.errorNs))) most = now;
      worstNs = Math.max(worstNs, now.errorNs);
    },
    toNs: (serverMs) => {
      const known = best();
      return known === undefined ? undefined : ms(serverMs) - known.offsetNs;
    },
    toMs: (atNs) => {
      const known = best();
      return known === undefined ? undefined : Number(atNs + known.offsetNs) / 1e6;
    },
    seen: () => {
      if (aheadS === undefined || least === undefined || most === undefined) return undefined;
      const movedNs = Number(most.offsetNs - least.offsetNs) - most.errorNs - least.errorNs;
      return { aheadS, movedS: Math.max(0, movedNs) / 1e9, uncertaintyS: worstNs / 1e9 };
    },
  };
}

const ms = (value: number): bigint => BigInt(Math.round(value)) * 1_000_000n;
