import { SlipwayError } from "@slipway/base";
import { parseGate, parseNodeSelector, parseToleration, type Scheduling } from "@slipway/bundle";
import type { CommandContext, Flag } from "@slipway/terminal";
import { SCHEDULING_FLAGS } from "../flags/scheduling-flags.ts";

/**
 * Where the parts of a bundle run, as the flags say it.
 *
 * @throws SlipwayError INVALID_INPUT that names the flag, USAGE for a negative number of nodes
 */
export function readScheduling({ read }: CommandContext): Scheduling {
  const given = <Value>(flag: Flag<readonly string[]>, parse: (entries: readonly string[], name: string) => Value) => {
    const entries = read(flag);
    return entries.length === 0 ? undefined : parse(entries, `--${flag.name}`);
  };
  const gate = read(SCHEDULING_FLAGS.workloadGate) ?? "";
  const nodes = read(SCHEDULING_FLAGS.nodes);
  if (nodes !== undefined && nodes < 0) throw new SlipwayError("USAGE", `--nodes takes 0 or more, not ${nodes}`);
  return {
    systemNodeSelector: given(SCHEDULING_FLAGS.systemNodeSelector, parseNodeSelector),
    systemTolerations: given(SCHEDULING_FLAGS.systemNodeToleration, parseToleration),
    acceleratedNodeSelector: given(SCHEDULING_FLAGS.acceleratedNodeSelector, parseNodeSelector),
    acceleratedTolerations: given(SCHEDULING_FLAGS.acceleratedNodeToleration, parseToleration),
    workloadSelector: given(SCHEDULING_FLAGS.workloadSelector, parseNodeSelector),
    workloadGate: gate === "" ? undefined : parseGate(gate, "--workload-gate"),
    nodes,
  };
}
