import type { Messages } from "../en.ts";

export const updates: Messages["updates"] = {
  title: "Aktualisierungen",
  impossible:
    "Dieses Paket kann sich nicht selbst aktualisieren: Es wurde ohne Adresse und Schlüssel dafür gemacht. Installieren Sie neue Fassungen von Hand über diese; Modelle und Läufe bleiben.",

  whether: "Nach neuen Fassungen sehen",
  whetherAbout: (address) =>
    `Fragt ${address} einmal am Tag, solange Coppice offen ist. Nichts wird von selbst geladen oder installiert.`,
  off: "Aus",
  tell: "Sagen, wenn es eine gibt",
  look: "Jetzt nach einer Aktualisierung sehen",
  lookAbout: (address) =>
    `Das geht ins Netz: Gefragt wird ${address}, sonst niemand. Gesagt werden die Fassung von Coppice und, wie bei jeder Verbindung, die Adresse dieses Computers.`,
  lookNow: "Jetzt nachsehen",

  newest: (version, time) => `${version} ist die neueste Fassung (gefragt um ${time}).`,
  found: (version) => `Coppice ${version} ist da.`,
  show: "Zeigen",
  signed: (size) => `${size}, unterschrieben von denen, die diese Fassung gemacht haben.`,
  byHand:
    "Holen Sie sie dort, woher diese Fassung kam, und installieren Sie sie über diese; Modelle und Läufe bleiben.",
  download: "Herunterladen",
  downloading: "Wird heruntergeladen",
  downloaded: (version) =>
    `Coppice ${version} liegt auf diesem Computer und ist das, was unterschrieben wurde.`,
  install: "Installieren und neu starten",
  installTitle: (version) => `Coppice ${version} jetzt installieren?`,
  installText:
    "Coppice speichert, was läuft, schließt sich, setzt die neue Fassung an die Stelle dieser und öffnet sich wieder. Ein laufender Lauf ist dann angehalten: Setzen Sie ihn in der Bibliothek fort.",

  askedTimes: (count, address) =>
    count === 1
      ? `1 Anfrage an ${address} wegen Aktualisierungen.`
      : `${count} Anfragen an ${address} wegen Aktualisierungen.`,
  noAccount:
    "Kein Konto, keine Nutzungsdaten. Nach Aktualisierungen sieht es, weil Sie das eingeschaltet haben.",
};
