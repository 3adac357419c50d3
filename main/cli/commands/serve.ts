import { isIP } from "node:net";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { Precision } from "../../../native-models/inference/precision.ts";
import { DEFAULT_PORT } from "../../../preload/contract/calls/settings.ts";
import { makeHome } from "../../home/home.ts";
import { LoadedModels } from "../../services/chat/loaded-models.ts";
import { findModel } from "../../services/models/model-reference.ts";
import { LocalServer } from "../../services/server/local-server.ts";
import { offeredModels } from "../../services/server/offered-models.ts";
import { serverToken } from "../../services/server/server-token.ts";
import type { Context } from "../context.ts";
import { precisionOption, textsOption, threadsOption, wholeNumber } from "../options.ts";
import { onStop } from "../stoppable.ts";

interface ServeOptions {
  model?: string[];
  port?: number;
  listen?: string;
  token: boolean;
  precision?: Precision;
  threads?: number;
}

/** coppice serve: the models for other programs, until Ctrl-C. */
export function addServe(command: Command, contextOf: (command: Command) => Context): void {
  command
    .description(
      "Lets other programs on this computer use your models as they use OpenAI or Ollama: finished runs, and depths that you used. They send " +
        "the token that is shown as their API key. Ctrl-C ends it.",
    )
    .option("--model <model>", "also offer this model; repeatable", textsOption)
    .option("--port <n>", `the port; 0: any that is free (${DEFAULT_PORT})`, wholeNumber(0, 65535))
    .addOption(
      new Option(
        "--listen <address>",
        "listen at this address of the computer instead of 127.0.0.1: every computer that reaches it may then ask if it has the token, and " +
          "nothing that is sent is encrypted",
      ).argParser(addressOption),
    )
    .option(
      "--no-token",
      "let every program and account on this computer ask without a token; not with --listen",
    )
    .addOption(precisionOption())
    .addOption(threadsOption())
    .action(async ({ port, listen: address, ...options }: ServeOptions, self: Command) => {
      const context = contextOf(self);
      if (!options.token && address !== undefined)
        return self.error("Other computers need the token; leave out --no-token or --listen.");
      await context.reading((services) =>
        context.withReader(async (reading) => {
          const { home, runs, settings } = services;
          makeHome(home);
          const token = options.token ? serverToken(home) : null;
          const named = (options.model ?? []).map((reference) => findModel(reference, () => runs));
          const { threads, precision } = options;
          const speakers = new LoadedModels({
            services: {
              ...{ home, runs },
              settings: { get: () => ({ ...settings.get(), ...(threads !== undefined && { threads }) }) },
            },
            precision,
            engine: context.engine,
          });
          const offered = () => offeredModels(services, named);
          const server = await LocalServer.start({
            ...{ address, port, token, speakers, offered },
            inspect: reading.inspect.bind(reading),
          });
          try {
            show(
              context,
              server,
              token,
              offered().map(({ name }) => name),
            );
            await stopped();
          } finally {
            await server.stop();
            await speakers.stop();
          }
        }),
      );
    });
}

function addressOption(text: string): string {
  if (isIP(text) !== 0) return text;
  throw new InvalidArgumentError("Enter one address of this computer, such as 192.168.1.20.");
}

function show({ terminal }: Context, { url }: LocalServer, token: string | null, models: string[]): void {
  terminal.say(`OpenAI: ${url}/v1   Ollama: ${url}`);
  terminal.say(token === null ? "No token is needed: every program here can ask." : `Token:  ${token}`);
  terminal.say(
    models.length > 0
      ? `Models: ${models.join(", ")}`
      : "There are no models yet: finish a run, or name one with --model.",
  );
  terminal.emit({ event: "serving", url, token, models });
}

const stopped = (): Promise<void> =>
  new Promise((resolve) => {
    const done = onStop(() => {
      done();
      resolve();
    });
  });
