import { expect, test } from "vitest";
import { pdfBytes } from "./pdf-bytes.ts";
import { blocksOf } from "./read.ts";
import { scratch } from "./scratch.ts";
import { docxBytes } from "./zip-bytes.ts";

const paragraphs = [
  "The hirer returns the boat by noon on the last day.",
  "Whoever is late pays half a day's rent; a new agreement is needed after that.",
];

test("the same text gives the same blocks as DOCX, PDF, Markdown and plain text", async () => {
  /** Lines of a page, six words long, with a gap between paragraphs. */
  let y = 700;
  const page = paragraphs.flatMap((paragraph) => {
    y -= 12;
    const lines = paragraph.match(/(?:\S+ ?){1,6}/g)!;
    return lines.map((text) => ({ text: text.trim(), y: (y -= 12) }));
  });
  const at = scratch({
    "a.docx": docxBytes(...paragraphs),
    "a.pdf": pdfBytes([page]),
    "a.md": paragraphs.join("\n\n"),
    "a.txt": paragraphs.join("\n\n"),
  });
  for (const format of ["docx", "pdf", "md", "txt"])
    expect(
      (await blocksOf(at(`a.${format}`))).map(({ text }) => text),
      format,
    ).toEqual(paragraphs);
});
