import type { DeviceProblem } from "../../../preload/contract/device.ts";
import type { Messages } from "../en.ts";
import { failures } from "./failures.ts";

export const devices: Messages["devices"] = {
  names: {
    cpu: "Prozessor",
    webgpu: "Grafikkarte, mit WebGPU",
    directml: "Grafikkarte, mit DirectML",
    cuda: "NVIDIA-Grafikkarte, mit CUDA",
  },
  choose: "Was rechnet",
  chooseAbout:
    "Der Chat benutzt es, und neue Pläne beginnen damit; ein Lauf kann etwas anderes haben (Ziel, Erweitert).",
  always: "Geht auf jedem Computer.",
  untested: "Noch nicht getestet: Ob sie hier geht, sagt der Test.",
  testing: "Ein Trainingsschritt wird mit dem des Prozessors verglichen. Das kann eine Minute dauern.",
  faster: (times) =>
    `Geht: dieselben Ergebnisse wie der Prozessor, bei einem kleinen Trainingsschritt ${times}-mal so schnell.`,
  slower: (times) =>
    `Geht: dieselben Ergebnisse wie der Prozessor, ein kleiner Trainingsschritt dauert aber ${times}-mal so lange.`,
  fails: (problem) => `Hier nicht zu verwenden (${problemText(problem)}).`,
  testedAt: (date, card) =>
    card === null ? `Getestet am ${date}.` : `Getestet am ${date}; dieser Computer zeichnet mit ${card}.`,
  absent: {
    "other-system": "Gibt es für dieses System nicht.",
    "not-added": "Coppice bringt die Bibliotheken dafür nicht mit, und sie wurden nicht hinzugefügt.",
  },
  test: "Testen",
  testOf: (name) => `Testen: ${name}`,
  stop: "Abbrechen",
  stopTest: (name) => `Test abbrechen: ${name}`,
  fellBack: (device, problem) =>
    `Der Prozessor antwortet: „${device}“ ist hier nicht zu verwenden (${problemText(problem)}).`,
  willTrain: (problem) => `Stattdessen wird der Prozessor trainieren. (${problemText(problem)})`,
};

function problemText(problem: DeviceProblem): string {
  switch (problem.kind) {
    case "differs":
      return problem.by === null
        ? "es kommen keine Zahlen heraus"
        : `die Ergebnisse sind nicht die des Prozessors, sie weichen um ${problem.by.toPrecision(2)} ab`;
    case "no-card":
      return "keine Grafikkarte mit einem passenden Treiber gefunden";
    case "all-weights":
      return "Pläne, die alle Gewichte trainieren, brauchen etwas anderes";
    case "driver":
      return problem.reason;
    case "failure":
      return failures.sentence(problem.failure);
  }
}
