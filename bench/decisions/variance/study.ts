import { blockLength } from "./block-length.ts";
import { commonLoad } from "./common-load.ts";
import { hostProbe } from "./host-probe.ts";
import { outputLength } from "./output-length.ts";

/** What one replicate of a study measures; each study knows what its numbers mean. */
export type Sample = readonly number[];

/** A question about what makes a comparison more precise, answered by many replicates. */
export type Study = {
  readonly name: string;
  readonly about: string;
  readonly sample: (replicate: number, seed: number) => Sample;
  readonly table: (samples: readonly Sample[]) => StudyTable;
};

export type StudyTable = { readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

export const STUDIES: readonly Study[] = [commonLoad, outputLength, hostProbe, blockLength];

export function studyNamed(name: string): Study {
  const study = STUDIES.find((each) => each.name === name);
  if (study === undefined) throw new RangeError(`there is no study "${name}"`);
  return study;
}
