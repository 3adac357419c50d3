/** The encodings of an RTF text's bytes: of the document and of its fonts. */
import iconv from "iconv-lite";

/** Code pages by the number of a font's character set (RTF 1.9.1, "Font Table"). */
const OF_CHARSETS: Readonly<Record<number, number>> = {
  128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258,
  177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850,
}; // prettier-ignore
const MACINTOSH_CHARSET = 77;

/** The encoding of a font by its character set; undefined if it is that of the document. */
export function encodingOfCharset(charset: number): string | undefined {
  if (charset === MACINTOSH_CHARSET) return "macintosh";
  const page = OF_CHARSETS[charset];
  return page === undefined ? undefined : encodingOfPage(page);
}

/** The encoding of a code page; undefined if it is not known. */
export function encodingOfPage(page: number): string | undefined {
  if (page === 10000) return "macintosh";
  const name = page === 65001 ? "utf-8" : `cp${page}`;
  return iconv.encodingExists(name) ? name : undefined;
}

/** The encoding that a document names by a control word: `\ansi`, `\mac`, `\pc`, `\pca`. */
export const OF_WORDS: ReadonlyMap<string, string> = new Map([
  ["ansi", "cp1252"],
  ["mac", "macintosh"],
  ["pc", "cp437"],
  ["pca", "cp850"],
]);

/** Bytes as text, without NUL and other control characters. */
export function decoded(bytes: readonly Buffer[], encoding: string): string {
  // eslint-disable-next-line no-control-regex -- they are no text
  return iconv.decode(Buffer.concat(bytes), encoding).replace(/[\0-\x08\x0b-\x1f]/g, "");
}
