/** Passages of documents before a question, as the window puts the chosen ones; here the likeliest ones, and their sources are named below the answer. */
import { Option } from "commander";
import type { Command } from "commander";
import { existsSync } from "node:fs";
import { basename, resolve } from "node:path";
import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";
import { LONGEST_QUESTION } from "../../preload/contract/calls/passages.ts";
import { afterPassages } from "../../preload/contract/chat/found-passage.ts";
import type { FoundPassage, PassageSource } from "../../preload/contract/chat/found-passage.ts";
import { placeIn, placeText } from "../../preload/contract/data/places.ts";
import type { Reading } from "../services/data/reading.ts";
import type { Context } from "./context.ts";
import { findDataSet } from "./data-set-reference.ts";
import { textOption, wholeNumber } from "./options.ts";
import type { Terminal } from "./terminal.ts";

export interface PassageOptions {
  passagesFrom?: string;
  passages?: number;
}

/** Of the right questions of decision 0058, 99% are answered by one of the first three passages. */
const PASSAGES = 3;
const MOST_PASSAGES = 50;

export function addPassages(command: Command): Command {
  const data = new Option(
    "--passages-from <place>",
    "put passages with words of the question before it: from a document, folder or archive, or a data set by its name or number",
  );
  return command
    .hook("preAction", (self) => {
      const { passagesFrom, passages } = self.opts<PassageOptions>();
      if (passages !== undefined && passagesFrom === undefined)
        self.error("Say where passages are with --passages-from.");
    })
    .addOption(data.argParser(textOption))
    .option(
      "--passages <number>",
      `with --passages-from: how many passages at most (${PASSAGES})`,
      wholeNumber(1, MOST_PASSAGES),
    );
}

/** What a model is asked, and the passages in it. */
interface Asked {
  readonly content: string;
  readonly passages: readonly FoundPassage[];
}

export type PutPassages = (question: string) => Promise<Asked>;

/**
 * Puts passages before questions; null without `--passages-from`. Documents are read now, so that an unusable one is refused before a model is loaded.
 * Failures: not-found, those of reading the documents, bad-choice for a place without text.
 */
export async function passagesFrom(
  context: Context,
  reading: Reading,
  { passagesFrom: data, passages: most = PASSAGES }: PassageOptions,
): Promise<PutPassages | null> {
  if (data === undefined) return null;
  const source = await sourceOf(context, data);
  const find = (question: string) => reading.findPassages({ source, question, most });
  if ((await find("")).of === 0)
    refuseChoice({ code: "option", option: "--passages-from", reason: `"${data}" has no passages of text` });
  return async (question) => {
    const { passages } = await find(question.slice(0, LONGEST_QUESTION));
    return { content: afterPassages(passages, question), passages };
  };
}

async function sourceOf(context: Context, data: string): Promise<PassageSource> {
  if (existsSync(data)) return { kind: "file", path: resolve(data) };
  return context.reading(({ dataSets }) => {
    const { id } = findDataSet(dataSets.list(), data);
    return { kind: "data-set", folder: dataSets.folderOf(id) };
  });
}

/** Names the sources of the passages before a question, below its answer: "Passages: lease.md, line 195; rules.pdf, page 3." */
export function nameSources(terminal: Terminal, passages: readonly FoundPassage[]): void {
  terminal.note(
    passages.length === 0
      ? "No passage has words of this question, so it was asked without one."
      : `Passages: ${passages.map(sourceOfPassage).join("; ")}.`,
  );
}

/** "lease.md, line 195" */
export function sourceOfPassage(passage: FoundPassage): string {
  const { name, kind } = placeIn(passage);
  const place = placeText(kind, passage.place);
  return name === "" ? place : `${basename(name)}, ${place}`;
}
