import type { Command } from './commands.ts';
import type { WorkerEvent } from './events.ts';
import { createRequestClient, type RequestClient, type WorkerLike, type WorkerLostError } from './requestClient.ts';
import type { RequestMessage, Requests, ResponseMessage } from './requests.ts';

export type ToWorker = Command | RequestMessage;
export type FromWorker = WorkerEvent | ResponseMessage;

export interface TrainerClient extends Omit<RequestClient<Requests>, 'post'> {
  /** Sends a command. Files and Blobs are handles: cloning one costs nothing. */
  send(command: Command): void;
}

export interface ClientListeners {
  onEvent(event: WorkerEvent): void;
  /** The worker crashed or could not be loaded; called once, after which the client is closed. */
  onLost(error: WorkerLostError): void;
}

/** The page's end of the worker. */
export function createTrainerClient(worker: WorkerLike, { onEvent, onLost }: ClientListeners): TrainerClient {
  const { post, request, close } = createRequestClient<Requests>(worker, {
    name: 'training worker',
    onMessage: (event) => onEvent(event as WorkerEvent),
    onLost,
  });
  return { send: post, request, close };
}
