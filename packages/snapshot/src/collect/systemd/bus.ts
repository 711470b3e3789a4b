import type { EventEmitter } from "node:events";
import { createConnection, type Socket } from "node:net";
import { SlipwayError, messageOf } from "@slipway/base";
import type { DBusClient } from "@httptoolkit/dbus-native";
import { busText, type BusType } from "./bus-text.ts";
import type { UnitProperties } from "./properties.ts";

// The library's own declarations leave out what a single call needs.
declare module "@httptoolkit/dbus-native" {
  interface DBusClient {
    readonly connection: EventEmitter;
    invoke(message: BusCall, callback: (error: unknown, ...body: readonly unknown[]) => void): void;
  }
}

interface BusCall {
  readonly destination: string;
  readonly path: string;
  readonly interface: string;
  readonly member: string;
  readonly signature: string;
  readonly body: readonly unknown[];
}

/** A socket that systemd answers on. */
export interface SystemdSocket {
  readonly path: string;
  /** Whether systemd itself is at the other end, as at /run/systemd/private, and no message bus. */
  readonly direct: boolean;
}

/**
 * Asks systemd over D-Bus for the properties of units.
 *
 * @returns the properties of each unit as `systemctl show` prints them, in the order of the units
 * @throws SlipwayError UNAVAILABLE when the socket cannot be reached or refuses us
 */
export async function busShow(
  socket: SystemdSocket,
  units: readonly string[],
  signal: AbortSignal,
): Promise<readonly UnitProperties[]> {
  const { createClient } = await import("@httptoolkit/dbus-native");
  signal.throwIfAborted();
  const stream = createConnection(socket.path);
  const end = new AbortController();
  const ended = new Promise<never>((_, reject) => {
    end.signal.addEventListener("abort", () => reject(end.signal.reason), { once: true });
  });
  const fail = (reason: unknown): void => end.abort(unreachable(socket, reason));
  const stop = (): void => end.abort(signal.reason);
  signal.addEventListener("abort", stop, { once: true });
  try {
    stream.once("close", () => fail("the connection was closed"));
    const client = createClient({ stream, direct: socket.direct, authMethods: ["EXTERNAL"] });
    client.connection.on("error", fail);
    return await Promise.race([Promise.all(units.map((unit) => propertiesOf(client, unit))), ended]);
  } finally {
    signal.removeEventListener("abort", stop);
    ended.catch(() => undefined);
    close(stream);
  }
}

function close(stream: Socket): void {
  stream.on("error", () => undefined);
  stream.destroy();
}

async function propertiesOf(client: DBusClient, unit: string): Promise<UnitProperties> {
  const body = await new Promise<unknown>((resolve, reject) => {
    const call: BusCall = {
      destination: "org.freedesktop.systemd1",
      path: unitPath(unit),
      interface: "org.freedesktop.DBus.Properties",
      member: "GetAll",
      signature: "s",
      // An empty name asks for the properties of all interfaces, here Unit and Service.
      body: [""],
    };
    client.invoke(call, (error, properties) => {
      if (error === null || error === undefined) resolve(properties);
      else reject(new SlipwayError("UNAVAILABLE", `systemd does not tell of ${unit}: ${describe(error)}`));
    });
  });
  return parseProperties(body);
}

/**
 * The D-Bus object of a unit: every character that is no letter and no digit, and a digit in front, is written as its
 * code.
 *
 * @param unit such as `kubelet.service`
 */
export function unitPath(unit: string): string {
  const label = unit.replace(/[^A-Za-z0-9]|^\d/g, (sign) => `_${sign.charCodeAt(0).toString(16).padStart(2, "0")}`);
  return `/org/freedesktop/systemd1/unit/${label}`;
}

/** Reads an `a{sv}` as the library gives it: pairs of a name and a variant, which is its type and its value in lists. */
function parseProperties(body: unknown): UnitProperties {
  const properties = new Map<string, string>();
  for (const pair of Array.isArray(body) ? body : []) {
    const [name, variant]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    const [types, values]: readonly unknown[] = Array.isArray(variant) ? variant : [];
    const type: unknown = Array.isArray(types) ? types[0] : undefined;
    if (typeof name !== "string" || !isBusType(type) || !Array.isArray(values)) continue;
    const text = busText(name, type, values[0]);
    if (text !== undefined) properties.set(name, text);
  }
  return properties;
}

function isBusType(value: unknown): value is BusType {
  if (typeof value !== "object" || value === null || !("type" in value) || !("child" in value)) return false;
  return typeof value.type === "string" && Array.isArray(value.child) && value.child.every(isBusType);
}

function unreachable({ path }: SystemdSocket, reason: unknown): SlipwayError {
  return new SlipwayError("UNAVAILABLE", `systemd cannot be reached at ${path}: ${describe(reason)}`);
}

/** Errors of the library are lists of texts, lines or errors. */
function describe(reason: unknown): string {
  return Array.isArray(reason) ? reason.map(String).join(" ") : messageOf(reason);
}
