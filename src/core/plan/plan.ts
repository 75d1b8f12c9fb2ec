import type { RecordedLoad } from "../record/run-record.ts";
import type { ExpectedStatus } from "../suite/input-content.ts";
import type { Scenario } from "../suite/suite.ts";
import type { NonceSlot } from "./nonce.ts";

/** Everything decided before the first request, from the suite and its seed alone. */
export type Plan = {
  readonly suiteName: string;
  readonly suiteDigest: string;
  readonly seed: number;
  /** `live`: base and head in turn; `single`: head only. */
  readonly design: "live" | "single";
  readonly scenarios: readonly ScenarioPlan[];
};

export type ScenarioPlan = {
  readonly scenario: Scenario;
  /** Of what it sends, where the caller knows it. */
  readonly digest?: string;
  /** Its load as the record tells it. */
  readonly load: RecordedLoad;
  /** All bodies of this scenario, built before the clock starts; segments pick from it by index. */
  readonly requests: readonly PreparedRequest[];
  /** In the order in which they run: warm-up segments first. Scenarios of one `together` group have segments that match one by one. */
  readonly segments: readonly Segment[];
};

export type Arm = "base" | "head";

/** A contiguous stretch of load on one arm. Its queue is drained before the next segment starts. */
export type Segment = {
  readonly arm: Arm;
  readonly phase: "warm-up" | "measure";
  /** Where a steady-state test may end the segment before its `durationS`. */
  readonly untilSteady: boolean;
  readonly durationS: number;
  readonly load: SegmentLoad;
  /** Index into `requests` for the i-th request of the segment; a closed loop that needs more starts again at 0. */
  readonly picks: Uint32Array;
  /** Measured segments only: what the segment is cut into, ascending and gapless. An outcome belongs to the block that holds its intended start. */
  readonly blocks: readonly BlockSlot[];
  /** Where requests hold nonces: names what shares a nonce of scope `pass`, one pass of one arm of one scenario. */
  readonly nonceScope?: string;
};

export type SegmentLoad =
  /** Intended starts in seconds since the start of the segment, ascending, all < durationS. */
  | { readonly kind: "open"; readonly arrivalsS: Float64Array }
  | {
      readonly kind: "closed";
      /** Users over time: from `atS` on there are `users`, until the next step. Ascending, the first at 0. */
      readonly steps: readonly UserStep[];
      /** Pauses before the next request, seconds, taken in turn over all users; empty for none. */
      readonly thinkS: Float64Array;
      readonly pacingS: number | undefined;
    };

export type UserStep = { readonly atS: number; readonly users: number };

export type BlockSlot = {
  /** 0-based, in order of time over both arms of the scenario. */
  readonly index: number;
  /** Live design: the adjacent base and head blocks that are compared with one another share a number. */
  readonly pair: number | undefined;
  readonly startS: number;
  readonly durationS: number;
};

/** One request, ready to send. The target's headers are added by the sender, so that no secret is in a plan. */
export type PreparedRequest = {
  readonly payloadClass: string;
  readonly method: string;
  /** Below the endpoint's base URL, with a leading slash. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | undefined;
  /** The right answer, as JSON; absent where nobody knows it. */
  readonly label?: unknown;
  /** Statuses that are the right answer; absent where the target's check says what is. */
  readonly expect?: readonly ExpectedStatus[];
  /** Absent: the body is sent as it is. Else a nonce is written into a copy of it each time that it is sent. */
  readonly nonce?: NonceSlot;
};
