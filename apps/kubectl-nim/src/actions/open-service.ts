import { isNotFound, type KubeObject } from "@slipway/kube";
import { NIM_KINDS, missingObject, podsOf } from "@slipway/serving";
import { choosePod, type Endpoint } from "@slipway/serving/chat";
import type { NimDeps } from "../deps.ts";
import type { NimCluster } from "./cluster-of.ts";

/** How a service is reached. */
export interface OpenOptions {
  /** Whether it is tried although it is not ready. */
  readonly force: boolean;
  /** 0 takes a free one. */
  readonly localPort: number;
}

/** A service within reach. */
export interface OpenService extends Endpoint {
  close(): Promise<void>;
}

/**
 * Forwards a port to a pod that answers for a service.
 *
 * @throws SlipwayError NOT_FOUND when there is no such service, UNAVAILABLE when it is not ready; what the server refuses
 */
export async function openService(
  { io, fetch }: Pick<NimDeps, "io" | "fetch">,
  { client, namespace }: NimCluster,
  name: string,
  { force, localPort }: OpenOptions,
): Promise<OpenService> {
  const { signal } = io;
  const service = await readService({ client, namespace }, name, signal);
  const pods = await podsOf(client, { kind: "NIMService", namespace, name }, signal);
  const { pod, port } = choosePod(service, pods, force);
  const forwarded = await client.portForward(pod, { namespace, port, localPort, signal });
  let lost: unknown;
  forwarded.closed.catch((error: unknown) => {
    lost = error;
  });
  return {
    url: `http://127.0.0.1:${forwarded.localPort}`,
    fetch,
    signal,
    lost: () => lost,
    close: () => forwarded.close(),
  };
}

async function readService({ client, namespace }: NimCluster, name: string, signal: AbortSignal): Promise<KubeObject> {
  const kind = NIM_KINDS.NIMService;
  try {
    return await client.get(kind.resource, name, { namespace, signal });
  } catch (error) {
    if (!isNotFound(error)) throw error;
    throw await missingObject(client, kind, name, namespace, signal);
  }
}
