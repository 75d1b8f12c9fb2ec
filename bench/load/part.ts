import type { Table } from "./table.ts";

/** One experiment of the bench. */
export type Part = {
  readonly name: string;
  /** What it shows, for a person. */
  readonly about: string;
  readonly run: (place: Place) => Promise<PartResult>;
};

export type Place = {
  /** For files of this part; removed afterwards. */
  readonly folder: string;
  /** Says how far it is. */
  readonly say: (what: string) => void;
};

export type PartResult = {
  readonly tables: readonly Table[];
  readonly goals: readonly Goal[];
  /** Sentences under the tables: how to read them, what they cannot show. */
  readonly notes: readonly string[];
  /** Everything measured, for machines. */
  readonly data: unknown;
};

/** `met` is undefined where it could not be measured. */
export type Goal = { readonly goal: string; readonly measured: string; readonly met: boolean | undefined };

export const wordOf = ({ met }: Goal): string => (met === undefined ? "not measured" : met ? "met" : "**not met**");
