/** Downloads behind the window: what it is shown, one at a time, and the person's token. */
import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { homeIn } from "../../../../main/home/home.ts";
import { Downloads } from "../../../../main/services/hub/downloads.ts";
import { hubOf } from "../../../../main/services/hub/hub.ts";
import { suggestedModels } from "../../../../main/services/hub/suggested.ts";
import { Token } from "../../../../main/services/hub/token.ts";
import type { Secrets } from "../../../../main/services/hub/token.ts";
import { foundModels } from "../../../../main/services/models/found-models.ts";
import { nodeRequests } from "../../../../main/services/network/node-requests.ts";
import { openServices } from "../../../../main/services/open.ts";
import { removeDownloaded } from "../../../../main/services/runs/removing-models.ts";
import { failureOf } from "../../../../native-models/failure.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { commit, hubServer, repositoryName } from "./hub-server.ts";
import type { HubServer } from "./hub-server.ts";

/** Stands for a keyring: reversible, and not plain. */
const keyring: Secrets = {
  isAvailable: () => true,
  encrypt: (text) => Buffer.from(text).map((byte) => byte ^ 0xff),
  decrypt: (bytes) => Buffer.from(bytes.map((byte) => byte ^ 0xff)).toString(),
};

let server: HubServer;
let home: ReturnType<typeof homeIn>;
let downloads: Downloads;
let token: Token;

beforeEach(async () => {
  server = await hubServer();
  home = homeIn(temporaryFolder());
  token = new Token(home.folder, keyring);
  downloads = new Downloads({
    home,
    token,
    hub: hubOf({ HF_ENDPOINT: server.address }),
    network: { ask: nodeRequests("Coppice/test", {}), count: () => server.asked.length },
    free: { memoryBytes: () => 4e9, diskBytes: () => null },
  });
});

const safetensors = { repository: repositoryName, choice: "safetensors", agreedBytes: 1e6 };
const { signal } = new AbortController();
const nobody = () => {};

test("Nothing is requested to show the list, which says what each model takes here and where it is", async () => {
  const list = await downloads.suggested();
  const [first] = list;
  expect(first).toMatchObject({ repository: suggestedModels[0]!.repository, path: null });
  expect(first!.fit.trains).toBe(true);
  expect(list.at(-1)!.fit.freeMemoryBytes).toBe(4e9);
  expect(downloads.state).toEqual({
    host: server.host,
    requests: 0,
    unfinished: [],
    damaged: [],
    token: "none",
  });
  expect(server.asked).toEqual([]);

  server.name = first!.repository;
  const { found } = await downloads.get({ ...safetensors, repository: first!.repository }, nobody, signal);
  expect((await downloads.suggested())[0]!.path).toBe(found!.path);
});

test("A model that is larger than the person agreed to is not downloaded, and its size is reported", async () => {
  const { found, sizeBytes } = await downloads.get({ ...safetensors, agreedBytes: 1000 }, nobody, signal);
  expect(found).toBeNull();
  expect(sizeBytes).toBeGreaterThan(300_000);
  expect(server.asked.some(({ path }) => path.includes("/resolve/"))).toBe(false);
});

test("One download at a time; nothing is removed meanwhile", async () => {
  server.instead.set("/model.safetensors", () => {});
  const stopping = new AbortController();
  const first = downloads.get(safetensors, nobody, stopping.signal).catch(failureOf);
  await expect.poll(() => downloads.state.unfinished.length).toBe(1);
  const { id } = downloads.state.unfinished[0]!;
  expect(await downloads.get(safetensors, nobody, signal).catch(failureOf)).toMatchObject({
    code: "bad-choice",
  });
  expect(await downloads.discard(id).catch(failureOf)).toMatchObject({ code: "bad-choice" });
  stopping.abort();
  expect(await first).toEqual({ code: "cancelled" });
  await downloads.discard(id);
  expect(downloads.state.unfinished).toEqual([]);
});

test("A damaged model is offered for repair at the revision that it has, and its removal", async () => {
  const { found } = await downloads.get(safetensors, nobody, signal);
  const { path } = found!;
  const services = openServices(home.folder);
  onTestFinished(() => services.close());
  const sourceOf = () => foundModels(services).find((model) => model.path === path)?.source;
  const damage = () => writeFileSync(join(path, "config.json"), "{}");
  damage();
  expect(sourceOf()).toBe("damaged-download");
  const { repository, choice } = safetensors;
  const [damaged] = downloads.state.damaged;
  expect(damaged).toMatchObject({ path, repository, choice, revision: commit });

  const repaired = await downloads.get({ ...damaged!, agreedBytes: 1e6 }, nobody, signal);
  expect(repaired.found).toEqual(found);
  expect(server.asked.some((one) => one.path.includes(`/revision/${commit}`))).toBe(true);
  expect([sourceOf(), downloads.state.damaged]).toEqual(["downloaded", []]);

  damage();
  await removeDownloaded(services, path);
  expect([existsSync(path), sourceOf()]).toEqual([false, undefined]);
});

test("Looking at a repository can be cancelled", async () => {
  const stopping = new AbortController();
  const looking = downloads.look(repositoryName, stopping.signal);
  stopping.abort();
  await expect(looking).rejects.toMatchObject({ failure: { code: "cancelled" } });
});

test("A damaged model without its only file can be removed", async () => {
  const { found } = await downloads.get({ ...safetensors, choice: "tiny-Q8_0.gguf" }, nobody, signal);
  const { path } = found!;
  const services = openServices(home.folder);
  onTestFinished(() => services.close());
  rmSync(path);
  expect(foundModels(services)).toContainEqual(
    expect.objectContaining({ path, source: "damaged-download", sizeBytes: 0 }),
  );
  await removeDownloaded(services, path);
  expect(existsSync(dirname(path))).toBe(false);
});

describe("The token", () => {
  const path = () => join(home.folder, "hub-token");

  test("is encrypted on the disk, for this account only, and read again after a restart", async () => {
    await downloads.setToken(" hf_secret \n");
    expect(downloads.state.token).toBe("kept");
    expect(readFileSync(path()).includes("hf_secret")).toBe(false);
    if (process.platform !== "win32") expect(statSync(path()).mode & 0o077).toBe(0);
    expect(new Token(home.folder, keyring).get()).toBe("hf_secret");
    await downloads.look(repositoryName, signal);
    expect(server.asked.at(-1)!.headers.authorization).toBe("Bearer hf_secret");
    await downloads.setToken(null);
    expect([downloads.state.token, existsSync(path())]).toEqual(["none", false]);
  });

  test("is not written where the system cannot encrypt", async () => {
    const weak = new Token(home.folder, { ...keyring, isAvailable: () => false });
    await weak.set("hf_secret");
    expect([weak.state, weak.get(), existsSync(path())]).toEqual(["session", "hf_secret", false]);
  });

  test("of another computer counts as none", async () => {
    await token.set("hf_secret");
    const foreign = new Token(home.folder, {
      ...keyring,
      decrypt: () => {
        throw new Error("not this keyring");
      },
    });
    expect(foreign.get()).toBeNull();
  });

  test.each(["secret", "hf_", "hf_a b", "hf_a\nb", `hf_${"x".repeat(300)}`])(
    "%j is refused",
    async (text) => {
      expect(await token.set(text).catch(failureOf)).toMatchObject({ code: "bad-choice" });
      expect(token.state).toBe("none");
    },
  );
});
