import type { ProxyRequest, ProxyResponse } from "../../api.ts";
import { RESOURCES, resourcePath } from "../../resources.ts";
import type { Transport } from "../transport.ts";

/**
 * Sends a request through the API server to a pod or a service. Whatever status comes back is given back: it may be
 * theirs or the API server's.
 */
export async function proxy(transport: Pick<Transport, "send">, request: ProxyRequest): Promise<ProxyResponse> {
  const { namespace, target, name, path, method = "GET", headers, body, signal, timeoutMs } = request;
  const [pathname = "", query] = splitOnce(path.replace(/^\//, ""), "?");
  const root = resourcePath(RESOURCES[target], { namespace, name, subresource: "proxy" });
  const response = await transport.send({
    method,
    path: `${root}/${pathname}`,
    ...(query === undefined ? {} : { query: [...new URLSearchParams(query)] }),
    ...(headers === undefined ? {} : { headers }),
    ...(body === undefined ? {} : { body }),
    signal,
    timeoutMs,
  });
  return { status: response.status, headers: response.headers, body: closing(response) };
}

/** The body of an answer; whoever stops reading it ends the connection. */
async function* closing({
  body,
  close,
}: Awaited<ReturnType<Transport["send"]>>): AsyncGenerator<Uint8Array, void, undefined> {
  try {
    yield* body;
  } finally {
    close();
  }
}

function splitOnce(text: string, sign: string): readonly [string, string?] {
  const at = text.indexOf(sign);
  return at < 0 ? [text] : [text.slice(0, at), text.slice(at + 1)];
}
