import { spawnSync } from 'node:child_process';

/** Python executables to try. Debian's own has its packages where another one is first in the path. */
const PYTHONS = ['python3', '/usr/bin/python3'];

/**
 * Returns a function that runs a program on a file, in `data`, and returns its output. Returns undefined, with a warning, if
 * no Python has these modules.
 */
export function python(...modules: string[]): ((program: string, file: Uint8Array) => string) | undefined {
  const imports = `import io, json, pickle, sys, ${modules.join(', ')}\n`;
  const path = PYTHONS.find((one) => spawnSync(one, ['-c', imports]).status === 0);
  if (path === undefined) {
    const packages = modules.map((name) => `python3-${name.toLowerCase()}`).join(' ');
    console.warn(
      `No Python with ${modules.join(' and ')}: skipping what needs it. Debian: apt-get install ${packages}`,
    );
    return undefined;
  }
  return (program, file) => {
    const script = `${imports}data = sys.stdin.buffer.read()\n${program}`;
    const { stdout, stderr, status } = spawnSync(path, ['-c', script], { input: file, maxBuffer: 1 << 28 });
    if (status !== 0) throw new Error(`Python: ${String(stderr)}`);
    return String(stdout).trim();
  };
}
