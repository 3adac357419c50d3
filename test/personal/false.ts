import { readFileSync } from "node:fs";
import { findPersonal } from "../../main/engine/documents/personal/find-personal.ts";
import { wordsIn } from "./score.ts";
for (const set of process.argv.slice(2)) {
  const rows = readFileSync(`/work/shared/data/${set}.jsonl`, "utf8")
    .trim()
    .split("\n")
    .map((l) => JSON.parse(l));
  let words = 0,
    chars = 0;
  const hits: string[] = [];
  const kinds: Record<string, number> = {};
  const t0 = performance.now();
  for (const r of rows) {
    const text = Object.values(r)
      .flat()
      .filter((v) => typeof v === "string")
      .join("\n");
    words += wordsIn(text);
    chars += text.length;
    for (const p of findPersonal([text])[0]!) {
      kinds[p.kind] = (kinds[p.kind] ?? 0) + 1;
      hits.push(
        `${p.kind}: ${text.slice(Math.max(0, p.start - 30), p.start)}⟦${text.slice(p.start, p.end)}⟧${text.slice(p.end, p.end + 25)}`.replace(
          /\n/g,
          "⏎",
        ),
      );
    }
  }
  console.log(
    set,
    words,
    "words",
    kinds,
    "per 1000:",
    ((1000 * hits.length) / words).toFixed(3),
    "MB/s",
    (chars / 1e3 / (performance.now() - t0)).toFixed(1),
  );
  const step = Math.max(1, Math.floor(hits.length / 60));
  for (let i = 0; i < hits.length; i += step) console.log("  ", hits[i]);
}
