import type { SkippedFile } from '../domain/images.ts';
import type { ErrorCode } from '../lib/errorCodes.ts';
import type { EncoderAdvice } from '../nn/encoders/encoder.ts';

/** The device that computes, described for the person. */
export interface AdapterSummary {
  readonly backend: 'webgpu' | 'webgl' | 'cpu';
  /** e.g. "SwiftShader (Google)", "CPU (no WebGPU)". */
  readonly description: string;
  /** True for software WebGPU and for the fallbacks: training will be slow. */
  readonly slow: boolean;
  readonly engine: 'compiled' | 'eager';
  /** Memory of the machine, as far as the browser tells; a graphics card may have its own. */
  readonly hostBytes: number | undefined;
  /** To be remembered; undefined where the compiled engine doesn't compute. */
  readonly proven?: ProvenKernels;
}

/** What was checked with a known answer and measured, so that the next visit needn't. */
export interface ProvenKernels {
  /** The adapter, the browser and the page, with their versions as far as they are told. */
  readonly on: string;
  /** A family of kernels that computes rightly there. */
  readonly family: string;
  /** The fastest kernels there, as `Engine.kernels` tells them; undefined where none were measured. */
  readonly tuned?: string;
}

export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** RGBA. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}

/** The page shows so many thumbnails; more would cost memory that training can use better (about 16 kB each). */
export const MAX_THUMBNAILS = 2000;

/** A file of the folder, or why it couldn't be opened. */
export type FolderFile = { readonly path: string; readonly file: File } | { readonly skipped: SkippedFile };

/** The file of an image; `page` counts from 1. */
export interface OpenedImage {
  readonly file: File;
  readonly path: string;
  readonly page: number;
}

export interface MaskFile {
  readonly path: string;
  readonly file: File;
}

/** A file format that a run can be saved in. */
export interface FileFormat {
  readonly id: string;
  readonly label: string;
  /** Use of the format, in one line. */
  readonly purpose: string;
  /** Approximate size in bytes. */
  readonly size: number;
}

/** Match of a file's tensors with the encoder of some settings; the rest of the model starts fresh. */
export interface EncoderReport {
  /** None if the file has no use with these settings. */
  readonly matched: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly missing: readonly { readonly name: string; readonly why: string }[];
  /** Names in the file that the encoder has no place for. */
  readonly unused: readonly string[];
  /** What the file holds and the settings that fit it, where these don't. */
  readonly advice: EncoderAdvice | undefined;
}

/** The masks that slots are scored by. */
export interface ScoringTarget {
  /** Masks of the images as `readMasks` gave them, or built-in scenes that training never sees. */
  readonly source: 'masks' | 'heldOutScenes';
  /** Value of the masks that marks unlabeled pixels. */
  readonly voidValue?: number;
  /** Maximum number of images, evenly spread. */
  readonly limit?: number;
}

/** Progress of work that takes a while. */
export interface Progress {
  /** The present phase, for the person. */
  readonly phase: string;
  /** From 0 to 1. */
  readonly fraction: number;
}

/** An error as it crosses the worker boundary. */
export interface ErrorReport {
  readonly code: ErrorCode;
  readonly message: string;
  /** For a bug report. */
  readonly detail?: string;
}
