/** How a multiple-choice question is presented to a model, inferred from the training rows. */

/** A question for scoring; `answer` is the 0-based index of the right choice. */
export interface Question {
  readonly question: string;
  readonly choices: readonly string[];
  readonly answer: number;
  readonly task?: string | undefined;
  /** Set if no person wrote it: `cloze`, a masked term of a document; `written`, by a model. */
  readonly made?: "cloze" | "written" | undefined;
  /** Whether a person has checked what a model wrote. */
  readonly checked?: boolean | undefined;
  /** The prompt rendered by a chat template, instead of `questionPrompt`; an answer follows it without a space. */
  readonly rendered?: string | undefined;
}

/** A prompt and its completion; `special`: a chat template made the prompt, so its special tokens are real ones. */
export interface Example {
  readonly prompt: string;
  readonly completion: string;
  readonly special?: boolean | undefined;
}

/** `letters` lists "A. choice" lines and compares " A. choice"; `plain` lists nothing and compares " choice". */
export type ChoiceStyle = "letters" | "plain";

/** The text before the answer, in one of the two styles; ends with "Answer:". */
export function questionPrompt({ question, choices }: Question, style: ChoiceStyle): string {
  if (style === "plain") return `${question}\nAnswer:`;
  const lines = choices.map((choice, index) => `${letter(index)}. ${choice}`);
  return [question, ...lines, "Answer:"].join("\n");
}

/** The texts compared after the prompt, one per choice; each starts with the space after "Answer:". */
export function choiceTexts({ choices }: Question, style: ChoiceStyle): string[] {
  return choices.map((choice, index) =>
    style === "letters" ? ` ${letter(index)}. ${choice}` : ` ${choice}`,
  );
}

/** UTF-8 bytes of each choice's text without the leading space: the divisor of acc_norm. */
export function choiceBytes(question: Question, style: ChoiceStyle): number[] {
  return choiceTexts(question, style).map((text) => Buffer.byteLength(text.slice(1), "utf8"));
}

/** A question with its right choice as an example to train on. */
export function questionExample(question: Question, style: ChoiceStyle): Example {
  return {
    prompt: questionPrompt(question, style),
    completion: choiceTexts(question, style)[question.answer]!,
  };
}

/** A style, and the number of training rows that indicate each. */
export interface ChoiceStyleEvidence {
  readonly style: ChoiceStyle;
  readonly letterRows: number;
  readonly plainRows: number;
}

/**
 * The style that fits the training rows. A row indicates letters if its prompt lists "A. …", "B. …" lines and its completion is
 * one of those letters, alone or with its choice; it indicates plain if its prompt lists none and its completion is a choice of
 * some question (ignoring white space and case). The majority wins; a tie with rows goes to letters. Without any row: plain if
 * all questions offer the same choices (labels such as Yes and No), whose meaning the question explains, otherwise letters, so
 * that the model sees its choices.
 */
export function inferChoiceStyle(
  trainExamples: Iterable<Example>,
  questions: readonly Question[],
): ChoiceStyleEvidence {
  const known = new Set(questions.flatMap(({ choices }) => choices.map(folded)));
  let letterRows = 0;
  let plainRows = 0;
  for (const { prompt, completion } of trainExamples) {
    const { choices } = listedChoices(prompt);
    const answer = completion.trim();
    if (choices.length === 0) plainRows += known.has(folded(answer)) ? 1 : 0;
    else if (choices.some((choice, i) => answer === letter(i) || answer === `${letter(i)}. ${choice}`))
      letterRows++;
  }
  if (letterRows + plainRows > 0)
    return { style: letterRows >= plainRows ? "letters" : "plain", letterRows, plainRows };
  const sets = new Set(questions.map(({ choices }) => JSON.stringify(choices)));
  return { style: sets.size <= 1 ? "plain" : "letters", letterRows, plainRows };
}

/** Splits a prompt into its question and the choices that it lists in the letters style, if any. */
export function listedChoices(prompt: string): { question: string; choices: string[] } {
  const lines = prompt.trimEnd().split("\n");
  if (lines[lines.length - 1]?.trim().toLowerCase() === "answer:") lines.pop();
  let first = lines.length - 1;
  while (first > 0 && !lines[first]!.startsWith("A. ")) first--;
  const listed = lines.slice(first);
  const inOrder = listed.length >= 2 && listed.every((line, index) => line.startsWith(`${letter(index)}. `));
  if (!inOrder) return { question: lines.join("\n"), choices: [] };
  return {
    question: lines.slice(0, first).join("\n"),
    choices: listed.map((line) => line.slice(3).trimEnd()),
  };
}

function letter(index: number): string {
  return String.fromCharCode(65 + index);
}

function folded(text: string): string {
  return text.trim().replace(/\s+/g, " ").toLowerCase();
}
