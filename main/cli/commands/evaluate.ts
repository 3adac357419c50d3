import type { Command } from "commander";
import type { Generated, Rounding } from "../../../preload/contract/runs/measures.ts";
import {
  accuracyText,
  bytesText,
  counted,
  madeLeftOutText,
  percentText,
  speedText,
  weightsText,
} from "../../../preload/contract/words/figures.ts";
import { measureModel } from "../../services/results/measuring.ts";
import type { Measured } from "../../services/results/measuring.ts";
import type { Context } from "../context.ts";
import { ocrOption, textOption, textsOption, threadsOption } from "../options.ts";
import { Progress } from "../progress.ts";
import { recognitionShown } from "../recognition.ts";
import { stoppable } from "../stoppable.ts";

interface EvaluateOptions {
  model: string;
  test: string[];
  ocr?: boolean;
  threads?: number;
}

/** coppice evaluate: a model's quality on a test set. */
export function addEvaluate(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description("Measures a model on questions (accuracy) and texts (perplexity).")
    .requiredOption("--model <model>", "GGUF file, model folder, finished run, or sample", textOption)
    .requiredOption("--test <path...>", "test files, or a folder with them", textsOption)
    .addOption(ocrOption())
    .addOption(threadsOption())
    .action(async (options: EvaluateOptions, command: Command) => {
      const context = contextOf(command);
      const { terminal } = context;
      const { test: data, ocr, threads } = options;
      const model = await context.model(options.model);
      const progress = new Progress(terminal);
      const measured = await stoppable("Stopped. Nothing was measured.", (signal) =>
        context.writingWithReader((services, reading) =>
          measureModel(
            services,
            reading,
            { model, data, ocr, threads },
            {
              engine: context.engine,
              signal,
              onEvent: (event) => progress.show(event),
              onPage: recognitionShown(terminal),
            },
          ),
        ),
      );
      progress.end();
      terminal.say(`${model.name} on ${data.join(", ")}`);
      for (const line of lines(measured)) terminal.say(line);
      terminal.emit({ event: "done", ...measured });
    });
}

function lines({ metrics, evaluation: { storage }, split }: Measured): string[] {
  const { accuracy, accuracyNorm, perplexity, bitsPerByte, exactMatch, tokensPerSecond, sizeBytes } = metrics;
  const { calibration, generated, rounding } = metrics;
  const { madeLeftOut = 0 } = split;
  return [
    `  ${counted(split.questions, "question")}, ${counted(split.examples + split.conversations, "text")}`,
    madeLeftOut > 0 && `  ${madeLeftOutText("the test set", madeLeftOut, split.made)}`,
    storage && `  measured with ${weightsText(storage)}: 32-bit weights do not fit in memory or on disk`,
    accuracy && `  right: ${accuracyText(accuracy)}`,
    accuracyNorm && `  right, length-normalised: ${accuracyText(accuracyNorm)}`,
    exactMatch && `  exact match: ${accuracyText(exactMatch)}`,
    perplexity !== null && `  perplexity (1 is certain): ${perplexity.toFixed(3)}`,
    bitsPerByte !== null && `  bits per byte: ${bitsPerByte.toFixed(3)}`,
    tokensPerSecond !== null && `  speed: ${speedText(tokensPerSecond)}`,
    calibration && `  calibration error: ${accuracyText(calibration)}`,
    ...answerLines(generated),
    ...roundingLines(rounding),
    sizeBytes !== null && `  size for chat: ${bytesText(sizeBytes)}`,
  ].filter((line): line is string => typeof line === "string");
}

/** What the chat model's generated answers are like. */
function answerLines(generated: Generated | null | undefined): string[] {
  if (!generated) return [];
  const { rougeL, repetition, referenceRepetition, length, stops } = generated;
  return [
    `  answers: ROUGE-L ${accuracyText(rougeL)} over ${rougeL.n}, ${length.toFixed(2)} times as long as the data's`,
    `  repeated 4-grams: ${percentText(repetition.value)} (in the data's answers ${percentText(referenceRepetition)})`,
    ...(stops ? [`  answers that end by themselves: ${accuracyText(stops)}`] : []),
  ];
}

/** What rounding the weights for chat changes. */
function roundingLines(rounding: Rounding | null | undefined): string[] {
  if (!rounding) return [];
  const { precision, prompted, choices, texts } = rounding;
  const chat = `${precision} chat weights${prompted ? " and the stored prompt" : ""}`;
  const before = prompted ? "without both" : "before rounding";
  return [
    ...(choices
      ? [
          `  right with ${chat}: ${percentText(choices.chat.value)}, ${before} ${percentText(choices.trained.value)}, on the same ${counted(choices.chat.n, "question")}`,
        ]
      : []),
    ...(texts ? [`  perplexity with ${chat}: ${Math.exp(texts.value).toFixed(3)} times that ${before}`] : []),
  ];
}
