/** Presentations of PowerPoint 97 to 2003 (PPT): the text of their slides in order, with tables and notes, as of PPTX ([MS-PPT]). */
import { EXTENSIONS } from "../../../../preload/contract/data/data-files.ts";
import { BlockList } from "../blocks/block-list.ts";
import type { CompoundFile, CompoundFormat } from "../compound-file.ts";
import { presentationIn } from "./ppt/slide-places.ts";
import type { ListedSlide, Presentation } from "./ppt/slide-places.ts";
import { PptStream, RECORD, recordsIn, recordWithin } from "./ppt/records.ts";
import { shapesOf, tableRows, taggedIn } from "./ppt/shapes.ts";
import type { Shape, Shown } from "./ppt/shapes.ts";
import { shownParagraphs } from "./ppt/text.ts";
import type { SlideText } from "./ppt/text.ts";
import { addParagraphs } from "./slide-paragraphs.ts";
import type { SlideParagraph } from "./slide-paragraphs.ts";
import { BadDocument } from "../whole-document.ts";

const MAIN_STREAM = "PowerPoint Document";
/** The storage with the presentation of 1997, in a file that PowerPoint 95 can also open. */
const DUAL_STORAGE = "PP97_DUALSTORAGE";
/** Streams of earlier presentations, of which those of PowerPoint 95 have one of the same name as later ones. */
const OLDER_STREAMS = ["PP40", "PersistentStorage Directory"];

export const ppt: CompoundFormat = {
  extensions: EXTENSIONS.ppt,
  isIn: (file) => hasAny(file, [MAIN_STREAM, DUAL_STORAGE, ...OLDER_STREAMS]),
  read(file) {
    const storage = hasAny(file, [DUAL_STORAGE]) ? [DUAL_STORAGE] : [];
    const bytes = file.stream(...storage, MAIN_STREAM);
    if (!bytes || (storage.length === 0 && hasAny(file, OLDER_STREAMS)))
      throw new BadDocument(
        "it is a presentation of PowerPoint 95 or older; open it in LibreOffice and save it as PPTX",
      );
    const stream = new PptStream(bytes);
    const presentation = presentationIn(stream, file.stream(...storage, "Current User") ?? Buffer.alloc(0));
    const reader = new SlideReader(stream, presentation);
    for (const [index, slide] of presentation.slides.entries()) reader.addSlide(slide, index + 1);
    const { list } = reader;
    const slides = presentation.slides.length;
    return { format: "ppt", blocks: list.blocks, details: { slides, emptySlides: slides - list.places } };
  },
};

function hasAny(file: CompoundFile, wanted: readonly string[]): boolean {
  const names = file.names();
  return wanted.some((name) => names.includes(name));
}

class SlideReader {
  readonly list = new BlockList();
  readonly #stream: PptStream;
  readonly #notes: Presentation["notes"];
  /** The numberings of placeholders' texts, by slide and kind of text. */
  readonly #numberings = new Map<string, Buffer>();

  constructor(stream: PptStream, { notes, document }: Presentation) {
    this.#stream = stream;
    this.#notes = notes;
    const information = recordWithin(document.data, RECORD.documentInformation);
    const all = information && taggedIn(information.data, RECORD.outlineNumberings);
    let key = "";
    for (const { type, data } of all ? recordsIn(all.data) : [])
      if (type === RECORD.outlineNumberingsOf && data.length >= 8)
        key = numberingsKey(data.readUInt32LE(0), data.readUInt32LE(4));
      else if (type === RECORD.numberings) this.#numberings.set(key, data);
  }

  /** Adds a slide's titles first and its notes last. Hidden slides are added too: whoever edits the file sees them. */
  addSlide(slide: ListedSlide, number: number): void {
    const record = this.#stream.at(slide.offset, RECORD.slide);
    if (!record) return;
    this.list.place = number;
    const shapes = shapesOf(record.data, slide.texts);
    const isTitle = (shown: Shown): shown is Shape =>
      "text" in shown && shown.isPlaceholder && shown.text?.isTitle === true;
    for (const { text } of shapes.filter(isTitle))
      this.list.heading(1, text!.paragraphs.map(({ text }) => text).join(" "));
    for (const shown of shapes) {
      if (isTitle(shown)) continue;
      if ("table" in shown) this.#addTable(slide, shown.table);
      else this.#addShape(slide, shown);
    }
    const properties = recordWithin(record.data, RECORD.slideProperties)?.data;
    const notes = properties && properties.length >= 20 && this.#notes.get(properties.readUInt32LE(16));
    if (notes) this.#addNotes(notes);
  }

  #addShape(slide: ListedSlide, shape: Shape): void {
    this.list.paragraph(shape.drawnText);
    addParagraphs(this.list, this.#paragraphsOf(slide, shape));
  }

  #addTable(slide: ListedSlide, shapes: readonly Shape[]): void {
    const textOf = (shape: Shape) =>
      this.#paragraphsOf(slide, shape)
        .map(({ text }) => text)
        .join(" ");
    const rows = tableRows(shapes, textOf);
    if (rows) this.list.table(rows);
    else for (const shape of shapes) this.#addShape(slide, shape);
  }

  #paragraphsOf({ id }: ListedSlide, { text, numberings }: Shape): SlideParagraph[] {
    return text
      ? shownParagraphs(text, numberings ?? this.#numberings.get(numberingsKey(id, text.kind)))
      : [];
  }

  #addNotes(notes: ListedSlide): void {
    const record = this.#stream.at(notes.offset, RECORD.notes);
    for (const shown of record ? shapesOf(record.data, notes.texts) : []) {
      const text: SlideText | undefined = "text" in shown ? shown.text : undefined;
      if (text?.isNotes) for (const { text: paragraph } of text.paragraphs) this.list.paragraph(paragraph);
    }
  }
}

const numberingsKey = (slide: number, kind: number) => `${slide} ${kind}`;
