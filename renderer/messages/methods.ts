/** What a run's methods gave, in the current language. */
import type { CorePhase, MethodOutcome, Phase } from "../../preload/contract/runs/run.ts";
import { methodOfPhase } from "../../preload/methods/index.ts";
import { methodSentences } from "../../preload/methods/sentences.ts";
import { accuracyText, bytesText, numberText, percentText } from "./figures.ts";
import { language } from "./language.svelte.ts";

const figures = { number: numberText, percent: percentText, bytes: bytesText, accuracy: accuracyText };

export const methodTexts = (outcomes: Readonly<Record<string, MethodOutcome>>): string[] =>
  methodSentences(outcomes, language.now, figures);

/** The name of a phase: among these, or that of the method at work. */
export const phaseName = (phase: Phase, names: Readonly<Record<CorePhase, string>>): string =>
  methodOfPhase(phase)?.text[language.now].name ?? names[phase as CorePhase];
