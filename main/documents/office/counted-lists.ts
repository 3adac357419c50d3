/** The lists of Word documents, whose numbers are counted from the document's beginning (ECMA-376, part 1, 17.9; [MS-DOC] 2.4.6.3). */
import type { BlockList } from "../blocks/block-list.ts";
import { countOn, itemMark, labelled, labelOf } from "../blocks/list-numbers.ts";
import type { NumberedLevel } from "../blocks/list-numbers.ts";

export interface ListLevel<Id> extends NumberedLevel {
  readonly isBullet: boolean;
  /** A paragraph of this style has this level. */
  readonly style: Id | undefined;
}

/** `Id`: what lists and styles are named by. */
export interface CountedList<Id> {
  /** Lists of one kind count together. */
  readonly kind: Id;
  readonly levels: readonly (ListLevel<Id> | undefined)[];
  /** The first numbers of levels that start over with this list. */
  readonly starts: ReadonlyMap<number, number>;
}

/** A paragraph's list and the level in it, as far as it or its styles give them; its style and those that this is based on. */
export interface ListReference<Id> {
  readonly list: Id | undefined;
  readonly level: number | undefined;
  readonly styles: readonly Id[];
}

/** A paragraph's place in a list. */
interface ListPlace {
  /** From 1. */
  readonly level: number;
  /** What is shown before it; undefined for a bullet. */
  readonly label: string | undefined;
}

export const LIST_LEVELS = 9;

export class CountedLists<Id> {
  readonly #lists: ReadonlyMap<Id, CountedList<Id>>;
  /** The numbers of all levels, by the kind of list. */
  readonly #numbers = new Map<Id, (number | undefined)[]>();
  /** The lists that have begun. */
  readonly #begun = new Set<Id>();

  constructor(lists: ReadonlyMap<Id, CountedList<Id>>) {
    this.#lists = lists;
  }

  /** Counts the next paragraph of the document and returns its place; undefined if it is in no list. */
  next({ list: id, level: said, styles }: ListReference<Id>): ListPlace | undefined {
    const list = id === undefined ? undefined : this.#lists.get(id);
    if (!list) return undefined;
    const styled = list.levels.findIndex(
      (level) => level?.style !== undefined && styles.includes(level.style),
    );
    const index = Math.min(said ?? Math.max(styled, 0), LIST_LEVELS - 1);
    const level = list.levels[index];
    if (!level) return undefined;
    if (level.isBullet) return level.text.trim() === "" ? undefined : { level: index + 1, label: undefined };
    return { level: index + 1, label: labelOf(list.levels, this.#count(id!, list, index)) };
  }

  #count(id: Id, { kind, levels, starts }: CountedList<Id>, index: number): number[] {
    const numbers = this.#numbers.get(kind) ?? [];
    this.#numbers.set(kind, numbers);
    if (!this.#begun.has(id)) {
      this.#begun.add(id);
      for (const [level, start] of starts) numbers[level] = level < index ? start : start - 1;
    }
    return countOn(numbers, index, levels);
  }
}

/** Adds a paragraph with what is shown before it: as a heading of a level, or else as an item of its list, if it is in one. */
export function addCounted(
  list: BlockList,
  text: string,
  place: ListPlace | undefined,
  heading: number | undefined,
): void {
  if (heading !== undefined) list.heading(heading, text.trim() && labelled(place?.label ?? "", text));
  else if (place && place.label !== "") list.item(place.level, itemMark(place.label ?? "-"), text);
  else list.paragraph(text);
}
