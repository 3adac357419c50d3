/** What the tuned model teaches the shallower ones: answers that it rewrote, and what it recorded as their teacher. */
import { join } from "node:path";
import { Random } from "../../../../native-models/random.ts";
import type { TokenRow } from "../../../../native-models/training/batch.ts";
import { hasTeacher } from "../../../../preload/contract/plans/plan.ts";
import { Rewritten } from "../../../../preload/contract/runs/run.ts";
import { REWRITTEN_FOLDER } from "../../saved-run/run-files.ts";
import { workOf } from "../../schedule/planned-run.ts";
import { nameOf } from "../../schedule/stage-names.ts";
import { waiting } from "../../schedule/step.ts";
import type { Step } from "../../schedule/step.ts";
import { depthOf } from "../../schedule/units.ts";
import { askedAgain, rewrittenRows, rewrittenText } from "../rows/rewritten-answers.ts";
import type { FreeAnswer, WrittenAnswer } from "../rows/rewritten-answers.ts";
import { curriculumOf, Teacher } from "../training/teacher.ts";
import { forwardDone } from "./parts.ts";
import type { RunParts } from "./parts.ts";
import { writtenAnswers } from "./rewrite.ts";

export class Teaching {
  readonly #run: RunParts;
  /** The training rows as the tuned model teaches them: with the answers that it wrote, if it wrote any. */
  #texts: readonly TokenRow[];
  #teacher: Teacher | null = null;

  constructor(run: RunParts) {
    this.#run = run;
    this.#texts = run.rows.training;
  }

  get texts(): readonly TokenRow[] {
    return this.#texts;
  }

  /** Null before `teach`, and if the plan has no distillation. */
  get teacher(): Teacher | null {
    return this.#teacher;
  }

  /** Implements `TrimOperations.rewrite`. */
  *rewrite(): Step<Rewritten | null> {
    const { stages, rows, input } = this.#run;
    const { plan, encoder } = input;
    const among = plan.budget?.rewritesTaught ? new Set(this.#taughtRows) : undefined;
    const asked = askedAgain(rows.free, plan.rewriting, among);
    const judge = async () =>
      rewrittenRows(encoder, rows.examples, asked, await this.#writtenAnswers(asked), plan);
    let judged: ReturnType<typeof judge> | undefined;
    const counts = yield* stages.once(nameOf.rewrite, Rewritten, {
      begins: { phase: "rewrite" },
      run: async () => {
        const { rewritten } = await (judged = judge());
        stages.log(rewrittenText(rewritten));
        return rewritten;
      },
    });
    this.#texts = (yield* waiting(() => judged ?? judge())).rows;
    return counts;
  }

  /** Implements `TrimOperations.teach`. */
  *teach(): Step<void> {
    const { stack, stages, journal, trainer, batcher, input } = this.#run;
    const { plan, runFolder } = input;
    if (!hasTeacher(plan.trim)) return;
    this.#texts = this.#taughtRows.map((row) => this.#texts[row]!);
    const curriculum = curriculumOf(plan.trim);
    const write = () =>
      Teacher.write(
        runFolder,
        this.#texts,
        curriculum,
        batcher,
        (batch, likeliest) => stack.record(batch, likeliest),
        (tokens) => forwardDone(this.#run, tokens),
      );
    const isDone = journal.stages.includes(nameOf.teacher);
    const begins = { phase: "prepare" } as const;
    const hashes = yield* stages.once(nameOf.teacher, Teacher.Hashes, { begins, run: write });
    this.#teacher = yield* waiting(async () => {
      if (isDone && hashes !== null && !(await Teacher.isWhole(runFolder, hashes))) {
        stages.report({ event: "damaged", what: "teacher" });
        await trainer.load(journal.depths["tuned"]!);
        await write();
        await trainer.restore();
        stack.keep(stack.model.sections);
      }
      return Teacher.open(runFolder, this.#texts, curriculum, stack.model.config.hiddenSize);
    });
  }

  async close(): Promise<void> {
    await this.#teacher?.close();
    this.#teacher = null;
  }

  /** The indices of the training rows that the plan has time to teach, drawn by the seed. */
  get #taughtRows(): number[] {
    const { rows, input } = this.#run;
    const { budget, seed } = input.plan;
    const count = rows.training.length;
    const order = new Random(seed, "taught rows").permutation(count);
    return [...order.subarray(0, budget?.taughtRows ?? count)].sort((a, b) => a - b);
  }

  /** Read from the run's folder if they are stored there. */
  #writtenAnswers(asked: readonly FreeAnswer[]): Promise<WrittenAnswer[]> {
    const { stack, stages, journal, models, input } = this.#run;
    const { plan, product, runFolder } = input;
    const blocks = depthOf(stack.kept);
    return writtenAnswers({
      model: () => models.of(journal.depths["tuned"]!),
      tokenizer: product!.tokenizer,
      asked,
      folder: join(runFolder, REWRITTEN_FOLDER),
      threads: plan.threads,
      precision: plan.chat.precision,
      breathe: () => stages.breathe(),
      onAnswer: (read, tokens) =>
        stages.worked(workOf({ kind: "chat", read, tokens, together: true, passes: 1, blocks })),
      onDamaged: () => stages.report({ event: "damaged", what: "answers" }),
    });
  }
}
