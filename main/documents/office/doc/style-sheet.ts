/** The styles of a Word document: what they say about paragraphs, characters and lists ([MS-DOC] 2.9.258, 2.9.260 and 2.9.271). */
import type { ListReference } from "../counted-lists.ts";
import { headingLevelNamed, isContentsName } from "../../blocks/heading-names.ts";
import { u16 } from "./numbers.ts";
import { charactersFrom, paragraphFrom } from "./properties.ts";
import type { CharacterProperties, ParagraphProperties, Toggle } from "./properties.ts";

interface Style {
  readonly number: number;
  /** The number of a style that Word has, the same in all languages. */
  readonly builtIn: number;
  readonly base: number;
  readonly name: string;
  readonly paragraph: ParagraphProperties;
  readonly characters: CharacterProperties;
}

const [PARAGRAPH_STYLE, CHARACTER_STYLE] = [1, 2];
/** A chain of styles is never longer; a damaged one may be circular. */
const MOST_BASES = 20;
const OUTLINE_LEVELS = 9;
/** Built-in styles (2.9.260): headings are 1 to 9. */
const [LAST_HEADING, TITLE, SUBTITLE] = [9, 62, 74];
const isContentsStyle = (builtIn: number) =>
  (builtIn >= 10 && builtIn <= 27) || builtIn === 33 || builtIn === 35;

export class StyleSheet {
  readonly #styles: readonly (Style | undefined)[];
  readonly #chains = new Map<number, readonly Style[]>();

  /** Throws `BadDocument`. */
  constructor(bytes: Buffer) {
    this.#styles = bytes.length === 0 ? [] : stylesIn(bytes);
  }

  /** The level of a heading from 1; undefined for a paragraph of text. */
  headingLevel({ style, outline }: ParagraphProperties): number | undefined {
    if (outline !== undefined) return levelOfOutline(outline);
    for (const { builtIn, name, paragraph } of this.#chain(style ?? 0)) {
      const level = levelOfBuiltIn(builtIn) ?? headingLevelNamed(name);
      if (level !== undefined) return level;
      if (paragraph.outline !== undefined) return levelOfOutline(paragraph.outline);
    }
    return undefined;
  }

  /** Whether a paragraph is a line of a table of contents or of an index. */
  isContents({ style = 0 }: ParagraphProperties): boolean {
    const found = this.#styles[style];
    return found !== undefined && (isContentsStyle(found.builtIn) || isContentsName(found.name));
  }

  listOf(paragraph: ParagraphProperties): ListReference<number> {
    const styles = this.#chain(paragraph.style ?? 0);
    const properties = [paragraph, ...styles.map((style) => style.paragraph)];
    return {
      list: properties.find(({ list }) => list !== undefined)?.list,
      level: properties.find(({ level }) => level !== undefined)?.level,
      styles: styles.map(({ number }) => number),
    };
  }

  /** Whether characters are hidden or bold, by their own properties, their style or their paragraph's style. */
  isOn(
    name: "isHidden" | "isBold",
    characters: CharacterProperties,
    paragraph: ParagraphProperties,
  ): boolean {
    const styles = [
      ...(characters.style === undefined ? [] : this.#chain(characters.style)),
      ...this.#chain(paragraph.style ?? 0),
    ];
    const toggles = [characters[name], ...styles.map((style) => style.characters[name])];
    return toggles.reduceRight<boolean>(switched, false);
  }

  /** A style and those that it is based on. */
  #chain(number: number): readonly Style[] {
    const known = this.#chains.get(number);
    if (known) return known;
    const chain: Style[] = [];
    for (
      let style = this.#styles[number];
      style && chain.length < MOST_BASES;
      style = this.#styles[style.base]
    )
      chain.push(style);
    this.#chains.set(number, chain);
    return chain;
  }
}

const switched = (isOn: boolean, toggle: Toggle | undefined): boolean =>
  toggle === undefined || toggle === 0x80 ? isOn : toggle === 0x81 ? !isOn : toggle !== 0;

const levelOfOutline = (outline: number) => (outline < OUTLINE_LEVELS ? outline + 1 : undefined);

function levelOfBuiltIn(builtIn: number): number | undefined {
  if (builtIn === TITLE) return 1;
  if (builtIn === SUBTITLE) return 2;
  return builtIn >= 1 && builtIn <= LAST_HEADING ? builtIn : undefined;
}

/** The styles by their numbers; those that the part does not contain completely are left out. */
function stylesIn(bytes: Buffer): (Style | undefined)[] {
  const headerBytes = u16(bytes, 0);
  const [count, fixedBytes] = [u16(bytes, 2), u16(bytes, 4)];
  const styles: (Style | undefined)[] = [];
  for (let at = 2 + headerBytes; at + 2 <= bytes.length && styles.length < count;) {
    const length = u16(bytes, at);
    styles.push(styleIn(styles.length, bytes.subarray(at + 2, at + 2 + length), fixedBytes));
    at += 2 + length + (length % 2);
  }
  return styles;
}

function styleIn(number: number, bytes: Buffer, fixedBytes: number): Style | undefined {
  if (bytes.length < fixedBytes + 2 || fixedBytes < 6) return undefined;
  const kind = bytes.readUInt16LE(2) & 0xf;
  const nameStart = fixedBytes + 2;
  const nameEnd = nameStart + 2 * bytes.readUInt16LE(fixedBytes);
  const changes = changesIn(bytes, nameEnd + 2);
  const [paragraph, characters] =
    kind === CHARACTER_STYLE ? [undefined, changes[0]] : kind === PARAGRAPH_STYLE ? changes : [];
  return {
    number,
    builtIn: bytes.readUInt16LE(0) & 0xfff,
    base: bytes.readUInt16LE(2) >> 4,
    name: bytes.toString("utf16le", nameStart, nameEnd).replace(/,.*$/s, ""), // aliases follow
    paragraph: paragraph ? paragraphFrom(paragraph.subarray(2)) : {}, // it begins with the style's number
    characters: characters ? charactersFrom(characters) : {},
  };
}

/** The lists of changes of a style, each after its length and from an even place on. */
function changesIn(bytes: Buffer, start: number): Buffer[] {
  const lists: Buffer[] = [];
  for (let at = start; at + 2 <= bytes.length;) {
    const length = bytes.readUInt16LE(at);
    lists.push(bytes.subarray(at + 2, at + 2 + length));
    at += 2 + length + (length % 2);
  }
  return lists;
}
