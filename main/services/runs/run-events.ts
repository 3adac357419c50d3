import type { RunEvent } from "../../../preload/contract/runs/run.ts";
import type { RoundsTable } from "../../database/schema.ts";
import { query } from "../../database/store.ts";
import type { Store } from "../../database/store.ts";
import { now } from "../../database/time.ts";
import type { Evaluations } from "./evaluations.ts";

/** Frequent events are written together, every 250 ms; all others are on disk before anyone acts on them. */
export const frequentEvents: ReadonlySet<string> = new Set<RunEvent["event"]>(["step", "progress", "log"]);

/**
 * Writes one event of a run to its tables. A resumed run repeats the events after its checkpoint: events with a position (a step,
 * a round, a depth) overwrite the earlier row; phases and messages form a log.
 */
export function writeEvent(store: Store, evaluations: Evaluations, runId: string, event: RunEvent): void {
  switch (event.event) {
    case "step": {
      const { step, loss, distillationLoss, learningRate, gradientNorm, tokensPerSecond, tokens } = event;
      const row = {
        runId,
        step,
        loss,
        distillationLoss,
        learningRate,
        gradientNorm,
        tokensPerSecond,
        tokens,
      };
      const metrics = query.insertInto("metrics").values(row);
      store.run(metrics.onConflict((same) => same.columns(["runId", "step"]).doUpdateSet(row)));
      return;
    }
    case "progress": {
      const { phase, fraction, secondsLeft } = event;
      store.run(query.updateTable("runs").set({ phase, fraction, secondsLeft }).where("id", "=", runId));
      return;
    }
    case "phase": {
      const { phase, round = null } = event;
      store.run(query.updateTable("runs").set({ phase, round }).where("id", "=", runId));
      append(store, runId, event);
      return;
    }
    case "validation": {
      const { step, epoch, loss, accuracy } = event;
      const row = { runId, step, epoch, loss, accuracy: accuracy && JSON.stringify(accuracy) };
      const validations = query.insertInto("validations").values(row);
      store.run(validations.onConflict((same) => same.columns(["runId", "step"]).doUpdateSet(row)));
      return;
    }
    case "scores": {
      const { round, scorer, rows, scores } = event;
      putRound(store, runId, round, { scorer, scoredRows: rows });
      store.run(query.deleteFrom("unitScores").where("runId", "=", runId).where("round", "=", round));
      for (const score of scores)
        store.run(query.insertInto("unitScores").values({ runId, round, ...score }));
      return;
    }
    case "dropped": {
      const { round, units, kept } = event;
      putRound(store, runId, round, { dropped: JSON.stringify(units), kept: JSON.stringify(kept) });
      return;
    }
    case "evaluation": {
      const { subject, split, depth } = event;
      evaluations.record({ runId, subject, split, depth });
      return;
    }
    case "log":
    case "answers":
    case "damaged":
      append(store, runId, event);
  }
}

function putRound(store: Store, runId: string, round: number, known: Partial<RoundsTable>): void {
  const row = query.insertInto("rounds").values({ runId, round, ...known });
  store.run(row.onConflict((same) => same.columns(["runId", "round"]).doUpdateSet(known)));
}

function append(store: Store, runId: string, event: RunEvent): void {
  const entry = { runId, event: event.event, createdAt: now(), body: JSON.stringify(event) };
  store.run(query.insertInto("runEvents").values(entry));
}
