#!/usr/bin/env bash
# Makes docs/comment.png: a comment as GitHub would show it, from a comment.md that tailgate wrote.
# Usage: .github/scripts/comment-picture.sh tailgate-out/demo/regressed/comment.md docs/comment.png
# Needs Debian's chromium and npm's registry (marked, a renderer of GitHub-flavoured Markdown).
set -euo pipefail
comment=${1:?the comment.md to show} picture=${2:?the PNG to write}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cat >"$work/page.html" <<'HTML'
<!doctype html><meta charset="utf-8"><style>
body { margin: 0; padding: 16px; width: 880px; background: #fff; color: #1f2328; font: 14px/1.5 -apple-system, "Segoe UI", "Noto Sans", "DejaVu Sans", Helvetica, Arial, "Noto Color Emoji", sans-serif }
main { border: 1px solid #d1d9e0; border-radius: 6px; overflow: hidden }
header { background: #f6f8fa; border-bottom: 1px solid #d1d9e0; padding: 8px 16px; color: #59636e }
header b { color: #1f2328 }
article { padding: 16px }
h3 { font-size: 1.25em; margin: 0 0 12px; line-height: 1.25 } h4 { font-size: 1em; margin: 20px 0 12px }
p, ul { margin: 0 0 12px } ul { padding-left: 2em }
table { border-collapse: collapse; margin: 0 0 12px; font-size: 13px } th, td { border: 1px solid #d1d9e0; padding: 5px 10px } tr:nth-child(even) td { background: #f6f8fa }
code { background: #818b981f; border-radius: 6px; padding: .2em .4em; font: 85% ui-monospace, "DejaVu Sans Mono", monospace }
details { margin: 0 0 8px }
</style><main><header><b>github-actions</b> bot commented</header><article>
HTML
npx --yes marked@16 --gfm -i "$comment" >>"$work/page.html"
echo '</article></main>' >>"$work/page.html"
chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
  --disable-component-update --disable-sync --user-data-dir="$work/profile" --hide-scrollbars --force-device-scale-factor=2 \
  --window-size=912,"${HEIGHT:-1000}" --screenshot="$work/picture.png" "file://$work/page.html" >/dev/null 2>&1
cp "$work/picture.png" "$picture"
