/** Joins lines: words that were split at a line end become one again; compounds keep their hyphens. */

/** What a document's text says about its words. */
export interface KnownWords {
  /** Compounds that occur within a line with their hyphen, in lower case. */
  readonly compounds: ReadonlySet<string>;
  /** All other words of two letters and more, in lower case. */
  readonly words: ReadonlySet<string>;
}

const NOTHING_KNOWN: KnownWords = { compounds: new Set(), words: new Set() };

/** First parts after which English and German words keep their hyphen. */
const FIRST_PARTS = /^(?:self|well|ill|half|ex|all|cross|high|low|long|short|full|part|ever|so)$/;
/** "Haupt- und Nebensache": the hyphen stands for a part that comes later. */
const SUSPENDED = /^(?:und|oder|bzw\.?|sowie|bis|and|or|to)$/;
/** Chinese and Japanese characters, and their marks. */
export const WRITTEN_WITHOUT_SPACES = /[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]/;

/** "COVID-19", "2-malige", "Vers.-Nr.": next to a digit or an abbreviation, the hyphen belongs to the word. */
const BESIDE_OTHERS = [/(?:[\p{L}\p{N}]|\p{L}\.)[-\u2010\u00ad]$/u, /^[\p{L}\p{N}]/u] as const;

/** A web address is broken after or before a punctuation mark. */
const ADDRESS_GOES_ON = [
  [/:\/\/\S*[/&=?_#-]$/, /^\S/],
  [/:\/\/\S+$/, /^[/&=?_#]\S/],
] as const;

/** The words of lines of text. */
export function knownWords(lines: Iterable<string>): KnownWords {
  const compounds = new Set<string>();
  const words = new Set<string>();
  for (const line of lines) {
    const lower = line.toLowerCase();
    for (const [found] of lower.matchAll(/\p{L}+(?:-\p{L}+)+/gu)) compounds.add(found);
    for (const [found] of lower.matchAll(/(?<![\p{L}-])\p{L}{2,}(?![\p{L}-])/gu)) words.add(found);
  }
  return { compounds, words };
}

/** Joins a line and the next one. */
export function joinLines(text: string, next: string, known = NOTHING_KNOWN): string {
  if (text === "" || next === "") return text + next;
  const before = /(\p{L}+)[-\u2010\u00ad]$/u.exec(text)?.[1];
  const after = /^\p{L}+\.?/u.exec(next)?.[0];
  if (before === undefined || after === undefined) {
    if (ADDRESS_GOES_ON.some(([end, start]) => end.test(text) && start.test(next))) return text + next;
    const isOneWord = BESIDE_OTHERS[0].test(text) && BESIDE_OTHERS[1].test(next);
    if (isOneWord && !SUSPENDED.test(after ?? "")) return text.replace(/\u00ad$/, "") + next;
    const isUnspaced = WRITTEN_WITHOUT_SPACES.test(text.slice(-1)) && WRITTEN_WITHOUT_SPACES.test(next[0]!);
    return isUnspaced ? text + next : `${text.replace(/\u00ad$/, "")} ${next}`;
  }
  if (text.endsWith("\u00ad")) return text.slice(0, -1) + next;
  if (SUSPENDED.test(after)) return `${text} ${next}`;
  return keepsHyphen(before, after.replace(/\.$/, ""), known) ? text + next : text.slice(0, -1) + next;
}

function keepsHyphen(before: string, after: string, { compounds, words }: KnownWords): boolean {
  const [first, second] = [before.toLowerCase(), after.toLowerCase()];
  if (compounds.has(`${first}-${second}`)) return true;
  const isOneWord = /^\p{Ll}/u.test(after) || /^\p{Lu}{2,} \p{Lu}{2,}$/u.test(`${before} ${after}`);
  if (!isOneWord) return true;
  if (words.has(first + second)) return false;
  return FIRST_PARTS.test(first) && words.has(second);
}
