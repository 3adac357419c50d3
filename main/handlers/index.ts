/** Main's handlers of the whole contract. */
import { channelOf } from "../../preload/contract/call.ts";
import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { applicationHandlers } from "./application.ts";
import { dataHandlers } from "./data.ts";
import { dataSetsHandlers } from "./data-sets.ts";
import { compareHandlers } from "./compare.ts";
import { devicesHandlers } from "./devices.ts";
import { diagnosticsHandlers } from "./diagnostics.ts";
import { downloadsHandlers } from "./downloads.ts";
import { conversationsHandlers } from "./conversations.ts";
import { correctionsHandlers } from "./corrections.ts";
import { libraryHandlers } from "./library.ts";
import { modelsHandlers } from "./models.ts";
import { passagesHandlers } from "./passages.ts";
import { questionsHandlers } from "./questions.ts";
import { runsHandlers } from "./runs.ts";
import { serverHandlers } from "./server.ts";
import { settingsHandlers } from "./settings.ts";
import { updatesHandlers } from "./updates.ts";
import { wizardHandlers } from "./wizard.ts";

export type AllHandlers = { [Area in keyof typeof contract]: Handlers<(typeof contract)[Area]> };

/** Calls that are not counted among those in progress: some wait for all others to end and then close the home, and dialogs for a person. */
const UNCOUNTED: ReadonlySet<string> = new Set([
  ...[channelOf("library", "move"), channelOf("updates", "install")],
  channelOf("application", "choose"),
]);

type Handler = (input: unknown, onPiece?: (piece: unknown) => void, signal?: AbortSignal) => unknown;

/** Registers each call with the application's calls, which can be held back while the home must not change. */
export function handlersOf(application: Application): AllHandlers {
  const answered = (name: string, handler: Handler): Handler =>
    UNCOUNTED.has(name)
      ? handler
      : (input, onPiece, signal) =>
          application.calls.answer((signal) => handler(input, onPiece, signal), signal);
  const areas = Object.entries(allHandlers(application)).map(([area, handlers]) => {
    const entries = Object.entries(handlers as Record<string, Handler>);
    return [
      area,
      Object.fromEntries(entries.map(([name, handler]) => [name, answered(channelOf(area, name), handler)])),
    ];
  });
  return Object.fromEntries(areas) as AllHandlers;
}

function allHandlers(application: Application): AllHandlers {
  return {
    application: applicationHandlers(application),
    data: dataHandlers(application),
    dataSets: dataSetsHandlers(application),
    devices: devicesHandlers(application),
    diagnostics: diagnosticsHandlers(application),
    downloads: downloadsHandlers(application),
    compare: compareHandlers(application),
    conversations: conversationsHandlers(application),
    corrections: correctionsHandlers(application),
    library: libraryHandlers(application),
    models: modelsHandlers(application),
    passages: passagesHandlers(application),
    questions: questionsHandlers(application),
    runs: runsHandlers(application),
    server: serverHandlers(application),
    settings: settingsHandlers(application),
    updates: updatesHandlers(application),
    wizard: wizardHandlers(application),
  };
}
