/** A place to write to. */
export interface Output {
  /** Text goes out as UTF-8, bytes as they are. Whoever writes much waits for {@link flush} now and then. */
  write(text: string | Uint8Array): void;
  /**
   * Done when the reader has taken what was written, when it is gone, or when the command was told to end.
   *
   * @returns whether anybody still reads
   */
  flush(): Promise<boolean>;
  /** Whether a person looks at it: only then colour, spinners and aligned tables are used. */
  readonly isTerminal: boolean;
  /** Width in columns, where it is known. */
  readonly columns: number | undefined;
}

/** Where a program reads from; in one of the three ways, not in several at once. */
export interface Input {
  readonly isTerminal: boolean;
  /** All of it. Throws TOO_LARGE beyond `maxBytes`. */
  read(maxBytes: number): Promise<Uint8Array>;
  /**
   * Line by line as they come, without their ends (LF or CRLF); what stands behind the last end is a line too. Each use
   * goes on where the last one stopped. Throws TOO_LARGE for a line of more than a million characters.
   */
  lines(): AsyncIterable<string>;
  /** What is typed at a terminal, as it is typed and not echoed, until `signal` is aborted. Ctrl-C is a key then. */
  keys(signal: AbortSignal): AsyncIterable<string>;
}

/** What a command may use of the process that it runs in. */
export interface Io {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly platform: string;
  /** Aborted when the user presses Ctrl-C or the process is told to end. */
  readonly signal: AbortSignal;
}

/** Where the time comes from. */
export interface Clock {
  now(): Date;
}

/** What a path is, without following links. */
export interface FileInfo {
  readonly kind: "file" | "directory" | "link" | "other";
  /** Bytes. */
  readonly size: number;
}

/** One name in a directory. */
export interface DirectoryEntry extends FileInfo {
  readonly name: string;
}

/** A file system. Every failure is a SlipwayError that names the path. */
export interface Files {
  /** @returns nothing when the path does not exist */
  info(path: string): Promise<FileInfo | undefined>;
  /** @returns the entries sorted by name, in byte order */
  list(path: string): Promise<readonly DirectoryEntry[]>;
  /** Throws TOO_LARGE beyond `maxBytes`, NOT_FOUND when there is no such file. */
  read(path: string, maxBytes: number): Promise<Uint8Array>;
  /** Writes beside the target and renames, so that a reader never sees half a file. */
  write(path: string, content: string | Uint8Array): Promise<void>;
}

/** How a program ended. */
export interface ExecResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs programs, without a shell. */
export interface Exec {
  /** Throws NOT_FOUND when there is no such program; an exit status other than 0 is a result. */
  run(
    program: string,
    args: readonly string[],
    options: {
      readonly signal: AbortSignal;
      readonly cwd?: string;
      readonly env?: Readonly<Record<string, string | undefined>>;
      /** What the program reads on standard input; absent: it reads nothing. */
      readonly stdin?: string;
    },
  ): Promise<ExecResult>;
}
