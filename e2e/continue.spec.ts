import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { createTrainingPage, type TrainingPage } from '../src/cli/training/trainingPage.ts';
import { defined } from '../src/lib/defined.ts';
import { expect, findings, listen, ON_CPU, SMALL, test } from './fixtures.ts';

const STEPS = 20;
const AUTOSAVE = 3;

async function begin(training: TrainingPage): Promise<void> {
  await training.open(ON_CPU);
  await training.set({ ...SMALL, steps: STEPS, autosaveEverySteps: AUTOSAVE, displayEverySteps: STEPS });
  await training.readImages(undefined);
  await training.start();
}

/** Trains until a checkpoint is stored. */
async function untilStored(page: Page, training: TrainingPage): Promise<void> {
  await training.until(({ autosavedStep = 0 }) => autosavedStep >= AUTOSAVE);
  // Only a stored run can be found by a later visit.
  await page.getByTestId('view-runs').click();
  await expect(
    page
      .getByTestId('run-row')
      .first()
      .getByRole('button', { name: /^Download the checkpoint/ }),
  ).toBeEnabled();
}

/** Resumes the interrupted run on a page that was just opened, and waits for its end. */
async function resumeInterrupted(page: Page, training: TrainingPage): Promise<{ from: number; records: string }> {
  await training.open(ON_CPU);
  const offer = page.getByTestId('interrupted');
  await expect(offer).toContainText(/sample scenes · \S+ was interrupted after step \d+ of 20/);
  const from = Number(defined(/state after step (\d+) is saved/.exec(defined(await offer.textContent())))[1]);
  expect(await findings(page)).toEqual([]);
  await offer.getByRole('button', { name: 'Continue' }).press('Enter');
  const { records } = await training.until(({ status }) => status === 'ended');
  await expect(offer).toHaveCount(0);
  expect(records, 'the curves of both visits').toBe(STEPS);
  await page.getByTestId('view-runs').click();
  await expect(page.getByTestId('run-row').first()).toContainText('finished');
  return { from, records: JSON.stringify(await training.recordsAfter(from)) };
}

test('a run whose page crashed resumes in the next visit with identical results', async ({
  page,
  training,
  context,
}) => {
  await begin(training);
  await training.until(({ status }) => status === 'ended');
  const unbroken = await training.recordsAfter(0);

  await page.close();

  const broken = await context.newPage();
  const crashing = createTrainingPage(broken);
  await begin(crashing);
  await untilStored(broken, crashing);
  const client = await context.newCDPSession(broken);
  const crashed = broken.waitForEvent('crash');
  void client.send('Page.crash').catch(() => undefined);
  await crashed;
  await broken.close();

  const next = await context.newPage();
  const complaints = listen(next);
  const { from, records } = await resumeInterrupted(next, createTrainingPage(next));
  expect(from % AUTOSAVE).toBe(0);
  expect(records).toBe(JSON.stringify(unbroken.slice(from)));
  await expect(next.getByTestId('run-row')).toHaveCount(2);
  expect(complaints).toEqual([]);
});

test('a run whose browser was killed resumes when the browser is opened again', async ({ baseURL, launchOptions }) => {
  const profile = mkdtempSync(join(tmpdir(), 'slotcon-profile-'));
  const launch = (): Promise<BrowserContext> =>
    chromium.launchPersistentContext(profile, { ...launchOptions, baseURL: defined(baseURL) });
  try {
    const first = await launch();
    const [page] = first.pages();
    const training = createTrainingPage(page);
    await begin(training);
    await untilStored(page, training);
    const closed = first.waitForEvent('close');
    const killed = killBrowser(profile);
    await closed;
    // A process that still holds the profile's files would get in the way of the next browser.
    await expect.poll(() => killed.filter(isAlive)).toEqual([]);

    const second = await launch();
    const [again] = second.pages();
    const complaints = listen(again);
    const { from } = await resumeInterrupted(again, createTrainingPage(again));
    expect(from).toBeGreaterThanOrEqual(AUTOSAVE);
    expect(complaints).toEqual([]);
    await second.close();
  } finally {
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
  }
});

test('a full disk stops no training, and the checkpoint from before it is still there', async ({
  page,
  training,
  context,
}) => {
  await begin(training);
  await untilStored(page, training);
  const client = await context.newCDPSession(page);
  await client.send('Storage.overrideQuotaForOrigin', { origin: new URL(page.url()).origin, quotaSize: 1 });
  await training.until(({ notices }) => notices.length > 0);
  await expect(page.getByRole('alert')).toContainText(
    /can't be kept for later visits.*quota.*Training goes on; download its checkpoint, or delete old runs/i,
  );
  const { records, notices } = await training.until(({ status }) => status === 'ended');
  expect([records, notices.map(({ code }) => code)]).toEqual([STEPS, ['runs/not-kept']]);
  const row = page.getByTestId('run-row').first();
  await expect(row).toContainText('finished');
  await row.getByRole('button', { name: /^Start from/ }).click();
  await training.until(({ resume }) => resume === 'loaded');
  const kept = Number(defined(/step (\d+)/.exec(defined(await page.getByTestId('start').textContent())))[1]);
  expect(kept % AUTOSAVE).toBe(0);
  expect(kept).toBeLessThan(STEPS);
});

/** Kills the browser of a profile and every process below it; returns their ids. */
function killBrowser(profile: string): readonly number[] {
  const table = execFileSync('ps', ['-eo', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .filter((row) => row !== null)
    .map(([, pid, parent, command]) => ({ pid: Number(pid), parent: Number(parent), command }));
  const killed = new Set(table.filter(({ command }) => command.includes(profile)).map(({ pid }) => pid));
  // A set hands out what is added while it is walked.
  for (const parent of killed) for (const row of table) if (row.parent === parent) killed.add(row.pid);
  for (const pid of killed) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  return [...killed];
}

function isAlive(pid: number): boolean {
  try {
    // A zombie has ended but for its parent's notice.
    return !/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
