import { createServer, type Server } from "node:http";
import { createServer as createTlsServer } from "node:https";
import {
  connect,
  createServer as createTcpServer,
  type AddressInfo,
  type Server as TcpServer,
  type Socket,
} from "node:net";
import type { Duplex } from "node:stream";
import type { CertificatePair } from "@slipway/base/testing/certificates";

/** A proxy on loopback that leads every connection to one port, whatever host is asked for. */
export interface TestProxy {
  /** HOST:PORT */
  readonly address: string;
  /** What was asked for, in order: `HOST:PORT`, and the credentials if there were any. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

/** A proxy that takes CONNECT; one that has a status other than 200 refuses with it. */
export async function startHttpProxy(to: number, pair?: CertificatePair, status = 200): Promise<TestProxy> {
  const asked: string[] = [];
  const server = pair === undefined ? createServer() : createTlsServer(pair);
  const sockets = tracked(server);
  server.on("connect", (request, socket: Duplex, head: Buffer) => {
    asked.push([request.url, request.headers["proxy-authorization"]].filter((part) => part !== undefined).join(" "));
    socket.on("error", () => undefined);
    if (status !== 200) {
      socket.end(`HTTP/1.1 ${status} Refused\r\n\r\n`);
      return;
    }
    const upstream = connect(to, "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      upstream.write(head);
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    upstream.on("close", () => socket.destroy());
  });
  return opened(server, sockets, asked);
}

/** A SOCKS5 proxy (RFC 1928); with a password it asks for one (RFC 1929). */
export async function startSocksProxy(to: number, password?: string): Promise<TestProxy> {
  const asked: string[] = [];
  const server = createTcpServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      if (password === undefined) {
        socket.write(Buffer.from([5, 0]));
        return awaitConnect(socket, to, asked, "");
      }
      socket.write(Buffer.from([5, 2]));
      socket.once("data", (login: Buffer) => {
        const nameEnd = 2 + (login[1] ?? 0);
        const given = `${login.subarray(2, nameEnd).toString()}:${login.subarray(nameEnd + 1).toString()}`;
        socket.write(Buffer.from([1, 0]));
        awaitConnect(socket, to, asked, ` ${given}`);
      });
    });
  });
  return opened(server, tracked(server), asked);
}

function awaitConnect(socket: Socket, to: number, asked: string[], login: string): void {
  socket.once("data", (request: Buffer) => {
    const length = request[4] ?? 0;
    const [host, end] =
      request[3] === 3
        ? [request.subarray(5, 5 + length).toString(), 5 + length]
        : [[...request.subarray(4, 8)].join("."), 8];
    asked.push(`${host}:${request.readUInt16BE(end)}${login}`);
    const upstream = connect(to, "127.0.0.1", () => {
      socket.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
      socket.pipe(upstream).pipe(socket);
    });
    upstream.on("error", () => socket.destroy());
    upstream.on("close", () => socket.destroy());
  });
}

function tracked(server: Server | TcpServer): Set<Socket> {
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
  });
  return sockets;
}

async function opened(server: Server | TcpServer, sockets: Set<Socket>, asked: readonly string[]): Promise<TestProxy> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    address: `127.0.0.1:${portOf(server.address())}`,
    asked,
    close: () => {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

function portOf(address: AddressInfo | string | null): number {
  if (address === null || typeof address === "string") throw new Error("the server has no port");
  return address.port;
}
