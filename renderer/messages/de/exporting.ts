import { listText, numberText, percentText } from "../figures.ts";
import type { exporting as english } from "../en/exporting.ts";

export const exporting: typeof english = {
  title: (depth) => `Exportieren: ${depth}`,
  which: "Wo Sie das Modell verwenden möchten",
  names: {
    coppice: "Coppice",
    parcel: "Weitergeben",
    hf: "Hugging Face",
    gguf: "GGUF-Datei",
    ollama: "Ollama",
    lmstudio: "LM Studio",
    onnx: "ONNX",
    adapter: "Adapter",
  },
  abouts: {
    coppice: "Ein Ordner, mit dem Coppice sofort chattet, auf jedem Computer",
    parcel: "Eine signierte Datei für den Doppelklick, mit Messwerten und Herkunft der Daten",
    hf: "Ein Ordner für transformers, mlx-lm und den Hub, mit Modellkarte",
    gguf: "Eine Datei für llama.cpp, Jan, KoboldCpp und andere",
    ollama: "Eine GGUF-Datei und ihr Modelfile, mit Chat-Vorlage und Stopptexten",
    lmstudio: "Eine GGUF-Datei dort, wo LM Studio nach Modellen sucht",
    onnx: "Ein Ordner für onnxruntime-genai und für transformers.js, in Node und im Browser",
    adapter: "Nur, was das Training ergänzt hat, für die Bibliothek PEFT; braucht das ursprüngliche Modell",
  },
  problems: {
    "half-blocks": "Kann Halbblöcke dieses Modells nicht laden.",
    kinds: "Kann nicht ausdrücken, welche Arten von Blöcken bei dieser Tiefe übrig sind.",
    "no-attention": "Braucht mindestens eine Attention, und bei dieser Tiefe ist keine übrig.",
    dropped: "Nur für die Tiefe ohne entfernte Blöcke: Ein Adapter kann keine Blöcke entfernen.",
    "no-adapter": "Dieser Lauf hat alle Gewichte trainiert, deshalb gibt es keinen Adapter.",
  },
  another: (formats) => `Eine andere Tiefe für ${listText(formats)}`,
  exportInstead: (depth) => `Stattdessen: ${depth}`,
  mix: "Typ der Gewichte",
  mixHint: "Weniger Bits ergeben eine kleinere und schnellere Datei, runden die Gewichte aber stärker.",
  roundsAgain:
    "Das ursprüngliche Modell war schon auf wenige Bits gerundet. Dieser Typ rundet seine Gewichte noch einmal, der erste der Liste nicht.",
  mixes: {
    F16: "F16, 16 Bit, nichts geht verloren",
    Q8_0: "Q8_0, 8 Bit",
    Q6_K: "Q6_K, 6 Bit",
    Q5_K_M: "Q5_K_M, 5 Bit",
    Q5_1: "Q5_1, 5 Bit",
    Q5_0: "Q5_0, 5 Bit",
    Q4_K_M: "Q4_K_M, 4 Bit, üblich",
    Q4_1: "Q4_1, 4 Bit",
    Q4_0: "Q4_0, 4 Bit",
    FP32: "FP32, 32 Bit, nichts geht verloren",
    INT8: "INT8, 8 Bit",
    INT4: "INT4, überwiegend 4 Bit",
  },
  start: "Ordner wählen und exportieren …",
  working: "Wird geschrieben und zurückgelesen",
  done: (size) => `${size} geschrieben.`,
  next: {
    coppice: "Öffnen Sie diesen Ordner in Coppice, um mit dem Modell zu chatten.",
    parcel: "Geben Sie diese Datei weiter. Wo Coppice installiert ist, öffnet ein Doppelklick sie.",
    hf: "Laden Sie den Ordner mit AutoModelForCausalLM.from_pretrained oder mit mlx_lm.generate --model.",
    gguf: "Öffnen Sie die Datei in llama.cpp oder in einem anderen Programm, das GGUF liest.",
    ollama: "Führen Sie in diesem Ordner aus: ollama create mein-modell -f Modelfile",
    lmstudio:
      "Wenn Sie den Modellordner von LM Studio gewählt haben, steht das Modell jetzt in dessen Liste.",
    onnx: "Laden Sie den Ordner mit onnxruntime_genai.Model oder mit AutoModelForCausalLM.from_pretrained von @huggingface/transformers.",
    adapter:
      "Laden Sie das ursprüngliche Modell, und ergänzen Sie diesen Ordner mit PeftModel.from_pretrained.",
  },
  checked: ({ prompts, sameTop, largestDifference }) =>
    `Der Export wurde zurückgelesen und an ${prompts} Prompts verglichen: Das wahrscheinlichste nächste Token stimmt an ${percentText(sameTop)} der Stellen überein, und die Logits weichen um höchstens ${numberText(largestDifference, 3)} ab.`,
  perplexity: ({ before, after }) =>
    `Perplexität zurückgehaltener Texte: ${numberText(before, 3)} vor und ${numberText(after, 3)} nach dem Export (weniger ist besser).`,
  roundedBefore: (mix) =>
    `Das ursprüngliche Modell war als ${mix} gespeichert, seine Gewichte sind jetzt also zum zweiten Mal gerundet. Die Werte oben enthalten das.`,
  notes: {
    "ollama-chooses-template":
      "Diese Chat-Vorlage lässt sich nicht in Ollamas Sprache schreiben. Ollama wählt eine nach der Vorlage in der GGUF-Datei; prüfen Sie, ob die Antworten enden.",
    "dated-template": "Die Chat-Vorlage enthält ein Datum. In Ollama bleibt es das Datum dieses Exports.",
    "without-prompt":
      "Die gelernten Vektoren vor jedem Text fehlen in diesem Export, weil andere Programme Texte nicht mit ihnen beginnen können. Um mit ihnen zu chatten, wählen Sie das Format für Coppice.",
  },
  signedBy:
    "Sie ist mit Ihrem Schlüssel signiert. Nennen Sie dessen Fingerabdruck auf einem anderen Weg, etwa am Telefon:",
  files: (count) => `${numberText(count)} Dateien und ihre SHA-256-Prüfsummen`,
};
