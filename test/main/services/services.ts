import { onTestFinished } from "vitest";
import { openServices } from "../../../main/services/open.ts";
import type { Services } from "../../../main/services/open.ts";
import { temporaryFolder } from "../temporary-folder.ts";

/** The services on a home, a new one unless one is given, closed when the test has ended. */
export function servicesForTest(folder = temporaryFolder()): Services {
  const services = openServices(folder);
  onTestFinished(() => services.close());
  return services;
}
