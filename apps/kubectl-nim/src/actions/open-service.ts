import { getNimObject, podsOf } from "@slipway/serving";
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
  const address = { kind: "NIMService", namespace, name } as const;
  const service = await getNimObject(client, address, signal);
  const pods = await podsOf(client, address, signal);
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
