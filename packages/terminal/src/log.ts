import type { Clock, Io, SlipwayError } from "@slipway/base";
import { describePlace } from "@slipway/base";
import { painter, printable, sentence, type Colour } from "./text.ts";

/** How messages look: short lines for people, records with `key=value`, or one JSON object a line. */
export type LogMode = "plain" | "text" | "json";

/** What a message may carry beside its sentence. */
export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>;

/** Messages to standard error. Standard output belongs to the result alone. */
export interface Log {
  readonly mode: LogMode;
  /** Shown with --debug only. */
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  /** The last line of a command that failed. */
  fail(error: SlipwayError): void;
}

/** What a log needs to know about its program. */
export interface LogOptions {
  readonly io: Io;
  readonly clock: Clock;
  readonly mode: LogMode;
  readonly debug: boolean;
  readonly program: string;
  readonly version: string;
  /** Word in the brackets of plain messages; empty: no brackets. */
  readonly prefix: string;
}

type Level = "DEBUG" | "INFO" | "WARN" | "ERROR";

const COLOURS: Readonly<Record<Level, Colour>> = { DEBUG: "dim", INFO: "green", WARN: "yellow", ERROR: "red" };

/** A log over standard error. */
export function createLog(options: LogOptions): Log {
  const { io, mode } = options;
  const line = { plain: plainLine, text: textLine, json: jsonLine }[mode];
  const write = (level: Level, message: string, fields: LogFields = {}): void => {
    io.stderr.write(`${line(options, level, message, present(fields))}\n`);
  };
  return {
    mode,
    debug: (message, fields) => {
      if (options.debug) write("DEBUG", message, fields);
    },
    info: (message, fields) => write("INFO", message, fields),
    warn: (message, fields) => write("WARN", message, fields),
    fail: (error) => {
      if (mode === "plain") io.stderr.write(plainFailure(options, error));
      else write("ERROR", "command failed", failureFields(error));
      if (options.debug) io.stderr.write(stackOf(options, error));
    },
  };
}

type Present = readonly (readonly [string, string | number | boolean])[];

function present(fields: LogFields): Present {
  return Object.entries(fields).flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const]));
}

function plainLine({ io, prefix }: LogOptions, level: Level, message: string, fields: Present): string {
  const paint = painter(io.stderr, io.env);
  const label = level === "WARN" ? "warning: " : "";
  const tail = fields.length === 0 ? "" : `: ${pairs(fields)}`;
  const head = prefix === "" ? "" : `[${prefix}] `;
  return paint(COLOURS[level], `${head}${label}${sentence(message)}${tail}`);
}

function plainFailure({ io }: LogOptions, error: SlipwayError): string {
  const paint = painter(io.stderr, io.env);
  const hint = error.hint === undefined ? "" : `  ${sentence(error.hint.trimEnd())}\n`;
  return `${paint("red", "error:")} ${sentence(messageWithPlace(error))}\n${hint}`;
}

function messageWithPlace(error: SlipwayError): string {
  const place = describePlace(error.place);
  return place === "" ? error.message : `${place}: ${error.message}`;
}

function failureFields(error: SlipwayError): LogFields {
  return { error: messageWithPlace(error), code: error.code, hint: error.hint, exitCode: error.exitCode };
}

function textLine(options: LogOptions, level: Level, message: string, fields: Present): string {
  const head: Present = [
    ["time", options.clock.now().toISOString()],
    ["level", level],
    ["msg", message],
    ["module", options.program],
    ["version", options.version],
  ];
  return pairs([...head, ...fields]);
}

function jsonLine(options: LogOptions, level: Level, message: string, fields: Present): string {
  const head = { time: options.clock.now().toISOString(), level, msg: message };
  const tail = { module: options.program, version: options.version };
  return JSON.stringify({ ...head, ...tail, ...Object.fromEntries(fields) });
}

/** logfmt as Go's log/slog writes it: text with a space, a quote, `=` or nothing in it stands in quotes. */
function pairs(fields: Present): string {
  return fields.map(([key, value]) => `${key}=${quoted(String(value))}`).join(" ");
}

function quoted(text: string): string {
  return /^[^\s="\\\u0000-\u001f\u007f]+$/.test(text) ? text : printable(JSON.stringify(text));
}

function stackOf(options: LogOptions, error: SlipwayError): string {
  const stacks: string[] = [];
  for (let cause: unknown = error; cause instanceof Error && stacks.length < 5; cause = cause.cause)
    stacks.push(cause.stack ?? cause.message);
  if (options.mode === "json")
    return `${jsonLine(options, "DEBUG", "stack", [["stack", stacks.join("\ncaused by: ")]])}\n`;
  return `${printable(stacks.join("\ncaused by: "))}\n`;
}
