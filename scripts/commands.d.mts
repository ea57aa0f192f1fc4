/** See commands.mjs. */
export declare function commandArguments(name: string): Promise<string[]>;
