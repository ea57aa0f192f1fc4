/** See setup.mjs. */
export declare const ROOT: string;
export declare function setup(options?: {
  browser?: boolean;
  firefox?: boolean;
  vulkan?: boolean;
  quiet?: boolean;
}): Promise<void>;
export declare function say(line: string): void;
