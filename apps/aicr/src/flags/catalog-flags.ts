import { switchFlag, textFlag } from "@slipway/terminal";

const group = "Catalog";

/** The flags that say which recipe data counts. */
export const CATALOG_FLAGS = {
  data: textFlag("data", {
    summary: "directory with a registry.yaml, laid over the built-in catalog",
    group,
    placeholder: "DIR",
    completion: "directories",
    repeat: "last",
  }),
  noEmbeddedData: switchFlag("no-embedded-data", { summary: "use the directory of --data alone", group }),
} as const;

/** The file with defaults for flags. */
export const CONFIG_FLAG = textFlag("config", {
  summary: "file with defaults for flags",
  group: "Global",
  placeholder: "FILE",
  completion: "files",
});
