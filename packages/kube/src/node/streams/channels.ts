import type { RawData, WebSocket } from "ws";

/** What a channel of a stream carried. */
export interface ChannelMessage {
  /** Number of the channel: the first byte of the message. */
  readonly channel: number;
  readonly bytes: Uint8Array;
}

/**
 * Calls back for every message with something on a channel. Servers open channels with empty messages, which say nothing;
 * text is none of theirs.
 */
export function onChannel(socket: WebSocket, listener: (message: ChannelMessage) => void): void {
  socket.on("message", (data, isBinary) => {
    const bytes = bytesOf(data);
    const channel = bytes[0];
    if (isBinary && channel !== undefined && bytes.length > 1) listener({ channel, bytes: bytes.subarray(1) });
  });
}

/** Sends bytes on a channel. @returns when the socket has taken them, so that a slow server slows the sender */
export function sendOn(socket: WebSocket, channel: number, bytes: Uint8Array): Promise<void> {
  return new Promise((resolve, reject) => {
    const message = new Uint8Array(bytes.length + 1);
    message[0] = channel;
    message.set(bytes, 1);
    socket.send(message, (error) => (error === undefined || error === null ? resolve() : reject(error)));
  });
}

function bytesOf(data: RawData): Uint8Array {
  if (Array.isArray(data)) return Buffer.concat(data);
  return new Uint8Array(data);
}
