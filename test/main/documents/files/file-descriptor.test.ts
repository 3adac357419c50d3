import { expect, test } from "vitest";
import { throwFileFailure } from "../../../../main/documents/files/file-descriptor.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { failureFrom } from "../../failure-from.ts";

test("a file that another program opened for itself alone is reported so, not as an error of the system", () => {
  const path = "C:\\prices.xlsx";
  const busy = Object.assign(new Error(`EBUSY: resource busy or locked, open '${path}'`), {
    code: "EBUSY",
    path,
  });
  const reason = "busy";
  expect(failureFrom(() => throwFileFailure(path, busy))).toEqual({ code: "unreadable", path, reason });
  expect(failureOf(busy)).toEqual({ code: "unwritable", path, reason });
});
