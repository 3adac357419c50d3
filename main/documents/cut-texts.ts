/**
 * Rows as a person chose them: texts cut into passages, from which a model learns the language of a field, and conversations with the
 * answers that are learnt.
 */
import type { DocumentChoices } from "../../preload/contract/data/data.ts";
import { written } from "./blocks/blocks.ts";
import { withLastAnswerOnly } from "./records/conversation.ts";
import { LONGEST_PASSAGE_CHARACTERS, passagesOf } from "./passages/passages.ts";
import type { FoundDocument } from "./read-document.ts";
import { charactersIn, isText } from "./row.ts";
import type { Row, TextRow } from "./row.ts";
import type { CountTokens } from "./records/token-lengths.ts";

export interface CutRequest {
  readonly documents?: Partial<Pick<DocumentChoices, "overlap" | "lastAnswerOnly">> | undefined;
  /** With a tokenizer, passages are shorter in scripts that need more tokens per character. */
  readonly countTokens?: CountTokens | undefined;
}

/**
 * About the most tokens of a passage. In English or German a passage of the usual length takes 250 to 400, so that passages are the same
 * for every model; in a script that the tokenizer hardly knows it would take up to 1,200.
 */
const LONGEST_PASSAGE_TOKENS = 400;
/** Enough of a file to measure its characters per token. */
const MEASURED_CHARACTERS = 4000;

/** The rows of a document, its texts cut into passages. */
export function rowsOf(
  { rows }: Pick<FoundDocument, "rows">,
  { documents, countTokens }: CutRequest = {},
): Row[] {
  const longest = countTokens ? longestPassage(rows.filter(isText), countTokens) : LONGEST_PASSAGE_CHARACTERS;
  return rows.flatMap((row) =>
    isText(row) ? passageRows(row, longest, documents?.overlap ?? 0) : [asChosen(row, documents)],
  );
}

function asChosen(row: Row, documents: CutRequest["documents"]): Row {
  return row.kind === "conversation" && documents?.lastAnswerOnly
    ? { ...row, conversation: withLastAnswerOnly(row.conversation) }
    : row;
}

/** Cuts texts one after another into the same passages as `rowsOf`, without holding all of them. */
export class TextCutter {
  readonly #request: CutRequest;
  #waiting: TextRow[] = [];
  #characters = 0;
  #longest: number | undefined;

  constructor(request: CutRequest) {
    this.#request = request;
    if (!request.countTokens) this.#longest = LONGEST_PASSAGE_CHARACTERS;
  }

  /** The rows that one row becomes. The first texts are held back until enough characters per token can be measured. */
  cut(row: Row | TextRow): Row[] {
    if (!isText(row)) return [asChosen(row, this.#request.documents)];
    this.#waiting.push(row);
    this.#characters += charactersIn(row);
    return this.#longest === undefined && this.#characters < MEASURED_CHARACTERS ? [] : this.rest();
  }

  /** The rows of the texts that were held back. */
  rest(): Row[] {
    const { countTokens, documents } = this.#request;
    const longest = (this.#longest ??= longestPassage(this.#waiting, countTokens!));
    const rows = this.#waiting.flatMap((row) => passageRows(row, longest, documents?.overlap ?? 0));
    this.#waiting = [];
    return rows;
  }
}

function passageRows(
  { line, group, document, blocks, isRecord, standsForOthers }: TextRow,
  longest: number,
  overlap: number,
): Row[] {
  return [...passagesOf(blocks, { longest, overlap })].map(({ place: inText, text, ...passage }) => {
    const place = isRecord ? line : inText;
    return {
      line: place,
      ...(group === undefined ? {} : { group }),
      passage: { document, ...passage, ...(standsForOthers && { standsForOthers }) },
      origin: { document, place },
      kind: "example",
      example: { prompt: "", completion: text },
    };
  });
}

function longestPassage(texts: readonly TextRow[], countTokens: CountTokens): number {
  let sample = "";
  for (const { blocks } of texts) {
    for (const block of blocks) {
      if (sample.length >= MEASURED_CHARACTERS) break;
      sample += `${written(block)}\n\n`;
    }
  }
  sample = sample.slice(0, MEASURED_CHARACTERS).replace(/[\ud800-\udbff]$/, "");
  const tokens = countTokens(sample);
  if (tokens === 0) return LONGEST_PASSAGE_CHARACTERS;
  return Math.min(LONGEST_PASSAGE_CHARACTERS, Math.floor((LONGEST_PASSAGE_TOKENS * sample.length) / tokens));
}
