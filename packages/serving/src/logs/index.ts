export type { PodContainer } from "./containers.ts";
export type { LineFormat } from "./line-stream.ts";
export type { LogNotes, LogStart } from "./log-deps.ts";
export { streamLogs, type StreamDeps, type StreamOptions, type Streamed } from "./stream-logs.ts";
