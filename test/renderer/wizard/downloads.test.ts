/** The state of downloads that the wizard's first step shows. */
import { expect, test, vi } from "vitest";
import { AppError, fail } from "../../../native-models/failure.ts";
import type { DownloadsState } from "../../../preload/contract/calls/downloads.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { bridge } from "../bridge.ts";

const known: DownloadsState = {
  host: "hub.example",
  requests: 0,
  unfinished: [],
  damaged: [],
  token: "none",
};
const found: FoundModel = { path: "/m/a/b", name: "a/b", source: "downloaded", sizeBytes: 10 };
const wanted = { repository: "a/b", choice: "safetensors", agreedBytes: 10 };

interface Main {
  state?: DownloadsState | null;
  get?: (
    onPiece: (piece: { doneBytes: number; totalBytes: number }) => void,
    cancelled: Promise<never>,
  ) => Promise<{ found: FoundModel | null; sizeBytes: number }>;
}

async function opened({ state = known, get = async () => ({ found, sizeBytes: 10 }) }: Main = {}) {
  vi.resetModules();
  const asked: string[] = [];
  bridge({
    downloads: {
      state: () => state,
      suggested: () => (asked.push("suggested"), []),
      look: ({ repository }) => {
        asked.push(repository);
        throw new AppError({
          code: "hub-unreachable",
          host: "hub.example",
          reason: { code: "status", status: 500 },
        });
      },
      get: (_, onPiece, cancelled) => get(onPiece, cancelled),
    },
  });
  return { ...(await import("../../../renderer/wizard/model/downloads.svelte.ts")), asked };
}

test("a package without downloads is not asked for its list", async () => {
  const { downloads, asked } = await opened({ state: null });
  await downloads.load();
  expect(downloads.state).toBeNull();
  expect(asked).toEqual([]);
});

test("a download shows its bytes while it runs, and the model when it is there", async () => {
  const shown: unknown[] = [];
  const { downloads } = await opened({
    get: async (onPiece) => {
      onPiece({ doneBytes: 5, totalBytes: 12 });
      shown.push(downloads.active, connection.host);
      return { found, sizeBytes: 12 };
    },
  });
  const { connection } = await import("../../../renderer/connection.svelte.ts");
  await downloads.load();
  expect(await downloads.get(wanted)).toEqual(found);
  expect(shown).toEqual([{ ...wanted, doneBytes: 5, totalBytes: 12 }, known.host]);
  expect(connection.host).toBeUndefined();
  expect(downloads.active).toBeUndefined();
  expect(downloads.finished).toEqual(found);
});

test("a model larger than agreed to is asked about again, with its size", async () => {
  const { downloads } = await opened({ get: async () => ({ found: null, sizeBytes: 99 }) });
  expect(await downloads.get(wanted)).toBeNull();
  expect(downloads.larger).toEqual({ ...wanted, agreedBytes: 99 });
  expect(downloads.finished).toBeUndefined();
});

test("a failure is kept with what to try again; the next action forgets it", async () => {
  const { downloads, asked } = await opened();
  await downloads.look("a/b");
  expect(asked).toEqual(["a/b"]);
  expect(downloads.failure).toMatchObject({ code: "hub-unreachable" });
  expect([downloads.failed, downloads.looking]).toEqual(["a/b", false]);
  await downloads.get(wanted);
  expect([downloads.failure, downloads.failed]).toEqual([undefined, undefined]);
});

test("a cancelled download is no failure", async () => {
  const { downloads } = await opened({
    get: (_, cancelled) => cancelled.catch(() => fail({ code: "cancelled" })),
  });
  const got = downloads.get(wanted);
  downloads.cancel();
  expect(await got).toBeNull();
  expect([downloads.failure, downloads.active]).toEqual([undefined, undefined]);
});

test("a model that is being downloaded, or whose repair was interrupted, is not offered a second time", async () => {
  const entry = (id: string) => ({ id, path: id, repository: id, choice: "safetensors" });
  const unfinished = ["a", "b"].map((id) => ({ ...entry(id), doneBytes: 1, sizeBytes: 2 }));
  const damaged = ["b", "c", "d"].map((id) => ({ ...entry(id), revision: "main", sizeBytes: 2 }));
  const { downloads } = await opened({ state: { ...known, unfinished, damaged } });
  await downloads.load();
  const listed = () =>
    [downloads.unfinished, downloads.damaged].map((some) => some.map(({ repository }) => repository));
  expect(listed()).toEqual([
    ["a", "b"],
    ["c", "d"],
  ]);
  downloads.active = { ...wanted, repository: "a", doneBytes: 0, totalBytes: 1 };
  expect(listed()).toEqual([["b"], ["c", "d"]]);
  downloads.active = { ...wanted, repository: "c", doneBytes: 0, totalBytes: 1 };
  expect(listed()).toEqual([["a", "b"], ["d"]]);
});
