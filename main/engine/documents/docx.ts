/** Word documents (DOCX), through mammoth: their headings, paragraphs, lists, tables and notes, without layout, pictures, headers and footers. */
import type Mammoth from "mammoth";
import { fail } from "../../../native-models/failure.ts";
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import type { Block } from "./blocks.ts";
import { htmlBlocks } from "./html-blocks.ts";
import { parseHtml } from "./markup.ts";
import { readDocumentBytes } from "./regular-file.ts";
import type { DocumentFormat } from "./row.ts";
import { BadArchive, ZipArchive } from "./zip.ts";

const MAIN_PART = "word/document.xml";

/** mammoth's own rules make headings of Word's own styles; a title is one too. */
const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];
/** What leads from a note back to its place in the text. */
const BACK_LINK = /<a href="#(foot|end)note-ref-[^"]*">↑<\/a>/g;

/** The blocks of a Word document. Throws `not-found`, `unreadable`, and `bad-data`: damaged, protected, another kind of file, no text. */
export const docx: DocumentFormat = {
  extensions: EXTENSIONS.docx,
  async open(path) {
    const refuse = (reason: string): never => fail({ code: "bad-data", path, reason });
    const blocks = await blocksOf(readDocumentBytes(path), refuse);
    return { format: "docx", kind: "text", details: {}, blocks };
  },
};

async function blocksOf(bytes: Buffer, refuse: (reason: string) => never): Promise<Block[]> {
  const { default: mammoth } = await import("mammoth"); // only here: it is a fifth of what loading the engine takes
  let blocks: Block[];
  try {
    const archive = new ZipArchive(bytes);
    if (!archive.has(MAIN_PART)) return refuse(whatItIs(archive));
    const { value } = await mammoth.convertToHtml(inputOf(archive), {
      styleMap: STYLES,
      includeEmbeddedStyleMap: false,
      convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })),
    });
    blocks = htmlBlocks(parseHtml(value.replace(BACK_LINK, "")));
  } catch (error) {
    if (error instanceof BadArchive) return refuse(`the file ${error.message}`);
    if (error instanceof Error && error.name === "AppError") throw error;
    return refuse("its text cannot be read; the file is damaged");
  }
  return blocks.length === 0 ? refuse("it contains no text") : blocks;
}

/**
 * The archive in mammoth's form: it replaces mammoth's own reader, which has no limit (lib/unzip.js passes `file` through; its
 * types omit it).
 */
function inputOf(archive: ZipArchive): Parameters<typeof Mammoth.convertToHtml>[0] {
  const file = {
    exists: (name: string) => archive.has(name),
    read: async (name: string, encoding?: string) => {
      const content = archive.read(name);
      if (encoding === "base64") return content.toString("base64");
      return encoding === undefined ? new Uint8Array(content) : content.toString("utf8");
    },
  };
  return { file } as unknown as Parameters<typeof Mammoth.convertToHtml>[0];
}

function whatItIs(archive: ZipArchive): string {
  if (archive.has("xl/workbook.xml")) return "it is a spreadsheet (XLSX); save its sheet as CSV";
  if (archive.has("ppt/presentation.xml")) return "it is a presentation (PPTX); save its text as a document";
  if (archive.has("content.xml")) return "it is an OpenDocument file; save it as DOCX, or a sheet as CSV";
  return "it is a ZIP archive and no Word document; unpack it first";
}
