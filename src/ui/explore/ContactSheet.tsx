import type { ReactElement } from 'react';
import { SLOTS_BY_STOPS } from '../../config/slotsBy.ts';
import type { Overlay } from '../../domain/reports.ts';
import { stabilityAdvice } from '../../signals/advice/advice.ts';
import type { Exploration, ExploredRow } from '../../state/runs/explorations.ts';
import { loadBitmap } from '../../state/display/displayImages.ts';
import { trainRecipe } from '../../state/runs/trainRecipe.ts';
import { datasetOf, type Dataset } from '../../state/session/images.ts';
import { isActive } from '../../state/session/run.ts';
import { NEW_RUN_VIEW } from '../../state/view/view.ts';
import { useApp, useSession, useTabs } from '../app.ts';
import { Icon } from '../widgets/icons.tsx';
import { drawContactSheet, photographsOf } from './drawContactSheet.ts';
import styles from './ExploreView.module.css';
import { RecipePicture } from './RecipePicture.tsx';

/** A row per recipe, the most stable first. */
export function ContactSheet({ exploration }: { readonly exploration: Exploration }): ReactElement {
  const { session, display } = useApp();
  const isPresent = useSession(({ images }) => areChosen(datasetOf(images), exploration));
  const advice = stabilityAdvice(exploration.rows.at(0)?.stability, exploration.base.prototypes);
  const load = (image: Overlay, longer: number) =>
    loadBitmap(isPresent ? display.sources.getState().present : undefined, image, longer);
  const save = async (): Promise<void> => {
    const png = await drawContactSheet(exploration, load);
    if (png) session.save('slotcon-explore.png', png);
  };
  return (
    <section aria-label="Contact sheet" data-testid="contact-sheet">
      <p className="muted">
        “{exploration.images}”, the most stable recipe first. Stability is how far two seeds agree, from 0 to 1: a hint,
        not a verdict.{' '}
        <button type="button" className="small" onClick={() => void save()} data-testid="save-sheet">
          <Icon name="download" /> PNG
        </button>
      </p>
      {advice && <p>{advice.text}</p>}
      <div className={styles.pictures}>
        {photographsOf(exploration.rows).map((overlay) => (
          <RecipePicture key={overlay.imageIndex} overlay={overlay} label={overlay.path} isPresent={isPresent} />
        ))}
      </div>
      {exploration.rows.map((row) => (
        <RecipeRow key={row.recipe} row={row} isPresent={isPresent} />
      ))}
    </section>
  );
}

/** Whether the images that are shown are among those that are chosen; another folder may have the same name. */
function areChosen(dataset: Dataset | undefined, { images, rows }: Exploration): boolean {
  const isThere = ({ imageIndex, path }: Overlay): boolean => dataset?.images.at(imageIndex)?.path === path;
  return dataset?.name === images && photographsOf(rows).every(isThere);
}

interface RowProps {
  readonly row: ExploredRow;
  readonly isPresent: boolean;
}

function RecipeRow({ row, isPresent }: RowProps): ReactElement {
  const { recipe, pictures, stability, slotsInUse, run } = row;
  const { label, splitsBy, keepsTogether } = SLOTS_BY_STOPS[recipe];
  return (
    <article className={styles.row} data-testid="recipe" data-recipe={recipe}>
      <h3>{label}</h3>
      <p>
        Stability <strong>{stability === undefined ? '–' : stability.toFixed(2)}</strong> ·{' '}
        <strong>{slotsInUse === undefined ? '–' : Number(slotsInUse.toFixed(1))}</strong> slots in use · splits by:{' '}
        {splitsBy} · keeps together: {keepsTogether}
      </p>
      <div className={styles.pictures}>
        {pictures.map((overlay) => (
          <RecipePicture
            key={overlay.imageIndex}
            overlay={overlay}
            count={run.config.prototypes}
            label={`${overlay.path}, slots of “${label}”`}
            isPresent={isPresent}
          />
        ))}
      </div>
      <TrainButtons row={row} label={label} />
    </article>
  );
}

function TrainButtons({ row, label }: { readonly row: ExploredRow; readonly label: string }): ReactElement {
  const { session, settings, runHistory, view } = useApp();
  const busy = useSession((state) => isActive(state.run) || state.resume.status === 'checking');
  const taken = useTabs(({ other }) => other !== undefined);
  const train = (fromWeights: boolean): void => {
    view.setState({ ...NEW_RUN_VIEW, mainView: 'run' });
    void trainRecipe({ session, settings, runHistory }, row, fromWeights);
  };
  return (
    <div className={styles.buttons}>
      <button type="button" disabled={busy || taken} aria-label={`Train this: ${label}`} onClick={() => train(false)}>
        <Icon name="play" /> Train this
      </button>
      <button
        type="button"
        disabled={busy || taken || row.run.checkpointStep === undefined}
        aria-label={`Train on from its weights: ${label}`}
        onClick={() => train(true)}
      >
        Train on from its weights
      </button>
    </div>
  );
}
