import { markdownTable } from "markdown-table";

export type Table = { readonly title: string; readonly head: readonly string[]; readonly rows: readonly (readonly string[])[] };

/** A table in Markdown: numbers to the right, the first column to the left. */
export const markdownOf = ({ head, rows }: Table): string =>
  markdownTable([[...head], ...rows.map((row) => [...row])], { align: head.map((_, i) => (i === 0 ? "l" : "r")) });

export const printTable = (table: Table): void => console.log(`${table.title}\n\n${markdownOf(table)}\n`);
