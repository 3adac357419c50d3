import type { Command } from "commander";
import { createInterface } from "node:readline";
import { failureOf } from "../../../native-models/failure.ts";
import type { Failure } from "../../../native-models/failure.ts";
import type { Precision } from "../../../native-models/inference/precision.ts";
import type { AnswerPiece } from "../../../preload/contract/calls/conversations.ts";
import { speedText } from "../../../preload/contract/words/figures.ts";
import { sentence } from "../../../preload/contract/words/sentence.ts";
import { homeIn, makeHome } from "../../home/home.ts";
import { ChatEngine } from "../../services/chat/chat-engine.ts";
import { Conversations } from "../../services/chat/conversations.ts";
import { openServices } from "../../services/open.ts";
import type { Services } from "../../services/open.ts";
import { Talk } from "../../services/chat/talk.ts";
import type { Speaker } from "../../services/chat/talk.ts";
import { titleOf } from "../../../preload/contract/chat/conversation-title.ts";
import { leftOutMessages } from "../../../preload/contract/chat/left-out-messages.ts";
import type { Device } from "../../../preload/contract/plans/device.ts";
import { addPassages, nameSources, passagesFrom } from "../asked-passages.ts";
import type { PassageOptions, PutPassages } from "../asked-passages.ts";
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
import type { Terminal } from "../terminal.ts";

interface ChatOptions extends SamplingOptions, PassageOptions {
  model: string;
  system?: string;
  precision?: Precision;
  threads?: number;
  device?: Device;
}

/** coppice chat: a conversation on the terminal, or one turn per line from a pipe. */
export function addChat(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description("Chats with a model, one line per turn. Ctrl-C stops an answer, Ctrl-D quits.")
    .requiredOption("--model <model>", "GGUF file, model folder, finished run, or sample", textOption)
    .option("--system <text>", "the system prompt")
    .addOption(precisionOption())
    .addOption(threadsOption())
    .addOption(deviceOption("answers"));
  addSampling(addPassages(command)).action(async (options: ChatOptions, self: Command) => {
    const context = contextOf(self);
    const model = await context.model(options.model);
    const services = writerIfFree(context);
    try {
      await context.withReader(async (reading) => {
        const putPassages = await passagesFrom(context, reading, options);
        const home = homeIn(context.home);
        makeHome(home);
        const chatEngine = await ChatEngine.open(home, model.path, {
          threads: options.threads,
          precision: options.precision,
          device: options.device,
          texts: services?.texts,
          engine: context.engine,
        });
        try {
          warnOfDevice(context, chatEngine);
          const conversations = services?.conversations ?? Conversations.unkept();
          const { loaded } = chatEngine;
          const speaker: Speaker = {
            reference: model.path,
            path: model.path,
            loaded,
            chatPrompt: chatEngine.chatPrompt.bind(chatEngine),
            generate: async (prompt, options) => chatEngine.generate(await prompt, options),
            readAhead: chatEngine.readAhead.bind(chatEngine),
            embed: chatEngine.embed.bind(chatEngine),
          };
          const begin = (question: string) =>
            conversations.create({
              title: titleOf(question),
              model: model.path,
              systemPrompt: options.system ?? "",
              sampling: samplingOf(options),
            }).id;
          const speakers = { speakerOf: () => Promise.resolve(speaker), ready: () => speaker };
          await converse(context.terminal, new Talk({ conversations, speakers }), begin, {
            putPassages,
          });
        } finally {
          await chatEngine.stop();
        }
      });
    } finally {
      services?.close();
    }
  });
}

/** The writing services, or null while another program uses the home: the conversation is useful even if it cannot be saved. */
function writerIfFree(context: Context): Services | null {
  try {
    return openServices(context.home);
  } catch (error) {
    const failure = failureOf(error);
    if (failure.code !== "home-in-use") throw error;
    context.terminal.warn("Another Coppice is using this folder, so this conversation is not saved.");
    return null;
  }
}

/** The failures of one question, after which the conversation goes on. */
const OF_A_QUESTION: ReadonlySet<Failure["code"]> = new Set([
  "context-full",
  "message-too-large",
  "template-failed",
  "cancelled",
]);

/** Asks each line of `source`, with passages before it if there are any; the first question starts the conversation. */
export async function converse(
  terminal: Terminal,
  talk: Pick<Talk, "ask">,
  begin: (question: string) => number,
  {
    putPassages = null,
    source = process.stdin,
  }: { readonly putPassages?: PutPassages | null; readonly source?: NodeJS.ReadableStream } = {},
): Promise<void> {
  const { live, colours } = terminal;
  const input = createInterface({
    input: source,
    ...(live ? { output: process.stdout } : {}),
    prompt: colours.green("› "),
  });
  let answering: AbortController | null = null;
  let isOpen = true; // Ctrl-D closes it, also during an answer
  input.once("close", () => (isOpen = false));
  input.on("SIGINT", () => (answering ? answering.abort() : input.close()));
  if (live) input.prompt();
  let conversation: number | null = null;
  let turns = 0;
  for await (const line of input) {
    if (line.trim() !== "") {
      answering = new AbortController();
      try {
        conversation ??= begin(line);
        const onPiece = (piece: AnswerPiece) => {
          if (piece.type !== "text") return;
          terminal.stream(piece.text);
          terminal.emit({ event: "text", text: piece.text });
        };
        const asked = await putPassages?.(line);
        if (asked) terminal.emit({ event: "passages", passages: asked.passages });
        const passages = asked && asked.passages.length > 0 ? asked.passages : null;
        const [answer] = await talk.ask(conversation, line, {
          passages,
          onPiece,
          signal: answering.signal,
        });
        turns++;
        terminal.say();
        if (asked) nameSources(terminal, asked.passages);
        if (answer.leftOut > 0) terminal.say(colours.dim(leftOutMessages(answer.leftOut)));
        if (live && answer.tokensPerSecond !== null)
          terminal.say(colours.dim(`${answer.tokens} tokens, ${speedText(answer.tokensPerSecond)}`));
        terminal.emit({ event: "answer", ...answer });
      } catch (error) {
        const failure = failureOf(error);
        if (!OF_A_QUESTION.has(failure.code)) throw error;
        terminal.say();
        terminal.warn(sentence(failure));
        terminal.emit({ event: "answer", failure });
      }
      answering = null;
    }
    if (live && isOpen) input.prompt();
  }
  terminal.say();
  terminal.emit({ event: "done", turns });
}
