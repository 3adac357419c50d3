/** The notes on a data set in English: the command line shows them, and the card of an exported data set. */
import { inWords } from "../../../native-models/codes.ts";
import type { WordsFor } from "../../../native-models/codes.ts";
import type { Note, Notes } from "../data/data.ts";
import { leftOutText } from "../failures/left-out.ts";
import { placeKindOf } from "../data/places.ts";
import { counted, madeLeftOutText } from "./figures.ts";
import { hiddenText, notReadName } from "./inspection-words.ts";
import { maskedText } from "./personal-words.ts";
import { pageProblemText } from "../failures/page-problem.ts";

const NOTES: WordsFor<Notes> = {
  corrections: "These rows are answers of a model that a person corrected in chat.",
  drawn: ({ rows, of }) => `${counted(rows, "row")} of ${of.toLocaleString("en")} were drawn at random.`,
  "split-off": ({ split, count }) =>
    `No ${split} data was given, so ${counted(count, "row")} of train ${wasOrWere(count)} split off for it.`,
  parting: ({ by, documents, gaps }) => {
    if (by === "documents")
      return `Each of the ${counted(documents, "document")} of text is in one split as a whole.`;
    if (by === "rows")
      return `The texts are ${counted(documents, "document")} with too few passages to split by: what is measured may be on a passage that was learnt, so figures are too good.`;
    const gap = gaps === 0 ? "" : ` ${counted(gaps, "passage")} between them ${isOrAre(gaps)} not used.`;
    return `The texts are ${counted(documents, "document")}, too few to split by, so whole sections were split off.${gap}`;
  },
  masked: ({ kinds }) => maskedText(kinds),
  replies: ({ count }) =>
    `${counted(count, "e-mail")} ${isOrAre(count)} used without quotes of other e-mails in the data; a thread is in one split.`,
  boilerplate: ({ lines, documents, examples, share }) => {
    const such = examples.map(({ text, documents: having }) => `"${text}" (in ${having})`).join(", ");
    const percent = (100 * share).toFixed(share < 0.01 ? 1 : 0);
    return `Text that several of the ${counted(documents, "document")} have is used once: ${counted(lines, "line or sentence", "lines or sentences")}, such as ${such}. Its repetitions, ${percent}% of all text, are left out.`;
  },
  "several-answers": ({ conversations, answers, learnt, keptApart }) => {
    const which =
      learnt === answers
        ? "all of them are learnt"
        : `${counted(learnt, "answer")} of ${answers.toLocaleString("en")} ${isOrAre(learnt)} learnt`;
    const apart =
      keptApart === 0
        ? ""
        : ` ${counted(keptApart, "answer")} ${isOrAre(keptApart)} not, because another split has the same question.`;
    return `${counted(conversations, "conversation")} ${conversations === 1 ? "has" : "have"} several answers: ${which}, each with everything before it as context.${apart}`;
  },
  duplicates: ({ split, count, in: other, nearly }) => {
    const same = `${nearly ? "nearly " : ""}the same text${split === other && !nearly ? " and answer" : ""}`;
    const where = other === "offDomain" ? "the off-domain set" : other;
    return `${counted(count, "row")} ${wasOrWere(count)} removed from ${split} because ${where} ${split === other ? "already " : ""}has ${same}.`;
  },
  few: ({ split, count, of }) => `${split} has only ${counted(count, of)}: figures from them are imprecise.`,
  cloze: ({ split, count }) =>
    `The ${counted(count, "question")} of ${split} ${wasOrWere(count)} made from its documents (cloze): a term of a sentence is masked.`,
  written: ({ split, count, checked }) =>
    `The ${counted(count, "question")} of ${split} ${wasOrWere(count)} written by a model from its documents; a person has checked ${checked} of them.`,
  "written-by": ({ count, model, withPassages, checked }) => {
    const where = withPassages ? "below them" : "without them";
    return count === 1
      ? `One question was written by ${model} from its passages, and stands ${where}; a person has checked ${checked}.`
      : `${count} questions were written by ${model} from its passages, and stand ${where}; a person has checked ${checked}.`;
  },
  "made-left-out": ({ split, count, others }) => madeLeftOutText(split, count, others),
  "no-questions-made": ({ split }) =>
    `No questions could be made from the documents of ${split}: too few of their terms occur in other documents as well.`,
  choices: ({ style, rows }) => {
    const how = style === "letters" ? 'listed with letters ("A. …")' : "not listed, only compared as answers";
    const otherwise =
      style === "letters" ? "differ from question to question" : "are the same for every question";
    return `Choices are ${how}, ${rows > 0 ? `as in ${counted(rows, "training row")}` : `since they ${otherwise}`}.`;
  },
  "running-lines": ({
    lines,
    pdfs,
    examples,
  }: {
    lines: number;
    pdfs: number;
    examples: readonly string[];
  }) =>
    `${counted(lines, "line")} of ${counted(pdfs, "PDF")} ${isOrAre(lines)} left out as headers, footers, page numbers and watermarks, such as ${examples.map((line) => `"${line}"`).join(", ")}.`,
  attachments: ({ count, names }) =>
    `${counted(count, "attachment")} of messages ${isOrAre(count)} left out: ${listed(names, count)}.`,
  "empty-slides": ({ count }) => `${counted(count, "slide")} without text ${isOrAre(count)} skipped.`,
  "left-out": ({ file, format, reason, rows, lines }) => {
    const kind = placeKindOf(format);
    return `${counted(rows, "row")} of ${file} ${isOrAre(rows)} not used: the ${kind} ${leftOutText(reason)} (${kind} ${lines.join(", ")}${rows > lines.length ? ", …" : ""}).`;
  },
  table: ({ file, columns }) =>
    `${file} has no columns of questions, answers or texts that are known, so its rows are read as text: "${listed(columns.map((column) => `${column}: …`))}".`,
  "unused-columns": ({ file, columns }) => `Columns of ${file} that are not used: ${listed(columns)}.`,
  "unread-sheets": ({ file, sheets }) =>
    `Sheets of ${file} that are not read (hidden, without a table, or with other columns): ${listed(sheets)}.`,
  hidden: ({ file, rows, columns }) =>
    `${hiddenText({ rows, columns })} of ${file} ${isOrAre(rows + columns)} left out.`,
  "scanned-pages": ({ file, pages }) =>
    `${pagesText(pages)} of ${file} ${isOrAre(pages.length)} scanned: their text is not read without text recognition (OCR).`,
  "unmapped-pages": ({ file, pages }) =>
    `${pagesText(pages)} of ${file} ${isOrAre(pages.length)} left out: the file does not say which characters the letters are. Text recognition (OCR) can read them.`,
  "failed-pages": ({ file, pages, problem, isFinal }) =>
    `${pagesText(pages)} of ${file} ${isOrAre(pages.length)} not read: text recognition (OCR) ${isFinal ? "failed" : "was interrupted"} (${pageProblemText(problem)}).`,
  "empty-pages": ({ file, count }) =>
    `${counted(count, "page")} of ${file} without text ${isOrAre(count)} skipped.`,
  "recognised-pages": ({ file, count }) =>
    `The text of ${counted(count, "page")} of ${file} was recognised (OCR) and may contain mistakes.`,
  "unread-imports": ({ file, count }) =>
    `${counted(count, "file")} that ${file} imports cannot be read. Open the document in Word and save it to use ${count === 1 ? "it" : "them"}.`,
  "unread-drawings": ({ file, count }) =>
    `${counted(count, "diagram or chart", "diagrams or charts")} of ${file} ${isOrAre(count)} not read. Add what ${count === 1 ? "it shows" : "they show"} as text or a table.`,
  "hidden-characters": ({ file, count }) =>
    `${counted(count, "character")} of ${file} that cannot be seen on its pages ${isOrAre(count)} left out.`,
  "not-read": ({ files }) => `Not read: ${listed(files.map(notReadName))}.`,
};

/** A note as a sentence. */
export const noteText = (note: Note): string => inWords<Notes>(NOTES, note);

const isOrAre = (count: number) => (count === 1 ? "is" : "are");
const wasOrWere = (count: number) => (count === 1 ? "was" : "were");

/** "Page 3", "Pages 3 and 7", "Pages 3, 7, 8 and 5 more". */
function pagesText(pages: readonly number[]): string {
  if (pages.length === 1) return `Page ${pages[0]}`;
  const most = pages.length > 6 ? 5 : pages.length - 1;
  const last = pages.length > 6 ? `${pages.length - most} more` : String(pages[most]);
  return `Pages ${pages.slice(0, most).join(", ")} and ${last}`;
}

function listed(names: readonly string[], of = names.length): string {
  const shown = names.slice(0, 5);
  return of > shown.length ? `${shown.join(", ")} and ${of - shown.length} more` : shown.join(", ");
}
