/** A tensor filled from the seed. A dimension may be a range, drawn per request. */
export type Tensor = {
  readonly name: string;
  readonly shape: readonly (number | readonly [number, number])[];
  readonly datatype: string;
  /** Values are uniform in [low, high); for BYTES, words. Default [0, 1) for floats, [0, 100) for integers. */
  readonly range: readonly [number, number] | undefined;
  /** Fixed data instead of random values, in row-major order. */
  readonly data: readonly (number | string | boolean)[] | undefined;
};
