/** The batch engine as a model that answers chat prompts, with the answers in the order of the prompts. */
import type { Prompt, AnswerShape } from "../../../preload/contract/chat/chat.ts";
import type { Home } from "../../home/home.ts";
import { BatchEngine } from "../answers/batch-engine.ts";
import type { BatchEngineOptions } from "../answers/batch-engine.ts";
import type { Reading } from "../data/reading.ts";
import type { AskModel, ModelAnswer } from "./writing-from-passages.ts";

/** A model that has been opened. */
export interface AskedModel {
  /** Failures: cancelled, engine-stopped, template-failed. */
  readonly ask: AskModel;
  stop(): Promise<void>;
}

export interface BatchModelOptions extends BatchEngineOptions {
  readonly reading: Pick<Reading, "chatPrompt" | "inspect">;
}

/** Opens the model at `path`. Its answers are greedy, so that the same passages give the same questions. Failures: as `BatchEngine.open`. */
export async function openBatchModel(
  home: Home,
  path: string,
  { reading, ...options }: BatchModelOptions,
): Promise<AskedModel> {
  const { signal } = options;
  const engine = await BatchEngine.open(home, await reading.inspect(path), options);
  const { chatTemplate } = engine.loaded;
  const special = chatTemplate.source !== null;
  const ask: AskModel = async (asked, maxTokens) => {
    const shapes = new Shapes();
    const prompts: Prompt[] = [];
    for (const [id, { messages, shape }] of asked.entries()) {
      const prompt = await reading.chatPrompt(chatTemplate, messages);
      prompts.push({ id: String(id), prompt, special, shape: shape ? shapes.placeOf(shape) : null });
    }
    const answers = asked.map((): ModelAnswer => null);
    await engine.answer(prompts, {
      shapes: shapes.list,
      sampling: { maxTokens },
      signal,
      onAnswer: (answer) => {
        if (!("failure" in answer))
          answers[Number(answer.id)] = { text: answer.text, isCutOff: answer.reason === "length" };
      },
    });
    return answers;
  };
  return { ask, stop: () => engine.stop() };
}

/** A list of shapes without duplicates. */
class Shapes {
  readonly list: AnswerShape[] = [];
  readonly #places = new Map<string, number>();

  placeOf(shape: AnswerShape): number {
    const key = JSON.stringify(shape);
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    const place = this.list.push(shape) - 1;
    this.#places.set(key, place);
    return place;
  }
}
