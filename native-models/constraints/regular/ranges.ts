/** Sets of characters: ascending, disjoint ranges of Unicode scalar values, both ends included. */
export type Ranges = readonly (readonly [first: number, last: number])[];

export const HIGHEST = 0x10ffff;

/** Every character; halves of surrogate pairs do not count. */
export const ALL: Ranges = [
  [0, 0xd7ff],
  [0xe000, HIGHEST],
];

export const only = (character: string): Ranges => {
  const code = character.codePointAt(0)!;
  return [[code, code]];
};

function intersection(a: Ranges, b: Ranges): Ranges {
  const shared: [number, number][] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const [first, last] = [Math.max(a[i]![0], b[j]![0]), Math.min(a[i]![1], b[j]![1])];
    if (first <= last) shared.push([first, last]);
    if (a[i]![1] < b[j]![1]) i++;
    else j++;
  }
  return shared;
}

/** The characters of `whole` that are not in `set`. */
export function without(whole: Ranges, set: Ranges): Ranges {
  const gaps: [number, number][] = [];
  let next = 0;
  for (const [first, last] of set) {
    if (next < first) gaps.push([next, first - 1]);
    next = last + 1;
  }
  if (next <= HIGHEST) gaps.push([next, HIGHEST]);
  return intersection(whole, gaps);
}

/** Whether a text has only these characters. */
export const isOf = (set: Ranges, text: string): boolean =>
  set === ALL ||
  Array.from(text).every((character) => {
    const code = character.codePointAt(0)!;
    return set.some(([first, last]) => first <= code && code <= last);
  });

const known = new Map<string, Ranges>();
const MOST_KNOWN = 1000;
let every: string | undefined;

/**
 * The characters that a class, an escape or a dot of a regular expression matches with the flag `u`, found by running JavaScript's own
 * regular expressions. Throws SyntaxError.
 */
export function rangesMatching(source: string): Ranges {
  const before = source === "\\d" ? DIGITS : (known.get(source) ?? simpleClass(source));
  if (before) return before;
  every ??= everyCharacter();
  const runs: [number, number][] = [];
  for (const { 0: run, index } of every.matchAll(new RegExp(`(?:${source})+`, "gu")))
    runs.push([every.codePointAt(index)!, lastCharacter(run)]);
  const ranges = intersection(runs, ALL);
  if (known.size === MOST_KNOWN) known.clear();
  known.set(source, ranges);
  return ranges;
}

const DIGITS: Ranges = [[0x30, 0x39]];

/** A class of letters, digits and ranges of them in ascending order, which can be read directly. */
function simpleClass(source: string): Ranges | undefined {
  if (!/^\[(?:[A-Za-z0-9](?:-[A-Za-z0-9])?)+\]$/.test(source)) return undefined;
  const ranges = Array.from(source.slice(1, -1).matchAll(/(.)(?:-(.))?/g), ([, first, last = first]) => {
    return [first!.charCodeAt(0), last!.charCodeAt(0)] as const;
  });
  return ranges.every(([first], index) => index === 0 || first > ranges[index - 1]![1] + 1)
    ? ranges
    : undefined;
}

function everyCharacter(): string {
  const characters: string[] = [];
  for (const [first, last] of ALL)
    for (let code = first; code <= last; code++) characters.push(String.fromCodePoint(code));
  return characters.join("");
}

function lastCharacter(text: string): number {
  const pair = text.length > 1 ? text.codePointAt(text.length - 2)! : 0;
  return pair > 0xffff ? pair : text.codePointAt(text.length - 1)!;
}
