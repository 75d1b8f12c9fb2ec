/** Whether a value is a pair of numbers with the larger one first. */
export const isFalling = (value: unknown): value is readonly [number, number] =>
  Array.isArray(value) && value.length === 2 && typeof value[0] === "number" && typeof value[1] === "number" && value[0] > value[1];
