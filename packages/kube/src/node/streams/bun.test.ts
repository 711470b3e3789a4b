import { execFile } from "node:child_process";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { startCluster } from "../../testing/index.ts";

const SCRIPT = `
  import { connect } from "node:net";
  import { clientOf } from "../../testing/client.ts";
  const [kubeconfig] = process.argv.slice(-1);
  const client = await clientOf({ kubeconfig });
  const at = { namespace: "default" };
  const text = async (chunks) => {
    const parts = [];
    for await (const chunk of chunks) parts.push(chunk);
    return Buffer.concat(parts).toString();
  };
  async function* input() {
    yield Buffer.from("one, ");
    yield Buffer.from("two");
  }
  const out = [];
  const exit = await client.exec("pod", {
    ...at, command: ["tr", "a b"], stdin: input(), onStdout: (chunk) => out.push(chunk),
  });
  const refused = await client.exec("none", { ...at, command: ["ls"] }).catch((error) => [error.code, error.status]);
  const forwarded = await client.portForward("pod", { ...at, port: 8080 });
  const socket = connect(forwarded.localPort, "127.0.0.1");
  socket.write("x".repeat(2_000_000) + "\\n");
  const echoed = await text(socket);
  await forwarded.close();
  const events = [];
  const resource = { group: "", version: "v1", plural: "pods", kind: "Pod", namespaced: true };
  for await (const { type, object } of client.watch(resource, at)) {
    events.push(type + " " + object.metadata.name);
    break;
  }
  console.log(JSON.stringify({
    log: await text(client.logs("pod", at)),
    exec: [exit, Buffer.concat(out).toString()],
    refused,
    echoed: echoed.length,
    events,
  }));
  client.close();`;

test("streams work under Bun, which the released programs run on: private authority, client certificate, WebSockets", async () => {
  const cluster = await startCluster({ tls: true });
  cluster.put({ apiVersion: "v1", kind: "Pod", metadata: { name: "pod" } });
  cluster.log("default", "pod").write("said\n");
  cluster.scripts.exec = async ({ stdin, stdout, command }) => {
    const parts: Uint8Array[] = [];
    for await (const part of stdin) parts.push(part);
    stdout(`${command.join("|")}: ${Buffer.concat(parts).toString()}`);
    return 7;
  };
  const echo = createServer((socket) => {
    socket.on("data", (data) => {
      socket.write(data);
      if (data.at(-1) === 10) socket.end();
    });
  });
  await new Promise<void>((resolve) => echo.listen(0, "127.0.0.1", resolve));
  const address = echo.address();
  cluster.scripts.forward = () => (typeof address === "object" ? (address?.port ?? 0) : 0);
  try {
    const bun = fileURLToPath(new URL("../../../../../node_modules/.bin/bun", import.meta.url));
    const options = { cwd: import.meta.dirname };
    const { stdout } = await promisify(execFile)(bun, ["--eval", SCRIPT, cluster.kubeconfig], options);
    expect(JSON.parse(stdout)).toEqual({
      log: "said\n",
      exec: [7, "tr|a b: one, two"],
      refused: ["NOT_FOUND", 404],
      echoed: 2_000_001,
      events: ["ADDED pod"],
    });
    expect(cluster.requests.every(({ user }) => user.name === "admin")).toBe(true);
  } finally {
    echo.close();
    await cluster.close();
  }
});
