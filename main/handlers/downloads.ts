import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { Downloads } from "../services/hub/downloads.ts";
import { hubOf } from "../services/hub/hub.ts";
import { Token } from "../services/hub/token.ts";

/** A package that is built without downloads has downloads.absent.ts in its place (build/without-downloads.ts). */
export function downloadsHandlers({
  services,
  paths,
  desktop,
  free,
}: Application): Handlers<(typeof contract)["downloads"]> {
  const { home } = services;
  let opened: Downloads | undefined;
  /** Opened on first use: if the environment names an invalid hub, only downloads fail. */
  const downloads = () => {
    if (opened) return opened;
    const hub = hubOf();
    return (opened = new Downloads({
      home,
      hub,
      free,
      network: desktop.network({ partition: "hub", allows: hub.allows }),
      token: new Token(home.folder, desktop.secrets),
    }));
  };
  return {
    state: () => downloads().state,
    suggested: () => downloads().suggested(),
    look: ({ repository }, _onPiece, signal) => downloads().look(repository, signal),
    get: async (wanted, onPiece, signal) => {
      const onBytes = (doneBytes: number, totalBytes: number) => onPiece({ doneBytes, totalBytes });
      const got = await downloads().get(wanted, onBytes, signal);
      if (got.found) paths.permit([got.found.path]);
      return got;
    },
    discard: async ({ id }) => {
      await downloads().discard(id);
      return downloads().state;
    },
    setToken: async ({ token }) => {
      await downloads().setToken(token);
      return downloads().state;
    },
  };
}
