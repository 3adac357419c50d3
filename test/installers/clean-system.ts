/** A clean, minimal Debian in a folder: created once by debootstrap, kept in .cache, and unpacked for each use. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Missing } from "../../build/electron/missing.ts";
import { debDepends } from "../../build/package/linux/libraries.ts";
import { root as repository } from "../../build/root.ts";

const SUITE = "bookworm";
/** Where tarballs of systems are kept. */
export const systemsFolder = join(repository, ".cache", "installers");
/** With the packages that the deb depends on at hand. */
const contents = createHash("sha256").update(debDepends.join()).digest("hex").slice(0, 12);
const tarball = join(systemsFolder, `${SUITE}-${contents}.tar`);
const enter = join(import.meta.dirname, "enter.sh");

/** The ordinary user in it. */
const PERSON = { name: "person", id: 1000 };

export interface CleanSystem {
  /** Its root. */
  readonly folder: string;
  /** The home of its ordinary user, from here. */
  readonly home: string;
  /** Runs a command as root to its end, with the computer's network; answers its output. Throws an Error with it. */
  run(...command: string[]): string;
  /** The same, as the ordinary user and without a network. */
  runAsPerson(...command: string[]): string;
  /**
   * Starts a command as the ordinary user, on this process's display and network. In a `chroot` the kernel gives no user
   * namespaces, as on a computer that denies them.
   */
  start(command: readonly string[], options?: { readonly chroot?: boolean }): ChildProcess;
  remove(): void;
}

/** Creates the tarball unless it exists: takes a minute or two, and Debian's mirror. Throws `Missing`. */
export function prepareCleanSystem(): void {
  prepareSystem(tarball, (system) => {
    system.run("useradd", "--create-home", "--uid", String(PERSON.id), PERSON.name);
    // Downloaded, not installed: so that a test waits for no mirror.
    system.run("apt-get", "update", "-qq");
    const options = ["-y", "-qq", "--no-install-recommends", "--download-only"];
    system.run("apt-get", "satisfy", ...options, debDepends.join(", "));
  });
}

/** Creates `tarball`, of a Debian that `fill` has added to, unless it exists. Throws `Missing`. */
export function prepareSystem(tarball: string, fill: (system: CleanSystem) => void): void {
  if (existsSync(tarball)) return;
  mkdirSync(systemsFolder, { recursive: true });
  const work = mkdtempSync(join(systemsFolder, "making-"));
  try {
    console.error(`Coppice: making a clean Debian ${SUITE} (once) …`);
    const folder = join(work, "root");
    execute(["debootstrap", "--variant=minbase", SUITE, folder, mirror()]);
    fill(systemIn(folder));
    execute(["tar", "-C", folder, "--one-file-system", "-cf", `${tarball}.part`, "."]);
    renameSync(`${tarball}.part`, tarball);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** A new one, of `from`. */
export function cleanSystem(from = tarball): CleanSystem {
  const folder = mkdtempSync(join(tmpdir(), "coppice-debian-"));
  execute(["tar", "-C", folder, "-xf", from]);
  return systemIn(folder);
}

function systemIn(folder: string): CleanSystem {
  const namespaces = ["unshare", "--mount", "--pid", "--fork", "--kill-child"];
  const inside = [...namespaces, enter, folder];
  const home = `/home/${PERSON.name}`;
  const environment = [
    "HOME=/root",
    "PATH=/usr/sbin:/usr/bin:/sbin:/bin",
    "LANG=C.UTF-8",
    "DEBIAN_FRONTEND=noninteractive",
  ];
  const asPerson = (command: readonly string[], variables: readonly string[] = []) => [
    ...["setpriv", `--reuid=${PERSON.id}`, `--regid=${PERSON.id}`, "--clear-groups"],
    ...["env", "-i", ...environment, `HOME=${home}`, `XDG_RUNTIME_DIR=${home}/runtime`, ...variables],
    ...command,
  ];
  return {
    folder,
    home: join(folder, home),
    run(...command) {
      for (const name of ["resolv.conf", "hosts"]) cpSync(`/etc/${name}`, join(folder, "etc", name));
      const network = process.env["COPPICE_TEST_NETWORK"];
      const networked = network === undefined ? [] : ["nsenter", `--net=${network}`];
      return execute([...networked, ...inside, "env", "-i", ...environment, ...command]);
    },
    runAsPerson: (...command) => execute([...inside, ...asPerson(command)]),
    start(command, { chroot = false } = {}) {
      mkdirSync(join(folder, home, "runtime"), { recursive: true, mode: 0o700 });
      const authority = join(folder, home, ".Xauthority");
      const authorityHere = process.env["XAUTHORITY"];
      if (authorityHere) cpSync(authorityHere, authority);
      else writeFileSync(authority, "");
      execute(["chown", "-R", `${PERSON.id}:${PERSON.id}`, join(folder, home)]);
      const words = asPerson(command, [
        `DISPLAY=${process.env["DISPLAY"]}`,
        `XAUTHORITY=${home}/.Xauthority`,
      ]);
      const [program, ...args] = chroot
        ? [...namespaces, enter, "--chroot", folder, ...words]
        : [...inside, ...words];
      return spawn(program!, args, { stdio: ["ignore", "pipe", "pipe"] });
    },
    remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }),
  };
}

/** Where this computer has Debian's packages from. */
function mirror(): string {
  const format = ["--format", "$(CODENAME) $(REPO_URI)", "Created-By: Packages"];
  const lines = execute(["apt-get", "indextargets", ...format]).split("\n");
  const address = lines.map((line) => line.split(" ")).find(([codename]) => codename === SUITE)?.[1];
  if (address === undefined)
    throw new Missing(
      `The installers are tried in Debian ${SUITE}, and apt knows no mirror with it: run this on it.`,
    );
  return address;
}

/** Runs a command to its end, and answers its output. Throws an Error with it. */
export function execute(command: readonly string[]): string {
  const options = { encoding: "utf8", maxBuffer: 2 ** 28 } as const;
  const { error, status, stdout, stderr } = spawnSync(command[0]!, command.slice(1), options);
  if (error) throw error;
  if (status !== 0) throw new Error(`${command.join(" ")} ended with ${status}\n${stdout}${stderr}`);
  return stdout;
}
