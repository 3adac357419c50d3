import type { Messages } from "../en.ts";
import { counted } from "./counted.ts";

export const diagnostics: Messages["diagnostics"] = {
  title: "Hilfe",
  report: "Ein Problem melden",
  reportAbout:
    "Eine Textdatei für alle, die Ihnen helfen. Sie sehen den Inhalt, bevor sie gespeichert wird. Coppice versendet sie nicht.",
  saveReport: "Bericht speichern …",
  dialogTitle: "Bericht speichern",
  dialogText:
    "Das ist der genaue Inhalt der Datei. Wählen Sie ab, was Sie nicht weitergeben möchten. Ihre Texte, Namen und Pfade sind nicht enthalten, und es wird nichts gesendet.",
  making: "Der Bericht wird erstellt",
  sections: {
    versions: "Versionen",
    computer: "Dieser Computer",
    settings: "Einstellungen",
    run: "Messwerte dieses Laufs",
    runs: "Status Ihrer Läufe",
    troubles: "Abstürze und Fehler",
    log: "Ende des Protokolls",
  },
  show: (lines) => counted(lines, "Zeile zeigen", "Zeilen zeigen"),
  save: "Speichern unter …",
  saved: "Der Bericht wurde gespeichert.",
  openFolder: "Ordner öffnen",
  crashes: "Abstürze",
  crashesAbout:
    "Coppice hält Zeit, Prozess und Grund eines Absturzes fest. Ein Speicherabbild schreibt es nicht, weil es Ihre Dokumente enthalten könnte.",

  troubles: {
    "ended-without-word": {
      title: "Coppice wurde beim letzten Mal nicht richtig beendet.",
      text: "Es ist abgestürzt, wurde zwangsweise beendet oder der Computer verlor die Stromversorgung. Gespeicherte Daten sind sicher, und ein Lauf wird ab dem letzten Speicherstand fortgesetzt.",
    },
    "window-gone": {
      title: "Dieses Fenster ist abgestürzt und wurde neu geladen.",
      text: "Ein Lauf geht im Hintergrund weiter, und es gehen keine gespeicherten Daten verloren.",
    },
    error: {
      title: "Ein unerwarteter Fehler ist aufgetreten.",
      text: "Gespeicherte Daten sind sicher. Wenn etwas nicht funktioniert, starten Sie Coppice neu.",
    },
  },
};
