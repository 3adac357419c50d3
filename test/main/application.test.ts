import { readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { Application } from "../../main/application.ts";
import type { Desktop } from "../../main/application.ts";
import { launchChild } from "../../main/engines/process/launch.ts";
import { dataSetsHandlers } from "../../main/handlers/data-sets.ts";
import { handlersOf } from "../../main/handlers/index.ts";
import { settingsHandlers } from "../../main/handlers/settings.ts";
import { failureOf } from "../../native-models/failure.ts";
import { contract } from "../../preload/contract/contract.ts";
import { QuestionKind } from "../../preload/contract/questions/written-questions.ts";
import { planWithSeed } from "./services/plan.ts";
import { dataSetForTest } from "./services/questions/data-set.ts";
import { temporaryFolder } from "./temporary-folder.ts";

const WAIT = { interval: 20, timeout: 60_000 };

/** An application on a desktop that records what it is asked for. */
function applicationForTest() {
  const power = { onBattery: false };
  const asked = { awake: false, notices: [] as string[][] };
  const desktop = {
    state: () => ({ version: "0.0.0", electronVersion: "", languages: ["en"], ...power }),
    keepAwake: (awake: boolean) => (asked.awake = awake),
    notify: (...notice: string[]) => asked.notices.push(notice),
    send: () => {},
    updates: { place: null },
  } as unknown as Desktop;
  const application = new Application(temporaryFolder(), desktop, { launch: launchChild });
  onTestFinished(() => application.close());
  return { application, asked, power };
}

test("the computer is kept awake while questions are written, if that is wanted, and their end is announced", async () => {
  const { application, asked, power } = applicationForTest();
  const { questionWriter, services } = application;
  const writing = { dataSet: dataSetForTest(services), model: "sample", kinds: QuestionKind.options };
  const set = settingsHandlers(application).set;

  power.onBattery = true;
  const id = await questionWriter.start({ ...writing, minutes: null });
  await expect.poll(() => questionWriter.get(id).state, WAIT).toBe("waiting-for-power");
  expect([asked.awake, application.isWorking()]).toEqual([false, false]);
  power.onBattery = false;
  application.advance();
  await expect.poll(() => asked.awake, WAIT).toBe(true);
  expect(application.isWorking()).toBe(true);
  void set({ keepAwake: false });
  expect(asked.awake).toBe(false);
  void set({ keepAwake: true });
  expect(asked.awake).toBe(true);
  await questionWriter.stop(id);
  expect([asked.awake, asked.notices]).toEqual([false, []]);

  questionWriter.resume(id, { minutes: 1e-9 });
  const notice = ["hire", "The questions are written.", `#/questions/${id}`];
  await expect.poll(() => asked.notices, WAIT).toEqual([notice]);
  expect(asked.awake).toBe(false);
});

test("the computer is kept awake while a download or an export is in progress", () => {
  const { application, asked } = applicationForTest();
  const [download, chat] = [contract.downloads.get, contract.conversations.ask].map((entry) =>
    application.works.begin(entry),
  );
  chat!();
  expect(asked.awake).toBe(true);
  download!();
  expect(asked.awake).toBe(false);
});

test("it is needed until its last run, writing and call have ended; the last end is announced before that is said", async () => {
  const { application, asked, power } = applicationForTest();
  const { questionWriter, queue, services, calls } = application;
  const ends: [needed: boolean, notices: number][] = [];
  application.followEnds(() =>
    setTimeout(() => ends.push([application.isNeeded(), asked.notices.length]), 0),
  );
  expect([application.isNeeded(), application.noticedAt()]).toEqual([false, 0]);

  power.onBattery = true;
  const { id: run } = services.runs.create(planWithSeed(1), { name: "hire" });
  queue.add(run);
  expect([application.isNeeded(), application.isWorking()]).toEqual([true, false]);
  queue.pause(run);
  expect(application.isNeeded()).toBe(false);
  await expect.poll(() => ends.at(-1), WAIT).toEqual([false, 0]);

  const writing = { dataSet: dataSetForTest(services), model: "sample", kinds: QuestionKind.options };
  const id = await questionWriter.start({ ...writing, minutes: 1e-9 });
  await expect.poll(() => questionWriter.get(id).state, WAIT).toBe("waiting-for-power");
  expect([application.isNeeded(), application.isWorking()]).toEqual([true, false]);
  power.onBattery = false;
  application.advance();
  await expect.poll(() => ends.at(-1), WAIT).toEqual([false, 1]);
  expect(application.noticedAt()).toBeGreaterThan(0);

  let answer = () => {};
  const answered = calls.answer(() => new Promise<void>((resolve) => (answer = resolve)));
  expect(application.isNeeded()).toBe(true);
  ends.length = 0;
  answer();
  await answered;
  await expect.poll(() => ends, WAIT).toEqual([[false, 1]]);
});

test("a dialog that nobody answers is nothing in progress", () => {
  const { application } = applicationForTest();
  application.desktop.choose = () => new Promise(() => {});
  void handlersOf(application).application.choose({ what: "folder" });
  expect(application.isNeeded()).toBe(false);
});

test("a data set that may not be deleted, because a run needs it, goes on being written from", async () => {
  const { application } = applicationForTest();
  const { questionWriter, services } = application;
  const dataSet = dataSetForTest(services);
  const { id: run } = services.runs.create(planWithSeed(1), { name: "hire", datasetId: dataSet });
  const id = await questionWriter.start({ dataSet, model: "sample", kinds: ["fact"], minutes: null });
  const { erase } = dataSetsHandlers(application);
  const refused = { failure: { code: "bad-choice", why: { code: "data-set-needed" } } };
  await expect(erase({ id: dataSet })).rejects.toMatchObject(refused);
  expect(questionWriter.get(id).state).toBe("writing");
  await services.eraser.erase([run]);
  await erase({ id: dataSet });
  expect([questionWriter.list(), questionWriter.isWriting]).toEqual([[], false]);
});

test("calls that are in progress when it closes are cancelled, and leave nothing half-written behind", async () => {
  const { application } = applicationForTest();
  const { home } = application.services;
  for (const name of ["one", "two", "three"]) writeFileSync(join(home.models, name), Buffer.alloc(2 ** 24));
  const folder = temporaryFolder();
  application.paths.permitWriting(folder);
  const { backUp } = handlersOf(application).library;
  let copying = () => {};
  const begun = new Promise<void>((resolve) => (copying = resolve));
  const backedUp = Promise.resolve(backUp({ folder }, copying, new AbortController().signal)).catch(
    failureOf,
  );
  await begun;
  expect(readdirSync(folder)).toEqual([expect.stringMatching(/\.partial$/)]);
  await application.close();
  expect(readdirSync(folder)).toEqual([]);
  expect(await backedUp).toEqual({ code: "cancelled" });
});
