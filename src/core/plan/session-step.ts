import type { Capture } from "../suite/session.ts";

/**
 * What is known of a step of a session before the clock starts. Steps of one session follow one another in the list of
 * requests. Plain data, which may cross threads.
 */
export type PreparedStep = {
  /** Its place, from 0, and the number of steps of this session. */
  readonly step: number;
  readonly of: number;
  /** Pause between the end of the step before and this one; 0 for the first. */
  readonly thinkS: number;
  readonly capture: readonly PlannedCapture[];
  /** What is filled in when the step is sent. Absent where nothing is. */
  readonly path?: readonly FilledText[];
  /** By name, in lower case. */
  readonly headers?: Readonly<Record<string, readonly FilledText[]>>;
  readonly body?: readonly BodyPart[];
  /** Of a chat whose history grows: the body is `head`, the earlier turns, `own` and `tail`. */
  readonly turn?: ChatTurn;
  readonly cookies: boolean;
  readonly ownConnection: boolean;
};

/** `inHeader`: what is captured has to be something that a header can hold. */
export type PlannedCapture = Capture & { readonly inHeader: boolean };

export type FilledText = string | { readonly reference: string };

/**
 * A value goes into JSON as JSON in place of a whole string (`json`), or escaped into a string (`json-text`); elsewhere as
 * it stands.
 */
export type BodyPart = Uint8Array | { readonly reference: string; readonly as: "json" | "json-text" | "text" };

export type ChatTurn = { readonly head: Uint8Array; readonly own: readonly BodyPart[]; readonly tail: Uint8Array };
