import { EXIT_CODES, SlipwayError, didYouMean, type Clock, type Files, type Io } from "@slipway/base";
import { parseArguments, type ParsedArguments } from "./arguments.ts";
import type { Argument, Command, CommandEntry, Program } from "./command.ts";
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
    prefix: io.env[`${program.envPrefix}_LOG_PREFIX`] ?? "cli",
  });
}

async function dispatch(program: Program, deps: ProgramDeps, words: readonly string[]): Promise<number> {
  const at = words.findIndex((word) => !word.startsWith("-"));
  if (words[0] === "__complete") return complete(program, deps.io, words.slice(1));
  if (at < 0 || words.slice(0, at).includes("--")) return runRoot(program, deps, words);
  const chosen = await chooseCommand(program, words[at] ?? "", words.slice(at + 1));
  return runCommand(program, deps, chosen, [...words.slice(0, at), ...chosen.words]);
}

async function runRoot(program: Program, { io }: ProgramDeps, words: readonly string[]): Promise<number> {
  const flags = globalFlags(program.envPrefix);
  const values = flagValues(parseArguments(Object.values(flags), words), io.env, []);
  if (values.read(flags.version)) io.stdout.write(`${program.versionText}\n`);
  else {
    const { programHelp } = await import("./help.ts");
    io.stdout.write(programHelp(program, Object.values(flags), io));
  }
  return EXIT_CODES.DONE.exit;
}

interface Chosen {
  readonly path: readonly string[];
  readonly command: Command;
  readonly words: readonly string[];
}

async function chooseCommand(program: Program, name: string, rest: readonly string[]): Promise<Chosen> {
  const entry = program.commands.find((candidate) => candidate.name === name);
  if (entry === undefined) throw unknownCommand(program, name);
  const command = await entry.load();
  const inner = command.subcommands?.find((candidate) => candidate.name === rest[0]);
  if (inner === undefined) return { path: [program.name, name], command, words: rest };
  return { path: [program.name, name, inner.name], command: await inner.load(), words: rest.slice(1) };
}

function unknownCommand(program: Program, name: string): SlipwayError {
  const names = program.commands.map((entry) => entry.name);
  const hint = didYouMean(name, names) ?? `Run "${program.name} --help" to see the commands.`;
  return new SlipwayError("USAGE", `unknown command "${name}"`, { hint });
}

async function runCommand(
  program: Program,
  deps: ProgramDeps,
  { path, command }: Chosen,
  words: readonly string[],
): Promise<number> {
  const { io } = deps;
  const global = globalFlags(program.envPrefix);
  const flags = [...command.flags, global.debug, global.logJson, global.help];
  if (asksForHelp(words)) {
    const { commandHelp } = await import("./help.ts");
    io.stdout.write(commandHelp(path, command, flags, io));
    return EXIT_CODES.DONE.exit;
  }
  const parsed = parseArguments(flags, words);
  const layers = await configured(program, deps, parsed);
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
  const extra = words.slice(declared.length);
  if (extra.length > 0 && command.moreArgs === "ignored")
    log.warn(`ignored, because ${path.join(" ")} takes no such arguments`, { words: extra.join(" ") });
  else if (extra.length > 0) throw tooMany(path, declared, extra);
  return words.slice(0, declared.length);
}

function tooMany(path: readonly string[], declared: readonly Argument[], extra: readonly string[]): SlipwayError {
  const most = declared.length === 0 ? "no arguments" : declared.map(({ name }) => `one ${name}`).join(" and ");
  const found = extra.map((word) => JSON.stringify(word)).join(", ");
  return new SlipwayError("USAGE", `${path.join(" ")} takes ${most}; what is ${found}?`, {
    hint: `${usageOf(path, declared)}. For more than one, run it once for each.`,
  });
}

function usageOf(path: readonly string[], declared: readonly Argument[]): string {
  const names = declared.map(({ name, required }) => (required ? name : `[${name}]`));
  return `Usage: ${[...path, ...names].join(" ")}`;
}

interface ConfiguredLayer {
  readonly defaults: Defaults;
  readonly warnings: readonly string[];
}

async function configured(
  program: Program,
  { io, files }: ProgramDeps,
  parsed: ParsedArguments,
): Promise<readonly ConfiguredLayer[]> {
  if (program.configuration === undefined) return [];
  const { flag, ignoredSections } = program.configuration;
  const named = flagValues(parsed, io.env, []).read(flag);
  const found = await configurationFiles(files, io, program.name, named);
  if (found.length === 0) return [];
  const { readConfiguration } = await import("./config-file.ts");
  const known = await flagsOf(program.commands);
  return Promise.all(found.map((path) => readConfiguration(files, path, known, ignoredSections)));
}

async function flagsOf(entries: readonly CommandEntry[]): Promise<readonly Flag<unknown>[]> {
  const commands = await Promise.all(entries.map((entry) => entry.load()));
  const inner = await Promise.all(commands.map((command) => flagsOf(command.subcommands ?? [])));
  return [...commands.flatMap((command) => command.flags), ...inner.flat()];
}

async function complete(program: Program, io: Io, words: readonly string[]): Promise<number> {
  const { completeWords, printCompletion } = await import("./completion/complete.ts");
  io.stdout.write(printCompletion(await completeWords(program, words)));
  return EXIT_CODES.DONE.exit;
}
