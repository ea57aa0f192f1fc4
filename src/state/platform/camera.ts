import { UserError } from '../../lib/errors.ts';

/** An open camera. Frames are in no file and leave the page nowhere. */
export interface Camera {
  /** The present frame. */
  capture(): Promise<ImageBitmap>;
  /** Turns it off, its light too. */
  stop(): void;
}

/** Longer side of the frames that are asked for; the network sees less. */
const [WIDTH, HEIGHT] = [640, 480];

/** Opens a camera, for which the browser asks the person. `onEnd` is called when it goes away by itself. */
export async function openCamera(onEnd: () => void): Promise<Camera> {
  const { mediaDevices } = navigator as { mediaDevices?: MediaDevices };
  if (!mediaDevices) {
    throw new UserError('camera/unavailable', 'This page may use no camera: it has to be opened over HTTPS.');
  }
  const stream = await mediaDevices
    .getUserMedia({
      audio: false,
      video: { width: { ideal: WIDTH }, height: { ideal: HEIGHT }, facingMode: { ideal: 'environment' } },
    })
    .catch((thrown: unknown) => {
      throw cameraError(thrown);
    });
  const stop = (): void => {
    for (const track of stream.getTracks()) track.stop();
  };
  for (const track of stream.getTracks()) track.addEventListener('ended', onEnd);
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.srcObject = stream;
  try {
    await video.play();
  } catch (thrown) {
    stop();
    throw cameraError(thrown);
  }
  return {
    capture: () => createImageBitmap(video),
    stop: () => {
      stop();
      video.srcObject = null;
    },
  };
}

/** What went wrong, with the remedy. */
export function cameraError(thrown: unknown): UserError {
  switch ((thrown as Partial<Error> | undefined)?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new UserError(
        'camera/refused',
        'The camera was not allowed. Allow it for this page in the browser (the camera in its address bar), and start it again.',
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new UserError('camera/none', 'No camera was found. Connect one and start it again, or choose pictures.');
    case 'NotReadableError':
    case 'AbortError':
      return new UserError('camera/busy', 'The camera is busy: close what else uses it, and start it again.');
    default:
      return new UserError('camera/unavailable', `The camera could not be started (${String(thrown)}).`);
  }
}
