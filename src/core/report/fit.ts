/** A part of a page that is shown whole or left out whole, so that no table is ever cut. */
export type Section = {
  readonly text: string;
  /** Named in the note when it is left out: `scenario burst`, safe to print. */
  readonly name: string;
  /** 0 is always shown; the higher, the sooner it goes. Among equals the last one goes first. */
  readonly rank: number;
};

/** GitHub's limit of a comment's body, in characters, and of one step's summary, in bytes. */
export const COMMENT_LIMIT = 65_536;
export const SUMMARY_LIMIT = 1024 * 1024;

/**
 * Joins sections with empty lines; while the page is over the limit, the least important section goes, and a last line
 * says what was left out.
 *
 * @param limit in UTF-8 bytes or UTF-16 units, as `unit` says. UTF-16 units are never fewer than characters.
 * @throws {RangeError} if the sections of rank 0 alone are over the limit; whoever builds them bounds them.
 */
export function fitSections(
  sections: readonly Section[],
  limit: number = COMMENT_LIMIT,
  unit: "characters" | "bytes" = "characters",
): string {
  const size = unit === "bytes" ? bytes : (text: string) => text.length;
  // Two line ends before every section but the first, one after the last.
  let total = sections.reduce((sum, { text }) => sum + size(text) + 2, -1);
  const expendable = sections.filter(({ rank }) => rank > 0).toSorted((a, b) => a.rank - b.rank);
  const gone: Section[] = [];
  while (total + (gone.length > 0 ? size(noteOf(gone)) + 2 : 0) > limit) {
    const next = expendable.pop();
    if (next === undefined) throw new RangeError(`the sections that must stay are longer than ${limit} ${unit}`);
    gone.push(next);
    total -= size(next.text) + 2;
  }
  const kept = sections.filter((section) => !gone.includes(section)).map(({ text }) => text);
  return `${[...kept, ...(gone.length > 0 ? [noteOf(gone)] : [])].join("\n\n")}\n`;
}

/** Sections between two lines that fold them; without a section left the lines go too. */
export type Fold = { readonly open: string; readonly sections: readonly Section[]; readonly close: string };

/**
 * As {@link fitSections} for folded parts below a head that always stays: the least important section of all parts goes
 * first, among equals that of the last part.
 *
 * @throws {RangeError} if the head alone is over the limit.
 */
export function fitFolds(head: string, folds: readonly Fold[], limit: number, unit: "characters" | "bytes"): string {
  const size = unit === "bytes" ? bytes : (text: string) => text.length;
  const frame = ({ open, close }: Fold): number => size(open) + size(close) + 4;
  const left = new Map(folds.map((fold) => [fold, fold.sections.length]));
  const all = folds.flatMap((fold) => fold.sections.map((section) => ({ fold, section })));
  const expendable = all.toSorted((a, b) => a.section.rank - b.section.rank);
  let total = size(head) + 1 + folds.reduce((sum, fold) => sum + frame(fold), 0);
  total += all.reduce((sum, { section }) => sum + size(section.text) + 2, 0);
  const gone: Section[] = [];
  while (total + (gone.length > 0 ? size(noteOf(gone)) + 2 : 0) > limit) {
    const next = expendable.pop();
    if (next === undefined) throw new RangeError(`the sections that must stay are longer than ${limit} ${unit}`);
    gone.push(next.section);
    total -= size(next.section.text) + 2;
    left.set(next.fold, left.get(next.fold)! - 1);
    if (left.get(next.fold) === 0) total -= frame(next.fold);
  }
  const dropped = new Set(gone);
  const shown = folds.flatMap(({ open, sections, close }) => {
    const kept = sections.filter((section) => !dropped.has(section)).map(({ text }) => text);
    return kept.length === 0 ? [] : [open, ...kept, close];
  });
  return `${[head, ...shown, ...(gone.length > 0 ? [noteOf(gone)] : [])].join("\n\n")}\n`;
}

const noteOf = (left: readonly Section[]): string => {
  const named = left
    .slice(0, 10)
    .map(({ name }) => name)
    .join(", ");
  const rest = left.length > 10 ? ` and ${left.length - 10} more` : "";
  return `> Left out for length: ${named}${rest}. The whole report is in \`report.html\` of this run.`;
};

const bytes = (text: string): number => new TextEncoder().encode(text).length;
