/**
 * Splits a text in any language into sentences; full stops of abbreviations, dates and ordinal numbers do not end one.
 * Intl.Segmenter is not used because it takes minutes for a megabyte in Electron 22.
 */

/**
 * Characters that may close a sentence after its mark, for use within brackets of a regular expression. What opens a quotation in English
 * closes one in German: „so.“ and »so.«
 */
export const CLOSING = String.raw`"'”“’‘»«›‹)\]`;

/**
 * Marks that may end a sentence, with closing characters and white space after them; and line breaks. A row of dots is searched once, not again
 * from each of them.
 */
const ENDS = new RegExp(
  String.raw`(?<![.!?…؟])[.!?…؟]+[${CLOSING}]*\s+|[。！？]+["'”’」』）]*\s*|\n\s*`,
  "g",
);

/** A word or number with its full stop at the end of a text, and the text before it. */
const LAST_WORD = new RegExp(String.raw`^(.*?)([\p{L}\p{N}.]+)\.[${CLOSING}]*\s*$`, "su");

function* segmentsOf(text: string): Generator<string> {
  let start = 0;
  for (const { index, 0: mark } of text.matchAll(ENDS)) {
    yield text.slice(start, index + mark.length);
    start = index + mark.length;
  }
  if (start < text.length) yield text.slice(start);
}

/** The sentences in order, each with the white space after it: joined, they are the text again. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  let end = 0;
  for (const segment of segmentsOf(text.replace(WRAPPED, " "))) {
    const before = text.slice(Math.max(start, end - LONGEST_CONTEXT), end);
    if (end > start && !goesOn(before, text.slice(end, end + LONGEST_CONTEXT))) {
      sentences.push(text.slice(start, end));
      start = end;
    }
    end += segment.length;
  }
  return end > start ? [...sentences, text.slice(start, end)] : sentences;
}

/** A line break within a sentence, not before an item of a list. */
const WRAPPED = /\n(?![^\S\n]*(?:[-*•–|]|\d+[.)]\s|\n))/g;

/** Characters before and after a full stop that decide what it means. */
const LONGEST_CONTEXT = 40;

/** Abbreviations, most of them German and English, that are followed by what they belong to. "etc." and "usw." may end a sentence. */
const ABBREVIATIONS = new Set(
  `abb abs anl anm approx apr aug az bd bl bspw bzgl bzw ca cf cl co corp dec dept dez dipl dr ebd eq evtl feb fig figs ff frl
 geb gem ggf gov hr hrsg inc inkl insb jan jg jul jun kap lit lt ltd mio mrd mr mrs ms mt nov nr okt oct para
 paras pp prof rd rev rn rnr rz sec sect sep sept sog st stv tab tel tz ua usc u.a vgl vol vols vs z.b zit ziff zzgl al 
 lfd mag mwst nat phil rer iur med vers hl ehem einschl bes entspr sv exkl jh jhd jr sr rdn rdnr fn hs bgbl drs gez pat tbl
 rgbl stgbl lgbl bst fa fam fr hrn dres univ priv
 janv févr juil chap sig dott avv geom lett pag d.lgs ust poz inż zm ст ул пп стр άρθρ παρ αριθ σελ κεφ sn bkz cad`.split(
    /\s+/,
  ),
);
/** Abbreviations that are also words: they need a number after them, as in "Art. 5", "No. 5". */
const ALSO_WORDS = new Set([
  "alt",
  "art",
  "est",
  "fed",
  "gen",
  "ing",
  "max",
  "min",
  "no",
  "op",
  "par",
  "sen",
  "str",
]);
/** A number, also in Roman numerals or as French codes have them: "Art. 5", "Art. XVI", "art. L. 121-1". */
const BELONGS_TO_WORD = /^\s*(?:[\p{N}§]|[IVXLC]{2,}\b|[LRDA]\. ?\p{N})/u;
/** Words that precede an ordinal number in German: "am 3. Oktober", "der 2. Senat". */
const BEFORE_ORDINAL =
  /(?:^|\s)(?:a[bm]|bis|d(?:as|e[mnrs]|ie)|ei?ne?[mnrs]?|i[mn]|jede[mnrs]?|seit|und|vo[mn]|zu[mr]?)$/i;
const MONTH =
  /^(?:Jan(?:uar|uary)?|Jänner|Feb(?:er|ruar|ruary)?|März|March|Apr(?:il)?|Mai|May|Jun[ie]|Jul[iy]|Aug(?:ust)?|Sept?(?:ember)?|O[kc]t(?:ober)?|Nov(?:ember)?|De[zc](?:ember)?)\b/;

/** Whether a number is the day or month of a date with spaces: "1. 3. 2024". */
function isInDate(before: string, number: string, after: string): boolean {
  if (number.length > 2) return false;
  const isDay = /^\d{1,2}\.\s*\d{4}(?!\d)/.test(after);
  return isDay || (/(?<!\d)\d{1,2}\.\s*$/.test(before) && /^\d{4}(?!\d)/.test(after));
}

/** Whether a sentence continues after what looks like its end. */
function goesOn(before: string, after: string): boolean {
  if (/^\s*[\p{Ll}),;]/u.test(after)) return true;
  const [, rest, word] = LAST_WORD.exec(before) ?? [];
  if (word === undefined) return false;
  if (/^\p{N}+$/u.test(word)) {
    const isOrdinal = word.length <= 2 && (BEFORE_ORDINAL.test(rest!.trimEnd()) || MONTH.test(after));
    return rest!.trim() === "" || isOrdinal || isInDate(rest!, word, after);
  }
  const folded = word.toLowerCase();
  if (ALSO_WORDS.has(folded)) return BELONGS_TO_WORD.test(after);
  const isInitial = /^(?:.*\.)?\p{L}$/u.test(word) && !rest!.endsWith("°");
  return isInitial || ABBREVIATIONS.has(folded);
}
