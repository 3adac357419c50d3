/** A short text about the invented world and questions that it answers. */

export interface TextQuestion {
  readonly question: string;
  readonly answer: string;
  /** Answers of the same kind that the text does not give. */
  readonly wrong: readonly string[];
}

export interface Passage {
  readonly text: string;
  readonly questions: readonly TextQuestion[];
}

/** A question whose answer is Yes or No. */
export function yesOrNo(question: string, isTrue: boolean): TextQuestion {
  return { question, answer: isTrue ? "Yes" : "No", wrong: [isTrue ? "No" : "Yes"] };
}

/** The other members of `all`, as wrong answers. */
export function others(all: readonly string[], answer: string): string[] {
  return all.filter((item) => item !== answer);
}
