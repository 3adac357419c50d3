import type { PersonalKind } from "../../../preload/contract/personal.ts";
import type { Messages } from "../en.ts";
import { listText, numberText } from "../figures.ts";

const counted = (one: string, many: string) => (places: number) =>
  `${numberText(places)} ${places === 1 ? one : many}`;

const found: Record<PersonalKind, (places: number) => string> = {
  name: counted("Personenname", "Personennamen"),
  address: counted("Anschrift", "Anschriften"),
  "birth-date": counted("Geburtsdatum", "Geburtsdaten"),
  email: counted("E-Mail-Adresse", "E-Mail-Adressen"),
  phone: counted("Telefonnummer", "Telefonnummern"),
  account: counted("Konto- oder Kartennummer", "Konto- und Kartennummern"),
  insurance: counted("Versicherungsnummer", "Versicherungsnummern"),
  tax: counted("Steuernummer", "Steuernummern"),
};

const examples: Record<PersonalKind, string> = {
  name: "Beispiele für Namen",
  address: "Beispiele für Anschriften",
  "birth-date": "Beispiele für Geburtsdaten",
  email: "Beispiele für E-Mail-Adressen",
  phone: "Beispiele für Telefonnummern",
  account: "Beispiele für Kontonummern",
  insurance: "Beispiele für Versicherungsnummern",
  tax: "Beispiele für Steuernummern",
};

export const personal: Messages["personal"] = {
  title: "Personenbezogene Daten",
  mask: "Personenbezogene Daten maskieren",
  maskAbout:
    "An ihre Stelle tritt eine Maske wie [NAME 3], für dieselbe Person überall dieselbe. Welche Maske für wen steht, wird nicht gespeichert. Ihre Dateien bleiben unverändert.",
  found,
  examplesOf: (kind) => examples[kind],
  onlyBeginnings: "Bei großen Dateien ist nur der Anfang gezählt; maskiert wird alles.",
  misses:
    "Coppice findet personenbezogene Daten nach Regeln, auf Deutsch und Englisch, und übersieht manche. Sehen Sie die Zeilen durch, bevor Sie ein Modell weitergeben.",
  masked: (kinds) =>
    kinds.length === 0
      ? "Es wurden keine personenbezogenen Daten gefunden, die zu maskieren wären."
      : `Maskiert: ${listText(kinds.map(({ kind, places }) => found[kind](places)))}.`,
};
