import { COLLECTOR_NAMES } from "@slipway/snapshot";
import { choiceFlag, durationFlag, integerFlag, listFlag, switchFlag, textFlag } from "@slipway/terminal";

/** Which readings a snapshot holds. */
const MEASURING = {
  filter: listFlag("filter", {
    summary: `measure nothing but these: ${COLLECTOR_NAMES.join(", ")}`,
    group: "Measuring",
    placeholder: "NAMES",
    split: true,
    completion: completeNames,
  }),
  exclude: listFlag("exclude", {
    summary: "do not measure these",
    group: "Measuring",
    placeholder: "NAMES",
    split: true,
    completion: completeNames,
  }),
  timeout: durationFlag("timeout", undefined, {
    summary: "limit of each measurement (30s), or of the agent's whole run (5m)",
    group: "Measuring",
    placeholder: "DURATION",
  }),
  maxNodesPerEntry: integerFlag("max-nodes-per-entry", {
    summary: "most node names in an entry of NodeTopology; 0 names all",
    group: "Measuring",
    placeholder: "N",
    env: "AICR_MAX_NODES_PER_ENTRY",
  }),
  requireGpu: switchFlag("require-gpu", {
    summary: "a node without a GPU is a failure; the agent asks the scheduler for one",
    group: "Measuring",
  }),
  nodeName: textFlag("node-name", {
    summary: "the node that this machine is",
    group: "Measuring",
    placeholder: "NAME",
    env: "NODE_NAME",
  }),
  hostRoot: textFlag("host-root", {
    summary: "directory that holds the root of the machine to measure",
    group: "Measuring",
    placeholder: "DIR",
    env: "AICR_HOST_ROOT",
    hidden: true,
    completion: "directories",
  }),
} as const;

async function completeNames(word: string): Promise<readonly { readonly value: string }[]> {
  const start = word.slice(0, word.lastIndexOf(",") + 1);
  return COLLECTOR_NAMES.map((name) => ({ value: `${start}${name}` }));
}

/** Where a snapshot goes, and in which form. */
const WRITING = {
  output: textFlag("output", {
    summary: "file, directory (with --nodes) or cm://NAMESPACE/NAME to write; - or nothing is standard output",
    group: "Output",
    placeholder: "TARGET",
    short: "o",
    completion: "files",
  }),
  format: choiceFlag("format", ["yaml", "json", "table"], "yaml", {
    summary: "form of what is printed",
    group: "Output",
    placeholder: "FORMAT",
    short: "t",
  }),
  template: textFlag("template", {
    summary: "Go template (with sprig functions) that makes the output of the snapshot",
    group: "Output",
    placeholder: "FILE",
    completion: "files",
  }),
} as const;

/** Measuring again and again. */
const WATCHING = {
  watch: switchFlag("watch", { summary: "go on measuring, and print a JSON Patch for each change", group: "Watching" }),
  interval: durationFlag("interval", 30_000, {
    summary: "time from one measurement to the next",
    group: "Watching",
    placeholder: "DURATION",
  }),
  ignore: listFlag("ignore", {
    summary: "readings whose changes do not count, e.g. K8s.image (repeatable)",
    group: "Watching",
    placeholder: "PATTERN",
    split: true,
  }),
  onChange: textFlag("on-change", {
    summary: "program (no arguments, no shell) that is run for each change, with the patch on its standard input",
    group: "Watching",
    placeholder: "COMMAND",
    completion: "files",
  }),
} as const;

const AGENT = "Agent (a Job that measures on a GPU node)";

/** Flags that mean the agent, whether `--agent` is given or not; none may come from the environment. */
export const AGENT_FLAGS = {
  image: textFlag("image", {
    summary: "image of the agent (else AICR_AGENT_IMAGE)",
    group: AGENT,
    placeholder: "IMAGE",
  }),
  jobName: textFlag("job-name", {
    summary: "what the names of its objects start with",
    group: AGENT,
    placeholder: "NAME",
  }),
  serviceAccount: textFlag("service-account-name", {
    summary: "service account that is there and has the rights; no rights are made then",
    group: AGENT,
    placeholder: "NAME",
  }),
  nodeSelector: listFlag("node-selector", {
    summary: "label of the nodes that it may run on (repeatable)",
    group: AGENT,
    placeholder: "KEY=VALUE",
    split: true,
  }),
  toleration: listFlag("toleration", {
    summary: "taint that it tolerates, in place of all (repeatable)",
    group: AGENT,
    placeholder: "KEY[=VALUE][:EFFECT]",
    split: true,
  }),
  imagePullSecret: listFlag("image-pull-secret", {
    summary: "secret to pull its image with (repeatable)",
    group: AGENT,
    placeholder: "NAME",
    split: true,
  }),
  runtimeClass: textFlag("runtime-class", {
    summary: "runtime class that shows it the GPUs without asking for one",
    group: AGENT,
    placeholder: "NAME",
  }),
  requests: listFlag("requests", {
    summary: "resources that it asks for (else AICR_REQUESTS)",
    group: AGENT,
    placeholder: "NAME=QUANTITY",
    split: true,
  }),
  limits: listFlag("limits", {
    summary: "resources that it is held to (else AICR_LIMITS)",
    group: AGENT,
    placeholder: "NAME=QUANTITY",
    split: true,
  }),
  privileged: switchFlag("privileged", {
    summary: "with false, as the pod security level restricted wants it",
    group: AGENT,
    fallback: true,
  }),
  noCleanup: switchFlag("no-cleanup", { summary: "leave its Job and rights in the cluster", group: AGENT }),
  nodes: textFlag("nodes", {
    summary: "one snapshot for each GPU node: all, a number, a label selector, or a file with names",
    group: AGENT,
    placeholder: "all|N|SELECTOR|FILE",
    completion: "files",
  }),
  workers: integerFlag("workers", {
    summary: "how many nodes are measured at a time (10)",
    group: AGENT,
    placeholder: "N",
  }),
} as const;

/** The switches of the agent. */
export const AGENT_SWITCHES = {
  agent: switchFlag("agent", {
    summary: "measure on a GPU node of the cluster in place of this machine",
    group: AGENT,
    aliases: ["deploy-agent"],
  }),
  printRbac: switchFlag("print-rbac", {
    summary: "print the objects that it needs, and do nothing",
    group: AGENT,
  }),
} as const;

/** All flags of `aicr snapshot` but those that choose the cluster. */
export const SNAPSHOT_FLAGS = { ...MEASURING, ...WRITING, ...WATCHING, ...AGENT_SWITCHES, ...AGENT_FLAGS } as const;
