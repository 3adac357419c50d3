/** What the window may name: each path that main handed out, and no other. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { PermittedPaths } from "../../main/permitted-paths.ts";
import { sample } from "../../main/services/models/sample.ts";
import { failureFrom } from "./failure-from.ts";
import { servicesForTest } from "./services/services.ts";

const refused = { code: "bad-choice" };

test("a chosen path may be read, with its contents, and nothing beside it", () => {
  const paths = new PermittedPaths(servicesForTest());
  paths.permit(["/data/mine", "/models/small.gguf"]);
  for (const path of ["/data/mine", "/data/mine/a.csv", "/data/mine/../mine/b/c.csv", "/models/small.gguf"])
    expect(() => paths.checkReading(path)).not.toThrow();
  for (const path of [
    ...["/data", "/", "/data/mine2", "/data/mine/../other.csv", "/models/small.gguf.bak", "/etc/passwd"],
    ...[
      "",
      ".",
      "..",
      "mine",
      "~/secret",
      "/data/mine\0/../../etc/passwd",
      "\\\\server\\share\\x",
      "C:\\Windows",
    ],
  ])
    expect(
      failureFrom(() => paths.checkReading(path)),
      path,
    ).toMatchObject({ ...refused, why: { path } });
});

test("a folder chosen for reading may not be written to", () => {
  const paths = new PermittedPaths(servicesForTest());
  paths.permit(["/data/mine"]);
  paths.permitWriting("/exports");
  expect(() => paths.checkWriting("/exports")).not.toThrow();
  expect(() => paths.checkReading("/exports/run 12/config.json")).not.toThrow();
  for (const folder of ["/data/mine", "/", "/exports/..", "exports", "/exports2"])
    expect(failureFrom(() => paths.checkWriting(folder))).toMatchObject(refused);
});

test("Coppice's own files, its sample and remembered models may be named", () => {
  const services = servicesForTest();
  const paths = new PermittedPaths(services);
  const known = "/models/elsewhere/known.gguf";
  expect(failureFrom(() => paths.checkModel(known))).toMatchObject(refused);
  services.models.remember({
    path: known,
    name: "known",
    format: "gguf",
    architecture: "llama",
    summary: {},
    sizeBytes: 1,
    sha256: null,
  });
  services.conversations.create({ title: "", model: "/models/talked.gguf", sampling: {} });
  services.conversations.create({ title: "", model: "sample", besideModel: "deleted-run", sampling: {} });
  for (const reference of [
    ...[known, "/models/talked.gguf", "deleted-run", "sample"],
    ...[sample.model, sample.data],
  ])
    expect(() => paths.checkModel(reference)).not.toThrow();
  expect(() => paths.checkReading(join(services.home.datasets, "abc"))).not.toThrow();
  expect(failureFrom(() => paths.checkModel("no-such-run"))).toMatchObject(refused);
});

test("every path in a person's sources is checked", () => {
  const paths = new PermittedPaths(servicesForTest());
  paths.permit(["/data"]);
  for (const part of ["valid", "test", "offDomain"] as const)
    expect(
      failureFrom(() => paths.checkSources({ data: ["/data/a"], [part]: ["/etc/passwd"] })),
    ).toMatchObject(refused);
  expect(failureFrom(() => paths.checkSources({ data: ["/data/a", "/etc/passwd"] }))).toMatchObject(refused);
  expect(() => paths.checkSources({ data: ["/data/a"], test: ["/data/b"] })).not.toThrow();
});
