/** What the tuned model teaches the shallower ones: rows that methods changed, and what it recorded as their teacher. */
import { join } from "node:path";
import { Random } from "../../../native-models/random.ts";
import type { TokenRow } from "../../../native-models/training/batch.ts";
import { hasTeacher } from "../../../preload/contract/plans/plan.ts";
import { methodFolder, WORK_FOLDER } from "../journal/run-files.ts";
import { MethodDone } from "../schedule/operations.ts";
import { workOf } from "../schedule/planned-run.ts";
import { nameOf } from "../schedule/stage-names.ts";
import { waiting } from "../schedule/step.ts";
import type { Step } from "../schedule/step.ts";
import { depthOf } from "../schedule/units.ts";
import { methodIn } from "../methods/index.ts";
import type { RowsContext } from "../methods/method.ts";
import { curriculumOf, Teacher } from "../training/teacher.ts";
import { forwardDone } from "./parts.ts";
import type { RunParts } from "./parts.ts";

export class Teaching {
  readonly #run: RunParts;
  /** The training rows as the tuned model teaches them: as methods changed them. */
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

  /** Implements `TrimOperations.method` for methods that change rows. */
  *method(id: string): Step<MethodDone> {
    const { stages } = this.#run;
    const { method, settings } = methodIn(this.#run.input.plan, id, "rows");
    let changed: ReturnType<typeof method.change> | undefined;
    const change = () => (changed ??= method.change(this.#contextOf(id), settings));
    const done = yield* stages.once(id, MethodDone, {
      begins: { phase: `method ${id}` },
      run: async () => {
        const { result } = await change();
        stages.report({ event: "method", id, outcome: { result, chat: null } });
        return { id, result, depth: null, validation: null };
      },
    });
    this.#texts = (yield* waiting(change)).rows;
    return done;
  }

  /** Implements `TrimOperations.teach`. */
  *teach(): Step<void> {
    const { stack, stages, journal, trainer, batcher, input } = this.#run;
    const { plan, runFolder } = input;
    if (!hasTeacher(plan.trim) || journal.stages.includes(nameOf.elsewhere)) return;
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
    // Null: another computer has recorded it for itself.
    const hashes = yield* stages.once(nameOf.teacher, Teacher.Hashes.nullable(), { begins, run: write });
    this.#teacher = yield* waiting(async () => {
      if (isDone && !(hashes && (await Teacher.isWhole(runFolder, hashes)))) {
        if (hashes) stages.report({ event: "damaged", what: "teacher" });
        await trainer.load(journal.depths["tuned"]!);
        await journal.restate(nameOf.teacher, await write());
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

  #contextOf(id: string): RowsContext {
    const { stack, stages, journal, models, rows, input } = this.#run;
    const { plan, encoder, product, runFolder } = input;
    const blocks = depthOf(stack.kept);
    return {
      plan,
      encoder,
      examples: rows.examples,
      hasChoices: rows.hasChoices,
      maxPositions: stack.model.config.maxPositions,
      rows: this.#texts,
      taught:
        hasTeacher(plan.trim) && plan.budget?.taughtRows !== undefined
          ? new Set(this.#taughtRows)
          : undefined,
      tokenizer: product!.tokenizer,
      tuned: () => models.of(journal.depths["tuned"]!),
      folder: methodFolder(runFolder, id),
      workFolder: join(runFolder, WORK_FOLDER),
      yieldToEventLoop: () => stages.yieldToEventLoop(),
      wrote: (read, tokens) =>
        stages.worked(workOf({ kind: "chat", read, tokens, together: true, passes: 1, blocks })),
      damaged: () => stages.report({ event: "damaged", what: "method" }),
    };
  }
}
