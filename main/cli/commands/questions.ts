import { noteText } from "../../../preload/contract/words/notes.ts";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import { existsSync } from "node:fs";
import { refuseChoice } from "../../../preload/contract/failures/bad-choice.ts";
import { QuestionChange, QuestionsAsked } from "../../../preload/contract/calls/questions.ts";
import { placeIn, placeText } from "../../../preload/contract/data/places.ts";
import {
  countsOf,
  lacksReused,
  QuestionKind,
  QuestionState,
} from "../../../preload/contract/questions/written-questions.ts";
import { countText, counted } from "../../../preload/contract/words/figures.ts";
import { writerSentences } from "../../../preload/contract/questions/writer.ts";
import type { WrittenQuestion } from "../../../preload/contract/questions/written-questions.ts";
import { writeFileAtomic } from "../../../native-models/formats/atomic.ts";
import type { Reading } from "../../services/data/reading.ts";
import { findModel } from "../../services/models/model-reference.ts";
import { questionLines } from "../../services/questions/exported-questions.ts";
import { makeDataSet } from "../../services/questions/making-data-sets.ts";
import { createWriting } from "../../services/questions/question-writer.ts";
import { bestWriter, writersHere } from "../../services/questions/best-writer.ts";
import { adviceOn } from "../../services/questions/writer-advice.ts";
import type { Services } from "../../services/open.ts";
import type { Context } from "../context.ts";
import { findDataSet } from "../data-set-reference.ts";
import { numberBetween, textOption, textsOption, threadsOption, wholeNumber } from "../options.ts";
import { addSources, sourcesOf } from "../reading-options.ts";
import type { SourceOptions } from "../reading-options.ts";
import { recognitionShown } from "../recognition.ts";
import { tableText } from "../table.ts";
import { writingLine, writeQuestions } from "../writing-questions.ts";

type ContextOf = (command: Command) => Context;

/** coppice questions: written by a local model from a data set's passages, looked through, made into a data set. */
export function addQuestions(questions: Command, contextOf: ContextOf): void {
  questions
    .description(
      "A model on this computer writes questions and answers from the passages of documents, with the sentences that support them. " +
        "What a passage does not support is thrown away.",
    )
    .helpCommand(false);
  addWrite(questions, contextOf);
  addResume(questions, contextOf);
  addList(questions, contextOf);
  addShow(questions, contextOf);
  addCheck(questions, contextOf);
  addExport(questions, contextOf);
  addMake(questions, contextOf);
  addDelete(questions, contextOf);
}

interface WriteOptions extends SourceOptions {
  model?: string;
  minutes?: number;
  kinds?: QuestionKind[];
  name?: string;
  threads?: number;
}

function addWrite(questions: Command, contextOf: ContextOf): void {
  const write = questions
    .command("write")
    .summary("write questions from a data set, or from documents")
    .description("Writes questions until all passages are done. Ctrl-C stops it; it can be resumed.")
    .argument(
      "<data...>",
      "a data set's number or name, or documents, which are read and kept first",
      textsOption,
    )
    .option(
      "--model <model>",
      "a chat model: GGUF file, model folder, finished run, or sample (the largest that fits the memory)",
      textOption,
    )
    .option("--minutes <n>", "stop after this many minutes", numberBetween(0.01, 100_000))
    .option("--kinds <kinds>", `the kinds to write: ${QuestionKind.options.join(", ")} (all)`, kindsOption)
    .option("--name <name>", "the name of the data set that documents become", textOption)
    .addOption(threadsOption());
  addSources(write).action(async (data: string[], options: WriteOptions, command: Command) => {
    const context = contextOf(command);
    const { minutes = null, kinds = [...QuestionKind.options], threads } = options;
    await context.writingWithReader(async (services, reading) => {
      const model = options.model ?? (await chosenWriter(context, services, reading));
      await warnOfSize(context, services, reading, model);
      const dataSet = await dataSetOf(context, services, reading, data, { ...options, model });
      const id = await createWriting(services, reading, { dataSet, model, kinds });
      await writeQuestions(context, services, reading, id, { minutes, threads });
    });
  });
}

/** The model that is expected to write best. Failure: bad-choice if there is none. */
async function chosenWriter({ terminal }: Context, services: Services, reading: Reading): Promise<string> {
  const best = await bestWriter(reading, writersHere(services));
  if (best === null)
    return refuseChoice({
      code: "option",
      option: "Writing without --model",
      reason: "no chat model that fits the free memory was found on this computer; name one",
    });
  terminal.say(
    `"${best.name}" (${countText(best.parameters)} parameters) writes: the largest chat model that fits the memory.`,
  );
  return best.path;
}

/** Warns, before anything is read, if a model is too small for the task. */
async function warnOfSize(
  { terminal }: Context,
  services: Services,
  reading: Reading,
  model: string,
): Promise<void> {
  const writer = await adviceOn(model, reading, writersHere(services));
  for (const sentence of writerSentences(writer)) terminal.warn(sentence);
  terminal.emit({ event: "writer", ...writer });
}

/** The id of a known data set, or of a new one made from documents. Failure: bad-choice for options of reading with a known one. */
async function dataSetOf(
  context: Context,
  { dataSets, datasets, home, runs }: Services,
  reading: Reading,
  data: readonly string[],
  {
    model: reference,
    minutes: _minutes,
    kinds: _kinds,
    threads: _threads,
    ...reads
  }: WriteOptions & { model: string },
): Promise<number> {
  const { name, ...options } = reads;
  const [only] = data;
  if (data.length === 1 && !existsSync(only!)) {
    const { id } = findDataSet(dataSets.list(), only!);
    const [option] = Object.keys(reads);
    if (option === undefined) return id;
    const flag = `--${option.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    const reason = `it is for documents that are read now, and the data set "${only!}" was read before`;
    return refuseChoice({ code: "option", option: flag, reason });
  }
  const { path } = findModel(reference, () => runs);
  const sources = sourcesOf(data, options);
  const how = { onPage: recognitionShown(context.terminal), mayBeFew: true };
  const read = datasets.named(await reading.dataset(sources, path, 1, home.datasets, how), data);
  const id = dataSets.keep(read.folder, name ?? read.name);
  if (name !== undefined) dataSets.rename(id, name);
  for (const note of read.report.notes) context.terminal.say(noteText(note));
  return id;
}

function addResume(questions: Command, contextOf: ContextOf): void {
  questions
    .command("resume")
    .summary("continue a writing that was stopped")
    .description(
      "Writes questions from the passages that are left. Ctrl-C stops it; it can be resumed again.",
    )
    .argument("<writing>", "the writing's number", wholeNumber(1))
    .option("--minutes <n>", "stop after this many more minutes", numberBetween(0.01, 100_000))
    .addOption(threadsOption())
    .action(async (id: number, options: Pick<WriteOptions, "minutes" | "threads">, command: Command) => {
      const context = contextOf(command);
      const { minutes = null, threads } = options;
      await context.writingWithReader((services, reading) =>
        writeQuestions(context, services, reading, id, { minutes, threads }),
      );
    });
}

function addList(questions: Command, contextOf: ContextOf): void {
  questions
    .command("list")
    .summary("list what was written, and from which data sets")
    .description(
      "Lists all writings: how many passages are done, how many questions there are, how many were checked.",
    )
    .action(async (_: unknown, command: Command) => {
      const context = contextOf(command);
      const { terminal } = context;
      await context.reading(({ writings }) => {
        const all = writings.list();
        if (all.length === 0) terminal.say("No questions have been written here yet.");
        else {
          const rows = all.map(({ id, name, modelName, state, passages, questions }) => {
            const { all: written, checked } = countsOf({ questions });
            return [
              ...[String(id), name, modelName, state, `${passages.done}/${passages.of}`],
              ...[String(written), String(checked)],
            ];
          });
          const header = ["number", "data set", "model", "state", "passages", "questions", "checked"];
          for (const line of tableText(header, rows, "left")) terminal.say(line);
        }
        terminal.emit({ event: "done", writings: all });
      });
    });
}

interface ShowOptions {
  search?: string;
  state?: QuestionState[];
  order: QuestionsAsked["order"];
  first: number;
}

function addShow(questions: Command, contextOf: ContextOf): void {
  questions
    .command("show")
    .summary("show the questions of a writing")
    .description("Shows each question with its number, its answer, and the sentence that supports it.")
    .argument("<writing>", "the writing's number", wholeNumber(1))
    .option("--search <text>", "only questions with this text")
    .option(
      "--state <states>",
      `only questions in these states: ${QuestionState.options.join(", ")} (all)`,
      statesOption,
    )
    .addOption(
      new Option("--order <order>", "by their place in the documents, or the most doubtful first")
        .choices(QuestionsAsked.shape.order.unwrap().options)
        .default("place"),
    )
    .option("--first <n>", "how many to show", wholeNumber(1), 20)
    .action(async (id: number, { search = "", state, order, first }: ShowOptions, command: Command) => {
      const context = contextOf(command);
      const { terminal } = context;
      await context.reading(({ writings }) => {
        const writing = writings.get(id);
        const asked = QuestionsAsked.parse({ id, search, order, ...(state && { states: state }) });
        const ids = writings.find(asked);
        const found = ids.length;
        const questions = writings.read(ids.slice(0, first));
        terminal.say(writingLine(writing));
        for (const question of questions) showQuestion(context, question);
        if (found > questions.length) terminal.say(`${found - questions.length} more: --first, --search`);
        terminal.emit({ event: "done", writing, questions, found });
      });
    });
}

function showQuestion({ terminal }: Context, question: WrittenQuestion): void {
  const { id, kind, doubt, state, place, evidence } = question;
  const from = placeIn(question);
  terminal.say();
  terminal.say(
    terminal.colours.dim(
      `${id}  ${kind}, doubt ${doubt.toFixed(2)}, ${state}, ${from.name === "" ? "" : `${from.name}, `}${placeText(from.kind, place)}`,
    ),
  );
  terminal.say(`    ${question.question}`);
  terminal.say(`    ${question.answer}`);
  if (evidence !== "") terminal.say(terminal.colours.dim(`    ${evidence}`));
}

interface CheckOptions {
  keep?: number[];
  drop?: number[];
  undo?: number[];
  edit?: number;
  question?: string;
  answer?: string;
}

function addCheck(questions: Command, contextOf: ContextOf): void {
  questions
    .command("check")
    .summary("keep, edit or drop questions by their numbers")
    .description(
      "Marks questions as right or wrong, or changes their text. Dropped ones are left out of data sets.",
    )
    .option("--keep <numbers...>", "these are right", numbersOption)
    .option("--drop <numbers...>", "these are not", numbersOption)
    .option("--undo <numbers...>", "undo the last change of these", numbersOption)
    .option("--edit <number>", "change the text of this one", wholeNumber(1))
    .option("--question <text>", "the edited question")
    .option("--answer <text>", "the edited answer")
    .action(async ({ keep = [], drop = [], undo = [], edit, ...texts }: CheckOptions, command: Command) => {
      const context = contextOf(command);
      if (
        keep.length + drop.length + undo.length === 0 &&
        edit === undefined &&
        Object.keys(texts).length === 0
      )
        return command.error("Name the questions to --keep, --drop, --undo or --edit by their numbers.");
      const hasText = texts.question !== undefined || texts.answer !== undefined;
      if (hasText !== (edit !== undefined))
        return command.error("Name one question with --edit, and its new text with --question or --answer.");
      await context.writing(({ writings }) => {
        for (const id of [...keep, ...drop, ...undo]) writings.question(id); // an unknown number changes none
        const change = edit === undefined ? null : editOf({ ...writings.question(edit), ...texts });
        const changed = [
          ...keep.map((id) => writings.change(id, { state: "kept" })),
          ...drop.map((id) => writings.change(id, { state: "dropped" })),
          ...undo.map((id) => writings.undo(id)),
        ];
        if (edit !== undefined && change) changed.push(writings.change(edit, change));
        for (const { id, state } of changed) context.terminal.say(`${id}: ${state}`);
        context.terminal.emit({ event: "done", questions: changed });
      });
    });
}

/** An edit within the window's limits. Failure: bad-choice. */
function editOf({ question, answer }: Pick<WrittenQuestion, "question" | "answer">): QuestionChange {
  const change = QuestionChange.safeParse({ state: "edited", question, answer });
  const reason = "its question and its answer must have text, at most 4,000 characters each";
  return change.data ?? refuseChoice({ code: "option", option: "Editing a question", reason });
}

function addExport(questions: Command, contextOf: ContextOf): void {
  questions
    .command("export")
    .summary("write the questions to a file of JSON lines")
    .description("Writes the questions that were not dropped to a new file, one JSON object per line.")
    .argument("<writing>", "the writing's number", wholeNumber(1))
    .argument("<file>", "a new file")
    .option("--only-checked", "only those that a person kept or edited", false)
    .action(async (id: number, file: string, { onlyChecked }: { onlyChecked: boolean }, command: Command) => {
      const context = contextOf(command);
      if (existsSync(file)) refuseChoice({ code: "option", option: file, reason: "it exists already" });
      await context.reading(async ({ writings }) => {
        writings.get(id);
        const rows = writings.rows(id, onlyChecked);
        await writeFileAtomic(file, questionLines(rows));
        context.terminal.say(`${counted(rows.length, "question")} written to "${file}".`);
        context.terminal.emit({ event: "done", file, questions: rows.length });
      });
    });
}

function addMake(questions: Command, contextOf: ContextOf): void {
  questions
    .command("make")
    .summary("add the questions to the data set, as its next version")
    .description(
      "Adds the questions that were not dropped to the data set that they were written from, as its next version.",
    )
    .argument("<writing>", "the writing's number", wholeNumber(1))
    .option("--without-passages", "ask without the passage: what the model should know by heart", false)
    .option("--only-checked", "only those that a person kept or edited", false)
    .action(
      async (
        id: number,
        { withoutPassages, onlyChecked }: { withoutPassages: boolean; onlyChecked: boolean },
        command: Command,
      ) => {
        const context = contextOf(command);
        const { terminal } = context;
        const passages = withoutPassages ? "without" : "with";
        await context.writingWithReader(async (services, reading) => {
          const made = await makeDataSet(services, reading, id, { passages, onlyChecked });
          const { name, version } = services.dataSets.find(made.dataSet);
          const { source } = await services.dataSets.get(made.dataSet);
          terminal.say(
            `${name}, version ${version}: with ${counted(made.questions, "question")}, ${made.checked} checked.`,
          );
          terminal.say(`To use it: coppice trim --data "${source}" …`);
          terminal.emit({ event: "done", ...made });
        });
      },
    );
}

function addDelete(questions: Command, contextOf: ContextOf): void {
  questions
    .command("delete")
    .summary("delete a writing and its questions")
    .description("Deletes a writing with its questions. Data sets that were made of them stay.")
    .argument("<writing>", "the writing's number", wholeNumber(1))
    .action(async (id: number, _: unknown, command: Command) => {
      const context = contextOf(command);
      await context.writing(({ writings }) => {
        writings.get(id);
        writings.erase(id);
        context.terminal.say("Deleted. Data sets made of its questions stay.");
        context.terminal.emit({ event: "done", id });
      });
    });
}

function kindsOption(text: string): QuestionKind[] {
  const kinds = listed(text, QuestionKind.options, "kinds");
  if (!lacksReused(kinds)) return kinds;
  throw new InvalidArgumentError(
    "not-in-text reuses facts and definitions of other passages: name one of these kinds too.",
  );
}

function statesOption(text: string): QuestionState[] {
  return listed(text, QuestionState.options, "states");
}

function listed<Name extends string>(text: string, known: readonly Name[], what: string): Name[] {
  return text.split(",").map((part) => {
    const found = known.find((name) => name === part.trim());
    if (found !== undefined) return found;
    throw new InvalidArgumentError(`The ${what} are ${known.join(", ")}.`);
  });
}

function numbersOption(text: string, before: number[] = []): number[] {
  return [...before, wholeNumber(1)(text)];
}
