/** The styles of an RTF text that make headings of paragraphs. */
import { headingLevelNamed } from "../heading-names.ts";

/** Collects the style sheet: the level of each style's headings by its number. */
export class RtfStyles {
  readonly #levels = new Map<number, number>();

  /** A style by its number, its name and its outline level (from 0), if it has one. */
  add(style: number, name: string, outline: number | null): void {
    const level = headingLevelNamed(name) ?? (outline === null || outline > 8 ? undefined : outline + 1);
    if (level !== undefined) this.#levels.set(style, level);
  }

  /** The level of a style's headings, or undefined. */
  levelOf(style: number): number | undefined {
    return this.#levels.get(style);
  }
}
