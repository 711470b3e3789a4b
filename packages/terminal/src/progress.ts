import type { Io } from "@slipway/base";

/** One line on standard error that says what is being done; nothing at all where no person looks. */
export interface Progress {
  /** Replaces the line. */
  show(text: string): void;
  /** Takes the line away. */
  done(): void;
}

/** Progress on a terminal; `quiet` when messages are records, which a moving line would break. */
export function createProgress(io: Io, quiet: boolean): Progress {
  let shown = false;
  return {
    show: (text) => {
      if (quiet || !io.stderr.isTerminal) return;
      shown = true;
      io.stderr.write(`\r\u001b[K${text.slice(0, (io.stderr.columns ?? 80) - 1)}`);
    },
    done: () => {
      if (shown) io.stderr.write("\r\u001b[K");
      shown = false;
    },
  };
}
