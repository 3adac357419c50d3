/** How numbered paragraphs of PowerPoint 2000 and later are numbered ([MS-PPT] 2.9.68 to 2.9.72). */

/** A kind of number by its name in PPTX, and the first number. */
export interface Numbering {
  readonly kind: string;
  readonly start: number;
}

/** Kinds by their numbers ([MS-PPT] 2.13.32). Those of other scripts get digits. */
const KINDS: readonly string[] = [
  "alphaLcPeriod",
  "alphaUcPeriod",
  "arabicParenR",
  "arabicPeriod",
  "romanLcParenBoth",
  "romanLcParenR",
  "romanLcPeriod",
  "romanUcPeriod",
  "alphaLcParenBoth",
  "alphaLcParenR",
  "alphaUcParenBoth",
  "alphaUcParenR",
  "arabicParenBoth",
  "arabicPlain",
  "romanUcParenBoth",
  "romanUcParenR",
];
const [PICTURE, SCHEME, HAS_SCHEME] = [0x800000, 0x1000000, 0x2000000];
const CHARACTER_NUMBER = 0x100000;
const [SPELLING, LANGUAGE, OTHER_LANGUAGE, RUN, DIRECTION, SMART_TAGS] = [1, 2, 4, 0x20, 0x40, 0x200];

/** Characters name them in four bits. */
const MOST_NUMBERINGS = 16;

/** The numberings of a text, which its characters name by number; undefined where paragraphs are not numbered. A damaged rest is left out. */
export function numberingsIn(data: Buffer): (Numbering | undefined)[] {
  const numberings: (Numbering | undefined)[] = [];
  let at = 0;
  const next = (bytes: 2 | 4) => data.readUIntLE((at += bytes) - bytes, bytes);
  try {
    while (at < data.length && numberings.length < MOST_NUMBERINGS) {
      const mask = next(4);
      if (mask & PICTURE) at += 2;
      const isNumbered = mask & HAS_SCHEME ? next(2) !== 0 : false;
      const [scheme, start] = mask & SCHEME ? [next(2), next(2)] : [3, 1];
      if (next(4) & CHARACTER_NUMBER) at += 4;
      const other = next(4);
      for (const bit of [SPELLING, LANGUAGE, OTHER_LANGUAGE, DIRECTION]) if (other & bit) at += 2;
      if (other & RUN) at += 4;
      const smartTags = other & SMART_TAGS ? next(4) : 0;
      at += 4 * smartTags;
      numberings.push(isNumbered ? { kind: KINDS[scheme] ?? "arabicPeriod", start } : undefined);
    }
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return numberings;
}
