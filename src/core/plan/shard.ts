import { createHash } from "node:crypto";
import { InputError } from "../errors.ts";
import type { Plan, Segment, SegmentLoad } from "./plan.ts";
import { type Stripe, stripeOf } from "./stripe.ts";
import { between, readStamp } from "./time-stamp.ts";

/** What one of several machines measures of a load that all of them send together. */
export type Shard = {
  readonly stripe: Stripe;
  /** When all of them begin, in milliseconds since 1970; undefined: as soon as this one is ready. */
  readonly startAtMs: number | undefined;
};

/** More machines than these on one endpoint are a mistake in the workflow. */
const MOST_SHARDS = 100;

/**
 * Reads `2/3`, the second of three shards, and when they begin: ISO 8601 with a zone, or seconds since 1970.
 *
 * @throws {InputError} for anything else.
 */
export function readShard(shard: string, startAt: string | undefined): Shard {
  const [, place, count] = /^\s*(\d{1,4})\s*\/\s*(\d{1,4})\s*$/.exec(shard) ?? [];
  const [index, of] = [Number(place), Number(count)];
  if (place === undefined || index < 1 || index > of || of > MOST_SHARDS) {
    const hint = `write PLACE/COUNT with a place from 1 and at most ${MOST_SHARDS} shards, such as 2/3`;
    throw new InputError(`shard: ${JSON.stringify(shard)} names no shard`, { hint });
  }
  return { stripe: { index: index - 1, of }, startAtMs: startAt === undefined || startAt === "" ? undefined : readStartAt(startAt) };
}

/** The shard in words: `shard 2 of 3`. */
export const shardText = ({ index, of }: Stripe): string => `shard ${index + 1} of ${of}`;

/**
 * The part of a plan that one shard plays. Blocks and segments are those of the whole plan, of equal length in all shards, so
 * that they can be laid over one another afterwards; a warm-up therefore lasts its full time and is not ended by what one
 * machine sees of the answers.
 *
 * @throws {InputError} for a scenario of which this shard would send nothing.
 */
export function shardOf(plan: Plan, stripe: Stripe): Plan {
  const scenarios = plan.scenarios.map((scenario) => {
    const segments = scenario.segments.map((segment) => ({ ...stripeOf(segment, stripe), untilSteady: false }));
    if (segments.filter(({ phase }) => phase === "measure").every(isIdle)) {
      throw new InputError(
        `scenario "${scenario.scenario.name}" is too small for ${stripe.of} shards: ${shardText(stripe)} would send nothing`,
        {
          hint: "use fewer shards",
        },
      );
    }
    return { ...scenario, segments };
  });
  return { ...plan, scenarios };
}

/** A shard's part of a number that all of them share, such as the requests that may be under way: whole, at least 1. */
export const shareOf = (total: number, { index, of }: Stripe): number => Math.max(1, Math.floor((total + of - 1 - index) / of));

/** Equal for the same endpoints; the URLs themselves may hold what is secret. */
export const endpointsDigest = ({ head, base }: { readonly head: string; readonly base: string | undefined }): string =>
  createHash("sha256")
    .update(JSON.stringify([head, base ?? ""]))
    .digest("hex")
    .slice(0, 16);

const isIdle = ({ load }: Segment): boolean => isIdleLoad(load);
const isIdleLoad = (load: SegmentLoad): boolean =>
  load.kind === "open" ? load.arrivalsS.length === 0 : load.steps.every(({ users }) => users === 0);

const EPOCH = readStamp("1970-01-01T00:00:00Z")!;
/** Seconds since 1970 lie below this until the year 5138; milliseconds lie above it since 1973. */
const MOST_SECONDS = 1e11;

function readStartAt(text: string): number {
  const stamp = readStamp(text);
  const seconds = stamp?.kind === "number" ? stamp.value : stamp === undefined ? Number.NaN : between(EPOCH, stamp);
  if (!(seconds > 0 && seconds < MOST_SECONDS)) {
    throw new InputError(`start-at: ${JSON.stringify(text)} is no time`, {
      hint: "write seconds since 1970 (`date +%s`) or ISO 8601 such as 2026-11-22T09:00:00Z",
    });
  }
  return Math.round(seconds * 1000);
}
