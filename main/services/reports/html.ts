/** A report as one self-contained file: no scripts, no external resources, charts included. */
import type { Report } from "../../../preload/contract/calls/compare.ts";
import { chartOf } from "./chart.ts";
import { escaped } from "./escaped.ts";

/** The complete page. Everything in `report` is escaped as text. */
export function htmlOf({ language, title, about, findings, charts, table, notes }: Report): string {
  const cells = (tag: "th" | "td", row: readonly string[]) =>
    row
      .map((text, column) =>
        column === 0 && tag === "td"
          ? `<th scope="row">${escaped(text)}</th>`
          : `<${tag}${tag === "th" ? ' scope="col"' : ""}>${escaped(text)}</${tag}>`,
      )
      .join("");
  return `<!doctype html>
<html lang="${escaped(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}</style>
</head>
<body>
<main>
<h1>${escaped(title)}</h1>
<p>${escaped(about)}</p>
<ul>${findings.map((finding) => `<li>${escaped(finding)}</li>`).join("")}</ul>
${charts.map((chart) => `<figure><figcaption>${escaped(chart.title)}</figcaption>${chartOf(chart)}</figure>`).join("\n")}
<div class="scroll"><table>
<caption>${escaped(table.caption)}</caption>
<thead><tr>${cells("th", table.head)}</tr></thead>
<tbody>${table.rows.map((row) => `<tr>${cells("td", row)}</tr>`).join("\n")}</tbody>
</table></div>
${notes.map((note) => `<p class="note">${escaped(note)}</p>`).join("\n")}
</main>
</body>
</html>
`;
}

const style = `
:root { color-scheme: light; }
body { margin: 0; background: #fff; color: #1c211d; font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; padding: 2rem; margin: 0 auto; }
h1 { font: 400 1.75rem/1.2 Georgia, serif; }
figure { margin: 1.5rem 0; break-inside: avoid; }
figcaption, caption { font-weight: 600; text-align: left; padding-bottom: .5rem; }
svg { display: block; width: 100%; height: auto; }
svg text { font: 12px system-ui, sans-serif; fill: #4a514b; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .875rem; font-variant-numeric: tabular-nums; }
th, td { padding: .375rem .75rem .375rem 0; border-top: 1px solid #d9dad3; text-align: left; vertical-align: top; }
td { white-space: nowrap; }
.note { color: #5d645e; font-size: .8125rem; }
`;
