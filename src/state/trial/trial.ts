import { createStore, type StoreApi } from 'zustand/vanilla';
import type { RgbImage } from '../../domain/images.ts';
import type { PictureSlots } from '../../domain/reports.ts';
import { errorMessage } from '../../lib/errors.ts';
import type { DisplayWorkers } from '../display/displayWorkers.ts';
import type { Camera } from '../platform/camera.ts';
import { shownConfig } from '../session/resume.ts';
import { runIdOf } from '../session/run.ts';
import type { Session, SessionState } from '../session/session.ts';

/** A picture with its slots, once they are there. A picture that was replaced is closed, which leaves it without size. */
export interface TrialPicture {
  readonly id: number;
  readonly name: string;
  readonly bitmap: ImageBitmap;
  readonly slots: PictureSlots | undefined;
}

export type CameraState =
  | { readonly status: 'off'; readonly problem: string | undefined }
  | { readonly status: 'starting' }
  | {
      readonly status: 'on';
      readonly frame: TrialPicture | undefined;
      /** Images per second, smoothed. */
      readonly rate: number;
    };

export interface TrialState {
  /** Newest first. */
  readonly pictures: readonly TrialPicture[];
  /** Number of files that are being read. */
  readonly reading: number;
  /** Files that can't be used, one sentence each. */
  readonly problems: readonly string[];
  readonly camera: CameraState;
}

/** Slots of pictures that are not among the images, and live of a camera. Pictures are kept while the page is open. */
export interface Trial {
  readonly store: StoreApi<TrialState>;
  add(files: readonly File[]): Promise<void>;
  clear(): void;
  /** Segments all pictures again, where the model has changed. */
  refresh(): Promise<void>;
  startCamera(): Promise<void>;
  stopCamera(): void;
}

export interface TrialPorts {
  readonly session: Pick<Session, 'store' | 'runJob'>;
  readonly displayWorkers: DisplayWorkers;
  openCamera(onEnd: () => void): Promise<Camera>;
  pixelsOf(bitmap: ImageBitmap, shorter: number): RgbImage;
  now(): number;
}

/** Longer side of the pictures that are shown. */
const SHOWN_SIDE = 1024;
const MAX_PICTURES = 24;
/** Weight of the past in the rate. */
const SMOOTHING = 0.8;
const OFF: CameraState = { status: 'off', problem: undefined };

/** Equal while the model on the screen is the same one; undefined without one. */
function modelOf({ run, resume }: SessionState): unknown {
  if (run.status !== 'idle') return runIdOf(run);
  return resume.status === 'loaded' ? resume.source : undefined;
}

export function createTrial(ports: TrialPorts): Trial {
  const { session, displayWorkers, pixelsOf } = ports;
  const store = createStore<TrialState>()(() => ({ pictures: [], reading: 0, problems: [], camera: OFF }));
  const { getState: get, setState: set } = store;
  let ids = 0;
  let [model, modelKey]: [unknown, number] = [undefined, 0];

  const segment = async (bitmap: ImageBitmap): Promise<PictureSlots | undefined> => {
    const state = session.store.getState();
    const config = shownConfig(state);
    if (!config || bitmap.width === 0) return undefined;
    if (modelOf(state) !== model) [model, modelKey] = [modelOf(state), modelKey + 1];
    const picture = pixelsOf(bitmap, config.workingSize);
    const done = await session.runJob('segmentPicture', { picture, model: modelKey });
    return done.status === 'done' ? done.result : undefined;
  };
  const show = async ({ id, bitmap }: TrialPicture): Promise<void> => {
    const slots = await segment(bitmap);
    set(({ pictures }) => ({ pictures: pictures.map((one) => (one.id === id ? { ...one, slots } : one)) }));
  };
  const read = async (file: File): Promise<void> => {
    const subject = { kind: 'file', file, path: file.name, page: 1 } as const;
    const copy = await displayWorkers.make({ subject, longer: SHOWN_SIDE }).catch(() => undefined);
    if (!copy) {
      const problem = `“${file.name}” can’t be read as a picture: save it as JPEG, PNG or WebP.`;
      set(({ problems, reading }) => ({ problems: [...problems, problem], reading: reading - 1 }));
      return;
    }
    const picture = { id: ++ids, name: file.name, bitmap: copy.bitmap, slots: undefined };
    const all = [picture, ...get().pictures];
    for (const { bitmap } of all.slice(MAX_PICTURES)) bitmap.close();
    set(({ reading }) => ({ pictures: all.slice(0, MAX_PICTURES), reading: reading - 1 }));
    await show(picture);
  };

  return {
    store,
    add: async (files) => {
      const chosen = files.slice(0, MAX_PICTURES);
      set(({ reading }) => ({ reading: reading + chosen.length, problems: [] }));
      for (const file of chosen) await read(file);
    },
    clear: () => {
      for (const { bitmap } of get().pictures) bitmap.close();
      set({ pictures: [], problems: [] });
    },
    refresh: async () => {
      for (const picture of get().pictures) await show(picture);
    },
    ...createCameraLoop(store, ports, segment),
  };
}

/** Segments frame after frame, each when the one before it is shown. */
function createCameraLoop(
  { getState: get, setState: set }: StoreApi<TrialState>,
  { openCamera, now }: TrialPorts,
  segment: (bitmap: ImageBitmap) => Promise<PictureSlots | undefined>,
): Pick<Trial, 'startCamera' | 'stopCamera'> {
  let present: Camera | undefined;
  /** A camera that is opened for an earlier start is turned off at once. */
  let starts = 0;
  const end = (problem?: string): void => {
    starts++;
    present?.stop();
    present = undefined;
    const { camera } = get();
    if (camera.status === 'on') camera.frame?.bitmap.close();
    set({ camera: { status: 'off', problem } });
  };
  const watch = async (camera: Camera): Promise<void> => {
    let last = now();
    let rate = 0;
    while (present === camera) {
      const bitmap = await camera.capture();
      const slots = await segment(bitmap);
      const { camera: state } = get();
      if (present !== camera || state.status !== 'on') {
        bitmap.close();
        return;
      }
      if (!slots) {
        bitmap.close();
        end('The slots could not be computed, so the camera was turned off.');
        return;
      }
      const time = now();
      const frameRate = 1000 / Math.max(1, time - last);
      rate = rate === 0 ? frameRate : SMOOTHING * rate + (1 - SMOOTHING) * frameRate;
      last = time;
      set({ camera: { status: 'on', frame: { id: 0, name: 'Camera', bitmap, slots }, rate } });
      state.frame?.bitmap.close();
    }
  };
  return {
    startCamera: async () => {
      if (get().camera.status !== 'off') return;
      const start = ++starts;
      set({ camera: { status: 'starting' } });
      try {
        const camera = await openCamera(() => {
          if (start === starts) end('The camera has gone. Connect it and start it again.');
        });
        if (start !== starts) {
          camera.stop();
          return;
        }
        present = camera;
        set({ camera: { status: 'on', frame: undefined, rate: 0 } });
        await watch(camera);
      } catch (thrown) {
        if (start === starts) end(errorMessage(thrown));
      }
    },
    stopCamera: () => {
      if (get().camera.status !== 'off') end();
    },
  };
}
