import { expect, test } from "vitest";
import { connection } from "../../renderer/connection.svelte.ts";

test("a host is named until the last request to it has ended, whichever began first", async () => {
  let breakOff = () => {};
  const download = new Promise<void>((_, reject) => (breakOff = () => reject(new Error("it broke off"))));
  const downloading = connection.to("hub.example", () => download);
  await connection.to("hub.example", async () => {});
  expect(connection.host).toBe("hub.example");
  breakOff();
  await expect(downloading).rejects.toThrow();
  expect(connection.host).toBeUndefined();
});
