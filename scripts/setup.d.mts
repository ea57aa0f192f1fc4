/** See setup.mjs. */
export declare const ROOT: string;
export declare function setup(wants?: { browser?: boolean; vulkan?: boolean; quiet?: boolean }): Promise<void>;
export declare function say(line: string): void;
