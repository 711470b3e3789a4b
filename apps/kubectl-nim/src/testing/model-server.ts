import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";

/** A request that a model server got. */
export interface ModelCall {
  readonly path: string;
  /** The parsed body; nothing without one. */
  readonly body: unknown;
}

/** Answers a request. */
export type ModelScript = (call: ModelCall, response: ServerResponse) => void;

/** A server on loopback that plays the container of a service. */
export interface ModelServer {
  readonly port: number;
  readonly calls: readonly ModelCall[];
  close(): Promise<void>;
}

/** Starts it. A script that answers nothing leaves its caller waiting. */
export async function startModelServer(script: ModelScript): Promise<ModelServer> {
  const calls: ModelCall[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const call = { path: request.url ?? "", body: text === "" ? undefined : JSON.parse(text) };
      calls.push(call);
      script(call, response);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return {
    port: typeof address === "object" && address !== null ? address.port : 0,
    calls,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Answers with JSON. */
export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));
}

/** Answers with a stream of events; `end` says how it ends. */
export function sendEvents(response: ServerResponse, events: readonly unknown[], end: "done" | "cut" | "open"): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) response.write(`data: ${JSON.stringify(event)}\n\n`);
  if (end === "done") response.end("data: [DONE]\n\n");
  if (end === "cut") setImmediate(() => response.destroy());
}

/** The events of a chat completion, one for each text. */
export function chatEvents(texts: readonly string[], usage?: object): readonly unknown[] {
  return [
    { choices: [{ delta: { role: "assistant", content: "" } }] },
    ...texts.map((content) => ({ choices: [{ delta: { content } }] })),
    { choices: [{ delta: {}, finish_reason: "stop" }] },
    ...(usage === undefined ? [] : [{ choices: [], usage }]),
  ];
}
