/** The batch engine as a model that is asked: chat prompts in, answers in their order out. */
import type { Prompt, Shape } from "../../../preload/contract/chat.ts";
import type { BatchEngine } from "../answers/batch-engine.ts";
import type { Reading } from "../data/reading.ts";
import type { AskModel, ModelAnswer } from "./writing-from-passages.ts";

/** Greedy, so that the same passages give the same questions. Throws as `BatchEngine.answer`, and `template-failed`. */
export function askBatch(
  engine: BatchEngine,
  reading: Pick<Reading, "chatPrompt">,
  signal?: AbortSignal,
): AskModel {
  const { chatTemplate } = engine.loaded;
  const special = chatTemplate.source !== null;
  return async (asked, maxTokens) => {
    const shapes: Shape[] = [];
    const places = new Map<string, number>();
    const placeOf = (shape: Shape): number => {
      const key = JSON.stringify(shape);
      if (!places.has(key)) places.set(key, shapes.push(shape) - 1);
      return places.get(key)!;
    };
    const prompts: Prompt[] = [];
    for (const [id, { messages, shape }] of asked.entries()) {
      const prompt = await reading.chatPrompt(chatTemplate, messages);
      prompts.push({ id: String(id), prompt, special, shape: shape ? placeOf(shape) : null });
    }
    const answers = asked.map((): ModelAnswer => null);
    await engine.answer(prompts, {
      shapes,
      sampling: { maxTokens },
      signal,
      onAnswer: (answer) => {
        if (!("failure" in answer))
          answers[Number(answer.id)] = { text: answer.text, isCutOff: answer.reason === "length" };
      },
    });
    return answers;
  };
}
