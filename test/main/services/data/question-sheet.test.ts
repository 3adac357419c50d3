import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { openDocument } from "../../../../main/documents/formats.ts";
import { readDocuments } from "../../../../main/documents/read-document.ts";
import { questionSheet } from "../../../../main/services/data/question-sheet.ts";
import { docxParts, zipBytes } from "../../documents/files/zip-bytes.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const FIRST = ["How long is the lease?", "Five years."];

test.each(["en", "de"] as const)("sheets in %s that were filled in are read by row", async (language) => {
  const folder = temporaryFolder();
  const [csv, docx] = [join(folder, "a.csv"), join(folder, "a.docx")];
  const sheet = questionSheet("docx", language).content;
  writeFileSync(docx, sheet);
  expect((await openDocument(docx)).kind).toBe("text"); // nothing is filled in

  writeFileSync(
    csv,
    `${String(questionSheet("csv", language).content)}${FIRST.join(language === "en" ? "," : ";")}\r\n`,
  );
  const [body = ""] = /(?<=<w:body>).*(?=<\/w:body>)/.exec(String(sheet)) ?? [];
  const filled = FIRST.reduce(
    (xml, text) => xml.replace("<w:p/>", `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`),
    body,
  );
  writeFileSync(docx, zipBytes(docxParts(filled)));
  const documents = await readDocuments([csv, docx]);
  const [question, answer] = FIRST.map((content, i) => ({ role: i === 0 ? "user" : "assistant", content }));
  for (const { rows } of documents)
    expect(rows).toMatchObject([{ kind: "conversation", conversation: [question, answer] }]);
});
