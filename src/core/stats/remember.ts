/**
 * A pure function of a list that works once for each list: the same objects in the same order get the same answer, for
 * as long as the first of them is in use. The percentiles of a distribution all read the same merged histograms.
 */
export function oncePerList<Item extends object, Answer>(work: (items: readonly Item[]) => Answer): (items: readonly Item[]) => Answer {
  const known = new WeakMap<Item, { readonly items: readonly Item[]; readonly answer: Answer }[]>();
  return (items) => {
    const [first] = items;
    if (first === undefined) return work(items);
    const lists = known.get(first) ?? [];
    const found = lists.find((list) => list.items.length === items.length && list.items.every((item, i) => item === items[i]));
    if (found !== undefined) return found.answer;
    const answer = work(items);
    known.set(first, [...lists, { items: [...items], answer }]);
    return answer;
  };
}

/** A pure function of numbers that works once for the same ones, as far as it need not remember more than {@link MOST} answers. */
export function oncePerNumbers<Numbers extends readonly number[], Answer>(
  work: (...numbers: Numbers) => Answer,
): (...numbers: Numbers) => Answer {
  const known = new Map<string, { readonly answer: Answer }>();
  return (...numbers) => {
    const key = numbers.join(" ");
    const found = known.get(key);
    if (found !== undefined) return found.answer;
    const answer = work(...numbers);
    if (known.size === MOST) known.clear();
    known.set(key, { answer });
    return answer;
  };
}

const MOST = 1000;
