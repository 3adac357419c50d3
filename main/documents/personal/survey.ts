/** How much personal data of each kind a file has, with a few examples in their sentences. */
import { PERSONAL_KINDS } from "../../../preload/contract/data/personal.ts";
import type { FoundKind, PersonalData, PersonalKind } from "../../../preload/contract/data/personal.ts";
import { charactersIn } from "../row.ts";
import type { Row, TextRow } from "../row.ts";
import { textOfName } from "./document-names.ts";
import type { NameText } from "./document-names.ts";
import { findInRow } from "./find-in-row.ts";
import type { Place } from "./found.ts";

/** How many characters of a file are searched; more would make inspecting large files slow. */
const MOST_CHARACTERS = 1_000_000;
const MOST_EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 60;
const CONTEXT_CHARACTERS = 40;

export class PersonalSurvey {
  #characters = 0;
  readonly #kinds = new Map<PersonalKind, FoundKind>();
  /** The name of the document, until it has been searched. */
  #name: NameText | undefined;

  constructor(path: string) {
    this.#name = textOfName(path.split(/[/\\]/).at(-1)!);
  }

  take(row: Row | TextRow): void {
    if (this.#characters >= MOST_CHARACTERS) return;
    this.#characters += charactersIn(row);
    const name = this.#name;
    const { texts, places, inName } = findInRow(row, name);
    this.#name = undefined;
    for (const [i, text] of texts.entries()) this.#count(text, places[i]!);
    if (name) this.#count(name.text, inName);
  }

  #count(text: string, places: readonly Place[]): void {
    for (const { kind, start, end } of places) {
      const found: FoundKind = this.#kinds.get(kind) ?? { kind, places: 0, examples: [] };
      this.#kinds.set(kind, { ...found, places: found.places + 1 });
      const { examples } = found;
      const shown = text.slice(start, Math.min(end, start + EXAMPLE_CHARACTERS));
      if (examples.length >= MOST_EXAMPLES || examples.some((example) => example.text === shown)) continue;
      const before = text.slice(Math.max(0, start - CONTEXT_CHARACTERS), start);
      const after = text.slice(end, end + CONTEXT_CHARACTERS);
      examples.push({ before: wholeWords(before, "start"), text: shown, after: wholeWords(after, "end") });
    }
  }

  /** Empty if none was found. */
  get result(): { personal?: PersonalData } {
    const kinds = PERSONAL_KINDS.flatMap((kind) => this.#kinds.get(kind) ?? []);
    return kinds.length === 0 ? {} : { personal: { characters: this.#characters, kinds } };
  }
}

/** The text in one line, without a word that was cut. */
function wholeWords(text: string, cutAt: "start" | "end"): string {
  const isCut = text.length === CONTEXT_CHARACTERS;
  const whole = !isCut ? text : cutAt === "start" ? text.replace(/^\S*/, "") : text.replace(/\S*$/, "");
  return whole.replace(/\s+/g, " ");
}
