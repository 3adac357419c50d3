import { bitsOf } from "../../../preload/contract/figures.ts";
import { numberText } from "../figures.ts";
import type { Messages } from "../en.ts";

export const model: Messages["model"] = {
  title: "Mit welchem Modell fangen Sie an?",
  about: "Coppice liest es und lässt das Original, wie es ist.",
  sample: "Mitgeliefertes Beispiel",
  sampleAbout: "Ein kleines Modell mit eigenen Fragen, um in einigen Minuten jeden Schritt zu sehen.",
  drop: "Ziehen Sie ein Modell hierher",
  dropHere: "Loslassen, um dieses Modell zu öffnen",
  dropAbout: "Eine GGUF-Datei oder ein safetensors-Ordner",
  chooseFile: "Datei wählen…",
  chooseFolder: "Ordner wählen…",
  found: "Auf diesem Computer gefunden",
  looking: "Coppice sucht Modelle auf diesem Computer.",
  lookAgain: "Noch einmal suchen",
  noneFound:
    "Hier wurden keine Modelle von Ollama, LM Studio oder aus einem Hugging-Face-Cache gefunden. Ziehen Sie eines hierher, oder fangen Sie mit dem Beispiel an.",
  sources: {
    sample: "Von Coppice mitgebracht",
    recent: "Früher verwendet",
    run: "Hier entstanden",
    ollama: "Ollama",
    "lm-studio": "LM Studio",
    "hugging-face": "Hugging-Face-Cache",
  },
  openedByHand: "Von Ihnen geöffnet",
  format: ({ format, storage }) => {
    const types = Object.entries(storage).sort(([, a], [, b]) => b - a);
    const most = types.find(([type]) => type !== "f32") ?? types[0];
    return `${format === "gguf" ? "GGUF" : "safetensors"}${most ? ` ${most[0].toUpperCase()}` : ""}`;
  },
  blocks: (count) => `${count} Blöcke`,
  blocksInWords: (count) => `${count} Blöcke, jeder mit einer Attention- und einer MLP-Hälfte`,
  fits: "Passt",
  tight: "Knapp",
  tooLarge: "Zu groß",
  notUsable: "Nicht verwendbar",
  chosen: "Gewähltes Modell",
  noneChosen: "Wählen Sie ein Modell, um Einzelheiten zu sehen und ob es auf diesen Computer passt.",
  reading: "Die Datei wird gelesen.",
  nothingChanged: "Coppice hat nichts verändert: weder diese Datei noch Ihre Läufe.",
  fitsTitle: "Es passt auf diesen Computer",
  fitsText: (needed, free) => `Das Kürzen braucht etwa ${needed} Arbeitsspeicher; ${free} sind frei.`,
  weightsKept: ({ storage, streamed }) => {
    if (storage !== "f32")
      return `Seine eigenen Gewichte werden dann mit ${bitsOf[storage]} Bit gehalten, was das Ergebnis ein wenig ändern kann.`;
    return streamed
      ? "Seine Gewichte werden dann immer wieder von der Festplatte gelesen; das Ergebnis bleibt dasselbe."
      : "";
  },
  tightTitle: "Schließen Sie zuerst andere Programme",
  tightText: (needed, free) =>
    `Das Kürzen braucht etwa ${needed} Arbeitsspeicher nach dem sparsamsten Plan; jetzt sind ${free} frei.`,
  tooLargeTitle: "Es ist zu groß für diesen Computer",
  tooLargeText: (needed, all) =>
    `Das Kürzen braucht etwa ${needed} Arbeitsspeicher; dieser Computer hat ${all}. Wählen Sie ein kleineres Modell.`,
  memoryInWords: (needed, used, all) =>
    `${needed} werden gebraucht, ${used} belegen andere Programme, ${all} sind es insgesamt`,
  trainingMemory: (bytes) => `Kürzen: etwa ${bytes}`,
  chatMemory: (bytes) => `Chat, ungekürzt: etwa ${bytes}`,
  memoryInUse: (used, all) => `Jetzt belegt: ${used} von ${all}`,
  parameters: "Parameter",
  file: "Datei",
  context: "Liest auf einmal",
  tokens: (count) => `${numberText(count)} Token`,
  architecture: "Architektur",
  width: "Breite",
  widths: (hidden, inner) => `${numberText(hidden)}, MLP ${numberText(inner)}`,
  heads: "Attention-Köpfe",
  headCount: (heads, keyValue, width) =>
    heads === keyValue ? `${heads} zu ${width}` : `${heads} zu ${width}, ${keyValue} für Schlüssel`,
  vocabulary: "Wortschatz",
  chatTemplate: "Chat-Vorlage",
  carried: "in der Datei",
  notCarried: "keine",
  licence: "Lizenz",
  noLicence: "in der Datei nicht genannt",
  licenceText: "Text der Lizenz",
  licenceHint:
    "Der Text der Lizenz steht nicht in der Datei. Ob Sie das gekürzte Modell nutzen und weitergeben dürfen, sagt die Seite des Herausgebers.",
  storage: "Wie die Gewichte gespeichert sind",
  storedAs: (count, type) => `${count} als ${type.toUpperCase()}`,
  beginAnew: "Neu anfangen",
};
