import { choiceFlag, durationFlag, integerFlag, textFlag } from "@slipway/terminal";

const WHERE = "Namespaces";
const LINES = "Logs";
const OUTPUT = "Output";

/** What of a log is kept unless told: 64 MiB. */
const MOST_LOG_BYTES = 64 * 1024 * 1024;

/** The flags of `log collect`. */
export const COLLECT_FLAGS = {
  operatorNamespace: textFlag("operator-namespace", {
    summary: "where the NIM Operator runs; found by its label unless given",
    group: WHERE,
    placeholder: "NAME",
    env: "OPERATOR_NAMESPACE",
  }),
  nemoNamespace: textFlag("nemo-namespace", {
    summary: "where NeMo microservices run; none of them unless given",
    group: WHERE,
    placeholder: "NAME",
    env: "NEMO_NAMESPACE",
  }),
  outputDirectory: textFlag("output-directory", {
    summary: "directory that is made, or a FILE.tar.gz; in the temporary directory unless given",
    group: OUTPUT,
    placeholder: "PATH",
    env: "ARTIFACT_DIR",
    completion: "directories",
  }),
  output: choiceFlag("output", ["text", "json"], "text", {
    summary: "form of what is printed: the logs' paths, or the bundle's index",
    group: OUTPUT,
    placeholder: "FORMAT",
    short: "o",
    repeat: "last",
  }),
  since: durationFlag("since", undefined, {
    summary: "only lines of this last while, such as 2h",
    group: LINES,
    placeholder: "DURATION",
  }),
  sinceTime: textFlag("since-time", {
    summary: "only lines from this time on (RFC 3339)",
    group: LINES,
    placeholder: "TIME",
  }),
  tail: integerFlag("tail", {
    summary: "only so many of the last lines of each container; -1 for all",
    group: LINES,
    placeholder: "LINES",
  }),
  maxLogBytes: integerFlag("max-log-bytes", {
    summary: `only so many bytes of each container's log (default ${MOST_LOG_BYTES})`,
    group: LINES,
    placeholder: "BYTES",
  }),
};

/** The value of `--max-log-bytes` when it is not given. */
export const DEFAULT_LOG_BYTES = MOST_LOG_BYTES;
