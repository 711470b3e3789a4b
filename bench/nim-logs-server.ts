/**
 * A stand-in for an API server that has nothing but pods that talk: `node nim-logs-server.ts PODS CONTAINERS LINES RATE`.
 * Each container writes LINES lines of 100 bytes, numbered, RATE a second (0: as fast as they are taken) and then ends.
 * Prints its port, and at each line on standard input how many lines it has sent.
 */
import { createServer, type ServerResponse } from "node:http";

const [pods = 0, containers = 0, lines = 0, rate = 0] = process.argv.slice(2).map(Number);
const LINE_BYTES = 100;
const TICK_MS = 20;
const MOST_AT_ONCE = 500;
const FILL = "x".repeat(LINE_BYTES);
let sent = 0;
let open = 0;

const service = {
  apiVersion: "apps.nvidia.com/v1alpha1",
  kind: "NIMService",
  metadata: { name: "load", namespace: "nim", uid: "load", resourceVersion: "1" },
  spec: {},
};

function pod(index: number): object {
  const names = Array.from({ length: containers }, (_, number) => `c${number}`);
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: `load-${index}`, namespace: "nim", uid: `load-${index}`, resourceVersion: "1" },
    spec: { containers: names.map((name) => ({ name })) },
    status: {
      phase: "Running",
      containerStatuses: names.map((name) => ({ name, restartCount: 0, state: { running: {} } })),
    },
  };
}

function list(items: readonly object[]): object {
  return { apiVersion: "v1", kind: "List", metadata: { resourceVersion: "1" }, items };
}

/** The number at the start of each line shows what is lost or comes twice. */
function textOf(from: number, to: number): string {
  const time = new Date().toISOString().replace("Z", "000000Z");
  const all: string[] = [];
  for (let number = from; number < to; number++) {
    const head = `${time} ${number} `;
    all.push(head, FILL.slice(0, LINE_BYTES - head.length + time.length), "\n");
  }
  return all.join("");
}

async function talk(response: ServerResponse): Promise<void> {
  const start = performance.now();
  let number = 0;
  open++;
  while (number < lines && !response.destroyed) {
    const due = rate === 0 ? lines : Math.min(lines, Math.floor(((performance.now() - start) / 1000) * rate));
    const to = Math.min(due, number + MOST_AT_ONCE);
    if (to > number) {
      const goesOn = response.write(textOf(number, to));
      sent += to - number;
      number = to;
      if (!goesOn)
        await new Promise<void>((resolve) => {
          const done = (): void => {
            response.off("drain", done).off("close", done);
            resolve();
          };
          response.on("drain", done).on("close", done);
        });
      continue;
    }
    await new Promise((resolve) => setTimeout(resolve, TICK_MS));
  }
  open--;
  // It stays open, as that of a container that has nothing to say does.
}

const server = createServer((request, response) => {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://server");
  const json = (value: object): void => void response.end(JSON.stringify(value));
  response.setHeader("content-type", "application/json");
  if (pathname.endsWith("/log")) {
    response.setHeader("content-type", "text/plain");
    response.flushHeaders();
    void talk(response);
  } else if (searchParams.get("watch") === "true") response.flushHeaders();
  else if (pathname.endsWith("/nimservices/load")) json(service);
  else if (pathname.endsWith("/nimservices")) json(list([service]));
  else if (pathname.endsWith("/pods") && searchParams.get("labelSelector")?.startsWith("app.kubernetes.io/instance="))
    json(list(Array.from({ length: pods }, (_, index) => pod(index))));
  else json(list([]));
});

server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address === "object") process.stdout.write(`${address.port}\n`);
});
process.stdin.on("data", () => process.stdout.write(`${sent} ${open}\n`));
process.stdin.on("end", () => process.exit(0));
