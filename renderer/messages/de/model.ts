import { bitsOf, formatText } from "../../../preload/contract/words/figures.ts";
import { numberText } from "../figures.ts";
import type { Messages } from "../en.ts";

export const model: Messages["model"] = {
  title: "Mit welchem Modell möchten Sie beginnen?",
  about: "Coppice liest das Modell nur und verändert das Original nie.",
  sample: "Mitgeliefertes Beispiel",
  sampleAbout: "Ein kleines Modell mit eigenen Fragen. Es zeigt jeden Schritt in wenigen Minuten.",
  drop: "Ziehen Sie ein Modell hierher",
  dropHere: "Zum Öffnen loslassen",
  dropAbout: "Eine GGUF-Datei oder ein safetensors-Ordner",
  chooseFile: "Datei wählen …",
  chooseFolder: "Ordner wählen …",
  found: "Auf diesem Computer gefunden",
  looking: "Coppice sucht Modelle auf diesem Computer.",
  lookAgain: "Erneut suchen",
  noneFound:
    "Es wurden keine Modelle aus Ollama, LM Studio, Jan, llama.cpp oder einem Hugging-Face-Cache gefunden. Ziehen Sie ein Modell hierher oder beginnen Sie mit dem Beispiel.",
  downloadedHere: (name) => `Coppice hat „${name}“ heruntergeladen.`,
  remove: "Entfernen …",
  removeTitle: (name) => `„${name}“ von diesem Computer entfernen?`,
  removeText: (size) =>
    `Das gibt ${size} frei. Fertige Läufe und ihre Modelle bleiben. Um einen Lauf mit diesem Modell fortzusetzen oder zu exportieren, müssen Sie es erneut herunterladen.`,
  removeIt: (size) => `${size} entfernen`,
  removed: (name, size) => `„${name}“ wurde entfernt; ${size} sind wieder frei.`,
  sources: {
    sample: "In Coppice enthalten",
    recent: "Zuletzt verwendet",
    run: "Hier erstellt",
    ollama: "Ollama",
    "lm-studio": "LM Studio",
    jan: "Jan",
    "llama-cpp": "llama.cpp",
    downloaded: "Heruntergeladen",
    "damaged-download": "Heruntergeladen, beschädigt",
    "hugging-face": "Hugging-Face-Cache",
  },
  openedByHand: "Von Ihnen geöffnet",
  format: formatText,
  blocks: (count) => `${count} Blöcke`,
  blocksInWords: (count) => `${count} Blöcke, jeder mit einer Attention- und einer MLP-Hälfte`,
  fits: "Passt",
  tight: "Knapp",
  tooLarge: "Zu groß",
  notUsable: "Nicht verwendbar",
  damaged: "Beschädigt",
  chosen: "Gewähltes Modell",
  noneChosen: "Wählen Sie ein Modell, um Details zu sehen und ob es auf diesen Computer passt.",
  reading: "Die Datei wird gelesen.",
  nothingChanged: "Coppice hat weder diese Datei noch Ihre Läufe verändert.",
  fitsTitle: "Dieses Modell passt auf diesen Computer",
  fitsText: (needed, free) => `Das Kürzen braucht etwa ${needed} Arbeitsspeicher; ${free} sind frei.`,
  weightsKept: ({ storage, streamed }) => {
    if (storage !== "f32")
      return `Seine Gewichte werden dann mit ${bitsOf[storage]} Bit gespeichert, was das Ergebnis leicht verändern kann.`;
    return streamed
      ? "Seine Gewichte werden dann laufend von der Festplatte gelesen; das Ergebnis bleibt dasselbe."
      : "";
  },
  tightTitle: "Schließen Sie zuerst andere Programme",
  tightText: (needed, free) =>
    `Das Kürzen braucht etwa ${needed} Arbeitsspeicher mit dem sparsamsten Plan; jetzt sind ${free} frei.`,
  tooLargeTitle: "Dieses Modell ist zu groß für diesen Computer",
  tooLargeText: (needed, all) =>
    `Das Kürzen braucht etwa ${needed} Arbeitsspeicher; dieser Computer hat ${all}. Wählen Sie ein kleineres Modell.`,
  memoryInWords: (needed, used, all) =>
    `${needed} benötigt, ${used} von anderen Programmen belegt, ${all} insgesamt`,
  trainingMemory: (bytes) => `Kürzen: etwa ${bytes}`,
  chatMemory: (bytes) => `Chat, ungekürzt: etwa ${bytes}`,
  memoryInUse: (used, all) => `Jetzt belegt: ${used} von ${all}`,
  parameters: "Parameter",
  file: "Datei",
  halfDepth: "Bei halber Tiefe",
  gain: (times) => `antwortet etwa ${times}-mal so schnell`,
  context: "Kontextlänge",
  tokens: (count) => `${numberText(count)} Token`,
  architecture: "Architektur",
  width: "Breite",
  widths: (hidden, inner) => `${numberText(hidden)}, MLP ${numberText(inner)}`,
  heads: "Attention-Köpfe",
  headCount: (heads, keyValue, width) =>
    heads === keyValue ? `${heads}, ${width} breit` : `${heads}, ${width} breit, ${keyValue} für Keys`,
  vocabulary: "Vokabular",
  chatTemplate: "Chat-Vorlage",
  carried: "in der Datei",
  notCarried: "keine",
  licence: "Lizenz",
  noLicence: "in der Datei nicht angegeben",
  licenceText: "Lizenztext",
  licenceHint:
    "Die Datei enthält keinen Lizenztext. Ob Sie das gekürzte Modell verwenden und weitergeben dürfen, steht auf der Seite des Herausgebers.",
  leftOut: {
    "next-token": "Die Datei enthält auch Blöcke, die ein Token vorausraten. Coppice lässt sie weg.",
    images: "Dieses Modell liest auch Bilder. Coppice verwendet nur seinen Sprachteil.",
    sound: "Dieses Modell nimmt auch Ton entgegen. Coppice verwendet nur seinen Sprachteil.",
  },
  storage: "Speicherformat der Gewichte",
  storedAs: (count, type) => `${count} als ${type.toUpperCase()}`,
  beginAnew: "Neu beginnen",
  waits: "Das Angefangene wartet in der Bibliothek.",
  continueIt: "Damit weitermachen",
};
