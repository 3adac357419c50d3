/** What is done with a model file once it is open. */
import { AppError } from "../../../native-models/failure.ts";
import type { TensorFile } from "../../../native-models/formats/tensor-file.ts";

/** Reads the values of every tensor, and closes the file. */
export function readAll(file: TensorFile): void {
  try {
    for (const weight of file.tensors.values()) tolerating(() => weight.readFloat32());
  } finally {
    file.close();
  }
}

/** Goes on after a failure: what comes next is to be tried as well. */
export function tolerating(run: () => unknown): void {
  try {
    run();
  } catch (error) {
    if (!(error instanceof AppError) || error.failure.code === "internal") throw error;
  }
}
