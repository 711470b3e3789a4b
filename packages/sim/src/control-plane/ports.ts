import { once } from "node:events";
import { createServer, type Server } from "node:net";
import { SlipwayError } from "@slipway/base";

/**
 * Free ports of 127.0.0.1, all different. They are free when they are given; somebody else may take one before it is
 * used, so whoever uses them must be ready to try again.
 */
export async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listen));
  const ports = servers.map(portOf);
  await Promise.all(
    servers.map(async (server) => {
      server.close();
      await once(server, "close");
    }),
  );
  return ports;
}

async function listen(): Promise<Server> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

/** The port that a server got. */
export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") {
    throw new SlipwayError("BUG", "a server of 127.0.0.1 has no port");
  }
  return address.port;
}
