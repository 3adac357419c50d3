import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { fail } from "../../../../native-models/failure.ts";
import { gradedQuestions } from "../../../../main/services/results/graded-questions.ts";
import { exportInto, useDepth } from "../../../../main/services/runs/exporting.ts";
import { foundModels } from "../../../../main/services/models/found-models.ts";
import { readJournal } from "../../../../main/trimming/journal/journal-file.ts";
import { readOutcome } from "../../../../main/home/run-folder.ts";
import { fitted } from "../../../../main/trimming/plan/budget.ts";
import { probe } from "../plans/clauses-plan.ts";
import { stoppedRunIn } from "../../trimming/journal/stopped-run.ts";
import { failureFrom } from "../../failure-from.ts";
import { temporaryFolder } from "../../temporary-folder.ts";
import { figuresOf, inState, queueForTest, simulatedQueue } from "./queued-run.ts";
import { logText } from "../../../../preload/contract/words/run-log.ts";

describe("the run queue", () => {
  test("runs one after another, and says when the trainer has work", async () => {
    const busy: boolean[] = [];
    const { queue, prepare, until, told } = simulatedQueue({ onBusy: (is) => busy.push(is) });
    const [first, second] = [prepare(), prepare()];
    queue.add(first);
    queue.add(second);
    expect([queue.running, queue.waiting]).toEqual([first, [second]]);
    await until(second, inState("done"));
    const states = told
      .filter(({ event }) => event === null)
      .map(({ run }) => `${run.id === first ? 1 : 2} ${run.state}`);
    expect(states).toEqual(["1 queued", "1 running", "2 queued", "1 done", "2 running", "2 done"]);
    expect([queue.running, queue.waiting, busy]).toEqual([null, [], [true, true, false]]);
  });

  test("waits for mains power, unless a person starts a run anyway", async () => {
    let onMains = false;
    const busy: boolean[] = [];
    const { queue, prepare, until } = simulatedQueue({
      mayStart: () => onMains,
      onBusy: (is) => busy.push(is),
    });
    const [first, second] = [prepare(), prepare()];
    queue.add(first);
    queue.add(second);
    expect([queue.running, queue.waitsForPower]).toEqual([null, true]);
    queue.add(first, { onBattery: true });
    expect([queue.running, queue.waiting]).toEqual([first, [second]]);
    await until(first, inState("done"));
    expect([queue.running, queue.waitsForPower]).toEqual([null, true]);
    expect(busy).toEqual([true, false]); // so that the computer may sleep
    onMains = true;
    queue.advance();
    expect(queue.running).toBe(second);
    await until(second, inState("done"));
  });

  test("plans a run for what is left of its time when it starts, and says what a pause took of it", async () => {
    const { services, queue, prepare, until } = await queueForTest();
    const doneBy = new Date(Date.now() + 1_800_000).toISOString();
    const long = 10 * 3600;
    const id = await prepare({
      fit: ({ plan: asked }) => ({
        plan: fitted(asked, probe, long)!.plan,
        timing: { asked, probe, doneBy },
      }),
    });
    expect(services.runs.get(id).plan.budget?.seconds).toBe(long);
    queue.add(id);
    const { plan } = services.runs.get(id);
    expect(plan.budget!.seconds).toBeGreaterThan(1700);
    expect(plan.budget!.seconds).toBeLessThanOrEqual(1800);
    const said = () =>
      services.runs.log(id).flatMap(({ event }) => (event.event === "log" ? [logText(event.said)] : []));
    expect(said()[0]).toContain("The run had to wait.");
    queue.pause(id);
    await until(id, inState("paused"));
    vi.useFakeTimers({ now: Date.now() + 1_800_000, toFake: ["Date"] });
    onTestFinished(() => void vi.useRealTimers());
    queue.add(id);
    vi.useRealTimers();
    expect(said().at(-1)).toContain("The run was paused. It will be done later than");
    expect(services.runs.get(id).plan).toEqual(plan);
  });

  test("goes on with the next run if one cannot be started", async () => {
    const { services, queue, prepare, until } = simulatedQueue();
    const ids = [prepare(), prepare(), prepare()] as const;
    const folder = services.runs.get(ids[1]).plan.data.path;
    const { start } = services.runs;
    services.runs.start = (id) => {
      if (id === ids[1]) fail({ code: "not-found", path: folder, what: "data set" });
      start.call(services.runs, id);
    };
    for (const id of ids) queue.add(id);
    await until(ids[2], inState("done"));
    expect(ids.map((id) => services.runs.get(id).state)).toEqual(["done", "failed", "done"]);
    expect(services.runs.get(ids[1]).failure).toMatchObject({ code: "not-found", path: folder });
  });

  test("goes on with the next run if the end of one cannot be read", async () => {
    const { services, queue, prepare, until } = simulatedQueue();
    const [first, second] = [prepare(), prepare()];
    const { summary } = services.runs;
    const failures: unknown[] = [];
    const onRejection = (error: unknown) => failures.push(error);
    process.on("unhandledRejection", onRejection);
    onTestFinished(() => void process.off("unhandledRejection", onRejection));
    services.runs.summary = (id) => {
      const run = summary.call(services.runs, id);
      return id === first && run.state === "done"
        ? fail({ code: "corrupt-file", path: "coppice.db", section: "pages", reason: "it is damaged" })
        : run;
    };
    queue.add(first);
    queue.add(second);
    await until(second, inState("done"));
    expect([queue.running, services.runs.get(first).state]).toEqual([null, "done"]);
    expect(failures).toHaveLength(1);
  });

  test("lets a run wait that a full disk keeps from starting, and starts it afterwards", async () => {
    const { services, queue, prepare, until } = simulatedQueue();
    const [run, next] = [prepare(), prepare()];
    const { start, fail: failed } = services.runs;
    services.runs.start = services.runs.fail = () => fail({ code: "disk-full", path: "coppice.db" });
    queue.add(run);
    queue.add(next);
    expect([queue.running, queue.waiting]).toEqual([null, [run, next]]);
    Object.assign(services.runs, { start, fail: failed });
    queue.advance();
    await until(next, inState("done"));
    expect(services.runs.get(run).state).toBe("done");
  });

  test("pauses a run, and marks one whose engine was killed as failed; resumed, it gives the same figures as an uninterrupted one", async () => {
    const { services, queue, prepare, until, killEngine } = await queueForTest();
    const [whole, stopped] = [await prepare(), await prepare()];
    queue.add(whole);
    await until(whole, inState("done"));
    queue.add(stopped);
    await until(stopped, ({ event }) => event?.event === "dropped");
    queue.pause(stopped);
    const paused = await until(stopped, inState("paused"));
    expect(paused.run.pauseReason).toBe("asked");
    queue.add(stopped);
    await until(stopped, ({ event }) => event?.event === "dropped");
    killEngine();
    const failed = await until(stopped, inState("failed"));
    expect(failed.run.failure).toMatchObject({ code: "engine-stopped", kind: "trainer" });
    queue.add(stopped);
    await until(stopped, inState("done"));
    expect(figuresOf(services, stopped)).toEqual(figuresOf(services, whole));
  });

  test("interrupts the active run when it is closed, and keeps waiting runs queued", async () => {
    const { services, queue, prepare, until } = simulatedQueue();
    const [running, waiting] = [prepare(), prepare()];
    queue.add(running);
    queue.add(waiting);
    await until(running, ({ event }) => event?.event === "step");
    await queue.close();
    expect(services.runs.get(running)).toMatchObject({ state: "paused", pauseReason: "interrupted" });
    expect(services.runs.queued()).toEqual([{ id: waiting, onBattery: false }]);
  });

  test("cancels the active run or a waiting one, and continues with the next", async () => {
    const { services, queue, prepare, until } = simulatedQueue({}, [1e6]);
    const ids = [prepare(), prepare(), prepare()] as const;
    for (const id of ids) queue.add(id);
    await until(ids[0], ({ event }) => event?.event === "step");
    await queue.cancel(ids[1]);
    await queue.cancel(ids[0]);
    await until(ids[2], inState("done"));
    expect(ids.map((id) => services.runs.get(id).state)).toEqual(["cancelled", "cancelled", "done"]);
  });

  test("cancels a run that a killed program left, with what its trainer was working with", async () => {
    const { services, queue, prepare } = simulatedQueue();
    const id = prepare();
    services.runs.pause(id, "interrupted");
    const folder = stoppedRunIn(join(services.home.runs, id));
    await queue.cancel(id);
    expect(services.runs.get(id).state).toBe("cancelled");
    expect(readdirSync(folder)).not.toContain("base.bin");
    expect(readdirSync(folder)).toContain("teacher.bin");
  });

  test("keeps the depths of a run that is cancelled: they can be exported", async () => {
    const { services, reading, queue, prepare, until } = await queueForTest();
    const id = await prepare();
    queue.add(id);
    await until(id, ({ event }) => event?.event === "dropped" && event.round === 2);
    await queue.cancel(id);
    const folder = temporaryFolder();
    const exported = (depth: string) => exportInto(services, reading, { run: id, depth, folder });
    expect((await exported("round 1")).units).toBe(3);
    expect((await exported("tuned")).units).toBe(4);
    const why = { code: "unknown-depth", depth: "round 2", depths: ["tuned (4)", "round 1 (3)"] };
    await expect(exported("round 2")).rejects.toMatchObject({
      failure: { code: "bad-choice", why },
    });
  });
});

describe("finishing a run early", () => {
  test("gives the depth that it has reached, healed, and the same after its engine was killed", async () => {
    const { services, queue, prepare, until, killEngine } = await queueForTest();
    const [whole, killed] = [await prepare(), await prepare()];
    const kept = (id: string) => readOutcome(join(services.home.runs, id))?.units.kept;
    queue.add(whole);
    await until(whole, ({ event }) => event?.event === "dropped");
    queue.finishEarly(whole);
    expect(queue.finishing).toBe(true);
    await until(whole, inState("done"));
    expect(kept(whole)).toBe(3);
    expect(readOutcome(join(services.home.runs, whole))!.metrics.depths.map(({ name }) => name)).toEqual([
      "round 1",
      "healed",
    ]);

    queue.add(killed);
    await until(killed, ({ event }) => event?.event === "dropped");
    queue.finishEarly(killed);
    await until(killed, ({ event }) => event?.event === "phase" && event.phase === "heal");
    killEngine();
    await until(killed, inState("failed"));
    queue.add(killed);
    await until(killed, inState("done"));
    expect(kept(killed)).toBe(3);
    expect(figuresOf(services, killed)).toEqual(figuresOf(services, whole));
  });

  test("holds for a run that is paused before the next round", async () => {
    const { services, queue, prepare, until } = await queueForTest();
    const id = await prepare();
    queue.add(id);
    await until(id, ({ event }) => event?.event === "dropped");
    queue.finishEarly(id);
    queue.pause(id);
    await until(id, inState("paused"));
    expect(queue.finishing).toBe(false);
    queue.add(id);
    expect(queue.finishing).toBe(true);
    await until(id, inState("done"));
    expect(readOutcome(join(services.home.runs, id))?.units.kept).toBe(3);
  });

  test("is possible only for the active run", () => {
    const { queue, prepare } = simulatedQueue();
    const id = prepare();
    expect(failureFrom(() => queue.finishEarly(id))).toMatchObject({ code: "bad-choice" });
  });
});

describe("a finished run", () => {
  test("keeps nothing that only a resumed run needs, shows the answers to each question, exports each depth, and lists a depth that became a model", async () => {
    const { services, reading, queue, prepare, until } = await queueForTest();
    const id = await prepare();
    const run = join(services.home.runs, id);
    queue.add(id);
    await until(id, ({ event }) => event?.event === "phase" && event.phase === "heal");
    expect(readdirSync(run)).toContain("teacher.bin");
    await until(id, inState("done"));
    const files = ["journal-before.json", "journal.json", "objects", "outcome.json", "trainer.lock"];
    expect(readdirSync(run).sort()).toEqual(files);
    const { saves, depths } = (await readJournal(run))!.content;
    const named = Object.values(depths).flatMap(({ values }) => Object.values(values));
    expect(saves).toEqual([]);
    expect(readdirSync(join(run, "objects")).sort()).toEqual([...new Set(named)].sort());
    const { metrics } = readOutcome(join(services.home.runs, id))!;

    const depth = metrics.depths[0]!;
    const all = await gradedQuestions(services, {
      id,
      depth: depth.name,
      filter: "all",
      offset: 0,
      limit: 200,
    });
    const right = (who: "base" | "tuned" | "depth") =>
      all.questions.filter((question) => question[who]!.right).length;
    const { onlyFirst: won, onlySecond: lost } = depth.versusTuned!;
    expect(all.counts).toEqual({ ten: 8, all: 8, lost, won, wrong: 8 - right("depth") });
    expect([right("base"), right("tuned"), right("depth")].map((count) => count / 8)).toEqual([
      metrics.base.accuracy!.value,
      metrics.tuned.accuracy!.value,
      depth.accuracy!.value,
    ]);
    for (const { expected, depth } of all.questions) expect(depth!.text === expected).toBe(depth!.right);
    const ten = await gradedQuestions(services, {
      id,
      depth: depth.name,
      filter: "ten",
      offset: 0,
      limit: 200,
    });
    const isRight = ten.questions.map((question) => question.depth!.right);
    expect(isRight).toEqual([...isRight].sort((a, b) => Number(a) - Number(b)));
    const page = await gradedQuestions(services, { id, depth: "healed", filter: "all", offset: 3, limit: 2 });
    expect(page.questions.map(({ number }) => number)).toEqual([4, 5]);
    const unknown = () =>
      gradedQuestions(services, { id, depth: "round 9", filter: "all", offset: 0, limit: 1 });
    await expect(unknown()).rejects.toMatchObject({ failure: { code: "bad-choice" } });

    const folder = temporaryFolder();
    for (const name of ["tuned", ...metrics.depths.map((known) => known.name)]) {
      const fractions: number[] = [];
      const onEvent = (event: { event: string; fraction?: number }) =>
        event.event === "progress" && fractions.push(event.fraction!);
      const { output, units } = await exportInto(
        services,
        reading,
        { run: id, depth: name, folder },
        { onEvent },
      );
      expect(readdirSync(output)).toEqual(
        expect.arrayContaining(["config.json", "model.safetensors", "onnx"]),
      );
      expect(units).toBe(name === "tuned" ? 4 : metrics.depths.find((known) => known.name === name)!.units);
      expect(fractions.length).toBeGreaterThan(0);
    }

    expect(await useDepth(services, reading, { run: id, depth: metrics.trimmed.name })).toMatchObject({
      path: join(services.home.models, id),
    });
    const used = await useDepth(services, reading, { run: id, depth: "round 1" });
    expect(foundModels(services)).toContainEqual(
      expect.objectContaining({ path: used.path, name: used.name }),
    );
    expect(await useDepth(services, reading, { run: id, depth: "round 1" })).toEqual(used);
  });
});
