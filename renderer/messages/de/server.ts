import type { Messages } from "../en.ts";
import { counted } from "./counted.ts";

export const server: Messages["server"] = {
  title: "Lokaler Server",
  about:
    "Solange Coppice offen ist, können Programme auf diesem Computer Ihre fertigen Läufe verwenden wie OpenAI oder Ollama. Andere Computer können es nicht.",
  on: "An",
  off: "Aus",
  notStarted: "Nicht gestartet",
  address: "Adresse",
  ollama: "Für Ollama",
  token: "Token",
  tokenEnd: (end) => `…${end}`,
  copy: "Kopieren",
  copyOf: (what) => `Kopieren: ${what}`,
  renew: "Neues Token",
  tokenAbout:
    "Programme senden es als API-Schlüssel. Mit einem neuen kann keines fragen, bis Sie es ihm geben.",
  port: "Port",
  portAbout: "Ändern Sie ihn, wenn ein anderes Programm ihn verwendet: 1024 bis 65535.",
  models: (names) =>
    names.length === 0 ? "Es gibt noch keine fertigen Läufe." : `Modelle: ${names.join(", ")}`,
  whoAsks: "Wer fragt",
  since: "Seit dem Start",
  last: "Zuletzt",
  requests: (count) => counted(count, "Anfrage", "Anfragen"),
  refused: "Abgewiesen: ohne Token oder von einer Webseite",
  stop: "Stoppen",
  stopOf: (program) => `Stoppen: ${program}`,
  stopped: "Gestoppt",
  nobody: "Noch hat kein Programm gefragt.",
  counted: "Die Namen geben sich die Programme selbst. Keine Frage und keine Antwort wird gespeichert.",
};
