/** Names on lines of their own in letters: in the greeting, below the closing, and in other signatures. */
import type { FoundNames } from "./found-names.ts";
import { CLOSING, GREETINGS } from "./labels.ts";
import { readName } from "./name-reader.ts";
import { isTitle, isTitlePart } from "./titles.ts";
import { keyOf } from "./words.ts";

const LONGEST_LINE = 14;
/** How many lines below a closing may have the name. */
const SIGNATURE_LINES = 3;
/** A signature that says so itself: "gez. Weber", "i. A. Weber". */
const SIGNED = /^(?:[Gg]ez|[Pp]pa|[Ii]\. [AV])\. /;

/**
 * Adds the name in a line that is a greeting or a signature, or the name below a line that closes a letter. The line has the words from `from` to before
 * `to`.
 */
export function lookAtLine(found: FoundNames, from: number, to: number): void {
  const { words } = found;
  const length = to - from;
  if (length < 1 || length > LONGEST_LINE) return;
  const first = keyOf(words.at(from));
  const greeting = GREETINGS.has(first) ? 1 : GREETINGS.has(`${first} ${keyOf(words.at(from + 1))}`) ? 2 : 0;
  if (greeting > 0) return lookAtGreeting(found, from + greeting, to);
  const line = Array.from({ length }, (_, i) => words.at(from + i))
    .join(" ")
    .replace(/ (?=[,.!])/g, "");
  if (CLOSING.test(line)) lookAtSignature(found, to + 1);
  else if (SIGNED.test(line)) addSignature(found, from, to);
}

function lookAtGreeting(found: FoundNames, from: number, to: number): void {
  const { words } = found;
  const whole = readName(words, from, { evidence: "strong" });
  const read = whole && whole.names.length > 1 ? whole : readName(words, from);
  if (!read || read.names.length > 2 || !(read.to === to || /^[,!–-]$/.test(words.at(read.to)))) return;
  found.add(read, read.names.length === 1 ? "given" : "whole", null);
}

function lookAtSignature(found: FoundNames, from: number): void {
  const { words } = found;
  for (let [line, i] = [0, from]; line < SIGNATURE_LINES && i < words.count;) {
    let end = i;
    while (end < words.count && words.at(end) !== "\n") end++;
    if (end > i) {
      line++;
      if (addSignature(found, i, end)) return;
    }
    i = end + 1;
  }
}

/** Whether a line is a name, perhaps with degrees or an office after a comma. */
function addSignature(found: FoundNames, from: number, end: number): boolean {
  const { words } = found;
  let at = from;
  while (at < end && (isTitle(words, at) || words.at(at) === "." || isTitlePart(words, at))) at++;
  if (/^(?:gez|i|ppa)$/i.test(words.at(at)) && words.at(at + 1) === ".") {
    at += 2;
    if (/^[AV]$/i.test(words.at(at)) && words.at(at + 1) === ".") at += 2;
  }
  const read = readName(words, at, { allowsCapitals: true });
  if (!read || !(read.to === end || /^[,(/–-]$/.test(words.at(read.to)))) return false;
  const isShort = read.names.length === 1 && at === from;
  return found.add(read, isShort ? "given" : "whole", null);
}
