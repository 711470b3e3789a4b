import { COLLECTOR_NAMES } from "@slipway/snapshot";
import {
  choiceFlag,
  durationFlag,
  integerFlag,
  listFlag,
  switchFlag,
  textFlag,
  type Suggestion,
} from "@slipway/terminal";

/** The image of the agent unless told. */
export const AGENT_IMAGE = "ghcr.io/nvidia/aicr:latest";

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
    summary: "limit of each measurement (default 1m); with --agent or --nodes, of each Job (default 5m)",
    group: "Measuring",
    placeholder: "DURATION",
  }),
  maxNodesPerEntry: integerFlag("max-nodes-per-entry", {
    summary: "how many nodes each taint and label of NodeTopology names; 0 is all of them",
    group: "Measuring",
    placeholder: "N",
    env: "AICR_MAX_NODES_PER_ENTRY",
  }),
  requireGpu: switchFlag("require-gpu", {
    summary: "end with 1 when the node shows no GPU; with --agent, ask the scheduler for one",
    group: "Measuring",
  }),
  nodeName: textFlag("node-name", {
    summary: "name of this machine as a node of the cluster",
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

async function completeNames(word: string): Promise<readonly Suggestion[]> {
  const start = word.slice(0, word.lastIndexOf(",") + 1);
  return COLLECTOR_NAMES.map((name) => ({ value: `${start}${name}` }));
}

/** Where a snapshot goes, and in which form. */
const WRITING = {
  output: textFlag("output", {
    summary: "file, cm://NAMESPACE/NAME, or with --nodes a directory; - or nothing is standard output",
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
    summary: "Go template (with sprig functions) that writes the output",
    group: "Output",
    placeholder: "FILE",
    completion: "files",
  }),
} as const;

/** Measuring again and again. */
const WATCHING = {
  watch: switchFlag("watch", {
    summary: "measure again and again, and print a line of JSON with a JSON Patch for each change",
    group: "Watching",
  }),
  interval: durationFlag("interval", 30_000, {
    summary: "time from one measurement to the next",
    group: "Watching",
    placeholder: "DURATION",
  }),
  ignore: listFlag("ignore", {
    summary: "readings whose changes do not count, such as K8s.image or OS.sysctl.*",
    group: "Watching",
    placeholder: "PATTERN",
    split: true,
  }),
  onChange: textFlag("on-change", {
    summary: "program that is run for each change, with that line on its standard input; no shell, no arguments",
    group: "Watching",
    placeholder: "PROGRAM",
    completion: "files",
  }),
} as const;

const AGENT = "Agent (a Job that measures on a GPU node)";

/** Whether the agent, or how many of them. */
const AGENTS = {
  agent: switchFlag("agent", {
    summary: "measure on a GPU node of the cluster instead of on this machine",
    group: AGENT,
    aliases: ["deploy-agent"],
  }),
  nodes: textFlag("nodes", {
    summary:
      "measure many nodes at once: all that have a GPU, the first N, those of a label selector or a file with names",
    group: AGENT,
    placeholder: "all|N|SELECTOR|FILE",
    completion: completeNodes,
  }),
  workers: integerFlag("workers", {
    summary: "how many nodes are measured at a time (default 10)",
    group: AGENT,
    placeholder: "N",
  }),
  printRbac: switchFlag("print-rbac", {
    summary: "print the objects that it needs, for review, and do nothing; no cluster is asked",
    group: AGENT,
  }),
} as const;

async function completeNodes(word: string): Promise<readonly Suggestion[]> {
  return "all".startsWith(word) ? [{ value: "all" }] : [];
}

/** Where the agent runs, and as what; none of it may come from the environment, because it means the agent. */
const JOB = {
  image: textFlag("image", {
    summary: `image of the agent (default ${AGENT_IMAGE}; env AICR_AGENT_IMAGE)`,
    group: AGENT,
    placeholder: "IMAGE",
  }),
  imagePullSecret: listFlag("image-pull-secret", {
    summary: "secret to pull its image with",
    group: AGENT,
    placeholder: "NAME",
    split: true,
  }),
  nodeSelector: listFlag("node-selector", {
    summary: "label of the nodes that it may run on; without it, GPU nodes are found",
    group: AGENT,
    placeholder: "KEY=VALUE",
    split: true,
  }),
  toleration: listFlag("toleration", {
    summary: "taint that it tolerates; without it, all of them",
    group: AGENT,
    placeholder: "KEY[=VALUE][:EFFECT]",
    split: true,
  }),
  runtimeClass: textFlag("runtime-class", {
    summary: "runtime class that shows it the GPUs without taking one from the scheduler",
    group: AGENT,
    placeholder: "NAME",
  }),
  requests: listFlag("requests", {
    summary: "resources that it asks for, such as cpu=500m,memory=1Gi (env AICR_REQUESTS)",
    group: AGENT,
    placeholder: "NAME=QUANTITY",
    split: true,
  }),
  limits: listFlag("limits", {
    summary: "resources that it is held to (env AICR_LIMITS)",
    group: AGENT,
    placeholder: "NAME=QUANTITY",
    split: true,
  }),
  privileged: switchFlag("privileged", {
    summary: "see the whole node; --privileged=false suits the pod security level restricted, and sees less",
    group: AGENT,
    fallback: true,
  }),
  serviceAccount: textFlag("service-account-name", {
    summary: "service account that is there already; without it, rights are made for the run and removed",
    group: AGENT,
    placeholder: "NAME",
  }),
  jobName: textFlag("job-name", {
    summary: "what the names of its objects start with (default aicr)",
    group: AGENT,
    placeholder: "NAME",
  }),
  noCleanup: switchFlag("no-cleanup", {
    summary: "leave its objects in the cluster, and say how to remove them",
    group: AGENT,
  }),
} as const;

/** Flags that mean the agent, whether `--agent` is given or not. */
export const AGENT_FLAGS = { nodes: AGENTS.nodes, workers: AGENTS.workers, ...JOB } as const;

/** The switch that means it, for commands that measure on the spot. */
export const AGENT_SWITCHES = { agent: AGENTS.agent } as const;

/** All flags of `aicr snapshot` but those that choose the cluster. */
export const SNAPSHOT_FLAGS = { ...MEASURING, ...WRITING, ...WATCHING, ...AGENTS, ...JOB } as const;
