/** Word documents (DOCX), through mammoth: headings, paragraphs, lists, tables, notes; no layout, pictures, headers, footers. */
import type Mammoth from "mammoth";
import { EXTENSIONS } from "../../../preload/contract/data-files.ts";
import { BlockList } from "./block-list.ts";
import { addHtml } from "./html-blocks.ts";
import { parseHtml } from "./markup.ts";
import { BadDocument, DAMAGED } from "./whole-document.ts";
import type { ArchivedFormat } from "./whole-document.ts";
import { BadArchive } from "./zip.ts";
import type { ZipArchive } from "./zip.ts";

/** mammoth's own rules make headings of Word's own styles; a title is one too. */
const STYLES = ["p[style-name='Title'] => h1:fresh", "p[style-name='Subtitle'] => h2:fresh"];
/** What leads from a note back to its place in the text. */
const BACK_LINK = /<a href="#(foot|end)note-ref-[^"]*">↑<\/a>/g;

/** The blocks of a Word document. */
export const docx: ArchivedFormat = {
  extensions: EXTENSIONS.docx,
  isIn: (archive) => archive.has("word/document.xml"),
  async read(archive) {
    const list = new BlockList();
    addHtml(list, parseHtml((await htmlOf(archive)).replace(BACK_LINK, "")));
    return { format: "docx", blocks: list.blocks };
  },
};

async function htmlOf(archive: ZipArchive): Promise<string> {
  const { default: mammoth } = await import("mammoth"); // only here: it is a fifth of what loading the engine takes
  try {
    const { value } = await mammoth.convertToHtml(inputOf(archive), {
      styleMap: STYLES,
      includeEmbeddedStyleMap: false,
      convertImage: mammoth.images.imgElement(() => Promise.resolve({ src: "" })),
    });
    return value;
  } catch (error) {
    throw error instanceof BadArchive ? error : new BadDocument(DAMAGED);
  }
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
