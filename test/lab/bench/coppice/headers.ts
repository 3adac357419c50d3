/** Opens a model file, to measure time and memory. */
import { openTensorFile } from "../../../../native-models/formats/open.ts";
import { openModel } from "../../../../native-models/open-model.ts";
import type { OpenHeaders } from "../headers.ts";

export const open: OpenHeaders = async ({ path }) => ({
  header: async () => {
    const file = openTensorFile(path);
    file.close();
    return file.tensors.size;
  },
  model: async () => {
    const model = await openModel(path);
    model.close();
    return model.parameters;
  },
});
