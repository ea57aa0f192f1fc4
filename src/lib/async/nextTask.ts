/**
 * Resolves in a task of its own, so that messages, signals and timers that wait are handled first; a promise alone lets
 * none of them in. A channel, because timers that follow each other are held back by 4 ms.
 */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      // An open port keeps Node alive.
      port1.close();
      resolve();
    };
    port2.postMessage(undefined);
  });
}
