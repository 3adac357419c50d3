import { expect, test } from "vitest";
import { TextEncoding } from "../../../preload/contract/data/inspection.ts";
import { encodingName } from "../../../renderer/wizard/data/encoding-name.ts";

test("A guessed encoding has the name that people know it by; Unicode has none", () => {
  expect(TextEncoding.options.map((encoding) => encodingName(encoding) ?? null)).toEqual([
    ...[null, null, null],
    ...["0", "1", "2", "3", "4", "5", "6", "7"].map((digit) => `Windows-125${digit}`),
    ...["ISO-8859-2", "ISO-8859-5", "ISO-8859-6", "ISO-8859-7", "ISO-8859-15"],
    ...["KOI8-R", "Mac Roman", "DOS (CP850)", "DOS (CP866)"],
    ...["Shift JIS", "EUC-JP", "EUC-KR", "Big5", "GB18030"],
  ]);
});
