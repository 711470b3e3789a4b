import { Agent, request } from "node:https";
import { SlipwayError, messageOf, parseJson, type Tree } from "@slipway/base";
import type { CertificatePair } from "@slipway/base/testing/certificates";

/** What a server answered. */
export interface Answer {
  readonly status: number;
  json(): Tree;
}

/** Requests to servers that are still starting: unlike a client they never try again by themselves. */
export interface AdminRequests {
  /**
   * @param path of the API server, or a whole address
   * @throws SlipwayError UNAVAILABLE when nobody answers
   */
  send(method: "GET" | "POST", path: string, yaml?: string): Promise<Answer>;
  close(): void;
}

const TIMEOUT_MS = 10_000;

/** Requests as the administrator of a control plane. */
export function adminRequests(server: string, ca: string, { cert, key }: CertificatePair): AdminRequests {
  const agent = new Agent({ ca, cert, key, keepAlive: true });
  const send: AdminRequests["send"] = async (method, path, yaml) => {
    return await new Promise((resolve, reject) => {
      const headers = yaml === undefined ? {} : { "content-type": "application/yaml" };
      const sent = request(new URL(path, server), { method, agent, timeout: TIMEOUT_MS, headers }, (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          const json = (): Tree => parseJson(Buffer.concat(chunks).toString("utf8"));
          resolve({ status: response.statusCode ?? 0, json });
        });
      });
      sent.on("timeout", () => sent.destroy(new Error(`no answer within ${TIMEOUT_MS} ms`)));
      sent.on("error", (error) => {
        reject(new SlipwayError("UNAVAILABLE", `${method} ${path}: ${messageOf(error)}`, { cause: error }));
      });
      sent.end(yaml);
    });
  };
  return { send, close: () => agent.destroy() };
}
