import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import { fail } from "../../native-models/failure.ts";

const absent = () =>
  fail({ code: "bad-choice", option: "A download", reason: "this package was built without downloads" });

/** The answers of a package that was built without downloads. */
export const downloadsHandlers = (): Handlers<(typeof contract)["downloads"]> => ({
  state: () => null,
  suggested: () => [],
  durations: () => ({}),
  look: absent,
  get: absent,
  discard: absent,
  setToken: absent,
});
