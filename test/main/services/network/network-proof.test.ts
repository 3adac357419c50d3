import { expect, test } from "vitest";
import { proveOffline } from "../../../../main/services/network/network-proof.ts";

test("if the system cannot be asked, no process and no socket is reported", async () => {
  const processes = [{ processId: process.pid, name: "main" }];
  expect(await proveOffline(processes, 3, "aix")).toMatchObject({
    processes: [{ processId: process.pid, name: "main", reported: false }],
    sockets: [],
    refusedRequests: 3,
  });
});

test.runIf(process.platform === "linux")("this process is reported on Linux", async () => {
  const { processes } = await proveOffline([{ processId: process.pid, name: "main" }], 0);
  expect(processes[0]).toEqual({ processId: process.pid, name: "main", reported: true });
});
