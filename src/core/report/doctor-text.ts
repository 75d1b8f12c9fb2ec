import type { Diagnosis } from "../decide/diagnosis.ts";
import type { Table } from "../decide/diagnosis-tables.ts";
import { plainLine } from "./plain.ts";

const TITLES = { good: "OK", poor: "ATTENTION", unknown: "NOT JUDGED" } as const;
const COLORS = { good: 32, poor: 33, unknown: 33 } as const;

/** What `tailgate doctor` prints: the first line says it all. Plain text of lines, no newline at the end. */
export function doctorText(
  { state, headline, context, findings, tables, advice }: Diagnosis,
  options: { readonly color: boolean },
): string {
  const paint = (text: string, code: number): string => (options.color ? `\u001B[${code}m${text}\u001B[0m` : text);
  return [
    `${paint(TITLES[state], COLORS[state])}  ${line(headline)}`,
    ...context.map(line),
    ...findings.filter((finding) => !headline.endsWith(finding)).map((finding) => `  - ${line(finding)}`),
    ...tables
      .filter(({ isDetail }) => !isDetail)
      .flatMap((table) => ["", paint(table.title, 1), ...rows(table), ...table.notes.flatMap((note) => wrap(line(note)))]),
    ...(advice.length === 0 ? [] : ["", paint("What to do", 1), ...advice.map((step) => `  - ${line(step)}`)]),
  ].join("\n");
}

function rows({ columns, rows: body }: Table): readonly string[] {
  const all = [columns, ...body].map((row) => row.map((cell) => plainLine(cell, 80)));
  const widths = columns.map((_, column) => Math.max(...all.map((row) => width(row[column]!))));
  return all.map((row) => `  ${row.map((cell, i) => cell + " ".repeat(widths[i]! - width(cell))).join("  ")}`.trimEnd());
}

/** Lines of a hundred characters at the most, indented. */
function wrap(text: string): readonly string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && width(last) + width(word) < 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`${lines.length === 0 ? "  · " : "    "}${word}`);
  }
  return lines;
}

const width = (text: string): number => Array.from(text).length;
const line = (text: string): string => plainLine(text, 900);
