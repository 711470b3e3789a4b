import { choiceFlag, switchFlag, textFlag, type Flag } from "@slipway/terminal";
import type { Cascade } from "@slipway/serving/deletion";
import { DRY_RUN_FLAG, SELECTOR_FLAG, YES_FLAG, timeoutFlag } from "./common-flags.ts";

const BEHAVIOUR = "Behaviour";

const CASCADE: Flag<Cascade> = choiceFlag("cascade", ["background", "foreground", "orphan"], "background", {
  summary: "what becomes of what the object owns: it goes after it, goes before it, or stays",
  group: BEHAVIOUR,
  placeholder: "MODE",
  repeat: "last",
});

/** What `delete` takes. */
export const DELETE_FLAGS = {
  selector: SELECTOR_FLAG,
  all: switchFlag("all", { summary: "all objects of the kind in the namespace", group: "Selection" }),
  /** There to be refused with a reason. */
  allNamespaces: switchFlag("all-namespaces", {
    summary: "not for delete",
    group: "Selection",
    short: "A",
    hidden: true,
  }),
  ignoreNotFound: switchFlag("ignore-not-found", {
    summary: "say nothing about names that there are not",
    group: "Selection",
  }),
  yes: YES_FLAG,
  cascade: CASCADE,
  wait: switchFlag("wait", { summary: "wait until the objects are gone", group: BEHAVIOUR, fallback: true }),
  timeout: timeoutFlag(60_000),
  force: switchFlag("force", {
    summary: "take the operator's finalizer off an object that does not go; what it would have cleaned up may stay",
    group: BEHAVIOUR,
  }),
  dryRun: DRY_RUN_FLAG,
  output: textFlag("output", {
    summary: "name: print nothing but the names of what was deleted",
    group: "Output",
    placeholder: "name",
    short: "o",
    repeat: "last",
    completion: () => Promise.resolve([{ value: "name" }]),
  }),
} as const;
