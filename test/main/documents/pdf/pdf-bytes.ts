/** Minimal hand-made PDFs (ISO 32000-1). */

/** A line of text and its place on a page of 612 × 792 points, from the bottom left. */
export interface PlacedText {
  readonly text: string;
  readonly y: number;
  readonly x?: number;
  readonly size?: number;
}

/** A field of a form, filled in at a place of the first page. */
export interface FormField extends PlacedText {
  /** Entries of its dictionary beside its place, such as its type and value; of text, if it is undefined. */
  readonly entries?: string;
  /** What shows its text; otherwise, or if it is blank, a program that opens the form has to make that. */
  readonly appearance?: "full" | "blank";
}

/** A PDF with these lines on each page and these fields on the first; `trailer` is added to its trailer. */
export function pdfBytes(
  pages: readonly (readonly PlacedText[])[],
  trailer = "",
  fields: readonly FormField[] = [],
): Buffer {
  const firstField = 4 + 2 * pages.length;
  const fieldNumbers = fields.map((_, index) => `${firstField + 2 * index} 0 R`).join(" ");
  const form =
    fields.length === 0
      ? ""
      : `/AcroForm << /Fields [${fieldNumbers}] /DA (/F1 10 Tf 0 g) /DR << /Font << /F1 3 0 R >> >> >>`;
  const kids = pages.map((_, index) => `${4 + 2 * index} 0 R`).join(" ");
  const objects = [
    `<< /Type /Catalog /Pages 2 0 R ${form} >>`,
    `<< /Type /Pages /Kids [${kids}] /Count ${pages.length} >>`,
    "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    ...pages.flatMap((lines, index) => {
      const content = lines.map(operators).join("\n");
      return [
        `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> /Contents ${5 + 2 * index} 0 R ${index === 0 && fields.length > 0 ? `/Annots [${fieldNumbers}]` : ""} >>`,
        `<< /Length ${content.length} >>\nstream\n${content}\nendstream`,
      ];
    }),
    ...fields.flatMap((field, index) => fieldObjects(field, firstField + 2 * index)),
  ];
  return pdfFile(objects, trailer);
}

/** A file of these objects, numbered from 1; the first is its catalogue. `trailer`: further entries there. */
export function pdfFile(objects: readonly string[], trailer = ""): Buffer {
  let text = "%PDF-1.4\n";
  const offsets = objects.map((object, index) => {
    const offset = text.length;
    text += `${index + 1} 0 obj\n${object}\nendobj\n`;
    return offset;
  });
  const table = text.length;
  text += `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n`;
  for (const offset of offsets) text += `${String(offset).padStart(10, "0")} 00000 n \n`;
  text += `trailer\n<< /Size ${objects.length + 1} /Root 1 0 R ${trailer} >>\nstartxref\n${table}\n%%EOF\n`;
  return Buffer.from(text, "latin1");
}

/** A field's widget and its appearance, whose numbers follow each other. */
function fieldObjects({ text, x = 200, y, entries, appearance }: FormField, number: number) {
  const content = appearance === "full" ? `/Tx BMC ${operators({ text, x: 2, y: 5 })} EMC` : "/Tx BMC EMC";
  const own = entries ?? `/FT /Tx /T (${number}) /V (${text}) /DA (/F1 10 Tf 0 g)`;
  return [
    `<< /Type /Annot /Subtype /Widget /F 4 /Rect [${x} ${y - 5} ${x + 200} ${y + 15}] ${own} ${appearance ? `/AP << /N ${number + 1} 0 R >>` : ""} >>`,
    `<< /Type /XObject /Subtype /Form /BBox [0 0 200 20] /Resources << /Font << /F1 3 0 R >> >> /Length ${content.length} >>\nstream\n${content}\nendstream`,
  ];
}

function operators({ text, x = 72, y, size = 10 }: PlacedText): string {
  return `BT /F1 ${size} Tf ${x} ${y} Td (${text.replace(/[()\\]/g, "\\$&")}) Tj ET`;
}
