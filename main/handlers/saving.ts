/** Files that a person saves by the system's dialog. */
import { writeChosenFile } from "../../native-models/formats/atomic.ts";
import type { Application } from "../application.ts";

/** Asks for a path and writes the file, which the window may then show; returns the path, null if the person cancelled. */
export async function saveAs(
  { desktop, paths }: Pick<Application, "desktop" | "paths">,
  { name, extension, content }: { name: string; extension: string; content: string | Buffer },
): Promise<string | null> {
  const path = await desktop.chooseSave(`${name}.${extension}`, extension);
  if (path === null) return null;
  await writeChosenFile(path, content);
  paths.permit([path]);
  return path;
}
