/** Moving and backing up as the window asks for it, in an application that goes on working meanwhile. */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test, vi } from "vitest";
import { Application } from "../../../main/application.ts";
import type { Desktop } from "../../../main/application.ts";
import { handlersOf } from "../../../main/handlers/index.ts";
import { dataPlace, homeFolder } from "../../../main/home/home.ts";
import { removeOldHome } from "../../../main/services/home/old-home.ts";
import { openServices } from "../../../main/services/open.ts";
import { failureOf } from "../../../native-models/failure.ts";
import type { CopyProgress } from "../../../preload/contract/calls/library.ts";
import { planWithSeed } from "../services/plan.ts";
import { clauses } from "../services/runs/clauses.ts";
import { finishedRun } from "../services/runs/finished-run.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** An application in its standard place, and what the window may ask of it. */
function open() {
  const data = temporaryFolder();
  for (const name of ["XDG_DATA_HOME", "LOCALAPPDATA"]) vi.stubEnv(name, data);
  vi.stubEnv("COPPICE_HOME", "");
  const into = temporaryFolder();
  const desktop = {
    state: () => ({ version: "0.1.0", electronVersion: "41.0.0", languages: ["en"], onBattery: false }),
    choose: () => Promise.resolve([into]),
    keepAwake: () => {},
    notify: () => {},
    send: () => {},
    restart: vi.fn(),
    updates: { place: null, replacesItself: false, load: () => Promise.reject(new Error("no updates")) },
  } as unknown as Desktop;
  const launched: string[] = [];
  const launch = (entry: string) => {
    launched.push(entry);
    throw new Error("no engine is needed");
  };
  const application = new Application(dataPlace(), desktop, { launch } as never);
  onTestFinished(async () => {
    await application.close();
    vi.unstubAllEnvs();
  });
  return { application, window: handlersOf(application), into, restart: desktop.restart, launched };
}

const conversation = (title: string) => ({
  title,
  model: "sample",
  beside: null,
  systemPrompt: "",
  sampling: {},
});

const uncancelled = new AbortController().signal;

/** Calls `work` once the copy is being read back. */
function whenChecking(work: () => void): (progress: CopyProgress) => void {
  let isDone = false;
  return ({ stage }) => {
    if (stage === "copying" || isDone) return;
    isDone = true;
    work();
  };
}

function queued({ services, queue }: Application): string {
  const { id } = services.runs.create(planWithSeed(7), { name: "Later" });
  queue.add(id, { onBattery: true });
  return id;
}

test("whatever is written while the home moves is in the new one, and nothing of it is lost with the old", async () => {
  const { application, window, into, restart, launched } = open();
  await finishedRun(application.services, clauses);
  const [folder] = await window.application.choose({ what: "folder" });
  const old = application.services.home;
  const progress = whenChecking(() => {
    void window.conversations.create(conversation("Pipes"));
    queued(application);
    mkdirSync(join(old.runs, "late"));
    writeFileSync(join(old.runs, "late", "journal.json"), "{}");
  });
  const copied = await window.library.move({ folder: folder! }, progress, uncancelled);
  expect(copied.folder).toBe(join(into, "Coppice"));
  expect(restart).toHaveBeenCalledOnce();
  expect(launched).toEqual([]); // the run waits for the restart
  await application.close();

  const home = homeFolder();
  expect(home).toBe(copied.folder);
  const services = openServices(home);
  onTestFinished(() => services.close());
  expect(services.conversations.list()).toMatchObject([{ title: "Pipes" }]);
  expect(services.runs.queued()).toHaveLength(1);
  expect(existsSync(join(services.home.runs, "late", "journal.json"))).toBe(true);
  expect(await removeOldHome(dataPlace(), home)).toMatchObject({ kept: 0, failed: 0 });
  expect(readdirSync(dataPlace())).toEqual(["moved.json"]);
});

test("a call that comes after the last look waits for the restart, so that it writes nothing to the old home", async () => {
  const { application, window, restart } = open();
  const [folder] = await window.application.choose({ what: "folder" });
  const answered = vi.fn();
  vi.mocked(restart).mockImplementation(() => {
    void Promise.resolve(window.conversations.create(conversation("Late"))).then(answered, answered);
  });
  await window.library.move({ folder: folder! }, () => {}, uncancelled);
  await application.close();
  expect(answered).not.toHaveBeenCalled();
  const { folder: home } = application.services.home;
  expect(await removeOldHome(home, homeFolder())).toMatchObject({ kept: 0 });
});

test("a move that fails at its end leaves the application as it was", async () => {
  const { application, window, into, restart } = open();
  const [folder] = await window.application.choose({ what: "folder" });
  mkdirSync(join(dataPlace(), "moved.json")); // cannot be replaced by a file
  const moving = window.library.move({ folder: folder! }, () => {}, uncancelled);
  expect(await moving.catch(failureOf)).toMatchObject({ code: "unwritable" });
  expect(restart).not.toHaveBeenCalled();
  expect(readdirSync(into)).toEqual([]);
  expect(await window.conversations.create(conversation("After"))).toMatchObject({ title: "After" });
  const { queue, services } = application;
  const id = queued(application);
  expect(queue.waiting).toEqual([]);
  expect(services.runs.get(id).state).not.toBe("queued");
});

test("one copy is made at a time, and a run that is started waits for its end", async () => {
  const { application, window, into, launched } = open();
  await finishedRun(application.services, clauses);
  const [folder] = await window.application.choose({ what: "folder" });
  let second: Promise<unknown> | undefined;
  let started: string | undefined;
  const progress = whenChecking(() => {
    second = window.library.backUp({ folder: folder! }, () => {}, uncancelled).catch(failureOf);
    started = queued(application);
    expect(application.queue.running).toBe(null);
  });
  await window.library.backUp({ folder: folder! }, progress, uncancelled);
  expect(await second).toMatchObject({ code: "bad-choice", why: "second-copy" });
  expect(readdirSync(into)).toHaveLength(1);
  expect(application.services.runs.get(started!).state).not.toBe("queued");
  expect(launched).toHaveLength(1);
});
