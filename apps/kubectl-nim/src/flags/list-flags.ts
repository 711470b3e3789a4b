import { integerFlag, listFlag, switchFlag, textFlag } from "@slipway/terminal";
import { ALL_NAMESPACES_FLAG, FIELD_SELECTOR_FLAG, OUTPUT_FLAG, SELECTOR_FLAG } from "./common-flags.ts";

const OUTPUT = "Output";
const SELECTION = "Selection";

/** Which objects `get` and `status` show, and how; as kubectl's `get`. */
export const LIST_FLAGS = {
  output: OUTPUT_FLAG,
  noHeaders: switchFlag("no-headers", { summary: "leave the line with the names of the columns out", group: OUTPUT }),
  watch: switchFlag("watch", { summary: "go on with every change, until Ctrl-C", group: "Behaviour", short: "w" }),
  selector: SELECTOR_FLAG,
  fieldSelector: FIELD_SELECTOR_FLAG,
  allNamespaces: ALL_NAMESPACES_FLAG,
  sortBy: textFlag("sort-by", {
    summary: "order by a field, such as .metadata.creationTimestamp",
    group: OUTPUT,
    placeholder: "EXPRESSION",
    repeat: "last",
  }),
  chunkSize: integerFlag("chunk-size", {
    summary: "how many objects are asked for at a time (default 500); 0 asks for all at once",
    group: SELECTION,
    placeholder: "COUNT",
    repeat: "last",
  }),
  ignoreNotFound: switchFlag("ignore-not-found", {
    summary: "say nothing about names that there are not",
    group: SELECTION,
  }),
} as const;

/** What `get` takes beside that. */
export const GET_FLAGS = {
  ...LIST_FLAGS,
  watchOnly: switchFlag("watch-only", { summary: "only changes, not what there is already", group: "Behaviour" }),
  watchEvents: switchFlag("output-watch-events", {
    summary: "with --watch, say what each line means: ADDED, MODIFIED or DELETED",
    group: OUTPUT,
  }),
  showLabels: switchFlag("show-labels", { summary: "a last column with all labels", group: OUTPUT }),
  labelColumns: listFlag("label-columns", {
    summary: "a column for each of these labels",
    group: OUTPUT,
    placeholder: "LABELS",
    short: "L",
    split: true,
  }),
  managedFields: switchFlag("show-managed-fields", {
    summary: "with -o json and yaml, also who wrote which field",
    group: OUTPUT,
  }),
} as const;
