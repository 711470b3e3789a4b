import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";

/** A shell in a real terminal, in which somebody types. */
export interface Pane {
  /** Presses keys by tmux's names for them (`Enter`, `Down`, `C-c`); anything else is typed as it stands. */
  press(...keys: readonly string[]): Promise<void>;
  /** Types a line and ends it with Enter. */
  type(line: string): Promise<void>;
  /** All that the terminal has shown, when that has what is waited for; throws with it after a while. */
  sees(text: string | RegExp): Promise<string>;
  /** Whether the cursor can be seen. */
  hasCursor(): Promise<boolean>;
  close(): Promise<void>;
}

/** How long a screen may take on a busy machine. */
const LIMIT_MS = 30_000;

const NAMED = /^(Enter|Up|Down|Left|Right|Escape|C-[a-z])$/;

const execute = promisify(execFile);

/**
 * Opens a terminal of 200 columns with bash in it.
 *
 * @param folder where the shell starts, and its home
 * @param env beside what a terminal needs; PATH above all
 */
export async function openPane(folder: string, env: Readonly<Record<string, string>>): Promise<Pane> {
  const socket = join(folder, "tmux");
  const given = {
    HOME: folder,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    TMPDIR: process.env["TMPDIR"],
    ...env,
  };
  const tmux = async (...args: readonly string[]): Promise<string> =>
    (await execute("tmux", ["-u", "-S", socket, ...args], { cwd: folder, env: given })).stdout;
  await writeFile(join(folder, "prompt"), "PS1='$ '\n");
  await tmux("-f", "/dev/null", "new-session", "-d", "-x", "200", "-y", "50", "bash --rcfile prompt");
  const press: Pane["press"] = async (...keys) => {
    for (const key of keys) await (NAMED.test(key) ? tmux("send-keys", key) : tmux("send-keys", "-l", key));
  };
  const sees: Pane["sees"] = async (text) => {
    const end = Date.now() + LIMIT_MS;
    for (;;) {
      const shown = (await tmux("capture-pane", "-p", "-J", "-S", "-")).replaceAll(/ +$/gm, "").trimEnd();
      if (typeof text === "string" ? shown.includes(text) : text.test(shown)) return shown;
      if (Date.now() > end) throw new Error(`the terminal does not show ${String(text)}:\n${shown}`);
      await sleep(50);
    }
  };
  await sees("$");
  return {
    press,
    type: (line) => press(line, "Enter"),
    sees,
    hasCursor: async () => (await tmux("display-message", "-p", "#{cursor_flag}")).trim() === "1",
    close: async () => void (await tmux("kill-server")),
  };
}
