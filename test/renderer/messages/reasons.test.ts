import { expect, test } from "vitest";
import type { Failure } from "../../../native-models/failure.ts";
import { failures } from "../../../renderer/messages/de/failures.ts";

test.each<[Failure, string]>([
  [
    {
      code: "bad-choice",
      option: "The data set Mietverträge",
      reason: "the run Miete 2 is not finished and needs it; finish or delete the run first",
    },
    "Der Datensatz „Mietverträge“: Der Lauf „Miete 2“ ist noch nicht fertig und braucht ihn; schließen Sie den Lauf zuerst ab oder löschen Sie ihn.",
  ],
  [
    {
      code: "bad-data",
      path: "scan.pdf",
      reason: "no text was recognised on its pages: the picture is too small",
    },
    "„scan.pdf“ lässt sich nicht als Daten verwenden: Auf den Seiten wurde kein Text erkannt (das Bild ist zu klein).",
  ],
  [
    { code: "bad-data", path: "a.parquet", reason: "the file has a page with damaged deltas" },
    "„a.parquet“ lässt sich nicht als Daten verwenden: Die Datei ist beschädigt.",
  ],
  [
    { code: "unreadable", path: "a.csv", reason: "EIO: i/o error, read" },
    "„a.csv“ lässt sich nicht lesen: Das System meldet EIO.",
  ],
  [
    { code: "engine-stopped", kind: "reader", reason: "it ended with exit code 7 (Error: boom)" },
    "Die Engine (Lesen) wurde beendet: Ende mit dem Exit-Code 7 (Error: boom). Gespeicherte Daten sind sicher.",
  ],
  [
    { code: "too-little-data", what: "rows for valid that are in no other split", rows: 0, needed: 1 },
    "Zu wenige Daten: 0 (Zeilen für die Validierung, die in keinem anderen Teil vorkommen), mindestens 1 sind nötig. Fügen Sie weitere hinzu.",
  ],
])("in German: %j", (failure, sentence) => {
  expect(failures.sentence(failure)).toBe(sentence);
});
