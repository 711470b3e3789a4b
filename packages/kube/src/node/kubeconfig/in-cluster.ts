import { SlipwayError, utf8Text, type Files } from "@slipway/base";
import type { Selection } from "./model.ts";
import { nobody } from "./select.ts";

/** Where the kubelet puts what a pod may use of the API server. */
const FOLDER = "/var/run/secrets/kubernetes.io/serviceaccount";
const MAX_BYTES = 64 * 1024;

/**
 * The API server and the service account of the pod that this program runs in.
 *
 * @returns nothing outside a pod, or in one that has no token
 */
export async function inCluster(
  env: Readonly<Record<string, string | undefined>>,
  files: Files,
): Promise<Selection | undefined> {
  const host = env["KUBERNETES_SERVICE_HOST"] ?? "";
  const port = env["KUBERNETES_SERVICE_PORT"] ?? "";
  const tokenFile = `${FOLDER}/token`;
  if (host === "" || port === "" || (await files.info(tokenFile)) === undefined) return undefined;
  return {
    context: "in-cluster",
    namespace: (await namespaceOf(files)) ?? "default",
    cluster: {
      name: "in-cluster",
      file: FOLDER,
      server: `https://${host.includes(":") ? `[${host}]` : host}:${port}`,
      certificateAuthority: { data: undefined, path: `${FOLDER}/ca.crt` },
      insecure: false,
      tlsServerName: undefined,
      proxyUrl: undefined,
      disableCompression: false,
      execConfig: undefined,
    },
    user: { ...nobody(FOLDER), name: "service account of the pod", tokenFile },
  };
}

async function namespaceOf(files: Files): Promise<string | undefined> {
  try {
    const text = utf8Text(await files.read(`${FOLDER}/namespace`, MAX_BYTES)).trim();
    return text === "" ? undefined : text;
  } catch (error) {
    if (error instanceof SlipwayError && error.code === "NOT_FOUND") return undefined;
    throw error;
  }
}
