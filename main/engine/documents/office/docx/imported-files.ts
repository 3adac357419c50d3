/** Files that Word inserts where a document refers to them (altChunk; ECMA-376, part 1, 17.17.2): pages, plain texts, RTF and Word documents. */
import { AppError } from "../../../../../native-models/failure.ts";
import { EXTENSIONS, extensionOf } from "../../../../../preload/contract/data/data-files.ts";
import type { Block } from "../../blocks/blocks.ts";
import { decodeHtml } from "../../markup/declared-encoding.ts";
import { htmlBlocks } from "../../markup/html.ts";
import { elementsWithin } from "../../markup/markup.ts";
import type { Element } from "../../markup/markup.ts";
import { paragraphsOf } from "../../plain-text.ts";
import type { Relation } from "../../markup/relations.ts";
import { rtfBlocks } from "../rtf/reader.ts";
import { isSavedPage, savedHtml } from "../../markup/saved-page.ts";
import { BadDocument } from "../../whole-document.ts";
import { BadArchive, LARGEST_UNPACKED_BYTES, ZipArchive } from "../../files/zip.ts";
import type { UnpackingBudget } from "../../files/zip.ts";

/** An element that stands for the content of a file. */
export const IMPORT = "w:altChunk";

/** How many files are read with a document, including those of Word documents among them, and how deep these may be nested. */
const MOST_FILES = 1000;
const MOST_DEEP = 5;

/** The files that a document refers to. Each is read once, however often a damaged document refers to it. */
export class ImportedFiles {
  readonly #unpacking: UnpackingBudget;
  readonly #readWord: (archive: ZipArchive, imported: ImportedFiles) => Promise<Block[]>;
  #files = 0;
  #depth = 0;
  /** How many cannot be read. */
  unread = 0;

  /** `readWord`: reads a Word document and what it imports. */
  constructor(
    unpacking: UnpackingBudget,
    readWord: (archive: ZipArchive, imported: ImportedFiles) => Promise<Block[]>,
  ) {
    this.#unpacking = unpacking;
    this.#readWord = readWord;
  }

  /** The blocks of the files that a body refers to, by their identifiers. */
  async of(
    body: Element,
    archive: ZipArchive,
    relations: ReadonlyMap<string, Relation>,
  ): Promise<Map<string, readonly Block[]>> {
    const found = new Map<string, readonly Block[]>();
    const read = new Set<string>();
    for (const { attributes } of elementsWithin(body, IMPORT)) {
      const id = attributes["r:id"] ?? "";
      const part = relations.get(id)?.part ?? "";
      if (read.has(part)) continue;
      read.add(part);
      found.set(id, await this.#blocksOf(archive, part));
    }
    return found;
  }

  async #blocksOf(archive: ZipArchive, part: string): Promise<readonly Block[]> {
    const isOneTooMany = this.#files++ >= MOST_FILES;
    const blocks = isOneTooMany ? undefined : await this.#unlessUnusable(archive, part);
    if (!blocks) this.unread++;
    return blocks ?? [];
  }

  async #unlessUnusable(archive: ZipArchive, part: string): Promise<readonly Block[] | undefined> {
    try {
      return await this.#blocksIn(part, archive.read(part));
    } catch (error) {
      if ([AppError, BadArchive, BadDocument].some((kind) => error instanceof kind)) return undefined;
      throw error;
    }
  }

  /** Undefined for a file of another kind, or too deep. */
  async #blocksIn(part: string, bytes: Buffer): Promise<readonly Block[] | undefined> {
    const start = bytes.toString("latin1", 0, 5);
    if (start.startsWith("PK\x03\x04")) return this.#wordBlocks(bytes);
    if (start === "{\\rtf") return rtfBlocks(bytes);
    if (isSavedPage(bytes)) return htmlBlocks(decodeHtml(part, await savedHtml(bytes)));
    const text = decodeHtml(part, bytes);
    if (OFFICE_XML.test(text)) return undefined;
    const isHtml = EXTENSIONS.html.includes(extensionOf(part)) || /^\s*</.test(text);
    return isHtml ? htmlBlocks(text) : [...paragraphsOf(text)];
  }

  async #wordBlocks(bytes: Buffer): Promise<readonly Block[] | undefined> {
    if (this.#depth >= MOST_DEEP) return undefined;
    this.#depth++;
    try {
      return await this.#readWord(new ZipArchive(bytes, LARGEST_UNPACKED_BYTES, this.#unpacking), this);
    } finally {
      this.#depth--;
    }
  }
}

/** A whole Word document as one XML file: its root has a prefix, as those of pages have not. */
const OFFICE_XML = /^\s*(?:<[?!][^>]*>\s*)*<\w+:/;
