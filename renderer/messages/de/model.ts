import { bitsOf, formatText } from "../../../preload/contract/words/figures.ts";
import { numberText } from "../figures.ts";
import type { Messages } from "../en.ts";

export const model: Messages["model"] = {
  title: "Mit welchem Modell möchten Sie beginnen?",
  about: "Coppice liest das Modell nur und verändert das Original nie.",
  sample: "Mitgeliefertes Beispiel",
  sampleAbout: "Nur zum Ausprobieren: bringt eigene Fragen mit und kann Ihre nicht lernen.",
  recommended: (hasData) =>
    hasData ? "Empfohlen für diesen Computer und Ihre Daten" : "Empfohlen für diesen Computer",
  anHour: "etwa eine Stunde",
  overnight: "über Nacht",
  days: (count) => (count === "1" ? "etwa ein Tag" : `etwa ${count} Tage`),
  tooSlow: "hier zu langsam",
  lengthFrom: (range, rows) =>
    `Etwa ${range} für ${numberText(rows)} Zeilen, aus wenigen Sekunden Training hier gemessen.`,
  more: "Mehr über dieses Modell",
  next: "Weiter: Ihre Daten",
  downloadFirst: "Laden Sie dieses Modell herunter oder wählen Sie ein anderes, um fortzufahren.",
  foreign: "Das mitgelieferte Beispiel kann Ihre Daten nicht lernen.",
  foreignText: "Es kennt nur seine eigenen Fragen. Wählen Sie für Ihre Dateien ein anderes Modell.",
  drop: "Ziehen Sie eine GGUF-Datei, einen safetensors-Ordner oder eine .coppice-Datei hierher",
  dropHere: "Zum Öffnen loslassen",
  chooseFile: "Datei wählen …",
  chooseFolder: "Ordner wählen …",
  found: "Auf diesem Computer",
  looking: "Coppice sucht Modelle auf diesem Computer.",
  lookAgain: "Erneut suchen",
  noneFound: "Modelle von Ollama, LM Studio, Jan, llama.cpp oder Hugging Face wurden nicht gefunden.",
  downloadedHere: (name) => `Coppice hat „${name}“ heruntergeladen.`,
  remove: "Entfernen …",
  removeTitle: (name) => `„${name}“ von diesem Computer entfernen?`,
  removeText: (size) =>
    `Das gibt ${size} frei. Fertige Läufe und ihre Modelle bleiben. Um einen Lauf mit diesem Modell fortzusetzen oder zu exportieren, müssen Sie es erneut herunterladen.`,
  receivedHere: (name) => `„${name}“ wurde an Sie weitergegeben.`,
  removeReceivedText: (size) =>
    `Das gibt ${size} frei. Fertige Läufe und ihre Modelle bleiben. Um einen Lauf, der damit begann, fortzusetzen oder zu exportieren, müssen Sie die Datei noch einmal öffnen.`,
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
    received: "An Sie weitergegeben",
    downloaded: "Heruntergeladen",
    "damaged-download": "Heruntergeladen, beschädigt",
    "hugging-face": "Hugging-Face-Cache",
  },
  openedByHand: "Von Ihnen geöffnet",
  format: formatText,
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
