/** Every screen in Chromium, in each look: axe-core finds nothing, nothing is wider than the window, and a picture is left. */
import { expect, test } from "vitest";
import { expectAccessible } from "../accessibility.ts";
import { looks, openCoppice } from "../coppice.ts";
import { overflowOf, take } from "../looks.ts";
import { filledFolder, openLibrary } from "../filled-library.ts";
import { folderWithQuestions } from "../seeded-questions.ts";

test("each screen fits each size and theme, and axe-core finds nothing", async () => {
  const { folder, half, careful, deadlines, paused, failed } = await filledFolder();
  const { writing } = await folderWithQuestions(120, folder);
  const coppice = await openCoppice({ folder, reducedMotion: true });
  const { page } = coppice;
  await page.getByRole("list", { name: "Your models" }).waitFor();
  const screens = {
    settings: "#/settings",
    library: "#/library",
    model: "#/new/model",
    data: "#/new/data",
    dataSets: "#/data-sets",
    target: "#/new/target",
    questions: `#/questions/${writing}`,
    paused: `#/runs/${paused}`,
    result: `#/runs/${half}/result`,
    failed: `#/runs/${failed}`,
    compare: `#/compare?runs=${half},${careful},${deadlines}`,
    chat: "#/chat",
    licences: "#/licences",
  };
  const heading = page.getByRole("heading", { level: 1 });
  for (const look of looks) {
    await take(coppice, look);
    const named = `${look.size.width}-${look.theme}`;
    for (const [name, hash] of Object.entries(screens)) {
      const before = await heading.innerText();
      await page.evaluate((to) => void (location.hash = to), hash);
      await expect.poll(() => heading.innerText(), { message: `the heading of ${name}` }).not.toBe(before);
      await expect
        .poll(() => page.locator("[aria-busy=true]").count(), { message: `what ${name} waits for` })
        .toBe(0);
      await coppice.screenshot(`browser/${name}-${named}`);
      expect(await overflowOf(page), `${name} is wider than the window, ${named}`).toBeLessThanOrEqual(0);
      await expectAccessible(page);
    }
  }
});

test("pages are under the application's policy: text does not become code, and no other address is requested", async () => {
  const { page } = await openLibrary();
  const blocked = await page.evaluate(async () => {
    const violation = new Promise<string>((resolve) =>
      document.addEventListener("securitypolicyviolation", (event) => {
        if (event.effectiveDirective === "connect-src") resolve(event.blockedURI);
      }),
    );
    const script = document.createElement("script");
    let refusal = "";
    try {
      script.text = "window.ran = true";
    } catch (error) {
      refusal = (error as Error).name;
    }
    await fetch("https://example.com/").catch(() => {});
    return { refusal, uri: await violation, secure: isSecureContext };
  });
  expect(blocked).toEqual({ refusal: "TypeError", uri: "https://example.com/", secure: true });
});
