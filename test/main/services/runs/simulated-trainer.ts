/** A trainer without a process, which answers requests as a test has it. */
import type { Exit, Launch } from "../../../../main/engines/process/launch.ts";
import type { Request } from "../../../../main/engines/process/protocol.ts";

export interface SimulatedTrainer {
  /** Reports `message` to the host. */
  tell(message: unknown): void;
  /** Ends it, soon and well. */
  end(): void;
}

/** Launches trainers, each of which has `answers` made for it; that one is called with every request. A stop ends it, too. */
export const simulatedTrainer =
  (answers: (trainer: SimulatedTrainer) => (request: Request) => void): Launch =>
  () => {
    const hearing: ((message: unknown) => void)[] = [];
    const ending: ((exit: Exit) => void)[] = [];
    const tell = (message: unknown) => {
      for (const hear of hearing) hear(message);
    };
    const end = () =>
      setImmediate(() => {
        for (const ended of ending.splice(0)) ended({ exitCode: 0, signal: null });
      });
    const answer = answers({ tell, end });
    setImmediate(() => tell({ type: "ready", kind: "trainer" }));
    return {
      processId: 4711,
      isAlive: true,
      memoryBytes: () => 0,
      kill: end,
      send(message) {
        const request = message as Request;
        if (request.type === "stop") end();
        else answer(request);
      },
      onMessage: (listener) => void hearing.push(listener),
      onLog: () => {},
      onExit: (listener) => void ending.push(listener),
    };
  };
