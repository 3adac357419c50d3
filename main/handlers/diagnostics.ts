import type { Handlers } from "../../preload/contract/call.ts";
import type { contract } from "../../preload/contract/contract.ts";
import type { Application } from "../application.ts";
import { reportFileName } from "../services/diagnostics/report.ts";
import { Reports } from "../services/diagnostics/reports.ts";

export function diagnosticsHandlers({
  services,
  paths,
  desktop,
  log,
  troubles,
}: Application): Handlers<(typeof contract)["diagnostics"]> {
  const reports = new Reports(services, desktop.state().version);
  return {
    prepareReport: ({ run }) => reports.prepare(run),
    saveReport: async ({ id, sections }) => {
      const path = await desktop.chooseSave(reportFileName(), "txt");
      if (path === null) return null;
      const bytes = await reports.save(id, sections, path);
      paths.permit([path]);
      log.write({ event: "report-saved", sections: sections.length, bytes });
      return path;
    },
    reportTrouble: (trouble) => log.write({ event: "error", where: "window", trouble }),
    pastTroubles: () => troubles.splice(0),
  };
}
