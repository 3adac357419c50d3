/** Texts whose personal data is known: what a generator writes is marked, and the marks become places. */
import type { PersonalKind } from "../../../preload/contract/data/personal.ts";

/** A place of a text, in UTF-16 code units. */
export interface Truth {
  readonly kind: PersonalKind;
  readonly start: number;
  readonly end: number;
}

export interface KnownText {
  readonly text: string;
  readonly truth: readonly Truth[];
}

const [BEGIN, KIND, END] = ["\u0001", "\u0002", "\u0003"];

/** Marks a text as personal data. */
export function marked(kind: PersonalKind, text: string): string {
  return `${BEGIN}${kind}${KIND}${text}${END}`;
}

/** The text without its marks, and where they were. */
export function withoutMarks(written: string): KnownText {
  const truth: Truth[] = [];
  let text = "";
  for (const part of written.split(BEGIN)) {
    const kindEnd = part.indexOf(KIND);
    const end = part.indexOf(END);
    if (kindEnd < 0) text += part;
    else {
      const start = text.length;
      text += part.slice(kindEnd + 1, end);
      truth.push({ kind: part.slice(0, kindEnd) as PersonalKind, start, end: text.length });
      text += part.slice(end + 1);
    }
  }
  return { text, truth };
}
