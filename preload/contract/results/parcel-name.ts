/** The extension of a model that is handed on in one file, by which the system opens it with Coppice. */
export const PARCEL_EXTENSION = ".coppice";

/** Whether a file is a handed-on model, by its name. */
export const isParcel = (path: string): boolean => path.toLowerCase().endsWith(PARCEL_EXTENSION);
