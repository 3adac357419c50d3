/** The texts of a row as pieces that are masked one by one, and the row with other texts in their place. */
import type { Block } from "../blocks/blocks.ts";
import { textsOf } from "../row.ts";
import type { Row, TextRow } from "../row.ts";

/** A text, and the separator between it and the next one. */
export interface Piece {
  readonly text: string;
  readonly separator: string;
}

const CELL = " | ";
const LINE = "\n";

/** The cells of tables are pieces of their own. */
export function piecesOf(row: Row | TextRow): Piece[] {
  if (row.kind !== "text") return textsOf(row).map((text) => ({ text, separator: LINE }));
  return row.blocks.flatMap((block) => {
    const texts = textsIn(block);
    return texts.map((text, i) => ({ text, separator: i < texts.length - 1 ? CELL : LINE }));
  });
}

const textsIn = (block: Block): readonly string[] => (block.kind === "row" ? block.cells : [block.text]);

/** The row with other texts, one for each of its pieces, in order. */
export function withTexts<Whole extends Row | TextRow>(row: Whole, texts: readonly string[]): Whole;
export function withTexts(row: Row | TextRow, texts: readonly string[]): Row | TextRow {
  const next = texts[Symbol.iterator]();
  const take = (): string => next.next().value as string;
  switch (row.kind) {
    case "text":
      return { ...row, blocks: row.blocks.map((block) => withText(block, take)) };
    case "example":
      return { ...row, example: { ...row.example, prompt: take(), completion: take() } };
    case "question": {
      const { choices } = row.question;
      return { ...row, question: { ...row.question, question: take(), choices: choices.map(take) } };
    }
    case "conversation":
      return { ...row, conversation: row.conversation.map((message) => ({ ...message, content: take() })) };
  }
}

function withText(block: Block, take: () => string): Block {
  if (block.kind !== "row") return { ...block, text: take() };
  const cells = block.cells.map(take);
  return { ...block, cells, text: cells.join(CELL) };
}
