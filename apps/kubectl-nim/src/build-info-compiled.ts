import buildText from "../compiled/build-info.txt" with { type: "text" };
import type { BuildInfo } from "./deps.ts";

/** What `npm run build` wrote down about this build. */
export const build: BuildInfo = JSON.parse(buildText);
