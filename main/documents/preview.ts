/** Rows as a person sees them, with their texts shortened. */
import type { PreviewRow } from "../../preload/contract/data/inspection.ts";
import type { Row } from "./row.ts";

export const PREVIEW_CHARACTERS = 400;
const GROUP_CHARACTERS = 60;
const DOCUMENT_CHARACTERS = 200;
const MOST_MESSAGES = 20;

/** A row, each of its texts cut after `most` characters, a conversation after 20 messages. */
export function previewOf(row: Row, most = PREVIEW_CHARACTERS): PreviewRow {
  const shown = {
    line: row.line,
    ...(row.group === undefined ? {} : { group: cut(row.group, GROUP_CHARACTERS) }),
    ...(row.origin && {
      origin: { ...row.origin, document: row.origin.document.slice(-DOCUMENT_CHARACTERS) },
    }),
  };
  const short = (text: string) => cut(text, most);
  switch (row.kind) {
    case "example": {
      const { prompt, completion } = row.example;
      return { kind: "example", ...shown, prompt: short(prompt), completion: short(completion) };
    }
    case "question": {
      const { question, choices, answer } = row.question;
      return { kind: "question", ...shown, question: short(question), choices: choices.map(short), answer };
    }
    case "conversation": {
      const messages = row.conversation.slice(0, MOST_MESSAGES);
      return {
        kind: "conversation",
        ...shown,
        messages: messages.map((turn) => ({ ...turn, content: short(turn.content) })),
        ...(row.correction && {
          correction: { wrong: short(row.correction.wrong), passage: short(row.correction.passage) },
        }),
      };
    }
  }
}

/** Shortens a text to at most `longest` characters, without cutting a surrogate pair. */
export function cut(text: string, longest: number): string {
  if (text.length <= longest) return text;
  return `${text.slice(0, longest - 1).replace(/[\ud800-\udbff]$/, "")}…`;
}
