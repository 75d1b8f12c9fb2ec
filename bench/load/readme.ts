/**
 * A document with the text between `<!-- bench:load NAME -->` and `<!-- /bench:load NAME -->` replaced.
 *
 * @throws if the document has no such place: a result that is shown nowhere would be lost in silence.
 */
export function withTables(document: string, name: string, markdown: string): string {
  const [open, close] = [`<!-- bench:load ${name} -->`, `<!-- /bench:load ${name} -->`];
  const [from, to] = [document.indexOf(open), document.indexOf(close)];
  if (from < 0 || to < from) throw new Error(`the document has no "${open} … ${close}"`);
  return `${document.slice(0, from + open.length)}\n${markdown}\n${document.slice(to)}`;
}
