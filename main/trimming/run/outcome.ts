/** The outcome of a trim, as in the table of all depths. */
import { pairedDifference } from "../../../native-models/evaluation/bootstrap.ts";
import { fail } from "../../../native-models/failure.ts";
import type { TrimPlan } from "../../../preload/contract/plans/plan.ts";
import { isShort } from "../../../preload/contract/runs/run.ts";
import type {
  ChangeInChat,
  DepthMetrics,
  Evaluation,
  ModelMetrics,
  TrimOutcome,
} from "../../../preload/contract/runs/run.ts";
import type { Depth } from "../schedule/depth.ts";
import type { ChatMeasured, CorrectionNlls, Measured } from "../schedule/operations.ts";
import type { TrimJobResult } from "../schedule/trim.ts";
import { keptOf, unitsOf } from "../schedule/units.ts";
import type { Blocks } from "../schedule/units.ts";
import { comparisonOf, textDifference } from "../schedule/versus.ts";
import { generatedOf } from "../evaluation/generated-answers.ts";
import { answersVersus, changedChoices, roundingOf } from "../evaluation/paired.ts";

/** Of the data that a run was made from. */
type OutcomeData = Pick<TrimOutcome["metrics"], "guessing" | "trainingRows">;

/** The outcome of a trim of a model of these blocks, except for the job's duration and memory. */
export function outcomeOf(
  result: TrimJobResult,
  plan: TrimPlan,
  blocks: Blocks,
  data: OutcomeData = {},
): Pick<TrimOutcome, "units" | "metrics"> {
  const { base, prompted, tuned, depths, chosen, control, chat } = result;
  const kind = plan.trim.unit;
  const whole = unitsOf(keptOf(blocks), kind);
  const inChat = chat.depths.map((one, index) =>
    depths[index] === chosen ? chosenInChat(result, plan) : one,
  );
  const metrics = depths.map((depth, index) => depthMetrics(depth, inChat[index]!, result, plan));
  const trimmed = metrics[depths.indexOf(chosen)]!;
  return {
    units: {
      kind,
      total: whole.length,
      ...(whole.at(-1) !== whole.length - 1 && { indices: whole }),
      kept: trimmed.units,
      keptIndices: trimmed.keptIndices,
    },
    metrics: {
      base: metricsOf(base, chat.base),
      tuned: {
        ...metricsOf(tuned.measured, chat.tuned, base),
        ...promptedVersus(tuned.measured, chat.tuned, result),
        ...validationOf(tuned.validated, null),
      },
      trimmed,
      depths: metrics,
      ...improvementOf(result, plan),
      ...(prompted !== undefined && {
        prompted: {
          accuracy: prompted?.evaluation.accuracy ?? null,
          generated: generatedOf(chat.base.prompted ?? []),
        },
      }),
      ...data,
      methods: methodsOf(result),
      ...(control && {
        control: {
          ...metricsOf(control.measured, chat.control, base),
          ...validationOf(control.validated, tuned.validated),
          trained: control.trained,
        },
      }),
    },
  };
}

/**
 * The chat model of the run's model. Its size and speed are those in which it will run; answers and scores are compared with those of other
 * depths, so they are without what methods added, except for an improvement, where the model before has its own, too.
 */
function chosenInChat(
  { depths, chosen, chat, methods }: Pick<TrimJobResult, "depths" | "chosen" | "chat" | "methods">,
  { improvement }: TrimPlan,
): ChatMeasured {
  const plain = chat.depths[depths.indexOf(chosen)]!;
  const own = methods.flatMap(({ chat }) => chat ?? []).at(-1) ?? plain;
  if (improvement) return own;
  const { sizeBytes, tokensPerSecond, timesAsFast } = own;
  return { ...withoutGain(plain), sizeBytes, tokensPerSecond, ...(timesAsFast && { timesAsFast }) };
}

const withoutGain = ({ timesAsFast: _, ...others }: ChatMeasured) => others;

/** What each method gave; in chat, compared with the chosen depth as the methods before it left it. */
function methodsOf({ depths, chosen, chat, methods }: TrimJobResult): TrimOutcome["metrics"]["methods"] {
  let before = chat.depths[depths.indexOf(chosen)]!;
  return Object.fromEntries(
    methods.map(({ id, result, validation, chat: after }) => {
      const change = validation && { validation, ...changeBetween(before, after) };
      before = after ?? before;
      return [id, { result, chat: change }];
    }),
  );
}

/** What changed in the chat model of one depth, on the rows that both scored. */
function changeBetween(
  before: ChatMeasured,
  after: ChatMeasured | null,
): Pick<ChangeInChat, "choices" | "texts"> {
  const [without, changed] = [before.scored?.evaluation, after?.scored?.evaluation];
  if (!without || !changed) return { choices: null, texts: null };
  return { choices: changedChoices(changed, without), texts: textDifference(changed, without) };
}

function improvementOf(result: TrimJobResult, plan: TrimPlan): Pick<TrimOutcome["metrics"], "improvement"> {
  const { tuned, depths, chat, trainingRows = 0 } = result;
  const [before, after] = [tuned.measured.corrections, depths.at(-1)!.measured.corrections];
  if (!plan.improvement || !before || !after) return {};
  const likelier = (nlls: CorrectionNlls) =>
    nlls.filter(({ right, wrong }) => wrong !== null && right < wrong).length;
  const written = ({ corrected = [] }: ChatMeasured) => corrected.filter((row) => row?.exact).length;
  const improved = chosenInChat(result, plan);
  return {
    improvement: {
      corrections: before.length,
      rehearsed: trainingRows - before.length,
      written: {
        of: improved.corrected?.filter((row) => row !== null).length ?? 0,
        before: written(chat.tuned),
        after: written(improved),
      },
      likelier: {
        of: before.filter(({ wrong }) => wrong !== null).length,
        before: likelier(before),
        after: likelier(after),
      },
    },
  };
}

/** The outcome of learning from everything: that of the run before, with the one depth that was repeated, under its new name. */
export function outcomeOfEverything(before: TrimOutcome | null): Pick<TrimOutcome, "units" | "metrics"> {
  if (!before) return fail({ code: "internal", message: "the run that is repeated has no outcome" });
  const trimmed = { ...before.metrics.trimmed, name: "everything" };
  const metrics = { ...before.metrics, trimmed, depths: [trimmed], control: undefined };
  return { units: before.units, metrics };
}

export function metricsOf(
  { test, offDomain }: Measured,
  chat: ChatMeasured | null,
  base: Measured | null = null,
): ModelMetrics {
  const { accuracy, accuracyNorm, answerNll, perplexity, bitsPerByte, calibration } = test;
  const versusBase = offDomain && base?.offDomain ? versus(offDomain, base.offDomain) : null;
  return {
    accuracy,
    accuracyNorm,
    answerNll,
    perplexity,
    bitsPerByte,
    exactMatch: chat?.exactMatch ?? null,
    tokensPerSecond: chat?.tokensPerSecond ?? null,
    ...(chat?.timesAsFast && { timesAsFast: chat.timesAsFast }),
    sizeBytes: chat?.sizeBytes ?? null,
    offDomain: offDomain && { accuracy: offDomain.accuracy, perplexity: offDomain.perplexity, versusBase },
    ...(calibration !== undefined && { calibration }),
    ...(chat?.answered && { generated: generatedOf(chat.answered) }),
    ...(chat?.scored && { rounding: roundingOf(chat.scored, test) }),
  };
}

function depthMetrics(depth: Depth, chat: ChatMeasured, result: TrimJobResult, plan: TrimPlan): DepthMetrics {
  const { base, tuned, depths, chosen, control } = result;
  const { name, snapshot, healed, measured, validated } = depth;
  const isResult = healed || depth === chosen || depth === depths.at(-1);
  const keptIndices = unitsOf(snapshot.kept, plan.trim.unit);
  return {
    ...metricsOf(measured, chat, base),
    ...promptedVersus(measured, chat, result),
    ...validationOf(validated, tuned.validated),
    name,
    units: keptIndices.length,
    keptIndices,
    healed,
    versusTuned: comparisonOf(measured.test, tuned.measured.test),
    ...(control &&
      !isShort(control.trained) &&
      isResult && {
        versusControl: comparisonOf(measured.test, control.measured.test),
        textsVersusControl: textDifference(measured.test, control.measured.test),
      }),
    textsVersusTuned: {
      nll: textDifference(measured.test, tuned.measured.test),
      ...answersVersus(chat.answered ?? [], result.chat.tuned.answered ?? []),
    },
  };
}

/** A model compared with the untrained one that had examples in its prompt, on the rows that both answered. */
function promptedVersus(
  { test }: Measured,
  { answered = [] }: ChatMeasured,
  { prompted, chat }: TrimJobResult,
): Pick<ModelMetrics, "versusPrompted"> {
  if (prompted === undefined) return {};
  if (prompted && test.correct) {
    const right = (values: readonly boolean[]) => values.map(Number);
    const own = prompted.questions.map((index) => test.correct![index]!);
    return { versusPrompted: pairedDifference(right(own), right(prompted.evaluation.correct ?? [])) };
  }
  const byIndex = new Map(chat.base.prompted?.flatMap((row) => (row ? [[row.index, row]] : [])));
  return {
    versusPrompted: answersVersus(
      answered,
      answered.map((row) => (row && byIndex.get(row.index)) ?? null),
    ).rougeL,
  };
}

/** The validation result of a depth. */
function validationOf(validated: Evaluation, tuned: Evaluation | null): Pick<ModelMetrics, "validation"> {
  const { accuracy, answerNll, perplexity } = validated;
  const versusTuned = tuned && comparisonOf(validated, tuned);
  const textsVersusTuned = tuned && textDifference(validated, tuned);
  return { validation: { accuracy, answerNll, perplexity, versusTuned, textsVersusTuned } };
}

const versus = (first: Evaluation, second: Evaluation) => ({
  choices: comparisonOf(first, second),
  texts: textDifference(first, second),
});
