import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import { gzipSync } from "node:zlib";
import { compactJson, type TreeMap } from "@slipway/base";

/** From this size on the real server compresses answers. */
const GZIP_BYTES = 128 * 1024;

/** An answer on its way, which can be made to break off. */
export class Reply {
  readonly #response: ServerResponse;
  readonly #takesGzip: boolean;
  #left: number;

  /** @param cutAfter bytes of the body after which the connection ends */
  constructor(response: ServerResponse, takesGzip: boolean, cutAfter = Infinity) {
    this.#response = response.setMaxListeners(0);
    this.#takesGzip = takesGzip;
    this.#left = cutAfter;
  }

  /** Sends the head, at once. */
  start(status: number, headers: OutgoingHttpHeaders): void {
    this.#response.writeHead(status, headers);
    this.#response.flushHeaders();
  }

  /** @returns when the client can take more; false when there is no client any more */
  async write(chunk: string | Uint8Array): Promise<boolean> {
    const bytes = Buffer.from(chunk);
    const part = bytes.subarray(0, this.#left);
    this.#left -= part.length;
    if (this.#response.destroyed || this.#response.writableEnded) return false;
    if (part.length < bytes.length || this.#left === 0) {
      this.#response.write(part, () => this.cut());
      return false;
    }
    if (!this.#response.write(part)) await this.#drained();
    return !this.#response.destroyed;
  }

  end(): void {
    this.#response.end();
  }

  /** Ends the connection in the middle of what it is at. */
  cut(): void {
    this.#response.socket?.destroy();
  }

  /** A whole answer. */
  async json(status: number, body: TreeMap, headers: OutgoingHttpHeaders = {}): Promise<void> {
    const text = compactJson(body);
    const zips = this.#takesGzip && text.length >= GZIP_BYTES;
    const encoding = zips ? { "content-encoding": "gzip" } : {};
    this.#response.writeHead(status, { "content-type": "application/json", ...encoding, ...headers });
    if (await this.write(zips ? gzipSync(text) : text)) this.end();
  }

  /** Calls back once, when the client is gone or the answer has ended. */
  onClose(listener: () => void): void {
    if (this.#response.destroyed) listener();
    else this.#response.once("close", listener);
  }

  #drained(): Promise<void> {
    return new Promise((resolve) => {
      const go = (): void => {
        this.#response.off("drain", go).off("close", go);
        resolve();
      };
      this.#response.on("drain", go).on("close", go);
    });
  }
}
