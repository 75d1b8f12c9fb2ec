import type { DistributionName } from "../metric.ts";
import { type Bins, EMPTY_BINS, mergeBins } from "../stats/bins.ts";
import { decodeBins } from "./distribution.ts";
import type { BlockRecord } from "./run-record.ts";

/** What of a block is read here. */
type Recorded = Pick<BlockRecord, "histograms">;

/**
 * A distribution of a block; empty where it was not recorded. It is decoded once, for as long as the block is in use: a
 * record is checked, judged, looked at again after the next pass and drawn, and every percentile reads the same histogram.
 *
 * @throws {RangeError} if the text is not an encoded histogram, which a record that was read never holds.
 */
export function blockBins({ histograms }: Recorded, of: DistributionName): Bins {
  // Of a block without reasoning the first output is the first token, and is kept once.
  const name = of === "ttfo" && histograms.ttfo === undefined ? "ttft" : of;
  const encoded = histograms[name];
  if (encoded === undefined) return EMPTY_BINS;
  const ofBlock = DECODED.get(histograms) ?? new Map<DistributionName, Bins>();
  const bins = ofBlock.get(name) ?? decodeBins(encoded);
  if (ofBlock.size === 0) DECODED.set(histograms, ofBlock);
  ofBlock.set(name, bins);
  return bins;
}

/** The same of several blocks together. */
export const mergedBins = (blocks: readonly Recorded[], of: DistributionName): Bins =>
  mergeBins(blocks.map((block) => blockBins(block, of)));

const DECODED = new WeakMap<BlockRecord["histograms"], Map<DistributionName, Bins>>();
