import { expect, test } from "vitest";
import type { Failure } from "../../../native-models/failure.ts";
import { isToReport } from "../../../renderer/messages/failures.ts";

test.each<[Failure, boolean]>([
  [{ code: "internal", message: "a bug" }, true],
  [{ code: "engine-stopped", kind: "trainer", reason: { code: "crashed", signal: "SIGSEGV" } }, true],
  [{ code: "update-refused", address: "https://updates.example", reason: "unsigned" }, true],
  [
    {
      code: "update-unreachable",
      address: "https://updates.example",
      reason: { code: "status", status: 500 },
    },
    false,
  ],
  [{ code: "disk-full", path: "/home/ada" }, false],
])("what is a mistake of the program or of its maker can be reported: %j", (failure, expected) => {
  expect(isToReport(failure)).toBe(expected);
});
