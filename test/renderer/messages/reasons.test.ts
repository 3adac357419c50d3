import { expect, test } from "vitest";
import type { Failure } from "../../../native-models/failure.ts";
import { failures } from "../../../renderer/messages/de/failures.ts";
import { logText } from "../../../renderer/messages/de/run-log.ts";

test.each<[Failure, string]>([
  [
    {
      code: "bad-choice",
      why: { code: "data-set-needed", name: "test", run: "model" },
    },
    "Der Datensatz „test“: Der Lauf „model“ ist noch nicht fertig und braucht ihn; schließen Sie den Lauf zuerst ab oder löschen Sie ihn.",
  ],
  [
    {
      code: "bad-data",
      path: "scan.pdf",
      reason: { code: "nothing-recognised", problem: "picture-too-small" },
    },
    "„scan.pdf“ lässt sich nicht als Daten verwenden: Darin wurde kein Text erkannt (das Bild ist zu klein).",
  ],
  [
    { code: "bad-data", path: "a.parquet", reason: "damaged" },
    "„a.parquet“ lässt sich nicht als Daten verwenden: Die Datei ist beschädigt.",
  ],
  [
    { code: "unreadable", path: "a.csv", reason: { code: "system", detail: "EIO: i/o error, read" } },
    "„a.csv“ lässt sich nicht lesen: EIO: i/o error, read.",
  ],
  [
    { code: "engine-stopped", kind: "reader", reason: { code: "exited", exitCode: 7, error: "Error: boom" } },
    "Die Engine (Lesen) wurde beendet: Ende mit dem Exit-Code 7 (Error: boom). Gespeicherte Daten sind sicher.",
  ],
  [
    {
      code: "engine-stopped",
      kind: "recogniser",
      reason: { code: "too-slow", job: "recognise-page", seconds: 60 },
    },
    "Die Engine (Texterkennung) wurde beendet: „recognise-page“ dauerte länger als 60 s. Gespeicherte Daten sind sicher.",
  ],
  [
    {
      code: "engine-stopped",
      kind: "reader",
      reason: { code: "too-much-memory", job: "inspect-data", megabytes: 900 },
    },
    "Die Engine (Lesen) wurde beendet: „inspect-data“ brauchte mehr als 900 MB Arbeitsspeicher. Gespeicherte Daten sind sicher.",
  ],
  [
    { code: "too-little-data", what: { code: "own-rows", split: "valid" }, rows: 0, needed: 1 },
    "Zu wenige Daten: 0 (Zeilen für die Validierung, die in keinem anderen Teil vorkommen), mindestens 1 sind nötig. Fügen Sie weitere hinzu.",
  ],
  [
    { code: "corrupt-file", path: "a.gguf", section: 'tensor "data"', reason: 'it overlaps tensor "model"' },
    '„a.gguf“ ist beschädigt (tensor "data": it overlaps tensor "model"). Laden Sie die Datei neu herunter.',
  ],
  [
    { code: "corrupt-file", path: "journal.json", section: "journal", reason: "its content has changed" },
    "„journal.json“ ist beschädigt (journal: its content has changed). Coppice hat diese Datei geschrieben: Stellen Sie sie aus einer Sicherung wieder her. Ohne eine Sicherung muss noch einmal entstehen, wozu sie gehört.",
  ],
])("in German: %j", (failure, sentence) => {
  expect(failures.sentence(failure)).toBe(sentence);
});

test("the log's German has the sentence's figures and names", () => {
  expect(logText({ code: "rows-in-time", rows: 5, of: 9, name: "block" })).toBe(
    "Die Zeit reicht für 5 von 9 Zeilen („block“).",
  );
});
