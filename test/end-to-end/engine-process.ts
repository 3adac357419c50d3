/** The processes of engines. */
import type { Coppice } from "./coppice.ts";

/** The process of an engine that runs; undefined if none does. */
export const engineProcess = (
  electron: Coppice["electron"],
  kind: "chat" | "trainer",
): Promise<number | undefined> =>
  electron.evaluate(
    ({ app }, name) =>
      app.getAppMetrics().find((metric) => [metric.name, metric.serviceName].includes(name))?.pid,
    `Coppice ${kind}`,
  );
