import { createServer, type AddressInfo, connect, type Server, type Socket } from "node:net";
import { createServer as createHttpServer } from "node:http";
import { rejectionOf } from "@slipway/base/testing";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { ExecOptions, ForwardedPort, LogOptions, ProxyResponse } from "../../api.ts";
import { clientOf, startCluster, type Cluster, type ClusterOptions } from "../../testing/index.ts";

let cluster: Cluster;
let client: Awaited<ReturnType<typeof clientOf>>;

async function start(options: ClusterOptions = {}): Promise<void> {
  cluster = await startCluster({ tls: true, ...options });
  client = await clientOf(cluster);
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: "pod" } });
}

beforeEach(() => start());

afterEach(async () => {
  client.close();
  await cluster.close();
});

const AT = { namespace: "default" };

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString();
}

async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; tries < 2000; tries++) {
    if (isSo()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  throw new Error("it never came to be so");
}

test("a log: all of it, its end, another container's, the last run's", async () => {
  cluster.log("default", "pod").write("one\ntwo\nthree\n");
  cluster.log("default", "pod", "side").write("other\n");
  cluster.log("default", "pod", "side", true).write("before\n");
  expect(await textOf(client.logs("pod", AT))).toBe("one\ntwo\nthree\n");
  expect(await textOf(client.logs("pod", { ...AT, tailLines: 2 }))).toBe("one\ntwo\nthree\n".slice(4));
  expect(await textOf(client.logs("pod", { ...AT, limitBytes: 5 }))).toBe("one\nt");
  expect(await textOf(client.logs("pod", { ...AT, container: "side" }))).toBe("other\n");
  expect(await textOf(client.logs("pod", { ...AT, container: "side", previous: true }))).toBe("before\n");
  const options = { timestamps: true, sinceSeconds: 5, sinceTime: "2026-01-01T00:00:00Z", follow: false };
  await textOf(client.logs("pod", { ...AT, ...options }));
  expect(cluster.requests.at(-1)?.query).toBe("timestamps=true&sinceSeconds=5&sinceTime=2026-01-01T00%3A00%3A00Z");
});

test("a log with times, since a time, and of a container that started anew", async () => {
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: "timed" } });
  const log = cluster.log("default", "timed");
  log.write("one\ntw", "2026-01-01T00:00:00.000000001Z");
  log.write("o\nthree\n", "2026-01-01T00:00:01.500000000Z");
  const read = (options: Partial<LogOptions>): Promise<string> =>
    textOf(client.logs("timed", { namespace: "default", ...options }));
  expect(await read({ timestamps: true })).toBe(
    "2026-01-01T00:00:00.000000001Z one\n2026-01-01T00:00:00.000000001Z two\n2026-01-01T00:00:01.500000000Z three\n",
  );
  // Whole seconds, as the API server passes them on.
  expect(await read({ sinceTime: "2026-01-01T00:00:01.9Z" })).toBe("three\n");
  expect(await read({ sinceTime: "2026-01-01T00:00:02Z" })).toBe("");
  expect(await read({ tailLines: 0 })).toBe("");
  log.restart().write("anew\n");
  expect([await read({}), (await read({ previous: true })).length]).toEqual(["anew\n", 14]);
});

test("a log is followed until its container ends", async () => {
  const log = cluster.log("default", "pod");
  log.write("one\n");
  const seen: string[] = [];
  for await (const chunk of client.logs("pod", { ...AT, follow: true })) {
    seen.push(Buffer.from(chunk).toString());
    if (seen.length === 1) log.write("two\n");
    if (seen.length === 2) log.end();
  }
  expect(seen).toEqual(["one\n", "two\n"]);
});

test("a reader of a log may stop, be stopped, lose the server, and be refused", async () => {
  const log = cluster.log("default", "pod");
  log.write("one\n");
  for await (const _chunk of client.logs("pod", { ...AT, follow: true })) break;
  const stop = new AbortController();
  const reading = (async () => {
    for await (const _chunk of client.logs("pod", { ...AT, follow: true, signal: stop.signal }))
      stop.abort(new Error("stopped"));
  })();
  await expect(reading).rejects.toThrow("stopped");
  cluster.fault({ times: 1, cutAfter: 2 });
  expect((await rejectionOf(textOf(client.logs("pod", AT)))).code).toBe("UNAVAILABLE");
  expect((await rejectionOf(textOf(client.logs("none", AT)))).message).toContain('pods "none" not found');
});

test("a slow reader of a log slows the server", async () => {
  const log = cluster.log("default", "pod");
  const line = `${"x".repeat(1023)}\n`;
  log.write(line.repeat(20_000));
  log.end();
  let bytes = 0;
  for await (const chunk of client.logs("pod", { ...AT, follow: true })) {
    bytes += chunk.length;
    if (bytes < 1_000_000) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(bytes).toBe(20_000 * 1024);
});

interface Ran {
  readonly exit: number;
  readonly out: string;
  readonly err: string;
}

async function run(options: Partial<ExecOptions> & Pick<ExecOptions, "command">): Promise<Ran> {
  const [out, err]: [Uint8Array[], Uint8Array[]] = [[], []];
  const exit = await client.exec("pod", {
    ...AT,
    ...options,
    onStdout: (chunk) => void out.push(chunk),
    onStderr: (chunk) => void err.push(chunk),
  });
  return { exit, out: Buffer.concat(out).toString(), err: Buffer.concat(err).toString() };
}

async function* chunksOf(...texts: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

test("a command: its words, its two outputs and its exit status", async () => {
  cluster.scripts.exec = ({ command, container, stdout, stderr }) => {
    stdout(`${JSON.stringify(command)} in ${container}\n`);
    stderr("careful\n");
    return command.length;
  };
  expect(await run({ command: ["ls", "a b", "$(c)"], container: "main" })).toEqual({
    exit: 3,
    out: '["ls","a b","$(c)"] in main\n',
    err: "careful\n",
  });
  expect(cluster.requests.at(-1)?.query).toBe(
    "container=main&command=ls&command=a%20b&command=%24(c)&stdin=false&stdout=true&stderr=true&tty=false",
  );
  cluster.scripts.exec = () => 0;
  expect(await run({ command: ["true"], tty: true })).toEqual({ exit: 0, out: "", err: "" });
  expect(cluster.requests.at(-1)?.query).toBe("command=true&stdin=false&stdout=true&stderr=false&tty=true");
});

test("a command reads its input to the end", async () => {
  cluster.scripts.exec = async ({ stdin, stdout, protocol }) => {
    stdout(`${protocol}: ${(await textOf(stdin)).toUpperCase()}`);
    return 0;
  };
  expect(await run({ command: ["tr"], stdin: chunksOf("one, ", "two") })).toEqual({
    exit: 0,
    out: "v5.channel.k8s.io: ONE, TWO",
    err: "",
  });
});

test("much goes through a command both ways", async () => {
  cluster.scripts.exec = async ({ stdin, stdout }) => {
    for await (const chunk of stdin) stdout(chunk);
    return 0;
  };
  const blocks = Array.from({ length: 40 }, (_, index) => String.fromCharCode(97 + (index % 26)).repeat(100_000));
  const { out } = await run({ command: ["cat"], stdin: chunksOf(...blocks) });
  expect(out === blocks.join("")).toBe(true);
});

test("an older server runs commands, but not with input", async () => {
  await cluster.close();
  await start({ streamProtocols: ["v4.channel.k8s.io"] });
  cluster.scripts.exec = ({ protocol, stdout }) => {
    stdout(protocol);
    return 0;
  };
  expect(await run({ command: ["true"] })).toEqual({ exit: 0, out: "v4.channel.k8s.io", err: "" });
  cluster.scripts.exec = () => new Promise(() => undefined);
  const error = await rejectionOf(run({ command: ["cat"], stdin: chunksOf("x") }));
  expect([error.code, error.describe()]).toEqual([
    "UNAVAILABLE",
    "cat in pod default/pod: the API server cannot tell a command that its input has ended: it speaks v4.channel.k8s.io\n" +
      "Kubernetes can since 1.30; on an older cluster run the command without input.",
  ]);
});

test("a command that cannot be run, and one that is never asked for", async () => {
  cluster.scripts.exec = () => {
    throw new Error('exec: "ls": executable file not found in $PATH');
  };
  expect(await rejectionOf(run({ command: ["ls"] }))).toMatchObject({
    status: 500,
    reason: "InternalError",
    message: 'ls in pod default/pod: exec: "ls": executable file not found in $PATH',
  });
  expect(await rejectionOf(client.exec("none", { ...AT, command: ["ls"] }))).toMatchObject({ code: "NOT_FOUND" });
  cluster.allow(({ subresource }) => subresource !== "exec");
  expect(await rejectionOf(run({ command: ["ls"] }))).toMatchObject({ code: "NOT_ALLOWED" });
});

test("a command ends with an abort, with its time, and with the server", async () => {
  const started: string[] = [];
  cluster.scripts.exec = ({ command }) => {
    started.push(command.join(" "));
    return new Promise(() => undefined);
  };
  const stop = new AbortController();
  const aborted = run({ command: ["a"], signal: stop.signal });
  await until(() => started.length === 1);
  stop.abort(new Error("stopped"));
  await expect(aborted).rejects.toThrow("stopped");
  expect(await rejectionOf(run({ command: ["b"], timeoutMs: 100 }))).toMatchObject({
    code: "TIMED_OUT",
    message: "b in pod default/pod: not ended within 0.1 s",
  });
  const lost = run({ command: ["c"] });
  await until(() => started.length === 3);
  await cluster.stop();
  expect(await rejectionOf(lost)).toMatchObject({
    code: "UNAVAILABLE",
    message: "c in pod default/pod: the connection was lost before the command had ended",
  });
});

test("input that breaks ends the command", async () => {
  cluster.scripts.exec = () => new Promise(() => undefined);
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield Buffer.from("a");
    throw new Error("the disk is gone");
  }
  await expect(run({ command: ["cat"], stdin: broken() })).rejects.toThrow("the disk is gone");
});

/** A server of a pod: answers each connection with what `serve` does. */
async function serving(serve: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ allowHalfOpen: true }, (socket) => {
    socket.on("error", () => socket.destroy());
    serve(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  cluster.scripts.forward = ({ port }) => {
    if (port !== 8080) throw new Error("connection refused");
    return portOf(server.address());
  };
  return server;
}

function portOf(address: AddressInfo | string | null): number {
  return typeof address === "object" && address !== null ? address.port : 0;
}

async function talk(port: number, ...texts: readonly string[]): Promise<string> {
  const socket = connect({ port, host: "127.0.0.1", allowHalfOpen: true });
  for (const text of texts) socket.write(text);
  const parts: Buffer[] = [];
  for await (const part of socket) parts.push(part);
  return Buffer.concat(parts).toString();
}

async function forward(
  options: { port?: number; localPort?: number; signal?: AbortSignal } = {},
): Promise<ForwardedPort> {
  return client.portForward("pod", { ...AT, port: 8080, ...options });
}

test("a port leads to the pod, several connections at once, much each way", async () => {
  const server = await serving((socket) => {
    let seen = "";
    socket.on("data", (data) => {
      seen += data.toString();
      if (seen.endsWith("\n")) socket.end(seen.toUpperCase());
    });
  });
  const forwarded = await forward();
  const texts = ["one\n", "two\n", `${"much".repeat(300_000)}\n`];
  const answers = await Promise.all(texts.map((text) => talk(forwarded.localPort, text)));
  expect(answers.map((answer, index) => answer === texts[index]?.toUpperCase())).toEqual([true, true, true]);
  await forwarded.close();
  await forwarded.closed;
  await expect(talk(forwarded.localPort, "x\n")).rejects.toThrow("ECONNREFUSED");
  server.close();
});

test("what the pod says after the local side has nothing more to send still arrives", async () => {
  const server = await serving((socket) => {
    socket.once("data", (data) => setTimeout(() => socket.end(`late: ${data.toString()}`), 50));
  });
  const forwarded = await forward();
  const socket = connect({ port: forwarded.localPort, host: "127.0.0.1", allowHalfOpen: true });
  socket.end("x");
  expect(await textOf(socket)).toBe("late: x");
  await forwarded.close();
  server.close();
});

test("a port in which nothing listens, a pod that is not there, a local port that is taken", async () => {
  const server = await serving(() => undefined);
  const silent = await forward({ port: 1 });
  expect(await talk(silent.localPort, "x").catch(() => "")).toBe("");
  expect(await rejectionOf(client.portForward("none", { ...AT, port: 8080 }))).toMatchObject({ code: "NOT_FOUND" });
  const taken = await rejectionOf(forward({ localPort: silent.localPort }));
  expect(taken.describe()).toMatch(
    /^port \d+ of this machine cannot be used: .*EADDRINUSE.*\nChoose another local port, or 0 for any free one\.$/,
  );
  await silent.close();
  server.close();
});

test("when the pod is gone, that is the end of it; an abort is too", async () => {
  const server = await serving((socket) => socket.end("x"));
  const first = await forward();
  cluster.remove("Pod", "default", "pod");
  expect(await talk(first.localPort, "x").catch(() => "")).toBe("");
  expect(await rejectionOf(first.closed)).toMatchObject({ code: "NOT_FOUND" });
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: "pod" } });
  const stop = new AbortController();
  const second = await forward({ signal: stop.signal });
  stop.abort(new Error("stopped"));
  await expect(second.closed).rejects.toThrow("stopped");
  await expect(talk(second.localPort, "x")).rejects.toThrow("ECONNREFUSED");
  server.close();
});

test("a server that is away for a moment costs only the connections of that moment", async () => {
  const server = await serving((socket) => socket.end("x"));
  const forwarded = await forward();
  await cluster.stop();
  expect(await talk(forwarded.localPort, "x").catch(() => "")).toBe("");
  await cluster.start();
  expect(await talk(forwarded.localPort, "x")).toBe("x");
  await forwarded.close();
  server.close();
});

async function answerOf({
  status,
  headers,
  body,
}: ProxyResponse): Promise<readonly [number, string | undefined, string]> {
  return [status, headers["content-type"], await textOf(body)];
}

test("requests to pods and services go through the proxy", async () => {
  const pod = createHttpServer((request, response) => {
    let body = "";
    request.on("data", (part) => (body += String(part)));
    request.on("end", () =>
      response
        .writeHead(request.url === "/missing" ? 404 : 200, { "content-type": "text/x-test" })
        .end(`${request.method} ${request.url} ${body}`),
    );
  });
  await new Promise<void>((resolve) => pod.listen(0, "127.0.0.1", resolve));
  const calls: string[] = [];
  cluster.scripts.proxy = ({ target, name }) => {
    calls.push(`${target} ${name}`);
    return `http://127.0.0.1:${portOf(pod.address())}`;
  };
  const service = { namespace: "default", target: "services", name: "https:dcgm:9400" } as const;
  expect(await answerOf(await client.proxy({ ...service, path: "metrics?a=1&b=x%20y" }))).toEqual([
    200,
    "text/x-test",
    "GET /metrics?a=1&b=x+y ",
  ]);
  const post = { namespace: "default", target: "pods", name: "pod:80", method: "POST", body: "data" } as const;
  expect(await answerOf(await client.proxy({ ...post, path: "/a/../../../b" }))).toEqual([
    200,
    "text/x-test",
    "POST /b data",
  ]);
  expect((await answerOf(await client.proxy({ ...post, path: "missing" })))[0]).toBe(404);
  expect(calls).toEqual(["services https:dcgm:9400", "pods pod:80", "pods pod:80"]);
  pod.close();
});

test("what the API server itself answers comes back too", async () => {
  const [status, type, body] = await answerOf(
    await client.proxy({ namespace: "default", target: "services", name: "none", path: "" }),
  );
  expect([status, type, JSON.parse(body)]).toMatchObject([
    503,
    "application/json",
    { message: 'no endpoints available for service "none"' },
  ]);
});
