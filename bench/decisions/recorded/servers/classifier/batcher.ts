export type BatchPolicy = {
  /** Items computed together at most. */
  readonly most: number;
  /** How long the first item of a batch waits for others, seconds; 0 for not at all. */
  readonly windowS: number;
};

/**
 * Dynamic batching as inference servers do it: a batch is computed when it is full, or when its first item has waited for
 * the window. Answers come in the order of the items.
 *
 * @param compute one result for each item; it may not throw.
 */
export function createBatcher<Item, Result>(
  { most, windowS }: BatchPolicy,
  compute: (items: readonly Item[]) => readonly Result[],
): (items: readonly Item[]) => Promise<readonly Result[]> {
  let waiting: { readonly item: Item; readonly answer: (result: Result) => void }[] = [];
  let timer: NodeJS.Timeout | undefined;

  function computeFull(): void {
    while (waiting.length >= most) computeNext();
    if (waiting.length === 0 || timer !== undefined) return;
    if (windowS === 0) return computeRest();
    timer = setTimeout(computeRest, windowS * 1000);
  }

  function computeRest(): void {
    timer = undefined;
    while (waiting.length > 0) computeNext();
  }

  function computeNext(): void {
    const batch = waiting.slice(0, most);
    waiting = waiting.slice(most);
    if (waiting.length === 0) {
      clearTimeout(timer);
      timer = undefined;
    }
    const results = compute(batch.map(({ item }) => item));
    for (const [i, { answer }] of batch.entries()) answer(results[i]!);
  }

  return (items) => {
    const results = Promise.all(items.map((item) => new Promise<Result>((answer) => waiting.push({ item, answer }))));
    computeFull();
    return results;
  };
}
