import { expect, test } from "vitest";
import { reportDialog } from "../../../renderer/diagnostics/report-dialog.svelte.ts";

test("the dialog opens with a run's figures or without, and closes", () => {
  expect(reportDialog.about).toBeUndefined();
  reportDialog.open("r");
  expect(reportDialog.about).toEqual({ run: "r" });
  reportDialog.open();
  expect(reportDialog.about).toEqual({ run: null });
  reportDialog.close();
  expect(reportDialog.about).toBeUndefined();
});
