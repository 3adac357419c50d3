/** Row lengths in a model's tokens. */
import type { Example, TokenLengths } from "../../../preload/contract/data/data.ts";
import { conversationExample, lastTurn, promptExample } from "./conversation.ts";
import type { ChatForm } from "./conversation.ts";
import { charactersIn } from "../row.ts";
import type { Row } from "../row.ts";

/** The number of tokens of a text; with `special`, special tokens in it are real ones. */
export type CountTokens = (text: string, special?: boolean) => number;

/** Enough for percentiles that are accurate to a few per cent. */
export const MEASURED_ROWS = 1000;
/** A tokenizer takes a second or two for this. */
export const MEASURED_CHARACTERS = 2_000_000;
const FIRST_BIN = 32;

/** The lengths of up to a thousand rows, evenly spread; `of`: how many rows they represent. Throws `template-failed`. */
export function tokenLengths(
  rows: readonly Row[],
  countTokens: CountTokens,
  chat: ChatForm | undefined,
  of = rows.length,
): TokenLengths {
  const lengths: number[] = [];
  const wanted = Math.min(MEASURED_ROWS, rows.length);
  const mean = rows.length === 0 ? 0 : rows.reduce((sum, row) => sum + charactersIn(row), 0) / rows.length;
  const count = Math.max(
    Math.min(wanted, Math.floor(MEASURED_CHARACTERS / Math.max(1, mean))),
    Math.min(1, wanted),
  );
  for (let i = 0; i < count; i++) {
    lengths.push(tokensIn(rows[Math.floor(((i + 0.5) * rows.length) / count)]!, countTokens, chat));
  }
  return { rows: of, measuredRows: count, ...summaryOf(lengths.sort((a, b) => a - b)) };
}

function tokensIn(row: Row, countTokens: CountTokens, chat: ChatForm | undefined): number {
  const inExample = ({ prompt, completion, special }: Example) =>
    special ? countTokens(prompt, true) + countTokens(completion) : countTokens(prompt + completion);
  switch (row.kind) {
    case "example":
      return inExample(chat ? promptExample(row.example, chat) : row.example);
    case "question":
      return countTokens([row.question.question, ...row.question.choices].join("\n"));
    case "conversation": {
      if (chat) return inExample(conversationExample(row.conversation, chat));
      const { before, answer } = lastTurn(row.conversation);
      return countTokens([...before.map(({ content }) => content), answer].join("\n"));
    }
  }
}

function summaryOf(sorted: readonly number[]): Omit<TokenLengths, "rows" | "measuredRows"> {
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const longest = at(1);
  const histogram: TokenLengths["histogram"] = [];
  let below = 0;
  for (let upTo = FIRST_BIN; below < sorted.length; upTo *= 2) {
    const within = sorted.filter((length) => length <= upTo).length;
    histogram.push({ upTo, rows: within - below });
    below = within;
  }
  return {
    mean: sorted.length === 0 ? 0 : sorted.reduce((sum, length) => sum + length, 0) / sorted.length,
    median: at(0.5),
    ninetiethPercentile: at(0.9),
    ninetyNinthPercentile: at(0.99),
    longest,
    histogram,
  };
}
