import { parseArgs, type ParseArgsConfig } from 'node:util';
import type { Config } from '../config/fields.ts';
import { parseGiven } from '../config/parse.ts';
import { errorMessage, UserError } from '../lib/errors.ts';

/** Bad arguments: exit code 2, with a short usage. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

type Options = NonNullable<ParseArgsConfig['options']>;

/** Parses strictly with `node:util`; throws its errors as UsageErrors. */
export function parseOptions<Given extends Options>(options: Given, positionals = 0) {
  try {
    const parsed = parseArgs({ options, strict: true, allowPositionals: positionals > 0 });
    if (parsed.positionals.length > positionals) throw new Error(`unexpected "${parsed.positionals[positionals]}"`);
    return parsed;
  } catch (error) {
    throw new UsageError(errorMessage(error));
  }
}

/** Returns the choice that equals `value`; throws a UsageError otherwise. */
export function oneOf<Choice extends string>(flag: string, value: string, choices: readonly Choice[]): Choice {
  const choice = choices.find((one) => one === value);
  if (choice === undefined) throw new UsageError(`${flag} is "${value}"; it takes ${choices.join(' or ')}.`);
  return choice;
}

/** Parses every `--set key=value`; the last one of a key wins. */
export function parseSettings(settings: readonly string[]): Partial<Config> {
  const parsed = settings.map((setting) => {
    const [name] = setting.split('=', 1);
    return parseGiven(name, setting.slice(name.length + 1)).settings;
  });
  return Object.assign({}, ...parsed) as Partial<Config>;
}

/**
 * Runs a command and ends the process: what `run` returns, 0 by default; 1 failed, with one clear line; 2 bad
 * arguments, with a short usage above that line. `--help` prints all of it. Exits explicitly, as Node stays alive while a GPU instance is held.
 */
export async function command(usage: string, run: () => Promise<number> | Promise<void>): Promise<never> {
  if (process.argv.slice(2).some((arg) => arg === '--help' || arg === '-h')) {
    console.log(usage);
    return process.exit(0);
  }
  try {
    return process.exit((await run()) ?? 0);
  } catch (error) {
    if (error instanceof UsageError || (error instanceof UserError && error.code.startsWith('config/'))) {
      console.error(`${shortUsage(usage)}\n\n${error.message}`);
      return process.exit(2);
    }
    console.error(error instanceof UserError ? error.message : error);
    return process.exit(1);
  }
}

/** Three lines: what is printed last is what is read, and the table of settings would push it out of sight. */
function shortUsage(usage: string): string {
  const [first] = usage.split('\n', 1);
  const options = [...new Set(usage.match(/(?<=^|[\s[])--[a-z][a-z-]*/gm))];
  const name = /npm run [a-z]+/.exec(first)?.[0] ?? '';
  return [first, `Options: ${options.join(' ')}`, `Each of them explained: ${name} -- --help`].join('\n');
}
