/** Questions about passages of documents: searched in a file, chosen, and put before the question. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { answered, button, composer, hasFocus, list, openChat, questions } from "./chat-page.ts";
import { newFolder } from "./coppice.ts";
import { choose } from "./dialogs.ts";
import { dropOn } from "./dropping.ts";
import { electronOnly } from "./electron-only.ts";
import { expectInEachLook } from "./looks.ts";

const filler =
  "The landlord keeps the roof, the gutters and the stairs in repair, and the tenant reports damage to them. ";
const sections = ["Rent", "Repairs", "Visits", "Keys"].map((name) => `## ${name}\n\n${filler.repeat(8)}`);
const dogs = "## Animals\n\nDogs need the landlord's consent. Small animals in cages need none.";

test("a passage of a document is found by words, added to the question, and answered", async () => {
  const folder = newFolder();
  const lease = join(folder, "lease.md");
  writeFileSync(lease, ["# Lease", ...sections, dogs].join("\n\n"));
  const coppice = await openChat({ folder });
  const { page } = coppice;
  await choose(coppice, lease);
  await composer(page).fill("May the tenant keep a dog?");
  await button(page, "Add a passage…").click();
  const dialog = page.getByRole("dialog", { name: "Ask about a passage" });
  await dialog.getByRole("button", { name: "Choose a file…" }).click();
  const passages = dialog.getByRole("list", { name: "Passages" }).getByRole("checkbox");
  await expect.poll(() => passages.count()).toBeGreaterThan(1);
  await dialog.getByRole("searchbox", { name: "Words to search for" }).fill("dogs in cages");
  await expect.poll(() => passages.count()).toBe(1);
  await expectInEachLook(coppice, "chat-passages");
  await passages.first().check();
  await dialog.getByRole("button", { name: "Add the passage" }).click();
  await expect.poll(() => dialog.count()).toBe(0);
  await expect.poll(() => hasFocus(composer(page))).toBe(true);
  expect(await composer(page).inputValue()).toMatch(
    /Dogs need .* consent[^]*\n\nMay the tenant keep a dog\?$/,
  );

  await composer(page).press("Enter");
  await answered(page, 1);
  expect(await questions(page).first().innerText()).toContain("Small animals in cages need none.");
  await expect
    .poll(() => list(page).allInnerTexts())
    .toEqual([expect.stringContaining("May the tenant keep a dog?")]);
});

test("a document that cannot be read is named, and another one can be chosen", async () => {
  const folder = newFolder();
  const [bad, good] = [join(folder, "bad.docx"), join(folder, "good.txt")];
  writeFileSync(bad, "no document");
  writeFileSync(good, "Dogs need the landlord's consent.");
  const coppice = await openChat({ folder });
  const { page } = coppice;
  await choose(coppice, bad);
  await button(page, "Add a passage…").click();
  const dialog = page.getByRole("dialog", { name: "Ask about a passage" });
  await dialog.getByRole("button", { name: "Choose a file…" }).click();
  await dialog
    .getByText(/it is not one/)
    .first()
    .waitFor();
  await dialog.getByRole("button", { name: "Try again" }).waitFor();
  await choose(coppice, good);
  await dialog.getByRole("button", { name: "Choose a file…" }).click();
  await dialog.getByText("Dogs need the landlord's consent.").waitFor();
  await page.keyboard.press("Escape");
  await expect.poll(() => dialog.count()).toBe(0);
});

test("a document that is dropped on the message is searched for the question in it", async () => {
  electronOnly("only Electron knows where a dropped file lies");
  const folder = newFolder();
  const rules = join(folder, "rules.txt");
  writeFileSync(rules, "Dogs need the landlord's consent.");
  const { page } = await openChat({ folder });
  await composer(page).fill("May the tenant keep a dog?");
  await dropOn(composer(page), rules);
  const dialog = page.getByRole("dialog", { name: "Ask about a passage" });
  await dialog.getByText("Dogs need the landlord's consent.").waitFor();
  expect(await dialog.getByRole("searchbox").inputValue()).toBe("May the tenant keep a dog?");
});
