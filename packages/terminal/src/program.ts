import { EXIT_CODES, SlipwayError, didYouMean, type Clock, type Files, type Io } from "@slipway/base";
import { redactText } from "@slipway/base/redact";
import { parseArguments, type ParsedArguments } from "./arguments.ts";
import { commandNamed, type Argument, type Command, type CommandEntry, type Program } from "./command.ts";
import { commandPlace, descend, flagsBefore } from "./command-place.ts";
import { configurationFiles } from "./config-path.ts";
import { asFailure } from "./failure.ts";
import type { Flag } from "./flag.ts";
import { globalFlags } from "./global-flags.ts";
import { createLog, type Log } from "./log.ts";
import { createProgress } from "./progress.ts";
import { flagValues, type Defaults, type FlagValues } from "./values.ts";

/** What a program takes from outside. */
export interface ProgramDeps {
  readonly io: Io;
  readonly files: Files;
  readonly clock: Clock;
}

/**
 * Runs a command line from its words to its exit status. Nothing is thrown: a failure is the last thing that is written
 * to standard error, and its code is the status.
 *
 * @param words the command line without the program's own name
 */
export async function runProgram(program: Program, deps: ProgramDeps, words: readonly string[]): Promise<number> {
  const log = earlyLog(program, deps, words);
  try {
    return await dispatch(program, deps, words);
  } catch (error) {
    const failure = asFailure(error, program, deps.io.signal);
    log.fail(failure);
    return failure.exitCode;
  }
}

/** Reads the log flags without looking at the rest, so that a mistake in the rest is reported in the wanted form. */
function earlyLog(program: Program, deps: ProgramDeps, words: readonly string[]): Log {
  const { debug, logJson } = globalFlags(program.envPrefix);
  const ours = words.filter((word) => /^--(?:no-)?(?:debug|log-json)(?:=|$)/.test(word));
  try {
    return logOf(program, deps, flagValues(parseArguments([debug, logJson], ours), deps.io.env, []));
  } catch {
    const nothing: ParsedArguments = { given: new Map(), positionals: [] };
    return logOf(program, deps, flagValues(nothing, {}, []));
  }
}

function logOf(program: Program, { io, clock }: ProgramDeps, values: FlagValues): Log {
  const flags = globalFlags(program.envPrefix);
  const debug = values.read(flags.debug);
  const records = debug ? "text" : "plain";
  return createLog({
    io,
    clock,
    debug,
    mode: values.read(flags.logJson) ? "json" : records,
    program: program.name,
    version: program.version,
    prefix: io.env[`${program.envPrefix}_LOG_PREFIX`] ?? program.messagePrefix ?? "cli",
  });
}

async function dispatch(program: Program, deps: ProgramDeps, words: readonly string[]): Promise<number> {
  const at = commandPlace(program, words);
  if (words[0] === "__complete") return complete(program, deps.io, words.slice(1));
  if (at < 0 || words.slice(0, at).includes("--")) return runRoot(program, deps, words);
  const chosen = await chooseCommand(program, words, at);
  return runCommand(program, deps, chosen, [...words.slice(0, at), ...chosen.words]);
}

async function runRoot(program: Program, { io }: ProgramDeps, words: readonly string[]): Promise<number> {
  const flags = globalFlags(program.envPrefix);
  const all = [...flagsBefore(program), ...Object.values(flags)];
  const values = flagValues(parseArguments(all, words), io.env, []);
  if (values.read(flags.version)) io.stdout.write(`${program.versionText}\n`);
  else {
    const { programHelp } = await import("./help.ts");
    io.stdout.write(programHelp(program, all, io));
  }
  return EXIT_CODES.DONE.exit;
}

interface Chosen {
  readonly path: readonly string[];
  readonly command: Command;
  readonly words: readonly string[];
}

async function chooseCommand(program: Program, words: readonly string[], at: number): Promise<Chosen> {
  const [name = "", ...rest] = words.slice(at);
  const entry = commandNamed(program.commands, name);
  if (entry === undefined) throw misplacedFlag(program, words, at) ?? unknownCommand(program, name);
  const command = await entry.load();
  const inner = descend(program, command, rest);
  if (inner.entry === undefined) return { path: [program.name, entry.name], command, words: rest };
  const path = [program.name, entry.name, inner.entry.name];
  return { path, command: await inner.entry.load(), words: inner.rest };
}

/** The value of a flag that stands before the command looks like a command. */
function misplacedFlag(program: Program, words: readonly string[], at: number): SlipwayError | undefined {
  const global = Object.values(globalFlags(program.envPrefix)).flatMap(({ name, short }) => [`--${name}`, `-${short}`]);
  const flag = words[at - 1];
  const swallowed = swallowedCommand(program, words, at);
  if (swallowed !== undefined) return swallowed;
  if (flag === undefined || !flag.startsWith("-") || flag.includes("=") || global.includes(flag)) return undefined;
  const command = words.find((word) => program.commands.some(({ name }) => name === word)) ?? "COMMAND";
  return new SlipwayError("USAGE", `${flag} stands before the command`, {
    hint: `Flags stand behind the command: ${program.name} ${command} ${flag} ${words[at] ?? ""}`,
  });
}

/** `tool -n get pods`: the flag that lacks a value has taken the command for one. */
function swallowedCommand(program: Program, words: readonly string[], at: number): SlipwayError | undefined {
  const [flag, value] = [words[at - 2], words[at - 1]];
  if (flag === undefined || value === undefined || value.startsWith("-")) return undefined;
  if (commandNamed(program.commands, value) === undefined) return undefined;
  return new SlipwayError("USAGE", `unknown command "${words[at] ?? ""}": ${flag} took "${value}" as its value`, {
    hint: `Give ${flag} a value: ${program.name} ${flag} VALUE ${value} ${words[at] ?? ""}`,
  });
}

function unknownCommand(program: Program, name: string): SlipwayError {
  const names = program.commands.flatMap((entry) => [entry.name, ...(entry.aliases ?? [])]);
  const hint = didYouMean(name, names) ?? `Run "${program.name} --help" to see the commands.`;
  return new SlipwayError("USAGE", `unknown command "${name}"`, { hint });
}

function unknownSubcommand(path: readonly string[], command: Command, word: string): SlipwayError {
  const names = (command.subcommands ?? []).map((entry) => entry.name);
  const hint = didYouMean(word, names) ?? `It has: ${names.join(", ")}.`;
  return new SlipwayError("USAGE", `${path.join(" ")} has no command "${word}"`, { hint });
}

async function runCommand(
  program: Program,
  deps: ProgramDeps,
  { path, command }: Chosen,
  words: readonly string[],
): Promise<number> {
  const { io } = deps;
  const global = globalFlags(program.envPrefix);
  const { persistentFlags = [] } = program;
  const flags = [...command.flags, ...persistentFlags, global.debug, global.logJson, global.help];
  const parsed = asksForHelp(words) ? undefined : parseArguments(flags, words);
  if (command.run === undefined && parsed?.positionals[0] !== undefined)
    throw unknownSubcommand(path, command, parsed.positionals[0]);
  if (command.run === undefined || parsed === undefined) {
    const { commandHelp } = await import("./help.ts");
    io.stdout.write(commandHelp(path, command, flags, io));
    return EXIT_CODES.DONE.exit;
  }
  refuseStray(command, parsed);
  const layers = await configured(program, deps, command, parsed);
  const values = flagValues(
    parsed,
    io.env,
    layers.map((layer) => layer.defaults),
  );
  const log = logOf(program, deps, values);
  for (const warning of layers.flatMap((layer) => layer.warnings)) log.warn(warning);
  const args = argumentsOf(path, command, parsed.positionals, log);
  const progress = createProgress(io, log.mode !== "plain");
  try {
    const exit = await command.run({ io, log, progress, args, ...values });
    return EXIT_CODES[exit].exit;
  } finally {
    progress.done();
  }
}

/** `--wait true` would be an object called "true"; where such words change nothing, the warning about them is enough. */
function refuseStray({ moreArgs }: Command, { stray }: ParsedArguments): void {
  if (stray === undefined || moreArgs === "ignored") return;
  throw new SlipwayError("USAGE", `"${stray.value}" behind ${stray.option} is not taken as its value`, {
    hint: `Write ${stray.meant}.`,
  });
}

/** Help is given whatever else is wrong with the command line. */
function asksForHelp(words: readonly string[]): boolean {
  const end = words.indexOf("--");
  const flags = end < 0 ? words : words.slice(0, end);
  return flags.includes("--help") || flags.includes("-h") || words[0] === "help";
}

function argumentsOf(path: readonly string[], command: Command, words: readonly string[], log: Log): readonly string[] {
  const declared = command.args ?? [];
  const missing = declared.find((argument, index) => argument.required && words[index] === undefined);
  if (missing !== undefined)
    throw new SlipwayError("USAGE", `${missing.name} is missing: ${missing.summary}`, {
      hint: usageOf(path, declared),
    });
  if (declared.at(-1)?.many === true) return words;
  const extra = words.slice(declared.length);
  if (extra.length > 0 && command.moreArgs === "ignored")
    log.warn(`ignored, because ${path.join(" ")} takes no such arguments`, { words: extra.join(" ") });
  else if (extra.length > 0) throw tooMany(path, declared, extra);
  return words.slice(0, declared.length);
}

function tooMany(path: readonly string[], declared: readonly Argument[], extra: readonly string[]): SlipwayError {
  const most = declared.length === 0 ? "no arguments" : declared.map(({ name }) => `one ${name}`).join(" and ");
  const found = extra.map((word) => JSON.stringify(redactText(word))).join(", ");
  return new SlipwayError("USAGE", `${path.join(" ")} takes ${most}; what is ${found}?`, {
    hint: `${usageOf(path, declared)}. For more than one, run it once for each.`,
  });
}

function usageOf(path: readonly string[], declared: readonly Argument[]): string {
  const names = declared.map(({ name, required, many }) => {
    const term = many === true ? `${name}...` : name;
    return required ? term : `[${term}]`;
  });
  return `Usage: ${[...path, ...names].join(" ")}`;
}

interface ConfiguredLayer {
  readonly defaults: Defaults;
  readonly warnings: readonly string[];
}

/** A command that does not take the flag for a configuration file does not read the user's own either. */
async function configured(
  { configuration, ...program }: Program,
  { io, files }: ProgramDeps,
  command: Command,
  parsed: ParsedArguments,
): Promise<readonly ConfiguredLayer[]> {
  if (configuration === undefined || !command.flags.includes(configuration.flag)) return [];
  const { flag, ignoredSections } = configuration;
  const named = flagValues(parsed, io.env, []).read(flag);
  const found = await configurationFiles(files, io, program.name, named);
  if (found.length === 0) return [];
  const { readConfiguration } = await import("./config-file.ts");
  const known = await flagsOf(program.commands);
  const layers = found.map(async (path) => {
    try {
      return await readConfiguration(files, path, known, ignoredSections);
    } catch (error) {
      if (path === named || !(error instanceof SlipwayError)) throw error;
      return withoutOwn(error, path, `--${flag.name}`, found.length > 1);
    }
  });
  return Promise.all(layers);
}

/** What a file of the user's own that cannot be read means: nothing but a warning where another one was named. */
function withoutOwn(error: SlipwayError, path: string, flag: string, isNamed: boolean): ConfiguredLayer {
  const shown = error.at({ file: path });
  if (isNamed) return { defaults: new Map(), warnings: [`your own configuration is left out: ${shown.describe()}`] };
  const how = `This file holds your own defaults. Mend it or move it away; with ${flag} FILE it is left out.`;
  throw new SlipwayError(error.code, error.message, {
    place: shown.place,
    hint: error.hint === undefined ? how : `${error.hint} ${how}`,
    cause: error,
  });
}

async function flagsOf(entries: readonly CommandEntry[]): Promise<readonly Flag<unknown>[]> {
  const commands = await Promise.all(entries.map((entry) => entry.load()));
  const inner = await Promise.all(commands.map((command) => flagsOf(command.subcommands ?? [])));
  return [...commands.flatMap((command) => command.flags), ...inner.flat()];
}

async function complete(program: Program, io: Io, words: readonly string[]): Promise<number> {
  const { completeWords, printCompletion } = await import("./completion/complete.ts");
  io.stdout.write(printCompletion(await completeWords(program, words, io.env)));
  return EXIT_CODES.DONE.exit;
}
