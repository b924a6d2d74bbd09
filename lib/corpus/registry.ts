import type { CorpusLayout } from './layout.ts';
import * as ravdess from './ravdess.ts';

/** Every layout that `decode` may use: name -> module, a {@link CorpusLayout}. */
export const layouts = {
  ravdess: 'lib/corpus/ravdess.ts',
} as const;

export type LayoutName = keyof typeof layouts;

/** The same modules, to recognise a layout and to check what is asked of one. */
export const layoutModules: Readonly<Record<LayoutName, CorpusLayout>> = { ravdess };

export function layoutNames(): readonly LayoutName[] {
  return Object.keys(layouts).filter(isLayoutName);
}

export function isLayoutName(name: string): name is LayoutName {
  return Object.hasOwn(layouts, name);
}
