/**
 * TeX's first text encoding ("TeX text", OT1: The TeXbook, appendix F), which most fonts of the Computer Modern family have. PDFium knows it
 * from an embedded font; where that is missing, or the file maps each code to itself, the code is what it returns.
 */

/**
 * The family's text fonts by their PostScript names, perhaps of a subset. Not among them: CMR5, small capitals and typewriter fonts, which
 * have no ligatures, and those of formulas.
 */
const NAME =
  /^(?:[A-Z]{6}\+)?CM(?!R5$)(?:R|BX?|BXTI|BXSL|TI|SL|SS|SSBX|SSDC|SSI|SSQ|SSQI|U|DUNH|FF|FI|FIB|VTT)\d+$/;

export const isTexText = (fontName: string): boolean => NAME.test(fontName);

/** By their codes, or what PDFium makes of these: the characters of the encoding that no other one has there. The fonts have none of the keys. */
const CHARACTERS: ReadonlyMap<number, string> = new Map([
  ..."ff fi fl ffi ffl ı ȷ ` ´ ˇ ˘ ¯ ˚ ¸ ß æ œ ø Æ Œ Ø"
    .split(" ")
    .map((text, index): [number, string] => [0x0b + index, text]),
  ...Object.entries({
    '"': "”",
    "\\": "“",
    "{": "–",
    "|": "—",
    "<": "¡",
    ">": "¿",
    "^": "ˆ",
    _: "˙",
    "}": "˝",
    "~": "˜",
    "\x7f": "¨",
    "•": "¨",
  }).map(([key, text]): [number, string] => [key.charCodeAt(0), text]),
]);

/** The text of a character of such a font; undefined if its code means the same elsewhere. */
export const texText = (code: number): string | undefined => CHARACTERS.get(code);
