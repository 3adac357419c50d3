/** Splits validation and test data off training data: whole texts, groups and documents, chosen by their content. */
import { createHash } from "node:crypto";
import type { Parting, SplitName } from "../../../preload/contract/data/data.ts";
import { bySplit, SPLITS } from "../../../preload/contract/data/data-files.ts";
import type { Key, SplitRows, TextKeys } from "./leakage.ts";
import { heldOutRows, mostHeldOut } from "../held-out-count.ts";
import { documentOf } from "../row.ts";
import type { Row } from "../row.ts";

/** A run with fewer rows than these is not worth starting. */
export const FEWEST_ROWS = { train: 8, valid: 4, test: 4 } as const;

/** Texts of fewer documents are split by sections: with so few, a single document could decide the figures. */
const FEWEST_DOCUMENTS = 10;

type Missing = Extract<SplitName, "test" | "valid">;

/**
 * Splits the missing splits off train: a tenth of its rows for each, or somewhat more of few (held-out-count.ts). Rows of the same text,
 * group or document stay together; those with the lowest seeded hash are taken, and all splits keep their order. A document that
 * keeps the boilerplate of others stays in train. If there are few documents, or whole ones give too few rows, sections of passages are
 * taken instead, and single rows if there are too few sections. Passages next to them are then left out if enough rows remain, no sentence that overlapping passages share is in two
 * splits, and of documents that are nearly the same only one is used: `versions` counts the passages of the others.
 */
export function splitOff(
  rows: SplitRows,
  missing: readonly Missing[],
  seed: number,
  keys: TextKeys,
): { rows: SplitRows; parting: Parting | undefined; versions: number } {
  const passages = passagesIn(rows.train);
  if (passages.length === 0 || missing.length === 0) {
    const { part } = parted(rows, missing, seed, keys);
    return { ...part(({ group }) => [group]), parting: undefined, versions: 0 };
  }
  const documents = documentsIn(passages);
  if (documents >= FEWEST_DOCUMENTS) {
    const stay = staying(rows.train);
    const { part, isEnough } = parted(rows, missing, seed, keys, stay);
    const byDocument = part((row) => [keys.document(row), keys.related(row), row.group, documentOf(row)]);
    if (isEnough(byDocument))
      return { rows: byDocument.rows, parting: { by: "documents", documents, gaps: 0 }, versions: 0 };
  }
  const train = withoutVersions(rows.train, keys);
  const bySections = splitOffSections({ ...rows, train }, missing, seed, keys);
  return { ...bySections, versions: rows.train.length - train.length };
}

function splitOffSections(
  rows: SplitRows,
  missing: readonly Missing[],
  seed: number,
  keys: TextKeys,
): { rows: SplitRows; parting: Parting } {
  const passages = passagesIn(rows.train);
  const { count, part, isEnough } = parted(rows, missing, seed, keys);
  const fewest = Math.min(...missing.map(count));
  const sectionOf = sections(passages, Math.ceil(fewest / sectionsTaken(rows.train.length)));
  const inSections = (row: Row) => [sectionOf.get(row) ?? row.group];
  const apart = part(inSections, (taken) => neighbours(passages, taken));
  const whole = isEnough(apart) ? apart : part(inSections);
  const isBySections = isEnough(whole);
  const { rows: split, gaps } = isBySections ? whole : part(({ group }) => [group]);
  const by = isBySections ? "sections" : "rows";
  return {
    rows: withoutRepetitions(split, passages),
    parting: { by, documents: documentsIn(passages), gaps },
  };
}

interface Parted {
  readonly rows: SplitRows;
  /** How many rows are in no split. */
  readonly gaps: number;
}

/** The rows of documents that keep the boilerplate of others. */
function staying(rows: readonly Row[]): ReadonlySet<Row> {
  return new Set(rows.filter(({ passage }) => passage?.standsForOthers));
}

/**
 * How the missing splits can be split off: about `count` rows for each, in parts that stay together, or more if those are large. `besides`:
 * the rows next to those taken, which are left out. If rows must stay in train, each split takes at most a third of the others.
 */
function parted(
  rows: SplitRows,
  missing: readonly Missing[],
  seed: number,
  keys: TextKeys,
  stay: ReadonlySet<Row> = new Set(),
) {
  const all = rows.train.length;
  const most = Math.floor((all - stay.size) / 3);
  const count = (name: Missing) => Math.min(heldOutRows(all, name), most);
  const least = (name: Missing) => Math.max(FEWEST_ROWS[name], count(name) / 2);
  const part = (
    groupsOf: (row: Row) => readonly (string | undefined)[],
    besides?: (taken: readonly Row[]) => Set<Row>,
  ): Parted => {
    const result = { ...rows };
    let gaps = 0;
    for (const name of missing) {
      const keyOf = partKeys(result.train, keys.near, groupsOf);
      const few = take(result.train, count(name), seed, keyOf, stay);
      const isFew = few.taken.length < least(name);
      const { kept, taken } = isFew
        ? take(result.train, Math.min(mostHeldOut(all), most), seed, keyOf, stay)
        : few;
      const beside = besides?.(taken);
      result.train = beside ? kept.filter((row) => !beside.has(row)) : kept;
      gaps += kept.length - result.train.length;
      result[name] = taken;
    }
    return { rows: result, gaps };
  };
  const isEnough = ({ rows: { train, ...held } }: Parted) =>
    train.length >= Math.max(FEWEST_ROWS.train, all / 4) &&
    missing.every((name) => held[name].length >= least(name));
  return { count, part, isEnough };
}

/**
 * The rows whose document is known, in the document's order: first those cut in this reading, then stored ones, maybe only parts of a
 * document.
 */
function passagesIn(rows: readonly Row[]): Row[] {
  const stored = rows.filter(({ passage, origin }) => !passage && origin);
  const order = new Map([...new Set(stored.map(documentOf))].map((document, index) => [document, index]));
  stored.sort(
    (a, b) => order.get(documentOf(a))! - order.get(documentOf(b))! || a.origin!.place - b.origin!.place,
  );
  return [...rows.filter(({ passage }) => passage), ...stored];
}

function documentsIn(passages: readonly Row[]): number {
  return new Set(passages.map(documentOf)).size;
}

/**
 * Of documents that are nearly the same, keeps only the rows of the one that has the most: otherwise a section of one could be in another
 * split as a passage of the other.
 */
function withoutVersions(rows: readonly Row[], { document }: TextKeys): Row[] {
  const sizes = new Map<string | undefined, number>();
  for (const row of rows) sizes.set(documentOf(row), (sizes.get(documentOf(row)) ?? 0) + 1);
  const kept = new Map<string, string | undefined>();
  for (const row of rows) {
    const [own, version] = [documentOf(row), document(row)];
    if (version === undefined) continue;
    if (!kept.has(version) || sizes.get(own)! > sizes.get(kept.get(version))!) kept.set(version, own);
  }
  return rows.filter((row) => {
    const version = document(row);
    return version === undefined || kept.get(version) === documentOf(row);
  });
}

/** About `count` rows with the lowest seeded hashes of their keys, except keys of rows that stay, and the remaining rows. */
function take(
  rows: readonly Row[],
  count: number,
  seed: number,
  keyOf: Key,
  stay: ReadonlySet<Row>,
): { kept: Row[]; taken: Row[] } {
  const staying = new Set([...stay].map(keyOf));
  const sizes = new Map<string, number>();
  for (const row of rows) sizes.set(keyOf(row), (sizes.get(keyOf(row)) ?? 0) + 1);
  const hash = (key: string) => createHash("sha256").update(`${seed}\n${key}`).digest("hex");
  const byHash = [...sizes]
    .map(([key, size]) => ({ key, size, hash: hash(key) }))
    .sort((a, b) => (a.hash < b.hash ? -1 : 1));
  const chosen = new Set<string>();
  let left = count;
  for (const { key, size } of byHash) {
    if (size > left || staying.has(key)) continue;
    chosen.add(key);
    left -= size;
  }
  return {
    kept: rows.filter((row) => !chosen.has(keyOf(row))),
    taken: rows.filter((row) => chosen.has(keyOf(row))),
  };
}

/**
 * Determines which rows stay together: the connected components of rows that share a text or a group of any sort. A component is named by
 * its first text in sort order, so that its name does not depend on where it is in a file.
 */
function partKeys(
  rows: readonly Row[],
  textKey: Key,
  groupsOf: (row: Row) => readonly (string | undefined)[],
): Key {
  const first = new Map<string, string>(); // from a text to an earlier one of its component
  const nameOf = (key: string): string => {
    let at = key;
    for (let next; (next = first.get(at)) !== undefined;) at = next;
    return at;
  };
  const ofGroup = new Map<string, string>();
  for (const row of rows) {
    for (const [sort, name] of groupsOf(row).entries()) {
      if (name === undefined) continue;
      const group = `${sort} ${name}`;
      const [key, other] = [nameOf(textKey(row)), nameOf(ofGroup.get(group) ?? textKey(row))];
      const [lower, higher] = key < other ? [key, other] : [other, key];
      if (lower !== higher) first.set(higher, lower);
      ofGroup.set(group, lower);
    }
  }
  return (row) => nameOf(textKey(row));
}

/** How many sections a split is made of: more if they can be long, since each costs the passages next to it. */
const sectionsTaken = (rows: number) => (rows >= 200 ? 4 : rows >= 100 ? 2 : 1);

/**
 * The section of each passage: at most `longest` consecutive passages of a document, beginning at a heading unless the section before it
 * would be too short. Stored rows of one place, such as questions on a passage, are in one section.
 */
function sections(passages: readonly Row[], longest: number): Map<Row, string> {
  const sectionOf = new Map<Row, string>();
  let [last, number, length] = [undefined as Row | undefined, 0, 0];
  for (const row of passages) {
    const isSameDocument = last !== undefined && documentOf(last) === documentOf(row);
    const isSamePlace = isSameDocument && !row.passage && last!.origin?.place === row.origin!.place;
    const isFull = length >= longest || (row.passage?.beginsSection === true && 2 * length >= longest);
    if (!isSameDocument || (isFull && !isSamePlace)) {
      length = 0;
      number++;
    }
    length++;
    last = row;
    sectionOf.set(row, `section ${number}`);
  }
  return sectionOf;
}

/** Removes from passages that follow one of another split the sentences that they repeat from it. */
function withoutRepetitions(rows: SplitRows, passages: readonly Row[]): SplitRows {
  const splitOf = new Map(SPLITS.flatMap((name) => rows[name].map((row) => [row, name] as const)));
  const before = new Map(passages.map((row, index) => [row, passages[index - 1]]));
  const apart = (row: Row, name: SplitName): Row => {
    const [fresh, previous] = [row.passage?.fresh, before.get(row)];
    const other = previous && splitOf.get(previous);
    if (fresh === undefined || other === undefined || other === name) return row;
    return { ...row, kind: "example", example: { prompt: "", completion: fresh } };
  };
  return bySplit((name) => rows[name].map((row) => apart(row, name)));
}

/** The passages directly before and after others in their document. */
function neighbours(passages: readonly Row[], taken: readonly Row[]): Set<Row> {
  const isTaken = new Set(taken);
  const beside = new Set<Row>();
  for (const [index, row] of passages.entries()) {
    for (const other of [passages[index - 1], passages[index + 1]])
      if (isTaken.has(row) && other && documentOf(other) === documentOf(row)) beside.add(other);
  }
  return beside;
}
