import { z } from 'zod';
import type { Spread } from './spread.ts';

/**
 * What a stage file exports, and what its `run` is given. A stage file is read in three ways:
 * its declaration (`parameters`, `reads`, `writes`, ...) when a pipeline is planned, `run` when an
 * instance is executed, and the code of `run` alone when an instance is fingerprinted. So a stage's
 * exports stand beside each other, and `parameters` is a function: bundled without being called.
 */

/** An artifact kind is the name of the file: `mel-means.arrow`. Roles are matched to it. */
export type Kind = string;

/** What a role reads: one file; one file for each instance of a foreach stage; one of each stage that has it. */
export type Read =
  | Kind
  | { readonly kind: Kind; readonly each: string; readonly many?: boolean }
  | { readonly kind: Kind; readonly many: true };

export type Reads = Readonly<Record<string, Read>>;
export type Writes = Readonly<Record<string, Kind>>;

/**
 * Modules that a parameter of the same name chooses between: choice -> path below the project. Written
 * `attentions as Choices<Attention>`: a cast is gone from the bundle, where a call would stay and make
 * every choice count.
 */
export type Choices<Module> = Readonly<Record<string, string>> & { readonly module?: () => Module };
export type Parts = Readonly<Record<string, Choices<unknown>>>;

/** A file of the store, checked against its name before the stage sees it. */
export interface InputFile {
  readonly path: string;
  readonly sha256: string;
  /** The stage, as named in the pipeline, that wrote it. */
  readonly stage: string;
  /** Which instance of it: `{ fold: 3 }`; empty for a stage without `foreach`. */
  readonly each: Readonly<Record<string, number>>;
}

/** A stage upstream, with what was set: for checks across stages, and for the report. */
export interface UpstreamStage {
  readonly name: string;
  /** The stage file that it uses: `train` for `train-authors: { use: train }`. */
  readonly use: string;
  readonly params: Readonly<Record<string, unknown>>;
  /** role -> the stages that feed it. */
  readonly needs: Readonly<Record<string, readonly string[]>>;
}

/** What a stage's `check` finds wrong before anything runs. */
export interface ParameterIssue {
  readonly parameter: string;
  readonly message: string;
}

/** A program that a stage starts, as found on this machine. */
export interface Tool {
  readonly path: string;
  readonly version: string;
  /** How it was found, for a person: `FFMPEG_PATH`, `ffmpeg-static`, ... */
  readonly source: string;
}

type InputOf<R extends Read> = R extends string ? InputFile : readonly InputFile[];
type ModuleOf<C> = C extends Choices<infer Module> ? Module : never;

export interface Run<
  P extends () => z.ZodType,
  R extends Reads,
  W extends Writes,
  C extends Parts = Record<never, never>,
> {
  readonly params: z.output<ReturnType<P>>;
  readonly inputs: { readonly [Role in keyof R]: InputOf<R[Role]> };
  /** Where each output is to be written: a path that does not exist yet. */
  readonly outputs: { readonly [Name in keyof W]: string };
  readonly parts: { readonly [Part in keyof C]: ModuleOf<C[Part]> };
  /** Which instance this is: `{ fold: 3 }`. */
  readonly each: Readonly<Record<string, number>>;
  readonly tools: Readonly<Record<string, Tool>>;
  /** Every stage upstream, nearest last, then itself; empty unless it exports `readsUpstream = true`. */
  readonly upstream: readonly UpstreamStage[];
  /** name -> locked version of the packages in `reportsPackages`. */
  readonly packages: Readonly<Record<string, string>>;
  /**
   * Has the same work done on many items by as many threads as this instance may keep busy. Each thread
   * runs the stage's own bundle: it calls `run` with what this process was given and stays in this call,
   * once. So it stands near the head of `run`, behind nothing but what the work needs.
   */
  readonly spread: Spread;
  /** How far it is, in units of the stage's own; `note` is what a person wants to see beside the bar. */
  readonly progress: (done: number, total: number, note?: string) => void;
  /** A line that belongs to the result: shown once, kept in the record. */
  readonly log: (line: string) => void;
  /** Aborted at the first Ctrl+C: stop at the next safe point by throwing `signal.reason`. */
  readonly signal: AbortSignal;
  /**
   * To be awaited every few milliseconds of long work: lets a Ctrl+C be heard, and throws `signal.reason`
   * then; a stage with `takesTurns` may stand still in it.
   */
  readonly safePoint: () => Promise<void>;
}

/** The declaration of a stage, as planned. Only `reads`, `writes`, `parameters` and `run` are required. */
export interface StageDeclaration {
  /** One line: what it does. */
  readonly summary: string;
  readonly parameters: () => z.ZodObject;
  readonly reads: Reads;
  readonly writes: Writes;
  readonly parts?: Parts;
  /** Names of the programs it starts. */
  readonly tools?: readonly string[];
  /** The axis this stage has one instance for each value of; the YAML must say `foreach` likewise. */
  readonly foreach?: string;
  /** Axes that this stage defines, from its own parameters: `{ fold: (params) => params.folds }`. */
  readonly axes?: Readonly<Record<string, (params: never) => number>>;
  /** False: gc may drop its objects though reachable. */
  readonly keep?: boolean;
  /**
   * True: it writes each output from front to back and never goes back in it, so what is written can be
   * hashed while the rest is made.
   */
  readonly appends?: boolean;
  /**
   * True: it works on one core and often awaits `safePoint`, where it can stand still while another
   * instance has the core.
   */
  readonly takesTurns?: boolean;
  /**
   * True: a run leaves nothing behind in its process that another would meet: no state of a module that
   * changes a result, no children, no open files. Then the process goes on to another instance, of any
   * stage; else it ends.
   */
  readonly leavesNothing?: boolean;
  readonly readsUpstream?: boolean;
  readonly reportsPackages?: readonly string[];
  /** Turns what the user left open (`auto`) into what it means here; runs before the fingerprint. */
  readonly resolve?: (
    params: never,
    say: (line: string) => void,
  ) => Promise<Record<string, unknown>>;
  /** True: what `resolve` finds depends on the parameters and the files that they name alone. */
  readonly resolvesFromContent?: boolean;
  /** Checks across stages before anything runs. */
  readonly check?: (params: never, upstream: readonly UpstreamStage[]) => readonly ParameterIssue[];
}

/** A parameter that names a file. Relative to the YAML that sets it; counts by content alone. */
export const filePath = (): z.ZodString => z.string().min(1).meta({ path: 'file' });

/**
 * A parameter that names a folder. Relative to the YAML that sets it; counts by the names and the
 * content of those files below it whose name matches `matching` (a regular expression's source).
 */
export const folderPath = (matching: string): z.ZodString =>
  z.string().min(1).meta({ path: 'folder', matching });
