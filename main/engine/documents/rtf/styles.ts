/** The styles of an RTF text that make headings of paragraphs. */

/** Names of the headings' styles in the programs' languages; a program that knows levels writes those too. */
const HEADING_NAME = /^(?:heading|überschrift|titre|título|titolo|kop|nagłówek) ?(\d)/i;

/** Collects the style sheet: the level of each style's headings by its number. */
export class RtfStyles {
  readonly #levels = new Map<number, number>();

  /** A style by its number, its name and its outline level (from 0), if it has one. */
  add(style: number, name: string, outline: number | null): void {
    const named = /^title$/i.test(name) ? 1 : Number(HEADING_NAME.exec(name)?.[1] ?? 0);
    const level = named > 0 ? named : outline === null || outline > 8 ? 0 : outline + 1;
    if (level > 0) this.#levels.set(style, level);
  }

  /** The level of a style's headings, or undefined. */
  levelOf(style: number): number | undefined {
    return this.#levels.get(style);
  }
}
