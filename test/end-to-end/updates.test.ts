/** Updates: nobody is asked until a person says so, and nothing is taken but what was signed. */
import { appendFileSync, existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, test } from "vitest";
import { newKeyPair, signFeed } from "../../main/services/updates/signature.ts";
import { expectAccessible } from "./accessibility.ts";
import { openCoppice } from "./coppice.ts";
import type { Coppice, OpenOptions } from "./coppice.ts";
import { electronOnly } from "./electron-only.ts";
import manifest from "../../package.json" with { type: "json" };
import { startRun, summaryOf } from "./short-run.ts";
import {
  applicationFor,
  feed,
  keys,
  newVersion,
  offer,
  packageName,
  signature,
  standingAppImage,
  updateServer,
  type Served,
  type UpdateServer,
} from "./update-server.ts";

beforeEach(() => electronOnly("updates are requested over Electron's network stack"));

async function opened(server: UpdateServer, options: OpenOptions = {}): Promise<Coppice> {
  const coppice = await openCoppice({ application: applicationFor(server.address), ...options });
  await toUpdates(coppice.page);
  return coppice;
}

async function toUpdates(page: Page): Promise<void> {
  await page.evaluate(() => void (location.hash = "#/settings/updates"));
  await page.getByRole("heading", { level: 2, name: /Updates|Aktualisierungen/ }).waitFor();
}

/** Asks the server now. */
const look = (page: Page) => page.getByRole("button", { name: "Check now" }).click();
/** Where downloads are. */
const kept = ({ home }: Coppice) => join(home, "cache", "updates");

describe("checking", () => {
  test("with updates off, the default, the server receives no request at all", async () => {
    const server = await updateServer();
    offer(server, "99.0.0", newVersion("/nowhere"));
    const { page } = await opened(server);
    expect(await page.getByRole("radio", { name: "Off" }).isChecked()).toBe(true);
    await page.getByText(`Asks ${server.address} once a day`).waitFor();
    await page.waitForTimeout(1500); // nothing tells that nothing happens
    expect(server.asked).toEqual([]);
    expect((await fetch(`${server.address}${feed}`)).status).toBe(200); // it is there, though
  });

  test("when enabled, a new version is found and announced; nothing is downloaded, and nobody is identified", async () => {
    const server = await updateServer();
    offer(server, "99.0.0", newVersion("/nowhere"));
    const { page, home, folder, close, screenshot } = await opened(server);
    await page.getByText("Notify me when there is one").click();
    await page.getByText("Coppice 99.0.0 is available.").waitFor();
    expect(server.asked.map(({ path }) => path)).toEqual([`/${feed}`, `/${signature}`]);
    for (const { headers } of server.asked) {
      expect(headers["user-agent"]).toMatch(/^Coppice\/\d+\.\d+\.\d+$/);
      expect(Object.keys(headers).sort()).toEqual(
        expect.not.arrayContaining(["cookie", "x-user-staging-id", "authorization", "referer"]),
      );
    }
    expect(readdirSync(folder, { recursive: true })).not.toContainEqual(expect.stringMatching(/updaterId/i));
    expect(existsSync(join(home, "cache", "updates"))).toBe(false);
    await page.getByText("2 requests to").waitFor();
    await screenshot("updates-told");
    expect(await close()).toBe(0);
  });

  test("it is still enabled after a restart, and a toast leads to the settings; disabling it stops the checks", async () => {
    const server = await updateServer();
    const first = await opened(server);
    await first.page.getByText("Notify me when there is one").click();
    await expect.poll(() => server.asked.length).toBe(1);
    await first.close();

    offer(server, "99.0.0", newVersion("/nowhere"));
    const application = applicationFor(server.address);
    const second = await openCoppice({ application, folder: first.folder });
    await second.page.getByRole("button", { name: "Show it" }).click();
    await second.page.getByText("Coppice 99.0.0 is available.").first().waitFor();
    await second.page.getByRole("radiogroup", { name: "Check for new versions" }).getByText("Off").click();
    await second.close();

    server.asked.length = 0;
    const third = await openCoppice({ application, folder: first.folder });
    await toUpdates(third.page);
    await third.page.waitForTimeout(1000);
    expect(server.asked).toEqual([]);
  });

  test("the same version and an older one are not offered", async () => {
    const server = await updateServer();
    const { page } = await opened(server, { environment: standingAppImage().environment });
    for (const version of ["99.0.0", "0.0.1", manifest.version]) {
      offer(server, version, newVersion("/nowhere"));
      await look(page);
      await page.getByText(version === "99.0.0" ? "99.0.0 is available" : "is the newest version").waitFor();
    }
    expect(await page.getByRole("button", { name: "Download", exact: true }).count()).toBe(0);
  });

  test("a package without an address says that it cannot update itself, and offers no button", async () => {
    const { page } = await openCoppice();
    await toUpdates(page);
    await page.getByText("This package cannot update itself").waitFor();
    expect(await page.getByRole("button", { name: "Check now" }).count()).toBe(0);
  });
});

describe("refusing", () => {
  const tampered: Record<string, { lay: (server: UpdateServer) => void; says: RegExp }> = {
    "no signature": {
      lay: (server) => server.files.delete(signature),
      says: /was refused: it is not signed/,
    },
    "a signature by another key": {
      lay: (server) => offer(server, "99.0.0", "x", newKeyPair().privateKey),
      says: /its signature is not from the makers of this package/,
    },
    "a feed that was changed after it was signed": {
      lay: (server) => server.files.set(feed, `${String(server.files.get(feed))}\n# changed\n`),
      says: /its signature is not from the makers of this package/,
    },
    "the signed feed of another system": {
      lay: (server) => {
        const text = String(server.files.get(feed));
        server.files.set(signature, signFeed("latest.yml", Buffer.from(text), keys.privateKey));
      },
      says: /its signature is not from the makers of this package/,
    },
    "a signed feed that describes nothing": {
      lay: (server) => {
        server.files.set(feed, "- 1\n- 2\n");
        server.files.set(signature, signFeed(feed, Buffer.from("- 1\n- 2\n"), keys.privateKey));
      },
      says: /its signed content does not describe an update/,
    },
    "a signed feed that leads elsewhere": {
      lay: (server) => {
        const text = offer(server, "99.0.0", "x").replaceAll("Coppice-", "https://example.com/Coppice-");
        server.files.set(feed, text);
        server.files.set(signature, signFeed(feed, Buffer.from(text), keys.privateKey));
      },
      says: /its signed content does not describe an update/,
    },
    "a feed without end": {
      lay: (server) =>
        server.files.set(feed, (response) => {
          const more = () =>
            response.destroyed || response.write("x".repeat(65_536), () => setImmediate(more));
          response.writeHead(200);
          more();
        }),
      says: /its signed content does not describe an update/,
    },
    garbage: {
      lay: (server) => server.files.set(feed, Buffer.from([0, 255, 254, 7, 0])),
      says: /its signature is not from the makers of this package/,
    },
    "an error of the server": {
      lay: (server) => server.files.set(feed, (response) => response.writeHead(500).end("<html>")),
      says: /did not provide an update: it answered with status 500/,
    },
    "an address that leads to another": {
      lay: (server) =>
        server.files.set(feed, (response) =>
          response.writeHead(302, { location: "https://example.com/" }).end(),
        ),
      says: /did not provide an update: /,
    },
    "a server that is too slow": {
      lay: (server) => server.files.set(feed, (response) => void response.writeHead(200).write("version")),
      says: /did not provide an update: it took more than 10 seconds/,
    },
    "a server that is down": {
      lay: (server) => server.close(),
      says: /did not provide an update: net::ERR_CONNECTION_REFUSED/,
    },
  };

  test("anything that differs from what was signed is refused with a sentence, and nothing is offered", async () => {
    const server = await updateServer();
    const { page } = await opened(server);
    for (const [name, { lay, says }] of Object.entries(tampered)) {
      server.files.clear();
      offer(server, "99.0.0", newVersion("/nowhere"));
      lay(server);
      await look(page);
      await expect
        .poll(() => page.getByRole("alert").allInnerTexts(), { message: name })
        .toEqual([expect.stringMatching(says)]);
      expect(await page.getByText("99.0.0 is available").count(), name).toBe(0);
      const alert = page.getByRole("alert");
      const isRefused = (await alert.innerText()).includes("was refused");
      const report = alert.getByRole("button", { name: "Save a report…" });
      expect(await report.count(), name).toBe(isRefused ? 1 : 0);
    }
    expect(server.asked.every(({ path }) => path === `/${feed}` || path === `/${signature}`)).toBe(true);
  });

  const broken: Record<string, { content: (whole: string) => Served; says: RegExp }> = {
    "another file of the same size": {
      content: (whole) => whole.replace("touch", "TOUCH"),
      says: /the file does not match the signed one/,
    },
    "a longer file": {
      content: (whole) => `${whole}# more\n`,
      says: /the file does not match the signed one/,
    },
    "a file cut short": {
      content: (whole) => whole.slice(0, -9),
      says: /the file does not match the signed one/,
    },
    "a connection that breaks off": {
      content: (whole) => (response) => {
        response.writeHead(200, { "content-length": whole.length });
        response.write(whole.slice(0, 9000), () => setTimeout(() => response.destroy(), 50));
      },
      says: /did not provide an update: net::ERR_/,
    },
  };

  test("a package that is not the signed one is refused and deleted", async () => {
    const server = await updateServer();
    const running = standingAppImage();
    const whole = newVersion("/nowhere");
    const coppice = await opened(server, { environment: running.environment });
    const { page } = coppice;
    for (const [name, { content, says }] of Object.entries(broken)) {
      offer(server, "99.0.0", whole);
      server.files.set(packageName("99.0.0"), content(whole));
      await look(page);
      await page.getByRole("button", { name: "Download", exact: true }).click();
      await expect
        .poll(() => page.getByRole("alert").allInnerTexts(), { message: name })
        .toEqual([expect.stringMatching(says)]);
      await expect.poll(() => existsSync(kept(coppice)), { message: name }).toBe(false);
      expect(readdirSync(running.folder).filter((file) => file.endsWith(".AppImage"))).toHaveLength(1);
      expect(readFileSync(running.path, "utf8")).toBe("the version that runs");
    }
  });

  test("a download can be cancelled: the connection closes and no file is left", async () => {
    const server = await updateServer();
    const whole = newVersion("/nowhere");
    offer(server, "99.0.0", whole);
    let ended = false;
    server.files.set(packageName("99.0.0"), (response) => {
      response.writeHead(200, { "content-length": whole.length }).write(whole.slice(0, 20_000));
      response.on("close", () => (ended = true));
    });
    const coppice = await opened(server, { environment: standingAppImage().environment });
    const { page } = coppice;
    await look(page);
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await expect.poll(() => page.getByRole("progressbar").getAttribute("aria-valuenow")).not.toBe("0");
    await page.getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("button", { name: "Download", exact: true }).waitFor();
    await expect.poll(() => ended).toBe(true);
    expect(await page.getByRole("alert").count()).toBe(0);
    await expect.poll(() => existsSync(kept(coppice))).toBe(false);
  });
});

describe("installing", () => {
  test("the new version replaces the old one and starts; a run is saved first", async () => {
    const server = await updateServer();
    const running = standingAppImage();
    const marker = join(running.folder, "started");
    const content = newVersion(marker);
    offer(server, "99.0.0", content);
    const coppice = await opened(server, { environment: running.environment });
    const { page, folder } = coppice;
    const run = await startRun(coppice, { tuningEpochs: 200 });
    await expect.poll(async () => (await summaryOf(page, run)).fraction).toBeGreaterThan(0);

    await look(page);
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.getByText("is downloaded and its signature is valid").waitFor();
    expect(readFileSync(running.path, "utf8")).toBe("the version that runs");
    await page.getByRole("button", { name: "Install and restart" }).click();
    await coppice.detach();
    await page.getByRole("dialog").getByRole("button", { name: "Install and restart" }).click();
    expect(await coppice.ends()).toBe(0);

    await expect.poll(() => existsSync(marker)).toBe(true);
    expect(readdirSync(running.folder).filter((name) => /AppImage/.test(name))).toEqual([
      packageName("99.0.0"),
    ]);
    const installed = join(running.folder, packageName("99.0.0"));
    expect(readFileSync(installed, "utf8")).toBe(content);
    expect(statSync(installed).mode & 0o777).toBe(0o755);

    const again = await openCoppice({ folder });
    expect((await summaryOf(again.page, run)).state).toBe("paused");
    await expect.poll(() => existsSync(kept(again))).toBe(false);
  });

  test("a package that was changed on disk after its download is not installed", async () => {
    const server = await updateServer();
    const running = standingAppImage();
    offer(server, "99.0.0", newVersion(join(running.folder, "started")));
    const coppice = await opened(server, { environment: running.environment });
    const { page } = coppice;
    await look(page);
    await page.getByRole("button", { name: "Download", exact: true }).click();
    await page.getByText("is downloaded and its signature is valid").waitFor();
    appendFileSync(join(kept(coppice), "pending", packageName("99.0.0")), "# and more\n");
    await page.getByRole("button", { name: "Install and restart" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Install and restart" }).click();
    await page.getByText("the file does not match the signed one").waitFor();
    expect(readdirSync(running.folder).filter((name) => /AppImage/.test(name))).toEqual([
      packageName("0.1.0"),
    ]);
    expect(existsSync(join(running.folder, "started"))).toBe(false);
  });

  test("a system package is only announced, even if another program's AppImage started it", async () => {
    const server = await updateServer();
    offer(server, "99.0.0", newVersion("/nowhere"));
    const other = { ...standingAppImage().environment, APPDIR: "/tmp/.mount_other" };
    const { page } = await opened(server, { environment: other });
    await look(page);
    await page.getByText("install it over this one").waitFor();
    expect(await page.getByRole("button", { name: "Download", exact: true }).count()).toBe(0);
  });
});

test("the section fits a small window in German", async () => {
  const server = await updateServer();
  const { page, screenshot } = await opened(server, { size: { width: 900, height: 600 } });
  await page.getByLabel("Language").selectOption("Deutsch");
  await page.getByRole("heading", { level: 2, name: "Updates" }).scrollIntoViewIfNeeded();
  await page.getByText("Benachrichtigen, wenn es eine gibt").click();
  await page.getByRole("button", { name: "Jetzt suchen" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByRole("link", { name: /Außer der Suche nach Updates/ }).waitFor();
  await expectAccessible(page);
  await screenshot("updates-german");
});

test.each([
  { size: { width: 1280, height: 800 }, theme: "light" },
  { size: { width: 900, height: 600 }, theme: "dark" },
] as const)("the section is accessible at $size.width in the $theme theme", async (appearance) => {
  const server = await updateServer();
  const running = standingAppImage();
  const coppice = await opened(server, { ...appearance, environment: running.environment });
  const { page } = coppice;
  const name = `updates-${appearance.size.width}-${appearance.theme}`;
  const show = async (what: string) => {
    await page.getByRole("heading", { level: 2, name: "Updates" }).scrollIntoViewIfNeeded();
    await expectAccessible(page);
    await coppice.screenshot(`${name}-${what}`);
  };
  await show("off");
  await look(page);
  await page.getByRole("alert").waitFor();
  await show("refused");
  offer(server, "99.0.0", newVersion("/nowhere"));
  await look(page);
  await page.getByRole("button", { name: "Download", exact: true }).waitFor();
  await show("offered");
  await page.getByRole("button", { name: "Download", exact: true }).click();
  await page.getByRole("button", { name: "Install and restart" }).click();
  await show("ready");
});
