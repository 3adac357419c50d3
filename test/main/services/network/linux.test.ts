import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { leaves } from "../../../../main/services/network/address.ts";
import { linuxAddress, linuxFamily, linuxSockets } from "../../../../main/services/network/linux.ts";
import { temporaryFolder } from "../../temporary-folder.ts";

const heading =
  "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode";

/** A line of /proc/<pid>/net/tcp, laid out as the kernel does. */
function line(local: string, remote: string, inode: number): string {
  return `   0: ${local} ${remote} 01 00000000:00000000 00:00000000 00000000  1000        0 ${inode} 1 0000000000000000 20 4 30 10 -1`;
}

interface Layout {
  parent?: number;
  name?: string;
  sockets?: readonly number[];
  tcp?: readonly string[];
}

/** A process file system with these processes, in a temporary folder. */
function procOf(processes: Record<number, Layout>): string {
  const proc = temporaryFolder();
  for (const [id, { parent = 1, name = "node", sockets = [], tcp = [] }] of Object.entries(processes)) {
    const folder = join(proc, id);
    mkdirSync(join(folder, "fd"), { recursive: true });
    mkdirSync(join(folder, "net"));
    writeFileSync(join(folder, "status"), `Name:\t${name}\nPid:\t${id}\nPPid:\t${parent}\n`);
    writeFileSync(join(folder, "net/tcp"), [heading, ...tcp, ""].join("\n"));
    sockets.forEach((inode, descriptor) =>
      symlinkSync(`socket:[${inode}]`, join(folder, "fd", String(descriptor))),
    );
  }
  return proc;
}

const own = (processId: number) => ({ processId, name: "coppice" });

describe("the sockets of a process", () => {
  test("are those of its descriptors, not those of other processes", () => {
    const tcp = [line("0100007F:1F90", "00000000:0000", 7), line("0F02000A:A2B4", "22D8B85D:01BB", 8)];
    const proc = procOf({ 10: { sockets: [8], tcp }, 11: { sockets: [7], tcp } });
    expect(linuxSockets([own(10)], proc)).toEqual({
      sockets: [
        {
          processId: 10,
          protocol: "tcp",
          local: "10.0.2.15:41652",
          remote: "93.184.216.34:443",
          leavesComputer: true,
        },
      ],
      unreported: [],
    });
  });

  test("are empty for a process that has ended", () => {
    expect(linuxSockets([own(10)], procOf({}))).toEqual({ sockets: [], unreported: [] });
  });

  // For root every descriptor is visible.
  test.skipIf(process.getuid?.() === 0)("are not told where its descriptors are hidden", () => {
    const proc = procOf({
      10: { sockets: [7], tcp: [line("0100007F:1F90", "00000000:0000", 7)] },
      11: {},
    });
    for (const id of [10, 11]) chmodSync(join(proc, String(id), "fd"), 0);
    onTestFinished(() => [10, 11].forEach((id) => chmodSync(join(proc, String(id), "fd"), 0o700)));
    // The second has its own, empty network.
    expect(linuxSockets([own(10), own(11)], proc)).toEqual({ sockets: [], unreported: [10] });
  });

  test.runIf(process.platform === "linux")("of this one are seen while they are open", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const accepted = new Promise<Socket>((resolve) => server.once("connection", resolve));
    const client = connect(port, "127.0.0.1");
    onTestFinished(() => void client.destroy());
    (await accepted).unref();

    const seen = () =>
      linuxSockets([own(process.pid)]).sockets.filter(({ local }) => local === `127.0.0.1:${port}`);
    expect(seen().map(({ protocol, leavesComputer }) => ({ protocol, leavesComputer }))).toEqual([
      { protocol: "tcp", leavesComputer: false },
      { protocol: "tcp", leavesComputer: false },
    ]);
  });
});

test("a process's family is all its descendants, with their names", () => {
  const proc = procOf({
    1: { parent: 0, name: "init" },
    12: { parent: 11, name: "grandchild" },
    10: {},
    11: { parent: 10, name: "zygote" },
    20: { name: "stranger" },
  });
  expect(linuxFamily([own(10)], proc)).toEqual([
    own(10),
    { processId: 11, name: "zygote" },
    { processId: 12, name: "grandchild" },
  ]);
});

test.each([
  ["0100007F:1F90", "127.0.0.1:8080"],
  ["22D8B85D:01BB", "93.184.216.34:443"],
  ["00000000000000000000000001000000:0050", "[0:0:0:0:0:0:0:1]:80"],
  ["B80D0120000000000000000001000000:01BB", "[2001:db8:0:0:0:0:0:1]:443"],
])("the kernel's address %s is %s", (text, address) => {
  expect(linuxAddress(text)).toBe(address);
});

test.each([
  ["0.0.0.0:0", false],
  ["127.0.0.1:8080", false],
  ["127.8.9.1:53", false],
  ["[0:0:0:0:0:0:0:0]:0", false],
  ["[0:0:0:0:0:0:0:1]:80", false],
  ["[0:0:0:0:0:ffff:7f00:1]:80", false],
  ["[::]:0", false],
  ["[::1]:80", false],
  ["*:*", false],
  ["93.184.216.34:443", true],
  ["192.168.1.7:22", true],
  ["[2001:db8:0:0:0:0:0:1]:443", true],
  ["[fe80::1%12]:546", true],
  ["[0:0:0:0:0:ffff:5db8:d822]:443", true],
])("whether %s is another computer: %s", (remote, other) => {
  expect(leaves(remote)).toBe(other);
});
