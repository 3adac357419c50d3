/** What is done with a document: it is looked at as in the wizard, and what was seen must be what may cross to the window. */
import { inspectFile } from "../../../main/documents/inspect.ts";
import { AppError } from "../../../native-models/failure.ts";
import { InspectedFile } from "../../../preload/contract/data/inspection.ts";

/** Throws the failure of a file that cannot be used. */
export async function lookedAt(path: string): Promise<void> {
  const { failure } = InspectedFile.parse(await inspectFile(path, "train", {}));
  if (failure) throw new AppError(failure);
}
