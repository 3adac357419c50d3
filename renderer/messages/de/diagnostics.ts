import type { Messages } from "../en.ts";

export const diagnostics: Messages["diagnostics"] = {
  title: "Hilfe",
  report: "Ein Problem berichten",
  reportAbout:
    "Eine Textdatei für jemanden, der hilft. Sie sehen, was darin steht, bevor sie gespeichert wird, und Coppice sendet sie niemandem.",
  saveReport: "Bericht speichern…",
  dialogTitle: "Bericht speichern",
  dialogText:
    "Das wird in der Datei stehen, Wort für Wort. Lassen Sie weg, was Sie nicht weitergeben möchten. Ihre Texte, Namen und Pfade stehen nicht darin, und nichts wird gesendet.",
  making: "Der Bericht wird zusammengestellt",
  sections: {
    versions: "Versionen",
    computer: "Dieser Computer",
    settings: "Einstellungen",
    run: "Messwerte dieses Laufs",
    runs: "Zustände Ihrer Läufe",
    troubles: "Abstürze und Fehler",
    log: "Ende des Protokolls",
  },
  show: (lines) => (lines === 1 ? "1 Zeile zeigen" : `${lines} Zeilen zeigen`),
  save: "Speichern unter…",
  saved: "Der Bericht ist gespeichert.",
  openFolder: "Ordner öffnen",
  crashes: "Abstürze",
  crashesAbout:
    "Von einem Absturz hält Coppice Zeit, Prozess und Grund fest. Ein Abbild des Speichers macht es nicht, denn Ihre Dokumente könnten darin sein.",

  troubles: {
    "ended-without-word": {
      title: "Coppice wurde letztes Mal nicht richtig beendet.",
      text: "Es ist abgestürzt, wurde mit Gewalt beendet, oder der Computer ging aus. Gespeichertes ist sicher, und ein Lauf geht bei seinem letzten Stand weiter.",
    },
    "window-gone": {
      title: "Dieses Fenster blieb stehen und wurde neu geladen.",
      text: "Ein Lauf geht dabei weiter, und nichts Gespeichertes ist verloren.",
    },
    error: {
      title: "Etwas Unerwartetes ist schiefgegangen.",
      text: "Gespeichertes ist sicher. Wenn hier etwas nicht geht, wie es soll, starten Sie Coppice neu.",
    },
  },
};
