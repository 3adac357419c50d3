/** The forms of postal addresses: a street with its house number, a post box, and the town after it. German, British, North American. */
const WORD = "\\p{Lu}[\\p{L}'’-]{0,30}\\.?";
/** What may be between a street and its town: a comma, a mark between cells, a line end. */
const BETWEEN = `(?: {0,2}[,;|·•]? {0,2}\\n? {0,8})`;

const STREET_END =
  "(?:stra(?:ß|ss)e|str\\.?|weg|platz|allee|gasse|gässchen|ring|damm|ufer|chaussee|steige?|stiege|hof|markt|graben|pfad|promenade|park|anger|wall|winkel|kamp|zeile|siedlung|brücke|berg|feld|garten|gärten|grund|höhe|tor|twiete|redder|stieg|bogen|hang|wiesen?|äcker|acker|rain|leite|halde|bach|tal)";
const STREET_WORD =
  "(?:Stra(?:ß|ss)e|Str\\.?|Weg|Platz|Allee|Gasse|Ring|Damm|Ufer|Chaussee|Steig|Hof|Markt|Graben|Pfad|Promenade|Park|Wall)";
const ADJECTIVE =
  "(?:Alte[rs]?|Neue[rs]?|Große[rs]?|Kleine[rs]?|Lange[rs]?|Kurze[rs]?|Hohe[rs]?|Obere[rs]?|Untere[rs]?|Äußere[rs]?|Innere[rs]?|Linke|Rechte|Sankt|St\\.|\\p{Lu}\\p{Ll}{1,20}er(?= Hauptstra(?:ß|ss)e))";
/** Where a flat is, after a house number: ", Stiege 3", "/2. Stock", "/Top 4". */
const FLOOR = `[,/]? ?(?:\\d{1,2}\\. ?)?(?:Stiege|Stg|Stock|EG|OG|DG|Top|Tür)\\.?(?: ?\\d{1,3}[a-z]?)?(?![\\p{L}\\d])`;
const HOUSE = `\\d{1,4}(?: ?[a-zA-Z](?![\\p{L}\\d]))?(?:${FLOOR}| ?[-–/] ?\\d{1,4}[a-z]?){0,4}(?![\\d\\p{L}]|[.,]\\d|[%‰])`;
export const GERMAN_TOWN = `(?:(?:D|DE|A|AT|CH)-)?\\d{4,5} \\p{Lu}\\p{L}{1,30}(?:[-/ ](?:\\p{Lu}\\p{L}{1,30}|am|an|der|im|bei|in|vor|ob|a\\. ?[A-Z]\\.)(?![\\p{L}])){0,3}`;
const ENGLISH_END =
  "(?:Street|St|Road|Rd|Avenue|Ave|Av|Lane|Ln|Drive|Dr|Close|Court|Ct|Place|Pl|Crescent|Cres|Terrace|Gardens|Gdns|Way|Boulevard|Blvd|Square|Sq|Row|Mews|Parkway|Pkwy|Highway|Hwy|Circle|Cir|Walk|Grove|Rise|Trail|Quay|Wharf|Hill|Green|Park|View|Parade)";
const UNIT = `(?:(?:Flat|Apartment|Apt|Suite|Ste|Unit|Room|Floor)\\.? ?\\w{1,6}|# ?\\w{1,6})`;
export const POSTCODE = "[A-Z]{1,2}\\d[A-Z\\d]? \\d[A-Z]{2}(?![\\p{L}\\d])";
const ZIP = `(?:[A-Z]{2}\\.?|${WORD}) \\d{5}(?:-\\d{4})?(?![\\p{L}\\d])`;
const TOWN_WORDS = `(?:${WORD}[ -](?:(?:upon|on|under|of|the|in|by|le|next)[ -]){0,2}){0,3}${WORD}`;
/** What may follow a street: the town. */
const GERMAN_REST = `(?:${BETWEEN}${GERMAN_TOWN})?`;
const ENGLISH_REST = `(?:${BETWEEN}(?:${TOWN_WORDS}(?:, ?| ?\\n {0,8}| )){0,3}(?:${POSTCODE}|${ZIP}))?`;

/** "Lindenweg 3", "Alte Poststraße 5a, 12345 Husum", "Berliner Str. 1", "Karl-Marx-Allee 12". */
export const GERMAN_STREET = `(?:(?:${ADJECTIVE} )?\\p{Lu}[\\p{L}.-]{0,40}(?:${STREET_END}|-${STREET_WORD})|(?:${WORD} ){1,2}?${STREET_WORD}) ?${HOUSE}${GERMAN_REST}`;
/** "Am Alten Markt 5", "Unter den Linden 3": only where a town follows. */
export const GERMAN_PLACE = `(?:Am|An|Auf|Im|In|Zum|Zur|Unter|Hinter|Vor|Beim|Bei|Über|Neben) (?:de[rnm] |das )?(?:${WORD} ){1,3}${HOUSE}${BETWEEN}${GERMAN_TOWN}`;
export const ENGLISH_STREET = `(?:${UNIT},? )?(?<!/)\\d{1,5}[A-Za-z]?(?:[-–]\\d{1,5})? (?:(?:${WORD}|\\d{1,3}(?:st|nd|rd|th)) ){1,5}?${ENGLISH_END}(?![\\p{L}\\d'’])\\.?(?:,? ${UNIT})?${ENGLISH_REST}`;
export const POST_BOX = `(?:Postfach|P\\.? ?O\\.? ?Box) \\d(?:[\\d ]{0,7}\\d)?(?:${BETWEEN}${GERMAN_TOWN}|${ENGLISH_REST})`;
/** A street of any name, for after a label. */
export const ANY_STREET = `(?:${WORD}|\\p{Ll}{2,4}) (?:(?:${WORD}|\\p{Ll}{2,4}) ){0,3}(?!${GERMAN_TOWN})${HOUSE}${GERMAN_REST}`;
