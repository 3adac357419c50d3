import type { DeviceProblem } from "../../../preload/contract/plans/device.ts";
import type { Messages } from "../en.ts";
import { numberFormat } from "../formats.ts";
import { failures } from "./failures.ts";

export const devices: Messages["devices"] = {
  names: {
    cpu: "Prozessor",
    webgpu: "Grafikkarte (WebGPU)",
    directml: "Grafikkarte (DirectML)",
    cuda: "NVIDIA-Grafikkarte (CUDA)",
  },
  choose: "Rechengerät",
  chooseAbout:
    "Der Chat verwendet dieses Gerät, und neue Pläne beginnen damit. Für einen einzelnen Lauf können Sie es ändern (Ziel, Erweitert).",
  always: "Funktioniert auf jedem Computer.",
  untested: "Noch nicht getestet. Der Test zeigt, ob sie hier funktioniert.",
  testing: "Ein Trainingsschritt wird mit dem des Prozessors verglichen. Das kann eine Minute dauern.",
  faster: (times) =>
    `Funktioniert: dieselben Ergebnisse wie der Prozessor, bei einem kleinen Trainingsschritt ${times}-mal so schnell.`,
  slower: (times) =>
    `Funktioniert: dieselben Ergebnisse wie der Prozessor, ein kleiner Trainingsschritt dauert aber ${times}-mal so lange.`,
  fails: (problem) => `Hier nicht verwendbar (${problemText(problem)}).`,
  testedAt: (date, card) =>
    card === null ? `Getestet am ${date}.` : `Getestet am ${date}; Grafik: ${card}.`,
  absent: {
    "other-system": "Für dieses System nicht verfügbar.",
    "not-added": "Die nötigen Bibliotheken sind nicht in Coppice enthalten und wurden nicht hinzugefügt.",
    unsafe: "Andere Konten können die nötigen Bibliotheken ändern.",
  },
  test: "Testen",
  testOf: (name) => `Testen: ${name}`,
  stop: "Abbrechen",
  stopTest: (name) => `Test abbrechen: ${name}`,
  fellBack: (device, problem) =>
    `Der Prozessor antwortet, weil „${device}“ hier nicht verwendbar ist (${problemText(problem)}).`,
  willTrain: (problem) => `Stattdessen wird der Prozessor trainieren. (${problemText(problem)})`,
};

/** Why a device is unusable, as part of a sentence. */
export function problemText(problem: DeviceProblem): string {
  switch (problem.kind) {
    case "differs":
      return problem.by === null
        ? "das Ergebnis enthält NaN"
        : `die Ergebnisse weichen um ${numberFormat({ maximumSignificantDigits: 2 }).format(problem.by)} von denen des Prozessors ab`;
    case "no-card":
      return "keine Grafikkarte mit einem passenden Treiber gefunden";
    case "all-weights":
      return "Pläne, die alle Gewichte trainieren, brauchen ein anderes Gerät";
    case "driver":
      return problem.reason;
    case "failure":
      return failures.sentence(problem.failure);
  }
}
