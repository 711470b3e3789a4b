import { isTreeList, isTreeMap, type Tree, type TreeMap } from "@slipway/base";
import { ApiFailure } from "./failure.ts";

/** How the fields of a message that are read look; every other field is passed over. */
interface Message {
  readonly [number: number]: readonly [name: string, type: FieldType];
}

type FieldType = "text" | "integer" | "texts" | "map" | "bytesMap" | Message;

// Field numbers: k8s.io/api/core/v1/generated.proto and k8s.io/apimachinery/pkg/apis/meta/v1/generated.proto.
const METADATA: Message = {
  1: ["name", "text"],
  2: ["generateName", "text"],
  3: ["namespace", "text"],
  5: ["uid", "text"],
  6: ["resourceVersion", "text"],
  7: ["generation", "integer"],
  11: ["labels", "map"],
  12: ["annotations", "map"],
  14: ["finalizers", "texts"],
};
const KINDS: Readonly<Record<string, Message>> = {
  Namespace: { 1: ["metadata", METADATA] },
  ConfigMap: { 1: ["metadata", METADATA], 2: ["data", "map"] },
  Secret: { 1: ["metadata", METADATA], 2: ["data", "bytesMap"], 3: ["type", "text"] },
  DeleteOptions: { 4: ["propagationPolicy", "text"], 5: ["dryRun", "texts"] },
};
const MAGIC = "k8s\0";

/** Whether a body is an object in the protobuf format, which Go's typed clients prefer for what they send. */
export function isProtobuf(body: Buffer): boolean {
  return body.toString("latin1", 0, MAGIC.length) === MAGIC;
}

/**
 * Reads an object in the protobuf format of Kubernetes: a magic number, then a `runtime.Unknown` with the kind and the
 * object. Throws UnsupportedMediaType for a kind that is not in the table.
 */
export function objectOfProtobuf(body: Buffer): TreeMap {
  const envelope = fieldsOf(body.subarray(MAGIC.length));
  const type = fieldsOf(bytesAt(envelope, 1));
  const apiVersion = bytesAt(type, 1).toString();
  const kind = bytesAt(type, 2).toString();
  const message = Object.hasOwn(KINDS, kind) ? KINDS[kind] : undefined;
  if (message === undefined) throw new ApiFailure("UnsupportedMediaType", `no protobuf of ${kind} is read here`);
  return { apiVersion, kind, ...decode(message, bytesAt(envelope, 2)) };
}

interface Field {
  readonly number: number;
  readonly bytes: Buffer;
  readonly integer: number;
}

function decode(message: Message, bytes: Buffer): TreeMap {
  const result: Record<string, Tree> = {};
  for (const field of fieldsOf(bytes)) {
    const [name, type] = message[field.number] ?? [];
    if (name === undefined || type === undefined) continue;
    const value = valueOf(type, field, result[name]);
    // Go writes empty texts, which JSON leaves out.
    if (value !== "" && value !== 0) result[name] = value;
  }
  return result;
}

function valueOf(type: FieldType, { bytes, integer }: Field, present: Tree | undefined): Tree {
  if (typeof type === "object") return decode(type, bytes);
  if (type === "integer") return integer;
  if (type === "texts") return [...(isTreeList(present) ? present : []), bytes.toString()];
  if (type === "text") return bytes.toString();
  const entry = fieldsOf(bytes);
  const value = bytesAt(entry, 2).toString(type === "map" ? "utf8" : "base64");
  return { ...(isTreeMap(present) ? present : {}), [bytesAt(entry, 1).toString()]: value };
}

function bytesAt(fields: readonly Field[], number: number): Buffer {
  return fields.find((field) => field.number === number)?.bytes ?? Buffer.alloc(0);
}

function fieldsOf(bytes: Buffer): readonly Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = bytes[at++] ?? 0;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const number = Math.floor(tag / 8);
    if (tag % 8 === 0) fields.push({ number, bytes: Buffer.alloc(0), integer: varint() });
    else if (tag % 8 === 2) {
      const length = varint();
      fields.push({ number, bytes: bytes.subarray(at, at + length), integer: 0 });
      at += length;
    } else throw new ApiFailure("BadRequest", `protobuf with a field of wire type ${tag % 8}`);
  }
  return fields;
}
