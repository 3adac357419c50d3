/** A conversation as a text for people and other programs. */
import type { ConversationDetail } from "../../../preload/contract/calls/conversations.ts";
import { afterPassages } from "../../../preload/contract/chat/found-passage.ts";
import { partsOf } from "../../../preload/contract/chat/thought.ts";
import type { Language } from "../../../preload/contract/words/language.ts";

const INSTRUCTION: Readonly<Record<Language, string>> = { en: "Instruction", de: "Anweisung" };

/**
 * The shown path of each model as Markdown, under its name if there are two: questions are quoted after their passages, answers are as the model wrote them, without
 * their thoughts. `nameOf`: the name of the model of an answer.
 */
export function markdownOf(
  { title, model, beside, systemPrompt, lanes }: ConversationDetail,
  nameOf: (model: string) => string,
  language: Language,
): string {
  const instruction =
    systemPrompt.trim() === "" ? [] : [`**${INSTRUCTION[language]}:** ${systemPrompt.trim()}`];
  const sections = lanes.flatMap((lane, place) => [
    ...(beside ? [`## ${(place === 0 ? model : beside).name}`] : []),
    ...lane.flatMap(({ role, content, passages, model: by }) =>
      role === "user"
        ? [quoted(afterPassages(passages, content))]
        : [`**${nameOf(by ?? model.reference)}**`, partsOf(content).answer],
    ),
  ]);
  return `${[`# ${title}`, ...instruction, ...sections].filter((part) => part !== "").join("\n\n")}\n`;
}

const quoted = (text: string): string => text.replace(/^/gm, "> ").replace(/ +$/gm, "");
