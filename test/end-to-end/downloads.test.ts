/** Models from the hub: nobody is asked before a button is pressed that names the hub; what arrives is checked, chosen, resumed. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { basename, join } from "node:path";
import type { Locator, Page } from "playwright-core";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { hubServer, repositoryName } from "../main/services/hub/hub-server.ts";
import type { HubServer } from "../main/services/hub/hub-server.ts";
import { writeTinyModel } from "../main/cli/tiny-model.ts";
import { expectAccessible } from "./accessibility.ts";
import { newFolder, openCoppice } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";
import { expectInEachLook } from "./looks.ts";

beforeEach(() => electronOnly("models are requested over Electron's network stack"));

async function tinyHub(): Promise<HubServer> {
  const folder = await writeTinyModel(join(newFolder(), "tiny"), 3);
  const names = ["config.json", "tokenizer.json", "tokenizer_config.json", "model.safetensors"];
  return hubServer(Object.fromEntries(names.map((name) => [name, readFileSync(join(folder, name))])));
}

async function opened(server: HubServer, options: OpenOptions = {}): Promise<Coppice> {
  const environment = { HF_ENDPOINT: server.address, ...options.environment };
  const coppice = await openCoppice({ ...options, environment });
  await coppice.page.evaluate(() => void (location.hash = "#/new/model"));
  await coppice.page.getByText("Download another open model").click();
  return coppice;
}

/** By the keyboard alone. */
async function lookUp(page: Page, name: string): Promise<void> {
  await page.getByLabel("Any other model by its name").focus();
  await page.keyboard.type(name);
  await page.keyboard.press("Enter");
}

/** That of the model that was looked up, behind the fold: the recommended one has another, beside the list. */
const download = (page: Page) =>
  page.locator("details").getByRole("button", { name: /^Download .* from 127\.0\.0\.1/ });
const isChosen = (page: Page) => page.getByText(/its checksums are right, and it is chosen\.$/);

/** The tiny model is downloaded and chosen. */
async function withDownload(server: HubServer): Promise<Coppice> {
  const coppice = await opened(server);
  await lookUp(coppice.page, repositoryName);
  await download(coppice.page).click();
  await isChosen(coppice.page).waitFor();
  return coppice;
}

test("its section is accessible in each size and theme", async () => {
  const server = await tinyHub();
  const coppice = await opened(server);
  const { page } = coppice;
  const shown = (name: string, what: Locator) =>
    expectInEachLook(coppice, `downloads/${name}`, () => what.scrollIntoViewIfNeeded());
  await page.getByRole("heading", { name: "Recommended for this computer" }).waitFor();
  await shown("list", page.getByText("Download another open model"));
  await page.getByRole("radio", { name: /3-4B/ }).waitFor();
  const rows = page.getByRole("radiogroup", { name: "Open models that Coppice supports" }).getByRole("radio");
  await rows.first().check();
  await page.getByText(/for 1,000 rows, from a few seconds of training/).waitFor();
  const chosen = page.locator("[aria-labelledby=offered]"); // which row is the first depends on this computer's speed
  await shown("chosen", chosen);
  await page.waitForTimeout(500);
  expect(server.asked).toEqual([]); // nothing was requested by looking at it
  await lookUp(page, repositoryName);
  await page.getByText("Licence: apache-2.0").waitFor();
  await shown("looked-up", download(page));
});

test("a model is looked up by its name, downloaded, and chosen; the proof of privacy counts the requests", async () => {
  const server = await tinyHub();
  const { page, home } = await opened(server);
  await lookUp(page, repositoryName);
  await page.getByText("Licence: apache-2.0").waitFor();
  expect(server.asked.every(({ path }) => path.startsWith("/api/"))).toBe(true);
  await download(page).click();
  await page
    .getByText(`${repositoryName} is downloaded, its checksums are right, and it is chosen.`)
    .waitFor();
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await page
    .getByRole("radio", { name: new RegExp(repositoryName) })
    .first()
    .waitFor();
  expect(existsSync(join(home, "models", "coppice-tests", "tiny", "model.safetensors"))).toBe(true);
  for (const { headers } of server.asked) {
    expect(headers["user-agent"]).toMatch(/^Coppice\/\d+\.\d+\.\d+$/);
    expect(headers).not.toHaveProperty("cookie");
    expect(headers).not.toHaveProperty("referer");
    expect(headers).not.toHaveProperty("authorization");
  }
  await page.evaluate(() => void (location.hash = "#/settings"));
  await page.getByRole("button", { name: "Prove it now" }).click();
  await page.getByText(`${server.asked.length} requests to ${server.host} and its file servers`).waitFor();
});

test("a downloaded model is removed after a question that names its size, and can be downloaded again", async () => {
  const coppice = await withDownload(await tinyHub());
  const { page, home } = coppice;
  const folder = join(home, "models", "coppice-tests");
  await page.getByRole("button", { name: "Remove…" }).click();
  const dialog = page.getByRole("dialog", { name: `Remove “${repositoryName}” from this computer?` });
  await dialog.getByText(/^This frees [\d.]+ [kM]B\./).waitFor();
  await expectAccessible(page);
  await coppice.screenshot("downloads/remove");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(existsSync(join(folder, "tiny"))).toBe(true);
  await page.getByRole("button", { name: "Remove…" }).click();
  await dialog.getByRole("button", { name: /^Remove [\d.]+ [kM]B$/ }).click();
  await page.getByText(/was removed; .* are free again\.$/).waitFor();
  await expect.poll(() => existsSync(folder)).toBe(false);
  await page.getByRole("button", { name: "Remove…" }).waitFor({ state: "detached" });
  await lookUp(page, "");
  await download(page).click();
  await expect.poll(() => existsSync(join(folder, "tiny", "model.safetensors"))).toBe(true);
});

test("a damaged model is marked, and repaired in its place", async () => {
  const server = await tinyHub();
  const coppice = await withDownload(server);
  const { page, home } = coppice;
  const config = join(home, "models", "coppice-tests", "tiny", "config.json");
  writeFileSync(config, "cut");
  await page.evaluate(() => void (location.hash = "#/library"));
  await page.evaluate(() => void (location.hash = "#/new/model"));
  await page.getByRole("button", { name: "Look again" }).click();
  await page.getByText("Downloaded, damaged").waitFor();
  const repair = page.getByRole("button", { name: /^Repair: at most .* from 127\.0\.0\.1/ });
  await repair.waitFor();
  await expectAccessible(page);
  await coppice.screenshot("downloads/damaged");
  server.asked.length = 0;
  await repair.click();
  await isChosen(page).waitFor();
  await page.getByText("This model fits this computer", { exact: true }).waitFor();
  await page.getByText("Downloaded, damaged").waitFor({ state: "detached" });
  const asked = server.asked.filter(({ path }) => path.includes("/resolve/"));
  expect(asked.map(({ path }) => basename(path))).toEqual(["config.json"]);
  expect(readFileSync(config)).toEqual(server.files["config.json"]);
  expect(await repair.count()).toBe(0);
});

/** The hub stops sending the weights after 5,000 bytes, in the middle of a download. */
async function withStalledDownload(server: HubServer, folder: string): Promise<Coppice> {
  const weights = server.files["model.safetensors"]!;
  server.instead.set("/model.safetensors", (response) => {
    response.writeHead(200, { "content-length": weights.length });
    response.write(weights.subarray(0, 5000));
  });
  const coppice = await opened(server, { folder });
  await lookUp(coppice.page, repositoryName);
  await download(coppice.page).click();
  await coppice.page.getByText(/MB|kB/).first().waitFor();
  await expect.poll(() => server.asked.at(-1)!.path).toMatch(/model\.safetensors$/);
  await coppice.page.waitForTimeout(300);
  return coppice;
}

test("closing the window in the middle of a download asks first", async () => {
  const { electron, page } = await withStalledDownload(await tinyHub(), newFolder());
  const closeWindow = (response: number) =>
    electron.evaluate(
      ({ dialog, BrowserWindow }, chosen) =>
        new Promise<string>((resolve) => {
          dialog.showMessageBox = ((_: unknown, { message }: Electron.MessageBoxOptions) => {
            resolve(message);
            return Promise.resolve({ response: chosen, checkboxChecked: false });
          }) as typeof dialog.showMessageBox;
          BrowserWindow.getAllWindows()[0]!.close();
        }),
      response,
    );
  expect(await closeWindow(0)).toBe("Close the window and stop the download?");
  await page.getByText(`Downloading ${repositoryName}`).waitFor();
  const closed = page.waitForEvent("close");
  await closeWindow(1);
  await closed;
});

test("a cancelled download is resumed after a restart, or removed", async () => {
  const server = await tinyHub();
  const folder = newFolder();
  const first = await withStalledDownload(server, folder);
  // The download goes on while another page is shown.
  await first.page.evaluate(() => void (location.hash = "#/settings"));
  await first.page.evaluate(() => void (location.hash = "#/new/model"));
  await first.page.getByText(`Downloading ${repositoryName}`).waitFor();
  await first.page.getByRole("main").getByRole("button", { name: "Cancel" }).first().click();
  await first.page.getByRole("button", { name: /^Resume: / }).waitFor();
  await first.close();

  server.instead.clear();
  server.asked.length = 0;
  const second = await opened(server, { folder });
  const resume = second.page.getByRole("button", { name: /^Resume: .* from 127\.0\.0\.1/ });
  await resume.waitFor();
  expect(server.asked).toEqual([]);
  await resume.click();
  await second.page.getByText("its checksums are right").waitFor();
  expect(server.asked.at(-1)!.headers.range).toBe("bytes=5000-");
  expect(await resume.count()).toBe(0);
});

test("what the hub does wrong is said in a sentence, and nothing is kept", async () => {
  const server = await tinyHub();
  const { page, home } = await opened(server);
  const says = async (words: RegExp) =>
    expect.poll(() => page.getByRole("alert").allInnerTexts()).toEqual([expect.stringMatching(words)]);
  await lookUp(page, "coppice-tests/none");
  await says(/has no public model "coppice-tests\/none"/);
  await page.getByLabel("Any other model by its name").fill("");
  await lookUp(page, repositoryName);
  await page.getByText("Licence: apache-2.0").waitFor();
  server.instead.set("/config.json", (response) => response.end("{}"));
  await download(page).click();
  await says(/"config\.json" from 127\.0\.0\.1:\d+ was refused/);
  server.instead.set("/config.json", (response) =>
    response.writeHead(302, { location: "https://example.com/" }).end(),
  );
  await download(page).click();
  await says(/it leads to an address that is not the hub's/);
  expect(readdirSync(join(home, "models"))).toEqual([]);
  server.close();
  await download(page).click();
  await says(/cannot be reached: net::ERR_/);
});

test("a gated model takes the person's token, which only the hub sees and no file holds in plain text", async () => {
  const server = await tinyHub();
  server.card = { gated: "manual" };
  const gate = () =>
    server.instead.set("/resolve/", (response, request) => {
      if (request.headers.authorization !== "Bearer hf_secretsecret")
        return void response.writeHead(401, { "x-error-code": "GatedRepo" }).end();
      server.instead.clear();
      response.writeHead(429, { "retry-after": "0" }).end();
    });
  gate();
  const { page, home } = await opened(server);
  await lookUp(page, repositoryName);
  await page.getByText("asks you to accept terms first").first().waitFor();
  await page.getByLabel("Access token").first().fill("secret");
  await page.getByRole("button", { name: "Use this token" }).first().click();
  await page.getByText(/tokens begin with "hf_"/).waitFor();
  await page.getByLabel("Access token").first().fill("hf_secretsecret");
  await page.getByRole("button", { name: "Use this token" }).first().click();
  await page.getByText(/Your access token is/).waitFor();
  await download(page).click();
  await page.getByText("its checksums are right").waitFor();
  expect(server.asked.at(-1)!.headers.authorization).toBe("Bearer hf_secretsecret");
  for (const name of readdirSync(home, { recursive: true }) as string[]) {
    const path = join(home, name);
    if (/\.(db|db-wal|json|log)$|hub-token/.test(name))
      expect(readFileSync(path).includes("hf_secret")).toBe(false);
  }
  await page.getByRole("button", { name: "Forget the token" }).click();
  await expect.poll(() => page.getByText(/Your access token is/).count()).toBe(0);
});

test("requests go through the system's proxy", async () => {
  const asked: string[] = [];
  const proxy = createServer((socket) => {
    socket.on("error", () => {});
    socket.once("data", (head) => {
      asked.push(head.toString().split("\r\n")[0]!);
      socket.end("HTTP/1.1 502 Bad Gateway\r\ncontent-length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void proxy.close());
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
  const server = await tinyHub();
  const environment = { HF_ENDPOINT: "", https_proxy: address, XDG_CURRENT_DESKTOP: "" };
  const { page } = await opened(server, { environment });
  await page.getByText("Coppice connects to huggingface.co only when").waitFor();
  await page.waitForTimeout(1000);
  expect(asked).toEqual([]);
  await lookUp(page, repositoryName);
  await expect
    .poll(() => page.getByRole("alert").allInnerTexts())
    .toEqual([expect.stringMatching(/huggingface\.co cannot be reached/)]);
  expect(new Set(asked)).toEqual(new Set(["CONNECT huggingface.co:443 HTTP/1.1"]));
});
