import type { Handlers } from "../../preload/contract/call.ts";
import type { PassageSource } from "../../preload/contract/chat/found-passage.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";

export function passagesHandlers({
  services: { dataSets },
  paths,
  passageReading,
}: Application): Handlers<(typeof contract)["passages"]> {
  return {
    find: ({ from, ...asked }) => {
      if (from.kind === "file") paths.checkReading(from.path);
      const source: PassageSource =
        from.kind === "file" ? from : { kind: "data-set", folder: dataSets.folderOf(from.id) };
      return passageReading.findPassages({ source, ...asked });
    },
  };
}
