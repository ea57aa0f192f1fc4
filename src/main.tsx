import { createRoot } from 'react-dom/client';
import { registerSW } from 'virtual:pwa-register';
import 'uplot/dist/uPlot.min.css';
import { FIELDS, FIELD_NAMES } from './config/fields.ts';
import { createCheckpointFiles } from './state/runs/checkpointFiles.ts';
import { prototypeColors } from './domain/palette.ts';
import { createDatabase } from './state/platform/database.ts';
import { createKeepAwake } from './state/platform/keepAwake.ts';
import { createRunHistory } from './state/runs/runHistory.ts';
import { createLastFolder } from './state/platform/lastFolder.ts';
import { createMemory } from './state/platform/memory.ts';
import { createReplay } from './state/view/replay.ts';
import { createRunStore } from './state/runs/runStore.ts';
import { createPageApi } from './state/pageApi.ts';
import { createSession } from './state/session/session.ts';
import { createSettings } from './state/view/settings.ts';
import { rememberSpeed } from './state/platform/speed.ts';
import { isActive, runOf } from './state/session/state.ts';
import { createSweepQueue } from './state/runs/sweepQueue.ts';
import { createTabs } from './state/platform/tabs.ts';
import { hasUnsavedSteps } from './state/session/unsaved.ts';
import { createUpdates } from './state/platform/updates.ts';
import { createViewStore } from './state/view/view.ts';
import { AppContext } from './ui/app.ts';
import { frames } from './ui/widgets/frameQueue.ts';
import { watchLongTasks } from './ui/longTasks.ts';
import { createImageAccess } from './ui/images/imageAccess.ts';
import { PageApp } from './ui/PageApp.tsx';
import { showTitle, showTheme } from './ui/documentEffects.ts';
import './ui/styles/base.css';
import './ui/styles/layout.css';
import './ui/styles/parts.css';
import './ui/styles/gallery.css';
import './ui/styles/runs.css';
import './ui/styles/scores.css';
import './ui/styles/tiles.css';
import './ui/styles/history.css';
import './ui/styles/legend.css';

const download = (fileName: string, source: Blob): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(source);
  link.download = fileName;
  link.click();
  // The browser has taken the bytes over long before.
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
};
const database = createDatabase();
const memory = createMemory(() => localStorage);
const view = createViewStore(memory);
const settings = createSettings(memory);
const asked = new URLSearchParams(location.search);
const session = createSession({
  spawnWorker: () => new Worker(new URL('./worker/entry.ts', import.meta.url), { type: 'module' }),
  forceBackend: asked.get('backend') === 'cpu' ? 'cpu' : undefined,
  forceEngine: asked.get('engine') === 'eager' ? 'eager' : undefined,
  download,
  memory,
});
const replay = createReplay({
  spawnWorker: () => new Worker(new URL('./replay/entry.ts', import.meta.url), { type: 'module' }),
  download,
  report: session.report,
});
const checkpointFiles = createCheckpointFiles(() => navigator.storage.getDirectory());
const runHistory = createRunHistory(session, createRunStore(database, checkpointFiles), {
  now: () => Date.now(),
  newId: () => crypto.randomUUID(),
});
const sweeps = createSweepQueue(session, runHistory, () => crypto.randomUUID());
// Absent outside secure contexts.
const { locks } = navigator as { locks?: LockManager };
const tabs = createTabs(locks, new BroadcastChannel('slotcon-tab'));
const updates = createUpdates(registerSW);
const keepAwake = createKeepAwake(navigator, document);

session.store.subscribe((state, before) => {
  const { adapter, run, resume } = state;
  if (adapter !== before.adapter && adapter.status === 'ready') settings.propose(adapter.adapter.slow);
  if (resume !== before.resume && resume.status === 'loaded' && (run.status === 'idle' || !resume.keepsHistory))
    settings.adopt(resume.config);
  if (run === before.run) return;
  if (run.status === 'preparing' || run.status === 'training') keepAwake.hold();
  else keepAwake.release();
  if (run.status === 'preparing' && before.run.status !== 'preparing') {
    void claimTraining();
    // Choosing colors takes some 20 ms, which the first picture then doesn't.
    frames.add(session, () => void prototypeColors(run.plan.config.prototypes));
  }
  if (!isActive(run)) tabs.release();
  const { imagesPerSecond } = session.live.getState().timing;
  if (run.status === 'ended' && adapter.status === 'ready') {
    rememberSpeed(memory, adapter.adapter, run.run.config, imagesPerSecond);
  }
});
/** Two tabs that start within the same moment: the second gives way. */
async function claimTraining(): Promise<void> {
  if (await tabs.claim()) return;
  session.stop();
  session.report('images/other-tab', 'Another tab has just begun to train, so this run was stopped.');
}
tabs.store.subscribe(({ other }) => {
  // What the other tab did to its runs is in the storage.
  if (!other) void runHistory.refresh();
});
session.live.subscribe(({ record, timing: { etaSeconds }, verdict }) => {
  const run = runOf(session.store.getState().run);
  if (!run || !record) return;
  const { title, totalSteps } = run;
  tabs.tell({ title, totalSteps, step: record.step, loss: record.loss, etaSeconds, verdict: verdict?.title });
});
document.addEventListener('visibilitychange', () => {
  // A hidden page may be discarded without another word.
  if (document.visibilityState === 'hidden' && isActive(session.store.getState().run)) session.saveState();
});
window.addEventListener('beforeunload', (event) => {
  if (hasUnsavedSteps(session.store.getState())) event.preventDefault();
});
settings.store.subscribe(({ config }, before) => {
  const ofEncoder = FIELD_NAMES.filter((name) => FIELDS[name].group === 'encoder');
  if (ofEncoder.some((name) => config[name] !== before.config[name])) session.rematchEncoder(config);
});
showTheme(view, document.documentElement);
showTitle(session, document);
window.slotconTab = createPageApi(session, watchLongTasks());

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(
  <AppContext
    value={{
      session,
      settings,
      view,
      memory,
      replay,
      runHistory,
      sweeps,
      tabs,
      updates,
      images: createImageAccess(session, settings, createLastFolder(database)),
    }}
  >
    <PageApp />
  </AppContext>,
);
session.open();
