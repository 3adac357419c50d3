/**
 * onnxruntime (1.29 and later) reports its use, with the names and hashes of models, to its maker over the network, and stores
 * what it could not send, unless this is set before its library is loaded. For every process that loads it, and for the
 * environment of engines.
 */
export const noTelemetry = { ORT_DISABLE_TELEMETRY: "1" };

Object.assign(process.env, noTelemetry);
