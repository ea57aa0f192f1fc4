/** See site.mjs. */
export declare function buildIfStale(): void;
export declare function serve(options?: { port?: number }): Promise<{ url: string; close: () => Promise<void> }>;
