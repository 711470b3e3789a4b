import { SlipwayError, messageOf } from "@slipway/base";
import type { Disk } from "./disk.ts";

/** Changes of a file system that can be taken back, newest first. */
export class Journal {
  readonly #disk: Disk;
  readonly #undo: (() => Promise<void>)[] = [];

  constructor(disk: Disk) {
    this.#disk = disk;
  }

  async rename(from: string, to: string): Promise<void> {
    await this.#disk.rename(from, to);
    this.#undo.push(() => this.#disk.rename(to, from));
  }

  async makeDirectory(path: string, mode: number): Promise<void> {
    await this.#disk.mkdir(path);
    this.#undo.push(() => this.#disk.rmdir(path));
    await this.#disk.chmod(path, mode);
  }

  /** Only an empty directory can be removed, so nothing of it is lost. */
  async removeDirectory(path: string, mode: number): Promise<void> {
    await this.#disk.rmdir(path);
    this.#undo.push(async () => {
      await this.#disk.mkdir(path);
      await this.#disk.chmod(path, mode);
    });
  }

  /**
   * Takes everything back.
   *
   * @param kept where the old files lie when that fails too
   * @throws SlipwayError UNAVAILABLE when something could not be put back
   */
  async rollBack(kept: string): Promise<void> {
    const failures: string[] = [];
    for (const undo of this.#undo.reverse()) {
      try {
        await undo();
      } catch (error) {
        failures.push(messageOf(error));
      }
    }
    if (failures.length === 0) return;
    throw new SlipwayError("UNAVAILABLE", `a failed change could not be taken back: ${failures.join("; ")}`, {
      hint: `The files that were there before are kept in ${kept}.`,
    });
  }
}
