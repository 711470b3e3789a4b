import { readFile } from "node:fs/promises";
import { SlipwayError, type Files } from "@slipway/base";
import type { KubeClient } from "../api.ts";
import { connectTransport } from "../node/connect.ts";
import { restClient } from "../node/rest/client.ts";
import { streamsOf } from "../node/streams/index.ts";
import type { Transport } from "../node/transport.ts";
import type { Cluster } from "./cluster.ts";

/** A client for a cluster of the tests, or for any other that a kubeconfig leads to. */
export async function clientOf(cluster: Pick<Cluster, "kubeconfig">): Promise<KubeClient & { close(): void }> {
  const transport = await transportOf(cluster);
  return {
    connection: transport.connection,
    ...restClient(transport),
    ...streamsOf(transport),
    close: () => transport.close(),
  };
}

/** What {@link clientOf} sends requests with. */
export function transportOf({ kubeconfig }: Pick<Cluster, "kubeconfig">): Promise<Transport> {
  return connectTransport({ kubeconfig, env: {}, files: READ_ONLY, userAgent: "slipway-test/0" });
}

/** The file system as far as a kubeconfig needs it. */
const READ_ONLY: Files = {
  info: () => refuse(),
  list: () => refuse(),
  read: (path) => readFile(path),
  write: () => refuse(),
};

function refuse(): Promise<never> {
  return Promise.reject(new SlipwayError("NOT_ALLOWED", "a kubeconfig is only read"));
}
