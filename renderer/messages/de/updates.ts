import type { Messages } from "../en.ts";

export const updates: Messages["updates"] = {
  title: "Updates",
  impossible:
    "Dieses Paket kann sich nicht selbst aktualisieren, weil es ohne Update-Adresse und Schlüssel gebaut wurde. Installieren Sie neue Versionen von Hand über diese; Modelle und Läufe bleiben erhalten.",

  whether: "Nach neuen Versionen suchen",
  whetherAbout: (address) =>
    `Fragt ${address} bei jedem Start und dann einmal am Tag, solange Coppice offen ist. Nichts wird automatisch heruntergeladen oder installiert.`,
  off: "Aus",
  tell: "Benachrichtigen, wenn es eine gibt",
  look: "Jetzt nach einem Update suchen",
  lookAbout: (address) =>
    `Dabei wird nur eine Verbindung zu ${address} geöffnet. Übertragen werden die Version von Coppice und, wie bei jeder Verbindung, die Adresse dieses Computers.`,
  lookNow: "Jetzt suchen",

  newest: (version, time) => `${version} ist die neueste Version (geprüft um ${time}).`,
  found: (version) => `Coppice ${version} ist verfügbar.`,
  show: "Anzeigen",
  signed: (size) => `${size}, signiert von den Herstellern dieser Version.`,
  byHand:
    "Laden Sie sie dort herunter, woher Sie diese Version haben, und installieren Sie sie über diese; Modelle und Läufe bleiben erhalten.",
  download: "Herunterladen",
  downloading: "Wird heruntergeladen",
  downloaded: (version) => `Coppice ${version} ist heruntergeladen, und die Signatur ist gültig.`,
  install: "Installieren und neu starten",
  installTitle: (version) => `Coppice ${version} jetzt installieren?`,
  installText:
    "Coppice speichert einen aktiven Lauf, schließt sich, ersetzt diese Version und öffnet sich wieder. Der Lauf ist dann angehalten; setzen Sie ihn in der Bibliothek fort.",

  askedTimes: (count, address) =>
    count === 1 ? `1 Update-Anfrage an ${address}.` : `${count} Update-Anfragen an ${address}.`,
  noAccount: "Kein Konto, keine Telemetrie. Coppice sucht nach Updates, weil Sie das eingeschaltet haben.",
};
