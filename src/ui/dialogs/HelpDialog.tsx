import type { ReactElement } from 'react';
import { useApp, useView } from '../app.ts';
import { useDialog } from '../widgets/useDialog.ts';

const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'Pause, continue'],
  ['← →', 'Overlays of an earlier or later step'],
  ['1 – 9', 'Isolate one of the most used slots; again for all'],
  ['O', 'Overlay on or off'],
  ['S', 'Watched images beside their overlays'],
  ['+ −', 'In an enlarged image: larger, smaller; arrows move about, or lead to its neighbors'],
  ['F2', 'Rename the slot that has the focus'],
  ['Ctrl Z', 'Undo a renaming, merging or splitting of slots; with Shift, redo'],
  ['D', 'Download a checkpoint; the menu beside its button has other formats'],
  ['?', 'This list'],
];

export function HelpDialog(): ReactElement {
  const { view } = useApp();
  const open = useView((state) => state.helpOpen);
  const dialog = useDialog(open);
  return (
    <dialog ref={dialog} aria-labelledby="help-heading" onClose={() => view.setState({ helpOpen: false })}>
      <h2 id="help-heading">Keys</h2>
      <dl className="keys">
        {KEYS.map(([key, action]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{action}</dd>
          </div>
        ))}
      </dl>
      <h2>What is going on</h2>
      <p>
        Two views are cut out of every picture. A student network sorts the places of each view among a few prototypes,
        so that both views agree and the regions (slots) of a batch can be told apart; a teacher, its slow average, sets
        the targets. No labels are used, and nothing is sent anywhere.
      </p>
      <p>
        In most runs the features align first and few slots are left around step 30; they come apart again towards step
        100. The verdict above the slots says what the curves mean.
      </p>
      <form method="dialog">
        <button type="submit" className="primary" autoFocus>
          Close
        </button>
      </form>
    </dialog>
  );
}
