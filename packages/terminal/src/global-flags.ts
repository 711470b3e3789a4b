import { switchFlag, type Flag } from "./flag.ts";

/** The flags that every command of a program has. */
export interface GlobalFlags {
  readonly debug: Flag<boolean>;
  readonly logJson: Flag<boolean>;
  readonly help: Flag<boolean>;
  readonly version: Flag<boolean>;
}

/** Builds them; `envPrefix` AICR gives AICR_DEBUG and AICR_LOG_JSON. */
export function globalFlags(envPrefix: string): GlobalFlags {
  const group = "Global";
  return {
    debug: switchFlag("debug", { summary: "say more, as key=value records", group, env: `${envPrefix}_DEBUG` }),
    logJson: switchFlag("log-json", { summary: "write messages as JSON lines", group, env: `${envPrefix}_LOG_JSON` }),
    help: switchFlag("help", { summary: "show help", group, short: "h" }),
    version: switchFlag("version", { summary: "show version, commit and date", group, short: "v" }),
  };
}
