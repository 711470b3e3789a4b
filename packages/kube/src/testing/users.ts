import type { IncomingMessage } from "node:http";
import { TLSSocket } from "node:tls";
import { ApiFailure } from "./failure.ts";

/** Who sends a request. */
export interface User {
  readonly name: string;
  readonly groups: readonly string[];
}

/** How users are known. */
export interface UserOptions {
  /** Users by bearer token. */
  readonly tokens: ReadonlyMap<string, User>;
  /** Whether a request without credentials is answered. */
  readonly anonymous: boolean;
}

const ANONYMOUS: User = { name: "system:anonymous", groups: ["system:unauthenticated"] };

/**
 * Who sends a request: the bearer of a token, or the subject of a client certificate (CN is the name, O the groups);
 * impersonation is taken at its word. Throws Unauthorized for a token that nobody has.
 */
export function userOf(request: IncomingMessage, options: UserOptions): User {
  const name = request.headers["impersonate-user"];
  if (typeof name !== "string") return sender(request, options);
  const groups = [request.headersDistinct["impersonate-group"] ?? []].flat();
  return { name, groups };
}

function sender(request: IncomingMessage, { tokens, anonymous }: UserOptions): User {
  const [scheme = "", token = ""] = (request.headers.authorization ?? "").split(" ");
  if (scheme.toLowerCase() === "bearer") {
    const user = tokens.get(token);
    if (user !== undefined) return user;
    throw new ApiFailure("Unauthorized", "Unauthorized");
  }
  const user = certificateUser(request);
  if (user !== undefined) return user;
  if (anonymous) return ANONYMOUS;
  throw new ApiFailure("Unauthorized", "Unauthorized");
}

function certificateUser({ socket }: IncomingMessage): User | undefined {
  if (!(socket instanceof TLSSocket) || !socket.authorized) return undefined;
  const { CN: name, O: groups = [] } = socket.getPeerCertificate().subject;
  return typeof name === "string" ? { name, groups: [groups].flat() } : undefined;
}
