import type { QuestionKind } from "../../../preload/contract/questions/written-questions.ts";

/** A question as the model wrote it. */
export interface Draft {
  readonly kind: QuestionKind;
  readonly question: string;
  readonly answer: string;
  /** The sentences that it was written from; empty for "not in the text". */
  readonly evidence: string;
}
