import { build, builtinCatalog } from "#built-in";
import { startProcess } from "./start.ts";

void startProcess(process, { build, builtinCatalog });
