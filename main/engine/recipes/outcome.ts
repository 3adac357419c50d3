/** What a trim ends with: the chosen depth as a model folder, and the table of all depths. */
import { join } from "node:path";
import { z } from "zod";
import { mcNemar } from "../../../native-models/evaluation/statistics.ts";
import type { Example } from "../../../native-models/evaluation/choices.ts";
import type { OpenModel } from "../../../native-models/open-model.ts";
import type { Split } from "../../../preload/contract/data.ts";
import type { TrimPlan } from "../../../preload/contract/plan.ts";
import { Accuracy } from "../../../preload/contract/run.ts";
import type {
  DepthMetrics,
  Evaluation,
  ModelMetrics,
  RunEvent,
  TrimOutcome,
} from "../../../preload/contract/run.ts";
import { Journal } from "../checkpoint.ts";
import type { Snapshot } from "../journal-file.ts";
import type { JobContext } from "../serve.ts";
import { measureChatModel } from "./chat-model.ts";
import { exportModel } from "./export.ts";
import { unitsOf } from "./score-units.ts";
import { modelOfSnapshot } from "./trained.ts";
import type { Depth, Measured, TrimResult } from "./trim.ts";

const ChatMeasureRecord = z.object({
  tokensPerSecond: z.number(),
  sizeBytes: z.number(),
  exactMatch: Accuracy.nullable(),
});
type ChatMeasureRecord = z.infer<typeof ChatMeasureRecord>;

export interface OutcomeInput {
  readonly runFolder: string;
  readonly plan: TrimPlan;
  readonly model: OpenModel;
  readonly output: string;
  readonly test: Split;
}

/** Measures every depth's chat model, and exports the last depth. Journalled like the rest of the run. */
export async function finishTrim(
  { runFolder, plan, model, output, test }: OutcomeInput,
  result: TrimResult,
  context: JobContext<RunEvent>,
  started: number,
): Promise<TrimOutcome> {
  const journal = await Journal.open(runFolder);
  const breathe = async () => {
    await context.control.breathe();
    context.control.checkpointed();
    await context.control.proceed();
  };
  context.report({ event: "phase", phase: "export" });
  const measure = (name: string, snapshot: Snapshot | null, examples: readonly Example[]) =>
    journal.stage(`chat ${name}`, ChatMeasureRecord, async () => {
      await breathe();
      const measured = snapshot ? await modelOfSnapshot(model, plan, journal, snapshot) : model;
      return measureChatModel(
        measured,
        model.tokenizer,
        join(runFolder, "measured"),
        plan.threads,
        examples,
        breathe,
      );
    });

  const base = metricsOf(result.base, await measure("base", null, test.examples));
  const tuned = metricsOf(
    result.tuned.measured,
    await measure("tuned", result.tuned.snapshot, test.examples),
  );
  const depths: DepthMetrics[] = [];
  for (const depth of result.depths) {
    const chat = await measure(depth.name, depth.snapshot, depth.healed ? test.examples : []);
    depths.push(depthMetrics(depth, chat, result.tuned.measured.test, plan));
  }
  const last = result.depths.at(-1)!;
  await journal.stage("export", z.null(), async () => {
    await exportModel(await modelOfSnapshot(model, plan, journal, last.snapshot), model.tokenizer, output);
    return null;
  });
  const trimmed = depths.at(-1)!;
  return {
    output,
    units: {
      kind: plan.trim.unit,
      total: unitsOf(model.sections, plan.trim.unit).length,
      kept: trimmed.units,
      keptIndices: trimmed.keptIndices,
    },
    metrics: { base, tuned, trimmed, depths },
    seconds: (performance.now() - started) / 1000,
    peakMemoryBytes: process.resourceUsage().maxRSS * 1024,
  };
}

export function metricsOf({ test, offDomain }: Measured, chat: ChatMeasureRecord | null): ModelMetrics {
  const { accuracy, accuracyNorm, answerNll, perplexity, bitsPerByte } = test;
  return {
    accuracy,
    accuracyNorm,
    answerNll,
    perplexity,
    bitsPerByte,
    exactMatch: chat?.exactMatch ?? null,
    tokensPerSecond: chat?.tokensPerSecond ?? null,
    sizeBytes: chat?.sizeBytes ?? null,
    offDomain: offDomain && { accuracy: offDomain.accuracy, perplexity: offDomain.perplexity },
  };
}

function depthMetrics(
  { name, snapshot, healed, measured }: Depth,
  chat: ChatMeasureRecord,
  tuned: Evaluation,
  plan: TrimPlan,
): DepthMetrics {
  const keptIndices = unitsOf(snapshot.kept, plan.trim.unit);
  const answers = [measured.test.correct ?? [], tuned.correct ?? []] as const;
  return {
    ...metricsOf(measured, chat),
    name,
    units: keptIndices.length,
    keptIndices,
    healed,
    versusTuned: answers[0].length > 0 ? mcNemar(...answers) : null,
  };
}
