/** What the check boxes and lists of a Word form show ([MS-DOC] 2.9.158, 2.9.78 and 2.9.79). */
import { i32, part, u16, u32 } from "./numbers.ts";

const VERSION = 0xffffffff;
const [CHECK_BOX, LIST] = [1, 2];
/** The result of a field that still has its default. */
const UNCHANGED = 25;

/** The states of a form's fields, in the data stream. No two overlap, which limits what a damaged file costs. */
export class FormFields {
  readonly #data: Buffer;
  #left: number;

  constructor(data: Buffer) {
    this.#data = data;
    this.#left = data.length;
  }

  /** The text of the field whose state is at an offset; empty if it is of another kind. Throws `BadDocument`. */
  textAt(offset: number): string {
    const header = u16(this.#data, offset + 4);
    const field = part(this.#data, offset + header, Math.max(0, i32(this.#data, offset) - header));
    this.#left -= field.length;
    return this.#left < 0 || field.length < 4 || u32(field, 0) !== VERSION ? "" : textOf(field);
  }
}

function textOf(field: Buffer): string {
  const bits = u16(field, 4);
  const [kind, result] = [bits & 3, (bits >> 2) & 0x1f];
  if (kind !== CHECK_BOX && kind !== LIST) return "";
  const afterName = behindText(field, 10);
  const chosen = result === UNCHANGED ? u16(field, afterName) : result;
  if (kind === CHECK_BOX) return chosen === 1 ? "☒" : "☐";
  let at = afterName + 2;
  for (let text = 0; text < 5; text++) at = behindText(field, at); // its format, helps and macros
  const count = u16(field, at + 2);
  at += 6;
  for (let entry = 0; entry < count; entry++) {
    const length = 2 * u16(field, at);
    if (entry === chosen) return part(field, at + 2, length).toString("utf16le");
    at += 2 + length;
  }
  return "";
}

/** Behind a text that follows its length and ends with NUL (Xstz). */
const behindText = (bytes: Buffer, at: number): number => at + 2 + 2 * u16(bytes, at) + 2;
