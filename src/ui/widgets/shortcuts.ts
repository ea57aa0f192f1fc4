/** Every key of the page. The key handler, the help dialog, and the titles of buttons read this table. */
interface Shortcut {
  /** As `chordOf` writes them, which is also the syntax of `aria-keyshortcuts`. */
  readonly keys: readonly string[];
  /** The keys as they are shown, in the same order; further ones are alternatives that are not shown. */
  readonly labels: readonly string[];
  /** Its line in the help; without one it is not listed there. */
  readonly help?: string;
  /** Handled by the page, by an enlarged image, by both, or by the row of the legend that has the focus. */
  readonly scope: 'page' | 'zoom' | 'page and zoom' | 'legend';
}

const DIGITS = ['1', '2', '3', '4', '5', '6', '7', '8', '9'];

export const SHORTCUTS = {
  pause: { keys: [' '], labels: ['Space'], help: 'Pause, continue', scope: 'page' },
  scrub: {
    keys: ['ArrowLeft', 'ArrowRight'],
    labels: ['←', '→'],
    help: 'Overlays of an earlier or later step',
    scope: 'page',
  },
  isolate: {
    keys: DIGITS,
    labels: ['1 – 9'],
    help: 'Isolate one of the most used slots; again for all',
    scope: 'page and zoom',
  },
  overlay: { keys: ['o'], labels: ['O'], help: 'Overlay on or off', scope: 'page and zoom' },
  sideBySide: { keys: ['s'], labels: ['S'], help: 'Watched images beside their overlays', scope: 'page and zoom' },
  zoom: {
    keys: ['+', '-', '='],
    labels: ['+', '−'],
    help: 'In an enlarged image: larger, smaller; arrows move the image, or lead to its neighbors',
    scope: 'zoom',
  },
  fit: { keys: ['0', 'Home'], labels: ['0'], scope: 'zoom' },
  neighbor: { keys: ['PageUp', 'PageDown'], labels: ['Page up', 'Page down'], scope: 'zoom' },
  rename: { keys: ['F2'], labels: ['F2'], help: 'Rename the slot that has the focus', scope: 'legend' },
  undo: {
    keys: ['Control+z'],
    labels: ['Ctrl+Z'],
    help: 'Undo a renaming, merging or splitting of slots; with Shift, redo',
    scope: 'page',
  },
  redo: { keys: ['Control+Shift+z', 'Control+y', 'Control+Shift+y'], labels: ['Ctrl+Shift+Z'], scope: 'page' },
  download: {
    keys: ['d'],
    labels: ['D'],
    help: 'Download a checkpoint; the menu beside its button has other formats',
    scope: 'page',
  },
  help: { keys: ['?'], labels: ['?'], help: 'This list', scope: 'page' },
  showAll: { keys: ['Escape'], labels: ['Esc'], scope: 'page' },
} satisfies Readonly<Record<string, Shortcut>>;

export type ShortcutName = keyof typeof SHORTCUTS;

const NAMES = Object.keys(SHORTCUTS) as ShortcutName[];
const find = (name: ShortcutName): Shortcut => SHORTCUTS[name];

type KeyPress = Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'shiftKey'>;

/** The pressed key with Control, which Meta stands for too. Shift counts only with it: without, it makes the key ('?'). */
function chordOf({ key, ctrlKey, metaKey, shiftKey }: KeyPress): string {
  const letter = key.length === 1 ? key.toLowerCase() : key;
  if (!ctrlKey && !metaKey) return letter;
  return shiftKey ? `Control+Shift+${letter}` : `Control+${letter}`;
}

/** The shortcut that a key press means in `scope`, and which of its keys it was. */
export function shortcutOf(
  press: KeyPress,
  scope: 'page' | 'zoom' | 'legend',
): { readonly name: ShortcutName; readonly index: number } | undefined {
  const chord = chordOf(press);
  const name = NAMES.find((one) => find(one).scope.includes(scope) && find(one).keys.includes(chord));
  return name && { name, index: find(name).keys.indexOf(chord) };
}

/** Value of `aria-keyshortcuts` for the key of a shortcut at `index`. */
export function ariaKeys(name: ShortcutName, index = 0): string {
  const key = find(name).keys[index] ?? '';
  return key === ' ' ? 'Space' : key;
}

/** Attributes of a button that does the same as the key at `index`: its title with the key, and the key for screen readers. */
export function shortcutProps(
  name: ShortcutName,
  title: string,
  index = 0,
): { readonly title: string; readonly 'aria-keyshortcuts': string } {
  return { title: `${title} (${find(name).labels[index] ?? ''})`, 'aria-keyshortcuts': ariaKeys(name, index) };
}

export interface HelpLine {
  readonly keys: string;
  readonly help: string;
}

/** Lines of the help dialog. */
export const HELP_LINES: readonly HelpLine[] = NAMES.flatMap((name) => {
  const { labels, help } = find(name);
  return help === undefined ? [] : [{ keys: labels.join(' '), help }];
});
