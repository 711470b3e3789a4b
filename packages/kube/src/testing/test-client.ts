import { compactJson, type Exec, type TreeMap } from "@slipway/base";
import { connect, type ConnectOptions, type NodeKubeClient } from "../node/connect.ts";
import { textFiles } from "./text-files.ts";

/** What a client of a test is made from. */
export interface TestClientOptions extends Partial<Omit<ConnectOptions, "files" | "kubeconfig">> {
  /** Fields of the kubeconfig's cluster; `server` at least. */
  readonly cluster: TreeMap;
  readonly user?: TreeMap;
  /** Files by path; the kubeconfig is `/kubeconfig`. */
  readonly texts?: Map<string, string | null>;
  readonly exec?: Exec;
}

/** A client with a kubeconfig of one context. */
export async function testClient(options: TestClientOptions): Promise<NodeKubeClient> {
  const { cluster, user = {}, texts = new Map<string, string | null>(), ...rest } = options;
  texts.set(
    "/kubeconfig",
    compactJson({
      clusters: [{ name: "test", cluster }],
      users: [{ name: "jane", user }],
      contexts: [{ name: "test", context: { cluster: "test", user: "jane" } }],
      "current-context": "test",
    }),
  );
  return connect({ userAgent: "test/1", env: {}, ...rest, files: textFiles(texts), kubeconfig: "/kubeconfig" });
}
