import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";

export function serverHandlers({ server }: Application): Handlers<(typeof contract)["server"]> {
  return {
    state: () => server.state,
    stopProgram: ({ program }) => server.stopProgram(program),
    renewToken: () => server.renewToken(),
  };
}
