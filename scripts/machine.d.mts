/** See machine.mjs. */
export declare function findChromium(): string | undefined;
export declare function findFirefox(): string | undefined;
export declare function findCommand(name: string): string | undefined;
export declare function vulkanEnvironment(): Record<string, string>;
export declare function softwareVulkan(): { name: 'lavapipe' | 'SwiftShader'; file: string } | undefined;
export declare function hasGpu(): boolean;
export declare function chromiumArguments(): string[];
