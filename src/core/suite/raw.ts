import { parseQuantity, type Quantity } from "./units.ts";

/** Data of an unchecked document. */
export type Mapping = Readonly<Record<string, unknown>>;

/** The value as a mapping; anything else is an empty one. */
export const asMapping = (value: unknown): Mapping =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Mapping) : {};

/** The value as a list; anything else is an empty one. */
export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** The value in its base unit, `fallback` where nothing is written, undefined where it cannot be read. */
export const asQuantity = (value: unknown, quantity: Quantity, fallback: number): number | undefined =>
  value === undefined ? fallback : parseQuantity(value, quantity).value;
