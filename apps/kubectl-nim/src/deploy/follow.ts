import { SlipwayError, durationText } from "@slipway/base";
import { NIM_KINDS, endpointOf, readNimService, type NimKind } from "@slipway/serving";
import { followUntilReady, type DeployPlan, type Standing } from "@slipway/serving/deploy";
import { printable, type CommandContext } from "@slipway/terminal";
import type { NimCluster } from "../actions/cluster-of.ts";
import type { NimDeps } from "../deps.ts";
import { DEPLOY_FLAGS } from "../flags/deploy-flags.ts";

/**
 * Waits for the cache, then for the service, and shows how they come up: a moving line on a terminal, a line for each change
 * elsewhere. Both together have the time of `--timeout`; none is no limit.
 *
 * @param onStep is told which kind is waited for
 */
export async function followAll(
  deps: NimDeps,
  context: CommandContext,
  { client, namespace }: NimCluster,
  plan: DeployPlan,
  onStep: (singular: string) => void,
): Promise<void> {
  const { io, clock, timer } = deps;
  const limit = context.read(DEPLOY_FLAGS.timeout);
  const started = clock.now().getTime();
  const cache = plan.model.kind === "cache" ? [{ kind: "NIMCache", name: plan.model.name } as const] : [];
  for (const { kind, name } of [...cache, { kind: "NIMService", name: plan.name } as const]) {
    onStep(NIM_KINDS[kind].singular);
    const left = limit - (clock.now().getTime() - started);
    if (limit > 0 && left <= 0)
      throw new SlipwayError("TIMED_OUT", `${kind} "${name}" was not ready in ${durationText(limit)}`);
    const tell = teller(deps, context, kind, name);
    try {
      const ready = await followUntilReady(
        client,
        { kind, name, namespace },
        { signal: io.signal, timeoutMs: limit > 0 ? left : undefined, timer, onChange: tell },
      );
      context.progress.done();
      const endpoint = kind === "NIMService" ? endpointOf(readNimService(ready)) : "";
      io.stderr.write(`${kind} "${name}" is ready${endpoint === "" ? "" : printable(` at ${endpoint}`)}\n`);
    } finally {
      context.progress.done();
    }
  }
}

function teller(
  { io }: NimDeps,
  { progress }: CommandContext,
  kind: NimKind,
  name: string,
): (standing: Standing) => void {
  return ({ state, message }) => {
    if (state === "Ready") return;
    const said = message === "" ? "" : `: ${message.replaceAll("\n", " ")}`;
    const text = printable(`${kind} "${name}" ${state === "" ? "waits for the operator" : `is ${state}${said}`}`);
    if (io.stderr.isTerminal) progress.show(text);
    else io.stderr.write(`${text}\n`);
  };
}
