/** Styles that are recognised by their names, those of headings in the languages of word processors. Programs with outline levels write these in addition. */

const HEADING = /^(?:heading|überschrift|titre|título|titolo|kop|nagłówek)[ _]?(\d)$/i;

/** The heading level that a style's name stands for, 1 for a document's title; undefined if it is not a heading's. */
export function headingLevelNamed(name: string): number | undefined {
  if (/^title$/i.test(name)) return 1;
  if (/^subtitle$/i.test(name)) return 2;
  const level = Number(HEADING.exec(name)?.[1] ?? 0);
  return level > 0 ? level : undefined;
}

/** Whether a style's name is that of the lines of a table of contents or of an index. */
export function isContentsName(name: string): boolean {
  return /^(toc ?\d|toc ?heading|table of figures|index ?\d|index heading|contents heading)$/i.test(name);
}
