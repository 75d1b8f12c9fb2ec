/** The lines that differ between two texts, as `- old` and `+ new` under the number of the line in the old text. Empty for equal texts. */
export function lineDiff(before: string, after: string): readonly string[] {
  const [a, b] = [before.split("\n"), after.split("\n")];
  const common = longestCommon(a, b);
  const shown: string[] = [];
  for (let i = 0, k = 0, block = -1; i < a.length || k < b.length; ) {
    if (i < a.length && k < b.length && a[i] === b[k]) {
      i++;
      k++;
      block = -1;
      continue;
    }
    if (block < 0) {
      block = i;
      shown.push(`@@ line ${i + 1}`);
    }
    if (i < a.length && (k >= b.length || common[i + 1]![k]! >= common[i]![k + 1]!)) shown.push(`- ${a[i++]}`);
    else shown.push(`+ ${b[k++]}`);
  }
  return shown;
}

/** Length of the longest common subsequence from each pair of lines on. O(n · m): for files that people write. */
function longestCommon(a: readonly string[], b: readonly string[]): readonly Uint32Array[] {
  const length = Array.from({ length: a.length + 1 }, () => new Uint32Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let k = b.length - 1; k >= 0; k--) {
      length[i]![k] = a[i] === b[k] ? length[i + 1]![k + 1]! + 1 : Math.max(length[i + 1]![k]!, length[i]![k + 1]!);
    }
  }
  return length;
}
