import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { SlipwayError } from "@slipway/base";
import { rejectionOf } from "@slipway/base/testing";
import { afterEach, expect, test } from "vitest";
import { KubeApiError } from "../../errors.ts";
import { RESOURCES } from "../../resources.ts";
import { openEndpoint } from "../../testing/endpoint.ts";
import { testClient, type TestClientOptions } from "../../testing/test-client.ts";
import type { NodeKubeClient } from "../connect.ts";

const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

/** A client of a server that answers as told; the last answer stays. */
async function serve(
  listeners: readonly RequestListener[],
  options: Partial<TestClientOptions> = {},
): Promise<{ client: NodeKubeClient; requests: IncomingMessage[]; url: string }> {
  const requests: IncomingMessage[] = [];
  const listener: RequestListener = (request, response) => {
    const answer = listeners[Math.min(requests.length, listeners.length - 1)];
    requests.push(request);
    answer?.(request, response);
  };
  const endpoint = await openEndpoint(undefined, listener, () => undefined);
  const client = await testClient({ ...options, cluster: { server: endpoint.url, ...options.cluster } });
  closing.push(async () => {
    client.close();
    await endpoint.stop();
  });
  return { client, requests, url: endpoint.url };
}

type Headers = Readonly<Record<string, string>>;

const json =
  (status: number, body: object, headers: Headers = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));

const status = (code: number, reason: string, message: string, headers: Headers = {}): RequestListener =>
  json(code, { kind: "Status", apiVersion: "v1", status: "Failure", code, reason, message }, headers);

const ok = json(200, { ok: true });
const cut: RequestListener = (_request, response) => void response.socket?.destroy();
const silent: RequestListener = () => undefined;
const text =
  (code: number, type: string, body: string, headers: Headers = {}): RequestListener =>
  (_request, response) =>
    response.writeHead(code, { "content-type": type, ...headers }).end(body);

const POD = { apiVersion: "v1", kind: "Pod", metadata: { name: "p" } };

test("a read is repeated after 429, 5xx and lost connections", async () => {
  const { client, requests } = await serve([
    status(429, "TooManyRequests", "slow down", { "retry-after": "0" }),
    status(503, "ServiceUnavailable", "starting"),
    cut,
    ok,
  ]);
  expect(await client.read("/x")).toEqual({ ok: true });
  expect(requests).toHaveLength(4);
});

test("a read is not repeated after what will not pass", async () => {
  const { client, requests } = await serve([status(404, "NotFound", "no such thing")]);
  await rejectionOf(client.read("/x"));
  expect(requests).toHaveLength(1);
});

test("a write is repeated only when the server did nothing", async () => {
  const created = json(201, POD);
  const post = async (listener: RequestListener): Promise<unknown> => {
    const { client, requests } = await serve([listener, created]);
    const outcome = await client.create(RESOURCES.pods, POD).then(
      () => "created",
      (error: unknown) => (error instanceof SlipwayError ? error.code : error),
    );
    return [outcome, requests.length];
  };
  expect(await post(status(429, "TooManyRequests", "slow down"))).toEqual(["created", 2]);
  expect(await post(status(503, "ServiceUnavailable", "busy", { "retry-after": "0" }))).toEqual(["created", 2]);
  expect(await post(status(503, "ServiceUnavailable", "busy"))).toEqual(["UNAVAILABLE", 1]);
  expect(await post(status(500, "InternalError", "who knows"))).toEqual(["UNAVAILABLE", 1]);
  expect(await post(cut)).toEqual(["UNAVAILABLE", 1]);
});

test("a wait that the time does not allow is not begun", async () => {
  const { client, requests } = await serve([status(429, "TooManyRequests", "slow down", { "retry-after": "60" })]);
  const error = await rejectionOf(client.read("/x", { timeoutMs: 5_000 }));
  expect(error).toMatchObject({ code: "UNAVAILABLE", reason: "TooManyRequests", retryAfterSeconds: 60 });
  expect(requests).toHaveLength(1);
});

test("a server that does not answer, or not to the end, has a time limit", async () => {
  const begun: RequestListener = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write("{");
  };
  for (const listener of [silent, begun]) {
    const { client, url } = await serve([listener]);
    const error = await rejectionOf(client.read("/slow", { timeoutMs: 50 }));
    expect([error.code, error.message]).toEqual(["TIMED_OUT", `GET ${url}/slow: no complete answer within 50ms`]);
  }
});

test("a time limit below a millisecond is told as one", async () => {
  const { client, url } = await serve([silent]);
  const error = await rejectionOf(client.read("/slow", { timeoutMs: 1e-6 }));
  expect([error.code, error.message]).toEqual(["TIMED_OUT", `GET ${url}/slow: no complete answer within 1ms`]);
});

test("the caller's signal ends a request, its body, a wait before the next attempt, and a request that is to come", async () => {
  const begun: RequestListener = (_request, response) => void response.writeHead(200).write("{");
  const busy = status(429, "TooManyRequests", "slow down", { "retry-after": "20" });
  const reason = new SlipwayError("INTERRUPTED", "interrupted");
  for (const listener of [silent, begun, busy]) {
    const { client, requests } = await serve([listener]);
    const stop = new AbortController();
    const running = rejectionOf(client.read("/x", { signal: stop.signal }));
    while (requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    stop.abort(reason);
    expect(await running).toBe(reason);
  }
  const { client, requests } = await serve([ok]);
  expect(await rejectionOf(client.read("/x", { signal: AbortSignal.abort(reason) }))).toBe(reason);
  expect((await rejectionOf(client.read("/x", { signal: AbortSignal.abort() }))).code).toBe("INTERRUPTED");
  expect((await rejectionOf(client.read("/x", { signal: AbortSignal.timeout(0) }))).code).toBe("TIMED_OUT");
  expect(requests.length).toBeLessThan(2);
});

test("an answer that is cut is UNAVAILABLE, packed or not", async () => {
  const part = (headers: Headers, bytes: Uint8Array): RequestListener => {
    return (_request, response) => {
      response.writeHead(200, { "content-type": "application/json", "content-length": "1000", ...headers });
      response.write(bytes, () => response.socket?.destroy());
    };
  };
  for (const listener of [
    part({}, Buffer.from("{")),
    part({ "content-encoding": "gzip" }, gzipSync('{"a":"b"}').subarray(0, 12)),
  ]) {
    const { client } = await serve([listener]);
    expect(await rejectionOf(client.read("/x"))).toMatchObject({ code: "UNAVAILABLE" });
  }
});

test("a packed answer is unpacked", async () => {
  const packed: RequestListener = (_request, response) =>
    response
      .writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" })
      .end(gzipSync('{"a":"b"}'));
  const { client } = await serve([packed]);
  expect(await client.read("/x")).toEqual({ a: "b" });
});

test("answers that no API server gives are told as such", async () => {
  const hint = "Is the server in the kubeconfig an API server, and not a console or a login page in front of it?";
  const told = async (listener: RequestListener) => {
    const { client, url } = await serve([listener]);
    const error = await rejectionOf(client.list(RESOURCES.pods, { namespace: "default" }));
    return [error.code, error.message.replace(url, "URL"), error.hint];
  };
  const path = "GET /api/v1/namespaces/default/pods: URL answered with";
  expect(await told(text(302, "text/html", "", { location: "https://login.test/?state=s3cret" }))).toEqual([
    "UNAVAILABLE",
    `${path} a redirect to https://login.test/`,
    hint,
  ]);
  expect(await told(text(200, "text/html; charset=utf-8", "<html>Log in</html>"))).toEqual([
    "UNAVAILABLE",
    `${path} text/html; charset=utf-8 that no API server sends (status 200)`,
    hint,
  ]);
  expect(await told(text(403, "text/html", "<html>Log in</html>"))).toEqual([
    "UNAVAILABLE",
    `${path} text/html that no API server sends (status 403)`,
    hint,
  ]);
  expect(await told(text(200, "application/json", "{"))).toMatchObject({ 0: "UNAVAILABLE" });
  expect(await told(json(200, [1]))).toMatchObject({ 0: "INVALID_INPUT" });
});

test.each([
  [status(403, "Forbidden", "pods is forbidden"), "NOT_ALLOWED", "Forbidden", "pods is forbidden"],
  [
    text(404, "text/plain", "404 page not found\n"),
    "NOT_FOUND",
    "NotFound",
    "the server answered 404: 404 page not found",
  ],
  [text(413, "text/plain", ""), "TOO_LARGE", "RequestEntityTooLarge", "the server answered 413"],
  [json(400, { message: "?" }), "INVALID_INPUT", "BadRequest", 'the server answered 400: {"message":"?"}'],
  [text(502, "text/html", "<html>nginx</html>"), "UNAVAILABLE", "", "the server answered 502"],
  [status(422, "Invalid", "spec.x: Required"), "INVALID_INPUT", "Invalid", "spec.x: Required"],
  [status(410, "Expired", "too old"), "UNAVAILABLE", "Expired", "too old"],
])("a refusal keeps the server's reason and sentence (%#)", async (listener, code, reason, message) => {
  const { client } = await serve([listener]);
  const error = await rejectionOf(client.list(RESOURCES.pods, { namespace: "gpu" }));
  expect(error).toBeInstanceOf(KubeApiError);
  expect(error).toMatchObject({ code, reason, message });
});

test("a 403 says how to ask about it", async () => {
  const { client } = await serve([status(403, "Forbidden", "no")]);
  const hints = await Promise.all(
    [
      client.list(RESOURCES.pods, { namespace: "gpu" }),
      client.list(RESOURCES.jobs),
      client.get(RESOURCES.nodes, "n"),
      client.delete(RESOURCES.jobs, "j", { namespace: "gpu" }),
      client.patch(RESOURCES.pods, "p", { type: "merge", value: {} }, { namespace: "gpu", subresource: "status" }),
      client.read("/metrics"),
    ].map(async (promise) => (await rejectionOf(promise)).hint),
  );
  expect(hints).toEqual([
    "Check with: kubectl auth can-i list pods -n gpu",
    "Check with: kubectl auth can-i list jobs.batch --all-namespaces",
    "Check with: kubectl auth can-i get nodes/n",
    "Check with: kubectl auth can-i delete jobs.batch/j -n gpu",
    "Check with: kubectl auth can-i patch pods/p --subresource=status -n gpu",
    "Check with: kubectl auth can-i get /metrics",
  ]);
});

test("what the server warns of is told once", async () => {
  const warned: string[] = [];
  const warning = '299 - "v1beta1 is \\"old\\"", 299 - "use v1", 199 - "unasked"';
  const { client } = await serve([json(200, {}, { warning })], { onWarning: (said) => warned.push(said) });
  await client.read("/x");
  await client.read("/x");
  expect(warned).toEqual(['v1beta1 is "old"', "use v1"]);
});

test("a server may stand below a path", async () => {
  const seen: (string | undefined)[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    seen.push(request.url);
    ok(request, response);
  };
  const { url } = await serve([listener]);
  const client = await testClient({ cluster: { server: `${url}/k8s/clusters/c-1/` } });
  closing.unshift(() => Promise.resolve(client.close()));
  await client.read("/readyz?verbose");
  expect([client.connection.server, ...seen]).toEqual([`${url}/k8s/clusters/c-1`, "/k8s/clusters/c-1/readyz?verbose"]);
});

test("connections are kept and used again", async () => {
  const { client, requests } = await serve([ok]);
  for (let count = 0; count < 3; count++) await client.read("/x");
  expect(new Set(requests.map(({ socket }) => socket.remotePort)).size).toBe(1);
});

test("a server that is down is told with its address", async () => {
  const { client, url } = await serve([ok]);
  for (const close of closing.splice(0)) await close();
  const error = await rejectionOf(client.read("/x"));
  expect([error.code, error.describe()]).toEqual([
    "UNAVAILABLE",
    `the server ${url} refuses the connection\nIs the cluster running, and is the port right?`,
  ]);
});
