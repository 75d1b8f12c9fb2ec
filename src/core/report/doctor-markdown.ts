import { markdownTable } from "markdown-table";
import type { Diagnosis } from "../decide/diagnosis.ts";
import { markdownText } from "./escape-markdown.ts";

/** doctor.md: the same as on the terminal, to be kept or pasted. One newline at the end. */
export function doctorMarkdown({ headline, context, findings, tables, advice }: Diagnosis, suiteName: string): string {
  const text = (value: string): string => markdownText(value, 900);
  const list = (items: readonly string[]): string => items.map((item) => `- ${text(item)}`).join("\n");
  const parts = [
    `# tailgate doctor: ${text(suiteName)}`,
    `**${text(headline)}**`,
    ...context.map(text),
    ...(findings.length === 0 ? [] : [list(findings)]),
    ...tables.flatMap(({ title, columns, rows, notes }) => [
      `## ${text(title)}`,
      markdownTable([columns.map(text), ...rows.map((row) => row.map(text))], { alignDelimiters: false }),
      list(notes),
    ]),
    ...(advice.length === 0 ? [] : ["## What to do", list(advice)]),
  ];
  return `${parts.join("\n\n")}\n`;
}
