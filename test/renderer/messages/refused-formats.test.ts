import { expect, test } from "vitest";
import { REFUSED_FORMATS, refusedText } from "../../../preload/contract/data/refused-formats.ts";
import { reasonText } from "../../../renderer/messages/de/reasons.ts";

test.each(Object.values(REFUSED_FORMATS))("$name is refused in German, with how to save it", (format) => {
  const german = reasonText(refusedText(format));
  expect(german).toMatch(/^Es ist eine .+; öffnen Sie sie in .*(?:LibreOffice|Mailprogramm) und speichern Sie sie als /);
  expect(german).toContain(format.saveAs.split(" ")[0]);
  expect(german).not.toMatch(/\b(a|an|of|or older|or)\b/);
});
