/** The styles of headings by their names in the programs' languages; a program that knows levels writes those too. */

const HEADING = /^(?:heading|überschrift|titre|título|titolo|kop|nagłówek)[ _]?(\d)$/i;

/** The level of a style's headings by its name, with 1 for a document's title; undefined if it names none. */
export function headingLevelNamed(name: string): number | undefined {
  if (/^title$/i.test(name)) return 1;
  if (/^subtitle$/i.test(name)) return 2;
  const level = Number(HEADING.exec(name)?.[1] ?? 0);
  return level > 0 ? level : undefined;
}
