/** Postal addresses: a street with its house number, a post box, and the town after it. German, British, North American. */
import type { Found, Span } from "./found.ts";
import { isLabelled, labelOf } from "./labels.ts";

/** How many characters before and after a house number may belong to its address. */
const REACH_BEFORE = 70;
const REACH_AFTER = 110;

const WORD = "\\p{Lu}[\\p{L}'’-]{0,30}\\.?";
/** What may be between a street and its town: a comma, a mark between cells, a line end. */
const BETWEEN = `(?: {0,2}[,;|·•]? {0,2}\\n? {0,8})`;

const STREET_END =
  "(?:stra(?:ß|ss)e|str\\.?|weg|platz|allee|gasse|gässchen|ring|damm|ufer|chaussee|steige?|stiege|hof|markt|graben|pfad|promenade|park|anger|wall|winkel|kamp|zeile|siedlung|brücke|berg|feld|garten|gärten|grund|höhe|tor|twiete|redder|stieg|bogen|hang|wiesen?|äcker|acker|rain|leite|halde|bach|tal)";
const STREET_WORD =
  "(?:Stra(?:ß|ss)e|Str\\.?|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Steig|Hof|Markt|Graben|Pfad|Promenade|Park|Wall)";
const ADJECTIVE =
  "(?:Alte[rs]?|Neue[rs]?|Große[rs]?|Kleine[rs]?|Lange[rs]?|Kurze[rs]?|Hohe[rs]?|Obere[rs]?|Untere[rs]?|Äußere[rs]?|Innere[rs]?|Linke|Rechte|Sankt|St\\.|\\p{Lu}\\p{Ll}{1,20}er(?= Hauptstra(?:ß|ss)e))";
/** "Lindenweg", "Alte Poststraße", "Berliner Str.", "Karl-Marx-Allee". */
const germanStreet = new RegExp(
  `(?<![\\p{L}\\d-])(?:(?:${ADJECTIVE} )?\\p{Lu}[\\p{L}.-]{0,40}(?:${STREET_END}|-${STREET_WORD})|(?:${WORD} ){1,2}?${STREET_WORD}) ?$`,
  "u",
);
/** "Am Alten Markt", "Unter den Linden": only where a town follows. */
const germanPlace = new RegExp(
  `(?<![\\p{L}\\d-])(?:Am|An|Auf|Im|In|Zum|Zur|Unter|Hinter|Vor|Beim|Bei|Über|Neben) (?:de[rnm] |das )?(?:${WORD} ){1,3}$`,
  "u",
);
/** Where a flat is, after a house number: ", Stiege 3", "/2. Stock", "/Top 4". */
const FLOOR = `[,/]? ?(?:\\d{1,2}\\. ?)?(?:Stiege|Stg|Stock|EG|OG|DG|Top|Tür)\\.?(?: ?\\d{1,3}[a-z]?)?(?![\\p{L}\\d])`;
const HOUSE = `\\d{1,4}(?: ?[a-zA-Z](?![\\p{L}\\d]))?(?:${FLOOR}| ?[-–/] ?\\d{1,4}[a-z]?){0,4}(?![\\d\\p{L}]|[.,]\\d|[%‰])`;
const LONGEST_HOUSE = 60;
const houseNumber = new RegExp(`^${HOUSE}`, "u");
const GERMAN_TOWN = `(?:(?:D|DE|A|AT|CH)-)?\\d{4,5} \\p{Lu}\\p{L}{1,30}(?:[-/ ](?:\\p{Lu}\\p{L}{1,30}|am|an|der|im|bei|in|vor|ob|a\\. ?[A-Z]\\.)(?![\\p{L}])){0,3}`;
const germanTownHere = new RegExp(`^${GERMAN_TOWN}`, "u");
const germanTownNext = new RegExp(`^${BETWEEN}${GERMAN_TOWN}`, "u");

const ENGLISH_END =
  "(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Close|Court|Ct|Place|Pl|Crescent|Cres|Terrace|Gardens|Gdns|Way|Boulevard|Blvd|Square|Sq|Row|Mews|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Walk|Grove|Rise|Trail|Quay|Wharf|Hill|Green|Park|View|Parade)";
const UNIT = `(?:(?:Flat|Apartment|Apt|Suite|Ste|Unit|Room|Floor)\\.? ?\\w{1,6}|# ?\\w{1,6})`;
const englishStreet = new RegExp(
  `^\\d{1,5}[A-Za-z]?(?:[-–]\\d{1,5})? (?:(?:${WORD}|\\d{1,3}(?:st|nd|rd|th)) ){1,5}?${ENGLISH_END}(?![\\p{L}\\d'’])\\.?(?:,? ${UNIT})?`,
  "u",
);
const unitName = new RegExp(`(?<!\\p{L})(?:Flat|Apartment|Apt|Suite|Ste|Unit|Room|Floor)\\.? $`, "u");
const unitBefore = new RegExp(`(?<!\\p{L})${UNIT},? $`, "u");
const POSTCODE = "[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}(?![\\p{L}\\d])";
const ZIP = `(?:[A-Z]{2}\\.?|${WORD}) \\d{5}(?:-\\d{4})?(?![\\p{L}\\d])`;
const TOWN_WORDS = `(?:${WORD}[ -](?:(?:upon|on|under|of|the|in|by|le|next)[ -]){0,2}){0,3}${WORD}`;
const englishTownNext = new RegExp(
  `^${BETWEEN}(?:${TOWN_WORDS}(?:, ?| ?\\n {0,8}| )){0,3}(?:${POSTCODE}|${ZIP})`,
  "u",
);

const NUMBER = /(?<![\p{L}\d.,/-])\d{1,5}(?!\d)/gu;
const postBox = /(?<!\p{L})(?:Postfach|P\.? ?O\.? ?Box) \d[\d ]{0,8}/gu;
const germanTown = new RegExp(`(?<![\\p{L}\\d.,-])${GERMAN_TOWN}`, "gu");
const postcode = new RegExp(`(?<![\\p{L}\\d])${POSTCODE}`, "gu");
const TOWN_LABEL = labelOf(
  "plz(?: ?[/,] ?(?:wohn)?ort)?|postleitzahl|wohnhaft(?: in)?|wohnort|anschrift|adresse|wohnsitz",
  true,
);
/** A postcode whose town is elsewhere, as in a table with a column for each. */
const postcodeAlone = /(?<![\p{L}\d.,-])(?:\d{4,5}|\d{5}-\d{4})(?![\p{L}\d]|[.,-]\d)/gu;
const POSTCODE_LABEL = labelOf("plz|postleitzahl|zip(?: code)?|postal code", true);
const STREET_LABEL = labelOf(
  "wohnhaft|wohnt|(?:wohn|post|privat|melde)?(?:anschrift|adresse)|stra(?:ß|ss)e(?: ?(?:und|/|,|&) ?(?:haus-?)?n(?:umme)?r\\.?)?|(?:home|postal|mailing)? ?address|residing at|resident (?:at|of)|lives at|living at",
  true,
);
/** A street of any name, where a label says that it is one. */
const anyStreet = new RegExp(
  `(?<![\\p{L}\\d-])(?:${WORD}|\\p{Ll}{2,4}) (?:(?:${WORD}|\\p{Ll}{2,4}) ){0,3}$`,
  "u",
);

export function* addresses(text: string): Generator<Found> {
  if (!/\d/.test(text)) return;
  for (const { index } of text.matchAll(NUMBER)) {
    const found = germanAt(text, index) ?? englishAt(text, index);
    if (found) yield { kind: "address", ...found };
  }
  for (const { index, 0: box } of text.matchAll(postBox)) {
    const end = index + box.trimEnd().length;
    yield { kind: "address", start: index, end: townAfter(text, end, germanTownNext, englishTownNext) };
  }
  for (const { index, 0: town } of text.matchAll(germanTown))
    if (isLabelled(text, index, TOWN_LABEL))
      yield { kind: "address", start: index, end: index + town.length };
  for (const { index, 0: code } of text.matchAll(postcodeAlone))
    if (isLabelled(text, index, POSTCODE_LABEL))
      yield { kind: "address", start: index, end: index + code.length };
  for (const { index, 0: code } of text.matchAll(postcode))
    yield { kind: "address", start: index, end: index + code.length };
}

/** An address with the street before the number. */
function germanAt(text: string, at: number): Span | null {
  const before = text.slice(Math.max(0, at - REACH_BEFORE), at);
  if (!/[\p{L}.] ?$/u.test(before)) return null;
  const house = houseNumber.exec(text.slice(at, at + LONGEST_HOUSE))?.[0];
  if (house === undefined) return null;
  const end = at + house.length;
  const withTown = townAfter(text, end, germanTownNext);
  const street = germanStreet.exec(before) ?? (withTown > end ? germanPlace.exec(before) : null);
  if (street) return { start: at - street[0].length, end: withTown };
  const isOther = unitName.test(before) || germanTownHere.test(text.slice(at, at + REACH_AFTER)); // "in 1010 Wien"
  const any = isOther ? null : anyStreet.exec(before);
  const start = any ? at - any[0].length : at;
  return any && isLabelled(text, start, STREET_LABEL) ? { start, end: withTown } : null;
}

/** An address with the number before the street. */
function englishAt(text: string, at: number): Span | null {
  const after = text.slice(at, at + REACH_AFTER);
  const street = englishStreet.exec(after);
  if (!street) return null;
  const unit = unitBefore.exec(text.slice(Math.max(0, at - 20), at))?.[0] ?? "";
  return { start: at - unit.length, end: townAfter(text, at + street[0].length, englishTownNext) };
}

/** Where the town after a street ends, or the street itself if no town follows. */
function townAfter(text: string, end: number, ...patterns: readonly RegExp[]): number {
  const after = text.slice(end, end + REACH_AFTER);
  for (const pattern of patterns) {
    const town = pattern.exec(after);
    if (town) return end + town[0].length;
  }
  return end;
}
