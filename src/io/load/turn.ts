import type { ResponseReader } from "../../core/protocol/protocol.ts";
import type { Outcome } from "../../core/record/outcome.ts";
import type { WireRequest } from "../http.ts";
import type { Slot } from "./slots.ts";

/** A request that is a step of a session, made when it is sent. */
export type Turn = {
  /** Position of its session in the segment. */
  readonly index: number;
  /** Its place in the session, from 0. */
  readonly step: number;
  /** Undefined where it cannot be sent, with the reason in `problem`. */
  readonly wire: WireRequest | undefined;
  readonly problem: string | undefined;
  /** A reader for each attempt. */
  readonly openResponse: () => ResponseReader;
  /** Counts what was sent in its session, from 1, up to 127 and round again. All of a session is one trace. */
  readonly nextAttempt: () => number;
  /** The connection that the session keeps to itself between its steps; undefined where it goes over any. */
  readonly kept: { slot: Slot | undefined } | undefined;
  /** Hears of the cookies of every answer. */
  readonly answered: (setCookie: string | string[] | undefined) => void;
  /** The outcome with its place in the session, before anybody else hears of it. */
  readonly settle: (outcome: Outcome) => Outcome;
};

/** What whoever sends one request after another has to know of the last one. */
export type Follow = (outcome: Pick<Outcome, "result" | "intendedNs">) => void;
