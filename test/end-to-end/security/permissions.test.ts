/** Whatever the page asks of the system is denied: permissions, devices, downloads. */
import { readdirSync } from "node:fs";
import { beforeEach, expect, test } from "vitest";
import { openCoppice } from "../coppice.ts";
import { electronOnly } from "../electron-only.ts";

beforeEach(() => electronOnly("Electron enforces what a page may not do"));

const names = [
  ...["geolocation", "notifications", "push", "midi", "camera", "microphone", "background-fetch"],
  ...["background-sync", "persistent-storage", "accelerometer", "gyroscope", "magnetometer"],
  ...["clipboard-read", "clipboard-write", "payment-handler", "idle-detection", "periodic-background-sync"],
  ...["screen-wake-lock", "nfc", "display-capture", "storage-access", "local-fonts", "window-management"],
];

test("every permission is denied, and none is left to be asked for", async () => {
  const { page } = await openCoppice();
  const states = await page.evaluate(
    (asked) =>
      Promise.all(
        asked.map(async (name) => {
          const descriptor = { name, ...(name === "push" ? { userVisibleOnly: true } : {}) };
          return navigator.permissions.query(descriptor as unknown as PermissionDescriptor).then(
            ({ state }) => `${name}: ${state}`,
            () => `${name}: unknown here`,
          );
        }),
      ),
    names,
  );
  expect(states.filter((state) => !/: (denied|unknown here)$/.test(state))).toEqual([]);
  expect(states.filter((state) => state.endsWith("denied")).length).toBeGreaterThan(10);
});

test("requests for a device, the screen, the clipboard or a notification are denied", async () => {
  const { page } = await openCoppice();
  const got = await page.evaluate(async () => {
    interface Devices {
      requestDevice(options: object): Promise<unknown>;
      getDevices(): Promise<unknown[]>;
    }
    const all = navigator as unknown as {
      usb: Devices;
      hid: Devices;
      bluetooth: Devices;
      serial: { requestPort(): Promise<unknown> };
      requestMIDIAccess(options: object): Promise<unknown>;
    };
    const { mediaDevices, clipboard, wakeLock } = navigator;
    const attempts: Record<string, () => Promise<unknown>> = {
      position: () =>
        new Promise((resolve, reject) => navigator.geolocation.getCurrentPosition(resolve, reject)),
      notice: async () => {
        if ((await Notification.requestPermission()) !== "granted") throw new Error("denied");
      },
      camera: () => mediaDevices.getUserMedia({ video: true }),
      microphone: () => mediaDevices.getUserMedia({ audio: true }),
      screen: () => mediaDevices.getDisplayMedia({ video: true }),
      "clipboard read": () => clipboard.readText(),
      midi: () => all.requestMIDIAccess({ sysex: true }),
      usb: () => all.usb.requestDevice({ filters: [] }),
      hid: () => all.hid.requestDevice({ filters: [] }),
      serial: () => all.serial.requestPort(),
      bluetooth: () => all.bluetooth.requestDevice({ acceptAllDevices: true }),
      "wake lock": () => wakeLock.request("screen"),
      fonts: () => (window as unknown as { queryLocalFonts(): Promise<unknown> }).queryLocalFonts(),
    };
    const through: string[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      try {
        const late = new Promise((_, reject) => setTimeout(() => reject(new Error("no answer")), 1500));
        const given = await Promise.race([attempt(), late]);
        // A request that finds no device answers with an empty list.
        if (!Array.isArray(given) || given.length > 0) through.push(name);
      } catch {
        // Denied.
      }
    }
    const labels = (await mediaDevices.enumerateDevices()).filter(({ label }) => label !== "");
    return { through, labels };
  });
  expect(got).toEqual({ through: [], labels: [] });
});

test("the page cannot take the screen or the pointer", async () => {
  const { electron, page } = await openCoppice();
  const taken = await page.evaluate(async () => {
    // Neither need ever answer.
    void document.body.requestFullscreen().catch(() => {});
    void Promise.resolve(document.body.requestPointerLock()).catch(() => {});
    await new Promise((resolve) => setTimeout(resolve, 300));
    return { screen: document.fullscreenElement !== null, pointer: document.pointerLockElement !== null };
  });
  expect(taken).toEqual({ screen: false, pointer: false });
  expect(
    await electron.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isFullScreen()),
  ).toBe(false);
});

test("nothing is downloaded", async () => {
  const { electron, page, folder } = await openCoppice();
  await electron.evaluate(({ app, session }, path) => {
    app.setPath("downloads", path);
    session.defaultSession.setDownloadPath(path);
  }, folder);
  const before = readdirSync(folder).sort();
  await page.evaluate(() => {
    const addresses = [
      URL.createObjectURL(new Blob(["x"])),
      "data:application/zip,x",
      "app://coppice/index.html",
    ];
    for (const href of addresses) {
      const link = document.createElement("a");
      Object.assign(link, { href, download: "taken.txt" });
      document.body.append(link);
      link.click();
      link.remove();
    }
  });
  await page.waitForTimeout(500); // nothing tells that nothing happens
  expect(readdirSync(folder).sort()).toEqual(before);
});
