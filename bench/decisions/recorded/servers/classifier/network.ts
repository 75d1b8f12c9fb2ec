/** Numbers of one passage on its way through the network. */
const WIDTH = 128;
const HIDDEN = 256;
const LABELS = 8;
export const BUCKETS = 2 ** 14;

/** Row-major: one row an output. */
type Matrix = { readonly rows: number; readonly columns: number; readonly values: Float32Array };
export type Network = {
  readonly embedding: Matrix;
  readonly layers: readonly { readonly up: Matrix; readonly down: Matrix }[];
  readonly head: Matrix;
};

/** Weights drawn from a seed: what the network answers does not matter here, what it costs does. */
export function makeNetwork(layers: number, random: () => number): Network {
  const matrix = (rows: number, columns: number): Matrix => ({
    rows,
    columns,
    values: Float32Array.from({ length: rows * columns }, () => (random() - 0.5) * (2 / Math.sqrt(columns))),
  });
  return {
    embedding: matrix(BUCKETS, WIDTH),
    layers: Array.from({ length: layers }, () => ({ up: matrix(HIDDEN, WIDTH), down: matrix(WIDTH, HIDDEN) })),
    head: matrix(LABELS, WIDTH),
  };
}

/**
 * A deep averaging network with residual layers, over a batch of passages: mean of the embeddings, then per layer
 * x + down · relu(up · x), then softmax.
 *
 * @param passages one list of buckets each.
 * @returns one list of probabilities each, 8 labels.
 *
 * Source: Iyyer et al. (2015), Deep Unordered Composition Rivals Syntactic Methods for Text Classification, ACL.
 */
export function classify({ embedding, layers, head }: Network, passages: readonly (readonly number[])[]): readonly (readonly number[])[] {
  const states = passages.map((buckets) => average(embedding, buckets));
  for (const { up, down } of layers) {
    const hidden = product(up, states);
    for (const values of hidden) for (let i = 0; i < HIDDEN; i++) values[i] = Math.max(0, values[i]!);
    const added = product(down, hidden);
    for (const [row, state] of states.entries()) for (let i = 0; i < WIDTH; i++) state[i]! += added[row]![i]!;
  }
  return product(head, states).map(softmax);
}

function average({ values }: Matrix, buckets: readonly number[]): Float32Array {
  const sum = new Float32Array(WIDTH);
  for (const bucket of buckets) for (let i = 0; i < WIDTH; i++) sum[i]! += values[bucket * WIDTH + i]!;
  return sum.map((value) => value / Math.max(1, buckets.length));
}

/** Four passages at a time share every weight that is loaded, which is what a batch is for; the rest goes one by one. */
function product(matrix: Matrix, inputs: readonly Float32Array[]): Float32Array[] {
  const outputs = inputs.map(() => new Float32Array(matrix.rows));
  let row = 0;
  for (; row + 4 <= inputs.length; row += 4) multiplyFour(matrix, inputs, outputs, row);
  for (; row < inputs.length; row++) multiplyOne(matrix, inputs[row]!, outputs[row]!);
  return outputs;
}

function multiplyOne({ rows, columns, values }: Matrix, input: Float32Array, output: Float32Array): void {
  for (let row = 0, at = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++, at++) sum += values[at]! * input[column]!;
    output[row] = sum;
  }
}

function multiplyFour({ rows, columns, values }: Matrix, inputs: readonly Float32Array[], outputs: readonly Float32Array[], first: number) {
  const [a, b, c, d] = [inputs[first]!, inputs[first + 1]!, inputs[first + 2]!, inputs[first + 3]!];
  const [forA, forB, forC, forD] = [outputs[first]!, outputs[first + 1]!, outputs[first + 2]!, outputs[first + 3]!];
  for (let row = 0, at = 0; row < rows; row++) {
    let [sumA, sumB, sumC, sumD] = [0, 0, 0, 0];
    for (let column = 0; column < columns; column++, at++) {
      const weight = values[at]!;
      sumA += weight * a[column]!;
      sumB += weight * b[column]!;
      sumC += weight * c[column]!;
      sumD += weight * d[column]!;
    }
    forA[row] = sumA;
    forB[row] = sumB;
    forC[row] = sumC;
    forD[row] = sumD;
  }
}

function softmax(logits: Float32Array): readonly number[] {
  const highest = Math.max(...logits);
  const weights = [...logits].map((logit) => Math.exp(logit - highest));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => weight / total);
}
