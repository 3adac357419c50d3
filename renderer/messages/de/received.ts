import { countText } from "../figures.ts";
import type { received as english } from "../en/received.ts";

export const received: typeof english = {
  title: "Ein Modell wurde an Sie weitergegeben",
  titleOf: (name) => `„${name}“ wurde an Sie weitergegeben`,
  checking: "Die Signatur und jedes Byte werden geprüft",
  opening: "Wird noch einmal geprüft und entpackt",
  first: "Von jemand Neuem signiert",
  firstText: (fingerprint) =>
    `Fingerabdruck ${fingerprint}. Lassen Sie sich den des Absenders auf einem anderen Weg nennen, etwa am Telefon. Sind beide gleich, stammt die Datei von dort und ist unverändert.`,
  known: (name) =>
    name === ""
      ? "Von einem Absender signiert, dessen Datei Sie schon geöffnet haben"
      : `Signiert von ${name}`,
  self: "Von diesem Coppice signiert",
  fingerprint: (fingerprint) => `Fingerabdruck ${fingerprint}. Die Datei ist unverändert.`,
  sender: "Name des Absenders",
  senderHint: "Erscheint, wenn Sie wieder eine Datei von dort öffnen.",
  notMeasured: "Es wurde nicht gemessen: Das Training war nicht fertig.",
  madeFrom: "Entstanden aus",
  kept: "Behalten",
  licence: "Lizenz",
  noLicence: "nicht angegeben",
  size: "Datei",
  made: "Erstellt",
  data: "Gelernt aus",
  rows: (name, rows) => `${name}, ${countText(rows)} ${rows === 1 ? "Zeile" : "Zeilen"}`,
  personal: "Personenbezogene Daten",
  notMasked: "nicht maskiert",
  files: (count) => `${countText(count)} ${count === 1 ? "Datei" : "Dateien"}, aus denen die Daten stammen`,
  moreFiles: (count) => `und ${countText(count)} weitere`,
  noHash: "vor dem Weitergeben geändert oder gelöscht",
  open: "Öffnen",
  opened: (name) => `„${name}“ ist jetzt auf diesem Computer.`,
  openedText: (size) => `Das Modell belegt ${size}. Sie finden es überall, wo Modelle zur Wahl stehen.`,
  chat: "Chatten",
  start: "Weiter trainieren",
};
