import type { ProxyRequest, ProxyResponse } from "../../api.ts";
import { RESOURCES, resourcePath } from "../../resources.ts";
import type { Transport, TransportResponse } from "../transport.ts";

/**
 * Sends a request through the API server to a pod or a service. Whatever status comes back is given back: it may be
 * theirs or the API server's.
 */
export async function proxy(transport: Pick<Transport, "send">, request: ProxyRequest): Promise<ProxyResponse> {
  const { namespace, target, name, path, method = "GET", headers, body, signal, timeoutMs } = request;
  const root = resourcePath(RESOURCES[target], { namespace, name, subresource: "proxy" });
  // Steps up end at the root, so that no path leaves the pod or service that was named.
  const { pathname, searchParams } = new URL(path.replace(/^\/*/, "/"), "http://behind.proxy");
  const response = await transport.send({
    method,
    path: `${root}${pathname}`,
    query: [...searchParams],
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    signal,
    timeoutMs,
  });
  return { status: response.status, headers: response.headers, body: closing(response) };
}

/** The body of an answer; whoever stops reading it ends the connection. */
async function* closing(response: TransportResponse): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* response.body;
  } finally {
    response.close();
  }
}
