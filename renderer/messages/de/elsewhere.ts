import type { Messages } from "../en.ts";
import { durationDative, numberText } from "../figures.ts";

export const elsewhere: Messages["elsewhere"] = {
  action: "Anderswo rechnen …",
  long: "Das dauert hier länger als eine Nacht. Ein Computer mit Grafikkarte ist schneller.",
  tooLarge: "Ein Computer mit mehr Speicher kann das rechnen.",
  title: "Auf einem anderen Computer rechnen",
  about:
    "Coppice schreibt einen Ordner mit allem, was ein Computer mit PyTorch für diesen Lauf braucht. Kopieren Sie ihn dorthin und folgen Sie der README.md darin. Wenn der Lauf fertig ist, kopieren Sie den Ordner zurück und ziehen ihn auf dieses Fenster.",
  withoutLimit: "Der Ordner enthält den ganzen Plan ohne Ihre Zeitgrenze: Sie gilt nur auf diesem Computer.",
  leaving: (rows) =>
    `Mit ihm verlassen alle ${numberText(rows)} Zeilen Ihrer Daten diesen Computer, als Zahlen, die jeder in Text zurückverwandeln kann.`,
  notMasked: "Personenbezogene Daten wurden darin nicht maskiert.",
  write: "Ort wählen und schreiben …",
  writing: "Der Ordner wird geschrieben",
  written:
    "Der Ordner ist geschrieben. Kopieren Sie ihn nun auf den anderen Computer und folgen Sie der README.md darin. Wenn dieser Computer ihn dort sieht, ziehen Sie ihn auf dieses Fenster, um den Lauf zu verfolgen.",
  importing: "Ein Lauf von einem anderen Computer",
  checking: "Der Ordner wird geprüft",
  notStarted: "Dieser Lauf wurde noch nicht gestartet; wie das geht, steht in seiner README.md.",
  stopped: "Ist er dort stehen geblieben, setzt derselbe Befehl ihn fort. Oder trainieren Sie den Rest hier.",
  continueHere: "Rest hier trainieren",
  steps: (done, of) => `${numberText(done)} von ${numberText(of)} Trainingsschritten`,
  losses: "Verlust auf Validierungsdaten",
  heard: "Letzte Meldung",
  ago: (seconds) => `vor ${durationDative(seconds)}`,
};
