/** app://: the window's own files and no other, whatever the address looks like. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeEach, expect, test } from "vitest";
import { openCoppice } from "../coppice.ts";
import { electronOnly } from "../electron-only.ts";

beforeEach(() => electronOnly("Electron enforces what a page may not do"));

test("an address gives a file of the window, or nothing", async () => {
  const { page, folder } = await openCoppice();
  const secret = join(folder, "secret.txt");
  writeFileSync(secret, "secret");
  const up = ["..", "%2e%2e", "%2E.", "..%2f..", "..%5c..", "..\\..", "....//", "%252e%252e", "%c0%ae%c0%ae"];
  const outside = [
    ...up.flatMap((way) => [
      `app://coppice/${way}/main/index.cjs`,
      `app://coppice/assets/${way}/${way}/main/index.cjs`,
    ]),
    `app://coppice/${encodeURIComponent(secret)}`,
    `app://coppice/${secret}`,
    `app://coppice//${secret}`,
    "app://coppice/index.html%00.js",
    "app://coppice/index.html/",
    "app://coppice/INDEX.html",
    "app://coppice/index.html::$DATA",
    "app://coppice/C:/Windows/win.ini",
    "app://coppice/assets",
    "app://coppice/assets/",
    "app://coppice/%",
    "app://coppice/%E0%A4%A",
    "app://elsewhere/index.html",
    "app://coppice.example.org/index.html",
    "app:///index.html",
  ];
  const statuses = (urls: string[]) =>
    page.evaluate(
      (asked) =>
        Promise.all(
          asked.map(async (url) => {
            const answer = await fetch(url).catch(() => null);
            return `${answer?.status ?? "refused"} ${url}`;
          }),
        ),
      urls,
    );
  const elsewhere = ["file:///etc/hostname", "blob:app://coppice/0", "filesystem:app://coppice/x"];
  const answers = await statuses([...outside, `file://${secret}`, ...elsewhere]);
  expect(answers.filter((answer) => !/^(404|refused) /.test(answer))).toEqual([]);
  expect(answers.filter((answer) => answer.startsWith("404")).length).toBeGreaterThan(10);
  const own = ["app://coppice/", "app://coppice/index.html", "app://coppice/index.html?a=b#c"];
  expect(await statuses(own)).toEqual(own.map((url) => `200 ${url}`));
});

test("POST, PUT and DELETE are refused, and every response carries the policy", async () => {
  const { page } = await openCoppice();
  const answers = await page.evaluate(async () => {
    const methods = await Promise.all(
      ["POST", "PUT", "DELETE"].map((method) => fetch("index.html", { method }).then(({ status }) => status)),
    );
    const found = await fetch("index.html");
    const missing = await fetch("nothing.html");
    const policies = [found, missing].map((answer) => answer.headers.get("content-security-policy") ?? "");
    return { methods, policies, sniffing: found.headers.get("x-content-type-options") };
  });
  expect(answers.methods).toEqual([404, 404, 404]);
  for (const policy of answers.policies)
    expect(policy).toMatch(/^default-src 'none'; script-src 'self';.*require-trusted-types-for 'script'/);
  expect(answers.policies[0]).not.toMatch(/script-src[^;]*(unsafe|\*|http)/);
  expect(answers.sniffing).toBe("nosniff");
});

test("the window keeps no cookies and shares nothing with a browser", async () => {
  const { electron, page } = await openCoppice();
  await page.evaluate(() => (document.cookie = "kept=yes; max-age=1000000"));
  const cookies = await electron.evaluate(({ session }) => session.defaultSession.cookies.get({}));
  expect(cookies).toEqual([]);
});
