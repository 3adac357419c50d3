import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-folder.ts";
import { coppice, start } from "./command.ts";

const served = (home: string, ...more: string[]) => {
  const started = start(home, ["serve", "--model", "sample", "--port", "0", "--json", ...more]);
  return { ...started, serving: () => started.event(({ event }) => event === "serving") };
};

test("The server answers with the token that it shows, which stays the same, until Ctrl-C", async () => {
  const home = temporaryFolder();
  const tokens: unknown[] = [];
  for (let time = 0; time < 2; time++) {
    const { process, ended, serving } = served(home);
    const { url, token, models } = await serving();
    expect(models).toEqual(["sample"]);
    const ask = async (authorization: string) => fetch(`${url}/v1/models`, { headers: { authorization } });
    expect((await ask("")).status).toBe(401);
    expect((await ask(`Bearer ${token}`)).status).toBe(200);
    process.kill("SIGINT");
    expect(await ended).toMatchObject({ code: 0, errors: "" });
    tokens.push(token);
  }
  expect(tokens[0]).toBe(tokens[1]);
  expect(readFileSync(join(home, "server-token"), "utf8")).toBe(tokens[0]);
  expect(statSync(join(home, "server-token")).mode & 0o077).toBe(0);
});

test("Without a token, programs of this computer are answered, pages are not", async () => {
  const { process, ended, serving } = served(temporaryFolder(), "--no-token");
  const { url, token } = await serving();
  expect(token).toBe(null);
  expect((await fetch(`${url}/v1/models`)).status).toBe(200);
  expect((await fetch(`${url}/v1/models`, { headers: { origin: "http://evil.example" } })).status).toBe(403);
  process.kill("SIGTERM");
  expect(await ended).toMatchObject({ code: 0 });
});

test.each([
  [
    ["--no-token", "--listen", "127.0.0.2"],
    "Other computers need the token; leave out --no-token or --listen.",
  ],
  [["--listen", "localhost"], /Enter one address of this computer/],
  [["--port", "70000"], /from 0 to 65535/],
])("%s is wrong usage", async (options, why) => {
  const { code, errors } = await coppice(temporaryFolder(), ["serve", ...options]);
  expect(code).toBe(2);
  expect(errors).toMatch(why);
});

test.each(["0.0.0.0", "::"])("It does not listen at %s", async (address) => {
  const { code, errors } = await coppice(temporaryFolder(), ["serve", "--listen", address, "--port", "0"]);
  expect({ code, errors }).toEqual({
    code: 1,
    errors: `${address} is not an address of this computer. Choose one that it has.\n`,
  });
});
