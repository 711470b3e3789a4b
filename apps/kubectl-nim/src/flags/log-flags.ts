import { durationFlag, integerFlag, listFlag, switchFlag, textFlag } from "@slipway/terminal";
import { SELECTOR_FLAG } from "./common-flags.ts";

const LINES = "Lines";
const OUTPUT = "Output";

/** The flags of `log stream`; those that kubectl logs has too mean the same. */
export const LOG_FLAGS = {
  container: listFlag("container", {
    summary: "only containers of this name; may be given many times",
    group: "Selection",
    placeholder: "NAME",
    short: "c",
    split: true,
  }),
  selector: SELECTOR_FLAG,
  allContainers: switchFlag("all-containers", {
    summary: "all containers, which is what is done anyway",
    group: "Selection",
    hidden: true,
    fallback: true,
  }),
  follow: switchFlag("follow", {
    summary: "go on with what comes, pods and restarts included; --no-follow prints what is there",
    group: LINES,
    short: "f",
    fallback: true,
  }),
  previous: switchFlag("previous", {
    summary: "the log from before the last restart of each container",
    group: LINES,
    short: "p",
  }),
  since: durationFlag("since", undefined, {
    summary: "only lines of this last while, such as 5m or 2h",
    group: LINES,
    placeholder: "DURATION",
  }),
  sinceTime: textFlag("since-time", {
    summary: "only lines from this time on (RFC 3339)",
    group: LINES,
    placeholder: "TIME",
  }),
  tail: integerFlag("tail", {
    summary: "only so many of the lines that are there, of each container; -1 for all",
    group: LINES,
    placeholder: "LINES",
  }),
  timestamps: switchFlag("timestamps", { summary: "the time of each line, before it", group: OUTPUT }),
  prefix: switchFlag("prefix", {
    summary: "[pod/container] before each line",
    group: OUTPUT,
    fallback: true,
  }),
};
