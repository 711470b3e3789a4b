import { build } from "#build-info";
import { startProcess } from "./start.ts";

void startProcess(process, { build });
