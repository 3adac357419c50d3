/** The lists of a Word document and their levels ([MS-DOC] 2.9.131 to 2.9.133, 2.9.147, 2.9.149, 2.9.150, 2.9.200 and 2.9.201). */
import { CountedLists, LIST_LEVELS } from "../counted-lists.ts";
import type { CountedList, ListLevel } from "../counted-lists.ts";
import type { NumberFormat } from "../../blocks/list-numbers.ts";
import type { FileInformation } from "./file-information.ts";
import { i16, i32, part, u16, u32, u8 } from "./numbers.ts";

type Level = ListLevel<number>;

const [LIST_BYTES, LEVEL_BYTES, OVERRIDE_BYTES, LEVEL_OVERRIDE_BYTES] = [28, 28, 16, 8];
const [IS_SIMPLE, IS_LEGAL, LIMITS_RESTARTS] = [1, 4, 8];
const [STARTS_AT, HAS_LEVEL] = [0x10, 0x20];
const NO_STYLE = 0xfff;

/** Number formats (MSONFC, [MS-OSHARED] 2.2.1.3); others are written as digits. */
const BULLET = 0x17;
const FORMATS: ReadonlyMap<number, NumberFormat> = new Map([
  [1, "upperRoman"],
  [2, "lowerRoman"],
  [3, "upperLetter"],
  [4, "lowerLetter"],
  [0x16, "decimalZero"],
  [0x3a, "russianLower"],
  [0x3b, "russianUpper"],
  [0xff, "none"],
]);

/** The lists, which paragraphs refer to by their numbers from 1. Throws `BadDocument`. */
export function listsOf(file: FileInformation): CountedLists<number> {
  const kinds = kindsIn(file.from("lists"));
  return new CountedLists(
    file.part("listOverrides").length === 0 ? new Map() : listsIn(file.from("listOverrides"), kinds),
  );
}

/** The levels of each kind of list by its identifier. They follow after all kinds. */
function kindsIn(bytes: Buffer): Map<number, Level[]> {
  const kinds = new Map<number, Level[]>();
  const count = bytes.length === 0 ? 0 : i16(bytes, 0);
  let at = 2 + LIST_BYTES * count;
  for (let index = 0; index < count; index++) {
    const kind = part(bytes, 2 + LIST_BYTES * index, LIST_BYTES);
    const levels: Level[] = [];
    for (let level = 0; level < (u8(kind, 26) & IS_SIMPLE ? 1 : LIST_LEVELS); level++) {
      const { read, end } = levelAt(bytes, at, u16(kind, 8 + 2 * level));
      levels.push(read);
      at = end;
    }
    kinds.set(i32(kind, 0), levels);
  }
  return kinds;
}

function levelAt(bytes: Buffer, at: number, style: number): { read: Level; end: number } {
  const form = part(bytes, at, LEVEL_BYTES);
  const text = at + LEVEL_BYTES + u8(form, 24) + u8(form, 25);
  const characters = part(bytes, text + 2, 2 * u16(bytes, text)).toString("utf16le");
  const [format, flags] = [u8(form, 4), u8(form, 5)];
  const read: Level = {
    isBullet: format === BULLET,
    format: FORMATS.get(format) ?? "decimal",
    // eslint-disable-next-line no-control-regex -- the numbers of levels stand in it as characters
    text: characters.replace(/[\0-\x08]/g, (number) => `%${number.charCodeAt(0) + 1}`),
    start: i32(form, 0),
    isLegal: (flags & IS_LEGAL) !== 0,
    restartsAfter: (flags & LIMITS_RESTARTS) === 0 ? undefined : u8(form, 26),
    style: style === NO_STYLE ? undefined : style,
  };
  return { read, end: text + 2 + 2 * characters.length };
}

/** The lists by their numbers. What each one changes in its kind follows after all lists. */
function listsIn(
  bytes: Buffer,
  kinds: ReadonlyMap<number, readonly Level[]>,
): Map<number, CountedList<number>> {
  const lists = new Map<number, CountedList<number>>();
  const count = u32(bytes, 0);
  let at = 4 + OVERRIDE_BYTES * count;
  for (let index = 0; index < count; index++) {
    const list = part(bytes, 4 + OVERRIDE_BYTES * index, OVERRIDE_BYTES);
    const kind = i32(list, 0);
    const levels: (Level | undefined)[] = [...(kinds.get(kind) ?? [])];
    const starts = new Map<number, number>();
    at += 4;
    for (let left = u8(list, 12); left > 0; left--) {
      const [start, flags] = [i32(bytes, at), u8(bytes, at + 4)];
      const level = flags & 0xf;
      at += LEVEL_OVERRIDE_BYTES;
      if (flags & HAS_LEVEL) {
        const { read, end } = levelAt(bytes, at, levels[level]?.style ?? NO_STYLE);
        levels[level] = read;
        at = end;
      }
      if (flags & STARTS_AT) starts.set(level, flags & HAS_LEVEL ? levels[level]!.start : start);
    }
    lists.set(index + 1, { kind, levels, starts });
  }
  return lists;
}
