/** The styles of an RTF text that make paragraphs headings. */
import { headingLevelNamed } from "../../blocks/heading-names.ts";

/** Collects the style sheet: the heading level of each style by its number. */
export class RtfStyles {
  readonly #levels = new Map<number, number>();

  /** A style by its number, its name and its outline level (from 0), if it has one. */
  add(style: number, name: string, outline: number | null): void {
    const level = headingLevelNamed(name) ?? (outline === null || outline > 8 ? undefined : outline + 1);
    if (level !== undefined) this.#levels.set(style, level);
  }

  /** The heading level of a style; undefined if it has none. */
  levelOf(style: number): number | undefined {
    return this.#levels.get(style);
  }
}
