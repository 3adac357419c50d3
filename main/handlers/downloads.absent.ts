import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import { refuseChoice } from "../../preload/contract/failures/bad-choice.ts";

const absent = () => refuseChoice("no-downloads");

/** The answers of a package that was built without downloads. */
export const downloadsHandlers = (): Handlers<(typeof contract)["downloads"]> => ({
  state: () => null,
  suggested: () => [],
  look: absent,
  get: absent,
  discard: absent,
  setToken: absent,
});
