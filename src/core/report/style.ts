/** The style sheet of the report. Blue and orange are told apart by every kind of colour vision (Okabe and Ito, 2008). */
export const STYLE = `
:root { color-scheme: light dark; --ground: #fff; --ink: #1f2328; --quiet: #59636e; --line: #d1d9e0; --soft: #f6f8fa; --base: #0072b2; --head: #c44f00; --pass: #1a7f37; --fail: #cf222e; --unsure: #9a6700; }
@media (prefers-color-scheme: dark) { :root { --ground: #0d1117; --ink: #e6edf3; --quiet: #9198a1; --line: #3d444d; --soft: #151b23; --base: #56b4e9; --head: #f0a040; --pass: #3fb950; --fail: #f85149; --unsure: #d29922; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 64px; }
header.verdict { border-left: 6px solid var(--unsure); background: var(--soft); padding: 14px 20px; border-radius: 6px; }
header.verdict.pass { border-color: var(--pass); }
header.verdict.fail { border-color: var(--fail); }
h1 { font-size: 24px; line-height: 1.25; margin: 0 0 6px; overflow-wrap: anywhere; text-wrap: pretty; }
h2 { font-size: 18px; margin: 34px 0 8px; overflow-wrap: anywhere; }
header h2 { font-size: 15px; margin: 12px 0 0; }
p { margin: 6px 0; }
ul { margin: 6px 0; padding-left: 22px; }
li { overflow-wrap: anywhere; }
.quiet, figcaption { color: var(--quiet); font-size: 13px; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; margin: 8px 0; font-size: 14px; }
th, td { border-bottom: 1px solid var(--line); padding: 5px 12px 5px 0; text-align: left; vertical-align: top; }
th { font-weight: 600; color: var(--quiet); }
td { overflow-wrap: anywhere; }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.mark { display: inline-block; min-width: 1.4em; height: 1.4em; line-height: 1.4em; text-align: center; border-radius: 50%; font-size: 0.8em; font-weight: 700; color: var(--ground); background: var(--unsure); }
.mark.pass { background: var(--pass); }
.mark.fail { background: var(--fail); }
td.worse { color: var(--fail); font-weight: 600; }
td.better { color: var(--pass); }
td code, td.word { white-space: nowrap; }
.facts th { white-space: nowrap; font-weight: 400; }
code, pre { font: 13px/1.45 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
pre { background: var(--soft); padding: 12px; border-radius: 6px; overflow-x: auto; }
details { margin: 8px 0; }
summary { cursor: pointer; color: var(--quiet); }
figure { margin: 12px 0; }
.pictures { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 20px; }
.stack figure { margin: 4px 0 14px; }
.title { margin: 0 0 2px; font-size: 14px; }
.wide svg { min-width: 640px; max-width: none; }
details.scenario { border-top: 1px solid var(--line); padding: 6px 0; }
details.scenario > summary { color: var(--ink); font-size: 16px; font-weight: 600; overflow-wrap: anywhere; }
a { color: var(--base); }
.key { color: var(--quiet); font-size: 13px; display: flex; gap: 8px; align-items: center; }
.key span { display: inline-block; width: 22px; border-top: 3px solid var(--head); }
.key span.base { border-top-color: var(--base); border-top-style: dashed; }
.key span.head { margin-left: 12px; }
svg { display: block; width: 100%; height: auto; max-width: 940px; color: var(--line); }
svg text { fill: var(--quiet); white-space: pre; font: 12px system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
svg .label text { fill: var(--ink); }
svg .grid { stroke-opacity: 1; }
svg .curve.base { stroke-dasharray: 6 3; }
@media print {
  .mark { print-color-adjust: exact; }
  :root { --ground: #fff; --ink: #000; --quiet: #444; --line: #bbb; --soft: #fff; --base: #0072b2; --head: #c44f00; --pass: #1a7f37; --fail: #cf222e; --unsure: #9a6700; }
  main { max-width: none; padding: 0; }
  body, table { font-size: 12px; }
  figure, tr { break-inside: avoid; }
  h2, h3, summary { break-after: avoid; }
  .scroll { overflow: visible; }
  .wide svg { min-width: 0; }
  td.number, th.number { white-space: normal; }
  details::details-content { content-visibility: visible; display: block; height: auto; }
}
`;
