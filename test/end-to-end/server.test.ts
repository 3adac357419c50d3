/** Settings → Local server: switched on, asked by programs, which are shown and stopped. */
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { openCoppice } from "./coppice.ts";
import type { Coppice } from "./coppice.ts";
import { expectInEachLook } from "./looks.ts";

async function toServer({ page }: Coppice): Promise<void> {
  await page.keyboard.press("Control+6");
  await page.getByRole("row", { name: /Database/ }).waitFor();
  await page.getByRole("link", { name: "Local server" }).click();
}

const switchOf = ({ page }: Coppice) => page.getByRole("switch", { name: "Local server" });
const tokenIn = ({ home }: Coppice) => readFileSync(join(home, "server-token"), "utf8");
const statusOf = async (url: string, headers: Record<string, string>): Promise<number | "none"> =>
  fetch(`${url}/v1/models`, { headers }).then(
    ({ status }) => status,
    () => "none" as const,
  );

test("the server is off, and answers once it is on, until it is off again", async () => {
  const coppice = await openCoppice();
  const { page } = coppice;
  await toServer(coppice);
  const url = "http://127.0.0.1:11535";
  expect(await statusOf(url, {})).toBe("none");
  await switchOf(coppice).check();
  await page.getByText(`${url}/v1`, { exact: true }).waitFor();
  await page.getByText("No program has asked yet.").waitFor();
  const token = tokenIn(coppice);
  await page.getByText(`…${token.slice(-4)}`).waitFor();

  const program = { authorization: `Bearer ${token}`, "user-agent": "Spreadsheet/2.0 (secret)" };
  expect([await statusOf(url, program), await statusOf(url, program)]).toEqual([200, 200]);
  expect(await statusOf(url, { "user-agent": "Spreadsheet/2.0" })).toBe(401);
  await page.getByRole("row", { name: /^Spreadsheet 2 requests today/ }).waitFor();
  await page.getByRole("row", { name: /^Refused.* 1 request$/ }).waitFor();
  await expectInEachLook(coppice, "settings-server", () => switchOf(coppice).scrollIntoViewIfNeeded());
  await page.getByRole("button", { name: "Stop: Spreadsheet" }).click();
  await page.getByRole("row", { name: /^Spreadsheet .*Stopped/ }).waitFor();
  expect(await statusOf(url, program)).toBe(403);

  await page.getByRole("button", { name: "New token" }).click();
  await page.getByText(`…${token.slice(-4)}`).waitFor({ state: "detached" });
  expect(await statusOf(url, program)).toBe(401);
  expect(await statusOf(url, { ...program, authorization: `Bearer ${tokenIn(coppice)}` })).toBe(200);

  await page.getByRole("button", { name: "Prove it now" }).click();
  await page.getByText("no connection to another computer").waitFor();
  await switchOf(coppice).uncheck();
  await page.getByText(`${url}/v1`, { exact: true }).waitFor({ state: "detached" });
  expect(await statusOf(url, program)).toBe("none");
});

test("it starts with Coppice once it is on; a port that is taken is said, and another one chosen", async () => {
  const taken = createServer().listen(11535, "127.0.0.1");
  onTestFinished(() => void taken.close());
  const first = await openCoppice();
  await toServer(first);
  await switchOf(first).check();
  await first.page.getByText("Another program uses port 11535 at 127.0.0.1.").waitFor();
  await first.screenshot("settings-server-taken");
  const port = first.page.getByRole("textbox", { name: "Port" });
  await port.fill("80");
  await port.press("Enter");
  await first.page
    .getByText(/serverPort/)
    .first()
    .waitFor();
  await port.fill("11536");
  await port.press("Enter");
  await first.page.getByText("http://127.0.0.1:11536/v1", { exact: true }).waitFor();
  expect(await first.close()).toBe(0);
  expect(await statusOf("http://127.0.0.1:11536", {})).toBe("none");

  const second = await openCoppice({ folder: first.folder });
  await toServer(second);
  await second.page.getByText("http://127.0.0.1:11536/v1", { exact: true }).waitFor();
  const authorization = `Bearer ${tokenIn(second)}`;
  expect(await statusOf("http://127.0.0.1:11536", { authorization })).toBe(200);
});
