/**
 * A very small language model with weights from a seed: hashed words → embedding → causal attention over everything
 * read so far → two-layer perceptron. It says whether a text sounds positive, and continues it. It knows nothing (only
 * a dozen words carry a mood), but it computes like a real one: work grows with the number of tokens, every sequence
 * keeps keys and values, and the same weights and text give the same answer anywhere.
 */

const DIMENSION = 16;
const HIDDEN = 32;
const HASHES = 1024;
/** Layers: one, and a second that only a slower build of the server runs. */
const LAYERS = 2;

type Layer = {
  readonly query: Float32Array;
  readonly key: Float32Array;
  readonly value: Float32Array;
  readonly up: Float32Array;
  readonly down: Float32Array;
};
export type Weights = { readonly embedding: Float32Array; readonly layers: readonly Layer[]; readonly head: Float32Array };

/** One text on its way through the model. `read` tokens of `tokens` are behind it. */
export type Sequence = {
  readonly tokens: number[];
  read: number;
  /** Row i belongs to token i. */
  readonly keys: Float32Array;
  readonly values: Float32Array;
  /** The last token's representation, and the sum over all. */
  readonly state: Float32Array;
  readonly pooled: Float32Array;
  mood: number;
};

export function makeWeights(seed: number): Weights {
  const next = generator(seed);
  const matrix = (rows: number, columns: number) =>
    Float32Array.from({ length: rows * columns }, () => (next() - 0.5) * (3.4 / Math.sqrt(columns)));
  return {
    embedding: matrix(HASHES, DIMENSION),
    layers: Array.from({ length: LAYERS }, () => ({
      query: matrix(DIMENSION, DIMENSION),
      key: matrix(DIMENSION, DIMENSION),
      value: matrix(DIMENSION, DIMENSION),
      up: matrix(HIDDEN, DIMENSION),
      down: matrix(DIMENSION, HIDDEN),
    })),
    head: matrix(VOCABULARY.length, DIMENSION),
  };
}

/** How many numbers the weights are. */
export const parameterCount = ({ embedding, layers, head }: Weights): number =>
  embedding.length + head.length + layers.reduce((sum, layer) => sum + Object.values(layer).reduce((all, part) => all + part.length, 0), 0);

/** Words, in lower case, each hashed to one of 1,024 tokens (FNV-1a). A text without a word is one token. */
export function tokenize(text: string): number[] {
  const tokens = (text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [""]).map(hashWord);
  return tokens;
}

/** @param room how many tokens may be added by generation. */
export function openSequence(tokens: readonly number[], room: number): Sequence {
  const rows = (tokens.length + room) * DIMENSION;
  return {
    tokens: [...tokens],
    read: 0,
    keys: new Float32Array(rows),
    values: new Float32Array(rows),
    state: new Float32Array(DIMENSION),
    pooled: new Float32Array(DIMENSION),
    mood: 0,
  };
}

/** Reads the next `count` tokens through the first layer; attention makes the cost of a token grow with its position. */
export function readTokens(weights: Weights, sequence: Sequence, count: number): void {
  const end = Math.min(sequence.tokens.length, sequence.read + count);
  for (; sequence.read < end; sequence.read++) {
    const token = sequence.tokens[sequence.read]!;
    const embedded = weights.embedding.subarray(token * DIMENSION, (token + 1) * DIMENSION);
    sequence.state.set(through(weights.layers[0]!, embedded, sequence, sequence.read));
    for (let i = 0; i < DIMENSION; i++) sequence.pooled[i]! += sequence.state[i]!;
    sequence.mood += MOODS.get(token) ?? 0;
  }
}

/** A second look at `count` tokens that were read, through the second layer: the work of a slower build. Changes no answer. */
export function rereadTokens(weights: Weights, sequence: Sequence, from: number, count: number): number {
  let norm = 0;
  const end = Math.min(sequence.read, from + count);
  for (let position = from; position < end; position++) {
    const input = sequence.values.slice(position * DIMENSION, (position + 1) * DIMENSION);
    const output = through(weights.layers[1]!, input, sequence, position, false);
    norm += output[0]! ** 2;
  }
  return norm;
}

/** After all tokens were read. `score` in (0, 1): how positive. */
export function classify(sequence: Sequence): { readonly label: "positive" | "negative"; readonly score: number } {
  const length = Math.max(1, sequence.read);
  const leaning = (sequence.pooled[0]! / length) * 0.5 + sequence.mood;
  const score = 1 / (1 + Math.exp(-leaning));
  return { label: score >= 0.5 ? "positive" : "negative", score };
}

/** Draws the next word and appends it; undefined says that the model ends its answer. Softmax at temperature 0.8. */
export function nextWord(weights: Weights, sequence: Sequence, random: () => number): string | undefined {
  const logits = multiply(weights.head, sequence.state, VOCABULARY.length).map((logit) => logit / 0.8);
  const highest = Math.max(...logits);
  const chances = logits.map((logit) => Math.exp(logit - highest));
  let left = random() * chances.reduce((sum, chance) => sum + chance, 0);
  const drawn = chances.findIndex((chance) => {
    left -= chance;
    return left < 0;
  });
  const word = VOCABULARY[Math.max(0, drawn)]!;
  if (word === END) return undefined;
  sequence.tokens.push(hashWord(word));
  return word;
}

/** Mulberry32: uniform in [0, 1). */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function through(layer: Layer, input: Float32Array, sequence: Sequence, position: number, keep = true): Float32Array {
  const { keys, values } = sequence;
  if (keep) {
    keys.set(multiply(layer.key, input, DIMENSION), position * DIMENSION);
    values.set(multiply(layer.value, input, DIMENSION), position * DIMENSION);
  }
  const query = multiply(layer.query, input, DIMENSION);
  const attended = new Float32Array(DIMENSION);
  let total = 0;
  for (let other = 0; other <= position; other++) {
    let similarity = 0;
    for (let i = 0; i < DIMENSION; i++) similarity += query[i]! * keys[other * DIMENSION + i]!;
    const weight = Math.exp(Math.max(-20, Math.min(20, similarity / 4)));
    total += weight;
    for (let i = 0; i < DIMENSION; i++) attended[i]! += weight * values[other * DIMENSION + i]!;
  }
  for (let i = 0; i < DIMENSION; i++) attended[i] = input[i]! + attended[i]! / total;
  const hidden = multiply(layer.up, attended, HIDDEN).map((value) => Math.max(0, value));
  const added = multiply(layer.down, hidden, DIMENSION);
  return attended.map((value, i) => Math.tanh(value + added[i]!));
}

function multiply(matrix: Float32Array, vector: Float32Array, rows: number): Float32Array {
  const columns = vector.length;
  const result = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    let sum = 0;
    for (let column = 0; column < columns; column++) sum += matrix[row * columns + column]! * vector[column]!;
    result[row] = sum;
  }
  return result;
}

function hashWord(word: string): number {
  let hash = 0x811c9dc5;
  for (const character of word) hash = Math.imul(hash ^ character.codePointAt(0)!, 0x01000193);
  return (hash >>> 0) % HASHES;
}

const END = "";
const VOCABULARY = `the a and of to in it is was for on with as at by this that from model answer text word time day good well fast
late slow service support team order ticket help need can will would should think know see find make take give use work very more most
some many new last first next right small large real clear open please thanks yes no not but or so then now here there`
  .split(/\s+/)
  .concat(END);

const MOODS: ReadonlyMap<number, number> = new Map([
  ...["good", "great", "friendly", "quick", "excellent", "love", "thanks", "helpful"].map((word) => [hashWord(word), 1] as const),
  ...["bad", "late", "slow", "broken", "terrible", "hate", "rude", "refund"].map((word) => [hashWord(word), -1] as const),
]);
