import { expect, test } from "vitest";
import { netstatIn, netstatSockets } from "../../../../main/services/network/windows.ts";

// The layout of `netstat -ano` on Windows 11.
const netstat = `
Active Connections

  Proto  Local Address          Foreign Address        State           PID
  TCP    0.0.0.0:135            0.0.0.0:0              LISTENING       1100
  TCP    127.0.0.1:49700        127.0.0.1:49701        ESTABLISHED     4321
  TCP    192.168.1.7:50222      93.184.216.34:443      ESTABLISHED     4321
  TCP    [::1]:49800            [::]:0                 LISTENING       4322
  UDP    0.0.0.0:5353           *:*                                    4321
`.replaceAll("\n", "\r\n");

test("the lines of netstat that belong to the application are its sockets", () => {
  const processes = [
    { processId: 4321, name: "main" },
    { processId: 4322, name: "engine" },
  ];
  expect(
    netstatSockets(netstat, processes).map(({ processId, protocol, remote, leavesComputer }) => [
      processId,
      protocol,
      remote,
      leavesComputer,
    ]),
  ).toEqual([
    [4321, "tcp", "127.0.0.1:49701", false],
    [4321, "tcp", "93.184.216.34:443", true],
    [4322, "tcp", "[::]:0", false],
    [4321, "udp", "*:*", false],
  ]);
});

test("nothing of another program is listed", () => {
  expect(netstatSockets(netstat, [{ processId: 999, name: "main" }])).toEqual([]);
});

test.each([
  ["D:\\Windows", "D:\\Windows\\System32\\netstat.exe"],
  [undefined, "C:\\Windows\\System32\\netstat.exe"],
])(
  "netstat is started by its path in the system's root %s, not by a name that a file beside a model may have",
  (root, path) => {
    expect(netstatIn(root)).toBe(path);
  },
);
