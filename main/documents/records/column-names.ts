/** Common column names, in our readers' languages, by role. */

/** The possible roles of a column. */
export type Role =
  | "system"
  | "history"
  | "context"
  | "prompt"
  | "input"
  | "completion"
  | "choices"
  | "answer"
  | "label"
  | "messages"
  | "text"
  | "group";

/** By role, the likelier names first; each in the form of `foldedName`. */
const NAMES: Record<Role, readonly string[]> = {
  system: ["system", "system prompt", "system message", "system instruction"],
  history: ["history"],
  context: ["context", "ctx", "passage", "article", "support", "premise", "background", "abstract", "clause text", "clause", "paragraph", "kontext", "hintergrund", "contexte", "contexto", "contesto"],
  prompt: ["question", "instruction", "prompt", "query", "problem", "question text", "question stem", "user", "human", "q", "request", "goal", "sentence", "frage", "fragetext", "fragestellung", "anweisung", "aufgabe", "anfrage", "pregunta", "domanda", "pergunta", "vraag", "pytanie", "вопрос", "ερωτηση", "soru", "otazka", "kerdes", "fraga", "שאלה", "質問", "問題", "问题"],
  input: ["input", "eingabe", "entrada"],
  completion: ["completion", "output", "response", "answer", "reply", "answer text", "target", "assistant", "solution", "a", "antwort", "antworttext", "ausgabe", "losung", "loesung", "reponse", "respuesta", "risposta", "resposta", "antwoord", "odpowiedz", "ответ", "απαντηση", "cevap", "yanıt", "odpoved", "valasz", "svar", "תשובה", "回答", "答え", "答案"],
  choices: ["choices", "options", "answers", "alternatives", "candidates", "endings", "antworten", "optionen", "auswahl", "antwortmoglichkeiten", "antwortmoeglichkeiten"],
  answer: ["answer", "correct answer", "right answer", "correct option", "correct choice", "correct", "label", "answer key", "answer idx", "answer index", "correct index", "correct answer index", "correct idx", "gold index", "gold label", "answer letter", "cop", "gold", "target", "key", "solution", "richtig", "richtige antwort", "korrekte antwort", "antwort", "losung", "loesung", "reponse", "respuesta", "risposta", "resposta", "odpowiedz", "ответ", "απαντηση", "cevap", "yanıt", "odpoved", "valasz", "svar", "תשובה", "回答", "答え", "答案"],
  label: ["label", "kto tag"],
  messages: ["messages", "conversations", "conversation", "chat", "dialog", "dialogue", "turns", "gesprach"],
  text: ["text", "content", "body", "page content", "inhalt", "document", "article", "texte", "texto", "testo", "tekst", "текст", "κειμενο", "metin", "טקסט", "本文", "文本"],
  group: ["group", "contract", "document id", "case", "patient", "source", "file", "gruppe", "vertrag", "akte"],
}; // prettier-ignore

/** The stems of columns with one choice each, as in "option_a", "option_b" or "A", "B". */
const CHOICE_STEMS = ["", "option", "options", "choice", "ending", "sol", "solution", "opt", "op", "answer", "ans", "alternative", "antwort", "auswahl", "wahl", "antwortmoglichkeit", "antwortmoeglichkeit", "opcion", "opzione"]; // prettier-ignore

/** The names folded so far: every record of a file has the same. */
const folded = new Map<string, string>();
const MOST_FOLDED = 10_000;
const LONGEST_FOLDED_CHARACTERS = 100;

/** A name in lower case without accents, its words separated by one space: "correctAnswer" and "correct_answer" are equal. */
export function foldedName(name: string): string {
  const known = folded.get(name);
  if (known !== undefined) return known;
  if (folded.size >= MOST_FOLDED) folded.clear();
  const found = fold(name);
  if (name.length <= LONGEST_FOLDED_CHARACTERS) folded.set(name, found);
  return found;
}

function fold(name: string): string {
  return name
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .normalize("NFD")
    .replace(/\p{Mn}/gu, "")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
}

/** No sensible table has more columns; those after it are not read. */
export const MOST_COLUMNS = 1000;

/** The column with the likeliest name for a role. */
export function columnFor(role: Role, columns: readonly string[]): string | undefined {
  for (const name of NAMES[role]) {
    const found = columns.find((column) => foldedName(column) === name);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Whether a name is a year, as in "Item | 2022 | 2023". */
export const isYear = (name: string): boolean => /^(19|20)\d\d$/.test(name.trim());

/** The name of an unnamed column, numbered from 1. */
export const noName = (number: number): string => `column ${number}`;

/** The cells of a table's header: empty for columns that have no name. */
export const namesIn = (columns: readonly string[]): string[] =>
  columns.map((column) => (/^column \d+$/.test(column) ? "" : column));

/** Whether a column's name indicates its role. */
export function isKnownName(column: string): boolean {
  return Object.values(NAMES).some((names) => names.includes(foldedName(column)));
}

/** The columns with one choice each, in order; at least two, starting at "a", "0" or "1" without a gap. */
export function choiceColumns(columns: readonly string[]): string[] {
  const families = new Map<string, { column: string; place: string }[]>();
  for (const column of columns) {
    const match = /^(.*?) ?([a-z]|\d{1,2})$/.exec(foldedName(column));
    if (!match || !CHOICE_STEMS.includes(match[1]!)) continue;
    const key = `${match[1]!} ${/\d/.test(match[2]!) ? "number" : "letter"}`;
    families.set(key, [...(families.get(key) ?? []), { column, place: match[2]! }]);
  }
  for (const family of families.values()) {
    const found = inOrder(family);
    if (found.length >= 2) return found;
  }
  return [];
}

/** The columns from the first on, up to the first gap. */
function inOrder(family: readonly { column: string; place: string }[]): string[] {
  const isNumber = /\d/.test(family[0]!.place);
  const number = (place: string) => (isNumber ? Number(place) : place.charCodeAt(0) - 97);
  const sorted = [...family].sort((a, b) => number(a.place) - number(b.place));
  const first = number(sorted[0]!.place);
  if (first > (isNumber ? 1 : 0)) return [];
  const gap = sorted.findIndex(({ place }, index) => number(place) !== first + index);
  return sorted.slice(0, gap < 0 ? undefined : gap).map(({ column }) => column);
}
