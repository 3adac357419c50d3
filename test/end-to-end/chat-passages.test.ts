/** Questions about documents: passages are found as one types, taken and left out, and stand above the answer. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { expectAccessible } from "./accessibility.ts";
import { answered, ask, button, composer, hasFocus, list, openChat, questions } from "./chat-page.ts";
import { newFolder } from "./coppice.ts";
import type { Coppice } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { dropOn } from "./dropping.ts";
import { electronOnly } from "./electron-only.ts";
import { expectInEachLook, overflowOf } from "./looks.ts";

const filler =
  "The landlord keeps the roof, the gutters and the stairs in repair, and the tenant reports damage to them. ";
const sections = ["Rent", "Repairs", "Visits", "Keys"].map((name) => `## ${name}\n\n${filler.repeat(8)}`);
const dogs = "## Animals\n\nDogs need the landlord's consent. Small animals in cages need none.";

/** Chooses a file to ask about. */
async function chooseDocument(coppice: Coppice, path: string): Promise<void> {
  await choose(coppice, path);
  await coppice.page.getByRole("button", { name: /^(Ask documents…|Documents)/ }).click();
  await coppice.page.getByRole("menuitem", { name: "Choose a file…" }).click();
}

/** The chat with a lease to ask about. */
async function openLease(): Promise<Coppice> {
  const folder = newFolder();
  const lease = join(folder, "lease.md");
  writeFileSync(lease, ["# Lease", ...sections, dogs].join("\n\n"));
  const coppice = await openChat({ folder });
  await chooseDocument(coppice, lease);
  return coppice;
}

test("a passage is found as one types, counted, read before the question, and stands above the answer", async () => {
  const coppice = await openLease();
  const { page } = coppice;
  await button(page, "Documents lease.md").waitFor();
  await expect.poll(() => hasFocus(composer(page))).toBe(true);
  await page.keyboard.type("Do dogs in cages need the landlord?");
  const found = page.getByRole("group", { name: "Passages for this question" });
  const read = found.getByRole("checkbox");
  await expect.poll(() => read.count()).toBe(3);
  expect(await read.first().getAttribute("aria-label")).toMatch(/^Read lease\.md, line \d+ before/);
  await expect
    .poll(() => read.evaluateAll((boxes) => boxes.map((box) => (box as HTMLInputElement).checked)))
    .toEqual([true, false, false]);
  const planned = page.getByText(/ 0, then \d+ of 512 tokens/);
  await planned.waitFor();
  await expectInEachLook(coppice, "chat/passages-found");
  const before = await planned.innerText();
  await read.first().uncheck();
  await expect.poll(() => planned.innerText()).not.toBe(before);
  await read.first().check();
  await found
    .getByText(/^lease\.md, line/)
    .first()
    .click();
  await found.getByText("Small animals in cages need none.").waitFor();
  await expectInEachLook(coppice, "chat/passages-opened");

  await composer(page).press("Enter");
  await answered(page, 1);
  expect(await questions(page).allInnerTexts()).toEqual(["Do dogs in cages need the landlord?"]);
  const above = page.getByRole("region", { name: "Messages" });
  const text = above.getByText("Small animals in cages need none.");
  expect(await text.isVisible()).toBe(false);
  await above.getByText(/^lease\.md, line/).click();
  await text.waitFor();
  await expectInEachLook(coppice, "chat/passages-answered");
  await expect.poll(() => list(page).allInnerTexts()).toEqual([expect.stringContaining("Do dogs in cages")]);
  await page.reload();
  await above.getByText(/^lease\.md, line/).waitFor();
});

test("what is not in the documents is not asked of them; what does not fit is said before it is sent", async () => {
  const coppice = await openLease();
  const { page } = coppice;
  await composer(page).fill("Parking");
  await page.getByText("No passage has these words.").waitFor();
  await composer(page).press("Enter");
  await page.getByText("Not in these documents.").waitFor();
  await expectInEachLook(coppice, "chat/passages-absent");
  expect(await questions(page).count()).toBe(0);
  await button(page, "Ask without documents").click();
  await answered(page, 1);
  expect(await questions(page).allInnerTexts()).toEqual(["Parking"]);

  await composer(page).fill("Who repairs the roof?");
  const read = page.getByRole("checkbox", { name: /^Read lease/ });
  await expect.poll(() => read.count()).toBe(3);
  for (const place of [1, 2]) await read.nth(place).check();
  await page.getByText(/^With this message the model would read/).waitFor();
  await expectInEachLook(coppice, "chat/passages-too-long");
  expect(await button(page, "Send").isEnabled()).toBe(false);
  for (const place of [0, 1]) await read.nth(place).uncheck();
  await expect.poll(() => button(page, "Send").isEnabled()).toBe(true);

  await page.evaluate(() => window.coppice.settings.set({ language: "de" }));
  await page.getByText("Gefunden in").waitFor();
  await coppice.screenshot("chat/passages-german");
  await expectAccessible(page);
  expect(await overflowOf(page)).toBeLessThanOrEqual(0);
});

test("a document that cannot be read is named, and another one, or none, can be chosen", async () => {
  const folder = newFolder();
  const [bad, good] = [join(folder, "bad.docx"), join(folder, "good.txt")];
  writeFileSync(bad, "no document");
  writeFileSync(good, "Dogs need the landlord's consent.");
  const coppice = await openChat({ folder });
  const { page } = coppice;
  await chooseDocument(coppice, bad);
  await composer(page).fill("May the tenant keep a dog?");
  await page
    .getByText(/it is not one/)
    .first()
    .waitFor();
  await button(page, "Try again").waitFor();
  await coppice.screenshot("chat/passages-unreadable");
  await chooseDocument(coppice, good);
  await page.getByText("good.txt, line 1").waitFor();
  await button(page, "Documents good.txt").click();
  await page.getByRole("menuitem", { name: "Without documents" }).click();
  await ask(page, "May the tenant keep a dog?");
  await answered(page, 1);
  expect(await page.getByText("good.txt, line 1").count()).toBe(0);
});

test("a document that is dropped on the message is searched for the question in it", async () => {
  electronOnly("only Electron knows where a dropped file lies");
  const folder = newFolder();
  const rules = join(folder, "rules.txt");
  writeFileSync(rules, "Dogs need the landlord's consent.");
  const { page } = await openChat({ folder });
  await composer(page).fill("May the tenant keep a dog?");
  await dropOn(composer(page), rules);
  await page.getByRole("checkbox", { name: "Read rules.txt, line 1 before the question" }).waitFor();
});
