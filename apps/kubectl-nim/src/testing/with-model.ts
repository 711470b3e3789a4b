import type { ServerResponse } from "node:http";
import type { Clock } from "@slipway/base";
import type { Cluster } from "@slipway/kube/testing";
import { expect } from "vitest";
import { plain } from "@slipway/terminal/testing";
import { inNimCluster, type NimWorkplace } from "./nim.ts";
import { sendJson, startModelServer, type ModelCall, type ModelScript, type ModelServer } from "./model-server.ts";

/** The model that services of tests have. */
export const MODEL = "meta/llama-3.1-8b-instruct";

/** A tenth of a second passes each time somebody asks what time it is. */
function ticking(): Clock {
  let now = Date.parse("2026-01-02T03:04:05.000Z");
  return { now: () => new Date((now += 100)) };
}

/** Puts a service `llama` and its pod, whose port `api` is 8123. */
export function putService(cluster: Cluster, state = "Ready", isReady = "True"): void {
  const conditions = [
    { type: "Ready", status: isReady, reason: state, message: isReady === "True" ? "" : "0 of 1 available" },
  ];
  cluster.put({
    apiVersion: "apps.nvidia.com/v1alpha1",
    kind: "NIMService",
    metadata: { name: "llama", namespace: "nim" },
    spec: { expose: { service: { port: 8000 } } },
    status: { state, conditions },
  });
  cluster.put({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name: "llama-1", namespace: "nim", labels: { "app.kubernetes.io/instance": "llama" } },
    spec: {
      containers: [
        {
          name: "llama-ctr",
          ports: [
            { name: "metrics", containerPort: 9 },
            { name: "api", containerPort: 8123 },
          ],
        },
      ],
    },
    status: { phase: "Running", conditions: [{ type: "Ready", status: isReady }] },
  });
}

/** A workplace with a service that answers. */
export interface ChatPlace extends NimWorkplace {
  readonly model: ModelServer;
}

/** A service whose container is played by a script; `/v1/models` is answered unless the script does. */
export async function withModel(
  answer: (call: ModelCall, response: ServerResponse) => void,
  action: (place: ChatPlace) => Promise<void>,
  models: ModelScript = (_, response) => sendJson(response, 200, { data: [{ id: MODEL }, { id: "lora-a" }] }),
): Promise<void> {
  const script: ModelScript = (call, response) => (call.path === "/v1/models" ? models : answer)(call, response);
  const model = await startModelServer(script);
  try {
    await inNimCluster(
      async (place) => {
        putService(place.cluster);
        place.cluster.scripts.forward = ({ port }) => (port === 8123 ? model.port : 1);
        const run: NimWorkplace["run"] = (line, options) => place.run(line, { clock: ticking(), ...options });
        const both: NimWorkplace["both"] = async (line, options) => {
          const piped = await run(line, { ...options, tty: false });
          const seen = await run(line, { ...options, tty: true, columns: 200 });
          expect({ ...seen, out: plain(seen.out), err: plain(seen.err) }).toEqual(piped);
          return piped;
        };
        await action({ ...place, run, both, model });
      },
      { unsettled: ["Pod"] },
    );
  } finally {
    await model.close();
  }
}
