/** A scanned page in an archive, whose text is recognised when a person asks for it, and then used. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { pdfOf, Sheet } from "../main/documents/pdf/typeset.ts";
import { zipBytes } from "../main/documents/files/zip-bytes.ts";
import { scannedPdf } from "../recognition/scanned.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";

const LINES = ["Whoever moors at the old wharf", "pays the keeper before noon."];

/** A folder with questions, and an archive with a page that was scanned. */
async function folderWithScan(): Promise<{ folder: string; data: string }> {
  const folder = newFolder();
  const data = join(folder, "Harbour");
  mkdirSync(data);
  const rows = Array.from({ length: 40 }, (_, i) => ({
    prompt: `What is berth ${i}?`,
    completion: ` Berth ${i}.`,
  }));
  writeFileSync(join(data, "berths.jsonl"), rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const sheet = new Sheet();
  for (const [i, line] of LINES.entries()) sheet.text(72, 700 - 24 * i, line, { size: 18 });
  const scan = await scannedPdf(pdfOf([sheet]), { dpi: 150, slant: 1, noise: 8 });
  writeFileSync(join(data, "post.zip"), zipBytes([{ name: "1974/wharf.pdf", content: scan }]));
  return { folder, data };
}

test("a scanned page is named, recognised when a person asks for it, and used as data", async () => {
  const { folder, data } = await folderWithScan();
  const coppice = await openCoppice({ folder });
  const { page } = coppice;
  await page.evaluate(() => void (location.hash = "#/new/model"));
  await page.getByRole("radio", { name: /Built-in sample/ }).check({ force: true });
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Next: your data", exact: true }).click();
  await choose(coppice, data);
  await page.getByRole("button", { name: "Add a folder…" }).click();
  await page
    .getByText(/only pictures of pages; switch on text recognition/)
    .first()
    .waitFor();

  await page.getByRole("switch", { name: /Recognise text in scans and pictures/ }).click();
  await page.getByText(/The text of 1 page of “wharf.pdf” was recognised/).waitFor();
  await expectAccessible(page);
  await coppice.screenshot("scans-recognised");
  await page.getByRole("button", { name: "Name and keep this data set" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Save", exact: true }).click();
  await page.keyboard.press("Control+3");
  await page.getByRole("heading", { name: "Harbour", exact: true }).waitFor();
  await page.getByRole("searchbox", { name: "Search the rows" }).fill("old wharf");
  const row = page.getByRole("option").filter({ hasText: "pays the keeper before noon" });
  await expect.poll(() => row.innerText()).toContain("wharf.pdf, page 1");
});
