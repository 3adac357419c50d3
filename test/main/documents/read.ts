/** Reading one file that a test writes. */
import { badDataText } from "../../../preload/contract/words/bad-data.ts";
import { written } from "../../../main/documents/blocks/blocks.ts";
import type { Block } from "../../../main/documents/blocks/blocks.ts";
import { rowsOf } from "../../../main/documents/cut-texts.ts";
import { openDocument } from "../../../main/documents/formats.ts";
import { readDocuments } from "../../../main/documents/read-document.ts";
import type { FoundDocument } from "../../../main/documents/read-document.ts";
import type { Row } from "../../../main/documents/row.ts";
import type { FieldMapping } from "../../../preload/contract/data/data.ts";
import { failureOf, scratch } from "./scratch.ts";

/** One document. Throws what `readDocuments` throws. */
export async function readDocument(path: string, mapping?: FieldMapping): Promise<FoundDocument> {
  const [document] = await readDocuments([path], mapping && { [path]: mapping });
  return document!;
}

/** What a file of this name and content holds, its texts in passages. */
export async function read(
  name: string,
  content: string | Uint8Array,
  mapping?: FieldMapping,
): Promise<Omit<FoundDocument, "rows"> & { rows: Row[] }> {
  const found = await readDocument(scratch({ [name]: content })(name), mapping);
  return { ...found, rows: rowsOf(found) };
}

/** The failure of a file that cannot be used: of `bad-data`, its line, and its reason in words. */
export async function refusal(
  name: string,
  content: string | Uint8Array,
): Promise<{ line?: number; reason: string }> {
  const failure = await failureOf(() => read(name, content));
  if (failure.code !== "bad-data") throw new Error(`it failed as ${failure.code}`);
  return failure.line === undefined
    ? { reason: badDataText(failure.reason) }
    : { line: failure.line, reason: badDataText(failure.reason) };
}

/** The blocks of a file that is text. */
export async function blocksOf(path: string): Promise<Block[]> {
  const document = await openDocument(path);
  if (document.kind !== "text") throw new Error(`${path} was read as records`);
  return [...document.blocks];
}

/** The blocks of a file of this name and content, as they are written in passages, each after its place. */
export async function writtenBlocks(name: string, content: string | Uint8Array): Promise<string[]> {
  const blocks = await blocksOf(scratch({ [name]: content })(name));
  return blocks.map((block) => `${block.place} ${written(block)}`);
}
