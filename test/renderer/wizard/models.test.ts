import { expect, test, vi } from "vitest";
import { AppError } from "../../../native-models/failure.ts";
import type { FoundModel } from "../../../preload/contract/calls/models.ts";
import { bridge } from "../bridge.ts";

const found = (path: string, source: FoundModel["source"] = "ollama"): FoundModel => ({
  path,
  name: path.slice(1),
  source,
  sizeBytes: 1,
});

interface Computer {
  find?: () => FoundModel[] | Promise<FoundModel[]>;
  /** Returns the model's name; its path by default. */
  inspect?: (path: string) => string | void | Promise<string | void>;
}

/** The list of models on a computer with 8 GB, and the paths that main was asked to inspect. */
async function opened({ find = () => [found("/a"), found("/b")], inspect = () => {} }: Computer) {
  vi.resetModules();
  const inspected: string[] = [];
  bridge({
    application: { state: () => ({ memoryBytes: 8e9 }) as never },
    models: {
      find,
      inspect: async ({ path }) => {
        inspected.push(path);
        return { name: (await inspect(path)) ?? path, report: {}, fit: {} } as never;
      },
    },
  });
  const module = await import("../../../renderer/wizard/model/models.svelte.ts");
  return { ...module, inspected };
}

test("each model found is inspected; one that cannot be read says why, and the next one is inspected all the same", async () => {
  const failure = { code: "corrupt-file", path: "/a", section: "header", reason: "cut short" } as const;
  const { models } = await opened({
    inspect: (path) => {
      if (path === "/a") throw new AppError(failure);
    },
  });
  await models.look();
  expect(models.found).toHaveLength(2);
  expect(models.memoryBytes).toBe(8e9);
  expect(models.inspected).toMatchObject({ "/a": { failure }, "/b": { model: { name: "/b" } } });
  expect(models.failure).toBeUndefined();
});

test("only the first 30 of a long list are inspected until a person chooses another", async () => {
  const all = Array.from({ length: 32 }, (_, index) => found(`/${index}`));
  const { models, inspected } = await opened({ find: () => all });
  await models.look();
  expect(models.found).toHaveLength(32);
  expect(inspected).toEqual(all.slice(0, 30).map(({ path }) => path));
  await models.inspect("/31");
  expect(models.inspected).toHaveProperty("/31");
});

test("a model is inspected once however often it is asked for, and again only on request", async () => {
  let broken = true;
  const { models, inspected } = await opened({
    inspect: () => {
      if (broken) throw new AppError({ code: "not-found", path: "/a", what: "model" });
    },
  });
  await Promise.all([models.inspect("/a"), models.inspect("/a")]);
  expect(inspected).toEqual(["/a"]);
  expect(models.inspected["/a"]).toHaveProperty("failure");
  broken = false;
  const again = models.again("/a");
  expect(models.inspected).not.toHaveProperty("/a");
  await again;
  expect(models.inspected["/a"]).toHaveProperty("model");
});

test("an inspection that ends after it was asked for again does not replace the newer one", async () => {
  const ends: ((name: string) => void)[] = [];
  const { models } = await opened({ inspect: () => new Promise<string>((end) => ends.push(end)) });
  const first = models.inspect("/a");
  const second = models.again("/a");
  ends[1]!("after the change");
  await second;
  ends[0]!("before the change");
  await first;
  expect(models.inspected["/a"]).toMatchObject({ model: { name: "after the change" } });
});

test("a newer search replaces an older one that ends later", async () => {
  const searches: ((models: FoundModel[]) => void)[] = [];
  const { models, inspected } = await opened({ find: () => new Promise((end) => searches.push(end)) });
  const both = [models.look(), models.look()];
  await vi.waitFor(() => expect(searches).toHaveLength(2));
  searches[1]!([found("/new")]);
  await both[1];
  searches[0]!([found("/old")]);
  await both[0];
  expect(models.found).toMatchObject([{ path: "/new" }]);
  expect(inspected).toEqual(["/new"]);
});

test("a list that is shown again has the models made since, lacks those removed, and inspects only new ones", async () => {
  const answers = [
    [found("/a"), found("/b")],
    [found("/a"), found("/made", "run")],
  ];
  const { models, inspected } = await opened({ find: () => answers.shift()! });
  await models.look();
  const refreshed = models.refresh();
  expect(models.found).toHaveLength(2);
  await refreshed;
  expect(models.found).toMatchObject([{ path: "/a" }, { path: "/made" }]);
  expect(Object.keys(models.inspected)).toEqual(["/a", "/made"]);
  expect(inspected).toEqual(["/a", "/b", "/made"]);
});

test("a search that fails ends with no models and the reason", async () => {
  const failure = { code: "not-found", path: "/models", what: "model" } as const;
  const { models } = await opened({ find: () => Promise.reject(new AppError(failure as never)) });
  await models.look();
  expect(models.found).toEqual([]);
  expect(models.failure).toEqual(failure);
});

test("the sample is titled in the person's language, other models by their name", async () => {
  const { models, titleOf } = await opened({ find: () => [found("/sample", "sample"), found("/b")] });
  await models.look();
  const { t } = await import("../../../renderer/messages/index.svelte.ts");
  const { language } = await import("../../../renderer/messages/language.svelte.ts");
  expect(titleOf({ path: "/sample", name: "stories" })).toBe(t.model.sample);
  language.now = "de";
  expect(titleOf({ path: "/sample", name: "stories" })).toBe(t.model.sample);
  expect(titleOf({ path: "/sample", name: "stories" })).not.toBe("stories");
  expect(titleOf({ path: "/b", name: "b" })).toBe("b");
});

test("a model that is too large for the free memory fits once other programs are closed, or not at all", async () => {
  const { fitOf } = await opened({});
  const fit = (trains: boolean, trainingMemoryBytes: number) =>
    fitOf({ name: "m", report: {}, fit: { trains, trainingMemoryBytes } } as never, 8e9);
  expect(fit(true, 9e9)).toBe("fits");
  expect(fit(false, 8e9)).toBe("tight");
  expect(fit(false, 9e9)).toBe("too-large");
});
