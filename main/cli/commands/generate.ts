import type { Command } from "commander";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { homeIn, makeHome } from "../../home.ts";
import { ChatEngine } from "../../services/chat/chat-engine.ts";
import type { Device } from "../../../preload/contract/device.ts";
import { warnOfDevice } from "../device-warning.ts";
import type { Context } from "../context.ts";
import { addSampling, deviceOption, precisionOption, samplingOf, threadsOption } from "../options.ts";
import type { SamplingOptions } from "../options.ts";

interface GenerateOptions extends SamplingOptions {
  model: string;
  prompt: string;
  raw?: boolean;
  precision?: Precision;
  threads?: number;
  device?: Device;
}

/** coppice generate: one answer, streamed. */
export function addGenerate(program: Command, contextOf: (command: Command) => Context): void {
  const command = program
    .command("generate")
    .summary("generate one answer")
    .description("Answers a prompt, using the model's chat template if it has one, unless --raw is given.")
    .requiredOption("--model <model>", "GGUF file, model folder, finished run, or sample")
    .requiredOption("--prompt <text>", "the prompt to answer or continue")
    .option("--raw", "continue the prompt as it is, without the chat template")
    .addOption(precisionOption())
    .addOption(threadsOption())
    .addOption(deviceOption("answers"));
  addSampling(command).action(async (options: GenerateOptions, self: Command) => {
    const context = contextOf(self);
    const { terminal } = context;
    const home = homeIn(context.home);
    makeHome(home);
    const { path } = context.model(options.model);
    const { threads, precision, device } = options;
    const how = { threads, precision, device, once: true, engine: context.engine };
    await context.withReader(async (reading) => {
      const chatEngine = await ChatEngine.open(home, await reading.inspect(path), how);
      try {
        warnOfDevice(context, chatEngine);
        const { chatTemplate, isNative } = chatEngine.loaded;
        const special = chatTemplate.source !== null && !options.raw;
        const prompt = special
          ? await reading.chatPrompt(chatTemplate, [{ role: "user", content: options.prompt }])
          : options.prompt;
        const onText = (text: string) => {
          terminal.stream(text);
          terminal.emit({ event: "text", text });
        };
        const answer = await chatEngine.generate(prompt, { special, sampling: samplingOf(options), onText });
        terminal.say();
        terminal.emit({ event: "done", ...answer, isNative });
      } finally {
        await chatEngine.stop();
      }
    });
  });
}
