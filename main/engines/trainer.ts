/** The trainer: runs and resumes trims, exports their depths, evaluates models. */
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { guessingOf } from "../../native-models/evaluation/baselines.ts";
import { questionExample } from "../../native-models/evaluation/choices.ts";
import { fail } from "../../native-models/failure.ts";
import { writeFileAtomic } from "../../native-models/formats/atomic.ts";
import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";
import { withModel } from "../../native-models/open-model.ts";
import { problemOf } from "../../native-models/portable.ts";
import { Batcher } from "../../native-models/training/batch.ts";
import { DatasetReport } from "../../preload/contract/data/data.ts";
import type { Example } from "../../preload/contract/data/data.ts";
import { readersOf } from "../../preload/contract/plans/plan.ts";
import { readReport, readSplit, REPORT_FILE } from "../documents/stored/split-files.ts";
import { trainer } from "./jobs.ts";
import { cancellable, exportProgress } from "./process/progress.ts";
import { serve } from "./process/serve.ts";
import { chatFolderOf, measureChat } from "../trimming/chat/chat-model.ts";
import { testDevice, trainingSpeed } from "../trimming/devices/device-check.ts";
import { openToMeasure } from "../trimming/devices/open-stack.ts";
import { askedRows, askedTokens } from "../trimming/evaluation/asked-rows.ts";
import { evaluationRows, scoreRows } from "../trimming/evaluation/evaluate.ts";
import { writeJobFolder } from "../trimming/elsewhere/job-folder.ts";
import { exportAs } from "../trimming/export/export-as.ts";
import { parcelPieces } from "../trimming/export/parcel.ts";
import { adapterOfSnapshot, chatFormOf, modelOfSnapshot } from "../trimming/export/trained.ts";
import { tokensIn } from "../trimming/rows/rows.ts";
import { metricsOf, outcomeOf, outcomeOfEverything } from "../trimming/run/outcome.ts";
import { readPlanned } from "../trimming/run/planned-data.ts";
import { probe } from "../trimming/run/probe.ts";
import { runRecipe } from "../trimming/run/trim-run.ts";
import { plannedModel } from "../trimming/run/vocabulary.ts";
import { ActiveClock } from "../trimming/training/active-clock.ts";
import { Journal } from "../trimming/journal/checkpoint.ts";
import { holdRun } from "../trimming/journal/run-lock.ts";
import { workOf } from "../trimming/schedule/planned-run.ts";
import { anyJob } from "../trimming/schedule/recipes.ts";

serve(trainer, {
  trim: async ({ runFolder, plan, output, keepsActivations, finishes, before }, context) => {
    if (finishes) context.control.apply("finish");
    const clock = new ActiveClock();
    const lock = await holdRun(runFolder, context);
    try {
      return await withModel(plan.model.path, async (original) => {
        const started = performance.now();
        const model = await plannedModel(original, plan, runFolder);
        const { tokenizer } = model;
        const product = { tokenizer, output, ...(plan.vocabulary && { original }) };
        const input = { runFolder, plan, model, encoder: tokenizer, keepsActivations, product, clock };
        const result = await runRecipe(anyJob, input, context);
        const data = readPlanned(plan);
        const judged = {
          guessing: guessingOf(data.test.questions),
          trainingRows: data.train.examples.length,
        };
        return {
          output,
          ...(result ? outcomeOf(result, plan, model.sections, judged) : outcomeOfEverything(before)),
          ...(plan.vocabulary && {
            tokens: {
              kept: model.config.vocabularySize,
              total: original.config.vocabularySize,
            },
          }),
          seconds: (performance.now() - started) / 1000,
          peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
        };
      });
    } finally {
      lock.release();
    }
  },

  evaluate: async (
    { model: path, data, choiceStyle, workFolder, threads, maxTokens, base },
    { report, control },
  ) =>
    withModel(path, async (model) => {
      const split =
        readSplit(data, "test") ??
        fail({ code: "not-found", path: join(data, "test.json"), what: "test set" });
      const scored = evaluationRows(model.tokenizer, split, choiceStyle, maxTokens);
      const rows = askedRows(model.tokenizer, split, choiceStyle, scored);
      const { answerPrompts, answers, scored: read } = askedTokens(rows);
      const chatWork = (read: number, tokens: number) =>
        workOf({ kind: "chat", read, tokens, passes: 1, blocks: 1 });
      const all = tokensIn(scored.rows) + chatWork(answerPrompts + read, answers);
      const yieldToEventLoop = async () => {
        await control.yieldToEventLoop();
        control.throwIfCancelled();
      };
      report({ event: "phase", phase: "evaluate" });
      const stack = openToMeasure(model, { threads, base }, workFolder);
      const started = performance.now();
      let done = 0;
      const tell = async (tokens: number) => {
        done += tokens;
        const secondsLeft = ((performance.now() - started) / 1000 / done) * (all - done);
        const fraction = done / all;
        report({ event: "progress", phase: "evaluate", done, total: all, fraction, secondsLeft });
        await yieldToEventLoop();
      };
      const nll = await scoreRows(scored.rows, new Batcher(), (batch) => stack.nll(batch), tell).finally(() =>
        stack.close(),
      );
      const evaluation = scored.evaluation(nll, base.storage);
      const folder = await chatFolderOf(model, join(workFolder, "measured"), undefined);
      const onTokens = (read: number, written: number) => tell(chatWork(read, written));
      const asked = { tokenizer: model.tokenizer, ...rows, onTokens };
      const chat = await measureChat({ model, folder }, threads, { yieldToEventLoop, asked });
      return { metrics: metricsOf({ test: evaluation, offDomain: null }, chat), evaluation };
    }),

  probe: (input, context) =>
    withModel(input.plan.model.path, async (original) => {
      const model = await plannedModel(original, input.plan, null);
      return probe({ ...input, model, original, tokenizer: model.tokenizer }, context);
    }),

  "test-device": ({ device, threads }) => testDevice(device, threads),

  "training-speed": async ({ threads }) => ({ operationsPerSecond: await trainingSpeed(threads) }),

  export: async ({ runFolder, plan, depth, program, ...job }, { report }) =>
    withModel(plan.model.path, async (original) => {
      report({ event: "phase", phase: "export" });
      const model = await plannedModel(original, plan, runFolder);
      const journal = await Journal.open(runFolder);
      const snapshot = journal.depths[depth];
      if (!snapshot)
        return refuseChoice({ code: "unknown-depth", depth, depths: Object.keys(journal.depths) });
      const chosen = await modelOfSnapshot(model, plan, journal, snapshot);
      for (const reader of readersOf(program ? [program] : [])) {
        const reason = problemOf(reader, chosen, chosen.sections);
        if (reason)
          fail({ code: "not-expressible", program: reader, blocks: chosen.sections.length, reason });
      }
      const exported = await exportAs(
        chosen,
        model.tokenizer,
        {
          ...job,
          ...plan,
          adapted:
            job.format === "adapter"
              ? { base: model, adapter: await adapterOfSnapshot(model, plan, journal, snapshot) }
              : null,
          examples: heldOutExamples(plan.data.path),
          baseMix: model.fileType,
          chatForm: await chatFormOf(depth, plan, model, journal),
        },
        exportProgress(report),
      );
      return { ...exported, units: chosen.sections.length };
    }),

  "write-job": ({ plan, output, programme, ...job }, { report, control }) =>
    withModel(plan.model.path, async (model) => {
      const tell = cancellable(control, exportProgress(report));
      await writeJobFolder(output, plan, model, programme, { ...job, tell });
      return {};
    }),

  pack: async ({ folder, out, ...sealed }, { report, control }) => {
    const pieces = parcelPieces(folder, sealed, cancellable(control, exportProgress(report)));
    await writeFileAtomic(out, pieces);
    return { sizeBytes: statSync(out).size };
  },
});

/** Examples that a run's model was not trained on, if its data still has any: its questions with their right answers, too. */
function heldOutExamples(data: string): readonly Example[] {
  if (!existsSync(join(data, REPORT_FILE))) return [];
  const { choiceStyle } = readReport(data, DatasetReport.pick({ choiceStyle: true }));
  return (["valid", "test"] as const).flatMap((name) => {
    const split = readSplit(data, name);
    const asked = (split?.questions ?? []).map((question) => questionExample(question, choiceStyle));
    return split ? [...split.examples, ...asked] : [];
  });
}
