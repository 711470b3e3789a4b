import { listFlag, type Flag, type Suggestion } from "@slipway/terminal";
import type { CommandDeps } from "../deps.ts";

/** The flags that set values of components. */
export interface ValueFlags {
  readonly set: Flag<readonly string[]>;
  readonly setJson: Flag<readonly string[]>;
  readonly setFile: Flag<readonly string[]>;
}

/** Builds them; the part before the colon completes from the registry. */
export function valueFlags(deps: CommandDeps): ValueFlags {
  const group = "Values";
  const completion = (): Promise<readonly Suggestion[]> => componentNames(deps);
  return {
    set: listFlag("set", {
      summary: "set a value of a component; NAME:enabled=false leaves it out",
      group,
      placeholder: "NAME:PATH=VALUE",
      split: true,
      completion,
    }),
    setJson: listFlag("set-json", {
      summary: "set a value to JSON",
      group,
      placeholder: "NAME:PATH=JSON",
      split: false,
      completion,
    }),
    setFile: listFlag("set-file", {
      summary: "set a value to the text of a file",
      group,
      placeholder: "NAME:PATH=FILE",
      split: false,
      completion,
    }),
  };
}

async function componentNames(deps: CommandDeps): Promise<readonly Suggestion[]> {
  const { registry } = await deps.builtinCatalog();
  return registry.flatMap(({ name, displayName, valueOverrideKeys }) =>
    [name, ...valueOverrideKeys].map((key) => ({ value: `${key}:`, description: displayName, open: true })),
  );
}
