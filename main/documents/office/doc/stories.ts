/** The notes and text boxes of a Word document, which are apart from its text, and where they belong ([MS-DOC] 2.8: PlcffndRef, PlcffndTxt, PlcfendRef, PlcfendTxt, PlcfSpa, PlcftxbxTxt; 2.9.106). */
import type { FileInformation, TextRange } from "./file-information.ts";
import { u16, u32 } from "./numbers.ts";
import { Plc } from "./plc.ts";

const MARK_BYTES = 2;
const [ANCHOR_BYTES, BOX_BYTES] = [26, 22];
/** In the data of a box. */
const [IS_UNUSED, SHAPE] = [8, 14];

/** The footnotes and endnotes by the positions of their marks. */
export function notesOf(file: FileInformation): Map<number, TextRange> {
  const found = new Map<number, TextRange>();
  const kinds = [
    [file.part("footnoteMarks"), file.part("footnotes"), file.footnotes],
    [file.part("endnoteMarks"), file.part("endnotes"), file.endnotes],
  ] as const;
  for (const [marks, texts, all] of kinds) {
    const plc = new Plc(marks, MARK_BYTES);
    const ranges = rangesIn(new Plc(texts, 0), all);
    for (let i = 0; i < Math.min(plc.count, ranges.length); i++)
      if (plc.position(i) < file.text.end) found.set(plc.position(i), ranges[i]!);
  }
  return found;
}

/** The text boxes by the positions of their anchors, and those that are part of a group, which have none of their own. */
export function textBoxesOf(file: FileInformation): {
  readonly anchored: ReadonlyMap<number, TextRange>;
  readonly others: readonly TextRange[];
} {
  const anchored = new Map<number, TextRange>();
  const boxes = new Plc(file.part("textBoxes"), BOX_BYTES);
  const ranges = rangesIn(boxes, file.textBoxes).slice(0, -1); // the last one is not a box
  const byShape = new Map<number, TextRange>();
  for (const [index, range] of ranges.entries()) {
    const data = boxes.data(index);
    if (u16(data, IS_UNUSED) === 0) byShape.set(u32(data, SHAPE), range);
  }
  const anchors = new Plc(file.part("anchors"), ANCHOR_BYTES);
  for (let i = 0; i < anchors.count; i++) {
    const shape = u32(anchors.data(i), 0);
    const range = byShape.get(shape);
    if (!range || anchors.position(i) >= file.text.end) continue;
    anchored.set(anchors.position(i), range);
    byShape.delete(shape);
  }
  return { anchored, others: [...byShape.values()] };
}

/** The ranges of a list within all text of their kind; no text is in two of them, which limits what a damaged file costs. */
function rangesIn(plc: Plc, all: TextRange): TextRange[] {
  let last = all.start;
  return Array.from({ length: plc.count }, (_, index) => {
    const start = Math.max(last, all.start + plc.position(index));
    const end = Math.min(all.end, all.start + plc.position(index + 1));
    last = Math.max(last, end);
    return { start, end };
  });
}
