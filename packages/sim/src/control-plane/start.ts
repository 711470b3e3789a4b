import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { messageOf } from "@slipway/base";
import { RunningControlPlane } from "./running.ts";
import type { ControlPlane, ControlPlaneOptions } from "./control-plane.ts";
import type { Ports } from "./flags.ts";
import { freePorts } from "./ports.ts";

/** Attempts when somebody else takes a port between its choice and its use. */
const ATTEMPTS = 3;

/**
 * Brings up etcd, kube-apiserver, kube-controller-manager, kube-scheduler and kwok: real ones, on loopback, in a
 * temporary directory. Resolves when the API server is ready, pods can be created and kwok plays nodes.
 *
 * @throws SlipwayError UNAVAILABLE with the last words of the part that ended, TIMED_OUT; nothing is left behind then
 */
export async function startControlPlane(options: ControlPlaneOptions): Promise<ControlPlane> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (attempt === ATTEMPTS || !/address already in use/.test(messageOf(error))) throw error;
      options.log?.("a port was taken by somebody else; trying again with others");
    }
  }
}

async function startOnce(options: ControlPlaneOptions): Promise<ControlPlane> {
  options.signal?.throwIfAborted();
  const ports = await choosePorts(options.ports);
  const cluster = new RunningControlPlane(await mkdtemp(join(tmpdir(), "slipway-")), ports, options);
  try {
    await cluster.start();
    return cluster;
  } catch (error) {
    await cluster.stop();
    throw error;
  }
}

async function choosePorts(wanted: Partial<Ports> = {}): Promise<Ports> {
  const [apiServer = 0, kubelet = 0, kwok = 0] = await freePorts(3);
  return { apiServer, kubelet, kwok, ...wanted };
}
