import { Option } from "commander";
import type { Command } from "commander";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { homeIn, makeHome } from "../../home/home.ts";
import { ChatEngine } from "../../services/chat/chat-engine.ts";
import type { Device } from "../../../preload/contract/plans/device.ts";
import { warnOfDevice } from "../device-warning.ts";
import type { Context } from "../context.ts";
import {
  addSampling,
  deviceOption,
  precisionOption,
  samplingOf,
  textOption,
  threadsOption,
} from "../options.ts";
import type { SamplingOptions } from "../options.ts";
import { addPassages, nameSources, passagesFrom } from "../asked-passages.ts";
import type { PassageOptions } from "../asked-passages.ts";
import { answerMany } from "../many-answers.ts";
import { addShape, shapeOf } from "../shape-options.ts";
import type { ShapeOptions } from "../shape-options.ts";

interface GenerateOptions extends SamplingOptions, ShapeOptions, PassageOptions {
  model: string;
  prompt?: string;
  prompts?: string;
  raw?: boolean;
  precision?: Precision;
  threads?: number;
  device?: Device;
}

/** coppice generate: one answer, streamed, or many, each printed when it is finished. */
export function addGenerate(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Answers a prompt, using the model's chat template if it has one, unless --raw is given. With --prompts, answers " +
        "many together and prints each as a line of JSON when it is finished; with --passages-from also the places of the passages before it.",
    )
    .requiredOption("--model <model>", "GGUF file, model folder, finished run, or sample", textOption)
    .option("--prompt <text>", "the prompt to answer or continue")
    .addOption(
      new Option(
        "--prompts <file>",
        'a file of prompts, answered on the processor, one per line: {"id": "1", "prompt": "…"}',
      ).conflicts("prompt"),
    )
    .option("--raw", "continue the prompt as it is, without the chat template")
    .addOption(precisionOption())
    .addOption(threadsOption())
    .addOption(deviceOption("answers"));
  addShape(addSampling(addPassages(command))).action(async (options: GenerateOptions, self: Command) => {
    const context = contextOf(self);
    const { terminal } = context;
    if (options.prompts !== undefined && (options.device ?? "cpu") !== "cpu")
      return self.error("Many prompts are answered on the processor; leave out --device.");
    const shape = shapeOf(options);
    if (options.prompts !== undefined) return answerMany(context, options.prompts, { ...options, shape });
    const { prompt: question } = options;
    if (question === undefined) return self.error("Give a prompt with --prompt, or many with --prompts.");
    const home = homeIn(context.home);
    makeHome(home);
    const { path } = await context.model(options.model);
    const { threads, precision, device } = options;
    const how = { threads, precision, device, once: true, engine: context.engine };
    await context.withReader(async (reading) => {
      const putPassages = await passagesFrom(context, reading, options);
      const asked = await putPassages?.(question);
      if (asked) terminal.emit({ event: "passages", passages: asked.passages });
      const content = asked?.content ?? question;
      const chatEngine = await ChatEngine.open(home, path, how);
      try {
        warnOfDevice(context, chatEngine);
        const { chatTemplate, isNative } = chatEngine.loaded;
        const special = chatTemplate.source !== null && !options.raw;
        const prompt = special ? await chatEngine.chatPrompt([{ role: "user", content }]) : content;
        const onText = (text: string) => {
          terminal.stream(text);
          terminal.emit({ event: "text", text });
        };
        const sampling = samplingOf(options);
        const answer = await chatEngine.generate(prompt, { special, sampling, shape, onText });
        terminal.say();
        if (asked) nameSources(terminal, asked.passages);
        terminal.emit({ event: "done", ...answer, isNative });
      } finally {
        await chatEngine.stop();
      }
    });
  });
}
