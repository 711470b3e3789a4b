import type { BuildInfo } from "./deps.ts";

/** A program that runs from its sources is no release. */
export const build: BuildInfo = { version: "dev", commit: "unknown", date: "unknown" };
