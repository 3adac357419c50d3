/** How good the model in training is, scored where it is trained. */
import { fail } from "../../../native-models/failure.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import type { Evaluation, Subject, WatchedAnswer } from "../../../preload/contract/runs/run.ts";
import type { Measured, Prompted, StagePosition } from "../schedule/operations.ts";
import { unitsOf } from "../schedule/units.ts";
import { scoreRows, total } from "../evaluation/evaluate.ts";
import type { ScoredRows } from "../evaluation/evaluate.ts";
import { watchedAnswers } from "../evaluation/watched-answers.ts";
import { forwardDone } from "./parts.ts";
import type { RunParts } from "./parts.ts";

export class Measuring {
  readonly #run: RunParts;

  constructor(run: RunParts) {
    this.#run = run;
  }

  /** The mean NLL of the right answers of the validation rows, in nats; 0 without such rows. */
  async validationLoss(): Promise<number> {
    const { validation } = this.#run.rows;
    const nll = await this.#score(validation.map(({ row }) => row));
    const answers = nll.map((labels, index) => {
      const { answer } = validation[index]!;
      return answer === null ? total(labels) : labels[answer]!;
    });
    return answers.reduce((sum, value) => sum + value, 0) / Math.max(1, answers.length);
  }

  /** On data that decides nothing: the test rows, those of another field and the corrections, if there are any. */
  async reported(): Promise<Measured> {
    const { test, offDomain, corrections } = this.#run.rows;
    return {
      test: await this.#evaluate(test),
      offDomain: offDomain && (await this.#evaluate(offDomain)),
      ...(corrections && { corrections: corrections.nlls(await this.#score(corrections.rows)) }),
    };
  }

  /** The untrained model with examples in its prompt. */
  async prompted(): Promise<Prompted | null> {
    const { prompted } = this.#run.rows;
    return prompted && { questions: prompted.questions, evaluation: await this.#evaluate(prompted.rows) };
  }

  /** The current model's answers to the questions that are answered after each round. */
  watched(): Promise<WatchedAnswer[]> {
    const { stack, batcher, rows, input } = this.#run;
    const done = (tokens: number) => forwardDone(this.#run, tokens);
    return watchedAnswers(rows.watched, { stack, batcher, encoder: input.encoder, done });
  }

  /** On the validation rows, by which a depth is chosen. */
  choosing(): Promise<Evaluation> {
    return this.#evaluate(this.#run.rows.choosing);
  }

  report(
    { healed = false }: StagePosition,
    subject: Subject,
    split: "test" | "valid" | "off-domain",
    evaluation: Evaluation,
  ): void {
    const { stack, stages, input } = this.#run;
    const keptIndices = unitsOf(stack.kept, input.plan.trim.unit);
    const measured = { healed, evaluation, tokensPerSecond: null, sizeBytes: null };
    const depth = { units: keptIndices.length, keptIndices, ...measured };
    stages.report({ event: "evaluation", subject, split, depth });
  }

  async #evaluate(scored: ScoredRows): Promise<Evaluation> {
    const { plan } = this.#run.input;
    const storage = plan.method.kind === "full" ? "f32" : plan.base.storage;
    return scored.evaluation(await this.#score(scored.rows), storage);
  }

  /** Throws `diverged` if the trained model computes NaN or infinity. */
  async #score(rows: readonly TokenRow[]): Promise<Float32Array[]> {
    const { batcher, stack, trainer } = this.#run;
    const nll = await scoreRows(
      rows,
      batcher,
      (batch) => stack.nll(batch),
      (tokens) => forwardDone(this.#run, tokens),
    );
    const step = trainer.optimizerStep;
    if (step > 0 && nll.some((labels) => !Number.isFinite(total(labels)))) fail({ code: "diverged", step });
    return nll;
  }
}
