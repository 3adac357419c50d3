import type { PersonalKind } from "../../../preload/contract/data/personal.ts";
import type { Messages } from "../en.ts";
import { listText } from "../figures.ts";
import { counted } from "./counted.ts";

const places = (one: string, many: string) => (count: number) => counted(count, one, many);

const found: Record<PersonalKind, (places: number) => string> = {
  name: places("Personenname", "Personennamen"),
  address: places("Anschrift", "Anschriften"),
  "birth-date": places("Geburtsdatum", "Geburtsdaten"),
  email: places("E-Mail-Adresse", "E-Mail-Adressen"),
  phone: places("Telefonnummer", "Telefonnummern"),
  account: places("Konto- oder Kartennummer", "Konto- und Kartennummern"),
  insurance: places("Versicherungsnummer", "Versicherungsnummern"),
  tax: places("Steuernummer", "Steuernummern"),
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
  list: "Zu maskierende Namen und Wörter",
  listAbout: "Pro Zeile einer. Jeder Eintrag wird überall maskiert, wo er als ganzes Wort steht.",
  onlyBeginnings: "Bei großen Dateien ist nur der Anfang gezählt; maskiert wird alles.",
  misses:
    "Coppice findet personenbezogene Daten nach Regeln, auf Deutsch und Englisch, und übersieht manche. Ein Modell kann auswendig kennen, was in einer einzigen Zeile stand; sehen Sie die Zeilen deshalb durch, bevor Sie es weitergeben.",
  masked: (kinds) =>
    kinds.length === 0
      ? "Es wurden keine personenbezogenen Daten gefunden, die zu maskieren wären."
      : `Maskiert: ${listText(kinds.map(({ kind, places }) => found[kind](places)))}.`,
};
