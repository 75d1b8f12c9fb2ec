/**
 * The last block that starts at or before `atNs`: what rounding leaves after the last block's end is the last block's.
 *
 * @param blocks ascending, at least one.
 * @throws {RangeError} on a time before the first block, or NaN.
 */
export function blockAt<B extends { readonly startNs: number }>(blocks: readonly B[], atNs: number): B {
  let [low, high] = [0, blocks.length];
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (blocks[middle]!.startNs <= atNs) low = middle;
    else high = middle;
  }
  const block = blocks[low]!;
  if (!(block.startNs <= atNs)) throw new RangeError(`${atNs} ns lies in no block`);
  return block;
}
