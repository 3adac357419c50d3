import type { Command } from "commander";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { questionExample } from "../../../native-models/evaluation/choices.ts";
import { Question } from "../../../preload/contract/data/data.ts";
import type { Example } from "../../../preload/contract/data/data.ts";
import type { TrimDone } from "../../../preload/contract/runs/run.ts";
import { ChatEngine } from "../../services/chat/chat-engine.ts";
import type { Services } from "../../services/open.ts";
import { sample, sampleName } from "../../services/models/sample.ts";
import { prepareTrim } from "../../services/runs/trimming.ts";
import type { Context } from "../context.ts";
import { followTrim, showOutcome } from "../following.ts";
import { showPrepared } from "../prepared.ts";

const answerTokens = 24;

/** coppice demo: the whole job with the built-in sample. */
export function addDemo(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Specialises the small built-in model on made-up hire clauses, cuts it from 8 blocks to 4, and asks it a question.",
    )
    .action(async (_options: object, command: Command) => {
      const context = contextOf(command);
      await context.writingWithReader(async (services, reading) => {
        const prepared = await prepareTrim(services, reading, {
          model: { path: sample.model, name: sampleName },
          sources: { data: [sample.data] },
          patch: { heal: { epochs: 1 } },
          name: "demo",
        });
        showPrepared(context, prepared);
        const done = await followTrim(context, services, prepared.run);
        showOutcome(context, services, done);
        await ask(context, services, done);
        context.terminal.emit(done);
      });
    });
}

/** A question from the test data, which the model has not seen. */
async function ask(context: Context, { home }: Services, done: TrimDone): Promise<void> {
  const { terminal } = context;
  const { prompt, completion } = heldOutExample();
  const chatEngine = await ChatEngine.open(home, done.output, {
    once: true,
    engine: context.engine,
  });
  try {
    terminal.say();
    terminal.say(terminal.colours.dim("A question that the model has not seen:"));
    terminal.stream(prompt);
    const sampling = { maxTokens: answerTokens, stop: ["\n"] };
    const onText = (text: string) => terminal.stream(terminal.colours.green(text));
    const { text } = await chatEngine.generate(prompt, { special: false, sampling, onText });
    terminal.say();
    terminal.say(terminal.colours.dim(`The right answer:${completion}`));
    terminal.say();
    terminal.say(`To ask more: coppice chat --model ${done.runId}`);
    terminal.emit({ event: "answer", prompt, text, expected: completion });
  } finally {
    await chatEngine.stop();
  }
}

function heldOutExample(): Example {
  const [line] = readFileSync(join(sample.data, "test.jsonl"), "utf8").split("\n");
  return questionExample(Question.parse(JSON.parse(line!)), "plain");
}
