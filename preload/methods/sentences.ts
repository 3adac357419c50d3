/** What a run's methods gave, in sentences for people. */
import type { MethodOutcome } from "../contract/runs/run.ts";
import { isBetterInChat } from "../contract/runs/run.ts";
import type { Language } from "../contract/words/language.ts";
import { changes } from "./index.ts";
import type { Figures } from "./method.ts";

interface Words {
  readonly leftOut: (name: string) => string;
  readonly untested: (name: string) => string;
  readonly likelier: (share: string) => string;
  readonly onQuestions: (with_: string, without: string, won: string, lost: string) => string;
  readonly onTexts: (share: string) => string;
}

const words: Readonly<Record<Language, Words>> = {
  en: {
    leftOut: (name) =>
      `“${name}” was left out: on the validation questions and texts, chat is not better with it.`,
    untested: (name) =>
      `“${name}” was left out: no validation rows fit in the context, so nothing shows that it helps.`,
    likelier: (share) => `On the validation rows, the right words become ${share} likelier in chat.`,
    onQuestions: (with_, without, won, lost) =>
      `With it, chat answers ${with_} of the test questions correctly, without it ${without}: ${won} gained, ${lost} lost.`,
    onTexts: (share) => `With it, the perplexity of test texts in chat is ${share} of what it is without.`,
  },
  de: {
    leftOut: (name) =>
      `„${name}“ wurde weggelassen: Bei den Validierungsfragen und -texten ist der Chat damit nicht besser.`,
    untested: (name) =>
      `„${name}“ wurde weggelassen: Keine Validierungszeile passt in den Kontext, also zeigt nichts, dass es hilft.`,
    likelier: (share) =>
      `Bei den Validierungszeilen werden die richtigen Wörter im Chat um ${share} wahrscheinlicher.`,
    onQuestions: (with_, without, won, lost) =>
      `Damit beantwortet der Chat ${with_} der Testfragen richtig, ohne ${without}: ${won} gewonnen, ${lost} verloren.`,
    onTexts: (share) => `Damit beträgt die Perplexität der Testtexte im Chat ${share} derjenigen ohne.`,
  },
};

/** Of all methods of a run, in their order. */
export function methodSentences(
  outcomes: Readonly<Record<string, MethodOutcome>>,
  language: Language,
  figures: Figures,
): string[] {
  return changes.flatMap(({ id, result, text }) => {
    const outcome = outcomes[id];
    const own = result.safeParse(outcome?.result);
    if (!outcome || !own.success) return [];
    const { chat } = outcome;
    const { name, lines } = text[language];
    const said = words[language];
    if (!chat) return lines(own.data, figures);
    const { validation, choices, texts } = chat;
    if (validation.without === null || validation.with === null) return [said.untested(name)];
    if (!isBetterInChat(validation)) return [said.leftOut(name)];
    const { number, percent, accuracy } = figures;
    return [
      ...lines(own.data, figures),
      said.likelier(percent(Math.expm1(validation.without - validation.with))),
      ...(choices
        ? [
            said.onQuestions(
              accuracy(choices.with),
              accuracy(choices.without),
              number(choices.versus.onlyFirst),
              number(choices.versus.onlySecond),
            ),
          ]
        : []),
      ...(!choices && texts ? [said.onTexts(percent(Math.exp(texts.value)))] : []),
    ];
  });
}
