import type { Messages } from "../en.ts";
import { numberText } from "../figures.ts";
import { counted } from "./counted.ts";

export const dataSets: Messages["dataSets"] = {
  title: "Datensätze",
  about: "Was auf diesem Computer eingelesen wurde, und die Läufe, die damit trainiert wurden.",
  add: "Daten hinzufügen",
  emptyTitle: "Noch keine Daten",
  emptyText:
    "Daten, die Sie für ein Modell hinzufügen, stehen hier: zum Durchsehen, zum Wiederverwenden mit einem anderen Modell und zum Exportieren.",
  reading: "Die Datensätze werden gelesen",
  missing: "Diesen Datensatz gibt es nicht mehr",
  missingText: "Er wurde gelöscht. Wählen Sie einen anderen aus der Liste.",
  version: (version) => `Version ${numberText(version)}`,
  use: "Für ein neues Modell verwenden",
  rename: "Umbenennen …",
  export: "Exportieren …",
  erase: "Löschen …",
  origin: "Herkunft und Verwendung",
  readOn: (date, size) => `Eingelesen am ${date}, ${size} auf der Festplatte.`,
  usedBy: "Verwendet von",
  unused: "Noch kein Lauf hat ihn verwendet.",
  unusedAndNotKept: "Noch kein Lauf hat ihn verwendet. Geben Sie ihm einen Namen, damit er bleibt.",
  goesWithRuns: "Er wird mit seinem letzten Lauf gelöscht, wenn Sie ihm keinen Namen geben.",
  rowsTitle: "Zeilen",
  whichSplit: "Teil",
  search: "In den Zeilen suchen",
  looking: "Suche …",
  found: (count) => counted(count, "Zeile", "Zeilen"),
  wholeRow: "Die gewählte Zeile",
  keep: "Datensatz benennen und behalten",
  keptIt: "Datensatz behalten",
  choose: "Datensatz verwenden …",
  nameTitle: "Name des Datensatzes",
  nameHint: "Ein Datensatz mit Namen bleibt, wenn sein letzter Lauf gelöscht wird.",
  exportTitle: (name) => `„${name}“ exportieren`,
  format: "Format",
  formats: {
    jsonl: {
      name: "JSON-Zeilen",
      about: "Eine Zeile je Datenzeile; lässt sich in jedem Editor öffnen, und hier.",
    },
    parquet: {
      name: "Parquet",
      about: "Kleine Dateien mit Spalten, für den Hugging-Face-Hub, pandas und DuckDB.",
    },
  },
  exportText:
    "Für jeden Teil entsteht eine Datei in einem neuen Ordner, dazu eine Karte mit Herkunft, Anzahl und Prüfsummen.",
  chooseAndWrite: "Ordner wählen …",
  writing: (file) => (file === "" ? "Wird geschrieben …" : `${file} wird geschrieben …`),
  exported: "Datensatz exportiert",
  eraseText: "Seine Zeilen werden von diesem Computer gelöscht. Ihre eigenen Dateien bleiben.",
  eraseRuns: (count) =>
    count === 1
      ? "Dieser Lauf wurde damit trainiert. Er behält seine Werte, aber seine Daten lassen sich nicht mehr zeigen:"
      : `Diese ${numberText(count)} Läufe wurden damit trainiert. Sie behalten ihre Werte, aber ihre Daten lassen sich nicht mehr zeigen:`,
  eraseDescendants: (count) =>
    count === 1
      ? "Dieser Lauf begann mit dem Modell eines solchen Laufs, also steckt in seinem Modell ebenfalls, was daraus gelernt wurde:"
      : `Diese ${numberText(count)} Läufe begannen mit Modellen solcher Läufe, also steckt auch in ihren Modellen, was daraus gelernt wurde:`,
  startedFrom: (name, from) => `${name}, begonnen mit dem Modell von „${from}“`,
};
