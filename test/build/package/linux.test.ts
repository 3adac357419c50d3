/** Packages for Linux, of a folder with one file: what they say of themselves, and their scripts. */
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../../main/temporary-folder.ts";

const repository = join(import.meta.dirname, "../../..");
const linux = join(repository, "build", "package", "linux");
const has = (command: string) => !spawnSync(command, ["--version"]).error;

function packed(type: "deb" | "rpm", ...args: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "application"));
  writeFileSync(join(folder, "application", "coppice"), "#!/bin/sh\n", { mode: 0o700 });
  writeFileSync(join(folder, "application", "AppRun"), "");
  const output = join(folder, `package.${type}`);
  const { status, stderr } = spawnSync(
    join(repository, "build", "package", "tools", "fpm"),
    [
      ...["-s", "dir", "--force", "-t", type, "--architecture", "amd64", "--version", "1.2.3"],
      ...[
        "--name",
        "coppice",
        "--maintainer",
        "A <a@b.example>",
        "--vendor",
        "A",
        "--url",
        "https://b.example",
      ],
      ...["--license", "Apache-2.0", "--description", "Short\n Long."],
      ...[
        "--after-install",
        join(linux, "after-install.sh"),
        "--after-remove",
        join(linux, "after-remove.sh"),
      ],
      ...["--exclude", "opt/Coppice/AppRun", "--package", output, ...args],
      `${join(folder, "application")}/=/opt/Coppice`,
    ],
    { encoding: "utf8" },
  );
  expect(status, stderr).toBe(0);
  return output;
}

const told = (command: string, ...args: string[]) => spawnSync(command, args, { encoding: "utf8" }).stdout;

test.runIf(has("dpkg-deb"))("a deb has its fields, its files for everybody to read, and no AppRun", () => {
  const deb = packed("deb", "-d", "libnss3", "-d", "libc6 (>= 2.28)", "--category", "science");
  const control = told("dpkg-deb", "--field", deb);
  expect(control).toContain("Package: coppice\nVersion: 1.2.3\nArchitecture: amd64\n");
  expect(control).toContain("Depends: libnss3, libc6 (>= 2.28)\n");
  expect(control).toContain("Section: science\n");
  expect(control).toContain("Description: Short\n Long.\n");
  const contents = told("dpkg-deb", "--contents", deb);
  expect(contents).toMatch(/^-rwxr-xr-x root\/root .* \.\/opt\/Coppice\/coppice$/m);
  expect(contents).not.toContain("AppRun");
});

test.runIf(has("rpmbuild"))("an rpm has its fields, and its folder for its own", () => {
  const rpm = packed("rpm", "-d", "libgtk-3.so.0()(64bit)", "--directories", "/opt/Coppice");
  const format = "%{NAME} %{VERSION} %{ARCH} %{LICENSE} %{VENDOR}";
  expect(told("rpm", "-qp", "--queryformat", format, rpm)).toBe("coppice 1.2.3 x86_64 Apache-2.0 A");
  expect(told("rpm", "-qp", "--requires", rpm)).toContain("libgtk-3.so.0()(64bit)\n");
  expect(told("rpm", "-qlp", rpm)).toBe("/opt/Coppice\n/opt/Coppice/coppice\n");
});

test.each(["after-install.sh", "after-remove.sh"])("%s is a script that sh can read", (script) => {
  const text = readFileSync(join(linux, script), "utf8");
  expect(spawnSync("sh", ["-n"], { input: text }).status).toBe(0);
  expect(text).not.toMatch(/\/home|\$HOME|rm -r/);
});
