import type { ReactElement } from 'react';
import { useApp, useView } from '../app.ts';
import { Dialog } from '../widgets/Dialog.tsx';
import { HELP_LINES } from '../widgets/shortcuts.ts';
import styles from './HelpDialog.module.css';

/** The keys of the page, and the method in two paragraphs. */
export function HelpDialog(): ReactElement {
  const { view } = useApp();
  const open = useView((state) => state.helpOpen);
  return (
    <Dialog name="Keys" open={open} onClose={() => view.setState({ helpOpen: false })}>
      <dl className={styles.keys}>
        {HELP_LINES.map(({ keys, help }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
      <h2>The method</h2>
      <p>
        Two views are cropped from every image. A student network assigns the places of each view to a few prototypes,
        so that both views agree and the regions (slots) of a batch can be told apart; a teacher, its moving average,
        sets the targets. No labels are used, and nothing is sent anywhere.
      </p>
      <p>
        In most runs the features align first and few slots are left around step 30; they separate again towards step
        100. The verdict above the slots interprets the curves.
      </p>
      <form method="dialog">
        <button type="submit" className="primary">
          Close
        </button>
      </form>
    </Dialog>
  );
}
