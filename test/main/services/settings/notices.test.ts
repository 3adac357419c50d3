import { expect, test } from "vitest";
import { closingStops, endNotice, fileKindNames } from "../../../../main/services/settings/notices.ts";

test.each([
  ["done", "system", ["de-AT"], "Das Modell ist fertig."],
  ["done", "en", ["de-AT"], "The model is ready."],
  ["failed", "system", ["fr"], "The run stopped with a problem."],
  ["failed", "de", ["en"], "Der Lauf ist mit einem Problem stehen geblieben."],
] as const)("a run that is %s, chosen %s on a system with %j", (state, chosen, system, text) => {
  expect(endNotice(state, chosen, system)).toBe(text);
});

test("the dialog for files names their kinds in the language of the settings", () => {
  expect(fileKindNames("system", ["de-AT"])).toEqual({
    models: "Modelle",
    data: "Daten",
    all: "Alle Dateien",
  });
  expect(fileKindNames("en", ["de-AT"]).all).toBe("All files");
});

test("the dialog before a window closes names what stops, and what becomes of it", () => {
  expect(closingStops(["export"], "en", [])).toEqual({
    message: "Close the window and stop the export?",
    detail: "What it has written is removed.",
    close: "Close and stop",
    keep: "Keep open",
  });
  expect(closingStops(["download", "reading"], "system", ["de"])).toMatchObject({
    message: "Fenster schließen und abbrechen, was gerade läuft?",
    detail: expect.stringMatching(/fortsetzen\. Ihre Dateien bleiben/) as string,
  });
});
