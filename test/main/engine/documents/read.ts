/** Reading one file that a test writes. */
import { openDocument } from "../../../../main/engine/documents/formats.ts";
import { readDocument } from "../../../../main/engine/documents/read-document.ts";
import type { FoundDocument } from "../../../../main/engine/documents/read-document.ts";
import type { FieldMapping } from "../../../../preload/contract/data.ts";
import { failureOf, scratch } from "./scratch.ts";

/** What a file of this name and content holds. */
export function read(
  name: string,
  content: string | Uint8Array,
  mapping?: FieldMapping,
): Promise<FoundDocument> {
  return readDocument(scratch({ [name]: content })(name), mapping);
}

/** The failure of a file that cannot be used: of `bad-data`, its line and reason. */
export async function refusal(
  name: string,
  content: string | Uint8Array,
): Promise<{ line?: number; reason: string }> {
  const failure = await failureOf(() => read(name, content));
  if (failure.code !== "bad-data") throw new Error(`it failed as ${failure.code}`);
  return failure.line === undefined
    ? { reason: failure.reason }
    : { line: failure.line, reason: failure.reason };
}

/** The lines of a file that is text, without the blank ones. */
export async function textLines(path: string): Promise<string[]> {
  const document = await openDocument(path);
  if (document.kind !== "text") throw new Error(`${path} was read as records`);
  return [...document.lines].map(({ text }) => text).filter((text) => text.trim() !== "");
}
