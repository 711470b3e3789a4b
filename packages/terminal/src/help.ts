import { Command as Page, Option, type HelpConfiguration } from "commander";
import type { Io } from "@slipway/base";
import type { Argument, Command, Example, Program } from "./command.ts";
import type { Flag } from "./flag.ts";
import { painter } from "./text.ts";

type HelpIo = Pick<Io, "stdout" | "env">;

/** The help of a program: its commands, global flags, and examples. */
export function programHelp(program: Program, flags: readonly Flag<unknown>[], io: HelpIo): string {
  const page = pageOf(program.name, program.description, flags, io).usage("COMMAND [flags]");
  page.commandsGroup("Commands:");
  for (const { name, summary } of program.commands) page.addCommand(new Page(name).summary(summary).helpOption(false));
  const more = `\nRun "${program.name} COMMAND --help" for the flags of a command.\n`;
  return `${page.helpInformation()}${examplesText(program.examples ?? [], io)}${more}`;
}

/** The help of one command, its flags under the headings of their groups. */
export function commandHelp(
  path: readonly string[],
  command: Command,
  flags: readonly Flag<unknown>[],
  io: HelpIo,
): string {
  const page = pageOf(path.join(" "), command.description, flags, io);
  const first = command.run === undefined ? ["COMMAND"] : (command.args ?? []).map(usageOf);
  page.usage([...first, "[flags]"].join(" "));
  for (const argument of command.args ?? []) page.argument(usageOf(argument), argument.summary);
  page.commandsGroup("Commands:");
  for (const { name, summary } of command.subcommands ?? [])
    page.addCommand(new Page(name).summary(summary).helpOption(false));
  return `${page.helpInformation()}${examplesText(command.examples ?? [], io)}`;
}

function usageOf({ name, required, many }: Argument): string {
  const term = many === true ? `${name}...` : name;
  return required ? `<${term}>` : `[${term}]`;
}

function pageOf(name: string, description: string, flags: readonly Flag<unknown>[], io: HelpIo): Page {
  const paint = painter(io.stdout, io.env);
  const visible = flags.filter((flag) => !flag.hidden);
  const terms = new Map(visible.map((flag) => [`--${flag.name}`, termOf(flag)]));
  const configuration: HelpConfiguration = {
    optionTerm: (option) => terms.get(option.long ?? "") ?? option.flags,
    subcommandTerm: (command) => command.name(),
    argumentTerm: (argument) => argument.name(),
    styleTitle: (title) => paint("bold", title),
    helpWidth: Math.min(io.stdout.columns ?? 100, 120),
  };
  const page = new Page(name)
    .description(description)
    .helpOption(false)
    .helpCommand(false)
    .configureHelp(configuration);
  page.configureOutput({ getOutHasColors: () => true });
  for (const flag of visible) page.addOption(optionOf(flag).helpGroup(`${flag.group}:`));
  return page;
}

/** `-s, --snapshot <SOURCE>`; long names stand below each other whether or not there is a letter. */
function termOf(flag: Flag<unknown>): string {
  const letter = flag.short === undefined ? "    " : `-${flag.short}, `;
  const names = [flag.name, ...flag.aliases].map((name) => `--${name}`).join(", ");
  return `${letter}${names}${flag.placeholder === undefined ? "" : ` ${flag.placeholder}`}`;
}

function optionOf(flag: Flag<unknown>): Option {
  const option = new Option(`--${flag.name}${flag.placeholder === undefined ? "" : " <value>"}`, descriptionOf(flag));
  return option;
}

function descriptionOf(flag: Flag<unknown>): string {
  const notes = [
    flag.choices.length === 0 ? undefined : `one of ${flag.choices.join(", ")}`,
    flag.defaultText === undefined ? undefined : `default ${flag.defaultText}`,
    flag.env === undefined ? undefined : `env ${flag.env}`,
    flag.repeat === "list" ? "repeatable" : undefined,
  ].filter((note) => note !== undefined);
  return notes.length === 0 ? flag.summary : `${flag.summary} (${notes.join("; ")})`;
}

function examplesText(examples: readonly Example[], io: HelpIo): string {
  if (examples.length === 0) return "";
  const paint = painter(io.stdout, io.env);
  const lines = examples.map(({ command, meaning }) => `  ${paint("dim", `# ${meaning}`)}\n  ${command}\n`);
  return `\n${paint("bold", "Examples:")}\n${lines.join("")}`;
}
