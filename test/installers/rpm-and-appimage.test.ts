/** The rpm and the AppImage, in a Debian that has the libraries they ask for. */
import { cpSync, existsSync, readlinkSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { debDepends } from "../../build/package/linux/libraries.ts";
import { cleanSystem, execute, type CleanSystem } from "./clean-system.ts";
import { startInstalled } from "./installed.ts";
import { appImage, folder, name, rpm } from "./packages.ts";

let system: CleanSystem;
beforeAll(() => {
  system = cleanSystem();
  system.run("apt-get", "satisfy", "-y", "-qq", "--no-install-recommends", debDepends.join(", "));
});
afterAll(() => system.remove());

const at = (path: string) => join(system.folder, path);

test("the rpm has its metadata, and requires libraries by names that every distribution provides", () => {
  expect(execute(["rpm", "-qp", "--queryformat", "%{NAME} %{VERSION} %{ARCH} %{LICENSE}", rpm])).toBe(
    `${name} 0.1.0 x86_64 Apache-2.0`,
  );
  expect(execute(["rpm", "-qp", "--requires", rpm])).toContain("libgtk-3.so.0()(64bit)");
  const files = execute(["rpm", "-qlp", rpm]).split("\n");
  expect(files).toContain(`${folder}/${name}`);
  expect(files).toContain(`/usr/share/applications/${name}.desktop`);
  expect(files.filter((path) => path !== "" && !/^\/(opt\/Coppice|usr\/share\/)/.test(path))).toEqual([]);
});

test("the rpm installs, runs in the sandbox, and keeps its command in an upgrade", async () => {
  const manage = (...args: string[]) => execute(["rpm", "--root", system.folder, "--nodeps", ...args]);
  manage("-i", rpm);
  expect(readlinkSync(at(`/usr/bin/${name}`))).toBe(`${folder}/${name}`);
  // rpm enters the folder by chroot, where there are no user namespaces: the setuid helper replaces them.
  const installed = await startInstalled(system, [name]);
  installed.expectSandbox();
  await installed.screenshot("rpm");
  await installed.close();
  manage("-U", "--force", rpm);
  expect(readlinkSync(at(`/usr/bin/${name}`))).toBe(`${folder}/${name}`);
  manage("-e", name);
  expect(existsSync(at(`/usr/bin/${name}`))).toBe(false);
  expect(existsSync(at(folder))).toBe(false);
  expect(existsSync(system.home)).toBe(true);
});

test("the AppImage starts without FUSE, in the sandbox", async () => {
  cpSync(appImage, join(system.home, basename(appImage)));
  const installed = await startInstalled(system, [
    `./home/person/${basename(appImage)}`,
    "--appimage-extract-and-run",
  ]);
  installed.expectSandbox();
  await installed.screenshot("appimage");
  await installed.close();
});

test("nothing in the AppImage starts it without its sandbox", () => {
  const file = `/home/person/${basename(appImage)}`;
  for (const part of ["AppRun", `${name}.desktop`]) {
    system.runAsPerson("sh", "-c", `cd && ${file} --appimage-extract ${part}`);
    expect(execute(["cat", join(system.home, "squashfs-root", part)])).not.toContain("--no-sandbox");
  }
});
