import type {
  AnswerForm,
  Message,
  SeveralAnswers,
  SplitName,
  SplitReport,
} from "../../../preload/contract/data/data.ts";
import type { RowKind } from "../../../preload/contract/data/inspection.ts";
import { hiddenText, notReadName } from "../../../preload/contract/words/inspection-words.ts";
import type { NotReadName } from "../../../preload/contract/words/inspection-words.ts";
import { leftOutText } from "../../../preload/contract/failures/left-out.ts";
import type { LeftOutReason } from "../../../preload/contract/failures/left-out.ts";
import { placeKindByName } from "../../../preload/contract/data/places.ts";
import type { PlaceKind } from "../../../preload/contract/data/places.ts";
import { listText, numberText, percentText } from "../figures.ts";
import { counted } from "./counted.ts";
import { pageProblemText } from "../../../preload/contract/failures/page-problem.ts";
import type { PageProblem } from "../../../preload/contract/failures/page-problem.ts";

/** How many pages, slides and chapters of documents were read. */
type DocumentParts = Readonly<Record<"pages" | "slides" | "chapters", number>>;

/** The most pages that are listed by number. */
const MOST_PAGES = 6;

function pagesText(pages: readonly number[]): string {
  const more = pages.length - MOST_PAGES;
  const named = pages.slice(0, more > 1 ? MOST_PAGES : undefined).map((page) => numberText(page));
  const all = more > 1 ? [...named, `${numberText(more)} more`] : named;
  return `${pages.length === 1 ? "Page" : "Pages"} ${listText(all)}`;
}

const splits: Record<SplitName, string> = {
  train: "Training",
  valid: "Validation",
  test: "Test",
  offDomain: "Off-domain",
};
const kinds: Record<RowKind, string> = {
  questions: "Questions with choices",
  examples: "Questions and answers",
  conversations: "Conversations",
  text: "Text",
};
const answerForms: Record<AnswerForm, string> = {
  text: "the text of the right choice",
  letter: "its letter: A, B, C …",
  "number-from-0": "its number, starting at 0",
  "number-from-1": "its number, starting at 1",
};
const turns: Record<Message["role"], string> = {
  system: "Instruction",
  user: "Person",
  assistant: "Answer",
};

export const data = {
  next: "Next: target",
  title: "What should it learn?",
  about:
    "Questions with answers teach and test the model. Documents teach it the language of your field. Either is enough; both is best.",
  modelFirst: "Choose a model first.",
  modelFirstText: "The model's tokenizer and chat template decide how your data is read.",
  files: "Files",
  source: "Source",
  recognised: "Recognised as",
  usedFor: "Used for",
  usedForFile: (name: string) => `Use of ${name}`,
  actions: "Actions",
  parts: {
    data: "Training",
    valid: "Validation",
    test: "Test",
    offDomain: "Off-domain test",
  },
  splits,
  kinds,
  rowKinds: {
    questions: "a question with choices",
    examples: "a question and its answer",
    conversations: "a conversation",
    text: "a text",
    table: "a row of a table",
  },
  content: (questions: number, examples: number, conversations: number): string =>
    listText(
      [
        questions > 0 && counted(questions, "question"),
        examples > 0 && counted(examples, "example"),
        conversations > 0 && counted(conversations, "conversation"),
      ].filter((part): part is string => part !== false),
    ) || "nothing",
  nothing: "nothing",
  filesIn: (name: string) => `Files in ${name}`,
  fileCount: (count: number) => counted(count, "file"),
  moreFiles: (count: number) => `and ${counted(count, "more file")}`,
  notUsable: "Unusable",
  notUnderstood: "Not recognised",
  remove: (name: string) => `Remove ${name}`,
  leaveOut: (name: string) => `Leave out ${name}`,
  leaveOutUnusable: (count: number) => `Leave out the ${numberText(count)} unusable files`,
  leftOutByYou: "Left out",
  takeBack: (name: string) => `Use ${name} again`,
  rowsUsed: "Training rows used",
  rowsUsedHint: "A random part is the same for the same seed.",
  allRows: "all",
  randomRows: (rows: number) => `${numberText(rows)} at random`,
  drop: "Drop files or a folder anywhere on this page: tables (CSV, TSV, XLSX, XLS, ODS, JSONL, JSON, Parquet), documents (PDF, DOCX, DOC, ODT, RTF, Markdown, text), pages, books, slides or e-mail, also in a ZIP archive.",
  dropMore: "Drop more files or a folder anywhere on this page.",
  dropHere: "Drop to add",
  addFiles: "Add files…",
  addFolder: "Add a folder…",
  sheets: "No file yet? Fill in a sheet:",
  sheet: { csv: "Sheet, CSV", docx: "Sheet, DOCX" },
  sheetSaved: (name: string) => `“${name}” is saved. Fill it in, then add it here.`,
  useSample: "Use the sample's questions",
  states: {
    idle: "",
    looking: "Coppice is checking your files.",
    reading: "Coppice is reading your data.",
    ready: "Your files are not changed.",
    blocked: "To continue, fix the unusable file, remove it or leave it out.",
    failed: "To continue, fix the problem above.",
    stopped: "Reading was stopped.",
  },
  lookingAt: (files: number) => `Checked ${counted(files, "file")} so far`,
  readingFile: (done: number, of: number) => `Read ${numberText(done)} of ${counted(of, "file")}`,
  stop: "Stop",
  readAgain: "Read again",
  howRead: (name: string) => `How ${name} is read`,
  changeHowRead: "Change how it is read",
  guessAgain: "Guess again",
  whichFile: "File",
  eachRow: "Each row is",
  answerIs: "The answer is",
  answerForms,
  exampleForm: "Format",
  exampleForms: { plain: "text and its continuation", chat: "a chat turn and its answer" },
  columnsOf: (name: string) => `Columns of ${name}`,
  column: "Column",
  samples: "For example",
  role: "Is",
  roleOf: (name: string) => `Column ${name} is`,
  roles: {
    unused: "not used",
    question: "Question",
    choices: "Choices",
    answer: "Right answer",
    task: "Task",
    system: "Instruction",
    history: "Earlier questions and answers",
    prompt: "Question or prompt",
    completion: "Answer",
    messages: "Messages",
    text: "Text",
    columns: "Column of the table",
    label: "Good answer (true or false)",
    group: "Group",
  },
  missing: (roles: string) => `Assign a column to: ${roles}.`,
  groupHint:
    "“Group” keeps all rows with the same value in one split, so that no contract is in both training and test.",
  preview: "Read as",
  usedRows: "Rows as they are used",
  usedRowsAbout: (isMasked: boolean) =>
    `What the model learns from and is measured on: without repeated text and duplicates${isMasked ? ", with personal data masked" : ""}.`,
  place: (kind: PlaceKind, place: number) => `${kind} ${numberText(place)}`,
  rightAnswer: "right answer",
  turns,
  unlearntAnswer: "Answer, not learnt",
  partsTitle: "Splits",
  heldOut: (held: number, all: number) =>
    `${numberText(held)} of ${numberText(all)} are held out, so that you see whether it works.`,
  partsInWords: (train: number, valid: number, test: number) =>
    `${numberText(train)} rows for training, ${numberText(valid)} for validation, ${numberText(test)} for the test`,
  calibrationHint: "Validation decides which block is cut. The test is asked once, at the end.",
  testHint: (questions: number, margin: number) =>
    `${counted(questions, "question measures", "questions measure")} accuracy to within ±${numberText(margin)} points (95% interval).`,
  fewToTest: (rows: number) =>
    `${counted(rows, "test row")} ${rows === 1 ? "is" : "are"} too few to prove that it works, and enough to see if it does not.`,
  tooLittle: (found: string, needed: number) => `${found}; ${numberText(needed)} are needed.`,
  tooFewPassages: (count: number) => counted(count, "passage"),
  tooFewRows: (count: number) => counted(count, "row"),
  writeFromThem: "Write questions from your documents? A model on this computer does it.",
  moreRows: "Add more rows, or documents to write questions from.",
  writeQuestions: "Write questions…",
  checks: "Checks",
  nothingYet: "Add files to see their splits and checks.",
  fewRows: (part: string, rows: number) =>
    `${part} has only ${counted(rows, "row")}: figures from them are imprecise.`,
  leftOut: (rows: number, file: string, reason: LeftOutReason, lines: readonly number[]) =>
    `${counted(rows, "row")} of ${file} left out: the ${placeKindByName(file)} ${leftOutText(reason)} (${placeKindByName(file)}${lines.length === 1 ? "" : "s"} ${lines.map((line) => numberText(line)).join(", ")}${rows > lines.length ? ", …" : ""}).`,
  duplicates: {
    withinTrain: (count: number) => `${counted(count, "exact duplicate")} left out of training.`,
    trainInValid: (count: number) =>
      `${counted(count, "training row")} left out, because validation has the same text.`,
    trainInTest: (count: number) =>
      `${counted(count, "training row")} left out, because the test has the same text.`,
    trainInOffDomain: (count: number) =>
      `${counted(count, "training row")} left out, because the off-domain set has the same text.`,
    validInTest: (count: number) =>
      `${counted(count, "validation row")} left out, because the test has the same text.`,
  },
  nearDuplicates: {
    withinTrain: (count: number) => `${counted(count, "near-duplicate")} left out of training.`,
    trainInValid: (count: number) =>
      `${counted(count, "training passage")} left out, because validation has nearly the same text.`,
    trainInTest: (count: number) =>
      `${counted(count, "training passage")} left out, because the test has nearly the same text.`,
    trainInOffDomain: (count: number) =>
      `${counted(count, "training passage")} left out, because the off-domain set has nearly the same text.`,
    validInTest: (count: number) =>
      `${counted(count, "validation passage")} left out, because the test has nearly the same text.`,
  },
  noDuplicates: "No text is in two splits or duplicated.",
  parted: {
    documents: (documents: number, _gaps: number) =>
      `${counted(documents, "document")}: each is in one split as a whole.`,
    rows: (documents: number, _gaps: number) =>
      `${counted(documents, "document has", "documents have")} too few passages to split by: what is measured may be on a passage that was learnt, so figures are too good.`,
    sections: (documents: number, gaps: number) =>
      `${counted(documents, "document")} ${documents === 1 ? "is" : "are"} too few to split by, so whole sections were split off.${gaps === 0 ? "" : ` ${counted(gaps, "passage")} between them ${gaps === 1 ? "is" : "are"} in no split.`}`,
  },
  boilerplate: (share: number, documents: number, example: string, having: number) =>
    `Used once: text that several of the ${counted(documents, "document")} have, such as “${example}” (in ${numberText(having)}). ${percentText(share, share < 0.01 ? 1 : 0)} of all text repeats it and is left out.`,
  quotes: (replies: number) =>
    `${counted(replies, "e-mail")} ${replies === 1 ? "is" : "are"} used without quotes of other e-mails in your data. A thread is in one split.`,
  lastAnswerOnly: "Learn only the last answer",
  lastAnswerOnlyAbout:
    "Otherwise the model learns every answer of a conversation, with everything before it as context, and is measured on all of them.",
  severalAnswers: ({ conversations, answers, learnt, keptApart }: SeveralAnswers) =>
    `${counted(conversations, "conversation has", "conversations have")} several answers: ${learnt === answers ? "all of them are learnt" : `${numberText(learnt)} of ${numberText(answers)} are learnt`}.${keptApart === 0 ? "" : ` ${counted(keptApart, "answer is", "answers are")} not, because another split has the same question.`}`,
  documents: "Documents",
  keepsBoilerplate: "Keep repeated lines",
  keepsBoilerplateAbout:
    "Letterheads, disclaimers and navigation that appear in more than half of the documents. The clauses of a template are always used once.",
  makesQuestions: "Make questions from the documents",
  makesQuestionsAbout:
    "A term of a held-out sentence is masked, with three others to choose from. Accuracies over such questions are marked. Used where validation or test has no questions.",
  madeQuestions: (
    part: string,
    questions: number,
    { made, checked = 0 }: Pick<SplitReport, "made" | "checked">,
  ) =>
    made === "written"
      ? `${part} has ${counted(questions, "question")} that a model wrote from its documents; ${numberText(checked)} of them were checked by a person.`
      : `${part} has ${counted(questions, "question")} that Coppice made from its documents (cloze).`,
  madeLeftOut: (part: string, count: number, made: SplitReport["made"]) =>
    `${counted(count, "made question")} of ${part.toLowerCase()} ${count === 1 ? "is" : "are"} left out, so that no figure mixes ${count === 1 ? "it" : "them"} with questions that ${made === "written" ? "a model wrote" : "a person asked"}.`,
  noQuestionsMade: (part: string) =>
    `No questions could be made for ${part.toLowerCase()}: too few terms of its documents appear in other documents too.`,
  overlap: "Overlap of passages",
  overlapAbout: "Sentences that a passage repeats from the end of the previous one in its section.",
  overlapSentences: (sentences: number) => (sentences === 0 ? "none" : counted(sentences, "sentence")),
  baselines: (chance: number, constant: number) =>
    `Guessing answers ${percentText(chance, 0)} of the test questions correctly; always giving the most frequent answer, ${percentText(constant, 0)}.`,
  noQuestions: "The test has no questions with choices, so quality is measured only by perplexity.",
  emptySlides: (count: number) => `${counted(count, "slide")} without text (for example pictures) skipped.`,
  documentParts: ({ pages, slides, chapters }: DocumentParts) =>
    `Documents: ${listText(
      [
        pages > 0 && counted(pages, "page"),
        slides > 0 && counted(slides, "slide"),
        chapters > 0 && counted(chapters, "chapter"),
      ].filter((part): part is string => part !== false),
    )}.`,
  attachments: (count: number, names: readonly string[]) =>
    `${counted(count, "attachment")} of messages left out (${listText(count > names.length ? [...names, `${numberText(count - names.length)} more`] : names)}). To use one, save it and add it as a file.`,
  recogniseScans: "Recognise text in scans and pictures",
  recogniseScansHint: "English and German, on this computer. Takes some seconds a page, and makes mistakes.",
  recognising: (done: number, of: number) => `Recognising text: page ${Math.min(done + 1, of)} of ${of}`,
  scannedPages: (file: string, pages: readonly number[]) =>
    `${pagesText(pages)} of “${file}” ${pages.length === 1 ? "is" : "are"} scanned and not read. To read them, switch on text recognition.`,
  unmappedPages: (file: string, pages: readonly number[]) =>
    `${pagesText(pages)} of “${file}” ${pages.length === 1 ? "is" : "are"} not read: the file does not say which characters its letters are. To read them, switch on text recognition.`,
  failedPages: (file: string, pages: readonly number[], problem: PageProblem, isFinal: boolean) => {
    const [are, them] = pages.length === 1 ? ["is", "it"] : ["are", "them"];
    const why = isFinal
      ? `failed (${pageProblemText(problem)}). To have the text, scan ${them} again or add it as a file.`
      : `was interrupted (${pageProblemText(problem)}). To try again, switch it off and on.`;
    return `${pagesText(pages)} of “${file}” ${are} not read: text recognition ${why}`;
  },
  emptyPages: (file: string, count: number) =>
    `${counted(count, "page")} of “${file}” ${count === 1 ? "has" : "have"} no text.`,
  recognisedPages: (file: string, count: number) =>
    `The text of ${counted(count, "page")} of “${file}” was recognised. It may have mistakes: look at the rows.`,
  unreadImports: (file: string, count: number) =>
    `${counted(count, "file")} that “${file}” imports cannot be read. To use ${count === 1 ? "it" : "them"}, open the document in Word and save it.`,
  unreadDrawings: (file: string, count: number) =>
    `${counted(count, "diagram or chart", "diagrams or charts")} of “${file}” ${count === 1 ? "is" : "are"} not read. To use ${count === 1 ? "it, add what it shows" : "them, add what they show"} as text or a table.`,
  runningLines: (lines: number, files: number, examples: readonly string[]) =>
    `Left out as headers, footers, page numbers and watermarks: ${counted(lines, "line")} of ${counted(files, "PDF")}, such as ${listText(examples.map((line) => `“${line}”`))}.`,
  hiddenCharacters: (file: string, count: number) =>
    `${counted(count, "character")} of “${file}” that cannot be seen on its pages ${count === 1 ? "is" : "are"} left out.`,
  unreadSheets: (file: string, names: readonly string[]) =>
    `Sheets of ${file} that were not read (hidden, without a table, or with other columns): ${listText(names)}.`,
  hiddenCells: (file: string, rows: number, columns: number) => {
    const [are, them] = rows + columns === 1 ? ["is", "it"] : ["are", "them"];
    return `${hiddenText({ rows, columns })} of “${file}” ${are} left out. To use ${them}, show ${them} in the workbook.`;
  },
  notRead: (files: readonly NotReadName[], count: number) => {
    const named = files.slice(0, 5).map(notReadName);
    const more = count - named.length;
    return `Not read: ${listText(more > 0 ? [...named, `${numberText(more)} more`] : named)}.`;
  },
  lengths: (median: number, most: number, longest: number) =>
    `Half of the training rows have at most ${numberText(median)} tokens, 99% at most ${numberText(most)}; the longest has ${numberText(longest)}.`,
  lengthTable: "Lengths in figures",
  rowsUpTo: (rows: number, tokens: number) => `up to ${numberText(tokens)} tokens: ${counted(rows, "row")}`,
};
