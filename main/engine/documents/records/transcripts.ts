/** Conversations in one text: as transcripts, or as programs prepare them for training, with the tokens of a chat template. */
import { END_OF_TURN } from "../../../../native-models/tokenizer/from-files.ts";

/** A message of a transcript. */
interface TranscriptTurn {
  /** "user", "assistant", or as the text names it. */
  readonly role: string;
  readonly content: string;
}

/** How turns of a conversation begin. */
interface Form {
  /** Its group names the role. */
  readonly mark: RegExp;
  /** Matches a text that begins with a mark. */
  readonly atStart: RegExp;
}

const formOf = (mark: RegExp): Form => ({
  mark,
  atStart: new RegExp(`^(?:${mark.source})`, mark.flags.replace("g", "")),
});

const TEMPLATES: readonly Form[] = [
  /<\|im_start\|>[ \t]*(\w+)(?:<\|im_sep\|>)?/g,
  /<\|start_header_id\|>[ \t]*(\w+)[ \t]*<\|end_header_id\|>/g,
  /<\|start_of_role\|>[ \t]*(\w+)[ \t]*<\|end_of_role\|>/g,
  /<start_of_turn>[ \t]*(\w+)/g,
  /<[|｜](system|user|assistant|tool)[|｜]>/gi,
  /\[\|(system|user|assistant|tool)\|\]/g,
  /(\[\/?INST\]|<<\/?SYS>>)/g,
].map(formOf);
const HEADED: readonly Form[] = [
  /(?:^|\n)### (System|Instruction|Context|Input|Question|Response|Answer):/g,
  /### (System|Human|User|Assistant):/g,
  /(?<=^|\s|<\/s>)(USER|ASSISTANT):/g,
].map(formOf);
/** After a blank line or at the start. */
const SPOKEN = formOf(/(?:^|\n\n)(Human|User|Assistant|H|A): ?/g);

const ROLES: Readonly<Record<string, string>> = {
  ...{ "[INST]": "user", "[/INST]": "assistant", "<<SYS>>": "system", "<</SYS>>": "user" },
  ...{ Instruction: "user", Context: "user", Input: "user", Question: "user", Human: "user", H: "user" },
  ...{ Response: "assistant", Answer: "assistant", A: "assistant", model: "assistant" },
};

/** What the texts of Alpaca and Vicuna, and those made like them, begin with. */
const PREAMBLE = /^(?:Below is an instruction|A chat between)\b/;

/** Tokens around texts, which every program adds by itself. Where a text consists of several, one ends with the beginning of the next. */
const BEGINNINGS = ["<s>", "<bos>", "<|begin_of_text|>", "<|startoftext|>", "<｜begin▁of▁sentence｜>"];
const ENDS = [...BEGINNINGS, ...END_OF_TURN, "</s>", "<eos>", "[|endofturn|]", "<｜end▁of▁sentence｜>"];

/** A text without the beginning-of-sequence token before it and the end-of-sequence or end-of-turn tokens after it; unchanged if it has none. */
export function withoutOuterTokens(text: string): string {
  let bare = text;
  const first = BEGINNINGS.find((token) => bare.trimStart().startsWith(token));
  if (first !== undefined) bare = bare.trimStart().slice(first.length);
  for (;;) {
    const trimmed = bare.trimEnd();
    const last = ENDS.find((token) => trimmed.endsWith(token));
    if (last === undefined) return bare;
    bare = trimmed.slice(0, -last.length);
  }
}

/** The messages of a text with a chat template's tokens; null for any other text. */
export function messagesOfTemplate(text: string): TranscriptTurn[] | null {
  return firstOf(TEMPLATES, text);
}

/** The messages of a text that is written as a conversation; null for any other text. */
export function messagesOfTranscript(text: string): TranscriptTurn[] | null {
  return messagesOfTemplate(text) ?? firstOf(HEADED, text) ?? firstOf([SPOKEN], text);
}

/** The turns of a text that begins with one of a person or the system, in one of these forms; one of a person and one of the assistant at least. */
function firstOf(forms: readonly Form[], text: string): TranscriptTurn[] | null {
  const bare = withoutOuterTokens(text).trimStart();
  const hasPreamble = PREAMBLE.test(bare);
  for (const { mark, atStart } of forms) {
    if (!hasPreamble && !atStart.test(bare)) continue; // most texts are not looked through
    const turns = turnsIn(bare, mark);
    if (turns) return turns;
  }
  return null;
}

function turnsIn(text: string, mark: RegExp): TranscriptTurn[] | null {
  const marks = [...text.matchAll(mark)];
  if (marks.length < 2) return null;
  const turns = marks.map((found, i) => {
    const content = text.slice(found.index + found[0].length, marks[i + 1]?.index);
    const name = found[1]!;
    const role = Object.hasOwn(ROLES, name) ? ROLES[name]! : name.toLowerCase();
    return { role, content: withoutOuterTokens(content).trim() };
  });
  const joined = joinedTurns(turns);
  const isAnswered = joined.some(({ role }) => role === "assistant");
  return isAnswered && /^(system|user)$/.test(joined[0]!.role) ? joined : null;
}

/** Parts of a message become one, such as Alpaca's instruction and input; empty ones are left out, unless they are answers. */
function joinedTurns(turns: readonly TranscriptTurn[]): TranscriptTurn[] {
  const joined: TranscriptTurn[] = [];
  for (const turn of turns) {
    const last = joined.at(-1);
    if (turn.role !== "assistant" && turn.content === "") continue;
    if (last?.role !== turn.role) joined.push(turn);
    else joined[joined.length - 1] = { ...turn, content: `${last.content}\n\n${turn.content}` };
  }
  return joined;
}
