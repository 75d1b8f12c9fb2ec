import { expect, test } from "vitest";
import { createBatcher } from "../../../../bench/decisions/recorded/servers/classifier/batcher.ts";
import { nGrams } from "../../../../bench/decisions/recorded/servers/classifier/n-grams.ts";
import { BUCKETS, classify, makeNetwork } from "../../../../bench/decisions/recorded/servers/classifier/network.ts";
import { generator } from "../../../../src/io/demo/model.ts";

test("a batch changes what an answer costs, and not the answer", () => {
  const network = makeNetwork(2, generator(1));
  const passages = nGrams(Array.from({ length: 200 }, (_, i) => `word${i * i}`).join(" "), 4, BUCKETS);
  expect(passages).toHaveLength(7);
  const together = classify(network, passages);
  expect(passages.flatMap((passage) => classify(network, [passage]))).toEqual(together);
  for (const row of together) expect(row.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 9);
});

test("words give the n-grams of fastText, whatever their case and form", () => {
  expect(nGrams("cat", 4, BUCKETS)[0]).toHaveLength(3 + 2);
  expect(nGrams("CAT", 4, BUCKETS)).toEqual(nGrams("cat", 4, BUCKETS));
  expect(nGrams("ﬁne", 4, BUCKETS)).toEqual(nGrams("fine", 4, BUCKETS));
  expect(nGrams("", 4, BUCKETS)).toEqual([[]]);
});

test("a batch is computed when it is full or when its window is over, and never beyond its size", async () => {
  const sizes: number[] = [];
  const infer = createBatcher({ most: 3, windowS: 0.005 }, (items: readonly number[]) => {
    sizes.push(items.length);
    return items.map((item) => item * 2);
  });
  const answers = await Promise.all([infer([1, 2, 3, 4]), infer([5]), infer([6, 7])]);
  expect(answers).toEqual([[2, 4, 6, 8], [10], [12, 14]]);
  expect(sizes).toEqual([3, 3, 1]);
  sizes.length = 0;
  expect(await infer([])).toEqual([]);
  expect(await infer([8])).toEqual([16]);
  expect(sizes).toEqual([1]);
});
