import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { withSettings } from "../services/plans/limits.ts";
import { lineageOf } from "../services/plans/improvement.ts";
import { addCorrections, correctAnswer, judgeAnswer } from "../services/runs/correcting.ts";
import { improvementOutlook, prepareImprovement } from "../services/runs/improving.ts";
import { correctionsName } from "../services/settings/given-names.ts";
import { languageOf } from "./language.ts";

export function correctionsHandlers({
  services,
  paths,
  reading,
  queue,
  engine,
  desktop,
  free,
  loadedModels,
}: Application): Handlers<(typeof contract)["corrections"]> {
  const { corrections, runs, settings } = services;
  const language = () => languageOf(settings, desktop);
  return {
    save: (correction) => correctAnswer(services, reading, correction),
    judge: (judged) => judgeAnswer(services, reading, judged),
    add: (asked) => {
      paths.checkReading(asked.file);
      return addCorrections(services, reading, asked);
    },
    remove: ({ id }) => corrections.remove(id),
    ofRun: ({ run }) => corrections.ofLineage(lineageOf(runs.get(run))),
    outlook: async ({ run }, onPiece, signal) => {
      await loadedModels.unloadIdle(); // what is measured needs their memory
      const options = { engine, free, signal, onDone: (done: number) => onPiece({ done }) };
      const asked = { run, choices: withSettings({}, settings), language: language() };
      return improvementOutlook(services, reading, asked, options);
    },
    improve: async ({ onBattery, ...request }) => {
      const choices = withSettings(request.choices, settings);
      const asked = { ...request, choices, language: language() };
      const { run } = await prepareImprovement(services, reading, asked, { free });
      queue.add(run.id, { onBattery });
      return { id: run.id };
    },
  };
}

/** The name of a run's data set of corrections, in that language. */
export const correctionsNamed =
  ({ services, desktop }: Pick<Application, "services" | "desktop">) =>
  (run: string): string =>
    correctionsName(languageOf(services.settings, desktop), run);
