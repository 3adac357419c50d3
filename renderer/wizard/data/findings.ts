/** What a person should know about their data: one sentence each, the most urgent first. */
import { SPLITS } from "../../../preload/contract/data/data-files.ts";
import { rowCount } from "../../../preload/contract/data/data.ts";
import type { DatasetReport, SplitReport } from "../../../preload/contract/data/data.ts";
import type { InspectedFile, Uninspected } from "../../../preload/contract/data/inspection.ts";
import { hiddenIn } from "../../../preload/contract/words/inspection-words.ts";
import { fileName } from "../../file-name.ts";
import { t } from "../../messages/index.svelte.ts";

export interface DataFinding {
  readonly kind: "good" | "warn" | "plain";
  readonly text: string;
}

/** With fewer held-out rows than these, figures are rough. */
const MIN_MEASURED_ROWS = 50;
const TOLD_ATTACHMENTS = 5;
const SHOWN_LINES = 3;
/** If more than this share of the text is left out, the person should look at the rest. */
const MUCH_LEFT_OUT = 0.2;

export function findingsOf(
  report: DatasetReport,
  files: readonly InspectedFile[],
  { notRead, moreNotRead }: Uninspected,
): DataFinding[] {
  const findings = [
    ...heldOut(report, files),
    ...parted(report),
    ...masked(report),
    ...quotes(report),
    ...answers(report),
    ...boilerplate(report),
    ...madeQuestions(report),
    ...madeLeftOut(report),
    ...leftOut(report),
    ...duplicates(report),
    ...baselines(report),
  ];
  findings.push(
    ...documents(files),
    ...hiddenCells(files),
    ...unreadSheets(files),
    ...files.flatMap(partsOf),
  );
  if (notRead.length > 0) {
    const named = notRead.map(({ path, ...one }) => ({ name: fileName(path), ...one }));
    findings.push({ kind: "plain", text: t.data.notRead(named, named.length + moreNotRead) });
  }
  const order = { warn: 0, good: 1, plain: 2 };
  return findings.sort((a, b) => order[a.kind] - order[b.kind]);
}

/** Pages and other parts of a document that are not read, or read in another way. */
function partsOf({ path, details }: InspectedFile): DataFinding[] {
  const name = fileName(path);
  const {
    scannedPages = [],
    unmappedPages = [],
    failedPages = [],
    emptyPages = 0,
    recognisedPages = 0,
    hiddenCharacters = 0,
    unreadImports = 0,
    unreadDrawings = 0,
  } = details;
  const failed = failedPages.reduce((sum, { pages }) => sum + pages.length, 0);
  const empty = emptyPages - scannedPages.length - unmappedPages.length - failed;
  const found: DataFinding[] = [];
  if (scannedPages.length > 0) found.push({ kind: "warn", text: t.data.scannedPages(name, scannedPages) });
  if (unmappedPages.length > 0) found.push({ kind: "warn", text: t.data.unmappedPages(name, unmappedPages) });
  for (const { pages, problem, isFinal } of failedPages)
    found.push({ kind: "warn", text: t.data.failedPages(name, pages, problem, isFinal) });
  if (empty > 0) found.push({ kind: "warn", text: t.data.emptyPages(name, empty) });
  if (recognisedPages > 0) found.push({ kind: "warn", text: t.data.recognisedPages(name, recognisedPages) });
  if (unreadImports > 0) found.push({ kind: "warn", text: t.data.unreadImports(name, unreadImports) });
  if (unreadDrawings > 0) found.push({ kind: "warn", text: t.data.unreadDrawings(name, unreadDrawings) });
  if (hiddenCharacters > 0)
    found.push({ kind: "plain", text: t.data.hiddenCharacters(name, hiddenCharacters) });
  return found;
}

/** Splits with few rows to measure with. Those that were split off and are small are described where the splits are shown. */
function heldOut({ splits }: DatasetReport, files: readonly InspectedFile[]): DataFinding[] {
  return (["valid", "test"] as const).flatMap((name): DataFinding[] => {
    const split = splits[name];
    if (!split) return [];
    const measured = split.questions || split.examples + split.conversations;
    const given = files.some((file) => file.split === name) || !isOfTraining(split, splits.train);
    const isDescribed = !given && rowCount(split) < MIN_MEASURED_ROWS;
    if (measured >= MIN_MEASURED_ROWS || isDescribed) return [];
    return [{ kind: "warn", text: t.data.fewRows(t.data.splits[name], measured) }];
  });
}

/** Whether rows are from the files of the training rows. */
const isOfTraining = ({ files, moreFiles = 0 }: SplitReport, train: SplitReport | null): boolean =>
  train !== null &&
  moreFiles === (train.moreFiles ?? 0) &&
  files.length === train.files.length &&
  files.every((file, index) => file === train.files[index]);

function parted({ parting }: DatasetReport): DataFinding[] {
  if (!parting) return [];
  return [{ kind: "plain", text: t.data.parted[parting.by](parting.documents, parting.gaps) }];
}

function madeQuestions({ splits, withoutMadeQuestions: without = [] }: DatasetReport): DataFinding[] {
  return (["valid", "test"] as const).flatMap((name): DataFinding[] => {
    if (without.includes(name)) return [{ kind: "warn", text: t.data.noQuestionsMade(t.data.splits[name]) }];
    const split = splits[name];
    if (!split?.made) return [];
    return [{ kind: "plain", text: t.data.madeQuestions(t.data.splits[name], split.questions, split) }];
  });
}

function madeLeftOut({ splits }: DatasetReport): DataFinding[] {
  return SPLITS.flatMap((name): DataFinding[] => {
    const { madeLeftOut: count = 0, made } = splits[name] ?? {};
    return count === 0 ? [] : [{ kind: "warn", text: t.data.madeLeftOut(t.data.splits[name], count, made) }];
  });
}

function masked({ masked: kinds }: DatasetReport): DataFinding[] {
  return kinds ? [{ kind: "good", text: t.personal.masked(kinds) }] : [];
}

function quotes({ replies = 0 }: DatasetReport): DataFinding[] {
  return replies === 0 ? [] : [{ kind: "good", text: t.data.quotes(replies) }];
}

function answers({ severalAnswers }: DatasetReport): DataFinding[] {
  return severalAnswers ? [{ kind: "plain", text: t.data.severalAnswers(severalAnswers) }] : [];
}

function boilerplate({ boilerplate: found }: DatasetReport): DataFinding[] {
  const example = found?.examples[0];
  if (!found || !example) return [];
  const { documents, share } = found;
  const text = t.data.boilerplate(share, documents, example.text, example.documents);
  return [{ kind: share > MUCH_LEFT_OUT ? "warn" : "good", text }];
}

function leftOut({ leftOut: left = [] }: DatasetReport): DataFinding[] {
  return left.map(({ path, reason, rows, lines }) => ({
    kind: "warn",
    text: t.data.leftOut(rows, fileName(path), reason, lines),
  }));
}

function unreadSheets(files: readonly InspectedFile[]): DataFinding[] {
  return files.flatMap(({ path, details: { sheets = [] } }): DataFinding[] => {
    const names = sheets.filter(({ unread }) => unread !== null).map(({ name }) => name);
    return names.length === 0 ? [] : [{ kind: "plain", text: t.data.unreadSheets(fileName(path), names) }];
  });
}

function hiddenCells(files: readonly InspectedFile[]): DataFinding[] {
  return files.flatMap(({ path, details: { sheets = [] } }): DataFinding[] => {
    const { rows, columns } = hiddenIn(sheets);
    if (rows + columns === 0) return [];
    return [{ kind: "warn", text: t.data.hiddenCells(fileName(path), rows, columns) }];
  });
}

function duplicates({ duplicates: exact, nearDuplicates: near }: DatasetReport): DataFinding[] {
  const kinds = ["withinTrain", "trainInValid", "trainInTest", "trainInOffDomain", "validInTest"] as const;
  const texts = kinds.flatMap((key) => [
    ...(exact[key] > 0 ? [t.data.duplicates[key](exact[key])] : []),
    ...(near && near[key] > 0 ? [t.data.nearDuplicates[key](near[key])] : []),
  ]);
  return (texts.length > 0 ? texts : [t.data.noDuplicates]).map((text) => ({ kind: "good", text }));
}

/** What the documents consist of, and which parts of them were not read. */
function documents(files: readonly InspectedFile[]): DataFinding[] {
  const sum = (name: "pages" | "slides" | "emptySlides" | "chapters") =>
    files.reduce((sum, { details }) => sum + (details[name] ?? 0), 0);
  const parts = { pages: sum("pages"), slides: sum("slides"), chapters: sum("chapters") };
  const emptySlides = sum("emptySlides");
  const attached = files.flatMap(({ details }) => details.attachments ?? []);
  const count = attached.reduce((sum, { count }) => sum + count, 0);
  const names = attached.flatMap(({ names }) => names).slice(0, TOLD_ATTACHMENTS);
  const findings: DataFinding[] = [];
  const running = files.flatMap(({ details }) => details.runningLines ?? []);
  const lines = running.reduce((sum, { count }) => sum + count, 0);
  const examples = [...new Set(running.flatMap(({ examples }) => examples))].slice(0, SHOWN_LINES);
  if (lines > 0) findings.push({ kind: "plain", text: t.data.runningLines(lines, running.length, examples) });
  if (emptySlides > 0) findings.push({ kind: "warn", text: t.data.emptySlides(emptySlides) });
  if (count > 0) findings.push({ kind: "plain", text: t.data.attachments(count, names) });
  if (Object.values(parts).some((part) => part > 0))
    findings.push({ kind: "plain", text: t.data.documentParts(parts) });
  return findings;
}

function baselines({ testBaselines }: DatasetReport): DataFinding[] {
  return testBaselines
    ? [{ kind: "plain", text: t.data.baselines(testBaselines.chance, testBaselines.bestConstant) }]
    : [{ kind: "plain", text: t.data.noQuestions }];
}
