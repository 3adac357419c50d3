/** The deb in a clean Debian: installed, used, upgraded, removed. Each test continues where the previous one ended. */
import { cpSync, existsSync, readdirSync, readFileSync, readlinkSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { sandboxDenied } from "../../build/package/launcher.ts";
import type { WindowBridge } from "../../preload/contract/contract.ts";
import { doWholeJob } from "../end-to-end/whole-job.ts";
import { cleanSystem, type CleanSystem } from "./clean-system.ts";
import { startInstalled, type Installed } from "./installed.ts";
import { deb, folder, higherVersion, name } from "./packages.ts";

let system: CleanSystem;
beforeAll(() => {
  system = cleanSystem();
  cpSync(deb, join(system.folder, "coppice.deb"));
});
afterAll(() => system.remove());

const at = (path: string) => join(system.folder, path);
const version = () => system.run("dpkg-query", "--show", "--showformat=${Version}", name);

test("apt installs it with its dependencies, and every library is found", () => {
  system.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", "/coppice.deb");
  expect(version()).toBe("0.1.0");
  const binaries = readdirSync(at(folder), { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(node|so(\.\d+)*)$|-bin$|chrome-sandbox$|crashpad_handler$/.test(path))
    .map((path) => join(folder, path));
  expect(binaries.length).toBeGreaterThan(8);
  expect(system.run("ldd", ...binaries)).not.toContain("not found");
});

test("the command, the menu entry and the file types of models are installed", () => {
  expect(readlinkSync(at(`/usr/bin/${name}`))).toBe(`${folder}/${name}`);
  const entry = readFileSync(at(`/usr/share/applications/${name}.desktop`), "utf8");
  expect(entry).toContain(`Exec=${folder}/${name} %F`);
  expect(entry).not.toContain("sandbox");
  expect(entry).toContain("MimeType=application/x-gguf;application/x-coppice;");
  const kinds = readFileSync(at("/usr/share/mime/globs2"), "utf8");
  for (const kind of ["gguf", "coppice"]) expect(kinds).toContain(`application/x-${kind}:*.${kind}`);
  expect(existsSync(at(`/usr/share/icons/hicolor/256x256/apps/${name}.png`))).toBe(true);
});

test("with user namespaces, none of its files is setuid root", () => {
  expect(statSync(at(`${folder}/chrome-sandbox`)).mode & 0o7777).toBe(0o755);
});

test("an ordinary user starts it in the sandbox and sets the dark theme", async () => {
  const installed = await startInstalled(system, [name]);
  installed.expectSandbox();
  await installed.screenshot("deb-first-start");
  await installed.page.keyboard.press("Control+6");
  await installed.page.getByText("Dark", { exact: true }).click();
  await expect.poll(() => kept(installed)).toMatchObject({ theme: "dark" });
  await installed.close();
});

test("and gets from the wizard to an answer", { timeout: 3_600_000 }, async () => {
  const installed = await startInstalled(system, [name]);
  await doWholeJob(installed, async (stop) => {
    if (stop === "trim" || stop === "result" || stop === "chat") await installed.screenshot(`deb-${stop}`);
  });
  installed.expectSandbox();
  expect(await kept(installed)).toEqual({ theme: "dark", runs: ["done"], conversations: 1 });
  await installed.close();
});

test("an upgrade keeps runs, conversations and settings", async () => {
  const old = await startInstalled(system, [name]);
  const before = await kept(old);
  await old.close();
  const files = listing();
  higherVersion(system.folder);
  system.run("apt-get", "install", "-y", "-qq", "--no-install-recommends", `/${name}_0.2.0_amd64.deb`);
  expect(version()).toBe("0.2.0");
  expect(readlinkSync(at(`/usr/bin/${name}`))).toBe(`${folder}/${name}`);
  expect(listing()).toEqual(files);
  const installed = await startInstalled(system, [name]);
  expect(await kept(installed)).toEqual(before);
  await installed.screenshot("deb-upgraded");
  await installed.close();
});

test("without user namespaces and a setuid helper, it says so instead of opening a window without a sandbox", async () => {
  const child = system.start([name], { chroot: true });
  let output = "";
  child.stderr?.on("data", (chunk) => (output += String(chunk)));
  expect(await new Promise((resolve) => child.once("close", resolve))).toBe(1);
  expect(output).toContain(sandboxDenied.en(basename(folder)));
});

test("without user namespaces, the setuid helper makes the sandbox", async () => {
  system.run("chmod", "4755", `${folder}/chrome-sandbox`);
  const installed = await startInstalled(system, [name], { chroot: true });
  installed.expectSandbox();
  await installed.close();
});

test("removing and purging it leave people's homes alone", () => {
  const before = listing();
  expect(before.length).toBeGreaterThan(5);
  system.run("apt-get", "remove", "-y", "-qq", name);
  for (const path of [folder, `/usr/bin/${name}`, `/usr/share/applications/${name}.desktop`])
    expect(existsSync(at(path)), path).toBe(false);
  expect(listing()).toEqual(before);
  system.run("apt-get", "purge", "-y", "-qq", name);
  expect(listing()).toEqual(before);
  expect(system.run("dpkg", "--audit")).toBe("");
});

/** What the person has, by name. */
const listing = () =>
  readdirSync(join(system.home, ".local", "share", "coppice"), { recursive: true, encoding: "utf8" }).sort();

/** What a person would miss after an upgrade. */
const kept = ({ page }: Installed) =>
  page.evaluate(async () => {
    const { coppice } = window as unknown as { coppice: WindowBridge };
    const [runs, conversations] = [await coppice.runs.list(), await coppice.conversations.list({})];
    return {
      theme: document.documentElement.dataset["theme"],
      runs: runs.ok ? runs.value.map(({ state }) => state) : [],
      conversations: conversations.ok ? conversations.value.total : 0,
    };
  });
