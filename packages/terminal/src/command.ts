import type { ExitName, Io } from "@slipway/base";
import type { Completion, Flag } from "./flag.ts";
import type { Log } from "./log.ts";
import type { Progress } from "./progress.ts";

/** What a command gets to work with. */
export interface CommandContext {
  readonly io: Io;
  readonly log: Log;
  readonly progress: Progress;
  /** The words that are no flags; as many as the command declares at most. */
  readonly args: readonly string[];
  /** The value of a flag: from the command line, else its environment variable, else a configuration file. */
  readonly read: <Value>(flag: Flag<Value>) => Value;
  /** Whether a flag has a value that is not its built-in default. */
  readonly isGiven: (flag: Flag<unknown>) => boolean;
}

/** A word that a command takes beside its flags. */
export interface Argument {
  readonly name: string;
  readonly summary: string;
  readonly required: boolean;
  /** Whether any number of words may stand in its place; only the last argument can. */
  readonly many?: boolean;
  readonly completion?: Completion;
}

/** A command line that help shows, and what it does. */
export interface Example {
  readonly command: string;
  readonly meaning: string;
}

/** One command: what it takes, and what it does with it. */
export interface Command {
  /** The paragraph at the top of its help. */
  readonly description: string;
  readonly flags: readonly Flag<unknown>[];
  readonly args?: readonly Argument[];
  /**
   * What words beyond `args` mean: an error (default), or nothing but a warning (release 0.11.1 of aicr for its commands
   * that take none). Where words are the subject of a command, leaving one out would be half an answer.
   */
  readonly moreArgs?: "refused" | "ignored";
  readonly examples?: readonly Example[];
  readonly subcommands?: readonly CommandEntry[];
  /**
   * Does the work and prints the result. A command without it is a group: alone it shows its help.
   *
   * @returns the row of the exit table; DONE, or ANSWER_IS_NO when the result itself says no
   */
  run?(context: CommandContext): Promise<ExitName>;
}

/** A command by name; its code is loaded when it is called for. */
export interface CommandEntry {
  readonly name: string;
  /** Other names that are understood; help shows none of them. */
  readonly aliases?: readonly string[];
  /**
   * Reads a word that is another spelling of the name: gives the arguments that it holds beside it (`nimservice/llama` is
   * `nimservice` and `llama`), or nothing for a word that is none.
   */
  readonly spelling?: (word: string) => readonly string[] | undefined;
  /** The line in the list of commands. */
  readonly summary: string;
  readonly load: () => Promise<Command>;
}

/** The command that a word means. */
export function commandNamed(entries: readonly CommandEntry[], word: string | undefined): CommandEntry | undefined {
  if (word === undefined) return undefined;
  return entries.find(
    ({ name, aliases = [], spelling }) => name === word || aliases.includes(word) || spelling?.(word) !== undefined,
  );
}

/** A command line program. */
export interface Program {
  readonly name: string;
  readonly description: string;
  /** What log records call the version. */
  readonly version: string;
  /** What `--version` prints. */
  readonly versionText: string;
  readonly commands: readonly CommandEntry[];
  readonly examples?: readonly Example[];
  /** Environment variables whose values the log modes follow, e.g. `AICR` for AICR_DEBUG. */
  readonly envPrefix: string;
  /** Word in the brackets before plain messages; empty: none, as kubectl writes them. */
  readonly messagePrefix?: string;
  /** Flags of all commands; unlike a command's own they may stand before it, as kubectl's do. */
  readonly persistentFlags?: readonly Flag<unknown>[];
  /** Defaults of flags from configuration files; the flag that names one is read from the command line only. */
  readonly configuration?: {
    readonly flag: Flag<string | undefined>;
    /** Sections beside `defaults` that are understood but change nothing. */
    readonly ignoredSections: readonly string[];
  };
}
