import { marked } from "marked";

/** A comment as GitHub shows it, near enough to see whether it reads well: its Markdown, and the parts of its style that matter. */
export const githubPage = async (comment: string): Promise<string> =>
  `<!doctype html><html lang="en"><meta charset="utf-8"><title>comment</title><style>${STYLE}</style>` +
  `<main><header><b>github-actions</b> bot commented</header><article>${await marked.parse(comment, { gfm: true })}</article></main></html>`;

const STYLE = `
body { margin: 0; padding: 16px; width: 880px; background: #fff; color: #1f2328; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, "Noto Color Emoji", sans-serif }
main { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden }
header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; color: #59636e }
header b { color: #1f2328 }
article { padding: 16px }
h3 { font-size: 1.25em; margin: 0 0 12px; line-height: 1.25 }
h4 { font-size: 1em; margin: 20px 0 12px }
p, ul, pre, blockquote { margin: 0 0 12px }
ul { padding-left: 2em }
blockquote { border-left: 4px solid #d1d9e0; padding: 0 1em; color: #59636e }
table { display: block; width: max-content; max-width: 100%; overflow: auto; border-collapse: collapse; margin: 0 0 12px; font-size: 13px }
th, td { border: 1px solid #d1d9e0; padding: 5px 10px }
tr:nth-child(even) td { background: #f6f8fa }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font: 85% ui-monospace, "DejaVu Sans Mono", monospace }
pre { background: #f6f8fa; border-radius: 6px; padding: 12px; overflow: auto }
pre code { background: none; padding: 0 }
details { margin: 0 0 8px }
`;
