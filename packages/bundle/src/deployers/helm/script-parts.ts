import { shellWord } from "../../shell.ts";

/** An option of a generated script. */
export interface ScriptOption {
  readonly flag: string;
  /** The variable that it sets; without one the option is only accepted. */
  readonly variable?: string;
  /** What the variable is when the option is not given. */
  readonly initial?: string;
  /** What follows the flag; without it the flag is a switch that sets `value`. */
  readonly argument?: "NAME" | "N" | "SECONDS";
  readonly value?: string;
  readonly help: string;
}

/** Prints commands instead of running them. */
export const DRY_RUN: ScriptOption = {
  flag: "--dry-run",
  variable: "dry_run",
  initial: "false",
  value: "true",
  help: "print the commands and run none of them",
};

/** Chooses the cluster; KUBECONFIG is honoured by helm and kubectl themselves. */
export const KUBE_CONTEXT: ScriptOption = {
  flag: "--kube-context",
  variable: "kube_context",
  initial: "",
  argument: "NAME",
  help: "context of the kubeconfig (default: the current one)",
};

/** A script: what it is for, strict mode, `here` (the folder that it is in) where it is used, and its sections. */
export function scriptOf(purpose: string, sections: readonly string[]): string {
  const body = sections.join("\n\n");
  const head = `#!/usr/bin/env bash\n# ${purpose}\nset -euo pipefail`;
  return `${[head, ...(body.includes("$here") ? [HERE] : []), body].join("\n\n")}\n`;
}

/** What Ctrl-C means for a script that runs others: helm ends by itself, and no further component is begun. */
export const INTERRUPTIBLE = `trap 'echo Interrupted. >&2; exit 130' INT TERM`;

const HERE = `here="$(cd -- "$(dirname -- "\${BASH_SOURCE[0]}")" && pwd)"
readonly here`;

/** Variables, \`usage\` and the loop that reads the arguments. Numbers are checked; anything unknown ends with 2. */
export function optionParser(script: string, options: readonly ScriptOption[]): string {
  const all = options.map((option) => `[${option.flag}${option.argument === undefined ? "" : ` ${option.argument}`}]`);
  const helpLines = [...options.map((option) => [headOf(option), option.help] as const), ["--help", "print this"]];
  const variables = options.flatMap(({ variable, initial = "" }) =>
    variable === undefined ? [] : [`${variable}=${shellWord(initial)}`],
  );
  return `${variables.join("\n")}

usage() {
  cat <<'END'
Usage: ${script} ${all.join(" ")}

${helpLines.map(([head = "", help]) => `  ${head.padEnd(20)}  ${help}`).join("\n")}
END
}

misused() {
  printf '${script}: %s\\n' "$1" >&2
  usage >&2
  exit 2
}

while (($# > 0)); do
${splitting(options)}  case "$1" in
${options.map(optionCase).join("\n")}
    -h | --help)
      usage
      exit 0
      ;;
    *) misused "unknown option $1" ;;
  esac
  shift
done`;
}

/** `--flag=value` is read as `--flag value`, where the flag takes one. */
function splitting(options: readonly ScriptOption[]): string {
  const forms = options.flatMap(({ flag, argument }) => (argument === undefined ? [] : [`${flag}=*`]));
  if (forms.length === 0) return "";
  return `  case "$1" in
    ${forms.join(" | ")}) set -- "\${1%%=*}" "\${1#*=}" "\${@:2}" ;;
  esac
`;
}

function headOf({ flag, argument }: ScriptOption): string {
  return argument === undefined ? flag : `${flag} ${argument}`;
}

/** An option that a script takes because its callers give it to every script, and that changes nothing. */
export function ignored(option: ScriptOption): ScriptOption {
  const { initial: _initial, value: _value, variable: _variable, ...rest } = option;
  return rest;
}

function optionCase({ flag, variable, value = "", argument }: ScriptOption): string {
  if (variable === undefined && argument === undefined) return `    ${flag}) ;;`;
  if (argument === undefined) return `    ${flag}) ${variable}=${value} ;;`;
  const check =
    argument === "NAME"
      ? `[[ "\${2:--}" != -* ]] || misused '${flag} needs a name'`
      : `[[ "\${2:-}" =~ ^(0|[1-9][0-9]{0,5})$ ]] || misused '${flag} needs a whole number'`;
  return `    ${flag})
      ${check}
${variable === undefined ? "" : `      ${variable}="$2"\n`}      shift
      ;;`;
}

/** `run`, `kube` and, where it is used, `charts`: commands that `--dry-run` only prints, for the chosen context. */
export function runners(used: { readonly helm: boolean }): string {
  const charts = `

charts() {
  run helm \${kube_context:+--kube-context "$kube_context"} "$@"
}`;
  return `# With --dry-run a command is printed, quoted so that it could be pasted.
run() {
  if [[ "$dry_run" == true ]]; then
    printf '+'
    printf ' %q' "$@"
    printf '\\n'
  else
    "$@"
  fi
}

kube() {
  run kubectl \${kube_context:+--context "$kube_context"} "$@"
}${used.helm ? charts : ""}`;
}
