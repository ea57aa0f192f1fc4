import { createRoot } from 'react-dom/client';
import { registerSW } from 'virtual:pwa-register';
// Before the components, whose own style sheets override them.
import './ui/tokens.css';
import './ui/base.css';
import './ui/controls.css';
import { createCheckpointFiles } from './state/runs/checkpointFiles.ts';
import { createDisplayCopies } from './state/display/displayCopies.ts';
import { createDisplaySources, loadBitmap } from './state/display/displayImages.ts';
import { createDisplayWorkers } from './state/display/displayWorkers.ts';
import { createDatabase } from './state/platform/database.ts';
import { download } from './state/platform/download.ts';
import { createFileWriter } from './state/platform/fileWriter.ts';
import { createKeepAwake } from './state/platform/keepAwake.ts';
import { createRunHistory } from './state/runs/runHistory.ts';
import { createLastFolder } from './state/platform/lastFolder.ts';
import { createMemory } from './state/platform/memory.ts';
import { createReplay } from './state/view/replay.ts';
import { createRunStore } from './state/runs/runStore.ts';
import { createPageApi } from './state/pageApi.ts';
import { applyPolicies } from './state/policies.ts';
import { createSession } from './state/session/session.ts';
import { createSettings } from './state/view/settings.ts';
import { createSweepQueue } from './state/runs/sweepQueue.ts';
import { createTabs } from './state/platform/tabs.ts';
import { pixelsOf } from './state/trial/pictureBitmaps.ts';
import { createTrial, type TrialPorts } from './state/trial/trial.ts';
import { createUpdates } from './state/platform/updates.ts';
import { createViewStore } from './state/view/view.ts';
import { TUNE_MODES } from './domain/tuneMode.ts';
import { syncViewWithUrl } from './state/view/viewUrl.ts';
import { AppContext } from './ui/app.ts';
import { frames } from './ui/widgets/frameQueue.ts';
import { watchLongTasks } from './ui/longTasks.ts';
import { createImageAccess } from './ui/images/imageAccess.ts';
import { PageApp } from './ui/page/PageApp.tsx';
import { showTitle, showTheme } from './ui/documentEffects.ts';

const database = createDatabase();
const memory = createMemory(() => localStorage);
const view = createViewStore(memory);
const settings = createSettings(memory);
const query = new URLSearchParams(location.search);
const session = createSession({
  spawnWorker: () => new Worker(new URL('./worker/entry.ts', import.meta.url), { type: 'module' }),
  forceBackend: query.get('backend') === 'cpu' ? 'cpu' : undefined,
  forceEngine: query.get('engine') === 'eager' ? 'eager' : undefined,
  tune: TUNE_MODES.find((mode) => mode === query.get('tune')),
  download,
  memory,
});
const displayWorkers = createDisplayWorkers(
  () => new Worker(new URL('./worker/decode/entry.ts', import.meta.url), { type: 'module' }),
);
const display = { copies: createDisplayCopies(), sources: createDisplaySources(session, displayWorkers) };
const replay = createReplay({
  loadPhotograph: (image, longer) => loadBitmap(display.sources.getState().watched, image, longer),
  spawnWorker: () => new Worker(new URL('./replay/entry.ts', import.meta.url), { type: 'module' }),
  download,
  report: session.report,
});
const now = (): number => performance.now();
const openCamera: TrialPorts['openCamera'] = async (onEnd) =>
  (await import('./state/platform/camera.ts')).openCamera(onEnd);
const trial = createTrial({ session, displayWorkers, openCamera, pixelsOf, now });
const writeFile = createFileWriter(
  () => new Worker(new URL('./worker/storage/entry.ts', import.meta.url), { type: 'module' }),
);
const checkpointFiles = createCheckpointFiles(() => navigator.storage.getDirectory(), writeFile);
const newId = (): string => crypto.randomUUID();
const runHistory = createRunHistory(session, createRunStore(database, checkpointFiles), { now: Date.now, newId });
const sweeps = createSweepQueue(session, runHistory, newId);
// Absent outside secure contexts.
const { locks } = navigator as { locks?: LockManager };
const tabs = createTabs(locks, new BroadcastChannel('slotcon-tab'));
const updates = createUpdates(registerSW);
const images = createImageAccess(session, settings, createLastFolder(database));

const keepAwake = createKeepAwake(navigator, document);
const schedule = frames.add;
applyPolicies({ session, settings, runHistory, tabs, keepAwake, memory, document, window, schedule });
syncViewWithUrl(view, { location, history, window });
showTheme(view, document.documentElement);
showTitle(session, document);
window.slotconTab = createPageApi(session, settings, watchLongTasks(), display.copies.bytes);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <AppContext
    value={{ session, settings, view, memory, display, replay, runHistory, sweeps, trial, tabs, updates, images }}
  >
    <PageApp />
  </AppContext>,
);
session.open();
