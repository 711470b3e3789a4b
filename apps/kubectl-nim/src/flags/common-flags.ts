import { choiceFlag, durationFlag, switchFlag, textFlag } from "@slipway/terminal";

/** What a write does: nothing but print, have the server check it, or do it. */
export const DRY_RUN_FLAG = choiceFlag("dry-run", ["none", "client", "server"], "none", {
  summary: "client: print what would be sent; server: have the server check it and store nothing",
  group: "Output",
  placeholder: "none|client|server",
  repeat: "last",
});

/** The form of what is printed; `outputFormat` of `output/` reads it. */
export const OUTPUT_FLAG = textFlag("output", {
  summary: "form of what is printed: wide, yaml, json, name, jsonpath=TEMPLATE, custom-columns=COLUMNS",
  group: "Output",
  placeholder: "FORMAT",
  short: "o",
  repeat: "last",
  completion: () =>
    Promise.resolve([
      ...["wide", "yaml", "json", "name"].map((value) => ({ value })),
      ...["jsonpath=", "custom-columns="].map((value) => ({ value, open: true })),
    ]),
});

/** Objects by their labels. */
export const SELECTOR_FLAG = textFlag("selector", {
  summary: "only objects with these labels, such as app=llm,tier!=test",
  group: "Selection",
  placeholder: "SELECTOR",
  short: "l",
  repeat: "last",
});

/** Objects by fields that the server knows. */
export const FIELD_SELECTOR_FLAG = textFlag("field-selector", {
  summary: "only objects with these fields, such as metadata.name=llama",
  group: "Selection",
  placeholder: "SELECTOR",
  repeat: "last",
});

/** Objects of every namespace. */
export const ALL_NAMESPACES_FLAG = switchFlag("all-namespaces", {
  summary: "objects of all namespaces",
  group: "Selection",
  short: "A",
});

/** No question is asked. */
export const YES_FLAG = switchFlag("yes", { summary: "do it without asking", group: "Behaviour", short: "y" });

/** How long is waited; milliseconds. */
export function timeoutFlag(fallback: number) {
  return durationFlag("timeout", fallback, {
    summary: "how long is waited",
    group: "Behaviour",
    placeholder: "DURATION",
    repeat: "last",
  });
}
